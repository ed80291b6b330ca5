//! Keys: given with the connection, or found in the usual places of Amazon's tools when it names a profile.
//! They are never shown; those of a profile are fetched anew five minutes before they end.

use crate::form::wrong;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::identity::Identity;
use gantry_model::words::say;
use gantry_model::{Code, Connection, Problem, Reaction, Secrets};
use secrecy::ExposeSecret;
use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

/// Fetched anew so long before they end.
const EARLY: Duration = Duration::from_secs(300);
/// Fresh keys that are refused are not worth fetching again.
const FRESH: Duration = Duration::from_secs(60);

/// Where the keys come from.
pub(super) enum Keys {
    /// Given with the connection.
    Given(Identity),
    /// A profile's name.
    Profile(Profile),
}

/// A profile and what was last fetched for it.
pub(super) struct Profile {
    name: String,
    kept: RwLock<Option<Kept>>,
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Kept {
    keys: Identity,
    until: Option<SystemTime>,
    since: Instant,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("given"),
            Self::Profile(profile) => write!(f, "profile {}", profile.name),
        }
    }
}

impl Keys {
    /// From the fields and secrets of a connection.
    pub(super) fn new(connection: &Connection, secrets: &Secrets) -> Result<Self, Problem> {
        let profile = connection.field("profile");
        if !profile.is_empty() {
            let (kept, fetching) = (RwLock::new(None), tokio::sync::Mutex::new(()));
            return Ok(Self::Profile(Profile { name: profile.to_owned(), kept, fetching }));
        }
        let id = connection.field("access_key_id");
        if id.is_empty() {
            return Err(wrong("access_key_id", "missing", &say("field-access-key-id", &[])));
        }
        let of = |name: &str| secrets.0.get(name).map(|secret| secret.expose_secret().trim()).filter(|text| !text.is_empty());
        let secret =
            of("secret_access_key").ok_or_else(|| Problem::new(Code::NoSecret, "open").with("field", "secret_access_key"))?;
        let token = of("session_token").map(str::to_owned);
        Ok(Self::Given(Credentials::new(id, secret, token, None, "gantry").into()))
    }

    /// The keys to sign with now.
    pub(super) async fn current(&self) -> Result<Identity, Problem> {
        match self {
            Self::Given(keys) => Ok(keys.clone()),
            Self::Profile(profile) => profile.current().await,
        }
    }

    /// The store says that the keys have ended. What to do: fetch new ones, or ask the person.
    pub(super) fn ended(&self) -> Reaction {
        let Self::Profile(profile) = self else { return Reaction::AskUser };
        let mut kept = profile.kept.write().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref() {
            Some(known) if known.since.elapsed() < FRESH => Reaction::AskUser,
            _ => {
                *kept = None;
                Reaction::Retry
            }
        }
    }
}

impl Profile {
    async fn current(&self) -> Result<Identity, Problem> {
        if let Some(keys) = self.good() {
            return Ok(keys);
        }
        let _one_at_a_time = self.fetching.lock().await;
        if let Some(keys) = self.good() {
            return Ok(keys);
        }
        let found = self.fetch().await.map_err(|error| self.trouble(&error))?;
        let kept = Kept { until: found.expiry(), keys: found.into(), since: Instant::now() };
        let keys = kept.keys.clone();
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(keys)
    }

    fn good(&self) -> Option<Identity> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let known = kept.as_ref()?;
        let soon = SystemTime::now() + EARLY;
        let lasting = known.until.is_none_or(|until| until > soon) || known.since.elapsed() < FRESH;
        lasting.then(|| known.keys.clone())
    }

    /// `default` means Amazon's whole chain, environment first; any other name means that profile and nothing else.
    async fn fetch(&self) -> Result<Credentials, CredentialsError> {
        if self.name == "default" {
            DefaultCredentialsChain::builder().build().await.provide_credentials().await
        } else {
            ProfileFileCredentialsProvider::builder().profile_name(&self.name).build().provide_credentials().await
        }
    }

    /// The causes' own texts stay out: nobody knows what a program that hands out keys writes into them.
    fn trouble(&self, error: &CredentialsError) -> Problem {
        let code = match error {
            CredentialsError::CredentialsNotLoaded(_) | CredentialsError::InvalidConfiguration(_) => Code::NoSecret,
            CredentialsError::ProviderTimedOut(_) => Code::TimedOut,
            _ => Code::TokenExpired,
        };
        Problem::new(code, "credentials").with("profile", self.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    fn connection(fields: &[(&str, &str)]) -> Connection {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Connection { name: "c".into(), kind: "s3".into(), fields }
    }

    #[test]
    fn a_missing_secret_is_said_and_a_given_one_is_never_shown() {
        let with_key = connection(&[("access_key_id", "AKIA")]);
        assert_eq!(Keys::new(&with_key, &Secrets::default()).expect_err("no secret").code, Code::NoSecret);
        let secrets = Secrets([("secret_access_key".to_owned(), SecretString::from("canary"))].into());
        let keys = Keys::new(&with_key, &secrets).expect("keys");
        assert!(!format!("{keys:?} {secrets:?}").contains("canary"));
        assert_eq!(Keys::new(&connection(&[]), &secrets).expect_err("no key").code, Code::BadField);
    }

    #[tokio::test]
    async fn a_profile_that_is_not_there_asks_the_person() {
        let keys = Keys::new(&connection(&[("profile", "no-such-profile-here")]), &Secrets::default()).expect("keys");
        let problem = keys.current().await.expect_err("no such profile");
        assert_eq!((problem.code, problem.fact("profile")), (Code::NoSecret, Some("no-such-profile-here")));
    }
}

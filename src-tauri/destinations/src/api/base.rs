//! Where an API is: scheme, host, port and whatever path stands before its calls. Joined by concatenation, never resolved.
//! Plain http is for this computer, or for what the person allowed.

use crate::form::wrong;
use crate::http;
use gantry_model::{Connection, Problem};
use url::{Host, Url};

/// The address that all calls of an API begin with.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    text: String,
    origin: String,
    loopback: bool,
    plain: bool,
    allows_plain: bool,
}

impl Base {
    /// The field `api_url` of a connection, or `usual` where it is empty.
    ///
    /// # Errors
    /// `bad_field` when it is no address, or plain http to another computer without `allow_http`.
    pub(crate) fn of(connection: &Connection, usual: &str) -> Result<Self, Problem> {
        let given = connection.field("api_url").trim();
        Self::new(if given.is_empty() { usual } else { given }, connection.field("allow_http") == "true")
    }

    /// This address. What stands behind the last `/` is kept, the `/` itself is not.
    ///
    /// # Errors
    /// As [`Base::of`].
    pub(crate) fn new(text: &str, allows_plain: bool) -> Result<Self, Problem> {
        let refuse = || wrong("api_url", "endpoint", "");
        let url = Url::parse(text).map_err(|_| refuse())?;
        let good = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !good {
            return Err(refuse());
        }
        let (loopback, plain) = (is_loopback(&url), url.scheme() == "http");
        if plain && !loopback && !allows_plain {
            return Err(wrong("allow_http", "plain-http", text));
        }
        let origin = url.origin().ascii_serialization();
        Ok(Self { text: url.as_str().trim_end_matches('/').to_owned(), origin, loopback, plain, allows_plain })
    }

    /// The whole address, without a `/` at the end.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The address of a call. Where the base has no path and the call none either, a `/` stands for both.
    pub(super) fn join(&self, path: &str) -> String {
        let slash = if path.is_empty() && self.text == self.origin { "/" } else { "" };
        format!("{}{path}{slash}", self.text)
    }

    /// May something be sent to this address without encryption? Only by who calls the API itself without.
    pub(super) fn allows(&self, url: &Url) -> bool {
        match url.scheme() {
            "https" => true,
            "http" => self.allows_plain || (self.loopback && is_loopback(url)),
            _ => false,
        }
    }

    pub(super) fn client(&self) -> Result<reqwest::Client, Problem> {
        http::client(None, self.loopback, self.plain)
    }
}

/// True for an address on this computer.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

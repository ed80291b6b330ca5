//! Objects asked for as everybody would: no keys of ours, no proxy, redirects followed by hand with the same look at each
//! place. An answer is read as far as it was asked for, and not one byte further than its cap.

use super::guard::{Guard, was_private};
use gantry_model::manifest::{ObjectBytes, ObjectThere, Unseen};
use gantry_model::{Code, Problem};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, LOCATION, RANGE};
use reqwest::{Method, Response};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Places that are gone to for one question.
const HOPS: u32 = 5;

/// A client without anything that is secret.
#[derive(Debug)]
pub(super) struct Plain {
    client: reqwest::Client,
    guard: Guard,
    patience: Duration,
}

impl Plain {
    pub(super) fn new(allow_private: bool, patience: Duration) -> Result<Self, Problem> {
        let guard = Guard::new(allow_private);
        let client = crate::http::stranger(Arc::new(guard.clone())).map_err(|_| Problem::new(Code::Bug, "objects"))?;
        Ok(Self { client, guard, patience })
    }

    /// Is it there? Some servers answer HEAD with a refusal, and a signed address is signed for GET: then its first byte
    /// is asked for.
    pub(super) async fn find(&self, url: &str, signed: bool) -> Result<ObjectThere, Unseen> {
        if !signed {
            match self.ask(Method::HEAD, url, None).await {
                Ok(answer) => return Ok(whole(&answer)),
                Err(Unseen::Denied(_) | Unseen::Status(400 | 405 | 501)) => {}
                Err(unseen) => return Err(unseen),
            }
        }
        match self.ask(Method::GET, url, Some((0, 1))).await {
            Ok(answer) => Ok(there(&answer)),
            // Nothing has no first byte.
            Err(Unseen::Status(416)) => Ok(ObjectThere { size: Some(0), etag: String::new() }),
            Err(unseen) => Err(unseen),
        }
    }

    /// Some of its bytes. A server that knows no ranges is read from the beginning only.
    pub(super) async fn bytes(&self, url: &str, at: u64, most: usize) -> Result<ObjectBytes, Unseen> {
        let reading = async {
            let mut answer = self.ask(Method::GET, url, Some((at, most))).await?;
            if answer.status().as_u16() != 206 && at > 0 {
                return Err(Unseen::NotInPieces);
            }
            let (there, mut bytes) = (there(&answer), Vec::new());
            while bytes.len() < most {
                let Some(chunk) = answer.chunk().await.map_err(|error| silence(&error))? else { break };
                bytes.extend_from_slice(&chunk[..chunk.len().min(most - bytes.len())]);
            }
            Ok(ObjectBytes { there, bytes })
        };
        tokio::time::timeout(self.patience, reading).await.map_err(|_| Unseen::Silent)?
    }

    /// One question, through redirects. Success only.
    async fn ask(&self, method: Method, url: &str, range: Option<(u64, usize)>) -> Result<Response, Unseen> {
        let asking = async {
            let mut url = web(url).ok_or(Unseen::NoAddress)?;
            for _ in 0..HOPS {
                if !self.guard.lets(&url) {
                    return Err(Unseen::Private);
                }
                let answer = self.once(method.clone(), &url, range).await?;
                match answer.status().as_u16() {
                    200..=299 => return Ok(answer),
                    301 | 302 | 303 | 307 | 308 => url = next(&url, &answer)?,
                    404 | 410 => return Err(Unseen::Missing),
                    status @ (401 | 403) => return Err(Unseen::Denied(status)),
                    status => return Err(Unseen::Status(status)),
                }
            }
            Err(Unseen::Astray)
        };
        tokio::time::timeout(self.patience, asking).await.map_err(|_| Unseen::Silent)?
    }

    async fn once(&self, method: Method, url: &Url, range: Option<(u64, usize)>) -> Result<Response, Unseen> {
        // Packed content has other bytes than the object.
        let mut request = self.client.request(method, url.clone()).header(ACCEPT_ENCODING, "identity");
        if let Some((at, most)) = range {
            let last = at.saturating_add(most.max(1) as u64 - 1);
            request = request.header(RANGE, format!("bytes={at}-{last}"));
        }
        request.send().await.map_err(|error| if was_private(&error) { Unseen::Private } else { silence(&error) })
    }
}

fn silence(error: &reqwest::Error) -> Unseen {
    if error.is_timeout() { Unseen::Silent } else { Unseen::Unreachable }
}

/// A web address without a name and password in it.
fn web(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let plain = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && plain).then_some(url)
}

/// Where an answer sends us. Never from a secured place to one that is not.
fn next(from: &Url, answer: &Response) -> Result<Url, Unseen> {
    let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).ok_or(Unseen::Astray)?;
    let to = from.join(location).ok().and_then(|url| web(url.as_str())).ok_or(Unseen::Astray)?;
    if from.scheme() == "https" && to.scheme() == "http" { Err(Unseen::Astray) } else { Ok(to) }
}

fn header<'a>(answer: &'a Response, name: &reqwest::header::HeaderName) -> Option<&'a str> {
    answer.headers().get(name)?.to_str().ok()
}

fn etag(answer: &Response) -> String {
    header(answer, &ETAG).unwrap_or_default().chars().take(200).collect()
}

/// What an answer about the whole object tells.
fn whole(answer: &Response) -> ObjectThere {
    ObjectThere { size: header(answer, &CONTENT_LENGTH).and_then(|text| text.parse().ok()), etag: etag(answer) }
}

/// What an answer with a piece, or with all, tells of the whole object.
fn there(answer: &Response) -> ObjectThere {
    if answer.status().as_u16() != 206 {
        return whole(answer);
    }
    let size = header(answer, &CONTENT_RANGE).and_then(|text| text.rsplit_once('/')?.1.parse().ok());
    ObjectThere { size, etag: etag(answer) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::server::{Server, reply};

    /// A client that takes the server for a public one.
    async fn asking(
        answer: impl Fn(usize, &crate::testing::server::Seen) -> crate::testing::server::Reply + Send + Sync + 'static,
    ) -> (Plain, Server, String) {
        let server = Server::start(answer).await;
        let address: std::net::SocketAddr = server.url.trim_start_matches("http://").parse().expect("an address");
        let guard = Guard::believing("pictures.example", address);
        let client = crate::http::stranger(Arc::new(guard.clone())).expect("a client");
        let plain = Plain { client, guard, patience: Duration::from_secs(5) };
        let url = format!("http://pictures.example:{}/a.jpg?token=canary", address.port());
        (plain, server, url)
    }

    #[tokio::test]
    async fn a_redirect_into_a_private_network_is_not_followed() {
        for place in ["http://127.0.0.1:1/x", "http://localhost/x", "http://[::1]/x", "//169.254.169.254/latest/meta-data"] {
            let (plain, server, url) = asking(move |_, _| reply(302, &[("location", place)], "")).await;
            assert_eq!(plain.find(&url, false).await, Err(Unseen::Private), "{place}");
            assert_eq!(server.seen().len(), 1);
        }
    }

    #[tokio::test]
    async fn nothing_of_ours_goes_along_and_a_redirect_within_the_place_is_followed() {
        let (plain, server, url) = asking(|number, _| match number {
            0 => reply(307, &[("location", "/b.jpg")], ""),
            _ => reply(200, &[("etag", "\"x\"")], ""),
        })
        .await;
        let there = plain.find(&url, false).await.expect("it is there");
        assert_eq!(there.etag, "\"x\"");
        let seen = server.seen();
        assert_eq!((seen.len(), seen[1].target.as_str()), (2, "/b.jpg"));
        for name in ["authorization", "cookie", "referer", "proxy-authorization"] {
            assert!(seen.iter().all(|one| one.header(name).is_none()), "{name}");
        }
    }
}

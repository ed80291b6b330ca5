//! Who may be asked about an object: only places on the internet, unless the person said otherwise.
//! A name is resolved here once, and the connection goes to the very address that was looked at.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use url::{Host, Url};

/// Names that are remembered for one run.
const NAMES: usize = 10_000;

/// The address is one of a private place.
#[derive(Debug)]
pub(super) struct Private;

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a private address")
    }
}

impl Error for Private {}

/// Resolves names, once each, and gives only addresses that may be asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    allow_private: bool,
    known: Arc<Mutex<HashMap<String, Vec<SocketAddr>>>>,
}

impl Guard {
    pub(super) fn new(allow_private: bool) -> Self {
        Self { allow_private, known: Arc::default() }
    }

    #[cfg(test)]
    pub(super) fn believing(name: &str, address: SocketAddr) -> Self {
        let guard = Self::new(false);
        guard.known.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), vec![address]);
        guard
    }

    /// An address that stands in numbers is never resolved: it is looked at here.
    pub(super) fn lets(&self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(address)) => self.allow_private || is_public(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => self.allow_private || is_public(IpAddr::V6(address)),
            Some(Host::Domain(_)) => true,
            None => false,
        }
    }

    async fn addresses(self, name: String) -> Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>> {
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&name) {
            return Ok(known.clone());
        }
        let all: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
        // One private address among others is enough: a name that has both is somebody's trick.
        if !self.allow_private && all.iter().any(|one| !is_public(one.ip())) {
            return Err(Box::new(Private));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= NAMES {
            known.clear();
        }
        known.insert(name, all.clone());
        Ok(all)
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, name) = (self.clone(), name.as_str().to_owned());
        Box::pin(async move { Ok(Box::new(guard.addresses(name).await?.into_iter()) as Addrs) })
    }
}

/// Was it the guard that refused?
pub(super) fn was_private(error: &reqwest::Error) -> bool {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(one) = source {
        if one.downcast_ref::<Private>().is_some() {
            return true;
        }
        source = one.source();
    }
    false
}

/// On the internet, by the registries of special addresses:
/// <https://www.iana.org/assignments/iana-ipv4-special-registry>, <https://www.iana.org/assignments/iana-ipv6-special-registry>.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224.., ..)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // An IPv4 address in another dress.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Teredo, other tunnels and protocols, examples of books.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // All that is handed out lies in 2000::/3.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lets(text: &str) -> bool {
        Guard::new(false).lets(&Url::parse(text).expect("an address"))
    }

    const PRIVATE: &str = "127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 \
        192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 2130706433 0x7f.1 017700000001 \
        [::] [::1] [fe80::1] [fc00::1] [fd12::1] [ff02::1] [::ffff:10.0.0.1] [::ffff:7f00:1] [64:ff9b::10.0.0.1] [2002:7f00:1::] \
        [2001:db8::1] [2001::1] [100::1] [fec0::1]";

    #[test]
    fn only_places_on_the_internet_are_asked() {
        for host in PRIVATE.split_whitespace() {
            assert!(!lets(&format!("http://{host}/a.jpg")), "{host}");
        }
        for host in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "198.20.0.1", "[2606:4700::1111]", "[64:ff9b::1.1.1.1]"] {
            assert!(lets(&format!("https://{host}/a.jpg")), "{host}");
        }
        assert!(Guard::new(true).lets(&Url::parse("http://127.0.0.1/").expect("an address")));
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused_and_a_yes_lets_it_pass() {
        let refused = Guard::new(false).addresses("localhost".into()).await.expect_err("it is private");
        assert!(refused.downcast_ref::<Private>().is_some());
        assert!(Guard::new(true).addresses("localhost".into()).await.expect("a yes").iter().all(|one| one.ip().is_loopback()));
    }
}

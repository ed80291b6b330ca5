//! Signed addresses: whether one is, and when it stops to work. Their queries are secrets and are never shown.

use gantry_model::show::is_signed;

/// What the query of an address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signature {
    /// None.
    None,
    /// Signed; until when, in seconds since 1970, where it says so.
    Until(Option<i64>),
}

/// Reads the query. Who may be let in by it is the model's to say; here stands how long.
pub(crate) fn signature(query: &str) -> Signature {
    if is_signed(query) { Signature::Until(end(query)) } else { Signature::None }
}

/// When it stops to work: AWS (version 4 and 2), Google, Azure.
fn end(query: &str) -> Option<i64> {
    let get = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    for vendor in ["X-Amz", "X-Goog"] {
        if let Some(begun) = get(&format!("{vendor}-Date")) {
            let seconds = get(&format!("{vendor}-Expires"))?.parse().ok()?;
            return compact(begun)?.checked_add(seconds);
        }
    }
    match (get("Expires"), get("se")) {
        (Some(seconds), _) => seconds.parse().ok(),
        (None, Some(time)) => written(&time.replace("%3A", ":").replace("%3a", ":")),
        (None, None) => None,
    }
}

/// `20261127T120000Z`
fn compact(text: &str) -> Option<i64> {
    let (day, time) = text.split_once('T')?;
    let part = |text: &str, from: usize, to: usize| text.get(from..to).map(str::to_owned);
    let day = format!("{}-{}-{}", part(day, 0, 4)?, part(day, 4, 6)?, part(day, 6, 8)?);
    written(&format!("{day}T{}:{}:{}Z", part(time, 0, 2)?, part(time, 2, 4)?, part(time, 4, 6)?))
}

/// `2026-11-27T12:00:00Z`, or the day alone.
fn written(text: &str) -> Option<i64> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    whole.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

/// The day and minute for people, in UTC.
pub(super) fn day(seconds: i64) -> String {
    let at = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    let text = at.to_string();
    format!("{} {} UTC", text.get(..10).unwrap_or_default(), text.get(11..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_vendor_s_signature_says_until_when() {
        let noon = 1_795_780_800;
        for query in [
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261127T110000Z&X-Amz-Expires=3600&X-Amz-Signature=ab",
            "x-goog-date=20261127T110000Z&x-goog-expires=3600&x-goog-signature=ab",
            "AWSAccessKeyId=A&Signature=b%3D&Expires=1795780800",
            "sv=2024-11-04&se=2026-11-27T12%3A00%3A00Z&sr=b&sig=ab",
        ] {
            assert_eq!(signature(query), Signature::Until(Some(noon)), "{query}");
        }
        assert_eq!(day(noon), "2026-11-27 12:00 UTC");
        assert_eq!(signature("X-Amz-Signature=ab&X-Amz-Date=soon"), Signature::Until(None));
        assert_eq!(signature("versionId=3&v=2"), Signature::None);
    }
}

//! Signed addresses: whether one is, and when it stops to work. Their queries are secrets and are never shown.

/// What the query of an address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signature {
    /// None.
    None,
    /// Signed; until when, in seconds since 1970, where it says so.
    Until(Option<i64>),
}

/// Reads the query: AWS (version 4 and 2), Google, Azure.
pub(crate) fn signature(query: &str) -> Signature {
    let get = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    for vendor in ["X-Amz", "X-Goog"] {
        if get(&format!("{vendor}-Signature")).is_some() {
            let begun = get(&format!("{vendor}-Date")).and_then(compact);
            let seconds = get(&format!("{vendor}-Expires")).and_then(|text| text.parse::<i64>().ok());
            return Signature::Until(begun.zip(seconds).and_then(|(begun, seconds)| begun.checked_add(seconds)));
        }
    }
    if get("Signature").is_some() && get("Expires").is_some() {
        return Signature::Until(get("Expires").and_then(|text| text.parse().ok()));
    }
    if get("sig").is_some() && get("sv").is_some() {
        return Signature::Until(get("se").and_then(|text| written(&text.replace("%3A", ":").replace("%3a", ":"))));
    }
    Signature::None
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

//! What differs from run to run, written the same.

use serde_json::Value;

/// Every text of a value masked.
pub(super) fn masked(value: &Value) -> Value {
    match value {
        Value::String(text) => masked_text(text).into(),
        Value::Array(all) => all.iter().map(masked).collect(),
        Value::Object(all) => all.iter().map(|(name, value)| (masked_text(name), masked(value))).collect(),
        other => other.clone(),
    }
}

/// Addresses on loopback read `{host}`, ids `{id}`.
pub(super) fn masked_text(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("http://127.0.0.1:") {
            told.push_str("{host}");
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
            continue;
        }
        let word = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
        if word > 0 {
            told.push_str(&masked_word(&rest[..word]));
            rest = &rest[word..];
            continue;
        }
        let next = rest.chars().next().map_or(1, char::len_utf8);
        told.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    told
}

/// An id, or a word with an id at its end such as `customer-64b0…`.
fn masked_word(word: &str) -> String {
    if is_id(word) {
        return "{id}".to_owned();
    }
    word.split('-').map(|part| if is_id(part) { "{id}" } else { part }).collect::<Vec<_>>().join("-")
}

/// A UUID with or without hyphens, an id of MongoDB, or one of Labelbox.
fn is_id(word: &str) -> bool {
    let hex = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit());
    let uuid = word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && word.split('-').all(hex);
    let short = matches!(word.len(), 24 | 32) && hex(word);
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let cuid =
        word.len() == 25 && word.starts_with('c') && word.chars().all(lower) && word.contains(|c: char| c.is_ascii_digit());
    uuid || short || cuid
}

#[cfg(test)]
mod tests {
    use super::masked_text;

    #[test]
    fn only_what_differs_from_run_to_run_is_masked() {
        let cases = [
            ("http://127.0.0.1:18120/files/cf01190000000000000000000/red.png", "{host}/files/{id}/red.png"),
            ("b41fb147-ba96-5dcf-bc49-54c5e66c0f5c.png", "{id}.png"),
            ("6278a289147e4616be3cc65ad3f2fcaf.nii.gz", "{id}.nii.gz"),
            ("customer-64b000000000000000000001/a", "customer-{id}/a"),
            ("[\"61f8d94a79002950df12234a\"]", "[\"{id}\"]"),
            ("https://ex.com/file%202.jpg çiçek", "https://ex.com/file%202.jpg çiçek"),
            ("captureDateTimeOfTheCamera", "captureDateTimeOfTheCamera"),
        ];
        for (text, wanted) in cases {
            assert_eq!(masked_text(text), wanted);
        }
    }
}

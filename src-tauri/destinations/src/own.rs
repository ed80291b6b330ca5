//! Rows in a platform's own words, passed on as they are written: numbers keep their digits.

use gantry_model::json::{Kind, Value, scan};
use gantry_model::platform::OwnForm;

/// The fields of the row with their JSON text; none when it is no object.
pub(crate) fn fields(own: &OwnForm) -> Vec<(String, &str)> {
    let Ok(scanned) = scan(own.0.as_bytes(), 0, &mut Vec::new()) else { return Vec::new() };
    let value = Value::new(&own.0, scanned.span);
    if value.kind() != Kind::Object {
        return Vec::new();
    }
    value.fields().into_iter().map(|(name, value)| (name.into_owned(), value.raw())).collect()
}

/// The object of these fields.
pub(crate) fn object<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::from("{");
    for (name, value) in fields {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&quoted(name));
        text.push(':');
        text.push_str(value);
    }
    text + "}"
}

/// JSON text of a text.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_digits() {
        let own = OwnForm("{\"a\\u0062\": 12345678901234567890.10, \"b\": [1, {\"c\": null}]}".into());
        let all = fields(&own);
        assert_eq!(all[0], ("ab".to_owned(), "12345678901234567890.10"));
        let text = object(all.iter().map(|(name, value)| (name.as_str(), *value)));
        assert_eq!(text, "{\"ab\":12345678901234567890.10,\"b\":[1, {\"c\": null}]}");
        assert!(fields(&OwnForm("[1]".into())).is_empty());
        assert!(!format!("{own:?}").contains("123"));
    }
}

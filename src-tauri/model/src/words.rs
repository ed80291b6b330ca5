//! Every sentence for people, in one table: `words/en.ftl`, read here and by the window.
//! Messages are found by code; a missing one is a defect that a test catches.

use crate::show;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentValue;
use fluent_bundle::{FluentArgs, FluentResource};
use std::sync::OnceLock;
use unic_langid::langid;

/// The English table.
pub const EN: &str = include_str!("../words/en.ftl");

/// A value in a sentence.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// A count: chooses the plural form, and is shown with its digits in groups.
    Count(u64),
    /// Text as it is.
    Text(&'a str),
}

/// The sentence under `id`, with its values filled in. An unknown id is shown as itself.
pub fn say(id: &str, values: &[(&str, Value<'_>)]) -> String {
    try_say(id, values).unwrap_or_else(|| id.to_owned())
}

/// The sentence under `id`, or `None` when there is none.
pub fn try_say(id: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
    let bundle = bundle();
    let (message, attribute) = id.split_once('.').unwrap_or((id, ""));
    let message = bundle.get_message(message)?;
    let pattern = if attribute.is_empty() { message.value()? } else { message.get_attribute(attribute)?.value() };
    let mut args = FluentArgs::new();
    for (name, value) in values {
        match value {
            Value::Count(count) => args.set(*name, FluentValue::from(*count)),
            Value::Text(text) => args.set(*name, FluentValue::from(*text)),
        }
    }
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned())
}

/// The end of a sentence's name that speaks of rows: it stands in place of the one without it where rows of a manifest are
/// registered and no file is sent.
pub const OF_ROWS: &str = "-of-rows";

/// The sentence under `id` about an upload: with `rows` the one that speaks of rows, where there is one.
pub fn say_of(rows: bool, id: &str, values: &[(&str, Value<'_>)]) -> String {
    try_say_of(rows, id, values).unwrap_or_else(|| id.to_owned())
}

/// As [`say_of`], or `None` when there is no such sentence.
pub fn try_say_of(rows: bool, id: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
    let of_rows = || match id.split_once('.') {
        Some((message, attribute)) => try_say(&format!("{message}{OF_ROWS}.{attribute}"), values),
        None => try_say(&format!("{id}{OF_ROWS}"), values),
    };
    rows.then(of_rows).flatten().or_else(|| try_say(id, values))
}

fn bundle() -> &'static FluentBundle<FluentResource> {
    static BUNDLE: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    BUNDLE.get_or_init(|| {
        let resource = FluentResource::try_new(EN.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let mut bundle = FluentBundle::new_concurrent(vec![langid!("en")]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(show::count(number.value.max(0.0) as u64)),
            _ => None,
        }));
        // A message twice in the table is caught by the test below; the first one stands.
        let _ = bundle.add_resource(resource);
        bundle
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn the_table_has_no_mistake() {
        let resource = FluentResource::try_new(EN.to_owned()).map_err(|(_, errors)| errors).expect("en.ftl parses");
        let mut bundle: FluentBundle<FluentResource> = FluentBundle::new_concurrent(vec![langid!("en")]);
        bundle.add_resource(resource).expect("no message stands twice");
    }

    #[test]
    fn what_is_said_of_rows_stands_in_place_of_something_and_claims_nothing_of_files() {
        let names: Vec<&str> = EN.lines().filter_map(|line| line.split_once(" =")).map(|(name, _)| name).collect();
        let mut spoken: Option<&str> = None;
        let mut found = 0;
        for line in EN.lines() {
            if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                spoken = name.strip_suffix(OF_ROWS);
                let known = spoken.is_none_or(|plain| names.contains(&plain));
                assert!(known, "{name} stands in place of nothing");
                found += usize::from(spoken.is_some());
            }
            let said = line.split_once('=').map_or(line, |(_, said)| said).to_lowercase();
            let words: Vec<&str> = said.split(|c: char| !(c.is_alphanumeric() || c == '$')).collect();
            let claims = ["file", "files", "sent", "send", "byte", "bytes", "verified", "arrived", "upload"];
            let claim = claims.iter().find(|claim| words.contains(claim)).filter(|_| spoken.is_some());
            assert_eq!(claim, None, "{line}");
        }
        assert!(found > 40, "{found}");
        assert_eq!(say_of(true, "ui-n-files", &[("count", Value::Count(3))]), "3 rows");
        assert_eq!(say_of(false, "ui-n-files", &[("count", Value::Count(3))]), "3 files");
        assert_eq!(say_of(true, "problem-offline.title", &[]), "Offline");
    }

    #[test]
    fn every_code_says_what_happened_why_and_what_to_do() {
        for code in Code::ALL {
            for part in ["title", "body", "action"] {
                let id = format!("problem-{}.{part}", code.word().replace('_', "-"));
                assert!(try_say(&id, &[]).is_some(), "no words for {id}");
            }
        }
    }

    #[test]
    fn only_what_really_goes_on_is_said_to() {
        let promises = |text: &&str| text.contains("goes on by itself") || text.contains("go on by ourselves");
        let said = |part: &str| -> Vec<&str> { EN.lines().filter(|line| line.trim_start().starts_with(part)).collect() };
        let bodies = said(".body =");
        assert!(bodies.len() > Code::ALL.len(), "those of rows are among them: {}", bodies.len());
        assert_eq!(bodies.iter().copied().find(promises), None);
        let going = said(".going =");
        assert!(going.len() >= 6 && going.iter().all(promises), "{going:?}");
    }
}

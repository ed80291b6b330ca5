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
    fn every_code_says_what_happened_why_and_what_to_do() {
        for code in Code::ALL {
            for part in ["title", "body", "action"] {
                let id = format!("problem-{}.{part}", code.word().replace('_', "-"));
                assert!(try_say(&id, &[]).is_some(), "no words for {id}");
            }
        }
    }
}

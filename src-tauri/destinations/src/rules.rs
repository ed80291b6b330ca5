//! Published limits of the labelling platforms, as rules: for files in a platform's own storage, and for files that it
//! reads by address. A list of what is taken counts as a limit; advice, and pages that contradict each other, are warnings.

mod ango;
mod labelbox;
mod segments;

use gantry_model::Rule;

/// The rules of a platform; none for what is no platform.
pub(crate) fn of(kind: &str, own_storage: bool) -> &'static [Rule] {
    match (kind, own_storage) {
        ("segments", true) => segments::RULES_OWN,
        ("segments", false) => segments::RULES_BY_ADDRESS,
        ("labelbox", true) => labelbox::RULES_OWN,
        ("labelbox", false) => labelbox::RULES_BY_ADDRESS,
        ("ango", true) => ango::RULES_OWN,
        ("ango", false) => ango::RULES_BY_ADDRESS,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_model::words::{Value, say, try_say};
    use std::collections::HashSet;

    #[test]
    fn every_platform_has_rules_for_both_ways_and_each_is_explained() {
        for kind in ["segments", "labelbox", "ango"] {
            for own in [true, false] {
                let rules = of(kind, own);
                assert!(rules.len() >= 4, "{kind} {own}");
                let ids: HashSet<_> = rules.iter().map(|rule| rule.id).collect();
                assert_eq!(ids.len(), rules.len(), "{kind} {own}: an id stands twice");
                for rule in rules {
                    assert!(rule.id.starts_with(&format!("{kind}-")), "{}", rule.id);
                    assert!(rule.source.starts_with("https://") && rule.checked.len() == 10, "{}", rule.id);
                    let id = format!("rule-{}", rule.id);
                    assert!(try_say(&id, &[]).is_some(), "no words for {id}");
                    let one = say(&id, &[("count", Value::Count(1)), ("value", Value::Text("x"))]);
                    let many = say(&id, &[("count", Value::Count(12)), ("value", Value::Text("x"))]);
                    assert!(many.contains("12 ") && one.starts_with("One "), "{id}: {one} / {many}");
                }
            }
        }
        assert!(of("s3", true).is_empty());
    }
}

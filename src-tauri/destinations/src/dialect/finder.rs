//! Collects what is wrong with a row, as far as its form has a rule about it.

use gantry_model::json::{Span, Value};
use gantry_model::manifest::{About, Found, RowRule};
use gantry_model::{Severity, show};

/// Characters of a value that are shown.
const SHOWN: usize = 160;
/// The day on which the pages were read.
const CHECKED: &str = "2026-11-27";

/// One rule of a form.
pub(super) const fn rule(id: &'static str, about: About, severity: Severity, source: &'static str) -> RowRule {
    RowRule { id, about, severity, source, checked: CHECKED }
}

/// Collects.
pub(super) struct Finder<'f> {
    rules: &'static [RowRule],
    found: &'f mut Vec<Found>,
}

impl<'f> Finder<'f> {
    pub(super) fn new(rules: &'static [RowRule], found: &'f mut Vec<Found>) -> Self {
        Self { rules, found }
    }

    pub(super) fn has(&self, about: About) -> bool {
        self.rules.iter().any(|rule| rule.about == about)
    }

    /// Something is wrong here.
    pub(super) fn say(&mut self, about: About, span: Span, field: &str, value: &str) {
        if self.has(about) {
            let value = if value.chars().nth(SHOWN).is_some() {
                value.chars().take(SHOWN).chain(['\u{2026}']).collect()
            } else {
                value.to_owned()
            };
            self.found.push(Found { about, span, field: field.to_owned(), value: show::text(&value) });
        }
    }

    /// As [`Self::say`], with the value as it is written. Never for what may be an address.
    pub(super) fn value(&mut self, about: About, value: Value<'_>, field: &str) {
        self.say(about, value.span(), field, value.raw());
    }

    /// A field of another type than its own.
    pub(super) fn unless(&mut self, right: bool, value: Value<'_>, field: &str) {
        if !right {
            self.value(About::FieldType, value, field);
        }
    }
}

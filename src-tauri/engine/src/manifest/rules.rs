//! Rules about the file itself, whatever its form: what JSON and tables are, and what programs do not agree about.

use gantry_model::Severity::{self, Blocked, Note, Warning};
use gantry_model::manifest::{About, Dialect, RowRule};

const JSON: &str = "https://www.rfc-editor.org/rfc/rfc8259";
const TABLES: &str = "https://www.rfc-editor.org/rfc/rfc4180";
const ENCODING: &str = "https://www.rfc-editor.org/rfc/rfc8259#section-8.1";
const NAMES: &str = "https://www.rfc-editor.org/rfc/rfc8259#section-4";
const NUMBERS: &str = "https://www.rfc-editor.org/rfc/rfc8259#section-6";
const THERE: &str = "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5";
const EMPTY: &str = "https://www.rfc-editor.org/rfc/rfc9110#section-8.6";
const DENIED: &str = "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4";
const STATUS: &str = "https://www.rfc-editor.org/rfc/rfc9110#section-15";
const PRIVATE: &str = "https://www.rfc-editor.org/rfc/rfc6890";
const CHECKED: &str = "2026-11-27";

const fn rule(id: &'static str, about: About, severity: Severity, source: &'static str) -> RowRule {
    RowRule { id, about, severity, source, checked: CHECKED }
}

/// The rules of every manifest.
pub static RULES: &[RowRule] = &[
    rule("manifest-syntax", About::Syntax, Blocked, JSON),
    rule("manifest-stopped", About::Stopped, Blocked, JSON),
    rule("manifest-not-an-object", About::NotAnObject, Blocked, JSON),
    rule("manifest-too-long", About::TooLong, Blocked, JSON),
    rule("manifest-not-utf8", About::NotUtf8, Blocked, ENCODING),
    rule("manifest-utf16", About::Utf16, Note, ENCODING),
    rule("manifest-nul", About::Nul, Blocked, TABLES),
    rule("manifest-cells", About::Cells, Blocked, TABLES),
    rule("manifest-field-twice", About::FieldTwice, Warning, NAMES),
    rule("manifest-long-number", About::LongNumber, Warning, NUMBERS),
    rule("manifest-object-missing", About::ObjectMissing, Blocked, THERE),
    rule("manifest-object-empty", About::ObjectEmpty, Warning, EMPTY),
    rule("manifest-object-denied", About::ObjectDenied, Warning, DENIED),
    rule("manifest-object-unseen", About::ObjectUnseen, Warning, STATUS),
    rule("manifest-object-private", About::ObjectPrivate, Warning, PRIVATE),
];

/// How much a matter is to a form.
pub(crate) fn severity(dialect: &'static dyn Dialect, about: About) -> Option<Severity> {
    find(dialect.rules(), about).map(|rule| rule.severity)
}

/// The rule about a matter: the form's own, else that of every manifest.
pub(super) fn find(own: &'static [RowRule], about: About) -> Option<&'static RowRule> {
    own.iter().chain(RULES).find(|rule| rule.about == about)
}

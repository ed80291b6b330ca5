//! The contract of a platform's way of writing rows. Pure: text in, words out.

use super::{About, Form, ManifestRow, RowRule, RowText};
use crate::json::Span;

/// Something that is wrong with a row, before its rule is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What.
    pub about: About,
    /// Where in the row's text.
    pub span: Span,
    /// The field, in the platform's words, such as `attachments[1].value`.
    pub field: String,
    /// What exactly; without anything that could be a signature.
    pub value: String,
}

/// What the checks need to know from outside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// Seconds since 1970, for signatures that end.
    pub now: i64,
}

/// One mended place of a row's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it mends.
    pub matters: Vec<About>,
    /// What is replaced; an empty span adds.
    pub at: usize,
    /// One past the last byte that is replaced.
    pub end: usize,
    /// JSON text in its place.
    pub text: String,
    /// The field, in the platform's words.
    pub field: String,
    /// What stood there, for people.
    pub before: String,
    /// What stands there now, for people.
    pub after: String,
}

/// A row written in another form, and what that form has no place for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// JSON text of one row; empty when this form has no place for the row at all.
    pub text: String,
    /// Fields that are not carried, in the words of where they come from.
    pub left: Vec<String>,
}

/// How one platform writes rows.
pub trait Dialect: std::fmt::Debug + Send + Sync {
    /// Whose words.
    fn form(&self) -> Form;
    /// The fields of this row that speak for this form, the surest first; none when it is not of this form.
    fn evidence(&self, row: &RowText<'_>) -> Vec<String>;
    /// The rules about rows.
    fn rules(&self) -> &'static [RowRule];
    /// What the row says in neutral words. Loses nothing: what has no place there is among the extras.
    fn read<'a>(&self, row: &RowText<'a>) -> ManifestRow<'a>;
    /// What is wrong with the row by itself. Only what this form has a rule for is told.
    fn check(&self, row: &RowText<'_>, read: &ManifestRow<'_>, known: Known, found: &mut Vec<Found>);
    /// The row in this form.
    fn write(&self, row: &ManifestRow<'_>, from: Form) -> Carried;
    /// How the row is mended, for each of these matters where it can be. What needs a new cell of a table stands at the end of
    /// the row's text.
    fn mend(&self, row: &RowText<'_>, read: &ManifestRow<'_>, matters: &[About]) -> Vec<Change>;
    /// The field of the name that a row is found again by.
    fn key_field(&self) -> &'static str;
    /// The field of what is to be labelled.
    fn subject_field(&self) -> &'static str;
    /// The fields of width and height; none where rows have no place for them.
    fn sizes(&self) -> Option<(&'static str, &'static str)>;
    /// Names that differ in upper and lower case only are the same to the platform.
    fn folds_case(&self) -> bool;
    /// The column of a table that a head of this name stands for, in this form's words.
    fn column(&self, head: &str) -> Option<&'static str>;
}

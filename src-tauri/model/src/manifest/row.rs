//! One row: its text, and what it says in neutral words. What only one platform knows is kept as it is written.

use crate::json::{FieldSpan, Kind, Span, Value};
use std::borrow::Cow;

/// A row as JSON text whose grammar was checked. Rows of tables are given as the object that they stand for.
#[derive(Clone, Copy, Debug)]
pub struct RowText<'a> {
    /// The text that all places count in.
    pub text: &'a str,
    /// The row's value in it.
    pub value: Span,
    /// The fields of the outermost object; none where the row is no object.
    pub fields: &'a [FieldSpan],
    /// It comes from a table: column names of our own may stand beside the platform's.
    pub table: bool,
}

impl<'a> RowText<'a> {
    /// The row as a value.
    pub fn value(&self) -> Value<'a> {
        Value::new(self.text, self.value)
    }

    /// Names and values in their order.
    pub fn fields(&self) -> impl Iterator<Item = (Cow<'a, str>, Value<'a>)> + use<'a> {
        let (text, fields) = (self.text, self.fields);
        fields.iter().filter_map(move |field| Some((Value::new(text, field.name).text()?, Value::new(text, field.value))))
    }

    /// The last field of this name.
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        let named = |field: &&FieldSpan| Value::new(self.text, field.name).text().is_some_and(|known| known == name);
        self.fields.iter().rev().find(named).map(|field| Value::new(self.text, field.value))
    }
}

/// Text that a row says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// The text, without escapes.
    pub text: Cow<'a, str>,
    /// The JSON value that says it.
    pub span: Span,
}

impl<'a> Said<'a> {
    /// What a value says, when it is text.
    pub fn of(value: Value<'a>) -> Option<Self> {
        Some(Self { text: value.text()?, span: value.span() })
    }
}

/// What is to be labelled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Subject<'a> {
    /// Nothing is said.
    #[default]
    Missing,
    /// One object, by its address.
    Address(Said<'a>),
    /// The content itself.
    Content(Said<'a>),
    /// Several objects in their order: pages, frames.
    Many(Vec<Said<'a>>),
    /// A shape that one platform alone knows: a conversation, a tile layer, a point cloud with cameras.
    Shaped(Value<'a>),
    /// Something that no platform takes.
    Wrong(Value<'a>),
}

/// One thing that is known about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta<'a> {
    /// Its name; for a field that is named by its id in a schema, that id.
    pub name: Cow<'a, str>,
    /// The name is an id of one workspace.
    pub by_id: bool,
    /// Its value, as written.
    pub value: Value<'a>,
}

/// Something shown beside the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment<'a> {
    /// Its type in the platform's own word.
    pub kind: Said<'a>,
    /// An address or a text.
    pub value: Said<'a>,
    /// Its name; may be absent.
    pub name: Option<Cow<'a, str>>,
}

/// A row in neutral words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestRow<'a> {
    /// The name that it is found again by.
    pub key: Option<Said<'a>>,
    /// A second name, where the platform has two.
    pub external_id: Option<Said<'a>>,
    /// What is to be labelled.
    pub subject: Subject<'a>,
    /// What kind of media, in the platform's own word.
    pub media_type: Option<Cow<'a, str>>,
    /// Pixels across, as written.
    pub width: Option<Value<'a>>,
    /// Pixels down, as written.
    pub height: Option<Value<'a>>,
    /// What is known about it.
    pub metadata: Vec<Meta<'a>>,
    /// What is shown beside it.
    pub attachments: Vec<Attachment<'a>>,
    /// Fields that these words have no place for, as written.
    pub extras: Vec<(Cow<'a, str>, Value<'a>)>,
}

impl<'a> ManifestRow<'a> {
    /// The addresses of what is labelled, in their order.
    pub fn addresses(&self) -> &[Said<'a>] {
        match &self.subject {
            Subject::Address(said) => std::slice::from_ref(said),
            Subject::Many(all) => all,
            _ => &[],
        }
    }

    /// The name that it is found again by; an empty one is none.
    pub fn name(&self) -> Option<&Said<'a>> {
        self.key.as_ref().filter(|key| !key.text.is_empty())
    }

    /// A whole number that is neither negative nor too large to be one.
    pub fn pixels(value: Option<&Value<'_>>) -> Option<u64> {
        let value = value.filter(|value| value.kind() == Kind::Number)?;
        value.raw().parse().ok()
    }
}

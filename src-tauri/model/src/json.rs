//! Where things stand in JSON text (RFC 8259): checks the grammar of one value and remembers the fields of its object.
//! Nothing is copied or converted: numbers keep all their digits, and every mistake has a place and a name.

mod scanning;
mod value;

use scanning::Scan;
pub use value::Value;

/// How deep lists and objects may lie in each other.
pub const DEEPEST: u32 = 128;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{ .. }`
    Object,
    /// `[ .. ]`
    List,
    /// Text without a backslash: what stands between the quotes is the text.
    Text,
    /// Text with escapes.
    Escaped,
    /// A number, as written.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

impl Kind {
    /// Text of either kind.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Escaped)
    }
}

/// Where a value stands: bytes from `at` up to, not with, `end`; quotes and brackets included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub at: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// One field of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldSpan {
    /// The name with its quotes.
    pub name: Span,
    /// The value.
    pub value: Span,
}

macro_rules! slips {
    ($($(#[doc = $doc:expr])* $name:ident = $word:literal;)*) => {
        /// What is wrong with a text. The sentence is in the words, under `json-slip-` and the word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Wrong { $($(#[doc = $doc])* $name,)* }

        impl Wrong {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// The word of its sentence.
            pub fn word(self) -> &'static str { match self { $(Self::$name => $word,)* } }
        }
    };
}

slips! {
    /// The text ends inside the value.
    Ends = "ends";
    /// Two values stand beside each other.
    CommaMissing = "comma-missing";
    /// A comma with nothing behind it.
    CommaTooMany = "comma-too-many";
    /// A name without `:`.
    ColonMissing = "colon-missing";
    /// A name in quotes is expected.
    NameMissing = "name-missing";
    /// A value is expected.
    ValueMissing = "value-missing";
    /// A word that is no value: neither `true`, `false` nor `null`, or text without quotes.
    NoQuotes = "no-quotes";
    /// Text in quotes of another kind.
    OtherQuotes = "other-quotes";
    /// A number that is not written as JSON writes numbers.
    Number = "number";
    /// A backslash before something that it does not go with.
    Escape = "escape";
    /// A line ends inside text: its closing quote is missing.
    QuoteMissing = "quote-missing";
    /// A control character inside text.
    Control = "control";
    /// A list closed as an object or the other way round.
    OtherBracket = "other-bracket";
    /// More than [`DEEPEST`] levels.
    TooDeep = "too-deep";
    /// A comment.
    Comment = "comment";
    /// Something stands behind the end of the list.
    Behind = "behind";
    /// Something stands between a cell's closing quote and the next cell.
    CellQuote = "cell-quote";
}

/// A mistake, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The byte that it is at.
    pub at: usize,
    /// What is wrong.
    pub wrong: Wrong,
}

/// A value that follows the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// Where it stands.
    pub span: Span,
    /// The first number in it with more digits than a 64-bit float surely keeps.
    pub long_number: Option<usize>,
}

/// Checks one value from `at` on, after white space. `fields` becomes the fields of its object, in order; empty otherwise.
///
/// # Errors
/// The first mistake. [`Wrong::Ends`] says that more text may complete the value.
pub fn scan(text: &[u8], at: usize, fields: &mut Vec<FieldSpan>) -> Result<Scanned, Slip> {
    fields.clear();
    Scan::new(text, at).whole(fields)
}

/// White space as JSON knows it; a form feed is none.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// White space ends here.
pub fn skip_space(text: &[u8], mut at: usize) -> usize {
    while text.get(at).copied().is_some_and(is_space) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests;

//! What can be wrong with a row, and the rules that say so. A rule without a source and a date does not exist.

use crate::Severity;

macro_rules! abouts {
    ($($(#[doc = $doc:expr])* $name:ident = $word:literal;)*) => {
        /// What a rule is about. Its sentence is in the words, under `manifest-rule-` and the word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum About { $($(#[doc = $doc])* $name,)* }

        impl About {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// The word of its sentence; with the form before it the rule's id.
            pub fn word(self) -> &'static str { match self { $(Self::$name => $word,)* } }
        }
    };
}

abouts! {
    /// The text is no JSON, or no table.
    Syntax = "syntax";
    /// The reading stopped here: what follows could not be told apart.
    Stopped = "stopped";
    /// The row is no object.
    NotAnObject = "not-an-object";
    /// The row is longer than is ever read.
    TooLong = "too-long";
    /// Bytes that are no UTF-8.
    NotUtf8 = "not-utf8";
    /// The file is UTF-16.
    Utf16 = "utf16";
    /// A NUL byte.
    Nul = "nul";
    /// A row of a table has more or fewer cells than its head.
    Cells = "cells";
    /// A field stands twice in one row.
    FieldTwice = "field-twice";
    /// A number with more digits than a 64-bit float keeps.
    LongNumber = "long-number";
    /// A field that the platform does not know.
    FieldUnknown = "field-unknown";
    /// A name of a field in a spelling that the platform's import does not take.
    FieldSpelling = "field-spelling";
    /// A field of another type.
    FieldType = "field-type";
    /// What is to be labelled is missing.
    SubjectMissing = "subject-missing";
    /// What is to be labelled is empty.
    SubjectEmpty = "subject-empty";
    /// What is to be labelled has a shape that the platform does not know.
    SubjectShape = "subject-shape";
    /// Two fields say what is to be labelled.
    SubjectTwice = "subject-twice";
    /// An address that does not begin with `https://`, and not with `http://` either.
    UrlScheme = "url-scheme";
    /// An address with `http://`.
    UrlHttp = "url-http";
    /// An address in a store's own words, such as `s3://`.
    UrlStore = "url-store";
    /// A path on somebody's computer.
    UrlLocal = "url-local";
    /// It is no address.
    UrlNone = "url-none";
    /// A bucket in the path of the address.
    UrlPathStyle = "url-path-style";
    /// A raw space or another blank.
    UrlSpace = "url-space";
    /// `+` where a space is meant.
    UrlPlus = "url-plus";
    /// Encoded twice.
    UrlTwiceEncoded = "url-twice-encoded";
    /// `%` without two hexadecimal digits behind it.
    UrlPercent = "url-percent";
    /// A character that must be encoded.
    UrlEncoding = "url-encoding";
    /// A character that the platform does not take.
    UrlCharacter = "url-character";
    /// A `#` in a name.
    UrlHash = "url-hash";
    /// A `?` in a name.
    UrlQuestion = "url-question";
    /// Signed: it works until some day.
    UrlSigned = "url-signed";
    /// Signed, and that day is over.
    UrlSignedOver = "url-signed-over";
    /// The same address in another row.
    UrlTwice = "url-twice";
    /// There is no name to find the row again by.
    KeyMissing = "key-missing";
    /// The name is longer than the platform takes.
    KeyLong = "key-long";
    /// The name has characters that the platform changes.
    KeyCharacters = "key-characters";
    /// The name begins or ends with a space, or has two beside each other.
    KeySpaces = "key-spaces";
    /// Another row has the same name.
    KeyTwice = "key-twice";
    /// A type of media that the platform does not know.
    MediaType = "media-type";
    /// What is known about the row is not written as the platform reads it.
    MetadataShape = "metadata-shape";
    /// A value is longer than the platform takes.
    MetadataLong = "metadata-long";
    /// A reserved name with a value that it does not take.
    MetadataReserved = "metadata-reserved";
    /// What is shown beside it is not written as the platform reads it.
    AttachmentShape = "attachment-shape";
    /// A type of attachment that the platform does not know.
    AttachmentType = "attachment-type";
    /// An attachment without content.
    AttachmentEmpty = "attachment-empty";
    /// A size in pixels that no picture has.
    Size = "size";
    /// A type of point cloud that the platform does not know.
    CloudType = "cloud-type";
    /// The object at its address is not there.
    ObjectMissing = "object-missing";
    /// The object at its address has no bytes.
    ObjectEmpty = "object-empty";
    /// We may not see the object; its platform perhaps may.
    ObjectDenied = "object-denied";
    /// The object was not seen: no answer, or an odd one.
    ObjectUnseen = "object-unseen";
    /// The address leads to a private place that was not asked.
    ObjectPrivate = "object-private";
    /// The platform's workspace has no metadata of this name.
    MetadataUnknown = "metadata-unknown";
    /// A value that the platform's workspace would refuse.
    MetadataRefused = "metadata-refused";
}

/// One rule about rows. Its id is the form's word, `-` and the word of what it is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowRule {
    /// Stable id, such as `labelbox-url-plus`.
    pub id: &'static str,
    /// What it is about.
    pub about: About,
    /// How much it matters.
    pub severity: Severity,
    /// The page that publishes it.
    pub source: &'static str,
    /// The day on which a person last read that page, `YYYY-MM-DD`.
    pub checked: &'static str,
}

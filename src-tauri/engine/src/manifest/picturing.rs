//! Small pictures of the objects that rows name: which row has one, who would be asked for it, and how it is had with as
//! few questions as its format allows. Nobody is asked before the person said so.

use super::looking::{Pace, inside, is_asked_about};
use super::measuring::{FIRST, Known};
use crate::thumbs::{Thumbs, inner_picture, is_drawn};
use gantry_model::manifest::{ManifestRow, ObjectBytes, Objects, Subject, Unseen};
use gantry_model::platform::bare;
use gantry_model::words::{Value, say};
use gantry_model::{Format, MediaKind, show};
use std::borrow::Cow;
use std::collections::HashSet;

/// Bytes of an object that are fetched for its picture: 20 MB.
const MOST: usize = 20_000_000;
/// Hosts that are told apart.
const MOST_HOSTS: usize = 1000;
/// Hosts that are named to people.
const NAMED: usize = 3;

/// Why a row has no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoPicture {
    /// The object was not seen.
    Unseen(Unseen),
    /// Its address is a store's own, and no bucket of the person's.
    Bucket,
    /// It has so many bytes.
    Large(u64),
    /// It is no picture.
    Other,
    /// It is a picture in a format that is not drawn here.
    Format,
    /// It cannot be drawn: damaged, or with too many pixels.
    Damaged,
}

impl NoPicture {
    /// In a sentence.
    pub(crate) fn words(&self) -> String {
        let (size, most) = (|bytes: u64| show::bytes(bytes), show::bytes(MOST as u64));
        match self {
            Self::Unseen(Unseen::Private) => say("bench-picture-private", &[]),
            Self::Unseen(unseen) => super::unseen_words(*unseen),
            Self::Bucket => say("bench-picture-bucket", &[]),
            Self::Large(bytes) => {
                say("bench-picture-large", &[("size", Value::Text(&size(*bytes))), ("most", Value::Text(&most))])
            }
            Self::Other => say("bench-picture-other", &[]),
            Self::Format => say("bench-picture-format", &[]),
            Self::Damaged => say("bench-picture-damaged", &[]),
        }
    }
}

/// What kind of media a row names, by its own word or by the ending of its address.
pub(crate) fn kind_of(read: &ManifestRow<'_>) -> MediaKind {
    let said = read.media_type.as_deref().map_or(MediaKind::Other, by_word);
    match &read.subject {
        Subject::Content(_) => MediaKind::Text,
        _ if said != MediaKind::Other => said,
        Subject::Address(one) => by_ending(&one.text),
        Subject::Many(all) => all.first().map_or(MediaKind::Other, |one| by_ending(&one.text)),
        Subject::Shaped(_) if picture_of(read).is_some() => MediaKind::Image,
        _ => MediaKind::Other,
    }
}

/// The address of a row's picture; of what does not say what it is, its first bytes will tell.
pub(crate) fn picture_of<'r>(read: &'r ManifestRow<'_>) -> Option<Cow<'r, str>> {
    let may_be = |text: &str, kind: MediaKind| is_asked_about(text) && matches!(kind, MediaKind::Image | MediaKind::Other);
    match &read.subject {
        Subject::Shaped(value) => {
            let mut said = Vec::new();
            inside(*value, "", &mut said);
            let is = |text: &str| is_asked_about(text) && by_ending(text) == MediaKind::Image;
            said.into_iter().map(|(one, _)| one.text).find(|text| is(text))
        }
        _ => {
            let one = read.addresses().first()?;
            may_be(&one.text, kind_of(read)).then(|| Cow::Borrowed(&*one.text))
        }
    }
}

/// The platforms' words for media: `IMAGE`, `image/jpeg`, `PDF`.
fn by_word(word: &str) -> MediaKind {
    let word = word.to_ascii_lowercase();
    let begins = |all: &[&str]| all.iter().any(|begin| word.starts_with(begin));
    match () {
        () if begins(&["image", "medical_image"]) => MediaKind::Image,
        () if begins(&["video"]) => MediaKind::Video,
        () if begins(&["audio"]) => MediaKind::Audio,
        () if begins(&["point", "pcd"]) => MediaKind::PointCloud,
        () if begins(&["text", "html", "conversation", "json", "llm"]) => MediaKind::Text,
        () if begins(&["document", "pdf", "application/pdf"]) => MediaKind::Document,
        () => MediaKind::Other,
    }
}

fn by_ending(url: &str) -> MediaKind {
    let path = bare(url).split('#').next().unwrap_or_default();
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
    ending.and_then(|(_, ending)| Format::from_extension(&ending.to_ascii_lowercase())).map_or(MediaKind::Other, Format::kind)
}

/// Who would be asked for pictures.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts {
    all: HashSet<String>,
    named: Vec<String>,
    /// There are more than are told apart.
    pub(crate) more: bool,
}

impl Hosts {
    /// Notes who would be asked for the picture of this row.
    pub(crate) fn note(&mut self, read: &ManifestRow<'_>) {
        // Most rows have the host of the row before: that is answered first, and without looking at what they are.
        if read.addresses().first().and_then(|one| host(&one.text)).is_some_and(|host| self.all.contains(host)) {
            return;
        }
        let Some(url) = picture_of(read) else { return };
        let Some(host) = host(&url).filter(|host| !self.all.contains(*host)) else { return };
        if self.all.len() >= MOST_HOSTS {
            self.more = true;
            return;
        }
        if self.named.len() < NAMED {
            self.named.push(show::text(host));
        }
        self.all.insert(host.to_owned());
    }

    /// Whether the person was told of the host of this address.
    pub(crate) fn has(&self, url: &str) -> bool {
        self.more || host(url).is_some_and(|host| self.all.contains(host))
    }

    pub(crate) fn count(&self) -> u64 {
        self.all.len() as u64
    }

    /// The first of them.
    pub(crate) fn named(&self) -> Vec<String> {
        self.named.clone()
    }
}

/// The host of an address, as it is written there; the bucket of a store's own address. An address with a name and a
/// password in it is never asked.
fn host(url: &str) -> Option<&str> {
    let begin = url.find("://")? + 3;
    let end = url[begin..].find(['/', '?', '#', '\\']).map_or(url.len(), |length| begin + length);
    let host = &url[begin..end];
    let named = if url.starts_with("s3:") { &url[..end] } else { host };
    (!host.is_empty() && !host.contains('@')).then_some(named)
}

/// The small picture of an object: from its first bytes where they hold all of it, or a small one that its camera put
/// there; from the whole otherwise. What was made lately is not asked for.
pub(crate) async fn pictured(
    objects: &dyn Objects,
    pace: &Pace,
    thumbs: &Thumbs,
    url: &str,
    side: u32,
) -> Result<Vec<u8>, NoPicture> {
    let identity = objects.identity(url);
    if let Some(known) = thumbs.known(&identity, side) {
        return Ok(known);
    }
    let object = Object { objects, pace, url };
    let first = match object.bytes(0, FIRST).await {
        // Nothing has no first byte.
        Err(NoPicture::Unseen(Unseen::Status(416))) => return Err(NoPicture::Other),
        got => got?,
    };
    let mut known = Known::default();
    known.add(0, first.bytes.clone(), first.there.clone(), FIRST);
    let media = known.look();
    if !is_drawn(media.format) {
        return Err(if media.format.kind() == MediaKind::Image { NoPicture::Format } else { NoPicture::Other });
    }
    let whole = known.there.size.is_some_and(|size| size <= first.bytes.len() as u64);
    if !whole && let Some((inner, stands)) = inner_picture(&first.bytes, &media, side) {
        return thumbs.of_content(&identity, inner, &stands, side).ok_or(NoPicture::Damaged);
    }
    let content = if whole { first.bytes } else { object.all(first).await? };
    thumbs.of_content(&identity, &content, &media, side).ok_or(NoPicture::Damaged)
}

/// One object, and the pace at which it is asked for.
struct Object<'a> {
    objects: &'a dyn Objects,
    pace: &'a Pace,
    url: &'a str,
}

impl Object<'_> {
    async fn bytes(&self, at: usize, most: usize) -> Result<ObjectBytes, NoPicture> {
        self.pace.turn().await;
        let got = self.objects.bytes(self.url, at as u64, most).await;
        got.map_err(|unseen| match unseen {
            Unseen::NoAddress if self.url.starts_with("s3://") => NoPicture::Bucket,
            unseen => NoPicture::Unseen(unseen),
        })
    }

    /// All of it, of which the first bytes are there.
    async fn all(&self, first: ObjectBytes) -> Result<Vec<u8>, NoPicture> {
        if let Some(size) = first.there.size.filter(|size| *size > MOST as u64) {
            return Err(NoPicture::Large(size));
        }
        let mut content = first.bytes;
        let rest = match self.bytes(content.len(), MOST + 1 - content.len()).await {
            // A server that knows no ranges gives all of it.
            Err(NoPicture::Unseen(Unseen::NotInPieces)) => {
                content.clear();
                self.bytes(0, MOST + 1).await?
            }
            got => got?,
        };
        // Between two questions it became another object.
        if rest.there.etag != first.there.etag {
            return Err(NoPicture::Unseen(Unseen::Status(412)));
        }
        content.extend(rest.bytes);
        if content.len() > MOST { Err(NoPicture::Large(content.len() as u64)) } else { Ok(content) }
    }
}

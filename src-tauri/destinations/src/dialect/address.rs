//! Addresses in manifests: what is wrong with one, and how it is mended. A signed address is never changed: its
//! signature covers every byte; and of a query nothing is ever shown.

use super::finder::Finder;
use super::signed::{Signature, day, signature};
use gantry_model::json::Span;
use gantry_model::manifest::{About, Change, Known, Said};
use gantry_model::platform::bare;

const BLANK: u8 = 1;
const PLUS: u8 = 2;
const PERCENT: u8 = 4;
const HASH: u8 = 8;
const QUESTION: u8 = 16;
/// Characters that RFC 3986 has no place for, and all that is not ASCII.
const ODD: u8 = 32;

/// What each byte may be trouble for.
static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut all = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        all[byte] = match byte as u8 {
            0..=0x20 | 0x7f => BLANK,
            b'+' => PLUS,
            b'%' => PERCENT,
            b'#' => HASH,
            b'?' => QUESTION,
            b'<' | b'>' | b'|' | b'\\' | b'^' | b'`' | b'{' | b'}' | b'"' | 0x80.. => ODD,
            _ => 0,
        };
        byte += 1;
    }
    all
}

fn classified(text: &str) -> u8 {
    text.bytes().fold(0, |all, byte| all | CLASS[byte as usize])
}

/// It begins with a scheme and `://`.
pub(super) fn is_address(text: &str) -> bool {
    let (scheme, _) = text.trim_start().split_once("://").unwrap_or_default();
    !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// A path on a computer, where an address belongs.
pub(super) fn is_local(text: &str) -> bool {
    let drive = text.as_bytes().get(1..3).is_some_and(|two| two == b":\\" || two == b":/");
    text.starts_with("file:")
        || text.starts_with("~/")
        || text.starts_with("\\\\")
        || drive
        || (text.starts_with('/') && !text.contains('\n'))
}

/// Looks at one address.
pub(super) fn look(said: &Said<'_>, field: &str, known: Known, finder: &mut Finder<'_>) {
    let text: &str = &said.text;
    // Whoever hears that it is a path on a computer needs not hear that the path is not encoded.
    if !text.starts_with("https://") && scheme(text, said.span, field, finder) == About::UrlLocal {
        return;
    }
    if text.as_bytes().get(8..10) == Some(b"s3") && virtual_hosted(text).is_some() {
        finder.say(About::UrlPathStyle, said.span, field, bare(text));
    }
    let classes = classified(text);
    if classes != 0 {
        characters(text, classes, said.span, field, known, finder);
    }
}

fn scheme(text: &str, span: Span, field: &str, finder: &mut Finder<'_>) -> About {
    let about = match text.split_once("://").map(|(scheme, _)| scheme) {
        Some("http") => About::UrlHttp,
        Some("s3" | "gs" | "az" | "abfs" | "abfss" | "wasb" | "wasbs") => About::UrlStore,
        Some("file") => About::UrlLocal,
        Some(_) if is_address(text) => About::UrlScheme,
        _ if is_local(text) => About::UrlLocal,
        _ => About::UrlNone,
    };
    finder.say(about, span, field, bare(text));
    about
}

fn characters(text: &str, classes: u8, span: Span, field: &str, known: Known, finder: &mut Finder<'_>) {
    let mut say = |about: About| finder.say(about, span, field, bare(text));
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    if classes & BLANK != 0 {
        say(About::UrlSpace);
    }
    if classes & PLUS != 0 && path.contains('+') {
        say(About::UrlPlus);
    }
    if classes & PERCENT != 0 {
        let (alone, twice) = percents(path);
        if alone {
            say(About::UrlPercent);
        }
        if twice {
            say(About::UrlTwiceEncoded);
        }
    }
    if classes & HASH != 0 {
        say(About::UrlHash);
    }
    if classes & ODD != 0 {
        let refused = finder.has(About::UrlCharacter) && text.contains(['<', '>', '|']);
        let odd = text.chars().find(|c| !matches!(c, '<' | '>' | '|') && CLASS[(*c as u32).min(0x80) as usize] & ODD != 0);
        let odd = odd.or_else(|| text.chars().find(|c| matches!(c, '<' | '>' | '|')).filter(|_| !refused));
        if refused {
            finder.say(About::UrlCharacter, span, field, bare(text));
        }
        if odd.is_some() {
            finder.say(About::UrlEncoding, span, field, bare(text));
        }
    }
    if classes & QUESTION != 0 {
        question(text, query, span, field, known, finder);
    }
}

fn question(text: &str, query: &str, span: Span, field: &str, known: Known, finder: &mut Finder<'_>) {
    match signature(query) {
        Signature::Until(Some(end)) if end <= known.now => finder.say(About::UrlSignedOver, span, field, &day(end)),
        Signature::Until(Some(end)) => finder.say(About::UrlSigned, span, field, &day(end)),
        Signature::Until(None) => finder.say(About::UrlSigned, span, field, "?"),
        Signature::None if !query.contains('=') => finder.say(About::UrlQuestion, span, field, bare(text)),
        Signature::None => {}
    }
}

/// A `%` without two digits behind it, and a `%25` that makes another encoding of an encoded byte.
fn percents(path: &str) -> (bool, bool) {
    let bytes = path.as_bytes();
    let digits = |at: usize| bytes.get(at..at + 2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let (mut alone, mut twice) = (false, false);
    for (at, _) in path.match_indices('%') {
        alone |= !digits(at + 1);
        twice |= bytes.get(at + 1..at + 3) == Some(b"25") && digits(at + 3);
    }
    (alone, twice)
}

/// The address with the bucket in its host, for Amazon's addresses with the bucket in the path:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>. None for buckets with a dot.
fn virtual_hosted(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://")?;
    let (host, path) = rest.split_once('/')?;
    let of_s3 = host.strip_prefix("s3").is_some_and(|behind| behind.starts_with(['.', '-']));
    if !of_s3 || !(host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")) {
        return None;
    }
    let (bucket, key) = path.split_once('/')?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if bucket.len() < 3 || !bucket.bytes().all(plain) || key.is_empty() {
        return None;
    }
    // `s3-eu-west-1` is the old spelling of `s3.eu-west-1`.
    let host = host
        .strip_prefix("s3-")
        .filter(|_| !host.starts_with("s3-accelerate"))
        .map_or_else(|| host.to_owned(), |region| format!("s3.{region}"));
    Some(format!("https://{bucket}.{host}/{key}"))
}

/// The address as it should be, as far as these matters go.
pub(super) fn mend(said: &Said<'_>, field: &str, matters: &[About]) -> Option<Change> {
    let text: &str = &said.text;
    let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
    if !is_address(text) || query.is_some_and(|query| signature(query) != Signature::None) {
        return None;
    }
    let mut mending = Mending { path: path.to_owned(), matters: Vec::new() };
    let wanted = |about: &About| matters.contains(about);
    let mut query = query.map(str::to_owned);
    if matters.contains(&About::UrlQuestion) && query.as_deref().is_some_and(|query| !query.contains('=')) {
        let name = query.take().unwrap_or_default();
        mending.step(About::UrlQuestion, |path| format!("{path}%3F{name}"));
    }
    STEPS.iter().filter(|(about, _)| wanted(about)).for_each(|(about, step)| mending.step(*about, step));
    if let Some(kept) = query.as_mut()
        && wanted(&About::UrlSpace)
    {
        *kept = kept.trim().replace(' ', "%20");
    }
    let after = query.map_or_else(|| mending.path.clone(), |query| format!("{}?{query}", mending.path));
    if after == text {
        return None;
    }
    if mending.matters.is_empty() {
        mending.matters.push(About::UrlSpace);
    }
    Some(Change {
        matters: mending.matters,
        at: said.span.at,
        end: said.span.end,
        text: serde_json::Value::from(after.as_str()).to_string(),
        field: field.to_owned(),
        before: bare(text).to_owned(),
        after: bare(&after).to_owned(),
    })
}

struct Mending {
    path: String,
    matters: Vec<About>,
}

impl Mending {
    fn step(&mut self, about: About, step: impl Fn(&str) -> String) {
        let after = step(&self.path);
        if after != self.path {
            self.path = after;
            self.matters.push(about);
        }
    }
}

/// An address with one thing mended.
type Step = fn(&str) -> String;

/// In the order in which they go together: what was encoded twice first, then what is encoded for the first time.
const STEPS: &[(About, Step)] = &[
    (About::UrlTwiceEncoded, decoded_once),
    (About::UrlPercent, encoded_percents),
    (About::UrlSpace, |path| encoded(path.trim(), BLANK)),
    (About::UrlPlus, |path| path.replace('+', "%20")),
    (About::UrlHash, |path| path.replace('#', "%23")),
    (About::UrlCharacter, |path| path.replace('<', "%3C").replace('>', "%3E").replace('|', "%7C")),
    (About::UrlEncoding, |path| encoded(path, ODD)),
    (About::UrlHttp, |path| path.strip_prefix("http://").map_or_else(|| path.to_owned(), |rest| format!("https://{rest}"))),
    (About::UrlPathStyle, |path| virtual_hosted(path).unwrap_or_else(|| path.to_owned())),
];

fn encoded(path: &str, class: u8) -> String {
    let mut after = String::with_capacity(path.len() + 8);
    for c in path.chars() {
        if CLASS[(c as u32).min(0x80) as usize] & class == 0 {
            after.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            after.push_str(&format!("%{byte:02X}"));
        }
    }
    after
}

/// `%2520` becomes `%20`; a `%25` that stands for a percent sign stays.
fn decoded_once(path: &str) -> String {
    let mut after = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find("%25") {
        let digits = rest.as_bytes().get(at + 3..at + 5).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        let kept = if digits { at + 1 } else { at + 3 };
        after.push_str(&rest[..kept]);
        rest = &rest[at + 3..];
    }
    after + rest
}

fn encoded_percents(path: &str) -> String {
    let mut after = String::with_capacity(path.len());
    for (at, c) in path.char_indices() {
        let digits = path.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        after.push_str(if c == '%' && !digits { "%25" } else { &path[at..at + c.len_utf8()] });
    }
    after
}

/// The name of the file at an address, decoded.
pub(super) fn file_name(text: &str) -> Option<String> {
    let path = bare(text).split('#').next()?;
    let (_, path) = path.split_once("://")?;
    let (_, path) = path.split_once('/')?;
    let last = path.rsplit('/').find(|part| !part.is_empty())?;
    Some(percent_encoding::percent_decode_str(last).decode_utf8_lossy().into_owned())
}

/// One word that ends like a file: hardly the content itself.
pub(super) fn file_like(text: &str) -> bool {
    let extension = text.rsplit_once('.').map_or("", |(_, extension)| extension);
    let short = (2..=5).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    short && !text.contains(char::is_whitespace) && !extension.bytes().all(|byte| byte.is_ascii_digit())
}

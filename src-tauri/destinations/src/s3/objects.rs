//! Objects in one request: put, find, list.

use super::S3;
use super::answer::{Answer, checksum_header, plain_etag};
use super::call::{Call, LISTING, Load};
use super::learned::Ability;
use super::xml::{self, Met};
use gantry_model::{Algorithm, Body, Code, Digest, Existing, Key, Listed, Outgoing, Page, Problem, Reaction, RemoteRef};
use md5::Digest as _;
use percent_encoding::percent_decode;
use reqwest::Method;
use reqwest::header::HeaderValue;

/// Something that a request asked for and the store does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    Condition,
    Checksum,
}

impl S3 {
    pub(super) async fn put_object(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem> {
        if body.bytes.len() as u64 != item.size {
            return Err(Problem::new(Code::Bug, "put").with("said", "the sizes do not fit"));
        }
        self.look_where_blind(item, "put").await?;
        let (name, value) = self.checksum(&body);
        let (condition, conditional) = self.condition(item);
        let mut call = Call::new("put", Method::PUT, Some(&item.key)).header(name, value).body(Load::Content(body.bytes));
        call.headers.extend(metadata(item));
        call.headers.extend(condition);
        let answer = self.call(call).await?;
        if !answer.is_success() {
            return Err(self.refused(&answer, Some(body.digest.algorithm()), conditional));
        }
        if !is_stores_own(&answer) {
            return Err(self.stranger(&answer));
        }
        Ok(self.proven(answer.remote(false)))
    }

    pub(super) async fn find_object(&self, key: &Key) -> Result<Option<RemoteRef>, Problem> {
        let answer = self.call(Call::new("find", Method::HEAD, Some(key)).header("x-amz-checksum-mode", "ENABLED")).await?;
        match answer.status {
            404 if !answer.is_page() => Ok(None),
            status if (200..300).contains(&status) => {
                let own = answer.header("etag").is_some() || answer.header("last-modified").is_some();
                if own && (!answer.is_page() || answer.header("x-amz-request-id").is_some()) {
                    Ok(Some(self.proven(answer.remote(true))))
                } else {
                    Err(self.stranger(&answer))
                }
            }
            _ => Err(self.explained(self.problem(&answer)).await),
        }
    }

    /// HEAD is refused without words. What concerns all files (a wrong key, an expired sign-in, the clock) is found out
    /// by one request that is answered with words.
    async fn explained(&self, problem: Problem) -> Problem {
        let silent = matches!(problem.code, Code::AccessDenied | Code::Refused | Code::BadKey | Code::NotThere);
        if !silent || !self.learned.may_ask() {
            return problem;
        }
        let query = [("list-type", "2"), ("max-keys", "1")];
        match self.call(Call::new("find", Method::GET, None).query(&query)).await {
            Ok(answer) if !answer.is_success() => {
                let reason = self.problem(&answer);
                let for_all = reason.code.reaction() == Reaction::AskUser || reason.code == Code::SlowDown;
                if for_all { reason } else { problem }
            }
            _ => problem,
        }
    }

    pub(super) async fn list_page(&self, prefix: &str, after: Option<&Key>) -> Result<Page, Problem> {
        let mut query = vec![("encoding-type", "url"), ("list-type", "2"), ("max-keys", "1000"), ("prefix", prefix)];
        if let Some(after) = after {
            query.push(("start-after", &after.0));
        }
        let answer = self.call(Call::new("list", Method::GET, None).query(&query).cap(LISTING)).await?;
        if !answer.is_success() {
            return Err(self.problem(&answer));
        }
        let Some(mut page) = page(&answer.body, &self.learned.encodes_keys) else { return Err(self.stranger(&answer)) };
        let after = after.map_or("", |key| key.0.as_str());
        page.objects.retain(|listed| listed.key.0.starts_with(prefix) && listed.key.0.as_str() > after);
        let in_order = page.objects.is_sorted_by(|one, other| one.key < other.key);
        if !in_order || (page.more && page.objects.is_empty()) {
            // A listing that stands still or runs backwards would be read for ever.
            return Err(Problem::new(Code::ServerError, "list").with("said", "the listing is out of order"));
        }
        Ok(page)
    }

    /// Where the store is known not to refuse an overwrite itself, one look before the write has to do.
    pub(super) async fn look_where_blind(&self, item: &Outgoing, doing: &'static str) -> Result<(), Problem> {
        let blind = item.existing == Existing::Refuse && self.learned.if_none_match.known() == Some(false);
        if blind && self.find_object(&item.key).await?.is_some() {
            return Err(Problem::new(Code::Clash, doing));
        }
        Ok(())
    }

    /// The condition under which the object may be written, and whether it is one that protects what is there.
    pub(super) fn condition(&self, item: &Outgoing) -> (Option<(&'static str, String)>, bool) {
        if self.learned.if_none_match.known() == Some(false) {
            return (None, false);
        }
        match &item.existing {
            Existing::Refuse => (Some(("if-none-match", "*".to_owned())), true),
            Existing::Replace(Some(etag)) => (Some(("if-match", format!("\"{}\"", plain_etag(etag)))), true),
            Existing::Replace(None) => (None, false),
        }
    }

    /// The header that lets the store check the bytes: the digest that came with them where the store takes it.
    pub(super) fn checksum(&self, body: &Body) -> (&'static str, String) {
        match self.learned.checksum() {
            Some(taken) if taken == body.digest.algorithm() => checksum_header(&body.digest),
            Some(Algorithm::Crc32c) => checksum_header(&Digest::Crc32c(crc_fast::crc32_iscsi(&body.bytes))),
            Some(_) => checksum_header(&Digest::Crc64nvme(crc_fast::crc64_nvme(&body.bytes))),
            None => checksum_header(&Digest::Md5(md5::Md5::digest(&body.bytes).into())),
        }
    }

    /// A refusal; what the store does not know is remembered, and the request makes sense again without it.
    pub(super) fn refused(&self, answer: &Answer, sent: Option<Algorithm>, conditional: bool) -> Problem {
        let mut problem = self.problem(answer);
        if conditional && problem.code == Code::Clash {
            self.learned.if_none_match.learn(true);
        }
        match unknown(answer, sent.is_some(), conditional) {
            Some(Unknown::Condition) => self.learned.if_none_match.learn(false),
            Some(Unknown::Checksum) => match self.learned.checksum() {
                Some(taken) => self.learned.without(taken),
                None => return problem,
            },
            None => return problem,
        }
        problem.code = Code::ServerError;
        problem.reaction = Reaction::Retry;
        problem
    }
}

/// Which of our wishes the store does not know, from its error document.
pub(super) fn unknown(answer: &Answer, summed: bool, conditional: bool) -> Option<Unknown> {
    let fault = answer.fault()?;
    if !matches!(
        fault.code.as_str(),
        "NotImplemented" | "InvalidArgument" | "InvalidRequest" | "InvalidHeader" | "MalformedHeader"
    ) {
        return None;
    }
    let words = format!("{} {}", fault.header, fault.message).to_lowercase();
    if summed && (words.contains("checksum") || words.contains("crc64") || words.contains("crc32")) {
        return Some(Unknown::Checksum);
    }
    let named = words.contains("none-match") || words.contains("if-match") || words.contains("condition");
    (conditional && (named || fault.code == "NotImplemented")).then_some(Unknown::Condition)
}

/// Content type and the source's time.
pub(super) fn metadata(item: &Outgoing) -> [(&'static str, String); 2] {
    let kind = if HeaderValue::from_str(&item.content_type).is_ok() && !item.content_type.is_empty() {
        item.content_type.clone()
    } else {
        "application/octet-stream".to_owned()
    };
    let (seconds, rest) = (item.mtime_ns.div_euclid(1_000_000_000), item.mtime_ns.rem_euclid(1_000_000_000));
    [("content-type", kind), ("x-amz-meta-gantry-mtime", format!("{seconds}.{rest:09}"))]
}

/// Does a success carry a sign that the store itself gave it? A portal's page does not.
pub(super) fn is_stores_own(answer: &Answer) -> bool {
    let signs = ["etag", "x-amz-request-id", "x-amz-id-2", "x-amz-version-id"];
    let signed = signs.iter().any(|name| answer.header(name).is_some());
    signed && (!answer.is_page() || answer.body.is_empty())
}

fn page(body: &[u8], encodes: &Ability) -> Option<Page> {
    let mut page = Page::default();
    let (mut encoded, mut key, mut size, mut etag) = (false, String::new(), None, None);
    let mut whole = true;
    let root = xml::read(body, |met| match met {
        Met::Leaf("EncodingType", text) => encoded = text == "url",
        Met::Leaf("IsTruncated", text) => page.more = text == "true",
        Met::Leaf("Contents/Key", text) => text.clone_into(&mut key),
        Met::Leaf("Contents/Size", text) => size = text.trim().parse::<u64>().ok(),
        Met::Leaf("Contents/ETag", text) => etag = Some(plain_etag(text)).filter(|etag| !etag.is_empty()),
        Met::Branch("Contents") => match size.take() {
            Some(size) if !key.is_empty() => {
                page.objects.push(Listed { key: Key(std::mem::take(&mut key)), size, etag: etag.take() });
            }
            _ => whole = false,
        },
        _ => {}
    });
    if root.as_deref() != Ok("ListBucketResult") || !whole {
        return None;
    }
    if encoded && page.objects.iter().any(|listed| has_raw(&listed.key.0)) {
        // It says that it encodes, and does not: `+` and `%` mean themselves there.
        encodes.learn(false);
    }
    if encoded && encodes.known() != Some(false) {
        for listed in &mut page.objects {
            listed.key.0 = decode(&listed.key.0)?;
        }
    }
    Some(page)
}

/// Does the text have what no encoded text has?
fn has_raw(text: &str) -> bool {
    text.bytes().any(|b| {
        !b.is_ascii_graphic() || matches!(b, b'"' | b'<' | b'>' | b'#' | b'?' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
    })
}

/// Keys of a listing are encoded as forms are: a space as `+`, a plus as `%2B`.
fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes()).decode_utf8().ok().map(|text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::address::encode as encoded;
    use super::*;
    use proptest::prelude::*;

    fn listing(keys: &[&str]) -> Vec<u8> {
        let lines: String = keys
            .iter()
            .map(|key| format!("<Contents><Key>{}</Key><Size>3</Size><ETag>&quot;aa&quot;</ETag></Contents>", encoded(key)))
            .collect();
        format!("<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>{lines}</ListBucketResult>")
            .into_bytes()
    }

    #[test]
    fn a_listing_is_read_with_odd_keys() {
        let keys = ["a b+c%20.jpg", "é/#?&<x>", "line\nbreak"];
        let page = page(&listing(&keys), &Ability::default()).expect("a page");
        assert_eq!(page.objects.iter().map(|listed| listed.key.0.as_str()).collect::<Vec<_>>(), keys);
        assert_eq!((page.objects[0].size, page.objects[0].etag.as_deref(), page.more), (3, Some("aa"), true));
    }

    #[test]
    fn what_is_not_a_listing_is_not_an_empty_one() {
        for body in [
            "",
            "<html><body>Sign in</body></html>",
            "<ListBucketResult>",
            "{}",
            "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
        ] {
            assert!(page(body.as_bytes(), &Ability::default()).is_none(), "{body}");
        }
        assert!(page(b"<ListBucketResult></ListBucketResult>", &Ability::default()).is_some());
    }

    #[test]
    fn a_store_that_only_says_that_it_encodes_is_found_out() {
        let raw = |key: &str| {
            format!(
                "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>{key}</Key><Size>3</Size></Contents></ListBucketResult>"
            )
        };
        let encodes = Ability::default();
        for key in ["a b", "a+b", "a%20b"] {
            assert_eq!(page(raw(key).as_bytes(), &encodes).expect("a page").objects[0].key.0, key);
        }
    }

    proptest! {
        #[test]
        fn every_key_of_a_listing_comes_back(key in "[^\u{0}]{1,60}") {
            let page = page(&listing(&[&key]), &Ability::default()).expect("a page");
            prop_assert_eq!(&page.objects[0].key.0, &key);
        }

        #[test]
        fn no_bytes_make_the_reader_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = page(&bytes, &Ability::default());
        }
    }
}

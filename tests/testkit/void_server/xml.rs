//! The few documents of S3 that the void server reads and writes.

use super::shelf::{Kept, Line};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SPACE: &str = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
const DATE: &str = "2026-01-01T00:00:00.000Z";

/// What `encoding-type=url` leaves as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b'~');

/// The questions that a listing answers.
pub(super) struct Asked<'a> {
    pub bucket: &'a str,
    pub prefix: &'a str,
    pub fold: &'a str,
    pub after: &'a str,
    pub most: usize,
    pub url_encoded: bool,
}

pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

pub(super) fn error(code: &str, message: &str) -> String {
    format!("{HEAD}<Error><Code>{code}</Code><Message>{message}</Message><RequestId>void</RequestId></Error>")
}

pub(super) fn listing(asked: &Asked<'_>, lines: &[Line], more: bool) -> String {
    let shown = |text: &str| {
        if asked.url_encoded { utf8_percent_encode(text, PLAIN).to_string() } else { escape(text) }
    };
    let mut out = format!("{HEAD}<ListBucketResult {SPACE}><Name>{}</Name>", escape(asked.bucket));
    let _ = write!(out, "<Prefix>{}</Prefix><KeyCount>{}</KeyCount>", shown(asked.prefix), lines.len());
    let _ = write!(out, "<MaxKeys>{}</MaxKeys><IsTruncated>{more}</IsTruncated>", asked.most);
    let _ = write!(out, "<Delimiter>{}</Delimiter><StartAfter>{}</StartAfter>", shown(asked.fold), shown(asked.after));
    if asked.url_encoded {
        out.push_str("<EncodingType>url</EncodingType>");
    }
    if let (true, Some(Line::Object(last, _) | Line::Folder(last))) = (more, lines.last()) {
        let _ = write!(out, "<NextContinuationToken>{}</NextContinuationToken>", utf8_percent_encode(last, PLAIN));
    }
    for line in lines {
        let _ = match line {
            Line::Object(key, kept) => write!(
                out,
                "<Contents><Key>{}</Key><LastModified>{DATE}</LastModified><ETag>&quot;{}&quot;</ETag><Size>{}</Size>\
                 <StorageClass>STANDARD</StorageClass></Contents>",
                shown(key),
                kept.etag,
                kept.size
            ),
            Line::Folder(folder) => write!(out, "<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", shown(folder)),
        };
    }
    out.push_str("</ListBucketResult>");
    out
}

pub(super) fn begun(bucket: &str, key: &str, id: &str) -> String {
    format!(
        "{HEAD}<InitiateMultipartUploadResult {SPACE}><Bucket>{}</Bucket><Key>{}</Key><UploadId>{id}</UploadId>\
         </InitiateMultipartUploadResult>",
        escape(bucket),
        escape(key)
    )
}

pub(super) fn parts(bucket: &str, key: &str, id: &str, parts: &[(u32, Kept)], more: bool) -> String {
    let mut out = format!("{HEAD}<ListPartsResult {SPACE}><Bucket>{}</Bucket><Key>{}</Key>", escape(bucket), escape(key));
    let _ = write!(out, "<UploadId>{id}</UploadId><IsTruncated>{more}</IsTruncated>");
    if let Some((last, _)) = parts.last() {
        let _ = write!(out, "<NextPartNumberMarker>{last}</NextPartNumberMarker>");
    }
    for (number, part) in parts {
        let _ = write!(out, "<Part><PartNumber>{number}</PartNumber><LastModified>{DATE}</LastModified>");
        let _ = write!(out, "<ETag>&quot;{}&quot;</ETag><Size>{}</Size>", part.etag, part.size);
        for (name, value) in &part.checksums {
            let element = element(name);
            let _ = write!(out, "<{element}>{value}</{element}>");
        }
        out.push_str("</Part>");
    }
    out.push_str("</ListPartsResult>");
    out
}

pub(super) fn uploads(bucket: &str, open: &[(String, String)]) -> String {
    let mut out = format!("{HEAD}<ListMultipartUploadsResult {SPACE}><Bucket>{}</Bucket>", escape(bucket));
    out.push_str("<IsTruncated>false</IsTruncated>");
    for (id, key) in open {
        let key = escape(key);
        let _ = write!(out, "<Upload><Key>{key}</Key><UploadId>{id}</UploadId><Initiated>{DATE}</Initiated></Upload>");
    }
    out.push_str("</ListMultipartUploadsResult>");
    out
}

pub(super) fn sealed(bucket: &str, key: &str, kept: &Kept) -> String {
    let mut out = format!("{HEAD}<CompleteMultipartUploadResult {SPACE}><Bucket>{}</Bucket>", escape(bucket));
    let _ = write!(out, "<Key>{}</Key><ETag>&quot;{}&quot;</ETag>", escape(key), kept.etag);
    for (name, value) in &kept.checksums {
        let element = element(name);
        let _ = write!(out, "<{element}>{value}</{element}>");
    }
    out.push_str("<ChecksumType>FULL_OBJECT</ChecksumType></CompleteMultipartUploadResult>");
    out
}

/// `x-amz-checksum-crc64nvme` is called `ChecksumCRC64NVME` inside a document.
fn element(header: &str) -> String {
    format!("Checksum{}", header.trim_start_matches("x-amz-checksum-").to_ascii_uppercase())
}

/// Numbers and ETags of the parts that a Complete names, in its order.
pub(super) fn named_parts(document: &str) -> Vec<(u32, String)> {
    let parts = document.split("<Part>").skip(1);
    parts
        .filter_map(|part| {
            let number = between(part, "<PartNumber>", "</PartNumber>")?.trim().parse().ok()?;
            let etag = between(part, "<ETag>", "</ETag>")?;
            Some((number, etag.trim().replace("&quot;", "").replace("&#34;", "").replace('"', "")))
        })
        .collect()
}

/// Keys that a bulk delete names.
pub(super) fn named_keys(document: &str) -> Vec<String> {
    let keys = document.split("<Object>").skip(1).filter_map(|object| between(object, "<Key>", "</Key>"));
    keys.map(|key| key.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")).collect()
}

pub(super) fn deleted(keys: &[String]) -> String {
    let lines: String = keys.iter().map(|key| format!("<Deleted><Key>{}</Key></Deleted>", escape(key))).collect();
    format!("{HEAD}<DeleteResult {SPACE}>{lines}</DeleteResult>")
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let from = text.find(open)? + open.len();
    let to = text[from..].find(close)? + from;
    Some(&text[from..to])
}

//! How values of the model stand in columns, and back. A column that makes no sense is an error, never a guess.

use gantry_model::{
    Algorithm, Code, Digest, Fingerprint, Format, Measured, Media, PartNo, PartProof, Proof, RemoteRef, Severity, State,
};
use rusqlite::types::Type;
use rusqlite::{Result, Row};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

/// A time of the journal as RFC 3339 in UTC, whole seconds.
pub fn rfc3339(ms: i64) -> String {
    jiff::Timestamp::from_second(ms.div_euclid(1000)).map(|time| time.to_string()).unwrap_or_default()
}

/// A file's time as RFC 3339 in UTC, with as many digits as it has.
pub fn rfc3339_ns(ns: i64) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(ns)).map(|time| time.to_string()).unwrap_or_default()
}

/// SQLite's numbers have a sign; sizes and inode numbers keep their bits.
pub(crate) fn to_db(number: u64) -> i64 {
    number.cast_signed()
}

/// The number that [`to_db`] wrote.
pub(crate) fn from_db(number: i64) -> u64 {
    number.cast_unsigned()
}

/// An unsigned number of a row.
pub(crate) fn unsigned(row: &Row<'_>, at: usize) -> Result<u64> {
    row.get::<_, i64>(at).map(from_db)
}

fn odd(at: usize, what: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, Type::Text, format!("not known here: {what}").into())
}

fn word<T>(row: &Row<'_>, at: usize, read: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text = row.get_ref(at)?.as_str()?;
    read(text).ok_or_else(|| odd(at, text))
}

fn word_or_null<T>(row: &Row<'_>, at: usize, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    match row.get_ref(at)?.as_str_or_null()? {
        None => Ok(None),
        Some(text) => read(text).map(Some).ok_or_else(|| odd(at, text)),
    }
}

pub(crate) fn state(row: &Row<'_>, at: usize) -> Result<State> {
    word(row, at, State::from_word)
}

pub(crate) fn code(row: &Row<'_>, at: usize) -> Result<Option<Code>> {
    word_or_null(row, at, Code::from_word)
}

pub(crate) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocked => "blocked",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

pub(crate) fn severity_from(word: &str) -> Option<Severity> {
    [Severity::Blocked, Severity::Warning, Severity::Note].into_iter().find(|severity| severity_word(*severity) == word)
}

pub(crate) fn severity(row: &Row<'_>, at: usize) -> Result<Severity> {
    word(row, at, severity_from)
}

pub(crate) fn worst(row: &Row<'_>, at: usize) -> Result<Option<Severity>> {
    word_or_null(row, at, severity_from)
}

/// One byte for the algorithm, then the digest.
pub(crate) fn digest_to_db(digest: &Digest) -> Vec<u8> {
    let tag = match digest.algorithm() {
        Algorithm::Crc64nvme => 1,
        Algorithm::Crc32c => 2,
        Algorithm::Md5 => 3,
    };
    let mut bytes = vec![tag];
    bytes.extend(digest.to_bytes());
    bytes
}

pub(crate) fn digest(row: &Row<'_>, at: usize) -> Result<Option<Digest>> {
    let Some(bytes) = row.get_ref(at)?.as_blob_or_null()? else { return Ok(None) };
    let read = bytes.split_first().and_then(|(tag, rest)| {
        let algorithm = match tag {
            1 => Algorithm::Crc64nvme,
            2 => Algorithm::Crc32c,
            3 => Algorithm::Md5,
            _ => return None,
        };
        Digest::from_bytes(algorithm, rest)
    });
    read.map(Some).ok_or_else(|| odd(at, "digest"))
}

/// The proof from its word and its digest, in two columns beside each other.
pub(crate) fn proof(row: &Row<'_>, at: usize) -> Result<Option<Proof>> {
    match row.get_ref(at)?.as_str_or_null()? {
        None => Ok(None),
        Some("size") => Ok(Some(Proof::Size)),
        Some("accepted") => Ok(Some(Proof::Accepted)),
        Some("checksum") => {
            digest(row, at + 1)?.map(|digest| Some(Proof::Checksum(digest))).ok_or_else(|| odd(at, "checksum without digest"))
        }
        Some(other) => Err(odd(at, other)),
    }
}

pub(crate) fn proof_digest(proof: Option<&Proof>) -> Option<Vec<u8>> {
    match proof {
        Some(Proof::Checksum(digest)) => Some(digest_to_db(digest)),
        _ => None,
    }
}

/// What the store said, from the columns said, said_size, said_digest, etag, version, url.
pub(crate) fn remote(row: &Row<'_>, at: usize) -> Result<Option<RemoteRef>> {
    if row.get::<_, i64>(at)? == 0 {
        return Ok(None);
    }
    Ok(Some(RemoteRef {
        size: row.get::<_, Option<i64>>(at + 1)?.map(from_db),
        digest: digest(row, at + 2)?,
        etag: row.get(at + 3)?,
        version: row.get(at + 4)?,
        url: row.get(at + 5)?,
    }))
}

/// The source as the walk saw it, from size, mtime, ctime, dev, ino.
pub(crate) fn fingerprint(row: &Row<'_>, at: usize) -> Result<Fingerprint> {
    Ok(Fingerprint {
        size: unsigned(row, at)?,
        mtime_ns: row.get(at + 1)?,
        ctime_ns: row.get(at + 2)?,
        dev: unsigned(row, at + 3)?,
        ino: unsigned(row, at + 4)?,
    })
}

/// What was measured, from format, width, height, orientation, media at `at`, and measured at `measured`.
pub(crate) fn media(row: &Row<'_>, at: usize, measured: usize) -> Result<Media> {
    let flags: i64 = row.get(at + 4)?;
    Ok(Media {
        format: Format::from_word(row.get_ref(at)?.as_str()?),
        width: row.get(at + 1)?,
        height: row.get(at + 2)?,
        orientation: row.get(at + 3)?,
        cut_off: flags & 1 != 0,
        damaged: flags & 2 != 0,
        looked: flags & 4 != 0,
        measured: row.get_ref(measured)?.as_str_or_null()?.and_then(Measured::from_json).map(Box::new),
    })
}

pub(crate) fn media_flags(media: &Media) -> i64 {
    i64::from(media.cut_off) | i64::from(media.damaged) << 1 | i64::from(media.looked) << 2
}

/// One part, from n, size, etag, digest.
pub(crate) fn part(row: &Row<'_>) -> Result<PartProof> {
    Ok(PartProof {
        part: PartNo(row.get(0)?),
        size: unsigned(row, 1)?,
        etag: row.get(2)?,
        digest: digest(row, 3)?.ok_or_else(|| odd(3, "part without digest"))?,
    })
}

/// A value that stands as JSON in a text column.
pub(crate) fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, at: usize) -> Result<T> {
    let text = row.get_ref(at)?.as_str()?;
    serde_json::from_str(text).map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, Box::new(error)))
}

/// Writes what [`json`] reads.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// A path of this system as bytes: raw on Unix, WTF-8 on Windows.
pub fn path_to_bytes(path: &Path) -> Vec<u8> {
    #[cfg(unix)]
    {
        std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec()
    }
    #[cfg(windows)]
    {
        wtf8::write(std::os::windows::ffi::OsStrExt::encode_wide(path.as_os_str()))
    }
}

/// The path that [`path_to_bytes`] wrote.
pub fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes))
    }
    #[cfg(windows)]
    {
        PathBuf::from(<std::ffi::OsString as std::os::windows::ffi::OsStringExt>::from_wide(&wtf8::read(bytes)))
    }
}

/// UTF-8 that also takes lone surrogates, which names on Windows may have.
#[cfg_attr(not(any(windows, test)), expect(dead_code, reason = "only Windows has such names; the test runs everywhere"))]
mod wtf8 {
    pub(super) fn write(units: impl Iterator<Item = u16>) -> Vec<u8> {
        let mut bytes = Vec::new();
        for unit in char::decode_utf16(units) {
            match unit {
                Ok(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(lone) => {
                    let unit = lone.unpaired_surrogate();
                    bytes.extend([0xe0 | (unit >> 12) as u8, 0x80 | (unit >> 6 & 0x3f) as u8, 0x80 | (unit & 0x3f) as u8]);
                }
            }
        }
        bytes
    }

    pub(super) fn read(bytes: &[u8]) -> Vec<u16> {
        let mut units = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let valid = match std::str::from_utf8(rest) {
                Ok(text) => text,
                Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
            };
            units.extend(valid.encode_utf16());
            rest = &rest[valid.len()..];
            match rest {
                [0xed, b, c, ..] => {
                    units.push(0xd000 | u16::from(b & 0x3f) << 6 | u16::from(c & 0x3f));
                    rest = &rest[3..];
                }
                [_, ..] => {
                    units.push(0xfffd);
                    rest = &rest[1..];
                }
                [] => {}
            }
        }
        units
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_half_a_character_comes_back_from_the_journal() {
        let units = [0x66, 0xd83d, 0xde00, 0xd800, 0x2e, 0xdc01, 0x67];
        assert_eq!(wtf8::read(&wtf8::write(units.into_iter())), units);
    }

    #[test]
    fn a_time_is_written_in_utc() {
        assert_eq!(rfc3339(1_795_248_843_999), "2026-11-21T08:14:03Z");
        assert_eq!(rfc3339_ns(1_795_248_843_250_000_000), "2026-11-21T08:14:03.25Z");
    }
}

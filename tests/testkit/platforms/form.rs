//! `multipart/form-data` as it streams in: fields are kept, files are counted and digested (RFC 7578).

use super::sums::{Intake, Sum, Summing};
use bytes::{Bytes, BytesMut};
use memchr::memmem;
use percent_encoding::percent_decode_str;

/// JSON is kept up to this size, since a platform reads it: the chunk files of an import.
const JSON_KEPT: usize = 16 * 1024 * 1024;

/// One part of a form.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its field.
    pub name: String,
    /// The file's name, where it is a file.
    pub filename: Option<String>,
    /// The type that the part claims.
    pub content_type: Option<String>,
    /// How many bytes.
    pub size: u64,
    /// Their checksum.
    pub sum: Sum,
    /// The bytes, when they are few or JSON.
    pub content: Option<Bytes>,
}

impl Part {
    /// The content as text.
    pub fn text(&self) -> String {
        self.content.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    }
}

/// Where content goes: counted, digested, kept when it is small.
pub(super) struct Sink {
    size: u64,
    sum: Summing,
    kept: Vec<u8>,
    keep: usize,
}

impl Sink {
    pub(super) fn new(intake: Intake) -> Self {
        Self { size: 0, sum: Summing::new(intake.sums), kept: Vec::new(), keep: intake.keep }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        if self.size == 0 && matches!(bytes.first(), Some(b'[' | b'{')) {
            self.keep = self.keep.max(JSON_KEPT);
        }
        self.size += bytes.len() as u64;
        self.sum.update(bytes);
        if self.size <= self.keep as u64 {
            self.kept.extend_from_slice(bytes);
        } else {
            self.kept = Vec::new();
        }
    }

    /// Size, checksum, and the content where it is kept.
    pub(super) fn finish(self) -> (u64, Sum, Option<Bytes>) {
        (self.size, self.sum.finish(), (self.size <= self.keep as u64).then(|| self.kept.into()))
    }
}

enum Place {
    Between,
    Head,
    Content,
    End,
}

/// Reads a form piece by piece.
pub(super) struct FormReader {
    delimiter: Vec<u8>,
    buffer: BytesMut,
    place: Place,
    head: Vec<(String, String)>,
    sink: Sink,
    intake: Intake,
    parts: Vec<Part>,
}

impl FormReader {
    /// For a content type that names its boundary.
    pub(super) fn new(content_type: &str, intake: Intake) -> Option<Self> {
        let (_, boundary) = content_type.split_once("boundary=")?;
        let boundary = boundary.split(';').next()?.trim().trim_matches('"');
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        // The first delimiter stands at the very start, without the line end that the others have.
        let buffer = BytesMut::from(&b"\r\n"[..]);
        let (sink, head, parts) = (Sink::new(intake), Vec::new(), Vec::new());
        Some(Self { delimiter, buffer, place: Place::Between, head, sink, intake, parts })
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        if !self.pass(bytes) {
            self.buffer.extend_from_slice(bytes);
        }
        while self.step() {}
    }

    /// Content in which no part ends goes on without a copy: what is measured against this server is the client, not copies.
    fn pass(&mut self, bytes: &[u8]) -> bool {
        let (edge, held) = (self.delimiter.len() - 1, self.buffer.len());
        if !matches!(self.place, Place::Content) || held > edge || bytes.len() <= edge {
            return false;
        }
        self.buffer.extend_from_slice(&bytes[..edge]);
        let across = memmem::find(&self.buffer, &self.delimiter).is_some();
        self.buffer.truncate(held);
        if across || memmem::find(bytes, &self.delimiter).is_some() {
            return false;
        }
        let (content, rest) = bytes.split_at(bytes.len() - edge);
        self.sink.write(&self.buffer);
        self.sink.write(content);
        self.buffer.clear();
        self.buffer.extend_from_slice(rest);
        true
    }

    /// The parts, when the form was closed properly.
    pub(super) fn finish(self) -> Option<Vec<Part>> {
        matches!(self.place, Place::End).then_some(self.parts)
    }

    /// Goes on by one piece; false when more bytes are needed.
    fn step(&mut self) -> bool {
        match self.place {
            Place::Between => self.between(),
            Place::Head => self.head_line(),
            Place::Content => self.content(),
            Place::End => false,
        }
    }

    fn between(&mut self) -> bool {
        let Some(at) = memmem::find(&self.buffer, &self.delimiter) else { return false };
        let after = at + self.delimiter.len();
        if self.buffer.len() < after + 2 {
            return false;
        }
        self.place = if &self.buffer[after..after + 2] == b"--" { Place::End } else { Place::Head };
        let _ = self.buffer.split_to(after + 2);
        true
    }

    fn head_line(&mut self) -> bool {
        let Some(at) = memmem::find(&self.buffer, b"\r\n") else { return false };
        let line = self.buffer.split_to(at + 2);
        let line = String::from_utf8_lossy(&line[..at]).into_owned();
        if line.is_empty() {
            self.sink = Sink::new(self.intake);
            self.place = Place::Content;
            return true;
        }
        if let Some((name, value)) = line.split_once(':') {
            self.head.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
        true
    }

    fn content(&mut self) -> bool {
        if let Some(at) = memmem::find(&self.buffer, &self.delimiter) {
            let content = self.buffer.split_to(at);
            self.sink.write(&content);
            self.close_part();
            self.place = Place::Between;
            return true;
        }
        let safe = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
        let content = self.buffer.split_to(safe);
        self.sink.write(&content);
        false
    }

    fn close_part(&mut self) {
        let head = std::mem::take(&mut self.head);
        let (size, sum, content) = std::mem::replace(&mut self.sink, Sink::new(self.intake)).finish();
        let value = |wanted: &str| head.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let disposition = value("content-disposition").unwrap_or_default();
        let name = parameter(&disposition, "name").unwrap_or_default();
        let filename = parameter(&disposition, "filename*").or_else(|| parameter(&disposition, "filename"));
        self.parts.push(Part { name, filename, content_type: value("content-type"), size, sum, content });
    }
}

/// A parameter of a Content-Disposition; browsers and Python write a quote as `%22`, others as `\"`.
fn parameter(disposition: &str, wanted: &str) -> Option<String> {
    let (mut fields, mut current, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for character in disposition.chars() {
        match character {
            ';' if !quoted => fields.push(std::mem::take(&mut current)),
            '\\' if quoted && !escaped => escaped = true,
            '"' if !escaped => quoted = !quoted,
            _ => {
                escaped = false;
                current.push(character);
            }
        }
    }
    fields.push(current);
    let field = fields.iter().filter_map(|field| field.trim().split_once('=')).find(|(name, _)| *name == wanted)?;
    let value = field.1.strip_prefix("utf-8''").or_else(|| field.1.strip_prefix("UTF-8''"));
    Some(
        value
            .map_or_else(|| field.1.replace("%22", "\""), |encoded| percent_decode_str(encoded).decode_utf8_lossy().into_owned()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"x;\\\"y\\\" %22z%22.bin\"\r\nContent-Type: image/png\r\n\r\n\
        one\r\n--two\r\n-\r\n--b--\r\n";

    fn intake(keep: usize) -> Intake {
        Intake { keep, ..Intake::default() }
    }

    fn read(piece: usize, keep: usize) -> Vec<Part> {
        let mut reader = FormReader::new("multipart/form-data; boundary=b", intake(keep)).unwrap();
        FORM.as_bytes().chunks(piece).for_each(|bytes| reader.feed(bytes));
        reader.finish().unwrap()
    }

    #[test]
    fn however_a_form_is_cut_it_reads_the_same() {
        for piece in 1..FORM.len() {
            let parts = read(piece, 100);
            assert_eq!((parts[0].name.as_str(), parts[0].size), ("a", 0));
            assert_eq!(parts[1].filename.as_deref(), Some("x;\"y\" \"z\".bin"));
            assert_eq!((parts[1].text().as_str(), parts[1].content_type.as_deref()), ("one\r\n--two\r\n-", Some("image/png")));
        }
    }

    #[test]
    fn of_what_is_too_large_size_and_digest_are_kept() {
        let parts = read(3, 5);
        assert_eq!((parts[1].size, &parts[1].content), (13, &None));
        assert_eq!(parts[1].sum, read(1000, 100)[1].sum);
    }

    #[test]
    fn a_form_that_is_cut_off_is_none() {
        let mut reader = FormReader::new("multipart/form-data; boundary=b", intake(100)).unwrap();
        reader.feed(&FORM.as_bytes()[..FORM.len() - 4]);
        assert!(reader.finish().is_none());
    }
}

//! A view on content through small reads: the beginning once, then pages where a format asks for them.
//! Outside the content there is nothing; nobody has to compare with the length.

use crate::source::file;
use std::fs::File;
use std::io;

/// The first read, and the smallest one after it.
pub const PAGE: usize = 4096;
/// Reads after which a file is told nothing more about: hostile tables could go on for ever.
const MOST_READS: u32 = 20_000;

/// Content that can be read at a position.
pub trait At {
    /// Reads some bytes at `at`; 0 at the end.
    ///
    /// # Errors
    /// Those of the disk.
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize>;
}

impl At for File {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        file::read_at(self, into, at)
    }
}

impl At for [u8] {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

impl At for Vec<u8> {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        self.as_slice().read_at(into, at)
    }
}

/// The view. Positions are from the beginning of the content.
pub struct Window<'a> {
    content: &'a dyn At,
    size: u64,
    head: Vec<u8>,
    /// The two pages asked for last, with where they begin: tables of offsets and of lengths are read side by side.
    pages: [(u64, Vec<u8>); 2],
    reads: u32,
    most_reads: u32,
    trouble: Option<io::Error>,
}

impl<'a> Window<'a> {
    /// A view on `size` bytes; the beginning is read.
    ///
    /// # Errors
    /// Those of the first read.
    pub fn new(content: &'a dyn At, size: u64) -> io::Result<Self> {
        let pages = [(0, Vec::new()), (0, Vec::new())];
        let mut window = Self { content, size, head: Vec::new(), pages, reads: 0, most_reads: MOST_READS, trouble: None };
        window.head = window.fill(0, PAGE);
        match window.trouble.take() {
            Some(error) => Err(error),
            None => Ok(window),
        }
    }

    /// Bytes in the content.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The beginning, at most a page.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Whether so much was read that a table may have been left unread.
    pub fn gave_up(&self) -> bool {
        self.reads >= self.most_reads
    }

    /// This format is worth so many reads more.
    pub fn allow(&mut self, more: u32) {
        self.most_reads += more;
    }

    /// What went wrong while reading.
    pub fn trouble(&mut self) -> Option<io::Error> {
        self.trouble.take()
    }

    /// Exactly `length` bytes at `at`, or `None` where the content has ended.
    pub fn bytes(&mut self, at: u64, length: usize) -> Option<&[u8]> {
        let end = at.checked_add(length as u64)?;
        if end > self.size {
            return None;
        }
        if end <= self.head.len() as u64 {
            return self.head.get(at as usize..end as usize);
        }
        let holds = |(begin, page): &(u64, Vec<u8>)| at >= *begin && end <= *begin + page.len() as u64;
        if !holds(&self.pages[0]) {
            self.pages.swap(0, 1);
            if !holds(&self.pages[0]) {
                self.pages[0] = (at, self.fill(at, length.max(PAGE)));
            }
        }
        let (begin, page) = &self.pages[0];
        let from = (at - begin) as usize;
        page.get(from..from + length)
    }

    /// The last bytes, at most so many.
    pub fn tail(&mut self, length: usize) -> &[u8] {
        let length = length.min(usize::try_from(self.size).unwrap_or(usize::MAX));
        self.bytes(self.size - length as u64, length).unwrap_or_default()
    }

    /// Some bytes at `at`, as many as there are up to `length`.
    pub fn some(&mut self, at: u64, length: usize) -> &[u8] {
        let rest = usize::try_from(self.size.saturating_sub(at)).unwrap_or(usize::MAX);
        self.bytes(at, length.min(rest)).unwrap_or_default()
    }

    /// A number of `length` (1 to 8) bytes.
    pub fn number(&mut self, at: u64, length: usize, little: bool) -> Option<u64> {
        let bytes = self.bytes(at, length)?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    }

    /// A number, most significant byte first.
    pub fn big(&mut self, at: u64, length: usize) -> Option<u64> {
        self.number(at, length, false)
    }

    /// A number, least significant byte first.
    pub fn little(&mut self, at: u64, length: usize) -> Option<u64> {
        self.number(at, length, true)
    }

    /// Whether these bytes stand at `at`.
    pub fn has(&mut self, at: u64, bytes: &[u8]) -> bool {
        self.bytes(at, bytes.len()) == Some(bytes)
    }

    fn fill(&mut self, at: u64, length: usize) -> Vec<u8> {
        let rest = usize::try_from(self.size.saturating_sub(at)).unwrap_or(usize::MAX);
        let mut buffer = vec![0; length.min(rest)];
        let mut done = 0;
        while done < buffer.len() && !self.gave_up() && self.trouble.is_none() {
            self.reads += 1;
            match self.content.read_at(&mut buffer[done..], at + done as u64) {
                Ok(0) => break,
                Ok(read) => done += read,
                Err(error) => self.trouble = Some(error),
            }
        }
        buffer.truncate(done);
        buffer
    }
}

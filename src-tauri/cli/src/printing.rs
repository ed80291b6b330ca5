//! Documents on standard output: byte for byte into a file or a pipe, in their display form on a terminal.
//! A reader that has gone away is no trouble; an output that cannot be written is never called anything else.

use crate::failure::Failure;
use gantry_model::words::Value;
use gantry_model::{Problem, show};
use std::io::{self, BufWriter, IsTerminal, Write};

/// Prints what `write` writes.
///
/// # Errors
/// Those of `write`, and an output that cannot be written.
pub fn document(write: impl FnOnce(&mut dyn Write) -> Result<(), Problem>) -> Result<u8, Failure> {
    let stdout = io::stdout();
    let shows = stdout.is_terminal();
    let mut print = Print { to: BufWriter::new(stdout.lock()), shows, line: Vec::new(), ended: None };
    let written = write(&mut print);
    let _ = print.end();
    match print.ended {
        // Whoever reads may stop reading when they have seen enough.
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        Some(error) => Err(Failure::usage("console-cannot-print", &[("said", Value::Text(&error.to_string()))])),
        None => written.map(|()| 0).map_err(Failure::from),
    }
}

struct Print<W: Write> {
    to: W,
    /// A terminal obeys control characters: it gets their display form, line by line.
    shows: bool,
    line: Vec<u8>,
    /// Why nothing more can be written.
    ended: Option<io::Error>,
}

impl<W: Write> Print<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.kept(|to| to.write_all(bytes))
    }

    fn kept(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) -> io::Result<()> {
        write(&mut self.to).map_err(|error| {
            let kind = error.kind();
            self.ended.get_or_insert(error);
            kind.into()
        })
    }

    fn end(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        self.put(show::path(&rest).as_bytes())?;
        self.kept(W::flush)
    }
}

impl<W: Write> Write for Print<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.shows {
            self.put(bytes)?;
            return Ok(bytes.len());
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if let Some(line) = self.line.strip_suffix(b"\n") {
                let shown = show::path(line.strip_suffix(b"\r").unwrap_or(line)) + "\n";
                self.line.clear();
                self.put(shown.as_bytes())?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.kept(W::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(shows: bool, pieces: &[&str]) -> String {
        let mut print = Print { to: Vec::new(), shows, line: Vec::new(), ended: None };
        pieces.iter().for_each(|piece| print.write_all(piece.as_bytes()).expect("memory takes all"));
        print.end().expect("memory takes all");
        String::from_utf8(print.to).expect("text")
    }

    #[test]
    fn a_terminal_gets_no_control_characters_and_a_file_gets_every_byte() {
        let pieces = ["a\x1b]0;", "x\x07\r\nb\u{9b}", "\u{202e}c\nd"];
        assert_eq!(printed(true, &pieces), "a␛]0;x␇\nb⟨U+009B⟩⟨U+202E⟩c\nd");
        assert_eq!(printed(false, &pieces), pieces.concat());
    }

    /// A reader that has gone away.
    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn why_it_ended_is_kept_whatever_the_writer_makes_of_it() {
        let mut print = Print { to: Gone, shows: false, line: Vec::new(), ended: None };
        assert!(print.write_all(b"x").is_err());
        assert_eq!(print.ended.map(|error| error.kind()), Some(io::ErrorKind::BrokenPipe));
    }
}

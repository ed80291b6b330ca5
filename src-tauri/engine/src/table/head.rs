//! The beginning of a table: how its cells stand apart, its header, its first lines.

use super::cells::{Cells, Line};
use super::text::Text;
use super::{Fault, Trouble};
use std::io::{Cursor, Read};

/// So much of a table is looked at, as text.
const LOOKED_BYTES: usize = 512 * 1024;
/// So many lines below the header.
const LOOKED_LINES: usize = 200;
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// What the beginning shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What cells stand apart by.
    pub separator: u8,
    /// The first line only names the separator, as spreadsheets write it: `sep=;`.
    pub named: bool,
    /// Headers, each different: one that is missing is called by its place (`#3`), a second one of a name has a number.
    pub header: Vec<String>,
    /// The first lines below it, whatever number of cells they have.
    pub lines: Vec<Line>,
    /// What keeps the lines behind these from being read.
    pub trouble: Option<Trouble>,
}

/// Looks at the beginning of a table.
///
/// # Errors
/// It is no text, or nothing is in it.
pub fn look(from: impl Read) -> Result<Head, Trouble> {
    let (text, whole) = beginning(from)?;
    if text.is_empty() {
        return Err(Trouble::at("empty", 0));
    }
    if let Some((separator, rest)) = named(&text) {
        let mut head = sample(rest, separator, whole)?;
        head.named = true;
        head.lines.iter_mut().for_each(|line| line.number += 1);
        head.trouble.iter_mut().for_each(|trouble| trouble.line += 1);
        return Ok(head);
    }
    let mut best: Option<(Head, (bool, bool, usize, usize))> = None;
    let mut trouble = None;
    for separator in SEPARATORS {
        match sample(&text, separator, whole) {
            Ok(head) => {
                let fitting = head.lines.iter().filter(|line| line.cells.len() == head.header.len()).count();
                let worth = (head.header.len() > 1, head.trouble.is_none(), fitting, head.header.len());
                if best.as_ref().is_none_or(|(_, known)| worth > *known) {
                    best = Some((head, worth));
                }
            }
            Err(bad) => trouble = trouble.or(Some(bad)),
        }
    }
    match (best, trouble) {
        // Read with the wrong separator a quote is none, and nothing is amiss.
        (Some((head, worth)), trouble) if worth.0 || trouble.is_none() => Ok(head),
        (_, trouble) => Err(trouble.unwrap_or(Trouble::at("empty", 0))),
    }
}

/// The beginning as text, and whether that is all of it.
fn beginning(from: impl Read) -> Result<(Vec<u8>, bool), Trouble> {
    let unreadable = |error: std::io::Error| Trouble { word: "unreadable", line: 0, said: error.to_string() };
    let (mut text, mut bytes) = (Text::new(from), Vec::new());
    while bytes.len() < LOOKED_BYTES {
        if !text.add_to(&mut bytes).map_err(unreadable)? {
            return Ok((bytes, true));
        }
    }
    Ok((bytes, false))
}

fn named(text: &[u8]) -> Option<(u8, &[u8])> {
    let end = text.iter().position(|byte| *byte == b'\n')?;
    let first = text[..end].trim_ascii();
    match first {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => Some((*separator, &text[end + 1..])),
        _ => None,
    }
}

fn sample(text: &[u8], separator: u8, whole: bool) -> Result<Head, Trouble> {
    let mut cells = Cells::new(Cursor::new(text), separator);
    let header = cells.next_line().map_err(Trouble::from)?.ok_or(Trouble::at("empty", 0))?;
    let (mut lines, mut trouble) = (Vec::new(), None);
    while lines.len() < LOOKED_LINES && trouble.is_none() {
        match cells.next_line() {
            Ok(Some(line)) => lines.push(line),
            Ok(None) => break,
            Err(fault) if is_cut(&fault, whole) && lines.is_empty() => trouble = Some(Trouble::at("long_cell", fault.line)),
            Err(fault) if is_cut(&fault, whole) => break,
            Err(fault) => trouble = Some(fault.into()),
        }
    }
    if !whole && trouble.is_none() && lines.len() < LOOKED_LINES {
        // The last line may go on behind what was looked at.
        lines.pop();
    }
    Ok(Head { separator, named: false, header: headers(header.cells), lines, trouble })
}

/// What was looked at ends in the middle of a cell or of a letter.
fn is_cut(fault: &Fault, whole: bool) -> bool {
    !whole && matches!(fault.word, "open_quote" | "not_text")
}

fn headers(cells: Vec<String>) -> Vec<String> {
    let mut headers: Vec<String> = Vec::with_capacity(cells.len());
    for (at, cell) in cells.iter().enumerate() {
        let name = cell.trim();
        let mut header = if name.is_empty() { format!("#{}", at + 1) } else { name.to_owned() };
        let mut turn = 2;
        while headers.contains(&header) {
            header = format!("{name} ({turn})");
            turn += 1;
        }
        headers.push(header);
    }
    headers
}

//! What a table is about, and where its columns go unless the person says otherwise.

use super::head::Head;
use super::names::Fit;
use super::{Line, Trouble};
use gantry_model::view::Column;
use gantry_model::{Goes, show};
use std::collections::HashSet;

/// Values that are shown of a column.
const EXAMPLES: usize = 3;
/// Letters that are shown of a value.
const SHOWN: usize = 80;

/// What a person said about columns: their own words first, then what they said of such a table before.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Header and word, the latest last.
    pub now: Vec<(String, String)>,
    /// The words of a table with the same headers, in the order of its columns.
    pub before: Vec<String>,
}

/// What the beginning of a table shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Columns and where they go.
    pub columns: Vec<Column>,
    /// The column that names the files.
    pub names: Option<usize>,
    /// Lines that were looked at, and those that name a file.
    pub looked: (u64, u64),
    /// Different files that they name.
    pub files: u64,
    /// What keeps it from being used.
    pub trouble: Option<Trouble>,
}

impl Found {
    /// It is about the files by itself: a good part of its lines name files, and nearly each line another one. A list of
    /// many lines for each file (boxes, frames) is no table about the files.
    pub fn is_about_files(&self) -> bool {
        let (lines, naming) = self.looked;
        self.columns.len() > 1 && naming > 0 && naming * 5 >= lines && self.files * 2 > naming
    }
}

/// Finds the column that names files, and where the others go.
///
/// # Errors
/// Those of `fit`.
pub fn found<E>(head: &Head, wishes: &Wishes, fit: &mut dyn FnMut(&str) -> Result<Fit, E>) -> Result<Found, E> {
    let width = head.header.len();
    let lines: Vec<&Line> = head.lines.iter().filter(|line| line.cells.len() == width).collect();
    let wished: Vec<Option<Goes>> = (0..width).map(|at| wish(head, wishes, at)).collect();
    let named = wished.iter().position(|goes| *goes == Some(Goes::Name));
    let mut best = (None, 0, 0);
    for (at, wish) in wished.iter().enumerate() {
        let wanted = named.map_or(wish.is_none() || width == 1, |named| named == at);
        if wanted && (named.is_some() || may_name(&lines, at)) {
            let (naming, files) = matches(&lines, at, fit)?;
            if best.0.is_none() && named.is_some() || files > best.2 {
                best = (Some(at), naming, files);
            }
        }
    }
    let (names, naming, files) = best;
    let columns = (0..width).map(|at| column(head, &lines, at, names == Some(at), wished[at].clone())).collect();
    let trouble = trouble(head, lines.len(), names, fit)?;
    Ok(Found { columns, names, looked: (lines.len() as u64, naming), files, trouble })
}

fn wish(head: &Head, wishes: &Wishes, at: usize) -> Option<Goes> {
    let header = &head.header[at];
    let same = |wished: &str| wished == header || wished.eq_ignore_ascii_case(header);
    let now = wishes.now.iter().rev().find(|(wished, _)| same(wished)).map(|(_, word)| word);
    now.or_else(|| wishes.before.get(at)).and_then(|word| Goes::from_word(word, header))
}

/// Names of files are neither long texts nor empty.
fn may_name(lines: &[&Line], at: usize) -> bool {
    let filled = lines.iter().filter(|line| !line.cells[at].trim().is_empty());
    let (many, long) = filled.fold((0, 0), |(many, long), line| (many + 1, long + usize::from(line.cells[at].len() > 4096)));
    many > 0 && long * 2 < many
}

fn matches<E>(lines: &[&Line], at: usize, fit: &mut dyn FnMut(&str) -> Result<Fit, E>) -> Result<(u64, u64), E> {
    let (mut naming, mut files) = (0, HashSet::new());
    for line in lines {
        match fit(&line.cells[at])? {
            Fit::One(ord) => {
                naming += 1;
                files.insert(ord);
            }
            Fit::Several => naming += 1,
            Fit::None => {}
        }
    }
    Ok((naming, files.len() as u64))
}

fn trouble<E>(
    head: &Head,
    even: usize,
    names: Option<usize>,
    fit: &mut dyn FnMut(&str) -> Result<Fit, E>,
) -> Result<Option<Trouble>, E> {
    if let Some(at) = names
        && fit(&head.header[at])? != Fit::None
    {
        return Ok(Some(Trouble::at("no_header", 1)));
    }
    if head.trouble.is_some() {
        return Ok(head.trouble.clone());
    }
    let word = match (names, head.lines.len(), even) {
        (_, 0, _) => "no_lines",
        (_, _, 0) => "uneven",
        (None, ..) => "no_names",
        (Some(_), ..) => return Ok(None),
    };
    Ok(Some(Trouble::at(word, 0)))
}

fn column(head: &Head, lines: &[&Line], at: usize, names: bool, wished: Option<Goes>) -> Column {
    let header = head.header[at].clone();
    let mut examples: Vec<String> = Vec::new();
    for value in lines.iter().map(|line| line.cells[at].trim()).filter(|value| !value.is_empty()) {
        let shown = show::text(&show::veiled(value).chars().take(SHOWN).collect::<String>());
        if examples.len() < EXAMPLES && !examples.contains(&shown) {
            examples.push(shown);
        }
    }
    let goes = match wished {
        _ if names => Goes::Name,
        // Another column names the files.
        Some(Goes::Name) | None => usual(&header),
        Some(goes) => goes,
    };
    Column { header, goes: goes.word(), examples, ..Column::default() }
}

/// Where a column goes of which nothing was said.
fn usual(header: &str) -> Goes {
    match header.to_lowercase().as_str() {
        "split" | "subset" | "data split" | "data_split" => Goes::Split,
        "tag" | "tags" | "keywords" => Goes::Tags,
        name if name.starts_with("attachment") => Goes::Attachment(String::new()),
        name if name.starts_with('#') && name[1..].parse::<u32>().is_ok() => Goes::Ignore,
        _ => Goes::Metadata(header.to_owned()),
    }
}

//! What is printed: sentences for people, or JSON lines for programs; never both on standard output.
//! A reader that has gone away ends nothing: what was to be done is done.

use gantry_model::words::{Value, say};
use serde::Serialize;
use std::io::{self, Write};

/// Where words and events go.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    json: bool,
}

impl Out {
    /// For people, or with `--json` for programs.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Programs read along.
    pub fn json(&self) -> bool {
        self.json
    }

    /// A sentence from the words, for people only.
    pub fn say(&self, id: &str, values: &[(&str, Value<'_>)]) {
        self.line(&say(id, values));
    }

    /// A line as it is, for people only.
    pub fn line(&self, text: &str) {
        if !self.json {
            print(text);
        }
    }

    /// One JSON object on a line, for programs only.
    pub fn event<T: Serialize>(&self, event: &T) {
        if self.json
            && let Ok(text) = serde_json::to_string(event)
        {
            print(&text);
        }
    }

    /// A line on standard error, for whoever watches.
    pub fn aside(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

fn print(text: &str) {
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.write_all(b"\n")).and_then(|()| stdout.flush());
}

/// Columns with two spaces between, the last one ragged. Widths are counted in characters.
pub fn table(head: &[String], rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).chain(head.get(column));
        cells.map(|cell| console::measure_text_width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..head.len()).map(width).collect();
    let line = |row: &[String]| {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - console::measure_text_width(cell) + 2));
        }
        line.trim_end().to_owned()
    };
    std::iter::once(head).chain(rows.iter().map(Vec::as_slice)).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let lines = table(&row(&["name", "place"]), &[row(&["größe", "/a"]), row(&["x", ""])]);
        assert_eq!(lines, ["name   place", "größe  /a", "x"]);
    }
}

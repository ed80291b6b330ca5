use super::encoding::{Decoder, Encoding};
use super::pieces::{Excerpt, Piece};
use super::reader::Reader;
use gantry_model::manifest::Layout;
use proptest::prelude::*;

/// Reads in steps as small as a test wants: a row may lie across any number of them.
struct Dripping<'a>(&'a [u8], usize);

impl std::io::Read for Dripping<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(to.len()).min(self.0.len());
        to[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// Each row as `number line:column text`, each mistake as `about line:column`.
fn told(text: &[u8], layout: Layout, columns: &[&str], step: usize) -> Vec<String> {
    let columns = columns.iter().map(|name| Some((*name).to_owned())).collect();
    let mut reader = Reader::in_steps(Decoder::new(Dripping(text, step), Encoding::of(text)), layout, columns, step);
    let mut all = Vec::new();
    while let Some(piece) = reader.piece().expect("memory can be read") {
        all.push(match piece {
            Piece::Row(row) => format!("{} {}:{} {}", row.number, row.line, row.column, row.text.text),
            Piece::Broken(broken) => format!("{} {}:{}", broken.about.word(), broken.place.line, broken.place.column),
        });
    }
    all
}

#[test]
fn rows_are_found_with_their_place_whatever_stands_between_them() {
    let list = "\u{feff}[ {\"\u{fc}\": 1} ,\r\n\t[2],\n\n\"x\" , null]\n";
    assert_eq!(told(list.as_bytes(), Layout::List, &[], 1), ["1 1:3 {\"\u{fc}\": 1}", "2 2:2 [2]", "3 4:1 \"x\"", "4 4:7 null"]);
    let lines = "{\"a\":1}{\"b\":2}\n\n  12\n13";
    assert_eq!(told(lines.as_bytes(), Layout::Lines, &[], 3), ["1 1:1 {\"a\":1}", "2 1:8 {\"b\":2}", "3 3:3 12", "4 4:1 13"]);
    let table = "a,b\r\n1,\"x\ny\"\r\n\r\n,\"q\"\"\"\n";
    let rows = ["1 2:1 {\"a\":\"1\",\"b\":\"x\\ny\"}", "2 5:1 {\"b\":\"q\\\"\"}"];
    assert_eq!(told(table.as_bytes(), Layout::Csv, &["a", "b"], 2), rows);
}

#[test]
fn a_line_is_shown_around_its_place_without_any_query() {
    let line = format!("{}\"https://x.org/a?sig=secret&b=c\", here", "\u{fc}".repeat(300));
    let at = line.find("here").expect("there");
    let excerpt = Excerpt::of(format!("before\n{line}\nafter").as_bytes(), 7 + at);
    assert!(excerpt.text.ends_with("\"https://x.org/a?\u{2026}\", here") && !excerpt.text.contains("secret"), "{excerpt:?}");
    assert_eq!(excerpt.text.chars().nth(excerpt.before), Some('h'));
    assert!(excerpt.text.chars().count() <= 200);
}

proptest! {
    #[test]
    fn it_does_not_matter_how_the_bytes_come(text in "[\\[\\]{}\",:0-9a-c \\\\\n\r\u{fc}]{0,60}", step in 1_usize..9) {
        for layout in [Layout::List, Layout::Lines, Layout::Plain, Layout::Csv] {
            let text = if layout == Layout::List { format!("[{text}") } else { text.clone() };
            prop_assert_eq!(told(text.as_bytes(), layout, &["a"], step), told(text.as_bytes(), layout, &["a"], 4096));
        }
    }
}

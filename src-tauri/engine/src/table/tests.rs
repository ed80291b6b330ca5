//! How tables are read, what their names fit, and where columns go.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Cursor;
use unicode_normalization::UnicodeNormalization;

fn all(text: impl AsRef<[u8]>, separator: u8) -> Result<Vec<Line>, Fault> {
    let mut cells = Cells::new(Cursor::new(text.as_ref().to_vec()), separator);
    let mut lines = Vec::new();
    while let Some(line) = cells.next_line()? {
        lines.push(line);
    }
    Ok(lines)
}

fn line(number: u64, cells: &[&str]) -> Line {
    Line { number, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() }
}

/// Files with their paths, and their names.
struct Files(Vec<&'static str>, Names);

impl Files {
    fn new(paths: &[&'static str]) -> Self {
        let mut names = Names::default();
        (0..).zip(paths).for_each(|(ord, path)| names.add(ord, path.as_bytes()));
        names.seal();
        Self(paths.to_vec(), names)
    }

    fn fit(&self, value: &str) -> Fit {
        let path_of = &mut |ord: u64| Ok::<_, Infallible>(self.0[usize::try_from(ord).unwrap()].as_bytes().to_vec());
        self.1.fit(value, path_of).unwrap()
    }

    fn found(&self, text: &str, wishes: &Wishes) -> Found {
        let head = look(Cursor::new(text.to_owned())).unwrap();
        found(&head, wishes, &mut |value| Ok::<_, Infallible>(self.fit(value))).unwrap()
    }
}

#[test]
fn lines_end_and_cells_are_quoted_as_spreadsheets_do_it() {
    let text = "a,b\r\n\"x, \"\"y\"\"\n z\",2\r3,4\n\n,,\n5,\"6\"";
    let lines = all(text, b',').unwrap();
    assert_eq!(lines, [line(1, &["a", "b"]), line(2, &["x, \"y\"\n z", "2"]), line(4, &["3", "4"]), line(7, &["5", "6"])]);
    assert_eq!(all("a\tb c\t\"d\t\"", b'\t').unwrap(), [line(1, &["a", "b c", "d\t"])]);
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    let fault = |text: &[u8]| all(text, b',').map_err(|fault| (fault.word, fault.line)).unwrap_err();
    assert_eq!(fault(b"a,b\n1,2\n3,\"4\n5,6\n"), ("open_quote", 3));
    assert_eq!(fault(b"a,b\n1,\xff\n"), ("not_text", 2));
    assert_eq!(fault(b"a,b\n1,2\x00\n"), ("not_text", 2));
    assert_eq!(fault(&[b"a,b\n".to_vec(), vec![b'x'; (1 << 20) + 1]].concat()), ("long_cell", 2));
    assert_eq!(fault(",".repeat(1001).as_bytes()), ("wide", 1));
}

#[test]
fn text_of_other_programs_is_read() {
    let plain = "name;Stadt\na.jpg;Zürich 😀\n";
    let wide = |big: bool| plain.encode_utf16().flat_map(move |unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
    let wanted = all(plain, b';').unwrap();
    assert_eq!(all(["\u{feff}", plain].concat(), b';').unwrap(), wanted);
    assert_eq!(all([vec![0xff, 0xfe], wide(false).collect()].concat(), b';').unwrap(), wanted);
    assert_eq!(all([vec![0xfe, 0xff], wide(true).collect()].concat(), b';').unwrap(), wanted);
    assert_eq!(all(wide(false).collect::<Vec<u8>>(), b';').unwrap(), wanted);
    let half: Vec<u8> = [vec![0xff, 0xfe], wide(false).take(9).collect()].concat();
    assert_eq!(all(half, b';').unwrap_err().word, "not_text");
}

#[test]
fn separators_and_headers_are_found() {
    let head = |text: &str| look(Cursor::new(text.to_owned())).unwrap();
    assert_eq!(head("a;b\n1;2,5\n3;4,5\n").separator, b';');
    assert_eq!(head("a\tb\n1\t2\n").separator, b'\t');
    let named = head("sep=|\na|b\n1|2\n");
    assert_eq!((named.separator, named.named, named.header.len(), named.lines[0].number), (b'|', true, 2, 3));
    assert_eq!(head("a,,a, b \n1,2,3,4\n").header, ["a", "#2", "a (2)", "b"]);
    assert_eq!(look(Cursor::new("")).unwrap_err().word, "empty");
    assert_eq!(look(Cursor::new("\n\n")).unwrap_err().word, "empty");
    assert_eq!(look(Cursor::new("\"a,b\n1,2\n")).unwrap_err(), Trouble::at("open_quote", 1));
    let broken = head("a,b\n1,2\n3,\"4\n5,6\n");
    assert_eq!((broken.lines.len(), broken.trouble), (1, Some(Trouble::at("open_quote", 3))));
}

#[test]
fn a_cell_of_a_gigabyte_takes_no_gigabyte() {
    let endless = std::io::Read::chain(Cursor::new("name,x\na.jpg,\""), std::io::repeat(b'x'));
    assert_eq!(look(endless).unwrap().trouble, Some(Trouble::at("long_cell", 2)));
    let mut cells = Cells::new(std::io::Read::chain(Cursor::new("name,x\na.jpg,\""), std::io::repeat(b'x')), b',');
    assert!(cells.next_line().unwrap().is_some());
    assert_eq!(cells.next_line().unwrap_err().word, "long_cell");
}

#[test]
fn a_name_means_the_whole_path_then_the_path_below_then_the_one_file_of_that_name() {
    let files = Files::new(&["trip/a.jpg", "trip/b/a.jpg", "trip/b/c.jpg", "trip/trip/d.jpg", "trip/d.jpg", "trip/é.jpg"]);
    for (value, fit) in [
        ("trip/a.jpg", Fit::One(0)),
        ("b/a.jpg", Fit::One(1)),
        ("c.jpg", Fit::One(2)),
        (" ./trip/b\\c.jpg ", Fit::One(2)),
        ("/home/me/trip/b/c.jpg", Fit::One(2)),
        ("file:///home/me/trip/b/c.jpg", Fit::One(2)),
        ("e\u{301}.jpg", Fit::One(5)),
        // Below what was given it is the file `a.jpg`; only a name that is nowhere whole is looked for elsewhere.
        ("a.jpg", Fit::One(0)),
        ("trip/d.jpg", Fit::One(4)),
        ("other/c.jpg", Fit::None),
        ("A.jpg", Fit::None),
        ("", Fit::None),
        ("b/", Fit::None),
    ] {
        assert_eq!(files.fit(value), fit, "{value}");
    }
    let twins = Files::new(&["x/1/a.jpg", "x/2/a.jpg", "y/1/a.jpg"]);
    assert_eq!(twins.fit("a.jpg"), Fit::Several);
    assert_eq!(twins.fit("1/a.jpg"), Fit::Several);
    assert_eq!(twins.fit("2/a.jpg"), Fit::One(1));
}

#[test]
fn a_table_is_about_the_files_when_a_column_names_them() {
    let files = Files::new(&["trip/a.jpg", "trip/b.jpg", "trip/c.jpg"]);
    let found = files.found("id,file,city,split,tags,note\n1,a.jpg,Bern,train,x,\n2,b.jpg,Basel,test,y,\n", &Wishes::default());
    assert!(found.is_about_files() && found.names == Some(1) && found.looked == (2, 2));
    let goes: Vec<&str> = found.columns.iter().map(|column| column.goes.as_str()).collect();
    assert_eq!(goes, ["metadata:id", "name", "metadata:city", "split", "tags", "metadata:note"]);
    assert_eq!(found.columns[2].examples, ["Bern", "Basel"]);
    for other in [
        "city,people\nBern,140000\n",
        // A line for each box of a picture is annotation, not what is known about the picture.
        "file,x\na.jpg,1\na.jpg,2\na.jpg,3\nb.jpg,1\nb.jpg,2\nb.jpg,3\n",
        "file\na.jpg\nb.jpg\n",
    ] {
        assert!(!files.found(other, &Wishes::default()).is_about_files(), "{other}");
    }
    let headless = files.found("a.jpg,Bern\nb.jpg,Basel\nc.jpg,Chur\n", &Wishes::default());
    assert_eq!(headless.trouble, Some(Trouble::at("no_header", 1)));
    assert_eq!(files.found("a,b\n1,2\n", &Wishes::default()).trouble.unwrap().word, "no_names");
    assert_eq!(files.found("a,b\n", &Wishes::default()).trouble.unwrap().word, "no_lines");
    assert_eq!(files.found("a,b\n1,2,3\n", &Wishes::default()).trouble.unwrap().word, "uneven");
}

#[test]
fn what_a_person_says_of_columns_comes_first_and_what_they_said_before_second() {
    let files = Files::new(&["trip/a.jpg", "trip/b.jpg"]);
    let text = "file,twin,city\na.jpg,b.jpg,Bern\nb.jpg,a.jpg,Basel\n";
    let wish = |now: &[(&str, &str)], before: &[&str]| Wishes {
        now: now.iter().map(|(header, word)| ((*header).to_owned(), (*word).to_owned())).collect(),
        before: before.iter().map(|word| (*word).to_owned()).collect(),
    };
    let goes = |wishes: &Wishes| {
        let found = files.found(text, wishes);
        found.columns.into_iter().map(|column| column.goes).collect::<Vec<_>>()
    };
    assert_eq!(goes(&wish(&[("Twin", "name"), ("CITY", "metadata:town")], &[])), ["metadata:file", "name", "metadata:town"]);
    assert_eq!(goes(&wish(&[], &["name", "ignore", "tags"])), ["name", "ignore", "tags"]);
    assert_eq!(goes(&wish(&[("city", "split")], &["name", "ignore", "tags"])), ["name", "ignore", "split"]);
}

proptest! {
    #[test]
    fn cells_come_back_as_they_were_written(
        rows in prop::collection::vec(prop::collection::vec("[^\u{0}]{0,12}", 3), 1..20),
        separator in prop::sample::select(vec![b',', b';', b'\t']),
    ) {
        let rows: Vec<Vec<String>> = rows.into_iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let apart = char::from(separator).to_string();
        let text: String = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(&apart) + "\r\n").collect();
        let read: Vec<Vec<String>> = all(&text, separator).unwrap().into_iter().map(|line| line.cells).collect();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn bytes_of_any_kind_end_in_lines_or_in_words(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = all(&bytes, b',');
        let _ = look(Cursor::new(bytes));
    }

    #[test]
    fn no_name_ever_means_a_file_of_another_name(
        paths in prop::collection::btree_set("[abé]{1,2}(/[ab]{1,2}){0,2}", 1..12),
        value in "[abe\u{301}é]{1,2}(/[ab]{1,2}){0,3}",
    ) {
        let paths: Vec<&'static str> = paths.into_iter().map(|path| &*path.leak()).collect();
        let files = Files::new(&paths);
        let folded = |text: &str| text.nfc().collect::<String>();
        let (value, last) = (folded(&value), |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned());
        let mut namesakes: BTreeMap<String, usize> = BTreeMap::new();
        paths.iter().for_each(|path| *namesakes.entry(last(&folded(path))).or_default() += 1);
        match files.fit(&value) {
            Fit::One(ord) => {
                let path = folded(paths[usize::try_from(ord).unwrap()]);
                prop_assert_eq!(last(&path), last(&value));
                let suffix = format!("/{path}").ends_with(&format!("/{value}")) || format!("/{value}").ends_with(&format!("/{path}"));
                prop_assert!(suffix, "{} is no {}", path, value);
            }
            Fit::Several => prop_assert!(namesakes.get(&last(&value)).is_some_and(|count| *count > 1)),
            Fit::None => prop_assert!(!paths.iter().any(|path| folded(path) == value)),
        }
    }
}

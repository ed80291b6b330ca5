//! Bad input: words and a place, whatever it is; never a panic, never without an end.

use super::{checked, file, open_as};
use gantry_model::manifest::Form;
use std::io::Write;

/// Opens and checks; gives what was told, or the problem's reason.
fn told(name: &str, content: impl AsRef<[u8]>, form: Option<Form>) -> Result<Vec<String>, String> {
    let (_folder, path) = file(name, content);
    match open_as(&path, form) {
        Err(problem) => {
            assert_eq!(problem.code.word(), "not_a_manifest", "{problem}");
            Err(problem.fact("said").expect("words").to_owned())
        }
        Ok(manifest) => {
            let (findings, sum) = checked(&manifest);
            assert!(sum.rows == sum.good || !findings.is_empty());
            Ok(findings.into_iter().map(|one| format!("{}: {}", one.rule.id, one.text)).collect())
        }
    }
}

#[test]
fn what_is_no_manifest_is_refused_in_words() {
    for (name, content, part) in [
        ("a.json", "", "empty"),
        ("a.json", "  \n", "empty"),
        ("a.json", "[]", "no rows"),
        ("a.txt", "not a manifest at all", "neither JSON"),
        ("a.json", "{\"a\": 1}", "one object where a list"),
        ("a.json", "{\"assets\": [{\"data\": \"https://x.org/a\"}]}", "one object where a list"),
        ("a.json", "{not json", "Line 1, column 2: a name in double quotes is missing."),
        ("a.json", "[{\"a\": 1}, {\"a\": 2}]", "these fields: a"),
        ("a.json", "[1, 2, 3]", "don't know this format"),
        ("a.json", "[", "cut off"),
        ("a.bin", "\u{1}\0\0\u{2}abc", "NUL"),
        ("a.csv", "colour,size\nred,5\n", "these fields: colour, size"),
    ] {
        let said = told(name, content, None).expect_err(content);
        assert!(said.contains(part) && said.ends_with('.'), "{content}: {said}");
    }
    let deep = "[".repeat(10_000);
    assert!(told("a.json", deep, None).expect_err("deep").contains("more than 128"));
    assert!(told("a.json", "{\"a\":".repeat(10_000), None).is_err());
}

#[test]
fn said_to_be_one_it_is_checked_as_one() {
    assert_eq!(told("a.json", "[]", Some(Form::Ango)).expect("opens"), Vec::<String>::new());
    let findings = told("a.json", "[1]", Some(Form::Labelbox)).expect("opens");
    assert_eq!(findings, ["labelbox-not-an-object: This row is no object with fields."]);
    let deep = told("a.json", format!("[{{\"row_data\": {}1}}]", "[".repeat(9_999)), Some(Form::Labelbox)).expect("opens");
    assert!(deep[0].contains("more than 128"), "{deep:?}");
}

#[test]
fn bytes_that_are_no_text_numbers_that_are_too_long_and_fields_that_stand_twice_are_told() {
    let row = |inner: &[u8]| {
        [
            &b"[{\"row_data\": \"https://x.org/1\", \"global_key\": \""[..],
            inner,
            b"\"}, {\"row_data\": \"https://x.org/2\", \"global_key\": \"2\"}]",
        ]
        .concat()
    };
    let latin = told("a.json", row(b"gr\xfcn"), None).expect("opens");
    assert!(latin.len() == 1 && latin[0].starts_with("manifest-not-utf8"), "{latin:?}");
    let nul = told("a.json", row(b"a\0b"), None).expect("opens");
    assert!(nul.len() == 1 && nul[0].contains("control character"), "{nul:?}");
    let text = r#"[{"row_data": "https://x.org/1", "global_key": "a", "global_key": "b", "embeddings": [90071992547409931]}]"#;
    let both = told("a.json", text, None).expect("opens");
    assert!(both[0].contains("90071992547409931") && both[1].contains("global_key stands twice"), "{both:?}");
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(told("a.json", utf16, None).expect("opens")[0].starts_with("manifest-utf16"));
}

#[test]
fn every_cut_of_a_file_gives_words() {
    let list = "[{\"data\": \"https://x.org/\u{fc}\", \"externalId\": \"a\", \"width\": 12}, {\"data\": \"https://x.org/b\", \"externalId\": \"b\"}]\n";
    for cut in 0..list.len() {
        match told("a.json", &list.as_bytes()[..cut], Some(Form::Ango)) {
            // The end of the list is cut off, or only the line's break.
            Ok(findings) if cut < list.len() - 1 => assert!(!findings.is_empty(), "{cut}"),
            Ok(_) => {}
            Err(said) => assert!(cut == 0, "{cut}: {said}"),
        }
    }
    let table = "data,externalId\r\n\"https://x.org/a\",\"a \"\"b\"\"\"\r\nhttps://x.org/b,b\r\n";
    for cut in 0..table.len() {
        let _ = told("a.csv", &table.as_bytes()[..cut], Some(Form::Ango));
    }
}

#[test]
fn one_line_of_many_megabytes_is_no_trouble() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.json");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    out.write_all(b"[{\"row_data\": \"").expect("written");
    for _ in 0..(66 << 20) / 1024 {
        out.write_all(&[b'x'; 1024]).expect("written");
    }
    out.write_all(b"\", \"global_key\": \"a\"}]").expect("written");
    out.flush().expect("written");
    drop(out);
    let manifest = open_as(&path, Some(Form::Labelbox)).expect("opens");
    let (findings, sum) = checked(&manifest);
    assert_eq!((findings[0].rule.id, sum.rows, sum.good), ("manifest-too-long", 1, 0));
}

#[test]
fn a_file_that_changes_meanwhile_is_not_believed() {
    let (_folder, path) = file("a.json", "[{\"data\": \"https://x.org/a\", \"externalId\": \"a\"}]");
    let manifest = open_as(&path, None).expect("opens");
    std::fs::write(&path, "[{\"data\": \"https://x.org/another\", \"externalId\": \"a\"}]").expect("written");
    let problem = manifest.rows().expect_err("changed");
    assert_eq!(problem.code.word(), "source_changed");
    let (_folder, path) = file("a.json", "[{\"data\": \"https://x.org/a+\", \"externalId\": \"a\"}]");
    let manifest = open_as(&path, None).expect("opens");
    let stop = std::sync::atomic::AtomicBool::new(false);
    let mut change = |_: &gantry_engine::manifest::RowFinding| std::fs::write(&path, "[]").expect("written");
    let problem = gantry_engine::manifest::check(&manifest, super::NOW, &stop, &mut change).expect_err("changed");
    assert_eq!(problem.code.word(), "source_changed");
}

#[test]
fn a_folder_and_nothing_are_told_apart_from_manifests() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(open_as(folder.path(), None).expect_err("a folder").code.word(), "source_not_a_file");
    assert_eq!(open_as(&folder.path().join("no"), None).expect_err("nothing").code.word(), "source_gone");
}

//! Rows that are taken out on the bench: what is counted, shown, saved, converted and compared is what is left; what is left stands
//! byte for byte as it stood, and undo gives all of it back.

use super::bench::{labelbox, lay, rows, settled};
use super::file;
use gantry_model::view::{BenchFilter, BenchGroup, BenchView};
use std::fs::read_to_string;

fn group<'v>(view: &'v BenchView, about: &str) -> &'v BenchGroup {
    view.groups.iter().find(|group| group.about == about).unwrap_or_else(|| panic!("no {about}: {:?}", view.groups))
}

fn only(kind: &str) -> BenchFilter {
    BenchFilter { kind: kind.into(), ..BenchFilter::default() }
}

/// A name, what stands in the file, and what is left without its paths on a computer.
const LEFT: [(&str, &str, &str); 4] = [
    (
        "a.json",
        "[\n  {\"row_data\": \"C:\\\\a.jpg\", \"global_key\": \"a\"},\n\n  {\"row_data\": \"https://x.org/b.jpg\", \"global_key\": \"b\"} ,\n  {\"row_data\": \"/home/c.jpg\", \"global_key\": \"c\"},{\"row_data\": \"https://x.org/d.jpg\", \"global_key\": \"d\"},\n  {\"row_data\": \"C:\\\\e.jpg\", \"global_key\": \"e\"}\n]\n\n",
        "[\n  {\"row_data\": \"https://x.org/b.jpg\", \"global_key\": \"b\"},{\"row_data\": \"https://x.org/d.jpg\", \"global_key\": \"d\"}\n]\n\n",
    ),
    (
        "b.jsonl",
        "{\"row_data\": \"https://x.org/a.jpg\", \"global_key\": \"a\"}\r\n{\"row_data\": \"C:\\\\b.jpg\", \"global_key\": \"b\"}\r\n{\"row_data\": \"https://x.org/c.jpg\",\r\n \"global_key\": \"c\"}\r\n",
        "{\"row_data\": \"https://x.org/a.jpg\", \"global_key\": \"a\"}\r\n{\"row_data\": \"https://x.org/c.jpg\",\r\n \"global_key\": \"c\"}\r\n",
    ),
    (
        "c.csv",
        "url;key\r\nC:\\a.jpg;a\r\nhttps://x.org/b.jpg;\"b;1\"\r\n\"C:\\c.jpg\";c\r\nhttps://x.org/d.jpg;d",
        "url;key\r\nhttps://x.org/b.jpg;\"b;1\"\r\nhttps://x.org/d.jpg;d",
    ),
    ("d.txt", "https://x.org/a.jpg\nC:\\b.jpg\n\nhttps://x.org/c.jpg\n", "https://x.org/a.jpg\n\nhttps://x.org/c.jpg\n"),
];

#[test]
fn what_is_left_stands_byte_for_byte_as_it_stood() {
    for (name, text, wanted) in LEFT {
        let (folder, path) = file(name, text);
        let bench = lay(&path);
        let view = settled(&bench);
        let local = group(&view, "url-local");
        assert_eq!((local.removable, local.removed), (local.rows, false), "{name}");
        assert_eq!(
            view.groups.iter().filter(|group| group.severity == gantry_model::Severity::Blocked).count(),
            1,
            "{name}: told once"
        );
        bench.remove("url-local", true).expect("planned");
        let planned = bench.view();
        assert_eq!((planned.blocked, planned.removed, planned.good), (0, local.rows, view.rows - local.rows), "{name}");
        assert!(group(&planned, "url-local").removed, "{name}");
        let gone = bench.page(&only("removed"), 0, 100).expect("a page").rows;
        assert!(gone.len() as u64 == local.rows && gone.iter().all(|row| row.removed), "{name}: {gone:?}");
        let detail = bench.row_detail(gone[0].row).expect("a row");
        assert!(
            matches!(&detail.changes[..], [goes] if goes.removes && goes.planned && goes.after.is_empty()),
            "{name}: {detail:?}"
        );
        let to = folder.path().join(format!("left-{name}"));
        bench.save(to.clone(), false).expect("begun");
        let done = settled(&bench).done.expect("an outcome");
        assert_eq!((done.rows, done.left_out, done.broken), (view.rows - local.rows, local.rows, 0), "{name}: {done:?}");
        assert_eq!(read_to_string(&to).expect("text"), wanted, "{name}");
        bench.remove("url-local", false).expect("given up");
        assert_eq!((bench.view().removed, bench.view().blocked), (0, view.blocked), "{name}");
        bench.save(to.clone(), false).expect("begun");
        settled(&bench);
        assert_eq!(read_to_string(&to).expect("text"), text, "{name}: undo gives all of it back");
        assert_eq!(read_to_string(&path).expect("text"), text, "{name}: the open file changed");
    }
}

#[test]
fn repairs_go_along_and_what_cannot_be_read_stays_until_it_is_taken_out_too() {
    // Of 701 rows one cannot be read, one has a space, one shares its name with others.
    let (folder, path) = file("a.json", labelbox(1500));
    let bench = lay(&path);
    let view = settled(&bench);
    let (twice, lost) = (group(&view, "key-twice").rows, group(&view, "syntax").rows);
    assert!(twice > 1 && lost > 1 && group(&view, "url-space").mendable > 0, "{view:?}");
    bench.repair("url-space", true).expect("planned");
    settled(&bench);
    bench.remove("key-twice", true).expect("planned");
    let planned = bench.view();
    assert_eq!((planned.removed, planned.blocked), (twice, lost), "{planned:?}");
    let to = folder.path().join("b.json");
    bench.save(to.clone(), false).expect("begun");
    let done = settled(&bench).done.expect("an outcome");
    assert_eq!((done.rows, done.left_out, done.broken), (1500 - twice, twice, lost), "{done:?}");
    let text = read_to_string(&to).expect("text");
    assert_eq!(text.matches("\"global_key\": }").count() as u64, lost, "what can't be read stands as it stood");
    assert_eq!(
        text.matches("Twice").count() as u64,
        read_to_string(&path).expect("text").matches("Twice").count() as u64 - twice
    );
    assert!(text.contains("a%20b") && rows(&to).len() as u64 == 1500 - twice);

    bench.remove("syntax", true).expect("planned");
    assert_eq!(bench.view().good, 1500 - twice - lost);
    bench.save(to.clone(), false).expect("begun");
    let done = settled(&bench).done.expect("an outcome");
    assert_eq!((done.rows, done.left_out, done.broken), (1500 - twice - lost, twice + lost, 0), "{done:?}");
    let all: serde_json::Value = serde_json::from_str(&read_to_string(&to).expect("text")).expect("good JSON");
    assert_eq!(all.as_array().map(Vec::len), usize::try_from(done.rows).ok());
}

#[test]
fn a_planned_repair_keeps_its_rows_and_everything_made_of_the_manifest_has_what_is_left() {
    let row = |key: &str, url: &str| format!("{{\"row_data\": \"{url}\", \"global_key\": \"{key}\"}}");
    let text = [
        row("a", "C:\\\\a.jpg"),
        row("b", "https://x.org/b c.jpg"),
        row("c", "https://x.org/c.jpg"),
        row("d", "https://x.org/d e.jpg"),
    ];
    let (folder, path) = file("a.json", format!("[{}]", text.join(",\n")));
    let bench = lay(&path);
    settled(&bench);
    bench.remove("url-local", true).expect("planned");
    bench.remove("url-space", true).expect("planned");
    assert_eq!(bench.view().removed, 3);
    bench.repair("url-space", true).expect("planned");
    let view = settled(&bench);
    assert_eq!((view.removed, view.mended, view.good, group(&view, "url-space").removable), (1, 2, 3, 0));
    bench.weigh("ango").expect("begun");
    assert_eq!(settled(&bench).done.expect("an outcome").rows, 3);
    let other = folder.path().join("then.json");
    std::fs::write(&other, format!("[{}]", text[2])).expect("a file");
    bench.compare(other).expect("begun");
    settled(&bench);
    let new: Vec<(String, u64)> = bench.differences("new", 0, 9).rows.into_iter().map(|one| (one.key, one.row)).collect();
    assert_eq!(new, [("b".to_owned(), 2), ("d".to_owned(), 4)], "rows keep the numbers that the bench shows");
    assert!(bench.remove("url-plus", true).is_err(), "nothing of this was found");
    bench.again().expect("read anew");
    assert_eq!(settled(&bench).removed, 0, "what is read anew has no plan");
}

#[test]
fn when_all_rows_go_what_is_left_is_an_empty_list() {
    let (folder, path) = file("a.json", "[{\"row_data\": \"C:\\\\a.jpg\", \"global_key\": \"a\"}]");
    let bench = lay(&path);
    settled(&bench);
    bench.remove("url-local", true).expect("planned");
    let to = folder.path().join("b.json");
    bench.save(to.clone(), false).expect("begun");
    assert_eq!(settled(&bench).done.expect("an outcome").rows, 0);
    assert_eq!(read_to_string(&to).expect("text"), "[]\n");
    assert_eq!(bench.view().good, 0);
}

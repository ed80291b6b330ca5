//! What a person knows about the files reaches the platform with them; what does not fit is counted and said.

use super::registering::plan;
use super::rig::Rig;
use gantry_model::table::TableUse;
use gantry_model::view::{Filter, Phase, Plan, Review, Table, TableWish};
use gantry_model::{Code, Row};
use std::path::Path;
use std::time::Duration;
use testkit::bureau::{Bureau, Manners};
use testkit::cloud::Cloud;
use testkit::trees::Tree;

fn rig(manners: Manners) -> (Rig, Bureau) {
    let bureau = Bureau::new(manners);
    (Rig::with_platform(Cloud::new().store(), bureau.clone()), bureau)
}

/// Files of these names with contents of their own.
fn tree(names: &[&str]) -> Tree {
    let tree = Tree::empty();
    names.iter().for_each(|name| drop(tree.file(name, name.as_bytes())));
    tree
}

fn review(rig: &Rig, upload: &str) -> Review {
    rig.until(upload, |picture| picture.phase == Phase::Review);
    loop {
        let review = rig.engine.review(upload).unwrap();
        if review.difference.known || review.hold.is_some() {
            return review;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn row(bureau: &Bureau, tree: &Tree, name: &str) -> Row {
    let root = tree.path().file_name().unwrap().to_str().unwrap();
    bureau.row(&format!("{root}/{name}")).unwrap_or_else(|| panic!("no row {name}"))
}

fn said(row: &Row) -> Vec<(&str, &str)> {
    row.metadata.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn wish(path: &str, usage: TableUse, columns: &[(&str, &str)]) -> TableWish {
    let columns = columns.iter().map(|(header, goes)| ((*header).to_owned(), (*goes).to_owned())).collect();
    TableWish { path: path.into(), usage, columns }
}

fn with(plan: Plan, tables: Vec<TableWish>) -> Plan {
    Plan { tables, ..plan }
}

#[test]
fn a_table_in_the_folder_is_found_used_and_not_sent() {
    let (rig, bureau) = rig(Manners::default());
    let tree = tree(&["a.jpg", "b/c.jpg", "b/é.jpg", "d.jpg", "notes.csv"]);
    tree.file("notes.csv", b"word,count\nhouse,3\n");
    let text = "file;city;split;tags;attachment 1\na.jpg;Bern;train;night;rainy\nb/c.jpg;Basel;valid;day;https://x.test/c.png\n\
                b/e\u{301}.jpg;;test;;\nnowhere.jpg;Genf;;;\nd.jpg;too;few\nc.jpg;twice;;;\n";
    tree.file("about.csv", text.as_bytes());
    let mut wanted = plan();
    wanted.register.as_mut().unwrap().metadata = vec![("city".into(), "unknown".into()), ("camera".into(), "front".into())];
    wanted.register.as_mut().unwrap().priority = 4;
    let upload = rig.ask_with(&[tree.path()], wanted);

    let shown = review(&rig, &upload);
    let [table] = &shown.tables[..] else { panic!("{:?}", shown.tables) };
    assert!(table.used && table.inside && table.why == "names" && table.trouble.is_empty(), "{table:?}");
    let counts = (table.lines, table.matched, table.no_file, table.twice, table.broken, table.ambiguous);
    assert_eq!(counts, (6, 3, 1, 1, 1, 0), "{table:?}");
    assert_eq!((shown.files_left, shown.ready), (2, 5), "d.jpg and notes.csv have no line");
    let lines = rig.engine.table_lines(&upload, 0, "no_file", 0, 10).unwrap();
    assert_eq!((lines.total, lines.lines[0].line, lines.lines[0].text.as_str()), (1, 5, "nowhere.jpg"));
    let broken = rig.engine.table_lines(&upload, 0, "broken", 0, 10).unwrap();
    assert_eq!((broken.lines[0].line, broken.lines[0].text.as_str()), (6, "3"));
    let untold = rig.engine.items(&upload, &Filter { untold: true, ..Filter::default() }, 0, 10).unwrap();
    assert_eq!(untold.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["d.jpg", "notes.csv"]);

    rig.engine.approve(&upload).unwrap();
    let account = rig.finish(&upload);
    assert_eq!((account.visible, account.skipped, account.needs_you), (5, 1, 0), "{account:?}");
    let told = row(&bureau, &tree, "a.jpg");
    assert_eq!(said(&told), [("city", "Bern"), ("camera", "front"), ("split", "train"), ("tag", "night")]);
    assert_eq!((told.priority, told.attachments[0].0.as_str()), (4, "RAW_TEXT"));
    let attached = &row(&bureau, &tree, "b/c.jpg").attachments[0];
    assert_eq!((attached.0.as_str(), attached.1.as_str()), ("IMAGE", "https://x.test/c.png"));
    assert_eq!(said(&row(&bureau, &tree, "b/é.jpg")), [("city", "unknown"), ("camera", "front"), ("split", "test")]);
    assert_eq!(said(&row(&bureau, &tree, "d.jpg")), [("city", "unknown"), ("camera", "front")]);
    assert!(bureau.rows().keys().all(|key| !key.ends_with("about.csv")));
}

#[test]
fn without_a_platform_a_table_is_a_file_and_with_one_the_person_decides() {
    let (rig, _) = rig(Manners::default());
    let tree = tree(&["a.jpg", "b.jpg"]);
    tree.file("about.csv", b"file,city\na.jpg,Bern\nb.jpg,Basel\n");
    let upload = rig.ask(&[tree.path()]);
    let shown = review(&rig, &upload);
    assert_eq!((shown.ready, shown.tables.len()), (3, 0));

    let path = format!("{}/about.csv", tree.path().file_name().unwrap().to_str().unwrap());
    let current = |tables| Plan {
        connection: "cloud".into(),
        names: "{prefix}/{relative_path}".into(),
        on_clash: "keep".into(),
        ..with(plan(), tables)
    };
    rig.engine.plan(&upload, current(Vec::new())).unwrap();
    let shown = review(&rig, &upload);
    assert_eq!((shown.ready, shown.tables[0].used), (2, true));
    rig.engine.plan(&upload, current(vec![wish(&path, TableUse::File, &[])])).unwrap();
    let shown = review(&rig, &upload);
    assert_eq!((shown.ready, shown.tables[0].used, shown.tables[0].why.as_str(), shown.files_left), (3, false, "file", 0));
    rig.engine.plan(&upload, current(vec![wish(&path, TableUse::About, &[("city", "metadata:town")])])).unwrap();
    let shown = review(&rig, &upload);
    assert_eq!((shown.ready, shown.tables[0].used, shown.tables[0].columns[1].goes.as_str()), (2, true, "metadata:town"));
    let ord = rig.engine.items(&upload, &Filter { find: "a.jpg".into(), ..Filter::default() }, 0, 1).unwrap().rows[0].ord;
    assert_eq!(rig.engine.item(&upload, ord).unwrap().metadata, [("town".to_owned(), "Bern".to_owned())]);
    // Only where a column goes is changed: nothing is read again, and what was ignored is.
    for goes in ["tags", "ignore", "metadata:place"] {
        rig.engine.plan(&upload, current(vec![wish(&path, TableUse::About, &[("city", goes)])])).unwrap();
        let metadata = rig.engine.item(&upload, ord).unwrap().metadata;
        let named = match goes {
            "tags" => vec![("tag".to_owned(), "Bern".to_owned())],
            "ignore" => Vec::new(),
            _ => vec![("place".to_owned(), "Bern".to_owned())],
        };
        assert_eq!(metadata, named, "{goes}");
    }
}

#[test]
fn a_table_that_lies_elsewhere_is_used_and_its_mapping_is_remembered_by_its_header() {
    let (rig, bureau) = rig(Manners::default());
    let (first, beside) = (tree(&["a.jpg", "b.jpg"]), Tree::empty());
    let table = beside.file("about.tsv", b"city\tfile\nBern\ta.jpg\nBasel\tb.jpg\n");
    let plan_with = |columns| with(plan(), vec![wish("about.tsv", TableUse::About, columns)]);
    let upload = rig.ask_beside(&[first.path()], &[&table], plan_with(&[("city", "metadata:town")]));
    let shown = review(&rig, &upload);
    assert_eq!((shown.tables[0].path.as_str(), shown.tables[0].inside, shown.ready), ("about.tsv", false, 2));
    rig.engine.approve(&upload).unwrap();
    rig.finish(&upload);
    assert_eq!(said(&row(&bureau, &first, "b.jpg")), [("town", "Basel")]);

    let second = tree(&["a.jpg", "b.jpg"]);
    let upload = rig.ask_with(&[second.path()], plan());
    review(&rig, &upload);
    rig.engine.add_table(&upload, table.clone()).unwrap();
    let shown = review(&rig, &upload);
    assert_eq!(shown.tables[0].columns[0].goes, "metadata:town", "what was said of such a table is asked again");
}

#[test]
fn a_table_that_breaks_off_stands_in_the_way_and_nothing_goes_without_it() {
    let (rig, bureau) = rig(Manners::default());
    let names: Vec<String> = (0..300).map(|n| format!("{n:04}.jpg")).collect();
    let tree = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut text = String::from("file,city\n");
    names.iter().for_each(|name| text.push_str(&format!("{name},Bern\n")));
    text.push_str("x.jpg,\"never closed\n");
    tree.file("about.csv", text.as_bytes());
    let upload = rig.ask_with(&[tree.path()], plan());
    let shown = review(&rig, &upload);
    assert_eq!((shown.tables[0].trouble.as_str(), shown.tables[0].line), ("open_quote", 302));
    let problem = rig.engine.approve(&upload).unwrap_err();
    assert_eq!(problem.code, Code::TableBroken);
    assert!(problem.fact("said").is_some_and(|said| said.contains("302")), "{problem}");
    // Said yes before it was read: it is held, and nothing has gone.
    let upload = rig.send_with(&[tree.path()], plan());
    let held = rig.until(&upload, |picture| picture.hold.is_some());
    assert_eq!(held.hold.unwrap().code, Code::TableBroken);
    assert!(bureau.rows().is_empty());
    // Repaired, it goes on by the same wish.
    tree.file("about.csv", text.replace("\"never closed", "closed").as_bytes());
    rig.engine.go_on(&upload).unwrap();
    let account = rig.finish(&upload);
    assert_eq!((account.visible, account.skipped), (300, 1), "{account:?}");
    assert_eq!(said(&row(&bureau, &tree, "0299.jpg")), [("city", "Bern")]);
}

#[test]
fn what_the_platform_would_refuse_is_said_before_and_names_that_it_lacks_stop_the_upload() {
    let (rig, bureau) = rig(Manners { no_field: Some("city"), ..Manners::default() });
    let tree = tree(&["a.jpg", "b.jpg", "c.jpg"]);
    tree.file("about.csv", b"file,city,altitude\na.jpg,Bern,high\nb.jpg,Basel,12\nc.jpg,Chur,deep\n");
    let upload = rig.ask_with(&[tree.path()], plan());
    let shown = review(&rig, &upload);
    let column = |at: usize| (shown.tables[0].columns[at].misfits, shown.tables[0].columns[at].said.clone());
    assert_eq!(column(1), (3, "no field city".to_owned()));
    assert_eq!(column(2), (2, "high is no number".to_owned()));
    let upload = rig.send_with(&[tree.path()], plan());
    let held = rig.until(&upload, |picture| picture.hold.is_some());
    assert_eq!(held.hold.unwrap().code, Code::MetadataUnfit);
    assert!(bureau.rows().is_empty());
}

#[test]
fn a_signed_address_in_a_table_is_kept_nowhere_and_said_before_its_row_is_refused() {
    let (home, bureau) = (tempfile::tempdir().unwrap(), Bureau::new(Manners::default()));
    let rig = Rig::on_platform(home.path(), Cloud::new().store(), bureau.clone());
    let tree = tree(&["a.jpg", "b.jpg"]);
    let signed = "https://x.test/c.png?X-Amz-Date=20261127T110000Z&X-Amz-Signature=canary";
    let text =
        format!("file,attachment,note\na.jpg,{signed},plain\nb.jpg,https://x.test/d.png,see {signed}\nnone.jpg?sig=canary,,\n");
    let path = tree.file("about.csv", text.as_bytes());
    let upload = rig.ask_with(&[tree.path()], plan());
    let shown = review(&rig, &upload);
    let misfits: Vec<_> = shown.tables[0].columns.iter().map(|column| column.misfits).collect();
    assert_eq!(misfits, [0, 1, 1], "{:?}", shown.tables);
    assert!(shown.tables[0].columns[1].said.contains("carries a signature"), "{:?}", shown.tables[0].columns[1]);
    std::fs::remove_file(path).unwrap();
    rig.engine.approve(&upload).unwrap();
    assert_eq!(rig.finish(&upload).needs_you, 2);
    let group = &rig.engine.troubles(&upload).unwrap()[0];
    assert!(group.code == Code::RowRefused && group.detail.contains("carries a signature"), "{group:?}");
    rig.engine.quit(Duration::from_secs(5));
    for file in walkdir::WalkDir::new(home.path()).into_iter().flatten().filter(|one| one.file_type().is_file()) {
        let bytes = std::fs::read(file.path()).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"canary"), "it stands in {}", file.path().display());
    }

    let mut fixed = plan();
    fixed.register.as_mut().unwrap().metadata = vec![("link".into(), signed.into())];
    let refused = self::rig(Manners::default()).0.refused(&[tree.path()], fixed);
    assert_eq!(refused.code, Code::MetadataUnfit);
}

#[test]
fn a_column_that_no_table_has_is_a_slip_of_the_pen_and_many_tables_are_files() {
    let (rig, _) = rig(Manners::default());
    let few = tree(&["a.jpg", "b.jpg"]);
    few.file("about.csv", b"file,city\na.jpg,Bern\nb.jpg,Basel\n");
    let upload = rig.send_with(&[few.path()], with(plan(), vec![wish("", TableUse::Found, &[("town", "tags")])]));
    let held = rig.until(&upload, |picture| picture.hold.is_some()).hold.unwrap();
    assert!(held.code == Code::TableBroken && held.detail.contains("town"), "{held:?}");

    let many = Tree::empty();
    for n in 0..20 {
        many.file(&format!("{n}.jpg"), &[n]);
        many.file(&format!("{n}.csv"), format!("file,x\n{n}.jpg,1\n").as_bytes());
    }
    let upload = rig.ask_with(&[many.path()], plan());
    let shown = review(&rig, &upload);
    assert_eq!((shown.ready, shown.tables.iter().filter(|table| table.used).count()), (40, 0));
    assert!(shown.tables.iter().all(|table: &Table| table.why == "many"));
}

#[test]
fn several_tables_say_what_each_knows_and_no_file_that_fits_twice_is_guessed() {
    let (rig, bureau) = rig(Manners::default());
    let tree = tree(&["x/a.jpg", "y/a.jpg", "y/b.jpg"]);
    tree.file("one.csv", b"file,city\ny/b.jpg,Bern\na.jpg,nobody knows\nx/a.jpg,Basel\n");
    tree.file("two.csv", b"name,weather\nb.jpg,rain\nx/a.jpg,sun\n");
    let upload = rig.ask_with(&[tree.path()], plan());
    let shown = review(&rig, &upload);
    assert_eq!(shown.tables.iter().map(|table| (table.used, table.ambiguous)).collect::<Vec<_>>(), [(true, 1), (true, 0)]);
    rig.engine.approve(&upload).unwrap();
    assert_eq!(rig.finish(&upload).visible, 3);
    assert_eq!(said(&row(&bureau, &tree, "y/b.jpg")), [("city", "Bern"), ("weather", "rain")]);
    assert_eq!(said(&row(&bureau, &tree, "x/a.jpg")), [("city", "Basel"), ("weather", "sun")]);
    assert!(row(&bureau, &tree, "y/a.jpg").metadata.is_empty());
}

#[test]
fn a_path_that_is_no_table_is_refused_before_anything_is_taken() {
    let (rig, _) = rig(Manners::default());
    let tree = tree(&["a.jpg"]);
    let upload = rig.ask_with(&[tree.path()], plan());
    review(&rig, &upload);
    let gone = rig.engine.add_table(&upload, Path::new("/nowhere/at all.csv").to_path_buf()).unwrap_err();
    assert_eq!(gone.code, Code::SourceGone);
    let folder = rig.engine.add_table(&upload, tree.path().to_path_buf()).unwrap_err();
    assert_eq!(folder.code, Code::SourceUnreadable);
}

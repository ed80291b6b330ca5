mod media;

use super::*;
use crate::naming::Template;
use gantry_model::finding::About;
use gantry_model::{Fingerprint, words};

const STORE: &[Rule] = &[
    rule("key-bytes", Severity::Blocked, About::KeyBytes(40)),
    rule("component-bytes", Severity::Blocked, About::ComponentBytes(20)),
    rule("file-bytes", Severity::Blocked, About::FileBytes(1000)),
    rule("parts", Severity::Warning, About::PartCount { parts: 3, part_bytes: 100 }),
    rule("characters", Severity::Note, About::Characters("?#")),
    rule("reserved", Severity::Blocked, About::ReservedNames(&["CON"])),
];

const fn rule(id: &'static str, severity: Severity, about: About) -> Rule {
    Rule { id, severity, about, source: "https://example.org/", checked: "2026-11-21" }
}

fn checker(rules: &'static [Rule], template: &str) -> Checker {
    Checker::new(rules.iter().collect(), Naming::new(Template::parse(template).expect("a template"), "p", "up"))
}

fn file(path: &[u8]) -> Entry {
    let media = Media { looked: true, ..Media::default() };
    let fingerprint = Fingerprint { size: 10, ..Fingerprint::default() };
    Entry { root: 0, path: path.to_vec(), kind: EntryKind::File, fingerprint, media, trouble: None }
}

fn ids(checked: &Checked) -> Vec<&'static str> {
    checked.findings.iter().map(|finding| finding.rule).collect()
}

fn found(entry: &Entry) -> Vec<&'static str> {
    ids(&checker(STORE, "").look(0, entry))
}

#[test]
fn a_good_file_is_ready_and_has_no_finding() {
    let checked = checker(STORE, "").look(0, &file("photos/größe 1.jpg.txt".as_bytes()));
    assert_eq!(checked, Checked { key: "p/photos/größe 1.jpg.txt".into(), state: State::Ready, findings: vec![], also: vec![] });
}

#[test]
fn odd_names_are_found() {
    assert_eq!(found(&file(b"a\xffb")), ["name-not-utf8"]);
    assert_eq!(found(&file(b"a\nb")), ["name-control"]);
    assert_eq!(found(&file("a\u{2028}b".as_bytes())), ["name-control"]);
    assert_eq!(found(&file("photo\u{202e}gpj.x".as_bytes())), ["name-bidi"]);
    assert_eq!(found(&file(b"\x1b\xff")), ["name-not-utf8", "name-control"]);
}

#[test]
fn contents_are_judged_by_what_was_measured() {
    let with = |path: &[u8], media: Media| {
        let entry = file(path);
        found(&Entry { media: Media { looked: true, ..media }, ..entry })
    };
    let format = |format| Media { format, ..Media::default() };
    assert_eq!(with(b"x.jpg", format(Format::Png)), ["file-extension"]);
    assert_eq!(with(b"x.JPG", format(Format::Jpeg)), [""; 0]);
    assert_eq!(with(b"x.jpg", format(Format::Unknown)), ["file-extension"]);
    assert_eq!(with(b"x.jpg", format(Format::Text)), ["file-extension"], "an error page saved as a picture");
    assert_eq!(with(b"x.csv", format(Format::Json)), [""; 0]);
    assert_eq!(with(b"x.csv", format(Format::Unknown)), [""; 0]);
    assert_eq!(with(b"x.unheard", format(Format::Png)), [""; 0]);
    assert_eq!(with(b".jpg", format(Format::Png)), [""; 0], "a name that only begins with a dot");
    assert_eq!(with(b"x.m4a", format(Format::Mp4)), [""; 0]);
    assert_eq!(with(b"x", Media { cut_off: true, ..Media::default() }), ["file-cut-off"]);
    assert_eq!(with(b"x", Media { damaged: true, ..Media::default() }), ["file-damaged"]);
    let turned = Media { width: 3000, height: 4000, orientation: 6, ..format(Format::Jpeg) };
    assert_eq!(with(b"x.jpg", turned.clone()), ["file-rotated"]);
    assert_eq!(with(b"x.jpg", Media { orientation: 1, ..turned }), [""; 0]);
    let unlooked = Entry { media: Media { looked: false, ..Media::default() }, ..file(b"x.jpg") };
    assert_eq!(found(&unlooked), [""; 0], "nothing is said about what was not looked at");
}

#[test]
fn an_empty_file_is_sent_with_a_warning() {
    let mut empty = file(b"x.jpg");
    empty.fingerprint.size = 0;
    let checked = checker(&[], "").look(0, &empty);
    assert_eq!((checked.state, ids(&checked)), (State::Ready, vec!["file-empty"]));
}

#[test]
fn what_is_not_a_file_is_said() {
    let of = |kind, trouble: Option<&str>| {
        let entry = Entry { kind, trouble: trouble.map(str::to_owned), ..file(b"x") };
        let checked = checker(STORE, "").look(0, &entry);
        (checked.state, checked.findings.into_iter().map(|one| (one.rule, one.detail)).collect::<Vec<_>>())
    };
    assert_eq!(of(EntryKind::Link, None), (State::Ready, vec![("entry-link", String::new())]));
    assert_eq!(of(EntryKind::Special, None), (State::Ready, vec![("entry-special", String::new())]));
    assert_eq!(of(EntryKind::Skipped, None), (State::Ready, vec![]));
    let denied = of(EntryKind::Unreadable, Some("Permission denied"));
    assert_eq!(denied, (State::Blocked, vec![("entry-unreadable", "Permission denied".to_owned())]));
    let gone = of(EntryKind::Unreadable, Some("vanished"));
    assert_eq!(gone, (State::Blocked, vec![("entry-vanished", String::new())]));
}

#[test]
fn the_rules_of_the_store_are_applied_with_what_was_measured() {
    let judge = |path: &str, size| {
        let mut entry = file(path.as_bytes());
        entry.fingerprint.size = size;
        let checked = checker(STORE, "").look(0, &entry);
        let findings = checked.findings.iter().map(|one| (one.rule, one.detail.clone())).collect::<Vec<_>>();
        (checked.state, findings)
    };
    let one = |rule, detail: &str| vec![(rule, detail.to_owned())];
    assert_eq!(judge(&"ab/".repeat(13), 10), (State::Ready, vec![]), "40 bytes fit");
    assert_eq!(judge(&"abc/".repeat(10), 10), (State::Blocked, one("key-bytes", "41")));
    assert_eq!(judge(&"é".repeat(10), 10), (State::Ready, vec![]));
    assert_eq!(judge(&"é".repeat(11), 10), (State::Blocked, one("component-bytes", "22")));
    assert_eq!(judge("x", 300), (State::Ready, vec![]));
    assert_eq!(judge("x", 301), (State::Ready, one("parts", "4")));
    assert_eq!(judge("x", 1001).0, State::Blocked);
    assert_eq!(judge("a#b?c#", 10), (State::Ready, one("characters", "? #")));
    assert_eq!(judge("a/CON/b", 10), (State::Blocked, one("reserved", "CON")));
    assert_eq!(judge("a/CONTENT/b", 10), (State::Ready, vec![]));
}

#[test]
fn composed_and_decomposed_twins_are_both_held() {
    let mut checker = checker(&[], "");
    assert_eq!(checker.look(3, &file("é.txt".as_bytes())).state, State::Ready);
    let second = checker.look(8, &file("e\u{301}.txt".as_bytes()));
    assert_eq!((second.state, ids(&second)), (State::Clash, vec!["key-normalisation-twins"]));
    let [(ord, finding, state)] = second.also.as_slice() else { panic!("{:?}", second.also) };
    assert_eq!((*ord, finding.rule, *state), (3, "key-normalisation-twins", State::Clash));
    assert_eq!(finding.detail, "e\u{301}.txt", "the first is told the second's name");
}

#[test]
fn two_files_for_one_key_are_both_held_and_told_once() {
    let mut checker = checker(&[], "{prefix}/{name}");
    assert_eq!(checker.look(0, &file(b"a/x")).state, State::Ready);
    let second = checker.look(1, &file(b"b/x"));
    assert_eq!((second.state, second.findings[0].rule, second.findings[0].detail.as_str()), (State::Clash, "key-same", "a/x"));
    assert_eq!(second.also.len(), 1);
    let third = checker.look(2, &file(b"c/x"));
    assert_eq!((third.state, third.also.len()), (State::Clash, 0), "the first was told already");
    let escaped = checker.look(3, &file(b"%FF"));
    assert_eq!(escaped.state, State::Ready);
    let twin = checker.look(4, &file(b"d/\xff"));
    assert_eq!(ids(&twin), ["name-not-utf8", "key-same"]);
}

#[test]
fn names_that_differ_in_capitals_only_are_ready_with_a_warning() {
    let mut checker = checker(&[], "");
    checker.look(0, &file("Straße/Ü".as_bytes()));
    let second = checker.look(1, &file("straße/ü".as_bytes()));
    assert_eq!((second.state, ids(&second)), (State::Ready, vec!["key-case-twins"]));
    let [(0, finding, State::Ready)] = second.also.as_slice() else { panic!("{:?}", second.also) };
    assert_eq!(finding.detail, "straße/ü");
    assert_eq!(checker.look(2, &file(b"other")).findings, []);
}

#[test]
fn of_many_that_differ_in_capitals_the_first_is_named_and_none_is_taken_for_the_same() {
    let mut checker = checker(&[], "");
    checker.look(0, &file(b"Photo One"));
    for (ord, name) in (1..).zip(["photo one", "PHOTO one", "photo ONE"]) {
        let later = checker.look(ord, &file(name.as_bytes()));
        assert_eq!((ids(&later), later.findings[0].detail.as_str()), (vec!["key-case-twins"], "Photo One"), "{name}");
    }
    // The same again, from another folder that was given: each meets its own.
    for (ord, name) in [(1, "photo one"), (0, "Photo One"), (3, "photo ONE")] {
        let again = checker.look(ord + 10, &file(name.as_bytes()));
        assert_eq!((again.state, again.also[0].0), (State::Clash, ord), "{name}");
    }
}

#[test]
fn names_that_look_the_same_in_letters_of_two_scripts_are_pointed_out_in_either_order() {
    let (latin, cyrillic) = ("Apple one", "\u{430}pple one");
    for (first, second) in [(latin, cyrillic), (cyrillic, latin)] {
        let mut checker = checker(&[], "");
        assert_eq!(checker.look(0, &file(first.as_bytes())).findings, []);
        assert_eq!(checker.look(1, &file("apple two".as_bytes())).findings, []);
        let later = checker.look(2, &file(second.as_bytes()));
        assert_eq!((later.state, ids(&later)), (State::Ready, vec!["key-look-alike"]), "{first} {second}");
        assert_eq!(later.also[0].0, 0);
    }
    let mut checker = checker(&[], "");
    for (ord, name) in (0..).zip(["\u{43e}\u{441}\u{430}", "\u{e9}t\u{e9}", "ete", "e\u{301}te", "1", "l"]) {
        assert_eq!(checker.look(ord, &file(name.as_bytes())).findings, [], "{name}");
    }
}

#[test]
fn where_keys_are_files_a_file_and_a_folder_of_one_name_are_held_in_either_order() {
    const FILES: &[Rule] = &[rule("file-and-folder", Severity::Blocked, About::FileAndFolder)];
    let names: [&[u8]; 5] = [b"x/foo", b"x/foo2/a", b"x/foo/bar", b"x/foo/deep/er", b"y"];
    let mut checker = checker(FILES, "");
    let states: Vec<_> = (0..).zip(names).map(|(ord, name)| checker.look(ord, &file(name)).state).collect();
    assert_eq!(states, [State::Ready, State::Ready, State::Clash, State::Clash, State::Ready]);

    let mut checker = self::checker(FILES, "");
    checker.look(0, &file(b"x/foo/deep/er"));
    assert_eq!(checker.look(1, &file(b"x/food")).findings, []);
    let second = checker.look(2, &file(b"x/foo"));
    assert_eq!((second.findings[0].detail.as_str(), second.also[0].0), ("x/foo/deep/er", 0));
    assert_eq!(second.state, State::Clash);

    let mut bucket = self::checker(STORE, "");
    bucket.look(0, &file(b"x/foo"));
    assert_eq!(bucket.look(1, &file(b"x/foo/bar")).state, State::Ready, "a bucket holds both");
}

#[test]
fn a_blocked_file_stays_blocked_when_its_twin_comes() {
    let mut checker = checker(STORE, "{prefix}/{name}");
    let mut first = file(b"a/x");
    first.fingerprint.size = 5000;
    assert_eq!(checker.look(0, &first).state, State::Blocked);
    assert_eq!(checker.look(1, &file(b"b/x")).also[0].2, State::Blocked);
}

#[test]
fn keys_made_of_hashes_are_compared_once_the_hashes_are_known() {
    let mut checker = checker(&[], "{sha256}");
    assert_eq!(checker.look(0, &file(b"a")).state, State::Ready);
    assert_eq!(checker.look(1, &file(b"b")).state, State::Ready);
    let (one, other) = ([1; 32], [2; 32]);
    let known = |sum| Beside { sha256: Some(sum), ..Beside::default() };
    assert_eq!(checker.look_beside(0, &file(b"a"), known(&one)).state, State::Ready);
    assert_eq!(checker.look_beside(1, &file(b"b"), known(&other)).state, State::Ready);
    let third = checker.look_beside(2, &file(b"c"), known(&one));
    assert_eq!((third.state, third.also[0].0), (State::Clash, 0));
}

#[test]
fn no_name_is_taken_for_another_among_many() {
    let mut checker = checker(&[], "");
    for ord in 0..40_000_u64 {
        let checked = checker.look(ord, &file(format!("folder {}/file {ord}", ord / 1000).as_bytes()));
        assert_eq!(checked.findings, [], "{ord}");
    }
    for ord in (0..40_000_u64).step_by(777) {
        let checked = checker.look(ord + 100_000, &file(format!("folder {}/file {ord}", ord / 1000).as_bytes()));
        assert_eq!((checked.state, checked.also[0].0), (State::Clash, ord));
    }
}

#[test]
fn every_general_rule_has_words_and_values_read_well() {
    for rule in FILE_RULES {
        assert!(words::try_say(&format!("rule-{}", rule.id), &[]).is_some(), "{}", rule.id);
    }
    let of = |about| value(&rule("x", Severity::Note, about));
    assert_eq!(of(About::KeyBytes(1024)), "1\u{202f}024");
    assert_eq!(of(About::FileBytes(5_000_000_000_000)), "5\u{a0}TB");
    assert_eq!(of(About::FileBytes(5 << 30)), "5\u{a0}GiB");
    assert_eq!(of(About::FileBytes(1234)), "1.23\u{a0}kB");
    assert_eq!(of(About::PartCount { parts: 10_000, part_bytes: 1 }), "10\u{202f}000");
    assert_eq!(of(About::EmptyFile), "");
}

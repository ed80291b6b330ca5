use super::*;
use proptest::prelude::*;

fn naming(template: &str, prefix: &str) -> Naming {
    Naming::new(Template::parse(template).expect("a template"), prefix, "up-1")
}

fn key(template: &str, prefix: &str, path: &str) -> String {
    naming(template, prefix).key(path.as_bytes(), 7, None).0
}

#[test]
fn the_default_is_prefix_and_relative_path() {
    assert_eq!(key("", "p", "photos/x.jpg"), "p/photos/x.jpg");
    assert_eq!(key("{prefix}/{relative_path}", "", "photos/x.jpg"), "photos/x.jpg");
    assert_eq!(key("{relative_path}", "/p//q/", "photos/x.jpg"), "p/q/photos/x.jpg");
}

#[test]
fn each_place_is_filled() {
    let path = "a/b/c.tar.gz";
    assert_eq!(key("{prefix}/{folder}/x-{name}", "p", path), "p/a/b/x-c.tar.gz");
    assert_eq!(key("{stem}_{ext}", "p", path), "p/c.tar_gz");
    assert_eq!(key("{folder}/{name}", "", "alone.txt"), "alone.txt");
    assert_eq!(key("{stem}.{ext}", "", "d/Makefile"), "Makefile");
    assert_eq!(key("{stem}.{ext}", "", "d/.bashrc"), ".bashrc");
    let sum = [0xab; 32];
    let named = naming("{sha256}.{ext}", "p");
    assert!(named.needs_sha256());
    assert_eq!(named.key(b"x.jpg", 0, Some(&sum)).0, format!("p/{}.jpg", "ab".repeat(32)));
    assert_eq!(named.key(b"x.jpg", 0, None).0, "p/{sha256}.jpg");
}

#[test]
fn a_uuid_is_the_same_when_it_is_tried_again_and_another_for_each_file() {
    let name = |upload: &str, ord| Naming::new(Template::parse("{uuid}").expect("fits"), "", upload).key(b"x", ord, None).0;
    assert_eq!(name("up-1", 1), name("up-1", 1));
    assert_ne!(name("up-1", 1), name("up-1", 2));
    assert_ne!(name("up-1", 1), name("up-2", 1));
    let uuid = name("up-1", 1);
    assert_eq!(uuid.len(), 36);
    assert_eq!(&uuid[14..15], "8", "{uuid} is of version 8");
    assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"), "{uuid} is of the RFC's variant");
}

#[test]
fn what_cannot_make_a_key_is_refused_in_words() {
    for (template, word) in [
        ("{prefix}/{nmae}", "{nmae}"),
        ("{prefix}/{relative_path", "no }"),
        ("a}b{name}", "no {"),
        ("constant", "tell files apart"),
        ("{prefix}/{folder}/{ext}", "tell files apart"),
        ("{name}/{prefix}", "beginning"),
        ("{prefix}{name}", "slash"),
        ("{prefix}/../{name}", ".."),
    ] {
        let said = Template::parse(template).expect_err(template);
        assert!(said.contains(word), "{template}: {said}");
    }
}

#[test]
fn names_are_composed_and_bad_bytes_are_spelled_out() {
    assert_eq!(key("", "", "cafe\u{301}/x"), "café/x");
    assert_eq!(key("", "", "100%/a b+c.txt"), "100%/a b+c.txt");
    assert_eq!(naming("", "p").key(b"bad\xff\xfename/e\xcc\x81", 0, None).0, "p/bad%FF%FEname/é");
}

#[test]
fn nothing_leads_out_of_the_prefix() {
    for path in ["../../etc/passwd", "a/../../../x", "/x", "./x", "a//x", "..", "/"] {
        let made = key("", "team/data", path);
        assert!(made == "team/data" || made.starts_with("team/data/"), "{path} became {made}");
        assert!(!made.contains("//") && !made.split('/').any(|part| part == ".."), "{path} became {made}");
    }
    assert_eq!(key("", "../..", "x"), "x");
}

#[test]
fn an_external_id_is_the_relative_path() {
    assert_eq!(external_id("photos/cafe\u{301}.jpg".as_bytes()), "photos/café.jpg");
    assert_eq!(external_id(b"/photos//x.jpg"), "photos/x.jpg");
}

/// Components as file systems have them: anything but `/`, NUL, `.` and `..`.
fn component() -> impl Strategy<Value = String> {
    "[^/\0]{1,12}".prop_map(|text| text.nfc().collect()).prop_filter("reserved", |text: &String| text != "." && text != "..")
}

fn path() -> impl Strategy<Value = String> {
    proptest::collection::vec(component(), 1..5).prop_map(|parts| parts.join("/"))
}

proptest! {
    #[test]
    fn every_key_begins_with_its_prefix(
        raw in proptest::collection::vec(any::<u8>(), 0..60), prefix in "[a-z./]{0,12}", ord in any::<u64>(),
        template in prop_oneof![Just("{prefix}/{relative_path}"), Just("{folder}/{stem}-{uuid}.{ext}"), Just("x/{name}")],
    ) {
        let naming = naming(template, &prefix);
        let key = naming.key(&raw, ord, None).0;
        prop_assert!(key.starts_with(naming.prefix()));
        prop_assert!(!key.starts_with('/') && !key.contains("//"));
        prop_assert!(!key.split('/').any(|part| part == "." || part == ".."));
        prop_assert_eq!(naming.key(&raw, ord, None).0, key);
    }

    #[test]
    fn different_composed_names_have_different_keys(a in path(), b in path()) {
        let naming = naming("", "p");
        let (key_a, key_b) = (naming.key(a.as_bytes(), 0, None).0, naming.key(b.as_bytes(), 1, None).0);
        prop_assert_eq!(&key_a, &format!("p/{a}"));
        prop_assert_eq!(a == b, key_a == key_b);
    }
}

proptest! {
    #[test]
    fn what_all_keys_begin_with_is_known_before_the_first_is_named(
        folder in "[^/\0]{1,8}", below in "[a-z.]{1,6}(/[a-z]{1,4})?", prefix in "[a-z/.]{0,6}", template in prop::sample::select(vec![
            "", "{prefix}/{relative_path}", "{relative_path}", "{prefix}/{uuid}", "{folder}/{name}", "x/{stem}.{ext}",
        ]),
    ) {
        let naming = naming(template, &prefix);
        let path = format!("{folder}/{below}");
        let key = naming.key(path.as_bytes(), 3, None).0;
        let shared = naming.all_below(Some(folder.as_bytes()));
        prop_assert!(folder.trim_matches('.').is_empty() || below.contains("..") || key.starts_with(&shared), "{key} below {shared}");
        prop_assert!(key.starts_with(&naming.all_below(None)));
    }
}

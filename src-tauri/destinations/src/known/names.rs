//! The names that rows are found again by. Made here, before the first call, so that a doubtful call can be looked up.
//! Two files never get one name: what has to be changed is closed with a hash of the whole.

use sha2::{Digest, Sha256};

/// Characters in one of Labelbox's global keys: <https://docs.labelbox.com/docs/limits>.
const MOST: usize = 200;
/// Hexadecimal digits that close a changed name.
const DIGITS: usize = 16;

/// The name that a row is found again by: external id, sample name, global key. `place` is the bucket, or the container
/// in the platform's own storage, and has no `/`; `key` is the object's key, `path` the relative path.
///
/// Labelbox's global keys are unique in a whole organisation, so they begin with the place. Where they are too long, or
/// have characters that it would change, we change them ourselves, in a way that keeps different names different.
pub fn row_key(kind: &str, place: &str, key: &str, path: &str) -> String {
    match kind {
        "labelbox" => global_key(&format!("{place}/{key}")),
        _ => path.to_owned(),
    }
}

fn global_key(whole: &str) -> String {
    if fits(whole) {
        return whole.to_owned();
    }
    let room = MOST - DIGITS - 1;
    let mut name = String::with_capacity(MOST);
    for c in whole.chars().take(room) {
        // A space may not stand first, last or beside another one; the last is never the last any more.
        let space = c == ' ' && (name.is_empty() || name.ends_with(' '));
        name.push(if is_allowed(c) && !space { c } else { '_' });
    }
    name.push('-');
    for byte in &Sha256::digest(whole.as_bytes())[..DIGITS / 2] {
        name.push_str(&format!("{byte:02x}"));
    }
    name
}

/// It can stay as it is. A name that looks as if it had been closed here is changed too: it could be another one's.
fn fits(whole: &str) -> bool {
    whole.len() <= MOST
        && whole.chars().all(is_allowed)
        && !whole.starts_with(' ')
        && !whole.ends_with(' ')
        && !whole.contains("  ")
        && !is_closed(whole)
}

/// In capitals too: Labelbox does not tell them apart.
fn is_closed(name: &str) -> bool {
    let tail = name.len().checked_sub(DIGITS + 1).and_then(|at| name.get(at..));
    tail.is_some_and(|tail| tail.starts_with('-') && tail[1..].bytes().all(|b| b.is_ascii_hexdigit()))
}

/// <https://docs.labelbox.com/reference/data-row-global-keys>
fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!_.*'()&$@=;/:+ ,?-".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use std::collections::HashMap;

    fn key(place: &str, key: &str) -> String {
        row_key("labelbox", place, key, "not used")
    }

    #[test]
    fn segments_and_ango_get_the_relative_path_and_labelbox_the_place_too() {
        assert_eq!(row_key("segments", "mara/birds", "p/a ü.jpg", "a ü.jpg"), "a ü.jpg");
        assert_eq!(row_key("ango", "64f0", "p/a.jpg", "a.jpg"), "a.jpg");
        assert_eq!(key("acme", "p/a b (1).jpg"), "acme/p/a b (1).jpg");
    }

    #[test]
    fn what_labelbox_would_change_is_changed_and_closed() {
        let changed = key("acme", "gr\u{fc}n#1.jpg");
        assert!(changed.starts_with("acme/gr_n_1.jpg-") && changed.len() == "acme/gr_n_1.jpg".len() + 17, "{changed}");
        assert_ne!(changed, key("acme", "gr\u{f6}n#1.jpg"));
        let spaces = key("acme", "a  b ");
        assert!(spaces.starts_with("acme/a _b -"), "{spaces}");
        let long = key("acme", &"x".repeat(300));
        assert_eq!(long.len(), 200);
        assert_eq!(key("acme", &"x".repeat(195)).len(), 200, "what just fits stays");
        assert_ne!(long, key("acme", &"x".repeat(301)));
    }

    #[test]
    fn a_name_made_to_look_like_a_changed_one_does_not_take_its_place() {
        let changed = key("acme", "\u{fc}");
        let imitated = changed.strip_prefix("acme/").expect("below the place");
        for imitation in [imitated.to_owned(), imitated.to_uppercase()] {
            assert_ne!(key("acme", &imitation).to_lowercase(), changed.to_lowercase());
        }
    }

    /// Short names over few characters meet each other often; long ones are cut.
    fn names() -> impl Strategy<Value = String> {
        let few = vec(select(vec!['a', 'A', '\u{e9}', '\u{c9}', ' ', '_', '-', '/', '#', '~', '\u{1F980}', '0', 'f']), 0..6);
        let ends = select(vec!["", "-0123456789abcdef", "-0123456789ABCDEF", " ", "\u{301}"]);
        let fill = select(vec![0_usize, 0, 0, 150, 183, 190, 195, 196, 400]);
        (few, ends, fill).prop_map(|(few, ends, fill)| {
            let mut name: String = few.into_iter().collect();
            name.push_str(&"y".repeat(fill));
            name + ends
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn different_files_never_get_one_global_key(
            places in vec("[a-zA-Z0-9._-]{1,3}", 1..3),
            mut keys in vec(prop_oneof![names(), any::<String>()], 1..60),
        ) {
            // What came out may also go in: the hardest names are our own.
            let own: Vec<String> = keys.iter().map(|name| key(&places[0], name)).collect();
            keys.extend(own.iter().filter_map(|name| name.split_once('/')).map(|(_, name)| name.to_owned()));
            keys.extend(own.iter().map(|name| name.to_uppercase()));
            let (mut seen, mut folded) = (HashMap::new(), HashMap::new());
            for place in &places {
                for name in &keys {
                    let (whole, made) = (format!("{place}/{name}"), key(place, name));
                    prop_assert!((1..=MOST).contains(&made.chars().count()), "{}", made);
                    prop_assert!(made.chars().all(is_allowed), "{}", made);
                    prop_assert!(!made.starts_with(' ') && !made.ends_with(' ') && !made.contains("  "), "{}", made);
                    let first = seen.entry(made.clone()).or_insert_with(|| whole.clone());
                    prop_assert_eq!(&*first, &whole, "both became {}", made);
                    let changed = made != whole;
                    let (twin, twin_changed) = folded.entry(made.to_lowercase()).or_insert_with(|| (whole.clone(), changed));
                    prop_assert!(*twin == whole || !(changed || *twin_changed), "{} and {} fold to {}", twin, whole, made);
                }
            }
        }
    }
}

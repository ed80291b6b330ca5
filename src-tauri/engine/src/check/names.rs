//! Rules about names and keys: what they may hold, and how long they may be.

use gantry_model::finding::About;
use gantry_model::show;

/// A name with odd bytes or characters. The path itself is in the row already, so there is nothing more to say.
pub(super) fn odd(about: About, path: &[u8]) -> Option<String> {
    let odd = match about {
        // The usual name is decided in one pass over its bytes.
        _ if path.iter().all(|byte| (0x20..0x7f).contains(byte)) => false,
        About::NotUtf8 => std::str::from_utf8(path).is_err(),
        About::ControlCharacters => has(path, |c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')),
        About::BidiCharacters => has(path, show::is_bidi_control),
        _ => false,
    };
    odd.then(String::new)
}

fn has(path: &[u8], test: impl Fn(char) -> bool) -> bool {
    path.utf8_chunks().any(|chunk| chunk.valid().chars().any(&test))
}

/// A key that the store does not take, or with which it needs care; the detail is what was measured.
pub(super) fn of_key(about: About, key: &str) -> Option<String> {
    match about {
        About::KeyBytes(most) => (key.len() as u64 > most).then(|| show::count(key.len() as u64)),
        About::ComponentBytes(most) if key.len() as u64 > most => {
            let longest = key.split('/').map(str::len).max().unwrap_or_default() as u64;
            (longest > most).then(|| show::count(longest))
        }
        About::Characters(characters) => listed(key, characters),
        About::ReservedNames(names) => {
            key.split('/').find(|component| names.contains(component)).map(show::text)
        }
        _ => None,
    }
}

/// Those of the characters that the key has, each once, with a space between.
fn listed(key: &str, characters: &str) -> Option<String> {
    let mut found = String::new();
    for c in characters.chars().filter(|c| key.contains(*c)) {
        if !found.is_empty() {
            found.push(' ');
        }
        found.push(c);
    }
    (!found.is_empty()).then(|| show::text(&found))
}

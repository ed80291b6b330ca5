//! What a name looks like: letters of other scripts as the ASCII letters that they can be taken for.
//! ASCII letters are left as they are: who writes `1` for `l` has two names that people can tell apart where it matters.

use std::borrow::Cow;
use unicode_security::confusable_detection::skeleton;

/// By the table of Unicode Technical Standard 39.
pub(super) fn likeness(folded: &str) -> Cow<'_, str> {
    if folded.is_ascii() {
        return folded.into();
    }
    folded.chars().map(ascii_like).collect::<String>().into()
}

fn ascii_like(c: char) -> char {
    let mut buffer = [0; 4];
    let mut looks = skeleton(c.encode_utf8(&mut buffer));
    match (looks.next(), looks.next()) {
        (Some(like), None) if !c.is_ascii() && like.is_ascii() => like.to_ascii_lowercase(),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_scripts_look_like_ascii_and_accents_do_not() {
        assert_eq!(likeness("\u{430}\u{440}\u{440}l\u{435}.txt"), "appl\u{435}.txt".replace('\u{435}', "e"));
        for itself in ["apple1.txt", "\u{e9}t\u{e9}", "stra\u{df}e", "\u{65e5}\u{672c}"] {
            assert_eq!(likeness(itself), itself);
        }
    }
}

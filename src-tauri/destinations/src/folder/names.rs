//! From keys to names in a folder, and the names of temporary files.
//! A key that would leave the folder, or could be taken for a temporary file, is refused.

use super::trouble::Trouble;
use std::path::{Path, PathBuf};

/// What a temporary file is for: how long it may lie about before it is swept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temp {
    /// A file sent in one go; nobody remembers it.
    Once,
    /// A file sent in parts; the journal knows its name.
    Parts,
}

/// The folders and the file name of a key.
pub(super) fn split(key: &str) -> Result<(Vec<&str>, &str), Trouble> {
    let mut components: Vec<&str> = key.split('/').collect();
    if let Some(bad) = components.iter().find(|component| !is_fit(component)) {
        return Err(Trouble::Name((*bad).to_owned()));
    }
    let name = components.pop().unwrap_or_default();
    Ok((components, name))
}

fn is_fit(component: &str) -> bool {
    let plain = !matches!(component, "" | "." | "..") && !component.contains('\0') && temp_kind(component).is_none();
    plain && (cfg!(unix) || is_fit_for_windows(component))
}

/// Names that Windows gives another meaning to, by
/// <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>.
fn is_fit_for_windows(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |word: &str| {
        stem.strip_prefix(word)
            .is_some_and(|rest| matches!(rest.chars().next(), Some('1'..='9' | '¹' | '²' | '³')) && rest.chars().count() == 1)
    };
    !component.chars().any(|c| c < ' ' || matches!(c, '<' | '>' | ':' | '"' | '\\' | '|' | '?' | '*'))
        && !component.ends_with(['.', ' '])
        && !matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        && !numbered("COM")
        && !numbered("LPT")
}

/// The path of a key below the folder, for people.
pub(super) fn below(root: &Path, key: &str) -> PathBuf {
    key.split('/')
        .filter(|component| !matches!(*component, "" | "." | ".."))
        .fold(root.to_owned(), |path, component| path.join(component))
}

/// A new name for a temporary file.
pub(super) fn temp(kind: Temp) -> Result<String, Trouble> {
    let mut random = [0_u8; 8];
    getrandom::fill(&mut random).map_err(|_| Trouble::Io(std::io::ErrorKind::Other.into()))?;
    let letter = if kind == Temp::Once { 'o' } else { 'p' };
    Ok(format!(".gantry-{letter}{:016x}.part", u64::from_ne_bytes(random)))
}

/// What kind of temporary file a name belongs to, if it is one of ours.
pub(super) fn temp_kind(name: &str) -> Option<Temp> {
    let middle = name.strip_prefix(".gantry-")?.strip_suffix(".part")?;
    match middle.split_at_checked(1)? {
        ("o", rest) if rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_hexdigit()) => Some(Temp::Once),
        ("p", rest) if rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_hexdigit()) => Some(Temp::Parts),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_leaves_the_folder() {
        for key in ["", "/a", "a//b", "../a", "a/../b", "a/.", "a/", "a\0b"] {
            assert!(split(key).is_err(), "{key:?}");
        }
        assert_eq!(split("a/b/c.jpg").ok(), Some((vec!["a", "b"], "c.jpg")));
        assert_eq!(split("..%2f/-rf").ok(), Some((vec!["..%2f"], "-rf")));
    }

    #[test]
    fn temporary_names_are_told_from_names_of_people() {
        let name = temp(Temp::Parts).expect("a name");
        assert_eq!(temp_kind(&name), Some(Temp::Parts));
        assert!(split(&name).is_err());
        assert_eq!(temp_kind(".gantry-notes.part"), None);
        assert!(split(".gantry-notes.part").is_ok());
    }

    #[test]
    fn windows_keeps_some_names_for_itself() {
        for name in ["con", "NUL.txt", "com1.jpg", "a:b", "a\\b", "dot.", "space "] {
            assert!(!is_fit_for_windows(name), "{name}");
        }
        for name in ["console", "com10.jpg", "a.b", " lead"] {
            assert!(is_fit_for_windows(name), "{name}");
        }
    }
}

//! Opening things outside the window with what the system uses for them: receipts of this data folder, pages of rules.
//! Nothing else, whatever the page asks for.

use crate::shell::Answer;
use crate::wire::Trouble;
use gantry_engine::home::Home;
use gantry_model::show;
use std::path::Path;

/// Opens a receipt or its folder.
pub(crate) fn receipt(home: &Home, path: &Path) -> Answer<()> {
    let shown = || show::path(path.as_os_str().as_encoded_bytes());
    if !is_below(path, &home.receipts()) {
        return Err(Trouble::new("cannot_open").with("path", shown()).with("said", "outside"));
    }
    open::that_detached(path).map_err(|error| Trouble::new("cannot_open").with("path", shown()).with("said", error.to_string()))
}

/// Opens the page that publishes a rule. `known` are the pages of all rules.
pub(crate) fn page<'a>(url: &str, mut known: impl Iterator<Item = &'a str>) -> Answer<()> {
    if !url.starts_with("https://") || !known.any(|source| source == url) {
        return Err(Trouble::bug(&"link"));
    }
    open::that_detached(url).map_err(|error| Trouble::new("cannot_open").with("path", url).with("said", error.to_string()))
}

/// As the disk sees it: links and `..` lead nowhere else.
fn is_below(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path != folder && path.starts_with(folder),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_receipts_of_this_data_folder_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::find(Some(folder.path().join("home")));
        std::fs::create_dir_all(home.receipt("u1")).unwrap();
        std::fs::write(folder.path().join("secret.html"), "x").unwrap();
        let inside = home.receipt("u1").join("receipt.html");
        std::fs::write(&inside, "x").unwrap();
        assert!(is_below(&inside, &home.receipts()));
        assert!(is_below(&home.receipt("u1"), &home.receipts()));
        assert!(!is_below(&home.receipts(), &home.receipts()));
        assert!(!is_below(&home.receipt("u1").join("../../../secret.html"), &home.receipts()));
        #[cfg(unix)]
        {
            let link = home.receipt("u1").join("link.html");
            std::os::unix::fs::symlink(folder.path().join("secret.html"), &link).unwrap();
            assert!(!is_below(&link, &home.receipts()), "a link leads out");
        }
    }

    #[test]
    fn only_pages_of_rules_are_opened() {
        let known = ["https://docs.example.com/limits"];
        for url in ["https://docs.example.com/limits?x", "http://docs.example.com/limits", "file:///etc/passwd", ""] {
            assert_eq!(page(url, known.into_iter()).unwrap_err().code, "bug", "{url} was opened");
        }
    }
}

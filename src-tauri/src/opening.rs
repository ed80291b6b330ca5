//! Opening things outside the window with what the system uses for them: receipts of this data folder, pages of rules,
//! pages where keys are made, the page of an upload's dataset or project. Nothing else, whatever the page asks for.

use crate::shell::Answer;
use crate::wire::Trouble;
use gantry_engine::home::Home;
use gantry_model::show;
use std::path::Path;

/// Where each platform shows or explains its API keys; the window names the same pages.
pub(crate) const KEY_PAGES: &[&str] =
    &["https://segments.ai/account", "https://app.labelbox.com", "https://docs.imerit.net/sdk/sdk-documentation"];

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
    browse(url)
}

/// Opens the page of a dataset or project, at the address that its platform told.
pub(crate) fn container(link: &str) -> Answer<()> {
    let web = link.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace));
    if web { browse(link) } else { Err(Trouble::bug(&"link")) }
}

fn browse(url: &str) -> Answer<()> {
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

    #[test]
    fn a_dataset_is_opened_on_the_web_or_not_at_all() {
        for link in ["", "http://segments.ai/mara/birds/", "file:///etc/passwd", "https://", "https://a b", "javascript:alert(1)"]
        {
            assert_eq!(container(link).unwrap_err().code, "bug", "{link} was opened");
        }
    }

    #[test]
    fn the_pages_of_keys_are_those_that_the_window_names() {
        let window = include_str!("../../ui/src/state/platforms.ts");
        let named: Vec<&str> = window.split('"').filter(|text| text.starts_with("https://")).collect();
        assert_eq!(named, KEY_PAGES);
    }
}

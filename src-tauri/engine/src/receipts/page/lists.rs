//! Files and folders on the page: all that stopped first, and never more than two thousand files.

use super::super::line::{copy_in_words, reason};
use super::{Page, counted, word};
use crate::journal::{Look, StoredItem};
use gantry_model::view::{Account, FolderRow};
use gantry_model::{Problem, Proof, State, show};

/// Rows of files on the page, all lists together.
const MOST_FILES: u64 = 2000;
/// Of a list that does not fit, this many as examples.
const EXAMPLES: u64 = 12;
/// Rows of folders on the page.
const MOST_FOLDERS: usize = 200;

/// The lists in their order: a heading, and the states in it.
const LISTS: [(&str, &[State]); 5] = [
    ("receipt-list-needs-you", &[State::NeedsYou, State::Blocked, State::Clash]),
    ("receipt-list-set-aside", &[State::SetAside]),
    ("receipt-list-cancelled", &[State::Cancelled]),
    ("receipt-list-under-way", &[State::Found, State::Ready, State::Waiting, State::Sending, State::Sent]),
    ("receipt-list-there", &[State::Verified, State::Registered, State::Visible, State::Same]),
];

pub(super) fn files(page: &mut Page<'_>, look: &Look<'_>, account: &Account) -> Result<(), Problem> {
    let mut left = MOST_FILES;
    for (heading, states) in LISTS {
        let count: u64 = states.iter().map(|state| account.of(*state)).sum();
        if count == 0 {
            continue;
        }
        let there = states[0] == State::Verified;
        let rows = match count <= left {
            true => count,
            false if there => EXAMPLES.min(left),
            false => left,
        };
        left -= rows;
        page.put("<section>")?;
        page.element("h2", &counted(heading, count))?;
        if rows < count {
            page.element("p", &counted("receipt-list-begins", rows))?;
        }
        if rows > 0 {
            table(page, look, states, there, rows)?;
        }
        page.put("</section>\n")?;
    }
    Ok(())
}

fn table(page: &mut Page<'_>, look: &Look<'_>, states: &[State], there: bool, rows: u64) -> Result<(), Problem> {
    page.put("<table class=\"list\"><thead><tr>")?;
    page.element("th scope=\"col\"", &word("receipt-column-file"))?;
    page.element("th scope=\"col\" class=\"n\"", &word("receipt-column-bytes"))?;
    page.element("th scope=\"col\"", &word(if there { "receipt-column-proof" } else { "receipt-column-why" }))?;
    page.put("</tr></thead><tbody>\n")?;
    look.each(states, rows, &mut |item| {
        page.put("<tr>")?;
        page.name("th scope=\"row\"", &item.shown())?;
        page.element("td class=\"n\"", &show::count(item.entry.fingerprint.size))?;
        match there {
            true => page.element("td", [proof(item), copy_in_words(item)].join(" ").trim_end())?,
            false => page.name("td class=\"t\"", &why(item))?,
        }
        page.put("</tr>\n")
    })?;
    page.put("</tbody></table>")
}

fn proof(item: &StoredItem) -> String {
    match item.proof {
        Some(Proof::Checksum(digest)) => digest.to_string(),
        Some(Proof::Accepted) => word("receipt-by-accepted"),
        _ => word("receipt-by-size"),
    }
}

fn why(item: &StoredItem) -> String {
    let title = match item.code {
        Some(code) => reason(code),
        None => word(&format!("state-{}", item.state.word().replace('_', "-"))),
    };
    match item.detail.is_empty() {
        true => title,
        false => format!("{title} ({})", show::text(&item.detail)),
    }
}

/// Folders at the top, and those below the only one there is.
pub(super) fn folders(page: &mut Page<'_>, look: &Look<'_>) -> Result<(), Problem> {
    let mut rows = look.folders(0)?;
    if let [only] = rows.as_slice() {
        let (above, below) = (only.clone(), look.folders(only.id)?);
        rows.extend(below.into_iter().map(|folder| FolderRow { name: format!("{}/{}", above.name, folder.name), ..folder }));
    }
    if rows.is_empty() {
        return Ok(());
    }
    page.put("<section>")?;
    page.element("h2", &counted("receipt-folders", rows.len() as u64))?;
    if rows.len() > MOST_FOLDERS {
        page.element("p", &counted("receipt-list-begins", MOST_FOLDERS as u64))?;
    }
    page.put("<table class=\"list\"><thead><tr>")?;
    page.element("th scope=\"col\"", &word("receipt-column-folder"))?;
    for column in ["files", "bytes", "there", "open", "left"] {
        page.element("th scope=\"col\" class=\"n\"", &word(&format!("receipt-column-{column}")))?;
    }
    page.put("</tr></thead><tbody>\n")?;
    for folder in rows.iter().take(MOST_FOLDERS) {
        page.put("<tr>")?;
        page.name("th scope=\"row\"", &folder.name)?;
        for count in [folder.files, folder.bytes, folder.done, folder.open, folder.left] {
            page.element("td class=\"n\"", &show::count(count))?;
        }
        page.put("</tr>\n")?;
    }
    page.put("</tbody></table></section>\n")
}

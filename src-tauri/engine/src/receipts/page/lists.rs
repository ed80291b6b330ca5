//! Files and folders on the page: all that stopped first, and never more than two thousand files.

use super::super::line::copy_in_words;
use super::Page;
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

/// Of rows: what waits for its answer is not there, and what was there already has it only at the end.
fn lists(rows: bool, answered: bool) -> Vec<(&'static str, Vec<State>)> {
    let mut lists: Vec<(&str, Vec<State>)> = LISTS.iter().map(|(heading, states)| (*heading, states.to_vec())).collect();
    if rows && let [.., (_, waiting), (_, there)] = lists.as_mut_slice() {
        there.retain(|state| *state != State::Verified && (answered || *state != State::Same));
        waiting.push(State::Verified);
        waiting.extend((!answered).then_some(State::Same));
    }
    lists
}

pub(super) fn files(page: &mut Page<'_>, look: &Look<'_>, account: &Account) -> Result<(), Problem> {
    let mut left = MOST_FILES;
    for (heading, states) in lists(page.told.rows, page.told.answered()) {
        let count: u64 = states.iter().map(|state| account.of(*state)).sum();
        if count == 0 {
            continue;
        }
        let there = heading == "receipt-list-there";
        let rows = match count <= left {
            true => count,
            false if there => EXAMPLES.min(left),
            false => left,
        };
        left -= rows;
        page.put("<section>")?;
        page.element("h2", &page.counted(heading, count))?;
        if rows < count {
            page.element("p", &page.counted("receipt-list-begins", rows))?;
        }
        if rows > 0 {
            table(page, look, &states, there, rows)?;
        }
        page.put("</section>\n")?;
    }
    Ok(())
}

fn table(page: &mut Page<'_>, look: &Look<'_>, states: &[State], there: bool, rows: u64) -> Result<(), Problem> {
    let of_rows = page.told.rows;
    page.put("<table class=\"list\"><thead><tr>")?;
    page.element("th scope=\"col\"", &page.word("receipt-column-file"))?;
    match of_rows {
        true => page.element("th scope=\"col\"", &page.word("receipt-column-address"))?,
        false => page.element("th scope=\"col\" class=\"n\"", &page.word("receipt-column-bytes"))?,
    }
    page.element("th scope=\"col\"", &page.word(if there { "receipt-column-proof" } else { "receipt-column-why" }))?;
    page.put("</tr></thead><tbody>\n")?;
    look.each(states, rows, &mut |item| {
        page.put("<tr>")?;
        page.name("th scope=\"row\"", &item.shown())?;
        match of_rows {
            // What has no address of its own is known by its name.
            true if item.key.0 == item.shown() => page.element("td", "")?,
            true => page.name("td", &show::text(&item.key.0))?,
            false => page.element("td class=\"n\"", &show::count(item.entry.fingerprint.size))?,
        }
        match (there, of_rows) {
            (true, true) => page.element("td class=\"t\"", &page.told.state_word(item))?,
            (true, false) => page.element("td", [proof(page, item), copy_in_words(item)].join(" ").trim_end())?,
            (false, _) => page.name("td class=\"t\"", &why(page, item))?,
        }
        page.put("</tr>\n")
    })?;
    page.put("</tbody></table>")
}

fn proof(page: &Page<'_>, item: &StoredItem) -> String {
    match item.proof {
        Some(Proof::Checksum(digest)) => digest.to_string(),
        Some(Proof::Accepted) => page.word("receipt-by-accepted"),
        _ => page.word("receipt-by-size"),
    }
}

fn why(page: &Page<'_>, item: &StoredItem) -> String {
    let title = match item.code {
        Some(code) => page.told.reason(code),
        None => page.told.state_word(item),
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
    page.element("h2", &page.counted("receipt-folders", rows.len() as u64))?;
    if rows.len() > MOST_FOLDERS {
        page.element("p", &page.counted("receipt-list-begins", MOST_FOLDERS as u64))?;
    }
    page.put("<table class=\"list\"><thead><tr>")?;
    page.element("th scope=\"col\"", &page.word("receipt-column-folder"))?;
    for column in ["files", "bytes", "there", "open", "left"] {
        page.element("th scope=\"col\" class=\"n\"", &page.word(&format!("receipt-column-{column}")))?;
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

//! Uploads: what the review shows, what the person decides, where each file is. A file is known by its number only.

use super::giving::dialog;
use crate::opening;
use crate::shell::{Answer, Shell, aside};
use crate::wire::{Filter, FolderRow, HistoryRow, ItemDetail, ItemPage, LinePage, Plan, Review, Trouble, TroubleGroup};
use gantry_engine::Engine;
use gantry_model::{Code, Problem};
use tauri::ipc::Response;
use tauri::{State, WebviewWindow};

#[tauri::command]
pub(crate) async fn review(shell: State<'_, Shell>, upload: String) -> Answer<Review> {
    shell.ask(move |engine| engine.review(&upload)).await
}

#[tauri::command]
pub(crate) async fn plan(shell: State<'_, Shell>, upload: String, plan: Plan) -> Answer<()> {
    shell.ask(move |engine| engine.plan(&upload, plan)).await
}

#[tauri::command]
pub(crate) async fn items(shell: State<'_, Shell>, upload: String, filter: Filter, first: u64, count: u32) -> Answer<ItemPage> {
    shell.ask(move |engine| engine.items(&upload, &filter, first, count)).await
}

#[tauri::command]
pub(crate) async fn item(shell: State<'_, Shell>, upload: String, ord: u64) -> Answer<ItemDetail> {
    shell.ask(move |engine| engine.item(&upload, ord)).await
}

#[tauri::command]
pub(crate) async fn folders(shell: State<'_, Shell>, upload: String, parent: u64) -> Answer<Vec<FolderRow>> {
    shell.ask(move |engine| engine.folders(&upload, parent)).await
}

/// Lines of a table that could not be used: `no_file`, `ambiguous`, `twice` or `broken`.
#[tauri::command]
pub(crate) async fn table_lines(
    shell: State<'_, Shell>,
    upload: String,
    table: u32,
    why: String,
    first: u64,
    count: u32,
) -> Answer<LinePage> {
    shell.ask(move |engine| engine.table_lines(&upload, table, &why, first, count)).await
}

/// The bytes of a small picture; none when there is none.
#[tauri::command]
pub(crate) async fn thumbnail(shell: State<'_, Shell>, upload: String, ord: u64, side: u32) -> Answer<Response> {
    let picture = shell.ask(move |engine| Ok(engine.thumbnail(&upload, ord, side))).await?;
    Ok(Response::new(picture.unwrap_or_default()))
}

#[tauri::command]
pub(crate) async fn approve(shell: State<'_, Shell>, upload: String) -> Answer<()> {
    shell.ask(move |engine| engine.approve(&upload)).await
}

#[tauri::command]
pub(crate) async fn pause(shell: State<'_, Shell>, upload: String) -> Answer<()> {
    let pause = move |engine: &Engine| {
        engine.pause(&upload);
        Ok(())
    };
    shell.ask(pause).await
}

#[tauri::command]
pub(crate) async fn go_on(shell: State<'_, Shell>, upload: String) -> Answer<()> {
    shell.ask(move |engine| engine.go_on(&upload)).await
}

#[tauri::command]
pub(crate) async fn stop(shell: State<'_, Shell>, upload: String) -> Answer<()> {
    let stop = move |engine: &Engine| {
        engine.stop(&upload);
        Ok(())
    };
    shell.ask(stop).await
}

#[tauri::command]
pub(crate) async fn cancel(shell: State<'_, Shell>, upload: String) -> Answer<()> {
    shell.ask(move |engine| engine.cancel(&upload)).await
}

#[tauri::command]
pub(crate) async fn forget(shell: State<'_, Shell>, upload: String) -> Answer<()> {
    shell.ask(move |engine| engine.forget(&upload)).await
}

#[tauri::command]
pub(crate) async fn retry(shell: State<'_, Shell>, upload: String, code: String, ord: Option<u64>) -> Answer<()> {
    let code = reason(&code)?;
    shell.ask(move |engine| engine.retry(&upload, code, ord).map(|_| ())).await
}

#[tauri::command]
pub(crate) async fn decide_clash(shell: State<'_, Shell>, upload: String, how: String, ord: Option<u64>) -> Answer<()> {
    shell.ask(move |engine| engine.decide_clash(&upload, &how, ord).map(|_| ())).await
}

#[tauri::command]
pub(crate) async fn set_aside(shell: State<'_, Shell>, upload: String, code: String, ord: Option<u64>) -> Answer<()> {
    let code = reason(&code)?;
    shell.ask(move |engine| engine.set_aside(&upload, code, ord).map(|_| ())).await
}

#[tauri::command]
pub(crate) async fn troubles(shell: State<'_, Shell>, upload: String) -> Answer<Vec<TroubleGroup>> {
    shell.ask(move |engine| engine.troubles(&upload)).await
}

/// Asks where to, then writes the list; nothing when the person thought better of it.
#[tauri::command]
pub(crate) async fn export_troubles(window: WebviewWindow, shell: State<'_, Shell>, upload: String, code: String) -> Answer<()> {
    reason(&code)?;
    let shell = shell.inner().clone();
    aside(move || {
        let name = if code.is_empty() { "gantry.csv".to_owned() } else { format!("gantry-{}.csv", code.replace('_', "-")) };
        let chosen = dialog(&window, "dialog-export").set_file_name(name).blocking_save_file();
        let Some(path) = chosen.and_then(|one| one.into_path().ok()) else { return Ok(()) };
        Ok(shell.waking().engine()?.export_troubles(&upload, &code, &path)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn history(shell: State<'_, Shell>, find: String) -> Answer<Vec<HistoryRow>> {
    shell.ask(move |engine| engine.history(&find)).await
}

/// Writes the receipt where it is missing, and opens it or its folder (`folder`).
#[tauri::command]
pub(crate) async fn open_receipt(shell: State<'_, Shell>, upload: String, format: String) -> Answer<()> {
    let shell = shell.inner().clone();
    aside(move || {
        let engine = shell.waking().engine()?;
        let folder = format == "folder";
        let written = engine.receipt(&upload, if folder { "html" } else { &format })?;
        let shown = if folder { engine.receipt_folder(&upload) } else { written };
        opening::receipt(shell.home(), &shown)
    })
    .await
}

#[tauri::command]
pub(crate) async fn copy_command(shell: State<'_, Shell>, upload: String) -> Answer<String> {
    shell.ask(move |engine| engine.command(&upload)).await
}

/// The reason that a page means; empty means all. A word that is not known means none of them, and never all.
fn reason(word: &str) -> Answer<Option<Code>> {
    match (word, Code::from_word(word)) {
        ("", _) => Ok(None),
        (_, Some(code)) => Ok(Some(code)),
        (_, None) => Err(Trouble::from(Problem::new(Code::BadField, "reason").with("said", word))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_that_is_not_known_never_means_everything() {
        assert_eq!(reason(""), Ok(None));
        assert_eq!(reason("slow_down"), Ok(Some(Code::SlowDown)));
        assert_eq!(reason("anything").unwrap_err().code, "bad_field");
    }
}

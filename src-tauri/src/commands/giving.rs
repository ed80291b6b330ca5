//! What the page lets a person give: the system's dialogs, the clipboard, the samples. The page never names a path.

use crate::shell::{Answer, Shell, aside};
use crate::wire::Trouble;
use crate::{clipboard, giving};
use gantry_model::words::say;
use std::path::PathBuf;
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};

/// A dialog of the system that belongs to the window. `title` is an id of the words.
pub(super) fn dialog(window: &WebviewWindow, title: &str) -> FileDialogBuilder<tauri::Wry> {
    window.dialog().file().set_parent(window).set_title(say(title, &[]))
}

#[tauri::command]
pub(crate) async fn choose_files(window: WebviewWindow, shell: State<'_, Shell>) -> Answer<Option<String>> {
    let shell = shell.inner().clone();
    aside(move || take_chosen(&shell, dialog(&window, "dialog-files").blocking_pick_files())).await
}

#[tauri::command]
pub(crate) async fn choose_folder(window: WebviewWindow, shell: State<'_, Shell>) -> Answer<Option<String>> {
    let shell = shell.inner().clone();
    aside(move || take_chosen(&shell, dialog(&window, "dialog-folders").blocking_pick_folders())).await
}

/// Takes what was chosen; nothing was, when the person thought better of it.
fn take_chosen(shell: &Shell, chosen: Option<Vec<FilePath>>) -> Answer<Option<String>> {
    let paths: Vec<PathBuf> = chosen.into_iter().flatten().filter_map(|one| one.into_path().ok()).collect();
    if paths.is_empty() { Ok(None) } else { giving::take(shell, paths).map(Some) }
}

#[tauri::command]
pub(crate) async fn choose_folder_path(window: WebviewWindow) -> Answer<Option<String>> {
    aside(move || as_text(dialog(&window, "dialog-destination").blocking_pick_folder())).await
}

#[tauri::command]
pub(crate) async fn choose_path(window: WebviewWindow) -> Answer<Option<String>> {
    aside(move || as_text(dialog(&window, "dialog-file").blocking_pick_file())).await
}

/// A path for a field of a form, which holds text only.
fn as_text(chosen: Option<FilePath>) -> Answer<Option<String>> {
    let Some(path) = chosen.and_then(|one| one.into_path().ok()) else { return Ok(None) };
    path.into_os_string().into_string().map(Some).map_err(|_| Trouble::new("path_not_text"))
}

/// Asks for a table that lies elsewhere, and takes it beside the files of this upload; false when none was chosen.
#[tauri::command]
pub(crate) async fn choose_table(window: WebviewWindow, shell: State<'_, Shell>, upload: String) -> Answer<bool> {
    let shell = shell.inner().clone();
    aside(move || {
        let chosen = dialog(&window, "dialog-table").blocking_pick_file();
        let Some(path) = chosen.and_then(|one| one.into_path().ok()) else { return Ok(false) };
        shell.waking().engine()?.add_table(&upload, path)?;
        Ok(true)
    })
    .await
}

#[tauri::command]
pub(crate) async fn paste(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<String>> {
    let shell = shell.inner().clone();
    aside(move || giving::take(&shell, clipboard::files(&app)?).map(Some)).await
}

#[tauri::command]
pub(crate) async fn samples(app: AppHandle, shell: State<'_, Shell>) -> Answer<String> {
    let shell = shell.inner().clone();
    aside(move || giving::take(&shell, vec![giving::samples(&app)?])).await
}

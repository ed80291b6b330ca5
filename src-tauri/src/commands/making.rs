//! A manifest made from a folder: the page never names a path, folder and new file come through the system's dialogs.

use super::giving::dialog;
use crate::shell::{Answer, Shell, aside};
use crate::wire::{BenchFolder, BenchMade, BenchMaking};
use tauri::{State, WebviewWindow};

/// Asks for a folder to make a manifest from; nothing when the person thought better of it.
#[tauri::command]
pub(crate) async fn bench_folder(window: WebviewWindow, shell: State<'_, Shell>) -> Answer<Option<BenchFolder>> {
    let shell = shell.inner().clone();
    aside(move || {
        let picked = dialog(&window, "dialog-manifest-folder").blocking_pick_folder().and_then(|one| one.into_path().ok());
        let Some(path) = picked else { return Ok(None) };
        Ok(Some(shell.waking().engine()?.pick_bench_folder(&path)))
    })
    .await
}

/// Asks where to, makes the manifest and opens it; nothing when the person thought better of it, before or meanwhile.
#[tauri::command]
pub(crate) async fn bench_from_folder(
    window: WebviewWindow,
    shell: State<'_, Shell>,
    connection: String,
    prefix: String,
    form: String,
) -> Answer<Option<BenchMade>> {
    let shell = shell.inner().clone();
    aside(move || {
        let engine = shell.waking().engine()?;
        let folder = engine.picked_bench_folder().unwrap_or_default();
        let ending = match form.as_str() {
            "csv" => "csv",
            "urls" => "txt",
            _ => "json",
        };
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let asked = dialog(&window, "dialog-save").set_file_name(format!("{name}-{form}.{ending}"));
        let asked = match folder.parent() {
            Some(beside) => asked.set_directory(beside),
            None => asked,
        };
        let Some(to) = asked.blocking_save_file().and_then(|one| one.into_path().ok()) else { return Ok(None) };
        Ok(engine.bench_from_folder(&connection, &prefix, &form, to)?)
    })
    .await
}

/// How far the making is.
#[tauri::command]
pub(crate) async fn bench_making(shell: State<'_, Shell>) -> Answer<BenchMaking> {
    shell.ask(|engine| Ok(engine.bench_making())).await
}

/// Stops the making; no file is left behind.
#[tauri::command]
pub(crate) async fn bench_making_stop(shell: State<'_, Shell>) -> Answer<()> {
    let stop = |engine: &gantry_engine::Engine| {
        engine.stop_bench_making();
        Ok(())
    };
    shell.ask(stop).await
}

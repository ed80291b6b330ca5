//! Manifests: what lies open, a page at a time. The page never names a path: files come through the system's dialogs.

use super::giving::dialog;
use crate::giving;
use crate::shell::{Answer, Shell, aside};
use crate::wire::{BenchDetail, BenchDifferences, BenchDoor, BenchFilter, BenchPage, BenchTemplate, BenchView, Trouble};
use gantry_engine::Engine;
use gantry_model::manifest::Form;
use gantry_model::view::Register;
use gantry_model::{Code, Problem};
use std::path::PathBuf;
use tauri::ipc::Response;
use tauri::{State, WebviewWindow};

/// Endings of files that may be manifests.
const ENDINGS: &[&str] = &["json", "jsonl", "ndjson", "csv", "tsv", "txt"];

/// Asks for a manifest and opens it; nothing when the person thought better of it.
#[tauri::command]
pub(crate) async fn bench_choose(window: WebviewWindow, shell: State<'_, Shell>) -> Answer<Option<BenchDoor>> {
    let shell = shell.inner().clone();
    aside(move || {
        let Some(path) = chosen(&window, "dialog-manifest") else { return Ok(None) };
        Ok(Some(shell.waking().engine()?.open_bench(&path)))
    })
    .await
}

/// Opens what was refused, or reads anew what is open, as a person says.
#[tauri::command]
pub(crate) async fn bench_say(
    shell: State<'_, Shell>,
    bench: String,
    form: String,
    columns: Vec<(String, String)>,
) -> Answer<BenchDoor> {
    shell.ask(move |engine| engine.reopen_bench(&bench, Form::from_word(&form), &columns)).await
}

/// Reads the same file anew, as it was read before.
#[tauri::command]
pub(crate) async fn bench_again(shell: State<'_, Shell>, bench: String) -> Answer<()> {
    shell.ask(move |engine| engine.bench(&bench)?.again()).await
}

#[tauri::command]
pub(crate) async fn bench_close(shell: State<'_, Shell>, bench: String) -> Answer<()> {
    let close = move |engine: &Engine| {
        engine.close_bench(&bench);
        Ok(())
    };
    shell.ask(close).await
}

/// Takes the file itself into an upload, as any other file.
#[tauri::command]
pub(crate) async fn bench_upload(shell: State<'_, Shell>, bench: String) -> Answer<String> {
    let shell = shell.inner().clone();
    aside(move || {
        let path = shell.waking().engine()?.bench_path(&bench);
        let path = path.ok_or_else(|| Problem::new(Code::BadField, "bench").with("said", bench))?;
        giving::take(&shell, vec![path])
    })
    .await
}

/// Registers the rows of the file on disk: an upload of rows alone, followed and proven like every other.
#[tauri::command]
pub(crate) async fn bench_register(shell: State<'_, Shell>, bench: String, register: Register) -> Answer<String> {
    shell.ask(move |engine| engine.register_bench(&bench, register)).await
}

#[tauri::command]
pub(crate) async fn bench_view(shell: State<'_, Shell>, bench: String) -> Answer<BenchView> {
    shell.ask(move |engine| Ok(engine.bench(&bench)?.view())).await
}

#[tauri::command]
pub(crate) async fn bench_page(
    shell: State<'_, Shell>,
    bench: String,
    filter: BenchFilter,
    first: u64,
    count: u32,
) -> Answer<BenchPage> {
    shell.ask(move |engine| engine.bench(&bench)?.page(&filter, first, count)).await
}

#[tauri::command]
pub(crate) async fn bench_row(shell: State<'_, Shell>, bench: String, row: u64) -> Answer<BenchDetail> {
    shell.ask(move |engine| engine.bench(&bench)?.row_detail(row)).await
}

/// Shows pictures of rows, or asks for no more of them. `private` is the person's yes to private networks.
#[tauri::command]
pub(crate) async fn bench_pictures(shell: State<'_, Shell>, bench: String, on: bool, private: bool) -> Answer<()> {
    shell.ask(move |engine| engine.show_bench_pictures(&bench, on, private)).await
}

/// The bytes of a row's small picture, or as JSON why it has none.
#[tauri::command]
pub(crate) async fn bench_picture(shell: State<'_, Shell>, bench: String, row: u64, side: u32) -> Answer<Response> {
    match shell.ask(move |engine| engine.bench_picture(&bench, row, side)).await? {
        Ok(picture) => Ok(Response::new(picture)),
        Err(none) => serde_json::to_string(&none).map(Response::new).map_err(|error| Trouble::bug(&error)),
    }
}

#[tauri::command]
pub(crate) async fn bench_stop(shell: State<'_, Shell>, bench: String) -> Answer<()> {
    let stop = move |engine: &Engine| {
        engine.bench(&bench)?.stop();
        Ok(())
    };
    shell.ask(stop).await
}

/// Plans a repair, or gives it up again. Nothing is written.
#[tauri::command]
pub(crate) async fn bench_repair(shell: State<'_, Shell>, bench: String, about: String, planned: bool) -> Answer<()> {
    shell.ask(move |engine| engine.bench(&bench)?.repair(&about, planned)).await
}

/// Takes the rows of a group out, or gives that up again. Nothing is written.
#[tauri::command]
pub(crate) async fn bench_remove(shell: State<'_, Shell>, bench: String, about: String, planned: bool) -> Answer<()> {
    shell.ask(move |engine| engine.bench(&bench)?.remove(&about, planned)).await
}

/// Whether signatures can be made anew: the buckets of their addresses are connected, at least of some.
#[tauri::command]
pub(crate) async fn bench_can_sign(shell: State<'_, Shell>, bench: String, about: String) -> Answer<bool> {
    shell.ask(move |engine| engine.can_sign_bench(&bench, &about)).await
}

/// Plans that addresses are signed anew, for so many days. Nothing is written.
#[tauri::command]
pub(crate) async fn bench_sign(shell: State<'_, Shell>, bench: String, about: String, days: u32) -> Answer<()> {
    shell.ask(move |engine| engine.sign_bench(&bench, &about, days)).await
}

/// Asks a platform's workspace about the metadata of all rows.
#[tauri::command]
pub(crate) async fn bench_ask(shell: State<'_, Shell>, bench: String, connection: String) -> Answer<()> {
    shell.ask(move |engine| engine.ask_about_bench(&bench, &connection)).await
}

/// Asks where to, then saves all rows, or those that can be used. False when the person thought better of it.
#[tauri::command]
pub(crate) async fn bench_save(window: WebviewWindow, shell: State<'_, Shell>, bench: String, good: bool) -> Answer<bool> {
    let shell = shell.inner().clone();
    aside(move || {
        let engine = shell.waking().engine()?;
        let ending = ending_of(&engine, &bench)?;
        let Some(to) = target(&window, &engine, &bench, if good { "good" } else { "repaired" }, &ending) else {
            return Ok(false);
        };
        engine.bench(&bench)?.save(to, good)?;
        Ok(true)
    })
    .await
}

/// Asks where to, saves the rows as they will be, and registers those of the new file. Nothing when the person thought better
/// of it, or stopped the saving.
#[tauri::command]
pub(crate) async fn bench_save_and_register(
    window: WebviewWindow,
    shell: State<'_, Shell>,
    bench: String,
    register: Register,
) -> Answer<Option<String>> {
    let shell = shell.inner().clone();
    aside(move || {
        let engine = shell.waking().engine()?;
        let ending = ending_of(&engine, &bench)?;
        let Some(to) = target(&window, &engine, &bench, "repaired", &ending) else { return Ok(None) };
        Ok(engine.save_and_register_bench(&bench, to, register)?)
    })
    .await
}

/// Finds out what another form has no place for. Nothing is written.
#[tauri::command]
pub(crate) async fn bench_weigh(shell: State<'_, Shell>, bench: String, to: String) -> Answer<()> {
    shell.ask(move |engine| engine.bench(&bench)?.weigh(&to)).await
}

/// Asks where to, then writes the rows in another form. False when the person thought better of it.
#[tauri::command]
pub(crate) async fn bench_convert(window: WebviewWindow, shell: State<'_, Shell>, bench: String, to: String) -> Answer<bool> {
    let shell = shell.inner().clone();
    aside(move || {
        let engine = shell.waking().engine()?;
        let ending = match to.as_str() {
            "csv" => "csv",
            "urls" => "txt",
            _ => "json",
        };
        let Some(path) = target(&window, &engine, &bench, &to, ending) else { return Ok(false) };
        engine.bench(&bench)?.convert(&to, path)?;
        Ok(true)
    })
    .await
}

/// Asks where to, then saves which fields another form has no place for. False when the person thought better of it.
#[tauri::command]
pub(crate) async fn bench_save_left(window: WebviewWindow, shell: State<'_, Shell>, bench: String) -> Answer<bool> {
    let shell = shell.inner().clone();
    aside(move || {
        let engine = shell.waking().engine()?;
        let Some(path) = target(&window, &engine, &bench, "left-out", "csv") else { return Ok(false) };
        engine.bench(&bench)?.save_left(&path)?;
        Ok(true)
    })
    .await
}

/// Asks for another manifest and compares with it. False when the person thought better of it.
#[tauri::command]
pub(crate) async fn bench_compare(window: WebviewWindow, shell: State<'_, Shell>, bench: String) -> Answer<bool> {
    let shell = shell.inner().clone();
    aside(move || {
        let Some(path) = chosen(&window, "dialog-compare") else { return Ok(false) };
        shell.waking().engine()?.bench(&bench)?.compare(path)?;
        Ok(true)
    })
    .await
}

/// A stretch of the differences of one kind: `new`, `gone` or `changed`.
#[tauri::command]
pub(crate) async fn bench_differences(
    shell: State<'_, Shell>,
    bench: String,
    kind: String,
    first: u64,
    count: u32,
) -> Answer<BenchDifferences> {
    shell.ask(move |engine| Ok(engine.bench(&bench)?.differences(&kind, first, count))).await
}

/// The first ten assets of a template.
#[tauri::command]
pub(crate) async fn bench_preview(shell: State<'_, Shell>, bench: String, template: BenchTemplate) -> Answer<Vec<String>> {
    shell.ask(move |engine| engine.bench(&bench)?.preview(&template)).await
}

/// Asks where to, then writes the assets of a template. False when the person thought better of it.
#[tauri::command]
pub(crate) async fn bench_build(
    window: WebviewWindow,
    shell: State<'_, Shell>,
    bench: String,
    template: BenchTemplate,
) -> Answer<bool> {
    let shell = shell.inner().clone();
    aside(move || {
        let engine = shell.waking().engine()?;
        let Some(path) = target(&window, &engine, &bench, "assets", "json") else { return Ok(false) };
        engine.bench(&bench)?.build(&template, path)?;
        Ok(true)
    })
    .await
}

/// Looks whether objects are there: of so many rows, or of all (0). `private` is the person's yes to private networks.
#[tauri::command]
pub(crate) async fn bench_look_up(shell: State<'_, Shell>, bench: String, sample: u64, private: bool) -> Answer<()> {
    shell.ask(move |engine| engine.look_up_bench(&bench, sample, private)).await
}

/// Asks where to, then fills in width and height. False when the person thought better of it.
#[tauri::command]
pub(crate) async fn bench_measure(window: WebviewWindow, shell: State<'_, Shell>, bench: String, private: bool) -> Answer<bool> {
    let shell = shell.inner().clone();
    aside(move || {
        let engine = shell.waking().engine()?;
        let ending = engine.bench(&bench)?.measured_ending();
        let Some(path) = target(&window, &engine, &bench, "measured", &ending) else { return Ok(false) };
        engine.measure_bench(&bench, private, path)?;
        Ok(true)
    })
    .await
}

/// The ending of the file that is open.
fn ending_of(engine: &Engine, bench: &str) -> Result<String, Problem> {
    let open = engine.bench(bench)?.manifest();
    Ok(open.path.extension().map(|ext| ext.to_string_lossy().into_owned()).unwrap_or_else(|| "json".into()))
}

/// A manifest that a person picks.
fn chosen(window: &WebviewWindow, title: &str) -> Option<PathBuf> {
    let kinds = gantry_model::words::say("dialog-manifests", &[]);
    let all = gantry_model::words::say("dialog-all-files", &[]);
    let picked = dialog(window, title).add_filter(kinds, ENDINGS).add_filter(all, &["*"]).blocking_pick_file();
    picked.and_then(|one| one.into_path().ok())
}

/// Where a new file goes: beside the open one, with a word behind its name, unless the person says otherwise.
fn target(window: &WebviewWindow, engine: &Engine, bench: &str, word: &str, ending: &str) -> Option<PathBuf> {
    let open = engine.bench_path(bench)?;
    let stem = open.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let asked = dialog(window, "dialog-save").set_file_name(format!("{stem}-{word}.{ending}"));
    let asked = match open.parent() {
        Some(folder) => asked.set_directory(folder),
        None => asked,
    };
    asked.blocking_save_file().and_then(|one| one.into_path().ok())
}

/// A single file that may be a manifest.
pub(crate) fn may_be_manifest(paths: &[PathBuf]) -> Option<&PathBuf> {
    let [path] = paths else { return None };
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    (ENDINGS.contains(&ending.as_str()) && path.is_file()).then_some(path)
}

//! The one door for everything that a person gives: dropped, chosen, pasted, named at the start, named at a second start.
//! Nothing is read here: the engine writes down what was given and reads it by itself.

use crate::commands::bench::may_be_manifest;
use crate::shell::{Answer, Shell};
use crate::window;
use crate::wire::{DragEvent, DragKind};
use gantry_engine::home::Home;
use gantry_model::{Code, Incoming, Problem, show};
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Wry};

/// Takes paths into an upload of the data folder's default plan, and gives its id.
pub(crate) fn take(shell: &Shell, paths: Vec<PathBuf>) -> Answer<String> {
    if let Some(lost) = paths.iter().find(|path| path.symlink_metadata().is_err()) {
        let shown = show::path(lost.as_os_str().as_encoded_bytes());
        return Err(Problem::new(Code::SourceGone, "take").with("path", shown).into());
    }
    let engine = shell.waking().engine()?;
    let (plan, settings) = (engine.default_plan(), engine.settings());
    let incoming = Incoming { paths, include_hidden: plan.include_hidden, ..Incoming::default() };
    Ok(engine.take(incoming, plan, false, settings.at_once, settings.limit)?)
}

/// Takes what did not come through the page, and tells the page what became of it. May block.
pub(crate) fn from_outside(app: &AppHandle, shell: &Shell, paths: Vec<PathBuf>) {
    shell.tell(app, dropped(shell, paths));
}

fn dropped(shell: &Shell, paths: Vec<PathBuf>) -> DragEvent {
    // Pictures and links out of a browser come as addresses, which are no files of this computer.
    if !paths.iter().any(|path| path.is_absolute()) {
        return DragEvent::new(DragKind::Refused);
    }
    // A manifest goes to its own screen; there it can still be sent as a file.
    if let Some(path) = may_be_manifest(&paths)
        && let Some(door) = shell.waking().engine().ok().and_then(|engine| engine.recognise_bench(path))
    {
        return DragEvent { manifest: Some(door), ..DragEvent::new(DragKind::Drop) };
    }
    match take(shell, paths) {
        Ok(upload) => DragEvent { upload: Some(upload), ..DragEvent::new(DragKind::Drop) },
        Err(trouble) => DragEvent { trouble: Some(trouble), ..DragEvent::new(DragKind::Refused) },
    }
}

/// The paths that the program was started with.
pub(crate) fn of_arguments() -> Vec<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    paths_of(std::env::args_os().skip(1), &here)
}

/// A second start hands its paths over to the first and ends. Each data folder has a window of its own.
pub(crate) fn second_start(home: &Home) -> TauriPlugin<Wry> {
    let mut first = tauri_plugin_single_instance::Builder::new().callback(|app, arguments, here| {
        window::come_forward(app);
        let paths = paths_of(arguments.into_iter().skip(1).map(OsString::from), Path::new(&here));
        let (app, shell) = (app.clone(), app.state::<Shell>().inner().clone());
        if !paths.is_empty() {
            std::thread::spawn(move || from_outside(&app, &shell, paths));
        }
    });
    if std::env::var_os("GANTRY_HOME").is_some_and(|named| !named.is_empty()) {
        let mut digest = DefaultHasher::new();
        home.folder().hash(&mut digest);
        first = first.dbus_id(format!("dev.gantry.desktop.at{:016x}", digest.finish()));
    }
    first.build()
}

/// Arguments that are paths, made absolute. What begins with `-` is meant for a tool that started the program.
fn paths_of(arguments: impl Iterator<Item = OsString>, here: &Path) -> Vec<PathBuf> {
    arguments.filter(|one| !one.as_encoded_bytes().starts_with(b"-")).map(|one| here.join(one)).collect()
}

/// The folder of sample files that comes with the program.
pub(crate) fn samples(app: &AppHandle) -> Answer<PathBuf> {
    let bundled = app.path().resource_dir().map(|folder| folder.join("samples")).ok();
    let beside = cfg!(debug_assertions).then(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"));
    let found = bundled.into_iter().chain(beside).find(|folder| folder.is_dir());
    found.ok_or_else(|| Problem::new(Code::SourceGone, "samples").with("path", "samples").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_paths_seen_from_where_the_program_was_started() {
        let given = ["photos", "/a/b c", "--flag", "./-x", "ñ/日本"].map(OsString::from);
        let here = Path::new("/home/mara");
        let paths = paths_of(given.into_iter(), here);
        assert_eq!(paths, ["/home/mara/photos", "/a/b c", "/home/mara/./-x", "/home/mara/ñ/日本"].map(PathBuf::from));
    }

    #[test]
    fn what_was_dropped_and_is_not_there_is_refused_with_its_name() {
        let shell = Shell::new(Home::find(Some("/nowhere".into())));
        let refused = dropped(&shell, vec![PathBuf::from("/nowhere/caf\u{fffd}.jpg")]);
        assert_eq!(refused.kind, DragKind::Refused);
        let trouble = refused.trouble.unwrap();
        assert_eq!(trouble.code, "source_gone");
        assert_eq!(trouble.facts["path"], "/nowhere/caf\u{fffd}.jpg");
    }

    #[test]
    fn a_drop_without_files_is_refused_as_such() {
        let shell = Shell::new(Home::find(Some("/nowhere".into())));
        for paths in [vec![], vec![PathBuf::from("https://example.com/a.jpg")]] {
            assert_eq!(dropped(&shell, paths), DragEvent::new(DragKind::Refused));
        }
    }
}

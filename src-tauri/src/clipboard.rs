//! The system's clipboard: files that were copied elsewhere, and text that the page wants copied.
//! The page itself may not look at the clipboard.

use crate::shell::Answer;
use crate::wire::Trouble;
use std::path::PathBuf;
use tauri::AppHandle;

/// The files on the clipboard, in their order. None there is a trouble with words.
pub(crate) fn files(app: &AppHandle) -> Answer<Vec<PathBuf>> {
    let files = system::files(app)?;
    if files.is_empty() { Err(Trouble::new("no_files_in_clipboard")) } else { Ok(files) }
}

/// Puts text on the clipboard.
pub(crate) fn copy(app: &AppHandle, text: String) -> Answer<()> {
    system::copy(app, text)
}

#[cfg(target_os = "linux")]
mod system {
    use super::{Answer, AppHandle, PathBuf, Trouble};
    use gtk::gdk::SELECTION_CLIPBOARD;
    use gtk::{Clipboard, glib};
    use std::sync::mpsc;

    pub(super) fn files(app: &AppHandle) -> Answer<Vec<PathBuf>> {
        let uris = on_main_thread(app, || Clipboard::get(&SELECTION_CLIPBOARD).wait_for_uris())?;
        Ok(uris.iter().filter_map(|uri| glib::filename_from_uri(uri).ok()).map(|(path, _)| path).collect())
    }

    pub(super) fn copy(app: &AppHandle, text: String) -> Answer<()> {
        on_main_thread(app, move || {
            let clipboard = Clipboard::get(&SELECTION_CLIPBOARD);
            clipboard.set_text(&text);
            // Kept by the desktop when Gantry quits.
            clipboard.store();
        })
    }

    /// GTK may be spoken to from one thread only.
    fn on_main_thread<T: Send + 'static>(app: &AppHandle, work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
        let (give, take) = mpsc::channel();
        let sent = app.run_on_main_thread(move || drop(give.send(work())));
        sent.map_err(|error| Trouble::bug(&error))?;
        take.recv().map_err(|error| Trouble::bug(&error))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{Answer, AppHandle, PathBuf, Trouble};
    use arboard::{Clipboard, Error};

    pub(super) fn files(_app: &AppHandle) -> Answer<Vec<PathBuf>> {
        match Clipboard::new().and_then(|mut clipboard| clipboard.get().file_list()) {
            Ok(files) => Ok(files),
            Err(Error::ContentNotAvailable) => Ok(Vec::new()),
            Err(error) => Err(Trouble::bug(&error)),
        }
    }

    pub(super) fn copy(_app: &AppHandle, text: String) -> Answer<()> {
        Clipboard::new().and_then(|mut clipboard| clipboard.set_text(text)).map_err(|error| Trouble::bug(&error))
    }
}

//! Closing: the window is gone at once, what is in flight may finish, and everything is kept for the next start.

use crate::shell::Shell;
use std::time::Duration;
use tauri::{AppHandle, Manager};

/// Parts in flight get this long to finish.
pub(crate) const LAST_WAIT: Duration = Duration::from_secs(3);

/// Hides the window, lets the engine finish, and ends the program with 0.
pub(crate) fn leave(app: &AppHandle) {
    let shell = app.state::<Shell>().inner().clone();
    if !shell.leaves() {
        return;
    }
    crate::window::hide(app);
    let app = app.clone();
    std::thread::spawn(move || {
        // From now on a start is a new window, not a word to one that is on its way out.
        tauri_plugin_single_instance::destroy(&app);
        if let Some(engine) = shell.waking().opened() {
            engine.quit(LAST_WAIT);
        }
        shell.set_left();
        app.exit(0);
    });
}

//! The shell: the one window, and the wire between its page and the engine. It may say `tauri`, and may not think.
//! [`run`] is the order in which things come alive, top to bottom.

mod clipboard;
mod commands;
mod giving;
mod leaving;
mod opening;
mod shell;
mod stream;
mod waking;
mod window;
mod wire;

use gantry_engine::home::Home;
use shell::Shell;
use tauri::{App, AppHandle, Manager, RunEvent};

/// Opens the window and stays until it is closed.
pub fn run() {
    let home = Home::find(None);
    // Made here and closed to others, before the page's own storage makes it open. A failure is the engine's to tell.
    drop(home.create());
    let started = tauri::Builder::default()
        // First, so that a second start ends before anything else of it begins.
        .plugin(giving::second_start(&home))
        .plugin(window::remembered(&home))
        .plugin(tauri_plugin_dialog::init())
        .manage(Shell::new(home))
        .invoke_handler(commands::answer())
        .on_window_event(window::happened)
        .setup(|app| Ok(begin(app)?))
        .build(tauri::generate_context!());
    match started {
        Ok(app) => app.run(happened),
        Err(error) => {
            eprintln!("gantry: {error}");
            std::process::exit(1);
        }
    }
}

/// The engine opens on a thread of its own while the window appears; whoever needs it waits for it.
fn begin(app: &App) -> tauri::Result<()> {
    let handle = app.handle();
    waking::begin(handle, giving::of_arguments());
    window::open(handle)?;
    Ok(())
}

fn happened(app: &AppHandle, event: RunEvent) {
    // A quit that did not come through the window: the system's menu, or the end of the session.
    if let RunEvent::ExitRequested { code: None, api, .. } = event
        && !app.state::<Shell>().has_left()
    {
        api.prevent_exit();
        leaving::leave(app);
    }
}

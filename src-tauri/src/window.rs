//! The one window: how it is made, what it wears, where it may go (nowhere), and what is dragged onto it.
//! It is made in code, so that the page never decides anything about it.

use crate::giving;
use crate::leaving;
use crate::shell::Shell;
use crate::wire::{DragEvent, DragKind};
use gantry_engine::home::Home;
use std::path::PathBuf;
use tauri::plugin::TauriPlugin;
use tauri::webview::{Color, NewWindowResponse};
use tauri::{
    AppHandle, DragDropEvent, Manager, Theme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent, Wry,
};
use tauri_plugin_window_state::{AppHandleExt, StateFlags};

/// The label of the window, in the capability too.
const LABEL: &str = "main";
/// The page's background in light and dark, as in `ui/src/style/tokens.css`: no flash before the first paint.
const LIGHT: Color = Color(0xf2, 0xf5, 0xf7, 0xff);
const DARK: Color = Color(0x10, 0x15, 0x1a, 0xff);

/// What is remembered of the window.
fn kept() -> StateFlags {
    StateFlags::SIZE | StateFlags::MAXIMIZED
}

/// Remembers the window's size in the data folder.
pub(crate) fn remembered(home: &Home) -> TauriPlugin<Wry> {
    let file = home.folder().join("window.json").to_string_lossy().into_owned();
    tauri_plugin_window_state::Builder::default().with_state_flags(kept()).with_filename(file).build()
}

/// Makes the window and shows it.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let home = app.state::<Shell>().home().clone();
    let theme = chosen(&std::fs::read_to_string(theme_file(&home)).unwrap_or_default());
    let page = home.folder().join("page");
    let kept = std::fs::create_dir_all(&page).is_ok();
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Gantry")
        .inner_size(960.0, 640.0)
        .min_inner_size(720.0, 480.0)
        .theme(theme)
        .background_color(colour(theme.unwrap_or(Theme::Light)))
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    // Where nothing may be written the window opens all the same: it is what says so.
    let window = if kept { window.data_directory(page) } else { window.incognito(true) }.build()?;
    if theme.is_none() {
        window.set_background_color(Some(colour(window.theme().unwrap_or(Theme::Light))))?;
    }
    Ok(window)
}

/// What happens to the window.
pub(crate) fn happened(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            leaving::leave(app);
        }
        WindowEvent::ThemeChanged(theme) => drop(window.set_background_color(Some(colour(*theme)))),
        WindowEvent::DragDrop(event) => dragged(app, event),
        _ => {}
    }
}

fn dragged(app: &AppHandle, event: &DragDropEvent) {
    let shell = app.state::<Shell>().inner().clone();
    match event {
        DragDropEvent::Enter { paths, .. } => {
            shell.tell(app, DragEvent { count: Some(paths.len()), ..DragEvent::new(DragKind::Enter) });
        }
        DragDropEvent::Leave => shell.tell(app, DragEvent::new(DragKind::Leave)),
        DragDropEvent::Drop { paths, .. } => {
            let (app, paths) = (app.clone(), paths.clone());
            std::thread::spawn(move || giving::from_outside(&app, &shell, paths));
        }
        _ => {}
    }
}

/// Shows the window again, above the others: somebody started the program a second time.
pub(crate) fn come_forward(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // A window that does not want to come forward is there all the same.
        drop(window.unminimize());
        drop(window.show());
        drop(window.set_focus());
    }
}

/// Takes the window away at once. Its size is kept first: a hidden one may have none.
pub(crate) fn hide(app: &AppHandle) {
    drop(app.save_window_state(kept()));
    if let Some(window) = app.get_webview_window(LABEL) {
        drop(window.hide());
    }
}

/// Light, dark, or as the system; remembered for the first paint of the next start.
pub(crate) fn wear(app: &AppHandle, theme: &str) {
    app.set_theme(chosen(theme));
    let file = theme_file(app.state::<Shell>().home());
    if std::fs::read_to_string(&file).unwrap_or_default() != theme {
        // Not remembered: the next start shows the system's colours for a moment.
        drop(std::fs::write(file, theme));
    }
    if let Some(window) = app.get_webview_window(LABEL)
        && let Ok(theme) = window.theme()
    {
        drop(window.set_background_color(Some(colour(theme))));
    }
}

fn theme_file(home: &Home) -> PathBuf {
    home.folder().join("theme")
}

/// The theme of the settings; `None` follows the system.
fn chosen(word: &str) -> Option<Theme> {
    match word {
        "light" => Some(Theme::Light),
        "dark" => Some(Theme::Dark),
        _ => None,
    }
}

fn colour(theme: Theme) -> Color {
    if theme == Theme::Dark { DARK } else { LIGHT }
}

/// The program's own page: the only place that the window ever shows.
fn is_own_page(url: &Url) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows has no schemes of its own for pages.
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => false,
    };
    own && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_never_goes_anywhere_else() {
        let may = |text: &str| is_own_page(&text.parse().unwrap());
        assert!(may("tauri://localhost") && may("tauri://localhost/index.html"));
        for other in ["file:///etc/passwd", "https://example.com/", "tauri://evil/", "http://localhost:1420/", "data:text/html,x"]
        {
            assert!(!may(other), "{other} was let in");
        }
        assert!(!may("https://tauri.localhost.example.com/"));
    }

    #[test]
    fn the_background_is_that_of_the_page() {
        let css = include_str!("../../ui/src/style/tokens.css");
        for colour in [LIGHT, DARK] {
            let hex = format!("--bg: #{:02x}{:02x}{:02x};", colour.0, colour.1, colour.2);
            assert!(css.contains(&hex), "the page has no {hex}");
        }
    }

    #[test]
    fn only_two_words_choose_a_theme() {
        assert_eq!(
            [chosen("light"), chosen("dark"), chosen("system"), chosen("")],
            [Some(Theme::Light), Some(Theme::Dark), None, None]
        );
    }
}

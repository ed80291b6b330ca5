//! The program itself: its beginning, its settings, its end.

use crate::shell::{Answer, Shell, aside};
use crate::wire::{CopiesRoom, Hello, KeychainState, Picture, Settings};
use crate::{clipboard, leaving, opening, stream, waking, window};
use gantry_engine::check::FILE_RULES;
use gantry_engine::manifest::RULES as MANIFEST_RULES;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

#[tauri::command]
pub(crate) async fn hello(shell: State<'_, Shell>) -> Answer<Hello> {
    let shell = shell.inner().clone();
    aside(move || {
        let refused = shell.waking().refused();
        let engine = shell.waking().opened();
        Ok(Hello {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            system: std::env::consts::OS.to_owned(),
            home: shell.home().folder().to_string_lossy().into_owned(),
            keychain: engine.as_ref().map_or(KeychainState::Ready, |engine| engine.keychain_state()),
            kinds: gantry_destinations::kinds().to_vec(),
            settings: engine.map_or_else(Settings::default, |engine| engine.settings()),
            trouble: refused.as_ref().map(|refused| refused.word.clone()).unwrap_or_default(),
            trouble_detail: refused.map(|refused| refused.detail).unwrap_or_default(),
        })
    })
    .await
}

#[tauri::command]
pub(crate) fn subscribe(app: AppHandle, shell: State<'_, Shell>, on_pictures: Channel<Vec<Picture>>) {
    let number = shell.listens(&app);
    stream::begin(shell.inner().clone(), number, on_pictures);
}

#[tauri::command]
pub(crate) async fn repair(app: AppHandle, shell: State<'_, Shell>) -> Answer<()> {
    let shell = shell.inner().clone();
    aside(move || waking::repair(&app, &shell)).await
}

#[tauri::command]
pub(crate) fn quit(app: AppHandle) {
    leaving::leave(&app);
}

#[tauri::command]
pub(crate) async fn settings(app: AppHandle, shell: State<'_, Shell>, settings: Settings) -> Answer<Settings> {
    let kept = shell.ask(move |engine| engine.set_settings(&settings).map(|()| engine.settings())).await?;
    window::wear(&app, &kept.theme);
    Ok(kept)
}

/// What copies take on this computer, and what they may take.
#[tauri::command]
pub(crate) async fn copies(shell: State<'_, Shell>) -> Answer<CopiesRoom> {
    shell.ask(|engine| Ok(engine.copies())).await
}

#[tauri::command]
pub(crate) async fn open_link(url: String) -> Answer<()> {
    aside(move || {
        let kinds = || gantry_destinations::kinds().iter();
        let stores = kinds().flat_map(|kind| gantry_destinations::rules(kind.id));
        let rows = kinds().flat_map(|kind| [true, false].map(|own| gantry_destinations::row_rules(kind.id, own)));
        let rules = FILE_RULES.iter().chain(stores).chain(rows.flatten());
        let dialects = gantry_destinations::dialects();
        let of_manifests = dialects.iter().flat_map(|dialect| dialect.rules()).chain(MANIFEST_RULES).map(|rule| rule.source);
        opening::page(&url, rules.map(|rule| rule.source).chain(of_manifests).chain(opening::KEY_PAGES.iter().copied()))
    })
    .await
}

/// Opens the page of the dataset or project that an upload is registered in. The address is the journal's, not the page's.
#[tauri::command]
pub(crate) async fn open_container(shell: State<'_, Shell>, upload: String) -> Answer<()> {
    let link = shell.ask(move |engine| {
        if let Some(picture) = engine.picture(&upload) {
            return Ok(picture.link);
        }
        let rows = engine.history("")?;
        Ok(rows.into_iter().find(|row| row.picture.upload == upload).map(|row| row.picture.link).unwrap_or_default())
    });
    let link = link.await?;
    aside(move || opening::container(&link)).await
}

#[tauri::command]
pub(crate) async fn copy(app: AppHandle, text: String) -> Answer<()> {
    aside(move || clipboard::copy(&app, text)).await
}

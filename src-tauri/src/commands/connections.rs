//! Connections: their fields go to the journal, their secrets to the keychain. Secrets come in here and never go out.

use crate::shell::{Answer, Shell};
use crate::wire::{ConnectionForm, ConnectionRow, Container, NewContainer, PlatformView};
use gantry_model::{Connection, Secrets};
use tauri::State;

#[tauri::command]
pub(crate) async fn connections(shell: State<'_, Shell>) -> Answer<Vec<ConnectionRow>> {
    shell.ask(|engine| engine.connections()).await
}

#[tauri::command]
pub(crate) async fn add_connection(shell: State<'_, Shell>, form: ConnectionForm) -> Answer<()> {
    let until_quit = form.until_quit;
    let (connection, secrets) = typed(form);
    shell.ask(move |engine| engine.add_connection(connection, secrets, until_quit)).await
}

#[tauri::command]
pub(crate) async fn test_connection(shell: State<'_, Shell>, name: String) -> Answer<ConnectionRow> {
    shell.ask(move |engine| engine.test_connection(&name)).await
}

#[tauri::command]
pub(crate) async fn remove_connection(shell: State<'_, Shell>, name: String, force: bool) -> Answer<()> {
    shell.ask(move |engine| engine.remove_connection(&name, force)).await
}

/// What a platform says of a connection that is kept: whose key it is, and what rows can go to.
#[tauri::command]
pub(crate) async fn platform(shell: State<'_, Shell>, connection: String) -> Answer<PlatformView> {
    shell.ask(move |engine| engine.platform(&connection)).await
}

/// The same of a key that was typed, before anything is kept.
#[tauri::command]
pub(crate) async fn try_platform(shell: State<'_, Shell>, form: ConnectionForm) -> Answer<PlatformView> {
    let (connection, secrets) = typed(form);
    shell.ask(move |engine| engine.try_platform(&connection, &secrets)).await
}

#[tauri::command]
pub(crate) async fn create_container(shell: State<'_, Shell>, connection: String, new: NewContainer) -> Answer<Container> {
    shell.ask(move |engine| engine.create_container(&connection, &new)).await
}

fn typed(form: ConnectionForm) -> (Connection, Secrets) {
    (Connection { name: form.name, kind: form.kind, fields: form.fields }, Secrets(form.secrets))
}

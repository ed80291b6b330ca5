//! Connections: their fields go to the journal, their secrets to the keychain. Secrets come in here and never go out.

use crate::shell::{Answer, Shell};
use crate::wire::{ConnectionForm, ConnectionRow};
use gantry_model::{Connection, Secrets};
use tauri::State;

#[tauri::command]
pub(crate) async fn connections(shell: State<'_, Shell>) -> Answer<Vec<ConnectionRow>> {
    shell.ask(|engine| engine.connections()).await
}

#[tauri::command]
pub(crate) async fn add_connection(shell: State<'_, Shell>, form: ConnectionForm) -> Answer<()> {
    let connection = Connection { name: form.name, kind: form.kind, fields: form.fields };
    let (secrets, until_quit) = (Secrets(form.secrets), form.until_quit);
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

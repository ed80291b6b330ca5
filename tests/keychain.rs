//! The keychain of a real session: gnome-keyring on a bus of its own, unlocked, locked, without a collection, and no bus.

use std::path::Path;
use std::process::{Command, Output};

const PROBE: &str = env!("CARGO_BIN_EXE_keychain-probe");
const LOCK: &str = "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
    org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null";
const UNLOCK: &str = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null";

/// Runs a shell script on a session bus of its own, in a home of its own; `probe` is the probe.
fn session(home: &Path, script: &str) -> String {
    let script = format!("set -e; probe() {{ '{PROBE}' \"$@\"; }}; {script}");
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "bash", "-c", &script]);
    said(alone(&mut command, home).output().expect("dbus-run-session (Debian: dbus) is installed"))
}

fn alone<'a>(command: &'a mut Command, home: &Path) -> &'a mut Command {
    for unset in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL", "XDG_DATA_HOME"] {
        command.env_remove(unset);
    }
    command.env("HOME", home).env("XDG_RUNTIME_DIR", home).env("GANTRY_HOME", home.join("gantry"))
}

fn said(output: Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{errors}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).expect("the probe speaks UTF-8")
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
fn an_unlocked_keyring_keeps_a_secret_under_a_name_that_a_person_recognises() {
    let home = tempfile::tempdir().unwrap();
    let script = format!(
        "{UNLOCK}; probe state; printf hush | probe put my-bucket secret_access_key >/dev/null
         probe get my-bucket secret_access_key
         dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets/collection/login/1 \
            org.freedesktop.DBus.Properties.Get string:org.freedesktop.Secret.Item string:Label | grep -o '\"Gantry.*\"'
         printf other | probe put my-bucket secret_access_key >/dev/null; probe get my-bucket secret_access_key
         probe remove my-bucket; probe get my-bucket secret_access_key"
    );
    let told = session(home.path(), &script);
    assert_eq!(lines(&told), ["Ready", "hush", "\"Gantry: my-bucket\"", "other", "removed", "nothing"]);
}

#[test]
fn a_large_secret_survives_and_is_on_disk_only_sealed() {
    let home = tempfile::tempdir().unwrap();
    let large = "swordfish-".repeat(2_000);
    let script = format!(
        "{UNLOCK}; printf '%s' '{large}' | probe put big session_token >/dev/null; probe get big session_token
         grep -rl swordfish \"$GANTRY_HOME\" || echo sealed; ls \"$GANTRY_HOME/sealed\""
    );
    assert_eq!(lines(&session(home.path(), &script)), [large.as_str(), "sealed", "big"]);
}

#[test]
fn a_locked_keyring_is_said_to_be_locked() {
    let home = tempfile::tempdir().unwrap();
    let script = format!(
        "{UNLOCK}; printf hush | probe put a secret_access_key >/dev/null; {LOCK}
         probe state; probe get a secret_access_key; printf x | probe put b secret_access_key"
    );
    assert_eq!(lines(&session(home.path(), &script)), ["Locked", "keychain_locked", "keychain_locked"]);
}

#[test]
fn a_keyring_without_a_collection_is_no_place_for_a_secret() {
    let home = tempfile::tempdir().unwrap();
    let script = "gnome-keyring-daemon --start --components=secrets >/dev/null
         probe state; printf x | probe put a secret_access_key";
    assert_eq!(lines(&session(home.path(), script)), ["Absent", "keychain_absent"]);
}

#[test]
fn without_a_bus_there_is_no_keychain() {
    let home = tempfile::tempdir().unwrap();
    for (words, expected) in [(&["state"][..], "Absent\n"), (&["get", "a", "secret_access_key"], "keychain_absent\n")] {
        let output = alone(Command::new(PROBE).args(words), home.path()).output().unwrap();
        assert_eq!(said(output), expected);
    }
}

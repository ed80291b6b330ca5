//! Starts Gantry.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    gantry_shell::run();
}

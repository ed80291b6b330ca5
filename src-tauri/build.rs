//! Builds the shell's context: the configuration, the capability of the one window and the permission it is made of.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=src-tauri/permissions");
    if !Path::new("ui/dist/index.html").exists() {
        println!("cargo::error=the window's page is not built yet: run `npm ci` and `npm run build` in ui/");
        return;
    }
    let own = tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/*.toml");
    let attributes =
        tauri_build::Attributes::new().app_manifest(own).capabilities_path_pattern("src-tauri/capabilities/**/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}

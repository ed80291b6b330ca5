//! What the page may ask. Each command reads a wire value, calls the engine, gives a wire value.
//! The permission in `src-tauri/permissions/window.toml` names the same commands; a test compares the two.

pub(crate) mod bench;
mod connections;
mod giving;
mod making;
mod program;
mod uploads;

use tauri::Wry;
use tauri::ipc::Invoke;

macro_rules! commands {
    ($($room:ident: $($name:ident),* $(,)?;)*) => {
        /// Answers the page.
        pub(crate) fn answer() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($($room::$name),*),*]
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$($(stringify!($name)),*),*];
    };
}

commands! {
    program: hello, subscribe, repair, quit, settings, copies, open_link, open_container, copy;
    giving: choose_files, choose_folder, choose_folder_path, choose_path, choose_table, paste, samples;
    uploads: review, plan, items, item, folders, table_lines, thumbnail, approve, pause, go_on, stop, cancel, forget, retry,
        decide_clash, set_aside, troubles, export_troubles, history, open_receipt, copy_command;
    connections: connections, add_connection, test_connection, remove_connection, platform, try_platform, create_container;
    bench: bench_choose, bench_say, bench_again, bench_close, bench_upload, bench_register, bench_view, bench_page, bench_row, bench_pictures,
        bench_picture, bench_stop, bench_repair, bench_remove, bench_save, bench_save_and_register, bench_weigh, bench_convert, bench_compare,
        bench_differences, bench_preview, bench_build, bench_look_up, bench_measure, bench_can_sign, bench_sign, bench_ask, bench_save_left;
    making: bench_folder, bench_from_folder, bench_making, bench_making_stop;
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn every_command_is_permitted_and_nothing_else_is() {
        let permission = include_str!("../permissions/window.toml");
        let (_, list) = permission.split_once("commands.allow = [").unwrap();
        let mut permitted: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
        let mut there = NAMES.to_vec();
        permitted.sort_unstable();
        there.sort_unstable();
        assert_eq!(permitted, there);
    }
}

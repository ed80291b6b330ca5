//! The page's types are the shell's types, and what crosses keeps its secrets.

use super::*;
use gantry_model::connection::{Field, Kind};
use gantry_model::table::TableUse;
use gantry_model::view::{
    Account, BenchChange, BenchCheck, BenchColumn, BenchCompared, BenchDifference, BenchDone, BenchFinding, BenchGroup,
    BenchLine, BenchLooked, BenchNoPicture, BenchPictures, BenchPlace, BenchRow, BenchTrouble, BenchWork, Column, CopiesRoom,
    Difference, FindingGroup, FindingLine, Fixed, Grouping, Hold, ItemRow, ManifestPlan, Phase, Register, SecretPlace, Table,
    TableLine, TableWish,
};
use gantry_model::{Algorithm, Code, Fix, Format, Integration, MediaKind, Severity, Shape, State, Target, Who};
use std::path::Path;
use ts_rs::Config;

macro_rules! declared {
    ($($name:ident),* $(,)?) => {{
        let cfg = Config::new();
        [$(laid_out(&format!("export {}", <$name as TS>::decl(&cfg)))),*].join("\n\n")
    }};
}

fn typescript() -> String {
    let types = [of_uploads(), of_places(), of_manifests()].join("\n\n");
    format!(
        "// What crosses between the window and the program. Generated: GANTRY_RENEW=1 cargo test -p gantry wire\n\n{types}\n"
    )
}

fn of_uploads() -> String {
    declared![
        Severity,
        Fix,
        State,
        MediaKind,
        Format,
        Algorithm,
        Account,
        Phase,
        Hold,
        Picture,
        Filter,
        ItemRow,
        ItemPage,
        FindingLine,
        ItemDetail,
        FindingGroup,
        FolderRow,
        TroubleGroup,
        HistoryRow,
    ]
}

fn of_places() -> String {
    declared![
        SecretPlace,
        ConnectionRow,
        Who,
        Shape,
        Container,
        NewContainer,
        Integration,
        PlatformView,
        Settings,
        KeychainState,
        Field,
        Kind,
        Hello,
        Target,
        Grouping,
        Register,
        TableUse,
        TableWish,
        ManifestPlan,
        Plan,
        Difference,
        Column,
        Table,
        TableLine,
        LinePage,
        Fixed,
        CopiesRoom,
        Review,
        Trouble,
        DragKind,
        DragEvent,
        ConnectionForm,
    ]
}

fn of_manifests() -> String {
    declared![
        BenchTrouble,
        BenchLine,
        BenchColumn,
        BenchDoor,
        BenchWork,
        BenchCheck,
        BenchPlace,
        BenchChange,
        BenchGroup,
        BenchCompared,
        BenchLooked,
        BenchDone,
        BenchPictures,
        BenchView,
        BenchFilter,
        BenchRow,
        BenchPage,
        BenchNoPicture,
        BenchFinding,
        BenchDetail,
        BenchDifference,
        BenchDifferences,
        BenchTemplate,
        BenchFolder,
        BenchMaking,
        BenchMade,
    ]
}

/// One comment or one run of fields a line, as people write it.
fn laid_out(declared: &str) -> String {
    let (mut lines, mut told) = (Vec::new(), Vec::new());
    for line in declared.lines().map(str::trim) {
        match line {
            "/**" => told.clear(),
            "*/" => lines.push(format!("  /** {} */", told.join(" "))),
            _ if line.starts_with("* ") => told.push(&line[2..]),
            _ if lines.is_empty() => lines.push(line.to_owned()),
            _ => lines.push(format!("  {line}")),
        }
    }
    lines.join("\n").replace(", };", ",\n};")
}

#[test]
fn the_types_of_the_page_are_those_of_the_shell() {
    // Where checkouts share what was built, this test may have been built in another one.
    let top = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").into());
    let path = Path::new(&top).join("ui/src/bridge/wire.ts");
    let made = typescript();
    if std::env::var_os("GANTRY_RENEW").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "ui/src/bridge/wire.ts is not what the shell speaks: GANTRY_RENEW=1 cargo test -p gantry wire");
}

#[test]
fn a_form_keeps_its_secrets_to_itself_and_leaves_out_the_empty_ones() {
    let text = r#"{"name":"b","kind":"s3","fields":{"bucket":"x"},"secrets":{"secret_access_key":"hush","session_token":""},"untilQuit":true}"#;
    let form: ConnectionForm = serde_json::from_str(text).unwrap();
    assert!(form.until_quit);
    assert_eq!(form.secrets.keys().collect::<Vec<_>>(), ["secret_access_key"]);
    assert!(!format!("{form:?}").contains("hush"));
}

#[test]
fn a_problem_crosses_with_its_word_and_its_facts() {
    let trouble = Trouble::from(Problem::new(Code::WrongRegion, "put").with("region", "eu-west-1"));
    let wire = serde_json::to_value(&trouble).unwrap();
    assert_eq!(wire, serde_json::json!({"code": "wrong_region", "facts": {"region": "eu-west-1"}}));
}

#[test]
fn a_drag_says_only_what_is_known() {
    let wire = serde_json::to_value(DragEvent { count: Some(2), ..DragEvent::new(DragKind::Enter) }).unwrap();
    assert_eq!(wire, serde_json::json!({"kind": "enter", "count": 2}));
}

#[test]
fn every_trouble_of_the_shell_has_words() {
    for code in ["journal-closed", "no-files-in-clipboard", "cannot-open", "path-not-text"] {
        for part in ["title", "body", "action"] {
            let id = format!("problem-{code}.{part}");
            assert!(gantry_model::words::try_say(&id, &[]).is_some(), "no words for {id}");
        }
    }
}

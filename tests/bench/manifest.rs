//! A large manifest, and a program that does nothing but read it with serde_json into a typed struct.

use crate::Failure;
use serde::Deserialize;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A row as a program would type it.
#[derive(Deserialize)]
#[expect(dead_code, reason = "reading it is what is measured")]
struct Row {
    row_data: String,
    global_key: String,
    media_type: Option<String>,
    metadata_fields: Vec<Field>,
    attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading it is what is measured")]
struct Field {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading it is what is measured")]
struct Attachment {
    r#type: String,
    value: String,
}

/// Rows as in Labelbox's own sample, each with a name of its own.
pub(super) fn write(rows: usize) -> Result<(TempDir, PathBuf), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("manifest.json");
    let mut to = BufWriter::new(File::create(&path)?);
    to.write_all(b"[")?;
    for row in 0..rows {
        let comma = if row > 0 { "," } else { "" };
        write!(
            to,
            "{comma}\n  {{\n    \"row_data\": \"https://lb-test-data.s3.us-west-1.amazonaws.com/image-samples/sample-image-{row}.jpg\",\n    \
             \"global_key\": \"image-samples/sample-image-{row}.jpg\",\n    \"media_type\": \"IMAGE\",\n    \
             \"metadata_fields\": [{{\"name\": \"tag\", \"value\": \"tag_string\"}}],\n    \
             \"attachments\": [{{\"type\": \"IMAGE_OVERLAY\", \"value\": \"https://storage.googleapis.com/labelbox-sample-datasets/Docs/rgb.jpg\"}}]\n  }}"
        )?;
    }
    to.write_all(b"\n]\n")?;
    to.into_inner()?.sync_all()?;
    Ok((folder, path))
}

/// This program once more, reading only.
pub(super) fn alone(path: &Path) -> Result<Command, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("read-manifest").arg(path);
    Ok(command)
}

/// gantryctl, checking.
pub(super) fn checked(program: &Path, path: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["manifest", "check", "--json"]).arg(path).env("GANTRY_HOME", home);
    command
}

/// Reads a manifest the fastest way that serde_json has: all of it in memory first.
pub(super) fn read(args: &[String]) -> Result<(), Failure> {
    let path = args.first().ok_or("read-manifest needs a path")?;
    let bytes = std::fs::read(path)?;
    let rows: Vec<Row> = serde_json::from_slice(&bytes)?;
    println!("{}", rows.len());
    Ok(())
}

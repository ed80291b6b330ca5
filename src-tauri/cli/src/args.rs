//! What can be typed: commands, their options, and the bounds of each. Help texts and examples, which also say what
//! each field is, are in the words.
//! What is wrong here is known before anything is opened or read.

mod manifest;
mod measure;
mod target;

pub use manifest::{
    BuildManifest, CheckManifest, CompareManifests, ConvertManifest, LookingAt, ManifestCommand, ManifestOnly, Manifests,
    MeasureManifest, Opening, RepairManifest, Submit,
};
pub use measure::{Duration, Rate, Sample};
pub use target::{Assignment, Mapping, Target};

use clap::{Args, Parser, Subcommand, ValueEnum};
use gantry_model::view::Grouping;
use gantry_model::words::say;
use gantry_model::{Code, Fix, State};
use std::path::PathBuf;

fn word(id: &str) -> String {
    say(&format!("console-{id}"), &[])
}

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "gantryctl", version, about = word("about"), after_help = word("examples"), max_term_width = 100)]
#[command(disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Cli {
    #[arg(long, global = true, value_name = "DIR", help = word("arg-home"))]
    pub home: Option<PathBuf>,
    #[arg(long, global = true, help = word("arg-json"))]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Looks at files and says what is wrong with them.
    #[command(about = word("check"), long_about = None, after_help = word("check-examples"))]
    Check(Check),
    /// Uploads.
    #[command(about = word("send"), long_about = None, after_help = word("send-examples"))]
    Send(Box<Send>),
    /// Registers the rows of a manifest.
    #[command(about = word("submit"), long_about = None, after_help = word("submit-examples"))]
    Submit(Box<Submit>),
    /// Goes on.
    #[command(about = word("resume"), long_about = None, after_help = word("resume-examples"))]
    Resume(Resume),
    /// Tries again what needs the person.
    #[command(about = word("retry"), long_about = None, after_help = word("retry-examples"))]
    Retry(Retry),
    /// Leaves what is open.
    #[command(about = word("set-aside"), long_about = None, after_help = word("set-aside-examples"))]
    SetAside(SetAside),
    /// Ends an upload for good.
    #[command(about = word("cancel"), long_about = None, after_help = word("cancel-examples"))]
    Cancel(OneUpload),
    /// Lists uploads.
    #[command(about = word("uploads"), long_about = None, after_help = word("uploads-examples"))]
    Uploads,
    /// Lists the files of an upload.
    #[command(about = word("show"), long_about = None, after_help = word("show-examples"))]
    Show(Show),
    /// Prints the receipt.
    #[command(about = word("receipt"), long_about = None, after_help = word("receipt-examples"))]
    Receipt(Receipt),
    /// Lists the datasets or projects of a platform, or makes one.
    #[command(about = word("datasets"), long_about = None, after_help = word("datasets-examples"))]
    Datasets(Datasets),
    /// Lists a platform's accesses to buckets.
    #[command(about = word("integrations"), long_about = None, after_help = word("integrations-examples"))]
    Integrations(OneConnection),
    /// Lists, adds, tests and removes connections.
    #[command(about = word("connections"), long_about = None, after_help = word("connections-examples"))]
    Connections(Connections),
    /// Looks at manifests and makes new ones of them.
    #[command(about = word("manifest"), long_about = None, after_help = word("manifest-examples"))]
    Manifest(Manifests),
}

/// Which files to take.
#[derive(Debug, Args)]
pub struct Taking {
    #[arg(required = true, value_name = "PATH", help = word("arg-path"))]
    pub paths: Vec<PathBuf>,
    #[arg(long, help = word("arg-contents"))]
    pub contents: bool,
    #[arg(long, value_name = "GLOB", value_parser = target::glob, help = word("arg-include"))]
    pub include: Vec<String>,
    #[arg(long, value_name = "GLOB", value_parser = target::glob, help = word("arg-exclude"))]
    pub exclude: Vec<String>,
    #[arg(long, help = word("arg-include-hidden"))]
    pub include_hidden: bool,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub taking: Taking,
    #[arg(long = "for", value_name = "CONNECTION", help = word("arg-for"))]
    pub destination: Option<String>,
}

/// `send`.
#[derive(Debug, Args)]
pub struct Send {
    #[command(flatten)]
    pub taking: Taking,
    #[arg(long, value_name = "CONNECTION[/PREFIX]", help = word("arg-to"))]
    pub to: Target,
    #[arg(long, help = word("arg-yes"))]
    pub yes: bool,
    #[arg(long, help = word("arg-dry-run"))]
    pub dry_run: bool,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help = word("arg-every"))]
    pub every: Option<u32>,
    #[arg(long, value_name = "TEMPLATE", help = word("arg-names"))]
    pub names: Option<String>,
    #[arg(long, value_name = "WHAT", default_value = "keep", help = word("arg-on-clash"))]
    pub on_clash: OnClash,
    #[command(flatten)]
    pub fixing: Fixing,
    #[command(flatten)]
    pub registering: Registering,
    #[command(flatten)]
    pub bounds: Bounds,
    #[command(flatten)]
    pub patience: Patience,
}

/// What is done to copies, and what may go as it is.
#[derive(Debug, Args)]
pub struct Fixing {
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = target::fix, help = word("arg-fix"))]
    pub fix: Vec<Fix>,
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = target::confirmable, help = word("arg-confirm"))]
    pub confirm: Vec<String>,
}

/// Where and how rows are registered.
#[derive(Debug, Args)]
pub struct Registering {
    #[arg(long, value_name = "CONNECTION/TARGET", help = word("arg-register"))]
    pub register: Option<Target>,
    #[arg(long, value_name = "ID", help = word("arg-integration"))]
    pub integration: Option<String>,
    #[arg(long, value_name = "ID", help = word("arg-batch"))]
    pub batch: Option<String>,
    #[arg(long, value_name = "HOW", default_value = "file", help = word("arg-group"))]
    pub group: Group,
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=7), help = word("arg-presign"))]
    pub presign: Option<u32>,
    #[arg(long, value_name = "NAME=VALUE", help = word("arg-meta"))]
    pub meta: Vec<Assignment>,
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 0, help = word("arg-priority"))]
    pub priority: i32,
    #[command(flatten)]
    pub telling: Telling,
    #[command(flatten)]
    pub manifest: ManifestOnly,
}

/// Tables that tell something about the files.
#[derive(Debug, Args)]
pub struct Telling {
    #[arg(long, value_name = "FILE", help = word("arg-table"))]
    pub table: Vec<PathBuf>,
    #[arg(long, conflicts_with = "table", help = word("arg-no-tables"))]
    pub no_tables: bool,
    #[arg(long, value_name = "COLUMN=WHERE", conflicts_with = "no_tables", help = word("arg-map"))]
    pub map: Vec<Mapping>,
}

/// How the files of a row are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Group {
    File,
    Folder,
    Number,
    Sensors,
}

impl Group {
    /// The word of the plan.
    pub fn grouping(self) -> Grouping {
        match self {
            Self::File => Grouping::File,
            Self::Folder => Grouping::Folder,
            Self::Number => Grouping::Number,
            Self::Sensors => Grouping::Sensors,
        }
    }
}

/// `datasets`.
#[derive(Debug, Args)]
pub struct Datasets {
    #[arg(value_name = "CONNECTION", help = word("arg-connection"))]
    pub name: String,
    #[arg(long, value_name = "NAME", help = word("arg-create"))]
    pub create: Option<String>,
    #[arg(long, value_name = "OWNER", requires = "create", help = word("arg-owner"))]
    pub owner: Option<String>,
    #[arg(long = "type", value_name = "TYPE", requires = "create", help = word("arg-type"))]
    pub kind: Option<String>,
    #[arg(long, value_name = "ID", requires = "create", help = word("arg-integration"))]
    pub integration: Option<String>,
}

/// How fast at most.
#[derive(Debug, Args)]
pub struct Bounds {
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256), help = word("arg-at-once"))]
    pub at_once: Option<u32>,
    #[arg(long, value_name = "RATE", help = word("arg-limit"))]
    pub limit: Option<Rate>,
}

/// How long to wait for what goes on by itself.
#[derive(Clone, Copy, Debug, Args)]
pub struct Patience {
    #[arg(long, value_name = "DURATION", help = word("arg-wait"))]
    pub wait: Option<Duration>,
}

/// What to do where other content is there under the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnClash {
    Keep,
    Replace,
    NewName,
}

impl OnClash {
    /// The word of the plan.
    pub fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Replace => "replace",
            Self::NewName => "new-name",
        }
    }
}

/// `resume`.
#[derive(Debug, Args)]
pub struct Resume {
    #[arg(value_name = "UPLOAD", help = word("arg-upload-or-all"))]
    pub upload: Option<String>,
    #[command(flatten)]
    pub patience: Patience,
}

/// `retry`.
#[derive(Debug, Args)]
pub struct Retry {
    #[arg(value_name = "UPLOAD", help = word("arg-upload"))]
    pub upload: String,
    #[arg(long, value_enum, value_name = "WAY", help = word("arg-decide-clash"))]
    pub on_clash: Option<Decided>,
    #[command(flatten)]
    pub patience: Patience,
}

/// What becomes of other content under a file's name, decided afterwards.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Decided {
    Replace,
    NewName,
}

/// `set-aside`.
#[derive(Debug, Args)]
pub struct SetAside {
    #[arg(value_name = "UPLOAD", help = word("arg-upload"))]
    pub upload: String,
    #[arg(long, value_name = "CODE", value_parser = target::code, help = word("arg-reason"))]
    pub reason: Option<Code>,
}

/// A command about one upload.
#[derive(Debug, Args)]
pub struct OneUpload {
    #[arg(value_name = "UPLOAD", help = word("arg-upload"))]
    pub upload: String,
}

/// `show`.
#[derive(Debug, Args)]
pub struct Show {
    #[arg(value_name = "UPLOAD", help = word("arg-upload"))]
    pub upload: String,
    #[arg(long, value_name = "STATE", value_parser = target::state, help = word("arg-state"))]
    pub state: Option<State>,
}

/// `receipt`.
#[derive(Debug, Args)]
pub struct Receipt {
    #[arg(value_name = "UPLOAD", help = word("arg-upload"))]
    pub upload: String,
    #[arg(long, value_name = "FORMAT", default_value = "json", help = word("arg-format"))]
    pub format: Format,
}

/// Forms of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Json,
    Csv,
    Html,
}

impl Format {
    /// The engine's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }
}

/// `connections`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Connections {
    #[command(subcommand)]
    pub command: Option<ConnectionCommand>,
}

/// What can be done with connections.
#[derive(Debug, Subcommand)]
pub enum ConnectionCommand {
    /// Adds one, or replaces the one of that name.
    #[command(about = word("connections-add"), long_about = None, after_help = word("connections-add-examples"))]
    Add(AddConnection),
    /// Tries one.
    #[command(about = word("connections-test"), long_about = None, after_help = word("connections-test-examples"))]
    Test(OneConnection),
    /// Removes one.
    #[command(about = word("connections-remove"), long_about = None, after_help = word("connections-remove-examples"))]
    Remove(RemoveConnection),
}

/// `connections add`.
#[derive(Debug, Args)]
pub struct AddConnection {
    #[arg(value_name = "KIND", help = word("arg-kind"))]
    pub kind: String,
    #[arg(long, value_name = "NAME", value_parser = target::name, help = word("arg-name"))]
    pub name: String,
    #[arg(long, value_name = "FIELD=VALUE", help = word("arg-set"))]
    pub set: Vec<Assignment>,
    #[arg(long, value_name = "FIELD", help = word("arg-secret"))]
    pub secret: Vec<String>,
}

/// A command about one connection.
#[derive(Debug, Args)]
pub struct OneConnection {
    #[arg(value_name = "NAME", help = word("arg-connection"))]
    pub name: String,
}

/// `connections remove`.
#[derive(Debug, Args)]
pub struct RemoveConnection {
    #[arg(value_name = "NAME", help = word("arg-connection"))]
    pub name: String,
    #[arg(long, help = word("arg-force"))]
    pub force: bool,
}

#[cfg(test)]
mod tests;

//! What can be typed about manifests.

use super::{Assignment, Duration, Patience, Sample, Target, word};
use clap::{Args, Subcommand, ValueEnum};
use gantry_model::manifest;
use std::path::PathBuf;

/// `manifest`.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct Manifests {
    #[command(subcommand)]
    pub command: ManifestCommand,
}

/// What can be done with manifests.
#[derive(Debug, Subcommand)]
pub enum ManifestCommand {
    /// Says what is wrong with one, to the line.
    #[command(about = word("manifest-check"), long_about = None, after_help = word("manifest-check-examples"))]
    Check(CheckManifest),
    /// Fills in width and height.
    #[command(about = word("manifest-measure"), long_about = None, after_help = word("manifest-measure-examples"))]
    Measure(Box<MeasureManifest>),
    /// Writes a mended one.
    #[command(about = word("manifest-repair"), long_about = None, after_help = word("manifest-repair-examples"))]
    Repair(RepairManifest),
    /// Writes it in another form.
    #[command(about = word("manifest-convert"), long_about = None, after_help = word("manifest-convert-examples"))]
    Convert(ConvertManifest),
    /// Says what two have in common.
    #[command(about = word("manifest-compare"), long_about = None, after_help = word("manifest-compare-examples"))]
    Compare(CompareManifests),
    /// Makes assets of a table and a template.
    #[command(about = word("manifest-build"), long_about = None, after_help = word("manifest-build-examples"))]
    Build(Box<BuildManifest>),
}

/// Whose words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    Labelbox,
    Ango,
    Segments,
    Urls,
}

impl Form {
    /// The form itself.
    pub fn form(self) -> manifest::Form {
        match self {
            Self::Labelbox => manifest::Form::Labelbox,
            Self::Ango => manifest::Form::Ango,
            Self::Segments => manifest::Form::Segments,
            Self::Urls => manifest::Form::Urls,
        }
    }
}

/// What a manifest can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NewForm {
    Labelbox,
    Ango,
    Segments,
    Urls,
    Csv,
}

impl NewForm {
    /// The form; none for a table of our own columns.
    pub fn form(self) -> Option<manifest::Form> {
        match self {
            Self::Labelbox => Some(manifest::Form::Labelbox),
            Self::Ango => Some(manifest::Form::Ango),
            Self::Segments => Some(manifest::Form::Segments),
            Self::Urls => Some(manifest::Form::Urls),
            Self::Csv => None,
        }
    }
}

/// Which manifest, and what a person knows about it.
#[derive(Debug, Args)]
pub struct Opening {
    #[arg(value_name = "FILE", help = word("arg-manifest"))]
    pub file: PathBuf,
    #[arg(long = "as", value_name = "FORM", help = word("arg-as"))]
    pub form: Option<Form>,
    #[arg(long, value_name = "COLUMN=FIELD", help = word("arg-map-manifest"))]
    pub map: Vec<Assignment>,
}

/// `manifest check`.
#[derive(Debug, Args)]
pub struct CheckManifest {
    #[command(flatten)]
    pub opening: Opening,
    #[arg(long, help = word("arg-all-places"))]
    pub all: bool,
    #[arg(long = "for", value_name = "CONNECTION[/TARGET]", help = word("arg-metadata-for"))]
    pub platform: Option<Target>,
    #[arg(long, value_name = "HOW MANY", num_args = 0..=1, default_missing_value = "200", help = word("arg-objects"))]
    pub objects: Option<Sample>,
    #[command(flatten)]
    pub looking: LookingAt,
}

/// How objects are looked at.
#[derive(Debug, Args)]
pub struct LookingAt {
    #[arg(long, help = word("arg-allow-private"))]
    pub allow_private: bool,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256), help = word("arg-look-at-once"))]
    pub at_once: Option<u32>,
    #[arg(long, value_name = "N", help = word("arg-per-second"))]
    pub per_second: Option<u32>,
    #[arg(long, value_name = "DURATION", help = word("arg-patience"))]
    pub patience: Option<Duration>,
}

/// `manifest measure`.
#[derive(Debug, Args)]
pub struct MeasureManifest {
    #[command(flatten)]
    pub opening: Opening,
    #[arg(short = 'o', long = "output", value_name = "OUT", help = word("arg-output"))]
    pub output: PathBuf,
    #[arg(long, help = word("arg-overwrite"))]
    pub force: bool,
    #[command(flatten)]
    pub looking: LookingAt,
}

/// Where a new file goes.
#[derive(Debug, Args)]
pub struct Output {
    #[arg(short = 'o', long = "output", value_name = "OUT", help = word("arg-output"))]
    pub output: Option<PathBuf>,
    #[arg(long, help = word("arg-overwrite"))]
    pub force: bool,
}

/// `manifest repair`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("where").required(true).multiple(true).args(["output", "dry_run"]))]
pub struct RepairManifest {
    #[command(flatten)]
    pub opening: Opening,
    #[command(flatten)]
    pub output: Output,
    #[arg(long, value_name = "RULE", help = word("arg-only"))]
    pub only: Vec<String>,
    #[arg(long, value_name = "RULE", help = word("arg-remove"))]
    pub remove: Vec<String>,
    #[arg(long, help = word("arg-repair-dry-run"))]
    pub dry_run: bool,
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=7), help = word("arg-days"))]
    pub days: u32,
}

/// `manifest convert`.
#[derive(Debug, Args)]
pub struct ConvertManifest {
    #[command(flatten)]
    pub opening: Opening,
    #[arg(long, value_name = "FORM", help = word("arg-into"))]
    pub to: NewForm,
    #[arg(short = 'o', long = "output", value_name = "OUT", help = word("arg-output"))]
    pub output: PathBuf,
    #[arg(long, help = word("arg-overwrite"))]
    pub force: bool,
}

/// `manifest compare`.
#[derive(Debug, Args)]
pub struct CompareManifests {
    #[arg(value_name = "A", help = word("arg-first"))]
    pub first: PathBuf,
    #[arg(value_name = "B", help = word("arg-second"))]
    pub second: PathBuf,
    #[arg(long = "as", value_name = "FORM", help = word("arg-as"))]
    pub form: Option<Form>,
    #[arg(long, help = word("arg-all-places"))]
    pub all: bool,
}

/// `manifest build`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("result").required(true).args(["output", "preview"]))]
pub struct BuildManifest {
    #[arg(value_name = "TABLE", help = word("arg-build-table"))]
    pub table: PathBuf,
    #[arg(long, value_name = "FILE", help = word("arg-template"))]
    pub template: PathBuf,
    #[arg(long, value_name = "COLUMN", help = word("arg-build-key"))]
    pub key: String,
    #[arg(long, value_name = "COLUMN", help = word("arg-build-context"))]
    pub context: Vec<String>,
    #[arg(long, value_name = "COLUMN=ID", help = word("arg-build-storage"))]
    pub storage: Vec<Assignment>,
    #[arg(long, value_name = "COLUMN", help = word("arg-build-batches"))]
    pub batches: Option<String>,
    #[command(flatten)]
    pub output: Output,
    #[arg(long, help = word("arg-preview"))]
    pub preview: bool,
}

/// `send --manifest-only`.
#[derive(Debug, Args)]
pub struct ManifestOnly {
    #[arg(long = "manifest-only", value_name = "FORM", requires = "manifest_to", conflicts_with_all = ["register", "dry_run", "presign"], help = word("arg-manifest-only"))]
    pub form: Option<NewForm>,
    #[arg(short = 'o', long = "output", id = "manifest_to", value_name = "OUT", requires = "form", help = word("arg-output"))]
    pub output: Option<PathBuf>,
    #[arg(long, requires = "form", help = word("arg-overwrite"))]
    pub force: bool,
}

/// `submit`.
#[derive(Debug, Args)]
pub struct Submit {
    #[command(flatten)]
    pub opening: Opening,
    #[arg(long, value_name = "CONNECTION/TARGET", help = word("arg-register"))]
    pub register: Target,
    #[arg(long, value_name = "ID", help = word("arg-integration"))]
    pub integration: Option<String>,
    #[arg(long, value_name = "ID", help = word("arg-batch"))]
    pub batch: Option<String>,
    #[arg(long, help = word("arg-yes"))]
    pub yes: bool,
    #[command(flatten)]
    pub patience: Patience,
}

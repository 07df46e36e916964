//! The flags of `packbench label`. It must only describe; values are checked where they are used.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Flags of `label`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "\
A template is a bundled one or a document by name (`packbench label templates`)
or a TOML file; docs/labels.md explains every key. Data is a JSON object for one
label, an array, or JSON Lines for many. Nothing is written before every label is
made.

Examples:
  packbench label --template tote --sample --to png --out tote.png
  packbench label --template shipping --data parcel.json --to zpl > label.zpl
  packbench label --template ./bin.toml --data - --to pdf --out bins.pdf
  packbench label check ./bin.toml
  packbench label preview carrier.zpl --out carrier.png

Exit status: 0 written, 1 the template, the data or a file is wrong, 2 the
command line was."
)]
pub(in crate::cli) struct LabelArgs {
    #[command(flatten)]
    pub make: MakeArgs,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to make.
#[derive(Debug, Args)]
pub(in crate::cli) struct MakeArgs {
    /// Name of a bundled template, or a file
    #[arg(long, value_name = "T", required = true)]
    pub template: Option<String>,
    /// File with JSON, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "sample")]
    pub data: Option<PathBuf>,
    /// Take the data that the template brings along
    #[arg(long)]
    pub sample: bool,
    /// Format
    #[arg(long, value_enum, required = true)]
    pub to: Option<To>,
    /// Dots per inch of the printer or of the picture: 203, 300, 600
    #[arg(long, value_name = "N", default_value_t = 203, value_parser = dpi)]
    pub dpi: u32,
    /// Language of the words: en, es, ms, ru
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub language: String,
    /// File to write instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What else can be done with labels.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// Check a template: keys, fields, layout of its sample; tells everything that is wrong, with lines
    #[command(after_help = "\
A template called shipping is also tried as the one that stations print parcels'
labels from.

Exit status: 0 sound, 1 not.")]
    Check(CheckArgs),
    /// Show a printer's job (ZPL II), such as a carrier's label, as a picture
    #[command(after_help = "\
What the picture lacks is told on standard error, as `not drawn: ^BA, ^BK`. Warnings
follow, a line each.

Examples:
  packbench label preview carrier.zpl --out carrier.png
  packbench label preview - --dpi 300 < carrier.zpl > carrier.png

Exit status: 0 shown, 1 there is no label in it, or a file is wrong.")]
    Preview(PreviewArgs),
    /// Print the names of the bundled templates
    Templates,
}

/// Flags of `label check`.
#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    /// Name of a bundled template, or a file
    pub template: String,
    /// Language whose words must fit: en, es, ms, ru
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub language: String,
    /// Try it as the template that stations print parcels' labels from, whatever it is called
    #[arg(long)]
    pub station: bool,
}

/// Flags of `label preview`.
#[derive(Debug, Args)]
pub(in crate::cli) struct PreviewArgs {
    /// The job, or - for standard input
    pub job: PathBuf,
    /// Dots per inch of the printer it was made for: 203, 300, 600
    #[arg(long, value_name = "N", default_value_t = 203, value_parser = dpi)]
    pub dpi: u32,
    /// Which label of the job, counted from 1
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub label: u32,
    /// File to write instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum To {
    /// ZPL II for label printers
    Zpl,
    /// PDF, a page for each label
    Pdf,
    /// PNG; several labels need --out and get numbers
    Png,
}

/// The resolutions that label printers have.
pub(in crate::cli) fn dpi(text: &str) -> Result<u32, String> {
    match text {
        "203" => Ok(203),
        "300" => Ok(300),
        "600" => Ok(600),
        _ => Err("203, 300 or 600".to_owned()),
    }
}

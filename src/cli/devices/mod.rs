//! `packbench devices`: setting up devices from the command line. Results go to standard output, what a person is asked for to
//! standard error. Must never run beside a station that holds the same port.

pub(super) mod keep;
mod learn;
pub(super) mod sheet;
mod tags;
mod watch;

use super::error::out;
use super::label::To;
use super::{Cli, CliError};
use crate::core::voice::digits::{self, CheckDigits};
use clap::{Args, Subcommand, ValueEnum};
use std::io::BufRead as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// The rules that let a station open its USB devices.
const RULES: &str = include_str!("../../../assets/udev/60-packbench.rules");

/// What to do with devices.
#[derive(Debug, Args)]
pub(super) struct DevicesArgs {
    #[command(subcommand)]
    command: DevicesCommand,
}

#[derive(Debug, Subcommand)]
enum DevicesCommand {
    /// Learn from three test scans how a serial scanner is set, and write its settings
    #[command(after_help = "\
Print the test codes first: `packbench devices codes --to pdf --out codes.pdf`. Stop the
station: the port serves one program at a time. The settings are printed; --write puts
them into the settings file and leaves the rest of it as it is.

Examples:
  packbench devices learn --port /dev/serial/by-id/usb-scanner --name bench
  packbench devices learn --port /dev/ttyACM0 --baud 115200 --name bench --write

Exit status: 0 learnt, 1 nothing came or the scanner would read wrong, 2 the command line was wrong.")]
    Learn(LearnArgs),
    /// The three test codes for `learn`, to be printed
    Codes(CodesArgs),
    /// Print the system's rules (udev) that let a station open its USB devices
    #[command(
        after_help = "As root:\n  packbench devices rules > /etc/udev/rules.d/60-packbench.rules && udevadm control --reload"
    )]
    Rules,
    /// The check digits of places, for stickers beside the shelves' codes: each code and its two digits, a line each
    #[command(after_help = "\
Codes come as arguments, or one a line from standard input. Packers say the two digits
where station.voice_check_digits is `computed`; see docs/devices-voice.md.

Example:
  packbench devices check-digits A-07-3 A-07-4")]
    CheckDigits {
        /// Codes of places
        #[arg(value_name = "CODE")]
        codes: Vec<String>,
    },
    /// Print what USB scanners and scales plugged in here say, a line of JSON each, until it is ended
    #[command(after_help = "A running station holds its own devices: end it first. Ends with Ctrl-C.")]
    Watch,
    /// The NFC readers that are plugged in
    Readers,
    /// Wait for a tag and print its code, and its own number as a code for a badge
    #[command(after_help = "\
The number (NFC-04A1…) can be somebody's badge: `packbench central user add … --badge-from -`.
It is not secret: whoever reads the badge once can copy it. With a PIN beside it that is enough.")]
    ReadTag(TagArgs),
    /// Write a code onto a tag, and read it back
    #[command(after_help = "\
Examples:
  packbench devices write-tag TOTE-7
  packbench devices write-tag https://id.gs1.org/00/395011015300000011

A tag that is taken away too early says its old code or nothing, never half a code.
Exit status: 0 written, 1 not written.")]
    WriteTag {
        /// What the tag is to say: the code of a tote, a box or a badge
        code: String,
        #[command(flatten)]
        tag: TagArgs,
    },
}

/// Which reader, and for how long.
#[derive(Debug, Args)]
struct TagArgs {
    /// A part of the reader's name, where there are several
    #[arg(long, value_name = "NAME", default_value = "")]
    reader: String,
    /// How long to wait for a tag
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=30))]
    wait: u64,
}

#[derive(Debug, Args)]
struct LearnArgs {
    /// The serial port
    #[arg(long, value_name = "PATH")]
    port: PathBuf,
    /// The scanner's name in the settings
    #[arg(long, value_name = "NAME", default_value = "bench")]
    name: String,
    /// Speed in bits per second
    #[arg(long, value_name = "N", default_value_t = 9_600, value_parser = clap::value_parser!(u32).range(300..=921_600))]
    baud: u32,
    /// Data bits
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(7..=8))]
    data_bits: u8,
    /// Parity
    #[arg(long, value_enum, default_value_t = ParityArg::None)]
    parity: ParityArg,
    /// Seconds to wait for each scan
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    wait_s: u64,
    /// Write the settings into the settings file
    #[arg(long)]
    write: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ParityArg {
    None,
    Even,
    Odd,
}

impl ParityArg {
    const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Even => "even",
            Self::Odd => "odd",
        }
    }
}

#[derive(Debug, Args)]
struct CodesArgs {
    /// Format
    #[arg(long, value_enum)]
    to: To,
    /// Dots per inch of the printer or of the picture: 203, 300, 600
    #[arg(long, value_name = "N", default_value_t = 203, value_parser = super::label::dpi)]
    dpi: u32,
    /// File to write instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs `devices`.
///
/// # Errors
/// Whatever it failed at, with what to do.
pub(super) fn run(cli: &Cli, args: &DevicesArgs) -> Result<ExitCode, CliError> {
    match &args.command {
        DevicesCommand::Learn(args) => return learn::run(cli, args),
        DevicesCommand::Codes(args) => {
            let drawn = |e| CliError::room("the test codes cannot be drawn", "", e);
            super::label::put(&[sheet::test_codes().map_err(drawn)?], args.to, args.dpi, args.out.as_deref())?;
        }
        DevicesCommand::Rules => out(RULES)?,
        DevicesCommand::CheckDigits { codes } => check_digits(codes)?,
        DevicesCommand::Watch => watch::run()?,
        DevicesCommand::Readers => tags::readers()?,
        DevicesCommand::ReadTag(tag) => tags::read(tag)?,
        DevicesCommand::WriteTag { code, tag } => tags::write(code, tag)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Each code and its digits, tab between them.
fn check_digits(codes: &[String]) -> Result<(), CliError> {
    let print = |code: &str| match digits::of_place(code, CheckDigits::Computed) {
        Some([tens, ones]) => out(&format!("{code}\t{tens}{ones}\n")),
        None => Err(CliError::plain(format!("`{code}` has neither letters nor digits"), "leave it out")),
    };
    if !codes.is_empty() {
        return codes.iter().try_for_each(|code| print(code.trim()));
    }
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|source| CliError::System { what: "the codes cannot be read".to_owned(), source })?;
        if !line.trim().is_empty() {
            print(line.trim())?;
        }
    }
    Ok(())
}

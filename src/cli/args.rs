//! The command line as clap reads it, with help worth reading. It must only describe; values are checked where they
//! are used.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

const AFTER_HELP: &str = "\
Examples:
  packbench demo                            try it: server, orders and a station
  packbench demo --headless --orders 20     the same without a window, then audited
  packbench central serve                   run the server
  packbench central station-code 'Bench 1'  a code that makes a machine a station
  packbench station --central-url URL       run a station; first it asks for that code
  packbench plan tours cases.jsonl          shortest walks, for other programs
  packbench label --template tote --sample --to pdf   a label from a template
  packbench devices write-tag TOTE-7        write a code onto an NFC tag
  packbench doctor                          what works here, what not, what to do
  echo '(01)09506000134352(10)A' | packbench gs1    what a GS1 code says

Settings:
  Flags go before environment variables (PACKBENCH_STATION_THEME), those before
  the file. The file is that of --config or PACKBENCH_CONFIG, else
  ~/.config/packbench/packbench.toml, else /etc/packbench/packbench.toml;
  `packbench settings` prints an example of it.

Exit status: 0 done, 1 failed, 2 the command line was wrong.";

/// Software of a warehouse packing station, and the server it syncs with.
#[derive(Debug, Parser)]
#[command(name = "packbench", version, after_help = AFTER_HELP, subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Cli {
    /// Settings file (TOML).
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

/// Arguments of a command that this program was built without.
#[derive(Debug, Args)]
#[allow(dead_code)]
pub(super) struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<String>,
}

#[cfg(all(feature = "station", feature = "central"))]
type Demo = DemoArgs;
#[cfg(not(all(feature = "station", feature = "central")))]
type Demo = Rest;
#[cfg(feature = "station")]
type Station = StationArgs;
#[cfg(not(feature = "station"))]
type Station = Rest;
#[cfg(feature = "station")]
type Devices = super::devices::DevicesArgs;
#[cfg(not(feature = "station"))]
type Devices = Rest;
#[cfg(feature = "central")]
type Central = CentralArgs;
#[cfg(not(feature = "central"))]
type Central = Rest;

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show everything at work on this machine: a server, a made-up warehouse, a week of real orders, a station
    #[cfg_attr(not(all(feature = "station", feature = "central")), command(hide = true))]
    Demo(Demo),
    /// Run the packing station's window
    #[cfg_attr(not(feature = "station"), command(hide = true))]
    Station(Station),
    /// Run and look after the server
    #[cfg_attr(not(feature = "central"), command(hide = true))]
    Central(Central),
    /// Plan for other programs: cases in, one JSON line per case out
    Plan {
        #[command(subcommand)]
        command: PlanCommand,
    },
    /// Check this machine: settings, disk, databases, display, devices, server
    #[command(after_help = "Looks only; nothing is changed. Exit status 1 when something is broken.")]
    Doctor,
    /// Set up devices: how a serial scanner is set, rights for USB devices and what those say, NFC tags
    #[cfg_attr(not(feature = "station"), command(hide = true))]
    Devices(Devices),
    /// Read and check GS1 codes, one a line: what a scanner sent, (01)…(10)… or a Digital Link; one line of JSON each
    Gs1(Gs1Args),
    /// Make labels from templates, check templates, show a carrier's print job
    Label(Box<super::label::LabelArgs>),
    /// Print an example settings file with every setting and its meaning
    #[command(after_help = "Example:\n  packbench settings > packbench.toml")]
    Settings,
}

/// What to plan.
#[derive(Debug, Subcommand)]
pub(super) enum PlanCommand {
    /// Shortest walks through a warehouse, proven
    #[command(after_help = "\
A line of the input is a case of the public routing instances (Hessler and Irnich):
  {\"name\": \"a\", \"aisles\": 5, \"cells\": 30, \"depot_aisle\": 2, \"depot\": \"bottom\",
   \"aisle_to_aisle\": 3, \"cell_to_cell\": 1, \"top_to_cell\": 1, \"bottom_to_cell\": 1,
   \"picks\": [[0, 4], [3, 29]]}
Out come name, length_single_block, length_two_block, tour and tour_two_block.

Or it tells a layout, and the lines after it what to pick there; an item may lie in
several bins, and docs/planning.md tells what else a layout may have:
  {\"layout\": {\"aisles\": [{\"name\": \"A\", \"x_mm\": 0}, {\"name\": \"B\", \"x_mm\": 3000}],
   \"cross_aisles\": [{\"y_mm\": 0}, {\"y_mm\": 9000}], \"cells_mm\": [1000, 4000, 8000]}}
  {\"name\": \"b\", \"start\": {\"aisle\": \"A\", \"cross_aisle\": 0}, \"items\":
   [[{\"aisle\": \"A\", \"cell\": 2}, {\"aisle\": \"B\", \"cell\": 0}]]}
Each case is one line; here they are wrapped to be read.

Examples:
  packbench plan tours cases.jsonl.gz
  zcat cases.jsonl.gz | head -1 | packbench plan tours -

Exit status: 0 all planned, 1 a line is wrong (it is named; those before it are done).")]
    Tours {
        /// Cases as lines of JSON, plain or gzip; - is standard input
        file: PathBuf,
    },
    /// Which orders are picked on one walk, so that all walks are short
    Batches(super::plan::BatchesArgs),
    /// Which boxes each order needs, and where in them everything lies
    Boxes(super::plan::BoxesArgs),
    /// One container filled as well as can be with goods of many sorts
    Container(super::plan::ContainerArgs),
}

#[cfg(all(feature = "station", feature = "central"))]
pub(super) use demo::DemoArgs;

#[cfg(all(feature = "station", feature = "central"))]
mod demo {
    use super::{Args, PathBuf};

    /// Flags of `demo`.
    #[derive(Debug, Args)]
    #[command(after_help = "\
The orders are real: a week of the UCI data set Online Retail (CC0).
Shelves, barcodes, weights, sizes, people and addresses are made up.

Examples:
  packbench demo                   a window with a panel of virtual devices;
                                   a keyboard scanner works too
  packbench demo --data ~/demo     the same, kept for the next time
  packbench demo --headless --orders 300 --stations 3 --network-cuts 5 --station-kills 5")]
    pub(in crate::cli) struct DemoArgs {
        /// Without a window: simulated packers pack, then an auditor checks every order
        #[arg(long)]
        pub headless: bool,
        /// Orders to pack
        #[arg(long, value_name = "N", default_value_t = 20, requires = "headless", value_parser = clap::value_parser!(u32).range(1..=100_000))]
        pub orders: u32,
        /// Stations that pack at once
        #[arg(long, value_name = "K", default_value_t = 2, requires = "headless", value_parser = clap::value_parser!(u32).range(1..=16))]
        pub stations: u32,
        /// Seed of everything made up; the same seed makes the same warehouse and the same mistakes
        #[arg(long, value_name = "S", default_value_t = 1)]
        pub seed: u64,
        /// Times the network of a station is cut
        #[arg(long, value_name = "C", default_value_t = 0, requires = "headless", value_parser = clap::value_parser!(u32).range(0..=1_000))]
        pub network_cuts: u32,
        /// Times a station is killed in the middle of its work
        #[arg(long, value_name = "K2", default_value_t = 0, requires = "headless", value_parser = clap::value_parser!(u32).range(0..=1_000))]
        pub station_kills: u32,
        /// Print the result as JSON
        #[arg(long, requires = "headless")]
        pub json: bool,
        /// Orders of another file of the Online Retail form (CSV or CSV.gz) instead of the shipped week
        #[arg(long, value_name = "FILE")]
        pub orders_file: Option<PathBuf>,
        /// Folder to keep the demo in; without it a temporary one is used and removed
        #[arg(long, value_name = "DIR")]
        pub data: Option<PathBuf>,
        /// Language of the window: en, es, ms, ru
        #[arg(long, value_name = "LANG", conflicts_with = "headless")]
        pub language: Option<String>,
        /// Colours of the window: light, dark, system
        #[arg(long, value_name = "THEME", conflicts_with = "headless")]
        pub theme: Option<String>,
        /// Fill the screen
        #[arg(long, conflicts_with = "headless")]
        pub fullscreen: bool,
    }
}

#[cfg(feature = "station")]
pub(super) use station::StationArgs;

#[cfg(feature = "station")]
mod station {
    use super::Args;

    /// Flags of `station`.
    #[derive(Debug, Args)]
    #[command(after_help = "\
The first time the station asks for a pairing code: make one with `packbench central station-code NAME`.
Devices are set up in the settings file; a keyboard scanner works without.

Examples:
  packbench station --central-url https://packbench.example.com
  packbench station --language es --theme dark")]
    pub(in crate::cli) struct StationArgs {
        /// Address of the server
        #[arg(long, value_name = "URL")]
        pub central_url: Option<String>,
        /// Folder of the station's database and photos
        #[arg(long, value_name = "DIR")]
        pub data_dir: Option<String>,
        /// Language at the start: en, es, ms, ru
        #[arg(long, value_name = "LANG")]
        pub language: Option<String>,
        /// Colours: light, dark, system
        #[arg(long, value_name = "THEME")]
        pub theme: Option<String>,
        /// Fill the screen: true or false
        #[arg(long, value_name = "BOOL")]
        pub fullscreen: Option<String>,
        /// What is logged, such as info,packbench::sync=debug
        #[arg(long, value_name = "FILTER")]
        pub log_filter: Option<String>,
    }
}

/// Flags of `gs1`.
#[derive(Debug, Args)]
#[command(after_help = "\
A line may begin with a symbology identifier (]C1, ]d2, ]E0 …). FNC1 is GS (ASCII 29)
or one of {GS} {FNC1} ^] ^ ~ | \\x1d \\u001d. The default rules are those of the
official GS1 Barcode Syntax Engine. Every line of the answer has line and ok. A right
one has kind (element-string, bracketed, digital-link, gtin, sscc, restricted, plain)
and, where there are such, ais (each with ai, title and value), gtin, sscc, item, lot,
serial, expiry, count, net_weight_g, price with price_decimals, element_string,
bracketed and digital_link. A wrong one has error with at, len, ai, rule and text, and
no kind. Places are bytes counted from 0. Empty lines are counted, not answered. See
docs/gs1.md.

A rule of restricted numbers has a letter for each digit: I item, W weight, P price,
N count, V check digit of the value, X nothing, C check digit; digits and [0-9] must
be so. After a dot stand the value's decimals (weights are kilograms, of 3).

Examples:
  echo ']d201095060001343521726123110LOT' | packbench gs1
  packbench gs1 codes.txt > codes.jsonl
  packbench gs1 --separator '#' --stem https://example.com codes.txt
  packbench gs1 --restricted '2[0-1]IIIIIWWWWWC' --restricted 23IIIIVPPPPPC.2 till.txt

Exit status: 0 every line is right, 1 a line is wrong or cannot be read, 2 the command line was wrong.")]
pub(super) struct Gs1Args {
    /// File of lines; without it, or as -, standard input
    pub file: Option<PathBuf>,
    /// Take an identifier also without those it needs beside it
    #[arg(long)]
    pub alone: bool,
    /// Take identifiers that are not in the dictionary, where their length is known
    #[arg(long)]
    pub unknown_ais: bool,
    /// Take GTIN-8, -12 and -13 in Digital Links
    #[arg(long)]
    pub short_gtins: bool,
    /// A spelling of FNC1, instead of the usual ones; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub separator: Vec<String>,
    /// A rule of numbers with weight or price; may be given several times, the first that fits counts
    #[arg(long, value_name = "RULE")]
    pub restricted: Vec<String>,
    /// Address that Digital Links are written with
    #[arg(long, value_name = "URL", default_value = super::gs1::STEM, value_parser = super::gs1::stem)]
    pub stem: String,
    /// Year that two-digit years are read against; without it, this year
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1950..=9900))]
    pub year: Option<i16>,
}

#[cfg(feature = "central")]
pub(super) use central::{CentralArgs, CentralCommand, ImportCommand, NewUserArgs, UserCommand};

#[cfg(feature = "central")]
mod central {
    use super::{Args, PathBuf, Subcommand};

    /// Flags of `central`.
    #[derive(Debug, Args)]
    #[command(after_help = "\
A new server, step by step:
  packbench central user add office --name 'Office' --role admin --password-from -
  packbench central import online-retail orders.csv.gz
  packbench central serve
  packbench central station-code 'Bench 1'")]
    pub(in crate::cli) struct CentralArgs {
        /// Folder of photos, backups and the embedded database
        #[arg(long, value_name = "DIR", global = true)]
        pub data_dir: Option<String>,
        /// sqlite:PATH; an address with a password belongs into the settings file or its environment variable
        #[arg(long, value_name = "ADDRESS", global = true)]
        pub database: Option<String>,
        /// What is logged, such as info,packbench::central=debug
        #[arg(long, value_name = "FILTER", global = true)]
        pub log_filter: Option<String>,
        #[command(subcommand)]
        pub command: CentralCommand,
    }

    /// What to do with the server.
    #[derive(Debug, Subcommand)]
    pub(in crate::cli) enum CentralCommand {
        /// Serve stations and the web console until stopped (Ctrl-C, SIGTERM)
        #[command(after_help = "\
Migrates the database first. A SQLite file is copied before; PostgreSQL is not: run\n\
`central backup` with the program of before. Behind a proxy that does HTTPS set\n\
public_url to the https:// address: cookies then need it too.")]
        Serve {
            /// Address and port to listen at
            #[arg(long, value_name = "ADDRESS:PORT")]
            listen: Option<String>,
        },
        /// Bring the database to this program's schema
        #[command(after_help = "\
A SQLite file is copied before, beside itself (.before-vN., the last three are kept).\n\
PostgreSQL is not: run `central backup` with the program of before.")]
        Migrate,
        /// Take orders in
        Import {
            #[command(subcommand)]
            command: ImportCommand,
        },
        /// Copy the database into a new backup file, also while the server runs
        #[command(after_help = "\
The file is the same for both engines: a gzip file of lines, with a hash of each\n\
table and one of the whole. `central restore` reads it into either engine.\n\n\
Exit status: 0 written, 1 not written; no half file stays behind.")]
        Backup {
            /// The backup; it must not exist yet
            file: PathBuf,
            /// Take the files of the photo folder in too: photos, proofs, pictures
            #[arg(long)]
            photos: bool,
        },
        /// Make the database from a backup: stations notice, and give again what it lacks
        #[command(after_help = "\
The database that the settings name must not be there yet, or be empty; stop the\n\
server first. All or nothing. The restored database starts a new epoch: parcel and\n\
invoice numbers that may be in use are jumped over, everybody logs in anew, and no\n\
work is given out before the stations were heard (`central resume-work` ends that).\n\
A copy of the embedded database is read too, such as central.db.before-v17.\n\n\
Exit status: 0 restored, 1 nothing was kept.")]
        Restore {
            /// The backup
            file: PathBuf,
        },
        /// Copy the whole site into another, empty database, of either engine
        #[command(after_help = "\
Stop the server first. All or nothing: every table is counted and hashed again where\n\
it arrived. The database it came from stays as it is; put the new address into the\n\
settings afterwards. An address with a password is read from a file: @new-address.\n\n\
Examples:\n  packbench central move --to @new-address\n  \
packbench central move --from @pg-address --to sqlite:/srv/packbench/central.db\n\n\
Exit status: 0 moved, 1 nothing was kept at the new place.")]
        Move {
            /// Database to move; without it, that of the settings
            #[arg(long, value_name = "ADDRESS")]
            from: Option<String>,
            /// Empty database to move it to
            #[arg(long, value_name = "ADDRESS")]
            to: String,
            /// Copy the files of the photo folder into this folder too
            #[arg(long, value_name = "DIR")]
            photos_to: Option<PathBuf>,
        },
        /// After a restore: give work out again, although a station was not heard yet
        #[command(after_help = "A station that is switched off for good would hold up the others until its leases\n\
have ended. What it packed since the backup and never tells may be packed twice.")]
        ResumeWork,
        /// People
        User {
            #[command(subcommand)]
            command: UserCommand,
        },
        /// Print a code that makes a machine a station: for one use, within ten minutes
        #[command(after_help = "A name that is known gets its place back, as when a broken computer is\n\
            replaced: its former token ends. Type the code into the station's window.")]
        StationCode {
            /// Name of the station
            name: String,
            /// What is done there: pick, sort, pack, quality, ship
            #[arg(long, default_value = "pack")]
            role: String,
        },
        /// Shut a station out: a machine that is lost, sold or broken
        #[command(after_help = "Its token ends at once, the work it holds goes to other stations, and the parcel\n\
            numbers it was given are not used again. Its name can be paired anew with `station-code`.")]
        StationRevoke {
            /// Name of the station
            name: String,
        },
    }

    /// What to import.
    #[derive(Debug, Subcommand)]
    pub(in crate::cli) enum ImportCommand {
        /// The UCI data set Online Retail, CSV or CSV.gz: wholly or not at all; a second run changes nothing
        #[command(after_help = "Cancellations become returns, rows without a customer guests, service codes\n\
            (POST, DOT, M …) unpicked lines. Bad lines are told by number and left out.")]
        OnlineRetail {
            /// The file
            file: PathBuf,
            /// Print the result as JSON
            #[arg(long)]
            json: bool,
        },
    }

    /// What to do with people.
    #[derive(Debug, Subcommand)]
    pub(in crate::cli) enum UserCommand {
        /// Add a person, or change the one with this login; secrets that are not given stay
        Add(NewUserArgs),
    }

    /// A person.
    #[derive(Debug, Args)]
    #[command(after_help = "\
Secrets are read from files, so that no list of processes shows them;
- is a line of standard input.

Examples:
  packbench central user add office --name 'Office' --role admin --password-from -
  packbench central user add p3 --name 'Packer 3' --role packer --pin-from pin.txt")]
    pub(in crate::cli) struct NewUserArgs {
        /// Name to log in with
        pub login: String,
        /// Name for people
        #[arg(long, value_name = "NAME")]
        pub name: String,
        /// What small places show; without it the first letters of the name
        #[arg(long, value_name = "TEXT")]
        pub initials: Option<String>,
        /// picker, packer, quality, lead, office, admin
        #[arg(long, value_name = "ROLE")]
        pub role: String,
        /// File with the PIN for stations, 4 to 8 digits
        #[arg(long, value_name = "FILE")]
        pub pin_from: Option<PathBuf>,
        /// File with what the badge's barcode says, 6 to 128 characters
        #[arg(long, value_name = "FILE")]
        pub badge_from: Option<PathBuf>,
        /// File with the password for the web console, at least 8 characters
        #[arg(long, value_name = "FILE")]
        pub password_from: Option<PathBuf>,
        /// Language: en, es, ms, ru
        #[arg(long, value_name = "LANG", default_value = "en")]
        pub language: String,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}

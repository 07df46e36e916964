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
  packbench doctor                          what works here, what not, what to do

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
    /// Check this machine: settings, disk, databases, display, devices, server
    #[command(after_help = "Looks only; nothing is changed. Exit status 1 when something is broken.")]
    Doctor,
    /// Print an example settings file with every setting and its meaning
    #[command(after_help = "Example:\n  packbench settings > packbench.toml")]
    Settings,
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
        #[command(after_help = "Migrates the database first, with a backup of it. Behind a proxy that does\n\
            HTTPS set public_url to the https:// address: cookies then need it too.")]
        Serve {
            /// Address and port to listen at
            #[arg(long, value_name = "ADDRESS:PORT")]
            listen: Option<String>,
        },
        /// Bring the database to this program's schema, with a backup before
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

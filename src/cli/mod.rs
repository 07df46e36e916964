//! Subcommands: they read the settings, wire rooms together and say what failed and what to do.
//!
//! Results go to standard output, everything else to standard error. Exit status: 0 done, 1 failed, 2 the command line
//! itself was wrong. This room decides nothing about packing, draws nothing and knows no SQL; it must never print or log
//! a token, a password, a PIN or what a customer's order holds.

// A program without either part only says so: the helpers of both have nobody to help.
#![cfg_attr(not(any(feature = "station", feature = "central")), allow(dead_code, unused_imports))]

mod args;
#[cfg(feature = "central")]
mod central;
#[cfg(all(feature = "station", feature = "central"))]
mod demo;
#[cfg(feature = "station")]
mod devices;
#[cfg(feature = "station")]
mod disk;
mod doctor;
pub mod entries;
mod error;
mod gs1;
mod label;
mod log;
pub mod panics;
mod plan;
mod settings;
#[cfg(feature = "station")]
pub mod station;
#[cfg(feature = "station")]
mod stop;

pub use error::CliError;

use args::{Cli, Command};
use clap::Parser as _;
use std::process::ExitCode;

/// The version people see.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Runs the program with the arguments and environment of the process.
#[must_use]
pub fn main() -> ExitCode {
    panics::install();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => return error::usage(&e),
    };
    match run(&cli) {
        Ok(code) => code,
        Err(e) => {
            error::print(&e);
            e.exit_code()
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode, CliError> {
    match &cli.command {
        Command::Demo(args) => demo_command(cli, args),
        Command::Station(args) => station_command(cli, args),
        Command::Central(args) => central_command(cli, args),
        Command::Plan { command } => plan::run(command),
        Command::Doctor => doctor::run(cli),
        Command::Devices(args) => devices_command(cli, args),
        Command::Gs1(args) => gs1::run(args),
        Command::Label(args) => label::run(args),
        Command::Settings => {
            error::out(&crate::config::example())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

#[cfg(all(feature = "station", feature = "central"))]
fn demo_command(cli: &Cli, args: &args::DemoArgs) -> Result<ExitCode, CliError> {
    demo::run(cli, args)
}

#[cfg(not(all(feature = "station", feature = "central")))]
fn demo_command(_: &Cli, _: &args::Rest) -> Result<ExitCode, CliError> {
    let missing = if cfg!(feature = "station") { "central" } else { "station" };
    Err(CliError::Feature { command: "demo", missing })
}

#[cfg(feature = "station")]
fn station_command(cli: &Cli, args: &args::StationArgs) -> Result<ExitCode, CliError> {
    station::run(cli, args)
}

#[cfg(not(feature = "station"))]
fn station_command(_: &Cli, _: &args::Rest) -> Result<ExitCode, CliError> {
    Err(CliError::Feature { command: "station", missing: "station" })
}

#[cfg(feature = "station")]
fn devices_command(cli: &Cli, args: &devices::DevicesArgs) -> Result<ExitCode, CliError> {
    devices::run(cli, args)
}

#[cfg(not(feature = "station"))]
fn devices_command(_: &Cli, _: &args::Rest) -> Result<ExitCode, CliError> {
    Err(CliError::Feature { command: "devices", missing: "station" })
}

#[cfg(feature = "central")]
fn central_command(cli: &Cli, args: &args::CentralArgs) -> Result<ExitCode, CliError> {
    central::run(cli, args)
}

#[cfg(not(feature = "central"))]
fn central_command(_: &Cli, _: &args::Rest) -> Result<ExitCode, CliError> {
    Err(CliError::Feature { command: "central", missing: "central" })
}

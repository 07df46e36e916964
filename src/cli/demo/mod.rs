//! `packbench demo`: everything at work on this machine, with a window or without.

mod bench;
mod folder;
mod headless;
mod panel;
mod picture;

use super::args::DemoArgs;
use super::{Cli, CliError};
use crate::demo::{Data, DemoError};
use std::process::ExitCode;

/// Runs the demo.
///
/// # Errors
/// Whatever it failed at, with what to do.
pub(super) fn run(_: &Cli, args: &DemoArgs) -> Result<ExitCode, CliError> {
    if args.headless { headless::run(args) } else { bench::run(args) }
}

/// The orders to work on.
fn data(args: &DemoArgs) -> Data {
    args.orders_file.clone().map_or(Data::Week, Data::Path)
}

fn failed(error: DemoError) -> CliError {
    CliError::room("the demo could not go on", "", error)
}

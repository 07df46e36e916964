//! `packbench plan …`: the planners on files, for those who build on them. Every command reads a file or standard input and writes one
//! JSON line per case. Nothing is stored and no settings are read.

mod answer;
mod batches;
mod batches_file;
mod boxes;
mod boxes_file;
mod container;
mod container_file;
mod input;
mod lines;
mod site;
mod tours;

use super::CliError;
use super::args::PlanCommand;
pub(super) use batches::BatchesArgs;
pub(super) use boxes::BoxesArgs;
pub(super) use container::{ContainerArgs, answers as container_answers};
use std::process::ExitCode;
pub(super) use tours::TourLines;

/// Runs a `plan` command.
///
/// # Errors
/// If the input cannot be read, the answers cannot be written, or a case is wrong; the line is named.
pub(super) fn run(command: &PlanCommand) -> Result<ExitCode, CliError> {
    match command {
        PlanCommand::Tours { file } => tours::run(file).map(|()| ExitCode::SUCCESS),
        PlanCommand::Batches(args) => batches::run(args).map(|()| ExitCode::SUCCESS),
        PlanCommand::Boxes(args) => boxes::run(args),
        PlanCommand::Container(args) => container::run(args),
    }
}

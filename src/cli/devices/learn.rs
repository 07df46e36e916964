//! `packbench devices learn`: asks for three scans, says what came, and hands what was learnt to the settings.

use super::keep::{self, KeepError, LineOf, Section};
use super::{LearnArgs, ParityArg};
use crate::cli::{Cli, CliError, error, settings};
use crate::core::escapes::shown;
use crate::devices::scanner::learn::{self, TestCode};
use crate::devices::scanner::listen::Listener;
use crate::devices::{DataBits, DeviceId, LineSettings, LostReason, Parity, StopBits};
use std::process::ExitCode;
use std::time::Duration;

/// Scans that are not the test code, until it gives up.
const TRIES_MAX: usize = 5;
/// Bytes of a wrong scan that are shown.
const SHOWN_MAX: usize = 60;

pub(super) fn run(cli: &Cli, args: &LearnArgs) -> Result<ExitCode, CliError> {
    DeviceId::new(args.name.clone()).map_err(|e| CliError::Usage(e.to_string()))?;
    // Before anybody scans: where the result would be written to.
    let file = if args.write { Some(settings::load(cli, &[])?.file.ok_or(KeepError::NoFile)?) } else { None };
    let line = LineSettings {
        baud: args.baud,
        data_bits: if args.data_bits == 7 { DataBits::Seven } else { DataBits::Eight },
        parity: match args.parity {
            ParityArg::None => Parity::None,
            ParityArg::Even => Parity::Even,
            ParityArg::Odd => Parity::Odd,
        },
        stop_bits: StopBits::One,
    };
    let mut listener = Listener::open(&args.port, line).map_err(|reason| not_open(args, reason))?;
    let wait = Duration::from_secs(args.wait_s);
    let mut scans = Vec::new();
    for (at, code) in TestCode::ALL.into_iter().enumerate() {
        scans.push(scan(&mut listener, code, at + 1, wait)?);
    }
    let [plain, gs1, ean] = scans.as_slice() else {
        return Err(CliError::plain("three scans were expected", "begin again"));
    };
    let learnt = learn::learn(plain, gs1, ean).map_err(|e| CliError::room("nothing was learnt", "", e))?;
    tracing::debug!(?learnt, "learnt");
    let line = LineOf { port: &args.port, baud: args.baud, data_bits: args.data_bits, parity: args.parity.word() };
    let section = Section { name: &args.name, line: Some(line), learnt: &learnt };
    error::out(&keep::lines(&section)?)?;
    if let Some(file) = file {
        keep::write(&file, &section, |_| Ok(()))?;
        say(&format!("written to {}; start the station again", file.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// One test scan, asked for again while another code comes.
fn scan(listener: &mut Listener, code: TestCode, number: usize, wait: Duration) -> Result<Vec<u8>, CliError> {
    let mut last = None;
    for _ in 0..TRIES_MAX {
        say(&format!("scan test code {number}"));
        let came = listener.gesture(wait).map_err(|reason| {
            CliError::plain(format!("the scanner went away ({})", reason.code()), "plug it in and begin again")
        })?;
        let Some(raw) = came else {
            return Err(CliError::plain(
                format!("nothing came within {} s", wait.as_secs()),
                "is it the right port, and is the scanner set to a serial (USB-COM) interface?",
            ));
        };
        match learn::check(code, &raw) {
            Ok(()) => return Ok(raw),
            Err(e) => {
                let part = raw.get(..SHOWN_MAX).unwrap_or(&raw);
                say(&format!("{} came: {e}", shown(part)));
                last = Some(e);
            }
        }
    }
    let todo = "scan from the sheet of `packbench devices codes`; signs without sense mean another speed or parity";
    Err(match last {
        Some(e) => CliError::room(format!("test code {number} did not come"), todo, e),
        None => CliError::plain(format!("test code {number} did not come"), todo),
    })
}

fn not_open(args: &LearnArgs, reason: LostReason) -> CliError {
    let todo = match reason {
        LostReason::NotFound => "plug it in, and check the path with `ls /dev/serial/by-id`",
        LostReason::NotPermitted => "add this user to the group dialout, and log in again",
        LostReason::Busy => "stop the station or the other program that holds it",
        _ => "unplug the scanner and plug it in again",
    };
    CliError::plain(format!("the port {} cannot be opened ({})", args.port.display(), reason.code()), todo)
}

/// To the person: standard error, so that standard output holds the settings alone.
fn say(text: &str) {
    error::note(text);
}

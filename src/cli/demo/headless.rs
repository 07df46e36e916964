//! The demo without a window: its report for people or as JSON, and the exit status.

use super::super::args::DemoArgs;
use super::super::error::out;
use super::super::{CliError, log};
use crate::demo::{self, HeadlessOptions, Report};
use std::process::ExitCode;

/// Runs simulated packers and the auditor. Exit status 1 unless every order is packed or in a named exception, with
/// nothing lost and nothing doubled.
///
/// # Errors
/// If the demo could not be set up or broke off.
pub(super) fn run(args: &DemoArgs) -> Result<ExitCode, CliError> {
    // Cuts and kills make every part complain, as it should; the report is what counts.
    log::start("PACKBENCH_DEMO_LOG", &std::env::var("PACKBENCH_TEST_LOG").unwrap_or_else(|_| "off".to_owned()))?;
    let size = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let options = HeadlessOptions {
        orders: size(args.orders),
        stations: size(args.stations),
        seed: args.seed,
        network_cuts: size(args.network_cuts),
        station_kills: size(args.station_kills),
        data: super::data(args),
        json: args.json,
        folder: args.data.clone(),
    };
    let report = demo::run(&options).map_err(super::failed)?;
    if args.json {
        let text = serde_json::to_string(&report).map_err(|e| CliError::room("the result cannot be written", "", e))?;
        out(&format!("{text}\n"))?;
    } else {
        out(&told(&report))?;
    }
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(r: &Report) -> String {
    let mut text = format!(
        "{} orders: {} packed, {} in a named exception ({} called off), {} unfinished\n\
         {} scans, {} refused; {} facts, {} lost, {} doubled\n\
         {} parcels with {} units; {} labels decoded and scanned back; {} stock mismatches\n\
         {} shorts, {} wrong scans, {} damaged, {} cancellations came about\n\
         {} network cuts, {} stations killed\n\
         {} scans/s, greatest lag {} ms, {} ms in all\n",
        r.orders,
        r.packed,
        r.in_exception,
        r.cancelled,
        r.unfinished,
        r.scans,
        r.refused,
        r.events,
        r.lost,
        r.doubled,
        r.parcels,
        r.units,
        r.labels_decoded,
        r.stock_mismatches,
        r.shorts,
        r.wrong_scans,
        r.damaged,
        r.cancellations,
        r.network_cuts,
        r.station_kills,
        r.scans_per_s,
        r.lag_ms_max,
        r.elapsed_ms,
    );
    for problem in &r.problems {
        text.push_str(&format!("wrong: {problem}\n"));
    }
    text.push_str(if r.ok { "The auditor found nothing wrong.\n" } else { "Something is wrong.\n" });
    text
}

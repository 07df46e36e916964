//! Jobs that stay in a driverless printer when nobody waits for them any more: the station is started anew, or other jobs stand before
//! them. What becomes of them is still told, each once, and a copy takes them back.

use packbench::devices::config::IppPrinterConfig;
use packbench::devices::printer::{PrintFailure, PrintFormat, PrintOutcome};
use packbench::devices::{DeviceCommand, DeviceEvent};

use crate::device_ipp::{Ippd, PDF, outcome, print, station};
use crate::device_support::{Station, id, until};

fn take_back(station: &Station, begins: &str) {
    let command = DeviceCommand::CancelPrint { printer: id("office"), job: begins.into() };
    station.supervisor.handle().send(command).unwrap();
}

/// No outcome of a job that begins so is told any more.
fn nothing_of(station: &Station, begins: &str) {
    print(station, "last", PrintFormat::Pdf, PDF);
    station.next("the last job's paper", |event| match event {
        DeviceEvent::Printed { job, outcome, .. } => {
            assert!(!job.starts_with(begins), "{job}: {outcome:?}");
            (*outcome == PrintOutcome::PaperMoved).then_some(())
        }
        _ => None,
    });
}

#[test]
fn after_a_restart_a_job_is_followed_until_its_paper_is_out() {
    let ippd = Ippd::start();
    let before = station(ippd.config());
    print(&before, "slow-1", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&before, "slow-1"), PrintOutcome::Sent);
    before.supervisor.stop();
    let after = station(ippd.config());
    // Another station at the same printer learns nothing of it.
    let other = station(IppPrinterConfig { user: "packbench-2".into(), ..ippd.config() });
    ippd.touch("go");
    assert_eq!(outcome(&after, "slow-1"), PrintOutcome::PaperMoved);
    nothing_of(&after, "slow");
    assert_eq!(ippd.printed(), ["slow-1 application/pdf", "last application/pdf"], "once");
    nothing_of(&other, "slow");
}

#[test]
fn paper_that_came_while_the_station_was_off_is_told_when_it_is_on_again() {
    let ippd = Ippd::start();
    let before = station(ippd.config());
    print(&before, "slow-2", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&before, "slow-2"), PrintOutcome::Sent);
    before.supervisor.stop();
    ippd.touch("go");
    until("the paper", || (!ippd.printed().is_empty()).then_some(()));
    let after = station(ippd.config());
    assert_eq!(outcome(&after, "slow-2"), PrintOutcome::PaperMoved);
    nothing_of(&after, "slow");
}

#[test]
fn a_slow_job_is_told_when_it_is_out_and_a_copy_takes_one_back() {
    let ippd = Ippd::start();
    let station = station(IppPrinterConfig { paper_ms_max: 600, ..ippd.config() });
    print(&station, "slow-3", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "slow-3"), PrintOutcome::Sent);
    // The thread is free again: the printer itself is looked at.
    station.ready("office");
    ippd.touch("go");
    assert_eq!(outcome(&station, "slow-3"), PrintOutcome::PaperMoved);
    std::fs::remove_file(ippd.path("go")).unwrap();
    print(&station, "slow-4", PrintFormat::Pdf, PDF);
    assert_eq!(outcome(&station, "slow-4"), PrintOutcome::Sent);
    station.ready("office");
    take_back(&station, "slow-4");
    let canceled = outcome(&station, "slow-4");
    assert!(matches!(canceled, PrintOutcome::Failed { why: PrintFailure::Canceled, .. }), "{canceled:?}");
    ippd.touch("go");
    nothing_of(&station, "slow");
}

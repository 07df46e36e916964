//! USB devices by their drivers, one by one: found, told apart, used, pulled out at bad moments, held by others, without rights. Runs
//! inside the machine of tests/lib/usb_machine.sh, which `usb_machine` boots; elsewhere there are no such devices.

use crate::device_support::{Station, id, until};
use crate::hid_kit::{ERROR_BEEP, GOOD_BEEP};
use crate::usb_kit::things::{PAPER_OUT, Printer, Scale, Scanner, SerialScanner, WELL};
use crate::usb_kit::typist::Typist;
use packbench::devices::config::{
    KeyScannerConfig, ReceiptPort, ReceiptPrinterConfig, ScanFeedback, ScanFraming, SerialScannerConfig,
    UsbPrinterConfig,
};
use packbench::devices::printer::{NotReady, PrintFailure, PrintFormat, PrintOutcome};
use packbench::devices::scale::Reading;
use packbench::devices::scanner::ScanFault;
use packbench::devices::scanner::keyboard::KeyLayout;
use packbench::devices::usb::{UsbHub, UsbUse, UsbWanted};
use packbench::devices::{
    DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning, LineSettings, LostReason,
};
use rusb::UsbContext as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

/// A gesture: who, which identifier, what.
type Read = (String, Option<[u8; 3]>, Vec<u8>);

fn serial(number: &str) -> UsbWanted {
    UsbWanted { serial: Some(number.to_owned()), ..UsbWanted::default() }
}

fn stands(station: &Station, name: &str, what: &str, wanted: impl Fn(&DeviceStatus) -> bool) {
    until(&format!("{name} to be {what}"), || {
        let states = station.supervisor.states();
        states.into_iter().find(|s| s.device.as_str() == name && wanted(&s.status)).map(|_| ())
    });
}

fn ready(station: &Station, name: &str) {
    stands(station, name, "ready", |status| *status == DeviceStatus::Ready);
}

fn lost(station: &Station, name: &str, why: &[LostReason]) {
    stands(station, name, "lost", |status| matches!(status, DeviceStatus::Lost { reason, .. } if why.contains(reason)));
}

/// Pulled out: it is gone first, and is then looked for in vain.
const GONE: &[LostReason] = &[LostReason::Disconnected, LostReason::NotFound];

fn next_read(station: &Station) -> Read {
    station.next("a code", |event| match event {
        DeviceEvent::Scan { device, symbology, bytes, .. } => {
            Some((device.to_string(), symbology.map(|aim| aim.bytes()), bytes.clone()))
        }
        _ => None,
    })
}

fn read(who: &str, aim: &[u8; 3], code: &[u8]) -> Read {
    (who.to_owned(), Some(*aim), code.to_vec())
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn two_scanners_are_told_apart_wherever_they_are_plugged_in() {
    let (a, b) = (Scanner::new("a", "SN-A"), Scanner::new("b", "SN-B"));
    let any = UsbWanted::default();
    let station =
        Station::start(vec![("belt", DeviceSpec::UsbScanner(any)), ("hand", DeviceSpec::UsbScanner(serial("SN-A")))]);
    stands(&station, "hand", "absent", |status| *status == DeviceStatus::Absent);
    a.gadget.plug(0);
    ready(&station, "hand");
    stands(&station, "belt", "absent: the other's unit is not its own", |status| *status == DeviceStatus::Absent);
    b.gadget.plug(1);
    ready(&station, "belt");
    a.read("]C1", b"0109506000134352\x1d21AB");
    assert_eq!(next_read(&station), read("hand", b"]C1", b"0109506000134352\x1d21AB"));
    b.read("]E0", b"5012345678900");
    assert_eq!(next_read(&station), read("belt", b"]E0", b"5012345678900"));
    let long = vec![b'7'; 130];
    b.read("]d2", &long);
    assert_eq!(next_read(&station), read("belt", b"]d2", &long), "three reports are one code");
    a.gadget.pull();
    b.gadget.pull();
    lost(&station, "hand", GONE);
    lost(&station, "belt", GONE);
    b.gadget.plug(0);
    a.gadget.plug(2);
    ready(&station, "hand");
    ready(&station, "belt");
    b.read("]E0", b"96385074");
    assert_eq!(next_read(&station), read("belt", b"]E0", b"96385074"), "kept at another port");
    a.read("]E0", b"96385074");
    assert_eq!(next_read(&station), read("hand", b"]E0", b"96385074"), "kept at another port");
    b.gadget.pull();
    lost(&station, "belt", GONE);
    let new = Scanner::new("c", "SN-C");
    new.gadget.plug(3);
    ready(&station, "belt");
    new.read("]C0", b"NEW");
    assert_eq!(next_read(&station), read("belt", b"]C0", b"NEW"), "replaced without a restart");
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_scanner_that_nobody_named_is_used_and_not_missed_before() {
    let unasked = UsbWanted { unasked: true, ..UsbWanted::default() };
    let station = Station::start(vec![
        ("named", DeviceSpec::UsbScanner(serial("SN-NOT-HERE"))),
        ("usb-scanner", DeviceSpec::UsbScanner(unasked)),
    ]);
    stands(&station, "named", "absent", |status| *status == DeviceStatus::Absent);
    assert_eq!(station.supervisor.states().len(), 1, "only what was asked for is missed");
    let scanner = Scanner::new("found", "SN-U");
    scanner.gadget.plug(0);
    ready(&station, "usb-scanner");
    scanner.read("]C0", b"FOUND");
    assert_eq!(next_read(&station), read("usb-scanner", b"]C0", b"FOUND"));
    scanner.gadget.pull();
    lost(&station, "usb-scanner", GONE);
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_scanner_that_is_pulled_out_in_the_middle_loses_nothing_and_makes_nothing_up() {
    let scanner = Scanner::new("pulled", "SN-P");
    let station = Station::start(vec![("hand", DeviceSpec::UsbScanner(UsbWanted::default()))]);
    let rounds: u8 = std::env::var("PACKBENCH_USB_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(10);
    for round in 0..rounds {
        scanner.gadget.plug(round % 4);
        ready(&station, "hand");
        let code = format!("ROUND-{round}");
        scanner.read("]C0", code.as_bytes());
        assert_eq!(next_read(&station), read("hand", b"]C0", code.as_bytes()));
        // The first half of a code, and out.
        scanner.report("]C0", b"HALF", true);
        if round % 2 == 0 {
            scanner.gadget.pull();
        } else {
            let fault = station.next("the half to be refused", |event| match event {
                DeviceEvent::ScanFault { fault, .. } => Some(*fault),
                _ => None,
            });
            assert_eq!(fault, ScanFault::Cut { bytes: 4 }, "a half that is not followed by the rest");
            scanner.gadget.pull();
        }
        lost(&station, "hand", GONE);
    }
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn two_hundred_codes_without_a_pause_all_arrive_in_order() {
    let scanner = Scanner::new("fast", "SN-F");
    scanner.gadget.plug(0);
    let station = Station::start(vec![("hand", DeviceSpec::UsbScanner(UsbWanted::default()))]);
    ready(&station, "hand");
    for n in 0..200 {
        scanner.read("]C0", format!("CODE-{n:03}").as_bytes());
    }
    for n in 0..200 {
        assert_eq!(next_read(&station), read("hand", b"]C0", format!("CODE-{n:03}").as_bytes()));
    }
}

fn verdict(station: &Station, good: bool) {
    station.supervisor.handle().send(DeviceCommand::Verdict { scanner: id("hand"), good }).unwrap();
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_scanner_that_beeps_is_told_whether_its_code_counted() {
    for by_request in [false, true] {
        let name = format!("beeps-{by_request}");
        let scanner = Scanner::that_beeps(&name, "SN-BEEP", by_request);
        scanner.gadget.plug(0);
        let station = Station::start(vec![("hand", DeviceSpec::UsbScanner(UsbWanted::default()))]);
        ready(&station, "hand");
        for (good, report) in [(true, GOOD_BEEP), (false, ERROR_BEEP)] {
            scanner.read("]C0", b"ONE");
            assert_eq!(next_read(&station), read("hand", b"]C0", b"ONE"));
            verdict(&station, good);
            assert_eq!(scanner.told(), report, "good: {good}, by request: {by_request}");
        }
        // Now it takes none: its queue fills up and then it refuses. No code waits for that.
        for n in 0..20 {
            let code = format!("CODE-{n:03}");
            scanner.read("]C0", code.as_bytes());
            assert_eq!(next_read(&station), read("hand", b"]C0", code.as_bytes()));
            verdict(&station, n % 2 == 0);
        }
        ready(&station, "hand");
    }
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn what_another_program_holds_is_said_and_taken_when_it_is_free() {
    let scanner = Scanner::new("held", "SN-H");
    scanner.gadget.plug(0);
    let context = rusb::Context::new().unwrap();
    let other = until("the scanner to appear", || context.open_device_with_vid_pid(0x05e0, 0x1300));
    other.set_auto_detach_kernel_driver(true).unwrap();
    until("the other program to claim it", || other.claim_interface(0).ok());
    let station = Station::start(vec![("hand", DeviceSpec::UsbScanner(serial("SN-H")))]);
    lost(&station, "hand", &[LostReason::Busy]);
    let listed = UsbHub::default().list().unwrap();
    assert!(listed.iter().any(|l| l.hindrance == Some(LostReason::Busy)), "{listed:?}");
    drop(other);
    ready(&station, "hand");
    scanner.read("]C0", b"FREE");
    assert_eq!(next_read(&station), read("hand", b"]C0", b"FREE"));
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn without_rights_the_device_is_seen_and_the_reason_said() {
    let (scanner, printer) = (Scanner::new("locked", "SN-L"), Printer::new("locked-printer", "SN-LP"));
    scanner.gadget.plug(0);
    printer.plug(1);
    until("both to appear", || (UsbHub::default().list().ok()?.len() == 2).then_some(()));
    let own = std::env::current_exe().unwrap();
    let seen = Command::new(own)
        .args(["--ignored", "--exact", "--nocapture", "usb_guest::as_nobody"])
        .uid(65_534)
        .gid(65_534)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&seen.stdout);
    assert!(seen.status.success() && told.contains("1 passed"), "{told}\n{}", String::from_utf8_lossy(&seen.stderr));
}

/// The part of a user without rights; only in the machine, and only with two devices plugged in.
#[test]
#[ignore = "runs as another user, started by the test above"]
fn as_nobody() {
    if rustix::process::geteuid().is_root() {
        // Started with all the others: the test above starts it with its devices.
        return;
    }
    let listed = UsbHub::default().list().unwrap();
    let seen: Vec<_> = listed.iter().map(|l| (l.used_for, l.hindrance)).collect();
    let hindered = Some(LostReason::NotPermitted);
    assert!(seen.contains(&(Some(UsbUse::Scanner), hindered)), "{listed:?}");
    assert!(seen.contains(&(Some(UsbUse::Printer), hindered)), "{listed:?}");
    let station = Station::start(vec![("hand", DeviceSpec::UsbScanner(UsbWanted::default()))]);
    lost(&station, "hand", &[LostReason::NotPermitted]);
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_serial_scanner_is_found_by_its_usb_numbers_under_whatever_name() {
    let (other, scanner) = (SerialScanner::new("other", "SN-O"), SerialScanner::new("gate", "SN-G"));
    let config = SerialScannerConfig {
        path: "usb:05e0:1701:SN-G".into(),
        line: LineSettings::n81(9_600),
        framing: ScanFraming::default(),
        feedback: ScanFeedback::default(),
    };
    let station = Station::start(vec![("gate", DeviceSpec::SerialScanner(config))]);
    other.gadget.plug(0);
    scanner.gadget.plug(1);
    ready(&station, "gate");
    scanner.read("]C10109506000134352");
    assert_eq!(next_read(&station), read("gate", b"]C1", b"0109506000134352"));
    other.gadget.pull();
    scanner.gadget.pull();
    lost(&station, "gate", GONE);
    scanner.gadget.plug(2);
    ready(&station, "gate");
    scanner.read("]E096385074");
    assert_eq!(next_read(&station), read("gate", b"]E0", b"96385074"), "kept at another port under another name");
}

fn typing(typist: &Typist) -> DeviceSpec {
    let framing = ScanFraming::default();
    DeviceSpec::KeyScanner(KeyScannerConfig { path: typist.event_file(), layout: KeyLayout::Us, framing })
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn two_scanners_that_type_are_told_apart_and_held_so_that_no_window_gets_their_keys() {
    let (a, b) = (Typist::new("k1", "SN-K1"), Typist::new("k2", "SN-K2"));
    a.gadget.plug(0);
    b.gadget.plug(1);
    let station = Station::start(vec![("belt", typing(&a)), ("hand", typing(&b))]);
    ready(&station, "belt");
    ready(&station, "hand");
    let mut window = evdev::Device::open(a.event_file()).unwrap();
    window.set_nonblocking(true).unwrap();
    a.read("]C10109506000134352\u{1d}21Ab-7");
    assert_eq!(next_read(&station), read("belt", b"]C1", b"0109506000134352\x1d21Ab-7"));
    b.types("]C110LOT");
    b.by_number("029");
    b.read("17261231");
    assert_eq!(next_read(&station), read("hand", b"]C1", b"10LOT\x1d17261231"), "GS typed by its number");
    let heard = window.fetch_events().map(Iterator::count);
    assert!(heard.as_ref().is_err_and(|e| e.kind() == std::io::ErrorKind::WouldBlock), "{heard:?}");
    assert!(window.grab().is_err(), "another program cannot hold it as well");

    // In the middle of a code, and out: what was typed is no code.
    b.types("]E0HALF");
    b.gadget.pull();
    lost(&station, "hand", GONE);
    a.read("]E096385074");
    assert_eq!(next_read(&station), read("belt", b"]E0", b"96385074"), "the other goes on, and the half was no code");
    b.gadget.plug(2);
    ready(&station, "hand");
    b.read("]E05012345678900");
    assert_eq!(next_read(&station), read("hand", b"]E0", b"5012345678900"), "held again without a restart");
}

fn next_weight(station: &Station, what: &str, wanted: impl Fn(&Reading) -> bool) -> Reading {
    station.next(what, |event| match event {
        DeviceEvent::Weight { reading, .. } if wanted(reading) => Some(*reading),
        _ => None,
    })
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_scale_weighs_exactly_and_says_what_hinders_it() {
    let scale = Scale::new("scale", "SN-W");
    scale.grams(0);
    scale.gadget.plug(0);
    let station = Station::start(vec![("bench", DeviceSpec::UsbScale(UsbWanted::default()))]);
    ready(&station, "bench");
    scale.says(4, 3, -3, 1_250);
    next_weight(&station, "1.250 kg", |r| r.grams == Some(1_250) && r.stable);
    scale.says(3, 12, -2, 1_050);
    next_weight(&station, "10.50 lb that move", |r| r.grams == Some(4_763) && !r.stable);
    scale.says(6, 2, 0, 9_999);
    next_weight(&station, "too much", |r| r.overload && r.grams.is_none());
    let over = DeviceStatus::Attention { why: DeviceWarning::ScaleOver };
    stands(&station, "bench", "overloaded", |status| *status == over);
    scale.says(5, 2, 0, 12);
    next_weight(&station, "below zero", |r| r.underload && r.grams.is_none());
    let under = DeviceStatus::Attention { why: DeviceWarning::ScaleUnder };
    stands(&station, "bench", "below zero", |status| *status == under);
    scale.says(8, 2, 0, 12);
    let needs = DeviceStatus::Attention { why: DeviceWarning::ScaleNeedsZero };
    stands(&station, "bench", "in need of a zero", |status| *status == needs);
    scale.grams(300);
    ready(&station, "bench");
    scale.falls_silent();
    let silent =
        |status: &DeviceStatus| matches!(status, DeviceStatus::Attention { why: DeviceWarning::ScaleSilent { .. } });
    stands(&station, "bench", "silent", silent);
    scale.grams(301);
    ready(&station, "bench");
    scale.gadget.pull();
    lost(&station, "bench", GONE);
    scale.gadget.plug(3);
    ready(&station, "bench");
    next_weight(&station, "the weight at another port", |r| r.grams == Some(301));
}

/// Prints and gives all outcomes up to the last.
fn print(station: &Station, job: &str, zpl: &str, last: impl Fn(&PrintOutcome) -> bool) -> Vec<PrintOutcome> {
    print_as(station, (job, PrintFormat::Zpl), zpl, last)
}

fn print_as(
    station: &Station,
    (job, format): (&str, PrintFormat),
    text: &str,
    last: impl Fn(&PrintOutcome) -> bool,
) -> Vec<PrintOutcome> {
    let bytes = text.as_bytes().into();
    let command = DeviceCommand::Print { printer: id("labels"), job: job.to_owned(), format, bytes };
    station.supervisor.handle().send(command).unwrap();
    let mut outcomes = Vec::new();
    station.next(&format!("the end of {job}"), |event| match event {
        DeviceEvent::Printed { job: of, outcome, .. } if of == job => {
            outcomes.push(outcome.clone());
            last(outcome).then_some(())
        }
        _ => None,
    });
    outcomes
}

fn failed(outcome: &PrintOutcome) -> bool {
    matches!(outcome, PrintOutcome::Failed { .. })
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_printer_says_why_nothing_comes_out_and_prints_nothing_twice() {
    let printer = Printer::new("labels", "SN-Z");
    printer.plug(0);
    let config = UsbPrinterConfig { write_ms_max: 1_000, ..UsbPrinterConfig::new(UsbWanted::default()) };
    let station = Station::start(vec![("labels", DeviceSpec::UsbPrinter(config))]);
    ready(&station, "labels");
    let moved = |outcome: &PrintOutcome| *outcome == PrintOutcome::PaperMoved;
    assert_eq!(print(&station, "one", "^XA^FDONE^FS^XZ", moved), [PrintOutcome::Sent, PrintOutcome::PaperMoved]);
    assert_eq!(printer.paper(), "^XA^FDONE^FS^XZ");
    printer.tear_off();

    printer.status(PAPER_OUT);
    let since = Instant::now();
    let out = DeviceStatus::Attention { why: DeviceWarning::PaperOut };
    stands(&station, "labels", "out of paper", |status| *status == out);
    assert!(since.elapsed() < Duration::from_secs(2), "said after {:?}", since.elapsed());
    let why = PrintFailure::NotReady(NotReady::PaperOut);
    assert_eq!(print(&station, "two", "^XA^XZ", failed), [PrintOutcome::Failed { why, bytes_sent: 0 }]);
    assert_eq!(printer.paper(), "", "nothing was sent");
    printer.status(WELL);
    ready(&station, "labels");

    // It stops taking bytes in the middle of a long job.
    printer.takes(false);
    let long = format!("^XA^FD{}^FS^XZ", "x".repeat(400_000));
    let stuck = print(&station, "three", &long, failed);
    let [PrintOutcome::Failed { why: PrintFailure::Stuck, bytes_sent }] = stuck[..] else { panic!("{stuck:?}") };
    assert!(bytes_sent < long.len(), "{bytes_sent}");
    printer.pull();
    lost(&station, "labels", GONE);
    let gone = print(&station, "four", "^XA^XZ", failed);
    assert!(matches!(gone[..], [PrintOutcome::Failed { why: PrintFailure::NotThere(_), bytes_sent: 0 }]), "{gone:?}");

    printer.takes(true);
    printer.tear_off();
    printer.plug(2);
    ready(&station, "labels");
    assert_eq!(print(&station, "five", "^XA^FDFIVE^FS^XZ", moved), [PrintOutcome::Sent, PrintOutcome::PaperMoved]);
    assert_eq!(printer.paper(), "^XA^FDFIVE^FS^XZ", "no earlier job comes after all");
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_receipt_printer_says_that_its_paper_moved_and_why_it_does_not() {
    let printer = Printer::of_receipts("receipts", "SN-R");
    printer.plug(0);
    let config = ReceiptPrinterConfig::new(ReceiptPort::Usb(serial("SN-R")));
    let station = Station::start(vec![("labels", DeviceSpec::ReceiptPrinter(config))]);
    ready(&station, "labels");
    let slip = |job| (job, PrintFormat::EscPos);
    let moved = |outcome: &PrintOutcome| *outcome == PrintOutcome::PaperMoved;
    let done = [PrintOutcome::Sent, PrintOutcome::PaperMoved];
    assert_eq!(print_as(&station, slip("one"), "\x1b@SLIP ONE\n", moved), done);
    assert_eq!(printer.paper(), "\x1b@SLIP ONE\n");
    let wrong = print(&station, "label", "^XA^XZ", failed);
    assert!(matches!(wrong[..], [PrintOutcome::Failed { why: PrintFailure::WrongFormat, bytes_sent: 0 }]), "{wrong:?}");

    printer.status(PAPER_OUT);
    let out = DeviceStatus::Attention { why: DeviceWarning::PaperOut };
    stands(&station, "labels", "out of paper", |status| *status == out);
    let why = PrintFailure::NotReady(NotReady::PaperOut);
    assert_eq!(print_as(&station, slip("two"), "NEVER", failed), [PrintOutcome::Failed { why, bytes_sent: 0 }]);
    printer.status(WELL);
    ready(&station, "labels");
    printer.pull();
    lost(&station, "labels", GONE);
    printer.tear_off();
    printer.plug(2);
    ready(&station, "labels");
    assert_eq!(print_as(&station, slip("three"), "SLIP THREE\n", moved), done);
    assert_eq!(printer.paper(), "SLIP THREE\n", "nothing came after all, and nothing twice");
}

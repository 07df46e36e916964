//! A receipt printer on TCP and on a serial line that parses what it gets (ESC/POS): status in real time and in turn, and a picture
//! whose codes are read again.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use packbench::devices::config::{ReceiptPort, ReceiptPrinterConfig};
use packbench::devices::printer::{NotReady, PrintFailure, PrintFormat, PrintOutcome};
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning, LineSettings};
use packbench::labels::escpos;

use crate::device_support::{Pty, Station, id, until, write_all};
use crate::labels_printers::{Paper, receipts, slip};

/// The packer sees a fault within this time.
const SEEN: Duration = Duration::from_secs(2);

/// What the printer is like, and what it printed.
#[derive(Default)]
struct Inside {
    /// Bits that are set in the answers to `DLE EOT` 1 to 4.
    bits: [u8; 4],
    silent: bool,
    /// The paper ends with the next job: what was asked in turn is never answered.
    ends: bool,
    /// Bytes of jobs, without the questions.
    taken: Vec<u8>,
}

type Shared = Arc<Mutex<Inside>>;

/// Works off what came; what is not whole yet stays. Answers are returned.
fn work(held: &mut Vec<u8>, shared: &Shared) -> Vec<u8> {
    let mut inside = shared.lock().unwrap();
    let mut answers = Vec::new();
    loop {
        let used = match held[..] {
            [0x10, 0x04, n @ 1..=4, ..] => {
                answers.push(0x12 | inside.bits[usize::from(n) - 1]);
                3
            }
            [0x1d, b'r', 1, ..] => {
                if inside.bits == [0; 4] {
                    answers.push(0);
                }
                3
            }
            [0x1b, b'@', ..] => 2,
            [0x1d, b'V', 66, _, ..] => {
                if inside.ends {
                    inside.bits = [0x08, 0x20, 0, 0x60];
                }
                4
            }
            [0x1d, b'v', b'0', 0, xl, xh, yl, yh, ..] => {
                let rows = usize::from(u16::from_le_bytes([yl, yh]));
                let whole = 8 + usize::from(u16::from_le_bytes([xl, xh])) * rows;
                if held.len() < whole {
                    break;
                }
                whole
            }
            _ => break,
        };
        let bytes: Vec<u8> = held.drain(..used).collect();
        if !matches!(bytes[..], [0x10, ..] | [0x1d, b'r', ..]) {
            inside.taken.extend(bytes);
        }
    }
    if inside.silent { Vec::new() } else { answers }
}

fn serve(mut stream: TcpStream, shared: &Shared) {
    let (mut buf, mut held) = ([0u8; 65_536], Vec::new());
    while let Ok(n @ 1..) = stream.read(&mut buf) {
        held.extend_from_slice(&buf[..n]);
        let answers = work(&mut held, shared);
        if stream.write_all(&answers).is_err() {
            return;
        }
    }
}

fn listen(shared: &Shared) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, shared) = (listener.local_addr().unwrap().port(), Arc::clone(shared));
    // The thread ends with the test process: it waits in `accept`.
    let accept = move || listener.incoming().flatten().for_each(|stream| serve(stream, &shared));
    thread::Builder::new().name("receipt-printer".into()).spawn(accept).unwrap();
    port
}

fn start(port: ReceiptPort) -> Station {
    let config = ReceiptPrinterConfig { paper_ms_max: 5_000, ..ReceiptPrinterConfig::new(port) };
    Station::start(vec![("slips", DeviceSpec::ReceiptPrinter(config))])
}

fn tcp(shared: &Shared) -> Station {
    start(ReceiptPort::Tcp { host: "127.0.0.1".into(), port: listen(shared) })
}

fn print(station: &Station, job: &str, bytes: &[u8]) {
    let command = DeviceCommand::Print {
        printer: id("slips"),
        job: job.into(),
        format: PrintFormat::EscPos,
        bytes: bytes.into(),
    };
    station.supervisor.handle().send(command).unwrap();
}

fn outcome(station: &Station, wanted: &str) -> PrintOutcome {
    station.next("a print outcome", |event| match event {
        DeviceEvent::Printed { job, outcome, .. } => {
            assert_eq!(job, wanted);
            Some(outcome.clone())
        }
        _ => None,
    })
}

#[test]
fn a_slip_comes_out_whole_and_its_code_is_read() {
    let shared = Shared::default();
    let station = tcp(&shared);
    station.ready("slips");
    let job = escpos::render(&slip(), 576, 203).unwrap();
    print(&station, "slip", &job);
    assert_eq!(outcome(&station, "slip"), PrintOutcome::Sent);
    assert_eq!(outcome(&station, "slip"), PrintOutcome::PaperMoved);
    let taken = shared.lock().unwrap().taken.clone();
    assert_eq!(taken, job, "byte for byte, once");
    let papers = receipts(&taken);
    assert_eq!(papers.len(), 1, "cut once");
    let Paper { width, grey } = &papers[0];
    assert_eq!(*width, 576);
    assert!(grey.len() / width < 1_184, "white below the last ink is not fed: {} rows", grey.len() / width);
    assert_eq!(crate::labels_printers::codes("receipt", *width, grey), ["CODE-128:PB-1001"]);
}

#[test]
fn faults_are_told_within_two_seconds_and_nothing_is_sent() {
    let shared = Shared::default();
    let station = tcp(&shared);
    station.ready("slips");
    for (bits, warning, why) in [
        ([0x08, 0x04, 0, 0], DeviceWarning::CoverOpen, Some(NotReady::CoverOpen)),
        ([0x08, 0x20, 0, 0x60], DeviceWarning::PaperOut, Some(NotReady::PaperOut)),
        ([0x08, 0, 0x08, 0], DeviceWarning::CutterFault, Some(NotReady::CutterFault)),
        ([0, 0, 0, 0x0c], DeviceWarning::PaperLow, None),
    ] {
        shared.lock().unwrap().bits = bits;
        let begun = Instant::now();
        station.status("slips", &format!("{warning:?}"), |s| *s == DeviceStatus::Attention { why: warning.clone() });
        assert!(begun.elapsed() < SEEN, "{warning:?} took {:?}", begun.elapsed());
        if let Some(why) = why {
            print(&station, "a", b"\x1b@");
            let why = PrintFailure::NotReady(why);
            assert_eq!(outcome(&station, "a"), PrintOutcome::Failed { why, bytes_sent: 0 });
        }
        shared.lock().unwrap().bits = [0; 4];
        station.ready("slips");
    }
    shared.lock().unwrap().silent = true;
    let silent = DeviceStatus::Attention { why: DeviceWarning::PrinterSilent };
    station.status("slips", "silence", |s| *s == silent);
    print(&station, "b", b"\x1b@");
    let why = PrintFailure::NotReady(NotReady::Silent);
    assert_eq!(outcome(&station, "b"), PrintOutcome::Failed { why, bytes_sent: 0 });
    assert!(shared.lock().unwrap().taken.is_empty());
}

#[test]
fn paper_that_ends_in_a_slip_is_no_moved_paper() {
    let shared = Shared::default();
    shared.lock().unwrap().ends = true;
    let station = tcp(&shared);
    station.ready("slips");
    let job = escpos::render(&slip(), 576, 203).unwrap();
    print(&station, "slip", &job);
    assert_eq!(outcome(&station, "slip"), PrintOutcome::Sent);
    let why = PrintFailure::NotReady(NotReady::PaperOut);
    assert_eq!(outcome(&station, "slip"), PrintOutcome::Failed { why, bytes_sent: job.len() });
}

#[test]
fn a_serial_printer_prints_and_its_unplugging_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let shared = Shared::default();
    let (mut peer, own) = (pty.peer(), Arc::clone(&shared));
    let over = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stop = Arc::clone(&over);
    let serve = move || {
        let (mut buf, mut held) = ([0u8; 4_096], Vec::new());
        while !stop.load(std::sync::atomic::Ordering::Relaxed) {
            match peer.read(&mut buf) {
                Ok(n @ 1..) => held.extend_from_slice(&buf[..n]),
                Ok(0) | Err(_) => thread::park_timeout(Duration::from_millis(1)),
            }
            let answers = work(&mut held, &own);
            if !answers.is_empty() {
                write_all(&mut peer, &answers);
            }
        }
    };
    let peer_thread = thread::Builder::new().name("serial-receipts".into()).spawn(serve).unwrap();
    let station = start(ReceiptPort::Serial { path: pty.dev(), line: LineSettings::n81(115_200) });
    station.ready("slips");
    let job = escpos::render(&slip(), 384, 203).unwrap();
    print(&station, "slip", &job);
    assert_eq!(outcome(&station, "slip"), PrintOutcome::Sent);
    assert_eq!(outcome(&station, "slip"), PrintOutcome::PaperMoved);
    until("the whole job", || (shared.lock().unwrap().taken == job).then_some(()));
    over.store(true, std::sync::atomic::Ordering::Relaxed);
    peer_thread.join().unwrap();
    pty.unplug();
    station.status("slips", "the pulled plug", |s| matches!(s, DeviceStatus::Lost { .. }));
}

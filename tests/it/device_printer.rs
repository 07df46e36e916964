//! Printers: a label printer on TCP (a listener in this test that can fail in every way), a folder, and the virtual printer.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use packbench::devices::config::{FolderPrinterConfig, TcpPrinterConfig};
use packbench::devices::printer::{NotReady, PrintFailure, PrintFormat, PrintOutcome};
use packbench::devices::virtual_::VirtualPrinter;
use packbench::devices::{
    DeviceCommand, DeviceEvent, DeviceKind, DeviceSpec, DeviceStatus, DeviceWarning, LostReason, SendError,
};

use crate::device_support::{Station, id, until};

const LABEL: &[u8] = b"^XA^FO50,50^BCN,100,Y,N,N^FD>;>8001234567890123^FS^XZ";

/// How the listener behaves.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    /// Answers status questions; a job is in the queue at the first look after it, and printed at the second.
    Good,
    /// Answers that there is no paper.
    PaperOut,
    /// Runs out of paper while printing.
    PaperOutAfterJob,
    /// Knows no status question and keeps the connection.
    Mute,
    /// Takes some bytes of a job and breaks the connection.
    Cut,
    /// Takes the connection and reads nothing.
    Stuck,
}

struct Listener {
    port: u16,
    manner: Arc<Mutex<Manner>>,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Listener {
    fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (manner, received) = (Arc::new(Mutex::new(manner)), Arc::new(Mutex::new(Vec::new())));
        let (behave, keep) = (Arc::clone(&manner), Arc::clone(&received));
        // The thread ends with the test process: it waits in `accept`.
        std::thread::Builder::new()
            .name("test-printer".into())
            .spawn(move || {
                let mut stuck = Vec::new();
                for stream in listener.incoming() {
                    let manner = *behave.lock().unwrap();
                    match (stream, manner) {
                        (Ok(stream), Manner::Stuck) => stuck.push(stream),
                        (Ok(stream), manner) => serve(stream, manner, &keep),
                        (Err(_), _) => return,
                    }
                }
            })
            .unwrap();
        Self { port, manner, received }
    }

    fn spec(&self, status: bool) -> DeviceSpec {
        DeviceSpec::TcpPrinter(TcpPrinterConfig {
            status,
            write_ms_max: 10_000,
            check_ms: 1_000,
            ..TcpPrinterConfig::new("127.0.0.1", self.port)
        })
    }

    fn set(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }
}

fn host_status(paper_out: bool, formats: u32) -> String {
    let paper = u8::from(paper_out);
    format!(
        "\x02030,{paper},0,1245,{formats:03},0,0,0,000,0,0,0\x03\r\n\
         \x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
    )
}

fn serve(mut stream: TcpStream, manner: Manner, keep: &Mutex<Vec<u8>>) {
    let (mut buf, mut held, mut printed, mut looks) = ([0u8; 65_536], Vec::new(), false, 0);
    loop {
        let n = match stream.read(&mut buf) {
            Ok(0) | Err(_) => return,
            Ok(n) => n,
        };
        held.extend_from_slice(&buf[..n]);
        // Many makers do not know the second question.
        if let Some(at) = held.windows(7).position(|w| w == b"~HQES\r\n") {
            held.drain(at..at + 7);
        }
        if manner == Manner::Cut && held.windows(3).any(|w| w == b"^XA") {
            // Unread bytes are left behind: the system answers with a reset, as when a printer loses power.
            return;
        }
        if held.ends_with(b"~HS\r\n") && manner != Manner::Mute {
            held.truncate(held.len() - 5);
            if held.ends_with(b"^XZ") {
                keep.lock().unwrap().append(&mut held);
                printed = true;
            }
            looks += usize::from(printed);
            let paper_out = manner == Manner::PaperOut || (manner == Manner::PaperOutAfterJob && printed);
            let formats = u32::from(printed && looks < 2);
            if stream.write_all(host_status(paper_out, formats).as_bytes()).is_err() {
                return;
            }
        } else if held.ends_with(b"^XZ") {
            keep.lock().unwrap().append(&mut held);
            printed = true;
        }
    }
}

fn print(station: &Station, printer: &str, job: &str, format: PrintFormat, bytes: &[u8]) {
    let command = DeviceCommand::Print { printer: id(printer), job: job.into(), format, bytes: bytes.into() };
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

fn failed(why: PrintFailure, bytes_sent: usize) -> PrintOutcome {
    PrintOutcome::Failed { why, bytes_sent }
}

#[test]
fn a_label_is_sent_and_then_its_paper_moved() {
    let listener = Listener::start(Manner::Good);
    let station = Station::start(vec![("labels", listener.spec(true))]);
    station.ready("labels");
    print(&station, "labels", "job-1", PrintFormat::Zpl, LABEL);
    assert_eq!(outcome(&station, "job-1"), PrintOutcome::Sent);
    assert_eq!(outcome(&station, "job-1"), PrintOutcome::PaperMoved);
    assert_eq!(*listener.received.lock().unwrap(), LABEL, "byte for byte, once");
    print(&station, "labels", "job-2", PrintFormat::Pdf, b"%PDF-1.4");
    assert_eq!(outcome(&station, "job-2"), failed(PrintFailure::WrongFormat, 0));
    print(&station, "labels", "../job-3", PrintFormat::Zpl, LABEL);
    assert_eq!(outcome(&station, "../job-3"), failed(PrintFailure::BadJobId, 0));
}

#[test]
fn without_paper_nothing_is_sent() {
    let listener = Listener::start(Manner::PaperOut);
    let station = Station::start(vec![("labels", listener.spec(true))]);
    station.status("labels", "the missing paper", |s| *s == DeviceStatus::Attention { why: DeviceWarning::PaperOut });
    print(&station, "labels", "a", PrintFormat::Zpl, LABEL);
    assert_eq!(outcome(&station, "a"), failed(PrintFailure::NotReady(NotReady::PaperOut), 0));
    assert!(listener.received.lock().unwrap().is_empty());
    listener.set(Manner::Good);
    station.ready("labels");
    print(&station, "labels", "b", PrintFormat::Zpl, LABEL);
    assert_eq!(outcome(&station, "b"), PrintOutcome::Sent);
    assert_eq!(outcome(&station, "b"), PrintOutcome::PaperMoved);
}

#[test]
fn paper_that_ends_during_a_job_needs_a_person() {
    let listener = Listener::start(Manner::PaperOutAfterJob);
    let station = Station::start(vec![("labels", listener.spec(true))]);
    station.ready("labels");
    print(&station, "labels", "a", PrintFormat::Zpl, LABEL);
    assert_eq!(outcome(&station, "a"), PrintOutcome::Sent);
    assert_eq!(outcome(&station, "a"), failed(PrintFailure::NotReady(NotReady::PaperOut), LABEL.len()));
}

#[test]
fn a_printer_without_status_gives_sent_and_no_more() {
    let listener = Listener::start(Manner::Mute);
    let silent = DeviceStatus::Attention { why: DeviceWarning::PrinterSilent };
    for (name, status, shown) in [("asked", true, silent), ("unasked", false, DeviceStatus::Ready)] {
        let station = Station::start(vec![(name, listener.spec(status))]);
        station.status(name, "what it is taken for", |s| *s == shown);
        print(&station, name, "a", PrintFormat::Zpl, LABEL);
        assert_eq!(outcome(&station, "a"), PrintOutcome::Sent);
        print(&station, name, "b", PrintFormat::Zpl, b"");
        assert_eq!(outcome(&station, "b"), failed(PrintFailure::BadSize, 0), "no second outcome of the first job");
    }
    until("the unasked label", || listener.received.lock().unwrap().ends_with(LABEL).then_some(()));
}

#[test]
fn a_connection_cut_in_the_middle_says_how_much_was_taken() {
    let listener = Listener::start(Manner::Good);
    let station = Station::start(vec![("labels", listener.spec(false))]);
    station.ready("labels");
    listener.set(Manner::Cut);
    let mut long = b"^XA".to_vec();
    long.resize(12 * 1024 * 1024, b'0');
    print(&station, "labels", "a", PrintFormat::Zpl, &long);
    match outcome(&station, "a") {
        PrintOutcome::Failed { why: PrintFailure::CutMidJob, bytes_sent } => {
            assert!(bytes_sent > 0 && bytes_sent < long.len(), "{bytes_sent} of {}", long.len());
        }
        other => panic!("{other:?}"),
    }
    // A short job fits into the system's buffers: only the reset after it tells.
    print(&station, "labels", "b", PrintFormat::Zpl, &long[..100_000]);
    match outcome(&station, "b") {
        PrintOutcome::Failed { why: PrintFailure::CutMidJob, bytes_sent } => assert!(bytes_sent > 0),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refused_connection_is_told_at_once_and_work_goes_on_after_the_return() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let spec = DeviceSpec::TcpPrinter(TcpPrinterConfig { status: false, ..TcpPrinterConfig::new("127.0.0.1", port) });
    let station = Station::start(vec![("labels", spec)]);
    station.status("labels", "the refusal", |s| matches!(s, DeviceStatus::Lost { reason: LostReason::Refused, .. }));
    print(&station, "labels", "a", PrintFormat::Zpl, LABEL);
    assert_eq!(outcome(&station, "a"), failed(PrintFailure::NotThere(LostReason::Refused), 0));
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    station.ready("labels");
    print(&station, "labels", "b", PrintFormat::Zpl, LABEL);
    let label = until("the label", || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        // Looks at the printer are empty connections.
        (!bytes.is_empty()).then_some(bytes)
    });
    assert_eq!(label, LABEL);
    assert_eq!(outcome(&station, "b"), PrintOutcome::Sent);
}

#[test]
fn a_stuck_printer_ends_in_time_and_a_full_queue_is_said() {
    let listener = Listener::start(Manner::Good);
    let config =
        TcpPrinterConfig { status: false, write_ms_max: 500, ..TcpPrinterConfig::new("127.0.0.1", listener.port) };
    let station = Station::start(vec![("labels", DeviceSpec::TcpPrinter(config))]);
    station.ready("labels");
    listener.set(Manner::Stuck);
    let long: Arc<[u8]> = vec![b'0'; 16 * 1024 * 1024].into();
    let send = |n: usize| {
        let command = DeviceCommand::Print {
            printer: id("labels"),
            job: format!("job-{n}"),
            format: PrintFormat::Zpl,
            bytes: Arc::clone(&long),
        };
        station.supervisor.handle().send(command)
    };
    let refused = (0..40).map(send).find_map(Result::err);
    assert_eq!(refused, Some(SendError::Full { device: "labels".into() }));
    match outcome(&station, "job-0") {
        PrintOutcome::Failed { why: PrintFailure::Stuck, bytes_sent } => assert!(bytes_sent < long.len()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_folder_gets_whole_files_once() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let station =
        Station::start(vec![("paper", DeviceSpec::FolderPrinter(FolderPrinterConfig { folder: target.clone() }))]);
    station.status("paper", "absence", |s| *s == DeviceStatus::Absent);
    print(&station, "paper", "a", PrintFormat::Pdf, b"%PDF-1.4 one");
    assert_eq!(outcome(&station, "a"), failed(PrintFailure::NotThere(LostReason::NotFound), 0));
    std::fs::create_dir(&target).unwrap();
    station.ready("paper");
    print(&station, "paper", "a", PrintFormat::Pdf, b"%PDF-1.4 one");
    assert_eq!(outcome(&station, "a"), PrintOutcome::Sent);
    print(&station, "paper", "a", PrintFormat::Pdf, b"%PDF-1.4 one");
    assert_eq!(outcome(&station, "a"), PrintOutcome::Sent, "the same document again is there already");
    print(&station, "paper", "a", PrintFormat::Pdf, b"%PDF-1.4 two");
    assert_eq!(outcome(&station, "a"), failed(PrintFailure::NameTaken, 0));
    print(&station, "paper", "b", PrintFormat::Png, b"png");
    assert_eq!(outcome(&station, "b"), PrintOutcome::Sent);
    let mut names: Vec<_> = std::fs::read_dir(&target).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["a.pdf", "b.png"], "nothing half-written is left");
    assert_eq!(std::fs::read(target.join("a.pdf")).unwrap(), b"%PDF-1.4 one");
}

#[test]
fn the_virtual_printer_shows_its_pages_and_runs_out_of_paper() {
    let panel = VirtualPrinter::new();
    let station = Station::start(vec![("v", DeviceSpec::VirtualPrinter(panel.clone()))]);
    station.ready("v");
    let pages = panel.subscribe();
    print(&station, "v", "a", PrintFormat::Zpl, LABEL);
    assert_eq!(outcome(&station, "a"), PrintOutcome::Sent);
    assert_eq!(outcome(&station, "a"), PrintOutcome::PaperMoved);
    let page = pages.recv_timeout(crate::device_support::DEADLINE).unwrap();
    assert_eq!((page.job.as_str(), page.format, &page.bytes[..]), ("a", PrintFormat::Zpl, LABEL));
    panel.set_trouble(Some(NotReady::PaperOut));
    print(&station, "v", "b", PrintFormat::Zpl, LABEL);
    assert_eq!(outcome(&station, "b"), failed(PrintFailure::NotReady(NotReady::PaperOut), 0));
    station.status("v", "the missing paper", |s| *s == DeviceStatus::Attention { why: DeviceWarning::PaperOut });
    panel.set_trouble(None);
    station.ready("v");
    assert_eq!(panel.pages().len(), 1);
    panel.set_plugged(false);
    station.status("v", "the pulled plug", |s| matches!(s, DeviceStatus::Lost { .. }));
    let zero = station.supervisor.handle().send(DeviceCommand::Zero { scale: id("v") });
    assert_eq!(zero, Err(SendError::WrongKind { device: "v".into(), kind: DeviceKind::Printer }));
}

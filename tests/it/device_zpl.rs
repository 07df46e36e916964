//! A label printer on TCP 9100 that answers `~HQES` and `~HS` like the real ones, and in every wrong way: late, twice, never. What it
//! says is on the screen within two seconds, and nothing is printed twice.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use packbench::devices::config::TcpPrinterConfig;
use packbench::devices::printer::{NotReady, PrintFailure, PrintFormat, PrintOutcome};
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning};

use packbench::labels::house::house_label;
use packbench::labels::zpl;

use crate::device_support::{Station, id, until};
use crate::labels_kit::{plain_label, render_zpl_sized, words, zbar};

/// The packer sees a fault within this time.
const SEEN: Duration = Duration::from_secs(2);

/// How the printer answers.
#[derive(Clone, Copy, PartialEq)]
pub enum Manner {
    Well,
    /// Each answer after this time.
    Late(Duration),
    Twice,
    /// Takes everything and says nothing.
    Never,
    /// As `Never`, from the first job on.
    NeverAfterJob,
}

pub struct State {
    pub manner: Manner,
    /// Bits of `~HQES`.
    pub errors: u32,
    warnings: u32,
    /// Fields of `~HS`.
    paused: bool,
    buffer_full: bool,
    too_cold: bool,
    too_hot: bool,
    jobs: Vec<Vec<u8>>,
    /// Looks until what it has is printed.
    busy: u32,
}

/// The printer. Clones share it.
#[derive(Clone)]
pub struct Printer {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl Printer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = State {
            manner: Manner::Well,
            errors: 0,
            warnings: 0,
            paused: false,
            buffer_full: false,
            too_cold: false,
            too_hot: false,
            jobs: Vec::new(),
            busy: 0,
        };
        let printer = Self { port, state: Arc::new(Mutex::new(state)) };
        let own = printer.clone();
        // The threads end with the test process: they wait in `accept` and `read`.
        let accept = move || {
            for stream in listener.incoming().flatten() {
                let own = own.clone();
                thread::Builder::new().name("zpl-connection".into()).spawn(move || own.serve(stream)).unwrap();
            }
        };
        thread::Builder::new().name("zpl-printer".into()).spawn(accept).unwrap();
        printer
    }

    pub fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    /// What it printed, job by job.
    pub fn printed(&self) -> Vec<Vec<u8>> {
        self.state.lock().unwrap().jobs.clone()
    }

    fn spec(&self) -> DeviceSpec {
        DeviceSpec::TcpPrinter(TcpPrinterConfig {
            paper_ms_max: 3_000,
            ..TcpPrinterConfig::new("127.0.0.1", self.port)
        })
    }

    fn serve(&self, mut stream: TcpStream) {
        let (mut buf, mut held) = ([0u8; 65_536], Vec::new());
        loop {
            match stream.read(&mut buf) {
                Ok(0) | Err(_) => return,
                Ok(n) => held.extend_from_slice(&buf[..n]),
            }
            while let Some(used) = self.take(&held, &stream) {
                held.drain(..used);
            }
        }
    }

    /// Works off the first command of what was received; how many bytes it had.
    fn take(&self, held: &[u8], stream: &TcpStream) -> Option<usize> {
        for (question, answer) in [(&b"~HQES\r\n"[..], true), (b"~HS\r\n", false)] {
            if held.starts_with(question) {
                self.answer(answer, stream);
                return Some(question.len());
            }
        }
        if held.first().is_some_and(u8::is_ascii_whitespace) {
            return Some(1);
        }
        if !held.starts_with(b"^XA") {
            return None;
        }
        let end = held.windows(3).position(|w| w == b"^XZ")? + 3;
        let mut state = self.state.lock().unwrap();
        state.jobs.push(held[..end].to_vec());
        state.busy = 2;
        if state.manner == Manner::NeverAfterJob {
            state.manner = Manner::Never;
        }
        Some(end)
    }

    fn answer(&self, errors: bool, stream: &TcpStream) {
        let mut state = self.state.lock().unwrap();
        let (manner, text) = (state.manner, if errors { Some(errors_answer(&state)) } else { host_answer(&mut state) });
        drop(state);
        let (Some(text), Ok(mut stream)) = (text, stream.try_clone()) else { return };
        // A station that has closed the connection is not interested any more.
        let mut write = move || drop(stream.write_all(text.as_bytes()));
        match manner {
            Manner::Well | Manner::NeverAfterJob => write(),
            Manner::Twice => {
                write();
                write();
            }
            Manner::Never => {}
            Manner::Late(after) => {
                let due = Instant::now() + after;
                let later = move || {
                    while Instant::now() < due {
                        thread::park_timeout(due.saturating_duration_since(Instant::now()));
                    }
                    write();
                };
                thread::Builder::new().name("zpl-late".into()).spawn(later).unwrap();
            }
        }
    }
}

fn errors_answer(state: &State) -> String {
    let line = |bits: u32| format!("{} 00000000 {bits:08X}", u8::from(bits != 0));
    let (errors, warnings) = (line(state.errors), line(state.warnings));
    format!("\x02\r\n\r\nPRINTER STATUS\r\n ERRORS:         {errors}\r\n WARNINGS:       {warnings}\r\n\x03")
}

/// Without labels or ribbon, with an open head or a hot one, real printers leave this question unanswered.
fn host_answer(state: &mut State) -> Option<String> {
    if state.errors & 0x17 != 0 {
        return None;
    }
    let formats = u32::from(state.busy > 0);
    state.busy = state.busy.saturating_sub(1);
    let flag = u8::from;
    Some(format!(
        "\x02030,0,{},1245,{formats:03},{},0,0,000,0,{},{}\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\
         \x021234,0\x03\r\n",
        flag(state.paused),
        flag(state.buffer_full),
        flag(state.too_cold),
        flag(state.too_hot)
    ))
}

fn label(n: usize) -> Vec<u8> {
    format!("^XA^FO50,50^BCN,100,Y,N,N^FDPARCEL{n}^FS^XZ").into_bytes()
}

fn print(station: &Station, job: &str, bytes: &[u8]) {
    let command =
        DeviceCommand::Print { printer: id("labels"), job: job.into(), format: PrintFormat::Zpl, bytes: bytes.into() };
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

fn shown(station: &Station, warning: &DeviceWarning) {
    let begun = Instant::now();
    station.status("labels", &format!("{warning:?}"), |s| *s == DeviceStatus::Attention { why: warning.clone() });
    assert!(begun.elapsed() < SEEN, "{warning:?} took {:?}", begun.elapsed());
}

#[test]
fn every_fault_is_told_within_two_seconds_and_gone_with_its_cause() {
    let printer = Printer::start();
    let station = Station::start(vec![("labels", printer.spec())]);
    station.ready("labels");
    type Change = fn(&mut State);
    let faults: [(Change, Change, DeviceWarning); 10] = [
        (|s| s.errors = 0x1, |s| s.errors = 0, DeviceWarning::PaperOut),
        (|s| s.errors = 0x5, |s| s.errors = 0, DeviceWarning::HeadOpen),
        (|s| s.errors = 0x2, |s| s.errors = 0, DeviceWarning::RibbonOut),
        (|s| s.errors = 0x10, |s| s.errors = 0, DeviceWarning::TooHot),
        (|s| s.errors = 0x2000, |s| s.errors = 0, DeviceWarning::PaperJam),
        (|s| s.warnings = 0x8, |s| s.warnings = 0, DeviceWarning::PaperLow),
        (|s| s.paused = true, |s| s.paused = false, DeviceWarning::Paused),
        (|s| s.buffer_full = true, |s| s.buffer_full = false, DeviceWarning::BufferFull),
        (|s| s.too_cold = true, |s| s.too_cold = false, DeviceWarning::TooCold),
        (|s| s.too_hot = true, |s| s.too_hot = false, DeviceWarning::TooHot),
    ];
    for (begin, end, warning) in faults {
        printer.set(begin);
        shown(&station, &warning);
        printer.set(end);
        station.ready("labels");
    }
}

#[test]
fn a_printer_that_goes_silent_is_said_and_gets_nothing() {
    let printer = Printer::start();
    let station = Station::start(vec![("labels", printer.spec())]);
    station.ready("labels");
    printer.set(|s| s.manner = Manner::Never);
    shown(&station, &DeviceWarning::PrinterSilent);
    print(&station, "a", &label(1));
    let silent = PrintFailure::NotReady(NotReady::Silent);
    assert_eq!(outcome(&station, "a"), PrintOutcome::Failed { why: silent, bytes_sent: 0 });
    printer.set(|s| s.manner = Manner::Well);
    station.ready("labels");
    assert!(printer.printed().is_empty());
}

#[test]
fn answers_that_come_twice_or_late_count_once_and_for_their_own_job() {
    let printer = Printer::start();
    let station = Station::start(vec![("labels", printer.spec())]);
    for (n, manner) in [Manner::Twice, Manner::Late(Duration::from_millis(400)), Manner::Well].into_iter().enumerate() {
        printer.set(|s| s.manner = manner);
        station.ready("labels");
        let job = format!("job-{n}");
        print(&station, &job, &label(n));
        assert_eq!(outcome(&station, &job), PrintOutcome::Sent);
        assert_eq!(outcome(&station, &job), PrintOutcome::PaperMoved);
        let printed = printer.printed();
        assert_eq!(printed, (0..=n).map(label).collect::<Vec<_>>(), "each once, byte for byte");
        // The last status was told before this round.
        printer.set(|s| s.paused = true);
        shown(&station, &DeviceWarning::Paused);
        printer.set(|s| s.paused = false);
    }
}

#[test]
fn lost_answers_leave_a_job_sent_and_it_is_not_sent_again() {
    let printer = Printer::start();
    let station = Station::start(vec![("labels", printer.spec())]);
    station.ready("labels");
    printer.set(|s| s.manner = Manner::NeverAfterJob);
    print(&station, "a", &label(1));
    assert_eq!(outcome(&station, "a"), PrintOutcome::Sent);
    shown(&station, &DeviceWarning::PrinterSilent);
    print(&station, "b", &label(2));
    let silent = PrintFailure::NotReady(NotReady::Silent);
    // No further word of the first job: that it was sent is all that is known.
    assert_eq!(outcome(&station, "b"), PrintOutcome::Failed { why: silent, bytes_sent: 0 });
    assert_eq!(printer.printed(), [label(1)]);
}

#[test]
fn a_copy_that_still_waits_here_is_taken_back_before_it_is_sent() {
    let printer = Printer::start();
    let station = Station::start(vec![("labels", printer.spec())]);
    station.ready("labels");
    printer.set(|s| s.manner = Manner::Late(Duration::from_millis(300)));
    print(&station, "first", &label(1));
    print(&station, "order-1-a", &label(2));
    print(&station, "order-1-b", &label(3));
    let command = DeviceCommand::CancelPrint { printer: id("labels"), job: "order-1-".into() };
    station.supervisor.handle().send(command).unwrap();
    print(&station, "order-2-a", &label(4));
    let canceled = PrintOutcome::Failed { why: PrintFailure::Canceled, bytes_sent: 0 };
    for (job, told) in
        [("first", None), ("order-1-a", Some(&canceled)), ("order-1-b", Some(&canceled)), ("order-2-a", None)]
    {
        match told {
            Some(told) => assert_eq!(outcome(&station, job), *told),
            None => {
                assert_eq!(outcome(&station, job), PrintOutcome::Sent);
                assert_eq!(outcome(&station, job), PrintOutcome::PaperMoved);
            }
        }
    }
    assert_eq!(printer.printed(), [label(1), label(4)]);
}

#[test]
fn what_the_printer_got_is_the_label_and_its_codes_are_read() {
    let printer = Printer::start();
    let station = Station::start(vec![("labels", printer.spec())]);
    station.ready("labels");
    let sheet = house_label(&plain_label(), &words("en")).unwrap();
    let job = zpl::render(&sheet, zpl::Resolution::Dpi203).unwrap();
    print(&station, "label", job.as_bytes());
    assert_eq!(outcome(&station, "label"), PrintOutcome::Sent);
    assert_eq!(outcome(&station, "label"), PrintOutcome::PaperMoved);
    let printed: Vec<String> = printer.printed().into_iter().map(|job| String::from_utf8(job).unwrap()).collect();
    assert_eq!(printed.len(), 1);
    let picture = render_zpl_sized("printed", ("100", "150"), "8", &printed).remove(0);
    let codes = zbar(&picture);
    let sscc = plain_label().sscc;
    assert!(codes.iter().any(|code| code.ends_with(&format!("00{sscc}"))), "{codes:?} without {sscc}");
}

#[test]
fn two_stations_share_one_printer_and_every_label_comes_once() {
    let printer = Printer::start();
    let stations = [(); 2].map(|()| Station::start(vec![("labels", printer.spec())]));
    stations.iter().for_each(|s| s.ready("labels"));
    for n in 0..6 {
        for (at, station) in stations.iter().enumerate() {
            print(station, &format!("job-{n}"), &label(n * 2 + at));
        }
    }
    for station in &stations {
        for n in 0..6 {
            assert_eq!(outcome(station, &format!("job-{n}")), PrintOutcome::Sent);
            assert_eq!(outcome(station, &format!("job-{n}")), PrintOutcome::PaperMoved);
        }
    }
    let mut printed = printer.printed();
    printed.sort();
    let mut wanted: Vec<Vec<u8>> = (0..12).map(label).collect();
    wanted.sort();
    assert_eq!(printed, wanted);
}

#[test]
fn a_queue_in_the_printer_and_here_is_counted() {
    let printer = Printer::start();
    let station = Station::start(vec![("labels", printer.spec())]);
    station.ready("labels");
    let jobs = || station.supervisor.handle().printers().remove(0).jobs;
    assert_eq!(jobs(), 0);
    printer.set(|s| s.busy = u32::MAX);
    until("the printer's own queue", || (jobs() == 1).then_some(()));
    printer.set(|s| s.busy = 0);
    until("an empty queue", || (jobs() == 0).then_some(()));
    printer.set(|s| s.manner = Manner::Late(Duration::from_millis(300)));
    for n in 0..3 {
        print(&station, &format!("job-{n}"), &label(n));
    }
    assert!(jobs() >= 2, "one in hand, the others wait");
    until("all printed", || (jobs() == 0).then_some(()));
}

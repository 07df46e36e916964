//! Devices that misbehave: garbage, a frame repeated for ever, silence, a printer that two stations share or that goes silent,
//! a camera that stalls. Nothing is invented, nothing comes twice, nothing is shown ready that is not.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use packbench::devices::config::{MjpegCameraConfig, TcpPrinterConfig};
use packbench::devices::printer::{PrintFormat, PrintOutcome};
use packbench::devices::scale::usable;
use packbench::devices::scanner::ScanFault;
use packbench::devices::tap::Way;
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning};

use crate::device_plugs::{scale, scanner, sics};
use crate::device_pty::{Chance, Plug};
use crate::device_support::{Station, id, until};

/// Bytes of the longest gesture here.
const MEGABYTE: usize = 1_024 * 1_024;

#[test]
fn a_megabyte_without_an_end_is_one_fault_and_the_next_scan_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dev");
    let mut plug = Plug::insert(&path);
    let station = Station::start(vec![("s", scanner(&path))]);
    station.stands("s", "readiness", |s| *s == DeviceStatus::Ready);
    plug.send(&vec![b'x'; MEGABYTE]);
    plug.send(b"\r0501234567890\r");
    let fault = station.next("the fault", |event| match event {
        DeviceEvent::ScanFault { fault, .. } => Some(*fault),
        DeviceEvent::Scan { bytes, .. } => panic!("{} bytes came as a scan", bytes.len()),
        _ => None,
    });
    assert_eq!(fault, ScanFault::TooLong { bytes: MEGABYTE });
    let next = station.next("the scan after it", |event| match event {
        DeviceEvent::Scan { bytes, .. } => Some(bytes.clone()),
        _ => None,
    });
    assert_eq!(next, b"0501234567890");
    let live = station.supervisor.handle().live();
    let pieces = &live[0].1.pieces;
    assert!(pieces.iter().map(|p| p.bytes.len()).sum::<usize>() < 1_024, "what is kept of it is little");
}

#[test]
fn a_scanner_that_sends_garbage_never_stops_its_driver() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dev");
    let mut plug = Plug::insert(&path);
    let station = Station::start(vec![("s", scanner(&path))]);
    station.stands("s", "readiness", |s| *s == DeviceStatus::Ready);
    let mut chance = Chance(7);
    for _ in 0..200 {
        let noise: Vec<u8> = (0..chance.below(2_000)).map(|_| u8::try_from(chance.below(256)).unwrap()).collect();
        plug.send(&noise);
        for event in station.said() {
            if let DeviceEvent::Scan { bytes, .. } = event {
                assert!(!bytes.is_empty() && bytes.len() <= 512, "{}", bytes.len());
            }
        }
    }
    plug.send(b"\rTHE-LAST-ONE\r");
    station.next("the last code", |event| match event {
        DeviceEvent::Scan { bytes, .. } => (bytes == b"THE-LAST-ONE").then_some(()),
        _ => None,
    });
    assert_eq!(station.now("s"), DeviceStatus::Ready);
}

#[test]
fn a_scale_that_never_ends_a_frame_is_garbled_and_weighs_again_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dev");
    let mut plug = Plug::insert(&path);
    let station = Station::start(vec![("scale", scale(&path))]);
    // Numbers without an end: none of them is a weight.
    plug.send(&b"S S 1.234 ".repeat(MEGABYTE / 10));
    station.stands("scale", "the garble", |s| *s == DeviceStatus::Attention { why: DeviceWarning::Garbled });
    let weights = station.said().into_iter().filter(|event| matches!(event, DeviceEvent::Weight { .. })).count();
    assert_eq!(weights, 0, "no figure was made up");
    plug.send(b"\r\n");
    until("readiness", || {
        if plug.heard().windows(2).any(|w| w == b"SI") {
            plug.send(&sics(500));
        }
        (station.now("scale") == DeviceStatus::Ready).then_some(())
    });
}

#[test]
fn a_scale_may_repeat_itself_for_ever_and_is_silent_within_a_second_of_its_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dev");
    let mut plug = Plug::insert(&path);
    let station = Station::start(vec![("scale", scale(&path))]);
    let (frame, begun) = (sics(1_234), Instant::now());
    let mut last = None;
    // The same frame, byte for byte, for longer than a reading lasts: each is fresh, and the scale works.
    until("two and a half seconds of the same frame", || {
        if plug.heard().windows(2).any(|w| w == b"SI") {
            plug.send(&frame);
        }
        for event in station.said() {
            match event {
                DeviceEvent::Weight { reading, .. } => {
                    assert_eq!(reading.grams, Some(1_234));
                    last = Some(reading);
                }
                DeviceEvent::Status { status, .. } => assert!(
                    matches!(status, DeviceStatus::Opening | DeviceStatus::Ready),
                    "a scale that answers works: {status:?}"
                ),
                _ => {}
            }
        }
        (begun.elapsed() > Duration::from_millis(2_500)).then_some(())
    });
    let last = last.expect("a weight");
    station.stands("scale", "the silence", |s| {
        matches!(s, DeviceStatus::Attention { why: DeviceWarning::ScaleSilent { silent_ms: 1_000 } })
    });
    assert!(!usable(&last, station.supervisor.clock().mono_ms()), "its last word no longer counts");
}

/// A label printer that keeps what it was sent. `answers`: how long its status takes; none: it never answers.
struct Printer {
    port: u16,
    got: Arc<Mutex<Vec<Vec<u8>>>>,
    /// Connections so far.
    visits: Arc<AtomicUsize>,
}

impl Printer {
    fn start(answers: Option<Duration>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let got = Arc::new(Mutex::new(Vec::new()));
        let visits = Arc::new(AtomicUsize::new(0));
        let (keep, counts) = (Arc::clone(&got), Arc::clone(&visits));
        // As real ones, it serves one connection at a time. The thread ends with the test process.
        let serve = move || {
            for stream in listener.incoming().flatten() {
                counts.fetch_add(1, Ordering::SeqCst);
                serve(stream, answers, &keep);
            }
        };
        std::thread::Builder::new().name("test-printer".into()).spawn(serve).unwrap();
        Self { port, got, visits }
    }

    fn spec(&self) -> DeviceSpec {
        DeviceSpec::TcpPrinter(TcpPrinterConfig {
            check_ms: 1_000,
            paper_ms_max: 1_000,
            ..TcpPrinterConfig::new("127.0.0.1", self.port)
        })
    }

    /// What lies in its tray, sorted.
    fn tray(&self) -> Vec<String> {
        let mut tray: Vec<String> =
            self.got.lock().unwrap().iter().map(|label| String::from_utf8_lossy(label).into_owned()).collect();
        tray.sort();
        tray
    }
}

fn serve(mut stream: TcpStream, answers: Option<Duration>, keep: &Mutex<Vec<Vec<u8>>>) {
    const IDLE: &[u8] =
        b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n";
    let (mut buf, mut held) = ([0u8; 4_096], Vec::new());
    loop {
        match stream.read(&mut buf) {
            Ok(0) | Err(_) => return,
            Ok(n) => held.extend_from_slice(&buf[..n]),
        }
        loop {
            if held.starts_with(b"~HQES\r\n") {
                // As many do, it knows only the other question.
                held.drain(..7);
            } else if held.starts_with(b"~HS\r\n") {
                held.drain(..5);
                let Some(late) = answers else { continue };
                std::thread::park_timeout(late);
                if stream.write_all(IDLE).is_err() {
                    return;
                }
            } else if let Some(end) = held.windows(3).position(|w| w == b"^XZ") {
                keep.lock().unwrap().push(held.drain(..end + 3).collect());
            } else {
                break;
            }
        }
    }
}

fn label(station: &str, n: usize) -> String {
    format!("^XA^FO9,9^FD{station}-{n}^FS^XZ")
}

fn print(station: &Station, name: &str, n: usize) {
    let bytes = label(name, n).into_bytes();
    let job = format!("{name}-{n}");
    let command = DeviceCommand::Print { printer: id("labels"), job, format: PrintFormat::Zpl, bytes: bytes.into() };
    station.supervisor.handle().send(command).unwrap();
}

/// Waits for the first word on each of a station's jobs; none may fail.
fn all_sent(station: &Station, name: &str, jobs: usize) {
    for n in 0..jobs {
        station.next("a print outcome", |event| match event {
            DeviceEvent::Printed { job, outcome: PrintOutcome::Sent, .. } => {
                (*job == format!("{name}-{n}")).then_some(())
            }
            DeviceEvent::Printed { outcome: PrintOutcome::Failed { why, .. }, .. } => panic!("{why:?}"),
            _ => None,
        });
    }
}

#[test]
fn two_stations_on_one_printer_print_each_label_once() {
    let printer = Printer::start(Some(Duration::ZERO));
    let stations = ["one", "two"].map(|name| (name, Station::start(vec![("labels", printer.spec())])));
    let jobs = 5;
    for n in 0..jobs {
        for (name, station) in &stations {
            print(station, name, n);
        }
    }
    for (name, station) in &stations {
        all_sent(station, name, jobs);
    }
    let mut wanted: Vec<String> = stations.iter().flat_map(|(name, _)| (0..jobs).map(|n| label(name, n))).collect();
    wanted.sort();
    until("all labels in the tray", || (printer.tray().len() >= wanted.len()).then_some(()));
    assert_eq!(printer.tray(), wanted, "each once, none torn");
}

#[test]
fn a_printer_that_goes_silent_or_answers_late_is_sent_each_job_once() {
    for answers in [None, Some(Duration::from_millis(1_300))] {
        let printer = Printer::start(answers);
        let station = Station::start(vec![("labels", printer.spec())]);
        station.stands("labels", "the first look", |s| *s != DeviceStatus::Opening);
        print(&station, "one", 0);
        station.next("what is known of the job", |event| match event {
            DeviceEvent::Printed { outcome: PrintOutcome::PaperMoved, .. } if answers.is_none() => {
                panic!("nobody said that paper moved")
            }
            DeviceEvent::Printed { outcome: PrintOutcome::Sent, .. } => Some(()),
            _ => None,
        });
        until("the label", || (!printer.tray().is_empty()).then_some(()));
        // Whatever looks follow, the job is with the printer and is not sent again.
        let visits = printer.visits.load(Ordering::SeqCst);
        until("two more looks", || (printer.visits.load(Ordering::SeqCst) >= visits + 2).then_some(()));
        assert_eq!(printer.tray(), [label("one", 0)]);
    }
}

#[test]
fn a_camera_that_stalls_in_a_picture_is_lost_and_answers_its_request() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}/stream", listener.local_addr().unwrap().port());
    let picture = {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(64, 48).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    };
    let stall = move || {
        let mut kept = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0u8; 1_024]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n");
            // One whole picture, and half of the next; then nothing, and the line stays open.
            let _ = stream.write_all(&picture);
            let _ = stream.write_all(&picture[..picture.len() / 2]);
            kept.push(stream);
        }
    };
    std::thread::Builder::new().name("test-camera".into()).spawn(stall).unwrap();
    let spec = DeviceSpec::MjpegCamera(MjpegCameraConfig { url, frame_ms_max: 300 });
    let station = Station::start(vec![("camera", spec)]);
    station.ready("camera");
    let command = DeviceCommand::TakePhoto { camera: id("camera"), request: "late".into() };
    station.supervisor.handle().send(command).unwrap();
    let failed = station.next("an answer to the request", |event| match event {
        DeviceEvent::Photo { request, outcome, .. } => (request == "late").then(|| outcome.is_err()),
        _ => None,
    });
    assert!(failed, "half a picture is none");
    station.status("camera", "the loss", |s| matches!(s, DeviceStatus::Lost { .. }));
}

#[test]
fn live_bytes_tell_what_goes_over_the_line_and_when_it_last_answered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dev");
    let mut plug = Plug::insert(&path);
    let station = Station::start(vec![("s", scanner(&path))]);
    station.stands("s", "readiness", |s| *s == DeviceStatus::Ready);
    let handle = station.supervisor.handle();
    assert_eq!(handle.live()[0].1.answered_ms, None, "an open line is no answer");
    let before = handle.live_revision();
    plug.send(b"]C10112\x1d21A\r\n");
    until("the answer", || handle.live()[0].1.answered_ms);
    assert!(handle.live_revision() > before);
    let (_, live) = handle.live().remove(0);
    let bytes: Vec<u8> = live.pieces.iter().filter(|p| p.way == Way::In).flat_map(|p| p.bytes.clone()).collect();
    assert_eq!(packbench::core::control::named(&bytes), "]C10112<GS>21A<CR><LF>");
}

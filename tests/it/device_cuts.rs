//! Devices on the network whose line is cut a hundred times in the middle of what goes over it: a label printer gets no job twice
//! and each job has one end; a camera's half pictures are never photos, and it works again by itself.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use packbench::devices::camera::config::CameraUse;
use packbench::devices::config::{MjpegCameraConfig, TcpPrinterConfig};
use packbench::devices::printer::{PrintFormat, PrintOutcome};
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec};

use crate::device_pty::Chance;
use crate::device_support::{Station, id, until};

/// Cuts of each line.
const ROUNDS: usize = 100;
/// Pauses between tries in these tests, ms.
const PAUSES: (u64, u64) = (10, 20);
/// The seed of the moments of the cuts.
const SEED: u64 = 0x5eed_0006;
/// Bytes of a job: more than one write's worth.
const JOB: usize = 20_000;

/// A printer that takes so many bytes of each connection and cuts it; what came is kept by connection.
struct CutPrinter {
    port: u16,
    takes: Arc<AtomicUsize>,
    got: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl CutPrinter {
    fn start() -> CutPrinter {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (takes, got) = (Arc::new(AtomicUsize::new(usize::MAX)), Arc::new(Mutex::new(Vec::new())));
        let (limit, keep) = (Arc::clone(&takes), Arc::clone(&got));
        let serve = move || {
            for mut stream in listener.incoming().flatten() {
                let mut bytes = Vec::new();
                let mut piece = [0u8; 512];
                while bytes.len() < limit.load(Ordering::SeqCst) {
                    match stream.read(&mut piece) {
                        Ok(n) if n > 0 => bytes.extend_from_slice(&piece[..n]),
                        Ok(_) | Err(_) => break,
                    }
                }
                keep.lock().unwrap().push(bytes);
            }
        };
        std::thread::Builder::new().name("test-cut-printer".into()).spawn(serve).unwrap();
        CutPrinter { port, takes, got }
    }

    fn jobs(&self) -> BTreeMap<String, usize> {
        let mut jobs = BTreeMap::new();
        for bytes in self.got.lock().unwrap().iter().filter(|bytes| bytes.starts_with(b"^XA^FX")) {
            *jobs.entry(String::from_utf8_lossy(&bytes[6..14]).into_owned()).or_default() += 1;
        }
        jobs
    }
}

#[test]
fn a_printer_cut_off_a_hundred_times_gets_no_job_twice_and_every_job_has_one_end() {
    let printer = CutPrinter::start();
    let config = TcpPrinterConfig { status: false, check_ms: 500, ..TcpPrinterConfig::new("127.0.0.1", printer.port) };
    let station = Station::start_within(vec![("labels", DeviceSpec::TcpPrinter(config))], PAUSES);
    let mut chance = Chance(SEED);
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |station: &Station| {
        for event in station.said() {
            if let DeviceEvent::Printed { job, outcome: PrintOutcome::Sent | PrintOutcome::Failed { .. }, .. } = event {
                *ends.entry(job).or_default() += 1;
            }
        }
        ends.clone()
    };
    for round in 0..ROUNDS {
        station.ready("labels");
        printer.takes.store(512 + chance.below(JOB), Ordering::SeqCst);
        let job = format!("job-{round:04}");
        let bytes = format!("^XA^FX{job}{}^XZ", "A".repeat(JOB)).into_bytes().into();
        let command = DeviceCommand::Print { printer: id("labels"), job: job.clone(), format: PrintFormat::Zpl, bytes };
        station.supervisor.handle().send(command).unwrap();
        until("the end of a job", || count(&station).contains_key(&job).then_some(()));
    }
    printer.takes.store(usize::MAX, Ordering::SeqCst);
    until("the last job to arrive", || printer.jobs().contains_key("job-0099").then_some(()));
    assert_eq!(count(&station).len(), ROUNDS);
    assert!(count(&station).values().all(|times| *times == 1), "one end each: {:?}", count(&station));
    let jobs = printer.jobs();
    assert!(jobs.values().all(|times| *times == 1), "a job came twice: {jobs:?}");
    assert_eq!(jobs.len(), ROUNDS, "each was begun");
}

/// What a picture shows, by its number of connection, as one grey.
fn picture(grey: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let all = image::RgbImage::from_pixel(64, 48, image::Rgb([grey; 3]));
    all.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// Serves a hundred connections that are cut within a picture, and after them one that goes on.
fn serve_cut_pictures(listener: &TcpListener, served: &AtomicUsize) {
    let mut chance = Chance(SEED);
    let whole = picture(120);
    for mut stream in listener.incoming().flatten() {
        let _ = stream.read(&mut [0u8; 1_024]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n");
        if served.load(Ordering::SeqCst) >= ROUNDS {
            stream_on(&mut stream, &whole);
            continue;
        }
        for _ in 0..chance.below(4) {
            let _ = stream.write_all(&whole);
        }
        let _ = stream.write_all(&whole[..chance.below(whole.len())]);
        drop(stream);
        served.fetch_add(1, Ordering::SeqCst);
    }
}

fn stream_on(stream: &mut TcpStream, whole: &[u8]) {
    while stream.write_all(whole).is_ok() {
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

#[test]
fn a_camera_cut_off_a_hundred_times_gives_whole_pictures_or_none_and_answers_each_request() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}/stream", listener.local_addr().unwrap().port());
    let served = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&served);
    let serve = move || serve_cut_pictures(&listener, &counted);
    std::thread::Builder::new().name("test-cut-camera".into()).spawn(serve).unwrap();
    let spec = DeviceSpec::MjpegCamera(MjpegCameraConfig { url, frame_ms_max: 1_000, used: CameraUse::default() });
    let station = Station::start_within(vec![("camera", spec)], PAUSES);
    let take = |name: &str| {
        let command = DeviceCommand::TakePhoto { camera: id("camera"), request: name.to_owned() };
        station.supervisor.handle().send(command).unwrap();
        station.next("an answer", |event| match event {
            DeviceEvent::Photo { request, outcome, .. } if request == name => Some(outcome.clone()),
            _ => None,
        })
    };
    for round in 0..ROUNDS {
        until("the next cut", || (served.load(Ordering::SeqCst) > round).then_some(()));
        if let Ok(photo) = take(&format!("photo-{round}")) {
            let seen = image::load_from_memory(&photo.bytes).expect("a whole picture").to_rgb8();
            assert_eq!(seen.dimensions(), (64, 48));
            assert!(seen.pixels().all(|p| p.0.iter().all(|c| c.abs_diff(120) < 4)), "half a picture in round {round}");
        }
    }
    station.ready("camera");
    until("a photo after all the cuts", || take("last").ok());
}

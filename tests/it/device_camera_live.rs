//! A running stream: the live view while somebody looks, photos with their small picture, a camera that stalls, and codes held before
//! it as a scanner's gestures. Against ffmpeg's stream and a stream whose pictures the test chooses.

use crate::device_camera::{Ffmpeg, free_port, take};
use crate::device_support::{Pty, Station, id, until, write_all};
use image::{GrayImage, RgbImage, imageops};
use packbench::core::gs1::check_digit;
use packbench::devices::camera::PhotoFailure;
use packbench::devices::camera::config::{CameraUse, Turn};
use packbench::devices::camera::view::Viewfinder;
use packbench::devices::config::{MjpegCameraConfig, ScanFeedback, ScanFraming, SerialScannerConfig};
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, LineSettings, LostReason};
use packbench::labels::gs1::ElementString;
use packbench::labels::raster;
use packbench::labels::sheet::{Area, Sheet, Symbology};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn camera(port: u16, frame_ms_max: u64, used: CameraUse) -> DeviceSpec {
    let url = format!("http://127.0.0.1:{port}/stream");
    DeviceSpec::MjpegCamera(MjpegCameraConfig { url, frame_ms_max, used })
}

fn finder(station: &Station) -> Viewfinder {
    station.supervisor.handle().viewfinder(&id("cam")).unwrap()
}

#[test]
fn a_real_stream_is_shown_while_somebody_looks_and_dark_when_it_stalls() {
    let port = free_port();
    let ffmpeg = Ffmpeg::start(port);
    let used = CameraUse { turn: Turn::Quarter, ..CameraUse::default() };
    let station = Station::start(vec![("cam", camera(port, 1_500, used))]);
    station.ready("cam");
    let finder = finder(&station);
    take(&station, "unseen").unwrap();
    assert_eq!(finder.live(), None, "nothing is made ready for nobody");
    let taken = finder.taken().expect("the small picture of the photo");
    assert_eq!((taken.width_px, taken.height_px), (360, 480), "upright and small");
    let looks = || {
        finder.look();
        finder.live()
    };
    let first = until("a live picture", looks);
    assert_eq!((first.width_px, first.height_px, first.rgb.len()), (480, 640, 480 * 640 * 3));
    let later = until("later ones", || looks().filter(|view| view.number >= first.number + 3));
    assert_ne!(first.rgb, later.rgb, "the test picture moves");
    // Ten a second at most, however often somebody looks.
    assert!(later.seen.duration_since(first.seen) >= Duration::from_millis(190));

    let held = Command::new("kill").args(["-STOP", &ffmpeg.pid().to_string()]).status().unwrap();
    assert!(held.success());
    let command = DeviceCommand::TakePhoto { camera: id("cam"), request: "stalled".into() };
    station.supervisor.handle().send(command).unwrap();
    let lost = |status: &DeviceStatus| matches!(status, DeviceStatus::Lost { reason: LostReason::Timeout, .. });
    station.status("cam", "the stall", lost);
    let outcome = station.next("the photo's end", |event| match event {
        DeviceEvent::Photo { request, outcome, .. } if request == "stalled" => Some(outcome.clone()),
        _ => None,
    });
    assert!(matches!(outcome, Err(PhotoFailure::Timeout | PhotoFailure::NotThere(_))), "{outcome:?}");
    until("the dark", || finder.live().is_none().then_some(()));
    drop(ffmpeg);
    let _ffmpeg = Ffmpeg::start(port);
    station.ready("cam");
    until("a live picture again", looks);
}

/// A stream whose picture the test changes: every frame is the picture of the moment.
struct Show {
    port: u16,
    picture: Arc<Mutex<Vec<u8>>>,
    frames: Arc<AtomicU64>,
}

impl Show {
    fn start() -> Show {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (picture, frames) = (Arc::new(Mutex::new(jpeg(&bench()))), Arc::new(AtomicU64::new(0)));
        let (now, count) = (Arc::clone(&picture), Arc::clone(&frames));
        // The thread ends with the test process: it waits in `accept`.
        std::thread::Builder::new()
            .name("test-show".into())
            .spawn(move || {
                for stream in listener.incoming().flatten() {
                    // A client that went away is no failure of the server.
                    let _ = send(stream, &now, &count);
                }
            })
            .unwrap();
        Show { port, picture, frames }
    }

    fn show(&self, picture: &RgbImage) {
        *self.picture.lock().unwrap() = jpeg(picture);
    }

    /// Waits until so many more frames were sent.
    fn run_on(&self, frames: u64) {
        let until_frame = self.frames.load(Ordering::SeqCst) + frames;
        until("frames", || (self.frames.load(Ordering::SeqCst) >= until_frame).then_some(()));
    }
}

fn send(mut stream: TcpStream, picture: &Mutex<Vec<u8>>, frames: &AtomicU64) -> std::io::Result<()> {
    let mut head = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    stream.write_all(b"HTTP/1.1 200 X\r\nContent-Type: multipart/x-mixed-replace\r\n\r\n")?;
    loop {
        let bytes = picture.lock().unwrap().clone();
        stream.write_all(&bytes)?;
        frames.fetch_add(1, Ordering::SeqCst);
        std::thread::park_timeout(Duration::from_millis(40));
    }
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    packbench::devices::camera::frame::encode(picture, 85).unwrap()
}

/// An empty bench.
fn bench() -> RgbImage {
    RgbImage::from_fn(640, 480, |x, y| image::Rgb([150, 120 + (x / 40 % 2) as u8 * 10, 90 + (y / 60 % 2) as u8 * 10]))
}

/// A label with one code, laid on the bench.
fn with_code(what: Symbology<'_>) -> RgbImage {
    let mut sheet = Sheet::new(70_000, 30_000).unwrap();
    let area = Area { x_um: 3_000, y_um: 3_000, w_um: 64_000, h_um: 24_000 };
    sheet.barcode(area, what, 1_000, 250).unwrap();
    let drawn = raster::render(&sheet, 203).unwrap();
    let grey = GrayImage::from_raw(drawn.width_px(), drawn.height_px(), drawn.grey().to_vec()).unwrap();
    let paper = image::DynamicImage::ImageLuma8(grey).into_rgb8();
    let mut lying = bench();
    imageops::replace(&mut lying, &paper, 40, 120);
    lying
}

/// A scan: who, which identifier, what.
fn scans(station: &Station) -> Vec<(String, Option<[u8; 3]>, String)> {
    let scan = |event| match event {
        DeviceEvent::Scan { device, symbology, bytes, .. } => {
            Some((device.to_string(), symbology.map(|aim| aim.bytes()), String::from_utf8(bytes).unwrap()))
        }
        _ => None,
    };
    station.said().into_iter().filter_map(scan).collect()
}

fn one(station: &Station) -> (String, Option<[u8; 3]>, String) {
    let mut found = until("a code", || Some(scans(station)).filter(|found| !found.is_empty()));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_code_held_before_the_camera_counts_once_until_it_is_taken_away() {
    let show = Show::start();
    let used = CameraUse { reads_codes: true, ..CameraUse::default() };
    let station = Station::start(vec![("cam", camera(show.port, 10_000, used))]);
    station.ready("cam");
    show.run_on(5);
    assert_eq!(scans(&station), [], "an empty bench is no code");
    let mug = with_code(Symbology::Bars(packbench::labels::bars::BarsKind::Ean13, "5012345678900"));
    let ean = ("cam".to_owned(), Some(*b"]E0"), "5012345678900".to_owned());
    show.show(&mug);
    assert_eq!(one(&station), ean);
    show.run_on(25);
    assert_eq!(scans(&station), [], "it lies there: one gesture");
    take(&station, "photo").unwrap();
    show.show(&bench());
    show.run_on(40);
    assert_eq!(scans(&station), []);
    show.show(&mug);
    assert_eq!(one(&station), ean, "brought back: the next unit");

    let body = "39506000134352501";
    let sscc = format!("{body}{}", check_digit(body).unwrap());
    show.show(&with_code(Symbology::Gs1128(&[ElementString::sscc(&sscc).unwrap()])));
    assert_eq!(one(&station), ("cam".to_owned(), Some(*b"]C1"), format!("00{sscc}")));
    show.show(&with_code(Symbology::DataMatrix("TOTE-17")));
    assert_eq!(one(&station), ("cam".to_owned(), Some(*b"]d1"), "TOTE-17".to_owned()));
}

#[test]
fn a_camera_that_takes_its_time_never_delays_a_scan() {
    // It accepts, begins a picture and says no more.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let mut hand = pty.peer();
    let scanner = SerialScannerConfig {
        path: pty.dev(),
        line: LineSettings::n81(9_600),
        framing: ScanFraming::default(),
        feedback: ScanFeedback::default(),
    };
    let cam = camera(port, 15_000, CameraUse::default());
    let station = Station::start(vec![("cam", cam), ("hand", DeviceSpec::SerialScanner(scanner))]);
    station.ready("hand");
    let (mut stream, _) = listener.accept().unwrap();
    stream.write_all(b"HTTP/1.1 200 X\r\n\r\n\xff\xd8\xff").unwrap();
    let command = DeviceCommand::TakePhoto { camera: id("cam"), request: "slow".into() };
    station.supervisor.handle().send(command).unwrap();
    for n in 0..20 {
        write_all(&mut hand, format!("CODE-{n}\r").as_bytes());
        let came = station.next("the code", |event| match event {
            DeviceEvent::Scan { bytes, .. } => Some(Ok(bytes.clone())),
            DeviceEvent::Photo { .. } => Some(Err("the photo came first")),
            _ => None,
        });
        assert_eq!(came, Ok(format!("CODE-{n}").into_bytes()));
    }
}

//! Cameras: a real MJPEG stream by ffmpeg, a small HTTP server that answers badly, a folder, and the virtual camera.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use packbench::devices::camera::config::CameraUse;
use packbench::devices::camera::{Photo, PhotoFailure, PhotoFormat};
use packbench::devices::config::{FolderCameraConfig, MjpegCameraConfig, SnapshotCameraConfig};
use packbench::devices::virtual_::{Drawing, VirtualCamera};
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, LostReason};

use crate::device_support::{Station, id, need};

/// A picture file with a shade to tell it from others.
fn picture(shade: u8, format: image::ImageFormat) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 48, image::Rgb([shade, shade, 40])).write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn jpeg(shade: u8) -> Vec<u8> {
    picture(shade, image::ImageFormat::Jpeg)
}

/// Takes one photo with the camera `cam`.
pub fn take(station: &Station, request: &str) -> Result<Photo, PhotoFailure> {
    let command = DeviceCommand::TakePhoto { camera: id("cam"), request: request.into() };
    station.supervisor.handle().send(command).unwrap();
    station.next("a photo", |event| match event {
        DeviceEvent::Photo { request: answered, outcome, .. } => {
            assert_eq!(answered, request);
            Some(outcome.clone())
        }
        _ => None,
    })
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// ffmpeg's test picture as a stream for one client.
pub struct Ffmpeg(Child);

impl Ffmpeg {
    pub fn start(port: u16) -> Self {
        let child = Command::new(need("ffmpeg", "ffmpeg"))
            .args(["-loglevel", "quiet", "-re", "-f", "lavfi", "-i", "testsrc=s=640x480:r=10", "-c:v", "mjpeg"])
            .args(["-f", "mpjpeg", "-listen", "1", &format!("http://127.0.0.1:{port}/stream")])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    pub fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Ffmpeg {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_real_stream_gives_photos_of_now_and_returns_after_a_loss() {
    let port = free_port();
    let ffmpeg = Ffmpeg::start(port);
    let url = format!("http://127.0.0.1:{port}/stream");
    let station = Station::start(vec![(
        "cam",
        DeviceSpec::MjpegCamera(MjpegCameraConfig { url, frame_ms_max: 15_000, used: CameraUse::default() }),
    )]);
    station.ready("cam");
    let first = take(&station, "one").unwrap();
    assert_eq!((first.format, first.width_px, first.height_px), (PhotoFormat::Jpeg, 640, 480));
    image::load_from_memory(&first.bytes).expect("the photo decodes as a whole");
    let second = take(&station, "two").unwrap();
    assert_ne!(first.bytes, second.bytes, "the second photo is a later picture");
    drop(ffmpeg);
    station.status("cam", "the loss", |s| matches!(s, DeviceStatus::Lost { .. }));
    assert!(matches!(take(&station, "three"), Err(PhotoFailure::NotThere(_))));
    let _ffmpeg = Ffmpeg::start(port);
    station.ready("cam");
    take(&station, "four").unwrap();
}

/// What the test's server answers.
#[derive(Clone)]
enum Answer {
    /// A status line's code, and a body with its length.
    Whole(u16, Vec<u8>),
    /// Promises more than it sends.
    Short(Vec<u8>),
    /// Sends one byte more than a photo may have, promises far more and hangs.
    Endless,
    /// Closes without a word.
    Nothing,
    /// Begins and then says nothing more.
    Hangs,
    /// Sends to another address of itself for ever.
    Circle,
    /// Streams pictures with noise between them, then hangs.
    Stream(Vec<Vec<u8>>),
}

fn serve(answer: Answer) -> (u16, Arc<Mutex<Answer>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let shared = Arc::new(Mutex::new(answer));
    let current = Arc::clone(&shared);
    // The thread ends with the test process: it waits in `accept`.
    std::thread::Builder::new()
        .name("test-camera".into())
        .spawn(move || {
            let mut hanging = Vec::new();
            for stream in listener.incoming() {
                let answer = current.lock().unwrap().clone();
                // A client that went away is no failure of the server.
                if let Ok(Some(stream)) = stream.and_then(|stream| reply(stream, answer)) {
                    hanging.push(stream);
                }
            }
        })
        .unwrap();
    (port, shared)
}

/// Answers one request; gives the connection back when it is to stay open.
fn reply(mut stream: TcpStream, answer: Answer) -> std::io::Result<Option<TcpStream>> {
    let mut head = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let begin = |code: u16, length: usize| {
        format!(
            "HTTP/1.1 {code} X\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    match answer {
        Answer::Whole(code, body) => {
            stream.write_all(begin(code, body.len()).as_bytes())?;
            stream.write_all(&body)?;
        }
        Answer::Short(body) => {
            stream.write_all(begin(200, body.len() * 2).as_bytes())?;
            stream.write_all(&body)?;
        }
        Answer::Endless => {
            stream.write_all(begin(200, 1_000_000_000).as_bytes())?;
            stream.write_all(&vec![0xff; 10 * 1024 * 1024 + 1])?;
            return Ok(Some(stream));
        }
        Answer::Nothing => {}
        Answer::Hangs => {
            stream.write_all(begin(200, 1_000).as_bytes())?;
            stream.write_all(&[0xff, 0xd8])?;
            return Ok(Some(stream));
        }
        Answer::Circle => {
            let to = "HTTP/1.1 302 X\r\nLocation: /again\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(to.as_bytes())?;
        }
        Answer::Stream(pictures) => {
            stream.write_all(b"HTTP/1.1 200 X\r\nContent-Type: application/octet-stream\r\n\r\n")?;
            for picture in pictures {
                stream.write_all(b"--noise\xff\r\n")?;
                stream.write_all(&picture)?;
            }
            return Ok(Some(stream));
        }
    }
    Ok(None)
}

#[test]
fn a_snapshot_is_checked_and_every_bad_answer_has_its_name() {
    let (port, answer) = serve(Answer::Whole(200, jpeg(10)));
    let url = format!("http://user:secret@127.0.0.1:{port}/snap.jpg");
    let spec = SnapshotCameraConfig { url, answer_ms_max: 3_000, check_ms: 600_000, used: CameraUse::default() };
    let station = Station::start(vec![("cam", DeviceSpec::SnapshotCamera(spec))]);
    station.ready("cam");
    let photo = take(&station, "good").unwrap();
    assert_eq!((&photo.bytes[..], photo.width_px, photo.height_px), (&jpeg(10)[..], 64, 48));
    let half = jpeg(10)[..jpeg(10).len() / 2].to_vec();
    let cases = [
        (Answer::Whole(404, b"no".to_vec()), PhotoFailure::HttpStatus(404)),
        (Answer::Whole(401, jpeg(1)), PhotoFailure::HttpStatus(401)),
        (Answer::Whole(200, b"<html>Log in</html>".to_vec()), PhotoFailure::NotAPicture),
        (Answer::Whole(200, Vec::new()), PhotoFailure::NotAPicture),
        (Answer::Whole(200, half.clone()), PhotoFailure::NotAPicture),
        (Answer::Endless, PhotoFailure::TooLarge),
        (Answer::Short(half), PhotoFailure::NotThere(LostReason::Disconnected)),
        (Answer::Nothing, PhotoFailure::NotThere(LostReason::Disconnected)),
        (Answer::Hangs, PhotoFailure::Timeout),
        (Answer::Circle, PhotoFailure::NotThere(LostReason::BadAnswer)),
    ];
    for (at, (bad, expected)) in cases.into_iter().enumerate() {
        *answer.lock().unwrap() = bad;
        assert_eq!(take(&station, &format!("bad-{at}")), Err(expected), "case {at}");
    }
    *answer.lock().unwrap() = Answer::Whole(200, picture(9, image::ImageFormat::Png));
    assert_eq!(take(&station, "png").unwrap().format, PhotoFormat::Png);
    station.ready("cam");
}

#[test]
fn a_camera_without_encryption_needs_no_certificates() {
    // The same test in a process that finds no certificates, as on a bare machine.
    let module = module_path!().split_once("::").map_or("", |(_, module)| module);
    let test = format!("{module}::a_snapshot_is_checked_and_every_bad_answer_has_its_name");
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &test])
        .env("SSL_CERT_FILE", "/nonexistent")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_stream_with_noise_gives_whole_pictures_and_a_hanging_one_is_lost() {
    let broken = jpeg(1)[..200].to_vec();
    let (port, _) = serve(Answer::Stream(vec![jpeg(1), broken, jpeg(2)]));
    let url = format!("http://127.0.0.1:{port}/");
    let station = Station::start(vec![(
        "cam",
        DeviceSpec::MjpegCamera(MjpegCameraConfig { url, frame_ms_max: 300, used: CameraUse::default() }),
    )]);
    station.ready("cam");
    station
        .status("cam", "the hanging stream", |s| matches!(s, DeviceStatus::Lost { reason: LostReason::Timeout, .. }));
}

fn folder_camera(folder: &Path, age_ms_max: Option<u64>) -> DeviceSpec {
    DeviceSpec::FolderCamera(FolderCameraConfig {
        folder: folder.to_path_buf(),
        age_ms_max,
        check_ms: 1_000,
        used: CameraUse::default(),
    })
}

fn put(folder: &Path, name: &str, bytes: &[u8], at: SystemTime) {
    std::fs::write(folder.join(name), bytes).unwrap();
    std::fs::File::options().write(true).open(folder.join(name)).unwrap().set_modified(at).unwrap();
}

#[test]
fn a_folder_gives_each_picture_once_and_no_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemTime::now();
    let station = Station::start(vec![("cam", folder_camera(folder.path(), Some(600_000)))]);
    station.ready("cam");
    assert_eq!(take(&station, "empty"), Err(PhotoFailure::NoNewPicture));
    put(folder.path(), "old.jpg", &jpeg(1), now - Duration::from_secs(3_600));
    assert_eq!(take(&station, "old"), Err(PhotoFailure::NoNewPicture));
    put(folder.path(), "b.jpg", &jpeg(2), now - Duration::from_secs(20));
    put(folder.path(), "a.JPEG", &jpeg(3), now - Duration::from_secs(10));
    put(folder.path(), "notes.txt", b"newest, but no picture", now);
    assert_eq!(&take(&station, "newest").unwrap().bytes[..], &jpeg(3)[..]);
    assert_eq!(take(&station, "again"), Err(PhotoFailure::NoNewPicture), "one picture shows one parcel");
    put(folder.path(), "c.jpg", &jpeg(4)[..300], now - Duration::from_secs(5));
    assert_eq!(take(&station, "half"), Err(PhotoFailure::NotAPicture));
    put(folder.path(), "c.jpg", &jpeg(4), now - Duration::from_secs(5));
    assert_eq!(&take(&station, "whole").unwrap().bytes[..], &jpeg(4)[..]);
    std::fs::remove_dir_all(folder.path()).unwrap();
    assert_eq!(take(&station, "gone"), Err(PhotoFailure::NotThere(LostReason::NotFound)));
    station.status("cam", "the loss", |s| matches!(s, DeviceStatus::Lost { reason: LostReason::NotFound, .. }));
}

#[test]
fn the_virtual_camera_draws_anew_for_each_request() {
    let count = AtomicU8::new(0);
    let camera = VirtualCamera::new(move || {
        let shade = count.fetch_add(20, Ordering::SeqCst);
        Drawing { width_px: 32, height_px: 24, rgb: vec![shade; 32 * 24 * 3] }
    });
    let station = Station::start(vec![("cam", DeviceSpec::VirtualCamera(camera.clone()))]);
    station.ready("cam");
    let (one, two) = (take(&station, "1").unwrap(), take(&station, "2").unwrap());
    assert_eq!((one.width_px, one.height_px), (32, 24));
    assert_ne!(one.bytes, two.bytes);
    camera.set_plugged(false);
    station.status("cam", "the pulled plug", |s| matches!(s, DeviceStatus::Lost { .. }));
    assert_eq!(take(&station, "3"), Err(PhotoFailure::NotThere(LostReason::Disconnected)));
    let fails = VirtualCamera::new(|| panic!("the test's drawing fails"));
    let station = Station::start(vec![("cam", DeviceSpec::VirtualCamera(fails))]);
    station.ready("cam");
    assert_eq!(
        take(&station, "5"),
        Err(PhotoFailure::NotThere(LostReason::DriverFailed)),
        "no request stays unanswered"
    );
    station.ready("cam");
    let wrong = VirtualCamera::new(|| Drawing { width_px: 32, height_px: 24, rgb: vec![0; 5] });
    let station = Station::start(vec![("cam", DeviceSpec::VirtualCamera(wrong))]);
    assert_eq!(take(&station, "4"), Err(PhotoFailure::NotAPicture));
}

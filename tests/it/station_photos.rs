//! The thread that finishes photos: upright, within their budget, with a margin; checked for their label; and never in the way of a
//! scan.

use crate::device_support::{id, until};
use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use image::RgbImage;
use packbench::cli::station::photos::{self, Keeping, Taken, Wanted};
use packbench::cli::station::port::Port;
use packbench::cli::station::watch::Watch;
use packbench::config::LabelCheck;
use packbench::core::time::UtcMs;
use packbench::devices::camera::config::Turn;
use packbench::devices::camera::develop::Development;
use packbench::devices::camera::{self, Photo, frame};
use packbench::engine::input::{PhotoNote, Ui};
use packbench::engine::runner::Outlet;
use packbench::engine::view::StageView;
use packbench::engine::{Clock, Effect, EngineHandle, Input, spawn};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;

/// Nobody listens: the test looks at the view itself.
struct Nobody;

impl Outlet for Nobody {
    fn effect(&self, _: Effect) {}
    fn published(&self) {}
}

/// A station at the scanning of items, its engine on a thread, and the thread of the photos.
struct Bench {
    engine: EngineHandle,
    photos: SyncSender<Taken>,
    threads: Vec<JoinHandle<()>>,
    job: Job,
    folder: PathBuf,
    _dir: tempfile::TempDir,
}

const UNITS: u32 = 30;

fn keeping(check_label: LabelCheck) -> Keeping {
    let how = Development {
        turn: Turn::Half,
        side_px_max: 800,
        quality_percent: 85,
        bytes_max: 120 * 1_024,
        margin: String::new(),
    };
    Keeping { camera: id("cam"), how, margin: true, check_label }
}

impl Bench {
    fn start(check_label: LabelCheck) -> Bench {
        let job = Job::new(1, &[(world::MUG, UNITS)]);
        let mut s = Station::with_anna(std::slice::from_ref(&job));
        s.ui(Ui::Start);
        s.work_until(|stage| matches!(stage, StageView::Verify(_)));
        let clock: Arc<dyn Clock> = Arc::clone(&s.clock) as Arc<dyn Clock>;
        let blobs = s.engine.blobs().clone();
        let folder = s.folder().join("photos");
        let file = s.file.clone();
        let (engine, thread) = spawn(reopened(&mut s, &file), Vec::new(), clock, Nobody).unwrap();
        let port = Port::new(engine.clone(), &Watch::default());
        let (photos, worker) = photos::start(blobs, port, vec![keeping(check_label)]).unwrap();
        Bench { engine, photos, threads: vec![thread, worker], job, folder, _dir: s.leave() }
    }

    fn take(&self, photo: Photo, sscc: Option<&str>) {
        let note = PhotoNote { order: "10-4711".into(), parcel: 1, sscc: sscc.map(str::to_owned) };
        let wanted = Wanted { fulfillment: self.job.id(), note };
        self.photos.send(Taken { camera: id("cam"), wanted, at: UtcMs(world::START_MS), outcome: Ok(photo) }).unwrap();
    }

    fn kept(&self) -> Vec<PathBuf> {
        files(&self.folder)
    }

    fn said(&self) -> Option<&'static str> {
        self.engine.view().feedback.as_ref().map(|f| f.title.key)
    }

    fn stop(self) {
        let Bench { engine, photos, threads, .. } = self;
        drop(photos);
        while engine.send(Input::Stop).is_err() {
            std::thread::park_timeout(std::time::Duration::from_millis(2));
        }
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}

/// The engine goes to a thread of its own; the kit keeps another on the same file, which does nothing more.
fn reopened(s: &mut Station, file: &Path) -> packbench::engine::Engine {
    let conn = crate::station_kit::station::open(file);
    let (spare, _) = crate::station_kit::station::start(conn, &s.clock, s.folder());
    std::mem::replace(&mut s.engine, spare)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// A large picture that is hard to compress, with another shade for each number.
fn picture(number: u8) -> Photo {
    let draw = |x: u32, y: u32| {
        let n = x.wrapping_mul(2_654_435_761).wrapping_add(y.wrapping_mul(40_503)).rotate_left(x % 31);
        image::Rgb([n as u8, (n >> 8) as u8, number])
    };
    camera::check(frame::encode(&RgbImage::from_fn(2_400, 1_800, draw), 90).unwrap()).unwrap()
}

#[test]
fn finishing_photos_never_delays_a_scan() {
    let bench = Bench::start(LabelCheck::Off);
    let all = [picture(1), picture(2), picture(3), picture(4)];
    let count = all.len();
    for photo in all {
        bench.take(photo, None);
    }
    let mut gesture = 900_000_u128;
    let before = bench.engine.view().pack.as_ref().unwrap().done;
    for n in before + 1..UNITS {
        gesture += 1;
        let scan = packbench::core::scan::Scan {
            gesture: packbench::core::ids::GestureId(uuid::Uuid::from_u128(gesture)),
            device: "hand".to_owned(),
            bytes: world::ean13(world::MUG).into_bytes(),
            symbology: None,
            at: UtcMs(world::START_MS),
        };
        bench.engine.send(Input::Scan(scan)).unwrap();
        until("the scan to count", || (bench.engine.view().pack.as_ref()?.done >= n).then_some(()));
    }
    assert!(bench.kept().len() < count, "all scans counted while photos were still being finished");
    until("the photos", || (bench.kept().len() == count).then_some(()));
    for path in bench.kept() {
        let file = std::fs::read(path).unwrap();
        assert!(file.len() <= 120 * 1_024);
        let kept = camera::check(file).unwrap();
        assert!(kept.width_px <= 800);
        assert!(kept.height_px > kept.width_px / 4 * 3, "the margin stands below the picture");
    }
    until("the word of it", || (bench.said()? == "ok-photo").then_some(()));
    bench.stop();
}

#[test]
fn a_photo_without_its_label_is_not_kept_where_the_settings_say_so() {
    let bench = Bench::start(LabelCheck::Must);
    let plain = camera::check(frame::encode(&RgbImage::new(640, 480), 90).unwrap()).unwrap();
    bench.take(plain.clone(), Some("395060001343525014"));
    until("the refusal", || (bench.said()? == "photo-failed").then_some(()));
    let detail = bench.engine.view().feedback.as_ref().and_then(|f| f.detail.as_ref().map(|d| d.key));
    assert_eq!(detail, Some("photo-label-unseen"));
    assert_eq!(bench.kept(), Vec::<PathBuf>::new());
    // Before there is a label nobody looks for it.
    bench.take(plain, None);
    until("the photo", || (bench.kept().len() == 1).then_some(()));
    bench.stop();
}

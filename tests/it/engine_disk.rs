//! A disk that fills up: new work is refused before photos, photos before a fact; and what a full disk or a power cut leaves of
//! photos goes.

use crate::station_kit::station::{ManualClock, PHOTO, Station, config, open};
use crate::station_kit::world::{self, ANNA, Job};
use packbench::core::ids::FulfillmentId;
use packbench::core::time::UtcMs;
use packbench::engine::disk::{Disk, PHOTO_BYTES_MIN, WORK_BYTES_MIN};
use packbench::engine::input::Ui;
use packbench::engine::view::{Screen, StageView};
use packbench::engine::{Clock, Effect, Engine, EngineConfig};
use packbench::storage::{Blobs, blobs, meta, outbox};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A disk with as much room as a test says.
#[derive(Debug)]
struct Room(AtomicU64);

impl Room {
    fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::SeqCst);
    }
}

impl Disk for Room {
    fn free_bytes(&self) -> Option<u64> {
        Some(self.0.load(Ordering::SeqCst))
    }
}

fn with_disk(jobs: &[Job]) -> (Station, Arc<Room>) {
    let mut s = Station::new(jobs);
    let room = Arc::new(Room(AtomicU64::new(u64::MAX)));
    s.restart_on(open(Path::new(":memory:")));
    let files = Blobs::open(&s.folder().join("photos")).expect("a folder");
    let clock: Arc<dyn Clock> = Arc::<ManualClock>::clone(&s.clock);
    let disk: Arc<dyn Disk> = Arc::<Room>::clone(&room);
    (s.engine, s.effects) =
        Engine::start(open(&s.file), clock, EngineConfig { disk, ..config() }, files).expect("a start");
    s.scan(ANNA.badge);
    (s, room)
}

fn photos_asked(s: &Station) -> usize {
    s.effects.iter().filter(|e| matches!(e, Effect::TakePhoto { .. })).count()
}

#[test]
fn little_room_begins_nothing_new_and_what_is_begun_is_finished() {
    let (mut s, room) = with_disk(&[Job::new(1, &[(world::MUG, 2)]), Job::new(2, &[(world::LAMP, 1)])]);
    s.ui(Ui::Start);
    room.set(WORK_BYTES_MIN - 1);
    s.effects.clear();
    s.work_until(|x| matches!(x, StageView::Checklist(_)));
    s.ui(Ui::Photo);
    assert_eq!(photos_asked(&s), 1, "there is still room for a photo of what is begun");
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
    s.ui(Ui::Continue);
    let events = outbox::verify(s.look().as_mut()).expect("a chain");
    s.sounds();
    s.ui(Ui::Start);
    assert_eq!((s.view().screen, s.said()), (Screen::Queue, "disk-low"));
    assert!(!s.sounds().is_empty(), "it is said aloud");
    assert_eq!(outbox::verify(s.look().as_mut()).expect("a chain"), events, "nothing was begun");
    room.set(WORK_BYTES_MIN);
    s.ui(Ui::Start);
    assert_eq!(s.view().screen, Screen::Pack, "with room again it goes on at once");
}

#[test]
fn no_photo_is_taken_into_the_last_room() {
    let (mut s, room) = with_disk(&[Job::new(1, &[(world::MUG, 2)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    room.set(PHOTO_BYTES_MIN - 1);
    s.effects.clear();
    s.ui(Ui::Photo);
    assert_eq!((photos_asked(&s), s.said()), (0, "disk-low"));
    s.scan("SKU-1");
    assert_eq!(s.said(), "ok-counted", "a fact is small and is taken for as long as it can be");
    room.set(PHOTO_BYTES_MIN);
    s.ui(Ui::Photo);
    assert_eq!(photos_asked(&s), 1);
}

fn files(s: &Station) -> Vec<String> {
    let list = std::fs::read_dir(s.folder().join("photos")).expect("a folder");
    let mut names: Vec<String> =
        list.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[cfg(unix)]
#[test]
fn a_photo_that_the_disk_refuses_leaves_nothing_behind() {
    use sha2::{Digest as _, Sha256};
    let s = Station::new(&[]);
    let digits: String = Sha256::digest(PHOTO).iter().map(|byte| format!("{byte:02x}")).collect();
    let half = s.folder().join("photos").join(format!(".{digits}.new"));
    // Whatever is written there finds the disk full.
    std::os::unix::fs::symlink("/dev/full", &half).expect("a link");
    let refused = s.engine.blobs().put(PHOTO).expect_err("no room");
    assert!(refused.to_string().contains("make room on the disk"), "{refused}");
    assert!(files(&s).is_empty(), "{:?}", files(&s));
    s.engine.blobs().put(PHOTO).expect("with room it is stored");
}

#[test]
fn what_a_power_cut_left_of_photos_goes_at_the_next_start() {
    let mut s = Station::new(&[]);
    let photos = s.engine.blobs().clone();
    let known = photos.put(b"known").expect("stored");
    let lost = photos.put(b"its step was lost").expect("stored");
    let work = FulfillmentId(Job::new(1, &[]).work.id.0);
    blobs::add(s.look().as_mut(), known, work, 1, 5, UtcMs(world::START_MS)).expect("noted");
    let half = s.folder().join("photos").join(format!(".{lost}.new"));
    std::fs::write(&half, b"its st").expect("written");
    let other = s.folder().join("photos").join("lost+found.txt");
    std::fs::write(other, b"not ours").expect("written");
    // A database that was put back does not know its newest photos: they stay until that is settled.
    meta::set(s.look().as_mut(), meta::key::EPOCH_WISH, "restored 00000000-0000-0000-0000-000000000001").expect("set");
    s.restart();
    assert_eq!(files(&s).len(), 4);
    meta::clear(s.look().as_mut(), meta::key::EPOCH_WISH).expect("cleared");
    s.restart();
    assert_eq!(files(&s), [format!("{known}.jpg"), "lost+found.txt".to_owned()]);
    assert_eq!(blobs::unsent(s.look().as_mut(), 9).expect("readable").len(), 1, "what is known waits to be sent");
}

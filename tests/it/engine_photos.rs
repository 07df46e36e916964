//! Photos by the engine: taken by themselves at the times the settings name, bound to the parcel they show, and what is said where the
//! label in them is not the parcel's.

use crate::station_kit::station::{Station, config};
use crate::station_kit::world::{self, ANNA, Job};
use packbench::core::signal::SoundName;
use packbench::engine::input::{DeviceNews, LabelInPhoto, PhotoNote, PhotoOutcome, PhotosAt, Ui};
use packbench::engine::view::{DeviceKind, DeviceState, StageView};
use packbench::engine::{Clock, Effect, Engine, EngineConfig, Input};
use packbench::storage::{Blobs, blobs};
use std::sync::Arc;

fn lamps() -> Job {
    Job::new(1, &[(world::LAMP, 2)])
}

/// A station whose settings want photos at these times, with Anna logged in.
fn photographing(jobs: &[Job], photos_at: PhotosAt, camera: bool) -> Station {
    let mut s = Station::new(jobs);
    let clock: Arc<dyn Clock> = Arc::clone(&s.clock) as _;
    let photos = Blobs::open(&s.folder().join("photos")).expect("a folder");
    let how = EngineConfig { photos_at, ..config() };
    let (engine, effects) = Engine::start(s.look(), clock, how, photos).expect("a start");
    (s.engine, s.effects) = (engine, effects);
    s.scan(ANNA.badge);
    if camera {
        let (kind, name, state) = (DeviceKind::Camera, "bench".to_owned(), DeviceState::Ready);
        s.feed(Input::Device(DeviceNews { kind, name, state, detail: None, cure: None }));
    }
    s
}

fn notes(s: &Station) -> Vec<PhotoNote> {
    let note = |effect: &Effect| match effect {
        Effect::TakePhoto { note, .. } => Some(note.clone()),
        _ => None,
    };
    s.effects.iter().filter_map(note).collect()
}

#[test]
fn photos_are_taken_by_themselves_at_the_times_the_settings_name() {
    let all = PhotosAt { packed: true, weighed: true, labelled: true };
    let job = lamps();
    let mut s = photographing(std::slice::from_ref(&job), all, true);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Checklist(_) | StageView::Weigh(_)));
    assert_eq!(notes(&s).len(), 1, "the box is still open");
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
    let notes = notes(&s);
    let sscc = s.rebuilt(&job).expect("a session").parcels[0].sscc.clone();
    assert!(sscc.is_some());
    let labels: Vec<_> = notes.iter().map(|note| note.sscc.clone()).collect();
    assert_eq!(labels, [None, None, sscc], "only the last one can show the label");
    assert!(notes.iter().all(|note| note.order == job.number() && note.parcel == 1), "{notes:?}");
    assert_eq!(s.rebuilt(&job).expect("a session").parcels[0].photos.len(), 3);
}

#[test]
fn none_is_taken_without_a_camera_or_a_wish() {
    let all = PhotosAt { packed: true, weighed: true, labelled: true };
    for (at, camera) in [(all, false), (PhotosAt::default(), true)] {
        let mut s = photographing(&[lamps()], at, camera);
        s.ui(Ui::Start);
        s.work();
        assert!(matches!(s.stage(), StageView::Done(_)));
        assert_eq!(notes(&s), []);
    }
}

fn stored(s: &Station, job: &Job, parcel: u16, label: LabelInPhoto) -> Input {
    let hash = s.engine.blobs().put(format!("{parcel} {label:?}").as_bytes()).expect("room");
    Input::Photo(PhotoOutcome::Stored { fulfillment: job.id(), hash, bytes: 4, parcel, label })
}

#[test]
fn a_label_that_is_not_the_parcels_is_said_aloud_and_the_photo_kept() {
    let job = lamps();
    let mut s = photographing(std::slice::from_ref(&job), PhotosAt::default(), true);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Label(_)));
    let right = stored(&s, &job, 1, LabelInPhoto::Right);
    s.feed(right);
    assert_eq!(s.said(), "ok-photo");
    for (label, key) in [(LabelInPhoto::Other, "photo-label-other"), (LabelInPhoto::NotSeen, "photo-label-unseen")] {
        s.sounds();
        let photo = stored(&s, &job, 1, label);
        s.feed(photo);
        assert_eq!(s.said(), key);
        assert!(s.sounds().contains(&SoundName::Decide));
    }
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)), "packing goes on all the same");
    assert_eq!(blobs::unsent(s.look().as_mut(), 10).expect("readable").len(), 3);
}

#[test]
fn a_photo_belongs_to_the_parcel_it_was_taken_of() {
    let job = lamps();
    let mut s = photographing(std::slice::from_ref(&job), PhotosAt::default(), true);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan(&world::ean13(world::LAMP));
    s.ui(Ui::AnotherParcel);
    s.work_until(|x| matches!(x, StageView::Label(_)));
    let parcels = s.rebuilt(&job).expect("a session").parcels.len();
    assert_eq!(parcels, 2, "one lamp each");
    // The first parcel's photo comes while the screen may be at either.
    for parcel in [1, 2] {
        let photo = stored(&s, &job, parcel, LabelInPhoto::NotLooked);
        s.feed(photo);
    }
    let parcels = s.rebuilt(&job).expect("a session").parcels;
    assert_eq!(parcels.iter().map(|parcel| parcel.photos.len()).collect::<Vec<_>>(), [1, 1]);
}

//! Cameras at the computer by the real driver (`/dev/video*`), against one that the kernel makes up: live view, photos, standing
//! still, pulled out and back under another number, held by another program, without rights. Runs inside the machine of
//! tests/lib/usb_machine.sh, which `usb_machine` boots; elsewhere there is no such camera.

use crate::device_support::{Station, id, until};
use crate::usb_kit::vivid::Vivid;
use packbench::devices::camera::config::CameraUse;
use packbench::devices::camera::video::find;
use packbench::devices::camera::view::Viewfinder;
use packbench::devices::camera::{Photo, PhotoFailure, frame};
use packbench::devices::config::VideoCameraConfig;
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, DeviceWarning, LostReason};
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

fn camera(wanted: &str) -> DeviceSpec {
    let wanted = wanted.to_owned();
    DeviceSpec::VideoCamera(VideoCameraConfig {
        wanted,
        width_px: 640,
        frame_ms_max: 1_000,
        used: CameraUse::default(),
    })
}

fn take(station: &Station, request: &str) -> Result<Photo, PhotoFailure> {
    let command = DeviceCommand::TakePhoto { camera: id("cam"), request: request.into() };
    station.supervisor.handle().send(command).unwrap();
    station.next("a photo", |event| match event {
        DeviceEvent::Photo { request: answered, outcome, .. } if answered == request => Some(outcome.clone()),
        _ => None,
    })
}

fn finder(station: &Station) -> Viewfinder {
    station.supervisor.handle().viewfinder(&id("cam")).unwrap()
}

fn lost(status: &DeviceStatus) -> bool {
    matches!(status, DeviceStatus::Lost { .. })
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_camera_is_found_shown_photographed_with_and_found_again_under_another_number() {
    let station = Station::start(vec![("cam", camera("VIVID*"))]);
    station.stands("cam", "nothing to be there", |status| *status == DeviceStatus::Absent);
    let vivid = Vivid::plug(3);
    station.ready("cam");
    let listed = find::list();
    let named: Vec<_> = listed.iter().map(|found| (found.path.as_path(), found.bus.as_str())).collect();
    assert_eq!(named, [(vivid.path(), "vivid.0")], "{listed:?}");

    let finder = finder(&station);
    assert_eq!(finder.live(), None, "nothing is drawn while nobody looks");
    let looks = || {
        finder.look();
        finder.live()
    };
    let first = until("a live picture", looks);
    assert_eq!((first.width_px, first.height_px, first.rgb.len()), (640, 480, 640 * 480 * 3));
    let later = until("a later one", || looks().filter(|view| view.number > first.number + 2));
    assert_ne!(first.rgb, later.rgb, "its clock runs on");

    let photo = take(&station, "one").unwrap();
    assert_eq!((photo.width_px, photo.height_px), (640, 480));
    let picture = frame::decode(&photo.bytes).unwrap();
    // The kernel's colour bars: white, yellow, cyan, green, magenta, red, blue, black.
    let bar = |n: u32| picture.get_pixel(n * 80 + 40, 300).0.map(|colour| u8::from(colour > 110));
    let bars: Vec<_> = (0..8).map(bar).collect();
    let wanted = [[1, 1, 1], [1, 1, 0], [0, 1, 1], [0, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 0, 0]];
    assert_eq!(bars, wanted);
    assert!(finder.taken().is_some_and(|taken| taken.width_px == 480), "its small picture was there before it");

    vivid.pull();
    station.status("cam", "the loss", lost);
    assert!(matches!(take(&station, "gone"), Err(PhotoFailure::NotThere(_))));
    assert_eq!(finder.live(), None, "no old picture looks like a new one");
    let back = Vivid::plug(7);
    station.ready("cam");
    take(&station, "two").unwrap();
    drop(station);
    back.pull();
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_camera_that_stands_still_is_said_and_works_again_by_itself() {
    let vivid = Vivid::plug(0);
    let station = Station::start(vec![("cam", camera("*"))]);
    station.ready("cam");
    take(&station, "before").unwrap();
    vivid.stand_still(true);
    let since = Instant::now();
    let still = DeviceStatus::Attention { why: DeviceWarning::CameraStill };
    station.status("cam", "said to stand still", |status| *status == still);
    assert!(since.elapsed() < Duration::from_secs(8), "said after {:?}", since.elapsed());
    assert_eq!(take(&station, "meanwhile"), Err(PhotoFailure::Timeout));
    assert_eq!(finder(&station).live(), None);
    vivid.stand_still(false);
    station.ready("cam");
    take(&station, "after").unwrap();
    drop(station);
    vivid.pull();
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn a_camera_held_by_another_or_without_rights_says_so() {
    let vivid = Vivid::plug(1);
    let holder = Station::start(vec![("cam", camera("/dev/video1"))]);
    holder.ready("cam");
    let second = Station::start(vec![("cam", camera("*")), ("other", camera("no such camera"))]);
    let busy = |status: &DeviceStatus| matches!(status, DeviceStatus::Lost { reason: LostReason::Busy, .. });
    second.status("cam", "held by another", busy);
    second.stands("other", "another camera is none", |status| *status == DeviceStatus::Absent);
    drop(holder);
    second.ready("cam");
    drop(second);
    let own = std::env::current_exe().unwrap();
    let seen = Command::new(own)
        .args(["--ignored", "--exact", "--nocapture", "usb_camera::as_nobody"])
        .uid(65_534)
        .gid(65_534)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&seen.stdout);
    assert!(seen.status.success() && told.contains("1 passed"), "{told}\n{}", String::from_utf8_lossy(&seen.stderr));
    vivid.pull();
}

/// The part of a user without rights.
#[test]
#[ignore = "runs as another user, started by the test above"]
fn as_nobody() {
    if rustix::process::geteuid().is_root() {
        return;
    }
    let station = Station::start(vec![("cam", camera("*"))]);
    let denied = |status: &DeviceStatus| matches!(status, DeviceStatus::Lost { reason: LostReason::NotPermitted, .. });
    station.status("cam", "no right", denied);
}

//! A camera at this computer, as Linux shows it (`/dev/video*`): found by name, serial number or port, read as it runs, noticed when
//! it stands still, found again under whatever number. Must never be ready without a frame of now.

pub mod find;
#[cfg(target_os = "linux")]
mod sys;
#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod sys;

use std::io;
use std::time::{Duration, Instant};

use self::find::Found;
use self::sys::{Device, FourCc, Shape};
use super::config::VideoCameraConfig;
use super::frame::Raw;
use super::studio::{Going, Studio};
use super::view::Viewfinder;
use super::{PhotoFailure, told};
use crate::devices::bay::Bay;
use crate::devices::event::{DeviceCommand, DeviceWarning, LostReason};
use crate::devices::supervisor::{Driver, End, Offline};

/// Longest wait for a frame before commands are looked at again.
const SLICE: Duration = Duration::from_millis(50);
/// A camera that gave no frame for so long is opened anew.
const REOPEN: Duration = Duration::from_secs(10);
/// Formats that are understood, the best first: whole pictures are small on the wire and come fast at any size.
const FORMATS: [FourCc; 3] = [*b"MJPG", *b"JPEG", *b"YUYV"];

/// One camera.
pub(crate) struct VideoCamera {
    config: VideoCameraConfig,
    studio: Studio,
    finder: Viewfinder,
    /// The camera it was, to know it again.
    last: Option<Found>,
    /// Nothing that fits was listed at the last try.
    missing: bool,
}

impl VideoCamera {
    pub(crate) fn new(config: VideoCameraConfig, finder: &Viewfinder) -> Self {
        let studio = Studio::new(config.used, finder.clone());
        Self { config, studio, finder: finder.clone(), last: None, missing: false }
    }

    fn chosen(&self) -> Vec<Found> {
        find::choose(&self.config.wanted, self.last.as_ref(), find::list())
    }

    /// Opens the first that fits and can be used; else says what hinders the best of them.
    fn open(&mut self) -> Result<(Device, Shape), LostReason> {
        let chosen = self.chosen();
        self.missing = chosen.is_empty();
        let mut why = LostReason::NotFound;
        for found in chosen {
            match start(&found, self.config.width_px) {
                Ok(Some(opened)) => {
                    tracing::info!(name = found.name, path = %found.path.display(), shape = ?opened.1, "a camera runs");
                    self.last = Some(found);
                    return Ok(opened);
                }
                // A file beside the pictures: no hindrance.
                Ok(None) => {}
                Err(error) if why == LostReason::NotFound => why = reason(&error),
                Err(error) => tracing::debug!(%error, path = %found.path.display(), "another camera cannot be used"),
            }
        }
        Err(why)
    }

    fn stream(&mut self, bay: &mut Bay, device: &mut Device, shape: Shape) -> End {
        let studio = &mut self.studio;
        let silence_max = Duration::from_millis(self.config.frame_ms_max);
        let mut last = Instant::now();
        loop {
            let shown = device.frame(SLICE, |bytes| studio.frame(bay, &raw(shape, bytes)));
            match shown {
                Ok(Some(true)) => last = Instant::now(),
                Ok(Some(false) | None) => {}
                Err(error) => return End::Lost(gone(&error)),
            }
            if studio.commands(bay) == Going::Stopped {
                return End::Stopped;
            }
            if last.elapsed() > REOPEN {
                return End::Lost(LostReason::Silent);
            }
            if last.elapsed() > silence_max {
                bay.warn(DeviceWarning::CameraStill);
                studio.dark(bay, PhotoFailure::Timeout);
            }
        }
    }
}

/// Opens a file and begins its stream; nothing where it gives no pictures.
fn start(found: &Found, width_px: u32) -> io::Result<Option<(Device, Shape)>> {
    let mut device = Device::open(&found.path)?;
    if !device.about()?.captures {
        return Ok(None);
    }
    let formats = device.formats();
    let Some(fourcc) = FORMATS.into_iter().find(|known| formats.contains(known)) else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the camera gives neither MJPEG nor YUYV"));
    };
    let (width, height) = best_size(&device.sizes(fourcc), width_px);
    let shape = device.set(fourcc, width, height)?;
    if shape.fourcc != fourcc {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the camera gives another format than it names"));
    }
    device.start()?;
    Ok(Some((device, shape)))
}

/// The largest size that is not wider than asked for; else the smallest. A camera that names none is asked for 4 : 3.
fn best_size(sizes: &[(u32, u32)], width_px: u32) -> (u32, u32) {
    let fitting = sizes.iter().filter(|size| size.0 <= width_px).max();
    fitting.or_else(|| sizes.iter().min()).copied().unwrap_or((width_px, width_px / 4 * 3))
}

fn raw(shape: Shape, bytes: &[u8]) -> Raw<'_> {
    let Shape { fourcc, width, height, bytes_per_line } = shape;
    if fourcc == *b"YUYV" { Raw::Yuyv { bytes, width, height, bytes_per_line } } else { Raw::Jpeg(bytes) }
}

/// Why a camera could not be opened.
fn reason(error: &io::Error) -> LostReason {
    match error.kind() {
        io::ErrorKind::InvalidData => LostReason::BadAnswer,
        kind => match error.raw_os_error() {
            // "No such device": its file outlived it for a moment.
            Some(code) if code == rustix::io::Errno::NODEV.raw_os_error() => LostReason::Disconnected,
            _ => LostReason::from_io(kind),
        },
    }
}

/// Why a running camera ended: whatever the word, it was pulled out, or its driver gave up.
fn gone(error: &io::Error) -> LostReason {
    tracing::debug!(%error, "a camera's stream ended");
    LostReason::Disconnected
}

impl Driver for VideoCamera {
    fn session(&mut self, bay: &mut Bay) -> End {
        let (mut device, shape) = match self.open() {
            Ok(opened) => opened,
            Err(reason) => {
                self.studio.dark(bay, PhotoFailure::NotThere(reason));
                return End::Lost(reason);
            }
        };
        let end = self.stream(bay, &mut device, shape);
        let why = match end {
            End::Stopped => LostReason::Disconnected,
            End::Lost(reason) => reason,
        };
        self.studio.dark(bay, PhotoFailure::NotThere(why));
        end
    }

    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline {
        if let DeviceCommand::TakePhoto { request, .. } = command {
            self.finder.dark();
            told(bay, request, Err(PhotoFailure::NotThere(LostReason::Disconnected)));
        }
        Offline::KeepWaiting
    }

    fn returned(&self) -> bool {
        self.missing && !self.chosen().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_the_largest_that_is_not_wider_than_asked_for() {
        let sizes = [(640, 480), (1_920, 1_080), (1_280, 720), (1_280, 960), (320, 240)];
        assert_eq!(best_size(&sizes, 1_280), (1_280, 960));
        assert_eq!(best_size(&sizes, 1_279), (640, 480));
        assert_eq!(best_size(&sizes, 4_096), (1_920, 1_080));
        assert_eq!(best_size(&sizes, 160), (320, 240));
        assert_eq!(best_size(&[], 640), (640, 480));
    }

    #[test]
    fn what_the_system_says_becomes_a_reason() {
        let os = |errno: rustix::io::Errno| reason(&io::Error::from(errno));
        assert_eq!(os(rustix::io::Errno::ACCESS), LostReason::NotPermitted);
        assert_eq!(os(rustix::io::Errno::BUSY), LostReason::Busy);
        assert_eq!(os(rustix::io::Errno::NODEV), LostReason::Disconnected);
        assert_eq!(os(rustix::io::Errno::NOENT), LostReason::NotFound);
        assert_eq!(reason(&io::Error::new(io::ErrorKind::InvalidData, "")), LostReason::BadAnswer);
    }
}

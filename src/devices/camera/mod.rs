//! Cameras: one request, one picture that is checked to be one, or the reason why not. Must never hand on bytes that are not a
//! whole picture, never hand on an old picture for a new request, and never keep or log a picture.

pub mod config;
pub mod develop;
pub mod eye;
pub(crate) mod folder;
pub mod frame;
pub(crate) mod http;
pub mod jpeg;
pub(crate) mod studio;
pub mod video;
pub mod view;

use std::io::Cursor;
use std::sync::Arc;
use std::time::{Duration, Instant};

use self::config::CameraUse;
use self::view::Viewfinder;
use super::bay::Bay;
use super::event::{DeviceCommand, DeviceEvent, Doing, LostReason};
use super::mailbox::Taken;
use super::supervisor::{Driver, End, Offline};
use super::tap;

/// Largest photo in bytes.
pub const PHOTO_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Longest side of a photo in pixels.
pub const PHOTO_SIDE_MAX: u32 = 12_000;
/// Shortest side of a photo in pixels: less shows nothing.
pub const PHOTO_SIDE_MIN: u32 = 16;

/// How a photo is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhotoFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

/// A checked photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// The picture file.
    pub bytes: Arc<[u8]>,
    /// Its encoding.
    pub format: PhotoFormat,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
}

/// Why there is no photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhotoFailure {
    /// The camera could not be reached.
    NotThere(LostReason),
    /// The camera answered with an HTTP status other than success.
    HttpStatus(u16),
    /// More than [`PHOTO_BYTES_MAX`] bytes.
    TooLarge,
    /// Not a whole JPEG or PNG picture.
    NotAPicture,
    /// Sides outside [`PHOTO_SIDE_MIN`] to [`PHOTO_SIDE_MAX`].
    BadSides,
    /// The folder has no picture that is new enough.
    NoNewPicture,
    /// No picture came in time.
    Timeout,
}

impl PhotoFailure {
    /// A stable word for catalogues and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotThere(reason) => reason.code(),
            Self::HttpStatus(_) => "http-status",
            Self::TooLarge => "too-large",
            Self::NotAPicture => "not-a-picture",
            Self::BadSides => "bad-sides",
            Self::NoNewPicture => "no-new-picture",
            Self::Timeout => "timeout",
        }
    }
}

/// The end of every PNG file: length 0, `IEND`, checksum (PNG specification, 11.2.5).
const PNG_END: &[u8] = b"\0\0\0\0IEND\xaeB`\x82";

/// Checks that the bytes are one whole picture within the limits. Reads the header only; the picture is not decoded.
///
/// # Errors
/// [`PhotoFailure`]: too large, no picture, cut off, or senseless sides.
pub fn check(bytes: Vec<u8>) -> Result<Photo, PhotoFailure> {
    if bytes.len() > PHOTO_BYTES_MAX {
        return Err(PhotoFailure::TooLarge);
    }
    let reader =
        image::ImageReader::new(Cursor::new(&bytes)).with_guessed_format().map_err(|_| PhotoFailure::NotAPicture)?;
    let (format, whole) = match reader.format() {
        Some(image::ImageFormat::Jpeg) => (PhotoFormat::Jpeg, jpeg::is_whole(&bytes)),
        Some(image::ImageFormat::Png) => (PhotoFormat::Png, bytes.ends_with(PNG_END)),
        // The format list is the library's; the station takes two of them.
        _ => return Err(PhotoFailure::NotAPicture),
    };
    let (width_px, height_px) = reader.into_dimensions().map_err(|_| PhotoFailure::NotAPicture)?;
    if !whole {
        return Err(PhotoFailure::NotAPicture);
    }
    let fits = |side: u32| (PHOTO_SIDE_MIN..=PHOTO_SIDE_MAX).contains(&side);
    if !fits(width_px) || !fits(height_px) {
        return Err(PhotoFailure::BadSides);
    }
    Ok(Photo { bytes: bytes.into(), format, width_px, height_px })
}

/// A camera that gives one picture per question. Every wait in it is bounded.
pub(crate) trait CameraPort: Send {
    /// Takes one picture.
    fn take(&mut self) -> Result<Photo, PhotoFailure>;
    /// Looks whether the camera is there.
    fn check(&mut self) -> Result<(), LostReason>;
    /// A picture for the live view, where taking one uses nothing up.
    fn look(&mut self) -> Option<Photo> {
        None
    }
    /// Time between two looks while idle.
    fn check_every(&self) -> Duration;
}

/// Tells the end of a photo request.
pub(crate) fn told(bay: &mut Bay, request: String, outcome: Result<Photo, PhotoFailure>) {
    let camera = bay.id().clone();
    if let Err(why) = &outcome {
        tracing::warn!(camera = %camera, request = %request, why = why.code(), "no photo was taken");
    }
    bay.surely(DeviceEvent::Photo { camera, request, outcome });
}

/// Runs one camera's requests in order.
pub(crate) struct CameraDriver {
    port: Box<dyn CameraPort>,
    /// The request in hand: when the driver fails in the middle, it is answered afterwards.
    in_hand: Option<String>,
    used: CameraUse,
    finder: Viewfinder,
    shown: Option<Instant>,
}

/// Time between two live pictures of a camera that is asked for each.
const LOOK_EVERY: Duration = Duration::from_millis(300);

impl CameraDriver {
    pub(crate) fn new(port: Box<dyn CameraPort>, used: CameraUse, finder: &Viewfinder) -> Self {
        Self { port, in_hand: None, used, finder: finder.clone(), shown: None }
    }

    /// Shows a live picture, where somebody looks and one is due.
    fn live(&mut self) {
        if !self.finder.is_watched() || self.shown.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            return;
        }
        self.shown = Some(Instant::now());
        match self.port.look().and_then(|photo| frame::decode(&photo.bytes).ok()) {
            Some(picture) => self.finder.show(&picture, self.used.turn),
            None => self.finder.dark(),
        }
    }

    /// Takes one photo; `true` when it succeeded.
    fn work(&mut self, bay: &mut Bay, command: DeviceCommand) -> bool {
        let DeviceCommand::TakePhoto { request, .. } = command else {
            return true;
        };
        self.in_hand = Some(request.clone());
        bay.busy(Doing::Capturing);
        let outcome = self.port.take();
        bay.done();
        self.in_hand = None;
        let well = outcome.is_ok();
        if let Ok(photo) = &outcome {
            tap::heard(&photo.bytes);
            if let Ok(picture) = frame::decode(&photo.bytes) {
                self.finder.show_taken(&picture, self.used.turn);
            }
        }
        told(bay, request, outcome);
        well
    }
}

impl Driver for CameraDriver {
    fn session(&mut self, bay: &mut Bay) -> End {
        if let Some(request) = self.in_hand.take() {
            told(bay, request, Err(PhotoFailure::NotThere(LostReason::DriverFailed)));
        }
        loop {
            match self.port.check() {
                Ok(()) => bay.ready(),
                Err(reason) => {
                    self.finder.dark();
                    return End::Lost(reason);
                }
            }
            let until = Instant::now() + self.port.check_every();
            loop {
                self.live();
                let left = until.saturating_duration_since(Instant::now());
                match bay.wait_command(left.min(LOOK_EVERY)) {
                    Taken::Closed => return End::Stopped,
                    Taken::Timeout if left > LOOK_EVERY => {}
                    Taken::Timeout => break,
                    Taken::Item(command) => {
                        if !self.work(bay, command) {
                            break;
                        }
                    }
                }
            }
        }
    }

    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline {
        if self.work(bay, command) { Offline::TryNow } else { Offline::KeepWaiting }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, format: image::ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]))
            .write_to(&mut out, format)
            .unwrap();
        out.into_inner()
    }

    #[test]
    fn whole_pictures_pass() {
        let photo = check(picture(64, 48, image::ImageFormat::Jpeg)).unwrap();
        assert_eq!((photo.format, photo.width_px, photo.height_px), (PhotoFormat::Jpeg, 64, 48));
        let photo = check(picture(20, 30, image::ImageFormat::Png)).unwrap();
        assert_eq!((photo.format, photo.width_px, photo.height_px), (PhotoFormat::Png, 20, 30));
    }

    #[test]
    fn everything_else_is_named() {
        for format in [image::ImageFormat::Jpeg, image::ImageFormat::Png] {
            let bytes = picture(64, 48, format);
            assert_eq!(check(bytes[..bytes.len() - 10].to_vec()), Err(PhotoFailure::NotAPicture), "{format:?} cut off");
            assert_eq!(check(picture(15, 48, format)), Err(PhotoFailure::BadSides));
        }
        assert_eq!(check(Vec::new()), Err(PhotoFailure::NotAPicture));
        assert_eq!(check(b"<html>Login</html>".to_vec()), Err(PhotoFailure::NotAPicture));
        assert_eq!(check(vec![0xff; PHOTO_BYTES_MAX + 1]), Err(PhotoFailure::TooLarge));
    }
}

//! What a camera shows now, for whoever looks: the newest picture of the live view and the newest photo, both small. Must never
//! make anybody wait: a picture is swapped, and nothing is drawn while nobody looks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use image::RgbImage;

use super::config::Turn;
use super::frame;

/// Longest side of a live picture, in pixels.
pub const LIVE_SIDE_MAX: u32 = 640;
/// Longest side of a photo's small picture, in pixels.
pub const TAKEN_SIDE_MAX: u32 = 480;
/// How long pictures are made after somebody looked.
const LOOKED: Duration = Duration::from_millis(1_500);

/// A small picture: rows of red, green, blue, 8 bits each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Grows with every picture of this camera.
    pub number: u64,
    /// Pixels across.
    pub width_px: u32,
    /// Pixels down.
    pub height_px: u32,
    /// `width_px × height_px × 3` bytes.
    pub rgb: Arc<[u8]>,
    /// When it was seen.
    pub seen: Instant,
}

#[derive(Default)]
struct Inside {
    live: Mutex<Option<View>>,
    taken: Mutex<Option<View>>,
    looked: Mutex<Option<Instant>>,
    numbers: AtomicU64,
    told: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

/// The window's place at a camera. Clones share it.
#[derive(Clone, Default)]
pub struct Viewfinder(Arc<Inside>);

impl std::fmt::Debug for Viewfinder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Viewfinder")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Only whole values are swapped in, so a panic of another holder cannot have left one half-written.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Viewfinder {
    /// Somebody looks now: live pictures are made for a while.
    pub fn look(&self) {
        *lock(&self.0.looked) = Some(Instant::now());
    }

    /// The newest live picture; none while the camera shows nothing.
    #[must_use]
    pub fn live(&self) -> Option<View> {
        lock(&self.0.live).clone()
    }

    /// The photo taken last.
    #[must_use]
    pub fn taken(&self) -> Option<View> {
        lock(&self.0.taken).clone()
    }

    /// Says who is told of each new picture; the first one stays. It is called on the camera's thread and must not block.
    pub fn tell(&self, told: impl Fn() + Send + Sync + 'static) {
        if self.0.told.set(Box::new(told)).is_err() {
            tracing::debug!("somebody is told of the camera's pictures already");
        }
    }

    /// Whether anybody looks.
    pub(crate) fn is_watched(&self) -> bool {
        lock(&self.0.looked).is_some_and(|at| at.elapsed() < LOOKED)
    }

    /// Shows a picture of the running camera.
    pub(crate) fn show(&self, picture: &RgbImage, turn: Turn) {
        let view = self.view(picture, turn, LIVE_SIDE_MAX);
        *lock(&self.0.live) = Some(view);
        self.news();
    }

    /// Shows the photo that was just taken.
    pub(crate) fn show_taken(&self, picture: &RgbImage, turn: Turn) {
        let view = self.view(picture, turn, TAKEN_SIDE_MAX);
        *lock(&self.0.taken) = Some(view);
        self.news();
    }

    /// The camera shows nothing any more: an old picture must not look like a new one.
    pub(crate) fn dark(&self) {
        if lock(&self.0.live).take().is_some() {
            self.news();
        }
    }

    fn view(&self, picture: &RgbImage, turn: Turn, side_max: u32) -> View {
        let small = frame::turned(frame::shrunk(picture, side_max), turn);
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let (width_px, height_px) = small.dimensions();
        View { number, width_px, height_px, rgb: small.into_raw().into(), seen: Instant::now() }
    }

    fn news(&self) {
        if let Some(told) = self.0.told.get() {
            told();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_small_upright_and_told() {
        let finder = Viewfinder::default();
        let count = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&count);
        finder.tell(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        assert!(!finder.is_watched());
        finder.look();
        assert!(finder.is_watched());
        finder.show(&RgbImage::new(1_280, 720), Turn::Quarter);
        let live = finder.live().unwrap();
        assert_eq!((live.width_px, live.height_px, live.rgb.len()), (360, 640, 360 * 640 * 3));
        finder.show_taken(&RgbImage::new(64, 48), Turn::None);
        let taken = finder.taken().unwrap();
        assert_eq!((taken.width_px, taken.height_px), (64, 48), "nothing is blown up");
        assert!(taken.number > live.number);
        finder.dark();
        finder.dark();
        assert_eq!(finder.live(), None);
        assert!(finder.taken().is_some(), "a photo stays what it was");
        assert_eq!(count.load(Ordering::Relaxed), 3);
    }
}

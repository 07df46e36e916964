//! What every running stream has in common: the newest frames become evidence, the live view, photos (of a burst the sharpest)
//! and codes. Must never take a frame apart that nobody wants, and never answer a request with a frame from before it.

use std::time::{Duration, Instant};

use image::RgbImage;

use super::config::CameraUse;
use super::eye::Eye;
use super::frame::{self, Raw};
use super::view::Viewfinder;
use super::{Photo, PhotoFailure, told};
use crate::devices::bay::Bay;
use crate::devices::event::{DeviceCommand, Doing};
use crate::devices::mailbox::Taken;
use crate::devices::tap;

/// Photo requests that may wait for the next frame.
const REQUESTS_MAX: usize = 8;
/// Longest time of a burst: what is shown after it was asked for is of now.
const BURST: Duration = Duration::from_millis(120);
/// Time between two live pictures: ten a second.
const LIVE_EVERY: Duration = Duration::from_millis(100);
/// Time between two looks at whole frames that nobody asked for: what "ready" rests on.
const EVIDENCE_EVERY: Duration = Duration::from_millis(500);

/// The best frame of a burst so far.
struct Best {
    sharpness: u64,
    photo: Result<Photo, PhotoFailure>,
    picture: Option<RgbImage>,
}

/// One burst, for all requests that wait.
struct Burst {
    since: Instant,
    frames: u8,
    best: Option<Best>,
}

/// Whether the station goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Going {
    On,
    Stopped,
}

/// One running stream.
pub(crate) struct Studio {
    used: CameraUse,
    finder: Viewfinder,
    waiting: Vec<String>,
    burst: Option<Burst>,
    eye: Option<Eye>,
    evidence: Option<Instant>,
    shown: Option<Instant>,
}

fn due(last: Option<Instant>, every: Duration) -> bool {
    last.is_none_or(|at| at.elapsed() >= every)
}

impl Studio {
    pub(crate) fn new(used: CameraUse, finder: Viewfinder) -> Self {
        Self { used, finder, waiting: Vec::new(), burst: None, eye: None, evidence: None, shown: None }
    }

    /// A frame came. `false` where it is not whole; the next may be.
    pub(crate) fn frame(&mut self, bay: &mut Bay, raw: &Raw<'_>) -> bool {
        let live = due(self.shown, LIVE_EVERY) && self.finder.is_watched();
        let reads = self.used.reads_codes && self.eye(bay).is_some_and(|eye| eye.is_free());
        let evidence = due(self.evidence, EVIDENCE_EVERY);
        if !live && !reads && !evidence && self.waiting.is_empty() {
            return true;
        }
        if !raw.is_whole() {
            return false;
        }
        if evidence {
            self.evidence = Some(Instant::now());
            if let Raw::Jpeg(bytes) = raw {
                tap::heard(bytes);
            }
        }
        if self.waiting.is_empty() {
            if evidence {
                bay.ready();
            }
        } else if !self.expose(bay, raw) {
            return false;
        }
        if (live || reads)
            && let Some(picture) = raw.decode()
        {
            if live {
                self.shown = Some(Instant::now());
                self.finder.show(&picture, self.used.turn);
            }
            if reads && let Some(eye) = &self.eye {
                eye.look(&picture);
            }
        }
        true
    }

    /// One more frame of the burst; at its end every request is answered. `false` for one that is no picture.
    fn expose(&mut self, bay: &mut Bay, raw: &Raw<'_>) -> bool {
        let burst = self.burst.get_or_insert_with(|| Burst { since: Instant::now(), frames: 0, best: None });
        let many = self.used.burst > 1;
        let picture = if many { raw.decode() } else { None };
        if many && picture.is_none() {
            // A burst of broken frames ends by its time: the request must not wait for ever.
            if burst.since.elapsed() < BURST {
                return false;
            }
        } else {
            let sharpness =
                picture.as_ref().map_or(0, |p| frame::sharpness(&frame::luma(p), p.width().try_into().unwrap_or(0)));
            burst.frames = burst.frames.saturating_add(1);
            if burst.best.as_ref().is_none_or(|best| sharpness > best.sharpness) {
                burst.best = Some(Best { sharpness, photo: raw.photo(picture.as_ref()), picture });
            }
        }
        if burst.frames >= self.used.burst || burst.since.elapsed() >= BURST {
            self.develop(bay, raw);
        }
        true
    }

    /// The burst is over: the small picture first, for whoever waits before the screen, then the photo.
    fn develop(&mut self, bay: &mut Bay, raw: &Raw<'_>) {
        let best = self.burst.take().and_then(|burst| burst.best);
        let (photo, picture) = match best {
            Some(best) => (best.photo, best.picture.or_else(|| raw.decode())),
            None => (Err(PhotoFailure::NotAPicture), None),
        };
        if let (Ok(_), Some(picture)) = (&photo, &picture) {
            self.finder.show_taken(picture, self.used.turn);
        }
        for request in self.waiting.drain(..) {
            told(bay, request, photo.clone());
        }
        bay.done();
        if photo.is_ok() {
            bay.ready();
        }
    }

    /// Takes what was asked for since the last frame.
    pub(crate) fn commands(&mut self, bay: &mut Bay) -> Going {
        while self.waiting.len() < REQUESTS_MAX {
            match bay.wait_command(Duration::ZERO) {
                Taken::Closed => return Going::Stopped,
                Taken::Timeout => break,
                Taken::Item(DeviceCommand::TakePhoto { request, .. }) => {
                    bay.busy(Doing::Capturing);
                    self.waiting.push(request);
                }
                Taken::Item(_) => {}
            }
        }
        if let Some(eye) = &mut self.eye {
            eye.deliver(bay);
        }
        Going::On
    }

    /// The stream is over or stands still: nothing is shown, and whoever waits is told.
    pub(crate) fn dark(&mut self, bay: &mut Bay, why: PhotoFailure) {
        self.finder.dark();
        self.burst = None;
        self.evidence = None;
        if self.waiting.is_empty() {
            return;
        }
        for request in self.waiting.drain(..) {
            told(bay, request, Err(why));
        }
        bay.done();
    }

    /// The reader of codes, started when it is first needed.
    fn eye(&mut self, bay: &Bay) -> Option<&Eye> {
        if self.eye.is_none() {
            match Eye::start(bay.id(), self.used.turn) {
                Ok(eye) => self.eye = Some(eye),
                Err(error) => {
                    tracing::error!(%error, camera = %bay.id(), "codes are not read: no thread");
                    self.used.reads_codes = false;
                }
            }
        }
        self.eye.as_ref()
    }
}

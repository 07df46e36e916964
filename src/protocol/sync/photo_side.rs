//! Photos: a queue of their own, one part at a time, going on where the server says; a failing one goes to the back.

use super::input::{Effect, Failure, Link, Notice, Now, PhotoJob};
use super::link::FLIGHT_MS_MAX;
use super::machine::{Machine, sending};
use crate::protocol::wire::{PhotoAnswer, PhotoState, ProblemCode};

/// Most photos in memory; more stay on the disk and are loaded when these are through.
pub const PHOTOS_QUEUED_MAX: usize = 4_096;
/// Refusals after which a photo is left until the next start.
const REFUSALS_MAX: u32 = 5;

/// A photo on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sending {
    pub(super) photo: PhotoJob,
    pub(super) offset: u64,
    pub(super) failures: u32,
}

impl Machine {
    pub(super) fn photo_queued(&mut self, photo: PhotoJob) {
        let known = self.photos.iter().any(|other| other.photo.hash == photo.hash);
        if known {
            return;
        }
        if self.photos_more || self.photos.len() >= PHOTOS_QUEUED_MAX {
            self.photos_more = true;
        } else {
            self.photos.push_back(sending(photo));
        }
    }

    pub(super) fn photos_loaded(&mut self, photos: Vec<PhotoJob>) {
        self.photos_loading_until_ms = None;
        self.photos_more = photos.len() >= PHOTOS_QUEUED_MAX;
        for photo in photos.into_iter().take(PHOTOS_QUEUED_MAX) {
            let known = self.photos.iter().any(|other| other.photo.hash == photo.hash);
            if !known {
                self.photos.push_back(sending(photo));
            }
        }
    }

    pub(super) fn start_photo(&mut self, now: Now) {
        if !self.photo.is_free(now.mono_ms) {
            return;
        }
        let Some(first) = self.photos.front().copied() else {
            self.load_photos(now);
            return;
        };
        let no = self.next_no();
        self.photo.start(no, now.mono_ms);
        self.out.push(Effect::SendPhoto { no, photo: first.photo, offset: first.offset });
    }

    fn load_photos(&mut self, now: Now) {
        let asked = self.photos_loading_until_ms.is_some_and(|until_ms| now.mono_ms < until_ms);
        if self.photos_more && !asked {
            self.photos_loading_until_ms = Some(now.mono_ms.saturating_add(FLIGHT_MS_MAX));
            self.out.push(Effect::LoadPhotos);
        }
    }

    pub(super) fn photo_answered(&mut self, no: u64, answer: PhotoAnswer, now: Now) {
        if !self.photo.is_flying(no) {
            return;
        }
        self.heard(now);
        let Some(first) = self.photos.front_mut() else {
            self.photo.succeed();
            return;
        };
        let done = match answer.state {
            PhotoState::Complete | PhotoState::Erased => true,
            PhotoState::Partial | PhotoState::Other => false,
        };
        if answer.hash != first.photo.hash || answer.offset > first.photo.bytes {
            self.raise(Notice::ServerNonsense { link: Link::Photo });
            self.photo_to_back(false, 0);
            self.back_off(Link::Photo, now, 0);
        } else if done {
            let hash = first.photo.hash;
            self.photos.pop_front();
            self.photo.succeed();
            self.out.push(Effect::MarkPhotoDone { hash });
        } else if answer.offset > first.offset {
            first.offset = answer.offset;
            first.failures = 0;
            self.photo.succeed();
        } else {
            // The server has less than believed: go on from there, but slowly, lest two machines chase each other.
            first.offset = answer.offset;
            self.photo_to_back(false, 1);
            self.back_off(Link::Photo, now, 0);
        }
    }

    /// The photo in front failed: if the fault may be its own, another goes first.
    pub(super) fn photo_failed(&mut self, failure: Failure) {
        match failure {
            Failure::Unreachable | Failure::TimedOut | Failure::Garbled | Failure::NotStored => {}
            Failure::Refused { code, .. } => match code {
                ProblemCode::HashMismatch | ProblemCode::OffsetMismatch => self.photo_to_back(true, 1),
                ProblemCode::BadRequest | ProblemCode::Invalid | ProblemCode::TooLarge => {
                    self.photo_to_back(false, 1);
                }
                // The server's own trouble may be with this one photo only.
                ProblemCode::Internal | ProblemCode::Other => self.photo_to_back(false, 0),
                _ => {}
            },
        }
    }

    fn photo_to_back(&mut self, from_start: bool, refusals: u32) {
        let Some(mut first) = self.photos.pop_front() else { return };
        if from_start {
            first.offset = 0;
        }
        first.failures += refusals;
        if first.failures >= REFUSALS_MAX {
            self.raise(Notice::PhotoStuck { hash: first.photo.hash });
        } else {
            self.photos.push_back(first);
        }
    }
}

//! The threads that carry requests, one at a time each. A worker must never decide or repeat anything: one job, one answer.

use super::driver::{Answered, Call, Heard};
use super::gate::{Pass, lock};
use super::http::Http;
use super::port::BlobReader;
use crate::core::ids::PhotoHash;
use crate::engine::Clock;
use crate::protocol::sync::{Failure, Input, Link, PhotoJob};
use crate::protocol::wire::photo::PHOTO_PART_BYTES_MAX;
use crate::protocol::wire::{Backlog, Cursor, EpochRequest, LeaseRequest, PROTOCOL, ProblemCode, PushRequest};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Largest answer to a pull, bytes: 500 whole records.
const PAGE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Largest answer to a push or a lease exchange, bytes.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Largest answer to a photo part or an epoch wish, bytes.
const SMALL_BYTES_MAX: usize = 64 * 1024;

/// What to ask the server.
#[derive(Debug)]
pub(super) enum Ask {
    Push(Box<PushRequest>),
    Pull { cursor: Option<Cursor>, limit: u32, backlog: Backlog },
    Lease(Box<LeaseRequest>),
    Photo { photo: PhotoJob, offset: u64 },
    Epoch(Box<EpochRequest>),
}

impl Ask {
    pub(super) const fn link(&self) -> Link {
        match self {
            Self::Push(_) => Link::Push,
            Self::Pull { .. } => Link::Pull,
            Self::Lease(_) => Link::Lease,
            Self::Photo { .. } => Link::Photo,
            Self::Epoch(_) => Link::Epoch,
        }
    }
}

/// A request to carry.
#[derive(Debug)]
pub(super) struct Job {
    /// Number of the machine's effect.
    pub(super) no: u64,
    pub(super) ask: Ask,
}

#[derive(Debug, Default)]
struct Slots {
    jobs: Vec<Job>,
    closed: bool,
}

/// Jobs that wait for one worker: at most one per link. A newer one replaces an older one that was not begun, because the
/// machine has given that one up.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    slots: Mutex<Slots>,
    changed: Condvar,
}

impl Mailbox {
    pub(super) fn put(&self, job: Job) {
        let mut slots = lock(&self.slots);
        slots.jobs.retain(|other| other.ask.link() != job.ask.link());
        slots.jobs.push(job);
        drop(slots);
        self.changed.notify_one();
    }

    pub(super) fn close(&self) {
        let mut slots = lock(&self.slots);
        slots.closed = true;
        slots.jobs.clear();
        drop(slots);
        self.changed.notify_all();
    }

    fn take(&self) -> Option<Job> {
        let mut slots = lock(&self.slots);
        loop {
            if slots.closed {
                return None;
            }
            if !slots.jobs.is_empty() {
                return Some(slots.jobs.remove(0));
            }
            slots = self.changed.wait(slots).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// An answer that something breaks off at is an answer that makes no sense: the link goes on, and a person is told.
fn whole(carry: impl FnOnce() -> (Heard, Result<Input, Failure>)) -> (Heard, Result<Input, Failure>) {
    catch_unwind(AssertUnwindSafe(carry)).unwrap_or((Heard::Unknown, Err(Failure::Garbled)))
}

/// What a worker thread works with.
pub(super) struct Worker {
    pub(super) http: Arc<Http>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) calls: SyncSender<Call>,
    pub(super) blobs: BlobReader,
}

impl Worker {
    /// Runs until the mailbox is closed.
    pub(super) fn run(self, pass: Pass) {
        while let Some(job) = self.mailbox.take() {
            let sent_mono_ms = self.clock.mono_ms();
            let (link, no) = (job.ask.link(), job.no);
            let (heard, result) = whole(|| self.carry(job));
            let input = result.unwrap_or_else(|failure| Input::Failed { link, no, failure });
            let answered = Answered { link, heard, sent_mono_ms, input: Box::new(input) };
            if self.calls.send(Call::Answered(answered)).is_err() {
                break;
            }
        }
        drop(pass);
    }

    fn carry(&self, job: Job) -> (Heard, Result<Input, Failure>) {
        let no = job.no;
        let result = match job.ask {
            Ask::Push(request) => self
                .http
                .post("api/v1/sync/push", &request, ANSWER_BYTES_MAX)
                .map(|answer| Input::PushAnswered { no, answer: Box::new(answer) }),
            Ask::Pull { cursor, limit, backlog } => self.pull(no, cursor.as_ref(), limit, backlog),
            Ask::Lease(request) => self
                .http
                .post("api/v1/sync/leases", &request, ANSWER_BYTES_MAX)
                .map(|answer| Input::LeaseAnswered { no, answer: Box::new(answer) }),
            Ask::Epoch(request) => self
                .http
                .post("api/v1/sync/epoch", &request, SMALL_BYTES_MAX)
                .map(|grant| Input::EpochAnswered { no, grant }),
            Ask::Photo { photo, offset } => match self.part(photo, offset) {
                Some((first, bytes)) => self.photo(no, photo, first, bytes),
                // As if the server had refused this very photo: the others go first, and after a few tries a person is told.
                None => {
                    let failure = Failure::Refused { code: ProblemCode::Invalid, retry_after_ms: None };
                    return (Heard::Unknown, Err(failure));
                }
            },
        };
        (Heard::of(&result), result)
    }

    fn pull(&self, no: u64, cursor: Option<&Cursor>, limit: u32, backlog: Backlog) -> Result<Input, Failure> {
        let mut url = self.http.url("api/v1/sync/pull")?;
        let mut query = url.query_pairs_mut();
        query.append_pair("protocol", &PROTOCOL.to_string()).append_pair("limit", &limit.to_string());
        query.append_pair("waiting", &backlog.events.to_string());
        query.append_pair("waiting_ms", &backlog.oldest_age_ms.to_string());
        if let Some(cursor) = cursor {
            query.append_pair("cursor", &cursor.0);
        }
        drop(query);
        self.http.get(url, PAGE_BYTES_MAX).map(|page| Input::PullAnswered { no, page: Box::new(page) })
    }

    fn photo(&self, no: u64, photo: PhotoJob, first: u64, bytes: Vec<u8>) -> Result<Input, Failure> {
        let path = format!("api/v1/photos/{}", photo.hash);
        self.http
            .put_part(&path, bytes, first, photo.bytes, SMALL_BYTES_MAX)
            .map(|answer| Input::PhotoAnswered { no, answer })
    }

    /// The next part and where it starts; none if the file is not as the database says.
    fn part(&self, photo: PhotoJob, offset: u64) -> Option<(u64, Vec<u8>)> {
        // If the server has every byte but does not say "complete", the last byte again makes it say what it knows.
        let first = offset.min(photo.bytes.checked_sub(1)?);
        let wanted = (photo.bytes - first).min(PHOTO_PART_BYTES_MAX);
        let length = usize::try_from(wanted).ok()?;
        match (self.blobs)(PhotoHash(photo.hash.0), first, length) {
            Ok(bytes) if bytes.len() == length => Some((first, bytes)),
            Ok(bytes) => {
                tracing::warn!(photo = %photo.hash, wanted = length, read = bytes.len(), "a photo's file is too short");
                None
            }
            Err(error) => {
                tracing::warn!(photo = %photo.hash, error = %error, "a photo's file cannot be read");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_breaks_off_is_answered_and_the_link_goes_on() {
        let broken = whole(|| panic!("on purpose"));
        assert!(matches!(broken, (Heard::Unknown, Err(Failure::Garbled))), "{broken:?}");
        assert!(matches!(whole(|| (Heard::Answer, Err(Failure::TimedOut))), (Heard::Answer, Err(Failure::TimedOut))));
    }
}

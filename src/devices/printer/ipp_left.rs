//! Jobs that stay in a printer when nobody waits for them any more: behind others, or from before the station was started anew.
//! They are looked at with the printer until their paper is out. Must never hand a job over, and never take one for its own by
//! its number alone: a printer that was switched off counts from one again.

use super::ipp::Talk;
use super::ipp_state::JobSays;
use super::{PrintFailure, PrintOutcome};
use crate::devices::event::LostReason;

/// Jobs that are kept in mind at most; of more the oldest are let go as "sent".
const LEFT_MAX: usize = 32;

/// How a job ended, by its name.
pub(crate) type Ended = (String, PrintOutcome);

/// A job in the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Left {
    id: i32,
    name: String,
    bytes: usize,
}

impl Left {
    fn is(&self, job: &JobSays) -> bool {
        self.id == job.id && self.name == job.name
    }

    fn failed(&self, why: PrintFailure, untouched: bool) -> Ended {
        // Of a job of before the restart nobody knows its size, but that some of it may be on paper.
        let bytes_sent = if untouched { 0 } else { self.bytes.max(1) };
        (self.name.clone(), PrintOutcome::Failed { why, bytes_sent })
    }
}

/// The jobs of one printer.
#[derive(Debug, Default)]
pub(super) struct LeftOver {
    jobs: Vec<Left>,
    /// The printer was asked for those of before.
    asked: bool,
    /// It was asked at least once since the station's start.
    ever: bool,
}

impl LeftOver {
    /// A job that is in the printer still.
    pub(super) fn keep(&mut self, id: i32, name: &str, bytes: usize) {
        if self.jobs.len() >= LEFT_MAX {
            self.jobs.remove(0);
        }
        self.jobs.push(Left { id, name: name.to_owned(), bytes });
    }

    /// The printer went away: what it still has is asked anew.
    pub(super) fn lost(&mut self) {
        self.asked = false;
    }

    /// Looks at them; what is over, and is no more kept.
    pub(super) fn look(&mut self, talk: &mut Talk) -> Result<Vec<Ended>, LostReason> {
        if self.asked && self.ever && self.jobs.is_empty() {
            return Ok(Vec::new());
        }
        let waiting = talk.jobs(false)?;
        if !self.asked {
            for job in waiting.iter().filter(|job| talk.sent(job)) {
                if !self.jobs.iter().any(|left| left.is(job)) {
                    self.keep(job.id, &job.name, 0);
                }
            }
            self.asked = true;
        }
        let mut ended = Vec::new();
        if !self.ever {
            // Paper that came while the station was off. That others failed was told when they did.
            let done = talk.jobs(true)?.into_iter().filter(|job| talk.sent(job) && job.end() == Some(Ok(())));
            ended.extend(done.take(LEFT_MAX).map(|job| (job.name, PrintOutcome::PaperMoved)));
            self.ever = true;
        }
        let gone: Vec<Left> =
            self.jobs.iter().filter(|left| !waiting.iter().any(|job| left.is(job))).cloned().collect();
        for left in gone {
            let job = talk.job(left.id)?.filter(|job| left.is(job));
            match job.as_ref().map(JobSays::end) {
                // A printer that lists no job that it works on: it is not over.
                Some(None) => continue,
                Some(Some(Ok(()))) => ended.push((left.name.clone(), PrintOutcome::PaperMoved)),
                Some(Some(Err(why))) => ended.push(left.failed(why, job.is_some_and(|j| j.untouched()))),
                // Forgotten by the printer: that it was sent is all that is known.
                None => {}
            }
            self.jobs.retain(|other| *other != left);
        }
        Ok(ended)
    }

    /// Takes back those whose names begin so: a copy is wanted instead of them.
    pub(super) fn take_back(&mut self, begins: &str, talk: &mut Talk) -> Vec<Ended> {
        let mut ended = Vec::new();
        self.jobs.retain(|left| {
            if !left.name.starts_with(begins) {
                return true;
            }
            // A number that is another job's by now must not be canceled.
            let job = talk.job(left.id).ok().flatten().filter(|job| left.is(job));
            match talk_back(talk, job.as_ref()) {
                Some(untouched) => {
                    ended.push(left.failed(PrintFailure::Canceled, untouched));
                    false
                }
                None => true,
            }
        });
        ended
    }
}

/// Cancels a job that is not over; whether surely nothing of it is on paper. `None` where it was not canceled.
fn talk_back(talk: &mut Talk, job: Option<&JobSays>) -> Option<bool> {
    let job = job.filter(|job| job.end().is_none())?;
    match talk.cancel(job.id) {
        Ok(()) => Some(job.untouched()),
        Err(reason) => {
            tracing::warn!(
                reason = reason.code(),
                "a job could not be taken back from the printer; it may still come out"
            );
            None
        }
    }
}

//! The thread `sync-hint`: keeps a stream of hints open and passes on that there was one. Must never carry data: what there
//! is to know is pulled.

use super::driver::Call;
use super::gate::Gate;
use super::http::{Http, is_read_timeout};
use super::sse::EventCounter;
use crate::engine::Clock;
use crate::protocol::sync::{Failure, backoff_ms};
use crate::protocol::wire::PROTOCOL;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

/// A stream on which nothing came for so long, not even a comment, is given up, ms.
const SILENT_MS_MAX: u64 = 60_000;
/// A stream that lived so long was a good one: the next back-off starts small, ms.
const GOOD_MS_MIN: u64 = 10_000;

/// What the thread works with.
pub(super) struct Listener {
    pub(super) http: Arc<Http>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) gate: Arc<Gate>,
    pub(super) calls: SyncSender<Call>,
    /// A hint lies in the channel already; the driver takes the mark off before it acts.
    pub(super) waiting: Arc<AtomicBool>,
}

impl Listener {
    /// Runs until the driver stops. Nobody waits for this thread: a read of a silent stream ends by itself within seconds,
    /// and nothing is lost with it.
    pub(super) fn run(self) {
        let mut failures: u32 = 0;
        while !self.gate.is_stopped() {
            let began_ms = self.clock.mono_ms();
            // A stream that something breaks off at is one that ended.
            match catch_unwind(AssertUnwindSafe(|| self.listen())) {
                Ok(Ok(())) => {}
                Ok(Err(failure)) => tracing::debug!(?failure, "no stream of hints"),
                Err(_) => tracing::error!("the stream of hints broke off; it is opened anew"),
            }
            let lived_ms = self.clock.mono_ms().saturating_sub(began_ms);
            failures = if lived_ms >= GOOD_MS_MIN { 1 } else { failures.saturating_add(1) };
            self.gate.pause(backoff_ms(failures, random(self.clock.as_ref())));
        }
    }

    /// One stream, until it ends.
    fn listen(&self) -> Result<(), Failure> {
        let mut stream = self.http.stream(&format!("api/v1/events?protocol={PROTOCOL}"))?;
        // Hints from the time without a stream are lost.
        self.hint();
        let mut counter = EventCounter::default();
        let mut piece = [0_u8; 4_096];
        let mut heard_ms = self.clock.mono_ms();
        loop {
            let read = stream.read(&mut piece);
            if self.gate.is_stopped() || self.http.is_cut() {
                return Ok(());
            }
            let now_ms = self.clock.mono_ms();
            match read {
                Ok(0) => return Ok(()),
                Ok(length) => {
                    heard_ms = now_ms;
                    if counter.feed(piece.get(..length).unwrap_or_default()) > 0 {
                        self.hint();
                    }
                }
                Err(error) if is_read_timeout(&error) && now_ms.saturating_sub(heard_ms) < SILENT_MS_MAX => {}
                Err(error) if is_read_timeout(&error) => return Err(Failure::TimedOut),
                Err(_) => return Err(Failure::Unreachable),
            }
        }
    }

    /// One hint in the channel is as good as many.
    fn hint(&self) {
        if !self.waiting.swap(true, Ordering::AcqRel) && self.calls.send(Call::Hint).is_err() {
            self.gate.stop();
        }
    }
}

/// A random number: the lower half of a new identity.
pub(super) fn random(clock: &dyn Clock) -> u64 {
    clock.new_id().as_u64_pair().1
}

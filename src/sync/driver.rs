//! The thread `sync`: one loop that steps the machine and does what it says. Must never wait on anything but its channel.

use super::gate::{Gate, Pass, lock};
use super::handle::{Board, SyncCall};
use super::hint::random;
use super::http::Http;
use super::outgoing::{CROWDED, Outgoing};
use super::trouble::Trouble;
use super::worker::{Ask, Job, Mailbox};
use crate::engine::Clock;
use crate::engine::input::SyncNews;
use crate::protocol::sync::{Effect, Failure, Input, Link, Machine, Now, TIMER_MS_MAX};
use crate::protocol::wire::{Epoch, EventEnvelope, PROTOCOL, PushRequest, Seq, StationId};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// Longest sleep, ms: after the computer was suspended the timer is late by at most this.
const SLEEP_MS_MAX: u64 = 5_000;
/// Time between tries to hand news to a busy engine, ms.
const BUSY_TRY_MS: u64 = 20;
/// A wall clock that moves by more than this against the monotonic one has jumped, ms.
const JUMP_MS_MIN: u64 = 5_000;
/// Wakes closer together than this count as one, ms.
const WAKE_EVERY_MS: u64 = 1_000;

/// Everything that reaches the driver.
#[derive(Debug)]
pub(super) enum Call {
    /// From the rest of the station.
    From(SyncCall),
    /// From a worker.
    Answered(Answered),
    /// From the stream of hints.
    Hint,
}

/// What became of a request.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) link: Link,
    pub(super) heard: Heard,
    /// When it was sent, monotonic ms.
    pub(super) sent_mono_ms: u64,
    pub(super) input: Box<Input>,
}

/// What a request says about the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// The server gave what was asked.
    Answer,
    /// The server refused, readably.
    Refusal,
    /// Nobody answered.
    Nothing,
    /// It never left, or something else answered.
    Unknown,
}

impl Heard {
    pub(super) const fn of<T>(result: &Result<T, Failure>) -> Self {
        match result {
            Ok(_) => Self::Answer,
            Err(Failure::Refused { .. }) => Self::Refusal,
            Err(Failure::Unreachable | Failure::TimedOut) => Self::Nothing,
            Err(Failure::Garbled | Failure::NotStored) => Self::Unknown,
        }
    }
}

/// What the loop works with.
pub(super) struct Parts {
    pub(super) inbox: Receiver<Call>,
    pub(super) http: Arc<Http>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) gate: Arc<Gate>,
    /// For push, pull, lease with epoch, photo.
    pub(super) mailboxes: Vec<Arc<Mailbox>>,
    pub(super) waiting_hint: Arc<AtomicBool>,
    pub(super) board: Board,
}

/// A push that waits for its events.
#[derive(Debug, Clone, Copy)]
struct Batch {
    no: u64,
    epoch: Epoch,
    from_seq: Seq,
    to_seq: Seq,
}

/// The loop.
pub(super) struct Driver {
    parts: Parts,
    outgoing: Outgoing,
    station_id: StationId,
    machine: Machine,
    timer_mono_ms: u64,
    /// Wall clock minus monotonic clock, ms, as last believed.
    offset_ms: i64,
    batch: Option<Batch>,
    online: Option<bool>,
    heard_mono_ms: Option<u64>,
    woken_mono_ms: Option<u64>,
    trouble: Trouble,
    /// The engine was told that the token is revoked.
    revoked: bool,
    /// Inputs that an effect brought about at once.
    todo: VecDeque<Input>,
}

impl Driver {
    pub(super) fn new(station_id: StationId, parts: Parts, outgoing: Outgoing) -> Self {
        let offset_ms = offset_ms(parts.clock.as_ref());
        let timer_mono_ms = parts.clock.mono_ms().saturating_add(TIMER_MS_MAX);
        Self {
            parts,
            outgoing,
            station_id,
            machine: Machine::new(station_id),
            timer_mono_ms,
            offset_ms,
            batch: None,
            online: None,
            heard_mono_ms: None,
            woken_mono_ms: None,
            trouble: Trouble::default(),
            revoked: false,
            todo: VecDeque::new(),
        }
    }

    /// Runs until a stop, or until the engine is gone.
    pub(super) fn run(mut self, pass: Pass) {
        loop {
            let call = match self.parts.inbox.recv_timeout(self.sleep()) {
                Ok(call) => Some(call),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if self.parts.gate.is_stopped() || self.outgoing.is_gone() {
                break;
            }
            self.look_at_clocks();
            self.outgoing.flush();
            if call.is_some_and(|call| self.take(call).is_break()) {
                break;
            }
            if self.parts.clock.mono_ms() >= self.timer_mono_ms {
                self.step(Input::Timer);
            }
        }
        self.parts.gate.stop();
        for mailbox in &self.parts.mailboxes {
            mailbox.close();
        }
        // The channel closes before the thread counts as ended: whoever waits for the end finds it closed.
        drop(self);
        drop(pass);
    }

    fn sleep(&self) -> Duration {
        let until_timer_ms = self.timer_mono_ms.saturating_sub(self.parts.clock.mono_ms());
        let most_ms = if self.outgoing.len() > 0 { BUSY_TRY_MS } else { SLEEP_MS_MAX };
        Duration::from_millis(until_timer_ms.min(most_ms))
    }

    fn take(&mut self, call: Call) -> ControlFlow<()> {
        match call {
            Call::From(SyncCall::Machine(input)) => self.step(input),
            Call::From(SyncCall::Push { no, events }) => self.push(no, events),
            Call::From(SyncCall::Wake) => self.wake(),
            Call::From(SyncCall::Token(token)) => match self.parts.http.set_token(token) {
                Ok(()) => self.step(Input::TokenReplaced),
                Err(error) => tracing::error!(error = %error, "the new token cannot be used"),
            },
            Call::From(SyncCall::Stop) => return ControlFlow::Break(()),
            Call::Answered(answered) => self.answered(answered),
            Call::Hint => {
                self.parts.waiting_hint.store(false, Ordering::Release);
                self.step(Input::NetworkHint);
            }
        }
        ControlFlow::Continue(())
    }

    /// Steps the machine and does all that follows from it at once.
    fn step(&mut self, input: Input) {
        self.todo.push_back(input);
        while let Some(input) = self.todo.pop_front() {
            let now = self.now();
            for effect in self.machine.step(input, now) {
                self.act(effect);
            }
        }
        let status = self.machine.status(self.now());
        *lock(&self.parts.board) = Some(status);
        if status.token_revoked != self.revoked {
            self.revoked = status.token_revoked;
            self.outgoing.send(SyncNews::Revoked(self.revoked));
        }
        if let Some(message) = self.trouble.change(&status) {
            self.outgoing.send(SyncNews::Trouble(message));
        }
    }

    fn act(&mut self, effect: Effect) {
        match effect {
            Effect::SendPush { no, epoch, from_seq, to_seq } => {
                self.batch = Some(Batch { no, epoch, from_seq, to_seq });
                self.outgoing.send(SyncNews::Store(effect));
            }
            Effect::SendPull { no, cursor, limit } => {
                let backlog = self.machine.backlog(Seq(0), self.now());
                self.carry(no, Ask::Pull { cursor, limit, backlog });
            }
            Effect::SendLease { no, request } => self.carry(no, Ask::Lease(request)),
            Effect::SendEpoch { no, request } => self.carry(no, Ask::Epoch(request)),
            Effect::SendPhoto { no, photo, offset } => {
                if self.outgoing.len() < CROWDED {
                    self.carry(no, Ask::Photo { photo, offset });
                } else {
                    // Each photo sent leaves one more note for the engine, which takes none now.
                    self.todo.push_back(Input::Failed { link: Link::Photo, no, failure: Failure::TimedOut });
                }
            }
            Effect::Raise(notice) => {
                tracing::warn!(?notice, "sync needs attention");
                self.trouble.note(notice);
                self.outgoing.send(SyncNews::Store(effect));
            }
            Effect::StorePage { .. }
            | Effect::StoreLeases { .. }
            | Effect::MarkPushed { .. }
            | Effect::MarkPhotoDone { .. }
            | Effect::AdoptEpoch { .. }
            | Effect::ReloadOutbox { .. }
            | Effect::LoadPhotos => self.outgoing.send(SyncNews::Store(effect)),
            Effect::ArmTimer { at_mono_ms } => self.timer_mono_ms = at_mono_ms,
        }
    }

    fn carry(&self, no: u64, ask: Ask) {
        let place = match ask.link() {
            Link::Push => 0,
            Link::Pull => 1,
            Link::Lease | Link::Epoch => 2,
            Link::Photo => 3,
        };
        if let Some(mailbox) = self.parts.mailboxes.get(place) {
            mailbox.put(Job { no, ask });
        }
    }

    /// The engine has read the events of a push.
    fn push(&mut self, no: u64, events: Vec<EventEnvelope>) {
        let Some(batch) = self.batch.take_if(|batch| batch.no == no) else {
            tracing::debug!(no, "events of a push that was given up");
            return;
        };
        let expected = (batch.from_seq.0..=batch.to_seq.0).map(Seq);
        let fits = !events.is_empty()
            && events.len() as u64 <= batch.to_seq.0 - batch.from_seq.0 + 1
            && events.iter().zip(expected).all(|(event, seq)| event.seq == seq && event.epoch == batch.epoch);
        if fits {
            let backlog = Some(self.machine.backlog(batch.to_seq, self.now()));
            let (protocol, station_id, epoch) = (PROTOCOL, self.station_id, batch.epoch);
            let request = PushRequest { protocol, station_id, epoch, events, backlog };
            self.carry(no, Ask::Push(Box::new(request)));
        } else {
            let (from, to, read) = (batch.from_seq.0, batch.to_seq.0, events.len());
            tracing::error!(from, to, read, "the outbox does not hold the events that are to be pushed");
            self.step(Input::Failed { link: Link::Push, no, failure: Failure::TimedOut });
        }
    }

    fn wake(&mut self) {
        let now_ms = self.parts.clock.mono_ms();
        let is_new = self.woken_mono_ms.is_none_or(|woken| now_ms.saturating_sub(woken) >= WAKE_EVERY_MS);
        if is_new {
            self.woken_mono_ms = Some(now_ms);
            self.step(Input::NetworkHint);
        } else {
            self.step(Input::Timer);
        }
    }

    fn answered(&mut self, answered: Answered) {
        match answered.heard {
            Heard::Answer => {
                self.trouble.good(answered.link);
                self.reached();
            }
            Heard::Refusal => self.reached(),
            Heard::Nothing => {
                // One slow request among good ones is no cut.
                let silent = self.heard_mono_ms.is_none_or(|heard| heard <= answered.sent_mono_ms);
                if silent {
                    self.set_online(false);
                }
            }
            Heard::Unknown => {}
        }
        self.step(*answered.input);
    }

    fn reached(&mut self) {
        self.heard_mono_ms = Some(self.parts.clock.mono_ms());
        if self.set_online(true) {
            self.parts.gate.nudge();
        }
    }

    /// Whether that is new.
    fn set_online(&mut self, online: bool) -> bool {
        let is_new = self.online != Some(online);
        if is_new {
            self.online = Some(online);
            tracing::info!(online, "the server is reached, or not any more");
            self.outgoing.send(SyncNews::Online(online));
        }
        is_new
    }

    fn look_at_clocks(&mut self) {
        let offset_ms = offset_ms(self.parts.clock.as_ref());
        let delta_ms = offset_ms.saturating_sub(self.offset_ms);
        if delta_ms.unsigned_abs() > JUMP_MS_MIN {
            self.offset_ms = offset_ms;
            self.step(Input::ClockJumped { delta_ms });
        }
    }

    fn now(&self) -> Now {
        let clock = self.parts.clock.as_ref();
        Now { mono_ms: clock.mono_ms(), wall_ms: clock.wall_ms(), boot_id: clock.boot_id(), random: random(clock) }
    }
}

fn offset_ms(clock: &dyn Clock) -> i64 {
    clock.wall_ms().saturating_sub(i64::try_from(clock.mono_ms()).unwrap_or(i64::MAX))
}

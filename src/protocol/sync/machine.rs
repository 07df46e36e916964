//! The station's sync state machine: one step per input, all time and chance from outside.
//!
//! Invariants:
//! - every step ends by arming the timer, at most [`TIMER_MS_MAX`] ahead, so nothing waits for ever;
//! - per kind of request at most one is out, and an answer counts only if it brings that request's number;
//! - what arrived counts as received only after the store has said that it is on the disk;
//! - a fork stops pushing until a new epoch; a revoked token stops every request but a rare try; neither stops work.

use super::input::Returning;
use super::input::{Effect, EpochWish, Failure, Halt, Input, Link, Notice, Now, PhotoJob, Restart, SyncStatus};
use super::lease::HeldLease;
use super::link::{FLIGHT_MS_MAX, Wire};
use super::plan::OutboxPlan;
use crate::core::chance::mix;
use crate::protocol::wire::{
    Backlog, Cursor, Epoch, ForkReason, FulfillmentId, ProblemCode, RequestNo, Seq, StationId,
};
use std::collections::{BTreeMap, VecDeque};

/// Longest time without a step, ms.
pub const TIMER_MS_MAX: u64 = 60_000;
/// Tries of a request while the token is revoked, ms apart.
pub(super) const REVOKED_TRY_MS: u64 = 300_000;
/// Longest wait that a server may ask for, ms.
const RETRY_AFTER_MS_MAX: u64 = 300_000;

/// The sync state machine of one station.
#[derive(Debug, Clone)]
pub struct Machine {
    pub(super) station_id: StationId,
    pub(super) started: bool,
    pub(super) epoch: Epoch,
    pub(super) outbox: OutboxPlan,
    pub(super) reloading_until_ms: Option<u64>,
    pub(super) halt: Option<Halt>,
    pub(super) halt_again: Option<super::push_side::HaltAgain>,
    pub(super) gaps_in_row: u32,
    pub(super) push: Wire,
    pub(super) pull: Wire,
    pub(super) lease: Wire,
    pub(super) photo: Wire,
    pub(super) epoch_wire: Wire,
    pub(super) epoch_wish: Option<EpochWish>,
    pub(super) epoch_granted: Option<Epoch>,
    pub(super) cursor: Option<Cursor>,
    pub(super) page_cursor: Option<(Cursor, bool)>,
    pub(super) pull_due_ms: u64,
    pub(super) update_needed: bool,
    pub(super) lease_due_ms: u64,
    pub(super) leases: BTreeMap<FulfillmentId, HeldLease>,
    pub(super) returning: BTreeMap<FulfillmentId, Returning>,
    pub(super) lease_flight: Option<super::lease_side::Flight>,
    pub(super) request_no: RequestNo,
    pub(super) stale_in_row: u32,
    pub(super) rate_per_hour: u32,
    pub(super) leases_max: u32,
    pub(super) sscc_left: u64,
    pub(super) photos: VecDeque<super::photo_side::Sending>,
    pub(super) photos_more: bool,
    pub(super) photos_loading_until_ms: Option<u64>,
    pub(super) token_revoked_try_ms: Option<u64>,
    pub(super) clock_skew_ms: Option<i64>,
    heard_mono_ms: Option<u64>,
    last_mono_ms: u64,
    last_no: u64,
    random: u64,
    pub(super) out: Vec<Effect>,
}

impl Machine {
    /// A machine that waits for [`Input::Restarted`].
    #[must_use]
    pub fn new(station_id: StationId) -> Self {
        Self {
            station_id,
            started: false,
            epoch: Epoch(0),
            outbox: OutboxPlan::default(),
            reloading_until_ms: None,
            halt: None,
            halt_again: None,
            gaps_in_row: 0,
            push: Wire::new(),
            pull: Wire::new(),
            lease: Wire::new(),
            photo: Wire::new(),
            epoch_wire: Wire::new(),
            epoch_wish: None,
            epoch_granted: None,
            cursor: None,
            page_cursor: None,
            pull_due_ms: 0,
            update_needed: false,
            lease_due_ms: 0,
            leases: BTreeMap::new(),
            returning: BTreeMap::new(),
            lease_flight: None,
            request_no: RequestNo(0),
            stale_in_row: 0,
            rate_per_hour: 0,
            leases_max: 0,
            sscc_left: 0,
            photos: VecDeque::new(),
            photos_more: false,
            photos_loading_until_ms: None,
            token_revoked_try_ms: None,
            clock_skew_ms: None,
            heard_mono_ms: None,
            last_mono_ms: 0,
            last_no: 0,
            random: 0,
            out: Vec::new(),
        }
    }

    /// Takes one input at one moment and says what to do, the timer last.
    pub fn step(&mut self, input: Input, now: Now) -> Vec<Effect> {
        self.random ^= now.random;
        self.notice_clock(now.mono_ms);
        self.take(input, now);
        if self.started {
            self.give_up_overdue(now);
            self.start_due(now);
            self.tell_halt_again(now);
        }
        let at_mono_ms = self.wake_ms(now.mono_ms);
        self.out.push(Effect::ArmTimer { at_mono_ms });
        std::mem::take(&mut self.out)
    }

    /// What the status bar shows.
    #[must_use]
    pub fn status(&self, now: Now) -> SyncStatus {
        let mono_ms = i64::try_from(now.mono_ms).unwrap_or(i64::MAX);
        SyncStatus {
            push: self.push.phase(now.mono_ms),
            pull: self.pull.phase(now.mono_ms),
            lease: self.lease.phase(now.mono_ms),
            photo: self.photo.phase(now.mono_ms),
            unsynced: self.outbox.unsynced(),
            oldest_unsynced_ms: self
                .outbox
                .oldest_mono_ms()
                .map(|oldest| u64::try_from(mono_ms.saturating_sub(oldest)).unwrap_or(0)),
            photos_waiting: self.photos.len(),
            halt: self.halt,
            token_revoked: self.token_revoked_try_ms.is_some(),
            update_needed: self.update_needed,
            silent_ms: self.heard_mono_ms.map(|heard| now.mono_ms.saturating_sub(heard)),
            clock_skew_ms: self.clock_skew_ms,
        }
    }

    /// What waits to be pushed after `seq`; everything unsynced after [`Seq::default`].
    #[must_use]
    pub fn backlog(&self, seq: Seq, now: Now) -> Backlog {
        let (events, oldest) = self.outbox.behind(seq);
        let mono_ms = i64::try_from(now.mono_ms).unwrap_or(i64::MAX);
        let age_ms = oldest.map_or(0, |oldest| mono_ms.saturating_sub(oldest));
        Backlog { events, oldest_age_ms: u64::try_from(age_ms).unwrap_or(0) }
    }

    /// Leases held, as the machine knows them; the store's rows are the truth for beginning work.
    pub fn leases(&self) -> impl Iterator<Item = &HeldLease> {
        self.leases.values()
    }

    /// Epoch the machine numbers in.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    fn take(&mut self, input: Input, now: Now) {
        if !self.started && !matches!(input, Input::Restarted(_)) {
            return;
        }
        match input {
            Input::Restarted(restart) => self.restart(*restart, now),
            Input::Timer => {}
            Input::OutboxGrew { epoch, entries } => self.outbox_grew(epoch, &entries, now),
            Input::OutboxReloaded { epoch, before, outbox } => {
                self.outbox_reloaded(epoch, before, outbox);
            }
            Input::PushAnswered { no, answer } => self.push_answered(no, &answer, now),
            Input::PullAnswered { no, page } => self.pull_answered(no, page, now),
            Input::StoredPage { no } => self.page_stored(no, now),
            Input::LeaseAnswered { no, answer } => self.lease_answered(no, *answer, now),
            Input::StoredLeases { no } => self.leases_stored(no, now),
            Input::LeaseBegun { fulfillment } => self.lease_begun(fulfillment, now),
            Input::LeaseEnded(returning) => self.lease_ended(returning, now),
            Input::Supply { rate_per_hour, leases_max, sscc_left } => {
                self.supply(rate_per_hour, leases_max, sscc_left, now);
            }
            Input::PhotoQueued(photo) => self.photo_queued(photo),
            Input::PhotosLoaded(photos) => self.photos_loaded(photos),
            Input::PhotoAnswered { no, answer } => self.photo_answered(no, answer, now),
            Input::HaltStored => self.halt_stored(),
            Input::EpochWanted(wish) => self.epoch_wanted(wish),
            Input::EpochAnswered { no, grant } => self.epoch_answered(no, &grant, now),
            Input::EpochAdopted { epoch, outbox } => self.epoch_adopted(epoch, outbox, now),
            Input::Failed { link, no, failure } => self.failed(link, no, failure, now),
            Input::NetworkHint => self.hint(now),
            Input::ClockJumped { delta_ms } => self.clock_jumped(delta_ms, now),
            Input::TokenRevoked => self.token_revoked(now),
            Input::TokenReplaced => self.token_replaced(now),
        }
    }

    fn restart(&mut self, restart: Restart, now: Now) {
        let mut fresh = Self::new(self.station_id);
        fresh.random = mix(self.random ^ now.random);
        // Numbers of a process never meet those of the one before it: the start counter is their upper half.
        fresh.last_no = u64::from(restart.start_no) << 32;
        fresh.request_no = RequestNo(fresh.last_no);
        fresh.started = true;
        fresh.last_mono_ms = now.mono_ms;
        fresh.epoch = restart.epoch;
        fresh.outbox = OutboxPlan::new(restart.pushed, restart.outbox);
        fresh.cursor = restart.cursor;
        fresh.leases = restart.leases.into_iter().map(|held| (held.fulfillment, held)).collect();
        fresh.returning = restart.returning.into_iter().map(|row| (row.back.fulfillment, row)).collect();
        fresh.epoch_wish = restart.epoch_wish;
        fresh.halt = restart.epoch_wish.map(|_| Halt::NewEpoch).or(restart.halt);
        fresh.rate_per_hour = restart.rate_per_hour;
        fresh.leases_max = restart.leases_max;
        fresh.sscc_left = restart.sscc_left;
        fresh.pull_due_ms = now.mono_ms;
        fresh.lease_due_ms = now.mono_ms;
        *self = fresh;
        self.photos_loaded(restart.photos);
    }

    /// A number for a request that was never used before.
    pub(super) const fn next_no(&mut self) -> u64 {
        self.last_no += 1;
        self.last_no
    }

    pub(super) const fn random(&mut self) -> u64 {
        self.random = mix(self.random);
        self.random
    }

    pub(super) fn raise(&mut self, notice: Notice) {
        self.out.push(Effect::Raise(notice));
    }

    /// The server answered something readable.
    pub(super) const fn heard(&mut self, now: Now) {
        self.heard_mono_ms = Some(now.mono_ms);
        self.token_revoked_try_ms = None;
    }

    pub(super) const fn wire(&mut self, link: Link) -> &mut Wire {
        match link {
            Link::Push => &mut self.push,
            Link::Pull => &mut self.pull,
            Link::Lease => &mut self.lease,
            Link::Photo => &mut self.photo,
            Link::Epoch => &mut self.epoch_wire,
        }
    }

    /// Lets a link wait after a failure.
    pub(super) fn back_off(&mut self, link: Link, now: Now, at_least_ms: u64) {
        let random = self.random();
        self.wire(link).fail(now.mono_ms, random, at_least_ms.min(RETRY_AFTER_MS_MAX));
        match link {
            Link::Push => self.outbox.land(),
            Link::Pull => {
                self.page_cursor = None;
                if !self.update_needed {
                    self.pull_due_ms = now.mono_ms;
                }
            }
            Link::Lease => {
                self.lease_flight = None;
                self.lease_due_ms = now.mono_ms;
            }
            Link::Photo | Link::Epoch => {}
        }
    }

    fn failed(&mut self, link: Link, no: u64, failure: Failure, now: Now) {
        let wire = self.wire(link);
        // While an answer is being stored only the store can fail it: a second copy of the request may be refused by the
        // server long after the first one was granted.
        let is_current = match failure {
            Failure::NotStored => wire.is_storing(no),
            Failure::Unreachable | Failure::TimedOut | Failure::Garbled | Failure::Refused { .. } => wire.is_flying(no),
        };
        if !is_current {
            return;
        }
        let mut at_least_ms = 0;
        match failure {
            Failure::Unreachable | Failure::TimedOut | Failure::NotStored => {}
            Failure::Garbled => self.raise(Notice::ServerNonsense { link }),
            Failure::Refused { code, retry_after_ms } => {
                if code != ProblemCode::TokenRevoked {
                    self.heard(now);
                }
                at_least_ms = retry_after_ms.unwrap_or(0);
                self.refused(link, code, now);
            }
        }
        if link == Link::Photo {
            self.photo_failed(failure);
        }
        // A refusal may have stopped the link altogether.
        if self.wire(link).is_busy() {
            self.back_off(link, now, at_least_ms);
        }
    }

    fn refused(&mut self, link: Link, code: ProblemCode, now: Now) {
        match code {
            ProblemCode::TokenRevoked => self.token_revoked(now),
            ProblemCode::ProtocolTooOld => self.too_old(now),
            ProblemCode::CursorUnknown => self.cursor_unknown(now),
            ProblemCode::EpochUnknown => {
                self.fork(self.outbox.pushed().next(), ForkReason::EpochClosed);
            }
            ProblemCode::BadRequest | ProblemCode::Invalid | ProblemCode::TooLarge => {
                if link != Link::Photo {
                    self.raise(Notice::ServerNonsense { link });
                }
            }
            ProblemCode::StaleRequest => self.lease_stale(),
            // Nothing to learn but to wait and try again.
            ProblemCode::Forbidden
            | ProblemCode::NotFound
            | ProblemCode::OffsetMismatch
            | ProblemCode::HashMismatch
            | ProblemCode::VersionConflict
            | ProblemCode::InFlight
            | ProblemCode::KeyReused
            | ProblemCode::RateLimited
            | ProblemCode::PairingRefused
            | ProblemCode::QuotaFull
            | ProblemCode::Unavailable
            | ProblemCode::Internal
            | ProblemCode::Other => {}
            // What programs with keys are told; no station asks for it.
            ProblemCode::KeyRefused
            | ProblemCode::MethodNotAllowed
            | ProblemCode::WrongState
            | ProblemCode::UnsupportedMediaType
            | ProblemCode::PreconditionRequired => {}
        }
    }

    fn token_revoked(&mut self, now: Now) {
        if self.token_revoked_try_ms.is_none() {
            self.raise(Notice::TokenRevoked);
        }
        self.token_revoked_try_ms = Some(now.mono_ms.saturating_add(REVOKED_TRY_MS));
        for link in [Link::Push, Link::Pull, Link::Lease, Link::Photo, Link::Epoch] {
            // What is on its way to the disk arrives there all the same.
            if self.wire(link).is_in_flight() {
                self.abandon(link);
            }
        }
    }

    /// Gives up what is out, without a wait.
    pub(super) fn abandon(&mut self, link: Link) {
        self.wire(link).abandon();
        match link {
            Link::Push => self.outbox.land(),
            Link::Pull => self.page_cursor = None,
            Link::Lease => self.lease_flight = None,
            Link::Photo | Link::Epoch => {}
        }
    }

    const fn token_replaced(&mut self, now: Now) {
        self.token_revoked_try_ms = None;
        self.hint(now);
    }

    const fn hint(&mut self, now: Now) {
        self.pull_due_ms = now.mono_ms;
        if self.lease_due_ms > now.mono_ms + super::lease_side::LEASE_STARVING_MS {
            self.lease_due_ms = now.mono_ms + super::lease_side::LEASE_STARVING_MS;
        }
    }

    fn clock_jumped(&mut self, delta_ms: i64, now: Now) {
        // Nothing here counts by the wall clock; the pull compares it with the server's.
        self.raise(Notice::ClockWrong { by_ms: delta_ms });
        self.hint(now);
    }

    /// A monotonic clock that goes back breaks its promise; deadlines are pulled in so that waits stay bounded.
    fn notice_clock(&mut self, mono_ms: u64) {
        if mono_ms < self.last_mono_ms {
            for link in [Link::Push, Link::Pull, Link::Lease, Link::Photo, Link::Epoch] {
                self.wire(link).pull_in(mono_ms, RETRY_AFTER_MS_MAX);
            }
            self.pull_due_ms = self.pull_due_ms.min(mono_ms);
            self.lease_due_ms = self.lease_due_ms.min(mono_ms);
            let near_ms = mono_ms.saturating_add(FLIGHT_MS_MAX);
            for until_ms in
                [&mut self.reloading_until_ms, &mut self.photos_loading_until_ms, &mut self.token_revoked_try_ms]
            {
                *until_ms = until_ms.map(|until_ms| until_ms.min(near_ms));
            }
        }
        self.last_mono_ms = mono_ms;
    }

    fn give_up_overdue(&mut self, now: Now) {
        for link in [Link::Push, Link::Pull, Link::Lease, Link::Photo, Link::Epoch] {
            if !self.wire(link).is_overdue(now.mono_ms) {
                continue;
            }
            // A lease change that may yet reach the disk is never given up: the next request must name what it brings.
            if link != Link::Lease || !self.store_leases_again(now) {
                if link == Link::Photo {
                    self.photo_failed(Failure::TimedOut);
                }
                self.back_off(link, now, 0);
            }
        }
    }

    fn start_due(&mut self, now: Now) {
        match self.token_revoked_try_ms {
            None => {
                self.start_epoch(now);
                self.start_push(now);
                self.start_pull(now);
                self.start_lease(now);
                self.start_photo(now);
            }
            // One rare pull finds out whether the token is known again; it changes nothing on the server.
            Some(try_ms) if now.mono_ms >= try_ms => {
                self.token_revoked_try_ms = Some(now.mono_ms.saturating_add(REVOKED_TRY_MS));
                self.pull_due_ms = now.mono_ms;
                self.start_pull(now);
            }
            Some(_) => {}
        }
    }

    fn wake_ms(&self, now_ms: u64) -> u64 {
        let latest_ms = now_ms.saturating_add(TIMER_MS_MAX);
        if !self.started {
            return latest_ms;
        }
        let links = [&self.push, &self.pull, &self.lease, &self.photo, &self.epoch_wire];
        let mut wake_ms = latest_ms;
        for at_ms in links.iter().filter_map(|wire| wire.wake_ms()).chain([
            self.pull_due_ms,
            self.lease_due_ms,
            self.reloading_until_ms.unwrap_or(u64::MAX),
            self.photos_loading_until_ms.unwrap_or(u64::MAX),
        ]) {
            // What is due already but held back by another condition is looked at again with the next step.
            if at_ms > now_ms {
                wake_ms = wake_ms.min(at_ms);
            }
        }
        wake_ms
    }
}

/// A photo as [`Input::PhotoQueued`] and friends bring it.
pub(super) const fn sending(photo: PhotoJob) -> super::photo_side::Sending {
    super::photo_side::Sending { photo, offset: 0, failures: 0 }
}

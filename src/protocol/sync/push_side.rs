//! Giving events: one batch in flight, dense, confirmed per event; gaps are filled, forks stop it.

use super::input::{Effect, Halt, Link, Notice, Now, Rejection};
use super::link::FLIGHT_MS_MAX;
use super::machine::Machine;
use super::plan::{OutboxEntry, Span};
use crate::protocol::wire::{Epoch, ForkReason, Outcome, PushAnswer, Seq};

/// Gaps in a row at which a person is told.
const GAPS_IN_ROW_RAISE: u32 = 3;
/// Time between two notices that pushing stopped, until the store has it, ms.
const HALT_AGAIN_MS: u64 = 30_000;

/// A notice that the store has not confirmed.
#[derive(Debug, Clone, Copy)]
pub(super) struct HaltAgain {
    notice: Notice,
    at_mono_ms: Option<u64>,
}

/// What a push answer says, read whole before anything is done.
enum Reading {
    /// All of the batch, or a first part of it, is stored.
    Stored { upto: Seq, rejected: Vec<Rejection> },
    /// The same, and then the server wants another number.
    Gap { upto: Option<Seq>, rejected: Vec<Rejection>, expected: Seq },
    /// The same, and then another history shows.
    Fork { upto: Option<Seq>, rejected: Vec<Rejection>, seq: Seq, reason: ForkReason },
    /// It does not fit what was sent.
    Nonsense,
}

fn read(answer: &PushAnswer, from: Seq, to: Seq) -> Reading {
    let mut upto = None;
    let mut rejected = Vec::new();
    let mut next = from;
    for (index, outcome) in answer.outcomes.iter().enumerate() {
        if outcome.seq != next || next > to {
            return Reading::Nonsense;
        }
        let is_last = index + 1 == answer.outcomes.len();
        match outcome.outcome {
            Outcome::Accepted | Outcome::Duplicate => {}
            Outcome::Rejected { code } => {
                rejected.push(Rejection { seq: outcome.seq, id: outcome.id, code });
            }
            Outcome::Gap { expected } if is_last => {
                return Reading::Gap { upto, rejected, expected };
            }
            Outcome::Fork { reason } if is_last => {
                return Reading::Fork { upto, rejected, seq: outcome.seq, reason };
            }
            Outcome::Gap { .. } | Outcome::Fork { .. } => return Reading::Nonsense,
        }
        upto = Some(next);
        next = next.next();
    }
    upto.map_or(Reading::Nonsense, |upto| Reading::Stored { upto, rejected })
}

impl Machine {
    pub(super) fn outbox_grew(&mut self, epoch: Epoch, entries: &[OutboxEntry], now: Now) {
        if epoch != self.epoch || self.reloading_until_ms.is_some() {
            // Another epoch's numbers come whole with its adoption; a reload reads these too.
            return;
        }
        if entries.iter().any(|entry| self.outbox.grow(*entry).is_err()) {
            self.reload_from(self.outbox.pushed().next(), now);
        }
    }

    pub(super) fn outbox_reloaded(&mut self, epoch: Epoch, before: Seq, outbox: Vec<Span>) {
        if epoch != self.epoch || self.reloading_until_ms.is_none() {
            return;
        }
        self.reloading_until_ms = None;
        if outbox.first().is_none_or(|span| span.first == before.next()) {
            self.outbox.reload(before, outbox);
        } else {
            self.stop_pushing(Halt::EventsMissing, Notice::EventsMissing { expected: before.next() });
        }
    }

    pub(super) fn reload_from(&mut self, from_seq: Seq, now: Now) {
        self.reloading_until_ms = Some(now.mono_ms.saturating_add(FLIGHT_MS_MAX));
        self.out.push(Effect::ReloadOutbox { from_seq });
    }

    pub(super) fn start_push(&mut self, now: Now) {
        if let Some(until_ms) = self.reloading_until_ms {
            if now.mono_ms < until_ms {
                return;
            }
            // The store did not answer: ask again. Sending from the old plan could only meet the same gap.
            self.reload_from(self.outbox.pushed().next(), now);
            return;
        }
        if self.halt.is_some() || !self.push.is_free(now.mono_ms) {
            return;
        }
        let Some((from_seq, to_seq)) = self.outbox.take_batch() else { return };
        let no = self.next_no();
        self.push.start(no, now.mono_ms);
        self.out.push(Effect::SendPush { no, epoch: self.epoch, from_seq, to_seq });
    }

    pub(super) fn push_answered(&mut self, no: u64, answer: &PushAnswer, now: Now) {
        if !self.push.is_flying(no) {
            return;
        }
        self.heard(now);
        let Some((from, to)) = self.outbox.flying() else {
            self.push.succeed();
            return;
        };
        self.outbox.land();
        match read(answer, from, to) {
            Reading::Stored { upto, rejected } => {
                self.confirm(Some(upto), rejected);
                self.gaps_in_row = 0;
                self.push.succeed();
                if answer.last_seq > self.outbox.tail() {
                    // The server has events of this epoch that are not here: the database went back in time.
                    self.fork(answer.last_seq, ForkReason::SeqTaken);
                }
            }
            Reading::Gap { upto, rejected, expected } => {
                self.confirm(upto, rejected);
                self.gap(expected, now);
            }
            Reading::Fork { upto, rejected, seq, reason } => {
                self.confirm(upto, rejected);
                self.push.succeed();
                self.fork(seq, reason);
            }
            Reading::Nonsense => {
                self.raise(Notice::ServerNonsense { link: Link::Push });
                self.back_off(Link::Push, now, 0);
            }
        }
    }

    fn confirm(&mut self, upto: Option<Seq>, rejected: Vec<Rejection>) {
        let Some(upto) = upto else { return };
        self.outbox.confirm(upto);
        self.out.push(Effect::MarkPushed { epoch: self.epoch, upto, rejected });
    }

    fn gap(&mut self, expected: Seq, now: Now) {
        let next = self.outbox.pushed().next();
        self.gaps_in_row += 1;
        if expected == Seq(0) || expected > next || self.gaps_in_row >= GAPS_IN_ROW_RAISE {
            self.raise(Notice::ServerNonsense { link: Link::Push });
        }
        self.back_off(Link::Push, now, 0);
        if expected != Seq(0) && expected < next {
            self.raise(Notice::ServerRewound { expected });
            self.reload_from(expected, now);
        }
    }

    /// Another history shows: pushing stops until a new epoch.
    pub(super) fn fork(&mut self, seq: Seq, reason: ForkReason) {
        self.stop_pushing(Halt::Forked, Notice::Forked { seq, reason });
    }

    /// Stops, and tells so until the store has it: a station that forgot it with a restart would go on with numbers that are
    /// in use elsewhere.
    fn stop_pushing(&mut self, halt: Halt, notice: Notice) {
        if self.halt.is_none() {
            self.halt = Some(halt);
            self.raise(notice);
            self.halt_again = Some(HaltAgain { notice, at_mono_ms: None });
        }
    }

    pub(super) const fn halt_stored(&mut self) {
        self.halt_again = None;
    }

    /// The store may have refused the first notice, its disk being full, or never have heard it.
    pub(super) fn tell_halt_again(&mut self, now: Now) {
        let Some(again) = self.halt_again.as_mut() else { return };
        match again.at_mono_ms {
            None => again.at_mono_ms = Some(now.mono_ms.saturating_add(HALT_AGAIN_MS)),
            Some(at_mono_ms) if now.mono_ms < at_mono_ms => {}
            Some(_) => {
                again.at_mono_ms = Some(now.mono_ms.saturating_add(HALT_AGAIN_MS));
                let notice = again.notice;
                self.raise(notice);
            }
        }
    }
}

//! A new epoch: wished for once, asked for until granted, adopted by the store, then everything starts afresh.

use super::input::{Effect, EpochWish, Halt, Link, Notice, Now};
use super::machine::Machine;
use super::plan::{OutboxPlan, Span};
use crate::protocol::wire::{Epoch, EpochGrant, EpochRequest, PROTOCOL, Seq};

impl Machine {
    pub(super) fn epoch_wanted(&mut self, wish: EpochWish) {
        self.epoch_wish = Some(wish);
        self.epoch_granted = None;
        // What is out in the old epoch may still arrive there; its answer no longer matters here.
        self.halt = Some(Halt::NewEpoch);
        self.halt_again = None;
        self.abandon(Link::Push);
        self.abandon(Link::Lease);
        self.abandon(Link::Epoch);
    }

    pub(super) fn start_epoch(&mut self, now: Now) {
        let Some(wish) = self.epoch_wish else { return };
        if !self.epoch_wire.is_free(now.mono_ms) {
            return;
        }
        let no = self.next_no();
        if let Some(epoch) = self.epoch_granted {
            self.epoch_wire.store(no, now.mono_ms);
            self.out.push(Effect::AdoptEpoch { epoch });
            return;
        }
        self.epoch_wire.start(no, now.mono_ms);
        let request = Box::new(EpochRequest {
            protocol: PROTOCOL,
            station_id: self.station_id,
            left: self.epoch,
            last_seq: self.outbox.tail(),
            nonce: wish.nonce,
            reason: wish.reason,
            by: wish.by,
        });
        self.out.push(Effect::SendEpoch { no, request });
    }

    pub(super) fn epoch_answered(&mut self, no: u64, grant: &EpochGrant, now: Now) {
        if !self.epoch_wire.is_flying(no) {
            return;
        }
        self.heard(now);
        let fits = self.epoch_wish.is_some_and(|wish| wish.nonce == grant.nonce);
        if fits && grant.epoch > self.epoch {
            self.epoch_granted = Some(grant.epoch);
            self.epoch_wire.succeed();
        } else {
            self.raise(Notice::ServerNonsense { link: Link::Epoch });
            self.back_off(Link::Epoch, now, 0);
        }
    }

    pub(super) fn epoch_adopted(&mut self, epoch: Epoch, outbox: Vec<Span>, now: Now) {
        if self.epoch_granted != Some(epoch) {
            return;
        }
        self.abandon(Link::Push);
        self.abandon(Link::Lease);
        self.push.succeed();
        self.lease.succeed();
        self.epoch_wire.succeed();
        self.epoch = epoch;
        self.epoch_wish = None;
        self.epoch_granted = None;
        self.outbox = OutboxPlan::new(Seq(0), outbox);
        self.reloading_until_ms = None;
        self.gaps_in_row = 0;
        self.halt = None;
        self.halt_again = None;
        self.leases.clear();
        self.returning.clear();
        self.sscc_left = 0;
        self.lease_due_ms = now.mono_ms;
        self.raise(Notice::EpochStarted { epoch });
    }
}

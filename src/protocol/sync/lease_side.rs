//! Leases: one exchange at a time says what is held, given back and wanted; its answer counts once it is stored.

use super::input::{Effect, LeaseChange, Link, Now, Returning};
use super::lease::{HeldLease, lease_stop_after_ms, prefetch_target};
use super::machine::Machine;
use crate::protocol::wire::lease::LEASES_MAX;
use crate::protocol::wire::{
    ForkReason, FulfillmentId, HaveLease, LeaseAnswer, LeaseGrant, LeaseRequest, LeaseReturn, PROTOCOL, RequestNo,
};

/// Time between exchanges while the station has what it wants, ms. Renews every lease long before it ends.
pub(super) const LEASE_EVERY_MS: u64 = 300_000;
/// Time between exchanges while it wants more and the server had none, ms.
pub(super) const LEASE_STARVING_MS: u64 = 15_000;
/// Parcel numbers below which an exchange is due at once.
const SSCC_LOW: u64 = 50;
/// Stale answers in a row at which the database must have gone back in time.
const STALE_IN_ROW_MAX: u32 = 8;

/// An exchange that is out or being stored.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    request_no: RequestNo,
    sent_mono_ms: u64,
    sent_wall_ms: i64,
    returns: Vec<LeaseReturn>,
    change: Option<Box<LeaseChange>>,
}

impl Machine {
    pub(super) fn start_lease(&mut self, now: Now) {
        let due = now.mono_ms >= self.lease_due_ms;
        if !due || self.halt.is_some() || !self.lease.is_free(now.mono_ms) {
            return;
        }
        let no = self.next_no();
        self.request_no = self.request_no.next();
        self.lease.start(no, now.mono_ms);
        self.lease_due_ms = now.mono_ms.saturating_add(LEASE_EVERY_MS);
        let pushed = self.outbox.pushed();
        let told = |row: &&Returning| row.after_seq <= pushed;
        let returns: Vec<LeaseReturn> = self.returning.values().filter(told).map(|row| row.back).collect();
        // A lease whose last facts have not arrived counts as held.
        let untold = self.returning.values().filter(|row| !told(row)).map(|row| HaveLease {
            fulfillment: row.back.fulfillment,
            fence: row.back.fence,
            begun: true,
        });
        let held: Vec<HaveLease> = self.leases.values().map(have).chain(untold).collect();
        self.lease_flight = Some(Flight {
            request_no: self.request_no,
            sent_mono_ms: now.mono_ms,
            sent_wall_ms: now.wall_ms,
            returns: returns.clone(),
            change: None,
        });
        let request = Box::new(LeaseRequest {
            protocol: PROTOCOL,
            station_id: self.station_id,
            epoch: self.epoch,
            request_no: self.request_no,
            want: if self.update_needed { 0 } else { self.leases_wanted(now) },
            have: held,
            returns,
            rate_per_hour: self.rate_per_hour,
            sscc_left: self.sscc_left,
        });
        self.out.push(Effect::SendLease { no, request });
    }

    /// New leases wanted: the target less the unstarted ones that still live.
    fn leases_wanted(&self, now: Now) -> u32 {
        let ready = self.leases.values().filter(|held| !held.begun && is_live(held, now)).count();
        let room = LEASES_MAX.saturating_sub(self.leases.len() + self.returning.len());
        prefetch_target(self.rate_per_hour, self.leases_max)
            .saturating_sub(u32::try_from(ready).unwrap_or(u32::MAX))
            .min(u32::try_from(room).unwrap_or(u32::MAX))
    }

    pub(super) fn lease_answered(&mut self, no: u64, answer: LeaseAnswer, now: Now) {
        if !self.lease.is_flying(no) {
            return;
        }
        self.heard(now);
        let Some(flight) = self.lease_flight.as_mut() else { return };
        if answer.request_no != flight.request_no {
            self.back_off(Link::Lease, now, 0);
            return;
        }
        let held = |grant: &LeaseGrant| HeldLease {
            fulfillment: grant.fulfillment,
            fence: grant.fence,
            begun: self.leases.get(&grant.fulfillment).is_some_and(|old| old.begun && old.fence == grant.fence),
            sent_mono_ms: flight.sent_mono_ms,
            sent_wall_ms: flight.sent_wall_ms,
            boot_id: now.boot_id,
            ttl_ms: grant.ttl_ms,
        };
        let grants: Vec<LeaseGrant> = answer.granted.into_iter().chain(answer.renewed).take(2 * LEASES_MAX).collect();
        // A lease given up since the request was sent must not come back with its answer.
        let kept: Vec<LeaseGrant> = grants
            .into_iter()
            .filter(|grant| self.returning.get(&grant.fulfillment).is_none_or(|row| row.back.fence < grant.fence))
            .collect();
        let change = Box::new(LeaseChange {
            put: kept.iter().map(held).collect(),
            grants: kept,
            lost: answer.lost,
            recalled: answer.recalled,
            returned: flight.returns.clone(),
            sscc_blocks: answer.sscc_blocks,
        });
        flight.change = Some(change.clone());
        self.lease.store(no, now.mono_ms);
        self.out.push(Effect::StoreLeases { no, change });
    }

    pub(super) fn leases_stored(&mut self, no: u64, now: Now) {
        if !self.lease.is_storing(no) {
            return;
        }
        self.lease.succeed();
        self.stale_in_row = 0;
        let Some(change) = self.lease_flight.take().and_then(|flight| flight.change) else { return };
        for back in &change.returned {
            if self.returning.get(&back.fulfillment).is_some_and(|row| row.back == *back) {
                self.returning.remove(&back.fulfillment);
            }
        }
        for loss in &change.lost {
            if self.leases.get(&loss.fulfillment).is_some_and(|held| held.fence == loss.fence) {
                self.leases.remove(&loss.fulfillment);
            }
        }
        let before = self.leases.len();
        for put in &change.put {
            // Given up or begun while the change was on its way to the disk: that stays so.
            if self.returning.get(&put.fulfillment).is_some_and(|row| row.back.fence >= put.fence) {
                continue;
            }
            let begun = self.leases.get(&put.fulfillment).is_some_and(|old| old.begun && old.fence == put.fence);
            self.leases.insert(put.fulfillment, HeldLease { begun: put.begun || begun, ..*put });
        }
        for block in &change.sscc_blocks {
            if block.epoch == self.epoch {
                self.sscc_left = self.sscc_left.saturating_add(block.count);
            }
        }
        // Two thirds of the shortest life are left for an exchange that fails.
        if let Some(ttl_ms) = change.put.iter().map(|put| put.ttl_ms).min() {
            self.lease_due_within(now, (ttl_ms / 3).max(LEASE_STARVING_MS));
        }
        let starving = self.leases.len() == before && self.leases_wanted(now) > 0;
        if starving || self.sscc_left < SSCC_LOW {
            self.lease_due_within(now, LEASE_STARVING_MS);
        }
        if !self.returning.is_empty() {
            self.lease_due_within(now, LEASE_STARVING_MS);
        }
    }

    pub(super) fn lease_begun(&mut self, fulfillment: FulfillmentId, now: Now) {
        if let Some(held) = self.leases.get_mut(&fulfillment) {
            held.begun = true;
        }
        self.refill(now);
    }

    /// The server has answered a higher number. Mostly that is a second copy of the same request. Many in a row mean that
    /// this database does not remember its own requests: a fork without events. The number is never raised to get
    /// past it, for a number above those of the next start would let a delayed request undo a newer one.
    pub(super) fn lease_stale(&mut self) {
        self.stale_in_row += 1;
        if self.stale_in_row >= STALE_IN_ROW_MAX {
            self.fork(self.outbox.tail().next(), ForkReason::SeqTaken);
            self.stale_in_row = 0;
        }
    }

    /// Asks the store again for a change that it has not confirmed; false if none is being stored.
    pub(super) fn store_leases_again(&mut self, now: Now) -> bool {
        let change = self.lease_flight.as_ref().and_then(|flight| flight.change.clone());
        let (Some(change), Some(no)) = (change, self.lease.storing()) else { return false };
        self.lease.store(no, now.mono_ms);
        self.out.push(Effect::StoreLeases { no, change });
        true
    }

    pub(super) fn lease_ended(&mut self, row: Returning, now: Now) {
        self.leases.remove(&row.back.fulfillment);
        self.returning.insert(row.back.fulfillment, row);
        // Told soon, but a packer who finishes one a minute should not cost a request each.
        self.lease_due_within(now, LEASE_STARVING_MS);
        self.refill(now);
    }

    pub(super) fn supply(&mut self, rate_per_hour: u32, leases_max: u32, sscc_left: u64, now: Now) {
        self.rate_per_hour = rate_per_hour;
        self.leases_max = leases_max;
        self.sscc_left = sscc_left;
        if sscc_left < SSCC_LOW {
            self.lease_due_within(now, LEASE_STARVING_MS);
        }
        self.refill(now);
    }

    /// Less than half of the target left: ask soon.
    fn refill(&mut self, now: Now) {
        let target = prefetch_target(self.rate_per_hour, self.leases_max);
        if self.leases_wanted(now) * 2 > target {
            self.lease_due_within(now, LEASE_STARVING_MS);
        }
    }

    fn lease_due_within(&mut self, now: Now, within_ms: u64) {
        self.lease_due_ms = self.lease_due_ms.min(now.mono_ms.saturating_add(within_ms));
    }
}

const fn have(held: &HeldLease) -> HaveLease {
    HaveLease { fulfillment: held.fulfillment, fence: held.fence, begun: held.begun }
}

/// Whether a lease of this boot still counts; those from before a reboot count until the server says otherwise.
fn is_live(held: &HeldLease, now: Now) -> bool {
    held.boot_id != now.boot_id || now.mono_ms.saturating_sub(held.sent_mono_ms) < lease_stop_after_ms(held.ttl_ms)
}

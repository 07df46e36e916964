//! What really happened, seen from outside: it shares no decision with the code under test, and names the first rule
//! that was broken.

use packbench::protocol::sync::server::LeaseRow;
use packbench::protocol::wire::{EventEnvelope, EventHash, EventId, Fence, FulfillmentId, StationId};
use std::collections::{BTreeMap, BTreeSet};

/// A deliberate defect of the model around the code under test, to prove that the checks see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    None,
    /// The server applies an event again that it has stored before.
    DedupOff,
    /// The server accepts a packing under any fence.
    FenceOff,
    /// The server gives held work to whoever asks.
    GrantsHeld,
    /// The station never stops using a lease.
    LeaseForEver,
    /// The station counts events as pushed when it sends them.
    MarksOnSend,
    /// A restored database goes on in its old epoch, and nobody does anything about the fork.
    KeepsEpoch,
    /// Nobody notices that a database was restored until the server sees the fork; then a lead starts a new epoch. Until
    /// then the bench lives in the past, so parcels may double; but no fact may be lost and all must settle.
    RestoresUnnoticed,
    /// A new epoch goes on drawing from old number blocks.
    KeepsBlocks,
    /// The station commits a cursor without its page, now and then.
    CursorWithoutPage,
    /// The server answers before its commit, and now and then forgets.
    AnswersBeforeCommit,
    /// The station tells a return before the facts that belong to it, as finished work.
    ReturnsFreeOpenWork,
}

#[derive(Debug, Default)]
pub struct Truth {
    violation: Option<String>,
    /// A bench may live in the past: rules that no program could keep then are not asked for.
    lenient: bool,
    /// Events committed on a station's disk.
    pub committed: BTreeMap<EventId, StationId>,
    /// Committed events that a restored backup destroyed before they were confirmed.
    pub destroyed: BTreeSet<EventId>,
    applied: BTreeSet<EventId>,
    heads: BTreeMap<(StationId, u64), (u64, EventHash)>,
    printed: BTreeMap<u64, EventId>,
    fences: BTreeMap<FulfillmentId, Fence>,
    /// Fences that a lead voided: the bench without network cannot know.
    pub taken_over: BTreeSet<(FulfillmentId, Fence)>,
    /// Parcels handed to the carrier, physically.
    pub left: BTreeMap<FulfillmentId, u32>,
    shipped: BTreeSet<FulfillmentId>,
    pub starts: u64,
    pub accepted_packs: u64,
    pub recalls_for_starving: u64,
}

impl Truth {
    pub fn new(lenient: bool) -> Self {
        Self { lenient, ..Self::default() }
    }

    pub fn violation(&self) -> Option<&str> {
        self.violation.as_deref()
    }

    pub fn must(&mut self, holds: bool, rule: impl FnOnce() -> String) {
        if !holds && self.violation.is_none() {
            self.violation = Some(rule());
        }
    }

    /// The server stored an event: dense and chained, as computed here.
    pub fn stored(&mut self, event: &EventEnvelope) {
        let head = self.heads.entry((event.station_id, event.epoch.0)).or_insert((0, EventHash::GENESIS));
        let fits = event.seq.0 == head.0 + 1 && event.prev_hash == head.1;
        *head = (event.seq.0, event.hash());
        self.must(fits, || format!("event {} breaks the chain of its station", event.seq));
    }

    pub fn applied(&mut self, event: &EventEnvelope) {
        let first = self.applied.insert(event.id);
        self.must(first, || format!("event {} of {} applied twice", event.seq, event.kind));
    }

    pub fn is_applied(&self, id: EventId) -> bool {
        self.applied.contains(&id)
    }

    pub fn printed(&mut self, serial: u64, event: EventId) {
        let before = self.printed.insert(serial, event);
        self.must(before.is_none() || self.lenient, || format!("parcel number {serial} printed twice"));
    }

    pub fn fence_written(&mut self, row: &LeaseRow) {
        let before = self.fences.insert(row.fulfillment, row.fence).unwrap_or_default();
        self.must(row.fence >= before, || format!("fence fell from {before} to {}", row.fence));
    }

    /// A station begins work: nobody else may have been given it, unless a lead took it away.
    pub fn starts(&mut self, station: StationId, fence: Fence, row: &LeaseRow) {
        self.starts += 1;
        let own = row.granted_to.is_some_and(|holder| holder.station_id == station);
        let live = row.fence == fence && own && row.held;
        let excused = !row.open || self.taken_over.contains(&(row.fulfillment, fence));
        self.must(live || excused || self.lenient, || {
            format!("a station began under fence {fence}, while the newest is {}", row.fence)
        });
    }

    /// The server accepted a packing.
    pub fn pack_accepted(&mut self, row: &LeaseRow, event: &EventEnvelope) {
        self.accepted_packs += 1;
        let newest = event.fence == Some(row.fence)
            && row.granted_to.is_some_and(|holder| holder.station_id == event.station_id);
        self.must(newest, || "a packing under a void fence was accepted".to_owned());
    }

    pub fn shipped(&mut self, fulfillment: FulfillmentId) {
        let first = self.shipped.insert(fulfillment);
        self.must(first, || "a fulfillment was shipped twice".to_owned());
    }
}

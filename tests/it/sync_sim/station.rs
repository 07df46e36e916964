//! The model of a station: the real state machine, a disk that keeps what was committed, and a packer.

use super::chance::Chance;
use super::server::Server;
use super::truth::{Sabotage, Truth};
use packbench::protocol::sync::server::{block_serial, block_usable};
use packbench::protocol::sync::{
    ClockReading, Effect, EpochWish, HeldLease, Input, LeaseChange, Machine, Now, OutboxEntry, PhotoJob, Rejection,
    Restart, Returning, Span, spans,
};
use packbench::protocol::wire::{
    BootId, Change, ContentHash, Cursor, Epoch, EpochReason, EventEnvelope, EventHash, EventId, Fence, FulfillmentId,
    LeaseReturn, Payload, PullPage, Put, ReturnReason, Seq, SsccBlockRecord, StationId,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use uuid::Uuid;

const WALL_MS_START: i64 = 1_800_000_000_000;
pub const PHOTO_BYTES: u64 = 600_000;

/// Where the work on one fulfillment stands at this bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Begun { scans: u8 },
    Packed,
    Ended,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    pub fence: Fence,
    pub phase: Phase,
}

/// What survives a crash.
#[derive(Debug, Clone)]
pub struct Disk {
    pub epoch: Epoch,
    pub start_no: u32,
    pub events: Vec<EventEnvelope>,
    pub pushed: Seq,
    pub cursor: Option<Cursor>,
    pub known: BTreeSet<FulfillmentId>,
    pub cancelled: BTreeSet<FulfillmentId>,
    pub leases: BTreeMap<FulfillmentId, HeldLease>,
    pub returning: BTreeMap<FulfillmentId, Returning>,
    pub blocks: Vec<(SsccBlockRecord, u64)>,
    pub wish: Option<EpochWish>,
    pub wall_ms_floor: i64,
    pub jobs: BTreeMap<FulfillmentId, Job>,
    pub photos: VecDeque<PhotoJob>,
}

pub struct Station {
    pub id: StationId,
    pub sabotage: Sabotage,
    pub disk: Disk,
    pub backup: Option<Disk>,
    /// None while the program is down.
    pub machine: Option<Machine>,
    /// Counts programs; what is meant for an earlier one is dropped.
    pub process: u64,
    pub boot_id: BootId,
    pub booted_at: u64,
    pub wall_offset_ms: i64,
    pub timer_at: u64,
    pub local_free_at: u64,
    pub connected: bool,
}

impl Station {
    pub fn new(id: StationId, sabotage: Sabotage, chance: &mut Chance) -> Self {
        Self {
            id,
            sabotage,
            disk: Disk {
                epoch: Epoch(1),
                start_no: 0,
                events: Vec::new(),
                pushed: Seq(0),
                cursor: None,
                known: BTreeSet::new(),
                cancelled: BTreeSet::new(),
                leases: BTreeMap::new(),
                returning: BTreeMap::new(),
                blocks: Vec::new(),
                wish: None,
                wall_ms_floor: i64::MIN,
                jobs: BTreeMap::new(),
                photos: VecDeque::new(),
            },
            backup: None,
            machine: None,
            process: 0,
            boot_id: BootId::from_u128(chance.id()),
            booted_at: 0,
            wall_offset_ms: 0,
            timer_at: 0,
            local_free_at: 0,
            connected: true,
        }
    }

    pub fn now(&self, at: u64, chance: &mut Chance) -> Now {
        Now { mono_ms: at - self.booted_at, wall_ms: self.wall_ms(at), boot_id: self.boot_id, random: chance.number() }
    }

    fn wall_ms(&self, at: u64) -> i64 {
        WALL_MS_START + at as i64 + self.wall_offset_ms
    }

    fn clock(&self, at: u64) -> ClockReading {
        ClockReading {
            mono_ms: at - self.booted_at,
            wall_ms: self.wall_ms(at),
            boot_id: self.boot_id,
            wall_ms_floor: self.disk.wall_ms_floor,
        }
    }

    fn entry(&self, event: &EventEnvelope, at: u64) -> OutboxEntry {
        OutboxEntry { seq: event.seq, bytes: event.size_bytes() as u64, mono_ms: (at - self.booted_at) as i64 }
    }

    pub fn outbox_after(&self, before: Seq, at: u64) -> Vec<Span> {
        spans(self.disk.events.iter().filter(|event| event.seq > before).map(|event| self.entry(event, at)))
    }

    /// What the store tells a machine that starts.
    pub fn restart(&mut self, at: u64) -> Input {
        self.disk.start_no += 1;
        self.process += 1;
        self.machine = Some(Machine::new(self.id));
        Input::Restarted(Box::new(Restart {
            epoch: self.disk.epoch,
            start_no: self.disk.start_no,
            pushed: self.disk.pushed,
            outbox: self.outbox_after(self.disk.pushed, at),
            cursor: self.disk.cursor.clone(),
            leases: self.disk.leases.values().copied().collect(),
            returning: self.disk.returning.values().copied().collect(),
            photos: self.disk.photos.iter().copied().collect(),
            epoch_wish: self.disk.wish,
            halt: None,
            rate_per_hour: 3,
            leases_max: 4,
            sscc_left: self.sscc_left(),
        }))
    }

    /// The database is replaced by its backup; the marker beside it shows that, so a new epoch is wished for.
    pub fn restore(&mut self, server: &Server, truth: &mut Truth, chance: &mut Chance) -> bool {
        let Some(backup) = self.backup.clone() else { return false };
        let kept: BTreeSet<EventId> = backup.events.iter().map(|event| event.id).collect();
        for event in &self.disk.events {
            if !kept.contains(&event.id) && !server.stored.contains_key(&event.id) {
                truth.destroyed.insert(event.id);
            }
        }
        self.disk = backup;
        if !matches!(self.sabotage, Sabotage::KeepsEpoch | Sabotage::RestoresUnnoticed) {
            self.disk.wish =
                Some(EpochWish { nonce: Uuid::from_u128(chance.id()), reason: EpochReason::Restored, by: None });
        }
        true
    }

    pub fn sscc_left(&self) -> u64 {
        self.disk
            .blocks
            .iter()
            .filter(|(block, _)| self.draws_from(block))
            .map(|(block, drawn)| block.count - drawn)
            .sum()
    }

    fn draws_from(&self, block: &SsccBlockRecord) -> bool {
        self.sabotage == Sabotage::KeepsBlocks
            || block_usable(block, self.id, self.disk.epoch, self.disk.wish.is_some())
    }

    fn draw_serial(&mut self) -> Option<u64> {
        let index =
            self.disk.blocks.iter().position(|(block, drawn)| self.draws_from(block) && *drawn < block.count)?;
        let (block, drawn) = &mut self.disk.blocks[index];
        let serial = block_serial(block, *drawn);
        *drawn += 1;
        serial
    }

    fn append(
        &mut self,
        kind: &str,
        job: (FulfillmentId, Fence),
        serial: u64,
        at: u64,
        world: &mut Hands<'_>,
    ) -> Input {
        let head = self.disk.events.last().map_or(EventHash::GENESIS, EventEnvelope::hash);
        let event = EventEnvelope {
            id: EventId::from_u128(world.chance.id()),
            station_id: self.id,
            epoch: self.disk.epoch,
            seq: Seq(self.disk.events.len() as u64 + 1),
            kind: kind.to_owned(),
            schema: 1,
            fulfillment: Some(job.0),
            fence: Some(job.1),
            wall_ms: self.wall_ms(at),
            mono_ms: at - self.booted_at,
            boot_id: self.boot_id,
            prev_hash: head,
            payload: Payload::from_json(serial.to_string()).expect("a number is JSON"),
        };
        world.truth.committed.insert(event.id, self.id);
        if kind == "packed" {
            world.truth.printed(serial, event.id);
        }
        self.disk.wall_ms_floor = self.disk.wall_ms_floor.max(event.wall_ms);
        let entries = vec![self.entry(&event, at)];
        self.disk.events.push(event);
        Input::OutboxGrew { epoch: self.disk.epoch, entries }
    }

    // ---- the packer: one gesture, one transaction ----

    pub fn work(&mut self, at: u64, world: &mut Hands<'_>) -> Vec<Input> {
        let active = self.disk.jobs.iter().find(|(_, job)| matches!(job.phase, Phase::Begun { .. }));
        match active.map(|(id, job)| (*id, *job)) {
            Some((id, Job { fence, phase: Phase::Begun { scans } })) => self.go_on(id, fence, scans, at, world),
            Some(_) | None => match self.hand_over(at, world) {
                some if !some.is_empty() => some,
                _ => self.begin(at, world),
            },
        }
    }

    fn begin(&mut self, at: u64, world: &mut Hands<'_>) -> Vec<Input> {
        if self.disk.wish.is_some() {
            return Vec::new();
        }
        let clock = self.clock(at);
        let for_ever = self.sabotage == Sabotage::LeaseForEver;
        let Some(held) = self.disk.leases.values().copied().find(|held| {
            let live = held.may_begin(&clock).is_ok() || (for_ever && !held.begun);
            let id = held.fulfillment;
            live && self.disk.known.contains(&id) && !self.disk.cancelled.contains(&id)
        }) else {
            return Vec::new();
        };
        world.truth.starts(self.id, held.fence, &world.server.rows[&held.fulfillment]);
        let job = Job { fence: held.fence, phase: Phase::Begun { scans: 0 } };
        self.disk.jobs.insert(held.fulfillment, job);
        if let Some(lease) = self.disk.leases.get_mut(&held.fulfillment) {
            lease.begun = true;
        }
        let grew = self.append("begun", (held.fulfillment, held.fence), 0, at, world);
        vec![grew, Input::LeaseBegun { fulfillment: held.fulfillment }]
    }

    fn go_on(&mut self, id: FulfillmentId, fence: Fence, scans: u8, at: u64, world: &mut Hands<'_>) -> Vec<Input> {
        if self.disk.cancelled.contains(&id) {
            let grew = self.append("stopped", (id, fence), 0, at, world);
            return [vec![grew], self.end_job(id, fence, ReturnReason::Cancelled)].concat();
        }
        if world.chance.hits(20) {
            let grew = self.append("handed_back", (id, fence), 0, at, world);
            return [vec![grew], self.end_job(id, fence, ReturnReason::HandedBack)].concat();
        }
        if scans < 3 {
            self.disk.jobs.insert(id, Job { fence, phase: Phase::Begun { scans: scans + 1 } });
            return vec![self.append("scanned", (id, fence), 0, at, world)];
        }
        let Some(serial) = self.draw_serial() else {
            return vec![Input::Supply { rate_per_hour: 3, leases_max: 4, sscc_left: 0 }];
        };
        let photo = PhotoJob { hash: ContentHash::of(&world.chance.id().to_be_bytes()), bytes: PHOTO_BYTES };
        self.disk.photos.push_back(photo);
        let grew = self.append("packed", (id, fence), serial, at, world);
        let mut inputs = vec![grew, Input::PhotoQueued(photo)];
        inputs.extend(self.end_job(id, fence, ReturnReason::Done));
        self.disk.jobs.insert(id, Job { fence, phase: Phase::Packed });
        let sscc_left = self.sscc_left();
        inputs.push(Input::Supply { rate_per_hour: 3, leases_max: 4, sscc_left });
        inputs
    }

    /// Ends the work and gives the lease up, if it is still held.
    fn end_job(&mut self, id: FulfillmentId, fence: Fence, reason: ReturnReason) -> Vec<Input> {
        self.disk.jobs.insert(id, Job { fence, phase: Phase::Ended });
        self.give_back(id, fence, reason)
    }

    fn give_back(&mut self, id: FulfillmentId, fence: Fence, reason: ReturnReason) -> Vec<Input> {
        if self.disk.leases.get(&id).is_none_or(|held| held.fence != fence) {
            return Vec::new();
        }
        self.disk.leases.remove(&id);
        let mut after_seq = Seq(self.disk.events.len() as u64);
        if self.sabotage == Sabotage::ReturnsFreeOpenWork {
            after_seq = Seq(0);
        }
        let row = Returning { back: LeaseReturn { fulfillment: id, fence, reason }, after_seq };
        self.disk.returning.insert(id, row);
        vec![Input::LeaseEnded(row)]
    }

    /// Puts a packed parcel on the truck, or takes it apart after a cancel.
    fn hand_over(&mut self, at: u64, world: &mut Hands<'_>) -> Vec<Input> {
        let packed = self.disk.jobs.iter().find(|(_, job)| job.phase == Phase::Packed);
        let Some((id, fence)) = packed.map(|(id, job)| (*id, job.fence)) else { return Vec::new() };
        self.disk.jobs.insert(id, Job { fence, phase: Phase::Ended });
        if self.disk.cancelled.contains(&id) {
            return vec![self.append("unpacked", (id, fence), 0, at, world)];
        }
        *world.truth.left.entry(id).or_default() += 1;
        vec![self.append("handed_over", (id, fence), 0, at, world)]
    }

    // ---- what the machine asks of the store ----

    pub fn obey(&mut self, effect: &Effect, at: u64, world: &mut Hands<'_>) -> Vec<Input> {
        match effect {
            Effect::MarkPushed { epoch, upto, rejected } => {
                if *epoch == self.disk.epoch {
                    self.disk.pushed = self.disk.pushed.max(*upto);
                }
                self.set_aside(rejected);
                Vec::new()
            }
            Effect::StorePage { no, page } => {
                let inputs = self.store_page(page);
                [vec![Input::StoredPage { no: *no }], inputs].concat()
            }
            Effect::StoreLeases { no, change } => {
                let mut inputs = vec![Input::StoredLeases { no: *no }];
                inputs.extend(self.store_leases(change));
                inputs
            }
            Effect::MarkPhotoDone { hash } => {
                self.disk.photos.retain(|photo| photo.hash != *hash);
                Vec::new()
            }
            Effect::AdoptEpoch { epoch } => vec![self.adopt(*epoch, at)],
            Effect::ReloadOutbox { from_seq } => {
                let before = Seq(from_seq.0 - 1);
                vec![Input::OutboxReloaded { epoch: self.disk.epoch, before, outbox: self.outbox_after(before, at) }]
            }
            Effect::LoadPhotos => vec![Input::PhotosLoaded(self.disk.photos.iter().copied().collect())],
            Effect::SendPush { .. }
            | Effect::SendPull { .. }
            | Effect::SendLease { .. }
            | Effect::SendPhoto { .. }
            | Effect::SendEpoch { .. }
            | Effect::Raise(_)
            | Effect::ArmTimer { .. } => {
                world.truth.must(false, || "not an effect for the store".to_owned());
                Vec::new()
            }
        }
    }

    /// A refused packing: the parcel waits for a person and does not go on the truck.
    fn set_aside(&mut self, rejected: &[Rejection]) {
        for refusal in rejected {
            let event = self.disk.events.iter().find(|event| event.id == refusal.id && event.kind == "packed");
            let Some(id) = event.and_then(|event| event.fulfillment) else { continue };
            if let Some(job) = self.disk.jobs.get_mut(&id)
                && job.phase == Phase::Packed
            {
                job.phase = Phase::Ended;
            }
        }
    }

    fn store_page(&mut self, page: &PullPage) -> Vec<Input> {
        let mut inputs = Vec::new();
        self.disk.cursor = Some(page.next_cursor.clone());
        for change in &page.changes {
            match change {
                Change::Lease(Put::Upsert(record)) => {
                    self.disk.known.insert(record.id);
                }
                Change::Cancel(Put::Upsert(record)) => {
                    let id = record.fulfillment_id.expect("the model cancels fulfillments");
                    self.disk.cancelled.insert(id);
                    inputs.extend(self.return_unstarted(id, None, ReturnReason::Cancelled));
                }
                Change::Recall(Put::Upsert(record)) => {
                    let (id, fence) = (record.fulfillment_id, record.fence);
                    inputs.extend(self.return_unstarted(id, Some(fence), ReturnReason::Recalled));
                }
                other => panic!("the model sends no {other:?}"),
            }
        }
        inputs
    }

    fn return_unstarted(&mut self, id: FulfillmentId, fence: Option<Fence>, reason: ReturnReason) -> Vec<Input> {
        match self.disk.leases.get(&id).copied() {
            Some(held) if !held.begun && fence.is_none_or(|fence| fence == held.fence) => {
                self.give_back(id, held.fence, reason)
            }
            Some(_) | None => Vec::new(),
        }
    }

    fn store_leases(&mut self, change: &LeaseChange) -> Vec<Input> {
        for back in &change.returned {
            if self.disk.returning.get(&back.fulfillment).is_some_and(|row| row.back == *back) {
                self.disk.returning.remove(&back.fulfillment);
            }
        }
        for loss in &change.lost {
            if self.disk.leases.get(&loss.fulfillment).is_some_and(|held| held.fence == loss.fence) {
                self.disk.leases.remove(&loss.fulfillment);
            }
        }
        for put in &change.put {
            let id = put.fulfillment;
            if self.disk.returning.get(&id).is_some_and(|row| row.back.fence >= put.fence) {
                continue;
            }
            let begun = self.disk.leases.get(&id).is_some_and(|old| old.begun && old.fence == put.fence);
            self.disk.leases.insert(id, HeldLease { begun: begun || put.begun, ..*put });
        }
        for block in &change.sscc_blocks {
            if self.disk.blocks.iter().all(|(known, _)| known.id != block.id) {
                self.disk.blocks.push((block.clone(), 0));
            }
        }
        change
            .recalled
            .iter()
            .flat_map(|have| self.return_unstarted(have.fulfillment, Some(have.fence), ReturnReason::Recalled))
            .collect()
    }

    fn adopt(&mut self, epoch: Epoch, at: u64) -> Input {
        if epoch > self.disk.epoch {
            let unsynced = self.disk.events.split_off(self.disk.pushed.0 as usize);
            self.disk.events.clear();
            let mut head = EventHash::GENESIS;
            for (index, event) in unsynced.into_iter().enumerate() {
                let event = event.renumbered(epoch, Seq(index as u64 + 1), head);
                head = event.hash();
                self.disk.events.push(event);
            }
            self.disk.epoch = epoch;
            self.disk.pushed = Seq(0);
            self.disk.wish = None;
            self.disk.leases.clear();
            self.disk.returning.clear();
        }
        Input::EpochAdopted { epoch, outbox: self.outbox_after(self.disk.pushed, at) }
    }

    pub fn is_quiet(&self) -> bool {
        let idle = self.disk.jobs.values().all(|job| job.phase == Phase::Ended);
        let sent = self.disk.pushed.0 as usize == self.disk.events.len() && self.disk.photos.is_empty();
        self.machine.is_some() && idle && sent && self.disk.wish.is_none() && self.disk.returning.is_empty()
    }
}

/// What a station's hands may touch beside its own disk.
pub struct Hands<'a> {
    pub server: &'a Server,
    pub truth: &'a mut Truth,
    pub chance: &'a mut Chance,
}

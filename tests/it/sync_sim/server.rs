//! The model of the server: the real rules over maps, each request one transaction.

use super::chance::Chance;
use super::truth::{Sabotage, Truth};
use packbench::protocol::sync::server::{
    CancelVerdict, Claim, EpochDecision, EpochState, ExceptionKind, HandoverVerdict, Holder, Known, LeaseAsk, LeaseRow,
    PackVerdict, SsccRange, StreamHead, Verdict, WorkRow, block_grant, block_holds, epoch_decide, epoch_started,
    exchange, expire, fence_check, is_grantable, on_cancel, on_handover, on_packed, on_unpacked, push_check, recall,
    recall_share, takeover, walk, work_ended,
};
use packbench::protocol::wire::lease::RecallReason;
use packbench::protocol::wire::photo::{PartPlan, part_plan};
use packbench::protocol::wire::{
    BlockId, CancelId, CancelRecord, Change, ContentHash, Cursor, Epoch, EpochGrant, EpochRequest, EventEnvelope,
    EventId, EventOutcome, FulfillmentId, LeaseAnswer, LeaseRecord, LeaseRequest, OrderId, PhotoAnswer, PhotoState,
    ProblemCode, PullPage, PullRequest, PushAnswer, PushRequest, Put, RecallId, RecallRecord, RejectCode, RequestNo,
    SsccBlockRecord, StationId,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub const TTL_MS: u64 = 150_000;
const LEASES_MAX: u32 = 4;
const RATE_PER_HOUR: u32 = 3;
const PAGE: usize = 5;

pub struct Server {
    pub sabotage: Sabotage,
    pub log: Vec<(Option<StationId>, Change)>,
    pub rows: BTreeMap<FulfillmentId, LeaseRow>,
    pub works: BTreeMap<FulfillmentId, WorkRow>,
    pub exceptions: BTreeMap<FulfillmentId, BTreeSet<&'static str>>,
    pub stored: BTreeMap<EventId, (StationId, Epoch, u64, EventEnvelope)>,
    pub photos: BTreeMap<ContentHash, u64>,
    streams: BTreeMap<(StationId, Epoch), StreamHead>,
    epochs: BTreeMap<StationId, Epoch>,
    nonces: BTreeMap<Uuid, Epoch>,
    request_nos: BTreeMap<(StationId, Epoch), RequestNo>,
    range: SsccRange,
    blocks: Vec<SsccBlockRecord>,
}

impl Server {
    pub fn new(sabotage: Sabotage, stations: &[StationId]) -> Self {
        Self {
            sabotage,
            log: Vec::new(),
            rows: BTreeMap::new(),
            works: BTreeMap::new(),
            exceptions: BTreeMap::new(),
            stored: BTreeMap::new(),
            photos: BTreeMap::new(),
            streams: BTreeMap::new(),
            epochs: stations.iter().map(|id| (*id, Epoch(1))).collect(),
            nonces: BTreeMap::new(),
            request_nos: BTreeMap::new(),
            range: SsccRange { extension: 3, company_prefix: "9501101".to_owned(), given: 0, free_below: 0 },
            blocks: Vec::new(),
        }
    }

    fn epoch_state(&self, station: StationId, epoch: Epoch) -> EpochState {
        EpochState::of(epoch, self.epochs.get(&station).copied().unwrap_or_default())
    }

    fn write_row(&mut self, row: LeaseRow, truth: &mut Truth) {
        truth.fence_written(&row);
        self.rows.insert(row.fulfillment, row);
    }

    // ---- what people do at the server ----

    pub fn place(&mut self, fulfillment: FulfillmentId) {
        self.rows.insert(fulfillment, LeaseRow::new(fulfillment));
        self.works.insert(fulfillment, WorkRow::default());
        // The record that makes the work known; its content does not matter here.
        let record = LeaseRecord {
            id: fulfillment,
            fence: Default::default(),
            station_id: None,
            station_name: None,
            expires_ms: None,
            begun: false,
        };
        self.log.push((None, Change::Lease(Put::Upsert(Box::new(record)))));
    }

    pub fn cancel(&mut self, fulfillment: FulfillmentId, truth: &mut Truth, chance: &mut Chance) {
        let work = self.works[&fulfillment];
        match on_cancel(&work) {
            CancelVerdict::Cancel(row) => {
                self.works.insert(fulfillment, row);
            }
            CancelVerdict::CancelAndUnpack(row, kind) => {
                self.works.insert(fulfillment, row);
                self.exceptions.entry(fulfillment).or_default().insert(kind.code());
            }
            CancelVerdict::TooLate | CancelVerdict::Already => return,
        }
        let row = work_ended(&self.rows[&fulfillment], true);
        self.write_row(row, truth);
        let record = CancelRecord {
            id: CancelId::from_u128(chance.id()),
            order_id: OrderId::from_u128(1),
            fulfillment_id: Some(fulfillment),
            at_ms: 0,
            reason: "customer".to_owned(),
        };
        self.log.push((None, Change::Cancel(Put::Upsert(Box::new(record)))));
    }

    /// A station found nothing to do: others give of what they have not begun.
    fn feed(&mut self, hungry: StationId, wanted: u32, truth: &mut Truth, chance: &mut Chance) {
        let unstarted = |row: &&LeaseRow| row.held && row.open && !row.begun && !row.recalled;
        let mut held: BTreeMap<StationId, Vec<FulfillmentId>> = BTreeMap::new();
        for row in self.rows.values().filter(unstarted) {
            if let Some(holder) = row.granted_to.filter(|holder| holder.station_id != hungry) {
                held.entry(holder.station_id).or_default().push(row.fulfillment);
            }
        }
        for list in held.values() {
            let share = recall_share(list.len() as u32, RATE_PER_HOUR, wanted) as usize;
            truth.recalls_for_starving += share as u64;
            for fulfillment in list.iter().rev().take(share) {
                self.recall(*fulfillment, truth, chance);
            }
        }
    }

    pub fn recall(&mut self, fulfillment: FulfillmentId, truth: &mut Truth, chance: &mut Chance) {
        let before = self.rows[&fulfillment];
        let (Some(row), Some(holder)) = (recall(&before), before.granted_to) else { return };
        self.write_row(row, truth);
        let record = RecallRecord {
            id: RecallId::from_u128(chance.id()),
            fulfillment_id: fulfillment,
            station_id: holder.station_id,
            fence: row.fence,
            reason: RecallReason::Rush,
        };
        self.log.push((Some(holder.station_id), Change::Recall(Put::Upsert(Box::new(record)))));
    }

    /// The job that ends leases by their time.
    pub fn expire(&mut self, now: u64, truth: &mut Truth) {
        let over: Vec<LeaseRow> = self.rows.values().filter_map(|row| expire(row, now as i64)).collect();
        for row in over {
            self.write_row(row, truth);
        }
    }

    pub fn take_over(&mut self, fulfillment: FulfillmentId, to: Option<StationId>, now: u64, truth: &mut Truth) {
        let before = self.rows[&fulfillment];
        let to = to.map(|station_id| Holder { station_id, epoch: self.epochs[&station_id] });
        let Some(row) = takeover(&before, to, before.fence, (now + TTL_MS) as i64) else { return };
        truth.taken_over.insert((fulfillment, before.fence));
        self.write_row(row, truth);
    }

    // ---- what stations ask ----

    pub fn push(
        &mut self,
        request: &PushRequest,
        truth: &mut Truth,
        chance: &mut Chance,
    ) -> Result<PushAnswer, ProblemCode> {
        let state = self.epoch_state(request.station_id, request.epoch);
        push_check(request, request.station_id, state).map_err(|problem| problem.code)?;
        let forget = self.sabotage == Sabotage::AnswersBeforeCommit && chance.hits(20);
        let key = (request.station_id, request.epoch);
        let head = self.streams.get(&key).copied().unwrap_or(StreamHead::START);
        let walked = walk(state, head, &request.events, |event| match self.stored.get(&event.id) {
            None => Known::New,
            Some((_, epoch, seq, stored)) if (*epoch, *seq) == (event.epoch, event.seq.0) => Known::Here(stored.hash()),
            Some(_) => Known::Elsewhere,
        });
        let mut outcomes = Vec::new();
        for (event, verdict) in request.events.iter().zip(&walked.verdicts) {
            let again = self.sabotage == Sabotage::DedupOff && *verdict == Verdict::Duplicate;
            let mut effect = Ok(());
            if (*verdict == Verdict::Store || again) && !forget {
                if *verdict == Verdict::Store {
                    self.stored.insert(event.id, (event.station_id, event.epoch, event.seq.0, event.clone()));
                }
                effect = self.apply(event, truth);
            }
            if matches!(verdict, Verdict::Store | Verdict::StoreAlias) && !forget {
                truth.stored(event);
            }
            outcomes.push(EventOutcome { seq: event.seq, id: event.id, outcome: verdict.outcome(effect) });
        }
        if !forget {
            self.streams.insert(key, walked.head);
        }
        Ok(PushAnswer { outcomes, last_seq: walked.head.last_seq, head_hash: walked.head.hash, server_time_ms: 0 })
    }

    fn apply(&mut self, event: &EventEnvelope, truth: &mut Truth) -> Result<(), RejectCode> {
        truth.applied(event);
        let Some(fulfillment) = event.fulfillment else { return Ok(()) };
        let row = self.rows.get(&fulfillment).copied().ok_or(RejectCode::UnknownFulfillment)?;
        let work = self.works[&fulfillment];
        let claim = Claim { station_id: event.station_id, fence: event.fence };
        match event.kind.as_str() {
            "begun" => {
                fence_check(Some(&row), claim.station_id, claim.fence)?;
                self.write_row(LeaseRow { begun: true, ..row }, truth);
                Ok(())
            }
            "packed" => self.apply_packed(event, row, &work, claim, truth),
            "handed_over" => {
                let (code, kind) = match on_handover(&work, Some(&row), claim) {
                    HandoverVerdict::Ship(next) => {
                        truth.shipped(fulfillment);
                        self.works.insert(fulfillment, next);
                        return Ok(());
                    }
                    HandoverVerdict::ShipAndRaise(next, code, kind) => {
                        truth.shipped(fulfillment);
                        self.works.insert(fulfillment, next);
                        (code, kind)
                    }
                    HandoverVerdict::Refuse(code, kind) => (code, kind),
                };
                self.exceptions.entry(fulfillment).or_default().insert(kind.code());
                Err(code)
            }
            "unpacked" => {
                if work.packed_by == Some(claim)
                    && let Some(next) = on_unpacked(&work)
                {
                    self.works.insert(fulfillment, next);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn apply_packed(
        &mut self,
        event: &EventEnvelope,
        row: LeaseRow,
        work: &WorkRow,
        claim: Claim,
        truth: &mut Truth,
    ) -> Result<(), RejectCode> {
        let fulfillment = row.fulfillment;
        let serial: u64 = event.payload.read().expect("the payload is the parcel's serial");
        let granted = self.blocks.iter().any(|block| block_holds(block, event.station_id, serial));
        truth.must(granted, || "a parcel number was invented".to_owned());
        let mut seen = row;
        if self.sabotage == Sabotage::FenceOff {
            seen.fence = claim.fence.unwrap_or_default();
            seen.granted_to = Some(Holder { station_id: claim.station_id, epoch: event.epoch });
        }
        match on_packed(work, Some(&seen), claim) {
            PackVerdict::Accept(next) => {
                truth.pack_accepted(&row, event);
                self.works.insert(fulfillment, next);
                self.write_row(work_ended(&row, false), truth);
                Ok(())
            }
            PackVerdict::Refuse(code, kind) => {
                self.exceptions.entry(fulfillment).or_default().insert(kind.code());
                Err(code)
            }
        }
    }

    pub fn pull(&self, station: StationId, request: &PullRequest) -> PullPage {
        let from = request.cursor.as_ref().map_or(0, |cursor| cursor.0.parse().expect("own cursor"));
        let to = (from + PAGE).min(self.log.len());
        let changes = self.log[from..to]
            .iter()
            .filter(|(only, _)| only.is_none_or(|only| only == station))
            .map(|(_, change)| change.clone())
            .collect();
        PullPage {
            changes,
            next_cursor: Cursor(to.to_string()),
            more: to < self.log.len(),
            server_time_ms: 0,
            snapshot: None,
        }
    }

    pub fn lease(
        &mut self,
        request: &LeaseRequest,
        now: u64,
        truth: &mut Truth,
        chance: &mut Chance,
    ) -> Result<LeaseAnswer, ProblemCode> {
        let station = request.station_id;
        let named: BTreeSet<FulfillmentId> = request
            .have
            .iter()
            .map(|have| have.fulfillment)
            .chain(request.returns.iter().map(|back| back.fulfillment))
            .collect();
        let held = |row: &&LeaseRow| row.held && row.granted_to.is_some_and(|holder| holder.station_id == station);
        let rows = self.rows.values().filter(|row| held(row) || named.contains(&row.fulfillment)).copied().collect();
        let mut candidates: Vec<LeaseRow> =
            self.rows.values().filter(|row| is_grantable(row, now as i64)).copied().collect();
        if self.sabotage == Sabotage::GrantsHeld {
            candidates =
                self.rows.values().filter(|row| row.open).map(|row| LeaseRow { held: false, ..*row }).collect();
        }
        let key = (station, request.epoch);
        let decision = exchange(LeaseAsk {
            request,
            last_request_no: self.request_nos.get(&key).copied().unwrap_or_default(),
            epoch: self.epoch_state(station, request.epoch),
            rows,
            candidates,
            leases_max: LEASES_MAX,
            ttl_ms: TTL_MS,
            now_ms: now as i64,
        })?;
        self.request_nos.insert(key, request.request_no);
        let mut answer = decision.answer;
        for row in decision.writes {
            self.write_row(row, truth);
        }
        for fulfillment in decision.forgotten {
            // The lead who reads the exception puts the work back into the queue.
            self.exceptions.entry(fulfillment).or_default().insert(ExceptionKind::WorkForgotten.code());
            self.take_over(fulfillment, None, now, truth);
        }
        let idle = answer.granted.is_empty() && request.have.iter().all(|have| have.begun);
        if request.want > 0 && idle {
            self.feed(station, request.want, truth, chance);
        }
        if self.sabotage == Sabotage::ReturnsFreeOpenWork {
            for back in &request.returns {
                let row = self.rows[&back.fulfillment];
                self.write_row(LeaseRow { held: false, begun: false, ..row }, truth);
            }
        }
        if request.sscc_left < 3 {
            let id = BlockId::from_u128(chance.id());
            let (range, block) = block_grant(&self.range, id, station, request.epoch, 6).expect("range is large");
            self.range = range;
            self.blocks.push(block.clone());
            answer.sscc_blocks.push(block);
        }
        Ok(answer)
    }

    pub fn epoch(&mut self, request: &EpochRequest, truth: &mut Truth) -> EpochGrant {
        let station = request.station_id;
        let epoch = match epoch_decide(self.epochs[&station], self.nonces.get(&request.nonce).copied()) {
            EpochDecision::Repeat(epoch) => epoch,
            EpochDecision::New(epoch) => {
                self.epochs.insert(station, epoch);
                self.nonces.insert(request.nonce, epoch);
                let freed: Vec<LeaseRow> = self.rows.values().filter_map(|row| epoch_started(row, station)).collect();
                for row in freed {
                    self.write_row(row, truth);
                }
                epoch
            }
        };
        EpochGrant { epoch, nonce: request.nonce, server_time_ms: 0 }
    }

    pub fn photo(
        &mut self,
        hash: ContentHash,
        total: u64,
        first: u64,
        length: u64,
    ) -> Result<PhotoAnswer, ProblemCode> {
        let stored = self.photos.entry(hash).or_insert(0);
        match part_plan(*stored, total, first, length) {
            PartPlan::Append { .. } => *stored = first + length,
            PartPlan::Stored => {}
            PartPlan::Hole => return Err(ProblemCode::OffsetMismatch),
            PartPlan::Nonsense => return Err(ProblemCode::BadRequest),
        }
        let state = if *stored == total { PhotoState::Complete } else { PhotoState::Partial };
        Ok(PhotoAnswer { hash, offset: *stored, state })
    }

    /// Whether a fulfillment came to a good or a named end.
    pub fn is_ended(&self, fulfillment: FulfillmentId) -> bool {
        let work = &self.works[&fulfillment];
        work.handed_over
            || (work.cancelled && work.packed_by.is_none())
            || (work.packed_by.is_some() && !work.cancelled)
            || (work.cancelled && self.exceptions.contains_key(&fulfillment))
    }
}

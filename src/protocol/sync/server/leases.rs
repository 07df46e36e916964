//! Who may work on what: grants, renewals, returns, recalls, takeovers, and the check of a fence.
//!
//! A lease row never goes away while its fulfillment lives, so its fence only grows. `granted_to` says whom the newest
//! fence was given to and stays after a return: facts under it may still be on their way.

use super::epochs::EpochState;
use crate::protocol::wire::{
    Epoch, Fence, FulfillmentId, HaveLease, LeaseAnswer, LeaseGrant, LeaseLoss, LeaseLossReason, LeaseRequest,
    LeaseReturn, ProblemCode, RejectCode, RequestNo, ReturnReason, StationId,
};
use std::collections::{BTreeMap, BTreeSet};

/// Whom a fence was given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Station.
    pub station_id: StationId,
    /// Life of its database.
    pub epoch: Epoch,
}

/// Why a fence was passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// Never, or by an ordinary grant after a return.
    Granted,
    /// After its time.
    Expired,
    /// By a lead.
    TakenOver,
    /// The holder started a new epoch.
    EpochClosed,
}

/// The lease of one fulfillment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseRow {
    /// What.
    pub fulfillment: FulfillmentId,
    /// Newest number; 0 before the first grant.
    pub fence: Fence,
    /// Whom that number was given to.
    pub granted_to: Option<Holder>,
    /// Whether it is held now (not returned, not voided).
    pub held: bool,
    /// End on the server's clock, ms. The store must give times that never go back.
    pub expires_ms: i64,
    /// Whether work under this number began, as far as is known.
    pub begun: bool,
    /// Whether the server wants it back.
    pub recalled: bool,
    /// A lead chose the holder: granted at its next exchange, wanted or not.
    pub assigned: bool,
    /// How the number before this one ended.
    pub moved: Moved,
    /// Whether the fulfillment needs work at all (ready; not packed, cancelled or blocked).
    pub open: bool,
    /// Whether it was cancelled; tells a lost lease's holder why.
    pub cancelled: bool,
}

impl LeaseRow {
    /// The row of a fulfillment that was never granted.
    #[must_use]
    pub const fn new(fulfillment: FulfillmentId) -> Self {
        Self {
            fulfillment,
            fence: Fence(0),
            granted_to: None,
            held: false,
            expires_ms: 0,
            begun: false,
            recalled: false,
            assigned: false,
            moved: Moved::Granted,
            open: true,
            cancelled: false,
        }
    }

    fn is_held_by(&self, holder: Holder) -> bool {
        self.held && self.granted_to == Some(holder)
    }

    fn grant(&mut self, to: Holder, expires_ms: i64, moved: Moved) {
        self.fence = self.fence.next();
        self.granted_to = Some(to);
        self.held = true;
        self.expires_ms = expires_ms;
        self.begun = false;
        self.recalled = false;
        self.assigned = false;
        self.moved = moved;
    }

    /// Takes the number away from whoever had it; nobody has the work then.
    fn take_away(&mut self) {
        self.fence = self.fence.next();
        self.granted_to = None;
        self.begun = false;
        self.moved = Moved::TakenOver;
        self.release();
    }

    const fn release(&mut self) {
        self.held = false;
        self.recalled = false;
        self.assigned = false;
    }
}

/// Whether a row may be given to a station that asks. Work that began is never given on by time alone: its parcel may
/// be half packed on a bench without network, so a lead decides ([`takeover`]).
#[must_use]
pub const fn is_grantable(row: &LeaseRow, now_ms: i64) -> bool {
    if !row.open || row.assigned {
        return false;
    }
    !row.held || (!row.begun && now_ms >= row.expires_ms)
}

/// A lease exchange and what the store knows about it.
#[derive(Debug)]
pub struct LeaseAsk<'a> {
    /// The request.
    pub request: &'a LeaseRequest,
    /// Last number answered to this (station, epoch); the store raises it with the answer.
    pub last_request_no: RequestNo,
    /// State of the request's epoch.
    pub epoch: EpochState,
    /// Rows held by the station, and rows named in `have` and `returns`.
    pub rows: Vec<LeaseRow>,
    /// Grantable rows, soonest needed first; at least `want` if there are.
    pub candidates: Vec<LeaseRow>,
    /// Most unstarted leases of a station.
    pub leases_max: u32,
    /// Life of a lease, ms.
    pub ttl_ms: u64,
    /// Server's clock, ms, never going back.
    pub now_ms: i64,
}

/// What to write and answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseDecision {
    /// Rows that changed.
    pub writes: Vec<LeaseRow>,
    /// The answer, but for invoice numbers and number blocks, which the caller adds.
    pub answer: LeaseAnswer,
    /// Work that began and is still open, but that its station no longer names: it was restored from a backup, or its
    /// packing was refused. Open [`super::ExceptionKind::WorkForgotten`]; a lead looks at the bench, then takes it over.
    pub forgotten: Vec<FulfillmentId>,
}

/// Decides a lease exchange.
///
/// # Errors
/// `stale_request` for a number that is not above the last one answered; `epoch_unknown` for an epoch that is not open.
pub fn exchange(ask: LeaseAsk<'_>) -> Result<LeaseDecision, ProblemCode> {
    if ask.epoch != EpochState::Open {
        return Err(ProblemCode::EpochUnknown);
    }
    if ask.request.request_no <= ask.last_request_no {
        return Err(ProblemCode::StaleRequest);
    }
    let holder = Holder { station_id: ask.request.station_id, epoch: ask.request.epoch };
    let mut desk = Desk {
        holder,
        now_ms: ask.now_ms,
        ttl_ms: ask.ttl_ms,
        rows: ask.rows.iter().map(|row| (row.fulfillment, *row)).collect(),
        yielded: BTreeSet::new(),
        forgotten: Vec::new(),
        answer: LeaseAnswer {
            request_no: ask.request.request_no,
            granted: Vec::new(),
            renewed: Vec::new(),
            lost: Vec::new(),
            recalled: Vec::new(),
            sscc_blocks: Vec::new(),
            server_time_ms: ask.now_ms,
        },
    };
    for back in &ask.request.returns {
        desk.take_back(back);
    }
    for have in &ask.request.have {
        desk.renew(have);
    }
    desk.settle_unnamed(ask.request);
    let ready = ask.request.have.iter().filter(|have| !have.begun).count();
    let room = ask.leases_max.saturating_sub(u32::try_from(ready).unwrap_or(u32::MAX));
    desk.grant_new(ask.request.want.min(room), &ask.candidates);
    let before: BTreeMap<_, _> = ask.rows.iter().chain(&ask.candidates).map(|row| (row.fulfillment, *row)).collect();
    let writes = desk.rows.into_values().filter(|row| before.get(&row.fulfillment) != Some(row)).collect();
    Ok(LeaseDecision { writes, answer: desk.answer, forgotten: desk.forgotten })
}

struct Desk {
    holder: Holder,
    now_ms: i64,
    ttl_ms: u64,
    rows: BTreeMap<FulfillmentId, LeaseRow>,
    /// Given back because the server asked for it: meant for another station, so not granted in the same breath.
    yielded: BTreeSet<FulfillmentId>,
    answer: LeaseAnswer,
    forgotten: Vec<FulfillmentId>,
}

impl Desk {
    fn expires_ms(&self) -> i64 {
        self.now_ms.saturating_add(i64::try_from(self.ttl_ms).unwrap_or(i64::MAX))
    }

    fn take_back(&mut self, back: &LeaseReturn) {
        let holder = self.holder;
        let Some(row) = self.rows.get_mut(&back.fulfillment) else { return };
        if !row.is_held_by(holder) || row.fence != back.fence {
            return;
        }
        if row.recalled && back.reason == ReturnReason::Recalled {
            self.yielded.insert(back.fulfillment);
        }
        match back.reason {
            ReturnReason::Recalled | ReturnReason::HandedBack | ReturnReason::Cancelled | ReturnReason::ShiftEnd => {
                row.release()
            }
            // The packing is an event that came before this return. If its effect was refused, the parcel exists all
            // the same: nobody gets the work until a person has decided.
            ReturnReason::Done if row.open => row.begun = true,
            ReturnReason::Done => row.release(),
        }
    }

    fn renew(&mut self, have: &HaveLease) {
        let expires_ms = self.expires_ms();
        let holder = self.holder;
        let loss = |reason| LeaseLoss { fulfillment: have.fulfillment, fence: have.fence, reason };
        let Some(row) = self.rows.get_mut(&have.fulfillment) else {
            self.answer.lost.push(loss(LeaseLossReason::Unknown));
            return;
        };
        // Ended by its time, but nobody else was given it since: its old holder may have it on.
        let ended = !row.held && row.moved == Moved::Expired;
        if ended && row.open && row.fence == have.fence && row.granted_to == Some(holder) {
            row.held = true;
        }
        if row.fence != have.fence || !row.is_held_by(holder) {
            self.answer.lost.push(loss(loss_reason(row, have.fence)));
            return;
        }
        row.begun |= have.begun;
        // A station that began it keeps it: that is its answer to a recall.
        row.recalled &= !row.begun;
        if !row.open && !row.begun {
            let reason = loss_reason(row, have.fence);
            row.release();
            self.answer.lost.push(loss(reason));
        } else if row.recalled && !row.begun {
            self.answer.recalled.push(*have);
        } else {
            row.expires_ms = expires_ms;
            self.answer.renewed.push(grant_of(row, self.ttl_ms));
        }
    }

    /// Rows the server believes held that the station does not name: their grant never arrived, and because request
    /// numbers only grow it never will. Assigned ones are granted anew, the others are free again.
    fn settle_unnamed(&mut self, request: &LeaseRequest) {
        let expires_ms = self.expires_ms();
        let named: BTreeSet<FulfillmentId> = request
            .have
            .iter()
            .map(|have| have.fulfillment)
            .chain(request.returns.iter().map(|back| back.fulfillment))
            .collect();
        for row in self.rows.values_mut() {
            if !row.is_held_by(self.holder) || (named.contains(&row.fulfillment) && !row.assigned) {
                continue;
            }
            if row.assigned && row.open {
                row.grant(self.holder, expires_ms, Moved::TakenOver);
                self.answer.granted.push(grant_of(row, self.ttl_ms));
            } else if !row.begun {
                row.release();
            } else if row.open {
                self.forgotten.push(row.fulfillment);
            }
        }
    }

    fn grant_new(&mut self, want: u32, candidates: &[LeaseRow]) {
        let expires_ms = self.expires_ms();
        let want = usize::try_from(want).unwrap_or(usize::MAX);
        let own: Vec<LeaseRow> = self.rows.values().copied().collect();
        let mut given = 0;
        for candidate in own.iter().chain(candidates) {
            if given >= want {
                break;
            }
            let row = self.rows.entry(candidate.fulfillment).or_insert(*candidate);
            if !is_grantable(row, self.now_ms) || self.yielded.contains(&row.fulfillment) {
                continue;
            }
            let moved = if row.held { Moved::Expired } else { row.moved_on_grant() };
            row.grant(self.holder, expires_ms, moved);
            self.answer.granted.push(grant_of(row, self.ttl_ms));
            given += 1;
        }
    }
}

impl LeaseRow {
    /// A number voided by a new epoch or a lead stays so in what its old holder is told.
    const fn moved_on_grant(&self) -> Moved {
        match self.moved {
            Moved::EpochClosed => Moved::EpochClosed,
            Moved::TakenOver => Moved::TakenOver,
            Moved::Granted | Moved::Expired => Moved::Granted,
        }
    }
}

const fn grant_of(row: &LeaseRow, ttl_ms: u64) -> LeaseGrant {
    LeaseGrant { fulfillment: row.fulfillment, fence: row.fence, ttl_ms, invoice_number: None }
}

fn loss_reason(row: &LeaseRow, fence: Fence) -> LeaseLossReason {
    if row.cancelled {
        LeaseLossReason::Cancelled
    } else if fence < row.fence && row.granted_to.is_none() && row.moved == Moved::TakenOver {
        // Nobody had it since, so it is not done: it may wait blocked, and its old holder must stop all the same.
        LeaseLossReason::TakenOver
    } else if !row.open {
        LeaseLossReason::Done
    } else if fence > row.fence {
        LeaseLossReason::Unknown
    } else {
        match row.moved {
            Moved::Granted | Moved::Expired => LeaseLossReason::Expired,
            Moved::TakenOver => LeaseLossReason::TakenOver,
            Moved::EpochClosed => LeaseLossReason::EpochClosed,
        }
    }
}

/// Checks that a fact's fence is the newest and was given to this station.
///
/// Neither the time nor the epoch is asked: a station may finish late what nobody else was given, and a renumbered
/// fact is the same fact.
///
/// # Errors
/// Why the effect is refused.
pub fn fence_check(row: Option<&LeaseRow>, station_id: StationId, fence: Option<Fence>) -> Result<(), RejectCode> {
    let row = row.ok_or(RejectCode::UnknownFulfillment)?;
    let fence = fence.ok_or(RejectCode::NotLeased)?;
    let own = row.granted_to.is_some_and(|holder| holder.station_id == station_id);
    if fence == row.fence && own {
        Ok(())
    } else if fence < row.fence {
        Err(RejectCode::StaleFence)
    } else {
        Err(RejectCode::NotLeased)
    }
}

/// A grant that a restored database forgot: a station names a newer fence of work that nobody holds. Fences are given by
/// the server alone, so it was given; the station that names it first has it on. The row to write, or none.
#[must_use]
pub fn adopt_lost(row: &LeaseRow, holder: Holder, fence: Fence, expires_ms: i64) -> Option<LeaseRow> {
    if fence <= row.fence
        || !row.open
        || (row.held && row.granted_to.map(|held| held.station_id) != Some(holder.station_id))
    {
        return None;
    }
    let mut row = *row;
    row.grant(holder, expires_ms, Moved::Granted);
    row.fence = fence;
    Some(row)
}

/// Asks for an unstarted lease back. The row to write, or none if there is nothing to recall.
#[must_use]
pub const fn recall(row: &LeaseRow) -> Option<LeaseRow> {
    if !row.held || row.begun || row.recalled {
        return None;
    }
    let mut row = *row;
    row.recalled = true;
    Some(row)
}

/// Ends an unstarted lease whose time is over, so that people and stations see the work as free without anybody asking.
/// The row to write, or none. The number stays: facts of its holder may still be on their way.
#[must_use]
pub fn expire(row: &LeaseRow, now_ms: i64) -> Option<LeaseRow> {
    if !row.held || row.begun || now_ms < row.expires_ms {
        return None;
    }
    let mut row = *row;
    row.moved = Moved::Expired;
    row.release();
    Some(row)
}

/// A person sends work back to the queue, begun or not: its lease ends now, and naming it again does not bring it back.
/// The row to write, or none if the work needs nobody. The number stays, so facts that are on their way still count until
/// somebody else is given the work.
#[must_use]
pub const fn to_pool(row: &LeaseRow) -> Option<LeaseRow> {
    if !row.open {
        return None;
    }
    let mut row = *row;
    row.begun = false;
    row.moved = Moved::Granted;
    row.release();
    Some(row)
}

/// What a station keeps for itself when another has nothing to do: the work of so many minutes at its own rate.
const KEEP_MIN: u32 = 15;

/// How many unstarted leases to ask back from a station for one that has nothing to do: half of those beyond the holder's
/// own next quarter of an hour (at least one stays), at most `wanted`.
#[must_use]
pub fn recall_share(unstarted: u32, rate_per_hour: u32, wanted: u32) -> u32 {
    let keep = rate_per_hour.div_ceil(60 / KEEP_MIN).max(1);
    unstarted.saturating_sub(keep).div_ceil(2).min(wanted)
}

/// A lead's takeover: the old number is void at once. `to` takes it up with its next exchange; none: back to the queue.
///
/// None is answered if `fence_seen` is no longer the newest or the work needs nobody.
#[must_use]
pub fn takeover(row: &LeaseRow, to: Option<Holder>, fence_seen: Fence, expires_ms: i64) -> Option<LeaseRow> {
    if row.fence != fence_seen || !row.open {
        return None;
    }
    let mut row = *row;
    match to {
        Some(holder) => {
            row.grant(holder, expires_ms, Moved::TakenOver);
            row.assigned = true;
        }
        None => row.take_away(),
    }
    Some(row)
}

/// The work is changed while nobody holds it: the number that somebody had it under is void from now on, or it could still be
/// packed as it was before. The row to write, or none if a station holds it, or none ever had it since.
#[must_use]
pub fn void(row: &LeaseRow) -> Option<LeaseRow> {
    if row.held || row.granted_to.is_none() {
        return None;
    }
    let mut row = *row;
    row.take_away();
    Some(row)
}

/// A station started a new epoch: what it held under older ones is free again. The row to write, or none.
#[must_use]
pub fn epoch_started(row: &LeaseRow, station_id: StationId) -> Option<LeaseRow> {
    let own = row.granted_to.is_some_and(|holder| holder.station_id == station_id);
    if !own || !row.held {
        return None;
    }
    let mut row = *row;
    row.moved = Moved::EpochClosed;
    row.begun = false;
    row.release();
    Some(row)
}

/// The work needs nobody any more: packed, or cancelled. The row to write.
#[must_use]
pub const fn work_ended(row: &LeaseRow, cancelled: bool) -> LeaseRow {
    let mut row = *row;
    row.open = false;
    row.cancelled = cancelled;
    row
}

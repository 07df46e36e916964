//! What each kind of event does to the server's state. A match without a wildcard over the session's own events: a new
//! one does not compile until somebody has said what it does here.

use super::desk_facts;
use super::file::File;
use super::parcels;
use crate::central::error::Res;
use crate::central::services::exceptions::{self, NewException};
use crate::central::services::leases;
use crate::central::services::stock::{self, Shelves};
use crate::central::store::work::Work;
use crate::core::order::Flag;
use crate::core::session::Event;
use crate::core::session::event::{Reason, Undoable};
use crate::protocol::desk;
use crate::protocol::session::{self, SCHEMA, SessionFact};
use crate::protocol::sync::server::{
    Claim, ExceptionKind, Holder, LeaseRow, PackVerdict, fence_check, on_packed, on_unpacked, work_ended,
};
use crate::protocol::wire::{EventEnvelope, RejectCode, StationId};
use std::collections::BTreeMap;

/// How an effect ended: applied, or refused with a reason that the station is told.
pub(super) type Effect = Result<(), RejectCode>;

/// The fulfillments that a batch touches.
pub(super) struct Desk {
    station: StationId,
    files: BTreeMap<String, File>,
    shelves: Shelves,
}

/// An event with what it needs to be applied.
pub(super) struct Fact<'a> {
    pub envelope: &'a EventEnvelope,
    pub fact: SessionFact,
    pub station: StationId,
}

impl Desk {
    /// An empty desk for one station's batch.
    pub fn new(station: StationId) -> Desk {
        Desk { station, files: BTreeMap::new(), shelves: Shelves::default() }
    }

    /// Applies one event's effect.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn apply(&mut self, work: &mut Work<'_>, envelope: &EventEnvelope) -> Res<Effect> {
        if envelope.kind == desk::EXPEDITED {
            let effect = desk_facts::expedited(work, envelope)?;
            if let Err(code) = effect {
                self.refused(work, envelope, code)?;
            }
            return Ok(effect);
        }
        if envelope.kind == desk::RETURN_RECEIVED {
            return desk_facts::return_received(work, self.station, envelope);
        }
        if envelope.kind == desk::LABEL_FAULT {
            let effect = desk_facts::label_fault(work, self.station, envelope)?;
            if let Err(code) = effect {
                self.refused(work, envelope, code)?;
            }
            return Ok(effect);
        }
        if !session::KINDS.contains(&envelope.kind.as_str()) || envelope.schema > SCHEMA {
            self.refused(work, envelope, RejectCode::UnknownType)?;
            return Ok(Err(RejectCode::UnknownType));
        }
        let Ok(fact) = session::decode(&envelope.kind, envelope.payload.json()) else {
            self.refused(work, envelope, RejectCode::PayloadInvalid)?;
            return Ok(Err(RejectCode::PayloadInvalid));
        };
        if only_recorded(&fact.event) {
            return Ok(Ok(()));
        }
        let Some(id) = envelope.fulfillment.map(|id| id.to_string()) else {
            self.refused(work, envelope, RejectCode::UnknownFulfillment)?;
            return Ok(Err(RejectCode::UnknownFulfillment));
        };
        if !self.files.contains_key(&id)
            && let Some(file) = File::load(work, &id)?
        {
            self.files.insert(id.clone(), file);
        }
        let Some(file) = self.files.get_mut(&id) else {
            self.refused(work, envelope, RejectCode::UnknownFulfillment)?;
            return Ok(Err(RejectCode::UnknownFulfillment));
        };
        if let Some(lost) = lost_lease(work, file, self.station, envelope)? {
            file.lease = lost;
            file.lease_dirty = true;
        }
        let fact = Fact { envelope, fact, station: self.station };
        let effect = apply_to(work, &mut self.shelves, file, &fact)?;
        if let Err(code) = effect {
            self.refused(work, envelope, code)?;
        }
        Ok(effect)
    }

    /// Writes what changed.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn finish(mut self, work: &mut Work<'_>) -> Res<()> {
        self.files.values_mut().try_for_each(|file| file.flush(work))?;
        self.shelves.finish(work)
    }

    /// A refused effect opens a question, one per cause: a station that worked on under a lost lease asks once.
    fn refused(&self, work: &mut Work<'_>, envelope: &EventEnvelope, code: RejectCode) -> Res<()> {
        let kind = match code {
            // Opened where the packing is settled.
            RejectCode::DuplicatePack | RejectCode::CancelledBeforePack => return Ok(()),
            RejectCode::StaleFence | RejectCode::NotLeased => ExceptionKind::StaleLease.code(),
            RejectCode::SerialReused => "serial_reused",
            RejectCode::SsccReused | RejectCode::SsccNotGranted => "sscc",
            RejectCode::ShippedAfterCancel
            | RejectCode::HandoverUnpacked
            | RejectCode::UnknownFulfillment
            | RejectCode::UnknownType
            | RejectCode::PayloadInvalid
            | RejectCode::QuantityExceeded
            | RejectCode::LotHeld
            | RejectCode::UserNotAllowed
            | RejectCode::UnknownReturn
            | RejectCode::ReturnClosed
            | RejectCode::Other => "rejected",
        };
        let fulfillment = envelope.fulfillment.map(|id| id.to_string());
        let file = fulfillment.as_ref().and_then(|id| self.files.get(id));
        let cause = match kind {
            "stale_lease" => format!(
                "{}/{}/{}",
                fulfillment.clone().unwrap_or_default(),
                self.station,
                envelope.fence.map_or(0, |fence| fence.0)
            ),
            _ => envelope.id.to_string(),
        };
        let new = NewException {
            kind,
            cause,
            fulfillment: file.map(|file| file.id.clone()),
            order: file.map(|file| file.order.clone()),
            station: Some(self.station.to_string()),
            event: Some(envelope.id.to_string()),
            detail: serde_json::json!({ "code": code, "type": envelope.kind }),
        };
        exceptions::open(work, &new)?;
        Ok(())
    }
}

/// The lease that a restored database forgot and this fact was made under.
fn lost_lease(work: &mut Work<'_>, file: &File, station: StationId, envelope: &EventEnvelope) -> Res<Option<LeaseRow>> {
    let Some(fence) = envelope.fence.filter(|fence| *fence > file.lease.fence) else { return Ok(None) };
    let holder = Holder { station_id: station, epoch: envelope.epoch };
    leases::lost(work, &file.lease, holder, fence)
}

/// Facts that are kept for people and figures and change nothing here.
fn only_recorded(event: &Event) -> bool {
    match event {
        Event::StepEntered { .. }
        | Event::StockChecked { .. }
        | Event::TraceAsked { .. }
        | Event::Refused { .. }
        | Event::PartialAllowed { .. }
        | Event::Substituted { .. }
        | Event::ChecklistSet { .. }
        | Event::Ticked { .. }
        | Event::WeightRefused { .. }
        | Event::PrintEnded { .. }
        | Event::Consolidated { .. }
        | Event::Advanced
        | Event::LeadCalled
        | Event::Paused { .. }
        | Event::PackerSwitched { .. }
        | Event::CancelSeen { .. }
        | Event::TakenOver => true,
        Event::Opened { .. }
        | Event::FlagCleared { .. }
        | Event::Picked { .. }
        | Event::Verified { .. }
        | Event::Moved { .. }
        | Event::Undone { .. }
        | Event::Shorted { .. }
        | Event::Damaged { .. }
        | Event::ParcelOpened { .. }
        | Event::MovingEnded { .. }
        | Event::PackagingChosen { .. }
        | Event::Weighed { .. }
        | Event::RecountStarted { .. }
        | Event::LabelAssigned { .. }
        | Event::PrintAttempted { .. }
        | Event::ParcelConfirmed { .. }
        | Event::Packed { .. }
        | Event::PhotoTaken { .. }
        | Event::Resumed { .. }
        | Event::Held { .. }
        | Event::HandedBack { .. }
        | Event::Unpacked => false,
    }
}

fn apply_to(work: &mut Work<'_>, shelves: &mut Shelves, file: &mut File, fact: &Fact<'_>) -> Res<Effect> {
    if let Event::Packed { .. } = fact.fact.event {
        return packed(work, file, fact);
    }
    if let Event::Unpacked = fact.fact.event {
        return unpacked(work, shelves, file, fact);
    }
    if let Err(code) = fence_check(Some(&file.lease), fact.station, fact.envelope.fence) {
        return Ok(Err(code));
    }
    match &fact.fact.event {
        Event::Opened { picked_elsewhere, .. } => opened(work, shelves, file, *picked_elsewhere).map(Ok),
        Event::FlagCleared { flag, approval } => {
            if !desk_facts::agreed(work, approval)? {
                return Ok(Err(RejectCode::UserNotAllowed));
            }
            file.cleared.push(match flag {
                Flag::FraudReview => "flag_fraud",
                Flag::AddressTrouble => "flag_address",
                Flag::Unpaid => "flag_unpaid",
            });
            Ok(Ok(()))
        }
        Event::Picked { line, quantity, location, .. } => {
            picked(work, shelves, file, (line.0, *quantity), location.as_deref())
        }
        Event::Undone { what } => undone(work, shelves, file, what),
        Event::Shorted { line, quantity, reason } => shorted(work, file, fact, (line.0, *quantity, *reason)),
        Event::Damaged { line, product, quantity, reason, unpacked, unpicked } => {
            let units = (i64::from(*quantity), i64::from(*unpicked));
            damaged(work, shelves, file, fact, (line.0, &product.to_string(), units, unpacked, *reason))
        }
        Event::Held { reason, .. } => held(work, file, fact, *reason).map(Ok),
        Event::Resumed { .. } => {
            if file.turn(&["held"], "packing") {
                file.hold_reason = None;
                file.dirty = true;
            }
            Ok(Ok(()))
        }
        Event::HandedBack { .. } => {
            reset(work, shelves, file)?;
            file.turn(&["packing", "held"], "released");
            file.lease.begun = false;
            file.lease_dirty = true;
            file.dirty = true;
            Ok(Ok(()))
        }
        event => parcels::apply(work, shelves, file, fact, event),
    }
}

/// A bench begins the work from nothing. What another bench had in hand before goes back to its shelves in the book.
fn opened(work: &mut Work<'_>, shelves: &mut Shelves, file: &mut File, picked_elsewhere: bool) -> Res<()> {
    if file.work.packed_by.is_none() {
        reset(work, shelves, file)?;
    }
    if picked_elsewhere {
        for line in file.lines.values_mut() {
            line.picked = line.quantity;
        }
    }
    file.turn(&["released", "held"], "packing");
    // Begun is also the answer to a recall: the station keeps it.
    (file.lease.begun, file.lease.recalled) = (true, false);
    file.lease_dirty = true;
    file.dirty = true;
    Ok(())
}

/// A bench parks the work and a person is asked. A bench that was offline may park what was called off meanwhile: that stays called
/// off, and there is nothing left to ask.
fn held(work: &mut Work<'_>, file: &mut File, fact: &Fact<'_>, reason: Reason) -> Res<()> {
    if file.work.cancelled {
        return Ok(());
    }
    file.state = "held".to_owned();
    file.hold_reason = Some(reason.key().to_owned());
    file.dirty = true;
    ask(work, file, fact, "hold", serde_json::json!({ "reason": reason.key() }))
}

/// All that this work took from its shelves is there again in the book: what was ordered, and what lies in the parcels instead of it.
fn reset(work: &mut Work<'_>, shelves: &mut Shelves, file: &mut File) -> Res<()> {
    for ((_, no, product, _, _), units) in &file.boxes.items {
        if file.lines.get(no).is_some_and(|line| line.product != *product) {
            shelves.put_back(work, product, *units, &file.id)?;
        }
    }
    for line in file.lines.values_mut().filter(|line| line.picked > 0 || line.verified > 0 || line.short > 0) {
        shelves.put_back(work, &line.product, line.picked, &file.id)?;
        (line.picked, line.verified, line.packed, line.short) = (0, 0, 0, 0);
    }
    parcels::clear(work, file)
}

fn picked(
    work: &mut Work<'_>,
    shelves: &mut Shelves,
    file: &mut File,
    what: (u32, u32),
    location: Option<&str>,
) -> Res<Effect> {
    let (no, quantity) = what;
    let units = i64::from(quantity);
    let line = match file.line(no) {
        Ok(line) => line,
        Err(code) => return Ok(Err(code)),
    };
    if line.picked + units > line.quantity {
        return Ok(Err(RejectCode::QuantityExceeded));
    }
    line.picked += units;
    let product = line.product.clone();
    shelves.take(work, &product, location, units, &file.id)?;
    Ok(Ok(()))
}

fn undone(work: &mut Work<'_>, shelves: &mut Shelves, file: &mut File, what: &Undoable) -> Res<Effect> {
    match what {
        // The book swaps a substitute for what was ordered when it is verified; until then it is a pick of the line.
        Undoable::Picked { line, quantity, product: _ } => {
            let units = i64::from(*quantity);
            let line = match file.line(line.0) {
                Ok(line) => line,
                Err(code) => return Ok(Err(code)),
            };
            line.picked = (line.picked - units).max(0);
            let product = line.product.clone();
            shelves.put_back(work, &product, units, &file.id)?;
            Ok(Ok(()))
        }
        Undoable::Verified { line, product, units, trace, parcel, .. } => {
            let product = product.to_string();
            parcels::take_out(work, shelves, file, (*parcel, line.0, &product, i64::from(*units)), trace)
        }
        Undoable::Moved { line, product, units, serial, from, to, net: _, lot, expiry } => {
            let (way, batch) = ((*to, *from), (lot.as_deref(), *expiry));
            parcels::moved(work, file, (line.0, &product.to_string(), i64::from(*units)), serial.as_deref(), batch, way)
        }
        Undoable::TraceAsked | Undoable::Ticked { .. } => Ok(Ok(())),
    }
}

fn shorted(work: &mut Work<'_>, file: &mut File, fact: &Fact<'_>, what: (u32, u32, Reason)) -> Res<Effect> {
    let (no, quantity, reason) = what;
    let line = match file.line(no) {
        Ok(line) => line,
        Err(code) => return Ok(Err(code)),
    };
    line.short += i64::from(quantity);
    let detail = serde_json::json!({ "line": no, "units": quantity, "product": line.product, "reason": reason.key() });
    ask(work, file, fact, "short", detail).map(Ok)
}

type Broken<'a> = (u32, &'a str, (i64, i64), &'a [(u16, u32)], Reason);

fn damaged(
    work: &mut Work<'_>,
    shelves: &mut Shelves,
    file: &mut File,
    fact: &Fact<'_>,
    what: Broken<'_>,
) -> Res<Effect> {
    let (no, product, (units, unpicked), unpacked, reason) = what;
    let ordered = match file.line(no) {
        Ok(line) => line.product.clone(),
        Err(code) => return Ok(Err(code)),
    };
    for (parcel, n) in unpacked {
        if let Err(code) = parcels::take_any(file, (*parcel, no, product, i64::from(*n))) {
            return Ok(Err(code));
        }
    }
    if let Ok(line) = file.line(no) {
        line.picked = (line.picked - unpicked).max(0);
    }
    // Of a substitute with a lot or serial the scans are undone first: by the book its units are in hand as ordered ones.
    let in_hand = unpicked - unpacked.iter().map(|(_, n)| i64::from(*n)).sum::<i64>();
    if ordered != product && in_hand > 0 {
        shelves.put_back(work, &ordered, in_hand, &file.id)?;
        shelves.take(work, product, None, in_hand, &file.id)?;
    }
    // What was in hand left its shelf with the pick; what broke before a pick leaves it now.
    let on_shelf = units - unpicked;
    if on_shelf > 0 {
        shelves.take(work, product, None, on_shelf, &file.id)?;
    }
    stock::damaged(work, product, units, &file.id)?;
    let detail = serde_json::json!({ "line": no, "units": units, "product": product, "reason": reason.key() });
    ask(work, file, fact, "damaged", detail).map(Ok)
}

fn packed(work: &mut Work<'_>, file: &mut File, fact: &Fact<'_>) -> Res<Effect> {
    let claim = Claim { station_id: fact.station, fence: fact.envelope.fence };
    match on_packed(&file.work, Some(&file.lease), claim) {
        PackVerdict::Accept(row) => {
            file.work = row;
            file.packed_user = Some(fact.fact.actor.to_string());
            for line in file.lines.values_mut() {
                // A substitute is verified without a pick of the ordered product.
                line.picked = line.picked.max(line.verified).min(line.quantity);
                line.packed = line.verified.min(line.picked);
            }
            file.state = "packed".to_owned();
            file.lease = work_ended(&file.lease, false);
            (file.dirty, file.lease_dirty) = (true, true);
            Ok(Ok(()))
        }
        PackVerdict::Refuse(code, kind) => {
            let detail = serde_json::json!({ "order": file.number });
            ask(work, file, fact, kind.code(), detail)?;
            Ok(Err(code))
        }
    }
}

fn unpacked(work: &mut Work<'_>, shelves: &mut Shelves, file: &mut File, fact: &Fact<'_>) -> Res<Effect> {
    let own = file.work.packed_by.is_none_or(|claim| claim.station_id == fact.station);
    if !own {
        // The other bench's parcel stands; this one's was never in the book.
        return Ok(Ok(()));
    }
    if file.work.handed_over || file.left {
        // The fact stays in the log and a person is asked: what the carrier has is not back on a shelf.
        let code = if file.work.cancelled { RejectCode::ShippedAfterCancel } else { RejectCode::Other };
        return Ok(Err(code));
    }
    if let Some(row) = on_unpacked(&file.work) {
        file.work = row;
        file.packed_user = None;
    }
    reset(work, shelves, file)?;
    file.state = if file.work.cancelled { "cancelled" } else { "released" }.to_owned();
    file.dirty = true;
    Ok(Ok(()))
}

/// Opens a question about this work.
fn ask(work: &mut Work<'_>, file: &File, fact: &Fact<'_>, kind: &'static str, detail: serde_json::Value) -> Res<()> {
    let new = NewException {
        kind,
        cause: fact.envelope.id.to_string(),
        fulfillment: Some(file.id.clone()),
        order: Some(file.order.clone()),
        station: Some(fact.station.to_string()),
        event: Some(fact.envelope.id.to_string()),
        detail,
    };
    exceptions::open(work, &new)?;
    Ok(())
}

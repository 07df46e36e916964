//! What a lead decides at a bench: the effects of what happens outside of any packing, and whether who agreed within one may.
//! The bench's word for who decided is checked here.

use super::effects::Effect;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::exceptions::{self, NewException};
use crate::central::services::labels;
use crate::central::services::orders;
use crate::central::services::returns::{self, Grade, Graded, Hands};
use crate::central::services::users;
use crate::central::store::work::Work;
use crate::core::person::Approval;
use crate::protocol::desk;
use crate::protocol::wire::{EventEnvelope, RejectCode, ReturnGrade, StationId, UserId};
use crate::vals;

/// An order goes to the front, or back in turn, for every bench.
///
/// # Errors
/// Any fault of the store.
pub(super) fn expedited(work: &mut Work<'_>, envelope: &EventEnvelope) -> Res<Effect> {
    let fact = desk::Expedited::read(envelope.payload.json()).filter(|_| envelope.schema <= desk::SCHEMA);
    let (Some(fact), Some(id)) = (fact, envelope.fulfillment) else { return Ok(Err(RejectCode::PayloadInvalid)) };
    let sql = "SELECT order_id FROM fulfillments WHERE id = $1 AND site = $2";
    let Some(row) = work.one(sql, vals![id.to_string(), work.site()])? else {
        return Ok(Err(RejectCode::UnknownFulfillment));
    };
    if !users::may_lead(work, fact.actor)? {
        return Ok(Err(RejectCode::UserNotAllowed));
    }
    match orders::expedite(work, &row.at::<String>(0)?, fact.actor, fact.on) {
        // Packed or called off meanwhile: there is nothing left to rank.
        Ok(()) | Err(CentralError::Refused(Refusal::Missing { .. })) => Ok(Ok(())),
        Err(error) => Err(error),
    }
}

/// Whether the person who is said to have agreed is a lead here and now. The role that the bench wrote beside the name is its
/// own word.
///
/// # Errors
/// Any fault of the store.
pub(super) fn agreed(work: &mut Work<'_>, approval: &Approval) -> Res<bool> {
    users::may_lead(work, UserId(approval.user.0))
}

/// Units of a return that a bench took in: the same entry into lines and ledger as the console makes. What cannot be entered any
/// more is asked of a person, with all that the bench said.
///
/// # Errors
/// Any fault of the store.
pub(super) fn return_received(work: &mut Work<'_>, station: StationId, envelope: &EventEnvelope) -> Res<Effect> {
    let fact = desk::ReturnReceived::read(envelope.payload.json()).filter(|_| envelope.schema <= desk::SCHEMA);
    let (code, order) = match &fact {
        Some(fact) => match entered(work, envelope, fact)? {
            (Ok(()), _) => return Ok(Ok(())),
            (Err(code), order) => (code, order),
        },
        None => (RejectCode::PayloadInvalid, None),
    };
    let detail = match &fact {
        Some(fact) => serde_json::json!({
            "code": code, "type": envelope.kind, "return": fact.number, "line": fact.line, "units": fact.units,
            "grade": fact.grade,
        }),
        None => serde_json::json!({ "code": code, "type": envelope.kind }),
    };
    let new = NewException {
        kind: "return_refused",
        cause: envelope.id.to_string(),
        fulfillment: None,
        order,
        station: Some(station.to_string()),
        event: Some(envelope.id.to_string()),
        detail,
    };
    exceptions::open(work, &new)?;
    Ok(Err(code))
}

/// Enters the units; the order it is about, where a person must be asked.
fn entered(
    work: &mut Work<'_>,
    envelope: &EventEnvelope,
    fact: &desk::ReturnReceived,
) -> Res<(Effect, Option<String>)> {
    let sql = "SELECT number, order_id FROM returns WHERE id = $1 AND site = $2";
    let Some(row) = work.one(sql, vals![fact.return_id.to_string(), work.site()])? else {
        return Ok((Err(RejectCode::UnknownReturn), None));
    };
    let (number, order): (String, Option<String>) = (row.at(0)?, row.at(1)?);
    let came = Graded {
        line: fact.line,
        quantity: i64::from(fact.units),
        grade: match fact.grade {
            ReturnGrade::Resell => Grade::Resell,
            ReturnGrade::Repair => Grade::Repair,
            ReturnGrade::Scrap => Grade::Scrap,
        },
        location: fact.location.clone().unwrap_or_default(),
        lot: fact.lot.clone().unwrap_or_default(),
        expiry: fact.expiry.as_ref().map(ToString::to_string).unwrap_or_default(),
        serial: fact.serial.clone().unwrap_or_default(),
    };
    let hands = Hands { id: envelope.id.to_string(), actor_kind: "user", actor: fact.actor.to_string() };
    let code = match returns::receive_by(work, &number, None, &came, &hands) {
        Ok(_) => return Ok((Ok(()), order)),
        Err(CentralError::Refused(refusal)) => match refusal {
            Refusal::Stock { .. } => RejectCode::QuantityExceeded,
            Refusal::State { .. } => RejectCode::ReturnClosed,
            Refusal::Missing { .. } => RejectCode::UnknownReturn,
            Refusal::Field { .. }
            | Refusal::Fields { .. }
            | Refusal::Taken { .. }
            | Refusal::Version { .. }
            | Refusal::Forbidden
            | Refusal::Unrecognised
            | Refusal::PairingCode
            | Refusal::PairingOther
            | Refusal::TooMany { .. }
            | Refusal::Short { .. }
            | Refusal::Limit { .. }
            | Refusal::Needs { .. }
            | Refusal::ByWork => RejectCode::PayloadInvalid,
        },
        Err(error) => return Err(error),
    };
    Ok((Err(code), order))
}

/// A site's template could not make a label, and the house label was printed: a person is asked, and nothing else changes.
///
/// # Errors
/// Any fault of the store.
pub(super) fn label_fault(work: &mut Work<'_>, station: StationId, envelope: &EventEnvelope) -> Res<Effect> {
    let fact = desk::LabelFault::read(envelope.payload.json()).filter(|_| envelope.schema <= desk::SCHEMA);
    let Some(fact) = fact else { return Ok(Err(RejectCode::PayloadInvalid)) };
    let fulfillment = envelope.fulfillment.map(|id| id.to_string());
    let sql = "SELECT order_id FROM fulfillments WHERE id = $1 AND site = $2";
    let order: Option<String> = match &fulfillment {
        Some(id) => work.one(sql, vals![id, work.site()])?.map(|row| row.at(0)).transpose()?,
        None => None,
    };
    let (station, event) = (station.to_string(), envelope.id.to_string());
    let fulfillment = order.as_ref().and(fulfillment.as_deref());
    let met = labels::Met { fulfillment, order: order.as_deref(), station: &station, event: &event };
    labels::fault_met(work, &fact, met)?;
    Ok(Ok(()))
}

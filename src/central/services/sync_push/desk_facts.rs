//! What a lead decides at a bench: the effects of what happens outside of any packing, and whether who agreed within one may.
//! The bench's word for who decided is checked here.

use super::effects::Effect;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::orders;
use crate::central::services::users;
use crate::central::store::work::Work;
use crate::core::person::Approval;
use crate::protocol::desk;
use crate::protocol::wire::{EventEnvelope, RejectCode, UserId};
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

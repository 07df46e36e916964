//! A lead takes work away from a station: the old fence is void in the same moment. A station names the lead; whether that
//! person may is looked up here, and a wish in a wrong name is kept as a question.

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::exceptions::{self, NewException};
use crate::central::services::stock;
use crate::central::services::users;
use crate::central::store::work::Work;
use crate::protocol::sync::server::{Holder, takeover as decide, void as decide_void};
use crate::protocol::wire::{Epoch, RejectCode, TakeoverAnswer, TakeoverRequest};
use crate::vals;

/// How a takeover ended.
#[derive(Debug)]
pub enum Taken {
    /// Done.
    Answer(TakeoverAnswer),
    /// The person named is unknown here, not active, or no lead. Recorded, and a question is open.
    NotALead,
}

/// Moves the work to a station, or back to the queue.
///
/// # Errors
/// [`Refusal::Missing`] for unknown work or station, [`Refusal::State`] if the screen was old or the work needs nobody.
pub fn takeover(work: &mut Work<'_>, request: &TakeoverRequest) -> Res<Taken> {
    let id = request.fulfillment.to_string();
    let row = super::get(work.tx, &id)?.ok_or(Refusal::Missing { entity: "fulfillment" })?;
    if !users::may_lead(work, request.by)? {
        refused(work, request)?;
        return Ok(Taken::NotALead);
    }
    let to = match request.to {
        None => None,
        Some(station_id) => {
            let row = work.one("SELECT epoch FROM stations WHERE id = $1", vals![station_id.to_string()])?;
            let epoch = row.ok_or(Refusal::Missing { entity: "station" })?.at(0)?;
            Some(Holder { station_id, epoch: Epoch(epoch) })
        }
    };
    let ttl_ms = work.tx.int("SELECT lease_ttl_ms FROM sites WHERE id = $1", vals![work.ctx.site.to_string()])?;
    let expires_ms = work.now_ms().saturating_add(ttl_ms);
    let after = decide(&row, to, request.fence_seen, expires_ms)
        .ok_or_else(|| CentralError::from(Refusal::State { entity: "fulfillment", state: "given on".to_owned() }))?;
    super::put(work, &after)?;
    stock::allocation_changed(work, &id)?;
    work.exec("UPDATE fulfillments SET state = 'released' WHERE id = $1 AND state = 'packing'", vals![&id])?;
    super::forgotten::settle(work, &id)?;
    work.audit(
        "fulfillment.taken_over",
        "fulfillment",
        id,
        serde_json::json!({ "fence": after.fence.0, "by": request.by }),
    );
    let holder = after.granted_to.map(|holder| holder.station_id);
    Ok(Taken::Answer(TakeoverAnswer { fulfillment: request.fulfillment, fence: after.fence, holder }))
}

/// The person at the console takes the work from whoever has it, back to the queue, whatever its bench held it for.
///
/// # Errors
/// [`Refusal::Forbidden`] for anybody but a lead, [`Refusal::State`] if the work needs nobody.
pub fn take_from(work: &mut Work<'_>, fulfillment: &str) -> Res<()> {
    let Actor::User(by) = work.ctx.actor else { return Err(Refusal::Forbidden.into()) };
    let row = super::get(work.tx, fulfillment)?.ok_or(Refusal::Missing { entity: "fulfillment" })?;
    let request = TakeoverRequest { fulfillment: row.fulfillment, by, to: None, fence_seen: row.fence };
    match takeover(work, &request)? {
        Taken::Answer(_) => super::expire::reopen(work, fulfillment),
        Taken::NotALead => Err(Refusal::Forbidden.into()),
    }
}

/// Work is changed, held or split while no station holds it. A bench that had it before may have packed it without network, as it
/// was: its number is void from now on, so that its parcel becomes a question and nobody sends it. Work that a station holds, or
/// that none had, stays as it is.
///
/// # Errors
/// Any fault of the store.
pub fn void(work: &mut Work<'_>, fulfillment: &str) -> Res<()> {
    match super::get(work.tx, fulfillment)?.as_ref().and_then(decide_void) {
        Some(after) => super::put(work, &after),
        None => Ok(()),
    }
}

/// Keeps what was wished in whose name, and asks a person once per wish.
fn refused(work: &mut Work<'_>, request: &TakeoverRequest) -> Res<()> {
    let id = request.fulfillment.to_string();
    let order = work.one("SELECT order_id FROM fulfillments WHERE id = $1", vals![&id])?;
    let new = NewException {
        kind: "rejected",
        cause: format!("takeover/{id}/{}/{}", request.fence_seen, request.by),
        fulfillment: Some(id.clone()),
        order: order.map(|row| row.at(0)).transpose()?,
        station: Some(work.ctx.actor.id()).filter(|_| matches!(work.ctx.actor, Actor::Station(_))),
        event: None,
        detail: serde_json::json!({ "code": RejectCode::UserNotAllowed, "type": "takeover" }),
    };
    exceptions::open(work, &new)?;
    let detail = serde_json::json!({ "by": request.by, "to": request.to, "fence": request.fence_seen });
    work.audit("fulfillment.takeover_refused", "fulfillment", id, detail);
    Ok(())
}

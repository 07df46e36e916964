//! A lead takes work away from a station: the old fence is void in the same moment.

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::sync::server::{Holder, takeover as decide};
use crate::protocol::wire::{Epoch, TakeoverAnswer, TakeoverRequest};
use crate::vals;

/// Moves the work to a station, or back to the queue.
///
/// # Errors
/// [`Refusal::Missing`] for unknown work or station, [`Refusal::State`] if the screen was old or the work needs nobody.
pub fn takeover(work: &mut Work<'_>, request: &TakeoverRequest) -> Res<TakeoverAnswer> {
    let id = request.fulfillment.to_string();
    let row = super::get(work.tx, &id)?.ok_or(Refusal::Missing { entity: "fulfillment" })?;
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
    work.exec("UPDATE fulfillments SET state = 'released' WHERE id = $1 AND state = 'packing'", vals![&id])?;
    work.audit("fulfillment.taken_over", "fulfillment", id, serde_json::json!({ "fence": after.fence.0 }));
    let holder = after.granted_to.map(|holder| holder.station_id);
    Ok(TakeoverAnswer { fulfillment: request.fulfillment, fence: after.fence, holder })
}

//! Leases that end without their station: unstarted ones whose time is over, and what a person sends back to the queue. Either
//! way the work is in the pool again for everybody to see.

use super::rows::{put, row_of, select};
use crate::central::error::Res;
use crate::central::services::stock;
use crate::central::store::work::Work;
use crate::protocol::sync::server::{LeaseRow, expire as decide, to_pool};
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;

/// Most leases ended in one transaction: other writers of the site wait for it.
pub const EXPIRED_MAX: u32 = 200;

const OVERDUE: &str = "site = $1 AND lease_held = 1 AND lease_expires_ms <= $2 AND lease_begun = 0";

/// Whether there is anything to end. Costs no write, so that an idle server stays idle.
///
/// # Errors
/// Any fault of the store.
pub fn any_overdue(tx: &mut dyn Conn, site: SiteId, now_ms: i64) -> Res<bool> {
    Ok(tx.one(&format!("{} LIMIT 1", select(OVERDUE)), vals![site.to_string(), now_ms])?.is_some())
}

/// Ends at most [`EXPIRED_MAX`] of them; how many. Work that began is never ended by time alone: a lead decides.
///
/// # Errors
/// Any fault of the store.
pub fn expire(work: &mut Work<'_>) -> Res<u32> {
    let sql = format!("{} ORDER BY lease_expires_ms, id LIMIT $3", select(OVERDUE));
    let mut ended = 0;
    for row in work.all(&sql, vals![work.site(), work.now_ms(), EXPIRED_MAX])? {
        let row = row_of(&row)?;
        if let Some(after) = decide(&row, work.now_ms()) {
            end(work, &after)?;
            let detail = serde_json::json!({ "fence": row.fence.0 });
            work.audit("fulfillment.lease_expired", "fulfillment", row.fulfillment.to_string(), detail);
            ended += 1;
        }
    }
    Ok(ended)
}

/// Writes the row of a lease that ended: an open wish for it is answered, and its stock is free again.
fn end(work: &mut Work<'_>, after: &LeaseRow) -> Res<()> {
    put(work, after)?;
    stock::allocation_changed(work, &after.fulfillment.to_string())
}

/// A person sends work back to the queue, whoever has it. False if it needs nobody: packed, cancelled or unknown.
///
/// # Errors
/// Any fault of the store.
pub fn release(work: &mut Work<'_>, fulfillment: &str) -> Res<bool> {
    let Some(after) = super::get(work.tx, fulfillment)?.as_ref().and_then(to_pool) else { return Ok(false) };
    end(work, &after)?;
    reopen(work, fulfillment)?;
    work.audit("fulfillment.released", "fulfillment", fulfillment, serde_json::json!({ "fence": after.fence.0 }));
    Ok(true)
}

/// Open work that a bench had in hand or on hold waits in the queue again.
pub(super) fn reopen(work: &mut Work<'_>, fulfillment: &str) -> Res<()> {
    work.exec(
        "UPDATE fulfillments SET state = 'released', hold_reason = NULL, version = version + 1, updated_ms = $2 \
         WHERE id = $1 AND cancelled_ms IS NULL AND state IN ('held', 'packing', 'released')",
        vals![fulfillment, work.now_ms()],
    )?;
    work.changed(ChangeKind::Fulfillment, fulfillment);
    Ok(())
}

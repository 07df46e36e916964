//! Unstarted leases whose time is over end, so that the work is in the pool again for everybody to see.

use super::rows::{put, row_of, select};
use crate::central::error::Res;
use crate::central::services::stock;
use crate::central::store::work::Work;
use crate::protocol::sync::server::expire as decide;
use crate::protocol::wire::SiteId;
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
            put(work, &after)?;
            stock::allocation_changed(work, &row.fulfillment.to_string())?;
            let detail = serde_json::json!({ "fence": row.fence.0 });
            work.audit("fulfillment.lease_expired", "fulfillment", row.fulfillment.to_string(), detail);
            ended += 1;
        }
    }
    Ok(ended)
}

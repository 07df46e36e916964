//! Orders that were taken although stock was missing wait blocked, and are let go when there is enough for all of one. The one
//! that is due first is looked at first; one that still lacks something does not hold up those behind it.

use super::allocation::available;
use crate::central::error::Res;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;

/// Why such work is blocked, as stored.
pub const BACKORDER: &str = "backorder";
/// Most of them looked at in one transaction: other writers of the site wait for it.
const LOOKED_MAX: i64 = 200;

const WAITING: &str = "SELECT f.id, f.order_id FROM fulfillments f WHERE f.site = $1 AND f.state = 'blocked' \
    AND f.hold_reason = $2 ORDER BY f.sort_priority, f.sort_due_ms, f.sort_placed_ms, f.id LIMIT $3";

/// Whether any work waits and all of it is there now. Costs no write, so that an idle server stays idle.
///
/// # Errors
/// Any fault of the store.
pub fn any_waiting(tx: &mut dyn Conn, site: SiteId) -> Res<bool> {
    for row in tx.all(WAITING, vals![site.to_string(), BACKORDER, LOOKED_MAX])? {
        if all_there(tx, &row.at::<String>(0)?)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Lets go what can be packed now; how many.
///
/// # Errors
/// Any fault of the store.
pub fn release_waiting(work: &mut Work<'_>) -> Res<u32> {
    let mut released = 0;
    for row in work.all(WAITING, vals![work.site(), BACKORDER, LOOKED_MAX])? {
        let (id, order): (String, String) = (row.at(0)?, row.at(1)?);
        if !all_there(work.tx, &id)? {
            continue;
        }
        work.exec(
            "UPDATE fulfillments SET state = 'released', hold_reason = NULL, version = version + 1, updated_ms = $2 \
             WHERE id = $1",
            vals![&id, work.now_ms()],
        )?;
        work.changed(ChangeKind::Fulfillment, &id);
        work.audit("order.stock_came", "order", order, serde_json::json!({ "fulfillment": id }));
        released += 1;
    }
    Ok(released)
}

/// Whether enough is free for every product of this work, which itself is not counted yet.
///
/// # Errors
/// Any fault of the store.
pub(crate) fn all_there(tx: &mut dyn Conn, fulfillment: &str) -> Res<bool> {
    let rows = tx.all(
        "SELECT l.product, CAST(SUM(fl.quantity) AS BIGINT) FROM fulfillment_lines fl \
         JOIN fulfillments f ON f.id = fl.fulfillment \
         JOIN order_lines l ON l.order_id = f.order_id AND l.line_no = fl.line_no WHERE fl.fulfillment = $1 \
         GROUP BY l.product",
        vals![fulfillment],
    )?;
    for row in rows {
        if available(tx, &row.at::<String>(0)?)? < row.at::<i64>(1)? {
            return Ok(false);
        }
    }
    Ok(true)
}

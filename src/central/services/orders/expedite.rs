//! A lead puts an order first, or back in turn.

use crate::central::error::{Refusal, Res};
use crate::central::services::leases;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, UserId};
use crate::vals;

/// Puts the order first in the name of the lead `by`, or back in turn.
///
/// # Errors
/// [`Refusal::Missing`] for no such open order.
pub fn expedite(work: &mut Work<'_>, order: &str, by: UserId, on: bool) -> Res<()> {
    let set = work.exec(
        "UPDATE orders SET expedited_by = $3, expedited_ms = $4, version = version + 1, updated_ms = $5 \
         WHERE id = $1 AND site = $2 AND is_open = 1",
        vals![order, work.site(), on.then(|| by.to_string()), on.then_some(work.now_ms()), work.now_ms()],
    )?;
    if set == 0 {
        return Err(Refusal::Missing { entity: "open order" }.into());
    }
    // Smaller is sooner; sold as rush is -1, so a lead's word goes before it.
    let rows = work.all(
        "UPDATE fulfillments SET sort_priority = CASE WHEN CAST($2 AS BIGINT) = 1 THEN -2 ELSE \
         (SELECT -rush FROM orders WHERE orders.id = $1) END, version = version + 1, updated_ms = $3 WHERE order_id = $1 \
         RETURNING id",
        vals![order, on, work.now_ms()],
    )?;
    for row in rows {
        work.changed(ChangeKind::Fulfillment, row.at::<String>(0)?);
    }
    work.changed(ChangeKind::Order, order);
    if on {
        leases::recall_rush(work, order)?;
    }
    work.audit("order.expedited", "order", order, serde_json::json!({ "on": on, "by": by }));
    Ok(())
}

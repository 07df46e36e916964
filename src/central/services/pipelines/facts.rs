//! Facts that a stage asks for: which an order has, and telling one that only people know.

use super::model::Need;
use crate::central::error::{Refusal, Res};
use crate::central::services::handover::{DELIVERED, Units};
use crate::central::services::messages::{self, Kind};
use crate::central::services::orders;
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::sql::Conn;
use crate::vals;

/// Longest note of a delivery, characters.
const NOTE_MAX: usize = 200;
/// A delivery may be told so much ahead of the server's clock, ms.
const AHEAD_MS: i64 = 5 * 60_000;

/// That the customer has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// When, UTC ms.
    pub at_ms: i64,
    /// Who says so: the customer, a signature, a driver.
    pub note: String,
}

/// What of these the order with that id lacks, in the order of the list. A note is one that is told with the move.
///
/// # Errors
/// Any fault of the store.
pub fn missing(tx: &mut dyn Conn, order: &str, needs: &[Need], noted: bool) -> Res<Vec<Need>> {
    let mut lacks = Vec::new();
    for need in needs {
        let question = match need {
            Need::Note => {
                if !noted {
                    lacks.push(*need);
                }
                continue;
            }
            Need::Payment => {
                "SELECT COUNT(*) FROM orders WHERE id = $1 AND payment_status IN ('authorized', 'paid', 'overcharged')"
            }
            Need::Parcel => {
                "SELECT COUNT(*) FROM parcels p JOIN fulfillments f ON f.id = p.fulfillment WHERE f.order_id = $1 \
                 AND p.void = 0 AND p.confirmed_ms IS NOT NULL"
            }
            Need::Delivery => {
                "SELECT COUNT(*) FROM orders o WHERE o.id = $1 AND (o.fulfillment_status = 'delivered' \
                 OR EXISTS (SELECT 1 FROM order_deliveries d WHERE d.order_id = o.id))"
            }
            Need::Call => {
                "SELECT COUNT(*) FROM order_calls c WHERE c.order_id = $1 \
                 AND c.created_ms >= COALESCE((SELECT since_ms FROM order_places WHERE order_id = $1), 0)"
            }
        };
        if tx.int(question, vals![order])? == 0 {
            lacks.push(*need);
        }
    }
    Ok(lacks)
}

/// Tells that the customer has the order. What left counts as delivered; what never left the house by a parcel does not, and is
/// only noted as handed over.
///
/// # Errors
/// [`Refusal::Missing`] for no such order, [`Refusal::Field`] for a time or note out of bounds.
pub fn deliver(work: &mut Work<'_>, order: &str, delivery: &Delivery) -> Res<()> {
    let row = work.one("SELECT placed_ms FROM orders WHERE id = $1 AND site = $2", vals![order, work.site()])?;
    let placed_ms: i64 = row.ok_or(Refusal::Missing { entity: "order" })?.at(0)?;
    if delivery.at_ms > work.now_ms().saturating_add(AHEAD_MS) || delivery.at_ms < placed_ms {
        return Err(Refusal::Field { field: "delivery", why: "must lie between the order and now" }.into());
    }
    if delivery.note.chars().count() > NOTE_MAX || delivery.note.contains('\0') {
        return Err(Refusal::Field { field: "delivery", why: "must have at most 200 characters" }.into());
    }
    let told = work.exec(
        "INSERT INTO order_deliveries (order_id, at_ms, note, actor_kind, actor, created_ms) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (order_id) DO NOTHING",
        vals![
            order, delivery.at_ms, &delivery.note, work.ctx.actor.kind(), work.ctx.actor.id(), work.now_ms()
        ],
    )?;
    let before = Units::of(work.tx, order)?;
    if told == 0 && before.delivered >= before.shipped {
        return Ok(());
    }
    if told == 0 {
        // What left later arrived later: the newest word holds.
        work.exec(
            "UPDATE order_deliveries SET at_ms = $2, note = $3, actor_kind = $4, actor = $5, created_ms = $6 WHERE order_id = $1",
            vals![
                order, delivery.at_ms, &delivery.note, work.ctx.actor.kind(), work.ctx.actor.id(), work.now_ms()
            ],
        )?;
    }
    work.exec("UPDATE order_lines SET delivered = shipped WHERE order_id = $1 AND delivered < shipped", vals![order])?;
    work.exec(
        "UPDATE parcels SET delivered_ms = $2, updated_ms = $3 WHERE shipped_ms IS NOT NULL AND delivered_ms IS NULL \
         AND fulfillment IN (SELECT id FROM fulfillments WHERE order_id = $1)",
        vals![order, delivery.at_ms, work.now_ms()],
    )?;
    arrived(work, order, delivery)
}

/// What follows: the third axis where something left, the order's history, its customer once all of it arrived, and programs.
fn arrived(work: &mut Work<'_>, order: &str, delivery: &Delivery) -> Res<()> {
    let units = Units::of(work.tx, order)?;
    let axis = (units.shipped > 0).then(|| units.axis(false));
    let row = work.one(
        "UPDATE orders SET fulfillment_status = CASE WHEN status = 'cancelled' THEN fulfillment_status \
         ELSE COALESCE(CAST($3 AS TEXT), fulfillment_status) END, version = version + 1, updated_ms = $2 WHERE id = $1 \
         RETURNING number, version, fulfillment_status",
        vals![order, work.now_ms(), axis.map(str::to_owned)],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    work.changed(ChangeKind::Order, order);
    work.audit("order.delivered", "order", order, serde_json::json!({ "at_ms": delivery.at_ms }));
    if axis == Some("delivered") {
        messages::by_rule(work, order, Kind::Delivered, None)?;
        orders::done(work, order)?;
    }
    if axis.is_some() {
        let at = jiff::Timestamp::from_millisecond(delivery.at_ms).map(|at| at.to_string()).unwrap_or_default();
        let data = serde_json::json!({
            "number": row.at::<String>(0)?, "version": row.at::<i64>(1)?,
            "fulfillment_status": row.at::<String>(2)?, "delivered_at": at,
        });
        work.tell(DELIVERED, order, data);
    }
    Ok(())
}

//! Calls an order off. What was handed to a carrier stays; what is packed must be unpacked, which a person is asked for.

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::exceptions::{self, NewException};
use crate::central::services::leases;
use crate::central::services::messages;
use crate::central::services::stock;
use crate::central::store::work::Work;
use crate::protocol::sync::server::{CancelVerdict, Claim, ExceptionKind, WorkRow, on_cancel};
use crate::protocol::wire::{ChangeKind, Fence};
use crate::sql::Row;
use crate::vals;

/// What became of a cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// Nothing was packed as far as is known.
    Free,
    /// A parcel must be unpacked.
    MustUnpack,
    /// It was cancelled before.
    Already,
    /// A parcel of it is with the carrier: it is not cancelled, and a person was asked what to do.
    Left,
}

/// Cancels the order with this id. `reason` is a stable word.
///
/// # Errors
/// [`Refusal::Missing`] for no such order.
pub fn cancel(work: &mut Work<'_>, order: &str, reason: &str) -> Res<Cancelled> {
    let done = call_off(work, order, reason)?;
    match done {
        Cancelled::Free | Cancelled::MustUnpack => stock::release_after(work, order).map(drop)?,
        Cancelled::Already | Cancelled::Left => {}
    }
    Ok(done)
}

/// [`cancel`] for one of very many: what it was promised is offered to those that wait once, after the last of them.
pub(super) fn call_off(work: &mut Work<'_>, order: &str, reason: &str) -> Res<Cancelled> {
    let row = work
        .one("SELECT status FROM orders WHERE id = $1 AND site = $2", vals![order, work.site()])?
        .ok_or(Refusal::Missing { entity: "order" })?;
    if row.at::<String>(0)? == "cancelled" {
        return Ok(Cancelled::Already);
    }
    let parts = work.all(
        "SELECT id, packed_by, packed_fence, handed_over_ms, cancelled_ms, CASE WHEN EXISTS (SELECT 1 FROM parcels p \
         WHERE p.fulfillment = fulfillments.id AND p.shipped_ms IS NOT NULL) THEN 1 ELSE 0 END AS gone \
         FROM fulfillments WHERE order_id = $1 ORDER BY part",
        vals![order],
    )?;
    let mut rows = Vec::with_capacity(parts.len());
    for row in &parts {
        let state = work_of(row)?;
        if state.handed_over || row.get("gone")? {
            return too_late(work, order, &row.at::<String>(0)?);
        }
        rows.push((row.at::<String>(0)?, on_cancel(&state)));
    }
    let mut out = Cancelled::Free;
    for (id, verdict) in rows {
        match verdict {
            CancelVerdict::Cancel(_) => end(work, &id, order)?,
            CancelVerdict::CancelAndUnpack(_, kind) => {
                end(work, &id, order)?;
                out = Cancelled::MustUnpack;
                let new = NewException {
                    kind: kind.code(),
                    cause: format!("cancel/{id}"),
                    fulfillment: Some(id),
                    order: Some(order.to_owned()),
                    station: None,
                    event: None,
                    detail: serde_json::json!({}),
                };
                exceptions::open(work, &new)?;
            }
            CancelVerdict::TooLate | CancelVerdict::Already => {}
        }
    }
    work.exec(
        "UPDATE orders SET status = 'cancelled', is_open = 0, fulfillment_status = 'cancelled', cancelled_ms = $2, \
         cancel_reason = $3, version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![order, work.now_ms(), reason],
    )?;
    messages::cancelled(work, order)?;
    work.changed(ChangeKind::Order, order);
    work.changed(ChangeKind::Cancel, order);
    work.audit("order.cancelled", "order", order, serde_json::json!({ "reason": reason }));
    Ok(out)
}

/// The fact wins: the parcel is with the carrier. Somebody must stop it there, or wait for it to come back.
fn too_late(work: &mut Work<'_>, order: &str, fulfillment: &str) -> Res<Cancelled> {
    let new = NewException {
        kind: ExceptionKind::ShippedAfterCancel.code(),
        cause: format!("cancel/{order}"),
        fulfillment: Some(fulfillment.to_owned()),
        order: Some(order.to_owned()),
        station: None,
        event: None,
        detail: serde_json::json!({}),
    };
    exceptions::open(work, &new)?;
    work.changed(ChangeKind::Order, order);
    Ok(Cancelled::Left)
}

fn work_of(row: &Row) -> Res<WorkRow> {
    let packed_by = match row.get::<Option<String>>("packed_by")? {
        None => None,
        Some(id) => Some(Claim {
            station_id: id.parse().map_err(|_| CentralError::Stored { what: "station id" })?,
            fence: row.get::<Option<u64>>("packed_fence")?.map(Fence),
        }),
    };
    Ok(WorkRow {
        packed_by,
        cancelled: row.get::<Option<i64>>("cancelled_ms")?.is_some(),
        handed_over: row.get::<Option<i64>>("handed_over_ms")?.is_some(),
    })
}

/// Ends the work. A lease that a bench holds stays until its next exchange, which tells it why it is lost.
fn end(work: &mut Work<'_>, fulfillment: &str, order: &str) -> Res<()> {
    let begun = leases::get(work.tx, fulfillment)?.is_some_and(|row| row.begun);
    work.exec(
        "UPDATE fulfillments SET state = 'cancelled', cancelled_ms = $2, version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![fulfillment, work.now_ms()],
    )?;
    work.changed(ChangeKind::Fulfillment, fulfillment);
    leases::settle_forgotten(work, fulfillment)?;
    if !begun {
        // Nobody has it in hand: what the book holds as picked lies on its shelf.
        let mut shelves = stock::Shelves::default();
        let mut out =
            work.all("SELECT product, picked FROM order_lines WHERE order_id = $1 AND picked > 0", vals![order])?;
        out.extend(instead(work, fulfillment, order)?);
        for row in out {
            shelves.put_back(work, &row.at::<String>(0)?, row.at(1)?, fulfillment)?;
        }
        shelves.finish(work)?;
    }
    Ok(())
}

/// Products that lie in its parcels instead of those that were ordered, with their units: no line counts them as picked.
fn instead(work: &mut Work<'_>, fulfillment: &str, order: &str) -> Res<Vec<Row>> {
    work.all(
        "SELECT i.product, CAST(SUM(i.quantity) AS BIGINT) FROM parcel_items i \
         JOIN order_lines l ON l.order_id = $2 AND l.line_no = i.line_no \
         WHERE i.fulfillment = $1 AND i.product <> l.product GROUP BY i.product",
        vals![fulfillment, order],
    )
}

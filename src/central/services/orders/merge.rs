//! Two open orders of one customer become one while nobody has begun either: the lines, payments and files of the one go to the other,
//! which leaves in one parcel. The emptied order is called off and says where it went; its own lines stay with it as history.

use super::cancel::cancel;
use super::edit::{Edited, editable, recalled, total, unbegun};
use super::entry::{LINES_MAX, NOTE_MAX};
use super::kits;
use super::payments;
use super::table::{OFFICE_HOLD, OFFICE_HOLD_KEPT};
use crate::central::error::{Refusal, Res};
use crate::central::services::stock::BACKORDER;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;

/// The word of the reason under which the emptied order is called off.
pub const MERGED: &str = "merged";
/// Most orders that are offered.
const OFFERED_MAX: i64 = 20;

/// Numbers of the open orders of the same customer that could be merged with this one, the oldest first.
///
/// # Errors
/// Any fault of the store.
pub fn mergeable(tx: &mut dyn Conn, site: SiteId, order: &str) -> Res<Vec<String>> {
    let rows = tx.all(
        "SELECT d.number FROM orders o JOIN customers c ON c.id = o.customer JOIN orders d ON d.customer = o.customer \
         WHERE o.id = $1 AND o.site = $2 AND o.is_open = 1 AND c.kind <> 'guest' AND d.id <> o.id AND d.is_open = 1 \
         AND d.status = 'placed' AND d.currency = o.currency AND d.desk = o.desk AND d.terms = o.terms \
         AND d.fulfillment_status = 'unfulfilled' \
         ORDER BY d.placed_ms, d.id LIMIT $3",
        vals![order, site.to_string(), OFFERED_MAX],
    )?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}

/// Merges the order `from` into the order `into`, both by number.
///
/// # Errors
/// [`Refusal::Missing`] for no such order; [`Refusal::State`] if either is begun, over, held by the office, split into parts, or the
/// two are not of one customer, currency, desk and terms; [`Refusal::Field`] if they would have too many lines or too long a note.
pub fn merge(work: &mut Work<'_>, into: &str, from: &str) -> Res<Edited> {
    let (to, other) = (editable(work.tx, work.ctx.site, into)?, editable(work.tx, work.ctx.site, from)?);
    let refuse = |state: &str| Err(Refusal::State { entity: "order", state: state.to_owned() }.into());
    let same = work.one(
        "SELECT a.terms, b.terms FROM orders a JOIN orders b ON b.customer = a.customer AND b.currency = a.currency \
         AND b.desk = a.desk JOIN customers c ON c.id = a.customer WHERE a.id = $1 AND b.id = $2 AND a.id <> b.id AND c.kind <> 'guest'",
        vals![&to.id, &other.id],
    )?;
    let Some(terms) = same else { return refuse("of another customer") };
    // What must be paid before it leaves would leave unpaid on the other's terms.
    if terms.at::<String>(0)? != terms.at::<String>(1)? {
        return refuse("on other terms of payment");
    }
    if to.parts != 1 || other.parts != 1 {
        return refuse("split into parts");
    }
    let (own, theirs) = (unbegun(work, &to.id)?, unbegun(work, &other.id)?);
    let (Some(fulfillment), Some(lost)) = (own.first().cloned(), theirs.first().cloned()) else {
        return refuse("without work");
    };
    for id in [&fulfillment, &lost] {
        let held = work.tx.int(
            "SELECT COUNT(*) FROM fulfillments WHERE id = $1 AND hold_reason IN ($2, $3)",
            vals![id, OFFICE_HOLD, OFFICE_HOLD_KEPT],
        )?;
        if held > 0 {
            return refuse("held");
        }
    }
    // Both are asked for at once, so that the next try finds both free.
    if recalled(work, &[own, theirs].concat())? {
        return Ok(Edited::Recalled);
    }
    lines(work, &to.id, &other.id, &fulfillment)?;
    let waits = work.tx.int(
        "SELECT COUNT(*) FROM fulfillments WHERE id IN ($1, $2) AND state = 'blocked' AND hold_reason = $3",
        vals![&fulfillment, &lost, BACKORDER],
    )? > 0;
    if waits {
        work.exec(
            "UPDATE fulfillments SET state = 'blocked', hold_reason = $2 WHERE id = $1",
            vals![&fulfillment, BACKORDER],
        )?;
    }
    facts(work, &to.id, &other.id)?;
    for table in ["payments", "payment_proofs", "order_files"] {
        work.exec(&format!("UPDATE {table} SET order_id = $1 WHERE order_id = $2"), vals![&to.id, &other.id])?;
    }
    total(work, &to.id)?;
    // Its promise ends only now that the other order holds the same, so nobody takes the units in between.
    cancel(work, &other.id, MERGED)?;
    for id in [&to.id, &other.id] {
        payments::derive(work, id)?;
        work.changed(ChangeKind::Order, id);
    }
    work.exec(
        "UPDATE fulfillments SET version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![&fulfillment, work.now_ms()],
    )?;
    work.changed(ChangeKind::Fulfillment, &fulfillment);
    work.audit("order.merged", "order", &to.id, serde_json::json!({ "from": from }));
    work.audit("order.merged", "order", &other.id, serde_json::json!({ "into": into }));
    Ok(Edited::Done)
}

/// Copies the lines behind those that are there.
fn lines(work: &mut Work<'_>, to: &str, from: &str, fulfillment: &str) -> Res<()> {
    let last = i64::from(kits::next_no(work, to)?) - 1;
    let count = work.tx.int(
        "SELECT (SELECT COUNT(*) FROM order_lines WHERE order_id IN ($1, $2) AND kit_no IS NULL) + \
         (SELECT COUNT(*) FROM order_kits WHERE order_id IN ($1, $2))",
        vals![to, from],
    )?;
    if count > LINES_MAX as i64 {
        return Err(Refusal::Field { field: "lines", why: "must be 1 to 200" }.into());
    }
    work.exec(
        "INSERT INTO order_lines (order_id, line_no, product, service, name, quantity, unit_price_minor, tax_rate_bp, tax_minor, \
         gift_wrap, note, kit_no) SELECT CAST($1 AS TEXT), line_no + CAST($3 AS BIGINT), product, service, name, quantity, \
         unit_price_minor, tax_rate_bp, tax_minor, gift_wrap, note, kit_no + CAST($3 AS BIGINT) FROM order_lines \
         WHERE order_id = $2",
        vals![to, from, last],
    )?;
    kits::copy(work, to, from, last)?;
    kits::room(work, to)?;
    work.exec(
        "INSERT INTO fulfillment_lines (fulfillment, line_no, quantity) SELECT CAST($1 AS TEXT), line_no, quantity \
         FROM order_lines WHERE order_id = $2 AND line_no > $3 AND service = 0",
        vals![fulfillment, to, last],
    )?;
    Ok(())
}

/// What asks for attention on either asks for it on both; the earlier day holds.
fn facts(work: &mut Work<'_>, to: &str, from: &str) -> Res<()> {
    let sql = "SELECT note, office_note, ship_by_ms, gift_message FROM orders WHERE id = $1";
    let (own, other) = (work.one(sql, vals![to])?, work.one(sql, vals![from])?);
    let (Some(own), Some(other)) = (own, other) else { return Err(Refusal::Missing { entity: "order" }.into()) };
    let joined = |name: &str| -> Res<Option<String>> {
        let texts: Vec<String> =
            [own.get::<Option<String>>(name)?, other.get::<Option<String>>(name)?].into_iter().flatten().collect();
        Ok(Some(texts.join("\n")).filter(|text| !text.is_empty()))
    };
    let (note, office_note, gift) = (joined("note")?, joined("office_note")?, joined("gift_message")?);
    if [&note, &office_note, &gift].into_iter().flatten().any(|text| text.chars().count() > NOTE_MAX) {
        return Err(Refusal::Field { field: "note", why: "must have at most 1,000 characters" }.into());
    }
    let days = [own.get::<Option<i64>>("ship_by_ms")?, other.get::<Option<i64>>("ship_by_ms")?];
    let ship_by = days.into_iter().flatten().min();
    work.exec(
        "UPDATE orders SET note = $3, office_note = $4, gift_message = $5, ship_by_ms = $6, \
         flag_fraud = (SELECT MAX(flag_fraud) FROM orders WHERE id IN ($1, $2)), \
         flag_address = (SELECT MAX(flag_address) FROM orders WHERE id IN ($1, $2)), \
         flag_unpaid = (SELECT MAX(flag_unpaid) FROM orders WHERE id IN ($1, $2)), \
         gift = (SELECT MAX(gift) FROM orders WHERE id IN ($1, $2)), rush = (SELECT MAX(rush) FROM orders WHERE id IN ($1, $2)), \
         expedited_ms = CASE WHEN expedited_by IS NULL THEN (SELECT o.expedited_ms FROM orders o WHERE o.id = $2) \
         ELSE expedited_ms END, \
         expedited_by = COALESCE(expedited_by, (SELECT o.expedited_by FROM orders o WHERE o.id = $2)), \
         version = version + 1, updated_ms = $7 WHERE id = $1",
        vals![to, from, note, office_note, gift, ship_by, work.now_ms()],
    )?;
    // Its place in the line is that of the more urgent one, as it is given where orders are sold as rush or put first.
    work.exec(
        "UPDATE fulfillments SET sort_priority = (SELECT CASE WHEN expedited_by IS NOT NULL THEN -2 ELSE -rush END FROM orders \
         WHERE orders.id = $1) WHERE order_id = $1 AND state <> 'cancelled'",
        vals![to],
    )?;
    if let Some(at) = ship_by {
        work.exec(
            "UPDATE fulfillments SET sort_due_ms = $2 WHERE order_id = $1 AND state <> 'cancelled' AND sort_due_ms > $2",
            vals![to, at],
        )?;
    }
    Ok(())
}

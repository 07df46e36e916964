//! Splits work that nobody began: some units of some lines become a part of their own, leased and packed apart. At a bench
//! the parts meet again in the place of the order, by scan.

use crate::central::error::{Refusal, Res};
use crate::central::services::{leases, stock};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::protocol::wire::lease::RecallReason;
use crate::vals;
use std::collections::BTreeMap;

/// Most parts of one order.
pub const PARTS_MAX: i64 = 20;

/// Why units cannot be split off, as a refusal says it.
pub mod why {
    /// No unit was named.
    pub const NONE: &str = "must name at least one unit";
    /// More units than there are, or less than one.
    pub const NOT_THERE: &str = "must name units that this part has";
    /// Nothing would be left.
    pub const ALL: &str = "must leave at least one unit";
    /// It has as many parts as it may.
    pub const TOO_MANY: &str = "would make more than 20 parts";
}

/// How a split ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Split {
    /// Done; the new part's id.
    Done(String),
    /// A station holds it and has not begun: it was asked back. The split can be tried again when it is there.
    Recalled,
}

/// Moves `units` by line number out of a fulfillment of the order into a new one.
///
/// # Errors
/// [`Refusal::Missing`] for no such work, [`Refusal::State`] for work that began or is over, or whose station is not heard,
/// [`Refusal::Field`] for units that are not in it, or for all of them.
pub fn split(work: &mut Work<'_>, order: &str, fulfillment: &str, units: &BTreeMap<u32, i64>) -> Res<Split> {
    let row = work
        .one(
            "SELECT f.state, f.entry_kind, f.packed_by, o.is_open FROM fulfillments f \
             JOIN orders o ON o.id = f.order_id WHERE f.id = $1 AND f.order_id = $2 AND f.site = $3",
            vals![fulfillment, order, work.site()],
        )?
        .ok_or(Refusal::Missing { entity: "fulfillment" })?;
    let state: String = row.get("state")?;
    let packed = row.get::<Option<String>>("packed_by")?.is_some();
    let untouched = state == "released" && row.get::<String>("entry_kind")? == "order" && !packed;
    let lease = leases::get(work.tx, fulfillment)?.ok_or(Refusal::Missing { entity: "fulfillment" })?;
    if !untouched || lease.begun || !row.get::<bool>("is_open")? {
        let state = if lease.begun { "begun".to_owned() } else { state };
        return Err(Refusal::State { entity: "fulfillment", state }.into());
    }
    let own = lines(work, fulfillment, order)?;
    validate(&own, units)?;
    if lease.held {
        if lease.recalled || leases::recall(work, fulfillment, RecallReason::Edited)? {
            return Ok(Split::Recalled);
        }
        let state = "leased to a station that is not heard".to_owned();
        return Err(Refusal::State { entity: "fulfillment", state }.into());
    }
    leases::void(work, fulfillment)?;
    let id = part(work, fulfillment, order, &own, units)?;
    stock::allocation_changed(work, fulfillment)?;
    let moved: i64 = units.values().sum();
    work.audit("order.split", "order", order, serde_json::json!({ "from": fulfillment, "to": id, "units": moved }));
    Ok(Split::Done(id))
}

/// Units by line; a refusal if anything of them is in somebody's hand by the book.
fn lines(work: &mut Work<'_>, fulfillment: &str, order: &str) -> Res<BTreeMap<u32, i64>> {
    let rows = work.all(
        "SELECT fl.line_no, fl.quantity, CASE WHEN f.parts > 1 THEN fl.picked + fl.verified + fl.short \
         ELSE l.picked + l.verified + l.short END AS touched FROM fulfillment_lines fl \
         JOIN fulfillments f ON f.id = fl.fulfillment JOIN order_lines l ON l.order_id = $2 AND l.line_no = fl.line_no \
         WHERE fl.fulfillment = $1",
        vals![fulfillment, order],
    )?;
    let mut lines = BTreeMap::new();
    for row in rows {
        if row.get::<i64>("touched")? > 0 {
            return Err(Refusal::State { entity: "fulfillment", state: "partly picked".to_owned() }.into());
        }
        lines.insert(row.get("line_no")?, row.get("quantity")?);
    }
    Ok(lines)
}

fn validate(own: &BTreeMap<u32, i64>, units: &BTreeMap<u32, i64>) -> Result<(), Refusal> {
    let refused = |why| Err(Refusal::Field { field: "lines", why });
    if units.is_empty() {
        return refused(why::NONE);
    }
    if units.iter().any(|(line, n)| own.get(line).is_none_or(|there| *n < 1 || n > there)) {
        return refused(why::NOT_THERE);
    }
    if own.values().sum::<i64>() == units.values().sum::<i64>() {
        return refused(why::ALL);
    }
    Ok(())
}

/// Makes the new part, takes its units out of the old one, and tells all parts how many they are.
fn part(
    work: &mut Work<'_>,
    fulfillment: &str,
    order: &str,
    own: &BTreeMap<u32, i64>,
    units: &BTreeMap<u32, i64>,
) -> Res<String> {
    let no = work.tx.int("SELECT MAX(part) FROM fulfillments WHERE order_id = $1", vals![order])? + 1;
    if no > PARTS_MAX {
        return Err(Refusal::Field { field: "lines", why: why::TOO_MANY }.into());
    }
    let (id, now) = (work.new_id(), work.now_ms());
    work.exec(
        "INSERT INTO fulfillments (id, site, order_id, part, parts, state, sort_priority, sort_due_ms, sort_placed_ms, \
         updated_ms) SELECT CAST($2 AS TEXT), site, order_id, CAST($3 AS BIGINT), CAST($3 AS BIGINT), state, sort_priority, \
         sort_due_ms, sort_placed_ms, CAST($4 AS BIGINT) FROM fulfillments WHERE id = $1",
        vals![fulfillment, &id, no, now],
    )?;
    for (line, n) in units {
        let left = own.get(line).copied().unwrap_or(0) - n;
        if left == 0 {
            work.exec(
                "DELETE FROM fulfillment_lines WHERE fulfillment = $1 AND line_no = $2",
                vals![fulfillment, *line],
            )?;
        } else {
            work.exec(
                "UPDATE fulfillment_lines SET quantity = $3 WHERE fulfillment = $1 AND line_no = $2",
                vals![fulfillment, *line, left],
            )?;
        }
        work.exec(
            "INSERT INTO fulfillment_lines (fulfillment, line_no, quantity) VALUES ($1, $2, $3)",
            vals![&id, *line, *n],
        )?;
    }
    tell(work, order, no)?;
    Ok(id)
}

/// Every part learns how many there are now. The only part of an unsplit order was untouched, so its counters are nothing.
fn tell(work: &mut Work<'_>, order: &str, parts: i64) -> Res<()> {
    let now = work.now_ms();
    let rows = work.all(
        "UPDATE fulfillments SET parts = $2, version = version + 1, updated_ms = $3 WHERE order_id = $1 RETURNING id",
        vals![order, parts, now],
    )?;
    for row in rows {
        work.changed(ChangeKind::Fulfillment, row.at::<String>(0)?);
    }
    work.exec("UPDATE orders SET version = version + 1, updated_ms = $2 WHERE id = $1", vals![order, now])?;
    work.changed(ChangeKind::Order, order);
    Ok(())
}

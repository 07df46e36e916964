//! Whether an order's work lies still: what may be changed, held or merged. Asked of many orders by one question, because whoever
//! changes thousands at once has no time for one each.

use crate::central::error::{Refusal, Res};
use crate::central::store::bulk::{few_ids, named};
use crate::central::store::work::Work;
use crate::sql::Row;
use crate::vals;
use std::collections::BTreeMap;

/// Work that nobody has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Still {
    /// Id of the fulfillment.
    pub id: String,
    /// A station holds it, and must be asked for it.
    pub leased: bool,
    /// A station had it or has it: what it does under its number would still count.
    pub lent: bool,
    /// Why it is blocked, as stored; empty where it is not.
    pub why: String,
}

/// The work of each of these orders, in their order; a refusal for one that is not of this site or over, or of which anything is in
/// somebody's hand.
pub(super) fn unbegun(work: &mut Work<'_>, orders: &[&str]) -> Res<Vec<Result<Vec<Still>, Refusal>>> {
    let sql = format!(
        "SELECT o.id AS order_id, o.is_open, (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id AND l.service = 0 \
         AND l.picked + l.verified + l.packed + l.short > 0) AS touched, f.id, f.state, f.lease_begun, f.lease_held, \
         CASE WHEN f.lease_station IS NULL THEN 0 ELSE 1 END AS lent, \
         COALESCE(f.hold_reason, '') AS why FROM {} w CROSS JOIN orders o \
         LEFT JOIN fulfillments f ON f.order_id = o.id AND f.state <> 'cancelled' WHERE o.id = w.id \
         AND (CASE WHEN o.site = $2 THEN 1 ELSE 0 END) = 1 ORDER BY o.id, f.part",
        few_ids(orders.len())
    );
    let rows = work.all(&sql, vals![named(orders), work.site()])?;
    let mut found: BTreeMap<String, Result<Vec<Still>, Refusal>> = BTreeMap::new();
    for row in &rows {
        let so_far = found.entry(row.get("order_id")?).or_insert_with(|| Ok(Vec::new()));
        match still(row)? {
            Ok(still) => {
                if let Ok(list) = so_far {
                    list.extend(still);
                }
            }
            Err(refusal) => *so_far = Err(refusal),
        }
    }
    let missing = || Err(Refusal::Missing { entity: "order" });
    Ok(orders.iter().map(|order| found.remove(*order).unwrap_or_else(missing)).collect())
}

/// One part of an order; none for an order without work.
fn still(row: &Row) -> Res<Result<Option<Still>, Refusal>> {
    let refuse = |state: &str| Ok(Err(Refusal::State { entity: "order", state: state.to_owned() }));
    if !row.get::<bool>("is_open")? {
        return refuse("over");
    }
    if row.get::<i64>("touched")? > 0 {
        return refuse("begun");
    }
    let Some(id) = row.get::<Option<String>>("id")? else { return Ok(Ok(None)) };
    let state: String = row.get("state")?;
    if row.get::<bool>("lease_begun")? || !matches!(state.as_str(), "released" | "blocked") {
        return refuse("begun");
    }
    Ok(Ok(Some(Still { id, leased: row.get("lease_held")?, lent: row.get("lent")?, why: row.get("why")? })))
}

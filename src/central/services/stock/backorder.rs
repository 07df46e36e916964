//! Orders that were taken although stock was missing wait blocked, and are let go when there is enough for all of one. The one
//! that is due first is looked at first; one that still lacks something does not hold up those behind it.

use super::allocation::available;
use crate::central::error::Res;
use crate::central::store::bulk::named;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Why such work is blocked, as stored.
pub const BACKORDER: &str = "backorder";
/// Most of them looked at, or let go, in one transaction: other writers of the site wait for it.
const LOOKED_MAX: i64 = 200;
/// Most of them looked at where nobody waits.
const READ_MAX: i64 = 5_000;

const WAITING: &str = "FROM fulfillments f WHERE f.site = $1 AND f.state = 'blocked' AND f.hold_reason = $2";
const DUE_FIRST: &str = "ORDER BY f.sort_priority, f.sort_due_ms, f.sort_placed_ms, f.id";

/// What is free of each product, asked for once; work that is let go takes its part.
#[derive(Default)]
struct Free(HashMap<String, i64>);

impl Free {
    fn of(&mut self, tx: &mut dyn Conn, product: &str) -> Res<i64> {
        match self.0.entry(product.to_owned()) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(new) => Ok(*new.insert(available(tx, product)?)),
        }
    }

    /// Whether there is enough of all, which is taken then.
    fn take(&mut self, tx: &mut dyn Conn, wants: &[(String, i64)]) -> Res<bool> {
        for (product, units) in wants {
            if self.of(tx, product)? < *units {
                return Ok(false);
            }
        }
        for (product, units) in wants {
            if let Some(left) = self.0.get_mut(product) {
                *left -= units;
            }
        }
        Ok(true)
    }
}

/// Work that waits and all of which is there now, at most as much as [`release`] takes. Costs no write, so that an idle server
/// stays idle.
///
/// # Errors
/// Any fault of the store.
pub fn ready(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<String>> {
    let mut waiting: Vec<(String, Vec<(String, i64)>)> = Vec::new();
    let sql = format!(
        "SELECT f.id, l.product, CAST(fl.quantity AS BIGINT) FROM (SELECT f.id, f.order_id, f.sort_priority, f.sort_due_ms, \
         f.sort_placed_ms {WAITING} {DUE_FIRST} LIMIT $3) f JOIN fulfillment_lines fl ON fl.fulfillment = f.id \
         JOIN order_lines l ON l.order_id = f.order_id AND l.line_no = fl.line_no {DUE_FIRST}"
    );
    tx.each(&sql, vals![site.to_string(), BACKORDER, READ_MAX], &mut |row| {
        let (id, product, units) = (row.at::<String>(0)?, row.at::<String>(1)?, row.at(2)?);
        if waiting.last().is_none_or(|(last, _)| *last != id) {
            waiting.push((id, Vec::new()));
        }
        if let Some((_, wants)) = waiting.last_mut() {
            add(wants, product, units);
        }
        Ok(())
    })?;
    let (mut free, mut out) = (Free::default(), Vec::new());
    for (id, wants) in waiting {
        if out.len() as i64 == LOOKED_MAX {
            break;
        }
        if free.take(tx, &wants)? {
            out.push(id);
        }
    }
    Ok(out)
}

fn add(wants: &mut Vec<(String, i64)>, product: String, units: i64) {
    match wants.iter_mut().find(|(known, _)| *known == product) {
        Some((_, all)) => *all += units,
        None => wants.push((product, units)),
    }
}

/// Lets go, of what waits, that which can be packed now; how many.
///
/// # Errors
/// Any fault of the store.
pub fn release_waiting(work: &mut Work<'_>) -> Res<u32> {
    let ready = ready(work.tx, work.ctx.site)?;
    release(work, &ready)
}

/// Lets these go, as far as they still wait and all of each is still there; how many.
///
/// # Errors
/// Any fault of the store.
pub fn release(work: &mut Work<'_>, ready: &[String]) -> Res<u32> {
    let (mut free, mut released) = (Free::default(), 0);
    for id in ready {
        let row = work.one(&format!("SELECT f.order_id {WAITING} AND f.id = $3"), vals![work.site(), BACKORDER, id])?;
        if let Some(row) = row {
            released += u32::from(let_go(work, &mut free, id, row.at(0)?)?);
        }
    }
    Ok(released)
}

/// Units of these products came, or are promised to nobody any more: lets go what waited for them and lacks nothing else; how many.
///
/// # Errors
/// Any fault of the store.
pub fn release_for(work: &mut Work<'_>, products: &[String]) -> Res<u32> {
    let any = format!("SELECT 1 {WAITING} LIMIT 1");
    if products.is_empty() || work.one(&any, vals![work.site(), BACKORDER])?.is_none() {
        return Ok(0);
    }
    let mut free = Free::default();
    let mut came = Vec::new();
    for product in products {
        if free.of(work.tx, product)? > 0 {
            came.push(product.as_str());
        }
    }
    if came.is_empty() {
        return Ok(0);
    }
    let sql = format!(
        "SELECT f.id, f.order_id {WAITING} AND EXISTS (SELECT 1 FROM fulfillment_lines fl JOIN order_lines l \
         ON l.order_id = f.order_id AND l.line_no = fl.line_no JOIN json_each($3) j ON j.value ->> 'id' = l.product \
         WHERE fl.fulfillment = f.id) {DUE_FIRST} LIMIT $4"
    );
    let mut released = 0;
    for row in work.all(&sql, vals![work.site(), BACKORDER, named(&came), LOOKED_MAX])? {
        released += u32::from(let_go(work, &mut free, &row.at::<String>(0)?, row.at(1)?)?);
    }
    Ok(released)
}

/// [`release_for`] what this order wanted, whose promise ended.
///
/// # Errors
/// Any fault of the store.
pub fn release_after(work: &mut Work<'_>, order: &str) -> Res<u32> {
    let products = products_of(work, order)?;
    release_for(work, &products)
}

/// The goods of an order.
///
/// # Errors
/// Any fault of the store.
pub fn products_of(work: &mut Work<'_>, order: &str) -> Res<Vec<String>> {
    let sql = "SELECT DISTINCT product FROM order_lines WHERE order_id = $1 AND service = 0 ORDER BY product";
    work.all(sql, vals![order])?.iter().map(|row| Ok(row.at(0)?)).collect()
}

fn let_go(work: &mut Work<'_>, free: &mut Free, id: &str, order: String) -> Res<bool> {
    let wants = wants(work.tx, id)?;
    if !free.take(work.tx, &wants)? {
        return Ok(false);
    }
    work.exec(
        "UPDATE fulfillments SET state = 'released', hold_reason = NULL, version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![id, work.now_ms()],
    )?;
    work.changed(ChangeKind::Fulfillment, id);
    work.audit("order.stock_came", "order", order, serde_json::json!({ "fulfillment": id }));
    Ok(true)
}

/// Units of each product that this work is for.
fn wants(tx: &mut dyn Conn, fulfillment: &str) -> Res<Vec<(String, i64)>> {
    let rows = tx.all(
        "SELECT l.product, CAST(SUM(fl.quantity) AS BIGINT) FROM fulfillment_lines fl \
         JOIN fulfillments f ON f.id = fl.fulfillment \
         JOIN order_lines l ON l.order_id = f.order_id AND l.line_no = fl.line_no WHERE fl.fulfillment = $1 \
         GROUP BY l.product",
        vals![fulfillment],
    )?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// Whether enough is free for every product of this work, which itself is not counted yet.
///
/// # Errors
/// Any fault of the store.
pub(crate) fn all_there(tx: &mut dyn Conn, fulfillment: &str) -> Res<bool> {
    let wants = wants(tx, fulfillment)?;
    Free::default().take(tx, &wants)
}

//! Units taken from a shelf and put back, as the ledger sees it. Which lot a hand took is not told by a pick, so the one
//! that expires first is taken first, as a picker should.

use super::{Key, Movement, MovementKind, book};
use crate::central::error::Res;
use crate::central::store::work::Work;
use crate::sql::Row;
use crate::vals;

fn key_of(row: &Row) -> Res<Key> {
    Ok(Key {
        location: row.get("location")?,
        product: row.get("product")?,
        lot: row.get("lot")?,
        expiry: row.get("expiry")?,
        serial: row.get("serial")?,
        condition: row.get("condition")?,
        owner: row.get("owner")?,
    })
}

const KEY: &str = "location, product, lot, expiry, serial, condition, owner";

/// Takes units of a product for a fulfillment: from the location with that code, else from where it lies. Shelves that
/// hold fewer than the book says go below zero; a product that the book does not know is not booked.
///
/// # Errors
/// Any fault of the store.
pub fn take(work: &mut Work<'_>, product: &str, location: Option<&str>, units: i64, fulfillment: &str) -> Res<()> {
    let sql = format!(
        "SELECT {}, s.quantity AS quantity FROM stock_levels s JOIN locations l ON l.id = s.location \
         WHERE s.product = $1 AND s.condition = 'good' AND l.kind = 'bin' \
         ORDER BY CASE WHEN l.code = $2 THEN 0 ELSE 1 END, CASE WHEN s.quantity > 0 THEN 0 ELSE 1 END, \
         CASE WHEN s.expiry = '' THEN 1 ELSE 0 END, s.expiry, l.code, s.lot LIMIT 20",
        KEY.split(", ").map(|column| format!("s.{column} AS {column}")).collect::<Vec<_>>().join(", ")
    );
    let rows = work.all(&sql, vals![product, location.unwrap_or_default()])?;
    let mut left = units;
    for (place, row) in rows.iter().enumerate() {
        let there: i64 = row.get("quantity")?;
        let last = place + 1 == rows.len();
        let part = if last { left } else { left.min(there.max(0)) };
        if part > 0 {
            movement(work, key_of(row)?, MovementKind::Pick, -part, fulfillment)?;
            left -= part;
        }
        if left == 0 {
            break;
        }
    }
    Ok(())
}

/// Puts units back where this fulfillment took them; the number put back.
///
/// # Errors
/// Any fault of the store.
pub fn put_back(work: &mut Work<'_>, product: &str, units: i64, fulfillment: &str) -> Res<i64> {
    let sql = format!(
        "SELECT {}, t.taken AS taken FROM stock_levels s JOIN (SELECT level, CAST(-SUM(quantity) AS BIGINT) AS taken \
         FROM stock_movements WHERE ref_id = $1 AND kind IN ('pick', 'unpick') GROUP BY level) t ON t.level = s.id \
         WHERE s.product = $2 AND t.taken > 0 ORDER BY s.location, s.lot",
        KEY.split(", ").map(|column| format!("s.{column} AS {column}")).collect::<Vec<_>>().join(", ")
    );
    let rows = work.all(&sql, vals![fulfillment, product])?;
    let mut left = units;
    for row in &rows {
        let part = left.min(row.get::<i64>("taken")?);
        if part > 0 {
            movement(work, key_of(row)?, MovementKind::Unpick, part, fulfillment)?;
            left -= part;
        }
    }
    Ok(units - left)
}

/// Units found broken: they leave good stock for the damaged one at the quarantine.
///
/// # Errors
/// Any fault of the store.
pub fn damaged(work: &mut Work<'_>, product: &str, units: i64, fulfillment: &str) -> Res<()> {
    let location = super::ensure_location(work, "QUARANTINE", "dock")?;
    let key = Key { condition: "damaged".to_owned(), ..Key::plain(location, product.to_owned()) };
    movement(work, key, MovementKind::Adjust, units, fulfillment)
}

fn movement(work: &mut Work<'_>, key: Key, kind: MovementKind, quantity: i64, fulfillment: &str) -> Res<()> {
    let at_ms = work.now_ms();
    let reference = ("fulfillment", fulfillment.to_owned());
    book(work, &Movement { id: None, key, kind, quantity, at_ms, reference, reason: String::new() })?;
    Ok(())
}

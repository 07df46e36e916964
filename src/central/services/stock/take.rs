//! Units taken from a shelf and put back, as the ledger sees it. Which lot a hand took is not told by a pick, so the one
//! that expires first is taken first, as a picker should.

use super::{Key, Movement, MovementKind, book, enter};
use crate::central::error::Res;
use crate::central::store::work::Work;
use crate::sql::Row;
use crate::vals;

/// Takes units of a product for a fulfillment: from the location with that code, else from where it lies. Shelves that
/// hold fewer than the book says go below zero; a product that the book does not know is not booked.
///
/// # Errors
/// Any fault of the store.
pub fn take(work: &mut Work<'_>, product: &str, location: Option<&str>, units: i64, fulfillment: &str) -> Res<()> {
    let rows = work.all(
        "SELECT s.id, s.quantity FROM stock_levels s JOIN locations l ON l.id = s.location \
         WHERE s.product = $1 AND s.condition = 'good' AND l.kind = 'bin' \
         ORDER BY CASE WHEN l.code = $2 THEN 0 ELSE 1 END, CASE WHEN s.quantity > 0 THEN 0 ELSE 1 END, \
         CASE WHEN s.expiry = '' THEN 1 ELSE 0 END, s.expiry, l.code, s.lot LIMIT 20",
        vals![product, location.unwrap_or_default()],
    )?;
    let mut left = units;
    for (place, row) in rows.iter().enumerate() {
        let there: i64 = row.at(1)?;
        let last = place + 1 == rows.len();
        let part = if last { left } else { left.min(there.max(0)) };
        if part > 0 {
            on_level(work, row, MovementKind::Pick, -part, fulfillment)?;
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
    let rows = work.all(
        "SELECT s.id, t.taken FROM stock_levels s JOIN (SELECT level, CAST(-SUM(quantity) AS BIGINT) AS taken \
         FROM stock_movements WHERE ref_id = $1 AND kind IN ('pick', 'unpick') GROUP BY level) t ON t.level = s.id \
         WHERE s.product = $2 AND t.taken > 0 ORDER BY s.location, s.lot",
        vals![fulfillment, product],
    )?;
    let mut left = units;
    for row in &rows {
        let part = left.min(row.at::<i64>(1)?);
        if part > 0 {
            on_level(work, row, MovementKind::Unpick, part, fulfillment)?;
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
    let location = super::ensure_location(work, super::QUARANTINE, "dock")?;
    let key = Key { condition: "damaged".to_owned(), ..Key::plain(location, product.to_owned()) };
    movement(work, key, MovementKind::Adjust, units, fulfillment)
}

fn movement(work: &mut Work<'_>, key: Key, kind: MovementKind, quantity: i64, fulfillment: &str) -> Res<()> {
    book(work, &of_work(work, key, kind, quantity, fulfillment))?;
    Ok(())
}

/// A movement on a balance that was just read: its id stands first in the row.
fn on_level(work: &mut Work<'_>, row: &Row, kind: MovementKind, quantity: i64, fulfillment: &str) -> Res<()> {
    let movement = of_work(work, Key::default(), kind, quantity, fulfillment);
    enter(work, row.at(0)?, &movement)?;
    Ok(())
}

fn of_work(work: &Work<'_>, key: Key, kind: MovementKind, quantity: i64, fulfillment: &str) -> Movement {
    let reference = ("fulfillment", fulfillment.to_owned());
    Movement { id: None, key, kind, quantity, at_ms: work.now_ms(), reference, reason: String::new() }
}

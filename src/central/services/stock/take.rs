//! Units taken from a shelf and put back, as the ledger sees it. Which lot a hand took is not told by a pick, so the one
//! that expires first is taken first, as a picker should.
//!
//! A batch of a station's facts takes from the same shelves again and again. So the balances of a product are read once and
//! changed in memory; movements are entered together, and each balance is written once in the end.

use super::{Key, MOVE_LEVEL, MOVEMENT_COLUMNS, Movement, MovementKind, book, row};
use crate::central::error::Res;
use crate::central::store::bulk::Bulk;
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::sql::Val;
use crate::vals;
use std::collections::BTreeMap;

/// Most shelves that one pick is spread over.
const SHELVES_MAX: usize = 20;

/// A balance of good stock in a bin. Its order is that of its fields: held lots last, first expired first, and what never expires
/// after that.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Shelf {
    held: bool,
    lasting: bool,
    /// Day of expiry, or empty.
    expiry: String,
    /// Code of the bin.
    code: String,
    lot: String,
    level: String,
    quantity: i64,
}

/// The shelves that a piece of work takes from and puts back to. Call [`Shelves::finish`] in the end, or the balances differ
/// from their movements.
#[derive(Default)]
#[must_use = "the balances are written by finish"]
pub struct Shelves {
    /// By product, first expired first.
    of_product: BTreeMap<String, Vec<Shelf>>,
    moved: Moved,
}

/// Units that a fulfillment has off their balance.
const TAKEN: &str =
    "CAST(-SUM(quantity) AS BIGINT) AS units FROM stock_movements WHERE ref_id = $1 AND kind IN ('pick', 'unpick')";
/// Units that a fulfillment ever put back to their balance.
const PUT_BACK: &str =
    "CAST(SUM(quantity) AS BIGINT) AS units FROM stock_movements WHERE ref_id = $1 AND kind = 'unpick'";

/// Units at one balance.
struct Part {
    level: String,
    units: i64,
    location: String,
    /// Whether its place was taken away meanwhile.
    gone: bool,
}

/// What is booked and not written yet.
#[derive(Default)]
struct Moved {
    /// Rows of movements.
    rows: Vec<Val>,
    /// By balance: what its movements add up to.
    sums: BTreeMap<String, i64>,
}

impl Moved {
    fn add(&mut self, work: &mut Work<'_>, level: &str, kind: MovementKind, quantity: i64, fulfillment: &str) {
        self.rows.extend(row(work, level, &of_work(work, Key::default(), kind, quantity, fulfillment)));
        match self.sums.get_mut(level) {
            Some(sum) => *sum += quantity,
            None => {
                self.sums.insert(level.to_owned(), quantity);
                // Every movement of a balance makes the same change: once is enough.
                work.changed(ChangeKind::StockLevel, level);
            }
        }
    }

    /// Enters the movements, so that they can be asked for.
    fn enter(&mut self, work: &mut Work<'_>) -> Res<()> {
        let mut movements = Bulk::new("stock_movements", MOVEMENT_COLUMNS, "");
        movements.rows(work.tx, &std::mem::take(&mut self.rows))?;
        movements.finish(work.tx)?;
        Ok(())
    }
}

impl Shelves {
    /// Takes units of a product for a fulfillment: from the location with that code, else from where it lies. Shelves that
    /// hold fewer than the book says go below zero; a product that the book does not know is not booked.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn take(
        &mut self,
        work: &mut Work<'_>,
        product: &str,
        location: Option<&str>,
        units: i64,
        fulfillment: &str,
    ) -> Res<()> {
        self.load(work, product)?;
        let Some(shelves) = self.of_product.get_mut(product) else { return Ok(()) };
        let mut left = units;
        let order = order(shelves, location.unwrap_or_default());
        let last = order.last().copied();
        for at in order {
            let Some(shelf) = shelves.get_mut(at) else { continue };
            let part = if Some(at) == last { left } else { left.min(shelf.quantity.max(0)) };
            if part > 0 {
                self.moved.add(work, &shelf.level, MovementKind::Pick, -part, fulfillment);
                shelf.quantity -= part;
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
    pub fn put_back(&mut self, work: &mut Work<'_>, product: &str, units: i64, fulfillment: &str) -> Res<i64> {
        let parts = self.parts(work, product, units, fulfillment, TAKEN)?;
        for part in &parts {
            // A place that was taken away meanwhile comes back: what is booked must lie somewhere.
            if part.gone {
                work.exec(
                    "UPDATE locations SET gone = 0, version = version + 1, updated_ms = $2 WHERE id = $1 AND gone = 1",
                    vals![&part.location, work.now_ms()],
                )?;
                work.changed(ChangeKind::Location, part.location.clone());
            }
            self.shift(work, product, &part.level, MovementKind::Unpick, part.units, fulfillment);
        }
        Ok(parts.iter().map(|part| part.units).sum())
    }

    /// Takes units again from where this fulfillment put them back, and no more than it ever put back there: what was not taken from a
    /// shelf by the book cannot be taken again.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn take_again(&mut self, work: &mut Work<'_>, product: &str, units: i64, fulfillment: &str) -> Res<()> {
        for part in self.parts(work, product, units, fulfillment, PUT_BACK)? {
            self.shift(work, product, &part.level, MovementKind::Pick, -part.units, fulfillment);
        }
        Ok(())
    }

    /// So many units of a product, spread over the balances that this fulfillment moved them at: as many at each as `moved` says.
    fn parts(
        &mut self,
        work: &mut Work<'_>,
        product: &str,
        units: i64,
        fulfillment: &str,
        moved: &str,
    ) -> Res<Vec<Part>> {
        self.moved.enter(work)?;
        let rows = work.all(
            &format!(
                "SELECT s.id, t.units, s.location, l.gone FROM stock_levels s JOIN (SELECT level, {moved} GROUP BY level) t \
                 ON t.level = s.id JOIN locations l ON l.id = s.location \
                 WHERE s.product = $2 AND t.units > 0 ORDER BY s.location, s.lot"
            ),
            vals![fulfillment, product],
        )?;
        let mut left = units;
        let mut parts = Vec::new();
        for row in &rows {
            let units = left.min(row.at(1)?);
            if units > 0 {
                parts.push(Part { level: row.at(0)?, units, location: row.at(2)?, gone: row.at(3)? });
                left -= units;
            }
        }
        Ok(parts)
    }

    /// Enters a movement of a balance, and changes it here too where its product was read.
    fn shift(
        &mut self,
        work: &mut Work<'_>,
        product: &str,
        level: &str,
        kind: MovementKind,
        quantity: i64,
        fulfillment: &str,
    ) {
        self.moved.add(work, level, kind, quantity, fulfillment);
        let shelves = self.of_product.get_mut(product);
        if let Some(shelf) = shelves.and_then(|all| all.iter_mut().find(|shelf| shelf.level == level)) {
            shelf.quantity += quantity;
        }
    }

    /// Writes the movements and the balances.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn finish(mut self, work: &mut Work<'_>) -> Res<()> {
        self.moved.enter(work)?;
        let now = work.now_ms();
        let sums: Vec<Val> =
            self.moved.sums.into_iter().flat_map(|(level, sum)| [level.into(), sum.into(), now.into()]).collect();
        work.tx.exec_rows(MOVE_LEVEL, 3, &sums)?;
        Ok(())
    }

    /// Reads the shelves of a product, once.
    fn load(&mut self, work: &mut Work<'_>, product: &str) -> Res<()> {
        if self.of_product.contains_key(product) {
            return Ok(());
        }
        let rows = work.all(
            "SELECT s.id, l.code, s.quantity, s.expiry, s.lot, s.held FROM stock_levels s JOIN locations l ON l.id = s.location \
             WHERE s.product = $1 AND s.condition = 'good' AND l.kind = 'bin'",
            vals![product],
        )?;
        let mut shelves = Vec::with_capacity(rows.len());
        for row in rows {
            let level: String = row.at(0)?;
            // Put back before anything was taken.
            let waiting = self.moved.sums.get(&level).copied().unwrap_or(0);
            let quantity = row.at::<i64>(2)? + waiting;
            let expiry: String = row.at(3)?;
            let lasting = expiry.is_empty();
            let (code, lot, held) = (row.at(1)?, row.at(4)?, row.at(5)?);
            shelves.push(Shelf { held, lasting, expiry, code, lot, level, quantity });
        }
        // Sorting here spares the store a table of its own for a handful of rows.
        shelves.sort();
        self.of_product.insert(product.to_owned(), shelves);
        Ok(())
    }
}

/// In which order shelves are taken from: where the packer said, then where there are any, then first expired first.
fn order(shelves: &[Shelf], location: &str) -> Vec<usize> {
    let mut order: Vec<usize> = (0..shelves.len()).collect();
    let rank = |at: &usize| shelves.get(*at).map(|shelf| (shelf.code != location, shelf.quantity <= 0));
    order.sort_by_key(rank);
    order.truncate(SHELVES_MAX);
    order
}

/// Units found broken: they leave good stock for the damaged one at the quarantine.
///
/// # Errors
/// Any fault of the store.
pub fn damaged(work: &mut Work<'_>, product: &str, units: i64, fulfillment: &str) -> Res<()> {
    let location = super::ensure_location(work, super::QUARANTINE, "dock")?;
    let key = Key { condition: "damaged".to_owned(), ..Key::plain(location, product.to_owned()) };
    book(work, &of_work(work, key, MovementKind::Adjust, units, fulfillment))?;
    Ok(())
}

fn of_work(work: &Work<'_>, key: Key, kind: MovementKind, quantity: i64, fulfillment: &str) -> Movement {
    let reference = ("fulfillment", fulfillment.to_owned());
    Movement { id: None, key, kind, quantity, at_ms: work.now_ms(), reference, reason: String::new() }
}

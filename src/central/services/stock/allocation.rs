//! What of the stock is promised: the lease is the allocation. Units that leased work still has to pick are laid on the
//! balances of their product in the order in which a picker takes them, first expired first.
//!
//! What may still be sold is the same derivation over all work that is released and not done, leased or not.
//!
//! Derived when it is asked for and never stored, so it cannot drift from the work.

use crate::central::error::Res;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;
use std::collections::HashMap;

/// Units of a line `fl` of work `f`, line `l` of its order, that are still to be picked.
const LEFT: &str = "fl.quantity - CASE WHEN f.parts > 1 THEN fl.picked ELSE l.picked END";
/// Work `f` that wants its units: let go to the stations and not done, also while the office holds it.
const UNFINISHED: &str =
    "(f.state IN ('released', 'packing', 'held') OR (f.state = 'blocked' AND f.hold_reason = 'office_kept'))";
/// A balance `s` at a place `b` that orders are served from.
pub(super) const SALEABLE: &str = "b.kind = 'bin' AND s.condition = 'good' AND s.held = 0";

/// Units of a product that nobody is promised: what lies in the bins less what released, unfinished work still has to pick.
/// Below zero where more is promised than there is. Within a [`Work`] this stays true until the commit.
///
/// # Errors
/// Any fault of the store.
pub fn available(tx: &mut dyn Conn, product: &str) -> Res<i64> {
    let sql = format!("SELECT {}", available_of("$1"));
    Ok(tx.int(&sql, vals![product])?)
}

/// [`available`] as SQL, of the product that `product` names: a parameter or a column.
pub(super) fn available_of(product: &str) -> String {
    // The condition on picked is the one of the index order_lines_unpicked.
    format!(
        "((SELECT CAST(COALESCE(SUM(s.quantity), 0) AS BIGINT) FROM stock_levels s \
         JOIN locations b ON b.id = s.location WHERE s.product = {product} AND {SALEABLE}) - \
         (SELECT CAST(COALESCE(SUM({LEFT}), 0) AS BIGINT) FROM order_lines l \
         JOIN fulfillments f ON f.order_id = l.order_id \
         JOIN fulfillment_lines fl ON fl.fulfillment = f.id AND fl.line_no = l.line_no \
         WHERE l.product = {product} AND l.service = 0 AND l.picked < l.quantity AND {UNFINISHED}))"
    )
}

/// Units still to be picked under open leases, by product.
#[derive(Debug, Default)]
pub struct Promised(HashMap<String, i64>);

impl Promised {
    /// Reads them for a site, once for many balances.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn load(tx: &mut dyn Conn, site: SiteId) -> Res<Promised> {
        let mut promised = HashMap::new();
        let sql = format!(
            "SELECT l.product, CAST(SUM({LEFT}) AS BIGINT) FROM fulfillments f \
            JOIN fulfillment_lines fl ON fl.fulfillment = f.id \
            JOIN order_lines l ON l.order_id = f.order_id AND l.line_no = fl.line_no \
            WHERE f.site = $1 AND f.lease_held = 1 AND {UNFINISHED} GROUP BY l.product"
        );
        tx.each(&sql, vals![site.to_string()], &mut |row| {
            promised.insert(row.at(0)?, row.at(1)?);
            Ok(())
        })?;
        Ok(Promised(promised))
    }

    /// Units of this balance that are promised.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn of_level(&self, tx: &mut dyn Conn, level: &str, product: &str) -> Res<i64> {
        let Some(mut left) = self.0.get(product).copied() else { return Ok(0) };
        let sql = format!(
            "SELECT s.id, s.quantity FROM stock_levels s JOIN locations b ON b.id = s.location WHERE s.product = $1 \
             AND {SALEABLE} AND s.quantity > 0 \
             ORDER BY CASE WHEN s.expiry = '' THEN 1 ELSE 0 END, s.expiry, b.walk_rank, b.code, s.lot, s.id"
        );
        let rows = tx.all(&sql, vals![product])?;
        let last = rows.len().saturating_sub(1);
        for (n, row) in rows.iter().enumerate() {
            // What nothing is left for stays on the last one: stations shall see that more is promised than there is.
            let part = if n == last { left } else { left.min(row.at::<i64>(1)?) };
            if row.at::<String>(0)? == level {
                return Ok(part);
            }
            left -= part;
        }
        Ok(0)
    }
}

/// A lease of this work was given or ended: stations shall learn what that leaves of its products.
///
/// # Errors
/// Any fault of the store.
pub fn allocation_changed(work: &mut Work<'_>, fulfillment: &str) -> Res<()> {
    let rows = work.all(
        "SELECT DISTINCT s.id FROM fulfillments f JOIN fulfillment_lines fl ON fl.fulfillment = f.id \
         JOIN order_lines l ON l.order_id = f.order_id AND l.line_no = fl.line_no \
         JOIN stock_levels s ON s.product = l.product WHERE f.id = $1 AND s.condition = 'good' AND s.quantity > 0",
        vals![fulfillment],
    )?;
    for row in rows {
        work.changed(ChangeKind::StockLevel, row.at::<String>(0)?);
    }
    Ok(())
}

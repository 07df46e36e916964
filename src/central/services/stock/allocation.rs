//! What of the stock is promised: the lease is the allocation. Units that leased work still has to pick are laid on the
//! balances of their product in the order in which a picker takes them, first expired first.
//!
//! Derived when it is asked for and never stored, so it cannot drift from the leases.

use crate::central::error::Res;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;
use std::collections::HashMap;

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
        let sql = "SELECT l.product, CAST(SUM(fl.quantity - CASE WHEN f.parts > 1 THEN fl.picked \
            ELSE l.picked END) AS BIGINT) FROM fulfillments f \
            JOIN fulfillment_lines fl ON fl.fulfillment = f.id \
            JOIN order_lines l ON l.order_id = f.order_id AND l.line_no = fl.line_no \
            WHERE f.site = $1 AND f.lease_held = 1 AND f.state IN ('released', 'packing', 'held') \
            GROUP BY l.product";
        tx.each(sql, vals![site.to_string()], &mut |row| {
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
        let rows = tx.all(
            "SELECT s.id, s.quantity FROM stock_levels s JOIN locations l ON l.id = s.location WHERE s.product = $1 \
             AND l.kind = 'bin' AND s.condition = 'good' AND s.held = 0 AND s.quantity > 0 \
             ORDER BY CASE WHEN s.expiry = '' THEN 1 ELSE 0 END, s.expiry, l.walk_rank, l.code, s.lot, s.id",
            vals![product],
        )?;
        for row in rows {
            let part = left.min(row.at::<i64>(1)?);
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

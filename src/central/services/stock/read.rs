//! Stock for programs: balances by product and place, with what of each is promised.

use super::allocation::Promised;
use crate::central::error::Res;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, asc};
use crate::vals;

/// Which balances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of the product with this code.
    pub sku: Option<String>,
    /// At the place with this code.
    pub location: Option<String>,
}

/// A balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelView {
    /// Code of the product.
    pub sku: String,
    /// Code of the place.
    pub location: String,
    /// Lot, or empty.
    pub lot: String,
    /// Day of expiry, or empty.
    pub expiry: String,
    /// Serial, or empty.
    pub serial: String,
    /// `good`, `returned` or `damaged`.
    pub condition: String,
    /// Whose, or empty for the site's own.
    pub owner: String,
    /// Units; below zero where the shelf gave more than the book said.
    pub quantity: i64,
    /// Units of it that leased work still has to pick.
    pub promised: i64,
    /// Nobody may pick from it.
    pub held: bool,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
}

/// One page of at most `rows` balances by product and place, and the cursor of the next.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn page(
    tx: &mut dyn Conn,
    site: SiteId,
    wanted: &Wanted,
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<LevelView>, Option<String>)> {
    let mut query = Query::new(
        "SELECT s.id, p.id AS product, p.sku, l.code, s.lot, s.expiry, s.serial, s.condition, s.owner, s.quantity, \
         s.held, s.updated_ms FROM stock_levels s JOIN products p ON p.id = s.product \
         JOIN locations l ON l.id = s.location WHERE 1 = 1",
    );
    query.push(" AND s.site = ?", vals![site.to_string()]);
    query.when(" AND p.sku = ?", wanted.sku.as_deref());
    query.when(" AND l.code = ?", wanted.location.as_deref());
    let page = query.page(tx, &[asc("p.sku"), asc("l.code"), asc("s.id")], cursor, rows)?;
    let promised = Promised::load(tx, site)?;
    let mut levels = Vec::with_capacity(page.rows.len());
    for row in &page.rows {
        levels.push(LevelView {
            sku: row.get("sku")?,
            location: row.get("code")?,
            lot: row.get("lot")?,
            expiry: row.get("expiry")?,
            serial: row.get("serial")?,
            condition: row.get("condition")?,
            owner: row.get("owner")?,
            quantity: row.get("quantity")?,
            promised: promised.of_level(tx, &row.get::<String>("id")?, &row.get::<String>("product")?)?,
            held: row.get("held")?,
            updated_ms: row.get("updated_ms")?,
        });
    }
    Ok((levels, page.next))
}

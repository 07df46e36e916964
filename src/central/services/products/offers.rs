//! What can be sold: prices without tax in the site's currency, and products as the desk sees them, with what is free of each.

use super::kits::{self, Part};
use crate::central::error::{Refusal, Res};
use crate::central::services::stock;
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;

/// Most products of one search.
pub const OFFERS_MAX: u32 = 30;
/// Highest price of one unit, minor units.
pub const PRICE_MINOR_MAX: i64 = 1_000_000_000;
/// Highest rate of a tax: all of the price.
pub const TAX_RATE_BP_MAX: u32 = 10_000;

/// A product with what an order must know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Id.
    pub id: String,
    /// Code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Billed only, never packed.
    pub service: bool,
    /// Selling price of one unit without tax, minor units of the site's currency, if somebody set it.
    pub price_minor: Option<i64>,
    /// Rate of its tax, basis points.
    pub tax_rate_bp: u32,
    /// Units that nobody is promised; may be below zero. 0 for a service; for a kit as many as can be made of its parts.
    pub available: i64,
    /// What a kit is made of; empty for what is none.
    pub parts: Vec<Part>,
}

const COLUMNS: &str = "SELECT id, sku, name, kind, price_minor, tax_rate_bp FROM products";

fn read(tx: &mut dyn Conn, row: &Row) -> Res<Offer> {
    let id: String = row.get("id")?;
    let service = row.get::<String>("kind")? == "service";
    let parts = if service { Vec::new() } else { kits::parts(tx, &id)? };
    let available = match (service, parts.is_empty()) {
        (true, _) => 0,
        (false, true) => stock::available(tx, &id)?,
        (false, false) => kits::available(&parts),
    };
    Ok(Offer {
        available,
        parts,
        id,
        sku: row.get("sku")?,
        name: row.get("name")?,
        service,
        price_minor: row.get("price_minor")?,
        tax_rate_bp: row.get("tax_rate_bp")?,
    })
}

/// The product with this code.
///
/// # Errors
/// Any fault of the store.
pub fn offer(tx: &mut dyn Conn, site: SiteId, sku: &str) -> Res<Option<Offer>> {
    let row = tx.one(&format!("{COLUMNS} WHERE site = $1 AND sku = $2"), vals![site.to_string(), sku])?;
    row.map(|row| read(tx, &row)).transpose()
}

/// At most [`OFFERS_MAX`] products whose code or name contains the text, by code.
///
/// # Errors
/// Any fault of the store.
pub fn find(tx: &mut dyn Conn, site: SiteId, text: &str) -> Res<Vec<Offer>> {
    let like = format!("%{}%", text.trim().to_lowercase().replace(['%', '_', '\\'], ""));
    let sql = format!("{COLUMNS} WHERE site = $1 AND search LIKE $2 ORDER BY sku LIMIT $3");
    let rows = tx.all(&sql, vals![site.to_string(), like, OFFERS_MAX])?;
    rows.iter().map(|row| read(tx, row)).collect()
}

/// A selling price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Of which product.
    pub sku: String,
    /// Of one unit without tax, minor units of the site's currency; `None` takes it away.
    pub price_minor: Option<i64>,
    /// Rate of its tax, basis points.
    pub tax_rate_bp: u32,
}

/// Sets them, all or none.
///
/// # Errors
/// [`Refusal::Missing`] for an unknown code, [`Refusal::Field`] for a price or rate out of bounds.
pub fn set_prices(work: &mut Work<'_>, prices: &[Price]) -> Res<()> {
    for price in prices {
        if price.price_minor.is_some_and(|minor| !(0..=PRICE_MINOR_MAX).contains(&minor)) {
            return Err(Refusal::Field { field: "price", why: "must be 0 to 1,000,000,000 minor units" }.into());
        }
        if price.tax_rate_bp > TAX_RATE_BP_MAX {
            return Err(Refusal::Field { field: "tax", why: "must be at most 100 %" }.into());
        }
        let row = work.one(
            "UPDATE products SET price_minor = $3, tax_rate_bp = $4, version = version + 1, updated_ms = $5 \
             WHERE site = $1 AND sku = $2 RETURNING id",
            vals![work.site(), &price.sku, price.price_minor, price.tax_rate_bp, work.now_ms()],
        )?;
        let id: String = row.ok_or(Refusal::Missing { entity: "product" })?.at(0)?;
        let detail = serde_json::json!({ "price_minor": price.price_minor, "tax_rate_bp": price.tax_rate_bp });
        work.audit("product.priced", "product", id, detail);
    }
    Ok(())
}

//! Kits: products that are sold as one and lie in the house as their parts. A kit has no stock of its own, and no kit is part of
//! another, so opening one ends at things that can be picked.

use crate::central::error::{Refusal, Res};
use crate::central::services::stock;
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;

/// Most kinds of parts of one kit.
pub const PARTS_MAX: usize = 30;
/// Most units of one part in one kit.
pub const PART_UNITS_MAX: u32 = 10_000;

/// A part of a kit, with what an order must know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Id of the product.
    pub id: String,
    /// Its code.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Units in one kit.
    pub units: i64,
    /// Its share of the kit's price against the others' shares.
    pub weight: i64,
    /// Units that nobody is promised; may be below zero.
    pub available: i64,
}

/// What a kit is made of, by code; empty for what is no kit. Parts share the kit's price as they would cost alone; where one of them
/// has no price, by their units.
///
/// # Errors
/// Any fault of the store.
pub fn parts(tx: &mut dyn Conn, product: &str) -> Res<Vec<Part>> {
    let rows = tx.all(
        "SELECT p.id, p.sku, p.name, k.units, p.price_minor FROM kit_parts k JOIN products p ON p.id = k.product \
         WHERE k.kit = $1 ORDER BY p.sku, p.id",
        vals![product],
    )?;
    let mut priced = true;
    let mut parts = Vec::with_capacity(rows.len());
    for row in &rows {
        let (id, units): (String, i64) = (row.get("id")?, row.get("units")?);
        let price: Option<i64> = row.get("price_minor")?;
        priced &= price.is_some();
        parts.push(Part {
            sku: row.get("sku")?,
            name: row.get("name")?,
            units,
            weight: price.unwrap_or(0).saturating_mul(units),
            available: stock::available(tx, &id)?,
            id,
        });
    }
    if !priced || parts.iter().all(|part| part.weight == 0) {
        parts.iter_mut().for_each(|part| part.weight = part.units);
    }
    Ok(parts)
}

/// How many kits can be made of what nobody is promised.
#[must_use]
pub fn available(parts: &[Part]) -> i64 {
    parts.iter().map(|part| part.available.div_euclid(part.units.max(1))).min().unwrap_or(0)
}

/// Codes and units of the parts, by code.
///
/// # Errors
/// Any fault of the store.
pub fn written(tx: &mut dyn Conn, product: &str) -> Res<Vec<(String, u32)>> {
    let rows = tx.all(
        "SELECT p.sku, k.units FROM kit_parts k JOIN products p ON p.id = k.product WHERE k.kit = $1 ORDER BY p.sku",
        vals![product],
    )?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// Is it a kit?
///
/// # Errors
/// Any fault of the store.
pub fn is_kit(tx: &mut dyn Conn, product: &str) -> Res<bool> {
    Ok(tx.int("SELECT COUNT(*) FROM kit_parts WHERE kit = $1", vals![product])? > 0)
}

/// Is it a part of a kit?
///
/// # Errors
/// Any fault of the store.
pub fn is_part(tx: &mut dyn Conn, product: &str) -> Res<bool> {
    Ok(tx.int("SELECT COUNT(*) FROM kit_parts WHERE product = $1", vals![product])? > 0)
}

fn refuse<T>(why: &'static str) -> Result<T, Refusal> {
    Err(Refusal::Field { field: "product.parts", why })
}

/// Checks parts by themselves.
///
/// # Errors
/// [`Refusal::Field`] for too many, none of one, or one that is named twice.
pub fn check(parts: &[(String, u32)]) -> Result<(), Refusal> {
    if parts.len() > PARTS_MAX {
        return refuse("must be at most 30");
    }
    if parts.iter().any(|(_, units)| !(1..=PART_UNITS_MAX).contains(units)) {
        return refuse("must be 1 to 10,000 units each");
    }
    let mut codes: Vec<&String> = parts.iter().map(|(sku, _)| sku).collect();
    codes.sort();
    codes.dedup();
    if codes.len() < parts.len() {
        return refuse("must be named once each");
    }
    Ok(())
}

/// Ids of the parts that a product shall be made of, with their units.
///
/// # Errors
/// [`Refusal::Field`] for a part that is not there, is a service, a kit or the product itself, or parts for what is a part itself.
pub fn fitting(work: &mut Work<'_>, product: &str, parts: &[(String, u32)]) -> Res<Vec<(String, u32)>> {
    if !parts.is_empty() && is_part(work.tx, product)? {
        return Ok(refuse("must be none: it is a part of a kit itself")?);
    }
    let mut fitting = Vec::with_capacity(parts.len());
    for (sku, units) in parts {
        let row = work.one("SELECT id, kind FROM products WHERE site = $1 AND sku = $2", vals![work.site(), sku])?;
        let Some(row) = row else { return Ok(refuse("must be codes of products")?) };
        let id: String = row.at(0)?;
        if row.at::<String>(1)? == "service" {
            return Ok(refuse("must be goods: a service is no part")?);
        }
        if id == product || is_kit(work.tx, &id)? {
            return Ok(refuse("must be no kits: a kit is made of things that lie here")?);
        }
        fitting.push((id, *units));
    }
    Ok(fitting)
}

/// Writes what a product is made of.
///
/// # Errors
/// Any fault of the store.
pub fn write(work: &mut Work<'_>, product: &str, parts: &[(String, u32)]) -> Res<()> {
    work.exec("DELETE FROM kit_parts WHERE kit = $1", vals![product])?;
    for (part, units) in parts {
        work.exec("INSERT INTO kit_parts (kit, product, units) VALUES ($1, $2, $3)", vals![product, part, *units])?;
    }
    if !parts.is_empty() {
        // Its parts run out, not the kit.
        work.exec(
            "UPDATE products SET reorder_at = NULL, reorder_up_to = NULL, low_since_ms = NULL WHERE id = $1",
            vals![product],
        )?;
    }
    Ok(())
}

/// Nothing of it lies here and nobody waits for it, so that it may become a kit.
///
/// # Errors
/// [`Refusal::State`] if it is in stock or in open orders.
pub fn nothing_here(work: &mut Work<'_>, product: &str) -> Res<()> {
    let here = work.tx.int("SELECT COUNT(*) FROM stock_levels WHERE product = $1 AND quantity <> 0", vals![product])?;
    let asked = work.tx.int(
        "SELECT COUNT(*) FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.product = $1 AND l.service = 0 \
         AND l.picked < l.quantity AND o.is_open = 1",
        vals![product],
    )?;
    if here + asked > 0 {
        return Err(Refusal::State { entity: "product", state: "in stock or in orders".to_owned() }.into());
    }
    Ok(())
}

/// Codes of kits among these, at most `max`.
///
/// # Errors
/// Any fault of the store.
pub fn all(tx: &mut dyn Conn, site: SiteId, max: i64) -> Res<Vec<String>> {
    let rows = tx.all(
        "SELECT DISTINCT p.sku FROM kit_parts k JOIN products p ON p.id = k.kit WHERE p.site = $1 ORDER BY p.sku LIMIT $2",
        vals![site.to_string(), max],
    )?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}

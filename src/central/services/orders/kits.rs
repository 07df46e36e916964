//! Kits in orders: whoever buys a kit is sold its parts. The order keeps the kit as it was when it was sold (its price, its tax, what it
//! was made of), and the lines of its parts share price and tax to the minor unit. Work, stock, shorts and returns know the parts only.

use super::create::{Priced, price_of};
use super::entry::{NewLine, UNITS_MAX};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::products::Offer;
use crate::central::services::products::kits::{self, Part};
use crate::central::services::stock;
use crate::central::store::work::Work;
use crate::core::kit;
use crate::sql::{Conn, Row};
use crate::vals;
use serde::{Deserialize, Serialize};

/// Most lines of an order once its kits are opened.
pub const OPENED_MAX: i64 = 1_000;

/// A line of a part that a kit becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Id of the product.
    pub product: String,
    /// Units.
    pub quantity: i64,
    /// Price of one without tax, minor units.
    pub price_minor: i64,
    /// Tax of the whole line, minor units.
    pub tax_minor: i64,
}

/// A kit of an order, as it was sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    /// Number within the order, among its lines and kits.
    pub no: u32,
    /// Id of the product.
    pub product: String,
    /// Code of the product.
    pub sku: String,
    /// Its name then.
    pub name: String,
    /// How many.
    pub quantity: i64,
    /// Price of one without tax, minor units.
    pub price_minor: i64,
    /// Rate of its tax, basis points.
    pub tax_rate_bp: u32,
    /// Its tax, minor units.
    pub tax_minor: i64,
    /// What one was made of.
    pub content: Vec<Content>,
}

/// A part of a kit that was sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Id of the product.
    pub product: String,
    /// Its code.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Units in one kit.
    pub units: i64,
    /// Weight of its share of the price.
    weight: i64,
}

/// A part as the order keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    product: String,
    units: i64,
    weight: i64,
}

/// The lines that so many kits become.
///
/// # Errors
/// [`Refusal::Field`] for more units of a part than one line may have.
pub(super) fn open(parts: &[Part], quantity: i64, price_minor: i64, tax_minor: i64) -> Res<Vec<Opened>> {
    if parts.iter().any(|part| part.units.saturating_mul(quantity) > UNITS_MAX) {
        return Err(Refusal::Field { field: "lines.quantity", why: "makes more than 100,000 units of a part" }.into());
    }
    let shared: Vec<kit::Part> =
        parts.iter().map(|part| kit::Part { units: part.units, weight: part.weight }).collect();
    let beyond = Refusal::Field { field: "lines.price", why: "makes a line too dear" };
    let lines = kit::open(quantity, price_minor, tax_minor, &shared).ok_or(beyond)?;
    let opened = lines.into_iter().filter_map(|line| {
        let part = parts.get(line.part)?;
        Some(Opened {
            product: part.id.clone(),
            quantity: line.units,
            price_minor: line.price_minor,
            tax_minor: line.tax_minor,
        })
    });
    Ok(opened.collect())
}

/// Writes a kit's row and the lines of its parts, numbered from `first`; the number after the last.
pub(super) fn put(work: &mut Work<'_>, order: &str, kit: &Priced, first: u32) -> Res<u32> {
    let kept: Vec<Kept> = kit
        .offer
        .parts
        .iter()
        .map(|part| Kept { product: part.id.clone(), units: part.units, weight: part.weight })
        .collect();
    let kept = serde_json::to_string(&kept).map_err(|_| CentralError::Inner { what: "writing a kit as JSON" })?;
    work.exec(
        "INSERT INTO order_kits (order_id, kit_no, product, name, quantity, unit_price_minor, tax_rate_bp, tax_minor, parts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            order, first, &kit.offer.id, &kit.offer.name, kit.quantity, kit.price_minor, kit.tax_rate_bp, kit.tax_minor,
            kept
        ],
    )?;
    put_parts(work, order, first, kit, first)
}

/// Writes the lines of a kit's parts, numbered from `first`; the number after the last.
fn put_parts(work: &mut Work<'_>, order: &str, kit_no: u32, kit: &Priced, first: u32) -> Res<u32> {
    let mut next = first;
    for line in &kit.opened {
        work.exec(
            "INSERT INTO order_lines (order_id, line_no, product, service, quantity, unit_price_minor, tax_rate_bp, tax_minor, \
             kit_no) VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8)",
            vals![order, next, &line.product, line.quantity, line.price_minor, kit.tax_rate_bp, line.tax_minor, kit_no],
        )?;
        next = next.saturating_add(1);
    }
    Ok(next)
}

/// The first number of the order behind all lines and kits that are there.
pub(super) fn next_no(work: &mut Work<'_>, order: &str) -> Res<u32> {
    let last = work.tx.int(
        "SELECT COALESCE(MAX(n), 0) FROM (SELECT MAX(line_no) AS n FROM order_lines WHERE order_id = $1 \
         UNION ALL SELECT MAX(kit_no) FROM order_kits WHERE order_id = $1) numbers",
        vals![order],
    )?;
    Ok(u32::try_from(last).unwrap_or(u32::MAX).saturating_add(1))
}

/// A new order has room for its lines once its kits are opened.
///
/// # Errors
/// [`Refusal::Field`] for more than [`OPENED_MAX`].
pub(super) fn fit(lines: &[Priced]) -> Result<(), Refusal> {
    if lines.iter().map(|line| line.opened.len().max(1) as i64).sum::<i64>() > OPENED_MAX {
        return Err(Refusal::Field { field: "lines", why: "make more than 1,000 lines of parts" });
    }
    Ok(())
}

/// An order that was changed has room for its lines.
///
/// # Errors
/// [`Refusal::Field`] for more than [`OPENED_MAX`].
pub(super) fn room(work: &mut Work<'_>, order: &str) -> Res<()> {
    if work.tx.int("SELECT COUNT(*) FROM order_lines WHERE order_id = $1", vals![order])? > OPENED_MAX {
        return Err(Refusal::Field { field: "lines", why: "make more than 1,000 lines of parts" }.into());
    }
    Ok(())
}

/// The kits of an order, by number.
///
/// # Errors
/// Any fault of the store.
pub fn sold(tx: &mut dyn Conn, order: &str) -> Res<Vec<Sold>> {
    let rows = tx.all(
        "SELECT k.*, p.sku FROM order_kits k JOIN products p ON p.id = k.product WHERE k.order_id = $1 ORDER BY k.kit_no",
        vals![order],
    )?;
    rows.iter().map(|row| one(tx, row)).collect()
}

fn one(tx: &mut dyn Conn, row: &Row) -> Res<Sold> {
    let kept: Vec<Kept> = serde_json::from_str(&row.get::<String>("parts")?)
        .map_err(|_| CentralError::Stored { what: "parts of a kit" })?;
    let mut content = Vec::with_capacity(kept.len());
    for part in kept {
        let known = tx.one("SELECT sku, name FROM products WHERE id = $1", vals![&part.product])?;
        let known = known.ok_or(CentralError::Stored { what: "part of a kit" })?;
        content.push(Content {
            product: part.product,
            sku: known.at(0)?,
            name: known.at(1)?,
            units: part.units,
            weight: part.weight,
        });
    }
    Ok(Sold {
        no: row.get("kit_no")?,
        product: row.get("product")?,
        sku: row.get("sku")?,
        name: row.get("name")?,
        quantity: row.get("quantity")?,
        price_minor: row.get("unit_price_minor")?,
        tax_rate_bp: row.get("tax_rate_bp")?,
        tax_minor: row.get("tax_minor")?,
        content,
    })
}

/// Gives a kit of an order another quantity, opened as it was sold; its lines come behind the others. `None` once it is taken out.
pub(super) fn change(
    work: &mut Work<'_>,
    order: &str,
    (kit, quantity): (&Sold, i64),
    currency: &str,
) -> Res<Option<Priced>> {
    let lines_out = "DELETE FROM order_lines WHERE order_id = $1 AND kit_no = $2";
    if quantity == 0 {
        work.exec(lines_out, vals![order, kit.no])?;
        work.exec("DELETE FROM order_kits WHERE order_id = $1 AND kit_no = $2", vals![order, kit.no])?;
        return Ok(None);
    }
    let asked = NewLine {
        sku: kit.sku.clone(),
        quantity,
        price_minor: Some(kit.price_minor),
        tax_rate_bp: Some(kit.tax_rate_bp),
    };
    let priced = price_of(offer(work.tx, kit)?, &asked, asked.price_minor, currency)?;
    if quantity != kit.quantity {
        work.exec(lines_out, vals![order, kit.no])?;
        let next = next_no(work, order)?;
        put_parts(work, order, kit.no, &priced, next)?;
        work.exec(
            "UPDATE order_kits SET quantity = $3, tax_minor = $4 WHERE order_id = $1 AND kit_no = $2",
            vals![order, kit.no, quantity, priced.tax_minor],
        )?;
    }
    Ok(Some(priced))
}

/// A kit as it was sold, with what is free of its parts now.
fn offer(tx: &mut dyn Conn, kit: &Sold) -> Res<Offer> {
    let mut parts = Vec::with_capacity(kit.content.len());
    for part in &kit.content {
        parts.push(Part {
            id: part.product.clone(),
            sku: part.sku.clone(),
            name: part.name.clone(),
            units: part.units,
            weight: part.weight,
            available: stock::available(tx, &part.product)?,
        });
    }
    Ok(Offer {
        id: kit.product.clone(),
        sku: kit.sku.clone(),
        name: kit.name.clone(),
        service: false,
        price_minor: Some(kit.price_minor),
        tax_rate_bp: kit.tax_rate_bp,
        available: kits::available(&parts),
        parts,
    })
}

/// Copies the kits of an order to another, their numbers moved by `by`.
pub(super) fn copy(work: &mut Work<'_>, to: &str, from: &str, by: i64) -> Res<()> {
    work.exec(
        "INSERT INTO order_kits (order_id, kit_no, product, name, quantity, unit_price_minor, tax_rate_bp, tax_minor, parts) \
         SELECT CAST($1 AS TEXT), kit_no + CAST($3 AS BIGINT), product, name, quantity, unit_price_minor, tax_rate_bp, \
         tax_minor, parts FROM order_kits WHERE order_id = $2",
        vals![to, from, by],
    )?;
    Ok(())
}

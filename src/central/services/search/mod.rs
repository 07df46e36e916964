//! One text that finds anything: an order, a parcel by its number, a product, a customer, a station, a person. Each kind is asked
//! for by what its index answers, and gives a handful; who may not see a kind is not told that there is any of it. It changes
//! nothing.

use crate::central::error::Res;
use crate::central::services::{customers, stations};
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;

/// Most found of one kind: what does not fit is found by typing on.
pub const EACH_MAX: i64 = 6;
/// Longest text that is looked for, characters.
pub const TEXT_MAX: usize = 80;

/// What somebody may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Orders and their parcels.
    pub orders: bool,
    /// Products.
    pub products: bool,
    /// Customers.
    pub personal: bool,
    /// Who works here.
    pub people: bool,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An order.
    Order {
        /// Its number.
        number: String,
        /// When it was placed, UTC ms.
        placed_ms: i64,
    },
    /// A parcel.
    Parcel {
        /// The number of its order.
        order: String,
        /// What was asked for: its SSCC or the carrier's number.
        code: String,
    },
    /// A product.
    Product {
        /// Its code.
        sku: String,
        /// Its name.
        name: String,
    },
    /// A customer.
    Customer {
        /// Number.
        number: String,
        /// Name, or empty.
        name: String,
    },
    /// A station.
    Station {
        /// Its name.
        name: String,
    },
    /// Somebody who works here.
    Person {
        /// Id.
        id: String,
        /// Name.
        name: String,
        /// What they log in with.
        login: String,
    },
}

/// What fits the text, kind by kind, a handful of each; nothing for an empty text.
///
/// # Errors
/// Any fault of the store.
pub fn search(tx: &mut dyn Conn, site: SiteId, text: &str, sight: Sight) -> Res<Vec<Found>> {
    let text: String = text.trim().chars().filter(|c| *c != '\0').take(TEXT_MAX).collect();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    if sight.orders {
        found.extend(orders(tx, site, &text)?);
        found.extend(parcels(tx, site, &text)?);
    }
    // What the database takes for a pattern is left out of names; a text of nothing else is in none.
    let named = text.chars().any(|c| !matches!(c, '%' | '_' | '\\'));
    if !named {
        return Ok(found);
    }
    if sight.products {
        found.extend(products(tx, site, &text)?);
    }
    if sight.personal {
        let known = customers::find(tx, site, &text, true)?.into_iter().take(EACH_MAX as usize);
        found.extend(known.map(|one| Found::Customer { number: one.number, name: one.name }));
    }
    let folded = text.to_lowercase();
    let called = stations::list(tx, site)?.into_iter().filter(|one| one.name.to_lowercase().contains(&folded));
    found.extend(called.take(EACH_MAX as usize).map(|one| Found::Station { name: one.name }));
    if sight.people {
        found.extend(people(tx, site, &folded)?);
    }
    Ok(found)
}

/// Orders whose number begins so.
fn orders(tx: &mut dyn Conn, site: SiteId, text: &str) -> Res<Vec<Found>> {
    let folded = text.to_lowercase();
    // Every text that begins so lies before the text followed by the last character there is.
    let end = format!("{folded}\u{10FFFF}");
    let rows = tx.all(
        "SELECT number, placed_ms FROM orders WHERE site = $1 AND search >= $2 AND search < $3 ORDER BY search, id LIMIT $4",
        vals![site.to_string(), folded, end, EACH_MAX],
    )?;
    rows.iter().map(|row| Ok(Found::Order { number: row.get("number")?, placed_ms: row.get("placed_ms")? })).collect()
}

/// Parcels with this number: an SSCC as it is scanned or printed, or the carrier's.
fn parcels(tx: &mut dyn Conn, site: SiteId, text: &str) -> Res<Vec<Found>> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // The barcode says 00 before the eighteen digits, the text beneath it says (00).
    let sscc = if digits.len() == 20 { digits.strip_prefix("00").unwrap_or(&digits) } else { digits.as_str() };
    let rows = tx.all(
        "SELECT o.number, COALESCE(p.tracking, '') AS tracking, p.sscc FROM parcels p \
         JOIN fulfillments f ON f.id = p.fulfillment JOIN orders o ON o.id = f.order_id \
         WHERE o.site = $1 AND (p.sscc = $2 OR p.tracking = $3) LIMIT $4",
        vals![site.to_string(), sscc, text, EACH_MAX],
    )?;
    rows.iter()
        .map(|row| {
            let tracking: String = row.get("tracking")?;
            let code = if tracking == text { tracking } else { sscc.to_owned() };
            Ok(Found::Parcel { order: row.get("number")?, code })
        })
        .collect()
}

/// Products with this barcode, or with the text in their code or name.
fn products(tx: &mut dyn Conn, site: SiteId, text: &str) -> Res<Vec<Found>> {
    let like = format!("%{}%", text.to_lowercase().replace(['%', '_', '\\'], ""));
    let rows = tx.all(
        "SELECT sku, name FROM products WHERE site = $1 AND (search LIKE $2 OR id IN \
         (SELECT product FROM barcodes WHERE site = $1 AND code = $3)) ORDER BY sku LIMIT $4",
        vals![site.to_string(), like, text, EACH_MAX],
    )?;
    rows.iter().map(|row| Ok(Found::Product { sku: row.get("sku")?, name: row.get("name")? })).collect()
}

/// People with the text in their name or log-in.
fn people(tx: &mut dyn Conn, site: SiteId, folded: &str) -> Res<Vec<Found>> {
    let like = format!("%{}%", folded.replace(['%', '_', '\\'], ""));
    let rows = tx.all(
        "SELECT id, name, login FROM users WHERE site = $1 AND (LOWER(name) LIKE $2 OR LOWER(login) LIKE $2) \
         ORDER BY login LIMIT $3",
        vals![site.to_string(), like, EACH_MAX],
    )?;
    rows.iter()
        .map(|row| Ok(Found::Person { id: row.get("id")?, name: row.get("name")?, login: row.get("login")? }))
        .collect()
}

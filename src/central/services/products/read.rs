//! Products for programs: pages of them, and one.

use crate::central::error::{CentralError, Refusal, Res};
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, Row, asc};
use crate::vals;
use std::collections::HashMap;

/// Which products.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Part of a code or name; empty for all.
    pub search: String,
    /// Changed after this, UTC ms: then the longest unchanged come first, else they come by code.
    pub updated_after_ms: Option<i64>,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductView {
    /// Code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Billed only, never picked.
    pub service: bool,
    /// Mass of one unit, g.
    pub weight_g: Option<i64>,
    /// Length, width and height of one unit, mm; all or none.
    pub size_mm: Option<[i64; 3]>,
    /// Serial, lot, expiry are asked when it is packed.
    pub track: [bool; 3],
    /// Breaks easily.
    pub fragile: bool,
    /// Dangerous goods.
    pub dangerous: bool,
    /// Customs tariff number.
    pub hs_code: Option<String>,
    /// Country of origin, ISO 3166-1 alpha-2.
    pub origin: Option<String>,
    /// Barcodes, with the units behind one scan of each.
    pub barcodes: Vec<(String, i64)>,
    /// Version.
    pub version: i64,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
}

const COLUMNS: &str = "id, sku, name, kind, weight_g, length_mm, width_mm, height_mm, track_serial, track_lot, \
    track_expiry, fragile, dangerous, hs_code, origin, version, updated_ms";

/// One page of at most `rows` products, and the cursor of the next.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn page(
    tx: &mut dyn Conn,
    site: SiteId,
    wanted: &Wanted,
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<ProductView>, Option<String>)> {
    let mut query = Query::new(&format!("SELECT {COLUMNS} FROM products WHERE 1 = 1"));
    query.push(" AND site = ?", vals![site.to_string()]);
    query.when(" AND updated_ms > ?", wanted.updated_after_ms);
    let search = wanted.search.trim().to_lowercase();
    if !search.is_empty() {
        query.contains("search", &search);
    }
    let page = match wanted.updated_after_ms {
        Some(_) => query.page(tx, &[asc("updated_ms"), asc("id")], cursor, rows)?,
        None => query.page(tx, &[asc("sku"), asc("id")], cursor, rows)?,
    };
    Ok((views(tx, &page.rows)?, page.next))
}

/// The product with that code.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn one(tx: &mut dyn Conn, site: SiteId, sku: &str) -> Res<ProductView> {
    let sql = format!("SELECT {COLUMNS} FROM products WHERE site = $1 AND sku = $2");
    let row = tx.one(&sql, vals![site.to_string(), sku])?;
    let found = row.ok_or(Refusal::Missing { entity: "product" })?;
    views(tx, &[found])?.pop().ok_or(Refusal::Missing { entity: "product" }.into())
}

fn views(tx: &mut dyn Conn, rows: &[Row]) -> Res<Vec<ProductView>> {
    let ids: Vec<String> = rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
    let asked: Vec<_> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();
    let asked = serde_json::to_string(&asked).map_err(|_| CentralError::Inner { what: "writing ids as JSON" })?;
    let mut codes: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    let of_these = "SELECT product, code, units FROM barcodes \
        WHERE product IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY product, code";
    for row in tx.all(of_these, vals![asked])? {
        codes.entry(row.at(0)?).or_default().push((row.at(1)?, row.at(2)?));
    }
    rows.iter().zip(&ids).map(|(row, id)| view(row, codes.remove(id).unwrap_or_default())).collect()
}

fn view(row: &Row, barcodes: Vec<(String, i64)>) -> Res<ProductView> {
    let side = |name: &str| row.get::<Option<i64>>(name);
    let size = match (side("length_mm")?, side("width_mm")?, side("height_mm")?) {
        (Some(length), Some(width), Some(height)) => Some([length, width, height]),
        _ => None,
    };
    Ok(ProductView {
        sku: row.get("sku")?,
        name: row.get("name")?,
        service: row.get::<String>("kind")? == "service",
        weight_g: row.get("weight_g")?,
        size_mm: size,
        track: [row.get("track_serial")?, row.get("track_lot")?, row.get("track_expiry")?],
        fragile: row.get("fragile")?,
        dangerous: row.get("dangerous")?,
        hs_code: row.get("hs_code")?,
        origin: row.get("origin")?,
        barcodes,
        version: row.get("version")?,
        updated_ms: row.get("updated_ms")?,
    })
}

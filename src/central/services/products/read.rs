//! Products for programs: pages of them, and one.

use super::sizes::{Guess, guess_in};
use crate::central::error::{Refusal, Res};
use crate::central::store::bulk::named;
use crate::central::store::sites;
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
    /// What it is sold as, or empty.
    pub category: String,
    /// Selling price of one unit without tax, minor units of `currency`.
    pub price_minor: Option<i64>,
    /// The site's currency, ISO 4217.
    pub currency: String,
    /// Rate of its tax, basis points.
    pub tax_rate_bp: i64,
    /// UN number of dangerous goods.
    pub un_number: Option<i64>,
    /// Word of the batteries in it.
    pub battery: Option<String>,
    /// Value of one unit for customs: minor units and currency.
    pub customs_value: Option<(i64, String)>,
    /// Only an adult may sign for it.
    pub adult_signature: bool,
    /// Lowest and highest temperature it bears, °C.
    pub temperature_c: Option<[i64; 2]>,
    /// Mass of one unit, g.
    pub weight_g: Option<i64>,
    /// Length, width and height of one unit, mm; all or none.
    pub size_mm: Option<[i64; 3]>,
    /// What parcels taught of the size, where nobody measured it.
    pub guess: Option<Guess>,
    /// Serial, lot, expiry are asked when it is packed.
    pub track: [bool; 3],
    /// Breaks easily.
    pub fragile: bool,
    /// May be turned around, not over.
    pub this_side_up: bool,
    /// What may stand on one unit, g, all together; 0 is nothing.
    pub bears_g: Option<i64>,
    /// Dangerous goods.
    pub dangerous: bool,
    /// Customs tariff number.
    pub hs_code: Option<String>,
    /// Country of origin, ISO 3166-1 alpha-2.
    pub origin: Option<String>,
    /// Barcodes, with the units behind one scan of each.
    pub barcodes: Vec<(String, i64)>,
    /// What a kit is made of: codes with units, by code. Empty for what is none.
    pub parts: Vec<(String, i64)>,
    /// Version.
    pub version: i64,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
}

const COLUMNS: &str = "id, sku, name, kind, weight_g, length_mm, width_mm, height_mm, track_serial, track_lot, \
    track_expiry, fragile, dangerous, hs_code, origin, version, updated_ms, category, price_minor, \
    tax_rate_bp, un_number, lithium, customs_value_minor, customs_currency, adult_signature, temperature_min_c, temperature_max_c, \
    this_side_up, bears_g, guess_length_mm, guess_width_mm, guess_height_mm, guess_parcels";

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
    Ok((views(tx, site, &page.rows)?, page.next))
}

/// The product with that code.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn one(tx: &mut dyn Conn, site: SiteId, sku: &str) -> Res<ProductView> {
    let sql = format!("SELECT {COLUMNS} FROM products WHERE site = $1 AND sku = $2");
    let row = tx.one(&sql, vals![site.to_string(), sku])?;
    let found = row.ok_or(Refusal::Missing { entity: "product" })?;
    views(tx, site, &[found])?.pop().ok_or(Refusal::Missing { entity: "product" }.into())
}

fn views(tx: &mut dyn Conn, site: SiteId, rows: &[Row]) -> Res<Vec<ProductView>> {
    let currency = sites::get(tx, site)?.currency;
    let ids: Vec<String> = rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
    let asked = named(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let mut codes: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    let of_these = "SELECT product, code, units FROM barcodes \
        WHERE product IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY product, code";
    for row in tx.all(of_these, vals![&asked])? {
        codes.entry(row.at(0)?).or_default().push((row.at(1)?, row.at(2)?));
    }
    let mut parts: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    let of_kits = "SELECT k.kit, p.sku, k.units FROM kit_parts k JOIN products p ON p.id = k.product \
        WHERE k.kit IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY k.kit, p.sku";
    for row in tx.all(of_kits, vals![asked])? {
        parts.entry(row.at(0)?).or_default().push((row.at(1)?, row.at(2)?));
    }
    let one = |(row, id): (&Row, &String)| {
        view(row, (codes.remove(id).unwrap_or_default(), parts.remove(id).unwrap_or_default()), &currency)
    };
    rows.iter().zip(&ids).map(one).collect()
}

/// Codes with units.
type Coded = Vec<(String, i64)>;

fn view(row: &Row, (barcodes, parts): (Coded, Coded), currency: &str) -> Res<ProductView> {
    let side = |name: &str| row.get::<Option<i64>>(name);
    let size = match (side("length_mm")?, side("width_mm")?, side("height_mm")?) {
        (Some(length), Some(width), Some(height)) => Some([length, width, height]),
        _ => None,
    };
    let temperature = match (side("temperature_min_c")?, side("temperature_max_c")?) {
        (Some(low), Some(high)) => Some([low, high]),
        _ => None,
    };
    Ok(ProductView {
        category: row.get("category")?,
        price_minor: row.get("price_minor")?,
        currency: currency.to_owned(),
        tax_rate_bp: row.get("tax_rate_bp")?,
        un_number: row.get("un_number")?,
        battery: row.get("lithium")?,
        customs_value: side("customs_value_minor")?.zip(row.get::<Option<String>>("customs_currency")?),
        adult_signature: row.get("adult_signature")?,
        temperature_c: temperature,
        sku: row.get("sku")?,
        name: row.get("name")?,
        service: row.get::<String>("kind")? == "service",
        weight_g: row.get("weight_g")?,
        size_mm: size,
        guess: guess_in(row)?,
        track: [row.get("track_serial")?, row.get("track_lot")?, row.get("track_expiry")?],
        fragile: row.get("fragile")?,
        this_side_up: row.get("this_side_up")?,
        bears_g: row.get("bears_g")?,
        dangerous: row.get("dangerous")?,
        hs_code: row.get("hs_code")?,
        origin: row.get("origin")?,
        barcodes,
        parts,
        version: row.get("version")?,
        updated_ms: row.get("updated_ms")?,
    })
}

/// A product as the office lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Category, or empty.
    pub category: String,
    /// Selling price of one unit without tax, minor units of the site's currency.
    pub price_minor: Option<i64>,
    /// Mass of one unit, g.
    pub weight_g: Option<i64>,
    /// How many barcodes it has.
    pub barcodes: i64,
    /// Made of others.
    pub kit: bool,
}

/// One page of products by code for the office, whose code or name contains the text, and of the category; both may be empty.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn listed(
    tx: &mut dyn Conn,
    site: SiteId,
    (text, category): (&str, &str),
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<Listed>, Option<String>)> {
    let mut query = Query::new(
        "SELECT p.id, p.sku, p.name, p.category, p.price_minor, p.weight_g, \
         (SELECT COUNT(*) FROM barcodes b WHERE b.product = p.id) AS barcodes, \
         (SELECT COUNT(*) FROM kit_parts k WHERE k.kit = p.id) AS parts FROM products p WHERE 1 = 1",
    );
    query.push(" AND p.site = ?", vals![site.to_string()]);
    query.when(" AND p.category = ?", Some(category).filter(|category| !category.is_empty()));
    let text = text.trim().to_lowercase();
    if !text.is_empty() {
        query.contains("p.search", &text);
    }
    let page = query.page(tx, &[asc("p.sku"), asc("p.id")], cursor, rows)?;
    let one = |row: &Row| -> Res<Listed> {
        Ok(Listed {
            sku: row.get("sku")?,
            name: row.get("name")?,
            category: row.get("category")?,
            price_minor: row.get("price_minor")?,
            weight_g: row.get("weight_g")?,
            barcodes: row.get("barcodes")?,
            kit: row.get::<i64>("parts")? > 0,
        })
    };
    Ok((page.rows.iter().map(one).collect::<Res<_>>()?, page.next))
}

/// Most categories that are offered.
const CATEGORIES_MAX: i64 = 200;

/// The categories in use.
///
/// # Errors
/// Any fault of the store.
pub fn categories(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<String>> {
    let sql = "SELECT DISTINCT category FROM products WHERE site = $1 AND category <> '' ORDER BY category LIMIT $2";
    tx.all(sql, vals![site.to_string(), CATEGORIES_MAX])?.iter().map(|row| Ok(row.at(0)?)).collect()
}

//! Products, customers and stock taken out as a file, with the columns that bring them in again. Read page by page, so that a long
//! file holds up nobody.

use super::fields::Kind;
use crate::central::error::{CentralError, Res};
use crate::central::services::orders::table::export::{Cell, Format, Out};
use crate::central::store::{Store, sites};
use crate::core::money::{Currency, Money};
use crate::protocol::wire::order::Address;
use crate::sql::Row;
use crate::vals;
use std::path::Path;

/// Rows read at once.
const PAGE_ROWS: i64 = 500;

/// The question of a kind: rows behind a key, the key first.
const fn question(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Orders => None,
        Kind::Products => Some(
            "SELECT p.sku AS key, p.sku, p.name, p.price_minor, p.tax_rate_bp, p.category, \
             (SELECT MIN(b.code) FROM barcodes b WHERE b.product = p.id AND b.units = 1) AS barcode, p.weight_g, p.length_mm, \
             p.width_mm, p.height_mm, p.this_side_up, p.bears_g, p.hs_code, p.origin FROM products p WHERE p.site = $1 AND p.sku > $2 ORDER BY p.sku LIMIT $3",
        ),
        Kind::Kits => Some(
            "SELECT made.sku || '/' || p.sku AS key, made.sku AS kit, p.sku, k.units AS quantity FROM kit_parts k \
             JOIN products made ON made.id = k.kit JOIN products p ON p.id = k.product WHERE made.site = $1 \
             AND made.sku || '/' || p.sku > $2 ORDER BY made.sku || '/' || p.sku LIMIT $3",
        ),
        Kind::Customers => Some(
            "SELECT number AS key, number, vip, country, address, phone, email FROM customers WHERE site = $1 AND number > $2 \
             AND kind <> 'guest' AND erased_ms IS NULL ORDER BY number LIMIT $3",
        ),
        Kind::Stock => Some(
            "SELECT s.id AS key, p.sku, l.code AS location, s.quantity, s.lot, s.expiry FROM stock_levels s \
             JOIN products p ON p.id = s.product JOIN locations l ON l.id = s.location WHERE s.site = $1 AND s.id > $2 \
             AND s.quantity <> 0 ORDER BY s.id LIMIT $3",
        ),
    }
}

/// Writes the file at `path`; the number of rows. Its head says the words of the fields, which are known in every language when it
/// comes back. `told` hears how many rows are written and says whether to go on.
///
/// # Errors
/// Any fault of the store or the disk; orders have a file of their own.
pub fn write(store: &Store, kind: Kind, format: Format, path: &Path, told: &dyn Fn(usize) -> bool) -> Res<usize> {
    let sql = question(kind).ok_or(CentralError::Inner { what: "taking orders out as a plain list" })?;
    let site = store.site();
    let currency = store.read_blocking(move |tx| Ok(sites::get(tx, site)?.currency))?;
    let currency = Currency::new(&currency).ok_or(CentralError::Stored { what: "currency" })?;
    let titles: Vec<String> = kind.fields().iter().map(|field| field.word.to_owned()).collect();
    let mut out = Out::begin(format, path, &titles)?;
    let (mut after, mut rows) = (String::new(), 0);
    loop {
        let from = after.clone();
        let page = store.read_blocking(move |tx| Ok(tx.all(sql, vals![site.to_string(), &from, PAGE_ROWS])?))?;
        for row in &page {
            out.row(cells(kind, row, currency)?)?;
        }
        rows += page.len();
        if !told(rows) || rows >= format.rows_max() {
            break;
        }
        match page.last() {
            Some(last) if i64::try_from(page.len()).is_ok_and(|len| len == PAGE_ROWS) => after = last.get("key")?,
            Some(_) | None => break,
        }
    }
    out.finish(path)?;
    Ok(rows)
}

fn cells(kind: Kind, row: &Row, currency: Currency) -> Res<Vec<Cell>> {
    let address = match kind {
        Kind::Customers => row.get::<Option<String>>("address")?.map(|text| serde_json::from_str(&text)).transpose(),
        Kind::Orders | Kind::Products | Kind::Kits | Kind::Stock => Ok(None),
    };
    let address: Option<Address> = address.map_err(|_| CentralError::Stored { what: "address of a customer" })?;
    kind.fields().iter().map(|field| cell(row, field.word, address.as_ref(), currency)).collect()
}

fn cell(row: &Row, field: &str, address: Option<&Address>, currency: Currency) -> Res<Cell> {
    let text = |text: Option<String>| Cell::Text(text.unwrap_or_default());
    let figure = |number: Option<i64>| Cell::Figure(number.map(|n| n.to_string()).unwrap_or_default());
    let of = |pick: fn(&Address) -> Option<String>| text(address.and_then(pick));
    Ok(match field {
        "price" => {
            let minor: Option<i64> = row.get("price_minor")?;
            Cell::Figure(minor.map(|minor| Money { minor, currency }.plain()).unwrap_or_default())
        }
        "tax" => {
            let bp: i64 = row.get("tax_rate_bp")?;
            Cell::Figure(format!("{}.{:02}", bp / 100, bp % 100))
        }
        "quantity" | "weight_g" | "length_mm" | "width_mm" | "height_mm" | "this_side_up" | "bears_g" | "vip" => {
            figure(row.get(field)?)
        }
        "name" if row.names().iter().any(|name| name == "address") => of(|address| Some(address.name.clone())),
        "company" => of(|address| address.company.clone()),
        "street" => of(|address| address.lines.first().cloned()),
        "street2" => of(|address| address.lines.get(1).cloned()),
        "city" => of(|address| Some(address.city.clone())),
        "postcode" => of(|address| address.postcode.clone()),
        "region" => of(|address| address.region.clone()),
        _ => text(row.get(field)?),
    })
}

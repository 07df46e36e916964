//! Stock as the office looks at it: products with their sums, one product with its balances and what a picker should take first,
//! and the ledger's entries with who made them.

use super::allocation::{SALEABLE, available_of};
use crate::central::error::{Refusal, Res};
use crate::central::services::products::kits;
use crate::core::scan::{self, Form, Trace};
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, Row, asc, desc};
use crate::vals;

/// Products on one page.
pub const PRODUCT_ROWS: u32 = 50;
/// Entries on one page.
pub const ENTRY_ROWS: u32 = 50;
/// Most balances of one product or place that are shown.
const LEVELS_MAX: i64 = 500;

/// Which products.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Which {
    /// Part of a code or name, or empty.
    pub search: String,
    /// Only those that run out.
    pub low: bool,
    /// Only of this category, or empty.
    pub category: String,
}

/// A product with its sums, units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summed {
    /// Code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// In bins, good and not held.
    pub in_bins: i64,
    /// Nobody is promised.
    pub available: i64,
    /// Held.
    pub held: i64,
    /// Broken, come back, or in a place that orders are not served from.
    pub aside: i64,
    /// Free units at which it is bought again.
    pub reorder_at: Option<i64>,
    /// Runs out since, UTC ms.
    pub low_since_ms: Option<i64>,
    /// Made of others: nothing of it lies here, and what is available is how many can be made.
    pub kit: bool,
}

impl Summed {
    /// Units that open work still has to pick; of a kit its parts are picked.
    #[must_use]
    pub fn promised(&self) -> i64 {
        if self.kit { 0 } else { self.in_bins - self.available }
    }
}

fn summed(condition: &str) -> String {
    let part = available_of("k.product");
    let sum = |what: &str| {
        format!(
            "(SELECT CAST(COALESCE(SUM(s.quantity), 0) AS BIGINT) FROM stock_levels s JOIN locations b ON b.id = s.location \
             WHERE s.product = p.id AND {what})"
        )
    };
    // A part that more is promised of than there is makes no kit: below zero there is no "how many can be made".
    format!(
        "SELECT p.id, p.sku, p.name, p.reorder_at, p.reorder_up_to, p.low_since_ms, \
         COALESCE((SELECT MIN(CASE WHEN {part} < 0 THEN 0 ELSE {part} / k.units END) FROM kit_parts k WHERE k.kit = p.id), \
         {}) AS available, (SELECT COUNT(*) FROM kit_parts k WHERE k.kit = p.id) AS kit, {} AS in_bins, \
         {} AS held, {} AS aside FROM products p WHERE {condition}",
        available_of("p.id"),
        sum(SALEABLE),
        sum("s.held = 1"),
        sum("s.held = 0 AND (s.condition <> 'good' OR b.kind <> 'bin')")
    )
}

fn one_summed(row: &Row) -> Res<Summed> {
    Ok(Summed {
        sku: row.get("sku")?,
        name: row.get("name")?,
        in_bins: row.get("in_bins")?,
        available: row.get("available")?,
        held: row.get("held")?,
        aside: row.get("aside")?,
        reorder_at: row.get("reorder_at")?,
        low_since_ms: row.get("low_since_ms")?,
        kit: row.get::<i64>("kit")? > 0,
    })
}

/// One page of goods by code, and the cursor of the next.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn products(
    tx: &mut dyn Conn,
    site: SiteId,
    which: &Which,
    cursor: Option<&str>,
) -> Res<(Vec<Summed>, Option<String>)> {
    let mut query = Query::new(&summed("p.kind = 'goods'"));
    query.push(" AND p.site = ?", vals![site.to_string()]);
    if which.low {
        query.push(" AND p.low_since_ms IS NOT NULL", vals![]);
    }
    query.when(" AND p.category = ?", Some(&which.category).filter(|text| !text.is_empty()));
    let search = which.search.trim().to_lowercase();
    if !search.is_empty() {
        query.contains("p.search", &search);
    }
    let page = query.page(tx, &[asc("p.sku"), asc("p.id")], cursor, PRODUCT_ROWS)?;
    Ok((page.rows.iter().map(one_summed).collect::<Res<_>>()?, page.next))
}

/// The product that a scan or a typed text means, and what else a carton's label says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meant {
    /// The product's code.
    pub sku: String,
    /// Units, where the code says how many or stands for several.
    pub units: Option<i64>,
    /// Lot, serial number and day of expiry.
    pub trace: Trace,
}

/// What a scan or a typed text means: a product's own code, one of its barcodes as any scanner sends it, or a GS1 code with
/// its GTIN.
///
/// # Errors
/// Any fault of the store.
pub fn meant(tx: &mut dyn Conn, site: SiteId, text: &str) -> Res<Option<Meant>> {
    let text = text.trim();
    if text.is_empty() || text.contains('\0') {
        return Ok(None);
    }
    let bare = scan::bare(text.as_bytes(), None).map_or(text, |(_, bare)| bare);
    let (gtins, trace, count) = match scan::form(text.as_bytes(), None) {
        Form::Gs1(said) => {
            let count = said.count.map(|n| (i64::from(n), said.value("30").is_some()));
            (said.gtin.iter().cloned().collect(), said.trace, count)
        }
        Form::Gtin(gtin) => (vec![gtin], Trace::default(), None),
        Form::TwoGtins(gtin_8, upc_e) => (vec![gtin_8, upc_e], Trace::default(), None),
        Form::Text(_) | Form::Command(_) | Form::BadCommand | Form::Unreadable | Form::TooLong => {
            (Vec::new(), Trace::default(), None)
        }
    };
    let spelling = |n: usize| gtins.get(n).or(gtins.first()).map_or(bare, String::as_str);
    let row = tx.one(
        "SELECT p.sku, 1 AS units, 0 AS way FROM products p WHERE p.site = $1 AND p.sku IN ($2, $3) \
         UNION ALL SELECT p.sku, b.units, 1 FROM barcodes b JOIN products p ON p.id = b.product \
         WHERE b.site = $1 AND b.code IN ($2, $3, $4, $5) ORDER BY way LIMIT 1",
        vals![site.to_string(), text, bare, spelling(0), spelling(1)],
    )?;
    let Some(row) = row else { return Ok(None) };
    let each: i64 = row.at(1)?;
    let units = match count {
        // Of what a carton holds, each is what its number stands for.
        Some((count, counted_singly)) => count.checked_mul(if counted_singly { 1 } else { each }),
        None => (each > 1).then_some(each),
    };
    Ok(Some(Meant { sku: row.at(0)?, units, trace }))
}

/// A balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelRow {
    /// Code and name of the product.
    pub product: (String, String),
    /// Code of the place.
    pub location: String,
    /// Orders are served from the place.
    pub bin: bool,
    /// Lot, or empty.
    pub lot: String,
    /// Day of expiry, or empty.
    pub expiry: String,
    /// Serial, or empty.
    pub serial: String,
    /// `good`, `returned` or `damaged`.
    pub condition: String,
    /// Units.
    pub quantity: i64,
    /// Nobody may pick from it.
    pub held: bool,
    /// When it was counted last, UTC ms.
    pub counted_ms: Option<i64>,
}

const LEVELS: &str = "SELECT p.sku, p.name, b.code, b.kind, s.lot, s.expiry, s.serial, s.condition, s.quantity, s.held, \
    (SELECT MAX(c.at_ms) FROM stock_counts c WHERE c.level = s.id) AS counted_ms FROM stock_levels s \
    JOIN products p ON p.id = s.product JOIN locations b ON b.id = s.location";
/// The order in which a picker takes: good ones of the bins first, first expired first, and what never expires last.
const TAKEN: &str = "ORDER BY CASE WHEN b.kind = 'bin' AND s.condition = 'good' AND s.held = 0 THEN 0 ELSE 1 END, \
    CASE WHEN s.expiry = '' THEN 1 ELSE 0 END, s.expiry, b.walk_rank, b.code, s.lot, s.id";

fn level(row: &Row) -> Res<LevelRow> {
    Ok(LevelRow {
        product: (row.get("sku")?, row.get("name")?),
        location: row.get("code")?,
        bin: row.get::<String>("kind")? == "bin",
        lot: row.get("lot")?,
        expiry: row.get("expiry")?,
        serial: row.get("serial")?,
        condition: row.get("condition")?,
        quantity: row.get("quantity")?,
        held: row.get("held")?,
        counted_ms: row.get("counted_ms")?,
    })
}

/// The stock of one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductStock {
    /// Id.
    pub id: String,
    /// Sums.
    pub sums: Summed,
    /// Up to how many it is bought again.
    pub reorder_up_to: Option<i64>,
    /// Serial, lot, expiry are asked of every unit.
    pub track: [bool; 3],
    /// Balances that hold any, in the order in which a picker takes them.
    pub levels: Vec<LevelRow>,
    /// What it is made of, if it is a kit.
    pub parts: Vec<kits::Part>,
}

impl ProductStock {
    /// Which balances so many units are taken from, and how many of each.
    #[must_use]
    pub fn first(&self, units: i64) -> Vec<(&LevelRow, i64)> {
        let mut left = units;
        let usable = |level: &&LevelRow| level.bin && !level.held && level.condition == "good" && level.quantity > 0;
        let mut taken = Vec::new();
        for level in self.levels.iter().filter(usable) {
            if left <= 0 {
                break;
            }
            taken.push((level, left.min(level.quantity)));
            left -= level.quantity;
        }
        taken
    }
}

/// The stock of the product with this code.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn product(tx: &mut dyn Conn, site: SiteId, sku: &str) -> Res<ProductStock> {
    let row = tx.one(&summed("p.site = $1 AND p.sku = $2"), vals![site.to_string(), sku])?;
    let row = row.ok_or(Refusal::Missing { entity: "product" })?;
    let id: String = row.get("id")?;
    let track = tx.one("SELECT track_serial, track_lot, track_expiry FROM products WHERE id = $1", vals![&id])?;
    let track = track.ok_or(Refusal::Missing { entity: "product" })?;
    let sql = format!("{LEVELS} WHERE s.product = $1 AND s.quantity <> 0 {TAKEN} LIMIT $2");
    let levels = tx.all(&sql, vals![&id, LEVELS_MAX])?;
    Ok(ProductStock {
        parts: kits::parts(tx, &id)?,
        id,
        sums: one_summed(&row)?,
        reorder_up_to: row.get("reorder_up_to")?,
        track: [track.at(0)?, track.at(1)?, track.at(2)?],
        levels: levels.iter().map(level).collect::<Res<_>>()?,
    })
}

/// What lies in the place with this code; `None` if there is no such place.
///
/// # Errors
/// Any fault of the store.
pub fn place(tx: &mut dyn Conn, site: SiteId, code: &str) -> Res<Option<Vec<LevelRow>>> {
    let row =
        tx.one("SELECT id FROM locations WHERE site = $1 AND code = $2 AND gone = 0", vals![site.to_string(), code])?;
    let Some(row) = row else { return Ok(None) };
    let sql =
        format!("{LEVELS} WHERE s.location = $1 AND s.quantity <> 0 ORDER BY p.sku, s.expiry, s.lot, s.id LIMIT $2");
    let rows = tx.all(&sql, vals![row.at::<String>(0)?, LEVELS_MAX])?;
    Ok(Some(rows.iter().map(level).collect::<Res<_>>()?))
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Code of the product.
    pub sku: String,
    /// Code of the place.
    pub location: String,
    /// Lot, or empty.
    pub lot: String,
    /// Word of its kind.
    pub kind: String,
    /// Units; below zero for what left.
    pub quantity: i64,
    /// Reason and note, or empty.
    pub reason: String,
    /// What it belongs to: a word, and the number people know it by, where there is one.
    pub reference: (String, String),
    /// Kind of who made it, and the name if it is a person or station.
    pub by: (String, String),
    /// When, UTC ms.
    pub at_ms: i64,
}

/// One page of entries, the newest first, and the cursor of the next; `sku` is empty for all products.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn entries(tx: &mut dyn Conn, site: SiteId, sku: &str, cursor: Option<&str>) -> Res<(Vec<Entry>, Option<String>)> {
    let mut query = Query::new(
        "SELECT m.id, m.at_ms, p.sku, b.code, s.lot, m.kind, m.quantity, m.reason, m.ref_kind, m.ref_id, m.actor_kind, \
         COALESCE(o.number, '') AS order_no, COALESCE(r.number, '') AS return_no, COALESCE(u.name, st.name, '') AS who \
         FROM stock_movements m JOIN stock_levels s ON s.id = m.level JOIN products p ON p.id = s.product \
         JOIN locations b ON b.id = s.location LEFT JOIN fulfillments f ON f.id = m.ref_id AND m.ref_kind = 'fulfillment' \
         LEFT JOIN orders o ON o.id = f.order_id LEFT JOIN returns r ON r.id = m.ref_id AND m.ref_kind = 'return' \
         LEFT JOIN users u ON u.id = m.actor LEFT JOIN stations st ON st.id = m.actor WHERE 1 = 1",
    );
    query.push(" AND m.site = ?", vals![site.to_string()]);
    query.when(" AND p.sku = ?", Some(sku).filter(|sku| !sku.is_empty()));
    let page = query.page(tx, &[desc("m.at_ms"), desc("m.id")], cursor, ENTRY_ROWS)?;
    let one = |row: &Row| -> Res<Entry> {
        let kind: String = row.get("ref_kind")?;
        let name: String = match kind.as_str() {
            "fulfillment" => row.get("order_no")?,
            "return" => row.get("return_no")?,
            "receipt" => row.get("ref_id")?,
            _ => String::new(),
        };
        Ok(Entry {
            sku: row.get("sku")?,
            location: row.get("code")?,
            lot: row.get("lot")?,
            kind: row.get("kind")?,
            quantity: row.get("quantity")?,
            reason: row.get("reason")?,
            reference: (kind, name),
            by: (row.get("actor_kind")?, row.get("who")?),
            at_ms: row.get("at_ms")?,
        })
    };
    Ok((page.rows.iter().map(one).collect::<Res<_>>()?, page.next))
}

//! Orders for programs: pages of short rows, and one order whole with its lines and parcels.

use super::kits::{self, Sold};
use super::list::matching;
use crate::central::error::{CentralError, Refusal, Res};
use crate::protocol::wire::SiteId;
use crate::protocol::wire::order::Address;
use crate::sql::{Conn, Query, Row, asc, desc};
use crate::vals;

/// Most parcels, and most kinds of content of them, that one answer names.
const PARCELS_MAX: i64 = 500;
const ITEMS_MAX: i64 = 5_000;

/// Which orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// As [`super::Filter::search`]; empty for all.
    pub search: String,
    /// One of the statuses.
    pub status: Option<&'static str>,
    /// Changed after this, UTC ms: then the longest unchanged come first, else the newest placed.
    pub updated_after_ms: Option<i64>,
    /// Who asks may see personal data.
    pub personal: bool,
}

/// An order in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFacts {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Version.
    pub version: i64,
    /// When it was placed, UTC ms.
    pub placed_ms: i64,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
    /// First axis.
    pub status: String,
    /// Second axis.
    pub payment: String,
    /// Third axis.
    pub fulfillment: String,
    /// Customer's number; none for a guest.
    pub customer_number: Option<String>,
    /// Customer's name, for one who may see it.
    pub customer_name: Option<String>,
    /// Country of delivery, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Units.
    pub units: i64,
    /// Total with taxes, minor units.
    pub total_minor: i64,
    /// Taxes in it, minor units.
    pub tax_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// When it must have left, UTC ms.
    pub ship_by_ms: Option<i64>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFacts {
    /// Place.
    pub no: u32,
    /// Code of the product.
    pub sku: String,
    /// What the order called it.
    pub name: String,
    /// Billed only.
    pub service: bool,
    /// Units.
    pub quantity: i64,
    /// Price of one without tax, minor units.
    pub price_minor: i64,
    /// Rate of the tax on top, hundredths of a per cent.
    pub tax_rate_bp: u32,
    /// Tax of the whole line, minor units.
    pub tax_minor: i64,
    /// Units by stage: picked, verified, packed, shipped, delivered.
    pub done: [i64; 5],
    /// Units that were not there.
    pub short: i64,
    /// Units by stage of coming back: asked back, returned, given up.
    pub back: [i64; 3],
    /// Number of the kit that it is a part of.
    pub kit: Option<u32>,
}

/// A part of the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartFacts {
    /// Number within the order.
    pub part: u32,
    /// State as stored.
    pub state: String,
    /// Units by line.
    pub lines: Vec<(u32, i64)>,
}

/// What lies in a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemFacts {
    /// Line of the order.
    pub line: u32,
    /// Units.
    pub quantity: i64,
    /// Lot, or empty.
    pub lot: String,
    /// Day of expiry, or empty.
    pub expiry: String,
}

/// A parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelFacts {
    /// Part of the order it belongs to.
    pub part: u32,
    /// Number within the part.
    pub no: u32,
    /// Serial shipping container code.
    pub sscc: Option<String>,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// Name of its box.
    pub packaging: Option<String>,
    /// On the scale, g.
    pub weight_g: Option<i64>,
    /// When its label was scanned back, UTC ms.
    pub confirmed_ms: Option<i64>,
    /// The carrier's own address of it.
    pub tracking_url: Option<String>,
    /// Number of the manifest it left with, or will.
    pub manifest: Option<String>,
    /// When it was handed to the carrier, UTC ms.
    pub handed_over_ms: Option<i64>,
    /// When it arrived, UTC ms.
    pub delivered_ms: Option<i64>,
    /// Its content.
    pub items: Vec<ItemFacts>,
}

/// An order whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderWhole {
    /// In short.
    pub facts: OrderFacts,
    /// Where it goes, for one who may see it.
    pub ship_to: Option<Address>,
    /// Note of the customer, for one who may see personal data.
    pub note: Option<String>,
    /// Lines by place.
    pub lines: Vec<LineFacts>,
    /// Kits that were sold.
    pub kits: Vec<Sold>,
    /// Work, by part.
    pub parts: Vec<PartFacts>,
    /// Parcels that were not given up.
    pub parcels: Vec<ParcelFacts>,
}

fn columns(personal: bool) -> String {
    let name =
        if personal { "(SELECT NULLIF(c.name, '') FROM customers c WHERE c.id = orders.customer)" } else { "NULL" };
    format!(
        "id, number, version, placed_ms, updated_ms, status, payment_status, fulfillment_status, country, units, \
         total_minor, tax_minor, currency, ship_by_ms, note, \
         (SELECT c.number FROM customers c WHERE c.id = orders.customer) AS customer_number, {name} AS customer_name"
    )
}

fn facts(row: &Row) -> Res<OrderFacts> {
    Ok(OrderFacts {
        id: row.get("id")?,
        number: row.get("number")?,
        version: row.get("version")?,
        placed_ms: row.get("placed_ms")?,
        updated_ms: row.get("updated_ms")?,
        status: row.get("status")?,
        payment: row.get("payment_status")?,
        fulfillment: row.get("fulfillment_status")?,
        customer_number: row.get("customer_number")?,
        customer_name: row.get("customer_name")?,
        country: row.get("country")?,
        units: row.get("units")?,
        total_minor: row.get("total_minor")?,
        tax_minor: row.get("tax_minor")?,
        currency: row.get("currency")?,
        ship_by_ms: row.get("ship_by_ms")?,
    })
}

/// One page of at most `rows` orders, and the cursor of the next.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn page(
    tx: &mut dyn Conn,
    site: SiteId,
    wanted: &Wanted,
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<OrderFacts>, Option<String>)> {
    let mut query = Query::new(&format!("SELECT {} FROM orders WHERE 1 = 1", columns(wanted.personal)));
    query.push(" AND site = ?", vals![site.to_string()]);
    query.when(" AND status = ?", wanted.status);
    query.when(" AND updated_ms > ?", wanted.updated_after_ms);
    matching(&mut query, &wanted.search, wanted.personal);
    let keys = match wanted.updated_after_ms {
        Some(_) => [asc("updated_ms"), asc("id")],
        None => [desc("placed_ms"), desc("id")],
    };
    let page = query.page(tx, &keys, cursor, rows)?;
    Ok((page.rows.iter().map(facts).collect::<Res<_>>()?, page.next))
}

/// The order with that number.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn whole(tx: &mut dyn Conn, site: SiteId, number: &str, personal: bool) -> Res<OrderWhole> {
    let row = tx
        .one(
            &format!(
                "SELECT {}, COALESCE(ship_to, (SELECT c.address FROM customers c WHERE c.id = orders.customer)) AS ship_to \
                 FROM orders WHERE site = $1 AND number = $2",
                columns(personal)
            ),
            vals![site.to_string(), number],
        )?
        .ok_or(Refusal::Missing { entity: "order" })?;
    let facts = facts(&row)?;
    let ship_to = row.get::<Option<String>>("ship_to")?.filter(|_| personal);
    let ship_to = ship_to.map(|text| serde_json::from_str(&text)).transpose();
    Ok(OrderWhole {
        ship_to: ship_to.map_err(|_| CentralError::Stored { what: "address of an order" })?,
        note: row.get::<Option<String>>("note")?.filter(|_| personal),
        lines: lines(tx, &facts.id)?,
        kits: kits::sold(tx, &facts.id)?,
        parts: parts(tx, &facts.id)?,
        parcels: parcels(tx, &facts.id)?,
        facts,
    })
}

fn lines(tx: &mut dyn Conn, order: &str) -> Res<Vec<LineFacts>> {
    let rows = tx.all(
        "SELECT l.*, p.sku, COALESCE(l.name, p.name) AS called FROM order_lines l JOIN products p ON p.id = l.product \
         WHERE l.order_id = $1 ORDER BY l.line_no",
        vals![order],
    )?;
    let line = |row: &Row| {
        let count = |name: &str| row.get::<i64>(name);
        Ok(LineFacts {
            no: row.get("line_no")?,
            sku: row.get("sku")?,
            name: row.get("called")?,
            service: row.get("service")?,
            quantity: count("quantity")?,
            price_minor: count("unit_price_minor")?,
            tax_rate_bp: row.get("tax_rate_bp")?,
            tax_minor: count("tax_minor")?,
            done: [count("picked")?, count("verified")?, count("packed")?, count("shipped")?, count("delivered")?],
            short: count("short")?,
            back: [count("return_requested")?, count("returned")?, count("written_off")?],
            kit: row.get("kit_no")?,
        })
    };
    rows.iter().map(line).collect()
}

fn parts(tx: &mut dyn Conn, order: &str) -> Res<Vec<PartFacts>> {
    let rows = tx.all(
        "SELECT f.part, f.state, l.line_no, l.quantity FROM fulfillments f \
         LEFT JOIN fulfillment_lines l ON l.fulfillment = f.id WHERE f.order_id = $1 ORDER BY f.part, l.line_no",
        vals![order],
    )?;
    let mut parts: Vec<PartFacts> = Vec::new();
    for row in &rows {
        let no = row.get("part")?;
        if parts.last().is_none_or(|part| part.part != no) {
            parts.push(PartFacts { part: no, state: row.get("state")?, lines: Vec::new() });
        }
        if let (Some(part), Some(line)) = (parts.last_mut(), row.get::<Option<u32>>("line_no")?) {
            part.lines.push((line, row.get("quantity")?));
        }
    }
    Ok(parts)
}

fn parcels(tx: &mut dyn Conn, order: &str) -> Res<Vec<ParcelFacts>> {
    let rows = tx.all(
        "SELECT f.part, p.no, p.sscc, p.tracking, p.tracking_url, b.name AS packaging, p.weight_g, p.confirmed_ms, \
         COALESCE(p.shipped_ms, f.handed_over_ms) AS handed_over_ms, p.delivered_ms, m.number AS manifest \
         FROM parcels p JOIN fulfillments f ON f.id = p.fulfillment LEFT JOIN packagings b ON b.id = p.packaging \
         LEFT JOIN manifest_parcels mp ON mp.fulfillment = p.fulfillment AND mp.parcel = p.no \
         LEFT JOIN manifests m ON m.id = mp.manifest \
         WHERE f.order_id = $1 AND p.void = 0 ORDER BY f.part, p.no LIMIT $2",
        vals![order, PARCELS_MAX],
    )?;
    let parcel = |row: &Row| {
        Ok(ParcelFacts {
            part: row.get("part")?,
            no: row.get("no")?,
            sscc: row.get("sscc")?,
            tracking: row.get("tracking")?,
            packaging: row.get("packaging")?,
            weight_g: row.get("weight_g")?,
            confirmed_ms: row.get("confirmed_ms")?,
            tracking_url: Some(row.get::<String>("tracking_url")?).filter(|url| !url.is_empty()),
            manifest: row.get("manifest")?,
            handed_over_ms: row.get("handed_over_ms")?,
            delivered_ms: row.get("delivered_ms")?,
            items: Vec::new(),
        })
    };
    let mut parcels: Vec<ParcelFacts> = rows.iter().map(parcel).collect::<Res<_>>()?;
    let items = tx.all(
        "SELECT f.part, i.parcel, i.line_no, i.quantity, i.lot, i.expiry FROM parcel_items i \
         JOIN fulfillments f ON f.id = i.fulfillment WHERE f.order_id = $1 \
         ORDER BY f.part, i.parcel, i.line_no, i.lot, i.expiry, i.product LIMIT $2",
        vals![order, ITEMS_MAX],
    )?;
    for row in &items {
        let place: (u32, u32) = (row.get("part")?, row.get("parcel")?);
        let item = ItemFacts {
            line: row.get("line_no")?,
            quantity: row.get("quantity")?,
            lot: row.get("lot")?,
            expiry: row.get("expiry")?,
        };
        if let Some(parcel) = parcels.iter_mut().find(|parcel| (parcel.part, parcel.no) == place) {
            parcel.items.push(item);
        }
    }
    Ok(parcels)
}

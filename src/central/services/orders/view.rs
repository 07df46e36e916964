//! One order for people: its lines, parcels, photos, and what happened in order of time.

use super::kits::{self, Sold};
use super::list::customer_text;
use crate::central::error::{Refusal, Res};
use crate::central::services::messages;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;

/// Most entries of a timeline.
const TIMELINE_MAX: i64 = 500;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineView {
    /// Place.
    pub no: u32,
    /// Code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Billed only.
    pub service: bool,
    /// Units.
    pub quantity: i64,
    /// Units checked.
    pub verified: i64,
    /// Units short.
    pub short: i64,
    /// Price of one, minor units.
    pub price_minor: i64,
    /// Number of the kit that it is a part of.
    pub kit: Option<u32>,
}

/// A parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelView {
    /// Number.
    pub no: u32,
    /// Name of its box, or empty.
    pub packaging: String,
    /// On the scale, g.
    pub weight_g: Option<i64>,
    /// Expected, g.
    pub expected_g: Option<i64>,
    /// Serial shipping container code, or empty.
    pub sscc: String,
    /// Its label was scanned back.
    pub confirmed: bool,
    /// Part of the order.
    pub part: u32,
    /// What the carrier calls it, or empty.
    pub tracking: String,
    /// Where the carrier shows it.
    pub url: Option<String>,
    /// The carrier's own address of it, or empty.
    pub own_url: String,
    /// Number of the manifest it is on.
    pub manifest: Option<String>,
    /// When it left, UTC ms.
    pub shipped_ms: Option<i64>,
    /// When it arrived, UTC ms.
    pub delivered_ms: Option<i64>,
}

/// A part of an order's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartView {
    /// Id.
    pub id: String,
    /// Number within the order.
    pub no: u32,
    /// Nobody began it: it may be split.
    pub untouched: bool,
    /// Its station was asked to give it back.
    pub recalled: bool,
    /// Units by line number.
    pub lines: Vec<(u32, i64)>,
}

/// A photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoView {
    /// Name of the file.
    pub hash: String,
    /// Parcel.
    pub parcel: u32,
    /// When, UTC ms.
    pub taken_ms: i64,
    /// The file is here.
    pub here: bool,
    /// Station that has it.
    pub station: String,
}

/// Something that happened: at a station (with its payload) or at central (with its detail).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When, UTC ms; by the station's clock for its facts.
    pub at_ms: i64,
    /// Type of the event, or kind of the change.
    pub kind: String,
    /// JSON.
    pub detail: String,
    /// Name of the station, or empty.
    pub station: String,
    /// Why its effect was refused, or `accepted`.
    pub outcome: String,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderView {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Version.
    pub version: i64,
    /// When it was placed, UTC ms.
    pub placed_ms: i64,
    /// Customer's name or number; empty for a guest.
    pub customer: String,
    /// Its country's code; empty where none is known.
    pub country: String,
    /// Country as it came.
    pub country_text: String,
    /// First axis.
    pub status: String,
    /// Second axis.
    pub payment: String,
    /// Third axis.
    pub fulfillment: String,
    /// When it must have left, UTC ms.
    pub ship_by_ms: Option<i64>,
    /// Total, minor units.
    pub total_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Note of the customer.
    pub note: Option<String>,
    /// A lead put it first.
    pub expedited: bool,
    /// Lines.
    pub lines: Vec<LineView>,
    /// Kits that were sold.
    pub kits: Vec<Sold>,
    /// Parts.
    pub parts: Vec<PartView>,
    /// Parcels.
    pub parcels: Vec<ParcelView>,
    /// Photos.
    pub photos: Vec<PhotoView>,
    /// Newest first.
    pub timeline: Vec<TimelineEntry>,
    /// Station that holds it now, or empty.
    pub station: String,
}

/// Id of the order with that number.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn id_of_number(tx: &mut dyn Conn, site: SiteId, number: &str) -> Res<String> {
    let row = tx.one("SELECT id FROM orders WHERE site = $1 AND number = $2", vals![site.to_string(), number])?;
    Ok(row.ok_or(Refusal::Missing { entity: "order" })?.at(0)?)
}

/// The order with that id; its customer by name only for one who may see personal data.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn view(tx: &mut dyn Conn, site: SiteId, id: &str, personal: bool) -> Res<OrderView> {
    let customer = customer_text(personal);
    let row = tx
        .one(
            &format!(
                "SELECT o.*, {customer} AS customer_text, \
             COALESCE((SELECT MIN(s.name) FROM fulfillments f JOIN stations s ON s.id = f.lease_station \
             WHERE f.order_id = o.id AND f.lease_held = 1), '') AS station \
             FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = $1 AND o.site = $2"
            ),
            vals![id, site.to_string()],
        )?
        .ok_or(Refusal::Missing { entity: "order" })?;
    Ok(OrderView {
        id: row.get("id")?,
        number: row.get("number")?,
        version: row.get("version")?,
        placed_ms: row.get("placed_ms")?,
        customer: row.get("customer_text")?,
        country: row.get::<Option<String>>("country")?.unwrap_or_default(),
        country_text: row.get("country_text")?,
        status: row.get("status")?,
        payment: row.get("payment_status")?,
        fulfillment: row.get("fulfillment_status")?,
        ship_by_ms: row.get("ship_by_ms")?,
        total_minor: row.get("total_minor")?,
        currency: row.get("currency")?,
        note: row.get("note")?,
        expedited: row.get::<Option<String>>("expedited_by")?.is_some(),
        lines: lines(tx, id)?,
        kits: kits::sold(tx, id)?,
        parts: parts(tx, id)?,
        parcels: parcels(tx, site, id)?,
        photos: photos(tx, id)?,
        timeline: timeline(tx, id)?,
        station: row.get("station")?,
    })
}

fn lines(tx: &mut dyn Conn, order: &str) -> Res<Vec<LineView>> {
    let rows = tx.all(
        "SELECT l.line_no, p.sku, COALESCE(l.name, p.name) AS name, l.service, l.quantity, l.verified, l.short, \
         l.unit_price_minor, l.kit_no FROM order_lines l JOIN products p ON p.id = l.product WHERE l.order_id = $1 ORDER BY l.line_no",
        vals![order],
    )?;
    rows.iter()
        .map(|row| {
            Ok(LineView {
                no: row.get("line_no")?,
                sku: row.get("sku")?,
                name: row.get("name")?,
                service: row.get("service")?,
                quantity: row.get("quantity")?,
                verified: row.get("verified")?,
                short: row.get("short")?,
                price_minor: row.get("unit_price_minor")?,
                kit: row.get("kit_no")?,
            })
        })
        .collect()
}

fn parts(tx: &mut dyn Conn, order: &str) -> Res<Vec<PartView>> {
    let rows = tx.all(
        "SELECT f.id, f.part, f.state, f.lease_begun, f.lease_recalled, f.entry_kind, fl.line_no, fl.quantity FROM fulfillments f \
         JOIN fulfillment_lines fl ON fl.fulfillment = f.id WHERE f.order_id = $1 ORDER BY f.part, fl.line_no",
        vals![order],
    )?;
    let mut parts: Vec<PartView> = Vec::new();
    for row in rows {
        let (id, line): (String, (u32, i64)) = (row.get("id")?, (row.get("line_no")?, row.get("quantity")?));
        match parts.last_mut().filter(|part| part.id == id) {
            Some(part) => part.lines.push(line),
            None => {
                let released = row.get::<String>("state")? == "released" && row.get::<String>("entry_kind")? == "order";
                let untouched = released && !row.get::<bool>("lease_begun")?;
                let (no, recalled) = (row.get("part")?, row.get("lease_recalled")?);
                parts.push(PartView { id, no, untouched, recalled, lines: vec![line] });
            }
        }
    }
    Ok(parts)
}

fn parcels(tx: &mut dyn Conn, site: SiteId, order: &str) -> Res<Vec<ParcelView>> {
    let links = messages::links(tx, site)?;
    let rows = tx.all(
        "SELECT f.part, p.no, COALESCE(b.name, '') AS packaging, p.weight_g, p.expected_g, COALESCE(p.sscc, '') AS sscc, \
         p.confirmed_ms, COALESCE(p.tracking, '') AS tracking, p.tracking_url, p.shipped_ms, p.delivered_ms, \
         m.number AS manifest, o.carrier FROM parcels p JOIN fulfillments f ON f.id = p.fulfillment \
         JOIN orders o ON o.id = f.order_id LEFT JOIN packagings b ON b.id = p.packaging \
         LEFT JOIN manifest_parcels mp ON mp.fulfillment = p.fulfillment AND mp.parcel = p.no \
         LEFT JOIN manifests m ON m.id = mp.manifest WHERE f.order_id = $1 AND p.void = 0 ORDER BY f.part, p.no LIMIT 200",
        vals![order],
    )?;
    rows.iter()
        .map(|row| {
            let (sscc, tracking): (String, String) = (row.get("sscc")?, row.get("tracking")?);
            let (own_url, carrier): (String, String) = (row.get("tracking_url")?, row.get("carrier")?);
            let number = if tracking.is_empty() { &sscc } else { &tracking };
            let known = messages::link_of(&links, &carrier, number);
            Ok(ParcelView {
                url: Some(own_url.clone()).filter(|url| !url.is_empty()).or(known),
                part: row.get("part")?,
                own_url,
                tracking,
                manifest: row.get("manifest")?,
                shipped_ms: row.get("shipped_ms")?,
                delivered_ms: row.get("delivered_ms")?,
                no: row.get("no")?,
                packaging: row.get("packaging")?,
                weight_g: row.get("weight_g")?,
                expected_g: row.get("expected_g")?,
                sscc,
                confirmed: row.get::<Option<i64>>("confirmed_ms")?.is_some(),
            })
        })
        .collect()
}

fn photos(tx: &mut dyn Conn, order: &str) -> Res<Vec<PhotoView>> {
    let rows = tx.all(
        "SELECT p.hash, p.parcel, p.taken_ms, h.complete_ms, COALESCE(s.name, '') AS station FROM parcel_photos p \
         JOIN fulfillments f ON f.id = p.fulfillment LEFT JOIN photos h ON h.hash = p.hash AND h.erased_ms IS NULL \
         LEFT JOIN stations s ON s.id = p.station WHERE f.order_id = $1 ORDER BY p.taken_ms LIMIT 200",
        vals![order],
    )?;
    rows.iter()
        .map(|row| {
            Ok(PhotoView {
                hash: row.get("hash")?,
                parcel: row.get("parcel")?,
                taken_ms: row.get("taken_ms")?,
                here: row.get::<Option<i64>>("complete_ms")?.is_some(),
                station: row.get("station")?,
            })
        })
        .collect()
}

fn timeline(tx: &mut dyn Conn, order: &str) -> Res<Vec<TimelineEntry>> {
    let mut entries = Vec::new();
    let rows = tx.all(
        "SELECT e.wall_ms AS at_ms, e.kind, e.payload AS detail, COALESCE(s.name, '') AS station, e.outcome \
         FROM station_events e JOIN fulfillments f ON f.id = e.fulfillment LEFT JOIN stations s ON s.id = e.station \
         WHERE f.order_id = $1 AND e.kind <> 'pack_session.step_entered' ORDER BY e.received_ms DESC, e.seq DESC LIMIT $2",
        vals![order, TIMELINE_MAX],
    )?;
    let audit = tx.all(
        "SELECT at_ms, kind, detail, '' AS station, 'accepted' AS outcome FROM audit WHERE entity_id = $1 \
         ORDER BY at_ms DESC LIMIT $2",
        vals![order, TIMELINE_MAX],
    )?;
    for row in rows.iter().chain(&audit) {
        entries.push(TimelineEntry {
            at_ms: row.get("at_ms")?,
            kind: row.get("kind")?,
            detail: row.get("detail")?,
            station: row.get("station")?,
            outcome: row.get("outcome")?,
        });
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at_ms));
    Ok(entries)
}

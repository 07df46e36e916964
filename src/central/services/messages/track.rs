//! The customer's page of an order: its link, and what the page tells. Nothing of a person is on it: no name, no address.

use super::rules::{link_of, links};
use crate::central::error::{Refusal, Res};
use crate::central::secrets;
use crate::central::services::orders::papers;
use crate::central::services::orders::table::{Expected, rows};
use crate::central::services::stock::BACKORDER;
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::core::time::UtcMs;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Characters of a token: 160 random bits.
pub const TOKEN_CHARS: usize = 27;
/// Most parcels, and most kinds of content of them, that a page shows.
const PARCELS_MAX: i64 = 100;
const ITEMS_MAX: i64 = 2_000;

/// How far an order is, in the customer's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is taken, and nobody has begun.
    Received,
    /// It waits for goods.
    Waiting,
    /// Somebody packs it.
    Preparing,
    /// A part of it is packed.
    PartlyPacked,
    /// It is packed and leaves with the next pick-up.
    Packed,
    /// The carrier has a part of it.
    PartlyShipped,
    /// The carrier has it.
    Shipped,
    /// It arrived.
    Delivered,
    /// It is called off.
    Cancelled,
}

/// Where a parcel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In the house.
    Here,
    /// With the carrier.
    Left,
    /// With the customer.
    Arrived,
}

/// Units of something that was bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// So many.
    pub units: i64,
    /// Name of the kit that it is a part of.
    pub kit: Option<String>,
}

/// A parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Part of the order and number within.
    pub place: (i64, i64),
    /// The carrier's number, or that on its label; none if it has none.
    pub number: Option<String>,
    /// Where the carrier shows it.
    pub url: Option<String>,
    /// What is in it.
    pub items: Vec<Item>,
    /// Where it is.
    pub way: Way,
}

/// What the page tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Name of the house.
    pub shop: String,
    /// Number of the order.
    pub number: String,
    /// When it was placed, UTC ms.
    pub placed_ms: i64,
    /// How far it is.
    pub stage: Stage,
    /// When it leaves, as far as that is known, UTC ms.
    pub leaves_ms: Option<i64>,
    /// Name of the carrier, or empty.
    pub carrier: String,
    /// Parcels that are packed.
    pub parcels: Vec<Parcel>,
    /// What is in no parcel yet.
    pub open: Vec<Item>,
    /// There is an invoice to look at.
    pub invoice: bool,
    /// ISO 3166-1 alpha-2 of where it goes, for the language of the page.
    pub country: String,
    /// Language of the customer, or empty.
    pub language: String,
}

fn new_token() -> Res<String> {
    let bytes: [u8; 20] = secrets::random()?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The token of an order, if it has one.
///
/// # Errors
/// Any fault of the store.
pub fn known(tx: &mut dyn Conn, order: &str) -> Res<Option<String>> {
    let row = tx.one("SELECT token FROM track_links WHERE order_id = $1", vals![order])?;
    row.map(|row| Ok(row.at(0)?)).transpose()
}

/// The token of an order; made where it has none.
///
/// # Errors
/// Any fault of the store.
pub fn token(tx: &mut dyn Conn, site: SiteId, order: &str, now_ms: i64) -> Res<String> {
    if let Some(token) = known(tx, order)? {
        return Ok(token);
    }
    tx.exec(
        "INSERT INTO track_links (order_id, site, token, made_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (order_id) DO NOTHING",
        vals![order, site.to_string(), new_token()?, now_ms],
    )?;
    Ok(known(tx, order)?.unwrap_or_default())
}

/// Gives an order another token; the one before leads nowhere from now on.
///
/// # Errors
/// Any fault of the store.
pub fn renew(work: &mut Work<'_>, order: &str) -> Res<String> {
    let token = new_token()?;
    work.exec(
        "INSERT INTO track_links (order_id, site, token, made_ms) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (order_id) DO UPDATE SET token = excluded.token, made_ms = excluded.made_ms",
        vals![order, work.site(), &token, work.now_ms()],
    )?;
    work.audit("track_link.renewed", "order", order, serde_json::json!({}));
    Ok(token)
}

/// The order behind a token.
///
/// # Errors
/// [`Refusal::Missing`] if it leads nowhere.
pub fn order_of(tx: &mut dyn Conn, site: SiteId, token: &str) -> Res<String> {
    let known = (token.len() == TOKEN_CHARS)
        .then(|| {
            tx.one("SELECT order_id FROM track_links WHERE token = $1 AND site = $2", vals![token, site.to_string()])
        })
        .transpose()?
        .flatten();
    Ok(known.ok_or(Refusal::Missing { entity: "order" })?.at(0)?)
}

/// What the page of an order tells.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such order.
pub fn view(tx: &mut dyn Conn, site: SiteId, order: &str, now: UtcMs) -> Res<View> {
    let row = tx
        .one(
            "SELECT o.number, o.placed_ms, o.status, o.fulfillment_status, o.carrier, \
             COALESCE(o.country, '') AS country, c.language, \
             (SELECT COUNT(*) FROM fulfillments f WHERE f.order_id = o.id AND f.state = 'blocked' AND f.hold_reason = $3) \
             AS waits FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = $1 AND o.site = $2",
            vals![order, site.to_string(), BACKORDER],
        )?
        .ok_or(Refusal::Missing { entity: "order" })?;
    let code: String = row.get("carrier")?;
    let parcels = parcels(tx, site, order, &code)?;
    Ok(View {
        shop: sites::get(tx, site)?.name,
        number: row.get("number")?,
        placed_ms: row.get("placed_ms")?,
        stage: stage(&row, !parcels.is_empty())?,
        leaves_ms: leaves(tx, site, order, now)?,
        carrier: carrier_name(tx, site, &code)?,
        open: open(tx, order)?,
        invoice: papers::has_invoice(tx, order)?,
        parcels,
        country: row.get("country")?,
        language: row.get("language")?,
    })
}

/// With which pick-up it leaves.
fn leaves(tx: &mut dyn Conn, site: SiteId, order: &str, now: UtcMs) -> Res<Option<i64>> {
    let rows = rows(tx, site, &[order.to_owned()], false, now)?;
    Ok(rows.first().and_then(|row| match row.expected {
        Expected::At(at) => Some(at.0),
        Expected::Over | Expected::AfterStock | Expected::AfterHold | Expected::Unknown => None,
    }))
}

fn stage(row: &Row, some_packed: bool) -> Res<Stage> {
    if row.get::<String>("status")? == "cancelled" {
        return Ok(Stage::Cancelled);
    }
    Ok(match row.get::<String>("fulfillment_status")?.as_str() {
        "delivered" => Stage::Delivered,
        "shipped" => Stage::Shipped,
        "partially_shipped" => Stage::PartlyShipped,
        "packed" => Stage::Packed,
        _ if some_packed => Stage::PartlyPacked,
        "in_progress" => Stage::Preparing,
        _ if row.get::<i64>("waits")? > 0 => Stage::Waiting,
        _ => Stage::Received,
    })
}

fn carrier_name(tx: &mut dyn Conn, site: SiteId, code: &str) -> Res<String> {
    let row = tx.one("SELECT record FROM carriers WHERE site = $1 AND code = $2", vals![site.to_string(), code])?;
    let record = row.map(|row| row.at::<String>(0)).transpose()?.unwrap_or_default();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap_or_default();
    Ok(record["name"].as_str().unwrap_or_default().to_owned())
}

/// Parcels of the packed parts, with what is in each.
///
/// # Errors
/// Any fault of the store.
pub(super) fn parcels(tx: &mut dyn Conn, site: SiteId, order: &str, carrier: &str) -> Res<Vec<Parcel>> {
    let links = links(tx, site)?;
    let rows = tx.all(
        "SELECT f.part, p.no, p.sscc, p.tracking, p.tracking_url, p.shipped_ms, p.delivered_ms FROM parcels p \
         JOIN fulfillments f ON f.id = p.fulfillment WHERE f.order_id = $1 AND p.void = 0 AND f.state IN ('packed', 'handed_over') ORDER BY f.part, p.no LIMIT $2",
        vals![order, PARCELS_MAX],
    )?;
    let parcel = |row: &Row| -> Res<Parcel> {
        let number: Option<String> = row.get::<Option<String>>("tracking")?.or(row.get("sscc")?);
        let own: String = row.get("tracking_url")?;
        let known = || number.as_deref().and_then(|number| link_of(&links, carrier, number));
        let url = if own.is_empty() { known() } else { Some(own) };
        let way = match (row.get::<Option<i64>>("shipped_ms")?, row.get::<Option<i64>>("delivered_ms")?) {
            (None, _) => Way::Here,
            (Some(_), None) => Way::Left,
            (Some(_), Some(_)) => Way::Arrived,
        };
        Ok(Parcel { place: (row.get("part")?, row.get("no")?), number, url, items: Vec::new(), way })
    };
    let mut parcels: Vec<Parcel> = rows.iter().map(parcel).collect::<Res<_>>()?;
    let items = tx.all(
        "SELECT f.part, i.parcel, CASE WHEN l.product = i.product THEN COALESCE(l.name, p.name) ELSE p.name END AS name, \
         CAST(SUM(i.quantity) AS BIGINT) AS units, k.name AS kit FROM parcel_items i JOIN fulfillments f ON f.id = i.fulfillment \
         JOIN products p ON p.id = i.product JOIN order_lines l ON l.order_id = f.order_id AND l.line_no = i.line_no \
         LEFT JOIN order_kits k ON k.order_id = l.order_id AND k.kit_no = l.kit_no \
         WHERE f.order_id = $1 GROUP BY f.part, i.parcel, i.line_no, l.product, i.product, l.name, p.name, k.name \
         ORDER BY f.part, i.parcel, i.line_no LIMIT $2",
        vals![order, ITEMS_MAX],
    )?;
    for row in &items {
        let place: (i64, i64) = (row.get("part")?, row.get("parcel")?);
        if let Some(parcel) = parcels.iter_mut().find(|parcel| parcel.place == place) {
            parcel.items.push(item(row)?);
        }
    }
    Ok(parcels)
}

fn item(row: &Row) -> Res<Item> {
    Ok(Item { name: row.get("name")?, units: row.get("units")?, kit: row.get("kit")? })
}

fn open(tx: &mut dyn Conn, order: &str) -> Res<Vec<Item>> {
    let rows = tx.all(
        "SELECT COALESCE(l.name, p.name) AS name, l.quantity - l.packed AS units, k.name AS kit FROM order_lines l \
         JOIN products p ON p.id = l.product LEFT JOIN order_kits k ON k.order_id = l.order_id AND k.kit_no = l.kit_no WHERE l.order_id = $1 AND l.service = 0 AND l.quantity > l.packed \
         ORDER BY l.line_no LIMIT $2",
        vals![order, ITEMS_MAX],
    )?;
    rows.iter().map(item).collect()
}

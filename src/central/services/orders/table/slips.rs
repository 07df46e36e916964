//! Packing slips of several orders as one file, for a desk that packs by paper. A slip never shows a price.

use super::super::kits;
use crate::central::error::{CentralError, Res};
use crate::central::services::settings;
use crate::central::store::sites;
use crate::labels::documents::slip::{PackingSlip, SlipLine, packing_slip};
use crate::labels::documents::{Group, Paper, Party, Words};
use crate::labels::pdf;
use crate::protocol::wire::SiteId;
use crate::protocol::wire::order::Address;
use crate::sql::{Conn, Row};
use crate::vals;
use jiff::tz::TimeZone;

/// Most slips of one file.
pub const SLIPS_MAX: usize = 200;

/// A name and an address as papers show them.
pub(in crate::central::services::orders) fn party(address: &Address) -> Party {
    let name = address.company.clone().unwrap_or_else(|| address.name.clone());
    let town = format!("{} {}", address.postcode.as_deref().unwrap_or_default(), address.city);
    let person = address.company.is_some().then(|| address.name.clone());
    let lines = person.into_iter().chain(address.lines.iter().cloned()).chain([town, address.country.clone()]);
    Party { name, lines: lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect() }
}

/// The file, a slip for each order that is there, in this order.
///
/// # Errors
/// Any fault of the store; a text that fits no paper.
pub fn slips(tx: &mut dyn Conn, site: SiteId, ids: &[String], words: &Words, zone: &TimeZone) -> Res<Vec<u8>> {
    let paper = |_| CentralError::Inner { what: "drawing a packing slip" };
    let sender = party(&settings::of(&sites::get(tx, site)?)?.shipper.address);
    let mut sheets = Vec::new();
    for id in ids.iter().take(SLIPS_MAX) {
        let row = tx.one(
            "SELECT o.number, o.placed_ms, o.gift, o.gift_message, COALESCE(o.ship_to, c.address) AS ship_to, o.country, c.name \
             FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = $1 AND o.site = $2",
            vals![id, site.to_string()],
        )?;
        let Some(row) = row else { continue };
        let slip = one(tx, id, &row, &sender, zone)?;
        sheets.extend(packing_slip(&slip, words).map_err(paper)?);
    }
    pdf::render(&sheets).map_err(paper)
}

fn one(tx: &mut dyn Conn, id: &str, row: &Row, sender: &Party, zone: &TimeZone) -> Res<PackingSlip> {
    let address = match row.get::<Option<String>>("ship_to")? {
        Some(text) => serde_json::from_str(&text).map_err(|_| CentralError::Stored { what: "address" })?,
        None => Address {
            name: row.get("name")?,
            country: row.get::<Option<String>>("country")?.unwrap_or_default(),
            ..Address::default()
        },
    };
    let placed = jiff::Timestamp::from_millisecond(row.get("placed_ms")?);
    Ok(PackingSlip {
        paper: Paper::A4,
        order_number: row.get("number")?,
        date: placed.map(|at| at.to_zoned(zone.clone()).date().to_string()).unwrap_or_default(),
        sender: sender.clone(),
        recipient: party(&address),
        parcel_number: 1,
        parcel_count: 1,
        lines: lines(tx, id)?,
        currency: None,
        gift: row.get("gift")?,
        gift_message: row.get::<Option<String>>("gift_message")?.unwrap_or_default(),
        link: String::new(),
    })
}

/// Lines of goods by number; the parts of a kit together, under it.
fn lines(tx: &mut dyn Conn, id: &str) -> Res<Vec<SlipLine>> {
    let kits = kits::sold(tx, id)?;
    let rows = tx.all(
        "SELECT p.sku, COALESCE(l.name, p.name) AS name, l.quantity, l.packed, l.kit_no FROM order_lines l \
         JOIN products p ON p.id = l.product WHERE l.order_id = $1 AND l.service = 0 ORDER BY l.line_no LIMIT 1900",
        vals![id],
    )?;
    // Before the packing it says what is to be packed, afterwards what was.
    let mut some_packed = false;
    for row in &rows {
        some_packed |= row.get::<i64>("packed")? > 0;
    }
    let (mut alone, mut parts): (Vec<SlipLine>, Vec<(u32, SlipLine)>) = (Vec::new(), Vec::new());
    for row in &rows {
        let (quantity, kit): (u32, Option<u32>) = (row.get("quantity")?, row.get("kit_no")?);
        let group = if kit.is_some() { Group::Part } else { Group::Alone };
        let (sku, description) = (row.get("sku")?, row.get("name")?);
        let packed = if some_packed { row.get("packed")? } else { quantity };
        let line = SlipLine { sku, description, ordered: quantity, packed, unit_price_minor: 0, group };
        match kit {
            None => alone.push(line),
            Some(kit) => match parts.iter_mut().find(|(no, known)| *no == kit && known.sku == line.sku) {
                Some((_, known)) => {
                    known.ordered = known.ordered.saturating_add(quantity);
                    known.packed = known.packed.saturating_add(packed);
                }
                None => parts.push((kit, line)),
            },
        }
    }
    for kit in kits {
        let quantity = u32::try_from(kit.quantity).unwrap_or(u32::MAX);
        let (sku, description) = (kit.sku, kit.name);
        alone.push(SlipLine { sku, description, ordered: quantity, packed: 0, unit_price_minor: 0, group: Group::Kit });
        alone.extend(parts.iter().filter(|(no, _)| *no == kit.no).map(|(_, line)| line.clone()));
    }
    Ok(alone)
}

//! Changes a placed order while nobody has begun it: its address, its note, its lines. Who changes it says what they saw; where
//! somebody else was faster, the answer names the parts that differ. A station that holds the work unbegun is asked for it
//! back first.

use super::begun;
use super::create::{Priced, Sums, price, price_of, put_lines, put_work, short};
use super::entry::{DeskKind, NewLine, check_address, check_lines, check_note};
use super::kits::{self, Sold};
use super::payments;
use super::table::{OFFICE_HOLD, OFFICE_HOLD_KEPT};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::leases;
use crate::central::services::products;
use crate::central::services::stock::{self, BACKORDER};
use crate::central::store::work::Work;
use crate::protocol::wire::lease::RecallReason;
use crate::protocol::wire::order::Address;
use crate::protocol::wire::{ChangeKind, ContentHash, SiteId};
use crate::sql::Conn;
use crate::vals;
use std::collections::BTreeMap;

/// A line of goods as it stands, or a kit, whose parts are changed with it and not by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place; of a kit its number.
    pub no: u32,
    /// Code of the product.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Units.
    pub quantity: i64,
    /// Price of one without tax, minor units.
    pub price_minor: i64,
    /// Rate of the tax, basis points.
    pub tax_rate_bp: u32,
}

/// What of an order can be changed, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editable {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Version.
    pub version: i64,
    /// Which desk's rules hold for added lines; an order that nobody typed takes the products' prices.
    pub kind: DeskKind,
    /// ISO 4217.
    pub currency: String,
    /// Where it goes.
    pub address: Address,
    /// For the packer, or empty.
    pub note: String,
    /// Goods and kits, by number. Services stay as they are.
    pub lines: Vec<Line>,
    /// The kits among the lines, as they were sold.
    pub kits: Vec<Sold>,
    /// Parts it is split into; the lines of more than one cannot be changed.
    pub parts: i64,
}

/// What somebody saw before they changed it: a short mark of each part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Version.
    pub version: i64,
    /// Mark of the address.
    pub address: String,
    /// Mark of the note.
    pub note: String,
    /// Mark of the lines.
    pub lines: String,
}

impl Editable {
    /// The marks of this state.
    #[must_use]
    pub fn seen(&self) -> Seen {
        let mark = |text: String| ContentHash::of(text.as_bytes()).to_string()[..16].to_owned();
        let lines: Vec<_> = self.lines.iter().map(|line| (line.no, &line.sku, line.quantity)).collect();
        Seen {
            version: self.version,
            address: mark(format!("{:?}", self.address)),
            note: mark(self.note.clone()),
            lines: mark(format!("{lines:?}")),
        }
    }
}

/// What shall be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// Where it goes.
    pub address: Address,
    /// For the packer, or empty.
    pub note: String,
    /// Units by line; 0 takes the line out, a line that is not named stays.
    pub units: BTreeMap<u32, i64>,
    /// Lines to be added.
    pub add: Vec<NewLine>,
    /// Let it wait if stock is missing.
    pub backorder: bool,
}

/// How an edit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// Done.
    Done,
    /// A station holds it and has not begun: it was asked back. The edit can be tried again when it is there.
    Recalled,
    /// It should be called off, and a parcel of it is with the carrier: nothing was done, and a person was asked.
    Left,
}

/// The order with that number as it can be changed.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn editable(tx: &mut dyn Conn, site: SiteId, number: &str) -> Res<Editable> {
    let row = tx.one(
        "SELECT o.id, o.version, o.desk, o.currency, o.country, o.note, COALESCE(o.ship_to, c.address) AS ship_to, \
         (SELECT COUNT(*) FROM fulfillments f WHERE f.order_id = o.id AND f.state <> 'cancelled') AS parts \
         FROM orders o JOIN customers c ON c.id = o.customer WHERE o.site = $1 AND o.number = $2",
        vals![site.to_string(), number],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    let id: String = row.get("id")?;
    let country = row.get::<Option<String>>("country")?.unwrap_or_default();
    let address = match row.get::<Option<String>>("ship_to")? {
        Some(text) => serde_json::from_str(&text).map_err(|_| CentralError::Stored { what: "address" })?,
        None => Address { country, ..Address::default() },
    };
    let lines = tx.all(
        "SELECT l.line_no, p.sku, COALESCE(l.name, p.name) AS name, l.quantity, l.unit_price_minor, l.tax_rate_bp \
         FROM order_lines l JOIN products p ON p.id = l.product WHERE l.order_id = $1 AND l.service = 0 AND l.kit_no IS NULL \
         ORDER BY l.line_no",
        vals![&id],
    )?;
    let lines = lines.iter().map(|row| {
        Ok(Line {
            no: row.get("line_no")?,
            sku: row.get("sku")?,
            name: row.get("name")?,
            quantity: row.get("quantity")?,
            price_minor: row.get("unit_price_minor")?,
            tax_rate_bp: row.get("tax_rate_bp")?,
        })
    });
    let mut lines: Vec<Line> = lines.collect::<Res<_>>()?;
    let kits = kits::sold(tx, &id)?;
    lines.extend(kits.iter().map(|kit| Line {
        no: kit.no,
        sku: kit.sku.clone(),
        name: kit.name.clone(),
        quantity: kit.quantity,
        price_minor: kit.price_minor,
        tax_rate_bp: kit.tax_rate_bp,
    }));
    lines.sort_by_key(|line| line.no);
    Ok(Editable {
        number: number.to_owned(),
        version: row.get("version")?,
        kind: DeskKind::of(&row.get::<String>("desk")?).unwrap_or_default(),
        currency: row.get("currency")?,
        address,
        note: row.get::<Option<String>>("note")?.unwrap_or_default(),
        lines,
        kits,
        parts: row.get("parts")?,
        id,
    })
}

/// Changes the order.
///
/// # Errors
/// [`Refusal::Version`] with the parts that somebody else changed meanwhile, [`Refusal::State`] once it is begun or over, or
/// while its station is not heard, [`Refusal::Short`] for more units than are free; else as a new order.
pub fn edit(work: &mut Work<'_>, number: &str, seen: &Seen, edit: &Edit) -> Res<Edited> {
    let now = editable(work.tx, work.ctx.site, number)?;
    let is = now.seen();
    let fields: Vec<&'static str> =
        [("address", is.address != seen.address), ("note", is.note != seen.note), ("lines", is.lines != seen.lines)]
            .into_iter()
            .filter_map(|(name, differs)| differs.then_some(name))
            .collect();
    // A version that only a lease or a rank moved is no conflict: nothing that the clerk saw is other than it was.
    if !fields.is_empty() {
        return Err(Refusal::Version { newest: is.version, fields }.into());
    }
    let moved =
        edit.units.iter().any(|(no, units)| now.lines.iter().any(|line| line.no == *no && line.quantity != *units));
    let (address, note) = (edit.address != now.address, edit.note.trim() != now.note);
    let lines = moved || !edit.add.is_empty();
    if address {
        check_address(&edit.address)?;
    }
    check_note(Some(&edit.note))?;
    if lines && now.parts != 1 {
        return Err(Refusal::State { entity: "order", state: "split into parts".to_owned() }.into());
    }
    let work_ids = unbegun(work, &now.id)?;
    if recalled(work, &work_ids)? {
        return Ok(Edited::Recalled);
    }
    let concerned = if lines { stock::products_of(work, &now.id)? } else { Vec::new() };
    if lines && let Some(fulfillment) = work_ids.first() {
        change_lines(work, &now, fulfillment, edit)?;
    }
    let ship_to =
        serde_json::to_string(&edit.address).map_err(|_| CentralError::Inner { what: "writing an address as JSON" })?;
    work.exec(
        "UPDATE orders SET ship_to = CASE WHEN CAST($2 AS BIGINT) = 1 THEN $3 ELSE ship_to END, \
         country = CASE WHEN CAST($2 AS BIGINT) = 1 THEN $4 ELSE country END, \
         country_text = CASE WHEN CAST($2 AS BIGINT) = 1 THEN $4 ELSE country_text END, note = $5, updated_ms = $6 WHERE id = $1",
        vals![&now.id, address, ship_to, &edit.address.country, Some(edit.note.trim()).filter(|n| !n.is_empty()), work.now_ms()],
    )?;
    payments::derive(work, &now.id)?;
    for id in work_ids {
        work.exec(
            "UPDATE fulfillments SET version = version + 1, updated_ms = $2 WHERE id = $1",
            vals![&id, work.now_ms()],
        )?;
        work.changed(ChangeKind::Fulfillment, id);
    }
    stock::release_for(work, &concerned)?;
    let parts = [("address", address), ("note", note), ("lines", lines)];
    let parts: Vec<&str> = parts.into_iter().filter_map(|(name, changed)| changed.then_some(name)).collect();
    work.audit("order.edited", "order", &now.id, serde_json::json!({ "parts": parts }));
    Ok(Edited::Done)
}

/// Ids of the order's work; a refusal if any of it is in somebody's hand.
pub(super) fn unbegun(work: &mut Work<'_>, order: &str) -> Res<Vec<String>> {
    let found = begun::unbegun(work, &[order])?.pop().unwrap_or(Err(Refusal::Missing { entity: "order" }))?;
    Ok(found.into_iter().map(|still| still.id).collect())
}

/// Asks stations for what they hold; whether anything must be waited for. If nothing must, the work is the caller's to change, and
/// what a bench had it under before counts no more.
pub(super) fn recalled(work: &mut Work<'_>, fulfillments: &[String]) -> Res<bool> {
    let mut wait = false;
    for id in fulfillments {
        let Some(lease) = leases::get(work.tx, id)?.filter(|lease| lease.held) else { continue };
        if !lease.recalled && !leases::recall(work, id, RecallReason::Edited)? {
            let state = "leased to a station that is not heard".to_owned();
            return Err(Refusal::State { entity: "order", state }.into());
        }
        wait = true;
    }
    if !wait {
        fulfillments.iter().try_for_each(|id| leases::void(work, id))?;
    }
    Ok(wait)
}

/// Writes the lines anew, with their taxes and the promise of stock.
fn change_lines(work: &mut Work<'_>, now: &Editable, fulfillment: &str, edit: &Edit) -> Res<()> {
    let waited = work.tx.int(
        "SELECT COUNT(*) FROM fulfillments WHERE id = $1 AND state = 'blocked' AND hold_reason = $2",
        vals![fulfillment, BACKORDER],
    )? > 0;
    // Out of the promise first, so that what is free counts this order's own units.
    work.exec("DELETE FROM fulfillment_lines WHERE fulfillment = $1", vals![fulfillment])?;
    let mut lines: Vec<Priced> = Vec::new();
    for line in &now.lines {
        let quantity = edit.units.get(&line.no).copied().unwrap_or(line.quantity);
        lines.extend(match now.kits.iter().find(|kit| kit.no == line.no) {
            Some(kit) => kits::change(work, &now.id, (kit, quantity), &now.currency)?,
            None => change_line(work, now, line, quantity)?,
        });
    }
    let added = price(work.tx, work.ctx.site, now.kind, &edit.add, &now.currency)?;
    let next = kits::next_no(work, &now.id)?;
    put_lines(work, &now.id, &added, next)?;
    lines.extend(added);
    let form = |line: &Priced| NewLine { quantity: line.quantity, ..NewLine::default() };
    check_lines(&lines.iter().map(form).collect::<Vec<_>>())?;
    kits::room(work, &now.id)?;
    if Sums::of(&lines).units == 0 {
        return Err(
            Refusal::Field { field: "lines", why: "must keep at least one unit; call the order off instead" }.into()
        );
    }
    let missing = short(&lines);
    if !missing.is_empty() && !edit.backorder && !waited {
        return Err(Refusal::Short { lines: missing }.into());
    }
    put_work(work, &now.id, fulfillment)?;
    stand(work, fulfillment, !missing.is_empty(), waited)?;
    total(work, &now.id)
}

/// Gives a line another quantity; `None` once it is taken out.
fn change_line(work: &mut Work<'_>, now: &Editable, line: &Line, quantity: i64) -> Res<Option<Priced>> {
    if quantity == 0 {
        work.exec("DELETE FROM order_lines WHERE order_id = $1 AND line_no = $2", vals![&now.id, line.no])?;
        return Ok(None);
    }
    let asked = NewLine {
        sku: line.sku.clone(),
        quantity,
        price_minor: Some(line.price_minor),
        tax_rate_bp: Some(line.tax_rate_bp),
    };
    let offer = products::offer(work.tx, work.ctx.site, &line.sku)?;
    let mut offer = offer.ok_or(Refusal::Missing { entity: "product" })?;
    // It was sold as it is; that it became a kit since is nothing to this order.
    offer.parts.clear();
    let priced = price_of(offer, &asked, asked.price_minor, &now.currency)?;
    work.exec(
        "UPDATE order_lines SET quantity = $3, tax_minor = $4 WHERE order_id = $1 AND line_no = $2",
        vals![&now.id, line.no, quantity, priced.tax_minor],
    )?;
    Ok(Some(priced))
}

/// Blocks work that lacks stock now, and lets go what waited for it and lacks none.
fn stand(work: &mut Work<'_>, fulfillment: &str, lacks: bool, waited: bool) -> Res<()> {
    if lacks != waited {
        let (state, reason) = if lacks { ("blocked", Some(BACKORDER)) } else { ("released", None) };
        work.exec(
            "UPDATE fulfillments SET state = $2, hold_reason = $3 WHERE id = $1 AND COALESCE(hold_reason, '') NOT IN ($4, $5)",
            vals![fulfillment, state, reason.map(str::to_owned), OFFICE_HOLD, OFFICE_HOLD_KEPT],
        )?;
        // What the office holds stays held; it is promised nothing once something of it lacks.
        work.exec(
            "UPDATE fulfillments SET hold_reason = $2 WHERE id = $1 AND hold_reason = $3",
            vals![fulfillment, OFFICE_HOLD, OFFICE_HOLD_KEPT],
        )?;
    }
    Ok(())
}

/// Sums the order's lines.
pub(super) fn total(work: &mut Work<'_>, order: &str) -> Res<()> {
    work.exec(
        "UPDATE orders SET total_minor = (SELECT CAST(COALESCE(SUM(quantity * unit_price_minor + tax_minor), 0) AS BIGINT) \
         FROM order_lines WHERE order_id = $1), tax_minor = (SELECT CAST(COALESCE(SUM(tax_minor), 0) AS BIGINT) \
         FROM order_lines WHERE order_id = $1), units = (SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) \
         FROM order_lines WHERE order_id = $1 AND service = 0) WHERE id = $1",
        vals![order],
    )?;
    Ok(())
}

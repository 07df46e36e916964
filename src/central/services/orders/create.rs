//! Makes an order that somebody typed, in one transaction: its number, lines, work for the stations, payment, and the promise
//! of its stock. The site's lock is held from before the stock is looked at until the commit, so that two clerks can never
//! promise the same unit.

use super::entry::{Buyer, DeskKind, NewLine, NewOrder};
use super::kits::{self, Opened};
use super::payments;
use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res, ShortLine};
use crate::central::services::customers::{self, read::By};
use crate::central::services::messages::{self, Kind, track};
use crate::central::services::products::{self, Offer};
use crate::central::services::settings;
use crate::central::services::stock::BACKORDER;
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::core::money::{Currency, Money};
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;
use std::collections::BTreeMap;

/// Due time of work that has none: after all that has one (9999-12-31).
const NEVER_MS: i64 = 253_402_214_400_000;

/// An order that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// It waits for stock.
    pub waits: bool,
}

/// A line with its amounts, minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// The product.
    pub offer: Offer,
    /// Units.
    pub quantity: i64,
    /// Price of one without tax.
    pub price_minor: i64,
    /// Rate of the tax, basis points.
    pub tax_rate_bp: u32,
    /// Quantity times price.
    pub base_minor: i64,
    /// The tax of the whole line, by [`Money::share`].
    pub tax_minor: i64,
    /// The lines of its parts, which share base and tax: of a kit, else empty.
    pub opened: Vec<Opened>,
}

impl Priced {
    /// Units that are picked and packed.
    fn goods(&self) -> i64 {
        match (self.offer.service, self.opened.is_empty()) {
            (true, _) => 0,
            (false, true) => self.quantity,
            (false, false) => self.opened.iter().map(|line| line.quantity).sum(),
        }
    }
}

/// Sums of an order, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Units of goods.
    pub units: i64,
    /// Lines without tax.
    pub base_minor: i64,
    /// Taxes of the lines.
    pub tax_minor: i64,
}

impl Sums {
    /// What is to be paid.
    #[must_use]
    pub fn total_minor(self) -> i64 {
        self.base_minor + self.tax_minor
    }

    /// Of these lines. Bounds of lines and prices keep it far from the end of numbers.
    #[must_use]
    pub fn of(lines: &[Priced]) -> Sums {
        lines.iter().fold(Sums::default(), |sums, line| Sums {
            units: sums.units + line.goods(),
            base_minor: sums.base_minor + line.base_minor,
            tax_minor: sums.tax_minor + line.tax_minor,
        })
    }
}

/// Makes it.
///
/// # Errors
/// [`Refusal::Field`] for what breaks a rule of the form, [`Refusal::Missing`] for an unknown customer or product,
/// [`Refusal::Short`] for more units than are free, unless it may wait for them.
pub fn create(work: &mut Work<'_>, new: &NewOrder) -> Res<Created> {
    make(work, new, None)
}

/// As [`create`], under a number that it brings.
///
/// # Errors
/// As [`create`], and [`Refusal::Taken`] if an order has that number.
pub fn create_numbered(work: &mut Work<'_>, new: &NewOrder, number: &str) -> Res<Created> {
    if !is_number_free(work.tx, work.ctx.site, number)? {
        return Err(Refusal::Taken { field: "number", entity: "order" }.into());
    }
    make(work, new, Some(number))
}

/// Whether no order has this number.
///
/// # Errors
/// Any fault of the store.
pub fn is_number_free(tx: &mut dyn Conn, site: SiteId, number: &str) -> Res<bool> {
    let sql = "SELECT COUNT(*) FROM orders WHERE site = $1 AND number = $2";
    Ok(tx.int(sql, vals![site.to_string(), number])? == 0)
}

fn make(work: &mut Work<'_>, new: &NewOrder, given: Option<&str>) -> Res<Created> {
    new.validate()?;
    if !settings::has_service(work.tx, work.ctx.site, &new.shipping)? {
        return Err(Refusal::Field { field: "shipping", why: "must be a service of a carrier in use" }.into());
    }
    let currency = sites::get(work.tx, work.ctx.site)?.currency;
    let lines = price(work.tx, work.ctx.site, new.kind, &new.lines, &currency)?;
    kits::fit(&lines)?;
    let short = short(&lines);
    if !short.is_empty() && !new.backorder {
        return Err(Refusal::Short { lines: short }.into());
    }
    let customer = match &new.buyer {
        Buyer::Known(id) => customers::buyer(work.tx, work.ctx.site, By::Id(id))?.id,
        Buyer::New => customers::add(work, new.kind == DeskKind::B2b, &new.ship_to)?,
    };
    let number = match given {
        Some(number) => number.to_owned(),
        None => number(work)?,
    };
    let created = Created { id: work.new_id(), number, waits: !short.is_empty() };
    let sums = Sums::of(&lines);
    order_row(work, new, &created, &customer, &currency, sums)?;
    if given.is_some() {
        // It was placed elsewhere: customers are told nothing by itself of what a list brings in.
        work.exec("UPDATE orders SET source = 'list' WHERE id = $1", vals![&created.id])?;
    }
    put_lines(work, &created.id, &lines, 1)?;
    if sums.units > 0 {
        fulfillment(work, new, &created)?;
    }
    work.changed(ChangeKind::Order, &created.id);
    let detail = serde_json::json!({
        "number": created.number, "kind": new.kind.word(), "lines": lines.len(), "units": sums.units,
        "total_minor": sums.total_minor(), "waits": created.waits,
        "remark": new.remark.as_ref().map(|(remark, _)| remark.word()),
    });
    work.audit("order.created", "order", &created.id, detail);
    match &new.payment {
        Some(payment) => payments::pay(work, &created.id, payment)?,
        None => payments::derive(work, &created.id)?,
    }
    track::token(work.tx, work.ctx.site, &created.id, work.ctx.now.0)?;
    messages::by_rule(work, &created.id, Kind::Confirmed, None)?;
    Ok(created)
}

/// Lines with their products, prices and taxes.
///
/// # Errors
/// [`Refusal::Missing`] for an unknown code, [`Refusal::Field`] for a product without a price.
pub fn price(tx: &mut dyn Conn, site: SiteId, kind: DeskKind, lines: &[NewLine], currency: &str) -> Res<Vec<Priced>> {
    let mut priced = Vec::with_capacity(lines.len());
    for line in lines {
        let offer = products::offer(tx, site, &line.sku)?;
        let offer = offer.ok_or(Refusal::Missing { entity: "product" })?;
        let typed = line.price_minor.filter(|_| kind == DeskKind::B2c);
        priced.push(price_of(offer, line, typed, currency)?);
    }
    Ok(priced)
}

/// One line at the price that was typed, else its product's.
pub(super) fn price_of(offer: Offer, line: &NewLine, typed: Option<i64>, currency: &str) -> Res<Priced> {
    let price_minor = typed
        .or(offer.price_minor)
        .ok_or(Refusal::Field { field: "lines.price", why: "must be set: the product has no selling price" })?;
    let tax_rate_bp = line.tax_rate_bp.unwrap_or(offer.tax_rate_bp);
    let beyond = CentralError::Refused(Refusal::Field { field: "lines.price", why: "makes a line too dear" });
    let currency = Currency::new(currency).ok_or(CentralError::Stored { what: "currency" })?;
    let Some(base_minor) = price_minor.checked_mul(line.quantity) else { return Err(beyond) };
    let Some(tax) = (Money { minor: base_minor, currency }).share(tax_rate_bp) else { return Err(beyond) };
    let (quantity, tax_minor) = (line.quantity, tax.minor);
    let opened =
        if offer.parts.is_empty() { Vec::new() } else { kits::open(&offer.parts, quantity, price_minor, tax_minor)? };
    Ok(Priced { offer, quantity, price_minor, tax_rate_bp, base_minor, tax_minor, opened })
}

/// The lines that want more than is free; lines share what there is of a product, alone or as a part of a kit. Of a kit as many are
/// free as can be made.
pub fn short(lines: &[Priced]) -> Vec<ShortLine> {
    let mut left: BTreeMap<&str, i64> = BTreeMap::new();
    let mut short = Vec::new();
    for (place, line) in (1_u32..).zip(lines).filter(|(_, line)| !line.offer.service) {
        let own = [(line.offer.id.as_str(), 1, line.offer.available)];
        let parts = line.offer.parts.iter().map(|part| (part.id.as_str(), part.units, part.available));
        let parts: Vec<(&str, i64, i64)> = if line.offer.parts.is_empty() { own.to_vec() } else { parts.collect() };
        let mut free = i64::MAX;
        for (id, units, available) in parts {
            let there = left.entry(id).or_insert(available);
            free = free.min((*there).max(0) / units.max(1));
            *there = there.saturating_sub(line.quantity.saturating_mul(units));
        }
        if free < line.quantity {
            let sku = line.offer.sku.clone();
            short.push(ShortLine { line: place, sku, wanted: line.quantity, available: free });
        }
    }
    short
}

/// The next number that no order has, from the site's counter.
fn number(work: &mut Work<'_>) -> Res<String> {
    loop {
        let next = work.tx.int(
            "UPDATE sites SET order_next = order_next + 1 WHERE id = $1 RETURNING order_next - 1",
            vals![work.ctx.site.to_string()],
        )?;
        let number = format!("M{next:06}");
        if is_number_free(work.tx, work.ctx.site, &number)? {
            return Ok(number);
        }
    }
}

fn order_row(
    work: &mut Work<'_>,
    new: &NewOrder,
    created: &Created,
    customer: &str,
    currency: &str,
    sums: Sums,
) -> Res<()> {
    let ship_to =
        serde_json::to_string(&new.ship_to).map_err(|_| CentralError::Inner { what: "writing an address as JSON" })?;
    let customer_no = work.one("SELECT number FROM customers WHERE id = $1", vals![customer])?;
    let customer_no: Option<String> = customer_no.map(|row| row.at(0)).transpose()?.flatten();
    let search = format!("{} {}", created.number, customer_no.unwrap_or_default()).to_lowercase();
    let goods = sums.units > 0;
    let source = match &work.ctx.actor {
        Actor::Key(_) => "api",
        Actor::User(_) | Actor::Station(_) | Actor::Job(_) => "desk",
    };
    let (status, shipped) = if goods { ("placed", "unfulfilled") } else { ("closed", "nothing_to_ship") };
    let (remark, remark_text) = match &new.remark {
        Some((remark, text)) => (remark.word(), Some(text.clone()).filter(|text| !text.is_empty())),
        None => ("", None),
    };
    work.exec(
        "INSERT INTO orders (id, site, number, customer, placed_ms, status, payment_status, fulfillment_status, currency, \
         total_minor, tax_minor, units, country, country_text, ship_to, note, carrier, service, ship_by_ms, source, search, \
         is_open, desk, terms, remark, remark_text, updated_ms) VALUES ($1, $2, $3, $4, $5, $6, 'none', $7, $8, $9, $10, $11, \
         $12, $12, $13, $14, $15, $16, $17, $24, $18, $19, $20, $21, $22, $23, $5)",
        vals![
            &created.id, work.site(), &created.number, customer, work.now_ms(), status, shipped, currency,
            sums.total_minor(), sums.tax_minor, sums.units, &new.ship_to.country, ship_to, new.note.clone(),
            &new.shipping.0, &new.shipping.1, new.ship_by_ms, search, goods, new.kind.word(), new.terms.word(), remark,
            remark_text, source
        ],
    )?;
    Ok(())
}

/// Writes lines of an order, numbered from `first`; a kit as the lines of its parts.
pub(super) fn put_lines(work: &mut Work<'_>, order: &str, lines: &[Priced], first: u32) -> Res<()> {
    let mut next = first;
    for line in lines {
        if !line.opened.is_empty() {
            next = kits::put(work, order, line, next)?;
            continue;
        }
        work.exec(
            "INSERT INTO order_lines (order_id, line_no, product, service, quantity, unit_price_minor, tax_rate_bp, tax_minor) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            vals![
                order, next, &line.offer.id, line.offer.service, line.quantity, line.price_minor, line.tax_rate_bp,
                line.tax_minor
            ],
        )?;
        next = next.saturating_add(1);
    }
    Ok(())
}

/// Writes what there is to do for an order of one part: all its lines of goods.
pub(super) fn put_work(work: &mut Work<'_>, order: &str, fulfillment: &str) -> Res<()> {
    work.exec(
        "INSERT INTO fulfillment_lines (fulfillment, line_no, quantity) SELECT CAST($2 AS TEXT), line_no, quantity \
         FROM order_lines WHERE order_id = $1 AND service = 0",
        vals![order, fulfillment],
    )?;
    Ok(())
}

/// The work: let go to the stations at once, or blocked until its stock is there.
fn fulfillment(work: &mut Work<'_>, new: &NewOrder, created: &Created) -> Res<()> {
    let (id, now) = (work.new_id(), work.now_ms());
    let (state, reason) = if created.waits { ("blocked", Some(BACKORDER)) } else { ("released", None) };
    work.exec(
        "INSERT INTO fulfillments (id, site, order_id, state, hold_reason, sort_due_ms, sort_placed_ms, updated_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        vals![&id, work.site(), &created.id, state, reason.map(str::to_owned), new.ship_by_ms.unwrap_or(NEVER_MS), now],
    )?;
    put_work(work, &created.id, &id)?;
    work.changed(ChangeKind::Fulfillment, id);
    Ok(())
}

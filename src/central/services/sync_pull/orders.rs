//! Rows to records of the wire: orders, their work, who holds it, and cancellations.

use super::records::id;
use crate::central::error::{CentralError, Res};
use crate::central::services::orders::kits;
use crate::central::services::settings;
use crate::central::store::sites::Site;
use crate::protocol::wire::fulfillment::{CarrierChoice, Documents, FulfillmentLine, FulfillmentStatus, PickSource};
use crate::protocol::wire::order::{
    Address, Customer, FlagKind, Gift, KitContent, LineTax, NoteAudience, OrderFlag, OrderFulfillmentStatus, OrderKit,
    OrderLine, OrderNote, OrderStatus, PaymentStatus, Priority, Totals,
};
use crate::protocol::wire::{
    CancelRecord, CarrierId, Change, Fence, FulfillmentId, FulfillmentLineId, FulfillmentRecord, LeaseRecord, Money,
    OrderLineId, OrderRecord, Put,
};
use crate::sql::{Conn, Row};
use crate::vals;
use uuid::Uuid;

/// Id of an order's line, made from the order's.
pub(super) fn line_id(order: &str, line_no: u32) -> OrderLineId {
    OrderLineId(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{order}/{line_no}").as_bytes()))
}

/// Id of a carrier, made from its code.
#[must_use]
pub fn carrier_id(site: Uuid, code: &str) -> CarrierId {
    CarrierId(Uuid::new_v5(&site, format!("carrier/{code}").as_bytes()))
}

fn word<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Res<T> {
    let text: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(text)).map_err(|_| CentralError::Stored { what: "status" })
}

pub(super) fn order(tx: &mut dyn Conn, site: &Site, record: &str, snapshot: bool) -> Res<Option<Change>> {
    let row = tx.one(
        "SELECT o.*, c.number AS customer_number, c.name AS customer_name, c.kind AS customer_kind, c.vip, c.address, \
         c.first_order_ms FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = $1",
        vals![record],
    )?;
    let Some(row) = row else { return Ok(None) };
    // A snapshot is for work to come; what is over is told only to those who may still hold it.
    if snapshot && !row.get::<bool>("is_open")? {
        return Ok(None);
    }
    let currency: String = row.get("currency")?;
    let lines = lines(tx, record, &currency)?;
    let goods_minor: i64 = lines.iter().map(|line| line.unit_price.minor * i64::from(line.quantity)).sum();
    let (total_minor, tax_minor): (i64, i64) = (row.get("total_minor")?, row.get("tax_minor")?);
    Ok(Some(Change::Order(Put::Upsert(Box::new(OrderRecord {
        id: id(&row, "id")?,
        version: row.get("version")?,
        number: row.get("number")?,
        barcode: None,
        site_id: site.id,
        channel: row.get("source")?,
        status: word::<OrderStatus>(&row, "status")?,
        payment_status: word::<PaymentStatus>(&row, "payment_status")?,
        fulfillment_status: fulfillment_status(&row.get::<String>("fulfillment_status")?),
        stage: None,
        customer: customer(&row)?,
        ship_to: ship_to(&row)?,
        bill_to: None,
        lines,
        kits: kits_sold(tx, record, &currency)?,
        notes: notes(&row)?,
        gift: gift(&row)?,
        flags: flags(&row)?,
        priority: Priority {
            rush: row.get("rush")?,
            expedited_by: row.get::<Option<String>>("expedited_by")?.and_then(|user| user.parse().ok()),
            expedited_ms: row.get("expedited_ms")?,
            expedite_reason: None,
        },
        placed_ms: row.get("placed_ms")?,
        ship_by_ms: row.get("ship_by_ms")?,
        payments: Vec::new(),
        totals: Totals {
            currency,
            goods_minor,
            discount_minor: 0,
            shipping_minor: total_minor - goods_minor - tax_minor,
            tax_minor,
            total_minor,
        },
        tags: Vec::new(),
        incoterms: None,
    })))))
}

fn fulfillment_status(word: &str) -> OrderFulfillmentStatus {
    match word {
        "in_progress" => OrderFulfillmentStatus::Partial,
        "packed" => OrderFulfillmentStatus::Packed,
        "partially_shipped" => OrderFulfillmentStatus::PartiallyShipped,
        "shipped" => OrderFulfillmentStatus::Shipped,
        "delivered" => OrderFulfillmentStatus::Delivered,
        _ => OrderFulfillmentStatus::None,
    }
}

fn customer(row: &Row) -> Res<Customer> {
    let number: Option<String> = row.get("customer_number")?;
    let name: String = row.get("customer_name")?;
    let kind: String = row.get("customer_kind")?;
    let first: Option<i64> = row.get("first_order_ms")?;
    let known = if kind == "guest" { None } else { Some(id(row, "customer")?) };
    Ok(Customer {
        id: known,
        name: if name.is_empty() { number.unwrap_or_default() } else { name },
        vip: row.get("vip")?,
        first_order: first == Some(row.get("placed_ms")?),
        business: kind == "business",
        tax_number: None,
        language: None,
    })
}

/// The order's own address, else the customer's, else the country alone, which is all that is known.
fn ship_to(row: &Row) -> Res<Address> {
    let own: Option<String> = row.get("ship_to")?;
    let text = match own {
        Some(own) => Some(own),
        None => row.get::<Option<String>>("address")?,
    };
    match text {
        Some(text) => serde_json::from_str(&text).map_err(|_| CentralError::Stored { what: "address" }),
        None => {
            let country = row.get::<Option<String>>("country")?.unwrap_or_default();
            Ok(Address { country, ..Address::default() })
        }
    }
}

fn notes(row: &Row) -> Res<Vec<OrderNote>> {
    let at_ms = row.get("placed_ms")?;
    let note = row.get::<Option<String>>("note")?.map(|text| OrderNote {
        audience: NoteAudience::FromCustomer,
        text,
        at_ms,
        by: None,
        must_read: false,
    });
    Ok(note.into_iter().collect())
}

fn gift(row: &Row) -> Res<Option<Gift>> {
    let message = row.get("gift_message")?;
    Ok(row.get::<bool>("gift")?.then_some(Gift { wrap: false, message }))
}

fn flags(row: &Row) -> Res<Vec<OrderFlag>> {
    let since_ms: i64 = row.get("placed_ms")?;
    let mut flags = Vec::new();
    for (column, kind) in [
        ("flag_fraud", FlagKind::FraudReview),
        ("flag_address", FlagKind::AddressTrouble),
        ("flag_unpaid", FlagKind::Unpaid),
    ] {
        if row.get(column)? {
            flags.push(OrderFlag { kind, blocking: true, reason: None, since_ms, cleared_by: None });
        }
    }
    Ok(flags)
}

/// Lines of an order. A negative one (a discount) is sent as one unit at a negative price, because counts are not.
fn lines(tx: &mut dyn Conn, order: &str, currency: &str) -> Res<Vec<OrderLine>> {
    let rows = tx.all(
        "SELECT l.*, p.sku, p.name AS product_name FROM order_lines l JOIN products p ON p.id = l.product \
         WHERE l.order_id = $1 ORDER BY l.line_no",
        vals![order],
    )?;
    rows.iter()
        .map(|row| {
            let position: u32 = row.get("line_no")?;
            let (quantity, price): (i64, i64) = (row.get("quantity")?, row.get("unit_price_minor")?);
            let (quantity, price) = match u32::try_from(quantity) {
                Ok(quantity) => (quantity, price),
                Err(_) => (1, price.saturating_mul(quantity)),
            };
            let name: Option<String> = row.get("name")?;
            let service: bool = row.get("service")?;
            let base_minor = price.saturating_mul(i64::from(quantity));
            Ok(OrderLine {
                id: line_id(order, position),
                position,
                product_id: Some(id(row, "product")?),
                sku: row.get("sku")?,
                name: name.map_or_else(|| row.get("product_name"), Ok)?,
                picked_physically: !service,
                quantity,
                picked: row.get("picked")?,
                packed: row.get("packed")?,
                shipped: row.get("shipped")?,
                delivered: row.get("delivered")?,
                return_requested: row.get("return_requested")?,
                returned: row.get("returned")?,
                written_off: row.get("written_off")?,
                unit_price: Money { minor: price, currency: currency.to_owned() },
                discount_minor: 0,
                tax: line_tax(row.get("tax_rate_bp")?, base_minor, row.get("tax_minor")?),
                gift_wrap: row.get("gift_wrap")?,
                note: row.get("note")?,
                substitution_allowed: true,
                kit: row.get("kit_no")?,
            })
        })
        .collect()
}

/// A tax as it is stored, with how it was rounded: until the rule changed, a half went to the even neighbour.
fn line_tax(rate_bp: u32, base_minor: i64, amount_minor: i64) -> LineTax {
    let base = crate::core::money::Money { minor: base_minor, currency: crate::core::money::Currency::GBP };
    let now = base.share(rate_bp).is_some_and(|tax| tax.minor == amount_minor);
    let rounding = if now { "half_up" } else { "half_even" }.to_owned();
    LineTax { rate_basis_points: rate_bp, base_minor, amount_minor, rounding }
}

/// Kits of an order, for its papers.
fn kits_sold(tx: &mut dyn Conn, order: &str, currency: &str) -> Res<Vec<OrderKit>> {
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let one = |kit: kits::Sold| OrderKit {
        no: kit.no,
        quantity: count(kit.quantity),
        unit_price: Money { minor: kit.price_minor, currency: currency.to_owned() },
        tax: line_tax(kit.tax_rate_bp, kit.price_minor.saturating_mul(kit.quantity), kit.tax_minor),
        content: kit
            .content
            .into_iter()
            .map(|part| KitContent { sku: part.sku, name: part.name, units: count(part.units) })
            .collect(),
        sku: kit.sku,
        name: kit.name,
    };
    Ok(kits::sold(tx, order)?.into_iter().map(one).collect())
}

const WORK: &str = "SELECT f.*, o.number, o.carrier, o.service, o.ship_by_ms, o.ship_policy, o.gift, o.invoice_no, \
    o.is_open, c.paper_invoice FROM fulfillments f JOIN orders o ON o.id = f.order_id \
    JOIN customers c ON c.id = o.customer WHERE f.id = $1";

pub(super) fn fulfillment(tx: &mut dyn Conn, site: &Site, record: &str, snapshot: bool) -> Res<Option<Change>> {
    let Some(row) = tx.one(WORK, vals![record])? else { return Ok(None) };
    let state: String = row.get("state")?;
    if snapshot && matches!(state.as_str(), "packed" | "handed_over" | "cancelled") {
        return Ok(None);
    }
    let order: String = row.get("order_id")?;
    let (part, entry): (u16, String) = (row.get("part")?, row.get("entry_kind")?);
    let number: String = row.get("number")?;
    let site_settings = settings::of(site)?;
    let mut policy = site_settings.policy;
    policy.ship_complete = row.get::<String>("ship_policy")? == "complete";
    let carrier: String = row.get("carrier")?;
    let due: i64 = row.get("sort_due_ms")?;
    let gift: bool = row.get("gift")?;
    let invoice_number: Option<String> = row.get("invoice_no")?;
    let parts: u16 = row.get("parts")?;
    let consolidate_with = if parts > 1 { siblings(tx, record, &order)? } else { Vec::new() };
    Ok(Some(Change::Fulfillment(Put::Upsert(Box::new(FulfillmentRecord {
        id: id(&row, "id")?,
        version: row.get("version")?,
        order_id: id(&row, "order_id")?,
        site_id: site.id,
        number: if part == 1 { number } else { format!("{number}/{part}") },
        part,
        parts,
        status: status(&state, entry != "order"),
        entry_step: if entry == "order" { 1 } else { 5 },
        rank: rank(row.get("sort_priority")?, due),
        ready_by_ms: row.get("ship_by_ms")?,
        lines: work_lines(tx, record, &order)?,
        policy,
        carrier: CarrierChoice {
            carrier_id: carrier_id(site.id.0, &carrier),
            service: row.get("service")?,
            prefetched: Vec::new(),
            insure_minor: None,
            adult_signature: false,
        },
        documents: Documents {
            packing_slip: true,
            // One invoice per order: it lies in the first part.
            invoice: row.get::<bool>("paper_invoice")? && !gift && part == 1,
            invoice_number,
            hide_prices: gift,
            label_copies: 1,
            ..Documents::default()
        },
        container: None,
        consolidate_with,
        packaging_hint: None,
    })))))
}

/// The other parts of a split order that go on their way with this one.
fn siblings(tx: &mut dyn Conn, record: &str, order: &str) -> Res<Vec<FulfillmentId>> {
    let sql =
        "SELECT id FROM fulfillments WHERE order_id = $1 AND id <> $2 AND state <> 'cancelled' ORDER BY part LIMIT 100";
    tx.all(sql, vals![order, record])?.iter().map(|row| id(row, "id")).collect()
}

fn status(state: &str, picked: bool) -> FulfillmentStatus {
    match state {
        "blocked" => FulfillmentStatus::Blocked,
        "released" if picked => FulfillmentStatus::Picked,
        "released" => FulfillmentStatus::Ready,
        "packing" => FulfillmentStatus::InWork,
        "held" => FulfillmentStatus::OnHold,
        "packed" => FulfillmentStatus::Packed,
        "handed_over" => FulfillmentStatus::HandedOver,
        _ => FulfillmentStatus::Cancelled,
    }
}

/// Priority first, then minutes since 1970 of the due time: smaller is sooner. 28 bits of minutes last until the year 2480.
fn rank(priority: i64, due_ms: i64) -> u32 {
    let minutes = (due_ms / 60_000).clamp(0, 0x0fff_ffff);
    let class = (priority + 8).clamp(0, 15) << 28;
    u32::try_from(class | minutes).unwrap_or(u32::MAX)
}

fn work_lines(tx: &mut dyn Conn, fulfillment: &str, order: &str) -> Res<Vec<FulfillmentLine>> {
    let rows = tx.all(
        "SELECT fl.line_no, fl.quantity, l.product, k.product AS kit FROM fulfillment_lines fl JOIN order_lines l \
         ON l.order_id = $2 AND l.line_no = fl.line_no LEFT JOIN order_kits k ON k.order_id = l.order_id \
         AND k.kit_no = l.kit_no WHERE fl.fulfillment = $1 ORDER BY fl.line_no",
        vals![fulfillment, order],
    )?;
    rows.iter()
        .map(|row| {
            let position: u32 = row.get("line_no")?;
            let product: String = row.get("product")?;
            let own = format!("{fulfillment}/{position}");
            Ok(FulfillmentLine {
                id: FulfillmentLineId(Uuid::new_v5(&Uuid::NAMESPACE_OID, own.as_bytes())),
                order_line_id: line_id(order, position),
                position,
                product_id: id(row, "product")?,
                quantity: row.get("quantity")?,
                picked: 0,
                kit_product_id: row.get::<Option<String>>("kit")?.and_then(|kit| kit.parse().ok()),
                sources: sources(tx, &product)?,
            })
        })
        .collect()
}

/// Where a product lies, first expired first; no promise, the pick scan tells the truth.
fn sources(tx: &mut dyn Conn, product: &str) -> Res<Vec<PickSource>> {
    let rows = tx.all(
        "SELECT s.location, s.quantity, s.lot, s.expiry FROM stock_levels s JOIN locations l ON l.id = s.location \
         WHERE s.product = $1 AND l.kind = 'bin' AND s.condition = 'good' AND s.held = 0 AND s.quantity > 0 \
         ORDER BY CASE WHEN s.expiry = '' THEN 1 ELSE 0 END, s.expiry, l.walk_rank, l.code LIMIT 4",
        vals![product],
    )?;
    rows.iter()
        .map(|row| {
            let some = |column| -> Res<Option<String>> {
                Ok(Some(row.get::<String>(column)?).filter(|text| !text.is_empty()))
            };
            Ok(PickSource {
                location_id: id(row, "location")?,
                quantity: row.get("quantity")?,
                lot: some("lot")?,
                expiry: some("expiry")?.map(crate::protocol::wire::LocalDate),
                serial: None,
            })
        })
        .collect()
}

pub(super) fn lease(tx: &mut dyn Conn, record: &str, snapshot: bool) -> Res<Option<Change>> {
    let row = tx.one(
        "SELECT f.id, f.fence, f.lease_held, f.lease_expires_ms, f.lease_begun, f.lease_station, s.name FROM fulfillments f \
         LEFT JOIN stations s ON s.id = f.lease_station WHERE f.id = $1",
        vals![record],
    )?;
    let Some(row) = row else { return Ok(None) };
    let held: bool = row.get("lease_held")?;
    if snapshot && !held {
        return Ok(None);
    }
    let station: Option<String> = row.get("lease_station")?;
    let expires: i64 = row.get("lease_expires_ms")?;
    Ok(Some(Change::Lease(Put::Upsert(Box::new(LeaseRecord {
        id: id(&row, "id")?,
        fence: Fence(row.get("fence")?),
        station_id: station.filter(|_| held).and_then(|id| id.parse().ok()),
        station_name: row.get::<Option<String>>("name")?.filter(|_| held),
        expires_ms: held.then_some(expires),
        begun: row.get("lease_begun")?,
    })))))
}

/// A cancellation bears the id of the order it cancels.
pub(super) fn cancel(tx: &mut dyn Conn, record: &str) -> Res<Option<Change>> {
    let row = tx.one("SELECT id, updated_ms, cancelled_ms, cancel_reason FROM orders WHERE id = $1", vals![record])?;
    let Some(row) = row else { return Ok(None) };
    let Some(at_ms) = row.get::<Option<i64>>("cancelled_ms")? else { return Ok(None) };
    Ok(Some(Change::Cancel(Put::Upsert(Box::new(CancelRecord {
        id: id(&row, "id")?,
        order_id: id(&row, "id")?,
        fulfillment_id: None,
        at_ms,
        reason: row.get("cancel_reason")?,
    })))))
}

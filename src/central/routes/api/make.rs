//! `POST /api/v1/orders` and `PATCH /api/v1/orders/{number}`: orders made and changed by programs, under the rules that hold for
//! those that are typed. A refusal names every field that is not usable by its place in the body.

use super::act::{found, keep};
use super::answer::{Money, Out};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::{kept, once, response};
use super::sent::{SentAddress, SentLine, SentPayment, SentRemark, SentShipping, added, fault, faults_of, placed};
use crate::central::error::{CentralError, FieldFault, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::customers::{self, read::By};
use crate::central::services::idempotency::Kept;
use crate::central::services::orders::edit::{self, Edit, Edited};
use crate::central::services::orders::entry::{self, Buyer, DeskKind, NewOrder};
use crate::central::services::orders::{self as service};
use crate::central::services::settings;
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::protocol::wire::order::Address;
use crate::vals;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Whose desk an order belongs to.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum OrderKind {
    /// For a business, at the products' prices.
    B2b,
    /// For a person: lines may have prices of their own, and `remark` says why the order is made.
    B2c,
}

/// When an order is paid.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaymentTerms {
    /// Before it leaves: until then the bench stops it.
    Prepaid,
    OnDelivery,
    Net7,
    Net14,
    Net30,
    Net60,
}

impl From<PaymentTerms> for entry::Terms {
    fn from(terms: PaymentTerms) -> entry::Terms {
        match terms {
            PaymentTerms::Prepaid => entry::Terms::Prepaid,
            PaymentTerms::OnDelivery => entry::Terms::OnDelivery,
            PaymentTerms::Net7 => entry::Terms::Net7,
            PaymentTerms::Net14 => entry::Terms::Net14,
            PaymentTerms::Net30 => entry::Terms::Net30,
            PaymentTerms::Net60 => entry::Terms::Net60,
        }
    }
}

/// An order to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "b2b", "customer_number": "17850", "lines": [{ "sku": "85123A", "quantity": 2 }], "terms": "net30"
}))]
pub(super) struct NewOrderSent {
    kind: OrderKind,
    /// A customer on file. Without it a new customer is added at `ship_to`.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00]*$")]
    customer_number: Option<String>,
    /// Where it goes; without it to the customer's own address.
    ship_to: Option<SentAddress>,
    #[schema(min_items = 1, max_items = 200)]
    lines: Vec<SentLine>,
    /// How it goes; without it by the first service of the first carrier.
    shipping: Option<SentShipping>,
    /// When it must have left the house.
    #[schema(format = DateTime)]
    ship_by: Option<String>,
    /// For the packer.
    #[schema(max_length = 1000, pattern = "^[^\\x00]*$")]
    note: Option<String>,
    /// Why, for `b2c` only, and then it must be there.
    remark: Option<SentRemark>,
    /// `prepaid` where it is absent.
    terms: Option<PaymentTerms>,
    /// What was paid already. Needs the scope `payment.add` as well.
    payment: Option<SentPayment>,
    /// Take the order although stock is missing: it waits until all of it is there.
    #[serde(default)]
    backorder: bool,
}

/// The answer to a new order. It holds no personal data.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "number": "M000001", "version": 2, "waits_for_stock": false, "units": 2, "total": { "minor": 510, "currency": "GBP" },
    "tax": { "minor": 0, "currency": "GBP" }
}))]
pub(super) struct OrderMade {
    /// Number that the order was given.
    number: String,
    version: i64,
    /// It waits until all of its stock is there.
    waits_for_stock: bool,
    units: i64,
    /// With taxes.
    total: Money,
    /// Taxes in the total.
    tax: Money,
}

/// Makes an order.
///
/// Its stock is promised to it in the same moment; more than is free is refused with the lines that want too much, unless
/// `backorder` is sent. Stations may begin at once.
#[utoipa::path(post, path = "/api/v1/orders", tag = "orders", operation_id = "create_order",
    params(super::document::Idempotency),
    request_body = NewOrderSent,
    responses(
        (status = 201, description = "It is made.", body = OrderMade, headers(
            ("Location" = String, description = "Address of the order."),
            ("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."),
        )),
        super::document::Sent,
    ), security(("key" = ["order.create"])))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::OrderCreate)?;
    let (sent, body): (NewOrderSent, Bytes) = ask::json(&headers, body)?;
    if sent.payment.is_some() {
        caller.need(Permission::PaymentAdd)?;
    }
    let what = "POST /api/v1/orders";
    let (kept, replayed) = kept(&app, &caller, &headers, what, &body, move |work| make(work, &sent)).await?;
    // The answer itself is what was kept, so the number is read from it again.
    let made: serde_json::Value = serde_json::from_str(&kept.body).unwrap_or_default();
    let address = format!("/api/v1/orders/{}", made["number"].as_str().unwrap_or_default());
    let mut response = response(kept, replayed);
    if let Ok(value) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

fn make(work: &mut Work<'_>, sent: &NewOrderSent) -> Res<Kept> {
    let currency = sites::get(work.tx, work.ctx.site)?.currency;
    let mut faults = Vec::new();
    let new = order(work, sent, &currency, &mut faults)?;
    faults_of(&new, &mut faults);
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    let created = match service::create(work, &new) {
        Ok(created) => created,
        Err(error) => return Err(placed(work, error, new.kind, &new.lines, &currency, "lines")?),
    };
    let row =
        work.one("SELECT version, units, total_minor, tax_minor FROM orders WHERE id = $1", vals![&created.id])?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    let answer = OrderMade {
        number: created.number,
        version: row.at(0)?,
        waits_for_stock: created.waits,
        units: row.at(1)?,
        total: Money::new(row.at(2)?, &currency),
        tax: Money::new(row.at(3)?, &currency),
    };
    keep(201, &answer)
}

/// What was sent as the service takes it; what it cannot be is added to the faults.
fn order(work: &mut Work<'_>, sent: &NewOrderSent, currency: &str, faults: &mut Vec<FieldFault>) -> Res<NewOrder> {
    let kind = match sent.kind {
        OrderKind::B2b => DeskKind::B2b,
        OrderKind::B2c => DeskKind::B2c,
    };
    let mut ship_to = sent.ship_to.as_ref().map(Address::from);
    let mut buyer = Buyer::New;
    if let Some(number) = &sent.customer_number {
        match customer(work, number)? {
            Some(known) => {
                buyer = Buyer::Known(known.id);
                ship_to = ship_to.or(Some(known.address));
            }
            None => faults.push(fault("/customer_number", "is no customer on file")),
        }
    } else if ship_to.is_none() {
        faults.push(fault("/ship_to", "must be there, or customer_number"));
    }
    let shipping = match &sent.shipping {
        Some(way) => (way.carrier.clone(), way.service.clone()),
        None => settings::services(work.tx, work.ctx.site)?.into_iter().next().map(|way| way.codes).unwrap_or_default(),
    };
    let ship_by_ms = match sent.ship_by.as_deref().map(str::parse::<jiff::Timestamp>) {
        None => None,
        Some(Ok(at)) => Some(at.as_millisecond()),
        Some(Err(_)) => {
            faults.push(fault("/ship_by", "must be a time such as 2026-05-04T10:00:00Z"));
            None
        }
    };
    let payment = sent.payment.as_ref().map(|payment| payment.read(currency, faults));
    Ok(NewOrder {
        kind,
        buyer,
        ship_to: ship_to.unwrap_or_default(),
        lines: added("lines", &sent.lines, currency, faults),
        shipping,
        ship_by_ms,
        note: sent.note.clone().filter(|note| !note.trim().is_empty()),
        remark: sent.remark.as_ref().map(SentRemark::read),
        terms: sent.terms.map(entry::Terms::from).unwrap_or_default(),
        payment,
        backorder: sent.backorder,
    })
}

fn customer(work: &mut Work<'_>, number: &str) -> Res<Option<customers::Known>> {
    if number.contains('\0') {
        return Ok(None);
    }
    match customers::buyer(work.tx, work.ctx.site, By::Number(number)) {
        Ok(known) => Ok(Some(known)),
        Err(CentralError::Refused(Refusal::Missing { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Units that a line shall have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LineUnits {
    /// Place in the order; of a kit its `no`. The lines of a kit's parts change with the kit alone.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub line_no: u32,
    #[schema(minimum = 0, maximum = 100_000)]
    pub quantity: i64,
}

/// A field that may be absent, null, or there.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// What shall change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "note": "Leave at the gate", "lines": [{ "line_no": 1, "quantity": 4 }] }))]
pub(super) struct OrderEdit {
    /// Where it goes, whole.
    ship_to: Option<SentAddress>,
    /// For the packer; null takes it away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 1000, pattern = "^[^\\x00]*$")]
    note: Option<Option<String>>,
    /// Units of lines that are there; 0 takes a line out.
    #[serde(default)]
    #[schema(max_items = 200)]
    lines: Vec<LineUnits>,
    /// Lines to be added.
    #[serde(default)]
    #[schema(max_items = 200)]
    add: Vec<SentLine>,
    /// Let it wait if stock is missing.
    #[serde(default)]
    backorder: bool,
}

/// What became of an edit.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum EditOutcome {
    Changed,
    /// Nothing was sent that shall change.
    Unchanged,
    /// A station held it and had not begun: it was asked to give it back. Send the edit again in a moment, with a new
    /// `Idempotency-Key`.
    Recalled,
}

/// The answer to an edit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "number": "536365", "outcome": "changed", "version": 2 }))]
pub(super) struct EditedOrder {
    /// The order's number.
    number: String,
    outcome: EditOutcome,
    /// The order's version now.
    version: i64,
}

/// Changes an order.
///
/// Possible while nobody in the warehouse has begun it.
#[utoipa::path(patch, path = "/api/v1/orders/{number}", tag = "orders", operation_id = "edit_order",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::OrderSeen,
        super::document::Idempotency,
    ),
    request_body = OrderEdit,
    responses(
        (status = 200, description = "It is changed.", body = EditedOrder,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        (status = 202, description = "Its station was asked to give it back first.", body = EditedOrder,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["order.update"])))]
pub(super) async fn edit(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::OrderUpdate)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (OrderEdit, Bytes) = ask::json(&headers, body)?;
    let what = format!("PATCH /api/v1/orders/{number}");
    once(&app, &caller, &headers, &what, &body, move |work| change(work, &number, seen.as_deref(), &sent)).await
}

fn change(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>, sent: &OrderEdit) -> Res<Kept> {
    let (id, version) = found(work, number, seen)?;
    let nothing = sent.ship_to.is_none() && sent.note.is_none() && sent.lines.is_empty() && sent.add.is_empty();
    let outcome = if nothing { EditOutcome::Unchanged } else { lay(work, number, sent)? };
    let version = match outcome {
        EditOutcome::Unchanged => version,
        EditOutcome::Changed | EditOutcome::Recalled => {
            work.tx.int("SELECT version FROM orders WHERE id = $1", vals![&id])?
        }
    };
    let status = if matches!(outcome, EditOutcome::Recalled) { 202 } else { 200 };
    keep(status, &EditedOrder { number: number.to_owned(), outcome, version })
}

/// Lays what was sent over the order as it is.
fn lay(work: &mut Work<'_>, number: &str, sent: &OrderEdit) -> Res<EditOutcome> {
    let now = edit::editable(work.tx, work.ctx.site, number)?;
    let mut faults = Vec::new();
    let mut units = BTreeMap::new();
    for (place, line) in sent.lines.iter().enumerate() {
        if !now.lines.iter().any(|known| known.no == line.line_no) {
            faults.push(fault(format!("/lines/{place}/line_no"), "is no line of goods and no kit of this order"));
        } else if !(0..=entry::UNITS_MAX).contains(&line.quantity) {
            faults.push(fault(format!("/lines/{place}/quantity"), "must be 0 to 100,000 units"));
        } else if units.insert(line.line_no, line.quantity).is_some() {
            faults.push(fault(format!("/lines/{place}/line_no"), "must be named once"));
        }
    }
    if sent.lines.len() > entry::LINES_MAX {
        faults.push(fault("/lines", "must be at most 200"));
    }
    if sent.add.len() > entry::LINES_MAX {
        faults.push(fault("/add", "must be at most 200"));
    }
    let add = added("add", &sent.add, &now.currency, &mut faults);
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    let asked = Edit {
        address: sent.ship_to.as_ref().map_or_else(|| now.address.clone(), Address::from),
        note: sent.note.clone().unwrap_or_else(|| Some(now.note.clone())).unwrap_or_default(),
        units,
        add,
        backorder: sent.backorder,
    };
    match edit::edit(work, number, &now.seen(), &asked) {
        Ok(Edited::Done) => Ok(EditOutcome::Changed),
        // What left cannot be edited: the service refuses it before.
        Ok(Edited::Recalled | Edited::Left) => Ok(EditOutcome::Recalled),
        Err(error) => Err(placed(work, error, now.kind, &asked.add, &now.currency, "add")?),
    }
}

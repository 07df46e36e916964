//! `/api/v1/orders/{number}/payments`: the ledger of an order's money. Entries are only added; what they add up to is the order's
//! `payment_status`, which nobody sets.

use super::act::{found, keep};
use super::answer::{self, Money, Out, Time, filled, time, word};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::once;
use super::orders::PaymentStatus;
use super::sent::{PaymentMethod, SENT_MINOR_MAX, SentMoney, fault};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::idempotency::Kept;
use crate::central::services::orders::{self as service, Entry, NewPayment, id_of_number};
use crate::central::store::work::Work;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an entry of the ledger says.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaymentEntry {
    /// Money came.
    Payment,
    /// Money went back.
    Refund,
    /// A bank promises the money.
    Authorization,
    /// The promise is given up.
    Void,
    /// A payment was tried and did not come about.
    Failure,
}

impl PaymentEntry {
    const fn stored(self) -> Entry {
        match self {
            PaymentEntry::Payment => Entry::Payment,
            PaymentEntry::Refund => Entry::Refund,
            PaymentEntry::Authorization => Entry::Authorization,
            PaymentEntry::Void => Entry::Void,
            PaymentEntry::Failure => Entry::Failure,
        }
    }

    const fn of(entry: Entry) -> PaymentEntry {
        match entry {
            Entry::Payment => PaymentEntry::Payment,
            Entry::Refund => PaymentEntry::Refund,
            Entry::Authorization => PaymentEntry::Authorization,
            Entry::Void => PaymentEntry::Void,
            Entry::Failure => PaymentEntry::Failure,
        }
    }
}

/// An entry of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderPayment {
    id: String,
    kind: PaymentEntry,
    /// How: `bank_transfer`, `card`, `cash`, `cheque`, `wallet`, or the word of an import.
    method: Option<String>,
    amount: Money,
    /// What the bank or the customer calls it; null without the scope `person.view`.
    reference: Option<String>,
    at: Time,
}

/// What was paid for an order, and how.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderPayments {
    /// The order's number.
    number: String,
    payment_status: PaymentStatus,
    /// What the order costs.
    total: Money,
    /// What was paid and did not go back.
    paid: Money,
    /// Newest first; at most 500.
    items: Vec<OrderPayment>,
    /// The order's version; the first part of its ETag.
    version: i64,
}

/// Lists an order's payments.
#[utoipa::path(get, path = "/api/v1/orders/{number}/payments", tag = "orders", operation_id = "list_order_payments",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        ("If-None-Match" = Option<String>, Header, nullable = false, description = "ETags that are known already."),
    ),
    responses(
        (status = 200, description = "The ledger.", body = OrderPayments,
            headers(("ETag" = String, description = "Version of the order and content of the ledger."))),
        (status = 304, description = "It is as the ETag says."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["payment.view"])))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::PaymentView)?;
    let (site, of) = (app.store.site(), number.clone());
    let read = app.store.read(move |tx| {
        let id = id_of_number(tx, site, &of)?;
        service::ledger(tx, site, &id)
    });
    let ledger = read.await?;
    let personal = caller.may(Permission::PersonView);
    let currency = ledger.currency;
    let item = |entry: service::Entered| {
        Ok(OrderPayment {
            id: entry.id,
            kind: PaymentEntry::of(entry.entry),
            method: filled(entry.method),
            amount: Money::new(entry.amount_minor, &currency),
            reference: filled(entry.reference).filter(|_| personal),
            at: time(entry.at_ms)?,
        })
    };
    let body = OrderPayments {
        number,
        payment_status: word(&ledger.status, "payment status")?,
        total: Money::new(ledger.total_minor, &currency),
        paid: Money::new(ledger.paid_minor, &currency),
        items: ledger.entries.into_iter().map(item).collect::<Res<_>>()?,
        version: ledger.version,
    };
    answer::entity(&headers, ledger.version, &body)
}

/// An entry to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "payment", "method": "card", "amount": { "minor": 2034, "currency": "GBP" } }))]
pub(super) struct EnterPayment {
    kind: PaymentEntry,
    method: PaymentMethod,
    amount: SentMoney,
    /// What the bank or the customer calls it.
    #[schema(max_length = 100, pattern = "^[^\\x00]*$")]
    reference: Option<String>,
}

/// The answer to an entry.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaymentEntered {
    /// The entry.
    id: String,
    /// The order's number.
    number: String,
    payment_status: PaymentStatus,
    /// What was paid and did not go back.
    paid: Money,
    /// The order's version now.
    version: i64,
}

/// Enters a payment.
///
/// Or a refund (never more than is paid), an authorization, giving one up (never more than is promised), or a payment that did not come
/// about. Packbench moves no money: it notes what a bank or a till did.
#[utoipa::path(post, path = "/api/v1/orders/{number}/payments", tag = "orders", operation_id = "enter_order_payment",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::OrderSeen,
        super::document::Idempotency,
    ),
    request_body = EnterPayment,
    responses(
        (status = 201, description = "It is entered.", body = PaymentEntered,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["payment.add"])))]
pub(super) async fn enter(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::PaymentAdd)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (EnterPayment, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/orders/{number}/payments");
    once(&app, &caller, &headers, &what, &body, move |work| entered(work, &number, seen.as_deref(), &sent)).await
}

fn entered(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>, sent: &EnterPayment) -> Res<Kept> {
    let site = work.ctx.site;
    let (order, _) = found(work, number, seen)?;
    let currency = service::ledger(work.tx, site, &order)?.currency;
    let mut faults = Vec::new();
    let amount_minor = sent.amount.read("/amount", &currency, &mut faults);
    if amount_minor > SENT_MINOR_MAX {
        faults.push(fault("/amount/minor", "must be at most 1,000,000,000"));
    }
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    let reference = sent.reference.clone().unwrap_or_default();
    let new = NewPayment { method: sent.method.into(), amount_minor, reference };
    let id = service::enter(work, &order, sent.kind.stored(), &new).map_err(placed)?;
    let ledger = service::ledger(work.tx, site, &order)?;
    let done = PaymentEntered {
        id,
        number: number.to_owned(),
        payment_status: word(&ledger.status, "payment status")?,
        paid: Money::new(ledger.paid_minor, &ledger.currency),
        version: ledger.version,
    };
    keep(201, &done)
}

/// A refusal of the service with its place in the body.
fn placed(error: CentralError) -> CentralError {
    let CentralError::Refused(Refusal::Field { field, why }) = error else { return error };
    let place = match field {
        "payment.amount" | "payment.most" => "/amount/minor",
        "payment.reference" => "/reference",
        other => return Refusal::Field { field: other, why }.into(),
    };
    Refusal::Fields { fields: vec![fault(place, why)] }.into()
}

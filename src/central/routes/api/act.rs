//! What programs do with orders that are there: call off, split, and many at once.

use super::answer::Out;
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::once;
use super::sent::fault;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::routes::problem::ApiError;
use crate::central::services::access::Permission;
use crate::central::services::idempotency::Kept;
use crate::central::services::orders::edit::Edited;
use crate::central::services::orders::table::act::{Action, act};
use crate::central::services::orders::{self as service, Cancelled, Split};
use crate::central::store::work::Work;
use crate::protocol::wire::{Problem, UserId};
use crate::vals;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Most orders of one bulk request, and most lines of a split.
const BULK_MAX: usize = 500;
const SPLIT_LINES_MAX: usize = 500;
/// Largest version that every reader of JSON can hold.
const VERSION_MAX: i64 = 9_007_199_254_740_991;

/// The order with that number as one who changes it saw it: id and version.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::Version`] if its version is none of those seen.
pub(super) fn found(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>) -> Res<(String, i64)> {
    let find = "SELECT id, version FROM orders WHERE site = $1 AND number = $2";
    let row = work.one(find, vals![work.site(), number])?.ok_or(Refusal::Missing { entity: "order" })?;
    let (id, version) = (row.at::<String>(0)?, row.at::<i64>(1)?);
    ask::as_seen(seen, version)?;
    Ok((id, version))
}

fn version(work: &mut Work<'_>, id: &str) -> Res<i64> {
    Ok(work.tx.int("SELECT version FROM orders WHERE id = $1", vals![id])?)
}

/// An answer to be kept.
pub(super) fn keep<T: Serialize>(status: u16, answer: &T) -> Res<Kept> {
    let body = serde_json::to_string(answer).map_err(|_| CentralError::Inner { what: "writing an answer as JSON" })?;
    Ok(Kept { status, body })
}

/// Why an order is cancelled.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CancelReason {
    CustomerAsked,
    Duplicate,
    Fraud,
    OutOfStock,
    PaymentFailed,
    Other,
}

impl CancelReason {
    const fn stored(self) -> &'static str {
        match self {
            CancelReason::CustomerAsked => "customer_asked",
            CancelReason::Duplicate => "duplicate",
            CancelReason::Fraud => "fraud",
            CancelReason::OutOfStock => "out_of_stock",
            CancelReason::PaymentFailed => "payment_failed",
            CancelReason::Other => "other",
        }
    }
}

/// A cancellation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "customer_asked" }))]
pub(super) struct CancelOrder {
    reason: CancelReason,
}

/// What became of a cancellation.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CancelOutcome {
    /// Nothing was packed as far as is known.
    Cancelled,
    /// A parcel is packed; somebody in the warehouse was asked to unpack it.
    MustUnpack,
    /// It was cancelled before; nothing changed.
    AlreadyCancelled,
}

/// The answer to a cancellation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "number": "536365", "outcome": "cancelled", "version": 2 }))]
pub(super) struct CancelledOrder {
    /// The order's number.
    number: String,
    outcome: CancelOutcome,
    /// The order's version now.
    version: i64,
}

/// Cancels an order.
///
/// Possible until a parcel was handed to the carrier; after that it is refused, and somebody in the office is asked what to do. Work at a
/// bench stops with its next scan.
#[utoipa::path(post, path = "/api/v1/orders/{number}/cancel", tag = "orders", operation_id = "cancel_order",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::OrderSeen,
        super::document::Idempotency,
    ),
    request_body = CancelOrder,
    responses(
        (status = 200, description = "It is cancelled.", body = CancelledOrder,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["order.delete"])))]
pub(super) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::OrderDelete)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (CancelOrder, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/orders/{number}/cancel");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let (id, _) = found(work, &number, seen.as_deref())?;
        let outcome = match service::cancel(work, &id, sent.reason.stored())? {
            Cancelled::Free => CancelOutcome::Cancelled,
            Cancelled::MustUnpack => CancelOutcome::MustUnpack,
            Cancelled::Already => CancelOutcome::AlreadyCancelled,
            Cancelled::Left => {
                // Refused, and yet not without a trace: the question that was opened must stay.
                let ApiError(problem) = ask::refused(left().into());
                return keep(problem.status, &*problem);
            }
        };
        keep(200, &CancelledOrder { number: number.clone(), outcome, version: version(work, &id)? })
    })
    .await
}

/// Why an order of which a parcel is with the carrier is not cancelled.
fn left() -> Refusal {
    Refusal::State { entity: "order", state: "handed over; somebody in the office was asked what to do".to_owned() }
}

/// Units of a line that become part of a new part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SplitLine {
    /// Place in the order.
    #[schema(minimum = 1, maximum = 1_000_000)]
    line_no: u32,
    #[schema(minimum = 1, maximum = 100_000)]
    quantity: i64,
}

/// A split.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "lines": [{ "line_no": 1, "quantity": 2 }] }))]
pub(super) struct SplitOrder {
    /// Part that the units are taken from; 1 where it is absent.
    #[schema(minimum = 1, maximum = 20)]
    part: Option<u32>,
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<SplitLine>,
}

/// What became of a split.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SplitOutcome {
    Split,
    /// A station held the part and had not begun: it was asked to give it back. Send the split again in a moment, with a new
    /// `Idempotency-Key`.
    Recalled,
}

/// The answer to a split.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "number": "536365", "outcome": "split", "part": 2, "version": 2 }))]
pub(super) struct SplitDone {
    /// The order's number.
    number: String,
    outcome: SplitOutcome,
    /// Number of the new part; null while there is none.
    part: Option<u32>,
    /// The order's version now.
    version: i64,
}

/// Splits an order.
///
/// Some units of some lines become a part of their own, which is leased and packed apart. Possible while nobody has begun the part
/// that they are taken from.
#[utoipa::path(post, path = "/api/v1/orders/{number}/split", tag = "orders", operation_id = "split_order",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::OrderSeen,
        super::document::Idempotency,
    ),
    request_body = SplitOrder,
    responses(
        (status = 200, description = "It is split.", body = SplitDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        (status = 202, description = "Its station was asked to give the part back first.", body = SplitDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["order.update"])))]
pub(super) async fn split(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::OrderUpdate)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (SplitOrder, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/orders/{number}/split");
    once(&app, &caller, &headers, &what, &body, move |work| part(work, &number, seen.as_deref(), &sent)).await
}

fn part(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>, sent: &SplitOrder) -> Res<Kept> {
    let (id, _) = found(work, number, seen)?;
    let mut faults = Vec::new();
    let mut units = BTreeMap::new();
    if sent.lines.len() > SPLIT_LINES_MAX {
        faults.push(fault("/lines", "must be at most 500"));
    }
    for (place, line) in sent.lines.iter().take(SPLIT_LINES_MAX).enumerate() {
        if units.insert(line.line_no, line.quantity).is_some() {
            faults.push(fault(format!("/lines/{place}/line_no"), "must be named once"));
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    let find = "SELECT id FROM fulfillments WHERE order_id = $1 AND part = $2";
    let row = work.one(find, vals![&id, sent.part.unwrap_or(1)])?.ok_or(Refusal::Missing { entity: "part" })?;
    let (outcome, part) = match service::split(work, &id, &row.at::<String>(0)?, &units)? {
        Split::Recalled => (SplitOutcome::Recalled, None),
        Split::Done(new) => {
            let row = work.one("SELECT part FROM fulfillments WHERE id = $1", vals![new])?;
            (SplitOutcome::Split, row.map(|row| row.at(0)).transpose()?)
        }
    };
    let status = if part.is_some() { 200 } else { 202 };
    keep(status, &SplitDone { number: number.to_owned(), outcome, part, version: version(work, &id)? })
}

/// What is done with many orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum BulkAction {
    /// Call off. Needs the scope `order.delete`.
    Cancel,
    /// Keep from the benches until it is let go. Needs `order.update`.
    Hold,
    /// Let go what was held. Needs `order.update`.
    LetGo,
    /// Put before the others. Needs `order.expedite`.
    Expedite,
    /// Back in turn. Needs `order.expedite`.
    InTurn,
}

impl BulkAction {
    const fn needs(self) -> Permission {
        match self {
            BulkAction::Cancel => Permission::OrderDelete,
            BulkAction::Hold | BulkAction::LetGo => Permission::OrderUpdate,
            BulkAction::Expedite | BulkAction::InTurn => Permission::OrderExpedite,
        }
    }
}

/// One of many orders.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BulkItem {
    /// The order's number.
    #[schema(min_length = 1, max_length = 100)]
    number: String,
    /// Version as you saw it; without it, whatever there is.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: Option<i64>,
}

/// One thing done with many orders.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "action": "hold", "orders": [{ "number": "536365" }, { "number": "536370", "version": 1 }] }))]
pub(super) struct BulkOrders {
    action: BulkAction,
    /// Why, for `cancel`; `other` where it is absent.
    reason: Option<CancelReason>,
    #[schema(min_items = 1, max_items = 500)]
    orders: Vec<BulkItem>,
}

/// What became of one of many orders.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum BulkOutcome {
    Done,
    /// It was cancelled before; nothing changed.
    Already,
    /// It is cancelled; a parcel is packed, and somebody in the warehouse was asked to unpack it.
    MustUnpack,
    /// A station held it and had not begun: it was asked to give it back. Send it again in a moment.
    Recalled,
    /// It is as it was; `problem` says why.
    Refused,
}

/// What became of one of many orders.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkResult {
    /// The order's number.
    number: String,
    outcome: BulkOutcome,
    /// The order's version now; null where it was refused.
    version: Option<i64>,
    /// Why it was refused.
    problem: Option<Problem>,
}

/// The answer to a bulk request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkAnswer {
    /// One for each order, in the order they were sent.
    results: Vec<BulkResult>,
    /// How many of them were refused.
    refused: u32,
}

/// Does one thing with many orders.
///
/// Each order has its own result; one that is refused leaves the others as they are. All are done in one moment.
#[utoipa::path(post, path = "/api/v1/orders/bulk", tag = "orders", operation_id = "bulk_orders",
    params(super::document::Idempotency),
    request_body = BulkOrders,
    responses(
        (status = 200, description = "What became of each.", body = BulkAnswer,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Sent,
    ), security(("key" = [])))]
pub(super) async fn bulk(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    let (sent, body): (BulkOrders, Bytes) = ask::json(&headers, body)?;
    caller.need(sent.action.needs())?;
    let by = caller.key.clone();
    once(&app, &caller, &headers, "POST /api/v1/orders/bulk", &body, move |work| each(work, &by, &sent)).await
}

fn each(work: &mut Work<'_>, key: &str, sent: &BulkOrders) -> Res<Kept> {
    if sent.orders.is_empty() || sent.orders.len() > BULK_MAX {
        return Err(Refusal::Fields { fields: vec![fault("/orders", "must be 1 to 500")] }.into());
    }
    let mut faults = Vec::new();
    for (place, item) in sent.orders.iter().enumerate() {
        if !(1..=100).contains(&item.number.chars().count()) {
            faults.push(fault(format!("/orders/{place}/number"), "must have 1 to 100 characters"));
        }
        if item.version.is_some_and(|version| !(1..=VERSION_MAX).contains(&version)) {
            faults.push(fault(format!("/orders/{place}/version"), "must be a version of the order"));
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    let by = responsible(work, key)?;
    let (mut results, mut refused) = (Vec::with_capacity(sent.orders.len()), 0);
    for item in &sent.orders {
        // The services refuse before they change anything, so what was refused is as it was; a station that was asked back
        // for it stays asked, and so does the person for a cancellation that came too late.
        let (outcome, version, problem) = match one(work, sent, item, by) {
            Ok((BulkOutcome::Refused, _)) => {
                let ApiError(problem) = ask::refused(left().into());
                refused += 1;
                (BulkOutcome::Refused, None, Some(*problem))
            }
            Ok((outcome, version)) => (outcome, Some(version), None),
            Err(error @ CentralError::Refused(_)) => {
                let ApiError(problem) = ask::refused(error);
                refused += 1;
                (BulkOutcome::Refused, None, Some(*problem))
            }
            Err(fault) => return Err(fault),
        };
        results.push(BulkResult { number: item.number.clone(), outcome, version, problem });
    }
    keep(200, &BulkAnswer { results, refused })
}

fn one(work: &mut Work<'_>, sent: &BulkOrders, item: &BulkItem, by: UserId) -> Res<(BulkOutcome, i64)> {
    if item.number.contains('\0') {
        return Err(Refusal::Missing { entity: "order" }.into());
    }
    let seen = item.version.map(|version| [version]);
    let (id, _) = found(work, &item.number, seen.as_ref().map(|versions| versions.as_slice()))?;
    let done = |edited| match edited {
        Edited::Done => BulkOutcome::Done,
        Edited::Recalled => BulkOutcome::Recalled,
        Edited::Left => BulkOutcome::Refused,
    };
    let outcome = match sent.action {
        BulkAction::Cancel => {
            let reason = sent.reason.unwrap_or(CancelReason::Other);
            match service::cancel(work, &id, reason.stored())? {
                Cancelled::Free => BulkOutcome::Done,
                Cancelled::MustUnpack => BulkOutcome::MustUnpack,
                Cancelled::Already => BulkOutcome::Already,
                Cancelled::Left => BulkOutcome::Refused,
            }
        }
        BulkAction::Hold => done(act(work, &id, Action::Hold)?),
        BulkAction::LetGo => done(act(work, &id, Action::LetGo)?),
        BulkAction::Expedite | BulkAction::InTurn => {
            service::expedite(work, &id, by, sent.action == BulkAction::Expedite)?;
            BulkOutcome::Done
        }
    };
    Ok((outcome, version(work, &id)?))
}

/// In whose name a key acts where a person is asked for: who made it, or the key itself if that was nobody.
fn responsible(work: &mut Work<'_>, key: &str) -> Res<UserId> {
    let row = work.one("SELECT created_by FROM api_keys WHERE id = $1", vals![key])?;
    let maker: Option<String> = row.map(|row| row.at(0)).transpose()?;
    let person = maker.and_then(|maker| maker.parse().ok()).or_else(|| key.parse().ok());
    person.ok_or(CentralError::Stored { what: "key" })
}

//! `POST /api/v1/stock/changes` and `/api/v1/stock/lots`: stock received, corrected, moved and counted by programs, lots held, and where
//! one went. Of many changes each has its own result.

use super::act::keep;
use super::answer::{self, Out, Time, filled, maybe_time, word};
use super::ask::{self, Asked, Nothing};
use super::caller::Caller;
use super::once::once;
use super::sent::fault;
use super::stock::Condition;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::routes::problem::ApiError;
use crate::central::services::access::Permission;
use crate::central::services::idempotency::Kept;
use crate::central::services::stock::lots::{self, LotTrace};
use crate::central::services::stock::{self as service, Change, Changed, Kind, Spot};
use crate::central::store::work::Work;
use crate::protocol::wire::{Problem, ProblemCode};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Most changes of one request.
const CHANGES_MAX: usize = 500;
/// Most units that somebody saw of a balance.
const SEEN_MAX: i64 = 1_000_000_000;

/// What is done with stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StockChangeKind {
    /// `quantity` units came in.
    Receive,
    /// `quantity` units more, or fewer if below zero; with a `reason`.
    Adjust,
    /// `quantity` units go to the place `to`.
    Transfer,
    /// `quantity` units are there. A large difference waits for a person.
    Count,
}

/// Why stock is corrected.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StockReason {
    Found,
    Lost,
    Broken,
    Expired,
    Used,
    Mistake,
    /// Said in `note`, which must be there then.
    Other,
}

impl From<StockReason> for service::Reason {
    fn from(reason: StockReason) -> service::Reason {
        match reason {
            StockReason::Found => service::Reason::Found,
            StockReason::Lost => service::Reason::Lost,
            StockReason::Broken => service::Reason::Broken,
            StockReason::Expired => service::Reason::Expired,
            StockReason::Used => service::Reason::Used,
            StockReason::Mistake => service::Reason::Mistake,
            StockReason::Other => service::Reason::Other,
        }
    }
}

/// A change of one balance.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StockChange {
    kind: StockChangeKind,
    /// Code of the product.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    sku: String,
    /// Code of the place.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    location: String,
    /// Must be there for units that come of a product that is kept by lot.
    #[schema(max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    lot: Option<String>,
    /// Day of expiry; must be there for units that come of a product that has one.
    #[schema(format = Date)]
    expiry: Option<String>,
    /// Must be there for units that come of a product that has one for each.
    #[schema(max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    serial: Option<String>,
    /// `good` where it is absent.
    condition: Option<Condition>,
    #[schema(minimum = -1_000_000, maximum = 1_000_000)]
    quantity: i64,
    /// For `transfer`: code of the place that they go to.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    to: Option<String>,
    /// For `adjust`.
    reason: Option<StockReason>,
    /// For `receive`: what the delivery's paper is called.
    #[schema(max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    reference: Option<String>,
    /// In words.
    #[schema(max_length = 300, pattern = "^[^\\x00]*$")]
    note: Option<String>,
    /// Take away even what open orders are promised.
    #[serde(default)]
    despite_promises: bool,
    /// Units of the balance as you saw them, 0 where it was not listed; refused with `version_conflict` if there are others when its turn
    /// comes. Without it, whatever there is.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000)]
    seen: Option<i64>,
}

/// Changes of stock.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "changes": [{ "kind": "receive", "sku": "22728", "location": "A-02-1", "quantity": 12 }] }))]
pub(super) struct StockChanges {
    #[schema(min_items = 1, max_items = 500)]
    changes: Vec<StockChange>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StockOutcome {
    Booked,
    /// The count was as the book said.
    Unchanged,
    /// The count differs so much that a person must agree with it.
    Waits,
    /// Nothing was booked; `problem` says why.
    Refused,
}

/// What became of one change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StockChangeResult {
    outcome: StockOutcome,
    /// Units more than before; null where it was refused.
    difference: Option<i64>,
    /// Units of the balance now.
    quantity: Option<i64>,
    /// Units of the product that nobody is promised, now.
    available: Option<i64>,
    /// Why it was refused.
    problem: Option<Problem>,
}

/// The answer to changes of stock.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StockChangesDone {
    /// One for each change, in the order they were sent.
    results: Vec<StockChangeResult>,
    /// How many of them were refused.
    refused: u32,
}

impl StockChange {
    /// As the service takes it.
    fn read(&self) -> Result<Change, Refusal> {
        let kind = match self.kind {
            StockChangeKind::Receive => Kind::Receive(self.reference.clone().unwrap_or_default()),
            StockChangeKind::Adjust => Kind::Adjust(
                self.reason
                    .ok_or(Refusal::Field { field: "stock.reason", why: "must say why it is corrected" })?
                    .into(),
            ),
            StockChangeKind::Transfer => Kind::Transfer(
                self.to.clone().ok_or(Refusal::Field { field: "stock.to", why: "must name the place they go to" })?,
            ),
            StockChangeKind::Count => Kind::Count,
        };
        let spot = Spot {
            sku: self.sku.clone(),
            location: self.location.clone(),
            lot: self.lot.clone().unwrap_or_default(),
            expiry: self.expiry.clone().unwrap_or_default(),
            serial: self.serial.clone().unwrap_or_default(),
            condition: match self.condition {
                None | Some(Condition::Good) => service::Condition::Good,
                Some(Condition::Returned) => service::Condition::Returned,
                Some(Condition::Damaged) => service::Condition::Damaged,
            },
        };
        let name = |text: &str| (1..=100).contains(&text.chars().count()) && !text.contains(char::is_control);
        if !name(&spot.sku) {
            return Err(Refusal::Field { field: "stock.sku", why: "must have 1 to 100 characters" });
        }
        if !name(&spot.location) {
            return Err(Refusal::Field { field: "stock.location", why: "must have 1 to 100 characters" });
        }
        if self.to.as_deref().is_some_and(|to| !name(to)) {
            return Err(Refusal::Field { field: "stock.to", why: "must have 1 to 100 characters" });
        }
        let short = |text: &String| text.chars().count() <= service::MARK_MAX && !text.contains(char::is_control);
        if self.reference.as_ref().is_some_and(|paper| !short(paper)) {
            return Err(Refusal::Field { field: "stock.reference", why: "must have at most 60 characters" });
        }
        if self.expiry.as_deref() == Some("") {
            return Err(Refusal::Field { field: "stock.expiry", why: "must be a day such as 2027-05-31" });
        }
        if self.seen.is_some_and(|units| !(-SEEN_MAX..=SEEN_MAX).contains(&units)) {
            return Err(Refusal::Field { field: "stock.seen", why: "must be units within a thousand million" });
        }
        let note = self.note.clone().unwrap_or_default();
        let change = Change { kind, spot, quantity: self.quantity, note, despite_promises: self.despite_promises };
        change.validate().map(|()| change)
    }
}

/// Changes stock.
///
/// Each change has its own result; one that is refused leaves the others as they are. All are booked in one moment, in the order they
/// were sent.
#[utoipa::path(post, path = "/api/v1/stock/changes", tag = "stock", operation_id = "change_stock",
    params(super::document::Idempotency),
    request_body = StockChanges,
    responses(
        (status = 200, description = "What became of each.", body = StockChangesDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Sent,
    ), security(("key" = ["stock.adjust"])))]
pub(super) async fn change(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::StockAdjust)?;
    let (sent, body): (StockChanges, Bytes) = ask::json(&headers, body)?;
    once(&app, &caller, &headers, "POST /api/v1/stock/changes", &body, move |work| each(work, &sent)).await
}

fn each(work: &mut Work<'_>, sent: &StockChanges) -> Res<Kept> {
    if sent.changes.is_empty() || sent.changes.len() > CHANGES_MAX {
        return Err(Refusal::Fields { fields: vec![fault("/changes", "must be 1 to 500")] }.into());
    }
    let (mut changes, mut faults) = (Vec::with_capacity(sent.changes.len()), Vec::new());
    for (place, change) in sent.changes.iter().enumerate() {
        match change.read() {
            Ok(change) => changes.push(change),
            Err(Refusal::Field { field, why }) => faults.push(fault(pointer(place, field), why)),
            Err(other) => return Err(other.into()),
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    let (mut results, mut refused) = (Vec::with_capacity(changes.len()), 0);
    for (place, (change, sent)) in changes.iter().zip(&sent.changes).enumerate() {
        let seen = sent.seen.map_or(Ok(()), |seen| service::as_seen(work, change, seen));
        match seen.and_then(|()| service::change(work, change)) {
            Ok(changed) => results.push(done(&changed)),
            Err(CentralError::Refused(refusal)) => {
                refused += 1;
                results.push(problem(place, refusal));
            }
            Err(error) => return Err(error),
        }
    }
    keep(200, &StockChangesDone { results, refused })
}

fn pointer(place: usize, field: &str) -> String {
    format!("/changes/{place}/{}", field.strip_prefix("stock.").unwrap_or(field))
}

fn done(changed: &Changed) -> StockChangeResult {
    let outcome = match changed.outcome {
        service::Outcome::Booked => StockOutcome::Booked,
        service::Outcome::Unchanged => StockOutcome::Unchanged,
        service::Outcome::Waits(_) => StockOutcome::Waits,
    };
    StockChangeResult {
        outcome,
        difference: Some(changed.difference),
        quantity: Some(changed.quantity),
        available: Some(changed.available),
        problem: None,
    }
}

fn problem(place: usize, refusal: Refusal) -> StockChangeResult {
    let ApiError(problem) = match refusal {
        Refusal::Field { field, why } => {
            ask::refused(Refusal::Fields { fields: vec![fault(pointer(place, field), why)] }.into())
        }
        Refusal::Version { newest, .. } => {
            let detail = format!("{newest} units are there by now; look at them and send the change again");
            ApiError::new(ProblemCode::VersionConflict, &detail)
        }
        other => ask::refused(other.into()),
    };
    let (outcome, problem) = (StockOutcome::Refused, Some(*problem));
    StockChangeResult { outcome, difference: None, quantity: None, available: None, problem }
}

/// Which lot.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LotAsked {
    /// Code of the product.
    #[param(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    sku: String,
    /// The lot.
    #[param(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    lot: String,
}

/// Units of a lot in one place.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LotPlace {
    /// Code of the place.
    location: String,
    /// Day of expiry.
    #[schema(format = Date)]
    expiry: Option<String>,
    condition: Condition,
    quantity: i64,
}

/// Units of a lot in one parcel.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LotParcel {
    /// Number of the order.
    order: String,
    /// Number of the parcel within its part of the order.
    parcel: i64,
    sscc: Option<String>,
    tracking: Option<String>,
    packed_at: Option<Time>,
    quantity: i64,
    customer_number: Option<String>,
    /// Null for keys without `person.view`.
    customer_name: Option<String>,
}

/// Where a lot is and where it went.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Lot {
    /// Code of the product.
    sku: String,
    lot: String,
    held: bool,
    /// Why it is held.
    reason: Option<String>,
    /// Units that came in under this lot.
    received: i64,
    places: Vec<LotPlace>,
    /// The newest first, at most 500.
    parcels: Vec<LotParcel>,
    /// There are more parcels than these.
    more: bool,
}

fn lot(trace: LotTrace) -> Res<Lot> {
    let place = |place: lots::LotPlace| {
        Ok(LotPlace {
            condition: word(&place.condition, "condition of stock")?,
            location: place.location,
            expiry: filled(place.expiry),
            quantity: place.quantity,
        })
    };
    let parcel = |parcel: lots::LotParcel| {
        Ok(LotParcel {
            packed_at: maybe_time(parcel.packed_ms)?,
            order: parcel.order,
            parcel: parcel.parcel,
            sscc: parcel.sscc,
            tracking: parcel.tracking,
            quantity: parcel.quantity,
            customer_number: parcel.customer,
            customer_name: filled(parcel.name),
        })
    };
    Ok(Lot {
        held: trace.held.is_some(),
        reason: trace.held,
        places: trace.places.into_iter().map(place).collect::<Res<_>>()?,
        parcels: trace.parcels.into_iter().map(parcel).collect::<Res<_>>()?,
        sku: trace.product.0,
        lot: trace.lot,
        received: trace.received,
        more: trace.more,
    })
}

/// Tells where a lot is and where it went.
#[utoipa::path(get, path = "/api/v1/stock/lots", tag = "stock", operation_id = "trace_lot", params(LotAsked),
    responses(
        (status = 200, description = "Its places and parcels.", body = Lot),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["stock.view", "order.view"])))]
pub(super) async fn trace(State(app): State<App>, caller: Caller, Asked(asked): Asked<LotAsked>) -> Out {
    caller.need(Permission::StockView)?;
    caller.need(Permission::OrderView)?;
    let (site, personal) = (app.store.site(), caller.may(Permission::PersonView));
    let sku = ask::text("sku", Some(asked.sku))?.unwrap_or_default();
    let lot_name = ask::text("lot", Some(asked.lot))?.unwrap_or_default();
    let trace = app.store.read(move |tx| lots::went(tx, site, &sku, &lot_name, personal)).await?;
    answer::page(&lot(trace)?)
}

/// A lot to be held or let go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "sku": "22728", "lot": "L1", "held": true, "reason": "Recall by the maker" }))]
pub(super) struct LotHold {
    /// Code of the product.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    sku: String,
    #[schema(min_length = 1, max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    lot: String,
    held: bool,
    /// Why; must be there where it is held.
    #[schema(max_length = 300, pattern = "^[^\\x00]*$")]
    reason: Option<String>,
}

/// The answer to a hold.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LotHeld {
    /// Code of the product.
    sku: String,
    lot: String,
    held: bool,
}

/// Holds a lot, or lets it go.
///
/// A held lot is promised to no order, and stations are told at once. A lot can be held before it comes.
#[utoipa::path(post, path = "/api/v1/stock/lots", tag = "stock", operation_id = "hold_lot",
    params(super::document::Idempotency),
    request_body = LotHold,
    responses(
        (status = 200, description = "It is so now.", body = LotHeld,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::SentTo,
    ), security(("key" = ["stock.adjust"])))]
pub(super) async fn hold(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::StockAdjust)?;
    let (sent, body): (LotHold, Bytes) = ask::json(&headers, body)?;
    let mut faults = Vec::new();
    if !(1..=100).contains(&sent.sku.chars().count()) || sent.sku.contains(char::is_control) {
        faults.push(fault("/sku", "must have 1 to 100 characters"));
    }
    if !(1..=service::MARK_MAX).contains(&sent.lot.chars().count()) || sent.lot.contains(char::is_control) {
        faults.push(fault("/lot", "must have 1 to 60 characters"));
    }
    let reason = sent.reason.clone().unwrap_or_default();
    if reason.chars().count() > lots::HOLD_REASON_MAX
        || reason.contains('\0')
        || (sent.held && reason.trim().is_empty())
    {
        faults.push(fault("/reason", "must say why in 1 to 300 characters where it is held"));
    }
    if !faults.is_empty() {
        return Err(CentralError::from(Refusal::Fields { fields: faults }).into());
    }
    once(&app, &caller, &headers, "POST /api/v1/stock/lots", &body, move |work| {
        lots::hold(work, &sent.sku, &sent.lot, sent.held.then_some(reason.as_str()))?;
        keep(200, &LotHeld { sku: sent.sku.clone(), lot: sent.lot.clone(), held: sent.held })
    })
    .await
}

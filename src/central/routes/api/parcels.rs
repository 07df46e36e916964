//! `POST /api/v1/parcels/tracking` and `POST /api/v1/orders/{number}/delivered`: what carriers' programs tell of parcels.

use super::act::{found, keep};
use super::answer::{Out, filled, word};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::once;
use super::orders::FulfillmentStatus;
use super::sent::fault;
use crate::central::error::{CentralError, FieldFault, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::handover::{self as service, Blocked, Delivery, TRACKING_MAX, Tracking, URL_MAX};
use crate::central::services::idempotency::Kept;
use crate::central::store::work::Work;
use crate::vals;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most parcels of one request.
const PARCELS_MAX: usize = 500;

/// Why a parcel does not leave, or is not known.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum BlockedReason {
    /// Nothing has this number.
    Unknown,
    /// The order has several parcels: name each by its own number.
    SeveralParcels,
    NotPacked,
    /// Its order was called off; it must be unpacked.
    Cancelled,
    /// It left already.
    HandedOver,
    OnOtherManifest,
    OtherCarrier,
    /// The office holds the order, or a flag of it is not cleared.
    OrderOnHold,
    /// A lot in it is held.
    LotOnHold,
}

impl BlockedReason {
    pub fn of(why: &Blocked) -> BlockedReason {
        match why {
            Blocked::Unknown => BlockedReason::Unknown,
            Blocked::Several => BlockedReason::SeveralParcels,
            Blocked::NotPacked => BlockedReason::NotPacked,
            Blocked::Cancelled => BlockedReason::Cancelled,
            Blocked::HandedOver { .. } => BlockedReason::HandedOver,
            Blocked::OnOther { .. } => BlockedReason::OnOtherManifest,
            Blocked::OtherCarrier { .. } => BlockedReason::OtherCarrier,
            Blocked::OrderHeld => BlockedReason::OrderOnHold,
            Blocked::LotHeld { .. } => BlockedReason::LotOnHold,
        }
    }
}

/// A fault of what should name a parcel.
pub(super) fn code_fault(pointer: &str, code: &str) -> Option<FieldFault> {
    let fits = (1..=100).contains(&code.chars().count()) && !code.contains(char::is_control);
    (!fits).then(|| fault(pointer.to_owned(), "must have 1 to 100 characters"))
}

/// Could a carrier call a parcel so?
pub(super) fn is_number(text: &str) -> bool {
    text.chars().count() <= TRACKING_MAX && !text.contains(char::is_control)
}

/// A refusal with its place in the body, where it has one.
pub(super) fn told(error: CentralError) -> CentralError {
    match error {
        CentralError::Refused(Refusal::Field { field, why }) => {
            let name = field.split_once('.').map_or(field, |(_, name)| name).replace('-', "_");
            Refusal::Fields { fields: vec![fault(format!("/{name}"), why)] }.into()
        }
        other => other,
    }
}

/// What a carrier calls a parcel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrackingSent {
    /// Its SSCC, the carrier's number it has now, or the number of an order of one parcel.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    parcel: String,
    /// The carrier's number; empty takes it away; absent leaves it as it is.
    #[schema(max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    tracking: Option<String>,
    /// The carrier's own address of this parcel, HTTPS; empty takes it away; absent leaves it as it is.
    #[schema(max_length = 400, pattern = "^(https://[^\\s\\x00-\\x1f\\x7f-\\x9f]+)?$")]
    tracking_url: Option<String>,
}

/// What carriers call parcels.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "parcels": [{ "parcel": "395212340000000014", "tracking": "1Z999AA10123456784" }] }))]
pub(super) struct TrackingItems {
    #[schema(min_items = 1, max_items = 500)]
    parcels: Vec<TrackingSent>,
}

/// What became of one parcel.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrackingResult {
    /// As it was sent.
    parcel: String,
    /// It is so now.
    done: bool,
    /// Number of its order, if it is known.
    order: Option<String>,
    /// Why it was refused.
    reason: Option<BlockedReason>,
}

/// The answer to numbers of carriers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrackingDone {
    /// One for each parcel, in the order they were sent.
    results: Vec<TrackingResult>,
    /// How many of them were refused.
    refused: u32,
}

/// Sets what carriers call parcels, and where they show them.
///
/// Each parcel has its own result; one that is not known leaves the others as they are.
#[utoipa::path(post, path = "/api/v1/parcels/tracking", tag = "manifests", operation_id = "set_tracking",
    params(super::document::Idempotency),
    request_body = TrackingItems,
    responses(
        (status = 200, description = "What became of each.", body = TrackingDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Sent,
    ), security(("key" = ["parcel.handover"])))]
pub(super) async fn track(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ParcelHandover)?;
    let (sent, body): (TrackingItems, Bytes) = ask::json(&headers, body)?;
    once(&app, &caller, &headers, "POST /api/v1/parcels/tracking", &body, move |work| each(work, &sent)).await
}

fn each(work: &mut Work<'_>, sent: &TrackingItems) -> Res<Kept> {
    let mut faults = Vec::new();
    if !(1..=PARCELS_MAX).contains(&sent.parcels.len()) {
        faults.push(fault("/parcels", "must be 1 to 500"));
    }
    for (place, item) in sent.parcels.iter().take(PARCELS_MAX).enumerate() {
        faults.extend(code_fault(&format!("/parcels/{place}/parcel"), &item.parcel));
        if item.tracking.as_deref().is_some_and(|text| !is_number(text)) {
            faults.push(fault(format!("/parcels/{place}/tracking"), "must have at most 60 characters"));
        }
        if item.tracking_url.as_deref().is_some_and(|url| url.len() > URL_MAX || url.contains(char::is_control)) {
            faults.push(fault(format!("/parcels/{place}/tracking_url"), "must have at most 400 characters"));
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    let (mut results, mut refused) = (Vec::with_capacity(sent.parcels.len()), 0);
    for (place, item) in sent.parcels.iter().enumerate() {
        let wish = Tracking { number: item.tracking.clone(), url: item.tracking_url.clone() };
        let set = service::track(work, &item.parcel, &wish).map_err(|error| placed(error, place))?;
        let (done, order, reason) = match set {
            Ok(parcel) => (true, filled(parcel.order), None),
            Err(why) => (false, None, Some(BlockedReason::of(&why))),
        };
        refused += u32::from(!done);
        results.push(TrackingResult { parcel: item.parcel.clone(), done, order, reason });
    }
    keep(200, &TrackingDone { results, refused })
}

/// A refused field by its place in the body.
fn placed(error: CentralError, place: usize) -> CentralError {
    match told(error) {
        CentralError::Refused(Refusal::Fields { mut fields }) => {
            for field in &mut fields {
                field.pointer = format!("/parcels/{place}{}", field.pointer);
            }
            Refusal::Fields { fields }.into()
        }
        other => other,
    }
}

/// That an order arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "at": "2011-03-13T07:06:40Z", "note": "signed by the neighbour" }))]
pub(super) struct DeliveryTold {
    /// When; now where it is absent.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// Who says so: a signature, a driver, the customer.
    #[schema(max_length = 200, pattern = "^[^\\x00]*$")]
    note: Option<String>,
}

/// The answer to a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderDelivered {
    /// The order's number.
    number: String,
    fulfillment_status: FulfillmentStatus,
    /// The order's version now.
    version: i64,
}

/// Tells that what left of an order arrived.
///
/// Possible once a parcel of it was handed to the carrier. Parcels that leave later are told again.
#[utoipa::path(post, path = "/api/v1/orders/{number}/delivered", tag = "orders", operation_id = "deliver_order",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::Idempotency,
    ),
    request_body = DeliveryTold,
    responses(
        (status = 200, description = "It is told.", body = OrderDelivered,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::SentTo,
    ), security(("key" = ["parcel.handover"])))]
pub(super) async fn delivered(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ParcelHandover)?;
    let (sent, body): (DeliveryTold, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/orders/{number}/delivered");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let (id, _) = found(work, &number, None)?;
        let at_ms = match sent.at.as_deref().map(str::parse::<jiff::Timestamp>) {
            None => work.now_ms(),
            Some(Ok(at)) => at.as_millisecond(),
            Some(Err(_)) => {
                let why = "must be a time such as 2026-05-04T10:00:00Z";
                return Err(Refusal::Fields { fields: vec![fault("/at", why)] }.into());
            }
        };
        let delivery = Delivery { at_ms, note: sent.note.clone().unwrap_or_default() };
        service::delivered(work, &id, &delivery).map_err(at_its_place)?;
        let row = work.one("SELECT fulfillment_status, version FROM orders WHERE id = $1", vals![&id])?;
        let row = row.ok_or(Refusal::Missing { entity: "order" })?;
        let fulfillment_status = word(&row.at::<String>(0)?, "fulfillment status")?;
        keep(200, &OrderDelivered { number: number.clone(), fulfillment_status, version: row.at(1)? })
    })
    .await
}

/// The service knows one field for both what is told and when.
fn at_its_place(error: CentralError) -> CentralError {
    match error {
        CentralError::Refused(Refusal::Field { why, .. }) => {
            let place = if why.contains("characters") { "/note" } else { "/at" };
            Refusal::Fields { fields: vec![fault(place, why)] }.into()
        }
        other => other,
    }
}

//! `/api/v1/manifests`: parcels handed to carriers. A manifest is opened, parcels are put on it, and closing it says that they have left.

use super::act::keep;
use super::answer::{self, Out, Time, filled, maybe_time, time};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::{kept, once, response};
use super::parcels::{self, BlockedReason};
use super::sent::fault;
use crate::central::error::{CentralError, FieldFault, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::handover::read::{self, Listed};
use crate::central::services::handover::{self as service, Close, DRIVER_MAX, ParcelRow, Scan, State as Stored};
use crate::central::services::idempotency::Kept;
use crate::central::store::work::Work;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Most parcels of one request.
const PARCELS_MAX: usize = 500;

/// How far a manifest is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ManifestState {
    /// Parcels are put on it.
    Open,
    /// Its parcels have left.
    Closed,
}

impl ManifestState {
    const fn stored(self) -> Stored {
        match self {
            ManifestState::Open => Stored::Open,
            ManifestState::Closed => Stored::Closed,
        }
    }

    const fn of(state: Stored) -> ManifestState {
        match state {
            Stored::Open => ManifestState::Open,
            Stored::Closed => ManifestState::Closed,
        }
    }
}

/// A parcel on a manifest.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManifestParcel {
    /// Number of its order.
    order: String,
    /// Part of the order it belongs to.
    part: i64,
    /// Number within the part.
    no: i64,
    sscc: Option<String>,
    /// The carrier's number.
    tracking: Option<String>,
    weight_g: Option<i64>,
    /// Units in it.
    quantity: i64,
    /// When it was put on the manifest.
    added_at: Option<Time>,
}

/// A manifest in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManifestHead {
    /// Its number: its name in this API, and in the barcode of its paper.
    number: String,
    /// Code of the carrier.
    carrier: String,
    state: ManifestState,
    /// Parcels on it.
    parcel_count: i64,
    opened_at: Time,
    closed_at: Option<Time>,
}

/// A manifest.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Manifest {
    /// Its number: its name in this API, and in the barcode of its paper.
    number: String,
    /// Code of the carrier.
    carrier: String,
    state: ManifestState,
    /// In the order they were put on it.
    parcels: Vec<ManifestParcel>,
    /// The pick-up that was next when it was opened.
    pickup_at: Option<Time>,
    opened_at: Time,
    closed_at: Option<Time>,
    /// Name of the driver; null for keys without `person.view`.
    driver: Option<String>,
    /// Grows with every change; the first part of the ETag.
    version: i64,
}

/// A page of manifests.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManifestList {
    items: Vec<ManifestHead>,
    /// Cursor of the next page; null on the last.
    next: Option<String>,
}

fn head(row: Listed) -> Res<ManifestHead> {
    Ok(ManifestHead {
        state: ManifestState::of(row.state),
        opened_at: time(row.opened_ms)?,
        closed_at: maybe_time(row.closed_ms)?,
        number: row.number,
        carrier: row.carrier.0,
        parcel_count: row.parcels,
    })
}

fn parcel(row: ParcelRow) -> Res<ManifestParcel> {
    Ok(ManifestParcel {
        added_at: maybe_time(row.scanned_ms)?,
        order: row.order,
        part: row.part,
        no: row.no,
        sscc: filled(row.sscc),
        tracking: filled(row.tracking),
        weight_g: row.weight_g,
        quantity: row.units,
    })
}

fn whole(manifest: read::Manifest, personal: bool) -> Res<Manifest> {
    let row = head(manifest.head)?;
    Ok(Manifest {
        parcels: manifest.parcels.into_iter().map(parcel).collect::<Res<_>>()?,
        pickup_at: maybe_time(manifest.pickup_ms)?,
        driver: filled(manifest.driver).filter(|_| personal),
        number: row.number,
        carrier: row.carrier,
        state: row.state,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        version: manifest.version,
    })
}

/// Which manifests, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ManifestsAsked {
    /// Where the page begins: `next` of the page before, with the same other parameters.
    #[param(nullable = false, min_length = 1, max_length = 4096)]
    cursor: Option<String>,
    /// Most manifests of the page; 50 where it is absent.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only those in this state.
    #[param(nullable = false, inline)]
    state: Option<ManifestState>,
    /// Only those of the carrier with this code.
    #[param(nullable = false, min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    carrier: Option<String>,
}

/// Lists manifests.
#[utoipa::path(get, path = "/api/v1/manifests", tag = "manifests", operation_id = "list_manifests", params(ManifestsAsked),
    responses(
        (status = 200, description = "A page of manifests, the newest first.", body = ManifestList),
        (status = 422, response = super::document::Invalid),
    ), security(("key" = ["parcel.handover"])))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(asked): Asked<ManifestsAsked>) -> Out {
    caller.need(Permission::ParcelHandover)?;
    let only = asked.state.map(ManifestState::stored);
    let carrier = ask::text("carrier", asked.carrier)?.unwrap_or_default();
    let (site, rows, cursor) = (app.store.site(), ask::rows(asked.limit)?, asked.cursor);
    let page = app.store.read(move |tx| read::page(tx, site, (only, &carrier), cursor.as_deref(), rows)).await;
    let (rows, next) = page.map_err(ask::refused)?;
    answer::page(&ManifestList { items: rows.into_iter().map(head).collect::<Res<_>>()?, next })
}

/// Reads one manifest.
#[utoipa::path(get, path = "/api/v1/manifests/{number}", tag = "manifests", operation_id = "get_manifest",
    params(
        ("number" = String, Path, description = "The manifest's number.", example = "H000001"),
        ("If-None-Match" = Option<String>, Header, nullable = false, description = "ETags that are known already."),
    ),
    responses(
        (status = 200, description = "The manifest.", body = Manifest,
            headers(("ETag" = String, description = "Its version and content."))),
        (status = 304, description = "It is as the ETag says."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["parcel.handover"])))]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::ParcelHandover)?;
    let site = app.store.site();
    let manifest = app.store.read(move |tx| read::one(tx, site, &number)).await?;
    let (version, personal) = (manifest.version, caller.may(Permission::PersonView));
    answer::entity(&headers, version, &whole(manifest, personal)?)
}

/// A manifest to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "carrier": "house" }))]
pub(super) struct NewManifest {
    /// Code of the carrier.
    #[schema(min_length = 1, max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    carrier: String,
}

/// The answer to an opened manifest.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManifestOpened {
    number: String,
    /// Code of the carrier.
    carrier: String,
    /// It was made just now; else the carrier had an open one.
    new: bool,
}

fn refuse_all(faults: Vec<FieldFault>) -> Res<()> {
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Fields { fields: faults }.into()) }
}

/// Opens a manifest.
///
/// A carrier has one open manifest at a time: where it has one, that is the answer.
#[utoipa::path(post, path = "/api/v1/manifests", tag = "manifests", operation_id = "open_manifest",
    params(super::document::Idempotency),
    request_body = NewManifest,
    responses(
        (status = 201, description = "It is open.", body = ManifestOpened, headers(
            ("Location" = String, description = "Address of the manifest."),
            ("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."),
        )),
        super::document::Sent,
    ), security(("key" = ["parcel.handover"])))]
pub(super) async fn open(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ParcelHandover)?;
    let (sent, body): (NewManifest, Bytes) = ask::json(&headers, body)?;
    let (kept, replayed) = kept(&app, &caller, &headers, "POST /api/v1/manifests", &body, move |work| {
        if !(1..=60).contains(&sent.carrier.chars().count()) || sent.carrier.contains(char::is_control) {
            refuse_all(vec![fault("/carrier", "must be the code of a carrier")])?;
        }
        let opened = service::open(work, &sent.carrier).map_err(parcels::told)?;
        keep(201, &ManifestOpened { number: opened.number, carrier: sent.carrier.clone(), new: opened.new })
    })
    .await?;
    let made: serde_json::Value = serde_json::from_str(&kept.body).unwrap_or_default();
    let address = format!("/api/v1/manifests/{}", made["number"].as_str().unwrap_or_default());
    let mut response = response(kept, replayed);
    if let Ok(value) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

/// A parcel to be put on a manifest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestItem {
    /// Its SSCC, the carrier's number, or the number of an order of one parcel.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    parcel: String,
    /// The carrier's number, where the parcel has none yet.
    #[schema(min_length = 1, max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    tracking: Option<String>,
}

/// Parcels to be put on a manifest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "parcels": [{ "parcel": "395212340000000014" }, { "parcel": "536365" }] }))]
pub(super) struct ManifestItems {
    #[schema(min_items = 1, max_items = 500)]
    parcels: Vec<ManifestItem>,
}

/// What became of a parcel.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ManifestOutcome {
    Added,
    /// It was on it before; nothing changed.
    AlreadyThere,
    /// It does not leave; `reason` says why.
    Refused,
}

/// What became of one parcel.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManifestItemResult {
    /// As it was sent.
    parcel: String,
    outcome: ManifestOutcome,
    /// Number of its order, if it is known.
    order: Option<String>,
    /// Why it was refused.
    reason: Option<BlockedReason>,
    /// What the reason names: a manifest, a carrier, a product with its lot.
    detail: Option<String>,
}

/// The answer to parcels that were put on a manifest.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManifestItemsDone {
    /// One for each parcel, in the order they were sent.
    results: Vec<ManifestItemResult>,
    /// How many of them were refused.
    refused: u32,
}

/// Puts parcels on a manifest.
///
/// Each parcel has its own result; one that is refused leaves the others as they are. All are put on it in one moment.
#[utoipa::path(post, path = "/api/v1/manifests/{number}/parcels", tag = "manifests", operation_id = "add_to_manifest",
    params(
        ("number" = String, Path, description = "The manifest's number.", example = "H000001"),
        super::document::Idempotency,
    ),
    request_body = ManifestItems,
    responses(
        (status = 200, description = "What became of each.", body = ManifestItemsDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::SentTo,
    ), security(("key" = ["parcel.handover"])))]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ParcelHandover)?;
    let (sent, body): (ManifestItems, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/manifests/{number}/parcels");
    once(&app, &caller, &headers, &what, &body, move |work| each(work, &number, &sent)).await
}

fn each(work: &mut Work<'_>, number: &str, sent: &ManifestItems) -> Res<Kept> {
    let mut faults = count(sent.parcels.len());
    for (place, item) in sent.parcels.iter().take(PARCELS_MAX).enumerate() {
        faults.extend(parcels::code_fault(&format!("/parcels/{place}/parcel"), &item.parcel));
        if item.tracking.as_deref().is_some_and(|text| text.is_empty() || !parcels::is_number(text)) {
            faults.push(fault(format!("/parcels/{place}/tracking"), "must have 1 to 60 characters"));
        }
    }
    refuse_all(faults)?;
    let (mut results, mut refused) = (Vec::with_capacity(sent.parcels.len()), 0);
    for item in &sent.parcels {
        let scan = service::scan(work, number, &item.parcel, item.tracking.as_deref().unwrap_or_default());
        let (outcome, order, why) = match scan.map_err(parcels::told)? {
            Scan::Taken(taken) => (ManifestOutcome::Added, Some(taken.parcel.order), None),
            Scan::Already(taken) => (ManifestOutcome::AlreadyThere, Some(taken.parcel.order), None),
            Scan::Refused(why, parcel) => (ManifestOutcome::Refused, parcel.map(|parcel| parcel.order), Some(why)),
        };
        refused += u32::from(why.is_some());
        results.push(ManifestItemResult {
            parcel: item.parcel.clone(),
            outcome,
            order,
            reason: why.as_ref().map(BlockedReason::of),
            detail: why.map(|why| why.detail()).and_then(filled),
        });
    }
    keep(200, &ManifestItemsDone { results, refused })
}

fn count(parcels: usize) -> Vec<FieldFault> {
    let fits = (1..=PARCELS_MAX).contains(&parcels);
    if fits { Vec::new() } else { vec![fault("/parcels", "must be 1 to 500")] }
}

/// Parcels to be taken off a manifest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "parcels": ["395212340000000014"] }))]
pub(super) struct ManifestRemovals {
    /// SSCCs, numbers of the carrier, or numbers of orders of one parcel.
    #[schema(min_items = 1, max_items = 500)]
    parcels: Vec<String>,
}

/// The answer to parcels that were taken off a manifest.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManifestRemoved {
    number: String,
    /// Parcels that were taken off; those that were not on it are left out.
    removed: Vec<String>,
}

/// Takes parcels off a manifest.
///
/// Possible while it is open. A parcel that is not on it is as wished already.
#[utoipa::path(post, path = "/api/v1/manifests/{number}/remove", tag = "manifests", operation_id = "remove_from_manifest",
    params(
        ("number" = String, Path, description = "The manifest's number.", example = "H000001"),
        super::document::Idempotency,
    ),
    request_body = ManifestRemovals,
    responses(
        (status = 200, description = "They are off it.", body = ManifestRemoved,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::SentTo,
    ), security(("key" = ["parcel.handover"])))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ParcelHandover)?;
    let (sent, body): (ManifestRemovals, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/manifests/{number}/remove");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let mut faults = count(sent.parcels.len());
        for (place, code) in sent.parcels.iter().take(PARCELS_MAX).enumerate() {
            faults.extend(parcels::code_fault(&format!("/parcels/{place}"), code));
        }
        refuse_all(faults)?;
        let mut removed = Vec::new();
        for code in &sent.parcels {
            match service::off(work, &number, code) {
                Ok(_) => removed.push(code.clone()),
                Err(CentralError::Refused(Refusal::Missing { entity: "parcel" })) => {}
                Err(error) => return Err(error),
            }
        }
        keep(200, &ManifestRemoved { number: number.clone(), removed })
    })
    .await
}

/// The end of a manifest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "driver": "J. Smith" }))]
pub(super) struct CloseManifest {
    /// Name of the driver.
    #[schema(max_length = 80, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    driver: Option<String>,
}

/// The answer to a closed manifest.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManifestClosed {
    number: String,
    state: ManifestState,
    /// Parcels that left with it.
    parcel_count: i64,
    /// Orders of which parcels left.
    order_count: i64,
}

/// Closes a manifest.
///
/// Its parcels have left: lines count them as shipped, customers and webhooks are told. It can be taken back on the same day
/// (`/reopen`). Where a parcel may not leave any more, nothing is done and the answer (`wrong_state`) names it: take it off first.
#[utoipa::path(post, path = "/api/v1/manifests/{number}/close", tag = "manifests", operation_id = "close_manifest",
    params(
        ("number" = String, Path, description = "The manifest's number.", example = "H000001"),
        super::document::Idempotency,
    ),
    request_body = CloseManifest,
    responses(
        (status = 200, description = "It is closed.", body = ManifestClosed,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::SentTo,
    ), security(("key" = ["parcel.handover"])))]
pub(super) async fn close(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ParcelHandover)?;
    let (sent, body): (CloseManifest, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/manifests/{number}/close");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let driver = sent.driver.clone().unwrap_or_default();
        if driver.chars().count() > DRIVER_MAX || driver.contains(char::is_control) {
            refuse_all(vec![fault("/driver", "must have at most 80 characters")])?;
        }
        match service::close(work, &number, &driver)? {
            Close::Done(closed) => keep(
                200,
                &ManifestClosed {
                    number: closed.number,
                    state: ManifestState::Closed,
                    parcel_count: closed.parcels,
                    order_count: closed.orders,
                },
            ),
            Close::Stopped(stopped) => {
                let named =
                    |(parcel, why): &(ParcelRow, service::Blocked)| format!("{} ({})", parcel.name(), why.word());
                let named: Vec<String> = stopped.iter().take(10).map(named).collect();
                let state = format!("stopped by parcels that may not leave: {}", named.join(", "));
                Err(Refusal::State { entity: "manifest", state }.into())
            }
        }
    })
    .await
}

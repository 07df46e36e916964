//! `/api/v1/places`: the places of the warehouse, added, changed and taken away by programs under the rules that hold for those that a lead
//! types.

use super::act::keep;
use super::answer::{self, Out, filled};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::{kept, once, response};
use super::sent::fault;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::products::place::{self as service, FiledPlace, PlaceKind as Stored, PlaceSheet};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A field that may be absent, null, or there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// What a place is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PlaceKind {
    /// A shelf that orders are served from.
    Bin,
    /// Where the parts of a split order meet.
    Consolidation,
    /// A container that moves.
    Tote,
    /// A cell of a put wall.
    PutWallSlot,
    /// Where things are set aside.
    Dock,
}

impl PlaceKind {
    const fn stored(self) -> Stored {
        match self {
            PlaceKind::Bin => Stored::Bin,
            PlaceKind::Consolidation => Stored::Consolidation,
            PlaceKind::Tote => Stored::Tote,
            PlaceKind::PutWallSlot => Stored::PutWallSlot,
            PlaceKind::Dock => Stored::Dock,
        }
    }

    const fn of(kind: Stored) -> PlaceKind {
        match kind {
            Stored::Bin => PlaceKind::Bin,
            Stored::Consolidation => PlaceKind::Consolidation,
            Stored::Tote => PlaceKind::Tote,
            Stored::PutWallSlot => PlaceKind::PutWallSlot,
            Stored::Dock => PlaceKind::Dock,
        }
    }
}

/// The side of its aisle.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PlaceSide {
    Left,
    Right,
}

/// A place of the warehouse.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Place {
    /// Code on its sign and barcode.
    code: String,
    kind: PlaceKind,
    zone: Option<String>,
    /// Name of its aisle, as drawn.
    aisle: Option<String>,
    /// Bay from the front, from 1; null where it has none.
    bay: Option<u16>,
    /// Level from the floor, from 1; null where it has none.
    level: Option<u16>,
    side: PlaceSide,
    /// Where a picker stands for it: mm across the aisles, from the front left corner of the house.
    x_mm: i32,
    /// Where a picker stands for it: mm along the aisles, from the front left corner of the house.
    y_mm: i32,
    /// Its turn in the walk.
    walk_rank: u32,
    /// Grows with every change; the first part of the ETag.
    version: i64,
}

fn place(filed: FiledPlace) -> Place {
    let some = |number: u16| Some(number).filter(|number| *number > 0);
    let sheet = filed.sheet;
    Place {
        code: filed.code,
        kind: PlaceKind::of(sheet.kind),
        zone: filled(sheet.zone),
        aisle: filled(sheet.aisle),
        bay: some(sheet.bay),
        level: some(sheet.level),
        side: if sheet.right { PlaceSide::Right } else { PlaceSide::Left },
        x_mm: sheet.at_mm.0,
        y_mm: sheet.at_mm.1,
        walk_rank: sheet.walk_rank,
        version: filed.version,
    }
}

/// A page of places.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlaceList {
    items: Vec<Place>,
    /// Cursor of the next page; null on the last.
    next: Option<String>,
}

/// Which page of places.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlacesAsked {
    /// Where the page begins: `next` of the page before, with the same other parameters.
    #[param(nullable = false, min_length = 1, max_length = 4096)]
    cursor: Option<String>,
    /// Most places of the page; 50 where it is absent.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only those of this kind.
    #[param(nullable = false, inline)]
    kind: Option<PlaceKind>,
}

/// Lists places by code.
#[utoipa::path(get, path = "/api/v1/places", tag = "places", operation_id = "list_places", params(PlacesAsked),
    responses(
        (status = 200, description = "A page of places.", body = PlaceList),
        (status = 422, response = super::document::Invalid),
    ), security(("key" = ["stock.view"])))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(asked): Asked<PlacesAsked>) -> Out {
    caller.need(Permission::StockView)?;
    let kind = asked.kind.map(PlaceKind::stored);
    let (site, rows, cursor) = (app.store.site(), ask::rows(asked.limit)?, asked.cursor);
    let page = app.store.read(move |tx| service::page(tx, site, kind, cursor.as_deref(), rows)).await;
    let (rows, next) = page.map_err(ask::refused)?;
    answer::page(&PlaceList { items: rows.into_iter().map(place).collect(), next })
}

/// Reads one place.
#[utoipa::path(get, path = "/api/v1/places/{code}", tag = "places", operation_id = "get_place",
    params(
        ("code" = String, Path, description = "The place's code.", example = "A-01-1"),
        ("If-None-Match" = Option<String>, Header, nullable = false, description = "ETags that are known already."),
    ),
    responses(
        (status = 200, description = "The place.", body = Place,
            headers(("ETag" = String, description = "Its version and content."))),
        (status = 304, description = "It is as the ETag says."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["stock.view"])))]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Named(code): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::StockView)?;
    let site = app.store.site();
    let filed = app.store.read(move |tx| service::filed(tx, site, &code)).await?;
    answer::entity(&headers, filed.version, &place(filed))
}

/// What is known of a place. What is absent stays as it is; `null` says that it has none.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "zone": "cold", "walk_rank": 120 }))]
pub(super) struct PlaceFacts {
    #[schema(nullable = false, inline)]
    kind: Option<PlaceKind>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 40, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    zone: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 20, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    aisle: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 9_999)]
    bay: Option<Option<u16>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 99)]
    level: Option<Option<u16>>,
    #[schema(nullable = false, inline)]
    side: Option<PlaceSide>,
    #[schema(nullable = false, minimum = 0, maximum = 10_000_000)]
    x_mm: Option<i32>,
    #[schema(nullable = false, minimum = 0, maximum = 10_000_000)]
    y_mm: Option<i32>,
    #[schema(nullable = false, minimum = 0, maximum = 1_000_000_000)]
    walk_rank: Option<u32>,
}

impl PlaceFacts {
    /// Lays what was sent over a sheet.
    fn lay(&self, sheet: &mut PlaceSheet) {
        sheet.kind = self.kind.map_or(sheet.kind, PlaceKind::stored);
        if let Some(zone) = &self.zone {
            sheet.zone = zone.clone().unwrap_or_default();
        }
        if let Some(aisle) = &self.aisle {
            sheet.aisle = aisle.clone().unwrap_or_default();
        }
        // A bay 0 would be none: who sends it is told.
        let number = |number: Option<u16>| number.map_or(0, |number| if number == 0 { u16::MAX } else { number });
        sheet.bay = self.bay.map_or(sheet.bay, number);
        sheet.level = self.level.map_or(sheet.level, number);
        sheet.right = self.side.map_or(sheet.right, |side| matches!(side, PlaceSide::Right));
        sheet.at_mm = (self.x_mm.unwrap_or(sheet.at_mm.0), self.y_mm.unwrap_or(sheet.at_mm.1));
        sheet.walk_rank = self.walk_rank.unwrap_or(sheet.walk_rank);
    }
}

/// A refusal with its place in the body; `own` is where the facts are in it.
fn told(error: CentralError, own: &str) -> CentralError {
    let CentralError::Refused(Refusal::Field { field, why }) = error else { return error };
    let pointer = match field {
        "place.code" => "/code".to_owned(),
        "place.zone" => format!("{own}/zone"),
        "place.aisle" => format!("{own}/aisle"),
        "place.bay" => format!("{own}/bay"),
        "place.at" => format!("{own}/x_mm"),
        "place.rank" => format!("{own}/walk_rank"),
        _ => return Refusal::Field { field, why }.into(),
    };
    Refusal::Fields { fields: vec![fault(pointer, why)] }.into()
}

/// A place to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "C-07-2", "facts": { "aisle": "C", "bay": 7, "level": 2, "x_mm": 12000, "y_mm": 9000 } }))]
pub(super) struct NewPlace {
    /// Code on its sign and barcode.
    #[schema(min_length = 1, max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    code: String,
    facts: PlaceFacts,
}

/// The answer to a place that was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlaceSaved {
    code: String,
    /// Its version now.
    version: i64,
}

/// Adds a place.
///
/// One that was taken away comes back under its code. Benches are told.
#[utoipa::path(post, path = "/api/v1/places", tag = "places", operation_id = "create_place",
    params(super::document::Idempotency),
    request_body = NewPlace,
    responses(
        (status = 201, description = "It is added.", body = PlaceSaved, headers(
            ("Location" = String, description = "Address of the place."),
            ("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."),
        )),
        super::document::Sent,
    ), security(("key" = ["place.update"])))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::PlaceUpdate)?;
    let (sent, body): (NewPlace, Bytes) = ask::json(&headers, body)?;
    let address = format!("/api/v1/places/{}", super::products_made::address(&sent.code));
    let (kept, replayed) = kept(&app, &caller, &headers, "POST /api/v1/places", &body, move |work| {
        let mut sheet = PlaceSheet::default();
        sent.facts.lay(&mut sheet);
        service::add(work, &sent.code, &sheet).map_err(|error| told(error, "/facts"))?;
        let version = service::filed(work.tx, work.ctx.site, &sent.code)?.version;
        keep(201, &PlaceSaved { code: sent.code.clone(), version })
    })
    .await?;
    let mut response = response(kept, replayed);
    if let Ok(value) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

/// Changes a place.
///
/// What it is changes only while nothing lies in it. Benches are told.
#[utoipa::path(patch, path = "/api/v1/places/{code}", tag = "places", operation_id = "edit_place",
    params(
        ("code" = String, Path, description = "The place's code.", example = "A-01-1"),
        super::document::ThingSeen,
        super::document::Idempotency,
    ),
    request_body = PlaceFacts,
    responses(
        (status = 200, description = "It is changed, or was so already.", body = PlaceSaved,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["place.update"])))]
pub(super) async fn edit(
    State(app): State<App>,
    caller: Caller,
    Named(code): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::PlaceUpdate)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (PlaceFacts, Bytes) = ask::json(&headers, body)?;
    let what = format!("PATCH /api/v1/places/{code}");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let filed = service::filed(work.tx, work.ctx.site, &code)?;
        ask::as_seen(seen.as_deref(), filed.version)?;
        let mut sheet = filed.sheet.clone();
        sent.lay(&mut sheet);
        let version = service::save(work, &code, filed.version, &sheet).map_err(|error| told(error, ""))?;
        keep(200, &PlaceSaved { code: code.clone(), version })
    })
    .await
}

/// Takes a place away.
///
/// Possible once nothing lies in it and nothing waits to be counted there; its entries in the ledger stay. Benches are told.
#[utoipa::path(post, path = "/api/v1/places/{code}/remove", tag = "places", operation_id = "remove_place",
    params(
        ("code" = String, Path, description = "The place's code.", example = "A-01-1"),
        super::document::ThingSeen,
        super::document::Idempotency,
    ),
    responses(
        (status = 200, description = "It is gone.", body = PlaceSaved,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["place.update"])))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Named(code): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::PlaceUpdate)?;
    let seen = ask::seen(&headers)?;
    let what = format!("POST /api/v1/places/{code}/remove");
    once(&app, &caller, &headers, &what, &[], move |work| {
        let filed = service::filed(work.tx, work.ctx.site, &code)?;
        ask::as_seen(seen.as_deref(), filed.version)?;
        service::remove(work, &code, filed.version)?;
        keep(200, &PlaceSaved { code: code.clone(), version: filed.version + 1 })
    })
    .await
}

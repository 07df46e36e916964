//! `/api/v1/sync/…`: what a station gives and takes.

use super::App;
use super::auth::Station;
use super::problem::ApiError;
use crate::central::actor::Actor;
use crate::central::error::Refusal;
use crate::central::services::leases::{self, Exchanged, Taken};
use crate::central::services::stations::{self, number};
use crate::central::services::sync_pull::{self, Pulled};
use crate::central::services::sync_push::{self, Pushed};
use crate::central::store::sites;
use crate::protocol::wire::version::{Ask, admit};
use crate::protocol::wire::{
    Backlog, Cursor, EpochRequest, LeaseRequest, ProblemCode, PullRequest, PushRequest, StationId, TakeoverRequest,
};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

type Out = Result<Response, ApiError>;

/// A body as the type that an address takes.
pub(super) fn read<T: DeserializeOwned>(body: Result<Bytes, BytesRejection>) -> Result<T, ApiError> {
    let body = body.map_err(|_| ApiError::new(ProblemCode::TooLarge, "send less in one request"))?;
    // The whole body is checked to be UTF-8 at once; checking text by text takes longer.
    let text = std::str::from_utf8(&body).map_err(|error| {
        ApiError::new(ProblemCode::BadRequest, &format!("not UTF-8 at byte {}", error.valid_up_to()))
    })?;
    serde_json::from_str(text).map_err(|error| {
        ApiError::new(
            ProblemCode::BadRequest,
            &format!("not readable at line {}, column {}", error.line(), error.column()),
        )
    })
}

fn own(station: StationId, claimed: StationId) -> Result<(), ApiError> {
    if station == claimed {
        return Ok(());
    }
    Err(ApiError::new(ProblemCode::Forbidden, "the token belongs to another station"))
}

async fn pull_min(app: &App) -> Result<u32, ApiError> {
    let site = app.store.site();
    Ok(app.store.read(move |tx| Ok(sites::get(tx, site)?.protocol_pull_min)).await?)
}

/// `POST /api/v1/sync/push`
pub(super) async fn push(State(app): State<App>, station: Station, body: Result<Bytes, BytesRejection>) -> Out {
    let request: PushRequest = read(body)?;
    let id = station.0.id;
    match app.store.write(Actor::Station(id), move |work| sync_push::push(work, id, &request)).await? {
        Pushed::Answer(answer) => Ok(Json(answer).into_response()),
        Pushed::Refused(problem) => Err(problem.into()),
    }
}

/// `GET /api/v1/sync/pull?protocol=…&limit=…&cursor=…`
pub(super) async fn pull(State(app): State<App>, station: Station, RawQuery(query): RawQuery) -> Out {
    let request = pull_request(&query.unwrap_or_default())?;
    admit(request.protocol, pull_min(&app).await?, Ask::Pull)?;
    let (site, id, now) = (app.store.site(), station.0.id, app.store.now().0);
    let (backlog, settled) = (request.backlog, request.cursor.is_some());
    match app.store.read(move |tx| sync_pull::pull(tx, site, id, &request, now)).await? {
        Pulled::Page(page, reached) => {
            if !page.more {
                noted(&app, id, reached, backlog, settled).await?;
            }
            Ok(Json(page).into_response())
        }
        Pulled::Refused(code) => Err(ApiError::new(code, "pull from the start, without a cursor")),
    }
}

fn pull_request(query: &str) -> Result<PullRequest, ApiError> {
    let refused = |what: &str| ApiError::new(ProblemCode::BadRequest, what);
    let limit = crate::protocol::wire::pull::PULL_CHANGES_MAX;
    let mut request = PullRequest { cursor: None, limit, protocol: 0, backlog: None };
    let mut oldest_age_ms = 0;
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match name {
            "protocol" => request.protocol = value.parse().map_err(|_| refused("protocol must be a number"))?,
            "limit" => request.limit = value.parse().map_err(|_| refused("limit must be a number"))?,
            "waiting" => {
                let events = value.parse().map_err(|_| refused("waiting must be a number"))?;
                request.backlog = Some(Backlog { events, oldest_age_ms: 0 });
            }
            "waiting_ms" => oldest_age_ms = value.parse().map_err(|_| refused("waiting_ms must be a number"))?,
            "cursor" if !value.is_empty() => request.cursor = Some(Cursor(value.to_owned())),
            _ => {}
        }
    }
    request.backlog = request.backlog.map(|backlog| Backlog { oldest_age_ms, ..backlog });
    Ok(request)
}

/// Notes how far a station has come. Told only when it has caught up, so a pull costs no write while it catches up.
async fn noted(
    app: &App,
    station: StationId,
    reached: i64,
    backlog: Option<Backlog>,
    settled: bool,
) -> Result<(), ApiError> {
    let now = app.store.now().0;
    let written = app.store.db().write(move |tx| {
        stations::pulled(tx, station, now, reached, backlog)?;
        // One of an older version tells no backlog; its cursor has to be enough.
        if settled && backlog.is_none_or(|backlog| backlog.events == 0) { stations::heard(tx, station) } else { Ok(()) }
    });
    written.await.map_err(crate::central::error::CentralError::from)?;
    Ok(())
}

/// `POST /api/v1/sync/leases`
pub(super) async fn leases(State(app): State<App>, station: Station, body: Result<Bytes, BytesRejection>) -> Out {
    let request: LeaseRequest = read(body)?;
    own(station.0.id, request.station_id)?;
    let may_take = admit(request.protocol, pull_min(&app).await?, Ask::LeaseTake).is_ok();
    let actor = Actor::Station(station.0.id);
    match app.store.write(actor, move |work| leases::exchange(work, &request, may_take)).await? {
        Exchanged::Answer(answer) => Ok(Json(answer).into_response()),
        Exchanged::Refused(code) => Err(ApiError::new(code, "the lease exchange was refused")),
    }
}

/// `POST /api/v1/sync/epoch`
pub(super) async fn epoch(State(app): State<App>, station: Station, body: Result<Bytes, BytesRejection>) -> Out {
    let request: EpochRequest = read(body)?;
    own(station.0.id, request.station_id)?;
    let actor = Actor::Station(station.0.id);
    let grant = app.store.write(actor, move |work| stations::epoch(work, &request)).await?;
    Ok(Json(grant).into_response())
}

/// `POST /api/v1/fulfillments/{id}/takeover`: the lead is checked by the service, the fence by what they saw.
pub(super) async fn takeover(
    State(app): State<App>,
    station: Station,
    Path(id): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    let request: TakeoverRequest = read(body)?;
    if request.fulfillment.to_string() != id {
        return Err(ApiError::new(ProblemCode::BadRequest, "the body names another fulfillment than the address"));
    }
    tracing::debug!(epoch = number(station.0.epoch.0), "takeover asked");
    let actor = Actor::Station(station.0.id);
    match app.store.write(actor, move |work| leases::takeover(work, &request)).await? {
        Taken::Answer(answer) => Ok(Json(answer).into_response()),
        Taken::NotALead => Err(crate::central::error::CentralError::from(Refusal::Forbidden).into()),
    }
}

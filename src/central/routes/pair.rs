//! `POST /api/v1/pairing`: a machine shows a code and becomes a station. No token; tries are limited per address and
//! over all.

use super::App;
use super::auth::From;
use super::problem::ApiError;
use super::sync::read;
use crate::central::actor::Actor;
use crate::central::services::stations;
use crate::central::store::sites;
use crate::protocol::wire::PairingRequest;
use crate::protocol::wire::version::{Ask, admit};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::{IntoResponse, Response};
use std::time::Instant;

pub(super) async fn pair(
    State(app): State<App>,
    From(address): From,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    app.limits.pairing.take(&address, Instant::now()).map_err(ApiError::too_many)?;
    let request: PairingRequest = read(body)?;
    let site = app.store.site();
    let pull_min = app.store.read(move |tx| Ok(sites::get(tx, site)?.protocol_pull_min)).await?;
    admit(request.protocol, pull_min, Ask::Pair)?;
    let answer = app.store.write(Actor::Job("pairing"), move |work| stations::pair(work, &request)).await?;
    Ok(Json(answer).into_response())
}

//! `/api/v1/photos/{hash}`: files named by their content, sent in parts, as the wire's rules for photos say.

use super::App;
use super::auth::Station;
use super::problem::ApiError;
use crate::central::actor::Actor;
use crate::central::services::photos::{self as service, Part, Taken};
use crate::protocol::wire::{ContentHash, PhotoAnswer, PhotoState, Problem, ProblemCode};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

fn hash_of(text: &str) -> Result<ContentHash, ApiError> {
    text.parse().map_err(|_| ApiError::not_found("a photo is named by the 64 hexadecimal digits of its SHA-256"))
}

async fn known(app: &App, hash: ContentHash) -> Result<PhotoAnswer, ApiError> {
    Ok(app.store.read(move |tx| service::state(tx, &hash)).await?)
}

/// How many bytes are here, in headers.
pub(super) async fn head(
    State(app): State<App>,
    _station: Station,
    Path(hash): Path<String>,
) -> Result<Response, ApiError> {
    let answer = known(&app, hash_of(&hash)?).await?;
    let complete = match answer.state {
        PhotoState::Complete | PhotoState::Erased => "?1",
        PhotoState::Partial | PhotoState::Other => "?0",
    };
    let status = if answer.offset == 0 && complete == "?0" { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let mut response = status.into_response();
    response.headers_mut().insert("upload-offset", HeaderValue::from(answer.offset));
    response.headers_mut().insert("upload-complete", HeaderValue::from_static(complete));
    Ok(response)
}

/// The file, for a station that shows a parcel's history.
pub(super) async fn get(
    State(app): State<App>,
    _station: Station,
    Path(hash): Path<String>,
) -> Result<Response, ApiError> {
    file(&app, &hash).await
}

/// The file's bytes. Its name is its content, so it may be kept for ever by who may see it.
pub(crate) async fn file(app: &App, hash: &str) -> Result<Response, ApiError> {
    let hash = hash_of(hash)?;
    if known(app, hash).await?.state != PhotoState::Complete {
        return Err(ApiError::not_found("this photo is not here (yet)"));
    }
    let bytes = tokio::fs::read(service::path(&app.photos.folder, &hash)).await.map_err(|error| {
        tracing::error!(%error, "a photo's file is missing");
        ApiError::not_found("this photo's file is missing")
    })?;
    let kind = if bytes.starts_with(&[0x89, b'P', b'N', b'G']) { "image/png" } else { "image/jpeg" };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes).into_response())
}

/// One part.
pub(super) async fn put(
    State(app): State<App>,
    station: Station,
    Path(hash): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let hash = hash_of(&hash)?;
    let bytes = body.map_err(|_| ApiError::new(ProblemCode::TooLarge, "a part has at most 256 KiB"))?;
    let range = headers.get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok()).and_then(range);
    let (first, last, total) =
        range.ok_or_else(|| ApiError::new(ProblemCode::BadRequest, "send Content-Range: bytes FIRST-LAST/TOTAL"))?;
    if last.checked_sub(first).and_then(|n| n.checked_add(1)) != Some(bytes.len() as u64) {
        return Err(ApiError::new(ProblemCode::BadRequest, "Content-Range and the body differ in length"));
    }
    let part = Part { hash, first, total, bytes: bytes.to_vec().into() };
    let taken = service::put(&app.store, &app.photos, Actor::Station(station.0.id), part).await?;
    match taken {
        Taken::Answer(answer) => Ok(Json(answer).into_response()),
        Taken::Refused(code, offset) => {
            let mut response = ApiError(Box::new(Problem::new(code, format!("the next part starts at {offset}"))));
            response.0.instance = Some(format!("/api/v1/photos/{hash}"));
            let mut response = response.into_response();
            response.headers_mut().insert("upload-offset", HeaderValue::from(offset));
            Ok(response)
        }
    }
}

fn range(text: &str) -> Option<(u64, u64, u64)> {
    let (span, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = span.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}

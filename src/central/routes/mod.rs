//! The API of stations and programs. A route parses, calls one service, and renders; it holds no rule of its own.
//! Every answer bears `x-request-id`; every refusal is `application/problem+json`.

pub mod limits;
pub mod problem;

mod api;
pub(crate) mod auth;
mod events;
mod health;
mod pair;
pub(crate) mod photos;
mod sync;

pub(crate) use api::Running;

use crate::central::{Shared, console};
use crate::protocol::wire::ProblemCode;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use std::sync::Arc;
use tracing::Instrument as _;
use uuid::Uuid;

pub(crate) type App = Arc<Shared>;

/// Largest push: the batch's own limit and one event that goes alone.
const PUSH_BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Largest body of the other requests.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// Largest part of a photo and its head.
const PHOTO_BODY_BYTES_MAX: usize = 512 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// All routes.
pub(crate) fn router(app: App) -> Router {
    let push =
        Router::new().route("/api/v1/sync/push", post(sync::push)).layer(DefaultBodyLimit::max(PUSH_BODY_BYTES_MAX));
    let photos = Router::new()
        .route("/api/v1/photos/{hash}", get(photos::get).head(photos::head).put(photos::put))
        .layer(DefaultBodyLimit::max(PHOTO_BODY_BYTES_MAX));
    let others = Router::new()
        .route("/api/v1/sync/pull", get(sync::pull))
        .route("/api/v1/sync/leases", post(sync::leases))
        .route("/api/v1/sync/epoch", post(sync::epoch))
        .route("/api/v1/fulfillments/{id}/takeover", post(sync::takeover))
        .route("/api/v1/events", get(events::hints))
        .route("/api/v1/pairing", post(pair::pair))
        .route("/healthz", get(health::healthz))
        .merge(api::router(Arc::clone(&app)))
        .merge(console::router(Arc::clone(&app)))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    push.merge(photos)
        .merge(others)
        .fallback(console::nowhere)
        .method_not_allowed_fallback(console::other_method)
        .layer(from_fn(request_id))
        .layer(from_fn_with_state(Arc::clone(&app), refuse_when_closing))
        .with_state(app)
}

/// A path as it is logged: who reads the log must not be able to open a customer's page.
fn told(path: &str) -> &str {
    if path.starts_with("/track/") { "/track/…" } else { path }
}

/// Gives every request an id, or keeps the caller's, and names it in the log and in the answer.
async fn request_id(mut request: Request, next: Next) -> Response {
    let plain = |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok()).filter(plain);
    let id = given.map_or_else(|| Uuid::now_v7().to_string(), str::to_owned);
    let span = tracing::info_span!("request", id = %id, method = %request.method(), path = %told(request.uri().path()));
    let value = HeaderValue::from_str(&id).unwrap_or_else(|_| HeaderValue::from_static("none"));
    request.headers_mut().insert(REQUEST_ID, value.clone());
    let mut response = next.run(request).instrument(span).await;
    response.headers_mut().insert(REQUEST_ID, value);
    response
}

/// A server that is about to stop takes no new work over connections that stay open.
async fn refuse_when_closing(State(app): State<App>, request: Request, next: Next) -> Response {
    if *app.closing.borrow() {
        let detail = "the server is about to stop; try again in a moment";
        return problem::ApiError::new(ProblemCode::Unavailable, detail).into_response();
    }
    next.run(request).await
}

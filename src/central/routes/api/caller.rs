//! Who asks: a program with a key, how much it may ask, and what it may see and do.

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::routes::auth::From as Address;
use crate::central::routes::limits::{Left, Rate};
use crate::central::routes::problem::ApiError;
use crate::central::services::access::keys::{self, Holder};
use crate::central::services::access::{Permission, Permissions};
use crate::protocol::wire::ProblemCode;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::time::Instant;

/// Longest key that is looked at, bytes.
const KEY_BYTES_MAX: usize = 200;
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// A program that showed a key.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Id of the key.
    pub key: String,
    scopes: Permissions,
}

impl Caller {
    /// May it?
    pub fn may(&self, permission: Permission) -> bool {
        self.scopes.has(permission)
    }

    /// What it may, all of it.
    pub fn scopes(&self) -> Permissions {
        self.scopes
    }

    /// Refuses one that may not.
    pub fn need(&self, permission: Permission) -> Result<(), ApiError> {
        if self.may(permission) {
            return Ok(());
        }
        let detail = format!("this key has no scope {}; make one that has", permission.name());
        Err(ApiError::new(ProblemCode::Forbidden, &detail))
    }

    /// As the one who makes a change.
    pub fn actor(&self) -> Actor {
        Actor::Key(self.key.clone())
    }
}

fn refused() -> ApiError {
    ApiError::new(ProblemCode::KeyRefused, "send Authorization: Bearer pbk_… with a key that holds")
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Caller, ApiError> {
        // Put there by the guard in front of every route of programs.
        parts.extensions.get::<Caller>().cloned().ok_or_else(refused)
    }
}

/// Stands before every route of programs: counts the request by its address, asks for the key, counts by the key.
pub(super) async fn guard(
    State(app): State<App>,
    Address(address): Address,
    mut request: Request,
    next: Next,
) -> Response {
    let by_address = app.limits.api_address.take(&address, Instant::now());
    if let Err(wait_ms) = by_address {
        return limited("address", app.limits.api_address.each(), wait_ms);
    }
    let holder = match holder(&app, request.headers()).await {
        Ok(holder) => holder,
        Err(refused) => return refused.into_response(),
    };
    let each = app.limits.api_key.each();
    let left = match app.limits.api_key.take(&holder.id, Instant::now()) {
        Ok(left) => left,
        Err(wait_ms) => return limited("key", each, wait_ms),
    };
    if holder.stale {
        note_use(&app, holder.id.clone());
    }
    request.extensions_mut().insert(Caller { key: holder.id, scopes: holder.scopes });
    let mut response = next.run(request).await;
    tell(response.headers_mut(), "key", each, left);
    response
}

async fn holder(app: &App, headers: &HeaderMap) -> Result<Holder, ApiError> {
    let secret = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .filter(|secret| secret.starts_with(keys::PREFIX) && secret.len() <= KEY_BYTES_MAX)
        .ok_or_else(refused)?
        .to_owned();
    let now_ms = app.store.now().0;
    match app.store.read(move |tx| keys::authenticate(tx, &secret, now_ms)).await {
        Ok(holder) => Ok(holder),
        Err(CentralError::Refused(Refusal::Unrecognised)) => Err(refused()),
        Err(error) => Err(error.into()),
    }
}

/// Beside the request, so that no question waits for whoever writes at the moment.
fn note_use(app: &App, key: String) {
    let store = app.store.clone();
    tokio::spawn(async move {
        let actor = Actor::Key(key.clone());
        if let Err(error) = store.write(actor, move |work| keys::used(work, &key)).await {
            tracing::warn!(%error, "the use of a key could not be noted");
        }
    });
}

fn limited(which: &str, each: Rate, wait_ms: u64) -> Response {
    let mut response = ApiError::too_many(wait_ms).into_response();
    let room = each.refill * each.burst;
    tell(response.headers_mut(), which, each, Left { tries: 0, full_in: room });
    response
}

/// The limit in the words of the IETF draft on rate limit headers: quota and window in seconds; rest and time to the full
/// quota.
fn tell(headers: &mut HeaderMap, which: &str, each: Rate, left: Left) {
    let window = (each.refill * each.burst).as_secs().max(1);
    let full_in = left.full_in.as_millis().div_ceil(1000);
    for (name, text) in [
        (RATE_LIMIT_POLICY, format!("\"{which}\";q={};w={window}", each.burst)),
        (RATE_LIMIT, format!("\"{which}\";r={};t={full_in}", left.tries)),
    ] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}

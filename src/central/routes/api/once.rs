//! A changing request of a program: named by its `Idempotency-Key`, it has its effect once however often it is sent.

use super::answer::Out;
use super::ask;
use super::caller::Caller;
use crate::central::error::Res;
use crate::central::routes::App;
use crate::central::routes::problem::ApiError;
use crate::central::services::idempotency::{self, Claim, Kept, Once};
use crate::central::store::work::Work;
use crate::protocol::wire::ProblemCode;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Requests that this server works on, by caller and idempotency key. It holds no more than there are open requests. It only
/// spares the second sender the waiting: that an effect happens once is the database's word, also with several servers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running(Arc<Mutex<HashSet<(String, String)>>>);

/// One of them; it ends when this is dropped.
struct Run {
    running: Running,
    name: (String, String),
}

impl Running {
    fn begin(&self, caller: &str, key: &str) -> Option<Run> {
        let name = (caller.to_owned(), key.to_owned());
        let new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        new.then(|| Run { running: self.clone(), name })
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.running.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

fn in_flight() -> ApiError {
    let detail = "this request is being worked on; send it again in a moment, with the same key";
    ApiError::new(ProblemCode::InFlight, detail)
}

/// Runs `effect` once for this key, and answers.
pub(super) async fn once<F>(app: &App, caller: &Caller, headers: &HeaderMap, what: &str, body: &[u8], effect: F) -> Out
where
    F: FnMut(&mut Work<'_>) -> Res<Kept> + Send + 'static,
{
    let (kept, replayed) = kept(app, caller, headers, what, body, effect).await?;
    Ok(response(kept, replayed))
}

/// Runs `effect` once for this key; its answer, and whether it was given before. `what` names method and address: the same key elsewhere is another request.
pub(super) async fn kept<F>(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    what: &str,
    body: &[u8],
    mut effect: F,
) -> Result<(Kept, bool), ApiError>
where
    F: FnMut(&mut Work<'_>) -> Res<Kept> + Send + 'static,
{
    let key = ask::idempotency_key(headers)?;
    let name = format!("key:{}", caller.key);
    let Some(_run) = app.running.begin(&name, &key) else { return Err(in_flight()) };
    let mut hash = Sha256::new();
    hash.update(what.as_bytes());
    hash.update([0]);
    hash.update(body);
    let claim = Claim { caller: name, key, body_hash: hash.finalize().to_vec() };
    let done = app.store.write(caller.actor(), move |work| idempotency::once(work, &claim, &mut effect)).await;
    match done.map_err(ask::refused)? {
        Once::Done(kept) => Ok((kept, false)),
        Once::Replayed(kept) => Ok((kept, true)),
        Once::Reused => {
            let detail = "this Idempotency-Key was used for another request; take a new one for a new request";
            Err(ApiError::new(ProblemCode::KeyReused, detail))
        }
        Once::InFlight => Err(in_flight()),
    }
}

/// The answer of a request as it is sent.
pub(super) fn response(kept: Kept, replayed: bool) -> Response {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    let kind = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")];
    let mut response = (status, kind, kept.body).into_response();
    if replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}

//! `/api/v1/manifests/{number}/reopen`: a manifest that was closed is taken back.

use super::act::keep;
use super::answer::Out;
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::once;
use super::sent::fault;
use crate::central::error::Refusal;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::handover::{self as service, REOPEN_NOTE_MAX, Reopen, Why};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a manifest is taken back.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReopenReason {
    /// It was closed before everything was on it.
    TooEarly,
    /// The carrier did not come, or did not take it along.
    NotFetched,
    /// Parcels are on it that did not leave.
    WrongParcels,
    /// Something else; `note` says what.
    Other,
}

impl ReopenReason {
    const fn stored(self) -> Why {
        match self {
            ReopenReason::TooEarly => Why::TooEarly,
            ReopenReason::NotFetched => Why::NotFetched,
            ReopenReason::WrongParcels => Why::WrongParcels,
            ReopenReason::Other => Why::Other,
        }
    }
}

/// Why a closed manifest is to be open again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "not_fetched" }))]
pub(super) struct ReopenManifest {
    #[schema(inline)]
    reason: ReopenReason,
    /// In words; needed with `other`.
    #[schema(max_length = 200, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    note: Option<String>,
}

/// The answer to a manifest that is open again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ManifestReopened {
    number: String,
    /// Parcels on it now.
    parcel_count: i64,
    /// Orders of which parcels are in the house again.
    order_count: i64,
    /// Orders whose customers were told already that parcels left: write to them.
    told_count: i64,
    /// The carrier's next manifest, if it was open already: its parcels are on this one now, and it is gone.
    joined: Option<String>,
}

/// Opens a closed manifest again.
///
/// Possible until the end of the day of the site (and for two hours at least), while no parcel of it arrived, none was told of by a
/// program after it left, and nothing of it is asked back. Its parcels are packed and on it as before, lines count them as shipped no
/// more, mail about it that waits is not sent, and webhooks get `order.unshipped`.
#[utoipa::path(post, path = "/api/v1/manifests/{number}/reopen", tag = "manifests", operation_id = "reopen_manifest",
    params(
        ("number" = String, Path, description = "The manifest's number.", example = "H000001"),
        super::document::Idempotency,
    ),
    request_body = ReopenManifest,
    responses(
        (status = 200, description = "It is open.", body = ManifestReopened,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::SentTo,
    ), security(("key" = ["manifest.reopen"])))]
pub(super) async fn reopen(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ManifestReopen)?;
    let (sent, body): (ReopenManifest, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/manifests/{number}/reopen");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let (why, note) = (sent.reason.stored(), sent.note.clone().unwrap_or_default());
        let long = note.chars().count() > REOPEN_NOTE_MAX || note.contains(char::is_control);
        if long || (why == Why::Other && note.trim().is_empty()) {
            let text = if long { "must have at most 200 characters" } else { "must say why in words" };
            return Err(Refusal::Fields { fields: vec![fault("/note", text)] }.into());
        }
        match service::reopen(work, &number, why, &note)? {
            Reopen::Done(done) => keep(
                200,
                &ManifestReopened {
                    number: done.number,
                    parcel_count: done.parcels,
                    order_count: done.orders,
                    told_count: done.told,
                    joined: done.joined,
                },
            ),
            Reopen::Stays(stays) => Err(Refusal::State { entity: "manifest", state: stays.text() }.into()),
        }
    })
    .await
}

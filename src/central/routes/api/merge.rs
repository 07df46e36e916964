//! Merging two orders of one customer, for programs.

use super::act::{found, keep};
use super::answer::Out;
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::once;
use super::sent::fault;
use crate::central::error::{Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::idempotency::Kept;
use crate::central::services::orders as service;
use crate::central::services::orders::edit::Edited;
use crate::central::store::work::Work;
use crate::vals;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A merge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "from": "M000002" }))]
pub(super) struct MergeOrder {
    /// Number of the order that comes in and is called off.
    #[schema(min_length = 1, max_length = 100)]
    from: String,
}

/// What became of a merge.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MergeOutcome {
    Merged,
    /// A station held one of the two and had not begun: it was asked to give it back. Send the merge again in a moment, with a new
    /// `Idempotency-Key`.
    Recalled,
}

/// The answer to a merge.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "number": "M000001", "outcome": "merged", "version": 3 }))]
pub(super) struct MergeDone {
    /// The order's number.
    number: String,
    outcome: MergeOutcome,
    /// The order's version now.
    version: i64,
}

/// Merges another order of the same customer into this one.
///
/// Its lines, payments and files come here, and it is called off. Possible while nobody has begun either; it cannot be taken back.
#[utoipa::path(post, path = "/api/v1/orders/{number}/merge", tag = "orders", operation_id = "merge_orders",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::OrderSeen,
        super::document::Idempotency,
    ),
    request_body = MergeOrder,
    responses(
        (status = 200, description = "They are one.", body = MergeDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        (status = 202, description = "A station was asked to give one of them back first.", body = MergeDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["order.update", "order.delete"])))]
pub(super) async fn merge(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::OrderUpdate)?;
    caller.need(Permission::OrderDelete)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (MergeOrder, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/orders/{number}/merge");
    once(&app, &caller, &headers, &what, &body, move |work| run(work, &number, seen.as_deref(), &sent)).await
}

fn run(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>, sent: &MergeOrder) -> Res<Kept> {
    if sent.from.contains('\0') || sent.from.trim().is_empty() {
        return Err(Refusal::Fields { fields: vec![fault("/from", "must be the number of an order")] }.into());
    }
    let (id, _) = found(work, number, seen)?;
    let (status, outcome) = match service::merge(work, number, sent.from.trim())? {
        Edited::Done => (200, MergeOutcome::Merged),
        // What left cannot be merged: the service refuses it before.
        Edited::Recalled | Edited::Left => (202, MergeOutcome::Recalled),
    };
    let version = work.tx.int("SELECT version FROM orders WHERE id = $1", vals![&id])?;
    keep(status, &MergeDone { number: number.to_owned(), outcome, version })
}

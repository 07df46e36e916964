//! `/api/v1/webhooks`: who is told of changes, with which secret, and what became of it.

use super::act::keep;
use super::answer::{self, Out, Time, filled, maybe_time, time, word};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::once;
use crate::central::error::Res;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::webhooks::{self as service, Attempt, Delivery, Edit, Endpoint, NewEndpoint};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A type of messages.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub(super) enum WebhookEvent {
    /// An order was made.
    #[serde(rename = "order.created")]
    Created,
    /// An order is other than it was.
    #[serde(rename = "order.changed")]
    Changed,
    /// An order was called off.
    #[serde(rename = "order.cancelled")]
    Cancelled,
    /// An order came into a stage of its pipeline, by hand or by what happened to it.
    #[serde(rename = "order.stage_entered")]
    StageEntered,
    /// Parcels of an order are with the carrier.
    #[serde(rename = "order.shipped")]
    Shipped,
    /// Parcels of an order did not leave after all: their manifest was taken back.
    #[serde(rename = "order.unshipped")]
    Unshipped,
    /// What left of an order arrived.
    #[serde(rename = "order.delivered")]
    Delivered,
    /// So few units of a product are free that it must be bought again.
    #[serde(rename = "stock.low")]
    StockLow,
}

impl WebhookEvent {
    fn name(self) -> String {
        match self {
            WebhookEvent::Created => "order.created",
            WebhookEvent::Changed => "order.changed",
            WebhookEvent::Cancelled => "order.cancelled",
            WebhookEvent::StageEntered => "order.stage_entered",
            WebhookEvent::Shipped => "order.shipped",
            WebhookEvent::Unshipped => "order.unshipped",
            WebhookEvent::Delivered => "order.delivered",
            WebhookEvent::StockLow => "stock.low",
        }
        .to_owned()
    }
}

/// Whether an endpoint is told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum WebhookState {
    Enabled,
    /// Switched off by an edit.
    Disabled,
    /// It said that it is gone (410). An edit switches it on again.
    Gone,
}

/// An endpoint. Its secret is told when it is made, and never again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Webhook {
    id: String,
    /// Where messages are sent.
    url: String,
    /// What it is for.
    about: Option<String>,
    /// Types of messages it gets.
    events: Vec<WebhookEvent>,
    state: WebhookState,
    /// More than 10,000 messages waited then, and some were lost: read what changed since.
    lost_at: Option<Time>,
    /// Until then messages are signed with the secret before as well.
    previous_secret_until: Option<Time>,
    /// Grows with every change; the first part of the ETag.
    version: i64,
    created_at: Time,
    updated_at: Time,
}

/// All endpoints, oldest first; there are at most 50.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookList {
    items: Vec<Webhook>,
}

fn webhook(endpoint: Endpoint) -> Res<Webhook> {
    let until = Some(endpoint.previous_until_ms).filter(|until| *until > 0);
    Ok(Webhook {
        state: word(&endpoint.state, "state of a webhook")?,
        lost_at: maybe_time(endpoint.lost_ms)?,
        previous_secret_until: maybe_time(until)?,
        created_at: time(endpoint.created_ms)?,
        updated_at: time(endpoint.updated_ms)?,
        events: endpoint.events.iter().map(|event| word(event, "type of a webhook")).collect::<Res<_>>()?,
        about: filled(endpoint.about),
        id: endpoint.id,
        url: endpoint.url,
        version: endpoint.version,
    })
}

/// An endpoint to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "url": "https://example.com/packbench", "events": ["order.created", "order.cancelled"] }))]
pub(super) struct NewWebhook {
    /// HTTPS, in the public network.
    #[schema(max_length = 500, pattern = "^https?://")]
    url: String,
    /// What it is for.
    #[schema(max_length = 200)]
    about: Option<String>,
    /// Types of messages it gets; all where it is absent.
    #[schema(min_items = 1, max_items = 7)]
    events: Option<Vec<WebhookEvent>>,
}

/// What shall change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "enabled": false }))]
pub(super) struct WebhookEdit {
    /// HTTPS, in the public network.
    #[schema(max_length = 500, pattern = "^https?://")]
    url: Option<String>,
    /// What it is for.
    #[schema(max_length = 200)]
    about: Option<String>,
    /// Types of messages it gets.
    #[schema(min_items = 1, max_items = 7)]
    events: Option<Vec<WebhookEvent>>,
    /// It is told. Switched off, what waits for it is given up.
    enabled: Option<bool>,
}

/// A secret, told this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookSecret {
    /// The endpoint.
    id: String,
    /// What messages are signed with, base64 behind `whsec_`.
    #[schema(pattern = "^whsec_[A-Za-z0-9+/]+=*$")]
    secret: String,
}

/// Lists webhooks.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    responses((status = 200, description = "All endpoints.", body = WebhookList)), security(("key" = ["settings.manage"])))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(Nothing {}): Asked<Nothing>) -> Out {
    caller.need(Permission::SettingsManage)?;
    let site = app.store.site();
    let all = app.store.read(move |tx| service::list(tx, site)).await?;
    answer::page(&WebhookList { items: all.into_iter().map(webhook).collect::<Res<_>>()? })
}

/// Makes a webhook.
///
/// The answer holds the secret: keep it, it is told this once.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", operation_id = "create_webhook",
    params(super::document::Idempotency),
    request_body = NewWebhook,
    responses(
        (status = 201, description = "It is made.", body = WebhookSecret, headers(
            ("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."),
        )),
        super::document::Sent,
    ), security(("key" = ["settings.manage"])))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::SettingsManage)?;
    let (sent, body): (NewWebhook, Bytes) = ask::json(&headers, body)?;
    let private = app.webhooks_private;
    let all =
        || vec![WebhookEvent::Created, WebhookEvent::Changed, WebhookEvent::Cancelled, WebhookEvent::StageEntered];
    let events = sent.events.unwrap_or_else(all);
    let new = NewEndpoint {
        url: sent.url,
        about: sent.about.unwrap_or_default(),
        events: events.into_iter().map(WebhookEvent::name).collect(),
    };
    once(&app, &caller, &headers, "POST /api/v1/webhooks", &body, move |work| {
        let made = service::make(work, &new, private)?;
        keep(201, &WebhookSecret { id: made.id, secret: made.secret })
    })
    .await
}

/// Reads one webhook.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", operation_id = "get_webhook",
    params(
        ("id" = String, Path, description = "The endpoint's id."),
        ("If-None-Match" = Option<String>, Header, nullable = false, description = "ETags that are known already."),
    ),
    responses(
        (status = 200, description = "The endpoint.", body = Webhook,
            headers(("ETag" = String, description = "Its version and content."))),
        (status = 304, description = "It is as the ETag says."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["settings.manage"])))]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::SettingsManage)?;
    let site = app.store.site();
    let endpoint = app.store.read(move |tx| service::one(tx, site, &id)).await?;
    answer::entity(&headers, endpoint.version, &webhook(endpoint)?)
}

/// Changes a webhook.
#[utoipa::path(patch, path = "/api/v1/webhooks/{id}", tag = "webhooks", operation_id = "edit_webhook",
    params(
        ("id" = String, Path, description = "The endpoint's id."),
        ("If-Match" = String, Header, description = "ETag of the endpoint as you saw it, or `*` for whatever there is."),
    ),
    request_body = WebhookEdit,
    responses(
        (status = 200, description = "The endpoint as it is now.", body = Webhook,
            headers(("ETag" = String, description = "Its version and content."))),
        (status = 404, response = super::document::NotFound),
        (status = 412, response = super::document::VersionConflict),
        (status = 413, response = super::document::TooLarge),
        (status = 415, response = super::document::UnsupportedMediaType),
        (status = 422, response = super::document::Invalid),
        (status = 428, response = super::document::PreconditionRequired),
    ), security(("key" = ["settings.manage"])))]
pub(super) async fn edit(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::SettingsManage)?;
    let seen = ask::seen(&headers)?;
    let (sent, _): (WebhookEdit, Bytes) = ask::json(&headers, body)?;
    let private = app.webhooks_private;
    let edit = Edit {
        url: sent.url,
        about: sent.about,
        events: sent.events.map(|events| events.into_iter().map(WebhookEvent::name).collect()),
        enabled: sent.enabled,
    };
    let changed = app.store.write(caller.actor(), move |work| {
        let now = service::one(work.tx, work.ctx.site, &id)?;
        ask::as_seen(seen.as_deref(), now.version)?;
        service::edit(work, &id, &edit, private)
    });
    let endpoint = changed.await.map_err(ask::refused)?;
    answer::entity(&HeaderMap::new(), endpoint.version, &webhook(endpoint)?)
}

/// Removes a webhook.
///
/// What waits for it is given up, and what was kept of it is forgotten.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", operation_id = "remove_webhook",
    params(("id" = String, Path, description = "The endpoint's id.")),
    responses(
        (status = 204, description = "It is removed."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["settings.manage"])))]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named,
    Asked(Nothing {}): Asked<Nothing>,
) -> Out {
    caller.need(Permission::SettingsManage)?;
    app.store.write(caller.actor(), move |work| service::remove(work, &id)).await?;
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response())
}

/// Gives a webhook a new secret.
///
/// For a day messages are signed with both, so that a receiver can change over when it suits.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/rotate", tag = "webhooks", operation_id = "rotate_webhook_secret",
    params(
        ("id" = String, Path, description = "The endpoint's id."),
        super::document::Idempotency,
    ),
    responses(
        (status = 200, description = "The new secret.", body = WebhookSecret,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Done,
    ), security(("key" = ["settings.manage"])))]
pub(super) async fn rotate(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::SettingsManage)?;
    let what = format!("POST /api/v1/webhooks/{id}/rotate");
    once(&app, &caller, &headers, &what, &[], move |work| {
        let made = service::rotate(work, &id)?;
        keep(200, &WebhookSecret { id: made.id, secret: made.secret })
    })
    .await
}

/// What became of a request for a message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookTested {
    /// The endpoint.
    id: String,
}

/// Tries a webhook out.
///
/// It is sent a message of type `webhook.test`.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", tag = "webhooks", operation_id = "test_webhook",
    params(
        ("id" = String, Path, description = "The endpoint's id."),
        super::document::Idempotency,
    ),
    responses(
        (status = 202, description = "The message will be sent.", body = WebhookTested,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Done,
    ), security(("key" = ["settings.manage"])))]
pub(super) async fn test(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::SettingsManage)?;
    let what = format!("POST /api/v1/webhooks/{id}/test");
    let out = once(&app, &caller, &headers, &what, &[], move |work| {
        service::test(work, &id)?;
        keep(202, &WebhookTested { id: id.clone() })
    });
    let out = out.await;
    // No station is told of it, so no hint wakes who sends.
    app.wake.notify_one();
    out
}

/// How far a message is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DeliveryState {
    Waiting,
    Delivered,
    /// Given up.
    Failed,
}

/// One try.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliveryAttempt {
    at: Time,
    took_ms: i64,
    /// HTTP status of the answer.
    status: Option<u16>,
    /// What went wrong before there was one: `address`, `connect`, `timeout`, `request`.
    fault: Option<String>,
}

/// A message and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookDelivery {
    /// The header `webhook-id`.
    id: String,
    /// Type of the message.
    #[serde(rename = "type")]
    kind: String,
    state: DeliveryState,
    created_at: Time,
    /// When it is tried next; null where it waits no more.
    next_at: Option<Time>,
    attempts: Vec<DeliveryAttempt>,
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookDeliveryList {
    items: Vec<WebhookDelivery>,
    /// Cursor of the next page; null on the last.
    next: Option<String>,
}

fn delivery(view: Delivery) -> Res<WebhookDelivery> {
    let attempt = |attempt: Attempt| {
        Ok(DeliveryAttempt {
            at: time(attempt.at_ms)?,
            took_ms: attempt.took_ms,
            status: attempt.status,
            fault: attempt.fault,
        })
    };
    let next = Some(view.next_ms).filter(|_| view.state == "waiting");
    Ok(WebhookDelivery {
        state: word(&view.state, "state of a message")?,
        created_at: time(view.created_ms)?,
        next_at: maybe_time(next)?,
        attempts: view.attempts.into_iter().map(attempt).collect::<Res<_>>()?,
        id: view.id,
        kind: view.kind,
    })
}

/// Which page of messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveriesAsked {
    /// Where the page begins: `next` of the page before.
    #[param(nullable = false, min_length = 1, max_length = 4096)]
    cursor: Option<String>,
    /// Most messages of the page; 50 where it is absent.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists messages.
///
/// What was sent to an endpoint and what became of it, newest first. Messages are kept for 30 days.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks", operation_id = "list_webhook_deliveries",
    params(("id" = String, Path, description = "The endpoint's id."), DeliveriesAsked),
    responses(
        (status = 200, description = "A page of messages.", body = WebhookDeliveryList),
        (status = 404, response = super::document::NotFound),
        (status = 422, response = super::document::Invalid),
    ), security(("key" = ["settings.manage"])))]
pub(super) async fn deliveries(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named,
    Asked(asked): Asked<DeliveriesAsked>,
) -> Out {
    caller.need(Permission::SettingsManage)?;
    let (site, rows, cursor) = (app.store.site(), ask::rows(asked.limit)?, asked.cursor);
    let page = app.store.read(move |tx| {
        service::one(tx, site, &id)?;
        service::deliveries(tx, &id, cursor.as_deref(), rows)
    });
    let (items, next) = page.await.map_err(ask::refused)?;
    answer::page(&WebhookDeliveryList { items: items.into_iter().map(delivery).collect::<Res<_>>()?, next })
}

//! `GET /api/v1/changes`: which orders change, as they change (server-sent events). Every event bears the cursor behind it,
//! so that a reader who comes back with `Last-Event-ID` misses nothing.

use super::answer::{Time, time, word};
use super::ask::{self, Asked};
use super::caller::Caller;
use super::orders::{FulfillmentStatus, OrderStatus, PaymentStatus};
use crate::central::error::{CentralError, Res};
use crate::central::routes::App;
use crate::central::routes::problem::ApiError;
use crate::central::services::access::Permission;
use crate::central::services::orders::changes::{self as service, OrderChange};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use utoipa::{IntoParams, ToSchema};

/// A stream ends after this long, so that a key that was revoked does not listen on. Readers come back by themselves.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// Where a reader begins who has no cursor.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum From {
    /// With what changes from now on.
    #[default]
    Now,
    /// With every order there is.
    Start,
}

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesAsked {
    /// `now` where it is absent; passed over with `Last-Event-ID`.
    #[param(nullable = false, inline)]
    from: Option<From>,
}

/// The data of an event `order.changed`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderChanged {
    /// The order's number.
    number: String,
    version: i64,
    status: OrderStatus,
    payment_status: PaymentStatus,
    fulfillment_status: FulfillmentStatus,
    updated_at: Time,
}

fn event(change: &OrderChange) -> Res<Event> {
    let data = OrderChanged {
        number: change.number.clone(),
        version: change.version,
        status: word(&change.status, "status of an order")?,
        payment_status: word(&change.payment, "payment status")?,
        fulfillment_status: word(&change.fulfillment, "fulfillment status")?,
        updated_at: time(change.updated_ms)?,
    };
    let data = serde_json::to_string(&data).map_err(|_| CentralError::Inner { what: "writing an event as JSON" })?;
    Ok(Event::default().event("order.changed").id(&change.cursor).data(data))
}

/// Follows the orders that change.
///
/// Server-sent events. Each `order.changed` names an order and where it stands now; an order that changed twice while nobody
/// listened comes once. The event's `id` is a cursor: come back with it in `Last-Event-ID` and nothing is missed.
/// The server ends a stream after a quarter of an hour; come back then.
#[utoipa::path(get, path = "/api/v1/changes", tag = "changes", operation_id = "follow_changes",
    params(ChangesAsked, ("Last-Event-ID" = Option<String>, Header, nullable = false,
        description = "`id` of the last event you handled.")),
    responses(
        (status = 200, description = "The stream; `data` of each event is an `OrderChanged`.", body = OrderChanged,
            content_type = "text/event-stream"),
        (status = 422, response = super::document::Invalid),
    ), security(("key" = ["order.view"])))]
pub(super) async fn stream(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<ChangesAsked>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    caller.need(Permission::OrderView)?;
    // Before the first look, so that no change falls between the look and the waiting.
    let hints = app.store.hints();
    let site = app.store.site();
    let cursor = match headers.get("last-event-id") {
        Some(id) => id.to_str().map_err(|_| ask::bad("Last-Event-ID is not readable"))?.to_owned(),
        None => {
            let from_start = matches!(asked.from.unwrap_or_default(), From::Start);
            app.store.read(move |tx| service::cursor(tx, site, from_start)).await?
        }
    };
    let closing = app.closing.subscribe();
    let mut feed = Feed { app, cursor, waiting: VecDeque::new(), hints, closing, until: Instant::now() + LIFE };
    // A cursor that is not ours is refused while there is still a status to refuse with.
    feed.look().await.map_err(ask::refused)?;
    Ok(Sse::new(unfold(feed, next)).keep_alive(KeepAlive::default()))
}

struct Feed {
    app: App,
    cursor: String,
    waiting: VecDeque<OrderChange>,
    hints: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    until: Instant,
}

impl Feed {
    async fn look(&mut self) -> Res<()> {
        self.hints.mark_unchanged();
        let (site, cursor) = (self.app.store.site(), self.cursor.clone());
        self.waiting = self.app.store.read(move |tx| service::since(tx, site, &cursor)).await?.into();
        Ok(())
    }
}

async fn next(mut feed: Feed) -> Option<(Result<Event, Infallible>, Feed)> {
    loop {
        if *feed.closing.borrow() || Instant::now() >= feed.until {
            return None;
        }
        if let Some(change) = feed.waiting.pop_front() {
            let event =
                event(&change).inspect_err(|error| tracing::error!(%error, "a change could not be told")).ok()?;
            feed.cursor = change.cursor;
            if feed.waiting.is_empty() {
                // There may be another page behind a full one, and nobody will hint at it.
                feed.hints.mark_changed();
            }
            return Some((Ok(event), feed));
        }
        tokio::select! {
            changed = feed.hints.changed() => changed.ok()?,
            _ = feed.closing.changed() => return None,
            () = tokio::time::sleep_until(feed.until) => return None,
        }
        if let Err(error) = feed.look().await {
            tracing::warn!(%error, "a stream of changes ends; its reader comes back");
            return None;
        }
    }
}

//! `/api/v1/orders/{number}/reminders` and `…/calls`: what somebody is to think of about an order, and calls with its customer.

use super::act::{found, keep};
use super::answer::{self, Out, Time, filled, maybe_time, time, word};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::once;
use super::pipelines::{CallEnd, SentCall};
use super::sent::fault;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::id_of_number;
use crate::central::services::pipelines::{self as service, NewReminder};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A reminder of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderReminder {
    id: String,
    due: Time,
    /// Of what; null without the scope `person.view`.
    note: Option<String>,
    /// Initials of whom it is for; null for whoever looks.
    person: Option<String>,
    /// A stage set it.
    by_stage: bool,
    done_at: Option<Time>,
}

/// Reminders of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderReminders {
    /// Those that are open, the earliest first, then the newest that are done; at most 30.
    items: Vec<OrderReminder>,
}

/// Lists an order's reminders.
#[utoipa::path(get, path = "/api/v1/orders/{number}/reminders", tag = "orders", operation_id = "list_order_reminders",
    params(("number" = String, Path, description = "The order's number.", example = "536365")),
    responses(
        (status = 200, description = "Its reminders.", body = OrderReminders),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["order.view"])))]
pub(super) async fn reminders(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
) -> Out {
    caller.need(Permission::OrderView)?;
    let (site, personal) = (app.store.site(), caller.may(Permission::PersonView));
    let read = app.store.read(move |tx| {
        let order = id_of_number(tx, site, &number)?;
        service::reminders(tx, &order)
    });
    let one = |reminder: service::Reminder| {
        Ok(OrderReminder {
            due: time(reminder.due_ms)?,
            done_at: maybe_time(reminder.done_ms)?,
            note: filled(reminder.note).filter(|_| personal),
            person: filled(reminder.person),
            by_stage: reminder.by_stage,
            id: reminder.id,
        })
    };
    answer::page(&OrderReminders { items: read.await?.into_iter().map(one).collect::<Res<_>>()? })
}

/// A reminder to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "due": "2026-05-04T10:00:00Z", "note": "Ask for the colour" }))]
pub(super) struct SetReminder {
    #[schema(format = DateTime)]
    due: String,
    /// Of what.
    #[schema(max_length = 200, pattern = "^[^\\x00]*$")]
    note: Option<String>,
}

/// The answer to a reminder.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReminderSet {
    /// The reminder.
    id: String,
    /// Number of its order.
    number: String,
    due: Time,
}

/// Sets a reminder.
///
/// For whoever looks; it stands on the order's card until somebody is done with it.
#[utoipa::path(post, path = "/api/v1/orders/{number}/reminders", tag = "orders", operation_id = "set_order_reminder",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::Idempotency,
    ),
    request_body = SetReminder,
    responses(
        (status = 201, description = "It is set.", body = ReminderSet,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::SentTo,
    ), security(("key" = ["order.update"])))]
pub(super) async fn remind(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::OrderUpdate)?;
    let (sent, body): (SetReminder, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/orders/{number}/reminders");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let (order, _) = found(work, &number, None)?;
        let due = sent
            .due
            .parse::<jiff::Timestamp>()
            .map_err(|_| wrong("/due", "must be a time such as 2026-05-04T10:00:00Z"))?;
        let note = sent.note.clone().unwrap_or_default();
        let new = NewReminder { due_ms: due.as_millisecond(), person: None, note };
        let id = service::remind(work, &order, &new).map_err(placed)?;
        keep(201, &ReminderSet { id, number: number.clone(), due: time(new.due_ms)? })
    })
    .await
}

/// That a reminder is done with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReminderDone {
    /// The reminder.
    id: String,
}

/// Marks a reminder as done.
#[utoipa::path(post, path = "/api/v1/reminders/{id}/done", tag = "orders", operation_id = "reminder_done",
    params(
        ("id" = String, Path, description = "The reminder."),
        super::document::Idempotency,
    ),
    responses(
        (status = 200, description = "It is done.", body = ReminderDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Done,
    ), security(("key" = ["order.update"])))]
pub(super) async fn done(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::OrderUpdate)?;
    let what = format!("POST /api/v1/reminders/{id}/done");
    once(&app, &caller, &headers, &what, &[], move |work| {
        service::done(work, &id)?;
        keep(200, &ReminderDone { id: id.clone() })
    })
    .await
}

/// A call with the customer of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderCall {
    at: Time,
    result: CallEnd,
    /// What was said; null without the scope `person.view`.
    note: Option<String>,
    /// Initials of who called; null for a program.
    by: Option<String>,
}

/// Calls about an order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderCalls {
    /// Newest first; at most 100.
    items: Vec<OrderCall>,
}

/// Lists the calls about an order.
#[utoipa::path(get, path = "/api/v1/orders/{number}/calls", tag = "orders", operation_id = "list_order_calls",
    params(("number" = String, Path, description = "The order's number.", example = "536365")),
    responses(
        (status = 200, description = "Its calls.", body = OrderCalls),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["call.view"])))]
pub(super) async fn calls(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
) -> Out {
    caller.need(Permission::CallView)?;
    let (site, personal) = (app.store.site(), caller.may(Permission::PersonView));
    let read = app.store.read(move |tx| {
        let order = id_of_number(tx, site, &number)?;
        service::calls(tx, &order)
    });
    let one = |call: service::Call| {
        Ok(OrderCall {
            at: time(call.at_ms)?,
            result: word(call.result.word(), "result of a call")?,
            note: filled(call.note).filter(|_| personal),
            by: filled(call.by),
        })
    };
    answer::page(&OrderCalls { items: read.await?.into_iter().map(one).collect::<Res<_>>()? })
}

/// The answer to a call.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallAdded {
    /// Number of the order.
    number: String,
    /// When it was noted.
    at: Time,
}

/// Notes a call.
#[utoipa::path(post, path = "/api/v1/orders/{number}/calls", tag = "orders", operation_id = "add_order_call",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::Idempotency,
    ),
    request_body = SentCall,
    responses(
        (status = 201, description = "It is noted.", body = CallAdded,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::SentTo,
    ), security(("key" = ["call.add"])))]
pub(super) async fn call(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::CallAdd)?;
    let (sent, body): (SentCall, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/orders/{number}/calls");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let (order, _) = found(work, &number, None)?;
        service::add_call(work, &order, &sent.read()).map_err(placed)?;
        keep(201, &CallAdded { number: number.clone(), at: time(work.now_ms())? })
    })
    .await
}

fn wrong(place: &str, why: &'static str) -> CentralError {
    Refusal::Fields { fields: vec![fault(place, why)] }.into()
}

/// A refusal of the service with its place in the body.
fn placed(error: CentralError) -> CentralError {
    match error {
        CentralError::Refused(Refusal::Field { field, why }) => wrong(&format!("/{field}"), why),
        other => other,
    }
}

//! `/api/v1/orders/{number}/messages` and `…/customer-link`: mail to the customer of an order, and the customer's own page.

use super::act::{found, keep};
use super::answer::{self, Out, Time, filled, maybe_time, time, word};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::once;
use crate::central::error::{Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::messages::{self as service, Kind, MessageRow, Shown, track};
use crate::central::services::orders::id_of_number;
use crate::vals;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a message tells.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MessageKind {
    /// The order is taken.
    Confirmed,
    /// All of it is packed and waits for the carrier.
    Packed,
    /// A part of it is packed and waits for the carrier.
    PartlyPacked,
    /// All of it is with the carrier.
    Shipped,
    /// A part of it is with the carrier.
    PartlyShipped,
    /// It arrived.
    Delivered,
    /// It is called off.
    Cancelled,
    /// It is not paid yet.
    PaymentReminder,
    /// It is not paid yet, and nobody reminds once more.
    PaymentFinal,
    /// A person's own words.
    Free,
}

/// A template that can be sent.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MessageTemplate {
    Confirmed,
    Packed,
    PartlyPacked,
    Shipped,
    PartlyShipped,
    Delivered,
    Cancelled,
    PaymentReminder,
    PaymentFinal,
}

impl MessageKind {
    /// The kind of the service.
    pub const fn stored(self) -> Kind {
        match self {
            MessageKind::Confirmed => Kind::Confirmed,
            MessageKind::Packed => Kind::Packed,
            MessageKind::PartlyPacked => Kind::PartlyPacked,
            MessageKind::Shipped => Kind::Shipped,
            MessageKind::PartlyShipped => Kind::PartlyShipped,
            MessageKind::Delivered => Kind::Delivered,
            MessageKind::Cancelled => Kind::Cancelled,
            MessageKind::PaymentReminder => Kind::PaymentReminder,
            MessageKind::PaymentFinal => Kind::PaymentFinal,
            MessageKind::Free => Kind::Free,
        }
    }
}

impl MessageTemplate {
    const fn kind(self) -> Kind {
        match self {
            MessageTemplate::Confirmed => Kind::Confirmed,
            MessageTemplate::Packed => Kind::Packed,
            MessageTemplate::PartlyPacked => Kind::PartlyPacked,
            MessageTemplate::Shipped => Kind::Shipped,
            MessageTemplate::PartlyShipped => Kind::PartlyShipped,
            MessageTemplate::Delivered => Kind::Delivered,
            MessageTemplate::Cancelled => Kind::Cancelled,
            MessageTemplate::PaymentReminder => Kind::PaymentReminder,
            MessageTemplate::PaymentFinal => Kind::PaymentFinal,
        }
    }
}

/// How far a message is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MessageState {
    /// It waits, and can be taken back.
    Queued,
    /// It is on its way to the mail server.
    Sending,
    /// The mail server has it.
    Sent,
    /// The mail server did not take it yet; it is tried again.
    Failed,
    /// It is not tried any more.
    GivenUp,
    /// A person took it back, or it was no longer true.
    TakenBack,
}

/// A language that customers are written to in.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MessageLanguage {
    En,
    Es,
    Ms,
    Ru,
}

impl MessageLanguage {
    const fn code(self) -> &'static str {
        match self {
            MessageLanguage::En => "en",
            MessageLanguage::Es => "es",
            MessageLanguage::Ms => "ms",
            MessageLanguage::Ru => "ru",
        }
    }
}

/// A message. Where it goes and what it says is personal data: only keys with `person.view` get it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderMessage {
    id: String,
    kind: MessageKind,
    state: MessageState,
    language: MessageLanguage,
    /// Code of the stage that sends it by itself; null for every other message.
    by_stage: Option<String>,
    /// Where it goes.
    to: Option<String>,
    /// Written with the first try, with what is true then.
    subject: Option<String>,
    /// Plain text; the mail has it as simple HTML too.
    text: Option<String>,
    /// Tries since it was queued.
    tries: i64,
    /// Why the last try failed: `connect`, `timeout`, `tls`, `login`, `later`, `refused`, `address`, `text` or `stale`.
    fault: Option<String>,
    /// When it is sent or tried again, while it waits.
    next_try_at: Option<Time>,
    created_at: Time,
    updated_at: Time,
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderMessageList {
    items: Vec<OrderMessage>,
    /// Cursor of the next page; null on the last.
    next: Option<String>,
}

fn message(row: MessageRow, personal: bool) -> Res<OrderMessage> {
    let waits = matches!(row.state.as_str(), "queued" | "failed");
    let shown = |text: String| filled(text).filter(|_| personal);
    Ok(OrderMessage {
        kind: word(&row.kind, "kind of a message")?,
        state: word(&row.state, "state of a message")?,
        language: word(&row.language, "language of a message")?,
        by_stage: filled(row.stage),
        to: shown(row.recipient),
        subject: shown(row.subject),
        text: shown(row.body),
        tries: row.tries,
        fault: filled(row.fault),
        next_try_at: maybe_time(Some(row.next_ms).filter(|_| waits))?,
        created_at: time(row.created_ms)?,
        updated_at: time(row.updated_ms)?,
        id: row.id,
    })
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MessagesAsked {
    /// Where the page begins: `next` of the page before.
    #[param(nullable = false, min_length = 1, max_length = 4096)]
    cursor: Option<String>,
    /// Most messages of the page; 50 where it is absent.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists an order's messages.
///
/// Mail to the customer, newest first.
#[utoipa::path(get, path = "/api/v1/orders/{number}/messages", tag = "messages", operation_id = "list_order_messages",
    params(("number" = String, Path, description = "The order's number.", example = "536365"), MessagesAsked),
    responses(
        (status = 200, description = "A page of messages.", body = OrderMessageList),
        (status = 404, response = super::document::NotFound),
        (status = 422, response = super::document::Invalid),
    ), security(("key" = ["message.view"])))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(asked): Asked<MessagesAsked>,
) -> Out {
    caller.need(Permission::MessageView)?;
    let (site, rows, cursor) = (app.store.site(), ask::rows(asked.limit)?, asked.cursor);
    let page = app.store.read(move |tx| {
        let order = id_of_number(tx, site, &number)?;
        service::page(tx, site, Shown::All, Some(&order), cursor.as_deref(), rows)
    });
    let (items, next) = page.await.map_err(ask::refused)?;
    let personal = caller.may(Permission::PersonView);
    let items = items.into_iter().map(|row| message(row, personal)).collect::<Res<_>>()?;
    answer::page(&OrderMessageList { items, next })
}

/// A message to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "template": "confirmed" }))]
pub(super) struct SendMessage {
    template: MessageTemplate,
    /// The customer's where it is absent.
    language: Option<MessageLanguage>,
}

/// A message that will be sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QueuedMessage {
    /// The message.
    id: String,
    /// When it is sent; until then it can be taken back at the console.
    sends_at: Time,
}

/// Sends a template.
///
/// It waits as long as the house's rule for its kind says, and is written when it is sent, with what is true then. One of the same
/// kind that still waits gives way.
#[utoipa::path(post, path = "/api/v1/orders/{number}/messages", tag = "messages", operation_id = "send_order_message",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::Idempotency,
    ),
    request_body = SendMessage,
    responses(
        (status = 202, description = "It will be sent.", body = QueuedMessage,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::SentTo,
    ), security(("key" = ["message.send"])))]
pub(super) async fn send(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::MessageSend)?;
    let (sent, body): (SendMessage, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/orders/{number}/messages");
    let out = once(&app, &caller, &headers, &what, &body, move |work| {
        let (order, _) = found(work, &number, None)?;
        let queued = service::queue(work, &order, sent.template.kind(), None)?;
        let no_address =
            Refusal::Field { field: "template", why: "has nobody to go to: the customer has no usable address" };
        let id = queued.ok_or(no_address)?;
        if let Some(language) = sent.language {
            work.exec("UPDATE messages SET language = $2 WHERE id = $1", vals![&id, language.code()])?;
        }
        let next_ms = work.tx.int("SELECT next_ms FROM messages WHERE id = $1", vals![&id])?;
        let detail = serde_json::json!({ "kind": sent.template.kind().word(), "message": id });
        work.audit("message.written", "order", &order, detail);
        keep(202, &QueuedMessage { id, sends_at: time(next_ms)? })
    });
    let out = out.await;
    // No station is told of it, so no hint wakes who sends.
    app.wake_mail.notify_one();
    out
}

/// The customer's own page of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustomerLink {
    /// The order's number.
    number: String,
    /// Address of the page: who has it sees how far the order is, without a log-in. Absent until one is made.
    url: Option<String>,
}

/// Reads the customer's link.
///
/// It leads to the customer's invoice with their name and address, so the key needs `person.view` too.
#[utoipa::path(get, path = "/api/v1/orders/{number}/customer-link", tag = "messages", operation_id = "get_customer_link",
    params(("number" = String, Path, description = "The order's number.", example = "536365")),
    responses(
        (status = 200, description = "The link.", body = CustomerLink),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["message.view", "person.view"])))]
pub(super) async fn link(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
) -> Out {
    caller.need(Permission::MessageView)?;
    caller.need(Permission::PersonView)?;
    let (site, of) = (app.store.site(), number.clone());
    let token = app.store.read(move |tx| {
        let order = id_of_number(tx, site, &of)?;
        track::known(tx, &order)
    });
    let url = token.await?.map(|token| app.house.track(&token));
    answer::page(&CustomerLink { number, url })
}

/// Makes another customer's link.
///
/// It leads to the customer's invoice with their name and address, so the key needs `person.view` too. The one before leads nowhere from then on.
#[utoipa::path(post, path = "/api/v1/orders/{number}/customer-link", tag = "messages", operation_id = "renew_customer_link",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::Idempotency,
    ),
    responses(
        (status = 200, description = "The new link.", body = CustomerLink,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Done,
    ), security(("key" = ["message.send", "person.view"])))]
pub(super) async fn renew(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::MessageSend)?;
    caller.need(Permission::PersonView)?;
    let (what, house) = (format!("POST /api/v1/orders/{number}/customer-link"), app.house.clone());
    once(&app, &caller, &headers, &what, &[], move |work| {
        let (order, _) = found(work, &number, None)?;
        let token = track::renew(work, &order)?;
        keep(200, &CustomerLink { number: number.clone(), url: Some(house.track(&token)) })
    })
    .await
}

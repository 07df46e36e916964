//! Mail to customers at the console: what waits, what failed and what was sent; one message with its tries; taking back and trying
//! again.

pub mod of_order;
pub mod reminding;
pub mod settings;
pub mod templates;

use super::frame::{Place, page as frame, trouble};
use super::marks::{BACK, CHECKED, CLOCK, CROSS, MAIL, OCTAGON, TRIANGLE, UP, icon, pill};
use super::new_order::form::Fields;
use super::people::{forbidden, why};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::messages::{self as service, Kind, MessageRow, Shown, TEST, Trouble, Try};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Rows of a page.
const PAGE_ROWS: u32 = 50;

/// The tabs of everything about messages.
pub(super) fn tabs(visitor: &Visitor, now: &str) -> Markup {
    let words = visitor.words();
    let all = [
        ("/messages", "msg-messages", Permission::MessageView),
        ("/messages/templates", "msg-templates", Permission::SettingsManage),
        ("/messages/settings", "msg-settings", Permission::SettingsManage),
        ("/webhooks", "msg-webhooks", Permission::SettingsManage),
    ];
    html! {
        div.tabs {
            @for (href, key, needs) in all {
                @if visitor.may(needs) {
                    a.on[href == now] href=(href) aria-current=[(href == now).then_some("page")] { (words.text(key)) }
                }
            }
        }
    }
}

/// The name of a kind as it is stored.
pub(super) fn kind_name(words: &Catalogue, kind: &str) -> String {
    match Kind::of(kind) {
        Some(kind) => words.text(kind.key()).into_owned(),
        None if kind == TEST => words.text("msg-kind-test").into_owned(),
        None => kind.to_owned(),
    }
}

/// What went wrong, in words.
fn fault(words: &Catalogue, fault: &str) -> String {
    words.text(&format!("msg-fault-{fault}")).into_owned()
}

/// The state of a message, with when it goes on and why it did not.
pub(super) fn state(visitor: &Visitor, row: &MessageRow) -> Markup {
    let words = visitor.words();
    let at = |ms: i64| Arg::Text(visitor.when(ms));
    let (look, mark, key) = match row.state.as_str() {
        "sent" => ("k", CHECKED, "msg-state-sent"),
        "sending" => ("a", UP, "msg-state-sending"),
        "failed" => ("w", TRIANGLE, "msg-state-failed"),
        "given_up" => ("x", OCTAGON, "msg-state-given-up"),
        "taken_back" => ("", CROSS, "msg-state-taken-back"),
        _ => ("a", CLOCK, "msg-state-queued"),
    };
    let then = match row.state.as_str() {
        "queued" if row.next_ms > visitor.now_ms => words.text_with("msg-held-until", &[("when", at(row.next_ms))]),
        "failed" => words.text_with("msg-next-try", &[("when", at(row.next_ms))]),
        _ => String::new(),
    };
    html! {
        (pill(look, mark, &words.text(key)))
        @let reason = if row.fault.is_empty() || row.state == "sent" { String::new() } else { fault(words, &row.fault) };
        @let said: Vec<&str> = [reason.as_str(), then.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
        @if !said.is_empty() { " " span.muted { (said.join(" · ")) } }
    }
}

/// What can be done with a message, as buttons.
pub(super) fn buttons(visitor: &Visitor, row: &MessageRow, back: &str) -> Markup {
    let words = visitor.words();
    let acts: &[(&str, &str)] = match row.state.as_str() {
        "queued" if row.next_ms > visitor.now_ms => &[("back", "msg-take-back"), ("now", "msg-send-now")],
        "queued" => &[("back", "msg-take-back")],
        "failed" => &[("again", "msg-again"), ("back", "msg-take-back")],
        "given_up" | "taken_back" => &[("again", "msg-again")],
        _ => &[],
    };
    let of = format!("{} {}", kind_name(words, &row.kind), row.order.as_deref().unwrap_or_default());
    html! {
        @if visitor.may(Permission::MessageSend) {
            @for (act, key) in acts {
                form.inline method="post" action={ "/messages/" (row.id) "/" (act) } {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="back" value=(back);
                    button.btn aria-label={ (words.text(key)) ": " (of.trim()) } { (words.text(key)) }
                }
            }
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    show: String,
    cursor: Option<String>,
}

struct List {
    rows: Vec<MessageRow>,
    next: Option<String>,
    counts: [i64; 3],
    trouble: Option<Trouble>,
}

/// `GET /messages`
pub async fn page(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    if !visitor.may(Permission::MessageView) {
        return forbidden(&visitor);
    }
    let (site, shown, cursor) = (app.store.site(), Shown::of(&asked.show), asked.cursor);
    let read = app.store.read(move |tx| {
        let (rows, next) = service::page(tx, site, shown, None, cursor.as_deref(), PAGE_ROWS)?;
        Ok(List { rows, next, counts: service::counts(tx, site)?, trouble: service::trouble(tx, site)? })
    });
    match read.await {
        Ok(list) => {
            let title = visitor.words().text("msg-messages").into_owned();
            frame(&visitor, Place::Messages, &title, &content(&app, &visitor, shown, &list))
        }
        Err(CentralError::Store(crate::sql::SqlError::Cursor)) => StatusCode::BAD_REQUEST.into_response(),
        Err(error) => {
            tracing::error!(%error, "the list of messages failed");
            trouble(&visitor, Place::Messages, "console-trouble")
        }
    }
}

fn content(app: &App, visitor: &Visitor, shown: Shown, list: &List) -> Markup {
    let words = visitor.words();
    let address = |shown: Shown| format!("/messages?show={}", shown.word());
    let count = |shown: Shown| match shown {
        Shown::Queued => list.counts[0],
        Shown::Failed => list.counts[1],
        Shown::GivenUp => list.counts[2],
        Shown::All | Shown::Sent => 0,
    };
    html! {
        div.title { h1 { (words.text("msg-messages")) } }
        (tabs(visitor, "/messages"))
        (server(app, visitor, list))
        nav.toolbar aria-label=(words.text("column-state")) {
            @for one in Shown::ALL {
                a.btn.pri[one == shown] href=(address(one)) aria-current=[(one == shown).then_some("true")] {
                    (words.text(&format!("msg-show-{}", one.word())))
                    @if count(one) > 0 { " " span.st.count { (count(one)) } }
                }
            }
        }
        div.card {
            @if list.rows.is_empty() { p.empty { (words.text("msg-none")) } } @else {
                table.rows {
                    thead { tr {
                        @for key in ["msg-when", "msg-order", "msg-what", "msg-to", "column-state"] { th scope="col" { (words.text(key)) } }
                        th scope="col" { span.off { (words.text("msg-acts")) } }
                    } }
                    tbody { @for row in &list.rows { (line(visitor, row, &address(shown))) } }
                }
                div.foot {
                    @if let Some(next) = &list.next {
                        a.btn rel="next" href={ (address(shown)) "&cursor=" (next) } { (words.text("console-older")) }
                    }
                }
            }
        }
    }
}

/// What is wrong with the mail server, or that there is none.
fn server(app: &App, visitor: &Visitor, list: &List) -> Markup {
    let words = visitor.words();
    html! {
        @if app.mail.is_none() {
            section.card.pad.question { h2 { (icon(TRIANGLE, 20)) " " (words.text("msg-no-server")) } p { (words.text("msg-no-server-hint")) } }
        } @else if let Some(trouble) = &list.trouble {
            section.card.pad.question #mail-trouble {
                h2 { (icon(TRIANGLE, 20)) " " (words.text("msg-trouble")) }
                p { (words.text_with("msg-trouble-text", &[
                    ("why", Arg::Text(fault(words, &trouble.fault))),
                    ("when", Arg::Text(visitor.when(trouble.at_ms))),
                    ("n", Arg::Int(trouble.waiting)),
                ])) }
                @if visitor.may(Permission::MessageSend) {
                    form.answers method="post" action="/messages/again" {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        button.btn.pri { (words.text("msg-again-all")) }
                    }
                }
            }
        }
    }
}

fn line(visitor: &Visitor, row: &MessageRow, back: &str) -> Markup {
    let words = visitor.words();
    html! {
        tr data-message=(row.id) {
            td { a href={ "/messages/" (row.id) } { (visitor.when(row.created_ms)) } }
            td { @match &row.order { Some(number) => { a.mono href={ "/orders/" (number) } { (number) } }, None => "–" } }
            td { (kind_name(words, &row.kind)) }
            td.wrap { @if visitor.may(Permission::PersonView) { (row.recipient) } @else { "–" } }
            td.wrap { (state(visitor, row)) }
            td { div.answers.tight { (buttons(visitor, row, back)) } }
        }
    }
}

/// `GET /messages/{id}`
pub async fn one(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    if !visitor.may(Permission::MessageView) {
        return forbidden(&visitor);
    }
    let site = app.store.site();
    match app.store.read(move |tx| service::one(tx, site, &id)).await {
        Ok((row, tries)) => {
            let title = kind_name(visitor.words(), &row.kind);
            frame(&visitor, Place::Messages, &title, &letter(&visitor, &row, &tries))
        }
        Err(CentralError::Refused(Refusal::Missing { .. })) => {
            (StatusCode::NOT_FOUND, trouble(&visitor, Place::Messages, "console-not-found")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a message could not be shown");
            trouble(&visitor, Place::Messages, "console-trouble")
        }
    }
}

fn letter(visitor: &Visitor, row: &MessageRow, tries: &[Try]) -> Markup {
    let (words, personal) = (visitor.words(), visitor.may(Permission::PersonView));
    let back = format!("/messages/{}", row.id);
    html! {
        div.title {
            a.back href="/messages" aria-label=(words.text("msg-messages")) { (icon(BACK, 22)) }
            h1 { (kind_name(words, &row.kind)) }
            @if let Some(number) = &row.order { a href={ "/orders/" (number) } { (words.text_with("order-title", &[("order", Arg::Text(number.clone()))])) } }
        }
        section.card.pad {
            p.lead { (state(visitor, row)) }
            div.answers { (buttons(visitor, row, &back)) }
        }
        section.card.pad {
            @if !personal { p.muted { (words.text("msg-text-hidden")) } }
            @else if row.body.is_empty() { p.muted { (words.text("msg-text-later")) } }
            @else {
                p { span.muted { (words.text("msg-to")) ": " } (row.recipient) }
                h2 { (icon(MAIL, 20)) " " (row.subject) }
                p.wrap lang=(row.language) { (row.body) }
            }
        }
        section.card.pad {
            h2 { (words.text("msg-tries")) }
            @if tries.is_empty() { p.muted { (words.text("msg-tries-none")) } }
            ol.timeline { @for one in tries { li {
                span class={ "dot " (if one.fault.is_empty() { "k" } else { "w" }) } { (icon(if one.fault.is_empty() { CHECKED } else { TRIANGLE }, 16)) }
                div.what {
                    b { @if one.fault.is_empty() { (words.text("msg-state-sent")) } @else { (fault(words, &one.fault)) } }
                    div.muted { @if let Some(status) = one.status { (status) " " } @if personal { (one.answer) } }
                }
                time.mono { (visitor.when(one.at_ms)) }
            } } }
        }
    }
}

/// Where a form leads back to: only to a page of this console.
pub(super) fn back(fields: &Fields, or: &str) -> String {
    let back = fields.get("back");
    let own = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    if own { back.to_owned() } else { or.to_owned() }
}

/// The answer to a change that was tried.
pub(super) fn answer<T>(visitor: &Visitor, done: Result<T, CentralError>, back: &str) -> Response {
    match done {
        Ok(_) => Redirect::to(back).into_response(),
        Err(CentralError::Refused(refusal)) => {
            let words = visitor.words();
            let title = words.text("msg-messages");
            let content = html! {
                div.title { a.back href=(back) aria-label=(title) { (icon(BACK, 22)) } h1 { (title) } }
                p.wrong role="alert" { (why(words, &refusal)) }
            };
            let status = match refusal {
                Refusal::Missing { .. } => StatusCode::NOT_FOUND,
                Refusal::State { .. } | Refusal::Version { .. } => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            (status, frame(visitor, Place::Messages, &title, &content)).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a message could not be changed");
            trouble(visitor, Place::Messages, "console-trouble")
        }
    }
}

/// `POST /messages/{id}/{act}`
pub async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, act)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::MessageSend) {
        return forbidden(&visitor);
    }
    let done = app.store.write(visitor.actor(), move |work| match act.as_str() {
        "back" => service::take_back(work, &id),
        "now" => service::send_now(work, &id),
        "again" => service::again(work, &id),
        _ => Err(Refusal::Missing { entity: "message" }.into()),
    });
    let done = done.await;
    // No station is told of it, so no hint wakes who sends.
    app.wake_mail.notify_one();
    answer(&visitor, done, &back(&fields, "/messages"))
}

/// `POST /messages/again`
pub async fn again_all(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::MessageSend) {
        return forbidden(&visitor);
    }
    let done = app.store.write(visitor.actor(), service::again_all).await;
    app.wake_mail.notify_one();
    answer(&visitor, done, "/messages")
}

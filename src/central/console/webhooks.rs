//! Webhooks at the console: who is told of changes, with which secret, what became of every message, and trying one again.

use super::frame::{Place, page as frame, trouble};
use super::marks::{BACK, CHECKED, CLOCK, CROSS, MINUS, OCTAGON, icon, pill};
use super::messages::{answer, tabs};
use super::new_order::form::Fields;
use super::people::{forbidden, why};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::webhooks::{self as service, Delivery, EVENTS, Edit, Endpoint, Made, NewEndpoint};
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Messages of a page.
const PAGE_ROWS: u32 = 50;

/// `GET /webhooks`
pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    show(&app, &visitor, None, None).await
}

async fn show(app: &App, visitor: &Visitor, made: Option<&Made>, refused: Option<&Refusal>) -> Response {
    if !visitor.may(Permission::SettingsManage) {
        return forbidden(visitor);
    }
    let site = app.store.site();
    let page = match app.store.read(move |tx| service::list(tx, site)).await {
        Ok(all) => {
            let title = visitor.words().text("msg-webhooks").into_owned();
            frame(visitor, Place::Messages, &title, &content(visitor, &all, made, refused))
        }
        Err(error) => {
            tracing::error!(%error, "the list of webhooks failed");
            trouble(visitor, Place::Messages, "console-trouble")
        }
    };
    if refused.is_some() { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page }
}

fn secret(visitor: &Visitor, made: Option<&Made>) -> Markup {
    let words = visitor.words();
    html! {
        @if let Some(made) = made {
            section.card.pad role="status" {
                h2 { (words.text("hook-secret")) }
                p { (words.text("hook-secret-once")) }
                p.mono.secret { (made.secret) }
            }
        }
    }
}

fn endpoint_state(visitor: &Visitor, endpoint: &Endpoint) -> Markup {
    let words = visitor.words();
    html! {
        @match endpoint.state.as_str() {
            "enabled" => (pill("k", CHECKED, &words.text("hook-enabled"))),
            "gone" => (pill("x", OCTAGON, &words.text("hook-gone"))),
            _ => (pill("", MINUS, &words.text("hook-disabled"))),
        }
        @if endpoint.lost_ms.is_some() { " " (pill("w", super::marks::TRIANGLE, &words.text("hook-lost"))) }
    }
}

fn content(visitor: &Visitor, all: &[Endpoint], made: Option<&Made>, refused: Option<&Refusal>) -> Markup {
    let words = visitor.words();
    html! {
        div.title { h1 { (words.text("msg-webhooks")) } }
        (tabs(visitor, "/webhooks"))
        (secret(visitor, made))
        div.card {
            @if all.is_empty() { p.empty { (words.text("hook-none")) } } @else {
                table.rows {
                    thead { tr { @for key in ["hook-url", "hook-about", "hook-events", "column-state"] { th scope="col" { (words.text(key)) } } } }
                    tbody { @for endpoint in all { tr {
                        td.wrap { a.secret href={ "/webhooks/" (endpoint.id) } { (endpoint.url) } }
                        td.wrap { (endpoint.about) }
                        td.wrap.mono { (endpoint.events.join(", ")) }
                        td { (endpoint_state(visitor, endpoint)) }
                    } } }
                }
            }
        }
        form.card.pad.sheet method="post" action="/webhooks" {
            h2 { (words.text("hook-new")) }
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            @if let Some(refusal) = refused { p.wrong role="alert" { (why(words, refusal)) } }
            label { (words.text("hook-url")) input name="url" maxlength="500" placeholder="https://example.com/packbench" autocomplete="off"; }
            label { (words.text("hook-about")) input name="about" maxlength="200" autocomplete="off"; }
            fieldset {
                legend { (words.text("hook-events")) }
                @for event in EVENTS { label.check { input type="checkbox" name="event" value=(event) checked; span.mono { (event) } } }
            }
            div.answers { button.btn.pri { (words.text("hook-make")) } }
        }
    }
}

/// `POST /webhooks`
pub(super) async fn make(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let new = NewEndpoint {
        url: fields.get("url").to_owned(),
        about: fields.get("about").to_owned(),
        events: fields.all("event").map(str::to_owned).collect(),
    };
    let private = app.webhooks_private;
    match app.store.write(visitor.actor(), move |work| service::make(work, &new, private)).await {
        Ok(made) => show(&app, &visitor, Some(&made), None).await,
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, None, Some(&refusal)).await,
        Err(error) => {
            tracing::error!(%error, "a webhook could not be made");
            trouble(&visitor, Place::Messages, "console-trouble")
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    cursor: Option<String>,
}

/// `GET /webhooks/{id}`
pub(super) async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    look(&app, &visitor, id, asked.cursor, None).await
}

async fn look(app: &App, visitor: &Visitor, id: String, cursor: Option<String>, made: Option<&Made>) -> Response {
    if !visitor.may(Permission::SettingsManage) {
        return forbidden(visitor);
    }
    let site = app.store.site();
    let read = app.store.read(move |tx| {
        let endpoint = service::one(tx, site, &id)?;
        let (rows, next) = service::deliveries(tx, &id, cursor.as_deref(), PAGE_ROWS)?;
        Ok((endpoint, rows, next))
    });
    match read.await {
        Ok((endpoint, rows, next)) => {
            let title = visitor.words().text("msg-webhooks").into_owned();
            frame(visitor, Place::Messages, &title, &log(visitor, &endpoint, &rows, next.as_deref(), made))
        }
        Err(CentralError::Refused(Refusal::Missing { .. })) => {
            (StatusCode::NOT_FOUND, trouble(visitor, Place::Messages, "console-not-found")).into_response()
        }
        Err(CentralError::Store(crate::sql::SqlError::Cursor)) => StatusCode::BAD_REQUEST.into_response(),
        Err(error) => {
            tracing::error!(%error, "a webhook could not be shown");
            trouble(visitor, Place::Messages, "console-trouble")
        }
    }
}

fn log(visitor: &Visitor, endpoint: &Endpoint, rows: &[Delivery], next: Option<&str>, made: Option<&Made>) -> Markup {
    let words = visitor.words();
    let acts: &[(&str, &str)] = if endpoint.state == "enabled" {
        &[("test", "hook-test"), ("rotate", "hook-rotate"), ("off", "hook-off"), ("remove", "hook-remove")]
    } else {
        &[("on", "hook-on"), ("rotate", "hook-rotate"), ("remove", "hook-remove")]
    };
    html! {
        div.title {
            a.back href="/webhooks" aria-label=(words.text("msg-webhooks")) { (icon(BACK, 22)) }
            h1.secret { (endpoint.url) }
            (endpoint_state(visitor, endpoint))
        }
        (secret(visitor, made))
        section.card.pad {
            @if !endpoint.about.is_empty() { p { (endpoint.about) } }
            p.mono { (endpoint.events.join(", ")) }
            @if endpoint.previous_until_ms > visitor.now_ms {
                p.muted { (words.text_with("hook-previous-until", &[("when", Arg::Text(visitor.when(endpoint.previous_until_ms)))])) }
            }
            div.answers { @for (act, key) in acts {
                form.inline method="post" action={ "/webhooks/" (endpoint.id) "/" (act) } {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    button.btn { (words.text(key)) }
                }
            } }
            p.muted { (words.text("hook-acts-hint")) }
        }
        section.card {
            div.cardhead { h2 { (words.text("hook-deliveries")) } }
            @if rows.is_empty() { p.empty { (words.text("hook-deliveries-none")) } } @else {
                table.rows {
                    thead { tr {
                        @for key in ["msg-when", "msg-what", "column-state", "msg-tries"] { th scope="col" { (words.text(key)) } }
                        th scope="col" { span.off { (words.text("msg-acts")) } }
                    } }
                    tbody { @for row in rows { (delivery(visitor, endpoint, row)) } }
                }
                div.foot { @if let Some(next) = next {
                    a.btn rel="next" href={ "/webhooks/" (endpoint.id) "?cursor=" (next) } { (words.text("console-older")) }
                } }
            }
        }
    }
}

fn delivery(visitor: &Visitor, endpoint: &Endpoint, row: &Delivery) -> Markup {
    let words = visitor.words();
    let when = |ms: i64| visitor.when(ms);
    html! {
        tr data-delivery=(row.id) {
            td { (when(row.created_ms)) div.small.mono { (row.id) } }
            td.mono { (row.kind) }
            td.wrap {
                @match row.state.as_str() {
                    "delivered" => (pill("k", CHECKED, &words.text("hook-state-delivered"))),
                    "failed" => (pill("x", CROSS, &words.text("hook-state-failed"))),
                    _ => {
                        (pill("a", CLOCK, &words.text("hook-state-waiting"))) " "
                        span.muted { (words.text_with("msg-next-try", &[("when", Arg::Text(when(row.next_ms)))])) }
                    },
                }
            }
            td.wrap { @for attempt in &row.attempts {
                div { (words.format().time_s(UtcMs(attempt.at_ms))) " "
                    @if let Some(status) = attempt.status { b { (status) } }
                    @if let Some(fault) = &attempt.fault { span.mono { (fault) } }
                    " " span.muted { (attempt.took_ms) " ms" }
                }
            } }
            td { @if endpoint.state == "enabled" && !row.attempts.is_empty() {
                form.inline method="post" action={ "/webhooks/" (endpoint.id) "/deliveries/" (row.id) "/again" } {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    button.btn aria-label={ (words.text("msg-again")) ": " (row.id) } { (words.text("msg-again")) }
                }
            } }
        }
    }
}

/// `POST /webhooks/{id}/{act}`
pub(super) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, act)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.sent(Fields(fields).get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let (private, of) = (app.webhooks_private, id.clone());
    let switch = |enabled| Edit { enabled: Some(enabled), ..Edit::default() };
    let removed = act == "remove";
    let done = app.store.write(visitor.actor(), move |work| match act.as_str() {
        "rotate" => service::rotate(work, &of).map(Some),
        "test" => service::test(work, &of).map(|()| None),
        "on" => service::edit(work, &of, &switch(true), private).map(|_| None),
        "off" => service::edit(work, &of, &switch(false), private).map(|_| None),
        "remove" => service::remove(work, &of).map(|()| None),
        _ => Err(Refusal::Missing { entity: "webhook" }.into()),
    });
    let done = done.await;
    app.wake.notify_one();
    match done {
        Ok(Some(made)) => look(&app, &visitor, id, None, Some(&made)).await,
        Ok(None) if removed => Redirect::to("/webhooks").into_response(),
        done => answer(&visitor, done, &format!("/webhooks/{id}")),
    }
}

/// `POST /webhooks/{id}/deliveries/{delivery}/again`
pub(super) async fn again(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, delivery)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.sent(Fields(fields).get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let back = format!("/webhooks/{id}");
    let done = app.store.write(visitor.actor(), move |work| service::again(work, &id, &delivery)).await;
    app.wake.notify_one();
    answer(&visitor, done, &back)
}

//! Keys of programs: making one, shown once, and ending one.

use super::frame::{Place, page as frame, trouble};
use super::marks::{CHECKED, CLOCK, CROSS, pill};
use super::people::{forbidden, tabs, why};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::keys::{self, KeyRow, MadeKey, NewKey};
use crate::central::services::access::{Permission, Permissions};
use crate::core::message::Arg;
use axum::extract::{Path, RawForm, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// Days that a key is offered for at first.
const DAYS: i64 = 365;

/// What the page follows.
#[derive(Clone, Copy)]
enum After<'a> {
    /// It was asked for.
    Asked,
    /// A key was made; its secret is told.
    Made(&'a MadeKey),
    /// A key was not made, and why; the form keeps what was sent.
    Refused(&'a Refusal, &'a NewKey),
}

/// `GET /keys`
pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    show(&app, &visitor, After::Asked).await
}

async fn show(app: &App, visitor: &Visitor, after: After<'_>) -> Response {
    if !visitor.may(Permission::KeyManage) {
        return forbidden(visitor);
    }
    let site = app.store.site();
    let page = match app.store.read(move |tx| keys::list(tx, site)).await {
        Ok(rows) => {
            let content = content(visitor, &rows, after);
            frame(visitor, Place::People, &visitor.words().text("office-keys"), &content)
        }
        Err(error) => {
            tracing::error!(%error, "the list of keys failed");
            trouble(visitor, Place::People, "console-trouble")
        }
    };
    match after {
        After::Refused(..) => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
        After::Asked | After::Made(_) => page,
    }
}

fn content(visitor: &Visitor, rows: &[KeyRow], after: After<'_>) -> Markup {
    let words = visitor.words();
    html! {
        div.title { h1 { (words.text("office-keys")) } }
        (tabs(visitor, "/keys"))
        @if let After::Made(made) = after {
            section.card.pad role="status" {
                h2 { (words.text("office-key-made")) }
                p { (words.text("office-key-once")) }
                p.mono.secret { (made.secret) }
            }
        }
        div.card {
            @if rows.is_empty() { p.empty { (words.text("office-keys-none")) } } @else {
                table.rows {
                    thead { tr {
                        @for key in ["office-key-name", "office-key-ends-with", "office-key-may", "office-key-used", "office-key-until", "column-state"] {
                            th scope="col" { (words.text(key)) }
                        }
                    } }
                    tbody { @for row in rows { (key_row(visitor, row)) } }
                }
            }
        }
        (new_key(visitor, after))
    }
}

fn new_key(visitor: &Visitor, after: After<'_>) -> Markup {
    let words = visitor.words();
    let (refusal, name, days, ticked) = match after {
        After::Asked | After::Made(_) => (None, "", DAYS, Permissions::default()),
        After::Refused(refusal, sent) => (Some(refusal), sent.name.as_str(), sent.days, sent.scopes),
    };
    html! {
        form.card.pad.sheet method="post" action="/keys" {
            h2 { (words.text("office-key-new")) }
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            @if let Some(refusal) = refusal { p.wrong role="alert" { (why(words, refusal)) } }
            label { (words.text("office-key-name")) input name="name" maxlength="60" autocomplete="off" value=(name); }
            label { (words.text("office-key-days")) input name="days" type="number" min="1" max=(keys::DAYS_MAX) value=(days); }
            fieldset {
                legend { (words.text("office-key-may")) }
                @for permission in visitor.session.may.iter() {
                    label.check {
                        input type="checkbox" name="scope" value=(permission.name()) checked[ticked.has(permission)];
                        span.mono { (permission.name()) }
                    }
                }
            }
            div.answers { button.btn.pri { (words.text("office-key-make")) } }
        }
    }
}

fn key_row(visitor: &Visitor, row: &KeyRow) -> Markup {
    let words = visitor.words();
    let over = row.expires_ms <= visitor.now_ms;
    let day = |ms: i64| visitor.when(ms);
    let scopes: Vec<&str> = row.scopes.iter().map(Permission::name).collect();
    html! {
        tr {
            td { b { (row.name) } }
            td.mono { "…" (row.ending) }
            td.wrap.mono { (scopes.join(", ")) }
            td.muted { @if row.used_ms > 0 { (day(row.used_ms)) } @else { (words.text("office-never")) } }
            td.muted { (day(row.expires_ms)) }
            td {
                @if row.revoked_ms.is_some() { (pill("x", CROSS, &words.text("office-key-revoked"))) }
                @else if over { (pill("", CLOCK, &words.text("office-key-over"))) }
                @else {
                    form.inline method="post" action={ "/keys/" (row.id) "/revoke" } {
                        (pill("k", CHECKED, &words.text("office-key-holds")))
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        button.btn aria-label=(words.text_with("office-key-revoke-one", &[("name", Arg::Text(row.name.clone()))])) {
                            (words.text("office-key-revoke"))
                        }
                    }
                }
            }
        }
    }
}

/// What the form of a new key sends: the scopes come as the same field many times.
#[derive(Default)]
struct Sent {
    csrf: String,
    name: String,
    days: i64,
    scopes: Permissions,
}

fn read(body: &[u8]) -> Sent {
    let mut sent = Sent::default();
    for (name, value) in form_urlencoded::parse(body) {
        match &*name {
            "csrf" => sent.csrf = value.into_owned(),
            "name" => sent.name = value.into_owned(),
            "days" => sent.days = value.trim().parse().unwrap_or_default(),
            "scope" => {
                if let Some(permission) = Permission::of(&value) {
                    sent.scopes = sent.scopes.with(permission, true);
                }
            }
            _ => {}
        }
    }
    sent
}

/// `POST /keys`
pub(super) async fn make(State(app): State<App>, visitor: Visitor, RawForm(body): RawForm) -> Response {
    let sent = read(&body);
    if !visitor.may(Permission::KeyManage) || !visitor.sent(&sent.csrf) {
        return forbidden(&visitor);
    }
    let (new, own) = (NewKey { name: sent.name, scopes: sent.scopes, days: sent.days }, visitor.session.may);
    let sent = new.clone();
    match app.store.write(visitor.actor(), move |work| keys::make(work, &new, own)).await {
        Ok(made) => show(&app, &visitor, After::Made(&made)).await,
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, After::Refused(&refusal, &sent)).await,
        Err(error) => {
            tracing::error!(%error, "a key could not be made");
            trouble(&visitor, Place::People, "console-trouble")
        }
    }
}

/// `POST /keys/{id}/revoke`
pub(super) async fn revoke(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawForm(body): RawForm,
) -> Response {
    if !visitor.may(Permission::KeyManage) || !visitor.sent(&read(&body).csrf) {
        return forbidden(&visitor);
    }
    match app.store.write(visitor.actor(), move |work| keys::revoke(work, &id)).await {
        // Ended by somebody else meanwhile: the list shows it.
        Ok(()) | Err(CentralError::Refused(_)) => Redirect::to("/keys").into_response(),
        Err(error) => {
            tracing::error!(%error, "a key could not be revoked");
            trouble(&visitor, Place::People, "console-trouble")
        }
    }
}

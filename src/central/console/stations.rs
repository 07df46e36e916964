//! The stations: when each was last heard of, what it holds, and how far it is behind. Who may manage them makes codes for new ones and
//! disconnects those that are gone.

use super::frame::{Place, page as frame, trouble};
use super::marks::{BACK, CHECKED, CLOCK, MINUS, OCTAGON, TRIANGLE, icon, pill};
use super::new_order::form::Fields;
use super::orders::may_see_orders;
use super::people::{forbidden, why};
use super::visitor::{LIVE_MS, Visitor};
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::stations::{self, NewCode, StationRow};
use crate::core::message::Arg;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

/// An unsent fact older than this is worth a look, ms: a bench that is online sends within seconds.
const LAG_MS_MAX: i64 = 5 * 60 * 1000;

/// `GET /stations`
pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    if let Err(refused) = may_see_orders(&visitor) {
        return *refused;
    }
    show(&app, &visitor, None, None).await
}

/// The list, with a code that was just made, or why none was.
async fn show(app: &App, visitor: &Visitor, made: Option<&Made>, refused: Option<&Refusal>) -> Response {
    let site = app.store.site();
    match app.store.read(move |tx| stations::list(tx, site)).await {
        Ok(rows) => {
            let title = visitor.words().text("console-stations");
            let content = html! { (content(visitor, &rows)) @if visitor.may(Permission::StationManage) { (code_form(visitor, made, refused)) } };
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            (status, frame(visitor, Place::Stations, &title, &content)).into_response()
        }
        Err(error) => failed(visitor, &error),
    }
}

fn failed(visitor: &Visitor, error: &CentralError) -> Response {
    tracing::error!(%error, "the list of stations failed");
    (StatusCode::SERVICE_UNAVAILABLE, trouble(visitor, Place::Stations, "console-trouble")).into_response()
}

/// A code, and for which station.
struct Made {
    name: String,
    code: NewCode,
}

/// The form that makes a code, and the code that it made: it is shown once.
fn code_form(visitor: &Visitor, made: Option<&Made>, refused: Option<&Refusal>) -> Markup {
    let words = visitor.words();
    html! {
        section.card.pad {
            h2 { (words.text("station-new-code")) }
            @if let Some(made) = made {
                @let (left, right) = made.code.code.split_at(made.code.code.len() / 2);
                @let until = visitor.when(made.code.expires.0);
                p.lead role="status" { b { (made.name) } ": "
                    span.mono { (words.text_with("station-code-is", &[("code", Arg::Text(format!("{left} {right}"))), ("time", Arg::Text(until))])) } }
            }
            @if let Some(refusal) = refused { p.wrong role="alert" { (why(words, refusal)) } }
            p.muted { (words.text("station-code-lead")) }
            form.sheet method="post" action="/stations/code" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                label { (words.text("column-station")) input name="name" maxlength="40" required; }
                div.answers { button.btn { (words.text("station-code-make")) } }
            }
        }
    }
}

/// `POST /stations/code`
pub(super) async fn code(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::StationManage) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let name = fields.get("name").trim().to_owned();
    let wanted = name.clone();
    match app.store.write(visitor.actor(), move |work| stations::code(work, &wanted, "pack")).await {
        Ok(code) => show(&app, &visitor, Some(&Made { name, code }), None).await,
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, None, Some(&refusal)).await,
        Err(error) => failed(&visitor, &error),
    }
}

/// `GET /stations/{id}/revoke`: what it means, before it is done.
pub(super) async fn ask(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    if !visitor.may(Permission::StationManage) {
        return forbidden(&visitor);
    }
    let site = app.store.site();
    let rows = match app.store.read(move |tx| stations::list(tx, site)).await {
        Ok(rows) => rows,
        Err(error) => return failed(&visitor, &error),
    };
    let Some(row) = rows.iter().find(|row| row.id == id && row.paired) else {
        return (StatusCode::NOT_FOUND, trouble(&visitor, Place::Stations, "console-not-found")).into_response();
    };
    let words = visitor.words();
    let title = words.text_with("station-revoke-ask", &[("name", Arg::Text(row.name.clone()))]);
    let content = html! {
        div.title {
            a.back href="/stations" aria-label=(words.text("console-stations")) { (icon(BACK, 22)) }
            h1 { (title) }
        }
        section.card.pad {
            p.lead { (words.text("station-revoke-lead")) }
            p { (lag(&visitor, row)) " · " (words.text_with("station-leased", &[("n", Arg::Int(row.leased))])) }
            form method="post" action={ "/stations/" (row.id) "/revoke" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                div.answers {
                    button.btn.stop { (words.text("station-revoke")) }
                    a.btn href="/stations" { (words.text("station-revoke-not")) }
                }
            }
        }
    };
    frame(&visitor, Place::Stations, &title, &content)
}

/// `POST /stations/{id}/revoke`
pub(super) async fn revoke(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.may(Permission::StationManage) || !visitor.sent(Fields(fields).get("csrf")) {
        return forbidden(&visitor);
    }
    match app.store.write(visitor.actor(), move |work| stations::revoke(work, &id)).await {
        // Ended by somebody else meanwhile: the list shows it.
        Ok(()) | Err(CentralError::Refused(Refusal::State { .. })) => Redirect::to("/stations").into_response(),
        Err(CentralError::Refused(_)) => {
            (StatusCode::NOT_FOUND, trouble(&visitor, Place::Stations, "console-not-found")).into_response()
        }
        Err(error) => failed(&visitor, &error),
    }
}

fn state(visitor: &Visitor, row: &StationRow) -> Markup {
    let words = visitor.words();
    let age = visitor.now_ms - row.seen_ms;
    if row.quarantined {
        return pill("x", OCTAGON, &words.text("exception-kind-fork"));
    }
    if !row.paired {
        return pill("", MINUS, &words.text("station-revoked"));
    }
    if row.seen_ms == 0 {
        return pill("", MINUS, &words.text("station-never"));
    }
    if age < LIVE_MS {
        return pill("k", CHECKED, &words.text("station-live"));
    }
    if age < LIVE_MS * 5 {
        return pill("w", CLOCK, &words.text("station-late"));
    }
    pill("w", TRIANGLE, &words.text_with("station-lost", &[("age", Arg::SpanMs(age))]))
}

/// What waits at it, by its last word. The age goes on growing while a station is not heard.
fn lag(visitor: &Visitor, row: &StationRow) -> Markup {
    let words = visitor.words();
    if row.told_ms == 0 {
        return html! { "–" };
    }
    if row.waiting == 0 {
        return html! { span.muted { (words.text("station-all-sent")) } };
    }
    let age_ms = visitor.now_ms - row.oldest_unsynced_ms;
    let text = words.text_with("station-unsent", &[("n", Arg::Int(row.waiting)), ("age", Arg::SpanMs(age_ms))]);
    if age_ms > LAG_MS_MAX {
        pill("w", TRIANGLE, &text)
    } else {
        html! { (text) }
    }
}

fn content(visitor: &Visitor, rows: &[StationRow]) -> Markup {
    let words = visitor.words();
    let manage = visitor.may(Permission::StationManage);
    html! {
        h1 { (words.text("console-stations")) }
        div.card {
            @if rows.is_empty() { p.empty { (words.text("console-none")) } } @else {
                table {
                    thead { tr {
                        @for key in ["column-station", "column-state", "column-last-seen", "column-events", "column-lag", "column-what"] {
                            th scope="col" { (words.text(key)) }
                        }
                        @if manage { th {} }
                    } }
                    tbody { @for row in rows { tr {
                        td { b { (row.name) } }
                        td { (state(visitor, row)) }
                        td.muted { @if row.seen_ms > 0 { (visitor.when(row.seen_ms)) } @else { "–" } }
                        td.num { (words.format().number(row.events)) }
                        td { (lag(visitor, row)) }
                        td { (words.text_with("station-leased", &[("n", Arg::Int(row.leased))])) }
                        @if manage { td { @if row.paired {
                            a.btn href={ "/stations/" (row.id) "/revoke" } aria-label={ (words.text("station-revoke")) " " (row.name) } {
                                (words.text("station-revoke")) }
                        } } }
                    } } }
                }
            }
        }
    }
}

//! What is done to all orders that fit a filter: asked once more with their number, worked off in the background, and a page that
//! says how far it is, which orders refused, and offers to take it back. A job is its asker's alone.

use super::super::frame::{Place, page as frame, trouble};
use super::super::marks::{BACK, CHECKED, CLOCK, CROSS, OCTAGON, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::proofs::said;
use super::super::visitor::Visitor;
use super::act::{back, name, permission};
use super::asked::Asked;
use super::cells::moment;
use super::may_see_orders;
use crate::central::error::{CentralError, Refusal};
use crate::central::many as worker;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::many::{self, Job, NAMED_MAX, ORDERS_MAX, Refused, State};
use crate::central::services::orders::table::act::Action;
use crate::central::services::orders::table::{Count, how_many};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, State as Of};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// Whether a press on the bar means all orders that fit: asks once more, with their number.
pub async fn ask(app: &App, visitor: &Visitor, fields: &Fields) -> Response {
    let words = visitor.words();
    let Some(action) = Action::of(fields.get("do"), fields.get("station")) else {
        // Papers are printed for those of a page.
        return (StatusCode::UNPROCESSABLE_ENTITY, trouble(visitor, Place::Orders, "orders-too-many")).into_response();
    };
    if !visitor.may(permission(action)) {
        return forbidden(visitor);
    }
    let asked = Asked { cursor: None, ..Asked::of_query(fields.get("query")) };
    let filter = asked.filter(visitor.may(Permission::PersonView), &words.format().zone(), visitor.now_ms);
    let site = app.store.site();
    let count = match app.store.read(move |tx| how_many(tx, site, &filter)).await {
        Ok(Count::Exactly(n)) => words.text_with("orders-many-count", &[("n", Arg::Int(n))]),
        Ok(Count::MoreThan(n)) => words.text_with("orders-count-more", &[("n", Arg::Int(n))]),
        Ok(Count::Unknown) => words.text("orders-every-many").into_owned(),
        Err(error) => {
            tracing::error!(%error, "orders that fit could not be counted");
            return trouble(visitor, Place::Orders, "console-trouble");
        }
    };
    let title = name(words, action);
    let hint = if action == Action::CallOff { "orders-call-off-hint" } else { "orders-many-hint" };
    let content = html! {
        h1 { (title) }
        form.card.pad method="post" action="/orders/many" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="do" value=(action.word());
            input type="hidden" name="station" value=(fields.get("station"));
            input type="hidden" name="query" value=(asked.query());
            p { b { (count) } }
            p { (words.text(hint)) }
            div.answers {
                button.btn.pri { (title) }
                a.btn href=(back(fields)) { (words.text("orders-back")) }
            }
        }
    };
    frame(visitor, Place::Orders, &title, &content)
}

/// `POST /orders/many`
pub async fn begin(Of(app): Of<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    let Some(action) = Action::of(fields.get("do"), fields.get("station"))
        .filter(|action| visitor.sent(fields.get("csrf")) && visitor.may(permission(*action)))
    else {
        return forbidden(&visitor);
    };
    let asked = Asked { cursor: None, ..Asked::of_query(fields.get("query")) };
    let filter = asked.filter(visitor.may(Permission::PersonView), &visitor.words().format().zone(), visitor.now_ms);
    let (user, sort) = (visitor.session.user, asked.sort);
    let begun = app.store.write(visitor.actor(), move |work| many::begin(work, user, action, &filter, &sort)).await;
    began(&app, &visitor, begun).await
}

/// Starts a job that was noted, and leads to its page.
async fn began(app: &App, visitor: &Visitor, begun: Result<String, CentralError>) -> Response {
    let (site, user) = (app.store.site(), visitor.session.user);
    let read = match begun {
        Ok(id) => app.store.read(move |tx| many::one(tx, site, user, &id)).await,
        Err(error) => Err(error),
    };
    match read {
        Ok(job) => {
            let to = format!("/orders/many/{}", job.id);
            worker::start(app, job);
            Redirect::to(&to).into_response()
        }
        Err(CentralError::Refused(refusal)) => {
            let words = visitor.words();
            let why = match refusal {
                Refusal::Field { why: "none fits", .. } => words.text("console-none-found").into_owned(),
                Refusal::Field { why: "are too many at once", .. } => words
                    .text_with("orders-many-most", &[("n", Arg::Int(i64::try_from(ORDERS_MAX).unwrap_or(i64::MAX)))]),
                Refusal::Field { .. } => words.text("orders-many-busy").into_owned(),
                other => said(words, &other),
            };
            let content = html! {
                h1 { (words.text("orders-many")) }
                p.card.pad role="alert" { (icon(OCTAGON, 18)) " " (why) }
                a.btn href="/orders" { (words.text("orders-back")) }
            };
            let page = frame(visitor, Place::Orders, &words.text("orders-many"), &content);
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a job over many orders could not be begun");
            trouble(visitor, Place::Orders, "console-trouble")
        }
    }
}

fn missing(visitor: &Visitor) -> Response {
    (StatusCode::NOT_FOUND, trouble(visitor, Place::Orders, "console-not-found")).into_response()
}

/// `GET /orders/many/{id}`
pub async fn one(Of(app): Of<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    if let Err(answer) = may_see_orders(&visitor) {
        return *answer;
    }
    let (site, user) = (app.store.site(), visitor.session.user);
    let read = app.store.read(move |tx| Ok((many::one(tx, site, user, &id)?, many::refused(tx, &id)?))).await;
    match read {
        Ok((job, refused)) => {
            let title = name(visitor.words(), job.action);
            frame(&visitor, Place::Orders, &title, &content(&visitor, &job, &refused))
        }
        Err(CentralError::Refused(_)) => missing(&visitor),
        Err(error) => {
            tracing::error!(%error, "a job over many orders could not be shown");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

fn state(words: &Catalogue, state: State) -> Markup {
    match state {
        State::Running => pill("a", CLOCK, &words.text("orders-many-running")),
        State::Done => pill("k", CHECKED, &words.text("orders-done")),
        State::Stopped => pill("", CROSS, &words.text("orders-export-stopped")),
        State::Failed => pill("x", OCTAGON, &words.text("orders-many-failed")),
    }
}

fn way(words: &Catalogue, job: &Job) -> Markup {
    let counts = [("done", Arg::Int(job.done)), ("n", Arg::Int(job.all))];
    html! {
        span.way {
            (state(words, job.state))
            progress max=(job.all) value=(job.worked()) aria-label=(words.text("orders-many-running")) {}
            span { (words.text_with("orders-done-of", &counts)) }
        }
    }
}

fn content(visitor: &Visitor, job: &Job, refused: &[Refused]) -> Markup {
    let words = visitor.words();
    let press = |what: &str, key: &str, path: &str| {
        html! {
            form method="post" action={ "/orders/many/" (job.id) "/" (what) } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                button.btn { (icon(path, 16)) (words.text(key)) }
            }
        }
    };
    let over = job.state != State::Running;
    html! {
        div.title {
            a.back href="/orders" aria-label=(words.text("console-orders")) { (icon(BACK, 22)) }
            h1 { (name(words, job.action)) }
            @if job.takes_back { span.muted { (words.text("orders-many-takes-back")) } }
        }
        div.card.pad role="status" data-poll[!over] data-state=(job.state.word()) data-done=(job.done) data-refused=(job.refused) {
            (way(words, job))
            @if job.recalled > 0 { p { (pill("w", CLOCK, &words.text("neworder-edit-recalled"))) " " (words.format().number(job.recalled)) } }
            @if job.refused > 0 { p { (pill("x", OCTAGON, &words.text("orders-many-refused"))) " " (words.format().number(job.refused)) } }
            div.answers {
                @if !over { (press("stop", "orders-export-stop", CROSS)) }
                @if over && !job.taken_back && job.done > 0 && job.action.undo().is_some() { (press("undo", "orders-undo", BACK)) }
                @if job.taken_back { (pill("", BACK, &words.text("orders-many-taken-back"))) }
                a.btn href="/orders" { (words.text("orders-back")) }
                a.btn href="/orders/many" { (words.text("orders-many")) }
            }
        }
        @if !refused.is_empty() {
            section.card.pad {
                h2 { (words.text("orders-many-refused")) }
                @if refused.len() == NAMED_MAX { p.muted { (words.text_with("orders-many-named", &[("n", Arg::Int(i64::try_from(NAMED_MAX).unwrap_or(i64::MAX)))])) } }
                ul.outcomes { @for one in refused {
                    li { a.mono href={ "/orders/" (one.number) } { (one.number) } " " (pill("x", OCTAGON, &said(words, &one.why))) }
                } }
            }
        }
    }
}

/// `GET /orders/many`: what one asked for of late.
pub async fn page(Of(app): Of<App>, visitor: Visitor) -> Response {
    if let Err(answer) = may_see_orders(&visitor) {
        return *answer;
    }
    let (site, user, words) = (app.store.site(), visitor.session.user, visitor.words());
    let all = match app.store.read(move |tx| many::list(tx, site, user)).await {
        Ok(all) => all,
        Err(error) => {
            tracing::error!(%error, "jobs over many orders could not be listed");
            return trouble(&visitor, Place::Orders, "console-trouble");
        }
    };
    let running = all.iter().any(|job| job.state == State::Running);
    let content = html! {
        div.title {
            a.back href="/orders" aria-label=(words.text("console-orders")) { (icon(BACK, 22)) }
            h1 { (words.text("orders-many")) }
        }
        p.lead { (words.text("orders-many-lead")) }
        div.card data-poll[running] {
            @if all.is_empty() { p.empty { (words.text("console-none")) } }
            @else {
                table.rows {
                    thead { tr {
                        th scope="col" { (words.text("column-when")) } th scope="col" { (words.text("column-actions")) }
                        th scope="col" { (words.text("column-state")) }
                    } }
                    tbody { @for job in &all { tr {
                        td { (moment(words, job.created_ms, visitor.now_ms)) }
                        td { a href={ "/orders/many/" (job.id) } { (name(words, job.action)) }
                            @if job.takes_back { " " span.muted { (words.text("orders-many-takes-back")) } } }
                        td { (way(words, job)) }
                    } } }
                }
            }
        }
    };
    frame(&visitor, Place::Orders, &words.text("orders-many"), &content)
}

/// `POST /orders/many/{id}/stop`: what was done stays done.
pub async fn stop(
    Of(app): Of<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.sent(Fields(fields).get("csrf")) {
        return forbidden(&visitor);
    }
    let (site, user, to) = (app.store.site(), visitor.session.user, format!("/orders/many/{id}"));
    let ended = app.store.write(visitor.actor(), move |work| {
        many::one(work.tx, site, user, &id)?;
        many::end(work, &id, State::Stopped)
    });
    match ended.await {
        Ok(()) => Redirect::to(&to).into_response(),
        Err(CentralError::Refused(_)) => missing(&visitor),
        Err(error) => {
            tracing::error!(%error, "a job over many orders could not be stopped");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// `POST /orders/many/{id}/undo`
pub async fn undo(
    Of(app): Of<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.sent(Fields(fields).get("csrf")) {
        return forbidden(&visitor);
    }
    let (site, user, of) = (app.store.site(), visitor.session.user, id.clone());
    match app.store.read(move |tx| many::one(tx, site, user, &of)).await {
        Ok(job) if visitor.may(permission(job.action)) => {}
        Ok(_) => return forbidden(&visitor),
        Err(_) => return missing(&visitor),
    }
    let begun = app.store.write(visitor.actor(), move |work| many::take_back(work, user, &id)).await;
    began(&app, &visitor, begun).await
}

//! Files of an order at the console, and merging it with another of the same customer. A file is read into memory no further than its
//! largest size, and only a few at a time; whoever looks is written down first.

use super::frame::{Place, page as frame, trouble};
use super::marks::{BACK, BOX, ORDER, icon};
use super::new_order::form::Fields;
use super::people::forbidden;
use super::proofs::said;
use super::uploads::{give, in_turn, receive};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::files::{self as service, Attached};
use crate::central::services::orders::edit::Edited;
use crate::central::services::orders::{self, id_of_number};
use crate::core::message::Arg;
use axum::Form;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// The files there are, and the form that adds one. Files may show persons, so looking is for who may see those.
pub(super) fn section(visitor: &Visitor, number: &str, files: &[Attached]) -> Markup {
    let words = visitor.words();
    let may_add = visitor.may(Permission::OrderUpdate);
    html! {
        section.card.pad {
            h2 { (words.text("order-files")) }
            @if files.is_empty() { p.muted { (words.text("order-no-files")) } }
            @for file in files {
                div.inline {
                    (icon(ORDER, 18))
                    @let when = visitor.when(file.at_ms);
                    @if visitor.may(Permission::PersonView) { a href={ "/files/" (file.id) } { (file.name) } } @else { span { (file.name) } }
                    span.muted { (when) }
                    @if may_add {
                        form method="post" action={ "/files/" (file.id) "/remove" } {
                            input type="hidden" name="csrf" value=(visitor.session.csrf);
                            button.btn aria-label=(words.text_with("order-file-remove-of", &[("name", Arg::Text(file.name.clone()))])) {
                                (words.text("order-file-remove")) }
                        }
                    }
                }
            }
            @if may_add {
                form.upload method="post" action={ "/orders/" (number) "/files" } enctype="multipart/form-data" {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    label { (words.text("neworder-proof-file"))
                        input type="file" name="file" accept="application/pdf,image/png,image/jpeg" required;
                        span.small { (words.text("neworder-proof-hint")) } }
                    button.btn { (words.text("order-file-add")) }
                }
            }
        }
    }
}

/// The form that merges another order into this one; none where there is no other.
pub(super) fn merge_form(visitor: &Visitor, number: &str, others: &[String]) -> Markup {
    let words = visitor.words();
    html! {
        @if visitor.may(Permission::OrderUpdate) && visitor.may(Permission::OrderDelete) && !others.is_empty() {
            section.card.pad {
                details {
                    summary { (icon(BOX, 18)) " " (words.text("order-merge")) }
                    p.muted { (words.text("order-merge-hint")) }
                    form.sheet method="post" action={ "/orders/" (number) "/merge" } {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        label { (words.text("order-merge-which"))
                            select name="from" { @for other in others { option value=(other) { (other) } } } }
                        div.answers { button.btn { (words.text("order-merge-do")) } }
                    }
                }
            }
        }
    }
}

/// The page that says why something was not done, with the way back.
fn refuse(visitor: &Visitor, refusal: &Refusal, number: &str, status: StatusCode) -> Response {
    let words = visitor.words();
    let title = words.text_with("order-title", &[("order", Arg::Text(number.to_owned()))]);
    let content = html! {
        div.title { a.back href={ "/orders/" (number) } aria-label=(title) { (icon(BACK, 22)) } h1 { (title) } }
        p.wrong role="alert" { (said(words, refusal)) }
    };
    (status, frame(visitor, Place::Orders, &title, &content)).into_response()
}

/// Answers what came of something done to an order.
fn answer<T>(visitor: &Visitor, number: &str, done: Res<T>) -> Response {
    match done {
        Ok(_) => Redirect::to(&format!("/orders/{number}")).into_response(),
        Err(CentralError::Refused(Refusal::Missing { .. })) => {
            (StatusCode::NOT_FOUND, trouble(visitor, Place::Orders, "console-not-found")).into_response()
        }
        Err(CentralError::Refused(refusal)) => refuse(visitor, &refusal, number, StatusCode::UNPROCESSABLE_ENTITY),
        Err(error) => {
            tracing::error!(%error, "an order could not be changed");
            trouble(visitor, Place::Orders, "console-trouble")
        }
    }
}

/// `POST /orders/{number}/files`
pub(super) async fn add(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Multipart,
) -> Response {
    if !visitor.may(Permission::OrderUpdate) {
        return forbidden(&visitor);
    }
    let (_turn, received) = match in_turn(&app, &visitor, receive(&visitor, form)).await {
        Ok(received) => received,
        Err(answer) => return *answer,
    };
    let (name, bytes) = match received {
        Ok(Some(sent)) => sent,
        Ok(None) => return forbidden(&visitor),
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let large = Refusal::Field { field: "proof.size", why: "must have at most 10 MiB" };
            return refuse(&visitor, &large, &number, StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let (site, wanted) = (app.store.site(), number.clone());
    let done = match app.store.read(move |tx| id_of_number(tx, site, &wanted)).await {
        Ok(order) => service::add(&app.store, &app.photos, visitor.actor(), order, name, bytes).await,
        Err(error) => Err(error),
    };
    answer(&visitor, &number, done)
}

/// `GET /files/{id}`: the file, once it is written down who looks.
pub(super) async fn look(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    if !visitor.may(Permission::PersonView) {
        return forbidden(&visitor);
    }
    let file = match app.store.write(visitor.actor(), move |work| service::look(work, &id)).await {
        Ok(file) => file,
        Err(CentralError::Refused(_)) => {
            return (StatusCode::NOT_FOUND, trouble(&visitor, Place::Orders, "console-not-found")).into_response();
        }
        Err(error) => {
            tracing::error!(%error, "a look at a file could not be written down");
            return trouble(&visitor, Place::Orders, "console-trouble");
        }
    };
    give(&visitor, service::path(&app.photos.folder, &file), &file.media_type, "file").await
}

/// `POST /files/{id}/remove`
pub(super) async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.may(Permission::OrderUpdate) || !visitor.sent(Fields(fields).get("csrf")) {
        return forbidden(&visitor);
    }
    let removed = app.store.write(visitor.actor(), move |work| service::remove(work, &id)).await;
    let (number, done) = match removed {
        Ok((number, 0, hash)) => (number, service::drop_content(&app.store, &app.photos, hash).await),
        Ok((number, _, _)) => (number, Ok(())),
        Err(error) => (String::new(), Err(error)),
    };
    answer(&visitor, &number, done)
}

/// `POST /orders/{number}/merge`
pub(super) async fn merge(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let may = visitor.may(Permission::OrderUpdate) && visitor.may(Permission::OrderDelete);
    if !may || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (into, from) = (number.clone(), fields.get("from").to_owned());
    match app.store.write(visitor.actor(), move |work| orders::merge(work, &into, &from)).await {
        Ok(Edited::Recalled) => {
            let words = visitor.words();
            let title = words.text("order-merge");
            let content = html! {
                div.title { a.back href={ "/orders/" (number) } aria-label=(title) { (icon(BACK, 22)) } h1 { (title) } }
                p.lead role="status" { (words.text("order-merge-recalled")) }
            };
            frame(&visitor, Place::Orders, &title, &content)
        }
        done => answer(&visitor, &number, done),
    }
}

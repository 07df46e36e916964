//! Views that are saved and taken away, and the columns a person sets.

use super::super::frame::{Place, trouble};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::visitor::Visitor;
use super::FRAGMENT;
use super::asked::Asked;
use super::columns::{Column, Layout};
use crate::central::error::CentralError;
use crate::central::routes::App;
use crate::central::services::orders::table::views;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

fn ended(visitor: &Visitor, done: Result<(), CentralError>, to: &str) -> Response {
    match done {
        Ok(()) => Redirect::to(to).into_response(),
        Err(CentralError::Refused(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, trouble(visitor, Place::Orders, "orders-view-refused")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a view could not be kept");
            trouble(visitor, Place::Orders, "console-trouble")
        }
    }
}

/// `POST /orders/views`
pub async fn save(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    // What is kept is what this program reads of it, never what was sent.
    let asked = Asked { cursor: None, ..Asked::of_query(fields.get("query")) };
    let (user, name, shared) = (visitor.session.user, fields.get("name").to_owned(), fields.get("shared") == "1");
    if name.is_empty() {
        return (StatusCode::UNPROCESSABLE_ENTITY, trouble(&visitor, Place::Orders, "orders-view-refused"))
            .into_response();
    }
    let query = asked.query();
    let done = app.store.write(visitor.actor(), move |work| views::save(work, user, &name, &query, shared)).await;
    ended(&visitor, done, &asked.link())
}

/// `POST /orders/views/{id}/remove`
pub async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.sent(Fields(fields).get("csrf")) {
        return forbidden(&visitor);
    }
    let user = visitor.session.user;
    let done = app.store.write(visitor.actor(), move |work| views::remove(work, user, &id)).await;
    ended(&visitor, done, "/orders")
}

/// `POST /orders/columns`
pub async fn columns(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let place = |column: Column| {
        let at = fields.get(&format!("at-{}", column.word())).parse().unwrap_or(99);
        let shown = !fields.get(&format!("on-{}", column.word())).is_empty();
        (column, shown.then_some(at), fields.get(&format!("px-{}", column.word())).parse().ok())
    };
    let set = if fields.get("reset").is_empty() { Layout::from_form(&Column::ALL.map(place)) } else { None };
    let text = set.unwrap_or_default().text();
    let user = visitor.session.user;
    let done = app.store.write(visitor.actor(), move |work| views::save(work, user, "", &text, false)).await;
    if headers.contains_key(FRAGMENT) && done.is_ok() {
        return StatusCode::NO_CONTENT.into_response();
    }
    let asked = Asked { layout: None, cursor: None, ..Asked::of_query(fields.get("query")) };
    ended(&visitor, done, &asked.link())
}

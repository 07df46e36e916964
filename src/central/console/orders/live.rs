//! What changes while people look: a stream of news for every page of the console, and rows of the table by themselves.

use super::super::visitor::Visitor;
use super::asked::Asked;
use super::cells::{Desk, row};
use super::columns::Layout;
use super::{may_see_orders, services};
use crate::central::error::Res;
use crate::central::feed;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::table::{PAGE_ROWS, rows, views};
use crate::core::time::UtcMs;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use maud::html;

/// `GET /live`: news as server-sent events. There is a bound on how many listen; who finds no place asks again later.
pub async fn stream(State(app): State<App>, visitor: Visitor) -> Response {
    if let Err(answer) = may_see_orders(&visitor) {
        return *answer;
    }
    match feed::listen(&app).await {
        Some(stream) => Sse::new(stream).keep_alive(KeepAlive::default()).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")], "too many listen").into_response(),
    }
}

/// `GET /orders/rows?id=…`: the rows of these orders as the table shows them now.
pub async fn some(State(app): State<App>, visitor: Visitor, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    if let Err(answer) = may_see_orders(&visitor) {
        return *answer;
    }
    let asked = Asked::of(&pairs);
    let ids: Vec<String> =
        pairs.iter().filter(|(name, _)| name == "id").map(|(_, id)| id.clone()).take(PAGE_ROWS).collect();
    let (site, now_ms, user) = (app.store.site(), visitor.now_ms, visitor.session.user);
    let personal = visitor.may(Permission::PersonView);
    let layout = asked.layout.clone();
    let read = move |tx: &mut dyn crate::sql::Conn| -> Res<_> {
        let layout = match &layout {
            Some(layout) => layout.clone(),
            None => Layout::of(&views::columns(tx, site, user)?).unwrap_or_default(),
        };
        let seen_ms = views::last_look_ms(tx, user)?;
        Ok((rows(tx, site, &ids, personal, UtcMs(now_ms))?, services(tx, site)?, layout, seen_ms))
    };
    match app.store.read(read).await {
        Ok((rows, services, layout, seen_ms)) => {
            let back = asked.link();
            let desk = Desk { visitor: &visitor, services: &services, seen_ms, back: &back };
            html! { table { tbody { @for one in &rows { (row(&desk, &layout, one)) } } } }.into_response()
        }
        Err(error) => {
            tracing::error!(%error, "rows of the table could not be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

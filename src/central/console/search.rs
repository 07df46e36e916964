//! Finding anything from anywhere: a page with what fits the text, kind by kind, and the same list alone for the palette that opens
//! on every page by `/` or Ctrl+K. A number that names one thing exactly leads straight to it.

use super::frame::{FRAGMENT, Place, page as frame, trouble};
use super::marks::{BOX, COLUMNS, GLASS, ORDER, SCAN, USER, icon};
use super::stock::part;
use super::visitor::Visitor;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::search::{Found, Sight, TEXT_MAX, search};
use crate::core::time::UtcMs;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What is looked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET /search?q=…`
pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    heads: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let (site, text) = (app.store.site(), asked.q.clone());
    let sight = Sight {
        orders: visitor.may(Permission::OrderView),
        products: visitor.may(Permission::StockView),
        personal: visitor.may(Permission::PersonView),
        people: visitor.may(Permission::UserView),
    };
    let found = match app.store.read(move |tx| search(tx, site, &text, sight)).await {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(%error, "searching failed");
            return (StatusCode::INTERNAL_SERVER_ERROR, trouble(&visitor, Place::Search, "console-trouble"))
                .into_response();
        }
    };
    if heads.contains_key(FRAGMENT) {
        return list(&visitor, &found).into_response();
    }
    if let Some(href) = straight(&found, asked.q.trim()) {
        return Redirect::to(&href).into_response();
    }
    let title = visitor.words().text("search-title");
    frame(&visitor, Place::Search, &title, &content(&visitor, &asked.q, &found))
}

/// The page of what was found.
fn href(found: &Found) -> String {
    match found {
        Found::Order { number, .. } | Found::Parcel { order: number, .. } => format!("/orders/{}", part(number)),
        Found::Product { sku, .. } => format!("/stock/of/{}", part(sku)),
        Found::Customer { number, .. } => format!("/customers/{}", part(number)),
        Found::Station { .. } => "/stations".to_owned(),
        Found::Person { id, .. } => format!("/people/{}", part(id)),
    }
}

/// Where a text leads that names one thing exactly.
fn straight(found: &[Found], text: &str) -> Option<String> {
    let exact = |one: &&Found| match one {
        Found::Order { number, .. } => number.eq_ignore_ascii_case(text),
        Found::Parcel { .. } => true,
        Found::Product { sku, .. } => sku.eq_ignore_ascii_case(text),
        Found::Customer { .. } | Found::Station { .. } | Found::Person { .. } => false,
    };
    let mut all = found.iter().filter(exact);
    let first = all.next()?;
    all.next().is_none().then(|| href(first))
}

/// Icon, kind, what it is called, and what is said beside it.
fn parts<'a>(visitor: &'a Visitor, found: &'a Found) -> (&'static str, &'static str, &'a str, String) {
    match found {
        Found::Order { number, placed_ms } => {
            (ORDER, "search-order", number, visitor.words().format().date(UtcMs(*placed_ms)))
        }
        Found::Parcel { order, code } => (BOX, "search-parcel", code, order.clone()),
        Found::Product { sku, name } => (COLUMNS, "search-product", sku, name.clone()),
        Found::Customer { number, name } => (USER, "search-customer", number, name.clone()),
        Found::Station { name } => (SCAN, "search-station", name, String::new()),
        Found::Person { name, login, .. } => (USER, "search-person", name, login.clone()),
    }
}

fn list(visitor: &Visitor, found: &[Found]) -> Markup {
    html! {
        ul.found {
            @for one in found {
                @let (path, kind, name, detail) = parts(visitor, one);
                li {
                    a href=(href(one)) {
                        (icon(path, 18)) span.kind { (visitor.words().text(kind)) } b.mono { (name) } span.muted { (detail) }
                    }
                }
            }
        }
    }
}

fn content(visitor: &Visitor, text: &str, found: &[Found]) -> Markup {
    let words = visitor.words();
    html! {
        h1 { (words.text("search-title")) }
        form.search method="get" action="/search" role="search" {
            (icon(GLASS, 18))
            input #search type="search" name="q" value=(text) maxlength=(TEXT_MAX) autofocus
                placeholder=(words.text("search-hint")) aria-label=(words.text("search-title"));
            button.btn.pri { (words.text("search-find")) }
        }
        @if !found.is_empty() { div.card { (list(visitor, found)) } }
        @else if !text.trim().is_empty() { p.empty { (words.text("search-nothing")) } }
        p.muted { (words.text("search-keys")) }
    }
}

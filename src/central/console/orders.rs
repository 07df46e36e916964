//! The list of orders: search, open or all, fifty a page.

use super::frame::{Place, page as frame, trouble};
use super::marks::{self, GLASS, NEXT, icon};
use super::visitor::Visitor;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::{Filter, OrderPage, OrderRow, list};
use crate::core::money::{Currency, Money};
use crate::core::time::UtcMs;
use crate::i18n::Catalogue;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

/// What the address of the page says.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    search: String,
    all: Option<String>,
    status: String,
    cursor: Option<String>,
}

pub(super) async fn page(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let filter = Filter {
        search: asked.search.chars().take(100).collect(),
        open: asked.all.is_none() && asked.status.is_empty(),
        status: asked.status.clone(),
        fulfillment: String::new(),
        personal: visitor.may(Permission::PersonView),
    };
    let (site, cursor) = (app.store.site(), asked.cursor.clone().filter(|cursor| !cursor.is_empty()));
    let read = app.store.read(move |tx| list(tx, site, &filter, cursor.as_deref())).await;
    match read {
        Ok(rows) => {
            let words = visitor.words();
            frame(&visitor, Place::Orders, &words.text("console-orders"), &content(&visitor, &asked, &rows))
        }
        Err(error) => {
            tracing::error!(%error, "the list of orders failed");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// An amount in words; digits alone for a currency that is no code.
pub(super) fn money(words: &Catalogue, minor: i64, currency: &str) -> String {
    match Currency::new(currency) {
        Some(currency) => words.format().money(Money { minor, currency }),
        None => minor.to_string(),
    }
}

fn link(asked: &Asked, cursor: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("search", &asked.search), ("status", &asked.status)] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if asked.all.is_some() {
        query.append_pair("all", "1");
    }
    if let Some(cursor) = cursor {
        query.append_pair("cursor", cursor);
    }
    format!("/orders?{}", query.finish())
}

fn content(visitor: &Visitor, asked: &Asked, page: &OrderPage) -> Markup {
    let words = visitor.words();
    let open = asked.all.is_none() && asked.status.is_empty();
    let tab = |on: bool, href: &str, key: &str| {
        html! { a.on[on] href=(href) aria-current=[on.then_some("page")] { (words.text(key)) } }
    };
    html! {
        div.title {
            h1 { (words.text("console-orders")) }
            span.grow {}
            @if visitor.may(Permission::OrderCreate) && visitor.may(Permission::PersonView) {
                a.btn.pri href="/orders/new" { (icon(marks::ORDER, 18)) (words.text("console-new-order")) }
            }
        }
        div.tabs {
            (tab(open, "/orders", "console-all-open"))
            (tab(asked.all.is_some(), "/orders?all=1", "console-any"))
            @for status in ["placed", "closed", "cancelled"] {
                (tab(asked.status == status, &format!("/orders?status={status}"), &format!("status-{status}")))
            }
        }
        form.filters method="get" action="/orders" role="search" {
            label.field { (icon(GLASS, 18))
                input name="search" value=(asked.search) placeholder=(words.text("console-search-hint"))
                    aria-label=(words.text("console-search")); }
            @if asked.all.is_some() { input type="hidden" name="all" value="1"; }
            @if !asked.status.is_empty() { input type="hidden" name="status" value=(asked.status); }
            button.btn { (words.text("console-search")) }
        }
        div.card {
            @if page.rows.is_empty() { p.empty { (words.text("console-none-found")) } } @else { (table(words, &page.rows)) }
            @if let Some(next) = &page.next {
                div.foot { a.btn rel="next" href=(link(asked, Some(next))) { (words.text("console-older")) (icon(NEXT, 18)) } }
            }
        }
    }
}

fn table(words: &Catalogue, rows: &[OrderRow]) -> Markup {
    let heads = [
        ("column-order", false),
        ("column-placed", false),
        ("column-customer", false),
        ("column-status", false),
        ("column-payment", false),
        ("column-fulfillment", false),
        ("column-ship-by", false),
        ("column-items", true),
        ("column-total", true),
    ];
    let guest = words.text("order-guest");
    html! {
        table.orders {
            thead { tr { @for (key, num) in heads { th.num[num] scope="col" { (words.text(key)) } } } }
            tbody {
                @for row in rows {
                    tr {
                        td.mono { a href={ "/orders/" (row.number) } { (row.number) } }
                        td.muted { (words.format().date_time(UtcMs(row.placed_ms))) }
                        td { (if row.customer.is_empty() { &*guest } else { &row.customer }) span.muted { " · " (row.country) } }
                        td { (marks::status(words, &row.status)) }
                        td { (marks::payment(words, &row.payment)) }
                        td { (marks::fulfillment(words, &row.fulfillment, row.packed, row.units, row.short)) }
                        td { @match row.ship_by_ms {
                            Some(at) => b { (words.format().date_time(UtcMs(at))) },
                            None => "–",
                        } }
                        td.num { (words.format().number(row.units)) }
                        td.num { b { (money(words, row.total_minor, &row.currency)) } }
                    }
                }
            }
        }
    }
}

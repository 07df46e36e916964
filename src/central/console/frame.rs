//! The frame around every page: head, navigation, and who is logged in.

use super::marks::{CHECKED, GLASS, ORDER, SCAN, TRIANGLE, USER, icon, pill};
use super::visitor::Visitor;
use crate::central::services::access::Permission;
use crate::central::services::orders::table::views::NEW_MAX;
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// Which page is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Orders,
    Stations,
    Exceptions,
    People,
    Customers,
    Search,
}

/// A whole document.
pub(super) fn document(words: &Catalogue, title: &str, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(words.lang().code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Packbench · " (title) }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/console.css";
                link rel="stylesheet" href="/assets/orders.css";
                script src="/assets/live.js" defer {}
                script src="/assets/orders.js" defer {}
                script src="/assets/palette.js" defer {}
            }
            body { (body) }
        }
    };
    page.into_response()
}

fn logo() -> Markup {
    html! {
        svg.logo width="30" height="30" viewBox="0 0 36 36" aria-hidden="true" {
            rect x="2" y="2" width="32" height="32" rx="8" {}
            path.box d="M9 13l9-4.5 9 4.5v10l-9 4.5L9 23z" {}
            path.tape d="M13.5 10.8l9 4.5v4.5" {}
        }
    }
}

/// A page for somebody who is logged in.
pub(super) fn page(visitor: &Visitor, place: Place, title: &str, content: &Markup) -> Response {
    let words = visitor.words();
    let link = |to: Place, href: &str, path: &str, key: &str, count: i64| {
        html! {
            a.on[to == place] href=(href) aria-current=[(to == place).then_some("page")] {
                (icon(path, 18)) span.word { (words.text(key)) }
                @if count > 0 { span.st.w.count { (count) } }
            }
        }
    };
    let (live, all) = visitor.stations;
    let live_text = words.text_with("console-stations-live", &[("no", Arg::Int(live)), ("n", Arg::Int(all))]);
    let body = html! {
        a.skip href="#content" { (words.text("console-skip-to-content")) }
        nav.nav {
            (logo()) b.name { "Packbench" }
            a.on[place == Place::Orders] href="/orders" aria-current=[(place == Place::Orders).then_some("page")] {
                (icon(ORDER, 18)) span.word { (words.text("console-orders")) }
                span.st.a.count #new-orders data-now=(visitor.now_ms) data-count=(visitor.new_orders) data-most=(NEW_MAX)
                    hidden[visitor.new_orders == 0] title=(words.text("orders-new-hint")) {
                    span.n { @if visitor.new_orders >= NEW_MAX { (NEW_MAX - 1) "+" } @else { (visitor.new_orders) } }
                    span.wide { " " (words.text("orders-new")) }
                }
            }
            (link(Place::Stations, "/stations", SCAN, "console-stations", 0))
            (link(Place::Exceptions, "/exceptions", TRIANGLE, "console-exceptions", visitor.questions))
            @if visitor.may(Permission::PersonView) { (link(Place::Customers, "/customers", USER, "customers-title", 0)) }
            @if visitor.may(Permission::UserView) { (link(Place::People, "/people", USER, "office-people", 0)) }
            span.grow {}
            a.find.on[place == Place::Search] href="/search" data-search=(words.text("search-hint")) aria-label=(words.text("search-title"))
                title=(words.text("search-keys")) { (icon(GLASS, 18)) kbd.wide { "/" } }
            span.wide { (pill(if live == all { "k" } else { "w" }, if live == all { CHECKED } else { TRIANGLE }, &live_text)) }
            span.avatar { (visitor.session.initials) }
            form method="post" action="/logout" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                button.btn { (words.text("console-log-out")) }
            }
        }
        main #content data-live="/live" { (content) }
    };
    document(words, title, &body)
}

/// A page that says that something did not work.
pub(super) fn trouble(visitor: &Visitor, place: Place, key: &str) -> Response {
    let text = visitor.words().text(key);
    page(visitor, place, &text, &html! { h1 { (text) } })
}

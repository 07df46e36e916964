//! The frame around every page: head, navigation, and who is logged in.

use super::marks::{
    AISLES, BACK, BOARD, BOX, CHECKED, DIALS, DOTS, GLASS, MAIL, ORDER, PIN, SCAN, TAG, TRIANGLE, TRUCK, USER, icon,
    pill,
};
use super::visitor::Visitor;
use crate::central::services::access::Permission;
use crate::central::services::orders::table::views::NEW_MAX;
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// The head with which a script asks for what is inside a page alone.
pub(super) const FRAGMENT: &str = "x-fragment";

/// Which page is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Orders,
    Board,
    Stock,
    Returns,
    Handover,
    Stations,
    Exceptions,
    Messages,
    Labels,
    Layout,
    People,
    Customers,
    Settings,
    Search,
}

/// A whole document.
pub(super) fn document(words: &Catalogue, title: &str, body: &Markup) -> Response {
    whole(words, title, None, body)
}

fn whole(words: &Catalogue, title: &str, place: Option<Place>, body: &Markup) -> Response {
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
                link rel="stylesheet" href="/assets/board.css";
                link rel="stylesheet" href="/assets/stock.css";
                @if place == Some(Place::Labels) {
                    link rel="stylesheet" href="/assets/labels.css";
                    script src="/assets/labels.js" defer {}
                }
                @if place == Some(Place::Layout) {
                    link rel="stylesheet" href="/assets/layout.css";
                    script src="/assets/layout.js" defer {}
                }
                // Not deferred: they take what is scanned from the first moment on.
                @if place == Some(Place::Handover) { script src="/assets/handover.js" {} }
                @if matches!(place, Some(Place::Stock | Place::Returns)) { script src="/assets/scan.js" {} }
                script src="/assets/live.js" defer {}
                script src="/assets/orders.js" defer {}
                script src="/assets/palette.js" defer {}
                script src="/assets/board.js" defer {}
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

/// A way to a page, in the navigation.
struct Way {
    to: Place,
    href: &'static str,
    icon: &'static str,
    key: &'static str,
    /// What waits there.
    count: i64,
    /// Stays in the row on a phone too; the rest unfolds.
    first: bool,
}

/// The ways this visitor has: those of every day in the row, the others folded away.
fn ways(visitor: &Visitor) -> (Vec<Way>, Vec<Way>) {
    let way = |to, href, icon, key, count, first| Way { to, href, icon, key, count, first };
    let stock = visitor.stock.0 + visitor.stock.1;
    let row = [
        (Permission::OrderView, way(Place::Board, "/board", BOARD, "console-board", 0, true)),
        (Permission::StockView, way(Place::Stock, "/stock", BOX, "stock-title", stock, false)),
        (Permission::OrderView, way(Place::Stations, "/stations", SCAN, "console-stations", 0, false)),
        (
            Permission::OrderView,
            way(Place::Exceptions, "/exceptions", TRIANGLE, "console-exceptions", visitor.questions, true),
        ),
    ];
    let folded = [
        (Permission::ParcelHandover, way(Place::Handover, "/handover", TRUCK, "handover-title", 0, false)),
        (Permission::ReturnManage, way(Place::Returns, "/returns", BACK, "returns-title", 0, false)),
        (Permission::PersonView, way(Place::Customers, "/customers", USER, "customers-title", 0, false)),
        (Permission::MessageView, way(Place::Messages, "/messages", MAIL, "msg-messages", 0, false)),
        (Permission::LabelEdit, way(Place::Labels, "/labels", TAG, "labels-title", 0, false)),
        (Permission::LayoutEdit, way(Place::Layout, "/layout", AISLES, "layout-title", 0, false)),
        (Permission::UserView, way(Place::People, "/people", PIN, "office-people", 0, false)),
        (Permission::SettingsManage, way(Place::Settings, "/settings", DIALS, "house-title", 0, false)),
    ];
    let may = |all: Vec<(Permission, Way)>| -> Vec<Way> {
        all.into_iter().filter(|(needs, _)| visitor.may(*needs)).map(|(_, way)| way).collect()
    };
    (may(row.into()), may(folded.into()))
}

/// Where this visitor begins: with the orders, else with the first page that they may see.
pub(super) fn home(visitor: &Visitor) -> &'static str {
    if visitor.may(Permission::OrderView) {
        return "/orders";
    }
    let (row, folded) = ways(visitor);
    row.iter().chain(&folded).next().map_or("/search", |way| way.href)
}

fn navigation(visitor: &Visitor, place: Place) -> Markup {
    let words = visitor.words();
    let (row, folded) = ways(visitor);
    let link = |way: &Way, second: bool, folded: bool| {
        html! {
            a.on[way.to == place].second[second].folded[folded] href=(way.href) aria-current=[(way.to == place).then_some("page")] {
                (icon(way.icon, 18)) span.word { (words.text(way.key)) }
                @if way.count > 0 { span.st.w.count { (words.format().number(way.count)) } }
            }
        }
    };
    let inside = folded.iter().any(|way| way.to == place);
    html! {
        @if visitor.may(Permission::OrderView) { a.on[place == Place::Orders] href="/orders" aria-current=[(place == Place::Orders).then_some("page")] {
            (icon(ORDER, 18)) span.word { (words.text("console-orders")) }
            span.st.a.count #new-orders data-now=(visitor.now_ms) data-count=(visitor.new_orders) data-most=(NEW_MAX)
                hidden[visitor.new_orders == 0] title=(words.text("orders-new-hint")) {
                span.n { @if visitor.new_orders >= NEW_MAX { (NEW_MAX - 1) "+" } @else { (visitor.new_orders) } }
            }
        } }
        @for way in &row { (link(way, !way.first, false)) }
        details.drop.more {
            summary.on[inside] { (icon(DOTS, 18)) span.word { (words.text("console-more")) } }
            div.card {
                @for way in row.iter().filter(|way| !way.first) { (link(way, false, true)) }
                @for way in &folded { (link(way, false, false)) }
                form method="post" action="/logout" {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    button.btn { (words.text("console-log-out")) }
                }
            }
        }
    }
}

/// A page for somebody who is logged in.
pub(super) fn page(visitor: &Visitor, place: Place, title: &str, content: &Markup) -> Response {
    let words = visitor.words();
    let (live, all) = visitor.stations;
    let live_text = words.text_with("console-stations-live", &[("no", Arg::Int(live)), ("n", Arg::Int(all))]);
    let body = html! {
        a.skip href="#content" { (words.text("console-skip-to-content")) }
        nav.nav aria-label=(words.text("console-pages")) {
            (logo()) b.name { "Packbench" }
            (navigation(visitor, place))
            span.grow {}
            a.find.on[place == Place::Search] href="/search" data-search=(words.text("search-hint")) aria-label=(words.text("search-title"))
                title=(words.text("search-keys")) { (icon(GLASS, 18)) kbd.wide { "/" } }
            @if all > 0 { span.wide { (pill(if live == all { "k" } else { "w" }, if live == all { CHECKED } else { TRIANGLE }, &live_text)) } }
            span.avatar { (visitor.session.initials) }
        }
        main #content data-live=[visitor.may(Permission::OrderView).then_some("/live")] { (content) }
    };
    whole(words, title, Some(place), &body)
}

/// Where a place begins, and what it is called.
const fn beginning(place: Place) -> (&'static str, &'static str) {
    match place {
        Place::Orders => ("/orders", "console-orders"),
        Place::Board => ("/board", "console-board"),
        Place::Stock => ("/stock", "stock-title"),
        Place::Returns => ("/returns", "returns-title"),
        Place::Handover => ("/handover", "handover-title"),
        Place::Stations => ("/stations", "console-stations"),
        Place::Exceptions => ("/exceptions", "console-exceptions"),
        Place::Messages => ("/messages", "msg-messages"),
        Place::Labels => ("/labels", "labels-title"),
        Place::Layout => ("/layout", "layout-title"),
        Place::People => ("/people", "office-people"),
        Place::Customers => ("/customers", "customers-title"),
        Place::Settings => ("/settings", "house-title"),
        Place::Search => ("/search", "search-title"),
    }
}

/// A page that says that something did not work, with a way on: to where the place begins, or to the visitor's own beginning for who may not go there.
pub(super) fn trouble(visitor: &Visitor, place: Place, key: &str) -> Response {
    let words = visitor.words();
    let text = words.text(key);
    let (href, name) = beginning(place);
    let content = html! {
        div.title { h1 { (text) } }
        @if key == "console-not-allowed" {
            p { a.btn.pri href=(home(visitor)) { (words.text("console-to-beginning")) } }
        } @else {
            p { a.btn.pri href=(href) { (words.text(name)) } }
        }
    };
    page(visitor, place, &text, &content)
}

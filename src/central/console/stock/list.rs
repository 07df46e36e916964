//! The list of products with their stock, and the ledger's entries.

use super::super::frame::Place;
use super::super::marks::{BOX, CHECKED, GLASS, NEXT, PLUS, TRIANGLE, icon, pill};
use super::super::visitor::Visitor;
use super::{failed, lot_link, may_see, part, place_link, product_link, shown, tabs};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::stock::look::{self, Entry, Summed, Which};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address asks for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::central::console) struct Asked {
    tab: String,
    search: String,
    sku: String,
    cursor: Option<String>,
}

/// `GET /stock`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    if let Err(answer) = may_see(&visitor) {
        return *answer;
    }
    let (site, low) = (app.store.site(), asked.tab == "low");
    let (text, cursor) = (asked.search.replace('\0', ""), asked.cursor.clone());
    let read = app.store.read(move |tx| {
        let meant = if cursor.is_none() { look::meant(tx, site, &text)? } else { None };
        let which = Which { search: text.clone(), low, category: String::new() };
        Ok((meant, look::products(tx, site, &which, cursor.as_deref())?))
    });
    let words = visitor.words();
    match read.await {
        // A scan leads to its product at once.
        Ok((Some(meant), _)) => Redirect::to(&format!("/stock/of/{}", part(&meant.sku))).into_response(),
        Ok((None, (rows, next))) => {
            let title = words.text("stock-title");
            shown(&visitor, &title, false, &content(&visitor, &asked, &rows, next.as_deref()))
        }
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

/// The field that finds a product.
pub(in crate::central::console) fn search(words: &Catalogue, action: &str, tab: &str, text: &str) -> Markup {
    html! {
        form.filters method="get" action=(action) role="search" {
            @if !tab.is_empty() { input type="hidden" name="tab" value=(tab); }
            label.field { (icon(GLASS, 18))
                input #search type="search" name="search" value=(text) placeholder=(words.text("stock-search-hint"))
                    aria-label=(words.text("stock-search")) aria-keyshortcuts="/" autocomplete="off"; }
            button.btn { (words.text("console-search")) }
        }
    }
}

fn content(visitor: &Visitor, asked: &Asked, rows: &[Summed], next: Option<&str>) -> Markup {
    let words = visitor.words();
    let now = if asked.tab == "low" { "/stock?tab=low" } else { "/stock" };
    html! {
        div.title {
            h1 { (words.text("stock-title")) }
            span.grow {}
            @if visitor.may(Permission::StockAdjust) {
                a.btn href="/stock/count" { (icon(CHECKED, 18)) (words.text("stock-count")) }
                a.btn.pri href="/stock/receive" { (icon(PLUS, 18)) (words.text("stock-receive")) }
            }
        }
        (tabs(visitor, now))
        (search(words, "/stock", if asked.tab == "low" { "low" } else { "" }, &asked.search))
        div.card {
            @if rows.is_empty() { p.empty { (words.text(if asked.tab == "low" { "stock-none-low" } else { "console-none-found" })) } }
            @else { table.rows.told {
                thead { tr {
                    th scope="col" { (words.text("column-code")) }
                    th scope="col" { (words.text("column-product")) }
                    @for key in ["stock-available", "stock-in-bins", "stock-promised", "stock-held", "stock-aside"] {
                        th.num scope="col" { (words.text(key)) }
                    }
                    th scope="col" { (words.text("stock-tab-low")) }
                } }
                tbody { @for row in rows { (summed(words, row)) } }
            } }
        }
        div.foot { @if let Some(next) = next {
            a.btn rel="next" href={ "/stock?tab=" (asked.tab) "&search=" (part(&asked.search)) "&cursor=" (part(next)) } {
                (words.text("stock-more")) (icon(NEXT, 18)) }
        } }
    }
}

/// A figure with its name before it on a phone.
pub(in crate::central::console) fn figure(words: &Catalogue, key: &str, n: i64) -> Markup {
    html! { td.num data-label=(words.text(key)) { (words.format().number(n)) } }
}

fn summed(words: &Catalogue, row: &Summed) -> Markup {
    html! { tr {
        td { (product_link(&row.sku)) }
        td.wrap { (row.name) }
        td.num data-label=(words.text("stock-available")) { b { (words.format().number(row.available)) } }
        (figure(words, "stock-in-bins", row.in_bins))
        (figure(words, "stock-promised", row.promised()))
        (figure(words, "stock-held", row.held))
        (figure(words, "stock-aside", row.aside))
        td { @match (row.low_since_ms, row.reorder_at) {
            (Some(_), Some(at)) => (pill("w", TRIANGLE, &words.text_with("stock-low-at", &[("n", Arg::Int(at))]))),
            _ => {}
        } }
    } }
}

/// `GET /stock/entries`
pub(in crate::central::console) async fn entries(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    if let Err(answer) = may_see(&visitor) {
        return *answer;
    }
    let (site, sku, cursor) = (app.store.site(), asked.sku.replace('\0', ""), asked.cursor.clone());
    let read = app.store.read(move |tx| look::entries(tx, site, &sku, cursor.as_deref()));
    let words = visitor.words();
    match read.await {
        Ok((rows, next)) => {
            let content = html! {
                div.title { h1 { (words.text("stock-tab-entries")) } @if !asked.sku.is_empty() { (product_link(&asked.sku)) } }
                (tabs(&visitor, "/stock/entries"))
                div.card { (entry_table(&visitor, &rows)) }
                div.foot { @if let Some(next) = next {
                    a.btn rel="next" href={ "/stock/entries?sku=" (part(&asked.sku)) "&cursor=" (part(&next)) } {
                        (words.text("console-older")) (icon(NEXT, 18)) }
                } }
            };
            shown(&visitor, &words.text("stock-tab-entries"), false, &content)
        }
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

/// Entries as a table.
pub(super) fn entry_table(visitor: &Visitor, rows: &[Entry]) -> Markup {
    let words = visitor.words();
    html! {
        @if rows.is_empty() { p.empty { (words.text("stock-no-entries")) } } @else { table.rows.told {
            thead { tr {
                @for key in ["stock-when", "column-code", "stock-place", "stock-lot", "stock-kind"] { th scope="col" { (words.text(key)) } }
                th.num scope="col" { (words.text("stock-units")) }
                th scope="col" { (words.text("stock-why")) }
                th scope="col" { (words.text("stock-by")) }
            } }
            tbody { @for row in rows { tr {
                td { (visitor.when(row.at_ms)) }
                td { (product_link(&row.sku)) }
                td { (place_link(&row.location)) }
                td { (lot_link(&row.sku, &row.lot)) }
                td { (pill("", BOX, &words.text(&format!("stock-kind-{}", row.kind)))) }
                td.num data-label=(words.text("stock-units")) { b { @if row.quantity > 0 { "+" } (words.format().number(row.quantity)) } }
                td.wrap { (reason(words, &row.reason)) (reference(row)) }
                td { @if row.by.1.is_empty() { (words.text(&format!("office-actor-{}", row.by.0))) } @else { (row.by.1) } }
            } } }
        } }
    }
}

/// A reason and its note: the word in the reader's language, the note as it was typed.
fn reason(words: &Catalogue, text: &str) -> String {
    let (word, note) = text.split_once(": ").unwrap_or((text, ""));
    let key = format!("stock-reason-{word}");
    if !words.has(&key) {
        return text.to_owned();
    }
    let name = words.text(&key);
    if note.is_empty() { name.into_owned() } else { format!("{name}: {note}") }
}

fn reference(row: &Entry) -> Markup {
    let (kind, name) = (row.reference.0.as_str(), row.reference.1.as_str());
    html! {
        @match kind {
            _ if name.is_empty() => {},
            "fulfillment" => { " " a.mono href={ "/orders/" (part(name)) } { (name) } },
            "return" => { " " a.mono href={ "/returns/" (part(name)) } { (name) } },
            _ if name.len() < 36 => { " " span.mono { (name) } },
            _ => {},
        }
    }
}

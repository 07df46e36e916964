//! The list of products: by code, found by a part of code or name or by a scan, cut by category.

use super::super::frame::Place;
use super::super::marks::{BOX, NEXT, PLUS, icon, pill};
use super::super::orders::money;
use super::super::stock::{failed, may_see, part, shown, tabs};
use super::super::visitor::Visitor;
use crate::central::error::Res;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::products::read::{self, Listed};
use crate::central::services::stock::look;
use crate::central::store::sites;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Products on one page.
const ROWS: u32 = 50;

/// What the address asks for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::central::console) struct Asked {
    search: String,
    category: String,
    cursor: Option<String>,
}

struct Shown {
    meant: Option<look::Meant>,
    rows: Vec<Listed>,
    next: Option<String>,
    categories: Vec<String>,
    currency: String,
}

/// `GET /products`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    if let Err(answer) = may_see(&visitor) {
        return *answer;
    }
    let (site, wanted) = (app.store.site(), asked.clone());
    let read = move |tx: &mut dyn crate::sql::Conn| -> Res<Shown> {
        let text = wanted.search.replace('\0', "");
        let category = wanted.category.replace('\0', "");
        let meant = if wanted.cursor.is_none() { look::meant(tx, site, &text)? } else { None };
        let (rows, next) = read::listed(tx, site, (&text, &category), wanted.cursor.as_deref(), ROWS)?;
        let (categories, currency) = (read::categories(tx, site)?, sites::get(tx, site)?.currency);
        Ok(Shown { meant, rows, next, categories, currency })
    };
    match app.store.read(read).await {
        Ok(Shown { meant: Some(meant), .. }) => {
            Redirect::to(&format!("/products/{}", part(&meant.sku))).into_response()
        }
        Ok(found) => {
            let title = visitor.words().text("products-title");
            shown(&visitor, &title, false, &content(&visitor, &asked, &found))
        }
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

fn content(visitor: &Visitor, asked: &Asked, found: &Shown) -> Markup {
    let words = visitor.words();
    html! {
        div.title {
            h1 { (words.text("products-title")) }
            span.grow {}
            @if visitor.may(Permission::ProductUpdate) {
                a.btn.pri href="/new-product" { (icon(PLUS, 18)) (words.text("products-new")) }
            }
        }
        (tabs(visitor, "/products"))
        (search(visitor, asked, &found.categories))
        div.card {
            @if found.rows.is_empty() { p.empty { (words.text("console-none-found")) } } @else { table.rows.told {
                thead { tr {
                    th scope="col" { (words.text("column-code")) }
                    th scope="col" { (words.text("column-product")) }
                    th scope="col" { (words.text("products-category")) }
                    th.num scope="col" { (words.text("products-price")) }
                    th.num scope="col" { (words.text("products-weight")) }
                    th.num scope="col" { (words.text("products-barcodes")) }
                } }
                tbody { @for row in &found.rows { tr {
                    td { a.mono href={ "/products/" (part(&row.sku)) } { (row.sku) } }
                    td.wrap { (row.name) @if row.kit { " " (pill("q", BOX, &words.text("products-kit-mark"))) } }
                    td data-label=(words.text("products-category")) { @if row.category.is_empty() { "–" } @else { (row.category) } }
                    td.num data-label=(words.text("products-price")) { @match row.price_minor {
                        Some(minor) => (money(words, minor, &found.currency)), None => "–" } }
                    td.num data-label=(words.text("products-weight")) { @match row.weight_g {
                        Some(grams) => (words.format().mass(crate::core::units::Grams(grams))), None => "–" } }
                    td.num data-label=(words.text("products-barcodes")) { (words.format().number(row.barcodes)) }
                } } }
            } }
        }
        div.foot { @if let Some(next) = &found.next {
            a.btn rel="next" href={ "/products?search=" (part(&asked.search)) "&category=" (part(&asked.category)) "&cursor=" (part(next)) } {
                (words.text("stock-more")) (icon(NEXT, 18)) }
        } }
    }
}

fn search(visitor: &Visitor, asked: &Asked, categories: &[String]) -> Markup {
    let words = visitor.words();
    html! {
        form.filters method="get" action="/products" role="search" {
            label.field { (icon(super::super::marks::GLASS, 18))
                input #search type="search" name="search" value=(asked.search) placeholder=(words.text("stock-search-hint"))
                    aria-label=(words.text("stock-search")) aria-keyshortcuts="/" autocomplete="off"; }
            @if !categories.is_empty() {
                label.field { span.small { (words.text("products-category")) }
                    select name="category" {
                        option value="" { "–" }
                        @for one in categories { option value=(one) selected[*one == asked.category] { (one) } }
                    } }
            }
            button.btn { (words.text("console-search")) }
        }
    }
}

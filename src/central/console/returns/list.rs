//! The list of returns: by state, found by number, by the number of the order, or by a scan of the paper.

use super::super::frame::Place;
use super::super::marks::{GLASS, NEXT, icon};
use super::super::orders;
use super::super::people::forbidden;
use super::super::stock::{failed, part};
use super::super::visitor::Visitor;
use super::{reason_name, state_mark};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::returns::State as Step;
use crate::central::services::returns::read::{self, Listed, PAGE_ROWS};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address asks for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::central::console) struct Asked {
    state: String,
    search: String,
    cursor: Option<String>,
}

/// `GET /returns`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    if !visitor.may(Permission::ReturnManage) {
        return forbidden(&visitor);
    }
    let (site, wanted) = (app.store.site(), asked.clone());
    let read = move |tx: &mut dyn crate::sql::Conn| -> Res<(bool, Vec<Listed>, Option<String>)> {
        let text = wanted.search.trim().replace('\0', "");
        let exact = match read::one(tx, site, &text, false) {
            Ok(_) => true,
            Err(CentralError::Refused(Refusal::Missing { .. })) => false,
            Err(error) => return Err(error),
        };
        let only = Step::of(&wanted.state);
        let (rows, next) = read::page(tx, site, (only, &text), wanted.cursor.as_deref(), PAGE_ROWS)?;
        Ok((exact, rows, next))
    };
    match app.store.read(read).await {
        Ok((true, _, _)) => Redirect::to(&format!("/returns/{}", part(asked.search.trim()))).into_response(),
        Ok((false, rows, next)) => {
            let title = visitor.words().text("returns-title");
            super::super::frame::page(
                &visitor,
                Place::Returns,
                &title,
                &content(&visitor, &asked, &rows, next.as_deref()),
            )
        }
        Err(error) => failed(&visitor, Place::Returns, &error),
    }
}

fn content(visitor: &Visitor, asked: &Asked, rows: &[Listed], next: Option<&str>) -> Markup {
    let words = visitor.words();
    let tab = |word: &str, key: &str| {
        let on = asked.state == word;
        html! { a.on[on] href={ "/returns?state=" (word) } aria-current=[on.then_some("page")] { (words.text(key)) } }
    };
    html! {
        div.title { h1 { (words.text("returns-title")) } }
        nav.tabs aria-label=(words.text("returns-title")) {
            (tab("", "returns-all"))
            @for state in Step::ALL { (tab(state.word(), &format!("returns-state-{}", state.word()))) }
        }
        form.filters method="get" action="/returns" role="search" {
            input type="hidden" name="state" value=(asked.state);
            label.field { (icon(GLASS, 18))
                input #search type="search" name="search" value=(asked.search) placeholder=(words.text("returns-search-hint"))
                    aria-label=(words.text("returns-search")) aria-keyshortcuts="/" autocomplete="off"; }
            button.btn { (words.text("console-search")) }
        }
        div.card {
            @if rows.is_empty() { p.empty { (words.text("returns-none")) } } @else { table.rows.told {
                thead { tr {
                    @for key in ["returns-number", "column-state", "returns-order", "returns-customer", "returns-reason"] { th scope="col" { (words.text(key)) } }
                    th.num scope="col" { (words.text("returns-came")) }
                    th scope="col" { (words.text("stock-when")) }
                } }
                tbody { @for row in rows { tr {
                    td { a.mono href={ "/returns/" (part(&row.number)) } { (row.number) } }
                    td { (state_mark(words, row)) }
                    td data-label=(words.text("returns-order")) { @if row.order.is_empty() { "–" } @else { a.mono href={ "/orders/" (part(&row.order)) } { (row.order) } } }
                    td data-label=(words.text("returns-customer")) { @if row.customer.is_empty() { "–" } @else { (row.customer) } }
                    td { (reason_name(words, &row.reason)) }
                    td.num data-label=(words.text("returns-came")) { (words.format().number(row.units.1)) "/" (words.format().number(row.units.0)) }
                    td { (visitor.when(row.at_ms)) }
                } } }
            } }
        }
        div.foot { @if let Some(next) = next {
            a.btn rel="next" href={ "/returns?state=" (asked.state) "&search=" (part(&asked.search)) "&cursor=" (part(next)) } {
                (words.text("console-older")) (icon(NEXT, 18)) }
        } }
    }
}

/// What money is in the reader's language.
pub(super) fn money(visitor: &Visitor, minor: i64, currency: &str) -> String {
    orders::money(visitor.words(), minor, currency)
}

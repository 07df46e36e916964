//! Places: the list, what lies in one, and the warehouse drawn from where they stand. A part of the map leads to its places.

use super::frame::Place;
use super::marks::{BACK, CHECKED, GLASS, NEXT, PIN, PLUS, icon};
use super::new_order::form::Fields;
use super::place_form::{card, refusal_text};
use super::stock::{
    condition_name, day, failed, figure, lot_link, may_see, part, place_link, product_link, shown, tabs,
};
use super::visitor::Visitor;
use crate::central::error::{Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::products::place::{self, FiledPlace};
use crate::central::services::products::{self, PlaceView};
use crate::central::services::stock::look::{self, LevelRow};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Places on one page.
const ROWS: u32 = 100;
/// Breadth and depth of a bay as it is drawn, and how far from the aisle's middle its middle is, mm.
const BAY_MM: i64 = 1_000;
const ASIDE_MM: i64 = 900;

/// What the address asks for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    search: String,
    cursor: Option<String>,
    x: i64,
    y: i64,
    side: String,
}

/// `GET /locations`
pub(super) async fn list(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    if let Err(answer) = may_see(&visitor) {
        return *answer;
    }
    let (site, text, cursor) = (app.store.site(), asked.search.trim().replace('\0', ""), asked.cursor.clone());
    let read = app.store.read(move |tx| products::places(tx, site, &text, cursor.as_deref(), ROWS));
    let words = visitor.words();
    match read.await {
        Ok((rows, next)) => {
            let content = html! {
                div.title {
                    h1 { (words.text("places-title")) }
                    span.grow {}
                    @if visitor.may(Permission::PlaceUpdate) { a.btn.pri href="/places/new" { (icon(PLUS, 18)) (words.text("places-new")) } }
                }
                (tabs(&visitor, "/locations"))
                form.filters method="get" action="/locations" role="search" {
                    label.field { (icon(GLASS, 18)) input #search type="search" name="search" value=(asked.search)
                        placeholder=(words.text("stock-scan-place")) aria-label=(words.text("stock-scan-place")) aria-keyshortcuts="/" autocomplete="off"; }
                    button.btn { (words.text("console-search")) }
                }
                div.card { @if rows.is_empty() { p.empty { (words.text("console-none-found")) } } @else { (place_table(words, &rows)) } }
                div.foot { @if let Some(next) = next {
                    a.btn rel="next" href={ "/locations?search=" (part(&asked.search)) "&cursor=" (part(&next)) } { (words.text("stock-more")) (icon(NEXT, 18)) }
                } }
            };
            shown(&visitor, &words.text("places-title"), false, &content)
        }
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

fn place_table(words: &Catalogue, rows: &[PlaceView]) -> Markup {
    html! { table.rows.told {
        thead { tr {
            @for key in ["stock-place", "places-kind", "places-zone", "places-aisle"] { th scope="col" { (words.text(key)) } }
            @for key in ["places-bay", "places-level", "places-balances", "stock-units"] { th.num scope="col" { (words.text(key)) } }
        } }
        tbody { @for row in rows { tr {
            td { (place_link(&row.code)) }
            td { (words.text(&format!("places-kind-{}", row.kind.replace('_', "-")))) }
            td data-label=(words.text("places-zone")) { @if row.zone.is_empty() { "–" } @else { (row.zone) } }
            td data-label=(words.text("places-aisle")) { @if row.aisle.is_empty() { "–" } @else { (row.aisle) } }
            (figure(words, "places-bay", row.bay_level.0))
            (figure(words, "places-level", row.bay_level.1))
            (figure(words, "places-balances", row.holds.0))
            (figure(words, "stock-units", row.holds.1))
        } } }
    } }
}

/// `GET /locations/{code}`
pub(super) async fn one(State(app): State<App>, visitor: Visitor, Path(code): Path<String>) -> Response {
    if let Err(answer) = may_see(&visitor) {
        return *answer;
    }
    show_one(&app, &visitor, code, None, None).await
}

/// The page of a place, with what was typed into its form and why that was refused.
pub(super) async fn show_one(
    app: &App,
    visitor: &Visitor,
    code: String,
    typed: Option<&Fields>,
    refused: Option<&Refusal>,
) -> Response {
    let (site, of) = (app.store.site(), code.replace('\0', ""));
    let read = app.store.read(move |tx| -> Res<(Vec<LevelRow>, FiledPlace)> {
        let levels = look::place(tx, site, &of)?.ok_or(Refusal::Missing { entity: "location" })?;
        Ok((levels, place::filed(tx, site, &of)?))
    });
    let words = visitor.words();
    match read.await {
        Ok((levels, filed)) => {
            let content = html! {
                div.title {
                    a.back href="/locations" aria-label=(words.text("places-title")) { (icon(BACK, 22)) }
                    h1 { span.mono { (code) } }
                    span.muted { (words.text(&format!("places-kind-{}", filed.sheet.kind.word().replace('_', "-"))))
                        @if !filed.sheet.zone.is_empty() { " · " (filed.sheet.zone) } }
                    span.grow {}
                    @if visitor.may(Permission::StockAdjust) {
                        a.btn href={ "/stock/count?location=" (part(&code)) } { (icon(CHECKED, 18)) (words.text("stock-count")) }
                        a.btn.pri href={ "/stock/receive?location=" (part(&code)) } { (words.text("stock-receive")) }
                    }
                }
                @if let Some(refusal) = refused { p.wrong.lead role="alert" { (refusal_text(words, refusal)) } }
                div.card { @if levels.is_empty() { p.empty { (words.text("stock-none-here")) } } @else { (level_table(words, &levels)) } }
                @if visitor.may(Permission::PlaceUpdate) { (card(visitor, &filed, typed)) }
            };
            let mut page = shown(visitor, &code, refused.is_some(), &content);
            if let Some(Refusal::Version { .. }) = refused {
                *page.status_mut() = StatusCode::CONFLICT;
            }
            page
        }
        Err(error) => failed(visitor, Place::Stock, &error),
    }
}

fn level_table(words: &Catalogue, levels: &[LevelRow]) -> Markup {
    html! { table.rows.told {
        thead { tr {
            @for key in ["column-code", "column-product", "stock-lot", "stock-expiry", "stock-condition"] { th scope="col" { (words.text(key)) } }
            th.num scope="col" { (words.text("stock-units")) }
        } }
        tbody { @for level in levels { tr {
            td { (product_link(&level.product.0)) }
            td.wrap { (level.product.1) }
            td data-label=(words.text("stock-lot")) { (lot_link(&level.product.0, &level.lot)) }
            td data-label=(words.text("stock-expiry")) { @if level.expiry.is_empty() { "–" } @else { (day(words, &level.expiry)) } }
            td { (condition_name(words, &level.condition)) @if level.held { " · " (words.text("stock-held")) } }
            (figure(words, "stock-units", level.quantity))
        } } }
    } }
}

/// A bay as it is drawn: where a picker stands for it, and on which side.
type Bay = (i64, i64, bool);

/// `GET /map`
pub(super) async fn map(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    if let Err(answer) = may_see(&visitor) {
        return *answer;
    }
    let site = app.store.site();
    let words = visitor.words();
    let read = app.store.read(move |tx| -> Res<Vec<PlaceView>> { products::drawn(tx, site) });
    match read.await {
        Ok(all) => {
            let mut bays: BTreeMap<Bay, Vec<PlaceView>> = BTreeMap::new();
            for place in all {
                bays.entry((place.at_mm.0, place.at_mm.1, place.right)).or_default().push(place);
            }
            let chosen = (asked.x, asked.y, asked.side == "right");
            let here = bays.get(&chosen).filter(|_| !asked.side.is_empty());
            let content = html! {
                div.title { h1 { (words.text("places-map")) } }
                (tabs(&visitor, "/map"))
                @if bays.len() < 2 { p.empty { (words.text("places-no-map")) } } @else {
                    p.muted.lead { (words.text("places-map-hint")) }
                    div.card.pad { (drawing(words, &bays, here.map(|_| chosen))) }
                }
                @if let Some(here) = here { div.card #bay { (place_table(words, here)) } }
            };
            shown(&visitor, &words.text("places-map"), false, &content)
        }
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

/// The bays from above, the front of the house below. A full bay bears a cross as well as its colour.
fn drawing(words: &Catalogue, bays: &BTreeMap<Bay, Vec<PlaceView>>, chosen: Option<Bay>) -> Markup {
    let middle = |(x, _, right): &Bay| if *right { x + ASIDE_MM } else { x - ASIDE_MM };
    let (mut low, mut high) = ((i64::MAX, i64::MAX), (i64::MIN, i64::MIN));
    for bay in bays.keys() {
        low = (low.0.min(middle(bay)), low.1.min(bay.1));
        high = (high.0.max(middle(bay)), high.1.max(bay.1));
    }
    let (width, height) = (high.0 - low.0 + 2 * BAY_MM, high.1 - low.1 + 2 * BAY_MM);
    let half = BAY_MM / 2;
    html! {
        svg.map viewBox={ "0 0 " (width) " " (height) } role="group" aria-label=(words.text("places-map")) {
            @for (bay, places) in bays {
                @let (x, y) = (middle(bay) - low.0 + half, high.1 - bay.1 + half);
                @let units: i64 = places.iter().map(|place| place.holds.1).sum();
                @let side = if bay.2 { "right" } else { "left" };
                @let names = [("places", Arg::Text(span(places))), ("n", Arg::Int(units))];
                a href={ "/map?x=" (bay.0) "&y=" (bay.1) "&side=" (side) "#bay" } aria-label=(words.text_with("places-bay-holds", &names)) {
                    rect.full[units > 0].on[chosen == Some(*bay)] x=(x) y=(y) width=(BAY_MM - 80) height=(BAY_MM - 80) rx="80" {}
                    @if units > 0 { circle cx=(x + half - 40) cy=(y + half - 40) r="160" {} }
                }
            }
        }
        p.small { (icon(PIN, 16)) " " (words.text("places-legend")) }
    }
}

/// The codes of a bay: the first, and the last where there are several.
fn span(places: &[PlaceView]) -> String {
    match (places.first(), places.last()) {
        (Some(first), Some(last)) if places.len() > 1 => format!("{} – {}", first.code, last.code),
        (Some(one), _) => one.code.clone(),
        (None, _) => String::new(),
    }
}

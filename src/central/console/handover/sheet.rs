//! Manifests: the list of them, one with its parcels, and its paper for the driver to sign.

use super::super::country::country_name;
use super::super::frame::{Place, page as frame};
use super::super::marks::{BACK, CHECKED, NEXT, icon};
use super::super::people::forbidden;
use super::super::stock::{failed, part};
use super::super::visitor::Visitor;
use super::{order_link, paper as file, reopen, state_mark};
use crate::central::error::{CentralError, Res};
use crate::central::exporting::document_words;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::handover::read::{self, Listed, Manifest, PAGE_ROWS};
use crate::central::services::handover::{self, State as Step, Stays};
use crate::central::services::orders::papers::house;
use crate::central::store::sites;
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use crate::core::units::Grams;
use crate::i18n::Catalogue;
use crate::labels::documents::manifest::{self as drawn, ManifestLine};
use crate::labels::documents::{Party, Words};
use crate::labels::pdf;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

/// What the address of the list asks for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::central::console) struct Asked {
    state: String,
    cursor: Option<String>,
    /// The manifest was closed just now.
    closed: String,
    /// It was taken back just now; of so many orders the customers were told already.
    reopened: Option<u32>,
}

/// `GET /handover/manifests`
pub(in crate::central::console) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    if !visitor.may(Permission::ParcelHandover) {
        return forbidden(&visitor);
    }
    let (site, only, cursor) = (app.store.site(), Step::of(&asked.state), asked.cursor.clone());
    match app.store.read(move |tx| read::page(tx, site, (only, ""), cursor.as_deref(), PAGE_ROWS)).await {
        Ok((rows, next)) => {
            let title = visitor.words().text("handover-manifests");
            frame(&visitor, Place::Handover, &title, &rows_of(&visitor, &asked, &rows, next.as_deref()))
        }
        Err(error) => failed(&visitor, Place::Handover, &error),
    }
}

fn rows_of(visitor: &Visitor, asked: &Asked, rows: &[Listed], next: Option<&str>) -> Markup {
    let words = visitor.words();
    let tab = |word: &str, key: &str| {
        let on = asked.state == word;
        html! { a.on[on] href={ "/handover/manifests?state=" (word) } aria-current=[on.then_some("page")] { (words.text(key)) } }
    };
    html! {
        div.title {
            a.back href="/handover" aria-label=(words.text("handover-title")) { (icon(BACK, 22)) }
            h1 { (words.text("handover-manifests")) }
        }
        nav.tabs aria-label=(words.text("handover-manifests")) {
            (tab("", "handover-all")) (tab("open", "handover-state-open")) (tab("closed", "handover-state-closed"))
        }
        div.card {
            @if rows.is_empty() { p.empty { (words.text("handover-no-manifests")) } } @else { table.rows.told {
                thead { tr {
                    @for key in ["handover-number", "column-state", "handover-carrier"] { th scope="col" { (words.text(key)) } }
                    th.num scope="col" { (words.text("handover-parcels")) }
                    @for key in ["handover-opened", "handover-left", "handover-by"] { th scope="col" { (words.text(key)) } }
                } }
                tbody { @for row in rows { tr {
                    td { a.mono href={ "/handover/manifests/" (part(&row.number)) } { (row.number) } }
                    td { (state_mark(words, row.state)) }
                    td { (row.carrier.1) }
                    td.num data-label=(words.text("handover-parcels")) { (words.format().number(row.parcels)) }
                    td data-label=(words.text("handover-opened")) { (visitor.when(row.opened_ms)) }
                    td data-label=(words.text("handover-left")) { @if let Some(at) = row.closed_ms { (visitor.when(at)) } @else { "–" } }
                    td { (row.closed_by) }
                } } }
            } }
        }
        div.foot { @if let Some(next) = next {
            a.btn rel="next" href={ "/handover/manifests?state=" (asked.state) "&cursor=" (part(next)) } { (words.text("console-older")) (icon(NEXT, 18)) }
        } }
    }
}

/// `GET /handover/manifests/{number}`
pub(in crate::central::console) async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    if !visitor.may(Permission::ParcelHandover) {
        return forbidden(&visitor);
    }
    let (site, of) = (app.store.site(), number.replace('\0', ""));
    let now = app.store.now();
    let read = app.store.read(move |tx| {
        let stays = handover::stays(tx, site, &of, now)?;
        Ok((read::one(tx, site, &of)?, stays, sites::get(tx, site)?.zone))
    });
    match read.await {
        Ok((manifest, stays, zone)) => {
            let title = visitor.words().text_with("handover-one", &[("number", Arg::Text(number))]);
            let until_ms = handover::until_ms(manifest.head.closed_ms.unwrap_or_default(), &zone);
            frame(&visitor, Place::Handover, &title, &content(&visitor, &manifest, &asked, (stays.as_ref(), until_ms)))
        }
        Err(error) => failed(&visitor, Place::Handover, &error),
    }
}

fn content(visitor: &Visitor, manifest: &Manifest, asked: &Asked, undo: (Option<&Stays>, i64)) -> Markup {
    let (words, head) = (visitor.words(), &manifest.head);
    let grams: i64 = manifest.parcels.iter().filter_map(|parcel| parcel.weight_g).sum();
    let when = |at: i64| visitor.when(at);
    html! {
        div.title {
            a.back href="/handover/manifests" aria-label=(words.text("handover-manifests")) { (icon(BACK, 22)) }
            h1 { (words.text_with("handover-one", &[("number", Arg::Text(head.number.clone()))])) }
            (state_mark(words, head.state))
            a.btn href={ "/handover/manifests/" (part(&head.number)) "/paper" } { (words.text("handover-print")) }
            a.btn href={ "/handover?carrier=" (part(&head.carrier.0)) } { (words.text("handover-title")) }
        }
        @if head.state == Step::Open && let Some(told) = asked.reopened { (reopen::done(words, told)) }
        @if !asked.closed.is_empty() && head.state == Step::Closed {
            p.scanned.k role="status" { (icon(CHECKED, 28)) span { (words.text_with("handover-done", &[("n", Arg::Int(head.parcels))])) } }
        }
        section.card { dl.facts {
            dt { (words.text("handover-carrier")) } dd { (head.carrier.1) }
            dt { (words.text("handover-parcels")) } dd { (words.format().number(head.parcels)) }
            @if grams > 0 { dt { (words.text("handover-weight")) } dd { (words.format().mass(Grams(grams))) } }
            dt { (words.text("handover-opened")) } dd { (when(head.opened_ms)) }
            @if let Some(at) = manifest.pickup_ms { dt { (words.text("handover-pickup-is")) } dd { (when(at)) } }
            @if let Some(at) = head.closed_ms { dt { (words.text("handover-left")) } dd { (when(at)) " " (head.closed_by) } }
            @if !manifest.driver.is_empty() { dt { (words.text("handover-driver-is")) } dd { (manifest.driver) } }
            @if let Some(back) = &manifest.reopened { (reopen::fact(visitor, back)) }
        } }
        @if head.state == Step::Closed { (reopen::card(visitor, &head.number, undo.0, undo.1)) }
        section.card { table.rows.told {
            thead { tr {
                th scope="col" { (words.text("handover-parcel")) }
                th scope="col" { (words.text("returns-order")) }
                th scope="col" { (words.text("handover-country")) }
                th.num scope="col" { (words.text("handover-weight")) }
                th scope="col" { (words.text("handover-scanned")) }
            } }
            tbody { @for parcel in &manifest.parcels { tr {
                td.mono.wrap { (parcel.name()) }
                td { (order_link(&parcel.order)) }
                td { (country_name(words, &parcel.country, &parcel.country)) }
                td.num { @if let Some(grams) = parcel.weight_g { (words.format().mass(Grams(grams))) } @else { "–" } }
                td { @if let Some(at) = parcel.scanned_ms { (when(at)) } @else { "–" } }
            } } }
        } }
    }
}

/// `GET /handover/manifests/{number}/paper`
pub(in crate::central::console) async fn paper(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Response {
    if !visitor.may(Permission::ParcelHandover) {
        return forbidden(&visitor);
    }
    let (site, of) = (app.store.site(), number.replace('\0', ""));
    let catalogue = visitor.words();
    let words = document_words(catalogue);
    let read = app.store.read(move |tx| Ok((read::one(tx, site, &of)?, house(tx, site)?))).await;
    let bytes = read.and_then(|(manifest, sender)| draw(catalogue, &words, &manifest, sender));
    match bytes {
        Ok(bytes) => file(&number, bytes),
        Err(error) => failed(&visitor, Place::Handover, &error),
    }
}

/// The paper as it is signed: of a closed manifest with the moment it was closed, of an open one marked as such.
fn draw(catalogue: &Catalogue, words: &Words, manifest: &Manifest, sender: Party) -> Res<Vec<u8>> {
    let at = manifest.head.closed_ms.unwrap_or(manifest.head.opened_ms);
    let open = manifest.head.state == Step::Open;
    let line = |parcel: &crate::central::services::handover::ParcelRow| ManifestLine {
        number: parcel.name().to_owned(),
        order: parcel.order.clone(),
        country: parcel.country.clone(),
        weight_g: parcel.weight_g.and_then(|grams| u32::try_from(grams).ok()),
    };
    let paper = drawn::Manifest {
        number: manifest.head.number.clone(),
        date: catalogue.format().date_time_whole(UtcMs(at)),
        sender,
        carrier: Party { name: manifest.head.carrier.1.clone(), lines: Vec::new() },
        driver: manifest.driver.clone(),
        mark: if open { catalogue.text("handover-paper-open").into_owned() } else { String::new() },
        lines: manifest.parcels.iter().map(line).collect(),
    };
    let fault = |_| CentralError::Inner { what: "drawing a manifest" };
    pdf::render(&drawn::manifest(&paper, words).map_err(fault)?).map_err(fault)
}

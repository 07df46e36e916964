//! The customer's page of an order: who knows its unguessable link sees how far it is, without a log-in. It names no person, is in
//! no search engine, tells no other site where it is, and follows the news by itself.

use super::handover::paper;
use super::marks::{BOX, CHECKED, CLOCK, CROSS, MINUS, TRUCK, icon};
use super::visitor::words;
use crate::central::error::{CentralError, Refusal};
use crate::central::exporting::document_words;
use crate::central::feed;
use crate::central::routes::App;
use crate::central::routes::auth::From as Address;
use crate::central::services::messages::{language_of, track};
use crate::central::services::orders::papers;
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use crate::i18n::{Catalogue, Lang};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use std::time::Instant;
use track::{Item, Parcel, Stage, View, Way};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lang: String,
}

fn lang_of(code: &str) -> Option<Lang> {
    Lang::ALL.into_iter().find(|lang| lang.code() == code)
}

/// A page that is for nobody but its reader.
fn private(status: StatusCode, words: &Catalogue, title: &str, main: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(words.lang().code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                title { (title) }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/console.css";
                link rel="stylesheet" href="/assets/track.css";
                script src="/assets/track.js" defer {}
            }
            body.track { main { (main) } }
        }
    };
    let mut response = (status, page).into_response();
    let headers = response.headers_mut();
    headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn limited(wait_ms: u64) -> Response {
    let seconds = HeaderValue::from(wait_ms.div_ceil(1000));
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds)], "come again in a moment").into_response()
}

fn nowhere(app: &App, lang: Option<Lang>) -> Response {
    let words = words(app, lang);
    let title = words.text("track-nowhere");
    let main = html! { h1 { (title) } p { (words.text("track-nowhere-text")) } };
    private(StatusCode::NOT_FOUND, words, &title, &main)
}

/// `GET /track/{token}?lang=…`
pub(super) async fn page(
    State(app): State<App>,
    Address(address): Address,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    if let Err(wait_ms) = app.limits.track.take(&address, Instant::now()) {
        return limited(wait_ms);
    }
    let (site, of, now) = (app.store.site(), token.clone(), app.store.now());
    let read = app.store.read(move |tx| {
        let order = track::order_of(tx, site, &of)?;
        track::view(tx, site, &order, now)
    });
    match read.await {
        Ok(view) => {
            let lang = lang_of(&asked.lang).unwrap_or_else(|| language_of(&view.language, &view.country));
            let words = words(&app, Some(lang));
            let title = words.text_with("track-title", &[("order", Arg::Text(view.number.clone()))]);
            private(StatusCode::OK, words, &title, &content(words, &view, &token))
        }
        Err(CentralError::Refused(Refusal::Missing { .. })) => nowhere(&app, lang_of(&asked.lang)),
        Err(error) => {
            tracing::error!(%error, "a customer's page could not be shown");
            let words = words(&app, lang_of(&asked.lang));
            let title = words.text("track-later");
            private(StatusCode::SERVICE_UNAVAILABLE, words, &title, &html! { h1 { (title) } })
        }
    }
}

/// `GET /track/{token}/news`: says that the page has changed, and nothing else.
pub(super) async fn news(State(app): State<App>, Address(address): Address, Path(token): Path<String>) -> Response {
    if let Err(wait_ms) = app.limits.track.take(&address, Instant::now()) {
        return limited(wait_ms);
    }
    let site = app.store.site();
    let Ok(order) = app.store.read(move |tx| track::order_of(tx, site, &token)).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match feed::listen_to(&app, order).await {
        Some(stream) => Sse::new(stream).keep_alive(KeepAlive::default()).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")], "too many listen").into_response(),
    }
}

/// `GET /track/{token}/invoice?lang=…`: the one paper that the page leads to. It names the buyer, as invoices must; who has the link may
/// read it, and nothing leads to it without the link.
pub(super) async fn invoice(
    State(app): State<App>,
    Address(address): Address,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    if let Err(wait_ms) = app.limits.track.take(&address, Instant::now()) {
        return limited(wait_ms);
    }
    let lang = lang_of(&asked.lang);
    let catalogue = words(&app, lang);
    let (site, of, drawn, zone) =
        (app.store.site(), token.clone(), document_words(catalogue), catalogue.format().zone());
    let read = app.store.read(move |tx| {
        let order = track::order_of(tx, site, &of)?;
        papers::invoice(tx, site, &order, &drawn, &zone)
    });
    match read.await {
        Ok(bytes) => {
            let mut response = paper("invoice", bytes);
            let headers = response.headers_mut();
            headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive"));
            headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            response
        }
        Err(CentralError::Refused(Refusal::Missing { .. })) => nowhere(&app, lang),
        Err(error) => {
            tracing::error!(%error, "a customer's invoice could not be drawn");
            let title = catalogue.text("track-later");
            private(StatusCode::SERVICE_UNAVAILABLE, catalogue, &title, &html! { h1 { (title) } })
        }
    }
}

/// The stages of a way without trouble, and how far this order is on it.
const WAY: [(&str, &str); 5] = [
    ("track-received", CHECKED),
    ("track-preparing", BOX),
    ("track-packed", BOX),
    ("track-shipped", TRUCK),
    ("track-delivered", CHECKED),
];

/// Place on [`WAY`], and the key of what is said about it.
const fn told(stage: Stage) -> (Option<usize>, &'static str) {
    match stage {
        Stage::Received => (Some(0), "track-received-text"),
        Stage::Waiting => (Some(0), "track-waiting-text"),
        Stage::Preparing => (Some(1), "track-preparing-text"),
        Stage::PartlyPacked => (Some(1), "track-partly-text"),
        Stage::Packed => (Some(2), "track-packed-text"),
        Stage::PartlyShipped => (Some(2), "track-partly-shipped-text"),
        Stage::Shipped => (Some(3), "track-shipped-text"),
        Stage::Delivered => (Some(4), "track-delivered-text"),
        Stage::Cancelled => (None, "track-cancelled-text"),
    }
}

fn content(words: &Catalogue, view: &View, token: &str) -> Markup {
    let (place, text) = told(view.stage);
    let carrier = if view.carrier.is_empty() { words.text("track-carrier").into_owned() } else { view.carrier.clone() };
    html! {
        header {
            p.shop { (view.shop) }
            h1 { (words.text_with("track-title", &[("order", Arg::Text(view.number.clone()))])) }
            p.muted { (words.text_with("track-placed", &[("when", Arg::Text(words.format().date(UtcMs(view.placed_ms))))])) }
        }
        section.card.pad.now aria-live="polite" data-news={ "/track/" (token) "/news" } data-stage=(format!("{:?}", view.stage)) {
            @if place.is_none() { h2.bad { (icon(CROSS, 24)) " " (words.text("track-cancelled")) } }
            p.big { (words.text_with(text, &[("carrier", Arg::Text(carrier))])) }
            @if let Some(at) = view.leaves_ms.filter(|_| place.is_some_and(|place| place < 2)) {
                p { (icon(CLOCK, 20)) " " (words.text_with("track-leaves", &[("when", Arg::Text(words.format().date(UtcMs(at))))])) }
            }
            @if let Some(place) = place { (way(words, place)) }
        }
        @for (no, parcel) in (1_i64..).zip(&view.parcels) { (parcel_card(words, no, parcel)) }
        @if view.invoice {
            p { a.btn href={ "/track/" (token) "/invoice?lang=" (words.lang().code()) } { (words.text("document-invoice")) } }
        }
        @if !view.open.is_empty() && view.stage != Stage::Cancelled {
            section.card.pad {
                h2 { (words.text(if view.parcels.is_empty() { "track-ordered" } else { "track-open" })) }
                (items(&view.open))
            }
        }
        nav.languages aria-label=(words.text("track-language")) {
            @for lang in Lang::ALL {
                a href={ "/track/" (token) "?lang=" (lang.code()) } lang=(lang.code()) hreflang=(lang.code())
                    aria-current=[(lang == words.lang()).then_some("true")] { (lang.own_name()) }
            }
        }
    }
}

fn way(words: &Catalogue, place: usize) -> Markup {
    html! {
        ol.way { @for (no, (key, path)) in WAY.iter().enumerate() {
            li.done[no < place].here[no == place] aria-current=[(no == place).then_some("step")] {
                span.dot { (icon(if no < place { CHECKED } else if no == place { path } else { MINUS }, 18)) }
                span { (words.text(key)) }
            }
        } }
    }
}

fn parcel_card(words: &Catalogue, no: i64, parcel: &Parcel) -> Markup {
    html! {
        section.card.pad {
            h2 { (icon(BOX, 22)) " " (words.text_with("track-parcel", &[("no", Arg::Int(no))])) }
            @match parcel.way {
                Way::Here => {},
                Way::Left => p { (icon(TRUCK, 20)) " " (words.text("track-shipped")) },
                Way::Arrived => p { (icon(CHECKED, 20)) " " (words.text("track-delivered")) },
            }
            @if let Some(number) = &parcel.number {
                p.muted { (words.text("track-number")) " " span.mono.secret { (number) } }
            }
            @if let Some(url) = &parcel.url {
                p { a.btn.pri href=(url) rel="noreferrer" { (icon(TRUCK, 20)) (words.text("track-follow")) } }
            }
            (items(&parcel.items))
        }
    }
}

fn items(items: &[Item]) -> Markup {
    html! { ul.items { @for item in items { li {
        span.units { (item.units) " ×" }
        span { (item.name) @if let Some(kit) = &item.kit { br; span.muted { (kit) } } }
    } } } }
}

//! The dock: one field to scan into, an answer at once, what is on the carrier's manifest and what still waits for it. Without a script
//! every scan is a form that is sent; with one, scans queue up while the answer to the one before is on its way.

use super::super::frame::{FRAGMENT, Place, page as frame};
use super::super::marks::{CHECKED, NEXT, OCTAGON, SCAN, TRIANGLE, TRUCK, icon};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::stock::{failed, part};
use super::super::visitor::Visitor;
use super::{blocked_text, order_link, said};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::handover::read::{self, CarrierRow, Manifest};
use crate::central::services::handover::{self, Blocked, Close, DRIVER_MAX, ParcelRow, Scan, TRACKING_MAX};
use crate::core::message::Arg;
use crate::core::units::Grams;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address asks for: the carrier, and what came of the last scan.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::central::console) struct Asked {
    carrier: String,
    told: String,
    what: String,
}

/// What came of a scan, for the person who scanned.
enum Told {
    Nothing,
    /// On the manifest now: its number, its order.
    Good(String),
    /// It was there before.
    Again(String),
    /// It is off the manifest.
    Off(String),
    Bad(String),
}

impl Told {
    /// The word by which a script knows how it sounds.
    const fn word(&self) -> &'static str {
        match self {
            Told::Nothing => "",
            Told::Good(_) | Told::Off(_) => "good",
            Told::Again(_) => "again",
            Told::Bad(_) => "bad",
        }
    }
}

/// What the dock shows.
struct Dock {
    carriers: Vec<CarrierRow>,
    /// Code of the one that is looked at.
    carrier: String,
    open: Option<Manifest>,
    waiting: Vec<ParcelRow>,
}

async fn load(app: &App, carrier: &str) -> Res<Dock> {
    let (site, now_ms, wanted) = (app.store.site(), app.store.now().0, carrier.to_owned());
    app.store
        .read(move |tx| {
            let carriers = read::carriers(tx, site, now_ms)?;
            let busy = carriers.iter().max_by_key(|one| (one.open.is_some(), one.waiting));
            let known = carriers.iter().find(|one| one.code == wanted).or(busy);
            let Some(known) = known.cloned() else {
                return Ok(Dock { carriers, carrier: String::new(), open: None, waiting: Vec::new() });
            };
            let open = known.open.map(|(number, _)| read::one(tx, site, &number)).transpose()?;
            let waiting = read::waiting(tx, site, &known.code, now_ms)?;
            Ok(Dock { carriers, carrier: known.code, open, waiting })
        })
        .await
}

/// `GET /handover`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    if !visitor.may(Permission::ParcelHandover) {
        return forbidden(&visitor);
    }
    let told = match asked.told.as_str() {
        "good" => Told::Good(asked.what),
        "again" => Told::Again(asked.what),
        "off" => Told::Off(asked.what),
        _ => Told::Nothing,
    };
    show(&app, &visitor, &asked.carrier, &told, None).await
}

async fn show(app: &App, visitor: &Visitor, carrier: &str, told: &Told, driver: Option<&str>) -> Response {
    match load(app, carrier).await {
        Ok(dock) => {
            let title = visitor.words().text("handover-title");
            let status = if matches!(told, Told::Bad(_)) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let content = content(visitor, &dock, told, driver.unwrap_or_default());
            (status, frame(visitor, Place::Handover, &title, &content)).into_response()
        }
        Err(error) => failed(visitor, Place::Handover, &error),
    }
}

fn content(visitor: &Visitor, dock: &Dock, told: &Told, driver: &str) -> Markup {
    let words = visitor.words();
    html! {
        div.title {
            h1 { (words.text("handover-title")) }
            a.btn href="/handover/manifests" { (words.text("handover-manifests")) (icon(NEXT, 18)) }
        }
        @if dock.carriers.is_empty() { p.empty { (words.text("handover-no-carriers")) } } @else {
            (tabs(visitor, dock))
            form.card.pad.sheet.wide #scanform method="post" action="/handover/scan" data-lost=(words.text("handover-lost")) {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="carrier" value=(dock.carrier);
                div.two {
                    label { (words.text("handover-scan"))
                        input.scan name="code" maxlength="100" required autofocus autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="send"; }
                    label { (words.text("handover-tracking"))
                        input name="tracking" maxlength=(TRACKING_MAX) autocomplete="off" autocapitalize="off" spellcheck="false"; }
                }
                div.answers { button.btn.pri { (icon(SCAN, 18)) (words.text("handover-add")) } }
            }
            (live(visitor, dock, told, driver))
        }
    }
}

/// The carriers, each with what waits for it: that too changes with every scan.
fn tabs(visitor: &Visitor, dock: &Dock) -> Markup {
    let words = visitor.words();
    html! {
        nav.tabs #docktabs aria-label=(words.text("handover-carriers")) { @for one in &dock.carriers {
            a.on[one.code == dock.carrier] href={ "/handover?carrier=" (part(&one.code)) }
                aria-current=[(one.code == dock.carrier).then_some("page")] {
                (one.name) @if one.waiting > 0 { " " span.st.w.count { (words.format().number(one.waiting)) } }
            }
        } }
    }
}

/// What is below the scan and changes with it.
fn live(visitor: &Visitor, dock: &Dock, told: &Told, driver: &str) -> Markup {
    html! {
        div #dock data-told=(told.word()) {
            (answer(visitor.words(), told))
            div.split {
                (manifest(visitor, dock, driver))
                (waiting(visitor, dock))
            }
        }
    }
}

fn answer(words: &Catalogue, told: &Told) -> Markup {
    let named = |key: &str, what: &String| words.text_with(key, &[("what", Arg::Text(what.clone()))]);
    let line = |class: &str, path: &str, text: String| {
        html! { p class={ "scanned " (class) } role=(if class == "x" { "alert" } else { "status" }) { (icon(path, 28)) span { (text) } } }
    };
    match told {
        Told::Nothing => html! {},
        Told::Good(what) => line("k", CHECKED, named("handover-good", what)),
        Told::Again(what) => line("w", TRIANGLE, named("handover-again", what)),
        Told::Off(what) => line("k", CHECKED, named("handover-off", what)),
        Told::Bad(text) => line("x", OCTAGON, text.clone()),
    }
}

fn manifest(visitor: &Visitor, dock: &Dock, driver: &str) -> Markup {
    let words = visitor.words();
    html! {
        section.card {
            @match &dock.open {
                None => { div.cardhead { h2 { (words.text("handover-on")) } } p.empty { (words.text("handover-none-on")) } },
                Some(open) => {
                    div.cardhead {
                        h2 { (words.text("handover-on")) " " a.mono href={ "/handover/manifests/" (part(&open.head.number)) } { (open.head.number) }
                            " " span.st.a.count { (words.format().number(open.head.parcels)) } }
                        @if let Some(at) = open.pickup_ms { span.muted { (words.text_with("handover-pickup", &[("when", Arg::Text(visitor.when(at)))])) } }
                    }
                    @if open.parcels.is_empty() { p.empty { (words.text("handover-none-on")) } } @else {
                        (parcels(visitor, dock, open))
                        form.pad.sheet method="post" action="/handover/close" {
                            input type="hidden" name="csrf" value=(visitor.session.csrf);
                            input type="hidden" name="carrier" value=(dock.carrier);
                            input type="hidden" name="number" value=(open.head.number);
                            label { (words.text("handover-driver")) input name="driver" maxlength=(DRIVER_MAX) value=(driver) autocomplete="off"; }
                            p.small { (words.text("handover-close-hint")) }
                            div.answers {
                                button.btn.pri { (icon(TRUCK, 18)) (words.text_with("handover-close", &[("n", Arg::Int(open.head.parcels))])) }
                                a.btn href={ "/handover/manifests/" (part(&open.head.number)) "/paper" } { (words.text("handover-print")) }
                            }
                        }
                    }
                },
            }
        }
    }
}

/// The parcels that were scanned, the last one first.
fn parcels(visitor: &Visitor, dock: &Dock, open: &Manifest) -> Markup {
    let words = visitor.words();
    html! {
        table.rows.told {
            thead { tr {
                th scope="col" { (words.text("handover-parcel")) }
                th scope="col" { (words.text("returns-order")) }
                th.num scope="col" { (words.text("handover-weight")) }
                th scope="col" { span.unseen { (words.text("handover-take-off")) } }
            } }
            tbody { @for parcel in open.parcels.iter().rev() { tr {
                td.mono.wrap { (parcel.name()) }
                td { (order_link(&parcel.order)) }
                td.num { @if let Some(grams) = parcel.weight_g { (words.format().mass(Grams(grams))) } @else { "–" } }
                td { form.inline method="post" action="/handover/off" {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="carrier" value=(dock.carrier);
                    input type="hidden" name="number" value=(open.head.number);
                    button.st name="code" value=(parcel.name()) aria-label={ (words.text("handover-take-off")) ": " (parcel.name()) } { (words.text("handover-take-off")) }
                } }
            } } }
        }
    }
}

fn waiting(visitor: &Visitor, dock: &Dock) -> Markup {
    let words = visitor.words();
    let more = dock.waiting.len() as i64 >= read::WAITING_MAX;
    html! {
        section.card {
            div.cardhead { h2 { (words.text("handover-waits")) " " span.st.count { (words.format().number(dock.waiting.len() as i64)) @if more { "+" } } } }
            @if dock.waiting.is_empty() { p.empty { (words.text("handover-none-waits")) } } @else { table.rows.told {
                thead { tr {
                    th scope="col" { (words.text("handover-parcel")) }
                    th scope="col" { (words.text("returns-order")) }
                    th scope="col" { (words.text("handover-packed")) }
                } }
                tbody { @for parcel in &dock.waiting { tr {
                    td.mono.wrap { (parcel.name()) }
                    td { (order_link(&parcel.order)) }
                    td { @if let Some(at) = parcel.packed_ms { (visitor.when(at)) } @else { "–" } }
                } } }
            } }
        }
    }
}

/// What a scan says, with the parcel and its order by name.
fn told_of(words: &Catalogue, scan: &Scan) -> Told {
    let named = |parcel: &ParcelRow| {
        if parcel.name() == parcel.order {
            parcel.order.clone()
        } else {
            format!("{} · {}", parcel.name(), parcel.order)
        }
    };
    match scan {
        Scan::Taken(taken) => Told::Good(named(&taken.parcel)),
        Scan::Already(taken) => Told::Again(named(&taken.parcel)),
        Scan::Refused(why, None) => Told::Bad(blocked_text(words, why)),
        Scan::Refused(why, Some(parcel)) => Told::Bad(format!("{}: {}", named(parcel), blocked_text(words, why))),
    }
}

/// `POST /handover/scan`
pub(in crate::central::console) async fn scan(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ParcelHandover) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (carrier, code) = (fields.get("carrier").to_owned(), fields.get("code").to_owned());
    let (of, tracking) = (carrier.clone(), fields.get("tracking").to_owned());
    let write = app.store.write(visitor.actor(), move |work| {
        let open = handover::open(work, &of)?;
        handover::scan(work, &open.number, &code, &tracking)
    });
    let told = match write.await {
        Ok(scan) => told_of(visitor.words(), &scan),
        Err(CentralError::Refused(refusal)) => Told::Bad(said(visitor.words(), &refusal)),
        Err(error) => return failed(&visitor, Place::Handover, &error),
    };
    after(&app, &visitor, &headers, &carrier, told).await
}

/// The answer: the changed part for a script, else the page, reached so that it can be loaded again.
async fn after(app: &App, visitor: &Visitor, headers: &HeaderMap, carrier: &str, told: Told) -> Response {
    if headers.contains_key(FRAGMENT) {
        return match load(app, carrier).await {
            Ok(dock) => html! { (tabs(visitor, &dock)) (live(visitor, &dock, &told, "")) }.into_response(),
            Err(error) => failed(visitor, Place::Handover, &error),
        };
    }
    let (word, what) = match &told {
        Told::Good(what) => ("good", what),
        Told::Again(what) => ("again", what),
        Told::Off(what) => ("off", what),
        Told::Nothing | Told::Bad(_) => return show(app, visitor, carrier, &told, None).await,
    };
    Redirect::to(&format!("/handover?carrier={}&told={word}&what={}", part(carrier), part(what))).into_response()
}

/// `POST /handover/off`
pub(in crate::central::console) async fn off(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ParcelHandover) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (number, code) = (fields.get("number").to_owned(), fields.get("code").to_owned());
    let write = app.store.write(visitor.actor(), move |work| handover::off(work, &number, &code));
    let told = match write.await {
        Ok(parcel) => Told::Off(parcel.name().to_owned()),
        Err(CentralError::Refused(refusal)) => Told::Bad(said(visitor.words(), &refusal)),
        Err(error) => return failed(&visitor, Place::Handover, &error),
    };
    after(&app, &visitor, &headers, fields.get("carrier"), told).await
}

/// Each parcel that keeps a manifest open, with its reason.
fn stopped_text(words: &Catalogue, stopped: &[(ParcelRow, Blocked)]) -> String {
    let one = |(parcel, why): &(ParcelRow, Blocked)| format!("{} ({})", parcel.name(), blocked_text(words, why));
    let all: Vec<String> = stopped.iter().take(10).map(one).collect();
    words.text_with("handover-stopped", &[("what", Arg::Text(all.join("; ")))])
}

/// `POST /handover/close`
pub(in crate::central::console) async fn close(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ParcelHandover) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (number, driver) = (fields.get("number").to_owned(), fields.get("driver").to_owned());
    let typed = driver.clone();
    let write = app.store.write(visitor.actor(), move |work| handover::close(work, &number, &driver)).await;
    let told = match write {
        Ok(Close::Done(closed)) => {
            return Redirect::to(&format!("/handover/manifests/{}?closed=1", part(&closed.number))).into_response();
        }
        Ok(Close::Stopped(stopped)) => Told::Bad(stopped_text(visitor.words(), &stopped)),
        Err(CentralError::Refused(refusal @ Refusal::Missing { .. })) => {
            return failed(&visitor, Place::Handover, &CentralError::Refused(refusal));
        }
        Err(CentralError::Refused(refusal)) => Told::Bad(said(visitor.words(), &refusal)),
        Err(error) => return failed(&visitor, Place::Handover, &error),
    };
    show(&app, &visitor, fields.get("carrier"), &told, Some(&typed)).await
}

//! One order: its three axes, lines with how far they are, parcels, photos, open questions, and its timeline.

use super::board::{OfOrder, section, section_of, stage_pill};
use super::country::country_name;
use super::exceptions::question;
use super::files;
use super::frame::{Place, page as frame, trouble};
use super::handover::of_order as of_order_parcels;
use super::marks::{self, BACK, BOX, CAMERA, icon, pill};
use super::messages::of_order;
use super::orders::{may_see_orders, money, one, services};
use super::payments;
use super::proofs::{proof_list, upload};
use super::returns;
use super::split;
use super::timeline::{About, about, sentence};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::exceptions::{ExceptionRow, of_order};
use crate::central::services::files::{self as attached, Attached};
use crate::central::services::orders::table;
use crate::central::services::orders::{
    self, Ledger, LineView, OrderView, PhotoView, id_of_number, mergeable, papers, view,
};
use crate::central::services::proofs::{self, Of, Proof};
use crate::central::services::returns as returned;
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use crate::i18n::Catalogue;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// What the address of the page asks for.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// Entries of the timeline that are shown.
    #[serde(default)]
    show: String,
}

/// Which form of the page was refused, with what was typed in it.
pub(super) enum Told {
    Nothing,
    Payment(payments::Typed),
    Split(split::Typed),
    /// Why a proof of payment was not taken.
    Proof(String),
}

/// `GET /orders/{number}`
pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    if let Err(answer) = may_see_orders(&visitor) {
        return *answer;
    }
    show(&app, &visitor, number, About::of(&asked.show), (StatusCode::OK, Told::Nothing)).await
}

/// Shows an order; after a refusal with the form as it was typed and the reason beside it.
pub(super) async fn show(
    app: &App,
    visitor: &Visitor,
    number: String,
    show: Option<About>,
    (status, told): (StatusCode, Told),
) -> Response {
    let (site, personal, now) = (app.store.site(), visitor.may(Permission::PersonView), UtcMs(visitor.now_ms));
    let read = app
        .store
        .read(move |tx| {
            let id = id_of_number(tx, site, &number)?;
            let proofs = proofs::list(tx, &Of::Order(id.clone()))?;
            let row = table::rows(tx, site, std::slice::from_ref(&id), personal, now)?;
            let desk = (row, services(tx, site)?, of_order::read(tx, site, &id)?);
            let back = (returned::read::of_order(tx, &id)?, returned::returnable(tx, &id)?);
            let at = section_of(tx, site, &id, now.0)?;
            let ledger = orders::ledger(tx, site, &id)?;
            let (files, mergeable) = (attached::list(tx, &id)?, mergeable(tx, site, &id)?);
            let beside = Beside { files, mergeable, proofs, ledger, at, invoice: papers::has_invoice(tx, &id)? };
            Ok((view(tx, site, &id, personal)?, of_order(tx, &id)?, beside, (desk, back)))
        })
        .await;
    match read {
        Ok((order, questions, beside, ((row, services, mails), ((back, from), can)))) => {
            let words = visitor.words();
            let title = words.text_with("order-title", &[("order", Arg::Text(order.number.clone()))]);
            let may = visitor.may(Permission::ReturnManage) && can.iter().any(|line| line.units > 0);
            let desk = Desk {
                row: row.first().map(|row| one::parts(visitor, row, &services)),
                returns: returns::card(visitor, &order.number, &back, from.as_deref(), may),
                mails: of_order::card(visitor, &app.house, &order.number, &mails),
                show,
                told,
            };
            let content = content(visitor, &order, &questions, &beside, &desk);
            (status, frame(visitor, Place::Orders, &title, &content)).into_response()
        }
        Err(CentralError::Refused(Refusal::Missing { .. })) => {
            (StatusCode::NOT_FOUND, trouble(visitor, Place::Orders, "console-not-found")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "an order could not be shown");
            trouble(visitor, Place::Orders, "console-trouble")
        }
    }
}

/// What other rooms of the console say of the order.
struct Desk {
    row: Option<one::Parts>,
    returns: Markup,
    mails: Markup,
    /// Entries of the timeline that are shown; none: all.
    show: Option<About>,
    /// Which form was refused.
    told: Told,
}

impl Desk {
    fn payment(&self) -> Option<&payments::Typed> {
        if let Told::Payment(typed) = &self.told { Some(typed) } else { None }
    }

    fn split(&self) -> Option<&split::Typed> {
        if let Told::Split(typed) = &self.told { Some(typed) } else { None }
    }

    fn proof(&self) -> Option<&str> {
        if let Told::Proof(why) = &self.told { Some(why) } else { None }
    }
}

/// What lies with an order.
struct Beside {
    files: Vec<Attached>,
    /// Numbers of orders that it could be merged with.
    mergeable: Vec<String>,
    proofs: Vec<Proof>,
    ledger: Ledger,
    /// Where it stands on the board.
    at: OfOrder,
    /// There is an invoice of it.
    invoice: bool,
}

fn content(visitor: &Visitor, order: &OrderView, questions: &[ExceptionRow], beside: &Beside, desk: &Desk) -> Markup {
    let words = visitor.words();
    let goods = || order.lines.iter().filter(|line| !line.service);
    let (done, all): (i64, i64) = (goods().map(|l| l.verified).sum(), goods().map(|l| l.quantity).sum());
    let short: i64 = goods().map(|line| line.short).sum();
    let guest = words.text("order-guest");
    let customer = if order.customer.is_empty() { guest.to_string() } else { order.customer.clone() };
    let head = words.text_with(
        "order-head",
        &[
            ("when", Arg::Text(visitor.when(order.placed_ms))),
            ("customer", Arg::Text(customer)),
            ("country", Arg::Text(country_name(words, &order.country, &order.country_text))),
            ("version", Arg::Int(order.version)),
        ],
    );
    let axis = |key: &str, mark: Markup| html! { div { div.small { (words.text(key)) } (mark) } };
    html! {
        div.title {
            a.back href="/orders" aria-label=(words.text("console-orders")) { (icon(BACK, 22)) }
            h1 { (words.text_with("order-title", &[("order", Arg::Text(order.number.clone()))])) }
            span.muted { (head) }
            @if order.expedited { (pill("a", marks::USER, &words.text("order-first"))) }
            div.headacts {
                @if let Some(row) = &desk.row { (row.acts) }
                @if order.status == "placed" && visitor.may(Permission::OrderUpdate) && visitor.may(Permission::PersonView) {
                    a.btn.pri href={ "/orders/" (order.number) "/edit" } { (words.text("console-edit")) }
                }
            }
        }
        div.card.axes data-order-id=(order.id) {
            (axis("column-status", marks::status(words, &order.status)))
            (axis("column-payment", marks::payment(words, &order.payment)))
            (axis("column-fulfillment", marks::fulfillment(words, &order.fulfillment, done, all, short)))
            @if let Some(stage) = stage_pill(words, &beside.at) { (axis("board-stage", stage)) }
            @if let Some(row) = &desk.row { (row.beside) }
        }
        @if let Some(row) = &desk.row { (row.card) }
        (desk.returns)
        @for open in questions.iter().filter(|q| q.state == "open") { (question(visitor, open)) }
        div.split {
            div {
                (lines(words, order, all))
                (split::forms(visitor, order, desk.split()))
                (files::merge_form(visitor, &order.number, &beside.mergeable))
                @for parcel in &order.parcels { (of_order_parcels::parcel(visitor, &order.number, parcel)) }
                (of_order_parcels::card(visitor, order, beside.invoice))
                (photos(visitor, &order.photos))
                (files::section(visitor, &order.number, &beside.files))
                @if visitor.may(Permission::PaymentView) {
                    (payments::card(visitor, &order.number, &beside.ledger, desk.payment()))
                    section.card.pad {
                        h2 { (words.text("neworder-proofs")) }
                        (proof_list(visitor, &beside.proofs))
                        (upload(visitor, &format!("/orders/{}/proof", order.number), desk.proof()))
                    }
                }
            }
            div { (section(visitor, &beside.at)) (desk.mails) (timeline(visitor, order, desk.show)) }
        }
    }
}

fn lines(words: &Catalogue, order: &OrderView, units: i64) -> Markup {
    let sub = words.text_with(
        "order-lines-sub",
        &[
            ("lines", Arg::Int(i64::try_from(order.lines.len()).unwrap_or(0))),
            ("items", Arg::Int(units)),
            ("total", Arg::Text(money(words, order.total_minor, &order.currency))),
        ],
    );
    html! {
        section.card {
            div.cardhead {
                h2 { (words.text("order-lines")) " " span.muted { (sub) } }
                @if !order.station.is_empty() {
                    (pill("a", BOX, &words.text_with("order-live-from", &[("station", Arg::Text(order.station.clone()))])))
                }
            }
            table.lines {
                thead { tr {
                    th scope="col" { (words.text("column-code")) }
                    th scope="col" { (words.text("column-product")) }
                    th.num scope="col" { (words.text("column-quantity")) }
                    th scope="col" { (words.text("column-checked")) }
                } }
                tbody {
                    @for line in order.lines.iter().filter(|line| line.kit.is_none()) { (line_row(words, line)) }
                    @for kit in &order.kits {
                        tr.kit {
                            td.mono { (kit.sku) }
                            td.wrap { b { (kit.name) } " " span.muted {
                                (words.text_with("order-kit-of", &[("parts", Arg::Int(kit.content.iter().map(|part| part.units).sum()))])) " · "
                                (money(words, kit.price_minor, &order.currency)) } }
                            td.num { b { (words.format().number(kit.quantity)) } }
                            td {}
                        }
                        @for line in order.lines.iter().filter(|line| line.kit == Some(kit.no)) { (line_row(words, line)) }
                    }
                }
            }
        }
    }
}

fn line_row(words: &Catalogue, line: &LineView) -> Markup {
    html! {
        tr.part[line.kit.is_some()] {
            td.mono { (line.sku) }
            td.wrap { (line.name) }
            td.num { (words.format().number(line.quantity)) }
            td { @if line.service { "–" } @else {
                div.way {
                    progress max=(line.quantity) value=(line.verified) {}
                    span { (line.verified) "/" (line.quantity) }
                }
            } }
        }
    }
}

fn photos(visitor: &Visitor, photos: &[PhotoView]) -> Markup {
    let words = visitor.words();
    html! {
        section.card.pad {
            h2 { (words.text("order-photos")) }
            @if photos.is_empty() { p.muted { (icon(CAMERA, 20)) " " (words.text("order-no-photos")) } }
            div.photos { @for photo in photos {
                @if photo.here {
                    a href={ "/photos/" (photo.hash) } {
                        img src={ "/photos/" (photo.hash) } width="160" height="120" loading="lazy"
                            alt=(words.text_with("order-photo-of", &[
                                ("no", Arg::Int(i64::from(photo.parcel))),
                                ("when", Arg::Text(visitor.when(photo.taken_ms))),
                            ]));
                    }
                } @else {
                    p.muted { (words.text_with("order-photo-waits", &[("station", Arg::Text(photo.station.clone()))])) }
                }
            } }
        }
    }
}

fn timeline(visitor: &Visitor, order: &OrderView, show: Option<About>) -> Markup {
    let words = visitor.words();
    let way = |to: Option<About>| {
        let (word, key) = to.map_or(("", "order-timeline-all"), |about| (about.word(), about.key()));
        html! {
            a.on[to == show] href={ "?show=" (word) "#timeline" } aria-current=[(to == show).then_some("true")] { (words.text(key)) }
        }
    };
    html! {
        section.card.pad #timeline {
            div.cardhead.flat {
                h2 { (words.text("order-timeline")) }
                div.ways { (way(None)) @for about in About::ALL { (way(Some(about))) } }
            }
            ol.timeline {
                @for entry in &order.timeline {
                    @if let Some(said) = sentence(words, order, entry).filter(|_| show.is_none_or(|show| about(entry) == show)) {
                        li {
                            span class={ "dot " (said.look) } { (icon(said.icon, 16)) }
                            div.what {
                                b { (said.text) }
                                @if !entry.station.is_empty() { div.muted { (entry.station) } }
                                @if entry.outcome != "accepted" { div.muted { (words.text("exception-kind-rejected")) } }
                            }
                            time.mono { (words.format().time_s(UtcMs(entry.at_ms))) }
                        }
                    }
                }
                @if show.is_none_or(|show| show == About::Office) { li {
                    span.dot { (icon(marks::ORDER, 16)) }
                    div.what { b { (words.text("event-placed")) } }
                    time.mono { (visitor.when(order.placed_ms)) }
                } }
            }
        }
    }
}

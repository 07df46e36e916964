//! What the page of an order tells of its parcels: where each is, the carrier's number, that it arrived; and its papers.

use super::super::board::{local, moment};
use super::super::frame::{Place, page as frame};
use super::super::marks::{BOX, CHECKED, MINUS, TRUCK, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::stock::{failed, part};
use super::super::visitor::Visitor;
use super::{blocked_text, paper, said};
use crate::central::error::{CentralError, Refusal};
use crate::central::exporting::document_words;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::handover::{self, Delivery, TRACKING_MAX, Tracking, URL_MAX};
use crate::central::services::orders::table::slips::slips;
use crate::central::services::orders::{OrderView, ParcelView, id_of_number, papers};
use crate::core::message::Arg;
use crate::core::units::Grams;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// A parcel as a card.
pub(in crate::central::console) fn parcel(visitor: &Visitor, order: &str, parcel: &ParcelView) -> Markup {
    let words = visitor.words();
    let box_name = Arg::Text(parcel.packaging.clone());
    let text = match (parcel.weight_g, parcel.expected_g) {
        (Some(grams), _) => {
            words.text_with("order-parcel-weighed", &[("box", box_name), ("mass", Arg::Mass(Grams(grams)))])
        }
        (None, Some(grams)) => {
            words.text_with("order-parcel-expected", &[("box", box_name), ("mass", Arg::Mass(Grams(grams)))])
        }
        (None, None) => parcel.packaging.clone(),
    };
    html! {
        section.card.pad id={ "parcel-" (parcel.part) "-" (parcel.no) } {
            h2 { (words.text_with("order-parcel", &[("no", Arg::Int(i64::from(parcel.no)))])) " " (way(visitor, parcel)) }
            p { (icon(BOX, 20)) " " (text) }
            @if parcel.sscc.is_empty() { p.muted { (words.text("order-no-label")) } } @else {
                p.mono { (parcel.sscc) @if parcel.confirmed { " " (icon(CHECKED, 18)) } }
            }
            @if !parcel.tracking.is_empty() { p { (words.text("handover-tracking-is")) " " span.mono.secret { (parcel.tracking) } } }
            @if let Some(url) = &parcel.url { p { a href=(url) rel="noreferrer" { (words.text("track-follow")) } } }
            @if let Some(number) = &parcel.manifest {
                p { (words.text("handover-with")) " " @if visitor.may(Permission::ParcelHandover) {
                    a.mono href={ "/handover/manifests/" (part(number)) } { (number) } } @else { span.mono { (number) } } }
            }
            @if visitor.may(Permission::ParcelHandover) && !parcel.sscc.is_empty() { (tracking_form(visitor, order, parcel)) }
        }
    }
}

fn way(visitor: &Visitor, parcel: &ParcelView) -> Markup {
    let words = visitor.words();
    let when = |at: i64| visitor.when(at);
    match (parcel.shipped_ms, parcel.delivered_ms) {
        (_, Some(at)) => pill("k", CHECKED, &words.text_with("handover-arrived-at", &[("when", Arg::Text(when(at)))])),
        (Some(at), None) => pill("k", TRUCK, &words.text_with("handover-left-at", &[("when", Arg::Text(when(at)))])),
        (None, None) if parcel.manifest.is_some() => pill("a", TRUCK, &words.text("handover-scanned-on")),
        (None, None) => pill("", MINUS, &words.text("handover-here")),
    }
}

fn tracking_form(visitor: &Visitor, order: &str, parcel: &ParcelView) -> Markup {
    let words = visitor.words();
    html! {
        details { summary { (words.text("handover-set-tracking")) }
            form.sheet method="post" action={ "/orders/" (part(order)) "/tracking" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="code" value=(parcel.sscc);
                label { (words.text("handover-tracking-is")) input name="tracking" maxlength=(TRACKING_MAX) value=(parcel.tracking) autocomplete="off"; }
                label { (words.text("handover-url")) input name="url" maxlength=(URL_MAX) value=(parcel.own_url) placeholder="https://carrier.example/parcel/123" autocomplete="off";
                    span.small { (words.text("handover-url-hint")) } }
                div.answers { button.btn.pri { (words.text("office-save")) } }
            }
        }
    }
}

/// That it arrived, once something left; and its papers.
pub(in crate::central::console) fn card(visitor: &Visitor, order: &OrderView, invoice: bool) -> Markup {
    let words = visitor.words();
    let left = order.parcels.iter().any(|one| one.shipped_ms.is_some() && one.delivered_ms.is_none());
    let goods = order.lines.iter().any(|line| !line.service);
    let papers = visitor.may(Permission::PersonView) && order.status != "cancelled" && goods;
    html! {
        @if left && visitor.may(Permission::ParcelHandover) {
            section.card.pad #delivered {
                details { summary { (words.text("handover-arrived")) }
                    form.sheet method="post" action={ "/orders/" (part(&order.number)) "/delivered" } {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        label { (words.text("board-delivered-at")) input type="datetime-local" name="at" required value=(local(words, visitor.now_ms)); }
                        label { (words.text("board-delivered-by")) input name="note" maxlength="200"; }
                        div.answers { button.btn.pri { (icon(CHECKED, 18)) (words.text("handover-arrived-save")) } }
                    }
                }
            }
        }
        @if papers {
            section.card.pad #papers {
                h2 { (words.text("handover-papers")) }
                div.answers {
                    a.btn href={ "/orders/" (part(&order.number)) "/slip" } { (words.text("document-packing-slip")) }
                    @if invoice { a.btn href={ "/orders/" (part(&order.number)) "/invoice" } { (words.text("document-invoice")) } }
                }
            }
        }
    }
}

/// Why something was not done, with the way back.
fn refused(visitor: &Visitor, number: &str, why: &str) -> Response {
    let words = visitor.words();
    let title = words.text_with("order-title", &[("order", Arg::Text(number.to_owned()))]);
    let page = html! {
        h1 { (title) }
        p.wrong.lead role="alert" { (why) }
        a.btn href={ "/orders/" (part(number)) } { (words.text("orders-back")) }
    };
    (StatusCode::UNPROCESSABLE_ENTITY, frame(visitor, Place::Orders, &title, &page)).into_response()
}

fn fault(visitor: &Visitor, number: &str, error: CentralError) -> Response {
    match error {
        error @ CentralError::Refused(Refusal::Missing { .. }) => failed(visitor, Place::Orders, &error),
        CentralError::Refused(refusal) => refused(visitor, number, &said(visitor.words(), &refusal)),
        error => failed(visitor, Place::Orders, &error),
    }
}

/// `POST /orders/{number}/tracking`
pub(in crate::central::console) async fn track(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ParcelHandover) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let code = fields.get("code").to_owned();
    let wish = Tracking { number: Some(fields.get("tracking").to_owned()), url: Some(fields.get("url").to_owned()) };
    match app.store.write(visitor.actor(), move |work| handover::track(work, &code, &wish)).await {
        Ok(Ok(parcel)) => {
            Redirect::to(&format!("/orders/{}#parcel-{}-{}", part(&number), parcel.part, parcel.no)).into_response()
        }
        Ok(Err(why)) => refused(&visitor, &number, &blocked_text(visitor.words(), &why)),
        Err(error) => fault(&visitor, &number, error),
    }
}

/// `POST /orders/{number}/delivered`
pub(in crate::central::console) async fn delivered(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ParcelHandover) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let Some(at_ms) = moment(&visitor, fields.get("at")) else {
        return refused(&visitor, &number, &visitor.words().text("handover-no-moment"));
    };
    let (order, delivery) = (number.clone(), Delivery { at_ms, note: fields.get("note").to_owned() });
    let write = app.store.write(visitor.actor(), move |work| {
        let id = id_of_number(work.tx, work.ctx.site, &order)?;
        handover::delivered(work, &id, &delivery)
    });
    match write.await {
        Ok(()) => Redirect::to(&format!("/orders/{}", part(&number))).into_response(),
        Err(error) => fault(&visitor, &number, error),
    }
}

/// `GET /orders/{number}/invoice`
pub(in crate::central::console) async fn invoice(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Response {
    if !visitor.may(Permission::PersonView) || !visitor.may(Permission::OrderView) {
        return forbidden(&visitor);
    }
    let catalogue = visitor.words();
    let (site, of, words, zone) =
        (app.store.site(), number.replace('\0', ""), document_words(catalogue), catalogue.format().zone());
    let read = app.store.read(move |tx| {
        let id = id_of_number(tx, site, &of)?;
        papers::invoice(tx, site, &id, &words, &zone)
    });
    match read.await {
        Ok(bytes) => paper(&format!("invoice-{number}"), bytes),
        Err(error) => failed(&visitor, Place::Orders, &error),
    }
}

/// `GET /orders/{number}/slip`
pub(in crate::central::console) async fn slip(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Response {
    if !visitor.may(Permission::PersonView) || !visitor.may(Permission::OrderView) {
        return forbidden(&visitor);
    }
    let catalogue = visitor.words();
    let (site, of, words, zone) =
        (app.store.site(), number.replace('\0', ""), document_words(catalogue), catalogue.format().zone());
    let read = app.store.read(move |tx| {
        let id = id_of_number(tx, site, &of)?;
        slips(tx, site, &[id], &words, &zone)
    });
    match read.await {
        Ok(bytes) => paper(&format!("slip-{number}"), bytes),
        Err(error) => failed(&visitor, Place::Orders, &error),
    }
}

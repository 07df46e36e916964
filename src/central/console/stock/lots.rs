//! Lots: those that are held, and where one is and where it went.

use super::super::frame::Place;
use super::super::marks::{BACK, CHECKED, OCTAGON, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::visitor::Visitor;
use super::{
    condition_name, day, failed, figure, lot_link, may_see, part, place_link, product_link, said, shown, tabs,
};
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::stock::MARK_MAX;
use crate::central::services::stock::look;
use crate::central::services::stock::lots::{self as service, HOLD_REASON_MAX, Held, LotTrace};
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Which lot.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::central::console) struct Asked {
    sku: String,
    lot: String,
}

/// `GET /stock/lots`
pub(in crate::central::console) async fn held(State(app): State<App>, visitor: Visitor) -> Response {
    list(&app, &visitor, &Asked::default(), None).await
}

async fn list(app: &App, visitor: &Visitor, asked: &Asked, refused: Option<&Refusal>) -> Response {
    if let Err(answer) = may_see(visitor) {
        return *answer;
    }
    let (site, words) = (app.store.site(), visitor.words());
    match app.store.read(move |tx| service::held(tx, site)).await {
        Ok(rows) => {
            let content = html! {
                div.title { h1 { (words.text("stock-tab-lots")) } }
                (tabs(visitor, "/stock/lots"))
                @if let Some(refusal) = refused { p.wrong.lead role="alert" { (said(words, refusal)) } }
                form.card.pad.sheet method="get" action="/stock/lot" {
                    h2 { (words.text("stock-lot-find")) }
                    div.two {
                        label { (words.text("stock-scan-product")) input name="sku" maxlength="100" required autocomplete="off" value=(asked.sku); }
                        label { (words.text("stock-lot")) input name="lot" maxlength=(MARK_MAX) required autocomplete="off" value=(asked.lot); }
                    }
                    div.answers { button.btn { (words.text("stock-lot-where")) } }
                }
                section.card {
                    div.cardhead { h2 { (words.text("stock-lots-held")) } }
                    @if rows.is_empty() { p.empty { (words.text("stock-no-lots")) } } @else { (table(visitor, &rows)) }
                }
            };
            shown(visitor, &words.text("stock-tab-lots"), refused.is_some(), &content)
        }
        Err(error) => failed(visitor, Place::Stock, &error),
    }
}

fn table(visitor: &Visitor, rows: &[Held]) -> Markup {
    let words = visitor.words();
    html! { table.rows.told {
        thead { tr {
            @for key in ["column-code", "column-product", "stock-lot"] { th scope="col" { (words.text(key)) } }
            th.num scope="col" { (words.text("stock-units")) }
            th scope="col" { (words.text("stock-why")) }
            th scope="col" { (words.text("stock-when")) }
        } }
        tbody { @for row in rows { tr {
            td { (product_link(&row.product.0)) }
            td.wrap { (row.product.1) }
            td { (lot_link(&row.product.0, &row.lot)) }
            (figure(words, "stock-units", row.quantity))
            td.wrap { (row.reason) }
            td { (visitor.when(row.at_ms)) }
        } } }
    } }
}

/// `GET /stock/lot`
pub(in crate::central::console) async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    show(&app, &visitor, &asked, None).await
}

async fn show(app: &App, visitor: &Visitor, asked: &Asked, refused: Option<&Refusal>) -> Response {
    if let Err(answer) = may_see(visitor) {
        return *answer;
    }
    let (site, personal) = (app.store.site(), visitor.may(Permission::PersonView));
    let (text, lot) = (asked.sku.clone(), asked.lot.trim().replace('\0', ""));
    let read = app.store.read(move |tx| {
        let sku = look::meant(tx, site, &text)?.ok_or(Refusal::Missing { entity: "product" })?.sku;
        service::went(tx, site, &sku, &lot, personal)
    });
    match read.await {
        Ok(trace) => {
            let title = visitor.words().text_with("stock-lot-title", &[("lot", Arg::Text(trace.lot.clone()))]);
            shown(visitor, &title, refused.is_some(), &content(visitor, &trace, refused))
        }
        Err(CentralError::Refused(refusal)) => list(app, visitor, asked, Some(&refusal)).await,
        Err(error) => failed(visitor, Place::Stock, &error),
    }
}

fn content(visitor: &Visitor, trace: &LotTrace, refused: Option<&Refusal>) -> Markup {
    let words = visitor.words();
    let here: i64 = trace.places.iter().map(|place| place.quantity).sum();
    let gone: i64 = trace.parcels.iter().map(|parcel| parcel.quantity).sum();
    let axis = |key: &str, n: i64| html! { div { div.small { (words.text(key)) } b { (words.format().number(n)) } } };
    html! {
        div.title {
            a.back href="/stock/lots" aria-label=(words.text("stock-tab-lots")) { (icon(BACK, 22)) }
            h1 { (words.text_with("stock-lot-title", &[("lot", Arg::Text(trace.lot.clone()))])) }
            (product_link(&trace.product.0)) span.muted { (trace.product.1) }
            @if trace.held.is_some() { (pill("x", OCTAGON, &words.text("stock-held"))) }
        }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (said(words, refusal)) } }
        div.card.axes { (axis("stock-kind-receive", trace.received)) (axis("stock-here", here)) (axis("stock-in-parcels", gone)) }
        (hold_form(visitor, trace))
        div.pair {
            section.card {
                div.cardhead { h2 { (words.text("stock-places")) } }
                @if trace.places.is_empty() { p.empty { (words.text("stock-none-here")) } }
                table.rows { tbody { @for place in &trace.places { tr {
                    td { (place_link(&place.location)) }
                    td { @if !place.expiry.is_empty() { (day(words, &place.expiry)) } }
                    td { (condition_name(words, &place.condition)) }
                    td.num { b { (words.format().number(place.quantity)) } }
                } } } }
            }
            section.card {
                div.cardhead { h2 { (words.text("stock-in-parcels")) } }
                @if trace.parcels.is_empty() { p.empty { (words.text("stock-no-parcels")) } }
                table.rows { tbody { @for parcel in &trace.parcels { tr {
                    td { a.mono href={ "/orders/" (part(&parcel.order)) } { (parcel.order) } }
                    td { (words.text_with("order-parcel", &[("no", Arg::Int(parcel.parcel))]))
                        @if let Some(sscc) = &parcel.sscc { " " span.mono.small { (sscc) } }
                        @if let Some(tracking) = &parcel.tracking { " " span.mono.small { (tracking) } } }
                    td { @if parcel.name.is_empty() { (parcel.customer.as_deref().unwrap_or("–")) } @else { (parcel.name) } }
                    td { @if let Some(at) = parcel.packed_ms { (words.format().date(UtcMs(at))) } }
                    td.num { b { (words.format().number(parcel.quantity)) } }
                } } } }
                @if trace.more { p.empty { (words.text("stock-more-parcels")) } }
            }
        }
    }
}

fn hold_form(visitor: &Visitor, trace: &LotTrace) -> Markup {
    let words = visitor.words();
    html! {
        @if let Some(reason) = &trace.held { p.lead { (words.text("stock-why")) ": " (reason) } }
        @if visitor.may(Permission::StockAdjust) {
            form.card.pad.sheet method="post" action="/stock/lot" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="sku" value=(trace.product.0);
                input type="hidden" name="lot" value=(trace.lot);
                @if trace.held.is_some() {
                    input type="hidden" name="do" value="let-go";
                    div.answers { button.btn.pri { (icon(CHECKED, 18)) (words.text("stock-lot-let-go")) } }
                } @else {
                    input type="hidden" name="do" value="hold";
                    label { (words.text("stock-hold-why")) input name="reason" maxlength=(HOLD_REASON_MAX) required; }
                    p.small { (words.text("stock-hold-hint")) }
                    div.answers { button.btn.pri { (icon(OCTAGON, 18)) (words.text("stock-lot-hold")) } }
                }
            }
        }
    }
}

/// `POST /stock/lot`
pub(in crate::central::console) async fn hold(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::StockAdjust) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let asked = Asked { sku: fields.get("sku").to_owned(), lot: fields.get("lot").to_owned() };
    let reason = (fields.get("do") == "hold").then(|| fields.get("reason").to_owned());
    let of = asked.clone();
    let done = app.store.write(visitor.actor(), move |work| service::hold(work, &of.sku, &of.lot, reason.as_deref()));
    let done = done.await;
    app.wake.notify_one();
    match done {
        Ok(()) => {
            let to = format!("/stock/lot?sku={}&lot={}", part(&asked.sku), part(&asked.lot));
            Redirect::to(&to).into_response()
        }
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, &asked, Some(&refusal)).await,
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

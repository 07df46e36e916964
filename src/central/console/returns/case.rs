//! One return: its barcode for the paper in the box, what came of each line and where it lies, taking units in by scan, and how it ends.

use super::super::frame::{Place, page as frame};
use super::super::marks::{BACK, CHECKED, SCAN, icon};
use super::super::new_order::form::{Fields, amount};
use super::super::people::forbidden;
use super::super::stock::{failed, kept, once, once_field, part, place_link, product_link};
use super::super::visitor::Visitor;
use super::list::money;
use super::{methods, reason_name, refusal_text, state_mark};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::Method;
use crate::central::services::returns::read::{self, Case, Line};
use crate::central::services::returns::{self, Close, Grade, Graded, State as Step};
use crate::central::services::stock::{MARK_MAX, look};
use crate::central::store::work::Work;
use crate::core::message::Arg;
use crate::core::money::Currency;
use crate::labels::code128::{CODE128_QUIET_MODULES, Code128};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address asks for: what came last, and what stays for the next.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::central::console) struct Asked {
    came: String,
    location: String,
    grade: String,
}

/// `GET /returns/{number}`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    show(&app, &visitor, &number, &asked, None).await
}

/// A form of the page that was refused: what was typed in it, and why.
struct Refused {
    fields: Fields,
    refusal: Refusal,
}

impl Refused {
    /// Whether it is the form that takes units in; the others say how the return ends.
    fn takes(&self) -> bool {
        self.fields.get("how").is_empty()
    }
}

async fn show(app: &App, visitor: &Visitor, number: &str, asked: &Asked, refused: Option<&Refused>) -> Response {
    if !visitor.may(Permission::ReturnManage) {
        return forbidden(visitor);
    }
    let (site, personal, of) = (app.store.site(), visitor.may(Permission::PersonView), number.replace('\0', ""));
    match app.store.read(move |tx| read::one(tx, site, &of, personal)).await {
        Ok(case) => {
            let title = visitor.words().text_with("returns-one", &[("number", Arg::Text(case.head.number.clone()))]);
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            (status, frame(visitor, Place::Returns, &title, &content(visitor, &case, asked, refused))).into_response()
        }
        Err(error) => failed(visitor, Place::Returns, &error),
    }
}

fn content(visitor: &Visitor, case: &Case, asked: &Asked, refused: Option<&Refused>) -> Markup {
    let (words, head) = (visitor.words(), &case.head);
    html! {
        div.title {
            a.back href="/returns" aria-label=(words.text("returns-title")) { (icon(BACK, 22)) }
            h1 { (words.text_with("returns-one", &[("number", Arg::Text(head.number.clone()))])) }
            (state_mark(words, head))
            span.muted { (visitor.when(head.at_ms)) }
        }
        @if !asked.came.is_empty() && refused.is_none() { p.lead role="status" { (icon(CHECKED, 18)) " " (words.text_with("returns-taken", &[("what", Arg::Text(asked.came.clone()))])) } }
        @if let Some(refused) = refused.filter(|_| head.state == Step::Closed) { p.wrong.lead role="alert" { (refusal_text(words, &refused.refusal)) } }
        @if head.state != Step::Closed { (take_form(visitor, case, asked, refused.filter(|refused| refused.takes()))) }
        div.split {
            div {
                section.card {
                    div.cardhead { h2 { (words.text("order-lines")) } }
                    @for line in &case.lines { (line_rows(visitor, line)) }
                }
                @if head.state != Step::Closed { (ends(visitor, case, refused.filter(|refused| !refused.takes()))) }
            }
            (facts(visitor, case))
        }
    }
}

fn facts(visitor: &Visitor, case: &Case) -> Markup {
    let (words, head) = (visitor.words(), &case.head);
    html! {
        section.card.pad {
            h2 { (words.text("returns-paper")) }
            (barcode(&head.number))
            p.small { (words.text("returns-paper-hint")) }
            @if !head.order.is_empty() { p { (words.text("returns-order")) ": " a.mono href={ "/orders/" (part(&head.order)) } { (head.order) } } }
            p { (words.text("returns-customer")) ": " @if case.name.is_empty() { (head.customer) } @else { (case.name) } }
            @let why = reason_name(words, &head.reason);
            @if !why.is_empty() { p { (words.text("returns-reason")) ": " (why) } }
            @if !case.note.is_empty() { p.wrap { (case.note) } }
            @if case.refund.0 > 0 { p { (words.text_with("returns-refund-was", &[
                ("amount", Arg::Text(money(visitor, case.refund.0, &case.currency))),
                ("tax", Arg::Text(money(visitor, case.refund.1, &case.currency)))])) } }
            @if let Some(order) = &case.exchange { p { (words.text("returns-exchange-is")) " " a.mono href={ "/orders/" (part(order)) } { (order) } } }
        }
    }
}

/// The number as Code 128, black on white in the dark too.
fn barcode(number: &str) -> Markup {
    let Ok(code) = Code128::from_text(number) else { return html! { p.mono { (number) } } };
    let mut x = CODE128_QUIET_MODULES;
    let mut bars = Vec::new();
    for (n, width) in code.widths().into_iter().enumerate() {
        if n % 2 == 0 {
            bars.push((x, width));
        }
        x += u32::from(width);
    }
    html! {
        svg.barcode viewBox={ "0 0 " (x + CODE128_QUIET_MODULES) " 44" } role="img" aria-label=(number) shape-rendering="crispEdges" {
            @for (x, width) in bars { rect x=(x) y="4" width=(width) height="36" {} }
        }
        p.mono { (number) }
    }
}

fn line_rows(visitor: &Visitor, line: &Line) -> Markup {
    let words = visitor.words();
    html! {
        div.returned {
            p { (product_link(&line.sku)) " " (line.name) }
            div.way { progress max=(line.quantity) value=(line.received) aria-label=(words.text("returns-came")) {} span { (line.received) "/" (line.quantity) } }
            @for unit in &line.units {
                p.muted { (words.format().number(unit.quantity)) " · " (words.text(&format!("returns-grade-{}", unit.grade.word())))
                    " · " (place_link(&unit.location))
                    @if !unit.lot.is_empty() { " · " (unit.lot) }
                    @if !unit.serial.is_empty() { " · " (unit.serial) }
                    " · " (visitor.when(unit.at_ms)) }
            }
        }
    }
}

fn take_form(visitor: &Visitor, case: &Case, asked: &Asked, refused: Option<&Refused>) -> Markup {
    let words = visitor.words();
    let value = |name: &str, kept: &str| refused.map_or(kept, |refused| refused.fields.get(name)).to_owned();
    let open: Vec<&Line> = case.lines.iter().filter(|line| line.received < line.quantity).collect();
    let tracks = |n: usize| open.iter().any(|line| line.track[n]);
    html! {
        @if let Some(refused) = refused.filter(|_| open.is_empty()) { p.wrong.lead role="alert" { (refusal_text(words, &refused.refusal)) } }
        @if !open.is_empty() {
            form.card.pad.sheet.wide method="post" action={ "/returns/" (part(&case.head.number)) "/receive" } {
                h2 { (icon(SCAN, 20)) " " (words.text("returns-take")) }
                input type="hidden" name="csrf" value=(visitor.session.csrf); (once_field())
                @if let Some(refused) = refused { p.wrong role="alert" { (refusal_text(words, &refused.refusal)) } }
                div.two {
                    label { (words.text("stock-scan-product")) input name="scan" maxlength="100" required autofocus autocomplete="off" autocapitalize="off" value=(value("scan", "")); }
                    label { (words.text("stock-units")) input type="number" name="units" min="1" value=(value("units", "1")) required inputmode="numeric"; }
                    label { (words.text("returns-shelf")) input name="location" maxlength=(MARK_MAX) value=(value("location", &asked.location)) autocomplete="off"; }
                    @if tracks(1) { label { (words.text("stock-lot")) input name="lot" maxlength=(MARK_MAX) autocomplete="off" value=(value("lot", "")); } }
                    @if tracks(2) { label { (words.text("stock-expiry")) input type="date" name="expiry" value=(value("expiry", "")); } }
                    @if tracks(0) { label { (words.text("stock-serial")) input name="serial" maxlength=(MARK_MAX) autocomplete="off" value=(value("serial", "")); } }
                }
                fieldset { legend { (words.text("returns-grade")) }
                    @for grade in Grade::ALL { label.check {
                        input type="radio" name="grade" value=(grade.word()) required checked[grade.word() == asked.grade || (asked.grade.is_empty() && *grade == Grade::Resell)];
                        (words.text(&format!("returns-grade-{}", grade.word()))) } }
                }
                div.answers { button.btn.pri { (words.text("returns-take-button")) } }
            }
        }
    }
}

/// The ways it can end, for who may.
fn ends(visitor: &Visitor, case: &Case, refused: Option<&Refused>) -> Markup {
    let words = visitor.words();
    let of = |how: &str| refused.filter(|refused| refused.fields.get("how") == how);
    let wrong = |how: &str| {
        html! { @if let Some(refused) = of(how) { p.wrong role="alert" { (refusal_text(words, &refused.refusal)) } } }
    };
    let get = |how: &str, name: &str| of(how).map_or("", |refused| refused.fields.get(name)).to_owned();
    let came = case.head.state == Step::Received;
    let start = |how: &str| {
        html! {
            input type="hidden" name="csrf" value=(visitor.session.csrf); (once_field())
            input type="hidden" name="version" value=(case.version);
            input type="hidden" name="how" value=(how);
            (wrong(how))
        }
    };
    let to = format!("/returns/{}/close", part(&case.head.number));
    html! {
        section.card.pad {
            h2 { (words.text("returns-ends")) }
            @if let Some(refused) = refused.filter(|refused| (refused.fields.get("how") == "withdraw") == came) {
                p.wrong role="alert" { (refusal_text(words, &refused.refusal)) }
            }
            @if !came {
                form method="post" action=(to) { (start("withdraw")) button.btn { (words.text("returns-withdraw")) } }
            } @else {
                @if visitor.may(Permission::PaymentAdd) && !case.head.order.is_empty() {
                    form.sheet method="post" action=(to) { (start("refund"))
                        label { (words.text("returns-amount")) " (" (case.currency) ")" input name="amount" inputmode="decimal" autocomplete="off" value=(get("refund", "amount")) autofocus[of("refund").is_some()];
                            span.small { (words.text_with("returns-amount-hint", &[("amount", Arg::Text(money(visitor, case.worth_minor, &case.currency)))])) } }
                        label { (words.text("orders-method")) (methods(words, &get("refund", "method"))) }
                        button.btn.pri { (words.text("returns-refund")) }
                    }
                }
                @if visitor.may(Permission::OrderCreate) && !case.head.order.is_empty() {
                    form.sheet method="post" action=(to) { (start("exchange"))
                        label.check { input type="checkbox" name="backorder" value="1" checked[!get("exchange", "backorder").is_empty()]; (words.text("returns-backorder")) }
                        button.btn { (words.text("returns-exchange")) }
                    }
                }
                form.sheet method="post" action=(to) { (start("nothing")) button.btn { (words.text("returns-nothing")) } }
            }
        }
    }
}

/// The line that a scanned product is of: the first that still waits for some.
fn graded(work: &mut Work<'_>, number: &str, fields: &Fields) -> Res<Graded> {
    let site = work.ctx.site;
    let sku = look::meant(work.tx, site, fields.get("scan"))?.ok_or(Refusal::Missing { entity: "product" })?.sku;
    let case = read::one(work.tx, site, number, false)?;
    let waits = |line: &&Line| line.sku == sku && line.received < line.quantity;
    let found = case.lines.iter().find(waits).or_else(|| case.lines.iter().find(|line| line.sku == sku));
    let line = found.ok_or(Refusal::Missing { entity: "line" })?;
    let get = |name: &str| fields.get(name).to_owned();
    Ok(Graded {
        line: line.no,
        quantity: fields.int("units"),
        grade: Grade::of(fields.get("grade"))
            .ok_or(Refusal::Field { field: "return.grade", why: "must be a grade" })?,
        location: get("location"),
        lot: get("lot"),
        expiry: get("expiry"),
        serial: get("serial"),
    })
}

/// `POST /returns/{number}/receive`
pub(in crate::central::console) async fn take(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ReturnManage) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let get = |name: &str| fields.get(name).to_owned();
    let came = format!("{} × {}", fields.get("units"), fields.get("scan"));
    let asked = Asked { came, location: get("location"), grade: get("grade") };
    let (of, sent) = (number.clone(), Fields(fields.0.clone()));
    let effect = move |work: &mut Work<'_>| {
        let came = graded(work, &of, &sent)?;
        returns::receive(work, &of, None, &came)?;
        Ok(kept())
    };
    match once(&app, &visitor, &fields, effect).await {
        Ok(_) => {
            let to = [("came", &asked.came), ("location", &asked.location), ("grade", &asked.grade)];
            let to: Vec<String> = to.iter().map(|(name, value)| format!("{name}={}", part(value))).collect();
            Redirect::to(&format!("/returns/{}?{}", part(&number), to.join("&"))).into_response()
        }
        Err(CentralError::Refused(refusal)) => {
            show(&app, &visitor, &number, &asked, Some(&Refused { fields, refusal })).await
        }
        Err(error) => failed(&visitor, Place::Returns, &error),
    }
}

/// What the form asks for.
fn ending(fields: &Fields, currency: &str) -> Result<Close, Refusal> {
    match fields.get("how") {
        "refund" => {
            let typed = Some(fields.get("amount")).filter(|text| !text.is_empty());
            let decimals = Currency::new(currency).map_or(2, Currency::exponent);
            let wrong = Refusal::Field { field: "return.amount", why: "must be an amount" };
            let amount_minor = typed.map(|text| amount(text, decimals).ok_or(wrong)).transpose()?;
            let method = Method::ALL.into_iter().find(|method| method.word() == fields.get("method"));
            Ok(Close::Refund { amount_minor, method: method.unwrap_or_default(), reference: String::new() })
        }
        "exchange" => Ok(Close::Exchange { backorder: !fields.get("backorder").is_empty() }),
        "nothing" => Ok(Close::Nothing),
        "withdraw" => Ok(Close::Withdraw),
        _ => Err(Refusal::Field { field: "stock.form", why: "must be one of ours" }),
    }
}

/// `POST /returns/{number}/close`
pub(in crate::central::console) async fn close(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let needs = match fields.get("how") {
        "refund" => Permission::PaymentAdd,
        "exchange" => Permission::OrderCreate,
        _ => Permission::ReturnManage,
    };
    let may = visitor.may(Permission::ReturnManage) && visitor.may(needs);
    if !may || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (of, sent, seen) = (number.clone(), Fields(fields.0.clone()), fields.int("version"));
    let effect = move |work: &mut Work<'_>| {
        let currency = read::one(work.tx, work.ctx.site, &of, false)?.currency;
        returns::close(work, &of, Some(&[seen]), &ending(&sent, &currency)?)?;
        Ok(kept())
    };
    match once(&app, &visitor, &fields, effect).await {
        Ok(_) => Redirect::to(&format!("/returns/{}", part(&number))).into_response(),
        Err(CentralError::Refused(refusal)) => {
            show(&app, &visitor, &number, &Asked::default(), Some(&Refused { fields, refusal })).await
        }
        Err(error) => failed(&visitor, Place::Returns, &error),
    }
}

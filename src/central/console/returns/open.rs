//! Making a return from an order: units by line, no more than can come back, and why.

use super::super::frame::{Place, page as frame};
use super::super::marks::{BACK, icon};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::stock::{failed, once, once_field, part};
use super::super::visitor::Visitor;
use super::refusal_text;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::idempotency::Kept;
use crate::central::services::orders::id_of_number;
use crate::central::services::returns::{self, NOTE_MAX, NewReturn, Reason, Returnable};
use crate::core::message::Arg;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// `GET /orders/{number}/return`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Response {
    show(&app, &visitor, &number, &Fields(Vec::new()), None).await
}

async fn show(app: &App, visitor: &Visitor, number: &str, typed: &Fields, refused: Option<&Refusal>) -> Response {
    if !visitor.may(Permission::ReturnManage) {
        return forbidden(visitor);
    }
    let (site, of) = (app.store.site(), number.replace('\0', ""));
    let read = app.store.read(move |tx| {
        let id = id_of_number(tx, site, &of)?;
        returns::returnable(tx, &id)
    });
    match read.await {
        Ok(lines) => {
            let words = visitor.words();
            let title = words.text_with("returns-of", &[("order", Arg::Text(number.to_owned()))]);
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let content = html! {
                div.title {
                    a.back href={ "/orders/" (part(number)) } aria-label=(words.text("console-orders")) { (icon(BACK, 22)) }
                    h1 { (title) }
                }
                @if let Some(refusal) = refused { p.wrong.lead role="alert" { (refusal_text(words, refusal)) } }
                @if lines.iter().all(|line| line.units == 0) { p.empty { (words.text("returns-nothing-left")) } }
                @else { (form(visitor, number, &lines, typed)) }
            };
            (status, frame(visitor, Place::Returns, &title, &content)).into_response()
        }
        Err(error) => failed(visitor, Place::Returns, &error),
    }
}

fn form(visitor: &Visitor, number: &str, lines: &[Returnable], typed: &Fields) -> Markup {
    let words = visitor.words();
    html! {
        form.card.pad.sheet.wide method="post" action={ "/orders/" (part(number)) "/return" } {
            input type="hidden" name="csrf" value=(visitor.session.csrf); (once_field())
            @for line in lines.iter().filter(|line| line.units > 0) {
                @let name = format!("line-{}", line.line);
                label { span { span.mono { (line.product.0) } " " (line.product.1) }
                    span.small { (words.text_with("returns-can", &[("n", Arg::Int(line.units))])) }
                    input type="number" name=(name) min="0" max=(line.units) value=(typed.get(&name)) inputmode="numeric"; }
            }
            label { (words.text("returns-reason")) select name="reason" required {
                @for reason in Reason::ALL { option value=(reason.word()) selected[reason.word() == typed.get("reason")] {
                    (words.text(&format!("returns-reason-{}", reason.word()))) } }
            } }
            label { (words.text("stock-note")) textarea name="note" rows="2" maxlength=(NOTE_MAX) { (typed.get("note")) } }
            div.answers { button.btn.pri { (words.text("returns-make")) } }
        }
    }
}

/// `POST /orders/{number}/return`
pub(in crate::central::console) async fn make(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ReturnManage) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let line = |(name, units): &(String, String)| {
        let line: u32 = name.strip_prefix("line-")?.parse().ok()?;
        let units = units.trim();
        (!units.is_empty() && units != "0").then(|| (line, units.parse().unwrap_or(-1)))
    };
    let new = NewReturn {
        order: number.clone(),
        lines: fields.0.iter().filter_map(line).collect(),
        reason: Reason::of(fields.get("reason")).unwrap_or(Reason::Other),
        note: fields.get("note").to_owned(),
    };
    let effect = move |work: &mut crate::central::store::work::Work<'_>| {
        let opened = returns::open(work, &new)?;
        Ok(Kept { status: 200, body: serde_json::json!({ "number": opened.number }).to_string() })
    };
    match once(&app, &visitor, &fields, effect).await {
        Ok(kept) => {
            let kept: serde_json::Value = serde_json::from_str(&kept.body).unwrap_or_default();
            Redirect::to(&format!("/returns/{}", part(kept["number"].as_str().unwrap_or_default()))).into_response()
        }
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, &number, &fields, Some(&refusal)).await,
        Err(error) => failed(&visitor, Place::Returns, &error),
    }
}

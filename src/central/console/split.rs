//! Splitting an order's work: one form per part that nobody began. It wants the session's own token back.

use super::frame::{Place, trouble};
use super::marks::{BOX, CLOCK, icon, pill};
use super::order::{self, Told};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::split_why::{ALL, NONE, NOT_THERE, TOO_MANY};
use crate::central::services::orders::{OrderView, PartView, Split, id_of_number, split};
use crate::core::message::Arg;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Most lines of one split.
const LINES_MAX: usize = 500;

fn may(visitor: &Visitor) -> bool {
    visitor.may(Permission::OrderUpdate)
}

/// A form that was refused: which part, what was typed by line, and why.
pub(super) struct Typed {
    part: String,
    units: BTreeMap<u32, String>,
    why: String,
}

/// The forms of an order: none for who may not, and none for a part that cannot be split. A refusal stands beside its form, or
/// alone where its part cannot be split any more.
pub(super) fn forms(visitor: &Visitor, order: &OrderView, typed: Option<&Typed>) -> Markup {
    let words = visitor.words();
    let parts: Vec<&PartView> = order.parts.iter().filter(|part| part.untouched && units(part) > 1).collect();
    let of = |part: &PartView| typed.filter(|typed| typed.part == part.id);
    let left = typed.filter(|_| !parts.iter().any(|part| of(part).is_some()));
    let value = |part: &PartView, line: u32| {
        of(part).and_then(|typed| typed.units.get(&line)).map_or("0", String::as_str).to_owned()
    };
    html! {
        @if let Some(typed) = left { p.wrong.lead role="alert" { (typed.why) } }
        @if may(visitor) { @for part in parts {
            section.card.pad {
                details open[of(part).is_some()] {
                    summary { (icon(BOX, 18)) " " (words.text_with("order-split", &[("no", Arg::Int(i64::from(part.no)))])) }
                    @if part.recalled { p { (pill("w", CLOCK, &words.text("order-part-recalled"))) } }
                    p.muted { (words.text("order-split-hint")) }
                    form method="post" action={ "/orders/" (order.number) "/split" } {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        input type="hidden" name="part" value=(part.id);
                        @if let Some(typed) = of(part) { p.wrong role="alert" { (typed.why) } }
                        @for (n, (line, quantity)) in part.lines.iter().enumerate() {
                            label.splitline {
                                input type="number" name={ "line-" (line) } min="0" max=(quantity) value=(value(part, *line))
                                    autofocus[n == 0 && of(part).is_some()];
                                "/" (quantity) " · " (name(order, *line))
                            }
                        }
                        div.answers { button.btn { (words.text("order-split-do")) } }
                    }
                }
            }
        } }
    }
}

fn units(part: &PartView) -> i64 {
    part.lines.iter().map(|(_, quantity)| quantity).sum()
}

fn name(order: &OrderView, line: u32) -> &str {
    order.lines.iter().find(|known| known.no == line).map_or("", |known| known.name.as_str())
}

/// What a split asks for.
struct Asked {
    number: String,
    part: String,
    units: BTreeMap<u32, i64>,
}

async fn run(app: &App, visitor: &Visitor, asked: Asked) -> Result<Split, CentralError> {
    let actor = visitor.actor();
    let service = move |work: &mut crate::central::store::work::Work<'_>| {
        let order = id_of_number(work.tx, work.ctx.site, &asked.number)?;
        split(work, &order, &asked.part, &asked.units)
    };
    app.store.write(actor, service).await
}

/// `POST /orders/{number}/split`
pub(super) async fn post(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    if !may(&visitor) || !visitor.sent(field("csrf")) {
        return (StatusCode::FORBIDDEN, trouble(&visitor, Place::Orders, "console-not-allowed")).into_response();
    }
    let typed: BTreeMap<u32, String> = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("line-")?.parse().ok()?, value.trim().to_owned())))
        .take(LINES_MAX)
        .collect();
    // What is no number is no unit of the part, so that it is refused and not taken for none.
    let count = |value: &str| if value.is_empty() { 0 } else { value.parse().unwrap_or(-1) };
    let units = typed.iter().map(|(line, value)| (*line, count(value))).filter(|(_, units)| *units != 0).collect();
    let asked = Asked { number: number.clone(), part: field("part").to_owned(), units };
    match run(&app, &visitor, asked).await {
        // Asked back from its station: the page says so beside the form.
        Ok(Split::Done(_) | Split::Recalled) => Redirect::to(&format!("/orders/{number}")).into_response(),
        Err(CentralError::Refused(Refusal::Missing { .. })) => {
            (StatusCode::NOT_FOUND, trouble(&visitor, Place::Orders, "console-not-found")).into_response()
        }
        Err(CentralError::Refused(refusal)) => {
            let why = visitor.words().text(why_key(&refusal)).into_owned();
            let told = Told::Split(Typed { part: field("part").to_owned(), units: typed, why });
            order::show(&app, &visitor, number, None, (StatusCode::UNPROCESSABLE_ENTITY, told)).await
        }
        Err(error) => {
            tracing::error!(%error, "an order could not be split");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// What a refusal of a split says.
fn why_key(refusal: &Refusal) -> &'static str {
    let why = match refusal {
        Refusal::Field { why, .. } => *why,
        Refusal::State { .. } => return "order-split-begun",
        Refusal::Fields { .. }
        | Refusal::Missing { .. }
        | Refusal::Short { .. }
        | Refusal::Version { .. }
        | Refusal::Taken { .. }
        | Refusal::Forbidden
        | Refusal::Unrecognised
        | Refusal::PairingCode
        | Refusal::PairingOther
        | Refusal::TooMany { .. }
        | Refusal::Limit { .. }
        | Refusal::Needs { .. }
        | Refusal::ByWork
        | Refusal::Stock { .. } => "",
    };
    match why {
        NONE => "order-split-none",
        NOT_THERE => "order-split-not-there",
        ALL => "order-split-all",
        TOO_MANY => "order-split-many",
        _ => "order-split-refused",
    }
}

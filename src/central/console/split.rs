//! Splitting an order's work: one form per part that nobody began. It wants the session's own token back.

use super::frame::{Place, trouble};
use super::marks::{BOX, CLOCK, icon, pill};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
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

/// The forms of an order: none for who may not, and none for a part that cannot be split.
pub(super) fn forms(visitor: &Visitor, order: &OrderView) -> Markup {
    let words = visitor.words();
    let parts = order.parts.iter().filter(|part| part.untouched && units(part) > 1);
    html! {
        @if may(visitor) { @for part in parts {
            section.card.pad {
                details {
                    summary { (icon(BOX, 18)) " " (words.text_with("order-split", &[("no", Arg::Int(i64::from(part.no)))])) }
                    @if part.recalled { p { (pill("w", CLOCK, &words.text("order-part-recalled"))) } }
                    p.muted { (words.text("order-split-hint")) }
                    form method="post" action={ "/orders/" (order.number) "/split" } {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        input type="hidden" name="part" value=(part.id);
                        @for (line, quantity) in &part.lines {
                            label.splitline {
                                input type="number" name={ "line-" (line) } min="0" max=(quantity) value="0";
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
    let lines = fields.iter().filter_map(|(name, value)| {
        let units: i64 = value.trim().parse().ok()?;
        Some((name.strip_prefix("line-")?.parse().ok()?, units)).filter(|_| units != 0)
    });
    let units = lines.take(LINES_MAX).collect();
    let asked = Asked { number: number.clone(), part: field("part").to_owned(), units };
    match run(&app, &visitor, asked).await {
        // Asked back from its station: the page says so beside the form.
        Ok(Split::Done(_) | Split::Recalled) => Redirect::to(&format!("/orders/{number}")).into_response(),
        Err(CentralError::Refused(Refusal::Missing { .. })) => {
            (StatusCode::NOT_FOUND, trouble(&visitor, Place::Orders, "console-not-found")).into_response()
        }
        Err(CentralError::Refused(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, trouble(&visitor, Place::Orders, "order-split-refused")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "an order could not be split");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

//! Changing a placed order that nobody has begun. The form carries a mark of each part as it was shown; where somebody was faster,
//! what was typed stays, the page names the parts that differ, and saving again is a choice.

use super::frame::{Place, page as frame, trouble};
use super::marks::{BACK, CLOCK, icon, pill};
use super::new_order::address_fields;
use super::new_order::form::Fields;
use super::people::forbidden;
use super::proofs::said;
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::edit::{Edit, Editable, Edited, Seen, edit, editable};
use crate::central::services::orders::entry::{DeskKind, NOTE_MAX, NewLine};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

/// Most lines added by one edit.
const ADDED_MAX: usize = 3;

fn may(visitor: &Visitor) -> bool {
    [Permission::OrderView, Permission::OrderUpdate, Permission::PersonView].into_iter().all(|needs| visitor.may(needs))
}

/// What the page says besides the form.
enum Said {
    Nothing,
    Refused(Refusal),
    /// Its station was asked to give it back.
    Recalled,
}

/// `GET /orders/{number}/edit`
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Path(number): Path<String>) -> Response {
    if !may(&visitor) {
        return forbidden(&visitor);
    }
    show(&app, &visitor, number, None, Said::Nothing).await
}

/// `POST /orders/{number}/edit`
pub(super) async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !may(&visitor) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let seen = Seen {
        version: fields.int("version"),
        address: fields.get("seen_address").to_owned(),
        note: fields.get("seen_note").to_owned(),
        lines: fields.get("seen_lines").to_owned(),
    };
    let units = fields
        .0
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("units-")?.parse().ok()?, value.trim().parse().ok()?)));
    let add = (0..ADDED_MAX).filter_map(|n| {
        let sku = fields.get(&format!("add-sku-{n}")).to_owned();
        let quantity = fields.int(&format!("add-units-{n}"));
        (!sku.is_empty()).then(|| NewLine { sku, quantity, ..NewLine::default() })
    });
    let mut wish = Edit {
        note: fields.get("note").replace("\r\n", "\n"),
        units: units.collect(),
        add: add.collect(),
        backorder: !fields.get("backorder").is_empty(),
        address: fields.address(),
    };
    // The form does not show what the driver is told; it stays.
    let (site, at) = (app.store.site(), number.clone());
    if let Ok(now) = app.store.read(move |tx| editable(tx, site, &at)).await {
        wish.address.instructions = now.address.instructions;
    }
    let (at, typed) = (number.clone(), wish.clone());
    match app.store.write(visitor.actor(), move |work| edit(work, &at, &seen, &typed)).await {
        Ok(Edited::Done) => Redirect::to(&format!("/orders/{number}")).into_response(),
        Ok(Edited::Recalled | Edited::Left) => show(&app, &visitor, number, Some(wish), Said::Recalled).await,
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, number, Some(wish), Said::Refused(refusal)).await,
        Err(error) => {
            tracing::error!(%error, "an order could not be changed");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

async fn show(app: &App, visitor: &Visitor, number: String, typed: Option<Edit>, said: Said) -> Response {
    let site = app.store.site();
    match app.store.read(move |tx| editable(tx, site, &number)).await {
        Ok(order) => {
            let title = visitor.words().text("neworder-edit");
            let status = match said {
                Said::Nothing => StatusCode::OK,
                Said::Refused(Refusal::Version { .. }) => StatusCode::CONFLICT,
                Said::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
                Said::Recalled => StatusCode::ACCEPTED,
            };
            (status, frame(visitor, Place::Orders, &title, &form(visitor, &order, typed, &said))).into_response()
        }
        Err(CentralError::Refused(_)) => {
            (StatusCode::NOT_FOUND, trouble(visitor, Place::Orders, "console-not-found")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "an order could not be read");
            trouble(visitor, Place::Orders, "console-trouble")
        }
    }
}

/// The form: what was typed where something was, and the marks of what is there now.
fn form(visitor: &Visitor, order: &Editable, typed: Option<Edit>, told: &Said) -> maud::Markup {
    let (words, seen) = (visitor.words(), order.seen());
    let typed =
        typed.unwrap_or_else(|| Edit { address: order.address.clone(), note: order.note.clone(), ..Edit::default() });
    let units = |no: u32, now: i64| typed.units.get(&no).copied().unwrap_or(now);
    let added = |n: usize| typed.add.get(n).cloned().unwrap_or_default();
    html! {
        div.title {
            a.back href={ "/orders/" (order.number) } aria-label=(words.text("console-orders")) { (icon(BACK, 22)) }
            h1 { (words.text("neworder-edit")) " " span.mono { (order.number) } }
        }
        @match told {
            Said::Nothing => {}
            Said::Refused(refusal) => p.wrong.lead role="alert" { (said(words, refusal)) },
            Said::Recalled => p.lead role="status" { (pill("w", CLOCK, &words.text("neworder-edit-recalled"))) },
        }
        form.card.pad.sheet.wide method="post" action={ "/orders/" (order.number) "/edit" } {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="version" value=(seen.version);
            input type="hidden" name="seen_address" value=(seen.address);
            input type="hidden" name="seen_note" value=(seen.note);
            input type="hidden" name="seen_lines" value=(seen.lines);
            (address_fields(words, &typed.address, order.kind == DeskKind::B2b))
            label { (words.text("neworder-note"))
                textarea name="note" rows="3" maxlength=(NOTE_MAX) { (typed.note) } }
            @if order.parts == 1 {
                fieldset.picks {
                    legend { (words.text("order-lines")) }
                    @for line in &order.lines {
                        label.splitline {
                            input type="number" name={ "units-" (line.no) } min="0" max="100000" value=(units(line.no, line.quantity));
                            span.grow { (line.name) " " span.muted.mono { (line.sku) } }
                        }
                    }
                    p.small { (words.text("neworder-edit-zero")) }
                    @for n in 0..ADDED_MAX {
                        div.two {
                            label { (words.text("neworder-edit-add"))
                                input name={ "add-sku-" (n) } maxlength="60" autocomplete="off" value=(added(n).sku); }
                            label { (words.text("column-quantity"))
                                input type="number" name={ "add-units-" (n) } min="1" max="100000" value=(added(n).quantity.max(1)); }
                        }
                    }
                    label.check { input type="checkbox" name="backorder" value="1" checked[typed.backorder];
                        (words.text("neworder-backorder")) }
                }
            } @else { p.muted { (words.text("neworder-edit-parts")) } }
            div.answers { button.btn.pri { (words.text("office-save")) } }
        }
    }
}

//! What is done to the chosen orders and to single fields. Each order is a transaction of its own and has its own answer; where
//! something can be taken back, the answer offers to.

use super::super::frame::{Place, page as frame, trouble};
use super::super::marks::{BACK, CHECKED, CLOCK, OCTAGON, TRUCK, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::proofs::said;
use super::super::visitor::Visitor;
use super::cells::{Desk, input};
use super::{FRAGMENT, many, services};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::exporting::document_words;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::edit::Edited;
use crate::central::services::orders::id_of_number;
use crate::central::services::orders::table::act::{Action, Field, act, set_field};
use crate::central::services::orders::table::slips::{SLIPS_MAX, slips};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use tokio::task::JoinSet;

/// Most orders of one request.
const CHOSEN_MAX: usize = 500;
/// So many orders are worked on at once; the store commits them in groups.
const AT_ONCE: usize = 32;

/// How it ended for one order.
struct Outcome {
    id: String,
    number: String,
    end: Res<Edited>,
}

/// What the action is called.
pub fn name(words: &Catalogue, action: Action) -> String {
    let key = match action {
        Action::Hold => "console-hold",
        Action::LetGo => "orders-act-let-go",
        Action::First => "orders-act-first",
        Action::InTurn => "orders-act-in-turn",
        Action::Assign(_) => "orders-act-assign",
        Action::CallOff => "orders-act-call-off",
    };
    words.text(key).into_owned()
}

/// What one needs for it.
pub const fn permission(action: Action) -> Permission {
    match action {
        Action::Hold | Action::LetGo => Permission::OrderUpdate,
        Action::First | Action::InTurn | Action::Assign(_) => Permission::OrderExpedite,
        Action::CallOff => Permission::OrderDelete,
    }
}

/// Only addresses of this table are led back to.
pub fn back(fields: &Fields) -> String {
    let back = fields.get("back");
    if ["/orders", "/board"].contains(&back)
        || ["/orders?", "/orders/", "/board?"].iter().any(|start| back.starts_with(start))
    {
        back.to_owned()
    } else {
        "/orders".to_owned()
    }
}

/// `POST /orders/act`
pub async fn chosen(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    if fields.get("every") == "1" && fields.get("one").is_empty() {
        return many::ask(&app, &visitor, &fields).await;
    }
    // A press in a row names its own order, whatever else is ticked.
    let (what, mut ids): (&str, Vec<String>) = match fields.get("one").split_once(' ') {
        Some((what, id)) => (what, vec![id.to_owned()]),
        None => (fields.get("do"), fields.all("pick").map(str::to_owned).collect()),
    };
    ids.sort();
    ids.dedup();
    let back = back(&fields);
    if ids.is_empty() || ids.len() > CHOSEN_MAX {
        let key = if ids.is_empty() { "orders-none-chosen" } else { "orders-too-many" };
        return (StatusCode::UNPROCESSABLE_ENTITY, trouble(&visitor, Place::Orders, key)).into_response();
    }
    if what == "slips" {
        return paper(&app, &visitor, ids).await;
    }
    let Some(action) = Action::of(what, fields.get("station")) else {
        return (StatusCode::UNPROCESSABLE_ENTITY, trouble(&visitor, Place::Orders, "console-not-found"))
            .into_response();
    };
    if !visitor.may(permission(action)) {
        return forbidden(&visitor);
    }
    if action == Action::CallOff && fields.get("sure") != "1" {
        return sure(&app, &visitor, ids, &back).await;
    }
    let outcomes = match run(&app, &visitor, action, ids).await {
        Ok(outcomes) => outcomes,
        Err(error) => {
            tracing::error!(%error, "what was chosen of the orders could not be done");
            return trouble(&visitor, Place::Orders, "console-trouble");
        }
    };
    let told = answer(&visitor, action, &outcomes, &back);
    if headers.contains_key(FRAGMENT) {
        return told.into_response();
    }
    frame(
        &visitor,
        Place::Orders,
        &name(visitor.words(), action),
        &html! { h1 { (name(visitor.words(), action)) } (told) },
    )
}

async fn run(app: &App, visitor: &Visitor, action: Action, ids: Vec<String>) -> Res<Vec<Outcome>> {
    let mut outcomes = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let mut tasks = JoinSet::new();
        for id in some {
            let (app, actor, id) = (App::clone(app), visitor.actor(), id.clone());
            tasks.spawn(async move {
                let order = id.clone();
                let end = app.store.write(actor, move |work| act(work, &order, action)).await;
                (id, end)
            });
        }
        while let Some(done) = tasks.join_next().await {
            let (id, end) = done.map_err(|_| CentralError::Inner { what: "one of the chosen orders" })?;
            if let Err(error) = &end
                && !matches!(error, CentralError::Refused(_))
            {
                tracing::error!(%error, "one of the chosen orders failed");
            }
            outcomes.push(Outcome { id, number: String::new(), end });
        }
    }
    let (site, ids) = (app.store.site(), outcomes.iter().map(|outcome| outcome.id.clone()).collect::<Vec<_>>());
    let numbers = app.store.read(move |tx| numbers(tx, site, &ids)).await?;
    for (outcome, number) in outcomes.iter_mut().zip(numbers) {
        outcome.number = number;
    }
    outcomes.sort_by(|a, b| (a.end.is_ok(), &a.number).cmp(&(b.end.is_ok(), &b.number)));
    Ok(outcomes)
}

/// The numbers of these orders; `?` for one that is not there.
fn numbers(tx: &mut dyn crate::sql::Conn, site: crate::protocol::wire::SiteId, ids: &[String]) -> Res<Vec<String>> {
    let mut numbers = Vec::with_capacity(ids.len());
    for id in ids {
        let row =
            tx.one("SELECT number FROM orders WHERE id = $1 AND site = $2", crate::vals![id, site.to_string()])?;
        numbers.push(row.map_or_else(|| Ok("?".to_owned()), |row| row.at(0))?);
    }
    Ok(numbers)
}

/// What happened to each, and the way to take it back.
fn answer(visitor: &Visitor, action: Action, outcomes: &[Outcome], back: &str) -> Markup {
    let words = visitor.words();
    let done: Vec<&Outcome> = outcomes.iter().filter(|outcome| matches!(outcome.end, Ok(Edited::Done))).collect();
    let counts = [("done", Arg::Int(count(done.len()))), ("n", Arg::Int(count(outcomes.len())))];
    html! {
        div.card.pad.result role="status" data-done=(done.len()) {
            h2 { (name(words, action)) ": " (words.text_with("orders-done-of", &counts)) }
            div.answers {
                @if let Some(undo) = action.undo().filter(|_| !done.is_empty()) {
                    form method="post" action="/orders/act" {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        input type="hidden" name="back" value=(back);
                        input type="hidden" name="do" value=(undo.word());
                        @for outcome in &done { input type="hidden" name="pick" value=(outcome.id); }
                        button.btn { (icon(BACK, 16)) (words.text("orders-undo")) }
                    }
                }
                a.btn href=(back) { (words.text("orders-back")) }
            }
            ul.outcomes {
                @for outcome in outcomes {
                    li {
                        a.mono href={ "/orders/" (outcome.number) } { (outcome.number) } " "
                        @match &outcome.end {
                            Ok(Edited::Done) => (pill("k", CHECKED, &words.text("orders-done"))),
                            Ok(Edited::Recalled) => (pill("w", CLOCK, &words.text("neworder-edit-recalled"))),
                            Ok(Edited::Left) => (pill("w", TRUCK, &words.text("handover-cancel-left"))),
                            Err(CentralError::Refused(Refusal::Forbidden)) => (pill("x", OCTAGON, &words.text("console-not-allowed"))),
                            Err(CentralError::Refused(refusal)) => (pill("x", OCTAGON, &said(words, refusal))),
                            Err(_) => (pill("x", OCTAGON, &words.text("console-trouble"))),
                        }
                    }
                }
            }
        }
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What cannot be taken back is asked once more.
async fn sure(app: &App, visitor: &Visitor, ids: Vec<String>, back: &str) -> Response {
    let (site, named, words) = (app.store.site(), ids.clone(), visitor.words());
    let Ok(numbers) = app.store.read(move |tx| numbers(tx, site, &named)).await else {
        return trouble(visitor, Place::Orders, "console-trouble");
    };
    let title = words.text_with("orders-call-off-sure", &[("n", Arg::Int(count(ids.len())))]);
    let content = html! {
        h1 { (title) }
        form.card.pad method="post" action="/orders/act" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="back" value=(back);
            input type="hidden" name="do" value="call_off";
            input type="hidden" name="sure" value="1";
            @for id in &ids { input type="hidden" name="pick" value=(id); }
            p.mono.wrap { (numbers.join(" ")) }
            p { (words.text("orders-call-off-hint")) }
            div.answers {
                button.btn.pri { (words.text("orders-act-call-off")) }
                a.btn href=(back) { (words.text("orders-back")) }
            }
        }
    };
    frame(visitor, Place::Orders, &title, &content)
}

/// The packing slips as one file.
async fn paper(app: &App, visitor: &Visitor, ids: Vec<String>) -> Response {
    if !visitor.may(Permission::PersonView) {
        return forbidden(visitor);
    }
    if ids.len() > SLIPS_MAX {
        return (StatusCode::UNPROCESSABLE_ENTITY, trouble(visitor, Place::Orders, "orders-too-many")).into_response();
    }
    let catalogue = visitor.words();
    let words = document_words(catalogue);
    let (site, zone) = (app.store.site(), catalogue.format().zone());
    match app.store.read(move |tx| slips(tx, site, &ids, &words, &zone)).await {
        Ok(bytes) => {
            let place = "attachment; filename=\"packing-slips.pdf\"";
            ([(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, place)], bytes).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "packing slips could not be made");
            trouble(visitor, Place::Orders, "console-trouble")
        }
    }
}

/// A moment as a form sends it, in the zone of the site, as UTC ms in digits; what is none stays as it is and is refused.
fn moment(visitor: &Visitor, text: &str) -> String {
    let zone = visitor.words().format().zone();
    let at = text.parse::<jiff::civil::DateTime>().ok().and_then(|at| at.to_zoned(zone).ok());
    at.map_or_else(|| text.to_owned(), |at| at.timestamp().as_millisecond().to_string())
}

/// `POST /orders/{number}/field`
pub async fn field(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let Some(field) = Field::of(fields.get("field")) else { return forbidden(&visitor) };
    let personal = field != Field::OfficeNote || visitor.may(Permission::PersonView);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::OrderUpdate) || !personal {
        return forbidden(&visitor);
    }
    let typed = fields.get("value").replace("\r\n", "\n");
    let value = if field == Field::ShipBy { moment(&visitor, &typed) } else { typed };
    let (seen, back) = (fields.get("seen").replace("\r\n", "\n"), back(&fields));
    let (order, wish) = (number.clone(), value.clone());
    let done = app
        .store
        .write(visitor.actor(), move |work| {
            let id = id_of_number(work.tx, work.ctx.site, &order)?;
            set_field(work, &id, field, &seen, &wish)
        })
        .await;
    match done {
        Ok(Edited::Done) if headers.contains_key(FRAGMENT) => StatusCode::NO_CONTENT.into_response(),
        Ok(Edited::Done) => Redirect::to(&back).into_response(),
        Ok(Edited::Recalled | Edited::Left) => {
            let told = pill("w", CLOCK, &visitor.words().text("neworder-edit-recalled"));
            differs(&app, &visitor, &headers, (StatusCode::ACCEPTED, told), (&number, field, &value, &back)).await
        }
        Err(CentralError::Refused(refusal)) => {
            let status = if matches!(refusal, Refusal::Version { .. }) {
                StatusCode::CONFLICT
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            let told = html! { span.wrong { (said(visitor.words(), &refusal)) } };
            differs(&app, &visitor, &headers, (status, told), (&number, field, &value, &back)).await
        }
        Err(error) => {
            tracing::error!(%error, "a field of an order could not be set");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// What stands in the way, what is there now, and what was typed: saving again is a choice.
async fn differs(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    (status, told): (StatusCode, Markup),
    (number, field, value, back): (&str, Field, &str, &str),
) -> Response {
    let (site, order) = (app.store.site(), number.to_owned());
    let read = app
        .store
        .read(move |tx| {
            let row = tx.one(
                "SELECT COALESCE(office_note, '') AS office_note, carrier || '/' || service AS shipping, \
                 COALESCE(CAST(ship_by_ms AS TEXT), '') AS ship_by FROM orders WHERE site = $1 AND number = $2",
                crate::vals![site.to_string(), &order],
            )?;
            let row = row.ok_or(Refusal::Missing { entity: "order" })?;
            Ok((row.get::<String>(field.word())?, services(tx, site)?))
        })
        .await;
    let Ok((now, services)) = read else {
        return (StatusCode::NOT_FOUND, trouble(visitor, Place::Orders, "console-not-found")).into_response();
    };
    let words = visitor.words();
    let desk = Desk { visitor, services: &services, seen_ms: 0, back };
    let shown = match field {
        Field::ShipBy => {
            now.parse().map_or_else(|_| html! { "–" }, |at| super::cells::moment(words, at, visitor.now_ms))
        }
        Field::Shipping | Field::OfficeNote => html! { (now) },
    };
    let form = html! {
        form.conflict method="post" action={ "/orders/" (number) "/field" } {
            p role="alert" { (told) }
            p { (words.text("orders-there-now")) " " b.wrap { (shown) } }
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="field" value=(field.word());
            input type="hidden" name="seen" value=(now);
            input type="hidden" name="back" value=(back);
            (input(&desk, field, value))
            div.answers {
                button.btn.pri { (words.text("orders-save-mine")) }
                a.btn href=(back) { (words.text("orders-keep-theirs")) }
            }
        }
    };
    if headers.contains_key(FRAGMENT) {
        return (status, form).into_response();
    }
    let content = html! { h1 { (number) } div.card.pad { (form) } };
    (status, frame(visitor, Place::Orders, number, &content)).into_response()
}

//! Moving cards: the form for one or many, what a stage asks for first, the answer for each order, and taking it back.

use super::super::frame::{Place, page as frame, trouble};
use super::super::marks::{BACK, CHECKED, CLOCK, LOCK, OCTAGON, icon, pill};
use super::super::new_order::form::Fields;
use super::super::payments::overpays;
use super::super::people::forbidden;
use super::super::proofs::said;
use super::super::visitor::Visitor;
use super::card::stage_name;
use super::of_order::{Told, read_told};
use super::tools::targets;
use super::{FRAGMENT, failed};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::pipelines::{self, Moved, Need, Pipeline, Wish};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use crate::sql::Conn;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use tokio::task::JoinSet;

/// Most orders of one request.
const CHOSEN_MAX: usize = 500;
/// So many orders are moved at once; the store commits them in groups.
const AT_ONCE: usize = 32;

/// An order that is to be moved: its id, and the version of its place that was seen.
#[derive(Clone)]
struct Pick {
    id: String,
    seen: Option<i64>,
}

/// How it ended for one order.
struct Outcome {
    id: String,
    number: String,
    end: Res<Moved>,
}

fn picks<'a>(values: impl Iterator<Item = &'a str>) -> Vec<Pick> {
    let mut all: Vec<Pick> = values
        .map(|value| {
            let (id, seen) = value.split_once(' ').unwrap_or((value, ""));
            Pick { id: id.to_owned(), seen: seen.parse().ok() }
        })
        .collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all.dedup_by(|a, b| a.id == b.id);
    all
}

/// Only addresses of the board and of orders are led back to.
fn back(text: &str) -> String {
    let fits = ["/board", "/orders/"].iter().any(|start| text.starts_with(start)) && !text.contains(['\\', '\n', '\r']);
    if fits { text.to_owned() } else { "/board".to_owned() }
}

/// What a form for moving shows.
struct MoveForm<'a> {
    picks: &'a [Pick],
    numbers: &'a [String],
    pipeline: &'a Pipeline,
    /// Chosen: `stage` or `stage sub`.
    to: &'a str,
    note: &'a str,
    back: &'a str,
    /// Facts that the stage asks for.
    needs: &'a [Need],
    /// What the order still owes, in its currency, for a payment.
    owed: Option<(i64, String)>,
    before: Before<'a>,
}

/// What a form for moving follows.
struct Before<'a> {
    /// What stood in the way.
    told: Option<String>,
    /// What was typed.
    typed: &'a Fields,
    /// A payment above what is owed that nobody said is meant, minor units.
    above: Option<i64>,
}

fn form(visitor: &Visitor, shown: &MoveForm<'_>) -> Markup {
    let words = visitor.words();
    html! {
        form.ask.sheet method="post" action="/board/move" {
            h2 { (title(words, shown.numbers)) }
            @if let Some(told) = &shown.before.told { p.wrong role="alert" { (icon(LOCK, 18)) " " (told) } }
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="back" value=(shown.back);
            @for pick in shown.picks {
                input type="hidden" name="pick" value=(pick.seen.map_or_else(|| pick.id.clone(), |seen| format!("{} {seen}", pick.id)));
            }
            label { (words.text("board-move-to")) select name="to" { (targets(words, shown.pipeline, shown.to)) } }
            (super::of_order::facts(visitor, shown.needs, shown.owed.as_ref(), shown.before.typed, shown.before.above))
            label { (words.text("board-note")) textarea name="note" rows="2" maxlength="500" required[shown.needs.contains(&Need::Note)] { (shown.note) } }
            div.answers {
                button.btn.pri { (words.text("board-move")) }
                a.btn.close href=(shown.back) { (words.text("board-close")) }
            }
        }
    }
}

fn title(words: &Catalogue, numbers: &[String]) -> String {
    match numbers {
        [one] => words.text_with("board-move-order", &[("order", Arg::Text(one.clone()))]),
        many => words.text_with("board-move-many", &[("n", Arg::Int(count(many.len())))]),
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `GET /board/move?pick=…`: the form.
pub async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    if !visitor.may(Permission::OrderUpdate) || !visitor.may(Permission::OrderView) {
        return forbidden(&visitor);
    }
    let fields = Fields(pairs);
    let picks = picks(fields.all("pick"));
    if picks.is_empty() || picks.len() > CHOSEN_MAX {
        return (StatusCode::NOT_FOUND, trouble(&visitor, Place::Board, "orders-none-chosen")).into_response();
    }
    let (to, back) = (fields.get("to").to_owned(), back(fields.get("back")));
    let before = Before { told: None, typed: &Fields::default(), above: None };
    show(&app, &visitor, &headers, (StatusCode::OK, &picks), (&to, ""), (&back, before)).await
}

/// The form for these orders, with the facts that the stage asks for.
async fn show(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    (status, picks): (StatusCode, &[Pick]),
    (to, note): (&str, &str),
    (back, before): (&str, Before<'_>),
) -> Response {
    let (site, first) = (app.store.site(), picks.first().map(|pick| pick.id.clone()).unwrap_or_default());
    let ids: Vec<String> = picks.iter().map(|pick| pick.id.clone()).collect();
    let wanted = to.split(' ').next().unwrap_or_default().to_owned();
    let noted = !note.trim().is_empty();
    let read = app.store.read(move |tx| {
        let here = pipelines::at(tx, site, &first)?;
        let stage = if wanted.is_empty() { here.stage.clone() } else { wanted.clone() };
        let pipeline = match pipelines::stage_of(tx, site, &stage) {
            Ok((pipeline, _)) => pipeline,
            Err(CentralError::Refused(_)) => pipelines::of_code(tx, site, "")?,
            Err(error) => return Err(error),
        };
        let needs =
            pipeline.stage(&stage).filter(|(_, stage)| stage.id != here.stage).map(|(_, stage)| stage.needs.clone());
        let needs = pipelines::missing(tx, &first, &needs.unwrap_or_default(), noted)?;
        let mut numbers = Vec::with_capacity(ids.len());
        for id in &ids {
            numbers.push(pipelines::at(tx, site, id)?.number);
        }
        let owed = owed(tx, &first)?;
        let sub = Some(&here.sub).filter(|sub| !sub.is_empty()).map(|sub| format!("{} {sub}", here.stage));
        Ok((pipeline, needs, numbers, owed, sub.unwrap_or(here.stage), here.note))
    });
    let (pipeline, needs, numbers, owed, now, there) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(visitor, &error),
    };
    let to = if to.is_empty() { now.as_str() } else { to };
    let personal = visitor.may(Permission::PersonView);
    let kept = if note.is_empty() && to == now && personal { there.unwrap_or_default() } else { note.to_owned() };
    let one = picks.len() == 1;
    let shown = MoveForm {
        picks,
        numbers: &numbers,
        pipeline: &pipeline,
        to,
        note: &kept,
        back,
        needs: if one { &needs } else { &[] },
        owed: owed.filter(|(owed, _)| one && *owed > 0),
        before,
    };
    let form = form(visitor, &shown);
    if headers.contains_key(FRAGMENT) {
        return (status, form).into_response();
    }
    let page = html! { div.card.pad { (form) } };
    (status, frame(visitor, Place::Board, &title(visitor.words(), &numbers), &page)).into_response()
}

/// What an order still owes, minor units, and in which currency.
fn owed(tx: &mut dyn Conn, order: &str) -> Res<Option<(i64, String)>> {
    let row = tx.one("SELECT total_minor - paid_minor, currency FROM orders WHERE id = $1", crate::vals![order])?;
    row.map(|row| Ok((row.at(0)?, row.at(1)?))).transpose()
}

/// The payment of a form where it is above what its order owes and nobody said that this is meant, minor units.
async fn above(app: &App, order: &str, facts: &pipelines::Facts, fields: &Fields) -> Res<Option<i64>> {
    let Some(payment) = facts.payment.as_ref().filter(|_| fields.get("sure").is_empty()) else { return Ok(None) };
    let order = order.to_owned();
    let owed = app.store.read(move |tx| owed(tx, &order)).await?;
    Ok(Some(payment.amount_minor).filter(|amount| owed.is_some_and(|(owed, _)| overpays(*amount, owed))))
}

/// `POST /board/move`
pub async fn go(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::OrderUpdate) {
        return forbidden(&visitor);
    }
    let (picks, back) = (picks(fields.all("pick")), back(fields.get("back")));
    if picks.is_empty() || picks.len() > CHOSEN_MAX {
        let key = if picks.is_empty() { "orders-none-chosen" } else { "orders-too-many" };
        return (StatusCode::UNPROCESSABLE_ENTITY, trouble(&visitor, Place::Board, key)).into_response();
    }
    let to = fields.get("to");
    let (stage, sub) = to.split_once(' ').map_or((to, None), |(stage, sub)| (stage, Some(sub.to_owned())));
    let note = fields.get("note").replace("\r\n", "\n");
    let Told { facts, wrong } = read_told(&visitor, &fields);
    if let Some(refusal) = wrong {
        let before = Before { told: Some(said(visitor.words(), &refusal)), typed: &fields, above: None };
        return show(&app, &visitor, &headers, (StatusCode::CONFLICT, &picks), (to, &note), (&back, before)).await;
    }
    let one = picks.len() == 1;
    if let Some(pick) = picks.first().filter(|_| one) {
        match above(&app, &pick.id, &facts, &fields).await {
            Ok(None) => {}
            Ok(above) => {
                let (status, before) = (StatusCode::UNPROCESSABLE_ENTITY, Before { told: None, typed: &fields, above });
                return show(&app, &visitor, &headers, (status, &picks), (to, &note), (&back, before)).await;
            }
            Err(error) => return failed(&visitor, &error),
        }
    }
    // A form that shows the sub-status and the note says both; what is dragged says neither. Who may not read the note that is there was
    // not shown it, so that leaving it empty keeps it.
    let said_all = fields.0.iter().any(|(name, _)| name == "note") && one;
    let said_note = said_all && visitor.may(Permission::PersonView);
    let wish = Wish {
        stage: stage.to_owned(),
        sub: if said_all { Some(sub.unwrap_or_default()) } else { sub },
        note: if said_note || !note.is_empty() { Some(note.clone()) } else { None },
        seen: None,
        facts: if one { facts } else { pipelines::Facts::default() },
    };
    let outcomes = match run(&app, &visitor, &picks, &wish).await {
        Ok(outcomes) => outcomes,
        Err(error) => return failed(&visitor, &error),
    };
    match outcomes.first().map(|outcome| &outcome.end) {
        Some(Err(CentralError::Refused(refusal))) if one => {
            let before = Before { told: Some(reason(visitor.words(), refusal)), typed: &fields, above: None };
            show(&app, &visitor, &headers, (StatusCode::CONFLICT, &picks), (to, &note), (&back, before)).await
        }
        Some(Ok(Moved::Done)) if one && !headers.contains_key(FRAGMENT) => Redirect::to(&back).into_response(),
        _ => told(&app, &visitor, &headers, (&outcomes, stage), &back).await,
    }
}

fn reason(words: &Catalogue, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Version { .. } => words.text("board-elsewhere").into_owned(),
        other => said(words, other),
    }
}

async fn run(app: &App, visitor: &Visitor, picks: &[Pick], wish: &Wish) -> Res<Vec<Outcome>> {
    let may = visitor.session.may;
    let mut outcomes = Vec::with_capacity(picks.len());
    for some in picks.chunks(AT_ONCE) {
        let mut tasks = JoinSet::new();
        for pick in some {
            let (app, actor, pick) = (App::clone(app), visitor.actor(), pick.clone());
            let wish = Wish { seen: pick.seen, ..wish.clone() };
            tasks.spawn(async move {
                let order = pick.id.clone();
                let end = app.store.write(actor, move |work| pipelines::move_to(work, &order, &wish, may)).await;
                (pick.id, end)
            });
        }
        while let Some(done) = tasks.join_next().await {
            let (id, end) = done.map_err(|_| CentralError::Inner { what: "one of the chosen orders" })?;
            outcomes.push(Outcome { id, number: String::new(), end });
        }
    }
    numbered(app, &mut outcomes).await?;
    Ok(outcomes)
}

async fn numbered(app: &App, outcomes: &mut [Outcome]) -> Res<()> {
    let (site, ids) = (app.store.site(), outcomes.iter().map(|outcome| outcome.id.clone()).collect::<Vec<_>>());
    let numbers = app.store.read(move |tx| {
        let mut numbers = Vec::with_capacity(ids.len());
        for id in &ids {
            match pipelines::at(tx, site, id) {
                Ok(place) => numbers.push(place.number),
                Err(CentralError::Refused(_)) => numbers.push("?".to_owned()),
                Err(error) => return Err(error),
            }
        }
        Ok(numbers)
    });
    for (outcome, number) in outcomes.iter_mut().zip(numbers.await?) {
        outcome.number = number;
    }
    outcomes.sort_by(|a, b| (a.end.is_ok(), &a.number).cmp(&(b.end.is_ok(), &b.number)));
    Ok(())
}

/// What happened to each, and the way to take it back.
async fn told(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    (outcomes, stage): (&[Outcome], &str),
    back: &str,
) -> Response {
    let (site, words, id) = (app.store.site(), visitor.words(), stage.to_owned());
    let found = app.store.read(move |tx| pipelines::stage_of(tx, site, &id)).await.ok();
    let name = found.as_ref().and_then(|(pipeline, at)| pipeline.stages.get(*at));
    let name = name.map_or(String::new(), |stage| stage_name(words, stage).to_owned());
    let heading = if name.is_empty() {
        words.text("board-undo").into_owned()
    } else {
        words.text_with("event-stage", &[("stage", Arg::Text(name))])
    };
    let shown = result(visitor, &heading, outcomes, back, !stage.is_empty());
    if headers.contains_key(FRAGMENT) {
        return shown.into_response();
    }
    frame(visitor, Place::Board, &heading, &html! { h1 { (heading) } (shown) })
}

fn result(visitor: &Visitor, heading: &str, outcomes: &[Outcome], back: &str, can_undo: bool) -> Markup {
    let words = visitor.words();
    let done: Vec<&Outcome> = outcomes.iter().filter(|outcome| matches!(outcome.end, Ok(Moved::Done))).collect();
    let counts = [("done", Arg::Int(count(done.len()))), ("n", Arg::Int(count(outcomes.len())))];
    html! {
        div.card.pad.result role="status" data-done=(done.len()) data-all=(outcomes.len()) {
            h2 { (heading) ": " (words.text_with("orders-done-of", &counts)) }
            div.answers {
                @if can_undo && !done.is_empty() {
                    form method="post" action="/board/undo" {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        input type="hidden" name="back" value=(back);
                        @for outcome in &done { input type="hidden" name="pick" value=(outcome.id); }
                        button.btn { (icon(BACK, 16)) (words.text("orders-undo")) }
                    }
                }
                a.btn.close href=(back) { (words.text("board-close")) }
            }
            ul.outcomes {
                @for outcome in outcomes {
                    li {
                        a.mono href={ "/orders/" (outcome.number) } { (outcome.number) } " "
                        @match &outcome.end {
                            Ok(Moved::Done) => (pill("k", CHECKED, &words.text("orders-done"))),
                            Ok(Moved::Already) => (pill("", CHECKED, &words.text("board-already"))),
                            Ok(Moved::Recalled) => (pill("w", CLOCK, &words.text("board-recalled"))),
                            Err(CentralError::Refused(refusal)) => (pill("x", OCTAGON, &reason(words, refusal))),
                            Err(_) => (pill("x", OCTAGON, &words.text("console-trouble"))),
                        }
                    }
                }
            }
        }
    }
}

/// `POST /board/undo`
pub async fn undo(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::OrderUpdate) {
        return forbidden(&visitor);
    }
    let (picks, back) = (picks(fields.all("pick")), back(fields.get("back")));
    let mut outcomes = Vec::with_capacity(picks.len());
    for pick in picks.into_iter().take(CHOSEN_MAX) {
        let order = pick.id.clone();
        let end = app.store.write(visitor.actor(), move |work| pipelines::undo(work, &order, pick.seen)).await;
        outcomes.push(Outcome { id: pick.id, number: String::new(), end });
    }
    if let Err(error) = numbered(&app, &mut outcomes).await {
        return failed(&visitor, &error);
    }
    if let ([Outcome { end: Ok(Moved::Done), .. }], false) = (outcomes.as_slice(), headers.contains_key(FRAGMENT)) {
        return Redirect::to(&back).into_response();
    }
    told(&app, &visitor, &headers, (&outcomes, ""), &back).await
}

//! Questions that wait for a person: one card each, with the answers its kind can have.

use super::frame::{Place, page as frame, trouble};
use super::marks::{CHECKED, TRIANGLE, icon};
use super::orders::may_see_orders;
use super::visitor::Visitor;
use crate::central::actor::Actor;
use crate::central::error::CentralError;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::exceptions::{
    Answered, Decision, ExceptionRow, answered, decide as decide_it, decisions_of, list_open,
};
use crate::central::services::labels;
use crate::central::services::returns::Grade;
use crate::core::message::{Arg, Message};
use crate::core::units::Grams;
use crate::protocol::wire::Role;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the address asks for: the question that was answered last, and whether somebody else was faster.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    told: String,
    late: String,
}

/// `GET /exceptions`
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    if let Err(answer) = may_see_orders(&visitor) {
        return *answer;
    }
    let site = app.store.site();
    let (told, late) = (asked.told.replace('\0', ""), !asked.late.is_empty());
    let read = app.store.read(move |tx| {
        let last = if told.is_empty() { None } else { Some(answered(tx, site, &told)?) };
        Ok((list_open(tx, site)?, last))
    });
    match read.await {
        Ok((rows, last)) => {
            let words = visitor.words();
            let content = html! {
                div.title { h1 { (words.text("console-exceptions")) } }
                @if let Some(last) = &last { (answer_line(&visitor, last.as_ref(), late)) }
                @if rows.is_empty() { p.empty { (words.text("exception-list-empty")) } }
                @for row in &rows { (question(&visitor, row)) }
            };
            frame(&visitor, Place::Exceptions, &words.text("console-exceptions"), &content)
        }
        Err(error) => {
            tracing::error!(%error, "the list of questions failed");
            trouble(&visitor, Place::Exceptions, "console-trouble")
        }
    }
}

/// What became of the question that was answered last; who was too late is told whose answer holds.
fn answer_line(visitor: &Visitor, last: Option<&Answered>, late: bool) -> Markup {
    let words = visitor.words();
    let Some(last) = last else { return html! { p.wrong.lead role="alert" { (words.text("exception-answer-none")) } } };
    let kind = words.text(&kind_key(&last.kind)).into_owned();
    let what = if last.order.is_empty() { kind } else { format!("{kind} · {}", last.order) };
    let decision = words.text(&format!("console-decide-{}", last.decision.replace('_', "-"))).into_owned();
    let who = if last.by.is_empty() { words.text("office-actor-job").into_owned() } else { last.by.clone() };
    let said = [
        ("what", Arg::Text(what)),
        ("decision", Arg::Text(decision)),
        ("who", Arg::Text(who)),
        ("when", Arg::Text(visitor.when(last.at_ms))),
    ];
    html! {
        @if late { p.wrong.lead role="alert" { (words.text_with("exception-answer-late", &said)) } }
        @else { p.lead role="status" { (icon(CHECKED, 18)) " " (words.text_with("exception-answer-told", &said)) } }
    }
}

/// Key of a kind's name in the catalogue.
fn kind_key(kind: &str) -> String {
    match kind {
        "cancelled_while_packed" => "exception-kind-cancelled-packed".to_owned(),
        "stale_lease" => "exception-kind-lease-expired".to_owned(),
        other => format!("exception-kind-{}", other.replace('_', "-")),
    }
}

/// What a question shows besides its kind: units and a reason, where it has them.
fn detail(visitor: &Visitor, row: &ExceptionRow) -> String {
    let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let grams = |name: &str| detail.get(name).and_then(serde_json::Value::as_i64).map(Grams);
    if let (Some(known), Some(learnt)) = (grams("known_g"), grams("learnt_g")) {
        let sku = detail.get("sku").and_then(serde_json::Value::as_str).unwrap_or_default();
        let said = Message::new("console-weight-change").with("sku", sku).with("known", known).with("learnt", learnt);
        return visitor.words().render(&said);
    }
    if let Some(number) = detail.get("return").and_then(serde_json::Value::as_str) {
        return of_return(visitor, number, &detail);
    }
    if row.kind == labels::FAULT {
        return of_label(visitor, &detail);
    }
    let reason = detail.get("reason").and_then(serde_json::Value::as_str);
    let reason = reason.filter(|key| key.starts_with("reason-")).map(|key| visitor.words().text(key).into_owned());
    let number = |n: i64| visitor.words().format().number(n);
    let wanted = row.product.as_ref().and_then(|product| product.wanted);
    let units = detail.get("units").and_then(serde_json::Value::as_i64).map(|units| match wanted {
        Some(wanted) => {
            let of = [("units", Arg::Text(number(units))), ("wanted", Arg::Text(number(wanted)))];
            visitor.words().text_with("exception-units-of", &of)
        }
        None => number(units),
    });
    units.into_iter().chain(reason).collect::<Vec<_>>().join(" · ")
}

/// Units of a return that a bench took in and that could not be entered: return, units and grade, for who enters them by hand.
fn of_return(visitor: &Visitor, number: &str, detail: &serde_json::Value) -> String {
    let words = visitor.words();
    let units = detail.get("units").and_then(serde_json::Value::as_i64).unwrap_or(0);
    let grade = match detail.get("grade").and_then(serde_json::Value::as_str).and_then(Grade::of) {
        Some(Grade::Resell) => "returns-grade-resell",
        Some(Grade::Repair) => "returns-grade-repair",
        Some(Grade::Scrap) => "returns-grade-scrap",
        None => return number.to_owned(),
    };
    format!("{number} · {} × {}", words.format().number(units), words.text(grade))
}

/// Where a site's label template is at fault, and that the house label was printed instead.
fn of_label(visitor: &Visitor, detail: &serde_json::Value) -> String {
    let words = visitor.words();
    let text = |name: &str| detail.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let number = |name: &str| detail.get(name).and_then(serde_json::Value::as_i64).unwrap_or(0);
    let fault = match text("fault") {
        "missing" | "kind" => words.text_with("label-fault-field", &[("field", Arg::Text(text("field").to_owned()))]),
        "overlap" => words.text("label-fault-overlap").into_owned(),
        "text" => words.text("label-fault-text").into_owned(),
        "code-width" => words.text("label-fault-code-width").into_owned(),
        "code-content" => words.text("label-fault-code-content").into_owned(),
        "too-many" => words.text("label-fault-too-many").into_owned(),
        "size" => words.text("label-fault-size").into_owned(),
        "no-code" => words.text("labels-wrong-no-code").into_owned(),
        "no-copy" => words.text("labels-wrong-no-copy").into_owned(),
        // A newer station knows more faults.
        _ => words.text("label-fault-unsound").into_owned(),
    };
    let mut place = vec![format!("{} v{}", text("template"), number("version"))];
    if number("line") > 0 {
        place.push(words.text_with("labels-line", &[("n", Arg::Int(number("line")))]));
    }
    if !text("element").is_empty() {
        place.push(text("element").to_owned());
    }
    format!("{}: {fault} {}", place.join(" · "), words.text("label-fault-instead"))
}

/// The template that a question is about, for who may change it.
fn template_of(visitor: &Visitor, row: &ExceptionRow) -> Option<String> {
    if row.kind != labels::FAULT || !visitor.may(Permission::LabelEdit) {
        return None;
    }
    let detail: serde_json::Value = serde_json::from_str(&row.detail).ok()?;
    let name = detail.get("template")?.as_str()?;
    labels::AT_STATIONS.contains(&name).then(|| name.to_owned())
}

/// One question as a card with its answers.
pub(super) fn question(visitor: &Visitor, row: &ExceptionRow) -> Markup {
    let words = visitor.words();
    html! {
        section.card.pad.question {
            h2 { (icon(TRIANGLE, 20)) " " (words.text(&kind_key(&row.kind))) }
            p {
                @if !row.order.is_empty() { a.mono href={ "/orders/" (row.order) } { (row.order) } " " }
                @if !row.station.is_empty() { "· " (row.station) " " }
                span.muted { "· " (visitor.when(row.opened_ms)) }
            }
            @if let Some(product) = row.product.as_ref().filter(|_| row.kind != "weight_change") {
                p.wrap { span.mono { (product.sku) } " " b { (product.name) } }
            }
            @let more = detail(visitor, row);
            @if !more.is_empty() { p { (more) } }
            @if let Some(name) = template_of(visitor, row) {
                p { a href={ "/labels/" (name) } { (words.text("label-fault-edit")) } }
            }
            form.answers method="post" action={ "/exceptions/" (row.id) } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                @for (n, decision) in decisions_of(&row.kind).iter().filter(|d| may_say(visitor, **d)).enumerate() {
                    button.btn.pri[n == 0] name="decision" value=(decision.word()) {
                        (words.text(&format!("console-decide-{}", decision.word().replace('_', "-"))))
                    }
                }
            }
        }
    }
}

/// May this visitor give this answer?
fn may_say(visitor: &Visitor, decision: Decision) -> bool {
    let lead = matches!(visitor.session.role, Role::Lead | Role::Admin);
    visitor.may(Permission::ExceptionDecide) && (lead || !decision.needs_lead())
}

#[derive(Deserialize)]
pub(super) struct Answer {
    csrf: String,
    decision: String,
}

/// `POST /exceptions/{id}`
pub(super) async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(answer): Form<Answer>,
) -> Response {
    let own = visitor.sent(&answer.csrf);
    let Some(decision) = Decision::of(&answer.decision).filter(|d| own && may_say(&visitor, *d)) else {
        return (StatusCode::FORBIDDEN, trouble(&visitor, Place::Exceptions, "console-not-allowed")).into_response();
    };
    let actor = Actor::User(visitor.session.user);
    let told = super::stock::part(&id);
    match app.store.write(actor, move |work| decide_it(work, &id, decision)).await {
        Ok(()) => Redirect::to(&format!("/exceptions?told={told}")).into_response(),
        // Answered by somebody else meanwhile, or settled: the page says by whom and how.
        Err(CentralError::Refused(_)) => Redirect::to(&format!("/exceptions?told={told}&late=1")).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be stored");
            trouble(&visitor, Place::Exceptions, "console-trouble")
        }
    }
}

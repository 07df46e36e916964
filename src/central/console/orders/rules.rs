//! The rules that ask for a look at an order, and how long work takes: one small form each.

use super::super::frame::{Place, page as frame, trouble};
use super::super::marks::{BACK, icon};
use super::super::new_order::form::Fields;
use super::super::people::{forbidden, why};
use super::super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::table::{Rule, RuleKind, rules, set_rule};
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

/// `GET /orders/rules`
pub async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    show(&app, &visitor, None).await
}

async fn show(app: &App, visitor: &Visitor, refused: Option<&Refusal>) -> Response {
    if !visitor.may(Permission::SettingsManage) {
        return forbidden(visitor);
    }
    let (site, words) = (app.store.site(), visitor.words());
    let rules = match app.store.read(move |tx| rules(tx, site)).await {
        Ok(rules) => rules,
        Err(error) => {
            tracing::error!(%error, "the rules of orders could not be read");
            return trouble(visitor, Place::Orders, "console-trouble");
        }
    };
    let content = html! {
        div.title {
            a.back href="/orders" aria-label=(words.text("console-orders")) { (icon(BACK, 22)) }
            h1 { (words.text("orders-rules")) }
        }
        p.lead { (words.text("orders-rules-lead")) }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (why(words, refusal)) } }
        @for rule in rules.iter() {
            form.card.pad.sheet method="post" action="/orders/rules" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="kind" value=(rule.kind.word());
                @let name = words.text(&format!("orders-rule-{}", rule.kind.word().replace('_', "-")));
                h2 { (name) }
                @if rule.kind.of_countries() {
                    label { (words.text("orders-rule-countries")) input name="words" maxlength="400" value=(rule.words) placeholder="FR DE"; }
                } @else {
                    label { (words.text(&format!("orders-rule-amount-{}", rule.kind.word().replace('_', "-"))))
                        input type="number" name="amount" min="0" value=(rule.amount); }
                }
                label.check { input type="checkbox" name="active" value="1" checked[rule.active]; (words.text("orders-rule-active")) }
                div.answers { button.btn.pri aria-label={ (words.text("office-save")) ": " (name) } { (words.text("office-save")) } }
            }
        }
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, frame(visitor, Place::Orders, &words.text("orders-rules"), &content)).into_response()
}

/// `POST /orders/rules`
pub async fn set(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let Some(kind) = RuleKind::of(fields.get("kind")) else { return forbidden(&visitor) };
    let rule = Rule {
        kind,
        active: !fields.get("active").is_empty(),
        amount: fields.int("amount"),
        words: fields.get("words").to_owned(),
    };
    match app.store.write(visitor.actor(), move |work| set_rule(work, &rule)).await {
        Ok(()) => Redirect::to("/orders/rules").into_response(),
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, Some(&refusal)).await,
        Err(error) => {
            tracing::error!(%error, "a rule of orders could not be set");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

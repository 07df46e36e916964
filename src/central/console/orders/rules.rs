//! The rules that ask for a look at an order, and how long work takes: one small form each.

use super::super::frame::{Place, page as frame, trouble};
use super::super::marks::{BACK, icon};
use super::super::new_order::form::{Fields, amount};
use super::super::payments::plain;
use super::super::people::{forbidden, why};
use super::super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::table::{Rule, RuleKind, rules, set_rule};
use crate::central::store::sites;
use crate::core::message::Arg;
use crate::core::money::Currency;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// `GET /orders/rules`
pub async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    show(&app, &visitor, None).await
}

/// A form that was refused: of which rule, what was typed, and why.
struct Refused {
    kind: RuleKind,
    fields: Fields,
    refusal: Refusal,
}

/// What a rule counts in: money in the house's currency, everything else as it is.
fn is_money(kind: RuleKind) -> bool {
    match kind {
        RuleKind::HighValue => true,
        RuleKind::NewCustomer
        | RuleKind::ManyUnits
        | RuleKind::ReviewCountry
        | RuleKind::RestrictedCountry
        | RuleKind::Processing => false,
    }
}

/// The form of a rule: as it was typed where it was refused, with the reason beside it.
fn form(visitor: &Visitor, rule: &Rule, currency: &str, refused: Option<&Refused>) -> Markup {
    let words = visitor.words();
    let refused = refused.filter(|refused| refused.kind == rule.kind);
    let typed = |name: &str, stored: String| refused.map_or(stored, |refused| refused.fields.get(name).to_owned());
    let name = words.text(&format!("orders-rule-{}", rule.kind.word().replace('_', "-")));
    let asks = format!("orders-rule-amount-{}", rule.kind.word().replace('_', "-"));
    let active = refused.map_or(rule.active, |refused| !refused.fields.get("active").is_empty());
    html! {
        form.card.pad.sheet method="post" action="/orders/rules" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="kind" value=(rule.kind.word());
            h2 { (name) }
            @if rule.kind.of_countries() {
                label { (words.text("orders-rule-countries")) input name="words" maxlength="400" value=(typed("words", rule.words.clone())) placeholder="FR DE"; }
            } @else if is_money(rule.kind) {
                label { (words.text_with(&asks, &[("currency", Arg::Text(currency.to_owned()))]))
                    input name="amount" inputmode="decimal" maxlength="15" autocomplete="off" value=(typed("amount", plain(rule.amount, currency))); }
            } @else {
                label { (words.text(&asks)) input type="number" name="amount" min="0" value=(typed("amount", rule.amount.to_string())); }
            }
            @if let Some(refused) = refused { p.wrong role="alert" { (why(words, &refused.refusal)) } }
            label.check { input type="checkbox" name="active" value="1" checked[active]; (words.text("orders-rule-active")) }
            div.answers { button.btn.pri aria-label={ (words.text("office-save")) ": " (name) } { (words.text("office-save")) } }
        }
    }
}

async fn show(app: &App, visitor: &Visitor, refused: Option<Refused>) -> Response {
    if !visitor.may(Permission::SettingsManage) {
        return forbidden(visitor);
    }
    let (site, words) = (app.store.site(), visitor.words());
    let read = app.store.read(move |tx| Ok((rules(tx, site)?, sites::get(tx, site)?.currency))).await;
    let (rules, currency) = match read {
        Ok(read) => read,
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
        @for rule in rules.iter() { (form(visitor, rule, &currency, refused.as_ref())) }
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, frame(visitor, Place::Orders, &words.text("orders-rules"), &content)).into_response()
}

/// What was typed as an amount.
fn typed_amount(kind: RuleKind, fields: &Fields, currency: &str) -> Result<i64, Refusal> {
    if kind.of_countries() {
        return Ok(0);
    }
    if is_money(kind) {
        let decimals = Currency::new(currency).map_or(2, Currency::exponent);
        let wrong = Refusal::Field { field: "rule.amount", why: "must be an amount such as 1000.00" };
        return amount(fields.get("amount"), decimals).ok_or(wrong);
    }
    fields.get("amount").parse().map_err(|_| Refusal::Field { field: "amount", why: "must be zero or more" })
}

/// `POST /orders/rules`
pub async fn set(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let Some(kind) = RuleKind::of(fields.get("kind")) else { return forbidden(&visitor) };
    let sent = fields.clone();
    let set = app.store.write(visitor.actor(), move |work| {
        let currency = sites::get(work.tx, work.ctx.site)?.currency;
        let rule = Rule {
            kind,
            active: !sent.get("active").is_empty(),
            amount: typed_amount(kind, &sent, &currency)?,
            words: sent.get("words").to_owned(),
        };
        set_rule(work, &rule)
    });
    match set.await {
        Ok(()) => Redirect::to("/orders/rules").into_response(),
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, Some(Refused { kind, fields, refusal })).await,
        Err(error) => {
            tracing::error!(%error, "a rule of orders could not be set");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

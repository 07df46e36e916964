//! Payments of an order at the console: what came and went, and a form that enters one more line. Nothing is moved here: the ledger notes
//! what a bank or a till did.

use super::frame::Place;
use super::marks::{self, TRIANGLE, icon};
use super::new_order::form::{Fields, amount};
use super::order::{self, Told};
use super::orders::{method_name, money};
use super::people::{forbidden, why};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::{self as service, Entry, Ledger, Method, NewPayment, id_of_number};
use crate::core::message::Arg;
use crate::core::money::Currency;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

fn entry_name(words: &Catalogue, entry: Entry) -> String {
    let key = match entry {
        Entry::Payment => "paying-payment",
        Entry::Refund => "paying-refund",
        Entry::Authorization => "paying-authorization",
        Entry::Void => "paying-void",
        Entry::Failure => "paying-failure",
    };
    words.text(key).into_owned()
}

/// A form that was not taken: what was typed, and why.
pub(super) struct Typed {
    fields: Fields,
    why: Why,
}

enum Why {
    /// As the page says it.
    Refused(String),
    /// More than is owed: it is taken once somebody says that it is meant.
    Above { amount_minor: i64, owed_minor: i64 },
}

/// How an entry ended.
enum Ended {
    Entered,
    Above { owed_minor: i64 },
}

/// What says that money above what is owed came: what was typed, and a tick that it is meant. Also for an order that is being typed.
pub(super) fn above(words: &Catalogue, amount_minor: i64, owed_minor: i64, currency: &str) -> Markup {
    let sum = |minor: i64| Arg::Text(money(words, minor, currency));
    let said = [
        ("amount", sum(amount_minor)),
        ("more", sum(amount_minor.saturating_sub(owed_minor.max(0)))),
        ("owed", sum(owed_minor.max(0))),
    ];
    html! {
        p.wrong role="alert" { (icon(TRIANGLE, 18)) " " (words.text_with("paying-above", &said)) }
        label.check { input type="checkbox" name="sure" value="1" required; (words.text("paying-above-sure")) }
    }
}

/// The card on an order's page.
pub(super) fn card(visitor: &Visitor, number: &str, ledger: &Ledger, typed: Option<&Typed>) -> Markup {
    let words = visitor.words();
    let sum = |minor: i64| Arg::Text(money(words, minor, &ledger.currency));
    html! {
        section.card.pad #payments {
            h2 { (words.text("paying-title")) }
            p { (marks::payment(words, &ledger.status)) " "
                (words.text_with("paying-sum", &[("paid", sum(ledger.paid_minor)), ("total", sum(ledger.total_minor))])) }
            @if ledger.entries.is_empty() { p.muted { (words.text("paying-none")) } }
            ul.plain { @for entry in &ledger.entries { li {
                b { (money(words, entry.amount_minor, &ledger.currency)) } " " (entry_name(words, entry.entry))
                " · " (method_name(words, &entry.method)) " "
                span.muted { (visitor.when(entry.at_ms)) " " (entry.by) }
                @if visitor.may(Permission::PersonView) && !entry.reference.is_empty() { div.wrap.muted { (entry.reference) } }
            } } }
            @if visitor.may(Permission::PaymentAdd) { (form(visitor, number, ledger, typed)) }
        }
    }
}

fn form(visitor: &Visitor, number: &str, ledger: &Ledger, typed: Option<&Typed>) -> Markup {
    let words = visitor.words();
    let owed = ledger.total_minor.saturating_sub(ledger.paid_minor);
    let get = |name: &str| typed.map_or("", |typed| typed.fields.get(name));
    let amount = match typed {
        Some(typed) => typed.fields.get("amount").to_owned(),
        None if owed > 0 => plain(owed, &ledger.currency),
        None => String::new(),
    };
    html! {
        details open[typed.is_some()] { summary { (words.text("paying-enter")) }
            form.sheet method="post" action={ "/orders/" (number) "/payment" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="version" value=(ledger.version);
                input type="hidden" name="currency" value=(ledger.currency);
                label { (words.text("paying-what")) select name="entry" {
                    @for entry in Entry::ALL { option value=(entry.word()) selected[entry.word() == get("entry")] { (entry_name(words, entry)) } }
                } }
                label { (words.text("board-pay-amount")) " (" (ledger.currency) ")"
                    input name="amount" inputmode="decimal" autocomplete="off" required autofocus[typed.is_some()] value=(amount); }
                @match typed.map(|typed| &typed.why) {
                    Some(Why::Refused(why)) => p.wrong role="alert" { (why) },
                    Some(Why::Above { amount_minor, owed_minor }) => (above(words, *amount_minor, *owed_minor, &ledger.currency)),
                    None => {}
                }
                label { (words.text("board-pay-method")) select name="method" {
                    @for method in Method::ALL { option value=(method.word()) selected[method.word() == get("method")] { (method_name(words, method.word())) } }
                } }
                label { (words.text("board-pay-reference")) input name="reference" maxlength="100" autocomplete="off" value=(get("reference")); }
                div.answers { button.btn.pri { (words.text("paying-enter")) } }
            }
        }
    }
}

/// Whether so much is more than what is owed, which somebody has to say is meant: the ledger is never changed, so that a slip of the hand
/// would stand in it for good.
pub(super) fn overpays(amount_minor: i64, owed_minor: i64) -> bool {
    amount_minor > owed_minor.max(0)
}

/// An amount as it is typed.
pub(super) fn plain(minor: i64, currency: &str) -> String {
    let decimals = Currency::new(currency).map_or(2, Currency::exponent);
    let unit = 10_i64.saturating_pow(decimals);
    if decimals == 0 {
        return minor.to_string();
    }
    format!("{}.{:0width$}", minor / unit, minor % unit, width = decimals as usize)
}

/// `POST /orders/{number}/payment`
pub(super) async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let Some(entry) = Entry::of(fields.get("entry")) else { return forbidden(&visitor) };
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::PaymentAdd) {
        return forbidden(&visitor);
    }
    let decimals = Currency::new(fields.get("currency")).map_or(2, Currency::exponent);
    let Some(amount_minor) = amount(fields.get("amount"), decimals) else {
        let refusal = Refusal::Field { field: "payment.amount", why: "must be an amount" };
        return refuse(&app, &visitor, number, fields, &refusal).await;
    };
    let method = Method::ALL.into_iter().find(|method| method.word() == fields.get("method")).unwrap_or_default();
    let new = NewPayment { method, amount_minor, reference: fields.get("reference").to_owned() };
    let (seen, order, sure) = (fields.int("version"), number.clone(), !fields.get("sure").is_empty());
    let write = app.store.write(visitor.actor(), move |work| {
        let id = id_of_number(work.tx, work.ctx.site, &order)?;
        let ledger = service::ledger(work.tx, work.ctx.site, &id)?;
        // Who presses twice, or saw another order, enters nothing twice.
        if ledger.version != seen {
            return Err(Refusal::Version { newest: ledger.version, fields: Vec::new() }.into());
        }
        let owed_minor = ledger.total_minor.saturating_sub(ledger.paid_minor);
        if entry == Entry::Payment && overpays(amount_minor, owed_minor) && !sure {
            return Ok(Ended::Above { owed_minor });
        }
        service::enter(work, &id, entry, &new)?;
        Ok(Ended::Entered)
    });
    match write.await {
        Ok(Ended::Entered) => Redirect::to(&format!("/orders/{number}#payments")).into_response(),
        Ok(Ended::Above { owed_minor }) => {
            let told = Told::Payment(Typed { fields, why: Why::Above { amount_minor, owed_minor } });
            order::show(&app, &visitor, number, None, (StatusCode::UNPROCESSABLE_ENTITY, told)).await
        }
        Err(CentralError::Refused(refusal)) => refuse(&app, &visitor, number, fields, &refusal).await,
        Err(error) => {
            tracing::error!(%error, "a payment could not be entered");
            super::frame::trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// The order's page again, with the form as it was typed and the reason beside it.
async fn refuse(app: &App, visitor: &Visitor, number: String, fields: Fields, refusal: &Refusal) -> Response {
    let faster = matches!(refusal, Refusal::Version { .. });
    let status = if faster { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    let told = Told::Payment(Typed { fields, why: Why::Refused(why(visitor.words(), refusal)) });
    order::show(app, visitor, number, None, (status, told)).await
}

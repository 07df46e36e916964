//! Payments of an order at the console: what came and went, and a form that enters one more line. Nothing is moved here: the ledger notes
//! what a bank or a till did.

use super::frame::{Place, page as frame};
use super::marks::{self, BACK, icon};
use super::new_order::form::{Fields, amount};
use super::orders::{method_name, money};
use super::people::{forbidden, why};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::{self as service, Entry, Ledger, Method, NewPayment, id_of_number};
use crate::core::message::Arg;
use crate::core::money::Currency;
use crate::core::time::UtcMs;
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

/// The card on an order's page.
pub(super) fn card(visitor: &Visitor, number: &str, ledger: &Ledger) -> Markup {
    let words = visitor.words();
    let owed = ledger.total_minor - ledger.paid_minor;
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
                span.muted { (words.format().date_time(UtcMs(entry.at_ms))) " " (entry.by) }
                @if visitor.may(Permission::PersonView) && !entry.reference.is_empty() { div.wrap.muted { (entry.reference) } }
            } } }
            @if visitor.may(Permission::PaymentAdd) { (form(visitor, number, ledger, owed)) }
        }
    }
}

fn form(visitor: &Visitor, number: &str, ledger: &Ledger, owed: i64) -> Markup {
    let words = visitor.words();
    html! {
        details { summary { (words.text("paying-enter")) }
            form.sheet method="post" action={ "/orders/" (number) "/payment" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="version" value=(ledger.version);
                input type="hidden" name="currency" value=(ledger.currency);
                label { (words.text("paying-what")) select name="entry" {
                    @for entry in Entry::ALL { option value=(entry.word()) { (entry_name(words, entry)) } }
                } }
                label { (words.text("board-pay-amount")) " (" (ledger.currency) ")"
                    input name="amount" inputmode="decimal" autocomplete="off" required value=[(owed > 0).then(|| plain(owed, &ledger.currency))]; }
                label { (words.text("board-pay-method")) select name="method" {
                    @for method in Method::ALL { option value=(method.word()) { (method_name(words, method.word())) } }
                } }
                label { (words.text("board-pay-reference")) input name="reference" maxlength="100" autocomplete="off"; }
                div.answers { button.btn.pri { (words.text("paying-enter")) } }
            }
        }
    }
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
        return refuse(&visitor, &number, &Refusal::Field { field: "payment.amount", why: "must be an amount" });
    };
    let method = Method::ALL.into_iter().find(|method| method.word() == fields.get("method")).unwrap_or_default();
    let new = NewPayment { method, amount_minor, reference: fields.get("reference").to_owned() };
    let (seen, order) = (fields.int("version"), number.clone());
    let write = app.store.write(visitor.actor(), move |work| {
        let id = id_of_number(work.tx, work.ctx.site, &order)?;
        let newest = service::ledger(work.tx, work.ctx.site, &id)?.version;
        // Who presses twice, or saw another order, enters nothing twice.
        if newest != seen {
            return Err(Refusal::Version { newest, fields: Vec::new() }.into());
        }
        service::enter(work, &id, entry, &new)
    });
    match write.await {
        Ok(_) => Redirect::to(&format!("/orders/{number}#payments")).into_response(),
        Err(CentralError::Refused(refusal)) => refuse(&visitor, &number, &refusal),
        Err(error) => {
            tracing::error!(%error, "a payment could not be entered");
            super::frame::trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// The page that says why, with the way back.
fn refuse(visitor: &Visitor, number: &str, refusal: &Refusal) -> Response {
    let words = visitor.words();
    let title = words.text("paying-title");
    let status = if matches!(refusal, Refusal::Missing { .. }) {
        StatusCode::NOT_FOUND
    } else if matches!(refusal, Refusal::Version { .. }) {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let order = words.text_with("order-title", &[("order", Arg::Text(number.to_owned()))]);
    let content = html! {
        div.title { a.back href={ "/orders/" (number) } aria-label=(order) { (icon(BACK, 22)) } h1 { (title) } }
        p.wrong role="alert" { (why(words, refusal)) }
        a.btn href={ "/orders/" (number) "#payments" } { (order) }
    };
    (status, frame(visitor, Place::Orders, &title, &content)).into_response()
}

//! Payment reminders that go by themselves: the rules of the house among the rules of messages, and on an order's page how often its
//! customer was reminded, when the next goes, and a button that leaves the order alone.

use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::visitor::Visitor;
use super::{answer, kind_name};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::messages::{self as service, Kind, Outlook, Plan};
use crate::central::services::orders::id_of_number;
use crate::core::message::Arg;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

/// The card of the rules.
pub(super) fn card(visitor: &Visitor, plan: &Plan) -> Markup {
    let words = visitor.words();
    let number = |key: &str, name: &str, (least, most): (i64, i64), value: i64| {
        html! { label { (words.text(key)) input type="number" name=(name) min=(least) max=(most) required value=(value); } }
    };
    html! {
        section.card.pad #reminding {
            h2 { (words.text("reminding-title")) }
            p.muted { (words.text("reminding-hint")) }
            form.sheet.wide method="post" action="/messages/reminders" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                label.check { input type="checkbox" name="active" value="1" checked[plan.active]; b { (words.text("reminding-active")) } }
                div.two {
                    (number("reminding-order-days", "order_days", (0, 365), plan.order_days))
                    (number("reminding-due-days", "due_days", (0, 365), plan.due_days))
                    (number("reminding-every", "every_days", (1, 365), plan.every_days))
                    (number("reminding-times", "times", (1, 9), plan.times))
                    (number("msg-rule-minutes", "minutes", (0, 1_440), plan.delay_ms / 60_000))
                    label { (words.text("reminding-last")) select name="last" {
                        @for kind in [Kind::PaymentFinal, Kind::PaymentReminder] {
                            option value=(kind.word()) selected[kind == plan.last] { (kind_name(words, kind.word())) }
                        }
                    } }
                }
                div.answers { button.btn.pri aria-label={ (words.text("office-save")) ": " (words.text("reminding-title")) } { (words.text("office-save")) } }
            }
        }
    }
}

/// `POST /messages/reminders`
pub async fn set(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    let last = Kind::of(fields.get("last"));
    let (true, Some(last)) = (visitor.sent(fields.get("csrf")) && visitor.may(Permission::SettingsManage), last) else {
        return forbidden(&visitor);
    };
    let plan = Plan {
        active: !fields.get("active").is_empty(),
        delay_ms: fields.int("minutes").saturating_mul(60_000),
        order_days: fields.int("order_days"),
        due_days: fields.int("due_days"),
        every_days: fields.int("every_days"),
        times: fields.int("times"),
        last,
    };
    let done = app.store.write(visitor.actor(), move |work| service::set_plan(work, plan)).await;
    answer(&visitor, done, "/messages/settings")
}

/// On an order's page: how it stands with its reminders.
pub(super) fn line(visitor: &Visitor, number: &str, outlook: &Outlook) -> Markup {
    let words = visitor.words();
    let (times, of) = outlook.times;
    let key = if outlook.off { "reminding-again" } else { "reminding-leave" };
    html! {
        form.answers #reminders-by-themselves method="post" action={ "/orders/" (number) "/payment-reminders" } {
            span.muted {
                (words.text_with("reminding-went", &[("n", Arg::Int(times)), ("of", Arg::Int(of))])) " "
                @if outlook.off { (words.text("reminding-off")) }
                @else if let Some(at) = outlook.next_ms {
                    (words.text_with("reminding-next", &[("when", Arg::Text(visitor.when(at)))]))
                }
            }
            @if visitor.may(Permission::MessageSend) {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                button.btn name="off" value=(if outlook.off { "" } else { "1" }) { (words.text(key)) }
            }
        }
    }
}

/// `POST /orders/{number}/payment-reminders`
pub async fn leave(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::MessageSend) {
        return forbidden(&visitor);
    }
    let (back, off) = (format!("/orders/{number}#mails"), !fields.get("off").is_empty());
    let done = app.store.write(visitor.actor(), move |work| {
        let order = id_of_number(work.tx, work.ctx.site, &number)?;
        service::leave_alone(work, &order, off)
    });
    answer(&visitor, done.await, &back)
}

//! What the page of an order has of its pipeline: where it is and was, reminders, calls; and reading facts from a form.

use super::super::marks::{BACK, CHECKED, CLOCK, PHONE, icon, pill};
use super::super::new_order::form::{Fields, amount};
use super::super::orders::money;
use super::super::payments::{above as over, plain};
use super::super::people::{forbidden, why};
use super::super::visitor::Visitor;
use super::card::{look, stage_name};
use super::tools::targets;
use super::{Place, failed, frame};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::{Method, NewPayment, id_of_number};
use crate::central::services::pipelines::{
    self, Call, CallResult, Delivery, Facts, Need, NewCall, NewReminder, Pipeline, Reminder, Stage, Stay,
};
use crate::central::services::users;
use crate::core::message::Arg;
use crate::core::money::Currency;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// Facts as a form told them, and what was wrong with one.
pub struct Told {
    pub facts: Facts,
    pub wrong: Option<Refusal>,
}

/// A moment as a form sends it, in the zone of the site, UTC ms.
pub fn moment(visitor: &Visitor, text: &str) -> Option<i64> {
    let at = text.parse::<jiff::civil::DateTime>().ok()?;
    Some(at.to_zoned(visitor.words().format().zone()).ok()?.timestamp().as_millisecond())
}

/// The same for a form to begin with.
pub fn local(words: &Catalogue, at_ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).ok();
    at.map(|at| at.to_zoned(words.format().zone()).strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

/// Reads them; a group of fields that is empty tells nothing.
pub fn read_told(visitor: &Visitor, fields: &Fields) -> Told {
    let mut told = Told { facts: Facts::default(), wrong: None };
    if !fields.get("pay-amount").is_empty() {
        let decimals = Currency::new(fields.get("pay-currency")).map_or(2, Currency::exponent);
        let method = Method::ALL.into_iter().find(|method| method.word() == fields.get("pay-method"));
        match amount(fields.get("pay-amount"), decimals).filter(|minor| *minor > 0) {
            Some(amount_minor) => {
                let reference = fields.get("pay-reference").to_owned();
                told.facts.payment = Some(NewPayment { method: method.unwrap_or_default(), amount_minor, reference });
            }
            None => told.wrong = Some(Refusal::Field { field: "payment.amount", why: "must be an amount" }),
        }
    }
    if let Some(result) = CallResult::of(fields.get("call-result")) {
        told.facts.call = Some(NewCall { result, note: fields.get("call-note").to_owned() });
    }
    if !fields.get("delivered-at").is_empty() {
        match moment(visitor, fields.get("delivered-at")) {
            Some(at_ms) => {
                told.facts.delivery = Some(Delivery { at_ms, note: fields.get("delivered-by").to_owned() });
            }
            None => told.wrong = Some(Refusal::Field { field: "delivery", why: "must be a moment" }),
        }
    }
    told
}

fn call_key(result: CallResult) -> &'static str {
    match result {
        CallResult::Answered => "board-call-answered",
        CallResult::NoAnswer => "board-call-no-answer",
        CallResult::Busy => "board-call-busy",
        CallResult::WrongNumber => "board-call-wrong-number",
        CallResult::CallBack => "board-call-call-back",
    }
}

fn call_fields(words: &Catalogue, typed: &Fields) -> Markup {
    html! {
        label { (words.text("board-call-result")) select name="call-result" required {
            @for result in CallResult::ALL {
                option value=(result.word()) selected[result.word() == typed.get("call-result")] { (words.text(call_key(result))) }
            }
        } }
        label { (words.text("board-call-note")) textarea name="call-note" rows="2" maxlength="1000" { (typed.get("call-note")) } }
    }
}

/// Fields for the facts that are missing, as they were typed before. `above` is more money than the order owes, minor units, that somebody
/// typed and did not yet say is meant.
pub fn facts(
    visitor: &Visitor,
    needs: &[Need],
    owed: Option<&(i64, String)>,
    typed: &Fields,
    above: Option<i64>,
) -> Markup {
    let words = visitor.words();
    let or =
        |name: &str, empty: String| Some(typed.get(name)).filter(|text| !text.is_empty()).map_or(empty, str::to_owned);
    html! {
        @for need in needs {
            @match need {
                Need::Payment => @if let Some((owed, currency)) = owed.filter(|_| visitor.may(Permission::PaymentAdd)) {
                    fieldset {
                        legend { (words.text("board-need-payment")) " " (money(words, *owed, currency)) }
                        input type="hidden" name="pay-currency" value=(currency);
                        label { (words.text("board-pay-amount")) input name="pay-amount" inputmode="decimal" value=(or("pay-amount", plain(*owed, currency))); }
                        @if let Some(amount_minor) = above { (over(words, amount_minor, *owed, currency)) }
                        label { (words.text("board-pay-method")) select name="pay-method" {
                            @for method in Method::ALL {
                                option value=(method.word()) selected[method.word() == typed.get("pay-method")] {
                                    (super::super::orders::method_name(words, method.word()))
                                }
                            }
                        } }
                        label { (words.text("board-pay-reference")) input name="pay-reference" maxlength="100" value=(typed.get("pay-reference")); }
                    }
                },
                Need::Delivery => @if visitor.may(Permission::ParcelHandover) {
                    fieldset {
                        legend { (words.text("board-need-delivery")) }
                        label { (words.text("board-delivered-at")) input type="datetime-local" name="delivered-at" required value=(or("delivered-at", local(words, visitor.now_ms))); }
                        label { (words.text("board-delivered-by")) input name="delivered-by" maxlength="200" value=(typed.get("delivered-by")); }
                    }
                },
                Need::Call => @if visitor.may(Permission::CallAdd) {
                    fieldset { legend { (words.text("board-need-call")) } (call_fields(words, typed)) }
                },
                Need::Parcel | Need::Note => {},
            }
        }
    }
}

/// What the section shows.
pub struct Shown {
    place: pipelines::Place,
    pipelines: Vec<Pipeline>,
    stays: Vec<Stay>,
    reminders: Vec<Reminder>,
    calls: Vec<Call>,
    people: Vec<(String, String)>,
}

/// Reads it.
///
/// # Errors
/// Any fault of the store.
pub fn section_of(
    tx: &mut dyn crate::sql::Conn,
    site: crate::protocol::wire::SiteId,
    order: &str,
    now_ms: i64,
) -> Res<Shown> {
    let people = users::list(tx, site, now_ms)?;
    Ok(Shown {
        place: pipelines::at(tx, site, order)?,
        pipelines: pipelines::all(tx, site)?,
        stays: pipelines::history(tx, order)?,
        reminders: pipelines::reminders(tx, order)?,
        calls: pipelines::calls(tx, order)?,
        people: people.into_iter().filter(|one| !one.disabled).map(|one| (one.id, one.name)).collect(),
    })
}

/// The section.
pub fn section(visitor: &Visitor, shown: &Shown) -> Markup {
    html! {
        (stage(visitor, shown))
        (reminders(visitor, shown))
        @if visitor.may(Permission::CallView) { (calls(visitor, shown)) }
    }
}

/// Its stage as a pill; `None` where it is on no board.
pub fn stage_pill(words: &Catalogue, shown: &Shown) -> Option<Markup> {
    let stage = known(shown, &shown.place.stage)?;
    let (class, path) = look(&stage.look);
    Some(pill(class, path, stage_name(words, stage)))
}

fn known<'a>(shown: &'a Shown, id: &str) -> Option<&'a Stage> {
    shown.pipelines.iter().find_map(|pipeline| pipeline.stage(id)).map(|(_, stage)| stage)
}

fn stage(visitor: &Visitor, shown: &Shown) -> Markup {
    let (words, place) = (visitor.words(), &shown.place);
    let language = words.lang().code();
    let age = |from: i64, to: i64| Arg::Text(words.format().span_min(to - from));
    let back = format!("/orders/{}", place.number);
    let chosen = if place.sub.is_empty() { place.stage.clone() } else { format!("{} {}", place.stage, place.sub) };
    html! {
        section.card.pad #stage {
            h2 { (words.text("board-stage")) }
            @match known(shown, &place.stage) {
                None => p.muted { (words.text("board-not-on")) },
                Some(stage) => {
                    p { @if let Some(mark) = stage_pill(words, shown) { (mark) }
                        @if let Some(sub) = stage.sub(&place.sub) { " " (pill("", CHECKED, sub.names.of(language))) } }
                    p.small { (words.text_with("board-since", &[
                        ("when", Arg::Text(visitor.when(place.since_ms))),
                        ("age", age(place.since_ms, visitor.now_ms)),
                    ])) }
                    @if let Some(note) = place.note.as_ref().filter(|_| visitor.may(Permission::PersonView)) { p.wrap { (note) } }
                }
            }
            @if visitor.may(Permission::OrderUpdate) {
                details { summary { (words.text("board-move")) }
                    form.sheet method="post" action="/board/move" {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        input type="hidden" name="back" value=(back);
                        input type="hidden" name="pick" value={ (place.order) " " (place.version) };
                        label { (words.text("board-move-to")) select name="to" {
                            @for pipeline in &shown.pipelines {
                                optgroup label=(pipeline.names.of(language)) { (targets(words, pipeline, &chosen)) }
                            }
                        } }
                        label { (words.text("board-note")) textarea name="note" rows="2" maxlength="500" {
                            @if visitor.may(Permission::PersonView) { (place.note.as_deref().unwrap_or("")) } } }
                        div.answers { button.btn.pri { (words.text("board-move")) } }
                    }
                }
                @if place.by_hand && shown.stays.first().is_some_and(|stay| stay.by_hand) {
                    form method="post" action="/board/undo" {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        input type="hidden" name="back" value=(back);
                        input type="hidden" name="pick" value={ (place.order) " " (place.version) };
                        button.btn { (icon(BACK, 16)) (words.text("board-undo")) }
                    }
                }
            }
            @if !shown.stays.is_empty() {
                details { summary { (words.text("board-before")) }
                    ul.plain { @for stay in &shown.stays { li {
                        (known(shown, &stay.stage).map_or("?", |stage| stage_name(words, stage))) " · "
                        (words.format().span_min(stay.until_ms - stay.since_ms)) " · "
                        span.muted { (visitor.when(stay.until_ms)) " "
                            (if stay.by_hand { stay.by.as_str() } else { "" })
                            @if !stay.by_hand { (words.text("board-itself")) } }
                    } } }
                }
            }
        }
    }
}

/// A line for a reminder, with what ends it.
pub fn reminder(visitor: &Visitor, one: &Reminder, back: &str) -> Markup {
    let words = visitor.words();
    let late = one.done_ms.is_none() && one.due_ms <= visitor.now_ms;
    html! {
        span.st.w[late] { (icon(CLOCK, 16)) (visitor.when(one.due_ms)) } " "
        @if visitor.may(Permission::PersonView) { (one.note) } @if one.by_stage { span.muted { (words.text("board-remind-stage")) } }
        @if !one.person.is_empty() { " " span.muted { (one.person) } }
        @if let Some(at) = one.done_ms { " " (pill("k", CHECKED, &visitor.when(at))) }
        @else if visitor.may(Permission::OrderUpdate) {
            form.inline method="post" action="/board/reminders" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="back" value=(back);
                button.st name="done" value=(one.id) { (icon(CHECKED, 16)) (words.text("board-remind-done")) }
            }
        }
    }
}

fn reminders(visitor: &Visitor, shown: &Shown) -> Markup {
    let (words, number) = (visitor.words(), &shown.place.number);
    let back = format!("/orders/{number}");
    html! {
        section.card.pad #reminders {
            h2 { (words.text("board-reminders")) }
            @if shown.reminders.is_empty() { p.muted { (words.text("board-no-reminders")) } }
            ul.plain { @for one in &shown.reminders { li { (reminder(visitor, one, &back)) } } }
            @if visitor.may(Permission::OrderUpdate) {
                details { summary { (words.text("board-remind-set")) }
                    form.sheet method="post" action={ "/orders/" (number) "/reminder" } {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        label { (words.text("board-remind-when"))
                            input type="datetime-local" name="due" required value=(local(words, visitor.now_ms + 24 * 3_600_000)); }
                        label { (words.text("board-remind-for")) select name="person" {
                            option value="" { (words.text("board-remind-anyone")) }
                            @for (id, name) in &shown.people { option value=(id) { (name) } }
                        } }
                        label { (words.text("board-remind-note")) input name="note" maxlength="200"; }
                        div.answers { button.btn.pri { (words.text("board-remind-set")) } }
                    }
                }
            }
        }
    }
}

fn calls(visitor: &Visitor, shown: &Shown) -> Markup {
    let (words, personal) = (visitor.words(), visitor.may(Permission::PersonView));
    html! {
        section.card.pad #calls {
            h2 { (words.text("board-calls")) " " span.muted { (shown.place.calls) } }
            @if shown.calls.is_empty() { p.muted { (words.text("board-no-calls")) } }
            ul.plain { @for call in &shown.calls { li {
                (pill(if call.result == CallResult::Answered { "k" } else { "" }, PHONE, &words.text(call_key(call.result)))) " "
                span.muted { (visitor.when(call.at_ms)) " " (call.by) }
                @if personal && !call.note.is_empty() { p.wrap { (call.note) } }
            } } }
            @if visitor.may(Permission::CallAdd) {
                details { summary { (words.text("console-log-call")) }
                    form.sheet method="post" action={ "/orders/" (shown.place.number) "/call" } {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        (call_fields(words, &Fields::default()))
                        div.answers { button.btn.pri { (words.text("console-log-call")) } }
                    }
                }
            }
        }
    }
}

/// The page says why, or leads back.
fn after(visitor: &Visitor, done: Res<()>, back: &str) -> Response {
    match done {
        Ok(()) => Redirect::to(back).into_response(),
        Err(CentralError::Refused(Refusal::Missing { .. })) => {
            failed(visitor, &CentralError::Refused(Refusal::Missing { entity: "order" }))
        }
        Err(CentralError::Refused(refusal)) => {
            let words = visitor.words();
            let title = words.text("board-refused");
            let page = html! {
                h1 { (title) }
                p.wrong role="alert" { (why(words, &refusal)) }
                a.btn href=(back) { (words.text("orders-back")) }
            };
            (StatusCode::UNPROCESSABLE_ENTITY, frame(visitor, Place::Orders, &title, &page)).into_response()
        }
        Err(error) => failed(visitor, &error),
    }
}

/// `POST /orders/{number}/call`
pub async fn call(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let Some(result) = CallResult::of(fields.get("call-result")) else { return forbidden(&visitor) };
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::CallAdd) {
        return forbidden(&visitor);
    }
    let new = NewCall { result, note: fields.get("call-note").replace("\r\n", "\n") };
    let order = number.clone();
    let write = app.store.write(visitor.actor(), move |work| {
        let id = id_of_number(work.tx, work.ctx.site, &order)?;
        pipelines::add_call(work, &id, &new)
    });
    after(&visitor, write.await, &format!("/orders/{number}#calls"))
}

/// `POST /orders/{number}/reminder`
pub async fn remind(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::OrderUpdate) {
        return forbidden(&visitor);
    }
    let new = NewReminder {
        due_ms: moment(&visitor, fields.get("due")).unwrap_or(0),
        person: fields.get("person").parse().ok(),
        note: fields.get("note").to_owned(),
    };
    let order = number.clone();
    let write = app.store.write(visitor.actor(), move |work| {
        let id = id_of_number(work.tx, work.ctx.site, &order)?;
        pipelines::remind(work, &id, &new).map(|_| ())
    });
    after(&visitor, write.await, &format!("/orders/{number}#reminders"))
}

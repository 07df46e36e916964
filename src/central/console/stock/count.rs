//! Counting a place without seeing what the book says, and the counts that wait for a second person.

use super::super::frame::Place;
use super::super::marks::{BACK, CHECKED, CROSS, icon};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::visitor::Visitor;
use super::{
    condition_name, day, failed, figure_signed, lot_link, may_see, once, once_field, outcome_text, part, place_link,
    product_link, said, shown, spot, spot_fields, tabs,
};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::idempotency::Kept;
use crate::central::services::stock::count::{self as service, COUNT_BOUND_MAX, Waiting};
use crate::central::services::stock::look::{self, LevelRow};
use crate::central::services::stock::{self, Change, Kind, MARK_MAX, Outcome};
use crate::central::store::work::Work;
use crate::core::message::Arg;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

/// Most lines of one form.
const LINES_MAX: usize = 500;

/// Which place is counted.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::central::console) struct Asked {
    location: String,
}

/// `GET /stock/count`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    show(&app, &visitor, asked.location.trim(), None).await
}

async fn show(app: &App, visitor: &Visitor, location: &str, refused: Option<&Refusal>) -> Response {
    if !visitor.may(Permission::StockAdjust) {
        return forbidden(visitor);
    }
    let (site, code) = (app.store.site(), location.replace('\0', ""));
    let words = visitor.words();
    let levels = match app.store.read(move |tx| look::place(tx, site, &code)).await {
        Ok(levels) => levels,
        Err(error) => return failed(visitor, Place::Stock, &error),
    };
    let missing = Refusal::Missing { entity: "location" };
    let refused = refused.or((levels.is_none() && !location.is_empty()).then_some(&missing));
    let content = html! {
        div.title {
            a.back href="/stock" aria-label=(words.text("stock-title")) { (icon(BACK, 22)) }
            h1 { (words.text("stock-count")) }
            @if levels.is_some() { (place_link(location)) }
        }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (said(words, refusal)) } }
        @match levels {
            Some(levels) => (lines(visitor, location, &levels)),
            None => form.card.pad.sheet method="get" action="/stock/count" {
                label { (words.text("stock-scan-place"))
                    input name="location" maxlength=(MARK_MAX) required autofocus autocomplete="off" value=(location); }
                div.answers { button.btn.pri { (words.text("stock-next")) } }
            },
        }
    };
    shown(visitor, &words.text("stock-count"), refused.is_some(), &content)
}

fn lines(visitor: &Visitor, location: &str, levels: &[LevelRow]) -> Markup {
    let words = visitor.words();
    html! {
        p.muted.lead { (words.text("stock-count-hint")) }
        form.card.pad.sheet.wide method="post" action="/stock/count" {
            input type="hidden" name="csrf" value=(visitor.session.csrf); (once_field())
            input type="hidden" name="location" value=(location);
            @for (n, level) in levels.iter().enumerate() {
                @let end = format!("-{n}");
                (spot_fields(level, &end))
                label { span { span.mono { (level.product.0) } " " (level.product.1)
                        @if !level.lot.is_empty() { " · " (words.text("stock-lot")) " " (level.lot) }
                        @if !level.expiry.is_empty() { " · " (day(words, &level.expiry)) }
                        @if !level.serial.is_empty() { " · " (level.serial) }
                        @if level.condition != "good" { " · " (condition_name(words, &level.condition)) } }
                    input type="number" name={ "units" (end) } min="0" inputmode="numeric"; }
            }
            fieldset {
                legend { (words.text("stock-count-else")) }
                input type="hidden" name="location-new" value=(location);
                label { (words.text("stock-scan-product")) input name="sku-new" maxlength="100" autocomplete="off"; }
                label { (words.text("stock-units")) input type="number" name="units-new" min="0" inputmode="numeric"; }
                label { (words.text("stock-lot")) input name="lot-new" maxlength=(MARK_MAX) autocomplete="off"; }
                label { (words.text("stock-expiry")) input type="date" name="expiry-new"; }
                label { (words.text("stock-serial")) input name="serial-new" maxlength=(MARK_MAX) autocomplete="off"; }
            }
            div.answers { button.btn.pri { (icon(CHECKED, 18)) (words.text("stock-count-send")) } }
        }
    }
}

/// What became of one line, as it is kept for a form that is sent twice.
#[derive(Serialize, Deserialize)]
struct Line {
    sku: String,
    lot: String,
    /// How it ended: `same`, `booked`, `waits`, or `refused`.
    end: String,
    difference: i64,
    /// Why it was refused, for people.
    why: String,
}

/// The lines that say something.
fn counted(fields: &Fields) -> Vec<(String, i64)> {
    let ends = (0..LINES_MAX).map(|n| format!("-{n}")).chain(["-new".to_owned()]);
    let filled = ends.filter(|end| !fields.get(&format!("sku{end}")).is_empty());
    filled.filter_map(|end| fields.get(&format!("units{end}")).parse().ok().map(|units| (end, units))).collect()
}

fn take_all(work: &mut Work<'_>, fields: &Fields, words: &crate::i18n::Catalogue) -> Res<Kept> {
    let mut done = Vec::new();
    for (end, quantity) in counted(fields) {
        let mut spot = spot(fields, &end);
        if let Some(meant) = look::meant(work.tx, work.ctx.site, &spot.sku)? {
            spot.sku = meant.sku;
        }
        let (sku, lot) = (spot.sku.clone(), spot.lot.clone());
        let change = Change { kind: Kind::Count, spot, quantity, note: String::new(), despite_promises: false };
        let (end, difference, why) = match stock::change(work, &change) {
            Ok(changed) => {
                let end = match changed.outcome {
                    Outcome::Unchanged => "same",
                    Outcome::Booked => "booked",
                    Outcome::Waits(_) => "waits",
                };
                (end, changed.difference, String::new())
            }
            Err(CentralError::Refused(refusal)) => ("refused", 0, said(words, &refusal)),
            Err(error) => return Err(error),
        };
        done.push(Line { sku, lot, end: end.to_owned(), difference, why });
    }
    let body = serde_json::to_string(&done).map_err(|_| CentralError::Inner { what: "writing counts as JSON" })?;
    Ok(Kept { status: 200, body })
}

/// `POST /stock/count`
pub(in crate::central::console) async fn take(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::StockAdjust) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let location = fields.get("location").to_owned();
    if counted(&fields).is_empty() {
        let nothing = Refusal::Field { field: "stock.counted", why: "must count something" };
        return show(&app, &visitor, &location, Some(&nothing)).await;
    }
    let (sent, shared, lang) = (Fields(fields.0.clone()), App::clone(&app), visitor.words().lang());
    let effect = move |work: &mut Work<'_>| take_all(work, &sent, super::super::visitor::words(&shared, Some(lang)));
    match once(&app, &visitor, &fields, effect).await {
        Ok(kept) => {
            let lines: Vec<Line> = serde_json::from_str(&kept.body).unwrap_or_default();
            let refused = lines.iter().any(|line| line.end == "refused");
            shown(&visitor, &visitor.words().text("stock-count"), refused, &result(&visitor, &location, &lines))
        }
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, &location, Some(&refusal)).await,
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

fn result(visitor: &Visitor, location: &str, lines: &[Line]) -> Markup {
    let words = visitor.words();
    let text = |line: &Line| match line.end.as_str() {
        "refused" => line.why.clone(),
        "same" => outcome_text(words, &Outcome::Unchanged, 0),
        "waits" => outcome_text(words, &Outcome::Waits(String::new()), line.difference),
        _ => outcome_text(words, &Outcome::Booked, line.difference),
    };
    html! {
        div.title { h1 { (words.text("stock-counted-place")) } (place_link(location)) }
        div.card role="status" { table.rows {
            thead { tr { @for key in ["column-code", "stock-lot", "column-state"] { th scope="col" { (words.text(key)) } } } }
            tbody { @for line in lines { tr {
                td { (product_link(&line.sku)) }
                td { (lot_link(&line.sku, &line.lot)) }
                td.wrap.wrong[line.end == "refused"] { (text(line)) }
            } } }
        } }
        div.answers {
            a.btn.pri href="/stock/count" { (words.text("stock-count-next")) }
            a.btn href={ "/stock/count?location=" (part(location)) } { (words.text("stock-count-again")) }
        }
    }
}

/// `GET /stock/counts`
pub(in crate::central::console) async fn waiting(State(app): State<App>, visitor: Visitor) -> Response {
    list(&app, &visitor, None).await
}

async fn list(app: &App, visitor: &Visitor, refused: Option<&Refusal>) -> Response {
    if let Err(answer) = may_see(visitor) {
        return *answer;
    }
    let site = app.store.site();
    let read = app.store.read(move |tx| Ok((service::waiting(tx, site)?, service::bound(tx, site)?)));
    let words = visitor.words();
    match read.await {
        Ok((rows, bound)) => {
            let content = html! {
                div.title { h1 { (words.text("stock-tab-counts")) } }
                (tabs(visitor, "/stock/counts"))
                @if let Some(refusal) = refused { p.wrong.lead role="alert" { (said(words, refusal)) } }
                div.card { @if rows.is_empty() { p.empty { (words.text("stock-no-counts")) } } @else { (table(visitor, &rows)) } }
                (bound_form(visitor, bound))
            };
            shown(visitor, &words.text("stock-tab-counts"), refused.is_some(), &content)
        }
        Err(error) => failed(visitor, Place::Stock, &error),
    }
}

fn bound_form(visitor: &Visitor, bound: i64) -> Markup {
    let words = visitor.words();
    html! {
        @if visitor.may(Permission::SettingsManage) {
            form.card.pad.sheet method="post" action="/stock/counts" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                label { (words.text("stock-count-bound"))
                    input type="number" name="bound" min="0" max=(COUNT_BOUND_MAX) value=(bound) required; }
                div.answers { button.btn { (words.text("office-save")) } }
            }
        } @else { p.muted { (words.text_with("stock-count-bound-is", &[("n", Arg::Int(bound))])) } }
    }
}

fn table(visitor: &Visitor, rows: &[Waiting]) -> Markup {
    let words = visitor.words();
    let own = visitor.session.user.to_string();
    html! { table.rows.told {
        thead { tr {
            @for key in ["column-code", "column-product", "stock-place", "stock-lot"] { th scope="col" { (words.text(key)) } }
            @for key in ["stock-booked", "stock-counted", "stock-difference"] { th.num scope="col" { (words.text(key)) } }
            th scope="col" { (words.text("stock-by")) }
            th scope="col" { (words.text("column-state")) }
        } }
        tbody { @for row in rows { tr {
            td { (product_link(&row.product.0)) }
            td.wrap { (row.product.1) }
            td { (place_link(&row.location)) }
            td { (lot_link(&row.product.0, &row.lot)) }
            td.num data-label=(words.text("stock-booked")) { (words.format().number(row.booked)) }
            td.num data-label=(words.text("stock-counted")) { (words.format().number(row.counted)) }
            td.num data-label=(words.text("stock-difference")) { b { (figure_signed(words, row.counted - row.booked)) } }
            td { @if row.by.2.is_empty() { (words.text(&format!("office-actor-{}", row.by.0))) } @else { (row.by.2) }
                " · " (visitor.when(row.at_ms)) }
            td { @if visitor.may(Permission::StockAdjust) {
                form.answers.tight method="post" action={ "/stock/counts/" (row.id) } {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    @if row.by.1 != own { button.btn.pri name="agree" value="1" { (icon(CHECKED, 18)) (words.text("stock-agree")) } }
                    button.btn name="agree" value="" { (icon(CROSS, 18)) (words.text("stock-drop")) }
                }
            } }
        } } }
    } }
}

/// `POST /stock/counts/{id}`
pub(in crate::central::console) async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::StockAdjust) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let agree = !fields.get("agree").is_empty();
    let done = app.store.write(visitor.actor(), move |work| service::decide(work, &id, agree)).await;
    app.wake.notify_one();
    answer(&app, &visitor, done).await
}

/// `POST /stock/counts`
pub(in crate::central::console) async fn set_bound(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::SettingsManage) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let units = fields.get("bound").parse().unwrap_or(-1);
    let done = app.store.write(visitor.actor(), move |work| service::set_bound(work, units)).await;
    answer(&app, &visitor, done).await
}

async fn answer(app: &App, visitor: &Visitor, done: Res<()>) -> Response {
    match done {
        Ok(()) => Redirect::to("/stock/counts").into_response(),
        Err(CentralError::Refused(refusal)) => list(app, visitor, Some(&refusal)).await,
        Err(error) => failed(visitor, Place::Stock, &error),
    }
}

//! The stock of one product: its sums, its balances with what can be done to each, what is taken first, when it is bought again, and
//! its newest entries.

use super::super::frame::Place;
use super::super::marks::{BACK, CHECKED, OCTAGON, PLUS, TRIANGLE, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::visitor::Visitor;
use super::list::{entry_table, figure};
use super::{
    change_of, condition_name, day, failed, kept, lot_link, may_see, once, once_field, part, place_link, product_link,
    said, shown, spot, spot_fields,
};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::stock::look::{self, Entry, LevelRow, ProductStock};
use crate::central::services::stock::{self, Reason, low};
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// Entries shown on the product's page.
const ENTRIES: usize = 15;

/// `GET /stock/of/{sku}`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<String>,
) -> Response {
    show(&app, &visitor, &sku, None).await
}

/// `GET /stock/{sku}`: where a product's page was before.
pub(in crate::central::console) async fn moved(visitor: Visitor, Path(sku): Path<String>) -> Response {
    match may_see(&visitor) {
        Ok(()) => Redirect::permanent(&format!("/stock/of/{}", part(&sku))).into_response(),
        Err(answer) => *answer,
    }
}

/// A form of the page that was refused: what was typed in it, and why.
struct Refused {
    fields: Fields,
    refusal: Refusal,
}

impl Refused {
    /// Whether it is the form of this balance that does so.
    fn is(&self, level: &LevelRow, does: &str) -> bool {
        let own = spot(&self.fields, "");
        self.fields.get("do") == does
            && (&own.location, &own.lot, &own.expiry) == (&level.location, &level.lot, &level.expiry)
            && (own.serial.as_str(), own.condition.word()) == (level.serial.as_str(), level.condition.as_str())
    }
}

async fn show(app: &App, visitor: &Visitor, sku: &str, refused: Option<&Refused>) -> Response {
    if let Err(answer) = may_see(visitor) {
        return *answer;
    }
    let (site, sku) = (app.store.site(), sku.replace('\0', ""));
    let read = move |tx: &mut dyn crate::sql::Conn| -> Res<(ProductStock, Vec<Entry>)> {
        let mut entries = look::entries(tx, site, &sku, None)?.0;
        entries.truncate(ENTRIES);
        Ok((look::product(tx, site, &sku)?, entries))
    };
    match app.store.read(read).await {
        Ok((product, entries)) => {
            let title = visitor.words().text_with("stock-of", &[("sku", Arg::Text(product.sums.sku.clone()))]);
            shown(visitor, &title, refused.is_some(), &content(visitor, &product, &entries, refused))
        }
        Err(error) => failed(visitor, Place::Stock, &error),
    }
}

fn content(visitor: &Visitor, product: &ProductStock, entries: &[Entry], refused: Option<&Refused>) -> Markup {
    let (words, sums) = (visitor.words(), &product.sums);
    // A balance that is gone meanwhile has no form to stand beside.
    let beside = |refused: &Refused| {
        let own = |level: &LevelRow| ["adjust", "transfer"].iter().any(|does| refused.is(level, does));
        refused.fields.get("do") == "reorder" || product.levels.iter().any(own)
    };
    let sku = part(&sums.sku);
    let axis = |key: &str, n: i64| html! { div { div.small { (words.text(key)) } b { (words.format().number(n)) } } };
    html! {
        div.title {
            a.back href="/stock" aria-label=(words.text("stock-title")) { (icon(BACK, 22)) }
            h1 { span.mono { (sums.sku) } }
            span.muted { (sums.name) }
            @if sums.low_since_ms.is_some() { (pill("w", TRIANGLE, &words.text("stock-tab-low"))) }
            span.grow {}
            a.btn href={ "/products/" (sku) } { (words.text("stock-to-product")) }
            @if visitor.may(Permission::StockAdjust) && !sums.kit {
                a.btn.pri href={ "/stock/receive?sku=" (sku) } { (icon(PLUS, 18)) (words.text("stock-receive")) }
            }
        }
        @if let Some(refused) = refused.filter(|refused| !beside(refused)) { p.wrong.lead role="alert" { (said(words, &refused.refusal)) } }
        @if sums.kit {
            div.card.axes { (axis("stock-available", sums.available)) }
            (made_of(words, product))
        } @else {
            div.card.axes {
                (axis("stock-available", sums.available)) (axis("stock-in-bins", sums.in_bins))
                (axis("stock-promised", sums.promised())) (axis("stock-held", sums.held)) (axis("stock-aside", sums.aside))
            }
            section.card {
                div.cardhead { h2 { (words.text("stock-places")) } }
                @if product.levels.is_empty() { p.empty { (words.text("stock-none-here")) } }
                @else { (levels(visitor, &product.levels, refused)) }
            }
            div.pair {
                (first(words, product))
                (reorder(visitor, product, refused.filter(|refused| refused.fields.get("do") == "reorder")))
            }
        }
        section.card {
            div.cardhead { h2 { (words.text("stock-tab-entries")) }
                a href={ "/stock/entries?sku=" (sku) } { (words.text("office-all-entries")) } }
            (entry_table(visitor, entries))
        }
    }
}

/// The parts of a kit, and how many kits each of them is enough for.
fn made_of(words: &Catalogue, product: &ProductStock) -> Markup {
    html! {
        section.card {
            div.cardhead { h2 { (words.text("stock-kit")) } span.muted { (words.text("stock-kit-hint")) } }
            table.rows.told {
                thead { tr {
                    th scope="col" { (words.text("column-code")) }
                    th scope="col" { (words.text("column-product")) }
                    th.num scope="col" { (words.text("stock-kit-units")) }
                    th.num scope="col" { (words.text("stock-available")) }
                    th.num scope="col" { (words.text("stock-kit-enough")) }
                } }
                tbody { @for part in &product.parts { tr {
                    td { (product_link(&part.sku)) }
                    td.wrap { (part.name) }
                    (figure(words, "stock-kit-units", part.units))
                    (figure(words, "stock-available", part.available))
                    (figure(words, "stock-kit-enough", part.available.max(0) / part.units.max(1)))
                } } }
            }
        }
    }
}

fn levels(visitor: &Visitor, levels: &[LevelRow], refused: Option<&Refused>) -> Markup {
    let words = visitor.words();
    let adjust = visitor.may(Permission::StockAdjust);
    html! { table.rows.told {
        thead { tr {
            @for key in ["stock-place", "stock-lot", "stock-expiry", "stock-serial", "stock-condition"] { th scope="col" { (words.text(key)) } }
            th.num scope="col" { (words.text("stock-units")) }
            th scope="col" { (words.text("stock-counted")) }
            @if adjust { th scope="col" { (words.text("stock-change")) } }
        } }
        tbody { @for level in levels { tr {
            td { (place_link(&level.location)) }
            td data-label=(words.text("stock-lot")) { (lot_link(&level.product.0, &level.lot))
                @if level.held { " " (pill("x", OCTAGON, &words.text("stock-held"))) } }
            td data-label=(words.text("stock-expiry")) { @if level.expiry.is_empty() { "–" } @else { (day(words, &level.expiry)) } }
            td data-label=(words.text("stock-serial")) { @if level.serial.is_empty() { "–" } @else { span.mono { (level.serial) } } }
            td { (condition_name(words, &level.condition)) }
            (figure(words, "stock-units", level.quantity))
            td data-label=(words.text("stock-counted")) { @match level.counted_ms {
                Some(at) => (words.format().date(UtcMs(at))), None => (words.text("office-never")) } }
            @if adjust { td { (forms(visitor, level, refused)) } }
        } } }
    } }
}

/// What can be done to a balance. The form that was refused is open, as it was typed, with the reason in it.
fn forms(visitor: &Visitor, level: &LevelRow, refused: Option<&Refused>) -> Markup {
    let words = visitor.words();
    let to = format!("/stock/of/{}/change", part(&level.product.0));
    let name = words.text_with("stock-change-at", &[("place", Arg::Text(level.location.clone()))]);
    let of = |does: &str| refused.filter(|refused| refused.is(level, does));
    let (adjust, transfer) = (of("adjust"), of("transfer"));
    let get = |typed: Option<&Refused>, name: &str| typed.map(|typed| typed.fields.get(name).to_owned());
    let ticked = |typed: Option<&Refused>| typed.is_some_and(|typed| !typed.fields.get("despite").is_empty());
    let wrong = |typed: Option<&Refused>| {
        html! { @if let Some(typed) = typed { p.wrong role="alert" { (said(words, &typed.refusal)) } } }
    };
    html! {
        details.change open[adjust.or(transfer).is_some()] {
            summary aria-label=(name) { (words.text("stock-change")) }
            form.sheet method="post" action=(to) {
                input type="hidden" name="csrf" value=(visitor.session.csrf); (once_field())
                (spot_fields(level, ""))
                input type="hidden" name="do" value="adjust";
                (wrong(adjust))
                label { (words.text("stock-difference")) input type="number" name="units" required placeholder="-1"
                    value=[get(adjust, "units")] autofocus[adjust.is_some()]; }
                label { (words.text("stock-reason")) select name="reason" required {
                    @for reason in Reason::ALL { option value=(reason.word()) selected[get(adjust, "reason").as_deref() == Some(reason.word())] {
                        (words.text(&format!("stock-reason-{}", reason.word()))) } } } }
                label { (words.text("stock-note")) input name="note" maxlength=(stock::NOTE_MAX) value=[get(adjust, "note")]; }
                label.check { input type="checkbox" name="despite" value="1" checked[ticked(adjust)]; (words.text("stock-despite")) }
                button.btn.pri { (words.text("stock-adjust")) }
            }
            form.sheet method="post" action=(to) {
                input type="hidden" name="csrf" value=(visitor.session.csrf); (once_field())
                (spot_fields(level, ""))
                input type="hidden" name="do" value="transfer";
                (wrong(transfer))
                label { (words.text("stock-units")) input type="number" name="units" min="1" max=(level.quantity.max(1)) required
                    value=[get(transfer, "units")] autofocus[transfer.is_some()]; }
                label { (words.text("stock-to")) input name="to" maxlength="60" required autocomplete="off" value=[get(transfer, "to")]; }
                label.check { input type="checkbox" name="despite" value="1" checked[ticked(transfer)]; (words.text("stock-despite")) }
                button.btn { (words.text("stock-move")) }
            }
        }
    }
}

/// What a picker takes first of the promised units, or of the first one.
fn first(words: &Catalogue, product: &ProductStock) -> Markup {
    let units = product.sums.promised().max(1);
    html! {
        section.card.pad {
            h2 { (words.text("stock-first")) }
            p.muted { (words.text_with("stock-first-hint", &[("n", Arg::Int(units))])) }
            @let taken = product.first(units);
            @if taken.is_empty() { p { (words.text("stock-none-here")) } }
            ol.plainlist { @for (level, n) in taken { li {
                (place_link(&level.location)) " · " (words.format().number(n))
                @if !level.lot.is_empty() { " · " (lot_link(&level.product.0, &level.lot)) }
                @if !level.expiry.is_empty() { " · " (day(words, &level.expiry)) }
            } } }
        }
    }
}

fn reorder(visitor: &Visitor, product: &ProductStock, refused: Option<&Refused>) -> Markup {
    let (words, sums) = (visitor.words(), &product.sums);
    let value = |name: &str, stored: Option<i64>| match refused {
        Some(refused) => Some(refused.fields.get(name).to_owned()),
        None => stored.map(|units| units.to_string()),
    };
    html! {
        section.card.pad {
            h2 { (words.text("stock-reorder")) }
            @if visitor.may(Permission::ProductUpdate) {
                form.sheet method="post" action={ "/stock/of/" (part(&sums.sku)) "/reorder" } {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="do" value="reorder";
                    @if let Some(refused) = refused { p.wrong role="alert" { (said(words, &refused.refusal)) } }
                    div.two {
                        label { (words.text("stock-reorder-at")) input type="number" name="at" min="0" value=[value("at", sums.reorder_at)]; }
                        label { (words.text("stock-reorder-up-to")) input type="number" name="up-to" min="1" value=[value("up-to", product.reorder_up_to)]; }
                    }
                    div.answers { button.btn { (icon(CHECKED, 18)) (words.text("office-save")) } }
                }
            } @else {
                p { @match sums.reorder_at { Some(at) => (words.text_with("stock-low-at", &[("n", Arg::Int(at))])), None => "–" } }
            }
        }
    }
}

/// `POST /stock/of/{sku}/change`
pub(in crate::central::console) async fn change(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::StockAdjust) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let wanted = match change_of(&fields) {
        Ok(change) => change,
        Err(refusal) => return show(&app, &visitor, &sku, Some(&Refused { fields, refusal })).await,
    };
    let effect = move |work: &mut crate::central::store::work::Work<'_>| stock::change(work, &wanted).map(|_| kept());
    match once(&app, &visitor, &fields, effect).await {
        Ok(_) => Redirect::to(&format!("/stock/of/{}", part(&sku))).into_response(),
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, &sku, Some(&Refused { fields, refusal })).await,
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

/// `POST /stock/of/{sku}/reorder`
pub(in crate::central::console) async fn set_reorder(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ProductUpdate) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    // What is no number is out of bounds, so that it is refused and not taken for "none".
    let figure = |name: &str| Some(fields.get(name)).filter(|t| !t.is_empty()).map(|t| t.parse().unwrap_or(-1));
    let (at, up_to, of) = (figure("at"), figure("up-to"), sku.clone());
    let done = app.store.write(visitor.actor(), move |work| low::set_reorder(work, &of, at, up_to)).await;
    app.wake.notify_one();
    match done {
        Ok(()) => Redirect::to(&format!("/stock/of/{}", part(&sku))).into_response(),
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, &sku, Some(&Refused { fields, refusal })).await,
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

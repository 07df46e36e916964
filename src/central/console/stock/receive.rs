//! Receiving goods: scan or type the product, the place and the units; the place and the paper stay for the next one. Made for a phone
//! and a hand scanner.

use super::super::frame::Place;
use super::super::marks::{BACK, CHECKED, PLUS, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::visitor::Visitor;
use super::{change_of, failed, kept, once, once_field, part, product_link, said, shown};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::stock::look::{self, Meant, ProductStock};
use crate::central::services::stock::{self, Change, MARK_MAX};
use crate::core::message::Arg;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Most serials of one form.
const SERIALS_MAX: usize = 100;

/// What the form begins with.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::central::console) struct Asked {
    sku: String,
    location: String,
    paper: String,
    done: String,
    units: String,
    lot: String,
    expiry: String,
    serial: String,
    note: String,
}

impl Asked {
    /// What the scanned label says, where nothing is typed yet.
    fn with(&self, meant: &Meant) -> Asked {
        let or = |typed: &String, said: Option<String>| match (typed.is_empty(), said) {
            (true, Some(said)) => said,
            (true, None) | (false, _) => typed.clone(),
        };
        Asked {
            units: or(&self.units, meant.units.map(|units| units.to_string())),
            lot: or(&self.lot, meant.trace.lot.clone()),
            expiry: or(&self.expiry, meant.trace.expiry.map(|day| day.to_string())),
            serial: or(&self.serial, meant.trace.serial.clone()),
            ..self.clone()
        }
    }
}

/// `GET /stock/receive`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    show(&app, &visitor, &asked, None).await
}

async fn show(app: &App, visitor: &Visitor, asked: &Asked, refused: Option<&Refusal>) -> Response {
    if !visitor.may(Permission::StockAdjust) {
        return forbidden(visitor);
    }
    let (site, text) = (app.store.site(), asked.sku.clone());
    let read = move |tx: &mut dyn crate::sql::Conn| -> Res<Option<(ProductStock, Meant)>> {
        let meant = look::meant(tx, site, &text)?;
        meant.map(|meant| Ok((look::product(tx, site, &meant.sku)?, meant))).transpose()
    };
    match app.store.read(read).await {
        Ok(found) => {
            let asked = &found.as_ref().map_or_else(|| asked.clone(), |(_, meant)| asked.with(meant));
            let product = found.map(|(product, _)| product);
            let missing = Refusal::Missing { entity: "product" };
            let refused = refused.or((product.is_none() && !asked.sku.is_empty()).then_some(&missing));
            let title = visitor.words().text("stock-receive");
            shown(visitor, &title, refused.is_some(), &content(visitor, asked, product.as_ref(), refused))
        }
        Err(error) => failed(visitor, Place::Stock, &error),
    }
}

fn content(visitor: &Visitor, asked: &Asked, product: Option<&ProductStock>, refused: Option<&Refusal>) -> Markup {
    let words = visitor.words();
    html! {
        div.title {
            a.back href="/stock" aria-label=(words.text("stock-title")) { (icon(BACK, 22)) }
            h1 { (words.text("stock-receive")) }
        }
        @if !asked.done.is_empty() && refused.is_none() {
            p.lead role="status" { (pill("k", CHECKED, &words.text_with("stock-received", &[
                ("units", Arg::Int(asked.units.parse().unwrap_or(0))), ("sku", Arg::Text(asked.done.clone()))]))) }
        }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (said(words, refusal)) } }
        @match product {
            None => (ask(visitor, asked)),
            Some(product) => (form(visitor, asked, product)),
        }
    }
}

/// The first field: which product.
fn ask(visitor: &Visitor, asked: &Asked) -> Markup {
    let words = visitor.words();
    html! {
        form.card.pad.sheet method="get" action="/stock/receive" {
            input type="hidden" name="location" value=(asked.location);
            input type="hidden" name="paper" value=(asked.paper);
            label { (words.text("stock-scan-product"))
                input name="sku" value=(asked.sku) maxlength="100" required autofocus autocomplete="off" autocapitalize="off" enterkeyhint="next"; }
            div.answers { button.btn.pri { (words.text("stock-next")) } }
        }
    }
}

fn form(visitor: &Visitor, asked: &Asked, product: &ProductStock) -> Markup {
    let words = visitor.words();
    let [serial, lot, expiry] = product.track;
    html! {
        form.card.pad.sheet method="post" action="/stock/receive" {
            input type="hidden" name="csrf" value=(visitor.session.csrf); (once_field())
            input type="hidden" name="do" value="receive";
            input type="hidden" name="sku" value=(product.sums.sku);
            h2 { (product_link(&product.sums.sku)) " " (product.sums.name) }
            label { (words.text("stock-place"))
                input name="location" value=(asked.location) maxlength=(MARK_MAX) required autofocus[asked.location.is_empty()] autocomplete="off"; }
            @if serial {
                label { (words.text("stock-serials")) textarea name="serials" rows="4" required { (asked.serial) }
                    span.small { (words.text("stock-serials-hint")) } }
            } @else {
                label { (words.text("stock-units")) input type="number" name="units" min="1" required inputmode="numeric"
                    value=[Some(&asked.units).filter(|t| !t.is_empty() && asked.done.is_empty())] autofocus[!asked.location.is_empty()]; }
            }
            @if lot || !asked.lot.is_empty() || !expiry {
                label { (words.text("stock-lot")) input name="lot" value=(asked.lot) maxlength=(MARK_MAX) required[lot] autocomplete="off"; }
            }
            @if expiry { label { (words.text("stock-expiry")) input type="date" name="expiry" value=(asked.expiry) required; } }
            label { (words.text("stock-paper")) input name="paper" value=(asked.paper) maxlength=(MARK_MAX) autocomplete="off"; }
            label { (words.text("stock-note")) input name="note" value=(asked.note) maxlength=(stock::NOTE_MAX); }
            div.answers {
                button.btn.pri { (icon(PLUS, 18)) (words.text("stock-receive")) }
                a.btn href={ "/stock/receive?location=" (part(&asked.location)) "&paper=" (part(&asked.paper)) } { (words.text("stock-other-product")) }
            }
        }
    }
}

/// The changes of the form: one, or one for each serial.
fn changes(fields: &Fields) -> Result<Vec<Change>, Refusal> {
    let one = change_of(fields)?;
    let serials: Vec<&str> = fields.get("serials").split_whitespace().collect();
    if serials.is_empty() {
        return Ok(vec![one]);
    }
    if serials.len() > SERIALS_MAX {
        return Err(Refusal::Field { field: "stock.serial", why: "must be at most a hundred at a time" });
    }
    let with = |serial: &&str| {
        let mut change = Change { quantity: 1, ..one.clone() };
        change.spot.serial = (*serial).to_owned();
        change
    };
    Ok(serials.iter().map(with).collect())
}

/// `POST /stock/receive`
pub(in crate::central::console) async fn take(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::StockAdjust) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let get = |name: &str| fields.get(name).to_owned();
    let asked = Asked {
        sku: get("sku"),
        location: get("location"),
        paper: get("paper"),
        done: String::new(),
        units: get("units"),
        lot: get("lot"),
        expiry: get("expiry"),
        serial: get("serials"),
        note: get("note"),
    };
    let wanted = match changes(&fields) {
        Ok(wanted) => wanted,
        Err(refusal) => return show(&app, &visitor, &asked, Some(&refusal)).await,
    };
    let units: i64 = wanted.iter().map(|change| change.quantity).sum();
    let effect = move |work: &mut crate::central::store::work::Work<'_>| {
        wanted.iter().try_for_each(|one| stock::change(work, one).map(drop))?;
        Ok(kept())
    };
    match once(&app, &visitor, &fields, effect).await {
        Ok(_) => {
            let to = [("location", &asked.location), ("paper", &asked.paper), ("done", &asked.sku)];
            let to: Vec<String> = to.iter().map(|(name, value)| format!("{name}={}", part(value))).collect();
            Redirect::to(&format!("/stock/receive?{}&units={units}", to.join("&"))).into_response()
        }
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, &asked, Some(&refusal)).await,
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

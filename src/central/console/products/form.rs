//! One product: its sheet as a form, what is known of it, and its history. Who was slower reads which facts differ and keeps what was
//! typed; saving again puts it in place.

use super::super::country::country_choice;
use super::super::frame::Place;
use super::super::marks::{BACK, BOX, CHECKED, icon};
use super::super::new_order::form::{Fields, amount};
use super::super::people::forbidden;
use super::super::stock::{failed, may_see, part, said, shown};
use super::super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::audit::{AuditRow, Filter, list as audit_list};
use crate::central::services::products::read;
use crate::central::services::products::sheet::{
    self as service, BEARS_G_MAX, Battery, Filed, NAME_MAX, SKU_MAX, Sheet,
};
use crate::central::store::sites;
use crate::core::country;
use crate::core::message::Arg;
use crate::core::money::{Currency, Money};
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// Entries of the history that are shown.
const HISTORY: u32 = 20;
/// Lines for barcodes beyond those that are there.
const EMPTY_LINES: usize = 3;

/// What a page of a product shows.
struct Shown {
    /// None while it is a new one.
    filed: Option<Filed>,
    history: Vec<AuditRow>,
    categories: Vec<String>,
    currency: String,
}

/// What stands in the form: of what is filed, or what was typed and refused.
struct Typed<'a> {
    fields: Fields,
    refused: Option<&'a Refusal>,
}

async fn load(app: &App, sku: Option<String>) -> Res<Shown> {
    let site = app.store.site();
    let read = move |tx: &mut dyn crate::sql::Conn| -> Res<Shown> {
        let filed = sku.as_ref().map(|sku| service::filed(tx, site, sku)).transpose()?;
        let mut history = Vec::new();
        if let Some(filed) = &filed {
            let filter = Filter { entity_id: filed.id.clone(), ..Filter::default() };
            history = audit_list(tx, site, &filter, None, HISTORY)?.0;
        }
        let (categories, currency) = (read::categories(tx, site)?, sites::get(tx, site)?.currency);
        Ok(Shown { filed, history, categories, currency })
    };
    app.store.read(read).await
}

/// The last part of the address that the form of a new product had.
const NEW_ONCE: &str = "new";

/// `GET /new-product`
pub(in crate::central::console) async fn new(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::ProductUpdate) {
        return forbidden(&visitor);
    }
    show(&app, &visitor, None, None).await
}

/// `GET /products/{sku}`
pub(in crate::central::console) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<String>,
) -> Response {
    if let Err(answer) = may_see(&visitor) {
        return *answer;
    }
    // Here the form of a new product was once: bookmarks lead to it, unless a product has this code.
    if sku == NEW_ONCE {
        let site = app.store.site();
        let known = app.store.read(move |tx| service::filed(tx, site, NEW_ONCE)).await;
        if let Err(CentralError::Refused(Refusal::Missing { .. })) = known {
            return Redirect::to("/new-product").into_response();
        }
    }
    show(&app, &visitor, Some(sku), None).await
}

async fn show(app: &App, visitor: &Visitor, sku: Option<String>, typed: Option<Typed<'_>>) -> Response {
    match load(app, sku.map(|sku| sku.replace('\0', ""))).await {
        Ok(found) => {
            let words = visitor.words();
            let title = match &found.filed {
                Some(filed) => filed.sku.clone(),
                None => words.text("products-new").into_owned(),
            };
            let refused = typed.as_ref().and_then(|typed| typed.refused);
            let fields = match typed {
                Some(typed) => typed.fields,
                None => {
                    found.filed.as_ref().map_or(Fields(Vec::new()), |filed| fields_of(&filed.sheet, &found.currency))
                }
            };
            let mut page = shown(visitor, &title, refused.is_some(), &content(visitor, &found, &fields, refused));
            if let Some(Refusal::Version { .. }) = refused {
                *page.status_mut() = StatusCode::CONFLICT;
            }
            page
        }
        Err(error) => failed(visitor, Place::Stock, &error),
    }
}

fn decimals(currency: &str) -> u32 {
    Currency::new(currency).map_or(2, Currency::exponent)
}

/// An amount as it is typed: 1250 with two decimals is `12.50`.
fn typed_amount(minor: Option<i64>, currency: &str) -> String {
    let plain = |minor: i64| match Currency::new(currency) {
        Some(currency) => Money { minor, currency }.plain(),
        None => minor.to_string(),
    };
    minor.map(plain).unwrap_or_default()
}

/// A sheet as the fields of the form.
fn fields_of(sheet: &Sheet, currency: &str) -> Fields {
    let text = |value: Option<i64>| value.map(|n| n.to_string()).unwrap_or_default();
    let on = |yes: bool| if yes { "1" } else { "" }.to_owned();
    let side = |n: usize| text(sheet.size_mm.map(|sides| i64::from(sides[n])));
    let degree = |n: usize| text(sheet.temperature_c.map(|range| i64::from(range[n])));
    let mut all = vec![
        ("name", sheet.name.clone()),
        ("category", sheet.category.clone()),
        ("service", on(sheet.service)),
        ("price", typed_amount(sheet.price_minor, currency)),
        ("tax", typed_amount(Some(i64::from(sheet.tax_rate_bp)), "EUR")),
        ("weight", text(sheet.weight_g.map(i64::from))),
        ("length", side(0)),
        ("width", side(1)),
        ("height", side(2)),
        ("serial", on(sheet.track[0])),
        ("lot", on(sheet.track[1])),
        ("expiry", on(sheet.track[2])),
        ("fragile", on(sheet.fragile)),
        ("this-side-up", on(sheet.this_side_up)),
        ("bears", text(sheet.bears_g.map(i64::from))),
        ("dangerous", on(sheet.dangerous)),
        ("un-number", text(sheet.un_number.map(i64::from))),
        ("battery", sheet.battery.map(Battery::word).unwrap_or_default().to_owned()),
        ("hs-code", sheet.hs_code.clone().unwrap_or_default()),
        ("origin", sheet.origin.clone().unwrap_or_default()),
        ("customs-value", typed_amount(sheet.customs_value_minor, currency)),
        ("adult-signature", on(sheet.adult_signature)),
        ("low", degree(0)),
        ("high", degree(1)),
    ];
    let mut named: Vec<(String, String)> = all.drain(..).map(|(name, value)| (name.to_owned(), value)).collect();
    for (code, units) in &sheet.barcodes {
        named.push(("code".to_owned(), code.clone()));
        named.push(("units".to_owned(), units.to_string()));
    }
    for (sku, units) in &sheet.parts {
        named.push(("part".to_owned(), sku.clone()));
        named.push(("part-units".to_owned(), units.to_string()));
    }
    Fields(named)
}

/// The fields of the form as a sheet. What is no number is out of bounds, so that it is refused by its name.
fn sheet_of(fields: &Fields, currency: &str) -> Result<Sheet, Refusal> {
    let some = |name: &str| Some(fields.get(name)).filter(|text| !text.is_empty());
    let number = |name: &str| some(name).map(|text| text.parse().unwrap_or(u32::MAX));
    let degree = |name: &str| some(name).map(|text| text.parse().unwrap_or(i32::MAX));
    let money = |name: &str, field: &'static str| {
        let wrong = Refusal::Field { field, why: "must be an amount" };
        some(name).map(|text| amount(text, decimals(currency)).ok_or(wrong)).transpose()
    };
    let on = |name: &str| !fields.get(name).is_empty();
    let tax = some("tax").map_or(Some(0), |text| amount(text.trim_end_matches('%'), 2));
    let tax = tax.and_then(|bp| u32::try_from(bp).ok());
    let size = match (number("length"), number("width"), number("height")) {
        (None, None, None) => None,
        (length, width, height) => Some([length, width, height].map(|side| side.unwrap_or(0))),
    };
    let temperature = match (degree("low"), degree("high")) {
        (None, None) => None,
        (low, high) => Some([low.unwrap_or(i32::MAX), high.unwrap_or(i32::MIN)]),
    };
    let pairs = |first: &'static str, second: &'static str| {
        let named = fields.all(first).zip(fields.all(second)).filter(|(code, _)| !code.is_empty());
        named.map(|(code, units)| (code.to_owned(), units.parse().unwrap_or(0))).collect()
    };
    Ok(Sheet {
        name: fields.get("name").to_owned(),
        category: fields.get("category").to_owned(),
        service: on("service"),
        price_minor: money("price", "product.price")?,
        tax_rate_bp: tax.ok_or(Refusal::Field { field: "product.tax", why: "must be a percentage" })?,
        barcodes: pairs("code", "units"),
        parts: pairs("part", "part-units"),
        weight_g: number("weight"),
        size_mm: size,
        track: ["serial", "lot", "expiry"].map(on),
        fragile: on("fragile"),
        this_side_up: on("this-side-up"),
        bears_g: number("bears"),
        dangerous: on("dangerous"),
        un_number: number("un-number"),
        battery: Battery::of(fields.get("battery")),
        hs_code: some("hs-code").map(str::to_owned),
        origin: some("origin").map(country::meant),
        customs_value_minor: money("customs-value", "product.customs-value")?,
        adult_signature: on("adult-signature"),
        temperature_c: temperature,
    })
}

/// What a refused sheet says to the clerk.
fn refusal_text(words: &Catalogue, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Version { fields, .. } if !fields.is_empty() => {
            let names: Vec<String> =
                fields.iter().map(|field| words.text(&format!("products-fact-{field}")).into_owned()).collect();
            words.text_with("products-differs", &[("facts", Arg::Text(names.join(", ")))])
        }
        Refusal::State { .. } => words.text("products-not-a-service").into_owned(),
        other => said(words, other),
    }
}

fn content(visitor: &Visitor, found: &Shown, fields: &Fields, refused: Option<&Refusal>) -> Markup {
    let words = visitor.words();
    let sku = found.filed.as_ref().map(|filed| filed.sku.as_str());
    html! {
        div.title {
            a.back href="/products" aria-label=(words.text("products-title")) { (icon(BACK, 22)) }
            @match sku {
                Some(sku) => { h1 { span.mono { (sku) } } span.muted { (found.filed.as_ref().map_or("", |filed| &filed.sheet.name)) } },
                None => h1 { (words.text("products-new")) },
            }
            span.grow {}
            @if let Some(sku) = sku { a.btn href={ "/stock/of/" (part(sku)) } { (icon(BOX, 18)) (words.text("stock-title")) } }
        }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (refusal_text(words, refusal)) } }
        div.split {
            (sheet_form(visitor, found, fields))
            div {
                @if let Some(filed) = &found.filed { (super::guess::card(visitor, filed)) (super::picture::card(visitor, filed)) (history(visitor, &found.history)) }
            }
        }
    }
}

fn sheet_form(visitor: &Visitor, found: &Shown, fields: &Fields) -> Markup {
    let words = visitor.words();
    let may = visitor.may(Permission::ProductUpdate);
    let to = found.filed.as_ref().map_or("/new-product".to_owned(), |filed| format!("/products/{}", part(&filed.sku)));
    html! {
        form.card.pad.sheet.wide method="post" action=(to) {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="version" value=(found.filed.as_ref().map_or(0, |filed| filed.version));
            fieldset.plain disabled[!may] {
                @if found.filed.is_none() {
                    label { (words.text("column-code")) input name="sku" required maxlength=(SKU_MAX) value=(fields.get("sku")) autocomplete="off"; }
                }
                (first_facts(words, found, fields))
                (barcodes(words, fields))
                (kit(words, fields))
                (asked_facts(words, fields))
                (compliance(words, fields))
                @if may { div.answers { button.btn.pri { (icon(CHECKED, 18)) (words.text("office-save")) } } }
            }
        }
    }
}

/// A field for a text.
fn text(words: &Catalogue, fields: &Fields, name: &str, key: &str) -> Markup {
    html! { label { (words.text(key)) input name=(name) value=(fields.get(name)) autocomplete="off"; } }
}

/// A field for a number.
fn number(words: &Catalogue, fields: &Fields, name: &str, key: &str) -> Markup {
    html! { label { (words.text(key)) input type="number" name=(name) value=(fields.get(name)); } }
}

fn check(words: &Catalogue, fields: &Fields, name: &str, key: &str) -> Markup {
    html! { label.check { input type="checkbox" name=(name) value="1" checked[!fields.get(name).is_empty()]; (words.text(key)) } }
}

fn first_facts(words: &Catalogue, found: &Shown, fields: &Fields) -> Markup {
    html! {
        label { (words.text("column-product")) input name="name" required maxlength=(NAME_MAX) value=(fields.get("name")); }
        div.two {
            label { (words.text("products-category")) input name="category" list="categories" maxlength="60" value=(fields.get("category")); }
            datalist #categories { @for one in &found.categories { option value=(one) {} } }
            label { (words.text("products-price")) " (" (found.currency) ")" input name="price" inputmode="decimal" value=(fields.get("price")); }
            label { (words.text("products-tax")) input name="tax" inputmode="decimal" value=(fields.get("tax")); }
            (number(words, fields, "weight", "products-weight-g"))
        }
        fieldset { legend { (words.text("products-size")) }
            (number(words, fields, "length", "products-length"))
            (number(words, fields, "width", "products-width"))
            (number(words, fields, "height", "products-height"))
        }
        (packing(words, fields))
        (check(words, fields, "service", "products-service"))
    }
}

/// How it may lie in a box, and what may stand on it.
fn packing(words: &Catalogue, fields: &Fields) -> Markup {
    html! {
        fieldset { legend { (words.text("products-packing")) }
            (check(words, fields, "fragile", "products-fragile"))
            (check(words, fields, "this-side-up", "products-this-side-up"))
            label { (words.text("products-bears"))
                input type="number" name="bears" min="0" max=(BEARS_G_MAX) value=(fields.get("bears"));
                span.small { (words.text("products-bears-hint")) }
            }
        }
    }
}

/// Lines of a code and its units each, and some empty ones: names of the fields, keys of their labels and the variable in these.
fn code_lines(
    words: &Catalogue,
    fields: &Fields,
    [code, units]: [&str; 2],
    ([code_key, units_key], number): ([&str; 2], &'static str),
) -> Markup {
    let known: Vec<(&str, &str)> =
        fields.all(code).zip(fields.all(units)).filter(|(text, _)| !text.is_empty()).collect();
    let lines = known.into_iter().chain(std::iter::repeat_n(("", ""), EMPTY_LINES));
    html! { @for (n, (text, count)) in lines.enumerate() {
        @let no = [(number, Arg::Int(i64::try_from(n + 1).unwrap_or(0)))];
        div.splitline {
            input name=(code) value=(text) maxlength="100" autocomplete="off" aria-label=(words.text_with(code_key, &no));
            input type="number" name=(units) min="1" value=(count) aria-label=(words.text_with(units_key, &no));
        }
    } }
}

fn barcodes(words: &Catalogue, fields: &Fields) -> Markup {
    let labels = (["products-barcode-no", "products-units-no"], "no");
    html! {
        fieldset.picks { legend { (words.text("products-barcodes")) }
            p.small { (words.text("products-barcodes-hint")) }
            (code_lines(words, fields, ["code", "units"], labels))
        }
    }
}

/// What a kit is made of. Folded away for what is none, because most products are none.
fn kit(words: &Catalogue, fields: &Fields) -> Markup {
    let made = fields.all("part").any(|code| !code.is_empty());
    let labels = (["products-part-no", "products-part-units-no"], "no");
    html! {
        details.change open[made] {
            summary { (words.text("products-kit")) }
            fieldset.picks { legend { (words.text("products-parts")) }
                p.small { (words.text("products-parts-hint")) }
                (code_lines(words, fields, ["part", "part-units"], labels))
            }
        }
    }
}

fn asked_facts(words: &Catalogue, fields: &Fields) -> Markup {
    html! {
        fieldset { legend { (words.text("products-asked")) }
            (check(words, fields, "lot", "stock-lot"))
            (check(words, fields, "expiry", "stock-expiry"))
            (check(words, fields, "serial", "stock-serial"))
        }
    }
}

fn compliance(words: &Catalogue, fields: &Fields) -> Markup {
    html! {
        fieldset { legend { (words.text("products-compliance")) }
            (check(words, fields, "dangerous", "products-dangerous"))
            (check(words, fields, "adult-signature", "products-adult"))
            (number(words, fields, "un-number", "products-un-number"))
            label { (words.text("products-battery")) select name="battery" {
                option value="" { "–" }
                @for one in Battery::ALL { option value=(one.word()) selected[one.word() == fields.get("battery")] {
                    (words.text(&format!("products-battery-{}", one.word().replace('_', "-")))) } }
            } }
            (text(words, fields, "hs-code", "products-hs-code"))
            (country_choice(words, "products-origin", "origin", fields.get("origin")))
            (text(words, fields, "customs-value", "products-customs-value"))
            (number(words, fields, "low", "products-low"))
            (number(words, fields, "high", "products-high"))
        }
    }
}

fn history(visitor: &Visitor, rows: &[AuditRow]) -> Markup {
    let words = visitor.words();
    html! {
        section.card.pad {
            h2 { (words.text("products-history")) }
            @if rows.is_empty() { p.muted { (words.text("products-no-history")) } }
            ol.timeline { @for row in rows { li {
                span.dot { (icon(CHECKED, 16)) }
                div.what {
                    b { (what(words, row)) }
                    div.muted { @if row.who.is_empty() { (words.text(&format!("office-actor-{}", row.actor_kind))) } @else { (row.who) } }
                }
                time { (visitor.when(row.at_ms)) }
            } } }
        }
    }
}

/// What an entry says: the facts that changed, or its name.
fn what(words: &Catalogue, row: &AuditRow) -> String {
    let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap_or_default();
    if row.kind == "product.changed" {
        let names = detail.as_object().into_iter().flat_map(|facts| facts.keys());
        let names: Vec<String> = names.map(|name| words.text(&format!("products-fact-{name}")).into_owned()).collect();
        return names.join(", ");
    }
    let key = format!("products-did-{}", row.kind.replace(['.', '_'], "-"));
    if words.has(&key) { words.text(&key).into_owned() } else { row.kind.clone() }
}

/// `POST /new-product`
pub(in crate::central::console) async fn add(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ProductUpdate) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let sku = fields.get("sku").to_owned();
    let done = match currency(&app).await.and_then(|currency| Ok(sheet_of(&fields, &currency)?)) {
        Ok(sheet) => {
            let code = sku.clone();
            app.store.write(visitor.actor(), move |work| service::add(work, &code, &sheet).map(drop)).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Redirect::to(&format!("/products/{}", part(&sku))).into_response(),
        Err(CentralError::Refused(refusal)) => {
            show(&app, &visitor, None, Some(Typed { fields, refused: Some(&refusal) })).await
        }
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

async fn currency(app: &App) -> Res<String> {
    let site = app.store.site();
    app.store.read(move |tx| Ok(sites::get(tx, site)?.currency)).await
}

/// `POST /products/{sku}`
pub(in crate::central::console) async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ProductUpdate) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let seen = fields.int("version");
    let done = match currency(&app).await.and_then(|currency| Ok(sheet_of(&fields, &currency)?)) {
        Ok(sheet) => {
            let code = sku.clone();
            app.store.write(visitor.actor(), move |work| service::save(work, &code, Some(&[seen]), &sheet)).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Redirect::to(&format!("/products/{}", part(&sku))).into_response(),
        Err(CentralError::Refused(Refusal::Missing { entity })) => {
            failed(&visitor, Place::Stock, &CentralError::Refused(Refusal::Missing { entity }))
        }
        // The page bears the newest version, so that saving again is the clerk's word.
        Err(CentralError::Refused(refusal)) => {
            show(&app, &visitor, Some(sku), Some(Typed { fields, refused: Some(&refusal) })).await
        }
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

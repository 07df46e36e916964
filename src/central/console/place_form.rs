//! Places written by a lead: one is added, changed where it stands, or taken away once it is empty. Who was slower reads which facts
//! differ and keeps what was typed; saving again puts it in place.

use super::frame::Place;
use super::marks::{BACK, CHECKED, icon};
use super::new_order::form::Fields;
use super::people::{forbidden, why};
use super::places::show_one;
use super::stock::{failed, part, shown};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::products::place::{
    self as service, AISLE_MAX, CODE_MAX, FiledPlace, PlaceKind, PlaceSheet, ZONE_MAX,
};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// The fields of the form as a sheet. What is no number is out of bounds, so that it is refused by its name.
fn sheet_of(fields: &Fields) -> PlaceSheet {
    let small = |name: &str| match fields.get(name) {
        "" => 0,
        text => text.parse().unwrap_or(u16::MAX),
    };
    let mm = |name: &str| match fields.get(name) {
        "" => 0,
        text => text.parse().unwrap_or(-1),
    };
    let rank = match fields.get("rank") {
        "" => 0,
        text => text.parse().unwrap_or(u32::MAX),
    };
    PlaceSheet {
        kind: PlaceKind::of(fields.get("kind")).unwrap_or_default(),
        zone: fields.get("zone").to_owned(),
        aisle: fields.get("aisle").to_owned(),
        bay: small("bay"),
        level: small("level"),
        right: fields.get("side") == "right",
        at_mm: (mm("x"), mm("y")),
        walk_rank: rank,
    }
}

/// A sheet as the fields of the form.
fn fields_of(sheet: &PlaceSheet) -> Fields {
    let all = [
        ("kind", sheet.kind.word().to_owned()),
        ("zone", sheet.zone.clone()),
        ("aisle", sheet.aisle.clone()),
        ("bay", sheet.bay.to_string()),
        ("level", sheet.level.to_string()),
        ("side", if sheet.right { "right" } else { "left" }.to_owned()),
        ("x", sheet.at_mm.0.to_string()),
        ("y", sheet.at_mm.1.to_string()),
        ("rank", sheet.walk_rank.to_string()),
    ];
    Fields(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What a refused change says.
pub(super) fn refusal_text(words: &Catalogue, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Version { fields, .. } if !fields.is_empty() => {
            let names: Vec<String> =
                fields.iter().map(|field| words.text(&format!("places-fact-{field}")).into_owned()).collect();
            words.text_with("products-differs", &[("facts", Arg::Text(names.join(", ")))])
        }
        Refusal::State { .. } => words.text("places-not-free").into_owned(),
        other => why(words, other),
    }
}

/// What of a place is written.
fn facts(words: &Catalogue, fields: &Fields) -> Markup {
    let number = |name: &str, key: &str, max: u32| {
        html! { label { (words.text(key)) input type="number" name=(name) min="0" max=(max) value=(fields.get(name)); } }
    };
    html! {
        div.two {
            label { (words.text("places-kind")) select name="kind" {
                @for kind in PlaceKind::ALL { option value=(kind.word()) selected[kind.word() == fields.get("kind")] {
                    (words.text(&format!("places-kind-{}", kind.word().replace('_', "-")))) } }
            } }
            label { (words.text("places-zone")) input name="zone" maxlength=(ZONE_MAX) value=(fields.get("zone")) autocomplete="off"; }
            label { (words.text("places-aisle")) input name="aisle" maxlength=(AISLE_MAX) value=(fields.get("aisle")) autocomplete="off"; }
            label { (words.text("places-side")) select name="side" {
                option value="left" { (words.text("places-left")) }
                option value="right" selected[fields.get("side") == "right"] { (words.text("places-right")) }
            } }
            (number("bay", "places-bay", u32::from(service::BAY_MAX)))
            (number("level", "places-level", u32::from(service::LEVEL_MAX)))
            (number("x", "places-x", service::AT_MM_MAX.unsigned_abs()))
            (number("y", "places-y", service::AT_MM_MAX.unsigned_abs()))
            (number("rank", "places-rank", service::RANK_MAX))
        }
        p.small { (words.text("places-at-hint")) }
    }
}

/// The form on a place's page, with what was typed where it was refused.
pub(super) fn card(visitor: &Visitor, filed: &FiledPlace, typed: Option<&Fields>) -> Markup {
    let words = visitor.words();
    let stored = fields_of(&filed.sheet);
    let to = format!("/locations/{}", part(&filed.code));
    html! {
        section.card.pad {
            h2 { (words.text("places-change")) }
            form.sheet.wide method="post" action=(to) {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="version" value=(filed.version);
                (facts(words, typed.unwrap_or(&stored)))
                div.answers { button.btn.pri { (icon(CHECKED, 18)) (words.text("office-save")) } }
            }
            form.sheet method="post" action={ (to) "/remove" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="version" value=(filed.version);
                p.small { (words.text("places-remove-hint")) }
                div.answers { button.btn { (words.text("places-remove")) } }
            }
        }
    }
}

fn new_form(visitor: &Visitor, fields: &Fields, refused: Option<&Refusal>) -> Response {
    let words = visitor.words();
    let content = html! {
        div.title {
            a.back href="/locations" aria-label=(words.text("places-title")) { (icon(BACK, 22)) }
            h1 { (words.text("places-new")) }
        }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (refusal_text(words, refusal)) } }
        form.card.pad.sheet.wide method="post" action="/places/new" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            label { (words.text("column-code")) input name="code" required maxlength=(CODE_MAX) value=(fields.get("code")) autocomplete="off"; }
            (facts(words, fields))
            div.answers { button.btn.pri { (icon(CHECKED, 18)) (words.text("office-save")) } }
        }
    };
    shown(visitor, &words.text("places-new"), refused.is_some(), &content)
}

/// `GET /places/new`
pub(super) async fn new(visitor: Visitor) -> Response {
    if !visitor.may(Permission::PlaceUpdate) {
        return forbidden(&visitor);
    }
    new_form(&visitor, &fields_of(&PlaceSheet { bay: 1, level: 1, ..PlaceSheet::default() }), None)
}

/// `POST /places/new`
pub(super) async fn add(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::PlaceUpdate) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (code, sheet) = (fields.get("code").to_owned(), sheet_of(&fields));
    let of = code.clone();
    match app.store.write(visitor.actor(), move |work| service::add(work, &of, &sheet)).await {
        Ok(()) => Redirect::to(&format!("/locations/{}", part(&code))).into_response(),
        Err(CentralError::Refused(refusal)) => new_form(&visitor, &fields, Some(&refusal)),
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

/// `POST /locations/{code}`
pub(super) async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::PlaceUpdate) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (of, seen, sheet) = (code.clone(), fields.int("version"), sheet_of(&fields));
    match app.store.write(visitor.actor(), move |work| service::save(work, &of, seen, &sheet)).await {
        Ok(_) => Redirect::to(&format!("/locations/{}", part(&code))).into_response(),
        Err(error) => refused(&app, &visitor, code, Some(&fields), error).await,
    }
}

/// `POST /locations/{code}/remove`
pub(super) async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::PlaceUpdate) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (of, seen) = (code.clone(), fields.int("version"));
    match app.store.write(visitor.actor(), move |work| service::remove(work, &of, seen)).await {
        Ok(()) => Redirect::to("/locations").into_response(),
        Err(error) => refused(&app, &visitor, code, None, error).await,
    }
}

/// The page of the place again, with why not and what was typed. It bears the newest version, so that saving again is the lead's word.
async fn refused(app: &App, visitor: &Visitor, code: String, typed: Option<&Fields>, error: CentralError) -> Response {
    match error {
        CentralError::Refused(refusal @ Refusal::Missing { .. }) => {
            failed(visitor, Place::Stock, &CentralError::Refused(refusal))
        }
        CentralError::Refused(refusal) => show_one(app, visitor, code, typed, Some(&refusal)).await,
        error => failed(visitor, Place::Stock, &error),
    }
}

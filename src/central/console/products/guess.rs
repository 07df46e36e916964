//! What parcels say of the size of a product that nobody measured, at its page: taken over with one press, or dropped with one.

use super::super::frame::Place;
use super::super::marks::{CHECKED, icon};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::stock::{failed, part, said, shown};
use super::super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::products::sheet::Filed;
use crate::central::services::products::{accept_size, drop_size};
use crate::core::message::Arg;
use crate::core::units::DimsMm;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// The card with the guess; nothing where there is none.
pub(super) fn card(visitor: &Visitor, filed: &Filed) -> Markup {
    let Some(guess) = &filed.guess else { return html! {} };
    let words = visitor.words();
    let [length, width, height] = guess.size_mm.map(|side| i32::try_from(side).unwrap_or(i32::MAX));
    let size = Arg::Dims(DimsMm { length, width, height });
    html! {
        section.card.pad {
            h2 { (words.text("products-guess")) }
            p { b { (words.text_with("products-guess-not-measured", &[("size", size), ("parcels", Arg::Int(guess.parcels))])) } }
            p.small { (words.text("products-guess-hint")) }
            @if visitor.may(Permission::ProductUpdate) {
                form.answers method="post" action={ "/products/" (part(&filed.sku)) "/guess" } {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="version" value=(filed.version);
                    // Which of the sides is its height nobody has learnt: what must stay upright is measured.
                    @if !filed.sheet.this_side_up {
                        button.btn.pri name="do" value="accept" { (icon(CHECKED, 18)) (words.text("products-guess-accept")) }
                    }
                    button.btn name="do" value="drop" { (words.text("products-guess-drop")) }
                }
            }
        }
    }
}

/// `POST /products/{sku}/guess`
pub(in crate::central::console) async fn answer(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ProductUpdate) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (seen, code) = (fields.int("version"), sku.clone());
    let done = match fields.get("do") {
        "accept" => app.store.write(visitor.actor(), move |work| accept_size(work, &code, seen).map(drop)).await,
        "drop" => app.store.write(visitor.actor(), move |work| drop_size(work, &code, seen)).await,
        _ => Err(Refusal::Field { field: "form", why: "must be accept or drop" }.into()),
    };
    match done {
        Ok(()) => Redirect::to(&format!("/products/{}", part(&sku))).into_response(),
        Err(CentralError::Refused(refusal)) => {
            let words = visitor.words();
            let text = html! {
                div.title { h1 { (words.text("products-guess")) } }
                p.wrong.lead role="alert" { (said(words, &refusal)) }
                a.btn href={ "/products/" (part(&sku)) } { (sku) }
            };
            shown(&visitor, &words.text("products-guess"), true, &text)
        }
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

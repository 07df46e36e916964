//! The picture of a product: known by its content, made small, and shown to whoever sees stock.

use super::super::marks::{CAMERA, icon};
use super::super::people::forbidden;
use super::super::stock::{failed, part, said, shown};
use super::super::uploads::{in_turn, receive};
use super::super::{frame::Place, visitor::Visitor};
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::products::picture as service;
use crate::central::services::products::sheet::Filed;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// The card with the picture and the form that sets it.
pub(super) fn card(visitor: &Visitor, filed: &Filed) -> Markup {
    let words = visitor.words();
    let at = format!("/products/{}/picture", part(&filed.sku));
    html! {
        section.card.pad {
            h2 { (words.text("products-picture")) }
            @match &filed.picture {
                Some(hash) => img.product src={ (at) "?" (hash.get(..12).unwrap_or_default()) } alt=(filed.sheet.name);,
                None => p.muted { (icon(CAMERA, 20)) " " (words.text("products-no-picture")) },
            }
            @if visitor.may(Permission::ProductUpdate) {
                form.upload method="post" action=(at) enctype="multipart/form-data" {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    label { (words.text("products-picture-file"))
                        input type="file" name="file" accept="image/png,image/jpeg" required; }
                    button.btn { (words.text("office-save")) }
                }
            }
        }
    }
}

/// `POST /products/{sku}/picture`
pub(in crate::central::console) async fn set(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<String>,
    form: Multipart,
) -> Response {
    if !visitor.may(Permission::ProductUpdate) {
        return forbidden(&visitor);
    }
    let (_turn, received) = match in_turn(&app, &visitor, receive(&visitor, form)).await {
        Ok(received) => received,
        Err(answer) => return *answer,
    };
    let bytes = match received {
        Ok(Some((_, bytes))) => bytes,
        Ok(None) => return forbidden(&visitor),
        Err(error) => return (error.status(), error.body_text()).into_response(),
    };
    match service::set(&app.store, &app.photos, visitor.actor(), sku.clone(), bytes).await {
        Ok(()) => Redirect::to(&format!("/products/{}", part(&sku))).into_response(),
        Err(CentralError::Refused(refusal)) => {
            let words = visitor.words();
            let text = html! {
                div.title { h1 { (words.text("products-picture")) } }
                p.wrong.lead role="alert" { (said(words, &refusal)) }
                a.btn href={ "/products/" (part(&sku)) } { (sku) }
            };
            shown(&visitor, &words.text("products-picture"), true, &text)
        }
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

/// `GET /products/{sku}/picture`
pub(in crate::central::console) async fn look(
    State(app): State<App>,
    visitor: Visitor,
    Path(sku): Path<String>,
) -> Response {
    if !visitor.may(Permission::StockView) {
        return forbidden(&visitor);
    }
    match service::bytes(&app.store, &app.photos, sku).await {
        Ok(bytes) => {
            let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=3600")];
            (headers, bytes).into_response()
        }
        Err(CentralError::Refused(Refusal::Missing { .. })) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => failed(&visitor, Place::Stock, &error),
    }
}

//! Proofs of payment at the console: adding one to a draft or an order, and looking at one. A file is read into memory no further
//! than its largest size, and only a few at a time; whoever looks is written down first.

use super::frame::{Place, page as frame, trouble};
use super::marks::{BACK, CARD, icon};
use super::people::{forbidden, why};
use super::uploads::{give, receive};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::id_of_number;
use crate::central::services::proofs::{self as service, Of, Proof};
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use crate::i18n::Catalogue;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// What a refusal says to a clerk who types or changes an order.
pub(super) fn said(words: &Catalogue, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Short { lines } => {
            let one = |line: &crate::central::error::ShortLine| {
                let args = [
                    ("line", Arg::Int(i64::from(line.line))),
                    ("sku", Arg::Text(line.sku.clone())),
                    ("wanted", Arg::Int(line.wanted)),
                    ("free", Arg::Int(line.available)),
                ];
                words.text_with("neworder-short-line", &args)
            };
            let lines: Vec<String> = lines.iter().map(one).collect();
            words.text_with("neworder-short", &[("lines", Arg::Text(lines.join("; ")))])
        }
        Refusal::Version { fields, .. } if !fields.is_empty() => {
            let names: Vec<String> =
                fields.iter().map(|field| words.text(&format!("neworder-part-{field}")).into_owned()).collect();
            words.text_with("neworder-differs", &[("parts", Arg::Text(names.join(", ")))])
        }
        Refusal::State { .. } => words.text("neworder-not-now").into_owned(),
        Refusal::Missing { .. } => words.text("neworder-missing").into_owned(),
        Refusal::Field { .. }
        | Refusal::Fields { .. }
        | Refusal::Version { .. }
        | Refusal::Taken { .. }
        | Refusal::Forbidden
        | Refusal::Unrecognised
        | Refusal::PairingCode
        | Refusal::PairingOther
        | Refusal::TooMany { .. }
        | Refusal::Limit { .. }
        | Refusal::Needs { .. }
        | Refusal::ByWork
        | Refusal::Stock { .. } => why(words, refusal),
    }
}

/// The proofs there are; links for who may look.
pub(super) fn proof_list(visitor: &Visitor, proofs: &[Proof]) -> Markup {
    let words = visitor.words();
    let kind = |proof: &Proof| match proof.media_type.as_str() {
        "application/pdf" => "PDF",
        "image/png" => "PNG",
        _ => "JPEG",
    };
    html! {
        @if proofs.is_empty() { p.muted { (words.text("neworder-no-proofs")) } }
        @for proof in proofs {
            p { (icon(CARD, 18)) " "
                @let name = format!("{} · {}", kind(proof), words.format().date_time(UtcMs(proof.at_ms)));
                @if visitor.may(Permission::ProofView) { a href={ "/proofs/" (proof.id) } { (name) } } @else { (name) }
            }
        }
    }
}

/// The form that adds one.
pub(super) fn upload(visitor: &Visitor, action: &str) -> Markup {
    let words = visitor.words();
    html! {
        @if visitor.may(Permission::PaymentAdd) {
            form.upload method="post" action=(action) enctype="multipart/form-data" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                label { (words.text("neworder-proof-file"))
                    input type="file" name="file" accept="application/pdf,image/png,image/jpeg" required;
                    span.small { (words.text("neworder-proof-hint")) } }
                button.btn { (words.text("neworder-proof-add")) }
            }
        }
    }
}

/// The page that says why a file was not taken, with the way back.
fn refuse(visitor: &Visitor, refusal: &Refusal, back: &str, status: StatusCode) -> Response {
    let words = visitor.words();
    let title = words.text("neworder-proofs");
    let content = html! {
        div.title { a.back href=(back) aria-label=(title) { (icon(BACK, 22)) } h1 { (title) } }
        p.wrong role="alert" { (said(words, refusal)) }
    };
    (status, frame(visitor, Place::Orders, &title, &content)).into_response()
}

async fn add(app: &App, visitor: &Visitor, of: Res<Of>, form: Multipart, back: &str) -> Response {
    let Ok(_turn) = app.photos.uploads.acquire().await else {
        return trouble(visitor, Place::Orders, "console-trouble");
    };
    let large = Refusal::Field { field: "proof.size", why: "must have at most 10 MiB" };
    let bytes = match receive(visitor, form).await {
        Ok(Some((_, bytes))) => bytes,
        Ok(None) => return forbidden(visitor),
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return refuse(visitor, &large, back, StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let added = match of {
        Ok(of) => service::add(&app.store, &app.photos, visitor.actor(), of, bytes).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Redirect::to(back).into_response(),
        Err(CentralError::Refused(refusal)) => refuse(visitor, &refusal, back, StatusCode::UNPROCESSABLE_ENTITY),
        Err(error) => {
            tracing::error!(%error, "a proof could not be kept");
            trouble(visitor, Place::Orders, "console-trouble")
        }
    }
}

/// `POST /orders/drafts/{id}/proof`
pub(super) async fn to_draft(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Multipart,
) -> Response {
    if !visitor.may(Permission::PaymentAdd) || !visitor.may(Permission::OrderCreate) {
        return forbidden(&visitor);
    }
    let back = format!("/orders/drafts/{id}/payment");
    add(&app, &visitor, Ok(Of::Draft(id)), form, &back).await
}

/// `POST /orders/{number}/proof`
pub(super) async fn to_order(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Multipart,
) -> Response {
    if !visitor.may(Permission::PaymentAdd) {
        return forbidden(&visitor);
    }
    let (site, back) = (app.store.site(), format!("/orders/{number}"));
    let of = app.store.read(move |tx| id_of_number(tx, site, &number)).await.map(Of::Order);
    add(&app, &visitor, of, form, &back).await
}

/// `GET /proofs/{id}`: the file, once it is written down who looks.
pub(super) async fn look(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    if !visitor.may(Permission::ProofView) {
        return forbidden(&visitor);
    }
    let proof = match app.store.write(visitor.actor(), move |work| service::look(work, &id)).await {
        Ok(proof) => proof,
        Err(CentralError::Refused(_)) => {
            return (StatusCode::NOT_FOUND, trouble(&visitor, Place::Orders, "console-not-found")).into_response();
        }
        Err(error) => {
            tracing::error!(%error, "a look at a proof could not be written down");
            return trouble(&visitor, Place::Orders, "console-trouble");
        }
    };
    give(&visitor, service::path(&app.photos.folder, &proof), &proof.media_type, "proof").await
}

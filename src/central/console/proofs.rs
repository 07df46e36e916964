//! Proofs of payment at the console: adding one to a draft or an order, and looking at one. A file is read into memory no further
//! than its largest size, and only a few at a time; whoever looks is written down first.

use super::frame::{Place, trouble};
use super::marks::{CARD, icon};
use super::new_order::{self, form::Fields};
use super::order::{self, Told};
use super::people::{forbidden, why};
use super::uploads::{Sent, give, in_turn, receive_all};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::id_of_number;
use crate::central::services::proofs::{self as service, Of, Proof};
use crate::core::message::Arg;
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
                @let name = format!("{} · {}", kind(proof), visitor.when(proof.at_ms));
                @if visitor.may(Permission::ProofView) { a href={ "/proofs/" (proof.id) } { (name) } } @else { (name) }
            }
        }
    }
}

/// What a browser offers to choose.
pub(super) const KINDS: &str = "application/pdf,image/png,image/jpeg";

/// The form that adds one; after a refusal with the reason beside it.
pub(super) fn upload(visitor: &Visitor, action: &str, wrong: Option<&str>) -> Markup {
    let words = visitor.words();
    html! {
        @if visitor.may(Permission::PaymentAdd) {
            form.upload method="post" action=(action) enctype="multipart/form-data" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                label { (words.text("neworder-proof-file"))
                    input type="file" name="file" accept=(KINDS) required autofocus[wrong.is_some()];
                    span.small { (words.text("neworder-proof-hint")) } }
                @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
                button.btn { (words.text("neworder-proof-add")) }
            }
        }
    }
}

/// Adds a file that came whole.
///
/// # Errors
/// Why it was not taken, and how the answer says so.
async fn add(app: &App, visitor: &Visitor, of: Res<Of>, sent: Sent) -> Result<(), (Refusal, StatusCode)> {
    let large = Refusal::Field { field: "proof.size", why: "must have at most 10 MiB" };
    let bytes = match (sent.file, sent.fault) {
        (_, Some(StatusCode::PAYLOAD_TOO_LARGE)) => return Err((large, StatusCode::PAYLOAD_TOO_LARGE)),
        (Some(bytes), None) => bytes,
        (None, _) | (Some(_), Some(_)) => {
            let none = Refusal::Field { field: "proof.none", why: "choose a file" };
            return Err((none, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let added = match of {
        Ok(of) => service::add(&app.store, &app.photos, visitor.actor(), of, bytes).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(()),
        Err(CentralError::Refused(refusal)) => Err((refusal, StatusCode::UNPROCESSABLE_ENTITY)),
        Err(error) => {
            tracing::error!(%error, "a proof could not be kept");
            let failed = Refusal::Field { field: "proof.kept", why: "could not be kept" };
            Err((failed, StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}

/// `POST /orders/drafts/{id}/proof`: the payment of a draft with a file. What was typed beside the file is saved with it, and the
/// button says where it leads.
pub(super) async fn to_draft(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Multipart,
) -> Response {
    if !visitor.may(Permission::PaymentAdd) || !new_order::may(&visitor) {
        return forbidden(&visitor);
    }
    let (_turn, sent) = match in_turn(&app, &visitor, receive_all(&visitor, form)).await {
        Ok(received) => received,
        Err(answer) => return *answer,
    };
    let Some(mut sent) = sent else { return forbidden(&visitor) };
    let fields = Fields(std::mem::take(&mut sent.fields));
    let wanted = sent.file.is_some() || sent.fault.is_some() || matches!(fields.get("go"), "" | "proof");
    // The file first: a step that is saved and left must not lose it.
    if wanted && let Err((refusal, status)) = add(&app, &visitor, Ok(Of::Draft(id.clone())), sent).await {
        return new_order::payment_refused(&app, &visitor, &id, fields, (refusal, status)).await;
    }
    new_order::keep_payment(&app, &visitor, &id, fields).await
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
    let (_turn, sent) = match in_turn(&app, &visitor, receive_all(&visitor, form)).await {
        Ok(received) => received,
        Err(answer) => return *answer,
    };
    let Some(sent) = sent else { return forbidden(&visitor) };
    let (site, of) = (app.store.site(), number.clone());
    let of = app.store.read(move |tx| id_of_number(tx, site, &of)).await.map(Of::Order);
    match add(&app, &visitor, of, sent).await {
        Ok(()) => Redirect::to(&format!("/orders/{number}")).into_response(),
        Err((refusal, status)) => {
            let why = said(visitor.words(), &refusal);
            order::show(&app, &visitor, number, None, (status, Told::Proof(why))).await
        }
    }
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

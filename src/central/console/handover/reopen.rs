//! Taking back a manifest that was closed: the form on its page, what keeps it closed in words, and the answer.

use super::super::frame::{Place, page as frame};
use super::super::marks::{BACK, TRIANGLE, icon};
use super::super::new_order::form::Fields;
use super::super::people::{forbidden, why as refused};
use super::super::stock::{failed, part};
use super::super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::handover::read::TakenBack;
use crate::central::services::handover::{self as service, REOPEN_NOTE_MAX, Reopen, Stays, Why};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

fn why_key(why: Why) -> &'static str {
    match why {
        Why::TooEarly => "handover-why-too-early",
        Why::NotFetched => "handover-why-not-fetched",
        Why::WrongParcels => "handover-why-wrong-parcels",
        Why::Other => "handover-why-other",
    }
}

fn stays_text(words: &Catalogue, stays: &Stays) -> String {
    let of = |key: &str, order: &str| words.text_with(key, &[("order", Arg::Text(order.to_owned()))]);
    match stays {
        Stays::Open => words.text("handover-stays-open").into_owned(),
        Stays::Late => words.text("handover-no-undo").into_owned(),
        Stays::Arrived { order } => of("handover-stays-arrived", order),
        Stays::CarrierTold { order } => of("handover-stays-told", order),
        Stays::Returned { order } => of("handover-stays-returned", order),
        Stays::Full => words.text("handover-stays-full").into_owned(),
    }
}

/// Under the facts of a closed manifest: the form for who may take it back, or what keeps it closed.
pub(super) fn card(visitor: &Visitor, number: &str, stays: Option<&Stays>, until_ms: i64) -> Markup {
    let words = visitor.words();
    let until = [("when", Arg::Text(visitor.when(until_ms)))];
    if let Some(stays) = stays {
        return html! { p.small.lead { (stays_text(words, stays)) } };
    }
    if !visitor.may(Permission::ManifestReopen) {
        return html! { p.small.lead { (words.text_with("handover-undo-lead", &until)) } };
    }
    html! {
        details.card.pad #reopen { summary { (words.text("handover-undo")) }
            form.sheet method="post" action={ "/handover/manifests/" (part(number)) "/reopen" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                p.small { (words.text_with("handover-undo-hint", &until)) }
                label { (words.text("handover-why")) select name="reason" required {
                    option value="" { "–" }
                    @for why in Why::ALL { option value=(why.word()) { (words.text(why_key(why))) } }
                } }
                label { (words.text("handover-why-note")) input name="note" maxlength=(REOPEN_NOTE_MAX) autocomplete="off"; }
                div.answers { button.btn.pri { (icon(BACK, 18)) (words.text("handover-undo")) } }
            }
        }
    }
}

/// Among the facts of a manifest: that it was taken back before.
pub(super) fn fact(visitor: &Visitor, back: &TakenBack) -> Markup {
    let words = visitor.words();
    html! {
        dt { (words.text("handover-undone")) }
        dd { (visitor.when(back.at_ms)) " " (back.by) " · " (words.text(why_key(back.why)))
            @if !back.note.is_empty() { ": " (back.note) } }
    }
}

/// On the page of a manifest that was taken back just now; `told` orders' customers know of it already.
pub(super) fn done(words: &Catalogue, told: u32) -> Markup {
    html! {
        p.scanned.w role="status" { (icon(TRIANGLE, 28)) span {
            (words.text("handover-undo-done"))
            @if told > 0 { " " (words.text_with("handover-undo-told", &[("n", Arg::Int(i64::from(told)))])) }
        } }
    }
}

/// `POST /handover/manifests/{number}/reopen`
pub(in crate::central::console) async fn post(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.may(Permission::ManifestReopen) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let words = visitor.words();
    let Some(why) = Why::of(fields.get("reason")) else {
        let text = refused(words, &Refusal::Field { field: "manifest.reason", why: "must be one of the reasons" });
        return told(&visitor, &number, StatusCode::UNPROCESSABLE_ENTITY, &text);
    };
    let (of, note) = (number.replace('\0', ""), fields.get("note").to_owned());
    let write = app.store.write(visitor.actor(), move |work| service::reopen(work, &of, why, &note));
    match write.await {
        Ok(Reopen::Done(done)) => {
            let to = format!("/handover/manifests/{}?reopened={}", part(&done.number), done.told);
            Redirect::to(&to).into_response()
        }
        Ok(Reopen::Stays(stays)) => told(&visitor, &number, StatusCode::CONFLICT, &stays_text(words, &stays)),
        Err(CentralError::Refused(refusal @ Refusal::Missing { .. })) => {
            failed(&visitor, Place::Handover, &CentralError::Refused(refusal))
        }
        Err(CentralError::Refused(refusal)) => {
            told(&visitor, &number, StatusCode::UNPROCESSABLE_ENTITY, &refused(words, &refusal))
        }
        Err(error) => failed(&visitor, Place::Handover, &error),
    }
}

/// The page that says why not, with the way back.
fn told(visitor: &Visitor, number: &str, status: StatusCode, text: &str) -> Response {
    let title = visitor.words().text_with("handover-one", &[("number", Arg::Text(number.to_owned()))]);
    let back = format!("/handover/manifests/{}", part(number));
    let content = html! {
        div.title { a.back href=(back) aria-label=(title) { (icon(BACK, 22)) } h1 { (title) } }
        p.wrong role="alert" { (text) }
        a.btn href=(back) { (title) }
    };
    (status, frame(visitor, Place::Handover, &title, &content)).into_response()
}

//! The pages of the hand-over: the dock, where parcels are scanned onto the manifest of a carrier and the manifest is closed; the
//! manifests; and what the page of an order tells of its parcels and papers. A hand scanner or a phone is all it needs.

pub(super) mod dock;
pub(super) mod of_order;
pub(super) mod reopen;
pub(super) mod sheet;

use super::marks::{CHECKED, TRUCK, pill};
use super::people::why;
use super::stock::part;
use crate::central::error::Refusal;
use crate::central::services::handover::{Blocked, State};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// Why a parcel does not leave, for the person who scanned it.
pub(super) fn blocked_text(words: &Catalogue, why: &Blocked) -> String {
    let named = |key: &str| words.text_with(key, &[("what", Arg::Text(why.detail()))]);
    match why {
        Blocked::Unknown => words.text("handover-no-unknown").into_owned(),
        Blocked::Several => words.text("handover-no-several").into_owned(),
        Blocked::NotPacked => words.text("handover-no-not-packed").into_owned(),
        Blocked::Cancelled => words.text("handover-no-cancelled").into_owned(),
        Blocked::HandedOver { .. } => named("handover-no-handed-over"),
        Blocked::OnOther { .. } => named("handover-no-on-other"),
        Blocked::OtherCarrier { .. } => named("handover-no-other-carrier"),
        Blocked::OrderHeld => words.text("handover-no-order-held").into_owned(),
        Blocked::LotHeld { .. } => named("handover-no-lot-held"),
    }
}

/// What a refusal says to the person at the dock.
pub(super) fn said(words: &Catalogue, refusal: &Refusal) -> String {
    let key = match refusal {
        Refusal::Missing { entity: "manifest" } => "handover-none-such",
        Refusal::Missing { entity: "parcel" } => "handover-not-on-it",
        Refusal::State { entity: "manifest", state } if state == "empty" => "handover-empty",
        Refusal::State { entity: "manifest", .. } => "handover-closed-already",
        Refusal::State { entity: "order", .. } => "handover-not-now",
        other => return why(words, other),
    };
    words.text(key).into_owned()
}

/// A state as a pill.
pub(super) fn state_mark(words: &Catalogue, state: State) -> Markup {
    match state {
        State::Open => pill("a", TRUCK, &words.text("handover-state-open")),
        State::Closed => pill("k", CHECKED, &words.text("handover-state-closed")),
    }
}

/// The link to an order.
fn order_link(number: &str) -> Markup {
    html! { a.mono href={ "/orders/" (part(number)) } { (number) } }
}

/// A paper, shown in the browser.
pub(super) fn paper(name: &str, bytes: Vec<u8>) -> Response {
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{plain}.pdf\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

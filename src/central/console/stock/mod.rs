//! The pages of stock: what there is and what runs out, one product with its balances and entries, receiving, counting, lots. All of
//! it works by links and forms, with a thumb on a phone too; a hand scanner types into the first field.

pub(super) mod count;
pub(super) mod list;
pub(super) mod lots;
pub(super) mod product;
pub(super) mod receive;

pub(super) use list::figure;

use super::frame::{Place, page as frame, trouble};
use super::new_order::form::Fields;
use super::people::{forbidden, why};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::idempotency::{self, Claim, Kept, Once};
use crate::central::services::stock::look::LevelRow;
use crate::central::services::stock::{Change, Condition, Kind, Outcome, Reason, Spot};
use crate::central::store::work::Work;
use crate::core::message::Arg;
use crate::core::time::Day;
use crate::i18n::Catalogue;
use crate::sql::SqlError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use uuid::Uuid;

/// A text as one part of an address.
pub(super) fn part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    // Such a part would lead somewhere else.
    if out.chars().all(|c| c == '.') { out.replace('.', "%2E") } else { out }
}

/// What a refused change of stock says to the clerk.
pub(super) fn said(words: &Catalogue, refusal: &Refusal) -> String {
    let key = match refusal {
        Refusal::Missing { entity: "product" } => "stock-no-product",
        Refusal::Missing { entity: "location" } => "stock-no-place",
        Refusal::Missing { entity: "lot" } => "stock-no-lot",
        Refusal::Stock { available } => {
            return words.text_with("stock-too-few", &[("n", Arg::Int(*available))]);
        }
        Refusal::State { entity: "form", .. } => "stock-sent-before",
        Refusal::State { .. } => "stock-so-already",
        Refusal::Forbidden => "stock-second-person",
        Refusal::Field { .. }
        | Refusal::Fields { .. }
        | Refusal::Taken { .. }
        | Refusal::Missing { .. }
        | Refusal::Version { .. }
        | Refusal::Unrecognised
        | Refusal::PairingCode
        | Refusal::PairingOther
        | Refusal::TooMany { .. }
        | Refusal::Limit { .. }
        | Refusal::Needs { .. }
        | Refusal::ByWork
        | Refusal::Short { .. } => return why(words, refusal),
    };
    words.text(key).into_owned()
}

/// What could not be read or written, as a page.
pub(super) fn failed(visitor: &Visitor, place: Place, error: &CentralError) -> Response {
    match error {
        CentralError::Refused(Refusal::Missing { .. }) => {
            (StatusCode::NOT_FOUND, trouble(visitor, place, "console-not-found")).into_response()
        }
        CentralError::Store(SqlError::Cursor) => {
            (StatusCode::BAD_REQUEST, trouble(visitor, place, "console-not-found")).into_response()
        }
        error => {
            tracing::error!(%error, "a page of stock failed");
            (StatusCode::INTERNAL_SERVER_ERROR, trouble(visitor, place, "console-trouble")).into_response()
        }
    }
}

/// A name for a form, so that pressed twice it has its effect once.
pub(super) fn once_field() -> Markup {
    html! { input type="hidden" name="once" value=(Uuid::now_v7()); }
}

/// Does what a form asks, once for its name; the answer of the first time is that of every time.
pub(super) async fn once<F>(app: &App, visitor: &Visitor, fields: &Fields, mut effect: F) -> Res<Kept>
where
    F: FnMut(&mut Work<'_>) -> Res<Kept> + Send + 'static,
{
    let key = fields.get("once").to_owned();
    if key.is_empty() || key.len() > 100 {
        return Err(Refusal::Field { field: "stock.form", why: "must be one of ours" }.into());
    }
    let mut hash = Sha256::new();
    for (name, value) in &fields.0 {
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(value.as_bytes());
        hash.update([0]);
    }
    let caller = format!("form:{}", visitor.session.user);
    let claim = Claim { caller, key, body_hash: hash.finalize().to_vec() };
    let done = app.store.write(visitor.actor(), move |work| idempotency::once(work, &claim, &mut effect)).await?;
    // A form may have changed what runs out, of which stations are not told.
    app.wake.notify_one();
    match done {
        Once::Done(kept) | Once::Replayed(kept) => Ok(kept),
        Once::Reused | Once::InFlight => Err(Refusal::State { entity: "form", state: "sent before".to_owned() }.into()),
    }
}

/// Keeps nothing but that it was done.
pub(super) fn kept() -> Kept {
    Kept { status: 200, body: "{}".to_owned() }
}

/// The tabs of everything about stock.
pub(super) fn tabs(visitor: &Visitor, now: &str) -> Markup {
    let words = visitor.words();
    let (low, counts) = visitor.stock;
    let all = [
        ("/stock", "stock-tab-all", 0),
        ("/stock?tab=low", "stock-tab-low", low),
        ("/stock/lots", "stock-tab-lots", 0),
        ("/stock/counts", "stock-tab-counts", counts),
        ("/stock/entries", "stock-tab-entries", 0),
        ("/products", "products-title", 0),
        ("/locations", "places-title", 0),
        ("/map", "places-map", 0),
    ];
    html! {
        nav.tabs aria-label=(words.text("stock-title")) {
            @for (href, key, count) in all {
                a.on[href == now] href=(href) aria-current=[(href == now).then_some("page")] {
                    (words.text(key)) @if count > 0 { span.st.w.count { (count) } }
                }
            }
        }
    }
}

/// A stored day as people write it.
pub(super) fn day(words: &Catalogue, text: &str) -> String {
    let mut parts = text.split('-').map(str::parse::<i16>);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) => {
            let day = Day::new(year, u8::try_from(month).unwrap_or(0), u8::try_from(day).unwrap_or(0));
            day.map_or_else(|| text.to_owned(), |day| words.format().day(day))
        }
        _ => text.to_owned(),
    }
}

/// Name of a condition.
pub(super) fn condition_name(words: &Catalogue, word: &str) -> String {
    words.text(&format!("stock-condition-{word}")).into_owned()
}

/// The link to a product's stock.
pub(super) fn product_link(sku: &str) -> Markup {
    html! { a.mono href={ "/stock/of/" (part(sku)) } { (sku) } }
}

/// The link to a place.
pub(super) fn place_link(code: &str) -> Markup {
    html! { a.mono href={ "/locations/" (part(code)) } { (code) } }
}

/// The link to a lot.
pub(super) fn lot_link(sku: &str, lot: &str) -> Markup {
    html! { @if lot.is_empty() { "–" } @else { a.mono href={ "/stock/lot?sku=" (part(sku)) "&lot=" (part(lot)) } { (lot) } } }
}

/// Which balance a form is about, as hidden fields whose names end with `end`.
pub(super) fn spot_fields(level: &LevelRow, end: &str) -> Markup {
    let fields = [
        ("sku", level.product.0.as_str()),
        ("location", &level.location),
        ("lot", &level.lot),
        ("expiry", &level.expiry),
        ("serial", &level.serial),
        ("condition", &level.condition),
    ];
    html! { @for (name, value) in fields { input type="hidden" name={ (name) (end) } value=(value); } }
}

/// The balance that a form is about.
pub(super) fn spot(fields: &Fields, end: &str) -> Spot {
    let get = |name: &str| fields.get(&format!("{name}{end}")).to_owned();
    Spot {
        sku: get("sku"),
        location: get("location"),
        lot: get("lot"),
        expiry: get("expiry"),
        serial: get("serial"),
        condition: Condition::of(&get("condition")).unwrap_or_default(),
    }
}

/// What a form of a balance asks for.
///
/// # Errors
/// [`Refusal::Field`] for what is no change.
pub(super) fn change_of(fields: &Fields) -> Result<Change, Refusal> {
    let kind = match fields.get("do") {
        "adjust" => Kind::Adjust(
            Reason::of(fields.get("reason"))
                .ok_or(Refusal::Field { field: "stock.reason", why: "must be one of the reasons" })?,
        ),
        "transfer" => Kind::Transfer(fields.get("to").to_owned()),
        "receive" => Kind::Receive(fields.get("paper").to_owned()),
        _ => return Err(Refusal::Field { field: "stock.form", why: "must be one of ours" }),
    };
    Ok(Change {
        kind,
        spot: spot(fields, ""),
        quantity: fields.int("units"),
        note: fields.get("note").to_owned(),
        despite_promises: !fields.get("despite").is_empty(),
    })
}

/// A difference with its sign.
pub(super) fn figure_signed(words: &Catalogue, n: i64) -> String {
    let sign = if n > 0 { "+" } else { "" };
    format!("{sign}{}", words.format().number(n))
}

/// How a count ended, in words.
pub(super) fn outcome_text(words: &Catalogue, outcome: &Outcome, difference: i64) -> String {
    let args = [("difference", Arg::Text(figure_signed(words, difference)))];
    match outcome {
        Outcome::Unchanged => words.text("stock-count-same").into_owned(),
        Outcome::Booked => words.text_with("stock-count-booked", &args),
        Outcome::Waits(_) => words.text_with("stock-count-waits", &args),
    }
}

/// May this visitor see stock? Everything here asks first.
pub(super) fn may_see(visitor: &Visitor) -> Result<(), Box<Response>> {
    if visitor.may(Permission::StockView) { Ok(()) } else { Err(Box::new(forbidden(visitor))) }
}

/// A page of stock.
pub(super) fn shown(visitor: &Visitor, title: &str, refused: bool, content: &Markup) -> Response {
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, frame(visitor, Place::Stock, title, content)).into_response()
}

//! What is told of a parcel besides: the carrier's number and address of it, by a clerk, a program or with the scan; and that an order
//! arrived.

use super::find::{Blocked, ParcelRow, find};
use super::{TRACKING_MAX, URL_MAX, Units};
use crate::central::actor::Actor;
use crate::central::error::{Refusal, Res};
use crate::central::services::pipelines;
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::vals;

pub use crate::central::services::pipelines::Delivery;

/// What a carrier calls a parcel, and where it shows it. What is none stays as it is; what is empty is taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracking {
    /// Its number.
    pub number: Option<String>,
    /// An address of this very parcel.
    pub url: Option<String>,
}

/// Sets what the carrier calls the parcel that `code` means.
///
/// # Errors
/// [`Refusal::Field`] for a number or address that cannot be one. What is no parcel is told inside.
pub fn track(work: &mut Work<'_>, code: &str, tracking: &Tracking) -> Res<Result<ParcelRow, Blocked>> {
    let mut parcel = match find(work.tx, work.ctx.site, code)? {
        Ok(parcel) => parcel,
        Err(blocked) => return Ok(Err(blocked)),
    };
    set(work, &parcel, tracking.number.as_deref(), tracking.url.as_deref())?;
    parcel.tracking = tracking.number.clone().unwrap_or(parcel.tracking);
    parcel.tracking_url = tracking.url.clone().unwrap_or(parcel.tracking_url);
    Ok(Ok(parcel))
}

pub(super) fn set(work: &mut Work<'_>, parcel: &ParcelRow, number: Option<&str>, url: Option<&str>) -> Res<()> {
    let fits = |text: &str| text.chars().count() <= TRACKING_MAX && !text.contains(char::is_control);
    if number.is_some_and(|number| !fits(number)) {
        return Err(Refusal::Field { field: "parcel.tracking", why: "must have at most 60 characters" }.into());
    }
    if url.is_some_and(|url| !url.is_empty() && !is_address(url)) {
        let why = "must be an address such as https://carrier.example/parcel/123";
        return Err(Refusal::Field { field: "parcel.tracking-url", why }.into());
    }
    if parcel.shipped_ms.is_some() && matches!(work.ctx.actor, Actor::Key(_)) {
        // Who tells of a parcel after it left speaks for the carrier: its manifest is not taken back any more.
        work.exec(
            "UPDATE parcels SET carrier_told_ms = $3 WHERE fulfillment = $1 AND no = $2",
            vals![&parcel.fulfillment, parcel.no, work.now_ms()],
        )?;
    }
    let number = number.map(str::trim);
    let changed = work.exec(
        "UPDATE parcels SET tracking = CASE WHEN CAST($3 AS TEXT) IS NULL THEN tracking ELSE NULLIF($3, '') END, \
         tracking_url = COALESCE(CAST($4 AS TEXT), tracking_url), updated_ms = $5 WHERE fulfillment = $1 AND no = $2 \
         AND (COALESCE(tracking, '') <> COALESCE(CAST($3 AS TEXT), COALESCE(tracking, '')) \
         OR tracking_url <> COALESCE(CAST($4 AS TEXT), tracking_url))",
        vals![&parcel.fulfillment, parcel.no, number.map(str::to_owned), url.map(str::to_owned), work.now_ms()],
    )?;
    if changed == 0 {
        return Ok(());
    }
    work.exec(
        "UPDATE orders SET version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![&parcel.order_id, work.now_ms()],
    )?;
    work.changed(ChangeKind::Order, &parcel.order_id);
    let detail = serde_json::json!({ "part": parcel.part, "parcel": parcel.no, "tracking": number });
    work.audit("parcel.tracking_set", "order", &parcel.order_id, detail);
    Ok(())
}

fn is_address(url: &str) -> bool {
    let address = reqwest::Url::parse(url).ok();
    url.len() <= URL_MAX && address.is_some_and(|url| url.scheme() == "https" && url.host_str().is_some())
}

/// Tells that what left of the order with this id arrived.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::State`] while nothing of it left, or once all of it arrived; those of [`pipelines::deliver`].
pub fn delivered(work: &mut Work<'_>, order: &str, delivery: &Delivery) -> Res<()> {
    let here = work.one("SELECT id FROM orders WHERE id = $1 AND site = $2", vals![order, work.site()])?;
    here.ok_or(Refusal::Missing { entity: "order" })?;
    let units = Units::of(work.tx, order)?;
    if units.shipped == 0 || units.delivered >= units.shipped {
        let state = if units.shipped == 0 { "not handed over" } else { "delivered" };
        return Err(Refusal::State { entity: "order", state: state.to_owned() }.into());
    }
    pipelines::deliver(work, order, delivery)
}

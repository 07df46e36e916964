//! A manifest is closed: its parcels have left. Everything that follows is in this one transaction: lines count what was shipped, work is
//! handed over, orders say how far they are, customers and programs are told. A lead can take it back on the same day (`reopen`).

use super::find::{Blocked, ParcelRow, blocked, on_sheet};
use super::{DRIVER_MAX, SHIPPED, Units, open_sheet};
use crate::central::error::{Refusal, Res};
use crate::central::services::messages;
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::vals;
use std::collections::{BTreeMap, BTreeSet};

/// A manifest that was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Its number.
    pub number: String,
    /// Parcels that left with it.
    pub parcels: i64,
    /// Orders of which parcels left.
    pub orders: i64,
}

/// How closing ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Close {
    /// The parcels have left.
    Done(Closed),
    /// Nothing was done: these must be taken off first.
    Stopped(Vec<(ParcelRow, Blocked)>),
}

/// Closes the manifest of that number. `driver` may be empty.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::State`] if it is closed already or empty; [`Refusal::Field`] for a name that is too long.
pub fn close(work: &mut Work<'_>, number: &str, driver: &str) -> Res<Close> {
    let sheet = open_sheet(work, number)?;
    let driver = driver.trim();
    if driver.chars().count() > DRIVER_MAX || driver.contains(char::is_control) {
        return Err(Refusal::Field { field: "manifest.driver", why: "must have at most 80 characters" }.into());
    }
    let parcels = on_sheet(work.tx, &sheet.id)?;
    if parcels.is_empty() {
        return Err(Refusal::State { entity: "manifest", state: "empty".to_owned() }.into());
    }
    let mut stopped = Vec::new();
    for parcel in &parcels {
        if let Some(why) = blocked(work.tx, parcel, &sheet.carrier)? {
            stopped.push((parcel.clone(), why));
        }
    }
    if !stopped.is_empty() {
        return Ok(Close::Stopped(stopped));
    }
    leave(work, &sheet.id)?;
    let count = i64::try_from(parcels.len()).unwrap_or(i64::MAX);
    work.exec(
        "UPDATE manifests SET state = 'closed', driver = $2, parcels = $3, closed_by_kind = $4, closed_by = $5, closed_ms = $6, \
         version = version + 1, updated_ms = $6 WHERE id = $1",
        vals![&sheet.id, driver, count, work.ctx.actor.kind(), work.ctx.actor.id(), work.now_ms()],
    )?;
    let mut orders: BTreeMap<String, Vec<&ParcelRow>> = BTreeMap::new();
    for parcel in &parcels {
        orders.entry(parcel.order_id.clone()).or_default().push(parcel);
    }
    let links = messages::links(work.tx, work.ctx.site)?;
    for (order, own) in &orders {
        tell(work, order, own, &sheet.number, &links)?;
    }
    let closed = Closed {
        number: sheet.number.clone(),
        parcels: count,
        orders: i64::try_from(orders.len()).unwrap_or(i64::MAX),
    };
    let detail = serde_json::json!({
        "number": sheet.number, "carrier": sheet.carrier, "parcels": closed.parcels, "orders": closed.orders,
    });
    work.audit("manifest.closed", "manifest", &sheet.id, detail);
    Ok(Close::Done(closed))
}

/// The parcels have left: they, the lines of their orders, and work of which nothing is left here. The bench took the units out of the
/// ledger when it picked them; nothing is booked twice.
fn leave(work: &mut Work<'_>, manifest: &str) -> Res<()> {
    let now_ms = work.now_ms();
    work.exec(
        "UPDATE parcels SET shipped_ms = $2, updated_ms = $2 \
         WHERE (fulfillment, no) IN (SELECT fulfillment, parcel FROM manifest_parcels WHERE manifest = $1)",
        vals![manifest, now_ms],
    )?;
    let left = work.all(
        "SELECT f.order_id, i.line_no, CAST(SUM(i.quantity) AS BIGINT) AS units FROM manifest_parcels mp \
         JOIN fulfillments f ON f.id = mp.fulfillment JOIN parcel_items i ON i.fulfillment = mp.fulfillment \
         AND i.parcel = mp.parcel WHERE mp.manifest = $1 GROUP BY f.order_id, i.line_no ORDER BY f.order_id, i.line_no",
        vals![manifest],
    )?;
    for row in left {
        work.exec(
            "UPDATE order_lines SET shipped = CASE WHEN shipped + CAST($3 AS BIGINT) > packed THEN packed \
             ELSE shipped + CAST($3 AS BIGINT) END WHERE order_id = $1 AND line_no = $2",
            vals![row.at::<String>(0)?, row.at::<i64>(1)?, row.at::<i64>(2)?],
        )?;
    }
    let over = work.all(
        "UPDATE fulfillments SET state = 'handed_over', handed_over_ms = $2, version = version + 1, updated_ms = $2 \
         WHERE id IN (SELECT fulfillment FROM manifest_parcels WHERE manifest = $1) AND NOT EXISTS \
         (SELECT 1 FROM parcels p WHERE p.fulfillment = fulfillments.id AND p.void = 0 AND p.shipped_ms IS NULL) RETURNING id",
        vals![manifest, now_ms],
    )?;
    for row in over {
        work.changed(ChangeKind::Fulfillment, row.at::<String>(0)?);
    }
    Ok(())
}

/// An order of which parcels left: its third axis, its history, its customer, and programs.
fn tell(
    work: &mut Work<'_>,
    order: &str,
    parcels: &[&ParcelRow],
    manifest: &str,
    links: &BTreeMap<String, String>,
) -> Res<()> {
    let axis = Units::of(work.tx, order)?.axis(false);
    work.exec(
        "UPDATE orders SET fulfillment_status = $2, version = version + 1, updated_ms = $3 WHERE id = $1",
        vals![order, axis, work.now_ms()],
    )?;
    work.changed(ChangeKind::Order, order);
    let all = axis == "shipped";
    messages::left(work, order, all)?;
    let carriers: BTreeSet<&str> = parcels.iter().map(|parcel| parcel.carrier.as_str()).collect();
    let carrier = carriers.into_iter().next().unwrap_or_default();
    let detail = serde_json::json!({ "manifest": manifest, "carrier": carrier, "parcels": parcels.len(), "all": all });
    work.audit("order.shipped", "order", order, detail);
    let row = work.one("SELECT number, version FROM orders WHERE id = $1", vals![order])?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    let one = |parcel: &&ParcelRow| {
        let number = [&parcel.tracking, &parcel.sscc].into_iter().find(|text| !text.is_empty());
        let known = number.and_then(|number| messages::link_of(links, &parcel.carrier, number));
        let url = Some(parcel.tracking_url.clone()).filter(|url| !url.is_empty()).or(known);
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        serde_json::json!({
            "part": parcel.part, "no": parcel.no, "sscc": filled(&parcel.sscc), "tracking": filled(&parcel.tracking),
            "tracking_url": url,
        })
    };
    let data = serde_json::json!({
        "number": row.at::<String>(0)?, "version": row.at::<i64>(1)?, "fulfillment_status": axis, "manifest": manifest,
        "carrier": carrier, "parcels": parcels.iter().map(one).collect::<Vec<_>>(),
    });
    work.tell(SHIPPED, order, data);
    Ok(())
}

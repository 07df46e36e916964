//! A manifest is opened, parcels are scanned on it and taken off again. What keeps a parcel back is told by name, and nothing changes then.

use super::find::{Blocked, ParcelRow, blocked, find, on_sheet, sscc_of};
use super::{PARCELS_MAX, open_sheet, parcel};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::settings;
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::protocol::pickups;
use crate::protocol::wire::CarrierRecord;
use crate::vals;

/// A manifest that parcels can be scanned on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Its number.
    pub number: String,
    /// It was made just now.
    pub new: bool,
}

/// A parcel that is on a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// It.
    pub parcel: ParcelRow,
    /// Parcels on the manifest now.
    pub parcels: i64,
}

/// What became of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// It is on the manifest now.
    Taken(Box<Taken>),
    /// It was on it before.
    Already(Box<Taken>),
    /// It does not leave.
    Refused(Blocked, Option<Box<ParcelRow>>),
}

/// The open manifest of a carrier; made where it has none.
///
/// # Errors
/// [`Refusal::Field`] for a carrier that the site does not have.
pub fn open(work: &mut Work<'_>, carrier: &str) -> Res<Opened> {
    let known = work.one(
        "SELECT number FROM manifests WHERE site = $1 AND carrier = $2 AND state = 'open'",
        vals![work.site(), carrier],
    )?;
    if let Some(row) = known {
        return Ok(Opened { number: row.at(0)?, new: false });
    }
    let pickup_ms = next_pickup(work, carrier)?;
    let (id, number) = (work.new_id(), number(work)?);
    work.exec(
        "INSERT INTO manifests (id, site, number, carrier, pickup_ms, opened_by_kind, opened_by, opened_ms, updated_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        vals![
            &id, work.site(), &number, carrier, pickup_ms, work.ctx.actor.kind(), work.ctx.actor.id(), work.now_ms()
        ],
    )?;
    work.audit("manifest.opened", "manifest", id, serde_json::json!({ "number": number, "carrier": carrier }));
    Ok(Opened { number, new: true })
}

/// When the carrier comes next, with any of its services; none where it has no pick-ups.
fn next_pickup(work: &mut Work<'_>, carrier: &str) -> Res<Option<i64>> {
    let row = work.one("SELECT record FROM carriers WHERE site = $1 AND code = $2", vals![work.site(), carrier])?;
    let row = row.ok_or(Refusal::Field { field: "manifest.carrier", why: "must be a carrier of this site" })?;
    let record: CarrierRecord =
        serde_json::from_str(&row.at::<String>(0)?).map_err(|_| CentralError::Stored { what: "carrier" })?;
    let site = settings::of(&sites::get(work.tx, work.ctx.site)?)?;
    let now = work.ctx.now;
    let next = |code: &str| {
        let table = pickups::table(&record, code, &site, now)?;
        table.serving(None, now).map(|pickup| pickup.at.0)
    };
    Ok(record.services.iter().filter_map(|service| next(&service.code)).min())
}

/// The next number that no manifest has, from the site's counter.
fn number(work: &mut Work<'_>) -> Res<String> {
    let next = work.tx.int(
        "UPDATE sites SET manifest_next = manifest_next + 1 WHERE id = $1 RETURNING manifest_next - 1",
        vals![work.ctx.site.to_string()],
    )?;
    Ok(format!("H{next:06}"))
}

fn count(work: &mut Work<'_>, manifest: &str) -> Res<i64> {
    Ok(work.tx.int("SELECT COUNT(*) FROM manifest_parcels WHERE manifest = $1", vals![manifest])?)
}

/// Puts a parcel on the manifest of that number: by its SSCC, the carrier's number, or the number of an order of one parcel. A number of
/// the carrier that is told with it becomes the parcel's.
///
/// # Errors
/// [`Refusal::Missing`] for no such manifest; [`Refusal::State`] once it is closed; [`Refusal::Field`] once it is full, or for a number of
/// the carrier that cannot be one. What keeps the parcel back is told inside.
pub fn scan(work: &mut Work<'_>, manifest: &str, code: &str, tracking: &str) -> Res<Scan> {
    let sheet = open_sheet(work, manifest)?;
    let mut parcel = match find(work.tx, work.ctx.site, code)? {
        Ok(parcel) => parcel,
        Err(blocked) => return Ok(Scan::Refused(blocked, None)),
    };
    if let Some(blocked) = blocked(work.tx, &parcel, &sheet.carrier)? {
        return Ok(Scan::Refused(blocked, Some(Box::new(parcel))));
    }
    if let Some((other, _)) = parcel.manifest.clone().filter(|(number, _)| *number != sheet.number) {
        return Ok(Scan::Refused(Blocked::OnOther { manifest: other }, Some(Box::new(parcel))));
    }
    let there = count(work, &sheet.id)?;
    if parcel.manifest.is_none() && there >= PARCELS_MAX {
        return Err(Refusal::Field {
            field: "manifest.parcels",
            why: "must be at most 2,000: close it, and go on with the next",
        }
        .into());
    }
    if !tracking.is_empty() {
        parcel::set(work, &parcel, Some(tracking), None)?;
        parcel.tracking = tracking.to_owned();
    }
    let added = work.exec(
        "INSERT INTO manifest_parcels (fulfillment, parcel, manifest, actor_kind, actor, at_ms) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (fulfillment, parcel) DO NOTHING",
        vals![
            &parcel.fulfillment, parcel.no, &sheet.id, work.ctx.actor.kind(), work.ctx.actor.id(), work.now_ms()
        ],
    )?;
    if added == 0 {
        return Ok(Scan::Already(Box::new(Taken { parcel, parcels: there })));
    }
    touched(work, &sheet.id)?;
    let detail =
        serde_json::json!({ "number": sheet.number, "order": parcel.order, "parcel": parcel.no, "sscc": parcel.sscc });
    work.audit("manifest.parcel_added", "manifest", &sheet.id, detail);
    parcel.scanned_ms = Some(work.now_ms());
    parcel.manifest = Some((sheet.number, false));
    Ok(Scan::Taken(Box::new(Taken { parcel, parcels: there + 1 })))
}

fn touched(work: &mut Work<'_>, manifest: &str) -> Res<()> {
    work.exec(
        "UPDATE manifests SET version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![manifest, work.now_ms()],
    )?;
    Ok(())
}

/// Takes a parcel off a manifest that is open, by any of its numbers.
///
/// # Errors
/// [`Refusal::Missing`] for no such manifest or parcel on it; [`Refusal::State`] once it is closed.
pub fn off(work: &mut Work<'_>, manifest: &str, code: &str) -> Res<ParcelRow> {
    let sheet = open_sheet(work, manifest)?;
    let (code, sscc) = (code.trim(), sscc_of(code));
    let named = |parcel: &ParcelRow| {
        let own = !parcel.sscc.is_empty() && parcel.sscc == sscc;
        own || (!parcel.tracking.is_empty() && parcel.tracking == code)
    };
    let mut there = on_sheet(work.tx, &sheet.id)?;
    if !there.iter().any(named) {
        // By the number of its order only if that has one parcel here.
        there.retain(|parcel| parcel.order.eq_ignore_ascii_case(code));
        there.truncate(if there.len() == 1 { 1 } else { 0 });
    } else {
        there.retain(named);
    }
    let parcel = there.into_iter().next().ok_or(Refusal::Missing { entity: "parcel" })?;
    work.exec(
        "DELETE FROM manifest_parcels WHERE fulfillment = $1 AND parcel = $2 AND manifest = $3",
        vals![&parcel.fulfillment, parcel.no, &sheet.id],
    )?;
    touched(work, &sheet.id)?;
    let detail =
        serde_json::json!({ "number": sheet.number, "order": parcel.order, "parcel": parcel.no, "sscc": parcel.sscc });
    work.audit("manifest.parcel_removed", "manifest", &sheet.id, detail);
    Ok(parcel)
}

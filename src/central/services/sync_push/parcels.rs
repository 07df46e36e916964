//! What is in which parcel, its box, weight, number, copies and photos.

use super::boxes::{Parcel, Place};
use super::desk_facts;
use super::effects::{Effect, Fact};
use super::file::File;
use crate::central::error::Res;
use crate::central::services::products;
use crate::central::services::stations::number;
use crate::central::services::stock::Shelves;
use crate::central::store::work::Work;
use crate::core::checklist::DocumentKind;
use crate::core::gs1;
use crate::core::scan::Trace;
use crate::core::session::Event;
use crate::core::time::Day;
use crate::protocol::wire::{ChangeKind, RejectCode};
use crate::vals;
use std::collections::BTreeMap;

/// Parcel, line, product, units.
pub(super) type What<'a> = (u16, u32, &'a str, i64);

/// Applies an event about a parcel. Events that are applied elsewhere do nothing here.
pub(super) fn apply(
    work: &mut Work<'_>,
    shelves: &mut Shelves,
    file: &mut File,
    fact: &Fact<'_>,
    event: &Event,
) -> Res<Effect> {
    match event {
        Event::Verified { line, product, units, trace, parcel, .. } => {
            let what = (*parcel, line.0, &*product.to_string(), i64::from(*units));
            verified(work, shelves, file, fact, what, trace)
        }
        Event::Moved { line, product, units, serial, from, to, net: _, lot, expiry } => {
            let (way, batch) = ((*from, *to), (lot.as_deref(), *expiry));
            moved(work, file, (line.0, &product.to_string(), i64::from(*units)), serial.as_deref(), batch, way)
        }
        Event::ParcelOpened { parcel, .. } => set(file, fact, *parcel, |parcel| parcel.void = false),
        Event::MovingEnded { parcel, dropped: true } => set(file, fact, *parcel, |parcel| parcel.void = true),
        Event::PackagingChosen { parcel, packaging, .. } => {
            set(file, fact, *parcel, |parcel| parcel.packaging = Some(packaging.to_string()))
        }
        Event::Weighed { parcel, grams, expected_g, overridden, sample, .. } => {
            if let Some((approval, _)) = overridden
                && !desk_facts::agreed(work, approval)?
            {
                return Ok(Err(RejectCode::UserNotAllowed));
            }
            // Whatever a station sends: a parcel that somebody let through teaches nothing.
            if let (None, Some((product, sample))) = (overridden, sample) {
                let (event, station) = (fact.envelope.id.to_string(), fact.station.to_string());
                products::learn_weight(work, &event, &station, &product.to_string(), *sample)?;
            }
            set(file, fact, *parcel, |parcel| {
                (parcel.weight_g, parcel.expected_g) = (Some(grams.0), Some(expected_g.0));
                parcel.weight_override_by = overridden.as_ref().map(|(approval, _)| approval.user.to_string());
            })
        }
        Event::RecountStarted { parcel } => recount(work, shelves, file, *parcel).map(Ok),
        Event::LabelAssigned { parcel, sscc, .. } => label(work, file, fact, *parcel, sscc),
        Event::PrintAttempted { parcel, document: DocumentKind::Label, copy, .. } => {
            set(file, fact, *parcel, |parcel| parcel.label_copies = parcel.label_copies.max(i64::from(*copy)))
        }
        Event::ParcelConfirmed { parcel, .. } => {
            set(file, fact, *parcel, |parcel| parcel.confirmed_ms = Some(fact.envelope.wall_ms))
        }
        Event::PhotoTaken { parcel, hash, .. } => {
            work.exec(
                "INSERT INTO parcel_photos (hash, fulfillment, parcel, taken_ms, user_id, station) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (fulfillment, parcel, hash) DO NOTHING",
                vals![
                    hash.to_string(),
                    &file.id,
                    *parcel,
                    fact.envelope.wall_ms,
                    fact.fact.actor.to_string(),
                    fact.station.to_string()
                ],
            )?;
            Ok(Ok(()))
        }
        _ => Ok(Ok(())),
    }
}

/// Changes a parcel, which begins here if there is none with this number.
fn set(file: &mut File, fact: &Fact<'_>, no: u16, change: impl FnOnce(&mut Parcel)) -> Res<Effect> {
    let parcel = file.boxes.parcels.entry(no).or_default();
    parcel.fence = number(fact.envelope.fence.map_or(0, |fence| fence.0));
    parcel.station = fact.station.to_string();
    change(parcel);
    Ok(Ok(()))
}

/// Where units of a line lie in a parcel.
fn place(what: What<'_>, trace: &Trace) -> Place {
    let (parcel, no, product, _) = what;
    (parcel, no, product.to_owned(), trace.lot.clone().unwrap_or_default(), day(trace))
}

fn day(trace: &Trace) -> String {
    trace.expiry.map(|day| day.to_string()).unwrap_or_default()
}

fn verified(
    work: &mut Work<'_>,
    shelves: &mut Shelves,
    file: &mut File,
    fact: &Fact<'_>,
    what: What<'_>,
    trace: &Trace,
) -> Res<Effect> {
    let (parcel, no, product, units) = what;
    let line = match file.line(no) {
        Ok(line) => line,
        Err(code) => return Ok(Err(code)),
    };
    if line.verified + units > line.quantity {
        return Ok(Err(RejectCode::QuantityExceeded));
    }
    line.verified += units;
    let ordered = line.product.clone();
    if ordered != product {
        // A substitute: what was picked for the line goes back in the book, the other leaves its shelf.
        shelves.put_back(work, &ordered, units, &file.id)?;
        shelves.take(work, product, None, units, &file.id)?;
    }
    let _ = set(file, fact, parcel, |parcel| parcel.void = false)?;
    file.boxes.put(place(what, trace), units);
    match &trace.serial {
        Some(serial) => serial_used(work, file, (parcel, product), serial),
        None => Ok(Ok(())),
    }
}

fn serial_used(work: &mut Work<'_>, file: &File, what: (u16, &str), serial: &str) -> Res<Effect> {
    let id = work.new_id();
    let new = work.exec(
        "INSERT INTO serials (id, site, product, serial, fulfillment, parcel, used_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (product, serial) DO NOTHING",
        vals![&id, work.site(), what.1, serial, &file.id, what.0, work.now_ms()],
    )?;
    if new == 0 {
        return Ok(Err(RejectCode::SerialReused));
    }
    work.changed(ChangeKind::SerialUsed, id);
    Ok(Ok(()))
}

/// Takes exactly these units out of a parcel: an undone scan.
pub(super) fn take_out(
    work: &mut Work<'_>,
    shelves: &mut Shelves,
    file: &mut File,
    what: What<'_>,
    trace: &Trace,
) -> Res<Effect> {
    let (_, no, product, units) = what;
    let line = match file.line(no) {
        Ok(line) => line,
        Err(code) => return Ok(Err(code)),
    };
    line.verified = (line.verified - units).max(0);
    let ordered = line.product.clone();
    if ordered != product {
        unsubstituted(work, shelves, &file.id, (&ordered, product), units)?;
    }
    file.boxes.take(&place(what, trace), units);
    if let Some(serial) = &trace.serial {
        forget_serials(work, file, Some((product, serial)), None)?;
    }
    Ok(Ok(()))
}

/// Units of a substitute are out of their parcel again: they are on their shelf in the book, and what was picked for the line is in
/// hand as it was before them.
fn unsubstituted(
    work: &mut Work<'_>,
    shelves: &mut Shelves,
    fulfillment: &str,
    (ordered, product): (&str, &str),
    units: i64,
) -> Res<()> {
    shelves.put_back(work, product, units, fulfillment)?;
    shelves.take_again(work, ordered, units, fulfillment)
}

/// Takes units of a product out of a parcel, whichever their lot: broken ones.
pub(super) fn take_any(file: &mut File, what: What<'_>) -> Effect {
    let (parcel, no, product, units) = what;
    let line = file.line(no)?;
    line.verified = (line.verified - units).max(0);
    for (place, part) in file.boxes.parts(parcel, no, product, units, (None, None)) {
        file.boxes.take(&place, part);
    }
    Ok(())
}

/// Moves units from one parcel to another, those of the lot and day that the fact names.
pub(super) fn moved(
    work: &mut Work<'_>,
    file: &mut File,
    what: (u32, &str, i64),
    serial: Option<&str>,
    (lot, expiry): (Option<&str>, Option<Day>),
    way: (u16, u16),
) -> Res<Effect> {
    let (no, product, units) = what;
    let (from, to) = way;
    let expiry = expiry.map(|day| day.to_string());
    for (place, part) in file.boxes.parts(from, no, product, units, (lot, expiry.as_deref())) {
        file.boxes.take(&place, part);
        let (_, line, product, lot, expiry) = place;
        file.boxes.put((to, line, product, lot, expiry), part);
    }
    if let Some(serial) = serial {
        work.exec(
            "UPDATE serials SET parcel = $4 WHERE fulfillment = $1 AND product = $2 AND serial = $3",
            vals![&file.id, product, serial, to],
        )?;
    }
    Ok(Ok(()))
}

fn recount(work: &mut Work<'_>, shelves: &mut Shelves, file: &mut File, parcel: u16) -> Res<()> {
    let all = std::mem::take(&mut file.boxes.items);
    let (out, kept) = all.into_iter().partition::<BTreeMap<Place, i64>, _>(|(place, _)| place.0 == parcel);
    file.boxes.items = kept;
    for ((_, no, product, _, _), units) in out {
        let mut ordered = None;
        if let Ok(line) = file.line(no) {
            line.verified = (line.verified - units).max(0);
            ordered = Some(line.product.clone()).filter(|ordered| *ordered != product);
        }
        if let Some(ordered) = ordered {
            unsubstituted(work, shelves, &file.id, (&ordered, &product), units)?;
        }
    }
    forget_serials(work, file, None, Some(parcel))
}

fn label(work: &mut Work<'_>, file: &mut File, fact: &Fact<'_>, parcel: u16, sscc: &str) -> Res<Effect> {
    if !gs1::is_sscc(sscc) {
        return Ok(Err(RejectCode::SsccNotGranted));
    }
    let other = work.one(
        "SELECT fulfillment FROM parcels WHERE sscc = $1 AND NOT (fulfillment = $2 AND no = $3)",
        vals![sscc, &file.id, parcel],
    )?;
    if other.is_some() {
        return Ok(Err(RejectCode::SsccReused));
    }
    let prefix = file.sscc_prefix.as_str();
    // Digits: extension, prefix, serial, check.
    let serial = sscc.get(1 + prefix.len()..17).and_then(|digits| digits.parse::<i64>().ok());
    let granted = match serial.filter(|_| sscc.get(1..).is_some_and(|rest| rest.starts_with(prefix))) {
        None => false,
        Some(serial) => {
            work.tx.int(
                "SELECT COUNT(*) FROM number_blocks WHERE station IN ($1, '') AND first_serial <= $2 \
                 AND first_serial + (last_no - first_no) >= $2",
                vals![fact.station.to_string(), serial],
            )? > 0
        }
    };
    let _ = set(file, fact, parcel, |parcel| parcel.sscc = Some(sscc.to_owned()))?;
    file.boxes.write_parcel(work, &file.id, parcel)?;
    // The label is on the box whatever the book says: the number is kept, and a person is asked.
    Ok(if granted { Ok(()) } else { Err(RejectCode::SsccNotGranted) })
}

/// Everything out of every parcel: the work begins again.
pub(super) fn clear(work: &mut Work<'_>, file: &mut File) -> Res<()> {
    file.boxes.items.clear();
    for parcel in file.boxes.parcels.values_mut() {
        (parcel.void, parcel.confirmed_ms) = (true, None);
    }
    forget_serials(work, file, None, None)
}

/// Serial numbers of this work that did not leave after all: one, those of a parcel, or all.
fn forget_serials(work: &mut Work<'_>, file: &File, one: Option<(&str, &String)>, parcel: Option<u16>) -> Res<()> {
    let (product, serial) = one.map_or((None, None), |(product, serial)| (Some(product), Some(serial.as_str())));
    let rows = work.all(
        "SELECT id FROM serials WHERE fulfillment = $1 AND (CAST($2 AS TEXT) IS NULL OR (product = $2 AND serial = $3)) \
         AND (CAST($4 AS BIGINT) IS NULL OR parcel = $4)",
        vals![&file.id, product, serial, parcel],
    )?;
    for row in rows {
        let id: String = row.at(0)?;
        work.exec("DELETE FROM serials WHERE id = $1", vals![&id])?;
        work.gone(ChangeKind::SerialUsed, id);
    }
    Ok(())
}

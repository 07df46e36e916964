//! What is in which parcel, its box, weight, number, copies and photos.

use super::effects::{Effect, Fact};
use super::file::File;
use crate::central::error::Res;
use crate::central::services::products;
use crate::central::services::stations::number;
use crate::central::store::work::Work;
use crate::core::checklist::DocumentKind;
use crate::core::gs1;
use crate::core::scan::Trace;
use crate::core::session::Event;
use crate::protocol::wire::{ChangeKind, RejectCode};
use crate::vals;

/// Parcel, line, product, units.
pub(super) type What<'a> = (u16, u32, &'a str, i64);

/// Applies an event about a parcel. Events that are applied elsewhere do nothing here.
pub(super) fn apply(work: &mut Work<'_>, file: &mut File, fact: &Fact<'_>, event: &Event) -> Res<Effect> {
    match event {
        Event::Verified { line, product, units, trace, parcel, .. } => {
            verified(work, file, fact, (*parcel, line.0, &product.to_string(), i64::from(*units)), trace)
        }
        Event::Moved { line, product, units, serial, from, to } => {
            let way = (*from, *to);
            moved(work, file, (line.0, &product.to_string(), i64::from(*units)), serial.as_deref(), way)
        }
        Event::ParcelOpened { parcel, .. } => set(work, file, fact, *parcel, "void = 0", &[]).map(Ok),
        Event::MovingEnded { parcel, dropped: true } => set(work, file, fact, *parcel, "void = 1", &[]).map(Ok),
        Event::PackagingChosen { parcel, packaging, .. } => {
            set(work, file, fact, *parcel, "packaging = $6", vals![packaging.to_string()]).map(Ok)
        }
        Event::Weighed { parcel, grams, expected_g, overridden, sample, .. } => {
            let by = overridden.as_ref().map(|(approval, _)| approval.user.to_string());
            let vals = vals![grams.0, expected_g.0, by];
            set(work, file, fact, *parcel, "weight_g = $6, expected_g = $7, weight_override_by = $8", vals)?;
            // Whatever a station sends: a parcel that somebody let through teaches nothing.
            if let (None, Some((product, sample))) = (overridden, sample) {
                let (event, station) = (fact.envelope.id.to_string(), fact.station.to_string());
                products::learn_weight(work, &event, &station, &product.to_string(), *sample)?;
            }
            Ok(Ok(()))
        }
        Event::RecountStarted { parcel } => recount(work, file, *parcel).map(Ok),
        Event::LabelAssigned { parcel, sscc, .. } => label(work, file, fact, *parcel, sscc),
        Event::PrintAttempted { parcel, document: DocumentKind::Label, copy, .. } => {
            let sql = "label_copies = CASE WHEN parcels.label_copies > $6 THEN parcels.label_copies ELSE $6 END";
            set(work, file, fact, *parcel, sql, vals![*copy]).map(Ok)
        }
        Event::ParcelConfirmed { parcel, .. } => {
            let at = fact.envelope.wall_ms;
            set(work, file, fact, *parcel, "confirmed_ms = $6", vals![at]).map(Ok)
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

/// Makes the parcel's row if there is none and sets columns of it; `$6` and on are `vals`.
fn set(
    work: &mut Work<'_>,
    file: &File,
    fact: &Fact<'_>,
    parcel: u16,
    columns: &str,
    vals: &[crate::sql::Val],
) -> Res<()> {
    let fence = number(fact.envelope.fence.map_or(0, |fence| fence.0));
    work.exec(
        "INSERT INTO parcels (fulfillment, no, site, station, fence, updated_ms) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (fulfillment, no) DO NOTHING",
        vals![&file.id, parcel, work.site(), fact.station.to_string(), fence, work.now_ms()],
    )?;
    let mut all = vals![&file.id, parcel, fact.station.to_string(), fence, work.now_ms()].to_vec();
    all.extend_from_slice(vals);
    work.exec(
        &format!(
            "UPDATE parcels SET station = $3, fence = $4, updated_ms = $5, {columns} WHERE fulfillment = $1 AND no = $2"
        ),
        &all,
    )?;
    Ok(())
}

fn day(trace: &Trace) -> String {
    trace.expiry.map(|day| day.to_string()).unwrap_or_default()
}

fn verified(work: &mut Work<'_>, file: &mut File, fact: &Fact<'_>, what: What<'_>, trace: &Trace) -> Res<Effect> {
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
        crate::central::services::stock::put_back(work, &ordered, units, &file.id)?;
        crate::central::services::stock::take(work, product, None, units, &file.id)?;
    }
    set(work, file, fact, parcel, "void = 0", &[])?;
    put_in(work, file, what, trace)?;
    match &trace.serial {
        Some(serial) => serial_used(work, file, (parcel, product), serial),
        None => Ok(Ok(())),
    }
}

fn put_in(work: &mut Work<'_>, file: &File, what: What<'_>, trace: &Trace) -> Res<()> {
    let (parcel, no, product, units) = what;
    work.exec(
        "INSERT INTO parcel_items (fulfillment, parcel, line_no, product, quantity, lot, expiry) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (fulfillment, parcel, line_no, product, lot, expiry) \
         DO UPDATE SET quantity = parcel_items.quantity + excluded.quantity",
        vals![&file.id, parcel, no, product, units, trace.lot.clone().unwrap_or_default(), day(trace)],
    )?;
    Ok(())
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
pub(super) fn take_out(work: &mut Work<'_>, file: &mut File, what: What<'_>, trace: &Trace) -> Res<Effect> {
    let (parcel, no, product, units) = what;
    let line = match file.line(no) {
        Ok(line) => line,
        Err(code) => return Ok(Err(code)),
    };
    line.verified = (line.verified - units).max(0);
    let ordered = line.product.clone();
    if ordered != product {
        crate::central::services::stock::put_back(work, product, units, &file.id)?;
    }
    work.exec(
        "UPDATE parcel_items SET quantity = quantity - $5 WHERE fulfillment = $1 AND parcel = $2 AND line_no = $3 \
         AND product = $4 AND lot = $6 AND expiry = $7",
        vals![&file.id, parcel, no, product, units, trace.lot.clone().unwrap_or_default(), day(trace)],
    )?;
    drop_empty(work, file)?;
    if let Some(serial) = &trace.serial {
        forget_serials(work, file, Some((product, serial)), None)?;
    }
    Ok(Ok(()))
}

/// Takes units of a product out of a parcel, whichever their lot: broken ones.
pub(super) fn take_any(work: &mut Work<'_>, file: &mut File, what: What<'_>) -> Res<Effect> {
    let (parcel, no, product, units) = what;
    match file.line(no) {
        Ok(line) => line.verified = (line.verified - units).max(0),
        Err(code) => return Ok(Err(code)),
    }
    for (lot, expiry, part) in parts(work, file, what)? {
        work.exec(
            "UPDATE parcel_items SET quantity = quantity - $5 WHERE fulfillment = $1 AND parcel = $2 AND line_no = $3 \
             AND product = $4 AND lot = $6 AND expiry = $7",
            vals![&file.id, parcel, no, product, part, lot, expiry],
        )?;
    }
    drop_empty(work, file)?;
    Ok(Ok(()))
}

/// Which lots of a parcel's line make up so many units, latest lot first.
fn parts(work: &mut Work<'_>, file: &File, what: What<'_>) -> Res<Vec<(String, String, i64)>> {
    let (parcel, no, product, units) = what;
    let rows = work.all(
        "SELECT lot, expiry, quantity FROM parcel_items WHERE fulfillment = $1 AND parcel = $2 AND line_no = $3 \
         AND product = $4 ORDER BY lot DESC, expiry DESC",
        vals![&file.id, parcel, no, product],
    )?;
    let mut left = units;
    let mut parts = Vec::new();
    for row in rows {
        let part = left.min(row.at::<i64>(2)?);
        if part > 0 {
            parts.push((row.at(0)?, row.at(1)?, part));
            left -= part;
        }
    }
    Ok(parts)
}

/// Moves units from one parcel to another.
pub(super) fn moved(
    work: &mut Work<'_>,
    file: &mut File,
    what: (u32, &str, i64),
    serial: Option<&str>,
    way: (u16, u16),
) -> Res<Effect> {
    let (no, product, units) = what;
    let (from, to) = way;
    for (lot, expiry, part) in parts(work, file, (from, no, product, units))? {
        work.exec(
            "UPDATE parcel_items SET quantity = quantity - $5 WHERE fulfillment = $1 AND parcel = $2 AND line_no = $3 \
             AND product = $4 AND lot = $6 AND expiry = $7",
            vals![&file.id, from, no, product, part, &lot, &expiry],
        )?;
        work.exec(
            "INSERT INTO parcel_items (fulfillment, parcel, line_no, product, quantity, lot, expiry) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (fulfillment, parcel, line_no, product, lot, expiry) \
             DO UPDATE SET quantity = parcel_items.quantity + excluded.quantity",
            vals![&file.id, to, no, product, part, &lot, &expiry],
        )?;
    }
    drop_empty(work, file)?;
    if let Some(serial) = serial {
        work.exec(
            "UPDATE serials SET parcel = $4 WHERE fulfillment = $1 AND product = $2 AND serial = $3",
            vals![&file.id, product, serial, to],
        )?;
    }
    Ok(Ok(()))
}

fn recount(work: &mut Work<'_>, file: &mut File, parcel: u16) -> Res<()> {
    let rows = work.all(
        "SELECT line_no, product, quantity FROM parcel_items WHERE fulfillment = $1 AND parcel = $2",
        vals![&file.id, parcel],
    )?;
    for row in rows {
        let (product, units): (String, i64) = (row.at(1)?, row.at(2)?);
        let mut other = false;
        if let Ok(line) = file.line(row.at(0)?) {
            line.verified = (line.verified - units).max(0);
            other = line.product != product;
        }
        if other {
            crate::central::services::stock::put_back(work, &product, units, &file.id)?;
        }
    }
    work.exec("DELETE FROM parcel_items WHERE fulfillment = $1 AND parcel = $2", vals![&file.id, parcel])?;
    forget_serials(work, file, None, Some(parcel))
}

fn label(work: &mut Work<'_>, file: &File, fact: &Fact<'_>, parcel: u16, sscc: &str) -> Res<Effect> {
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
    let prefix = work.one("SELECT sscc_prefix FROM sites WHERE id = $1", vals![work.ctx.site.to_string()])?;
    let prefix: String = prefix.map(|row| row.at(0)).transpose()?.unwrap_or_default();
    // Digits: extension, prefix, serial, check.
    let serial = sscc.get(1 + prefix.len()..17).and_then(|digits| digits.parse::<i64>().ok());
    let granted = match serial.filter(|_| sscc.get(1..).is_some_and(|rest| rest.starts_with(&prefix))) {
        None => false,
        Some(serial) => {
            work.tx.int(
                "SELECT COUNT(*) FROM number_blocks WHERE station = $1 AND first_serial <= $2 \
                 AND first_serial + (last_no - first_no) >= $2",
                vals![fact.station.to_string(), serial],
            )? > 0
        }
    };
    set(work, file, fact, parcel, "sscc = $6", vals![sscc])?;
    // The label is on the box whatever the book says: the number is kept, and a person is asked.
    Ok(if granted { Ok(()) } else { Err(RejectCode::SsccNotGranted) })
}

/// Everything out of every parcel: the work begins again.
pub(super) fn clear(work: &mut Work<'_>, file: &File) -> Res<()> {
    work.exec("DELETE FROM parcel_items WHERE fulfillment = $1", vals![&file.id])?;
    work.exec(
        "UPDATE parcels SET void = 1, confirmed_ms = NULL, updated_ms = $2 WHERE fulfillment = $1",
        vals![&file.id, work.now_ms()],
    )?;
    forget_serials(work, file, None, None)
}

/// Serial numbers of this work that did not leave after all: one, those of a parcel, or all.
fn forget_serials(work: &mut Work<'_>, file: &File, one: Option<(&str, &String)>, parcel: Option<u16>) -> Res<()> {
    let (product, serial) = one.map_or((None, None), |(product, serial)| (Some(product), Some(serial.as_str())));
    let rows = work.all(
        "DELETE FROM serials WHERE fulfillment = $1 AND (CAST($2 AS TEXT) IS NULL OR (product = $2 AND serial = $3)) \
         AND (CAST($4 AS BIGINT) IS NULL OR parcel = $4) RETURNING id",
        vals![&file.id, product, serial, parcel],
    )?;
    for row in rows {
        work.gone(ChangeKind::SerialUsed, row.at::<String>(0)?);
    }
    Ok(())
}

fn drop_empty(work: &mut Work<'_>, file: &File) -> Res<()> {
    work.exec("DELETE FROM parcel_items WHERE fulfillment = $1 AND quantity <= 0", vals![&file.id])?;
    Ok(())
}

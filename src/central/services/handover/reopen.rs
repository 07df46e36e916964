//! A closed manifest is taken back: it was closed too early, the lorry never came. Everything that closing did is undone in this one
//! transaction, and mail that waits is not sent. That is possible on the day it was closed, and only while nothing says that the carrier
//! has a parcel of it.

use super::find::on_sheet;
use super::{PARCELS_MAX, Sheet, State, UNSHIPPED, Units, sheet};
use crate::central::error::{Refusal, Res};
use crate::central::services::messages;
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::core::time::UtcMs;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;
use std::collections::BTreeSet;

/// Longest note, characters.
pub const REOPEN_NOTE_MAX: usize = 200;
/// A manifest can be taken back for so long at least, ms: one that is closed at five to midnight, too.
pub const REOPEN_MIN_MS: i64 = 2 * 60 * 60 * 1000;

/// Why a manifest is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was closed before everything was on it.
    TooEarly,
    /// The carrier did not come, or did not take it along.
    NotFetched,
    /// Parcels are on it that did not leave.
    WrongParcels,
    /// Something else, in words.
    Other,
}

impl Why {
    /// All, in the order people are shown.
    pub const ALL: [Why; 4] = [Why::TooEarly, Why::NotFetched, Why::WrongParcels, Why::Other];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Why::TooEarly => "too_early",
            Why::NotFetched => "not_fetched",
            Why::WrongParcels => "wrong_parcels",
            Why::Other => "other",
        }
    }

    /// The reason of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.word() == word)
    }
}

/// What keeps a manifest closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stays {
    /// It is open.
    Open,
    /// Its day is over.
    Late,
    /// A parcel of this order arrived.
    Arrived {
        /// Its number.
        order: String,
    },
    /// A program told of a parcel of this order after it left.
    CarrierTold {
        /// Its number.
        order: String,
    },
    /// Units of this order that left are asked back, or came back.
    Returned {
        /// Its number.
        order: String,
    },
    /// With what is on the carrier's next manifest it would hold more than one may.
    Full,
}

impl Stays {
    /// What it is called towards programs.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Stays::Open => "open".to_owned(),
            Stays::Late => "closed since yesterday or before".to_owned(),
            Stays::Arrived { order } => format!("with parcels that arrived ({order})"),
            Stays::CarrierTold { order } => format!("with parcels that the carrier told of ({order})"),
            Stays::Returned { order } => format!("with units that come back ({order})"),
            Stays::Full => "too long together with the next one of its carrier".to_owned(),
        }
    }
}

/// A manifest that is open again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopened {
    /// Its number.
    pub number: String,
    /// Parcels on it now.
    pub parcels: i64,
    /// Orders of which parcels are in the house again.
    pub orders: i64,
    /// Orders whose customers read already that they left.
    pub told: i64,
    /// Number of the carrier's next manifest, whose parcels are on this one now.
    pub joined: Option<String>,
}

/// How taking back ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reopen {
    /// It is open, and its parcels are in the house.
    Done(Reopened),
    /// Nothing was done.
    Stays(Stays),
}

/// Until when a manifest that was closed then can be taken back, UTC ms: the end of the day in the site's zone, and two hours at least.
#[must_use]
pub fn until_ms(closed_ms: i64, zone: &str) -> i64 {
    let least = closed_ms + REOPEN_MIN_MS;
    let end = || {
        let zone = jiff::tz::TimeZone::get(zone).ok()?;
        let day = jiff::Timestamp::from_millisecond(closed_ms).ok()?.to_zoned(zone);
        Some(day.tomorrow().ok()?.start_of_day().ok()?.timestamp().as_millisecond())
    };
    end().map_or(least, |end| end.max(least))
}

/// What keeps the manifest of that number closed at this moment; none if it can be taken back.
///
/// # Errors
/// [`Refusal::Missing`] for no such manifest.
pub fn stays(tx: &mut dyn Conn, site: SiteId, number: &str, now: UtcMs) -> Res<Option<Stays>> {
    let sheet = sheet(tx, site, number)?;
    let zone = sites::get(tx, site)?.zone;
    kept(tx, &sheet, &zone, now)
}

fn kept(tx: &mut dyn Conn, sheet: &Sheet, zone: &str, now: UtcMs) -> Res<Option<Stays>> {
    match sheet.state {
        State::Open => return Ok(Some(Stays::Open)),
        State::Closed => {}
    }
    if now.0 >= until_ms(sheet.closed_ms.unwrap_or_default(), zone) {
        return Ok(Some(Stays::Late));
    }
    let told = tx.one(
        "SELECT o.number, p.delivered_ms FROM manifest_parcels mp JOIN parcels p ON p.fulfillment = mp.fulfillment \
         AND p.no = mp.parcel JOIN fulfillments f ON f.id = mp.fulfillment JOIN orders o ON o.id = f.order_id \
         WHERE mp.manifest = $1 AND (p.delivered_ms IS NOT NULL OR p.carrier_told_ms IS NOT NULL) \
         ORDER BY CASE WHEN p.delivered_ms IS NULL THEN 1 ELSE 0 END, o.number LIMIT 1",
        vals![&sheet.id],
    )?;
    if let Some(row) = told {
        let order = row.at(0)?;
        let arrived = row.at::<Option<i64>>(1)?.is_some();
        return Ok(Some(if arrived { Stays::Arrived { order } } else { Stays::CarrierTold { order } }));
    }
    // What is asked back must have left, also without the parcels of this manifest.
    let back = tx.one(
        "SELECT o.number FROM (SELECT f.order_id, i.line_no, CAST(SUM(i.quantity) AS BIGINT) AS units FROM manifest_parcels mp \
         JOIN fulfillments f ON f.id = mp.fulfillment JOIN parcel_items i ON i.fulfillment = mp.fulfillment \
         AND i.parcel = mp.parcel WHERE mp.manifest = $1 GROUP BY f.order_id, i.line_no) gone \
         JOIN order_lines l ON l.order_id = gone.order_id AND l.line_no = gone.line_no JOIN orders o ON o.id = l.order_id \
         WHERE l.return_requested + l.returned > l.shipped - gone.units ORDER BY o.number LIMIT 1",
        vals![&sheet.id],
    )?;
    Ok(back.map(|row| row.at(0).map(|order| Stays::Returned { order })).transpose()?)
}

/// Takes the closed manifest of that number back. `note` may be empty, except for [`Why::Other`]. If the carrier's next manifest is open
/// already, what is on that goes onto this one: a carrier has one open manifest.
///
/// # Errors
/// [`Refusal::Missing`] for no such manifest; [`Refusal::Field`] for a note that is missing or too long. What keeps it closed is told
/// inside.
pub fn reopen(work: &mut Work<'_>, number: &str, why: Why, note: &str) -> Res<Reopen> {
    let note = note.trim();
    if note.chars().count() > REOPEN_NOTE_MAX || note.contains('\0') {
        return Err(Refusal::Field { field: "manifest.note", why: "must have at most 200 characters" }.into());
    }
    if why == Why::Other && note.is_empty() {
        return Err(Refusal::Field { field: "manifest.note", why: "must say why in words" }.into());
    }
    let sheet = sheet(work.tx, work.ctx.site, number)?;
    let zone = sites::get(work.tx, work.ctx.site)?.zone;
    if let Some(stays) = kept(work.tx, &sheet, &zone, work.ctx.now)? {
        return Ok(Reopen::Stays(stays));
    }
    let parcels = on_sheet(work.tx, &sheet.id)?;
    let Ok(joined) = join(work, &sheet, i64::try_from(parcels.len()).unwrap_or(i64::MAX))? else {
        return Ok(Reopen::Stays(Stays::Full));
    };
    back_in_house(work, &sheet.id, &parcels)?;
    work.exec(
        "UPDATE manifests SET state = 'open', parcels = 0, closed_by_kind = NULL, closed_by = NULL, closed_ms = NULL, \
         reopened = reopened + 1, reopened_ms = $2, reopened_by_kind = $3, reopened_by = $4, reopen_reason = $5, reopen_note = $6, \
         version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![&sheet.id, work.now_ms(), work.ctx.actor.kind(), work.ctx.actor.id(), why.word(), note],
    )?;
    let orders: BTreeSet<&String> = parcels.iter().map(|parcel| &parcel.order_id).collect();
    let mut told = 0;
    for order in &orders {
        told += i64::from(tell(work, order, &sheet, why)?);
    }
    let there = work.tx.int("SELECT COUNT(*) FROM manifest_parcels WHERE manifest = $1", vals![&sheet.id])?;
    let done = Reopened {
        number: sheet.number.clone(),
        parcels: there,
        orders: i64::try_from(orders.len()).unwrap_or(i64::MAX),
        told,
        joined,
    };
    let detail = serde_json::json!({
        "number": sheet.number, "carrier": sheet.carrier, "reason": why.word(), "parcels": parcels.len(), "orders": done.orders,
        "told": told, "joined": done.joined,
    });
    work.audit("manifest.reopened", "manifest", &sheet.id, detail);
    Ok(Reopen::Done(done))
}

/// Puts what is on the carrier's open manifest onto this one and takes that away; its number. An error inside if both are too many.
fn join(work: &mut Work<'_>, sheet: &Sheet, parcels: i64) -> Res<Result<Option<String>, ()>> {
    let open = work.one(
        "SELECT id, number FROM manifests WHERE site = $1 AND carrier = $2 AND state = 'open'",
        vals![work.site(), &sheet.carrier],
    )?;
    let Some(open) = open else { return Ok(Ok(None)) };
    let (id, number): (String, String) = (open.at(0)?, open.at(1)?);
    let there = work.tx.int("SELECT COUNT(*) FROM manifest_parcels WHERE manifest = $1", vals![&id])?;
    if parcels + there > PARCELS_MAX {
        return Ok(Err(()));
    }
    work.exec("UPDATE manifest_parcels SET manifest = $2 WHERE manifest = $1", vals![&id, &sheet.id])?;
    work.exec("DELETE FROM manifests WHERE id = $1", vals![&id])?;
    let detail = serde_json::json!({ "number": number, "into": sheet.number, "parcels": there });
    work.audit("manifest.joined", "manifest", &id, detail);
    Ok(Ok(Some(number)))
}

/// The parcels that were closed with it never left: they, the lines of their orders, and the work they are of.
fn back_in_house(work: &mut Work<'_>, manifest: &str, parcels: &[super::ParcelRow]) -> Res<()> {
    let now_ms = work.now_ms();
    let named = |parcel: &super::ParcelRow| serde_json::json!({ "work": parcel.fulfillment, "no": parcel.no });
    let named = serde_json::Value::from(parcels.iter().map(named).collect::<Vec<_>>()).to_string();
    // Those that came over from the next manifest have never left.
    work.exec(
        "UPDATE parcels SET shipped_ms = NULL, updated_ms = $2 WHERE (fulfillment, no) IN \
         (SELECT j.value ->> 'work', CAST(j.value ->> 'no' AS BIGINT) FROM json_each($1) j)",
        vals![named, now_ms],
    )?;
    let gone = work.all(
        "SELECT f.order_id, i.line_no, CAST(SUM(CASE WHEN p.shipped_ms IS NULL THEN 0 ELSE i.quantity END) AS BIGINT) AS units \
         FROM fulfillments f JOIN parcels p ON p.fulfillment = f.id AND p.void = 0 JOIN parcel_items i \
         ON i.fulfillment = p.fulfillment AND i.parcel = p.no WHERE f.order_id IN (SELECT b.order_id FROM manifest_parcels mp \
         JOIN fulfillments b ON b.id = mp.fulfillment WHERE mp.manifest = $1) GROUP BY f.order_id, i.line_no \
         ORDER BY f.order_id, i.line_no",
        vals![manifest],
    )?;
    for row in gone {
        work.exec(
            "UPDATE order_lines SET shipped = CASE WHEN CAST($3 AS BIGINT) > packed THEN packed ELSE CAST($3 AS BIGINT) END \
             WHERE order_id = $1 AND line_no = $2",
            vals![row.at::<String>(0)?, row.at::<i64>(1)?, row.at::<i64>(2)?],
        )?;
    }
    let here = work.all(
        "UPDATE fulfillments SET state = 'packed', handed_over_ms = NULL, version = version + 1, updated_ms = $2 \
         WHERE id IN (SELECT fulfillment FROM manifest_parcels WHERE manifest = $1) AND state = 'handed_over' RETURNING id",
        vals![manifest, now_ms],
    )?;
    for row in here {
        work.changed(ChangeKind::Fulfillment, row.at::<String>(0)?);
    }
    Ok(())
}

/// An order of which parcels did not leave after all: its third axis, its history, its mail, and programs. Whether the customer was told
/// already.
fn tell(work: &mut Work<'_>, order: &str, sheet: &Sheet, why: Why) -> Res<bool> {
    let units = Units::of(work.tx, order)?;
    let axis = units.axis(false);
    let row = work.one(
        "UPDATE orders SET fulfillment_status = $2, version = version + 1, updated_ms = $3 WHERE id = $1 RETURNING number, version",
        vals![order, axis, work.now_ms()],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    work.changed(ChangeKind::Order, order);
    let told = messages::stayed(work, order, units.shipped > 0, sheet.closed_ms.unwrap_or_default())?;
    let detail = serde_json::json!({ "manifest": sheet.number, "reason": why.word() });
    work.audit("order.unshipped", "order", order, detail);
    let data = serde_json::json!({
        "number": row.at::<String>(0)?, "version": row.at::<i64>(1)?, "fulfillment_status": axis, "manifest": sheet.number,
        "carrier": sheet.carrier, "reason": why.word(),
    });
    work.tell(UNSHIPPED, order, data);
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::{REOPEN_MIN_MS, until_ms};

    #[test]
    fn the_day_of_the_site_counts_and_two_hours_at_least() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        // Madrid is two hours ahead in summer.
        assert_eq!(until_ms(at("2026-07-01T08:00:00Z"), "Europe/Madrid"), at("2026-07-01T22:00:00Z"));
        assert_eq!(until_ms(at("2026-07-01T21:59:00Z"), "Europe/Madrid"), at("2026-07-01T23:59:00Z"));
        assert_eq!(until_ms(at("2026-07-01T22:00:00Z"), "Europe/Madrid"), at("2026-07-02T22:00:00Z"));
        // The day on which clocks go back has 25 hours.
        assert_eq!(until_ms(at("2026-10-25T00:30:00Z"), "Europe/Madrid"), at("2026-10-25T23:00:00Z"));
        assert_eq!(until_ms(1_000, "Nowhere/None"), 1_000 + REOPEN_MIN_MS);
    }
}

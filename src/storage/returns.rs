//! Returns at this bench: which are open here, and the units that were graded here. The records themselves are among those the
//! server owns; a unit that central has counted is in its record by the id of the fact.

use super::{Res, StorageError, records, uuid, uuid_at};
use crate::core::ids::{LineNo, ProductId, ReturnId, UserId};
use crate::core::returns::{Grade, Place, Unit};
use crate::core::scan::Trace;
use crate::core::time::UtcMs;
use crate::protocol::domain;
use crate::protocol::wire::place::LocationKind;
use crate::protocol::wire::{ChangeKind, EventId, LocalDate, LocationRecord, ReturnRecord};
use crate::sql::{Conn, Row};
use crate::vals;
use uuid::Uuid;

/// Returns that are listed.
pub const LISTED_MAX: u32 = 100;
/// Code of a unit's place that is no shelf: where such units wait, and what is thrown away.
const ASIDE: &str = "\u{1}aside";
const WASTE: &str = "\u{1}waste";

/// Units graded here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graded {
    /// Identity of the fact that tells of them.
    pub id: EventId,
    /// The return.
    pub of: ReturnId,
    /// Its number.
    pub number: String,
    /// The units.
    pub unit: Unit,
    /// Who graded them.
    pub actor: UserId,
    /// When.
    pub at: UtcMs,
    /// The fact is in the outbox.
    pub told: bool,
}

/// The record of a return that is on its way.
///
/// # Errors
/// If the database refuses or the record cannot be read.
pub fn record(c: &mut dyn Conn, id: ReturnId) -> Res<Option<ReturnRecord>> {
    records::get(c, ChangeKind::Return, id.0)
}

/// Returns that have this code: their own number, their order's, or a label's. At most eight.
///
/// # Errors
/// If the database refuses.
pub fn by_code(c: &mut dyn Conn, code: &str) -> Res<Vec<ReturnId>> {
    let kind = ChangeKind::Return.text();
    let rows = c.all("SELECT id FROM code WHERE code = $1 AND kind = $2 ORDER BY id LIMIT 8", vals![code, kind])?;
    rows.iter().map(|row| Ok(ReturnId(uuid_at(row, "id")?))).collect()
}

/// Returns that are on their way, at most [`LISTED_MAX`].
///
/// # Errors
/// If the database refuses or a record cannot be read.
pub fn all(c: &mut dyn Conn) -> Res<Vec<ReturnRecord>> {
    records::all(c, ChangeKind::Return, LISTED_MAX)
}

/// Keeps units that were graded; not yet told.
///
/// # Errors
/// If the database refuses.
pub fn put_unit(c: &mut dyn Conn, graded: &Graded) -> Res<()> {
    let unit = &graded.unit;
    let place = match &unit.place {
        Place::Shelf(code) => code.as_str(),
        Place::Aside => ASIDE,
        Place::Waste => WASTE,
    };
    c.exec(
        "INSERT INTO return_unit (id, return_id, number, line, product, units, grade, place, lot, expiry, serial, actor,
         at, told) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &[
            uuid(graded.id.0),
            uuid(graded.of.0),
            (&graded.number).into(),
            unit.line.0.into(),
            uuid(unit.product.0),
            unit.units.into(),
            unit.grade.word().into(),
            place.into(),
            unit.trace.lot.clone().into(),
            unit.trace.expiry.map(|day| day.to_string()).into(),
            unit.trace.serial.clone().into(),
            uuid(graded.actor.0),
            graded.at.0.into(),
            graded.told.into(),
        ],
    )?;
    Ok(())
}

/// The fact of these units is in the outbox.
///
/// # Errors
/// If the database refuses.
pub fn set_told(c: &mut dyn Conn, id: EventId) -> Res<()> {
    c.exec("UPDATE return_unit SET told = 1 WHERE id = $1", &[uuid(id.0)])?;
    Ok(())
}

/// These units were taken back before anybody heard of them.
///
/// # Errors
/// If the database refuses.
pub fn take_back(c: &mut dyn Conn, id: EventId) -> Res<()> {
    c.exec("DELETE FROM return_unit WHERE id = $1 AND told = 0", &[uuid(id.0)])?;
    Ok(())
}

/// Units of a return that were graded here, oldest first.
///
/// # Errors
/// If the database refuses.
pub fn units(c: &mut dyn Conn, of: ReturnId) -> Res<Vec<Graded>> {
    let rows = c.all("SELECT * FROM return_unit WHERE return_id = $1 ORDER BY at, id", &[uuid(of.0)])?;
    rows.iter().map(graded).collect()
}

/// Units that no fact tells of yet: the last of a return each.
///
/// # Errors
/// If the database refuses.
pub fn untold(c: &mut dyn Conn) -> Res<Vec<Graded>> {
    let rows = c.all("SELECT * FROM return_unit WHERE told = 0 ORDER BY at, id LIMIT 100", &[])?;
    rows.iter().map(graded).collect()
}

fn graded(r: &Row) -> Res<Graded> {
    let grade = Grade::of(&r.get::<String>("grade")?).ok_or(StorageError::Missing { what: "a known grade" })?;
    let place = match r.get::<String>("place")?.as_str() {
        ASIDE => Place::Aside,
        WASTE => Place::Waste,
        code => Place::Shelf(code.to_owned()),
    };
    let expiry: Option<String> = r.get("expiry")?;
    let trace = Trace {
        serial: r.get("serial")?,
        lot: r.get("lot")?,
        expiry: expiry.and_then(|day| domain::day(&LocalDate(day))),
        net: None,
    };
    let unit = Unit {
        line: LineNo(r.get("line")?),
        product: ProductId(uuid_at(r, "product")?),
        units: r.get("units")?,
        grade,
        place,
        trace,
    };
    Ok(Graded {
        id: EventId(uuid_at(r, "id")?),
        of: ReturnId(uuid_at(r, "return_id")?),
        number: r.get("number")?,
        unit,
        actor: UserId(uuid_at(r, "actor")?),
        at: UtcMs(r.get("at")?),
        told: r.get("told")?,
    })
}

/// Notes that a return is open here, on the bench or left for later.
///
/// # Errors
/// If the database refuses.
pub fn put_open(c: &mut dyn Conn, id: ReturnId, on_bench: bool, now: UtcMs) -> Res<()> {
    c.exec(
        "INSERT INTO return_open (return_id, on_bench, since) VALUES ($1, $2, $3) ON CONFLICT (return_id) DO UPDATE SET
         on_bench = excluded.on_bench, since = excluded.since",
        &[uuid(id.0), on_bench.into(), now.0.into()],
    )?;
    Ok(())
}

/// A return is not open here any more.
///
/// # Errors
/// If the database refuses.
pub fn close(c: &mut dyn Conn, id: ReturnId) -> Res<()> {
    c.exec("DELETE FROM return_open WHERE return_id = $1", &[uuid(id.0)])?;
    Ok(())
}

/// Returns that are open here: on the bench or not, and since when.
///
/// # Errors
/// If the database refuses.
pub fn open(c: &mut dyn Conn) -> Res<Vec<(ReturnId, bool, UtcMs)>> {
    let rows = c.all("SELECT return_id, on_bench, since FROM return_open ORDER BY since DESC LIMIT 100", &[])?;
    rows.iter().map(|r| Ok((ReturnId(uuid_at(r, "return_id")?), r.get("on_bench")?, UtcMs(r.get("since")?)))).collect()
}

/// The return is over: what was told of it need not be known here any longer. A unit that was not told yet stays until it is.
pub(super) fn forget(c: &mut dyn Conn, id: Uuid) -> Res<()> {
    c.exec("DELETE FROM return_unit WHERE return_id = $1 AND told = 1", &[uuid(id)])?;
    Ok(())
}

/// The shelf a product is kept on by the newest word: the one that holds most of it. What the server keeps for its own books is none.
///
/// # Errors
/// If the database refuses or a record cannot be read.
pub fn shelf(c: &mut dyn Conn, product: ProductId) -> Res<Option<String>> {
    let rows = c.all(
        "SELECT s.place FROM stock s JOIN place p ON p.id = s.place WHERE s.product = $1 AND p.kind <> 'dock' AND s.held = 0
         ORDER BY s.quantity DESC, p.walk_rank, p.code LIMIT 20",
        &[uuid(product.0)],
    )?;
    for row in &rows {
        let place: Option<LocationRecord> = records::get(c, ChangeKind::Location, uuid_at(row, "place")?)?;
        if let Some(place) = place
            && matches!(place.kind, LocationKind::Bin | LocationKind::Reserve)
        {
            return Ok(Some(place.code));
        }
    }
    Ok(None)
}

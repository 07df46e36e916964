//! The queue: which fulfillments the station knows, with the columns it sorts by.

use super::{Res, records, uuid, uuid_at};
use crate::core::ids::FulfillmentId;
use crate::core::priority::Candidate;
use crate::core::time::UtcMs;
use crate::protocol::wire::{ChangeKind, FulfillmentRecord, FulfillmentStatus, OrderRecord, UserRecord};
use crate::sql::{Conn, Row, Val};
use crate::vals;
use uuid::Uuid;

/// Most candidates looked at for the queue; leases are bounded far below.
const CANDIDATES_MAX: u32 = 2_000;

/// What became of a fulfillment on this station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalState {
    /// Nothing yet.
    Waiting,
    /// A session is open or parked.
    Begun,
    /// Packed, handed back, cancelled or lost: not to be offered again.
    Over,
}

impl LocalState {
    fn text(self) -> &'static str {
        match self {
            LocalState::Waiting => "waiting",
            LocalState::Begun => "begun",
            LocalState::Over => "over",
        }
    }
}

/// Keeps the queue's columns in step with a fulfillment record.
pub(super) fn index(c: &mut dyn Conn, r: &FulfillmentRecord) -> Res<()> {
    let order: Option<OrderRecord> = records::get(c, ChangeKind::Order, r.order_id.0)?;
    let units: i64 = r.lines.iter().map(|l| i64::from(l.quantity)).sum();
    let expedited = match order.as_ref().and_then(|o| o.priority.expedited_by) {
        Some(id) => Some(initials(c, id.0)?),
        None => None,
    };
    c.exec(
        "INSERT INTO work (fulfillment, order_id, number, status, rush, expedited_by, vip, ship_by, placed, lines,
         units, container, carrier, service, skipped_until, local_state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 'waiting')
         ON CONFLICT (fulfillment) DO UPDATE SET order_id = excluded.order_id, number = excluded.number,
         status = excluded.status, rush = excluded.rush, expedited_by = excluded.expedited_by, vip = excluded.vip,
         ship_by = excluded.ship_by, placed = excluded.placed, lines = excluded.lines, units = excluded.units,
         container = excluded.container, carrier = excluded.carrier, service = excluded.service",
        &[
            uuid(r.id.0),
            uuid(r.order_id.0),
            (&r.number).into(),
            status(r.status).into(),
            order.as_ref().is_some_and(|o| o.priority.rush).into(),
            expedited.into(),
            order.as_ref().is_some_and(|o| o.customer.vip).into(),
            r.ready_by_ms.or(order.as_ref().and_then(|o| o.ship_by_ms)).into(),
            order.as_ref().map_or(0, |o| o.placed_ms).into(),
            i64::try_from(r.lines.len()).unwrap_or(i64::MAX).into(),
            units.into(),
            r.container.map_or(Val::Null, |l| uuid(l.0)),
            r.carrier.carrier_id.to_string().into(),
            (&r.carrier.service).into(),
        ],
    )?;
    c.exec("DELETE FROM work_product WHERE fulfillment = $1", &[uuid(r.id.0)])?;
    for l in &r.lines {
        c.exec(
            "INSERT INTO work_product (product, fulfillment) VALUES ($1, $2) ON CONFLICT (product, fulfillment) DO NOTHING",
            &[uuid(l.product_id.0), uuid(r.id.0)],
        )?;
    }
    Ok(())
}

fn status(s: FulfillmentStatus) -> &'static str {
    match s {
        FulfillmentStatus::Blocked => "blocked",
        FulfillmentStatus::Ready => "ready",
        FulfillmentStatus::Picked => "picked",
        FulfillmentStatus::InWork => "in_work",
        FulfillmentStatus::OnHold => "on_hold",
        FulfillmentStatus::Packed => "packed",
        FulfillmentStatus::HandedOver => "handed_over",
        FulfillmentStatus::Cancelled => "cancelled",
    }
}

fn initials(c: &mut dyn Conn, user: Uuid) -> Res<String> {
    let r: Option<UserRecord> = records::get(c, ChangeKind::User, user)?;
    Ok(r.map_or_else(|| "?".to_owned(), |u| u.initials))
}

/// An order changed: its fulfillments may rank differently now.
pub(super) fn reindex_order(c: &mut dyn Conn, r: &OrderRecord) -> Res<()> {
    for row in c.all("SELECT fulfillment FROM work WHERE order_id = $1", &[uuid(r.id.0)])? {
        let id = uuid_at(&row, "fulfillment")?;
        if let Some(f) = records::get::<FulfillmentRecord>(c, ChangeKind::Fulfillment, id)? {
            index(c, &f)?;
        }
    }
    Ok(())
}

pub(super) fn remove(c: &mut dyn Conn, id: Uuid) -> Res<()> {
    // A session in work outlives its record: what was scanned stays.
    c.exec("DELETE FROM work WHERE fulfillment = $1 AND local_state <> 'begun'", &[uuid(id)])?;
    c.exec("DELETE FROM work_product WHERE fulfillment = $1", &[uuid(id)])?;
    Ok(())
}

/// Work that waits, and who takes it away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What the queue ranks; without the carrier's cut-off, which is the reader's arithmetic.
    pub candidate: Candidate,
    /// Id of the carrier's record, as text; may be empty.
    pub carrier: String,
    /// Code of the carrier's service; may be empty.
    pub service: String,
}

/// How long a skipped order stays out of the queue, ms. One that was skipped for longer by the present clock was skipped while
/// that ran ahead.
pub const SKIP_MS: i64 = 15 * 60_000;

/// Work that can be begun here now: leased, not begun, not skipped.
///
/// # Errors
/// If the database refuses.
pub fn candidates(c: &mut dyn Conn, now: UtcMs) -> Res<Vec<Waiting>> {
    let rows = c.all(
        "SELECT w.* FROM work w JOIN lease l ON l.fulfillment = w.fulfillment
         WHERE w.local_state = 'waiting' AND (w.skipped_until <= $1 OR w.skipped_until > $3) AND l.begun = 0
         AND w.status IN ('ready', 'picked', 'in_work') ORDER BY w.placed, w.number LIMIT $2",
        vals![now.0, CANDIDATES_MAX, now.plus_ms(SKIP_MS).0],
    )?;
    rows.iter()
        .map(|r| Ok(Waiting { candidate: candidate(r)?, carrier: r.get("carrier")?, service: r.get("service")? }))
        .collect()
}

fn candidate(r: &Row) -> Res<Candidate> {
    Ok(Candidate {
        fulfillment: FulfillmentId(uuid_at(r, "fulfillment")?),
        number: r.get("number")?,
        rush: r.get("rush")?,
        expedited_by: r.get("expedited_by")?,
        vip: r.get("vip")?,
        ship_by: r.get::<Option<i64>>("ship_by")?.map(UtcMs),
        cutoff: None,
        placed: UtcMs(r.get("placed")?),
        lines: r.get("lines")?,
        units: r.get("units")?,
    })
}

/// Candidates that need a product, for "grab, scan".
///
/// # Errors
/// If the database refuses.
pub fn needing(c: &mut dyn Conn, product: Uuid) -> Res<Vec<FulfillmentId>> {
    let rows = c.all(
        "SELECT p.fulfillment FROM work_product p JOIN work w ON w.fulfillment = p.fulfillment
         JOIN lease l ON l.fulfillment = w.fulfillment
         WHERE p.product = $1 AND w.local_state = 'waiting' AND l.begun = 0 LIMIT 200",
        &[uuid(product)],
    )?;
    rows.iter().map(|r| Ok(FulfillmentId(uuid_at(r, "fulfillment")?))).collect()
}

/// Fulfillments of an order that the station knows.
///
/// # Errors
/// If the database refuses.
pub fn of_order(c: &mut dyn Conn, order: Uuid) -> Res<Vec<FulfillmentId>> {
    let rows = c.all("SELECT fulfillment FROM work WHERE order_id = $1 ORDER BY number LIMIT 50", &[uuid(order)])?;
    rows.iter().map(|r| Ok(FulfillmentId(uuid_at(r, "fulfillment")?))).collect()
}

/// Fulfillments by their own number or their order's.
///
/// # Errors
/// If the database refuses.
pub fn by_number(c: &mut dyn Conn, number: &str) -> Res<Vec<FulfillmentId>> {
    let rows = c.all("SELECT fulfillment FROM work WHERE number = $1 LIMIT 50", vals![number])?;
    rows.iter().map(|r| Ok(FulfillmentId(uuid_at(r, "fulfillment")?))).collect()
}

/// Fulfillments that wait in a tote or slot, the one placed first first.
///
/// # Errors
/// If the database refuses.
pub fn in_container(c: &mut dyn Conn, place: Uuid) -> Res<Vec<FulfillmentId>> {
    let rows =
        c.all("SELECT fulfillment FROM work WHERE container = $1 ORDER BY placed, number LIMIT 50", &[uuid(place)])?;
    rows.iter().map(|r| Ok(FulfillmentId(uuid_at(r, "fulfillment")?))).collect()
}

/// Is a session of it open or parked here?
///
/// # Errors
/// If the database refuses.
pub fn is_begun(c: &mut dyn Conn, f: Uuid) -> Res<bool> {
    let n = c.int("SELECT COUNT(*) FROM work WHERE fulfillment = $1 AND local_state = 'begun'", &[uuid(f)])?;
    Ok(n > 0)
}

/// Is a session of any part of the order open or parked here?
///
/// # Errors
/// If the database refuses.
pub fn is_order_begun(c: &mut dyn Conn, order: Uuid) -> Res<bool> {
    let n = c.int("SELECT COUNT(*) FROM work WHERE order_id = $1 AND local_state = 'begun'", &[uuid(order)])?;
    Ok(n > 0)
}

/// Number of a fulfillment, as people use it.
///
/// # Errors
/// If the database refuses.
pub fn number(c: &mut dyn Conn, f: FulfillmentId) -> Res<Option<String>> {
    let row = c.one("SELECT number FROM work WHERE fulfillment = $1", &[uuid(f.0)])?;
    Ok(row.map(|r| r.at(0)).transpose()?)
}

/// What became of it here.
///
/// # Errors
/// If the database refuses.
pub fn set_local(c: &mut dyn Conn, f: FulfillmentId, state: LocalState) -> Res<()> {
    c.exec("UPDATE work SET local_state = $2 WHERE fulfillment = $1", &[uuid(f.0), state.text().into()])?;
    Ok(())
}

/// Is it waiting here?
///
/// # Errors
/// If the database refuses.
pub fn is_waiting(c: &mut dyn Conn, f: FulfillmentId) -> Res<bool> {
    let row = c.one("SELECT local_state FROM work WHERE fulfillment = $1", &[uuid(f.0)])?;
    Ok(match row {
        Some(r) => r.at::<String>(0)? == LocalState::Waiting.text(),
        None => false,
    })
}

/// Leaves it out of the queue until then.
///
/// # Errors
/// If the database refuses.
pub fn skip(c: &mut dyn Conn, f: FulfillmentId, until: UtcMs) -> Res<()> {
    c.exec("UPDATE work SET skipped_until = $2 WHERE fulfillment = $1", &[uuid(f.0), until.0.into()])?;
    Ok(())
}

/// Moves it to the front, or back, until the server says otherwise.
///
/// # Errors
/// If the database refuses.
pub fn expedite(c: &mut dyn Conn, f: FulfillmentId, by: Option<&str>) -> Res<()> {
    c.exec("UPDATE work SET expedited_by = $2 WHERE fulfillment = $1", &[uuid(f.0), by.map(str::to_owned).into()])?;
    Ok(())
}

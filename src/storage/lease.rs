//! Leases held, and those given up that the server has not confirmed.

use super::{Res, StorageError, meta, numbers, uuid, uuid_at};
use crate::core::ids::FulfillmentId;
use crate::protocol::sync::{ClockReading, HeldLease, LeaseChange, Returning};
use crate::protocol::wire::{self, BootId, Fence, LeaseReturn, ReturnReason, Seq};
use crate::sql::{Conn, Row};

/// What a stored lease answer means for the bench.
#[derive(Debug, Default)]
pub struct Stored {
    /// Leases that were lost while work under them had begun: a person must know.
    pub begun: Vec<FulfillmentId>,
    /// Unstarted leases that the server asked for and that are given up now: the sync machine must tell.
    pub given_back: Vec<Returning>,
}

/// Stores what a lease answer changes.
///
/// # Errors
/// If the database refuses.
pub fn store(c: &mut dyn Conn, change: &LeaseChange) -> Res<Stored> {
    for l in &change.put {
        let invoice =
            change.grants.iter().find(|g| g.fulfillment == l.fulfillment).and_then(|g| g.invoice_number.clone());
        put(c, l, invoice)?;
    }
    let mut stored = Stored::default();
    for loss in &change.lost {
        let id = FulfillmentId(loss.fulfillment.0);
        match get(c, id)? {
            Some((held, _)) if held.fence != loss.fence => {}
            Some((held, _)) if held.begun => stored.begun.push(id),
            Some(_) => {
                c.exec("DELETE FROM lease WHERE fulfillment = $1", &[uuid(id.0)])?;
            }
            None => {}
        }
    }
    for recall in &change.recalled {
        let id = FulfillmentId(recall.fulfillment.0);
        if get(c, id)?.is_some_and(|(held, _)| held.fence == recall.fence && !held.begun) {
            stored.given_back.extend(give_back(c, id, ReturnReason::Recalled)?);
        }
    }
    for back in &change.returned {
        c.exec(
            "DELETE FROM lease_return WHERE fulfillment = $1 AND fence = $2",
            &[uuid(back.fulfillment.0), int(back.fence.0).into()],
        )?;
    }
    for b in &change.sscc_blocks {
        numbers::add_block(c, b)?;
    }
    Ok(stored)
}

fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Whether work began is this station's own knowledge: a renewed lease keeps it, a new grant of work that is
/// under way here has begun.
fn put(c: &mut dyn Conn, l: &HeldLease, invoice: Option<String>) -> Res<()> {
    let given_up = c.int(
        "SELECT COUNT(*) FROM lease_return WHERE fulfillment = $1 AND fence >= $2",
        &[uuid(l.fulfillment.0), int(l.fence.0).into()],
    )?;
    if given_up > 0 {
        // An answer that crossed the return: what is over here must not come back under the same number.
        return Ok(());
    }
    c.exec(
        "INSERT INTO lease (fulfillment, fence, begun, sent_mono_ms, sent_wall_ms, boot_id, ttl_ms, invoice_no)
         VALUES ($1, $2, CASE WHEN EXISTS (SELECT 1 FROM work w WHERE w.fulfillment = $1 AND w.local_state = 'begun')
         THEN 1 ELSE $3 END, $4, $5, $6, $7, $8) ON CONFLICT (fulfillment) DO UPDATE SET
         begun = CASE WHEN lease.fence = excluded.fence THEN lease.begun ELSE excluded.begun END, fence = excluded.fence,
         sent_mono_ms = excluded.sent_mono_ms, sent_wall_ms = excluded.sent_wall_ms, boot_id = excluded.boot_id,
         ttl_ms = excluded.ttl_ms, invoice_no = COALESCE(excluded.invoice_no, lease.invoice_no)",
        &[
            uuid(l.fulfillment.0),
            int(l.fence.0).into(),
            l.begun.into(),
            int(l.sent_mono_ms).into(),
            l.sent_wall_ms.into(),
            uuid(l.boot_id.0),
            int(l.ttl_ms).into(),
            invoice.into(),
        ],
    )?;
    // Work that came back after it was over here is new work under a new number.
    c.exec(
        "UPDATE work SET local_state = 'waiting' WHERE fulfillment = $1 AND local_state = 'over'",
        &[uuid(l.fulfillment.0)],
    )?;
    Ok(())
}

fn read(r: &Row) -> Res<(HeldLease, Option<String>)> {
    let lease = HeldLease {
        fulfillment: wire::FulfillmentId(uuid_at(r, "fulfillment")?),
        fence: Fence(r.get("fence")?),
        begun: r.get("begun")?,
        sent_mono_ms: r.get("sent_mono_ms")?,
        sent_wall_ms: r.get("sent_wall_ms")?,
        boot_id: BootId(uuid_at(r, "boot_id")?),
        ttl_ms: r.get("ttl_ms")?,
    };
    Ok((lease, r.get("invoice_no")?))
}

/// A lease, with the invoice number granted with it.
///
/// # Errors
/// If the database refuses.
pub fn get(c: &mut dyn Conn, f: FulfillmentId) -> Res<Option<(HeldLease, Option<String>)>> {
    c.one("SELECT * FROM lease WHERE fulfillment = $1", &[uuid(f.0)])?.as_ref().map(read).transpose()
}

/// All leases.
///
/// # Errors
/// If the database refuses.
pub fn all(c: &mut dyn Conn) -> Res<Vec<HeldLease>> {
    c.all("SELECT * FROM lease ORDER BY fulfillment", &[])?.iter().map(|r| Ok(read(r)?.0)).collect()
}

/// Work began under it.
///
/// # Errors
/// If the database refuses.
pub fn begin(c: &mut dyn Conn, f: FulfillmentId) -> Res<()> {
    c.exec("UPDATE lease SET begun = 1 WHERE fulfillment = $1", &[uuid(f.0)])?;
    Ok(())
}

/// Gives it up; returns what the server must be told, if there was a lease.
///
/// # Errors
/// If the database refuses.
pub fn give_back(c: &mut dyn Conn, f: FulfillmentId, reason: ReturnReason) -> Res<Option<Returning>> {
    let Some((held, _)) = get(c, f)? else { return Ok(None) };
    let text = reason_text(reason);
    let seq = meta::int(c, meta::key::SEQ)?;
    c.exec("DELETE FROM lease WHERE fulfillment = $1", &[uuid(f.0)])?;
    c.exec(
        "INSERT INTO lease_return (fulfillment, fence, reason, after_seq) VALUES ($1, $2, $3, $4)
         ON CONFLICT (fulfillment) DO UPDATE SET fence = excluded.fence, reason = excluded.reason,
         after_seq = excluded.after_seq",
        &[uuid(f.0), int(held.fence.0).into(), text.into(), seq.into()],
    )?;
    let back = LeaseReturn { fulfillment: held.fulfillment, fence: held.fence, reason };
    Ok(Some(Returning { back, after_seq: Seq(seq.unsigned_abs()) }))
}

fn reason_text(r: ReturnReason) -> &'static str {
    match r {
        ReturnReason::Recalled => "recalled",
        ReturnReason::HandedBack => "handed_back",
        ReturnReason::Cancelled => "cancelled",
        ReturnReason::Done => "done",
        ReturnReason::ShiftEnd => "shift_end",
    }
}

/// Returns that the server has not confirmed.
///
/// # Errors
/// If the database refuses.
pub fn returning(c: &mut dyn Conn) -> Res<Vec<Returning>> {
    let rows = c.all("SELECT fulfillment, fence, reason, after_seq FROM lease_return ORDER BY fulfillment", &[])?;
    let mut list = Vec::new();
    for r in &rows {
        let reason = match r.get::<String>("reason")?.as_str() {
            "recalled" => ReturnReason::Recalled,
            "handed_back" => ReturnReason::HandedBack,
            "cancelled" => ReturnReason::Cancelled,
            "done" => ReturnReason::Done,
            "shift_end" => ReturnReason::ShiftEnd,
            _ => return Err(StorageError::Missing { what: "a known reason of a returned lease" }),
        };
        let fulfillment = wire::FulfillmentId(uuid_at(r, "fulfillment")?);
        let back = LeaseReturn { fulfillment, fence: Fence(r.get("fence")?), reason };
        list.push(Returning { back, after_seq: Seq(r.get("after_seq")?) });
    }
    Ok(list)
}

/// Leases and returns of an older epoch are void.
///
/// # Errors
/// If the database refuses.
pub fn drop_all(c: &mut dyn Conn) -> Res<()> {
    c.exec("DELETE FROM lease", &[])?;
    c.exec("DELETE FROM lease_return", &[])?;
    Ok(())
}

/// How far the latest committed wall time may lie ahead of the server's clock, ms.
const FLOOR_AHEAD_MS_MAX: i64 = 300_000;

/// Takes the latest wall time ever committed back to the server's clock where it lies far ahead: this clock ran ahead once, and
/// nothing later could be believed until that time has come.
///
/// # Errors
/// If the database refuses.
pub fn settle_floor(c: &mut dyn Conn, server_time_ms: i64) -> Res<()> {
    if meta::int(c, meta::key::WALL_FLOOR)? > server_time_ms.saturating_add(FLOOR_AHEAD_MS_MAX) {
        meta::set(c, meta::key::WALL_FLOOR, &server_time_ms.to_string())?;
    }
    Ok(())
}

/// The clocks of this moment, with the latest wall time ever committed.
///
/// # Errors
/// If the database refuses.
pub fn clock(c: &mut dyn Conn, mono_ms: u64, wall_ms: i64, boot_id: BootId) -> Res<ClockReading> {
    let wall_ms_floor = meta::int(c, meta::key::WALL_FLOOR)?;
    Ok(ClockReading { mono_ms, wall_ms, boot_id, wall_ms_floor })
}

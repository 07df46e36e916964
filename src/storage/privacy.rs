//! Forgetting people: what the station was told of buyers and need not know any longer. It forgets orders that are over here and
//! photos that the server has; never work that waits or is begun, never a fact of the outbox, never a photo nobody else holds.
//! "How long ago" is counted from and to the server's time, so that a wrong clock at the bench forgets nothing early.

use super::{Res, StorageError, blobs::Blobs, meta, records, uuid_at};
use crate::core::ids::PhotoHash;
use crate::core::time::UtcMs;
use crate::protocol::wire::{ChangeKind, OrderRecord};
use crate::sql::{Conn, Val};
use crate::vals;
use uuid::Uuid;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Most orders and photos forgotten in one go: the bench is quiet then, and must answer the next scan at once.
pub const FORGOTTEN_MAX: u32 = 100;

/// What of a fulfillment says that this station is done with it.
const OVER: &str =
    "(w.local_state = 'over' OR w.status IN ('packed', 'handed_over', 'cancelled')) AND w.local_state <> 'begun'";

/// How long things of people stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Orders and photos, days after they were over here.
    pub days: u16,
    /// Photos that the server has, bytes: the oldest go first.
    pub photo_bytes: u64,
}

/// What was forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Orders.
    pub orders: u32,
    /// Photos.
    pub photos: u32,
}

/// Forgets at most [`FORGOTTEN_MAX`] orders and as many photos. Files go before the rows that name them: what a crash leaves is
/// forgotten the next time.
///
/// # Errors
/// If the database or the disk refuses.
pub fn forget(c: &mut dyn Conn, files: &Blobs, keep: Keep) -> Res<Forgotten> {
    let told = UtcMs(meta::int(c, meta::key::AS_OF)?);
    let before = told.plus_ms(-(i64::from(keep.days.max(1)) * DAY_MS));
    let mut done = Forgotten::default();
    for order in over(c, before)? {
        for work in super::work::of_order(c, order)? {
            records::remove(c, ChangeKind::Fulfillment, work.0)?;
        }
        records::remove(c, ChangeKind::Order, order)?;
        done.orders += 1;
    }
    for order in strangers(c, before)? {
        records::remove(c, ChangeKind::Order, order)?;
        done.orders += 1;
    }
    if done.orders > 0 {
        super::labels::forget_unused(c)?;
    }
    for hash in spare(c, before, keep.photo_bytes)? {
        files.remove(hash)?;
        c.exec("DELETE FROM photo WHERE hash = $1", &[Val::Blob(hash.0.to_vec())])?;
        done.photos += 1;
    }
    Ok(done)
}

/// Orders of which every part was over here before that moment.
fn over(c: &mut dyn Conn, before: UtcMs) -> Res<Vec<Uuid>> {
    let sql = format!(
        "SELECT w.order_id AS id FROM work w LEFT JOIN session s ON s.fulfillment = w.fulfillment
         GROUP BY w.order_id
         HAVING MIN(CASE WHEN {OVER} AND COALESCE(s.ended_told, s.ended, w.placed) < $1 THEN 1 ELSE 0 END) = 1
         ORDER BY MIN(w.placed) LIMIT $2"
    );
    let rows = c.all(&sql, vals![before.0, FORGOTTEN_MAX])?;
    rows.iter().map(|row| uuid_at(row, "id")).collect()
}

/// Old orders of which no work is known here: it was over before the station kept any, or belongs to others.
fn strangers(c: &mut dyn Conn, before: UtcMs) -> Res<Vec<Uuid>> {
    let rows = c.all(
        "SELECT r.id, r.body FROM record r WHERE r.kind = $1
         AND NOT EXISTS (SELECT 1 FROM work w WHERE w.order_id = r.id) LIMIT $2",
        vals![ChangeKind::Order.text(), FORGOTTEN_MAX],
    )?;
    let mut old = Vec::new();
    for row in &rows {
        let order: OrderRecord = records::read(ChangeKind::Order, &row.get::<String>("body")?)?;
        if order.placed_ms < before.0 {
            old.push(uuid_at(row, "id")?);
        }
    }
    Ok(old)
}

/// Photos that the server has and that are old, or too many beside the newer ones.
fn spare(c: &mut dyn Conn, before: UtcMs, bytes_max: u64) -> Res<Vec<PhotoHash>> {
    let held: u64 = c.int("SELECT COALESCE(SUM(bytes), 0) FROM photo", &[])?.try_into().unwrap_or(0);
    let mut too_many = held.saturating_sub(bytes_max);
    let rows = c.all(
        "SELECT hash, bytes, COALESCE(told, at) AS kept FROM photo WHERE pushed = 1 ORDER BY kept, hash LIMIT $1",
        vals![FORGOTTEN_MAX],
    )?;
    let mut spare = Vec::new();
    for row in &rows {
        let (hash, bytes, at): (Vec<u8>, u64, i64) = (row.get("hash")?, row.get("bytes")?, row.get("kept")?);
        if at >= before.0 && too_many == 0 {
            break;
        }
        too_many = too_many.saturating_sub(bytes);
        let hash = hash.try_into().map_err(|_| StorageError::Missing { what: "a whole photo hash" })?;
        spare.push(PhotoHash(hash));
    }
    Ok(spare)
}

//! The server asks for unstarted work back: an order became rush while another station is free, an order is about to change,
//! or a station has nothing to do while another holds more than it needs. The wish travels with the pull and with the lease
//! exchange; a station that began the work keeps it, and that is an answer too. Only stations that are online are asked:
//! one that is not heard would answer too late, and its lease ends by its time.

use super::rows::{put, row_of, select};
use crate::central::error::{CentralError, Res};
use crate::central::store::work::Work;
use crate::protocol::sync::server::{recall as decide, recall_share};
use crate::protocol::wire::lease::{RecallReason, RecallRecord};
use crate::protocol::wire::{ChangeKind, Fence, StationId};
use crate::sql::Conn;
use crate::vals;

/// A station that was heard within this time is online, ms.
pub const ONLINE_MS: i64 = 60_000;
/// A station that found nothing asks again within seconds, so one that did not for this long is no longer starving, ms.
const STARVING_MS: i64 = 60_000;
/// For so long what a station gave back on request goes to others first, ms: two exchanges of a starving one.
pub(super) const YIELDED_MS: i64 = 30_000;
/// Most stations that one starving station is fed from.
const HOLDERS_MAX: i64 = 100;

/// The reason as stored.
fn word(reason: RecallReason) -> &'static str {
    match reason {
        RecallReason::Rush => "rush",
        RecallReason::Starving => "starving",
        RecallReason::Edited => "edited",
        RecallReason::StationClosed => "station_closed",
    }
}

fn reason_of(word: &str) -> Option<RecallReason> {
    [RecallReason::Rush, RecallReason::Starving, RecallReason::Edited, RecallReason::StationClosed]
        .into_iter()
        .find(|reason| self::word(*reason) == word)
}

/// Asks for one fulfillment back. False if there is nothing to ask for: nobody holds it, work on it began, it was asked for
/// already, or its station is not online.
///
/// # Errors
/// Any fault of the store.
pub fn recall(work: &mut Work<'_>, fulfillment: &str, reason: RecallReason) -> Res<bool> {
    let Some(row) = super::get(work.tx, fulfillment)? else { return Ok(false) };
    let (Some(after), Some(holder)) = (decide(&row), row.granted_to) else { return Ok(false) };
    let station = holder.station_id.to_string();
    let online = work.tx.int(
        "SELECT COUNT(*) FROM stations WHERE id = $1 AND token_hash IS NOT NULL AND seen_ms > $2",
        vals![&station, work.ctx.now.0 - ONLINE_MS],
    )?;
    if online == 0 {
        return Ok(false);
    }
    put(work, &after)?;
    let id = work.new_id();
    work.exec(
        "INSERT INTO recalls (id, site, fulfillment, station, fence, reason, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![
            &id,
            work.site(),
            fulfillment,
            &station,
            crate::central::services::stations::number(row.fence.0),
            word(reason),
            work.now_ms()
        ],
    )?;
    work.changed_for(holder.station_id, ChangeKind::Recall, id);
    let detail = serde_json::json!({ "reason": word(reason), "station": station, "fence": row.fence.0 });
    work.audit("fulfillment.recalled", "fulfillment", fulfillment, detail);
    Ok(true)
}

/// An order goes first now: what a station has not begun of it is asked back if another one has nothing to do. Where no
/// other is free, its holder ranks it first by itself and nothing is gained by moving it.
///
/// # Errors
/// Any fault of the store.
pub fn recall_rush(work: &mut Work<'_>, order: &str) -> Res<()> {
    let rows = work.all(
        "SELECT f.id FROM fulfillments f WHERE f.order_id = $1 AND f.lease_held = 1 AND f.lease_begun = 0 AND EXISTS \
         (SELECT 1 FROM stations s WHERE s.site = f.site AND s.id <> f.lease_station AND s.starving_ms > $2)",
        vals![order, work.now_ms() - STARVING_MS],
    )?;
    for row in rows {
        recall(work, &row.at::<String>(0)?, RecallReason::Rush)?;
    }
    Ok(())
}

/// A station asked for work and there was none: others give of what they have not begun, the last of their queue first.
///
/// # Errors
/// Any fault of the store.
pub(super) fn feed(work: &mut Work<'_>, hungry: StationId, wanted: u32) -> Res<()> {
    let (site, hungry) = (work.site(), hungry.to_string());
    let mut left = wanted;
    let holders = work.all(
        "SELECT s.id, s.rate_per_hour, (SELECT COUNT(*) FROM fulfillments f WHERE f.lease_station = s.id \
         AND f.lease_held = 1 AND f.lease_begun = 0 AND f.state = 'released') AS unstarted, (SELECT COUNT(*) \
         FROM fulfillments f WHERE f.lease_station = s.id AND f.lease_held = 1 AND f.lease_recalled = 1) AS asked \
         FROM stations s WHERE s.site = $1 AND s.id <> $2 AND s.seen_ms > $3 ORDER BY unstarted DESC, s.id LIMIT $4",
        vals![&site, &hungry, work.now_ms() - ONLINE_MS, HOLDERS_MAX],
    )?;
    for holder in holders {
        let (id, rate): (String, u32) = (holder.get("id")?, holder.get("rate_per_hour")?);
        // What is asked back already is part of the share, and comes to whoever is hungry.
        let asked: u32 = holder.get("asked")?;
        let share = recall_share(holder.get("unstarted")?, rate, left).saturating_sub(asked);
        left = left.saturating_sub(asked);
        if share == 0 {
            continue;
        }
        let sql = select(
            "lease_station = $1 AND lease_held = 1 AND lease_begun = 0 AND lease_recalled = 0 AND lease_assigned = 0 \
             AND state = 'released' ORDER BY sort_priority DESC, sort_due_ms DESC, sort_placed_ms DESC, id DESC LIMIT $2",
        );
        for row in work.all(&sql, vals![&id, share])? {
            let row = row_of(&row)?;
            if recall(work, &row.fulfillment.to_string(), RecallReason::Starving)? {
                left = left.saturating_sub(1);
            }
        }
    }
    Ok(())
}

/// The recalls of a fulfillment are answered: it came back, was begun, or went on to another.
///
/// # Errors
/// Any fault of the store.
pub(super) fn answered(work: &mut Work<'_>, fulfillment: &str) -> Res<()> {
    // Asked first, because nearly always there is none.
    for row in work.all("SELECT id FROM recalls WHERE fulfillment = $1 AND done = 0", vals![fulfillment])? {
        let id: String = row.at(0)?;
        work.exec("UPDATE recalls SET done = 1, done_ms = $2 WHERE id = $1", vals![&id, work.now_ms()])?;
        work.gone(ChangeKind::Recall, id);
    }
    Ok(())
}

/// The open wish with this id as stations read it.
///
/// # Errors
/// Any fault of the store, or a stored value of unknown form.
pub fn record(tx: &mut dyn Conn, id: &str) -> Res<Option<RecallRecord>> {
    let row =
        tx.one("SELECT fulfillment, station, fence, reason FROM recalls WHERE id = $1 AND done = 0", vals![id])?;
    let Some(row) = row else { return Ok(None) };
    let stored = |what| CentralError::Stored { what };
    Ok(Some(RecallRecord {
        id: id.parse().map_err(|_| stored("recall id"))?,
        fulfillment_id: row.get::<String>("fulfillment")?.parse().map_err(|_| stored("fulfillment id"))?,
        station_id: row.get::<String>("station")?.parse().map_err(|_| stored("station id"))?,
        fence: Fence(row.get("fence")?),
        reason: reason_of(&row.get::<String>("reason")?).ok_or_else(|| stored("reason of a recall"))?,
    }))
}

//! What a station tells of itself with every push and pull: that it is there, how far it has read, what still waits at it.

use crate::protocol::wire::{Backlog, StationId};
use crate::sql::{Conn, Res};
use crate::vals;

/// A station that pulls is noted at most this often while nothing about it changes, ms.
const NOTED_EVERY_MS: i64 = 10_000;

/// Notes what waits at a station. The age becomes a moment on the server's own clock, so it goes on growing while nothing
/// is heard. An older station tells nothing, and what is known stays.
///
/// # Errors
/// Any fault of the store.
pub fn told(tx: &mut dyn Conn, station: StationId, now_ms: i64, backlog: Option<Backlog>) -> Res<()> {
    let Some(backlog) = backlog else { return Ok(()) };
    let events = i64::try_from(backlog.events).unwrap_or(i64::MAX);
    let age_ms = i64::try_from(backlog.oldest_age_ms).unwrap_or(i64::MAX);
    let oldest_ms = if events == 0 { 0 } else { now_ms.saturating_sub(age_ms).max(1) };
    tx.exec(
        "UPDATE stations SET waiting_events = $2, oldest_unsynced_ms = $3, waiting_told_ms = $4 WHERE id = $1",
        vals![station.to_string(), events, oldest_ms, now_ms],
    )?;
    Ok(())
}

/// Notes a pull that reached change number `reached`. Costs a write only when something changed, or now and then.
///
/// # Errors
/// Any fault of the store.
pub fn pulled(tx: &mut dyn Conn, station: StationId, now_ms: i64, reached: i64, backlog: Option<Backlog>) -> Res<()> {
    let waiting = backlog.map(|backlog| i64::try_from(backlog.events).unwrap_or(i64::MAX));
    let noted = tx.exec(
        "UPDATE stations SET seen_ms = CAST($2 AS BIGINT), pulled_gseq = $3 WHERE id = $1 AND (pulled_gseq <> $3 \
         OR seen_ms < CAST($2 AS BIGINT) - CAST($4 AS BIGINT) OR waiting_events <> COALESCE(CAST($5 AS BIGINT), waiting_events))",
        vals![station.to_string(), now_ms, reached, NOTED_EVERY_MS, waiting],
    )?;
    if noted > 0 { told(tx, station, now_ms, backlog) } else { Ok(()) }
}

/// Notes that a station has nothing left to give in this life of the database. Its pull had a cursor of this life, so it knew
/// that the database was restored, and had given again what was lost.
///
/// # Errors
/// Any fault of the store.
pub fn heard(tx: &mut dyn Conn, station: StationId) -> Res<()> {
    tx.exec(
        "UPDATE stations SET heard_epoch = (SELECT s.epoch FROM sites s WHERE s.id = stations.site) WHERE id = $1 \
         AND heard_epoch < (SELECT s.epoch FROM sites s WHERE s.id = stations.site)",
        vals![station.to_string()],
    )?;
    Ok(())
}

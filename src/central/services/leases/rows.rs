//! Lease rows in the store: columns of the fulfillment they belong to.

use crate::central::error::{CentralError, Res};
use crate::central::services::stations::number;
use crate::central::store::work::Work;
use crate::protocol::sync::server::{Holder, LeaseRow, Moved};
use crate::protocol::wire::{ChangeKind, Epoch, Fence};
use crate::sql::{Conn, Row};
use crate::vals;

/// A question for lease rows.
pub(super) fn select(condition: &str) -> String {
    format!(
        "SELECT id, state, fence, lease_station, lease_epoch, lease_held, lease_expires_ms, lease_begun, lease_recalled, \
         lease_assigned, lease_moved, cancelled_ms FROM fulfillments WHERE {condition}"
    )
}

/// Reads a row of [`select`].
///
/// # Errors
/// If a stored value has an unknown form.
pub fn row_of(row: &Row) -> Res<LeaseRow> {
    let stored = |what| CentralError::Stored { what };
    let id: String = row.get("id")?;
    let station: Option<String> = row.get("lease_station")?;
    let granted_to = match station {
        None => None,
        Some(id) => Some(Holder {
            station_id: id.parse().map_err(|_| stored("station id"))?,
            epoch: Epoch(row.get::<Option<u64>>("lease_epoch")?.unwrap_or(0)),
        }),
    };
    let state: String = row.get("state")?;
    let cancelled = row.get::<Option<i64>>("cancelled_ms")?.is_some();
    let moved = match row.get::<String>("lease_moved")?.as_str() {
        "granted" => Moved::Granted,
        "expired" => Moved::Expired,
        "taken_over" => Moved::TakenOver,
        "epoch_closed" => Moved::EpochClosed,
        _ => return Err(stored("lease")),
    };
    Ok(LeaseRow {
        fulfillment: id.parse().map_err(|_| stored("fulfillment id"))?,
        fence: Fence(row.get("fence")?),
        granted_to,
        held: row.get("lease_held")?,
        expires_ms: row.get("lease_expires_ms")?,
        begun: row.get("lease_begun")?,
        recalled: row.get("lease_recalled")?,
        assigned: row.get("lease_assigned")?,
        moved,
        // What was called off needs nobody, whatever else its row says.
        open: !cancelled && matches!(state.as_str(), "released" | "packing" | "held"),
        cancelled,
    })
}

/// The lease row of a fulfillment, if there is such a one.
///
/// # Errors
/// Any fault of the store.
pub fn get(tx: &mut dyn Conn, fulfillment: &str) -> Res<Option<LeaseRow>> {
    tx.one(&select("id = $1"), vals![fulfillment])?.map(|row| row_of(&row)).transpose()
}

/// Writes a lease row. Whether the work is open is the fulfillment's own state and is not written here.
///
/// # Errors
/// Any fault of the store.
pub fn put(work: &mut Work<'_>, row: &LeaseRow) -> Res<()> {
    let moved = match row.moved {
        Moved::Granted => "granted",
        Moved::Expired => "expired",
        Moved::TakenOver => "taken_over",
        Moved::EpochClosed => "epoch_closed",
    };
    let id = row.fulfillment.to_string();
    work.exec(
        "UPDATE fulfillments SET fence = $2, lease_station = $3, lease_epoch = $4, lease_held = $5, lease_expires_ms = $6, \
         lease_begun = $7, lease_recalled = $8, lease_assigned = $9, lease_moved = $10, updated_ms = $11 WHERE id = $1",
        vals![
            &id, number(row.fence.0), row.granted_to.map(|holder| holder.station_id.to_string()),
            row.granted_to.map(|holder| number(holder.epoch.0)), row.held, row.expires_ms, row.begun, row.recalled,
            row.assigned, moved, work.now_ms()
        ],
    )?;
    if !row.recalled {
        super::recall::answered(work, &id)?;
    }
    work.changed(ChangeKind::Lease, id);
    Ok(())
}

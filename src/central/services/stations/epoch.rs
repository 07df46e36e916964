//! A restored or cloned database starts a new life: a new epoch, given once per wish.

use super::number;
use super::pair::grant_epoch;
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::sync::server::{EpochDecision, epoch_decide};
use crate::protocol::wire::{Epoch, EpochGrant, EpochReason, EpochRequest};
use crate::vals;

/// Grants the wish, or repeats the grant if it was made before.
///
/// # Errors
/// [`Refusal::Missing`] for an unknown station.
pub fn epoch(work: &mut Work<'_>, request: &EpochRequest) -> Res<EpochGrant> {
    let station = request.station_id.to_string();
    let row = work
        .one("SELECT epoch FROM stations WHERE id = $1", vals![&station])?
        .ok_or(Refusal::Missing { entity: "station" })?;
    // A restored server may never have heard of the epoch that the station leaves.
    let newest = Epoch(row.at(0)?).max(request.left);
    let nonce = request.nonce.to_string();
    let before =
        work.one("SELECT epoch FROM station_epochs WHERE station = $1 AND nonce = $2", vals![&station, &nonce])?;
    let before = before.map(|row| row.at(0)).transpose()?.map(Epoch);
    let epoch = match epoch_decide(newest, before) {
        EpochDecision::Repeat(epoch) => epoch,
        EpochDecision::New(epoch) => {
            let reason = match request.reason {
                EpochReason::First => "first",
                EpochReason::Restored => "restored",
                EpochReason::Cloned => "cloned",
                EpochReason::Forked => "forked",
            };
            grant_epoch(work, &station, epoch, &nonce, reason, request.last_seq.0)?;
            work.exec(
                "UPDATE stations SET epoch = $2, quarantined = 0, version = version + 1, updated_ms = $3 WHERE id = $1",
                vals![&station, number(epoch.0), work.now_ms()],
            )?;
            let by = request.by.map(|by| by.to_string());
            let detail = serde_json::json!({ "epoch": epoch.0, "left": request.left.0, "reason": reason, "by": by });
            work.audit("station.epoch", "station", &station, detail);
            epoch
        }
    };
    Ok(EpochGrant { epoch, nonce: request.nonce, server_time_ms: work.now_ms() })
}

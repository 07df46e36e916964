//! After a restore: what stations know that the database forgot. It believes their epochs and leases, and gives nothing out
//! until it has heard them, because any of them may have done the work that it believes free.

use super::number;
use crate::central::error::Res;
use crate::central::store::sites::Site;
use crate::central::store::work::Work;
use crate::protocol::wire::{Epoch, EventHash, StationId};
use crate::vals;
use uuid::Uuid;

/// Takes up an epoch that was granted after the backup: the station numbers in it, so it was granted. Its stream begins empty
/// here, and the station is asked for all of it. False if the database was never restored, or the epoch is no newer one.
///
/// # Errors
/// Any fault of the store.
pub fn adopt(work: &mut Work<'_>, station: StationId, epoch: Epoch) -> Res<bool> {
    let id = station.to_string();
    let adopted = work.exec(
        "UPDATE stations SET epoch = $2, version = version + 1, updated_ms = $3 WHERE id = $1 AND epoch < $2 \
         AND EXISTS (SELECT 1 FROM sites s WHERE s.id = stations.site AND s.epoch > 1)",
        vals![&id, number(epoch.0), work.now_ms()],
    )?;
    if adopted == 0 {
        return Ok(false);
    }
    believe(work, station, epoch)?;
    Ok(true)
}

/// Opens an epoch that the station numbers in already.
pub(super) fn believe(work: &mut Work<'_>, station: StationId, epoch: Epoch) -> Res<()> {
    let id = station.to_string();
    work.exec(
        "INSERT INTO station_epochs (station, epoch, nonce, reason, left_seq, head_hash, granted_ms) \
         VALUES ($1, $2, $3, 'lost', 0, $4, $5)",
        vals![&id, number(epoch.0), Uuid::now_v7().to_string(), EventHash::GENESIS.0, work.now_ms()],
    )?;
    work.audit("station.epoch", "station", &id, serde_json::json!({ "epoch": epoch.0, "reason": "lost" }));
    Ok(())
}

/// How many stations may still hold work that a restored database knows nothing of: those that were heard shortly before the
/// backup, until each has nothing left to give, or no lease of then can be alive.
///
/// # Errors
/// Any fault of the store.
pub fn waited_for(work: &mut Work<'_>, site: &Site) -> Res<i64> {
    if site.epoch <= 1 || work.now_ms() >= site.restored_ms.saturating_add(site.lease_ttl_ms) {
        return Ok(0);
    }
    let seen_after = site.restored_from_ms - site.lease_ttl_ms;
    Ok(work.tx.int(
        "SELECT COUNT(*) FROM stations WHERE site = $1 AND token_hash IS NOT NULL AND heard_epoch < $2 AND seen_ms >= $3",
        vals![site.id.to_string(), site.epoch, seen_after],
    )?)
}

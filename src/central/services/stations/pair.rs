//! A machine becomes a station: it shows a code once and gets a token. A name that is known already gets its place back
//! under a new token and a new epoch, so that a replaced computer goes on under the old name.

use super::number;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::secrets;
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::protocol::wire::pairing::pairing_code_normal;
use crate::protocol::wire::{Epoch, EventHash, PairingAnswer, PairingRequest, StationId};
use crate::vals;
use uuid::Uuid;

/// Uses the code up and answers who the machine is now.
///
/// # Errors
/// [`Refusal::PairingCode`] if the code is wrong, used or too old.
pub fn pair(work: &mut Work<'_>, request: &PairingRequest) -> Res<PairingAnswer> {
    let code = pairing_code_normal(&request.code).ok_or(Refusal::PairingCode)?;
    let hash = secrets::hash_token(&code);
    let now = work.now_ms();
    let row = work
        .one(
            "UPDATE pairing_codes SET used_ms = $2 WHERE code_hash = $1 AND used_ms IS NULL AND expires_ms > $2 \
             RETURNING station_name, role",
            vals![&hash, now],
        )?
        .ok_or(Refusal::PairingCode)?;
    let (name, role): (String, String) = (row.at(0)?, row.at(1)?);
    let (id, epoch) = place(work, &name, &role)?;
    let token = secrets::new_token()?;
    work.exec(
        "UPDATE stations SET token_hash = $2, epoch = $3, protocol = $4, software = $5, quarantined = 0, \
         version = version + 1, updated_ms = $6 WHERE id = $1",
        vals![
            id.to_string(),
            secrets::hash_token(&token),
            number(epoch.0),
            request.protocol,
            request.software.replace('\0', "").chars().take(60).collect::<String>(),
            now
        ],
    )?;
    work.exec("UPDATE pairing_codes SET used_by = $2 WHERE code_hash = $1", vals![&hash, id.to_string()])?;
    grant_epoch(work, &id.to_string(), epoch, &Uuid::now_v7().to_string(), "first", 0)?;
    work.audit("station.paired", "station", id.to_string(), serde_json::json!({ "epoch": epoch.0 }));
    let site = sites::get(work.tx, work.ctx.site)?;
    Ok(PairingAnswer {
        station_id: id,
        station_name: name,
        site_id: work.ctx.site,
        site_name: site.name,
        token,
        epoch,
        server_time_ms: now,
    })
}

/// The station of that name, made if there is none, and the epoch to give it.
fn place(work: &mut Work<'_>, name: &str, role: &str) -> Res<(StationId, Epoch)> {
    let known = work.one("SELECT id, epoch FROM stations WHERE site = $1 AND name = $2", vals![work.site(), name])?;
    if let Some(row) = known {
        let id: String = row.at(0)?;
        let id = id.parse().map_err(|_| CentralError::Stored { what: "station id" })?;
        return Ok((id, Epoch(row.at(1)?).next()));
    }
    let id = StationId(Uuid::now_v7());
    work.exec(
        "INSERT INTO stations (id, site, name, role, updated_ms, heard_epoch) \
         VALUES ($1, $2, $3, $4, $5, (SELECT s.epoch FROM sites s WHERE s.id = $2))",
        vals![id.to_string(), work.site(), name, role, work.now_ms()],
    )?;
    Ok((id, Epoch(1)))
}

/// Opens an epoch: burns the number blocks of older ones and frees the leases they held.
pub(super) fn grant_epoch(
    work: &mut Work<'_>,
    station: &str,
    epoch: Epoch,
    nonce: &str,
    reason: &str,
    left_seq: u64,
) -> Res<()> {
    work.exec(
        "INSERT INTO station_epochs (station, epoch, nonce, reason, left_seq, head_hash, granted_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![station, number(epoch.0), nonce, reason, number(left_seq), EventHash::GENESIS.0, work.now_ms()],
    )?;
    work.exec("UPDATE number_blocks SET burnt = 1 WHERE station = $1 AND epoch < $2", vals![station, number(epoch.0)])?;
    crate::central::services::leases::free_all(work, station)
}

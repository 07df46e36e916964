//! A machine becomes a station: it shows a code once and gets a token. A machine whose database belongs to nobody gets the place
//! of that name: a new one, or one that is known already, under a new epoch, so that a replaced computer goes on under the old
//! name. A station that is paired again stays who it is, with all it has not sent. Must never give a machine the identity of a
//! station that the code is not for.

use super::number;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::secrets;
use crate::central::store::sites::{self, Site};
use crate::central::store::work::Work;
use crate::protocol::wire::pairing::pairing_code_normal;
use crate::protocol::wire::{Epoch, EventHash, KnownStation, PairingAnswer, PairingRequest, StationId};
use crate::vals;
use uuid::Uuid;

/// No station comes near it: what says so was not counted by one.
const EPOCH_MAX: u64 = 1 << 40;

/// Uses the code up and answers who the machine is now. A refusal leaves the code unused.
///
/// # Errors
/// [`Refusal::PairingCode`] if the code is wrong, used or too old, [`Refusal::PairingOther`] if it is for another station.
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
    let site = sites::get(work.tx, work.ctx.site)?;
    let place = match request.known {
        None => by_name(work, &name, &role)?,
        Some(known) => as_before(work, &site, &name, &role, known)?,
    };
    let token = secrets::new_token()?;
    work.exec(
        "UPDATE stations SET token_hash = $2, epoch = $3, protocol = $4, software = $5, \
         version = version + 1, updated_ms = $6 WHERE id = $1",
        vals![
            place.id.to_string(),
            secrets::hash_token(&token),
            number(place.epoch.0),
            request.protocol,
            request.software.replace('\0', "").chars().take(60).collect::<String>(),
            now
        ],
    )?;
    work.exec("UPDATE pairing_codes SET used_by = $2 WHERE code_hash = $1", vals![&hash, place.id.to_string()])?;
    if place.new_life {
        let id = place.id.to_string();
        grant_epoch(work, &id, place.epoch, &Uuid::now_v7().to_string(), "first", 0)?;
        work.exec("UPDATE stations SET quarantined = 0 WHERE id = $1", vals![&id])?;
    }
    let detail = serde_json::json!({ "epoch": place.epoch.0, "again": request.known.is_some() });
    work.audit("station.paired", "station", place.id.to_string(), detail);
    Ok(PairingAnswer {
        station_id: place.id,
        station_name: name,
        site_id: work.ctx.site,
        site_name: site.name,
        token,
        epoch: place.epoch,
        server_time_ms: now,
    })
}

/// Who a machine becomes.
struct Place {
    id: StationId,
    epoch: Epoch,
    /// The epoch begins now; else it is the one that the station numbers in already.
    new_life: bool,
}

/// A station by its row.
struct Row {
    id: StationId,
    name: String,
    epoch: Epoch,
}

fn row(found: Option<crate::sql::Row>) -> Res<Option<Row>> {
    let Some(found) = found else { return Ok(None) };
    let id: String = found.at(0)?;
    let id = id.parse().map_err(|_| CentralError::Stored { what: "station id" })?;
    Ok(Some(Row { id, name: found.at(1)?, epoch: Epoch(found.at(2)?) }))
}

fn of_name(work: &mut Work<'_>, name: &str) -> Res<Option<Row>> {
    row(work.one("SELECT id, name, epoch FROM stations WHERE site = $1 AND name = $2", vals![work.site(), name])?)
}

/// The station of that name, made if there is none, in a new life: its database is another one.
fn by_name(work: &mut Work<'_>, name: &str, role: &str) -> Res<Place> {
    if let Some(known) = of_name(work, name)? {
        return Ok(Place { id: known.id, epoch: known.epoch.next(), new_life: true });
    }
    let id = StationId(Uuid::now_v7());
    work.exec(
        "INSERT INTO stations (id, site, name, role, updated_ms, heard_epoch) \
         VALUES ($1, $2, $3, $4, $5, (SELECT s.epoch FROM sites s WHERE s.id = $2))",
        vals![id.to_string(), work.site(), name, role, work.now_ms()],
    )?;
    Ok(Place { id, epoch: Epoch(1), new_life: true })
}

/// The station that the machine says it is. The code must be for that station; one that a restored database never knew, or forgot,
/// gets its identity back under the name of the code if nobody has either.
fn as_before(work: &mut Work<'_>, site: &Site, name: &str, role: &str, known: KnownStation) -> Res<Place> {
    if known.site_id != work.ctx.site || known.epoch.0 > EPOCH_MAX {
        return Err(Refusal::PairingOther.into());
    }
    let id = known.station_id.to_string();
    let here = row(work.one("SELECT id, name, epoch FROM stations WHERE id = $1", vals![&id])?)?;
    match (here, of_name(work, name)?) {
        (Some(here), _) if here.name == name => life(work, site, here, known.epoch),
        // A station of this database, and the code is for another one; or the name is another one's.
        (Some(_), _) | (None, Some(_)) => Err(Refusal::PairingOther.into()),
        (None, None) => {
            // Nothing is given out before it has told what it did.
            work.exec(
                "INSERT INTO stations (id, site, name, role, updated_ms, seen_ms, epoch, heard_epoch) \
                 VALUES ($1, $2, $3, $4, $5, $5, 0, 0)",
                vals![&id, work.site(), name, role, work.now_ms()],
            )?;
            super::lost::believe(work, known.station_id, known.epoch)?;
            Ok(Place { id: known.station_id, epoch: known.epoch, new_life: false })
        }
    }
}

/// The same database goes on in its epoch, and so with its leases and parcel numbers; whether its history is still the same shows
/// with its next facts. One whose place was given away begins a new one.
fn life(work: &mut Work<'_>, site: &Site, here: Row, told: Epoch) -> Res<Place> {
    let id = here.id;
    let same = told == here.epoch && told.0 > 0;
    // An epoch that was granted after the backup.
    if same || (told > here.epoch && site.epoch > 1 && super::lost::adopt(work, id, told)?) {
        return Ok(Place { id, epoch: told, new_life: false });
    }
    Ok(Place { id, epoch: here.epoch.max(told).next(), new_life: true })
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

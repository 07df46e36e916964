//! Stations: codes to pair them, tokens to know them by, epochs of their databases, and what the console shows of them.

mod code;
mod epoch;
mod heard;
mod list;
mod lost;
mod pair;
mod revoke;

pub use code::{NewCode, code};
pub use epoch::epoch;
pub use heard::{heard, pulled, told};
pub use list::{StationRow, list};
pub use lost::{adopt, waited_for};
pub use pair::pair;
pub use revoke::{id_of_name, revoke};

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::secrets;
use crate::protocol::sync::server::{EpochState, StreamHead};
use crate::protocol::wire::{Epoch, EventHash, Seq, StationId};
use crate::sql::Conn;
use crate::vals;

/// A station that showed its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub id: StationId,
    /// Newest epoch of its database.
    pub epoch: Epoch,
}

/// The station behind a bearer token.
///
/// # Errors
/// [`Refusal::Unrecognised`] for an unknown or revoked one.
pub fn authenticate(tx: &mut dyn Conn, token: &str) -> Res<Known> {
    let hash = secrets::hash_token(token);
    let row = tx
        .one("SELECT id, epoch, token_hash FROM stations WHERE token_hash = $1", vals![&hash])?
        .ok_or(Refusal::Unrecognised)?;
    if !secrets::same(&row.get::<Vec<u8>>("token_hash")?, &hash) {
        return Err(Refusal::Unrecognised.into());
    }
    let id: String = row.get("id")?;
    let id = id.parse().map_err(|_| CentralError::Stored { what: "station id" })?;
    Ok(Known { id, epoch: Epoch(row.get("epoch")?) })
}

/// Where a station's stream of events ends, and whether its epoch is open.
///
/// # Errors
/// Any fault of the store.
pub fn stream(tx: &mut dyn Conn, station: &str, epoch: Epoch) -> Res<(EpochState, StreamHead)> {
    let newest = tx.one("SELECT epoch FROM stations WHERE id = $1", vals![station])?;
    let newest = Epoch(newest.map(|row| row.at(0)).transpose()?.unwrap_or(0));
    let state = EpochState::of(epoch, newest);
    let row = tx.one(
        "SELECT last_seq, head_hash FROM station_epochs WHERE station = $1 AND epoch = $2",
        vals![station, number(epoch.0)],
    )?;
    let head = match row {
        Some(row) => StreamHead { last_seq: Seq(row.at(0)?), hash: EventHash(array(&row.at::<Vec<u8>>(1)?)?) },
        None => StreamHead::START,
    };
    Ok((state, head))
}

/// A counter as BIGINT; counters stay far below 2^63.
#[must_use]
pub fn number(counter: u64) -> i64 {
    i64::try_from(counter).unwrap_or(i64::MAX)
}

/// 32 stored bytes.
///
/// # Errors
/// If there are not 32.
pub fn array(bytes: &[u8]) -> Res<[u8; 32]> {
    bytes.try_into().map_err(|_| CentralError::Stored { what: "hash" })
}

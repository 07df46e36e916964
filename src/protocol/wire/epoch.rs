//! A new life for a restored or cloned station database: a fresh epoch in which numbers start at 1 again.

use super::id::{Epoch, Seq, StationId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /api/v1/sync/epoch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochRequest {
    /// Protocol of the station.
    pub protocol: u32,
    /// Who asks; must be the token's station.
    pub station_id: StationId,
    /// The epoch it leaves; 0 for a station that had none.
    pub left: Epoch,
    /// Last number that the station's database holds in it; for people who look into it later.
    pub last_seq: Seq,
    /// The same for every try of one wish, so that a lost answer does not cost another epoch.
    pub nonce: Uuid,
    /// Why.
    pub reason: EpochReason,
    /// The lead who decided it, where a person had to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

/// Why a station asks for a new epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EpochReason {
    /// First start after pairing with an empty database.
    First,
    /// The database is older than the marker beside it: restored from a backup.
    Restored,
    /// The database runs on another machine than the one that wrote it.
    Cloned,
    /// The server saw two histories in one epoch.
    Forked,
}

/// Answer: the epoch to number events in from now on. All leases and number blocks of older epochs are void.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochGrant {
    /// The new epoch.
    pub epoch: Epoch,
    /// Echo of the request.
    pub nonce: Uuid,
    /// Server's wall clock, UTC ms.
    pub server_time_ms: i64,
}

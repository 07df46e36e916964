//! How a machine becomes a station: a single-use code of eight characters, typed once.

use super::id::{Epoch, SiteId, StationId};
use serde::{Deserialize, Serialize};

/// Length of a pairing code, characters.
pub const PAIRING_CODE_CHARS: usize = 8;
/// Life of a pairing code, ms.
pub const PAIRING_CODE_LIFE_MS: u64 = 10 * 60 * 1000;
/// Characters of a code: digits and capitals without 0 1 I L O U, so that none is mistaken for another.
pub const PAIRING_ALPHABET: &str = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `POST /api/v1/pairing`; no token, rate-limited by address and by code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingRequest {
    /// Protocol of the machine.
    pub protocol: u32,
    /// The code, [`PAIRING_CODE_CHARS`] of [`PAIRING_ALPHABET`].
    pub code: String,
    /// Name the machine goes by, for people.
    pub machine_name: String,
    /// Version of its software.
    pub software: String,
    /// Who it was before, where it is paired again; none for a machine whose database belongs to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownStation>,
}

/// Who a machine is by its own database. It proves nothing: the code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownStation {
    /// Its identity.
    pub station_id: StationId,
    /// Where it works.
    pub site_id: SiteId,
    /// Epoch its events are numbered in.
    pub epoch: Epoch,
}

/// Answer: who the machine is now. The token is told this once; the server keeps only its hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingAnswer {
    /// Who it is.
    pub station_id: StationId,
    /// Name for people.
    pub station_name: String,
    /// Where it works.
    pub site_id: SiteId,
    /// Name of the site.
    pub site_name: String,
    /// Bearer token of all further requests; never logged.
    pub token: String,
    /// Epoch to number events in.
    pub epoch: Epoch,
    /// Server's wall clock, UTC ms.
    pub server_time_ms: i64,
}

// Codes and tokens are secrets: what prints for people must not hold them.
impl std::fmt::Debug for PairingRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairingRequest").field("machine_name", &self.machine_name).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PairingAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairingAnswer").field("station_id", &self.station_id).finish_non_exhaustive()
    }
}

/// A typed code as compared: capitals, without spaces and hyphens; none if it cannot be a code.
#[must_use]
pub fn pairing_code_normal(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '-')
        .map(|sign| sign.to_ascii_uppercase())
        .take(PAIRING_CODE_CHARS + 1)
        .collect();
    let known = code.chars().all(|sign| PAIRING_ALPHABET.contains(sign));
    (known && code.len() == PAIRING_CODE_CHARS).then_some(code)
}

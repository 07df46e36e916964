//! The envelope of a station's fact, and the hash chain that makes a lost, altered or forked history visible.
//!
//! # Canonical byte form (version 1)
//! The hash of an event is SHA-256 over these bytes in this order; integers are big-endian, UUIDs are their 16
//! bytes, "text" is a `u32` byte length followed by UTF-8:
//!
//! | field | bytes |
//! |---|---|
//! | domain | the 18 ASCII bytes `packbench/event/1\n` |
//! | id, station_id | 16 + 16 |
//! | epoch, seq | u64, u64 |
//! | type | text |
//! | schema | u32 |
//! | fulfillment | one byte 0, or one byte 1 and 16 bytes |
//! | fence | one byte 0, or one byte 1 and u64 |
//! | wall_ms | i64, two's complement |
//! | mono_ms | u64 |
//! | boot_id | 16 |
//! | prev_hash | 32 |
//! | payload | text: the JSON exactly as first written, byte for byte |
//!
//! `prev_hash` of the event with seq 1 is 32 zero bytes; of every other event it is the hash of the event before
//! it in the same (station, epoch). A payload therefore travels and is stored as *text*: reading it into a JSON
//! tree and writing it again may change bytes and break the chain.

use super::id::{BootId, Epoch, EventId, Fence, FulfillmentId, Seq, StationId, hex_type};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// Largest payload of one event, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 64 * 1024;
/// Upper bound of an envelope's JSON without payload and type, in bytes; for sizing batches.
pub const ENVELOPE_OVERHEAD_BYTES: usize = 640;

/// SHA-256 of an event's canonical form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventHash(pub [u8; 32]);

hex_type!(EventHash);

impl EventHash {
    /// What the first event of an epoch names as its predecessor.
    pub const GENESIS: Self = Self([0; 32]);
}

/// JSON text that is carried unread and unchanged.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Payload(Box<RawValue>);

impl Payload {
    /// Takes `json` over as it is, byte for byte.
    ///
    /// # Errors
    /// If `json` is not one JSON value, or is longer than [`PAYLOAD_BYTES_MAX`].
    pub fn from_json(json: String) -> Result<Self, PayloadError> {
        if json.len() > PAYLOAD_BYTES_MAX {
            return Err(PayloadError::TooLong { bytes: json.len() });
        }
        RawValue::from_string(json).map(Self).map_err(PayloadError::NotJson)
    }

    /// Writes `value` as compact JSON.
    ///
    /// # Errors
    /// If `value` does not serialise, or the text is longer than [`PAYLOAD_BYTES_MAX`].
    pub fn from_value<T: Serialize>(value: &T) -> Result<Self, PayloadError> {
        Self::from_json(serde_json::to_string(value).map_err(PayloadError::NotJson)?)
    }

    /// The JSON text.
    #[must_use]
    pub fn json(&self) -> &str {
        self.0.get()
    }

    /// Reads the payload as `T`.
    ///
    /// # Errors
    /// If the JSON does not fit `T`.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0.get())
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl Eq for Payload {}

/// Why text cannot be a payload.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// More bytes than an event may carry.
    #[error(
        "an event payload of {bytes} bytes exceeds {PAYLOAD_BYTES_MAX}; put large content into a file and name its hash"
    )]
    TooLong {
        /// Size of the refused text.
        bytes: usize,
    },
    /// Not one JSON value.
    #[error("an event payload must be one JSON value")]
    NotJson(#[source] serde_json::Error),
}

/// One immutable fact of a station, as stored in the outbox, pushed, and stored by the server.
///
/// Unique by `id`, and by (`station_id`, `epoch`, `seq`). The times say when a clock was read; they order nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventEnvelope {
    /// Identity of the fact; stays when a new epoch renumbers it.
    pub id: EventId,
    /// Who says so.
    pub station_id: StationId,
    /// Life of the station's database.
    pub epoch: Epoch,
    /// Dense from 1 within (station, epoch).
    pub seq: Seq,
    /// What happened, for example `pack_session.item_scanned`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of the payload's shape for this type, from 1.
    pub schema: u32,
    /// The fulfillment it is about, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fulfillment: Option<FulfillmentId>,
    /// Number of the lease under which it happened, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<Fence>,
    /// Station's wall clock, UTC milliseconds; for people, not for deciding.
    pub wall_ms: i64,
    /// Station's monotonic clock, milliseconds; comparable within one `boot_id`.
    pub mono_ms: u64,
    /// The run of the operating system that `mono_ms` counts in.
    pub boot_id: BootId,
    /// Hash of the event before it.
    pub prev_hash: EventHash,
    /// The fact itself, opaque here.
    pub payload: Payload,
}

impl EventEnvelope {
    /// Hash of the canonical form; the next event's `prev_hash`.
    #[must_use]
    pub fn hash(&self) -> EventHash {
        EventHash(Sha256::digest(self.canonical_bytes()).into())
    }

    /// The canonical form of the module's table.
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let payload = self.payload.json();
        let mut out = Vec::with_capacity(192 + self.kind.len() + payload.len());
        out.extend_from_slice(b"packbench/event/1\n");
        out.extend_from_slice(self.id.0.as_bytes());
        out.extend_from_slice(self.station_id.0.as_bytes());
        out.extend_from_slice(&self.epoch.0.to_be_bytes());
        out.extend_from_slice(&self.seq.0.to_be_bytes());
        put_text(&mut out, &self.kind);
        out.extend_from_slice(&self.schema.to_be_bytes());
        match self.fulfillment {
            None => out.push(0),
            Some(fulfillment) => {
                out.push(1);
                out.extend_from_slice(fulfillment.0.as_bytes());
            }
        }
        match self.fence {
            None => out.push(0),
            Some(fence) => {
                out.push(1);
                out.extend_from_slice(&fence.0.to_be_bytes());
            }
        }
        out.extend_from_slice(&self.wall_ms.to_be_bytes());
        out.extend_from_slice(&self.mono_ms.to_be_bytes());
        out.extend_from_slice(self.boot_id.0.as_bytes());
        out.extend_from_slice(&self.prev_hash.0);
        put_text(&mut out, payload);
        out
    }

    /// Upper bound of this event's share of a push body, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        ENVELOPE_OVERHEAD_BYTES + self.kind.len() + self.payload.json().len()
    }

    /// The same fact under a new epoch: identity, times and payload stay; number and predecessor change.
    #[must_use]
    pub fn renumbered(mut self, epoch: Epoch, seq: Seq, prev_hash: EventHash) -> Self {
        self.epoch = epoch;
        self.seq = seq;
        self.prev_hash = prev_hash;
        self
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    // Payload and type are bounded far below 4 GiB; a longer text cannot be built through `Payload`.
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// Where a run of events stops being a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreak {
    /// A number is missing or repeated.
    #[error("event {found} follows {after}: numbers must be dense")]
    NotDense {
        /// Number of the event before.
        after: Seq,
        /// Number found instead of its successor.
        found: Seq,
    },
    /// An event names another predecessor than the one before it.
    #[error("event {seq} does not follow from the event before it: its history was altered or forked")]
    WrongPredecessor {
        /// The event that does not fit.
        seq: Seq,
    },
    /// An event belongs to another station or epoch.
    #[error("event {seq} belongs to another station or epoch")]
    Foreign {
        /// The event that does not belong.
        seq: Seq,
    },
}

/// Checks that `events` follow `head` (number and hash of the last one before them) without a hole or a fork.
///
/// # Errors
/// The first [`ChainBreak`].
pub fn chain_verify<'a>(
    station_id: StationId,
    epoch: Epoch,
    head: (Seq, EventHash),
    events: impl IntoIterator<Item = &'a EventEnvelope>,
) -> Result<(Seq, EventHash), ChainBreak> {
    events.into_iter().try_fold(head, |(last, hash), event| {
        if event.station_id != station_id || event.epoch != epoch {
            return Err(ChainBreak::Foreign { seq: event.seq });
        }
        if event.seq != last.next() {
            return Err(ChainBreak::NotDense { after: last, found: event.seq });
        }
        if event.prev_hash != hash {
            return Err(ChainBreak::WrongPredecessor { seq: event.seq });
        }
        Ok((event.seq, event.hash()))
    })
}

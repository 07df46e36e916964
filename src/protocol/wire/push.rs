//! Giving events: a dense batch in, one outcome per event out, after the commit.

use super::event::{EventEnvelope, EventHash};
use super::id::{Epoch, EventId, Seq, StationId};
use serde::{Deserialize, Serialize};

/// Most events of one push.
pub const PUSH_EVENTS_MAX: usize = 500;
/// Most bytes of one push body (one larger event goes alone).
pub const PUSH_BYTES_MAX: usize = 1024 * 1024;

/// `POST /api/v1/sync/push`: events of one (station, epoch), ascending and dense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    /// Protocol of the station; never a reason to refuse.
    pub protocol: u32,
    /// Whose events; must be the token's station.
    pub station_id: StationId,
    /// Which life of its database.
    pub epoch: Epoch,
    /// 1 to [`PUSH_EVENTS_MAX`] events.
    pub events: Vec<EventEnvelope>,
    /// What waits at the station behind these; absent from a station that does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog: Option<Backlog>,
}

/// Facts of a station that the server does not have yet, so that people can see how far behind its picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backlog {
    /// How many events.
    pub events: u64,
    /// Age of the oldest of them by the station's monotonic clock, ms; an age, because wall clocks differ.
    #[serde(default)]
    pub oldest_age_ms: u64,
}

/// Answer to a push, given after its transaction is durable.
///
/// Outcomes are in the order of the events. After `gap` or `fork` the server reads no further, so outcomes may be
/// fewer than events; never more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// One per event read.
    pub outcomes: Vec<EventOutcome>,
    /// Last number stored for this (station, epoch).
    pub last_seq: Seq,
    /// Hash of that event; lets a station see a fork before it sends more.
    pub head_hash: EventHash,
    /// Server's wall clock, UTC ms.
    pub server_time_ms: i64,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventOutcome {
    /// Its number.
    pub seq: Seq,
    /// Its identity.
    pub id: EventId,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of one event. Every case but `gap` and `fork` means: stored for good, never send it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Stored, effect applied.
    Accepted,
    /// Stored before; nothing applied again.
    Duplicate,
    /// Stored, effect refused; an exception is open for a person.
    Rejected {
        /// Why the effect was refused.
        code: RejectCode,
    },
    /// Not stored: `expected` must come first.
    Gap {
        /// The number that the server needs next.
        expected: Seq,
    },
    /// Not stored: this number belongs to another event. The station must stop pushing this epoch.
    Fork {
        /// What differs.
        reason: ForkReason,
    },
}

/// Why an effect was refused though its fact is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectCode {
    /// The fulfillment was granted anew since: the fence is no longer the newest.
    StaleFence,
    /// The station never held a lease for it.
    NotLeased,
    /// Another station's parcel was accepted first.
    DuplicatePack,
    /// The order was cancelled before it was handed over: unpack.
    CancelledBeforePack,
    /// It went to the carrier although cancelled: the fact stands, a person settles it.
    ShippedAfterCancel,
    /// It was handed over without an accepted packing.
    HandoverUnpacked,
    /// No such fulfillment here.
    UnknownFulfillment,
    /// This server does not know the event's type or its schema yet.
    UnknownType,
    /// The payload does not fit its type.
    PayloadInvalid,
    /// More units than the line has.
    QuantityExceeded,
    /// A serial number that another parcel used.
    SerialReused,
    /// A parcel number outside the station's blocks.
    SsccNotGranted,
    /// A parcel number that another parcel carries.
    SsccReused,
    /// A lot on hold.
    LotHeld,
    /// The person may not do this.
    UserNotAllowed,
    /// No such return or place here.
    UnknownReturn,
    /// The return is over.
    ReturnClosed,
    /// A reason of a newer server.
    #[serde(other)]
    Other,
}

/// What shows that two histories share one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForkReason {
    /// Another event is stored under this number.
    SeqTaken,
    /// The event does not follow from the last one stored.
    ChainBroken,
    /// The epoch was closed when the station got a newer one, and this number was not stored before.
    EpochClosed,
    /// A reason of a newer server.
    #[serde(other)]
    Other,
}

//! Who may work on what: grants with a fence, returns, recalls, takeovers, cancellations and number blocks.
//!
//! A lease is taken only by a [`LeaseAnswer`] to the exchange that is in flight, because its time counts from the
//! *sending* of that request on the station's monotonic clock. What the change stream says of leases is for display.

use super::id::{BlockId, CancelId, Epoch, Fence, FulfillmentId, OrderId, RecallId, RequestNo, StationId, UserId};
use serde::{Deserialize, Serialize};

/// Default time to live of a lease: 14 hours.
pub const LEASE_TTL_MS_DEFAULT: u64 = 14 * 60 * 60 * 1000;
/// Most unstarted leases of a station, unless a lead raised it.
pub const PREFETCH_MAX_DEFAULT: u32 = 50;
/// Most leases that one exchange names.
pub const LEASES_MAX: usize = 500;

/// `POST /api/v1/sync/leases`: one exchange says what the station has, gives back and wants.
///
/// `request_no` grows with every request of a (station, epoch), over restarts too. The server answers a number once;
/// a number not above the last one answered gets `stale_request`, so a delayed copy can neither grant nor free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRequest {
    /// Protocol of the station.
    pub protocol: u32,
    /// Who asks; must be the token's station.
    pub station_id: StationId,
    /// Life of its database; a lease belongs to one.
    pub epoch: Epoch,
    /// Number of this exchange.
    pub request_no: RequestNo,
    /// New leases wanted.
    pub want: u32,
    /// Every lease held and not given back here; the server renews those it still knows.
    pub have: Vec<HaveLease>,
    /// Leases given back with this request.
    #[serde(default)]
    pub returns: Vec<LeaseReturn>,
    /// Fulfillments packed per hour by this station lately.
    pub rate_per_hour: u32,
    /// Parcel numbers left in its blocks.
    #[serde(default)]
    pub sscc_left: u64,
}

/// A lease as the station holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HaveLease {
    /// What.
    pub fulfillment: FulfillmentId,
    /// Under which number.
    pub fence: Fence,
    /// Whether work on it began; a begun one is not recalled.
    pub begun: bool,
}

/// Answer to a lease exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseAnswer {
    /// Echo of the request; an answer to another one is ignored.
    pub request_no: RequestNo,
    /// New leases.
    pub granted: Vec<LeaseGrant>,
    /// Leases of `have` that live on, with new time.
    #[serde(default)]
    pub renewed: Vec<LeaseGrant>,
    /// Leases of `have` that are no more.
    #[serde(default)]
    pub lost: Vec<LeaseLoss>,
    /// Unstarted leases that the server wants back.
    #[serde(default)]
    pub recalled: Vec<HaveLease>,
    /// Blocks of parcel numbers, the same records as the change stream carries.
    #[serde(default)]
    pub sscc_blocks: Vec<SsccBlockRecord>,
    /// Server's wall clock, UTC ms.
    pub server_time_ms: i64,
}

/// A lease given or renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseGrant {
    /// What.
    pub fulfillment: FulfillmentId,
    /// Its number; every fact about the fulfillment carries it.
    pub fence: Fence,
    /// Life from the sending of the request, ms.
    pub ttl_ms: u64,
    /// Number of the invoice that goes into the box, where one is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_number: Option<String>,
}

/// A lease that is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseLoss {
    /// What.
    pub fulfillment: FulfillmentId,
    /// The number that is void.
    pub fence: Fence,
    /// Why.
    pub reason: LeaseLossReason,
}

/// Why a lease is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaseLossReason {
    /// Its time ran out and another station has it.
    Expired,
    /// A lead gave it to another station, or it was changed after its time had run out.
    TakenOver,
    /// The work is done.
    Done,
    /// Cancelled.
    Cancelled,
    /// The server does not know it.
    Unknown,
    /// It belongs to an older epoch.
    EpochClosed,
    /// A reason of a newer server.
    #[serde(other)]
    Other,
}

/// A lease given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseReturn {
    /// What.
    pub fulfillment: FulfillmentId,
    /// Under which number.
    pub fence: Fence,
    /// Why.
    pub reason: ReturnReason,
}

/// Why a lease is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// The server recalled it.
    Recalled,
    /// The packer handed it back.
    HandedBack,
    /// Cancelled before it began.
    Cancelled,
    /// Packed, or settled by an exception.
    Done,
    /// The station stops for the day.
    ShiftEnd,
}

/// `POST /api/v1/fulfillments/{id}/takeover`: a lead moves work to another station at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeoverRequest {
    /// What.
    pub fulfillment: FulfillmentId,
    /// The lead.
    pub by: UserId,
    /// To whom; absent: back to the queue.
    #[serde(default)]
    pub to: Option<StationId>,
    /// The fence the lead saw; another one now means the screen was old.
    pub fence_seen: Fence,
}

/// Answer to a takeover: the old fence is void from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeoverAnswer {
    /// What.
    pub fulfillment: FulfillmentId,
    /// Its new number.
    pub fence: Fence,
    /// Who holds it now; the station takes it up with its next lease exchange.
    #[serde(default)]
    pub holder: Option<StationId>,
}

/// Who holds a fulfillment, for display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRecord {
    /// The fulfillment.
    pub id: FulfillmentId,
    /// Number of its newest lease.
    pub fence: Fence,
    /// Who; absent: nobody.
    #[serde(default)]
    pub station_id: Option<StationId>,
    /// Name of that station.
    #[serde(default)]
    pub station_name: Option<String>,
    /// When it ends on the server's clock, UTC ms; for display only.
    #[serde(default)]
    pub expires_ms: Option<i64>,
    /// Whether work began, as far as the server knows.
    #[serde(default)]
    pub begun: bool,
}

/// The server asks for an unstarted lease back. A station that began it keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallRecord {
    /// This wish.
    pub id: RecallId,
    /// What.
    pub fulfillment_id: FulfillmentId,
    /// From whom.
    pub station_id: StationId,
    /// Under which number; another one: ignore.
    pub fence: Fence,
    /// Why.
    pub reason: RecallReason,
}

/// Why a lease is recalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallReason {
    /// It is rush now and another station is free.
    Rush,
    /// Another station has nothing to do.
    Starving,
    /// Its order was edited or split.
    Edited,
    /// The station is switched off.
    StationClosed,
}

/// A cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelRecord {
    /// This cancellation.
    pub id: CancelId,
    /// Order.
    pub order_id: OrderId,
    /// One part of it; absent: all.
    #[serde(default)]
    pub fulfillment_id: Option<FulfillmentId>,
    /// When, UTC ms.
    pub at_ms: i64,
    /// Why, stable key.
    pub reason: String,
}

/// A block of SSCC serial references for one station and epoch.
///
/// The station keeps its own "next" beside the record; writing the record again never resets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SsccBlockRecord {
    /// Its name for programs.
    pub id: BlockId,
    /// Whose.
    pub station_id: StationId,
    /// Which life; void in any other.
    pub epoch: Epoch,
    /// Extension digit, 0 to 9.
    pub extension: u8,
    /// GS1 company prefix, 4 to 12 digits. Extension, prefix and serial make 17 digits, then comes the check digit.
    pub company_prefix: String,
    /// First serial reference.
    pub first: u64,
    /// How many.
    pub count: u64,
}

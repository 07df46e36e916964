//! When facts from benches without network meet: cancelled while packed, packed twice, shipped after a cancel.
//!
//! Nothing is merged silently. The first accepted packing owns a fulfillment; a cancel wins until the parcel is handed
//! to the carrier; a handover is a fact that nothing undoes. What loses becomes an exception that a person decides.

use super::leases::{LeaseRow, fence_check};
use crate::protocol::wire::{Fence, RejectCode, StationId};

/// Who says so, under which lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Station.
    pub station_id: StationId,
    /// Fence of the event.
    pub fence: Option<Fence>,
}

/// What the server knows of a fulfillment's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WorkRow {
    /// Whose packing was accepted.
    pub packed_by: Option<Claim>,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Whether it went to the carrier.
    pub handed_over: bool,
}

/// Exceptions that these rules open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExceptionKind {
    /// Two parcels exist for one fulfillment.
    DuplicatePack,
    /// A parcel exists for a cancelled fulfillment: unpack it.
    CancelledWhilePacked,
    /// A parcel of a cancelled fulfillment has left.
    ShippedAfterCancel,
    /// Work was done under a lease that another station had by then.
    StaleLease,
    /// A parcel left that no accepted packing made.
    HandoverUnpacked,
    /// Work began at a station that no longer knows of it.
    WorkForgotten,
}

impl ExceptionKind {
    /// Stable name, as stored and shown by message key.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::DuplicatePack => "duplicate_pack",
            Self::CancelledWhilePacked => "cancelled_while_packed",
            Self::ShippedAfterCancel => "shipped_after_cancel",
            Self::StaleLease => "stale_lease",
            Self::HandoverUnpacked => "handover_unpacked",
            Self::WorkForgotten => "work_forgotten",
        }
    }
}

/// What to do with a packing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackVerdict {
    /// Apply it; the row to write.
    Accept(WorkRow),
    /// Refuse the effect, open the exception.
    Refuse(RejectCode, ExceptionKind),
}

/// Decides a packing.
#[must_use]
pub fn on_packed(work: &WorkRow, lease: Option<&LeaseRow>, claim: Claim) -> PackVerdict {
    if work.packed_by.is_some() || work.handed_over {
        return PackVerdict::Refuse(RejectCode::DuplicatePack, ExceptionKind::DuplicatePack);
    }
    if work.cancelled {
        return PackVerdict::Refuse(RejectCode::CancelledBeforePack, ExceptionKind::CancelledWhilePacked);
    }
    match fence_check(lease, claim.station_id, claim.fence) {
        Ok(()) => PackVerdict::Accept(WorkRow { packed_by: Some(claim), ..*work }),
        Err(code) => PackVerdict::Refuse(code, ExceptionKind::StaleLease),
    }
}

/// What to do with a cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelVerdict {
    /// Nothing was packed as far as is known: release stock, void labels; the row to write.
    Cancel(WorkRow),
    /// The cancel wins, and a parcel must be unpacked: open the exception; the row to write.
    CancelAndUnpack(WorkRow, ExceptionKind),
    /// It has left: the cancel is refused.
    TooLate,
    /// It was cancelled before.
    Already,
}

/// Decides a cancel.
#[must_use]
pub const fn on_cancel(work: &WorkRow) -> CancelVerdict {
    let mut row = *work;
    row.cancelled = true;
    if work.handed_over {
        CancelVerdict::TooLate
    } else if work.cancelled {
        CancelVerdict::Already
    } else if work.packed_by.is_some() {
        CancelVerdict::CancelAndUnpack(row, ExceptionKind::CancelledWhilePacked)
    } else {
        CancelVerdict::Cancel(row)
    }
}

/// What to do with a handover to the carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverVerdict {
    /// Apply it; the row to write.
    Ship(WorkRow),
    /// Apply it, for the parcel is gone, and open the exception; the row to write. The event's outcome is `rejected`
    /// with this code, so that the station shows it.
    ShipAndRaise(WorkRow, RejectCode, ExceptionKind),
    /// Refuse the effect, open the exception: this is not the parcel that was accepted.
    Refuse(RejectCode, ExceptionKind),
}

/// Decides a handover.
#[must_use]
pub fn on_handover(work: &WorkRow, lease: Option<&LeaseRow>, claim: Claim) -> HandoverVerdict {
    let row = WorkRow { handed_over: true, ..*work };
    if work.handed_over {
        return HandoverVerdict::Refuse(RejectCode::DuplicatePack, ExceptionKind::DuplicatePack);
    }
    match work.packed_by {
        Some(packed) if packed != claim => {
            HandoverVerdict::Refuse(RejectCode::DuplicatePack, ExceptionKind::DuplicatePack)
        }
        Some(_) if !work.cancelled => HandoverVerdict::Ship(row),
        Some(_) => {
            HandoverVerdict::ShipAndRaise(row, RejectCode::ShippedAfterCancel, ExceptionKind::ShippedAfterCancel)
        }
        // The packing was refused because of the cancel; the parcel left before the bench could know.
        None if work.cancelled && fence_check(lease, claim.station_id, claim.fence).is_ok() => {
            HandoverVerdict::ShipAndRaise(
                WorkRow { packed_by: Some(claim), ..row },
                RejectCode::ShippedAfterCancel,
                ExceptionKind::ShippedAfterCancel,
            )
        }
        None => HandoverVerdict::Refuse(RejectCode::HandoverUnpacked, ExceptionKind::HandoverUnpacked),
    }
}

/// A parcel was taken apart after a cancel or by a lead; none if there is none to take apart, or it has left.
#[must_use]
pub const fn on_unpacked(work: &WorkRow) -> Option<WorkRow> {
    if work.packed_by.is_none() || work.handed_over {
        return None;
    }
    let mut row = *work;
    row.packed_by = None;
    Some(row)
}

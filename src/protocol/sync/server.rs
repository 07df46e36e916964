//! The server's side of the sync rules, as functions over facts that a store has read.
//!
//! Each function takes rows and a request and returns the rows to write and the answer to give; the caller reads and
//! writes them in one transaction. Nothing here decides by a wall clock which of two stations is right: fences and
//! the order of commits do.

mod blocks;
mod epochs;
mod ingest;
mod leases;
mod settle;

pub use blocks::{BlockRefusal, SsccRange, block_grant, block_holds, block_serial, block_usable};
pub use epochs::{EpochDecision, EpochState, epoch_decide};
pub use ingest::{Known, StreamHead, Verdict, Walk, classify, push_check, walk};
pub use leases::{
    Holder, LeaseAsk, LeaseDecision, LeaseRow, Moved, adopt_lost, epoch_started, exchange, expire, fence_check,
    is_grantable, recall, recall_share, takeover, to_pool, void, work_ended,
};
pub use settle::{
    CancelVerdict, Claim, ExceptionKind, HandoverVerdict, PackVerdict, WorkRow, on_cancel, on_handover, on_packed,
    on_unpacked,
};

//! Synchronisation without I/O: the station's state machine and the server's rules.
//!
//! [`Machine::step`] takes what happened (an answer, a timer, a longer outbox) with the time and one random number, and
//! returns what to do (send, store, raise, arm the timer). It holds numbers and sizes, never events, and decides
//! nothing about packing. [`server`] holds the server's side of the same rules as functions over facts that a
//! store has read, so that both sides can be tested against each other without a network.

mod backoff;
mod epoch_side;
mod input;
mod lease;
mod lease_side;
mod link;
mod machine;
mod photo_side;
mod plan;
mod pull_side;
mod push_side;
pub mod server;

pub use backoff::{BACKOFF_MS_MAX, BACKOFF_MS_MIN, backoff_ms};
pub use input::{
    Effect, EpochWish, Failure, Halt, Input, LeaseChange, Link, LinkPhase, Notice, Now, PhotoJob, Rejection, Restart,
    Returning, SyncStatus,
};
pub use lease::{BeginRefusal, ClockReading, HeldLease, lease_stop_after_ms, prefetch_target};
pub use link::FLIGHT_MS_MAX;
pub use machine::{Machine, TIMER_MS_MAX};
pub use photo_side::PHOTOS_QUEUED_MAX;
pub use plan::{OutboxEntry, OutboxPlan, Span, spans};

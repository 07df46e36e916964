//! The HTTP driver around the sync state machine: it owns [`crate::protocol::sync::Machine`], its timer and the connections.
//!
//! One thread named `sync` steps the machine; `sync-push`, `sync-pull`, `sync-lease` and `sync-photo` each carry one
//! request at a time; `sync-hint` listens for hints. All of them meet in one bounded channel. What the machine wants of
//! the database goes to the engine through an [`EnginePort`] and comes back through [`SyncHandle::offer`].
//!
//! This room must never open the database, decide what is sent when (the machine does), wait on the engine, or let a
//! token reach a log, an error text or a `Debug` output.

mod config;
mod driver;
mod gate;
mod handle;
mod hint;
mod http;
mod outgoing;
mod pairing;
mod port;
mod sse;
mod trouble;
mod worker;

pub use config::{ANSWER_MS_MAX, ServerConfig, ServerConfigError, SyncConfig, Token};
pub use handle::{SyncCall, SyncDriver, SyncEnded, SyncHandle, SyncStartError};
pub use pairing::{Applicant, PairError, pair, pair_in_background};
pub use port::{BlobReader, EnginePort, Unsent};

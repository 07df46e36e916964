//! How a session's events travel and are stored: a type name, a schema number and a JSON payload
//! `{"actor": user, "event": {…}}`, with `"scanner": name` where a scan caused it: two scanners on one bench are told
//! apart.
//!
//! The list in [`codec`] is the format. A field is never renamed or given another meaning; a field
//! that is added later must be optional when read. The golden samples of the tests hold this still.

mod codec;
mod tree;
mod value;

pub use codec::{KINDS, decode, encode};
pub use tree::Tree;
pub use value::{Unfit, Wire};

use crate::core::ids::UserId;
use crate::core::session::Event;

/// Schema number of all session events as written by this version.
pub const SCHEMA: u32 = 1;

/// Start of the type name of every session event.
pub const KIND_PREFIX: &str = "pack_session.";

/// A session event with who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFact {
    /// The person; an event names people by id only.
    pub actor: UserId,
    /// The scanner whose scan caused it, by its name at the station; none where no scan did.
    pub scanner: Option<String>,
    /// What happened.
    pub event: Event,
}

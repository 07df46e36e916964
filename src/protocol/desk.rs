//! Facts of a station's desk that belong to no packing session: what a lead decides about the queue. They name a
//! fulfillment but carry no fence, because they change no work, only its place in the order of work.
//!
//! A field is never renamed or given another meaning; one that is added later must be optional when read.

use super::wire::UserId;
use serde::{Deserialize, Serialize};

/// Type name: a lead moved an order to the front, or back in turn.
pub const EXPEDITED: &str = "desk.expedited";
/// Schema number of all desk facts as written by this version.
pub const SCHEMA: u32 = 1;

/// Payload of [`EXPEDITED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expedited {
    /// The lead, by id.
    pub actor: UserId,
    /// To the front; false: back in turn.
    pub on: bool,
}

impl Expedited {
    /// The payload as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::json!({ "actor": self.actor, "on": self.on }).to_string()
    }

    /// Reads a payload; none if it is of another shape.
    #[must_use]
    pub fn read(json: &str) -> Option<Expedited> {
        serde_json::from_str(json).ok()
    }
}

//! Facts of a station's desk that belong to no packing session: what a lead decides about the queue, units of returns, and labels that
//! a site's template could not make. They carry no fence: a place in the order of work may be changed without a lease, no bench is
//! given a return, and a label may be printed again when its lease is long over.
//!
//! A field is never renamed or given another meaning; one that is added later must be optional when read.

use super::wire::{LocalDate, ReturnGrade, ReturnId, UserId};
use serde::{Deserialize, Serialize};

/// Type name: a lead moved an order to the front, or back in turn.
pub const EXPEDITED: &str = "desk.expedited";
/// Type name: units of a return were taken in and graded.
pub const RETURN_RECEIVED: &str = "desk.return_received";
/// Type name: the house label was printed, because the site's own template could not make this one.
pub const LABEL_FAULT: &str = "desk.label_fault";
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

/// Payload of [`RETURN_RECEIVED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnReceived {
    /// Who graded them, by id.
    pub actor: UserId,
    /// Which return.
    #[serde(rename = "return")]
    pub return_id: ReturnId,
    /// Its number, so that a question about it can be read by people.
    pub number: String,
    /// Line of the return.
    pub line: u32,
    /// Units.
    pub units: u32,
    /// What they are worth.
    pub grade: ReturnGrade,
    /// Code of the place they were put on; absent where such units wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// Day of expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<LocalDate>,
    /// Serial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// When they were graded, UTC ms of the station.
    pub at_ms: i64,
}

impl ReturnReceived {
    /// The payload as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Reads a payload; none if it is of another shape.
    #[must_use]
    pub fn read(json: &str) -> Option<ReturnReceived> {
        serde_json::from_str(json).ok()
    }
}

/// Payload of [`LABEL_FAULT`]: where the template is at fault, never what should have been printed, which may be a person's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelFault {
    /// Who was at the bench, by id.
    pub actor: UserId,
    /// Name of the template.
    pub template: String,
    /// Its version.
    pub version: u64,
    /// Line of its text, from 1; 0: none in particular.
    #[serde(default)]
    pub line: u32,
    /// Name of the element, or empty.
    #[serde(default)]
    pub element: String,
    /// What is wrong, a word of a list that may grow.
    pub fault: String,
    /// The field it is about, or empty.
    #[serde(default)]
    pub field: String,
}

impl LabelFault {
    /// The payload as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Reads a payload; none if it is of another shape.
    #[must_use]
    pub fn read(json: &str) -> Option<LabelFault> {
        serde_json::from_str(json).ok()
    }
}

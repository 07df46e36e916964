//! What a station knows of a return that is on its way: which units of which order are asked back, and what came already. It
//! holds no personal data: an order's number is all that leads to a buyer.

use super::id::{EventId, ProductId, ReturnId};
use serde::{Deserialize, Serialize};

/// Most lines of a return that stations are told of; the office takes a longer one in.
pub const RETURN_LINES_MAX: u32 = 200;
/// Most units that came, serials, lots and labels that are told with one return.
pub const RETURN_UNITS_MAX: u32 = 500;

/// A return that is not over, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnRecord {
    /// Its name for programs.
    pub id: ReturnId,
    /// Grows with every change.
    pub version: u64,
    /// Its name for people: on the paper in the box and in its barcode.
    pub number: String,
    /// Number of the order it is made from; empty where it names none.
    pub order_number: String,
    /// Numbers of the parcels that the order left in (SSCC): a box may come back under its old label.
    #[serde(default)]
    pub labels: Vec<String>,
    /// What is asked back.
    pub lines: Vec<ReturnLine>,
    /// Units that came, newest first: a station knows its own by their ids.
    #[serde(default)]
    pub units: Vec<ReturnUnit>,
    /// When it was asked for, UTC ms.
    pub asked_ms: i64,
}

/// Units of a line of goods that are asked back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// Its place in the return, from 1.
    pub line: u32,
    /// The product.
    pub product_id: ProductId,
    /// Units asked back.
    pub quantity: u32,
    /// Units that came.
    #[serde(default)]
    pub received: u32,
    /// Serials of the product that left with the order; empty where none is known.
    #[serde(default)]
    pub serials: Vec<String>,
    /// Lots of the product that left with the order; empty where none is known.
    #[serde(default)]
    pub lots: Vec<String>,
}

/// Units that came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnUnit {
    /// The fact of the station that took them in, or the server's own name for them.
    pub id: EventId,
    /// The line they belong to.
    pub line: u32,
    /// Units.
    pub quantity: u32,
    /// Serial, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

/// What a unit is worth when it comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnGrade {
    /// As new.
    Resell,
    /// To be looked at or repaired.
    Repair,
    /// Thrown away.
    Scrap,
}

//! Amounts, sizes and days as the wire carries them: whole numbers with their unit, never floats.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of money in minor units of an ISO 4217 currency (cents, sen; none for JPY).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for refunds and discounts.
    pub minor: i64,
    /// ISO 4217 alphabetic code, upper case.
    pub currency: String,
}

impl Money {
    /// `minor` units of `currency`.
    #[must_use]
    pub fn new(minor: i64, currency: &str) -> Self {
        Self { minor, currency: currency.to_owned() }
    }
}

/// Length, width and height of a box-shaped thing, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dims {
    /// Longest side, mm.
    pub length_mm: u32,
    /// Middle side, mm.
    pub width_mm: u32,
    /// Height as it stands, mm.
    pub height_mm: u32,
}

/// A calendar day without zone, `YYYY-MM-DD` (expiry dates, holidays, invoice dates).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalDate(pub String);

impl fmt::Display for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

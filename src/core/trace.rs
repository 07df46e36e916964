//! What traces one unit of a product: serial number, lot, expiry. Barcodes carry it, people type it, steps ask for it.

use super::time::Day;

/// Lot, serial, expiry of a unit, as far as scanned or typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trace {
    /// Serial number.
    pub serial: Option<String>,
    /// Lot.
    pub lot: Option<String>,
    /// Expiry or best-before day.
    pub expiry: Option<Day>,
}

//! What traces one unit of a product: serial number, lot, expiry. Barcodes carry it, people type it, steps ask for it. A label
//! of goods sold by weight says what they weigh too.

use super::time::Day;
use super::units::Grams;

/// What a label says that units weigh together, without wrapping. The whole is kept, for a share of it may be no whole gram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NetWeight {
    /// All of them.
    pub weight_g: Grams,
    /// How many they are.
    pub units: u32,
}

impl NetWeight {
    /// What a label says, if it says anything.
    #[must_use]
    pub fn of(weight_g: Grams, units: u32) -> Option<Self> {
        (weight_g.0 > 0 && units > 0).then_some(Self { weight_g, units })
    }

    /// So many of such units, to the gram.
    #[must_use]
    pub fn of_units(self, count: u32) -> Grams {
        let units = i64::from(self.units.max(1));
        Grams(self.weight_g.times(count).0.saturating_add(units / 2) / units)
    }
}

/// Lot, serial, expiry and mass of a unit, as far as scanned or typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trace {
    /// Serial number.
    pub serial: Option<String>,
    /// Lot.
    pub lot: Option<String>,
    /// Expiry or best-before day.
    pub expiry: Option<Day>,
    /// Net mass by its label, of goods sold by weight; units of one label share it.
    pub net: Option<NetWeight>,
}

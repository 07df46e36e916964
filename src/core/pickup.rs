//! When a carrier comes, as plain moments. Weekdays, zones and holidays are somebody else's arithmetic: whoever makes the
//! table has done it, so that everything here compares points in time and nothing else.

use super::time::UtcMs;

/// A pick-up that a parcel is to reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cutoff {
    /// Who comes: the name people know.
    pub carrier: String,
    /// Last moment to be ready.
    pub at: UtcMs,
}

/// The pick-ups of one service of a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pickups {
    carrier: String,
    at: Vec<UtcMs>,
}

impl Pickups {
    /// The table of a carrier's service; the moments may come in any order.
    #[must_use]
    pub fn new(carrier: &str, mut at: Vec<UtcMs>) -> Pickups {
        at.sort_unstable();
        at.dedup();
        Pickups { carrier: carrier.to_owned(), at }
    }

    /// The last pick-up that still keeps a promise, also where it was missed already; without a promise, or with one that
    /// no pick-up of the table keeps, the next one.
    #[must_use]
    pub fn serving(&self, ship_by: Option<UtcMs>, now: UtcMs) -> Option<Cutoff> {
        let kept = ship_by.and_then(|by| self.at.iter().rev().find(|at| **at <= by));
        let at = *kept.or_else(|| self.at.iter().find(|at| **at >= now))?;
        Some(Cutoff { carrier: self.carrier.clone(), at })
    }
}

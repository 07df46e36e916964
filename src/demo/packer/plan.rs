//! What goes wrong, planned ahead by the seed so that every run of the same seed meets the same troubles, each with the
//! outcome that must follow.

use crate::demo::chance::Chance;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// Orders of a hundred that meet each kind of trouble.
pub const PERCENT_EACH: usize = 6;

/// A wrong scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wrong {
    /// An item that the order does not contain.
    Item,
    /// A barcode that nobody knows.
    Unknown,
    /// One unit too many.
    OneMore,
    /// The label of another parcel.
    Label,
    /// The sign of another shelf.
    Shelf,
}

/// A trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mishap {
    /// A unit is missing on the shelf. The order should go complete, so it is parked; a lead lets it go or does not.
    Short {
        /// The lead lets it go.
        released: bool,
    },
    /// Something wrong is scanned.
    Wrong(Wrong),
    /// A unit is broken.
    Damaged,
    /// The office calls the order off while it is packed.
    Cancelled,
}

/// How an order must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// Packed.
    Packed,
    /// Parked with a reason, a question open at the server.
    Parked,
    /// Called off: unpacked, or, where it was packed before the news came, a question open at the server.
    CalledOff,
}

/// What was expected of a trouble and what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Number of the order.
    pub order: String,
    /// Which trouble.
    pub mishap: Mishap,
    /// Key of the message that must show, or what must happen.
    pub expected: &'static str,
    /// What showed.
    pub seen: String,
}

impl Witness {
    /// It came as expected.
    #[must_use]
    pub fn met(&self) -> bool {
        self.expected == self.seen
    }
}

#[derive(Debug, Default)]
struct Record {
    begun: BTreeSet<String>,
    witnesses: Vec<Witness>,
    endings: BTreeMap<String, Ending>,
}

/// The plan of all troubles, and what became of them. All packers share it.
#[derive(Debug)]
pub struct Plan {
    mishaps: BTreeMap<String, Mishap>,
    record: Mutex<Record>,
}

impl Plan {
    /// Troubles for these orders: of each kind in at least [`PERCENT_EACH`] of a hundred, at most one per order.
    #[must_use]
    pub fn new(seed: u64, orders: &[String]) -> Plan {
        let mut mixed: Vec<&String> = orders.iter().collect();
        Chance::of(seed, "troubles").shuffle(&mut mixed);
        let each = (orders.len() * PERCENT_EACH).div_ceil(100);
        let wrong = [Wrong::Item, Wrong::Unknown, Wrong::OneMore, Wrong::Label, Wrong::Shelf];
        let mut mishaps = BTreeMap::new();
        for (n, order) in mixed.into_iter().take(each * 4).enumerate() {
            let round = n / 4;
            let mishap = match n % 4 {
                0 => Mishap::Short { released: round.is_multiple_of(2) },
                1 => Mishap::Wrong(wrong[round % wrong.len()]),
                2 => Mishap::Damaged,
                _ => Mishap::Cancelled,
            };
            mishaps.insert(order.clone(), mishap);
        }
        Plan { mishaps, record: Mutex::default() }
    }

    /// No troubles at all.
    #[must_use]
    pub fn calm() -> Plan {
        Plan { mishaps: BTreeMap::new(), record: Mutex::default() }
    }

    /// The planned trouble of an order.
    #[must_use]
    pub fn of(&self, order: &str) -> Option<Mishap> {
        self.mishaps.get(order).copied()
    }

    /// Orders with a trouble, and which.
    #[must_use]
    pub fn all(&self) -> &BTreeMap<String, Mishap> {
        &self.mishaps
    }

    /// The trouble of an order if it has not begun yet; from now on it has.
    pub fn begin(&self, order: &str, fits: impl Fn(Mishap) -> bool) -> Option<Mishap> {
        let mishap = self.of(order).filter(|m| fits(*m))?;
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        record.begun.insert(order.to_owned()).then_some(mishap)
    }

    /// The power went off before the trouble was told: it begins again.
    pub fn forget(&self, order: &str) {
        self.record.lock().unwrap_or_else(PoisonError::into_inner).begun.remove(order);
    }

    /// An order is seen parked: a short of before a power cut was stored after all. One that cannot go on stays parked.
    pub fn parked(&self, order: &str, can_go_on: bool) {
        if matches!(self.of(order), Some(Mishap::Short { .. })) {
            let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
            record.begun.insert(order.to_owned());
            if !can_go_on {
                record.endings.insert(order.to_owned(), Ending::Parked);
            }
        }
    }

    /// Keeps what was seen.
    pub fn witness(&self, witness: Witness) {
        if !witness.met() {
            tracing::error!(order = %witness.order, expected = witness.expected, seen = %witness.seen, "another outcome");
        }
        self.record.lock().unwrap_or_else(PoisonError::into_inner).witnesses.push(witness);
    }

    /// An order ends otherwise than its trouble alone says: its only unit is missing.
    pub fn ends(&self, order: &str, ending: Ending) {
        self.record.lock().unwrap_or_else(PoisonError::into_inner).endings.insert(order.to_owned(), ending);
    }

    /// How an order must end.
    #[must_use]
    pub fn ending(&self, order: &str) -> Ending {
        let record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ending) = record.endings.get(order) {
            return *ending;
        }
        // A trouble that never began changes nothing.
        if !record.begun.contains(order) {
            return Ending::Packed;
        }
        match self.of(order) {
            Some(Mishap::Short { released: false }) => Ending::Parked,
            Some(Mishap::Cancelled) => Ending::CalledOff,
            Some(Mishap::Short { released: true } | Mishap::Wrong(_) | Mishap::Damaged) | None => Ending::Packed,
        }
    }

    /// What was seen.
    #[must_use]
    pub fn witnesses(&self) -> Vec<Witness> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner).witnesses.clone()
    }
}

//! What a station knows of stock, and the drawn warehouse it lies in.

use super::ids::ProductId;
use super::layout::Plan;
use super::time::{Day, UtcMs};
use std::sync::Arc;

/// Which side of its aisle a bay stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Left, walking up the aisle.
    Left,
    /// Right.
    Right,
}

/// What a place is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LocationKind {
    /// A shelf items are picked from.
    Bin,
    /// A slot where the parcels of a split order meet.
    Consolidation,
}

/// A place with a barcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// What is written on the shelf and in its barcode: `A-07-3`.
    pub code: String,
    /// Bin or consolidation slot.
    pub kind: LocationKind,
    /// Aisle from 0, left to right on the map.
    pub aisle: u16,
    /// Bay from 0, from the front of the aisle to its back.
    pub bay: u16,
    /// Shelf level from 1, the lowest.
    pub level: u8,
    /// Side of the aisle.
    pub side: Side,
}

/// The map: straight parallel aisles between a front and a back cross-aisle, or the plan a site made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Floor {
    /// Letters or numbers of the aisles, left to right.
    pub aisle_names: Vec<String>,
    /// Bays per side of an aisle.
    pub bays: u16,
    /// From one bay's middle to the next one's.
    pub bay_mm: i32,
    /// From one aisle's middle line to the next one's.
    pub aisle_mm: i32,
    /// From a cross-aisle's middle line to the first bay's middle.
    pub head_mm: i32,
    /// The aisle at whose front end the packing bench stands.
    pub bench_aisle: u16,
    /// The site's plan, where it made one; it says more than the figures above, which then are those of its front.
    pub plan: Option<Arc<Plan>>,
}

/// Balance of one product in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockLevel {
    /// The product.
    pub product: ProductId,
    /// Where.
    pub location: String,
    /// Lot, where lots are kept.
    pub lot: Option<String>,
    /// Expiry, where it has one.
    pub expiry: Option<Day>,
    /// Units there.
    pub quantity: i64,
    /// Units that are promised to leased work, this one's among them. Above `quantity` where more is promised than lies there.
    pub allocated: i64,
    /// The lot is on hold: not to be picked.
    pub held: bool,
}

/// Stock as the server last told it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockSnapshot {
    /// Balances of the products in question.
    pub levels: Vec<StockLevel>,
    /// Lots of these products that are on hold, also those of which no balance is known.
    pub held_lots: Vec<(ProductId, String)>,
    /// When it was true.
    pub as_of: UtcMs,
}

impl StockSnapshot {
    /// Is this lot of the product on hold? A lot that was typed in small letters or with blanks around it is the same lot.
    #[must_use]
    pub fn lot_held(&self, product: ProductId, lot: &str) -> bool {
        let same = |known: &str| known.trim().eq_ignore_ascii_case(lot.trim());
        self.held_lots.iter().any(|(p, l)| *p == product && same(l))
            || self.levels.iter().any(|l| l.product == product && l.held && l.lot.as_deref().is_some_and(same))
    }

    /// The held lot in a place where nothing else of the product lies; none where anything may be taken, or nothing is known.
    #[must_use]
    pub fn only_held_at(&self, product: ProductId, location: &str) -> Option<&str> {
        let mut held = None;
        for l in self.levels.iter().filter(|l| l.product == product && l.location == location && l.quantity > 0) {
            let lot = l.lot.as_deref().filter(|lot| l.held || self.lot_held(product, lot))?;
            held = held.or(Some(lot));
        }
        held
    }

    /// Units of a product in all places that may be picked from.
    #[must_use]
    pub fn available(&self, product: ProductId) -> i64 {
        self.levels.iter().filter(|l| l.product == product && !l.held).map(|l| l.quantity.max(0)).sum()
    }

    /// Units of a product that are promised to others, seen from work that wants `own` of them itself.
    #[must_use]
    pub fn elsewhere(&self, product: ProductId, own: i64) -> i64 {
        let promised: i64 = self.levels.iter().filter(|l| l.product == product && !l.held).map(|l| l.allocated).sum();
        promised.saturating_sub(own).max(0)
    }

    /// Units of a product that work which wants `own` of them may take without taking them from others; below zero where even
    /// those are too few.
    #[must_use]
    pub fn free(&self, product: ProductId, own: i64) -> i64 {
        self.available(product).saturating_sub(self.elsewhere(product, own))
    }
}

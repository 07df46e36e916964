//! The made warehouse. Everything in here is MADE UP, out of a seed and the names of the goods: the same seed gives the same
//! warehouse, byte for byte. Barcodes are of the range GS1 keeps for use inside a house (prefix 20 to 29), parcel numbers of
//! its range for examples, addresses are "Customer 17850, Demo Street 1". It reaches the server through the server's own
//! services; nothing is written past them.

mod feed;
pub mod floor;
pub mod goods;
pub mod people;
mod tables;

pub use feed::{Audience, Initial, again, first_for_visitors, furnish, stock_up};

use goods::Thing;
use people::{BOXES, BoxKind, PEOPLE, Person};
use std::collections::HashMap;

/// What may be touched in the made warehouse: what a person at its benches sees and feels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// Seed it was made from.
    pub seed: u64,
    /// Goods by code.
    pub things: HashMap<String, Thing>,
}

impl World {
    /// The warehouse for these goods: code and name, in any order.
    #[must_use]
    pub fn new(seed: u64, products: &[(String, String)]) -> World {
        let mut sorted: Vec<_> = products.iter().collect();
        sorted.sort();
        sorted.dedup_by(|a, b| a.0 == b.0);
        let places = floor::spread(seed, sorted.len());
        let mut things = HashMap::with_capacity(sorted.len());
        for (n, ((sku, name), shelf)) in sorted.iter().zip(places).enumerate() {
            let number = u64::try_from(n).unwrap_or(u64::MAX);
            things.insert(sku.clone(), Thing::of(seed, number, sku, name, shelf));
        }
        World { seed, things }
    }

    /// A thing by its code.
    #[must_use]
    pub fn thing(&self, sku: &str) -> Option<&Thing> {
        self.things.get(sku)
    }

    /// The people who work here.
    #[must_use]
    pub fn people(&self) -> &'static [Person] {
        PEOPLE
    }

    /// The boxes on the bench, smallest first.
    #[must_use]
    pub fn boxes(&self) -> &'static [BoxKind] {
        BOXES
    }
}

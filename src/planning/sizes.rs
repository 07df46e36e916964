//! Sizes of products that nobody measured, learned from parcels: what went into a box was no longer than it, and took no
//! more room than was left.
//!
//! Both are upper limits, and every further parcel can only lower them; what is learned is therefore rather too large than
//! too small, and so is a box chosen by it. They are kept apart: room says nothing of a long side. Twenty rods in a box are
//! each as long as the box, for all one knows; only the shortest side of a thing is no longer than that of a cube with its room.
//! Which side stands upright is not learned. Where a parcel holds several products of unknown size, its room is shared among
//! them by mass, or by number where a mass is unknown too; that is a guess and no limit, so the mean of the guesses counts
//! only for a product that never was the only unknown one.

use std::collections::BTreeMap;

use crate::core::ids::ProductId;
use crate::core::units::{DimsMm, Grams};

/// More parcels than this of one product teach nothing new; the first ones count.
pub const PARCELS_MAX: usize = 10_000;
/// Sides longer than this are an error of whoever measured.
const SIDE_MM_MAX: i32 = 100_000;

/// What lies in a measured parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Which product.
    pub product: ProductId,
    /// How many.
    pub qty: u32,
    /// Size of one, where it is known.
    pub dims: Option<DimsMm>,
    /// Mass of one, where it is known.
    pub weight_g: Option<Grams>,
}

/// A parcel that was closed: the room inside its box, or the measured size of a bag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Its sides.
    pub dims: DimsMm,
    /// What lies in it.
    pub contents: Vec<Content>,
}

/// What was learned of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Learned {
    /// No side of the product is longer than these, its longest side first.
    pub dims: DimsMm,
    /// It takes no more room than this; mostly less than sides so long would.
    pub volume_mm3: i64,
    /// From so many parcels.
    pub parcels: u32,
}

/// Limits found so far for one product.
struct Limits {
    sides: [i32; 3],
    /// The least room left to one, where it was the only product of unknown size.
    alone_mm3: Option<i64>,
    /// Sum of what its share was elsewhere.
    shared_mm3: i128,
    parcels: u32,
}

impl Limits {
    fn volume_mm3(&self) -> i64 {
        let mean = || i64::try_from(self.shared_mm3 / i128::from(self.parcels.max(1))).unwrap_or(i64::MAX);
        self.alone_mm3.unwrap_or_else(mean).max(1)
    }
}

/// Learns the sizes of all products that have none. Parcels whose known contents do not fit their size teach nothing.
#[must_use]
pub fn learn(parcels: &[Measured]) -> BTreeMap<ProductId, Learned> {
    let mut limits: BTreeMap<ProductId, Limits> = BTreeMap::new();
    for parcel in parcels.iter().take(PARCELS_MAX) {
        let sides = parcel.dims.sorted();
        if !sides.iter().all(|s| (1..=SIDE_MM_MAX).contains(s)) {
            continue;
        }
        let known = parcel.contents.iter().filter_map(|c| volume_of(c).map(|v| v.saturating_mul(i64::from(c.qty))));
        let left = volume(sides).saturating_sub(known.fold(0, i64::saturating_add));
        if left <= 0 {
            continue;
        }
        let shares = shares(&parcel.contents, left);
        let alone = shares.iter().all(|(c, _)| shares.iter().all(|(o, _)| c.product == o.product));
        for (content, share) in shares {
            let entry = limits.entry(content.product);
            let found = entry.or_insert(Limits { sides, alone_mm3: None, shared_mm3: 0, parcels: 0 });
            found.sides = [0, 1, 2].map(|k| found.sides[k].min(sides[k]));
            if alone {
                found.alone_mm3 = Some(found.alone_mm3.map_or(share, |v| v.min(share)));
            }
            found.shared_mm3 += i128::from(share);
            found.parcels = found.parcels.saturating_add(1);
        }
    }
    let learned = |(product, l): (ProductId, Limits)| {
        let [length, width, height] = l.sides;
        // What a guess says of room is no limit of a side.
        let height = l.alone_mm3.map_or(height, |room| height.min(cube(room)));
        let volume_mm3 = l.volume_mm3().min(volume([length, width, height]));
        (product, Learned { dims: DimsMm { length, width, height }, volume_mm3, parcels: l.parcels })
    };
    limits.into_iter().map(learned).collect()
}

fn volume(sides: [i32; 3]) -> i64 {
    sides.iter().map(|s| i64::from(*s)).product()
}

/// Volume of one, where its size is known and sensible.
fn volume_of(content: &Content) -> Option<i64> {
    let sides = content.dims?.sorted();
    sides.iter().all(|s| (1..=SIDE_MM_MAX).contains(s)).then(|| volume(sides))
}

/// What one of each product of unknown size may take of the room that is left, in mm³.
fn shares(contents: &[Content], left: i64) -> Vec<(&Content, i64)> {
    let unknown: Vec<&Content> = contents.iter().filter(|c| c.qty > 0 && volume_of(c).is_none()).collect();
    let mass_g = |c: &Content| c.weight_g.map(|g| g.0).filter(|g| *g > 0);
    let by_mass = unknown.iter().all(|c| mass_g(c).is_some());
    let weight = |c: &Content| i128::from(if by_mass { mass_g(c).unwrap_or(1) } else { 1 });
    let all: i128 = unknown.iter().map(|c| weight(c) * i128::from(c.qty)).sum();
    let one = |c: &Content| i64::try_from(i128::from(left) * weight(c) / all.max(1)).unwrap_or(i64::MAX);
    unknown.into_iter().map(|c| (c, one(c))).collect()
}

/// The side of the largest cube that takes no more room than this, 1 mm at least.
fn cube(volume_mm3: i64) -> i32 {
    let (mut low, mut high) = (1, SIDE_MM_MAX);
    while low < high {
        let middle = (low + high + 1) / 2;
        if volume([middle; 3]) <= volume_mm3 { low = middle } else { high = middle - 1 }
    }
    low
}

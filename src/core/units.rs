//! Mass and length as whole grams and millimetres. There is no float anywhere near them: a scale
//! that shows 12.08 kg means 12,080 g.

use std::iter::Sum;
use std::ops::{Add, Sub};

/// Mass in grams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grams(pub i64);

impl Grams {
    /// This mass `n` times.
    #[must_use]
    pub fn times(self, n: u32) -> Grams {
        Grams(self.0.saturating_mul(i64::from(n)))
    }

    /// Distance between two masses, in grams, never negative.
    #[must_use]
    pub fn distance(self, other: Grams) -> Grams {
        Grams(self.0.saturating_sub(other.0).saturating_abs())
    }
}

impl Add for Grams {
    type Output = Grams;
    fn add(self, o: Grams) -> Grams {
        Grams(self.0.saturating_add(o.0))
    }
}

impl Sub for Grams {
    type Output = Grams;
    fn sub(self, o: Grams) -> Grams {
        Grams(self.0.saturating_sub(o.0))
    }
}

impl Sum for Grams {
    fn sum<I: Iterator<Item = Grams>>(it: I) -> Grams {
        it.fold(Grams(0), Add::add)
    }
}

/// Length, width and height of a box, in millimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DimsMm {
    /// Along the longest side as it lies.
    pub length: i32,
    /// Across.
    pub width: i32,
    /// Upwards.
    pub height: i32,
}

impl DimsMm {
    /// Room inside, in cubic millimetres.
    #[must_use]
    pub fn volume_mm3(self) -> i64 {
        i64::from(self.length) * i64::from(self.width) * i64::from(self.height)
    }

    /// The three sides from longest to shortest.
    #[must_use]
    pub fn sorted(self) -> [i32; 3] {
        let mut s = [self.length, self.width, self.height];
        s.sort_unstable_by(|a, b| b.cmp(a));
        s
    }
}

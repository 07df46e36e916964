//! Throws for the search: chance that is the same everywhere, made from a seed. Must never read a clock.

use crate::core::chance;

/// Makes numbers.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed ^ 0x5851_f42d_4c95_7f2d)
    }

    /// Any number.
    pub(super) fn roll(&mut self) -> u64 {
        chance::next(&mut self.0)
    }

    /// A number below `sides`; 0 where there are none.
    pub(super) fn below(&mut self, sides: usize) -> usize {
        ((u128::from(self.roll()) * sides as u128) >> 64) as usize
    }

    /// A number from 0 up to 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

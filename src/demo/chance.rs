//! Chance that is the same every time: a small generator for what is seeded, and a hash for what hangs on a name.
//! Must never read a clock or the system's random source.

use crate::core::chance;

/// One word of state, and every seed is as good as any other.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Begins with a seed.
    #[must_use]
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// A stream of its own for one purpose, so that one more throw here moves nothing there.
    #[must_use]
    pub fn of(seed: u64, purpose: &str) -> Chance {
        Chance(seed ^ hash(purpose))
    }

    /// The next 64 bits.
    pub fn word(&mut self) -> u64 {
        chance::next(&mut self.0)
    }

    /// A number below `n`; 0 where `n` is 0. The bias is below 2^-40 for the small `n` used here.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.word() % n }
    }

    /// An index of a list of `len`; 0 for an empty one.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// True in about so many of a hundred.
    pub fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    /// Mixes a list (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let j = self.index(i + 1);
            list.swap(i, j);
        }
    }
}

/// FNV-1a, 64 bits, then mixed: names that differ in one letter end far apart.
#[must_use]
pub fn hash(text: &str) -> u64 {
    chance::scatter(
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)),
    )
}

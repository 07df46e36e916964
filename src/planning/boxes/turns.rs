//! The six ways a thing can lie along the sides of a box, and which of them it bears.

use super::Sides;

/// Which of a thing's sides lies along x, y and z; two ways for each side that stands upright.
const WAYS: [[usize; 3]; 6] = [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 0, 1], [1, 2, 0], [2, 1, 0]];

/// How a thing may be turned: a set of the six ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turns(u8);

impl Default for Turns {
    fn default() -> Turns {
        Turns::ANY
    }
}

impl Turns {
    /// Any side may be up.
    pub const ANY: Turns = Turns(0b11_1111);
    /// This side up: only turned around, its height stays upright.
    pub const UPRIGHT: Turns = Turns(0b00_0011);
    /// As it stands.
    pub const FIXED: Turns = Turns(0b00_0001);

    /// Those in which one of the named sides (length, width, height) stands upright; with none of them, as
    /// [`Turns::UPRIGHT`].
    #[must_use]
    pub fn with_upright([length, width, height]: [bool; 3]) -> Turns {
        let set = (u8::from(height) * 0b00_0011) | (u8::from(width) * 0b00_1100) | (u8::from(length) * 0b11_0000);
        if set == 0 { Turns::UPRIGHT } else { Turns(set) }
    }

    /// The sides of a thing in each way that is allowed, each different one once.
    pub fn of(self, sides: Sides) -> impl Iterator<Item = Sides> + Clone {
        let lying = WAYS.map(|way| way.map(|side| sides[side]));
        let allowed = move |n: &usize| self.0 & (1 << n) != 0;
        let first = move |n: &usize| !(0..*n).any(|m| allowed(&m) && lying[m] == lying[*n]);
        (0..WAYS.len()).filter(move |n| allowed(n) && first(n)).map(move |n| lying[n])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_once() {
        let count = |t: Turns, sides| t.of(sides).count();
        assert_eq!(count(Turns::ANY, [1, 2, 3]), 6);
        assert_eq!(count(Turns::ANY, [1, 1, 3]), 3);
        assert_eq!(count(Turns::ANY, [2, 2, 2]), 1);
        assert_eq!(Turns::UPRIGHT.of([1, 2, 3]).collect::<Vec<_>>(), [[1, 2, 3], [2, 1, 3]]);
        assert_eq!(Turns::FIXED.of([1, 2, 3]).collect::<Vec<_>>(), [[1, 2, 3]]);
        assert!(Turns::with_upright([true, false, true]).of([1, 2, 3]).all(|s| s[2] != 2));
        assert_eq!(Turns::with_upright([false; 3]), Turns::UPRIGHT);
    }
}

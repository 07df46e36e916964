//! Where each bit of a MaxiCode stands: 33 rows, of 30 modules and (moved right by half a module) 29 by turns.
//!
//! Nearly all codewords are blocks of two columns and three rows, whose bits run from the highest at the top right to the lowest at
//! the bottom left. The blocks of the secondary message follow one another through eleven bands of rows like an ox that ploughs,
//! and leave the middle to the bull's-eye and the primary message; the last eight codewords go down the two columns at the
//! right. Only the first nine codewords of the primary message lie in pieces around the bull's-eye. This file must never draw.

use super::CODEWORDS;

/// Row and column, from the top left.
pub(super) type Place = (i32, i32);

/// Rows of modules.
pub(super) const ROWS: i32 = 33;
/// Modules of an even row; an odd one has one less.
pub(super) const COLUMNS: i32 = 30;
/// The module that the bull's-eye is drawn around.
pub(super) const CENTRE: Place = (16, 14);

/// The bits of the first nine codewords, highest first.
const SCATTERED: [[Place; 6]; 9] = [
    [(15, 19), (17, 19), (9, 16), (10, 16), (11, 17), (11, 16)],
    [(22, 13), (22, 12), (23, 13), (23, 12), (21, 17), (22, 16)],
    [(9, 13), (9, 12), (10, 13), (10, 12), (12, 10), (20, 10)],
    [(20, 18), (12, 19), (12, 18), (13, 19), (13, 18), (14, 19)],
    [(23, 15), (23, 14), (18, 19), (19, 19), (19, 18), (20, 19)],
    [(15, 8), (17, 8), (21, 10), (23, 11), (22, 15), (22, 14)],
    [(9, 15), (9, 14), (10, 15), (10, 14), (10, 10), (11, 10)],
    [(17, 21), (9, 19), (9, 18), (10, 19), (11, 19), (11, 18)],
    [(15, 6), (16, 6), (17, 7), (17, 6), (15, 21), (15, 20)],
];
/// Top left modules of the blocks of the primary message, codewords 9 to 19.
const AROUND: [Place; 11] =
    [(12, 8), (18, 8), (21, 18), (21, 8), (9, 8), (12, 20), (18, 20), (18, 6), (12, 6), (9, 20), (21, 20)];
/// Modules that are dark in every symbol and tell readers which way is up.
const MARKS: [Place; 13] = [
    (0, 28),
    (0, 29),
    (9, 10),
    (9, 11),
    (10, 11),
    (15, 7),
    (16, 8),
    (16, 20),
    (17, 20),
    (22, 10),
    (22, 17),
    (23, 10),
    (23, 17),
];

fn block((row, column): Place) -> impl Iterator<Item = Place> {
    (0..3).flat_map(move |down| [(row + down, column + 1), (row + down, column)])
}

/// Top left modules of the blocks of the secondary message.
fn ploughed() -> impl Iterator<Item = Place> {
    (0..11).flat_map(|band| {
        (0..14).filter_map(move |step| {
            let column = if band % 2 == 0 { 2 * step } else { 26 - 2 * step };
            // Beside the bull's-eye the bands are shorter; above and below it they keep one block more at the left.
            let free = match band {
                3 | 7 => column <= 6 || column >= 22,
                4..=6 => column <= 4 || column >= 22,
                _ => true,
            };
            free.then_some((3 * band, column))
        })
    })
}

/// Places of all bits, the highest bit of the first codeword first.
fn bits() -> impl Iterator<Item = Place> {
    let right = (1..ROWS).flat_map(|row| {
        let outer = (row % 2 == 0).then_some((row, COLUMNS - 1));
        outer.into_iter().chain([(row, COLUMNS - 2)])
    });
    SCATTERED.into_iter().flatten().chain(AROUND.into_iter().chain(ploughed()).flat_map(block)).chain(right)
}

/// The dark modules of a symbol.
pub(super) fn dark(codewords: &[u8; CODEWORDS]) -> impl Iterator<Item = Place> {
    let set = codewords.iter().flat_map(|codeword| (0..6).rev().map(move |bit| codeword >> bit & 1 == 1));
    bits().zip(set).filter(|(_, set)| *set).map(|(place, _)| place).chain(MARKS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_bit_has_a_module_of_its_own_that_is_on_the_grid_and_off_the_bulls_eye() {
        let all: Vec<Place> = bits().collect();
        assert_eq!(all.len(), 6 * CODEWORDS);
        let own: BTreeSet<Place> = all.into_iter().chain(MARKS).collect();
        assert_eq!(own.len(), 6 * CODEWORDS + MARKS.len());
        for (row, column) in own {
            assert!((0..ROWS).contains(&row) && (0..COLUMNS - row % 2).contains(&column), "{row} {column}");
            // In halves of a module, and rows of 7/8 of one: the outermost ring reaches 4.4 modules.
            let (x, y) = (2 * column + row % 2 - 2 * CENTRE.1, row - CENTRE.0);
            assert!(x * x * 16 + y * y * 49 > 64 * 4 * 4, "{row} {column} is under the bull's-eye");
        }
    }
}

//! A MaxiCode as dots, in its one size whatever the resolution. It must never decide what is dark, only how large that is.

use super::CODEWORDS;
use super::grid::{self, CENTRE, COLUMNS, ROWS};

/// From one module to the next, in micrometres.
const PITCH_UM: i64 = 880;
/// From one row to the next: √3/2 of it.
const ROW_UM: i64 = 762;
/// A module's height from corner to corner: 2/√3 of its width.
const HEIGHT_UM: i64 = 1_016;
/// From the middle of a printed hexagon to its side: printers leave white between hexagons, for ink spreads.
const SIDE_UM: i64 = 385;
/// Radii where the bull's-eye changes between white and dark, from within.
const RINGS_UM: [i64; 6] = [510, 1_180, 1_860, 2_530, 3_200, 3_870];
/// Micrometres of an inch.
const INCH_UM: i64 = 25_400;

/// Dots of a symbol, row by row, `true` for black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dots {
    /// Dots of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// All of them.
    pub black: Vec<bool>,
}

impl Dots {
    /// Blackens the dots whose middle is in a shape that reaches `reach_um` around a point; `inside` is told how far right
    /// of and below the point the dot's middle is.
    fn fill(&mut self, dpi: i64, (x_um, y_um): (i64, i64), reach_um: i64, inside: impl Fn(i64, i64) -> bool) {
        let dot = |um: i64| um * dpi / INCH_UM;
        let end = |um: i64, most: usize| (dot(um) + 1).clamp(0, most as i64);
        for row in dot(y_um - reach_um).max(0)..end(y_um + reach_um, self.height) {
            for column in dot(x_um - reach_um).max(0)..end(x_um + reach_um, self.width) {
                let middle = |dot: i64| (2 * dot + 1) * INCH_UM / (2 * dpi);
                if inside(middle(column) - x_um, middle(row) - y_um)
                    && let Some(black) = self.black.get_mut(row as usize * self.width + column as usize)
                {
                    *black = true;
                }
            }
        }
    }
}

/// The middle of a module.
fn middle((row, column): grid::Place) -> (i64, i64) {
    let half = PITCH_UM / 2;
    (i64::from(column) * PITCH_UM + half + i64::from(row % 2) * half, i64::from(row) * ROW_UM + HEIGHT_UM / 2)
}

pub(super) fn dots(codewords: &[u8; CODEWORDS], dpi: u32) -> Dots {
    let dpi = i64::from(dpi.max(1));
    let count = |um: i64| ((um * dpi + INCH_UM / 2) / INCH_UM) as usize;
    let width = count(i64::from(COLUMNS) * PITCH_UM);
    let height = count(i64::from(ROWS - 1) * ROW_UM + HEIGHT_UM);
    let mut out = Dots { width, height, black: vec![false; width * height] };
    for place in grid::dark(codewords) {
        // Beside the two upright sides the slanted ones bound it: |x|/2 + |y|·√3/2.
        let hexagon = |x: i64, y: i64| x.abs() <= SIDE_UM && x.abs() * 500 + y.abs() * 866 <= SIDE_UM * 1_000;
        out.fill(dpi, middle(place), HEIGHT_UM / 2, hexagon);
    }
    let ring = |x: i64, y: i64| RINGS_UM.iter().filter(|radius| x * x + y * y >= **radius * **radius).count() % 2 == 1;
    out.fill(dpi, middle(CENTRE), RINGS_UM.iter().copied().max().unwrap_or_default(), ring);
    out
}

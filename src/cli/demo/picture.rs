//! What the demo's camera sees: a drawn box on a bench. Each picture differs from the one before, as photos do.

use crate::devices::virtual_::Drawing;
use std::sync::atomic::{AtomicU32, Ordering};

/// Width in pixels.
const WIDTH: u32 = 640;
/// Height in pixels.
const HEIGHT: u32 = 480;

/// Colours: red, green, blue.
type Colour = [u8; 3];
const BENCH: Colour = [196, 200, 204];
const CARDBOARD: Colour = [198, 156, 109];
const FLAP: Colour = [222, 184, 135];
const INSIDE: Colour = [120, 88, 56];
const GOODS: [Colour; 4] = [[176, 58, 46], [36, 113, 163], [30, 132, 73], [214, 137, 16]];

static SHOTS: AtomicU32 = AtomicU32::new(0);

/// Draws the next picture.
pub(super) fn draw() -> Drawing {
    let shot = SHOTS.fetch_add(1, Ordering::Relaxed);
    let mut rgb = Vec::with_capacity((WIDTH * HEIGHT * 3) as usize);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            rgb.extend_from_slice(&colour(x, y, shot));
        }
    }
    Drawing { width_px: WIDTH, height_px: HEIGHT, rgb }
}

fn colour(x: u32, y: u32, shot: u32) -> Colour {
    let within = |x0, y0, x1, y1| (x0..x1).contains(&x) && (y0..y1).contains(&y);
    // Nobody puts a box down twice at the very same place.
    let (dx, dy) = (shot * 7 % 24, shot * 5 % 16);
    let (left, top) = (150 + dx, 110 + dy);
    if within(left + 24, top + 24, left + 316, top + 236) {
        let (column, row) = ((x - left) / 80, (y - top) / 70);
        let gap = (x - left) % 80 < 6 || (y - top) % 70 < 6;
        let thing = usize::try_from((column + row * 3 + shot) % 4).unwrap_or(0);
        return if gap { INSIDE } else { GOODS[thing] };
    }
    if within(left, top, left + 340, top + 260) {
        return CARDBOARD;
    }
    let flaps = within(left, top.saturating_sub(60), left + 340, top) || within(left, top + 260, left + 340, top + 320);
    if flaps { FLAP } else { BENCH }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_pictures_are_whole_and_differ() {
        let (a, b) = (draw(), draw());
        assert_eq!(a.rgb.len(), (WIDTH * HEIGHT * 3) as usize);
        assert_ne!(a.rgb, b.rgb);
    }
}

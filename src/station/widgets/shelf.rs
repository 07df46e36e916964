//! One bay from the front: its levels, top level first, and the one to take from.

use egui::{Align2, CornerRadius, Rect, Ui, pos2, vec2};

use super::text;
use crate::station::theme::{Weight, fonts, palette};

/// Height of one level.
pub const LEVEL: f32 = 42.0;

/// Draws the levels. `level` is counted from 1 at the floor.
pub fn shelf(ui: &mut Ui, rect: Rect, levels: u8, level: u8, take: &str) {
    let palette = palette(ui);
    let bold = fonts::body().in_face(Weight::Bold);
    let height = LEVEL.min(rect.height() / f32::from(levels.max(1)));
    for (row, number) in (1..=levels).rev().enumerate() {
        let area = Rect::from_min_size(pos2(rect.left(), rect.top() + height * row as f32), vec2(rect.width(), height));
        let board = Rect::from_min_max(pos2(area.left(), area.bottom() - 3.0), area.max);
        ui.painter().rect_filled(board, 0.0, palette.line_strong);
        let middle = area.center().y - 1.5;
        text::paint(ui, pos2(area.left(), middle), Align2::LEFT_CENTER, bold, &number.to_string(), palette.text);
        let mut left = area.left() + 34.0;
        let corner = CornerRadius::same(3);
        let here = number == level;
        let sizes: &[f32] = if here { &[32.0] } else { &[26.0, 32.0, 18.0] };
        let ground = if here { palette.accent } else { palette.sunken };
        for size in sizes {
            let size = size.min(height - 6.0);
            let thing = Rect::from_min_max(pos2(left, board.top() - size), pos2(left + 26.0, board.top()));
            ui.painter().rect_filled(thing, corner, ground);
            left += 30.0;
        }
        if here {
            let room = Rect::from_min_max(pos2(left + 8.0, area.top()), pos2(area.right(), board.top()));
            text::put_fitted(ui, room, Align2::LEFT_CENTER, bold, 16.0, take, palette.text);
        }
    }
}

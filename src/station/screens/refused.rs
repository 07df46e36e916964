//! A wrong thing was scanned: needed and scanned, side by side, and how the screen goes away.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::Desk;
use crate::engine::view::Compare;
use crate::station::icons::Icon;
use crate::station::theme::{fonts, palette};
use crate::station::widgets::compare::{Thing, compare as cards};
use crate::station::widgets::text;

/// `not_here` says of what the scanned thing is no part.
pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &Desk<'_>, not_here: &str, compare: &Compare) {
    let scanned_title = desk.text("word-scanned");
    let scanned = Thing {
        title: &scanned_title,
        code: &compare.scanned.sku,
        name: &compare.scanned.name,
        place: not_here,
        place_code: "",
    };
    let area = Rect::from_min_max(room.min, pos2(room.right(), room.bottom() - 40.0));
    let needed_title = desk.text("word-needed");
    let bin = desk.text("word-bin");
    // Where nothing is needed any more the scanned thing stands alone.
    if let Some(needed) = &compare.needed {
        let needed = Thing {
            title: &needed_title,
            code: &needed.sku,
            name: &needed.name,
            place: if needed.bin.is_some() { &bin } else { "" },
            place_code: needed.bin.as_deref().unwrap_or(""),
        };
        cards(ui, area, &needed, &scanned);
    } else {
        crate::station::widgets::compare::alone(ui, area, &scanned);
    }
    let colours = palette(ui);
    let icon = Rect::from_min_size(pos2(room.left(), room.bottom() - 20.0), vec2(32.0, 32.0));
    Icon::Scan.paint(ui.painter(), icon, colours.text, 2.0);
    let words = desk.text("word-clears");
    let line = Rect::from_min_max(
        pos2(icon.right() + 12.0, icon.center().y - 18.0),
        pos2(room.right(), icon.center().y + 18.0),
    );
    text::put_fitted(ui, line, Align2::LEFT_CENTER, fonts::body(), 18.0, &words, colours.text);
}

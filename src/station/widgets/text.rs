//! Placing text: one line at a point, wrapped text in a rectangle, and text that shrinks until it fits. Every
//! text placed here is also a label for assistive technology.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Align2, Color32, Galley, Pos2, Rect, Role, Sense, Ui, WidgetInfo};

use crate::station::theme::Type;

/// Halvings of the room when lines are balanced; egui keeps each layout for the next frame.
const BALANCE_STEPS: usize = 6;
/// Balanced lines may be this much wider than the narrowest that do.
const BALANCE_SLACK: f32 = 1.06;

/// Distance from a galley's top to its first base line, px.
#[must_use]
pub fn ascent(galley: &Galley) -> f32 {
    galley
        .rows
        .first()
        .and_then(|row| row.row.glyphs.first().map(|glyph| row.pos.y + glyph.pos.y))
        .unwrap_or(galley.size().y)
}

/// Tells assistive technology of a text that has been painted at `rect`.
pub fn tell(ui: &mut Ui, rect: Rect, text: &str) {
    if text.is_empty() {
        return;
    }
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

/// Puts one line so that `anchor` of its box lies at `at`. Returns the box.
pub fn put(ui: &mut Ui, at: Pos2, anchor: Align2, kind: Type, text: &str, colour: Color32) -> Rect {
    let rect = paint(ui, at, anchor, kind, text, colour);
    tell(ui, rect, text);
    rect
}

/// Like [`put`], for words that a control around them already says.
pub fn paint(ui: &Ui, at: Pos2, anchor: Align2, kind: Type, text: &str, colour: Color32) -> Rect {
    let galley = kind.one_line(ui, text, colour);
    let rect = anchor.anchor_size(at, galley.size());
    ui.painter().galley(rect.min, galley, colour);
    rect
}

/// Puts one line with its base line at `at.y` and its left edge at `at.x`. Returns the box.
pub fn put_on_base(ui: &mut Ui, at: Pos2, kind: Type, text: &str, colour: Color32) -> Rect {
    let galley = kind.one_line(ui, text, colour);
    let rect = Rect::from_min_size(Pos2::new(at.x, at.y - ascent(&galley)), galley.size());
    ui.painter().galley(rect.min, galley, colour);
    tell(ui, rect, text);
    rect
}

/// Text in the type that fits `room`: as given, else smaller down to `px_min`, wrapping at words. Below `px_min`
/// it keeps shrinking only if a single word would be cut.
#[must_use]
pub fn fitted(ui: &Ui, kind: Type, px_min: f32, text: &str, colour: Color32, room: egui::Vec2) -> (Type, Arc<Galley>) {
    let mut kind = kind;
    loop {
        let galley = kind.wrapped(ui, text, colour, room.x);
        // Rows are rounded to whole pixels, which may add one each.
        let fits = galley.size().y <= room.y + 2.0 && whole_words(ui, kind, text, room.x);
        let smallest = kind.px <= px_min && (kind.px <= 10.0 || whole_words(ui, kind, text, room.x));
        if fits || smallest {
            return (kind, galley);
        }
        kind = kind.at(kind.px - 1.0);
    }
}

fn whole_words(ui: &Ui, kind: Type, text: &str, width: f32) -> bool {
    text.split_whitespace().all(|word| kind.width(ui, word) <= width + 0.5)
}

/// Puts text that fits `room`, placed inside it by `anchor`. Returns the box.
pub fn put_fitted(
    ui: &mut Ui,
    room: Rect,
    anchor: Align2,
    kind: Type,
    px_min: f32,
    text: &str,
    colour: Color32,
) -> Rect {
    let rect = paint_fitted(ui, room, anchor, kind, px_min, text, colour);
    tell(ui, rect, text);
    rect
}

/// Like [`put_fitted`], with lines of about one length: a name of two lines must not end in a lonely word.
pub fn put_balanced(
    ui: &mut Ui,
    room: Rect,
    anchor: Align2,
    kind: Type,
    px_min: f32,
    text: &str,
    colour: Color32,
) -> Rect {
    let (kind, widest) = fitted(ui, kind, px_min, text, colour, room.size());
    let rows = widest.rows.len();
    let (mut least, mut most) = (room.width() * 0.5, room.width());
    // The narrowest room that takes no more lines, to a few pixels.
    for _ in 0..if rows > 1 { BALANCE_STEPS } else { 0 } {
        let middle = (least + most) * 0.5;
        let same = kind.wrapped(ui, text, colour, middle).rows.len() <= rows && whole_words(ui, kind, text, middle);
        if same {
            most = middle;
        } else {
            least = middle;
        }
    }
    // A little more room lets the upper lines be the longer ones.
    let width = (most * BALANCE_SLACK).min(room.width());
    let galley = if rows > 1 { kind.wrapped(ui, text, colour, width) } else { widest };
    let rect = anchor.align_size_within_rect(galley.size(), room);
    ui.painter().galley(rect.min, galley, colour);
    tell(ui, rect, text);
    rect
}

/// Like [`put_fitted`], for words that a control around them already says.
pub fn paint_fitted(ui: &Ui, room: Rect, anchor: Align2, kind: Type, px_min: f32, text: &str, colour: Color32) -> Rect {
    let (_, galley) = fitted(ui, kind, px_min, text, colour, room.size());
    let rect = anchor.align_size_within_rect(galley.size(), room);
    ui.painter().galley(rect.min, galley, colour);
    rect
}

/// A line of several pieces in their own types and colours, on one base line.
#[must_use]
pub fn pieces(ui: &Ui, pieces: &[(&str, Type, Color32)]) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    for (text, kind, colour) in pieces {
        job.append(text, 0.0, kind.format(*colour));
    }
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// Puts such a line with `anchor` of its box at `at`.
pub fn put_pieces(ui: &mut Ui, at: Pos2, anchor: Align2, parts: &[(&str, Type, Color32)]) -> Rect {
    let galley = pieces(ui, parts);
    let rect = anchor.anchor_size(at, galley.size());
    let words: String = parts.iter().map(|(text, _, _)| *text).collect();
    ui.painter().galley(rect.min, galley, Color32::PLACEHOLDER);
    tell(ui, rect, words.trim());
    rect
}

/// The words of a galley with plain hyphens, for assistive technology.
#[must_use]
pub fn keep(galley: &Galley) -> String {
    galley.text().replace('\u{2011}', "-")
}

//! Small parts: progress bar, auto-advance bar, tag, figure with unit, stat, big marks.

use egui::{Align2, Color32, CornerRadius, Rect, Stroke, Ui, Vec2, pos2, vec2};

use super::text;
use crate::station::icons::Icon;
use crate::station::theme::{Signal, SignalLook, Type, Weight, fonts, measure, palette};

/// A bar filled to `share` (0 to 1) in `colour`.
pub fn progress(ui: &Ui, rect: Rect, share: f32, colour: Color32) {
    let corner = CornerRadius::from(rect.height() * 0.5);
    ui.painter().rect_filled(rect, corner, palette(ui).sunken);
    let share = share.clamp(0.0, 1.0);
    if share > 0.0 {
        let full = share >= 0.999;
        let right = rect.left() + (rect.width() * share).max(rect.height() * 0.5);
        let mut corner = corner;
        if !full {
            corner.ne = 0;
            corner.se = 0;
        }
        ui.painter().rect_filled(Rect::from_min_max(rect.min, pos2(right, rect.bottom())), corner, colour);
    }
}

/// The bar that fills while the next order is about to open, with its words at the right end.
pub fn auto_advance(ui: &mut Ui, rect: Rect, share: f32, words: &str) {
    let palette = palette(ui);
    let placed = text::put(ui, rect.right_center(), Align2::RIGHT_CENTER, fonts::label(), words, palette.muted);
    let bar = Rect::from_min_max(
        pos2(rect.left(), rect.center().y - 5.0),
        pos2((placed.left() - 14.0).max(rect.left() + 40.0), rect.center().y + 5.0),
    );
    progress(ui, bar, share, palette.text);
}

/// A tag with icon and word on a soft ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its icon.
    pub icon: Option<Icon>,
    /// Its word.
    pub word: &'a str,
    /// The signal that grounds it; `None` for a neutral tag.
    pub signal: Option<Signal>,
    /// True for 48 px and 22 px type, false for 36 px and 18 px.
    pub large: bool,
}

impl Tag<'_> {
    const fn kind(&self) -> Type {
        if self.large { fonts::body().in_face(Weight::SemiBold) } else { fonts::label().in_face(Weight::SemiBold) }
    }

    const fn icon_px(&self) -> f32 {
        if self.large { 28.0 } else { 24.0 }
    }

    /// Width and height, px.
    #[must_use]
    pub fn size(&self, ui: &Ui) -> Vec2 {
        let icon = if self.icon.is_some() { self.icon_px() + 8.0 } else { 0.0 };
        vec2(24.0 + icon + self.kind().width(ui, self.word), if self.large { 48.0 } else { 36.0 })
    }

    /// Draws the tag with `anchor` of its box at `at`; returns the box.
    pub fn show(&self, ui: &mut Ui, at: egui::Pos2, anchor: Align2) -> Rect {
        let palette = palette(ui);
        let rect = anchor.anchor_size(at, self.size(ui));
        let ground = self.signal.map_or(palette.sunken, |signal| signal.soft(palette));
        ui.painter().rect_filled(rect, CornerRadius::same(measure::RADIUS_TAG), ground);
        let mut left = rect.left() + 12.0;
        if let Some(icon) = self.icon {
            let px = self.icon_px();
            let square = Rect::from_center_size(pos2(left + px * 0.5, rect.center().y), Vec2::splat(px));
            icon.paint(ui.painter(), square, palette.text, 2.2);
            left += px + 8.0;
        }
        text::put(ui, pos2(left, rect.center().y), Align2::LEFT_CENTER, self.kind(), self.word, palette.text);
        rect
    }
}

/// The main figure of a screen with its unit or total beside it, on one base line.
#[derive(Debug, Clone, Copy)]
pub struct Figure<'a> {
    /// The figure.
    pub main: &'a str,
    /// Its type.
    pub kind: Type,
    /// Its colour; muted while it may still change.
    pub colour: Color32,
    /// Beside it: "/ 6", "kg".
    pub beside: &'a str,
    /// Type of what is beside.
    pub beside_kind: Type,
    /// Colour of what is beside.
    pub beside_colour: Color32,
    /// Space between the two, px.
    pub gap: f32,
}

impl Figure<'_> {
    /// Draws the figure with the top left corner of its line box at `at`, at most `width` wide: too wide a figure
    /// becomes smaller as a whole. Returns its box.
    pub fn show(&self, ui: &mut Ui, at: egui::Pos2, width: f32) -> Rect {
        let wanted = self.kind.width(ui, self.main) + self.gap + self.beside_kind.width(ui, self.beside);
        let scale = (width / wanted.max(1.0)).min(1.0);
        let kind = self.kind.at(self.kind.px * scale);
        let beside_kind = self.beside_kind.at(self.beside_kind.px * scale);
        let main = kind.one_line(ui, self.main, self.colour);
        let beside = beside_kind.one_line(ui, self.beside, self.beside_colour);
        let base = at.y + text::ascent(&main);
        let right = at.x + main.size().x + self.gap * scale;
        let rect = Rect::from_min_max(at, pos2(right + beside.size().x, at.y + main.size().y));
        ui.painter().galley(at, main, self.colour);
        let below = base - text::ascent(&beside);
        ui.painter().galley(pos2(right, below), beside, self.beside_colour);
        let words = format!("{} {}", self.main, self.beside);
        text::tell(ui, rect, words.trim());
        rect
    }
}

/// A muted word over a value.
pub fn stat(ui: &mut Ui, rect: Rect, word: &str, value: &str, kind: Type) {
    let palette = palette(ui);
    let head = Rect::from_min_size(rect.min, vec2(rect.width() - 8.0, 25.0));
    text::put_fitted(ui, head, Align2::LEFT_CENTER, fonts::hint(), 16.0, word, palette.muted);
    let below = Rect::from_min_max(pos2(rect.left(), rect.top() + 25.0), rect.max - vec2(8.0, 0.0));
    text::put_fitted(ui, below, Align2::LEFT_TOP, kind, 18.0, value, palette.text);
}

/// Stats side by side in equal columns.
pub fn stats(ui: &mut Ui, rect: Rect, rows: &[(&str, &str)], kind: Type) {
    let width = rect.width() / rows.len().max(1) as f32;
    for (index, (word, value)) in rows.iter().enumerate() {
        let at = pos2(rect.left() + width * index as f32, rect.top());
        stat(ui, Rect::from_min_size(at, vec2(width, rect.height())), word, value, kind);
    }
}

/// The large circle with a check.
pub fn big_check(ui: &Ui, rect: Rect) {
    Icon::Okc.paint(ui.painter(), rect, palette(ui).ok_text, 1.7);
}

/// The large cross over a picture of the wrong thing. Ink in both themes, since pictures lie on a light mat.
pub fn big_cross(ui: &Ui, rect: Rect) {
    let side = rect.width().min(rect.height());
    let square = Rect::from_center_size(rect.center(), Vec2::splat(side)).shrink(side * 12.0 / 190.0);
    let stroke = Stroke::new(side * 11.0 / 190.0, crate::station::theme::tokens::PICTURE_INK);
    for line in [[square.left_top(), square.right_bottom()], [square.right_top(), square.left_bottom()]] {
        crate::station::vector::art::stroke(ui.painter(), &line, false, stroke);
    }
}

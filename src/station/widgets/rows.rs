//! Rows of a stage: a thing to do with a tick box, and a fact with its mark.

use egui::{Align2, CornerRadius, Rect, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use super::bars::Tag;
use super::text;
use crate::station::icons::Icon;
use crate::station::theme::{Signal, SignalLook, Weight, fonts, measure, palette};

/// Height of a row with a tick box.
pub const CHECK_ROW: f32 = 84.0;
/// Height of a fact.
pub const FACT_ROW: f32 = 72.0;

/// Where a thing to do stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Todo {
    /// Done.
    Done,
    /// To be done now.
    Current,
    /// Later.
    Waiting,
}

/// A row of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckRow<'a> {
    /// Its picture.
    pub icon: Icon,
    /// What to do.
    pub title: &'a str,
    /// Why.
    pub hint: &'a str,
    /// At the right end: "done", or how to tick it.
    pub aside: &'a str,
    /// Where it stands.
    pub todo: Todo,
}

impl CheckRow<'_> {
    /// Draws the row; true if it was pressed.
    pub fn show(&self, ui: &mut Ui, rect: Rect) -> bool {
        let palette = palette(ui);
        let name = format!("{}. {}. {}", self.title, self.hint, self.aside);
        let pressable = self.todo != Todo::Done;
        let response = super::press(ui, rect, ("check-row", self.title), name.trim_end_matches(". "), pressable);
        let corner = CornerRadius::same(12);
        let (ground, edge, width) = match self.todo {
            Todo::Current => (palette.accent_soft, palette.accent, measure::STROKE_CHOICE),
            Todo::Done | Todo::Waiting => (palette.raised, palette.line, measure::STROKE_CARD),
        };
        ui.painter().rect_filled(rect, corner, ground);
        ui.painter().rect_stroke(rect, corner, Stroke::new(width, edge), StrokeKind::Inside);
        let middle = rect.center().y;
        let tick = Rect::from_min_size(pos2(rect.left() + 20.0, middle - 24.0), Vec2::splat(48.0));
        let tick_corner = CornerRadius::same(measure::RADIUS_CONTROL);
        match self.todo {
            Todo::Done => {
                ui.painter().rect_filled(tick, tick_corner, palette.ok);
                Icon::Check.paint(ui.painter(), tick.shrink(6.0), palette.on_ok, 3.0);
            }
            Todo::Current => {
                ui.painter().rect_stroke(tick, tick_corner, Stroke::new(4.0, palette.accent), StrokeKind::Inside);
            }
            Todo::Waiting => {
                ui.painter().rect_stroke(tick, tick_corner, Stroke::new(3.0, palette.line_strong), StrokeKind::Inside);
            }
        }
        let icon = Rect::from_min_size(pos2(tick.right() + 20.0, middle - 18.0), Vec2::splat(36.0));
        self.icon.paint(ui.painter(), icon, palette.text, 2.0);
        let right = self.aside(ui, pos2(rect.right() - 20.0, middle)) - 16.0;
        let face = if self.todo == Todo::Done { Weight::Regular } else { Weight::Bold };
        let left = icon.right() + 20.0;
        let title = Rect::from_min_max(pos2(left, middle - 36.0), pos2(right, middle + 4.0));
        text::paint_fitted(ui, title, Align2::LEFT_CENTER, fonts::lead().in_face(face), 18.0, self.title, palette.text);
        let hint = Rect::from_min_max(pos2(left, middle + 3.0), pos2(right, middle + 32.0));
        text::paint_fitted(ui, hint, Align2::LEFT_CENTER, fonts::hint(), 16.0, self.hint, palette.muted);
        response.clicked()
    }

    fn aside(&self, ui: &mut Ui, at: egui::Pos2) -> f32 {
        if self.aside.is_empty() {
            return at.x;
        }
        match self.todo {
            Todo::Current => {
                let tag = Tag { icon: Some(Icon::Scan), word: self.aside, signal: None, large: false };
                tag.show(ui, at, Align2::RIGHT_CENTER).left()
            }
            Todo::Done | Todo::Waiting => {
                text::paint(ui, at, Align2::RIGHT_CENTER, fonts::body(), self.aside, palette(ui).muted).left()
            }
        }
    }
}

/// A fact with its mark: done, or to be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact<'a> {
    /// Its mark.
    pub icon: Icon,
    /// The signal that colours the mark.
    pub signal: Signal,
    /// The fact.
    pub title: &'a str,
    /// More about it.
    pub hint: &'a str,
    /// True in bold: what is to be done now.
    pub strong: bool,
}

impl Fact<'_> {
    /// Draws the row with a line below it.
    pub fn show(&self, ui: &mut Ui, rect: Rect) {
        let palette = palette(ui);
        let middle = rect.center().y;
        let icon = Rect::from_min_size(pos2(rect.left(), middle - 20.0), Vec2::splat(40.0));
        self.icon.paint(ui.painter(), icon, self.signal.text(palette), 2.2);
        let face = if self.strong { Weight::Bold } else { Weight::Regular };
        let left = icon.right() + 16.0;
        let title = Rect::from_min_max(pos2(left, middle - 32.0), pos2(rect.right(), middle + 6.0));
        text::put_fitted(ui, title, Align2::LEFT_CENTER, fonts::lead().in_face(face), 18.0, self.title, palette.text);
        let hint = Rect::from_min_max(pos2(left, middle + 4.0), pos2(rect.right(), middle + 32.0));
        text::put_fitted(ui, hint, Align2::LEFT_CENTER, fonts::hint(), 16.0, self.hint, palette.muted);
        let under = Rect::from_min_size(pos2(rect.left(), rect.bottom() - 1.0), vec2(rect.width(), 1.0));
        ui.painter().rect_filled(under, 0.0, palette.line);
    }
}

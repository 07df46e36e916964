//! The rail: the eleven steps of an order, down the left or, in portrait, across the top.

use egui::{Align2, CornerRadius, Rect, Stroke, Ui, Vec2, pos2, vec2};

use super::text;
use crate::station::icons::Icon;
use crate::station::theme::{Palette, Signal, SignalLook, Type, Weight, fonts, measure, palette};

/// Diameter of a step's circle.
const CIRCLE: f32 = 30.0;
/// Height of a step.
const STEP: f32 = measure::TARGET_MIN;

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Behind us.
    Done,
    /// The one that is being worked.
    Current,
    /// Still to come.
    Waiting,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// Its number, 1 to 11.
    pub number: u8,
    /// Its word, at most eleven letters.
    pub word: &'a str,
    /// Where it stands.
    pub state: State,
}

/// Draws the rail. The current step carries the signal's colour.
pub fn rail(ui: &mut Ui, rect: Rect, steps: &[Step<'_>], signal: Signal, portrait: bool) {
    if portrait {
        across(ui, rect, steps, signal);
        return;
    }
    let mut top = rect.top() + 14.0;
    // Short windows squeeze the steps rather than cutting the last.
    let room = (rect.height() - 14.0) / steps.len().max(1) as f32;
    let height = STEP.min(room);
    for step in steps {
        let row = Rect::from_min_size(pos2(rect.left() + 8.0, top), vec2(rect.width() - 18.0, height));
        let palette = palette(ui);
        if step.state == State::Current {
            ui.painter().rect_filled(row, CornerRadius::same(measure::RADIUS_CONTROL), signal.fill(palette));
        }
        let circle = pos2(row.left() + 8.0 + CIRCLE * 0.5, row.center().y);
        paint_circle(ui, circle, step, signal, palette);
        let (kind, ink) = word_style(step.state, signal, palette);
        let room = Rect::from_min_max(pos2(circle.x + CIRCLE * 0.5 + 10.0, row.top()), row.max - vec2(6.0, 0.0));
        text::put_fitted(ui, room, Align2::LEFT_CENTER, kind, 14.0, step.word, ink);
        top += height;
    }
}

fn across(ui: &mut Ui, rect: Rect, steps: &[Step<'_>], signal: Signal) {
    let palette = palette(ui);
    let row = Rect::from_min_max(rect.min + vec2(10.0, 11.0), rect.max - vec2(10.0, 13.0));
    let kind = word_style(State::Current, signal, palette).0;
    let wide = steps
        .iter()
        .find(|step| step.state == State::Current)
        .map_or(0.0, |step| 16.0 * 2.0 + CIRCLE + 10.0 + kind.width(ui, step.word));
    let narrow_count = steps.iter().filter(|step| step.state != State::Current).count().max(1);
    let gaps = 4.0 * steps.len().saturating_sub(1) as f32;
    let narrow = (row.width() - wide - gaps) / narrow_count as f32;
    let mut left = row.left();
    for step in steps {
        let current = step.state == State::Current;
        let width = if current { wide } else { narrow };
        let area = Rect::from_min_size(pos2(left, row.top()), vec2(width, row.height()));
        if current {
            let corner = CornerRadius::same(measure::RADIUS_CONTROL);
            ui.painter().rect_filled(area, corner, signal.fill(palette));
            let circle = pos2(area.left() + 16.0 + CIRCLE * 0.5, area.center().y);
            paint_circle(ui, circle, step, signal, palette);
            let at = pos2(circle.x + CIRCLE * 0.5 + 10.0, area.center().y);
            text::put(ui, at, Align2::LEFT_CENTER, kind, step.word, signal.on(palette));
        } else {
            paint_circle(ui, area.center(), step, signal, palette);
            text::tell(ui, area, step.word);
        }
        left += width + 4.0;
    }
}

fn word_style(state: State, signal: Signal, palette: &Palette) -> (Type, egui::Color32) {
    match state {
        State::Done => (fonts::label(), palette.text),
        State::Current => (Type::new(19.0, Weight::Bold), signal.on(palette)),
        State::Waiting => (fonts::label().in_face(Weight::SemiBold), palette.muted),
    }
}

fn paint_circle(ui: &Ui, centre: egui::Pos2, step: &Step<'_>, signal: Signal, palette: &Palette) {
    let painter = ui.painter();
    let ring = match step.state {
        State::Done => {
            painter.circle_filled(centre, CIRCLE * 0.5, palette.ok);
            let square = Rect::from_center_size(centre, Vec2::splat(20.0));
            Icon::Check.paint(painter, square, palette.on_ok, 3.0);
            return;
        }
        State::Current => (signal.on(palette), signal.on(palette)),
        State::Waiting => (palette.line_strong, palette.muted),
    };
    painter.circle_stroke(centre, CIRCLE * 0.5 - 1.0, Stroke::new(2.0, ring.0));
    let kind = Type::new(16.0, Weight::SemiBold);
    let kind = if step.state == State::Current { kind.in_face(Weight::Bold) } else { kind };
    text::paint(ui, centre, Align2::CENTER_CENTER, kind, &step.number.to_string(), ring.1);
}

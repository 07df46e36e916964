//! The parts every screen is made of. They take plain words and values, already translated, and give back what
//! was pressed; they know no order, no device and no view. Every part that can be pressed has an AccessKit
//! name, and no text is clipped: it shrinks or wraps by its own rule.

pub mod bars;
pub mod button;
pub mod carton;
pub mod compare;
pub mod frame;
pub mod keyboard;
pub mod label;
pub mod map;
pub mod pin;
pub mod rail;
pub mod rows;
pub mod scale_bar;
pub mod sheet;
pub mod shelf;
pub mod side;
pub mod stage;
pub mod text;
pub mod top;

use egui::{Color32, Painter, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2};

use super::theme::palette;

pub use text::ascent;

/// Makes `rect` something that can be pressed, by touch, by key when focused, and by assistive technology.
pub fn press(
    ui: &mut Ui,
    rect: Rect,
    salt: impl std::hash::Hash + std::fmt::Debug,
    name: &str,
    enabled: bool,
) -> Response {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, ui.scope_id().with(("press", salt)), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    if response.has_focus() {
        focus_ring(ui.painter(), rect, palette(ui).accent_text);
    }
    response
}

/// Names a drawing for assistive technology.
pub fn picture_named(ui: &mut Ui, rect: Rect, name: &str) {
    if name.is_empty() {
        return;
    }
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
}

fn focus_ring(painter: &Painter, rect: Rect, colour: Color32) {
    painter.rect_stroke(rect.expand(4.0), 12.0, Stroke::new(3.0, colour), StrokeKind::Middle);
}

/// Diagonal stripes as tall as `rect`, each as wide as the gap after it. STOP alone is striped.
pub fn stripes(painter: &Painter, rect: Rect, colour: Color32) {
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let step = rect.height();
    let mut left = rect.left() - step * 2.0;
    while left < rect.right() {
        painter.add(egui::Shape::convex_polygon(
            vec![
                pos2(left, rect.bottom()),
                pos2(left + step, rect.top()),
                pos2(left + step * 2.0, rect.top()),
                pos2(left + step, rect.bottom()),
            ],
            colour,
            Stroke::NONE,
        ));
        left += step * 2.0;
    }
}

//! A sheet over the screen: the rest is dimmed and cannot be pressed, the band says what is asked.

use egui::{Align2, CornerRadius, Id, Key, Order, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};

use super::button::{Button, Look};
use super::stage::{Say, say_band};
use crate::station::icons::Icon;
use crate::station::theme::tokens::DIM_PERCENT;
use crate::station::theme::{SignalLook, measure, palette};

/// The button that leaves a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave<'a> {
    /// Its word: close or back.
    pub word: &'a str,
    /// Its icon.
    pub icon: Icon,
}

/// What came of a sheet.
#[derive(Debug)]
pub struct Sheet<R> {
    /// True if the packer left it, by button or Escape.
    pub left: bool,
    /// The body's answer.
    pub inner: R,
}

/// Draws a sheet over the whole of `window`; `body` gets what is below the band.
pub fn sheet<R>(
    ui: &mut Ui,
    window: Rect,
    say: &Say<'_>,
    leave: Leave<'_>,
    body: impl FnOnce(&mut Ui, Rect) -> R,
) -> Sheet<R> {
    let palette = palette(ui);
    let area = egui::Area::new(Id::unique("packbench-sheet"))
        .order(Order::Middle)
        .fixed_pos(window.min)
        .constrain(false)
        .interactable(true);
    let shown = area.show(ui.ctx(), |ui| {
        ui.set_min_size(window.size());
        ui.interact(window, ui.scope_id().with("behind"), Sense::click_and_drag());
        // Dark text on light, and the darkest ground on dark: what lies behind must recede in both.
        let shade = if ui.visuals().dark_mode { palette.sunken } else { palette.text };
        let dim = shade.gamma_multiply(f32::from(DIM_PERCENT) / 100.0);
        ui.painter().rect_filled(window, 0.0, dim);
        let rect = Rect::from_min_max(window.min + vec2(32.0, 80.0), window.max - vec2(32.0, 24.0));
        let corner = CornerRadius::same(measure::RADIUS_CARD);
        ui.painter().rect_filled(rect, corner, palette.surface);
        let frame = measure::STROKE_SIGNAL;
        let inner = rect.shrink(frame);
        let button = Button::new(leave.word).icon(leave.icon).look(Look::OnBand(say.signal)).key(Key::Escape);
        let button_width = button.width(ui);
        let band = say_band(ui, inner, say, button_width + 24.0);
        let stroke = Stroke::new(frame, say.signal.fill(palette));
        ui.painter().rect_stroke(rect, corner, stroke, StrokeKind::Inside);
        let place = Align2::RIGHT_CENTER
            .anchor_size(pos2(band.right() - 24.0, band.center().y), vec2(button_width, measure::TARGET_ACTION));
        let left = button.show(ui, place).pressed();
        let room = Rect::from_min_max(pos2(inner.left(), band.bottom()), inner.max).shrink2(vec2(24.0, 20.0));
        let mut child = ui.new_child(UiBuilder::new().max_rect(room).id_salt("sheet-body"));
        let inner = body(&mut child, room);
        Sheet { left, inner }
    });
    shown.inner
}

/// Splits `rect` into a grid of equal cells, row by row.
#[must_use]
pub fn grid(rect: Rect, columns: usize, rows: usize, gap: f32) -> Vec<Rect> {
    let (columns, rows) = (columns.max(1), rows.max(1));
    let width = (rect.width() - gap * (columns as f32 - 1.0)) / columns as f32;
    let height = (rect.height() - gap * (rows as f32 - 1.0)) / rows as f32;
    (0..rows * columns)
        .map(|index| {
            let (row, column) = ((index / columns) as f32, (index % columns) as f32);
            let at = rect.min + vec2(column * (width + gap), row * (height + gap));
            Rect::from_min_size(at, vec2(width, height))
        })
        .collect()
}

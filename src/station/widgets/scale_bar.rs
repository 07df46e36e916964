//! The weight against its tolerance: a bar with the allowed band, the expected middle and a marker.

use egui::{Align2, Color32, CornerRadius, Rect, Shape, Stroke, StrokeKind, Ui, pos2};

use super::text;
use crate::station::theme::{Type, Weight, fonts, palette};

/// Height of the bar with its labels.
pub const HEIGHT: f32 = 104.0;

/// What the bar shows; all weights in grams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScaleBar<'a> {
    /// Least allowed weight.
    pub low_g: i64,
    /// Expected weight.
    pub expected_g: i64,
    /// Most allowed weight.
    pub high_g: i64,
    /// What the scale shows; `None` draws no marker.
    pub now_g: Option<i64>,
    /// Colour of the marker.
    pub marker: Color32,
    /// The three weights in words.
    pub labels: [&'a str; 3],
}

impl ScaleBar<'_> {
    /// Draws the bar into the top of `rect`. The band fills the middle 36 %; the marker stops at the ends.
    pub fn show(&self, ui: &mut Ui, rect: Rect) {
        let palette = palette(ui);
        let bar = Rect::from_min_max(pos2(rect.left(), rect.top() + 34.0), pos2(rect.right(), rect.top() + 64.0));
        let band = Rect::from_x_y_ranges(self.at(bar, self.low_g)..=self.at(bar, self.high_g), bar.y_range());
        let painter = ui.painter();
        painter.rect_filled(bar, CornerRadius::same(6), palette.sunken);
        painter.rect_filled(band, 0.0, palette.ok_soft);
        painter.rect_stroke(band, 0.0, Stroke::new(2.0, palette.ok), StrokeKind::Middle);
        let middle = self.at(bar, self.expected_g);
        let line = [pos2(middle, bar.top() - 4.0), pos2(middle, bar.bottom() + 4.0)];
        painter.extend(Shape::dashed_line(&line, Stroke::new(2.0, palette.ok), 4.0, 4.0));
        if let Some(now_g) = self.now_g {
            let x = self.at(bar, now_g);
            let top = bar.top() - 26.0;
            let arrow = vec![pos2(x, top + 28.0), pos2(x - 15.0, top), pos2(x + 15.0, top)];
            painter.add(Shape::convex_polygon(arrow, self.marker, Stroke::NONE));
            painter.vline(x, bar.top() - 4.0..=bar.bottom() + 4.0, Stroke::new(4.0, self.marker));
        }
        self.label_row(ui, bar, band, middle);
    }

    /// Three labels that never overlap: the outer ones give way outwards.
    fn label_row(&self, ui: &mut Ui, bar: Rect, band: Rect, middle: f32) {
        let palette = palette(ui);
        let y = bar.bottom() + 23.0;
        let bold = Type::new(20.0, Weight::Bold);
        let [low, expected, high] = self.labels;
        let centre = text::put(ui, pos2(middle, y), Align2::CENTER_CENTER, bold, expected, palette.text);
        let low_half = fonts::hint().width(ui, low) * 0.5;
        let low_x = band.left().min(centre.left() - 12.0 - low_half);
        text::put(ui, pos2(low_x, y), Align2::CENTER_CENTER, fonts::hint(), low, palette.muted);
        let high_half = fonts::hint().width(ui, high) * 0.5;
        let high_x = band.right().max(centre.right() + 12.0 + high_half);
        text::put(ui, pos2(high_x, y), Align2::CENTER_CENTER, fonts::hint(), high, palette.muted);
    }

    /// Where a weight lies on the bar.
    fn at(&self, bar: Rect, weight_g: i64) -> f32 {
        let span = (self.high_g - self.low_g).max(1) as f32;
        let share = 0.5 + (weight_g - (self.low_g + self.high_g) / 2) as f32 / span * 0.36;
        bar.left() + bar.width() * share.clamp(0.02, 0.98)
    }
}

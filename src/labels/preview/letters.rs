//! Letters in place of the printer's: Noto Sans for its scalable font, JetBrains Mono for its bitmap fonts, in the same heights.

use super::canvas::Bitmap;
use crate::labels::text::{Face, PlacedGlyph, glyphs, units_per_em};
use ab_glyph::{Font, PxScale, point};

/// Largest letter in dots.
pub(super) const SIZE_DOTS_MAX: i32 = 3_000;
/// Most characters of a field that are set.
pub(super) const CHARS_MAX: usize = 3_000;
/// The printer's scalable font is narrower than ours, in percent.
const NARROW_PERCENT: f32 = 88.0;
/// How far our letters may be from the printer's widths.
const TOLERANCE_PERCENT: i32 = 5;
/// Where the baseline is in a line of the scalable font, in percent of its height.
const BASELINE_PERCENT: i32 = 76;

/// A font as `^A` and `^CF` choose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lettering {
    pub font: u8,
    pub height: i32,
    pub width: i32,
}

/// Height, width and gap in dots of the bitmap fonts `A` to `H`.
fn cell(font: u8) -> Option<(i32, i32, i32)> {
    match font {
        b'A' => Some((9, 5, 1)),
        b'B' => Some((11, 7, 2)),
        b'C' | b'D' => Some((18, 10, 2)),
        b'E' => Some((28, 15, 5)),
        b'F' => Some((26, 13, 3)),
        b'G' => Some((60, 40, 8)),
        b'H' => Some((21, 13, 6)),
        _ => None,
    }
}

/// Dots that the proportional fonts `P` to `V` are high.
fn proportional(font: u8) -> Option<i32> {
    match font {
        b'P' => Some(20),
        b'Q' => Some(28),
        b'R' => Some(35),
        b'S' => Some(40),
        b'T' => Some(48),
        b'U' => Some(59),
        b'V' => Some(80),
        _ => None,
    }
}

impl Lettering {
    /// With the size a printer gives where the job says only one measure or none.
    pub(super) fn of(font: u8, height: Option<i32>, width: Option<i32>, before: Lettering) -> Self {
        let limit = |n: i32| n.clamp(1, SIZE_DOTS_MAX);
        // Bitmap fonts grow in whole steps.
        let steps = |asked: Option<i32>, base: i32| asked.filter(|n| *n > 0).map(|n| ((n + base / 2) / base).max(1));
        if let Some(base) = proportional(font) {
            let grown = |asked| limit(base.saturating_mul(steps(asked, base).unwrap_or(1)));
            return Self { font, height: grown(height), width: grown(width) };
        }
        match cell(font) {
            Some((base_h, base_w, _)) => {
                let (tall, wide) = (steps(height, base_h), steps(width, base_w));
                let (tall, wide) = (tall.or(wide).unwrap_or(1), wide.or(tall).unwrap_or(1));
                Self { font, height: limit(base_h.saturating_mul(tall)), width: limit(base_w.saturating_mul(wide)) }
            }
            None => {
                let height = height.filter(|n| *n > 0).or(width.filter(|n| *n > 0)).unwrap_or(before.height);
                Self { font, height: limit(height), width: limit(width.filter(|n| *n > 0).unwrap_or(height)) }
            }
        }
    }

    fn face(self) -> Face {
        if cell(self.font).is_some() { Face::Mono } else { Face::SemiBold }
    }

    /// Dots between baselines, without what `^FB` adds.
    pub(super) fn line_height(self) -> i32 {
        self.height
    }

    /// Dots from the top of a line to its baseline.
    pub(super) fn baseline(self) -> i32 {
        if cell(self.font).is_some() { self.height } else { self.height * BASELINE_PERCENT / 100 }
    }

    /// Pixels of a font unit, across and down.
    fn unit(self) -> Option<(f32, f32)> {
        let units = units_per_em(self.face()).ok()? as f32;
        match cell(self.font) {
            Some((_, base_w, gap)) => {
                // A letter of JetBrains Mono is 0.6 em wide, its capitals 0.73 em high.
                let advance = (self.width + gap * self.width / base_w.max(1)) as f32;
                Some((advance / 0.6 / units, self.height as f32 / 0.73 / units))
            }
            None => Some((self.width as f32 * NARROW_PERCENT / 100.0 / units, self.height as f32 / units)),
        }
    }

    /// The glyphs of a text, as many as are set. Font `B` has capitals only.
    fn glyphs(self, text: &str) -> Vec<PlacedGlyph> {
        let end = text.char_indices().nth(CHARS_MAX).map_or(text.len(), |(byte, _)| byte);
        let text = &text[..end];
        let set = if self.font == b'B' { glyphs(&text.to_uppercase(), self.face()) } else { glyphs(text, self.face()) };
        set.unwrap_or_default()
    }

    /// How much wider than its room a line may be, in percent, as our letters are not the printer's: as much narrower they are set.
    pub(super) fn tolerance_percent(self) -> i32 {
        if cell(self.font).is_some() { 0 } else { TOLERANCE_PERCENT }
    }

    /// So narrow that what is `width` dots wide has `room`, where it is too wide.
    pub(super) fn squeezed(self, width: i32, room: i32) -> Self {
        if width <= room || room <= 0 {
            return self;
        }
        Self { width: (i64::from(self.width) * i64::from(room) / i64::from(width)).max(1) as i32, ..self }
    }

    /// Dots that a text is wide.
    pub(super) fn width_of(self, text: &str) -> i32 {
        (self.width_in_64ths(text) + 63) / 64
    }

    /// The same in 64ths of a dot, for sums of many.
    pub(super) fn width_in_64ths(self, text: &str) -> i32 {
        let Some(unit) = self.unit() else { return 0 };
        let units: f32 = self.glyphs(text).iter().map(|g| g.advance_units as f32).sum();
        (units * unit.0 * 64.0).ceil().min(6_400_000.0) as i32
    }

    /// Draws a line with its left end at `x` and its baseline at `y`.
    pub(super) fn draw(self, bitmap: &mut Bitmap, text: &str, x: i32, y: i32) {
        let (Some(unit), Ok(units)) = (self.unit(), units_per_em(self.face())) else { return };
        for glyph in self.glyphs(text) {
            let left = x as f32 + glyph.x_units as f32 * unit.0;
            if left > bitmap.w as f32 {
                break;
            }
            let base = y as f32 - glyph.y_units as f32 * unit.1;
            let (Ok(font), Ok(own)) = (glyph.face.font(), units_per_em(glyph.face)) else { continue };
            let height = font.height_unscaled() * units as f32 / own as f32;
            let scale = PxScale { x: height * unit.0, y: height * unit.1 };
            if let Some(outline) = font.outline_glyph(glyph.id.with_scale_and_position(scale, point(left, base))) {
                let bounds = outline.px_bounds();
                let (x0, y0) = (bounds.min.x as i32, bounds.min.y as i32);
                outline.draw(|dx, dy, coverage| {
                    if coverage >= 0.5 {
                        bitmap.set(x0.saturating_add(dx as i32), y0.saturating_add(dy as i32));
                    }
                });
            }
        }
    }
}

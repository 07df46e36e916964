//! WCAG 2 contrast, computed from the tokens. The formula is
//! <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>; the promised pairs are tested.

use egui::Color32;

/// Relative luminance of an opaque colour, 0 (black) to 1 (white).
#[must_use]
pub fn luminance(colour: Color32) -> f64 {
    let channel = |value: u8| {
        let c = f64::from(value) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
}

/// Contrast ratio of two opaque colours, 1 to 21.
#[must_use]
pub fn ratio(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

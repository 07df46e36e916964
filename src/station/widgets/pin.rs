//! The PIN pad: keys of 112 x 88 px and dots for the digits. Holds no PIN: it says which key was pressed.

use egui::{Align2, CornerRadius, Key, Modifiers, Rect, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use super::text;
use crate::station::icons::Icon;
use crate::station::theme::{Type, Weight, fonts, measure, palette};

/// Width and height of one key.
const KEY: Vec2 = vec2(112.0, 88.0);
/// Space between keys.
const GAP: f32 = 12.0;
/// Width and height of the pad with its dots.
pub const SIZE: Vec2 = vec2(360.0, HEAD + 4.0 * 88.0 + 3.0 * 12.0);
/// Height of title and dots with the space below them.
const HEAD: f32 = 57.0;

/// What was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// A digit, 0 to 9.
    Digit(u8),
    /// Take all digits back.
    Clear,
    /// Done.
    Enter,
}

/// Words of the pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words<'a> {
    /// Title beside the dots.
    pub title: &'a str,
    /// Name of the key that clears.
    pub clear: &'a str,
    /// Name of the key that enters.
    pub enter: &'a str,
    /// How many digits are in, for assistive technology.
    pub progress: &'a str,
}

/// Draws the pad in the middle of `area`. `entered` of `length` dots are full. Digits are also taken from the
/// keyboard, Backspace clears and Enter enters.
pub fn pin_pad(ui: &mut Ui, area: Rect, words: &Words<'_>, entered: usize, length: usize) -> Option<Pressed> {
    let palette = palette(ui);
    let pad = Rect::from_center_size(area.center(), SIZE);
    text::put(ui, pos2(pad.left(), pad.top() + 19.0), Align2::LEFT_CENTER, fonts::lead(), words.title, palette.text);
    let mut right = pad.right() - 12.0;
    let dots = Rect::from_min_max(pos2(right - 40.0 * length as f32, pad.top()), pos2(pad.right(), pad.top() + 38.0));
    for dot in (0..length).rev() {
        let centre = pos2(right, pad.top() + 19.0);
        if dot < entered {
            ui.painter().circle_filled(centre, 10.0, palette.text);
        } else {
            ui.painter().circle_stroke(centre, 10.0, Stroke::new(2.0, palette.line_strong));
        }
        right -= 40.0;
    }
    text::tell(ui, dots, words.progress);
    let mut pressed = None;
    for (index, row) in [[1, 2, 3], [4, 5, 6], [7, 8, 9]].iter().enumerate() {
        for (column, digit) in row.iter().enumerate() {
            if digit_key(ui, key_rect(pad, column, index), *digit) {
                pressed = Some(Pressed::Digit(*digit));
            }
        }
    }
    if icon_key(ui, key_rect(pad, 0, 3), Icon::Cross, words.clear, false) {
        pressed = Some(Pressed::Clear);
    }
    if digit_key(ui, key_rect(pad, 1, 3), 0) {
        pressed = Some(Pressed::Digit(0));
    }
    if icon_key(ui, key_rect(pad, 2, 3), Icon::Next, words.enter, true) {
        pressed = Some(Pressed::Enter);
    }
    pressed.or_else(|| typed(ui))
}

fn key_rect(pad: Rect, column: usize, row: usize) -> Rect {
    let step = KEY + Vec2::splat(GAP);
    let top = pad.top() + HEAD;
    Rect::from_min_size(pos2(pad.left() + step.x * column as f32, top + step.y * row as f32), KEY)
}

fn digit_key(ui: &mut Ui, rect: Rect, digit: u8) -> bool {
    let word = digit.to_string();
    let palette = palette(ui);
    let response = super::press(ui, rect, ("pin", digit), &word, true);
    let ground = if response.is_pointer_button_down_on() { palette.sunken } else { palette.raised };
    let corner = CornerRadius::same(measure::RADIUS_CONTROL);
    ui.painter().rect_filled(rect, corner, ground);
    let stroke = Stroke::new(measure::STROKE_CARD, palette.line_strong);
    ui.painter().rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    text::paint(ui, rect.center(), Align2::CENTER_CENTER, Type::new(36.0, Weight::Bold), &word, palette.text);
    response.clicked()
}

fn icon_key(ui: &mut Ui, rect: Rect, icon: Icon, name: &str, main: bool) -> bool {
    let palette = palette(ui);
    let response = super::press(ui, rect, ("pin", name), name, true);
    let corner = CornerRadius::same(measure::RADIUS_CONTROL);
    let (ground, edge, ink, px, weight) = if main {
        (palette.accent, palette.accent, palette.on_accent, 40.0, 2.5)
    } else {
        (palette.raised, palette.line_strong, palette.text, 36.0, 2.0)
    };
    ui.painter().rect_filled(rect, corner, ground);
    ui.painter().rect_stroke(rect, corner, Stroke::new(measure::STROKE_CARD, edge), StrokeKind::Inside);
    icon.paint(ui.painter(), Rect::from_center_size(rect.center(), Vec2::splat(px)), ink, weight);
    response.clicked()
}

fn typed(ui: &Ui) -> Option<Pressed> {
    if !ui.is_enabled() {
        return None;
    }
    const DIGITS: [Key; 10] =
        [Key::Num0, Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    ui.input_mut(|input| {
        for (digit, key) in (0_u8..).zip(DIGITS) {
            if input.consume_key(Modifiers::NONE, key) {
                return Some(Pressed::Digit(digit));
            }
        }
        if input.consume_key(Modifiers::NONE, Key::Backspace) {
            return Some(Pressed::Clear);
        }
        input.consume_key(Modifiers::NONE, Key::Enter).then_some(Pressed::Enter)
    })
}

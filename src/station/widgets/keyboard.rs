//! Keys on the screen for what must be typed by hand: letters and digits, or digits alone. Keys of the keyboard
//! count too. They hold no text: they say which key was pressed.

use egui::{Align2, CornerRadius, Event, Key, Modifiers, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::text;
use crate::station::icons::Icon;
use crate::station::theme::{Type, Weight, measure, palette};

/// Space between keys.
const GAP: f32 = 12.0;
/// Height of a field that shows what is typed.
pub const FIELD: f32 = 72.0;
const ROWS: [&str; 4] = ["1234567890", "QWERTYUIOP", "ASDFGHJKL-", "ZXCVBNM/."];

/// What was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// A character.
    Char(char),
    /// Take the last back.
    Back,
    /// Done.
    Enter,
}

/// Names of the keys without a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names<'a> {
    /// Takes the last character back.
    pub back: &'a str,
    /// Done.
    pub enter: &'a str,
}

/// Letters and digits, four rows that fill `rect`; `enter` lies at the end of the last row.
pub fn letters(ui: &mut Ui, rect: Rect, names: &Names<'_>) -> Vec<Pressed> {
    let mut pressed = Vec::new();
    let width = (rect.width() - GAP * 9.0) / 10.0;
    let height = (rect.height() - GAP * 3.0) / 4.0;
    let key = |row: usize, column: f32, columns: f32| {
        let at = pos2(rect.left() + column * (width + GAP), rect.top() + row as f32 * (height + GAP));
        Rect::from_min_size(at, vec2(width * columns + GAP * (columns - 1.0), height))
    };
    for (row, letters) in ROWS.iter().enumerate() {
        for (column, letter) in letters.chars().enumerate() {
            if letter_key(ui, key(row, column as f32, 1.0), letter) {
                pressed.push(Pressed::Char(letter));
            }
        }
    }
    if icon_key(ui, key(3, 9.0, 1.0), Icon::Back, names.back) {
        pressed.push(Pressed::Back);
    }
    pressed.extend(typed(ui, |c| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | ' ')));
    pressed
}

/// Digits, take back and done, in a pad that fills `rect`.
pub fn digits(ui: &mut Ui, rect: Rect, names: &Names<'_>) -> Vec<Pressed> {
    let mut pressed = Vec::new();
    let (width, height) = ((rect.width() - GAP * 2.0) / 3.0, (rect.height() - GAP * 3.0) / 4.0);
    let key = |row: usize, column: usize| {
        let at = rect.min + vec2(column as f32 * (width + GAP), row as f32 * (height + GAP));
        Rect::from_min_size(at, vec2(width, height))
    };
    for (index, digit) in ('1'..='9').enumerate() {
        if letter_key(ui, key(index / 3, index % 3), digit) {
            pressed.push(Pressed::Char(digit));
        }
    }
    if icon_key(ui, key(3, 0), Icon::Back, names.back) {
        pressed.push(Pressed::Back);
    }
    if letter_key(ui, key(3, 1), '0') {
        pressed.push(Pressed::Char('0'));
    }
    if main_key(ui, key(3, 2), names.enter) {
        pressed.push(Pressed::Enter);
    }
    pressed.extend(typed(ui, |c| c.is_ascii_digit()));
    pressed
}

/// The field above the keys: what is typed, or in muted what belongs there.
pub fn field(ui: &mut Ui, rect: Rect, typed: &str, hint: &str) {
    let palette = palette(ui);
    let corner = CornerRadius::same(measure::RADIUS_CONTROL);
    ui.painter().rect_filled(rect, corner, palette.raised);
    let edge = Stroke::new(measure::STROKE_CHOICE, palette.accent);
    ui.painter().rect_stroke(rect, corner, edge, StrokeKind::Inside);
    let room = rect.shrink2(vec2(18.0, 6.0));
    if typed.is_empty() {
        let kind = Type::new(24.0, Weight::Regular);
        text::put_fitted(ui, room, Align2::LEFT_CENTER, kind, 16.0, hint, palette.muted);
    } else {
        let kind = Type::new(36.0, Weight::MonoBold);
        text::put_fitted(ui, room, Align2::LEFT_CENTER, kind, 16.0, typed, palette.text);
    }
}

fn ground(ui: &mut Ui, rect: Rect, salt: impl std::hash::Hash + std::fmt::Debug, name: &str, main: bool) -> bool {
    let palette = palette(ui);
    let response = super::press(ui, rect, ("key", salt), name, true);
    let corner = CornerRadius::same(measure::RADIUS_CONTROL);
    let (fill, edge) = match (main, response.is_pointer_button_down_on()) {
        (true, _) => (palette.accent, palette.accent),
        (false, true) => (palette.sunken, palette.text),
        (false, false) => (palette.raised, palette.line_strong),
    };
    ui.painter().rect_filled(rect, corner, fill);
    ui.painter().rect_stroke(rect, corner, Stroke::new(measure::STROKE_CARD, edge), StrokeKind::Inside);
    response.clicked()
}

fn letter_key(ui: &mut Ui, rect: Rect, letter: char) -> bool {
    let word = letter.to_string();
    let clicked = ground(ui, rect, letter, &word, false);
    let kind = Type::new(30.0, Weight::Bold);
    text::paint(ui, rect.center(), Align2::CENTER_CENTER, kind, &word, palette(ui).text);
    clicked
}

fn icon_key(ui: &mut Ui, rect: Rect, icon: Icon, name: &str) -> bool {
    let clicked = ground(ui, rect, name, name, false);
    icon.paint(ui.painter(), Rect::from_center_size(rect.center(), vec2(34.0, 34.0)), palette(ui).text, 2.2);
    clicked
}

fn main_key(ui: &mut Ui, rect: Rect, name: &str) -> bool {
    let clicked = ground(ui, rect, name, name, true);
    let square = Rect::from_center_size(rect.center(), vec2(38.0, 38.0));
    Icon::Next.paint(ui.painter(), square, palette(ui).on_accent, 2.5);
    clicked
}

/// Keys of the keyboard that mean something here, in order; they are taken out of the input.
fn typed(ui: &Ui, wanted: impl Fn(char) -> bool) -> Vec<Pressed> {
    if !ui.is_enabled() {
        return Vec::new();
    }
    let mut pressed = Vec::new();
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let meant = match event {
                Event::Text(text) => text.chars().next().filter(|c| wanted(*c)).map(Pressed::Char),
                Event::Key { key: Key::Backspace, pressed: true, .. } => Some(Pressed::Back),
                Event::Key { key: Key::Enter, pressed: true, modifiers: Modifiers::NONE, .. } => Some(Pressed::Enter),
                _ => None,
            };
            pressed.extend(meant);
            meant.is_none()
        });
    });
    pressed
}

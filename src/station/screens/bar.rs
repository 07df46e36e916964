//! The bar at the foot of screens without the six equal actions: buttons as wide as their words, some at the left
//! end and some at the right.

use egui::{Key, Rect, Ui, pos2, vec2};

use crate::station::icons::Icon;
use crate::station::theme::measure;
use crate::station::widgets::button::{Button, Look};
use crate::station::widgets::sheet::grid;

/// Space between two buttons.
const GAP: f32 = 12.0;
/// Free edge at both ends.
const EDGE: f32 = 16.0;

/// One button.
pub(super) struct Item {
    /// Its icon, if any.
    pub(super) icon: Option<Icon>,
    /// Its word.
    pub(super) word: String,
    /// The key that presses it too.
    pub(super) key: Option<Key>,
    /// How it looks.
    pub(super) look: Look,
    /// Why it cannot be used now.
    pub(super) off: Option<String>,
}

impl Item {
    /// A plain button.
    pub(super) fn new(icon: Icon, word: String) -> Self {
        Self { icon: Some(icon), word, key: None, look: Look::Plain, off: None }
    }

    /// A button without an icon.
    pub(super) fn bare(word: String) -> Self {
        Self { icon: None, word, key: None, look: Look::Plain, off: None }
    }

    /// Also pressed by this key.
    pub(super) fn key(self, key: Key) -> Self {
        Self { key: Some(key), ..self }
    }

    /// In another look.
    pub(super) fn look(self, look: Look) -> Self {
        Self { look, ..self }
    }

    fn button(&self) -> Button<'_> {
        let button = Button::new(&self.word).look(self.look);
        let button = match self.icon {
            Some(icon) => button.icon(icon),
            None => button,
        };
        let button = match self.key {
            Some(key) => button.key(key),
            None => button,
        };
        match &self.off {
            Some(reason) => button.off(reason),
            None => button,
        }
    }
}

/// Draws the bar and tells which button was pressed, counting the left ones first.
pub(super) fn draw(ui: &mut Ui, rect: Rect, left: &[Item], right: &[Item], portrait: bool) -> Option<usize> {
    let all: Vec<&Item> = left.iter().chain(right).collect();
    let places = if portrait { in_rows(rect, all.len()) } else { in_line(ui, rect, left, right) };
    let mut pressed = None;
    for (index, (item, place)) in all.iter().zip(places).enumerate() {
        if item.button().show(ui, place).pressed() {
            pressed = Some(index);
        }
    }
    pressed
}

fn in_rows(rect: Rect, count: usize) -> Vec<Rect> {
    let rows = if count > 4 { 2 } else { 1 };
    let columns = count.div_ceil(rows).max(1);
    let height = measure::TARGET_ACTION * rows as f32 + GAP * (rows as f32 - 1.0);
    let area = Rect::from_min_size(
        pos2(rect.left() + EDGE, rect.center().y - height * 0.5),
        vec2(rect.width() - 2.0 * EDGE, height),
    );
    grid(area, columns, rows, GAP)
}

/// Natural widths; where they do not fit, all give the same share.
fn in_line(ui: &Ui, rect: Rect, left: &[Item], right: &[Item]) -> Vec<Rect> {
    let widths: Vec<f32> = left.iter().chain(right).map(|item| item.button().width(ui)).collect();
    let gaps = GAP * widths.len().saturating_sub(1) as f32;
    let room = rect.width() - 2.0 * EDGE - gaps;
    let wanted: f32 = widths.iter().sum();
    let share = (room / wanted.max(1.0)).min(1.0);
    let middle = rect.center().y + 1.0;
    let place = |from: f32, width: f32| {
        Rect::from_min_size(pos2(from, middle - measure::TARGET_ACTION * 0.5), vec2(width, measure::TARGET_ACTION))
    };
    let mut places = Vec::with_capacity(widths.len());
    let mut from = rect.left() + EDGE;
    for width in widths.iter().take(left.len()) {
        places.push(place(from, width * share));
        from += width * share + GAP;
    }
    let rest: f32 = widths.iter().skip(left.len()).map(|width| width * share + GAP).sum();
    let mut from = rect.right() - EDGE - rest + GAP;
    for width in widths.iter().skip(left.len()) {
        places.push(place(from, width * share));
        from += width * share + GAP;
    }
    places
}

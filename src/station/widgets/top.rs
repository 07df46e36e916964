//! The top bar: mark, title, what it is about, device chips, who works here.

use egui::{Align2, CornerRadius, Rect, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use super::text;
use crate::station::icons::Icon;
use crate::station::theme::tokens::MARK_AMBER;
use crate::station::theme::{Palette, Signal, SignalLook, Type, Weight, fonts, measure, palette};

/// Words of the bar, smaller than the title.
const SMALL: Type = fonts::label().in_face(Weight::SemiBold);
/// Height of a chip.
const CHIP: f32 = 40.0;
/// Icon on a chip.
const CHIP_ICON: f32 = 26.0;

/// A device or the network: bare while all is well, with word and frame when it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chip<'a> {
    /// Its picture.
    pub icon: Icon,
    /// Its name for assistive technology, with its state.
    pub name: &'a str,
    /// A word or figure beside the icon; may be empty while quiet.
    pub word: &'a str,
    /// The signal that frames it; `None` while quiet.
    pub signal: Option<Signal>,
}

/// What the bar shows.
#[derive(Debug, Clone, Copy)]
pub struct Top<'a> {
    /// The order's name or the screen's.
    pub title: &'a str,
    /// An icon and a fact, such as the time to ship by.
    pub fact: Option<(Option<Icon>, &'a str)>,
    /// The fact's second half, muted; the first to go when room is short.
    pub aside: &'a str,
    /// Devices and network.
    pub chips: &'a [Chip<'a>],
    /// Width kept free for the talk button, left of the chips; 0 for none.
    pub talk: f32,
    /// Station and person. Always shown: in portrait the person alone must fit.
    pub who: &'a str,
}

/// Draws the bar. Returns the chip that was pressed, and where the talk button goes.
pub fn top_bar(ui: &mut Ui, rect: Rect, top: &Top<'_>, portrait: bool) -> (Option<usize>, Option<Rect>) {
    let palette = palette(ui);
    let gap = if portrait { 14.0 } else { 18.0 };
    let middle = rect.center().y - 1.0;
    let (mut right, pressed) = right_half(ui, rect, top, gap, middle);
    let mut place = None;
    if top.talk > 0.0 {
        right -= 6.0;
        place = Some(Rect::from_x_y_ranges(right - top.talk..=right, rect.top()..=rect.bottom() - 2.0));
        right -= top.talk;
    }
    right -= gap;
    let mark_px = if portrait { 24.0 } else { 36.0 };
    let mark = Rect::from_min_size(pos2(rect.left() + 20.0, middle - mark_px * 0.5), Vec2::splat(mark_px));
    paint_mark(ui, mark, palette);
    let left = mark.right() + gap;
    let room = Rect::from_min_max(pos2(left, rect.top()), pos2(right.max(left + 40.0), rect.bottom() - 2.0));
    let title = text::put_fitted(ui, room, Align2::LEFT_CENTER, fonts::lead(), 20.0, top.title, palette.text);
    fact(ui, top, title.right() + gap, right, middle);
    (pressed, place)
}

fn fact(ui: &mut Ui, top: &Top<'_>, left: f32, right: f32, middle: f32) {
    let palette = palette(ui);
    let Some((icon, words)) = top.fact else {
        return;
    };
    let icon_width = if icon.is_some() { CHIP_ICON + 8.0 } else { 0.0 };
    let start = left + 2.0 + 18.0;
    let words_width = SMALL.width(ui, words);
    let aside = format!(" · {}", top.aside);
    let aside_width = if top.aside.is_empty() { 0.0 } else { SMALL.width(ui, &aside) };
    if start + icon_width + words_width > right {
        return;
    }
    separator(ui, left, middle);
    if let Some(icon) = icon {
        let square = Rect::from_center_size(pos2(start + CHIP_ICON * 0.5, middle), Vec2::splat(CHIP_ICON));
        icon.paint(ui.painter(), square, palette.text, 2.0);
    }
    let at = pos2(start + icon_width, middle);
    let drawn = text::put(ui, at, Align2::LEFT_CENTER, SMALL, words, palette.text);
    if aside_width > 0.0 && drawn.right() + aside_width <= right {
        text::put(ui, drawn.right_center(), Align2::LEFT_CENTER, SMALL, &aside, palette.muted);
    }
}

/// Who, separator and chips from the right edge. Returns where the left half must end.
fn right_half(ui: &mut Ui, rect: Rect, top: &Top<'_>, gap: f32, middle: f32) -> (f32, Option<usize>) {
    let palette = palette(ui);
    let mut right = rect.right() - 16.0;
    if !top.who.is_empty() {
        let at = pos2(right, middle);
        let who = text::put(ui, at, Align2::RIGHT_CENTER, SMALL, top.who, palette.text);
        separator(ui, who.left() - gap - 2.0, middle);
        right = who.left() - gap * 2.0 - 2.0;
    }
    let mut pressed = None;
    for (index, chip) in top.chips.iter().enumerate().rev() {
        let width = chip_width(ui, chip);
        let area = Rect::from_min_max(pos2(right - width, middle - CHIP * 0.5), pos2(right, middle + CHIP * 0.5));
        if paint_chip(ui, area, rect, index, chip) {
            pressed = Some(index);
        }
        right -= width + 2.0;
    }
    (right, pressed)
}

fn separator(ui: &Ui, left: f32, middle: f32) {
    let line = Rect::from_min_size(pos2(left, middle - 16.0), vec2(2.0, 32.0));
    ui.painter().rect_filled(line, 0.0, palette(ui).line);
}

fn chip_width(ui: &Ui, chip: &Chip<'_>) -> f32 {
    let padding = if chip.signal.is_some() { 14.0 } else { 9.0 };
    let word = if chip.word.is_empty() { 0.0 } else { 8.0 + SMALL.width(ui, chip.word) };
    padding * 2.0 + CHIP_ICON + word
}

fn paint_chip(ui: &mut Ui, area: Rect, bar: Rect, index: usize, chip: &Chip<'_>) -> bool {
    let palette = palette(ui);
    let target = Rect::from_x_y_ranges(area.x_range(), bar.top()..=bar.bottom());
    let response = super::press(ui, target, ("chip", index), chip.name, true);
    let corner = CornerRadius::same(measure::RADIUS_CONTROL);
    let (ground, ink, padding) = match chip.signal {
        None => (palette.surface, palette.muted, 9.0),
        Some(signal) => (signal.soft(palette), palette.text, 14.0),
    };
    ui.painter().rect_filled(area, corner, ground);
    if let Some(signal) = chip.signal {
        let stroke = Stroke::new(2.0, signal.fill(palette));
        ui.painter().rect_stroke(area, corner, stroke, StrokeKind::Inside);
    }
    let centre = pos2(area.left() + padding + CHIP_ICON * 0.5, area.center().y);
    chip.icon.paint(ui.painter(), Rect::from_center_size(centre, Vec2::splat(CHIP_ICON)), palette.text, 2.0);
    let at = pos2(area.left() + padding + CHIP_ICON + 8.0, area.center().y);
    text::paint(ui, at, Align2::LEFT_CENTER, SMALL, chip.word, ink);
    response.clicked()
}

/// The product's mark: a box with an amber corner.
pub fn paint_mark(ui: &Ui, rect: Rect, palette: &Palette) {
    let scale = rect.width() / 36.0;
    let at = |x: f32, y: f32| rect.min + vec2(x, y) * scale;
    let painter = ui.painter();
    let ground = Rect::from_min_max(at(2.0, 2.0), at(34.0, 34.0));
    painter.rect_filled(ground, 8.0 * scale, palette.text);
    let hexagon = [(9.0, 13.0), (18.0, 8.5), (27.0, 13.0), (27.0, 23.0), (18.0, 27.5), (9.0, 23.0)];
    let points = hexagon.iter().map(|(x, y)| at(*x, *y)).collect();
    painter.add(Shape::closed_line(points, Stroke::new(2.5 * scale, palette.raised)));
    let corner = vec![at(13.5, 10.8), at(22.5, 15.3), at(22.5, 19.8)];
    painter.add(Shape::line(corner, Stroke::new(3.0 * scale, MARK_AMBER)));
}

//! Step 6: which box, why, and how everything lies in it.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::Desk;
use crate::core::message::Arg;
use crate::core::units::DimsMm;
use crate::engine::input::Ui as Request;
use crate::engine::view::{BoxView, PackagingView, PlacedView, Sheet};
use crate::station::icons::Icon;
use crate::station::theme::{Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::carton::{Block, Carton, Stage, carton};
use crate::station::widgets::{bars, text};

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &BoxView) {
    let left = room.left() + room.width() * 0.651;
    let column = Rect::from_min_max(pos2(left, room.top()), room.max);
    let Some(suggested) = &stage.suggested else {
        let word = desk.text("pack-choose");
        let place = Rect::from_min_max(pos2(room.left(), room.bottom() - measure::TARGET_XL), room.max);
        if Button::new(&word).icon(Icon::Box).look(Look::Primary).size(Size::Huge).show(ui, place).pressed() {
            desk.ask(Request::OpenSheet(Sheet::Boxes));
        }
        return;
    };
    let blocks = blocks(&stage.placed);
    let drawing = Rect::from_min_max(room.min, pos2(left - 16.0, room.bottom()));
    let name = format!("{} {}", desk.text("pack-box"), suggested.name);
    carton(ui, drawing, &Carton { size_mm: extents(suggested.inner), blocks: &blocks, name: &name });
    facts(ui, column, desk, stage, suggested);
}

fn facts(ui: &mut Ui, column: Rect, desk: &mut Desk<'_>, stage: &BoxView, suggested: &PackagingView) {
    let colours = palette(ui);
    let key = if suggested.envelope { "pack-envelope" } else { "pack-box" };
    let kind_word = desk.text(key);
    let head = super::muted_line(ui, Rect::from_min_size(column.min, vec2(column.width(), 30.0)), &kind_word);
    // The reasons below need their room too.
    let px = (column.height() - 400.0).clamp(72.0, 128.0);
    let figure = Rect::from_min_size(pos2(column.left(), head.bottom()), vec2(column.width(), px));
    let big = Type::new(px, Weight::Bold).line(1.0);
    text::put_fitted(ui, figure, Align2::LEFT_CENTER, big, 40.0, &suggested.name, colours.text);
    let size = desk.words.format().dims(suggested.inner);
    let size_row = Rect::from_min_size(pos2(column.left(), figure.bottom()), vec2(column.width(), 30.0));
    text::put_fitted(ui, size_row, Align2::LEFT_CENTER, fonts::body(), 16.0, &size, colours.text);
    let buttons_top = column.bottom() - 2.0 * measure::TARGET_LARGE - 12.0;
    let why = desk.with("pack-why", &[("box", Arg::Text(suggested.name.clone()))]);
    let bold = fonts::body().in_face(Weight::Bold);
    let why_row = Rect::from_min_size(pos2(column.left(), size_row.bottom() + 10.0), vec2(column.width(), 30.0));
    text::put_fitted(ui, why_row, Align2::LEFT_CENTER, bold, 16.0, &why, colours.text);
    let reasons: Vec<String> = stage.why.iter().map(|why| desk.say(why)).collect();
    let filled = if stage.filled_percent.is_some() { 30.0 } else { 0.0 };
    let rest = Rect::from_min_max(why_row.left_bottom(), pos2(column.right(), buttons_top - 10.0 - filled));
    let body = fonts::body().line(1.3);
    text::put_fitted(ui, rest, Align2::LEFT_TOP, body, 16.0, &reasons.join(" "), colours.text);
    if let Some(percent) = stage.filled_percent {
        let row = Rect::from_min_max(pos2(column.left(), rest.bottom()), pos2(column.right(), rest.bottom() + 24.0));
        filled_bar(ui, row, desk, percent);
    }
    let take = desk.with("say-box", &[("box", Arg::Text(suggested.name.clone()))]);
    let first = Rect::from_min_size(pos2(column.left(), buttons_top), vec2(column.width(), measure::TARGET_LARGE));
    if Button::new(&take).look(Look::Primary).size(Size::Large).show(ui, first).pressed() {
        desk.ask(Request::ChooseBox(suggested.id));
    }
    let other = desk.text("action-other-box");
    let second = first.translate(vec2(0.0, measure::TARGET_LARGE + 12.0));
    if Button::new(&other).icon(Icon::Swap).size(Size::Large).show(ui, second).pressed() {
        desk.ask(Request::OpenSheet(Sheet::Boxes));
    }
}

fn filled_bar(ui: &mut Ui, row: Rect, desk: &Desk<'_>, percent: u8) {
    let colours = palette(ui);
    let words = desk.words.format().percent(i64::from(percent) * 10);
    let kind = fonts::label().in_face(Weight::Bold);
    let value = text::put(ui, row.right_center(), Align2::RIGHT_CENTER, kind, &words, colours.text);
    let word = desk.text("pack-filled");
    let label = text::put(ui, row.left_center(), Align2::LEFT_CENTER, fonts::label(), &word, colours.muted);
    let bar = Rect::from_min_max(
        pos2(label.right() + 10.0, row.center().y - 8.0),
        pos2(value.left() - 10.0, row.center().y + 8.0),
    );
    bars::progress(ui, bar, f32::from(percent) / 100.0, colours.accent);
}

fn extents(size: DimsMm) -> [u32; 3] {
    [size.length, size.width, size.height].map(|side| u32::try_from(side).unwrap_or(0))
}

/// Units as blocks, lower and farther ones first, the number of each step on its last unit alone.
fn blocks(placed: &[PlacedView]) -> Vec<Block> {
    let mut units: Vec<&PlacedView> = placed.iter().collect();
    units.sort_by_key(|unit| (unit.at.2, unit.at.0 + unit.at.1));
    let mut blocks: Vec<Block> = units
        .iter()
        .map(|unit| {
            let (x, y, z) = unit.at;
            Block {
                at_mm: [x, y, z].map(|at| u32::try_from(at).unwrap_or(0)),
                size_mm: extents(unit.size),
                units: [1, 1],
                number: unit.step,
                stage: Stage::In,
            }
        })
        .collect();
    let mut seen = Vec::new();
    for block in blocks.iter_mut().rev() {
        if seen.contains(&block.number) {
            block.number = 0;
        } else {
            seen.push(block.number);
        }
    }
    blocks
}

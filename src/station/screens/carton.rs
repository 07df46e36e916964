//! Step 6: which box, why, and how everything lies in it: the packed box from any side, and unit by unit in the order
//! of putting in.

use egui::{Align2, Key, Rect, Sense, Ui, pos2, vec2};

use super::Desk;
use crate::core::message::Arg;
use crate::core::units::DimsMm;
use crate::engine::input::Ui as Request;
use crate::engine::view::{BoxView, PackagingView, PlacedView, ProductView, Sheet, Up};
use crate::station::art;
use crate::station::icons::Icon;
use crate::station::theme::{Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::carton::{Block, Carton, Stage, carton};
use crate::station::widgets::{bars, text};

/// One press turns the box by so much, in thousandths of a degree.
const TURN_MDEG: i32 = 45_000;
/// A finger that moves one point turns the box by so much.
const DRAG_MDEG: f32 = 500.0;
/// How long a turn takes, s; none with reduced motion.
const TURN_S: f32 = 0.18;
/// Height of a line that says what a unit forbids, px.
const RULE_PX: f32 = 28.0;
/// Between two buttons, px.
const GAP: f32 = 12.0;

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
    let mut drawing = Rect::from_min_max(room.min, pos2(left - 16.0, room.bottom()));
    if !stage.placed.is_empty() {
        let height = 2.0 * measure::TARGET_ACTION + GAP;
        let controls = Rect::from_min_max(pos2(drawing.left(), drawing.bottom() - height), drawing.max);
        drawing.max.y = controls.top() - GAP;
        steps(ui, controls, desk, stage.placed.len());
    }
    let turned = turn(ui, drawing, desk);
    let blocks = blocks(&stage.placed, put(desk, stage).map(|(n, _)| n));
    let name = picture_words(desk, stage, suggested);
    let size_mm = extents(suggested.inner);
    carton(ui, drawing, &Carton { size_mm, blocks: &blocks, turned_deg: turned, name: &name });
    facts(ui, column, desk, stage, suggested);
}

/// The unit to be put in now, with its place in the order from 0; none while the packed box is shown.
fn put<'a>(desk: &Desk<'_>, stage: &'a BoxView) -> Option<(usize, &'a PlacedView)> {
    let n = desk.local.put?;
    Some((n, stage.placed.get(n)?))
}

/// What the band says while the box is packed unit by unit: which one, and how it lies.
pub(super) fn says(desk: &Desk<'_>, stage: &BoxView) -> Option<(String, String)> {
    let (n, unit) = put(desk, stage)?;
    let count = |n: usize| Arg::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let first = desk.with("pack-put-in", &[("no", count(n + 1)), ("n", count(stage.placed.len()))]);
    Some((first, desk.text(way_up(unit.up))))
}

const fn way_up(up: Up) -> &'static str {
    match up {
        Up::Height => "pack-up-height",
        Up::Width => "pack-up-width",
        Up::Length => "pack-up-length",
    }
}

/// What a unit forbids: to be turned over, and what stands on it.
fn rules(desk: &Desk<'_>, unit: &PlacedView) -> Vec<String> {
    let up = unit.this_side_up.then(|| desk.text("pack-this-side-up"));
    let top = unit.bears_g.map(|most| match most.0 {
        ..=0 => desk.text("pack-nothing-on-top"),
        _ => desk.with("pack-bears", &[("mass", Arg::Text(desk.words.format().mass(most)))]),
    });
    up.into_iter().chain(top).collect()
}

fn product_of<'a>(stage: &'a BoxView, unit: &PlacedView) -> Option<&'a ProductView> {
    let index = usize::from(unit.step).checked_sub(1)?;
    stage.order.get(index).map(|(product, _)| product)
}

fn picture_words(desk: &Desk<'_>, stage: &BoxView, suggested: &PackagingView) -> String {
    let whole = format!("{} {}", desk.text("pack-box"), suggested.name);
    let Some((first, second)) = says(desk, stage) else { return whole };
    let product = put(desk, stage).and_then(|(_, unit)| product_of(stage, unit));
    let mut said = format!("{whole}: {first}, {}, {second}", product.map(|p| p.name.as_str()).unwrap_or_default());
    for rule in put(desk, stage).map(|(_, unit)| rules(desk, unit)).into_iter().flatten() {
        said.push_str(", ");
        said.push_str(&rule);
    }
    said
}

/// The four buttons below the drawing. After the last unit comes the packed box again, and the first one after that.
fn steps(ui: &mut Ui, area: Rect, desk: &mut Desk<'_>, units: usize) {
    let keys = [
        ("pack-unit-before", Icon::Back, Key::ArrowUp),
        ("pack-unit-next", Icon::Next, Key::ArrowDown),
        ("pack-turn-left", Icon::TurnLeft, Key::ArrowLeft),
        ("pack-turn-right", Icon::TurnRight, Key::ArrowRight),
    ];
    let size = vec2((area.width() - GAP) * 0.5, measure::TARGET_ACTION);
    let mut cells = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
        .map(|(x, y)| Rect::from_min_size(area.min + vec2(x * (size.x + GAP), y * (size.y + GAP)), size))
        .into_iter();
    let pressed = keys.map(|(word, icon, key)| {
        let word = desk.text(word);
        let button = if matches!(icon, Icon::Next | Icon::TurnRight) {
            Button::new(&word).icon_after(icon)
        } else {
            Button::new(&word).icon(icon)
        };
        cells.next().is_some_and(|cell| button.key(key).show(ui, cell).pressed())
    });
    let now = desk.local.put.filter(|n| *n < units);
    match pressed {
        [true, ..] => desk.local.put = now.map_or(units.checked_sub(1), |n| n.checked_sub(1)),
        [_, true, ..] => desk.local.put = Some(now.map_or(0, |n| n + 1)).filter(|n| *n < units),
        [_, _, true, _] => desk.local.turned_mdeg = desk.local.turned_mdeg.saturating_add(TURN_MDEG),
        [_, _, _, true] => desk.local.turned_mdeg = desk.local.turned_mdeg.saturating_sub(TURN_MDEG),
        [false, false, false, false] => {}
    }
}

/// How far the box is turned in this frame, degrees: what the buttons ask for is reached in a moment, a finger is
/// followed at once.
fn turn(ui: &Ui, drawing: Rect, desk: &mut Desk<'_>) -> f32 {
    let id = ui.scope_id().with("box");
    let drag = ui.interact(drawing, id, Sense::drag());
    // Where a finger comes down it has not moved yet.
    let moved = if drag.drag_started() { 0.0 } else { drag.drag_delta().x * DRAG_MDEG };
    // A window is a few thousand points wide: far below what a whole number holds.
    #[expect(clippy::cast_possible_truncation)]
    let moved = moved.clamp(-1e6, 1e6) as i32;
    desk.local.turned_mdeg = desk.local.turned_mdeg.saturating_sub(moved);
    // Thousandths of a degree need no more than a float holds.
    #[expect(clippy::cast_precision_loss)]
    let target = desk.local.turned_mdeg as f32 / 1000.0;
    let time = if desk.local.settings.reduced_motion || drag.dragged() { 0.0 } else { TURN_S };
    ui.ctx().animate_value_with_time(id.with("turn"), target, time)
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
    let buttons_top = column.bottom() - 2.0 * measure::TARGET_LARGE - GAP;
    let rest = Rect::from_min_max(size_row.left_bottom() + vec2(0.0, 10.0), pos2(column.right(), buttons_top - 10.0));
    match put(desk, stage) {
        Some((_, unit)) => unit_facts(ui, rest, desk, product_of(stage, unit), unit),
        None => reasons(ui, rest, desk, stage, suggested),
    }
    let take = desk.with("say-box", &[("box", Arg::Text(suggested.name.clone()))]);
    let first = Rect::from_min_size(pos2(column.left(), buttons_top), vec2(column.width(), measure::TARGET_LARGE));
    if Button::new(&take).look(Look::Primary).size(Size::Large).show(ui, first).pressed() {
        desk.ask(Request::ChooseBox(suggested.id));
    }
    let other = desk.text("action-other-box");
    let second = first.translate(vec2(0.0, measure::TARGET_LARGE + GAP));
    if Button::new(&other).icon(Icon::Swap).size(Size::Large).show(ui, second).pressed() {
        desk.ask(Request::OpenSheet(Sheet::Boxes));
    }
}

/// Why this box, and how full it will be.
fn reasons(ui: &mut Ui, room: Rect, desk: &Desk<'_>, stage: &BoxView, suggested: &PackagingView) {
    let colours = palette(ui);
    let why = desk.with("pack-why", &[("box", Arg::Text(suggested.name.clone()))]);
    let bold = fonts::body().in_face(Weight::Bold);
    let why_row = Rect::from_min_size(room.min, vec2(room.width(), 30.0));
    text::put_fitted(ui, why_row, Align2::LEFT_CENTER, bold, 16.0, &why, colours.text);
    let reasons: Vec<String> = stage.why.iter().map(|why| desk.say(why)).collect();
    let filled = if stage.filled_percent.is_some() { 30.0 } else { 0.0 };
    let rest = Rect::from_min_max(why_row.left_bottom(), pos2(room.right(), room.bottom() - filled));
    let body = fonts::body().line(1.3);
    text::put_fitted(ui, rest, Align2::LEFT_TOP, body, 16.0, &reasons.join(" "), colours.text);
    if let Some(percent) = stage.filled_percent {
        let row = Rect::from_min_max(pos2(room.left(), rest.bottom()), pos2(room.right(), rest.bottom() + 24.0));
        filled_bar(ui, row, desk, percent);
    }
}

/// The unit to be put in now: its picture, its name, what it forbids, its sides as it lies.
fn unit_facts(ui: &mut Ui, room: Rect, desk: &Desk<'_>, product: Option<&ProductView>, unit: &PlacedView) {
    let colours = palette(ui);
    let name = product.map(|p| p.name.as_str()).unwrap_or_default();
    let size_row = Rect::from_min_max(pos2(room.left(), room.bottom() - 32.0), room.max);
    let rules = rules(desk, unit);
    let mut ruled = size_row;
    for rule in rules.iter().rev() {
        ruled = ruled.translate(vec2(0.0, -RULE_PX));
        let bold = fonts::body().in_face(Weight::Bold);
        text::put_fitted(ui, ruled, Align2::LEFT_CENTER, bold, 14.0, rule, colours.text);
    }
    // The picture gives way to what must be read.
    let side = (ruled.top() - room.top() - 4.0).clamp(40.0, 72.0);
    art::paint_on_mat(ui, Rect::from_min_size(room.min, vec2(side, side)), measure::RADIUS_CARD, 4.0, name);
    let beside = Rect::from_min_max(room.min + vec2(side + GAP, 0.0), ruled.right_top() - vec2(0.0, 4.0));
    let bold = Type::new(20.0, Weight::Bold).line(1.2);
    text::put_fitted(ui, beside, Align2::LEFT_TOP, bold, 14.0, name, colours.text);
    let size = desk.words.format().dims(unit.size);
    text::put_fitted(ui, size_row, Align2::LEFT_CENTER, fonts::body(), 16.0, &size, colours.text);
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

/// Units as blocks: all of them with the number of each product on its last unit; or, while they are put in one by one,
/// those that are in and the one to put in now with its own number.
fn blocks(placed: &[PlacedView], put: Option<usize>) -> Vec<Block> {
    let shown = put.map_or(placed.len(), |n| n + 1);
    placed
        .iter()
        .enumerate()
        .take(shown)
        .map(|(n, unit)| {
            let (x, y, z) = unit.at;
            let last = !placed.iter().skip(n + 1).any(|other| other.step == unit.step);
            let (number, stage) = match put {
                None if last => (unit.step, Stage::In),
                Some(now) if now == n => (u16::try_from(n + 1).unwrap_or(u16::MAX), Stage::Now),
                None | Some(_) => (0, Stage::In),
            };
            let at_mm = [x, y, z].map(|at| u32::try_from(at).unwrap_or(0));
            Block { at_mm, size_mm: extents(unit.size), number, stage, this_side_up: unit.this_side_up }
        })
        .collect()
}

//! Step 4: where to go, how many to take, the way there.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::Desk;
use super::pick_grid::Grid;
use crate::core::stock::Side;
use crate::engine::input::Ui as Request;
use crate::engine::view::{MapView, PickPlace, PickView};
use crate::station::art;
use crate::station::theme::{Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::map::{self, Hand, Map, Stop, WayPoint};
use crate::station::widgets::{shelf, text};

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &PickView) {
    let mut room = room;
    if stage.touch_allowed {
        let word = desk.with("pick-took", &[("n", stage.take.into())]);
        let place = Rect::from_min_max(pos2(room.left(), room.bottom() - measure::TARGET_ACTION), room.max);
        if Button::new(&word).look(Look::Primary).size(Size::Large).show(ui, place).pressed() {
            desk.ask(Request::TakeStop);
        }
        room.max.y = place.top() - 12.0;
    }
    let top = figures(ui, room, desk, stage);
    let card = Rect::from_min_max(pos2(room.left(), top), pos2(room.left() + room.width() * 0.626, room.bottom()));
    if let Some(view) = &stage.map {
        draw_map(ui, card, desk, view, stage);
    }
    let column = Rect::from_min_max(pos2(card.right() + 22.0, top), room.max);
    product(ui, column, desk, stage);
}

/// The bin at the left, the number to take at the right, on one base line. Returns where the rest begins.
fn figures(ui: &mut Ui, room: Rect, desk: &Desk<'_>, stage: &PickView) -> f32 {
    let colours = palette(ui);
    let kind = fonts::figure_l(120.0);
    let take = stage.take.to_string();
    let number = text::put(ui, room.right_top(), Align2::RIGHT_TOP, kind, &take, colours.text);
    let base = number.top() + text::ascent(&kind.one_line(ui, &take, colours.text));
    let word = desk.text("pick-take");
    let lead = Type::new(28.0, Weight::Regular);
    let left = number.left() - 12.0 - lead.width(ui, &word);
    text::put_on_base(ui, pos2(left, base), lead, &word, colours.muted);
    let code = stage.location.as_ref().map_or("–", |place| place.code.as_str());
    let bin = fonts::figure_bin();
    let scale = ((left - 16.0 - room.left()) / bin.width(ui, code).max(1.0)).min(1.0);
    let bin = bin.at(bin.px * scale).spaced(bin.spacing * scale);
    text::put_on_base(ui, pos2(room.left(), base), bin, code, colours.text);
    room.top() + 136.0
}

fn product(ui: &mut Ui, column: Rect, desk: &Desk<'_>, stage: &PickView) {
    let colours = palette(ui);
    let picture = Rect::from_min_size(column.min, vec2(64.0, 64.0));
    art::paint_on_mat(ui, picture, measure::RADIUS_CARD, 4.0, &stage.product.name);
    let beside =
        Rect::from_min_max(pos2(picture.right() + 14.0, picture.top()), pos2(column.right(), picture.bottom()));
    let code = Type::new(28.0, Weight::MonoBold);
    text::put_fitted(ui, beside, Align2::LEFT_CENTER, code, 14.0, &stage.product.sku, colours.text);
    let Some(place) = &stage.location else {
        return;
    };
    let levels_height = shelf::LEVEL * f32::from(place.levels.max(1));
    let head_bottom = (column.bottom() - levels_height).max(picture.bottom() + 60.0);
    let name =
        Rect::from_min_max(pos2(column.left(), picture.bottom() + 8.0), pos2(column.right(), head_bottom - 26.0));
    let bold = Type::new(20.0, Weight::Bold).line(1.2);
    text::put_fitted(ui, name, Align2::LEFT_TOP, bold, 14.0, &stage.product.name, colours.text);
    levels(ui, Rect::from_min_max(pos2(column.left(), head_bottom), column.max), desk, place);
}

fn levels(ui: &mut Ui, area: Rect, desk: &Desk<'_>, place: &PickPlace) {
    let key = match place.side {
        Side::Left => "pick-bay-left",
        Side::Right => "pick-bay-right",
    };
    let words = desk.with(key, &[("bay", place.bay.into())]);
    let head = Rect::from_min_max(area.min - vec2(0.0, 24.0), pos2(area.right(), area.top()));
    text::put_fitted(ui, head, Align2::LEFT_CENTER, fonts::label(), 14.0, &words, palette(ui).muted);
    let take = desk.text("pick-take-here");
    shelf::shelf(ui, area, place.levels, place.level, &take);
}

fn draw_map(ui: &mut Ui, card: Rect, desk: &Desk<'_>, view: &MapView, stage: &PickView) {
    let aisles: Vec<&str> = view.floor.aisle_names.iter().map(String::as_str).collect();
    let grid = Grid::of(&view.floor);
    let stops: Vec<Stop> = (1_u16..)
        .zip(&view.stops)
        .enumerate()
        .map(|(index, (number, stop))| Stop {
            number,
            aisle: stop.aisle,
            bay: grid.row_of_bay(stop.bay),
            hand: match stop.side {
                Side::Left => Hand::Left,
                Side::Right => Hand::Right,
            },
            stage: if stop.done {
                map::Stage::Done
            } else if index == view.current {
                map::Stage::Current
            } else {
                map::Stage::Waiting
            },
        })
        .collect();
    let way: Vec<WayPoint> = view.way.iter().map(|point| grid.way_point(*point)).collect();
    let (start, target) = ends(&way, &stops, view.current);
    let you = way.get(start).copied().unwrap_or(WayPoint { aisle: view.floor.bench_aisle, bay: 0 });
    let place = stage.location.as_ref().map(|place| place.code.clone()).unwrap_or_default();
    let name = format!("{}: {place}", desk.text("name-map"));
    let you_word = desk.text("pick-you");
    let drawing = Map {
        aisles: &aisles,
        bays: grid.rows(),
        gaps: grid.gaps(),
        limits: grid.limits(),
        stops: &stops,
        you,
        way_now: way.get(start..=target).unwrap_or(&[]),
        way_later: way.get(target..).unwrap_or(&[]),
        you_word: &you_word,
        name: &name,
    };
    map::map(ui, card, &drawing);
}

/// Where the packer stands on the way, and where the current stop lies on it.
fn ends(way: &[WayPoint], stops: &[Stop], current: usize) -> (usize, usize) {
    let mut from = 0;
    let mut start = 0;
    for (index, stop) in stops.iter().enumerate().take(current.saturating_add(1)) {
        let here = way.iter().skip(from).position(|at| at.aisle == stop.aisle && at.bay == stop.bay);
        let here = here.map_or(from, |at| at + from);
        if index < current {
            start = here;
        }
        from = here;
    }
    (start, from)
}

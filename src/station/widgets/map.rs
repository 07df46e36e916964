//! The warehouse from above: aisles with bays on both sides, the stops of a tour in walking order, the way, and
//! where the packer stands.

use egui::{Align2, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::text;
use crate::station::theme::{Type, Weight, measure, palette};

/// Side of an aisle as seen when walking in from the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// Left.
    Left,
    /// Right.
    Right,
}

/// Where a stop stands in the tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Been there.
    Done,
    /// On the way to it.
    Current,
    /// Later.
    Waiting,
}

/// One stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Its number in the tour.
    pub number: u16,
    /// Aisle, from 0 at the left.
    pub aisle: u16,
    /// Bay, from 1 at the front.
    pub bay: u16,
    /// Side of the aisle.
    pub hand: Hand,
    /// Where it stands in the tour.
    pub stage: Stage,
}

/// A point of the way: an aisle and how far in, 0 at the front, bays + 1 at the back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WayPoint {
    /// Aisle, from 0 at the left.
    pub aisle: u16,
    /// Bay, 0 in the front corridor, bays + 1 in the back corridor.
    pub bay: u16,
}

/// How a stretch of an aisle may be walked, where not both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// Only towards the back.
    ToBack,
    /// Only towards the front.
    ToFront,
    /// Nobody gets through.
    Closed,
}

/// A stretch of an aisle that is not walked both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Aisle, from 0 at the left.
    pub aisle: u16,
    /// The row it begins at, as of a way's point.
    pub from: u16,
    /// The row it ends at.
    pub to: u16,
    /// How it may be walked.
    pub passage: Passage,
}

/// What the map shows.
#[derive(Debug, Clone, Copy)]
pub struct Map<'a> {
    /// Letters of the aisles, from the left.
    pub aisles: &'a [&'a str],
    /// Rows on each side of an aisle: bays, and cross-aisles between them.
    pub bays: u16,
    /// The rows that are cross-aisles, front to back.
    pub gaps: &'a [u16],
    /// What is one-way or closed.
    pub limits: &'a [Limit],
    /// The stops.
    pub stops: &'a [Stop],
    /// Where the packer stands.
    pub you: WayPoint,
    /// The way to the current stop, drawn solid.
    pub way_now: &'a [WayPoint],
    /// The way after it, drawn dotted.
    pub way_later: &'a [WayPoint],
    /// Word beside the packer's dot.
    pub you_word: &'a str,
    /// The map in words, for assistive technology.
    pub name: &'a str,
}

/// Width of a rack on a map with the usual five aisles.
const RACK: f32 = 22.0;
/// Half the walking way between two racks.
const WAY_HALF: f32 = 5.0;

struct Grid {
    rect: Rect,
    step: f32,
    top: f32,
    bottom: f32,
    bays: f32,
}

impl Grid {
    fn new(rect: Rect, aisles: usize, bays: u16) -> Self {
        let count = aisles.max(1) as f32;
        Self {
            rect,
            step: (rect.width() - 14.0) / count,
            top: rect.top() + 44.0,
            bottom: rect.bottom() - 50.0,
            bays: f32::from(bays.max(1)),
        }
    }

    fn scale(&self) -> f32 {
        (self.step / 84.0).clamp(0.3, 1.3)
    }

    fn aisle_x(&self, aisle: u16) -> f32 {
        self.rect.left() + 14.0 + self.step * f32::from(aisle) + (RACK + WAY_HALF) * self.scale()
    }

    fn bay_y(&self, bay: u16) -> f32 {
        let height = self.bottom - self.top;
        if bay == 0 {
            self.bottom + 18.0
        } else if f32::from(bay) > self.bays {
            self.top - 6.0
        } else {
            self.bottom - height * (f32::from(bay) - 0.5) / self.bays
        }
    }

    fn point(&self, at: WayPoint) -> Pos2 {
        pos2(self.aisle_x(at.aisle), self.bay_y(at.bay))
    }
}

/// Draws the map in a card of its own.
pub fn map(ui: &mut Ui, rect: Rect, map: &Map<'_>) {
    let palette = palette(ui);
    let corner = egui::CornerRadius::same(measure::RADIUS_CARD);
    ui.painter().rect_stroke(rect, corner, Stroke::new(2.0, palette.line), StrokeKind::Inside);
    super::picture_named(ui, rect, map.name);
    let grid = Grid::new(rect.shrink2(vec2(4.0, 2.0)), map.aisles.len(), map.bays);
    racks(ui, &grid, map);
    limits(ui, &grid, map);
    way(ui, &grid, map);
    for stop in map.stops.iter().filter(|stop| stop.stage != Stage::Current) {
        paint_stop(ui, &grid, stop);
    }
    for stop in map.stops.iter().filter(|stop| stop.stage == Stage::Current) {
        paint_stop(ui, &grid, stop);
    }
    let you = pos2(grid.point(map.you).x, grid.point(map.you).y + if map.you.bay == 0 { 14.0 } else { 0.0 });
    ui.painter().circle_filled(you, 10.0, palette.text);
    let kind = Type::new(18.0, Weight::SemiBold);
    text::paint(ui, you + vec2(18.0, 0.0), Align2::LEFT_CENTER, kind, map.you_word, palette.text);
}

fn racks(ui: &Ui, grid: &Grid, map: &Map<'_>) {
    let palette = palette(ui);
    let painter = ui.painter();
    let scale = grid.scale();
    for (aisle, letter) in (0_u16..).zip(map.aisles) {
        let x = grid.aisle_x(aisle);
        for left in [x - (WAY_HALF + RACK) * scale, x + WAY_HALF * scale] {
            for (first, last) in runs(map.bays, map.gaps) {
                let edge = |rows: u16| grid.bottom - (grid.bottom - grid.top) * f32::from(rows) / grid.bays;
                let (low, high) = (edge(first - 1), edge(last));
                let rack = Rect::from_min_max(pos2(left, high), pos2(left + RACK * scale, low));
                painter.rect_filled(rack, 0.0, palette.sunken);
                let line = Stroke::new(1.0, palette.line);
                for bay in first..last {
                    painter.hline(rack.x_range(), edge(bay), line);
                }
                painter.rect_stroke(rack, 0.0, Stroke::new(1.0, palette.line_strong), StrokeKind::Middle);
            }
        }
        let at = pos2(x + 2.0 * scale, grid.top - 20.0);
        let px = if scale < 0.6 { 14.0 } else { 22.0 };
        text::paint(ui, at, Align2::CENTER_CENTER, Type::new(px, Weight::MonoBold), letter, palette.text);
    }
}

/// The rows of racks between the cross-aisles: first and last of each run.
fn runs(rows: u16, gaps: &[u16]) -> Vec<(u16, u16)> {
    let mut out = Vec::new();
    let mut first = 1;
    for gap in gaps.iter().copied().chain([rows.saturating_add(1)]) {
        if gap > first {
            out.push((first, gap - 1));
        }
        first = gap.saturating_add(1);
    }
    out
}

/// What is one-way bears arrows, what is closed a bar across.
fn limits(ui: &Ui, grid: &Grid, map: &Map<'_>) {
    let palette = palette(ui);
    let (painter, scale) = (ui.painter(), grid.scale());
    for limit in map.limits {
        let at = |bay| grid.point(WayPoint { aisle: limit.aisle, bay });
        let (front, back) = (at(limit.from), at(limit.to));
        let middle = front.lerp(back, 0.5);
        let up = match limit.passage {
            Passage::ToBack => -1.0,
            Passage::ToFront => 1.0,
            Passage::Closed => {
                let half = (WAY_HALF + 3.0) * scale;
                painter.line_segment([front, back], Stroke::new(3.0, palette.stop));
                for end in [front.lerp(back, 0.08), middle, front.lerp(back, 0.92)] {
                    let across = [end - vec2(half, 0.0), end + vec2(half, 0.0)];
                    painter.line_segment(across, Stroke::new(4.0, palette.stop));
                }
                continue;
            }
        };
        for part in [0.25, 0.5, 0.75] {
            let tip = front.lerp(back, part);
            let (wide, long) = (4.5 * scale, 6.0 * scale * up);
            let wings = [tip + vec2(-wide, -long), tip + vec2(wide, -long)];
            for wing in wings {
                painter.line_segment([wing, tip], Stroke::new(2.0, palette.muted));
            }
        }
    }
}

fn way(ui: &Ui, grid: &Grid, map: &Map<'_>) {
    let palette = palette(ui);
    let later: Vec<Pos2> = map.way_later.iter().map(|at| grid.point(*at)).collect();
    for dot in Shape::dotted_line(&later, palette.accent, 12.0, 2.5) {
        ui.painter().add(dot);
    }
    let mut now: Vec<Pos2> = map.way_now.iter().map(|at| grid.point(*at)).collect();
    if let Some(first) = now.first_mut() {
        first.y += 14.0;
    }
    if now.len() > 1 {
        let stroke = Stroke::new(6.0, palette.text);
        crate::station::vector::art::stroke(ui.painter(), &now, false, stroke);
    }
}

fn paint_stop(ui: &Ui, grid: &Grid, stop: &Stop) {
    let palette = palette(ui);
    let scale = grid.scale();
    let aside = (WAY_HALF + RACK * 0.5) * scale;
    let x = grid.aisle_x(stop.aisle)
        + match stop.hand {
            Hand::Left => -aside,
            Hand::Right => aside,
        };
    let centre = pos2(x, grid.bay_y(stop.bay));
    let (ground, edge, ink) = match stop.stage {
        Stage::Current => (palette.accent, palette.accent, palette.on_accent),
        Stage::Waiting => (palette.raised, palette.accent, palette.text),
        Stage::Done => (palette.ok, palette.ok, palette.on_ok),
    };
    let painter = ui.painter();
    if stop.stage == Stage::Current {
        let square = Rect::from_center_size(centre, vec2(32.0, 30.0));
        painter.rect_filled(square, 4.0, ground);
    } else {
        painter.circle_filled(centre, 15.5, edge);
        painter.circle_filled(centre, 12.5, ground);
    }
    let kind = Type::new(17.0, Weight::Bold);
    text::paint(ui, centre, Align2::CENTER_CENTER, kind, &stop.number.to_string(), ink);
}

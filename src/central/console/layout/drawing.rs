//! The warehouse from above, the front below: racks, aisles with what is one-way or blocked, cross-aisles, where walks begin and end,
//! and the sample's walk. It decides nothing.

use crate::central::services::layout::check::Sound;
use crate::central::services::layout::sample::Sample;
use crate::core::layout::{Aisle, Layout, Point, Way};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use maud::{Markup, html};
use std::fmt::Write as _;

/// Above so many bays in all, racks are drawn without them.
const BAYS_DRAWN_MAX: usize = 6_000;

/// Sizes of the drawing, in mm of the floor.
struct Sheet {
    /// Half of what is walked of an aisle.
    half: i64,
    /// Depth of a rack.
    rack: i64,
    /// Height of letters.
    letter: i64,
    left: i64,
    top: i64,
    width: i64,
    height: i64,
}

impl Sheet {
    fn of(layout: &Layout) -> Sheet {
        let xs = layout.aisles.iter().map(|a| a.x_mm);
        let gap = xs.clone().zip(xs.skip(1)).map(|(a, b)| b - a).min().unwrap_or(3_000).max(1);
        let front = layout.cross_aisles.first().map_or(0, |c| c.y_mm);
        let back = layout.cross_aisles.last().map_or(0, |c| c.y_mm);
        let left = layout.aisles.first().map_or(0, |a| a.x_mm);
        let right = layout.aisles.last().map_or(0, |a| a.x_mm);
        let letter = ((right - left + gap).max(back - front) / 26).max(1);
        let (half, rack) = (gap * 18 / 100, gap * 30 / 100);
        let margin = (half + rack).max(letter) + letter / 2;
        Sheet {
            half: half.max(1),
            rack: rack.max(1),
            letter,
            left: left - margin,
            top: back + 3 * letter,
            width: right - left + 2 * margin,
            height: back - front + 6 * letter,
        }
    }

    fn x(&self, mm: i64) -> i64 {
        mm - self.left
    }

    /// The front is below.
    fn y(&self, mm: i64) -> i64 {
        self.top - mm
    }
}

/// The drawing.
pub(super) fn drawing(words: &Catalogue, sound: &Sound, sample: Option<&Sample>) -> Markup {
    let (plan, layout) = (&sound.plan, &sound.plan.layout);
    let sheet = Sheet::of(layout);
    let whole = |n: usize| Arg::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let told = [
        ("aisles", whole(layout.aisles.len())),
        ("bays", whole(layout.cells_mm.len())),
        ("crosses", whole(layout.cross_aisles.len())),
    ];
    let corner = |corner| layout.corner(corner).unwrap_or_default();
    let r = sheet.letter * 6 / 10;
    html! {
        svg.plan viewBox={ "0 0 " (sheet.width) " " (sheet.height) } role="img" aria-label=(words.text_with("layout-picture", &told)) {
            @for cross in crosses(layout, &sheet) { path.floor d=(cross) {} }
            @for aisle in &layout.aisles { (walkway(layout, &sheet, aisle)) }
            path.rack d=(racks(layout, &sheet)) {}
            @for aisle in &layout.aisles {
                text.name x=(sheet.x(aisle.x_mm)) y=(sheet.letter * 12 / 10) font-size=(sheet.letter) text-anchor="middle" { (aisle.name) }
            }
            @if let Some(sample) = sample { (walk(&sheet, sample)) }
            (end_mark(&sheet, corner(plan.start), r, "start", &words.text("layout-start-mark")))
            @if plan.end != plan.start { (end_mark(&sheet, corner(plan.end), r, "end", &words.text("layout-end-mark"))) }
        }
    }
}

fn end_mark(sheet: &Sheet, at: Point, r: i64, class: &str, name: &str) -> Markup {
    let (x, y) = (sheet.x(at.x_mm), sheet.y(at.y_mm));
    // A mark at the right edge is named to its left.
    let right = x * 2 > sheet.width;
    let (text_x, anchor) = if right { (x - 2 * r, "end") } else { (x + 2 * r, "start") };
    html! {
        circle class={ "mark " (class) } cx=(x) cy=(y) r=(r) {}
        text.said x=(text_x) y=(y + sheet.letter * 15 / 10) font-size=(sheet.letter * 9 / 10) text-anchor=(anchor) { (name) }
    }
}

/// The cross-aisles as bands; gaps that nobody passes are left out.
fn crosses(layout: &Layout, sheet: &Sheet) -> Vec<String> {
    let mut out = Vec::new();
    for cross in &layout.cross_aisles {
        let mut band = String::new();
        let xs: Vec<i64> = layout.aisles.iter().map(|a| a.x_mm).collect();
        for (gap, ends) in xs.windows(2).enumerate() {
            if cross.ways.get(gap) != Some(&Way::Blocked) {
                rect(
                    &mut band,
                    (sheet.x(ends[0]) - sheet.half, sheet.x(ends[1]) + sheet.half),
                    (sheet.y(cross.y_mm) - sheet.half, sheet.y(cross.y_mm) + sheet.half),
                );
            }
        }
        out.push(band);
    }
    out
}

fn rect(path: &mut String, (x0, x1): (i64, i64), (y0, y1): (i64, i64)) {
    // Writing to a String cannot fail.
    let _ = write!(path, "M{x0} {y0}H{x1}V{y1}H{x0}Z");
}

/// An aisle: what is walked of it, arrows where it is one-way, bars where nobody passes.
fn walkway(layout: &Layout, sheet: &Sheet, aisle: &Aisle) -> Markup {
    let (mut floor, mut arrows, mut bars) = (String::new(), String::new(), String::new());
    let x = sheet.x(aisle.x_mm);
    let ys: Vec<i64> = layout.cross_aisles.iter().map(|c| c.y_mm).collect();
    for (block, ends) in ys.windows(2).enumerate() {
        rect(&mut floor, (x - sheet.half, x + sheet.half), (sheet.y(ends[1]), sheet.y(ends[0])));
        let up = match aisle.ways.get(block).copied().unwrap_or_default() {
            Way::Both => continue,
            Way::Onward => -1,
            Way::Back => 1,
            Way::Blocked => {
                bar(&mut bars, sheet, x, (ends[0], ends[1]));
                continue;
            }
        };
        let long = sheet.half.min((ends[1] - ends[0]) / 8) * up;
        for part in 1..4 {
            let tip = sheet.y(ends[0] + (ends[1] - ends[0]) * part / 4);
            let wide = sheet.half * 7 / 10;
            let _ = write!(arrows, "M{} {}L{x} {tip}L{} {}", x - wide, tip - long, x + wide, tip - long);
        }
    }
    for part in &aisle.closed {
        bar(&mut bars, sheet, x, (part.from_mm, part.to_mm));
    }
    html! {
        path.floor d=(floor) {}
        @if !arrows.is_empty() { path.arrow d=(arrows) {} }
        @if !bars.is_empty() { path.bar d=(bars) {} }
    }
}

/// A cross over a part that nobody passes.
fn bar(path: &mut String, sheet: &Sheet, x: i64, (from, to): (i64, i64)) {
    let (low, high, half) = (sheet.y(from), sheet.y(to), sheet.half);
    let _ = write!(path, "M{} {low}L{} {high}M{} {low}L{} {high}", x - half, x + half, x + half, x - half);
    rect(path, (x - half, x + half), (high, low));
}

/// The racks on both sides of every aisle, bay by bay.
fn racks(layout: &Layout, sheet: &Sheet) -> String {
    let mut path = String::new();
    let single = layout.aisles.len() * layout.cells_mm.len() <= BAYS_DRAWN_MAX;
    for ends in layout.cross_aisles.windows(2) {
        let (front, back) = (ends[0].y_mm, ends[1].y_mm);
        let cells: Vec<i64> = layout.cells_mm.iter().copied().filter(|y| front < *y && *y <= back).collect();
        let bounds = bounds(&cells, (front, back));
        let (Some(low), Some(high)) = (bounds.first(), bounds.last()) else { continue };
        for aisle in &layout.aisles {
            let x = sheet.x(aisle.x_mm);
            for (x0, x1) in
                [(x - sheet.half - sheet.rack, x - sheet.half), (x + sheet.half, x + sheet.half + sheet.rack)]
            {
                rect(&mut path, (x0, x1), (sheet.y(*high), sheet.y(*low)));
                for y in bounds.iter().skip(1).take(bounds.len().saturating_sub(2)).filter(|_| single) {
                    let _ = write!(path, "M{x0} {}H{x1}", sheet.y(*y));
                }
            }
        }
    }
    path
}

/// Where the bays of a block begin and end: halfway between their middles.
fn bounds(cells: &[i64], (front, back): (i64, i64)) -> Vec<i64> {
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return Vec::new() };
    let mut out: Vec<i64> = cells.iter().zip(cells.iter().skip(1)).map(|(a, b)| (a + b) / 2).collect();
    let lone = ((first - front).min(back - last) / 2).max(1);
    let begin = out.first().map_or(lone, |y| y - first);
    let end = out.last().map_or(lone, |y| last - y);
    out.insert(0, (first - begin).max(front));
    out.push((last + end).min(back));
    out
}

/// The sample's walk: its line, and its bins with their numbers.
fn walk(sheet: &Sheet, sample: &Sample) -> Markup {
    let points: Vec<String> = sample.path.iter().map(|p| format!("{},{}", sheet.x(p.x_mm), sheet.y(p.y_mm))).collect();
    let r = sheet.letter * 7 / 10;
    html! {
        polyline.way points=(points.join(" ")) {}
        @for (n, (code, at)) in sample.stops.iter().enumerate() {
            circle.stop cx=(sheet.x(at.x_mm)) cy=(sheet.y(at.y_mm)) r=(r) { title { (code) } }
            text.no x=(sheet.x(at.x_mm)) y=(sheet.y(at.y_mm) + r / 2) font-size=(r * 14 / 10) text-anchor="middle" { (n + 1) }
        }
    }
}

//! Whether elements of a shipping template can ever print over each other, whatever the parcel: their whole places are compared, not the
//! letters of one trial, and only of elements that some parcel has both of.

use super::draw::at;
use super::possible::{Possible, Shown, TRIES_MAX};
use super::problem::{PROBLEMS_MAX, Problem, TemplateError};
use super::value::Value;
use super::{Condition, Element, Kind, Template};
use crate::labels::documents::Words;
use crate::labels::sheet::{Area, SHEET_ELEMENTS_MAX, edges};
use crate::labels::text::{ASCENT_PERCENT, DESCENT_PERCENT, Rise, Style};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ground {
    /// Letters: black ones, white ones.
    Text {
        black: bool,
        white: bool,
    },
    Line,
    Plate,
    Barcode,
    Drawing,
}

/// The place of an element, or of one side of a box.
struct Cell<'a> {
    element: &'a Element,
    ground: Ground,
    area: Area,
    /// When it prints, among the kinds of [`Cells::shown`].
    shown: usize,
}

#[derive(Default)]
struct Cells<'a> {
    /// In drawing order.
    all: Vec<Cell<'a>>,
    shown: Vec<Shown>,
    /// Items of repeats that were gone through.
    items: usize,
}

/// What may print over each other; `full` is the data of a parcel that has everything.
pub(super) fn check(template: &Template, full: &Value, words: &Words) -> Vec<TemplateError> {
    let whole = |what| vec![TemplateError { line: 0, element: String::new(), what }];
    let mut cells = Cells::default();
    if !cells.gather(&template.elements, (0, 0), &[], &[]) {
        return whole(Problem::TooMany { what: "elements", most: SHEET_ELEMENTS_MAX });
    }
    let mut possible = Possible::new(template, words, full);
    let mut out = cells.overlaps(&mut possible);
    out.extend(cells.without_ground(&mut possible));
    if possible.is_over() {
        out.extend(whole(Problem::TooMany { what: "combinations of conditions", most: TRIES_MAX }));
    }
    out.sort_by_key(|error| error.line);
    out.truncate(PROBLEMS_MAX);
    out
}

impl<'a> Cells<'a> {
    /// `false` where there are more than a sheet holds.
    fn gather(&mut self, elements: &'a [Element], shift_um: (i32, i32), when: &[Condition], rows: &[&str]) -> bool {
        for element in elements {
            let of_row = |field: &str| rows.iter().any(|row| field.strip_prefix(row).is_some_and(of_item));
            let own = element.when.iter().filter(|condition| !of_row(condition.field()));
            let mut shown = Shown { when: when.iter().chain(own).cloned().collect(), texts: Vec::new() };
            let here = element.area;
            let (x_um, y_um) = (here.x_um.saturating_add(shift_um.0), here.y_um.saturating_add(shift_um.1));
            let area = Area { x_um, y_um, ..here };
            let text = |inverse: bool| Ground::Text { black: !inverse, white: inverse };
            let (ground, areas) = match &element.kind {
                Kind::Text(phrase, style) => {
                    shown.texts = Shown::texts(std::iter::once(phrase));
                    (text(style.inverse), vec![reached(area, *style)])
                }
                Kind::Stack(parts) => {
                    shown.texts = Shown::texts(parts.iter().map(|part| &part.phrase));
                    let any = |white: bool| parts.iter().any(|part| part.style.inverse == white);
                    (Ground::Text { black: any(false), white: any(true) }, vec![area])
                }
                Kind::Line => (Ground::Line, vec![area]),
                Kind::Fill => (Ground::Plate, vec![area]),
                Kind::Outline(thick_um) => (Ground::Line, edges(area, *thick_um).to_vec()),
                Kind::Barcode(code) => {
                    shown.texts = Shown::texts(code.phrases());
                    (Ground::Barcode, vec![area])
                }
                Kind::Image(_) => (Ground::Drawing, vec![area]),
                Kind::Marks(field) => {
                    shown.when.extend((!of_row(field)).then(|| Condition::Filled(field.clone())));
                    (text(false), vec![area])
                }
                Kind::Repeat(repeat) => {
                    shown.when.extend((!of_row(&repeat.over)).then(|| Condition::Filled(repeat.over.clone())));
                    let rows: Vec<&str> = rows.iter().copied().chain([repeat.name.as_str()]).collect();
                    for shift_um in repeat.shifts((x_um, y_um)) {
                        self.items += 1;
                        if self.items > 2 * SHEET_ELEMENTS_MAX
                            || !self.gather(&repeat.elements, shift_um, &shown.when, &rows)
                        {
                            return false;
                        }
                    }
                    continue;
                }
            };
            // What the item of a list says is not known here: it may say something.
            if shown.texts.iter().any(|text| text.fields().any(of_row)) {
                shown.texts.clear();
            }
            let shown = self.kind_of(shown);
            self.all.extend(areas.into_iter().map(|area| Cell { element, ground, area, shown }));
            if self.all.len() > SHEET_ELEMENTS_MAX {
                return false;
            }
        }
        true
    }

    fn kind_of(&mut self, shown: Shown) -> usize {
        let known = self.shown.iter().position(|known| *known == shown);
        known.unwrap_or_else(|| {
            self.shown.push(shown);
            self.shown.len() - 1
        })
    }

    fn overlaps(&self, possible: &mut Possible<'_>) -> Vec<TemplateError> {
        let mut by_top: Vec<usize> = (0..self.all.len()).collect();
        by_top.sort_by_key(|i| self.all.get(*i).map(|cell| cell.area.y_um));
        let (mut out, mut told, mut both) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        for (n, upper) in by_top.iter().enumerate() {
            for lower in by_top.iter().skip(n + 1) {
                let (Some(a), Some(b)) = (self.all.get(*upper.min(lower)), self.all.get(*upper.max(lower))) else {
                    continue;
                };
                let end_um = self.all.get(*upper).map_or(0, |cell| cell.area.bottom_um());
                if self.all.get(*lower).is_none_or(|cell| cell.area.y_um >= end_um) || out.len() >= PROBLEMS_MAX {
                    break;
                }
                let Some(what) = clash(a, b).filter(|_| !told.contains(&(a.element.line, b.element.line))) else {
                    continue;
                };
                let pair = (a.shown.min(b.shown), a.shown.max(b.shown));
                let both = both.entry(pair).or_insert_with(|| self.data(possible, a, b).is_some());
                if *both {
                    told.insert((a.element.line, b.element.line));
                    out.push(at(b.element, what));
                }
            }
        }
        out
    }

    fn data(&self, possible: &mut Possible<'_>, a: &Cell<'_>, b: &Cell<'_>) -> Option<Value> {
        possible.data(&[self.shown.get(a.shown)?, self.shown.get(b.shown)?], &[])
    }

    /// White text that some parcel has without a filled area under it.
    fn without_ground(&self, possible: &mut Possible<'_>) -> Vec<TemplateError> {
        let mut out = Vec::new();
        for (i, cell) in self.all.iter().enumerate() {
            let (Ground::Text { white: true, .. }, Some(shown)) = (cell.ground, self.shown.get(cell.shown)) else {
                continue;
            };
            let under = self.all.iter().take(i).filter(|c| c.ground == Ground::Plate && c.area.contains(cell.area));
            let plates: Vec<&Shown> = under.filter_map(|c| self.shown.get(c.shown)).collect();
            if possible.data(&[shown], &plates).is_some() {
                out.push(at(cell.element, Problem::NoGround));
            }
            if out.len() >= PROBLEMS_MAX {
                break;
            }
        }
        out
    }
}

/// Where the letters of a text can be: one that does not wrap is one line, and most scripts' lines are no higher than this. What a
/// higher one prints over is told when it is drawn.
fn reached(area: Area, style: Style) -> Area {
    let line_um = style.size_um.saturating_mul(ASCENT_PERCENT + DESCENT_PERCENT) / 100 + 1;
    if style.wrap || line_um >= area.h_um {
        return area;
    }
    let spare_um = area.h_um - line_um;
    let down_um = match style.rise {
        Rise::Top => 0,
        Rise::Middle => spare_um / 2,
        Rise::Bottom => spare_um,
    };
    Area { y_um: area.y_um + down_um, h_um: line_um, ..area }
}

/// What follows the name of a list's item in a field of it.
fn of_item(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('.')
}

/// What is wrong where both print; `a` is drawn before `b`.
fn clash(a: &Cell<'_>, b: &Cell<'_>) -> Option<Problem> {
    if !a.area.overlaps(b.area) {
        return None;
    }
    let over = || Some(Problem::MayOverlap { other: a.element.told() });
    match (a.ground, b.ground) {
        (Ground::Barcode, _) | (_, Ground::Barcode) => over(),
        (Ground::Text { .. }, Ground::Text { .. } | Ground::Line | Ground::Plate | Ground::Drawing) => over(),
        (Ground::Line | Ground::Drawing, Ground::Text { .. }) => over(),
        (Ground::Plate, Ground::Text { .. }) if !a.area.contains(b.area) => over(),
        (Ground::Plate, Ground::Text { black: true, .. }) => Some(Problem::SameInk { other: a.element.told() }),
        (Ground::Plate, Ground::Text { black: false, .. }) => None,
        (Ground::Line | Ground::Plate | Ground::Drawing, Ground::Line | Ground::Plate | Ground::Drawing) => None,
    }
}

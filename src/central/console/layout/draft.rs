//! A layout as it stands in the form: texts that somebody typed, whether they can be read or not. Reading it gives a layout or all that
//! cannot be read; whether that is a sound one is for the service to say.

use super::super::new_order::form::Fields;
use crate::central::services::layout::check::{AISLES_MAX, BAYS_MAX, CROSSES_MAX, Fault, Item, MM_MAX, Problem};
use crate::central::services::layout::sample::PICKS;
use crate::central::services::layout::{Stored, Unit};
use crate::core::layout::{Even, Layout};
use crate::protocol::wire::layout::{AisleRecord, CornerRecord, CrossAisleRecord, LayoutRecord, PlanRecord, WayRecord};

/// Longest list of numbers that is read, characters.
const LIST_MAX: usize = 8 * 1024;

/// An aisle as it is typed.
#[derive(Clone, Debug, Default)]
pub(super) struct AisleDraft {
    pub name: String,
    pub x: String,
    /// For each block.
    pub ways: Vec<WayRecord>,
    /// Blocked parts: `4500-5500, 7000-8000`.
    pub closed: String,
}

/// A cross-aisle as it is typed.
#[derive(Clone, Debug, Default)]
pub(super) struct CrossDraft {
    pub y: String,
    /// For each gap between two aisles.
    pub ways: Vec<WayRecord>,
}

/// What an even grid is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    pub aisles: String,
    pub aisle_gap: String,
    pub bays: String,
    pub bay_gap: String,
    pub head: String,
    /// Bays before which a cross-aisle runs.
    pub cuts: String,
}

/// The sample as it is asked for.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub picks: usize,
    pub seed: u64,
    pub bins: String,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish { picks: PICKS, seed: 1, bins: String::new() }
    }
}

/// The form.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub unit: Unit,
    pub levels: String,
    pub climb: String,
    pub aisles: Vec<AisleDraft>,
    pub crosses: Vec<CrossDraft>,
    pub cells: String,
    /// Aisle and cross-aisle from 0.
    pub start: (usize, usize),
    pub end: (usize, usize),
    pub grid: Grid,
    pub wish: Wish,
}

/// The word of a way, in the form.
pub(super) const fn word(way: WayRecord) -> &'static str {
    match way {
        WayRecord::Both => "both",
        WayRecord::Onward => "onward",
        WayRecord::Back => "back",
        WayRecord::Blocked => "blocked",
    }
}

/// All ways, in the order people are shown.
pub(super) const WAYS: [WayRecord; 4] = [WayRecord::Both, WayRecord::Onward, WayRecord::Back, WayRecord::Blocked];

fn way(text: &str) -> WayRecord {
    WAYS.into_iter().find(|way| word(*way) == text).unwrap_or(WayRecord::Both)
}

/// A length as it is typed in a unit.
fn shown(mm: i64, unit: Unit) -> String {
    (mm / unit.mm()).to_string()
}

impl Draft {
    /// The form of a layout. Where a length is no whole number of the unit, millimetres are shown.
    pub fn of_plan(plan: &PlanRecord, unit: Unit) -> Draft {
        let layout = &plan.layout;
        let closed = layout.aisles.iter().flat_map(|a| a.closed_mm.iter().flat_map(|(a, b)| [*a, *b]));
        let lengths = layout.cells_mm.iter().copied().chain(layout.aisles.iter().map(|a| a.x_mm)).chain(closed);
        let mut lengths = lengths.chain(layout.cross_aisles.iter().map(|c| c.y_mm)).chain([layout.climb_mm]);
        let unit = if lengths.all(|mm| mm % unit.mm() == 0) { unit } else { Unit::Mm };
        let (blocks, gaps) = (layout.cross_aisles.len().saturating_sub(1), layout.aisles.len().saturating_sub(1));
        let ways = |told: &[WayRecord], of: usize| {
            (0..of).map(|n| told.get(n).copied().unwrap_or(WayRecord::Both)).collect::<Vec<_>>()
        };
        let parts = |a: &AisleRecord| {
            let part = |(from, to): &(i64, i64)| format!("{}-{}", shown(*from, unit), shown(*to, unit));
            a.closed_mm.iter().map(part).collect::<Vec<_>>().join(", ")
        };
        let aisle = |a: &AisleRecord| AisleDraft {
            name: a.name.clone(),
            x: shown(a.x_mm, unit),
            ways: ways(&a.ways, blocks),
            closed: parts(a),
        };
        let cross = |c: &CrossAisleRecord| CrossDraft { y: shown(c.y_mm, unit), ways: ways(&c.ways, gaps) };
        let corner = |c: &CornerRecord| {
            (layout.aisles.iter().position(|a| a.name == c.aisle).unwrap_or(0), usize::from(c.cross_aisle))
        };
        let start = corner(&plan.start);
        let cells: Vec<String> = layout.cells_mm.iter().map(|y| shown(*y, unit)).collect();
        Draft {
            unit,
            levels: layout.levels.to_string(),
            climb: shown(layout.climb_mm, unit),
            aisles: layout.aisles.iter().map(aisle).collect(),
            crosses: layout.cross_aisles.iter().map(cross).collect(),
            cells: cells.join(" "),
            start,
            end: plan.end.as_ref().map_or(start, corner),
            grid: grid_of(layout, unit),
            wish: Wish::default(),
        }
    }

    /// The form of what is stored.
    pub fn of_stored(stored: &Stored) -> Draft {
        Draft::of_plan(&stored.plan, stored.unit)
    }

    /// The form as it was sent.
    pub fn of_form(fields: &Fields) -> Draft {
        let typed = |name: &str| fields.get(name).replace('\0', "");
        let number = |name: &str| fields.get(name).parse::<usize>().unwrap_or(0);
        let (xs, closed): (Vec<&str>, Vec<&str>) =
            (fields.all("aisle-x").collect(), fields.all("aisle-closed").collect());
        let (ys, ways): (Vec<&str>, Vec<&str>) = (fields.all("cross-y").collect(), fields.all("aisle-way").collect());
        let across: Vec<&str> = fields.all("cross-way").collect();
        let names: Vec<&str> = fields.all("aisle-name").take(AISLES_MAX + 1).collect();
        let crosses = ys.len().min(CROSSES_MAX + 1);
        let (blocks, gaps) = (crosses.saturating_sub(1), names.len().saturating_sub(1));
        let at = |all: &[&str], n: usize| all.get(n).map(|text| text.replace('\0', "")).unwrap_or_default();
        let some = |all: &[&str], row: usize, of: usize| {
            (0..of).map(|n| all.get(row * of + n).map_or(WayRecord::Both, |text| way(text))).collect::<Vec<_>>()
        };
        let aisle = |(n, name): (usize, &&str)| AisleDraft {
            name: name.replace('\0', ""),
            x: at(&xs, n),
            ways: some(&ways, n, blocks),
            closed: at(&closed, n),
        };
        Draft {
            unit: Unit::of(fields.get("unit")),
            levels: typed("levels"),
            climb: typed("climb"),
            aisles: names.iter().enumerate().map(aisle).collect(),
            crosses: (0..crosses).map(|n| CrossDraft { y: at(&ys, n), ways: some(&across, n, gaps) }).collect(),
            cells: typed("cells"),
            start: (number("start-aisle"), number("start-cross")),
            end: (number("end-aisle"), number("end-cross")),
            grid: Grid {
                aisles: typed("grid-aisles"),
                aisle_gap: typed("grid-aisle-gap"),
                bays: typed("grid-bays"),
                bay_gap: typed("grid-bay-gap"),
                head: typed("grid-head"),
                cuts: typed("grid-cuts"),
            },
            wish: Wish { picks: number("picks"), seed: fields.get("seed").parse().unwrap_or(1), bins: typed("bins") },
        }
    }

    fn mm(&self, text: &str) -> Option<i64> {
        let plain = (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let mm = text.parse::<i64>().ok().filter(|_| plain)?.checked_mul(self.unit.mm())?;
        (mm <= 10 * MM_MAX).then_some(mm)
    }

    fn length(&self, text: &str, item: impl FnOnce() -> Item, wrong: &mut Vec<Problem>) -> i64 {
        self.mm(text).unwrap_or_else(|| {
            wrong.push(Problem::new(item(), Fault::NotWhole(text.chars().take(40).collect())));
            0
        })
    }

    /// The layout that the form says.
    ///
    /// # Errors
    /// All that cannot be read.
    pub fn plan(&self) -> Result<PlanRecord, Vec<Problem>> {
        let mut wrong = Vec::new();
        let name = |n: usize, a: &AisleDraft| if a.name.is_empty() { (n + 1).to_string() } else { a.name.clone() };
        let mut aisles = Vec::with_capacity(self.aisles.len());
        for (n, a) in self.aisles.iter().enumerate() {
            aisles.push(AisleRecord {
                name: a.name.clone(),
                x_mm: self.length(&a.x, || Item::Aisle(name(n, a)), &mut wrong),
                ways: told(&a.ways),
                closed_mm: self.closed(&a.closed, &name(n, a), &mut wrong),
            });
        }
        let cross = |(n, c): (usize, &CrossDraft)| CrossAisleRecord {
            y_mm: self.length(&c.y, || Item::Cross(n + 1), &mut wrong),
            ways: told(&c.ways),
        };
        let cross_aisles = self.crosses.iter().enumerate().map(cross).collect();
        let cells_mm = self.cells(&mut wrong);
        let climb_mm = self.length(&self.climb, || Item::Climb, &mut wrong);
        let levels = self.levels.parse::<u8>().unwrap_or_else(|_| {
            wrong.push(Problem::new(Item::Levels, Fault::NotWhole(self.levels.chars().take(40).collect())));
            1
        });
        let corner = |(aisle, cross): (usize, usize)| CornerRecord {
            aisle: self.aisles.get(aisle).map(|a| a.name.clone()).unwrap_or_default(),
            cross_aisle: u16::try_from(cross).unwrap_or(u16::MAX),
        };
        let end = (self.end != self.start).then(|| corner(self.end));
        let layout = LayoutRecord { levels, climb_mm, cells_mm, aisles, cross_aisles };
        if wrong.is_empty() { Ok(PlanRecord { layout, start: corner(self.start), end }) } else { Err(wrong) }
    }

    fn closed(&self, text: &str, aisle: &str, wrong: &mut Vec<Problem>) -> Vec<(i64, i64)> {
        let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
        let read = |part: &str| {
            let (from, to) = part.split_once(['-', '–'])?;
            Some((self.mm(from.trim())?, self.mm(to.trim())?))
        };
        let mut out = Vec::new();
        for part in parts {
            match read(part) {
                Some(part) => out.push(part),
                None => wrong.push(Problem::new(
                    Item::Closed(aisle.to_owned()),
                    Fault::NotWhole(part.chars().take(40).collect()),
                )),
            }
        }
        out
    }

    fn cells(&self, wrong: &mut Vec<Problem>) -> Vec<i64> {
        let text: String = self.cells.chars().take(LIST_MAX).collect();
        let parts = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|part| !part.is_empty());
        let parts = parts.take(BAYS_MAX + 1).enumerate();
        parts.map(|(n, part)| self.length(part, || Item::Bay(n + 1), wrong)).collect()
    }

    /// Lays everything out evenly by the grid. Names stay, and ways where there are as many blocks as before.
    ///
    /// # Errors
    /// What of the grid cannot be.
    pub fn even(&mut self) -> Result<(), Vec<Problem>> {
        let mut wrong = Vec::new();
        let count = |text: &str, item: Item, most: usize, wrong: &mut Vec<Problem>| {
            let found = text.parse::<usize>().ok().filter(|n| (1..=most).contains(n));
            found.unwrap_or_else(|| {
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                wrong.push(Problem::new(item, Fault::Count { least: 1, most }));
                1
            })
        };
        let aisles = count(&self.grid.aisles, Item::Aisles, AISLES_MAX, &mut wrong);
        let cells = count(&self.grid.bays, Item::Bays, BAYS_MAX, &mut wrong);
        let aisle_mm = self.length(&self.grid.aisle_gap, || Item::Aisles, &mut wrong);
        let cell_mm = self.length(&self.grid.bay_gap, || Item::Bays, &mut wrong);
        let head = self.length(&self.grid.head, || Item::Head, &mut wrong);
        let parts = self.grid.cuts.split([' ', ',', ';']).filter(|part| !part.is_empty());
        let mut cuts = Vec::new();
        for part in parts.take(CROSSES_MAX) {
            match part.parse::<usize>().ok().filter(|bay| (2..=cells).contains(bay)) {
                Some(bay) => cuts.push(bay - 1),
                None => wrong.push(Problem::new(Item::Crosses, Fault::NotWhole(part.chars().take(40).collect()))),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let sizes = Even { aisles, cells, aisle_mm, cell_mm, front_mm: head, back_mm: head };
        let layout =
            Layout::even(sizes, &cuts).map_err(|_| vec![Problem::new(Item::Aisles, Fault::Length { least: 1 })])?;
        self.lay(&layout);
        Ok(())
    }

    fn lay(&mut self, layout: &Layout) {
        let unit = self.unit;
        let (blocks, gaps) = (layout.cross_aisles.len() - 1, layout.aisles.len().saturating_sub(1));
        let kept = |ways: &[WayRecord], of: usize| {
            if ways.len() == of { ways.to_vec() } else { vec![WayRecord::Both; of] }
        };
        let mut aisles: Vec<AisleDraft> = Vec::with_capacity(layout.aisles.len());
        for (n, a) in layout.aisles.iter().enumerate() {
            let known = self.aisles.get(n).cloned().unwrap_or_default();
            let name = if known.name.is_empty() { free(&self.aisles, &aisles, n) } else { known.name };
            aisles.push(AisleDraft {
                name,
                x: shown(a.x_mm, unit),
                ways: kept(&known.ways, blocks),
                closed: String::new(),
            });
        }
        let cross = |(n, c): (usize, &crate::core::layout::CrossAisle)| CrossDraft {
            y: shown(c.y_mm, unit),
            ways: kept(&self.crosses.get(n).cloned().unwrap_or_default().ways, gaps),
        };
        self.crosses = layout.cross_aisles.iter().enumerate().map(cross).collect();
        self.aisles = aisles;
        let cells: Vec<String> = layout.cells_mm.iter().map(|y| shown(*y, unit)).collect();
        self.cells = cells.join(" ");
        self.within();
    }

    /// Start and end stay within what there is.
    fn within(&mut self) {
        let (aisles, crosses) = (self.aisles.len().saturating_sub(1), self.crosses.len().saturating_sub(1));
        for corner in [&mut self.start, &mut self.end] {
            *corner = (corner.0.min(aisles), corner.1.min(crosses));
        }
    }

    /// One aisle more at the right, as far from the last as that one from the one before.
    pub fn add_aisle(&mut self) {
        if self.aisles.len() >= AISLES_MAX {
            return;
        }
        let xs: Vec<i64> = self.aisles.iter().filter_map(|a| a.x.parse().ok()).collect();
        let last = xs.last().copied().unwrap_or(0);
        let gap = xs.len().checked_sub(2).and_then(|n| xs.get(n)).map_or(3_000 / self.unit.mm(), |x| last - x);
        let name = free(&self.aisles, &[], self.aisles.len());
        let ways = vec![WayRecord::Both; self.crosses.len().saturating_sub(1)];
        self.aisles.push(AisleDraft { name, x: last.saturating_add(gap).to_string(), ways, closed: String::new() });
        self.crosses.iter_mut().for_each(|c| c.ways.push(WayRecord::Both));
    }

    /// Takes an aisle away; one stays.
    pub fn drop_aisle(&mut self, n: usize) {
        if self.aisles.len() < 2 || n >= self.aisles.len() {
            return;
        }
        self.aisles.remove(n);
        for cross in &mut self.crosses {
            if !cross.ways.is_empty() {
                cross.ways.remove(n.min(cross.ways.len() - 1));
            }
        }
        self.within();
    }

    /// One cross-aisle more: in the middle of the widest block.
    pub fn add_cross(&mut self) {
        let ys: Vec<i64> = self.crosses.iter().filter_map(|c| c.y.parse().ok()).collect();
        if ys.len() != self.crosses.len() || ys.len() < 2 || ys.len() >= CROSSES_MAX {
            return;
        }
        let widest = (1..ys.len()).max_by_key(|n| (ys[*n].saturating_sub(ys[n - 1]), ys.len() - n)).unwrap_or(1);
        let y = ys[widest - 1] + (ys[widest] - ys[widest - 1]) / 2;
        let ways = vec![WayRecord::Both; self.aisles.len().saturating_sub(1)];
        self.crosses.insert(widest, CrossDraft { y: y.to_string(), ways });
        for aisle in &mut self.aisles {
            let same = aisle.ways.get(widest - 1).copied().unwrap_or(WayRecord::Both);
            aisle.ways.insert(widest.min(aisle.ways.len()), same);
        }
        for corner in [&mut self.start, &mut self.end] {
            corner.1 += usize::from(corner.1 >= widest);
        }
    }

    /// Takes a cross-aisle away; two stay.
    pub fn drop_cross(&mut self, n: usize) {
        if self.crosses.len() < 3 || n >= self.crosses.len() {
            return;
        }
        self.crosses.remove(n);
        for aisle in &mut self.aisles {
            if !aisle.ways.is_empty() {
                aisle.ways.remove(n.min(aisle.ways.len() - 1));
            }
        }
        for corner in [&mut self.start, &mut self.end] {
            corner.1 -= usize::from(corner.1 > n);
        }
        self.within();
    }
}

/// Ways as a layout tells them: none where all are both ways.
fn told(ways: &[WayRecord]) -> Vec<WayRecord> {
    if ways.iter().all(|way| *way == WayRecord::Both) { Vec::new() } else { ways.to_vec() }
}

/// A name that no aisle has: the letter or number of its place, else the next number.
fn free(known: &[AisleDraft], new: &[AisleDraft], n: usize) -> String {
    let taken = |name: &str| known.iter().chain(new).any(|a| a.name == name);
    let letter = u8::try_from(n).ok().filter(|n| *n < 26).map(|n| char::from(b'A' + n).to_string());
    letter.filter(|name| !taken(name)).unwrap_or_else(|| {
        let numbers = (n + 1..=n + 1 + known.len() + new.len()).map(|n| n.to_string());
        numbers.into_iter().find(|name| !taken(name)).unwrap_or_default()
    })
}

/// The grid that comes nearest to a layout.
fn grid_of(layout: &LayoutRecord, unit: Unit) -> Grid {
    let gap = |all: &mut dyn Iterator<Item = i64>, usual: i64| match (all.next(), all.next()) {
        (Some(a), Some(b)) => b - a,
        _ => usual,
    };
    let last = layout.cross_aisles.len().saturating_sub(1);
    let middle = layout.cross_aisles.get(1..last).unwrap_or(&[]);
    let before = |y: i64| layout.cells_mm.iter().filter(|cell| **cell < y).count() + 1;
    let front = layout.cross_aisles.first().map_or(0, |c| c.y_mm);
    Grid {
        aisles: layout.aisles.len().to_string(),
        aisle_gap: shown(gap(&mut layout.aisles.iter().map(|a| a.x_mm), 3_000), unit),
        bays: layout.cells_mm.len().to_string(),
        bay_gap: shown(gap(&mut layout.cells_mm.iter().copied(), 1_000), unit),
        head: shown(layout.cells_mm.first().map_or(0, |y| y - front), unit),
        cuts: middle.iter().map(|c| before(c.y_mm).to_string()).collect::<Vec<_>>().join(" "),
    }
}

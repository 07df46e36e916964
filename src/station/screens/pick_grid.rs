//! The floor as the rows of step 4's map: every bay is a row, and every cross-aisle in the middle is one too. It reads a floor and
//! draws nothing.

use crate::core::layout::{Layout, Way};
use crate::core::stock::Floor;
use crate::station::widgets::map::{Limit, Passage, WayPoint};

/// Rows of a floor.
pub(super) struct Grid<'a> {
    floor: &'a Floor,
    /// Rows of the cross-aisles in the middle.
    gaps: Vec<u16>,
    limits: Vec<Limit>,
}

impl<'a> Grid<'a> {
    pub(super) fn of(floor: &'a Floor) -> Grid<'a> {
        let mut grid = Grid { floor, gaps: Vec::new(), limits: Vec::new() };
        if let Some(plan) = &floor.plan {
            let layout = &plan.layout;
            let last = layout.cross_aisles.len().saturating_sub(1);
            grid.gaps = (1..last).map(|cross| row_of_cross(layout, cross)).collect();
            grid.limits = (0_u16..).zip(&layout.aisles).flat_map(|(n, _)| limits(layout, n)).collect();
        }
        grid
    }

    /// Bays and cross-aisles in the middle.
    pub(super) fn rows(&self) -> u16 {
        self.floor.bays.saturating_add(u16::try_from(self.gaps.len()).unwrap_or(0))
    }

    pub(super) fn gaps(&self) -> &[u16] {
        &self.gaps
    }

    pub(super) fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// The row of a bay counted from 0.
    pub(super) fn row_of_bay(&self, bay: u16) -> u16 {
        match &self.floor.plan {
            Some(plan) => row_of_cell(&plan.layout, usize::from(bay)),
            None => bay.saturating_add(1),
        }
    }

    /// A point in millimetres as aisle and row, the corridors being before the first row and after the last.
    pub(super) fn way_point(&self, (x_mm, y_mm): (i32, i32)) -> WayPoint {
        let floor = self.floor;
        if let Some(plan) = &floor.plan {
            return planned(&plan.layout, (i64::from(x_mm), i64::from(y_mm)));
        }
        let nearest = |value: i32, step: i32| (value + step / 2).div_euclid(step.max(1));
        let aisle = nearest(x_mm, floor.aisle_mm).clamp(0, i32::from(u16::MAX));
        let bay = nearest(y_mm - floor.head_mm, floor.bay_mm) + 1;
        let bay = if y_mm < floor.head_mm / 2 { 0 } else { bay.clamp(0, i32::from(floor.bays) + 1) };
        WayPoint { aisle: u16::try_from(aisle).unwrap_or(0), bay: u16::try_from(bay).unwrap_or(0) }
    }
}

/// Cells and cross-aisles in the middle that lie before a place.
fn before(layout: &Layout, cells: usize, y_mm: i64, with_itself: bool) -> u16 {
    let last = layout.cross_aisles.len().saturating_sub(1);
    let middle = layout.cross_aisles.get(1..last).unwrap_or(&[]);
    let cross = middle.iter().filter(|c| c.y_mm < y_mm || (with_itself && c.y_mm == y_mm)).count();
    u16::try_from(cells + cross + 1).unwrap_or(u16::MAX)
}

fn row_of_cell(layout: &Layout, cell: usize) -> u16 {
    before(layout, cell, layout.cells_mm.get(cell).copied().unwrap_or(0), true)
}

/// The row of a cross-aisle: 0 of the front one, the last of the back one.
fn row_of_cross(layout: &Layout, cross: usize) -> u16 {
    let y_mm = layout.cross_aisles.get(cross).map_or(0, |c| c.y_mm);
    let last = layout.cross_aisles.len().saturating_sub(1);
    match cross {
        0 => 0,
        // Also where a bay lies level with the back cross-aisle, the walk turns behind it.
        c if c == last => u16::try_from(layout.cells_mm.len() + last).unwrap_or(u16::MAX),
        _ => before(layout, layout.cells_mm.iter().filter(|y| **y < y_mm).count(), y_mm, false),
    }
}

fn planned(layout: &Layout, (x_mm, y_mm): (i64, i64)) -> WayPoint {
    let nearest = (0_u16..).zip(&layout.aisles).min_by_key(|(_, a)| (a.x_mm - x_mm).abs());
    let aisle = nearest.map_or(0, |(n, _)| n);
    let bay = match layout.cross_aisles.iter().position(|c| c.y_mm == y_mm) {
        Some(cross) => row_of_cross(layout, cross),
        None => layout.cells_mm.iter().position(|y| *y >= y_mm).map_or(0, |cell| row_of_cell(layout, cell)),
    };
    WayPoint { aisle, bay }
}

/// The stretches of an aisle that are not walked both ways.
fn limits(layout: &Layout, aisle: u16) -> Vec<Limit> {
    let Some(told) = layout.aisles.get(usize::from(aisle)) else { return Vec::new() };
    let mut out = Vec::new();
    for (block, way) in told.ways.iter().enumerate() {
        let passage = match way {
            Way::Both => continue,
            Way::Onward => Passage::ToBack,
            Way::Back => Passage::ToFront,
            Way::Blocked => Passage::Closed,
        };
        let (from, to) = (row_of_cross(layout, block), row_of_cross(layout, block + 1));
        out.push(Limit { aisle, from, to, passage });
    }
    for part in &told.closed {
        let row = |y: i64| before(layout, layout.cells_mm.iter().filter(|c| **c < y).count(), y, false);
        let (from, to) = (row(part.from_mm).saturating_sub(1), row(part.to_mm));
        out.push(Limit { aisle, from, to, passage: Passage::Closed });
    }
    out
}

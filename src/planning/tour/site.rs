//! A layout made ready for planning: checked once, then a plain grid of corners and edges.
//!
//! The sweep goes column by column and its effort grows steeply with the number of rows. So the shorter side of the
//! warehouse becomes the rows: where there are fewer aisles than cross-aisles, the grid is laid on its side.

use super::layout::{Bin, Corner, Layout, LayoutError, Point, Stretch, Way};

/// A piece of way between two corners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    /// From corner to corner, in mm.
    pub length: i64,
    /// Its direction; onward is from the low end to the high one.
    pub way: Way,
    /// What cannot be passed, in mm from the low end.
    pub closed: Option<(i64, i64)>,
}

/// Where a bin is: the edge it lies at, and how far from the edge's low end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub edge: usize,
    pub offset: i64,
}

/// A checked layout, to plan many walks in.
#[derive(Clone, Debug)]
pub struct Site {
    layout: Layout,
    /// Columns of the grid.
    pub(super) cols: usize,
    /// Rows of the grid.
    pub(super) rows: usize,
    /// The columns are the cross-aisles and the rows the aisles.
    pub(super) flipped: bool,
    /// First the edges down the columns (column after column), then those to the next column.
    pub(super) edges: Vec<Edge>,
    /// How many edges lead down.
    pub(super) downs: usize,
    /// Every way both ways and nothing blocked.
    pub(super) plain: bool,
    /// Some way has a direction.
    pub(super) one_way: bool,
    /// Block and way from the block's front, of each cell.
    cells: Vec<(usize, i64)>,
}

impl Site {
    /// Checks a layout and makes it ready.
    ///
    /// # Errors
    /// If the layout is none.
    pub fn new(layout: Layout) -> Result<Site, LayoutError> {
        layout.check()?;
        let (aisles, cross) = (layout.aisles.len(), layout.cross_aisles.len());
        let flipped = aisles < cross;
        let (cols, rows) = if flipped { (cross, aisles) } else { (aisles, cross) };
        let downs = cols * (rows - 1);
        let nothing = Edge { length: 0, way: Way::Both, closed: None };
        let mut site = Site {
            cols,
            rows,
            flipped,
            edges: vec![nothing; downs + (cols - 1) * rows],
            downs,
            plain: true,
            one_way: false,
            cells: Vec::with_capacity(layout.cells_mm.len()),
            layout,
        };
        site.lay();
        Ok(site)
    }

    /// The layout.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The same grid with every length so many times longer. Points on the floor stay.
    pub(super) fn finer(&self, times: i64) -> Site {
        let mut site = self.clone();
        for edge in &mut site.edges {
            edge.length *= times;
            edge.closed = edge.closed.map(|(from, to)| (from * times, to * times));
        }
        for (_, offset) in &mut site.cells {
            *offset *= times;
        }
        site
    }

    fn lay(&mut self) {
        let ys: Vec<i64> = self.layout.cross_aisles.iter().map(|c| c.y_mm).collect();
        for y in &self.layout.cells_mm {
            let block = ys.partition_point(|cross| cross < y).saturating_sub(1);
            self.cells.push((block, y - ys[block]));
        }
        for (a, aisle) in self.layout.aisles.iter().enumerate() {
            for (block, ends) in ys.windows(2).enumerate() {
                let edge = Edge {
                    length: ends[1] - ends[0],
                    way: aisle.ways.get(block).copied().unwrap_or_default(),
                    closed: closed(&aisle.closed, ends[0], ends[1]),
                };
                let at = self.aisle_edge(a, block);
                self.edges[at] = edge;
            }
        }
        for (c, cross) in self.layout.cross_aisles.iter().enumerate() {
            for (gap, ends) in self.layout.aisles.windows(2).enumerate() {
                let way = cross.ways.get(gap).copied().unwrap_or_default();
                let edge = Edge { length: ends[1].x_mm - ends[0].x_mm, way, closed: None };
                let at = self.cross_edge(c, gap);
                self.edges[at] = edge;
            }
        }
        self.plain = self.edges.iter().all(|e| e.way == Way::Both && e.closed.is_none());
        self.one_way = self.edges.iter().any(|e| matches!(e.way, Way::Onward | Way::Back));
    }

    /// The edge from a corner to the next row.
    pub(super) fn down(&self, col: usize, row: usize) -> usize {
        col * (self.rows - 1) + row
    }

    /// The edge from a corner to the next column.
    pub(super) fn right(&self, col: usize, row: usize) -> usize {
        self.downs + col * self.rows + row
    }

    fn aisle_edge(&self, aisle: usize, block: usize) -> usize {
        if self.flipped { self.right(block, aisle) } else { self.down(aisle, block) }
    }

    fn cross_edge(&self, cross: usize, gap: usize) -> usize {
        if self.flipped { self.down(cross, gap) } else { self.right(gap, cross) }
    }

    /// Column and row of an edge's low end, and of its high end.
    pub(super) fn ends(&self, edge: usize) -> [(usize, usize); 2] {
        if edge < self.downs {
            let (col, row) = (edge / (self.rows - 1), edge % (self.rows - 1));
            [(col, row), (col, row + 1)]
        } else {
            let (col, row) = ((edge - self.downs) / self.rows, (edge - self.downs) % self.rows);
            [(col, row), (col + 1, row)]
        }
    }

    /// Where a bin lies on the grid.
    pub(super) fn spot(&self, bin: Bin) -> Option<Spot> {
        let aisle = usize::from(bin.aisle);
        let (block, offset) = *self.cells.get(usize::from(bin.cell))?;
        let known = aisle < self.layout.aisles.len() && (1..=self.layout.levels).contains(&bin.level);
        known.then(|| Spot { edge: self.aisle_edge(aisle, block), offset })
    }

    /// Column and row of a corner.
    pub(super) fn corner(&self, corner: Corner) -> Option<(usize, usize)> {
        self.layout.corner(corner)?;
        let (aisle, cross) = (usize::from(corner.aisle), usize::from(corner.cross_aisle));
        Some(if self.flipped { (cross, aisle) } else { (aisle, cross) })
    }

    /// Where a column and row are on the floor.
    pub(super) fn point(&self, (col, row): (usize, usize)) -> Point {
        let (aisle, cross) = if self.flipped { (row, col) } else { (col, row) };
        Point { x_mm: self.layout.aisles[aisle].x_mm, y_mm: self.layout.cross_aisles[cross].y_mm }
    }

    /// Where on the floor something lies so far from an aisle's edge's low end.
    pub(super) fn point_on(&self, spot: Spot) -> Point {
        let [low, _] = self.ends(spot.edge);
        let corner = self.point(low);
        Point { x_mm: corner.x_mm, y_mm: corner.y_mm + spot.offset }
    }

    /// What climbing to a bin and down again costs, as way.
    pub(super) fn climb(&self, bin: Bin) -> i64 {
        i64::from(bin.level.saturating_sub(1)) * self.layout.climb_mm
    }
}

/// The part of a block that cannot be passed, from the first blocked place to the last one.
fn closed(all: &[Stretch], front: i64, back: i64) -> Option<(i64, i64)> {
    let within = all.iter().filter(|s| s.from_mm < back && s.to_mm > front);
    within.fold(None, |sum: Option<(i64, i64)>, s| {
        let (from, to) = (s.from_mm.max(front) - front, s.to_mm.min(back) - front);
        Some(sum.map_or((from, to), |(a, b)| (a.min(from), b.max(to))))
    })
}

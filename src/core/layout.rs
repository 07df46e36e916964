//! The warehouse as a walk sees it: straight parallel aisles, cut into blocks by any number of cross-aisles.
//!
//! A small data model; it must never know a file format. Lengths are whole millimetres, towards the right and towards the back.

/// Most aisles a layout may have.
pub const AISLES_MAX: usize = 2_000;
/// Most cross-aisles a layout may have, the front and the back one counted.
pub const CROSS_AISLES_MAX: usize = 100;
/// Most cells along one aisle.
pub const CELLS_MAX: usize = 20_000;
/// Most levels of a shelf.
pub const LEVELS_MAX: u8 = 100;
/// Nothing lies farther from the front left corner than this: 20 km.
pub const LENGTH_MAX_MM: i64 = 20_000_000;

/// A point on the floor, in mm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Point {
    /// To the right of the first aisle's middle line.
    pub x_mm: i64,
    /// Towards the back, from the front cross-aisle's middle line.
    pub y_mm: i64,
}

/// In which direction a stretch may be walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Way {
    /// In both.
    #[default]
    Both,
    /// Only towards the back (in an aisle) or to the right (in a cross-aisle).
    Onward,
    /// Only towards the front, or to the left.
    Back,
    /// Not at all.
    Blocked,
}

/// A part of an aisle that nobody can pass, with both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins, in mm from the front of the layout.
    pub from_mm: i64,
    /// Where it ends.
    pub to_mm: i64,
}

/// An aisle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aisle {
    /// What people call it; unique.
    pub name: String,
    /// Its middle line.
    pub x_mm: i64,
    /// How each block of it may be walked, front to back. Empty: all both ways.
    pub ways: Vec<Way>,
    /// Parts that are blocked.
    pub closed: Vec<Stretch>,
}

/// A cross-aisle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrossAisle {
    /// Its middle line.
    pub y_mm: i64,
    /// How it may be walked between each two neighbouring aisles, left to right. Empty: all both ways.
    pub ways: Vec<Way>,
}

/// A warehouse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Left to right.
    pub aisles: Vec<Aisle>,
    /// Front to back; at least two. Where aisles end blind the last one is there, with all its ways blocked.
    pub cross_aisles: Vec<CrossAisle>,
    /// The middles of the cells, front to back; every aisle has the same.
    pub cells_mm: Vec<i64>,
    /// Levels of a shelf, at least 1.
    pub levels: u8,
    /// What it costs to climb one level and down again, as the way walked in the same time.
    pub climb_mm: i64,
}

/// The sizes of a regular layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Even {
    /// How many aisles.
    pub aisles: usize,
    /// Cells along an aisle.
    pub cells: usize,
    /// From an aisle's middle line to the next one's.
    pub aisle_mm: i64,
    /// From a cell's middle to the next one's.
    pub cell_mm: i64,
    /// From a cross-aisle's middle line to the first cell behind it.
    pub front_mm: i64,
    /// From the last cell before a cross-aisle to its middle line.
    pub back_mm: i64,
}

/// A place to pick from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bin {
    /// Aisle from 0, left to right.
    pub aisle: u16,
    /// Cell from 0, front to back.
    pub cell: u16,
    /// Level from 1, the lowest.
    pub level: u8,
}

/// Where an aisle meets a cross-aisle: a walk begins and ends there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Corner {
    /// Aisle from 0.
    pub aisle: u16,
    /// Cross-aisle from 0, the front one.
    pub cross_aisle: u16,
}

/// A warehouse, and where walks in it begin and end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The warehouse.
    pub layout: Layout,
    /// Where a walk begins: the packing bench.
    pub start: Corner,
    /// Where it ends.
    pub end: Corner,
}

/// Why a layout is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// Too few or too many of something.
    #[error("the layout has {count} {what}; it may have {least} to {most}")]
    Count {
        /// Of what: `aisles`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there must be.
        least: usize,
        /// How many there may be.
        most: usize,
    },
    /// Things must stand in a row, each farther than the one before; a row that comes back to itself is none.
    #[error("{what} {number} (counted from 1) lies at {mm} mm, not beyond the one before it")]
    Order {
        /// What: `aisle`.
        what: &'static str,
        /// Which, from 1.
        number: usize,
        /// Where it is said to be.
        mm: i64,
    },
    /// A length that cannot be.
    #[error("{what} {number} (counted from 1) has {mm} mm; a length here is {least} to {LENGTH_MAX_MM} mm")]
    Length {
        /// What: `cell`.
        what: &'static str,
        /// Which, from 1.
        number: usize,
        /// The length.
        mm: i64,
        /// The least it may be.
        least: i64,
    },
    /// Directions must be told for every stretch or for none.
    #[error("{what} {number} (counted from 1) tells {count} directions; tell {wanted}, or none")]
    Ways {
        /// `aisle` or `cross-aisle`.
        what: &'static str,
        /// Which, from 1.
        number: usize,
        /// How many are told.
        count: usize,
        /// How many stretches it has.
        wanted: usize,
    },
    /// Two aisles of one name.
    #[error("two aisles are called {0:?}")]
    Name(String),
    /// A cell lies outside the outermost cross-aisles.
    #[error("cell {0} (counted from 1) lies before the front or behind the back cross-aisle")]
    Outside(usize),
}

impl Layout {
    /// A regular layout; a middle cross-aisle runs before every cell of `cuts`, as wide as front and back leave room for.
    ///
    /// # Errors
    /// If the sizes make no layout.
    pub fn even(sizes: Even, cuts: &[usize]) -> Result<Layout, LayoutError> {
        let Even { aisles, cells, aisle_mm, cell_mm, front_mm, back_mm } = sizes;
        count("aisles", aisles, 1, AISLES_MAX)?;
        count("cells", cells, 1, CELLS_MAX)?;
        for (what, mm) in [("the distance of aisle", aisle_mm), ("the distance of cell", cell_mm)] {
            length(what, 2, mm, 1)?;
        }
        length("the way from cross-aisle", 1, front_mm, 0)?;
        length("the way to cross-aisle", 2, back_mm, 0)?;
        let (mut at, mut cells_mm, mut cross) = (0, Vec::with_capacity(cells), vec![0]);
        for cell in 0..cells {
            at += match cell {
                0 => front_mm,
                c if cuts.contains(&c) => {
                    cross.push(at + back_mm);
                    back_mm + front_mm
                }
                _ => cell_mm,
            };
            cells_mm.push(at);
        }
        cross.push(at + back_mm);
        let layout = Layout {
            aisles: (0..aisles)
                .map(|i| Aisle { name: i.to_string(), x_mm: i as i64 * aisle_mm, ..Aisle::default() })
                .collect(),
            cross_aisles: cross.into_iter().map(|y_mm| CrossAisle { y_mm, ways: Vec::new() }).collect(),
            cells_mm,
            levels: LEVELS_MAX,
            climb_mm: 0,
        };
        layout.check()?;
        Ok(layout)
    }

    /// Whether this is a layout at all.
    ///
    /// # Errors
    /// If not: the first thing found that is wrong.
    pub fn check(&self) -> Result<(), LayoutError> {
        count("aisles", self.aisles.len(), 1, AISLES_MAX)?;
        count("cross-aisles", self.cross_aisles.len(), 2, CROSS_AISLES_MAX)?;
        count("cells along an aisle", self.cells_mm.len(), 1, CELLS_MAX)?;
        count("levels", usize::from(self.levels), 1, usize::from(LEVELS_MAX))?;
        length("the climb to level", 2, self.climb_mm, 0)?;
        ascending("aisle", self.aisles.iter().map(|a| a.x_mm), 1)?;
        ascending("cross-aisle", self.cross_aisles.iter().map(|c| c.y_mm), 1)?;
        ascending("cell", self.cells_mm.iter().copied(), 0)?;
        let (front, back) = (self.y_mm(0), self.y_mm(self.cross_aisles.len() - 1));
        if let Some(cell) = self.cells_mm.iter().position(|y| !(front..=back).contains(y)) {
            return Err(LayoutError::Outside(cell + 1));
        }
        for (n, aisle) in self.aisles.iter().enumerate() {
            ways("aisle", n, aisle.ways.len(), self.cross_aisles.len() - 1)?;
            if let Some(s) =
                aisle.closed.iter().find(|s| s.to_mm <= s.from_mm || s.to_mm > LENGTH_MAX_MM || s.from_mm < 0)
            {
                return Err(LayoutError::Length {
                    what: "the blocked part of aisle",
                    number: n + 1,
                    mm: s.to_mm.saturating_sub(s.from_mm),
                    least: 1,
                });
            }
        }
        for (n, cross) in self.cross_aisles.iter().enumerate() {
            ways("cross-aisle", n, cross.ways.len(), self.aisles.len() - 1)?;
        }
        let mut names: Vec<&str> = self.aisles.iter().map(|a| a.name.as_str()).collect();
        names.sort_unstable();
        match names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b) {
            Some((name, _)) => Err(LayoutError::Name((*name).to_owned())),
            None => Ok(()),
        }
    }

    /// The middle line of a cross-aisle.
    fn y_mm(&self, cross_aisle: usize) -> i64 {
        self.cross_aisles.get(cross_aisle).map_or(0, |c| c.y_mm)
    }

    /// Where a bin is picked from; `None` where there is no such bin.
    #[must_use]
    pub fn spot(&self, bin: Bin) -> Option<Point> {
        let level = (1..=self.levels).contains(&bin.level);
        let (aisle, y_mm) = (self.aisles.get(usize::from(bin.aisle))?, self.cells_mm.get(usize::from(bin.cell))?);
        level.then_some(Point { x_mm: aisle.x_mm, y_mm: *y_mm })
    }

    /// Where a corner is; `None` where there is no such corner.
    #[must_use]
    pub fn corner(&self, corner: Corner) -> Option<Point> {
        let aisle = self.aisles.get(usize::from(corner.aisle))?;
        let cross = self.cross_aisles.get(usize::from(corner.cross_aisle))?;
        Some(Point { x_mm: aisle.x_mm, y_mm: cross.y_mm })
    }
}

fn count(what: &'static str, count: usize, least: usize, most: usize) -> Result<(), LayoutError> {
    if (least..=most).contains(&count) { Ok(()) } else { Err(LayoutError::Count { what, count, least, most }) }
}

fn length(what: &'static str, number: usize, mm: i64, least: i64) -> Result<(), LayoutError> {
    if (least..=LENGTH_MAX_MM).contains(&mm) { Ok(()) } else { Err(LayoutError::Length { what, number, mm, least }) }
}

fn ascending(what: &'static str, all: impl Iterator<Item = i64>, apart: i64) -> Result<(), LayoutError> {
    let mut before = None;
    for (n, mm) in all.enumerate() {
        length(what, n + 1, mm, 0)?;
        if before.is_some_and(|b| mm < b + apart) {
            return Err(LayoutError::Order { what, number: n + 1, mm });
        }
        before = Some(mm);
    }
    Ok(())
}

fn ways(what: &'static str, n: usize, count: usize, wanted: usize) -> Result<(), LayoutError> {
    if count == 0 || count == wanted { Ok(()) } else { Err(LayoutError::Ways { what, number: n + 1, count, wanted }) }
}

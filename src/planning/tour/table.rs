//! Every front a walk can have, numbered, with what each way of walking the next edge makes of it.
//!
//! A table depends on the number of rows alone, so it is built once per process, when it is first needed: 7 fronts for two rows,
//! 25 for three, 113 for four, 569 for five. A walk that ends elsewhere than it begins knows more fronts (14, 71, 421, 2,665).

use super::frontier::{Effect, Front, KINDS, Kind, Law};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Most rows there is a table for, where the walk ends where it begins.
pub(super) const ROUND_ROWS_MAX: usize = 7;
/// The same where it ends elsewhere.
pub(super) const OPEN_ROWS_MAX: usize = 6;

/// Which kinds of walking an edge allows; each has a list of its own, so that the inner loop asks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Menu {
    /// No stop: skip, once, twice.
    Bare = 0,
    /// No stop, and twice is known to be of no use.
    BareSingle = 1,
    /// Stops, all to be visited.
    Stops = 2,
    /// Stops, all to be visited, and twice is known to be of no use.
    StopsSingle = 3,
    /// Everything, for stops that may be left out.
    Any = 4,
}

const MENUS: usize = 5;

impl Menu {
    const fn kinds(self) -> &'static [Kind] {
        match self {
            Menu::Bare => &[Kind::Skip, Kind::Once, Kind::Twice],
            Menu::BareSingle => &[Kind::Skip, Kind::Once],
            Menu::Stops => &[Kind::Once, Kind::Twice, Kind::Low, Kind::High, Kind::Gap],
            Menu::StopsSingle => &[Kind::Once, Kind::Low, Kind::High, Kind::Gap],
            Menu::Any => &KINDS,
        }
    }
}

const ALL_MENUS: [Menu; MENUS] = [Menu::Bare, Menu::BareSingle, Menu::Stops, Menu::StopsSingle, Menu::Any];

/// Bits of the kind in an entry; above them stands the front it comes from.
pub(super) const KIND_BITS: u32 = 3;

/// For every front after an edge the ways to it, as `from << KIND_BITS | kind`.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// Where the ways to a front begin in `ways`; one more than there are fronts.
    pub begins: Vec<u32>,
    /// All ways, front after front.
    pub ways: Vec<u32>,
}

/// The fronts of a number of rows.
#[derive(Debug)]
pub(super) struct Table {
    /// How many fronts there are. The first is the empty one.
    pub fronts: usize,
    down: Vec<[Step; MENUS]>,
    right: Vec<[Step; MENUS]>,
    pins: Vec<[Step; 2]>,
    /// Whether the walk is whole at a front if nothing comes any more.
    pub whole: Vec<bool>,
    numbers: HashMap<Front, u32>,
}

impl Table {
    /// The table for so many rows; `None` where the fronts are too many to be listed.
    pub(super) fn of(rows: usize, open: bool) -> Option<&'static Table> {
        static ROUND: [OnceLock<Table>; ROUND_ROWS_MAX] = [const { OnceLock::new() }; ROUND_ROWS_MAX];
        static OPEN: [OnceLock<Table>; OPEN_ROWS_MAX] = [const { OnceLock::new() }; OPEN_ROWS_MAX];
        let cells: &[OnceLock<Table>] = if open { &OPEN } else { &ROUND };
        Some(cells.get(rows.checked_sub(1)?)?.get_or_init(|| Table::build(rows, open)))
    }

    /// From this row's corner to the next row's.
    pub(super) fn down(&self, row: usize, menu: Menu) -> Option<&Step> {
        self.down.get(row)?.get(menu as usize)
    }

    /// From this row's corner to the next column's.
    pub(super) fn right(&self, row: usize, menu: Menu) -> Option<&Step> {
        self.right.get(row)?.get(menu as usize)
    }

    /// The walk begins or ends (`odd`), or does both, at this row's corner.
    pub(super) fn pin(&self, row: usize, odd: bool) -> Option<&Step> {
        self.pins.get(row)?.get(usize::from(odd))
    }

    /// The number of a front.
    pub(super) fn number(&self, front: &Front) -> Option<usize> {
        self.numbers.get(front).map(|n| *n as usize)
    }

    fn build(rows: usize, open: bool) -> Table {
        let mut known = Known { fronts: vec![Front::default()], numbers: HashMap::from([(Front::default(), 0)]), open };
        let empty = || vec![Vec::new(); rows];
        let (mut down, mut right, mut even, mut odd) = (empty(), empty(), empty(), empty());
        let mut at = 0;
        while let Some(front) = known.fronts.get(at).copied() {
            for row in 0..rows {
                for kind in KINDS {
                    let effect = Effect::of(kind);
                    if row + 1 < rows {
                        known.note(down.get_mut(row), at, kind, front.down(row, effect, Law::Parity));
                    }
                    known.note(right.get_mut(row), at, kind, front.right(row, effect, Law::Parity));
                }
                known.note(even.get_mut(row), at, Kind::Skip, front.pin(row, 0, Law::Parity));
                if open {
                    known.note(odd.get_mut(row), at, Kind::Skip, front.pin(row, 1, Law::Parity));
                }
            }
            at += 1;
        }
        let count = known.fronts.len();
        let menus = |moves: &Vec<Move>| ALL_MENUS.map(|menu| Step::new(moves, count, menu.kinds()));
        let pin = |moves: &Vec<Move>| Step::new(moves, count, &KINDS);
        Table {
            fronts: count,
            down: down.iter().map(menus).collect(),
            right: right.iter().map(menus).collect(),
            pins: even.iter().zip(&odd).map(|(e, o)| [pin(e), pin(o)]).collect(),
            whole: known.fronts.iter().map(|f| f.is_whole()).collect(),
            numbers: known.numbers,
        }
    }
}

/// From a front, by a kind, to a front.
type Move = (u32, Kind, u32);

/// The fronts found so far while a table is built.
struct Known {
    fronts: Vec<Front>,
    numbers: HashMap<Front, u32>,
    open: bool,
}

impl Known {
    fn note(&mut self, moves: Option<&mut Vec<Move>>, from: usize, kind: Kind, to: Option<Front>) {
        // A piece with an odd number of odd corners holds one end of the walk; it has two ends, or none.
        let ends_max = if self.open { 2 } else { 0 };
        let (Some(moves), Some(to)) = (moves, to.filter(|f| f.odd_pieces() <= ends_max)) else { return };
        let next = self.fronts.len() as u32;
        let number = *self.numbers.entry(to).or_insert(next);
        if number == next {
            self.fronts.push(to);
        }
        moves.push((from as u32, kind, number));
    }
}

impl Step {
    fn new(moves: &[Move], fronts: usize, kinds: &[Kind]) -> Step {
        let mut by_end: Vec<Vec<u32>> = vec![Vec::new(); fronts];
        for (from, kind, to) in moves.iter().filter(|m| kinds.contains(&m.1)) {
            if let Some(ways) = by_end.get_mut(*to as usize) {
                ways.push(from << KIND_BITS | *kind as u32);
            }
        }
        let mut step = Step { begins: vec![0], ways: Vec::new() };
        for ways in by_end {
            step.ways.extend(ways);
            step.begins.push(step.ways.len() as u32);
        }
        step
    }
}

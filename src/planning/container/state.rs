//! A state of the loading: what is in, what is left, which cuboids are empty, and which blocks can still come.

use super::blocks::Blocks;
use super::room::{Room, Space, Taken};
use super::table::{Table, Thing};
use super::{Goods, Sides};

/// A block in its place.
#[derive(Clone, Copy, Debug)]
pub struct Laid {
    /// Index of the block.
    pub block: u16,
    /// Its corner nearest to the origin.
    pub at: Sides,
    /// The corner opposite.
    pub end: Sides,
}

/// A state.
#[derive(Default)]
pub struct State {
    /// What is left of each sort.
    left: Vec<u16>,
    /// The empty cuboids.
    pub room: Room,
    /// What is in.
    pub laid: Vec<Laid>,
    /// Blocks for which enough is left, by their rows in the table.
    pub valid: Vec<u64>,
    /// The smallest things of which some are left.
    smallest: Vec<Thing>,
    /// Volume of what is in, in mm³.
    pub volume: i64,
}

impl Clone for State {
    fn clone(&self) -> State {
        let mut copy = State::default();
        copy.clone_from(self);
        copy
    }

    fn clone_from(&mut self, from: &State) {
        self.left.clone_from(&from.left);
        self.room.copy(&from.room);
        self.laid.clone_from(&from.laid);
        self.valid.clone_from(&from.valid);
        self.smallest.clone_from(&from.smallest);
        self.volume = from.volume;
    }
}

impl State {
    /// An empty container.
    pub fn empty(container: Sides, goods: &[Goods], table: &Table) -> State {
        let mut state = State {
            left: goods.iter().map(|g| u16::try_from(g.qty).unwrap_or(u16::MAX)).collect(),
            valid: table.full(),
            ..State::default()
        };
        table.smallest(&state.left, &mut state.smallest);
        state.room.reset(container);
        state
    }

    /// Puts the block of a row in.
    pub fn lay(&mut self, blocks: &Blocks, table: &Table, row: u16, at: Sides) {
        let Some(block) = table.rows().get(usize::from(row)).map(|r| r.block) else { return };
        let Some(b) = blocks.all().get(usize::from(block)) else { return };
        for (sort, need) in &b.needs {
            let sort = usize::from(*sort);
            let had = self.left[sort];
            self.left[sort] = had.saturating_sub(*need);
            table.strike(sort, had, self.left[sort], &mut self.valid);
        }
        if self.smallest.iter().any(|t| self.left[usize::from(t.sort)] == 0) {
            table.smallest(&self.left, &mut self.smallest);
        }
        self.volume += b.volume;
        let end = [0, 1, 2].map(|k| at[k] + b.size[k]);
        self.laid.push(Laid { block, at, end });
        let smallest = &self.smallest;
        let wanted = |s: Sides| smallest.iter().any(|t| (0..3).all(|k| t.size[k] <= s[k]));
        self.room.cut(Taken { at, end, top: blocks.held().then_some(b.top) }, wanted);
    }

    /// The space to be filled next: the one nearest to a corner of the container, of those the largest; with its corner. Where
    /// bases must be held, corners are those of the floor.
    pub fn next_space(&self, container: Sides, held: bool) -> Option<(Space, Corner)> {
        let far = |s: &Space, k: usize| if held && k == 2 { i32::MAX } else { container[k] - s.high[k] };
        let key = |s: &Space| {
            let near: i32 = (0..3).map(|k| s.low[k].min(far(s, k))).sum();
            (near, -s.sides().iter().map(|s| i64::from(*s)).product::<i64>(), s.low)
        };
        let space = *self.room.all().iter().min_by_key(|s| key(s))?;
        Some((space, Corner([0, 1, 2].map(|k| far(&space, k) < space.low[k]))))
    }
}

/// A corner of a space: for each direction, is it the far one?
#[derive(Clone, Copy, Debug)]
pub struct Corner([bool; 3]);

impl Corner {
    /// Where a block of this size stands in the corner.
    pub fn place(self, space: &Space, size: Sides) -> Sides {
        [0, 1, 2].map(|k| if self.0[k] { space.high[k] - size[k] } else { space.low[k] })
    }
}

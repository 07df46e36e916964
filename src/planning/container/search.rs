//! The beam search, in steps: each step looks at one block for one state and fills the rest greedily.

use super::blocks::Blocks;
use super::rank::{Around, Ranker, Taste};
use super::state::{Laid, State};
use super::table::Table;
use super::{Goods, Loading, Sides, Way};

/// The beam is never wider.
const WIDTH_MAX: usize = 4_096;

/// Blocks put in between two looks at whether to go on.
const LOOK: usize = 16;

/// So many sorts are many.
const SORTS_MANY: usize = 50;

/// A child that was judged: its parent's index, the block and its place, and how full it gets.
#[derive(Clone, Copy)]
struct Judged {
    volume: i64,
    parent: usize,
    row: u16,
    at: Sides,
}

/// Loads a container better and better.
pub struct Search {
    container: Sides,
    blocks: Blocks,
    table: Table,
    ranker: Ranker,
    root: State,
    beam: Vec<State>,
    judged: Vec<Judged>,
    /// What is still to be judged at this depth: parent, row of the block, place.
    todo: Vec<(usize, u16, Sides)>,
    /// How wide the beam is now, in hundredths.
    width: usize,
    best_volume: i64,
    best: Vec<Laid>,
    /// Nothing larger can be hoped for.
    done: bool,
    most: i64,
    // Working memory.
    around: Around,
    scratch: State,
    ranked: Vec<(f64, u16)>,
}

impl Search {
    /// Prepares; sides of container and goods must be sound (see [`super::check`]). Different seeds search differently.
    #[must_use]
    pub fn new(container: Sides, goods: &[Goods], way: Way) -> Search {
        let (taste, gap_permille) = manner(goods.len(), way.seed);
        let blocks = Blocks::new(container, goods, gap_permille, way.held);
        let table = Table::new(&blocks, goods, |b| taste.weight(b));
        let root = State::empty(container, goods, &table);
        let room: i64 = container.iter().map(|s| i64::from(*s)).product();
        let all: i64 = goods.iter().map(|g| g.volume_mm3() * i64::from(g.qty)).sum();
        Search {
            container,
            blocks,
            table,
            ranker: Ranker::new(container, goods, taste),
            scratch: root.clone(),
            root,
            beam: Vec::new(),
            judged: Vec::new(),
            todo: Vec::new(),
            // A second pair of searches takes other widths.
            width: if (way.seed / 2).is_multiple_of(2) { 100 } else { 119 },
            best_volume: 0,
            best: Vec::new(),
            done: false,
            most: room.min(all),
            around: Around::default(),
            ranked: Vec::new(),
        }
    }

    /// Volume of the best loading so far, in mm³.
    #[must_use]
    pub fn best_volume_mm3(&self) -> i64 {
        self.best_volume
    }

    /// The best loading so far.
    #[must_use]
    pub fn best(&self) -> Loading {
        let mut placed = Vec::new();
        for l in &self.best {
            self.blocks.lay(usize::from(l.block), l.at, &mut placed);
        }
        Loading { placed, volume_mm3: self.best_volume }
    }

    /// Goes on by one step. `false`: everything is loaded, or the container is full; nothing is left to be found.
    pub fn step(&mut self) -> bool {
        self.step_while(&mut || true)
    }

    /// The same, but with very many things a step takes long: it is left where it is as soon as `goes_on` says no, and what is loaded
    /// by then counts. `goes_on` is asked now and then.
    pub fn step_while(&mut self, goes_on: &mut dyn FnMut() -> bool) -> bool {
        if self.done {
            return false;
        }
        match self.todo.pop() {
            Some((parent, row, at)) => self.judge(parent, row, at, goes_on),
            None => self.next_level(goes_on),
        }
        if self.best_volume >= self.most {
            self.done = true;
        }
        !self.done
    }

    /// Puts one block into a copy of a state, fills the rest greedily, and remembers how full it got.
    fn judge(&mut self, parent: usize, row: u16, at: Sides, goes_on: &mut dyn FnMut() -> bool) {
        let mut state = std::mem::take(&mut self.scratch);
        state.clone_from(&self.beam[parent]);
        state.lay(&self.blocks, &self.table, row, at);
        while let Some((row, at)) = self.best_block(&mut state) {
            state.lay(&self.blocks, &self.table, row, at);
            if state.laid.len().is_multiple_of(LOOK) && !goes_on() {
                break;
            }
        }
        if state.volume > self.best_volume {
            self.best_volume = state.volume;
            self.best.clone_from(&state.laid);
        }
        self.judged.push(Judged { volume: state.volume, parent, row, at });
        self.scratch = state;
    }

    /// The best states of this depth become the next beam; at the end a wider beam starts anew.
    fn next_level(&mut self, goes_on: &mut dyn FnMut() -> bool) {
        let wide = (self.width / 100).clamp(1, WIDTH_MAX);
        self.judged.sort_by_key(|j| std::cmp::Reverse(j.volume));
        let mut beam = Vec::with_capacity(wide);
        let mut last = None;
        for j in &self.judged {
            // States that fill equally are mostly the same seen from elsewhere.
            if beam.len() == wide || last == Some(j.volume) {
                continue;
            }
            last = Some(j.volume);
            let mut state = self.beam[j.parent].clone();
            state.lay(&self.blocks, &self.table, j.row, j.at);
            beam.push(state);
        }
        self.judged.clear();
        if beam.is_empty() {
            if !self.beam.is_empty() {
                // Twice the work each time.
                self.width = (self.width * 141 / 100).min(WIDTH_MAX * 100);
            }
            beam.push(self.root.clone());
        }
        self.beam = beam;
        // Where there are fewer states than the beam is wide, each has more children.
        let wide = (self.width / 100).clamp(1, WIDTH_MAX);
        let children = (wide * wide).div_ceil(self.beam.len());
        for parent in 0..self.beam.len() {
            if parent > 0 && !goes_on() {
                break;
            }
            let mut state = std::mem::take(&mut self.beam[parent]);
            self.best_blocks(&mut state, children, parent);
            self.beam[parent] = state;
        }
        if self.todo.is_empty() && self.beam.len() == 1 && self.beam[0].laid.is_empty() {
            // Nothing goes in at all.
            self.done = true;
        }
    }

    /// The best block for the space to be filled next. Spaces into which nothing goes are forgotten.
    fn best_block(&mut self, state: &mut State) -> Option<(u16, Sides)> {
        loop {
            let (space, corner) = state.next_space(self.container, self.blocks.held())?;
            self.ranker.look_around(state, &space, &mut self.around);
            match self.ranker.best(state, &self.table, (&space, corner), &self.around) {
                Some(row) => return Some((row, corner.place(&space, self.table.rows()[usize::from(row)].size))),
                None => state.room.forget(&space),
            }
        }
    }

    /// Notes the best `most` blocks for the space to be filled next.
    fn best_blocks(&mut self, state: &mut State, most: usize, parent: usize) {
        while let Some((space, corner)) = state.next_space(self.container, self.blocks.held()) {
            self.ranker.look_around(state, &space, &mut self.around);
            self.ranked.clear();
            self.ranker.all(state, &self.table, (&space, corner), &self.around, &mut self.ranked);
            if self.ranked.is_empty() {
                state.room.forget(&space);
                continue;
            }
            self.ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            for (_, row) in self.ranked.iter().take(most) {
                let at = corner.place(&space, self.table.rows()[usize::from(*row)].size);
                self.todo.push((parent, *row, at));
            }
            return;
        }
    }
}

/// How a search judges, and how much of their room blocks of several sorts may leave empty, in thousandths: with many sorts, blocks need
/// some gaps to come about at all.
fn manner(sorts: usize, seed: u64) -> (Taste, i64) {
    match (sorts > SORTS_MANY, seed.is_multiple_of(2)) {
        (false, true) => (Taste::Close, 10),
        (false, false) => (Taste::Frugal, 10),
        (true, true) => (Taste::Close, 20),
        (true, false) => (Taste::Close, 30),
    }
}

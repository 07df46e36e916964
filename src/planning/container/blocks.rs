//! Blocks: things put together side by side so that hardly anything stays empty between them.

use super::{Goods, Placed, Sides};
use std::collections::HashSet;

/// More blocks than this are not made.
const BLOCKS_MAX: usize = 10_000;
/// Of the pairs of blocks, at most so many are looked at.
const PAIRS_MAX: usize = 4_000_000;
/// At most about so many ways to put together things of one sort are looked at, for every way a thing may lie.
const COUNTS_MAX: usize = 500_000;

/// How a block is made.
#[derive(Clone, Copy, Debug)]
enum Made {
    /// Things of one sort, so many along each side.
    Of { goods: usize, size: Sides, count: Sides },
    /// Two blocks, the second beyond the first along a direction.
    Pair { first: usize, second: usize, along: usize },
}

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its sides.
    pub size: Sides,
    /// Volume of the things in it, in mm³.
    pub volume: i64,
    /// How many things.
    pub things: u32,
    /// Which goods, and how many of each, by rising index.
    pub needs: Vec<(u16, u16)>,
    /// How much of its top, from the near corner on, is flat and without a gap.
    pub top: [i32; 2],
    made: Made,
}

/// All blocks of a question.
#[derive(Default)]
pub struct Blocks {
    all: Vec<Block>,
    /// Everything in a block lies wholly on its floor or on other things of it.
    held: bool,
    /// Where a block that is in the list already is not wanted again.
    seen: HashSet<(Sides, Vec<(u16, u16)>)>,
}

impl Blocks {
    /// Makes blocks; pairs leave at most `gap_permille` of their room empty. Where `held`, all things in them are held.
    pub fn new(container: Sides, goods: &[Goods], gap_permille: i64, held: bool) -> Blocks {
        let mut blocks = Blocks { held, ..Blocks::default() };
        let most = BLOCKS_MAX / 2;
        // Sorts share the room in the list evenly.
        let each = (most / goods.len().max(1)).max(6);
        let counts_max = counts_max(goods.len());
        for (n, g) in goods.iter().enumerate() {
            blocks.simple(container, (n, g), each, counts_max);
        }
        blocks.pairs(container, goods, gap_permille);
        blocks.seen = HashSet::new();
        blocks
    }

    /// The blocks.
    pub fn all(&self) -> &[Block] {
        &self.all
    }

    /// Is everything in the blocks held, and must they be?
    pub fn held(&self) -> bool {
        self.held
    }

    fn add(&mut self, block: Block) {
        if self.seen.insert((block.size, block.needs.clone())) {
            self.all.push(block);
        }
    }

    /// Things of one sort in rows and layers.
    fn simple(&mut self, container: Sides, (n, goods): (usize, &Goods), most: usize, counts_max: u32) {
        let Ok(index) = u16::try_from(n) else { return };
        let mut made: Vec<(u32, Sides, Sides)> = Vec::new();
        for size in goods.turns.of(goods.sides) {
            let fits = [0, 1, 2].map(|k| u32::try_from(container[k] / size[k]).unwrap_or(0).min(goods.qty));
            for x in counts(fits[0], counts_max) {
                for y in counts(fits[1].min(goods.qty / x), counts_max) {
                    for z in counts(fits[2].min(goods.qty / (x * y)), counts_max) {
                        made.push((x * y * z, size, [x, y, z].map(|c| i32::try_from(c).unwrap_or(1))));
                    }
                }
            }
        }
        // Where there are too many, the single things and then the largest blocks stay.
        made.sort_unstable_by_key(|(count, ..)| (*count != 1, std::cmp::Reverse(*count)));
        for (count, size, by) in made.into_iter().take(most) {
            let whole = [0, 1, 2].map(|k| size[k] * by[k]);
            self.add(Block {
                size: whole,
                volume: goods.volume_mm3() * i64::from(count),
                things: count,
                top: [whole[0], whole[1]],
                needs: vec![(index, u16::try_from(count).unwrap_or(u16::MAX))],
                made: Made::Of { goods: n, size, count: by },
            });
        }
    }

    /// Blocks of two blocks, and of those again, while there is room in the list.
    fn pairs(&mut self, container: Sides, goods: &[Goods], gap_permille: i64) {
        let (mut from, mut looked) = (0, 0);
        while self.all.len() < BLOCKS_MAX && from < self.all.len() {
            let to = self.all.len();
            for second in from..to {
                for first in 0..=second {
                    looked += 1;
                    if self.all.len() >= BLOCKS_MAX || looked > PAIRS_MAX {
                        return;
                    }
                    for along in 0..3 {
                        self.pair(container, goods, (first, second, along), gap_permille);
                    }
                }
            }
            from = to;
        }
    }

    fn pair(&mut self, container: Sides, goods: &[Goods], (first, second, along): (usize, usize, usize), gap: i64) {
        let (a, b) = (&self.all[first], &self.all[second]);
        let size = [0, 1, 2].map(|k| if k == along { a.size[k] + b.size[k] } else { a.size[k].max(b.size[k]) });
        if (0..3).any(|k| size[k] > container[k]) {
            return;
        }
        let volume = a.volume + b.volume;
        let room: i64 = size.iter().map(|s| i64::from(*s)).product();
        if volume * 1_000 < room * (1_000 - gap) {
            return;
        }
        let top = top(a, b, along);
        if self.held && along == 2 && (b.size[0] > a.top[0] || b.size[1] > a.top[1]) {
            return;
        }
        let needs = sum(&a.needs, &b.needs);
        if needs.iter().any(|(g, n)| u32::from(*n) > goods[usize::from(*g)].qty) {
            return;
        }
        let made = Made::Pair { first, second, along };
        let things = a.things + b.things;
        self.add(Block { size, volume, things, needs, top, made });
    }

    /// Adds the places of the things of a block at a place.
    pub fn lay(&self, block: usize, at: Sides, out: &mut Vec<Placed>) {
        let Some(b) = self.all.get(block) else { return };
        match b.made {
            Made::Of { goods, size, count } => {
                for x in 0..count[0] {
                    for y in 0..count[1] {
                        for z in 0..count[2] {
                            let at = [at[0] + x * size[0], at[1] + y * size[1], at[2] + z * size[2]];
                            out.push(Placed { ware: goods, at, size });
                        }
                    }
                }
            }
            Made::Pair { first, second, along } => {
                self.lay(first, at, out);
                let mut beyond = at;
                beyond[along] += self.all.get(first).map_or(0, |f| f.size[along]);
                self.lay(second, beyond, out);
            }
        }
    }
}

/// What bears others on top of two blocks.
fn top(a: &Block, b: &Block, along: usize) -> [i32; 2] {
    if along == 2 {
        return b.top;
    }
    let full = |b: &Block| b.top == [b.size[0], b.size[1]];
    let across = 1 - along;
    if a.size[2] == b.size[2] && a.size[across] == b.size[across] && full(a) && full(b) {
        let mut top = a.top;
        top[along] += b.top[along];
        return top;
    }
    // The second block's top does not begin at the near corner.
    if a.size[2] >= b.size[2] { a.top } else { [0, 0] }
}

/// With many sorts, not every number of things along a side is tried.
fn counts_max(sorts: usize) -> u32 {
    let each = COUNTS_MAX / sorts.max(1);
    (8..64).find(|n: &u32| n.pow(3) as usize > each).unwrap_or(64)
}

/// The numbers up to the most; where these are too many, some of them, and the most itself.
fn counts(most: u32, at_most: u32) -> impl Iterator<Item = u32> {
    let some = most.min(at_most);
    // One thing is always tried: no block is smaller.
    (1..=some).map(move |n| if n == 1 { 1 } else { n * most / some })
}

/// Two lists of needs as one.
fn sum(a: &[(u16, u16)], b: &[(u16, u16)]) -> Vec<(u16, u16)> {
    let mut out = a.to_vec();
    for (goods, n) in b {
        match out.binary_search_by_key(goods, |(g, _)| *g) {
            Ok(at) => out[at].1 = out[at].1.saturating_add(*n),
            Err(at) => out.insert(at, (*goods, *n)),
        }
    }
    out
}

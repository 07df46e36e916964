//! The blocks as the search asks for them: by falling weight, and as sets of bits by length and by need, so that thousands
//! of blocks are sifted in a few hundred operations.

use super::blocks::{Block, Blocks};
use super::{Goods, Sides};

/// Lengths are told apart in so many steps along each side.
const LENGTHS_MAX: usize = 128;
/// For sorts that so many blocks need, there are sets by need.
const USES_MANY: usize = 200;
/// So many sets for each of them.
const NEEDS_MAX: usize = 64;
/// Fewer blocks than this are struck one by one.
const STRUCK_FEW: usize = 100;

/// What the search asks of a block.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its sides.
    pub size: Sides,
    /// Its index among the blocks.
    pub block: u16,
    /// Volume over a root of the number of its things.
    pub weight: f64,
}

/// A thing that may lie so.
#[derive(Clone, Copy, Debug)]
pub struct Thing {
    /// Its sides as it lies.
    pub size: Sides,
    /// Its sort.
    pub sort: u16,
}

/// A set by some number, numbers rising.
type Sets<N> = (Vec<N>, Vec<Vec<u64>>);

/// Sets of blocks as bits: the bit of a block is its row.
pub struct Table {
    rows: Vec<Row>,
    /// Along each side: lengths, and the blocks that are no longer.
    lengths: [Sets<i32>; 3],
    /// Of each sort: how many of it a block needs, and which block, by falling need.
    uses: Vec<Vec<(u16, u16)>>,
    /// Of sorts that many blocks need: numbers, and the blocks that need no more.
    needs: Vec<Sets<u16>>,
    /// All things in every way they may lie, by rising volume.
    things: Vec<Thing>,
}

impl Table {
    /// Puts the blocks in order.
    pub fn new(blocks: &Blocks, goods: &[Goods], weight: impl Fn(&Block) -> f64) -> Table {
        let row =
            |(n, b): (usize, &Block)| Some(Row { size: b.size, block: u16::try_from(n).ok()?, weight: weight(b) });
        let mut rows: Vec<Row> = blocks.all().iter().enumerate().filter_map(row).collect();
        rows.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.block.cmp(&b.block)));
        let mut uses = vec![Vec::new(); goods.len()];
        for (n, row) in (0_u16..).zip(&rows) {
            for (sort, need) in &blocks.all()[usize::from(row.block)].needs {
                uses[usize::from(*sort)].push((*need, n));
            }
        }
        uses.iter_mut().for_each(|u| u.sort_unstable_by(|a, b| b.cmp(a)));
        let mut things: Vec<Thing> = Vec::new();
        for (sort, g) in (0_u16..).zip(goods) {
            things.extend(g.turns.of(g.sides).map(|size| Thing { size, sort }));
        }
        things.sort_by_key(|t| (goods[usize::from(t.sort)].volume_mm3(), t.size, t.sort));
        let lengths = [0, 1, 2].map(|k| by_length(&rows, k));
        let needs = uses.iter().map(|u| by_need(u, rows.len())).collect();
        Table { rows, lengths, uses, needs, things }
    }

    /// The blocks by falling weight.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The set of all blocks.
    pub fn full(&self) -> Vec<u64> {
        full(self.rows.len())
    }

    /// The blocks no longer than this along a side, and perhaps some that are a little.
    pub fn no_longer(&self, k: usize, length: i32) -> &[u64] {
        let (lengths, sets) = &self.lengths[k];
        let n = lengths.partition_point(|l| *l < length).min(lengths.len().saturating_sub(1));
        sets.get(n).map_or(&[], Vec::as_slice)
    }

    /// Strikes the blocks that need more of a sort than are left now; before, `had` were left.
    pub fn strike(&self, sort: usize, had: u16, left: u16, valid: &mut [u64]) {
        let uses = &self.uses[sort];
        let mut from = uses.partition_point(|(need, _)| *need > had);
        let to = from + uses[from..].partition_point(|(need, _)| *need > left);
        if to - from > STRUCK_FEW {
            let (needs, sets) = &self.needs[sort];
            let n = needs.partition_point(|need| *need < left);
            if let (Some(need), Some(set)) = (needs.get(n), sets.get(n)) {
                valid.iter_mut().zip(set).for_each(|(v, s)| *v &= s);
                from += uses[from..to].partition_point(|(n, _)| n > need);
            }
        }
        strike(&uses[from..to], valid);
    }

    /// The smallest things of which some are left: where anything goes in, one of them does.
    pub fn smallest(&self, left: &[u16], out: &mut Vec<Thing>) {
        out.clear();
        for t in self.things.iter().filter(|t| left[usize::from(t.sort)] > 0) {
            if !out.iter().any(|o| (0..3).all(|k| o.size[k] <= t.size[k])) {
                out.push(*t);
            }
        }
    }
}

fn full(rows: usize) -> Vec<u64> {
    let mut bits = vec![u64::MAX; rows.div_ceil(64)];
    if let Some(last) = bits.last_mut().filter(|_| !rows.is_multiple_of(64)) {
        *last = (1 << (rows % 64)) - 1;
    }
    bits
}

fn strike(uses: &[(u16, u16)], bits: &mut [u64]) {
    for (_, n) in uses {
        bits[usize::from(*n) / 64] &= !(1 << (n % 64));
    }
}

fn by_length(rows: &[Row], k: usize) -> Sets<i32> {
    let mut lengths: Vec<i32> = rows.iter().map(|r| r.size[k]).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let all = lengths.len();
    if all > LENGTHS_MAX {
        lengths = (1..=LENGTHS_MAX).map(|n| lengths[n * all / LENGTHS_MAX - 1]).collect();
    }
    let set = |length: &i32| {
        let mut bits = vec![0_u64; rows.len().div_ceil(64)];
        for (n, _) in rows.iter().enumerate().filter(|(_, r)| r.size[k] <= *length) {
            bits[n / 64] |= 1 << (n % 64);
        }
        bits
    };
    let sets = lengths.iter().map(set).collect();
    (lengths, sets)
}

fn by_need(uses: &[(u16, u16)], rows: usize) -> Sets<u16> {
    if uses.len() < USES_MANY {
        return Sets::default();
    }
    let mut needs: Vec<u16> = uses.iter().map(|u| u.0).collect();
    needs.push(0);
    needs.sort_unstable();
    needs.dedup();
    let all = needs.len();
    if all > NEEDS_MAX {
        needs = (0..NEEDS_MAX).map(|n| needs[n * all / NEEDS_MAX]).collect();
    }
    let set = |most: &u16| {
        let mut bits = full(rows);
        strike(&uses[..uses.partition_point(|(need, _)| need > most)], &mut bits);
        bits
    };
    let sets = needs.iter().map(set).collect();
    (needs, sets)
}

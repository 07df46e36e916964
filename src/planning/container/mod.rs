//! One container, many goods: as much volume as possible goes in.
//!
//! Things are put together to blocks with hardly a gap; a state of the loading is a set of empty cuboids, and the next
//! block goes into a corner of one of them. A beam search looks at the best blocks of the best states, and judges each by
//! filling the rest greedily. The beam is widened until somebody stops it: the search is made of steps, keeps the best loading so
//! far, and the same seed does the same steps everywhere.
//!
//! How a thing may be turned is kept to. What lies below it is asked only where [`Way::held`] says so: without it, goods that leave a
//! gap below are held by others or by dunnage, as is usual where containers are filled for volume.
//!
//! Sources: Zhu and Lim, "A new iterative-doubling greedy-lookahead algorithm for the single container loading problem",
//! European Journal of Operational Research 222, 2012 (blocks, corners); Araya and Riff, "A beam search approach to the
//! container loading problem", Computers & Operations Research 43, 2014 (beam search); Araya, Moyano and Sanchez, "A beam
//! search algorithm for the biobjective container loading problem", European Journal of Operational Research 286, 2020 (how a
//! block is judged).

mod blocks;
mod rank;
mod room;
mod search;
mod state;
mod table;

pub use search::Search;

use super::boxes::{Placed, SIDE_MM_MAX, Sides, Turns};

/// More sorts of things than this are not loaded.
pub const SORTS_MAX: usize = 1_000;
/// More things of one sort than this are not loaded.
pub const COPIES_MAX: u32 = 10_000;

/// Things of one sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goods {
    /// Sides of one as it stands: length, width, height.
    pub sides: Sides,
    /// How it may be turned.
    pub turns: Turns,
    /// How many there are.
    pub qty: u32,
}

impl Goods {
    /// Volume of one in mm³.
    #[must_use]
    pub fn volume_mm3(&self) -> i64 {
        self.sides.iter().map(|s| i64::from(*s)).product()
    }

    /// Are the sides such that it can be reckoned with?
    #[must_use]
    pub fn sound(&self) -> bool {
        self.sides.iter().all(|s| (1..=SIDE_MM_MAX).contains(s))
    }
}

/// How a container is to be filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Searches with different seeds judge blocks differently.
    pub seed: u64,
    /// Every base must lie wholly on the floor or on other things.
    pub held: bool,
}

/// A loading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loading {
    /// Where everything lies; [`Placed::ware`] is the index among the goods.
    pub placed: Vec<Placed>,
    /// Their volume in mm³.
    pub volume_mm3: i64,
}

/// What can be wrong with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTask {
    /// A side of the container.
    #[error("the container's sides must be 1 to {SIDE_MM_MAX} mm")]
    Container,
    /// A side of something.
    #[error("goods {0}: sides must be 1 to {SIDE_MM_MAX} mm")]
    Sides(usize),
    /// Too many of one sort.
    #[error("goods {0}: more than {COPIES_MAX} of one sort")]
    Copies(usize),
    /// Too many sorts.
    #[error("more than {SORTS_MAX} sorts of goods")]
    Sorts,
}

/// Checks a question before it is searched.
///
/// # Errors
/// What is wrong, with the index of the goods.
pub fn check(container: Sides, goods: &[Goods]) -> Result<(), BadTask> {
    if !container.iter().all(|s| (1..=SIDE_MM_MAX).contains(s)) {
        return Err(BadTask::Container);
    }
    if goods.len() > SORTS_MAX {
        return Err(BadTask::Sorts);
    }
    for (n, g) in goods.iter().enumerate() {
        if !g.sound() {
            return Err(BadTask::Sides(n));
        }
        if g.qty > COPIES_MAX {
            return Err(BadTask::Copies(n));
        }
    }
    Ok(())
}

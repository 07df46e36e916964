//! What comes out: batches with their walks.

use crate::planning::tour::Walk;

/// Orders on one walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Which, by their index in the task.
    pub orders: Vec<usize>,
    /// The walk; [`crate::planning::tour::Taken::item`] counts the picks of the orders one after the other.
    pub walk: Walk,
    /// Who walks it, from 0; they begin with the first batch and go on with the next one.
    pub picker: usize,
    /// When it is done, from the beginning of the work.
    pub done_ms: i64,
}

/// All orders in batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The batches, in the order they are begun.
    pub batches: Vec<Batch>,
    /// How long all walks are.
    pub length_mm: i64,
    /// No plan has shorter walks, whatever is due when.
    pub least_mm: i64,
    /// How late orders are, all together.
    pub late_ms: i64,
    /// No plan has orders less late.
    pub least_late_ms: i64,
    /// No plan is less late, and none that is as late has shorter walks.
    pub proven: bool,
}

/// How much was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scale {
    /// Steps: lengths that were asked for, or work like that.
    pub steps: u64,
    /// Batches that were looked at and kept.
    pub batches: usize,
}

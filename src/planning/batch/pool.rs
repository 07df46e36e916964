//! All batches that were ever worth a look, each once.

use super::group::Group;
use std::collections::HashMap;

/// More are not kept.
const COLUMNS_MAX: usize = 60_000;

/// Batches with their lengths.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    begins: Vec<u32>,
    orders: Vec<u16>,
    costs: Vec<i64>,
    numbers: HashMap<u64, usize>,
}

impl Pool {
    pub(super) fn len(&self) -> usize {
        self.costs.len()
    }

    /// Is there no room left for batches that may be of use?
    pub(super) fn is_full(&self) -> bool {
        self.len() >= COLUMNS_MAX
    }

    /// Where the batch with this key stands.
    pub(super) fn find(&self, key: u64) -> Option<usize> {
        self.numbers.get(&key).copied()
    }

    pub(super) fn cost(&self, column: usize) -> i64 {
        self.costs[column]
    }

    pub(super) fn orders(&self, column: usize) -> &[u16] {
        let begin = self.begins[column] as usize;
        let end = self.begins.get(column + 1).map_or(self.orders.len(), |e| *e as usize);
        &self.orders[begin..end]
    }

    /// Adds a batch; `false` if it is known.
    pub(super) fn add(&mut self, group: &Group) -> bool {
        self.add_parts(group.key, &group.orders, group.length)
    }

    /// Adds a batch if it is new and there is room.
    pub(super) fn note(&mut self, group: &Group) {
        if !self.is_full() {
            self.add(group);
        }
    }

    /// The same from its parts.
    pub(super) fn add_parts(&mut self, key: u64, orders: &[u16], length: i64) -> bool {
        let next = self.len();
        if orders.is_empty() || *self.numbers.entry(key).or_insert(next) != next {
            return false;
        }
        self.begins.push(self.orders.len() as u32);
        self.orders.extend(orders);
        self.costs.push(length);
        true
    }
}

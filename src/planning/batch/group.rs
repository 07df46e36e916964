//! Orders on one walk, and all orders shared out.

use super::case::{Amounts, Case};

/// Orders on one walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Which.
    pub orders: Vec<u16>,
    /// What they take of the cart.
    pub load: Amounts,
    /// How long the walk is.
    pub length: i64,
    /// A number for this set of orders.
    pub key: u64,
    /// Their picks, where the warehouse is one block.
    pub masks: Vec<u64>,
}

/// All orders, or some, each on one walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shares {
    /// The walks.
    pub groups: Vec<Group>,
    /// Length of all.
    pub total: i64,
}

impl Shares {
    /// From lists of orders.
    pub(super) fn of<'l>(case: &mut Case<'_>, lists: impl Iterator<Item = &'l [u16]>) -> Shares {
        let mut shares = Shares::default();
        for list in lists.filter(|l| !l.is_empty()) {
            shares.push(case.group(list));
        }
        shares
    }

    /// One walk more.
    pub(super) fn push(&mut self, group: Group) {
        self.total += group.length;
        self.groups.push(group);
    }

    /// Puts an order into a group, which then has this length.
    pub(super) fn put(&mut self, case: &Case<'_>, group: usize, order: u16, length: i64) {
        let group = &mut self.groups[group];
        self.total += length - group.length;
        case.put(group, order, length);
    }

    /// Takes an order out of a group; an empty one stays until [`Shares::tidy`].
    pub(super) fn take(&mut self, case: &mut Case<'_>, group: usize, order: u16) {
        let group = &mut self.groups[group];
        self.total -= group.length;
        case.take(group, order);
        self.total += group.length;
    }

    /// Drops groups without orders.
    pub(super) fn tidy(&mut self) {
        self.groups.retain(|g| !g.orders.is_empty());
    }

    /// The orders of each group.
    pub(super) fn lists(&self) -> Vec<Vec<u16>> {
        self.groups.iter().map(|g| g.orders.clone()).collect()
    }
}

//! A checked task, and the lengths of the walks of any of its orders together.

use super::block::Block;
use super::dice::Dice;
use super::due;
use super::group::Group;
use super::{AMOUNT_MAX, BatchError, ORDERS_MAX, Order, PICKS_MAX, Task};
use crate::planning::tour::layout::Bin;
use crate::planning::tour::{Effort, ITEMS_MAX, Planner, TourError, Walk};
use std::collections::HashSet;

/// More than any walk: these orders are on no walk together.
pub(super) const FAR: i64 = i64::MAX / 4;
/// What is counted: orders, things, mass, volume, totes, picks.
pub(super) const MEASURES: usize = 6;
/// Which of them the picks are.
const PICKS: usize = 5;
const NAMES: [&str; MEASURES] = ["orders", "items", "weight_g", "volume_mm3", "totes", "picks"];
const SETTINGS: [&str; MEASURES] =
    ["capacity orders", "capacity items", "capacity weight_g", "capacity volume_mm3", "capacity totes", "picks"];
/// How much of a cart is used, by measure.
pub(super) type Amounts = [i64; MEASURES];
/// Lengths kept; a power of two.
const KNOWN: usize = 1 << 17;

/// A checked task, and everything that is asked of it all the time.
pub(super) struct Case<'s> {
    pub task: Task<'s>,
    /// What each order takes.
    pub loads: Vec<Amounts>,
    /// What a batch holds.
    pub capacity: Amounts,
    /// How long the walk for each order alone is.
    pub alone: Vec<i64>,
    /// No walk with this order is shorter. The same where the walk alone is proven.
    pub alone_least: Vec<i64>,
    /// What climbing for each order costs, as way.
    climbs: Vec<i64>,
    /// Some order is due.
    pub dated: bool,
    /// Every length that was asked so far is that of a provably shortest walk. The first one that is not ends this for good.
    pub exact: bool,
    /// Two walks can be walked one after the other as one.
    pub round: bool,
    /// How many lengths were asked so far: what a budget counts.
    pub asked: u64,
    block: Option<Block>,
    planner: Planner,
    bins: Vec<Vec<Bin>>,
    /// A number for each order; those of several together are a set's key.
    keys: Vec<u64>,
    /// Lengths by key. Most changes of a plan that has cooled were looked at before.
    known: Vec<(u64, i64)>,
    // Working memory.
    masks: Vec<u64>,
    picks: Vec<Bin>,
}

impl<'s> Case<'s> {
    /// Checks a task.
    pub(super) fn new(task: Task<'s>) -> Result<Case<'s>, BatchError> {
        let capacity = capacity(&task)?;
        check_orders(task.orders, &capacity)?;
        let bins: Vec<Vec<Bin>> = task.orders.iter().map(|o| o.bins.clone()).collect();
        let mut planner = Planner::with_effort(Effort::Brief);
        let (mut alone, mut climbs, mut exact) = (Vec::with_capacity(bins.len()), Vec::new(), true);
        let mut alone_least = Vec::with_capacity(bins.len());
        for (order, bins) in task.orders.iter().zip(&bins) {
            let walk = planner.shortest(task.site, task.start, task.end, bins);
            let walk = walk.map_err(|source| BatchError::Walk { order: order.name.clone(), source })?;
            exact &= walk.proven;
            alone.push(walk.length_mm);
            alone_least.push((walk.least_mm - walk.climb_mm).max(0));
            climbs.push(walk.climb_mm);
        }
        let all: Vec<&[Bin]> = bins.iter().map(Vec::as_slice).collect();
        let block = Block::new(task.site, (task.start, task.end), &all);
        let mut dice = Dice::new(0);
        Ok(Case {
            task,
            loads: task.orders.iter().map(amounts).collect(),
            capacity,
            alone,
            alone_least,
            climbs,
            dated: task.orders.iter().any(|o| o.due_ms.is_some()),
            exact,
            round: task.start == task.end,
            asked: 0,
            masks: vec![0; block.as_ref().map_or(0, Block::width)],
            block,
            planner,
            keys: bins.iter().map(|_| dice.roll()).collect(),
            known: vec![(0, 0); KNOWN],
            bins,
            picks: Vec::new(),
        })
    }

    /// How many orders there are.
    pub(super) fn len(&self) -> usize {
        self.bins.len()
    }

    /// How long a batch takes, in ms.
    pub(super) fn takes(&self, group: &Group) -> i64 {
        let climb = group.orders.iter().map(|o| self.climbs[usize::from(*o)]).sum();
        due::takes(&self.task, group.length, climb, group.load[PICKS])
    }

    /// How long an order takes at least, in ms: alone.
    pub(super) fn takes_least(&self, order: usize) -> i64 {
        due::takes(&self.task, self.alone_least[order], self.climbs[order], self.loads[order][PICKS])
    }

    /// Is a length much work, and not proven even so? Then the budget is asked more often.
    pub(super) fn slow(&self) -> bool {
        self.block.is_none() && !self.exact
    }

    /// A batch without orders.
    pub(super) fn nothing(&self) -> Group {
        let width = self.block.as_ref().map_or(0, Block::width);
        Group { orders: Vec::new(), load: [0; MEASURES], length: 0, key: 0, masks: vec![0; width] }
    }

    /// A batch of these orders.
    pub(super) fn group(&mut self, orders: &[u16]) -> Group {
        let mut group = self.nothing();
        for order in orders {
            self.put(&mut group, *order, 0);
        }
        group.length = self.length(&group);
        group
    }

    /// Does an order go into a batch as well?
    pub(super) fn fits(&self, group: &Group, order: u16) -> bool {
        self.fits_load(&group.load, order)
    }

    /// Does an order go in beside such a load?
    pub(super) fn fits_load(&self, load: &Amounts, order: u16) -> bool {
        let more = &self.loads[usize::from(order)];
        (0..MEASURES).all(|m| load[m] + more[m] <= self.capacity[m])
    }

    /// Do both go onto one cart?
    pub(super) fn fit(&self, one: &Amounts, other: &Amounts) -> bool {
        (0..MEASURES).all(|m| one[m] + other[m] <= self.capacity[m])
    }

    /// Puts an order into a batch, whose length is then as told.
    pub(super) fn put(&self, group: &mut Group, order: u16, length: i64) {
        group.orders.push(order);
        group.key ^= self.keys[usize::from(order)];
        let load = &self.loads[usize::from(order)];
        group.load.iter_mut().zip(load).for_each(|(sum, more)| *sum += more);
        if let Some(block) = &self.block {
            group.masks.iter_mut().zip(block.masks(usize::from(order))).for_each(|(all, more)| *all |= more);
        }
        group.length = length;
    }

    /// Takes an order out of a batch.
    pub(super) fn take(&mut self, group: &mut Group, order: u16) {
        let length = self.changed(group, &[order], &[]);
        self.change(group, &[order], &[], length);
    }

    /// The length of a batch's walk.
    pub(super) fn length(&mut self, group: &Group) -> i64 {
        self.asked += 1;
        match &self.block {
            _ if group.orders.is_empty() => 0,
            Some(block) => block.length(&group.masks, &group.masks),
            None => self.planned(group.key, &group.orders, None),
        }
    }

    /// The length of a batch's walk with one order more.
    #[inline]
    pub(super) fn joined(&mut self, group: &Group, order: u16) -> i64 {
        self.asked += 1;
        match &self.block {
            Some(block) => block.length(&group.masks, block.masks(usize::from(order))),
            None => {
                let key = group.key ^ self.keys[usize::from(order)];
                self.planned(key, &group.orders, Some(order))
            }
        }
    }

    /// The length of one walk for two batches.
    pub(super) fn together(&mut self, one: &Group, other: &Group) -> i64 {
        self.asked += 1;
        match &self.block {
            Some(block) => block.length(&one.masks, &other.masks),
            None => {
                let all: Vec<u16> = one.orders.iter().chain(&other.orders).copied().collect();
                self.planned(one.key ^ other.key, &all, None)
            }
        }
    }

    /// The length of a batch's walk without some of its orders and with others.
    #[inline]
    pub(super) fn changed(&mut self, group: &Group, out: &[u16], into: &[u16]) -> i64 {
        self.asked += 1;
        if out.is_empty() && into.is_empty() {
            return group.length;
        }
        if group.orders.len() == out.len() && into.is_empty() {
            return 0;
        }
        let key = out.iter().chain(into).fold(group.key, |key, o| key ^ self.keys[usize::from(*o)]);
        if let Some(length) = self.known(key) {
            return length;
        }
        let stay = group.orders.iter().filter(|o| !out.contains(o)).chain(into);
        match &self.block {
            Some(block) => {
                self.masks.fill(0);
                for o in stay {
                    let more = block.masks(usize::from(*o));
                    self.masks.iter_mut().zip(more).for_each(|(all, more)| *all |= more);
                }
                let length = block.length(&self.masks, &self.masks);
                self.keep(key, length)
            }
            None => {
                let all: Vec<u16> = stay.copied().collect();
                self.planned(key, &all, None)
            }
        }
    }

    /// By how much of a cart a batch would be too full with some orders changed, in thousandths of a cart.
    #[inline]
    pub(super) fn excess(&self, group: &Group, out: &[u16], into: &[u16]) -> i64 {
        let mut load = group.load;
        for o in out {
            load.iter_mut().zip(&self.loads[usize::from(*o)]).for_each(|(sum, less)| *sum -= less);
        }
        for o in into {
            load.iter_mut().zip(&self.loads[usize::from(*o)]).for_each(|(sum, more)| *sum += more);
        }
        if load.iter().zip(&self.capacity).all(|(load, most)| load <= most) {
            return 0;
        }
        let over = load
            .iter()
            .zip(&self.capacity)
            .map(|(load, most)| (load - most).max(0) * 1_000 / most + i64::from(load > most));
        over.sum()
    }

    /// Takes orders out of a batch and puts others in; its length is then as told.
    pub(super) fn change(&self, group: &mut Group, out: &[u16], into: &[u16], length: i64) {
        group.orders.retain(|o| !out.contains(o));
        for o in out {
            group.key ^= self.keys[usize::from(*o)];
            let load = &self.loads[usize::from(*o)];
            group.load.iter_mut().zip(load).for_each(|(sum, less)| *sum -= less);
        }
        group.masks.fill(0);
        if let Some(block) = &self.block {
            for o in &group.orders {
                let more = block.masks(usize::from(*o));
                group.masks.iter_mut().zip(more).for_each(|(all, more)| *all |= more);
            }
        }
        for o in into {
            self.put(group, *o, length);
        }
        group.length = length;
    }

    /// Does a batch hold some orders instead of others?
    #[inline]
    pub(super) fn holds(&self, group: &Group, out: &[u16], into: &[u16]) -> bool {
        let mut load = group.load;
        for o in out {
            load.iter_mut().zip(&self.loads[usize::from(*o)]).for_each(|(sum, less)| *sum -= less);
        }
        for o in into {
            load.iter_mut().zip(&self.loads[usize::from(*o)]).for_each(|(sum, more)| *sum += more);
        }
        load.iter().zip(&self.capacity).all(|(load, most)| load <= most)
    }

    /// The length by the planner of tours, which is kept.
    fn planned(&mut self, key: u64, orders: &[u16], more: Option<u16>) -> i64 {
        if let Some(length) = self.known(key) {
            return length;
        }
        // A length that must be planned takes as long as many that are read off.
        self.asked += PLANNED;
        self.picks.clear();
        for o in orders.iter().chain(&more) {
            self.picks.extend(&self.bins[usize::from(*o)]);
        }
        let Task { site, start, end, .. } = self.task;
        let length = match self.planner.length(site, start, end, &self.picks) {
            Ok((length, proven)) => {
                self.exact &= proven;
                length
            }
            // There is none, for sure.
            Err(TourError::Apart { .. } | TourError::NoWay { .. } | TourError::NoWayToEnd) => FAR,
            Err(_) => {
                self.exact = false;
                FAR
            }
        };
        if !self.exact {
            self.asked += PLANNED * (1 + self.picks.len() as u64 / SLOW_PICKS);
        }
        self.keep(key, length)
    }

    /// The length of the orders with this key, if it is kept.
    #[inline]
    fn known(&self, key: u64) -> Option<i64> {
        let (kept, length) = self.known[key as usize & (KNOWN - 1)];
        (kept == key).then_some(length)
    }

    /// Keeps a length, in place of another one.
    #[inline]
    fn keep(&mut self, key: u64, length: i64) -> i64 {
        self.known[key as usize & (KNOWN - 1)] = (key, length);
        length
    }

    /// The walk of a batch. With more effort it may be shorter than the length told so far, where that is not proven.
    pub(super) fn walk(&mut self, orders: &[u16], effort: Effort) -> Option<Walk> {
        let picks: Vec<Bin> = orders.iter().flat_map(|o| self.bins[usize::from(*o)].iter().copied()).collect();
        let Task { site, start, end, .. } = self.task;
        let hard =
            (effort != Effort::Brief).then(|| Planner::with_effort(effort).shortest(site, start, end, &picks).ok());
        let brief = self.planner.shortest(site, start, end, &picks).ok();
        hard.flatten().into_iter().chain(brief).min_by_key(|walk| walk.length_mm)
    }
}

/// Steps that a planned length counts as.
const PLANNED: u64 = 20;
/// One that may be unproven counts so much more for every so many picks.
const SLOW_PICKS: u64 = 10;

fn capacity(task: &Task<'_>) -> Result<Amounts, BatchError> {
    let c = &task.capacity;
    // One walk has a limit of its own.
    let picks = i64::try_from(ITEMS_MAX).ok();
    let all = [c.orders, c.items, c.weight_g, c.volume_mm3, c.totes, picks];
    let mut capacity = [FAR; MEASURES];
    for ((to, told), what) in capacity.iter_mut().zip(all).zip(SETTINGS) {
        *to = told.unwrap_or(FAR);
        if told.is_some_and(|c| !(1..=AMOUNT_MAX).contains(&c)) {
            return Err(BatchError::Setting { what, amount: *to, least: 1 });
        }
    }
    let pace = task.pace;
    let pickers = i64::try_from(pace.pickers).unwrap_or(i64::MAX);
    let settings = [
        ("pickers", pickers, 1),
        ("walk_mm_per_s", pace.walk_mm_per_s, 1),
        ("pick_ms", pace.pick_ms, 0),
        ("batch_ms", pace.batch_ms, 0),
    ];
    match settings.into_iter().find(|(_, amount, least)| !(*least..=AMOUNT_MAX).contains(amount)) {
        Some((what, amount, least)) => Err(BatchError::Setting { what, amount, least }),
        None => Ok(capacity),
    }
}

fn amounts(order: &Order) -> Amounts {
    let l = order.load;
    [1, l.items, l.weight_g, l.volume_mm3, l.totes, i64::try_from(order.bins.len()).unwrap_or(FAR)]
}

fn check_orders(orders: &[Order], capacity: &Amounts) -> Result<(), BatchError> {
    if orders.is_empty() {
        return Err(BatchError::Nothing);
    }
    if orders.len() > ORDERS_MAX {
        return Err(BatchError::TooMany(orders.len()));
    }
    let mut names = HashSet::new();
    for o in orders {
        let order = || o.name.clone();
        if !names.insert(o.name.as_str()) {
            return Err(BatchError::Name(order()));
        }
        if o.bins.is_empty() {
            return Err(BatchError::Empty(order()));
        }
        if o.bins.len() > PICKS_MAX {
            return Err(BatchError::Picks { order: order(), picks: o.bins.len() });
        }
        for ((amount, what), most) in amounts(o).into_iter().zip(NAMES).zip(*capacity) {
            if !(0..=AMOUNT_MAX).contains(&amount) {
                return Err(BatchError::Amount { order: order(), what, amount });
            }
            if amount > most {
                return Err(BatchError::TooLarge { order: order(), what, amount, most });
            }
        }
        if let Some(amount) = o.due_ms.filter(|due| !(0..=AMOUNT_MAX).contains(due)) {
            return Err(BatchError::Amount { order: order(), what: "due_ms", amount });
        }
    }
    Ok(())
}

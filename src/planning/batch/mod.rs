//! Batches: which orders are picked on one walk, so that all walks together are as short as possible.
//!
//! A batch keeps within what a cart holds. Where orders are due, lateness comes first and the length second. Every length is that
//! of a provably shortest walk, wherever the planner of tours proves it.
//!
//! The search is made of steps, has a seed, and keeps the best batches so far; whoever calls it keeps the time. It first makes batches by
//! rule (one after the other, by seed orders, by savings), then improves them by very many small changes
//! (`anneal`), and by column generation (`master`): a linear program says what each order is worth, batches that cost less than their
//! orders are worth are looked for, and whole plans are dived for in the program. The same program gives the lower bound.
//!
//! Sources: Clarke and Wright, "Scheduling of vehicles from a central depot to a number of delivery points", Operations Research 12, 1964;
//! de Koster, van der Poort and Wolters, "Efficient orderbatching methods in warehouses", IJPR 37, 1999 (seeds and both savings);
//! Kirkpatrick, Gelatt and Vecchi, Science 220, 1983 (annealing); Gendreau, Hertz and Laporte, "A tabu search heuristic for the vehicle
//! routing problem", Management Science 40, 1994 (fines that adapt); Wahlen and Gschwind,
//! "Branch-price-and-cut-based solution of order batching problems", Transportation Science 57, 2023 (the program).

mod anneal;
mod block;
mod bound;
mod budget;
mod case;
mod dice;
mod due;
mod group;
mod lp;
mod master;
mod plan;
mod pool;
mod price;
mod repair;
mod rules;
mod search;

pub use plan::{Batch, Plan, Scale};
pub use rules::Rule;
pub use search::{Found, Search};

use super::tour::layout::{Bin, Corner};
use super::tour::{Site, TourError};

/// Most orders of one task.
pub const ORDERS_MAX: usize = 2_000;
/// Most picks of one order.
pub const PICKS_MAX: usize = 1_000;
/// Nothing that is counted, weighed or timed may be more than this.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// What an order takes of a cart, or what a cart holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Things.
    pub items: i64,
    /// Mass.
    pub weight_g: i64,
    /// Volume.
    pub volume_mm3: i64,
    /// Totes.
    pub totes: i64,
}

/// What one batch may hold; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Orders.
    pub orders: Option<i64>,
    /// Things.
    pub items: Option<i64>,
    /// Mass.
    pub weight_g: Option<i64>,
    /// Volume.
    pub volume_mm3: Option<i64>,
    /// Totes.
    pub totes: Option<i64>,
}

/// An order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// What people call it; unique.
    pub name: String,
    /// Where its items lie.
    pub bins: Vec<Bin>,
    /// What it takes of the cart.
    pub load: Load,
    /// When it must be back, from the beginning of the work.
    pub due_ms: Option<i64>,
}

/// How fast the work goes; asked only where orders are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many people pick, each with a cart.
    pub pickers: usize,
    /// How far one walks in a second.
    pub walk_mm_per_s: i64,
    /// What a pick takes, from stopping to going on.
    pub pick_ms: i64,
    /// What a batch takes before and after its walk.
    pub batch_ms: i64,
}

impl Default for Pace {
    /// One person who walks a metre in a second, takes ten seconds a pick and three minutes a batch.
    fn default() -> Pace {
        Pace { pickers: 1, walk_mm_per_s: 1_000, pick_ms: 10_000, batch_ms: 180_000 }
    }
}

/// What is to be shared out.
#[derive(Clone, Copy, Debug)]
pub struct Task<'s> {
    /// The warehouse.
    pub site: &'s Site,
    /// Where every walk begins.
    pub start: Corner,
    /// Where it ends.
    pub end: Corner,
    /// What a batch may hold.
    pub capacity: Capacity,
    /// How fast the work goes.
    pub pace: Pace,
    /// All orders.
    pub orders: &'s [Order],
}

/// Why there are no batches.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// No orders.
    #[error("there are no orders to share out")]
    Nothing,
    /// Too many of them.
    #[error("{0} orders are too many for one plan; it may have {ORDERS_MAX}")]
    TooMany(usize),
    /// Two orders of one name.
    #[error("two orders are called {0:?}")]
    Name(String),
    /// An order of which nothing is to be picked.
    #[error("order {0:?} has nothing to pick")]
    Empty(String),
    /// An order with too many picks.
    #[error("order {order:?} has {picks} picks; it may have {PICKS_MAX}")]
    Picks {
        /// Which.
        order: String,
        /// How many.
        picks: usize,
    },
    /// An amount that cannot be.
    #[error("order {order:?}: {what} is {amount}; it may be 0 to {AMOUNT_MAX}")]
    Amount {
        /// Which.
        order: String,
        /// Of what: `weight_g`.
        what: &'static str,
        /// How much is told.
        amount: i64,
    },
    /// An order that no cart holds.
    #[error("order {order:?} has {amount} {what}, a batch holds {most}")]
    TooLarge {
        /// Which.
        order: String,
        /// Of what: `weight_g`.
        what: &'static str,
        /// How much it has.
        amount: i64,
        /// How much a batch holds.
        most: i64,
    },
    /// A capacity or a pace that cannot be.
    #[error("{what} is {amount}; it may be {least} to {AMOUNT_MAX}")]
    Setting {
        /// Of what: `capacity items`.
        what: &'static str,
        /// How much is told.
        amount: i64,
        /// The least it may be.
        least: i64,
    },
    /// No walk for an order, even alone.
    #[error("order {order:?}: {source}")]
    Walk {
        /// Which.
        order: String,
        /// Why.
        source: TourError,
    },
}

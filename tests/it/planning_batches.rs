//! Batches: every order once, within the cart, walks as short as an independent search says, plans as short as any of all plans in little
//! cases, and a bound that no plan goes below.

use crate::planning_kit::{Chance, Rules, bin, corner, layout, least};
use packbench::planning::batch::{BatchError, Capacity, Load, Order, Pace, Plan, Rule, Search, Task};
use packbench::planning::tour::layout::{Bin, Corner, Even, Layout};
use packbench::planning::tour::{Planner, Site};
use std::collections::BTreeMap;

/// Which share of so many steps is done.
fn of(all: u64) -> impl FnMut(u64) -> f64 {
    move |steps| steps as f64 / all as f64
}

/// A task with everything it borrows.
struct Made {
    site: Site,
    start: Corner,
    end: Corner,
    capacity: Capacity,
    pace: Pace,
    orders: Vec<Order>,
}

impl Made {
    fn task(&self) -> Task<'_> {
        let Made { start, end, capacity, pace, .. } = *self;
        Task { site: &self.site, start, end, capacity, pace, orders: &self.orders }
    }

    fn planned(&self, steps: u64, seed: u64) -> Plan {
        let mut search = Search::new(self.task(), seed).unwrap();
        search.run(1.0, &mut of(steps));
        search.plan()
    }

    /// Does a batch keep within the cart?
    fn holds(&self, orders: &[usize]) -> bool {
        let sum = |what: fn(&Load) -> i64| orders.iter().map(|o| what(&self.orders[*o].load)).sum::<i64>();
        let c = &self.capacity;
        c.orders.is_none_or(|most| orders.len() as i64 <= most)
            && c.items.is_none_or(|most| sum(|l| l.items) <= most)
            && c.weight_g.is_none_or(|most| sum(|l| l.weight_g) <= most)
            && c.volume_mm3.is_none_or(|most| sum(|l| l.volume_mm3) <= most)
            && c.totes.is_none_or(|most| sum(|l| l.totes) <= most)
    }

    fn bins(&self, orders: &[usize]) -> Vec<Bin> {
        orders.iter().flat_map(|o| self.orders[*o].bins.iter().copied()).collect()
    }

    /// Every order once, carts kept, walks true.
    fn check(&self, plan: &Plan) {
        let mut all: Vec<usize> = plan.batches.iter().flat_map(|b| b.orders.iter().copied()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..self.orders.len()).collect::<Vec<_>>(), "every order once");
        let mut planner = Planner::new();
        for batch in &plan.batches {
            assert!(self.holds(&batch.orders), "{:?} is too much for a cart", batch.orders);
            let bins = self.bins(&batch.orders);
            let walk = planner.shortest(&self.site, self.start, self.end, &bins).unwrap();
            assert_eq!(batch.walk.length_mm, walk.length_mm, "the planner of tours says the same");
            let mut taken: Vec<usize> = batch.walk.taken.iter().map(|t| t.item).collect();
            taken.sort_unstable();
            assert_eq!(taken, (0..bins.len()).collect::<Vec<_>>());
        }
        assert_eq!(plan.length_mm, plan.batches.iter().map(|b| b.walk.length_mm).sum::<i64>());
        assert!(plan.least_mm <= plan.length_mm, "{} is less than the bound {}", plan.length_mm, plan.least_mm);
        assert!(plan.least_late_ms <= plan.late_ms);
    }
}

fn limit(c: &mut Chance, least: i64, more: usize) -> Option<i64> {
    (c.below(2) == 0).then(|| least + c.below(more) as i64)
}

/// A little task: orders of one to three picks.
fn little(seed: u64, rules: Rules, orders: usize, round: bool) -> Made {
    let mut c = Chance::new(seed);
    let layout = layout(&mut c, rules);
    let order = |c: &mut Chance, n: usize| {
        let bins: Vec<Bin> = (0..1 + c.below(3)).map(|_| bin(c, &layout)).collect();
        let items = bins.len() as i64;
        let load = Load {
            items,
            weight_g: c.below(500) as i64,
            volume_mm3: c.below(1_000_000) as i64,
            totes: 1 + c.below(2) as i64,
        };
        Order { name: n.to_string(), bins, load, due_ms: None }
    };
    let orders = (0..orders).map(|n| order(&mut c, n)).collect();
    let start = corner(&mut c, &layout);
    let end = if round { start } else { corner(&mut c, &layout) };
    let capacity = Capacity {
        orders: limit(&mut c, 1, 4),
        items: limit(&mut c, 3, 6),
        weight_g: limit(&mut c, 500, 1_000),
        volume_mm3: limit(&mut c, 1_000_000, 2_000_000),
        totes: limit(&mut c, 2, 4),
    };
    Made { site: Site::new(layout).unwrap(), start, end, capacity, pace: Pace::default(), orders }
}

/// One block as in the public instances, orders of so many picks.
fn block(seed: u64, orders: usize, picks: (usize, usize), capacity: i64) -> Made {
    let mut c = Chance::new(seed);
    let counts: Vec<usize> = (0..orders).map(|_| picks.0 + c.below(picks.1 - picks.0 + 1)).collect();
    block_of(&mut c, &counts, capacity)
}

/// Orders of so many picks anywhere in ten aisles.
fn block_of(c: &mut Chance, counts: &[usize], capacity: i64) -> Made {
    let sizes = Even { aisles: 10, cells: 45, aisle_mm: 5_000, cell_mm: 1_000, front_mm: 1_500, back_mm: 1_500 };
    let layout = Layout::even(sizes, &[]).unwrap();
    let order = |(n, count): (usize, &usize)| {
        let count = *count;
        let mut one = || Bin { aisle: c.below(10) as u16, cell: c.below(45) as u16, level: 1 };
        let bins: Vec<Bin> = (0..count).map(|_| one()).collect();
        let load = Load { items: count as i64, ..Load::default() };
        Order { name: n.to_string(), bins, load, due_ms: None }
    };
    let orders = counts.iter().enumerate().map(order).collect();
    let (start, capacity) =
        (Corner { aisle: 0, cross_aisle: 0 }, Capacity { items: Some(capacity), ..Capacity::default() });
    Made { site: Site::new(layout).unwrap(), start, end: start, capacity, pace: Pace::default(), orders }
}

/// The shortest plan of all, by looking at every way to share out the orders. Lengths by an independent search.
fn shortest_of_all(made: &Made) -> i64 {
    let count = made.orders.len();
    let mut lengths: BTreeMap<u32, Option<i64>> = BTreeMap::new();
    for set in 1..1_u32 << count {
        let orders: Vec<usize> = (0..count).filter(|o| set >> o & 1 == 1).collect();
        let length = made.holds(&orders).then(|| {
            let stops: Vec<Vec<Bin>> = made.bins(&orders).into_iter().map(|b| vec![b]).collect();
            let climb: i64 = stops.iter().map(|s| i64::from(s[0].level - 1) * made.site.layout().climb_mm).sum();
            least(made.site.layout(), made.start, made.end, &stops).map(|cost| cost - climb)
        });
        lengths.insert(set, length.flatten());
    }
    let mut best: Vec<Option<i64>> = vec![None; 1 << count];
    best[0] = Some(0);
    for set in 1..1_u32 << count {
        let first = 1 << set.trailing_zeros();
        let mut part = set;
        while part != 0 {
            if part & first != 0
                && let (Some(length), Some(rest)) = (lengths[&part], best[(set ^ part) as usize])
            {
                let all = length + rest;
                best[set as usize] = Some(best[set as usize].map_or(all, |b| b.min(all)));
            }
            part = (part - 1) & set;
        }
    }
    best[(1 << count) - 1].expect("each order alone is a plan")
}

#[test]
fn little_cases_are_planned_as_short_as_any_plan() {
    let rules = Rules { aisles_max: 5, cross_aisles_max: 3, one_way: false, blocked: false };
    let mut proven = 0;
    for seed in 0..40 {
        let made = little(seed, rules, 5, true);
        let plan = made.planned(30_000, seed);
        made.check(&plan);
        assert_eq!(plan.length_mm, shortest_of_all(&made), "seed {seed}");
        proven += usize::from(plan.proven);
    }
    assert!(proven >= 20, "only {proven} are proven");
}

#[test]
fn so_are_walks_that_end_elsewhere_and_one_way_aisles() {
    let open = Rules { aisles_max: 4, cross_aisles_max: 3, one_way: false, blocked: false };
    let ways = Rules { aisles_max: 4, cross_aisles_max: 3, one_way: true, blocked: true };
    let mut planned = 0;
    for seed in 0..60 {
        let made = little(seed, if seed % 2 == 0 { open } else { ways }, 4, false);
        let Ok(mut search) = Search::new(made.task(), seed) else { continue };
        search.run(1.0, &mut of(10_000));
        let plan = search.plan();
        made.check(&plan);
        assert_eq!(plan.length_mm, shortest_of_all(&made), "seed {seed}");
        planned += 1;
    }
    assert!(planned > 30, "only {planned} can be walked at all");
}

#[test]
fn plans_are_true_no_longer_than_by_rule_and_the_same_for_a_seed() {
    for (seed, orders, capacity) in [(1, 12, 30), (2, 30, 45), (3, 45, 60)] {
        let made = block(seed, orders, (5, 25), capacity);
        let mut search = Search::new(made.task(), seed).unwrap();
        search.run(1.0, &mut of(60_000));
        let plan = search.plan();
        made.check(&plan);
        assert_eq!(search.by_rule().len(), Rule::ALL.len());
        for (rule, mm) in search.by_rule() {
            assert!(plan.length_mm <= *mm, "{} walks {mm}, the plan {}", rule.name(), plan.length_mm);
        }
        assert_eq!(plan, made.planned(60_000, seed), "the same seed, the same plan");
    }
}

#[test]
fn a_search_learns_goes_on_and_stops_when_told() {
    let made = block(4, 30, (5, 25), 60);
    let mut search = Search::new(made.task(), 1).unwrap();
    let mut asked = 0;
    search.run(1.0, &mut |_| {
        asked += 1;
        if asked < 3 { 0.0 } else { 1.0 }
    });
    let early = search.plan();
    made.check(&early);
    search.run(1.0, &mut of(150_000));
    let late = search.plan();
    made.check(&late);
    assert!(late.length_mm <= early.length_mm && late.least_mm >= early.least_mm);
    let mut other = Search::new(made.task(), 2).unwrap();
    other.learn(&search.found());
    assert_eq!(other.plan().length_mm, late.length_mm);
    let mut none = Search::new(made.task(), 3).unwrap();
    none.run(1.0, &mut |_| 1.0);
    made.check(&none.plan());
}

#[test]
fn carts_that_all_must_be_full_are_filled() {
    let mut full = 0;
    for seed in 0..12 {
        // Each cart of 45 cut into three orders, in any order.
        let mut c = Chance::new(seed);
        let mut counts = Vec::new();
        for _ in 0..5 {
            let (one, other) = (5 + c.below(16), 5 + c.below(16));
            counts.extend([one, other, 45 - one - other]);
        }
        for n in (1..counts.len()).rev() {
            counts.swap(n, c.below(n + 1));
        }
        let made = block_of(&mut c, &counts, 45);
        let plan = made.planned(300_000, seed);
        made.check(&plan);
        full += usize::from(plan.batches.len() == 5);
    }
    assert!(full >= 7, "nothing is left over in any cart in {full} of 12 plans only");
}

#[test]
fn lateness_comes_first() {
    let mut late = (0, 0);
    for seed in 0..6 {
        let mut made = block(20 + seed, 14, (2, 8), 25);
        let easy = made.planned(20_000, 1);
        let mut c = Chance::new(seed);
        let span = easy.batches.iter().map(|b| b.done_ms).max().unwrap();
        for order in &mut made.orders {
            order.due_ms = Some(span / 3 + c.below(span as usize) as i64);
        }
        let mut search = Search::new(made.task(), 1).unwrap();
        search.run(1.0, &mut of(40_000));
        let plan = search.plan();
        made.check(&plan);
        // What is told of time is what the pace says.
        let (mut clock, mut sum) = (0, 0);
        for batch in &plan.batches {
            let picks = made.bins(&batch.orders).len() as i64;
            clock += batch.walk.length_mm + picks * 10_000 + 180_000;
            assert_eq!((batch.picker, batch.done_ms), (0, clock));
            sum += batch.orders.iter().map(|o| (clock - made.orders[*o].due_ms.unwrap()).max(0)).sum::<i64>();
        }
        assert_eq!(plan.late_ms, sum);
        // The plan that does not know what is due, in the best row by what is due first.
        let mut blind: Vec<(i64, i64, &[usize])> = easy
            .batches
            .iter()
            .map(|b| {
                let first = b.orders.iter().filter_map(|o| made.orders[*o].due_ms).min().unwrap();
                (first, b.walk.length_mm + made.bins(&b.orders).len() as i64 * 10_000 + 180_000, b.orders.as_slice())
            })
            .collect();
        blind.sort_unstable();
        let (mut clock, mut blindly) = (0, 0);
        for (_, takes, orders) in blind {
            clock += takes;
            blindly += orders.iter().map(|o| (clock - made.orders[*o].due_ms.unwrap()).max(0)).sum::<i64>();
        }
        late = (late.0 + plan.late_ms, late.1 + blindly);
    }
    assert!(late.0 < late.1, "{} ms late, without looking {}", late.0, late.1);
}

#[test]
fn what_cannot_be_shared_out_is_named() {
    let refused = |change: &dyn Fn(&mut Made)| {
        let mut made = block(1, 3, (2, 4), 10);
        change(&mut made);
        Search::new(made.task(), 1).err().expect("an error").to_string()
    };
    let name = "order \"1\"";
    assert_eq!(refused(&|m| m.orders.clear()), BatchError::Nothing.to_string());
    for (told, why) in [
        (refused(&|m| m.orders[1].bins.clear()), "nothing to pick"),
        (refused(&|m| m.orders[1].bins[0].aisle = 10), "the layout does not have"),
        (refused(&|m| m.orders[1].bins[0].cell = 45), "the layout does not have"),
        (refused(&|m| m.orders[1].load.items = 11), "11 items, a batch holds 10"),
        (refused(&|m| m.orders[1].load.weight_g = -1), "weight_g is -1"),
        (refused(&|m| m.orders[1].load.volume_mm3 = i64::MAX), "volume_mm3"),
        (refused(&|m| m.orders[1].due_ms = Some(-1)), "due_ms is -1"),
        (refused(&|m| m.orders[1].bins = vec![m.orders[0].bins[0]; 1_001]), "1001 picks"),
    ] {
        assert!(told.contains(name) && told.contains(why), "{told}");
    }
    assert!(refused(&|m| m.orders[1].name = "0".to_owned()).contains("two orders are called \"0\""));
    assert!(refused(&|m| m.capacity.items = Some(0)).contains("capacity items is 0"));
    assert!(refused(&|m| m.pace.walk_mm_per_s = 0).contains("walk_mm_per_s is 0"));
    assert!(refused(&|m| m.pace.pickers = 0).contains("pickers is 0"));
    assert!(refused(&|m| m.orders = vec![m.orders[0].clone(); 2_001]).contains("2001 orders are too many"));
    assert!(refused(&|m| m.start.aisle = 10).contains("order \"0\": the start of the walk"));
}

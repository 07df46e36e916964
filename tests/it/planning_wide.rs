//! Warehouses with eight and more rows, where no table lists all fronts: few places are put in the best order for sure, more in a good
//! one; nothing is called proven that is not, and the work is bounded.

use crate::planning_kit::{Chance, Rules, bin, check, corner, layout, least};
use packbench::planning::batch::{Capacity, Order, Pace, Search, Task};
use packbench::planning::tour::layout::{Aisle, Bin, Corner, CrossAisle, Layout, Way};
use packbench::planning::tour::{Effort, Planner, Policy, Site, TourError};
use std::time::{Duration, Instant};

const BENCH: Corner = Corner { aisle: 0, cross_aisle: 0 };
/// Far more than the work takes even where the build is slow and the machine busy; without a bound it was many minutes.
const LONG: Duration = Duration::from_secs(60);

/// Even aisles and cross-aisles, nine cells in each block; every second aisle leads up and the others down, if `one_way`.
fn grid(aisles: usize, cross_aisles: usize, one_way: bool) -> Layout {
    let ways = |n: usize| match (one_way, n % 2) {
        (false, _) => Vec::new(),
        (true, 0) => vec![Way::Back; cross_aisles - 1],
        (true, _) => vec![Way::Onward; cross_aisles - 1],
    };
    let aisle = |n: usize| Aisle { name: n.to_string(), x_mm: 3_000 * n as i64, ways: ways(n), closed: Vec::new() };
    Layout {
        aisles: (0..aisles).map(aisle).collect(),
        cross_aisles: (0..cross_aisles).map(|n| CrossAisle { y_mm: 10_000 * n as i64, ways: Vec::new() }).collect(),
        cells_mm: (0..cross_aisles as i64 - 1).flat_map(|b| (1..10).map(move |k| b * 10_000 + k * 1_000)).collect(),
        levels: 1,
        climb_mm: 0,
    }
}

fn bins(c: &mut Chance, site: &Site, count: usize) -> Vec<Bin> {
    (0..count).map(|_| Bin { level: 1, ..bin(c, site.layout()) }).collect()
}

fn single(bins: &[Bin]) -> Vec<Vec<Bin>> {
    bins.iter().map(|b| vec![*b]).collect()
}

/// Few places in wide warehouses with uneven ways, against all orders; gives how many had a walk.
fn compare(seed: u64, rules: Rules) -> usize {
    let (mut c, mut walks) = (Chance::new(seed), 0);
    for n in 0..60 {
        let made = loop {
            let made = layout(&mut c, rules);
            if made.aisles.len() >= 8 && made.cross_aisles.len() >= 8 {
                break made;
            }
        };
        let all: Vec<Bin> = (0..1 + c.below(7)).map(|_| bin(&mut c, &made)).collect();
        let (start, site) = (corner(&mut c, &made), Site::new(made).unwrap());
        let end = if n % 2 == 0 { start } else { corner(&mut c, site.layout()) };
        let effort = [Effort::Thorough, Effort::Quick, Effort::Brief][n % 3];
        match (
            Planner::with_effort(effort).shortest(&site, start, end, &all),
            least(site.layout(), start, end, &single(&all)),
        ) {
            (Ok(walk), Some(mm)) => {
                check(site.layout(), start, end, &single(&all), &walk);
                assert_eq!((walk.length_mm + walk.climb_mm, walk.proven), (mm, true), "seed {seed} case {n}");
                walks += 1;
            }
            (Err(TourError::NoWay { .. } | TourError::NoWayToEnd | TourError::Apart { .. }), None) => {}
            (got, want) => panic!("{got:?} instead of {want:?}, seed {seed} case {n}"),
        }
    }
    walks
}

#[test]
fn few_places_are_put_in_the_best_order() {
    let rules = Rules { aisles_max: 10, cross_aisles_max: 10, ..Rules::default() };
    assert_eq!(compare(41, rules), 60);
    assert!(compare(42, Rules { one_way: true, ..rules }) > 20);
    assert!(compare(43, Rules { blocked: true, ..rules }) > 20);
    assert!(compare(44, Rules { blocked: true, one_way: true, ..rules }) > 10);
}

#[test]
fn more_places_get_a_good_walk_in_bounded_time() {
    let mut c = Chance::new(5);
    for (aisles, cross_aisles, picks, one_way, round) in
        [(20, 8, 30, false, true), (40, 12, 40, true, false), (20, 20, 60, false, true), (20, 7, 30, true, true)]
    {
        let site = Site::new(grid(aisles, cross_aisles, one_way)).unwrap();
        let end = if round { BENCH } else { Corner { aisle: aisles as u16 - 1, cross_aisle: 0 } };
        let all = bins(&mut c, &site, picks);
        let begun = Instant::now();
        let walk = Planner::with_effort(Effort::Quick).shortest(&site, BENCH, end, &all).unwrap();
        assert!(begun.elapsed() < LONG, "{aisles} by {cross_aisles}: {:?}", begun.elapsed());
        check(site.layout(), BENCH, end, &single(&all), &walk);
        assert!(walk.least_mm * 3 > walk.length_mm * 2, "a bound that says something: {walk:?}");
        if !one_way {
            assert!(walk.least_mm * 100 >= walk.length_mm * 94, "{} and {}", walk.least_mm, walk.length_mm);
            let rule = Policy::Combined.walk(&site, BENCH, end, &all).unwrap();
            assert!(walk.length_mm < rule.length_mm, "the rule of thumb is longer");
        }
    }
}

#[test]
fn very_many_places_are_walked_too() {
    let mut c = Chance::new(6);
    for (one_way, picks) in [(false, 2_000), (true, 250)] {
        let site = Site::new(grid(12, 9, one_way)).unwrap();
        let all = bins(&mut c, &site, picks);
        for effort in [Effort::Quick, Effort::Brief] {
            let walk = Planner::with_effort(effort).shortest(&site, BENCH, BENCH, &all).unwrap();
            check(site.layout(), BENCH, BENCH, &single(&all), &walk);
        }
    }
}

#[test]
fn a_layout_that_is_refused_is_refused_at_once() {
    let mut made = grid(600, 100, false);
    made.cells_mm = (0..99).map(|n| n * 10_000 + 50).collect();
    made.aisles[0].ways = vec![Way::Onward; 99];
    let (mut c, site) = (Chance::new(7), Site::new(made).unwrap());
    let (all, end) = (bins(&mut c, &site, 3_000), Corner { aisle: 1, cross_aisle: 0 });
    let begun = Instant::now();
    let wide = Planner::new().shortest(&site, BENCH, end, &all);
    assert_eq!(wide, Err(TourError::TooWide { aisles: 600, cross_aisles: 100 }));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn stops_that_no_walk_has_together_are_found_among_thousands() {
    // One cross-aisle leads right only, the other one is blocked: whoever is on the right never comes back.
    let mut made = grid(600, 2, false);
    made.cross_aisles[0].ways = vec![Way::Onward; 599];
    made.cross_aisles[1].ways = vec![Way::Blocked; 599];
    for aisle in &mut made.aisles {
        aisle.ways = vec![Way::Both];
    }
    let (mut c, site) = (Chance::new(8), Site::new(made.clone()).unwrap());
    let (all, end) = (bins(&mut c, &site, 3_000), Corner { aisle: 599, cross_aisle: 0 });
    let begun = Instant::now();
    let walk = Planner::new().shortest(&site, BENCH, end, &all).unwrap();
    assert!(begun.elapsed() < LONG && walk.taken.len() == 3_000, "{:?}", begun.elapsed());
    // From the front of the last but one aisle either up that one or on to the last one and up there: both lead to the end only.
    made.aisles[598].ways = vec![Way::Onward];
    made.aisles[599].ways = vec![Way::Onward];
    made.cross_aisles[1].ways[598] = Way::Onward;
    let end = Corner { aisle: 599, cross_aisle: 1 };
    let site = Site::new(made).unwrap();
    let mut all: Vec<Bin> = all.into_iter().filter(|b| b.aisle < 598).collect();
    assert!(Planner::new().shortest(&site, BENCH, end, &all).is_ok());
    let count = all.len();
    all.extend([599, 598].map(|aisle| Bin { aisle, cell: 4, level: 1 }));
    let apart = Planner::new().shortest(&site, BENCH, end, &all);
    let Err(TourError::Apart { item, other }) = apart else { panic!("{apart:?}") };
    assert_eq!((item.min(other), item.max(other)), (count + 1, count + 2));
}

/// Orders in a wide warehouse, each with so many bins.
fn orders(c: &mut Chance, site: &Site, count: usize, picks: usize) -> Vec<Order> {
    let order = |n: usize, bins: Vec<Bin>| Order { name: n.to_string(), bins, ..Order::default() };
    (0..count).map(|n| order(n, bins(c, site, picks))).collect()
}

#[test]
fn batches_are_not_called_proven_by_lengths_that_are_not() {
    let mut c = Chance::new(9);
    let site = Site::new(grid(16, 16, false)).unwrap();
    for (count, picks, most) in [(1, 10, 1), (1, 30, 1), (2, 20, 1), (4, 8, 4), (3, 12, 2)] {
        let orders = orders(&mut c, &site, count, picks);
        let capacity = Capacity { orders: Some(most), ..Capacity::default() };
        let task = Task { site: &site, start: BENCH, end: BENCH, capacity, pace: Pace::default(), orders: &orders };
        let mut search = Search::new(task, 1).unwrap();
        search.run(1.0, &mut |steps| steps as f64 / 20_000.0);
        let plan = search.plan();
        // The same batches with walks planned with all effort: no bound may be above them.
        let length = |b: &packbench::planning::batch::Batch| {
            let all: Vec<Bin> = b.orders.iter().flat_map(|o| orders[*o].bins.iter().copied()).collect();
            Planner::new().length_mm(&site, BENCH, BENCH, &all).unwrap()
        };
        let thorough: i64 = plan.batches.iter().map(length).sum();
        assert!(plan.least_mm <= thorough, "{count} orders: {} above {thorough}", plan.least_mm);
        assert!(!plan.proven || plan.length_mm == thorough, "{count} orders: {} above {thorough}", plan.length_mm);
        assert!(plan.length_mm * 100 <= thorough * 103, "{count} orders: {} and {thorough}", plan.length_mm);
    }
}

#[test]
fn batches_keep_their_time_where_walks_are_much_work() {
    let site = Site::new(grid(12, 9, false)).unwrap();
    let orders = orders(&mut Chance::new(10), &site, 60, 15);
    let capacity = Capacity { orders: Some(4), ..Capacity::default() };
    let task = Task { site: &site, start: BENCH, end: BENCH, capacity, pace: Pace::default(), orders: &orders };
    let begun = Instant::now();
    let mut search = Search::new(task, 1).unwrap();
    search.run(1.0, &mut |_| begun.elapsed().as_secs_f64());
    let plan = search.plan();
    assert!(begun.elapsed() < LONG, "a second was asked for: {:?}", begun.elapsed());
    assert_eq!(plan.batches.iter().map(|b| b.orders.len()).sum::<usize>(), 60);
}

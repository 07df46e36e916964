//! Shortest walks in small warehouses of every kind, against walks found by trying all orders and all choices.

use crate::planning_kit::{Chance, Rules, bin, check, corner, layout, least};
use packbench::planning::tour::layout::{Bin, Corner, Even, Layout};
use packbench::planning::tour::{Planner, Policy, Site, TourError};

/// Plans in made warehouses and compares; gives how many had a walk.
#[track_caller]
fn compare(seed: u64, rounds: usize, rules: Rules, round_trip: bool) -> usize {
    let (mut c, mut planner, mut walks) = (Chance::new(seed), Planner::new(), 0);
    for n in 0..rounds {
        let made = layout(&mut c, rules);
        let bins: Vec<Bin> = (0..1 + c.below(7)).map(|_| bin(&mut c, &made)).collect();
        let start = corner(&mut c, &made);
        let end = if round_trip { start } else { corner(&mut c, &made) };
        let items: Vec<Vec<Bin>> = bins.iter().map(|b| vec![*b]).collect();
        let site = Site::new(made).unwrap();
        let what = format!("seed {seed} case {n}: {:?} {start:?} {end:?} {bins:?}", site.layout());
        match (planner.shortest(&site, start, end, &bins), least(site.layout(), start, end, &items)) {
            (Ok(walk), Some(mm)) => {
                check(site.layout(), start, end, &items, &walk);
                assert_eq!((walk.length_mm + walk.climb_mm, walk.proven), (mm, true), "{what}");
                assert_eq!(planner.length_mm(&site, start, end, &bins), Ok(walk.length_mm), "{what}");
                walks += 1;
            }
            (Err(TourError::NoWay { .. } | TourError::NoWayToEnd | TourError::Apart { .. }), None) => {}
            (got, want) => panic!("{got:?} instead of {want:?}, {what}"),
        }
    }
    walks
}

const PLAIN: Rules = Rules { aisles_max: 6, cross_aisles_max: 5, one_way: false, blocked: false };

#[test]
fn round_trips_with_one_to_four_blocks() {
    assert_eq!(compare(1, 1_000, PLAIN, true), 1_000);
}

#[test]
fn walks_that_end_elsewhere() {
    assert_eq!(compare(2, 600, PLAIN, false), 600);
}

#[test]
fn blocked_aisles_and_parts_of_aisles() {
    let rules = Rules { blocked: true, ..PLAIN };
    assert!(compare(3, 600, rules, true) > 200);
    assert!(compare(4, 600, rules, false) > 200);
}

#[test]
fn one_way_aisles() {
    let rules = Rules { one_way: true, aisles_max: 5, ..PLAIN };
    assert!(compare(5, 600, rules, true) > 200);
    assert!(compare(6, 600, rules, false) > 200);
}

#[test]
fn one_way_and_blocked_aisles() {
    let rules = Rules { one_way: true, blocked: true, aisles_max: 5, ..PLAIN };
    assert!(compare(7, 600, rules, true) > 50);
    assert!(compare(8, 600, rules, false) > 50);
}

/// Items in several bins each, compared with trying all.
fn compare_scattered(seed: u64, rounds: usize, rules: Rules) {
    let (mut c, mut planner) = (Chance::new(seed), Planner::new());
    for n in 0..rounds {
        let made = layout(&mut c, rules);
        let items: Vec<Vec<Bin>> =
            (0..1 + c.below(5)).map(|_| (0..1 + c.below(3)).map(|_| bin(&mut c, &made)).collect()).collect();
        let (start, end) = (corner(&mut c, &made), corner(&mut c, &made));
        let end = if c.below(2) == 0 { start } else { end };
        let site = Site::new(made).unwrap();
        let what = format!("seed {seed} case {n}: {:?} {start:?} {end:?} {items:?}", site.layout());
        match (planner.scattered(&site, start, end, &items), least(site.layout(), start, end, &items)) {
            (Ok(walk), Some(mm)) => {
                check(site.layout(), start, end, &items, &walk);
                assert_eq!((walk.length_mm + walk.climb_mm, walk.proven), (mm, true), "{what}");
            }
            (Err(TourError::NoWay { .. } | TourError::NoWayToEnd | TourError::Apart { .. }), None) => {}
            (got, want) => panic!("{got:?} instead of {want:?}, {what}"),
        }
    }
}

#[test]
fn scattered_storage_chooses_the_right_bins() {
    compare_scattered(11, 400, PLAIN);
    compare_scattered(12, 200, Rules { blocked: true, ..PLAIN });
}

#[test]
fn scattered_storage_with_one_way_aisles() {
    compare_scattered(13, 150, Rules { one_way: true, aisles_max: 4, cross_aisles_max: 4, blocked: false });
    compare_scattered(14, 100, Rules { one_way: true, aisles_max: 4, cross_aisles_max: 4, blocked: true });
}

#[test]
fn no_policy_is_shorter() {
    let (mut c, mut planner) = (Chance::new(21), Planner::new());
    let (mut walked, mut sums) = (0, [0; Policy::ALL.len()]);
    for _ in 0..600 {
        let made = layout(&mut c, Rules { aisles_max: 8, cross_aisles_max: 5, ..Rules::default() });
        let bins: Vec<Bin> = (0..1 + c.below(20)).map(|_| bin(&mut c, &made)).collect();
        let start = corner(&mut c, &made);
        let end = if c.below(3) == 0 { corner(&mut c, &made) } else { start };
        let items: Vec<Vec<Bin>> = bins.iter().map(|b| vec![*b]).collect();
        let site = Site::new(made).unwrap();
        let shortest = planner.shortest(&site, start, end, &bins).unwrap();
        for (sum, policy) in sums.iter_mut().zip(Policy::ALL) {
            match policy.walk(&site, start, end, &bins) {
                Ok(walk) => {
                    check(site.layout(), start, end, &items, &walk);
                    assert!(walk.length_mm >= shortest.length_mm, "{policy:?} {bins:?}");
                    walked += 1;
                    *sum += walk.length_mm;
                }
                Err(TourError::Policy { .. }) => assert!(site.layout().cross_aisles.len() > 2, "{policy:?}"),
                Err(e) => panic!("{e}"),
            }
        }
    }
    assert!(walked > 1_800, "{walked}");
    assert!(sums[3] < sums[0], "the combined policy is better than the S-shape: {sums:?}");
}

/// One block of three aisles, 1 m from cell to cell and 3 m from aisle to aisle: lengths that can be checked by hand.
#[test]
fn policies_by_hand() {
    let sizes = Even { aisles: 3, cells: 9, aisle_mm: 3_000, cell_mm: 1_000, front_mm: 1_000, back_mm: 1_000 };
    let site = Site::new(Layout::even(sizes, &[]).unwrap()).unwrap();
    let bench = Corner { aisle: 0, cross_aisle: 0 };
    // Aisle 0 at 2 m, aisle 1 at 1 m and 9 m, aisle 2 at 3 m; an aisle is 10 m long.
    let bins = [(0, 1), (1, 0), (1, 8), (2, 2)].map(|(aisle, cell)| Bin { aisle, cell, level: 1 });
    let metres = |policy: Policy| policy.walk(&site, bench, bench, &bins).unwrap().length_mm / 1_000;
    assert_eq!(metres(Policy::SShape), 10 + 3 + 10 + 3 + 6 + 6, "two through, the last in and out");
    assert_eq!(metres(Policy::Return), 4 + 3 + 18 + 3 + 6 + 6);
    assert_eq!(metres(Policy::LargestGap), 10 + 3 + 2 + 3 + 10 + 3 + 2 + 3);
    assert_eq!(metres(Policy::Midpoint), 10 + 3 + 2 + 3 + 10 + 3 + 2 + 3);
    assert_eq!(metres(Policy::Combined), 4 + 3 + 10 + 3 + 10 + 6);
    let least = Planner::new().shortest(&site, bench, bench, &bins).unwrap();
    assert_eq!(least.length_mm / 1_000, 36);
}

/// More aisles and cross-aisles than there are tables for: a walk comes all the same, with what is known of the shortest one.
#[test]
fn many_aisles_and_many_cross_aisles() {
    let (mut c, mut planner) = (Chance::new(31), Planner::new());
    for blocks in [9, 30] {
        let sizes = Even { aisles: 20, cells: 90, aisle_mm: 3_000, cell_mm: 1_000, front_mm: 1_000, back_mm: 1_000 };
        let cuts: Vec<usize> = (1..blocks).map(|b| b * 90 / blocks).collect();
        let site = Site::new(Layout::even(sizes, &cuts).unwrap()).unwrap();
        let bins: Vec<Bin> = (0..4).map(|_| bin(&mut c, site.layout())).map(|b| Bin { level: 1, ..b }).collect();
        let items: Vec<Vec<Bin>> = bins.iter().map(|b| vec![*b]).collect();
        let start = Corner { aisle: 0, cross_aisle: 0 };
        let walk = planner.shortest(&site, start, start, &bins).unwrap();
        check(site.layout(), start, start, &items, &walk);
        let mm = least(site.layout(), start, start, &items).unwrap();
        assert!(walk.least_mm <= mm && mm <= walk.length_mm && walk.length_mm <= mm * 3 / 2, "{mm} {walk:?}");
    }
    // Few aisles and many cross-aisles: the grid is laid on its side, and the walk is proven.
    let sizes = Even { aisles: 4, cells: 90, aisle_mm: 3_000, cell_mm: 1_000, front_mm: 1_000, back_mm: 1_000 };
    let cuts: Vec<usize> = (1..30).map(|b| b * 3).collect();
    let site = Site::new(Layout::even(sizes, &cuts).unwrap()).unwrap();
    let bins: Vec<Bin> = (0..8).map(|_| Bin { level: 1, ..bin(&mut c, site.layout()) }).collect();
    let items: Vec<Vec<Bin>> = bins.iter().map(|b| vec![*b]).collect();
    let (start, end) = (Corner { aisle: 1, cross_aisle: 7 }, Corner { aisle: 3, cross_aisle: 30 });
    let walk = planner.shortest(&site, start, end, &bins).unwrap();
    check(site.layout(), start, end, &items, &walk);
    assert_eq!((Some(walk.length_mm), walk.proven), (least(site.layout(), start, end, &items), true));
}

//! The walk through the shelves against proven shortest walks, and against walks found by trying all.

use flate2::read::GzDecoder;
use packbench::core::stock::{Floor, Location, LocationKind, Side};
use packbench::planning::tour::layout::{Bin, Corner, Even, Layout};
use packbench::planning::tour::{Planner, Point, Policy, Site, Tour, bench, length, spot, tour};
use std::io::{BufRead, BufReader};

fn floor(aisles: u16, bays: u16, bench_aisle: u16) -> Floor {
    let aisle_names = (0..aisles).map(|a| a.to_string()).collect();
    Floor { aisle_names, bays, bay_mm: 1_000, aisle_mm: 3_000, head_mm: 1_000, bench_aisle, plan: None }
}

fn place(aisle: u16, bay: u16) -> Location {
    Location { code: format!("{aisle}-{bay}"), kind: LocationKind::Bin, aisle, bay, level: 1, side: Side::Left }
}

fn plan(floor: &Floor, stops: &[(u16, u16)]) -> Tour {
    let places: Vec<Location> = stops.iter().map(|(a, b)| place(*a, *b)).collect();
    let t = tour(floor, &places.iter().collect::<Vec<_>>());
    check(floor, &places, &t);
    t
}

/// A walk that cannot be walked, or leaves a stop out, is none.
fn check(floor: &Floor, places: &[Location], t: &Tour) {
    let mut visited = t.order.clone();
    visited.extend(&t.off_map);
    visited.sort_unstable();
    assert_eq!(visited, (0..places.len()).collect::<Vec<_>>(), "every stop once");
    assert_eq!(t.length_mm, length(&t.path));
    if t.order.is_empty() {
        assert!(t.path.is_empty());
        return;
    }
    assert_eq!((t.path.first(), t.path.last()), (Some(&bench(floor)), Some(&bench(floor))));
    let depth = i64::from(floor.head_mm) * 2 + (i64::from(floor.bays) - 1) * i64::from(floor.bay_mm);
    for leg in t.path.windows(2) {
        let along_aisle = leg[0].x_mm == leg[1].x_mm;
        let along_cross = leg[0].y_mm == leg[1].y_mm && (leg[0].y_mm == 0 || leg[0].y_mm == depth);
        assert!(along_aisle || along_cross, "through a shelf: {leg:?}");
    }
    // The stops come along the line in the order that is told.
    let mut from = 0;
    for i in &t.order {
        let p = spot(floor, &places[*i]).unwrap();
        from += t.path[from..].windows(2).position(|leg| between(p, leg[0], leg[1])).expect("a stop off the line");
    }
}

fn between(p: Point, a: Point, b: Point) -> bool {
    let within = |v: i64, x: i64, y: i64| x.min(y) <= v && v <= x.max(y);
    within(p.x_mm, a.x_mm, b.x_mm) && within(p.y_mm, a.y_mm, b.y_mm)
}

#[test]
fn proven_shortest_walks() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/routing/sprp_even_seeds.jsonl.gz");
    let lines = BufReader::new(GzDecoder::new(std::fs::File::open(path).unwrap())).lines();
    let mut count = 0;
    for line in lines {
        let v: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let number = |key: &str| v[key].as_f64().unwrap();
        assert_eq!(
            ["aisle_to_aisle", "cell_to_cell", "top_to_cell", "bottom_to_cell", "to_depot"].map(number),
            [3.0, 1.0, 1.0, 1.0, 0.0]
        );
        let cells = v["cells"].as_u64().unwrap() as u16;
        let f = floor(v["aisles"].as_u64().unwrap() as u16, cells, v["depot_aisle"].as_u64().unwrap() as u16);
        let stops: Vec<(u16, u16)> = v["picks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| {
                let (aisle, cell) = (p[0].as_u64().unwrap() as u16, p[1].as_u64().unwrap() as u16);
                // Cell 0 is at the top; our front is where the depot is.
                (aisle, if v["depot"] == "bottom" { cells - 1 - cell } else { cell })
            })
            .collect();
        let want = (number("optimum_single_block") * 1_000.0).round() as i64;
        assert_eq!(plan(&f, &stops).length_mm, want, "{}", v["name"]);
        count += 1;
    }
    assert_eq!(count, 1_200);
}

#[test]
fn proven_shortest_walks_with_a_middle_cross_aisle() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/routing/sprp_even_seeds.jsonl.gz");
    let lines = BufReader::new(GzDecoder::new(std::fs::File::open(path).unwrap())).lines();
    let (mut planner, mut count) = (Planner::new(), 0);
    for line in lines {
        let v: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let number = |v: &serde_json::Value| v.as_u64().unwrap() as u16;
        let (aisles, cells) = (number(&v["aisles"]), number(&v["cells"]));
        let (aisle_mm, end_mm) = (3_000, 1_000);
        let sizes = Even {
            aisles: usize::from(aisles),
            cells: usize::from(cells),
            aisle_mm,
            cell_mm: 1_000,
            front_mm: end_mm,
            back_mm: end_mm,
        };
        let layout = Layout::even(sizes, &[usize::from(cells - cells / 2)]).unwrap();
        let depot = Corner { aisle: number(&v["depot_aisle"]), cross_aisle: if v["depot"] == "top" { 2 } else { 0 } };
        let picks = v["picks"].as_array().unwrap();
        // Cell 0 is at the top; here cells count from the bottom.
        let bins: Vec<Bin> =
            picks.iter().map(|p| Bin { aisle: number(&p[0]), cell: cells - 1 - number(&p[1]), level: 1 }).collect();
        let items: Vec<Vec<Bin>> = bins.iter().map(|b| vec![*b]).collect();
        let site = Site::new(layout).unwrap();
        let walk = planner.shortest(&site, depot, depot, &bins).unwrap();
        crate::planning_kit::check(site.layout(), depot, depot, &items, &walk);
        let want = (v["optimum_two_block"].as_f64().unwrap() * 1_000.0).round() as i64;
        assert_eq!((walk.length_mm, walk.proven), (want, true), "{}", v["name"]);
        for policy in [Policy::SShape, Policy::LargestGap, Policy::Combined] {
            assert!(policy.walk(&site, depot, depot, &bins).unwrap().length_mm >= want, "{policy:?}");
        }
        count += 1;
    }
    assert_eq!(count, 1_200);
}

/// Shortest closed walk over all orders of stops, by trying them all.
fn by_trying(f: &Floor, stops: &[(u16, u16)]) -> i64 {
    let depth = i64::from(f.head_mm) * 2 + (i64::from(f.bays) - 1) * i64::from(f.bay_mm);
    let way = |a: Point, b: Point| {
        if a.x_mm == b.x_mm {
            return (a.y_mm - b.y_mm).abs();
        }
        (a.x_mm - b.x_mm).abs() + (a.y_mm + b.y_mm).min(2 * depth - a.y_mm - b.y_mm)
    };
    fn best(at: Point, left: &mut Vec<Point>, home: Point, way: &dyn Fn(Point, Point) -> i64) -> i64 {
        if left.is_empty() {
            return way(at, home);
        }
        let mut shortest = i64::MAX;
        for i in 0..left.len() {
            let next = left.swap_remove(i);
            shortest = shortest.min(way(at, next) + best(next, left, home, way));
            left.push(next);
            let end = left.len() - 1;
            left.swap(i, end);
        }
        shortest
    }
    let mut left: Vec<Point> = stops.iter().map(|(a, b)| spot(f, &place(*a, *b)).unwrap()).collect();
    if left.is_empty() { 0 } else { best(bench(f), &mut left, bench(f), &way) }
}

#[test]
fn small_floors_by_trying_all_orders() {
    // A fixed little generator (Knuth's constants): the same floors every time.
    let mut seed = 42_u64;
    let mut next = |n: u16| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 33) % u64::from(n)) as u16
    };
    for _ in 0..1_500 {
        let (aisles, bays) = (1 + next(6), 1 + next(9));
        let mut f = floor(aisles, bays, next(aisles));
        f.aisle_mm = [700, 3_000, 9_000][usize::from(next(3))];
        f.head_mm = [100, 1_000, 2_500][usize::from(next(3))];
        let stops: Vec<(u16, u16)> = (0..next(6)).map(|_| (next(aisles), next(bays))).collect();
        assert_eq!(plan(&f, &stops).length_mm, by_trying(&f, &stops), "{f:?} {stops:?}");
    }
}

#[test]
fn corner_cases() {
    let f = floor(4, 10, 1);
    assert_eq!(plan(&f, &[]), Tour::default());
    let one = plan(&f, &[(1, 0)]);
    assert_eq!((one.length_mm, one.path.len()), (2_000, 3), "one step in, one step back");
    let far = plan(&f, &[(3, 0), (0, 0)]);
    assert_eq!(far.length_mm, 2 * 9_000 + 4_000);
    // Not on the map: named, not lost.
    let lost = plan(&f, &[(4, 0), (1, 3), (0, 10)]);
    assert_eq!((lost.order, lost.off_map), (vec![1], vec![0, 2]));
    assert_eq!(plan(&floor(0, 10, 0), &[(0, 0)]).off_map, [0]);
    assert_eq!(plan(&floor(3, 0, 0), &[(0, 0)]).off_map, [0]);
    // A bench outside the map stands at the last aisle.
    assert_eq!(bench(&floor(4, 10, 99)), Point { x_mm: 9_000, y_mm: 0 });
    assert_eq!(plan(&floor(4, 10, 99), &[(3, 0)]).length_mm, 2_000);
    // Before one shelf: left before right, low before high.
    let mut places = [place(1, 3), place(1, 3), place(1, 3)];
    places[0].side = Side::Right;
    places[1].level = 3;
    let t = tour(&f, &places.iter().collect::<Vec<_>>());
    assert_eq!(t.order, [2, 1, 0]);
}

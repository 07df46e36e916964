//! What cannot be planned is refused with a typed error that names the item; the packer can go on by hand.

use packbench::core::stock::{Floor, Location, LocationKind, Side};
use packbench::planning::tour::layout::{Aisle, Bin, Corner, CrossAisle, Even, Layout, LayoutError, Stretch, Way};
use packbench::planning::tour::{Planner, Policy, Site, TourError, Walk, tour};

const BENCH: Corner = Corner { aisle: 0, cross_aisle: 0 };
const SIZES: Even = Even { aisles: 3, cells: 9, aisle_mm: 3_000, cell_mm: 1_000, front_mm: 1_000, back_mm: 1_000 };

fn bin(aisle: u16, cell: u16) -> Bin {
    Bin { aisle, cell, level: 1 }
}

fn even() -> Layout {
    Layout::even(SIZES, &[5]).unwrap()
}

fn plan(layout: Layout, bins: &[Bin]) -> Result<Walk, TourError> {
    Planner::new().shortest(&Site::new(layout)?, BENCH, BENCH, bins)
}

#[test]
fn nothing_to_pick_and_too_much() {
    assert_eq!(plan(even(), &[]), Err(TourError::Nothing));
    let many = vec![bin(0, 0); packbench::planning::tour::ITEMS_MAX + 1];
    assert_eq!(plan(even(), &many), Err(TourError::TooMany(many.len())));
    assert_eq!(plan(even(), &many[1..]).unwrap().taken.len(), many.len() - 1);
    let site = Site::new(even()).unwrap();
    let planned = |items: &[Vec<Bin>]| Planner::new().scattered(&site, BENCH, BENCH, items).map(|w| w.length_mm);
    assert_eq!(planned(&[]), Err(TourError::Nothing));
    assert_eq!(planned(&[vec![bin(0, 0)], vec![]]), Err(TourError::NoBin(2)));
}

#[test]
fn an_unknown_bin_names_its_item() {
    for wrong in [bin(3, 0), bin(0, 9), Bin { aisle: 0, cell: 0, level: 0 }] {
        let e = plan(even(), &[bin(1, 1), wrong]).unwrap_err();
        assert_eq!(e, TourError::UnknownBin { item: 2, bin: wrong });
        assert!(e.to_string().contains("item 2"), "{e}");
    }
    let nowhere = Corner { aisle: 0, cross_aisle: 3 };
    let site = Site::new(even()).unwrap();
    let e = Planner::new().shortest(&site, BENCH, nowhere, &[bin(0, 0)]);
    assert_eq!(e, Err(TourError::UnknownCorner { end: "end", corner: nowhere }));
}

#[test]
fn a_bin_that_no_way_leads_to_names_its_item() {
    // The second block of aisle 2 begins at 6 m, its cells lie at 7, 8, 9 and 10 m.
    let mut layout = even();
    layout.aisles[2].closed.push(Stretch { from_mm: 7_500, to_mm: 8_500 });
    let e = plan(layout.clone(), &[bin(0, 0), bin(2, 5)]);
    assert_eq!(e.unwrap().length_mm, 26_000, "what lies before the blocked part is reached from its own side");
    let within = bin(2, 7);
    layout.aisles[2].closed[0] = Stretch { from_mm: layout.cells_mm[7] - 1, to_mm: layout.cells_mm[7] + 1 };
    assert_eq!(plan(layout.clone(), &[bin(0, 0), within]), Err(TourError::NoWay { item: 2, bin: within }));
    // Another bin of the same item will do.
    let site = Site::new(layout).unwrap();
    let walk = Planner::new().scattered(&site, BENCH, BENCH, &[vec![within, bin(1, 0)]]).unwrap();
    assert_eq!((walk.taken[0].bin, walk.proven), (bin(1, 0), true));
    // An aisle that only leads in: nobody comes back from its back cross-aisle.
    let mut trap = even();
    trap.cross_aisles[2].ways = vec![Way::Blocked; 2];
    trap.aisles[1].ways = vec![Way::Both, Way::Onward];
    assert_eq!(plan(trap, &[bin(1, 8)]), Err(TourError::NoWay { item: 1, bin: bin(1, 8) }));
    // A cut-off end.
    let mut island = even();
    for cross in &mut island.cross_aisles {
        cross.ways = vec![Way::Both, Way::Blocked];
    }
    let far = Corner { aisle: 2, cross_aisle: 0 };
    let site = Site::new(island).unwrap();
    let e = Planner::new().shortest(&site, BENCH, far, &[bin(0, 0)]);
    assert!(matches!(e, Err(TourError::NoWay { item: 1, .. } | TourError::NoWayToEnd)), "{e:?}");
}

#[test]
fn zero_and_absurd_sizes() {
    let with = |change: &dyn Fn(&mut Even)| {
        let mut sizes = SIZES;
        change(&mut sizes);
        Layout::even(sizes, &[]).unwrap_err()
    };
    assert!(matches!(with(&|s| s.aisles = 0), LayoutError::Count { what: "aisles", count: 0, .. }));
    assert!(matches!(with(&|s| s.cells = 0), LayoutError::Count { count: 0, .. }));
    assert!(matches!(with(&|s| s.cells = usize::MAX), LayoutError::Count { .. }));
    assert!(matches!(with(&|s| s.aisle_mm = 0), LayoutError::Length { mm: 0, .. }));
    assert!(matches!(with(&|s| s.cell_mm = -1), LayoutError::Length { mm: -1, .. }));
    assert!(matches!(with(&|s| s.aisle_mm = i64::MAX), LayoutError::Length { .. }));
    assert!(matches!(with(&|s| s.front_mm = i64::MIN), LayoutError::Length { .. }));
    let e = with(&|s| s.aisle_mm = 15_000_000);
    assert_eq!(e, LayoutError::Length { what: "aisle", number: 3, mm: 30_000_000, least: 0 });
    assert!(e.to_string().contains("aisle 3"), "{e}");
    let mut layout = even();
    layout.levels = 0;
    assert!(matches!(layout.check(), Err(LayoutError::Count { what: "levels", .. })));
}

/// Rows that come back to themselves, doubled names, directions that do not fit.
#[test]
fn layouts_that_run_in_a_circle_are_none() {
    let mut layout = even();
    layout.aisles[2].x_mm = layout.aisles[0].x_mm;
    assert_eq!(Site::new(layout).err(), Some(LayoutError::Order { what: "aisle", number: 3, mm: 0 }));
    let mut layout = even();
    layout.cross_aisles.push(CrossAisle { y_mm: 0, ways: Vec::new() });
    assert_eq!(layout.check(), Err(LayoutError::Order { what: "cross-aisle", number: 4, mm: 0 }));
    let mut layout = even();
    layout.cells_mm.swap(0, 8);
    assert!(matches!(layout.check(), Err(LayoutError::Order { what: "cell", number: 2, .. })));
    let mut layout = even();
    layout.cells_mm.push(99_000);
    assert_eq!(layout.check(), Err(LayoutError::Outside(10)));
    let mut layout = even();
    layout.aisles[1].name = "0".to_owned();
    assert_eq!(layout.check(), Err(LayoutError::Name("0".to_owned())));
    let mut layout = even();
    layout.aisles[1].ways = vec![Way::Onward];
    assert_eq!(layout.check(), Err(LayoutError::Ways { what: "aisle", number: 2, count: 1, wanted: 2 }));
    let mut layout = even();
    layout.aisles[1].closed.push(Stretch { from_mm: 5, to_mm: 5 });
    assert!(matches!(layout.check(), Err(LayoutError::Length { number: 2, .. })));
    let one = Layout { aisles: vec![Aisle::default()], cells_mm: vec![0], levels: 1, ..Layout::default() };
    assert!(matches!(one.check(), Err(LayoutError::Count { what: "cross-aisles", count: 0, .. })));
}

#[test]
fn a_policy_says_what_it_is_not_made_for() {
    let site = Site::new(even()).unwrap();
    let e = Policy::Return.walk(&site, BENCH, BENCH, &[bin(0, 0)]).unwrap_err();
    assert_eq!(e, TourError::Policy { policy: "return", why: "more than one block" });
    let mut layout = even();
    layout.aisles[0].ways = vec![Way::Onward, Way::Both];
    let site = Site::new(layout).unwrap();
    let e = Policy::SShape.walk(&site, BENCH, BENCH, &[bin(0, 0)]).unwrap_err();
    assert_eq!(e.to_string(), "the policy s_shape is not defined for one-way or blocked aisles");
    assert_eq!(Policy::SShape.walk(&site, BENCH, BENCH, &[]), Err(TourError::Nothing));
}

/// A station's drawn floor with sizes that cannot be: the stops are told as not on the map, none is lost.
#[test]
fn a_floor_that_cannot_be_leaves_the_packer_the_codes() {
    let place =
        |bay| Location { code: format!("A-{bay}"), kind: LocationKind::Bin, aisle: 0, bay, level: 1, side: Side::Left };
    let stops = [place(3), place(1)];
    for (bay_mm, aisle_mm) in [(0, 3_000), (-5, 3_000), (1_000, 0)] {
        let floor = Floor {
            aisle_names: vec!["A".into(), "B".into()],
            bays: 9,
            bay_mm,
            aisle_mm,
            head_mm: 500,
            bench_aisle: 0,
            plan: None,
        };
        let t = tour(&floor, &stops.iter().collect::<Vec<_>>());
        assert_eq!((t.order, t.off_map, t.length_mm), (vec![], vec![0, 1], 0));
    }
}

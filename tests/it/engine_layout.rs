//! A station that was told the site's plan: its walk goes by cross-aisles, one-way and blocked aisles and ends where the plan says, and a
//! shelf that nobody gets to does not keep the packer from the others.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::stock::{Location, LocationKind, Side};
use packbench::engine::input::Ui;
use packbench::engine::view::{PickView, StageView};
use packbench::planning::tour::{length, tour};
use packbench::protocol::domain;
use packbench::protocol::wire::layout::{
    AisleRecord, CornerRecord, CrossAisleRecord, LayoutRecord, PlanRecord, WayRecord,
};
use packbench::protocol::wire::{Change, Put, SettingsRecord};

/// Two aisles of twenty bays with a cross-aisle behind the tenth.
fn plan() -> PlanRecord {
    let aisle = |name: &str, x_mm| AisleRecord { name: name.to_owned(), x_mm, ways: Vec::new(), closed_mm: Vec::new() };
    let cross = |y_mm| CrossAisleRecord { y_mm, ways: Vec::new() };
    let front = (0..10).map(|n| 1_500 + n * 1_000);
    let back = (0..10).map(|n| 13_500 + n * 1_000);
    PlanRecord {
        layout: LayoutRecord {
            levels: 6,
            climb_mm: 0,
            cells_mm: front.chain(back).collect(),
            aisles: vec![aisle("A", 0), aisle("B", 4_000)],
            cross_aisles: vec![cross(0), cross(12_000), cross(24_000)],
        },
        start: CornerRecord { aisle: "B".to_owned(), cross_aisle: 0 },
        end: None,
    }
}

fn settings(plan: PlanRecord) -> SettingsRecord {
    let mut settings = world::settings();
    settings.version = 2;
    settings.map.plan = Some(plan);
    settings
}

/// What the packer sees of a pick of four shelves at the front of aisle A.
fn pick(plan: PlanRecord) -> PickView {
    let job = Job::new(1, &[(world::MUG, 2), (world::LAMP, 1), (world::PHONE, 1), (world::CREAM, 1)]);
    let mut s = Station::with_anna(&[job]);
    s.pull(vec![Change::Settings(Put::Upsert(Box::new(settings(plan))))]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Pick(_)));
    let StageView::Pick(view) = s.stage() else { unreachable!() };
    view
}

#[test]
fn the_walk_and_the_map_follow_the_plan() {
    let view = pick(plan());
    let map = view.map.expect("a floor");
    assert_eq!(map.way.first(), Some(&(4_000, 0)), "the bench stands before aisle B");
    assert_eq!(map.way.last(), Some(&(4_000, 0)));
    assert_eq!(view.location.map(|l| l.levels), Some(6));
    let made = map.floor.plan.as_ref().expect("the plan is what is drawn");
    assert_eq!(made.layout.cross_aisles.len(), 3);
    let elsewhere = PlanRecord { end: Some(CornerRecord { aisle: "A".to_owned(), cross_aisle: 1 }), ..plan() };
    let map = pick(elsewhere).map.expect("a floor");
    assert_eq!(map.way.last(), Some(&(0, 12_000)), "the walk ends at the middle cross-aisle");
    let mut one_way = plan();
    one_way.layout.aisles[0].ways = vec![WayRecord::Back, WayRecord::Both];
    let map = pick(one_way).map.expect("a floor");
    let back = map.way.iter().position(|p| *p == (0, 12_000)).expect("in by the middle cross-aisle");
    assert!(map.way[back..].contains(&(0, 0)), "and out at the front: {:?}", map.way);
}

#[test]
fn a_plan_that_cannot_be_leaves_what_is_drawn() {
    let mut crossed = plan();
    crossed.layout.cross_aisles[1].y_mm = 0;
    let mut nowhere = plan();
    nowhere.start.aisle = "Z".to_owned();
    for wrong in [crossed, nowhere] {
        let floor = domain::floor(&settings(wrong)).expect("the drawn aisles");
        assert_eq!((floor.plan.as_ref(), floor.bays), (None, 20));
    }
}

#[test]
fn a_shelf_that_nobody_gets_to_is_told_apart_and_the_others_are_walked() {
    let mut closed = plan();
    closed.layout.aisles[0].closed_mm = vec![(4_000, 7_000)];
    let floor = domain::floor(&settings(closed)).expect("a floor");
    let place = |aisle, bay| Location {
        code: format!("{aisle}-{bay}"),
        kind: LocationKind::Bin,
        aisle,
        bay,
        level: 99,
        side: Side::Left,
    };
    let stops = [place(0, 4), place(0, 1), place(1, 15), place(7, 0), place(0, 8)];
    let t = tour(&floor, &stops.iter().collect::<Vec<_>>());
    assert_eq!(t.off_map, vec![0, 3], "behind the bars, and in no aisle");
    let mut order = t.order.clone();
    order.sort_unstable();
    assert_eq!((order, t.length_mm), (vec![1, 2, 4], length(&t.path)));
    let on = |leg: &[packbench::planning::tour::Point], y: i64| {
        leg[0].x_mm == 0 && leg[1].x_mm == 0 && leg[0].y_mm.min(leg[1].y_mm) < y && y < leg[0].y_mm.max(leg[1].y_mm)
    };
    assert!(!t.path.windows(2).any(|leg| on(leg, 5_500)), "nobody walks through the bars: {:?}", t.path);
}

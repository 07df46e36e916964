//! Step 4: units are fetched in walking order, confirmed by shelf, item or touch.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::ids::LineNo;
use packbench::core::policy::PickConfirm;
use packbench::core::scan::Trace;
use packbench::core::session::decide::current_stop;
use packbench::core::session::event::PickHow;
use packbench::core::session::{Command, Event, Refusal, Step, Stop};
use packbench::core::stock::StockLevel;

fn picked(events: &[Event]) -> (u32, u32, Option<&str>, PickHow) {
    let Event::Picked { line, quantity, location, how, .. } = &events[0] else { panic!("{events:?}") };
    (line.0, *quantity, location.as_deref(), *how)
}

fn stop(location: &str, line: u32, quantity: u32) -> Stop {
    Stop { location: location.to_owned(), line: LineNo(line), quantity }
}

fn two_shelves() -> Bench {
    let mut w = World::new(&[(CLOCK, 5), (MUG, 1)]);
    w.tour = vec![stop("A-01", 1, 2), stop("B-02", 1, 3), stop("C-03", 2, 1)];
    Bench::open(w).to(Step::Pick)
}

#[test]
fn the_shelf_confirms_its_whole_stop() {
    let mut b = Bench::at(Step::Pick);
    assert_eq!(picked(&b.scan(shelf("A-01"))), (1, 2, Some("A-01"), PickHow::Shelf));
    assert_eq!(picked(&b.scan(shelf("A-02"))), (2, 1, Some("A-02"), PickHow::Shelf));
    assert_eq!(b.session.step, Step::Verify);
}

#[test]
fn another_shelf_is_refused_by_name() {
    let r = Bench::at(Step::Pick).scan_no(shelf("A-02"), "wrong-shelf");
    assert_eq!(r, Refusal::WrongShelf { needed: "A-01".to_owned(), scanned: "A-02".to_owned() });
}

#[test]
fn an_item_names_its_own_stop_in_any_order() {
    let mut b = two_shelves();
    assert_eq!(picked(&b.scan(item(MUG))), (2, 1, Some("C-03"), PickHow::Item));
    assert_eq!(picked(&b.scan(item(CLOCK))), (1, 2, Some("A-01"), PickHow::Item));
    assert_eq!(
        picked(&b.scan(item(CLOCK))),
        (1, 3, Some("B-02"), PickHow::Item),
        "the second shelf, not the first again"
    );
    assert_eq!(b.session.step, Step::Verify);
}

#[test]
fn an_empty_shelf_is_not_walked_to_again() {
    let mut b = two_shelves();
    b.ok(short(1, 2));
    let (next, n) = current_stop(&b.session, &b.world.tour).unwrap();
    assert_eq!((next.location.as_str(), n), ("B-02", 3));
    b.scan(shelf("B-02"));
    assert_eq!(b.session.to_pick(), 1);
}

#[test]
fn half_an_empty_shelf_leaves_the_rest_of_the_walk() {
    let mut b = two_shelves();
    b.scan(shelf("A-01"));
    b.ok(short(1, 1));
    assert_eq!(picked(&b.scan(shelf("B-02"))), (1, 2, Some("B-02"), PickHow::Shelf));
}

#[test]
fn touch_where_the_site_allows_it() {
    for command in [Command::TakeStop, Command::Continue] {
        let mut b = Bench::at(Step::Pick);
        assert_eq!(picked(&b.ok(command.clone())), (1, 2, Some("A-01"), PickHow::Touch));
        let mut strict = b.clone();
        strict.world.policy.pick = PickConfirm::Scan;
        strict.no(command, "not-allowed");
    }
}

#[test]
fn a_line_without_a_known_place_is_taken_by_touch_or_item() {
    let mut w = World::new(&[(CLOCK, 2), (MUG, 3)]).with_policy(|p| p.pick = PickConfirm::Scan);
    w.tour.clear();
    let mut b = Bench::open(w).to(Step::Pick);
    b.scan_no(shelf("A-01"), "not-now");
    assert_eq!(picked(&b.ok(Command::TakeStop)), (1, 2, None, PickHow::Touch));
    assert_eq!(picked(&b.scan(item(MUG))), (2, 3, None, PickHow::Item));
}

#[test]
fn wrong_and_superfluous_items_are_refused() {
    let mut b = Bench::at(Step::Pick);
    let Refusal::WrongItem { needed: Some(needed), scanned } = b.scan_no(item(STRANGER), "wrong-item") else {
        panic!()
    };
    assert_eq!((needed.sku.as_str(), needed.bin.as_deref(), scanned.sku.as_str()), ("P1", Some("A-01"), "P7"));
    b.scan(item(CLOCK));
    b.scan_no(item(CLOCK), "too-many");
    b.scan_no(item(999), "not-now");
    b.scan_no(unknown("?"), "unknown-code");
}

#[test]
fn a_held_lot_and_a_passed_date_stop_at_the_shelf() {
    let mut w = World::new(&[(MILK, 1)]);
    w.stock.levels[0].lot = Some("L-9".to_owned());
    w.stock.levels[0].held = true;
    let mut b = Bench::open(w).to(Step::Pick);
    b.scan_no(case(MILK, 1, lot("L-9")), "lot-held");
    b.scan_no(case(MILK, 1, Trace { expiry: Some(day("2026-03-09")), ..Trace::default() }), "past-date");
    b.scan(case(MILK, 1, Trace { expiry: Some(day("2026-03-10")), ..lot("L-1") }));
}

#[test]
fn a_shelf_with_nothing_but_a_held_lot_is_picked_from_by_nobody() {
    let mut w = World::new(&[(MILK, 2), (CLOCK, 1)]);
    w.stock.levels[0].lot = Some("L-9".to_owned());
    w.stock.held_lots = vec![(product(MILK), "L-9".to_owned())];
    let mut b = Bench::open(w).to(Step::Pick);
    b.scan_no(shelf("A-01"), "lot-held");
    b.scan_no(item(MILK), "lot-held");
    b.no(Command::TakeStop, "lot-held");
    // Another lot beside it may be taken; a barcode that names the held one is refused all the same.
    b.world.stock.levels.push(StockLevel { lot: Some("L-1".to_owned()), ..level(MILK, "A-01", 5) });
    b.scan_no(case(MILK, 1, lot("L-9")), "lot-held");
    assert_eq!(picked(&b.scan(shelf("A-01"))), (1, 2, Some("A-01"), PickHow::Shelf));
}

#[test]
fn the_way_on_from_a_held_shelf_is_to_report_it_short() {
    let mut w = World::new(&[(MILK, 2), (CLOCK, 1)]);
    w.stock.levels[0].lot = Some("L-9".to_owned());
    w.stock.levels[0].held = true;
    let mut b = Bench::open(w).to(Step::Pick);
    b.scan_no(shelf("A-01"), "lot-held");
    b.ok(short(1, 2));
    b.scan(shelf("A-02"));
    assert_eq!(b.session.step, Step::Verify);
}

#[test]
fn a_substitute_is_picked_in_its_own_number_and_not_from_the_walks_shelf() {
    let mut b = Bench::open(World::new(&[(MUG, 5)])).to(Step::Pick);
    b.scan_no(item(BLUE), "wrong-item");
    b.ok(substitute(1, BLUE, 2));
    assert_eq!(picked(&b.scan(item(BLUE))), (1, 2, None, PickHow::Item));
    let r = b.scan_no(item(BLUE), "too-many");
    assert!(matches!(r, Refusal::TooMany { wanted: 2, .. }), "{r:?}");
    assert_eq!((b.session.to_pick(), b.session.lines[0].picked_of(product(BLUE))), (3, 2));
    b.ok(Command::Undo);
    assert_eq!((b.session.to_pick(), b.session.lines[0].picked_of(product(BLUE))), (5, 0));
    assert_eq!(picked(&b.scan(item(BLUE))), (1, 2, None, PickHow::Item), "taken back, it may be taken again");
    b.scan_no(item(BLUE), "too-many");
    assert_eq!(picked(&b.scan(item(MUG))), (1, 3, Some("A-01"), PickHow::Item));
    assert_eq!(b.session.step, Step::Verify);
}

#[test]
fn each_line_takes_a_substitute_in_its_own_number() {
    let mut b = Bench::open(World::new(&[(MUG, 2), (MUG, 3)])).to(Step::Pick);
    b.ok(substitute(1, BLUE, 1));
    b.ok(substitute(2, BLUE, 2));
    assert_eq!(picked(&b.scan(item(BLUE))), (1, 1, None, PickHow::Item));
    assert_eq!(picked(&b.scan(item(BLUE))), (2, 2, None, PickHow::Item));
    b.scan_no(item(BLUE), "too-many");
    assert_eq!(b.session.to_pick(), 2);
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    the_shelf_confirms_its_whole_stop,
    another_shelf_is_refused_by_name,
    an_item_names_its_own_stop_in_any_order,
    an_empty_shelf_is_not_walked_to_again,
    half_an_empty_shelf_leaves_the_rest_of_the_walk,
    touch_where_the_site_allows_it,
    a_line_without_a_known_place_is_taken_by_touch_or_item,
    wrong_and_superfluous_items_are_refused,
    a_held_lot_and_a_passed_date_stop_at_the_shelf,
    a_shelf_with_nothing_but_a_held_lot_is_picked_from_by_nobody,
    the_way_on_from_a_held_shelf_is_to_report_it_short,
    a_substitute_is_picked_in_its_own_number_and_not_from_the_walks_shelf,
    each_line_takes_a_substitute_in_its_own_number,
];

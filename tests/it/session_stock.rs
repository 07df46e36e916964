//! Step 3: each line against the dated snapshot; the shelf has the last word.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::ids::LineNo;
use packbench::core::session::{Command, Event, Step};
use packbench::core::time::UtcMs;

fn shortfalls(b: &mut Bench) -> Vec<(LineNo, i64)> {
    let events = b.ok(Command::Continue);
    let Event::StockChecked { as_of, shortfalls } = &events[0] else { panic!("{events:?}") };
    assert_eq!((*as_of, b.session.step), (UtcMs(7), Step::Pick));
    shortfalls.clone()
}

#[test]
fn enough_is_no_shortfall() {
    assert!(shortfalls(&mut Bench::at(Step::Stock)).is_empty());
}

#[test]
fn a_shortfall_is_recorded_and_does_not_block() {
    let mut w = World::new(&[(CLOCK, 5), (MUG, 1)]);
    w.stock.levels[0].quantity = 2;
    assert_eq!(shortfalls(&mut Bench::open(w).to(Step::Stock)), [(LineNo(1), 2)]);
}

#[test]
fn lines_of_one_product_share_what_is_there() {
    let mut w = World::new(&[(CLOCK, 3), (CLOCK, 3)]);
    w.stock.levels = vec![level(CLOCK, "A-01", 4)];
    assert_eq!(shortfalls(&mut Bench::open(w).to(Step::Stock)), [(LineNo(2), 1)]);
}

#[test]
fn held_lots_and_negative_balances_are_not_there() {
    let mut w = World::new(&[(CLOCK, 2)]);
    w.stock.levels = vec![level(CLOCK, "A-01", -3), level(CLOCK, "A-02", 1), level(CLOCK, "A-03", 9)];
    w.stock.levels[2].held = true;
    assert_eq!(shortfalls(&mut Bench::open(w).to(Step::Stock)), [(LineNo(1), 1)]);
}

#[test]
fn what_is_promised_to_others_is_not_there_and_ones_own_promise_is() {
    for (allocated, short) in
        [(0, vec![]), (3, vec![]), (7, vec![]), (8, vec![(LineNo(1), 2)]), (20, vec![(LineNo(1), 0)])]
    {
        let mut w = World::new(&[(CLOCK, 3)]);
        w.stock.levels = vec![level(CLOCK, "A-01", 7)];
        w.stock.levels[0].allocated = allocated;
        assert_eq!(
            shortfalls(&mut Bench::open(w).to(Step::Stock)),
            short,
            "{allocated} of 7 are promised, 3 of them here"
        );
    }
}

#[test]
fn what_is_short_already_is_not_looked_for() {
    let mut w = World::new(&[(CLOCK, 5), (MUG, 1)]);
    w.stock.levels[0].quantity = 2;
    let mut b = Bench::open(w).to(Step::Stock);
    b.ok(short(1, 3));
    assert!(shortfalls(&mut b).is_empty());
}

#[test]
fn with_all_lines_settled_picking_is_passed() {
    let mut b = Bench::open(World::new(&[(CLOCK, 1), (MUG, 1)])).to(Step::Stock);
    b.ok(short(1, 1));
    b.ok(short(2, 1));
    b.no(Command::Continue, "is-held");
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    enough_is_no_shortfall,
    a_shortfall_is_recorded_and_does_not_block,
    lines_of_one_product_share_what_is_there,
    held_lots_and_negative_balances_are_not_there,
    what_is_promised_to_others_is_not_there_and_ones_own_promise_is,
    what_is_short_already_is_not_looked_for,
    with_all_lines_settled_picking_is_passed,
];

//! Another product from the allowed list goes instead, in its number and no more.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::scan::Trace;
use packbench::core::session::{Command, End, Refusal, Step};

fn mugs() -> Bench {
    Bench::open(World::new(&[(MUG, 3), (CLOCK, 1)])).to(Step::Verify)
}

#[test]
fn before_it_is_allowed_it_is_a_wrong_item() {
    mugs().scan_no(item(BLUE), "wrong-item");
}

#[test]
fn it_is_scanned_instead_up_to_its_number() {
    let mut b = mugs();
    b.ok(substitute(1, BLUE, 1));
    b.scan_no(case(BLUE, 2, Trace::default()), "case-too-big");
    b.scan(item(BLUE));
    b.scan_no(item(BLUE), "too-many");
    b.ok(substitute(1, BLUE, 1));
    b.scan(item(BLUE));
    b.scan(item(MUG));
    b.scan(item(CLOCK));
    let products: Vec<_> = b.session.parcel().units.iter().map(|u| (u.product.0.as_u128() - 0x1000, u.units)).collect();
    assert_eq!(products, [(BLUE, 2), (MUG, 1), (CLOCK, 1)]);
}

#[test]
fn what_was_picked_instead_is_what_the_box_takes() {
    let mut b = Bench::open(World::new(&[(MUG, 5)])).to(Step::Pick);
    b.ok(substitute(1, BLUE, 2));
    b.scan(item(BLUE));
    b.scan_no(item(BLUE), "too-many");
    b.ok(Command::Undo);
    b.scan(item(BLUE));
    b.scan(item(MUG));
    assert_eq!(b.session.step, Step::Verify);
    b.scan(case(BLUE, 2, Trace::default()));
    b.scan(case(MUG, 3, Trace::default()));
    // One of the substitutes breaks in the box: exactly one of them may be fetched again.
    let mut blue = Bench::open(World::new(&[(MUG, 2)])).to(Step::Pick);
    blue.ok(substitute(1, BLUE, 2));
    blue.scan(item(BLUE));
    blue.scan(case(BLUE, 2, Trace::default()));
    blue.ok(damaged(1, 1));
    assert_eq!((blue.session.step, blue.session.lines[0].picked_of(product(BLUE))), (Step::Pick, 1));
    blue.scan(item(BLUE));
    blue.scan(item(BLUE));
    assert_eq!(blue.session.step, Step::Pack);
}

#[test]
fn what_lies_in_the_box_instead_is_not_fetched_once_more() {
    let mut b = Bench::open(World::new(&[(MUG, 3)])).to(Step::Verify);
    b.ok(substitute(1, BLUE, 1));
    b.scan(item(BLUE));
    b.scan(case(MUG, 2, Trace::default()));
    b.ok(damaged(1, 1));
    assert_eq!(b.session.step, Step::Pick);
    b.scan_no(item(BLUE), "too-many");
    b.scan(shelf("A-01"));
}

#[test]
fn what_is_short_in_the_end_was_not_in_hand() {
    let mut b = Bench::open(World::new(&[(MUG, 2)])).to(Step::Pick);
    b.ok(substitute(1, BLUE, 2));
    b.scan(item(BLUE));
    b.ok(short(1, 1));
    assert_eq!(b.session.lines[0].picked_of(product(BLUE)), 1);
    b.scan(item(BLUE));
    assert_eq!(b.session.step, Step::Pack);
}

#[test]
fn the_parcel_weighs_what_is_really_in_it() {
    let mut b = Bench::open(World::new(&[(MUG, 1)])).to(Step::Verify);
    b.ok(substitute(1, BLUE, 1));
    b.scan(item(BLUE));
    let gate = packbench::core::session::decide::weigh::gate(&b.clone().to(Step::Weigh).session, &b.world.facts());
    assert_eq!(gate.expected_g.0, 230 + 250);
}

#[test]
fn only_from_the_list_and_not_more_than_wanted() {
    let mut b = mugs();
    let Refusal::NotASubstitute { item } = b.no(substitute(1, CLOCK, 1), "not-a-substitute") else { panic!() };
    assert_eq!(item.sku, "P1");
    b.no(substitute(1, 999, 1), "not-allowed");
    b.no(substitute(9, BLUE, 1), "nothing-to-count");
    for n in [0, 4] {
        assert_eq!(b.no(substitute(1, BLUE, n), "count-too-big"), Refusal::CountTooBig { max: 3 });
    }
}

#[test]
fn from_stock_to_verify_and_not_after() {
    for step in [Step::Stock, Step::Pick, Step::Verify] {
        Bench::at(step).ok(substitute(2, BLUE, 1));
    }
    for step in [Step::Review, Step::Pack, Step::Checklist, Step::Weigh, Step::Label, Step::Confirm, Step::Next] {
        Bench::at(step).no(substitute(2, BLUE, 1), "not-now");
    }
}

#[test]
fn a_complete_order_with_substitutes_is_complete() {
    let mut b = Bench::open(World::new(&[(MUG, 2)]).complete_only()).to(Step::Stock);
    b.ok(substitute(1, BLUE, 2));
    let mut b = b.to(Step::Verify);
    b.scan(case(BLUE, 2, Trace::default()));
    assert_eq!(b.session.step, Step::Pack);
    assert_eq!(b.finishes().unwrap().1, End::Packed);
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    before_it_is_allowed_it_is_a_wrong_item,
    it_is_scanned_instead_up_to_its_number,
    what_was_picked_instead_is_what_the_box_takes,
    what_lies_in_the_box_instead_is_not_fetched_once_more,
    what_is_short_in_the_end_was_not_in_hand,
    the_parcel_weighs_what_is_really_in_it,
    only_from_the_list_and_not_more_than_wanted,
    from_stock_to_verify_and_not_after,
    a_complete_order_with_substitutes_is_complete,
];

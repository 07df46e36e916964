//! "And three more of these": counting on a scan, within what the site allows.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::policy::CountPolicy;
use packbench::core::scan::Trace;
use packbench::core::session::event::VerifyHow;
use packbench::core::session::{Command, Event, Refusal, Step};

fn more(n: u32) -> Command {
    Command::Count { more: n }
}

fn mugs(n: u32, policy: CountPolicy) -> Bench {
    Bench::open(World::new(&[(MUG, n), (CLOCK, 1)]).with_policy(|p| p.count = policy)).to(Step::Verify)
}

#[test]
fn a_number_counts_more_of_what_was_scanned() {
    let mut b = mugs(6, CountPolicy::UpTo(200));
    b.no(more(5), "nothing-to-count");
    b.scan(item(MUG));
    let events = b.ok(more(5));
    assert!(matches!(events[0], Event::Verified { units: 5, how: VerifyHow::Count, gesture: None, .. }));
    b.scan(item(CLOCK));
    assert_eq!(b.session.step, Step::Pack);
}

#[test]
fn none_and_more_than_wanted_are_refused() {
    let mut b = mugs(6, CountPolicy::UpTo(200));
    b.scan(item(MUG));
    for n in [0, 6, u32::MAX] {
        assert_eq!(b.no(more(n), "count-too-big"), Refusal::CountTooBig { max: 5 });
    }
}

#[test]
fn one_scan_carries_no_more_than_the_site_allows_however_often_it_is_said() {
    let mut b = mugs(9, CountPolicy::UpTo(3));
    b.scan(item(MUG));
    assert_eq!(b.no(more(4), "count-too-big"), Refusal::CountTooBig { max: 3 });
    b.ok(more(2));
    assert_eq!(b.no(more(2), "count-too-big"), Refusal::CountTooBig { max: 1 });
    b.ok(more(1));
    assert_eq!(b.no(more(1), "count-too-big"), Refusal::CountTooBig { max: 0 });
    b.scan(item(MUG));
    b.ok(more(3));
}

#[test]
fn after_an_undo_nothing_is_counted_of_another_product_than_the_one_in_hand() {
    let mut b = mugs(4, CountPolicy::UpTo(200));
    b.scan(item(MUG));
    b.scan(item(CLOCK));
    b.ok(Command::Undo);
    b.no(more(2), "nothing-to-count");
    b.scan(item(MUG));
    b.ok(more(2));
}

#[test]
fn a_site_that_scans_each_unit_refuses_numbers() {
    let mut b = mugs(2, CountPolicy::Never);
    b.scan(item(MUG));
    b.no(more(1), "not-allowed");
}

#[test]
fn nothing_is_counted_on_what_was_confirmed_by_hand() {
    let mut b = mugs(6, CountPolicy::UpTo(200));
    b.ok(by_hand(1));
    b.no(more(2), "nothing-to-count");
}

#[test]
fn serial_numbers_are_scanned_one_by_one_but_a_lot_may_be_counted() {
    let mut b = Bench::open(World::new(&[(PHONE, 2), (BULB, 3)])).to(Step::Verify);
    b.scan(case(PHONE, 1, serial("SN-1")));
    b.no(more(1), "not-allowed");
    b.scan(case(BULB, 1, lot("L-1")));
    b.ok(more(2));
    assert_eq!(b.session.lines[1].verified, 3);
}

#[test]
fn a_number_reaches_over_lines_of_the_same_product() {
    let mut b = Bench::open(World::new(&[(MUG, 2), (MUG, 3)])).to(Step::Verify);
    b.scan(case(MUG, 2, Trace::default()));
    b.ok(more(3));
    assert_eq!(b.session.step, Step::Pack);
}

#[test]
fn a_number_means_nothing_at_another_step_or_while_moving() {
    Bench::at(Step::Pick).no(more(1), "not-now");
    let mut b = Bench::at(Step::Pack);
    b.ok(Command::AnotherParcel);
    b.no(more(1), "not-allowed");
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    a_number_counts_more_of_what_was_scanned,
    none_and_more_than_wanted_are_refused,
    one_scan_carries_no_more_than_the_site_allows_however_often_it_is_said,
    a_site_that_scans_each_unit_refuses_numbers,
    nothing_is_counted_on_what_was_confirmed_by_hand,
    serial_numbers_are_scanned_one_by_one_but_a_lot_may_be_counted,
    a_number_reaches_over_lines_of_the_same_product,
    a_number_means_nothing_at_another_step_or_while_moving,
];

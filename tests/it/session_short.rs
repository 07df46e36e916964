//! Fewer than needed: the rest goes, or the order waits for a lead.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::person::Role;
use packbench::core::session::event::Reason;
use packbench::core::session::{Command, Mode, Refusal, Step};

fn held(b: &Bench) -> Option<Reason> {
    match b.session.mode {
        Mode::Held { reason, .. } => Some(reason),
        Mode::Working | Mode::Paused { .. } | Mode::MustUnpack | Mode::Ended(_) => None,
    }
}

#[test]
fn at_the_shelf_the_missing_ones_are_those_not_yet_picked() {
    for step in [Step::Stock, Step::Pick] {
        let mut b = Bench::at(step);
        for n in [0, 3, u32::MAX] {
            assert_eq!(b.no(short(1, n), "count-too-big"), Refusal::CountTooBig { max: 2 });
        }
        b.no(short(9, 1), "nothing-to-count");
        b.ok(short(1, 2));
        assert!(b.finishes().is_ok());
    }
}

#[test]
fn the_last_missing_unit_ends_the_picking() {
    let mut b = Bench::at(Step::Pick);
    b.scan(shelf("A-01"));
    b.ok(short(2, 1));
    assert_eq!(b.session.step, Step::Verify);
}

#[test]
fn at_the_bench_what_was_taken_for_picked_was_never_in_hand() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    b.scan(item(MUG));
    assert_eq!(b.no(short(1, 2), "count-too-big"), Refusal::CountTooBig { max: 1 });
    b.ok(short(1, 1));
    assert_eq!((b.session.step, b.session.lines[0].picked), (Step::Pack, 1));
}

#[test]
fn a_complete_order_waits_for_a_lead() {
    let mut b = Bench::open(World::new(&[(CLOCK, 2), (MUG, 1)]).complete_only()).to(Step::Pick);
    b.ok(short(1, 1));
    assert_eq!(held(&b), Some(Reason::ShortComplete));
    b.no(Command::Resume, "needs-role");
    b.no(Command::Hold { reason: Reason::Other }, "is-held");
    b.no(short(1, 1), "is-held");
    b.no(Command::AllowPartial { approval: approval(Role::Packer) }, "needs-role");
    b.ok(Command::AllowPartial { approval: lead() });
    assert_eq!((held(&b), b.session.partial_allowed), (None, true));
    b.ok(short(2, 1));
    assert_eq!(held(&b), None, "allowed once is allowed");
    assert!(b.finishes().is_ok());
}

#[test]
fn allowed_beforehand_it_does_not_wait() {
    let mut b = Bench::open(World::new(&[(CLOCK, 2), (MUG, 1)]).complete_only()).to(Step::Pick);
    b.ok(Command::AllowPartial { approval: lead() });
    assert!(b.ok(Command::AllowPartial { approval: lead() }).is_empty());
    b.ok(short(1, 2));
    assert_eq!(held(&b), None);
}

#[test]
fn a_lead_who_allows_the_last_missing_unit_moves_the_order_on() {
    let mut b = Bench::open(World::new(&[(CLOCK, 2), (MUG, 1)]).complete_only()).to(Step::Verify);
    b.scan(item(CLOCK));
    b.scan(item(CLOCK));
    b.ok(short(2, 1));
    b.ok(Command::AllowPartial { approval: lead() });
    assert_eq!(b.session.step, Step::Pack);
}

#[test]
fn nothing_left_to_send_parks_the_order_and_it_goes_back() {
    for step in [Step::Stock, Step::Pick, Step::Verify] {
        let mut b = Bench::at(step);
        b.ok(short(1, 2));
        b.ok(short(2, 1));
        assert_eq!(held(&b), Some(Reason::NothingToShip));
        b.no(Command::Resume, "is-held");
        b.no(Command::AllowPartial { approval: lead() }, "is-held");
        b.no(Command::Hold { reason: Reason::Other }, "is-held");
        b.ok(Command::HandBack { reason: Reason::NothingToShip });
    }
}

#[test]
fn before_and_after_there_is_nothing_to_report() {
    for step in [Step::Review, Step::Pack, Step::Checklist, Step::Weigh, Step::Label, Step::Confirm, Step::Next] {
        Bench::at(step).no(short(1, 1), "not-now");
    }
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    at_the_shelf_the_missing_ones_are_those_not_yet_picked,
    the_last_missing_unit_ends_the_picking,
    at_the_bench_what_was_taken_for_picked_was_never_in_hand,
    a_complete_order_waits_for_a_lead,
    allowed_beforehand_it_does_not_wait,
    a_lead_who_allows_the_last_missing_unit_moves_the_order_on,
    nothing_left_to_send_parks_the_order_and_it_goes_back,
    before_and_after_there_is_nothing_to_report,
];

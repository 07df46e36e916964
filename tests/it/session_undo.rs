//! The last scan is taken back, with all that it did and nothing else.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::scan::Trace;
use packbench::core::session::event::Undoable;

use packbench::core::session::{Command, Event, Step, UNDO_MAX};

fn undone(events: &[Event]) -> usize {
    events.iter().filter(|e| matches!(e, Event::Undone { .. })).count()
}

#[test]
fn scans_are_taken_back_one_by_one_down_to_nothing() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    b.scan(item(MUG));
    for left in [1, 0] {
        b.ok(Command::Undo);
        assert_eq!(b.session.verified(), left);
    }
    b.ok(Command::Undo);
    assert_eq!((b.session.step, b.session.to_pick()), (Step::Pick, 1), "the last pick is taken back at the shelves");
    b.ok(Command::Undo);
    assert_eq!(b.session.to_pick(), 3);
    b.no(Command::Undo, "nothing-to-undo");
}

#[test]
fn a_case_over_several_lines_is_one_scan() {
    let mut b = Bench::open(World::new(&[(CLOCK, 4), (MUG, 1), (CLOCK, 8)])).to(Step::Verify);
    b.scan(item(MUG));
    b.scan(case(CLOCK, 12, Trace::default()));
    assert_eq!(b.session.step, Step::Pack);
    assert_eq!(undone(&b.ok(Command::Undo)), 2);
    assert_eq!((b.session.step, b.session.verified()), (Step::Verify, 1));
    assert_eq!(undone(&b.ok(Command::Undo)), 1);
}

#[test]
fn after_the_box_was_chosen_ticks_come_first_and_then_the_unit() {
    let mut w = World::new(&[(CLOCK, 2)]);
    w.order.gift_message = Some("Get well".to_owned());
    let mut b = Bench::open(w).to(Step::Checklist);
    b.ok(Command::Tick { index: 0 });
    let events = b.ok(Command::Undo);
    assert!(matches!(events[..], [Event::Undone { what: Undoable::Ticked { .. } }]));
    assert_eq!(b.session.step, Step::Checklist);
    b.ok(Command::Undo);
    assert_eq!((b.session.step, b.session.to_verify()), (Step::Verify, 1));
    let p = b.session.parcel();
    assert!(p.checklist.is_none() && p.packaging.is_some(), "the box stays, its list is made anew");
    assert!(b.finishes().is_ok());
}

#[test]
fn a_unit_with_its_serial_comes_out_as_itself_and_may_come_again() {
    let mut b = Bench::open(World::new(&[(PHONE, 2)])).to(Step::Verify);
    b.scan(case(PHONE, 1, serial("SN-1")));
    b.scan(item(PHONE));
    b.scan(unknown("SN-2"));
    b.ok(Command::Undo);
    assert_eq!(b.session.parcel().units[0].trace, serial("SN-1"));
    b.scan(case(PHONE, 1, serial("SN-2")));
}

#[test]
fn a_pick_of_which_a_unit_was_missing_is_not_taken_back() {
    let mut b = Bench::open(World::new(&[(CLOCK, 5)])).to(Step::Pack);
    b.ok(damaged(1, 2));
    b.scan(shelf("A-01"));
    b.ok(short(1, 1));
    assert_eq!((b.session.step, b.session.lines[0].picked), (Step::Verify, 4));
    b.no(Command::Undo, "nothing-to-undo");
}

#[test]
fn a_tick_of_a_list_that_is_made_anew_is_no_longer_the_last_scan() {
    let mut w = World::new(&[(CLOCK, 2)]);
    w.order.gift_message = Some("Get well".to_owned());
    let mut b = Bench::open(w).to(Step::Checklist);
    b.ok(Command::Tick { index: 0 });
    b.ok(Command::AnotherParcel);
    b.ok(Command::Continue);
    assert_eq!(b.session.step, Step::Pack);
    let events = b.ok(Command::Undo);
    assert!(matches!(events[0], Event::Undone { what: Undoable::Verified { .. } }));
}

#[test]
fn by_hand_is_taken_back_as_such() {
    let mut b = Bench::at(Step::Verify);
    b.ok(by_hand(1));
    b.ok(Command::Undo);
    assert_eq!((b.session.by_hand, b.session.verified()), (0, 0));
}

#[test]
fn what_a_label_or_a_recount_closed_stays() {
    let mut b = Bench::at(Step::Weigh);
    b.no(Command::Undo, "nothing-to-undo");
    b.ok(Command::Recount);
    b.no(Command::Undo, "nothing-to-undo");
    for step in [Step::Review, Step::Stock, Step::Label, Step::Confirm, Step::Next] {
        Bench::at(step).no(Command::Undo, "nothing-to-undo");
    }
    Bench::at(Step::Pick).no(Command::Undo, "nothing-to-undo");
}

#[test]
fn a_photo_is_a_fact_and_is_not_taken_back() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    b.ok(photo(1));
    b.ok(Command::Undo);
    assert_eq!((b.session.verified(), b.session.parcel().photos.len()), (0, 1));
}

#[test]
fn so_many_scans_and_no_more() {
    let many = u32::try_from(UNDO_MAX).unwrap() + 6;
    let mut b = Bench::open(World::new(&[(CLOCK, many + 1)])).to(Step::Verify);
    for _ in 0..many {
        b.scan(item(CLOCK));
    }
    for _ in 0..UNDO_MAX {
        b.ok(Command::Undo);
    }
    b.no(Command::Undo, "nothing-to-undo");
    assert_eq!(b.session.verified(), 6);
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    scans_are_taken_back_one_by_one_down_to_nothing,
    a_case_over_several_lines_is_one_scan,
    after_the_box_was_chosen_ticks_come_first_and_then_the_unit,
    a_unit_with_its_serial_comes_out_as_itself_and_may_come_again,
    a_pick_of_which_a_unit_was_missing_is_not_taken_back,
    a_tick_of_a_list_that_is_made_anew_is_no_longer_the_last_scan,
    by_hand_is_taken_back_as_such,
    what_a_label_or_a_recount_closed_stays,
    a_photo_is_a_fact_and_is_not_taken_back,
    so_many_scans_and_no_more,
];

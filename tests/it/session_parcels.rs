//! Several parcels: one more while scanning, one more by moving units, and never an empty one with a label.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::scan::Trace;
use packbench::core::session::refusal::TraceField;
use packbench::core::session::{Command, Event, Mode, Refusal, Step};

fn counts(b: &Bench) -> Vec<(u16, u32)> {
    b.session.parcels.iter().map(|p| (p.no, p.count())).collect()
}

/// Two clocks and a mug in one box, a second box open to move into.
fn moving() -> Bench {
    let mut b = Bench::at(Step::Pack);
    b.ok(Command::AnotherParcel);
    assert_eq!((b.session.step, b.session.moving_from, b.session.parcel().no), (Step::Verify, Some(1), 2));
    b
}

#[test]
fn while_scanning_the_next_units_go_into_the_next_box() {
    let mut b = Bench::at(Step::Verify);
    b.no(Command::AnotherParcel, "parcel-empty");
    b.scan(item(CLOCK));
    b.ok(Command::AnotherParcel);
    b.no(Command::AnotherParcel, "parcel-empty");
    b.scan(item(CLOCK));
    b.scan(item(MUG));
    assert_eq!(counts(&b), [(1, 1), (2, 2)]);
    let (_, end) = b.finishes().unwrap();
    assert_eq!(end, packbench::core::session::End::Packed);
}

#[test]
fn an_extra_box_that_is_not_needed_is_given_up() {
    let mut b = Bench::at(Step::Verify);
    b.no(Command::Continue, "not-now");
    b.scan(item(CLOCK));
    b.ok(Command::AnotherParcel);
    assert_eq!(b.ok(Command::Continue), [Event::MovingEnded { parcel: 2, dropped: true }]);
    b.scan(item(CLOCK));
    assert_eq!(counts(&b), [(1, 2)]);
}

#[test]
fn an_extra_box_that_stayed_empty_gets_no_label() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    b.scan(item(CLOCK));
    b.ok(Command::AnotherParcel);
    b.ok(short(2, 1));
    assert_eq!((b.session.step, counts(&b)), (Step::Pack, vec![(1, 2)]));
}

#[test]
fn a_box_that_was_emptied_by_undo_gets_no_label() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    b.ok(Command::AnotherParcel);
    b.ok(Command::Undo);
    for n in [CLOCK, CLOCK, MUG] {
        b.scan(item(n));
    }
    assert_eq!((b.session.step, counts(&b)), (Step::Pack, vec![(2, 3)]));
}

#[test]
fn units_are_moved_by_scan() {
    for step in [Step::Pack, Step::Checklist, Step::Weigh] {
        let mut b = Bench::at(step);
        b.ok(Command::AnotherParcel);
        assert!(b.session.parcels[0].checklist.is_none() && b.session.parcels[0].weight_g.is_none());
        b.no(Command::AnotherParcel, "not-now");
        b.scan(item(MUG));
        b.ok(Command::Continue);
        assert_eq!((b.session.step, b.session.parcel().no, counts(&b)), (Step::Pack, 1, vec![(1, 2), (2, 1)]));
        assert!(b.finishes().is_ok());
    }
}

#[test]
fn what_is_not_in_the_first_box_cannot_be_moved() {
    let mut b = moving();
    b.scan_no(item(STRANGER), "wrong-item");
    b.scan_no(item(999), "not-now");
    b.scan_no(shelf("A-01"), "not-now");
    b.scan_no(unknown("?"), "unknown-code");
    b.scan(item(MUG));
    let Refusal::TooMany { wanted, .. } = b.scan_no(item(MUG), "too-many") else { panic!() };
    assert_eq!(wanted, 1, "it is in the other box already");
    b.scan_no(case(CLOCK, 3, Trace::default()), "case-too-big");
    b.scan(case(CLOCK, 2, Trace::default()));
}

#[test]
fn moving_all_would_leave_an_empty_box() {
    let mut b = moving();
    b.scan(case(CLOCK, 2, Trace::default()));
    b.scan(item(MUG));
    b.no(Command::Continue, "parcel-empty");
    b.ok(Command::Undo);
    b.ok(Command::Continue);
    assert_eq!(counts(&b), [(1, 1), (2, 2)]);
}

#[test]
fn moving_nothing_gives_the_extra_box_up() {
    let mut b = moving();
    b.no(Command::Undo, "nothing-to-undo");
    b.ok(Command::Continue);
    assert_eq!((b.session.step, counts(&b)), (Step::Pack, vec![(1, 3)]));
    b.ok(Command::Undo);
    assert_eq!(b.session.to_verify(), 1);
}

#[test]
fn what_was_moved_and_said_to_be_right_is_not_undone_by_halves() {
    let mut b = moving();
    b.scan(item(MUG));
    b.ok(Command::Continue);
    b.no(Command::Undo, "nothing-to-undo");
}

#[test]
fn nothing_else_happens_while_units_are_moved() {
    let mut b = moving();
    b.no(short(1, 1), "not-now");
    b.no(damaged(1, 1), "not-now");
}

#[test]
fn units_scanned_and_counted_move_together_also_over_lines() {
    let mut b = Bench::open(World::new(&[(MUG, 3), (CLOCK, 1), (MUG, 2)])).to(Step::Verify);
    b.scan(item(MUG));
    b.ok(Command::Count { more: 4 });
    b.scan(item(CLOCK));
    b.ok(Command::AnotherParcel);
    let events = b.scan(case(MUG, 5, Trace::default()));
    assert_eq!(events.len(), 2);
    b.ok(Command::Continue);
    assert_eq!(counts(&b), [(1, 1), (2, 5)]);
}

#[test]
fn a_unit_with_a_serial_number_moves_as_itself() {
    let mut b = Bench::open(World::new(&[(PHONE, 3)])).to(Step::Verify);
    for n in ["SN-1", "SN-2", "SN-3"] {
        b.scan(case(PHONE, 1, serial(n)));
    }
    b.ok(Command::AnotherParcel);
    let Refusal::TraceNeeded { field, .. } = b.scan_no(item(PHONE), "trace-needed") else { panic!() };
    assert_eq!(field, TraceField::Serial);
    b.scan(unknown("SN-2"));
    b.scan(case(PHONE, 1, serial("SN-1")));
    b.scan_no(case(PHONE, 1, serial("SN-1")), "too-many");
    let serials = |b: &Bench, i: usize| -> Vec<_> {
        b.session.parcels[i].units.iter().map(|u| u.trace.serial.clone().unwrap()).collect()
    };
    assert_eq!((serials(&b, 0), serials(&b, 1)), (vec!["SN-3".to_owned()], vec!["SN-2".to_owned(), "SN-1".to_owned()]));
    b.ok(Command::Undo);
    b.ok(Command::Continue);
    assert_eq!(serials(&b, 1), ["SN-2"]);
}

fn lots(b: &Bench, i: usize) -> Vec<(String, u32)> {
    b.session.parcels[i].units.iter().map(|u| (u.trace.lot.clone().unwrap(), u.units)).collect()
}

#[test]
fn a_unit_of_a_lot_moves_as_itself_and_comes_back_as_itself() {
    let mut b = Bench::open(World::new(&[(BULB, 3)])).to(Step::Verify);
    for n in ["A", "B", "B"] {
        b.scan(case(BULB, 1, lot(n)));
    }
    b.ok(Command::AnotherParcel);
    let Refusal::TraceNeeded { field, .. } = b.scan_no(item(BULB), "trace-needed") else { panic!() };
    assert_eq!(field, TraceField::Lot);
    b.scan_no(case(BULB, 1, lot("C")), "wrong-item");
    b.scan_no(unknown("C"), "unknown-code");
    b.scan(case(BULB, 1, lot("A")));
    assert_eq!((lots(&b, 0), lots(&b, 1)), (vec![("B".to_owned(), 2)], vec![("A".to_owned(), 1)]));
    b.scan_no(case(BULB, 1, lot("A")), "too-many");
    b.scan(item(BULB));
    b.ok(Command::Undo);
    b.ok(Command::Undo);
    b.scan(unknown("A"));
    b.ok(Command::Continue);
    assert_eq!((lots(&b, 0), lots(&b, 1)), (vec![("B".to_owned(), 2)], vec![("A".to_owned(), 1)]));
}

#[test]
fn a_unit_alone_is_not_shared_between_boxes_and_a_labelled_box_is_closed() {
    Bench::open(World::new(&[(CLOCK, 1)])).to(Step::Pack).no(Command::AnotherParcel, "parcel-empty");
    Bench::at(Step::Confirm).no(Command::AnotherParcel, "has-label");
    let mut b = Bench::at(Step::Label);
    b.no(Command::AnotherParcel, "not-now");
    b.ok(Command::MakeLabel);
    b.no(Command::AnotherParcel, "has-label");
    for step in [Step::Review, Step::Stock, Step::Pick, Step::Next] {
        Bench::at(step).no(Command::AnotherParcel, "not-now");
    }
}

/// One box labelled, the other at hand with a single mug in it.
fn second_box(world: World) -> Bench {
    let mut b = Bench::open(world).to(Step::Pack);
    b.ok(Command::AnotherParcel);
    b.scan(item(MUG));
    b.ok(Command::Continue);
    let mut b = b.to(Step::Confirm);
    let c = b.sensible();
    b.ok(c);
    assert_eq!((b.session.step, b.session.parcel().no), (Step::Pack, 2));
    b
}

#[test]
fn when_the_last_open_box_comes_to_nothing_the_order_is_done() {
    let mut b = second_box(World::new(&[(CLOCK, 2), (MUG, 1)]));
    b.ok(damaged(2, 1));
    assert_eq!(b.session.step, Step::Pick);
    b.ok(short(2, 1));
    assert_eq!((b.session.step, counts(&b), b.session.packed), (Step::Next, vec![(1, 2)], true));
}

#[test]
fn when_the_last_open_box_comes_to_nothing_a_split_order_still_meets_in_its_slot() {
    let mut b = second_box(World::new(&[(CLOCK, 2), (MUG, 1)]).in_tote().meeting_at("D-01"));
    b.ok(damaged(2, 1));
    b.ok(short(2, 1));
    assert_eq!(b.session.step, Step::Confirm);
    b.scan(shelf("D-01"));
    assert_eq!(b.session.step, Step::Next);
}

#[test]
fn a_lead_decides_when_the_last_box_of_a_complete_order_comes_to_nothing() {
    let mut b = second_box(World::new(&[(CLOCK, 2), (MUG, 1)]).complete_only());
    b.ok(damaged(2, 1));
    b.ok(short(2, 1));
    assert!(matches!(b.session.mode, Mode::Held { .. }));
    b.ok(Command::AllowPartial { approval: lead() });
    assert_eq!(b.session.step, Step::Next);
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    while_scanning_the_next_units_go_into_the_next_box,
    an_extra_box_that_is_not_needed_is_given_up,
    an_extra_box_that_stayed_empty_gets_no_label,
    a_box_that_was_emptied_by_undo_gets_no_label,
    units_are_moved_by_scan,
    what_is_not_in_the_first_box_cannot_be_moved,
    moving_all_would_leave_an_empty_box,
    moving_nothing_gives_the_extra_box_up,
    what_was_moved_and_said_to_be_right_is_not_undone_by_halves,
    nothing_else_happens_while_units_are_moved,
    units_scanned_and_counted_move_together_also_over_lines,
    a_unit_with_a_serial_number_moves_as_itself,
    a_unit_of_a_lot_moves_as_itself_and_comes_back_as_itself,
    a_unit_alone_is_not_shared_between_boxes_and_a_labelled_box_is_closed,
    when_the_last_open_box_comes_to_nothing_the_order_is_done,
    when_the_last_open_box_comes_to_nothing_a_split_order_still_meets_in_its_slot,
    a_lead_decides_when_the_last_box_of_a_complete_order_comes_to_nothing,
];

//! Broken units: written off, taken out of their box, fetched again or reported short.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::scan::Trace;
use packbench::core::session::{Command, Event, Refusal, Step};

/// Product, quantity, units out of boxes, units to fetch again.
fn broken(events: &[Event]) -> Vec<(u128, u32, u32, u32)> {
    let of = |e: &Event| match e {
        Event::Damaged { product, quantity, unpacked, unpicked, .. } => {
            let out = unpacked.iter().map(|(_, n)| n).sum();
            Some((product.0.as_u128() - 0x1000, *quantity, out, *unpicked))
        }
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

#[test]
fn on_the_shelf_nothing_has_to_be_fetched_again() {
    let mut b = Bench::at(Step::Pick);
    assert_eq!(broken(&b.ok(damaged(1, 1))), [(CLOCK, 1, 0, 0)]);
    assert_eq!((b.session.to_pick(), b.session.lines[0].damaged), (3, 1));
}

#[test]
fn in_hand_it_is_fetched_again() {
    let mut b = Bench::at(Step::Pick);
    b.scan(shelf("A-01"));
    assert_eq!(broken(&b.ok(damaged(1, 1))), [(CLOCK, 1, 0, 1)]);
    assert_eq!(b.session.to_pick(), 2);
    let mut b = Bench::at(Step::Verify);
    assert_eq!(broken(&b.ok(damaged(1, 1))), [(CLOCK, 1, 0, 1)]);
    assert_eq!(b.session.step, Step::Pick);
}

#[test]
fn loose_units_break_before_those_in_the_box() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    assert_eq!(broken(&b.ok(damaged(1, 1))), [(CLOCK, 1, 0, 1)]);
    assert_eq!(b.session.lines[0].verified, 1);
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    assert_eq!(broken(&b.ok(damaged(1, 2))), [(CLOCK, 2, 1, 2)]);
    assert_eq!(b.session.lines[0].verified, 0);
}

#[test]
fn out_of_the_box_it_goes_back_to_the_shelf_from_every_step_before_the_label() {
    for step in [Step::Pack, Step::Checklist, Step::Weigh] {
        let mut b = Bench::at(step);
        assert_eq!(broken(&b.ok(damaged(1, 1))), [(CLOCK, 1, 1, 1)]);
        assert_eq!((b.session.step, b.session.to_pick(), b.session.to_verify()), (Step::Pick, 1, 1));
        assert!(b.session.parcel().checklist.is_none());
        b.no(Command::Undo, "nothing-to-undo");
        assert!(b.finishes().is_ok());
    }
}

#[test]
fn picked_elsewhere_the_replacement_is_scanned_at_the_bench_or_short() {
    for step in [Step::Pack, Step::Checklist, Step::Weigh] {
        let mut b = Bench::open(World::new(&[(CLOCK, 2), (MUG, 1)]).in_tote()).to(step);
        assert_eq!(broken(&b.ok(damaged(1, 1))), [(CLOCK, 1, 1, 0)]);
        assert_eq!((b.session.step, b.session.to_verify()), (Step::Verify, 1));
        let mut again = b.clone();
        again.scan(item(CLOCK));
        b.ok(short(1, 1));
        assert_eq!((again.session.step, b.session.step), (Step::Pack, Step::Pack));
    }
}

#[test]
fn at_the_shelf_again_also_what_is_boxed_can_break() {
    let mut b = Bench::open(World::new(&[(CLOCK, 3)])).to(Step::Pack);
    b.ok(damaged(1, 1));
    assert_eq!((b.session.step, b.session.lines[0].verified), (Step::Pick, 2));
    assert_eq!(broken(&b.ok(damaged(1, 3))), [(CLOCK, 3, 2, 2)]);
    assert_eq!((b.session.to_pick(), b.session.to_verify()), (3, 3));
    assert!(b.finishes().is_ok());
}

#[test]
fn after_a_short_at_the_bench_the_broken_one_is_in_the_box() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    b.scan(item(MUG));
    b.ok(short(1, 1));
    assert_eq!(broken(&b.ok(damaged(1, 1))), [(CLOCK, 1, 1, 1)]);
    assert_eq!((b.session.step, b.session.to_pick()), (Step::Pick, 1));
}

#[test]
fn not_more_than_can_break() {
    let mut b = Bench::at(Step::Verify);
    for n in [0, 3] {
        assert_eq!(b.no(damaged(1, n), "count-too-big"), Refusal::CountTooBig { max: 2 });
    }
    b.no(damaged(9, 1), "nothing-to-count");
    for step in [Step::Review, Step::Stock, Step::Label, Step::Next] {
        Bench::at(step).no(damaged(1, 1), "not-now");
    }
    Bench::at(Step::Confirm).no(damaged(1, 1), "has-label");
}

#[test]
fn which_serial_broke_nobody_said_so_all_are_scanned_again() {
    let mut b = Bench::open(World::new(&[(PHONE, 3), (CLOCK, 1)])).to(Step::Verify);
    for n in ["SN-1", "SN-2", "SN-3"] {
        b.scan(case(PHONE, 1, serial(n)));
    }
    b.scan(item(CLOCK));
    let events = b.ok(damaged(1, 1));
    assert_eq!(events.iter().filter(|e| matches!(e, Event::Undone { .. })).count(), 3);
    assert_eq!(broken(&events), [(PHONE, 1, 0, 1)]);
    assert_eq!((b.session.to_pick(), b.session.lines[0].verified, b.session.lines[1].verified), (1, 0, 1));
    b.scan(item(PHONE));
    for n in ["SN-1", "SN-4", "SN-3"] {
        b.scan(case(PHONE, 1, serial(n)));
    }
    assert_eq!(b.session.step, Step::Pack);
}

#[test]
fn one_lot_alone_leaves_no_doubt_but_two_do() {
    let boxed = |lots: [&str; 2]| {
        let mut b = Bench::open(World::new(&[(BULB, 2), (CLOCK, 1)])).to(Step::Verify);
        for l in lots {
            b.scan(case(BULB, 1, lot(l)));
        }
        b.ok(damaged(1, 1));
        b.session.lines[0].verified
    };
    assert_eq!((boxed(["L-1", "L-1"]), boxed(["L-1", "L-2"])), (1, 0));
}

#[test]
fn a_broken_substitute_is_written_off_as_what_it_is() {
    let mut b = Bench::open(World::new(&[(MUG, 3)])).to(Step::Verify);
    b.ok(substitute(1, BLUE, 2));
    b.scan(item(MUG));
    b.scan(case(BLUE, 2, Trace::default()));
    assert_eq!(broken(&b.ok(damaged(1, 2))), [(MUG, 1, 1, 1), (BLUE, 1, 1, 1)]);
    assert_eq!((b.session.to_pick(), b.session.to_verify(), b.session.lines[0].damaged), (2, 2, 2));
    b.scan(item(MUG));
    b.scan(item(BLUE));
    b.scan(item(MUG));
    assert_eq!(b.session.step, Step::Pack);
}

#[test]
fn a_labelled_parcel_is_closed_and_the_box_at_hand_gives_first() {
    let mut b = Bench::open(World::new(&[(CLOCK, 4)])).to(Step::Pack);
    b.ok(Command::AnotherParcel);
    b.scan(case(CLOCK, 2, Trace::default()));
    b.ok(Command::Continue);
    let events = b.clone().ok(damaged(1, 1));
    assert!(matches!(&events[0], Event::Damaged { unpacked, .. } if unpacked[..] == [(1, 1)]), "{events:?}");
    let mut b = b.to(Step::Confirm);
    b.scan(label(&sscc(1)));
    assert_eq!(b.no(damaged(1, 3), "count-too-big"), Refusal::CountTooBig { max: 2 });
    assert_eq!(broken(&b.ok(damaged(1, 2))), [(CLOCK, 2, 2, 2)]);
    assert!(b.finishes().is_ok());
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    on_the_shelf_nothing_has_to_be_fetched_again,
    in_hand_it_is_fetched_again,
    loose_units_break_before_those_in_the_box,
    out_of_the_box_it_goes_back_to_the_shelf_from_every_step_before_the_label,
    picked_elsewhere_the_replacement_is_scanned_at_the_bench_or_short,
    at_the_shelf_again_also_what_is_boxed_can_break,
    after_a_short_at_the_bench_the_broken_one_is_in_the_box,
    not_more_than_can_break,
    which_serial_broke_nobody_said_so_all_are_scanned_again,
    one_lot_alone_leaves_no_doubt_but_two_do,
    a_broken_substitute_is_written_off_as_what_it_is,
    a_labelled_parcel_is_closed_and_the_box_at_hand_gives_first,
];

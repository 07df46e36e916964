//! Step 10: the label is scanned on its box, then the parts of a split order meet in their slot.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::session::{Command, Event, Refusal, Step};

#[test]
fn its_own_label_ends_the_packing() {
    let mut b = Bench::at(Step::Confirm);
    let events = b.scan(label(&sscc(1)));
    assert!(matches!(&events[1], Event::Packed { parcels: 1, units: 3, worked_ms } if *worked_ms > 0));
    assert_eq!((b.session.step, b.session.packed), (Step::Next, true));
}

#[test]
fn another_parcels_label_is_refused_by_name() {
    let mut b = Bench::at(Step::Confirm);
    let r = b.scan_no(foreign_label("536999", 2), "other-parcel");
    assert_eq!(r, Refusal::OtherParcel { order: "536999".to_owned(), parcel: 2 });
    let r = b.scan_no(label(&sscc(77)), "unknown-label");
    assert_eq!(r, Refusal::UnknownLabel { sscc: sscc(77) });
    b.scan_no(item(CLOCK), "not-now");
    b.scan_no(shelf("D-01"), "not-now");
    b.scan_no(unknown("?"), "unknown-code");
    b.no(Command::Continue, "not-now");
}

#[test]
fn several_parcels_are_confirmed_one_by_one() {
    let mut b = Bench::at(Step::Pack);
    b.ok(Command::AnotherParcel);
    b.scan(item(MUG));
    b.ok(Command::Continue);
    let mut b = b.to(Step::Confirm);
    b.scan(label(&sscc(1)));
    assert_eq!(b.session.step, Step::Pack);
    let mut b = b.to(Step::Confirm);
    b.scan_no(label(&sscc(1)), "unknown-label");
    let events = b.scan(label(&sscc(2)));
    assert!(matches!(&events[1], Event::Packed { parcels: 2, units: 3, .. }));
}

#[test]
fn a_split_order_meets_in_its_slot() {
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).meeting_at("D-01")).to(Step::Confirm);
    b.scan_no(shelf("D-01"), "not-now");
    b.scan(label(&sscc(1)));
    assert_eq!((b.session.step, b.session.packed), (Step::Confirm, false));
    b.scan_no(label(&sscc(1)), "not-now");
    b.scan_no(foreign_label("536999", 1), "other-parcel");
    let r = b.scan_no(shelf("D-02"), "wrong-shelf");
    assert_eq!(r, Refusal::WrongShelf { needed: "D-01".to_owned(), scanned: "D-02".to_owned() });
    let events = b.scan(shelf("D-01"));
    assert!(matches!(events[..], [Event::Consolidated { .. }, Event::Packed { .. }, Event::StepEntered { .. }]));
    assert_eq!(b.session.consolidated.as_deref(), Some("D-01"));
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    its_own_label_ends_the_packing,
    another_parcels_label_is_refused_by_name,
    several_parcels_are_confirmed_one_by_one,
    a_split_order_meets_in_its_slot,
];

//! Step 10: the label is scanned on its box, then the parts of a split order meet in their slot.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::person::Role;
use packbench::core::policy::PickConfirm;
use packbench::core::session::event::Reason;
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

fn waits_for_its_slot() -> Bench {
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).meeting_at("D-01")).to(Step::Confirm);
    b.scan(label(&sscc(1)));
    b
}

#[test]
fn a_slot_whose_barcode_is_torn_is_confirmed_by_touch() {
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).meeting_at("D-01")).to(Step::Confirm);
    b.no(Command::Continue, "not-now");
    b.scan(label(&sscc(1)));
    let events = b.ok(Command::Continue);
    assert!(matches!(events[..], [Event::Consolidated { .. }, Event::Packed { .. }, Event::StepEntered { .. }]));
    assert_eq!((b.session.step, b.session.consolidated.as_deref()), (Step::Next, Some("D-01")));
}

#[test]
fn where_shelves_are_scanned_a_lead_confirms_the_slot() {
    let mut b = waits_for_its_slot();
    b.world.policy.pick = PickConfirm::Scan;
    assert_eq!(b.no(Command::Continue, "needs-role"), Refusal::NeedsRole { role: Role::Lead });
    b.scan_no(label(&sscc(1)), "not-now");
    let mut scanned = b.clone();
    scanned.scan(shelf("D-01"));
    b.world.actor.role = Role::Lead;
    b.ok(Command::Continue);
    assert_eq!((b.session.step, b.session.consolidated.as_deref()), (Step::Next, Some("D-01")));
}

#[test]
fn a_slot_that_the_site_took_away_is_waited_for_by_nobody() {
    let mut b = waits_for_its_slot();
    b.world.fulfillment.consolidate_at = None;
    let (mut by_label, mut by_shelf, mut by_resuming) = (b.clone(), b.clone(), b.clone());
    b.ok(Command::Continue);
    by_label.scan(label(&sscc(1)));
    by_shelf.scan(shelf("D-01"));
    by_resuming.ok(Command::Hold { reason: Reason::WaitingForOffice });
    by_resuming.ok(Command::Resume);
    for done in [b, by_label, by_shelf, by_resuming] {
        assert_eq!((done.session.step, done.session.packed, done.session.consolidated), (Step::Next, true, None));
    }
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    its_own_label_ends_the_packing,
    another_parcels_label_is_refused_by_name,
    several_parcels_are_confirmed_one_by_one,
    a_split_order_meets_in_its_slot,
    a_slot_whose_barcode_is_torn_is_confirmed_by_touch,
    where_shelves_are_scanned_a_lead_confirms_the_slot,
    a_slot_that_the_site_took_away_is_waited_for_by_nobody,
];

//! Step 6: a box for the parcel in work.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::scan::Meaning;
use packbench::core::session::event::PackagingHow;
use packbench::core::session::{Command, Event, Refusal, Step};
use packbench::core::units::Grams;

fn chosen(events: &[Event]) -> PackagingHow {
    let Event::PackagingChosen { how, .. } = &events[0] else { panic!("{events:?}") };
    *how
}

#[test]
fn the_suggested_box_is_taken_by_going_on_or_by_touch() {
    assert_eq!(chosen(&Bench::at(Step::Pack).ok(Command::Continue)), PackagingHow::Suggested);
    let mut b = Bench::at(Step::Pack);
    assert_eq!(chosen(&b.ok(Command::ChoosePackaging(packaging(BOX_L)))), PackagingHow::Suggested);
    assert_eq!(b.session.step, Step::Checklist);
}

#[test]
fn another_box_is_scanned_or_chosen() {
    let small = || Bench::open(World::new(&[(MUG, 1)])).to(Step::Pack);
    assert_eq!(chosen(&small().scan(Meaning::Packaging(packaging(BAG_S)))), PackagingHow::Scanned);
    assert_eq!(chosen(&small().ok(Command::ChoosePackaging(packaging(BAG_S)))), PackagingHow::Chosen);
}

#[test]
fn a_box_that_is_too_weak_or_unknown_is_refused() {
    let mut b = Bench::at(Step::Pack);
    let r = b.no(Command::ChoosePackaging(packaging(BAG_S)), "box-too-weak");
    assert_eq!(r, Refusal::BoxTooWeak { max: Grams(500) });
    b.no(Command::ChoosePackaging(packaging(999)), "no-packaging");
    b.scan_no(Meaning::Packaging(packaging(999)), "no-packaging");
    b.world.suggested = None;
    b.no(Command::Continue, "no-packaging");
}

#[test]
fn an_item_left_outside_is_told_from_a_stranger() {
    let mut b = Bench::at(Step::Pack);
    b.scan_no(item(CLOCK), "too-many");
    b.scan_no(item(STRANGER), "wrong-item");
    b.scan_no(item(999), "not-now");
    b.scan_no(unknown("?"), "unknown-code");
}

#[test]
fn a_box_changed_later_changes_the_weight_to_come_and_nothing_else() {
    for step in [Step::Checklist, Step::Weigh] {
        for by_scan in [false, true] {
            let mut b = Bench::open(World::new(&[(MUG, 1)])).to(step);
            let command = Command::ChoosePackaging(packaging(BAG_S));
            let events = if by_scan { b.scan(Meaning::Packaging(packaging(BAG_S))) } else { b.ok(command) };
            assert_eq!((events.len(), b.session.step), (1, step));
            let mut b = b.to(Step::Weigh);
            b.no(Command::Weight { grams: Grams(220 + 250) }, "weight-outside");
            b.ok(Command::Weight { grams: Grams(220 + 20) });
        }
        Bench::at(step).no(Command::ChoosePackaging(packaging(BAG_S)), "box-too-weak");
    }
}

#[test]
fn only_while_the_parcel_is_open() {
    for step in [Step::Verify, Step::Label, Step::Confirm] {
        Bench::at(step).no(Command::ChoosePackaging(packaging(BOX_L)), "not-now");
    }
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    the_suggested_box_is_taken_by_going_on_or_by_touch,
    another_box_is_scanned_or_chosen,
    a_box_that_is_too_weak_or_unknown_is_refused,
    an_item_left_outside_is_told_from_a_stranger,
    a_box_changed_later_changes_the_weight_to_come_and_nothing_else,
    only_while_the_parcel_is_open,
];

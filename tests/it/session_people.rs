//! Packers change, take a break, call the lead, take photos: at any step, with the progress kept.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::session::{Command, Event, Mode, Step};

#[test]
fn a_break_stops_the_clock_and_refuses_work() {
    for step in Step::ALL.into_iter().skip(1) {
        let mut b = Bench::at(step);
        let before = b.session.worked_ms(b.now);
        b.ok(Command::Pause);
        b.no(Command::Pause, "on-break");
        b.no(Command::Continue, "on-break");
        b.scan_no(item(CLOCK), "on-break");
        b.now = b.now.plus_ms(900_000);
        assert_eq!(b.session.worked_ms(b.now), before + 1_000);
        b.ok(Command::Resume);
        assert_eq!((b.session.mode, b.session.step), (Mode::Working, step));
        assert!(b.ok(Command::Resume).is_empty(), "it goes on already");
    }
}

#[test]
fn a_clock_set_back_makes_no_negative_time() {
    let mut b = Bench::at(Step::Verify);
    b.now = packbench::core::time::UtcMs(5);
    b.ok(Command::Pause);
    b.ok(Command::Resume);
    assert!(b.session.step_ms.iter().all(|ms| *ms >= 0));
}

#[test]
fn another_packer_goes_on_with_the_progress() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    let events = b.ok(Command::SwitchPacker(user(2)));
    assert_eq!(events, [Event::PackerSwitched { from: user(1), to: user(2) }]);
    assert!(b.ok(Command::SwitchPacker(user(2))).is_empty());
    assert_eq!((b.session.packer, b.session.verified()), (user(2), 1));
    b.ok(Command::Pause);
    b.ok(Command::SwitchPacker(user(3)));
    assert!(matches!(b.session.mode, Mode::Paused { .. }));
}

#[test]
fn the_lead_is_called_from_anywhere() {
    for step in Step::ALL.into_iter().skip(1) {
        assert_eq!(Bench::at(step).ok(Command::CallLead), [Event::LeadCalled]);
    }
    let mut over = Bench::at(Step::Next);
    over.ok(Command::Advance);
    over.no(Command::CallLead, "is-over");
}

#[test]
fn a_photo_is_bound_to_the_parcel_and_the_units_before_it() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    let events = b.ok(photo(7));
    assert!(matches!(events[..], [Event::PhotoTaken { parcel: 1, bytes: 90_000, units_before: 1, .. }]));
    for step in Step::ALL.into_iter().skip(1) {
        assert!(!Bench::at(step).ok(photo(1)).is_empty());
    }
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    a_break_stops_the_clock_and_refuses_work,
    a_clock_set_back_makes_no_negative_time,
    another_packer_goes_on_with_the_progress,
    the_lead_is_called_from_anywhere,
    a_photo_is_bound_to_the_parcel_and_the_units_before_it,
];

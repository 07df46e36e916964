//! The server calls the order off, or gives it to somebody else, at whatever step.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::session::event::Reason;
use packbench::core::session::{Command, End, Event, Mode, Step};

#[test]
fn before_anything_is_in_hand_it_is_over_at_once() {
    for step in [Step::Review, Step::Stock, Step::Pick] {
        let mut b = Bench::at(step);
        assert_eq!(b.ok(Command::CancelledByServer), [Event::CancelSeen { nothing_packed: true }]);
        assert_eq!(b.session.mode, Mode::Ended(End::Cancelled));
        b.no(Command::CancelledByServer, "is-over");
    }
}

#[test]
fn with_units_in_hand_or_box_they_must_come_out_first() {
    for step in [Step::Verify, Step::Pack, Step::Checklist, Step::Weigh, Step::Label, Step::Confirm] {
        let mut b = Bench::at(step);
        b.ok(Command::CancelledByServer);
        assert!(b.ok(Command::CancelledByServer).is_empty(), "known already");
        for c in [
            Command::Continue,
            Command::Pause,
            Command::Resume,
            Command::Hold { reason: Reason::Other },
            Command::HandBack { reason: Reason::Other },
            Command::AllowPartial { approval: lead() },
        ] {
            b.no(c, "must-unpack");
        }
        b.scan_no(item(CLOCK), "must-unpack");
        b.ok(Command::ConfirmUnpacked);
        assert_eq!(b.session.mode, Mode::Ended(End::Cancelled));
    }
}

#[test]
fn a_tote_is_in_hand_from_the_start() {
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).in_tote());
    b.ok(Command::CancelledByServer);
    assert_eq!(b.session.mode, Mode::MustUnpack);
}

#[test]
fn a_break_or_a_hold_does_not_keep_the_news_away() {
    for c in [Command::Pause, Command::Hold { reason: Reason::Other }] {
        let mut b = Bench::at(Step::Pack);
        b.ok(c);
        b.ok(Command::CancelledByServer);
        assert_eq!(b.session.mode, Mode::MustUnpack);
        b.ok(Command::ConfirmUnpacked);
    }
}

#[test]
fn one_parcel_labelled_or_waiting_for_its_slot_is_still_unpacked() {
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).meeting_at("D-01")).to(Step::Confirm);
    b.scan(label(&sscc(1)));
    b.ok(Command::CancelledByServer);
    assert_eq!(b.session.mode, Mode::MustUnpack);
}

#[test]
fn what_is_packed_is_the_servers_to_decide() {
    let mut b = Bench::at(Step::Next);
    b.no(Command::CancelledByServer, "not-now");
    b.no(Command::TakenOver, "not-now");
    b.no(Command::AllowPartial { approval: lead() }, "not-now");
    b.ok(Command::Advance);
}

#[test]
fn unpacking_is_confirmed_only_where_it_was_asked_for() {
    Bench::at(Step::Pack).no(Command::ConfirmUnpacked, "not-now");
}

#[test]
fn what_somebody_else_has_is_over_here() {
    for step in [Step::Review, Step::Pick, Step::Verify, Step::Weigh, Step::Confirm] {
        let mut b = Bench::at(step);
        b.ok(Command::TakenOver);
        assert_eq!(b.session.mode, Mode::Ended(End::TakenOver));
        b.no(Command::TakenOver, "is-over");
    }
    let mut b = Bench::at(Step::Pack);
    b.ok(Command::CancelledByServer);
    b.ok(Command::TakenOver);
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    before_anything_is_in_hand_it_is_over_at_once,
    with_units_in_hand_or_box_they_must_come_out_first,
    a_tote_is_in_hand_from_the_start,
    a_break_or_a_hold_does_not_keep_the_news_away,
    one_parcel_labelled_or_waiting_for_its_slot_is_still_unpacked,
    what_is_packed_is_the_servers_to_decide,
    unpacking_is_confirmed_only_where_it_was_asked_for,
    what_somebody_else_has_is_over_here,
];

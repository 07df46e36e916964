//! An order is parked with a reason, or given back.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::session::event::Reason;
use packbench::core::session::{Command, End, Mode, Step};

const OFFICE: Command = Command::Hold { reason: Reason::WaitingForOffice };

const BEFORE_NEXT: [Step; 9] = [
    Step::Review,
    Step::Stock,
    Step::Pick,
    Step::Verify,
    Step::Pack,
    Step::Checklist,
    Step::Weigh,
    Step::Label,
    Step::Confirm,
];

#[test]
fn it_is_parked_at_every_step_and_goes_on_where_it_was() {
    for step in BEFORE_NEXT {
        let mut b = Bench::at(step);
        b.ok(OFFICE);
        b.no(Command::Continue, "is-held");
        b.scan_no(item(CLOCK), "is-held");
        b.no(Command::Pause, "is-held");
        b.no(OFFICE, "is-held");
        b.world.actor.id = user(2);
        b.ok(Command::Resume);
        assert_eq!((b.session.step, b.session.mode, b.session.packer), (step, Mode::Working, user(2)));
        assert!(b.finishes().is_ok());
    }
    Bench::at(Step::Next).no(OFFICE, "not-now");
}

#[test]
fn with_a_label_it_is_parked_but_not_given_back() {
    let back = Command::HandBack { reason: Reason::NotForThisStation };
    let mut b = Bench::at(Step::Confirm);
    b.no(back.clone(), "has-label");
    b.ok(OFFICE);
    b.no(back, "has-label");
    b.ok(Command::Resume);
}

#[test]
fn before_the_label_it_is_given_back_at_work_in_a_break_or_parked() {
    let back = Command::HandBack { reason: Reason::ShiftEnd };
    for first in [None, Some(Command::Pause), Some(OFFICE)] {
        for step in &BEFORE_NEXT[..8] {
            let mut b = Bench::at(*step);
            first.iter().for_each(|c| drop(b.ok(c.clone())));
            b.ok(back.clone());
            assert_eq!(b.session.mode, Mode::Ended(End::HandedBack(Reason::ShiftEnd)));
            b.no(back.clone(), "is-over");
        }
    }
}

#[test]
fn time_parked_is_not_time_worked() {
    let mut b = Bench::at(Step::Verify);
    let before = b.session.worked_ms(b.now);
    b.ok(OFFICE);
    b.now = b.now.plus_ms(3_600_000);
    b.ok(Command::Resume);
    assert_eq!(b.session.worked_ms(b.now) - before, 1_000);
}

#[test]
fn a_break_can_become_a_hold() {
    let mut b = Bench::at(Step::Pack);
    b.ok(Command::Pause);
    b.ok(OFFICE);
    b.no(Command::Continue, "is-held");
    b.ok(Command::Resume);
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    it_is_parked_at_every_step_and_goes_on_where_it_was,
    with_a_label_it_is_parked_but_not_given_back,
    before_the_label_it_is_given_back_at_work_in_a_break_or_parked,
    time_parked_is_not_time_worked,
    a_break_can_become_a_hold,
];

//! Step 11: the finished order is left.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::session::{Command, End, Event, Mode, Step};

#[test]
fn advancing_or_going_on_ends_the_session() {
    for command in [Command::Advance, Command::Continue] {
        let mut b = Bench::at(Step::Next);
        assert_eq!(b.ok(command), [Event::Advanced]);
        assert_eq!(b.session.mode, Mode::Ended(End::Packed));
        b.no(Command::Advance, "is-over");
    }
}

#[test]
fn nothing_else_is_left_to_do() {
    let mut b = Bench::at(Step::Next);
    b.no(Command::Undo, "nothing-to-undo");
    b.scan_no(item(CLOCK), "not-now");
    b.no(short(1, 1), "not-now");
    b.no(damaged(1, 1), "not-now");
    Bench::at(Step::Confirm).no(Command::Advance, "not-now");
}

#[test]
fn the_time_of_each_step_adds_up_to_the_orders_time() {
    let b = Bench::at(Step::Next);
    let packed = b.events.iter().find_map(|e| match e {
        Event::Packed { worked_ms, .. } => Some(*worked_ms),
        _ => None,
    });
    assert_eq!(packed, Some(b.session.step_ms.iter().sum()));
    assert_eq!(packed, Some(b.now.since_ms(b.session.opened)));
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    advancing_or_going_on_ends_the_session,
    nothing_else_is_left_to_do,
    the_time_of_each_step_adds_up_to_the_orders_time,
];

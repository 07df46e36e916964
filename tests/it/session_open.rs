//! Opening an order: where the packer comes in.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::order::{Entry, Flag};
use packbench::core::session::event::Reason;
use packbench::core::session::{Command, Event, Mode, Step};

#[test]
fn pick_and_pack_begins_with_the_review() {
    let b = Bench::open(World::new(&[(CLOCK, 2), (MUG, 1)]));
    assert_eq!(b.session.step, Step::Review);
    assert_eq!((b.session.to_pick(), b.session.to_verify()), (3, 3));
    let Event::Opened { order_version, picked_elsewhere, fence, .. } = &b.events[0] else { panic!("{:?}", b.events) };
    assert_eq!((*order_version, *picked_elsewhere, *fence), (3, false, 4));
}

#[test]
fn a_picked_tote_or_slot_begins_with_verifying() {
    for entry in [Entry::Tote("T-17".to_owned()), Entry::Slot("W-03".to_owned())] {
        let mut w = World::new(&[(CLOCK, 2)]);
        w.fulfillment.entry = entry;
        let b = Bench::open(w);
        assert_eq!((b.session.step, b.session.to_pick(), b.session.to_verify()), (Step::Verify, 0, 2));
        assert!(b.session.picked_elsewhere);
    }
}

#[test]
fn a_flagged_tote_is_read_first_and_then_verified() {
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).in_tote().flagged(&[Flag::Unpaid]));
    assert_eq!(b.session.step, Step::Review);
    b.no(Command::Continue, "flag-set");
    b.ok(Command::ClearFlag { flag: Flag::Unpaid, approval: lead() });
    b.ok(Command::Continue);
    assert_eq!(b.session.step, Step::Verify);
}

#[test]
fn services_are_billed_but_not_packed() {
    let b = Bench::open(World::new(&[(POST, 1), (CLOCK, 2)]));
    assert_eq!(b.session.lines.len(), 1);
    assert_eq!(b.session.lines[0].no.0, 2);
    assert!(b.finishes().is_ok());
}

#[test]
fn an_order_without_goods_is_parked_as_nothing_to_ship() {
    let tote = Bench::open(World::new(&[(POST, 1)]).in_tote());
    let mut picked = Bench::open(World::new(&[(POST, 1)]));
    picked.ok(Command::Continue);
    picked.ok(Command::Continue);
    for mut b in [tote, picked] {
        assert!(matches!(b.session.mode, Mode::Held { reason: Reason::NothingToShip, .. }));
        b.no(Command::Resume, "is-held");
        b.no(Command::AllowPartial { approval: lead() }, "is-held");
        b.ok(Command::HandBack { reason: Reason::NothingToShip });
        b.no(Command::Continue, "is-over");
    }
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    pick_and_pack_begins_with_the_review,
    a_picked_tote_or_slot_begins_with_verifying,
    a_flagged_tote_is_read_first_and_then_verified,
    services_are_billed_but_not_packed,
    an_order_without_goods_is_parked_as_nothing_to_ship,
];

//! An item whose barcode cannot be read: confirmed by hand where the site allows it, and recorded as such.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::ids::LineNo;
use packbench::core::person::Role;
use packbench::core::policy::ByHandPolicy;
use packbench::core::session::event::{Reason, VerifyHow};
use packbench::core::session::{Command, Event, Refusal, Step};

fn at(policy: ByHandPolicy) -> Bench {
    Bench::open(World::new(&[(CLOCK, 2), (PHONE, 1)]).with_policy(|p| p.by_hand = policy)).to(Step::Verify)
}

fn by(role: Option<Role>) -> Command {
    let approval = role.map(approval);
    Command::ConfirmByHand { line: LineNo(1), reason: Reason::BarcodeMissing, approval }
}

#[test]
fn it_counts_one_and_says_how() {
    let mut b = at(ByHandPolicy::Allowed);
    let events = b.ok(by(None));
    let how = VerifyHow::Hand(Reason::BarcodeMissing);
    assert!(matches!(&events[..], [Event::Verified { units: 1, how: h, gesture: None, .. }] if *h == how));
    b.scan(item(CLOCK));
    assert_eq!((b.session.by_hand, b.session.parcel().units.len()), (1, 2), "not mixed with what was scanned");
}

#[test]
fn the_site_decides_who_may() {
    at(ByHandPolicy::Never).no(by(Some(Role::Lead)), "not-allowed");
    for role in [None, Some(Role::Packer)] {
        let r = at(ByHandPolicy::NeedsLead).no(by(role), "needs-role");
        assert_eq!(r, Refusal::NeedsRole { role: Role::Lead });
    }
    at(ByHandPolicy::NeedsLead).ok(by(Some(Role::Admin)));
}

#[test]
fn not_more_than_wanted_not_an_unknown_line_not_without_its_serial() {
    let mut b = at(ByHandPolicy::Allowed);
    b.ok(by_hand(1));
    b.ok(by_hand(1));
    b.no(by_hand(1), "too-many");
    b.no(by_hand(9), "nothing-to-count");
    b.no(by_hand(2), "trace-needed");
}

#[test]
fn only_while_units_are_verified() {
    Bench::at(Step::Pick).no(by_hand(1), "not-now");
    let mut moving = Bench::at(Step::Pack);
    moving.ok(Command::AnotherParcel);
    moving.no(by_hand(1), "not-now");
}

#[test]
fn a_broken_or_recounted_unit_is_no_longer_confirmed_by_hand() {
    let mut b = Bench::open(World::new(&[(CLOCK, 2)])).to(Step::Verify);
    b.ok(by_hand(1));
    b.ok(by_hand(1));
    let mut recount = b.clone().to(Step::Weigh);
    recount.ok(Command::Recount);
    assert_eq!(recount.session.by_hand, 0);
    b.ok(damaged(1, 1));
    assert_eq!(b.session.by_hand, 1);
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    it_counts_one_and_says_how,
    the_site_decides_who_may,
    not_more_than_wanted_not_an_unknown_line_not_without_its_serial,
    only_while_units_are_verified,
    a_broken_or_recounted_unit_is_no_longer_confirmed_by_hand,
];

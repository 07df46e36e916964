//! Step 2: an order is read, and its flags are cleared by one who may.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::order::Flag;
use packbench::core::person::Role;
use packbench::core::session::{Command, Refusal, Step};

fn clear(flag: Flag, role: Role) -> Command {
    Command::ClearFlag { flag, approval: approval(role) }
}

#[test]
fn reading_leads_to_stock() {
    let mut b = Bench::at(Step::Review);
    b.ok(Command::Continue);
    assert_eq!(b.session.step, Step::Stock);
}

#[test]
fn every_flag_blocks_until_a_lead_clears_it() {
    let flags = [Flag::FraudReview, Flag::AddressTrouble, Flag::Unpaid];
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).flagged(&flags));
    for flag in flags {
        assert_eq!(b.no(Command::Continue, "flag-set"), Refusal::FlagSet { flag });
        assert_eq!(b.no(clear(flag, Role::Packer), "needs-role"), Refusal::NeedsRole { role: Role::Lead });
        assert_eq!(b.ok(clear(flag, Role::Lead)).len(), 1);
        assert_eq!(b.ok(clear(flag, Role::Lead)).len(), 0, "cleared once");
    }
    b.ok(Command::Continue);
}

#[test]
fn the_site_says_who_clears_flags() {
    let mut b =
        Bench::open(World::new(&[(CLOCK, 1)]).flagged(&[Flag::Unpaid]).with_policy(|p| p.clear_flag = Role::Admin));
    b.no(clear(Flag::Unpaid, Role::Lead), "needs-role");
    b.ok(clear(Flag::Unpaid, Role::Admin));
}

#[test]
fn a_flag_the_order_does_not_have_is_no_event() {
    assert!(Bench::at(Step::Review).ok(clear(Flag::Unpaid, Role::Lead)).is_empty());
}

#[test]
fn a_flag_set_late_stops_the_label_and_can_be_cleared_there() {
    let mut b = Bench::at(Step::Label);
    b.world.order.flags = vec![Flag::FraudReview];
    b.no(Command::MakeLabel, "flag-set");
    assert!(b.session.parcel().sscc.is_none());
    b.ok(clear(Flag::FraudReview, Role::Lead));
    b.ok(Command::MakeLabel);
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    reading_leads_to_stock,
    every_flag_blocks_until_a_lead_clears_it,
    the_site_says_who_clears_flags,
    a_flag_the_order_does_not_have_is_no_event,
    a_flag_set_late_stops_the_label_and_can_be_cleared_there,
];

//! Step 8: the weight gate, its override, and counting again.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::ids::LineNo;
use packbench::core::person::Role;
use packbench::core::session::event::Reason;
use packbench::core::session::refusal::WeightOut;
use packbench::core::session::{Command, Event, Refusal, Step};
use packbench::core::units::Grams;
use packbench::core::weight::{Blind, Proof};

/// Two clocks and a mug in the large box.
const EXPECTED_G: i64 = 2 * 400 + 220 + 250;

fn weight(grams: i64) -> Command {
    Command::Weight { grams: Grams(grams) }
}

fn over(grams: i64, role: Role) -> Command {
    Command::OverrideWeight { grams: Grams(grams), approval: approval(role), reason: Reason::PackingDiffers }
}

#[test]
fn within_the_gate_it_goes_to_the_label_with_what_it_proves() {
    for off in [-63, 0, 63] {
        let mut b = Bench::at(Step::Weigh);
        let events = b.ok(weight(EXPECTED_G + off));
        let Event::Weighed { expected_g, proof, overridden, .. } = &events[0] else { panic!("{events:?}") };
        assert_eq!((*expected_g, *proof, *overridden), (Grams(EXPECTED_G), Proof::ShowsOneMissing, None));
        assert_eq!(b.session.step, Step::Label);
    }
}

#[test]
fn outside_it_says_by_how_much_and_what_it_looks_like() {
    let mut b = Bench::at(Step::Weigh);
    for (grams, out, sku) in [
        (EXPECTED_G - 220, WeightOut::TooLight(Grams(220)), Some(("P2", 1))),
        (EXPECTED_G + 400, WeightOut::TooHeavy(Grams(400)), Some(("P1", 1))),
        (EXPECTED_G - 100, WeightOut::TooLight(Grams(100)), None),
    ] {
        let Refusal::WeightOutside { out: said, suspect } = b.no(weight(grams), "weight-outside") else { panic!() };
        assert_eq!(said, out);
        assert_eq!(suspect.as_ref().map(|(n, k)| (n.sku.as_str(), *k)), sku);
    }
}

#[test]
fn a_lead_overrides_with_a_reason_but_nothing_weighs_nothing() {
    let mut b = Bench::at(Step::Weigh);
    assert_eq!(b.no(over(900, Role::Packer), "needs-role"), Refusal::NeedsRole { role: Role::Lead });
    b.no(over(0, Role::Lead), "weight-outside");
    b.no(over(-4, Role::Lead), "weight-outside");
    b.ok(over(900, Role::Lead));
    assert!(b.session.parcel().weight_overridden);
    assert_eq!(b.session.step, Step::Label);
}

#[test]
fn the_site_says_who_overrides() {
    let mut b = Bench::at(Step::Weigh);
    b.world.policy.override_weight = Role::Admin;
    b.no(over(900, Role::Lead), "needs-role");
    b.ok(over(900, Role::Admin));
}

#[test]
fn an_unknown_mass_makes_the_gate_say_that_it_relies_on_scans() {
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).with_product(CLOCK, |p| p.weight_g = None)).to(Step::Weigh);
    let events = b.ok(weight(9_000));
    let because = Blind::UnknownWeight;
    assert!(matches!(&events[0], Event::Weighed { proof, .. } if *proof == Proof::ReliesOnScans { because }));
}

#[test]
fn counting_again_begins_from_nothing() {
    let mut b = Bench::at(Step::Weigh);
    b.ok(Command::Recount);
    assert_eq!((b.session.step, b.session.to_verify(), b.session.parcel().count()), (Step::Verify, 3, 0));
    b.no(Command::Undo, "nothing-to-undo");
    b.scan(item(MUG));
    b.ok(short(1, 1));
    b.scan(item(CLOCK));
    assert_eq!(b.session.step, Step::Pack);
}

#[test]
fn counting_again_leaves_the_other_parcels_alone() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(CLOCK));
    b.ok(Command::AnotherParcel);
    b.scan(item(CLOCK));
    b.scan(item(MUG));
    let mut b = b.to(Step::Weigh);
    b.ok(Command::Recount);
    let counts: Vec<_> = b.session.parcels.iter().map(|p| p.count()).collect();
    assert_eq!((counts, b.session.line(LineNo(1)).unwrap().verified), (vec![1, 0], 1));
    b.ok(short(1, 1));
    b.ok(short(2, 1));
    assert_eq!((b.session.step, b.session.parcels.len()), (Step::Pack, 1), "the emptied parcel is gone");
    assert!(b.finishes().is_ok());
}

#[test]
fn only_at_its_step() {
    for c in [weight(900), over(900, Role::Lead), Command::Recount] {
        Bench::at(Step::Checklist).no(c.clone(), "not-now");
        Bench::at(Step::Label).no(c, "not-now");
    }
    Bench::at(Step::Weigh).scan_no(item(CLOCK), "not-now");
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    within_the_gate_it_goes_to_the_label_with_what_it_proves,
    outside_it_says_by_how_much_and_what_it_looks_like,
    a_lead_overrides_with_a_reason_but_nothing_weighs_nothing,
    the_site_says_who_overrides,
    an_unknown_mass_makes_the_gate_say_that_it_relies_on_scans,
    counting_again_begins_from_nothing,
    counting_again_leaves_the_other_parcels_alone,
    only_at_its_step,
];

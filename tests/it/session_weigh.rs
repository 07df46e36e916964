//! Step 8: the weight gate, its override, and counting again.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::ids::LineNo;
use packbench::core::person::Role;
use packbench::core::policy::{ByHandPolicy, CountPolicy};
use packbench::core::scan::{Meaning, Trace};
use packbench::core::session::decide::weigh::gate;
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

/// What the gate expects of the current parcel.
fn expected_g(b: &Bench) -> i64 {
    gate(&b.session, &b.world.facts()).expected_g.0
}

#[test]
fn of_goods_sold_by_weight_what_their_labels_say_is_expected() {
    let mut b = Bench::open(World::new(&[(CLOCK, 1), (MUG, 4)])).to(Step::Verify);
    b.scan(item(CLOCK));
    b.scan(labelled(MUG, 1, 1_234));
    b.scan(labelled(MUG, 1, 1_100));
    // The same label on two pieces, and a piece whose label says nothing.
    b.scan(labelled(MUG, 1, 1_100));
    b.scan(item(MUG));
    let mut b = b.to(Step::Weigh);
    assert_eq!(expected_g(&b), 400 + 1_234 + 2 * 1_100 + 220 + 250);
    let Refusal::WeightOutside { out, suspect } = b.no(weight(4_304 - 1_234), "weight-outside") else { panic!() };
    assert_eq!(out, WeightOut::TooLight(Grams(1_234)));
    assert_eq!(suspect.map(|(n, k)| (n.sku, k)), Some(("P2".to_owned(), 1)), "the piece of that weight is missing");
    let Refusal::WeightOutside { suspect, .. } = b.no(weight(4_304 + 1_234), "weight-outside") else { panic!() };
    assert_eq!(suspect, None, "a piece too many would weigh something else");
    let events = b.ok(weight(4_304));
    let Event::Weighed { expected_g, proof, sample, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!((*expected_g, *proof, *sample), (Grams(4_304), Proof::ShowsOneMissing, None));
}

#[test]
fn a_label_for_several_units_is_shared_among_parcels_and_teaches_no_weight() {
    let mut b = Bench::open(World::new(&[(MUG, 3)])).to(Step::Verify);
    b.scan(labelled(MUG, 3, 1_000));
    let mut b = b.to(Step::Weigh);
    assert_eq!(expected_g(&b), 1_250, "the whole, to the gram");
    b.ok(Command::AnotherParcel);
    b.scan(item(MUG));
    b.ok(Command::Continue);
    let mut b = b.to(Step::Weigh);
    let both = expected_g(&b);
    b.ok(weight(both));
    assert!(both == 250 + 667 || both == 250 + 333, "{both}");
    let taught = |scanned: Meaning| {
        let mut b = Bench::open(World::new(&[(MUG, 3)])).to(Step::Verify);
        b.scan(scanned);
        let mut b = b.to(Step::Weigh);
        let expected = expected_g(&b);
        let Event::Weighed { sample, .. } = b.ok(weight(expected)).remove(0) else { panic!() };
        sample.is_some()
    };
    assert_eq!((taught(case(MUG, 3, Trace::default())), taught(labelled(MUG, 3, 700))), (true, false));
}

#[test]
fn the_piece_whose_label_is_scanned_is_the_one_that_moves() {
    let mut b = Bench::open(World::new(&[(MUG, 2)])).to(Step::Verify);
    b.scan(labelled(MUG, 1, 1_234));
    b.scan(labelled(MUG, 1, 1_100));
    let mut b = b.to(Step::Pack);
    b.ok(Command::AnotherParcel);
    let there = |b: &Bench, no: u16| -> Vec<i64> {
        let parcel = b.session.parcels.iter().find(|p| p.no == no).expect("a parcel");
        parcel.units.iter().filter_map(|u| u.trace.net).map(|net| net.weight_g.0).collect()
    };
    b.scan(labelled(MUG, 1, 1_234));
    assert_eq!((there(&b, 1), there(&b, 2)), (vec![1_100], vec![1_234]));
    b.ok(Command::Undo);
    assert_eq!((there(&b, 1).len(), there(&b, 2).len()), (2, 0));
    b.scan(labelled(MUG, 1, 1_100));
    assert_eq!((there(&b, 1), there(&b, 2)), (vec![1_234], vec![1_100]));
}

#[test]
fn units_that_are_counted_on_a_label_and_pieces_by_hand_weigh_what_one_is_known_to_weigh() {
    let world = World::new(&[(MUG, 4)]).with_policy(|p| p.count = CountPolicy::UpTo(9));
    let mut b = Bench::open(world.with_policy(|p| p.by_hand = ByHandPolicy::Allowed)).to(Step::Verify);
    b.scan(labelled(MUG, 1, 300));
    b.ok(Command::Count { more: 2 });
    b.ok(by_hand(1));
    let b = b.to(Step::Weigh);
    assert_eq!(expected_g(&b), 300 + 3 * 220 + 250);
    let mut b = Bench::open(World::new(&[(MUG, 1)]).with_product(MUG, |p| p.weight_g = None)).to(Step::Verify);
    b.scan(labelled(MUG, 1, 1_234));
    let events = b.to(Step::Weigh).ok(weight(1_484));
    let proof = Proof::ShowsOneMissing;
    assert!(matches!(&events[0], Event::Weighed { proof: told, .. } if *told == proof), "its label makes it known");
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    within_the_gate_it_goes_to_the_label_with_what_it_proves,
    outside_it_says_by_how_much_and_what_it_looks_like,
    a_lead_overrides_with_a_reason_but_nothing_weighs_nothing,
    the_site_says_who_overrides,
    an_unknown_mass_makes_the_gate_say_that_it_relies_on_scans,
    of_goods_sold_by_weight_what_their_labels_say_is_expected,
    a_label_for_several_units_is_shared_among_parcels_and_teaches_no_weight,
    the_piece_whose_label_is_scanned_is_the_one_that_moves,
    units_that_are_counted_on_a_label_and_pieces_by_hand_weigh_what_one_is_known_to_weigh,
    counting_again_begins_from_nothing,
    counting_again_leaves_the_other_parcels_alone,
    only_at_its_step,
];

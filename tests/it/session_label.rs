//! Step 9: the parcel gets its number and its papers, once all facts are known.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::checklist::{DocumentKind, Fact};
use packbench::core::product::Country;
use packbench::core::session::event::{PrintOutcome, PrintTrouble, Reason};
use packbench::core::session::{Command, Event, Refusal, Step};

fn abroad() -> World {
    let country = |code| Country::new(code);
    let mut w = World::new(&[(CLOCK, 1)]).with_policy(|p| p.home_country = country("GB"));
    w.order.ship_to.country = country("CH");
    w
}

fn fact(b: &mut Bench) -> Fact {
    let Refusal::FactMissing { fact, .. } = b.no(Command::MakeLabel, "fact-missing") else { panic!() };
    assert!(b.session.parcel().sscc.is_none());
    fact
}

#[test]
fn the_number_comes_first_and_then_the_print() {
    for command in [Command::MakeLabel, Command::Continue] {
        let mut b = Bench::at(Step::Label);
        let events = b.ok(command);
        assert!(matches!(
            &events[..],
            [Event::LabelAssigned { .. }, Event::PrintAttempted { document: DocumentKind::Label, copy: 1, .. }]
        ));
        assert_eq!((b.session.step, b.session.parcel().sscc.clone()), (Step::Label, Some(sscc(1))));
        assert!(b.ok(Command::MakeLabel).is_empty(), "it is on its way");
    }
}

#[test]
fn without_numbers_the_order_waits() {
    let mut b = Bench::at(Step::Label);
    b.world.next_sscc = None;
    b.no(Command::MakeLabel, "no-numbers");
    b.ok(Command::Hold { reason: Reason::WaitingForOffice });
    b.world.next_sscc = Some(sscc(1));
    assert!(b.finishes().is_ok());
}

#[test]
fn each_missing_fact_is_named_and_once_known_the_label_is_made() {
    let mut b = Bench::open(abroad()).to(Step::Label);
    let mut change = |f: &mut dyn FnMut(&mut World), expected| {
        assert_eq!(fact(&mut b), expected);
        f(&mut b.world);
    };
    change(&mut |w| w.products.get_mut(&product(CLOCK)).unwrap().facts.hs_code = Some("9105".to_owned()), Fact::HsCode);
    change(&mut |w| w.products.get_mut(&product(CLOCK)).unwrap().facts.origin = Country::new("DE"), Fact::Origin);
    b.world.order.ship_to.country = None;
    assert_eq!(fact(&mut b), Fact::Country);
    b.world.order.ship_to.country = Country::new("CH");
    b.world.order.lines[0].unit_price.minor = 0;
    assert_eq!(fact(&mut b), Fact::CustomsValue);
    b.world.order.lines[0].unit_price.minor = 5;
    b.ok(Command::MakeLabel);
    let papers: Vec<_> = b.session.parcel().prints.iter().map(|p| p.document).collect();
    use DocumentKind::{Cn23, CommercialInvoice, Label, PackingSlip};
    assert_eq!(papers, [PackingSlip, Label, Cn23, CommercialInvoice]);
}

#[test]
fn dangerous_goods_need_their_number_at_home_too() {
    let w = World::new(&[(CLOCK, 1)]).with_product(CLOCK, |p| p.facts.dangerous = true);
    assert_eq!(fact(&mut Bench::open(w).to(Step::Label)), Fact::UnNumber);
}

#[test]
fn a_print_that_never_left_is_tried_again_as_the_next_copy() {
    let mut b = Bench::at(Step::Label);
    b.ok(Command::MakeLabel);
    for copy in 1..4 {
        b.ok(printed(1, DocumentKind::Label, copy, PrintOutcome::Failed(PrintTrouble::PaperOut)));
        assert_eq!(b.session.step, Step::Label);
        let events = b.ok(Command::MakeLabel);
        assert!(matches!(&events[..], [Event::PrintAttempted { copy: c, reason: Some(_), .. }] if *c == copy + 1));
    }
    assert_eq!(b.session.parcel().sscc, Some(sscc(1)), "the number stays");
}

#[test]
fn the_label_can_be_scanned_before_the_printer_answers() {
    let mut b = Bench::at(Step::Label);
    b.scan_no(label(&sscc(1)), "no-label-yet");
    b.ok(Command::MakeLabel);
    b.scan(label(&sscc(1)));
    assert_eq!(b.session.step, Step::Next);
}

#[test]
fn scanned_early_the_next_parcel_or_the_slot_follows() {
    let mut two = Bench::at(Step::Pack);
    two.ok(Command::AnotherParcel);
    two.scan(item(MUG));
    two.ok(Command::Continue);
    let mut two = two.to(Step::Label);
    two.ok(Command::MakeLabel);
    two.scan(label(&sscc(1)));
    assert_eq!((two.session.step, two.session.parcel().no), (Step::Pack, 2));
    let mut slot = Bench::open(World::new(&[(CLOCK, 1)]).meeting_at("D-01")).to(Step::Label);
    slot.ok(Command::MakeLabel);
    slot.scan(label(&sscc(1)));
    assert_eq!(slot.session.step, Step::Confirm);
    assert!(slot.finishes().is_ok());
}

#[test]
fn only_at_its_step() {
    Bench::at(Step::Weigh).no(Command::MakeLabel, "not-now");
    Bench::at(Step::Confirm).no(Command::MakeLabel, "not-now");
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    the_number_comes_first_and_then_the_print,
    without_numbers_the_order_waits,
    each_missing_fact_is_named_and_once_known_the_label_is_made,
    dangerous_goods_need_their_number_at_home_too,
    a_print_that_never_left_is_tried_again_as_the_next_copy,
    the_label_can_be_scanned_before_the_printer_answers,
    scanned_early_the_next_parcel_or_the_slot_follows,
    only_at_its_step,
];

//! Step 5: one scan per unit, cases count their content, everything else is refused by name.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::command_code::CommandCode;
use packbench::core::scan::{Meaning, Trace};
use packbench::core::session::event::VerifyHow;
use packbench::core::session::refusal::Named;
use packbench::core::session::{Event, Refusal, Step};
use packbench::core::signal::SoundName;

fn counted(events: &[Event]) -> Vec<(u32, u32, VerifyHow)> {
    let of = |e: &Event| match e {
        Event::Verified { line, units, how, .. } => Some((line.0, *units, *how)),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

#[test]
fn every_gesture_counts_one_unit_and_the_last_one_leads_on() {
    let mut b = Bench::at(Step::Verify);
    assert_eq!(counted(&b.scan(item(CLOCK))), [(1, 1, VerifyHow::Scan)]);
    b.scan(item(MUG));
    assert_eq!(b.session.step, Step::Verify);
    b.scan(item(CLOCK));
    assert_eq!((b.session.step, b.session.scans), (Step::Pack, 5));
}

#[test]
fn what_does_not_belong_is_refused_each_in_its_own_way() {
    let mut b = Bench::at(Step::Verify);
    b.scan(item(MUG));
    let no = |m: Meaning| (m.clone(), b.clone().scan_no(m.clone(), expected(&m)));
    let all = [
        item(STRANGER),
        item(MUG),
        case(CLOCK, 6, Trace::default()),
        unknown("4006381333931"),
        Meaning::Unreadable,
        Meaning::TooLong,
        Meaning::BadCommand,
        Meaning::Ambiguous("12".to_owned()),
        Meaning::Command(CommandCode::Tick),
        Meaning::Packaging(packaging(BOX_L)),
        foreign_label("536999", 1),
        Meaning::Badge(user(2)),
        Meaning::Tote("T-1".to_owned(), Vec::new()),
        Meaning::Order("536365".to_owned(), Vec::new()),
        shelf("A-01"),
    ];
    let said: Vec<_> = all.map(no).into_iter().map(|(_, r)| r.sound()).collect();
    assert_eq!(said[0], SoundName::Stop);
    assert_eq!(said[3], SoundName::StopUnknown, "nobody knows it sounds different from this is wrong");
    assert_eq!(said[7], SoundName::Decide);
}

fn expected(m: &Meaning) -> &'static str {
    match m {
        Meaning::Product { units: 6, .. } => "case-too-big",
        Meaning::Product { product: p, .. } if *p == product(MUG) => "too-many",
        Meaning::Product { .. } => "wrong-item",
        Meaning::Unknown(_) | Meaning::UnknownItem(_) | Meaning::Traced { .. } => "unknown-code",
        Meaning::Unreadable => "unreadable",
        Meaning::TooLong => "too-long",
        Meaning::BadCommand => "bad-command",
        Meaning::Ambiguous(_) => "ambiguous",
        Meaning::Command(_)
        | Meaning::Badge(_)
        | Meaning::Location(_)
        | Meaning::Tote(..)
        | Meaning::Order(..)
        | Meaning::ParcelLabel { .. }
        | Meaning::Packaging(_) => "not-now",
    }
}

#[test]
fn the_refusal_names_the_needed_and_the_scanned_thing() {
    let mut b = Bench::open(World::new(&[(CLOCK, 2), (MUG, 1)]).in_tote());
    let named = |sku: &str, name: &str, bin: Option<&str>| Named {
        sku: sku.to_owned(),
        name: name.to_owned(),
        bin: bin.map(str::to_owned),
    };
    let r = b.scan_no(item(STRANGER), "wrong-item");
    let needed = Some(named("P1", "Product 1", Some("A-01")));
    assert_eq!(r, Refusal::WrongItem { needed, scanned: named("P7", "Product 7", None) });
    b.scan(item(MUG));
    let Refusal::TooMany { wanted, .. } = b.scan_no(item(MUG), "too-many") else { panic!() };
    assert_eq!(wanted, 1);
}

#[test]
fn a_case_counts_its_content_also_over_several_lines() {
    let mut b = Bench::open(World::new(&[(CLOCK, 4), (MUG, 1), (CLOCK, 8)])).to(Step::Verify);
    let counts = counted(&b.scan(case(CLOCK, 12, Trace::default())));
    assert_eq!(counts, [(3, 8, VerifyHow::Case), (1, 4, VerifyHow::Case)]);
    assert_eq!(b.session.to_verify(), 1);
}

#[test]
fn the_line_in_hand_is_filled_first() {
    let mut b = Bench::open(World::new(&[(CLOCK, 2), (CLOCK, 2)])).to(Step::Verify);
    assert_eq!(b.session.line_in_hand.unwrap().0, 2, "picked last");
    assert_eq!(counted(&b.scan(case(CLOCK, 3, Trace::default()))), [(2, 2, VerifyHow::Case), (1, 1, VerifyHow::Case)]);
}

#[test]
fn a_case_larger_than_what_is_wanted_says_how_many_are() {
    let mut b = Bench::open(World::new(&[(CLOCK, 5)])).to(Step::Verify);
    let Refusal::CaseTooBig { units, wanted, .. } = b.scan_no(case(CLOCK, 6, Trace::default()), "case-too-big") else {
        panic!()
    };
    assert_eq!((units, wanted), (6, 5));
    assert_eq!(
        counted(&b.scan(case(CLOCK, 0, Trace::default()))),
        [(1, 1, VerifyHow::Scan)],
        "a barcode of none is one"
    );
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    every_gesture_counts_one_unit_and_the_last_one_leads_on,
    what_does_not_belong_is_refused_each_in_its_own_way,
    the_refusal_names_the_needed_and_the_scanned_thing,
    a_case_counts_its_content_also_over_several_lines,
    the_line_in_hand_is_filled_first,
    a_case_larger_than_what_is_wanted_says_how_many_are,
];

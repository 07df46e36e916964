//! Serial numbers, lots and dates: asked where the product demands them, checked, recorded with the unit.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::scan::{Meaning, Trace};
use packbench::core::session::event::VerifyHow;
use packbench::core::session::refusal::TraceField;
use packbench::core::session::{Command, Event, Refusal, Step};

fn phones(n: u32) -> Bench {
    Bench::open(World::new(&[(PHONE, n), (CLOCK, 1)])).to(Step::Verify)
}

fn milk() -> Bench {
    Bench::open(World::new(&[(MILK, 6), (CLOCK, 1)])).to(Step::Verify)
}

fn full(lot_text: &str, date: &str) -> Trace {
    Trace { expiry: Some(day(date)), ..lot(lot_text) }
}

fn field(r: &Refusal) -> TraceField {
    let Refusal::TraceNeeded { field, .. } = r else { panic!("{r:?}") };
    *field
}

#[test]
fn a_serial_in_the_barcode_counts_at_once_and_never_twice() {
    let mut b = phones(2);
    b.scan(case(PHONE, 1, serial("SN-1")));
    b.scan_no(case(PHONE, 1, serial("SN-1")), "serial-twice");
    b.scan(case(PHONE, 1, serial("SN-2")));
    assert_eq!(b.session.lines[0].verified, 2);
}

#[test]
fn a_serial_that_left_the_house_is_refused() {
    let mut b = phones(2);
    b.no(used_serial(900, case(PHONE, 1, serial("SN-1"))), "serial-used");
    b.scan(item(PHONE));
    b.no(used_serial(901, unknown("SN-1")), "serial-used");
    b.scan(unknown("SN-2"));
    b.scan(item(PHONE));
    b.scan_no(unknown("SN-2"), "serial-twice");
}

#[test]
fn a_question_waits_for_the_second_barcode_or_the_keys() {
    for answer in [None, Some("SN-9")] {
        let mut b = phones(1);
        let events = b.scan(item(PHONE));
        assert!(matches!(events[..], [Event::TraceAsked { .. }]));
        assert_eq!(b.session.lines[0].verified, 0);
        assert_eq!(field(&b.scan_no(item(PHONE), "trace-needed")), TraceField::Serial);
        b.scan_no(item(CLOCK), "trace-needed");
        b.no(give(Trace::default()), "trace-needed");
        b.no(give(serial("  ")), "trace-needed");
        b.no(Command::AnotherParcel, "not-now");
        match answer {
            None => b.scan(unknown("SN-9")),
            Some(text) => b.ok(give(serial(text))),
        };
        assert_eq!(b.session.parcel().units[0].trace, serial("SN-9"));
        assert!(b.session.awaiting.is_none());
    }
}

#[test]
fn lot_and_date_are_asked_one_after_the_other() {
    let mut b = milk();
    b.scan(item(MILK));
    b.scan(unknown("L-1"));
    assert_eq!(field(&b.scan_no(unknown("soon"), "trace-needed")), TraceField::Expiry);
    let depth = b.session.undo.len();
    b.ok(give(Trace { expiry: Some(day("2027-01-31")), ..Trace::default() }));
    assert_eq!(b.session.undo.len(), depth, "the question gave way to the unit");
    assert_eq!(b.session.parcel().units[0].trace, full("L-1", "2027-01-31"));
}

#[test]
fn the_products_own_richer_barcode_answers_too() {
    let mut b = milk();
    b.scan(item(MILK));
    b.scan_no(case(MILK, 6, full("L-1", "2027-01-31")), "case-too-big");
    b.scan(case(MILK, 1, full("L-1", "2027-01-31")));
    assert_eq!(b.session.lines[0].verified, 1);
}

#[test]
fn a_held_lot_and_a_passed_date_never_go_in() {
    let mut b = milk();
    b.world.stock.levels[0].lot = Some("L-9".to_owned());
    b.world.stock.levels[0].held = true;
    b.scan_no(case(MILK, 1, full("L-9", "2027-01-31")), "lot-held");
    b.scan_no(case(MILK, 1, full("L-1", "2026-03-09")), "past-date");
    b.scan(item(MILK));
    b.scan_no(unknown("L-9"), "lot-held");
    b.ok(give(lot("L-1")));
    b.no(give(Trace { expiry: Some(day("2026-03-09")), ..Trace::default() }), "past-date");
    b.ok(give(Trace { expiry: Some(day("2026-03-10")), ..Trace::default() }));
}

#[test]
fn a_lot_that_is_held_without_a_balance_is_refused_however_it_is_written() {
    let mut b = milk();
    b.scan(case(MILK, 1, full("L-9", "2027-01-31")));
    b.world.stock.held_lots = vec![(product(MILK), "L-9".to_owned()), (product(CLOCK), "L-1".to_owned())];
    b.scan_no(case(MILK, 1, full("L-9", "2027-01-31")), "lot-held");
    b.no(Command::Count { more: 2 }, "lot-held");
    b.scan(item(MILK));
    b.scan_no(unknown("l-9"), "lot-held");
    b.no(give(lot(" L-9 ")), "lot-held");
    b.ok(give(full("L-1", "2027-01-31")));
    assert_eq!(
        b.session.lines[0].verified, 2,
        "what went in before the hold stays, and another product's hold is its own"
    );
}

#[test]
fn a_case_with_its_lot_and_date_counts_all_but_a_question_is_for_one() {
    let mut b = milk();
    b.scan_no(case(MILK, 6, Trace::default()), "case-too-big");
    let events = b.scan(case(MILK, 6, full("L-1", "2027-01-31")));
    assert!(matches!(events[0], Event::Verified { units: 6, how: VerifyHow::Case, .. }));
    phones(3).scan_no(case(PHONE, 3, serial("SN-1")), "case-too-big");
}

#[test]
fn a_serial_is_kept_only_where_each_unit_has_its_own() {
    let mut b = Bench::open(World::new(&[(BULB, 2)])).to(Step::Verify);
    for _ in 0..2 {
        b.scan(case(BULB, 1, Trace { serial: Some("BATCH".to_owned()), ..lot("L-1") }));
    }
    assert_eq!(b.session.parcel().units.len(), 1);
    assert_eq!(b.session.parcel().units[0].trace, lot("L-1"));
}

#[test]
fn a_question_about_a_unit_that_is_missing_falls_away() {
    let mut b = phones(1);
    b.scan(item(PHONE));
    b.ok(short(1, 1));
    b.no(give(serial("SN-1")), "nothing-to-count");
    b.scan(item(CLOCK));
    assert_eq!(b.session.step, Step::Pack);
}

#[test]
fn an_answer_without_a_question_is_refused() {
    phones(1).no(give(serial("SN-1")), "nothing-to-count");
    Bench::at(Step::Pick).no(give(serial("SN-1")), "not-now");
}

#[test]
fn the_question_can_be_taken_back() {
    let mut b = phones(1);
    b.scan(item(PHONE));
    b.ok(Command::Undo);
    assert!(b.session.awaiting.is_none());
    b.scan(item(CLOCK));
    b.scan_no(Meaning::Unknown("SN-1".to_owned()), "unknown-code");
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    a_serial_in_the_barcode_counts_at_once_and_never_twice,
    a_serial_that_left_the_house_is_refused,
    a_question_waits_for_the_second_barcode_or_the_keys,
    lot_and_date_are_asked_one_after_the_other,
    the_products_own_richer_barcode_answers_too,
    a_held_lot_and_a_passed_date_never_go_in,
    a_lot_that_is_held_without_a_balance_is_refused_however_it_is_written,
    a_case_with_its_lot_and_date_counts_all_but_a_question_is_for_one,
    a_serial_is_kept_only_where_each_unit_has_its_own,
    a_question_about_a_unit_that_is_missing_falls_away,
    an_answer_without_a_question_is_refused,
    the_question_can_be_taken_back,
];

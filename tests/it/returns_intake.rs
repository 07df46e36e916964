//! The core of taking a return in: each scan, grade and refusal by itself, and seeded walks in which the counts always agree.

use std::collections::HashMap;

use packbench::core::ids::{FulfillmentId, LineNo, ProductId, ReturnId};
use packbench::core::product::{Product, Tracking};
use packbench::core::returns::{self, Command, Event, Facts, Grade, Intake, Line, Place, Refusal, UNDO_MS};
use packbench::core::scan::{Meaning, Trace};
use packbench::core::session::refusal::TraceField;
use packbench::core::signal::SoundName;
use packbench::core::time::{Day, UtcMs};
use packbench::i18n::{Catalogue, Lang};
use packbench::protocol::domain;
use uuid::Uuid;

use crate::station_kit::world::{self, CREAM, CUP, LAMP, MUG, PHONE, POSTAGE};

fn id(n: u64) -> ProductId {
    ProductId(world::product(n, 1).id.0)
}

fn line(no: u32, product: u64, asked: u32) -> Line {
    Line {
        no: LineNo(no),
        product: id(product),
        asked,
        came: 0,
        serials_sold: Vec::new(),
        lots_sold: Vec::new(),
        serials_in: Vec::new(),
    }
}

/// A bench with a return of six mugs in two lines, two phones and a cream.
struct Bench {
    s: Intake,
    products: HashMap<ProductId, Product>,
    shelves: HashMap<ProductId, String>,
    now: UtcMs,
}

impl Bench {
    fn new() -> Bench {
        let phone = Line { serials_sold: vec!["SN-1".to_owned(), "SN-2".to_owned()], ..line(3, PHONE, 2) };
        let cream = Line { lots_sold: vec!["LOT-A".to_owned()], ..line(4, CREAM, 1) };
        Bench::with(vec![line(1, MUG, 4), line(2, MUG, 2), phone, cream])
    }

    fn with(lines: Vec<Line>) -> Bench {
        let s = returns::open(ReturnId(Uuid::from_u128(7)), "R000001", "536001", lines).unwrap();
        let products: HashMap<ProductId, Product> =
            world::products().iter().map(domain::product).map(|product| (product.id, product)).collect();
        let shelves = [MUG, PHONE, CREAM].map(|n| (id(n), format!("A-0{n}"))).into_iter().collect();
        Bench { s, products, shelves, now: UtcMs(1_000) }
    }

    fn try_it(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let facts = Facts { products: &self.products, shelves: &self.shelves };
        let events = returns::decide(&self.s, &facts, command, self.now)?;
        events.iter().for_each(|event| self.s.apply(event));
        Ok(events)
    }

    #[track_caller]
    fn yes(&mut self, command: Command) -> Vec<Event> {
        self.try_it(&command).unwrap_or_else(|refusal| panic!("{command:?} is refused: {refusal:?}"))
    }

    #[track_caller]
    fn no(&mut self, command: Command, code: &str) -> Refusal {
        let before = self.s.clone();
        let refusal = self.try_it(&command).expect_err("a refusal");
        assert_eq!(refusal.code(), code, "{command:?}");
        assert_eq!(self.s, before, "a refusal changes nothing");
        refusal
    }
}

fn scan(n: u64) -> Command {
    units(n, 1)
}

fn units(n: u64, units: u32) -> Command {
    Command::Scan(Meaning::Product { product: id(n), units, trace: Trace::default() })
}

fn text(text: &str) -> Command {
    Command::Scan(Meaning::Unknown(text.to_owned()))
}

fn shelf(code: &str) -> Command {
    Command::Scan(Meaning::Location(code.to_owned()))
}

#[test]
fn a_unit_is_scanned_graded_and_told_where_it_goes() {
    let mut b = Bench::new();
    b.yes(scan(MUG));
    let hand = b.s.hand.clone().unwrap();
    assert_eq!((hand.line, hand.shelf.as_deref(), hand.asks()), (LineNo(1), Some("A-01"), None));
    b.yes(Command::Grade(Grade::Resell));
    assert_eq!(b.s.last.as_ref().unwrap().place, Place::Shelf("A-01".to_owned()));
    assert_eq!((b.s.counts(), b.s.left()), ((1, 9), 8));
    b.yes(scan(MUG));
    b.yes(Command::Grade(Grade::Repair));
    assert_eq!(b.s.last.as_ref().unwrap().place, Place::Aside);
    b.yes(scan(MUG));
    b.yes(shelf("A-07"));
    let events = b.yes(Command::Grade(Grade::Repair));
    assert!(matches!(&events[..], [Event::Settled { .. }, Event::Taken { .. }]), "{events:?}");
    assert_eq!(b.s.last.as_ref().unwrap().place, Place::Shelf("A-07".to_owned()), "the scanned place");
    b.yes(scan(MUG));
    b.yes(Command::Grade(Grade::Scrap));
    assert_eq!(b.s.last.as_ref().unwrap().place, Place::Waste);
    assert_eq!(b.s.counts().0, 4);
    b.yes(scan(MUG));
    assert_eq!(b.s.hand.as_ref().unwrap().line, LineNo(1), "of two lines that wait for as many, the first");
}

#[test]
fn what_is_not_asked_back_or_is_too_much_is_refused_by_name() {
    let mut b = Bench::new();
    let refusal = b.no(scan(LAMP), "return-not-of-this");
    assert!(matches!(&refusal, Refusal::NotOfThis { item, number } if item.sku == "SKU-2" && number == "R000001"));
    b.no(scan(CUP), "return-not-of-this");
    b.no(scan(POSTAGE), "return-not-of-this");
    b.no(text("nobody"), "unknown-code");
    b.no(Command::Scan(Meaning::Ambiguous("12".to_owned())), "ambiguous");
    b.no(Command::Scan(Meaning::Unreadable), "unreadable");
    b.no(Command::Scan(Meaning::TooLong), "too-long");
    b.no(Command::Scan(Meaning::BadCommand), "bad-command");
    b.no(Command::Scan(Meaning::Tote("T-1".to_owned(), vec![FulfillmentId(Uuid::nil())])), "return-not-now");
    b.no(shelf("A-01"), "return-nothing-in-hand");
    b.no(Command::Grade(Grade::Resell), "return-nothing-in-hand");
    b.no(Command::GiveTrace(Trace::default()), "return-nothing-in-hand");
    b.no(units(MUG, 6), "return-case-too-big");
    for _ in 0..6 {
        b.yes(scan(MUG));
        b.no(scan(MUG), "return-grade-first");
        b.no(Command::Finish, "return-grade-first");
        b.yes(Command::Grade(Grade::Scrap));
    }
    let refusal = b.no(scan(MUG), "return-too-many");
    assert!(matches!(refusal, Refusal::TooMany { asked: 6, .. }));
    assert!(b.yes(text("R000001")).is_empty(), "the paper in the box, once more");
    assert!(b.yes(Command::Scan(Meaning::Order("536001".to_owned(), Vec::new()))).is_empty());
}

#[test]
fn a_case_counts_its_units_on_one_line() {
    let mut b = Bench::with(vec![line(1, MUG, 2), line(2, MUG, 6)]);
    b.yes(units(MUG, 6));
    assert_eq!(b.s.hand.as_ref().map(|hand| (hand.line, hand.units)), Some((LineNo(2), 6)));
    b.yes(Command::Grade(Grade::Resell));
    assert_eq!(b.s.counts(), (6, 8));
    b.no(units(MUG, 6), "return-case-too-big");
    let mut b = Bench::with(vec![line(1, PHONE, 6)]);
    b.no(units(PHONE, 6), "return-case-too-big");
}

#[test]
fn serials_and_lots_are_asked_and_held_against_what_left() {
    let mut b = Bench::new();
    b.yes(scan(PHONE));
    assert_eq!(b.s.hand.as_ref().unwrap().asks(), Some(TraceField::Serial));
    b.no(Command::Grade(Grade::Resell), "return-trace-first");
    b.no(text("SN-9"), "return-serial-not-sold");
    b.yes(text("SN-1"));
    b.yes(Command::Grade(Grade::Resell));
    b.yes(scan(PHONE));
    b.no(text("SN-1"), "return-already-in");
    // Its number is worn off: it is not sold again, but it came.
    b.yes(Command::Grade(Grade::Scrap));
    b.no(scan(PHONE), "return-too-many");
    b.yes(scan(CREAM));
    assert_eq!(b.s.hand.as_ref().unwrap().asks(), Some(TraceField::Lot));
    b.no(text("LOT-Z"), "return-lot-not-sold");
    b.yes(text("LOT-A"));
    assert_eq!(b.s.hand.as_ref().unwrap().asks(), Some(TraceField::Expiry));
    b.no(text("2030"), "unknown-code");
    b.no(Command::Grade(Grade::Resell), "return-trace-first");
    b.yes(Command::GiveTrace(Trace { expiry: Day::new(2030, 1, 1), ..Trace::default() }));
    b.yes(Command::Grade(Grade::Resell));
    let trace = &b.s.last.as_ref().unwrap().trace;
    assert_eq!((trace.lot.as_deref(), trace.expiry), (Some("LOT-A"), Day::new(2030, 1, 1)));
    // Where nobody knows what left, any will do; one that came in elsewhere will not.
    let mut b = Bench::with(vec![Line { serials_in: vec!["SN-5".to_owned()], ..line(1, PHONE, 2) }]);
    b.yes(scan(PHONE));
    b.no(text("SN-5"), "return-already-in");
    b.yes(text("SN-6"));
}

#[test]
fn without_a_known_shelf_one_is_scanned() {
    let mut b = Bench::with(vec![line(1, LAMP, 2)]);
    b.yes(scan(LAMP));
    b.no(Command::Grade(Grade::Resell), "return-no-shelf");
    b.yes(shelf("B-03"));
    b.yes(Command::Grade(Grade::Resell));
    assert_eq!(b.s.last.as_ref().unwrap().place, Place::Shelf("B-03".to_owned()));
}

#[test]
fn the_last_unit_can_be_taken_back_until_it_stands_for_good() {
    let mut b = Bench::new();
    b.no(Command::Undo, "return-nothing-to-undo");
    b.yes(scan(MUG));
    b.yes(Command::Undo);
    assert!(b.s.hand.is_none(), "what is in hand is put down first");
    b.yes(scan(MUG));
    b.yes(Command::Grade(Grade::Resell));
    b.yes(Command::Undo);
    assert_eq!(b.s.counts().0, 0);
    b.no(Command::Undo, "return-nothing-to-undo");
    b.yes(scan(MUG));
    b.yes(Command::Grade(Grade::Scrap));
    b.now = b.now.plus_ms(UNDO_MS - 1);
    assert!(b.yes(Command::Settle).is_empty());
    b.now = b.now.plus_ms(1);
    assert!(matches!(&b.yes(Command::Settle)[..], [Event::Settled { .. }]));
    b.no(Command::Undo, "return-nothing-to-undo");
    assert_eq!(b.s.counts().0, 1);
}

#[test]
fn it_ends_with_what_is_missing_or_waits_for_it() {
    let mut b = Bench::new();
    b.yes(scan(MUG));
    b.yes(Command::Grade(Grade::Resell));
    let events = b.yes(Command::Finish);
    assert!(matches!(&events[..], [Event::Settled { .. }, Event::Finished { missing: 8 }]), "{events:?}");
    assert!(b.s.over && b.yes(scan(MUG)).is_empty(), "over is over");
    let mut b = Bench::new();
    b.yes(scan(MUG));
    assert!(matches!(&b.yes(Command::Leave)[..], [Event::Left]), "what is in hand is scanned again later");
    let came = Line { came: 2, ..line(1, MUG, 2) };
    let all_in = returns::open(ReturnId(Uuid::nil()), "R000002", "536001", vec![came]).unwrap_err();
    assert_eq!(all_in, Refusal::AllIn { number: "R000002".to_owned() });
}

#[test]
fn what_others_took_in_meanwhile_counts() {
    let mut b = Bench::with(vec![line(1, MUG, 1)]);
    b.yes(scan(MUG));
    b.s.lines[0].came = 1;
    b.no(Command::Grade(Grade::Resell), "return-too-many");
    b.yes(Command::Undo);
    b.yes(Command::Finish);
}

#[test]
fn every_refusal_has_two_lines_in_every_language_and_its_own_sound() {
    for lang in Lang::ALL {
        let catalogue = Catalogue::new(lang);
        for code in Refusal::CODES {
            for key in [format!("refusal-{code}"), format!("refusal-{code}-detail")] {
                assert!(catalogue.has(&key), "{}: {key}", lang.code());
            }
        }
        let mut b = Bench::new();
        b.yes(scan(PHONE));
        for (command, code) in
            [(Command::Grade(Grade::Resell), "return-trace-first"), (scan(MUG), "return-grade-first")]
        {
            let (title, detail) = b.no(command, code).say();
            let both = [catalogue.render(&title), catalogue.render(&detail)];
            assert!(both.iter().all(|line| !line.contains(['⟦', '{'])), "{both:?}");
            assert!(both[1].contains("SKU-3"), "{both:?}");
        }
    }
    let unknown = Refusal::NotKnown { text: String::new() };
    assert_eq!(unknown.sound(), SoundName::StopUnknown);
    assert_eq!(Refusal::NothingInHand.sound(), SoundName::Stop);
}

/// A small generator, the same every time (Knuth's MMIX constants).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn anything(c: &mut Chance) -> Command {
    match c.below(12) {
        0..=3 => units([MUG, PHONE, CREAM, LAMP][c.below(4) as usize], [1, 1, 1, 6][c.below(4) as usize]),
        4 => text(["SN-1", "SN-2", "SN-3", "LOT-A", "R000001"][c.below(5) as usize]),
        5 => Command::GiveTrace(Trace { expiry: Day::new(2030, 1, 1), ..Trace::default() }),
        6 => shelf("A-09"),
        7..=9 => Command::Grade(Grade::ALL[c.below(3) as usize]),
        10 => Command::Undo,
        _ => Command::Settle,
    }
}

#[test]
fn never_more_than_was_asked_for_and_the_counts_agree() {
    for seed in 0..400 {
        let mut c = Chance(seed);
        let mut b = Bench::new();
        let mut told = 0_u32;
        for _ in 0..60 {
            b.now = b.now.plus_ms(i64::try_from(c.below(40_000)).unwrap());
            for event in b.try_it(&anything(&mut c)).unwrap_or_default() {
                if let Event::Settled { unit } = event {
                    told += unit.units;
                }
            }
            for line in &b.s.lines {
                assert!(b.s.came(line) <= line.asked, "seed {seed}: {line:?}");
            }
            let held = b.s.last.as_ref().map_or(0, |unit| unit.units);
            let (came, asked) = b.s.counts();
            assert_eq!((came, asked - came), (told + held, b.s.left()), "seed {seed}");
            let serials: Vec<&String> = b.s.lines.iter().flat_map(|line| &line.serials_in).collect();
            assert!(serials.iter().enumerate().all(|(at, one)| !serials[..at].contains(one)), "seed {seed}");
        }
    }
}

#[test]
fn a_product_that_asks_for_nothing_keeps_no_serial() {
    let mut b = Bench::with(vec![line(1, MUG, 1)]);
    assert_eq!(b.products[&id(MUG)].tracking, Tracking::default());
    let trace = Trace { serial: Some("X".to_owned()), lot: Some("L".to_owned()), ..Trace::default() };
    b.yes(Command::Scan(Meaning::Product { product: id(MUG), units: 1, trace }));
    assert_eq!(b.s.hand.as_ref().unwrap().trace, Trace { lot: Some("L".to_owned()), ..Trace::default() });
}

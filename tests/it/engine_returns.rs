//! Returns through the engine: opened by what is on the box, taken in without the network, told as facts, and the same after a crash.

use packbench::core::command_code::CommandCode;
use packbench::core::returns::{Grade, Place};
use packbench::core::session::refusal::TraceField;
use packbench::engine::input::Ui;
use packbench::engine::view::{ReturnView, Screen, Sheet};
use packbench::protocol::desk::{RETURN_RECEIVED, ReturnReceived};
use packbench::protocol::sync;
use packbench::protocol::wire::{
    Change, Epoch, EventEnvelope, EventId, ProductId, Put, ReturnGrade, ReturnId, ReturnLine, ReturnRecord, ReturnUnit,
    Seq,
};
use packbench::sql::fault::FailAfter;
use packbench::sql::{Conn, Target};
use packbench::storage::{MIGRATIONS, meta, outbox, returns};
use std::path::Path;
use std::sync::atomic::Ordering;

use crate::station_kit::station::{Station, open, open_unsynced};
use crate::station_kit::world::{self, ANNA, BORIS, CREAM, Job, LAMP, MUG, PHONE};

/// The label that the order left under.
pub const LABEL: &str = "350123450000047110";

/// Return `R00000n` of order `no` with these products and units.
pub fn on_its_way(n: u128, no: u64, lines: &[(u64, u32)]) -> ReturnRecord {
    let line = |(line, (product, quantity)): (u32, &(u64, u32))| ReturnLine {
        line,
        product_id: ProductId::from_u128(0x9000 + u128::from(*product)),
        quantity: *quantity,
        received: 0,
        serials: if *product == PHONE { vec!["SN-1".to_owned(), "SN-2".to_owned()] } else { Vec::new() },
        lots: Vec::new(),
    };
    ReturnRecord {
        id: ReturnId::from_u128(0xf000 + n),
        version: 1,
        number: format!("R{n:06}"),
        order_number: (536_000 + no).to_string(),
        labels: if n == 1 { vec![LABEL.to_owned()] } else { Vec::new() },
        lines: (1..).zip(lines).map(line).collect(),
        units: Vec::new(),
        asked_ms: world::START_MS,
    }
}

pub fn told(record: &ReturnRecord) -> Change {
    Change::Return(Put::Upsert(Box::new(record.clone())))
}

/// Anna before an empty queue, with a return of two mugs, a phone and a cream on its way.
fn station() -> (Station, ReturnRecord) {
    let record = on_its_way(1, 901, &[(MUG, 2), (PHONE, 1), (CREAM, 1)]);
    let mut s = Station::with_anna(&[]);
    s.pull(vec![told(&record)]);
    (s, record)
}

fn view(s: &mut Station) -> ReturnView {
    let view = s.view();
    assert_eq!(view.screen, Screen::Return);
    view.intake.as_deref().expect("a return on the bench").clone()
}

fn counts(s: &mut Station) -> (u32, u32) {
    let view = view(s);
    (view.came, view.asked)
}

fn stored(c: &mut dyn Conn) -> Vec<EventEnvelope> {
    let last = Seq(meta::int(c, meta::key::SEQ).expect("readable").unsigned_abs());
    let list = outbox::read(c, Epoch(1), Seq(1), last).expect("readable");
    list.into_iter().filter(|event| event.kind == RETURN_RECEIVED).collect()
}

/// What central is told of returns, in order.
fn facts(s: &Station) -> Vec<(EventId, ReturnReceived)> {
    let list = stored(s.look().as_mut());
    let read = |event: &EventEnvelope| ReturnReceived::read(event.payload.json()).expect("of this shape");
    list.iter().map(|event| (event.id, read(event))).collect()
}

#[test]
fn the_paper_the_order_and_the_old_label_open_it() {
    for code in ["R000001", "536901", LABEL, "00350123450000047110"] {
        let (mut s, _) = station();
        s.scan(code);
        let view = view(&mut s);
        assert_eq!((view.number.as_str(), view.order.as_str()), ("R000001", "536901"), "{code}");
        assert_eq!(s.said(), "ok-return-opened");
    }
    let (mut s, _) = station();
    s.scan("R000009");
    assert_eq!((s.said(), s.view().screen), ("refusal-unknown-code", Screen::Queue));
    s.scan("350123450000047127");
    assert_eq!(s.said(), "refusal-unknown-label");
}

#[test]
fn an_order_that_waits_is_packed_first_and_several_returns_are_asked_apart() {
    let job = Job::new(1, &[(LAMP, 1)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.pull(vec![told(&on_its_way(1, 1, &[(MUG, 1)]))]);
    s.scan(job.number());
    assert_eq!(s.view().screen, Screen::Pack, "the order itself still waits");
    s.scan("R000001");
    assert_eq!(s.said(), "refusal-return-after-order");
    s.work();
    s.scan("R000001");
    assert_eq!(s.view().screen, Screen::Return, "a finished order makes room");
    let (mut s, _) = station();
    s.pull(vec![told(&on_its_way(2, 901, &[(LAMP, 1)]))]);
    s.scan("536901");
    assert_eq!((s.said(), s.view().screen), ("refusal-return-several", Screen::Queue));
    s.scan("R000002");
    assert_eq!(view(&mut s).number, "R000002");
}

#[test]
fn units_are_taken_in_without_the_network_and_told_with_grade_place_and_who() {
    let (mut s, record) = station();
    s.scan("R000001");
    s.scan("SKU-1");
    assert_eq!(view(&mut s).hand.and_then(|hand| hand.shelf).as_deref(), Some("A-01"), "where mugs lie");
    s.ui(Ui::Grade(Grade::Resell));
    assert_eq!((s.said(), counts(&mut s)), ("ok-return-to-shelf", (1, 4)));
    assert!(facts(&s).is_empty(), "it can still be taken back");
    s.scan("SKU-3");
    assert_eq!(view(&mut s).hand.and_then(|hand| hand.asks), Some(TraceField::Serial));
    s.scan("SN-7");
    assert_eq!(s.said(), "refusal-return-serial-not-sold");
    s.scan("SN-2");
    s.clock.pass_ms(5_000);
    let graded_at = s.clock.wall_ms.load(Ordering::SeqCst);
    s.code(CommandCode::Repair);
    s.scan("SKU-4");
    s.code(CommandCode::Scrap);
    s.ui(Ui::FinishReturn);
    assert_eq!((s.said(), s.view().screen), ("ok-return-done-missing", Screen::Queue));
    let list = facts(&s);
    let brief: Vec<_> = list
        .iter()
        .map(|(_, fact)| (fact.line, fact.units, fact.grade, fact.location.as_deref(), fact.serial.as_deref()))
        .collect();
    assert_eq!(
        brief,
        [
            (1, 1, ReturnGrade::Resell, Some("A-01"), None),
            (2, 1, ReturnGrade::Repair, None, Some("SN-2")),
            (3, 1, ReturnGrade::Scrap, None, None)
        ]
    );
    assert!(list.iter().all(|(_, fact)| fact.return_id == record.id && fact.number == "R000001"));
    assert!(list.iter().all(|(_, fact)| fact.actor.0.as_u128() == ANNA.id));
    assert_eq!(list[1].1.at_ms, graded_at);
    let grown: usize =
        s.told().iter().map(|i| if let sync::Input::OutboxGrew { entries, .. } = i { entries.len() } else { 0 }).sum();
    assert_eq!(grown, 3, "the sync machine hears of every fact");
    outbox::verify(s.look().as_mut()).expect("an unbroken chain");
}

#[test]
fn central_counting_the_facts_changes_nothing_and_what_others_took_in_does() {
    let (mut s, mut record) = station();
    s.scan("R000001");
    for _ in 0..2 {
        s.scan("SKU-1");
        s.ui(Ui::Grade(Grade::Resell));
    }
    assert_eq!(counts(&mut s), (2, 4));
    s.scan("SKU-1");
    assert_eq!(s.said(), "refusal-return-too-many");
    let compare = s.view().feedback.as_ref().and_then(|f| f.compare.clone()).expect("its picture");
    assert_eq!(compare.scanned.sku, "SKU-1");
    // Central has counted the first; the second is not told yet.
    let first = facts(&s)[0].0;
    record.lines[0].received = 1;
    record.units.push(ReturnUnit { id: first, line: 1, quantity: 1, serial: None });
    s.pull(vec![told(&record)]);
    assert_eq!(counts(&mut s), (2, 4), "never twice");
    record.lines[2].received = 1;
    record.units.push(ReturnUnit { id: EventId::from_u128(5), line: 3, quantity: 1, serial: None });
    s.pull(vec![told(&record)]);
    assert_eq!(counts(&mut s), (3, 4), "the console took the cream in");
    s.scan("SKU-4");
    assert_eq!(s.said(), "refusal-return-too-many");
}

#[test]
fn the_last_unit_is_taken_back_and_nobody_hears_of_it() {
    let (mut s, _) = station();
    s.scan("R000001");
    s.scan("SKU-1");
    s.code(CommandCode::Undo);
    assert!(view(&mut s).hand.is_none());
    s.scan("SKU-1");
    s.code(CommandCode::Scrap);
    assert_eq!(view(&mut s).last.map(|last| last.place), Some(Place::Waste));
    s.code(CommandCode::Undo);
    assert_eq!((s.said(), counts(&mut s)), ("ok-undone", (0, 4)));
    s.code(CommandCode::Undo);
    assert_eq!(s.said(), "refusal-return-nothing-to-undo");
    s.scan("SKU-1");
    s.code(CommandCode::Resell);
    assert!(!s.engine.tick_is_due());
    s.tick(121_000);
    assert_eq!(facts(&s).len(), 1, "after a while it stands");
    s.code(CommandCode::Undo);
    assert_eq!((s.said(), counts(&mut s)), ("refusal-return-nothing-to-undo", (1, 4)));
}

#[test]
fn it_is_left_for_later_and_gone_on_with_from_the_list() {
    let (mut s, record) = station();
    s.code(CommandCode::Returns);
    assert_eq!(s.view().sheet, Some(Sheet::Returns));
    let id = packbench::core::ids::ReturnId(record.id.0);
    s.ui(Ui::OpenReturn(id));
    s.scan("SKU-1");
    s.code(CommandCode::Resell);
    s.ui(Ui::Start);
    assert_eq!(s.said(), "refusal-return-not-now");
    s.ui(Ui::LeaveReturn);
    assert_eq!((s.said(), s.view().screen, facts(&s).len()), ("ok-return-left", Screen::Queue, 1));
    let row = s.view().returns[0].clone();
    assert!(row.begun && (row.came, row.asked) == (1, 4), "{row:?}");
    s.scan("R000001");
    assert_eq!(counts(&mut s), (1, 4), "where it was left");
    for (code, serial) in [("SKU-1", None), ("SKU-3", Some("SN-1")), ("SKU-4", None)] {
        s.scan(code);
        serial.into_iter().for_each(|serial| s.scan(serial));
        s.code(CommandCode::Scrap);
    }
    s.code(CommandCode::Continue);
    assert_eq!(s.said(), "ok-return-done");
    assert!(s.view().returns.is_empty(), "what came whole is the office's to end");
    s.scan("R000001");
    assert_eq!((s.said(), s.view().screen), ("refusal-return-all-in", Screen::Queue));
}

#[test]
fn a_locked_screen_keeps_it_and_each_unit_is_its_graders() {
    let (mut s, _) = station();
    s.scan("R000001");
    s.scan("SKU-1");
    s.code(CommandCode::Resell);
    s.ui(Ui::Lock);
    assert!(matches!(s.view().screen, Screen::Login(login) if login.locked));
    s.scan(BORIS.badge);
    s.scan("SKU-1");
    s.code(CommandCode::Scrap);
    s.ui(Ui::LeaveReturn);
    let who: Vec<u128> = facts(&s).iter().map(|(_, fact)| fact.actor.0.as_u128()).collect();
    assert_eq!(who, [ANNA.id, BORIS.id]);
}

#[test]
fn a_return_that_the_office_ended_leaves_the_bench_and_its_units_are_told_all_the_same() {
    let (mut s, record) = station();
    s.scan("R000001");
    s.scan("SKU-1");
    s.code(CommandCode::Resell);
    s.pull(vec![Change::Return(Put::Tombstone { id: record.id })]);
    assert_eq!((s.said(), s.view().screen), ("say-return-over", Screen::Queue));
    assert_eq!(facts(&s).len(), 1);
    assert!(s.view().returns.is_empty());
    s.scan("R000001");
    assert_eq!(s.said(), "refusal-unknown-code");
    assert!(returns::open(s.look().as_mut()).expect("readable").is_empty());
}

#[test]
fn a_copied_database_takes_nothing_in_before_it_has_its_own_numbers() {
    let (mut s, _) = station();
    meta::set(s.look().as_mut(), meta::key::EPOCH_WISH, "restored 1").expect("set");
    s.scan("R000001");
    assert_eq!((s.said(), s.view().screen), ("open-new-epoch", Screen::Queue));
}

/// Takes the whole return in, or stops where nothing is stored any more. Facts that were told to the sync machine.
fn script(s: &mut Station) -> usize {
    let steps: [&[&str]; 6] = [&["R000001"], &["SKU-1"], &["SKU-1"], &["SKU-3", "SN-1"], &["SKU-4"], &[]];
    let mut acknowledged = 0;
    s.scan(ANNA.badge);
    for scans in steps {
        for scan in scans {
            s.scan(scan);
        }
        match scans {
            ["R000001"] => {}
            [] => s.ui(Ui::FinishReturn),
            _ => s.code(CommandCode::Scrap),
        }
        for input in s.told() {
            if let sync::Input::OutboxGrew { entries, .. } = input {
                acknowledged += entries.len();
            }
        }
        if s.view().feedback.as_ref().is_some_and(|f| f.title.key == "refusal-not-stored") {
            break;
        }
    }
    acknowledged
}

fn after_the_crash(s: &mut Station, acknowledged: usize, at: u64) {
    s.restart_on(open_unsynced(&s.file));
    let before = stored(open_unsynced(&s.file).as_mut()).len();
    assert!(before >= acknowledged, "crash after {at}: {acknowledged} were acknowledged, {before} are there");
    s.scan(ANNA.badge);
    if s.view().screen == Screen::Queue {
        s.scan("R000001");
    }
    for _ in 0..16 {
        let view = s.view();
        let Some(intake) = &view.intake else { break };
        match (&intake.hand, intake.lines.iter().find(|line| line.came < line.asked)) {
            (Some(_), _) => s.code(CommandCode::Scrap),
            (None, Some(line)) => s.scan(&line.product.sku.clone()),
            (None, None) => s.ui(Ui::FinishReturn),
        }
    }
    let mut c = open_unsynced(&s.file);
    outbox::verify(c.as_mut()).unwrap_or_else(|e| panic!("crash after {at}: {e}"));
    let units: Vec<u32> =
        stored(c.as_mut()).iter().map(|e| ReturnReceived::read(e.payload.json()).expect("a fact").units).collect();
    assert_eq!(units, [1, 1, 1, 1], "crash after {at}: every unit once");
    assert_eq!(c.int("SELECT COUNT(*) FROM return_unit WHERE told = 0", &[]).expect("readable"), 0);
    assert_eq!(c.int("SELECT COUNT(*) FROM return_open", &[]).expect("readable"), 0);
}

#[test]
fn a_crash_between_any_two_statements_takes_every_unit_in_once() {
    let mut s = Station::new(&[]);
    s.pull(vec![told(&on_its_way(1, 901, &[(MUG, 2), (PHONE, 1), (CREAM, 1)]))]);
    let mut c = s.look();
    // Where it lies is forgotten: a copy of it is the same station for this test.
    meta::clear(c.as_mut(), meta::key::FILE_MARK).expect("cleared");
    c.batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("folded in");
    let mut run = None;
    let mut trial = Station::copied(&s.file, |inner| {
        let (conn, count) = FailAfter::counting(inner);
        run = Some(count);
        Box::new(conn)
    });
    assert_eq!(script(&mut trial), 4);
    let statements = run.expect("a counter").load(Ordering::SeqCst);
    assert!(statements > 100, "{statements}");
    for losing in [false, true] {
        // Every third: the others differ in nothing but the time they take.
        for at in (1 + u64::from(losing)..statements).step_by(3) {
            let mut s = Station::copied(&s.file, |inner| {
                Box::new(if losing { FailAfter::losing_answer(inner, at) } else { FailAfter::new(inner, at) })
            });
            let acknowledged = script(&mut s);
            s.restart_on(open(Path::new(":memory:")));
            after_the_crash(&mut s, acknowledged, at);
        }
    }
}

#[test]
fn a_station_of_before_asks_for_everything_once_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("station.db");
    let before = MIGRATIONS.iter().position(|migration| migration.name == "returns").expect("it is there");
    let mut c = packbench::sql::open(&Target::Sqlite(file.clone())).expect("a database");
    packbench::sql::migrate(c.as_mut(), &MIGRATIONS[..before]).expect("as it was");
    meta::set(c.as_mut(), meta::key::CURSOR, "past the first returns").expect("set");
    drop(c);
    assert_eq!(meta::get(open(&file).as_mut(), meta::key::CURSOR).expect("readable"), None);
}

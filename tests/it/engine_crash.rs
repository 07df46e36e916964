//! Faults under the engine: death between any two statements, a lost answer to a commit, a full disk, a locked database.

use crate::station_kit::station::{Station, is_over, open, open_unsynced, rebuilt};
use crate::station_kit::world::{self, ANNA, Job};
use packbench::core::session::{Session, state_text};
use packbench::engine::Input;
use packbench::engine::input::Ui;
use packbench::engine::view::StageView;
use packbench::protocol::wire::EventEnvelope;
use packbench::sql::fault::{FailAfter, limit_pages, unlimit_pages};
use packbench::sql::{Conn, Row, SqlError, Val};
use packbench::storage::{meta, outbox, sessions};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

fn job() -> Job {
    Job::new(1, &[(world::MUG, 2), (world::PHONE, 1), (world::LAMP, 1)])
}

/// A station with the order at hand and nobody logged in, ready to be copied for every crash.
fn prepared() -> Station {
    Station::new(&[job()])
}

/// Scans until the end, or until the station refuses because nothing is stored any more. What was acknowledged, as the
/// number of events told to the sync machine.
fn script(s: &mut Station) -> u64 {
    let mut told = 0;
    let mut count = |s: &mut Station| {
        for i in s.told() {
            if let packbench::protocol::sync::Input::OutboxGrew { entries, .. } = i {
                told += entries.len() as u64;
            }
        }
    };
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    count(s);
    for _ in 0..200 {
        let lost = s.view().feedback.as_ref().is_some_and(|f| f.title.key == "refusal-not-stored");
        if lost || !s.work_once() {
            break;
        }
        count(s);
    }
    count(s);
    told
}

fn events(c: &mut dyn Conn) -> Vec<EventEnvelope> {
    let last = meta::int(c, meta::key::SEQ).expect("readable").unsigned_abs();
    let (from, to) = (packbench::protocol::wire::Seq(1), packbench::protocol::wire::Seq(last));
    outbox::read(c, packbench::protocol::wire::Epoch(1), from, to).expect("readable")
}

/// The tables say what the events say.
fn agrees(c: &mut dyn Conn, s: &Session) {
    let (state, _) = state_text(s);
    let row = c.one("SELECT state, units, scans, refused FROM session", &[]).expect("readable").expect("a row");
    let stored: (String, u32, u32, u32) =
        (row.at(0).expect("text"), row.at(1).expect("n"), row.at(2).expect("n"), row.at(3).expect("n"));
    assert_eq!(stored, (state.to_owned(), s.verified(), s.scans, s.refused));
    let parcels = c.int("SELECT COUNT(*) FROM parcel", &[]).expect("readable");
    let numbered = s.parcels.iter().filter(|p| p.sscc.is_some()).count();
    assert_eq!(parcels, i64::try_from(numbered).expect("few"));
    let taken = c.int("SELECT next - first FROM number_block", &[]).expect("readable");
    assert_eq!(taken, parcels, "a number is taken with the parcel that has it, or not at all");
    let prints: usize = s.parcels.iter().map(|p| p.prints.len()).sum();
    assert_eq!(c.int("SELECT COUNT(*) FROM print_job", &[]).expect("readable"), i64::try_from(prints).expect("few"));
}

/// The states of the database from which the order was brought to its end already. A crash within a transaction leaves the
/// state before it, so many crashes leave the same one: each is worked on from once.
type Finished = std::collections::BTreeSet<String>;

/// Every row of every table.
fn dump(c: &mut dyn Conn) -> String {
    let tables = c.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", &[]).expect("readable");
    let mut text = String::new();
    for table in tables {
        let name: String = table.at(0).expect("a name");
        text.push_str(&name);
        for row in c.all(&format!("SELECT * FROM {name}"), &[]).expect("readable") {
            text.push_str(&format!("{row:?}"));
        }
    }
    text
}

fn after_the_crash(s: &mut Station, acknowledged: u64, at: u64, finished: &mut Finished) {
    let mut c = open_unsynced(&s.file);
    let all = outbox::verify(c.as_mut()).unwrap_or_else(|e| panic!("crash after {at}: {e}"));
    assert!(all >= acknowledged, "crash after {at}: {acknowledged} events were acknowledged, {all} are there");
    let list = events(c.as_mut());
    assert_eq!(list.len() as u64, all);
    assert!(list.iter().zip(1..).all(|(e, n)| e.seq.0 == n), "crash after {at}: not dense");
    if let Some(session) = rebuilt(c.as_mut(), &job()) {
        agrees(c.as_mut(), &session);
    }
    if !finished.insert(dump(c.as_mut())) {
        return;
    }
    s.restart_on(c);
    s.scan(ANNA.badge);
    for _ in 0..4 {
        if matches!(s.view().sheet, Some(packbench::engine::view::Sheet::PrintUnknown { .. })) {
            s.ui(Ui::PaperCame { yes: true });
        }
    }
    if s.view().pack.is_none() {
        s.ui(Ui::Start);
    }
    s.work();
    let mut c = open_unsynced(&s.file);
    let session = rebuilt(c.as_mut(), &job()).expect("a session");
    assert!(is_over(&session) && session.verified() == 4, "crash after {at}: {:?}", session.step);
    outbox::verify(c.as_mut()).unwrap_or_else(|e| panic!("crash after {at}, at the end: {e}"));
}

/// The prepared file with a clean log, and how many statements the script has.
fn measured() -> (Station, u64) {
    let s = prepared();
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
    script(&mut trial);
    assert!(matches!(trial.stage(), StageView::Done(_)));
    (s, run.expect("a counter").load(Ordering::SeqCst))
}

/// Parts in which the statements are died at, each a test of its own, so that they run beside one another.
const PARTS: u64 = 4;

/// Dies at every statement of a part of the script, at each of them once.
fn crash_in_part(part: u64, losing: bool) {
    let (ready, statements) = measured();
    assert!(statements > 500, "{statements}");
    let mut finished = Finished::new();
    let (from, to) = (statements * part / PARTS, statements * (part + 1) / PARTS);
    for at in from.max(1)..to {
        crash_at(&ready.file, at, losing, &mut finished);
    }
    // How many there are differs by what happened to be written together.
    assert!(finished.len() > 1, "crashes leave different states: {}", finished.len());
}

fn crash_at(ready: &Path, at: u64, losing: bool, finished: &mut Finished) {
    let mut s = Station::copied(ready, |inner| {
        Box::new(if losing { FailAfter::losing_answer(inner, at) } else { FailAfter::new(inner, at) })
    });
    let acknowledged = script(&mut s);
    // The process is gone: its connection falls, and with it what was not committed.
    s.restart_on(open(Path::new(":memory:")));
    after_the_crash(&mut s, acknowledged, at, finished);
}

#[test]
fn a_crash_between_any_two_statements_loses_nothing_that_was_acknowledged() {
    crash_in_part(0, false);
}

#[test]
fn a_crash_between_any_two_statements_of_the_second_quarter_loses_nothing() {
    crash_in_part(1, false);
}

#[test]
fn a_crash_between_any_two_statements_of_the_third_quarter_loses_nothing() {
    crash_in_part(2, false);
}

#[test]
fn a_crash_between_any_two_statements_of_the_last_quarter_loses_nothing() {
    crash_in_part(3, false);
}

#[test]
fn a_lost_answer_to_any_statement_leaves_it_wholly_stored_or_not_at_all() {
    crash_in_part(0, true);
}

#[test]
fn a_lost_answer_to_any_statement_of_the_second_quarter_leaves_no_half() {
    crash_in_part(1, true);
}

#[test]
fn a_lost_answer_to_any_statement_of_the_third_quarter_leaves_no_half() {
    crash_in_part(2, true);
}

#[test]
fn a_lost_answer_to_any_statement_of_the_last_quarter_leaves_no_half() {
    crash_in_part(3, true);
}

/// A connection that a test can fill the disk of.
struct Shared(Arc<Mutex<Box<dyn Conn>>>);

impl Shared {
    fn with<T>(&self, f: impl FnOnce(&mut dyn Conn) -> T) -> T {
        f(self.0.lock().expect("nobody panics here").as_mut())
    }
}

impl Conn for Shared {
    fn engine(&self) -> packbench::sql::Engine {
        packbench::sql::Engine::Sqlite
    }
    fn exec(&mut self, sql: &str, params: &[Val]) -> Result<u64, SqlError> {
        self.with(|c| c.exec(sql, params))
    }
    fn each(
        &mut self,
        sql: &str,
        params: &[Val],
        row: &mut dyn FnMut(Row) -> Result<(), SqlError>,
    ) -> Result<(), SqlError> {
        self.with(|c| c.each(sql, params, row))
    }
    fn batch(&mut self, sql: &str) -> Result<(), SqlError> {
        self.with(|c| c.batch(sql))
    }
    fn begin(&mut self) -> Result<(), SqlError> {
        self.with(|c| c.begin())
    }
    fn begin_read(&mut self) -> Result<(), SqlError> {
        self.with(|c| c.begin_read())
    }
    fn commit(&mut self) -> Result<(), SqlError> {
        self.with(|c| c.commit())
    }
    fn rollback(&mut self) -> Result<(), SqlError> {
        self.with(|c| c.rollback())
    }
    fn savepoint(&mut self, name: &str) -> Result<(), SqlError> {
        self.with(|c| c.savepoint(name))
    }
    fn release(&mut self, name: &str) -> Result<(), SqlError> {
        self.with(|c| c.release(name))
    }
    fn rollback_to(&mut self, name: &str) -> Result<(), SqlError> {
        self.with(|c| c.rollback_to(name))
    }
}

#[test]
fn a_full_disk_refuses_aloud_loses_nothing_and_works_on_after_room_is_made() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::MUG, 60)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let disk = Arc::new(Mutex::new(open(&s.file)));
    s.restart_on(Box::new(Shared(Arc::clone(&disk))));
    s.scan(ANNA.badge);
    limit_pages(disk.lock().expect("free").as_mut(), 0).expect("a limit");
    let mut accepted = 0;
    for _ in 0..59 {
        s.sounds();
        s.scan("SKU-1");
        if s.said() == "refusal-disk-full" {
            break;
        }
        accepted += 1;
    }
    assert_eq!(s.said(), "refusal-disk-full");
    assert!(!s.sounds().is_empty());
    let done = |s: &mut Station| s.view().pack.as_ref().map(|p| p.done);
    assert_eq!(done(&mut s), Some(accepted), "what was acknowledged counts, what was refused does not");
    unlimit_pages(disk.lock().expect("free").as_mut()).expect("room");
    s.scan("SKU-1");
    assert_eq!(done(&mut s), Some(accepted + 1));
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
    outbox::verify(s.look().as_mut()).expect("an unbroken chain");
}

#[test]
fn a_database_locked_by_another_refuses_aloud_and_works_on() {
    let mut s = Station::with_anna(&[job()]);
    s.ui(Ui::Start);
    let mut other = s.look();
    other.begin().expect("the lock");
    s.ui(Ui::Continue);
    assert_eq!(s.said(), "refusal-not-stored");
    assert!(matches!(s.stage(), StageView::Review(_)));
    other.rollback().expect("free");
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
}

#[test]
fn a_page_that_was_not_stored_is_asked_for_again_and_a_pin_pad_is_not_stuck() {
    let mut s = Station::new(&[]);
    let mut other = s.look();
    for d in [1, 2, 3, 4] {
        s.ui(Ui::Digit(d));
    }
    let asked = s.engine.step(vec![Input::Ui(Ui::DigitsDone)]);
    assert_eq!(asked.len(), 1);
    other.begin().expect("the lock");
    let user = Some(crate::station_kit::station::user_id(ANNA));
    s.feed(Input::PinChecked { purpose: packbench::engine::input::PinPurpose::Login, user });
    s.told();
    s.pull(Vec::new());
    let failed = s.told().into_iter().any(|i| {
        matches!(
            i,
            packbench::protocol::sync::Input::Failed { failure: packbench::protocol::sync::Failure::NotStored, .. }
        )
    });
    assert!(failed, "the sync machine hears of it");
    other.rollback().expect("free");
    s.pin(ANNA.pin);
    assert!(s.view().packer.is_some());
}

#[test]
fn history_survives_what_the_server_forgets() {
    let job = job();
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    let gone =
        packbench::protocol::wire::Change::Fulfillment(packbench::protocol::wire::Put::Tombstone { id: job.work.id });
    s.pull(vec![gone]);
    s.restart();
    s.scan(ANNA.badge);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)), "what is begun keeps its records");
    assert_eq!(sessions::history(s.look().as_mut()).expect("readable").len(), 1);
}

//! The station's database around the engine: migrations with their backup, a newer schema, questions that use an index, what a
//! publication costs, and the engine's thread with its bounded door.

use crate::station_kit::station::{Station, open};
use crate::station_kit::world::{self, ANNA, Job};
use packbench::core::time::UtcMs;
use packbench::engine::input::Ui;
use packbench::engine::runner::{CHANNEL_MAX, Outlet};
use packbench::engine::view::{Screen, StageView};
use packbench::engine::{Clock, Effect, Engine, Input, spawn};
use packbench::i18n::{Catalogue, Lang};
use packbench::protocol::wire::pull::SnapshotPart;
use packbench::protocol::wire::{Change, Cursor, PullPage, Put};
use packbench::sql::{Conn, Migration, SqlError, Target, back_up, migrate, schema_version};
use packbench::storage::{self, MIGRATIONS, meta, outbox, work};
use packbench::vals;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

#[test]
fn a_migration_backs_up_before_and_keeps_what_is_there() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 1)])]);
    s.ui(Ui::Start);
    s.work();
    let events = outbox::verify(s.look().as_mut()).expect("an unbroken chain");
    // A version after this one adds a column; to it, this one is the previous version.
    let mut list = MIGRATIONS.to_vec();
    let next = i64::try_from(list.len()).expect("few") + 1;
    list.push(Migration { version: next, name: "more", sql: "ALTER TABLE parcel ADD COLUMN note TEXT;" });
    let mut c = s.look();
    let done = migrate(c.as_mut(), &list).expect("migrated");
    assert_eq!((done.from, done.to), (next - 1, next));
    let backup = done.backup.expect("a backup");
    assert_eq!(outbox::verify(c.as_mut()).expect("an unbroken chain"), events);
    assert_eq!(c.int("SELECT COUNT(*) FROM parcel WHERE note IS NULL", &[]).expect("the new column"), 1);
    let mut old = packbench::sql::open(&Target::Sqlite(backup)).expect("the backup opens");
    assert_eq!(schema_version(old.as_mut()).expect("a version"), next - 1);
    assert_eq!(outbox::verify(old.as_mut()).expect("an unbroken chain"), events);
    drop((c, old));
    // The program of before meets what the newer one left.
    let Err(refused) = storage::open(&s.file) else { panic!("a newer schema was opened") };
    assert!(matches!(refused, SqlError::Newer { .. }), "{refused}");
    let view = Engine::recovery(&refused, UtcMs(world::START_MS), "0.1.0");
    let Screen::Recovery { what, hint } = view.screen else { panic!("no recovery screen") };
    for lang in Lang::ALL {
        let said = [Catalogue::new(lang).render(&what), Catalogue::new(lang).render(&hint)];
        assert!(said.iter().all(|t| !t.contains('⟦')), "{said:?}");
    }
}

#[test]
fn a_station_of_before_takes_everything_once_more_to_learn_which_lots_are_held() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("station.db");
    let before = MIGRATIONS.iter().position(|m| m.name == "held_lots").expect("the migration");
    let mut c = packbench::sql::open(&Target::Sqlite(file.clone())).expect("a new file");
    migrate(c.as_mut(), &MIGRATIONS[..before]).expect("migrated");
    meta::set(c.as_mut(), meta::key::CURSOR, "far along").expect("set");
    meta::set(c.as_mut(), meta::key::TOKEN, "secret").expect("set");
    drop(c);
    let (mut c, _) = storage::open(&file).expect("opened");
    assert_eq!(meta::get(c.as_mut(), meta::key::CURSOR).expect("readable"), None);
    assert_eq!(meta::get(c.as_mut(), meta::key::TOKEN).expect("readable").as_deref(), Some("secret"));
}

#[test]
fn a_damaged_file_is_named_and_not_touched() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("station.db");
    std::fs::write(&file, [b'x'; 8_192]).expect("written");
    let Err(refused) = storage::open(&file) else { panic!("opened") };
    let view = Engine::recovery(&refused, UtcMs(0), "0.1.0");
    assert!(matches!(view.screen, Screen::Recovery { ref what, .. } if what.key == "recovery-damaged"), "{refused}");
    assert_eq!(std::fs::read(&file).expect("there"), [b'x'; 8_192]);
}

fn plan(c: &mut dyn Conn, sql: &str, params: &[packbench::sql::Val]) -> String {
    let rows = c.all(&format!("EXPLAIN QUERY PLAN {sql}"), params).expect("a plan");
    rows.iter().map(|r| r.get::<String>("detail").expect("text")).collect::<Vec<_>>().join("; ")
}

/// Texts of statements with what they were given.
type Texts = Arc<Mutex<Vec<(String, Vec<packbench::sql::Val>)>>>;

/// A connection that notes the texts of all statements.
struct Noting {
    inner: Box<dyn Conn>,
    texts: Texts,
}

impl Noting {
    fn note(&self, sql: &str, params: &[packbench::sql::Val]) {
        self.texts.lock().expect("nobody panics").push((sql.to_owned(), params.to_vec()));
    }
}

impl Conn for Noting {
    fn engine(&self) -> packbench::sql::Engine {
        self.inner.engine()
    }
    fn exec(&mut self, sql: &str, params: &[packbench::sql::Val]) -> Result<u64, SqlError> {
        self.note(sql, params);
        self.inner.exec(sql, params)
    }
    fn each(
        &mut self,
        sql: &str,
        params: &[packbench::sql::Val],
        row: &mut dyn FnMut(packbench::sql::Row) -> Result<(), SqlError>,
    ) -> Result<(), SqlError> {
        self.note(sql, params);
        self.inner.each(sql, params, row)
    }
    fn batch(&mut self, sql: &str) -> Result<(), SqlError> {
        self.inner.batch(sql)
    }
    fn begin(&mut self) -> Result<(), SqlError> {
        self.inner.begin()
    }
    fn begin_read(&mut self) -> Result<(), SqlError> {
        self.inner.begin_read()
    }
    fn commit(&mut self) -> Result<(), SqlError> {
        self.inner.commit()
    }
    fn rollback(&mut self) -> Result<(), SqlError> {
        self.inner.rollback()
    }
    fn savepoint(&mut self, name: &str) -> Result<(), SqlError> {
        self.inner.savepoint(name)
    }
    fn release(&mut self, name: &str) -> Result<(), SqlError> {
        self.inner.release(name)
    }
    fn rollback_to(&mut self, name: &str) -> Result<(), SqlError> {
        self.inner.rollback_to(name)
    }
}

#[test]
fn no_question_of_a_whole_order_reads_a_table_through() {
    let mut s = Station::new(&[
        Job::new(1, &[(world::MUG, 1), (world::PHONE, 1), (world::CREAM, 1)]),
        Job::new(2, &[(world::LAMP, 2)]).in_tote(&world::tote()),
    ]);
    let texts = Texts::default();
    let noting = Noting { inner: open(&s.file), texts: Arc::clone(&texts) };
    s.restart_on(Box::new(noting));
    s.scan(ANNA.badge);
    s.scan("TOTE-7");
    s.work();
    s.scan("SKU-1");
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
    let mut c = s.look();
    let mut seen = std::collections::BTreeSet::new();
    let list = texts.lock().expect("nobody panics").clone();
    for (sql, params) in list {
        if !seen.insert(sql.clone()) {
            continue;
        }
        let plan = plan(c.as_mut(), &sql, &params);
        // Alone the leases (at most 50), the number blocks and print jobs under way are few by their nature.
        let few = ["lease", "lease_return", "l", "number_block"];
        for step in plan.split("; ").filter(|step| step.starts_with("SCAN ")) {
            let table = step.split(' ').nth(1).unwrap_or_default();
            // The newest rows from the table's own end: no more are read than are asked for.
            let newest = sql.contains("ORDER BY rowid DESC LIMIT") && !sql.contains("WHERE");
            assert!(few.contains(&table) || step.contains("USING") || newest, "{sql}\n{plan}");
            assert_ne!(table, "record", "{sql}\n{plan}");
        }
    }
    assert!(seen.len() > 35, "{} texts", seen.len());
}

fn with_orders(n: u64) -> Station {
    let mut s = Station::new(&[Job::new(1, &[(world::LAMP, 2), (world::MUG, 3)])]);
    let jobs: Vec<Job> = (2..=n).map(|n| Job::new(n, &[(world::LAMP, 1)])).collect();
    for part in jobs.chunks(500) {
        s.pull(part.iter().flat_map(Job::changes).collect());
    }
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s
}

fn least(s: &mut Station) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..300 {
        let began = Instant::now();
        for _ in 0..20 {
            std::hint::black_box(s.engine.view());
        }
        least = least.min(began.elapsed() / 20);
    }
    least
}

#[test]
fn a_publication_costs_the_same_with_ten_thousand_orders() {
    let (mut few, mut many) = (with_orders(10), with_orders(10_000));
    // The least of many, taken in turn: what else the machine does falls out.
    let (mut a, mut b) = (Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        a = a.min(least(&mut few));
        b = b.min(least(&mut many));
    }
    println!("a view with 10 orders {a:?}, with 10,000 {b:?}");
    assert!(b.as_nanos() * 10 <= a.as_nanos() * 13, "with 10 orders {a:?}, with 10,000 {b:?}");
    let mut c = many.look();
    assert_eq!(c.int("SELECT COUNT(*) FROM work", &[]).expect("readable"), 10_000);
    assert!(work::candidates(c.as_mut(), UtcMs(world::START_MS)).expect("readable").is_empty(), "only one was leased");
}

#[test]
fn a_snapshot_drops_what_the_server_has_no_more() {
    let mut s = Station::new(&[]);
    let id = uuid::Uuid::from_u128(0x5a);
    let page = PullPage {
        changes: world::site_changes()
            .into_iter()
            .filter(|c| !matches!(c, Change::StockLevel(_)) && c.id() != world::products()[0].id.0)
            .chain([Change::StockLevel(Put::Upsert(Box::new(world::stock(2, 5))))])
            .collect(),
        next_cursor: Cursor("s".to_owned()),
        more: false,
        server_time_ms: world::START_MS,
        snapshot: Some(SnapshotPart { id, last: true }),
    };
    s.store(packbench::protocol::sync::Effect::StorePage { no: 9, page: Box::new(page) });
    let mut c = s.look();
    assert_eq!(c.int("SELECT COUNT(*) FROM stock", &[]).expect("readable"), 1);
    assert_eq!(c.int("SELECT COUNT(*) FROM code WHERE code = $1", vals!["SKU-1"]).expect("readable"), 0);
    assert_eq!(c.int("SELECT COUNT(*) FROM code WHERE code = $1", vals!["SKU-2"]).expect("readable"), 1);
}

#[test]
fn a_backup_of_a_station_at_work_is_whole() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 2)])]);
    s.ui(Ui::Start);
    let copy = s.folder().join("backup.db");
    back_up(s.look().as_mut(), &copy).expect("a backup");
    s.work();
    assert!(outbox::verify(open(&copy).as_mut()).is_ok());
}

/// An outlet whose first effect waits until it is let go, so that the channel behind it fills.
struct Slow {
    gate: Arc<(Mutex<bool>, Condvar)>,
    reached: SyncSender<()>,
    published: Arc<AtomicU64>,
}

impl Outlet for Slow {
    fn effect(&self, _: Effect) {
        let (open, news) = &*self.gate;
        self.reached.try_send(()).unwrap_or_default();
        let mut is_open = open.lock().expect("nobody panics");
        while !*is_open {
            is_open = news.wait(is_open).expect("nobody panics");
        }
    }
    fn published(&self) {
        self.published.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_full_channel_answers_busy_at_once_and_nothing_taken_is_lost() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 2_000)])]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    let file = s.file.clone();
    s.restart_on(open(std::path::Path::new(":memory:")));
    let clock = Arc::clone(&s.clock);
    let (engine, first) = crate::station_kit::station::start(open(&file), &clock, s.folder());
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let (reached, waits): (SyncSender<()>, Receiver<()>) = sync_channel(1);
    let published = Arc::new(AtomicU64::new(0));
    let outlet = Slow { gate: Arc::clone(&gate), reached, published: Arc::clone(&published) };
    let door: Arc<dyn Clock> = clock;
    let (handle, thread) = spawn(engine, first, door, outlet).expect("a thread");
    waits.recv_timeout(Duration::from_secs(20)).expect("the engine is held up");
    handle.send(Input::Scan(s.gesture(ANNA.badge.as_bytes()))).expect("room");
    let mut taken: usize = 1;
    while handle.send(Input::Scan(s.gesture(b"SKU-2"))).is_ok() {
        taken += 1;
        assert!(taken <= CHANNEL_MAX, "the channel has no end");
    }
    assert_eq!(taken, CHANNEL_MAX);
    *gate.0.lock().expect("nobody panics") = true;
    gate.1.notify_all();
    let end = Instant::now() + Duration::from_secs(60);
    while handle.send(Input::Stop).is_err() {
        assert!(Instant::now() < end, "it never caught up");
        std::thread::yield_now();
    }
    thread.join().expect("a quiet end");
    let done = handle.view().pack.as_ref().map(|p| p.done);
    assert_eq!(done, Some(u32::try_from(taken).expect("few") - 1));
    assert!(published.load(Ordering::SeqCst) >= (taken / packbench::engine::GROUP_MAX) as u64);
}

struct Deaf;

impl Outlet for Deaf {
    fn effect(&self, _: Effect) {}
    fn published(&self) {}
}

#[test]
fn who_waits_for_the_next_view_has_it_with_the_commit_and_waits_no_longer_than_it_said() {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 2)])]);
    let file = s.file.clone();
    s.restart_on(open(std::path::Path::new(":memory:")));
    let clock = Arc::clone(&s.clock);
    let (engine, first) = crate::station_kit::station::start(open(&file), &clock, s.folder());
    let (handle, thread) = spawn(engine, first, clock, Deaf).expect("a thread");
    let before = handle.view().revision;
    handle.send(Input::Scan(s.gesture(ANNA.badge.as_bytes()))).expect("room");
    let after = handle.view_after(before, Duration::from_secs(20)).revision;
    assert!(after > before, "the answer is there");
    let begun = Instant::now();
    assert_eq!(handle.view_after(u64::MAX, Duration::from_millis(5)).revision, handle.view().revision);
    assert!(begun.elapsed() < Duration::from_secs(10), "it gives up");
    handle.send(Input::Stop).expect("room");
    thread.join().expect("a quiet end");
}

#[test]
fn a_disk_with_another_number_is_no_copy_and_another_file_is_one() {
    let wish = |s: &Station| meta::get(s.look().as_mut(), meta::key::EPOCH_WISH).expect("readable");
    let place = |s: &Station| meta::get(s.look().as_mut(), meta::key::FILE_MARK).expect("readable").expect("a mark");
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 2)])]);
    let file = place(&s).rsplit_once(' ').expect("a place").1.to_owned();
    // As an earlier version left it, on a disk that had another number before the machine was booted anew.
    meta::set(s.look().as_mut(), meta::key::FILE_MARK, &format!("99999:{file}")).expect("set");
    s.reboot();
    assert_eq!(wish(&s), None);
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    assert!(matches!(s.stage(), StageView::Review(_)), "work goes on without the network");
    s.reboot();
    assert_eq!(wish(&s), None, "and so at every start after");
    // The file beside it was left behind: the database was taken elsewhere, and its file happens to have the same number.
    std::fs::remove_file(storage::mark::beside(&s.file)).expect("it was there");
    s.restart();
    assert!(wish(&s).is_some());
    let mut s = Station::with_anna(&[]);
    meta::set(s.look().as_mut(), meta::key::FILE_MARK, "2049:1").expect("set");
    s.restart();
    assert!(wish(&s).is_some(), "a copy in another file is noticed as before");
}

#[test]
fn a_backup_put_back_into_the_same_file_asks_for_a_new_epoch() {
    let wish = |s: &Station| meta::get(s.look().as_mut(), meta::key::EPOCH_WISH).expect("readable");
    let overwrite = |s: &mut Station, backup: &[u8]| {
        s.restart_on(open(std::path::Path::new(":memory:")));
        for tail in ["-wal", "-shm"] {
            let mut name = s.file.clone().into_os_string();
            name.push(tail);
            drop(std::fs::remove_file(name));
        }
        // Written over what was there: the file stays the same file.
        std::fs::write(&s.file, backup).expect("written");
        s.restart();
    };
    let fold = |s: &Station| {
        s.look().batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("folded in");
        std::fs::read(&s.file).expect("readable")
    };
    let fresh = || {
        let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 2)])]);
        s.restart();
        assert_eq!(wish(&s), None, "a plain start asks for nothing");
        s
    };
    // Put back without a thing having happened meanwhile.
    let mut s = fresh();
    let backup = fold(&s);
    overwrite(&mut s, &backup);
    assert_eq!(wish(&s), None, "it is as far as it was");
    overwrite(&mut s, &backup);
    assert!(wish(&s).is_some(), "a start is missing in it");
    // Put back after work of the same start.
    let mut s = fresh();
    let backup = fold(&s);
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    s.work();
    s.engine.idle();
    overwrite(&mut s, &backup);
    let asked = wish(&s);
    assert!(asked.as_ref().is_some_and(|w| w.starts_with("restored ")), "work that was done is not in it");
    s.restart();
    assert_eq!(wish(&s), asked, "the wish stays the same until it is granted");
}

//! Threads of a running station that break off: the station ends and says which it was, so that it is started again.

use crate::station_kit::running;
use packbench::core::ids::GestureId;
use packbench::core::scan::Scan;
use packbench::core::time::UtcMs;
use packbench::engine::Input;
use packbench::sql::{Conn, Engine, Row, SqlError, Val};
use packbench::storage;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// A database in whose driver there is a fault that shows when a test wants it.
struct Faulty {
    inner: Box<dyn Conn>,
    armed: Arc<AtomicBool>,
}

impl Conn for Faulty {
    fn engine(&self) -> Engine {
        self.inner.engine()
    }
    fn exec(&mut self, sql: &str, params: &[Val]) -> Result<u64, SqlError> {
        self.inner.exec(sql, params)
    }
    fn each(
        &mut self,
        sql: &str,
        params: &[Val],
        row: &mut dyn FnMut(Row) -> Result<(), SqlError>,
    ) -> Result<(), SqlError> {
        self.inner.each(sql, params, row)
    }
    fn batch(&mut self, sql: &str) -> Result<(), SqlError> {
        self.inner.batch(sql)
    }
    fn begin(&mut self) -> Result<(), SqlError> {
        assert!(!self.armed.load(Ordering::SeqCst), "on purpose");
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
fn an_engine_that_breaks_off_ends_the_station_and_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (inner, _) = storage::open(&dir.path().join("station.db")).unwrap();
    let armed: Arc<AtomicBool> = Arc::default();
    let station = running::start_on(dir.path(), "", None, Box::new(Faulty { inner, armed: Arc::clone(&armed) }));
    let watch = station.watch();
    let (tell, told) = sync_channel(1);
    watch.listen(move || tell.send(()).unwrap());
    assert!(watch.verdict().is_ok());
    armed.store(true, Ordering::SeqCst);
    let gesture = GestureId(uuid::Uuid::from_u128(1));
    let scan = Scan { gesture, device: "hand".to_owned(), bytes: b"X".to_vec(), symbology: None, at: UtcMs(0) };
    // It may have broken off already, at a deadline.
    let _ = station.handle().send(Input::Scan(scan));
    told.recv_timeout(Duration::from_secs(60)).expect("whoever shows the window is told");
    // It ends in good order all the same: nobody waits for the thread that is gone.
    station.stop();
    let said = watch.verdict().expect_err("a fault").to_string();
    assert!(said.contains("thread engine broke off"), "{said}");
}

#[test]
fn a_station_that_ends_as_it_should_has_nothing_to_say() {
    let dir = tempfile::tempdir().unwrap();
    let station = running::start(dir.path(), "", None);
    let watch = station.watch();
    station.stop();
    assert!(watch.verdict().is_ok());
}

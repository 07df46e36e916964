//! Faults on purpose: a connection that dies at a chosen statement, and a disk that is full at a chosen size.
//!
//! For crash tests, of this program and by its operators' rehearsals. Ordinary work never opens a connection through here.
//!
//! A crash test runs its work once with [`FailAfter::counting`] to learn how many statements it has, then once for each
//! number up to it with [`FailAfter::new`], opens the database again and looks: the work must be there wholly or not at all.

use super::{
    conn::{Conn, Engine},
    error::{Cause, Res, SqlError},
    value::{Row, Val},
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// A connection that works for a number of statements and then fails at everything, as if the process had died there.
///
/// Every call that reaches the engine counts as one statement: exec, each (so also all, one, int), copy_in, batch, begin, commit,
/// rollback and the three of savepoints. After its death nothing reaches the engine any more, not even a rollback; when it is dropped,
/// the engine's own recovery forgets the open transaction, as after a crash.
pub struct FailAfter {
    inner: Box<dyn Conn>,
    run: Arc<AtomicU64>,
    statements_max: u64,
    answer_lost: bool,
}

impl FailAfter {
    /// Dies before statement number `statements_max + 1`.
    pub fn new(inner: Box<dyn Conn>, statements_max: u64) -> FailAfter {
        FailAfter { inner, run: Arc::new(AtomicU64::new(0)), statements_max, answer_lost: false }
    }

    /// Dies after statement number `statements_max` took effect but before its answer arrived: if that was a commit, it
    /// is stored and the caller does not know ([`SqlError::Unknown`]).
    pub fn losing_answer(inner: Box<dyn Conn>, statements_max: u64) -> FailAfter {
        FailAfter { answer_lost: true, ..FailAfter::new(inner, statements_max) }
    }

    /// Never dies, only counts; the counter stays readable while another owns the connection.
    pub fn counting(inner: Box<dyn Conn>) -> (FailAfter, Arc<AtomicU64>) {
        let conn = FailAfter::new(inner, u64::MAX);
        let run = Arc::clone(&conn.run);
        (conn, run)
    }

    fn dead(&self) -> bool {
        self.run.load(Ordering::SeqCst) > self.statements_max
    }

    fn step<T>(&mut self, statement: impl FnOnce(&mut dyn Conn) -> Res<T>) -> Res<T> {
        let number = self.run.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        if number > self.statements_max {
            return Err(gone());
        }
        let out = statement(self.inner.as_mut())?;
        if self.answer_lost && number == self.statements_max {
            self.run.fetch_add(1, Ordering::SeqCst);
            return Err(gone());
        }
        Ok(out)
    }
}

fn gone() -> SqlError {
    SqlError::closed("a fault injected on purpose")
}

impl Conn for FailAfter {
    fn engine(&self) -> Engine {
        self.inner.engine()
    }
    fn exec(&mut self, sql: &str, params: &[Val]) -> Res<u64> {
        self.step(|conn| conn.exec(sql, params))
    }
    fn each(&mut self, sql: &str, params: &[Val], row: &mut dyn FnMut(Row) -> Res<()>) -> Res<()> {
        self.step(|conn| conn.each(sql, params, row))
    }
    fn copy_in(&mut self, sql: &str, rows: &[u8]) -> Res<u64> {
        self.step(|conn| conn.copy_in(sql, rows))
    }
    fn batch(&mut self, sql: &str) -> Res<()> {
        self.step(|conn| conn.batch(sql))
    }
    fn begin(&mut self) -> Res<()> {
        self.step(|conn| conn.begin())
    }
    fn begin_read(&mut self) -> Res<()> {
        self.step(|conn| conn.begin_read())
    }
    fn commit(&mut self) -> Res<()> {
        let was_dead = self.dead();
        match self.step(|conn| conn.commit()) {
            Err(SqlError::Closed { what, .. }) if self.answer_lost && !was_dead => {
                Err(SqlError::Unknown { source: Cause::new(what) })
            }
            end => end,
        }
    }
    fn rollback(&mut self) -> Res<()> {
        self.step(|conn| conn.rollback())
    }
    fn savepoint(&mut self, name: &str) -> Res<()> {
        self.step(|conn| conn.savepoint(name))
    }
    fn release(&mut self, name: &str) -> Res<()> {
        self.step(|conn| conn.release(name))
    }
    fn rollback_to(&mut self, name: &str) -> Res<()> {
        self.step(|conn| conn.rollback_to(name))
    }
    fn alive(&self) -> bool {
        !self.dead() && self.inner.alive()
    }
    fn file(&self) -> Option<&Path> {
        self.inner.file()
    }
    fn idle(&mut self) -> Res<()> {
        if self.dead() {
            return Err(gone());
        }
        self.inner.idle()
    }
}

/// Makes the disk full for this connection once the file has `pages_more` pages (of 4 KiB) beyond what it has now; 0 forbids any
/// growth. Returns the limit that is in force, in pages. SQLite only (`PRAGMA max_page_count`).
///
/// # Errors
/// [`SqlError::Address`] on PostgreSQL, whose disk is not ours to fill.
pub fn limit_pages(conn: &mut dyn Conn, pages_more: u32) -> Res<i64> {
    match conn.engine() {
        Engine::Sqlite => {
            let now = conn.int("PRAGMA page_count", &[])?;
            let limit = now.saturating_add(i64::from(pages_more));
            conn.int(&format!("PRAGMA max_page_count={limit}"), &[])
        }
        Engine::Postgres => Err(SqlError::Address { what: "only a SQLite file can be given a size limit".to_owned() }),
    }
}

/// Takes the limit of [`limit_pages`] away.
///
/// # Errors
/// Any fault of the statement.
pub fn unlimit_pages(conn: &mut dyn Conn) -> Res<()> {
    match conn.engine() {
        Engine::Sqlite => conn.batch("PRAGMA max_page_count=4294967294"),
        Engine::Postgres => Ok(()),
    }
}

//! One connection to either engine ([`Conn`]), and the two ways to run a closure inside a transaction on it.
//!
//! Everything above this file is written once for both engines. This file knows no SQL dialect and no thread:
//! a connection is used by its one owner.

use super::{
    error::{Res, SqlError},
    url::Target,
    value::{Get, Row, Val},
};
use std::path::Path;

/// Most rows that [`Conn::all`] gathers in memory; a longer answer is an error, not a slow death.
pub const ROWS_MAX: usize = 250_000;

/// Which database is behind a [`Conn`]. Only migrations and tests should ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// A file of the bundled SQLite.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// What an engine must do; everything else is written once on top of it.
///
/// Parameters are written `$1`, `$2` … and must all be given. A failed statement spoils the transaction on PostgreSQL;
/// set a savepoint before a statement that may fail, or use `ON CONFLICT`.
pub trait Conn: Send {
    /// The engine behind it.
    fn engine(&self) -> Engine;

    /// Runs an INSERT, UPDATE or DELETE; the number of rows it touched (without meaning for other statements).
    ///
    /// # Errors
    /// Any fault of the statement.
    fn exec(&mut self, sql: &str, params: &[Val]) -> Res<u64>;

    /// Runs the same INSERT, UPDATE or DELETE once for each row of `width` values, in their order; the number of rows touched
    /// in all. SQLite looks the statement up once for all of them.
    ///
    /// # Errors
    /// Any fault of the statement, which leaves the rows before it done; [`SqlError::Param`] if the last row is not whole.
    fn exec_rows(&mut self, sql: &str, width: usize, vals: &[Val]) -> Res<u64> {
        let mut touched = 0;
        for row in rows_of(width, vals)? {
            touched += self.exec(sql, row)?;
        }
        Ok(touched)
    }

    /// Runs a question and hands over one row after the other without gathering them.
    ///
    /// # Errors
    /// Any fault of the statement, or the error `row` returned, which ends the reading.
    fn each(&mut self, sql: &str, params: &[Val], row: &mut dyn FnMut(Row) -> Res<()>) -> Res<()>;

    /// Adds rows the quickest way PostgreSQL has: `sql` is `COPY table (columns) FROM STDIN`, `rows` are in its text form. The
    /// number of rows added. Whoever calls it has asked for [`Conn::engine`] before: SQLite has nothing of the kind.
    ///
    /// # Errors
    /// Any fault of the rows; [`SqlError::Param`] on SQLite.
    fn copy_in(&mut self, sql: &str, rows: &[u8]) -> Res<u64> {
        let _ = (sql, rows);
        Err(SqlError::Param { what: "only PostgreSQL copies rows in; insert them one by one".to_owned() })
    }

    /// Runs several statements without parameters.
    ///
    /// # Errors
    /// Any fault of a statement; the ones before it stay done unless the transaction is rolled back.
    fn batch(&mut self, sql: &str) -> Res<()>;

    /// Begins a transaction that will write (on SQLite it takes the write lock at once).
    ///
    /// # Errors
    /// [`SqlError::Busy`] if the lock is not free in time, [`SqlError::Closed`] if the connection is gone.
    fn begin(&mut self) -> Res<()>;

    /// Begins a transaction that only reads, all of it from one unchanging state of the database.
    ///
    /// # Errors
    /// [`SqlError::Closed`] if the connection is gone.
    fn begin_read(&mut self) -> Res<()>;

    /// Makes the transaction durable.
    ///
    /// # Errors
    /// [`SqlError::Unknown`] if the connection was lost meanwhile; any other error means that nothing was stored, and
    /// asks for a [`Conn::rollback`].
    fn commit(&mut self) -> Res<()>;

    /// Forgets the transaction.
    ///
    /// # Errors
    /// The connection should be dropped then.
    fn rollback(&mut self) -> Res<()>;

    /// Sets a savepoint; names are lower-case ASCII letters, digits and `_`.
    ///
    /// # Errors
    /// [`SqlError::Param`] for another name.
    fn savepoint(&mut self, name: &str) -> Res<()>;

    /// Drops the newest savepoint of that name, keeping what was done since.
    ///
    /// # Errors
    /// If there is no such savepoint.
    fn release(&mut self, name: &str) -> Res<()>;

    /// Undoes everything since the newest savepoint of that name, which stays set.
    ///
    /// # Errors
    /// If there is no such savepoint; the whole transaction is lost then.
    fn rollback_to(&mut self, name: &str) -> Res<()>;

    /// False once the connection is known to be lost; open another then.
    fn alive(&self) -> bool {
        true
    }

    /// The database's file, if it is one.
    fn file(&self) -> Option<&Path> {
        None
    }

    /// To be called when nothing else is to do: SQLite moves its write-ahead log into the database file.
    ///
    /// # Errors
    /// Any fault of that work; nothing is lost by it.
    fn idle(&mut self) -> Res<()> {
        Ok(())
    }

    /// All rows of an answer.
    ///
    /// # Errors
    /// Any fault of the statement; [`SqlError::TooMany`] beyond [`ROWS_MAX`] rows.
    fn all(&mut self, sql: &str, params: &[Val]) -> Res<Vec<Row>> {
        let mut rows = Vec::new();
        self.each(sql, params, &mut |row| {
            if rows.len() >= ROWS_MAX {
                return Err(SqlError::TooMany { rows_max: ROWS_MAX });
            }
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The one row of an answer, or none.
    ///
    /// # Errors
    /// Any fault of the statement; [`SqlError::TooMany`] if there are two.
    fn one(&mut self, sql: &str, params: &[Val]) -> Res<Option<Row>> {
        let mut found = None;
        self.each(sql, params, &mut |row| match found {
            None => {
                found = Some(row);
                Ok(())
            }
            Some(_) => Err(SqlError::TooMany { rows_max: 1 }),
        })?;
        Ok(found)
    }

    /// The one number of an answer of one row: a count, a version, a sum.
    ///
    /// # Errors
    /// Any fault of the statement; [`SqlError::Row`] if there is no row or no number.
    fn int(&mut self, sql: &str, params: &[Val]) -> Res<i64> {
        match self.one(sql, params)? {
            Some(row) => row.at(0),
            None => Err(SqlError::Row { column: "number 0".to_owned(), wanted: i64::WANTED, found: "no row" }),
        }
    }
}

/// The values of many rows, row by row.
pub(super) fn rows_of(width: usize, vals: &[Val]) -> Res<std::slice::ChunksExact<'_, Val>> {
    if width == 0 || !vals.len().is_multiple_of(width) {
        return Err(SqlError::Param { what: format!("{} values are no whole rows of {width}", vals.len()) });
    }
    Ok(vals.chunks_exact(width))
}

/// Opens a connection for its one owner, ready to use. Blocks; never call it from an async task.
///
/// # Errors
/// [`SqlError::Address`] if this build lacks the engine, [`SqlError::OldEngine`], [`SqlError::Corrupt`], or
/// [`SqlError::Closed`] if the file cannot be opened or the server not reached.
pub fn open(target: &Target) -> Res<Box<dyn Conn>> {
    match target {
        Target::Sqlite(path) => Ok(Box::new(super::sqlite::Lite::open(path)?)),
        #[cfg(feature = "central")]
        Target::Postgres(address) => Ok(Box::new(super::postgres::Pg::open(address)?)),
        #[cfg(not(feature = "central"))]
        Target::Postgres(_) => Err(SqlError::Address {
            what: "this build has no PostgreSQL; use sqlite:/path or a build with central".to_owned(),
        }),
    }
}

/// Opens like [`open`], but writing is refused.
///
/// # Errors
/// As [`open`].
pub fn open_read_only(target: &Target) -> Res<Box<dyn Conn>> {
    match target {
        Target::Sqlite(path) => Ok(Box::new(super::sqlite::Lite::open_read_only(path)?)),
        Target::Postgres(_) => {
            let mut conn = open(target)?;
            conn.batch("SET default_transaction_read_only = on")?;
            Ok(conn)
        }
    }
}

/// Runs `job` in one write transaction: all of it is committed, or nothing.
///
/// # Errors
/// The job's own error, or the fault of begin or commit. Even if the job swallowed the failure of a statement, it is
/// reported and nothing is stored.
pub fn transaction<T, E: From<SqlError>>(
    conn: &mut dyn Conn,
    job: impl FnOnce(&mut dyn Conn) -> Result<T, E>,
) -> Result<T, E> {
    conn.begin()?;
    let mut guard = Guard::new(conn);
    let out = job(&mut guard);
    let spoiled = guard.finish();
    let out = match (out, spoiled) {
        (Ok(_), Some(fault)) => Err(E::from(fault)),
        (out, _) => out,
    };
    match out {
        Ok(value) => match conn.commit() {
            Ok(()) => Ok(value),
            Err(fault) => {
                undo(conn);
                Err(fault.into())
            }
        },
        Err(error) => {
            undo(conn);
            Err(error)
        }
    }
}

fn undo(conn: &mut dyn Conn) {
    if let Err(fault) = conn.rollback() {
        tracing::debug!(%fault, "nothing left to roll back");
    }
}

/// Runs `part` under a savepoint of the current transaction: its failure undoes the part alone, and the transaction
/// goes on, on both engines.
///
/// # Errors
/// The part's own error, or the fault of the savepoint.
pub fn attempt<T, E: From<SqlError>>(
    tx: &mut dyn Conn,
    name: &'static str,
    part: impl FnOnce(&mut dyn Conn) -> Result<T, E>,
) -> Result<T, E> {
    tx.savepoint(name)?;
    match part(tx) {
        Ok(value) => {
            tx.release(name)?;
            Ok(value)
        }
        Err(error) => {
            tx.rollback_to(name)?;
            tx.release(name)?;
            Err(error)
        }
    }
}

/// The statement `verb "name"`. Quoted, because a plain name may be a keyword of one engine.
pub(super) fn savepoint_sql(verb: &str, name: &str) -> Res<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain) {
        Ok(format!("{verb} \"{name}\""))
    } else {
        Err(SqlError::Param { what: "a savepoint's name is lower-case letters, digits and _".to_owned() })
    }
}

/// The connection as a job sees it: it cannot end the transaction, and after a failed statement it answers only
/// [`SqlError::Spoiled`] until a savepoint is rolled back to. So SQLite behaves as PostgreSQL must.
pub(super) struct Guard<'a> {
    conn: &'a mut dyn Conn,
    fault: Option<SqlError>,
}

impl<'a> Guard<'a> {
    pub(super) fn new(conn: &'a mut dyn Conn) -> Guard<'a> {
        Guard { conn, fault: None }
    }

    /// The failure that still spoils the transaction.
    pub(super) fn finish(self) -> Option<SqlError> {
        self.fault
    }

    fn run<T>(&mut self, statement: impl FnOnce(&mut dyn Conn) -> Res<T>) -> Res<T> {
        if let Some(fault) = &self.fault {
            return Err(SqlError::Spoiled { source: Box::new(fault.clone()) });
        }
        let out = statement(self.conn);
        if let Err(fault) = &out {
            self.fault = Some(fault.clone());
        }
        out
    }
}

impl Conn for Guard<'_> {
    fn engine(&self) -> Engine {
        self.conn.engine()
    }
    fn exec(&mut self, sql: &str, params: &[Val]) -> Res<u64> {
        self.run(|conn| conn.exec(sql, params))
    }
    fn exec_rows(&mut self, sql: &str, width: usize, vals: &[Val]) -> Res<u64> {
        self.run(|conn| conn.exec_rows(sql, width, vals))
    }
    fn each(&mut self, sql: &str, params: &[Val], row: &mut dyn FnMut(Row) -> Res<()>) -> Res<()> {
        self.run(|conn| conn.each(sql, params, row))
    }
    fn copy_in(&mut self, sql: &str, rows: &[u8]) -> Res<u64> {
        self.run(|conn| conn.copy_in(sql, rows))
    }
    fn batch(&mut self, sql: &str) -> Res<()> {
        self.run(|conn| conn.batch(sql))
    }
    fn begin(&mut self) -> Res<()> {
        Err(SqlError::NotYours)
    }
    fn begin_read(&mut self) -> Res<()> {
        Err(SqlError::NotYours)
    }
    fn commit(&mut self) -> Res<()> {
        Err(SqlError::NotYours)
    }
    fn rollback(&mut self) -> Res<()> {
        Err(SqlError::NotYours)
    }
    fn savepoint(&mut self, name: &str) -> Res<()> {
        self.run(|conn| conn.savepoint(name))
    }
    fn release(&mut self, name: &str) -> Res<()> {
        self.run(|conn| conn.release(name))
    }
    fn rollback_to(&mut self, name: &str) -> Res<()> {
        let out = self.conn.rollback_to(name);
        self.fault = out.as_ref().err().cloned();
        out
    }
    fn alive(&self) -> bool {
        self.conn.alive()
    }
    fn file(&self) -> Option<&Path> {
        self.conn.file()
    }
}

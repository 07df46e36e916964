//! SQLite behind [`Conn`]: one file, write-ahead log, every commit on the disk before it is answered.
//!
//! This file is the only one that knows rusqlite. It never rewrites SQL: texts arrive as they run on both engines,
//! except for migrations, which `dialect.rs` prepares.

use super::{
    conn::{Conn, Engine, rows_of, savepoint_sql},
    error::{Cause, Res, SqlError},
    value::{Row, Val},
};
use rusqlite::{
    CachedStatement, Connection, ErrorCode, OpenFlags,
    config::DbConfig,
    ffi,
    types::{ToSqlOutput, ValueRef},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// The least SQLite library, as `sqlite3_libversion_number()` counts (major × 1,000,000 + minor × 1,000 + patch). Before
/// 3.51.3 two connections resetting the write-ahead log at once could damage the database (sqlite.org/wal.html#walresetbug).
pub const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT_MS: u64 = 5_000;
/// Prepared statements kept per connection.
const STATEMENTS_MAX: usize = 256;
/// Texts of which is kept what their statements look like. More than statements, because it costs little to keep.
const SHAPES_MAX: usize = 1_024;
/// The write-ahead log is folded into the file at this length at the latest (32 MiB in pages of 4 KiB)…
const WAL_PAGES_MAX: u32 = 8_192;
/// … and its file is cut back to this size when it starts anew.
const WAL_KEPT_BYTES: u64 = 16 << 20;

/// The version of the SQLite library in this program, such as `3.51.3`.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Refuses a library older than [`SQLITE_VERSION_MIN`].
///
/// # Errors
/// [`SqlError::OldEngine`].
pub fn check_sqlite_version() -> Res<()> {
    version_is_enough(rusqlite::version_number())
}

fn version_is_enough(found: i32) -> Res<()> {
    if found >= SQLITE_VERSION_MIN {
        return Ok(());
    }
    let dotted = |number: i32| format!("{}.{}.{}", number / 1_000_000, number / 1_000 % 1_000, number % 1_000);
    Err(SqlError::OldEngine { found: dotted(found), needed: dotted(SQLITE_VERSION_MIN) })
}

/// A connection to a SQLite file, for its one owner.
pub struct Lite {
    conn: Connection,
    path: PathBuf,
    shapes: BTreeMap<Box<str>, Arc<Shape>>,
}

/// What is asked of a statement at every use and follows from its text: found out once.
struct Shape {
    /// The number in the name of the parameter at each position: `$2, $1, $2` is 2, 1 … SQLite numbers by first appearance.
    numbers: Box<[usize]>,
    /// The greatest of them: how many values must be given.
    number_max: usize,
    /// The columns when it first gave a row.
    names: OnceLock<Arc<[String]>>,
}

impl Shape {
    fn of(statement: &CachedStatement<'_>) -> Res<Shape> {
        let number = |position| {
            statement
                .parameter_name(position)
                .and_then(|name| name.strip_prefix('$'))
                .and_then(|digits| digits.parse().ok())
                .filter(|number| *number > 0)
                .ok_or_else(|| SqlError::Param { what: "parameters are written $1, $2 …".to_owned() })
        };
        let numbers = (1..=statement.parameter_count()).map(number).collect::<Res<Box<[usize]>>>()?;
        let number_max = numbers.iter().copied().max().unwrap_or(0);
        Ok(Shape { numbers, number_max, names: OnceLock::new() })
    }

    /// The names of a row's columns. Asked of the row: if a table has changed, the first step prepares the statement anew, with
    /// other columns. They are copied only if they are not the known ones.
    fn names(&self, row: &rusqlite::Row<'_>) -> Arc<[String]> {
        let statement: &rusqlite::Statement<'_> = row.as_ref();
        let copied = || statement.column_names().map(String::from).collect::<Arc<[String]>>();
        let names = self.names.get_or_init(copied);
        let same = |(index, name): (usize, &String)| statement.column_name(index).is_ok_and(|found| found == name);
        if names.len() == statement.column_count() && names.iter().enumerate().all(same) {
            return Arc::clone(names);
        }
        copied()
    }
}

impl Lite {
    /// Opens the file, which is made if it is missing (its folder is not).
    ///
    /// # Errors
    /// [`SqlError::OldEngine`], [`SqlError::Corrupt`] if it is no database, [`SqlError::Closed`] if it cannot be opened.
    pub fn open(path: &Path) -> Res<Lite> {
        Lite::open_with(path, OpenFlags::SQLITE_OPEN_CREATE, "OFF")
    }

    /// Opens a file that must exist, and refuses to change it.
    ///
    /// # Errors
    /// As [`Lite::open`].
    pub fn open_read_only(path: &Path) -> Res<Lite> {
        Lite::open_with(path, OpenFlags::empty(), "ON")
    }

    fn open_with(path: &Path, create: OpenFlags, query_only: &str) -> Res<Lite> {
        check_sqlite_version()?;
        // Even a reader opens the file for writing: the log's index beside it must be kept up by whoever comes first.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
        let conn = Connection::open_with_flags(path, flags).map_err(fault)?;
        conn.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS)).map_err(fault)?;
        let mode: String = conn.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0)).map_err(fault)?;
        if mode != "wal" && path != Path::new(":memory:") {
            return Err(SqlError::Address {
                what: format!(
                    "{} lies where SQLite cannot keep a write-ahead log (mode {mode}); use a local disk",
                    path.display()
                ),
            });
        }
        conn.execute_batch(&format!(
            "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-16000;
             PRAGMA wal_autocheckpoint={WAL_PAGES_MAX}; PRAGMA journal_size_limit={WAL_KEPT_BYTES};
             PRAGMA query_only={query_only};"
        ))
        .map_err(fault)?;
        // One plan per statement, whatever is bound. Without it a kept statement whose WHERE compares with a parameter is planned
        // anew at every use, because taking the parameters out of it counts as a change of them.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        Ok(Lite { conn, path: path.to_owned(), shapes: BTreeMap::new() })
    }

    /// The statement, and what is known of it.
    fn prepared(&mut self, sql: &str) -> Res<(CachedStatement<'_>, Arc<Shape>)> {
        let statement = self.conn.prepare_cached(sql).map_err(fault)?;
        if let Some(shape) = self.shapes.get(sql) {
            return Ok((statement, Arc::clone(shape)));
        }
        let shape = Arc::new(Shape::of(&statement)?);
        if self.shapes.len() >= SHAPES_MAX {
            self.shapes.clear();
        }
        self.shapes.insert(sql.into(), Arc::clone(&shape));
        Ok((statement, shape))
    }

    fn control(&mut self, sql: &str) -> Res<()> {
        let mut statement = self.conn.prepare_cached(sql).map_err(fault)?;
        statement.raw_execute().map_err(fault)?;
        Ok(())
    }
}

/// To SQLite `$2` is a name, numbered by first appearance: so bind by the digits of the name.
fn bind(statement: &mut CachedStatement<'_>, shape: &Shape, params: &[Val]) -> Res<()> {
    for (place, number) in shape.numbers.iter().enumerate() {
        let value = params
            .get(number - 1)
            .ok_or_else(|| SqlError::Param { what: format!("${number} is in the text, but not given") })?;
        value.check(*number)?;
        let value = match value {
            Val::Null => ValueRef::Null,
            Val::Int(int) => ValueRef::Integer(*int),
            Val::Real(real) => ValueRef::Real(*real),
            Val::Text(text) => ValueRef::Text(text.as_bytes()),
            Val::Blob(bytes) => ValueRef::Blob(bytes),
        };
        statement.raw_bind_parameter(place + 1, ToSqlOutput::Borrowed(value)).map_err(fault)?;
    }
    let number_max = shape.number_max;
    if number_max == params.len() {
        Ok(())
    } else {
        Err(SqlError::Param { what: format!("{} are given, but the text goes up to ${number_max}", params.len()) })
    }
}

fn read(row: &rusqlite::Row<'_>, names: &Arc<[String]>) -> Res<Row> {
    let mut vals = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        vals.push(match row.get_ref(index).map_err(fault)? {
            ValueRef::Null => Val::Null,
            ValueRef::Integer(int) => Val::Int(int),
            ValueRef::Real(real) => Val::Real(real),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Val::Text(text.to_owned()),
                Err(_) => {
                    return Err(SqlError::Row {
                        column: name.clone(),
                        wanted: "TEXT",
                        found: "bytes that are not UTF-8",
                    });
                }
            },
            ValueRef::Blob(bytes) => Val::Blob(bytes.to_vec()),
        });
    }
    Ok(Row::new(Arc::clone(names), vals))
}

impl Conn for Lite {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn exec(&mut self, sql: &str, params: &[Val]) -> Res<u64> {
        let (mut statement, shape) = self.prepared(sql)?;
        bind(&mut statement, &shape, params)?;
        Ok(statement.raw_execute().map_err(fault)? as u64)
    }

    fn exec_rows(&mut self, sql: &str, width: usize, vals: &[Val]) -> Res<u64> {
        let rows = rows_of(width, vals)?;
        if rows.len() == 0 {
            return Ok(0);
        }
        let (mut statement, shape) = self.prepared(sql)?;
        let mut touched = 0;
        for row in rows {
            bind(&mut statement, &shape, row)?;
            touched += statement.raw_execute().map_err(fault)? as u64;
        }
        Ok(touched)
    }

    fn each(&mut self, sql: &str, params: &[Val], row: &mut dyn FnMut(Row) -> Res<()>) -> Res<()> {
        let (mut statement, shape) = self.prepared(sql)?;
        bind(&mut statement, &shape, params)?;
        let mut rows = statement.raw_query();
        let mut names: Option<Arc<[String]>> = None;
        while let Some(found) = rows.next().map_err(fault)? {
            let names = names.get_or_insert_with(|| shape.names(found));
            row(read(found, names)?)?;
        }
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Res<()> {
        self.conn.execute_batch(sql).map_err(fault)
    }

    fn begin(&mut self) -> Res<()> {
        // A deferred transaction that turns to writing fails with SQLITE_BUSY_SNAPSHOT whatever the time-out.
        self.control("BEGIN IMMEDIATE")
    }

    fn begin_read(&mut self) -> Res<()> {
        self.control("BEGIN")
    }

    fn commit(&mut self) -> Res<()> {
        match self.control("COMMIT") {
            // After a failed write or flush nobody knows what the next opening of the log will find.
            Err(SqlError::Other { source, .. }) => Err(SqlError::Unknown { source }),
            end => end,
        }
    }

    fn rollback(&mut self) -> Res<()> {
        // Some failures (a full disk) have rolled back already.
        if self.conn.is_autocommit() {
            return Ok(());
        }
        self.control("ROLLBACK")
    }

    fn savepoint(&mut self, name: &str) -> Res<()> {
        self.control(&savepoint_sql("SAVEPOINT", name)?)
    }

    fn release(&mut self, name: &str) -> Res<()> {
        self.control(&savepoint_sql("RELEASE SAVEPOINT", name)?)
    }

    fn rollback_to(&mut self, name: &str) -> Res<()> {
        self.control(&savepoint_sql("ROLLBACK TO SAVEPOINT", name)?)
    }

    fn file(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn idle(&mut self) -> Res<()> {
        self.batch("PRAGMA wal_checkpoint(PASSIVE)")
    }
}

/// Sorts SQLite's result codes (sqlite.org/rescode.html) into the common kinds.
fn fault(error: rusqlite::Error) -> SqlError {
    let (code, extended) = match error.sqlite_error() {
        Some(found) => (found.code, found.extended_code),
        None => (ErrorCode::Unknown, 0),
    };
    let text = error.to_string();
    // "UNIQUE constraint failed: t.a, t.b": the part behind the colon says which.
    let what = match text.split_once(": ") {
        Some((_, which)) => which.to_owned(),
        None => text.clone(),
    };
    let source = Cause::new(error);
    match code {
        ErrorCode::ConstraintViolation => match extended {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
                SqlError::Unique { what, source }
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => SqlError::Foreign { what, source },
            _ => SqlError::Rule { what, source },
        },
        ErrorCode::DatabaseBusy if extended == ffi::SQLITE_BUSY_SNAPSHOT => SqlError::Retry { source },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => SqlError::Busy { source },
        ErrorCode::DiskFull => SqlError::Full { source },
        // The log's index beside the file could not grow.
        ErrorCode::SystemIoFailure if extended == ffi::SQLITE_IOERR_SHMSIZE => SqlError::Full { source },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => SqlError::Corrupt { what, source },
        ErrorCode::ReadOnly => SqlError::ReadOnly { source },
        ErrorCode::OperationInterrupted => SqlError::Timeout { source },
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => SqlError::Closed { what: text, source: Some(source) },
        _ => SqlError::Other { what: text, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_before_3_51_3_is_refused_and_the_bundled_one_is_not() {
        let refused = version_is_enough(3_051_002).unwrap_err();
        assert!(
            matches!(&refused, SqlError::OldEngine { found, needed } if found == "3.51.2" && needed == "3.51.3"),
            "{refused}"
        );
        version_is_enough(SQLITE_VERSION_MIN).unwrap();
        check_sqlite_version().unwrap();
    }
}

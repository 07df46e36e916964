//! Who has a database open. A server, and every command that writes beside it, shares the lock; moving a site away and
//! restoring one need it alone. SQLite's is a lock on a file beside the database, PostgreSQL's an advisory lock of the
//! session: both end with the process, however it ends.

use crate::sql::{Conn, Engine, Res, SqlError, Target};
use crate::vals;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Key of PostgreSQL's lock: "packhous" in ASCII.
const KEY: i64 = 0x7061_636b_686f_7573;

/// A lock on a file, until it is dropped. PostgreSQL's lies with its connection instead.
#[derive(Debug)]
pub struct Held {
    _file: Option<File>,
}

/// The file that SQLite's users lock.
#[must_use]
pub fn path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Shares a SQLite database with other users of it. PostgreSQL: see [`share`].
///
/// # Errors
/// [`SqlError::Closed`] while somebody has it alone.
pub fn share_file(target: &Target) -> Res<Held> {
    let Target::Sqlite(database) = target else { return Ok(Held { _file: None }) };
    let file = open(database)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(Held { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => Err(taken()),
        Err(TryLockError::Error(error)) => {
            // Some network disks know no locks; SQLite itself says whether it can work there.
            tracing::warn!(%error, "the database's lock file cannot be locked");
            Ok(Held { _file: None })
        }
    }
}

/// Takes a SQLite database alone; none while somebody uses it. PostgreSQL: see [`alone`].
///
/// # Errors
/// [`SqlError::Closed`] if the file cannot be locked at all.
pub fn alone_file(database: &Path) -> Res<Option<Held>> {
    let file = open(database)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Held { _file: Some(file) })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(closed(format!("its lock file cannot be locked: {error}"))),
    }
}

fn open(database: &Path) -> Res<File> {
    let path = path(database);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    opened.map_err(|error| closed(format!("{} cannot be opened: {error}", path.display())))
}

fn closed(what: String) -> SqlError {
    SqlError::Closed { what, source: None }
}

fn taken() -> SqlError {
    closed("it is being moved or restored right now".to_owned())
}

/// Shares a PostgreSQL database for the life of this connection.
///
/// # Errors
/// [`SqlError::Closed`] while somebody has it alone; any fault of the database.
pub fn share(conn: &mut dyn Conn) -> Res<()> {
    match conn.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => {
            let sql = "SELECT CASE WHEN pg_try_advisory_lock_shared($1) THEN 1 ELSE 0 END";
            if conn.int(sql, vals![KEY])? == 1 { Ok(()) } else { Err(taken()) }
        }
    }
}

/// Takes a PostgreSQL database alone for the life of this connection; false if somebody still uses it after some seconds: the
/// server needs a moment to see that a program was killed.
///
/// # Errors
/// Any fault of the database.
pub fn alone(conn: &mut dyn Conn) -> Res<bool> {
    match conn.engine() {
        Engine::Sqlite => Ok(true),
        Engine::Postgres => match conn.all("SELECT pg_advisory_lock($1)", vals![KEY]) {
            Ok(_) => Ok(true),
            Err(SqlError::Busy { .. } | SqlError::Timeout { .. }) => Ok(false),
            Err(fault) => Err(fault),
        },
    }
}

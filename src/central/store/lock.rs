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
    file: Option<File>,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Closing is not enough: a program that is being started just now has the file open too until it runs, and would keep the lock.
        if let Some(Err(error)) = self.file.as_ref().map(File::unlock) {
            tracing::warn!(%error, "the database's lock file could not be unlocked");
        }
    }
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
    let Target::Sqlite(database) = target else { return Ok(Held { file: None }) };
    let file = open(database)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(Held { file: Some(file) }),
        Err(TryLockError::WouldBlock) => Err(taken()),
        Err(TryLockError::Error(error)) => {
            // Some network disks know no locks; SQLite itself says whether it can work there.
            tracing::warn!(%error, "the database's lock file cannot be locked");
            Ok(Held { file: None })
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
        Ok(()) => Ok(Some(Held { file: Some(file) })),
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
/// [`SqlError::Closed`] if somebody has it alone and keeps it for some seconds; any fault of the database.
pub fn share(conn: &mut dyn Conn) -> Res<()> {
    if held(conn, "SELECT pg_advisory_lock_shared($1)")? { Ok(()) } else { Err(taken()) }
}

/// Takes a PostgreSQL database alone for the life of this connection; false if somebody still uses it after some seconds.
///
/// # Errors
/// Any fault of the database.
pub fn alone(conn: &mut dyn Conn) -> Res<bool> {
    held(conn, "SELECT pg_advisory_lock($1)")
}

/// Waits for a lock as long as connections wait for locks: the server needs a moment to see that a program ended, also one that
/// ended as it should. So a server that is started right after a restore does not find the database still taken.
fn held(conn: &mut dyn Conn, sql: &str) -> Res<bool> {
    match conn.engine() {
        Engine::Sqlite => Ok(true),
        Engine::Postgres => match conn.all(sql, vals![KEY]) {
            Ok(_) => Ok(true),
            Err(SqlError::Busy { .. } | SqlError::Timeout { .. }) => Ok(false),
            Err(fault) => Err(fault),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_ends_with_its_holder_though_the_file_is_open_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("site.db");
        let held = alone_file(&database).unwrap().unwrap();
        // As in a program that was started meanwhile and does not run yet.
        let inherited = held.file.as_ref().unwrap().try_clone().unwrap();
        let target = Target::Sqlite(database.clone());
        assert!(share_file(&target).is_err());
        drop(held);
        let shared = share_file(&target).unwrap();
        assert!(alone_file(&database).unwrap().is_none());
        drop((shared, inherited));
        assert!(alone_file(&database).unwrap().is_some());
    }
}

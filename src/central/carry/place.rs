//! An empty place for a site on either engine, and moving a site from one place to another. A SQLite file is filled under
//! another name and renamed when it is whole; PostgreSQL gets all rows in one transaction. Both ends are locked meanwhile.

use super::error::{CarryError, Res, file};
use super::files::flush_folder;
use super::flow::{Database, Sum, Tell, fill, occupied};
use super::shape::{Table, migrations, newest, tables};
use crate::central::store::chain::{self, Proof};
use crate::central::store::{lock, sites};
use crate::sql::{self, Conn, Engine, Target};
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

/// What a move came to.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Tables, each with what it came to.
    pub tables: Vec<(&'static str, Sum)>,
    /// The audit's chain, which reads the same at both ends.
    pub audit: Proof,
}

/// Copies a site into an empty database of either engine: wholly or not at all. The source stays as it is.
///
/// # Errors
/// [`CarryError::InUse`] while somebody works with either database, [`CarryError::NotEmpty`], [`CarryError::Nothing`],
/// [`CarryError::Version`], [`CarryError::Differs`]; any fault of either.
pub fn move_site(from: &Target, to: &Target, tell: Tell<'_>) -> Res<Moved> {
    let used = || CarryError::InUse { place: from.to_string() };
    let nothing = || CarryError::Nothing { place: from.to_string() };
    let _lock = match from {
        Target::Sqlite(path) if !path.exists() => return Err(nothing()),
        Target::Sqlite(path) => Some(lock::alone_file(path)?.ok_or_else(used)?),
        Target::Postgres(_) => None,
    };
    let mut source = sql::open(from)?;
    if !lock::alone(source.as_mut())? {
        return Err(used());
    }
    match sql::schema_version(source.as_mut())? {
        0 => return Err(nothing()),
        found if found == newest() => {}
        found => {
            let todo = "bring it up to date with `packbench central migrate` first";
            return Err(CarryError::Version { place: from.to_string(), found, known: newest(), todo });
        }
    }
    if source.engine() == Engine::Postgres {
        // It waits within its transaction while the other end is checked.
        source.batch("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")?;
    }
    source.begin_read()?;
    let site = sites::only(source.as_mut()).map_err(|_| nothing())?;
    let before = chain::verify(source.as_mut(), site)?;
    let list = tables(newest())?;
    let (sums, audit) = into_new(to, newest(), |tx| {
        let sums = fill(tx, &list, &mut Database(source.as_mut()), tell)?;
        Ok((sums, chain::verify(tx, site)?))
    })?;
    source.rollback()?;
    if audit != before {
        tracing::warn!("the audit's chain reads otherwise at the other end");
    }
    Ok(Moved { tables: list.iter().map(|table| table.name).zip(sums).collect(), audit })
}

/// Makes a database of this schema version where none is, and runs `job` as the one transaction that fills it. If it fails,
/// nothing is left there.
///
/// # Errors
/// [`CarryError::NotEmpty`], [`CarryError::InUse`], the job's own, or any fault of the database.
pub(super) fn into_new<T>(target: &Target, version: i64, job: impl FnOnce(&mut dyn Conn) -> Res<T>) -> Res<T> {
    match target {
        Target::Sqlite(path) => into_file(path, version, job),
        Target::Postgres(_) => into_server(target, version, job),
    }
}

fn into_file<T>(path: &Path, version: i64, job: impl FnOnce(&mut dyn Conn) -> Res<T>) -> Res<T> {
    if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
        fs::create_dir_all(folder).map_err(file("making", folder))?;
    }
    let place = path.display().to_string();
    let _lock = lock::alone_file(path)?.ok_or_else(|| CarryError::InUse { place: place.clone() })?;
    if path.exists() {
        return Err(CarryError::NotEmpty { place, what: "the file exists; move it away first".to_owned() });
    }
    let part = beside(path, ".new");
    // Left by a run that was cut off.
    remove(&part);
    let done = fill_file(&part, version, job);
    if done.is_err() {
        remove(&part);
        return done;
    }
    fs::rename(&part, path).map_err(file("naming", path))?;
    flush_folder(path)?;
    done
}

fn fill_file<T>(part: &Path, version: i64, job: impl FnOnce(&mut dyn Conn) -> Res<T>) -> Res<T> {
    let mut conn = sql::open(&Target::Sqlite(part.to_owned()))?;
    sql::migrate(conn.as_mut(), migrations(version))?;
    let out = sql::transaction(conn.as_mut(), job)?;
    // Everything into the one file that gets the name.
    conn.batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    drop(conn);
    OpenOptions::new().write(true).open(part).and_then(|open| open.sync_all()).map_err(file("flushing", part))?;
    Ok(out)
}

fn into_server<T>(target: &Target, version: i64, job: impl FnOnce(&mut dyn Conn) -> Res<T>) -> Res<T> {
    let place = target.to_string();
    let mut conn = sql::open(target)?;
    if !lock::alone(conn.as_mut())? {
        return Err(CarryError::InUse { place });
    }
    let found = sql::schema_version(conn.as_mut())?;
    if found > 0 {
        // A run that was cut off leaves the tables and no row; a used database has rows, and is left alone.
        let list: Vec<Table> = tables(found.min(newest()))?;
        if let Some(table) = occupied(conn.as_mut(), &list)? {
            return Err(CarryError::NotEmpty { place, what: format!("there are rows in {table}") });
        }
    }
    sql::migrate(conn.as_mut(), migrations(version))?;
    sql::transaction(conn.as_mut(), job)
}

/// The same name with something behind it.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Removes a SQLite file with what belongs to it.
pub(super) fn remove(path: &Path) {
    for end in ["", "-wal", "-shm", "-journal", ".lock"] {
        // It is not there, or the next step says that it cannot be written.
        let _ = fs::remove_file(beside(path, end));
    }
}

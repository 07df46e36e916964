//! Brings a database's schema up to the program's, one append-only migration after the other.
//!
//! Each migration is one transaction that also records its checksum. A database from a newer program, or one whose applied
//! migration has another text by now, is refused before anything is touched. On SQLite a backup is made first. Migrations
//! are never edited, never removed and never run backwards.

use super::{
    conn::{Conn, Engine, open, transaction},
    dialect::for_engine,
    error::{Cause, Res, SqlError},
    url::Target,
};
use crate::vals;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

/// Backups kept beside a SQLite file.
const BACKUPS_KEPT: usize = 3;
/// Names tried for a backup, a millisecond apart.
const NAMES_MAX: i64 = 1_000;
/// Key of the lock that lets one program migrate a PostgreSQL database at a time: "packbnch" in ASCII.
const LOCK: i64 = 0x7061_636b_626e_6368;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_version (
    version BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_ms BIGINT NOT NULL
)";

/// SQLite's own table function for JSON arrays, for PostgreSQL: `value ->> 'id' … FROM json_each($1)` runs on both.
const JSON_EACH: &str = "CREATE FUNCTION json_each(text) RETURNS TABLE(key BIGINT, value JSONB)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT ordinality - 1, element FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS each(element, ordinality)
    $$";

/// One step of the schema: `Migration { version: 1, name: "orders", sql: include_str!("…/0001_orders.sql") }`.
///
/// The text is written once for both engines, with BIGINT, TEXT, BYTEA and DOUBLE PRECISION; what must differ stands
/// between `-- only: sqlite` or `-- only: postgres` and `-- end only`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Counted from 1 without a gap.
    pub version: i64,
    /// A short name for messages.
    pub name: &'static str,
    /// The text.
    pub sql: &'static str,
}

/// What [`migrate`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The version found, 0 for an empty database.
    pub from: i64,
    /// The version reached.
    pub to: i64,
    /// The backup made before, if one was needed.
    pub backup: Option<PathBuf>,
}

/// A migration that a database has.
struct Applied {
    version: i64,
    name: String,
    checksum: String,
}

/// Applies what is missing. Call it on a connection outside any transaction, before other connections work.
///
/// # Errors
/// [`SqlError::Newer`], [`SqlError::Changed`], [`SqlError::Backup`]: nothing was touched. [`SqlError::Migration`]: the named
/// one was undone, those before it stay. Or any fault of the database.
pub fn migrate(conn: &mut dyn Conn, list: &[Migration]) -> Res<Migrated> {
    check_list(list)?;
    let known = list.len() as i64;
    let applied = applied(conn)?;
    let from = check_applied(&applied, list)?;
    let backup = match conn.file().map(Path::to_owned) {
        Some(file) if from > 0 && from < known && file != Path::new(":memory:") => {
            Some(back_up_before(conn, &file, known)?)
        }
        Some(_) | None => None,
    };
    if from < known || applied.is_empty() {
        prepare(conn)?;
    }
    for migration in list {
        if migration.version > from {
            apply(conn, migration, list)?;
        }
    }
    if from < known {
        tracing::info!(from, to = known, "the database schema was migrated");
    }
    Ok(Migrated { from, to: known, backup })
}

/// Opens a database on a thread of its own and applies what is missing: safe to call where an async runtime runs, which
/// waits meanwhile.
///
/// # Errors
/// As [`open`] and [`migrate`].
pub fn migrate_at(target: &Target, list: &[Migration]) -> Res<Migrated> {
    thread::scope(|scope| {
        thread::Builder::new()
            .name("store-migrate".to_owned())
            .spawn_scoped(scope, || migrate(open(target)?.as_mut(), list))
            .map_err(|error| SqlError::closed(&format!("no thread to migrate on: {error}")))?
            .join()
            .map_err(|_| SqlError::Panicked)?
    })
}

/// The version of the database's schema; 0 if it has none.
///
/// # Errors
/// Any fault of the database.
pub fn schema_version(conn: &mut dyn Conn) -> Res<i64> {
    Ok(applied(conn)?.last().map_or(0, |last| last.version))
}

/// SHA-256 of the portable text, in hexadecimal. Line ends do not count: a checkout may turn them.
fn checksum(sql: &str) -> String {
    let digest = Sha256::digest(sql.replace("\r\n", "\n").as_bytes());
    let mut hex = String::with_capacity(64);
    for byte in digest {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn refused(migration: &Migration, what: &str, source: Option<SqlError>) -> SqlError {
    SqlError::Migration {
        version: migration.version,
        name: migration.name.to_owned(),
        what: what.to_owned(),
        source: source.map(Box::new),
    }
}

fn check_list(list: &[Migration]) -> Res<()> {
    for (migration, version) in list.iter().zip(1..) {
        if migration.version != version {
            let what = format!("version {version} should stand at its place in the list");
            return Err(refused(migration, &what, None));
        }
    }
    Ok(())
}

/// What the database has, oldest first; nothing if it is new.
fn applied(conn: &mut dyn Conn) -> Res<Vec<Applied>> {
    let known = match conn.engine() {
        Engine::Sqlite => "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'",
        Engine::Postgres => {
            "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'"
        }
    };
    if conn.int(known, &[])? == 0 {
        return Ok(Vec::new());
    }
    conn.all("SELECT version, name, checksum FROM schema_version ORDER BY version", &[])?
        .iter()
        .map(|row| Ok(Applied { version: row.at(0)?, name: row.at(1)?, checksum: row.at(2)? }))
        .collect()
}

/// The version reached, if all of it is what this program knows.
fn check_applied(applied: &[Applied], list: &[Migration]) -> Res<i64> {
    let found = applied.last().map_or(0, |last| last.version);
    let known = list.len() as i64;
    if found > known {
        return Err(SqlError::Newer { found, known });
    }
    for (place, (has, migration)) in applied.iter().zip(list).enumerate() {
        if has.version != place as i64 + 1 || has.checksum != checksum(migration.sql) {
            return Err(SqlError::Changed { version: has.version, name: has.name.clone() });
        }
    }
    Ok(found)
}

/// Takes the lock of migrations, inside a transaction. SQLite's write lock is enough there.
fn lock(tx: &mut dyn Conn) -> Res<()> {
    if tx.engine() == Engine::Postgres {
        // A migration may rightly take longer than a statement of daily work.
        tx.batch("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")?;
        tx.all("SELECT pg_advisory_xact_lock($1)", vals![LOCK])?;
    }
    Ok(())
}

/// What must be there before the first migration.
fn prepare(conn: &mut dyn Conn) -> Res<()> {
    transaction(conn, |tx| {
        lock(tx)?;
        tx.batch(&for_engine(TABLE, tx.engine()))?;
        let missing = tx.engine() == Engine::Postgres
            && tx.int(
                "SELECT COUNT(*) FROM pg_proc WHERE proname = 'json_each' AND pronamespace = CAST(current_schema() AS regnamespace)",
                &[],
            )? == 0;
        if missing {
            tx.batch(JSON_EACH)?;
        }
        Ok(())
    })
}

fn apply(conn: &mut dyn Conn, migration: &Migration, list: &[Migration]) -> Res<()> {
    let sqlite = conn.engine() == Engine::Sqlite;
    if sqlite {
        // Rebuilding a table drops the old one, which would delete what refers to it; checked below instead.
        conn.batch("PRAGMA foreign_keys=OFF")?;
    }
    let end = transaction(conn, |tx| {
        lock(tx)?;
        // Another program may have been faster.
        if check_applied(&applied(tx)?, list)? >= migration.version {
            return Ok(());
        }
        tx.batch(&for_engine(migration.sql, tx.engine()))
            .map_err(|fault| refused(migration, &fault.to_string(), Some(fault)))?;
        if sqlite && !tx.all("PRAGMA foreign_key_check", &[])?.is_empty() {
            return Err(refused(migration, "it leaves references to rows that do not exist", None));
        }
        tx.exec(
            "INSERT INTO schema_version (version, name, checksum, applied_ms) VALUES ($1, $2, $3, $4)",
            vals![migration.version, migration.name, checksum(migration.sql), now_ms()],
        )?;
        Ok(())
    });
    if sqlite {
        conn.batch("PRAGMA foreign_keys=ON")?;
    }
    end
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Backs up to `<file>.before-v<version>.<ms>`, and drops all such backups but the newest three.
fn back_up_before(conn: &mut dyn Conn, file: &Path, version: i64) -> Res<PathBuf> {
    let path = reserve(file, version)?;
    if let Err(error) = copy(conn, &path) {
        // The empty file is no backup; that it cannot be removed adds nothing to the error.
        let _ = fs::remove_file(&path);
        return Err(error);
    }
    if let Err(error) = drop_old_backups(file) {
        tracing::warn!(%error, "old backups of the database could not be removed");
    }
    Ok(path)
}

/// An empty file of a name that nobody else has: programs that start in the same millisecond each keep their own copy.
fn reserve(file: &Path, version: i64) -> Res<PathBuf> {
    let now_ms = now_ms();
    let named = |ms: i64| {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".before-v{version}.{ms}"));
        PathBuf::from(name)
    };
    for ms in now_ms..now_ms.saturating_add(NAMES_MAX) {
        let path = named(ms);
        match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(SqlError::Backup { path, source: Cause::new(error) }),
        }
    }
    Err(SqlError::Backup { path: named(now_ms), source: Cause::new("the file exists already") })
}

/// Writes a whole, consistent and durable copy of a SQLite database to a new file, while others may go on writing. Call it
/// outside any transaction.
///
/// # Errors
/// [`SqlError::Backup`] if it cannot be written (no half file stays behind) or is there already; [`SqlError::Address`] on
/// PostgreSQL, which brings its own tools.
pub fn back_up(conn: &mut dyn Conn, path: &Path) -> Res<()> {
    if conn.engine() == Engine::Postgres {
        return Err(SqlError::Address {
            what: "only a SQLite database is backed up here; use pg_dump for PostgreSQL".to_owned(),
        });
    }
    let failed = |source: Cause| SqlError::Backup { path: path.to_owned(), source };
    if path.exists() {
        return Err(failed(Cause::new("the file exists already")));
    }
    copy(conn, path)
}

/// Writes the copy beside its place and puts it there once it is whole.
fn copy(conn: &mut dyn Conn, path: &Path) -> Res<()> {
    let failed = |source: Cause| SqlError::Backup { path: path.to_owned(), source };
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let text =
        part.to_str().ok_or_else(|| failed(Cause::new("the path is not UTF-8; give it another folder or name")))?;
    // Left by a copy that was cut off; the engine writes only to a new file.
    let _ = fs::remove_file(&part);
    let copied = conn
        .exec("VACUUM INTO $1", vals![text])
        .map_err(Cause::new)
        .and_then(|_| settle(&part, path).map_err(Cause::new));
    if copied.is_err() {
        // A half copy is of no use; that it cannot be removed adds nothing to the error.
        let _ = fs::remove_file(&part);
    }
    copied.map_err(failed)
}

/// Flushes a file that was written under another name, gives it its own, and flushes the folder that holds the name: SQLite does
/// not flush a copy.
pub(crate) fn settle(part: &Path, path: &Path) -> io::Result<()> {
    fs::File::open(part)?.sync_all()?;
    fs::rename(part, path)?;
    // Only Unix opens folders as files.
    #[cfg(unix)]
    fs::File::open(folder_of(path))?.sync_all()?;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    }
}

fn drop_old_backups(file: &Path) -> io::Result<()> {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
        return Ok(());
    };
    let prefix = format!("{name}.before-v");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder_of(file))? {
        let path = entry?.path();
        let made_ms = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_prefix(&prefix))
            .and_then(|rest| rest.split_once('.'))
            .and_then(|(_, ms)| ms.parse::<i64>().ok());
        if let Some(made_ms) = made_ms {
            found.push((made_ms, path));
        }
    }
    found.sort();
    let too_many = found.len().saturating_sub(BACKUPS_KEPT);
    for (_, path) in found.into_iter().take(too_many) {
        fs::remove_file(path)?;
    }
    Ok(())
}

//! What can go wrong at the database, sorted by what the caller can do about it.
//!
//! Both engines' faults arrive here as the same kinds. Messages carry names of constraints and columns, never values:
//! PostgreSQL's DETAIL and HINT texts, which quote rows, are dropped at the driver. This file never decides to retry.

use std::{error::Error, fmt, path::PathBuf, sync::Arc};

/// The result of everything in this room.
pub type Res<T> = Result<T, SqlError>;

/// The driver's own error beneath a [`SqlError`]. Shared, because one failed commit may answer many callers.
#[derive(Clone)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

impl Cause {
    /// Keeps an error as the cause of another.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Cause {
        Cause(Arc::from(error.into()))
    }
}
impl fmt::Debug for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}
impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}
impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// A fault at the database or in the way it was used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqlError {
    /// A row with this key exists already. `what` names the constraint (PostgreSQL) or the columns (SQLite).
    #[error("a row with the same key exists already ({what})")]
    Unique {
        /// Constraint or columns.
        what: String,
        /// The driver's error.
        source: Cause,
    },
    /// A foreign key points to no row, or a row still has others pointing to it.
    #[error("a reference to another row is broken ({what}); store the row it points to first")]
    Foreign {
        /// Constraint, where the engine tells.
        what: String,
        /// The driver's error.
        source: Cause,
    },
    /// A NOT NULL or CHECK rule, or a column's type, refuses the value.
    #[error("a rule of the table refuses the row ({what})")]
    Rule {
        /// Constraint or column.
        what: String,
        /// The driver's error.
        source: Cause,
    },
    /// Another transaction was in the way (serialization failure, deadlock); nothing was stored, the same again may work.
    #[error("another transaction was in the way; run the same again")]
    Retry {
        /// The driver's error.
        source: Cause,
    },
    /// A lock was not free in time, or the server takes no more connections; nothing was stored.
    #[error("the database is busy; wait a moment and try again")]
    Busy {
        /// The driver's error.
        source: Cause,
    },
    /// A statement ran longer than `statement_timeout`; nothing was stored.
    #[error("the database took too long and the statement was stopped; narrow the question or try again later")]
    Timeout {
        /// The driver's error.
        source: Cause,
    },
    /// The connection is gone or the store has stopped; what was not committed is not stored.
    #[error("the connection to the database is closed ({what}); check that the database runs and can be reached")]
    Closed {
        /// What closed it, or what could not be opened.
        what: String,
        /// The driver's error, if there was one.
        source: Option<Cause>,
    },
    /// The connection was lost while committing: the transaction is stored wholly or not at all, and nobody knows which.
    #[error("the answer to a commit was lost: look whether it is stored before doing it again")]
    Unknown {
        /// The driver's error.
        source: Cause,
    },
    /// No room on the disk (or the page limit is reached); nothing was stored.
    #[error("the disk of the database is full; free some space, nothing was stored")]
    Full {
        /// The driver's error.
        source: Cause,
    },
    /// The file is no database or is damaged.
    #[error("the database is damaged or no database at all ({what}); restore a backup")]
    Corrupt {
        /// What the engine found.
        what: String,
        /// The driver's error.
        source: Cause,
    },
    /// A write was tried where only reading is allowed.
    #[error("the database can only be read here; use a write transaction, or check the file's permissions")]
    ReadOnly {
        /// The driver's error.
        source: Cause,
    },
    /// A newer program has already changed this database.
    #[error(
        "the database has schema version {found}, this program knows versions up to {known}; install the newer program \
         or restore the backup made before the upgrade"
    )]
    Newer {
        /// The version in the database.
        found: i64,
        /// The newest version of this program.
        known: i64,
    },
    /// A migration that was already applied has another text now.
    #[error(
        "migration {version} ({name}) was changed after it was applied to this database; migrations are append-only: put \
         the old text back and add a new migration"
    )]
    Changed {
        /// The migration's version.
        version: i64,
        /// Its name.
        name: String,
    },
    /// The list of migrations or one of their texts is at fault.
    #[error("migration {version} ({name}) cannot be applied: {what}")]
    Migration {
        /// The migration's version.
        version: i64,
        /// Its name.
        name: String,
        /// What is wrong.
        what: String,
        /// The error of its statement, if one failed.
        source: Option<Box<SqlError>>,
    },
    /// The backup before a migration could not be made; nothing was migrated.
    #[error("no backup could be made at {path:?}, so nothing was migrated; check space and permissions of the folder")]
    Backup {
        /// Where it should have gone.
        path: PathBuf,
        /// Why not.
        source: Cause,
    },
    /// The SQLite library is too old: versions before 3.51.3 can damage a database in WAL mode.
    #[error("SQLite {found} is too old, {needed} or newer is needed; build with the bundled SQLite")]
    OldEngine {
        /// The library's version.
        found: String,
        /// The least version.
        needed: String,
    },
    /// A column is missing or its value is of another kind than asked for.
    #[error("column {column}: wanted {wanted}, found {found}")]
    Row {
        /// Name of the column.
        column: String,
        /// What the code asked for.
        wanted: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// An answer has more rows than allowed.
    #[error("the answer has more than {rows_max} rows; ask for a page, or read row by row")]
    TooMany {
        /// The limit.
        rows_max: usize,
    },
    /// A parameter is missing, left over, or holds what cannot be stored.
    #[error("a statement's parameter is wrong: {what}")]
    Param {
        /// What is wrong.
        what: String,
    },
    /// A list's cursor is damaged or belongs to another list.
    #[error("the page cursor does not belong to this list; start again at the first page")]
    Cursor,
    /// A statement failed earlier in this transaction and was not rolled back to a savepoint.
    #[error("an earlier statement of this transaction failed; roll back to a savepoint before going on")]
    Spoiled {
        /// The earlier failure.
        source: Box<SqlError>,
    },
    /// A job ended, began or committed the transaction that the store runs it in.
    #[error("a job may not begin, commit or roll back: the store does; use a savepoint")]
    NotYours,
    /// A job panicked; its transaction was rolled back.
    #[error("a store job panicked and was rolled back; this is a fault of the program")]
    Panicked,
    /// The address of the database cannot be used.
    #[error("the database address cannot be used: {what}")]
    Address {
        /// What is wrong and how it should look. Never holds a password.
        what: String,
    },
    /// Anything else the engine reports.
    #[error("the database reports: {what}")]
    Other {
        /// The engine's message.
        what: String,
        /// The driver's error.
        source: Cause,
    },
}

impl SqlError {
    /// The same transaction may succeed when run again from its start, because nothing of it was stored.
    pub fn is_transient(&self) -> bool {
        match self {
            SqlError::Retry { .. } | SqlError::Closed { .. } => true,
            SqlError::Spoiled { source } => source.is_transient(),
            _ => false,
        }
    }

    /// The connection that reported this is of no further use.
    pub fn is_closed(&self) -> bool {
        matches!(self, SqlError::Closed { .. } | SqlError::Unknown { .. })
    }

    /// The fault itself, beneath [`SqlError::Spoiled`] and [`SqlError::Migration`].
    pub fn root(&self) -> &SqlError {
        match self {
            SqlError::Spoiled { source } => source.root(),
            SqlError::Migration { source: Some(source), .. } => source.root(),
            other => other,
        }
    }

    pub(super) fn closed(what: &str) -> SqlError {
        SqlError::Closed { what: what.to_owned(), source: None }
    }
}

//! Why a site was not carried. Each case says what to do; nothing was changed at the source, and nothing is left at the target.

use crate::central::error::CentralError;
use crate::sql::SqlError;
use std::path::{Path, PathBuf};

/// The result of everything in this room.
pub type Res<T> = Result<T, CarryError>;

/// Why a site was not carried.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// The target holds something.
    #[error("{place} is not empty ({what}); nothing is ever carried over what is there: name an empty database")]
    NotEmpty {
        /// Which database or file.
        place: String,
        /// What it holds.
        what: String,
    },
    /// Somebody uses the database.
    #[error("{place} is in use; stop the server and what else works with it, then try again")]
    InUse {
        /// Which database.
        place: String,
    },
    /// There is nothing to carry.
    #[error("there is no site in {place}; check the address")]
    Nothing {
        /// Which database.
        place: String,
    },
    /// The source has another schema.
    #[error("{place} has schema version {found} and this program {known}; {todo}")]
    Version {
        /// Which database or file.
        place: String,
        /// Its version.
        found: i64,
        /// The program's.
        known: i64,
        /// What to do.
        todo: &'static str,
    },
    /// The file is no backup.
    #[error("{} is neither a backup of `central backup` nor a SQLite database of central", path.display())]
    NoBackup {
        /// Which file.
        path: PathBuf,
    },
    /// The backup is damaged.
    #[error("the backup is damaged at line {line}: {what}; take another one")]
    Damaged {
        /// Line of the unpacked text, from 1.
        line: u64,
        /// What is wrong there.
        what: String,
    },
    /// What arrived is not what left.
    #[error("table {table} arrived with {arrived} rows and hash {hash}, but left with {left} rows; nothing was kept")]
    Differs {
        /// Which table.
        table: String,
        /// Rows at the target.
        arrived: u64,
        /// Rows at the source.
        left: u64,
        /// Hash at the target.
        hash: String,
    },
    /// A file of the photo folder is not what its name says.
    #[error("the file {name} is not what its name says; it was not taken")]
    WrongFile {
        /// Its name below the photo folder.
        name: String,
    },
    /// Reading or writing a file.
    #[error("{what} {}: {source}", path.display())]
    File {
        /// What was tried: `writing`.
        what: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A database refused.
    #[error(transparent)]
    Store(#[from] SqlError),
    /// Central's own rules.
    #[error(transparent)]
    Central(#[from] CentralError),
}

/// A file error with what was tried.
pub(super) fn file<'a>(what: &'static str, path: &'a Path) -> impl Fn(std::io::Error) -> CarryError + use<'a> {
    move |source| CarryError::File { what, path: path.to_owned(), source }
}

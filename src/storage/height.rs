//! How far a database had come, in a small file beside it: epoch, start and last event. A database that stands lower than
//! the file says was put back from a backup, even where it lies in the very file it was written in.
//!
//! The file follows the database and never runs ahead of it, so losing it or its last words costs nothing but the notice.

use super::{Res, StorageError, meta};
use crate::sql::Conn;
use std::path::{Path, PathBuf};

/// Epoch, number of starts, last event of the epoch: of one database each is never less than before, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Height {
    epoch: i64,
    starts: i64,
    seq: i64,
}

impl Height {
    /// The same without the start that is under way.
    #[must_use]
    pub fn before_this_start(self) -> Height {
        Height { starts: self.starts - 1, ..self }
    }
}

/// How far the database is.
///
/// # Errors
/// If it refuses.
pub fn of(c: &mut dyn Conn) -> Res<Height> {
    Ok(Height {
        epoch: meta::int(c, meta::key::EPOCH)?,
        starts: meta::int(c, meta::key::START_NO)?,
        seq: meta::int(c, meta::key::SEQ)?,
    })
}

/// The file beside a database.
#[must_use]
pub fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-height");
    PathBuf::from(name)
}

/// What the file says; none where there is none, or none that can be read.
#[must_use]
pub fn read(database: &Path) -> Option<Height> {
    let text = std::fs::read_to_string(beside(database)).ok()?;
    let mut numbers = text.split_whitespace().map(str::parse::<i64>);
    let mut next = || numbers.next()?.ok();
    Some(Height { epoch: next()?, starts: next()?, seq: next()? })
}

/// Writes the file whole or not at all.
///
/// # Errors
/// If the folder cannot be written to.
pub fn write(database: &Path, height: Height) -> Res<()> {
    let path = beside(database);
    let mut fresh = path.clone().into_os_string();
    fresh.push("-new");
    let text = format!("{} {} {}\n", height.epoch, height.starts, height.seq);
    let written = std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, &path));
    written.map_err(|source| StorageError::File {
        what: "noting how far the database is",
        path: path.display().to_string(),
        source,
    })
}

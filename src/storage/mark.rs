//! Which file a database lies in, so that a copy in another one is noticed: the file's number on its disk, and a mark in a small file
//! beside it that was made up once. The disk's own number is no part of it: that may be another one after every boot, and a station
//! that took itself for a copy then would begin nothing without the network.

use crate::sql::settle;
use std::fs;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What a stored mark begins with; those of before begin otherwise.
const FORM: &str = "2";
/// In place of a mark where no file could be made beside the database.
const NO_MARK: &str = "-";

/// Where a database lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    beside: String,
    place: String,
}

impl Mark {
    /// As it is stored in the database.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{FORM} {} {}", self.beside, self.place)
    }

    /// Does a database with this stored mark lie where it was written?
    #[must_use]
    pub fn is(&self, stored: &str) -> bool {
        match stored.strip_prefix(FORM).and_then(|rest| rest.strip_prefix(' ')?.split_once(' ')) {
            Some((beside, place)) => place == self.place && (beside == self.beside || beside == NO_MARK),
            None => place_of_before(stored) == self.place,
        }
    }
}

/// The file beside a database.
#[must_use]
pub fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-mark");
    PathBuf::from(name)
}

/// Where a database lies now; none where its file cannot be looked at. The file beside it is made where there is none, of `fresh`, and
/// is on the disk before the database can name it: one that is missing later was left behind.
#[must_use]
pub fn of(database: &Path, fresh: Uuid) -> Option<Mark> {
    let place = place(database)?;
    let path = beside(database);
    let there = fs::read_to_string(&path).ok().and_then(|text| Uuid::parse_str(text.trim()).ok());
    let mark = match there {
        Some(mark) => mark.to_string(),
        None => match make(&path, fresh) {
            Ok(()) => fresh.to_string(),
            Err(error) => {
                tracing::warn!(%error, "no mark could be made beside the database; some copies of it may go unnoticed here");
                NO_MARK.to_owned()
            }
        },
    };
    Some(Mark { beside: mark, place })
}

fn make(path: &Path, mark: Uuid) -> std::io::Result<()> {
    let mut fresh = path.to_path_buf().into_os_string();
    fresh.push("-new");
    fs::write(&fresh, format!("{mark}\n"))?;
    settle(Path::new(&fresh), path)
}

#[cfg(unix)]
fn place(database: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(database).ok().map(|m| m.ino().to_string())
}

#[cfg(not(unix))]
fn place(database: &Path) -> Option<String> {
    fs::canonicalize(database).ok().map(|p| p.display().to_string())
}

/// Of "disk:file", as earlier versions stored it, the file's number alone.
#[cfg(unix)]
fn place_of_before(stored: &str) -> &str {
    stored.rsplit_once(':').map_or(stored, |(_, file)| file)
}

#[cfg(not(unix))]
fn place_of_before(stored: &str) -> &str {
    stored
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(beside: &str, place: &str) -> Mark {
        Mark { beside: beside.to_owned(), place: place.to_owned() }
    }

    #[test]
    fn file_and_mark_must_be_those_that_were_stored() {
        let (one, two) = (Uuid::from_u128(1).to_string(), Uuid::from_u128(2).to_string());
        let here = mark(&one, "77");
        assert!(here.is(&here.text()));
        assert!(!here.is(&mark(&two, "77").text()), "another folder, whose file happens to have the same number");
        assert!(!here.is(&mark(&one, "78").text()), "the whole folder was copied");
        assert!(here.is(&mark(NO_MARK, "77").text()), "the mark could not be made at an earlier start");
        assert!(!mark(NO_MARK, "77").is(&here.text()));
    }

    #[cfg(unix)]
    #[test]
    fn of_what_earlier_versions_stored_the_file_counts_and_the_disk_does_not() {
        let here = mark("any", "77");
        assert!(here.is("2049:77") && here.is("64770:77"));
        assert!(!here.is("2049:78") && !here.is("2:7"));
    }
}

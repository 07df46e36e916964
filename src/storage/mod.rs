//! The station's database: records as the server sent them, the queue, leases, the events that are
//! also the outbox, parcels, numbers, photos.
//!
//! Functions here take an open transaction and do one thing; the engine, sole owner of the
//! connection, decides what belongs into one transaction. Nothing here decides about packing.

pub mod blobs;
pub mod height;
pub mod labels;
pub mod lease;
pub mod lookup;
pub mod mark;
pub mod meta;
pub mod numbers;
pub mod outbox;
pub mod people;
pub mod privacy;
pub mod records;
pub mod returns;
pub mod serials;
pub mod sessions;
pub mod wish;
pub mod work;

pub use blobs::Blobs;

pub use crate::sql::{Conn, SqlError};

use crate::sql::{self, Migrated, Migration, Target};
use std::path::Path;

/// Migrations of the station's database, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "station", sql: include_str!("../../migrations/station/0001_station.sql") },
    Migration {
        version: 2,
        name: "no_weight_samples",
        sql: include_str!("../../migrations/station/0002_no_weight_samples.sql"),
    },
    Migration { version: 3, name: "work_carrier", sql: include_str!("../../migrations/station/0003_work_carrier.sql") },
    Migration {
        version: 4,
        name: "stock_allocated",
        sql: include_str!("../../migrations/station/0004_stock_allocated.sql"),
    },
    Migration { version: 5, name: "held_lots", sql: include_str!("../../migrations/station/0005_held_lots.sql") },
    Migration { version: 6, name: "returns", sql: include_str!("../../migrations/station/0006_returns.sql") },
    Migration {
        version: 7,
        name: "label_templates",
        sql: include_str!("../../migrations/station/0007_label_templates.sql"),
    },
    Migration { version: 8, name: "serial_uses", sql: include_str!("../../migrations/station/0008_serial_uses.sql") },
    Migration { version: 9, name: "forgetting", sql: include_str!("../../migrations/station/0009_forgetting.sql") },
];

/// Why the station's database could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database refused.
    #[error("the station's database: {0}")]
    Sql(#[from] SqlError),
    /// A stored record cannot be read; it came from another version or was damaged.
    #[error("a stored {kind} record cannot be read: pull it again from the server")]
    Record {
        /// Kind of record.
        kind: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A stored event cannot be read.
    #[error("a stored event cannot be read: the session it belongs to waits for a newer version")]
    Event(#[from] crate::protocol::session::Unfit),
    /// Something the database must know is missing.
    #[error("the station's database lacks {what}: restore it from its backup or pair the station again")]
    Missing {
        /// What.
        what: &'static str,
    },
    /// A file beside the database.
    #[error("{what}: {path}")]
    File {
        /// What was tried.
        what: &'static str,
        /// Which file.
        path: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
}

/// Result of this room.
pub type Res<T> = Result<T, StorageError>;

/// Opens the database and brings its schema up to date, backing it up before.
///
/// # Errors
/// If it cannot be opened, is damaged, or belongs to a newer version.
pub fn open(path: &Path) -> Result<(Box<dyn Conn>, Migrated), SqlError> {
    let mut conn = sql::open(&Target::Sqlite(path.to_path_buf()))?;
    let migrated = sql::migrate(conn.as_mut(), MIGRATIONS)?;
    conn.batch(CACHE)?;
    Ok((conn, migrated))
}

/// Pages kept in memory, at most 4 MB: a bench reads the same few orders again and again, and its computer is small.
const CACHE: &str = "PRAGMA cache_size=-4000";

/// A UUID as a database value.
pub(crate) fn uuid(id: uuid::Uuid) -> sql::Val {
    sql::Val::Blob(id.as_bytes().to_vec())
}

/// A UUID from a column.
pub(crate) fn uuid_at(row: &sql::Row, column: &str) -> Res<uuid::Uuid> {
    let bytes: Vec<u8> = row.get(column)?;
    uuid::Uuid::from_slice(&bytes).map_err(|_| StorageError::Missing { what: "a whole identity" })
}

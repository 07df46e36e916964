//! The one seam to a database: one SQL text, two engines (SQLite and PostgreSQL).
//!
//! Everything that stores or reads goes through [`Conn`] (one connection) or [`Db`] (threads that own connections and run
//! each closure as one transaction). This room knows nothing of orders or parcels, and nothing outside it knows a
//! driver. PostgreSQL comes with the feature `central`; without it a station carries neither that driver nor its runtime.
//!
//! # Rules for the SQL text
//! - Parameters are `$1`, `$2` …; columns are BIGINT, TEXT, BYTEA, DOUBLE PRECISION; booleans BIGINT 0/1; JSON is TEXT;
//!   times (UTC milliseconds) and money (minor units) are BIGINT.
//! - `CAST($1 AS BIGINT)` where PostgreSQL cannot infer a type (`$1 IS NULL`, arithmetic); `CAST(SUM(x) AS BIGINT)`.
//! - Many rows at once: a JSON array of objects with `json_each($1)`, reading `CAST(value ->> 'id' AS BIGINT)`; write booleans
//!   as 0 and 1 in it. No long VALUES lists: thousands of parameters are slow on SQLite.
//! - No `FOR UPDATE`: begin with `UPDATE counters SET v = v + 1 WHERE … RETURNING v`, which locks on PostgreSQL and keeps
//!   the numbers gapless.
//! - Columns to sort by are NOT NULL; text to search lies folded in a column of its own; PostgreSQL databases have C
//!   collation.
//! - A failed statement spoils its transaction on both engines: use `ON CONFLICT`, or [`attempt`] for a part that may fail.
//!
//! ```no_run
//! use packbench::{sql::{Db, Res, Target}, vals};
//! # fn main() -> Res<()> {
//! let target: Target = "sqlite:/var/lib/packbench/central.db".parse()?;
//! let db = Db::open(&target)?;
//! db.write_blocking(|tx| -> Res<()> { tx.batch("CREATE TABLE totes (code TEXT PRIMARY KEY)") })?;
//! let added = db.write_blocking(|tx| -> Res<u64> {
//!     tx.exec("INSERT INTO totes (code) VALUES ($1)", vals!["T-1"])
//! })?;
//! assert_eq!(added, 1);
//! # Ok(())
//! # }
//! ```

mod builder;
mod conn;
mod dialect;
mod error;
pub mod fault;
mod migrate;
#[cfg(feature = "central")]
mod postgres;
#[cfg(feature = "central")]
mod postgres_tls;
mod sqlite;
mod store;
mod store_thread;
mod url;
mod value;

pub use builder::{Key, PAGE_ROWS_MAX, Page, Query, asc, desc};
pub use conn::{Conn, Engine, ROWS_MAX, attempt, open, open_read_only, transaction};
pub use error::{Cause, Res, SqlError};
#[cfg(feature = "station")]
pub(crate) use migrate::settle;
pub use migrate::{Migrated, Migration, back_up, migrate, migrate_at, schema_version};
#[cfg(feature = "central")]
pub use postgres::Pg;
pub use sqlite::{Lite, SQLITE_VERSION_MIN, check_sqlite_version, sqlite_version};
pub use store::{Db, DbOptions, Opener, Role};
pub use url::{PgAddress, SslMode, Target};
pub use value::{Get, Row, Val};

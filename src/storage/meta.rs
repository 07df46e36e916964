//! Small facts about the database itself.

use super::Res;
use crate::core::time::UtcMs;
use crate::sql::Conn;
use crate::vals;

/// Keys of the table.
pub mod key {
    /// Identity of the station.
    pub const STATION_ID: &str = "station_id";
    /// Its name.
    pub const STATION_NAME: &str = "station_name";
    /// Identity of the site.
    pub const SITE_ID: &str = "site_id";
    /// Its name.
    pub const SITE_NAME: &str = "site_name";
    /// Bearer token of the station; the file is readable by its user alone.
    pub const TOKEN: &str = "token";
    /// Life of the database.
    pub const EPOCH: &str = "epoch";
    /// Number of the last event written in the epoch.
    pub const SEQ: &str = "seq";
    /// Hash of that event.
    pub const HEAD: &str = "head";
    /// Last event the server confirmed.
    pub const PUSHED: &str = "pushed";
    /// Where the last stored page ended.
    pub const CURSOR: &str = "cursor";
    /// When the last page was true on the server's clock.
    pub const AS_OF: &str = "as_of";
    /// How often the program was started.
    pub const START_NO: &str = "start_no";
    /// The latest wall time ever committed.
    pub const WALL_FLOOR: &str = "wall_floor";
    /// A wish for a new epoch: nonce and reason.
    pub const EPOCH_WISH: &str = "epoch_wish";
    /// Where the database lies, to notice a copy: see [`crate::storage::mark`].
    pub const FILE_MARK: &str = "file_mark";
}

/// A value.
///
/// # Errors
/// If the database refuses.
pub fn get(c: &mut dyn Conn, key: &str) -> Res<Option<String>> {
    Ok(match c.one("SELECT value FROM meta WHERE key = $1", vals![key])? {
        Some(r) => Some(r.at(0)?),
        None => None,
    })
}

/// A number; 0 where none is stored.
///
/// # Errors
/// If the database refuses.
pub fn int(c: &mut dyn Conn, key: &str) -> Res<i64> {
    Ok(get(c, key)?.and_then(|v| v.parse().ok()).unwrap_or(0))
}

/// The server's time as far as it is known here, or the bench's where that is later: what ends now did not end before this. A clock
/// that is behind says so of nothing.
///
/// # Errors
/// If the database refuses.
pub fn told(c: &mut dyn Conn, now: UtcMs) -> Res<UtcMs> {
    Ok(UtcMs(int(c, key::AS_OF)?.max(now.0)))
}

/// Stores a value.
///
/// # Errors
/// If the database refuses.
pub fn set(c: &mut dyn Conn, key: &str, value: &str) -> Res<()> {
    c.exec(
        "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        vals![key, value],
    )?;
    Ok(())
}

/// Forgets a value.
///
/// # Errors
/// If the database refuses.
pub fn clear(c: &mut dyn Conn, key: &str) -> Res<()> {
    c.exec("DELETE FROM meta WHERE key = $1", vals![key])?;
    Ok(())
}

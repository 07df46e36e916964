//! Wrong PINs, counted over restarts, so that guessing stays slow offline too.

use super::Res;
use crate::sql::Conn;
use crate::vals;

/// Failures in a row for a name (a user's id or `station`), and when the last was.
///
/// # Errors
/// If the database refuses.
pub fn failures(c: &mut dyn Conn, who: &str) -> Res<(u32, i64)> {
    let row = c.one("SELECT failures, last_wall_ms FROM pin_try WHERE who = $1", vals![who])?;
    Ok(match row {
        Some(r) => (r.at(0)?, r.at(1)?),
        None => (0, 0),
    })
}

/// One more failure.
///
/// # Errors
/// If the database refuses.
pub fn failed(c: &mut dyn Conn, who: &str, now_wall_ms: i64) -> Res<()> {
    c.exec(
        "INSERT INTO pin_try (who, failures, last_wall_ms) VALUES ($1, 1, $2)
         ON CONFLICT (who) DO UPDATE SET failures = pin_try.failures + 1, last_wall_ms = excluded.last_wall_ms",
        vals![who, now_wall_ms],
    )?;
    Ok(())
}

/// The clock was set back: the last failure was now at the latest.
///
/// # Errors
/// If the database refuses.
pub fn seen(c: &mut dyn Conn, who: &str, now_wall_ms: i64) -> Res<()> {
    c.exec("UPDATE pin_try SET last_wall_ms = $2 WHERE who = $1", vals![who, now_wall_ms])?;
    Ok(())
}

/// The right PIN: start afresh.
///
/// # Errors
/// If the database refuses.
pub fn succeeded(c: &mut dyn Conn, who: &str) -> Res<()> {
    c.exec("DELETE FROM pin_try WHERE who = $1", vals![who])?;
    Ok(())
}

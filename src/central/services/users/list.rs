//! The people of a site, for those who look after them.

use super::role_of;
use crate::central::error::{CentralError, Refusal, Res};
use crate::protocol::wire::{Role, SiteId};
use crate::sql::{Conn, Row};
use crate::vals;

/// Most people that are listed.
const ROWS_MAX: i64 = 1_000;

/// Somebody, with which secrets they have; never the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// Id.
    pub id: String,
    /// Name to log in with.
    pub login: String,
    /// Name for people.
    pub name: String,
    /// What small places show.
    pub initials: String,
    /// What they are.
    pub role: Role,
    /// `en`, `es`, `ms` or `ru`.
    pub locale: String,
    /// They may log in nowhere.
    pub disabled: bool,
    /// They have a PIN.
    pub pin: bool,
    /// They have a badge.
    pub badge: bool,
    /// They have a password.
    pub password: bool,
    /// Sessions at the console that are open.
    pub sessions: i64,
    /// Version that an edit must name.
    pub version: i64,
}

const COLUMNS: &str = "SELECT u.id, u.login, u.name, u.initials, u.role, u.locale, u.disabled, u.version, \
    CASE WHEN u.pin_hash IS NULL THEN 0 ELSE 1 END AS pin, CASE WHEN u.badge_hash IS NULL THEN 0 ELSE 1 END AS badge, \
    CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END AS password, \
    (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_ms > $2) AS sessions FROM users u";

fn user_row(row: &Row) -> Res<UserRow> {
    Ok(UserRow {
        id: row.get("id")?,
        login: row.get("login")?,
        name: row.get("name")?,
        initials: row.get("initials")?,
        role: role_of(&row.get::<String>("role")?).ok_or(CentralError::Stored { what: "role" })?,
        locale: row.get("locale")?,
        disabled: row.get("disabled")?,
        pin: row.get("pin")?,
        badge: row.get("badge")?,
        password: row.get("password")?,
        sessions: row.get("sessions")?,
        version: row.get("version")?,
    })
}

/// Everybody, those who may log in first; at most 1,000.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId, now_ms: i64) -> Res<Vec<UserRow>> {
    let sql = format!("{COLUMNS} WHERE u.site = $1 ORDER BY u.disabled, u.login LIMIT $3");
    tx.all(&sql, vals![site.to_string(), now_ms, ROWS_MAX])?.iter().map(user_row).collect()
}

/// One person.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such person.
pub fn one(tx: &mut dyn Conn, site: SiteId, id: &str, now_ms: i64) -> Res<UserRow> {
    let sql = format!("{COLUMNS} WHERE u.site = $1 AND u.id = $3");
    let row = tx.one(&sql, vals![site.to_string(), now_ms, id])?.ok_or(Refusal::Missing { entity: "person" })?;
    user_row(&row)
}

/// Is there an admin who can log in at the console?
///
/// # Errors
/// Any fault of the store.
pub fn has_admin(tx: &mut dyn Conn, site: SiteId) -> Res<bool> {
    let admins = tx.int(
        "SELECT COUNT(*) FROM users WHERE site = $1 AND role = 'admin' AND disabled = 0 AND password_hash IS NOT NULL",
        vals![site.to_string()],
    )?;
    Ok(admins > 0)
}

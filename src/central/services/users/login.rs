//! A session of the console: a random cookie, stored as its hash, twelve hours long.

use super::role_of;
use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::secrets;
use crate::central::store::Store;
use crate::central::store::work::Work;
use crate::protocol::wire::{Role, UserId};
use crate::sql::{Conn, SqlError};
use crate::vals;

/// Life of a session: a long shift.
const SESSION_MS: i64 = 12 * 60 * 60 * 1000;
/// A hash of nothing anybody knows: an unknown name takes as long as a wrong password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6uXDr7ZVYnFDo0vKPRGBCgKVcHvGVTBxuU2zQBlnG4M";

/// Somebody who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub user: UserId,
    /// What they are.
    pub role: Role,
    /// What small places show.
    pub initials: String,
    /// `en`, `es`, `ms` or `ru`.
    pub locale: String,
    /// What a form must carry, so that no other site can send it.
    pub csrf: String,
}

/// Checks a password and opens a session; the cookie's value. The slow hash runs outside the store's threads.
///
/// # Errors
/// [`Refusal::Unrecognised`], which never tells whether name or password was wrong.
pub async fn log_in(store: &Store, login: &str, password: &str) -> Res<String> {
    let (site, login, password) = (store.site(), login.replace('\0', ""), password.to_owned());
    let found = store
        .read(move |tx| {
            let row = tx.one(
                "SELECT id, password_hash FROM users WHERE site = $1 AND login = $2 AND disabled = 0 \
                 AND password_hash IS NOT NULL",
                vals![site.to_string(), &login],
            )?;
            Ok(row.map(|row| Ok::<_, SqlError>((row.at::<String>(0)?, row.at::<String>(1)?))).transpose()?)
        })
        .await?;
    let (id, hash) = found.map_or((None, NOBODY.to_owned()), |(id, hash)| (Some(id), hash));
    let right = tokio::task::spawn_blocking(move || secrets::verify(&password, &hash))
        .await
        .map_err(|_| CentralError::Inner { what: "checking a password" })?;
    let id = id.filter(|_| right).ok_or(Refusal::Unrecognised)?;
    let user: UserId = id.parse().map_err(|_| CentralError::Stored { what: "user id" })?;
    store.write(Actor::User(user), move |work| open(work, user)).await
}

fn open(work: &mut Work<'_>, user: UserId) -> Res<String> {
    let (cookie, csrf, now) = (secrets::new_token()?, secrets::new_token()?, work.now_ms());
    work.exec("DELETE FROM sessions WHERE expires_ms < $1", vals![now])?;
    work.exec(
        "INSERT INTO sessions (token_hash, user_id, csrf, created_ms, expires_ms) VALUES ($1, $2, $3, $4, $5)",
        vals![secrets::hash_token(&cookie), user.to_string(), csrf, now, now + SESSION_MS],
    )?;
    work.audit("user.logged_in", "user", user.to_string(), serde_json::json!({}));
    Ok(cookie)
}

/// Ends a session.
///
/// # Errors
/// Any fault of the store.
pub fn log_out(work: &mut Work<'_>, cookie: &str) -> Res<()> {
    work.exec("DELETE FROM sessions WHERE token_hash = $1", vals![secrets::hash_token(cookie)])?;
    Ok(())
}

/// The session behind a cookie.
///
/// # Errors
/// [`Refusal::Unrecognised`] if there is none, it is over, or the person may not log in any more.
pub fn session(tx: &mut dyn Conn, cookie: &str, now_ms: i64) -> Res<Session> {
    let row = tx
        .one(
            "SELECT u.id, u.role, u.initials, u.locale, s.csrf FROM sessions s JOIN users u ON u.id = s.user_id \
             WHERE s.token_hash = $1 AND s.expires_ms > $2 AND u.disabled = 0",
            vals![secrets::hash_token(cookie), now_ms],
        )?
        .ok_or(Refusal::Unrecognised)?;
    let id: String = row.at(0)?;
    Ok(Session {
        user: id.parse().map_err(|_| CentralError::Stored { what: "user id" })?,
        role: role_of(&row.at::<String>(1)?).ok_or(CentralError::Stored { what: "role" })?,
        initials: row.at(2)?,
        locale: row.at(3)?,
        csrf: row.at(4)?,
    })
}

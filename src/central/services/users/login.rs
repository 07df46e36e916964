//! A session of the console: a random cookie, stored as its hash. It ends after a while without use and after a long shift
//! in any case, and changes its cookie while it is used: a cookie that was copied and comes late ends the session.

use super::role_of;
use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::secrets;
use crate::central::services::access::{Permissions, roles};
use crate::central::store::Store;
use crate::central::store::work::Work;
use crate::protocol::wire::{Role, SiteId, UserId};
use crate::sql::{Conn, SqlError};
use crate::vals;

/// A cookie is changed when it is this old.
const ROTATE_MS: i64 = 15 * 60 * 1000;
/// So long the cookie before still holds: requests that were under way bear it.
const OVERLAP_MS: i64 = 60 * 1000;
/// That a session is in use is written down at most this often.
const SEEN_EVERY_MS: i64 = 60 * 1000;
/// A hash of nothing anybody knows: an unknown name takes as long as a wrong password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6uXDr7ZVYnFDo0vKPRGBCgKVcHvGVTBxuU2zQBlnG4M";

/// How long people stay logged in, and in how many browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Life of a session, ms.
    pub life_ms: i64,
    /// A session that nobody used for so long is over, ms.
    pub idle_ms: i64,
    /// Most sessions of one person; the oldest gives way to a new one.
    pub each_max: u32,
}

impl Default for SessionLimits {
    /// A long shift, a break, and more browsers than anybody sits at.
    fn default() -> SessionLimits {
        SessionLimits { life_ms: 12 * 60 * 60 * 1000, idle_ms: 60 * 60 * 1000, each_max: 10 }
    }
}

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
    /// What they may do.
    pub may: Permissions,
}

/// What the store should be told about a session that was just used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upkeep {
    /// Nothing.
    None,
    /// That it is in use.
    Seen,
    /// A new cookie is due.
    Rotate,
}

/// Checks a password and opens a session; the cookie's value. The slow hash runs outside the store's threads.
///
/// # Errors
/// [`Refusal::Unrecognised`], which never tells whether name or password was wrong.
pub async fn log_in(store: &Store, limits: SessionLimits, login: &str, password: &str) -> Res<String> {
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
    store.write(Actor::User(user), move |work| open(work, user, limits)).await
}

fn open(work: &mut Work<'_>, user: UserId, limits: SessionLimits) -> Res<String> {
    let (cookie, csrf, now) = (secrets::new_token()?, secrets::new_token()?, work.now_ms());
    // Those that are over go first, so that none of them takes the place of one in use.
    work.exec("DELETE FROM sessions WHERE expires_ms <= $1 OR seen_ms <= $2", vals![now, now - limits.idle_ms])?;
    work.exec(
        "DELETE FROM sessions WHERE user_id = $1 AND token_hash NOT IN \
         (SELECT token_hash FROM sessions WHERE user_id = $1 ORDER BY created_ms DESC, token_hash LIMIT $2)",
        vals![user.to_string(), i64::from(limits.each_max) - 1],
    )?;
    work.exec(
        "INSERT INTO sessions (token_hash, user_id, csrf, created_ms, expires_ms, seen_ms, rotated_ms) \
         VALUES ($1, $2, $3, $4, $5, $4, $4)",
        vals![secrets::hash_token(&cookie), user.to_string(), csrf, now, now + limits.life_ms],
    )?;
    work.audit("user.logged_in", "user", user.to_string(), serde_json::json!({}));
    Ok(cookie)
}

/// Ends a session.
///
/// # Errors
/// Any fault of the store.
pub fn log_out(work: &mut Work<'_>, cookie: &str) -> Res<()> {
    work.exec("DELETE FROM sessions WHERE token_hash = $1 OR previous_hash = $1", vals![secrets::hash_token(cookie)])?;
    Ok(())
}

/// The session behind a cookie, and what is to be written about it.
///
/// # Errors
/// [`Refusal::Unrecognised`] if there is none, it is over, or the person may not log in any more;
/// [`Refusal::Forbidden`] for a cookie that was replaced a while ago: see [`end_stolen`].
pub fn session(
    tx: &mut dyn Conn,
    site: SiteId,
    cookie: &str,
    now_ms: i64,
    limits: SessionLimits,
) -> Res<(Session, Upkeep)> {
    let hash = secrets::hash_token(cookie);
    let row = tx
        .one(
            "SELECT u.id, u.role, u.initials, u.locale, s.csrf, s.seen_ms, s.rotated_ms, s.token_hash FROM sessions s \
             JOIN users u ON u.id = s.user_id WHERE (s.token_hash = $1 OR s.previous_hash = $1) AND s.expires_ms > $2 \
             AND s.seen_ms > $3 AND u.disabled = 0",
            vals![&hash, now_ms, now_ms - limits.idle_ms],
        )?
        .ok_or(Refusal::Unrecognised)?;
    let (seen_ms, rotated_ms): (i64, i64) = (row.at(5)?, row.at(6)?);
    let newest = row.at::<Vec<u8>>(7)? == hash;
    if !newest && now_ms - rotated_ms > OVERLAP_MS {
        return Err(Refusal::Forbidden.into());
    }
    let id: String = row.at(0)?;
    let role = role_of(&row.at::<String>(1)?).ok_or(CentralError::Stored { what: "role" })?;
    let upkeep = if newest && now_ms - rotated_ms > ROTATE_MS {
        Upkeep::Rotate
    } else if now_ms - seen_ms > SEEN_EVERY_MS {
        Upkeep::Seen
    } else {
        Upkeep::None
    };
    let session = Session {
        user: id.parse().map_err(|_| CentralError::Stored { what: "user id" })?,
        role,
        initials: row.at(2)?,
        locale: row.at(3)?,
        csrf: row.at(4)?,
        may: roles::granted(tx, site, role)?,
    };
    Ok((session, upkeep))
}

/// Writes down that a session is in use.
///
/// # Errors
/// Any fault of the store.
pub fn seen(work: &mut Work<'_>, cookie: &str) -> Res<()> {
    work.exec(
        "UPDATE sessions SET seen_ms = $2 WHERE token_hash = $1 OR previous_hash = $1",
        vals![secrets::hash_token(cookie), work.now_ms()],
    )?;
    Ok(())
}

/// Gives a session a new cookie; `None` where another request was faster.
///
/// # Errors
/// Any fault of the store.
pub fn rotate(work: &mut Work<'_>, cookie: &str) -> Res<Option<String>> {
    let (new, now) = (secrets::new_token()?, work.now_ms());
    let changed = work.exec(
        "UPDATE sessions SET token_hash = $2, previous_hash = $1, seen_ms = $3, rotated_ms = $3 WHERE token_hash = $1",
        vals![secrets::hash_token(cookie), secrets::hash_token(&new), now],
    )?;
    Ok((changed > 0).then_some(new))
}

/// Ends the session whose old cookie came late: two hold it, and one of them stole it.
///
/// # Errors
/// Any fault of the store.
pub fn end_stolen(work: &mut Work<'_>, cookie: &str) -> Res<()> {
    let rows = work.all(
        "DELETE FROM sessions WHERE previous_hash = $1 AND rotated_ms < $2 RETURNING user_id",
        vals![secrets::hash_token(cookie), work.now_ms() - OVERLAP_MS],
    )?;
    for row in rows {
        work.audit("user.session_stolen", "user", row.at::<String>(0)?, serde_json::json!({}));
    }
    Ok(())
}

/// Ends every session of a person.
///
/// # Errors
/// Any fault of the store.
pub fn end_all(work: &mut Work<'_>, user: &str) -> Res<()> {
    work.exec("DELETE FROM sessions WHERE user_id = $1", vals![user])?;
    Ok(())
}

//! Keys of programs: shown once, stored as a hash, able to do what their scopes name, for a limited time.

use super::permission::{Permission, Permissions};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::secrets;
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;

/// What every key begins with, so that a leaked one is recognised in a file or a log.
pub const PREFIX: &str = "pbk_";
/// Longest life of a key, days.
pub const DAYS_MAX: i64 = 730;
/// Keys of a site that hold at the same time.
const KEYS_MAX: i64 = 200;
/// A key's use is written down at most this often, ms.
const USED_EVERY_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Permissions,
    /// How long, days.
    pub days: i64,
}

/// A key that was just made. The secret is told this once.
#[derive(Clone, Debug)]
pub struct MadeKey {
    /// Its id.
    pub id: String,
    /// The secret itself.
    pub secret: String,
}

/// A key as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Last characters of the secret, to tell keys apart.
    pub ending: String,
    /// What it may do.
    pub scopes: Permissions,
    /// When it was made, UTC ms.
    pub created_ms: i64,
    /// When it ends, UTC ms.
    pub expires_ms: i64,
    /// When it was last used, UTC ms; 0 for never.
    pub used_ms: i64,
    /// When it was revoked, UTC ms.
    pub revoked_ms: Option<i64>,
}

/// A program that showed its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The key's id.
    pub id: String,
    /// What it may do.
    pub scopes: Permissions,
    /// Its use is worth writing down again.
    pub stale: bool,
}

/// Makes a key. `own` is what its maker may do: nobody hands out more than they have.
///
/// # Errors
/// [`Refusal::Field`] for a name, a scope or a time that cannot be, [`Refusal::Forbidden`] for a scope beyond `own`,
/// [`Refusal::TooMany`] with 200 keys.
pub fn make(work: &mut Work<'_>, new: &NewKey, own: Permissions) -> Res<MadeKey> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 60 || name.contains(char::is_control) {
        return Err(Refusal::Field { field: "key-name", why: "must have 1 to 60 characters" }.into());
    }
    if new.scopes == Permissions::default() {
        return Err(Refusal::Field { field: "scopes", why: "name at least one" }.into());
    }
    if !(1..=DAYS_MAX).contains(&new.days) {
        return Err(Refusal::Field { field: "days", why: "must be 1 to 730" }.into());
    }
    if !new.scopes.within(own) {
        return Err(Refusal::Forbidden.into());
    }
    let now = work.now_ms();
    let held = work.tx.int(
        "SELECT COUNT(*) FROM api_keys WHERE site = $1 AND revoked_ms IS NULL AND expires_ms > $2",
        vals![work.site(), now],
    )?;
    if held >= KEYS_MAX {
        return Err(Refusal::Field { field: "keys", why: "200 keys are in use; revoke one first" }.into());
    }
    let secret = format!("{PREFIX}{}", secrets::new_token()?);
    let ending = secret.get(secret.len() - 4..).unwrap_or_default().to_owned();
    let id = work.new_id();
    let scopes: Vec<&str> = new.scopes.iter().map(Permission::name).collect();
    work.exec(
        "INSERT INTO api_keys (id, site, name, key_hash, ending, scopes, created_by, created_ms, expires_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            &id,
            work.site(),
            name,
            secrets::hash_token(&secret),
            ending,
            serde_json::json!(scopes).to_string(),
            work.ctx.actor.id(),
            now,
            now + new.days * DAY_MS
        ],
    )?;
    work.audit("key.made", "key", &id, serde_json::json!({ "scopes": scopes, "days": new.days }));
    Ok(MadeKey { id, secret })
}

/// Ends a key at once.
///
/// # Errors
/// [`Refusal::Missing`] for no such key that still holds.
pub fn revoke(work: &mut Work<'_>, id: &str) -> Res<()> {
    let ended = work.exec(
        "UPDATE api_keys SET revoked_ms = $3 WHERE id = $1 AND site = $2 AND revoked_ms IS NULL",
        vals![id, work.site(), work.now_ms()],
    )?;
    if ended == 0 {
        return Err(Refusal::Missing { entity: "key" }.into());
    }
    work.audit("key.revoked", "key", id, serde_json::json!({}));
    Ok(())
}

/// The keys of a site, newest first; at most 500.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<KeyRow>> {
    let rows = tx.all(
        "SELECT id, name, ending, scopes, created_ms, expires_ms, used_ms, revoked_ms FROM api_keys WHERE site = $1 \
         ORDER BY created_ms DESC, id DESC LIMIT 500",
        vals![site.to_string()],
    )?;
    rows.iter().map(key_row).collect()
}

fn key_row(row: &Row) -> Res<KeyRow> {
    Ok(KeyRow {
        id: row.get("id")?,
        name: row.get("name")?,
        ending: row.get("ending")?,
        scopes: scopes_of(&row.get::<String>("scopes")?)?,
        created_ms: row.get("created_ms")?,
        expires_ms: row.get("expires_ms")?,
        used_ms: row.get("used_ms")?,
        revoked_ms: row.get("revoked_ms")?,
    })
}

/// A scope of a newer program is passed over: it allows nothing here.
fn scopes_of(text: &str) -> Res<Permissions> {
    let names: Vec<String> =
        serde_json::from_str(text).map_err(|_| CentralError::Stored { what: "scopes of a key" })?;
    Ok(names.iter().filter_map(|name| Permission::of(name)).collect())
}

/// The program behind a key.
///
/// # Errors
/// [`Refusal::Unrecognised`] for a key that is unknown, over, or revoked; never says which.
pub fn authenticate(tx: &mut dyn Conn, secret: &str, now_ms: i64) -> Res<Holder> {
    let row = tx
        .one(
            "SELECT id, scopes, used_ms FROM api_keys WHERE key_hash = $1 AND expires_ms > $2 AND revoked_ms IS NULL",
            vals![secrets::hash_token(secret), now_ms],
        )?
        .ok_or(Refusal::Unrecognised)?;
    Ok(Holder {
        id: row.at(0)?,
        scopes: scopes_of(&row.at::<String>(1)?)?,
        stale: row.at::<i64>(2)? < now_ms - USED_EVERY_MS,
    })
}

/// Writes down that a key is in use, at most once a minute.
///
/// # Errors
/// Any fault of the store.
pub fn used(work: &mut Work<'_>, id: &str) -> Res<()> {
    let now = work.now_ms();
    work.exec("UPDATE api_keys SET used_ms = $2 WHERE id = $1 AND used_ms < $3", vals![id, now, now - USED_EVERY_MS])?;
    Ok(())
}

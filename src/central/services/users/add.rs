//! Adds a person, or gives one that is known new secrets.

use super::login::end_all;
use super::role_word;
use crate::central::error::{Refusal, Res};
use crate::central::secrets::HashCost;
use crate::central::store::work::Work;
use crate::core::person::{PIN_DIGITS_MAX, PIN_DIGITS_MIN};
use crate::protocol::wire::{ChangeKind, ContentHash, Role, UserId};
use crate::vals;
use uuid::Uuid;

/// A person to be added. Secrets that are `None` stay as they are.
#[derive(Clone)]
pub struct NewUser {
    /// Name to log in with; unique in the site.
    pub login: String,
    /// Name for people.
    pub name: String,
    /// What small places show, for example `M. R.`
    pub initials: String,
    /// What they are.
    pub role: Role,
    /// PIN at a station, 4 to 8 digits: what its pad takes.
    pub pin: Option<String>,
    /// What their badge's barcode says.
    pub badge: Option<String>,
    /// Password at the console, at least 8 characters.
    pub password: Option<String>,
    /// `en`, `es`, `ms` or `ru`.
    pub locale: String,
    /// What hashing costs.
    pub cost: HashCost,
}

/// Adds the person, or updates the one with this login. A new password or another role ends their sessions: whoever stole one must not
/// keep it.
///
/// # Errors
/// [`Refusal::Field`] for a field that breaks its rule, [`Refusal::Taken`] for another's badge.
pub fn add(work: &mut Work<'_>, new: &NewUser) -> Res<UserId> {
    validate(new)?;
    let badge = new.badge.as_deref().map(|badge| ContentHash::of(badge.as_bytes()).to_string());
    let other = work.one(
        "SELECT login FROM users WHERE site = $1 AND badge_hash = $2 AND login <> $3",
        vals![work.site(), badge.clone(), &new.login],
    )?;
    if other.is_some() {
        return Err(Refusal::Taken { field: "badge", entity: "person" }.into());
    }
    let before = work.one("SELECT role FROM users WHERE site = $1 AND login = $2", vals![work.site(), &new.login])?;
    let before: Option<String> = before.map(|row| row.at(0)).transpose()?;
    let pin = new.pin.as_deref().map(|pin| new.cost.hash(pin)).transpose()?;
    let password = new.password.as_deref().map(|password| new.cost.hash(password)).transpose()?;
    let row = work.one(
        "INSERT INTO users (id, site, login, name, initials, role, pin_hash, badge_hash, password_hash, locale, updated_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (site, login) DO UPDATE SET name = excluded.name, initials = excluded.initials, role = excluded.role, \
         pin_hash = COALESCE(excluded.pin_hash, users.pin_hash), badge_hash = COALESCE(excluded.badge_hash, users.badge_hash), \
         password_hash = COALESCE(excluded.password_hash, users.password_hash), locale = excluded.locale, \
         version = users.version + 1, updated_ms = excluded.updated_ms RETURNING id",
        vals![
            Uuid::now_v7().to_string(), work.site(), &new.login, &new.name, &new.initials, role_word(new.role), pin, badge,
            password, &new.locale, work.now_ms()
        ],
    )?;
    let id: String = row.ok_or(Refusal::Missing { entity: "person" })?.at(0)?;
    if before.is_some_and(|role| new.password.is_some() || role != role_word(new.role)) {
        end_all(work, &id)?;
    }
    work.changed(ChangeKind::User, &id);
    work.audit("user.saved", "user", &id, serde_json::json!({ "role": role_word(new.role) }));
    id.parse().map_err(|_| crate::central::error::CentralError::Stored { what: "user id" })
}

fn validate(new: &NewUser) -> Result<(), Refusal> {
    let refuse = |field, why| Err(Refusal::Field { field, why });
    let short = |text: &str, max: usize| !text.trim().is_empty() && text.chars().count() <= max && !text.contains('\0');
    if !short(&new.login, 60) {
        return refuse("login", "must have 1 to 60 characters");
    }
    if !short(&new.name, 80) || !short(&new.initials, 8) {
        return refuse("name", "must have 1 to 80 characters, and initials 1 to 8");
    }
    let digits = |pin: &String| {
        (PIN_DIGITS_MIN..=PIN_DIGITS_MAX).contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !new.pin.as_ref().is_none_or(digits) {
        return refuse("pin", "must have 4 to 8 digits");
    }
    if !new.badge.as_ref().is_none_or(|badge| (6..=128).contains(&badge.len())) {
        return refuse("badge", "must have 6 to 128 characters");
    }
    if !new.password.as_ref().is_none_or(|password| (8..=200).contains(&password.len())) {
        return refuse("password", "must have 8 to 200 characters");
    }
    if !["en", "es", "ms", "ru"].contains(&new.locale.as_str()) {
        return refuse("locale", "must be en, es, ms or ru");
    }
    Ok(())
}

//! Changes a person: name, role, language, secrets, and whether they may log in at all.

use super::add::{NewUser, add};
use super::list::{has_admin, one};
use super::login::end_all;
use super::role_word;
use crate::central::actor::Actor;
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::vals;

/// Adds a person whose login nobody has yet.
///
/// # Errors
/// [`Refusal::Taken`] for a login in use; else as [`add`].
pub fn add_new(work: &mut Work<'_>, new: &NewUser) -> Res<()> {
    let other = work.one("SELECT id FROM users WHERE site = $1 AND login = $2", vals![work.site(), &new.login])?;
    if other.is_some() {
        return Err(Refusal::Taken { field: "login", entity: "person" }.into());
    }
    add(work, new).map(drop)
}

/// Changes the person `id` as seen at `version`. Secrets that are `None` stay. A change of role or password, or shutting
/// them out, ends their sessions.
///
/// # Errors
/// [`Refusal::Version`] if somebody was faster, [`Refusal::State`] if nobody would be left who may let others in, or for
/// shutting out oneself; else as [`add`].
pub fn save(work: &mut Work<'_>, id: &str, version: i64, new: &NewUser, disabled: bool) -> Res<()> {
    let now = work.now_ms();
    let old = one(work.tx, work.ctx.site, id, now)?;
    if old.version != version {
        return Err(Refusal::Version { newest: old.version, fields: Vec::new() }.into());
    }
    let had_admin = has_admin(work.tx, work.ctx.site)?;
    let own = matches!(&work.ctx.actor, Actor::User(user) if user.to_string() == id);
    if own && (disabled || new.role != old.role) {
        return Err(Refusal::State { entity: "person", state: "you; ask another admin".to_owned() }.into());
    }
    add(work, &NewUser { login: old.login.clone(), ..new.clone() })?;
    if disabled != old.disabled {
        work.exec(
            "UPDATE users SET disabled = $2, version = version + 1, updated_ms = $3 WHERE id = $1",
            vals![id, disabled, now],
        )?;
        work.changed(ChangeKind::User, id);
        let kind = if disabled { "user.disabled" } else { "user.enabled" };
        work.audit(kind, "user", id, serde_json::json!({ "role": role_word(new.role) }));
    }
    if had_admin && !has_admin(work.tx, work.ctx.site)? {
        return Err(Refusal::State { entity: "person", state: "the last admin".to_owned() }.into());
    }
    if disabled {
        end_all(work, id)?;
    }
    Ok(())
}

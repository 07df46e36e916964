//! What a role may do here: as shipped, with the site's own rules over it.

use super::permission::{Permission, Permissions};
use crate::central::error::{Refusal, Res};
use crate::central::services::users::role_word;
use crate::central::store::work::Work;
use crate::protocol::wire::{Role, SiteId};
use crate::sql::Conn;
use crate::vals;

/// What a role may do. A rule about a permission that this program does not know is passed over.
///
/// # Errors
/// Any fault of the store.
pub fn granted(tx: &mut dyn Conn, site: SiteId, role: Role) -> Res<Permissions> {
    let rows = tx.all(
        "SELECT permission, allowed FROM role_permissions WHERE site = $1 AND role = $2",
        vals![site.to_string(), role_word(role)],
    )?;
    let mut set = Permissions::shipped(role);
    for row in &rows {
        if let Some(permission) = Permission::of(&row.at::<String>(0)?) {
            set = set.with(permission, row.at(1)?);
        }
    }
    Ok(set)
}

/// Gives a permission to a role, or takes it away.
///
/// # Errors
/// [`Refusal::State`] for an admin: one who locks all admins out could not be let in again.
pub fn set(work: &mut Work<'_>, role: Role, permission: Permission, allowed: bool) -> Res<()> {
    if role == Role::Admin {
        return Err(Refusal::State { entity: "role", state: "admin, which may do everything".to_owned() }.into());
    }
    if granted(work.tx, work.ctx.site, role)?.has(permission) == allowed {
        return Ok(());
    }
    work.exec(
        "INSERT INTO role_permissions (site, role, permission, allowed, updated_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (site, role, permission) DO UPDATE SET allowed = excluded.allowed, updated_ms = excluded.updated_ms",
        vals![work.site(), role_word(role), permission.name(), allowed, work.now_ms()],
    )?;
    let detail = serde_json::json!({ "permission": permission.name(), "allowed": allowed });
    work.audit("role.changed", "role", role_word(role), detail);
    Ok(())
}

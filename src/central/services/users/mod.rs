//! People: adding them, and knowing them again by password at the console.

mod add;
mod list;
mod login;
mod save;

pub use add::{NewUser, add};
pub use list::{UserRow, has_admin, list, one};
pub use login::{Session, SessionLimits, Upkeep, end_all, end_stolen, log_in, log_out, rotate, seen, session};
pub use save::{add_new, save};

use crate::central::error::Res;
use crate::central::store::work::Work;
use crate::protocol::wire::{Role, UserId};
use crate::vals;

/// Whether this person exists here, is active, and may decide as a lead. What a station says of it is never believed.
///
/// # Errors
/// Any fault of the store.
pub fn may_lead(work: &mut Work<'_>, user: UserId) -> Res<bool> {
    let row = work.one(
        "SELECT id FROM users WHERE id = $1 AND site = $2 AND disabled = 0 AND role IN ('lead', 'admin')",
        vals![user.to_string(), work.site()],
    )?;
    Ok(row.is_some())
}

/// The word of a role in the store.
#[must_use]
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Picker => "picker",
        Role::Packer => "packer",
        Role::Quality => "quality",
        Role::Lead => "lead",
        Role::Office => "office",
        Role::Admin => "admin",
    }
}

/// The role of a word.
#[must_use]
pub fn role_of(word: &str) -> Option<Role> {
    [Role::Picker, Role::Packer, Role::Quality, Role::Lead, Role::Office, Role::Admin]
        .into_iter()
        .find(|role| role_word(*role) == word)
}

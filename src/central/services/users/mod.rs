//! People: adding them, and knowing them again by password at the console.

mod add;
mod list;
mod login;
mod save;

pub use add::{NewUser, add};
pub use list::{UserRow, has_admin, list, one};
pub use login::{Session, Upkeep, end_all, end_stolen, log_in, log_out, rotate, seen, session};
pub use save::{add_new, save};

use crate::protocol::wire::Role;

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

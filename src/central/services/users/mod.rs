//! People: adding them, and knowing them again by password at the console.

mod add;
mod login;

pub use add::{NewUser, add};
pub use login::{Session, log_in, log_out, session};

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

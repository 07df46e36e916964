//! Who may do what: permissions by name, roles that bring them, and keys of programs.

pub mod keys;
mod permission;
pub mod roles;

pub use permission::{Permission, Permissions};

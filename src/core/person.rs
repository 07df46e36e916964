//! People who work here, what they may do, and the proof that a lead agreed.

use super::ids::UserId;
use super::time::UtcMs;

/// Digits of a PIN, at least.
pub const PIN_DIGITS_MIN: usize = 4;
/// Digits of a PIN, at most: what a station's pad takes, so that no longer one can be given out.
pub const PIN_DIGITS_MAX: usize = 8;

/// What a person may do at a station; each role may do all that the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Packs.
    Packer,
    /// Packs, and decides what a packer may not: overrides, flags, priorities.
    Lead,
    /// Also changes settings, users and stations.
    Admin,
}

/// A person, as far as a station needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Identity.
    pub id: UserId,
    /// What the screen shows: initials such as `M. R.`
    pub initials: String,
    /// What they may do.
    pub role: Role,
}

/// Somebody with the right to do so agreed, proved by badge and PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub user: UserId,
    /// Their role when they agreed.
    pub role: Role,
    /// When.
    pub at: UtcMs,
}

//! Who may work at a station, and what is needed to check them without the network.

use super::id::{ContentHash, UserId};
use serde::{Deserialize, Serialize};

/// A person, whole. No contact data: a station needs none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRecord {
    /// Their name for programs; the only one that events hold.
    pub id: UserId,
    /// Grows with every edit.
    pub version: u64,
    /// Name shown on the station.
    pub name: String,
    /// Two letters or so, for small places.
    pub initials: String,
    /// Language tag (`en`, `es`, `ms`, `ru`).
    pub language: String,
    /// What they are.
    pub roles: Vec<Role>,
    /// What they may do; the server derives it from the roles, so a station never has to.
    pub permissions: Vec<Permission>,
    /// Argon2id hash of the PIN in PHC form, for checking offline.
    #[serde(default)]
    pub pin_argon2: Option<String>,
    /// SHA-256 of the badge code as scanned; badges are random, so no salt is needed to look one up.
    #[serde(default)]
    pub badge_sha256: Vec<ContentHash>,
    /// Median time of their packed fulfillments, ms; what "faster than your median" compares with.
    #[serde(default)]
    pub pack_median_ms: Option<u32>,
    /// False: may not log in; open work of theirs stays attributed.
    pub active: bool,
}

/// What a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Picks.
    Picker,
    /// Packs.
    Packer,
    /// Checks.
    Quality,
    /// Leads a shift.
    Lead,
    /// Sales, customer service, cashier.
    Office,
    /// Everything.
    Admin,
}

/// What a person may do at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Work on fulfillments.
    Pack,
    /// Put a fulfillment first, or back.
    Expedite,
    /// Let a weight outside its tolerance pass, with a reason.
    OverrideWeight,
    /// Accept a learnt weight that changes by more than a tenth.
    AcceptWeight,
    /// Confirm an unreadable item by hand where policy asks for a lead.
    ConfirmByHand,
    /// Agree to a substitute.
    ApproveSubstitute,
    /// Print a copy.
    Reprint,
    /// Clear a fraud flag.
    ClearFraud,
    /// Clear an address flag.
    ClearAddress,
    /// Clear an unpaid flag.
    ClearUnpaid,
    /// Take a fulfillment away from another station.
    Takeover,
    /// Decide exceptions.
    DecideException,
    /// Change a station's settings, pair it, give it a new epoch.
    ManageStation,
}

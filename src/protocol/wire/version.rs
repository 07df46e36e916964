//! Protocol versions, and the one rule about them: an old station may always give, only taking is refused.

use super::problem::{Problem, ProblemCode};
use super::pull::ChangeKind;

/// The protocol that this build speaks. 2: stations take returns in; 3: they print from a site's own label templates.
pub const PROTOCOL: u32 = 3;
/// The oldest protocol that may still pull and take leases.
pub const PROTOCOL_PULL_MIN: u32 = 1;

/// What a station asks of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Give events.
    Push,
    /// Give a photo.
    Photo,
    /// Give leases back, keep those it has, take none.
    LeaseReturn,
    /// Learn a new epoch, which a restored station needs before it can give.
    Epoch,
    /// Take changes.
    Pull,
    /// Take leases.
    LeaseTake,
    /// Become a station.
    Pair,
}

/// Whether a station of `protocol` may ask this: rule 9, "refuse pull, never push".
///
/// # Errors
/// A problem with [`ProblemCode::ProtocolTooOld`] for a taking request from before `pull_min`.
pub fn admit(protocol: u32, pull_min: u32, ask: Ask) -> Result<(), Box<Problem>> {
    let gives = match ask {
        Ask::Push | Ask::Photo | Ask::LeaseReturn | Ask::Epoch => true,
        Ask::Pull | Ask::LeaseTake | Ask::Pair => false,
    };
    if gives || protocol >= pull_min {
        return Ok(());
    }
    Err(Box::new(Problem::new(
        ProblemCode::ProtocolTooOld,
        format!(
            "this station speaks protocol {protocol}; update it to {pull_min} or newer. It can still send its work"
        ),
    )))
}

/// The first protocol that knows a kind of change; the server sends it to no older one.
#[must_use]
pub const fn change_known_since(kind: ChangeKind) -> u32 {
    match kind {
        ChangeKind::Product
        | ChangeKind::User
        | ChangeKind::Packaging
        | ChangeKind::Location
        | ChangeKind::StockLevel
        | ChangeKind::Order
        | ChangeKind::Fulfillment
        | ChangeKind::Lease
        | ChangeKind::Recall
        | ChangeKind::Cancel
        | ChangeKind::SsccBlock
        | ChangeKind::Settings
        | ChangeKind::Carrier
        | ChangeKind::SerialUsed => 1,
        ChangeKind::Return => 2,
        ChangeKind::LabelTemplate => 3,
    }
}

/// Whether a station of `protocol` can read changes of this kind.
#[must_use]
pub const fn change_known(kind: ChangeKind, protocol: u32) -> bool {
    protocol >= change_known_since(kind)
}

//! The wish for a new epoch, from the moment it is known to be needed until it is adopted. While one is here, no work begins and
//! no parcel number is drawn. Must never be forgotten but by the adoption of an epoch.

use super::{Res, meta};
use crate::protocol::sync::{EpochWish, Halt};
use crate::protocol::wire::{EpochReason, UserId};
use crate::sql::Conn;
use uuid::Uuid;

/// A wish, and how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The histories of station and server differ: a lead must look before an epoch is asked for.
    WaitsForLead {
        /// How it was noticed.
        halt: Halt,
        /// Identity that the wish will have.
        nonce: Uuid,
    },
    /// It is sent until it is granted.
    Asked(EpochWish),
}

/// Word of a history that differs.
const WAITS_FORKED: &str = "waits_forked";
/// Word of events that the server lacks and nobody has.
const WAITS_MISSING: &str = "waits_missing";

/// The stored wish; none where there is none, or none that can be read.
///
/// # Errors
/// If the database refuses.
pub fn get(c: &mut dyn Conn) -> Res<Option<Wish>> {
    Ok(meta::get(c, meta::key::EPOCH_WISH)?.as_deref().and_then(read))
}

/// Words: what it is, its nonce, and who decided it where a person did.
fn read(text: &str) -> Option<Wish> {
    let mut words = text.split(' ');
    let (what, nonce) = (words.next()?, Uuid::parse_str(words.next()?).ok()?);
    let by = words.next().and_then(|id| Uuid::parse_str(id).ok()).map(UserId);
    let asked = |reason| Some(Wish::Asked(EpochWish { nonce, reason, by }));
    match what {
        "first" => asked(EpochReason::First),
        "restored" => asked(EpochReason::Restored),
        "cloned" => asked(EpochReason::Cloned),
        "forked" => asked(EpochReason::Forked),
        WAITS_FORKED => Some(Wish::WaitsForLead { halt: Halt::Forked, nonce }),
        WAITS_MISSING => Some(Wish::WaitsForLead { halt: Halt::EventsMissing, nonce }),
        _ => None,
    }
}

/// Stores it in place of an older one.
///
/// # Errors
/// If the database refuses.
pub fn set(c: &mut dyn Conn, wish: &Wish) -> Res<()> {
    let text = match wish {
        Wish::WaitsForLead { halt: Halt::EventsMissing, nonce } => format!("{WAITS_MISSING} {nonce}"),
        Wish::WaitsForLead { halt: Halt::Forked | Halt::NewEpoch, nonce } => format!("{WAITS_FORKED} {nonce}"),
        Wish::Asked(wish) => {
            let reason = match wish.reason {
                EpochReason::First => "first",
                EpochReason::Restored => "restored",
                EpochReason::Cloned => "cloned",
                EpochReason::Forked => "forked",
            };
            match wish.by {
                Some(by) => format!("{reason} {} {by}", wish.nonce),
                None => format!("{reason} {}", wish.nonce),
            }
        }
    };
    meta::set(c, meta::key::EPOCH_WISH, &text)
}

/// What the sync machine is told of it at its start: a wish that is asked for, or why it must stand still.
///
/// # Errors
/// If the database refuses.
pub fn for_restart(c: &mut dyn Conn) -> Res<(Option<EpochWish>, Option<Halt>)> {
    Ok(match get(c)? {
        Some(Wish::Asked(wish)) => (Some(wish), None),
        Some(Wish::WaitsForLead { halt, .. }) => (None, Some(halt)),
        None => (None, None),
    })
}

/// What is said to who would begin work meanwhile.
///
/// # Errors
/// If the database refuses.
pub fn blocked_key(c: &mut dyn Conn) -> Res<&'static str> {
    Ok(match get(c)? {
        Some(Wish::WaitsForLead { .. }) => "open-needs-lead",
        Some(Wish::Asked(_)) | None => "open-new-epoch",
    })
}

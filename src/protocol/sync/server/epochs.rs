//! Epochs of a station: granted once per wish; only the newest is open.

use crate::protocol::wire::Epoch;

/// What an epoch is to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochState {
    /// Never granted to this station.
    Unknown,
    /// The newest.
    Open,
    /// There is a newer one.
    Closed,
}

impl EpochState {
    /// State of `asked` when `newest` is the newest granted.
    #[must_use]
    pub fn of(asked: Epoch, newest: Epoch) -> Self {
        if asked.0 == 0 || asked > newest {
            Self::Unknown
        } else if asked == newest {
            Self::Open
        } else {
            Self::Closed
        }
    }
}

/// What to answer to a wish for an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochDecision {
    /// This wish was granted before: answer the same.
    Repeat(Epoch),
    /// A new one: store it with the nonce, and call [`super::epoch_started`] on every lease of the station.
    New(Epoch),
}

/// Decides a wish. `newest` is the station's newest epoch, `granted` what was given for the same nonce before.
#[must_use]
pub const fn epoch_decide(newest: Epoch, granted: Option<Epoch>) -> EpochDecision {
    match granted {
        Some(epoch) => EpochDecision::Repeat(epoch),
        None => EpochDecision::New(newest.next()),
    }
}

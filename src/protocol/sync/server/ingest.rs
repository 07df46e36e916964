//! Taking events in: dense, chained, each once for ever.

use super::epochs::EpochState;
use crate::protocol::wire::push::PUSH_EVENTS_MAX;
use crate::protocol::wire::{
    EventEnvelope, EventHash, EventId, ForkReason, Outcome, Problem, ProblemCode, PushRequest, RejectCode, Seq,
    StationId,
};
use std::collections::BTreeSet;

/// Longest event type, bytes.
const KIND_BYTES_MAX: usize = 100;

/// Last event stored of one (station, epoch).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamHead {
    /// Its number; 0 if none.
    pub last_seq: Seq,
    /// Its hash; [`EventHash::GENESIS`] if none.
    pub hash: EventHash,
}

impl StreamHead {
    /// Before the first event.
    pub const START: Self = Self { last_seq: Seq(0), hash: EventHash::GENESIS };
}

/// What the store knows of an event's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    New,
    /// Stored under the same (station, epoch, seq), with this hash.
    Here(EventHash),
    /// Stored under another number: the fact was renumbered by a new epoch.
    Elsewhere,
}

/// What to do with one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Store it, then apply its effect.
    Store,
    /// Store that this number names a fact stored before; apply nothing. The stream advances.
    StoreAlias,
    /// Do nothing.
    Duplicate,
    /// Read no further.
    Gap {
        /// Number needed next.
        expected: Seq,
    },
    /// Read no further.
    Fork {
        /// What differs.
        reason: ForkReason,
    },
}

impl Verdict {
    /// Whether the rest of the batch is read.
    #[must_use]
    pub const fn goes_on(self) -> bool {
        match self {
            Self::Store | Self::StoreAlias | Self::Duplicate => true,
            Self::Gap { .. } | Self::Fork { .. } => false,
        }
    }

    /// What to answer, given what became of the effect (used for [`Verdict::Store`] alone).
    #[must_use]
    pub const fn outcome(self, effect: Result<(), RejectCode>) -> Outcome {
        match (self, effect) {
            (Self::Store, Ok(())) => Outcome::Accepted,
            (Self::Store, Err(code)) => Outcome::Rejected { code },
            (Self::StoreAlias | Self::Duplicate, _) => Outcome::Duplicate,
            (Self::Gap { expected }, _) => Outcome::Gap { expected },
            (Self::Fork { reason }, _) => Outcome::Fork { reason },
        }
    }
}

/// Decides one event against the stream it belongs to.
#[must_use]
pub fn classify(epoch: EpochState, head: &StreamHead, event: &EventEnvelope, known: Known) -> Verdict {
    classify_hashed(epoch, head, event, event.hash(), known)
}

/// [`classify`] with a hash that the caller keeps.
fn classify_hashed(
    epoch: EpochState,
    head: &StreamHead,
    event: &EventEnvelope,
    own_hash: EventHash,
    known: Known,
) -> Verdict {
    if event.seq <= head.last_seq {
        return match known {
            Known::Here(hash) if hash == own_hash => Verdict::Duplicate,
            Known::Here(_) => Verdict::Fork { reason: ForkReason::ChainBroken },
            Known::New | Known::Elsewhere => Verdict::Fork { reason: ForkReason::SeqTaken },
        };
    }
    match epoch {
        EpochState::Open => {}
        EpochState::Closed | EpochState::Unknown => {
            return Verdict::Fork { reason: ForkReason::EpochClosed };
        }
    }
    if event.seq != head.last_seq.next() {
        return Verdict::Gap { expected: head.last_seq.next() };
    }
    if event.prev_hash != head.hash {
        return Verdict::Fork { reason: ForkReason::ChainBroken };
    }
    match known {
        Known::New => Verdict::Store,
        Known::Here(_) | Known::Elsewhere => Verdict::StoreAlias,
    }
}

/// Verdicts of a batch, in order, up to the first that stops it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// One per event read.
    pub verdicts: Vec<Verdict>,
    /// The hash of each event read: computed once, stored with it.
    pub hashes: Vec<EventHash>,
    /// The stream after them.
    pub head: StreamHead,
}

/// Decides a batch. `known` looks an event up as it was before the batch.
pub fn walk(
    epoch: EpochState,
    head: StreamHead,
    events: &[EventEnvelope],
    mut known: impl FnMut(&EventEnvelope) -> Known,
) -> Walk {
    let (verdicts, hashes) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    let mut walk = Walk { verdicts, hashes, head };
    let mut ids: BTreeSet<EventId> = BTreeSet::new();
    for event in events {
        let in_batch = !ids.insert(event.id);
        let known = if in_batch { Known::Elsewhere } else { known(event) };
        let hash = event.hash();
        let verdict = classify_hashed(epoch, &walk.head, event, hash, known);
        walk.verdicts.push(verdict);
        walk.hashes.push(hash);
        match verdict {
            Verdict::Store | Verdict::StoreAlias => {
                walk.head = StreamHead { last_seq: event.seq, hash };
            }
            Verdict::Duplicate => {}
            Verdict::Gap { .. } | Verdict::Fork { .. } => break,
        }
    }
    walk
}

/// Checks a push as a whole, before any event is looked at.
///
/// # Errors
/// A problem to answer: not this station's, another epoch inside, an unknown epoch, too many or no events.
pub fn push_check(request: &PushRequest, token_station: StationId, epoch: EpochState) -> Result<(), Box<Problem>> {
    let problem = |code, detail: &str| Err(Box::new(Problem::new(code, detail)));
    if request.station_id != token_station {
        return problem(ProblemCode::Forbidden, "the token belongs to another station");
    }
    if epoch == EpochState::Unknown {
        return problem(ProblemCode::EpochUnknown, "this epoch was never granted to the station; ask for a new one");
    }
    if request.events.is_empty() || request.events.len() > PUSH_EVENTS_MAX {
        return problem(ProblemCode::TooLarge, "a push holds 1 to 500 events");
    }
    let foreign = request.events.iter().any(|event| {
        event.station_id != request.station_id
            || event.epoch != request.epoch
            || event.seq == Seq(0)
            || event.kind.is_empty()
            || event.kind.len() > KIND_BYTES_MAX
    });
    if foreign {
        return problem(
            ProblemCode::Invalid,
            "every event must carry the request's station and epoch, a number from 1 and a type of at most 100 bytes",
        );
    }
    Ok(())
}

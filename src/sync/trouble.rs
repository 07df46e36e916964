//! The one standing trouble that the screen shows about the way to the server, worst first, as a key of the catalogue. Must never
//! decide anything but words.

use crate::core::message::{Arg, Message};
use crate::protocol::sync::{Halt, Link, Notice, SyncStatus};
use std::collections::BTreeSet;

/// Clock difference at which a person is told, ms.
const SKEW_MS_MAX: u64 = 300_000;

/// Remembers what notices said and tells when what stands has changed.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    told: Option<Message>,
    nonsense: BTreeSet<Link>,
    photo_stuck: bool,
    /// A notice was passed on since; the engine may show it, so what stands is told again.
    noted: bool,
}

impl Trouble {
    /// The machine raised something.
    pub(super) fn note(&mut self, notice: Notice) {
        self.noted = true;
        match notice {
            Notice::ServerNonsense { link } => {
                self.nonsense.insert(link);
            }
            Notice::PhotoStuck { .. } => self.photo_stuck = true,
            // Either in the machine's status as long as they last, or over at once.
            Notice::Forked { .. }
            | Notice::EventsMissing { .. }
            | Notice::EpochStarted { .. }
            | Notice::ServerRewound { .. }
            | Notice::TokenRevoked
            | Notice::UpdateNeeded
            | Notice::ClockWrong { .. }
            | Notice::PullRestarted => {}
        }
    }

    /// A request of this kind brought what it should.
    pub(super) fn good(&mut self, link: Link) {
        self.nonsense.remove(&link);
    }

    /// What stands now, if that is another thing than was told last.
    pub(super) fn change(&mut self, status: &SyncStatus) -> Option<Option<Message>> {
        let now = self.standing(status);
        if now == self.told && !std::mem::take(&mut self.noted) {
            return None;
        }
        self.noted = false;
        self.told.clone_from(&now);
        Some(now)
    }

    fn standing(&self, status: &SyncStatus) -> Option<Message> {
        let skew_ms = status.clock_skew_ms.filter(|skew| skew.unsigned_abs() > SKEW_MS_MAX);
        if status.token_revoked {
            Some(Message::new("sync-token-revoked"))
        } else if let Some(halt) = status.halt {
            Some(Message::new(match halt {
                Halt::Forked => "sync-forked",
                Halt::EventsMissing => "sync-events-missing",
                Halt::NewEpoch => "sync-epoch-waiting",
            }))
        } else if status.update_needed {
            Some(Message::new("sync-update-needed"))
        } else if let Some(skew_ms) = skew_ms {
            // In whole minutes, so that it does not change with every page.
            let span_ms = skew_ms.saturating_abs() / 60_000 * 60_000;
            Some(Message::new("sync-clock-wrong").with("by", Arg::SpanMs(span_ms)))
        } else if !self.nonsense.is_empty() {
            Some(Message::new("sync-nonsense"))
        } else if self.photo_stuck {
            Some(Message::new("sync-photo-stuck"))
        } else {
            None
        }
    }
}

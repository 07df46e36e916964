//! News for the engine that its full channel did not take yet. Must never wait for the engine and never grow without bound.

use super::port::{EnginePort, Unsent};
use crate::engine::Input;
use crate::engine::input::SyncNews;
use crate::protocol::sync::Effect;
use std::collections::VecDeque;
use std::sync::Arc;

/// Most news that wait. Cannot be reached while photos pause at [`CROWDED`]: all other kinds wait for the engine's answer
/// or replace each other.
const WAITING_MAX: usize = 256;
/// From here on nothing new is started that would only add to the heap.
pub(super) const CROWDED: usize = 64;

/// Kinds of which only the newest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Online,
    Trouble,
    Revoked,
    Push,
    Page,
    Leases,
    Epoch,
    Reload,
    Photos,
}

fn slot(news: &SyncNews) -> Option<Slot> {
    match news {
        SyncNews::Online(_) => Some(Slot::Online),
        SyncNews::Trouble(_) => Some(Slot::Trouble),
        SyncNews::Revoked(_) => Some(Slot::Revoked),
        SyncNews::Paired(_) | SyncNews::PairingRefused(_) => None,
        SyncNews::Store(effect) => match effect {
            // The machine has given the older one up, or repeats it.
            Effect::SendPush { .. } => Some(Slot::Push),
            Effect::StorePage { .. } => Some(Slot::Page),
            Effect::StoreLeases { .. } => Some(Slot::Leases),
            Effect::AdoptEpoch { .. } => Some(Slot::Epoch),
            Effect::ReloadOutbox { .. } => Some(Slot::Reload),
            Effect::LoadPhotos => Some(Slot::Photos),
            Effect::MarkPushed { .. }
            | Effect::MarkPhotoDone { .. }
            | Effect::Raise(_)
            | Effect::SendPull { .. }
            | Effect::SendLease { .. }
            | Effect::SendPhoto { .. }
            | Effect::SendEpoch { .. }
            | Effect::ArmTimer { .. } => None,
        },
    }
}

/// News on their way to the engine, in order.
pub(super) struct Outgoing {
    port: Arc<dyn EnginePort>,
    waiting: VecDeque<(Option<Slot>, Input)>,
    gone: bool,
}

impl Outgoing {
    pub(super) const fn new(port: Arc<dyn EnginePort>) -> Self {
        Self { port, waiting: VecDeque::new(), gone: false }
    }

    /// Sends, after everything that waits already.
    pub(super) fn send(&mut self, news: SyncNews) {
        let slot = slot(&news);
        if slot.is_some() {
            self.waiting.retain(|(other, _)| *other != slot);
        }
        if self.waiting.len() >= WAITING_MAX {
            // Everything here is repeated by the machine or by the next start; better that than unbounded memory.
            tracing::error!("the engine takes no news; one is dropped and will be repeated");
        } else {
            self.waiting.push_back((slot, Input::Sync(news)));
        }
        self.flush();
    }

    /// Tries again what waits.
    pub(super) fn flush(&mut self) {
        while let Some((slot, input)) = self.waiting.pop_front() {
            match self.port.send(input) {
                Ok(()) => {}
                Err(Unsent::Busy(input)) => {
                    self.waiting.push_front((slot, *input));
                    return;
                }
                Err(Unsent::Gone) => {
                    self.waiting.clear();
                    self.gone = true;
                    return;
                }
            }
        }
    }

    /// The engine has stopped: there is nobody to sync for.
    pub(super) const fn is_gone(&self) -> bool {
        self.gone
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }
}

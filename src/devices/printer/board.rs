//! What is known of each printer besides its status: whether it works on a job, how many wait in it, what it takes. Written by
//! the printers' threads, read by whoever picks a printer. Must never block longer than a look-up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::PrintFormat;
use super::trouble::stops_printing;
use crate::devices::config::DeviceId;
use crate::devices::event::DeviceStatus;

/// What a look at a printer told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrinterFacts {
    /// Jobs that wait in the printer itself, of this station and of others.
    pub jobs_of_others: u32,
    /// What it takes; empty where it does not say.
    pub formats: Vec<PrintFormat>,
    /// Resolutions for pictures of pages in dots per inch; empty where it does not say.
    pub dpi: Vec<u32>,
}

/// One printer as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterNow {
    /// Which.
    pub id: DeviceId,
    /// Its status.
    pub status: DeviceStatus,
    /// Jobs in front of a new one: waiting here, in hand, and in the printer.
    pub jobs: u32,
    /// What it told.
    pub facts: PrinterFacts,
}

impl PrinterNow {
    /// It would print what it is given now.
    #[must_use]
    pub fn sound(&self) -> bool {
        match &self.status {
            DeviceStatus::Ready => true,
            // Nothing is known yet: the first job of the day must not go elsewhere for that.
            DeviceStatus::Opening => true,
            // It works on a job and takes the next after it.
            DeviceStatus::Busy { .. } => true,
            DeviceStatus::Attention { why } => !stops_printing(why),
            DeviceStatus::Absent | DeviceStatus::Lost { .. } => false,
        }
    }
}

#[derive(Debug, Default)]
struct Entry {
    at_work: bool,
    facts: PrinterFacts,
}

/// The board. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct PrinterBoard(Arc<Mutex<BTreeMap<DeviceId, Entry>>>);

impl PrinterBoard {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<DeviceId, Entry>> {
        // Entries are plain values: a panic of another holder cannot have left one half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what a look told.
    pub(crate) fn learn(&self, id: &DeviceId, facts: PrinterFacts) {
        self.lock().entry(id.clone()).or_default().facts = facts;
    }

    /// A job is in hand as long as what this returns is kept.
    pub(crate) fn at_work(&self, id: &DeviceId) -> AtWork {
        self.lock().entry(id.clone()).or_default().at_work = true;
        AtWork { board: self.clone(), id: id.clone() }
    }

    /// Whether it works on a job, and what it told.
    pub(crate) fn of(&self, id: &DeviceId) -> (bool, PrinterFacts) {
        self.lock().get(id).map(|entry| (entry.at_work, entry.facts.clone())).unwrap_or_default()
    }
}

/// A job in hand.
pub(crate) struct AtWork {
    board: PrinterBoard,
    id: DeviceId,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.board.lock().entry(self.id.clone()).or_default().at_work = false;
    }
}

//! A HID unit moved by a program: its descriptor and its reports, under the very pipe and drivers of those at a USB port. What the bus
//! itself does (transfers, stalls, the time they take) is not in it. Must never hold more reports than a unit's queue.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::descriptor::{self, DescriptorError, Layout, ReportKind};
use super::pipe::{Refusal, Wire};
use super::transfer::{Moved, Stop};
use super::{pos, weighing};
use crate::devices::event::{DeviceKind, LostReason, SendError};
use crate::devices::mailbox::{Mailbox, PostError, Taken};

/// Reports that may wait at a unit.
const REPORTS_WAITING_MAX: usize = 256;
/// Reports to a unit that it remembers.
const TOLD_MAX: usize = 64;

/// Why a program's unit cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The descriptor is wrong.
    #[error("the unit's report descriptor cannot be read; correct it")]
    Descriptor(#[from] DescriptorError),
    /// Neither a scanner's nor a scale's.
    #[error("the unit's report descriptor is neither a scanner's nor a scale's; give it one of those")]
    OtherUse,
}

/// What a unit is by its descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Scanner,
    Scale,
}

#[derive(Debug)]
struct Inside {
    layout: Layout,
    role: Role,
    reports: Mailbox<Vec<u8>>,
    told: Mutex<VecDeque<Vec<u8>>>,
}

/// A scanner or a scale moved by a program. Clones are the same unit.
#[derive(Debug, Clone)]
pub struct VirtualHid {
    inside: Arc<Inside>,
}

impl VirtualHid {
    /// A plugged-in unit with this report descriptor.
    ///
    /// # Errors
    /// [`UnitError`].
    pub fn new(report_descriptor: &[u8]) -> Result<Self, UnitError> {
        let layout = descriptor::parse(report_descriptor)?;
        let role = match (pos::is_scanner(&layout), weighing::is_scale(&layout)) {
            (true, _) => Role::Scanner,
            (false, true) => Role::Scale,
            (false, false) => return Err(UnitError::OtherUse),
        };
        let (reports, told) = (Mailbox::new(REPORTS_WAITING_MAX), Mutex::default());
        Ok(Self { inside: Arc::new(Inside { layout, role, reports, told }) })
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> DeviceKind {
        match self.inside.role {
            Role::Scanner => DeviceKind::Scanner,
            Role::Scale => DeviceKind::Scale,
        }
    }

    /// One report to the station, with its id where the descriptor has ids.
    ///
    /// # Errors
    /// [`SendError::Full`]: 256 wait already.
    pub fn report(&self, bytes: &[u8]) -> Result<(), SendError> {
        let device = "virtual-hid".to_owned();
        self.inside.reports.post(bytes.to_vec()).map_err(|error| match error {
            PostError::Full => SendError::Full { device },
            PostError::Closed => SendError::Stopped { device },
        })
    }

    /// The reports that the station has sent since the last look, oldest first, at most 64.
    #[must_use]
    pub fn told(&self) -> Vec<Vec<u8>> {
        self.lock().drain(..).collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Vec<u8>>> {
        // Whole reports only are put in, so a panic of another holder cannot have left one half-written.
        self.inside.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn role(&self) -> Role {
        self.inside.role
    }

    pub(super) fn layout(&self) -> Layout {
        self.inside.layout.clone()
    }
}

impl Wire for VirtualHid {
    fn read(&mut self, buf: &mut [u8], wait: Duration) -> Moved {
        match self.inside.reports.take(wait) {
            Taken::Item(report) => {
                let bytes = report.len().min(buf.len());
                for (place, byte) in buf.iter_mut().zip(report) {
                    *place = byte;
                }
                Moved { bytes, stop: None }
            }
            Taken::Timeout => Moved { bytes: 0, stop: Some(Stop::Time) },
            Taken::Closed => Moved { bytes: 0, stop: Some(Stop::Lost(LostReason::Disconnected)) },
        }
    }

    fn free(&mut self) -> bool {
        true
    }

    fn send(&mut self, _: ReportKind, _: u8, report: &[u8], _: Duration) -> Result<(), Refusal> {
        let mut told = self.lock();
        if told.len() == TOLD_MAX {
            told.pop_front();
        }
        told.push_back(report.to_vec());
        Ok(())
    }

    fn fetch(&mut self, _: ReportKind, _: u8, _: &mut [u8], _: Duration) -> Result<usize, Refusal> {
        Err(Refusal::Unknown)
    }

    fn hush(&mut self, _: Duration) -> Result<(), Refusal> {
        Err(Refusal::Unknown)
    }
}

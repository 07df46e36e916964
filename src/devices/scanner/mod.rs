//! Scanners: bytes become gestures. Must never judge what a code means; any byte may occur in a code.

pub mod code;
pub mod framing;
pub mod keyboard;
pub(crate) mod keys;
mod layouts;
pub mod learn;
pub mod listen;
pub mod raw;
pub(crate) mod serial;
pub mod setup;

pub use crate::core::aim::{AimId, SymbologyFamily};
pub use framing::{Frame, Framer};

use super::bay::Bay;
use super::config::ScanFraming;
use super::event::{DeviceCommand, DeviceEvent};
use raw::RawGesture;

/// A gesture that gave no usable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanFault {
    /// Longer than any code of this station.
    TooLong {
        /// Bytes that came until the end of the gesture.
        bytes: usize,
    },
    /// The prefix or suffix that this scanner is set to send was missing: its head or tail was lost.
    Unframed {
        /// Bytes that came.
        bytes: usize,
    },
    /// The line broke in the middle of a code.
    Cut {
        /// Bytes that came before.
        bytes: usize,
    },
}

impl ScanFault {
    /// A stable word for catalogues and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too-long",
            Self::Unframed { .. } => "unframed",
            Self::Cut { .. } => "cut",
        }
    }
}

/// Delivers one frame as one gesture with the given id.
pub(crate) fn deliver(bay: &mut Bay, gesture: u64, frame: Frame, aim: bool) {
    deliver_framed(bay, gesture, frame, &ScanFraming { aim, ..ScanFraming::default() });
}

/// Delivers one frame as one gesture with the given id, without what the scanner was set to put around the code.
pub(crate) fn deliver_framed(bay: &mut Bay, gesture: u64, frame: Frame, framing: &ScanFraming) {
    let read = match frame {
        Frame::Whole(raw) => code::of(raw, framing),
        Frame::Fault(fault) => Err(fault),
    };
    deliver_read(bay, gesture, read);
}

/// Delivers what a gesture gave, with the given id: a code as far as its symbology is known, or what was wrong with it.
pub(crate) fn deliver_read(bay: &mut Bay, gesture: u64, read: Result<(Option<AimId>, Vec<u8>), ScanFault>) {
    let now = bay.clock().now();
    let device = bay.id().clone();
    let event = match read {
        Ok((symbology, bytes)) => {
            DeviceEvent::Scan { device, gesture, bytes, symbology, at_ms: now.at_ms, mono_ms: now.mono_ms }
        }
        Err(fault) => {
            tracing::warn!(device = %device, fault = fault.code(), "a gesture gave no usable code");
            DeviceEvent::ScanFault { device, gesture, fault, at_ms: now.at_ms, mono_ms: now.mono_ms }
        }
    };
    bay.gesture(gesture, event);
}

/// Takes a command that says how what comes is to be read; that counts from now on. The bytes of a gesture that had begun the other way,
/// if it was one: they are no code and no test scan.
pub(crate) fn reads_anew(
    command: &DeviceCommand,
    framing: &mut ScanFraming,
    raw: &mut Option<RawGesture>,
) -> Option<Vec<u8>> {
    if let DeviceCommand::ScanRaw { on, .. } = command {
        if *on {
            raw.get_or_insert_default();
            return Some(Vec::new());
        }
        return Some(raw.take().map(RawGesture::into_held).unwrap_or_default());
    }
    if let DeviceCommand::Reframe { framing: new, .. } = command {
        *framing = new.clone();
        return Some(Vec::new());
    }
    None
}

/// Delivers one gesture as it came, which is no scan: nothing is packed by it.
pub(crate) fn deliver_raw(bay: &mut Bay, bytes: Vec<u8>) {
    let gesture = bay.next_gesture();
    let device = bay.id().clone();
    bay.gesture(gesture, DeviceEvent::RawScan { device, gesture, bytes });
}

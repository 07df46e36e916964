//! Scanners: bytes become gestures. Must never judge what a code means; any byte may occur in a code.

pub mod aim;
pub mod framing;
pub(crate) mod serial;

pub use aim::{AimId, SymbologyFamily};
pub use framing::{Frame, Framer};

use super::bay::Bay;
use super::event::DeviceEvent;

/// A gesture that gave no usable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanFault {
    /// Longer than any code of this station.
    TooLong {
        /// Bytes that came until the end of the gesture.
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
            Self::Cut { .. } => "cut",
        }
    }
}

/// Delivers one frame as one gesture with the given id.
pub(crate) fn deliver(bay: &mut Bay, gesture: u64, frame: Frame, aim: bool) {
    let now = bay.clock().now();
    let device = bay.id().clone();
    let event = match frame {
        Frame::Whole(raw) => {
            let (symbology, bytes) = if aim { aim::take(raw) } else { (None, raw) };
            DeviceEvent::Scan { device, gesture, bytes, symbology, at_ms: now.at_ms, mono_ms: now.mono_ms }
        }
        Frame::Fault(fault) => {
            tracing::warn!(device = %device, fault = fault.code(), "a gesture gave no usable code");
            DeviceEvent::ScanFault { device, gesture, fault, at_ms: now.at_ms, mono_ms: now.mono_ms }
        }
    };
    bay.gesture(gesture, event);
}

//! What the window shows of a device besides its state: its last bytes, what its last try gave, and the scan that tries a
//! scanner. Values only; must never hold a way to a device.

use super::view::{DeviceKind, DeviceState, DeviceView};
use crate::core::message::Message;
use crate::core::time::UtcMs;
use std::sync::Arc;

/// Some bytes of a device, as a person can read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveLine {
    /// When they came or went.
    pub at: UtcMs,
    /// They went to the device.
    pub out: bool,
    /// With control characters by name: `S S 0.46 kg<CR><LF>`.
    pub text: String,
}

/// What trying a device from its check gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// When it was known.
    pub at: UtcMs,
    /// It went well.
    pub good: bool,
    /// What came of it.
    pub said: Message,
}

/// A code that was read to try a scanner; it counts nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanTrial {
    /// Which scanner.
    pub device: String,
    /// The code, control characters by name.
    pub text: String,
    /// Bytes of the code.
    pub bytes: u32,
    /// Name of the symbology, where the scanner tells it.
    pub symbology: Option<&'static str>,
    /// The separator GS came through.
    pub separator: bool,
}

impl DeviceView {
    /// A device of which nothing is known but that it works.
    #[must_use]
    pub fn new(kind: DeviceKind, name: &str) -> DeviceView {
        DeviceView {
            kind,
            name: name.to_owned(),
            state: DeviceState::Ready,
            detail: None,
            cure: None,
            last_seen: None,
            last_value: None,
            trial: None,
            live: Arc::from([]),
            set_up: false,
        }
    }
}

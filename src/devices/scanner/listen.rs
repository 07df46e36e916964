//! Whole gestures of a scanner at a serial port, unchanged, for learning how it is set. Must never interpret them.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::devices::event::LostReason;
use crate::devices::line::{Line, LineSettings, LineSource, SerialSource};

use super::raw::{GESTURE_BYTES_MAX, QUIET_MS};

/// Silence that ends a gesture.
const QUIET: Duration = Duration::from_millis(QUIET_MS);
/// Longest wait in one read.
const SLICE: Duration = Duration::from_millis(50);

/// A port that is listened to.
pub struct Listener {
    line: Box<dyn Line>,
}

impl Listener {
    /// Opens the port, for this program alone.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub fn open(path: &Path, line: LineSettings) -> Result<Self, LostReason> {
        Ok(Self { line: SerialSource::new(path, line).open()? })
    }

    /// The next gesture, from its first byte to the silence after it; `None` when none began within `wait`.
    ///
    /// # Errors
    /// The line broke.
    pub fn gesture(&mut self, wait: Duration) -> Result<Option<Vec<u8>>, LostReason> {
        let mut until = Instant::now() + wait;
        let mut held = Vec::new();
        let mut buf = [0u8; 256];
        while Instant::now() < until {
            let n = self.line.read(&mut buf, SLICE)?;
            if n > 0 {
                held.extend_from_slice(buf.get(..n).unwrap_or_default());
                held.truncate(GESTURE_BYTES_MAX);
                until = Instant::now() + QUIET;
            }
        }
        Ok((!held.is_empty()).then_some(held))
    }
}

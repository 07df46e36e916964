//! A scanner at a serial port: a thin loop around the line and the framer. Must never interpret a code.

use std::time::Duration;

use super::deliver;
use super::framing::{Frame, Framer};
use crate::devices::bay::Bay;
use crate::devices::config::{ScanFraming, SerialScannerConfig};
use crate::devices::event::DeviceCommand;
use crate::devices::line::{LineSource, SerialSource};
use crate::devices::mailbox::Taken;
use crate::devices::supervisor::{Driver, End, Offline};

/// Longest wait in one read: the delay of a stop, and the grain of the idle rule.
const READ_WAIT: Duration = Duration::from_millis(100);
/// While a code has begun, silence is measured this finely.
const READ_WAIT_INSIDE: Duration = Duration::from_millis(10);
/// Bytes taken in one read.
const READ_BYTES: usize = 1_024;

/// Reads one scanner.
pub(crate) struct SerialScanner {
    source: Box<dyn LineSource>,
    framing: ScanFraming,
}

impl SerialScanner {
    pub(crate) fn new(config: SerialScannerConfig) -> Self {
        Self { source: Box::new(SerialSource::new(&config.path, config.line)), framing: config.framing }
    }
}

impl Driver for SerialScanner {
    fn session(&mut self, bay: &mut Bay) -> End {
        let mut line = match self.source.open() {
            Ok(line) => line,
            Err(reason) => return End::Lost(reason),
        };
        bay.ready();
        let mut framer = Framer::new(self.framing.clone());
        let mut buf = [0u8; READ_BYTES];
        let mut frames: Vec<Frame> = Vec::new();
        let mut wait = READ_WAIT;
        loop {
            match bay.wait_command(Duration::ZERO) {
                Taken::Closed => return End::Stopped,
                Taken::Timeout | Taken::Item(_) => {}
            }
            match line.read(&mut buf, wait) {
                Ok(0) => {
                    wait = READ_WAIT;
                    match framer.silent(bay.clock().mono_ms()) {
                        Some(frame) => frames.push(frame),
                        None if framer.begun() => wait = READ_WAIT_INSIDE,
                        None => {}
                    }
                }
                Ok(n) => {
                    framer.push(buf.get(..n).unwrap_or_default(), bay.clock().mono_ms(), &mut frames);
                    wait = if framer.begun() { READ_WAIT_INSIDE } else { READ_WAIT };
                }
                Err(reason) => {
                    frames.extend(framer.cut());
                    self.hand_over(bay, &mut frames);
                    return End::Lost(reason);
                }
            }
            self.hand_over(bay, &mut frames);
        }
    }

    fn offline(&mut self, _bay: &mut Bay, _command: DeviceCommand) -> Offline {
        // No command is addressed to a scanner; the handle refuses them.
        Offline::KeepWaiting
    }

    fn returned(&self) -> bool {
        self.source.returned()
    }
}

impl SerialScanner {
    fn hand_over(&self, bay: &mut Bay, frames: &mut Vec<Frame>) {
        for frame in frames.drain(..) {
            let gesture = bay.next_gesture();
            deliver(bay, gesture, frame, self.framing.aim);
        }
    }
}

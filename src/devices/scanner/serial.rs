//! A scanner at a serial port: a thin loop around the line and the framer. Must never interpret a code.

use std::time::Duration;

use super::framing::{Frame, Framer};
use super::raw::RawGesture;
use super::{deliver_framed, deliver_raw, reads_anew};
use crate::devices::bay::Bay;
use crate::devices::config::{ScanFeedback, ScanFraming, SerialScannerConfig};
use crate::devices::event::DeviceCommand;
use crate::devices::line::{LineSource, SerialSource};
use crate::devices::mailbox::Taken;
use crate::devices::supervisor::{Driver, End, Offline};

/// Longest wait in one read: the delay of a stop, and the grain of the idle rule.
const READ_WAIT: Duration = Duration::from_millis(100);
/// While a code has begun, silence is measured this finely; and while a verdict is awaited, it is passed on this soon.
const READ_WAIT_INSIDE: Duration = Duration::from_millis(10);
/// A verdict that comes later than this is passed on with the usual delay.
const VERDICT_MS_MAX: u64 = 1_000;
/// Bytes taken in one read.
const READ_BYTES: usize = 1_024;

/// Reads one scanner.
pub(crate) struct SerialScanner {
    source: Box<dyn LineSource>,
    framing: ScanFraming,
    feedback: ScanFeedback,
    /// It is being set up: what comes is told as it is. This stands through a loss of the line.
    raw: Option<RawGesture>,
}

impl SerialScanner {
    pub(crate) fn new(config: SerialScannerConfig) -> Self {
        Self {
            source: Box::new(SerialSource::new(&config.path, config.line)),
            framing: config.framing,
            feedback: config.feedback,
            raw: None,
        }
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
        // Codes handed over whose verdict has not come yet, and when to stop waiting for it.
        let (mut awaited, mut until_ms) = (0usize, 0u64);
        loop {
            match bay.wait_command(Duration::ZERO) {
                Taken::Closed => return End::Stopped,
                Taken::Timeout => {}
                Taken::Item(command) => {
                    if let Some(begun) = reads_anew(&command, &mut self.framing, &mut self.raw) {
                        framer = Framer::new(self.framing.clone());
                        frames.extend(framer.begun_before(&begun, bay.clock().mono_ms()));
                    }
                    let bytes = self.feedback_of(&command);
                    if !bytes.is_empty()
                        && let Err(reason) = line.write(bytes)
                    {
                        return End::Lost(reason);
                    }
                    awaited = awaited.saturating_sub(1);
                }
            }
            let read = line.read(&mut buf, wait);
            wait = READ_WAIT;
            match (read, self.raw.as_mut()) {
                (Ok(n), Some(raw)) => listened(bay, raw, buf.get(..n).unwrap_or_default()),
                (Ok(0), None) => frames.extend(framer.silent(bay.clock().mono_ms())),
                (Ok(n), None) => framer.push(buf.get(..n).unwrap_or_default(), bay.clock().mono_ms(), &mut frames),
                (Err(reason), raw) => {
                    raw.into_iter().for_each(RawGesture::forget);
                    frames.extend(framer.cut());
                    self.hand_over(bay, &mut frames);
                    return End::Lost(reason);
                }
            }
            if framer.begun() {
                wait = READ_WAIT_INSIDE;
            }
            if !frames.is_empty() && self.gives_feedback() {
                awaited = awaited.saturating_add(frames.len());
                until_ms = bay.clock().mono_ms().saturating_add(VERDICT_MS_MAX);
            }
            self.hand_over(bay, &mut frames);
            if awaited > 0 {
                if bay.clock().mono_ms() < until_ms {
                    wait = READ_WAIT_INSIDE;
                } else {
                    awaited = 0;
                }
            }
        }
    }

    fn offline(&mut self, _bay: &mut Bay, command: DeviceCommand) -> Offline {
        // A verdict for a scanner that is gone: nobody would hear it. How it is read counts when it is back.
        reads_anew(&command, &mut self.framing, &mut self.raw);
        Offline::KeepWaiting
    }

    fn returned(&self) -> bool {
        self.source.returned()
    }
}

/// What came, or nothing, while the scanner is set up.
fn listened(bay: &mut Bay, raw: &mut RawGesture, bytes: &[u8]) {
    let now_ms = bay.clock().mono_ms();
    if !bytes.is_empty() {
        raw.push(bytes, now_ms);
    } else if let Some(gesture) = raw.silent(now_ms) {
        deliver_raw(bay, gesture);
    }
}

impl SerialScanner {
    fn gives_feedback(&self) -> bool {
        !self.feedback.good.is_empty() || !self.feedback.bad.is_empty()
    }

    fn feedback_of(&self, command: &DeviceCommand) -> &[u8] {
        match command.verdict() {
            Some(true) => &self.feedback.good,
            Some(false) => &self.feedback.bad,
            None => &[],
        }
    }

    fn hand_over(&self, bay: &mut Bay, frames: &mut Vec<Frame>) {
        for frame in frames.drain(..) {
            let gesture = bay.next_gesture();
            deliver_framed(bay, gesture, frame, &self.framing);
        }
    }
}

//! A HID scale: listens, asks when it is silent, reports. Must never invent a figure and never let silence look like a weight.

use std::time::Duration;

use super::choose::{UsbUse, UsbWanted};
use super::descriptor::{Layout, ReportKind};
use super::hub::{Claimed, Part, Seat, UsbHub};
use super::transfer::{self, Stop, Way};
use super::weighing::{self, Said, ScaleFault};
use super::{CONTROL_WAIT, LOOK_MS, open, read_bytes};
use crate::devices::bay::Bay;
use crate::devices::event::{AdjustOutcome, DeviceCommand, DeviceEvent, DeviceWarning, LostReason};
use crate::devices::mailbox::Taken;
use crate::devices::scale::talk::{adjusted, verb_of};
use crate::devices::scale::{Reading, STALE_MS, ScaleVerb};
use crate::devices::supervisor::{Driver, End, Offline};

/// Longest wait in one read: the delay of a command and the grain of silence.
const READ_WAIT: Duration = Duration::from_millis(250);
/// After this silence the scale is asked, in milliseconds: many send a report only when something changes.
const ASK_MS: u64 = 400;
/// An unchanged weight is told again this often, in milliseconds, so that it stays fresh.
const REPEAT_MS: u64 = 500;
/// After this silence the unit is opened anew, in milliseconds.
const REOPEN_MS: u64 = 10_000;
/// Reports in a row that make no sense before a person is told.
const GARBLED_MAX: u32 = 3;
/// Stalls in a row after which the unit is opened anew.
const STALLS_MAX: u32 = 3;
/// Pause after an empty read.
const EMPTY_PAUSE: Duration = Duration::from_millis(5);

/// Reads one scale.
pub(crate) struct UsbScale {
    seat: Seat,
}

impl UsbScale {
    pub(crate) fn new(hub: &UsbHub, wanted: UsbWanted) -> Self {
        Self { seat: hub.seat(UsbUse::Scale, wanted) }
    }
}

impl Driver for UsbScale {
    fn session(&mut self, bay: &mut Bay) -> End {
        let claimed = match open(&self.seat, bay) {
            Ok(claimed) => claimed,
            Err(reason) => return End::Lost(reason),
        };
        let Part::Hid(_, ends, layout) = claimed.part.clone() else { return End::Lost(LostReason::BadAnswer) };
        let Some((endpoint, packet)) = ends.interrupt_in else { return End::Lost(LostReason::BadAnswer) };
        tracing::info!(device = %bay.id(), unit = %claimed.name, "a USB scale is in use");
        let bytes = read_bytes(&layout, packet);
        let now = bay.clock().mono_ms();
        let mut talk = Talk {
            claimed,
            interface: ends.interface,
            endpoint,
            buf: vec![0; bytes],
            layout,
            heard_ms: now,
            asked_ms: now,
            answers: true,
            garbled: 0,
            stalls: 0,
            told: None,
        };
        talk.run(bay)
    }

    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline {
        if let Some(verb) = verb_of(&command) {
            adjusted(bay, verb, AdjustOutcome::NoAnswer);
        }
        Offline::KeepWaiting
    }

    fn pause_ms_max(&self) -> Option<u64> {
        Some(LOOK_MS)
    }
}

/// One session.
struct Talk {
    claimed: Claimed,
    interface: u8,
    endpoint: u8,
    buf: Vec<u8>,
    layout: Layout,
    heard_ms: u64,
    asked_ms: u64,
    /// It answered, or was never asked; one that refuses is not asked again.
    answers: bool,
    garbled: u32,
    stalls: u32,
    told: Option<Reading>,
}

impl Talk {
    fn run(&mut self, bay: &mut Bay) -> End {
        loop {
            match bay.wait_command(Duration::ZERO) {
                Taken::Closed => return End::Stopped,
                Taken::Timeout => {}
                Taken::Item(command) => {
                    if let Some(verb) = verb_of(&command) {
                        let outcome = self.adjust(verb);
                        adjusted(bay, verb, outcome);
                    }
                }
            }
            let moved = transfer::read(&self.claimed.handle, Way::Interrupt, self.endpoint, &mut self.buf, READ_WAIT);
            if moved.bytes > 0 {
                self.stalls = 0;
                let report = self.buf.get(..moved.bytes).unwrap_or_default();
                if let Some(said) = weighing::read(&self.layout, report) {
                    self.take(bay, said);
                }
            }
            match moved.stop {
                None if moved.bytes > 0 => {}
                None => {
                    bay.rest(EMPTY_PAUSE);
                }
                Some(Stop::Time) => {}
                Some(Stop::Stall) => {
                    self.stalls += 1;
                    if self.stalls > STALLS_MAX || self.claimed.handle.clear_halt(self.endpoint).is_err() {
                        return End::Lost(LostReason::Io);
                    }
                }
                Some(Stop::Lost(reason)) => return End::Lost(reason),
            }
            self.ask(bay);
            if let Some(reason) = self.judge_silence(bay) {
                return End::Lost(reason);
            }
        }
    }

    /// Asks a silent scale for its present report.
    fn ask(&mut self, bay: &mut Bay) {
        let now = bay.clock().mono_ms();
        let due = now.saturating_sub(self.heard_ms.max(self.asked_ms)) >= ASK_MS;
        let Some(id) = weighing::weight_report(&self.layout).filter(|_| due && self.answers) else {
            return;
        };
        self.asked_ms = now;
        let (value, interface) = (0x0100 | u16::from(id), u16::from(self.interface));
        match self.claimed.handle.read_control(0xa1, 0x01, value, interface, &mut self.buf, CONTROL_WAIT) {
            Ok(length) => {
                let report = self.buf.get(..length).unwrap_or_default();
                // Some answer with zeros; that is no report of a weight, and no fault either.
                if let Some(said) = weighing::read(&self.layout, report).filter(|said| *said != Said::Strange) {
                    self.take(bay, said);
                }
            }
            Err(rusb::Error::Pipe | rusb::Error::NotSupported) => self.answers = false,
            // The next read tells what has become of it.
            Err(error) => tracing::debug!(%error, "the HID scale did not answer"),
        }
    }

    fn take(&mut self, bay: &mut Bay, said: Said) {
        let at_mono_ms = bay.clock().mono_ms();
        let none = Reading { grams: None, stable: false, overload: false, underload: false, at_mono_ms };
        let (reading, fault) = match said {
            Said::Strange => {
                self.garbled = self.garbled.saturating_add(1);
                if self.garbled >= GARBLED_MAX {
                    bay.warn(DeviceWarning::Garbled);
                }
                return;
            }
            Said::Weight { grams, stable } => (Reading { grams: Some(grams), stable, ..none }, None),
            Said::Over => (Reading { overload: true, ..none }, None),
            Said::Under => (Reading { underload: true, ..none }, None),
            Said::Fault(fault) => (none, Some(fault)),
        };
        self.garbled = 0;
        self.heard_ms = at_mono_ms;
        match fault {
            None => bay.ready(),
            Some(ScaleFault::Broken) => bay.warn(DeviceWarning::ScaleBroken),
            Some(ScaleFault::Calibration) => bay.warn(DeviceWarning::ScaleUncalibrated),
            Some(ScaleFault::Zero) => bay.warn(DeviceWarning::ScaleNeedsZero),
        }
        let same = self.told.is_some_and(|told| {
            Reading { at_mono_ms, ..told } == reading && at_mono_ms.saturating_sub(told.at_mono_ms) < REPEAT_MS
        });
        if !same && bay.passing(DeviceEvent::Weight { device: bay.id().clone(), reading }) {
            self.told = Some(reading);
        }
    }

    fn adjust(&self, verb: ScaleVerb) -> AdjustOutcome {
        let command = match verb {
            ScaleVerb::Zero => weighing::zero_report(&self.layout),
            // The HID tables know no tare.
            ScaleVerb::Tare => None,
        };
        let Some((kind, id, payload)) = command else { return AdjustOutcome::Unsupported };
        let kind: u16 = match kind {
            ReportKind::Input => 1,
            ReportKind::Output => 2,
            ReportKind::Feature => 3,
        };
        let report = if self.layout.numbered { [vec![id], payload].concat() } else { payload };
        let value = kind << 8 | u16::from(id);
        let sent =
            self.claimed.handle.write_control(0x21, 0x09, value, u16::from(self.interface), &report, CONTROL_WAIT);
        match sent {
            Ok(_) => AdjustOutcome::Asked,
            Err(rusb::Error::Pipe) => AdjustOutcome::Refused,
            Err(_) => AdjustOutcome::NoAnswer,
        }
    }

    fn judge_silence(&self, bay: &mut Bay) -> Option<LostReason> {
        let silent_ms = bay.clock().mono_ms().saturating_sub(self.heard_ms);
        if silent_ms >= REOPEN_MS {
            return Some(LostReason::Silent);
        }
        // A scale that talks nonsense is already reported as such; silence is another matter.
        if silent_ms >= STALE_MS && self.garbled < GARBLED_MAX {
            // Whole seconds, so that the status does not change with every read.
            bay.warn(DeviceWarning::ScaleSilent { silent_ms: silent_ms / 1_000 * 1_000 });
        }
        None
    }
}

//! A HID scale: listens, asks when it is silent, reports. Must never invent a figure and never let silence look like a weight.

use std::time::Duration;

use super::choose::{UsbUse, UsbWanted};
use super::descriptor::Layout;
use super::hub::UsbHub;
use super::pipe::{Pipe, Refusal, Socket};
use super::weighing::{self, Said, ScaleFault};
use super::{CONTROL_WAIT, LOOK_MS};
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

/// Reads one scale.
pub(crate) struct UsbScale {
    socket: Socket,
}

impl UsbScale {
    pub(crate) fn new(hub: &UsbHub, wanted: UsbWanted) -> Self {
        Self::at(Socket::Port(hub.seat(UsbUse::Scale, wanted)))
    }

    pub(crate) fn at(socket: Socket) -> Self {
        Self { socket }
    }
}

impl Driver for UsbScale {
    fn session(&mut self, bay: &mut Bay) -> End {
        let (pipe, layout) = match self.socket.open(bay) {
            Ok(open) => open,
            Err(reason) => return End::Lost(reason),
        };
        tracing::info!(device = %bay.id(), unit = pipe.name(), "a USB scale is in use");
        let now = bay.clock().mono_ms();
        let mut talk = Talk { pipe, layout, heard_ms: now, asked_ms: now, answers: true, garbled: 0, told: None };
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
    pipe: Pipe,
    layout: Layout,
    heard_ms: u64,
    asked_ms: u64,
    /// It answered, or was never asked; one that refuses is not asked again.
    answers: bool,
    garbled: u32,
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
            let said = match self.pipe.read(bay, READ_WAIT) {
                Ok(report) => report.and_then(|report| weighing::read(&self.layout, report)),
                Err(reason) => return End::Lost(reason),
            };
            if let Some(said) = said {
                self.take(bay, said);
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
        match self.pipe.fetch(id, CONTROL_WAIT) {
            Ok(report) => {
                // Some answer with zeros; that is no report of a weight, and no fault either.
                if let Some(said) = weighing::read(&self.layout, report).filter(|said| *said != Said::Strange) {
                    self.take(bay, said);
                }
            }
            Err(Refusal::Unknown) => self.answers = false,
            // The next read tells what has become of it.
            Err(Refusal::Silent) => tracing::debug!("the HID scale did not answer"),
        }
    }

    fn take(&mut self, bay: &mut Bay, said: Said) {
        let at_mono_ms = bay.clock().mono_ms();
        let none = Reading { grams: None, stable: false, overload: false, underload: false, at_mono_ms };
        let (reading, warning) = match said {
            Said::Strange => {
                self.garbled = self.garbled.saturating_add(1);
                if self.garbled >= GARBLED_MAX {
                    bay.warn(DeviceWarning::Garbled);
                }
                return;
            }
            Said::Weight { grams, stable } => (Reading { grams: Some(grams), stable, ..none }, None),
            Said::Over => (Reading { overload: true, ..none }, Some(DeviceWarning::ScaleOver)),
            Said::Under => (Reading { underload: true, ..none }, Some(DeviceWarning::ScaleUnder)),
            Said::Fault(ScaleFault::Broken) => (none, Some(DeviceWarning::ScaleBroken)),
            Said::Fault(ScaleFault::Calibration) => (none, Some(DeviceWarning::ScaleUncalibrated)),
            Said::Fault(ScaleFault::Zero) => (none, Some(DeviceWarning::ScaleNeedsZero)),
        };
        self.garbled = 0;
        self.heard_ms = at_mono_ms;
        match warning {
            None => bay.ready(),
            Some(warning) => bay.warn(warning),
        }
        let same = self.told.is_some_and(|told| {
            Reading { at_mono_ms, ..told } == reading && at_mono_ms.saturating_sub(told.at_mono_ms) < REPEAT_MS
        });
        if !same && bay.passing(DeviceEvent::Weight { device: bay.id().clone(), reading }) {
            self.told = Some(reading);
        }
    }

    fn adjust(&mut self, verb: ScaleVerb) -> AdjustOutcome {
        let command = match verb {
            ScaleVerb::Zero => weighing::zero_report(&self.layout),
            // The HID tables know no tare.
            ScaleVerb::Tare => None,
        };
        let Some((kind, id, payload)) = command else { return AdjustOutcome::Unsupported };
        match self.pipe.send(kind, id, &payload, CONTROL_WAIT) {
            Ok(()) => AdjustOutcome::Asked,
            Err(Refusal::Unknown) => AdjustOutcome::Refused,
            Err(Refusal::Silent) => AdjustOutcome::NoAnswer,
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

//! A scale on a byte line: asks, listens, reports. Must never invent a figure and never let silence look like a weight.

use std::time::{Duration, Instant};

use super::{MassUnit, ProtocolTable, Reading, Reply, ScaleProtocol, ScaleVerb};
use crate::devices::bay::Bay;
use crate::devices::config::{ScaleModel, SerialScaleConfig};
use crate::devices::event::{AdjustOutcome, DeviceCommand, DeviceEvent, DeviceWarning, LostReason};
use crate::devices::line::{Line, LineSource, SerialSource};
use crate::devices::mailbox::Taken;
use crate::devices::supervisor::{Driver, End, Offline};

/// Longest frame of any protocol here, in bytes; more is noise.
const FRAME_BYTES_MAX: usize = 64;
/// Longest wait for an answer before the question is asked again.
const ANSWER_WAIT: Duration = Duration::from_millis(500);
/// After this silence a person is told, in milliseconds; the last reading is stale by then.
const SILENT_MS: u64 = super::STALE_MS;
/// After this silence the line is opened anew, in milliseconds.
const REOPEN_MS: u64 = 10_000;
/// Longest wait for the end of a zero or tare command, in milliseconds.
const ADJUST_MS_MAX: u64 = 3_000;
/// An unchanged weight is told again this often, in milliseconds, so that it stays fresh.
const REPEAT_MS: u64 = 500;
/// Frames in a row that make no sense before a person is told.
const GARBLED_MAX: u32 = 3;

/// Asks one scale.
pub(crate) struct SerialScale {
    source: Box<dyn LineSource>,
    protocol: &'static dyn ScaleProtocol,
    unit: MassUnit,
    poll: Duration,
}

impl SerialScale {
    pub(crate) fn new(config: &SerialScaleConfig) -> Self {
        let protocol: &'static dyn ScaleProtocol = match config.model {
            ScaleModel::MtSics => &super::mtsics::MT_SICS,
            ScaleModel::Toledo8217 => &super::toledo::TOLEDO_8217,
        };
        let line = config.line.unwrap_or(protocol.table().line);
        Self::over(Box::new(SerialSource::new(&config.path, line)), protocol, config.unit, config.poll_ms)
    }

    pub(crate) fn over(
        source: Box<dyn LineSource>,
        protocol: &'static dyn ScaleProtocol,
        unit: MassUnit,
        poll_ms: u64,
    ) -> Self {
        Self { source, protocol, unit, poll: Duration::from_millis(poll_ms) }
    }
}

impl Driver for SerialScale {
    fn session(&mut self, bay: &mut Bay) -> End {
        let line = match self.source.open() {
            Ok(line) => line,
            Err(reason) => return End::Lost(reason),
        };
        let now = bay.clock().mono_ms();
        let mut talk = Talk {
            line,
            protocol: self.protocol,
            unit: self.unit,
            cutter: Cutter::new(self.protocol.table()),
            heard_ms: now,
            garbled: 0,
            told: None,
            waiting: None,
        };
        let end = talk.run(bay, self.poll);
        if let Some((verb, _)) = talk.waiting.take() {
            adjusted(bay, verb, AdjustOutcome::NoAnswer);
        }
        end
    }

    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline {
        if let Some(verb) = verb_of(&command) {
            adjusted(bay, verb, AdjustOutcome::NoAnswer);
        }
        Offline::KeepWaiting
    }
}

fn verb_of(command: &DeviceCommand) -> Option<ScaleVerb> {
    match command {
        DeviceCommand::Zero { .. } => Some(ScaleVerb::Zero),
        DeviceCommand::Tare { .. } => Some(ScaleVerb::Tare),
        DeviceCommand::Print { .. }
        | DeviceCommand::CancelPrint { .. }
        | DeviceCommand::TakePhoto { .. }
        | DeviceCommand::Sound(_)
        | DeviceCommand::SoundLevel { .. } => None,
    }
}

fn adjusted(bay: &mut Bay, verb: ScaleVerb, outcome: AdjustOutcome) {
    let device = bay.id().clone();
    bay.surely(DeviceEvent::Adjusted { device, verb, outcome });
}

/// Cuts a scale's bytes into frames.
struct Cutter {
    start: Option<u8>,
    end: u8,
    /// Inside a frame; without a start byte always true.
    inside: bool,
    held: Vec<u8>,
}

impl Cutter {
    fn new(table: &ProtocolTable) -> Self {
        Self { start: table.start, end: table.end, inside: table.start.is_none(), held: Vec::new() }
    }

    fn push(&mut self, bytes: &[u8], out: &mut Vec<Vec<u8>>) {
        for &byte in bytes {
            if Some(byte) == self.start {
                self.inside = true;
                self.held.clear();
            } else if byte == self.end && self.inside {
                if !self.held.is_empty() {
                    out.push(std::mem::take(&mut self.held));
                }
                self.inside = self.start.is_none();
            } else if self.inside && self.held.len() < FRAME_BYTES_MAX {
                self.held.push(byte);
            }
        }
    }
}

/// One session's conversation.
struct Talk {
    line: Box<dyn Line>,
    protocol: &'static dyn ScaleProtocol,
    unit: MassUnit,
    cutter: Cutter,
    heard_ms: u64,
    garbled: u32,
    told: Option<Reading>,
    waiting: Option<(ScaleVerb, u64)>,
}

impl Talk {
    fn run(&mut self, bay: &mut Bay, poll: Duration) -> End {
        let table = self.protocol.table();
        if let Some(probe) = table.probe {
            let greeted = self.line.write(probe.send).and_then(|()| self.listen(bay)).and_then(|_| {
                // Whatever came back, the echo mode must be left, or every question is answered by itself.
                self.line.write(probe.leave)
            });
            if let Err(reason) = greeted {
                return End::Lost(reason);
            }
        }
        loop {
            let asked = Instant::now();
            if let Err(reason) = self.line.write(table.ask).and_then(|()| self.listen(bay)) {
                return End::Lost(reason);
            }
            if let Some(reason) = self.judge_silence(bay) {
                return End::Lost(reason);
            }
            loop {
                let left = poll.saturating_sub(asked.elapsed());
                match bay.wait_command(left) {
                    Taken::Closed => return End::Stopped,
                    Taken::Timeout => break,
                    Taken::Item(command) => {
                        if let Err(reason) = self.adjust(bay, &command) {
                            return End::Lost(reason);
                        }
                    }
                }
            }
        }
    }

    /// Reads until one understood answer is complete, or the wait is over.
    fn listen(&mut self, bay: &mut Bay) -> Result<bool, LostReason> {
        let until = Instant::now() + ANSWER_WAIT;
        let mut buf = [0u8; 256];
        let mut frames = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || bay.stopped() {
                return Ok(false);
            }
            let n = self.line.read(&mut buf, left.min(Duration::from_millis(100)))?;
            self.cutter.push(buf.get(..n).unwrap_or_default(), &mut frames);
            let mut understood = false;
            for frame in frames.drain(..) {
                let reply = self.protocol.parse(&frame, self.unit);
                understood |= reply != Reply::Unknown;
                self.take(bay, reply);
            }
            if understood {
                return Ok(true);
            }
        }
    }

    fn take(&mut self, bay: &mut Bay, reply: Reply) {
        let at_mono_ms = bay.clock().mono_ms();
        if reply == Reply::Unknown {
            self.garbled = self.garbled.saturating_add(1);
            if self.garbled >= GARBLED_MAX {
                bay.warn(DeviceWarning::Garbled);
            }
            return;
        }
        self.garbled = 0;
        self.heard_ms = at_mono_ms;
        bay.ready();
        let none = Reading { grams: None, stable: false, overload: false, underload: false, at_mono_ms };
        let reading = match reply {
            Reply::Weight { grams, stable } => Reading { grams: Some(grams), stable, ..none },
            Reply::NoFigure => none,
            Reply::Overload => Reading { overload: true, ..none },
            Reply::Underload => Reading { underload: true, ..none },
            Reply::Done(verb) => return self.answered(bay, verb, AdjustOutcome::Done),
            Reply::Refused(verb) => return self.answered(bay, verb, AdjustOutcome::Refused),
            Reply::Alive | Reply::Unknown => return,
        };
        let same = self.told.is_some_and(|told| {
            Reading { at_mono_ms, ..told } == reading && at_mono_ms.saturating_sub(told.at_mono_ms) < REPEAT_MS
        });
        if !same && bay.passing(DeviceEvent::Weight { device: bay.id().clone(), reading }) {
            self.told = Some(reading);
        }
    }

    fn answered(&mut self, bay: &mut Bay, verb: ScaleVerb, outcome: AdjustOutcome) {
        // An answer to a key on the scale itself was not asked for here.
        if self.waiting.take_if(|(waiting, _)| *waiting == verb).is_some() {
            adjusted(bay, verb, outcome);
        }
    }

    fn adjust(&mut self, bay: &mut Bay, command: &DeviceCommand) -> Result<(), LostReason> {
        let Some(verb) = verb_of(command) else {
            return Ok(());
        };
        let table = self.protocol.table();
        let bytes = match verb {
            ScaleVerb::Zero => table.zero,
            ScaleVerb::Tare => table.tare,
        };
        let Some(bytes) = bytes else {
            adjusted(bay, verb, AdjustOutcome::Unsupported);
            return Ok(());
        };
        if let Some((earlier, _)) = self.waiting.take() {
            adjusted(bay, earlier, AdjustOutcome::NoAnswer);
        }
        if table.confirms {
            self.waiting = Some((verb, bay.clock().mono_ms().saturating_add(ADJUST_MS_MAX)));
            return self.line.write(bytes);
        }
        self.line.write(bytes)?;
        adjusted(bay, verb, AdjustOutcome::Asked);
        Ok(())
    }

    fn judge_silence(&mut self, bay: &mut Bay) -> Option<LostReason> {
        let now = bay.clock().mono_ms();
        if let Some((verb, _)) = self.waiting.take_if(|(_, until)| now >= *until) {
            adjusted(bay, verb, AdjustOutcome::NoAnswer);
        }
        let silent_ms = now.saturating_sub(self.heard_ms);
        if silent_ms >= REOPEN_MS {
            return Some(LostReason::Silent);
        }
        // A scale that talks nonsense is already reported as such; silence is another matter.
        if silent_ms >= SILENT_MS && self.garbled < GARBLED_MAX {
            // Whole seconds, so that the status does not change with every question.
            bay.warn(DeviceWarning::ScaleSilent { silent_ms: silent_ms / 1_000 * 1_000 });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_cut_and_noise_is_dropped() {
        let mut out = Vec::new();
        let mut toledo = Cutter::new(super::super::toledo::TOLEDO_8217.table());
        toledo.push(b"noise\r\x02  1.2", &mut out);
        toledo.push(b"50\rhello\x02?A\r\x02broken\x020.500\r", &mut out);
        assert_eq!(out, [b"  1.250".to_vec(), b"?A".to_vec(), b"0.500".to_vec()]);
        out.clear();
        let mut sics = Cutter::new(super::super::mtsics::MT_SICS.table());
        sics.push(&[b'x'; 10_000], &mut out);
        sics.push(b"\nS I\r\n", &mut out);
        assert_eq!(out.iter().map(Vec::len).collect::<Vec<_>>(), [FRAME_BYTES_MAX, 4]);
    }
}

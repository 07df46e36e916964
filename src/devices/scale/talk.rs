//! One session's conversation with a scale: asks, listens, reports, carries out zero and tare. Must never invent a figure and
//! never let silence look like a weight.

use std::time::{Duration, Instant};

use super::{Confirms, MassUnit, ProtocolTable, Reading, Reply, ScaleProtocol, ScaleVerb};
use crate::devices::bay::Bay;
use crate::devices::event::{AdjustOutcome, DeviceCommand, DeviceEvent, DeviceWarning, LostReason};
use crate::devices::line::Line;
use crate::devices::mailbox::Taken;
use crate::devices::supervisor::End;

/// Longest frame of any protocol here, in bytes; more is noise.
const FRAME_BYTES_MAX: usize = 64;
/// Noise without an end is told as such after each of this many bytes.
const NOISE_BYTES: usize = 4_096;
/// Longest wait for an answer before the question is asked again.
pub(super) const ANSWER_WAIT: Duration = Duration::from_millis(500);
/// Longest wait in one read: the delay of a command and of a stop.
const SLICE: Duration = Duration::from_millis(50);
/// After this silence a person is told, in milliseconds; the last reading is stale by then.
const SILENT_MS: u64 = super::STALE_MS;
/// After this silence the line is opened anew, in milliseconds.
const REOPEN_MS: u64 = 10_000;
/// Longest wait for the end of a zero or tare command, in milliseconds.
const ADJUST_MS_MAX: u64 = 3_000;
/// An unchanged weight is told again this often, in milliseconds, so that it stays fresh.
const REPEAT_MS: u64 = 250;
/// Frames in a row that make no sense before a person is told.
const GARBLED_MAX: u32 = 3;

/// Tells the end of a zero or tare command.
pub(crate) fn adjusted(bay: &mut Bay, verb: ScaleVerb, outcome: AdjustOutcome) {
    let device = bay.id().clone();
    bay.surely(DeviceEvent::Adjusted { device, verb, outcome });
}

/// What a command asks of a scale; nothing for commands of other devices.
pub(crate) fn verb_of(command: &DeviceCommand) -> Option<ScaleVerb> {
    match command {
        DeviceCommand::Zero { .. } => Some(ScaleVerb::Zero),
        DeviceCommand::Tare { .. } => Some(ScaleVerb::Tare),
        DeviceCommand::Print { .. }
        | DeviceCommand::TakePhoto { .. }
        | DeviceCommand::CancelPrint { .. }
        | DeviceCommand::Verdict { .. }
        | DeviceCommand::WriteTag { .. }
        | DeviceCommand::Light(_)
        | DeviceCommand::ScanRaw { .. }
        | DeviceCommand::Reframe { .. }
        | DeviceCommand::Sound(_)
        | DeviceCommand::Listen { .. }
        | DeviceCommand::Speak { .. }
        | DeviceCommand::Hush
        | DeviceCommand::SoundLevel { .. } => None,
    }
}

/// Cuts a scale's bytes into frames. A frame that is too long comes out empty: it is of no protocol, and half of it never
/// looks like a shorter one.
struct Cutter {
    start: Option<u8>,
    ends: Vec<u8>,
    /// Inside a frame; without a start byte always true.
    inside: bool,
    held: Vec<u8>,
    /// Bytes since the last frame, counted also where they are not held.
    count: usize,
}

impl Cutter {
    fn new(table: &ProtocolTable) -> Self {
        let inside = table.start.is_none();
        Self { start: table.start, ends: table.ends.to_vec(), inside, held: Vec::new(), count: 0 }
    }

    fn push(&mut self, bytes: &[u8], out: &mut Vec<Vec<u8>>) {
        for &byte in bytes {
            self.count += 1;
            if self.count >= NOISE_BYTES {
                self.count = 0;
                self.held.clear();
                self.inside = self.start.is_none();
                out.push(Vec::new());
            } else if Some(byte) == self.start {
                self.inside = true;
                self.held.clear();
                self.count = 0;
            } else if self.ends.contains(&byte) && self.inside {
                let held = std::mem::take(&mut self.held);
                if held.len() > FRAME_BYTES_MAX {
                    out.push(Vec::new());
                } else if !held.is_empty() {
                    out.push(held);
                }
                self.inside = self.start.is_none();
                self.count = 0;
            } else if self.inside && self.held.len() <= FRAME_BYTES_MAX {
                self.held.push(byte);
            }
        }
    }
}

/// What one read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// No whole frame.
    Nothing,
    /// Frames of which none was understood.
    Noise,
    /// An understood frame.
    Answer,
}

/// The conversation.
pub(super) struct Talk<'a> {
    line: Box<dyn Line>,
    protocol: &'a dyn ScaleProtocol,
    unit: MassUnit,
    cutter: Cutter,
    /// When the last understood frame was complete, or the line was opened.
    heard_ms: u64,
    garbled: u32,
    told: Option<Reading>,
    waiting: Option<(ScaleVerb, u64)>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(line: Box<dyn Line>, protocol: &'a dyn ScaleProtocol, unit: MassUnit, now_ms: u64) -> Self {
        let cutter = Cutter::new(protocol.table());
        Self { line, protocol, unit, cutter, heard_ms: now_ms, garbled: 0, told: None, waiting: None }
    }

    /// Talks until the line breaks or the station stops.
    pub(super) fn run(&mut self, bay: &mut Bay, poll: Duration) -> End {
        let end = self.greet(bay).map_or_else(End::Lost, |_| self.converse(bay, poll));
        if let Some((verb, _)) = self.waiting.take() {
            adjusted(bay, verb, AdjustOutcome::NoAnswer);
        }
        end
    }

    /// Greets a scale whose protocol has a greeting. Whether it answered at all.
    fn greet(&mut self, bay: &mut Bay) -> Result<bool, LostReason> {
        let Some(probe) = self.protocol.table().probe else { return Ok(false) };
        self.line.write(probe.send)?;
        let answered = self.listen(bay, ANSWER_WAIT)?;
        // Whatever came back, the echo mode must be left, or every question is answered by itself.
        self.line.write(probe.leave)?;
        Ok(answered)
    }

    /// Whether a scale of this protocol is at the other end; asked twice, because the first question may end up behind what
    /// another protocol's question left in the scale's buffer.
    pub(super) fn is_there(&mut self, bay: &mut Bay, wait: Duration) -> Result<bool, LostReason> {
        for _ in 0..2 {
            let table = self.protocol.table();
            let question = table.ask.clone();
            if let Some(question) = question {
                self.line.write(&question)?;
            }
            if self.listen(bay, wait)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether anything came that was not understood.
    pub(super) fn heard_noise(&self) -> bool {
        self.garbled > 0
    }

    fn converse(&mut self, bay: &mut Bay, poll: Duration) -> End {
        let ask = self.protocol.table().ask.clone();
        loop {
            if let Some(ask) = &ask
                && let Err(reason) = self.line.write(ask)
            {
                return End::Lost(reason);
            }
            let asked = Instant::now();
            let mut answered = false;
            // An answered question is repeated after the poll time, an unanswered one after the longest wait for an answer.
            // An answer that makes no sense is one, too.
            while asked.elapsed() < if answered { poll } else { poll.max(ANSWER_WAIT) } {
                match bay.wait_command(Duration::ZERO) {
                    Taken::Closed => return End::Stopped,
                    Taken::Timeout => {}
                    Taken::Item(command) => {
                        if let Err(reason) = self.adjust(bay, &command) {
                            return End::Lost(reason);
                        }
                    }
                }
                let left = if answered { poll } else { poll.max(ANSWER_WAIT) }.saturating_sub(asked.elapsed());
                match self.hear(bay, left.min(SLICE)) {
                    Ok(heard) => answered |= heard != Heard::Nothing,
                    Err(reason) => return End::Lost(reason),
                }
            }
            if let Some(reason) = self.judge_silence(bay) {
                return End::Lost(reason);
            }
        }
    }

    /// Reads until one understood answer is complete, or the wait is over.
    fn listen(&mut self, bay: &mut Bay, wait: Duration) -> Result<bool, LostReason> {
        let until = Instant::now() + wait;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || bay.stopped() {
                return Ok(false);
            }
            if self.hear(bay, left.min(SLICE))? == Heard::Answer {
                return Ok(true);
            }
        }
    }

    /// One read.
    fn hear(&mut self, bay: &mut Bay, wait: Duration) -> Result<Heard, LostReason> {
        let mut buf = [0u8; 1_024];
        let mut frames = Vec::new();
        let n = self.line.read(&mut buf, wait)?;
        self.cutter.push(buf.get(..n).unwrap_or_default(), &mut frames);
        let mut heard = Heard::Nothing;
        for frame in frames {
            let reply = self.protocol.parse(&frame, self.unit);
            if self.take(bay, reply) {
                heard = Heard::Answer;
            } else if heard == Heard::Nothing {
                heard = Heard::Noise;
            }
        }
        Ok(heard)
    }

    /// Takes one answer. Whether it was understood.
    fn take(&mut self, bay: &mut Bay, reply: Reply) -> bool {
        let at_mono_ms = bay.clock().mono_ms();
        // "Not known" answers a command; to a question for the weight it says that this is another language.
        if reply == Reply::Unknown || (reply == Reply::NotKnown && self.waiting.is_none()) {
            self.garbled = self.garbled.saturating_add(1);
            if self.garbled >= GARBLED_MAX {
                bay.warn(DeviceWarning::Garbled);
            }
            return false;
        }
        self.garbled = 0;
        self.heard_ms = at_mono_ms;
        let none = Reading { grams: None, stable: false, overload: false, underload: false, at_mono_ms };
        let reading = match reply {
            Reply::Weight { grams, stable } => Reading { grams: Some(grams), stable, ..none },
            Reply::NoFigure | Reply::Broken => none,
            Reply::Overload => Reading { overload: true, ..none },
            Reply::Underload => Reading { underload: true, ..none },
            Reply::Done(_)
            | Reply::Refused(_)
            | Reply::State { .. }
            | Reply::NotKnown
            | Reply::Alive
            | Reply::Unknown => {
                self.settle(bay, reply);
                return true;
            }
        };
        match reply {
            Reply::Overload => bay.warn(DeviceWarning::ScaleOver),
            Reply::Underload => bay.warn(DeviceWarning::ScaleUnder),
            Reply::Broken => bay.warn(DeviceWarning::ScaleBroken),
            _ => bay.ready(),
        }
        let same = self.told.is_some_and(|told| {
            Reading { at_mono_ms, ..told } == reading && at_mono_ms.saturating_sub(told.at_mono_ms) < REPEAT_MS
        });
        if !same && bay.passing(DeviceEvent::Weight { device: bay.id().clone(), reading }) {
            self.told = Some(reading);
        }
        true
    }

    /// The end of a command, where the answer tells it. An answer to a key on the scale itself was not asked for here.
    fn settle(&mut self, bay: &mut Bay, reply: Reply) {
        let ended = match reply {
            Reply::Done(verb) => Some((verb, AdjustOutcome::Done)),
            Reply::Refused(verb) => Some((verb, AdjustOutcome::Refused)),
            Reply::State { at_zero, net } => self.waiting.map(|(verb, _)| {
                let done = match verb {
                    ScaleVerb::Zero => at_zero,
                    ScaleVerb::Tare => net,
                };
                (verb, if done { AdjustOutcome::Done } else { AdjustOutcome::Refused })
            }),
            Reply::NotKnown => self.waiting.map(|(verb, _)| (verb, AdjustOutcome::Unsupported)),
            Reply::Weight { .. }
            | Reply::NoFigure
            | Reply::Overload
            | Reply::Underload
            | Reply::Broken
            | Reply::Alive
            | Reply::Unknown => None,
        };
        if let Some((verb, outcome)) = ended
            && self.waiting.take_if(|(waiting, _)| *waiting == verb).is_some()
        {
            adjusted(bay, verb, outcome);
        }
    }

    fn adjust(&mut self, bay: &mut Bay, command: &DeviceCommand) -> Result<(), LostReason> {
        let Some(verb) = verb_of(command) else {
            return Ok(());
        };
        let table = self.protocol.table();
        let bytes = match verb {
            ScaleVerb::Zero => table.zero.clone(),
            ScaleVerb::Tare => table.tare.clone(),
        };
        let Some(bytes) = bytes else {
            adjusted(bay, verb, AdjustOutcome::Unsupported);
            return Ok(());
        };
        let confirms = table.confirms;
        if let Some((earlier, _)) = self.waiting.take() {
            adjusted(bay, earlier, AdjustOutcome::NoAnswer);
        }
        match confirms {
            Confirms::Never => {
                self.line.write(&bytes)?;
                adjusted(bay, verb, AdjustOutcome::Asked);
                Ok(())
            }
            Confirms::ByWord | Confirms::ByState => {
                self.waiting = Some((verb, bay.clock().mono_ms().saturating_add(ADJUST_MS_MAX)));
                self.line.write(&bytes)
            }
        }
    }

    fn judge_silence(&mut self, bay: &mut Bay) -> Option<LostReason> {
        let now = bay.clock().mono_ms();
        if let Some((verb, _)) = self.waiting.take_if(|(_, until)| now >= *until) {
            adjusted(bay, verb, AdjustOutcome::NoAnswer);
        }
        let silent_ms = now.saturating_sub(self.heard_ms);
        // A scale that talks nonsense is already reported as such; silence is another matter.
        let told = self.garbled >= GARBLED_MAX;
        if self.protocol.table().silent_unchanged {
            // Its silence may be an unchanged weight: neither called well nor called lost.
            if silent_ms >= SILENT_MS && !told {
                bay.warn(DeviceWarning::ScaleQuiet);
            }
            return None;
        }
        if silent_ms >= REOPEN_MS {
            return Some(LostReason::Silent);
        }
        if silent_ms >= SILENT_MS && !told {
            // Whole seconds, so that the status does not change with every question.
            bay.warn(DeviceWarning::ScaleSilent { silent_ms: silent_ms / 1_000 * 1_000 });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::mtsics::MT_SICS;
    use super::super::nci::NCI;
    use super::super::toledo::TOLEDO_8217;
    use super::*;

    #[test]
    fn frames_are_cut_and_noise_is_dropped() {
        let mut out = Vec::new();
        let mut toledo = Cutter::new(TOLEDO_8217.table());
        toledo.push(b"noise\r\x02  1.2", &mut out);
        toledo.push(b"50\rhello\x02?A\r\x02broken\x020.500\r", &mut out);
        assert_eq!(out, [b"  1.250".to_vec(), b"?A".to_vec(), b"0.500".to_vec()]);
        out.clear();
        let mut nci = Cutter::new(NCI.table());
        nci.push(b"\n1.25kg\r\n00\r\x03\n?\r\x03", &mut out);
        assert_eq!(out, [b"\n1.25kg\r\n00\r".to_vec(), b"\n?\r".to_vec()]);
    }

    #[test]
    fn what_is_too_long_for_a_frame_is_never_a_shorter_one() {
        let mut out = Vec::new();
        let mut sics = Cutter::new(MT_SICS.table());
        let mut long = b"S S 1.00 g".to_vec();
        long.extend_from_slice(&[b' '; 100]);
        long.push(b'\n');
        sics.push(&long, &mut out);
        sics.push(b"S I\r\n", &mut out);
        assert_eq!(out, [Vec::new(), b"S I\r".to_vec()]);
        out.clear();
        sics.push(&vec![b'x'; 1 << 20], &mut out);
        assert!(sics.held.len() <= FRAME_BYTES_MAX + 1, "a megabyte without an end costs little memory");
        assert_eq!(out.len(), (1 << 20) / NOISE_BYTES, "and is told as noise while it lasts");
        assert!(out.iter().all(Vec::is_empty));
    }
}

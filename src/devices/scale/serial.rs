//! A scale at a serial port: which languages may be spoken there, and which of them answers. Must never send a command that
//! changes anything while it finds that out.

use std::sync::Arc;
use std::time::Duration;

use super::talk::{Talk, adjusted, verb_of};
use super::{MassUnit, ScaleProtocol};
use crate::devices::bay::Bay;
use crate::devices::config::{ScaleModel, SerialScaleConfig};
use crate::devices::event::{AdjustOutcome, DeviceCommand, LostReason};
use crate::devices::line::{Line, LineSettings, LineSource, SerialSource};
use crate::devices::supervisor::{Driver, End, Offline};

/// Longest wait for the answer to one question while the language is not known.
const PROBE_WAIT: Duration = Duration::from_millis(400);

/// A language and the line it is spoken over.
struct Candidate {
    protocol: Arc<dyn ScaleProtocol>,
    line: LineSettings,
}

/// Where lines come from.
enum Source {
    /// A serial port, opened with the settings of each candidate.
    Port(SerialSource),
    /// Anything else.
    Given(Box<dyn LineSource>),
}

impl Source {
    fn open(&mut self, line: LineSettings) -> Result<Box<dyn Line>, LostReason> {
        match self {
            Self::Port(source) => {
                source.set(line);
                source.open()
            }
            Self::Given(source) => source.open(),
        }
    }

    fn returned(&self) -> bool {
        match self {
            Self::Port(source) => source.returned(),
            Self::Given(source) => source.returned(),
        }
    }
}

/// Asks one scale.
pub(crate) struct SerialScale {
    source: Source,
    /// At least one; the language that answered last stands first.
    candidates: Vec<Candidate>,
    unit: MassUnit,
    poll: Duration,
}

/// The languages of a setting, in the order in which they are tried. Those that say surely who they are come first; a figure
/// between STX and CR is said by the most different scales and comes last.
fn languages(model: &ScaleModel) -> Vec<Arc<dyn ScaleProtocol>> {
    let known = |protocol: &'static dyn ScaleProtocol| -> Arc<dyn ScaleProtocol> { Arc::new(protocol) };
    match model {
        ScaleModel::MtSics => vec![known(&super::mtsics::MT_SICS)],
        ScaleModel::Toledo8217 => vec![known(&super::toledo::TOLEDO_8217)],
        ScaleModel::Nci { h1_inverted: false } => vec![known(&super::nci::NCI)],
        ScaleModel::Nci { h1_inverted: true } => vec![known(&super::nci::NCI_INVERTED)],
        ScaleModel::Adam => vec![known(&super::adam::ADAM)],
        ScaleModel::Pattern(pattern) => vec![Arc::clone(pattern) as Arc<dyn ScaleProtocol>],
        ScaleModel::FindOut => vec![
            known(&super::mtsics::MT_SICS),
            known(&super::nci::NCI),
            known(&super::adam::ADAM),
            known(&super::toledo::TOLEDO_8217),
        ],
    }
}

fn candidates(config: &SerialScaleConfig) -> Vec<Candidate> {
    let mut out = Vec::new();
    for protocol in languages(&config.model) {
        let usual = protocol.table().lines;
        let lines: Vec<LineSettings> = match (config.line, &config.model) {
            (Some(line), _) => vec![line],
            (None, ScaleModel::FindOut) => usual.to_vec(),
            (None, _) => vec![protocol.table().line()],
        };
        out.extend(lines.into_iter().map(|line| Candidate { protocol: Arc::clone(&protocol), line }));
    }
    out
}

impl SerialScale {
    pub(crate) fn new(config: &SerialScaleConfig) -> Self {
        let candidates = candidates(config);
        let line = candidates.first().map_or(LineSettings::n81(9_600), |first| first.line);
        Self {
            source: Source::Port(SerialSource::new(&config.path, line)),
            candidates,
            unit: config.unit,
            poll: Duration::from_millis(config.poll_ms),
        }
    }

    /// A scale over another kind of line.
    pub(crate) fn over(
        source: Box<dyn LineSource>,
        protocol: &'static dyn ScaleProtocol,
        unit: MassUnit,
        poll_ms: u64,
    ) -> Self {
        let line = protocol.table().line();
        let candidates = vec![Candidate { protocol: Arc::new(protocol), line }];
        Self { source: Source::Given(source), candidates, unit, poll: Duration::from_millis(poll_ms) }
    }

    /// Tries the languages in turn until one is answered, and talks it.
    fn find_out(&mut self, bay: &mut Bay) -> End {
        let mut noise = false;
        for at in 0..self.candidates.len() {
            if bay.stopped() {
                return End::Stopped;
            }
            let Some(candidate) = self.candidates.get(at) else { break };
            let protocol = Arc::clone(&candidate.protocol);
            let line = match self.source.open(candidate.line) {
                Ok(line) => line,
                Err(reason) => return End::Lost(reason),
            };
            let mut talk = Talk::new(line, protocol.as_ref(), self.unit, bay.clock().mono_ms());
            match talk.is_there(bay, PROBE_WAIT) {
                Ok(true) => {
                    tracing::info!(device = %bay.id(), language = protocol.table().name, "the scale answers");
                    // After a loss it is asked first.
                    let found = self.candidates.remove(at);
                    self.candidates.insert(0, found);
                    return talk.run(bay, self.poll);
                }
                Ok(false) => noise |= talk.heard_noise(),
                Err(reason) => return End::Lost(reason),
            }
        }
        End::Lost(if noise { LostReason::BadAnswer } else { LostReason::Silent })
    }
}

impl Driver for SerialScale {
    fn session(&mut self, bay: &mut Bay) -> End {
        let [only] = self.candidates.as_slice() else { return self.find_out(bay) };
        let protocol = Arc::clone(&only.protocol);
        match self.source.open(only.line) {
            Ok(line) => Talk::new(line, protocol.as_ref(), self.unit, bay.clock().mono_ms()).run(bay, self.poll),
            Err(reason) => End::Lost(reason),
        }
    }

    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline {
        if let Some(verb) = verb_of(&command) {
            adjusted(bay, verb, AdjustOutcome::NoAnswer);
        }
        Offline::KeepWaiting
    }

    fn returned(&self) -> bool {
        self.source.returned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn config(model: ScaleModel, line: Option<LineSettings>) -> SerialScaleConfig {
        SerialScaleConfig { path: PathBuf::from("/nowhere"), model, line, unit: MassUnit::Gram, poll_ms: 200 }
    }

    fn names(config: &SerialScaleConfig) -> Vec<(&'static str, u32)> {
        candidates(config).iter().map(|c| (c.protocol.table().name, c.line.baud)).collect()
    }

    #[test]
    fn a_named_language_is_tried_alone_and_an_unnamed_one_over_all_usual_lines() {
        assert_eq!(names(&config(ScaleModel::Adam, None)), [("Adam", 4_800)]);
        assert_eq!(
            names(&config(ScaleModel::Nci { h1_inverted: true }, Some(LineSettings::n81(1_200)))),
            [("NCI", 1_200)]
        );
        let all = names(&config(ScaleModel::FindOut, None));
        for wanted in [("MT-SICS", 9_600), ("NCI", 9_600), ("Adam", 4_800), ("Toledo 8217", 9_600)] {
            assert!(all.contains(&wanted), "{wanted:?}");
        }
        assert_eq!(names(&config(ScaleModel::FindOut, Some(LineSettings::n81(2_400)))).len(), 4, "one line was set");
    }

    #[test]
    fn finding_out_never_changes_a_scale() {
        for protocol in languages(&ScaleModel::FindOut) {
            let table = protocol.table();
            let sent = table.ask.as_deref().unwrap_or_default();
            assert!(Some(sent) != table.zero.as_deref() && Some(sent) != table.tare.as_deref(), "{}", table.name);
            assert!(!sent.iter().any(|byte| matches!(byte, b'Z' | b'T')), "{}", table.name);
        }
    }
}

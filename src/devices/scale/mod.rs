//! Scales: readings in whole grams, and the gate that says whether one may count. Protocols are data tables in the files
//! beside this one. Must never use a float and never let an unstable or stale reading count.

pub mod decimal;
pub mod mtsics;
pub(crate) mod serial;
pub mod toledo;

pub use decimal::{MassUnit, WeightTextError, grams};

use super::line::LineSettings;

/// A reading older than this no longer counts, in milliseconds.
pub const STALE_MS: u64 = 1_000;
/// Usual time between two questions to a scale, in milliseconds.
pub const POLL_MS: u64 = 200;

/// What a scale can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScaleVerb {
    /// Set to zero.
    Zero,
    /// Take the load as tare.
    Tare,
}

/// What a scale showed at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The net weight in grams; `None` where the scale gave no figure (moving, overloaded).
    pub grams: Option<i64>,
    /// The scale says that the load rests.
    pub stable: bool,
    /// The load is above the scale's range.
    pub overload: bool,
    /// The load is below the scale's range (pan lifted, or zero drifted).
    pub underload: bool,
    /// Monotonic milliseconds at which the answer was complete.
    pub at_mono_ms: u64,
}

/// Whether a reading may count at `now_mono_ms`: it has a figure, is stable, in range and younger than [`STALE_MS`].
#[must_use]
pub fn usable(reading: &Reading, now_mono_ms: u64) -> bool {
    reading.grams.is_some()
        && reading.stable
        && !reading.overload
        && !reading.underload
        && now_mono_ms.saturating_sub(reading.at_mono_ms) <= STALE_MS
}

/// Asks for several usable readings in a row that agree: some scales say "stable" for one moment while a box is let go.
#[derive(Debug, Clone)]
pub struct Stability {
    needed: u8,
    spread_g_max: i64,
    run: u8,
    low_g: i64,
    high_g: i64,
    last: Option<Reading>,
}

impl Stability {
    /// `needed` readings in a row (at least 1) whose largest and smallest differ by at most `spread_g_max` grams.
    #[must_use]
    pub fn new(needed: u8, spread_g_max: i64) -> Self {
        Self { needed: needed.max(1), spread_g_max: spread_g_max.max(0), run: 0, low_g: 0, high_g: 0, last: None }
    }

    /// Takes the next reading.
    pub fn observe(&mut self, reading: Reading) {
        let Some(grams) = reading.grams.filter(|_| usable(&reading, reading.at_mono_ms)) else {
            self.run = 0;
            self.last = None;
            return;
        };
        let follows = self.last.is_some_and(|last| usable(&last, reading.at_mono_ms));
        let (low, high) = (self.low_g.min(grams), self.high_g.max(grams));
        if follows && high.saturating_sub(low) <= self.spread_g_max {
            self.run = self.run.saturating_add(1);
            (self.low_g, self.high_g) = (low, high);
        } else {
            self.run = 1;
            (self.low_g, self.high_g) = (grams, grams);
        }
        self.last = Some(reading);
    }

    /// The weight in grams that may count now, if any.
    #[must_use]
    pub fn settled(&self, now_mono_ms: u64) -> Option<i64> {
        self.last.filter(|last| self.run >= self.needed && usable(last, now_mono_ms)).and_then(|last| last.grams)
    }
}

/// One answer of a scale, understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// A figure.
    Weight {
        /// Grams.
        grams: i64,
        /// The scale says that the load rests.
        stable: bool,
    },
    /// Alive, but without a figure: moving or busy.
    NoFigure,
    /// Above the range.
    Overload,
    /// Below the range.
    Underload,
    /// A command was carried out.
    Done(ScaleVerb),
    /// A command was refused.
    Refused(ScaleVerb),
    /// Alive; says nothing about a load (greeting, echo).
    Alive,
    /// Not of this protocol.
    Unknown,
}

/// Question at the start of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// What is sent.
    pub send: &'static [u8],
    /// What is sent afterwards, whatever came back.
    pub leave: &'static [u8],
}

/// The data of a protocol: how lines are set, how frames are cut, what is sent.
#[derive(Debug, Clone, Copy)]
pub struct ProtocolTable {
    /// For logs.
    pub name: &'static str,
    /// Line settings ex works.
    pub line: LineSettings,
    /// First byte of a frame, if there is one; what comes before is noise.
    pub start: Option<u8>,
    /// Last byte of a frame.
    pub end: u8,
    /// The question for the present weight.
    pub ask: &'static [u8],
    /// Greeting.
    pub probe: Option<Probe>,
    /// Zero command.
    pub zero: Option<&'static [u8]>,
    /// Tare command.
    pub tare: Option<&'static [u8]>,
    /// The scale confirms zero and tare.
    pub confirms: bool,
}

/// A scale's language: a table and a pure parser of one frame.
pub trait ScaleProtocol: Send + Sync {
    /// The data.
    fn table(&self) -> &'static ProtocolTable;
    /// Understands one frame, without its start and end byte; `unit` is for figures that carry none.
    fn parse(&self, frame: &[u8], unit: MassUnit) -> Reply;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(grams: i64, stable: bool, ms: u64) -> Reading {
        Reading { grams: Some(grams), stable, overload: false, underload: false, at_mono_ms: ms }
    }

    #[test]
    fn only_fresh_stable_figures_in_range_count() {
        assert!(usable(&at(500, true, 1_000), 2_000));
        assert!(!usable(&at(500, true, 1_000), 2_001), "stale");
        assert!(!usable(&at(500, false, 1_000), 1_000), "unstable");
        assert!(!usable(&Reading { overload: true, ..at(500, true, 0) }, 0));
        assert!(!usable(&Reading { underload: true, ..at(500, true, 0) }, 0));
        assert!(!usable(&Reading { grams: None, ..at(0, true, 0) }, 0));
    }

    #[test]
    fn readings_must_agree_in_a_row() {
        let mut gate = Stability::new(3, 2);
        gate.observe(at(500, true, 0));
        gate.observe(at(502, true, 200));
        assert_eq!(gate.settled(200), None);
        gate.observe(at(501, true, 400));
        assert_eq!(gate.settled(400), Some(501));
        assert_eq!(gate.settled(1_401), None, "stale");
        gate.observe(at(504, true, 600));
        assert_eq!(gate.settled(600), None, "a new weight starts a new run");
        gate.observe(at(504, true, 800));
        gate.observe(at(504, false, 900));
        gate.observe(at(504, true, 1_000));
        gate.observe(at(504, true, 1_200));
        assert_eq!(gate.settled(1_200), None, "motion breaks the run");
        gate.observe(at(504, true, 1_400));
        assert_eq!(gate.settled(1_400), Some(504));
        gate.observe(at(504, true, 9_000));
        assert_eq!(gate.settled(9_000), None, "a gap breaks the run");
    }
}

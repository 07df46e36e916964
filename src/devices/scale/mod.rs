//! Scales: readings in whole grams, and the gate that says whether one may count. Protocols are data tables in the files
//! beside this one. Must never use a float and never let an unstable or stale reading count.

pub mod adam;
pub mod decimal;
pub mod mtsics;
pub mod nci;
pub mod pattern;
pub(crate) mod serial;
pub(crate) mod talk;
pub mod toledo;

pub use decimal::{MassUnit, WeightTextError, grams, grams_lb_oz};
pub use pattern::{Pattern, PatternError, PatternText};

use std::borrow::Cow;

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

/// What a reading is worth at one moment. Only [`Standing::Rests`] may count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// No frame came within [`STALE_MS`]: whatever it said, it is not of now.
    Stale,
    /// The load is above the scale's range.
    Over,
    /// The load is below the scale's range.
    Under,
    /// The scale answers, but gives no figure (moving, busy, not zeroed).
    NoFigure,
    /// The load moves.
    Moves,
    /// The load rests below zero: something was taken away that the scale counts as its zero or its tare.
    Negative,
    /// The load rests; 0 g is an empty scale.
    Rests,
}

/// What a reading is worth at `now_mono_ms`.
#[must_use]
pub fn standing(reading: &Reading, now_mono_ms: u64) -> Standing {
    if now_mono_ms.saturating_sub(reading.at_mono_ms) > STALE_MS {
        return Standing::Stale;
    }
    match reading.grams {
        _ if reading.overload => Standing::Over,
        _ if reading.underload => Standing::Under,
        None => Standing::NoFigure,
        Some(_) if !reading.stable => Standing::Moves,
        Some(grams) if grams < 0 => Standing::Negative,
        Some(_) => Standing::Rests,
    }
}

/// Whether a reading may count at `now_mono_ms`: it has a figure of zero or more, rests, is in range and younger than
/// [`STALE_MS`].
#[must_use]
pub fn usable(reading: &Reading, now_mono_ms: u64) -> bool {
    standing(reading, now_mono_ms) == Standing::Rests
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
    /// The scale told its state without a figure, as after a command: what it says about zero and tare tells whether that
    /// was carried out.
    State {
        /// The scale stands at zero.
        at_zero: bool,
        /// A tare is taken off.
        net: bool,
    },
    /// The scale does not know the command it was sent.
    NotKnown,
    /// The scale says that it is defective or not calibrated.
    Broken,
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

/// How a scale answers zero and tare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Confirms {
    /// Not at all.
    Never,
    /// With a word of its own: [`Reply::Done`] or [`Reply::Refused`].
    ByWord,
    /// With its state: [`Reply::State`].
    ByState,
}

/// The data of a protocol: how lines are set, how frames are cut, what is sent.
#[derive(Debug, Clone)]
pub struct ProtocolTable {
    /// For logs.
    pub name: &'static str,
    /// Line settings: ex works first, then others that are usual, which are tried when the protocol is to be found out.
    pub lines: &'static [LineSettings],
    /// First byte of a frame, if there is one; what comes before is noise.
    pub start: Option<u8>,
    /// Bytes that end a frame.
    pub ends: Cow<'static, [u8]>,
    /// The question for the present weight; `None` where the scale talks by itself.
    pub ask: Option<Cow<'static, [u8]>>,
    /// Greeting.
    pub probe: Option<Probe>,
    /// Zero command.
    pub zero: Option<Cow<'static, [u8]>>,
    /// Tare command.
    pub tare: Option<Cow<'static, [u8]>>,
    /// How zero and tare are answered.
    pub confirms: Confirms,
    /// The scale says nothing while its weight stays the same, so that its silence proves nothing.
    pub silent_unchanged: bool,
}

impl ProtocolTable {
    /// Line settings ex works.
    #[must_use]
    pub fn line(&self) -> LineSettings {
        self.lines.first().copied().unwrap_or(LineSettings::n81(9_600))
    }
}

/// A scale's language: a table and a pure parser of one frame.
pub trait ScaleProtocol: Send + Sync {
    /// The data.
    fn table(&self) -> &ProtocolTable;
    /// Understands one frame, without its start and end byte; `unit` is for figures that carry none.
    fn parse(&self, frame: &[u8], unit: MassUnit) -> Reply;
}

impl ScaleProtocol for &'static dyn ScaleProtocol {
    fn table(&self) -> &ProtocolTable {
        (**self).table()
    }

    fn parse(&self, frame: &[u8], unit: MassUnit) -> Reply {
        (**self).parse(frame, unit)
    }
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
        assert!(usable(&at(0, true, 0), 0), "an empty scale is a weight, too");
        assert!(!usable(&at(500, false, 1_000), 1_000), "unstable");
        assert!(!usable(&Reading { overload: true, ..at(500, true, 0) }, 0));
        assert!(!usable(&Reading { underload: true, ..at(500, true, 0) }, 0));
        assert!(!usable(&Reading { grams: None, ..at(0, true, 0) }, 0));
        assert!(!usable(&at(-5, true, 0), 0), "negative");
    }

    #[test]
    fn every_standing_is_kept_apart() {
        let rests = at(500, true, 1_000);
        let cases = [
            (rests, 1_000, Standing::Rests),
            (rests, 2_001, Standing::Stale),
            (at(500, false, 1_000), 1_000, Standing::Moves),
            (at(-1, true, 1_000), 1_000, Standing::Negative),
            (at(-1, false, 1_000), 1_000, Standing::Moves),
            (Reading { overload: true, grams: None, ..rests }, 1_000, Standing::Over),
            (Reading { underload: true, ..rests }, 1_000, Standing::Under),
            (Reading { underload: true, ..rests }, 9_000, Standing::Stale),
            (Reading { grams: None, stable: false, ..rests }, 1_000, Standing::NoFigure),
        ];
        for (reading, now, expected) in cases {
            assert_eq!(standing(&reading, now), expected, "{reading:?} at {now}");
        }
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

//! The scales of a station: what lies on each, and which of them the packer uses now. It decides nothing about an order, and keeps only
//! what was read last.

use super::input::ScaleReading;
use crate::core::units::Grams;
use crate::core::weight;

/// Scales that are told apart, at most; a bench has one or two.
const SCALES_MAX: usize = 8;

/// One scale.
#[derive(Clone, Debug, Default)]
struct Scale {
    name: String,
    /// What it says, as long as it says something.
    reading: Option<ScaleReading>,
    /// The load on it that counted as a parcel's weight already, for as long as it lies there: it never counts twice.
    counted: Option<Grams>,
}

/// Where a reading came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// From the scale in use.
    InUse,
    /// From a scale that is in use from now on: something was put on it.
    TookOver,
    /// From another one, where nothing changed.
    Aside,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Scales {
    all: Vec<Scale>,
    used: Option<usize>,
}

impl Scales {
    /// Takes a reading of a scale. `resolution` is what readings of one load may differ by.
    pub fn take(&mut self, name: &str, r: ScaleReading, resolution: Grams) -> Came {
        let at = match self.all.iter().position(|scale| scale.name == name) {
            Some(at) => at,
            None if self.all.len() < SCALES_MAX => {
                self.all.push(Scale { name: name.to_owned(), ..Scale::default() });
                self.all.len() - 1
            }
            None => return Came::Aside,
        };
        let Some(scale) = self.all.get_mut(at) else { return Came::Aside };
        let moved = scale.reading.is_some_and(|before| before.grams.distance(r.grams) > resolution);
        // A hand that presses a label on makes it sway: gone is a load that was lifted, or that something else came to rest instead of.
        let gone = |load: Grams| (r.stable && load.distance(r.grams) > resolution) || r.grams.0 <= load.0 / 2;
        if scale.counted.is_some_and(gone) {
            scale.counted = None;
        }
        scale.reading = Some(r);
        match self.used {
            Some(used) if used == at => Came::InUse,
            // What lay on another scale all the time is nobody's parcel.
            Some(_) if !(moved && r.grams > resolution) => Came::Aside,
            Some(_) | None => {
                self.used = Some(at);
                Came::TookOver
            }
        }
    }

    /// What the scale in use shows.
    #[must_use]
    pub fn reading(&self) -> Option<ScaleReading> {
        self.used.and_then(|at| self.all.get(at)).and_then(|scale| scale.reading)
    }

    /// Whether the load on the scale in use counted already.
    #[must_use]
    pub fn counted(&self) -> bool {
        self.used.and_then(|at| self.all.get(at)).is_some_and(|scale| scale.counted.is_some())
    }

    /// A parcel's weight was taken: whatever lies on a scale now is no other parcel.
    pub fn count(&mut self) {
        for scale in &mut self.all {
            scale.counted = scale.reading.map(|r| r.grams).filter(|grams| grams.0 > 0);
        }
    }

    /// A scale is gone, silent or out of its range: its figure is no figure.
    pub fn lost(&mut self, name: &str) {
        for (at, scale) in self.all.iter_mut().enumerate() {
            if scale.name == name || scale.name.is_empty() {
                scale.reading = None;
                if self.used == Some(at) {
                    self.used = None;
                }
            }
        }
    }

    /// Is there a figure of long ago? It says nothing about what lies there now.
    #[must_use]
    pub fn is_old(&self, now_mono_ms: u64) -> bool {
        self.reading().is_some_and(|r| {
            i64::try_from(now_mono_ms).unwrap_or(i64::MAX).saturating_sub(r.at_mono_ms) > weight::STALE_MS
        })
    }

    /// Forgets it if there is.
    pub fn forget_old(&mut self, now_mono_ms: u64) {
        if self.is_old(now_mono_ms)
            && let Some(scale) = self.used.and_then(|at| self.all.get_mut(at))
        {
            scale.reading = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Grams = Grams(5);

    fn reads(grams: i64, stable: bool) -> ScaleReading {
        ScaleReading { grams: Grams(grams), stable, at_mono_ms: 1_000 }
    }

    #[test]
    fn a_load_counts_once_until_it_is_lifted() {
        let mut scales = Scales::default();
        assert_eq!(scales.take("bench", reads(500, true), STEP), Came::TookOver);
        scales.count();
        // A label is pressed on.
        for (grams, stable) in [(500, false), (730, false), (470, false), (502, true)] {
            assert_eq!(scales.take("bench", reads(grams, stable), STEP), Came::InUse);
            assert!(scales.counted(), "{grams} g");
        }
        let lifted = [vec![(250, false)], vec![(0, true)], vec![(620, true)], vec![(90, false), (500, true)]];
        for readings in lifted {
            let mut after = scales.clone();
            for (grams, stable) in &readings {
                after.take("bench", reads(*grams, *stable), STEP);
            }
            assert!(!after.counted(), "{readings:?}");
        }
    }

    #[test]
    fn what_lies_on_another_scale_is_no_parcel_until_something_is_put_there() {
        let mut scales = Scales::default();
        scales.take("bench", reads(0, true), STEP);
        assert_eq!(scales.take("floor", reads(9_000, true), STEP), Came::Aside, "it lay there before");
        assert_eq!(scales.take("floor", reads(9_002, true), STEP), Came::Aside);
        assert_eq!(scales.reading(), Some(reads(0, true)));
        scales.take("bench", reads(500, true), STEP);
        scales.count();
        assert_eq!(scales.take("floor", reads(0, true), STEP), Came::Aside, "an empty one is not used");
        assert!(scales.counted(), "and says nothing of the load on the bench");
        assert_eq!(scales.take("floor", reads(700, false), STEP), Came::TookOver);
        assert!(!scales.counted());
        assert_eq!(scales.take("bench", reads(500, true), STEP), Came::Aside, "the parcel from before");
        scales.lost("floor");
        assert_eq!(scales.reading(), None);
        assert_eq!(scales.take("bench", reads(500, true), STEP), Came::TookOver);
        assert!(scales.counted(), "it still lies there");
    }

    #[test]
    fn a_figure_of_long_ago_is_forgotten() {
        let mut scales = Scales::default();
        scales.take("", reads(500, true), STEP);
        let old = 1_001 + u64::try_from(weight::STALE_MS).unwrap();
        assert!(!scales.is_old(old - 1) && scales.is_old(old));
        scales.forget_old(old);
        assert_eq!((scales.reading(), scales.is_old(old)), (None, false));
    }

    #[test]
    fn their_number_is_bounded() {
        let mut scales = Scales::default();
        for n in 0..20 {
            scales.take(&n.to_string(), reads(0, true), STEP);
        }
        assert_eq!(scales.all.len(), SCALES_MAX);
    }
}

//! The weight gate: what a parcel should weigh, how far it may be off, what that proves, and what a
//! difference looks like. Nothing here reads a scale; a reading comes in with the time it was taken.

use super::ids::ProductId;
use super::message::Message;
use super::units::Grams;

/// A reading older than this says nothing about what lies on the scale now, in ms.
pub const STALE_MS: i64 = 1_000;

/// Part of the expected mass a parcel may be off, in per cent.
const TOLERANCE_PERCENT: i64 = 5;
/// Mass a parcel may be off at least, where units are not lighter: tape, paper, a wet carton.
const TOLERANCE_G_MIN: i64 = 30;
/// Nobody packs this many by mistake; a difference that needs more units is explained otherwise.
const SUSPECT_UNITS_MAX: i64 = 200;

/// What a scale showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Mass on the scale.
    pub grams: Grams,
    /// The scale says it has come to rest.
    pub stable: bool,
    /// When it was read, on the station's monotonic clock, in ms.
    pub at_mono_ms: i64,
}

/// Why a reading does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The scale has not come to rest.
    Unstable,
    /// It is older than [`STALE_MS`], or from before the clock began anew.
    Stale,
    /// Nothing lies on the scale, or less than nothing.
    Empty,
}

impl Unusable {
    /// What the packer reads: `weight-unstable`, `weight-stale`, `weight-empty`.
    #[must_use]
    pub fn message(self) -> Message {
        Message::new(match self {
            Unusable::Unstable => "weight-unstable",
            Unusable::Stale => "weight-stale",
            Unusable::Empty => "weight-empty",
        })
    }
}

/// The mass of a reading that counts.
///
/// # Errors
/// The reason why it does not count: unstable, stale, or nothing on the scale.
pub fn usable(reading: &Reading, now_mono_ms: i64) -> Result<Grams, Unusable> {
    let age_ms = now_mono_ms.saturating_sub(reading.at_mono_ms);
    if !(0..=STALE_MS).contains(&age_ms) {
        Err(Unusable::Stale)
    } else if !reading.stable {
        Err(Unusable::Unstable)
    } else if reading.grams.0 <= 0 {
        Err(Unusable::Empty)
    } else {
        Ok(reading.grams)
    }
}

/// One product in a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Which.
    pub product: ProductId,
    /// How many units.
    pub qty: u32,
    /// Mass of one unit, if known; zero or less counts as unknown.
    pub unit_g: Option<Grams>,
    /// One standard deviation of single units, if known; otherwise units are taken for alike.
    pub spread_g: Option<Grams>,
    /// Mass of all of them together by their labels, of goods sold by weight. It counts instead of the mass of one unit.
    pub net_g: Option<Grams>,
}

impl Content {
    /// What the labels say of all of them.
    fn labelled_g(&self) -> Option<i64> {
        self.net_g.map(|g| g.0).filter(|g| *g > 0)
    }

    /// Mass of one unit.
    fn known_g(&self) -> Option<i64> {
        match self.labelled_g() {
            Some(all) => Some((all / i64::from(self.qty.max(1))).max(1)),
            None => self.unit_g.map(|g| g.0).filter(|g| *g > 0),
        }
    }

    /// Mass of all of them.
    fn all_g(&self) -> Option<Grams> {
        let units = || Some(Grams(self.known_g()?).times(self.qty));
        self.labelled_g().map(Grams).or_else(units)
    }

    /// One standard deviation of a unit, in grams; what was weighed before does not vary.
    fn deviation(&self) -> i64 {
        if self.labelled_g().is_some() { 0 } else { self.spread_g.map_or(0, |g| g.0.max(0)) }
    }

    /// Variance of all its units together, in square grams.
    fn variance(&self) -> i64 {
        let s = self.deviation();
        s.saturating_mul(s).saturating_mul(i64::from(self.qty))
    }
}

/// What a parcel should weigh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Packaging and all units of known mass.
    pub total_g: Grams,
    /// The lightest unit of known mass: the hardest to miss.
    pub lightest_unit_g: Option<Grams>,
    /// One standard deviation of the whole, rounded up: single units differ independently.
    pub spread_g: Grams,
    /// Products of unknown mass, each once.
    pub unknown: Vec<ProductId>,
    /// Three standard deviations of the whole, rounded up.
    three_sigma_g: i64,
}

/// The expected mass of these contents in packaging of mass `tare_g`.
#[must_use]
pub fn expected(contents: &[Content], tare_g: Grams) -> Expected {
    let packed = || contents.iter().filter(|c| c.qty > 0);
    let mut unknown = Vec::new();
    for c in packed().filter(|c| c.known_g().is_none()) {
        if !unknown.contains(&c.product) {
            unknown.push(c.product);
        }
    }
    let variance = packed().fold(0_i64, |sum, c| sum.saturating_add(c.variance()));
    Expected {
        total_g: tare_g + packed().filter_map(Content::all_g).sum::<Grams>(),
        lightest_unit_g: packed().filter_map(Content::known_g).min().map(Grams),
        spread_g: Grams(root_up(variance)),
        unknown,
        three_sigma_g: root_up(variance.saturating_mul(9)),
    }
}

/// Square root rounded up.
fn root_up(n: i64) -> i64 {
    let r = n.max(0).isqrt();
    if r.saturating_mul(r) < n { r + 1 } else { r }
}

/// What a weight within the gate proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A parcel with one unit missing would fall out of the gate.
    ShowsOneMissing,
    /// It would not, or not surely: the scans alone say that nothing is missing.
    ReliesOnScans {
        /// Why.
        because: Blind,
    },
}

/// Why the scale cannot show one missing unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blind {
    /// The scale's steps are too coarse for the lightest unit.
    Resolution,
    /// Units of the same product differ too much.
    Spread,
    /// The mass of a product is not known yet.
    UnknownWeight,
}

impl Proof {
    /// What the packer reads where scans must do: `weight-relies-resolution`,
    /// `weight-relies-spread`, `weight-relies-unknown`.
    #[must_use]
    pub fn message(self) -> Option<Message> {
        match self {
            Proof::ShowsOneMissing => None,
            Proof::ReliesOnScans { because } => Some(Message::new(match because {
                Blind::Resolution => "weight-relies-resolution",
                Blind::Spread => "weight-relies-spread",
                Blind::UnknownWeight => "weight-relies-unknown",
            })),
        }
    }
}

/// The gate a parcel's mass must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What it should weigh, without products of unknown mass.
    pub expected_g: Grams,
    /// The least it may weigh; never below one gram, so that an empty scale never passes.
    pub low_g: Grams,
    /// The most it may weigh; `i64::MAX` where a product of unknown mass is inside.
    pub high_g: Grams,
    /// How far it may be off.
    pub tolerance_g: Grams,
    /// What passing proves.
    pub proves: Proof,
}

/// The gate for an expected mass on a scale that shows steps of `resolution_g`.
///
/// The tolerance is the larger of 5 % and 30 g, but at most half the lightest unit. Where steps or
/// spread (three standard deviations of the whole) are larger than that half, or together could hide
/// a missing unit, such a tolerance would stop good parcels and prove nothing: it is then the larger
/// of 5 % and 30 g, and the gate says that it relies on scans.
#[must_use]
pub fn gate(expected: &Expected, resolution_g: i64) -> Gate {
    let wide = (expected.total_g.0.saturating_mul(TOLERANCE_PERCENT) / 100).max(TOLERANCE_G_MIN);
    let lightest = expected.lightest_unit_g.map_or(i64::MAX, |g| g.0);
    let half = lightest / 2;
    let narrow = wide.min(half);
    // A step of n grams is off by at most half of it, rounded up here to whole grams.
    let noise = (resolution_g.max(0).saturating_add(1) / 2).saturating_add(expected.three_sigma_g);
    let blind = if !expected.unknown.is_empty() {
        Some(Blind::UnknownWeight)
    } else if resolution_g > half {
        Some(Blind::Resolution)
    } else if expected.three_sigma_g > half {
        Some(Blind::Spread)
    } else if noise >= lightest - narrow {
        Some(if resolution_g > expected.three_sigma_g { Blind::Resolution } else { Blind::Spread })
    } else {
        None
    };
    let (tolerance, proves) = match blind {
        None => (narrow, Proof::ShowsOneMissing),
        Some(because) => (wide, Proof::ReliesOnScans { because }),
    };
    let high = if blind == Some(Blind::UnknownWeight) { Grams(i64::MAX) } else { expected.total_g + Grams(tolerance) };
    Gate {
        expected_g: expected.total_g,
        low_g: Grams((expected.total_g.0 - tolerance).max(1)),
        high_g: high,
        tolerance_g: Grams(tolerance),
        proves,
    }
}

/// What a gate says of a mass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It passes.
    Within,
    /// It weighs less than it may.
    TooLight {
        /// How much less than expected.
        by_g: Grams,
    },
    /// It weighs more than it may.
    TooHeavy {
        /// How much more than expected.
        by_g: Grams,
    },
}

/// Does this mass pass the gate? The edges pass.
#[must_use]
pub fn judge(gate: &Gate, grams: Grams) -> Verdict {
    let by_g = grams.distance(gate.expected_g);
    if grams < gate.low_g {
        Verdict::TooLight { by_g }
    } else if grams > gate.high_g {
        Verdict::TooHeavy { by_g }
    } else {
        Verdict::Within
    }
}

/// What a difference looks like, by arithmetic: "1,320 g is 6 × 220 g". `diff_g` is measured minus
/// expected, so below zero units are missing, and not more than were packed can be.
///
/// A product explains the difference if a whole number of its units comes within the scale's step
/// or three standard deviations of those units, whichever is larger, but never within more than a
/// quarter of a unit, which would explain anything. The explanation of fewest units is told;
/// nothing is told where two products need equally many, or where a mass is unknown.
#[must_use]
pub fn suspect(diff_g: Grams, contents: &[Content], resolution_g: i64) -> Option<(ProductId, u32)> {
    let size = diff_g.0.saturating_abs();
    if size == 0 || contents.iter().any(|c| c.qty > 0 && c.known_g().is_none()) {
        return None;
    }
    let mut best: Option<(ProductId, i64)> = None;
    let mut tied = false;
    for (n, c) in contents.iter().enumerate() {
        // A labelled piece stands for itself: another one weighs something else, so none is suspected of being too many.
        let labelled = c.labelled_g().is_some();
        let like = |o: &Content| o.product == c.product && o.labelled_g().is_none();
        let first = labelled || contents.iter().position(like) == Some(n);
        let packed: i64 = if labelled {
            i64::from(c.qty)
        } else {
            contents.iter().filter(|o| like(o)).map(|o| i64::from(o.qty)).sum()
        };
        let units_max = match (diff_g.0 < 0, labelled) {
            (true, _) => packed.min(SUSPECT_UNITS_MAX),
            (false, true) => 0,
            (false, false) => SUSPECT_UNITS_MAX,
        };
        let Some(units) =
            c.known_g().filter(|_| first && packed > 0).and_then(|g| units_that_make(size, g, c, resolution_g))
        else {
            continue;
        };
        if units > units_max {
            continue;
        }
        match best {
            Some((_, b)) if b < units => {}
            Some((p, b)) if b == units => tied |= p != c.product,
            _ => (best, tied) = (Some((c.product, units)), false),
        }
    }
    best.filter(|_| !tied).and_then(|(p, n)| Some((p, u32::try_from(n).ok()?)))
}

/// How many units of `unit` grams make `size` grams, if a whole number comes near enough.
fn units_that_make(size: i64, unit: i64, c: &Content, resolution_g: i64) -> Option<i64> {
    let n = size.checked_add(unit / 2)? / unit;
    let spread = c.deviation();
    let three_sigma = root_up(spread.saturating_mul(spread).saturating_mul(9).saturating_mul(n));
    let slack = resolution_g.max(three_sigma).min(unit / 4);
    (n > 0 && (size - n * unit).abs() <= slack).then_some(n)
}

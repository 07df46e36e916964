//! Real unit weights, learnt from parcels that passed the scale without anybody's override. The
//! first weight of a product, or a small drift, is taken over; a large change is only proposed,
//! because a wrong weight would blind the gate for every parcel after it.

use super::ids::ProductId;
use super::units::Grams;

/// How many of the last samples count.
pub const SAMPLES_MAX: usize = 9;
/// Fewer samples than this say nothing: one miscounted parcel must not be able to decide.
pub const SAMPLES_MIN: usize = 3;
/// A change above this part of the known weight needs a lead, in per cent.
pub const CHANGE_PERCENT_MAX: i64 = 10;

/// A parcel as it went over the scale.
#[derive(Clone, Copy, Debug)]
pub struct Weighed<'a> {
    /// What the scale showed.
    pub gross_g: Grams,
    /// The packaging alone.
    pub tare_g: Grams,
    /// What is inside, with the number of units.
    pub contents: &'a [(ProductId, u32)],
    /// Smallest step the scale shows, in grams.
    pub resolution_g: i64,
    /// Somebody let it pass although the gate did not.
    pub overridden: bool,
}

/// What one parcel says about one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Mass of one unit: the mean of the parcel's units, rounded to the gram.
    pub unit_g: Grams,
    /// How many units the parcel held.
    pub units: u32,
}

/// The scale's step may be at most this part of the contents' mass (one twentieth): a light unit
/// alone on a coarse scale teaches the scale's steps, not the unit's mass.
const STEPS_MIN: i64 = 20;

/// The product and sample a parcel yields, or `None`: only a parcel of a single product that needed
/// no override, and whose contents weigh enough for the scale, can be learnt from.
#[must_use]
pub fn sample(parcel: &Weighed<'_>) -> Option<(ProductId, Sample)> {
    let mut inside = parcel.contents.iter().filter(|(_, n)| *n > 0);
    let &(product, first) = inside.next()?;
    let units = inside.try_fold(first, |sum, (p, n)| (*p == product).then(|| sum.saturating_add(*n)))?;
    let net = (parcel.gross_g - parcel.tare_g).0;
    let count = i64::from(units);
    let unit_g = Grams((net.saturating_add(count / 2)) / count);
    let fine = net >= parcel.resolution_g.max(0).saturating_mul(STEPS_MIN);
    (!parcel.overridden && net > 0 && fine && unit_g.0 > 0).then_some((product, Sample { unit_g, units }))
}

/// Adds a sample and forgets all but the last [`SAMPLES_MAX`].
pub fn remember(history: &mut Vec<Sample>, s: Sample) {
    history.push(s);
    let surplus = history.len().saturating_sub(SAMPLES_MAX);
    history.drain(..surplus);
}

/// What the samples of a product say about its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learnt {
    /// Too few samples, or they contradict one another.
    NotYet,
    /// The known weight is right.
    Keep,
    /// The weight is this now.
    Update(Grams),
    /// It seems to be this, too far from the known weight to be taken over unseen.
    NeedsLead(Grams),
}

/// Holds the samples (oldest first; the last [`SAMPLES_MAX`] count) against the known weight.
///
/// The weight is their median, which a few miscounted parcels cannot move. Samples whose spread
/// (two standard deviations) exceeds [`CHANGE_PERCENT_MAX`] of the median contradict one another.
/// A median nearer to the known weight than two standard deviations of the median itself is
/// chance, not news.
#[must_use]
pub fn learn(known_g: Option<Grams>, history: &[Sample]) -> Learnt {
    let last = last(history);
    if last.len() < SAMPLES_MIN {
        return Learnt::NotYet;
    }
    let median = median(last);
    let sigma = deviation(last, median);
    if sigma.saturating_mul(2).saturating_mul(100) > median.saturating_mul(CHANGE_PERCENT_MAX) {
        return Learnt::NotYet;
    }
    let Some(known) = known_g.map(|g| g.0).filter(|g| *g > 0) else {
        return Learnt::Update(Grams(median));
    };
    let change = (median - known).abs();
    // (change ≤ 2 σ / √n) without a root: n × change² ≤ 4 σ².
    let n = i64::try_from(last.len()).unwrap_or(i64::MAX);
    let chance = n.saturating_mul(change.saturating_mul(change)) <= sigma.saturating_mul(sigma).saturating_mul(4);
    if change == 0 || chance {
        Learnt::Keep
    } else if change.saturating_mul(100) > known.saturating_mul(CHANGE_PERCENT_MAX) {
        Learnt::NeedsLead(Grams(median))
    } else {
        Learnt::Update(Grams(median))
    }
}

/// Is a proposed weight to be asked about, although a lead turned `refused_g` down? Only if it lies further than
/// [`CHANGE_PERCENT_MAX`] from that: the same answer is not asked for twice.
#[must_use]
pub fn ask_again(refused_g: Option<Grams>, proposed_g: Grams) -> bool {
    let Some(refused) = refused_g.map(|g| g.0).filter(|g| *g > 0) else { return true };
    (proposed_g.0 - refused).abs().saturating_mul(100) > refused.saturating_mul(CHANGE_PERCENT_MAX)
}

/// Is a measured spread worth telling everybody? The first one is; later ones if they differ by more than a quarter and
/// by more than a gram: a spread that flickers would send the product around with every parcel.
#[must_use]
pub fn spread_is_news(known_g: Option<Grams>, spread_g: Grams) -> bool {
    let Some(known) = known_g.map(|g| g.0) else { return true };
    let change = (spread_g.0 - known).abs();
    change > 1 && change.saturating_mul(4) > known
}

/// One standard deviation of single units, rounded up, once there are [`SAMPLES_MIN`] samples. A
/// parcel of n units shows only the n-th part of the variance, so its difference counts n times.
#[must_use]
pub fn spread(history: &[Sample]) -> Option<Grams> {
    let last = last(history);
    if last.len() < SAMPLES_MIN {
        return None;
    }
    let middle = median(last);
    let sum = last.iter().fold(0_i64, |sum, s| {
        let d = s.unit_g.0 - middle;
        sum.saturating_add(d.saturating_mul(d).saturating_mul(i64::from(s.units)))
    });
    let free = i64::try_from(last.len()).unwrap_or(i64::MAX) - 1;
    let variance = (sum.saturating_add(free - 1)) / free;
    let root = variance.isqrt();
    Some(Grams(if root * root < variance { root + 1 } else { root }))
}

fn last(history: &[Sample]) -> &[Sample] {
    history.get(history.len().saturating_sub(SAMPLES_MAX)..).unwrap_or(history)
}

/// The middle sample; of an even number the mean of the two in the middle.
fn median(samples: &[Sample]) -> i64 {
    let mut g: Vec<i64> = samples.iter().map(|s| s.unit_g.0).collect();
    g.sort_unstable();
    let high = g.get(g.len() / 2).copied().unwrap_or(0);
    let low = g.get(g.len().saturating_sub(1) / 2).copied().unwrap_or(0);
    low + (high - low) / 2
}

/// Standard deviation of the samples, from the median absolute deviation (× 1.4826 for a normal
/// distribution), rounded down: a single wrong parcel does not widen it.
fn deviation(samples: &[Sample], middle: i64) -> i64 {
    let mut d: Vec<i64> = samples.iter().map(|s| (s.unit_g.0 - middle).abs()).collect();
    d.sort_unstable();
    d.get(d.len() / 2).copied().unwrap_or(0).saturating_mul(14_826) / 10_000
}

//! Real packing in three dimensions: which boxes an order needs, and where in them everything lies.
//!
//! Things lie along the sides of a box. Each says how it may be turned and what it bears on top; a box says
//! how much mass it holds and what it costs. The answer is found by rules of thumb first, by an exact search
//! where there are few things, and lower bounds tell how much of it is proven. Effort is counted in steps and
//! bounded, so that the same question costs the same everywhere and gets the same answer.

mod bounds;
mod exact;
mod fill;
mod pile;
mod rows;
pub(in crate::planning) mod space;
mod split;
mod subsets;
mod turns;

pub use turns::Turns;

use fill::Filler;

/// Three lengths in mm: along x, y and z (upwards).
pub type Sides = [i32; 3];

/// Longer sides than a hundred metres are refused: sums of volumes must not overflow.
pub const SIDE_MM_MAX: i32 = 100_000;
/// More mass than a thousand tonnes is refused for the same reason.
pub const MASS_G_MAX: i64 = 1_000_000_000;
/// More things than this are not laid out one by one; those beyond it are left over.
pub const UNITS_MAX: u32 = 2_000;
/// More kinds of boxes than this are not looked at.
pub const KINDS_MAX: usize = 200;

/// What a thing bears on top of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Top {
    /// Whatever fits.
    #[default]
    Anything,
    /// Things of this mass together at most, in grams, counting all that stands above it.
    UpTo(i64),
    /// Nothing may touch it from above.
    Nothing,
}

/// Things of one sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ware {
    /// Sides of one as it stands: length, width, height.
    pub sides: Sides,
    /// How it may be turned.
    pub turns: Turns,
    /// Mass of one in grams; 0 where unknown.
    pub mass_g: i64,
    /// What it bears.
    pub top: Top,
    /// How many.
    pub qty: u32,
}

impl Ware {
    /// Volume of one in mm³.
    #[must_use]
    pub fn volume_mm3(&self) -> i64 {
        volume(self.sides)
    }

    /// Are sides and mass such that it can be reckoned with?
    #[must_use]
    pub fn sound(&self) -> bool {
        self.sides.iter().all(|s| (1..=SIDE_MM_MAX).contains(s)) && (0..=MASS_G_MAX).contains(&self.mass_g)
    }
}

/// One kind of box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Room inside.
    pub inner: Sides,
    /// Its sides outside, which the carrier measures.
    pub outer: Sides,
    /// Mass of it empty.
    pub tare_g: i64,
    /// The most that may lie in it.
    pub mass_g_max: i64,
    /// What one costs, in the smallest unit of money.
    pub price: i64,
}

impl Kind {
    /// Volume inside in mm³; 0 where a side is missing.
    #[must_use]
    pub fn volume_mm3(&self) -> i64 {
        volume(self.inner.map(|s| s.max(0)))
    }

    /// Could one of this ware be inside, alone?
    #[must_use]
    pub fn takes(&self, ware: &Ware) -> bool {
        ware.mass_g <= self.mass_g_max && ware.turns.of(ware.sides).any(|t| (0..3).all(|k| t[k] <= self.inner[k]))
    }
}

/// What the carrier takes for a parcel besides the box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tariff {
    /// Volumetric weight: this many mm³ count as a kilogram (5,000,000 is usual); `None` bills real mass alone.
    pub mm3_per_kg: Option<i64>,
    /// Price of a billed kilogram, in the smallest unit of money.
    pub price_per_kg: i64,
}

impl Tariff {
    /// The mass the carrier bills for a box with so much in it, in grams: the real or the volumetric one,
    /// whichever is more.
    #[must_use]
    pub fn billed_g(&self, kind: &Kind, contents_g: i64) -> i64 {
        let real = kind.tare_g.saturating_add(contents_g);
        let volumetric = self.mm3_per_kg.filter(|d| *d > 0).map_or(0, |d| {
            let outer = kind.outer.map(|s| i128::from(s.clamp(0, SIDE_MM_MAX))).iter().product::<i128>();
            i64::try_from((outer * 1_000 + i128::from(d) - 1) / i128::from(d)).unwrap_or(i64::MAX)
        });
        real.max(volumetric)
    }

    /// What a parcel costs: the box and the billed mass.
    #[must_use]
    pub fn cost(&self, kind: &Kind, contents_g: i64) -> i64 {
        let carried = i128::from(self.billed_g(kind, contents_g)) * i128::from(self.price_per_kg);
        let carried = i64::try_from((carried + 999) / 1_000).unwrap_or(i64::MAX);
        kind.price.saturating_add(carried)
    }
}

/// How packing is done at a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// So much of every base must lie on the floor or on something, in per cent; with 0 it is enough to touch.
    pub support_percent: u8,
    /// What a parcel costs.
    pub tariff: Tariff,
}

/// A thing in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its index among the wares.
    pub ware: usize,
    /// Its corner nearest to the origin of the box, in mm.
    pub at: Sides,
    /// Its sides as it lies.
    pub size: Sides,
}

/// One box with what lies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Index of the kind of box.
    pub kind: usize,
    /// Everything inside, in an order in which it can be put in from above.
    pub placed: Vec<Placed>,
}

/// How an order is packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// The boxes.
    pub parcels: Vec<Parcel>,
    /// Wares, with their number, that go in no box or are too many.
    pub left_over: Vec<(usize, u32)>,
    /// No packing of these things, without what is left over, has fewer boxes.
    pub fewest: bool,
    /// It is one box, and no cheaper or smaller kind holds everything.
    pub cheapest: bool,
}

/// Packs orders; keeps its working memory from one to the next.
#[derive(Default)]
pub struct Planner {
    filler: Filler,
}

/// What has become of a question: yes with places, no for certain, or not known.
enum Verdict {
    Fits,
    Never,
    Unknown,
}

/// Effort of one order, counted in corners looked at; beyond it only the first way is tried of everything that
/// must still be tried, then that for one kind of box alone, and in the end things of one sort are put in rows.
const EFFORT: i64 = 4_000_000;

impl Planner {
    /// The boxes for an order: as few as can be found, among those the cheapest, among those the smallest.
    #[must_use]
    pub fn pack(&mut self, kinds: &[Kind], wares: &[Ware], rules: &Rules) -> Packed {
        let mut out = Packed::default();
        let wanted = wanted(kinds, wares, &mut out);
        if wanted.iter().all(|n| *n == 0) {
            out.fewest = true;
            return out;
        }
        let task = Task { kinds, wares, rules };
        self.filler.begin(&task, EFFORT, wanted.iter().sum());
        let order = task.by_cost(mass(wares, &wanted));
        let largest = order.iter().copied().max_by_key(|k| kinds[*k].volume_mm3());
        let mut refused = true;
        for &kind in &order {
            if self.filler.is_long_over() && largest != Some(kind) {
                refused &= bounds::plainly_too_much(&task, kind, &wanted);
                continue;
            }
            match self.one_box(&task, kind, &wanted) {
                Verdict::Fits => {
                    out.parcels.push(Parcel { kind, placed: self.filler.take(&task) });
                    (out.fewest, out.cheapest) = (true, refused);
                    return out;
                }
                Verdict::Never => {}
                Verdict::Unknown => refused = false,
            }
        }
        let least = bounds::boxes_at_least(&task, &wanted).max(if refused { 2 } else { 1 });
        let (parcels, proven) = split::split(&mut self.filler, &task, &wanted, least);
        out.fewest = proven;
        out.parcels = parcels;
        out
    }

    /// Does everything wanted go in one box of this kind?
    fn one_box(&mut self, task: &Task<'_>, kind: usize, wanted: &[u32]) -> Verdict {
        if bounds::plainly_too_much(task, kind, wanted) {
            return Verdict::Never;
        }
        if self.filler.quick(task, kind, wanted) {
            return Verdict::Fits;
        }
        if self.filler.is_long_over() {
            return Verdict::Unknown;
        }
        if bounds::too_much(task, kind, wanted) {
            return Verdict::Never;
        }
        if self.filler.thorough(task, kind, wanted) {
            return Verdict::Fits;
        }
        exact::search(&mut self.filler, task, kind, wanted)
    }
}

/// The question, as all parts see it.
#[derive(Clone, Copy)]
struct Task<'a> {
    kinds: &'a [Kind],
    wares: &'a [Ware],
    rules: &'a Rules,
}

impl Task<'_> {
    /// The kinds that can be used, the cheapest for so much mass first, then the smallest, then the lightest.
    fn by_cost(&self, mass_g: i64) -> Vec<usize> {
        let usable = |k: &Kind| k.inner.iter().all(|s| (1..=SIDE_MM_MAX).contains(s));
        let all = self.kinds.iter().enumerate().take(KINDS_MAX);
        let mut keyed: Vec<((i64, i64, i64), usize)> = all
            .filter(|(_, k)| usable(k))
            .map(|(n, k)| ((self.rules.tariff.cost(k, mass_g), k.volume_mm3(), k.tare_g), n))
            .collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, n)| n).collect()
    }

    /// Do stacking or support limit where a thing may lie?
    fn ruled(&self) -> bool {
        self.rules.support_percent > 0 || self.wares.iter().any(|w| w.top != Top::Anything)
    }
}

/// How many of each ware are packed; the others are left over.
fn wanted(kinds: &[Kind], wares: &[Ware], out: &mut Packed) -> Vec<u32> {
    let mut room = UNITS_MAX;
    let mut wanted = Vec::with_capacity(wares.len());
    for (n, ware) in wares.iter().enumerate() {
        let goes = ware.sound() && kinds.iter().take(KINDS_MAX).any(|k| k.takes(ware));
        let units = if goes { ware.qty.min(room) } else { 0 };
        room -= units;
        wanted.push(units);
        if units < ware.qty {
            out.left_over.push((n, ware.qty - units));
        }
    }
    wanted
}

/// Volume in mm³; what nobody checked yet may be too much for a number.
fn volume(sides: Sides) -> i64 {
    sides.iter().fold(1, |v: i64, s| v.saturating_mul(i64::from(*s)))
}

/// Mass of so many of each ware, in grams.
fn mass(wares: &[Ware], counts: &[u32]) -> i64 {
    wares.iter().zip(counts).map(|(w, n)| w.mass_g * i64::from(*n)).sum()
}

/// Volume of so many of each ware, in mm³.
fn room_of(wares: &[Ware], counts: &[u32]) -> i64 {
    wares.iter().zip(counts).filter(|(_, n)| **n > 0).map(|(w, n)| w.volume_mm3() * i64::from(*n)).sum()
}

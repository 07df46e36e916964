//! Which box an order fits in, how it lies in it, and why this box and not the next smaller one; or
//! over how many boxes it must be spread.
//!
//! Everything may be turned along its sides. The answer is a suggestion: the packer may take
//! another box, and nothing here refuses one.

mod estimate;
mod room;

use crate::core::ids::{PackagingId, ProductId};
use crate::core::message::Message;
use crate::core::packaging::Packaging;
use crate::core::units::{DimsMm, Grams};
use room::{Effort, Placed, Room, Unit};

/// More units than this are not laid out one by one; their boxes are estimated.
pub const UNITS_MAX: u32 = 240;
/// Nobody packs more parcels than this in one go.
pub const PARCELS_MAX: usize = 500;

/// Longer sides than a hundred metres, and more mass than a thousand tonnes, count as this much:
/// volumes and sums of what is entered by mistake must not overflow.
const SIDE_MM_MAX: i32 = 100_000;
const MASS_G_MAX: i64 = 1_000_000_000;

/// Units of one product that are to be packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub product: ProductId,
    /// How many.
    pub qty: u32,
    /// Size of one, if known; a side of zero or less counts as unknown.
    pub dims: Option<DimsMm>,
    /// Mass of one, if known.
    pub weight_g: Option<Grams>,
}

/// A corner inside a box, in mm from its left, front, bottom corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corner {
    /// Along the box's length.
    pub x_mm: i32,
    /// Along its width.
    pub y_mm: i32,
    /// Upwards.
    pub z_mm: i32,
}

/// Where a unit lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Which product.
    pub product: ProductId,
    /// Its left, front, bottom corner.
    pub at: Corner,
    /// Its sides as it lies: length along x, width along y, height upwards.
    pub size: DimsMm,
    /// 1 on the bottom; otherwise one more than the highest of what it lies on.
    pub layer: u16,
}

/// One parcel of a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelPlan {
    /// The box or envelope.
    pub packaging: PackagingId,
    /// What goes in.
    pub contents: Vec<(ProductId, u32)>,
    /// Where everything lies, in the order it can be put in: from the bottom up, of what lies
    /// equally high the heavy first. Empty where sizes are unknown or units too many.
    pub placements: Vec<Placement>,
    /// How much of the room the contents take, in per cent; `None` where sizes are unknown.
    pub fill_percent: Option<u8>,
    /// Packaging and contents, as far as masses are known.
    pub weight_g: Grams,
    /// Why this one.
    pub why: Why,
}

/// What to pack an order in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestion {
    /// The parcels; none only if there is nothing that can be packed.
    pub parcels: Vec<ParcelPlan>,
    /// Units that go in no packaging of the site, by size or by mass.
    pub left_over: Vec<(ProductId, u32)>,
    /// Products whose size is unknown.
    pub unknown: Vec<ProductId>,
}

/// Why a packaging is suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is the smallest there is, and everything fits.
    FitsAll,
    /// The next smaller one is not long, wide or high enough for something.
    NextSmallerTooShort {
        /// The next smaller one.
        name: String,
        /// How much is missing at the worst side, in mm.
        missing_mm: i32,
    },
    /// The next smaller one may not hold so much mass.
    NextSmallerTooWeak {
        /// The next smaller one.
        name: String,
        /// How much too much.
        over_g: Grams,
    },
    /// The next smaller one has less room than the things themselves take.
    NextSmallerTooFull {
        /// The next smaller one.
        name: String,
        /// How full it would be, above 100, in per cent.
        percent: u32,
    },
    /// No arrangement was found in the next smaller one.
    NextSmallerNoWay {
        /// The next smaller one.
        name: String,
    },
    /// Everything together is too heavy for one parcel.
    SplitByMass {
        /// How many parcels.
        parcels: u32,
    },
    /// Everything together does not fit in one parcel.
    SplitByRoom {
        /// How many parcels.
        parcels: u32,
    },
    /// The size of some products is unknown: by mass and by what is known of the others.
    SizeUnknown {
        /// How many products.
        products: u32,
    },
    /// So many units that only their volume and mass were counted.
    Estimated {
        /// How many units.
        units: u32,
    },
}

impl Why {
    /// What the packer reads: `carton-fits-all`, `carton-smaller-too-short` (name, missing),
    /// `carton-smaller-too-weak` (name, over), `carton-smaller-too-full` (name, percent),
    /// `carton-smaller-no-way` (name), `carton-split-mass` (parcels), `carton-split-room` (parcels),
    /// `carton-size-unknown` (products), `carton-estimated` (units). `missing` is in mm.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Why::FitsAll => Message::new("carton-fits-all"),
            Why::NextSmallerTooShort { name, missing_mm } => Message::new("carton-smaller-too-short")
                .with("name", name.as_str())
                .with("missing", i64::from(*missing_mm)),
            Why::NextSmallerTooWeak { name, over_g } => {
                Message::new("carton-smaller-too-weak").with("name", name.as_str()).with("over", *over_g)
            }
            Why::NextSmallerTooFull { name, percent } => {
                Message::new("carton-smaller-too-full").with("name", name.as_str()).with("percent", *percent)
            }
            Why::NextSmallerNoWay { name } => Message::new("carton-smaller-no-way").with("name", name.as_str()),
            Why::SplitByMass { parcels } => Message::new("carton-split-mass").with("parcels", *parcels),
            Why::SplitByRoom { parcels } => Message::new("carton-split-room").with("parcels", *parcels),
            Why::SizeUnknown { products } => Message::new("carton-size-unknown").with("products", *products),
            Why::Estimated { units } => Message::new("carton-estimated").with("units", *units),
        }
    }
}

/// One kind of packaging and the room in it.
#[derive(Clone, Copy)]
struct Kind<'a> {
    packaging: &'a Packaging,
    room: Room,
}

/// The packaging of a site, from the smallest room to the largest, then from the lightest.
struct Shelf<'a> {
    kinds: Vec<Kind<'a>>,
}

impl<'a> Shelf<'a> {
    fn new(kinds: &'a [Packaging]) -> Shelf<'a> {
        let room = |p: &Packaging| Room {
            sides: [p.inner.length, p.inner.width, p.inner.height].map(|s| s.min(SIDE_MM_MAX)),
            mass_g_max: p.max_g.0.min(MASS_G_MAX),
        };
        let mut kinds: Vec<Kind<'_>> = kinds.iter().map(|p| Kind { packaging: p, room: room(p) }).collect();
        kinds.retain(|k| k.room.volume() > 0);
        kinds.sort_by_key(|k| (k.room.volume(), k.packaging.tare_g, k.packaging.id));
        Shelf { kinds }
    }

    /// The kind before this one.
    fn next_smaller(&self, kind: &Kind<'_>) -> Option<&Kind<'a>> {
        self.kinds.iter().take_while(|k| k.packaging.id != kind.packaging.id).last()
    }
}

/// Suggests packaging: the smallest kind everything fits in; if there is none, few parcels, each of
/// the smallest kind its share fits in. Bounded in effort: the same question costs the same
/// everywhere, and gets the same answer.
#[must_use]
pub fn suggest(kinds: &[Packaging], items: &[Item]) -> Suggestion {
    let shelf = Shelf::new(kinds);
    let mut out = Suggestion::default();
    let mut units = Vec::new();
    let mut count = 0_u32;
    let mut packable = Vec::new();
    for (n, item) in items.iter().enumerate().filter(|(_, i)| i.qty > 0) {
        let unit = unit_of(n, item);
        let goes = |r: &Room| match &unit {
            Some(u) => r.takes(u),
            None => mass_of(item) <= r.mass_g_max,
        };
        if !shelf.kinds.iter().any(|k| goes(&k.room)) {
            out.left_over.push((item.product, item.qty));
            continue;
        }
        packable.push(item);
        count = count.saturating_add(item.qty);
        match unit {
            Some(u) if count <= UNITS_MAX => units.extend((0..item.qty).map(|_| u)),
            Some(_) => {}
            None if out.unknown.contains(&item.product) => {}
            None => out.unknown.push(item.product),
        }
    }
    if !out.unknown.is_empty() {
        let products = u32::try_from(out.unknown.len()).unwrap_or(u32::MAX);
        estimate::plan(&shelf, &packable, &Why::SizeUnknown { products }, &mut out);
    } else if count > UNITS_MAX {
        estimate::plan(&shelf, &packable, &Why::Estimated { units: count }, &mut out);
    } else {
        lay_out(&shelf, items, &units, &mut out);
    }
    out
}

fn mass_of(item: &Item) -> i64 {
    item.weight_g.map_or(0, |g| g.0.clamp(0, MASS_G_MAX + 1))
}

/// A unit of known size, longest side first.
fn unit_of(n: usize, item: &Item) -> Option<Unit> {
    let sides = item.dims?.sorted().map(|s| s.min(SIDE_MM_MAX + 1));
    sides.iter().all(|s| *s > 0).then(|| Unit { item: n, sides, mass_g: mass_of(item) })
}

/// A parcel found: which kind, which units, where they lie.
struct Found<'a> {
    kind: Kind<'a>,
    units: Vec<Unit>,
    placed: Vec<Placed>,
}

fn lay_out(shelf: &Shelf<'_>, items: &[Item], units: &[Unit], out: &mut Suggestion) {
    if units.is_empty() {
        return;
    }
    let mut effort = Effort::new();
    if let Some(found) = smallest(shelf, units, &mut effort) {
        let why = why_not_smaller(shelf, &found);
        out.parcels.push(plan_of(items, &found, why));
        return;
    }
    let parcels = split(shelf, units, &mut effort);
    let number = u32::try_from(parcels.len()).unwrap_or(u32::MAX);
    let mass: i64 = units.iter().map(|u| u.mass_g).sum();
    let too_heavy = shelf.kinds.iter().all(|k| mass > k.room.mass_g_max);
    for found in &parcels {
        let why = if too_heavy { Why::SplitByMass { parcels: number } } else { Why::SplitByRoom { parcels: number } };
        out.parcels.push(plan_of(items, found, why));
    }
}

/// The smallest kind all units go in.
fn smallest<'a>(shelf: &Shelf<'a>, units: &[Unit], effort: &mut Effort) -> Option<Found<'a>> {
    shelf.kinds.iter().find_map(|kind| {
        let placed = room::all_in(&kind.room, units, effort)?;
        Some(Found { kind: *kind, units: units.to_vec(), placed })
    })
}

/// What counts as filling a box well.
#[derive(Clone, Copy)]
enum Measure {
    Volume,
    Mass,
    Both,
    Larger,
    Units,
}

impl Measure {
    fn of<'u>(self, inside: impl Iterator<Item = &'u Unit>, all: &[Unit]) -> i64 {
        let sums = |(n, v, m): (i64, i64, i64), u: &Unit| (n + 1, v + u.volume(), m + u.mass_g);
        let (count, volume, mass) = inside.fold((0, 0, 0), sums);
        let (_, all_volume, all_mass) = all.iter().fold((0, 0, 0), sums);
        let permille = |part: i64, whole: i64| part.saturating_mul(1_000) / whole.max(1);
        match self {
            Measure::Volume => volume,
            Measure::Mass => mass,
            Measure::Both => permille(volume, all_volume) + permille(mass, all_mass),
            Measure::Larger => permille(volume, all_volume).max(permille(mass, all_mass)),
            Measure::Units => count,
        }
    }
}

const MEASURES: [Measure; 5] = [Measure::Volume, Measure::Mass, Measure::Both, Measure::Larger, Measure::Units];

/// Few parcels: box after box is filled as well as can be, once by every measure; the fewest parcels
/// win, then the least room.
fn split<'a>(shelf: &Shelf<'a>, units: &[Unit], effort: &mut Effort) -> Vec<Found<'a>> {
    let mut best: Option<((usize, i64), Vec<Found<'a>>)> = None;
    let least = parcels_at_least(shelf, units);
    for measure in MEASURES {
        let parcels = fill_one_by_one(shelf, units, measure, effort);
        let cost = (parcels.len(), parcels.iter().map(|f| f.kind.room.volume()).sum());
        if best.as_ref().is_none_or(|(c, _)| cost < *c) {
            best = Some((cost, parcels));
        }
        if !effort.left() || best.as_ref().is_some_and(|((n, _), _)| *n <= least) {
            break;
        }
    }
    best.map(|(_, parcels)| parcels).unwrap_or_default()
}

/// No fewer parcels can do, by volume and by mass.
fn parcels_at_least(shelf: &Shelf<'_>, units: &[Unit]) -> usize {
    let volume = shelf.kinds.iter().map(|k| k.room.volume()).max().unwrap_or(1).max(1);
    let mass = shelf.kinds.iter().map(|k| k.room.mass_g_max).max().unwrap_or(1).max(1);
    let by_volume = (units.iter().map(Unit::volume).sum::<i64>() + volume - 1) / volume;
    let by_mass = (units.iter().map(|u| u.mass_g).sum::<i64>() + mass - 1) / mass;
    usize::try_from(by_volume.max(by_mass)).unwrap_or(usize::MAX)
}

fn fill_one_by_one<'a>(shelf: &Shelf<'a>, units: &[Unit], measure: Measure, effort: &mut Effort) -> Vec<Found<'a>> {
    let mut rest = units.to_vec();
    let mut parcels = Vec::new();
    while !rest.is_empty() {
        if let Some(found) = smallest(shelf, &rest, effort) {
            parcels.push(found);
            break;
        }
        let Some((found, left)) = fullest(shelf, &rest, measure, effort) else { break };
        let smaller = smallest(shelf, &found.units, effort);
        parcels.push(smaller.filter(|s| s.kind.room.volume() < found.kind.room.volume()).unwrap_or(found));
        rest = left;
    }
    parcels
}

/// The best filling of any kind of box, and the units that stay outside.
fn fullest<'a>(
    shelf: &Shelf<'a>,
    rest: &[Unit],
    measure: Measure,
    effort: &mut Effort,
) -> Option<(Found<'a>, Vec<Unit>)> {
    let mut best: Option<(i64, Kind<'a>, Vec<Placed>)> = None;
    for kind in &shelf.kinds {
        for placed in room::fillings(&kind.room, rest, effort) {
            let score = measure.of(placed.iter().filter_map(|p| rest.get(p.unit)), rest);
            if best.as_ref().is_none_or(|(b, ..)| score > *b) {
                best = Some((score, *kind, placed));
            }
        }
    }
    let (_, kind, mut placed) = best?;
    let units = placed.iter().filter_map(|p| rest.get(p.unit).copied()).collect();
    let outside = |i: &usize| !placed.iter().any(|p| p.unit == *i);
    let left = rest.iter().enumerate().filter(|(i, _)| outside(i)).map(|(_, u)| *u).collect();
    placed.iter_mut().enumerate().for_each(|(n, p)| p.unit = n);
    Some((Found { kind, units, placed }, left))
}

/// Why the next smaller kind would not do.
fn why_not_smaller(shelf: &Shelf<'_>, found: &Found<'_>) -> Why {
    let Some(Kind { packaging, room }) = shelf.next_smaller(&found.kind) else { return Why::FitsAll };
    let name = packaging.name.clone();
    let mut inside = room.sides;
    inside.sort_unstable_by(|a, b| b.cmp(a));
    let missing = |u: &Unit| (0..3).map(|k| u.sides[k] - inside[k]).max().unwrap_or(0);
    let missing_mm = found.units.iter().map(missing).max().unwrap_or(0);
    let over_g = found.units.iter().map(|u| u.mass_g).sum::<i64>() - room.mass_g_max;
    let volume: i64 = found.units.iter().map(Unit::volume).sum();
    if missing_mm > 0 {
        Why::NextSmallerTooShort { name, missing_mm }
    } else if over_g > 0 {
        Why::NextSmallerTooWeak { name, over_g: Grams(over_g) }
    } else if volume > room.volume() {
        let percent = (volume.saturating_mul(100) + room.volume() - 1) / room.volume();
        Why::NextSmallerTooFull { name, percent: u32::try_from(percent).unwrap_or(u32::MAX) }
    } else {
        Why::NextSmallerNoWay { name }
    }
}

/// A parcel as the packer needs it.
fn plan_of(items: &[Item], found: &Found<'_>, why: Why) -> ParcelPlan {
    let product = |u: &Unit| items.get(u.item).map(|i| i.product);
    let mut settled = found.placed.clone();
    room::settle(&mut settled);
    let mut lying: Vec<(&Placed, &Unit)> =
        settled.iter().filter_map(|p| found.units.get(p.unit).map(|u| (p, u))).collect();
    lying.sort_by_key(|(p, u)| (p.at[2], std::cmp::Reverse(u.mass_g), p.at[1], p.at[0]));
    let mut placements: Vec<Placement> = Vec::with_capacity(lying.len());
    let mut contents: Vec<(ProductId, u32)> = Vec::new();
    for (p, u) in lying {
        let Some(product) = product(u) else { continue };
        let [x_mm, y_mm, z_mm] = p.at;
        let [length, width, height] = p.size;
        let mut new =
            Placement { product, at: Corner { x_mm, y_mm, z_mm }, size: DimsMm { length, width, height }, layer: 1 };
        new.layer =
            placements.iter().filter(|b| carries(b, &new)).map(|b| b.layer.saturating_add(1)).max().unwrap_or(1);
        placements.push(new);
        count(&mut contents, product, 1);
    }
    let volume: i64 = found.units.iter().map(Unit::volume).sum();
    let mass: i64 = found.units.iter().map(|u| u.mass_g).sum();
    ParcelPlan {
        packaging: found.kind.packaging.id,
        contents,
        placements,
        fill_percent: percent(volume, found.kind.room.volume()),
        weight_g: found.kind.packaging.tare_g + Grams(mass),
        why,
    }
}

/// Adds units to a list in which every product stands once.
fn count(list: &mut Vec<(ProductId, u32)>, product: ProductId, units: u32) {
    match list.iter_mut().find(|(id, _)| *id == product) {
        Some((_, n)) => *n = n.saturating_add(units),
        None => list.push((product, units)),
    }
}

/// Does one thing touch the other from below?
fn carries(below: &Placement, above: &Placement) -> bool {
    let overlap = |a: i32, a_len: i32, b: i32, b_len: i32| a < b + b_len && b < a + a_len;
    below.at.z_mm + below.size.height == above.at.z_mm
        && overlap(below.at.x_mm, below.size.length, above.at.x_mm, above.size.length)
        && overlap(below.at.y_mm, below.size.width, above.at.y_mm, above.size.width)
}

fn percent(part: i64, whole: i64) -> Option<u8> {
    u8::try_from((part.saturating_mul(100) + whole / 2).checked_div(whole)?.min(100)).ok()
}

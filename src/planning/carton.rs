//! Which box an order fits in, how it lies in it, and why this box and not the next smaller one; or
//! over how many boxes it must be spread.
//!
//! The laying out is [`super::boxes`]'s; here products and packaging become things and boxes, and the answer becomes
//! what a packer is told. It is a suggestion: the packer may take another box, and nothing here refuses one.

mod estimate;

use super::boxes::{self, MASS_G_MAX, Packed, Planner, Rules, SIDE_MM_MAX, Tariff, Top, Turns, Ware};
use crate::core::ids::{PackagingId, ProductId};
use crate::core::message::Message;
use crate::core::packaging::Packaging;
use crate::core::units::{DimsMm, Grams};

/// More units than this are not laid out one by one; their boxes are estimated.
pub const UNITS_MAX: u32 = 240;
/// Nobody packs more parcels than this in one go.
pub const PARCELS_MAX: usize = 500;

/// So much of every base lies on something, in per cent: less tips over.
const SUPPORT_PERCENT: u8 = 50;

/// Units of one product that are to be packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub product: ProductId,
    /// How many.
    pub qty: u32,
    /// Size of one, if known; a side of zero or less counts as unknown.
    pub dims: Option<DimsMm>,
    /// Room that one takes at most, in mm³, where nobody measured it but parcels say so: `dims` is then how long its sides are at most,
    /// and not which of them is upright.
    pub learnt_mm3: Option<i64>,
    /// Mass of one, if known.
    pub weight_g: Option<Grams>,
    /// How it may be turned.
    pub turns: Turns,
    /// What it bears on top.
    pub top: Top,
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
    /// Which of its own sides stands upright.
    pub up: Up,
    /// 1 on the bottom; otherwise one more than the highest of what it lies on.
    pub layer: u16,
}

/// Which of a unit's own sides stands upright as it lies in the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Up {
    /// Its height: it stands as measured.
    Height,
    /// Its width: it lies on its side.
    Width,
    /// Its length: it stands on end.
    Length,
}

impl Up {
    /// Of a unit that is `upright` high as it lies; of sides that are equal the height is meant first.
    fn of([length, width, height]: boxes::Sides, upright: i32) -> Up {
        match upright {
            h if h == height => Up::Height,
            w if w == width => Up::Width,
            l if l == length => Up::Length,
            _ => Up::Height,
        }
    }
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
    /// No packing has fewer parcels; and if it is one, no smaller packaging holds everything.
    pub proven: bool,
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
    /// The size of some products is learnt from parcels: no side is longer, and they take no more room; so only that was counted.
    SizeLearnt {
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
    /// `carton-size-unknown` (products), `carton-sizes-learnt` (products), `carton-estimated` (units). `missing` is in mm.
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
            Why::SizeLearnt { products } => Message::new("carton-sizes-learnt").with("products", *products),
            Why::Estimated { units } => Message::new("carton-estimated").with("units", *units),
        }
    }
}

/// One kind of packaging and the room in it.
#[derive(Clone, Copy)]
struct Kind<'a> {
    packaging: &'a Packaging,
    room: boxes::Kind,
}

/// The packaging of a site, from the smallest room to the largest, then from the lightest.
struct Shelf<'a> {
    kinds: Vec<Kind<'a>>,
}

impl<'a> Shelf<'a> {
    fn new(kinds: &'a [Packaging], items: &[Item]) -> Shelf<'a> {
        let room = |p: &Packaging| {
            let inner = [p.inner.length, p.inner.width, p.inner.height].map(|s| s.min(SIDE_MM_MAX));
            let mass_g_max = p.max_g.0.min(MASS_G_MAX);
            boxes::Kind { inner, outer: inner, tare_g: p.tare_g.0.clamp(0, MASS_G_MAX), mass_g_max, price: 0 }
        };
        let mut kinds: Vec<Kind<'_>> = kinds.iter().map(|p| Kind { packaging: p, room: room(p) }).collect();
        kinds.retain(|k| k.room.volume_mm3() > 0);
        kinds.sort_by_key(|k| (k.room.volume_mm3(), k.packaging.tare_g, k.packaging.id));
        Shelf { kinds: few_enough(kinds, items) }
    }

    /// The kind before this one.
    fn next_smaller(&self, kind: &Kind<'_>) -> Option<&Kind<'a>> {
        self.kinds.iter().take_while(|k| k.packaging.id != kind.packaging.id).last()
    }
}

/// Of more kinds than are looked at the smallest and the largest that take each item, and of the others, by size, every so many: else what only a
/// large one takes would seem to go in none.
fn few_enough<'a>(kinds: Vec<Kind<'a>>, items: &[Item]) -> Vec<Kind<'a>> {
    let (all, most) = (kinds.len(), boxes::KINDS_MAX);
    if all <= most {
        return kinds;
    }
    let takes = |k: &Kind<'_>, item: &Item| match ware_of(item) {
        Some(ware) => k.room.takes(&ware),
        None => mass_of(item) <= k.room.mass_g_max,
    };
    let mut keep = vec![false; all];
    for item in items.iter().take(most / 4) {
        let smallest = kinds.iter().position(|k| takes(k, item));
        let largest = kinds.iter().rposition(|k| takes(k, item));
        smallest.into_iter().chain(largest).for_each(|n| keep[n] = true);
    }
    let room = most - keep.iter().filter(|k| **k).count();
    (0..room).for_each(|n| keep[all - 1 - n * all / room] = true);
    kinds.into_iter().zip(keep).filter_map(|(kind, keep)| keep.then_some(kind)).collect()
}

/// Suggests packaging: the smallest kind everything fits in; if there is none, few parcels, each of
/// the smallest kind its share fits in. Bounded in effort: the same question costs the same
/// everywhere, and gets the same answer.
#[must_use]
pub fn suggest(kinds: &[Packaging], items: &[Item]) -> Suggestion {
    let shelf = Shelf::new(kinds, items);
    let mut out = Suggestion::default();
    let mut wares = Vec::new();
    let mut count = 0_u32;
    let mut packable = Vec::new();
    for item in items.iter().filter(|i| i.qty > 0) {
        let ware = ware_of(item);
        let goes = |r: &boxes::Kind| match &ware {
            Some(w) => r.takes(w),
            None => mass_of(item) <= r.mass_g_max,
        };
        if !shelf.kinds.iter().any(|k| goes(&k.room)) {
            out.left_over.push((item.product, item.qty));
            continue;
        }
        packable.push(item);
        count = count.saturating_add(item.qty);
        match ware {
            Some(w) => wares.push(w),
            None if out.unknown.contains(&item.product) => {}
            None => out.unknown.push(item.product),
        }
    }
    if !out.unknown.is_empty() {
        let products = u32::try_from(out.unknown.len()).unwrap_or(u32::MAX);
        estimate::plan(&shelf, &packable, &Why::SizeUnknown { products }, &mut out);
    } else if count > UNITS_MAX {
        estimate::plan(&shelf, &packable, &Why::Estimated { units: count }, &mut out);
    } else if let Some(products) = only_counted(&packable) {
        estimate::plan(&shelf, &packable, &Why::SizeLearnt { products }, &mut out);
    } else {
        lay_out(&shelf, &packable, &wares, &mut out);
    }
    out
}

/// How many products have a size that is learnt and not fit to be laid out. A single unit may be laid out as large as it is at most. Of
/// several, each would take the whole box that they came in; and what must stay upright could lie.
fn only_counted(items: &[&Item]) -> Option<u32> {
    let learnt = || items.iter().filter(|i| i.learnt_mm3.is_some());
    let units = learnt().fold(0_u32, |sum, i| sum.saturating_add(i.qty));
    let upright = learnt().any(|i| i.turns != Turns::ANY);
    (units > 1 || upright).then(|| u32::try_from(learnt().count()).unwrap_or(u32::MAX))
}

fn mass_of(item: &Item) -> i64 {
    item.weight_g.map_or(0, |g| g.0.clamp(0, MASS_G_MAX + 1))
}

/// Units of known size.
fn ware_of(item: &Item) -> Option<Ware> {
    let DimsMm { length, width, height } = item.dims?;
    let sides = [length, width, height].map(|s| s.min(SIDE_MM_MAX + 1));
    let turns = if item.learnt_mm3.is_some() { Turns::ANY } else { item.turns };
    let ware = Ware { sides, turns, mass_g: mass_of(item), top: item.top, qty: item.qty };
    sides.iter().all(|s| *s > 0).then_some(ware)
}

/// Lays out the units of every item; `items` and `wares` are in the same order.
fn lay_out(shelf: &Shelf<'_>, items: &[&Item], wares: &[Ware], out: &mut Suggestion) {
    let kinds: Vec<boxes::Kind> = shelf.kinds.iter().map(|k| k.room).collect();
    let rules = Rules { support_percent: SUPPORT_PERCENT, tariff: Tariff::default() };
    let Packed { parcels, left_over, fewest, cheapest } = Planner::default().pack(&kinds, wares, &rules);
    out.proven = fewest && (cheapest || parcels.len() > 1);
    out.left_over.extend(left_over.iter().filter_map(|(n, units)| items.get(*n).map(|i| (i.product, *units))));
    let number = u32::try_from(parcels.len()).unwrap_or(u32::MAX);
    let mass_g: i64 = wares.iter().map(|w| w.mass_g * i64::from(w.qty)).sum();
    let too_heavy = shelf.kinds.iter().all(|k| mass_g > k.room.mass_g_max);
    for parcel in &parcels {
        let Some(kind) = shelf.kinds.get(parcel.kind) else { continue };
        let why = match (parcels.len(), too_heavy) {
            (1, _) => why_not_smaller(shelf, kind, wares),
            (_, true) => Why::SplitByMass { parcels: number },
            (_, false) => Why::SplitByRoom { parcels: number },
        };
        out.parcels.push(plan_of(items, wares, kind, parcel, why));
    }
}

/// Why the next smaller kind would not do.
fn why_not_smaller(shelf: &Shelf<'_>, kind: &Kind<'_>, wares: &[Ware]) -> Why {
    let Some(Kind { packaging, room }) = shelf.next_smaller(kind) else { return Why::FitsAll };
    let name = packaging.name.clone();
    let missing_mm = wares.iter().map(|w| missing_mm(room, w)).max().unwrap_or(0);
    let over_g = wares.iter().map(|w| w.mass_g * i64::from(w.qty)).sum::<i64>() - room.mass_g_max;
    let volume: i64 = wares.iter().map(|w| w.volume_mm3() * i64::from(w.qty)).sum();
    if missing_mm > 0 {
        Why::NextSmallerTooShort { name, missing_mm }
    } else if over_g > 0 {
        Why::NextSmallerTooWeak { name, over_g: Grams(over_g) }
    } else if volume > room.volume_mm3() {
        let percent = (volume.saturating_mul(100) + room.volume_mm3() - 1) / room.volume_mm3();
        Why::NextSmallerTooFull { name, percent: u32::try_from(percent).unwrap_or(u32::MAX) }
    } else {
        Why::NextSmallerNoWay { name }
    }
}

/// How much a box is too short for a thing at the worst side, in the best way it may lie.
fn missing_mm(room: &boxes::Kind, ware: &Ware) -> i32 {
    let worst = |t: boxes::Sides| (0..3).map(|k| t[k] - room.inner[k]).max().unwrap_or(0);
    ware.turns.of(ware.sides).map(worst).min().unwrap_or(0)
}

/// A parcel as the packer needs it.
fn plan_of(items: &[&Item], wares: &[Ware], kind: &Kind<'_>, parcel: &boxes::Parcel, why: Why) -> ParcelPlan {
    let mut placements: Vec<Placement> = Vec::with_capacity(parcel.placed.len());
    let mut contents: Vec<(ProductId, u32)> = Vec::new();
    let (mut volume, mut mass_g) = (0, 0);
    for p in &parcel.placed {
        let (Some(item), Some(ware)) = (items.get(p.ware), wares.get(p.ware)) else { continue };
        let [x_mm, y_mm, z_mm] = p.at;
        let [length, width, height] = p.size;
        let (at, size) = (Corner { x_mm, y_mm, z_mm }, DimsMm { length, width, height });
        let up = Up::of(ware.sides, height);
        let mut new = Placement { product: item.product, at, size, up, layer: 1 };
        new.layer =
            placements.iter().filter(|b| carries(b, &new)).map(|b| b.layer.saturating_add(1)).max().unwrap_or(1);
        placements.push(new);
        count(&mut contents, item.product, 1);
        volume += ware.volume_mm3();
        mass_g += ware.mass_g;
    }
    ParcelPlan {
        packaging: kind.packaging.id,
        contents,
        placements,
        fill_percent: percent(volume, kind.room.volume_mm3()),
        weight_g: kind.packaging.tare_g + Grams(mass_g),
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

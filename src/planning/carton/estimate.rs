//! Packaging for orders that cannot be laid out: sizes unknown, or more units than are worth it. Only
//! volume and mass are counted, and nothing is drawn.

use super::{Item, Kind, PARCELS_MAX, ParcelPlan, Shelf, Suggestion, Why, count, mass_of, percent, ware_of};
use crate::core::ids::ProductId;
use crate::core::units::Grams;

/// How full a box gets by hand, in per cent of its volume, when nobody has laid it out before.
const FILL_PERCENT: i64 = 70;

/// Units of one item with what is known or assumed of them.
struct Bulk<'a> {
    item: &'a Item,
    mass_g: i64,
    /// Volume of one in mm³; `None` where nothing allows a guess.
    volume: Option<i64>,
}

/// Adds parcels for all items: one of the smallest kind that should take everything, else several
/// of the largest, filled one after the other.
pub fn plan(shelf: &Shelf<'_>, items: &[&Item], why: &Why, out: &mut Suggestion) {
    let bulks = bulks(items);
    let sized = bulks.iter().all(|b| b.volume.is_some());
    let volume =
        bulks.iter().map(|b| b.volume.unwrap_or(0).saturating_mul(i64::from(b.item.qty))).fold(0, i64::saturating_add);
    let mass = bulks.iter().map(|b| b.mass_g.saturating_mul(i64::from(b.item.qty))).fold(0, i64::saturating_add);
    let takes_each = |k: &Kind<'_>| bulks.iter().all(|b| takes(k, b.item));
    let fits = |k: &&Kind<'_>| mass <= k.room.mass_g_max && volume <= usable(k) && takes_each(k);
    // Without any size the largest is the only honest suggestion.
    let one = if sized { shelf.kinds.iter().find(fits) } else { shelf.kinds.iter().rev().find(fits) };
    let exact = items.iter().all(|i| ware_of(i).is_some() && i.learnt_mm3.is_none());
    if let Some(kind) = one {
        let mut contents = Vec::new();
        bulks.iter().for_each(|b| count(&mut contents, b.item.product, b.item.qty));
        out.parcels.push(parcel(kind, contents, mass, exact.then_some(volume), why));
        return;
    }
    fill_many(shelf, &bulks, exact, why, out);
}

/// What is known of every item. A missing volume is taken from the density of the others, or from
/// their mean where masses are missing too.
fn bulks<'a>(items: &[&'a Item]) -> Vec<Bulk<'a>> {
    let known = || items.iter().filter_map(|i| volume_of(i).map(|v| (i64::from(i.qty), v, mass_of(i))));
    let volume = known().map(|(n, v, _)| n.saturating_mul(v)).fold(0, i64::saturating_add);
    let mass = known().map(|(n, _, g)| n.saturating_mul(g)).fold(0, i64::saturating_add);
    let count = known().map(|(n, ..)| n).sum::<i64>();
    let masses_known = items.iter().all(|i| mass_of(i) > 0);
    let guess = |i: &Item| match (masses_known && mass > 0, count > 0) {
        (true, _) => i64::try_from(i128::from(volume) * i128::from(mass_of(i)) / i128::from(mass)).ok(),
        (false, true) => Some(volume / count),
        (false, false) => None,
    };
    let bulk = |i: &&'a Item| Bulk { item: i, mass_g: mass_of(i), volume: volume_of(i).or_else(|| guess(i)) };
    items.iter().map(bulk).collect()
}

/// Volume of one that is known. What is learnt is the room of a box that was packed by hand, so the gaps are in it already: it counts
/// for as much less as a box is filled less than wholly, and fits again in the box it came in.
fn volume_of(item: &Item) -> Option<i64> {
    let whole = ware_of(item)?.volume_mm3();
    Some(item.learnt_mm3.map_or(whole, |room| (room.clamp(1, whole) / 100 * FILL_PERCENT).max(1)))
}

fn usable(kind: &Kind<'_>) -> i64 {
    kind.room.volume_mm3() / 100 * FILL_PERCENT
}

fn takes(kind: &Kind<'_>, item: &Item) -> bool {
    match ware_of(item) {
        Some(u) => kind.room.takes(&u),
        None => mass_of(item) <= kind.room.mass_g_max,
    }
}

/// A parcel being filled.
struct Open<'s, 'a> {
    kind: &'s Kind<'a>,
    contents: Vec<(ProductId, u32)>,
    mass: i64,
    volume: i64,
}

fn fill_many(shelf: &Shelf<'_>, bulks: &[Bulk<'_>], exact: bool, why: &Why, out: &mut Suggestion) {
    let mut open: Option<Open<'_, '_>> = None;
    let close = |o: Open<'_, '_>, out: &mut Suggestion| {
        out.parcels.push(parcel(o.kind, o.contents, o.mass, exact.then_some(o.volume), why));
    };
    for b in bulks {
        let Some(kind) = shelf.kinds.iter().rev().find(|k| takes(k, b.item)) else { continue };
        let mut left = b.item.qty;
        while left > 0 && out.parcels.len() < PARCELS_MAX {
            let mut o = match open.take() {
                Some(o) if takes(o.kind, b.item) => o,
                other => {
                    other.into_iter().for_each(|o| close(o, out));
                    Open { kind, contents: Vec::new(), mass: 0, volume: 0 }
                }
            };
            let by = |room: i64, one: i64| if one > 0 { room.max(0) / one } else { i64::MAX };
            let volume = b.volume.unwrap_or(0);
            let n = by(o.kind.room.mass_g_max - o.mass, b.mass_g).min(by(usable(o.kind) - o.volume, volume));
            // A unit that fills a box beyond the usual measure still goes in alone.
            let n = if o.contents.is_empty() { n.max(1) } else { n };
            let n = u32::try_from(n).unwrap_or(u32::MAX).min(left);
            if n == 0 {
                close(o, out);
                continue;
            }
            left -= n;
            count(&mut o.contents, b.item.product, n);
            o.mass = o.mass.saturating_add(b.mass_g.saturating_mul(i64::from(n)));
            o.volume = o.volume.saturating_add(volume.saturating_mul(i64::from(n)));
            open = Some(o);
        }
        if left > 0 {
            out.left_over.push((b.item.product, left));
        }
    }
    open.into_iter().for_each(|o| close(o, out));
}

fn parcel(kind: &Kind<'_>, contents: Vec<(ProductId, u32)>, mass: i64, volume: Option<i64>, why: &Why) -> ParcelPlan {
    ParcelPlan {
        packaging: kind.packaging.id,
        contents,
        placements: Vec::new(),
        fill_percent: volume.and_then(|v| percent(v, kind.room.volume_mm3())),
        weight_g: kind.packaging.tare_g + Grams(mass),
        why: why.clone(),
    }
}

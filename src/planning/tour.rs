//! The walking order of a pick: from the bench through all shelves and back, provably shortest.
//!
//! This file is the door for a station's floor: the plan the site made of it, or one block, from the bench and back. For warehouses with any number of
//! cross-aisles, one-way and blocked aisles, several levels and items in several bins see [`layout`] and [`Planner`]; for the walks that
//! rules of thumb give see [`Policy`]. How it works stands in `docs/planning.md`.

mod circuit;
mod distance;
mod effort;
mod frontier;
mod planner;
mod policy;
mod reach;
mod scatter;
mod search;
mod sequence;
mod shelf;
mod site;
mod sweep;
mod table;
mod wide;

pub use crate::core::layout;
pub use effort::Effort;
pub use layout::Point;
pub use planner::{ITEMS_MAX, Planner, Taken, TourError, Walk};
pub use policy::Policy;
pub use scatter::BINS_MAX;
pub use site::Site;

use crate::core::stock::{Floor, Location};
use layout::{Bin, Corner, Even, Layout};

/// A walk from the bench and back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tour {
    /// The stops, by their index, as they come along the way.
    pub order: Vec<usize>,
    /// Stops that are not on the map, by their index: to be found by their code.
    pub off_map: Vec<usize>,
    /// Length of the walk.
    pub length_mm: i64,
    /// The walk as a line: bench, every corner and turning point, bench. Empty without stops.
    pub path: Vec<Point>,
}

/// The middle of the aisle before a location; `None` where it is not on the map.
#[must_use]
pub fn spot(floor: &Floor, location: &Location) -> Option<Point> {
    if let Some(plan) = &floor.plan {
        return plan.layout.spot(bin(floor, location));
    }
    let on_map = usize::from(location.aisle) < floor.aisle_names.len() && location.bay < floor.bays;
    on_map.then(|| Point {
        x_mm: i64::from(location.aisle) * i64::from(floor.aisle_mm),
        y_mm: i64::from(floor.head_mm) + i64::from(location.bay) * i64::from(floor.bay_mm),
    })
}

/// The bin of a location. Where a floor has fewer levels than the place tells, the highest one is as good: the way is the same.
fn bin(floor: &Floor, location: &Location) -> Bin {
    let levels = floor.plan.as_ref().map_or(1, |plan| plan.layout.levels.max(1));
    Bin { aisle: location.aisle, cell: location.bay, level: location.level.clamp(1, levels) }
}

/// Where the packer stands: where walks of the site's plan begin, else at the front end of the bench's aisle, or of the last aisle
/// there is.
#[must_use]
pub fn bench(floor: &Floor) -> Point {
    let planned = floor.plan.as_ref().and_then(|plan| plan.layout.corner(plan.start));
    planned.unwrap_or(Point { x_mm: i64::from(bench_aisle(floor)) * i64::from(floor.aisle_mm), y_mm: 0 })
}

fn bench_aisle(floor: &Floor) -> u16 {
    let last = u16::try_from(floor.aisle_names.len().saturating_sub(1)).unwrap_or(u16::MAX);
    floor.bench_aisle.min(last)
}

/// Where a walk begins and ends.
fn ends(floor: &Floor) -> (Corner, Corner) {
    let bench = Corner { aisle: bench_aisle(floor), cross_aisle: 0 };
    floor.plan.as_ref().map_or((bench, bench), |plan| (plan.start, plan.end))
}

/// A shortest walk from the bench to all stops and back, or to where the site's plan ends it. Stops before the same shelf come
/// together, the left side first, the lower level first. A stop that no way leads to is told as one that is not on the map, and the
/// others are walked; on a floor with sizes that cannot be that is every stop.
#[must_use]
pub fn tour(floor: &Floor, stops: &[&Location]) -> Tour {
    let (mut on_map, mut off_map): (Vec<usize>, Vec<usize>) =
        (0..stops.len()).partition(|i| spot(floor, stops[*i]).is_some());
    on_map.sort_by_key(|i| (stops[*i].side, stops[*i].level, *i));
    let site = site(floor);
    let (start, end) = ends(floor);
    let mut planner = Planner::with_effort(Effort::Quick);
    while let (Ok(site), false) = (&site, on_map.is_empty()) {
        let bins: Vec<Bin> = on_map.iter().map(|i| bin(floor, stops[*i])).collect();
        let cut_off = match planner.shortest(site, start, end, &bins) {
            Ok(w) => {
                let order = w.taken.iter().map(|t| on_map[t.item]).collect();
                off_map.sort_unstable();
                return Tour { order, off_map, length_mm: w.length_mm, path: w.path };
            }
            Err(TourError::NoWay { item, .. }) => item,
            Err(TourError::Apart { other, .. }) => other,
            Err(_) => break,
        };
        // Counted from 1. One stop fewer each time, so this ends.
        off_map.push(on_map.remove(cut_off.saturating_sub(1).min(on_map.len() - 1)));
    }
    // Nothing on the map, or no map: the packer goes by the codes on the shelves.
    off_map.extend(on_map);
    off_map.sort_unstable();
    Tour { off_map, ..Tour::default() }
}

/// A station's floor, ready for planning: the site's plan, or else what is drawn of it.
///
/// # Errors
/// If its sizes make no layout.
pub fn site(floor: &Floor) -> Result<Site, layout::LayoutError> {
    if let Some(plan) = &floor.plan {
        return Site::new(plan.layout.clone());
    }
    Site::new(drawn(floor)?)
}

/// The one block that is drawn of a floor, its aisles by number.
///
/// # Errors
/// If its sizes make no layout.
pub fn drawn(floor: &Floor) -> Result<Layout, layout::LayoutError> {
    let sizes = Even {
        aisles: floor.aisle_names.len(),
        cells: usize::from(floor.bays),
        aisle_mm: i64::from(floor.aisle_mm),
        cell_mm: i64::from(floor.bay_mm),
        front_mm: i64::from(floor.head_mm),
        back_mm: i64::from(floor.head_mm),
    };
    Layout::even(sizes, &[])
}

/// Cells, as aisle and cell from 0, that no walk from one corner to another one can stop at, because of ways that are one-way or
/// blocked.
///
/// # Errors
/// If a corner is not there, or no way leads from the one to the other.
pub fn cut_off(site: &Site, start: Corner, end: Corner) -> Result<Vec<(u16, u16)>, TourError> {
    let at = |name: &'static str, corner| site.corner(corner).ok_or(TourError::UnknownCorner { end: name, corner });
    let reach = reach::Reach::new(site, at("start", start)?, at("end", end)?);
    if reach.has_end() { Ok(reach.cut_off(site)) } else { Err(TourError::NoWayToEnd) }
}

/// Length of a line along aisles and cross-aisles, in mm.
#[must_use]
pub fn length(path: &[Point]) -> i64 {
    path.iter().zip(path.iter().skip(1)).map(|(a, b)| (a.x_mm - b.x_mm).abs() + (a.y_mm - b.y_mm).abs()).sum()
}

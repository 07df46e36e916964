//! The walking order of a pick: from the bench through all shelves and back, provably shortest.
//!
//! This file is the door for a station's drawn floor (one block, from the bench and back). For warehouses with any number of
//! cross-aisles, one-way and blocked aisles, several levels and items in several bins see [`layout`] and [`Planner`]; for the walks that
//! rules of thumb give see [`Policy`]. How it works stands in `docs/planning.md`.

mod circuit;
mod frontier;
pub mod layout;
mod planner;
mod policy;
mod reach;
mod scatter;
mod search;
mod shelf;
mod site;
mod sweep;
mod table;

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
    let on_map = usize::from(location.aisle) < floor.aisle_names.len() && location.bay < floor.bays;
    on_map.then(|| Point {
        x_mm: i64::from(location.aisle) * i64::from(floor.aisle_mm),
        y_mm: i64::from(floor.head_mm) + i64::from(location.bay) * i64::from(floor.bay_mm),
    })
}

/// Where the packer stands: at the front end of the bench's aisle, or of the last aisle there is.
#[must_use]
pub fn bench(floor: &Floor) -> Point {
    Point { x_mm: i64::from(bench_aisle(floor)) * i64::from(floor.aisle_mm), y_mm: 0 }
}

fn bench_aisle(floor: &Floor) -> u16 {
    let last = u16::try_from(floor.aisle_names.len().saturating_sub(1)).unwrap_or(u16::MAX);
    floor.bench_aisle.min(last)
}

/// A shortest walk from the bench to all stops and back. Stops before the same shelf come together, the
/// left side first, the lower level first. On a floor with sizes that cannot be no stop is on the map.
#[must_use]
pub fn tour(floor: &Floor, stops: &[&Location]) -> Tour {
    let (mut on_map, mut off_map): (Vec<usize>, Vec<usize>) =
        (0..stops.len()).partition(|i| spot(floor, stops[*i]).is_some());
    on_map.sort_by_key(|i| (stops[*i].side, stops[*i].level, *i));
    let bins: Vec<Bin> = on_map.iter().map(|i| Bin { aisle: stops[*i].aisle, cell: stops[*i].bay, level: 1 }).collect();
    let bench = Corner { aisle: bench_aisle(floor), cross_aisle: 0 };
    let walk = site(floor).map_err(TourError::from).and_then(|s| Planner::new().shortest(&s, bench, bench, &bins));
    match walk {
        Ok(w) => {
            let order = w.taken.iter().map(|t| on_map[t.item]).collect();
            Tour { order, off_map, length_mm: w.length_mm, path: w.path }
        }
        // Nothing on the map, or no map: the packer goes by the codes on the shelves.
        Err(_) => {
            off_map.extend(on_map);
            off_map.sort_unstable();
            Tour { off_map, ..Tour::default() }
        }
    }
}

/// A station's drawn floor, ready for planning.
///
/// # Errors
/// If its sizes make no layout.
pub fn site(floor: &Floor) -> Result<Site, layout::LayoutError> {
    let sizes = Even {
        aisles: floor.aisle_names.len(),
        cells: usize::from(floor.bays),
        aisle_mm: i64::from(floor.aisle_mm),
        cell_mm: i64::from(floor.bay_mm),
        front_mm: i64::from(floor.head_mm),
        back_mm: i64::from(floor.head_mm),
    };
    Site::new(Layout::even(sizes, &[])?)
}

/// Length of a line along aisles and cross-aisles, in mm.
#[must_use]
pub fn length(path: &[Point]) -> i64 {
    path.iter().zip(path.iter().skip(1)).map(|(a, b)| (a.x_mm - b.x_mm).abs() + (a.y_mm - b.y_mm).abs()).sum()
}

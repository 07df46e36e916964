//! A walk to try a layout with: through some of its bins, chosen by a number so that the same number gives the same walk, or through
//! places that are named. Beside it the length of the S-shape, which people walk where nobody plans.

use super::check::{self, Fault, Item, Problem, Shelf, Sound};
use crate::core::layout::{Bin, Point};
use crate::planning::tour::{Effort, Planner, Policy, TourError};

/// Most bins of a sample.
pub const PICKS_MAX: usize = 60;
/// Bins where nobody says how many.
pub const PICKS: usize = 12;

/// A walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The bins in walking order: code or aisle and bay, and where they are.
    pub stops: Vec<(String, Point)>,
    /// The way as a line.
    pub path: Vec<Point>,
    /// Its length.
    pub length_mm: i64,
    /// No walk is shorter.
    pub proven: bool,
    /// How long the S-shape would be; none where one-way or blocked aisles leave it undefined.
    pub s_shape_mm: Option<i64>,
}

/// The next number of a row that looks random (splitmix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// So many bins: of the shelves that are known, else of all that can be reached.
#[must_use]
pub fn random(sound: &Sound, shelves: &[Shelf], picks: usize, seed: u64) -> Vec<(String, Bin)> {
    let layout = &sound.plan.layout;
    let mut all: Vec<(String, Bin)> = shelves
        .iter()
        .filter_map(|shelf| {
            let (aisle, cell) = check::cell(sound, shelf).ok()?;
            Some((shelf.code.clone(), Bin { aisle, cell, level: 1 }))
        })
        .collect();
    if all.is_empty() {
        for (aisle, told) in (0_u16..).zip(&layout.aisles) {
            let open = (0_u16..).take(layout.cells_mm.len());
            let open = open.filter(|cell| sound.cut_off.binary_search(&(aisle, *cell)).is_err());
            all.extend(open.map(|cell| (format!("{} {}", told.name, cell + 1), Bin { aisle, cell, level: 1 })));
        }
    }
    let mut state = seed;
    for at in 0..picks.min(PICKS_MAX).min(all.len()) {
        let left = u64::try_from(all.len() - at).unwrap_or(1).max(1);
        let other = at + usize::try_from(next(&mut state) % left).unwrap_or(0);
        all.swap(at, other);
    }
    all.truncate(picks.min(PICKS_MAX));
    all
}

/// The bins of places that are named.
///
/// # Errors
/// Each code that is no place of the warehouse, or one that is not on the layout. `of` finds the shelf of a code.
pub fn named(
    sound: &Sound,
    codes: &[String],
    of: impl Fn(&str) -> Option<Shelf>,
) -> Result<Vec<(String, Bin)>, Vec<Problem>> {
    let (mut bins, mut problems) = (Vec::new(), Vec::new());
    for code in codes.iter().take(PICKS_MAX) {
        let Some(shelf) = of(code) else {
            problems.push(Problem::new(Item::Bin(code.clone()), Fault::Unknown));
            continue;
        };
        match check::cell(sound, &shelf) {
            Ok((aisle, cell)) => bins.push((code.clone(), Bin { aisle, cell, level: 1 })),
            Err(_) => problems.push(Problem::new(Item::Bin(code.clone()), Fault::Off)),
        }
    }
    if problems.is_empty() { Ok(bins) } else { Err(problems) }
}

/// Plans the walk.
///
/// # Errors
/// The bin that no walk has together with the others; a layout too wide to plan.
pub fn walk(sound: &Sound, bins: &[(String, Bin)]) -> Result<Sample, Problem> {
    let (start, end) = (sound.plan.start, sound.plan.end);
    let all: Vec<Bin> = bins.iter().map(|(_, bin)| *bin).collect();
    let named =
        |item: usize| Item::Bin(bins.get(item.saturating_sub(1)).map(|(code, _)| code.clone()).unwrap_or_default());
    let walk =
        Planner::with_effort(Effort::Quick).shortest(&sound.site, start, end, &all).map_err(|error| match error {
            TourError::NoWay { item, .. } | TourError::Apart { other: item, .. } => {
                Problem::new(named(item), Fault::Off)
            }
            TourError::NoWayToEnd => Problem::new(Item::End, Fault::NoWay),
            _ => Problem::new(Item::Aisles, Fault::TooWide),
        })?;
    let s_shape_mm = Policy::SShape.walk(&sound.site, start, end, &all).ok().map(|walk| walk.length_mm);
    let stop = |taken: &crate::planning::tour::Taken| {
        let (code, bin) = bins.get(taken.item)?;
        Some((code.clone(), sound.plan.layout.spot(*bin)?))
    };
    Ok(Sample {
        stops: walk.taken.iter().filter_map(stop).collect(),
        path: walk.path,
        length_mm: walk.length_mm,
        proven: walk.proven,
        s_shape_mm,
    })
}

//! `packbench plan tours`: shortest walks. A line is a case of the public routing instances, planned in one block and in two, or a case of
//! a layout of one's own.

use super::super::CliError;
use super::site::{self, BinFile, Ground};
use crate::planning::tour::layout::{Bin, CELLS_MAX, Corner, Even, Layout};
use crate::planning::tour::{Planner, Policy, Site, Walk};
use crate::protocol::wire::layout::{CornerRecord, LayoutRecord};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Lengths of the routing instances are counted in thousandths of their unit.
const PARTS: f64 = 1_000.0;

/// A case of Heßler and Irnich. Cell 0 is at the top of its aisle.
#[derive(Debug, Deserialize)]
struct RoutingCase {
    name: String,
    aisles: usize,
    cells: usize,
    depot_aisle: u16,
    depot: Depot,
    aisle_to_aisle: f64,
    cell_to_cell: f64,
    top_to_cell: f64,
    bottom_to_cell: f64,
    #[serde(default)]
    to_depot: f64,
    picks: Vec<(u16, u16)>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Depot {
    Top,
    Bottom,
}

/// What is told of a routing case.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct RoutingAnswer {
    name: String,
    length_single_block: f64,
    /// Nothing where an aisle has one cell only.
    length_two_block: Option<f64>,
    /// The picks in the order of the walk in one block.
    tour: Vec<(u16, u16)>,
    /// The same in two blocks.
    tour_two_block: Option<Vec<(u16, u16)>>,
}

/// A case in a layout of one's own: the one told here, or the last one told before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnCase {
    #[serde(default)]
    name: String,
    layout: Option<LayoutRecord>,
    start: Option<CornerRecord>,
    end: Option<CornerRecord>,
    /// Each item with the bins it may be taken from; none at all where the line only tells a layout.
    items: Option<Vec<Vec<BinFile>>>,
}

/// What is told of a case of one's own.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct OwnAnswer {
    name: String,
    length_mm: i64,
    climb_mm: i64,
    /// No walk costs less, way and climbing together.
    least_mm: i64,
    proven: bool,
    /// What is taken, in the order of the walk.
    tour: Vec<TakenAnswer>,
    /// Corners and turning points.
    path_mm: Vec<(i64, i64)>,
    /// What the rules of thumb walk, where they are defined.
    policies_mm: std::collections::BTreeMap<&'static str, i64>,
}

#[derive(Debug, Serialize)]
struct TakenAnswer {
    item: usize,
    aisle: String,
    cell: u16,
    level: u8,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(in crate::cli) enum Answer {
    Routing(RoutingAnswer),
    Own(Box<OwnAnswer>),
}

/// Plans every case of a file.
///
/// # Errors
/// If the file cannot be read or a case is wrong; the line is named.
pub(super) fn run(file: &Path) -> Result<(), CliError> {
    let mut lines = TourLines::default();
    super::lines::each(file, |value: serde_json::Value| lines.answer(value))
}

/// The lines of a file, one after the other.
#[derive(Default)]
pub(in crate::cli) struct TourLines {
    planner: Planner,
    /// The layout that was told last.
    ground: Option<Ground>,
}

impl TourLines {
    /// The answer to a line; none where it tells a layout.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(in crate::cli) fn answer(&mut self, value: serde_json::Value) -> Result<Option<Answer>, String> {
        let said = |e: serde_json::Error| format!("no case: {e}");
        // A case of one's own has items or a layout; everything else is a routing case, and told what it lacks.
        let own = value.get("items").is_some() || value.get("layout").is_some();
        if own {
            let case = serde_json::from_value(value).map_err(said)?;
            return Ok(own_case(&mut self.planner, &mut self.ground, case)?.map(|a| Answer::Own(Box::new(a))));
        }
        let case: RoutingCase = serde_json::from_value(value).map_err(said)?;
        let name = case.name.clone();
        let answer = routing(&mut self.planner, case).map_err(|why| format!("case {name:?}: {why}"))?;
        Ok(Some(Answer::Routing(answer)))
    }
}

fn routing(planner: &mut Planner, case: RoutingCase) -> Result<RoutingAnswer, String> {
    let to_depot = parts("to_depot", case.to_depot)?;
    if case.cells > CELLS_MAX {
        return Err(format!("{} cells; an aisle may have {CELLS_MAX}", case.cells));
    }
    let back = |mm: i64| (mm + 2 * to_depot) as f64 / PARTS;
    let tour = |walk: &Walk| walk.taken.iter().filter_map(|t| case.picks.get(t.item).copied()).collect::<Vec<_>>();
    let single = case.walk(planner, &[])?;
    // The middle cross-aisle lies before the cell that is in the middle from the top; here cells count from the bottom.
    let cut = case.cells - case.cells / 2;
    let double = if case.cells < 2 { None } else { Some(case.walk(planner, &[cut])?) };
    Ok(RoutingAnswer {
        length_single_block: back(single.length_mm),
        length_two_block: double.as_ref().map(|w| back(w.length_mm)),
        tour: tour(&single),
        tour_two_block: double.as_ref().map(tour),
        name: case.name,
    })
}

impl RoutingCase {
    fn walk(&self, planner: &mut Planner, cuts: &[usize]) -> Result<Walk, String> {
        let sizes = Even {
            aisles: self.aisles,
            cells: self.cells,
            aisle_mm: parts("aisle_to_aisle", self.aisle_to_aisle)?,
            cell_mm: parts("cell_to_cell", self.cell_to_cell)?,
            front_mm: parts("bottom_to_cell", self.bottom_to_cell)?,
            back_mm: parts("top_to_cell", self.top_to_cell)?,
        };
        let site = Layout::even(sizes, cuts).and_then(Site::new).map_err(|e| e.to_string())?;
        let last = u16::try_from(cuts.len() + 1).unwrap_or(u16::MAX);
        let depot = Corner { aisle: self.depot_aisle, cross_aisle: if self.depot == Depot::Top { last } else { 0 } };
        let mut bins = Vec::with_capacity(self.picks.len());
        for (n, (aisle, cell)) in self.picks.iter().enumerate() {
            let from_bottom = self.cells.checked_sub(1 + usize::from(*cell)).and_then(|c| u16::try_from(c).ok());
            let known = from_bottom.filter(|_| usize::from(*aisle) < self.aisles);
            let cell = known.ok_or_else(|| {
                format!(
                    "pick {} (counted from 1) is at aisle {aisle}, cell {cell}: there are {} aisles with {} cells",
                    n + 1,
                    self.aisles,
                    self.cells
                )
            })?;
            bins.push(Bin { aisle: *aisle, cell, level: 1 });
        }
        planner.shortest(&site, depot, depot, &bins).map_err(|e| e.to_string())
    }
}

/// A length in thousandths.
fn parts(what: &str, length: f64) -> Result<i64, String> {
    let whole = (length * PARTS).round();
    // Up to 2^40 a float holds every thousandth.
    if !(0.0..1e12).contains(&whole) {
        return Err(format!("{what} is {length}, which is no length"));
    }
    if (whole - length * PARTS).abs() > 1e-6 {
        return Err(format!("{what} is {length}: three digits behind the point at most"));
    }
    Ok(whole as i64)
}

fn own_case(planner: &mut Planner, ground: &mut Option<Ground>, case: OwnCase) -> Result<Option<OwnAnswer>, String> {
    let name = case.name.clone();
    answered(planner, ground, case).map_err(|why| format!("case {name:?}: {why}"))
}

fn answered(planner: &mut Planner, ground: &mut Option<Ground>, case: OwnCase) -> Result<Option<OwnAnswer>, String> {
    if let Some(layout) = case.layout {
        *ground = Some(site::ground(&layout, case.start.as_ref(), case.end.as_ref())?);
    }
    let Some(items) = case.items else { return Ok(None) };
    let ground = site::known(ground.as_ref())?;
    let (start, end) = site::ends(ground, case.start.as_ref(), case.end.as_ref())?;
    let site = &ground.site;
    let bins = |(n, all): (usize, &Vec<BinFile>)| {
        let bins = all.iter().map(|b| b.bin(site)).collect::<Result<Vec<Bin>, String>>();
        bins.map_err(|why| format!("item {} (counted from 1): {why}", n + 1))
    };
    let items = items.iter().enumerate().map(bins).collect::<Result<Vec<_>, String>>()?;
    let walk = planner.scattered(site, start, end, &items).map_err(|e| e.to_string())?;
    let chosen: Vec<Bin> = walk.taken.iter().map(|t| t.bin).collect();
    let by_rule = |p: &Policy| Some((p.name(), p.walk(site, start, end, &chosen).ok()?.length_mm));
    let name = |aisle: u16| site.layout().aisles.get(usize::from(aisle)).map_or_else(String::new, |a| a.name.clone());
    let taken = |t: &crate::planning::tour::Taken| TakenAnswer {
        item: t.item,
        aisle: name(t.bin.aisle),
        cell: t.bin.cell,
        level: t.bin.level,
    };
    Ok(Some(OwnAnswer {
        name: case.name,
        length_mm: walk.length_mm,
        climb_mm: walk.climb_mm,
        least_mm: walk.least_mm,
        proven: walk.proven,
        tour: walk.taken.iter().map(taken).collect(),
        path_mm: walk.path.iter().map(|p| (p.x_mm, p.y_mm)).collect(),
        policies_mm: Policy::ALL.iter().filter_map(by_rule).collect(),
    }))
}

//! What is wrong with a layout, each with the item it is about, and which places of the warehouse it leaves out. It stores nothing.

use crate::core::layout::{LENGTH_MAX_MM, Layout, LayoutError, Plan};
use crate::planning::tour::{self, Site, TourError};
use crate::protocol::domain;
use crate::protocol::wire::layout::PlanRecord;

/// Most aisles of a layout that is edited; a file for `packbench plan tours` may have more.
pub const AISLES_MAX: usize = 100;
/// Most cross-aisles.
pub const CROSSES_MAX: usize = 12;
/// Most bays along an aisle.
pub const BAYS_MAX: usize = 300;
/// Most levels of a shelf.
pub const LEVELS_MAX: u8 = 99;
/// Longest name of an aisle, characters; as of places.
pub const NAME_MAX: usize = 20;
/// Most blocked parts of one aisle.
pub const CLOSED_MAX: usize = 20;

/// What of a layout something is about. Numbers count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An aisle by its name.
    Aisle(String),
    /// The number of aisles, or their distance.
    Aisles,
    /// A cross-aisle.
    Cross(usize),
    /// The number of cross-aisles.
    Crosses,
    /// A bay.
    Bay(usize),
    /// The number of bays, or their distance.
    Bays,
    /// The way from a cross-aisle to the first bay.
    Head,
    /// The levels.
    Levels,
    /// The climb.
    Climb,
    /// The blocked parts of an aisle.
    Closed(String),
    /// Where walks begin.
    Start,
    /// Where they end.
    End,
    /// A file.
    File,
    /// The bins of the sample.
    Bin(String),
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No whole number.
    NotWhole(String),
    /// Too few or too many.
    Count {
        /// The least there must be.
        least: i64,
        /// The most there may be.
        most: i64,
    },
    /// A length that cannot be.
    Length {
        /// The least it may be, mm.
        least: i64,
    },
    /// It lies before the one before it: the row would come back to itself.
    Order,
    /// Directions for another number of stretches than there are.
    Ways {
        /// For so many they are told.
        count: usize,
        /// So many there are.
        wanted: usize,
    },
    /// Two aisles of one name.
    Taken,
    /// An aisle without a name, or with one that cannot be.
    Name,
    /// Outside the outermost cross-aisles.
    Outside,
    /// There is no such corner.
    NoCorner,
    /// Ways that are one-way or blocked lead nobody from start to end.
    NoWay,
    /// So wide that no walk with one-way or blocked aisles can be planned.
    TooWide,
    /// No layout at all, as the reader said.
    Syntax(String),
    /// No place of this warehouse, or one without an aisle.
    Unknown,
    /// Not on this layout, or nobody gets there.
    Off,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{item:?} is wrong: {fault:?}")]
pub struct Problem {
    /// What it is about.
    pub item: Item,
    /// What is wrong with it.
    pub fault: Fault,
}

impl Problem {
    /// A problem.
    #[must_use]
    pub const fn new(item: Item, fault: Fault) -> Problem {
        Problem { item, fault }
    }
}

/// A layout that is sound.
#[derive(Clone, Debug)]
pub struct Sound {
    /// The plan.
    pub plan: Plan,
    /// The same, ready for planning.
    pub site: Site,
    /// Cells that no walk can stop at: aisle and cell from 0.
    pub cut_off: Vec<(u16, u16)>,
}

/// Checks a layout.
///
/// # Errors
/// All that is wrong with it, as far as it can be told at once.
pub fn checked(record: &PlanRecord) -> Result<Sound, Vec<Problem>> {
    let mut problems = bounds(record);
    let layout = domain::layout(&record.layout);
    if let Err(error) = layout.check() {
        let problem = of_layout(&layout, &error);
        // Too many aisles are told once.
        if !problems.iter().any(|known| known.item == problem.item) {
            problems.push(problem);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let Some(plan) = domain::plan(record) else {
        let has = |aisle: &str| record.layout.aisles.iter().any(|a| a.name == aisle);
        let known = has(&record.start.aisle) && usize::from(record.start.cross_aisle) < layout.cross_aisles.len();
        return Err(vec![Problem::new(if known { Item::End } else { Item::Start }, Fault::NoCorner)]);
    };
    let site = Site::new(layout).map_err(|error| vec![of_layout(&plan.layout, &error)])?;
    match tour::cut_off(&site, plan.start, plan.end) {
        Ok(cut_off) => Ok(Sound { plan, site, cut_off }),
        Err(TourError::NoWayToEnd) => Err(vec![Problem::new(Item::End, Fault::NoWay)]),
        Err(_) => Err(vec![Problem::new(Item::Start, Fault::NoCorner)]),
    }
}

/// What the editor allows, which is less than what can be planned.
fn bounds(record: &PlanRecord) -> Vec<Problem> {
    let layout = &record.layout;
    let mut problems = Vec::new();
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut within = |item, count: usize, least: usize, most: usize| {
        if !(least..=most).contains(&count) {
            problems.push(Problem::new(item, Fault::Count { least: whole(least), most: whole(most) }));
        }
    };
    within(Item::Aisles, layout.aisles.len(), 1, AISLES_MAX);
    within(Item::Crosses, layout.cross_aisles.len(), 2, CROSSES_MAX);
    within(Item::Bays, layout.cells_mm.len(), 1, BAYS_MAX);
    within(Item::Levels, usize::from(layout.levels), 1, usize::from(LEVELS_MAX));
    for aisle in layout.aisles.iter().take(AISLES_MAX) {
        within(Item::Closed(aisle.name.clone()), aisle.closed_mm.len(), 0, CLOSED_MAX);
    }
    let unfit = |name: &str| {
        name.trim().is_empty()
            || name != name.trim()
            || name.chars().count() > NAME_MAX
            || name.contains(char::is_control)
    };
    for (n, aisle) in layout.aisles.iter().enumerate().take(AISLES_MAX).filter(|(_, a)| unfit(&a.name)) {
        let shown: String = aisle.name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
        let item = if shown.trim().is_empty() { (n + 1).to_string() } else { shown };
        problems.push(Problem::new(Item::Aisle(item), Fault::Name));
    }
    problems
}

fn of_layout(layout: &Layout, error: &LayoutError) -> Problem {
    let aisle = |n: usize| {
        let name = layout.aisles.get(n.saturating_sub(1)).map(|a| a.name.trim().to_owned());
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| n.to_string())
    };
    // The planner names things by words; here they are items.
    let item = |what: &str, number: usize| match what {
        "aisle" => Item::Aisle(aisle(number)),
        "cross-aisle" => Item::Cross(number),
        "cell" => Item::Bay(number),
        "the climb to level" => Item::Climb,
        "the blocked part of aisle" => Item::Closed(aisle(number)),
        "the distance of aisle" | "aisles" => Item::Aisles,
        "the distance of cell" | "cells" | "cells along an aisle" => Item::Bays,
        "cross-aisles" => Item::Crosses,
        "levels" => Item::Levels,
        _ => Item::Head,
    };
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    match error {
        LayoutError::Count { what, least, most, .. } => {
            Problem::new(item(what, 0), Fault::Count { least: whole(*least), most: whole(*most) })
        }
        LayoutError::Order { what, number, .. } => Problem::new(item(what, *number), Fault::Order),
        LayoutError::Length { what, number, least, .. } => {
            Problem::new(item(what, *number), Fault::Length { least: *least })
        }
        LayoutError::Ways { what, number, count, wanted } => {
            Problem::new(item(what, *number), Fault::Ways { count: *count, wanted: *wanted })
        }
        LayoutError::Name(name) => Problem::new(Item::Aisle(name.clone()), Fault::Taken),
        LayoutError::Outside(number) => Problem::new(Item::Bay(*number), Fault::Outside),
    }
}

/// The longest length that can be typed.
pub const MM_MAX: i64 = LENGTH_MAX_MM;

/// A shelf that places of the warehouse stand on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// Name of its aisle.
    pub aisle: String,
    /// Bay from 1.
    pub bay: i64,
    /// Highest level of a place, from 1; 0 where none is told.
    pub top: i64,
    /// How many places.
    pub places: i64,
    /// Code of the first one.
    pub code: String,
}

/// Why places are not on a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// It has no such aisle.
    Aisle,
    /// The aisle has no such bay.
    Bay,
    /// The shelves have no such level.
    Level,
    /// One-way or blocked aisles lead nobody there.
    CutOff,
}

/// A shelf that a layout leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The shelf.
    pub shelf: Shelf,
    /// Why.
    pub why: Off,
}

/// The cell of a shelf, as aisle and cell from 0.
///
/// # Errors
/// Why it has none.
pub fn cell(sound: &Sound, shelf: &Shelf) -> Result<(u16, u16), Off> {
    let layout = &sound.plan.layout;
    let aisle = (0_u16..).zip(&layout.aisles).find(|(_, a)| a.name == shelf.aisle).map(|(n, _)| n).ok_or(Off::Aisle)?;
    let known = usize::try_from(shelf.bay).is_ok_and(|bay| (1..=layout.cells_mm.len()).contains(&bay));
    let bay = u16::try_from(shelf.bay).ok().filter(|_| known).ok_or(Off::Bay)?;
    if shelf.top > i64::from(layout.levels) {
        return Err(Off::Level);
    }
    // The list is in order of aisle and cell.
    let at = (aisle, bay - 1);
    if sound.cut_off.binary_search(&at).is_ok() { Err(Off::CutOff) } else { Ok(at) }
}

/// The shelves that a layout leaves out.
#[must_use]
pub fn off(sound: &Sound, shelves: &[Shelf]) -> Vec<LeftOut> {
    let left_out = |shelf: &Shelf| cell(sound, shelf).err().map(|why| LeftOut { shelf: shelf.clone(), why });
    shelves.iter().filter_map(left_out).collect()
}

//! The made floor: five aisles A to E, twelve bays on each side, four levels. MADE UP.

use crate::central::services::products::NewLocation;
use crate::demo::chance::Chance;
use crate::protocol::wire::settings::{MapAisle, MapMark, SiteMap};

/// Aisles, left to right.
pub const AISLES: [&str; 5] = ["A", "B", "C", "D", "E"];
/// Bays on one side of an aisle.
pub const BAYS: u16 = 12;
/// Levels of a rack.
pub const LEVELS: u16 = 4;
/// Way from one aisle's middle to the next one's.
const AISLE_MM: i32 = 3_200;
/// Width of a bay.
const BAY_MM: i32 = 1_000;
/// Width of an aisle between its racks.
const WALK_MM: u32 = 1_600;
/// Way from the front wall to the first bay.
const FRONT_MM: i32 = 2_000;

/// A shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shelf {
    /// Aisle from 0.
    pub aisle: u16,
    /// Bay from 0.
    pub bay: u16,
    /// On the right side.
    pub right: bool,
    /// Level from 1.
    pub level: u16,
}

impl Shelf {
    /// What its sign and barcode say: `A-07-3`. Odd numbers stand on the left, even ones on the right.
    #[must_use]
    pub fn code(self) -> String {
        let aisle = AISLES.get(usize::from(self.aisle)).copied().unwrap_or("Z");
        let number = self.bay * 2 + 1 + u16::from(self.right);
        format!("{aisle}-{number:02}-{}", self.level)
    }

    fn x_mm(self) -> i32 {
        i32::from(self.aisle) * AISLE_MM + AISLE_MM / 2
    }

    fn y_mm(self) -> i32 {
        FRONT_MM + i32::from(self.bay) * BAY_MM + BAY_MM / 2
    }

    /// Up the odd aisles, down the even ones.
    fn walk_rank(self) -> u32 {
        let bay = if self.aisle.is_multiple_of(2) { self.bay } else { BAYS - 1 - self.bay };
        u32::from(self.aisle) * 1_000 + u32::from(bay) * 10 + u32::from(self.level)
    }
}

/// All shelves, aisle by aisle.
#[must_use]
pub fn shelves() -> Vec<Shelf> {
    let mut all = Vec::new();
    for aisle in (0_u16..).take(AISLES.len()) {
        for bay in 0..BAYS {
            for right in [false, true] {
                all.extend((1..=LEVELS).map(|level| Shelf { aisle, bay, right, level }));
            }
        }
    }
    all
}

/// A shelf for each of so many goods: every shelf gets its share, in a seeded order.
#[must_use]
pub fn spread(seed: u64, goods: usize) -> Vec<Shelf> {
    let shelves = shelves();
    let mut places: Vec<Shelf> = shelves.iter().copied().cycle().take(goods).collect();
    Chance::of(seed, "shelves").shuffle(&mut places);
    places
}

/// The shelves as the server takes them.
#[must_use]
pub fn locations() -> Vec<NewLocation> {
    let place = |s: Shelf| NewLocation {
        code: s.code(),
        kind: "bin",
        aisle: AISLES.get(usize::from(s.aisle)).copied().unwrap_or("Z").to_owned(),
        bay: s.bay + 1,
        level: s.level,
        right: s.right,
        x_mm: s.x_mm(),
        y_mm: s.y_mm(),
        walk_rank: s.walk_rank(),
    };
    shelves().into_iter().map(place).collect()
}

/// Where the parts of a split order meet, beside the benches.
#[must_use]
pub fn meeting_place() -> NewLocation {
    NewLocation {
        code: "MEET-1".to_owned(),
        kind: "consolidation",
        aisle: String::new(),
        bay: 0,
        level: 0,
        right: false,
        x_mm: 0,
        y_mm: 0,
        walk_rank: 0,
    }
}

/// The drawing: aisles, and the benches in front of them.
#[must_use]
pub fn map() -> SiteMap {
    let depth_mm = BAY_MM * i32::from(BAYS);
    let aisles = (0_i32..).zip(AISLES).map(|(n, name)| MapAisle {
        name: name.to_owned(),
        x_mm: n * AISLE_MM + AISLE_MM / 2,
        y_front_mm: FRONT_MM,
        y_back_mm: FRONT_MM + depth_mm,
        width_mm: WALK_MM,
        rack_depth_mm: 800,
        bays: BAYS,
        levels: LEVELS,
        one_way: false,
    });
    let bench = MapMark {
        kind: "bench".to_owned(),
        label: Some("PACK".to_owned()),
        x_mm: AISLE_MM * 2,
        y_mm: 0,
        width_mm: 3_200,
        depth_mm: 900,
    };
    let wide = u32::try_from(AISLE_MM).unwrap_or(0) * 5;
    let deep = u32::try_from(depth_mm + 2 * FRONT_MM).unwrap_or(0);
    SiteMap {
        width_mm: wide,
        depth_mm: deep,
        aisles: aisles.collect(),
        marks: vec![bench],
        start_x_mm: AISLE_MM * 2 + AISLE_MM / 2,
        start_y_mm: 0,
        plan: None,
    }
}

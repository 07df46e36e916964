//! A layout as a file tells it.

use crate::planning::tour::Site;
use crate::planning::tour::layout::{Aisle, Bin, Corner, CrossAisle, Layout, Stretch, Way};
use serde::Deserialize;

/// A warehouse. Lengths are whole millimetres from the front left corner.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LayoutFile {
    /// Aisles, left to right.
    aisles: Vec<AisleFile>,
    /// Cross-aisles, front to back.
    cross_aisles: Vec<CrossFile>,
    /// The middles of the cells of every aisle, front to back.
    cells_mm: Vec<i64>,
    /// Levels of a shelf.
    #[serde(default = "one")]
    levels: u8,
    /// What climbing one level and down again costs, as way.
    #[serde(default)]
    climb_mm: i64,
}

fn one() -> u8 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AisleFile {
    name: String,
    x_mm: i64,
    /// For each block.
    #[serde(default)]
    ways: Vec<WayFile>,
    /// Parts that nobody can pass, each from and to.
    #[serde(default)]
    closed_mm: Vec<(i64, i64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CrossFile {
    y_mm: i64,
    /// Between each two neighbouring aisles.
    #[serde(default)]
    ways: Vec<WayFile>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WayFile {
    Both,
    Onward,
    Back,
    Blocked,
}

impl WayFile {
    fn way(self) -> Way {
        match self {
            WayFile::Both => Way::Both,
            WayFile::Onward => Way::Onward,
            WayFile::Back => Way::Back,
            WayFile::Blocked => Way::Blocked,
        }
    }
}

/// Where a walk begins or ends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CornerFile {
    /// Name of the aisle.
    aisle: String,
    /// Cross-aisle from 0, the front one.
    cross_aisle: u16,
}

/// A place to pick from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BinFile {
    /// Name of the aisle.
    aisle: String,
    /// Cell from 0, front to back.
    cell: u16,
    /// Level from 1.
    #[serde(default = "one")]
    level: u8,
}

impl LayoutFile {
    /// The layout, checked.
    pub(super) fn site(self) -> Result<Site, String> {
        let ways = |all: Vec<WayFile>| all.into_iter().map(WayFile::way).collect();
        let aisle = |a: AisleFile| Aisle {
            name: a.name,
            x_mm: a.x_mm,
            ways: ways(a.ways),
            closed: a.closed_mm.into_iter().map(|(from_mm, to_mm)| Stretch { from_mm, to_mm }).collect(),
        };
        let cross = |c: CrossFile| CrossAisle { y_mm: c.y_mm, ways: ways(c.ways) };
        let layout = Layout {
            aisles: self.aisles.into_iter().map(aisle).collect(),
            cross_aisles: self.cross_aisles.into_iter().map(cross).collect(),
            cells_mm: self.cells_mm,
            levels: self.levels,
            climb_mm: self.climb_mm,
        };
        Site::new(layout).map_err(|e| e.to_string())
    }
}

impl CornerFile {
    /// The corner in a layout.
    fn corner(&self, site: &Site) -> Result<Corner, String> {
        Ok(Corner { aisle: aisle(site, &self.aisle)?, cross_aisle: self.cross_aisle })
    }
}

/// The layout that was told before.
pub(super) fn known(site: Option<&Site>) -> Result<&Site, String> {
    Ok(site.ok_or("no layout was told yet: a line with \"layout\" must come first")?)
}

/// Where a walk begins and ends: where it began, if nothing else is told.
pub(super) fn ends(
    site: &Site,
    start: Option<&CornerFile>,
    end: Option<&CornerFile>,
) -> Result<(Corner, Corner), String> {
    let start = start.ok_or("no \"start\"")?.corner(site)?;
    Ok((start, end.map_or(Ok(start), |end| end.corner(site))?))
}

impl BinFile {
    /// The bin in a layout.
    pub(super) fn bin(&self, site: &Site) -> Result<Bin, String> {
        Ok(Bin { aisle: aisle(site, &self.aisle)?, cell: self.cell, level: self.level })
    }
}

fn aisle(site: &Site, name: &str) -> Result<u16, String> {
    let found = site.layout().aisles.iter().position(|a| a.name == name).and_then(|n| u16::try_from(n).ok());
    found.ok_or_else(|| format!("the layout has no aisle called {name:?}"))
}

//! A layout as a file tells it.

use crate::planning::tour::Site;
use crate::planning::tour::layout::{Bin, Corner};
use crate::protocol::domain;
use crate::protocol::wire::layout::{CornerRecord, LayoutRecord};
use serde::Deserialize;

fn one() -> u8 {
    1
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

/// The ground that cases are planned on: the layout told last, and where walks begin and end unless a case tells otherwise.
#[derive(Debug)]
pub(super) struct Ground {
    /// The layout.
    pub site: Site,
    ends: Option<(Corner, Corner)>,
}

/// Takes the layout of a line, with the ends told beside it.
pub(super) fn ground(
    layout: &LayoutRecord,
    start: Option<&CornerRecord>,
    end: Option<&CornerRecord>,
) -> Result<Ground, String> {
    let site = Site::new(domain::layout(layout)).map_err(|e| e.to_string())?;
    let ends = match start {
        Some(start) => Some(corners(&site, start, end)?),
        None => None,
    };
    Ok(Ground { site, ends })
}

/// The layout that was told before.
pub(super) fn known(ground: Option<&Ground>) -> Result<&Ground, String> {
    Ok(ground.ok_or("no layout was told yet: a line with \"layout\" must come first")?)
}

/// Where a walk begins and ends: where it began, if nothing else is told.
pub(super) fn ends(
    ground: &Ground,
    start: Option<&CornerRecord>,
    end: Option<&CornerRecord>,
) -> Result<(Corner, Corner), String> {
    match (start, ground.ends) {
        (Some(start), _) => corners(&ground.site, start, end),
        (None, Some((start, last))) => Ok((start, end.map_or(Ok(last), |end| corner(&ground.site, end))?)),
        (None, None) => Err("no \"start\"".to_owned()),
    }
}

fn corners(site: &Site, start: &CornerRecord, end: Option<&CornerRecord>) -> Result<(Corner, Corner), String> {
    let start = corner(site, start)?;
    Ok((start, end.map_or(Ok(start), |end| corner(site, end))?))
}

fn corner(site: &Site, told: &CornerRecord) -> Result<Corner, String> {
    Ok(Corner { aisle: aisle(site, &told.aisle)?, cross_aisle: told.cross_aisle })
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

//! The warehouse's layout as it is kept, sent to stations, and written in the small file that `packbench plan tours` reads.
//!
//! Other than elsewhere on the wire an unknown field is refused: in a file it is a slip of the pen. A station that is sent a plan of a
//! later form goes by the drawn aisles of [`super::settings::SiteMap`] instead ([`known`]). What a layout may be is decided by
//! `core::layout`.

use serde::{Deserialize, Deserializer, Serialize};

/// A layout, and where walks begin and end: what a site keeps, and a line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRecord {
    /// The warehouse.
    pub layout: LayoutRecord,
    /// Where a walk begins.
    pub start: CornerRecord,
    /// Where it ends; absent: where it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<CornerRecord>,
}

/// A warehouse. Lengths are whole millimetres from the front left corner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutRecord {
    /// Levels of a shelf.
    #[serde(default = "one")]
    pub levels: u8,
    /// What climbing one level and down again costs, as way.
    #[serde(default)]
    pub climb_mm: i64,
    /// The middles of the cells of every aisle, front to back.
    pub cells_mm: Vec<i64>,
    /// Aisles, left to right.
    pub aisles: Vec<AisleRecord>,
    /// Cross-aisles, front to back.
    pub cross_aisles: Vec<CrossAisleRecord>,
}

/// An aisle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AisleRecord {
    /// Its name, as in [`super::place::BinAddress::aisle`].
    pub name: String,
    /// Its middle line.
    pub x_mm: i64,
    /// For each block how it may be walked; empty: both ways.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<WayRecord>,
    /// Parts that nobody can pass, each from and to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed_mm: Vec<(i64, i64)>,
}

/// A cross-aisle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossAisleRecord {
    /// Its middle line.
    pub y_mm: i64,
    /// Between each two neighbouring aisles how it may be walked; empty: both ways.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<WayRecord>,
}

/// How a stretch may be walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayRecord {
    /// In both directions.
    Both,
    /// To the back, or to the right.
    Onward,
    /// To the front, or to the left.
    Back,
    /// Not at all.
    Blocked,
}

/// Where an aisle meets a cross-aisle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CornerRecord {
    /// Name of the aisle.
    pub aisle: String,
    /// Cross-aisle from 0, the front one.
    pub cross_aisle: u16,
}

fn one() -> u8 {
    1
}

/// A plan that this program knows; none for one of a later form, so that whoever reads it goes on with what is drawn.
///
/// # Errors
/// If the text is no value at all.
pub fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PlanRecord>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(from)?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

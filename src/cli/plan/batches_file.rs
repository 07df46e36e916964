//! The lines that `packbench plan batches` reads.

use super::site::{self, BinFile, Ground};
use crate::planning::batch::{Capacity, Load, Order, Pace, Task};
use crate::planning::tour::Site;
use crate::planning::tour::layout::Corner;
use crate::protocol::wire::layout::{CornerRecord, LayoutRecord};
use serde::Deserialize;

/// A line: a layout, a case, or both.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    #[serde(default)]
    name: String,
    layout: Option<LayoutRecord>,
    start: Option<CornerRecord>,
    end: Option<CornerRecord>,
    #[serde(default)]
    capacity: CapacityFile,
    #[serde(default)]
    pace: PaceFile,
    orders: Option<Vec<OrderFile>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CapacityFile {
    orders: Option<i64>,
    items: Option<i64>,
    weight_g: Option<i64>,
    volume_mm3: Option<i64>,
    totes: Option<i64>,
}

/// What is not told is the usual pace.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaceFile {
    pickers: Option<usize>,
    walk_mm_per_s: Option<i64>,
    pick_ms: Option<i64>,
    batch_ms: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderFile {
    name: String,
    bins: Vec<BinFile>,
    /// One for each bin where it is not told.
    items: Option<i64>,
    #[serde(default)]
    weight_g: i64,
    #[serde(default)]
    volume_mm3: i64,
    #[serde(default)]
    totes: i64,
    due_ms: Option<i64>,
}

/// A case, its names found in the layout.
pub(super) struct BatchCase {
    pub name: String,
    start: Corner,
    end: Corner,
    capacity: Capacity,
    pace: Pace,
    orders: Vec<Order>,
}

impl Told {
    /// The case, if the line tells one; a layout takes the place of the one before.
    pub(super) fn case(self, ground: &mut Option<Ground>) -> Result<Option<BatchCase>, String> {
        let only_layout = self.layout.is_some() && self.orders.is_none();
        if let Some(layout) = self.layout {
            *ground = Some(site::ground(&layout, self.start.as_ref(), self.end.as_ref())?);
        }
        if only_layout {
            return Ok(None);
        }
        let ground = site::known(ground.as_ref())?;
        let site = &ground.site;
        let (start, end) = site::ends(ground, self.start.as_ref(), self.end.as_ref())?;
        let told = self.orders.ok_or("no \"orders\"")?;
        let orders = told.into_iter().map(|o| o.order(site)).collect::<Result<Vec<_>, String>>()?;
        let CapacityFile { orders: most, items, weight_g, volume_mm3, totes } = self.capacity;
        let usual = Pace::default();
        Ok(Some(BatchCase {
            name: self.name,
            start,
            end,
            capacity: Capacity { orders: most, items, weight_g, volume_mm3, totes },
            pace: Pace {
                pickers: self.pace.pickers.unwrap_or(usual.pickers),
                walk_mm_per_s: self.pace.walk_mm_per_s.unwrap_or(usual.walk_mm_per_s),
                pick_ms: self.pace.pick_ms.unwrap_or(usual.pick_ms),
                batch_ms: self.pace.batch_ms.unwrap_or(usual.batch_ms),
            },
            orders,
        }))
    }
}

impl OrderFile {
    fn order(self, site: &Site) -> Result<Order, String> {
        let bin = |b: &BinFile| b.bin(site).map_err(|why| format!("order {:?}: {why}", self.name));
        let bins = self.bins.iter().map(bin).collect::<Result<Vec<_>, String>>()?;
        let items = self.items.unwrap_or(i64::try_from(bins.len()).unwrap_or(i64::MAX));
        let load = Load { items, weight_g: self.weight_g, volume_mm3: self.volume_mm3, totes: self.totes };
        Ok(Order { name: self.name, bins, load, due_ms: self.due_ms })
    }
}

impl BatchCase {
    /// What the planner is asked.
    pub(super) fn task<'s>(&'s self, site: &'s Site) -> Task<'s> {
        let BatchCase { start, end, capacity, pace, ref orders, .. } = *self;
        Task { site, start, end, capacity, pace, orders }
    }
}

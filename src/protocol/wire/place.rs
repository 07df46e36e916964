//! Where things lie, and how many lay there when the server last said so.

use super::id::{LocationId, ProductId, SiteId, StockLevelId};
use super::money::LocalDate;
use serde::{Deserialize, Serialize};

/// A place that has a code, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationRecord {
    /// Its name for programs.
    pub id: LocationId,
    /// Grows with every edit.
    pub version: u64,
    /// Name on its sign, for example `A-03-2-L`.
    pub code: String,
    /// Code on its label; absent: the same as `code`.
    #[serde(default)]
    pub barcode: Option<String>,
    /// What it is.
    pub kind: LocationKind,
    /// Zone it belongs to.
    #[serde(default)]
    pub zone: Option<String>,
    /// Where a bin is in the racks.
    #[serde(default)]
    pub address: Option<BinAddress>,
    /// Where a picker stands for it: mm from the site's corner, along the aisles' rows.
    #[serde(default)]
    pub x_mm: i32,
    /// Where a picker stands for it: mm from the site's corner, along the aisles.
    #[serde(default)]
    pub y_mm: i32,
    /// Place in the walking order; ties by code.
    #[serde(default)]
    pub walk_rank: u32,
    /// Most that lies here, grams; absent: no limit known.
    #[serde(default)]
    pub weight_g_max: Option<u32>,
    /// False: blocked or gone.
    pub active: bool,
}

/// Where a bin is in the racks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BinAddress {
    /// Aisle name.
    pub aisle: String,
    /// Bay from the front, from 1.
    pub bay: u16,
    /// Shelf from the floor, from 1.
    pub level: u16,
    /// Side of the aisle, looking from its front.
    pub side: Side,
}

/// Side of an aisle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
}

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    /// Holds stock that may be picked.
    Bin,
    /// Holds stock that fills bins.
    Reserve,
    /// A container that moves.
    Tote,
    /// A cell of a put wall.
    PutWallSlot,
    /// A packing bench.
    Bench,
    /// Where parcels leave.
    Dock,
    /// Stock that waits for a decision.
    Quarantine,
}

/// A balance, whole: the stock of one key at the page's `server_time_ms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockLevelRecord {
    /// Its name for programs.
    pub id: StockLevelId,
    /// Grows with every movement.
    pub version: u64,
    /// Site.
    pub site_id: SiteId,
    /// Place.
    pub location_id: LocationId,
    /// Product.
    pub product_id: ProductId,
    /// Lot, where tracked.
    #[serde(default)]
    pub lot: Option<String>,
    /// Expiry day, where tracked.
    #[serde(default)]
    pub expiry: Option<LocalDate>,
    /// Serial, where stock is kept per serial.
    #[serde(default)]
    pub serial: Option<String>,
    /// Condition.
    pub condition: Condition,
    /// Whose stock, for goods on consignment; absent: the site's own.
    #[serde(default)]
    pub owner: Option<String>,
    /// Base units that lie there; may be negative until a count settles it.
    pub on_hand: i64,
    /// Base units that are promised to fulfillments; above `on_hand` where more is promised than lies there.
    pub allocated: i64,
    /// Whether the lot is on hold: may not be picked, verified or shipped.
    #[serde(default)]
    pub held: bool,
    /// When the balance was true, UTC ms.
    pub as_of_ms: i64,
}

/// Condition of stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// As new.
    Good,
    /// Came back, looked over, sold as second choice.
    Returned,
    /// Not for sale.
    Damaged,
}

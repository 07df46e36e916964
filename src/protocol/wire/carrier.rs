//! Who takes the parcels away, until when each day, and where their labels come from.

use super::id::CarrierId;
use super::money::{Dims, LocalDate};
use serde::{Deserialize, Serialize};

/// A carrier, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierRecord {
    /// Its name for programs.
    pub id: CarrierId,
    /// Grows with every edit.
    pub version: u64,
    /// Short stable name, for example `house`.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// What it offers.
    pub services: Vec<CarrierService>,
    /// Days without pick-up, in the site's zone.
    #[serde(default)]
    pub holidays: Vec<LocalDate>,
    /// False: not used for new orders.
    pub active: bool,
}

/// One service of a carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierService {
    /// Short stable name, for example `parcel`.
    pub code: String,
    /// Name for people and labels.
    pub name: String,
    /// Last pick-up per weekday; a weekday may have several, or none.
    pub cutoffs: Vec<Cutoff>,
    /// Where its label comes from.
    pub label_source: LabelSource,
    /// Heaviest parcel, grams.
    #[serde(default)]
    pub weight_g_max: Option<u32>,
    /// Largest parcel.
    #[serde(default)]
    pub dims_max: Option<Dims>,
    /// How long after printing a label can be voided, ms; absent: not at all.
    #[serde(default)]
    pub void_within_ms: Option<u64>,
    /// Divisor of the volume weight, cubic millimetres per gram (5,000 cm³/kg is 5,000).
    #[serde(default)]
    pub volume_mm3_per_g: Option<u32>,
    /// Destinations it serves, ISO 3166-1 alpha-2; empty: all.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Whether it takes dangerous goods in limited quantity.
    #[serde(default)]
    pub takes_limited_quantity: bool,
    /// Whether it can ask for an adult's signature.
    #[serde(default)]
    pub takes_adult_signature: bool,
}

/// A pick-up: parcels ready by then leave that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cutoff {
    /// Day of the week.
    pub weekday: Weekday,
    /// Minutes after local midnight in the site's zone, 0 to 1,439.
    pub minute_of_day: u16,
}

/// Day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Where a service's label comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelSource {
    /// The station draws it from a granted range of numbers; works offline.
    LocalRange,
    /// Fetched with the lease; void when box or weight turn out different.
    Prefetched,
    /// Only from the carrier: without network the parcel waits under its SSCC.
    OnlineOnly,
}

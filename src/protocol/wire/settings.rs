//! What a site decides for its stations: zone, numbers, rules, the drawn map.

use super::fulfillment::{CustomsForm, PackPolicy};
use super::id::SiteId;
use super::layout::PlanRecord;
use super::money::LocalDate;
use super::order::Address;
use super::product::Handling;
use serde::{Deserialize, Serialize};

/// The site's settings, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsRecord {
    /// The site.
    pub id: SiteId,
    /// Grows with every edit.
    pub version: u64,
    /// Name for people.
    pub name: String,
    /// IANA time zone that "today", shifts and cut-offs are computed in.
    pub zone: String,
    /// Days the site does not work.
    #[serde(default)]
    pub holidays: Vec<LocalDate>,
    /// ISO 4217.
    pub currency: String,
    /// Languages offered, first is the default.
    pub languages: Vec<String>,
    /// Who sends: printed on labels and invoices.
    pub shipper: Shipper,
    /// Countries of the same customs area as the site.
    #[serde(default)]
    pub customs_area: Vec<String>,
    /// Customs papers by destination country; others: CN23.
    #[serde(default)]
    pub customs_forms: Vec<CustomsRule>,
    /// Policy of fulfillments that bring none of their own (split off, made at the desk).
    pub policy: PackPolicy,
    /// Items of the checklist, by rule.
    #[serde(default)]
    pub checklist: Vec<ChecklistRule>,
    /// Reasons offered, by what they are for.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// Idle time until the station locks, ms.
    pub idle_lock_ms: u64,
    /// Wrong PINs until a wait.
    pub pin_tries_max: u8,
    /// Wait after that, ms.
    pub pin_wait_ms: u64,
    /// Days until synced personal data is purged from stations.
    pub personal_data_days: u16,
    /// Photos.
    pub photos: PhotoSettings,
    /// Most leases ahead; 50 unless a lead raised it.
    pub prefetch_max: u32,
    /// Age of the oldest unsynced event that warns, ms.
    pub unsynced_warn_ms: u64,
    /// Parcels without override before a weight is learnt.
    pub weight_learn_parcels_min: u16,
    /// How numbers of restricted circulation are read that carry a weight, a price or a count, such as `21IIIIIWWWWWC`; the first
    /// rule that is for a number holds. A server of before tells none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variable_numbers: Vec<String>,
    /// Walls, aisles and racks as drawn.
    #[serde(default)]
    pub map: SiteMap,
}

/// Who sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipper {
    /// Address printed.
    pub address: Address,
    /// Tax number.
    #[serde(default)]
    pub tax_number: Option<String>,
    /// EORI, for customs in the EU and the UK.
    #[serde(default)]
    pub eori: Option<String>,
}

/// Customs paper of a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomsRule {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Up to this value, minor units of the site's currency; absent: any.
    #[serde(default)]
    pub value_minor_max: Option<i64>,
    /// The paper.
    pub form: CustomsForm,
}

/// An item of the checklist and when it is asked. All conditions named must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistRule {
    /// Stable key, for example `insert.welcome_card`; also the message key under `checklist-`.
    pub key: String,
    /// Text for people where the catalogue has none, by language.
    #[serde(default)]
    pub texts: Vec<LocalText>,
    /// Must be ticked; otherwise only shown.
    pub required: bool,
    /// When.
    #[serde(default)]
    pub when: Vec<ChecklistCondition>,
}

/// A text in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalText {
    /// Language tag.
    pub language: String,
    /// Text.
    pub text: String,
}

/// When an item is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChecklistCondition {
    /// The order is a gift.
    Gift,
    /// Something is to be wrapped.
    GiftWrap,
    /// An invoice goes into the box.
    Invoice,
    /// Prices are hidden.
    PricesHidden,
    /// The customer's first order.
    FirstOrder,
    /// A VIP.
    Vip,
    /// A business customer.
    Business,
    /// The destination is one of these countries.
    Country(Vec<String>),
    /// The order has this tag.
    Tag(String),
    /// A product is handled like this.
    Handling(Handling),
    /// A product has one of these SKUs.
    Sku(Vec<String>),
    /// A product carries a UN number or lithium.
    DangerousGoods,
    /// A product or the order asks for an adult's signature.
    AdultSignature,
    /// A product has a temperature range.
    Temperature,
    /// The total is at least this, minor units.
    TotalFrom(i64),
}

/// A reason offered to the packer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What it is for.
    pub purpose: ReasonPurpose,
    /// Stable key; also the message key under `reason-`.
    pub key: String,
    /// Text for people where the catalogue has none, by language.
    #[serde(default)]
    pub texts: Vec<LocalText>,
}

/// What a reason is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ReasonPurpose {
    Short,
    Damaged,
    Substitute,
    Hold,
    Reprint,
    WeightOverride,
    ConfirmByHand,
    HandBack,
    Pause,
    ClearFlag,
}

/// Photos of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoSettings {
    /// Longest side after shrinking, pixels.
    pub side_px_max: u32,
    /// Days kept on the server.
    pub keep_days: u16,
    /// Bytes that a station may hold before it refuses new ones.
    pub station_bytes_max: u64,
}

/// The drawn map, mm from the site's corner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteMap {
    /// Whole width, mm.
    pub width_mm: u32,
    /// Whole depth, mm.
    pub depth_mm: u32,
    /// Aisles.
    #[serde(default)]
    pub aisles: Vec<MapAisle>,
    /// Benches, docks, walls: what is drawn but holds no stock.
    #[serde(default)]
    pub marks: Vec<MapMark>,
    /// Where a tour starts and ends, mm.
    #[serde(default)]
    pub start_x_mm: i32,
    /// Where a tour starts and ends, mm.
    #[serde(default)]
    pub start_y_mm: i32,
    /// The layout in full, where the office made one; the fields above then say as much of it as they can, for older stations.
    #[serde(default, deserialize_with = "super::layout::known", skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanRecord>,
}

/// An aisle with racks on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapAisle {
    /// Its name, as in [`super::place::BinAddress::aisle`].
    pub name: String,
    /// Middle line, mm.
    pub x_mm: i32,
    /// Front end, mm.
    pub y_front_mm: i32,
    /// Back end, mm.
    pub y_back_mm: i32,
    /// Walking width, mm.
    pub width_mm: u32,
    /// Depth of a rack, mm.
    pub rack_depth_mm: u32,
    /// Bays.
    pub bays: u16,
    /// Levels.
    pub levels: u16,
    /// Walked from front to back only.
    #[serde(default)]
    pub one_way: bool,
}

/// Something else that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapMark {
    /// What it is: `bench`, `dock`, `wall`, `put_wall`.
    pub kind: String,
    /// Text on it.
    #[serde(default)]
    pub label: Option<String>,
    /// Left edge, mm.
    pub x_mm: i32,
    /// Front edge, mm.
    pub y_mm: i32,
    /// Width, mm.
    pub width_mm: u32,
    /// Depth, mm.
    pub depth_mm: u32,
}

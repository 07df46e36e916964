//! One unit of warehouse work: what to pick and pack, under which policy, with which papers.

use super::id::{
    CarrierId, FulfillmentId, FulfillmentLineId, LocationId, OrderId, OrderLineId, PackagingId, ProductId, SiteId,
};
use super::money::LocalDate;
use super::product::VerifyMode;
use serde::{Deserialize, Serialize};

/// A fulfillment, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FulfillmentRecord {
    /// Its name for programs.
    pub id: FulfillmentId,
    /// Grows with every edit.
    pub version: u64,
    /// Order it works for.
    pub order_id: OrderId,
    /// Where it is worked.
    pub site_id: SiteId,
    /// Its name for people: the order's number, `/2` for the second part of a split order.
    pub number: String,
    /// Part of the order, from 1.
    pub part: u16,
    /// Parts the order has now.
    pub parts: u16,
    /// Where it stands.
    pub status: FulfillmentStatus,
    /// Step it enters the guided flow at, 1 to 11; steps before it were done elsewhere.
    pub entry_step: u8,
    /// Place in the site's queue as the server ranks it; smaller is sooner.
    pub rank: u32,
    /// When it must be ready to leave with its carrier, UTC ms.
    #[serde(default)]
    pub ready_by_ms: Option<i64>,
    /// What to pack.
    pub lines: Vec<FulfillmentLine>,
    /// How to pack.
    pub policy: PackPolicy,
    /// How it travels.
    pub carrier: CarrierChoice,
    /// Which papers, with facts only central has.
    pub documents: Documents,
    /// Tote or put-wall slot its items wait in.
    #[serde(default)]
    pub container: Option<LocationId>,
    /// Other fulfillments that go into the same parcel by scan.
    #[serde(default)]
    pub consolidate_with: Vec<FulfillmentId>,
    /// Box that the server's cartoner suggests.
    #[serde(default)]
    pub packaging_hint: Option<PackagingId>,
}

/// Where a fulfillment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FulfillmentStatus {
    /// Waits for stock, payment or a decision.
    Blocked,
    /// May be leased.
    Ready,
    /// Picked elsewhere, waits for packing.
    Picked,
    /// A station began it.
    InWork,
    /// Put aside with a reason.
    OnHold,
    /// Packed.
    Packed,
    /// Gone with the carrier.
    HandedOver,
    /// Cancelled.
    Cancelled,
}

/// One line of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FulfillmentLine {
    /// Its name for programs.
    pub id: FulfillmentLineId,
    /// Order line it serves.
    pub order_line_id: OrderLineId,
    /// Place, from 1.
    pub position: u32,
    /// What.
    pub product_id: ProductId,
    /// Base units.
    pub quantity: u32,
    /// Base units picked before (entry at step 5).
    #[serde(default)]
    pub picked: u32,
    /// Kit it was exploded from.
    #[serde(default)]
    pub kit_product_id: Option<ProductId>,
    /// Where to take it, in walking order; the lease holds these.
    #[serde(default)]
    pub sources: Vec<PickSource>,
}

/// Stock promised to a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickSource {
    /// Place.
    pub location_id: LocationId,
    /// Base units.
    pub quantity: u32,
    /// Lot.
    #[serde(default)]
    pub lot: Option<String>,
    /// Expiry day.
    #[serde(default)]
    pub expiry: Option<LocalDate>,
    /// Serial.
    #[serde(default)]
    pub serial: Option<String>,
}

/// How a fulfillment may be packed. Every rule is decided by the server and merely obeyed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackPolicy {
    /// A short holds the whole fulfillment; otherwise the rest is split off.
    pub ship_complete: bool,
    /// How units are confirmed where the product does not say.
    pub verify: VerifyMode,
    /// Whether unreadable items may be confirmed by hand, and by whom.
    pub confirm_by_hand: HandConfirm,
    /// Whether picking needs a scan of the bin.
    pub scan_location: bool,
    /// Parcels, at most.
    pub parcels_max: u16,
    /// Whether packing materials must be scanned.
    pub scan_packaging: bool,
    /// Whether the parcel must be weighed.
    pub weigh: bool,
    /// Tolerance of the weight, per mille of the expected one (50 is 5 %).
    pub weight_tolerance_permille: u16,
    /// Tolerance of the weight, at least this, grams.
    pub weight_tolerance_g_min: u32,
    /// Photo of the open box.
    pub photo_open: PhotoRule,
    /// Photo of the closed parcel.
    pub photo_closed: PhotoRule,
    /// Photo with every short or damaged item.
    pub photo_exception: PhotoRule,
    /// Whether the label is scanned back.
    pub scan_label_back: bool,
}

/// Who may confirm an unreadable item by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandConfirm {
    /// Nobody.
    Never,
    /// A lead, by badge and PIN.
    Lead,
    /// The packer, recorded as such.
    Packer,
}

/// Whether a photo is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoRule {
    /// Not asked.
    None,
    /// Offered.
    Offered,
    /// The step does not end without it.
    Required,
}

/// How a fulfillment travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierChoice {
    /// Carrier.
    pub carrier_id: CarrierId,
    /// Code of its service.
    pub service: String,
    /// Labels fetched ahead, for services that allow it.
    #[serde(default)]
    pub prefetched: Vec<PrefetchedLabel>,
    /// Value to insure, minor units of the order's currency.
    #[serde(default)]
    pub insure_minor: Option<i64>,
    /// Into the hands of an adult, signed.
    #[serde(default)]
    pub adult_signature: bool,
}

/// A carrier's label fetched before the parcel exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrefetchedLabel {
    /// Tracking number.
    pub tracking_number: String,
    /// Box it was made for.
    pub packaging_id: PackagingId,
    /// Weight it was made for, grams.
    pub weight_g: u32,
    /// How far the real weight may differ, grams.
    pub weight_tolerance_g: u32,
    /// The label in ZPL.
    pub zpl: String,
    /// Until when it can be voided, UTC ms.
    #[serde(default)]
    pub void_until_ms: Option<i64>,
}

/// Which papers go with it, with the numbers that only central gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documents {
    /// Packing slip.
    #[serde(default)]
    pub packing_slip: bool,
    /// Invoice into the box; needs `invoice_number`.
    #[serde(default)]
    pub invoice: bool,
    /// Given by central with the lease.
    #[serde(default)]
    pub invoice_number: Option<String>,
    /// Day of the invoice.
    #[serde(default)]
    pub invoice_date: Option<LocalDate>,
    /// Customs paper for the destination.
    #[serde(default)]
    pub customs: CustomsForm,
    /// No price on any paper in the box.
    #[serde(default)]
    pub hide_prices: bool,
    /// Copies of the label, at least 1 where a parcel leaves.
    #[serde(default)]
    pub label_copies: u16,
    /// Things to put in, by key of the checklist (`insert.welcome_card`).
    #[serde(default)]
    pub inserts: Vec<String>,
    /// Terms, for the commercial invoice.
    #[serde(default)]
    pub reason_for_export: Option<String>,
}

/// Customs paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomsForm {
    /// None: same customs area.
    #[default]
    None,
    /// UPU form CN22, up to 300 SDR.
    Cn22,
    /// UPU form CN23.
    Cn23,
    /// Commercial invoice.
    CommercialInvoice,
}

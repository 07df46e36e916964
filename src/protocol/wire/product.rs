//! What a station knows of a product: how it is scanned, tracked, weighed, packed and declared.

use super::id::{ContentHash, FulfillmentId, ProductId, SerialUseId};
use super::money::{Dims, Money};
use serde::{Deserialize, Serialize};

/// Most lots of one product that are on hold at a time.
pub const HELD_LOTS_MAX: usize = 1_000;

/// A product, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRecord {
    /// Its name for programs.
    pub id: ProductId,
    /// Grows with every edit.
    pub version: u64,
    /// Its name for people; unique within the site.
    pub sku: String,
    /// What it is, one line.
    pub name: String,
    /// Stocked, service or kit.
    pub kind: ProductKind,
    /// Smallest unit it is counted in, for example `piece`, `g`, `mm`.
    pub base_unit: String,
    /// Codes that mean this product; several units of measure have several codes.
    #[serde(default)]
    pub barcodes: Vec<ProductBarcode>,
    /// What is asked when it is picked or verified.
    #[serde(default)]
    pub tracking: Tracking,
    /// Weight of one base unit with its own wrapping, grams; absent while not known.
    #[serde(default)]
    pub weight_g: Option<u32>,
    /// Spread (standard deviation) of that weight in milligrams, where it was measured.
    #[serde(default)]
    pub weight_spread_mg: Option<u32>,
    /// Size of one base unit.
    #[serde(default)]
    pub dims: Option<Dims>,
    /// How long its sides are at most by the parcels it was packed in; counts only where `dims` is absent. A server of before tells none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dims_learnt: Option<Dims>,
    /// Room that it takes at most by those parcels, mm³: less than sides so long would. A server of before tells none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_learnt_mm3: Option<i64>,
    /// How it must be handled and marked.
    #[serde(default)]
    pub handling: Vec<Handling>,
    /// What may stand on one base unit, all together, grams: 0 is nothing. Absent while nobody has said, and from a server of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bears_g: Option<u32>,
    /// Facts for transport law and customs.
    #[serde(default)]
    pub compliance: Compliance,
    /// How its units are confirmed; absent: the fulfillment's policy.
    #[serde(default)]
    pub verify: Option<VerifyMode>,
    /// Products that may replace it, best first.
    #[serde(default)]
    pub substitutes: Vec<Substitute>,
    /// What a kit explodes into, per one kit.
    #[serde(default)]
    pub components: Vec<KitComponent>,
    /// Lots on hold, at most [`HELD_LOTS_MAX`]: not to be picked or packed, also where no balance is known. A server of before
    /// tells none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_lots: Vec<String>,
    /// Picture, by content.
    #[serde(default)]
    pub picture: Option<ContentHash>,
    /// Leaves in the box it came in: a label goes on it, no packaging around it.
    #[serde(default)]
    pub ships_in_own_box: bool,
    /// Text read by the packer when it is verified.
    #[serde(default)]
    pub packer_note: Option<String>,
    /// False when it is not sold any more; still packable for open orders.
    pub active: bool,
}

/// What becomes of a product in a warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    /// Lies in bins and is picked.
    Stocked,
    /// Postage, fees, adjustments: on the invoice, never picked.
    Service,
    /// Explodes into components.
    Kit,
}

/// One code of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductBarcode {
    /// The code: a valid GTIN as 14 digits, anything else as written.
    pub code: String,
    /// Whether `code` is a canonical GTIN-14.
    pub gtin: bool,
    /// Unit of measure that the code stands on, for example `piece`, `inner`, `case`.
    pub unit: String,
    /// Base units that one scan counts, at least 1.
    pub units_per_scan: u32,
}

/// What is asked per unit or lot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// A serial number per unit, never used twice.
    #[serde(default)]
    pub serial: bool,
    /// The lot.
    #[serde(default)]
    pub lot: bool,
    /// The expiry day.
    #[serde(default)]
    pub expiry: bool,
    /// Days that must be left on the day of shipping.
    #[serde(default)]
    pub shelf_life_days_min: Option<u32>,
    /// Pattern a serial must fit: `9` digit, `A` letter, `X` either, others literal; absent: any.
    #[serde(default)]
    pub serial_pattern: Option<String>,
}

/// How units are confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifyMode {
    /// One scan per unit (or per case code).
    ScanEach,
    /// One scan, then the count is typed.
    ScanAndCount,
}

/// How a thing is handled and what its parcel is marked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// Breaks.
    Fragile,
    /// Must stand.
    ThisSideUp,
    /// Must stay dry.
    KeepDry,
    /// Two people or a lift.
    Heavy,
    /// Liquid: bag it.
    Liquid,
    /// Needs its own bag for smell or colour.
    BagSeparately,
    /// Food: apart from chemicals.
    Food,
}

/// Facts for transport law and customs. An absent one that a destination needs blocks the label by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compliance {
    /// UN number of dangerous goods, 1 to 3,600 (written `UN` and four digits).
    #[serde(default)]
    pub un_number: Option<u16>,
    /// Carried as limited quantity.
    #[serde(default)]
    pub limited_quantity: bool,
    /// Lithium cells or batteries.
    #[serde(default)]
    pub lithium: Option<Lithium>,
    /// Harmonised System code, 6 to 10 digits.
    #[serde(default)]
    pub hs_code: Option<String>,
    /// Country of origin, ISO 3166-1 alpha-2.
    #[serde(default)]
    pub origin_country: Option<String>,
    /// Value of one base unit for customs.
    #[serde(default)]
    pub customs_value: Option<Money>,
    /// What customs reads, English.
    #[serde(default)]
    pub customs_description: Option<String>,
    /// Only into the hands of an adult, signed.
    #[serde(default)]
    pub adult_signature: bool,
    /// Temperature to keep, tenths of a degree Celsius.
    #[serde(default)]
    pub temperature: Option<TemperatureRange>,
}

/// Class of lithium content, as UN 3480, 3481, 3090, 3091 tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lithium {
    /// Ion batteries alone (UN 3480).
    IonAlone,
    /// Ion batteries with equipment (UN 3481).
    IonWithEquipment,
    /// Ion batteries in equipment (UN 3481).
    IonInEquipment,
    /// Metal batteries alone (UN 3090).
    MetalAlone,
    /// Metal batteries with equipment (UN 3091).
    MetalWithEquipment,
    /// Metal batteries in equipment (UN 3091).
    MetalInEquipment,
}

/// Lowest and highest temperature, tenths of a degree Celsius.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TemperatureRange {
    /// Not colder than this.
    pub min_decicelsius: i16,
    /// Not warmer than this.
    pub max_decicelsius: i16,
}

/// A product that may take another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substitute {
    /// The replacement.
    pub product_id: ProductId,
    /// Base units of it for one base unit of the ordered one.
    pub units_for_one: u32,
    /// Whether a lead must agree each time.
    #[serde(default)]
    pub lead_required: bool,
}

/// One part of a kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitComponent {
    /// The part.
    pub product_id: ProductId,
    /// Base units of it in one kit.
    pub units: u32,
}

/// A serial number that went into a parcel; it may not go into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SerialUsedRecord {
    /// This use.
    pub id: SerialUseId,
    /// Whose serial.
    pub product_id: ProductId,
    /// The serial as scanned, case kept.
    pub serial: String,
    /// Where it went.
    pub fulfillment_id: FulfillmentId,
    /// When, UTC ms.
    pub used_ms: i64,
}

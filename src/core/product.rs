//! Products and the facts about them that decide how they are scanned, packed and declared.

use super::ids::ProductId;
use super::money::Money;
use super::time::UtcMs;
use super::units::{DimsMm, Grams};

/// Is there something to pick?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductKind {
    /// Kept in stock, picked and packed.
    Goods,
    /// Only billed: postage, discount, bank charges.
    Service,
}

/// A barcode of a product at one packing level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barcode {
    /// Canonical text: a valid GTIN as 14 digits, anything else as printed.
    pub code: String,
    /// Base units behind one scan: 1 for the item, 12 for a case of twelve.
    pub units: u32,
}

/// What must be recorded with every unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tracking {
    /// A serial number, never the same twice.
    pub serial: bool,
    /// The lot it was made in.
    pub lot: bool,
    /// The day it expires.
    pub expiry: bool,
}

impl Tracking {
    /// Does a unit need anything besides its barcode?
    #[must_use]
    pub fn any(self) -> bool {
        self.serial || self.lot || self.expiry
    }
}

/// How lithium cells come, which decides the UN number, the mark and the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LithiumClass {
    /// UN 3480: ion cells alone.
    IonAlone,
    /// UN 3481: ion cells packed with or inside equipment.
    IonWithEquipment,
    /// UN 3090: metal cells alone.
    MetalAlone,
    /// UN 3091: metal cells packed with or inside equipment.
    MetalWithEquipment,
}

impl LithiumClass {
    /// The UN number of the class (UN Model Regulations, dangerous goods list).
    #[must_use]
    pub fn un_number(self) -> u16 {
        match self {
            LithiumClass::IonAlone => 3480,
            LithiumClass::IonWithEquipment => 3481,
            LithiumClass::MetalAlone => 3090,
            LithiumClass::MetalWithEquipment => 3091,
        }
    }
}

/// Two capital letters of ISO 3166-1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// A code of two capital letters; anything else is `None`.
    #[must_use]
    pub fn new(code: &str) -> Option<Country> {
        let b: [u8; 2] = code.as_bytes().try_into().ok()?;
        b.iter().all(u8::is_ascii_uppercase).then_some(Country(b))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XX")
    }
}

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Facts for carriers, customs and the law. `None` means "nobody has said", which is not "no".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComplianceFacts {
    /// UN number of dangerous goods other than lithium cells.
    pub un_number: Option<u16>,
    /// Lithium cells inside or with it.
    pub lithium: Option<LithiumClass>,
    /// Known to be dangerous, so a UN number or lithium class must be on file before it ships.
    pub dangerous: bool,
    /// Customs tariff number, 6 to 10 digits.
    pub hs_code: Option<String>,
    /// Country it was made in.
    pub origin: Option<Country>,
    /// Value of one unit for customs.
    pub customs_value: Option<Money>,
    /// To be handed to an adult only.
    pub adult_signature: bool,
    /// Lowest and highest temperature in °C on the way.
    pub temperature_c: Option<(i16, i16)>,
    /// Breaks easily.
    pub fragile: bool,
    /// May be turned around, not over.
    pub this_side_up: bool,
    /// What may stand on one unit, all together; zero is nothing.
    pub bears_g: Option<Grams>,
}

/// A thing that can be ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Identity.
    pub id: ProductId,
    /// The code people know it by.
    pub sku: String,
    /// Name as the catalogue writes it.
    pub name: String,
    /// Goods or service.
    pub kind: ProductKind,
    /// All its barcodes.
    pub barcodes: Vec<Barcode>,
    /// Mass of one base unit, if known.
    pub weight_g: Option<Grams>,
    /// How much single units differ from that, if known (one standard deviation).
    pub weight_spread_g: Option<Grams>,
    /// Size of one base unit, if known.
    pub dims: Option<DimsMm>,
    /// Room that one base unit takes at most, in mm³, where its size is no measured one but learnt from parcels: no side is longer than
    /// `dims` then.
    pub learnt_mm3: Option<i64>,
    /// What is recorded per unit.
    pub tracking: Tracking,
    /// Facts for carriers, customs, the law.
    pub facts: ComplianceFacts,
    /// Products that may be sent in its place.
    pub substitutes: Vec<ProductId>,
    /// When the record last changed.
    pub updated: UtcMs,
}

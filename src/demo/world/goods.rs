//! The made facts of one thing: barcode, case, mass, size, handling, shelf. MADE UP from its code and name.

use super::floor::Shelf;
use super::tables::{self, Kind};
use crate::central::services::products::ProductFacts;
use crate::central::services::stock::Receipt;
use crate::core::aim::AimId;
use crate::core::gs1;
use crate::demo::chance::{self, Chance};
use std::collections::{BTreeMap, HashMap};

/// Most variants that may replace a thing.
const SUBSTITUTES_MAX: usize = 3;
/// The day that dated goods expire: far enough that the demo never finds them passed.
const EXPIRY: (&str, &str) = ("2049-12-31", "491231");

/// A thing in the made warehouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// Code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// EAN-13 on each unit.
    pub ean: String,
    /// GTIN-14 on a case, and the units in it.
    pub case: Option<(String, u32)>,
    /// Mass of a unit.
    pub weight_g: u32,
    /// Size of a unit.
    pub size_mm: [u32; 3],
    /// Serial, lot, expiry recorded.
    pub track: (bool, bool, bool),
    /// Breaks easily.
    pub fragile: bool,
    /// May be turned around, not over; nothing is told where it may lie as it likes.
    pub this_side_up: Option<bool>,
    /// Grams that may stand on it, where that is told.
    pub bears_g: Option<u32>,
    /// Customs tariff number.
    pub hs: &'static str,
    /// Country of origin.
    pub origin: &'static str,
    /// Shelf it lies on.
    pub shelf: String,
    /// Its lot, where lots are kept.
    pub lot: String,
}

fn has(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.contains(word))
}

/// A number with its check digit appended; as it is where it cannot have one.
fn with_check(digits: String) -> String {
    match gs1::check_digit(&digits) {
        Some(check) => format!("{digits}{check}"),
        None => digits,
    }
}

/// EAN-13 of the range GS1 keeps for use inside a house (20 to 29): no two numbers give the same code.
fn ean(seed: u64, number: u64) -> String {
    // Odd and no multiple of five: multiplying by it never maps two numbers below 10^10 to one.
    const STEP: u64 = 7_919_999_983;
    const ROOM: u64 = 10_000_000_000;
    let prefix = 20 + chance::hash(&format!("prefix {seed}")) % 10;
    let body = (u128::from(number) * u128::from(STEP) + u128::from(seed % ROOM)) % u128::from(ROOM);
    with_check(format!("{prefix}{body:010}"))
}

impl Thing {
    /// The thing with that running number, code, name and shelf.
    #[must_use]
    pub fn of(seed: u64, number: u64, sku: &str, name: &str, shelf: Shelf) -> Thing {
        // A space behind the last word, so that "CUP " is a word and not the start of one.
        let words = format!("{} ", name.to_uppercase());
        let kind: &Kind = tables::KINDS.iter().find(|k| has(&words, k.words)).unwrap_or(&tables::OTHER);
        let mut dice = Chance::of(seed, &format!("thing {sku}"));
        let mut vary = |n: u32| {
            let percent = u32::try_from(dice.between(85, 115)).unwrap_or(100);
            (n * percent).div_ceil(100).max(1)
        };
        let weight_g = vary(kind.weight_g);
        let size_mm = kind.size_mm.map(&mut vary);
        let ean = ean(seed, number);
        let units = [6, 12, 12, 24][dice.index(4)];
        let track = (has(&words, tables::SERIAL), has(&words, tables::LOT), has(&words, tables::EXPIRY));
        let plain = track == (false, false, false);
        let case = (plain && dice.percent(30)).then(|| {
            let body = ean.get(..12).unwrap_or_default();
            (with_check(format!("1{body}")), units)
        });
        let origin = tables::ORIGINS[dice.index(tables::ORIGINS.len())];
        let lot = if track.1 { format!("L{:04}", dice.below(10_000)) } else { String::new() };
        Thing {
            sku: sku.to_owned(),
            name: name.to_owned(),
            ean,
            case,
            weight_g,
            size_mm,
            track,
            fragile: has(&words, tables::FRAGILE),
            this_side_up: has(&words, tables::UPRIGHT).then_some(true),
            bears_g: if has(&words, tables::BEARS_NOTHING) {
                Some(0)
            } else {
                has(&words, tables::BEARS_LITTLE).then_some(500)
            },
            hs: kind.hs,
            origin,
            shelf: shelf.code(),
            lot,
        }
    }

    /// Room a unit takes.
    #[must_use]
    pub fn volume_mm3(&self) -> i64 {
        self.size_mm.iter().map(|side| i64::from(*side)).product()
    }

    /// What the scanner reads from the `n`-th unit: plain goods carry their EAN-13, recorded ones a GS1 DataMatrix.
    #[must_use]
    pub fn read(&self, n: u64) -> (Vec<u8>, AimId) {
        let (serial, lot, expiry) = self.track;
        if !serial && !lot && !expiry {
            return (self.ean.clone().into_bytes(), AimId::EAN_13);
        }
        let mut text = format!("010{}", self.ean);
        if expiry {
            text.push_str(&format!("17{}", EXPIRY.1));
        }
        if lot {
            text.push_str(&format!("10{}", self.lot));
        }
        if serial {
            // A value of no predefined length before it is closed by the separator.
            if lot {
                text.push(gs1::GS);
            }
            text.push_str(&format!("21{}", self.serial(n)));
        }
        (text.into_bytes(), AimId::GS1_DATAMATRIX)
    }

    /// The serial number of the `n`-th unit.
    #[must_use]
    pub fn serial(&self, n: u64) -> String {
        format!("{}-{n:06}", self.sku)
    }

    /// What the server is told of it.
    #[must_use]
    pub fn facts(&self, substitutes: Vec<String>) -> ProductFacts {
        let mut barcodes = vec![(self.ean.clone(), 1)];
        barcodes.extend(self.case.clone());
        ProductFacts {
            sku: self.sku.clone(),
            barcodes,
            weight_g: Some(self.weight_g),
            size_mm: Some(self.size_mm),
            track: Some(self.track),
            fragile: Some(self.fragile),
            this_side_up: self.this_side_up,
            bears_g: self.bears_g,
            hs_code: Some(self.hs.to_owned()),
            origin: Some(self.origin.to_owned()),
            substitutes,
        }
    }

    /// So many units on its shelf.
    #[must_use]
    pub fn receipt(&self, quantity: i64) -> Receipt {
        let expiry = if self.track.2 { EXPIRY.0 } else { "" };
        Receipt {
            sku: self.sku.clone(),
            location: self.shelf.clone(),
            lot: self.lot.clone(),
            expiry: expiry.to_owned(),
            quantity,
        }
    }
}

/// Which codes may replace which: names that differ in a colour alone.
#[must_use]
pub fn substitutes(things: &HashMap<String, Thing>) -> HashMap<String, Vec<String>> {
    let mut variants: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for thing in things.values() {
        let upper = thing.name.to_uppercase();
        let words: Vec<&str> = upper.split_whitespace().collect();
        let rest: Vec<&str> = words.iter().copied().filter(|word| !tables::COLOURS.contains(word)).collect();
        // One word alone ("RED BOX") says too little, and recorded goods are not swapped.
        if rest.len() < words.len() && rest.len() >= 2 && thing.track == (false, false, false) {
            variants.entry(rest.join(" ")).or_default().push(&thing.sku);
        }
    }
    let mut map = HashMap::new();
    for mut group in variants.into_values().filter(|group| group.len() > 1) {
        group.sort_unstable();
        for (n, sku) in group.iter().enumerate() {
            let others = group.iter().cycle().skip(n + 1).take(group.len() - 1).take(SUBSTITUTES_MAX);
            map.insert((*sku).to_owned(), others.map(|other| (*other).to_owned()).collect());
        }
    }
    map
}

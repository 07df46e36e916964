//! A product as people and programs write it: everything that is known of it on one sheet. A sheet is checked whole; who writes over
//! another's change is told which facts differ; and what changed is noted with what it was.

use super::sizes::{Guess, guess_in};
use super::{PRICE_MINOR_MAX, TAX_RATE_BP_MAX, kits};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::core::country::is_code;
use crate::core::{command_code, gs1};
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::{Conn, Row};
use crate::vals;
use serde_json::{Value, json};

/// Longest code, characters.
pub const SKU_MAX: usize = 60;
/// Longest name, characters.
pub const NAME_MAX: usize = 200;
/// Longest category, characters.
pub const CATEGORY_MAX: usize = 60;
/// Most barcodes.
pub const BARCODES_MAX: usize = 50;
/// Most units behind one scan.
pub const UNITS_MAX: u32 = 100_000;
/// Highest mass of one unit, g.
pub const WEIGHT_G_MAX: u32 = 1_000_000;
/// Highest mass that may be said to stand on one unit, g.
pub const BEARS_G_MAX: u32 = 1_000_000;
/// Longest side of one unit, mm.
pub const SIDE_MM_MAX: u32 = 10_000;

/// Batteries in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Battery {
    /// Lithium ion, alone.
    IonAlone,
    /// Lithium ion, with or in equipment.
    IonWithEquipment,
    /// Lithium metal, alone.
    MetalAlone,
    /// Lithium metal, with or in equipment.
    MetalWithEquipment,
}

impl Battery {
    /// All, in the order people are shown.
    pub const ALL: [Battery; 4] =
        [Battery::IonAlone, Battery::IonWithEquipment, Battery::MetalAlone, Battery::MetalWithEquipment];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Battery::IonAlone => "ion_alone",
            Battery::IonWithEquipment => "ion_with_equipment",
            Battery::MetalAlone => "metal_alone",
            Battery::MetalWithEquipment => "metal_with_equipment",
        }
    }

    /// The battery of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Battery> {
        Battery::ALL.into_iter().find(|battery| battery.word() == word)
    }
}

/// What is known of a product. `None` says that nobody has told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Name.
    pub name: String,
    /// What it is sold as, or empty.
    pub category: String,
    /// Billed only, never picked.
    pub service: bool,
    /// Selling price of one unit without tax, minor units of the site's currency.
    pub price_minor: Option<i64>,
    /// Rate of its tax, basis points.
    pub tax_rate_bp: u32,
    /// Barcodes with the units behind one scan: piece, case, pallet.
    pub barcodes: Vec<(String, u32)>,
    /// Mass of one unit, g.
    pub weight_g: Option<u32>,
    /// Length, width and height of one unit, mm.
    pub size_mm: Option<[u32; 3]>,
    /// Serial, lot, expiry are asked of every unit.
    pub track: [bool; 3],
    /// Breaks easily.
    pub fragile: bool,
    /// May be turned around, not over.
    pub this_side_up: bool,
    /// What may stand on one unit, g, all together; 0 is nothing.
    pub bears_g: Option<u32>,
    /// Dangerous goods in limited quantity.
    pub dangerous: bool,
    /// UN number of dangerous goods.
    pub un_number: Option<u32>,
    /// Batteries.
    pub battery: Option<Battery>,
    /// Customs tariff number.
    pub hs_code: Option<String>,
    /// Country of origin, ISO 3166-1 alpha-2.
    pub origin: Option<String>,
    /// Value for customs of one unit, minor units of the site's currency.
    pub customs_value_minor: Option<i64>,
    /// Only an adult may sign for it.
    pub adult_signature: bool,
    /// Lowest and highest temperature it bears, °C.
    pub temperature_c: Option<[i32; 2]>,
    /// Codes of what one of it is made of, with units: a kit. Empty for what lies here itself.
    pub parts: Vec<(String, u32)>,
}

/// A sheet as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Id.
    pub id: String,
    /// Code.
    pub sku: String,
    /// What is known.
    pub sheet: Sheet,
    /// What parcels say of its size, where nobody measured it.
    pub guess: Option<Guess>,
    /// Hash of its picture, if it has one.
    pub picture: Option<String>,
    /// Version.
    pub version: i64,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
}

fn refuse<T>(field: &'static str, why: &'static str) -> Result<T, Refusal> {
    Err(Refusal::Field { field, why })
}

fn named(text: &str, max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max && !text.contains(char::is_control)
}

/// Checks a code by itself.
///
/// # Errors
/// [`Refusal::Field`] for one that is empty, too long, or could be a command barcode.
pub fn check_sku(sku: &str) -> Result<(), Refusal> {
    if !named(sku, SKU_MAX) || sku.trim() != sku || sku.starts_with(command_code::PREFIX) {
        return refuse("product.sku", "must have 1 to 60 characters and not begin with ZZPB");
    }
    Ok(())
}

impl Sheet {
    /// Checks it by itself.
    ///
    /// # Errors
    /// [`Refusal::Field`] with the fact that is not usable.
    pub fn validate(&self) -> Result<(), Refusal> {
        if !named(&self.name, NAME_MAX) {
            return refuse("product.name", "must have 1 to 200 characters");
        }
        if !self.category.is_empty() && !named(&self.category, CATEGORY_MAX) {
            return refuse("product.category", "must have at most 60 characters");
        }
        if self.price_minor.is_some_and(|minor| !(0..=PRICE_MINOR_MAX).contains(&minor)) {
            return refuse("product.price", "must be 0 to 1,000,000,000 minor units");
        }
        if self.tax_rate_bp > TAX_RATE_BP_MAX {
            return refuse("product.tax", "must be at most 100 %");
        }
        if self.weight_g.is_some_and(|g| !(1..=WEIGHT_G_MAX).contains(&g)) {
            return refuse("product.weight", "must be 1 to 1,000,000 g");
        }
        if self.size_mm.is_some_and(|sides| sides.iter().any(|mm| !(1..=SIDE_MM_MAX).contains(mm))) {
            return refuse("product.size", "must be three sides of 1 to 10,000 mm");
        }
        if self.bears_g.is_some_and(|g| g > BEARS_G_MAX) {
            return refuse("product.bears", "must be 0 to 1,000,000 g");
        }
        kits::check(&self.parts)?;
        if self.service && !self.parts.is_empty() {
            return refuse("product.parts", "must be none: a service is no kit");
        }
        self.validate_barcodes()?;
        self.validate_compliance()
    }

    fn validate_barcodes(&self) -> Result<(), Refusal> {
        if self.barcodes.len() > BARCODES_MAX {
            return refuse("product.barcodes", "must be at most 50");
        }
        for (code, units) in &self.barcodes {
            if !named(code, 100) || code.trim() != code || code.starts_with(command_code::PREFIX) {
                return refuse("product.barcodes", "must have 1 to 100 characters and not begin with ZZPB");
            }
            if !(1..=UNITS_MAX).contains(units) {
                return refuse("product.barcodes", "must stand for 1 to 100,000 units");
            }
        }
        let mut codes: Vec<String> = self.barcodes.iter().map(|(code, _)| canonical(code)).collect();
        codes.sort();
        codes.dedup();
        if codes.len() < self.barcodes.len() {
            return refuse("product.barcodes", "must be named once each");
        }
        Ok(())
    }

    fn validate_compliance(&self) -> Result<(), Refusal> {
        if self.un_number.is_some_and(|number| !(1..=9_999).contains(&number)) {
            return refuse("product.un-number", "must be 1 to 9999");
        }
        let digits = |text: &String| (4..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if !self.hs_code.as_ref().is_none_or(digits) {
            return refuse("product.hs-code", "must be 4 to 12 digits");
        }
        if !self.origin.as_deref().is_none_or(is_code) {
            return refuse("product.origin", "must be a code of two capital letters that ISO 3166-1 assigns");
        }
        if self.customs_value_minor.is_some_and(|minor| !(0..=PRICE_MINOR_MAX).contains(&minor)) {
            return refuse("product.customs-value", "must be 0 to 1,000,000,000 minor units");
        }
        if self.temperature_c.is_some_and(|[low, high]| low > high || low < -100 || high > 100) {
            return refuse("product.temperature", "must be from -100 to 100 °C, the lower first");
        }
        Ok(())
    }

    /// Its facts by name, as the audit keeps them.
    fn facts(&self) -> Vec<(&'static str, Value)> {
        let barcodes: Vec<Value> = self.barcodes.iter().map(|(code, units)| json!([code, units])).collect();
        vec![
            ("name", json!(self.name)),
            ("category", json!(self.category)),
            ("kind", json!(if self.service { "service" } else { "goods" })),
            ("price", json!(self.price_minor)),
            ("tax", json!(self.tax_rate_bp)),
            ("barcodes", json!(barcodes)),
            ("weight", json!(self.weight_g)),
            ("size", json!(self.size_mm)),
            ("track", json!(self.track)),
            ("fragile", json!(self.fragile)),
            ("this-side-up", json!(self.this_side_up)),
            ("bears", json!(self.bears_g)),
            ("dangerous", json!(self.dangerous)),
            ("un-number", json!(self.un_number)),
            ("battery", json!(self.battery.map(Battery::word))),
            ("hs-code", json!(self.hs_code)),
            ("origin", json!(self.origin)),
            ("customs-value", json!(self.customs_value_minor)),
            ("adult-signature", json!(self.adult_signature)),
            ("temperature", json!(self.temperature_c)),
            ("parts", json!(self.parts)),
        ]
    }

    /// Names of the facts in which two sheets differ.
    #[must_use]
    pub fn differs(&self, other: &Sheet) -> Vec<&'static str> {
        let pairs = self.facts().into_iter().zip(other.facts());
        pairs.filter(|(own, theirs)| own.1 != theirs.1).map(|(own, _)| own.0).collect()
    }
}

/// A barcode as it is stored: GTINs with 14 digits.
fn canonical(code: &str) -> String {
    gs1::canonical_gtin(code).unwrap_or_else(|| code.to_owned())
}

/// The sheet of the product with this code.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn filed(tx: &mut dyn Conn, site: SiteId, sku: &str) -> Res<Filed> {
    let row = tx.one("SELECT * FROM products WHERE site = $1 AND sku = $2", vals![site.to_string(), sku])?;
    let row = row.ok_or(Refusal::Missing { entity: "product" })?;
    let id: String = row.get("id")?;
    let barcodes = tx.all("SELECT code, units FROM barcodes WHERE product = $1 ORDER BY units, code", vals![&id])?;
    let barcodes = barcodes.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect::<Res<Vec<_>>>()?;
    let parts = kits::written(tx, &id)?;
    Ok(Filed {
        sku: row.get("sku")?,
        sheet: Sheet { parts, ..sheet(&row, barcodes)? },
        guess: guess_in(&row)?,
        picture: row.get("picture")?,
        version: row.get("version")?,
        updated_ms: row.get("updated_ms")?,
        id,
    })
}

fn sheet(row: &Row, mut barcodes: Vec<(String, u32)>) -> Res<Sheet> {
    barcodes.sort();
    let size = match (row.get("length_mm")?, row.get("width_mm")?, row.get("height_mm")?) {
        (Some(length), Some(width), Some(height)) => Some([length, width, height]),
        _ => None,
    };
    let temperature = match (row.get("temperature_min_c")?, row.get("temperature_max_c")?) {
        (Some(low), Some(high)) => Some([low, high]),
        _ => None,
    };
    let battery = row.get::<Option<String>>("lithium")?;
    let battery =
        battery.map(|word| Battery::of(&word).ok_or(CentralError::Stored { what: "lithium class" })).transpose()?;
    Ok(Sheet {
        name: row.get("name")?,
        category: row.get("category")?,
        service: row.get::<String>("kind")? == "service",
        price_minor: row.get("price_minor")?,
        tax_rate_bp: row.get("tax_rate_bp")?,
        barcodes,
        weight_g: row.get("weight_g")?,
        size_mm: size,
        track: [row.get("track_serial")?, row.get("track_lot")?, row.get("track_expiry")?],
        fragile: row.get("fragile")?,
        this_side_up: row.get("this_side_up")?,
        bears_g: row.get("bears_g")?,
        dangerous: row.get("dangerous")?,
        un_number: row.get("un_number")?,
        battery,
        hs_code: row.get("hs_code")?,
        origin: row.get("origin")?,
        customs_value_minor: row.get("customs_value_minor")?,
        adult_signature: row.get("adult_signature")?,
        temperature_c: temperature,
        parts: Vec::new(),
    })
}

/// Adds a product; its id.
///
/// # Errors
/// [`Refusal::Field`] for what is not usable, [`Refusal::Taken`] for a code or barcode that another product has.
pub fn add(work: &mut Work<'_>, sku: &str, sheet: &Sheet) -> Res<String> {
    check_sku(sku)?;
    sheet.validate()?;
    let find = "SELECT id FROM products WHERE site = $1 AND sku = $2";
    if work.one(find, vals![work.site(), sku])?.is_some() {
        return Err(Refusal::Taken { field: "sku", entity: "product" }.into());
    }
    free_barcodes(work, "", sheet)?;
    let id = work.new_id();
    // Looked at before anything is written: one of many that is refused leaves no trace.
    kits::fitting(work, &id, &sheet.parts)?;
    work.exec(
        "INSERT INTO products (id, site, sku, name, search, kind, updated_ms, version) VALUES ($1, $2, $3, '', '', 'goods', $4, 0)",
        vals![&id, work.site(), sku, work.now_ms()],
    )?;
    write(work, &id, sku, sheet)?;
    work.audit("product.added", "product", &id, json!({ "sku": sku }));
    Ok(id)
}

/// Writes the sheet of a product; its version then. `seen` are the versions that the writer may have had before their eyes, none for
/// whatever there is. A sheet that says what is known already changes nothing.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Version`] with the facts that differ, [`Refusal::State`] for goods that become a service or a kit
/// while they lie here or are asked for, and as [`add`].
pub fn save(work: &mut Work<'_>, sku: &str, seen: Option<&[i64]>, sheet: &Sheet) -> Res<i64> {
    let now = filed(work.tx, work.ctx.site, sku)?;
    let mut sheet = sheet.clone();
    for (code, _) in &mut sheet.barcodes {
        *code = canonical(code);
    }
    sheet.barcodes.sort();
    sheet.parts.sort();
    let fields = sheet.differs(&now.sheet);
    if seen.is_some_and(|versions| !versions.contains(&now.version)) {
        return Err(Refusal::Version { newest: now.version, fields }.into());
    }
    sheet.validate()?;
    if fields.is_empty() {
        return Ok(now.version);
    }
    if sheet.service && !now.sheet.service {
        let here =
            work.tx.int("SELECT COUNT(*) FROM stock_levels WHERE product = $1 AND quantity <> 0", vals![&now.id])?;
        let asked = work.tx.int("SELECT COUNT(*) FROM order_lines WHERE product = $1", vals![&now.id])?;
        if here + asked > 0 || kits::is_part(work.tx, &now.id)? {
            return Err(Refusal::State { entity: "product", state: "in stock or in orders".to_owned() }.into());
        }
    }
    if !sheet.parts.is_empty() && now.sheet.parts.is_empty() {
        kits::nothing_here(work, &now.id)?;
    }
    free_barcodes(work, &now.id, &sheet)?;
    write(work, &now.id, sku, &sheet)?;
    let was = now.sheet.facts().into_iter().zip(sheet.facts()).filter(|(was, is)| was.1 != is.1);
    let changed: serde_json::Map<String, Value> =
        was.map(|(was, is)| (was.0.to_owned(), json!([was.1, is.1]))).collect();
    work.audit("product.changed", "product", &now.id, Value::Object(changed));
    Ok(work.tx.int("SELECT version FROM products WHERE id = $1", vals![&now.id])?)
}

/// No other product has one of the barcodes.
fn free_barcodes(work: &mut Work<'_>, product: &str, sheet: &Sheet) -> Res<()> {
    for (code, _) in &sheet.barcodes {
        let find = "SELECT product FROM barcodes WHERE site = $1 AND code = $2 AND product <> $3";
        if work.one(find, vals![work.site(), canonical(code), product])?.is_some() {
            return Err(Refusal::Taken { field: "barcode", entity: "product" }.into());
        }
    }
    Ok(())
}

fn write(work: &mut Work<'_>, id: &str, sku: &str, sheet: &Sheet) -> Res<()> {
    let parts = kits::fitting(work, id, &sheet.parts)?;
    kits::write(work, id, &parts)?;
    let currency = sites::get(work.tx, work.ctx.site)?.currency;
    let side = |n: usize| sheet.size_mm.map(|sides| sides[n]);
    let [low, high] = [0, 1].map(|n: usize| sheet.temperature_c.map(|range| range[n]));
    work.exec(
        "UPDATE products SET name = $2, search = $3, kind = $4, category = $5, price_minor = $6, tax_rate_bp = $7, \
         weight_g = $8, length_mm = $9, width_mm = $10, height_mm = $11, track_serial = $12, track_lot = $13, \
         track_expiry = $14, fragile = $15, dangerous = $16, un_number = $17, lithium = $18, hs_code = $19, origin = $20, \
         customs_value_minor = $21, customs_currency = $22, adult_signature = $23, temperature_min_c = $24, \
         temperature_max_c = $25, this_side_up = $26, bears_g = $27, version = version + 1, updated_ms = $28 WHERE id = $1",
        vals![
            id,
            sheet.name.trim(),
            format!("{sku} {}", sheet.name.trim()).to_lowercase(),
            if sheet.service { "service" } else { "goods" },
            sheet.category.trim(),
            sheet.price_minor,
            sheet.tax_rate_bp,
            sheet.weight_g,
            side(0),
            side(1),
            side(2),
            sheet.track[0],
            sheet.track[1],
            sheet.track[2],
            sheet.fragile,
            sheet.dangerous,
            sheet.un_number,
            sheet.battery.map(Battery::word),
            sheet.hs_code.clone(),
            sheet.origin.clone(),
            sheet.customs_value_minor,
            sheet.customs_value_minor.map(|_| currency),
            sheet.adult_signature,
            low,
            high,
            sheet.this_side_up,
            sheet.bears_g,
            work.now_ms()
        ],
    )?;
    work.exec("DELETE FROM barcodes WHERE product = $1", vals![id])?;
    for (code, units) in &sheet.barcodes {
        work.exec(
            "INSERT INTO barcodes (product, site, code, units) VALUES ($1, $2, $3, $4)",
            vals![id, work.site(), canonical(code), *units],
        )?;
    }
    work.changed(ChangeKind::Product, id);
    Ok(())
}

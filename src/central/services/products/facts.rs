//! Sets facts of many products at once: barcodes, weight, size, tracking, handling. `None` leaves a fact as it is.

use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::core::{command_code, gs1};
use crate::protocol::wire::ChangeKind;
use crate::vals;
use std::collections::HashMap;

/// Facts of one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductFacts {
    /// Which.
    pub sku: String,
    /// Further barcodes: code and base units behind one scan. GTINs are kept as 14 digits.
    pub barcodes: Vec<(String, u32)>,
    /// Mass of one unit, g.
    pub weight_g: Option<u32>,
    /// Size of one unit: length, width, height in mm.
    pub size_mm: Option<[u32; 3]>,
    /// Serial, lot, expiry asked.
    pub track: Option<(bool, bool, bool)>,
    /// Breaks easily.
    pub fragile: Option<bool>,
    /// May be turned around, not over.
    pub this_side_up: Option<bool>,
    /// What may stand on one unit, g, all together; 0 is nothing.
    pub bears_g: Option<u32>,
    /// Customs tariff number.
    pub hs_code: Option<String>,
    /// Country of origin, ISO 3166-1 alpha-2.
    pub origin: Option<String>,
    /// Codes of products that may replace it.
    pub substitutes: Vec<String>,
}

/// Sets them, all or none; the number of products changed.
///
/// # Errors
/// [`Refusal::Missing`] for an unknown code, [`Refusal::Field`] for a barcode that could be a command, [`Refusal::Taken`] for
/// one that another product has.
pub fn set_facts(work: &mut Work<'_>, facts: &[ProductFacts]) -> Res<u64> {
    let mut ids: HashMap<String, String> = HashMap::new();
    work.tx.each("SELECT sku, id FROM products WHERE site = $1", vals![work.ctx.site.to_string()], &mut |row| {
        ids.insert(row.at::<String>(0)?, row.at::<String>(1)?);
        Ok(())
    })?;
    for fact in facts {
        let id = ids.get(&fact.sku).ok_or(Refusal::Missing { entity: "product" })?;
        set_one(work, id, fact)?;
        for code in &fact.substitutes {
            let other = ids.get(code).ok_or(Refusal::Missing { entity: "product" })?;
            work.exec(
                "INSERT INTO substitutes (product, substitute) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                vals![id, other],
            )?;
        }
    }
    work.audit("products.facts", "site", work.site(), serde_json::json!({ "products": facts.len() }));
    Ok(facts.len() as u64)
}

pub(super) fn set_one(work: &mut Work<'_>, id: &str, fact: &ProductFacts) -> Res<()> {
    let size = |n: usize| fact.size_mm.map(|sides| sides[n]);
    let (serial, lot, expiry) = match fact.track {
        Some((serial, lot, expiry)) => (Some(serial), Some(lot), Some(expiry)),
        None => (None, None, None),
    };
    work.exec(
        "UPDATE products SET weight_g = COALESCE($2, weight_g), length_mm = COALESCE($3, length_mm), \
         width_mm = COALESCE($4, width_mm), height_mm = COALESCE($5, height_mm), \
         track_serial = COALESCE($6, track_serial), track_lot = COALESCE($7, track_lot), \
         track_expiry = COALESCE($8, track_expiry), fragile = COALESCE($9, fragile), hs_code = COALESCE($10, hs_code), \
         origin = COALESCE($11, origin), this_side_up = COALESCE($12, this_side_up), bears_g = COALESCE($13, bears_g), \
         version = version + 1, updated_ms = $14 WHERE id = $1",
        vals![
            id,
            fact.weight_g,
            size(0),
            size(1),
            size(2),
            serial,
            lot,
            expiry,
            fact.fragile,
            fact.hs_code.clone(),
            fact.origin.clone(),
            fact.this_side_up,
            fact.bears_g,
            work.now_ms()
        ],
    )?;
    for (code, units) in &fact.barcodes {
        if code.is_empty() || code.starts_with(command_code::PREFIX) || code.contains('\0') {
            return Err(Refusal::Field { field: "barcode", why: "must not be empty or begin with ZZPB" }.into());
        }
        let code = gs1::canonical_gtin(code).unwrap_or_else(|| code.clone());
        let set = work.exec(
            "INSERT INTO barcodes (product, site, code, units) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (site, code) DO UPDATE SET units = excluded.units WHERE barcodes.product = excluded.product",
            vals![id, work.site(), code, *units],
        )?;
        if set == 0 {
            return Err(Refusal::Taken { field: "barcode", entity: "product" }.into());
        }
    }
    work.changed(ChangeKind::Product, id);
    Ok(())
}

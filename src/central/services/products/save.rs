//! A product as a list brings it: made if its code is new, else what the list says of it is changed and the rest stays.

use super::facts::{ProductFacts, set_one};
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::core::command_code;
use crate::vals;

/// Longest code and longest name, characters.
const TEXT_MAX: usize = 200;

/// What a list says of a product; `None` leaves a fact as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductRow {
    /// Code.
    pub sku: String,
    /// Name; a new product needs one.
    pub name: Option<String>,
    /// Selling price of one unit without tax, minor units of the site's currency.
    pub price_minor: Option<i64>,
    /// Rate of its tax, basis points.
    pub tax_rate_bp: Option<u32>,
    /// What it is sold as.
    pub category: Option<String>,
    /// One more barcode of one unit.
    pub barcode: Option<String>,
    /// Mass of one unit, g.
    pub weight_g: Option<u32>,
    /// Length, width and height of one unit, mm; only all three change anything.
    pub size_mm: [Option<u32>; 3],
    /// Customs tariff number.
    pub hs_code: Option<String>,
    /// Country of origin, ISO 3166-1 alpha-2.
    pub origin: Option<String>,
    /// May be turned around, not over.
    pub this_side_up: Option<bool>,
    /// What may stand on one unit, g, all together; 0 is nothing.
    pub bears_g: Option<u32>,
}

/// Saves it; whether it is new.
///
/// # Errors
/// [`Refusal::Field`] for a code or barcode that could be a command, a text that is too long, or a new product without a name;
/// [`Refusal::Taken`] for a barcode of another product.
pub fn save(work: &mut Work<'_>, row: &ProductRow) -> Res<bool> {
    let long = |text: &str| text.chars().count() > TEXT_MAX || text.contains(char::is_control);
    if row.sku.is_empty() || long(&row.sku) || row.sku.starts_with(command_code::PREFIX) {
        return Err(
            Refusal::Field { field: "sku", why: "must have 1 to 200 characters and not begin with ZZPB" }.into()
        );
    }
    if [&row.name, &row.category, &row.hs_code].into_iter().flatten().any(|text| long(text)) {
        return Err(Refusal::Field { field: "product", why: "texts must have at most 200 characters" }.into());
    }
    let known = work.one("SELECT id FROM products WHERE site = $1 AND sku = $2", vals![work.site(), &row.sku])?;
    let (id, new) = match known {
        Some(known) => (known.at::<String>(0)?, false),
        None => (add(work, row)?, true),
    };
    let search = row.name.as_ref().map(|name| format!("{} {name}", row.sku).to_lowercase());
    work.exec(
        "UPDATE products SET name = COALESCE($2, name), search = COALESCE($3, search), price_minor = COALESCE($4, price_minor), \
         tax_rate_bp = COALESCE($5, tax_rate_bp), category = COALESCE($6, category) WHERE id = $1",
        vals![&id, row.name.clone(), search, row.price_minor, row.tax_rate_bp, row.category.clone()],
    )?;
    let size_mm = match row.size_mm {
        [Some(length), Some(width), Some(height)] => Some([length, width, height]),
        [_, _, _] => None,
    };
    let facts = ProductFacts {
        sku: row.sku.clone(),
        barcodes: row.barcode.iter().map(|code| (code.clone(), 1)).collect(),
        weight_g: row.weight_g,
        size_mm,
        hs_code: row.hs_code.clone(),
        origin: row.origin.clone(),
        this_side_up: row.this_side_up,
        bears_g: row.bears_g,
        ..ProductFacts::default()
    };
    set_one(work, &id, &facts)?;
    work.audit("product.saved", "product", &id, serde_json::json!({ "new": new }));
    Ok(new)
}

fn add(work: &mut Work<'_>, row: &ProductRow) -> Res<String> {
    let name = row.name.as_ref().ok_or(Refusal::Field { field: "name", why: "must be there for a new product" })?;
    let (id, search) = (work.new_id(), format!("{} {name}", row.sku).to_lowercase());
    work.exec(
        "INSERT INTO products (id, site, sku, name, search, kind, updated_ms) VALUES ($1, $2, $3, $4, $5, 'goods', $6)",
        vals![&id, work.site(), &row.sku, name, search, work.now_ms()],
    )?;
    Ok(id)
}

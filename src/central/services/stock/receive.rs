//! Stock comes in: many receipts in one transaction. Work that waited for it is let go in the same one.

use super::change::no_kit;
use super::{Key, Movement, MovementKind, book, find_location};
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::vals;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Units of a product that lie at a location now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Code of the product.
    pub sku: String,
    /// Code of the location.
    pub location: String,
    /// Lot, or empty.
    pub lot: String,
    /// Day of expiry `YYYY-MM-DD`, or empty.
    pub expiry: String,
    /// Units, above zero.
    pub quantity: i64,
}

/// Books all of them, or none; the number booked.
///
/// # Errors
/// [`Refusal::Field`] for a quantity below one, [`Refusal::Missing`] for an unknown product or location.
pub fn receive(work: &mut Work<'_>, receipts: &[Receipt], reference: &str) -> Res<u64> {
    take_in(work, receipts, reference, None)
}

/// [`receive`] for one that may be told again under the same name: it is booked once. The number booked.
///
/// # Errors
/// As [`receive`].
pub fn receive_once(work: &mut Work<'_>, name: &str, receipt: Receipt, reference: &str) -> Res<u64> {
    let id = Uuid::new_v5(&work.ctx.site.0, name.as_bytes()).to_string();
    if work.tx.int("SELECT COUNT(*) FROM stock_movements WHERE id = $1", vals![&id])? > 0 {
        return Ok(0);
    }
    take_in(work, &[receipt], reference, Some(&id))
}

/// Books the receipts; `id` is that of the movement, where there is but one of a name.
fn take_in(work: &mut Work<'_>, receipts: &[Receipt], reference: &str, id: Option<&str>) -> Res<u64> {
    validate(receipts)?;
    let mut products = HashMap::new();
    work.tx.each("SELECT sku, id FROM products WHERE site = $1", vals![work.ctx.site.to_string()], &mut |row| {
        products.insert(row.at::<String>(0)?, row.at::<String>(1)?);
        Ok(())
    })?;
    let mut locations: HashMap<&str, String> = HashMap::new();
    let mut came = BTreeSet::new();
    for receipt in receipts {
        let product = products.get(&receipt.sku).ok_or(Refusal::Missing { entity: "product" })?.clone();
        no_kit(work, &product)?;
        let location = match locations.get(receipt.location.as_str()) {
            Some(id) => id.clone(),
            None => {
                let id = find_location(work, &receipt.location)?.ok_or(Refusal::Missing { entity: "location" })?;
                locations.insert(&receipt.location, id.clone());
                id
            }
        };
        came.insert(product.clone());
        let key = Key { lot: receipt.lot.clone(), expiry: receipt.expiry.clone(), ..Key::plain(location, product) };
        let movement = Movement {
            id: id.map(str::to_owned),
            key,
            kind: MovementKind::Receive,
            quantity: receipt.quantity,
            at_ms: work.now_ms(),
            reference: ("receipt", reference.to_owned()),
            reason: String::new(),
        };
        book(work, &movement)?;
    }
    super::release_for(work, &came.into_iter().collect::<Vec<_>>())?;
    work.audit("stock.received", "receipt", reference, serde_json::json!({ "rows": receipts.len() }));
    Ok(receipts.len() as u64)
}

fn validate(receipts: &[Receipt]) -> Result<(), Refusal> {
    match receipts.iter().find(|receipt| receipt.quantity < 1) {
        Some(_) => Err(Refusal::Field { field: "quantity", why: "must be at least 1" }),
        None => Ok(()),
    }
}

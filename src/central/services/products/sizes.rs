//! Sizes that nobody measured, learnt from parcels that were packed: which box, and what was in it. A guess stands apart from the
//! size and never passes for a measured one; a person takes it over or drops it. What is reckoned is [`crate::planning::sizes`]'s.

use super::sheet::{self, Sheet};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::settings;
use crate::central::store::work::Work;
use crate::core::ids::ProductId;
use crate::core::learning::{SAMPLES_MAX, SAMPLES_MIN};
use crate::core::units::{DimsMm, Grams};
use crate::planning::sizes::{Content, Learned, Measured, learn};
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::{Conn, Row};
use crate::vals;
use uuid::Uuid;

/// Products looked at in one transaction; the others wait for the next beat.
pub const DUE_MAX: i64 = 20;
/// Parcels of one product that are looked at, the last ones packed. With so many known, further ones are not waited for.
const PARCELS_MAX: i64 = 200;
/// Things in these parcels that are read.
const ROWS_MAX: usize = 5_000;
/// A guess that moved by less than one part in so many is no news for stations.
const NEWS_PARTS: u64 = 20;

/// What parcels say of a product that nobody measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// No side is longer than these, mm, the longest one first.
    pub size_mm: [u32; 3],
    /// From so many parcels.
    pub parcels: i64,
}

/// The guess in a product's row; none where the product is measured.
///
/// # Errors
/// If the row has not the columns.
pub(super) fn guess_in(row: &Row) -> Res<Option<Guess>> {
    let side = |name: &str| row.get::<Option<u32>>(name);
    let measured = side("length_mm")?.is_some();
    let sides = [side("guess_length_mm")?, side("guess_width_mm")?, side("guess_height_mm")?];
    let [Some(length), Some(width), Some(height)] = sides else { return Ok(None) };
    let parcels = row.get("guess_parcels")?;
    Ok((!measured).then_some(Guess { size_mm: [length, width, height], parcels }))
}

/// Notes that parcels were packed: what nobody measured of their content is looked at with one of the next beats.
///
/// # Errors
/// Any fault of the store.
pub fn parcels_packed(work: &mut Work<'_>, fulfillment: &str, parcels: &[u16]) -> Res<()> {
    for no in parcels {
        work.exec(
            "INSERT INTO size_due (product, site, due_ms) SELECT DISTINCT i.product, CAST($1 AS TEXT), CAST($2 AS BIGINT) \
             FROM parcel_items i JOIN products p ON p.id = i.product WHERE i.fulfillment = $3 AND i.parcel = $4 \
             AND p.length_mm IS NULL AND p.guess_dropped = 0 AND p.guess_parcels < $5 ON CONFLICT (product) DO NOTHING",
            vals![work.site(), work.now_ms(), fulfillment, *no, PARCELS_MAX],
        )?;
    }
    Ok(())
}

/// Is any product to be looked at?
///
/// # Errors
/// Any fault of the store.
pub fn any_due(tx: &mut dyn Conn, site: SiteId) -> Res<bool> {
    Ok(tx.one("SELECT product FROM size_due WHERE site = $1 LIMIT 1", vals![site.to_string()])?.is_some())
}

/// Looks at the products that are due, at most [`DUE_MAX`]; how many sizes are news.
///
/// # Errors
/// Any fault of the store.
pub fn learn_sizes(work: &mut Work<'_>) -> Res<u32> {
    let least = usize::from(settings::here(work)?.weight_learn_parcels_min).clamp(SAMPLES_MIN, SAMPLES_MAX);
    let due = work.all(
        "SELECT product FROM size_due WHERE site = $1 ORDER BY due_ms, product LIMIT $2",
        vals![work.site(), DUE_MAX],
    )?;
    let mut told = 0;
    for row in due {
        let product: String = row.at(0)?;
        told += u32::from(learn_one(work, &product, least)?);
        work.exec("DELETE FROM size_due WHERE product = $1", vals![&product])?;
    }
    Ok(told)
}

/// Looks at the parcels of one product; whether stations are told something new.
fn learn_one(work: &mut Work<'_>, product: &str, least: usize) -> Res<bool> {
    let sql = "SELECT length_mm, guess_length_mm, guess_width_mm, guess_height_mm, guess_parcels, guess_volume_mm3 FROM products \
        WHERE id = $1 AND site = $2 AND length_mm IS NULL AND guess_dropped = 0";
    let Some(row) = work.one(sql, vals![product, work.site()])? else { return Ok(false) };
    let known = guess_in(&row)?;
    let room_mm3 = row.get::<Option<i64>>("guess_volume_mm3")?;
    let id = ProductId(id_of(product)?);
    let Some(Learned { dims, volume_mm3, parcels }) = learn(&packed(work.tx, product)?).remove(&id) else {
        return Ok(false);
    };
    if usize::try_from(parcels).is_ok_and(|parcels| parcels < least) {
        return Ok(false);
    }
    let size_mm = [dims.length, dims.width, dims.height].map(|side| u32::try_from(side).unwrap_or(1));
    // The room that a product takes at most may fall though no side does.
    let same = |known: i64, found: i64| known.abs_diff(found) <= known.unsigned_abs() / NEWS_PARTS;
    let same_sides =
        |known: Guess| known.size_mm.into_iter().zip(size_mm).all(|(known, found)| same(known.into(), found.into()));
    if known.is_some_and(same_sides) && room_mm3.is_some_and(|room| same(room, volume_mm3.max(1))) {
        work.exec("UPDATE products SET guess_parcels = $2 WHERE id = $1", vals![product, parcels])?;
        return Ok(false);
    }
    work.exec(
        "UPDATE products SET guess_length_mm = $2, guess_width_mm = $3, guess_height_mm = $4, guess_parcels = $5, \
         guess_volume_mm3 = $6, version = version + 1, updated_ms = $7 WHERE id = $1",
        vals![product, size_mm[0], size_mm[1], size_mm[2], parcels, volume_mm3.max(1), work.now_ms()],
    )?;
    work.changed(ChangeKind::Product, product);
    let detail = serde_json::json!({ "size_mm": size_mm, "parcels": parcels });
    work.audit("product.size_learnt", "product", product, detail);
    Ok(true)
}

fn id_of(text: &str) -> Res<Uuid> {
    text.parse().map_err(|_| CentralError::Stored { what: "id of a product" })
}

/// The last parcels in which a product left its bench in a box, with everything that was in them. The room of an envelope grows
/// with what is in it, so envelopes say nothing.
fn packed(tx: &mut dyn Conn, product: &str) -> Res<Vec<Measured>> {
    let rows = tx.all(
        "SELECT t.fulfillment, t.no, t.length_mm, t.width_mm, t.height_mm, i.product, i.quantity, d.length_mm AS long_mm, \
         d.width_mm AS wide_mm, d.height_mm AS high_mm, d.weight_g FROM (SELECT DISTINCT p.fulfillment, p.no, p.confirmed_ms, \
         k.length_mm, k.width_mm, k.height_mm FROM parcel_items o JOIN parcels p ON p.fulfillment = o.fulfillment \
         AND p.no = o.parcel JOIN packagings k ON k.id = p.packaging WHERE o.product = $1 AND p.void = 0 \
         AND p.confirmed_ms IS NOT NULL AND k.kind = 'box' ORDER BY p.confirmed_ms DESC, p.fulfillment, p.no LIMIT $2) t \
         JOIN parcel_items i ON i.fulfillment = t.fulfillment AND i.parcel = t.no JOIN products d ON d.id = i.product \
         ORDER BY t.fulfillment, t.no, i.product LIMIT $3",
        vals![product, PARCELS_MAX, i64::try_from(ROWS_MAX).unwrap_or(i64::MAX)],
    )?;
    let mut parcels: Vec<Measured> = Vec::new();
    let mut last: Option<(String, i64)> = None;
    for row in &rows {
        let key = (row.get("fulfillment")?, row.get("no")?);
        if last.as_ref() != Some(&key) {
            let dims = sides(row, ["length_mm", "width_mm", "height_mm"])?;
            parcels
                .push(Measured { dims: dims.ok_or(CentralError::Stored { what: "size of a box" })?, contents: vec![] });
            last = Some(key);
        }
        let Some(parcel) = parcels.last_mut() else { continue };
        let (product, qty): (ProductId, u32) =
            (ProductId(id_of(&row.get::<String>("product")?)?), row.get("quantity")?);
        match parcel.contents.iter_mut().find(|content| content.product == product) {
            Some(content) => content.qty = content.qty.saturating_add(qty),
            None => {
                let dims = sides(row, ["long_mm", "wide_mm", "high_mm"])?;
                let weight_g = row.get::<Option<i64>>("weight_g")?.map(Grams);
                parcel.contents.push(Content { product, qty, dims, weight_g });
            }
        }
    }
    if rows.len() >= ROWS_MAX {
        // The last one may be cut off: what it held besides would be missing.
        parcels.pop();
    }
    Ok(parcels)
}

fn sides(row: &Row, names: [&str; 3]) -> Res<Option<DimsMm>> {
    let [length, width, height] = names.map(|name| row.get::<Option<i32>>(name));
    let (Some(length), Some(width), Some(height)) = (length?, width?, height?) else { return Ok(None) };
    Ok(Some(DimsMm { length, width, height }))
}

/// Takes the guess over as the size, for one who saw that version; the version then.
///
/// # Errors
/// [`Refusal::State`] where there is no guess any more; [`Refusal::Version`] if somebody was faster.
pub fn accept_size(work: &mut Work<'_>, sku: &str, seen: i64) -> Res<i64> {
    let filed = sheet::filed(work.tx, work.ctx.site, sku)?;
    let guess = filed.guess.ok_or_else(gone)?;
    if filed.sheet.this_side_up {
        // Which of the sides is its height nobody has learnt.
        return Err(Refusal::Field { field: "size_mm", why: "must be measured where a side is up" }.into());
    }
    let sheet = Sheet { size_mm: Some(guess.size_mm), ..filed.sheet };
    sheet::save(work, sku, Some(&[seen]), &sheet)
}

/// Drops the guess, for one who saw that version; none is made again.
///
/// # Errors
/// As [`accept_size`].
pub fn drop_size(work: &mut Work<'_>, sku: &str, seen: i64) -> Res<()> {
    let filed = sheet::filed(work.tx, work.ctx.site, sku)?;
    if filed.version != seen {
        return Err(Refusal::Version { newest: filed.version, fields: Vec::new() }.into());
    }
    let guess = filed.guess.ok_or_else(gone)?;
    work.exec(
        "UPDATE products SET guess_length_mm = NULL, guess_width_mm = NULL, guess_height_mm = NULL, guess_parcels = 0, \
         guess_volume_mm3 = NULL, guess_dropped = 1, version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![&filed.id, work.now_ms()],
    )?;
    work.changed(ChangeKind::Product, &filed.id);
    work.audit("product.size_dropped", "product", &filed.id, serde_json::json!({ "size_mm": guess.size_mm }));
    Ok(())
}

fn gone() -> Refusal {
    Refusal::State { entity: "product", state: "no size is learnt".to_owned() }
}

//! What runs out: a product may say at how many free units it must be bought again. When it falls to that, it is marked with the
//! moment and programs are told, once; when enough is there again the mark goes.

use super::allocation::available_of;
use super::available;
use super::change::no_kit;
use crate::central::error::{Refusal, Res};
use crate::central::services::webhooks;
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;

/// Most units a product is bought again at, or up to.
pub const REORDER_MAX: i64 = 1_000_000;
/// Most products looked at in one transaction of the job.
const MARKED_MAX: i64 = 200;

/// Sets at how many free units a product is to be bought again, and up to how many; `None` takes it away.
///
/// # Errors
/// [`Refusal::Missing`] for an unknown code, [`Refusal::Field`] for figures out of bounds.
pub fn set_reorder(work: &mut Work<'_>, sku: &str, at: Option<i64>, up_to: Option<i64>) -> Res<()> {
    let fits = |units: i64| (0..=REORDER_MAX).contains(&units);
    if !at.is_none_or(fits) || !up_to.is_none_or(|units| fits(units) && units > at.unwrap_or(0)) {
        let why = "must be 0 to 1,000,000 units, and the second more than the first";
        return Err(Refusal::Field { field: "stock.reorder", why }.into());
    }
    let row = work.one("SELECT id FROM products WHERE site = $1 AND sku = $2", vals![work.site(), sku])?;
    let id: String = row.ok_or(Refusal::Missing { entity: "product" })?.at(0)?;
    no_kit(work, &id)?;
    work.exec(
        "UPDATE products SET reorder_at = $2, reorder_up_to = $3, updated_ms = $4 WHERE id = $1",
        vals![&id, at, up_to, work.now_ms()],
    )?;
    watch(work, &id)?;
    work.audit("product.reorder", "product", id, serde_json::json!({ "at": at, "up_to": up_to }));
    Ok(())
}

/// Marks a product that runs out, or takes the mark away.
///
/// # Errors
/// Any fault of the store.
pub fn watch(work: &mut Work<'_>, product: &str) -> Res<()> {
    let row = work.one(
        "SELECT sku, reorder_at, reorder_up_to, low_since_ms FROM products WHERE id = $1 \
         AND (reorder_at IS NOT NULL OR low_since_ms IS NOT NULL)",
        vals![product],
    )?;
    let Some(row) = row else { return Ok(()) };
    let (at, since): (Option<i64>, Option<i64>) = (row.at(1)?, row.at(3)?);
    let free = available(work.tx, product)?;
    let low = at.filter(|at| free <= *at);
    match (low, since) {
        (Some(at), None) => {
            work.exec("UPDATE products SET low_since_ms = $2 WHERE id = $1", vals![product, work.now_ms()])?;
            let (sku, up_to): (String, Option<i64>) = (row.at(0)?, row.at(2)?);
            let data = serde_json::json!({
                "sku": sku, "available": free, "reorder_at": at, "reorder_up_to": up_to,
            });
            webhooks::tell(work, webhooks::STOCK_LOW, product, &data)
        }
        (None, Some(_)) => {
            work.exec("UPDATE products SET low_since_ms = NULL WHERE id = $1", vals![product])?;
            Ok(())
        }
        (Some(_), Some(_)) | (None, None) => Ok(()),
    }
}

/// Products whose mark is not as it should be; benches pick and orders come without looking at it.
fn unmarked(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<String>> {
    let sql = format!(
        "SELECT p.id FROM products p WHERE p.site = $1 AND p.reorder_at IS NOT NULL \
         AND (CASE WHEN {} <= p.reorder_at THEN 1 ELSE 0 END) <> (CASE WHEN p.low_since_ms IS NULL THEN 0 ELSE 1 END) \
         ORDER BY p.id LIMIT $2",
        available_of("p.id")
    );
    tx.all(&sql, vals![site.to_string(), MARKED_MAX])?.iter().map(|row| Ok(row.at(0)?)).collect()
}

/// Whether any mark is to be set or taken away. Costs no write, so that an idle server stays idle.
///
/// # Errors
/// Any fault of the store.
pub fn any_to_mark(tx: &mut dyn Conn, site: SiteId) -> Res<bool> {
    Ok(!unmarked(tx, site)?.is_empty())
}

/// Sets the marks as they should be; how many products were looked at.
///
/// # Errors
/// Any fault of the store.
pub fn mark_all(work: &mut Work<'_>) -> Res<u32> {
    let products = unmarked(work.tx, work.ctx.site)?;
    for product in &products {
        watch(work, product)?;
    }
    Ok(u32::try_from(products.len()).unwrap_or(u32::MAX))
}

/// How many products run out.
///
/// # Errors
/// Any fault of the store.
pub fn how_many_low(tx: &mut dyn Conn, site: SiteId) -> Res<i64> {
    let sql = "SELECT COUNT(*) FROM products WHERE site = $1 AND low_since_ms IS NOT NULL";
    Ok(tx.int(sql, vals![site.to_string()])?)
}

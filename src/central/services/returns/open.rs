//! A return is asked for: which units of which lines of an order, and why. No more can be asked back than left the house and is not on
//! its way back.

use super::{NOTE_MAX, Reason, touched};
use crate::central::error::{Refusal, Res, ShortLine};
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;

/// A return to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReturn {
    /// Number of the order.
    pub order: String,
    /// Line and units, each line once.
    pub lines: Vec<(u32, i64)>,
    /// Why.
    pub reason: Reason,
    /// In words, or empty.
    pub note: String,
}

/// A return that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Id.
    pub id: String,
    /// Number, as it stands on the paper and in its barcode.
    pub number: String,
}

/// A line of an order of which units can come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returnable {
    /// Its place in the order.
    pub line: u32,
    /// Code and name of the product.
    pub product: (String, String),
    /// Units that can be asked back.
    pub units: i64,
    /// Id of the product.
    id: String,
    price_minor: i64,
    tax_rate_bp: i64,
    name: Option<String>,
}

/// What left the house: what was handed over, and until the first hand-over of an order is known, what was packed.
const GONE: &str = "CASE WHEN l.shipped > 0 THEN l.shipped ELSE l.packed END";

/// Lines of goods of the order with this id, and the units that can be asked back of each.
///
/// # Errors
/// Any fault of the store.
pub fn returnable(tx: &mut dyn Conn, order: &str) -> Res<Vec<Returnable>> {
    let sql = format!(
        "SELECT l.line_no, p.sku, COALESCE(l.name, p.name) AS called, {GONE} - l.returned - l.return_requested AS units, \
         l.product, l.unit_price_minor, l.tax_rate_bp, l.name FROM order_lines l JOIN products p ON p.id = l.product \
         WHERE l.order_id = $1 AND l.service = 0 ORDER BY l.line_no"
    );
    let one = |row: &crate::sql::Row| {
        Ok(Returnable {
            line: row.get("line_no")?,
            product: (row.get("sku")?, row.get("called")?),
            units: row.get::<i64>("units")?.max(0),
            id: row.get("product")?,
            price_minor: row.get("unit_price_minor")?,
            tax_rate_bp: row.get("tax_rate_bp")?,
            name: row.get("name")?,
        })
    };
    tx.all(&sql, vals![order])?.iter().map(one).collect()
}

/// Id of the order with this number.
pub(super) fn order_id(tx: &mut dyn Conn, site: SiteId, number: &str) -> Res<String> {
    let row = tx.one("SELECT id FROM orders WHERE site = $1 AND number = $2", vals![site.to_string(), number])?;
    Ok(row.ok_or(Refusal::Missing { entity: "order" })?.at(0)?)
}

/// Makes it.
///
/// # Errors
/// [`Refusal::Missing`] for no such order, [`Refusal::Field`] for no lines, a line twice or none of goods, or no reason in words;
/// [`Refusal::Short`] for more units than can come back.
pub fn open(work: &mut Work<'_>, new: &NewReturn) -> Res<Opened> {
    let order = order_id(work.tx, work.ctx.site, &new.order)?;
    if new.note.chars().count() > NOTE_MAX || new.note.contains('\0') {
        return Err(Refusal::Field { field: "return.note", why: "must have at most 1,000 characters" }.into());
    }
    if new.reason == Reason::Other && new.note.trim().is_empty() {
        return Err(Refusal::Field { field: "return.note", why: "must say why in words" }.into());
    }
    let lines = chosen(work, &order, new)?;
    let row = work.one("SELECT customer, currency FROM orders WHERE id = $1", vals![&order])?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    let (customer, currency): (String, String) = (row.at(0)?, row.at(1)?);
    let opened = Opened { id: work.new_id(), number: number(work)? };
    let total: i64 = lines.iter().map(|(line, units)| line.price_minor.saturating_mul(*units)).sum();
    work.exec(
        "INSERT INTO returns (id, site, number, customer, at_ms, state, total_minor, currency, updated_ms, order_id, reason, \
         note) VALUES ($1, $2, $3, $4, $5, 'requested', $6, $7, $5, $8, $9, $10)",
        vals![
            &opened.id, work.site(), &opened.number, customer, work.now_ms(), total, currency, &order, new.reason.word(),
            Some(new.note.trim().to_owned()).filter(|note| !note.is_empty())
        ],
    )?;
    for (no, (line, units)) in (1_u32..).zip(&lines) {
        work.exec(
            "INSERT INTO return_lines (return_id, line_no, product, service, quantity, unit_price_minor, order_id, order_line, \
             name, tax_rate_bp) VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9)",
            vals![
                &opened.id, no, &line.id, *units, line.price_minor, &order, line.line, line.name.clone(), line.tax_rate_bp
            ],
        )?;
        work.exec(
            "UPDATE order_lines SET return_requested = return_requested + CAST($3 AS BIGINT) WHERE order_id = $1 AND line_no = $2",
            vals![&order, line.line, *units],
        )?;
    }
    touched(work, &order)?;
    work.changed(ChangeKind::Return, &opened.id);
    let units: i64 = lines.iter().map(|(_, units)| units).sum();
    let detail = serde_json::json!({ "return": opened.number, "units": units, "reason": new.reason.word() });
    work.audit("return.opened", "order", order, detail);
    Ok(opened)
}

/// The lines that come back, each with its units.
fn chosen(work: &mut Work<'_>, order: &str, new: &NewReturn) -> Res<Vec<(Returnable, i64)>> {
    let wrong = |why| Refusal::Field { field: "return.lines", why };
    if new.lines.is_empty() {
        return Err(wrong("must be at least one").into());
    }
    let mut all = returnable(work.tx, order)?;
    let (mut lines, mut short) = (Vec::new(), Vec::new());
    for (no, units) in &new.lines {
        // Taken out, so that a line that is named twice is not found the second time.
        let at = all.iter().position(|line| line.line == *no);
        let line = all.swap_remove(at.ok_or(wrong("must be lines of goods of the order, each once"))?);
        if *units < 1 {
            return Err(Refusal::Field { field: "return.quantity", why: "must be at least 1" }.into());
        }
        if *units > line.units {
            let sku = line.product.0.clone();
            short.push(ShortLine { line: *no, sku, wanted: *units, available: line.units });
        }
        lines.push((line, *units));
    }
    if short.is_empty() { Ok(lines) } else { Err(Refusal::Short { lines: short }.into()) }
}

/// The next number that no return has, from the site's counter.
fn number(work: &mut Work<'_>) -> Res<String> {
    loop {
        let next = work.tx.int(
            "UPDATE sites SET return_next = return_next + 1 WHERE id = $1 RETURNING return_next - 1",
            vals![work.ctx.site.to_string()],
        )?;
        let number = format!("R{next:06}");
        let taken = work.one("SELECT id FROM returns WHERE site = $1 AND number = $2", vals![work.site(), &number])?;
        if taken.is_none() {
            return Ok(number);
        }
    }
}

//! Rows to the record of a return that is on its way: what a bench needs to take its units in, and nothing of who sends them.

use super::records::id;
use crate::central::error::Res;
use crate::protocol::wire::returns::{RETURN_LINES_MAX, RETURN_UNITS_MAX};
use crate::protocol::wire::{Change, EventId, Put, ReturnLine, ReturnRecord, ReturnUnit};
use crate::sql::Conn;
use crate::vals;

/// The return with this id; none that is over, or that is too long for a bench. One that an import brought in knows its orders by its
/// lines alone, and may know none: then only its own number leads to it.
pub(super) fn on_its_way(tx: &mut dyn Conn, record: &str) -> Res<Option<Change>> {
    let row = tx.one(
        "SELECT r.id, r.version, r.number, COALESCE(o.number, '') AS order_number, r.at_ms FROM returns r LEFT JOIN orders o \
         ON o.id = COALESCE(r.order_id, (SELECT MIN(l.order_id) FROM return_lines l WHERE l.return_id = r.id)) \
         WHERE r.id = $1 AND r.state <> 'closed'",
        vals![record],
    )?;
    let Some(row) = row else { return Ok(None) };
    let lines = lines(tx, record)?;
    if lines.is_empty() || lines.len() > RETURN_LINES_MAX as usize {
        return Ok(None);
    }
    Ok(Some(Change::Return(Put::Upsert(Box::new(ReturnRecord {
        id: id(&row, "id")?,
        version: row.get("version")?,
        number: row.get("number")?,
        order_number: row.get("order_number")?,
        labels: labels(tx, record)?,
        lines,
        units: units(tx, record)?,
        asked_ms: row.get("at_ms")?,
    })))))
}

fn lines(tx: &mut dyn Conn, record: &str) -> Res<Vec<ReturnLine>> {
    let serials = of_products(
        tx,
        "SELECT s.product, s.serial AS mark FROM serials s JOIN fulfillments f ON f.id = s.fulfillment WHERE f.order_id IN \
         (SELECT order_id FROM return_lines WHERE return_id = $1) \
         AND s.product IN (SELECT product FROM return_lines WHERE return_id = $1) ORDER BY s.product, s.serial LIMIT $2",
        record,
    )?;
    let lots = of_products(
        tx,
        "SELECT DISTINCT i.product, i.lot AS mark FROM parcel_items i JOIN fulfillments f ON f.id = i.fulfillment \
         WHERE f.order_id IN (SELECT order_id FROM return_lines WHERE return_id = $1) \
         AND i.product IN (SELECT product FROM return_lines WHERE return_id = $1) ORDER BY i.product, mark LIMIT $2",
        record,
    )?;
    let rows = tx.all(
        "SELECT line_no, product, quantity, received FROM return_lines WHERE return_id = $1 AND service = 0 \
         ORDER BY line_no LIMIT $2",
        vals![record, RETURN_LINES_MAX + 1],
    )?;
    let of = |all: &[(String, String)], product: &str| -> Vec<String> {
        let own: Vec<String> = all.iter().filter(|(of, _)| of == product).map(|(_, mark)| mark.clone()).collect();
        // A unit of which nothing is known may be any.
        if own.iter().any(String::is_empty) { Vec::new() } else { own }
    };
    let mut list = Vec::with_capacity(rows.len());
    for row in &rows {
        let product: String = row.get("product")?;
        list.push(ReturnLine {
            line: row.get("line_no")?,
            product_id: id(row, "product")?,
            quantity: row.get("quantity")?,
            received: row.get("received")?,
            serials: of(&serials, &product),
            lots: of(&lots, &product),
        });
    }
    Ok(list)
}

/// Marks of products; none at all where there are more than a bench is told of, for a part would be taken for the whole.
fn of_products(tx: &mut dyn Conn, sql: &str, record: &str) -> Res<Vec<(String, String)>> {
    let rows = tx.all(sql, vals![record, RETURN_UNITS_MAX + 1])?;
    if rows.len() > RETURN_UNITS_MAX as usize {
        return Ok(Vec::new());
    }
    rows.iter().map(|row| Ok((row.get("product")?, row.get("mark")?))).collect()
}

fn labels(tx: &mut dyn Conn, record: &str) -> Res<Vec<String>> {
    let rows = tx.all(
        "SELECT p.sscc FROM parcels p JOIN fulfillments f ON f.id = p.fulfillment \
         WHERE f.order_id IN (SELECT order_id FROM return_lines WHERE return_id = $1) AND p.sscc IS NOT NULL AND p.void = 0 \
         ORDER BY p.sscc LIMIT $2",
        vals![record, RETURN_UNITS_MAX],
    )?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}

fn units(tx: &mut dyn Conn, record: &str) -> Res<Vec<ReturnUnit>> {
    let rows = tx.all(
        "SELECT id, line_no, quantity, serial FROM return_units WHERE return_id = $1 ORDER BY at_ms DESC, id DESC LIMIT $2",
        vals![record, RETURN_UNITS_MAX],
    )?;
    let one = |row: &crate::sql::Row| {
        Ok(ReturnUnit {
            id: id::<EventId>(row, "id")?,
            line: row.get("line_no")?,
            quantity: row.get("quantity")?,
            serial: Some(row.get::<String>("serial")?).filter(|serial| !serial.is_empty()),
        })
    };
    rows.iter().map(one).collect()
}

//! Open questions for the console, oldest first.

use crate::central::error::Res;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;

/// A question for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionRow {
    /// Id.
    pub id: String,
    /// Stable name of its kind.
    pub kind: String,
    /// Number of the order, or empty.
    pub order: String,
    /// Id of the order, or empty.
    pub order_id: String,
    /// Name of the station, or empty.
    pub station: String,
    /// What it shows, JSON.
    pub detail: String,
    /// `open` or `decided`.
    pub state: String,
    /// What was decided, or empty.
    pub decision: String,
    /// Since when, UTC ms.
    pub opened_ms: i64,
    /// The product it is about.
    pub product: Option<Product>,
}

/// The product that a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Code.
    pub sku: String,
    /// Name, as the order has it.
    pub name: String,
    /// Units of the order's line, where it is about a line.
    pub wanted: Option<i64>,
}

/// How a question was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Stable name of its kind.
    pub kind: String,
    /// Number of the order, or empty.
    pub order: String,
    /// Word of the answer; `settled` where what it asked settled itself.
    pub decision: String,
    /// Name of the person who answered; empty where it was no person.
    pub by: String,
    /// When, UTC ms.
    pub at_ms: i64,
}

const SELECT: &str = "SELECT e.id, e.kind, COALESCE(o.number, '') AS number, COALESCE(e.order_id, '') AS order_id, \
    COALESCE(s.name, '') AS station, e.detail, e.state, COALESCE(e.decision, '') AS decision, e.opened_ms \
    FROM exceptions e LEFT JOIN orders o ON o.id = e.order_id LEFT JOIN stations s ON s.id = e.station";

fn exception(row: &Row) -> Res<ExceptionRow> {
    Ok(ExceptionRow {
        id: row.get("id")?,
        kind: row.get("kind")?,
        order: row.get("number")?,
        order_id: row.get("order_id")?,
        station: row.get("station")?,
        detail: row.get("detail")?,
        state: row.get("state")?,
        decision: row.get("decision")?,
        opened_ms: row.get("opened_ms")?,
        product: None,
    })
}

/// Finds the product of each question that names one: by its line where it has one, for the name as it was sold.
fn with_products(tx: &mut dyn Conn, rows: &[Row]) -> Res<Vec<ExceptionRow>> {
    let mut all = rows.iter().map(exception).collect::<Res<Vec<_>>>()?;
    for row in &mut all {
        let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap_or_default();
        let Some(product) = detail.get("product").and_then(serde_json::Value::as_str) else { continue };
        let line = detail.get("line").and_then(serde_json::Value::as_i64).unwrap_or(0);
        let found = tx.one(
            "SELECT p.sku, COALESCE(l.name, p.name) AS name, l.quantity FROM products p \
             LEFT JOIN order_lines l ON l.product = p.id AND l.order_id = $2 AND l.line_no = $3 WHERE p.id = $1",
            vals![product, &row.order_id, line],
        )?;
        if let Some(found) = found {
            row.product =
                Some(Product { sku: found.get("sku")?, name: found.get("name")?, wanted: found.get("quantity")? });
        }
    }
    Ok(all)
}

/// How a question was answered; `None` while it is open, and where there is no such question.
///
/// # Errors
/// Any fault of the store.
pub fn answered(tx: &mut dyn Conn, site: SiteId, id: &str) -> Res<Option<Answered>> {
    let row = tx.one(
        "SELECT e.kind, COALESCE(o.number, '') AS number, COALESCE(e.decision, '') AS decision, \
         COALESCE(u.name, '') AS by_name, COALESCE(e.decided_ms, 0) AS decided_ms FROM exceptions e \
         LEFT JOIN orders o ON o.id = e.order_id LEFT JOIN users u ON u.id = e.decided_by \
         WHERE e.id = $1 AND e.site = $2 AND e.state = 'decided'",
        vals![id, site.to_string()],
    )?;
    let answered = |row: Row| {
        Ok(Answered {
            kind: row.get("kind")?,
            order: row.get("number")?,
            decision: row.get("decision")?,
            by: row.get("by_name")?,
            at_ms: row.get("decided_ms")?,
        })
    };
    row.map(answered).transpose()
}

/// The oldest open questions of a site, at most 200.
///
/// # Errors
/// Any fault of the store.
pub fn list_open(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<ExceptionRow>> {
    let sql = format!("{SELECT} WHERE e.site = $1 AND e.state = 'open' ORDER BY e.opened_ms, e.id LIMIT 200");
    let rows = tx.all(&sql, vals![site.to_string()])?;
    with_products(tx, &rows)
}

/// All questions about an order, oldest first.
///
/// # Errors
/// Any fault of the store.
pub fn of_order(tx: &mut dyn Conn, order: &str) -> Res<Vec<ExceptionRow>> {
    let sql = format!("{SELECT} WHERE e.order_id = $1 ORDER BY e.opened_ms, e.id LIMIT 200");
    let rows = tx.all(&sql, vals![order])?;
    with_products(tx, &rows)
}

/// How many questions are open.
///
/// # Errors
/// Any fault of the store.
pub fn count_open(tx: &mut dyn Conn, site: SiteId) -> Res<i64> {
    Ok(tx.int("SELECT COUNT(*) FROM exceptions WHERE site = $1 AND state = 'open'", vals![site.to_string()])?)
}

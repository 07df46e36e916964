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
    })
}

/// The oldest open questions of a site, at most 200.
///
/// # Errors
/// Any fault of the store.
pub fn list_open(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<ExceptionRow>> {
    let sql = format!("{SELECT} WHERE e.site = $1 AND e.state = 'open' ORDER BY e.opened_ms, e.id LIMIT 200");
    tx.all(&sql, vals![site.to_string()])?.iter().map(exception).collect()
}

/// All questions about an order, oldest first.
///
/// # Errors
/// Any fault of the store.
pub fn of_order(tx: &mut dyn Conn, order: &str) -> Res<Vec<ExceptionRow>> {
    let sql = format!("{SELECT} WHERE e.order_id = $1 ORDER BY e.opened_ms, e.id LIMIT 200");
    tx.all(&sql, vals![order])?.iter().map(exception).collect()
}

/// How many questions are open.
///
/// # Errors
/// Any fault of the store.
pub fn count_open(tx: &mut dyn Conn, site: SiteId) -> Res<i64> {
    Ok(tx.int("SELECT COUNT(*) FROM exceptions WHERE site = $1 AND state = 'open'", vals![site.to_string()])?)
}

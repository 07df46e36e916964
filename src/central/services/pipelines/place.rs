//! Where one order is, and where it was.

use crate::central::error::{Refusal, Res};
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;

/// Most steps that are told.
const STEPS_MAX: i64 = 50;

/// Where an order is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Id of the order.
    pub order: String,
    /// Number of the order.
    pub number: String,
    /// Id of the pipeline; none for an order that is on no board: called off, or over before there was one.
    pub pipeline: Option<String>,
    /// Id of the stage, or empty.
    pub stage: String,
    /// Code of the sub-status, or empty.
    pub sub: String,
    /// Free text; personal data.
    pub note: Option<String>,
    /// Since when, UTC ms.
    pub since_ms: i64,
    /// A person or program put it there.
    pub by_hand: bool,
    /// Calls about it.
    pub calls: i64,
    /// Grows with every step; 0 where it is on no board.
    pub version: i64,
}

/// A stay in a stage that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Id of the stage.
    pub stage: String,
    /// Code of the sub-status, or empty.
    pub sub: String,
    /// From, UTC ms.
    pub since_ms: i64,
    /// To, UTC ms.
    pub until_ms: i64,
    /// Moved on by hand.
    pub by_hand: bool,
    /// Initials of who moved it on; empty for work and programs.
    pub by: String,
}

/// Where the order with that id is.
///
/// # Errors
/// [`Refusal::Missing`] for no such order.
pub fn at(tx: &mut dyn Conn, site: SiteId, order: &str) -> Res<Place> {
    let row = tx.one(
        "SELECT o.id, o.number, p.pipeline, COALESCE(p.stage, '') AS stage, COALESCE(p.sub, '') AS sub, p.note, \
         COALESCE(p.since_ms, 0) AS since_ms, COALESCE(p.by_hand, 0) AS by_hand, COALESCE(p.version, 0) AS version, \
         (SELECT COUNT(*) FROM order_calls c WHERE c.order_id = o.id) AS calls \
         FROM orders o LEFT JOIN order_places p ON p.order_id = o.id WHERE o.id = $1 AND o.site = $2",
        vals![order, site.to_string()],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    Ok(Place {
        order: row.get("id")?,
        number: row.get("number")?,
        pipeline: row.get("pipeline")?,
        stage: row.get("stage")?,
        sub: row.get("sub")?,
        note: row.get("note")?,
        since_ms: row.get("since_ms")?,
        by_hand: row.get("by_hand")?,
        calls: row.get("calls")?,
        version: row.get("version")?,
    })
}

/// Where the order with that id was before, newest first. What was undone is left out.
///
/// # Errors
/// Any fault of the store.
pub fn history(tx: &mut dyn Conn, order: &str) -> Res<Vec<Stay>> {
    let rows = tx.all(
        "SELECT m.from_stage, m.from_sub, m.from_since_ms, m.at_ms, m.by_hand, COALESCE(u.initials, '') AS initials \
         FROM stage_moves m LEFT JOIN users u ON u.id = m.actor AND m.actor_kind = 'user' WHERE m.order_id = $1 AND m.undone = 0 \
         ORDER BY m.at_ms DESC, m.id DESC LIMIT $2",
        vals![order, STEPS_MAX],
    )?;
    let stay = |row: &Row| {
        Ok(Stay {
            stage: row.get("from_stage")?,
            sub: row.get("from_sub")?,
            since_ms: row.get("from_since_ms")?,
            until_ms: row.get("at_ms")?,
            by_hand: row.get("by_hand")?,
            by: row.get("initials")?,
        })
    };
    rows.iter().map(stay).collect()
}

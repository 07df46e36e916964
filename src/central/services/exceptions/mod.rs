//! Exceptions: questions for a person. Opened by rules, decided once, with who decided kept.

mod decide;
mod list;

pub use decide::{Decision, decide, decisions_of};
pub use list::{Answered, ExceptionRow, Product, answered, count_open, list_open, of_order};

use crate::central::error::Res;
use crate::central::store::work::Work;
use crate::vals;

/// A question to be opened.
#[derive(Clone, Debug)]
pub struct NewException {
    /// Stable name, for example `duplicate_pack`.
    pub kind: &'static str,
    /// What tells two questions of one kind apart; the same cause never asks twice.
    pub cause: String,
    /// Work it is about.
    pub fulfillment: Option<String>,
    /// Order it is about.
    pub order: Option<String>,
    /// Station it came from.
    pub station: Option<String>,
    /// Event it came from.
    pub event: Option<String>,
    /// Ids, codes and numbers that the question shows.
    pub detail: serde_json::Value,
}

/// Opens a question; false if it was asked before.
///
/// # Errors
/// Any fault of the store.
pub fn open(work: &mut Work<'_>, new: &NewException) -> Res<bool> {
    let id = work.new_id();
    let opened = work.exec(
        "INSERT INTO exceptions (id, site, kind, cause, fulfillment, order_id, station, event_id, detail, state, opened_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10) ON CONFLICT (site, kind, cause) DO NOTHING",
        vals![
            &id, work.site(), new.kind, &new.cause, new.fulfillment.clone(), new.order.clone(), new.station.clone(),
            new.event.clone(), new.detail.to_string(), work.now_ms()
        ],
    )?;
    if opened > 0 {
        work.audit("exception.opened", "exception", id, serde_json::json!({ "kind": new.kind }));
    }
    Ok(opened > 0)
}

/// Closes the open questions of a kind about this work: what they asked has settled itself.
///
/// # Errors
/// Any fault of the store.
pub fn settle(work: &mut Work<'_>, kind: &str, fulfillment: &str) -> Res<()> {
    let closed = work.all(
        "UPDATE exceptions SET state = 'decided', decision = 'settled', decided_by = $4, decided_ms = $5 \
         WHERE site = $1 AND kind = $2 AND fulfillment = $3 AND state = 'open' RETURNING id",
        vals![work.site(), kind, fulfillment, work.ctx.actor.id(), work.now_ms()],
    )?;
    for row in closed {
        work.audit("exception.settled", "exception", row.at::<String>(0)?, serde_json::json!({ "kind": kind }));
    }
    Ok(())
}

/// Closes the open questions of a kind whose cause begins so: what they asked has settled itself.
///
/// # Errors
/// Any fault of the store.
pub fn settle_causes(work: &mut Work<'_>, kind: &str, head: &str) -> Res<()> {
    let length = i64::try_from(head.chars().count()).unwrap_or(i64::MAX);
    let closed = work.all(
        "UPDATE exceptions SET state = 'decided', decision = 'settled', decided_by = $4, decided_ms = $5 \
         WHERE site = $1 AND kind = $2 AND SUBSTR(cause, 1, CAST(CAST($6 AS BIGINT) AS INTEGER)) = $3 AND state = 'open' RETURNING id",
        vals![work.site(), kind, head, work.ctx.actor.id(), work.now_ms(), length],
    )?;
    for row in closed {
        work.audit("exception.settled", "exception", row.at::<String>(0)?, serde_json::json!({ "kind": kind }));
    }
    Ok(())
}

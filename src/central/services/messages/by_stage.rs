//! Mail that a stage sends by itself: queued when an order comes into it, held like every other, and taken back when the order leaves
//! before it is sent. A stage tells the customer of an order once: whoever moves a card to and fro writes to nobody twice.

use super::Kind;
use super::queue::{made_here, queue};
use super::rules::rule;
use crate::central::error::Res;
use crate::central::store::work::Work;
use crate::sql::Row;
use crate::vals;

/// Who sends: a stage, or one of its sub-statuses.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// Id of the stage.
    pub stage: &'a str,
    /// Code of the sub-status, or empty for the stage itself.
    pub sub: &'a str,
}

/// Queues the mail of a stage that the order came into; its id. None for an order that was not made here, for a customer without a usable
/// address, and where the customer was told already: by the same stage, or by the rule of a kind that goes out by itself. `names` are
/// those of the stage, for the order's timeline.
///
/// # Errors
/// As [`queue`].
pub fn of_stage(
    work: &mut Work<'_>,
    order: &str,
    sender: Sender<'_>,
    kind: Kind,
    names: &serde_json::Value,
) -> Res<Option<String>> {
    if !made_here(work, order)? {
        return Ok(None);
    }
    let by_itself = rule(work.tx, work.ctx.site, kind)?.active;
    let told = work.one(
        "SELECT id FROM messages WHERE order_id = $1 AND kind = $2 AND written = 0 \
         AND ((by_stage = $3 AND by_sub = $4 AND state IN ('sending', 'sent')) \
         OR (by_stage = '' AND CAST($5 AS BIGINT) = 1 AND state IN ('queued', 'failed', 'sending', 'sent'))) LIMIT 1",
        vals![order, kind.word(), sender.stage, sender.sub, by_itself],
    )?;
    if told.is_some() {
        return Ok(None);
    }
    let Some(id) = queue(work, order, kind, None)? else { return Ok(None) };
    work.exec("UPDATE messages SET by_stage = $2, by_sub = $3 WHERE id = $1", vals![&id, sender.stage, sender.sub])?;
    let detail = serde_json::json!({ "kind": kind.word(), "message": id, "names": names });
    work.audit("message.queued", "order", order, detail);
    Ok(Some(id))
}

/// The order left a stage, or only that sub-status of it: what it was to tell and has not told is taken back. `step` is the id of the
/// move that left, or empty: [`back_in_stage`] finds by it what to send after all.
///
/// # Errors
/// Any fault of the store.
pub fn left_stage(work: &mut Work<'_>, order: &str, left: Sender<'_>, step: &str) -> Res<()> {
    let rows = work.all(
        "UPDATE messages SET state = 'taken_back', taken_by = $4, updated_ms = $5 WHERE order_id = $1 AND by_stage = $2 \
         AND ($3 = '' OR by_sub = $3) AND state IN ('queued', 'failed') RETURNING id, kind",
        vals![order, left.stage, left.sub, step, work.now_ms()],
    )?;
    note(work, "message.taken_back", order, &rows)
}

/// The move of that id was taken back: what leaving took back is sent after all.
///
/// # Errors
/// Any fault of the store.
pub fn back_in_stage(work: &mut Work<'_>, order: &str, step: &str) -> Res<()> {
    let rows = work.all(
        "UPDATE messages SET state = 'queued', taken_by = '', updated_ms = $3 WHERE order_id = $1 AND taken_by = $2 \
         AND state = 'taken_back' RETURNING id, kind",
        vals![order, step, work.now_ms()],
    )?;
    note(work, "message.retried", order, &rows)
}

fn note(work: &mut Work<'_>, noted: &'static str, order: &str, rows: &[Row]) -> Res<()> {
    for row in rows {
        let (id, kind): (String, String) = (row.at(0)?, row.at(1)?);
        work.audit(noted, "order", order, serde_json::json!({ "message": id, "kind": kind }));
    }
    Ok(())
}

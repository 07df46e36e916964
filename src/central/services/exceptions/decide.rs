//! A person answers a question. What the answer does to the order is done here, in the same transaction.

use crate::central::error::{Refusal, Res};
use crate::central::services::products;
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::vals;

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Seen, nothing more to do here.
    Noted,
    /// The parcel is taken apart.
    Unpack,
    /// The work goes back to the queue.
    Release,
    /// What is missing will not be sent.
    WriteOff,
    /// The learnt weight becomes the product's.
    AcceptWeight,
    /// The product's weight stays as it is.
    KeepWeight,
}

impl Decision {
    /// The word in forms and in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Decision::Noted => "noted",
            Decision::Unpack => "unpack",
            Decision::Release => "release",
            Decision::WriteOff => "write_off",
            Decision::AcceptWeight => "accept_weight",
            Decision::KeepWeight => "keep_weight",
        }
    }

    /// The decision of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Decision> {
        let all = [
            Decision::Noted,
            Decision::Unpack,
            Decision::Release,
            Decision::WriteOff,
            Decision::AcceptWeight,
            Decision::KeepWeight,
        ];
        all.into_iter().find(|d| d.word() == word)
    }

    /// Whether only a lead may say so: a wrong weight would blind every scale after it.
    #[must_use]
    pub fn needs_lead(self) -> bool {
        match self {
            Decision::AcceptWeight | Decision::KeepWeight => true,
            Decision::Noted | Decision::Unpack | Decision::Release | Decision::WriteOff => false,
        }
    }
}

/// The answers that a kind of question can have; the first is the usual one.
#[must_use]
pub fn decisions_of(kind: &str) -> &'static [Decision] {
    match kind {
        "cancelled_while_packed" | "duplicate_pack" => &[Decision::Unpack, Decision::Noted],
        "hold" | "stale_lease" => &[Decision::Release, Decision::Noted],
        "short" => &[Decision::WriteOff, Decision::Noted],
        "weight_change" => &[Decision::AcceptWeight, Decision::KeepWeight],
        _ => &[Decision::Noted],
    }
}

/// Answers an open question.
///
/// # Errors
/// [`Refusal::Missing`] for no such question, [`Refusal::State`] if it was answered before, [`Refusal::Field`] for an answer
/// that its kind does not have.
pub fn decide(work: &mut Work<'_>, id: &str, decision: Decision) -> Res<()> {
    let row = work
        .one(
            "SELECT kind, state, fulfillment, detail FROM exceptions WHERE id = $1 AND site = $2",
            vals![id, work.site()],
        )?
        .ok_or(Refusal::Missing { entity: "exception" })?;
    let (kind, state): (String, String) = (row.get("kind")?, row.get("state")?);
    if state != "open" {
        return Err(Refusal::State { entity: "exception", state }.into());
    }
    if !decisions_of(&kind).contains(&decision) {
        return Err(Refusal::Field { field: "decision", why: "must be one of those offered" }.into());
    }
    let fulfillment: Option<String> = row.get("fulfillment")?;
    apply(work, fulfillment.as_deref(), decision, &row.get::<String>("detail")?)?;
    work.exec(
        "UPDATE exceptions SET state = 'decided', decision = $2, decided_by = $3, decided_ms = $4 WHERE id = $1",
        vals![id, decision.word(), work.ctx.actor.id(), work.now_ms()],
    )?;
    work.audit("exception.decided", "exception", id, serde_json::json!({ "decision": decision.word() }));
    Ok(())
}

fn apply(work: &mut Work<'_>, fulfillment: Option<&str>, decision: Decision, detail: &str) -> Res<()> {
    match decision {
        Decision::AcceptWeight => return products::accept_weight(work, detail),
        Decision::KeepWeight => return products::keep_weight(work, detail),
        Decision::Noted | Decision::Unpack | Decision::Release | Decision::WriteOff => {}
    }
    let Some(fulfillment) = fulfillment else { return Ok(()) };
    match decision {
        Decision::AcceptWeight | Decision::KeepWeight => Ok(()),
        // The bench tells when it has unpacked; until then the parcel exists.
        Decision::Noted | Decision::Unpack => Ok(()),
        Decision::Release => {
            work.exec(
                "UPDATE fulfillments SET state = 'released', lease_begun = 0, lease_held = 0, hold_reason = NULL, \
                 version = version + 1, updated_ms = $2 WHERE id = $1 AND state IN ('held', 'packing', 'released')",
                vals![fulfillment, work.now_ms()],
            )?;
            work.changed(ChangeKind::Fulfillment, fulfillment);
            Ok(())
        }
        Decision::WriteOff => {
            let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
            let line = detail.get("line").and_then(serde_json::Value::as_i64).unwrap_or(0);
            let units = detail.get("units").and_then(serde_json::Value::as_i64).unwrap_or(0);
            let order = work.one(
                "UPDATE order_lines SET written_off = written_off + $3 WHERE line_no = $2 AND order_id = \
                 (SELECT order_id FROM fulfillments WHERE id = $1) RETURNING order_id",
                vals![fulfillment, line, units],
            )?;
            if let Some(order) = order {
                work.changed(ChangeKind::Order, order.at::<String>(0)?);
            }
            Ok(())
        }
    }
}

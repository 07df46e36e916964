//! A person answers a question. What the answer does to the order is done here, in the same transaction.

use crate::central::error::{Refusal, Res};
use crate::central::services::leases;
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
    /// The station that began the work may still finish it; asked again if it stays silent.
    KeepWaiting,
    /// A lead takes the work from its station at once, back to the queue.
    TakeOver,
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
            Decision::KeepWaiting => "keep_waiting",
            Decision::TakeOver => "take_over",
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
            Decision::KeepWaiting,
            Decision::TakeOver,
            Decision::WriteOff,
            Decision::AcceptWeight,
            Decision::KeepWeight,
        ];
        all.into_iter().find(|d| d.word() == word)
    }

    /// Whether only a lead may say so: a wrong weight would blind every scale after it, and a takeover voids what its bench
    /// still does.
    #[must_use]
    pub fn needs_lead(self) -> bool {
        match self {
            Decision::AcceptWeight | Decision::KeepWeight | Decision::TakeOver => true,
            Decision::Noted | Decision::Unpack | Decision::Release | Decision::KeepWaiting | Decision::WriteOff => {
                false
            }
        }
    }
}

/// The answers that a kind of question can have; the first is the usual one.
#[must_use]
pub fn decisions_of(kind: &str) -> &'static [Decision] {
    match kind {
        "cancelled_while_packed" | "duplicate_pack" => &[Decision::Unpack, Decision::Noted],
        "hold" | "stale_lease" => &[Decision::Release, Decision::Noted],
        "work_forgotten" => &[Decision::Release, Decision::KeepWaiting, Decision::TakeOver],
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
    // Answered first: what the answer does may settle the other questions of this work.
    work.exec(
        "UPDATE exceptions SET state = 'decided', decision = $2, decided_by = $3, decided_ms = $4 WHERE id = $1",
        vals![id, decision.word(), work.ctx.actor.id(), work.now_ms()],
    )?;
    apply(work, fulfillment.as_deref(), decision, &row.get::<String>("detail")?)?;
    work.audit("exception.decided", "exception", id, serde_json::json!({ "decision": decision.word() }));
    Ok(())
}

fn apply(work: &mut Work<'_>, fulfillment: Option<&str>, decision: Decision, detail: &str) -> Res<()> {
    match (decision, fulfillment) {
        (Decision::AcceptWeight, _) => products::accept_weight(work, detail),
        (Decision::KeepWeight, _) => products::keep_weight(work, detail),
        // The bench tells when it has unpacked; until then the parcel exists.
        (Decision::Noted | Decision::Unpack | Decision::KeepWaiting, _) => Ok(()),
        (Decision::Release, Some(fulfillment)) => {
            leases::release(work, fulfillment)?;
            leases::settle_forgotten(work, fulfillment)
        }
        (Decision::TakeOver, Some(fulfillment)) => leases::take_from(work, fulfillment),
        (Decision::WriteOff, Some(fulfillment)) => write_off(work, fulfillment, detail),
        (Decision::Release | Decision::TakeOver | Decision::WriteOff, None) => Ok(()),
    }
}

fn write_off(work: &mut Work<'_>, fulfillment: &str, detail: &str) -> Res<()> {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    let number = |name: &str| detail.get(name).and_then(serde_json::Value::as_i64).unwrap_or(0);
    // No more than is missing now: the work may have begun anew since, and all of it left.
    let order = work.one(
        "UPDATE order_lines SET written_off = written_off + CASE WHEN CAST($3 AS BIGINT) < short - written_off \
         THEN CAST($3 AS BIGINT) WHEN short > written_off THEN short - written_off ELSE 0 END WHERE line_no = $2 AND order_id = \
         (SELECT order_id FROM fulfillments WHERE id = $1) RETURNING order_id",
        vals![fulfillment, number("line"), number("units")],
    )?;
    if let Some(order) = order {
        work.changed(ChangeKind::Order, order.at::<String>(0)?);
    }
    Ok(())
}

//! Moving an order by hand: checked against the version that was seen, the stage's bound and the facts it asks for; entered, noted
//! and told in one transaction; taken back as it was.

use super::facts::{Delivery, deliver, missing};
use super::follow::{Left, log};
use super::model::{FACT_OF_O, Fact, Need, Pipeline, Stage, stage_of};
use super::place::{Place, at};
use super::reminders::on_card;
use super::{Entered, NOTE_MAX, NewCall, add_call, entered, left, sub_entered};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::access::{Permission, Permissions};
use crate::central::services::handover::Units;
use crate::central::services::messages;
use crate::central::services::orders::edit::Edited;
use crate::central::services::orders::table::OFFICE_HOLD;
use crate::central::services::orders::table::act::{Action, act};
use crate::central::services::orders::{NewPayment, pay};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::vals;

/// When an order leaves that nobody promised: after all others.
const NEVER_MS: i64 = 253_402_214_400_000;
/// A step can be taken back for so long, ms.
const UNDO_MS: i64 = 24 * 60 * 60 * 1000;

/// Facts that are told with a move; each is entered where it belongs, as if it had been told there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Money that came in.
    pub payment: Option<NewPayment>,
    /// A call.
    pub call: Option<NewCall>,
    /// The customer has it.
    pub delivery: Option<Delivery>,
}

/// A move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Id of the stage it is to be in.
    pub stage: String,
    /// Code of the sub-status; none keeps what there is in the same stage, and is none in another.
    pub sub: Option<String>,
    /// Free text beside the stage; none keeps what there is in the same stage, and is none in another.
    pub note: Option<String>,
    /// Version that was seen; none for whatever there is.
    pub seen: Option<i64>,
    /// What is told with it.
    pub facts: Facts,
}

/// How a move ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It is there.
    Done,
    /// It was there already, just so.
    Already,
    /// A bench has it unbegun and was asked to give it back: move it again in a moment.
    Recalled,
}

/// How taking back ended.
pub type Undone = Moved;

/// Moves the order with that id.
///
/// # Errors
/// [`Refusal::Missing`] for no such order or stage, [`Refusal::Version`] if it is elsewhere by now, [`Refusal::ByWork`],
/// [`Refusal::Limit`], [`Refusal::Needs`] for the first fact that is missing, [`Refusal::Forbidden`] for who may not,
/// [`Refusal::State`] for an order that was called off, [`Refusal::Field`] for a sub-status or note that cannot be.
pub fn move_to(work: &mut Work<'_>, order: &str, wish: &Wish, may: Permissions) -> Res<Moved> {
    let (pipeline, to) = stage_of(work.tx, work.ctx.site, &wish.stage)?;
    let here = at(work.tx, work.ctx.site, order)?;
    let stage = pipeline.stages.get(to).ok_or(Refusal::Missing { entity: "stage" })?;
    if wish.seen.is_some_and(|seen| seen != here.version) {
        return Err(Refusal::Version { newest: here.version, fields: vec!["stage"] }.into());
    }
    let same = here.stage == stage.id;
    let kept = |text: &str| if same { text.to_owned() } else { String::new() };
    let sub = wish.sub.clone().unwrap_or_else(|| kept(&here.sub));
    let note = wish.note.clone().unwrap_or_else(|| kept(here.note.as_deref().unwrap_or(""))).trim().to_owned();
    check(stage, &sub, &note)?;
    if same && sub == here.sub && note == here.note.as_deref().unwrap_or("") && wish.facts == Facts::default() {
        return Ok(Moved::Already);
    }
    if !same {
        may_enter(work, stage, may)?;
        // Before anything is told: who must come again would tell it twice.
        if hold(work, order, &here, stage)? == Edited::Recalled {
            return Ok(Moved::Recalled);
        }
    }
    tell(work, order, stage, &wish.facts, may)?;
    let lacks = if same { Vec::new() } else { missing(work.tx, order, &stage.needs, !note.is_empty())? };
    if let Some(need) = lacks.first() {
        return Err(Refusal::Needs { fact: need.word() }.into());
    }
    set(work, &here, (&pipeline, stage), (&sub, &note))
}

fn check(stage: &Stage, sub: &str, note: &str) -> Res<()> {
    if !sub.is_empty() && stage.sub(sub).is_none() {
        return Err(Refusal::Field { field: "sub_status", why: "must be one of the stage's" }.into());
    }
    if note.chars().count() > NOTE_MAX || note.contains('\0') {
        return Err(Refusal::Field { field: "note", why: "must have at most 500 characters" }.into());
    }
    Ok(())
}

fn may_enter(work: &mut Work<'_>, stage: &Stage, may: Permissions) -> Res<()> {
    if stage.by_work {
        return Err(Refusal::ByWork.into());
    }
    if stage.done && !may.has(Permission::OrderComplete) {
        return Err(Refusal::Forbidden.into());
    }
    if stage.wip_limit > 0 {
        let there = work.tx.int("SELECT COUNT(*) FROM order_places WHERE stage = $1", vals![&stage.id])?;
        if there >= stage.wip_limit {
            return Err(Refusal::Limit { limit: stage.wip_limit }.into());
        }
    }
    Ok(())
}

fn tell(work: &mut Work<'_>, order: &str, stage: &Stage, facts: &Facts, may: Permissions) -> Res<()> {
    let need = |wanted: bool, permission: Permission| {
        if wanted && !may.has(permission) { Err(CentralError::from(Refusal::Forbidden)) } else { Ok(()) }
    };
    need(facts.payment.is_some(), Permission::PaymentAdd)?;
    need(facts.call.is_some(), Permission::CallAdd)?;
    need(facts.delivery.is_some(), Permission::ParcelHandover)?;
    if let Some(payment) = &facts.payment {
        pay(work, order, payment)?;
    }
    if let Some(call) = &facts.call {
        add_call(work, order, call)?;
    }
    if let Some(delivery) = &facts.delivery {
        // A stage that asks for it takes the word for what was handed over by hand as well; elsewhere it needs a parcel that left.
        if !stage.needs.contains(&Need::Delivery) && Units::of(work.tx, order)?.shipped == 0 {
            return Err(Refusal::State { entity: "order", state: "not handed over".to_owned() }.into());
        }
        deliver(work, order, delivery)?;
    }
    Ok(())
}

/// A card among the held ones is held indeed, and let go when it leaves them.
fn hold(work: &mut Work<'_>, order: &str, here: &Place, stage: &Stage) -> Res<Edited> {
    let held_there = stage.follows == Some(Fact::Held);
    let by_office = work.tx.int(
        &format!(
            "SELECT COUNT(*) FROM fulfillments WHERE order_id = $1 AND state = 'blocked' AND hold_reason LIKE '{OFFICE_HOLD}%'"
        ),
        vals![order],
    )? > 0;
    let works = work.tx.int(
        "SELECT COUNT(*) FROM fulfillments WHERE order_id = $1 AND state IN ('released', 'blocked')",
        vals![order],
    )?;
    if held_there && !by_office && works > 0 {
        return act(work, order, Action::Hold);
    }
    let leaves = here.pipeline.is_some() && !held_there && by_office;
    if leaves { act(work, order, Action::LetGo) } else { Ok(Edited::Done) }
}

/// What the order `o` is sorted and grouped by now, for its place.
fn facts_now(work: &mut Work<'_>, order: &str) -> Res<(String, i64, i64, String, String)> {
    let row = work.one(
        &format!(
            "SELECT {FACT_OF_O} AS fact, CASE WHEN o.expedited_by IS NOT NULL THEN -2 ELSE -o.rush END AS sort_rank, \
             COALESCE(o.ship_by_ms, {NEVER_MS}) AS sort_due_ms, CASE WHEN c.vip = 1 THEN 'vip' ELSE c.kind END AS buyer, \
             o.carrier || '/' || o.service AS shipping FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = $1"
        ),
        vals![order],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    Ok((row.get("fact")?, row.get("sort_rank")?, row.get("sort_due_ms")?, row.get("buyer")?, row.get("shipping")?))
}

fn set(
    work: &mut Work<'_>,
    here: &Place,
    (pipeline, stage): (&Pipeline, &Stage),
    (sub, note): (&str, &str),
) -> Res<Moved> {
    let (fact, rank, due_ms, buyer, shipping) = facts_now(work, &here.order)?;
    if fact == Fact::Cancelled.word() {
        return Err(Refusal::State { entity: "order", state: "cancelled".to_owned() }.into());
    }
    let (now_ms, same) = (work.now_ms(), here.stage == stage.id);
    let since_ms = if same { here.since_ms } else { now_ms };
    let sort = if stage.done { (0, -since_ms) } else { (rank, due_ms) };
    let back = if stage.follows == Some(Fact::Held) && !same { here.stage.as_str() } else { "" };
    let note = Some(note.to_owned()).filter(|text| !text.is_empty());
    work.exec(
        "INSERT INTO order_places (order_id, site, pipeline, stage, sub, note, fact, back, by_hand, since_ms, sort_rank, \
         sort_due_ms, buyer, shipping, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13, 1) \
         ON CONFLICT (order_id) DO UPDATE SET pipeline = excluded.pipeline, stage = excluded.stage, sub = excluded.sub, \
         note = excluded.note, fact = excluded.fact, back = excluded.back, by_hand = 1, since_ms = excluded.since_ms, \
         sort_rank = excluded.sort_rank, sort_due_ms = excluded.sort_due_ms, version = order_places.version + 1",
        vals![
            &here.order, work.site(), &pipeline.id, &stage.id, sub, note, fact, back, since_ms, sort.0, sort.1, buyer, shipping
        ],
    )?;
    work.changed(ChangeKind::Order, &here.order);
    let from = stage_of(work.tx, work.ctx.site, &here.stage).ok();
    let from = from.as_ref().and_then(|(pipeline, at)| pipeline.stages.get(*at));
    let detail = serde_json::json!({
        "pipeline": pipeline.code, "from": from.map(|stage| &stage.code), "to": stage.code, "sub": sub, "names": stage.names,
    });
    work.audit("order.stage_set", "order", &here.order, detail);
    let what =
        Entered { number: &here.number, order: &here.order, pipeline, stage, sub, from, by_hand: true, made_by: "" };
    if same {
        if sub != here.sub {
            change_sub(work, here, &what)?;
        }
        return Ok(Moved::Done);
    }
    let leaves = Left { stage: &here.stage, sub: &here.sub, note: here.note.clone(), since_ms: here.since_ms };
    let made_by = log(work, &here.order, &leaves, (&stage.id, sub), true)?;
    if let Some(from) = from {
        left(work, &here.order, from, "", &made_by)?;
    }
    entered(work, &[Entered { made_by: &made_by, ..what }])?;
    Ok(Moved::Done)
}

/// Another sub-status within the stage, or none.
fn change_sub(work: &mut Work<'_>, here: &Place, what: &Entered<'_>) -> Res<()> {
    if !here.sub.is_empty() {
        left(work, &here.order, what.stage, &here.sub, "")?;
    }
    if what.sub.is_empty() { Ok(()) } else { sub_entered(work, what) }
}

/// Takes the last step back, if a hand made it and nothing came after: stage, sub-status, note and the time in it are as they were.
/// Facts that were told with it stay told.
///
/// # Errors
/// [`Refusal::Version`] if it is elsewhere by now, [`Refusal::State`] where there is nothing to take back.
pub fn undo(work: &mut Work<'_>, order: &str, seen: Option<i64>) -> Res<Undone> {
    let here = at(work.tx, work.ctx.site, order)?;
    if seen.is_some_and(|seen| seen != here.version) {
        return Err(Refusal::Version { newest: here.version, fields: vec!["stage"] }.into());
    }
    let nothing = || Refusal::State { entity: "order", state: "as it was".to_owned() };
    let row = work.one(
        "SELECT id, from_stage, from_sub, from_note, from_since_ms, to_stage FROM stage_moves WHERE order_id = $1 AND undone = 0 \
         AND by_hand = 1 AND at_ms >= $2 ORDER BY at_ms DESC, id DESC LIMIT 1",
        vals![order, work.now_ms() - UNDO_MS],
    )?;
    let row = row.ok_or_else(nothing)?;
    let (step, from, to): (String, String, String) = (row.get("id")?, row.get("from_stage")?, row.get("to_stage")?);
    if to != here.stage || from.is_empty() {
        return Err(nothing().into());
    }
    let (pipeline, place) = stage_of(work.tx, work.ctx.site, &from)?;
    let stage = pipeline.stages.get(place).ok_or(Refusal::Missing { entity: "stage" })?;
    if hold(work, order, &here, stage)? == Edited::Recalled {
        return Ok(Moved::Recalled);
    }
    let (fact, rank, due_ms, _, _) = facts_now(work, order)?;
    let since_ms: i64 = row.get("from_since_ms")?;
    let sort = if stage.done { (0, -since_ms) } else { (rank, due_ms) };
    work.exec(
        "UPDATE order_places SET pipeline = $2, stage = $3, sub = $4, note = $5, fact = $6, back = '', since_ms = $7, \
         sort_rank = $8, sort_due_ms = $9, version = version + 1 WHERE order_id = $1",
        vals![
            order,
            &pipeline.id,
            &stage.id,
            row.get::<String>("from_sub")?,
            row.get::<Option<String>>("from_note")?,
            fact,
            since_ms,
            sort.0,
            sort.1
        ],
    )?;
    work.exec("UPDATE stage_moves SET undone = 1 WHERE id = $1", vals![&step])?;
    work.exec("DELETE FROM reminders WHERE made_by = $1 AND done_ms IS NULL", vals![&step])?;
    on_card(work, order)?;
    // What the mistaken step was to tell is not told; what it kept from being told is.
    messages::left_stage(work, order, messages::Sender { stage: &here.stage, sub: "" }, "")?;
    messages::back_in_stage(work, order, &step)?;
    work.changed(ChangeKind::Order, order);
    work.audit("order.stage_undone", "order", order, serde_json::json!({ "to": stage.code, "names": stage.names }));
    Ok(Moved::Done)
}

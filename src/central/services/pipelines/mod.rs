//! Pipelines: the business process that orders move through, as data. A stage is entered by hand or because of what happens to the
//! order, may ask for facts first, and may bound how many it holds. Moving a card never fakes a payment or a shipment: what a
//! move tells is entered where it belongs, and what only benches and carriers can say nobody else can.

pub mod board;
mod calls;
mod edit;
mod facts;
mod fit;
mod follow;
mod install;
mod model;
mod moving;
mod place;
mod reminders;

pub use calls::{CALL_NOTE_MAX, Call, CallResult, NewCall, add_call, calls};
pub use edit::{
    LIMIT_MAX, NAME_MAX, REMIND_MAX_MIN, STAGES_MAX, StageEdit, Step, SubEdit, install, remove_stage, save_stage, step,
    take,
};
pub use facts::{Delivery, deliver, missing};
pub use follow::follow;
pub use install::{TEMPLATES, begin};
pub use model::{Fact, LOOKS, Names, Need, Pipeline, Stage, Sub, all, of_code, stage_of};
pub use moving::{Facts, Moved, Undone, Wish, move_to, undo};
pub use place::{Place, Stay, at, history};
pub use reminders::{Due, NewReminder, REMINDER_NOTE_MAX, Reminder, count_due, done, due, remind, reminders};

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Res};
use crate::central::services::messages::{self, Sender};
use crate::central::store::work::Work;

/// Type of the message that programs get.
pub const STAGE_ENTERED: &str = "order.stage_entered";
/// Longest free text beside a stage, characters.
pub const NOTE_MAX: usize = 500;
/// A card stays on the board for so long after it came into a stage that is done, ms.
pub const DONE_SHOWN_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// An order that came into a stage.
#[derive(Clone, Copy, Debug)]
pub struct Entered<'a> {
    /// Id of the order.
    pub order: &'a str,
    /// Its number.
    pub number: &'a str,
    /// Its pipeline.
    pub pipeline: &'a Pipeline,
    /// The stage it is in now.
    pub stage: &'a Stage,
    /// Code of its sub-status, or empty.
    pub sub: &'a str,
    /// The stage it left; none for a new order.
    pub from: Option<&'a Stage>,
    /// A person or a program moved it; else what happened to it did.
    pub by_hand: bool,
    /// Id of the entry among the moves; empty for a new order.
    pub made_by: &'a str,
}

/// What follows from entering stages, in the transaction that does it: programs are told, the reminders that the stages ask for are set,
/// and customers get their mail, or that of the sub-status. Orders that an import brings in from the past come here not at all.
///
/// # Errors
/// Any fault of the store.
pub fn entered(work: &mut Work<'_>, all: &[Entered<'_>]) -> Res<()> {
    let mut due = Vec::new();
    for what in all {
        told(work, what);
        if let Some(due_ms) = what.stage.reminds_at(work.now_ms()) {
            // Work that moves a card writes on it when it is reminded of.
            let borne = what.from.is_some() && !what.by_hand;
            due.push(reminders::ByStage { order: what.order, due_ms, made_by: what.made_by, borne });
        }
    }
    reminders::by_stage(work, &due)?;
    for what in all {
        if sub_mail(work, what)? {
            continue;
        }
        let Some(kind) = what.stage.mail else { continue };
        let sender = Sender { stage: &what.stage.id, sub: "" };
        messages::of_stage(work, what.order, sender, kind, &names_of(what.stage)?)?;
    }
    Ok(())
}

/// What follows from entering a sub-status of the stage that the order is in already: programs are told, and the customer gets its mail.
///
/// # Errors
/// Any fault of the store.
pub fn sub_entered(work: &mut Work<'_>, what: &Entered<'_>) -> Res<()> {
    told(work, what);
    sub_mail(work, what).map(|_| ())
}

/// An order left a stage, or a sub-status alone where one is named: its mail that waits is taken back. `step` is the id of the move.
fn left(work: &mut Work<'_>, order: &str, stage: &Stage, sub: &str, step: &str) -> Res<()> {
    if !stage.tells() {
        return Ok(());
    }
    messages::left_stage(work, order, Sender { stage: &stage.id, sub }, step)
}

/// Queues the mail of the sub-status; whether it has one.
fn sub_mail(work: &mut Work<'_>, what: &Entered<'_>) -> Res<bool> {
    let Some(kind) = what.stage.sub(what.sub).and_then(|sub| sub.mail) else { return Ok(false) };
    let sender = Sender { stage: &what.stage.id, sub: what.sub };
    messages::of_stage(work, what.order, sender, kind, &names_of(what.stage)?)?;
    Ok(true)
}

fn names_of(stage: &Stage) -> Res<serde_json::Value> {
    serde_json::to_value(&stage.names).map_err(|_| CentralError::Inner { what: "writing names as JSON" })
}

fn told(work: &mut Work<'_>, what: &Entered<'_>) {
    let data = serde_json::json!({
        "number": what.number,
        "pipeline": what.pipeline.code,
        "stage": what.stage.code,
        "sub_status": Some(what.sub).filter(|sub| !sub.is_empty()),
        "from_stage": what.from.map(|stage| &stage.code),
        "by_hand": what.by_hand,
    });
    work.tell(STAGE_ENTERED, what.order, data);
}

/// Orders of the past: nobody is to be told of them as if they came now.
fn of_the_past(actor: &Actor) -> bool {
    matches!(actor, Actor::Job("import" | "setup"))
}

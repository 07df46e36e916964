//! The decision: what a command means for a session, as events or a refusal.
//!
//! This file sorts commands by what they need; one file per step says what a step does. Several
//! events of one command are decided one after another on a copy of the session, so that a later
//! one sees what the earlier ones changed, and each change of step is checked against the declared
//! graph.

mod anytime;
mod checklist;
mod confirm;
mod label;
mod pack;
mod pick;
mod trouble;
mod verify;
pub mod weigh;

pub use pick::current_stop;
pub use verify::count_max;

use super::super::ids::FulfillmentId;
use super::super::scan::Meaning;
use super::super::time::UtcMs;
use super::apply::Head;
use super::command::Command;
use super::event::{Event, Opening};
use super::facts::Facts;
use super::refusal::Refusal;
use super::state::{Mode, Session};
use super::step::{self, Step};
use crate::core::order::Entry;

/// Events or the reason why not.
pub type Decision = Result<Vec<Event>, Refusal>;

/// Collects the events of one command and keeps a session up to date with them.
pub(super) struct Draft<'a> {
    pub(super) s: Session,
    pub(super) f: &'a Facts<'a>,
    pub(super) now: UtcMs,
    events: Vec<Event>,
}

impl<'a> Draft<'a> {
    fn new(session: &Session, f: &'a Facts<'a>, now: UtcMs) -> Draft<'a> {
        Draft { s: session.clone(), f, now, events: Vec::new() }
    }

    pub(super) fn push(&mut self, e: Event) {
        self.s.apply(&e);
        self.events.push(e);
    }

    /// Enters a step along a declared way; staying is no event.
    pub(super) fn go(&mut self, to: Step) {
        if self.s.step != to {
            debug_assert!(step::is_edge(self.s.step, to), "undeclared way from {:?} to {to:?}", self.s.step);
            self.push(Event::StepEntered { step: to, at: self.now });
        }
    }
}

/// Opens a session: Order → Review, or → Verify where picking was done elsewhere.
#[must_use]
pub fn open(f: &Facts<'_>, fulfillment: FulfillmentId, how: Opening, fence: i64, now: UtcMs) -> (Session, Vec<Event>) {
    let picked_elsewhere = match &f.fulfillment.entry {
        Entry::Order => false,
        Entry::Tote(_) | Entry::Slot(_) => true,
    };
    let (order_version, packer) = (f.order.version, f.actor.id);
    let head = Head { fulfillment, order_version, packer, how, picked_elsewhere, fence };
    let goods: Vec<_> = f.goods().copied().collect();
    let mut d = Draft { s: Session::blank(head, &goods, now), f, now, events: vec![head.event()] };
    // A flag blocks wherever the packer comes in: then the order is read first.
    if picked_elsewhere && f.order.flags.is_empty() {
        d.go(Step::Verify);
        // A tote without goods has nothing to send: it is parked at once.
        verify::finish(&mut d);
    } else {
        d.go(Step::Review);
    }
    (d.s, d.events)
}

/// What a command means for a session.
///
/// # Errors
/// A [`Refusal`] where it does not fit: nothing has changed then.
pub fn decide(session: &Session, f: &Facts<'_>, command: &Command, now: UtcMs) -> Decision {
    let mut d = Draft::new(session, f, now);
    if !anytime::decide(&mut d, command)? {
        working(&d.s)?;
        at_step(&mut d, command)?;
    }
    Ok(d.events)
}

/// Commands of a step need a session that is being worked.
fn working(s: &Session) -> Result<(), Refusal> {
    match s.mode {
        Mode::Working => Ok(()),
        Mode::Paused { .. } => Err(Refusal::OnBreak),
        Mode::Held { .. } => Err(Refusal::IsHeld),
        Mode::MustUnpack => Err(Refusal::MustUnpack),
        Mode::Ended(_) => Err(Refusal::IsOver),
    }
}

fn at_step(d: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Scan(scan) => {
            unreadable(&scan.meaning)?;
            match d.s.step {
                Step::Pick => pick::scan(d, scan),
                Step::Verify => verify::scan(d, scan),
                Step::Pack => pack::scan(d, scan),
                Step::Checklist => checklist::scan(d, scan),
                Step::Weigh => weigh::scan(d, scan),
                Step::Label | Step::Confirm => confirm::scan(d, scan),
                Step::Order | Step::Review | Step::Stock | Step::Next => Err(elsewhere(d, &scan.meaning)),
            }
        }
        Command::Continue => go_on(d),
        Command::ClearFlag { flag, approval } => pick::clear_flag(d, *flag, *approval),
        Command::TakeStop => pick::take_by_touch(d),
        Command::Count { more } => verify::count(d, *more),
        Command::GiveTrace { trace, serial_used } => verify::give_trace(d, trace, serial_used.as_ref(), None),
        Command::ConfirmByHand { line, reason, approval } => verify::by_hand(d, *line, *reason, *approval),
        Command::ChoosePackaging(id) => pack::choose(d, *id),
        Command::Tick { index } => checklist::tick(d, *index),
        Command::Weight { grams } => weigh::weight(d, *grams),
        Command::OverrideWeight { grams, approval, reason } => weigh::over(d, *grams, *approval, *reason),
        Command::Recount => weigh::recount(d),
        Command::MakeLabel => label::make(d),
        Command::Short { line, quantity, reason } => trouble::short(d, *line, *quantity, *reason),
        Command::Damaged { line, quantity, reason } => trouble::damaged(d, *line, *quantity, *reason),
        Command::Substitute { line, product, quantity, reason } => {
            trouble::substitute(d, *line, *product, *quantity, *reason)
        }
        Command::Undo => trouble::undo(d),
        Command::AnotherParcel => pack::another(d),
        Command::Advance => {
            at(d, Step::Next)?;
            d.push(Event::Advanced);
            Ok(())
        }
        Command::Printed { .. }
        | Command::Reprint { .. }
        | Command::AllowPartial { .. }
        | Command::PhotoTaken { .. }
        | Command::CallLead
        | Command::Pause
        | Command::Resume
        | Command::Hold { .. }
        | Command::HandBack { .. }
        | Command::SwitchPacker(_)
        | Command::CancelledByServer
        | Command::TakenOver
        | Command::ConfirmUnpacked => Err(Refusal::NotNow { step: d.s.step }),
    }
}

/// "Go on" where a step only has to be read.
fn go_on(d: &mut Draft<'_>) -> Result<(), Refusal> {
    match d.s.step {
        Step::Review => pick::reviewed(d),
        Step::Stock => pick::stock_checked(d),
        Step::Pick => pick::take_by_touch(d),
        Step::Verify => pack::parcel_done(d),
        Step::Pack => pack::take_suggested(d),
        Step::Label => label::make(d),
        Step::Confirm => confirm::go_on(d),
        Step::Next => {
            d.push(Event::Advanced);
            Ok(())
        }
        Step::Order | Step::Checklist | Step::Weigh => Err(Refusal::NotNow { step: d.s.step }),
    }
}

pub(super) fn at(d: &Draft<'_>, step: Step) -> Result<(), Refusal> {
    if d.s.step == step { Ok(()) } else { Err(Refusal::NotNow { step: d.s.step }) }
}

/// Scans that mean nothing anywhere.
fn unreadable(m: &Meaning) -> Result<(), Refusal> {
    match m {
        Meaning::Unreadable => Err(Refusal::Unreadable),
        Meaning::TooLong => Err(Refusal::TooLong),
        Meaning::BadCommand => Err(Refusal::BadCommand),
        Meaning::Ambiguous(text) => Err(Refusal::Ambiguous { text: text.clone() }),
        Meaning::Command(_)
        | Meaning::Badge(_)
        | Meaning::Location(_)
        | Meaning::Tote(..)
        | Meaning::Order(..)
        | Meaning::Product { .. }
        | Meaning::ParcelLabel { .. }
        | Meaning::Packaging(_)
        | Meaning::Traced { .. }
        | Meaning::UnknownItem(_)
        | Meaning::Unknown(_) => Ok(()),
    }
}

/// A readable scan that does not belong to the current step.
pub(super) fn elsewhere(d: &Draft<'_>, m: &Meaning) -> Refusal {
    match m {
        Meaning::Unknown(text) | Meaning::UnknownItem(text) | Meaning::Traced { text, .. } => {
            Refusal::UnknownCode { text: text.clone() }
        }
        Meaning::Ambiguous(text) => Refusal::Ambiguous { text: text.clone() },
        Meaning::Unreadable => Refusal::Unreadable,
        Meaning::TooLong => Refusal::TooLong,
        Meaning::BadCommand => Refusal::BadCommand,
        Meaning::Command(_)
        | Meaning::Badge(_)
        | Meaning::Location(_)
        | Meaning::Tote(..)
        | Meaning::Order(..)
        | Meaning::Product { .. }
        | Meaning::ParcelLabel { .. }
        | Meaning::Packaging(_) => Refusal::NotNow { step: d.s.step },
    }
}

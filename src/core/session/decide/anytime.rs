//! What fits every step: breaks, holds, calls, photos, changes of packer, and news from the server
//! and the printer.

use super::super::super::person::{Approval, Role};
use super::super::command::Command;
use super::super::event::{Event, Reason};
use super::super::refusal::Refusal;
use super::super::state::Mode;
use super::Draft;

/// Decides a command that fits every step; `false` where it belongs to a step.
pub(super) fn decide(d: &mut Draft<'_>, command: &Command) -> Result<bool, Refusal> {
    // The printer's word counts whatever became of the order meanwhile.
    if let Command::Printed { parcel, document, copy, outcome } = command {
        super::label::printed(d, *parcel, *document, *copy, *outcome);
        return Ok(true);
    }
    if matches!(d.s.mode, Mode::Ended(_)) {
        return Err(Refusal::IsOver);
    }
    match command {
        Command::CancelledByServer => cancelled(d)?,
        Command::TakenOver => {
            // What is packed is packed: whose parcel counts is the server's to decide.
            not_packed(d)?;
            d.push(Event::TakenOver);
        }
        Command::ConfirmUnpacked if d.s.mode == Mode::MustUnpack => d.push(Event::Unpacked),
        Command::ConfirmUnpacked => return Err(Refusal::NotNow { step: d.s.step }),
        Command::CallLead => d.push(Event::LeadCalled),
        Command::PhotoTaken { hash, bytes } => {
            let (parcel, units_before) = (d.s.parcel().no, d.s.verified());
            d.push(Event::PhotoTaken { parcel, hash: *hash, bytes: *bytes, units_before });
            super::checklist::photo_taken(d);
        }
        Command::Pause => {
            super::working(&d.s)?;
            d.push(Event::Paused { at: d.now });
        }
        Command::Resume => resume(d)?,
        Command::AllowPartial { approval } => allow_partial(d, *approval)?,
        Command::Hold { reason } => {
            not_called_off(d)?;
            // A second reason would hide the first, and with it who must agree.
            if matches!(d.s.mode, Mode::Held { .. }) {
                return Err(Refusal::IsHeld);
            }
            not_packed(d)?;
            d.push(Event::Held { reason: *reason, at: d.now });
        }
        Command::HandBack { reason } => hand_back(d, *reason)?,
        Command::SwitchPacker(to) => {
            if *to != d.s.packer {
                d.push(Event::PackerSwitched { from: d.s.packer, to: *to });
            }
        }
        Command::Reprint { document, reason } => {
            super::working(&d.s)?;
            super::label::reprint(d, *document, *reason)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn not_packed(d: &Draft<'_>) -> Result<(), Refusal> {
    if d.s.packed { Err(Refusal::NotNow { step: d.s.step }) } else { Ok(()) }
}

fn not_called_off(d: &Draft<'_>) -> Result<(), Refusal> {
    if d.s.mode == Mode::MustUnpack { Err(Refusal::MustUnpack) } else { Ok(()) }
}

/// Called off: what is in a box must come out; what is packed already is the server's to decide.
fn cancelled(d: &mut Draft<'_>) -> Result<(), Refusal> {
    not_packed(d)?;
    if d.s.mode != Mode::MustUnpack {
        let nothing_packed = d.s.parcels.iter().all(|p| p.count() == 0) && d.s.lines.iter().all(|l| l.picked == 0);
        d.push(Event::CancelSeen { nothing_packed });
    }
    Ok(())
}

fn resume(d: &mut Draft<'_>) -> Result<(), Refusal> {
    match d.s.mode {
        Mode::Working => Ok(()),
        Mode::MustUnpack => Err(Refusal::MustUnpack),
        Mode::Ended(_) => Err(Refusal::IsOver),
        Mode::Held { .. } if d.s.to_ship() == 0 => Err(Refusal::IsHeld),
        Mode::Held { .. } if super::pick::must_wait(d) && shorted(d) => Err(Refusal::NeedsRole { role: Role::Lead }),
        Mode::Held { .. } | Mode::Paused { .. } => {
            d.push(Event::Resumed { packer: d.f.actor.id, at: d.now });
            catch_up(d);
            Ok(())
        }
    }
}

/// A photo, the printer's word or news of the site may have come meanwhile, and settled the step.
fn catch_up(d: &mut Draft<'_>) {
    super::trouble::move_on(d);
    super::checklist::finish(d);
    super::label::finish(d);
    super::confirm::settle(d);
}

fn shorted(d: &Draft<'_>) -> bool {
    d.s.lines.iter().any(|l| l.short > 0)
}

/// A lead lets an order go that is not complete.
fn allow_partial(d: &mut Draft<'_>, approval: Approval) -> Result<(), Refusal> {
    not_called_off(d)?;
    not_packed(d)?;
    if approval.role < Role::Lead {
        return Err(Refusal::NeedsRole { role: Role::Lead });
    }
    if d.s.to_ship() == 0 {
        return Err(Refusal::IsHeld);
    }
    if !d.s.partial_allowed {
        d.push(Event::PartialAllowed { approval });
    }
    if matches!(d.s.mode, Mode::Held { .. }) {
        d.push(Event::Resumed { packer: d.f.actor.id, at: d.now });
        catch_up(d);
    }
    Ok(())
}

/// Back to the queue, as long as no label carries this station's number.
fn hand_back(d: &mut Draft<'_>, reason: Reason) -> Result<(), Refusal> {
    match d.s.mode {
        Mode::Working | Mode::Paused { .. } | Mode::Held { .. } if d.s.labelled() => Err(Refusal::HasLabel),
        Mode::MustUnpack => Err(Refusal::MustUnpack),
        Mode::Ended(_) => Err(Refusal::IsOver),
        Mode::Working | Mode::Paused { .. } | Mode::Held { .. } => {
            d.push(Event::HandedBack { reason });
            Ok(())
        }
    }
}

//! Step 10: the label is scanned on its box, which proves that it is on this box and no other.

use super::super::super::ids::ParcelRef;
use super::super::super::person::Role;
use super::super::super::policy::PickConfirm;
use super::super::super::scan::{Meaning, ResolvedScan};
use super::super::event::Event;
use super::super::refusal::Refusal;
use super::super::step::Step;
use super::{Draft, elsewhere};

/// The parcel's label; or the slot where a split order's parts meet.
pub(super) fn scan(d: &mut Draft<'_>, scan: &ResolvedScan) -> Result<(), Refusal> {
    match &scan.meaning {
        Meaning::ParcelLabel { sscc, parcel } => label(d, scan, sscc, parcel.as_ref()),
        Meaning::Location(code) if all_confirmed(d) => slot(d, code),
        m => Err(elsewhere(d, m)),
    }
}

pub(super) fn all_confirmed(d: &Draft<'_>) -> bool {
    d.s.parcels.iter().all(|p| p.confirmed)
}

fn label(
    d: &mut Draft<'_>,
    scan: &ResolvedScan,
    sscc: &str,
    whose: Option<&(ParcelRef, String)>,
) -> Result<(), Refusal> {
    let current = d.s.parcel();
    let own = current.sscc.as_deref().ok_or(Refusal::NoLabelYet)?;
    if own != sscc {
        return Err(match whose {
            Some((parcel, order)) => Refusal::OtherParcel { order: order.clone(), parcel: parcel.no },
            None => Refusal::UnknownLabel { sscc: sscc.to_owned() },
        });
    }
    if current.confirmed {
        return settled(d);
    }
    let parcel = current.no;
    d.push(Event::ParcelConfirmed { parcel, sscc: sscc.to_owned(), gesture: scan.gesture });
    if all_confirmed(d) {
        all_done(d);
    } else {
        d.go(Step::Pack);
    }
    Ok(())
}

/// Every parcel has its label: the slot of a split order is asked for where the label was, else it is done.
pub(super) fn all_done(d: &mut Draft<'_>) {
    if d.f.fulfillment.consolidate_at.is_none() {
        finish(d);
    } else {
        d.go(Step::Confirm);
    }
}

fn slot(d: &mut Draft<'_>, code: &str) -> Result<(), Refusal> {
    match d.f.fulfillment.consolidate_at.as_deref() {
        Some(needed) if needed == code => {
            d.push(Event::Consolidated { location: code.to_owned() });
            finish(d);
            Ok(())
        }
        Some(needed) => Err(Refusal::WrongShelf { needed: needed.to_owned(), scanned: code.to_owned() }),
        // All labels are scanned, or nobody would look at this shelf.
        None => settled(d),
    }
}

/// All labels are scanned and no slot is known any more, because the site took it away meanwhile: then it is done.
pub(super) fn settle(d: &mut Draft<'_>) {
    if d.s.step == Step::Confirm && all_confirmed(d) && d.f.fulfillment.consolidate_at.is_none() {
        finish(d);
    }
}

fn settled(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let step = d.s.step;
    settle(d);
    if d.s.packed { Ok(()) } else { Err(Refusal::NotNow { step }) }
}

/// "Go on": it lies in its slot, whose barcode cannot be read. Where the site wants shelves to be scanned, a lead says so.
pub(super) fn go_on(d: &mut Draft<'_>) -> Result<(), Refusal> {
    match d.f.fulfillment.consolidate_at.clone().filter(|_| all_confirmed(d)) {
        None => settled(d),
        Some(location) => {
            match d.f.policy.pick {
                PickConfirm::Scan if d.f.actor.role < Role::Lead => {
                    return Err(Refusal::NeedsRole { role: Role::Lead });
                }
                PickConfirm::Scan | PickConfirm::ScanOrTouch => {}
            }
            d.push(Event::Consolidated { location });
            finish(d);
            Ok(())
        }
    }
}

/// Label, Confirm or Verify → Next.
fn finish(d: &mut Draft<'_>) {
    let parcels = u16::try_from(d.s.parcels.len()).unwrap_or(u16::MAX);
    let (units, worked_ms) = (d.s.verified(), d.s.worked_ms(d.now));
    d.push(Event::Packed { parcels, units, worked_ms });
    d.go(Step::Next);
}

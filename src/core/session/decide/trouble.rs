//! What goes wrong at the bench: short, damaged, substitute, undo. Each has a reason and a way on.

use super::super::super::ids::{LineNo, ProductId};
use super::super::super::scan::Trace;
use super::super::event::{Event, Reason, Undoable};
use super::super::refusal::{Named, Refusal};
use super::super::state::PackedUnits;
use super::super::step::Step;
use super::Draft;

/// Fewer than needed. A line that is short either goes as it is (partial) or parks the order until
/// a lead allows that or stock comes.
pub(super) fn short(d: &mut Draft<'_>, line: LineNo, quantity: u32, reason: Reason) -> Result<(), Refusal> {
    match d.s.step {
        Step::Stock | Step::Pick | Step::Verify => {}
        Step::Order
        | Step::Review
        | Step::Pack
        | Step::Checklist
        | Step::Weigh
        | Step::Label
        | Step::Confirm
        | Step::Next => {
            return Err(Refusal::NotNow { step: d.s.step });
        }
    }
    if d.s.moving_from.is_some() {
        return Err(Refusal::NotNow { step: d.s.step });
    }
    let l = d.s.line(line).ok_or(Refusal::NothingToCount)?;
    // At the shelf the missing ones are those not yet picked; at the bench those not yet scanned.
    let max = if d.s.step == Step::Verify { l.to_verify() } else { l.to_pick() };
    if quantity == 0 || quantity > max {
        return Err(Refusal::CountTooBig { max });
    }
    // A question about a unit that is not there needs no answer.
    if d.s.awaiting.as_ref().is_some_and(|a| a.line == line) {
        d.push(Event::Undone { what: Undoable::TraceAsked });
    }
    d.push(Event::Shorted { line, quantity, reason });
    if d.s.to_ship() == 0 {
        d.push(Event::Held { reason: Reason::NothingToShip, at: d.now });
    } else if super::pick::must_wait(d) {
        d.push(Event::Held { reason: Reason::ShortComplete, at: d.now });
    } else {
        move_on(d);
    }
    Ok(())
}

/// Goes on where the last open unit of a step has just been settled.
pub(super) fn move_on(d: &mut Draft<'_>) {
    super::pick::finish_picking(d);
    super::verify::finish(d);
}

/// Units that must not be sent. Those in a box come out; the replacement is fetched, or scanned at
/// the bench where picking is done elsewhere, or reported short.
pub(super) fn damaged(d: &mut Draft<'_>, line: LineNo, quantity: u32, reason: Reason) -> Result<(), Refusal> {
    match d.s.step {
        Step::Pick | Step::Verify | Step::Pack | Step::Checklist | Step::Weigh => {}
        Step::Label | Step::Confirm if d.s.parcel().sscc.is_some() => return Err(Refusal::HasLabel),
        Step::Order | Step::Review | Step::Stock | Step::Label | Step::Confirm | Step::Next => {
            return Err(Refusal::NotNow { step: d.s.step });
        }
    }
    if d.s.moving_from.is_some() {
        return Err(Refusal::NotNow { step: d.s.step });
    }
    let l = d.s.line(line).ok_or(Refusal::NothingToCount)?;
    let target = l.ordered.saturating_sub(l.short);
    // What lies in a labelled parcel is closed.
    let closed: u32 =
        d.s.parcels
            .iter()
            .filter(|p| p.confirmed)
            .flat_map(|p| &p.units)
            .filter(|u| u.line == line)
            .map(|u| u.units)
            .sum();
    let max = target.saturating_sub(closed);
    if quantity == 0 || quantity > max {
        return Err(Refusal::CountTooBig { max });
    }
    // Units in hand but not yet scanned break first, then those on the shelf; the rest comes out of a box.
    let loose = l.picked.min(target).saturating_sub(l.verified).min(quantity);
    let on_shelf = if d.s.picked_elsewhere { 0 } else { l.to_pick().min(quantity - loose) };
    let mut boxed = quantity - loose - on_shelf;
    let mut products = vec![l.product];
    products.extend(l.substitutes.iter().map(|(p, _)| *p));
    let (mut units, mut unpicked) = (loose + on_shelf, loose);
    for product in products {
        let n = open_units(d, line, product).map(|u| u.units).sum::<u32>().min(boxed);
        boxed -= n;
        (units, unpicked) = (units + n, unpicked + n);
        if units == 0 {
            continue;
        }
        let unpacked = unpack(d, line, product, n);
        let unpicked = if d.s.picked_elsewhere { 0 } else { std::mem::take(&mut unpicked) };
        let quantity = std::mem::take(&mut units);
        d.push(Event::Damaged { line, product, quantity, reason, unpacked, unpicked });
    }
    if d.s.step != Step::Pick {
        if d.s.to_pick() > 0 {
            d.go(Step::Pick);
        } else if d.s.to_verify() > 0 {
            d.go(Step::Verify);
        }
    }
    Ok(())
}

/// What lies of a line's product in parcels that are still open.
fn open_units<'s>(d: &'s Draft<'_>, line: LineNo, product: ProductId) -> impl Iterator<Item = &'s PackedUnits> {
    let open = d.s.parcels.iter().filter(|p| !p.confirmed);
    open.flat_map(|p| &p.units).filter(move |u| u.line == line && u.product == product)
}

/// Where `n` broken units come out: the parcel in work first, then the latest. Which of several serial
/// numbers or lots is the broken one nobody said: then all of them come out and are scanned again.
fn unpack(d: &mut Draft<'_>, line: LineNo, product: ProductId, n: u32) -> Vec<(u16, u32)> {
    let mut traces: Vec<&Trace> = open_units(d, line, product).map(|u| &u.trace).collect();
    traces.sort_unstable();
    traces.dedup();
    let traced = traces.iter().any(|t| t.serial.is_some()) || traces.len() > 1;
    let current = d.s.parcel().no;
    let mut open: Vec<u16> = d.s.parcels.iter().rev().filter(|p| !p.confirmed).map(|p| p.no).collect();
    open.sort_by_key(|no| *no != current);
    let mut left = n;
    let mut unpacked = Vec::new();
    for no in open {
        let Some(p) = d.s.parcels.iter().find(|p| p.no == no) else { continue };
        if traced && n > 0 {
            let again: Vec<PackedUnits> =
                p.units.iter().filter(|u| u.line == line && u.product == product).cloned().collect();
            for u in again {
                let PackedUnits { line, product, units, trace, how } = u;
                d.push(Event::Undone { what: Undoable::Verified { line, product, units, trace, how, parcel: no } });
            }
            continue;
        }
        let here = p.count_of(line, product).min(left);
        if here > 0 {
            unpacked.push((no, here));
            left -= here;
        }
    }
    unpacked
}

/// Another product from the allowed list may be scanned for the line.
pub(super) fn substitute(
    d: &mut Draft<'_>,
    line: LineNo,
    product: ProductId,
    quantity: u32,
    reason: Reason,
) -> Result<(), Refusal> {
    match d.s.step {
        Step::Stock | Step::Pick | Step::Verify => {}
        Step::Order
        | Step::Review
        | Step::Pack
        | Step::Checklist
        | Step::Weigh
        | Step::Label
        | Step::Confirm
        | Step::Next => {
            return Err(Refusal::NotNow { step: d.s.step });
        }
    }
    let l = d.s.line(line).ok_or(Refusal::NothingToCount)?;
    let allowed = d.f.product(l.product).is_some_and(|p| p.substitutes.contains(&product));
    if !allowed {
        let item = d.f.product(product).map(|p| Named::of(p, super::verify::bin_of(d.f, product)));
        return Err(item.map_or(Refusal::NotAllowed, |item| Refusal::NotASubstitute { item }));
    }
    let max = l.to_verify();
    if quantity == 0 || quantity > max {
        return Err(Refusal::CountTooBig { max });
    }
    d.push(Event::Substituted { line, product, quantity, reason });
    Ok(())
}

/// Takes the last scan back, with all that it did.
pub(super) fn undo(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let last = d.s.undo.last().cloned().ok_or(Refusal::NothingToUndo)?;
    let gesture = d.s.undo_gestures.last().copied().flatten();
    let fits = match d.s.step {
        // What was scanned before the moving began is not the last scan's business.
        Step::Verify if d.s.moving_from.is_some() => matches!(last, Undoable::Moved { .. }),
        Step::Pick | Step::Verify => true,
        Step::Pack | Step::Checklist => matches!(last, Undoable::Ticked { .. } | Undoable::Verified { .. }),
        Step::Order | Step::Review | Step::Stock | Step::Weigh | Step::Label | Step::Confirm | Step::Next => false,
    };
    if !fits {
        return Err(Refusal::NothingToUndo);
    }
    let back_to = match last {
        Undoable::Verified { .. } => Step::Verify,
        Undoable::Picked { .. } => Step::Pick,
        Undoable::Moved { .. } | Undoable::TraceAsked | Undoable::Ticked { .. } => d.s.step,
    };
    d.push(Event::Undone { what: last });
    // One scan of a case may have served several lines.
    while let Some(more) = d.s.undo.last().filter(|_| gesture.is_some() && d.s.undo_gestures.last() == Some(&gesture)) {
        let what = more.clone();
        d.push(Event::Undone { what });
    }
    d.go(back_to);
    Ok(())
}

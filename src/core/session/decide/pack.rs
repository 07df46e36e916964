//! Step 6: a box for every parcel, and more parcels where one does not do.

use super::super::super::ids::PackagingId;
use super::super::super::scan::{Meaning, ResolvedScan};
use super::super::super::units::Grams;
use super::super::event::{Event, PackagingHow};
use super::super::refusal::Refusal;
use super::super::step::Step;
use super::{Draft, elsewhere};

/// Enters the step for the parcel in work.
pub(super) fn enter(d: &mut Draft<'_>) {
    d.go(Step::Pack);
}

/// The barcode on a stack of boxes; or an item, which means that something was left out.
pub(super) fn scan(d: &mut Draft<'_>, scan: &ResolvedScan) -> Result<(), Refusal> {
    match &scan.meaning {
        Meaning::Packaging(id) => set(d, *id, PackagingHow::Scanned),
        Meaning::Product { product, .. } => {
            let p = d.f.product(*product).ok_or(Refusal::NotNow { step: d.s.step })?;
            let item = super::super::refusal::Named::of(p, super::verify::bin_of(d.f, p.id));
            match d.s.lines.iter().find(|l| super::verify::accepts(l, *product)) {
                Some(l) => Err(Refusal::TooMany { item, wanted: l.ordered.saturating_sub(l.short) }),
                None => Err(Refusal::WrongItem { needed: None, scanned: item }),
            }
        }
        m => Err(elsewhere(d, m)),
    }
}

/// Another box, by touch: at its step, or later as long as the parcel is open.
pub(super) fn choose(d: &mut Draft<'_>, id: PackagingId) -> Result<(), Refusal> {
    match d.s.step {
        Step::Pack | Step::Checklist | Step::Weigh => {}
        Step::Order
        | Step::Review
        | Step::Stock
        | Step::Pick
        | Step::Verify
        | Step::Label
        | Step::Confirm
        | Step::Next => return Err(Refusal::NotNow { step: d.s.step }),
    }
    let how = if d.f.suggested == Some(id) { PackagingHow::Suggested } else { PackagingHow::Chosen };
    set(d, id, how)
}

/// "Go on": the suggested box.
pub(super) fn take_suggested(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let id = d.s.parcel().packaging.or(d.f.suggested).ok_or(Refusal::NoPackaging)?;
    set(d, id, PackagingHow::Suggested)
}

pub(super) fn set(d: &mut Draft<'_>, id: PackagingId, how: PackagingHow) -> Result<(), Refusal> {
    let packaging = d.f.packaging(id).ok_or(Refusal::NoPackaging)?;
    let known: Grams = d.f.contents(d.s.parcel()).iter().filter_map(|c| Some(c.product.weight_g?.times(c.units))).sum();
    if known > packaging.max_g {
        return Err(Refusal::BoxTooWeak { max: packaging.max_g });
    }
    let parcel = d.s.parcel().no;
    d.push(Event::PackagingChosen { parcel, packaging: id, how });
    // Changed later, the list of the content still holds; only the weight to come is another.
    if d.s.step == Step::Pack {
        super::checklist::enter(d);
    }
    Ok(())
}

/// One more box. While items are still being scanned, the following ones go into it; later, units
/// are moved into it by scan.
pub(super) fn another(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let current = d.s.parcel();
    let moving_from = match d.s.step {
        Step::Verify if d.s.awaiting.is_none() && d.s.moving_from.is_none() => None,
        Step::Pack | Step::Checklist | Step::Weigh => Some(current.no),
        Step::Label | Step::Confirm if current.sscc.is_some() => return Err(Refusal::HasLabel),
        Step::Order
        | Step::Review
        | Step::Stock
        | Step::Pick
        | Step::Verify
        | Step::Label
        | Step::Confirm
        | Step::Next => return Err(Refusal::NotNow { step: d.s.step }),
    };
    // A unit alone cannot be shared between two boxes.
    let least = if moving_from.is_some() { 2 } else { 1 };
    if current.count() < least {
        return Err(Refusal::ParcelEmpty);
    }
    let parcel = d.s.parcels.iter().map(|p| p.no).max().unwrap_or(0).saturating_add(1);
    d.push(Event::ParcelOpened { parcel, moving_from });
    d.go(Step::Verify);
    Ok(())
}

/// "Go on" while units are verified: the moving is over, back to the parcel that was made lighter; or
/// the extra box is not needed after all.
pub(super) fn parcel_done(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let parcel = d.s.parcel().no;
    let dropped = d.s.parcel().count() == 0;
    match d.s.moving_from {
        // All was moved over: then the box it came from would go out empty. One unit goes back.
        Some(from) if d.s.parcels.iter().any(|p| p.no == from && p.count() == 0) => return Err(Refusal::ParcelEmpty),
        Some(_) => {}
        None if dropped && d.s.parcels.iter().any(|p| p.no != parcel && !p.confirmed) => {}
        None => return Err(Refusal::NotNow { step: d.s.step }),
    }
    d.push(Event::MovingEnded { parcel, dropped });
    super::verify::finish(d);
    Ok(())
}

/// Parcels that stayed or became empty never get a label.
pub(super) fn drop_empty(d: &mut Draft<'_>) {
    let empty: Vec<u16> = d.s.parcels.iter().filter(|p| !p.confirmed && p.count() == 0).map(|p| p.no).collect();
    for parcel in empty {
        d.push(Event::MovingEnded { parcel, dropped: true });
    }
}

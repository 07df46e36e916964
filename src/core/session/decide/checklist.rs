//! Step 7: papers, gifts, inserts, marks, photo: what the order, the customer and the products ask
//! for, ticked one by one.

use super::super::super::checklist::{self, DocumentKind, ItemKind};
use super::super::super::command_code::CommandCode;
use super::super::super::scan::{Meaning, ResolvedScan};
use super::super::event::{Event, PackagingHow, TickHow};
use super::super::refusal::Refusal;
use super::super::state::Mode;
use super::super::step::Step;
use super::{Draft, at, elsewhere};

/// Makes the list of the current parcel and prints what goes inside; an empty list is passed.
pub(super) fn enter(d: &mut Draft<'_>) {
    let contents = d.f.contents(d.s.parcel());
    let items = checklist::items(d.f.order, &contents, d.f.policy);
    let parcel = d.s.parcel().no;
    let inside: Vec<DocumentKind> = items.iter().filter_map(|i| inside(&i.kind)).collect();
    d.push(Event::ChecklistSet { parcel, items });
    for document in inside {
        // A list made anew after a change prints what changed with it, as a further copy.
        let copy = d.s.parcel().last_print(document).map_or(1, |p| p.copy.saturating_add(1));
        d.push(Event::PrintAttempted { parcel, document, copy, reason: None });
    }
    d.go(Step::Checklist);
    finish(d);
}

/// Papers that lie in the parcel are printed while it is open; the others with the label.
fn inside(kind: &ItemKind) -> Option<DocumentKind> {
    match kind {
        ItemKind::Document(k @ (DocumentKind::PackingSlip | DocumentKind::Invoice)) => Some(*k),
        ItemKind::Document(_)
        | ItemKind::Insert(_)
        | ItemKind::GiftWrap(_)
        | ItemKind::GiftMessage
        | ItemKind::Fragile
        | ItemKind::LithiumMark(_)
        | ItemKind::DangerousGoods(_)
        | ItemKind::Temperature(..)
        | ItemKind::AdultSignature
        | ItemKind::Photo
        | ItemKind::PhotoOffered => None,
    }
}

/// Index of the first line that is not done.
#[must_use]
pub(in super::super) fn current(items: &[checklist::Item]) -> Option<usize> {
    items.iter().position(|i| !i.done)
}

/// The "tick" command barcode ticks the line the screen shows.
pub(super) fn scan(d: &mut Draft<'_>, scan: &ResolvedScan) -> Result<(), Refusal> {
    match &scan.meaning {
        Meaning::Command(CommandCode::Tick | CommandCode::Continue) => {
            let index = d.s.parcel().checklist.as_deref().and_then(current);
            set(d, index.ok_or(Refusal::NotNow { step: Step::Checklist })?, TickHow::Scan)
        }
        Meaning::Packaging(id) => super::pack::set(d, *id, PackagingHow::Scanned),
        m => Err(elsewhere(d, m)),
    }
}

/// By touch.
pub(super) fn tick(d: &mut Draft<'_>, index: usize) -> Result<(), Refusal> {
    at(d, Step::Checklist)?;
    set(d, index, TickHow::Touch)
}

fn set(d: &mut Draft<'_>, index: usize, how: TickHow) -> Result<(), Refusal> {
    let item = d.s.parcel().checklist.as_ref().and_then(|c| c.get(index));
    let item = item.ok_or(Refusal::NotNow { step: Step::Checklist })?;
    if item.kind == ItemKind::Photo && how != TickHow::Photo {
        return Err(Refusal::PhotoNeeded);
    }
    // Only a photo says "photo": whatever else ticks an offer means that there was none.
    let how = match (&item.kind, how) {
        (ItemKind::PhotoOffered, TickHow::Touch | TickHow::Scan) => TickHow::Without,
        (_, how) => how,
    };
    if !item.done {
        let parcel = d.s.parcel().no;
        d.push(Event::Ticked { parcel, index, how });
    }
    finish(d);
    Ok(())
}

/// A photo ticks the photo line, wherever in the list it stands, demanded or offered.
pub(super) fn photo_taken(d: &mut Draft<'_>) {
    let items = d.s.parcel().checklist.as_deref().unwrap_or_default();
    let index = items.iter().position(|i| matches!(i.kind, ItemKind::Photo | ItemKind::PhotoOffered) && !i.done);
    if let Some(index) = index.filter(|_| d.s.step == Step::Checklist) {
        let parcel = d.s.parcel().no;
        d.push(Event::Ticked { parcel, index, how: TickHow::Photo });
        finish(d);
    }
}

/// Checklist → Weigh, or → Label where the site does not weigh. A photo that comes while nobody works
/// ticks its line and no more.
pub(super) fn finish(d: &mut Draft<'_>) {
    if d.s.step == Step::Checklist
        && d.s.mode == Mode::Working
        && d.s.parcel().checklist.as_deref().is_none_or(|c| current(c).is_none())
    {
        d.go(if d.f.policy.weigh { Step::Weigh } else { Step::Label });
    }
}

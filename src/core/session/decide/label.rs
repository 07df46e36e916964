//! Step 9: the parcel gets its number and its papers. Nothing is called printed before it is known.

use super::super::super::checklist::{self, DocumentKind};
use super::super::event::{Event, PrintOutcome, Reason};
use super::super::refusal::{Named, Refusal};
use super::super::state::{Mode, Print, PrintState};
use super::super::step::Step;
use super::{Draft, at};

/// Assigns the number and tries to print; again after a failed print.
pub(super) fn make(d: &mut Draft<'_>) -> Result<(), Refusal> {
    at(d, Step::Label)?;
    // The office may have set it after the order was read.
    if let Some(flag) = super::pick::open_flag(&d.s, &d.f.order.flags) {
        return Err(Refusal::FlagSet { flag });
    }
    let contents = d.f.contents(d.s.parcel());
    if let Some((product, fact)) = checklist::missing_fact(d.f.order, &contents, d.f.policy) {
        return Err(Refusal::FactMissing { item: product.map(|p| Named::of(p, None)), fact });
    }
    let parcel = d.s.parcel().no;
    let documents = checklist::documents(d.f.order, &contents, d.f.policy);
    if d.s.parcel().sscc.is_none() {
        let sscc = d.f.next_sscc.ok_or(Refusal::NoNumbers)?.to_owned();
        d.push(Event::LabelAssigned { parcel, sscc, documents: documents.clone() });
    }
    let outside = documents.into_iter().filter(|k| !matches!(k, DocumentKind::PackingSlip | DocumentKind::Invoice));
    for document in outside {
        let last = d.s.parcel().last_print(document).copied();
        match last.map(|p| (p.copy, p.state)) {
            None => d.push(Event::PrintAttempted { parcel, document, copy: 1, reason: None }),
            // It never left: the same content again is no second label, but the job is a new one.
            Some((copy, PrintState::Ended(PrintOutcome::Failed(_)))) => {
                let copy = copy.saturating_add(1);
                d.push(Event::PrintAttempted { parcel, document, copy, reason: Some(Reason::NoPaper) });
            }
            Some((_, PrintState::Attempting | PrintState::Ended(_))) => {}
        }
    }
    Ok(())
}

/// What became of a print job: a late answer of an older copy changes nothing but that copy.
pub(super) fn printed(d: &mut Draft<'_>, parcel: u16, document: DocumentKind, copy: u16, outcome: PrintOutcome) {
    let known =
        d.s.parcels
            .iter()
            .find(|p| p.no == parcel)
            .and_then(|p| p.prints.iter().find(|j| j.document == document && j.copy == copy).map(|j| j.state));
    let news = match known {
        None => false,
        Some(PrintState::Attempting) => true,
        // That paper moved says more than that the printer took the bytes, and both more than a guess.
        Some(PrintState::Ended(PrintOutcome::PaperMoved)) => matches!(outcome, PrintOutcome::Failed(_)),
        Some(PrintState::Ended(before)) => before != outcome && outcome != PrintOutcome::Unknown,
    };
    if !news {
        return;
    }
    d.push(Event::PrintEnded { parcel, document, copy, outcome });
    finish(d);
}

/// Label → Confirm once a label of the parcel in work is out, and somebody works.
pub(super) fn finish(d: &mut Draft<'_>) {
    let out = |p: &Print| {
        p.document == DocumentKind::Label
            && matches!(p.state, PrintState::Ended(PrintOutcome::Sent | PrintOutcome::PaperMoved))
    };
    if d.s.step == Step::Label && d.s.mode == Mode::Working && d.s.parcel().prints.iter().any(out) {
        d.go(Step::Confirm);
    }
}

/// Prints once more, marked as a copy, with a reason: the paper of the parcel in work, or where it has
/// none yet, of the parcel before it.
pub(super) fn reprint(d: &mut Draft<'_>, document: DocumentKind, reason: Reason) -> Result<(), Refusal> {
    let parcels = std::iter::once(d.s.parcel()).chain(d.s.parcels.iter().rev());
    let last = parcels.into_iter().find_map(|p| Some((p.no, p.last_print(document)?.copy)));
    let (parcel, copy) = last.map(|(no, copy)| (no, copy.saturating_add(1))).ok_or(Refusal::NoLabelYet)?;
    d.push(Event::PrintAttempted { parcel, document, copy, reason: Some(reason) });
    Ok(())
}

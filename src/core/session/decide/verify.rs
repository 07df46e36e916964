//! Step 5: every unit is scanned, counted on a scan, or confirmed by hand and recorded as such.

use super::super::super::ids::{GestureId, LineNo, ProductId};
use super::super::super::message::Message;
use super::super::super::person::{Approval, Role};
use super::super::super::policy::{ByHandPolicy, CountPolicy};
use super::super::super::product::Product;
use super::super::super::scan::{Meaning, NetWeight, ResolvedScan, Trace};
use super::super::super::time::Day;
use super::super::apply::Which;
use super::super::event::{Event, Reason, Undoable, VerifyHow};
use super::super::facts::Facts;
use super::super::refusal::{Named, Refusal, TraceField};
use super::super::state::{LineState, PackedUnits, Session};
use super::super::step::Step;
use super::{Draft, at, elsewhere};

/// May this product be scanned for this line?
pub(super) fn accepts(l: &LineState, product: ProductId) -> bool {
    l.product == product || l.substitutes.iter().any(|(p, _)| *p == product)
}

/// Units of `product` the line still takes: all that is wanted of its own, a bounded number of a
/// substitute.
fn room(s: &Session, l: &LineState, product: ProductId) -> u32 {
    if l.product == product {
        return l.to_verify();
    }
    l.to_verify().min(l.allowed_of(product).saturating_sub(boxed(s, l, product)))
}

/// Units of a line's product in all parcels.
pub(super) fn boxed(s: &Session, l: &LineState, product: ProductId) -> u32 {
    s.parcels.iter().map(|p| p.count_of(l.no, product)).sum()
}

/// Bin a product is kept in, as far as the walk or the stock tells.
pub(in super::super) fn bin_of<'a>(f: &Facts<'a>, product: ProductId) -> Option<&'a str> {
    f.stock.levels.iter().find(|l| l.product == product && l.quantity > 0).map(|l| l.location.as_str())
}

fn named(f: &Facts<'_>, p: &Product) -> Named {
    Named::of(p, bin_of(f, p.id))
}

/// An item; or the answer to a question for lot, serial or expiry.
pub(super) fn scan(d: &mut Draft<'_>, scan: &ResolvedScan) -> Result<(), Refusal> {
    if let Some(a) = d.s.awaiting.clone() {
        return answer(d, &a.product, scan);
    }
    match &scan.meaning {
        Meaning::Product { product, units, trace } if d.s.moving_from.is_some() => moved(d, *product, *units, trace),
        Meaning::Unknown(text) if d.s.moving_from.is_some() => moved_by_number(d, text),
        Meaning::Traced { trace: Trace { serial: Some(serial), .. }, .. } if d.s.moving_from.is_some() => {
            moved_by_number(d, serial)
        }
        Meaning::Traced { trace: Trace { lot: Some(lot), .. }, .. } if d.s.moving_from.is_some() => {
            moved_by_number(d, lot)
        }
        Meaning::Product { product, units, trace } => item(d, scan, *product, *units, trace),
        m => Err(elsewhere(d, m)),
    }
}

fn item(d: &mut Draft<'_>, scan: &ResolvedScan, product: ProductId, units: u32, trace: &Trace) -> Result<(), Refusal> {
    let p = d.f.product(product).ok_or_else(|| elsewhere(d, &scan.meaning))?;
    let lines: Vec<&LineState> = d.s.lines.iter().filter(|l| accepts(l, product)).collect();
    if lines.is_empty() {
        let needed = d.s.line_shown().and_then(|l| d.f.product(l.product)).map(|n| named(d.f, n));
        return Err(Refusal::WrongItem { needed, scanned: named(d.f, p) });
    }
    let wanted: u32 = lines.iter().map(|l| room(&d.s, l, product)).sum();
    if wanted == 0 {
        let all = lines.iter().map(|l| l.ordered.saturating_sub(l.short)).sum();
        return Err(Refusal::TooMany { item: named(d.f, p), wanted: all });
    }
    let units = units.max(1);
    if units > wanted {
        return Err(Refusal::CaseTooBig { item: named(d.f, p), units, wanted });
    }
    let trace = &recorded(p, trace.clone());
    fit_to_ship(d.f, p, trace)?;
    if p.tracking.any() && (units == 1 || p.tracking.serial || missing(p, trace).is_some()) {
        // Each unit has a number of its own, or a question that one answer must not settle for all.
        if units > 1 {
            return Err(Refusal::CaseTooBig { item: named(d.f, p), units, wanted: 1 });
        }
        return traced(d, p, trace, scan.gesture, scan.serial_used.as_ref());
    }
    let how = if units > 1 { VerifyHow::Case } else { VerifyHow::Scan };
    spread(d, product, units, trace, how, Some(scan.gesture));
    finish(d);
    Ok(())
}

/// Puts units on the lines that want them, the one in hand first.
fn spread(
    d: &mut Draft<'_>,
    product: ProductId,
    units: u32,
    trace: &Trace,
    how: VerifyHow,
    gesture: Option<GestureId>,
) {
    let mut left = units;
    let mut order: Vec<LineNo> = d.s.line_in_hand.into_iter().collect();
    order.extend(d.s.lines.iter().map(|l| l.no));
    for no in order {
        let Some(l) = d.s.line(no).filter(|l| accepts(l, product)) else { continue };
        let n = room(&d.s, l, product).min(left);
        if n > 0 {
            left -= n;
            let parcel = d.s.parcel().no;
            d.push(Event::Verified { line: no, product, units: n, trace: trace.clone(), how, parcel, gesture });
        }
    }
}

/// What is kept of what a barcode says: a serial number only where each unit has its own, or units
/// that share one would look like the same unit twice.
fn recorded(p: &Product, trace: Trace) -> Trace {
    Trace { serial: trace.serial.filter(|_| p.tracking.serial), ..trace }
}

/// Held lots and passed dates never go into a box.
pub(super) fn fit_to_ship(f: &Facts<'_>, p: &Product, trace: &Trace) -> Result<(), Refusal> {
    if let Some(lot) = trace.lot.as_ref().filter(|lot| f.stock.lot_held(p.id, lot)) {
        return Err(Refusal::LotHeld { item: named(f, p), lot: lot.clone() });
    }
    match trace.expiry {
        Some(day) if day < f.today => Err(Refusal::PastDate { item: named(f, p), day }),
        _ => Ok(()),
    }
}

/// What is still missing for a unit.
pub(in super::super) fn missing(p: &Product, t: &Trace) -> Option<TraceField> {
    if p.tracking.serial && t.serial.is_none() {
        return Some(TraceField::Serial);
    }
    if p.tracking.lot && t.lot.is_none() {
        return Some(TraceField::Lot);
    }
    (p.tracking.expiry && t.expiry.is_none()).then_some(TraceField::Expiry)
}

/// One unit of a product that is recorded unit by unit.
fn traced(
    d: &mut Draft<'_>,
    p: &Product,
    trace: &Trace,
    gesture: GestureId,
    used: Option<&Message>,
) -> Result<(), Refusal> {
    if let Some(serial) = trace.serial.as_ref().filter(|_| p.tracking.serial) {
        if let Some(place) = used {
            return Err(Refusal::SerialUsed { serial: serial.clone(), place: place.clone() });
        }
        let twice =
            d.s.parcels
                .iter()
                .flat_map(|x| &x.units)
                .any(|u| u.product == p.id && u.trace.serial.as_ref() == Some(serial));
        if twice {
            return Err(Refusal::SerialTwice { serial: serial.clone() });
        }
    }
    fit_to_ship(d.f, p, trace)?;
    if missing(p, trace).is_some() {
        let line = d.s.lines.iter().find(|l| accepts(l, p.id) && room(&d.s, l, p.id) > 0).map(|l| l.no);
        let line = line.ok_or(Refusal::NotNow { step: d.s.step })?;
        d.push(Event::TraceAsked { line, product: p.id, trace: trace.clone() });
        return Ok(());
    }
    spread(d, p.id, 1, trace, VerifyHow::Scan, Some(gesture));
    finish(d);
    Ok(())
}

/// The scan that follows the question for lot, serial or expiry.
fn answer(d: &mut Draft<'_>, product: &ProductId, scan: &ResolvedScan) -> Result<(), Refusal> {
    let p = d.f.product(*product).ok_or(Refusal::NotNow { step: d.s.step })?;
    let known = d.s.awaiting.as_ref().map(|a| a.trace.clone()).unwrap_or_default();
    let field = missing(p, &known).ok_or(Refusal::NotNow { step: d.s.step })?;
    let mut more = Trace::default();
    match (&scan.meaning, field) {
        (Meaning::Product { product: q, units, .. }, _) if q == product && *units > 1 => {
            return Err(Refusal::CaseTooBig { item: named(d.f, p), units: *units, wanted: 1 });
        }
        (Meaning::Product { product: q, trace, .. }, _) if q == product && *trace != Trace::default() => {
            more = trace.clone();
        }
        // The second label of a carton: whatever it says of the unit in hand is taken.
        (Meaning::Traced { trace, .. }, _) => more = trace.clone(),
        (Meaning::Unknown(text), TraceField::Serial) => more.serial = Some(text.clone()),
        (Meaning::Unknown(text), TraceField::Lot) => more.lot = Some(text.clone()),
        // The number of goods is no serial and no lot, whether the goods are known or not.
        (m @ Meaning::UnknownItem(_), _) => return Err(elsewhere(d, m)),
        _ => return Err(Refusal::TraceNeeded { item: named(d.f, p), field }),
    }
    give_trace(d, &more, scan.serial_used.as_ref(), Some(scan.gesture))
}

/// Adds what was scanned or typed to the unit that waits, and counts it once nothing is missing.
pub(super) fn give_trace(
    d: &mut Draft<'_>,
    more: &Trace,
    used: Option<&Message>,
    gesture: Option<GestureId>,
) -> Result<(), Refusal> {
    at(d, Step::Verify)?;
    let a = d.s.awaiting.clone().ok_or(Refusal::NothingToCount)?;
    let p = d.f.product(a.product).ok_or(Refusal::NotNow { step: d.s.step })?;
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let known = a.trace.clone();
    let trace = Trace {
        serial: given(&more.serial).or(a.trace.serial),
        lot: given(&more.lot).or(a.trace.lot),
        expiry: more.expiry.or(a.trace.expiry),
        // Another piece of the same goods weighs something else: the one that waits is asked about.
        net: a.trace.net.or(more.net),
    };
    let trace = recorded(p, trace);
    if d.s.line(a.line).is_none_or(|l| room(&d.s, l, a.product) == 0) {
        return Err(Refusal::TooMany { item: named(d.f, p), wanted: 0 });
    }
    if let Some(place) = used
        && let Some(serial) = given(&more.serial).filter(|_| p.tracking.serial)
    {
        return Err(Refusal::SerialUsed { serial, place: place.clone() });
    }
    let twice = |t: &Trace| {
        t.serial.is_some()
            && d.s.parcels.iter().flat_map(|x| &x.units).any(|u| u.product == a.product && u.trace.serial == t.serial)
    };
    if twice(&trace) {
        return Err(Refusal::SerialTwice { serial: trace.serial.unwrap_or_default() });
    }
    fit_to_ship(d.f, p, &trace)?;
    if let Some(field) = missing(p, &trace) {
        if trace == known {
            return Err(Refusal::TraceNeeded { item: named(d.f, p), field });
        }
        // Only what is known grows; the question stays, so the undo stack must not grow with it.
        d.push(Event::Undone { what: Undoable::TraceAsked });
        d.push(Event::TraceAsked { line: a.line, product: a.product, trace });
        return Ok(());
    }
    let parcel = d.s.parcel().no;
    let (line, product) = (a.line, a.product);
    d.push(Event::Verified { line, product, units: 1, trace, how: VerifyHow::Scan, parcel, gesture });
    finish(d);
    Ok(())
}

/// What was scanned last, and how many more of it may be counted without a scan: of what is in hand, never of what was confirmed by hand,
/// and no more on one scan than the site allows, however often it is said.
fn countable(s: &Session, f: &Facts<'_>) -> Result<(ProductId, Trace, u32), Refusal> {
    let max = match f.policy.count {
        CountPolicy::Never => return Err(Refusal::NotAllowed),
        CountPolicy::UpTo(n) => n,
    };
    if s.moving_from.is_some() {
        return Err(Refusal::NotAllowed);
    }
    let mut counted = 0_u32;
    let scanned = s.undo.iter().rev().find(|u| match u {
        Undoable::Verified { how: VerifyHow::Count, units, .. } => {
            counted = counted.saturating_add(*units);
            false
        }
        _ => true,
    });
    let Some(Undoable::Verified { product, trace, how: VerifyHow::Scan | VerifyHow::Case, .. }) = scanned.cloned()
    else {
        return Err(Refusal::NothingToCount);
    };
    let p = f.product(product).ok_or(Refusal::NothingToCount)?;
    if p.tracking.serial {
        return Err(Refusal::NotAllowed);
    }
    // After an undo the hand holds something else than what was scanned last: who counts means what the screen shows.
    if s.line_in_hand.and_then(|no| s.line(no)).is_none_or(|l| !accepts(l, product)) {
        return Err(Refusal::NothingToCount);
    }
    let wanted = s.lines.iter().filter(|l| accepts(l, product)).map(|l| room(s, l, product)).sum();
    Ok((product, trace, max.saturating_sub(counted).min(wanted)))
}

/// How many more of what is in hand may be counted now; 0: none.
#[must_use]
pub fn count_max(s: &Session, f: &Facts<'_>) -> u32 {
    countable(s, f).map_or(0, |(_, _, max)| max)
}

/// "And three more of these".
pub(super) fn count(d: &mut Draft<'_>, more: u32) -> Result<(), Refusal> {
    at(d, Step::Verify)?;
    let (product, trace, max) = countable(&d.s, d.f)?;
    if more == 0 || more > max {
        return Err(Refusal::CountTooBig { max });
    }
    // The hold may have come after the scan that is counted on.
    fit_to_ship(d.f, d.f.product(product).ok_or(Refusal::NothingToCount)?, &trace)?;
    // Each of the others weighs something else than the one whose label was read.
    spread(d, product, more, &Trace { net: None, ..trace }, VerifyHow::Count, None);
    finish(d);
    Ok(())
}

/// One unit whose barcode cannot be read.
pub(super) fn by_hand(
    d: &mut Draft<'_>,
    line: LineNo,
    reason: Reason,
    approval: Option<Approval>,
) -> Result<(), Refusal> {
    at(d, Step::Verify)?;
    if d.s.moving_from.is_some() {
        return Err(Refusal::NotNow { step: d.s.step });
    }
    match d.f.policy.by_hand {
        ByHandPolicy::Never => return Err(Refusal::NotAllowed),
        ByHandPolicy::NeedsLead if approval.is_none_or(|a| a.role < Role::Lead) => {
            return Err(Refusal::NeedsRole { role: Role::Lead });
        }
        ByHandPolicy::NeedsLead | ByHandPolicy::Allowed => {}
    }
    let l = d.s.line(line).ok_or(Refusal::NothingToCount)?;
    let p = d.f.product(l.product).ok_or(Refusal::NothingToCount)?;
    if l.to_verify() == 0 {
        let wanted = l.ordered.saturating_sub(l.short);
        return Err(Refusal::TooMany { item: named(d.f, p), wanted });
    }
    if let Some(field) = missing(p, &Trace::default()) {
        return Err(Refusal::TraceNeeded { item: named(d.f, p), field });
    }
    let (product, parcel) = (l.product, d.s.parcel().no);
    let trace = Trace::default();
    d.push(Event::Verified { line, product, units: 1, trace, how: VerifyHow::Hand(reason), parcel, gesture: None });
    finish(d);
    Ok(())
}

/// Units on their way from one parcel to another.
fn moved(d: &mut Draft<'_>, product: ProductId, units: u32, trace: &Trace) -> Result<(), Refusal> {
    let Some(from) = d.s.moving_from else { return Err(Refusal::NotNow { step: d.s.step }) };
    let p = d.f.product(product).ok_or(Refusal::NotNow { step: d.s.step })?;
    let serial = trace.serial.clone().filter(|_| p.tracking.serial);
    if p.tracking.serial && serial.is_none() {
        return Err(Refusal::TraceNeeded { item: named(d.f, p), field: TraceField::Serial });
    }
    // A serial number names its unit, whatever else its barcode says.
    let lot = trace.lot.as_ref().filter(|_| p.tracking.lot && serial.is_none());
    let expiry = trace.expiry.filter(|_| p.tracking.expiry && serial.is_none());
    let which = Which { serial: serial.as_ref(), lot, expiry, net: None };
    let fits = |u: &&PackedUnits| u.product == product && which.fits(&u.trace);
    let in_parcel = |no: u16| d.s.parcels.iter().filter(move |x| x.no == no).flat_map(|x| &x.units).filter(fits);
    let found: Vec<PackedUnits> = in_parcel(from).cloned().collect();
    let there: u32 = found.iter().map(|u| u.units).sum();
    if there == 0 {
        let over = in_parcel(d.s.parcel().no).map(|u| u.units).sum();
        return Err(match over {
            0 => Refusal::WrongItem { needed: None, scanned: named(d.f, p) },
            wanted => Refusal::TooMany { item: named(d.f, p), wanted },
        });
    }
    let units = units.max(1);
    if units > there {
        return Err(Refusal::CaseTooBig { item: named(d.f, p), units, wanted: there });
    }
    // Which of several lots it is, nobody said.
    if p.tracking.lot && units < there && found.iter().any(|u| u.trace.lot != found[0].trace.lot) {
        return Err(Refusal::TraceNeeded { item: named(d.f, p), field: TraceField::Lot });
    }
    let to = d.s.parcel().no;
    for (line, units, lot, expiry) in moving(found, units, trace.net) {
        let (serial, net) = (serial.clone(), trace.net);
        d.push(Event::Moved { line, product, units, serial, from, to, net, lot, expiry });
    }
    Ok(())
}

/// Units of a line, with their lot and day of expiry.
type Part = (LineNo, u32, Option<String>, Option<Day>);

/// What so many of these units are: by line, those of the label's weight first, then the latest. Each part says its
/// lot and day, so that every book takes the same units.
fn moving(mut found: Vec<PackedUnits>, units: u32, net: Option<NetWeight>) -> Vec<Part> {
    found.reverse();
    found.sort_by_key(|u| (u.line, net.is_some() && u.trace.net != net));
    let mut left = units;
    let mut parts: Vec<Part> = Vec::new();
    for u in found {
        let n = u.units.min(left);
        if n == 0 {
            continue;
        }
        left -= n;
        let (line, lot, expiry) = (u.line, u.trace.lot, u.trace.expiry);
        match parts.iter_mut().find(|x| (x.0, &x.2, x.3) == (line, &lot, expiry)) {
            Some(part) => part.1 += n,
            None => parts.push((line, n, lot, expiry)),
        }
    }
    parts
}

/// A serial number alone names its unit; a lot alone names those of the one product here that has it.
fn moved_by_number(d: &mut Draft<'_>, text: &str) -> Result<(), Refusal> {
    let from = d.s.moving_from;
    let units: Vec<&PackedUnits> = d.s.parcels.iter().filter(|p| Some(p.no) == from).flat_map(|p| &p.units).collect();
    let serial = units.iter().find(|u| u.trace.serial.as_deref() == Some(text));
    let serial = serial.map(|u| (u.product, u.trace.clone()));
    let by_lot = |u: &PackedUnits| d.f.product(u.product).is_some_and(|p| p.tracking.lot && !p.tracking.serial);
    let of_lot: Vec<ProductId> =
        units.iter().filter(|u| u.trace.lot.as_deref() == Some(text) && by_lot(u)).map(|u| u.product).collect();
    let one = of_lot.first().copied().filter(|one| of_lot.iter().all(|p| p == one));
    let lot = one.map(|p| (p, Trace { lot: Some(text.to_owned()), ..Trace::default() }));
    let (product, trace) = serial.or(lot).ok_or(Refusal::UnknownCode { text: text.to_owned() })?;
    moved(d, product, 1, &trace)
}

/// Verify → Pack once no unit is wanted any more; → the end where no open parcel is left; parks an order
/// with nothing to send.
pub(super) fn finish(d: &mut Draft<'_>) {
    if d.s.step != Step::Verify || d.s.to_verify() > 0 || d.s.moving_from.is_some() {
        return;
    }
    if d.s.verified() == 0 {
        d.push(Event::Held { reason: Reason::NothingToShip, at: d.now });
        return;
    }
    super::pack::drop_empty(d);
    if super::confirm::all_confirmed(d) {
        super::confirm::all_done(d);
    } else {
        super::pack::enter(d);
    }
}

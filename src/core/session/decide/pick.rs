//! Steps 2 to 4: read the order, look at stock, fetch the units.

use super::super::super::ids::{LineNo, ProductId};
use super::super::super::order::{Flag, ShipPolicy};
use super::super::super::person::Approval;
use super::super::super::policy::PickConfirm;
use super::super::super::scan::{Meaning, ResolvedScan, Trace};
use super::super::event::{Event, PickHow};
use super::super::facts::Stop;
use super::super::refusal::{Named, Refusal};
use super::super::state::{LineState, Session};
use super::super::step::Step;
use super::{Draft, at, elsewhere};

/// Flags of the order that nobody has cleared yet.
pub(in super::super) fn open_flag(s: &Session, flags: &[Flag]) -> Option<Flag> {
    flags.iter().copied().find(|f| !s.cleared.contains(f))
}

/// Review → Stock, or → Verify for what was picked elsewhere.
pub(super) fn reviewed(d: &mut Draft<'_>) -> Result<(), Refusal> {
    if let Some(flag) = open_flag(&d.s, &d.f.order.flags) {
        return Err(Refusal::FlagSet { flag });
    }
    if d.s.picked_elsewhere {
        d.go(Step::Verify);
        super::verify::finish(d);
    } else {
        d.go(Step::Stock);
    }
    Ok(())
}

/// Clears a flag with somebody's right to, at any step: the office may set one late.
pub(super) fn clear_flag(d: &mut Draft<'_>, flag: Flag, approval: Approval) -> Result<(), Refusal> {
    let role = d.f.policy.clear_flag;
    if approval.role < role {
        return Err(Refusal::NeedsRole { role });
    }
    if d.f.order.flags.contains(&flag) && !d.s.cleared.contains(&flag) {
        d.push(Event::FlagCleared { flag, approval });
    }
    Ok(())
}

/// Stock → Pick. What is promised to other work is not there for this one. Shortfalls are recorded, not decided here: the shelf has the last word, and what
/// is missing there is reported as short.
pub(super) fn stock_checked(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let mut shortfalls = Vec::new();
    for (i, l) in d.s.lines.iter().enumerate() {
        // Lines of the same product share what is there: the earlier ones take theirs first.
        let before = d.s.lines.iter().take(i).filter(|o| o.product == l.product).map(|o| i64::from(o.to_pick()));
        let own = d.s.promised_of(l.product);
        let there = d.f.stock.free(l.product, own).saturating_sub(before.sum()).max(0);
        if there < i64::from(l.to_pick()) {
            shortfalls.push((l.no, there));
        }
    }
    d.push(Event::StockChecked { as_of: d.f.stock.as_of, shortfalls });
    d.go(Step::Pick);
    finish_picking(d);
    Ok(())
}

/// Stops of the walk that still want units, with how many. Picked and missing units are laid on a
/// line's stops in walking order, so an empty shelf is not walked to again.
fn stops_left<'a>(s: &Session, tour: &'a [Stop]) -> Vec<(&'a Stop, u32)> {
    let settled = |l: &LineState| (l.no, l.picked.saturating_add(l.short), l.to_pick());
    let mut lines: Vec<(LineNo, u32, u32)> = s.lines.iter().map(settled).collect();
    let mut left = Vec::new();
    for stop in tour {
        let Some((_, have, open)) = lines.iter_mut().find(|(no, _, _)| *no == stop.line) else { continue };
        let covered = stop.quantity.min(*have);
        *have -= covered;
        let rest = (stop.quantity - covered).min(*open);
        *open -= rest;
        if rest > 0 {
            left.push((stop, rest));
        }
    }
    left
}

/// The stop the packer stands before: the first of the walk whose line still wants units.
#[must_use]
pub fn current_stop<'a>(s: &Session, tour: &'a [Stop]) -> Option<(&'a Stop, u32)> {
    stops_left(s, tour).into_iter().next()
}

/// A shelf or an item, at the shelf.
pub(super) fn scan(d: &mut Draft<'_>, scan: &ResolvedScan) -> Result<(), Refusal> {
    match &scan.meaning {
        Meaning::Location(code) => {
            let stop = current_stop(&d.s, d.f.tour);
            let (stop, n) = stop.ok_or(Refusal::NotNow { step: d.s.step })?;
            if stop.location != *code {
                return Err(Refusal::WrongShelf { needed: stop.location.clone(), scanned: code.clone() });
            }
            may_be_taken_from(d, stop)?;
            take(d, stop.line, n, Some(stop.location.clone()), PickHow::Shelf);
        }
        Meaning::Product { product, trace, .. } => item(d, *product, trace)?,
        m => return Err(elsewhere(d, m)),
    }
    finish_picking(d);
    Ok(())
}

/// Units of `product` the line still wants from a shelf: all of its own, a bounded number of a substitute. What
/// lies of it in a box was fetched too, wherever it came from.
fn wants(s: &Session, l: &LineState, product: ProductId) -> u32 {
    if l.product == product {
        return l.to_pick();
    }
    let fetched = l.picked_of(product).max(super::verify::boxed(s, l, product));
    l.to_pick().min(l.allowed_of(product).saturating_sub(fetched))
}

fn item(d: &mut Draft<'_>, product: ProductId, trace: &Trace) -> Result<(), Refusal> {
    let scanned = d.f.product(product).ok_or(Refusal::NotNow { step: d.s.step })?;
    let line = d.s.lines.iter().find(|l| super::verify::accepts(l, product) && wants(&d.s, l, product) > 0);
    let Some(l) = line else {
        let accepting: Vec<&LineState> = d.s.lines.iter().filter(|l| super::verify::accepts(l, product)).collect();
        let most = |l: &&LineState| if l.product == product { l.ordered } else { l.allowed_of(product) };
        let wanted = accepting.iter().map(|l| most(l).min(l.ordered.saturating_sub(l.short))).sum();
        if !accepting.is_empty() {
            return Err(Refusal::TooMany { item: Named::of(scanned, None), wanted });
        }
        let needed = current_stop(&d.s, d.f.tour).and_then(|(stop, _)| needed_at(d, stop));
        return Err(Refusal::WrongItem { needed, scanned: Named::of(scanned, None) });
    };
    // A hold on a lot, or a passed date, stops the unit at the shelf already.
    super::verify::fit_to_ship(d.f, scanned, trace)?;
    let (no, wanted) = (l.no, wants(&d.s, l, product));
    let own = l.product == product;
    let (n, place) = if own {
        // The item tells which stop it is, wherever the packer walks first.
        let stop = stops_left(&d.s, d.f.tour).into_iter().find(|(s, _)| s.line == no);
        if let Some((stop, _)) = stop.filter(|_| trace.lot.is_none()) {
            may_be_taken_from(d, stop)?;
        }
        stop.map_or((wanted, None), |(s, n)| (n, Some(s.location.clone())))
    } else {
        // What is sent instead lies on another shelf than the walk says.
        (wanted, None)
    };
    d.push(Event::Picked {
        line: no,
        quantity: n,
        location: place,
        how: PickHow::Item,
        product: (!own).then_some(product),
    });
    Ok(())
}

/// A shelf with nothing but held lots is picked from by nobody, however the stop is confirmed.
fn may_be_taken_from(d: &Draft<'_>, stop: &Stop) -> Result<(), Refusal> {
    let product = d.s.line(stop.line).and_then(|l| d.f.product(l.product));
    let held = product.and_then(|p| Some((p, d.f.stock.only_held_at(p.id, &stop.location)?)));
    match held {
        Some((p, lot)) => Err(Refusal::LotHeld { item: Named::of(p, Some(&stop.location)), lot: lot.to_owned() }),
        None => Ok(()),
    }
}

fn needed_at(d: &Draft<'_>, stop: &Stop) -> Option<Named> {
    let line = d.s.line(stop.line)?;
    Some(Named::of(d.f.product(line.product)?, Some(&stop.location)))
}

/// By touch, where the site allows it; lines without a known place are always taken so.
pub(super) fn take_by_touch(d: &mut Draft<'_>) -> Result<(), Refusal> {
    at(d, Step::Pick)?;
    match current_stop(&d.s, d.f.tour).map(|(s, n)| (s.clone(), n)) {
        Some((stop, n)) => {
            match d.f.policy.pick {
                PickConfirm::Scan => return Err(Refusal::NotAllowed),
                PickConfirm::ScanOrTouch => {}
            }
            may_be_taken_from(d, &stop)?;
            take(d, stop.line, n, Some(stop.location), PickHow::Touch);
        }
        None => {
            let rest = d.s.lines.iter().find(|l| l.to_pick() > 0).map(|l| (l.no, l.to_pick()));
            let (line, n) = rest.ok_or(Refusal::NotNow { step: d.s.step })?;
            take(d, line, n, None, PickHow::Touch);
        }
    }
    finish_picking(d);
    Ok(())
}

/// What the line itself asks for is taken.
fn take(d: &mut Draft<'_>, line: LineNo, quantity: u32, location: Option<String>, how: PickHow) {
    d.push(Event::Picked { line, quantity, location, how, product: None });
}

/// Pick → Verify once nothing is left to fetch.
pub(super) fn finish_picking(d: &mut Draft<'_>) {
    if d.s.step == Step::Pick && d.s.to_pick() == 0 {
        d.go(Step::Verify);
        super::verify::finish(d);
    }
}

/// Must an order wait when a line is short?
pub(super) fn must_wait(d: &Draft<'_>) -> bool {
    match d.f.order.ship_policy {
        ShipPolicy::Complete => !d.s.partial_allowed,
        ShipPolicy::Partial => false,
    }
}

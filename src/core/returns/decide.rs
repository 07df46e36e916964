//! The decision: what a command means for a return at the bench, as events or a refusal.

use super::super::ids::{ProductId, ReturnId};
use super::super::product::{Product, ProductKind};
use super::super::scan::{Meaning, Trace};
use super::super::session;
use super::super::session::refusal::{Named, TraceField};
use super::super::time::UtcMs;
use super::{Event, Grade, Hand, Intake, Line, Place, Refusal, UNDO_MS, Unit};
use std::collections::HashMap;

/// What a packer wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A scan, looked up.
    Scan(Meaning),
    /// Serial, lot or expiry by hand.
    GiveTrace(Trace),
    /// What the unit in hand is worth.
    Grade(Grade),
    /// Take back what is in hand, else the unit graded last.
    Undo,
    /// Time passes: what was graded a while ago stands for good.
    Settle,
    /// No more comes now.
    Finish,
    /// Go on with it later.
    Leave,
}

/// Everything a decision may look at besides the state.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Products that may be scanned.
    pub products: &'a HashMap<ProductId, Product>,
    /// The shelf each is kept on, as far as it is known.
    pub shelves: &'a HashMap<ProductId, String>,
}

/// Begins with a return of which units are still to come.
///
/// # Errors
/// [`Refusal::AllIn`] if all came already.
pub fn open(id: ReturnId, number: &str, order: &str, lines: Vec<Line>) -> Result<Intake, Refusal> {
    let intake = resume(id, number, order, lines);
    if intake.left() == 0 {
        return Err(Refusal::AllIn { number: intake.number });
    }
    Ok(intake)
}

/// Goes on with a return, whatever came of it.
#[must_use]
pub fn resume(id: ReturnId, number: &str, order: &str, lines: Vec<Line>) -> Intake {
    let (number, order) = (number.to_owned(), order.to_owned());
    Intake { id, number, order, lines, hand: None, last: None, last_at: UtcMs(0), over: false }
}

/// What the command means now.
///
/// # Errors
/// The reason why it is not taken in; the return is then as before.
pub fn decide(s: &Intake, facts: &Facts<'_>, command: &Command, now: UtcMs) -> Result<Vec<Event>, Refusal> {
    if s.over {
        return Ok(Vec::new());
    }
    match command {
        Command::Scan(meaning) => scan(s, facts, meaning),
        Command::GiveTrace(trace) => {
            let hand = s.hand.as_ref().ok_or(Refusal::NothingInHand)?;
            told(s, facts, hand, trace)
        }
        Command::Grade(grade) => graded(s, facts, *grade, now),
        Command::Undo => undo(s),
        Command::Settle => {
            let due = s.last.as_ref().filter(|_| now.since_ms(s.last_at) >= UNDO_MS);
            Ok(due.map(|unit| Event::Settled { unit: unit.clone() }).into_iter().collect())
        }
        Command::Finish => {
            if let Some(hand) = &s.hand {
                return Err(Refusal::GradeFirst { item: named(facts, hand.product) });
            }
            Ok(ending(s, Event::Finished { missing: s.left() }))
        }
        // Whatever is in hand is scanned again when somebody comes back to it.
        Command::Leave => Ok(ending(s, Event::Left)),
    }
}

fn ending(s: &Intake, event: Event) -> Vec<Event> {
    settled(s).into_iter().chain([event]).collect()
}

fn settled(s: &Intake) -> Option<Event> {
    s.last.as_ref().map(|unit| Event::Settled { unit: unit.clone() })
}

fn named(facts: &Facts<'_>, product: ProductId) -> Named {
    match facts.products.get(&product) {
        Some(known) => Named::of(known, facts.shelves.get(&product).map(String::as_str)),
        None => Named { sku: String::new(), name: String::new(), bin: None },
    }
}

fn scan(s: &Intake, facts: &Facts<'_>, meaning: &Meaning) -> Result<Vec<Event>, Refusal> {
    match (meaning, &s.hand) {
        (Meaning::Product { product, units, trace }, None) => item(s, facts, *product, *units, trace),
        (Meaning::Product { product, units, trace }, Some(hand)) => {
            // The same unit once more, by the barcode that says its lot or serial.
            if *product == hand.product && *units == hand.units && *trace != Trace::default() && hand.asks().is_some() {
                return told(s, facts, hand, trace);
            }
            Err(Refusal::GradeFirst { item: named(facts, hand.product) })
        }
        (Meaning::Location(code), Some(hand)) => {
            let hand = Hand { shelf: Some(code.clone()), shelf_scanned: true, ..hand.clone() };
            Ok(vec![Event::InHand { hand }])
        }
        (Meaning::Location(_), None) => Err(Refusal::NothingInHand),
        // The paper in the box, or the label on it, once more: that is the return at hand.
        (Meaning::Unknown(text) | Meaning::Order(text, _), _) if *text == s.number || *text == s.order => {
            Ok(Vec::new())
        }
        (Meaning::Unknown(text), Some(hand)) => match hand.asks() {
            Some(TraceField::Serial) => told(s, facts, hand, &Trace { serial: Some(text.clone()), ..Trace::default() }),
            Some(TraceField::Lot) => told(s, facts, hand, &Trace { lot: Some(text.clone()), ..Trace::default() }),
            Some(TraceField::Expiry) | None => Err(session::Refusal::UnknownCode { text: text.clone() }.into()),
        },
        (Meaning::Traced { trace, .. }, Some(hand)) if hand.asks().is_some() => told(s, facts, hand, trace),
        (Meaning::Unknown(text), None) | (Meaning::UnknownItem(text) | Meaning::Traced { text, .. }, _) => {
            Err(session::Refusal::UnknownCode { text: text.clone() }.into())
        }
        (Meaning::Ambiguous(text), _) => Err(session::Refusal::Ambiguous { text: text.clone() }.into()),
        (Meaning::Unreadable, _) => Err(session::Refusal::Unreadable.into()),
        (Meaning::TooLong, _) => Err(session::Refusal::TooLong.into()),
        (Meaning::BadCommand, _) => Err(session::Refusal::BadCommand.into()),
        (
            Meaning::Command(_)
            | Meaning::Badge(_)
            | Meaning::Tote(..)
            | Meaning::Order(..)
            | Meaning::ParcelLabel { .. }
            | Meaning::Packaging(_),
            _,
        ) => Err(Refusal::NotNow { number: s.number.clone() }),
    }
}

/// A unit out of the box.
fn item(s: &Intake, facts: &Facts<'_>, product: ProductId, units: u32, trace: &Trace) -> Result<Vec<Event>, Refusal> {
    let item = named(facts, product);
    let lines: Vec<&Line> = s.lines.iter().filter(|line| line.product == product).collect();
    let known = facts.products.get(&product).filter(|known| known.kind == ProductKind::Goods);
    let (Some(known), false) = (known, lines.is_empty()) else {
        return Err(Refusal::NotOfThis { item, number: s.number.clone() });
    };
    // Of several lines with the same product the one that waits for most: a case must fit one line.
    let line = lines.iter().copied().rev().max_by_key(|line| s.left_of(line));
    let left = line.map_or(0, |line| s.left_of(line));
    let Some(line) = line.filter(|_| left > 0) else {
        let asked = lines.iter().fold(0_u32, |sum, line| sum.saturating_add(line.asked));
        return Err(Refusal::TooMany { item, asked });
    };
    let units = units.max(1);
    if units > left {
        return Err(Refusal::CaseTooBig { item, units, left });
    }
    let shelf = facts.shelves.get(&product).cloned();
    let bare = Trace::default();
    let (line, tracking) = (line.no, known.tracking);
    let hand = Hand { line, product, units, trace: bare, tracking, shelf, shelf_scanned: false };
    let hand = with(s, &hand, trace)?;
    if units > 1 && (tracking.serial || hand.asks().is_some()) {
        // Each unit has a number of its own, or a question that one answer must not settle for all.
        return Err(Refusal::CaseTooBig { item, units, left: 1 });
    }
    Ok(vec![Event::InHand { hand }])
}

/// More is known of the unit in hand.
fn told(s: &Intake, facts: &Facts<'_>, hand: &Hand, more: &Trace) -> Result<Vec<Event>, Refusal> {
    let hand = with(s, hand, more)?;
    if Some(&hand) == s.hand.as_ref() {
        return match hand.asks() {
            Some(field) => Err(Refusal::TraceFirst { item: named(facts, hand.product), field }),
            None => Ok(Vec::new()),
        };
    }
    Ok(vec![Event::InHand { hand }])
}

/// The unit with what else is known of it, checked against what left with the order and what came already.
fn with(s: &Intake, hand: &Hand, more: &Trace) -> Result<Hand, Refusal> {
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let old = hand.trace.clone();
    // A serial counts only where each unit has its own.
    let serial = given(&more.serial).filter(|_| hand.tracking.serial).or(old.serial);
    let lot = given(&more.lot).or(old.lot);
    let trace = Trace { serial, lot, expiry: more.expiry.or(old.expiry), net: None };
    let product = hand.product;
    let lines = || s.lines.iter().filter(move |line| line.product == product);
    if let Some(serial) = &trace.serial {
        let last = s.last.as_ref().filter(|unit| unit.product == product);
        let came = last.is_some_and(|unit| unit.trace.serial.as_ref() == Some(serial));
        if came || lines().any(|line| line.serials_in.contains(serial)) {
            return Err(Refusal::AlreadyIn { serial: serial.clone() });
        }
        let mut sold = lines().flat_map(|line| &line.serials_sold).peekable();
        if sold.peek().is_some() && !sold.any(|known| known == serial) {
            return Err(Refusal::SerialNotSold { serial: serial.clone() });
        }
    }
    if let Some(lot) = &trace.lot {
        let mut sold = lines().flat_map(|line| &line.lots_sold).peekable();
        if sold.peek().is_some() && !sold.any(|known| known == lot) {
            return Err(Refusal::LotNotSold { lot: lot.clone() });
        }
    }
    Ok(Hand { trace, ..hand.clone() })
}

fn graded(s: &Intake, facts: &Facts<'_>, grade: Grade, now: UtcMs) -> Result<Vec<Event>, Refusal> {
    let hand = s.hand.clone().ok_or(Refusal::NothingInHand)?;
    let place = match grade {
        Grade::Resell => {
            // What is repaired or thrown away may have lost its number; what is sold again must have it.
            if let Some(field) = hand.asks() {
                return Err(Refusal::TraceFirst { item: named(facts, hand.product), field });
            }
            let shelf = hand.shelf.ok_or_else(|| Refusal::NoShelf { item: named(facts, hand.product) })?;
            Place::Shelf(shelf)
        }
        Grade::Repair => match hand.shelf.filter(|_| hand.shelf_scanned) {
            Some(shelf) => Place::Shelf(shelf),
            None => Place::Aside,
        },
        Grade::Scrap => Place::Waste,
    };
    let (line, product, units) = (hand.line, hand.product, hand.units);
    // Somebody else may have taken units in while this one was in hand.
    let waits = s.line(line).map_or(0, |line| s.left_of(line));
    if units > waits {
        let asked = s.line(line).map_or(0, |line| line.asked);
        return Err(Refusal::TooMany { item: named(facts, product), asked });
    }
    let unit = Unit { line, product, units, grade, place, trace: hand.trace };
    Ok(settled(s).into_iter().chain([Event::Taken { unit, at: now }]).collect())
}

fn undo(s: &Intake) -> Result<Vec<Event>, Refusal> {
    if s.hand.is_some() {
        return Ok(vec![Event::PutDown]);
    }
    let unit = s.last.clone().ok_or(Refusal::NothingToUndo)?;
    Ok(vec![Event::Undone { unit }])
}

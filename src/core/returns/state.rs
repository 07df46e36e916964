//! The state of one return at the bench: what was asked back, what came, and what is in hand.

use super::super::ids::{LineNo, ProductId, ReturnId};
use super::super::product::Tracking;
use super::super::scan::Trace;
use super::super::session::refusal::TraceField;
use super::super::time::UtcMs;
use super::{Event, Grade};

/// What was asked back of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the return.
    pub no: LineNo,
    /// The product.
    pub product: ProductId,
    /// Units asked back.
    pub asked: u32,
    /// Units that came and stand for good, wherever they were taken in.
    pub came: u32,
    /// Serials that left with the order; empty where nobody knows.
    pub serials_sold: Vec<String>,
    /// Lots that left with the order; empty where nobody knows.
    pub lots_sold: Vec<String>,
    /// Serials that came back already.
    pub serials_in: Vec<String>,
}

/// Where a graded unit goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// This shelf.
    Shelf(String),
    /// To the returns that wait to be looked at.
    Aside,
    /// To what is thrown away.
    Waste,
}

/// Units in hand that nobody has graded yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The line they belong to.
    pub line: LineNo,
    /// The product.
    pub product: ProductId,
    /// Units: one, or what a case holds.
    pub units: u32,
    /// What is known besides the barcode.
    pub trace: Trace,
    /// What the product demands.
    pub tracking: Tracking,
    /// Where it lies when it is sold again, if a shelf is known.
    pub shelf: Option<String>,
    /// The shelf was scanned for this unit.
    pub shelf_scanned: bool,
}

impl Hand {
    /// What is still to be said before it can be sold again.
    #[must_use]
    pub fn asks(&self) -> Option<TraceField> {
        if self.tracking.serial && self.trace.serial.is_none() {
            return Some(TraceField::Serial);
        }
        if self.tracking.lot && self.trace.lot.is_none() {
            return Some(TraceField::Lot);
        }
        (self.tracking.expiry && self.trace.expiry.is_none()).then_some(TraceField::Expiry)
    }
}

/// Units that were graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The line of the return.
    pub line: LineNo,
    /// The product.
    pub product: ProductId,
    /// Units.
    pub units: u32,
    /// What they are worth.
    pub grade: Grade,
    /// Where they go.
    pub place: Place,
    /// What is known besides the barcode.
    pub trace: Trace,
}

/// One return at the bench.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// Which return.
    pub id: ReturnId,
    /// Its number, as it stands on the paper in the box.
    pub number: String,
    /// Number of the order it is made from.
    pub order: String,
    /// What was asked back.
    pub lines: Vec<Line>,
    /// What is in hand.
    pub hand: Option<Hand>,
    /// The unit graded last, while it can be taken back.
    pub last: Option<Unit>,
    /// When that was.
    pub last_at: UtcMs,
    /// It is over here: finished or left.
    pub over: bool,
}

impl Intake {
    /// Units of a line that came, with the one that can still be taken back.
    #[must_use]
    pub fn came(&self, line: &Line) -> u32 {
        let last = self.last.as_ref().filter(|unit| unit.line == line.no).map_or(0, |unit| unit.units);
        line.came.saturating_add(last)
    }

    /// Units of a line that have not come yet.
    #[must_use]
    pub fn left_of(&self, line: &Line) -> u32 {
        line.asked.saturating_sub(self.came(line))
    }

    /// Units that came, and units asked back, of all lines.
    #[must_use]
    pub fn counts(&self) -> (u32, u32) {
        let came = self.lines.iter().fold(0_u32, |sum, line| sum.saturating_add(self.came(line)));
        let asked = self.lines.iter().fold(0_u32, |sum, line| sum.saturating_add(line.asked));
        (came, asked)
    }

    /// Units that have not come yet.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.lines.iter().fold(0_u32, |sum, line| sum.saturating_add(self.left_of(line)))
    }

    /// The line with this number.
    #[must_use]
    pub fn line(&self, no: LineNo) -> Option<&Line> {
        self.lines.iter().find(|line| line.no == no)
    }

    /// Takes an event in.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::InHand { hand } => self.hand = Some(hand.clone()),
            Event::PutDown => self.hand = None,
            Event::Taken { unit, at } => {
                self.hand = None;
                self.last_at = *at;
                self.last = Some(unit.clone());
            }
            Event::Undone { .. } => self.last = None,
            Event::Settled { unit } => {
                self.last = None;
                if let Some(line) = self.lines.iter_mut().find(|line| line.no == unit.line) {
                    line.came = line.came.saturating_add(unit.units);
                    line.serials_in.extend(unit.trace.serial.clone());
                }
            }
            Event::Finished { .. } | Event::Left => {
                self.hand = None;
                self.over = true;
            }
        }
    }
}

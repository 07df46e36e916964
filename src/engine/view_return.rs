//! What the window shows of returns: the one on the bench, and the list of those on their way.

use super::view::ProductView;
use crate::core::ids::ReturnId;
use crate::core::message::Message;
use crate::core::returns::{Grade, Place};
use crate::core::scan::Trace;
use crate::core::session::refusal::TraceField;
use crate::core::signal::Signal;
use crate::core::time::UtcMs;

/// The return on the bench.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnView {
    /// Its number.
    pub number: String,
    /// Its order's number.
    pub order: String,
    /// What was asked back.
    pub lines: Vec<ReturnLineView>,
    /// Units that came.
    pub came: u32,
    /// Units asked back.
    pub asked: u32,
    /// What is in hand.
    pub hand: Option<HandView>,
    /// The unit graded last, while it can be taken back.
    pub last: Option<GradedView>,
    /// What to do.
    pub say: Message,
    /// The second line.
    pub say_detail: Option<Message>,
    /// Which voice.
    pub signal: Signal,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnLineView {
    /// Product.
    pub product: ProductView,
    /// Units that came.
    pub came: u32,
    /// Units asked back.
    pub asked: u32,
    /// A unit of it is in hand.
    pub current: bool,
}

/// What is in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandView {
    /// Product.
    pub product: ProductView,
    /// Units.
    pub units: u32,
    /// Units of its line that came, and that were asked back.
    pub count: (u32, u32),
    /// What is asked for before it can be sold again.
    pub asks: Option<TraceField>,
    /// What is known besides the barcode.
    pub trace: Trace,
    /// Where it lies when it is sold again, if that is known.
    pub shelf: Option<String>,
    /// Where it goes to be looked at, if a place was scanned for it.
    pub aside: Option<String>,
}

/// A graded unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GradedView {
    /// Product.
    pub product: ProductView,
    /// Units.
    pub units: u32,
    /// What they are worth.
    pub grade: Grade,
    /// Where they go.
    pub place: Place,
}

/// A return on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnRow {
    /// Which.
    pub id: ReturnId,
    /// Its number.
    pub number: String,
    /// Its order's number.
    pub order: String,
    /// Units that came.
    pub came: u32,
    /// Units asked back.
    pub asked: u32,
    /// When it was asked for.
    pub asked_at: UtcMs,
    /// It was begun here and left for later.
    pub begun: bool,
}

//! The state of a session: nothing but what its events say.

use super::super::checklist::{DocumentKind, Item};
use super::super::ids::{FulfillmentId, GestureId, LineNo, PackagingId, PhotoHash, ProductId, UserId};
use super::super::order::Flag;
use super::super::scan::Trace;
use super::super::time::UtcMs;
use super::super::units::Grams;
use super::event::{Opening, PrintOutcome, Reason, Undoable, VerifyHow};
use super::step::Step;

/// How many scans can be taken back one after another.
pub const UNDO_MAX: usize = 64;

/// Is it being worked?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Yes.
    Working,
    /// The packer has a break.
    Paused {
        /// Since when.
        since: UtcMs,
    },
    /// Parked until somebody decides.
    Held {
        /// Why.
        reason: Reason,
        /// Since when.
        since: UtcMs,
    },
    /// Called off with units in a box: they must come out again.
    MustUnpack,
    /// Over.
    Ended(End),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Packed, and left by the packer.
    Packed,
    /// Given back to the queue.
    HandedBack(Reason),
    /// Called off; nothing is in a box.
    Cancelled,
    /// Somebody else has it.
    TakenOver,
}

/// One line's progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineState {
    /// Line of the order.
    pub no: LineNo,
    /// What was ordered.
    pub product: ProductId,
    /// Units of this fulfillment.
    pub ordered: u32,
    /// Units in hand.
    pub picked: u32,
    /// Those of them that are something else than was ordered, by product.
    pub picked_instead: Vec<(ProductId, u32)>,
    /// Units verified into parcels.
    pub verified: u32,
    /// Units that will not be sent.
    pub short: u32,
    /// Units written off.
    pub damaged: u32,
    /// What else may be scanned, and how many of it at most.
    pub substitutes: Vec<(ProductId, u32)>,
}

impl LineState {
    /// Units still to be picked.
    #[must_use]
    pub fn to_pick(&self) -> u32 {
        self.ordered.saturating_sub(self.short).saturating_sub(self.picked)
    }

    /// Units still to be verified.
    #[must_use]
    pub fn to_verify(&self) -> u32 {
        self.ordered.saturating_sub(self.short).saturating_sub(self.verified)
    }

    /// Units of a substitute in hand.
    #[must_use]
    pub fn picked_of(&self, product: ProductId) -> u32 {
        self.picked_instead.iter().find(|(p, _)| *p == product).map_or(0, |(_, n)| *n)
    }

    /// Units of a substitute that may be sent at most.
    #[must_use]
    pub fn allowed_of(&self, product: ProductId) -> u32 {
        self.substitutes.iter().find(|(p, _)| *p == product).map_or(0, |(_, n)| *n)
    }
}

/// Units of one product in a parcel, recorded the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedUnits {
    /// Line.
    pub line: LineNo,
    /// What it really is.
    pub product: ProductId,
    /// Units.
    pub units: u32,
    /// Lot, serial, expiry.
    pub trace: Trace,
    /// How they were verified.
    pub how: VerifyHow,
}

/// Where a print job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintState {
    /// Committed, not yet heard of.
    Attempting,
    /// Ended so.
    Ended(PrintOutcome),
}

/// A print job: parcel, paper and copy name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    /// Paper.
    pub document: DocumentKind,
    /// 1 for the first.
    pub copy: u16,
    /// Where it stands.
    pub state: PrintState,
}

/// One parcel's progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelState {
    /// Its number, from 1.
    pub no: u16,
    /// What is in it.
    pub units: Vec<PackedUnits>,
    /// Its box.
    pub packaging: Option<PackagingId>,
    /// Its checklist, once made.
    pub checklist: Option<Vec<Item>>,
    /// Its accepted weight.
    pub weight_g: Option<Grams>,
    /// The weight was taken though it was outside.
    pub weight_overridden: bool,
    /// Its number and the papers it needs, once assigned.
    pub sscc: Option<String>,
    /// All print jobs.
    pub prints: Vec<Print>,
    /// Photos.
    pub photos: Vec<PhotoHash>,
    /// Its label was scanned on it.
    pub confirmed: bool,
}

impl ParcelState {
    /// An empty one.
    #[must_use]
    pub fn new(no: u16) -> ParcelState {
        ParcelState {
            no,
            units: Vec::new(),
            packaging: None,
            checklist: None,
            weight_g: None,
            weight_overridden: false,
            sscc: None,
            prints: Vec::new(),
            photos: Vec::new(),
            confirmed: false,
        }
    }

    /// Units in it.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.units.iter().map(|u| u.units).sum()
    }

    /// Units of one line and product in it.
    #[must_use]
    pub fn count_of(&self, line: LineNo, product: ProductId) -> u32 {
        self.units.iter().filter(|u| u.line == line && u.product == product).map(|u| u.units).sum()
    }

    /// The latest copy of a paper.
    #[must_use]
    pub fn last_print(&self, document: DocumentKind) -> Option<&Print> {
        self.prints.iter().filter(|p| p.document == document).max_by_key(|p| p.copy)
    }
}

/// A unit that waits for its lot, serial or expiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaiting {
    /// Line.
    pub line: LineNo,
    /// Product.
    pub product: ProductId,
    /// Known so far.
    pub trace: Trace,
}

/// One packer's guided run over one fulfillment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// Version of the order that was seen.
    pub order_version: i64,
    /// The lease's number.
    pub fence: i64,
    /// Who packs now.
    pub packer: UserId,
    /// How it was opened.
    pub how: Opening,
    /// Picking was done elsewhere.
    pub picked_elsewhere: bool,
    /// Where it stands.
    pub step: Step,
    /// Is it being worked.
    pub mode: Mode,
    /// Lines of goods.
    pub lines: Vec<LineState>,
    /// Parcels, at least one.
    pub parcels: Vec<ParcelState>,
    /// Index of the parcel in work.
    pub current: usize,
    /// Units are being moved from the parcel of this number into the current one.
    pub moving_from: Option<u16>,
    /// The line scanned last: the one the screen shows.
    pub line_in_hand: Option<LineNo>,
    /// A unit that waits for its lot, serial or expiry.
    pub awaiting: Option<Awaiting>,
    /// Flags cleared here.
    pub cleared: Vec<Flag>,
    /// A lead allowed to send what there is.
    pub partial_allowed: bool,
    /// All parcels are confirmed and counted.
    pub packed: bool,
    /// Where the parts of a split order were put together.
    pub consolidated: Option<String>,
    /// What can be taken back, last at the end.
    pub undo: Vec<Undoable>,
    /// The gesture behind each of `undo`, where there was one: what one scan did is taken back together.
    pub undo_gestures: Vec<Option<GestureId>>,
    /// When it was opened.
    pub opened: UtcMs,
    /// When the current step began.
    pub step_since: UtcMs,
    /// Time worked per step in ms, breaks not counted.
    pub step_ms: [i64; 11],
    /// Scans refused so far.
    pub refused: u32,
    /// Units confirmed by hand.
    pub by_hand: u32,
    /// Scans accepted so far.
    pub scans: u32,
}

impl Session {
    /// The parcel in work.
    #[must_use]
    pub fn parcel(&self) -> &ParcelState {
        // `current` is only ever set to an existing index, and there is always one parcel.
        &self.parcels[self.current.min(self.parcels.len() - 1)]
    }

    /// A line's progress.
    #[must_use]
    pub fn line(&self, no: LineNo) -> Option<&LineState> {
        self.lines.iter().find(|l| l.no == no)
    }

    /// Units still to be verified, all lines.
    #[must_use]
    pub fn to_verify(&self) -> u32 {
        self.lines.iter().map(LineState::to_verify).sum()
    }

    /// Units still to be picked, all lines.
    #[must_use]
    pub fn to_pick(&self) -> u32 {
        self.lines.iter().map(LineState::to_pick).sum()
    }

    /// Units of a product that its lease promises to this work, all lines. The server counts the same way: what is short is
    /// promised until it lies in somebody's hand or the work ends.
    #[must_use]
    pub fn promised_of(&self, product: ProductId) -> i64 {
        let lines = self.lines.iter().filter(|l| l.product == product);
        lines.map(|l| i64::from(l.ordered.saturating_sub(l.picked))).sum()
    }

    /// Units verified, all lines.
    #[must_use]
    pub fn verified(&self) -> u32 {
        self.lines.iter().map(|l| l.verified).sum()
    }

    /// Units that will be sent, all lines.
    #[must_use]
    pub fn to_ship(&self) -> u32 {
        self.lines.iter().map(|l| l.ordered.saturating_sub(l.short)).sum()
    }

    /// The line the screen shows: the one in hand while it wants more, else the first that does.
    #[must_use]
    pub fn line_shown(&self) -> Option<&LineState> {
        let wants = |l: &&LineState| match self.step {
            Step::Pick => l.to_pick() > 0,
            _ => l.to_verify() > 0,
        };
        self.line_in_hand.and_then(|no| self.line(no)).filter(wants).or_else(|| self.lines.iter().find(wants))
    }

    /// Has it a label already?
    #[must_use]
    pub fn labelled(&self) -> bool {
        self.parcels.iter().any(|p| p.sscc.is_some())
    }

    /// Milliseconds worked until `now`, breaks not counted.
    #[must_use]
    pub fn worked_ms(&self, now: UtcMs) -> i64 {
        let running = match self.mode {
            Mode::Working | Mode::MustUnpack => now.since_ms(self.step_since),
            Mode::Paused { .. } | Mode::Held { .. } | Mode::Ended(_) => 0,
        };
        self.step_ms.iter().sum::<i64>() + running
    }
}

/// Word for where a session stands, and why it is parked: for tables and figures, not for people.
#[must_use]
pub fn state_text(s: &Session) -> (&'static str, Option<Reason>) {
    match s.mode {
        Mode::Working if s.packed => ("packed", None),
        Mode::Working => ("working", None),
        Mode::Paused { .. } => ("paused", None),
        Mode::Held { reason, .. } => ("held", Some(reason)),
        Mode::MustUnpack => ("must_unpack", None),
        Mode::Ended(End::Packed) => ("packed", None),
        Mode::Ended(End::HandedBack(reason)) => ("handed_back", Some(reason)),
        Mode::Ended(End::Cancelled) => ("cancelled", None),
        Mode::Ended(End::TakenOver) => ("taken_over", None),
    }
}

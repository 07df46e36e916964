//! What happened in a session. Events are facts: they are stored, sent to the server and applied;
//! they are never changed. They name people by id and hold no personal data.

use super::super::checklist::{DocumentKind, Item};
use super::super::ids::{FulfillmentId, GestureId, LineNo, PackagingId, PhotoHash, ProductId, UserId};
use super::super::learning::Sample;
use super::super::order::Flag;
use super::super::person::Approval;
use super::super::scan::{NetWeight, Trace};
use super::super::time::{Day, UtcMs};
use super::super::units::Grams;
use super::super::weight::Proof;
use super::step::Step;

pub use super::reason::Reason;

/// How an order came onto the bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Opening {
    /// The next by priority.
    Next,
    /// Touched in the list.
    Chosen,
    /// Its number was scanned.
    OrderScan,
    /// Its tote or slot was scanned.
    ToteScan,
    /// An item was scanned, and this was the first order that needs it.
    ItemScan,
}

/// How units were picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PickHow {
    /// The shelf was scanned.
    Shelf,
    /// The item was scanned.
    Item,
    /// By touch.
    Touch,
}

/// How units were verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VerifyHow {
    /// Each by its own scan.
    Scan,
    /// A case's barcode counted its content.
    Case,
    /// By number after a scan.
    Count,
    /// By hand, without a readable barcode.
    Hand(Reason),
}

/// How a box was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PackagingHow {
    /// The suggested one was accepted.
    Suggested,
    /// Its barcode was scanned.
    Scanned,
    /// Another was chosen by touch.
    Chosen,
}

/// How a line of the checklist was ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TickHow {
    /// By touch.
    Touch,
    /// By scan.
    Scan,
    /// A photo did it.
    Photo,
    /// A photo was offered, and the packer went on without.
    Without,
}

/// What became of a print job. `Sent` and `PaperMoved` are different facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrintOutcome {
    /// The printer took all bytes.
    Sent,
    /// The printer says the paper moved.
    PaperMoved,
    /// It did not take them.
    Failed(PrintTrouble),
    /// The station stopped in between: a person must look.
    Unknown,
}

/// Why a printer did not print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrintTrouble {
    /// No paper or ribbon.
    PaperOut,
    /// Its head or lid is open.
    HeadOpen,
    /// It was paused at the printer.
    Paused,
    /// It does not answer.
    Unreachable,
    /// It broke off in the middle.
    Interrupted,
    /// There is no printer for this paper.
    NoPrinter,
}

/// What an undo takes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undoable {
    /// Units picked.
    Picked {
        /// Line.
        line: LineNo,
        /// Units.
        quantity: u32,
        /// What was taken instead of the line's own product, where it was something else.
        product: Option<ProductId>,
    },
    /// Units verified.
    Verified {
        /// Line.
        line: LineNo,
        /// Product.
        product: ProductId,
        /// Units.
        units: u32,
        /// What was recorded with them.
        trace: Trace,
        /// How.
        how: VerifyHow,
        /// Into which parcel.
        parcel: u16,
    },
    /// Units moved to another parcel.
    Moved {
        /// Line.
        line: LineNo,
        /// Product.
        product: ProductId,
        /// Units.
        units: u32,
        /// The unit's serial number, where it has one.
        serial: Option<String>,
        /// From.
        from: u16,
        /// To.
        to: u16,
        /// Which of several pieces by its label's weight, where it says one.
        net: Option<NetWeight>,
        /// Of this lot; of any where it is absent.
        lot: Option<String>,
        /// Of this day of expiry; of any where it is absent.
        expiry: Option<Day>,
    },
    /// A waiting question for lot, serial or expiry.
    TraceAsked,
    /// A line of the checklist.
    Ticked {
        /// Parcel.
        parcel: u16,
        /// Index.
        index: usize,
    },
}

/// A fact of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The order is on the bench.
    Opened {
        /// The work.
        fulfillment: FulfillmentId,
        /// Version of the order that was seen.
        order_version: i64,
        /// Who.
        packer: UserId,
        /// How.
        how: Opening,
        /// Steps 3 and 4 were done elsewhere.
        picked_elsewhere: bool,
        /// The lease's number.
        fence: i64,
    },
    /// A step began; the previous one's time ends here.
    StepEntered {
        /// Which.
        step: Step,
        /// When.
        at: UtcMs,
    },
    /// A flag was cleared.
    FlagCleared {
        /// Which.
        flag: Flag,
        /// By whom.
        approval: Approval,
    },
    /// Stock was looked at.
    StockChecked {
        /// How old the figures were.
        as_of: UtcMs,
        /// Lines with fewer free than needed, and how many are.
        shortfalls: Vec<(LineNo, i64)>,
    },
    /// Units are in hand.
    Picked {
        /// Line.
        line: LineNo,
        /// Units.
        quantity: u32,
        /// From where.
        location: Option<String>,
        /// How.
        how: PickHow,
        /// What was taken instead of the line's own product, where it was something else.
        product: Option<ProductId>,
    },
    /// A unit waits for its lot, serial or expiry.
    TraceAsked {
        /// Line.
        line: LineNo,
        /// Product.
        product: ProductId,
        /// What is known so far.
        trace: Trace,
    },
    /// Units are right and in the parcel.
    Verified {
        /// Line.
        line: LineNo,
        /// The product that was scanned.
        product: ProductId,
        /// Units.
        units: u32,
        /// What was recorded with them.
        trace: Trace,
        /// How.
        how: VerifyHow,
        /// Into which parcel.
        parcel: u16,
        /// The gesture, where there was one.
        gesture: Option<GestureId>,
    },
    /// Units moved to another parcel.
    Moved {
        /// Line.
        line: LineNo,
        /// Product.
        product: ProductId,
        /// Units.
        units: u32,
        /// The unit's serial number, where it has one.
        serial: Option<String>,
        /// From.
        from: u16,
        /// To.
        to: u16,
        /// Which of several pieces by its label's weight, where it says one.
        net: Option<NetWeight>,
        /// Of this lot; of any where it is absent.
        lot: Option<String>,
        /// Of this day of expiry; of any where it is absent.
        expiry: Option<Day>,
    },
    /// The last scan was taken back.
    Undone {
        /// What.
        what: Undoable,
    },
    /// Something was refused: kept for honest figures.
    Refused {
        /// Stable code of the refusal.
        code: String,
        /// During which step.
        step: Step,
        /// The gesture, where there was one.
        gesture: Option<GestureId>,
    },
    /// Units will not be sent.
    Shorted {
        /// Line.
        line: LineNo,
        /// Units.
        quantity: u32,
        /// Why.
        reason: Reason,
    },
    /// The rest may be sent although the order should go complete.
    PartialAllowed {
        /// By whom.
        approval: Approval,
    },
    /// Units are written off.
    Damaged {
        /// Line.
        line: LineNo,
        /// Product.
        product: ProductId,
        /// Units.
        quantity: u32,
        /// Why.
        reason: Reason,
        /// How many of them had been verified, by parcel.
        unpacked: Vec<(u16, u32)>,
        /// How many must be fetched again.
        unpicked: u32,
    },
    /// Another product may be scanned for a line.
    Substituted {
        /// Line.
        line: LineNo,
        /// What is sent instead.
        product: ProductId,
        /// Units.
        quantity: u32,
        /// Why.
        reason: Reason,
    },
    /// One more box; units are moved from `moving_from` where that is given.
    ParcelOpened {
        /// Its number.
        parcel: u16,
        /// Parcel it is filled from.
        moving_from: Option<u16>,
    },
    /// The extra box was not needed after all, or the moving is over.
    MovingEnded {
        /// The extra box.
        parcel: u16,
        /// It stayed empty.
        dropped: bool,
    },
    /// A box was chosen.
    PackagingChosen {
        /// Parcel.
        parcel: u16,
        /// Which.
        packaging: PackagingId,
        /// How.
        how: PackagingHow,
    },
    /// The parcel's checklist.
    ChecklistSet {
        /// Parcel.
        parcel: u16,
        /// Its lines.
        items: Vec<Item>,
    },
    /// A line was ticked.
    Ticked {
        /// Parcel.
        parcel: u16,
        /// Index.
        index: usize,
        /// How.
        how: TickHow,
    },
    /// A weight was accepted.
    Weighed {
        /// Parcel.
        parcel: u16,
        /// On the scale.
        grams: Grams,
        /// Expected.
        expected_g: Grams,
        /// Lowest accepted.
        low_g: Grams,
        /// Highest accepted.
        high_g: Grams,
        /// What the weight can prove.
        proof: Proof,
        /// A lead took it although it was outside.
        overridden: Option<(Approval, Reason)>,
        /// What it says about the mass of one unit; none where it was overridden or cannot tell.
        sample: Option<(ProductId, Sample)>,
    },
    /// A weight was outside.
    WeightRefused {
        /// Parcel.
        parcel: u16,
        /// On the scale.
        grams: Grams,
        /// Lowest accepted.
        low_g: Grams,
        /// Highest accepted.
        high_g: Grams,
    },
    /// The parcel's units are counted again from nothing.
    RecountStarted {
        /// Parcel.
        parcel: u16,
    },
    /// The parcel has its number.
    LabelAssigned {
        /// Parcel.
        parcel: u16,
        /// Serial shipping container code.
        sscc: String,
        /// Papers it needs.
        documents: Vec<DocumentKind>,
    },
    /// A print job is about to be tried. Committed before the first byte leaves.
    PrintAttempted {
        /// Parcel.
        parcel: u16,
        /// Paper.
        document: DocumentKind,
        /// 1 for the first print.
        copy: u16,
        /// Why again, from the second copy on.
        reason: Option<Reason>,
    },
    /// What became of it.
    PrintEnded {
        /// Parcel.
        parcel: u16,
        /// Paper.
        document: DocumentKind,
        /// Which copy.
        copy: u16,
        /// Outcome.
        outcome: PrintOutcome,
    },
    /// The label was scanned on its box.
    ParcelConfirmed {
        /// Parcel.
        parcel: u16,
        /// What was scanned.
        sscc: String,
        /// The gesture.
        gesture: GestureId,
    },
    /// The parcels of a split order lie together.
    Consolidated {
        /// Where.
        location: String,
    },
    /// All parcels are confirmed.
    Packed {
        /// How many.
        parcels: u16,
        /// Units in them.
        units: u32,
        /// From opening, breaks not counted.
        worked_ms: i64,
    },
    /// The packer left the finished order.
    Advanced,
    /// A photo was bound to the parcel and the scans before it.
    PhotoTaken {
        /// Parcel.
        parcel: u16,
        /// Name.
        hash: PhotoHash,
        /// Size.
        bytes: u64,
        /// Units verified when it was taken.
        units_before: u32,
    },
    /// The lead is called.
    LeadCalled,
    /// Break.
    Paused {
        /// When.
        at: UtcMs,
    },
    /// Work goes on.
    Resumed {
        /// By whom.
        packer: UserId,
        /// When.
        at: UtcMs,
    },
    /// Parked: somebody must decide.
    Held {
        /// Why.
        reason: Reason,
        /// When.
        at: UtcMs,
    },
    /// Given back to the queue.
    HandedBack {
        /// Why.
        reason: Reason,
    },
    /// Somebody else goes on.
    PackerSwitched {
        /// From.
        from: UserId,
        /// To.
        to: UserId,
    },
    /// The station learnt that the order was called off.
    CancelSeen {
        /// Nothing was in a box yet.
        nothing_packed: bool,
    },
    /// Its units are out of the box again.
    Unpacked,
    /// The work was given to somebody else.
    TakenOver,
}

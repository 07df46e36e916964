//! What a packer, a lead, a device or the server can ask of a session. Each command says which
//! steps it fits and where it leads; everything else is refused with a reason.

use super::super::checklist::DocumentKind;
use super::super::ids::{LineNo, PackagingId, PhotoHash, ProductId, UserId};
use super::super::message::Message;
use super::super::order::Flag;
use super::super::person::Approval;
use super::super::scan::{ResolvedScan, Trace};
use super::super::units::Grams;
use super::event::{PrintOutcome, Reason};

/// A request to the session. Transitions are named by step; "any" means while it is being worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Read and go on. Review → Stock, or → Verify for what was picked elsewhere; Stock → Pick; Pack →
    /// Checklist; Verify → Pack while moving units into another parcel, or gives up an empty extra one.
    Continue,
    /// Clear a flag with somebody's right to. Any step stays.
    ClearFlag {
        /// Which.
        flag: Flag,
        /// Who may.
        approval: Approval,
    },
    /// Somebody scanned something. See the file of each step.
    Scan(ResolvedScan),
    /// The current stop's units are in hand, by touch. Pick → Pick or Verify.
    TakeStop,
    /// `more` units of the product scanned last, by number. Verify → Verify or Pack.
    Count {
        /// Units besides the one scanned.
        more: u32,
    },
    /// Lot, serial or expiry typed by hand for the unit that waits for it. Verify → Verify or Pack.
    GiveTrace {
        /// What was typed.
        trace: Trace,
        /// Where the serial number was used before, if it was.
        serial_used: Option<Message>,
    },
    /// One unit without a readable barcode. Verify → Verify or Pack.
    ConfirmByHand {
        /// Which line.
        line: LineNo,
        /// Why.
        reason: Reason,
        /// A lead, where the policy asks for one.
        approval: Option<Approval>,
    },
    /// Take this box. Pack → Checklist; Checklist and Weigh stay, with the parcel in another box.
    ChoosePackaging(PackagingId),
    /// Done, by touch. Checklist → Checklist, Weigh or Label.
    Tick {
        /// Index in the parcel's list.
        index: usize,
    },
    /// A settled weight. Weigh → Label, or refused.
    Weight {
        /// Mass on the scale.
        grams: Grams,
    },
    /// Take the weight though it is outside, with somebody's right to. Weigh → Label.
    OverrideWeight {
        /// Mass on the scale.
        grams: Grams,
        /// Who may.
        approval: Approval,
        /// Why.
        reason: Reason,
    },
    /// Count the parcel's units again from nothing. Weigh → Verify.
    Recount,
    /// Give the parcel its number and print. Label stays, Confirm once a label is under way.
    MakeLabel,
    /// What became of a print job. Label → Confirm when the label was sent.
    Printed {
        /// Parcel.
        parcel: u16,
        /// Paper.
        document: DocumentKind,
        /// 1 for the first print.
        copy: u16,
        /// What became of it.
        outcome: PrintOutcome,
    },
    /// Print again. Any step from the first paper on stays.
    Reprint {
        /// Paper.
        document: DocumentKind,
        /// Why.
        reason: Reason,
    },
    /// Leave the finished order. Next → over.
    Advance,
    /// Fewer than needed. Stock to Verify; may park the order.
    Short {
        /// Line.
        line: LineNo,
        /// Units missing.
        quantity: u32,
        /// Why.
        reason: Reason,
    },
    /// Send the rest of an order that should go complete. Any.
    AllowPartial {
        /// Who may.
        approval: Approval,
    },
    /// Units broken, dirty or open. Pick to Weigh; → Pick or Verify for the replacement.
    Damaged {
        /// Line.
        line: LineNo,
        /// Units.
        quantity: u32,
        /// Why.
        reason: Reason,
    },
    /// Send another product from the allowed list. Stock to Verify.
    Substitute {
        /// Line.
        line: LineNo,
        /// What is sent instead.
        product: ProductId,
        /// Units.
        quantity: u32,
        /// Why.
        reason: Reason,
    },
    /// Take back the last scan. Pick to Checklist.
    Undo,
    /// One more box. Verify stays; Pack, Checklist, Weigh → Verify to move units.
    AnotherParcel,
    /// A photo was stored. Any; ticks the checklist's photo line.
    PhotoTaken {
        /// Its name.
        hash: PhotoHash,
        /// Its size.
        bytes: u64,
    },
    /// Ask the shift lead to come. Any.
    CallLead,
    /// Break. Any.
    Pause,
    /// Go on after a break or a hold. Any.
    Resume,
    /// Park it with a reason. Any.
    Hold {
        /// Why.
        reason: Reason,
    },
    /// Give it back to the queue. Before the first label.
    HandBack {
        /// Why.
        reason: Reason,
    },
    /// Somebody else goes on. Any.
    SwitchPacker(UserId),
    /// The server called the order off. Any → unpack.
    CancelledByServer,
    /// The server gave the work to somebody else. Any → over.
    TakenOver,
    /// The cancelled order's units are out of the box again. → over.
    ConfirmUnpacked,
}

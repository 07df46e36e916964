//! The one door of the engine: a closed list of everything that can reach it, and of everything it
//! asks others to do. Outcomes of effects come back through the same door.

pub use super::label::Fault;
use super::view::{DeviceKind, DeviceState, LiveLine, ProblemKind, SetupView, Sheet};
use crate::core::checklist::DocumentKind;
use crate::core::ids::{FulfillmentId, LineNo, PackagingId, PhotoHash, ProductId, ReturnId, UserId};
use crate::core::message::Message;
use crate::core::order::Flag;
use crate::core::returns::Grade;
use crate::core::scan::{Scan, Trace};
use crate::core::session::event::{PrintOutcome, Reason};
use crate::core::signal::SoundName;
use crate::core::time::UtcMs;
use crate::core::units::Grams;
use crate::core::voice::VoiceLang;
use crate::protocol::sync;
use crate::protocol::wire::{EventEnvelope, KnownStation, PairingAnswer, StationId};

/// Everything that can reach the engine.
#[derive(Debug)]
pub enum Input {
    /// A scanner read something.
    Scan(Scan),
    /// A tag was held to a reader.
    Tag(Tap),
    /// What became of a wish to write a tag.
    TagWritten {
        /// Name of the reader.
        reader: String,
        /// Why it was not written; none: it was, and was read back.
        refused: Option<Message>,
    },
    /// The scale shows something.
    Weight {
        /// Its name; empty for the only one.
        scale: String,
        /// What it shows.
        reading: ScaleReading,
    },
    /// A device changed its state.
    Device(DeviceNews),
    /// The last bytes of devices, for the open device check.
    Live(Vec<DeviceLive>),
    /// What trying a device gave.
    Tried(Tried),
    /// How far the setting up of a scanner is.
    Setup(Box<SetupView>),
    /// What became of a print job.
    Printed {
        /// Which.
        job: PrintJob,
        /// Outcome.
        outcome: PrintOutcome,
    },
    /// What is worth knowing of a print job besides its outcome.
    PrintNews {
        /// Which job.
        job: PrintJob,
        /// What.
        news: PrintNews,
    },
    /// A printer could not draw the site's own label at its resolution: the house label goes to it instead.
    SparePrinted {
        /// Which job.
        job: PrintJob,
        /// Where the template is at fault.
        fault: Fault,
    },
    /// What became of a photo.
    Photo(PhotoOutcome),
    /// What the microphone heard.
    Voice(VoiceNews),
    /// A PIN was checked.
    PinChecked {
        /// Why.
        purpose: PinPurpose,
        /// Whose it is, if anybody's.
        user: Option<UserId>,
    },
    /// The window asks for something.
    Ui(Ui),
    /// The way to the server.
    Sync(SyncNews),
    /// Time passes: deadlines are looked at.
    Tick,
    /// Finish what is in the channel, then stop.
    Stop,
}

/// One tap of a tag: a scan of what is written on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tap {
    /// What is written on it; where nothing is, its own number as a code.
    pub scan: Scan,
    /// Its own number as a code: it may be somebody's badge, whatever is written on it.
    pub number: Option<String>,
}

/// What the scale shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScaleReading {
    /// Mass.
    pub grams: Grams,
    /// It has settled.
    pub stable: bool,
    /// Station's monotonic clock when it was read.
    pub at_mono_ms: i64,
}

/// A device changed its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceNews {
    /// Kind.
    pub kind: DeviceKind,
    /// Name in the settings.
    pub name: String,
    /// State.
    pub state: DeviceState,
    /// What is wrong, in a few words.
    pub detail: Option<Message>,
    /// What to do about it.
    pub cure: Option<Message>,
}

/// The last bytes of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceLive {
    /// Name in the settings.
    pub name: String,
    /// When it last gave an answer that was understood.
    pub answered: Option<UtcMs>,
    /// Oldest first.
    pub lines: Vec<LiveLine>,
}

/// What trying a device from its check gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Kind.
    pub kind: DeviceKind,
    /// Name in the settings.
    pub name: String,
    /// It went well.
    pub good: bool,
    /// What came of it.
    pub said: Message,
}

/// Names a print job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrintJob {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// Parcel.
    pub parcel: u16,
    /// Paper.
    pub document: DocumentKind,
    /// Copy.
    pub copy: u16,
}

/// What is worth knowing of a print job besides its outcome: the packer's screen shows it, nothing is decided by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintNews {
    /// The printer that it goes to.
    Routed {
        /// Its name.
        printer: String,
        /// The printer that would have been first, and the catalogue's key of what is wrong with it.
        instead_of: Option<(String, &'static str)>,
    },
    /// Why it failed, nearer than its outcome says.
    Failed {
        /// The printer.
        printer: String,
        /// The catalogue's key.
        why: &'static str,
    },
}

/// What a photo is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhotoNote {
    /// The order's number.
    pub order: String,
    /// Which of its parcels.
    pub parcel: u16,
    /// The number on the parcel's label (SSCC), once it has been printed.
    pub sscc: Option<String>,
}

/// Whether a photo shows its parcel's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelInPhoto {
    /// Nobody looked: there is no label yet, or the settings ask for no look.
    NotLooked,
    /// Its own.
    Right,
    /// Another parcel's.
    Other,
    /// None that could be read.
    NotSeen,
}

/// When photos are taken without being asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhotosAt {
    /// All is in the box, which is still open: the checklist begins.
    pub packed: bool,
    /// It was weighed.
    pub weighed: bool,
    /// Its label is on and was scanned back.
    pub labelled: bool,
}

/// What became of a photo.
#[derive(Debug)]
pub enum PhotoOutcome {
    /// Stored and fsynced under its hash.
    Stored {
        /// The work it was asked for.
        fulfillment: FulfillmentId,
        /// Name.
        hash: PhotoHash,
        /// Size.
        bytes: u64,
        /// The parcel it was taken of.
        parcel: u16,
        /// Whether it shows its label.
        label: LabelInPhoto,
    },
    /// The camera gave none, and why.
    Failed(Message),
}

/// What the microphone says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoiceNews {
    /// It listens now, or no longer.
    Listening(bool),
    /// Somebody spoke.
    Heard {
        /// In which language it was listened.
        lang: VoiceLang,
        /// The words of a command; none where nothing was understood.
        words: Option<String>,
    },
}

/// What the window asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ui {
    /// Pairing: a character of the code, or take the last one back.
    PairKey(char),
    /// Pairing: take the last one back.
    PairBack,
    /// Pairing: ask.
    PairSend,
    /// The server knows this station no more: pair it again.
    PairAgain,
    /// Pairing again: back, as it was.
    PairLeave,
    /// Start with new parcel numbers; needs a lead.
    NewEpoch,
    /// The server's question about a finished order was read.
    QuestionRead,
    /// PIN pad: a digit.
    Digit(u8),
    /// PIN pad: take the last back, or forget the badge.
    DigitBack,
    /// PIN pad: done.
    DigitsDone,
    /// Log out.
    LogOut,
    /// Lock the screen.
    Lock,
    /// Open the next order.
    Start,
    /// Open this one.
    Open(FulfillmentId),
    /// Leave out the next order for now.
    Skip {
        /// Which.
        fulfillment: FulfillmentId,
        /// Why.
        reason: Reason,
    },
    /// Find an order by its number.
    Find(String),
    /// A lead moves an order to the front, or back.
    Expedite {
        /// Which.
        fulfillment: FulfillmentId,
        /// To the front.
        on: bool,
    },
    /// Go on: acknowledge, confirm, next.
    Continue,
    /// Clear a flag (a lead is asked for).
    ClearFlag(Flag),
    /// The stop's units are in hand.
    TakeStop,
    /// And so many more of the last one.
    Count(u32),
    /// Lot, serial or expiry by hand.
    Trace(Trace),
    /// Take this box.
    ChooseBox(PackagingId),
    /// Tick this line.
    Tick(usize),
    /// Count the parcel again.
    Recount,
    /// Weight by hand, where there is no scale: a lead is asked for.
    TypedWeight(Grams),
    /// Take the weight shown although it is outside: a lead is asked for.
    OverrideWeight(Reason),
    /// Take back the last scan.
    Undo,
    /// One more box.
    AnotherParcel,
    /// Take a photo.
    Photo,
    /// Call the lead.
    CallLead,
    /// Write this code onto the next tag at a reader.
    WriteTag {
        /// Name of the reader.
        reader: String,
        /// The code.
        code: String,
    },
    /// Break.
    Pause,
    /// Go on after a break or hold.
    Resume,
    /// Go on with a parked order.
    ResumeHeld(FulfillmentId),
    /// Let an incomplete order go (a lead is asked for).
    AllowPartial,
    /// The cancelled order's units are out of the box.
    ConfirmUnpacked,
    /// Stop the auto-advance.
    Wait,
    /// Open a sheet.
    OpenSheet(Sheet),
    /// Set this scanner up by three scans.
    SetUpScanner(String),
    /// Setting up: with the first code again.
    SetupAgain,
    /// Setting up: keep what was learnt.
    SetupKeep,
    /// Open the form of a problem, for a line or the one in hand.
    Problem(ProblemKind, Option<LineNo>),
    /// Close the sheet.
    CloseSheet,
    /// The key for talking went down, or up.
    Talk(bool),
    /// Send the form.
    Report {
        /// Kind.
        kind: ProblemKind,
        /// Line, if it is about one.
        line: Option<LineNo>,
        /// Units, if asked.
        quantity: u32,
        /// Why.
        reason: Reason,
        /// Substitute, if chosen.
        product: Option<ProductId>,
    },
    /// Print a paper of the current or an earlier parcel again.
    Reprint {
        /// The work; none for the current.
        fulfillment: Option<FulfillmentId>,
        /// Parcel.
        parcel: u16,
        /// Paper.
        document: DocumentKind,
        /// Why.
        reason: Reason,
    },
    /// The answer to "did the paper come?".
    PaperCame {
        /// It did.
        yes: bool,
    },
    /// Answer to a question of the server's exceptions list.
    Dismiss(FulfillmentId),
    /// Take this return in.
    OpenReturn(ReturnId),
    /// What the returned unit in hand is worth.
    Grade(Grade),
    /// No more of this return comes now.
    FinishReturn,
    /// Go on with this return later.
    LeaveReturn,
}

/// News from the way to the server. What the sync machine wants stored or read comes here, because
/// only the engine owns the database; its answers leave as [`Effect::Sync`].
#[derive(Debug)]
pub enum SyncNews {
    /// The server was reached, or not.
    Online(bool),
    /// Something the sync machine wants of the database.
    Store(sync::Effect),
    /// The station belongs to a site now.
    Paired(Box<PairingAnswer>),
    /// It was not to be.
    PairingRefused(Message),
    /// Something a person must know, or no more.
    Trouble(Option<Message>),
    /// The server does not know this station any more, or does again.
    Revoked(bool),
}

/// Why a PIN is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinPurpose {
    /// Logging in.
    Login,
    /// Agreeing to something.
    Approval,
}

/// What the engine asks others to do, after the commit.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Render and print.
    Print(Box<PrintOrder>),
    /// Take a photo.
    TakePhoto {
        /// The work it belongs to.
        fulfillment: FulfillmentId,
        /// What it is of, for its margin and its check.
        note: PhotoNote,
    },
    /// Write a code onto the next tag.
    WriteTag {
        /// Name of the reader.
        reader: String,
        /// The code.
        code: String,
    },
    /// Play.
    Sound(SoundName),
    /// Speak this, in the language of the screen.
    Speak(Vec<Message>),
    /// Speak no more.
    Hush,
    /// Listen for commands, or no longer.
    Listen {
        /// Begin.
        on: bool,
        /// Until told otherwise.
        open: bool,
    },
    /// Tell a scanner what became of what it read.
    Verdict {
        /// The scanner's name.
        device: String,
        /// It counted; otherwise it was refused.
        good: bool,
    },
    /// Somebody sets a scanner up.
    ScannerSetup(SetupAsk),
    /// Somebody looks at the device check: tell the devices' last bytes, if they changed.
    LookAtDevices,
    /// There is something to push or to ask.
    SyncWake,
    /// For the sync machine.
    Sync(Box<sync::Input>),
    /// Events the sync machine asked for, to be pushed.
    Push {
        /// Number of its effect.
        no: u64,
        /// The batch.
        events: Vec<EventEnvelope>,
    },
    /// Check a PIN against these hashes, away from the engine: it takes long on purpose.
    CheckPin {
        /// Why.
        purpose: PinPurpose,
        /// What was typed.
        pin: Secret,
        /// Whose it may be: PHC strings of Argon2id.
        candidates: Vec<(UserId, String)>,
    },
    /// The station belongs to a site now: the driver starts with this.
    Paired {
        /// Who we are.
        station_id: StationId,
        /// Bearer token.
        token: Secret,
    },
    /// Ask the server to pair with this code.
    Pair {
        /// Eight characters.
        code: String,
        /// Who it was before, where it is paired again.
        known: Option<KnownStation>,
    },
}

/// What is asked of the hand that sets scanners up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupAsk {
    /// Its sheet was opened.
    Begin {
        /// Name of the scanner.
        scanner: String,
    },
    /// With the first code again.
    Again,
    /// Write what was learnt into the settings file, and use it.
    Keep,
    /// Its sheet is gone: the scanner scans again.
    End,
}

/// What is to be printed: the rendered page for each format a printer may want.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintOrder {
    /// Job.
    pub job: PrintJob,
    /// Committed at.
    pub at: UtcMs,
    /// The pages.
    pub sheets: Vec<crate::labels::sheet::Sheet>,
    /// Pages for a printer that cannot draw these; empty where there are none.
    pub spare: Vec<crate::labels::sheet::Sheet>,
}

/// Typed digits; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

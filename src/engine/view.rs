//! What the window shows: one immutable value, published after every commit.
//!
//! It is made of `Arc` parts, so that publishing costs the same with ten orders as with ten
//! thousand. It holds messages (keys with arguments), never sentences; the window puts them into
//! words. It never holds a handle, a connection or anything that could block.

pub use super::view_device::*;
pub use super::view_pack::*;
pub use super::view_return::*;
pub use super::view_setup::*;
pub use super::view_voice::*;

use crate::core::checklist::DocumentKind;
use crate::core::ids::{FulfillmentId, LineNo, PackagingId, ProductId, UserId};
use crate::core::message::Message;
use crate::core::person::Role;
use crate::core::session::event::Reason;
use crate::core::signal::{Signal, SoundName};
use crate::core::time::UtcMs;
use crate::core::units::{DimsMm, Grams};
use std::sync::Arc;

/// Everything a window shows.
#[derive(Clone, Debug)]
pub struct StationView {
    /// Grows with every publication.
    pub revision: u64,
    /// When it was published.
    pub now: UtcMs,
    /// Who we are.
    pub station: Arc<StationInfo>,
    /// Which screen.
    pub screen: Screen,
    /// Who is packing: always visible.
    pub packer: Option<PersonView>,
    /// Scanner, scale, printer, camera.
    pub devices: Arc<[DeviceView]>,
    /// The way to the server.
    pub network: NetworkView,
    /// What happened last, for band, flash and sound.
    pub feedback: Option<Arc<Feedback>>,
    /// Commands by voice, where they are listened for.
    pub voice: Option<Arc<VoiceView>>,
    /// A sheet over the screen.
    pub sheet: Option<Sheet>,
    /// What waits to be packed.
    pub queue: Arc<QueueView>,
    /// The order on the bench.
    pub pack: Option<Arc<PackView>>,
    /// Orders parked here, and exceptions that wait for an answer.
    pub held: Arc<[HeldView]>,
    /// Parcels of this station, newest first, at most 200.
    pub history: Arc<[ParcelRow]>,
    /// Boxes the site keeps.
    pub packagings: Arc<[PackagingView]>,
    /// The return on the bench.
    pub intake: Option<Arc<ReturnView>>,
    /// Returns on their way, those begun here first, at most 100.
    pub returns: Arc<[ReturnRow]>,
}

/// Who we are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StationInfo {
    /// `PACK 3`.
    pub name: String,
    /// Name of the site.
    pub site: String,
    /// IANA zone of the site.
    pub zone: String,
    /// Version of the program.
    pub version: String,
}

/// Which screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The station does not belong to a site yet.
    Pairing {
        /// Characters typed so far.
        code: String,
        /// What became of the last try.
        answer: PairingState,
        /// The station was paired before: its name, and the screen can be left.
        again: Option<String>,
    },
    /// Nobody is logged in.
    Login(LoginView),
    /// Nothing is on the bench.
    Queue,
    /// An order is on the bench.
    Pack,
    /// A return is on the bench.
    Return,
    /// The database cannot be used; what is known and what to do.
    Recovery {
        /// What happened.
        what: Message,
        /// What to do.
        hint: Message,
    },
}

/// A pairing try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairingState {
    /// None yet.
    Idle,
    /// Asking the server.
    Asking,
    /// It said no, or did not answer.
    Refused(Message),
}

/// The login screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginView {
    /// A badge was scanned: the name of the person whose PIN is asked for.
    pub badge: Option<String>,
    /// Digits typed.
    pub digits: u8,
    /// Locked after idling; the same person goes on where they were.
    pub locked: bool,
    /// Seconds until the next try is allowed.
    pub wait_s: u32,
}

/// A person on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonView {
    /// Identity.
    pub id: UserId,
    /// `M. R.`
    pub initials: String,
    /// What they may do.
    pub role: Role,
}

/// Kind of a device, in the order people are shown them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKind {
    /// Reads barcodes.
    Scanner,
    /// Weighs.
    Scale,
    /// Prints labels and papers.
    Printer,
    /// Takes photos.
    Camera,
    /// Reads and writes NFC tags.
    TagReader,
    /// Stack light.
    Light,
    /// Plays the station's sounds.
    Sound,
    /// Speaks prompts.
    Speech,
    /// Listens for commands.
    Voice,
}

/// State of a device, as its supervisor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// None is set up.
    Absent,
    /// Being connected.
    Opening,
    /// Works.
    Ready,
    /// Prints, or takes a photo.
    Busy,
    /// Is there, with trouble such as paper running out.
    Attention,
    /// Gone since.
    Lost {
        /// Since when.
        since: UtcMs,
    },
}

/// One device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceView {
    /// Which kind.
    pub kind: DeviceKind,
    /// Its name in the settings.
    pub name: String,
    /// State.
    pub state: DeviceState,
    /// What is wrong, in a few words.
    pub detail: Option<Message>,
    /// What to do about it.
    pub cure: Option<Message>,
    /// When it last gave an answer that was understood.
    pub last_seen: Option<UtcMs>,
    /// What it last gave: the tail of a scan, a weight.
    pub last_value: Option<Message>,
    /// What its last try gave.
    pub trial: Option<Trial>,
    /// Its last bytes, oldest first; kept up while the device check is open.
    pub live: Arc<[LiveLine]>,
    /// A scanner whose settings three scans can find out.
    pub set_up: bool,
}

/// The way to the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkView {
    /// The server answered last time.
    pub online: bool,
    /// Facts not with the server yet.
    pub waiting: u64,
    /// When the oldest of them happened.
    pub oldest: Option<UtcMs>,
    /// When the server last answered.
    pub last_answer: Option<UtcMs>,
    /// Something a person must know: token revoked, copies of the database, too old.
    pub trouble: Option<Message>,
    /// What a person can do about it here.
    pub way_out: Option<WayOut>,
    /// The server asks something about finished work; stays until somebody says that it was read.
    pub question: Option<Message>,
    /// Leased orders that can be packed without the network.
    pub leased: u32,
}

/// What ends a trouble that does not end by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayOut {
    /// A lead starts with new parcel numbers.
    NewEpoch,
    /// The station is paired again.
    Pair,
}

/// What happened last.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// Grows with every feedback: a window flashes once for each.
    pub id: u64,
    /// Which voice.
    pub signal: Signal,
    /// What happened.
    pub title: Message,
    /// The difference, and the way on.
    pub detail: Option<Message>,
    /// Its sound.
    pub sound: SoundName,
    /// For a wrong item: both pictures, side by side.
    pub compare: Option<Compare>,
    /// For an accepted unit: name and count on the flash.
    pub counted: Option<Counted>,
    /// When.
    pub at: UtcMs,
}

/// Needed beside scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compare {
    /// What is wanted now.
    pub needed: Option<ProductView>,
    /// What was scanned.
    pub scanned: ProductView,
}

/// What an accepted scan counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Name of the product.
    pub name: String,
    /// Units now.
    pub done: u32,
    /// Units wanted.
    pub of: u32,
}

/// A sheet over the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// "What is wrong?"
    Problems,
    /// A short, damaged, substitute, by-hand or hold form for a line.
    Form(ProblemForm),
    /// A lead's badge and PIN are asked for.
    Approval {
        /// What is to be approved.
        what: Message,
        /// A badge was scanned: the name of the person whose PIN is asked for.
        badge: Option<String>,
        /// Digits typed.
        digits: u8,
        /// What was wrong with the last try.
        refused: Option<Message>,
    },
    /// Parked orders and exceptions.
    Held,
    /// Parcels of this station.
    History,
    /// Device check.
    Devices,
    /// "Scan anything": what a scanner reads is shown and counts nowhere.
    ScanTrial(Option<ScanTrial>),
    /// A scanner is set up by three scans, which count nowhere.
    ScannerSetup(Arc<SetupView>),
    /// Settings.
    Settings,
    /// All waiting orders.
    QueueAll,
    /// Choose another box.
    Boxes,
    /// Type the number of units after a scan.
    Count,
    /// Find an order by number.
    Find,
    /// Returns on their way.
    Returns,
    /// Write a code onto a tag.
    WriteTag {
        /// Name of the reader.
        reader: String,
        /// The code that was scanned or asked for.
        code: Option<String>,
        /// The reader waits for the tag.
        waiting: bool,
    },
    /// A print job of before a restart: did the paper come?
    PrintUnknown {
        /// Paper.
        document: DocumentKind,
        /// Parcel.
        parcel: u16,
    },
}

/// A form of one kind of problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemForm {
    /// Which kind.
    pub kind: ProblemKind,
    /// The line it is about.
    pub line: Option<LineNo>,
    /// Its product.
    pub product: Option<ProductView>,
    /// The most units it can be about; 0 where no number is asked.
    pub quantity_max: u32,
    /// Reasons to choose from.
    pub reasons: Vec<Reason>,
    /// Products that may be sent instead.
    pub substitutes: Vec<ProductView>,
}

/// Kinds of problems with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// Fewer than needed.
    Short,
    /// Broken, dirty, open.
    Damaged,
    /// Something else from the allowed list.
    Substitute,
    /// Park.
    Hold,
    /// Barcode unreadable.
    ByHand,
    /// Print again.
    Reprint,
    /// Give back to the queue.
    HandBack,
    /// Skip the next order.
    Skip,
    /// Weight override.
    OverrideWeight,
}

/// What waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueView {
    /// In the order they should be packed, at most 50.
    pub rows: Vec<QueueRow>,
    /// How many wait in all.
    pub ready: u32,
    /// Time they should take by this packer's median, in ms, if known.
    pub estimate_ms: Option<i64>,
    /// The latest ship-by of them.
    pub last_ship_by: Option<UtcMs>,
}

/// One waiting order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// Its order's number.
    pub number: String,
    /// Lines.
    pub lines: u32,
    /// Units.
    pub units: u32,
    /// Why it stands here: icon and two lines.
    pub why: Vec<WhyRow>,
    /// A lead moved it to the front.
    pub expedited: bool,
    /// Ship by.
    pub ship_by: Option<UtcMs>,
    /// Carrier and route.
    pub carrier: String,
    /// Leased to this station, so it can be packed offline.
    pub leased: bool,
    /// Someone began it here before.
    pub begun: bool,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyRow {
    /// Which icon.
    pub icon: WhyIcon,
    /// Short: `42 min left`.
    pub title: Message,
    /// More: `ship by 14:30`.
    pub detail: Message,
}

/// Icon of a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyIcon {
    /// Moved to the front.
    Expedited,
    /// Sold as rush.
    Rush,
    /// First-class customer.
    Vip,
    /// Promised until then.
    ShipBy,
    /// The carrier comes.
    Pickup,
    /// Waits longest.
    Oldest,
    /// Box.
    Box,
    /// Gift.
    Gift,
    /// Note.
    Note,
}

/// A product on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductView {
    /// Identity.
    pub id: ProductId,
    /// Code.
    pub sku: String,
    /// Name as the catalogue writes it.
    pub name: String,
    /// Where it is kept, if known.
    pub bin: Option<String>,
}

/// A kind of box on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackagingView {
    /// Identity.
    pub id: PackagingId,
    /// `L`.
    pub name: String,
    /// Inside.
    pub inner: DimsMm,
    /// An envelope.
    pub envelope: bool,
}

/// A parked order, or an exception that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldView {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// Its order's number.
    pub number: String,
    /// What is asked.
    pub question: Message,
    /// Since when.
    pub since: UtcMs,
    /// It can go on here.
    pub can_resume: bool,
    /// A lead may let it go as it is.
    pub lead_can_release: bool,
}

/// A parcel of this station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelRow {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// Parcel.
    pub parcel: u16,
    /// Its order's number.
    pub number: String,
    /// 18 digits.
    pub sscc: String,
    /// Mass.
    pub weight_g: Option<Grams>,
    /// When it was confirmed.
    pub at: UtcMs,
    /// Who.
    pub packer: String,
    /// Label copies printed.
    pub copies: u16,
}

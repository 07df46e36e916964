//! What the engine remembers besides the database: who is here, what is on the bench, what the screen
//! shows. A copy of it is kept for the length of a transaction and put back if that is lost.

use super::input::Ui;
use super::load::Loaded;
use super::scales::Scales;
use super::view::{
    DeviceView, Feedback, HeldView, LabelPicture, NetworkView, PackagingView, PairingState, ParcelRow, PlacedView,
    QueueView, ReturnRow, Sheet, StationInfo,
};
use crate::core::ids::{FulfillmentId, GestureId, ProductId, UserId};
use crate::core::message::Message;
use crate::core::person::Person;
use crate::core::product::Product;
use crate::core::returns::Intake;
use crate::core::session::{Mode, Session};
use crate::core::time::UtcMs;
use crate::core::units::Grams;
use crate::storage::returns::Graded;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// How many gestures are remembered to tell an echo.
pub const GESTURES_MAX: usize = 64;

/// Which screen is up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The station does not belong to a site yet.
    Pairing {
        /// Typed so far.
        code: String,
        /// The last try.
        state: PairingState,
        /// It belongs to one, which knows it no more.
        again: bool,
    },
    /// Nobody is logged in.
    Login(Entry),
    /// Somebody works.
    Bench,
}

/// A badge or PIN on its way in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Whose badge was scanned.
    pub badge: Option<UserId>,
    /// Name of that person, as shown.
    pub name: String,
    /// Digits so far.
    pub digits: String,
    /// A PIN is being checked.
    pub checking: bool,
}

/// Something that needs somebody's right to do so, held until badge and PIN are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What is to be done then.
    pub action: Deferred,
    /// How the screen names it.
    pub what: Message,
    /// Badge and PIN so far.
    pub entry: Entry,
    /// What was wrong with the last try.
    pub refused: Option<Message>,
}

/// What waits for an approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deferred {
    /// A command of the window that a lead must agree to.
    Ui(Ui),
    /// A weight outside the gate.
    Weight(Grams, crate::core::session::event::Reason),
}

/// The order on the bench.
#[derive(Clone, Debug)]
pub struct Bench {
    /// Its session.
    pub session: Session,
    /// What was loaded for it.
    pub loaded: Arc<Loaded>,
    /// The last settled weight was outside: how much it was.
    pub outside: Option<Grams>,
    /// The reading that was judged last; the next counts once the scale moved.
    pub judged: Option<Grams>,
    /// What blocks the label.
    pub blocked: Option<(Message, Message)>,
    /// When the finished order makes room for the next.
    pub advance_at: Option<UtcMs>,
    /// Suggested box and drawing of the parcel in work, planned once per parcel content.
    pub plan: Option<Arc<Plan>>,
    /// The label of the parcel in work, drawn once per parcel for the screen.
    pub label: Option<DrawnLabel>,
    /// The parcel that got the house label although the site has a template, and why.
    pub house_instead: Option<(u16, Message)>,
    /// The packer's own median for orders of about this size.
    pub median_ms: Option<i64>,
    /// When print jobs last changed, by parcel, paper and copy.
    pub print_at: Vec<((u16, crate::core::checklist::DocumentKind, u16), UtcMs)>,
    /// Which printer print jobs went to, and what it said of them.
    pub print_ways: Vec<((u16, crate::core::checklist::DocumentKind, u16), super::view::PrintWay)>,
    /// The packer was told to take everything out again: a "go on" from this moment on, station's monotonic clock, says that it is done.
    pub unpack_from: Option<u64>,
}

impl Bench {
    /// The parcel at rest is judged once more, and what was found before is no longer shown.
    pub fn judge_anew(&mut self) {
        (self.outside, self.judged) = (None, None);
    }

    /// A session as it comes onto the bench.
    #[must_use]
    pub fn new(session: Session, loaded: Loaded) -> Bench {
        Bench {
            session,
            loaded: Arc::new(loaded),
            outside: None,
            judged: None,
            blocked: None,
            advance_at: None,
            plan: None,
            label: None,
            house_instead: None,
            median_ms: None,
            print_at: Vec::new(),
            print_ways: Vec::new(),
            unpack_from: None,
        }
    }
}

/// The return on the bench.
#[derive(Clone, Debug)]
pub struct Case {
    /// What came, and what is in hand.
    pub intake: Intake,
    /// Products of its lines, and strangers that were scanned.
    pub products: Arc<HashMap<ProductId, Product>>,
    /// The shelf of each, as far as it is known.
    pub shelves: Arc<HashMap<ProductId, String>>,
    /// The unit graded last, as it is kept, while it can be taken back.
    pub last: Option<Graded>,
}

/// A label drawn for the screen.
#[derive(Clone, Debug)]
pub struct DrawnLabel {
    /// What it was drawn from: parcel, parcels of the order, number, weight and version of the order.
    pub of: (u16, usize, String, Option<Grams>, i64),
    /// The picture; none where it could not be drawn.
    pub picture: Option<Arc<LabelPicture>>,
}

/// The planner's word on one parcel.
#[derive(Clone, Debug)]
pub struct Plan {
    /// For this content: the parcel and what is in it, by product.
    pub of: (u16, Vec<(ProductId, u32)>),
    /// Suggested box.
    pub packaging: Option<crate::core::ids::PackagingId>,
    /// Why.
    pub why: Vec<Message>,
    /// Where things go.
    pub placed: Vec<PlacedView>,
    /// What to put in, heavy first.
    pub order: Vec<(crate::core::ids::ProductId, u32)>,
    /// Room used.
    pub filled_percent: Option<u8>,
}

/// The engine's memory.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Which screen.
    pub stage: Stage,
    /// Who works.
    pub packer: Option<Person>,
    /// Locked after idling: the same person's work waits.
    pub locked: bool,
    /// The order on the bench.
    pub bench: Option<Bench>,
    /// The return on the bench; never beside an order.
    pub intake: Option<Case>,
    /// A sheet over the screen.
    pub sheet: Option<Sheet>,
    /// The scanner whose hand was told that it is set up.
    pub setting_up: Option<String>,
    /// Something that waits for an approval.
    pub asked: Option<Asked>,
    /// What happened last.
    pub feedback: Option<Arc<Feedback>>,
    /// Number of the last feedback.
    pub feedback_no: u64,
    /// Devices.
    pub devices: Arc<[DeviceView]>,
    /// What the scales show.
    pub scales: Scales,
    /// The way to the server.
    pub network: NetworkView,
    /// The server does not know this station any more.
    pub revoked: bool,
    /// Gestures seen lately.
    pub gestures: VecDeque<GestureId>,
    /// Who we are.
    pub info: Arc<StationInfo>,
    /// Waiting orders.
    pub queue: Arc<QueueView>,
    /// What was found out about the next order.
    pub(super) outlook: Option<super::outlook::Outlook>,
    /// Parked orders.
    pub held: Arc<[HeldView]>,
    /// Parcels.
    pub history: Arc<[ParcelRow]>,
    /// Boxes.
    pub packagings: Arc<[PackagingView]>,
    /// Returns on their way.
    pub returns: Arc<[ReturnRow]>,
    /// Something changed that the lists above show.
    pub stale: Stale,
    /// Print jobs of before a restart, still to be asked about.
    pub print_unknown: Vec<(FulfillmentId, u16, crate::core::checklist::DocumentKind, u16)>,
    /// Monotonic moment of the last sign of a person.
    pub active_mono_ms: u64,
    /// Idle time until the screen locks, ms; 0 never.
    pub idle_lock_ms: u64,
    /// The scanner whose scan is being decided.
    pub scanner: Option<String>,
    /// Monotonic moment at which the open device check last looked at the devices.
    pub looked_mono_ms: u64,
    /// How many leases ahead the sync machine was told to keep.
    pub leases_max_told: Option<u32>,
    /// Monotonic moment at which the queue was ranked last.
    pub ranked_mono_ms: u64,
    /// When PINs may be tried again.
    pub pin_wait_until: UtcMs,
    /// Commands by voice.
    pub talk: super::voice::Talk,
    /// Today's facts of the packer: orders, accepted, refused.
    pub today: (u32, u32, u32),
}

/// Which lists must be read anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stale {
    /// Queue.
    pub queue: bool,
    /// Parked orders.
    pub held: bool,
    /// Parcels.
    pub history: bool,
    /// Boxes and who we are.
    pub site: bool,
    /// Returns on their way.
    pub returns: bool,
}

impl Stale {
    /// All of them.
    pub const ALL: Stale = Stale { queue: true, held: true, history: true, site: true, returns: true };
}

impl Desk {
    /// A desk before anything is known.
    #[must_use]
    pub fn new(stage: Stage, info: StationInfo) -> Desk {
        Desk {
            stage,
            packer: None,
            locked: false,
            bench: None,
            intake: None,
            sheet: None,
            setting_up: None,
            asked: None,
            feedback: None,
            feedback_no: 0,
            devices: Arc::from([]),
            scales: Scales::default(),
            network: NetworkView::default(),
            revoked: false,
            gestures: VecDeque::with_capacity(GESTURES_MAX),
            info: Arc::new(info),
            queue: Arc::default(),
            outlook: None,
            held: Arc::from([]),
            history: Arc::from([]),
            packagings: Arc::from([]),
            returns: Arc::from([]),
            stale: Stale::ALL,
            print_unknown: Vec::new(),
            active_mono_ms: 0,
            idle_lock_ms: 0,
            scanner: None,
            looked_mono_ms: 0,
            leases_max_told: None,
            ranked_mono_ms: 0,
            pin_wait_until: UtcMs(0),
            talk: super::voice::Talk::default(),
            today: (0, 0, 0),
        }
    }

    /// When the finished order makes room for the next by itself: only while somebody stands before the
    /// screen and nothing on it waits for an answer.
    #[must_use]
    pub fn advance_at(&self) -> Option<UtcMs> {
        let free = self.stage == Stage::Bench
            && self.packer.is_some()
            && self.bench.as_ref().is_some_and(|b| b.session.mode == Mode::Working)
            && self.sheet.is_none()
            && self.asked.is_none()
            && self.print_unknown.is_empty();
        self.bench.as_ref().filter(|_| free).and_then(|b| b.advance_at)
    }

    /// Was this gesture seen already? Remembers it if not.
    pub fn is_echo(&mut self, g: GestureId) -> bool {
        if self.gestures.contains(&g) {
            return true;
        }
        if self.gestures.len() == GESTURES_MAX {
            self.gestures.pop_front();
        }
        self.gestures.push_back(g);
        false
    }
}

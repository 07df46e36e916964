//! The order on the bench as the window shows it: rail, side list, band and one stage per step.

use super::view::{PackagingView, ProductView, QueueRow};
use crate::core::checklist::DocumentKind;
use crate::core::ids::{FulfillmentId, LineNo};
use crate::core::message::Message;
use crate::core::order::Flag;
use crate::core::session::event::{PrintTrouble, Reason};
use crate::core::session::refusal::TraceField;
use crate::core::session::{PrintState, Step};
use crate::core::signal::Signal;
use crate::core::stock::{Floor, Side};
use crate::core::time::UtcMs;
use crate::core::units::{DimsMm, Grams};
pub use crate::planning::carton::Up;
use std::sync::Arc;

/// The order on the bench.
#[derive(Clone, Debug, PartialEq)]
pub struct PackView {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// Its order's number.
    pub number: String,
    /// Ship by.
    pub ship_by: Option<UtcMs>,
    /// Current step.
    pub step: Step,
    /// Steps done elsewhere (3 and 4 of a picked tote).
    pub elsewhere: bool,
    /// Lines of goods, in the order of the side list.
    pub lines: Arc<[LineView]>,
    /// Units checked.
    pub done: u32,
    /// Units to be sent.
    pub of: u32,
    /// Parcel in work.
    pub parcel: u16,
    /// Parcels so far.
    pub parcels: u16,
    /// What the band says while nothing else speaks.
    pub say: Message,
    /// Its second line.
    pub say_detail: Option<Message>,
    /// Its signal.
    pub signal: Signal,
    /// The stage.
    pub stage: StageView,
    /// Whether the last scan can be taken back, and what it was.
    pub undo: Option<Message>,
    /// When the current step began.
    pub step_since: UtcMs,
    /// When it was opened.
    pub opened: UtcMs,
}

/// One line of the side list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineView {
    /// Line.
    pub no: LineNo,
    /// Product.
    pub product: ProductView,
    /// Units done in this step (picked while picking, checked else).
    pub done: u32,
    /// Units wanted.
    pub of: u32,
    /// Units that will not be sent.
    pub short: u32,
    /// It is the one in hand.
    pub current: bool,
    /// Something may be sent in its place.
    pub substituted: bool,
}

/// The middle of the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum StageView {
    /// Step 2.
    Review(ReviewView),
    /// Step 3.
    Stock(StockView),
    /// Step 4.
    Pick(PickView),
    /// Step 5.
    Verify(VerifyView),
    /// Step 6.
    Pack(BoxView),
    /// Step 7.
    Checklist(ChecklistView),
    /// Step 8.
    Weigh(WeighView),
    /// Steps 9 and 10.
    Label(LabelView),
    /// Step 11.
    Done(DoneView),
    /// Break.
    Paused {
        /// Since when.
        since: UtcMs,
    },
    /// Parked.
    Held {
        /// Why.
        reason: Reason,
        /// A lead may let it go as it is.
        lead_can_release: bool,
    },
    /// Called off: out of the box again.
    MustUnpack {
        /// What is in the boxes: name and units.
        units: Vec<(ProductView, u32)>,
    },
}

/// Step 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewView {
    /// Customer's number, or guest.
    pub customer: Option<String>,
    /// Two letters.
    pub country: Option<String>,
    /// Carrier, service, route.
    pub shipping: String,
    /// What the customer wrote.
    pub note: Option<String>,
    /// Flags not cleared.
    pub flags: Vec<Flag>,
    /// Gift, gift wrap, gift message.
    pub gift: bool,
    /// Lines with a note or wrapping: name and note.
    pub line_notes: Vec<(String, Message)>,
    /// Handling: fragile, lithium, temperature, adult, abroad, rush, VIP.
    pub handling: Vec<Message>,
    /// Lines and units.
    pub lines: u32,
    /// Units.
    pub units: u32,
}

/// A line of step 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// What.
    pub product: ProductView,
    /// Units this order wants.
    pub wanted: u32,
    /// Units that lie there and are promised to nobody else.
    pub free: i64,
    /// Units that are promised to other orders.
    pub elsewhere: i64,
}

impl StockRow {
    /// Fewer are free than this order wants.
    #[must_use]
    pub fn lacks(&self) -> bool {
        self.free < i64::from(self.wanted)
    }
}

/// Step 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockView {
    /// Lines.
    pub rows: Vec<StockRow>,
    /// How old the figures are.
    pub as_of: UtcMs,
    /// Lines with fewer than wanted.
    pub shortfalls: u32,
}

/// Step 4.
#[derive(Clone, Debug, PartialEq)]
pub struct PickView {
    /// Stop number from 1.
    pub stop: u32,
    /// Stops.
    pub stops: u32,
    /// Length of the walk.
    pub length_mm: i64,
    /// Where to go; none for a product without a place.
    pub location: Option<PickPlace>,
    /// How many to take.
    pub take: u32,
    /// What.
    pub product: ProductView,
    /// The drawing.
    pub map: Option<Arc<MapView>>,
    /// A touch is enough.
    pub touch_allowed: bool,
}

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickPlace {
    /// Shelf code.
    pub code: String,
    /// Name of the aisle.
    pub aisle: String,
    /// Bay from 1.
    pub bay: u16,
    /// Level from 1.
    pub level: u8,
    /// Levels of the shelf.
    pub levels: u8,
    /// Side.
    pub side: Side,
}

/// The warehouse and the walk.
#[derive(Clone, Debug, PartialEq)]
pub struct MapView {
    /// The floor.
    pub floor: Floor,
    /// Stops in order: aisle, bay, side, done.
    pub stops: Vec<MapStop>,
    /// The walk as points in millimetres: x across the aisles from the first, y from the front
    /// cross-aisle to the back.
    pub way: Vec<(i32, i32)>,
    /// Which stop is next.
    pub current: usize,
}

/// A stop on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapStop {
    /// Aisle from 0.
    pub aisle: u16,
    /// Bay from 0.
    pub bay: u16,
    /// Side.
    pub side: Side,
    /// Already picked.
    pub done: bool,
}

/// Step 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyView {
    /// The product in hand.
    pub product: ProductView,
    /// Units checked.
    pub done: u32,
    /// Units wanted.
    pub of: u32,
    /// Asked for: lot, serial, expiry.
    pub asks: Option<TraceField>,
    /// Where the units are: tote or slot.
    pub source: Option<String>,
    /// "And n more" is allowed: the most.
    pub count_max: u32,
    /// Confirming by hand is allowed.
    pub by_hand: bool,
    /// Units are being moved from this parcel into the current one.
    pub moving_from: Option<u16>,
}

/// A unit placed in the drawing of the box, in millimetres from its corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedView {
    /// Which step of "put in, heavy first", from 1.
    pub step: u16,
    /// Across, along, up.
    pub at: (i32, i32, i32),
    /// Size as it lies.
    pub size: DimsMm,
    /// Which of its own sides stands upright.
    pub up: Up,
    /// It must not be turned over.
    pub this_side_up: bool,
    /// What may stand on it, all together; zero is nothing, none is whatever fits.
    pub bears_g: Option<Grams>,
}

/// Step 6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoxView {
    /// The suggested box.
    pub suggested: Option<PackagingView>,
    /// Why that one.
    pub why: Vec<Message>,
    /// Where every unit goes, in the order of putting in; empty where sizes are unknown.
    pub placed: Vec<PlacedView>,
    /// What to put in, heavy first: product, units.
    pub order: Vec<(ProductView, u32)>,
    /// Room used, in per cent.
    pub filled_percent: Option<u8>,
}

/// Step 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistView {
    /// Lines.
    pub items: Vec<ChecklistRow>,
    /// The one to do now.
    pub current: usize,
}

/// Icon of a checklist line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListIcon {
    /// Paper.
    Doc,
    /// Gift.
    Gift,
    /// Flyer or sample.
    Insert,
    /// Glass.
    Fragile,
    /// Mark.
    Mark,
    /// Camera.
    Photo,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistRow {
    /// Icon.
    pub icon: ListIcon,
    /// What to do, as the band says it.
    pub say: Message,
    /// Its name in the list.
    pub title: Message,
    /// Why.
    pub why: Message,
    /// Done.
    pub done: bool,
    /// Only a photo does it.
    pub by_photo: bool,
    /// A photo is offered; ticked by hand it is left out.
    pub offered: bool,
}

/// Step 8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeighView {
    /// What the scale shows now.
    pub reading: Option<ReadingView>,
    /// Expected.
    pub expected_g: Grams,
    /// Lowest accepted.
    pub low_g: Grams,
    /// Highest accepted; none where a product's weight is unknown.
    pub high_g: Option<Grams>,
    /// How much of what is expected labels of goods sold by weight said.
    pub labelled_g: Option<Grams>,
    /// The weight cannot show one missing unit: why.
    pub relies_on_scans: Option<Message>,
    /// The last settled weight was outside: what it looks like, and how many.
    pub outside: Option<OutsideView>,
    /// There is a scale.
    pub scale: bool,
}

/// What the scale shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingView {
    /// Mass.
    pub grams: Grams,
    /// It has settled.
    pub stable: bool,
}

/// A settled weight that is outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideView {
    /// On the scale.
    pub grams: Grams,
    /// What the difference looks like.
    pub suspect: Option<(ProductView, u32, Grams)>,
}

/// Steps 9 and 10.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelView {
    /// The label as it is printed; none before it has a number.
    pub preview: Option<LabelPreview>,
    /// Papers and where their print jobs stand.
    pub prints: Vec<PrintRow>,
    /// The house label was printed although the site has a template of its own: where that is at fault.
    pub house_instead: Option<Message>,
    /// What blocks the label: a missing fact, no numbers.
    pub blocked: Option<(Message, Message)>,
    /// The slot the parts of a split order meet in: to be scanned now.
    pub put_at: Option<String>,
}

/// The label, as far as the screen draws it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPreview {
    /// Sender.
    pub from: String,
    /// Name and lines of the address.
    pub to: Vec<String>,
    /// Order's number.
    pub number: String,
    /// 1 of 2.
    pub parcel: (u16, u16),
    /// Route.
    pub route: String,
    /// Weight.
    pub weight_g: Option<Grams>,
    /// Marks.
    pub marks: Vec<Message>,
    /// 18 digits.
    pub sscc: String,
    /// The label itself, drawn as the printer gets it; none where it could not be drawn.
    pub picture: Option<Arc<LabelPicture>>,
}

/// A drawn label: rows of one byte per pixel, 0 black to 255 white.
#[derive(Clone, PartialEq, Eq)]
pub struct LabelPicture {
    /// Pixels across.
    pub width_px: u32,
    /// Pixels down.
    pub height_px: u32,
    /// `width_px × height_px` bytes.
    pub grey: Vec<u8>,
}

impl std::fmt::Debug for LabelPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LabelPicture({} × {})", self.width_px, self.height_px)
    }
}

/// One paper's print job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintRow {
    /// Paper.
    pub document: DocumentKind,
    /// Copy.
    pub copy: u16,
    /// Where it stands.
    pub state: PrintState,
    /// What to do about trouble.
    pub trouble: Option<PrintTrouble>,
    /// When it last changed.
    pub at: Option<UtcMs>,
    /// Which printer it went to; none where nobody said.
    pub way: Option<PrintWay>,
}

/// Which printer a job went to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintWay {
    /// Its name.
    pub printer: String,
    /// The printer that would have been first, and the catalogue's key of what is wrong with it.
    pub instead_of: Option<(String, &'static str)>,
    /// The catalogue's key of what holds the job up or made it fail.
    pub why: Option<&'static str>,
}

/// Step 11.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneView {
    /// What this order took.
    pub took_ms: i64,
    /// The packer's own median for orders of about this size.
    pub median_ms: Option<i64>,
    /// Orders packed today by this packer.
    pub today: u32,
    /// Scans right first time, per mille.
    pub right_permille: u32,
    /// Where the box goes.
    pub cage: String,
    /// The next order.
    pub next: Option<QueueRow>,
    /// When the next opens by itself.
    pub advance_at: Option<UtcMs>,
    /// How long that takes in all.
    pub advance_ms: i64,
}

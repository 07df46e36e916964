//! The demo's panel of virtual devices: a scanner, a scale, a printer and a camera beside the station's own screen, so
//! that a visitor without devices packs an order in a minute. It moves the same device layer real devices move, by a
//! trait that is implemented outside; it never talks to the engine behind the station's back.

mod draw;
mod next;

use std::sync::Arc;

use egui::{Rect, TextureHandle, Ui};

pub use next::{Next, next};

use crate::core::command_code::CommandCode;
use crate::core::ids::{FulfillmentId, PackagingId, ProductId};
use crate::core::session::refusal::TraceField;
use crate::engine::input::Ui as Request;
use crate::engine::view::StationView;
use crate::i18n::Catalogue;

/// Width of the open panel, px at zoom 1.
pub const WIDTH: f32 = 400.0;
/// Width of the strip that opens it again, px at zoom 1.
pub const STRIP: f32 = 72.0;

/// Made-up barcode of the panel itself: the parcel is put on the virtual scale. Letters alone, as on the command sheet,
/// because keyboards of another layout swap the rest.
pub const SCALE_ON: &str = "DEMOSCALEON";
/// Made-up barcode of the panel itself: the virtual scale is emptied.
pub const SCALE_OFF: &str = "DEMOSCALEOFF";

/// What the panel made of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It moved the virtual scale.
    Done,
    /// It is for the scale, but no parcel is ready for it.
    NoParcel,
}

/// Something with a barcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// The badge of the packer the panel introduces first.
    PackerBadge,
    /// The badge of somebody who may agree.
    LeadBadge,
    /// An order's paper.
    Order(String),
    /// A shelf.
    Shelf(String),
    /// One unit of a product.
    Product(ProductId),
    /// What a product asks for besides: its serial number, lot or date.
    Trace(ProductId, TraceField),
    /// A box.
    Box(PackagingId),
    /// A parcel's label, by its 18 digits.
    Label(String),
    /// Where the parts of a split order meet.
    Slot(String),
    /// A command of the printed sheet.
    Command(CommandCode),
}

/// A made person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What the screen calls them.
    pub initials: String,
    /// What their badge's barcode says.
    pub badge: String,
    /// Their PIN.
    pub pin: String,
    /// They may agree to what a packer may not do.
    pub lead: bool,
}

/// A picture: rows of red, green, blue, 8 bits each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Changes with the picture.
    pub id: u64,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// `width × height × 3` bytes.
    pub rgb: Arc<[u8]>,
}

/// The virtual devices and the made world behind them. No call may block.
pub trait PanelPort {
    /// Who works in the made warehouse; a packer first.
    fn people(&self) -> Vec<Person>;
    /// What a thing's barcode says; none where the made world has no such thing.
    fn code(&self, thing: &Thing) -> Option<String>;
    /// A barcode of a product that is not in this order.
    fn wrong_code(&self, view: &StationView) -> Option<String>;
    /// Pulls the trigger of the virtual scanner.
    fn scan(&self, code: &str);
    /// Puts so many grams on the scale; it rests or it does not.
    fn weigh(&self, grams: i64, stable: bool);
    /// What the parcel on the bench truly weighs, packed as the screen says, g.
    fn parcel_g(&self, view: &StationView) -> Option<i64>;
    /// What one unit of it weighs, g.
    fn unit_g(&self, view: &StationView) -> Option<i64>;
    /// The label printed last.
    fn label(&self) -> Option<Picture>;
    /// The printer has paper.
    fn paper(&self) -> bool;
    /// Takes the paper out, or loads it.
    fn set_paper(&self, paper: bool);
    /// What the camera sees.
    fn camera(&self) -> Option<Picture>;
    /// The way to the server is open.
    fn network(&self) -> bool;
    /// Cuts the way to the server, or mends it.
    fn set_network(&self, open: bool);
    /// The customer calls off this order.
    fn cancel(&self, fulfillment: FulfillmentId);
}

/// What the window is given for its panel.
pub type DemoPanel = Box<dyn PanelPort>;

/// A picture that was handed to the graphics card.
struct Shown {
    id: u64,
    texture: TextureHandle,
}

/// The panel's own memory.
pub struct Panel {
    port: DemoPanel,
    /// The panel lies beside the screen; else a strip opens it.
    pub open: bool,
    /// What is on the scale, g; none when it is empty.
    load_g: Option<i64>,
    resting: bool,
    leave_one_out: bool,
    typed: String,
    label: Option<Shown>,
    camera: Option<Shown>,
}

impl Panel {
    /// A panel over these devices.
    #[must_use]
    pub fn new(port: DemoPanel) -> Self {
        Self {
            port,
            open: true,
            load_g: None,
            resting: true,
            leave_one_out: false,
            typed: String::new(),
            label: None,
            camera: None,
        }
    }

    /// How wide it is now, px at zoom 1.
    #[must_use]
    pub fn width(&self) -> f32 {
        if self.open { WIDTH } else { STRIP }
    }

    /// A scan of one of the panel's own barcodes moves the virtual scale, as its buttons do; any other is not for it. So a
    /// visitor with a scanner needs no mouse, and the station learns of the weight by the scale alone.
    pub fn take_scan(&mut self, code: &str, view: &StationView) -> Option<Taken> {
        match code {
            SCALE_ON if self.port.parcel_g(view).is_none() => return Some(Taken::NoParcel),
            SCALE_ON => draw::put(self, view),
            SCALE_OFF => draw::take(self),
            _ => return None,
        }
        Some(Taken::Done)
    }

    /// Draws the panel; gives back what it asks of the station as a visitor's finger would.
    pub fn draw(&mut self, ui: &mut Ui, rect: Rect, view: &StationView, words: &Catalogue) -> Vec<Request> {
        if self.open { draw::panel(self, ui, rect, view, words) } else { draw::strip(self, ui, rect, words) }
    }
}

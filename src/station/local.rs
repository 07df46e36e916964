//! What the window alone remembers: settings of this screen, half-filled forms, which page of a list is shown.
//! Nothing here is a fact about an order; closing the window loses nothing but a half-typed number.

use crate::core::checklist::DocumentKind;
use crate::core::ids::{FulfillmentId, ProductId};
use crate::core::session::event::Reason;
use crate::core::session::refusal::TraceField;
use crate::core::signal::SoundName;
use crate::engine::view::{DeviceKind, Screen, Sheet, StageView, StationView};
use crate::i18n::Lang;

/// Most characters of anything typed by hand.
pub const TYPED_MAX: usize = 40;
/// One step of the volume, per cent.
pub const VOLUME_STEP: u8 = 10;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Light.
    #[default]
    Light,
    /// Dark.
    Dark,
    /// As the desktop is; light where it does not say.
    System,
}

/// The key for talking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TalkKey {
    /// F11.
    F11,
    /// F12.
    #[default]
    F12,
}

impl TalkKey {
    /// What stands on the key.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::F11 => "F11",
            Self::F12 => "F12",
        }
    }

    /// The key itself.
    #[must_use]
    pub fn key(self) -> egui::Key {
        match self {
            Self::F11 => egui::Key::F11,
            Self::F12 => egui::Key::F12,
        }
    }
}

/// What a person may change on the settings sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Language of every text.
    pub lang: Lang,
    /// Light, dark, or as the desktop is.
    pub look: Look,
    /// A frame instead of a full-screen flash.
    pub reduced_motion: bool,
    /// Loudness, 0 to 100 per cent.
    pub volume_percent: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self { lang: Lang::En, look: Look::Light, reduced_motion: false, volume_percent: 70 }
    }
}

/// A sheet that concerns the window alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// How it stands with the network.
    Network,
    /// One device of the device check, by its place there.
    Device(usize),
    /// The station's sounds, to be heard.
    Sounds,
}

/// A form that is being filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Units; 0 means not chosen yet.
    pub quantity: u32,
    /// Why.
    pub reason: Option<Reason>,
    /// What goes instead.
    pub product: Option<ProductId>,
    /// Which paper.
    pub document: Option<DocumentKind>,
    /// Which parcel of the history.
    pub parcel: Option<(FulfillmentId, u16)>,
}

/// What the window asks of others than the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Try this device: a beep, a test label, a picture.
    TestDevice(DeviceKind, String),
    /// Set the scale to zero.
    ZeroScale(String),
    /// Take what lies on the scale as its tare.
    TareScale(String),
    /// Play this.
    Play(SoundName),
    /// Be this loud, per cent.
    Volume(u8),
    /// Ask the server now.
    SendNow,
    /// Somebody changed a setting that should be there again after a restart.
    Keep(Settings),
}

/// Where somebody is: when it changes, half-filled forms are forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    screen: u8,
    sheet: String,
    order: Option<FulfillmentId>,
    stage: u8,
    overlay: Option<Overlay>,
}

/// The window's own memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Local {
    /// Settings of this screen.
    pub settings: Settings,
    /// A sheet of the window's own.
    pub overlay: Option<Overlay>,
    /// The form in work.
    pub draft: Draft,
    /// What is being typed.
    pub typed: String,
    /// Which page of a list, from 0.
    pub page: usize,
    /// Which unit of the box is to be put in, from 0; none shows the packed box.
    pub put: Option<usize>,
    /// How far the drawing of the box is turned, in thousandths of a degree.
    pub turned_mdeg: i32,
    /// The camera that the screen of this frame shows: an empty name is the one that photos are taken with.
    pub looks_at: Option<String>,
    /// The key for talking.
    pub talk_key: TalkKey,
    /// Where the bar keeps room for the talk button in this frame.
    pub talk_place: Option<egui::Rect>,
    /// The talk button is held in this frame.
    pub talk_held: bool,
    place: Option<Place>,
}

impl Local {
    /// Begins with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// With this key for talking.
    #[must_use]
    pub fn with_talk_key(self, talk_key: TalkKey) -> Self {
        Self { talk_key, ..self }
    }

    /// Looks at the newest view: a form belongs to the place where it was begun.
    pub fn notice(&mut self, view: &StationView) {
        let place = Place {
            screen: screen_no(&view.screen),
            sheet: view.sheet.as_ref().map(sheet_name).unwrap_or_default(),
            order: view.pack.as_ref().map(|order| order.fulfillment),
            stage: match (&view.pack, &view.intake) {
                (Some(order), _) => stage_no(&order.stage),
                (None, Some(intake)) => match intake.hand.as_ref().map(|hand| hand.asks) {
                    None => 30,
                    Some(None) => 31,
                    Some(Some(TraceField::Serial)) => 32,
                    Some(Some(TraceField::Lot)) => 33,
                    Some(Some(TraceField::Expiry)) => 34,
                },
                (None, None) => 0,
            },
            overlay: self.overlay,
        };
        if self.place.as_ref() != Some(&place) {
            self.draft = Draft::default();
            self.typed.clear();
            self.page = 0;
            self.put = None;
            self.turned_mdeg = 0;
            self.place = Some(place);
        }
    }

    /// Where somebody is, as of the last look.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// Adds a typed character, up to the limit.
    pub fn push(&mut self, c: char) {
        if self.typed.chars().count() < TYPED_MAX {
            self.typed.push(c);
        }
    }
}

const fn screen_no(screen: &Screen) -> u8 {
    match screen {
        Screen::Pairing { .. } => 0,
        Screen::Login(_) => 1,
        Screen::Queue => 2,
        Screen::Pack => 3,
        Screen::Recovery { .. } => 4,
        Screen::Return => 5,
    }
}

const fn stage_no(stage: &StageView) -> u8 {
    match stage {
        StageView::Review(_) => 1,
        StageView::Stock(_) => 2,
        StageView::Pick(_) => 3,
        StageView::Verify(check) => match check.asks {
            None => 4,
            Some(TraceField::Serial) => 20,
            Some(TraceField::Lot) => 21,
            Some(TraceField::Expiry) => 22,
        },
        StageView::Pack(_) => 5,
        StageView::Checklist(_) => 6,
        StageView::Weigh(_) => 7,
        StageView::Label(_) => 8,
        StageView::Done(_) => 9,
        StageView::Paused { .. } => 10,
        StageView::Held { .. } => 11,
        StageView::MustUnpack { .. } => 12,
    }
}

/// A sheet without what changes in it while it is open.
fn sheet_name(sheet: &Sheet) -> String {
    match sheet {
        Sheet::Problems => "problems".to_owned(),
        Sheet::Form(form) => format!("form {:?} {:?}", form.kind, form.line),
        Sheet::Approval { .. } => "approval".to_owned(),
        Sheet::Held => "held".to_owned(),
        Sheet::History => "history".to_owned(),
        Sheet::Devices => "devices".to_owned(),
        Sheet::ScanTrial(_) => "scan trial".to_owned(),
        Sheet::ScannerSetup(setup) => format!("setup {}", setup.scanner),
        Sheet::Settings => "settings".to_owned(),
        Sheet::QueueAll => "queue".to_owned(),
        Sheet::Boxes => "boxes".to_owned(),
        Sheet::Count => "count".to_owned(),
        Sheet::Find => "find".to_owned(),
        Sheet::Returns => "returns".to_owned(),
        Sheet::WriteTag { reader, .. } => format!("tag {reader}"),
        Sheet::PrintUnknown { parcel, .. } => format!("paper {parcel}"),
    }
}

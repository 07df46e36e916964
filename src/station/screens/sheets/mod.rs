//! What lies over a screen: problems and their forms, approvals, lists, devices, settings. One band says what is
//! asked; Escape or the button on the band leaves.

mod approval;
mod device;
mod devices;
mod form;
mod history;
mod lists;
mod paper;
mod problems;
mod scan_trial;
mod scanner_setup;
mod settings;
mod sounds;
mod typed;

use egui::{Align2, Rect, Ui, vec2};

use super::Desk;
use crate::engine::input::Ui as Request;
use crate::engine::view::Sheet;
use crate::station::icons::Icon;
use crate::station::theme::{Signal, Type, Weight, fonts, palette};
use crate::station::widgets::sheet::{Leave, sheet};
use crate::station::widgets::stage::Say;
use crate::station::widgets::text;

pub(super) use device::draw as device;
pub(super) use devices::draw as devices;
pub(super) use sounds::draw as sounds;

/// Draws the sheet that is open.
pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, open: &Sheet) {
    match open {
        Sheet::Problems => problems::draw(ui, window, desk),
        Sheet::Form(form) => form::draw(ui, window, desk, form),
        Sheet::Approval { what, badge, digits, refused } => {
            approval::draw(ui, window, desk, what, badge.as_deref(), *digits, refused.as_ref());
        }
        Sheet::Held => lists::held(ui, window, desk),
        Sheet::History => history::draw(ui, window, desk),
        Sheet::Devices => devices(ui, window, desk),
        Sheet::ScanTrial(read) => scan_trial::draw(ui, window, desk, read.as_ref()),
        Sheet::ScannerSetup(setup) => scanner_setup::draw(ui, window, desk, setup),
        Sheet::Settings => settings::draw(ui, window, desk),
        Sheet::QueueAll => lists::queue(ui, window, desk),
        Sheet::Boxes => lists::boxes(ui, window, desk),
        Sheet::Count => typed::count(ui, window, desk),
        Sheet::Find => typed::find(ui, window, desk),
        Sheet::Returns => lists::returns(ui, window, desk),
        Sheet::WriteTag { reader, code, waiting } => typed::tag(ui, window, desk, reader, code.as_deref(), *waiting),
        Sheet::PrintUnknown { document, parcel } => paper::draw(ui, window, desk, *document, *parcel),
    }
}

/// What the band of a sheet says.
struct Band {
    signal: Signal,
    icon: Icon,
    first: String,
    second: String,
    /// Key of the leaving button's word.
    leave: &'static str,
}

impl Band {
    fn new(signal: Signal, icon: Icon, first: String, second: String) -> Self {
        Self { signal, icon, first, second, leave: "action-close" }
    }
}

/// Draws a sheet; leaving it asks the engine to close it.
fn over<R>(
    ui: &mut Ui,
    window: Rect,
    desk: &mut Desk<'_>,
    band: &Band,
    body: impl FnOnce(&mut Ui, Rect, &mut Desk<'_>) -> R,
) -> R {
    let word = desk.text(band.leave);
    let icon = if matches!(band.leave, "action-back" | "setup-leave") { Icon::Back } else { Icon::Cross };
    let say = Say { signal: band.signal, icon: band.icon, first: &band.first, second: &band.second };
    let shown = sheet(ui, window, &say, Leave { word: &word, icon }, |ui, room| body(ui, room, desk));
    if shown.left {
        desk.ask(Request::CloseSheet);
    }
    shown.inner
}

/// A small bold heading; returns where the rest begins.
fn heading(ui: &mut Ui, area: Rect, words: &str) -> f32 {
    let row = Rect::from_min_size(area.min, vec2(area.width(), 34.0));
    let bold = fonts::body().in_face(Weight::Bold);
    text::put_fitted(ui, row, Align2::LEFT_CENTER, bold, 16.0, words, palette(ui).text);
    row.bottom() + 4.0
}

/// Words in the middle of an empty list.
fn empty(ui: &mut Ui, area: Rect, icon: Icon, words: &str) {
    let colours = palette(ui);
    let square = Rect::from_center_size(area.center() - vec2(0.0, 60.0), vec2(140.0, 140.0));
    icon.paint(ui.painter(), square, colours.muted, 1.6);
    let below = Rect::from_min_max(egui::pos2(area.left(), square.bottom() + 16.0), area.max);
    text::put_fitted(ui, below, Align2::CENTER_TOP, Type::new(28.0, Weight::Regular), 18.0, words, colours.muted);
}

/// True for a window taller than wide: lists then have fewer columns.
fn tall(room: Rect) -> bool {
    room.height() > room.width()
}

//! The screens: each reads the published view and puts widgets together; what a person presses comes back as a
//! list of requests. No screen keeps state about an order: what is not in the view is not shown.

mod bar;
mod carton;
mod checklist;
mod done;
mod head;
mod label;
mod login;
mod network;
mod pager;
mod pairing;
mod pick;
mod pick_grid;
mod queue;
mod recovery;
mod refused;
mod rest;
mod returns;
mod review;
mod sheets;
mod shell;
mod stock;
mod talk;
mod trace;
mod verify;
mod voice;
mod weigh;

use egui::{Rect, Ui};

use super::camera::Seen;
use super::local::{Local, Overlay, Wish};
use super::theme::fonts;
use super::widgets::text;
use crate::core::message::{Arg, Message};
use crate::core::time::UtcMs;
use crate::engine::input::Ui as Request;
use crate::engine::view::{PackView, Screen, Sheet, StageView, StationView};
use crate::i18n::Catalogue;

/// What every screen draws from, and where its requests gather.
pub struct Desk<'a> {
    /// The newest view.
    pub view: &'a StationView,
    /// The words, in the language of the moment.
    pub words: &'a Catalogue,
    /// The window's clock, for spans that run between two views.
    pub now: UtcMs,
    /// What the window alone remembers.
    pub local: Local,
    /// What may be drawn of the camera in this frame.
    pub camera: Seen,
    requests: Vec<Request>,
    wishes: Vec<Wish>,
}

impl<'a> Desk<'a> {
    /// A desk for one frame.
    #[must_use]
    pub fn new(view: &'a StationView, words: &'a Catalogue, now: UtcMs) -> Self {
        Self::with_local(view, words, now, Local::default())
    }

    /// A desk for one frame of a window that remembers something.
    #[must_use]
    pub fn with_local(view: &'a StationView, words: &'a Catalogue, now: UtcMs, local: Local) -> Self {
        Self { view, words, now, local, camera: Seen::default(), requests: Vec::new(), wishes: Vec::new() }
    }

    /// What was asked for in this frame, and what the window remembers after it.
    #[must_use]
    pub fn finish(self) -> (Vec<Request>, Vec<Wish>, Local) {
        (self.requests, self.wishes, self.local)
    }

    /// What was asked for in this frame.
    #[must_use]
    pub fn into_requests(self) -> Vec<Request> {
        self.requests
    }

    fn ask(&mut self, request: Request) {
        self.requests.push(request);
    }

    /// The next frame shows this camera too; an empty name is the one that photos are taken with.
    fn look_at(&mut self, camera: &str) {
        self.local.looks_at = Some(camera.to_owned());
    }

    fn wish(&mut self, wish: Wish) {
        self.wishes.push(wish);
    }

    fn text(&self, key: &'static str) -> String {
        self.words.text(key).into_owned()
    }

    fn with(&self, key: &'static str, args: &[(&'static str, Arg)]) -> String {
        self.words.text_with(key, args)
    }

    fn say(&self, message: &Message) -> String {
        self.words.render(message)
    }
}

/// Draws the whole window: the screen, and a sheet over it. What a person presses gathers in `desk`.
pub fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    desk.local.notice(desk.view);
    let view = desk.view;
    let covered = view.sheet.is_some() || desk.local.overlay.is_some();
    let whole = matches!(view.sheet, Some(Sheet::Devices));
    if whole {
        device_check(ui, window, desk);
        return;
    }
    // What lies behind a sheet is shown and takes neither touch nor key.
    let mut below = ui.new_child(egui::UiBuilder::new().max_rect(window).id_salt("screen"));
    if covered {
        below.disable();
        below.set_opacity(1.0);
    }
    match &view.screen {
        Screen::Pairing { code, answer, again } => {
            pairing::draw(&mut below, window, desk, code, answer, again.as_deref());
        }
        Screen::Login(login) => login::draw(&mut below, window, desk, login),
        Screen::Queue => queue::draw(&mut below, window, desk),
        Screen::Pack => {
            if let Some(order) = &view.pack {
                pack(&mut below, window, desk, order);
            }
        }
        Screen::Return => {
            if let Some(view) = &view.intake {
                returns::draw(&mut below, window, desk, view);
            }
        }
        Screen::Recovery { what, hint } => recovery::draw(&mut below, window, desk, what, hint),
    }
    match (&view.sheet, desk.local.overlay) {
        (Some(sheet), _) => sheets::draw(ui, window, desk, sheet),
        (None, Some(Overlay::Network)) => network::draw(ui, window, desk),
        // They belong to the device check, which was left.
        (None, Some(Overlay::Device(_) | Overlay::Sounds)) => desk.local.overlay = None,
        (None, None) => {}
    }
    talk::draw(ui, window, desk);
}

/// When what was heard goes from the screen by itself, in ms.
#[must_use]
pub fn heard_goes_ms(view: &StationView, now: UtcMs) -> Option<i64> {
    talk::goes_ms(view, now)
}

/// The device check fills the window, and its own sheets lie over it.
fn device_check(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let mut below = ui.new_child(egui::UiBuilder::new().max_rect(window).id_salt("check"));
    if desk.local.overlay.is_some() {
        below.disable();
        below.set_opacity(1.0);
    }
    sheets::devices(&mut below, window, desk);
    match desk.local.overlay {
        Some(Overlay::Device(place)) => sheets::device(ui, window, desk, place),
        Some(Overlay::Sounds) => sheets::sounds(ui, window, desk),
        Some(Overlay::Network) => network::draw(ui, window, desk),
        None => {}
    }
}

/// Draws the order on the bench over the whole of `window`.
pub fn pack(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, order: &PackView) {
    let voice = voice::of(desk, order);
    let areas = shell::draw(ui, window, desk, order, voice.signal);
    let card = areas.card();
    voice.stage(ui, card, |ui, room| {
        if let Some(compare) = voice.compare() {
            let not_here = desk.with("word-not-in-order", &[("order", Arg::Text(order.number.clone()))]);
            refused::draw(ui, room, desk, &not_here, compare);
            return;
        }
        match &order.stage {
            StageView::Pick(stage) => pick::draw(ui, room, desk, stage),
            StageView::Verify(stage) if stage.asks.is_some() => trace::draw(ui, room, desk, stage),
            StageView::Verify(stage) => verify::draw(ui, room, desk, stage),
            StageView::Pack(stage) => carton::draw(ui, room, desk, stage),
            StageView::Checklist(stage) => checklist::draw(ui, room, desk, stage),
            StageView::Weigh(stage) => weigh::draw(ui, room, desk, stage, voice.signal),
            StageView::Label(stage) => label::draw(ui, room, desk, order, stage),
            StageView::Done(stage) => done::draw(ui, room, desk, order, stage),
            StageView::Review(stage) => review::draw(ui, room, desk, stage),
            StageView::Stock(stage) => stock::draw(ui, room, desk, stage),
            StageView::Paused { since } => rest::paused(ui, room, desk, *since),
            StageView::Held { reason, lead_can_release } => rest::held(ui, room, desk, *reason, *lead_can_release),
            StageView::MustUnpack { units } => rest::unpack(ui, room, desk, units),
        }
    });
}

/// A muted line of body text at the top left of `room`.
fn muted_line(ui: &mut Ui, room: Rect, words: &str) -> Rect {
    let muted = super::theme::palette(ui).muted;
    text::put_fitted(ui, room, egui::Align2::LEFT_TOP, fonts::body(), 18.0, words, muted)
}

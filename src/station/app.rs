//! The window: takes the newest view, hands scans and presses to the engine, draws, and sleeps until something
//! changes. It never waits for anybody: where the engine has no room it says "busy" and refuses aloud.

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Key, Modifiers, Rect, Ui, Vec2, pos2, vec2};

use super::camera::{self, CameraPort, Eyepiece};
use super::flash::{Content, Flash, Kind};
use super::local::{Local, Settings, TalkKey, Wish};
use super::pace::Paced;
use super::panel::{DemoPanel, Panel, Taken};
use super::screens::{self, Desk};
use super::taps::Taps;
use super::theme::{self, Signal};
use super::wedge::{self, Clock, Config, Layout, Read, Wedge};
use super::widgets::stage::{Say, say_band};
use crate::core::ids::GestureId;
use crate::core::scan::Scan;
use crate::core::signal::SoundName;
use crate::core::time::UtcMs;
use crate::engine::input::Ui as Request;
use crate::engine::view::{Feedback, Screen, Sheet, StageView, StationView};
use crate::engine::{EngineHandle, Input};
use crate::i18n::{Catalogue, Lang, SECONDS_SHOWN_BELOW_MS};

/// Name of the keyboard as a scanner.
pub const KEYBOARD: &str = "keyboard";
/// How long a word of the window itself stays, ms.
const NOTICE_MS: u64 = 2_500;
/// How long the band says "counted", ms; then it is drawn anew.
const COUNTED_MS: i64 = 1_200;
/// How long a live picture may stay away before the camera is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(1_000);
/// Smallest difference of zoom worth a new layout.
const ZOOM_STEP: f32 = 0.004;

/// How long a frame that handed a scan in waits for the answer before it draws the old screen, ms. Drawing takes longer, and
/// what it would draw is out of date: the flash a frame later is what a packer would wait for.
const ANSWER_MS_MAX: u64 = 3;

/// The engine as the window sees it. No call may block; [`Port::answer`] waits, and says for how long.
pub trait Port {
    /// The newest view.
    fn view(&self) -> Arc<StationView>;
    /// The view after this revision if it comes at once, else the newest.
    fn answer(&self, revision: u64, patience: Duration) -> Arc<StationView> {
        let _ = (revision, patience);
        self.view()
    }
    /// Hands an input in; false if it was not taken.
    fn send(&self, input: Input) -> bool;
}

impl Port for EngineHandle {
    fn view(&self) -> Arc<StationView> {
        EngineHandle::view(self)
    }

    fn answer(&self, revision: u64, patience: Duration) -> Arc<StationView> {
        self.view_after(revision, patience)
    }

    fn send(&self, input: Input) -> bool {
        EngineHandle::send(self, input).is_ok()
    }
}

/// Where the view comes from.
pub enum Source {
    /// A running engine.
    Live(EngineHandle),
    /// A view that stays as it is: recovery.
    Still(Arc<StationView>),
    /// Anything else.
    Other(Box<dyn Port>),
}

impl Port for Source {
    fn view(&self) -> Arc<StationView> {
        match self {
            Self::Live(engine) => Port::view(engine),
            Self::Still(view) => Arc::clone(view),
            Self::Other(port) => port.view(),
        }
    }

    fn answer(&self, revision: u64, patience: Duration) -> Arc<StationView> {
        match self {
            Self::Live(engine) => Port::answer(engine, revision, patience),
            Self::Still(view) => Arc::clone(view),
            Self::Other(port) => port.answer(revision, patience),
        }
    }

    fn send(&self, input: Input) -> bool {
        match self {
            Self::Live(engine) => Port::send(engine, input),
            Self::Still(_) => true,
            Self::Other(port) => port.send(input),
        }
    }
}

/// What others may ask of an open window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Draw once: something was published.
    Repaint,
    /// Close.
    Close,
}

/// Asks an open window for something; may be called from any thread.
pub type Controls = Box<dyn Fn(Control) + Send + Sync>;

/// What a window is opened with.
pub struct StationWindow {
    /// Where the view comes from.
    pub source: Source,
    /// Language, theme, volume, motion.
    pub settings: Settings,
    /// The keyboard as a scanner: longest pause between characters in ms, and shortest scan.
    pub wedge: (u32, u32),
    /// The key for talking, where commands are listened for.
    pub talk_key: TalkKey,
    /// Makes the next gesture's id.
    pub gestures: Arc<dyn Fn() -> GestureId + Send + Sync>,
    /// Called once, when the window is there.
    pub on_open: Box<dyn FnOnce(Controls) + Send>,
    /// Called for what the window asks of others than the engine. Must not block.
    pub on_wish: Box<dyn Fn(Wish)>,
    /// Virtual devices of the demo.
    pub panel: Option<DemoPanel>,
    /// The station's cameras, where it has any.
    pub camera: Option<Box<dyn CameraPort>>,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The system gave none.
    #[error("no window could be opened: {0}")]
    Open(String),
    /// There is a display, and nothing to draw with; the log has the system's words.
    #[error("no window could be opened: the display has no OpenGL 2.1 or later")]
    NoGraphics,
}

/// What the window is before anything can be drawn in it.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Language of its title.
    pub lang: Lang,
    /// Fill the whole screen.
    pub fullscreen: bool,
    /// A panel of virtual devices stands beside the screen.
    pub panel: bool,
}

/// Makes what the window is opened with. It is called once the window is there, so that a station may start meanwhile.
pub type Make<'a> = Box<dyn FnOnce() -> Result<StationWindow, Box<dyn Error + Send + Sync>> + 'a>;

/// Opens the window and stays until it is closed.
///
/// # Errors
/// [`WindowError`] where the system gives none (no display, no OpenGL), or where `make` fails.
pub fn run(shape: Shape, make: Make<'_>) -> Result<(), WindowError> {
    let size = if shape.panel { vec2(1_680.0, 800.0) } else { vec2(1_280.0, 800.0) };
    let title = Catalogue::new(shape.lang).text("win-product").into_owned();
    let viewport = egui::ViewportBuilder::default()
        .with_title(title.clone())
        .with_app_id("packbench")
        .with_inner_size(size)
        .with_min_inner_size(vec2(640.0, 480.0))
        .with_fullscreen(shape.fullscreen);
    // There is no gradient to be dithered, and without a graphics card it costs time for every pixel.
    let renderer = eframe::Renderer::Glow;
    let options = eframe::NativeOptions { viewport, dithering: false, renderer, ..eframe::NativeOptions::default() };
    let open = |e: winit::error::EventLoopError| WindowError::Open(e.to_string());
    let event_loop = winit::event_loop::EventLoop::<eframe::UserEvent>::with_user_event().build().map_err(open)?;
    let shown = Rc::new(Cell::new(false));
    let seen = Rc::clone(&shown);
    let create: eframe::AppCreator<'_> = Box::new(move |created| {
        let station = Station::open(&created.egui_ctx, make()?);
        seen.set(true);
        Ok(Box::new(station))
    });
    let mut app = Paced::new(eframe::create_native(&title, options, create, &event_loop));
    event_loop.run_app(&mut app).map_err(open)?;
    if shown.get() { Ok(()) } else { Err(WindowError::NoGraphics) }
}

/// A word of the window itself.
struct Notice {
    signal: Signal,
    first: &'static str,
    second: &'static str,
    until_ms: u64,
}

/// The window's state between frames.
pub struct Station {
    source: Source,
    view: Arc<StationView>,
    /// When the view was taken: its clock runs on from there.
    taken: Instant,
    clock: Clock,
    words: Catalogue,
    local: Local,
    flash: Flash,
    shown_feedback: u64,
    notice: Option<Notice>,
    taps: Taps,
    /// The engine was told that the key for talking is down.
    talking: bool,
    gestures: Arc<dyn Fn() -> GestureId + Send + Sync>,
    on_wish: Box<dyn Fn(Wish)>,
    panel: Option<Panel>,
    eyepiece: Option<Eyepiece>,
}

impl Station {
    /// A window's state, with its context made ready: fonts, theme and the keyboard as a scanner.
    #[must_use]
    pub fn open(ctx: &Context, window: StationWindow) -> Self {
        let start = Instant::now();
        let clock = move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        Self::open_by(ctx, window, Arc::new(clock))
    }

    /// The same by a given clock: what tells a scanner from a hand is time alone.
    #[must_use]
    pub fn open_by(ctx: &Context, window: StationWindow, clock: Clock) -> Self {
        theme::install(ctx);
        theme::apply(ctx, window.settings.look);
        let (gap_ms, length_min) = window.wedge;
        let config = Config {
            gap_ms_max: u64::from(gap_ms),
            length_min: usize::try_from(length_min).unwrap_or(4),
            ..Config::default()
        };
        ctx.add_plugin(Wedge::with_clock(config, Layout::UsPosition, Arc::clone(&clock)));
        let (painter, closer) = (ctx.clone(), ctx.clone());
        (window.on_open)(Box::new(move |control| match control {
            Control::Repaint => painter.request_repaint(),
            Control::Close => closer.send_viewport_cmd(egui::ViewportCommand::Close),
        }));
        let view = window.source.view();
        let words = catalogue(&window.settings, &view);
        Self {
            shown_feedback: view.feedback.as_ref().map_or(0, |feedback| feedback.id),
            view,
            taken: Instant::now(),
            clock,
            words,
            local: Local::new(window.settings).with_talk_key(window.talk_key),
            talking: false,
            flash: Flash::new(window.settings.reduced_motion),
            notice: None,
            taps: Taps::default(),
            source: window.source,
            gestures: window.gestures,
            on_wish: window.on_wish,
            panel: window.panel.map(Panel::new),
            eyepiece: window.camera.map(Eyepiece::new),
        }
    }

    /// The window's clock: the view's, running on.
    fn now(&self) -> UtcMs {
        let run_ms = i64::try_from(self.taken.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.view.now.plus_ms(run_ms)
    }

    fn mono_ms(&self) -> u64 {
        (self.clock)()
    }

    /// Takes the newest view and hands in what the keyboard scanner read.
    pub fn take(&mut self, ctx: &Context) {
        self.look(self.source.view());
        let mut asked = false;
        for read in wedge::take(ctx) {
            match read {
                Read::Scan(text) => asked |= self.scan(text),
                Read::TooLong => self.say(Signal::Stop, "win-scan-too-long", "win-scan-again"),
                Read::Broken => self.say(Signal::Stop, "win-scan-broken", "win-scan-again"),
            }
        }
        if asked {
            self.look(self.source.answer(self.view.revision, Duration::from_millis(ANSWER_MS_MAX)));
        }
    }

    /// Takes the newest view, and begins the flash of an answer that is new.
    fn look(&mut self, newest: Arc<StationView>) {
        if newest.revision != self.view.revision || !Arc::ptr_eq(&newest, &self.view) {
            if newest.station.zone != self.view.station.zone {
                self.words = catalogue(&self.local.settings, &newest);
            }
            self.view = newest;
            self.taken = Instant::now();
        }
        if let Some(feedback) = self.view.feedback.clone()
            && feedback.id != self.shown_feedback
        {
            self.shown_feedback = feedback.id;
            self.answer(&feedback);
        }
    }

    /// Hands a scan in; true if the engine will answer it.
    fn scan(&mut self, text: String) -> bool {
        match self.panel.as_mut().and_then(|panel| panel.take_scan(&text, &self.view)) {
            None => {}
            Some(Taken::Done) => return false,
            Some(Taken::NoParcel) => {
                self.say(Signal::Wait, "panel-scale-wait", "panel-scale-wait-sub");
                return false;
            }
        }
        let scan = Scan {
            gesture: (self.gestures)(),
            device: KEYBOARD.to_owned(),
            bytes: text.into_bytes(),
            symbology: None,
            at: self.now(),
        };
        self.hand_in(Input::Scan(scan))
    }

    /// Hands an input to the engine; false if it has no room, which is said aloud.
    fn hand_in(&mut self, input: Input) -> bool {
        let taken = self.source.send(input);
        if !taken {
            self.say(Signal::Wait, "say-busy", "say-busy-sub");
        }
        taken
    }

    /// Says something in the window's own name, aloud.
    fn say(&mut self, signal: Signal, first: &'static str, second: &'static str) {
        let until_ms = self.mono_ms() + NOTICE_MS;
        self.notice = Some(Notice { signal, first, second, until_ms });
        (self.on_wish)(Wish::Play(SoundName::Stop));
    }

    /// The full-screen answer to what happened.
    fn answer(&mut self, feedback: &Feedback) {
        let kind = match feedback.signal {
            Signal::Ok => Kind::Accepted,
            Signal::Stop => Kind::Refused,
            Signal::Now | Signal::Wait | Signal::Decide => return,
        };
        let content = match (&feedback.counted, kind) {
            (Some(counted), Kind::Accepted) => Content {
                main: counted.done.to_string(),
                beside: format!("/ {}", counted.of),
                name: counted.name.clone(),
            },
            (_, Kind::Accepted) => {
                Content { main: String::new(), beside: String::new(), name: self.words.render(&feedback.title) }
            }
            (_, Kind::Refused) => Content {
                main: self.words.render(&feedback.title),
                beside: String::new(),
                name: feedback.detail.as_ref().map(|detail| self.words.render(detail)).unwrap_or_default(),
            },
        };
        let now_ms = self.mono_ms();
        self.flash.show(now_ms, kind, content);
    }

    /// Draws everything into `window`.
    pub fn draw(&mut self, ui: &mut Ui, window: Rect) {
        let beside = self.panel.as_ref().map_or(0.0, Panel::width);
        let kiosk = Rect::from_min_max(window.min, pos2(window.right() - beside, window.bottom()));
        let view = Arc::clone(&self.view);
        drop_repeats(ui);
        let mut requests = Vec::new();
        if let Some(panel) = &mut self.panel {
            let place = Rect::from_min_max(pos2(kiosk.right(), window.top()), window.max);
            requests = panel.draw(ui, place, &view, &self.words);
        }
        let before = self.local.settings;
        (self.local.talk_place, self.local.talk_held) = (None, false);
        let now = self.now();
        let mut desk = Desk::with_local(&view, &self.words, now, std::mem::take(&mut self.local));
        let looked_at = desk.local.looks_at.take();
        desk.camera = self.eyepiece.as_mut().map(|e| e.see(ui.ctx(), looked_at.as_deref())).unwrap_or_default();
        let mut child = ui.new_child(egui::UiBuilder::new().max_rect(kiosk).id_salt("kiosk"));
        child.set_clip_rect(kiosk);
        screens::draw(&mut child, kiosk, &mut desk);
        let (asked, wishes, local) = desk.finish();
        self.local = local;
        requests.extend(asked);
        requests.extend(global_keys(ui, &view));
        for wish in wishes {
            (self.on_wish)(wish);
        }
        let now_ms = self.mono_ms();
        for request in requests {
            if !self.taps.is_echo(&request, self.local.place(), now_ms) && !self.hand_in(Input::Ui(request)) {
                // It was not taken: asking again at once is right.
                self.taps = Taps::default();
            }
        }
        self.talk(ui);
        self.settings_changed(ui.ctx(), before);
        self.show_notice(ui, kiosk);
        self.show_photo(ui, kiosk);
        self.keep_looking(ui.ctx(), looked_at.is_some());
        let now_ms = self.mono_ms();
        if self.flash.covers(now_ms) {
            // What cannot be seen is not painted: the answer is there sooner. Its widgets stay and take presses.
            ui.ctx().graphics_mut(|graphics| *graphics.entry(ui.layer_id()) = egui::layers::PaintList::default());
        }
        self.flash.paint(ui.ctx(), now_ms);
        if let Some(wait) = self.next_look(now) {
            ui.ctx().request_repaint_after(wait);
        }
    }

    /// Tells the engine when the key for talking, or its button, goes down or up. Not taken, it is told again with the next frame.
    fn talk(&mut self, ui: &Ui) {
        let key = self.local.talk_key.key();
        let held = self.local.talk_held || ui.input(|input| input.key_down(key));
        if self.view.voice.is_none() {
            // The engine ended it by itself when the packer left.
            self.talking = false;
        } else if held != self.talking && self.source.send(Input::Ui(Request::Talk(held))) {
            self.talking = held;
        }
    }

    fn settings_changed(&mut self, ctx: &Context, before: Settings) {
        let settings = self.local.settings;
        if settings == before {
            return;
        }
        if settings.lang != before.lang {
            self.words = catalogue(&settings, &self.view);
        }
        theme::apply(ctx, settings.look);
        self.flash.set_reduced_motion(settings.reduced_motion);
        ctx.request_repaint();
    }

    /// A band over the top of the screen, for what the engine does not know of.
    fn show_notice(&mut self, ui: &mut Ui, kiosk: Rect) {
        let now_ms = self.mono_ms();
        let Some(notice) = self.notice.as_ref().filter(|notice| now_ms < notice.until_ms) else {
            self.notice = None;
            return;
        };
        let (first, second) = (self.words.text(notice.first), self.words.text(notice.second));
        let icon = theme::SignalLook::icon(notice.signal);
        let say = Say { signal: notice.signal, icon, first: &first, second: &second };
        let area = egui::Area::new(egui::Id::unique("packbench-notice"))
            .order(egui::Order::Foreground)
            .fixed_pos(kiosk.min)
            .interactable(false);
        area.show(ui.ctx(), |ui| say_band(ui, kiosk, &say, 0.0));
        ui.ctx().request_repaint_after(Duration::from_millis(notice.until_ms - now_ms));
    }

    /// The photo that was just taken, for a moment.
    fn show_photo(&mut self, ui: &mut Ui, kiosk: Rect) {
        let now_ms = self.mono_ms();
        let taken = self.eyepiece.as_mut().and_then(|eyepiece| eyepiece.just_taken(ui.ctx(), now_ms));
        let Some((shown, left_ms)) = taken else { return };
        let words = self.words.text("ok-photo");
        let area = egui::Area::new(egui::Id::unique("packbench-photo"))
            .order(egui::Order::Foreground)
            .fixed_pos(kiosk.min)
            .interactable(false);
        area.show(ui.ctx(), |ui| camera::taken(ui, kiosk, shown, &words));
        ui.ctx().request_repaint_after(Duration::from_millis(left_ms));
    }

    /// While a live picture is on the screen, each new one asks for a frame; a camera that fell silent is looked at all the same.
    fn keep_looking(&self, ctx: &Context, looked_before: bool) {
        if self.local.looks_at.is_none() {
            return;
        }
        if looked_before {
            ctx.request_repaint_after(LOOK_AGAIN);
        } else {
            ctx.request_repaint();
        }
    }

    /// When something on screen changes by itself; none while nothing counts.
    fn next_look(&self, now: UtcMs) -> Option<Duration> {
        let mut waits_ms: Vec<i64> = Vec::new();
        let network = &self.view.network;
        // The age of what waits is shown in seconds only while it is young.
        if let Some(oldest) = network.oldest {
            let age_ms = now.since_ms(oldest).max(0);
            let young = age_ms < SECONDS_SHOWN_BELOW_MS;
            waits_ms.push(if young { 1_000 } else { 60_000 - age_ms.rem_euclid(60_000) });
        }
        if let Some(feedback) = &self.view.feedback {
            let left_ms = COUNTED_MS.saturating_sub(now.since_ms(feedback.at));
            if feedback.signal != Signal::Stop && left_ms > 0 {
                waits_ms.push(left_ms.saturating_add(10));
            }
        }
        waits_ms.extend(screens::heard_goes_ms(&self.view, now));
        // Times of day and "42 min left" change with the minute.
        let to_minute_ms = 60_000 - now.0.rem_euclid(60_000);
        match &self.view.screen {
            Screen::Login(login) if login.wait_s > 0 => waits_ms.push(1_000),
            Screen::Pairing { .. } | Screen::Login(_) | Screen::Recovery { .. } | Screen::Queue | Screen::Return => {
                waits_ms.push(to_minute_ms);
            }
            Screen::Pack => {
                let paused = self.view.pack.as_ref().is_some_and(|p| matches!(p.stage, StageView::Paused { .. }));
                let counted = self.view.pack.as_ref().is_some_and(|order| order.ship_by.is_some());
                if paused || counted {
                    waits_ms.push(to_minute_ms);
                }
            }
        }
        let least = waits_ms.into_iter().min()?;
        Some(Duration::from_millis(u64::try_from(least.max(10)).unwrap_or(1_000)))
    }

    /// The zoom at which the reference size fills the window, the panel beside it.
    fn fit(&self, ctx: &Context) {
        let physical = ctx.content_rect().size() * ctx.zoom_factor();
        let zoom = zoom(physical, self.panel.as_ref().map_or(0.0, Panel::width));
        if (zoom - ctx.zoom_factor()).abs() > ZOOM_STEP {
            ctx.set_zoom_factor(zoom);
        }
    }
}

/// The zoom for a window of this physical size (points at zoom 1) with a panel of `beside` px.
#[must_use]
pub fn zoom(physical: Vec2, beside: f32) -> f32 {
    let reference = if physical.y > physical.x { vec2(800.0, 1_280.0) } else { vec2(1_280.0, 800.0) };
    (physical.y / reference.y).min(physical.x / (reference.x + beside)).clamp(0.4, 4.0)
}

/// Largest side of a texture, in pixels. All letters lie in one that is as wide as it may be and as high as the largest
/// figure, held twice: at the width that graphics systems allow it would take 30 MB and stay empty. It grows with the
/// zoom's square, and the panel shows whole pages.
fn texture_side(zoom: f32, panel: bool) -> usize {
    if zoom > 2.2 {
        8_192
    } else if zoom > 1.1 || panel {
        4_096
    } else {
        2_048
    }
}

/// A key that is held down is pressed once; only taking characters back goes on.
fn drop_repeats(ui: &Ui) {
    ui.input_mut(|input| {
        input.events.retain(|event| match event {
            egui::Event::Key { repeat: true, key, .. } => *key == Key::Backspace,
            _ => true,
        });
    });
}

/// Keys that work on every screen, if no button took them.
fn global_keys(ui: &Ui, view: &StationView) -> Option<Request> {
    if view.sheet.is_some() {
        return None;
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::F9) {
        return Some(Request::OpenSheet(Sheet::Devices));
    }
    pressed(Key::F10).then_some(Request::OpenSheet(Sheet::Settings))
}

/// The words in the language of the moment and the zone of the site.
fn catalogue(settings: &Settings, view: &StationView) -> Catalogue {
    Catalogue::in_zone(settings.lang, &view.station.zone).unwrap_or_else(|_| Catalogue::new(settings.lang))
}

impl eframe::App for Station {
    fn raw_input_hook(&mut self, ctx: &Context, input: &mut egui::RawInput) {
        let side = texture_side(ctx.zoom_factor(), self.panel.is_some());
        input.max_texture_side = input.max_texture_side.map(|system| system.min(side));
    }

    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.take(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.fit(ui.ctx());
        let window = ui.ctx().content_rect();
        self.draw(ui, window);
    }
}

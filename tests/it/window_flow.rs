//! The window as a whole, driven as a person and a scanner drive it: by label, by key, by fast typing; what reaches the
//! engine is looked at, with an engine that only listens.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use egui::{Event, Key, Modifiers, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use packbench::core::ids::{FulfillmentId, GestureId};
use packbench::core::session::event::Reason;
use packbench::core::signal::Signal;
use packbench::engine::input::Ui as Request;
use packbench::engine::view::*;
use packbench::engine::{Input, StationView};
use packbench::i18n::Lang;
use packbench::station::app::{self, Port, Source, Station, StationWindow};
use packbench::station::camera::CameraPort;
use packbench::station::local::{Settings, TalkKey, Wish};
use packbench::station::panel::{DemoPanel, Next, PanelPort, Person, Picture, Thing, next};
use uuid::Uuid;

use crate::window_gallery as gallery;
use crate::window_samples as samples;

const DESK: Vec2 = vec2(1280.0, 800.0);

/// What reached the engine, and whether it has room.
#[derive(Default)]
struct Heard {
    view: RefCell<Option<Arc<StationView>>>,
    inputs: RefCell<Vec<Input>>,
    full: Cell<bool>,
    /// What the engine says to a scan while the frame waits for it.
    answer: RefCell<Option<Feedback>>,
}

struct Ear(Rc<Heard>);

impl Port for Ear {
    fn view(&self) -> Arc<StationView> {
        self.0.view.borrow().clone().unwrap()
    }

    fn answer(&self, revision: u64, _: std::time::Duration) -> Arc<StationView> {
        if let Some(feedback) = self.0.answer.take() {
            let feedback = Some(Arc::new(feedback));
            let view = StationView { revision: revision + 1, feedback, ..StationView::clone(&self.view()) };
            *self.0.view.borrow_mut() = Some(Arc::new(view));
        }
        self.view()
    }

    fn send(&self, input: Input) -> bool {
        if self.0.full.get() {
            return false;
        }
        self.0.inputs.borrow_mut().push(input);
        true
    }
}

pub struct Window {
    pub harness: Harness<'static>,
    heard: Rc<Heard>,
    wishes: Rc<RefCell<Vec<Wish>>>,
    clock_ms: Arc<AtomicU64>,
}

/// A whole window over a made view.
pub fn open(view: StationView, size: Vec2, panel: Option<DemoPanel>, wgpu: bool) -> Window {
    open_with(view, size, panel, wgpu, Settings { reduced_motion: true, ..Settings::default() })
}

/// The same with a camera.
pub fn open_with_camera(view: StationView, size: Vec2, camera: Box<dyn CameraPort>) -> Window {
    let settings = Settings { reduced_motion: true, ..Settings::default() };
    open_parts(view, size, (None, Some(camera)), false, settings)
}

fn open_with(view: StationView, size: Vec2, panel: Option<DemoPanel>, wgpu: bool, settings: Settings) -> Window {
    open_parts(view, size, (panel, None), wgpu, settings)
}

/// What stands beside the engine.
type Beside = (Option<DemoPanel>, Option<Box<dyn CameraPort>>);

fn open_parts(view: StationView, size: Vec2, beside: Beside, wgpu: bool, settings: Settings) -> Window {
    let (panel, camera) = beside;
    let heard = Rc::new(Heard::default());
    *heard.view.borrow_mut() = Some(Arc::new(view));
    let wishes = Rc::new(RefCell::new(Vec::new()));
    let (ear, told) = (Ear(Rc::clone(&heard)), Rc::clone(&wishes));
    let numbers = Arc::new(AtomicU64::new(1));
    let mut parts = Some(StationWindow {
        source: Source::Other(Box::new(ear)),
        settings,
        wedge: (50, 4),
        talk_key: TalkKey::F12,
        gestures: Arc::new(move || GestureId(Uuid::from_u128(numbers.fetch_add(1, Ordering::Relaxed).into()))),
        on_open: Box::new(|_| {}),
        on_wish: Box::new(move |wish| told.borrow_mut().push(wish)),
        panel,
        camera,
    });
    let clock_ms = Arc::new(AtomicU64::new(1_000));
    let clock = Arc::clone(&clock_ms);
    let mut station = None;
    let builder = Harness::builder().with_size(size);
    let builder = if wgpu { builder.wgpu() } else { builder };
    let mut harness = builder.build_ui(move |ui| {
        if let Some(parts) = parts.take() {
            let clock = Arc::clone(&clock);
            station = Some(Station::open_by(ui.ctx(), parts, Arc::new(move || clock.load(Ordering::Relaxed))));
            return;
        }
        if let Some(station) = &mut station {
            station.take(ui.ctx());
            gallery::whole(ui, |ui| {
                let window = ui.max_rect();
                station.draw(ui, window);
            });
        }
    });
    harness.run_steps(3);
    Window { harness, heard, wishes, clock_ms }
}

impl Window {
    pub fn requests(&self) -> Vec<Request> {
        let inputs = self.heard.inputs.borrow();
        inputs
            .iter()
            .filter_map(|input| if let Input::Ui(request) = input { Some(request.clone()) } else { None })
            .collect()
    }

    fn scans(&self) -> Vec<String> {
        let inputs = self.heard.inputs.borrow();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        inputs
            .iter()
            .filter_map(|input| if let Input::Scan(scan) = input { Some(text(&scan.bytes)) } else { None })
            .collect()
    }

    fn press(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run_steps(3);
    }

    fn show(&mut self, view: StationView) {
        let revision = self.heard.view.borrow().as_ref().map_or(0, |view| view.revision) + 1;
        *self.heard.view.borrow_mut() = Some(Arc::new(StationView { revision, ..view }));
        self.harness.run_steps(3);
    }

    /// Time goes by, and the window looks again.
    pub fn wait(&mut self, ms: u64) {
        self.clock_ms.fetch_add(ms, Ordering::Relaxed);
        self.harness.run_steps(3);
    }

    /// A key pressed by hand.
    pub fn key(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_steps(3);
        self.wait(300);
    }

    /// All keys of a scanner at once, Enter last.
    fn scan(&mut self, code: &str) {
        for c in code.chars() {
            self.harness.event(Event::Text(c.to_string()));
        }
        self.harness.key_press(Key::Enter);
        self.harness.run_steps(3);
    }
}

fn login() -> StationView {
    StationView { packer: None, ..samples::view(Screen::Login(LoginView::default())) }
}

#[test]
fn a_language_is_switched_at_once_and_kept() {
    let mut window = open(login(), DESK, None, false);
    assert!(window.harness.query_by_label_contains("Scan your badge").is_some());
    window.press("Русский");
    assert!(window.harness.query_by_label_contains("Scan your badge").is_none());
    let kept = Settings { lang: Lang::Ru, reduced_motion: true, ..Settings::default() };
    assert_eq!(*window.wishes.borrow(), [Wish::Keep(kept)]);
    window.press("English");
    assert!(window.harness.query_by_label_contains("Scan your badge").is_some());
}

#[test]
fn a_scan_reaches_the_engine_once_and_presses_nothing() {
    let mut window = open(samples::view(Screen::Queue), DESK, None, false);
    window.scan("5012345678900");
    assert_eq!(window.scans(), ["5012345678900"]);
    assert_eq!(window.requests(), []);
    let mut form = open(samples::with_sheet(samples::view(Screen::Queue), Sheet::Find), DESK, None, false);
    form.scan("5012345678900");
    assert_eq!(form.scans(), ["5012345678900"], "a scan is not lost while something is typed");
    assert!(form.harness.query_by_label("Order number").is_some(), "no scan lands in a field");
    assert_eq!(form.requests(), []);
}

#[test]
fn a_pin_is_pressed_or_typed() {
    let mut window = open(login(), DESK, None, false);
    window.press("4");
    window.press("OK");
    window.key(Key::Num7);
    window.key(Key::Backspace);
    let wanted = [Request::Digit(4), Request::DigitsDone, Request::Digit(7), Request::DigitBack];
    assert_eq!(window.requests(), wanted);
}

#[test]
fn a_full_channel_is_said_and_nothing_is_swallowed_silently() {
    let mut window = open(samples::view(Screen::Queue), DESK, None, false);
    window.heard.full.set(true);
    window.scan("5012345678900");
    assert!(window.harness.query_by_label_contains("One moment, catching up").is_some());
    assert!(window.wishes.borrow().iter().any(|wish| matches!(wish, Wish::Play(_))), "it is refused aloud");
    assert!(window.scans().is_empty());
}

#[test]
fn a_short_line_is_told_with_number_and_reason() {
    let reasons = [Reason::BinEmpty, Reason::NotFound];
    let form = samples::form(ProblemKind::Short, 6, &reasons);
    let mut window = open(samples::with_sheet(samples::verify(None), form), DESK, None, false);
    assert!(window.harness.query_by_label("Short: choose how many").is_some(), "the button says what is missing");
    window.press("2");
    window.press("Bin empty");
    window.press("Note 2 short, go on");
    let wanted = Request::Report {
        kind: ProblemKind::Short,
        line: Some(packbench::core::ids::LineNo(1)),
        quantity: 2,
        reason: Reason::BinEmpty,
        product: None,
    };
    assert_eq!(window.requests(), [wanted]);
}

#[test]
fn what_lies_behind_a_sheet_takes_no_key() {
    let mut window = open(samples::with_sheet(samples::verify(None), Sheet::Problems), DESK, None, false);
    for key in [Key::F3, Key::F7, Key::F8] {
        window.key(key);
    }
    assert_eq!(window.requests(), []);
    window.key(Key::Escape);
    assert_eq!(window.requests(), [Request::CloseSheet]);
}

#[test]
fn a_form_is_forgotten_when_its_sheet_closes() {
    let sheet =
        || samples::with_sheet(samples::verify(None), samples::form(ProblemKind::Short, 6, &[Reason::BinEmpty]));
    let mut window = open(sheet(), DESK, None, false);
    window.press("2");
    assert!(window.harness.query_by_label_contains("Note 2 short").is_some());
    window.show(samples::verify(None));
    window.show(sheet());
    assert!(window.harness.query_by_label_contains("Note 2 short").is_none());
}

#[test]
fn a_parcel_is_printed_again_with_a_reason() {
    let mut window = open(samples::history(), DESK, None, false);
    window.harness.get_all_by_label("Reprint").next().unwrap().click();
    window.harness.run_steps(3);
    window.press("Packing slip");
    window.press("Label damaged");
    window.press("Reprint");
    let asked = window.requests();
    assert!(
        matches!(
            asked.as_slice(),
            [Request::Reprint { fulfillment: Some(_), parcel: 1, reason: Reason::LabelDamaged, .. }]
        ),
        "{asked:?}"
    );
}

#[test]
fn the_network_tells_how_it_stands() {
    let mut view = samples::view(Screen::Queue);
    view.network.online = false;
    view.network.waiting = 38;
    let mut window = open(view, DESK, None, false);
    assert!(window.harness.query_by_label_contains("Working without network").is_some());
    assert!(window.harness.query_by_label("Log out: after sending").is_some());
    window.harness.get_by_label_contains("Network: Offline").click();
    window.harness.run_steps(3);
    assert!(window.harness.query_by_label("38").is_some());
    window.press("Try now");
    assert!(window.wishes.borrow().contains(&Wish::SendNow));
    window.press("Go on packing");
    assert!(window.harness.query_by_label("38").is_none());
}

#[test]
fn the_reference_size_fills_every_window() {
    for (size, beside, wanted) in [
        (DESK, 0.0, 1.0),
        (vec2(1920.0, 1080.0), 0.0, 1.35),
        (vec2(800.0, 1280.0), 0.0, 1.0),
        (vec2(1680.0, 800.0), 400.0, 1.0),
    ] {
        let zoom = app::zoom(size, beside);
        assert!((zoom - wanted).abs() < 0.001, "{size:?}: {zoom}");
    }
}

/// A made world that remembers what was done to it.
#[derive(Default)]
pub struct World {
    done: Rc<RefCell<Vec<String>>>,
}

impl World {
    fn tell(&self, what: String) {
        self.done.borrow_mut().push(what);
    }
}

impl PanelPort for World {
    fn people(&self) -> Vec<Person> {
        let person = |initials: &str, badge: &str, pin: &str, lead| Person {
            initials: initials.into(),
            badge: badge.into(),
            pin: pin.into(),
            lead,
        };
        vec![
            person("M. R.", "BADGE-PACK-0001", "1111", false),
            person("A. K.", "BADGE-PACK-0002", "2222", false),
            person("L. O.", "BADGE-LEAD-0001", "9999", true),
        ]
    }

    fn code(&self, thing: &Thing) -> Option<String> {
        Some(match thing {
            Thing::PackerBadge => "BADGE-PACK-0001".into(),
            Thing::LeadBadge => "BADGE-LEAD-0001".into(),
            Thing::Order(text) | Thing::Shelf(text) | Thing::Label(text) | Thing::Slot(text) => text.clone(),
            Thing::Product(_) | Thing::Trace(..) => "5012345678900".into(),
            Thing::Box(_) => "BOX-L".into(),
            Thing::Command(code) => code.barcode(),
        })
    }

    fn wrong_code(&self, _view: &StationView) -> Option<String> {
        Some("5098765432105".into())
    }

    fn scan(&self, code: &str) {
        self.tell(format!("scan {code}"));
    }

    fn weigh(&self, grams: i64, stable: bool) {
        self.tell(format!("weigh {grams} {stable}"));
    }

    fn parcel_g(&self, view: &StationView) -> Option<i64> {
        view.pack.as_ref().map(|_| 12_110)
    }

    fn unit_g(&self, _view: &StationView) -> Option<i64> {
        Some(220)
    }

    fn label(&self) -> Option<Picture> {
        let label = crate::labels_kit::on_screen("350123450000047110");
        let rgb: Vec<u8> = label.grey.iter().flat_map(|grey| [*grey; 3]).collect();
        let [width, height] = [label.width_px, label.height_px].map(|px| usize::try_from(px).unwrap());
        Some(Picture { id: 1, width, height, rgb: rgb.into() })
    }

    fn paper(&self) -> bool {
        true
    }

    fn set_paper(&self, paper: bool) {
        self.tell(format!("paper {paper}"));
    }

    fn camera(&self) -> Option<Picture> {
        // A cardboard box on a bench.
        let colour =
            |x, y| if (40..120).contains(&x) && (30..95).contains(&y) { [198, 156, 109] } else { [196, 200, 204] };
        let rgb: Vec<u8> = (0..120).flat_map(|y| (0..160).flat_map(move |x| colour(x, y))).collect();
        Some(Picture { id: 2, width: 160, height: 120, rgb: rgb.into() })
    }

    fn network(&self) -> bool {
        true
    }

    fn set_network(&self, open: bool) {
        self.tell(format!("network {open}"));
    }

    fn cancel(&self, fulfillment: FulfillmentId) {
        self.tell(format!("cancel {fulfillment}"));
    }
}

#[test]
fn the_panel_always_offers_the_next_right_thing() {
    let world = World::default();
    let done = Rc::clone(&world.done);
    let mut window = open(login(), vec2(1680.0, 800.0), Some(Box::new(world)), false);
    window.press("Scan this badge: BADGE-PACK-0001");
    window.show(samples::view(Screen::Queue));
    window.press("Scan this order: 536365");
    window.show(samples::verify(None));
    window.press("Scan this item: 5012345678900");
    window.press("Scan something wrong");
    window.show(samples::label());
    window.press("Scan this label: 350123450000047110");
    window.press("Leave one item out");
    let wanted = [
        "scan BADGE-PACK-0001",
        "scan 536365",
        "scan 5012345678900",
        "scan 5098765432105",
        "scan 350123450000047110",
        "weigh 11890 true",
    ];
    assert_eq!(*done.borrow(), wanted);
}

#[test]
fn the_panels_own_barcodes_move_its_scale_and_no_other_thing() {
    let world = World::default();
    let done = Rc::clone(&world.done);
    let mut window = open(login(), vec2(1680.0, 800.0), Some(Box::new(world)), false);
    window.scan("DEMOSCALEON");
    assert!(window.harness.query_by_label_contains("Nothing to weigh yet").is_some());
    window.show(samples::weigh(false));
    assert!(window.harness.query_by_label_contains("DEMOSCALEON").is_some(), "the panel names it");
    window.scan("DEMOSCALEON");
    window.scan("DEMOSCALEOFF");
    assert_eq!(*done.borrow(), ["weigh 12110 true", "weigh 0 true"]);
    assert!(window.scans().is_empty(), "the station hears of the weight from its scale alone");
    let mut real = open(samples::weigh(false), DESK, None, false);
    real.scan("DEMOSCALEON");
    assert_eq!(real.scans(), ["DEMOSCALEON"], "a station without the panel knows no such code");
}

#[test]
fn the_panel_knows_what_to_do_on_every_screen() {
    for (name, view) in samples::all() {
        let offered = next(&view, false, true);
        let stands =
            matches!(view.screen, Screen::Pairing { .. } | Screen::Recovery { .. }) || view.queue.rows.is_empty();
        assert!(stands || offered != Next::Wait, "{name}: nothing is offered");
    }
    let outside = samples::weigh(true);
    assert_eq!(next(&outside, true, true), Next::TakeParcel);
    assert!(outside.pack.is_some_and(|order| order.signal == Signal::Stop));
}

#[test]
fn the_panel_can_be_put_away() {
    let mut window = open(login(), vec2(1680.0, 800.0), Some(Box::new(World::default())), false);
    window.press("Hide the virtual devices");
    assert!(window.harness.query_by_label_contains("Scan this badge").is_none());
    window.press("Virtual devices");
    assert!(window.harness.query_by_label_contains("Scan this badge").is_some());
}

#[test]
fn an_idle_window_asks_for_no_frame_before_the_minute() {
    let mut window = open(samples::view(Screen::Queue), DESK, None, false);
    window.harness.run_steps(5);
    let wait = window.harness.output().viewport_output.values().map(|v| v.repaint_delay).min().unwrap();
    assert!(wait >= std::time::Duration::from_millis(500), "{wait:?}");
}

#[test]
fn a_flash_that_covers_all_is_all_that_is_painted_and_presses_still_count() {
    let settings = Settings { reduced_motion: false, ..Settings::default() };
    let mut window = open_with(samples::view(Screen::Queue), DESK, None, false, settings);
    let shapes = |window: &Window| window.harness.output().shapes.len();
    let whole = shapes(&window);
    let refused = samples::refusal();
    window.show(StationView { feedback: Some(Arc::new(refused)), ..samples::view(Screen::Queue) });
    assert!(shapes(&window) * 2 < whole, "{} of {whole} shapes under a flash that covers them", shapes(&window));
    window.press("Start");
    assert_eq!(window.requests(), [Request::Start], "the button is where it was");
    window.wait(1_000);
    assert!(shapes(&window) * 2 > whole);
}

#[test]
fn an_answer_that_comes_at_once_flashes_in_the_frame_of_its_scan() {
    let settings = Settings { reduced_motion: false, ..Settings::default() };
    let mut window = open_with(samples::view(Screen::Queue), DESK, None, false, settings);
    let whole = window.harness.output().shapes.len();
    *window.heard.answer.borrow_mut() = Some(samples::refusal());
    for c in "5012345678900".chars() {
        window.harness.event(Event::Text(c.to_string()));
    }
    window.harness.event(Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    window.harness.step();
    assert_eq!(window.scans(), ["5012345678900"]);
    assert!(window.harness.output().shapes.len() * 2 < whole, "one frame is enough");
}

#[test]
fn offline_with_old_facts_waiting_asks_for_no_frame_every_second() {
    let delay = |age_ms: i64| {
        let mut view = samples::view(Screen::Queue);
        view.network.online = false;
        view.network.oldest = Some(view.now.plus_ms(-age_ms));
        let mut window = open(view, DESK, None, false);
        window.harness.run_steps(5);
        window.harness.output().viewport_output.values().map(|v| v.repaint_delay).min().unwrap()
    };
    assert!(delay(5_000) <= std::time::Duration::from_secs(1), "seconds are shown, so they are counted");
    assert!(delay(3_600_000) > std::time::Duration::from_secs(20));
}

#[test]
fn keys_of_the_keyboard_are_not_taken_with_modifiers() {
    let mut window = open(samples::view(Screen::Queue), DESK, None, false);
    window.harness.key_press_modifiers(Modifiers::CTRL, Key::F8);
    window.harness.run_steps(3);
    assert_eq!(window.requests(), []);
    window.harness.key_press(Key::F8);
    window.harness.run_steps(3);
    assert_eq!(window.requests(), [Request::Start]);
}

/// A key goes down and up; where it is held, it repeats.
fn press_key(window: &mut Window, key: Key, repeats: usize) {
    let event = |pressed, repeat| Event::Key { key, physical_key: None, pressed, repeat, modifiers: Modifiers::NONE };
    window.harness.event(event(true, false));
    for _ in 0..repeats {
        window.harness.run_steps(1);
        window.clock_ms.fetch_add(400, Ordering::Relaxed);
        window.harness.event(event(true, true));
    }
    window.harness.event(event(false, false));
    window.harness.run_steps(3);
}

#[test]
fn a_double_tap_on_a_button_or_a_key_is_one_press() {
    let mut window = open(samples::view(Screen::Queue), DESK, None, false);
    for _ in 0..3 {
        window.harness.get_by_label("Start").click();
        window.harness.run_steps(1);
        window.clock_ms.fetch_add(120, Ordering::Relaxed);
    }
    assert_eq!(window.requests(), [Request::Start], "three taps, the last 240 ms after the first");
    // In one frame: the button and its key.
    window.wait(1_000);
    window.harness.get_by_label("Start").click();
    window.harness.key_press(Key::F8);
    window.harness.run_steps(3);
    assert_eq!(window.requests(), [Request::Start, Request::Start], "a press after a second is a new one");
}

#[test]
fn the_second_tap_does_not_press_what_the_next_screen_has_there() {
    let mut window = open(samples::review(Vec::new()), DESK, None, false);
    press_key(&mut window, Key::F8, 0);
    assert_eq!(window.requests(), [Request::Continue]);
    // The engine was quick: the stock is on the screen when the second tap comes.
    window.show(samples::stock());
    window.clock_ms.fetch_add(200, Ordering::Relaxed);
    press_key(&mut window, Key::F8, 0);
    assert_eq!(window.requests(), [Request::Continue], "nobody has read it yet");
    window.wait(400);
    press_key(&mut window, Key::F8, 0);
    assert_eq!(window.requests(), [Request::Continue, Request::Continue]);
}

#[test]
fn a_held_key_is_pressed_once() {
    let mut window = open(samples::review(Vec::new()), DESK, None, false);
    press_key(&mut window, Key::F8, 9);
    assert_eq!(window.requests(), [Request::Continue]);
}

#[test]
fn equal_digits_are_two_and_different_presses_count_at_any_speed() {
    let mut window = open(login(), DESK, None, false);
    for _ in 0..4 {
        window.press("1");
    }
    assert_eq!(window.requests(), vec![Request::Digit(1); 4]);
    let mut list = open(samples::review(Vec::new()), DESK, None, false);
    let before = list.requests().len();
    list.heard.full.set(true);
    press_key(&mut list, Key::F8, 0);
    list.heard.full.set(false);
    press_key(&mut list, Key::F8, 0);
    assert_eq!(list.requests().len(), before + 1, "what was not taken may be asked again at once");
}

#[test]
fn whose_pin_is_asked_for_is_on_the_screen() {
    let asked = LoginView { badge: Some("Lena Ortega".into()), ..LoginView::default() };
    let view = StationView { packer: None, ..samples::view(Screen::Login(asked)) };
    let window = open(view, DESK, None, false);
    assert!(window.harness.query_by_label_contains("Lena Ortega, then press").is_some());
    let what = packbench::core::message::Message::new("approve-partial");
    let sheet = Sheet::Approval { what, badge: Some("Lena Ortega".into()), digits: 0, refused: None };
    let window = open(samples::with_sheet(samples::verify(None), sheet), DESK, None, false);
    assert!(window.harness.query_by_label_contains("Lena Ortega: badge read").is_some());
}

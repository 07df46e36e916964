//! Every screen over a real engine and its database, driven as a person drives it: what the window asks for is decided and
//! committed, and what it shows is what was published.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use egui::{Event, Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use packbench::core::checklist::DocumentKind;
use packbench::core::ids::GestureId;
use packbench::core::message::Arg;
use packbench::core::signal::Signal;
use packbench::core::time::UtcMs;
use packbench::engine::view::*;
use packbench::engine::{Effect, Engine, Input, StationView};
use packbench::i18n::{Catalogue, Lang};
use packbench::station::app::{Port, Source, Station as Screens, StationWindow};
use packbench::station::local::{Look, Settings, TalkKey, Wish};
use packbench::storage::SqlError;
use uuid::Uuid;

use crate::engine_returns::{on_its_way, told};
use crate::station_kit::station::Station;
use crate::station_kit::world::{self, ANNA, Job};
use crate::window_gallery as gallery;

/// A station's engine as the window reaches it.
struct Live {
    station: RefCell<Station>,
    view: RefCell<Arc<StationView>>,
}

impl Live {
    fn publish(&self) {
        *self.view.borrow_mut() = Arc::new(self.station.borrow_mut().view());
    }
}

struct Door(Rc<Live>);

impl Port for Door {
    fn view(&self) -> Arc<StationView> {
        Arc::clone(&self.0.view.borrow())
    }

    fn send(&self, input: Input) -> bool {
        self.0.station.borrow_mut().feed(input);
        self.0.publish();
        true
    }
}

/// A window over an engine.
struct Bench {
    harness: Harness<'static>,
    live: Rc<Live>,
    wishes: Rc<RefCell<Vec<Wish>>>,
    words: Catalogue,
    clock_ms: Arc<AtomicU64>,
}

/// A window, what it wished, and its clock.
type Opened = (Harness<'static>, Rc<RefCell<Vec<Wish>>>, Arc<AtomicU64>);

fn window(source: Source) -> Opened {
    let wishes = Rc::new(RefCell::new(Vec::new()));
    let (told, numbers) = (Rc::clone(&wishes), AtomicU64::new(1));
    let mut parts = Some(StationWindow {
        source,
        settings: Settings { reduced_motion: true, ..Settings::default() },
        wedge: (50, 4),
        talk_key: TalkKey::F12,
        gestures: Arc::new(move || GestureId(Uuid::from_u64_pair(7, numbers.fetch_add(1, Ordering::Relaxed)))),
        on_open: Box::new(|_| {}),
        on_wish: Box::new(move |wish| told.borrow_mut().push(wish)),
        panel: None,
        camera: None,
    });
    let mut screens = None;
    let clock_ms = Arc::new(AtomicU64::new(1_000));
    let time = Arc::clone(&clock_ms);
    let mut harness = Harness::builder().with_size(vec2(1280.0, 800.0)).build_ui(move |ui| {
        if let Some(parts) = parts.take() {
            let time = Arc::clone(&time);
            screens = Some(Screens::open_by(ui.ctx(), parts, Arc::new(move || time.load(Ordering::Relaxed))));
            return;
        }
        if let Some(screens) = &mut screens {
            screens.take(ui.ctx());
            gallery::whole(ui, |ui| {
                let all = ui.max_rect();
                screens.draw(ui, all);
            });
        }
    });
    harness.run_steps(3);
    (harness, wishes, clock_ms)
}

impl Bench {
    fn over(mut station: Station) -> Bench {
        let view = RefCell::new(Arc::new(station.view()));
        let live = Rc::new(Live { station: RefCell::new(station), view });
        let (harness, wishes, clock_ms) = window(Source::Other(Box::new(Door(Rc::clone(&live)))));
        Bench { harness, live, wishes, words: Catalogue::new(Lang::En), clock_ms }
    }

    fn look(&self) -> Arc<StationView> {
        Arc::clone(&self.live.view.borrow())
    }

    fn stage(&self) -> StageView {
        self.look().pack.as_ref().map(|pack| pack.stage.clone()).expect("an order on the bench")
    }

    /// Something happens that is not the window's doing.
    fn outside(&mut self, happens: impl FnOnce(&mut Station)) {
        happens(&mut self.live.station.borrow_mut());
        self.live.publish();
        self.harness.run_steps(3);
    }

    /// Presses the control of this name.
    #[track_caller]
    fn press(&mut self, name: &str) {
        self.harness.get_all_by_label(name).next().expect("such a control").click();
        self.settle();
    }

    /// Presses the control whose name begins with these words: a choice says its second line as well.
    #[track_caller]
    fn choose(&mut self, key: &str) {
        let name = self.words.text(key).into_owned();
        self.harness.get_all_by_label_contains(&name).last().expect("such a choice").click();
        self.settle();
    }

    /// Presses the control that the catalogue names so.
    #[track_caller]
    fn press_key(&mut self, key: &str) {
        let name = self.words.text(key).into_owned();
        self.press(&name);
    }

    #[track_caller]
    fn says(&self, key: &str) {
        let words = self.words.text(key).into_owned();
        assert!(self.harness.query_all_by_label_contains(&words).next().is_some(), "{words:?} is not shown");
    }

    fn key(&mut self, key: Key) {
        self.harness.key_press(key);
        self.settle();
    }

    /// By hand: the next press comes later than an echo of this one, and much later than a scanner's next key.
    fn settle(&mut self) {
        self.harness.run_steps(3);
        self.clock_ms.fetch_add(400, Ordering::Relaxed);
        self.harness.run_steps(3);
    }

    /// A scanner that types: all its keys at once.
    fn scan(&mut self, code: &str) {
        for c in code.chars() {
            self.harness.event(Event::Text(c.to_string()));
        }
        self.harness.key_press(Key::Enter);
        self.harness.run_steps(3);
        self.clock_ms.fetch_add(700, Ordering::Relaxed);
        self.harness.run_steps(3);
    }

    /// Does it for as long as this stage stands, a few times at most.
    fn while_at<T>(&mut self, at: impl Fn(StageView) -> Option<T>, mut act: impl FnMut(&mut Bench, T)) {
        for _ in 0..12 {
            match at(self.stage()) {
                Some(found) => act(self, found),
                None => return,
            }
        }
        panic!("no way on: {:?}", self.stage());
    }

    fn log_in(&mut self) {
        for digit in ANNA.pin.chars() {
            self.press(&digit.to_string());
        }
        self.press_key("action-ok");
    }
}

fn mugs() -> Station {
    Station::new(&[Job::new(1, &[(world::MUG, 2)]), Job::new(2, &[(world::MUG, 1)])])
}

fn at_queue() -> Bench {
    let mut bench = Bench::over(mugs());
    bench.log_in();
    assert_eq!(bench.look().screen, Screen::Queue);
    bench
}

/// At the label of the first order, with its number printed.
fn at_label() -> Bench {
    let mut station = Station::new(&[Job::new(1, &[(world::MUG, 2)])]);
    station.scan(ANNA.badge);
    station.ui(packbench::engine::input::Ui::Start);
    station.work_until(|stage| matches!(stage, StageView::Label(_)));
    Bench::over(station)
}

fn preview(bench: &Bench) -> LabelPreview {
    match bench.stage() {
        StageView::Label(label) => label.preview.expect("a label with a number"),
        other => panic!("not at the label: {other:?}"),
    }
}

#[test]
fn pairing_by_its_keys_asks_central_and_shows_the_login_when_it_is_done() {
    let mut bench = Bench::over(Station::unpaired());
    bench.says("pair-title");
    for c in "K7PMW3XD".chars() {
        bench.press(&c.to_string());
    }
    bench.press_key("pair-connect");
    bench.says("pair-working");
    let asked = bench
        .live
        .station
        .borrow()
        .effects
        .iter()
        .any(|e| matches!(e, Effect::Pair { code, known: None } if code == "K7PMW3XD"));
    assert!(asked, "central is asked with the code as typed");
    bench.outside(Station::pair);
    assert!(matches!(bench.look().screen, Screen::Login(_)));
    bench.says("login-pin");
}

#[test]
fn login_by_pin_leads_to_the_queue_and_a_wrong_one_does_not() {
    let mut bench = Bench::over(mugs());
    for digit in ["9", "9", "9", "9"] {
        bench.press(digit);
    }
    bench.press_key("action-ok");
    assert!(matches!(bench.look().screen, Screen::Login(_)));
    bench.log_in();
    assert_eq!(bench.look().screen, Screen::Queue);
    bench.says("queue-next-order");
    bench.press_key("action-log-out");
    assert!(matches!(bench.look().screen, Screen::Login(_)));
}

#[test]
fn an_idle_screen_locks_and_the_order_waits_for_its_packer() {
    let mut bench = at_queue();
    bench.press_key("action-start");
    assert_eq!(bench.look().screen, Screen::Pack);
    bench.outside(|station| station.tick(11 * 60_000));
    assert!(matches!(&bench.look().screen, Screen::Login(login) if login.locked));
    bench.says("login-order-waits");
    bench.log_in();
    assert_eq!(bench.look().screen, Screen::Pack, "the order is where it was");
    assert!(matches!(bench.stage(), StageView::Review(_)));
}

#[test]
fn the_queue_opens_its_first_order_and_finds_another() {
    let mut bench = at_queue();
    let first = bench.look().queue.rows[0].number.clone();
    bench.key(Key::F8);
    assert_eq!(bench.look().pack.as_ref().map(|order| order.number.clone()), Some(first.clone()));
    let mut bench = at_queue();
    let second = bench.look().queue.rows[1].number.clone();
    bench.scan(&second);
    assert_eq!(bench.look().pack.as_ref().map(|order| order.number.clone()), Some(second));
}

#[test]
fn an_order_is_packed_in_the_window_from_start_to_done() {
    let mut bench = at_queue();
    bench.press_key("action-start");
    bench.press_key("action-go-on");
    assert!(matches!(bench.stage(), StageView::Stock(_)));
    bench.press_key("action-go-on");
    let shelf = |stage| if let StageView::Pick(pick) = stage { pick.location } else { None };
    bench.while_at(shelf, |bench, place| bench.scan(&place.code));
    let item = |stage| if let StageView::Verify(check) = stage { Some(check.product.sku) } else { None };
    bench.while_at(item, |bench, sku| bench.scan(&sku));
    if let StageView::Pack(stage) = bench.stage() {
        let name = stage.suggested.expect("a box").name;
        let take = bench.words.text_with("say-box", &[("box", Arg::Text(name))]);
        bench.press(&take);
    }
    let list = |stage| if let StageView::Checklist(list) = stage { Some(list) } else { None };
    bench.while_at(list, |bench, list| {
        let name = bench.words.render(&list.items[list.current].title);
        let row = bench.harness.get_all_by_label_contains(&name).last().expect("a line of the list");
        row.click();
        bench.harness.run_steps(3);
    });
    if let StageView::Weigh(weigh) = bench.stage() {
        bench.outside(|station| station.weigh(weigh.expected_g.0));
    }
    let sscc = preview(&bench).sscc;
    bench.scan(&format!("00{sscc}"));
    assert!(matches!(bench.stage(), StageView::Done(_)), "{:?}", bench.stage());
    bench.says("done-today");
}

#[test]
fn a_parked_order_stands_among_the_exceptions_and_goes_on_from_there() {
    let mut bench = at_queue();
    bench.press_key("action-start");
    let number = bench.look().pack.as_ref().map(|order| order.number.clone()).expect("an order");
    bench.key(Key::F2);
    bench.says("problem-title");
    bench.choose("problem-hold");
    let Some(Sheet::Form(form)) = bench.look().sheet.clone() else { panic!("no form") };
    assert_eq!(form.kind, ProblemKind::Hold);
    bench.choose(form.reasons[0].key());
    bench.key(Key::F8);
    assert_eq!(bench.look().held.len(), 1);
    assert_eq!(bench.look().screen, Screen::Queue);
    bench.key(Key::F5);
    bench.says("exception-list-title");
    assert!(bench.harness.query_by_label(&number).is_some(), "the order is named");
    bench.press_key("action-go-on");
    assert!(bench.look().held.is_empty() || matches!(bench.stage(), StageView::Held { .. }));
    assert_eq!(bench.look().pack.as_ref().map(|order| order.number.clone()), Some(number));
}

#[test]
fn history_prints_a_label_again_with_a_reason_and_as_a_copy() {
    let mut bench = at_label();
    let sscc = preview(&bench).sscc;
    bench.scan(&format!("00{sscc}"));
    bench.press_key("action-go-on");
    assert_eq!(bench.look().screen, Screen::Queue);
    bench.key(Key::F4);
    bench.says("history-title");
    bench.press_key("action-reprint");
    bench.press_key("document-label");
    bench.press_key("reason-label-damaged");
    bench.key(Key::F8);
    let copies: Vec<u16> = bench
        .live
        .station
        .borrow()
        .papers
        .iter()
        .filter(|paper| paper.job.document == DocumentKind::Label)
        .map(|paper| paper.job.copy)
        .collect();
    assert_eq!(copies, [1, 2]);
}

#[test]
fn no_paper_prints_the_label_once_more() {
    let mut bench = at_label();
    bench.press_key("action-no-paper");
    let station = bench.live.station.borrow();
    let labels = station.papers.iter().filter(|paper| paper.job.document == DocumentKind::Label);
    assert_eq!(labels.map(|paper| paper.job.copy).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn the_device_check_shows_a_scanner_at_work_and_asks_central_now() {
    let mut bench = at_queue();
    bench.key(Key::F9);
    bench.says("device-title");
    bench.press_key("device-send-now");
    assert!(bench.wishes.borrow().contains(&Wish::SendNow));
    bench.scan("NOSUCHTHING42");
    assert_eq!(bench.look().feedback.as_ref().map(|f| f.signal), Some(Signal::Stop), "a scan is heard there as well");
    bench.key(Key::F9);
    bench.says("device-title");
    bench.key(Key::Escape);
    assert_eq!(bench.look().sheet, None);
}

#[test]
fn a_scale_is_zeroed_and_takes_what_lies_on_it_as_tare() {
    let mut bench = at_queue();
    let (kind, name, state) = (DeviceKind::Scale, "bench".to_owned(), DeviceState::Ready);
    let news = packbench::engine::input::DeviceNews { kind, name, state, detail: None, cure: None };
    bench.outside(|station| drop(station.engine.step(vec![Input::Device(news)])));
    bench.key(Key::F9);
    bench.press_key("device-details");
    bench.choose("device-zero");
    bench.choose("device-tare");
    assert_eq!(*bench.wishes.borrow(), [Wish::ZeroScale("bench".to_owned()), Wish::TareScale("bench".to_owned())]);
}

/// What the microphone was told since the last look.
fn told_to_listen(bench: &Bench) -> Vec<bool> {
    let effects = std::mem::take(&mut bench.live.station.borrow_mut().effects);
    effects.iter().filter_map(|e| if let Effect::Listen { on, .. } = e { Some(*on) } else { None }).collect()
}

#[test]
fn the_key_for_talking_and_its_button_listen_for_as_long_as_they_are_held() {
    let voice = packbench::engine::VoiceRules { commands: true, ..packbench::engine::VoiceRules::default() };
    let mut bench = Bench::over(mugs().with_voice(voice));
    told_to_listen(&bench);
    bench.harness.key_down(Key::F12);
    bench.settle();
    assert_eq!(told_to_listen(&bench), [true], "told once, however many frames it is held");
    bench.harness.key_up(Key::F12);
    bench.settle();
    assert_eq!(told_to_listen(&bench), [false]);
    let button = bench.harness.get_by_label_contains("F12").rect().center();
    let press = |pressed| egui::Event::PointerButton {
        pos: button,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    bench.harness.hover_at(button);
    bench.harness.event(press(true));
    bench.settle();
    assert_eq!(told_to_listen(&bench), [true]);
    bench.harness.event(press(false));
    bench.settle();
    assert_eq!(told_to_listen(&bench), [false]);
}

#[test]
fn settings_change_the_language_the_look_and_the_volume_at_once() {
    let mut bench = at_queue();
    bench.key(Key::F10);
    bench.says("settings-title");
    bench.press_key("settings-theme-system");
    bench.press_key("win-louder");
    bench.press("Español");
    let spanish = Catalogue::new(Lang::Es);
    let title = spanish.text("settings-title").into_owned();
    assert!(bench.harness.query_all_by_label_contains(&title).next().is_some(), "the words change at once");
    let kept = bench.wishes.borrow().iter().rev().find_map(|w| if let Wish::Keep(s) = w { Some(*s) } else { None });
    let kept = kept.expect("the choice is kept");
    assert_eq!((kept.lang, kept.look), (Lang::Es, Look::System));
    assert!(kept.volume_percent > Settings::default().volume_percent);
}

#[test]
fn the_desktops_look_is_followed_while_it_runs_and_light_is_taken_where_it_says_nothing() {
    let mut bench = at_queue();
    bench.key(Key::F10);
    bench.press_key("settings-theme-system");
    assert!(!bench.harness.ctx.global_style().visuals.dark_mode);
    for (theme, dark) in [(egui::Theme::Dark, true), (egui::Theme::Light, false)] {
        bench.harness.input_mut().system_theme = Some(theme);
        bench.harness.run_steps(3);
        assert_eq!(bench.harness.ctx.global_style().visuals.dark_mode, dark);
    }
}

/// A return by a scanner that types, by touch, by keys and by command barcodes; what the screen says is what was stored.
#[test]
fn a_return_is_taken_in_by_scans_and_graded_by_touch_key_and_barcode() {
    let mut bench = at_queue();
    let record = on_its_way(1, 901, &[(world::MUG, 2), (world::PHONE, 1), (world::LAMP, 1)]);
    bench.outside(|station| station.pull(vec![told(&record)]));
    bench.press("Returns 1");
    bench.says("return-list");
    bench.key(Key::Escape);
    bench.scan("R000001");
    assert_eq!(bench.look().screen, Screen::Return);
    bench.says("return-finish");
    bench.scan("SKU-1");
    bench.choose("grade-resell");
    let came = |bench: &Bench| bench.look().intake.as_ref().map(|intake| (intake.came, intake.asked));
    assert_eq!(came(&bench), Some((1, 4)));
    assert!(bench.harness.query_all_by_label_contains("Goes to A-01").next().is_some(), "where it goes is shown");
    bench.press_key("action-undo");
    assert_eq!(came(&bench), Some((0, 4)));
    bench.scan("SKU-1");
    bench.key(Key::F5);
    bench.scan("SKU-3");
    bench.says("ok-trace-next");
    bench.scan("SN-2");
    bench.scan(&packbench::core::command_code::CommandCode::Repair.barcode());
    assert_eq!(came(&bench), Some((2, 4)));
    bench.scan("SKU-5");
    bench.says("refusal-return-not-of-this");
    bench.press_key("return-later");
    assert_eq!(bench.look().screen, Screen::Queue);
    bench.press("Returns 1");
    bench.harness.get_all_by_label_contains("R000001").last().expect("it waits in the list").click();
    bench.settle();
    assert_eq!(came(&bench), Some((2, 4)));
    bench.key(Key::F8);
    assert_eq!((bench.look().screen.clone(), came(&bench)), (Screen::Queue, None));
    let station = bench.live.station.borrow();
    let mut look = station.look();
    let facts = look.int("SELECT COUNT(*) FROM event WHERE kind = 'desk.return_received'", &[]).expect("readable");
    assert_eq!(facts, 2);
}

#[test]
fn recovery_says_what_is_wrong_and_takes_nothing() {
    let error = SqlError::Newer { found: 9, known: 1 };
    let view = Engine::recovery(&error, UtcMs(world::START_MS), "0.1.0");
    let (mut harness, wishes, _) = window(Source::Still(Arc::new(view)));
    let words = Catalogue::new(Lang::En);
    for key in ["recovery-title", "win-recovery-do"] {
        let words = words.text(key).into_owned();
        assert!(harness.query_all_by_label_contains(&words).next().is_some(), "{words:?} is not shown");
    }
    harness.key_press(Key::F8);
    harness.run_steps(3);
    assert!(wishes.borrow().is_empty());
}

/// The bars on the screen are the bars that are printed.
#[test]
fn the_label_on_the_screen_can_be_read_by_a_scanner() {
    let bench = at_label();
    let preview = preview(&bench);
    let drawn = preview.picture.expect("the label is drawn");
    let read = crate::labels_kit::read_code128(drawn.width_px, drawn.height_px, &drawn.grey);
    assert!(read.iter().any(|text| text.ends_with(&preview.sscc)), "{read:?}");
    let name = bench.words.text("document-label").into_owned();
    assert!(bench.harness.query_all_by_label(&name).next().is_some(), "and it has a name");
    let again = match &bench.live.station.borrow_mut().view().pack.as_ref().expect("an order").stage {
        StageView::Label(label) => label.preview.as_ref().and_then(|p| p.picture.clone()),
        _ => None,
    };
    assert!(again.is_some_and(|again| Arc::ptr_eq(&again, &drawn)), "it is drawn once");
}

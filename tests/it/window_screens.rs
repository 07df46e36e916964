//! The screens fed from a published view, in every language and window: what they show, what they ask for, and that
//! no word leaves the window.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use egui::{Rect, Role, Theme, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use packbench::core::checklist::DocumentKind;
use packbench::core::ids::{FulfillmentId, LineNo, PackagingId, ProductId, UserId};
use packbench::core::message::Message;
use packbench::core::person;
use packbench::core::session::event::PrintOutcome;
use packbench::core::session::{PrintState, Step};
use packbench::core::signal::{Signal, SoundName};
use packbench::core::stock::{Floor, Side};
use packbench::core::time::UtcMs;
use packbench::core::units::{DimsMm, Grams};
use packbench::engine::input::Ui as Request;
use packbench::engine::view::*;
use packbench::i18n::{Catalogue, Lang};
use packbench::station::local::Local;
use packbench::station::screens::{self, Desk};
use packbench::station::theme;
use uuid::Uuid;

use crate::window_gallery as gallery;

/// The moment of every sample.
const NOW: UtcMs = UtcMs(1_764_000_000_000);

fn message(key: &'static str) -> Message {
    Message::new(key)
}

fn product(index: usize) -> ProductView {
    let (sku, name, _, _) = gallery::LINES[index];
    let id = ProductId(Uuid::from_u128(index as u128));
    ProductView { id, sku: sku.into(), name: name.into(), bin: Some("A-07-3".into()) }
}

fn lines() -> Arc<[LineView]> {
    (1_u32..)
        .zip(gallery::LINES)
        .enumerate()
        .map(|(index, (no, (_, _, done, of)))| LineView {
            no: LineNo(no),
            product: product(index),
            done: done.into(),
            of: of.into(),
            short: 0,
            current: index == 0,
            substituted: false,
        })
        .collect()
}

fn order(step: Step, say: Message, detail: Option<Message>, stage: StageView) -> PackView {
    PackView {
        fulfillment: FulfillmentId(Uuid::from_u128(7)),
        number: "536365".into(),
        ship_by: Some(UtcMs(NOW.0 + 42 * 60_000)),
        step,
        elsewhere: false,
        lines: lines(),
        done: 17,
        of: 40,
        parcel: 1,
        parcels: 1,
        say,
        say_detail: detail,
        signal: Signal::Now,
        stage,
        undo: None,
        step_since: NOW,
        opened: NOW,
    }
}

fn view(order: PackView, feedback: Option<Feedback>) -> StationView {
    let kinds = [DeviceKind::Scanner, DeviceKind::Scale, DeviceKind::Printer, DeviceKind::Camera];
    let devices = kinds.map(|kind| DeviceView {
        kind,
        name: format!("{kind:?}"),
        state: DeviceState::Ready,
        detail: None,
        last_seen: None,
        last_value: None,
    });
    StationView {
        revision: 1,
        now: NOW,
        station: Arc::new(StationInfo { name: "PACK 3".into(), ..StationInfo::default() }),
        screen: Screen::Pack,
        packer: Some(PersonView {
            id: UserId(Uuid::from_u128(1)),
            initials: "M. R.".into(),
            role: person::Role::Packer,
        }),
        devices: devices.into(),
        network: NetworkView { online: true, ..NetworkView::default() },
        feedback: feedback.map(Arc::new),
        sheet: None,
        queue: Arc::new(QueueView::default()),
        pack: Some(Arc::new(order)),
        held: Arc::new([]),
        history: Arc::new([]),
        packagings: Arc::new([]),
        intake: None,
        returns: Arc::new([]),
    }
}

fn verify() -> PackView {
    let stage = StageView::Verify(VerifyView {
        product: product(0),
        done: 3,
        of: 6,
        asks: None,
        source: Some("T-118".into()),
        count_max: 3,
        by_hand: true,
        moving_from: None,
    });
    order(Step::Verify, message("say-verify").with("n", 3_u32), Some(message("say-verify-sub")), stage)
}

fn pick() -> PackView {
    let floor = Floor {
        aisle_names: ["A", "B", "C", "D", "E"].map(String::from).to_vec(),
        bays: 12,
        bay_mm: 1_200,
        aisle_mm: 4_000,
        head_mm: 2_000,
        bench_aisle: 0,
        plan: None,
    };
    let stop = |aisle, bay, side| MapStop { aisle, bay, side, done: false };
    let map = MapView {
        floor,
        stops: vec![stop(0, 6, Side::Left), stop(1, 1, Side::Left), stop(1, 10, Side::Right)],
        way: vec![(0, 0), (0, 9_200), (0, 17_200), (4_000, 17_200), (4_000, 14_000), (4_000, 3_200)],
        current: 0,
    };
    let stage = StageView::Pick(PickView {
        stop: 1,
        stops: 3,
        length_mm: 212_000,
        location: Some(PickPlace {
            code: "A-07-3".into(),
            aisle: "A".into(),
            bay: 7,
            level: 3,
            levels: 4,
            side: Side::Left,
        }),
        take: 6,
        product: product(0),
        map: Some(Arc::new(map)),
        touch_allowed: false,
    });
    order(Step::Pick, message("say-pick").with("bin", "A-07-3"), None, stage)
}

fn boxes() -> PackView {
    let unit = |step, at, length, width, height| PlacedView {
        step,
        at,
        size: DimsMm { length, width, height },
        up: Up::Height,
        this_side_up: step == 2,
        bears_g: (step == 2).then_some(Grams(0)),
    };
    let stage = StageView::Pack(BoxView {
        suggested: Some(PackagingView {
            id: PackagingId(Uuid::from_u128(3)),
            name: "L".into(),
            inner: DimsMm { length: 400, width: 300, height: 300 },
            envelope: false,
        }),
        why: vec![
            message("carton-fits-all"),
            message("carton-smaller-too-short").with("name", "M").with("missing", 60_u32),
        ],
        placed: vec![
            unit(1, (0, 0, 0), 200, 300, 150),
            unit(2, (200, 0, 0), 200, 300, 150),
            unit(3, (0, 0, 150), 200, 150, 90),
        ],
        order: vec![(product(1), 6)],
        filled_percent: Some(82),
    });
    order(Step::Pack, message("say-box").with("box", "L"), Some(message("say-box-sub")), stage)
}

fn checklist() -> PackView {
    let row = |icon, key, done| ChecklistRow {
        icon,
        say: message(key),
        title: message(key),
        why: message("list-why-every-parcel"),
        done,
        by_photo: false,
        offered: false,
    };
    let stage = StageView::Checklist(ChecklistView {
        items: vec![
            row(ListIcon::Doc, "document-packing-slip", true),
            row(ListIcon::Fragile, "list-fragile", false),
            row(ListIcon::Gift, "list-gift-message", false),
            row(ListIcon::Photo, "list-photo", false),
        ],
        current: 1,
    });
    order(Step::Checklist, message("list-fragile"), None, stage)
}

fn weigh(outside: bool) -> PackView {
    let stage = StageView::Weigh(WeighView {
        reading: Some(ReadingView { grams: Grams(12_110), stable: true }),
        expected_g: Grams(12_080),
        low_g: Grams(11_480),
        high_g: Some(Grams(12_680)),
        relies_on_scans: None,
        outside: outside.then(|| OutsideView { grams: Grams(10_720), suspect: Some((product(0), 6, Grams(1_320))) }),
        scale: true,
    });
    let mut order = order(Step::Weigh, message("say-weigh-moving"), Some(message("say-weigh-moving-sub")), stage);
    order.signal = if outside { Signal::Stop } else { Signal::Ok };
    order
}

fn label() -> PackView {
    let print = |document| PrintRow {
        document,
        copy: 1,
        state: PrintState::Ended(PrintOutcome::PaperMoved),
        trouble: None,
        at: Some(NOW),
        way: None,
    };
    let stage = StageView::Label(LabelView {
        house_instead: None,
        preview: Some(LabelPreview {
            from: "PACKBENCH DEMO".into(),
            to: vec!["Customer 17850".into(), "Demo Street 1".into(), "United Kingdom".into()],
            number: "536365".into(),
            parcel: (1, 1),
            route: "R 12".into(),
            weight_g: Some(Grams(12_110)),
            marks: vec![],
            sscc: "350123450000047110".into(),
            picture: Some(crate::labels_kit::on_screen("350123450000047110")),
        }),
        prints: vec![print(DocumentKind::Label), print(DocumentKind::PackingSlip)],
        blocked: None,
        put_at: None,
    });
    order(Step::Confirm, message("say-confirm"), Some(message("say-confirm-sub")), stage)
}

fn done() -> PackView {
    let stage = StageView::Done(DoneView {
        took_ms: 252_000,
        median_ms: Some(270_000),
        today: 31,
        right_permille: 996,
        cage: "R 12".into(),
        next: None,
        advance_at: Some(UtcMs(NOW.0 + 2_000)),
        advance_ms: 3_000,
    });
    let mut order = order(Step::Next, message("say-done"), Some(message("say-done-last-sub")), stage);
    order.signal = Signal::Ok;
    order
}

fn refusal() -> Feedback {
    let mut scanned = product(0);
    scanned.sku = "21733".into();
    scanned.name = "RED HANGING HEART T-LIGHT HOLDER".into();
    Feedback {
        id: 1,
        signal: Signal::Stop,
        title: message("refusal-wrong-item"),
        detail: None,
        sound: SoundName::Stop,
        compare: Some(Compare { needed: Some(product(0)), scanned }),
        counted: None,
        at: NOW,
    }
}

struct Window {
    harness: Harness<'static>,
    requests: Rc<RefCell<Vec<Request>>>,
}

fn window(view: StationView, lang: Lang, size: Vec2, after_ms: i64) -> Window {
    let requests = Rc::new(RefCell::new(Vec::new()));
    let asked = Rc::clone(&requests);
    let words = Catalogue::new(lang);
    let harness =
        Harness::builder().with_size(size).with_theme(Theme::Light).with_context_setup(theme::install).build_ui(
            move |ui| {
                gallery::whole(ui, |ui| {
                    let mut desk = Desk::new(&view, &words, UtcMs(NOW.0 + after_ms));
                    if let Some(order) = view.pack.clone() {
                        screens::pack(ui, ui.max_rect(), &mut desk, &order);
                    }
                    asked.borrow_mut().extend(desk.into_requests());
                });
            },
        );
    Window { harness, requests }
}

const DESK: Vec2 = vec2(1280.0, 800.0);

/// Every step's screen.
fn all() -> Vec<(&'static str, StationView)> {
    vec![
        ("verify", view(verify(), None)),
        ("refused", view(verify(), Some(refusal()))),
        ("pick", view(pick(), None)),
        ("box", view(boxes(), None)),
        ("checklist", view(checklist(), None)),
        ("weigh", view(weigh(false), None)),
        ("outside", view(weigh(true), None)),
        ("label", view(label(), None)),
        ("done", view(done(), None)),
    ]
}

#[test]
fn no_word_leaves_the_window_and_none_is_missing_in_any_language() {
    for lang in [Lang::En, Lang::Es, Lang::Ms, Lang::Ru] {
        for size in [DESK, vec2(800.0, 1280.0)] {
            for (name, view) in all() {
                let window = window(view, lang, size, 0);
                let edge = Rect::from_min_size(pos2(0.0, 0.0), size).expand(0.5);
                for role in [Role::Label, Role::Button] {
                    for node in window.harness.get_all_by_role(role) {
                        let node_words = node.value().or_else(|| node.accesskit_node().label()).unwrap_or_default();
                        let rect = node.rect();
                        assert!(edge.contains_rect(rect), "{name} {lang:?} {size:?}: {node_words:?} at {rect:?}");
                        assert!(!node_words.contains('⟦'), "{name} {lang:?}: {node_words}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_refusal_stays_and_counted_passes() {
    let stays = window(view(verify(), Some(refusal())), Lang::En, DESK, 600_000);
    assert!(stays.harness.query_by_label("NEEDED").is_some(), "a refusal stays until the next scan");
    let mut counted = refusal();
    counted.signal = Signal::Ok;
    counted.title = message("settings-saved");
    counted.compare = None;
    let shows = window(view(verify(), Some(counted.clone())), Lang::En, DESK, 1_000);
    assert!(shows.harness.query_by_label("Saved").is_some());
    let gone = window(view(verify(), Some(counted)), Lang::En, DESK, 1_300);
    assert!(gone.harness.query_by_label("Saved").is_none());
    assert!(gone.harness.query_by_label_contains("Scan 3 more").is_some());
}

#[test]
fn two_devices_of_a_kind_share_a_chip_that_shows_the_one_in_trouble() {
    let mut shown = view(verify(), None);
    let mut devices = shown.devices.to_vec();
    let second = DeviceView {
        name: "Ring scanner".into(),
        state: DeviceState::Lost { since: NOW },
        ..devices.first().cloned().expect("a scanner")
    };
    devices.insert(1, second);
    shown.devices = devices.into();
    let bar = window(shown, Lang::En, DESK, 0);
    assert!(bar.harness.query_by_label("Ring scanner").is_some(), "the lost one");
    assert!(bar.harness.query_by_label("Scanner").is_none(), "not the other one beside it");
    assert!(bar.harness.query_by_label("Scale").is_some());
}

#[test]
fn presses_and_keys_become_requests() {
    let mut check = window(view(verify(), None), Lang::En, DESK, 0);
    check.harness.get_by_label("Undo scan").click();
    check.harness.run_steps(3);
    check.harness.key_press(egui::Key::F2);
    check.harness.run_steps(3);
    let wanted = [Request::Undo, Request::OpenSheet(Sheet::Problems)];
    assert_eq!(*check.requests.borrow(), wanted);
    let mut list = window(view(checklist(), None), Lang::En, DESK, 0);
    list.harness.get_by_label_contains("Fragile sticker, top. every parcel").click();
    list.harness.run_steps(3);
    assert_eq!(*list.requests.borrow(), [Request::Tick(1)]);
    let mut scale = window(view(weigh(true), None), Lang::En, DESK, 0);
    scale.harness.get_by_label("Count again").click();
    scale.harness.run_steps(3);
    assert_eq!(*scale.requests.borrow(), [Request::Recount]);
}

#[test]
fn the_box_is_packed_unit_by_unit_and_turned() {
    let mut view = view(boxes(), None);
    let words = Catalogue::new(Lang::En);
    let kept = Rc::new(RefCell::new(Local::default()));
    let inside = Rc::clone(&kept);
    if let Some(order) = &mut view.pack
        && let StageView::Pack(stage) = &mut Arc::make_mut(order).stage
    {
        stage.order = vec![(product(1), 1), (product(2), 1), (product(3), 1)];
        stage.placed[1].up = Up::Width;
    }
    let mut harness =
        Harness::builder().with_size(DESK).with_theme(Theme::Light).with_context_setup(theme::install).build_ui(
            move |ui| {
                gallery::whole(ui, |ui| {
                    let mut desk = Desk::with_local(&view, &words, NOW, inside.borrow().clone());
                    screens::draw(ui, ui.max_rect(), &mut desk);
                    *inside.borrow_mut() = desk.finish().2;
                });
            },
        );
    let shows = |harness: &Harness<'static>, words: &str| harness.query_all_by_label_contains(words).next().is_some();
    assert!(shows(&harness, "Why L") && !shows(&harness, "Put in item"), "first the packed box");
    harness.get_by_label("Next item").click();
    harness.run_steps(3);
    assert!(shows(&harness, "Put in item 1 of 3") && !shows(&harness, "Why L"));
    harness.key_press(egui::Key::ArrowDown);
    harness.run_steps(3);
    assert!(shows(&harness, "Put in item 2 of 3") && shows(&harness, "On its side"));
    let (_, second, _, _) = gallery::LINES[2];
    assert!(shows(&harness, second), "its name is on the stage and in the picture's words");
    assert!(shows(&harness, "Take box L"), "the box can be taken at any time");
    harness.get_by_label("Item before").click();
    harness.run_steps(3);
    harness.get_by_label("Item before").click();
    harness.run_steps(3);
    assert_eq!(kept.borrow().put, None, "before the first one is the packed box");
    harness.get_by_label("Turn left").click();
    harness.run_steps(3);
    harness.key_press(egui::Key::ArrowRight);
    harness.key_press(egui::Key::ArrowRight);
    harness.run_steps(3);
    harness.run_steps(3);
    assert!(kept.borrow().turned_mdeg < 0, "{}", kept.borrow().turned_mdeg);
    let before = kept.borrow().turned_mdeg;
    harness.drag_at(pos2(400.0, 350.0));
    harness.run_steps(2);
    harness.hover_at(pos2(460.0, 350.0));
    harness.run_steps(2);
    harness.drop_at(pos2(460.0, 350.0));
    harness.run_steps(2);
    assert_eq!(kept.borrow().turned_mdeg, before - 30_000, "a finger turns it too");
}

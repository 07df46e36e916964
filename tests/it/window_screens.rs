//! The screens fed from a published view, in every language and window: what they show, what they ask for, and that
//! no word leaves the window.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use egui::{Rect, Role, Theme, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use packbench::core::message::Message;
use packbench::core::signal::Signal;
use packbench::core::time::UtcMs;
use packbench::engine::input::Ui as Request;
use packbench::engine::view::*;
use packbench::i18n::{Catalogue, Lang};
use packbench::station::local::Local;
use packbench::station::screens::{self, Desk};
use packbench::station::theme;

use crate::window_gallery as gallery;
use crate::window_samples::{NOW, boxes, checklist, done, label, pick, product, refusal, verify, weigh};

/// A view that has just been answered.
fn answered(view: StationView, feedback: Feedback) -> StationView {
    StationView { feedback: Some(Arc::new(feedback)), ..view }
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
        ("verify", verify(None)),
        ("refused", answered(verify(None), refusal())),
        ("pick", pick()),
        ("box", boxes()),
        ("checklist", checklist()),
        ("weigh", weigh(false)),
        ("outside", weigh(true)),
        ("label", label()),
        ("done", done()),
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
    let stays = window(answered(verify(None), refusal()), Lang::En, DESK, 600_000);
    assert!(stays.harness.query_by_label("NEEDED").is_some(), "a refusal stays until the next scan");
    let mut counted = refusal();
    counted.signal = Signal::Ok;
    counted.title = Message::new("settings-saved");
    counted.compare = None;
    let shows = window(answered(verify(None), counted.clone()), Lang::En, DESK, 1_000);
    assert!(shows.harness.query_by_label("Saved").is_some());
    let gone = window(answered(verify(None), counted), Lang::En, DESK, 1_300);
    assert!(gone.harness.query_by_label("Saved").is_none());
    assert!(gone.harness.query_by_label_contains("Scan 3 more").is_some());
}

#[test]
fn two_devices_of_a_kind_share_a_chip_that_shows_the_one_in_trouble() {
    let mut shown = verify(None);
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
    assert!(bar.harness.query_by_label("hand").is_none(), "not the other one beside it");
    assert!(bar.harness.query_by_label("scale").is_some());
}

#[test]
fn presses_and_keys_become_requests() {
    let mut check = window(verify(None), Lang::En, DESK, 0);
    check.harness.get_by_label("Undo scan").click();
    check.harness.run_steps(3);
    check.harness.key_press(egui::Key::F2);
    check.harness.run_steps(3);
    let wanted = [Request::Undo, Request::OpenSheet(Sheet::Problems)];
    assert_eq!(*check.requests.borrow(), wanted);
    let mut list = window(checklist(), Lang::En, DESK, 0);
    list.harness.get_by_label_contains("Fragile sticker, top. every parcel").click();
    list.harness.run_steps(3);
    assert_eq!(*list.requests.borrow(), [Request::Tick(1)]);
    let mut scale = window(weigh(true), Lang::En, DESK, 0);
    scale.harness.get_by_label("Count again").click();
    scale.harness.run_steps(3);
    assert_eq!(*scale.requests.borrow(), [Request::Recount]);
}

#[test]
fn the_box_is_packed_unit_by_unit_and_turned() {
    let mut view = boxes();
    let words = Catalogue::new(Lang::En);
    let kept = Rc::new(RefCell::new(Local::default()));
    let inside = Rc::clone(&kept);
    if let Some(order) = &mut view.pack
        && let StageView::Pack(stage) = &mut Arc::make_mut(order).stage
    {
        stage.order = vec![(product(1), 1), (product(2), 1), (product(3), 1)];
        stage.placed.truncate(3);
        for (step, unit) in (1..).zip(&mut stage.placed) {
            unit.step = step;
        }
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

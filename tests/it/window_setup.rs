//! The screens that set a scanner up: another reader reads the codes from what is drawn, buttons ask once, and what went wrong is said.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use egui::{Color32, Shape, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use packbench::devices::scanner::learn::TestCode;
use packbench::engine::StationView;
use packbench::engine::input::Ui as Request;
use packbench::engine::view::{DeviceState, SetupStage};
use packbench::i18n::{Catalogue, Lang};
use packbench::station::local::{Local, Overlay};
use packbench::station::screens::{self, Desk};
use packbench::station::theme;

use crate::labels_kit::zbar;
use crate::window_gallery as gallery;
use crate::window_samples::NOW;
use crate::window_setup_samples as samples;

struct Window {
    harness: Harness<'static>,
    requests: Rc<RefCell<Vec<Request>>>,
}

const DESK: Vec2 = vec2(1280.0, 800.0);

fn window(view: StationView, overlay: Option<Overlay>, size: Vec2, per_point: f32, dark: bool) -> Window {
    let requests = Rc::new(RefCell::new(Vec::new()));
    let asked = Rc::clone(&requests);
    let words = Catalogue::new(Lang::En);
    let mut local = Local::default();
    local.overlay = overlay;
    let look = if dark { theme::Look::Dark } else { theme::Look::Light };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(per_point)
        .with_theme(if dark { Theme::Dark } else { Theme::Light })
        .with_context_setup(move |ctx| {
            theme::install(ctx);
            theme::apply(ctx, look);
        })
        .build_ui(move |ui| {
            gallery::whole(ui, |ui| {
                let mut desk = Desk::with_local(&view, &words, NOW, std::mem::take(&mut local));
                screens::draw(ui, ui.max_rect(), &mut desk);
                let (requests, _, kept) = desk.finish();
                asked.borrow_mut().extend(requests);
                local = kept;
            });
        });
    harness.run_steps(3);
    Window { harness, requests }
}

impl Window {
    fn press(&mut self, word: &str) {
        self.harness.get_by_label(word).click();
        self.harness.run_steps(3);
    }

    fn shows(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }
}

/// The bars that are drawn, and the white they lie on, as a picture of the screen's own pixels.
fn picture(window: &Window, size: Vec2, per_point: f32, file: &Path) {
    let (wide, high) = ((size.x * per_point) as u32, (size.y * per_point) as u32);
    let mut grey = image::GrayImage::from_pixel(wide, high, image::Luma([128]));
    let mut fill = |rect: egui::Rect, ink: u8| {
        let px = |v: f32| (v * per_point).round().max(0.0) as u32;
        for y in px(rect.top())..px(rect.bottom()).min(high) {
            for x in px(rect.left())..px(rect.right()).min(wide) {
                grey.put_pixel(x, y, image::Luma([ink]));
            }
        }
    };
    fn each(shape: &Shape, fill: &mut impl FnMut(egui::Rect, u8)) {
        match shape {
            Shape::Vec(all) => all.iter().for_each(|one| each(one, fill)),
            Shape::Rect(rect) if rect.fill == Color32::WHITE => fill(rect.rect, 255),
            Shape::Mesh(mesh) => {
                for bar in mesh.vertices.chunks(4).filter(|bar| bar.iter().all(|v| v.color == Color32::BLACK)) {
                    fill(egui::Rect::from_points(&bar.iter().map(|v| v.pos).collect::<Vec<_>>()), 0);
                }
            }
            _ => {}
        }
    }
    for clipped in &window.harness.output().shapes {
        each(&clipped.shape, &mut fill);
    }
    grey.save(file).unwrap();
}

#[test]
fn another_reader_reads_the_codes_from_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("screen.png");
    for (size, per_point, dark) in
        [(DESK, 1.0, false), (vec2(800.0, 1280.0), 1.0, true), (vec2(1422.0, 800.0), 1.35, true)]
    {
        for (number, code) in (1..).zip(TestCode::ALL) {
            let window = window(samples::sheet(samples::scan(number), None), None, size, per_point, dark);
            picture(&window, size, per_point, &file);
            let name = if code == TestCode::Ean { "EAN-13" } else { "CODE-128" };
            // Some versions of this reader leave FNC1 out, others show it as GS.
            let read: Vec<String> = zbar(&file).iter().map(|line| line.replace('\u{1d}', "")).collect();
            assert_eq!(read, [format!("{name}:{}", code.text())], "{size:?}");
        }
    }
}

#[test]
fn the_page_of_a_scanner_leads_to_its_setting_up_and_of_others_not() {
    let closely = || samples::all().remove(0).1;
    let mut scanner = window(closely(), Some(Overlay::Device(0)), DESK, 1.0, false);
    scanner.press("Set up this scanner");
    assert_eq!(*scanner.requests.borrow(), [Request::SetUpScanner("hand".into())]);
    assert!(!window(closely(), Some(Overlay::Device(1)), DESK, 1.0, false).shows("Set up"), "a scale");
    let mut usb = closely();
    let mut list = usb.devices.to_vec();
    list[0].set_up = false;
    usb.devices = list.into();
    assert!(!window(usb, Some(Overlay::Device(0)), DESK, 1.0, false).shows("Set up"), "one that has no such settings");
}

#[test]
fn the_sheet_asks_to_keep_to_begin_again_and_to_leave() {
    let mut learnt = window(samples::sheet(SetupStage::Learnt(samples::learnt()), None), None, DESK, 1.0, false);
    for words in
        ["Before every code", "<STX>", "Ends a code", "<CR>", "comes as the text |", "Better: set it to send AIM"]
    {
        assert!(learnt.shows(words), "{words}");
    }
    learnt.press("Keep");
    learnt.press("Begin again");
    learnt.press("Leave");
    assert_eq!(*learnt.requests.borrow(), [Request::SetupKeep, Request::SetupAgain, Request::CloseSheet]);
    let keeping = window(samples::sheet(SetupStage::Keeping(samples::learnt()), None), None, DESK, 1.0, false);
    assert!(keeping.shows("Writing") && keeping.harness.query_by_label("Keep").is_none(), "no second press");
    let file = "/etc/packbench/packbench.toml".to_owned();
    let kept = samples::sheet(SetupStage::Kept { learnt: samples::learnt(), file }, None);
    let kept = window(kept, None, DESK, 1.0, false);
    assert!(kept.shows("in use now") && kept.shows("/etc/packbench/packbench.toml"));
}

#[test]
fn the_sheet_says_what_came_instead_and_that_the_scanner_is_gone() {
    let mut shown = samples::all().into_iter();
    let refused = shown.find(|(name, _)| *name == "setup-refused").unwrap().1;
    let stop = window(refused.clone(), None, DESK, 1.0, false);
    for words in [
        "This is code 3, not the one shown",
        "Scan the code on the screen",
        "<STX>9506000134352<CR>",
        "Scan code 2 of 3",
    ] {
        assert!(stop.shows(words), "{words}");
    }
    let mut gone = refused;
    let mut list = gone.devices.to_vec();
    list[0].state = DeviceState::Lost { since: NOW };
    list[0].cure = Some(packbench::core::message::Message::new("device-cure-disconnected"));
    gone.devices = list.into();
    let gone = window(gone, None, DESK, 1.0, false);
    assert!(gone.shows("hand is not there") && gone.shows("Plug it in again") && !gone.shows("not the one shown"));
}

//! Pictures of every screen for the documentation: English, light, 1280 × 800, in `docs/images/`. They are drawn when
//! `PACKBENCH_PICTURES=1` is set; `PACKBENCH_PICTURES_TO` names another folder and adds all languages, themes and sizes.
//!
//! `docs/images/drawn.txt` holds a number for each picture, made of what the screen draws and where. Where a screen has
//! changed since its picture was drawn, the numbers differ, and the test says which to draw again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use egui::{Shape, Theme, Vec2, vec2};
use egui_kittest::Harness;
use packbench::engine::StationView;
use packbench::i18n::{Catalogue, Lang};
use packbench::station::camera::Eyepiece;
use packbench::station::local::{Local, Overlay, Settings};
use packbench::station::screens::{self, Desk};
use packbench::station::theme::{self, Look};

use crate::window_camera::{Camera, photo_wanted};
use crate::window_flow as flow;
use crate::window_gallery as gallery;
use crate::window_samples::{self as samples, NOW};

/// Language, theme, size and pixels per point.
type Kind = (Lang, bool, Vec2, f32);

/// How the documentation shows a screen.
const DESK: Kind = (Lang::En, false, vec2(1280.0, 800.0), 1.0);

fn screen(view: StationView, (lang, dark, size, ppp): Kind, local: Local, wgpu: bool) -> Harness<'static> {
    let words = Catalogue::in_zone(lang, "UTC").unwrap();
    let mut local = local;
    local.settings = Settings { lang, look: if dark { Look::Dark } else { Look::Light }, ..local.settings };
    let builder = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(ppp)
        .with_theme(if dark { Theme::Dark } else { Theme::Light })
        .with_context_setup(move |ctx| {
            theme::install(ctx);
            theme::apply(ctx, if dark { Look::Dark } else { Look::Light });
        });
    let builder = if wgpu { builder.wgpu() } else { builder };
    let mut eyepiece = Eyepiece::new(Box::new(Camera::with_scene()));
    let mut harness = builder.build_ui(move |ui| {
        gallery::whole(ui, |ui| {
            let looked_at = local.looks_at.take();
            let mut desk = Desk::with_local(&view, &words, NOW, std::mem::take(&mut local));
            desk.camera = eyepiece.see(ui.ctx(), looked_at.as_deref());
            screens::draw(ui, ui.max_rect(), &mut desk);
            local = desk.finish().2;
        });
    });
    harness.run_steps(3);
    harness
}

fn save(folder: &Path, name: &str, harness: &mut Harness<'static>) {
    let picture = harness.render().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    picture.save(folder.join(format!("{name}.png"))).unwrap();
}

/// A number made of everything drawn, with its place to the pixel, its text and its colour.
fn drawn(harness: &Harness<'static>) -> String {
    let mut list = String::new();
    for clipped in &harness.output().shapes {
        describe(&clipped.shape, &mut list);
    }
    // FNV-1a, 64 bits: enough to see a difference.
    let hash = list
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

fn describe(shape: &Shape, list: &mut String) {
    use std::fmt::Write as _;
    let place = shape.visual_bounding_rect();
    let [left, top] = [place.left(), place.top()].map(f32::round);
    let [right, low] = [place.right(), place.bottom()].map(f32::round);
    match shape {
        Shape::Vec(all) => all.iter().for_each(|one| describe(one, list)),
        Shape::Text(text) => {
            let ink = text.galley.job.sections.first().map(|section| section.format.color);
            writeln!(list, "{left} {top} {} {:?} {ink:?}", text.galley.text(), text.override_text_color).unwrap();
        }
        Shape::Rect(rect) => {
            writeln!(list, "{left} {top} {right} {low} {:?} {:?}", rect.fill, rect.stroke.color).unwrap();
        }
        Shape::Mesh(mesh) => {
            let ink = mesh.vertices.first().map(|vertex| vertex.color);
            writeln!(list, "{left} {top} {right} {low} {} {ink:?}", mesh.vertices.len()).unwrap();
        }
        other => writeln!(list, "{left} {top} {right} {low} {:?}", std::mem::discriminant(other)).unwrap(),
    }
}

/// The numbers of the pictures that lie there.
fn kept() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(images().join("drawn.txt")).unwrap_or_default();
    let pair = |line: &str| line.split_once(' ').map(|(name, number)| (name.to_owned(), number.to_owned()));
    text.lines().filter_map(pair).collect()
}

fn images() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/images")
}

/// Everything there is a picture of.
fn all() -> Vec<(&'static str, StationView, Local)> {
    let mut list = samples::all();
    list.push(("network", list.iter().find(|(name, _)| *name == "queue-offline").unwrap().1.clone()));
    list.push(("device-camera", list.iter().find(|(name, _)| *name == "devices").unwrap().1.clone()));
    list.push(("checklist-photo", photo_wanted()));
    let local = |name: &str| {
        let mut local = samples::local(name);
        if name == "device-camera" {
            local.overlay = Some(Overlay::Device(3));
        }
        if name == "network" {
            local.overlay = Some(Overlay::Network);
        }
        local
    };
    list.into_iter().map(|(name, view)| (name, view, local(name))).collect()
}

#[test]
fn every_picture_shows_its_screen_as_it_is() {
    let kept = kept();
    let mut old = Vec::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for (name, view, local) in all() {
        let number = drawn(&screen(view, DESK, local, false));
        names.insert(name.to_owned());
        if kept.get(name) != Some(&number) || !images().join(format!("{name}.png")).exists() {
            old.push(name);
        }
    }
    if kept.get("demo") != Some(&drawn(&panel(false).harness)) {
        old.push("demo");
    }
    names.insert("demo".to_owned());
    let list = old.join(",");
    assert!(
        old.is_empty(),
        "draw them again, look at them and commit them: \
         PACKBENCH_PICTURES=1 PACKBENCH_PICTURES_ONLY={list} cargo test --locked --test it pictures_of"
    );
    assert_eq!(kept.into_keys().collect::<BTreeSet<_>>(), names, "docs/images/drawn.txt names what is no screen");
}

/// The whole window with the demo's panel beside it.
fn panel(wgpu: bool) -> flow::Window {
    flow::open(samples::verify(None), vec2(1680.0, 800.0), Some(Box::new(flow::World::default())), wgpu)
}

#[test]
fn pictures_of_every_screen_are_drawn_when_asked_for() {
    if std::env::var("PACKBENCH_PICTURES").as_deref() != Ok("1") {
        return;
    }
    let only = std::env::var("PACKBENCH_PICTURES_ONLY").unwrap_or_default();
    let wanted = |name: &str| only.is_empty() || only.split(',').any(|part| part == name);
    let list: Vec<_> = all().into_iter().filter(|(name, ..)| wanted(name)).collect();
    let Ok(other) = std::env::var("PACKBENCH_PICTURES_TO") else {
        let mut numbers = kept();
        for (name, view, local) in list {
            let mut harness = screen(view, DESK, local, true);
            save(&images(), name, &mut harness);
            numbers.insert(name.to_owned(), drawn(&harness));
        }
        if wanted("demo") {
            let mut window = panel(true);
            save(&images(), "demo", &mut window.harness);
            numbers.insert("demo".to_owned(), drawn(&window.harness));
        }
        let text: String = numbers.iter().map(|(name, number)| format!("{name} {number}\n")).collect();
        std::fs::write(images().join("drawn.txt"), text).unwrap();
        return;
    };
    let folder = PathBuf::from(other);
    if wanted("demo") {
        save(&folder, "demo", &mut panel(true).harness);
    }
    let kinds = std::env::var("PACKBENCH_PICTURES_KINDS").unwrap_or_else(|_| "en".into());
    for kind in kinds.split(',') {
        for (name, view, local) in all().into_iter().filter(|(name, ..)| wanted(name)) {
            let how = match kind {
                "ru" => (Lang::Ru, false, DESK.2, 1.0),
                "es-dark" => (Lang::Es, true, DESK.2, 1.0),
                "portrait" => (Lang::En, false, vec2(800.0, 1280.0), 1.0),
                "ru-portrait" => (Lang::Ru, true, vec2(800.0, 1280.0), 1.0),
                "wide" => (Lang::Ms, false, vec2(1422.0, 800.0), 1.35),
                _ => DESK,
            };
            save(&folder, &format!("{kind}-{name}"), &mut screen(view, how, local, true));
        }
    }
}

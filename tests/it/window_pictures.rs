//! Pictures of every screen for the documentation, drawn only when `PACKBENCH_PICTURES=1` is set: English, light,
//! 1280 × 800, into `docs/images/`. `PACKBENCH_PICTURES_TO` names another folder and adds all languages, themes and sizes.

use std::path::{Path, PathBuf};

use egui::{Theme, Vec2, vec2};
use egui_kittest::Harness;
use packbench::engine::StationView;
use packbench::i18n::{Catalogue, Lang};
use packbench::station::local::{Local, Overlay, Settings};
use packbench::station::screens::{self, Desk};
use packbench::station::theme::{self, Look};

use crate::window_flow as flow;
use crate::window_gallery as gallery;
use crate::window_samples::{self as samples, NOW};

/// Language, theme, size and pixels per point.
type Kind = (Lang, bool, Vec2, f32);

fn save(folder: &Path, name: &str, view: StationView, (lang, dark, size, ppp): Kind, local: Local) {
    let words = Catalogue::in_zone(lang, "UTC").unwrap();
    let mut local = local;
    local.settings = Settings { lang, look: if dark { Look::Dark } else { Look::Light }, ..local.settings };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(ppp)
        .with_theme(if dark { Theme::Dark } else { Theme::Light })
        .with_context_setup(move |ctx| {
            theme::install(ctx);
            theme::apply(ctx, if dark { Look::Dark } else { Look::Light });
        })
        .wgpu()
        .build_ui(move |ui| {
            gallery::whole(ui, |ui| {
                let mut desk = Desk::with_local(&view, &words, NOW, std::mem::take(&mut local));
                screens::draw(ui, ui.max_rect(), &mut desk);
                local = desk.finish().2;
            });
        });
    harness.run_steps(3);
    let picture = harness.render().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    picture.save(folder.join(format!("{name}.png"))).unwrap();
}

/// The whole window with the demo's panel beside it.
fn panel(folder: &Path) {
    let mut window =
        flow::open(samples::verify(None), vec2(1680.0, 800.0), Some(Box::new(flow::World::default())), true);
    let picture = window.harness.render().unwrap();
    picture.save(folder.join("demo.png")).unwrap();
}

#[test]
fn pictures_of_every_screen_are_drawn_when_asked_for() {
    if std::env::var("PACKBENCH_PICTURES").as_deref() != Ok("1") {
        return;
    }
    let only = std::env::var("PACKBENCH_PICTURES_ONLY").unwrap_or_default();
    let wanted = |name: &str| only.is_empty() || only.split(',').any(|part| part == name);
    let desk = vec2(1280.0, 800.0);
    let mut list = samples::all();
    list.push(("network", list.iter().find(|(name, _)| *name == "queue-offline").unwrap().1.clone()));
    let list: Vec<_> = list.into_iter().filter(|(name, _)| wanted(name)).collect();
    let local = |name: &str| {
        let mut local = Local::default();
        local.overlay = (name == "network").then_some(Overlay::Network);
        local
    };
    let Ok(other) = std::env::var("PACKBENCH_PICTURES_TO") else {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/images");
        for (name, view) in list {
            save(&folder, name, view, (Lang::En, false, desk, 1.0), local(name));
        }
        panel(&folder);
        return;
    };
    let folder = PathBuf::from(other);
    std::fs::create_dir_all(&folder).unwrap();
    if wanted("demo") {
        panel(&folder);
    }
    let kinds = std::env::var("PACKBENCH_PICTURES_KINDS").unwrap_or_else(|_| "en".into());
    for kind in kinds.split(',') {
        for (name, view) in list.clone() {
            let how = match kind {
                "ru" => (Lang::Ru, false, desk, 1.0),
                "es-dark" => (Lang::Es, true, desk, 1.0),
                "portrait" => (Lang::En, false, vec2(800.0, 1280.0), 1.0),
                "ru-portrait" => (Lang::Ru, true, vec2(800.0, 1280.0), 1.0),
                "wide" => (Lang::Ms, false, vec2(1422.0, 800.0), 1.35),
                _ => (Lang::En, false, desk, 1.0),
            };
            save(&folder, &format!("{kind}-{name}"), view, how, local(name));
        }
    }
}

//! Every screen, step and sheet in every language, theme and size: no text is cut, breaks inside a word, becomes too
//! small to read, leaves the window or lies on another; everything that can be pressed is large enough.

use std::cell::RefCell;
use std::rc::Rc;

use egui::epaint::{ClippedShape, Shape, TextShape};
use egui::{Rect, Role, Theme, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use packbench::engine::StationView;
use packbench::engine::view::Sheet;
use packbench::i18n::{Catalogue, Lang};
use packbench::station::local::{Local, Overlay};
use packbench::station::panel::{self, Panel};
use packbench::station::screens::{self, Desk};
use packbench::station::theme::{self, Look};

use crate::window_flow::World;
use crate::window_gallery as gallery;
use crate::window_samples::{self as samples, NOW};

/// Smallest type of a kiosk screen, px: the key hint in a button's corner.
const PX_MIN: f32 = 13.9;
/// Least height and width of anything that can be pressed.
const TARGET: f32 = 55.5;
const DESK: Vec2 = vec2(1280.0, 800.0);
const WIDE: Vec2 = vec2(1422.0, 800.0);
const TALL: Vec2 = vec2(800.0, 1280.0);

type Shown = Rc<RefCell<(StationView, Local)>>;

/// One window whose view can be changed: fonts are loaded once for all screens.
fn window(lang: Lang, dark: bool, size: Vec2) -> (Harness<'static>, Shown) {
    let first = samples::all().remove(0).1;
    let shown: Shown = Rc::new(RefCell::new((first, Local::default())));
    let inside = Rc::clone(&shown);
    let words = Catalogue::in_zone(lang, "Europe/London").unwrap();
    let harness = Harness::builder()
        .with_size(size)
        .with_theme(if dark { Theme::Dark } else { Theme::Light })
        .with_context_setup(move |ctx| {
            theme::install(ctx);
            theme::apply(ctx, if dark { Look::Dark } else { Look::Light });
        })
        .build_ui(move |ui| {
            let (view, local) = inside.borrow().clone();
            gallery::whole(ui, |ui| {
                let mut desk = Desk::with_local(&view, &words, NOW, local);
                screens::draw(ui, ui.max_rect(), &mut desk);
            });
        });
    (harness, shown)
}

struct Drawn<'a> {
    text: &'a TextShape,
    clip: Rect,
    ink: Rect,
}

fn texts<'a>(shape: &'a Shape, clip: Rect, out: &mut Vec<Drawn<'a>>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| texts(shape, clip, out)),
        Shape::Text(text) if !text.galley.text().trim().is_empty() => {
            let ink = text.galley.mesh_bounds.translate(text.pos.to_vec2());
            out.push(Drawn { text, clip, ink });
        }
        _ => {}
    }
}

/// The shapes of the sheet alone where one is open: what lies behind it is dimmed and not read.
fn in_front(shapes: &[ClippedShape], window: Rect, covered: bool) -> &[ClippedShape] {
    if !covered {
        return shapes;
    }
    let dim = shapes.iter().rposition(|clipped| match &clipped.shape {
        Shape::Rect(rect) => rect.rect == window && !rect.fill.is_opaque(),
        _ => false,
    });
    let dim = dim.expect("a sheet dims what lies behind it");
    &shapes[dim..]
}

fn broken_word(text: &TextShape) -> Option<String> {
    let rows = &text.galley.rows;
    rows.iter().take(rows.len().saturating_sub(1)).find_map(|row| {
        let words = row.row.text();
        let whole = row.ends_with_newline || words.ends_with(|c: char| c.is_whitespace() || c == '-' || c == '/');
        (!whole).then_some(words)
    })
}

fn check(name: &str, harness: &Harness<'_>, size: Vec2, covered: bool, px_min: f32, faults: &mut Vec<String>) {
    let window = Rect::from_min_size(pos2(0.0, 0.0), size);
    let mut drawn = Vec::new();
    for clipped in in_front(&harness.output().shapes, window, covered) {
        texts(&clipped.shape, clipped.clip_rect, &mut drawn);
    }
    assert!(!drawn.is_empty(), "{name}: nothing was drawn");
    for one in &drawn {
        let words = one.text.galley.text();
        if words.contains('⟦') {
            faults.push(format!("{name}: {words:?} is missing in the catalogue"));
        }
        if one.text.galley.elided {
            faults.push(format!("{name}: {words:?} is cut"));
        }
        if let Some(row) = broken_word(one.text) {
            faults.push(format!("{name}: a word is broken after {row:?}"));
        }
        let px = one.text.galley.job.sections.iter().map(|s| s.format.font_id.size).fold(f32::MAX, f32::min);
        if px < px_min {
            faults.push(format!("{name}: {words:?} is {px} px small"));
        }
        if !one.clip.expand(1.0).contains_rect(one.ink) || !window.contains_rect(one.ink) {
            faults.push(format!("{name}: {words:?} leaves its place: {:?} in {:?}", one.ink, one.clip));
        }
    }
    for (index, one) in drawn.iter().enumerate() {
        for other in drawn.iter().skip(index + 1) {
            let both = one.ink.intersect(other.ink);
            if both.width() > 2.0 && both.height() > 2.0 {
                let (a, b) = (one.text.galley.text(), other.text.galley.text());
                faults.push(format!("{name}: {a:?} lies on {b:?} at {both:?}"));
            }
        }
    }
    for node in harness.get_all_by_role(Role::Button) {
        let rect = node.rect();
        // Chips are as high as the bar and stand side by side.
        let chip = rect.bottom() <= 64.5;
        if rect.height() < TARGET || (rect.width() < TARGET && !chip) {
            let words = node.accesskit_node().label().unwrap_or_default();
            faults.push(format!("{name}: {words:?} is too small to press: {rect:?}"));
        }
        if node.accesskit_node().label().is_none_or(|label| label.trim().is_empty()) {
            faults.push(format!("{name}: a button at {rect:?} has no name"));
        }
    }
}

fn every_screen_fits(lang: Lang) {
    let mut faults = Vec::new();
    for (size, dark) in [(DESK, false), (WIDE, true), (TALL, false)] {
        let (mut harness, shown) = window(lang, dark, size);
        for (name, view) in samples::all() {
            let covered = view.sheet.as_ref().is_some_and(|sheet| *sheet != Sheet::Devices);
            let overlay = match name {
                "queue-offline" => Some(Overlay::Network),
                _ => samples::local(name).overlay,
            };
            for overlay in [None, overlay] {
                let mut local = samples::local(name);
                local.overlay = overlay;
                *shown.borrow_mut() = (view.clone(), local);
                harness.run_steps(2);
                let name = format!("{name} {} {size:?} {overlay:?}", lang.code());
                check(&name, &harness, size, covered || overlay.is_some(), PX_MIN, &mut faults);
            }
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_screen_fits_in_english() {
    every_screen_fits(Lang::En);
}

#[test]
fn every_screen_fits_in_spanish() {
    every_screen_fits(Lang::Es);
}

#[test]
fn every_screen_fits_in_malay() {
    every_screen_fits(Lang::Ms);
}

#[test]
fn every_screen_fits_in_russian() {
    every_screen_fits(Lang::Ru);
}

/// Words of a choice nearer to its edge than this look as if they ran out of it, px.
const AIR: f32 = 8.0;

#[test]
fn what_a_return_is_worth_stands_clear_of_the_edges_in_every_language() {
    let mut faults = Vec::new();
    let all = samples::all();
    let (_, view) = all.into_iter().find(|(name, _)| *name == "return-grade").unwrap();
    for (lang, size) in Lang::ALL.into_iter().flat_map(|lang| [(lang, DESK), (lang, WIDE), (lang, TALL)]) {
        let (mut harness, shown) = window(lang, false, size);
        *shown.borrow_mut() = (view.clone(), Local::default());
        harness.run_steps(2);
        let mut drawn = Vec::new();
        for clipped in &harness.output().shapes {
            texts(&clipped.shape, clipped.clip_rect, &mut drawn);
        }
        let choices: Vec<Rect> = harness.get_all_by_role(Role::Button).map(|node| node.rect()).collect();
        let choices: Vec<Rect> = choices.into_iter().filter(|rect| rect.height() > 100.0).collect();
        assert_eq!(choices.len(), 3, "{} {size:?}: {choices:?}", lang.code());
        for one in &drawn {
            let Some(choice) = choices.iter().find(|choice| choice.contains(one.ink.center())) else { continue };
            if !choice.shrink(AIR).contains_rect(one.ink) {
                faults.push(format!(
                    "{} {size:?}: {:?} at {:?} in {choice:?}",
                    lang.code(),
                    one.text.galley.text(),
                    one.ink
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_short_line_names_its_shelf_and_the_figure_has_a_head() {
    let (mut harness, shown) = window(Lang::En, false, DESK);
    *shown.borrow_mut() = (samples::stock(), Local::default());
    harness.run_steps(2);
    let mut drawn = Vec::new();
    for clipped in &harness.output().shapes {
        texts(&clipped.shape, clipped.clip_rect, &mut drawn);
    }
    let said: Vec<&str> = drawn.iter().map(|one| one.text.galley.text()).collect();
    let short = said.iter().find(|text| text.contains("116 for other orders")).unwrap();
    assert_eq!(short.split(" · ").count(), 3, "code, shelf and what is for others: {short}");
    assert!(said.contains(&"Wanted"), "{said:?}");
}

#[test]
fn the_panel_fits_in_every_language() {
    let mut faults = Vec::new();
    let size = vec2(panel::WIDTH, 800.0);
    for lang in Lang::ALL {
        let words = Catalogue::in_zone(lang, "Europe/London").unwrap();
        let shown = Rc::new(RefCell::new(samples::all().remove(0).1));
        let inside = Rc::clone(&shown);
        let mut devices = Panel::new(Box::new(World::default()));
        let mut harness =
            Harness::builder().with_size(size).with_theme(Theme::Light).with_context_setup(theme::install).build_ui(
                move |ui| {
                    let view = inside.borrow().clone();
                    gallery::whole(ui, |ui| {
                        let rect = ui.max_rect();
                        let _ = devices.draw(ui, rect, &view, &words);
                    });
                },
            );
        for (name, view) in samples::all() {
            *shown.borrow_mut() = view;
            harness.run_steps(2);
            // Read from a desk, beside the kiosk.
            check(&format!("panel beside {name} {}", lang.code()), &harness, size, false, 12.0, &mut faults);
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

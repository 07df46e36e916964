//! The window's widgets: contrast, type, icons, drawings, names for assistive technology, targets, nothing clipped,
//! the flash and its limit.

use std::cell::RefCell;
use std::rc::Rc;

use egui::{Color32, Rect, Role, Theme, Ui, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use packbench::station::art::{Picture, colour_of, picture_of};
use packbench::station::flash::{Content, FLASHES_MAX, Flash, Kind, Shown, WINDOW_MS};
use packbench::station::icons::Icon;
use packbench::station::theme::contrast::ratio;
use packbench::station::theme::{self, DARK, LIGHT, Palette, Signal, SignalLook, fonts};
use packbench::station::vector::{parse, triangulate::triangulate};
use packbench::station::widgets::compare::differing;
use packbench::station::widgets::frame::{Areas, Plan, zoom_for};
use packbench::station::widgets::{side, text};

use crate::window_gallery as gallery;

type Pair = fn(&Palette) -> (Color32, Color32);

/// Pair, least ratio, ratio in light and in dark. Amber on light paper is below 3 and never stands alone.
const CONTRAST: &[(&str, Pair, f64, [f64; 2])] = &[
    ("text on surface", |p| (p.text, p.surface), 4.5, [15.2, 17.2]),
    ("text on raised", |p| (p.text, p.raised), 4.5, [17.8, 15.2]),
    ("text on sunken", |p| (p.text, p.sunken), 4.5, [13.4, 18.1]),
    ("muted on surface", |p| (p.muted, p.surface), 4.5, [6.7, 9.9]),
    ("muted on raised", |p| (p.muted, p.raised), 4.5, [7.8, 8.8]),
    ("muted on sunken", |p| (p.muted, p.sunken), 4.5, [5.9, 10.4]),
    ("line-strong on raised", |p| (p.line_strong, p.raised), 3.0, [4.5, 5.3]),
    ("line-strong on surface", |p| (p.line_strong, p.surface), 3.0, [3.9, 6.0]),
    ("on-accent on accent", |p| (p.on_accent, p.accent), 4.5, [8.6, 5.3]),
    ("on-ok on ok", |p| (p.on_ok, p.ok), 4.5, [6.5, 5.0]),
    ("on-warn on warn", |p| (p.on_warn, p.warn), 4.5, [9.7, 11.0]),
    ("on-stop on stop", |p| (p.on_stop, p.stop), 4.5, [6.3, 5.0]),
    ("on-info on info", |p| (p.on_info, p.info), 4.5, [9.0, 5.3]),
    ("on-flash on ok-flash", |p| (p.on_flash, p.ok_flash), 4.5, [6.5, 6.5]),
    ("on-flash on stop-flash", |p| (p.on_flash, p.stop_flash), 4.5, [6.3, 6.3]),
    ("text on accent-soft", |p| (p.text, p.accent_soft), 4.5, [14.3, 12.1]),
    ("text on ok-soft", |p| (p.text, p.ok_soft), 4.5, [14.1, 11.7]),
    ("text on warn-soft", |p| (p.text, p.warn_soft), 4.5, [15.2, 11.3]),
    ("text on stop-soft", |p| (p.text, p.stop_soft), 4.5, [14.1, 13.5]),
    ("text on info-soft", |p| (p.text, p.info_soft), 4.5, [13.9, 12.1]),
    ("muted on accent-soft", |p| (p.muted, p.accent_soft), 4.5, [6.3, 7.0]),
    ("accent-text on raised", |p| (p.accent_text, p.raised), 4.5, [8.6, 8.9]),
    ("ok-text on raised", |p| (p.ok_text, p.raised), 4.5, [8.0, 10.3]),
    ("warn-text on raised", |p| (p.warn_text, p.raised), 4.5, [8.2, 11.7]),
    ("stop-text on raised", |p| (p.stop_text, p.raised), 4.5, [7.8, 8.2]),
    ("info-text on raised", |p| (p.info_text, p.raised), 4.5, [10.2, 10.2]),
    ("accent-text on accent-soft", |p| (p.accent_text, p.accent_soft), 4.5, [6.9, 7.1]),
    ("ok-text on ok-soft", |p| (p.ok_text, p.ok_soft), 4.5, [6.4, 7.9]),
    ("warn-text on warn-soft", |p| (p.warn_text, p.warn_soft), 4.5, [7.0, 8.7]),
    ("stop-text on stop-soft", |p| (p.stop_text, p.stop_soft), 4.5, [6.1, 7.3]),
    ("accent-text on surface", |p| (p.accent_text, p.surface), 4.5, [7.4, 10.1]),
    ("ok-text on surface", |p| (p.ok_text, p.surface), 4.5, [6.8, 11.7]),
    ("accent on raised", |p| (p.accent, p.raised), 3.0, [8.6, 3.1]),
    ("ok on raised", |p| (p.ok, p.raised), 3.0, [6.5, 3.3]),
    ("stop on raised", |p| (p.stop, p.raised), 3.0, [6.3, 3.3]),
    ("info on raised", |p| (p.info, p.raised), 3.0, [9.0, 3.1]),
    ("on-stop on stop-stripe", |p| (p.on_stop, p.stop_stripe), 4.5, [9.4, 9.4]),
    ("warn on raised", |p| (p.warn, p.raised), 0.0, [1.9, 10.7]),
];

#[test]
fn colours_keep_the_promised_contrast() {
    for (name, pair, least, promised) in CONTRAST {
        for (palette, promised) in [&LIGHT, &DARK].into_iter().zip(promised) {
            let (ink, ground) = pair(palette);
            let got = ratio(ink, ground);
            assert!(got >= *least, "{name}: {got:.2} is below {least}");
            assert!((got - promised).abs() < 0.06, "{name}: {got:.2}, promised {promised}");
        }
    }
}

#[test]
fn every_signal_is_known_by_more_than_colour() {
    let all = [Signal::Now, Signal::Ok, Signal::Wait, Signal::Decide, Signal::Stop];
    for (index, a) in all.iter().enumerate() {
        for b in &all[index + 1..] {
            assert_ne!(a.icon(), b.icon(), "{a:?} and {b:?} need different shapes");
        }
        assert_eq!(a.striped(), *a == Signal::Stop, "stripes belong to STOP alone");
    }
}

#[test]
fn the_bundled_fonts_have_every_sign_of_the_four_languages() {
    let harness = window(vec2(200.0, 100.0), Theme::Light, |_| ());
    let signs = "ABCXYZabcxyz0123456789 ÁÉÍÓÚÑÜáéíóúñü¿¡ АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя \
                 ·×%/()+-,.:;'\"№«»–—…€£\u{2011}";
    for weight in [theme::Weight::Regular, theme::Weight::SemiBold, theme::Weight::Bold] {
        let font = egui::FontId::new(20.0, weight.family());
        for sign in signs.chars() {
            let has = harness.ctx.fonts_mut(|fonts| fonts.has_glyph(&font, sign));
            assert!(has, "{weight:?} lacks {sign:?}");
        }
    }
}

#[test]
fn figures_have_one_width() {
    let harness = window(vec2(200.0, 100.0), Theme::Light, |_| ());
    let font = fonts::figure_xxl().font_id();
    let widths: Vec<f32> = ('0'..='9').map(|c| harness.ctx.fonts_mut(|fonts| fonts.glyph_width(&font, c))).collect();
    assert!(widths.iter().all(|width| (width - widths[0]).abs() < 0.01), "{widths:?}");
}

#[test]
fn every_icon_draws_inside_its_grid() {
    for (index, icon) in Icon::all().enumerate() {
        assert_eq!(icon as usize, index, "the table keeps the order of the enum");
        let lines = parse(icon.path(), 0.35);
        assert!(!lines.is_empty(), "{icon:?} draws nothing");
        for point in lines.iter().flat_map(|line| &line.points) {
            let inside = point.x >= 0.5 && point.x <= 23.5 && point.y >= 0.5 && point.y <= 23.5;
            assert!(inside, "{icon:?} leaves its grid at {point:?}");
        }
    }
    let mut paths: Vec<&str> = Icon::all().map(Icon::path).collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), Icon::all().count(), "two icons share a path");
}

#[test]
fn paths_are_read_as_svg_means_them() {
    let square = parse("M4 4h16v16H4z", 1.0);
    assert_eq!(square.len(), 1);
    assert!(square[0].closed);
    assert_eq!(square[0].points, [pos2(4.0, 4.0), pos2(20.0, 4.0), pos2(20.0, 20.0), pos2(4.0, 20.0)]);
    let circle = parse("M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z", 0.2);
    for point in &circle[0].points {
        assert!((point.distance(pos2(12.0, 12.0)) - 9.0).abs() < 0.01, "{point:?}");
    }
    let flagged = parse("M0 0a1 1 0 012 0", 0.2);
    assert!(flagged[0].points.iter().all(|p| p.y <= 0.01), "flags may stand without spaces");
    assert_eq!(parse("M0 0L1 1L x", 1.0).len(), 1, "a damaged path ends where it stands");
    assert!(parse("garbage", 1.0).is_empty());
}

#[test]
fn any_simple_outline_is_filled_exactly() {
    let outlines: [(&[(f32, f32)], f32); 3] = [
        (&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)], 100.0),
        (&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (5.0, 2.0), (0.0, 10.0)], 60.0),
        (&[(0.0, 10.0), (5.0, 2.0), (10.0, 10.0), (10.0, 0.0), (0.0, 0.0)], 60.0),
    ];
    for (outline, area) in outlines {
        let points: Vec<egui::Pos2> = outline.iter().map(|(x, y)| pos2(*x, *y)).collect();
        let covered: f32 = triangulate(&points)
            .into_iter()
            .map(|[a, b, c]| ((points[b] - points[a]).rot90().dot(points[c] - points[a]) * 0.5).abs())
            .sum();
        assert!((covered - area).abs() < 0.01, "{covered} of {area}");
    }
}

#[test]
fn product_pictures_follow_the_words_of_the_name() {
    assert_eq!(picture_of("WHITE HANGING HEART T-LIGHT HOLDER"), Some(Picture::HeartLight));
    assert_eq!(picture_of("KNITTED UNION FLAG HOT WATER BOTTLE"), Some(Picture::FlagBottle));
    assert_eq!(picture_of("RED WOOLLY HOTTIE WHITE HEART."), Some(Picture::HotWaterBottle));
    assert_eq!(picture_of("SET 7 BABUSHKA NESTING BOXES"), Some(Picture::Babushka));
    assert_eq!(picture_of("JUMBO BAG PINK POLKADOT"), Some(Picture::Bag));
    assert_eq!(picture_of("GREEN REGENCY TEACUP AND SAUCER"), Some(Picture::Mug));
    assert_eq!(picture_of("ZZZZ 99"), None, "an unknown name shows its initial");
    assert_eq!(picture_of(""), None);
    assert_ne!(colour_of("WHITE HANGING HEART"), colour_of("RED HANGING HEART"));
    assert_eq!(colour_of("WOODEN FRAME"), None);
}

#[test]
fn names_are_shown_in_title_case_and_keep_their_hyphens() {
    assert_eq!(side::title_case("WHITE HANGING HEART T-LIGHT HOLDER"), "White Hanging Heart T-light Holder");
    assert_eq!(fonts::keep_hyphens("T-LIGHT - 3"), "T\u{2011}LIGHT - 3");
}

#[test]
fn differing_words_are_marked_unless_all_differ() {
    let marked = differing("WHITE HANGING HEART", "RED HANGING HEART");
    assert_eq!(marked, [("WHITE", true), ("HANGING", false), ("HEART", false)]);
    assert!(differing("MUG", "CAKE STAND").iter().all(|(_, differs)| !differs));
}

#[test]
fn areas_cover_the_window_without_overlap() {
    for size in [vec2(1280.0, 800.0), vec2(1422.0, 800.0), vec2(800.0, 1280.0)] {
        let window = Rect::from_min_size(pos2(0.0, 0.0), size);
        for plan in [Plan::Guided, Plan::Wide] {
            let areas = Areas::of(window, plan);
            let all = [areas.top, areas.rail, areas.stage, areas.side, areas.actions];
            let parts: Vec<Rect> = all.into_iter().filter(|area| area.is_positive()).collect();
            let covered: f32 = parts.iter().map(Rect::area).sum();
            assert!((covered - window.area()).abs() < 1.0, "{size:?} {plan:?}: {covered}");
            assert!(areas.stage.height() >= 500.0 || areas.portrait, "{size:?}");
        }
    }
    assert!((zoom_for(vec2(1920.0, 1080.0)) - 1.35).abs() < 0.001);
    assert!((zoom_for(vec2(800.0, 1280.0)) - 1.0).abs() < 0.001);
}

fn window(size: Vec2, theme: Theme, app: impl FnMut(&mut Ui) + 'static) -> Harness<'static> {
    let mut app = app;
    Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_context_setup(theme::install)
        .build_ui(move |ui| gallery::whole(ui, &mut app))
}

type Shot = (&'static str, fn(&mut Ui));

const SCREENS: &[Shot] = &[
    ("check", |ui| gallery::verify(ui, &gallery::EN, Signal::Now)),
    ("check in Russian", |ui| gallery::verify(ui, &gallery::RU, Signal::Now)),
    ("counted", |ui| gallery::verify(ui, &gallery::EN, Signal::Ok)),
    ("refused", gallery::refused),
    ("pick", gallery::pick),
    ("pack", gallery::pack),
    ("checklist", gallery::checklist),
    ("moving", |ui| gallery::weigh(ui, Signal::Wait)),
    ("too light", |ui| gallery::weigh(ui, Signal::Stop)),
    ("label", gallery::label),
    ("done", gallery::done),
];

#[test]
fn every_control_has_a_name_and_is_large_enough() {
    for (name, screen) in SCREENS {
        let harness = window(vec2(1280.0, 800.0), Theme::Light, *screen);
        let buttons: Vec<_> = harness.get_all_by_role(Role::Button).collect();
        assert!(buttons.len() >= 6, "{name}: the six actions");
        for button in buttons {
            let label = button.accesskit_node().label().unwrap_or_default();
            assert!(!label.trim().is_empty(), "{name}: a button without a name");
            let size = button.rect().size();
            assert!(size.y >= 56.0 && size.x >= 44.0, "{name}: {label} is {size:?}");
        }
    }
}

#[test]
fn nothing_leaves_the_window_in_any_size() {
    for size in [vec2(1280.0, 800.0), vec2(1422.0, 800.0)] {
        for (name, screen) in SCREENS {
            let harness = window(size, Theme::Dark, *screen);
            let edge = Rect::from_min_size(pos2(0.0, 0.0), size).expand(0.5);
            for role in [Role::Label, Role::Button] {
                for node in harness.get_all_by_role(role) {
                    let rect = node.rect();
                    assert!(edge.contains_rect(rect), "{name} at {size:?}: {:?} at {rect:?}", node.value());
                }
            }
        }
    }
    for words in [&gallery::EN, &gallery::RU] {
        let words = *words;
        let size = vec2(800.0, 1280.0);
        let harness = window(size, Theme::Light, move |ui| gallery::verify(ui, &words, Signal::Now));
        let edge = Rect::from_min_size(pos2(0.0, 0.0), size).expand(0.5);
        for node in harness.get_all_by_role(Role::Label) {
            assert!(edge.contains_rect(node.rect()), "portrait: {:?} at {:?}", node.value(), node.rect());
        }
    }
}

#[test]
fn text_shrinks_or_wraps_but_is_never_cut() {
    let done = Rc::new(RefCell::new(0));
    let count = Rc::clone(&done);
    let harness = window(vec2(900.0, 400.0), Theme::Light, move |ui| {
        let words = ["Label", "Подтверждение", "Confirmación de la etiqueta", "Extraordinarilylongwordwithoutanyspace"];
        for word in words {
            for room in [vec2(104.0, 56.0), vec2(140.0, 56.0), vec2(300.0, 30.0)] {
                let (kind, galley) = text::fitted(ui, fonts::body(), 14.0, word, Color32::BLACK, room);
                assert!(galley.size().x <= room.x + 6.0, "{word} at {} px is {:?} in {room:?}", kind.px, galley.size());
                let shown: String = text::keep(&galley);
                assert_eq!(shown, word, "every letter is there");
                *count.borrow_mut() += 1;
            }
        }
    });
    drop(harness);
    assert!(*done.borrow() >= 12);
}

#[test]
fn the_band_is_a_live_region_and_a_refusal_interrupts() {
    use egui::accesskit::Live;
    let calm = window(vec2(1280.0, 800.0), Theme::Light, |ui| gallery::verify(ui, &gallery::EN, Signal::Now));
    let band = calm.get_by_label("Scan 3 more. Any item of this order counts");
    assert_eq!(band.accesskit_node().live(), Live::Polite);
    let loud = window(vec2(1280.0, 800.0), Theme::Light, gallery::refused);
    let band = loud.get_by_label("Wrong item. Put it back. This order needs WHITE, you scanned RED");
    assert_eq!(band.accesskit_node().live(), Live::Assertive);
}

#[test]
fn a_sheet_covers_what_is_behind_and_is_left_by_button_and_key() {
    let pressed = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&pressed);
    let mut harness = window(vec2(1280.0, 800.0), Theme::Light, move |ui| {
        seen.borrow_mut().extend(gallery::exceptions(ui));
    });
    harness.get_by_label("Damaged: broken, dirty, open").click();
    harness.run_steps(3);
    assert_eq!(*pressed.borrow(), ["Damaged"]);
    harness.get_by_label("Close").click();
    harness.run_steps(3);
    assert_eq!(*pressed.borrow(), ["Damaged", "Close"]);
    harness.key_press(egui::Key::Escape);
    harness.run_steps(3);
    assert_eq!(*pressed.borrow(), ["Damaged", "Close", "Close"]);
}

fn content() -> Content {
    Content { main: "4".into(), beside: "/ 6".into(), name: "WHITE HANGING HEART T-LIGHT HOLDER".into() }
}

#[test]
fn never_more_than_three_full_flashes_in_any_second() {
    let mut flash = Flash::new(false);
    let mut full = Vec::new();
    for now_ms in (0..5_000).step_by(70) {
        let kind = if now_ms % 3 == 0 { Kind::Refused } else { Kind::Accepted };
        if flash.show(now_ms, kind, content()) == Shown::Full {
            full.push(now_ms);
        }
    }
    for window in full.windows(FLASHES_MAX + 1) {
        assert!(window[FLASHES_MAX] - window[0] >= WINDOW_MS, "{window:?}");
    }
    assert!(full.len() >= 12, "flashes are not simply switched off: {full:?}");
}

#[test]
fn a_flash_holds_fades_and_then_asks_for_no_frame() {
    let mut flash = Flash::new(false);
    assert_eq!(flash.next_frame_ms(0), None, "idle asks for nothing");
    flash.show(1_000, Kind::Accepted, content());
    assert!((flash.opacity(1_090) - 1.0).abs() < f32::EPSILON);
    let half = flash.opacity(1_155);
    assert!(half > 0.4 && half < 0.6, "{half}");
    assert_eq!(flash.next_frame_ms(1_100), Some(16));
    assert!(flash.opacity(1_220) <= 0.0);
    assert_eq!(flash.next_frame_ms(1_220), None);
    flash.show(2_000, Kind::Refused, content());
    assert!((flash.opacity(2_160) - 1.0).abs() < f32::EPSILON);
    assert_eq!(flash.next_frame_ms(2_280), None);
}

#[test]
fn reduced_motion_shows_a_frame_only() {
    let mut flash = Flash::new(true);
    assert_eq!(flash.show(0, Kind::Accepted, content()), Shown::Frame);
    assert_eq!(flash.show(10, Kind::Refused, content()), Shown::Frame);
}

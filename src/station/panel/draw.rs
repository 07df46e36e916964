//! The panel's drawing: the one highlighted thing to do now on top, the devices below.

use egui::{Align2, ColorImage, CornerRadius, Rect, ScrollArea, Stroke, StrokeKind, TextureOptions, Ui, UiBuilder};
use egui::{pos2, vec2};

use super::{Next, Panel, Person, Picture, SCALE_OFF, SCALE_ON, Shown, Thing, next};
use crate::core::message::Arg;
use crate::core::units::Grams;
use crate::engine::input::Ui as Request;
use crate::engine::view::StationView;
use crate::i18n::Catalogue;
use crate::station::icons::Icon;
use crate::station::theme::{Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look};
use crate::station::widgets::sheet::grid;
use crate::station::widgets::{picture_named, press, text};

/// Free edge and space between parts.
const GAP: f32 = 12.0;
/// Height of the thing to do now.
const NEXT: f32 = 128.0;
/// Height of the last label, the camera's picture and the switches beside them.
const PICTURES: f32 = 3.0 * measure::TARGET_MIN + 2.0 * GAP;
/// Height of all parts together; a smaller window scrolls.
const ALL: f32 = 790.0;
/// One press of minus or plus on the scale, g.
const STEP_G: i64 = 50;

/// The strip that opens the panel.
pub(super) fn strip(panel: &mut Panel, ui: &mut Ui, rect: Rect, words: &Catalogue) -> Vec<Request> {
    let colours = palette(ui);
    ui.painter().rect_filled(rect, 0.0, colours.sunken);
    let name = words.text("demo-title");
    let place = Rect::from_center_size(rect.center(), vec2(rect.width() - 12.0, 220.0));
    let response = press(ui, place, "open-panel", &name, true);
    ui.painter().rect_filled(place, CornerRadius::same(measure::RADIUS_CONTROL), colours.accent);
    let icon = Rect::from_center_size(place.center() - vec2(0.0, 30.0), vec2(40.0, 40.0));
    Icon::Scan.paint(ui.painter(), icon, colours.on_accent, 2.2);
    let arrow = Rect::from_center_size(place.center() + vec2(0.0, 34.0), vec2(34.0, 34.0));
    Icon::Back.paint(ui.painter(), arrow, colours.on_accent, 2.4);
    if response.clicked() {
        panel.open = true;
    }
    Vec::new()
}

/// The open panel.
pub(super) fn panel(panel: &mut Panel, ui: &mut Ui, rect: Rect, view: &StationView, words: &Catalogue) -> Vec<Request> {
    let colours = palette(ui);
    ui.painter().rect_filled(rect, 0.0, colours.sunken);
    let edge = Rect::from_min_size(rect.min, vec2(2.0, rect.height()));
    ui.painter().rect_filled(edge, 0.0, colours.line_strong);
    let mut requests = Vec::new();
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("demo-panel"));
    ScrollArea::vertical().show(&mut child, |ui| {
        let (_, area) = ui.allocate_space(vec2(rect.width(), ALL.max(rect.height())));
        let room = area.shrink2(vec2(16.0, GAP));
        parts(panel, ui, room, view, words, &mut requests);
    });
    requests
}

fn parts(
    panel: &mut Panel,
    ui: &mut Ui,
    room: Rect,
    view: &StationView,
    words: &Catalogue,
    requests: &mut Vec<Request>,
) {
    let mut top = head(panel, ui, room, words) + 8.0;
    let mut row = |height: f32| {
        let place = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), height));
        top = place.bottom() + GAP;
        place
    };
    let now = next(view, panel.load_g.is_some(), panel.port.paper());
    requests.extend(do_now(panel, ui, row(NEXT), view, words, &now));
    scanner(panel, ui, row(measure::TARGET_MIN), row(measure::TARGET_MIN), view, words);
    people(panel, ui, row(measure::TARGET_MIN), words);
    scale(panel, ui, row(measure::TARGET_MIN), row(measure::TARGET_MIN), view, words);
    let last = row(PICTURES);
    let buttons = Rect::from_min_max(pos2(last.right() - 132.0, last.top()), last.max);
    let pictures = Rect::from_min_max(last.min, pos2(buttons.left() - GAP, last.bottom()));
    printer_and_camera(panel, ui, pictures, words);
    switches(panel, ui, buttons, view, words);
}

fn head(panel: &mut Panel, ui: &mut Ui, room: Rect, words: &Catalogue) -> f32 {
    let colours = palette(ui);
    let close = Rect::from_min_size(pos2(room.right() - 56.0, room.top()), vec2(56.0, 56.0));
    let title = Rect::from_min_max(room.min, pos2(close.left() - 8.0, room.top() + 28.0));
    let bold = Type::new(22.0, Weight::Bold);
    text::put_fitted(ui, title, Align2::LEFT_CENTER, bold, 14.0, &words.text("demo-title"), colours.text);
    let sub = Rect::from_min_max(title.left_bottom(), pos2(title.right(), room.top() + 60.0));
    let small = Type::new(15.0, Weight::Regular).line(1.1);
    text::put_fitted(ui, sub, Align2::LEFT_CENTER, small, 13.0, &words.text("demo-sub"), colours.muted);
    let name = words.text("panel-hide");
    if press(ui, close, "close-panel", &name, true).clicked() {
        panel.open = false;
    }
    Icon::Next.paint(ui.painter(), close.shrink(14.0), colours.text, 2.2);
    room.top() + 60.0
}

/// Words of the thing to do now, its code, and what a press on it does.
fn do_now(
    panel: &mut Panel,
    ui: &mut Ui,
    rect: Rect,
    view: &StationView,
    words: &Catalogue,
    now: &Next,
) -> Vec<Request> {
    let colours = palette(ui);
    let (icon, first, second) = described(panel, words, now);
    let idle = matches!(now, Next::Wait);
    let name = if second.is_empty() { first.clone() } else { format!("{first}: {second}") };
    let response = press(ui, rect, "do-now", &name, !idle);
    let corner = CornerRadius::same(measure::RADIUS_CARD);
    let (ground, ink) = if idle { (colours.raised, colours.muted) } else { (colours.accent, colours.on_accent) };
    ui.painter().rect_filled(rect, corner, ground);
    if !idle {
        ui.painter().rect_stroke(rect, corner, Stroke::new(4.0, colours.warn), StrokeKind::Inside);
    }
    let square = Rect::from_center_size(pos2(rect.left() + 50.0, rect.center().y), vec2(52.0, 52.0));
    icon.paint(ui.painter(), square, ink, 2.2);
    let left = square.right() + 16.0;
    let upper = Rect::from_min_max(pos2(left, rect.top() + 10.0), pos2(rect.right() - 14.0, rect.top() + 76.0));
    let title = Type::new(26.0, Weight::Bold).line(1.1);
    text::paint_fitted(ui, upper, Align2::LEFT_CENTER, title, 16.0, &first, ink);
    let lower = Rect::from_min_max(pos2(left, upper.bottom()), rect.max - vec2(14.0, 12.0));
    let code = Type::new(18.0, Weight::MonoBold);
    text::paint_fitted(ui, lower, Align2::LEFT_CENTER, code, 12.0, &second, ink);
    if response.clicked() { act(panel, view, now) } else { Vec::new() }
}

fn described(panel: &Panel, words: &Catalogue, now: &Next) -> (Icon, String, String) {
    let text = |key: &str| words.text(key).into_owned();
    match now {
        Next::Scan(thing) => {
            let code = panel.port.code(thing).map(|code| shown(&code)).unwrap_or_default();
            (Icon::Scan, text(thing_key(thing)), code)
        }
        Next::Pin { lead } => {
            let pin = person(panel, *lead).map(|person| person.pin).unwrap_or_default();
            (Icon::Lock, text("panel-type-pin"), pin)
        }
        Next::Press(_, key) => (Icon::Hand, text("panel-press"), text(key)),
        Next::PutParcel => (Icon::Scale, text("demo-put-parcel"), SCALE_ON.to_owned()),
        Next::TakeParcel => (Icon::Scale, text("demo-take-parcel"), SCALE_OFF.to_owned()),
        Next::LoadPaper => (Icon::Printer, text("demo-load-paper"), String::new()),
        Next::Wait => (Icon::Wait, text("panel-wait"), String::new()),
    }
}

/// A code without the separator nobody can read.
fn shown(code: &str) -> String {
    code.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}

const fn thing_key(thing: &Thing) -> &'static str {
    match thing {
        Thing::PackerBadge | Thing::LeadBadge => "panel-scan-badge",
        Thing::Order(_) => "panel-scan-order",
        Thing::Shelf(_) | Thing::Slot(_) => "panel-scan-shelf",
        Thing::Product(_) => "panel-scan-item",
        Thing::Trace(..) => "panel-scan-trace",
        Thing::Box(_) => "panel-scan-packaging",
        Thing::Label(_) => "panel-scan-label",
        Thing::Command(_) => "panel-scan-command",
    }
}

fn person(panel: &Panel, lead: bool) -> Option<Person> {
    panel.port.people().into_iter().find(|person| person.lead == lead)
}

fn act(panel: &mut Panel, view: &StationView, now: &Next) -> Vec<Request> {
    match now {
        Next::Scan(thing) => {
            if let Some(code) = panel.port.code(thing) {
                panel.port.scan(&code);
            }
        }
        Next::Pin { lead } => {
            let pin = person(panel, *lead).map(|person| person.pin).unwrap_or_default();
            let digits = pin.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| u8::try_from(d).ok());
            let mut requests: Vec<Request> = digits.map(Request::Digit).collect();
            requests.push(Request::DigitsDone);
            return requests;
        }
        Next::Press(request, _) => return vec![request.clone()],
        Next::PutParcel => put(panel, view),
        Next::TakeParcel => take(panel),
        Next::LoadPaper => panel.port.set_paper(true),
        Next::Wait => {}
    }
    Vec::new()
}

/// Puts the parcel on the scale, as it was packed.
pub(super) fn put(panel: &mut Panel, view: &StationView) {
    let Some(mut grams) = panel.port.parcel_g(view) else {
        return;
    };
    if panel.leave_one_out {
        grams = grams.saturating_sub(panel.port.unit_g(view).unwrap_or(0));
    }
    set_load(panel, Some(grams));
}

/// Empties the scale.
pub(super) fn take(panel: &mut Panel) {
    set_load(panel, None);
    panel.leave_one_out = false;
}

fn set_load(panel: &mut Panel, load_g: Option<i64>) {
    panel.load_g = load_g.map(|grams| grams.max(0));
    panel.port.weigh(panel.load_g.unwrap_or(0), panel.resting);
}

fn scanner(panel: &mut Panel, ui: &mut Ui, first: Rect, second: Rect, view: &StationView, words: &Catalogue) {
    let wrong = words.text("demo-scan-wrong");
    if Button::new(&wrong).icon(Icon::Oct).show(ui, first).pressed()
        && let Some(code) = panel.port.wrong_code(view)
    {
        panel.port.scan(&code);
    }
    let scan = words.text("demo-scan");
    let button = Button::new(&scan).icon(Icon::Scan);
    let width = button.width(ui).min(150.0);
    let place = Rect::from_min_max(pos2(second.right() - width, second.top()), second.max);
    let field = Rect::from_min_max(second.min, pos2(place.left() - GAP, second.bottom()));
    let hint = egui::RichText::new(words.text("panel-type-code")).size(17.0);
    let edit = egui::TextEdit::singleline(&mut panel.typed)
        .hint_text(hint)
        .font(Type::new(18.0, Weight::Mono).font_id())
        .align(egui::Align2::LEFT_CENTER)
        .char_limit(512);
    let typed = ui.put(field, edit);
    let entered = typed.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if (button.show(ui, place).pressed() || entered) && !panel.typed.is_empty() {
        let code = std::mem::take(&mut panel.typed);
        if panel.take_scan(&code, view).is_none() {
            panel.port.scan(&code);
        }
    }
}

fn people(panel: &mut Panel, ui: &mut Ui, row: Rect, words: &Catalogue) {
    let people = panel.port.people();
    let lead = people.iter().find(|person| person.lead);
    let packers = people.iter().filter(|person| !person.lead).take(if lead.is_some() { 2 } else { 3 });
    let shown: Vec<&Person> = packers.chain(lead).collect();
    for (cell, person) in grid(row, shown.len(), 1, GAP).into_iter().zip(shown) {
        let name = words.text_with("panel-badge-of", &[("who", Arg::Text(person.initials.clone()))]);
        if press(ui, cell, ("badge", &person.badge), &name, true).clicked() {
            panel.port.scan(&person.badge);
        }
        let colours = palette(ui);
        let corner = CornerRadius::same(measure::RADIUS_CONTROL);
        ui.painter().rect_filled(cell, corner, colours.raised);
        ui.painter().rect_stroke(cell, corner, Stroke::new(2.0, colours.line_strong), StrokeKind::Inside);
        let icon = Rect::from_center_size(pos2(cell.left() + 20.0, cell.center().y), vec2(24.0, 24.0));
        let picture = if person.lead { Icon::Star } else { Icon::Badge };
        picture.paint(ui.painter(), icon, colours.text, 2.0);
        let left = icon.right() + 6.0;
        let upper = Rect::from_min_max(pos2(left, cell.top() + 4.0), pos2(cell.right() - 4.0, cell.center().y + 2.0));
        let bold = fonts::label().in_face(Weight::Bold);
        text::paint_fitted(ui, upper, Align2::LEFT_CENTER, bold, 13.0, &person.initials, colours.text);
        let lower =
            Rect::from_min_max(pos2(left, cell.center().y + 1.0), pos2(cell.right() - 4.0, cell.bottom() - 4.0));
        let pin = format!("{} {}", words.text("login-pin"), person.pin);
        text::paint_fitted(ui, lower, Align2::LEFT_CENTER, Type::new(16.0, Weight::Regular), 12.0, &pin, colours.muted);
    }
}

fn scale(panel: &mut Panel, ui: &mut Ui, first: Rect, second: Rect, view: &StationView, words: &Catalogue) {
    let key = if panel.load_g.is_some() { "demo-take-parcel" } else { "demo-put-parcel" };
    let word = words.text(key);
    let button = Button::new(&word).icon(Icon::Scale);
    if panel.load_g.is_some() {
        if button.show(ui, first).pressed() {
            take(panel);
        }
    } else if panel.port.parcel_g(view).is_some() {
        let cells = grid(first, 2, 1, GAP);
        let leave = words.text("demo-forget-one");
        if cells.first().is_some_and(|cell| button.show(ui, *cell).pressed()) {
            panel.leave_one_out = false;
            put(panel, view);
        }
        if cells.get(1).is_some_and(|cell| Button::new(&leave).show(ui, *cell).pressed()) {
            panel.leave_one_out = true;
            put(panel, view);
        }
    } else {
        let why = words.text("panel-no-parcel");
        button.off(&why).show(ui, first);
    }
    let cells = grid(second, 4, 1, GAP);
    let load_g = panel.load_g.unwrap_or(0);
    for (cell, (icon, key, grams)) in
        cells.iter().zip([(Icon::Minus, "panel-lighter", -STEP_G), (Icon::Plus, "panel-heavier", STEP_G)])
    {
        let name = words.text(key);
        if press(ui, *cell, key, &name, true).clicked() {
            set_load(panel, Some(load_g + grams));
        }
        plain(ui, *cell);
        icon.paint(ui.painter(), Rect::from_center_size(cell.center(), vec2(28.0, 28.0)), palette(ui).text, 2.4);
    }
    if let Some(cell) = cells.get(2) {
        let shown = words.format().mass(Grams(load_g));
        let bold = Type::new(20.0, Weight::Bold);
        text::put_fitted(ui, *cell, Align2::CENTER_CENTER, bold, 13.0, &shown, palette(ui).text);
    }
    if let Some(cell) = cells.get(3) {
        let word = words.text(if panel.resting { "word-still" } else { "word-moving" });
        let look = if panel.resting { Look::Plain } else { Look::Ink };
        if Button::new(&word).look(look).show(ui, *cell).pressed() {
            panel.resting = !panel.resting;
            let load_g = panel.load_g;
            set_load(panel, load_g);
        }
    }
}

fn plain(ui: &Ui, rect: Rect) {
    let colours = palette(ui);
    let corner = CornerRadius::same(measure::RADIUS_CONTROL);
    ui.painter().rect_filled(rect, corner, colours.raised);
    ui.painter().rect_stroke(rect, corner, Stroke::new(2.0, colours.line_strong), StrokeKind::Inside);
}

fn printer_and_camera(panel: &mut Panel, ui: &mut Ui, pictures: Rect, words: &Catalogue) {
    let cells = grid(pictures, 2, 1, GAP);
    let label = panel.port.label();
    let camera = panel.port.camera();
    keep(ui, &mut panel.label, label.as_ref(), "demo-label");
    keep(ui, &mut panel.camera, camera.as_ref(), "demo-camera");
    let both = [(&panel.label, "demo-printer"), (&panel.camera, "demo-camera")];
    for (cell, (shown, key)) in cells.iter().zip(both) {
        framed(ui, *cell, shown.as_ref(), &words.text(key));
    }
}

/// Paper, network, and the customer who calls the order off.
fn switches(panel: &mut Panel, ui: &mut Ui, area: Rect, view: &StationView, words: &Catalogue) {
    let cells = grid(area, 1, 3, GAP);
    let look = |calm: bool| if calm { Look::Plain } else { Look::Ink };
    let paper = panel.port.paper();
    let word = words.text(if paper { "demo-no-paper" } else { "demo-load-paper" });
    if cells.first().is_some_and(|cell| Button::new(&word).look(look(paper)).show(ui, *cell).pressed()) {
        panel.port.set_paper(!paper);
    }
    let open = panel.port.network();
    let word = words.text(if open { "demo-cut-network" } else { "demo-mend-network" });
    if cells.get(1).is_some_and(|cell| Button::new(&word).look(look(open)).show(ui, *cell).pressed()) {
        panel.port.set_network(!open);
    }
    let word = words.text("panel-cancel-order");
    let Some(cell) = cells.get(2) else {
        return;
    };
    let none = words.text("panel-no-order");
    match &view.pack {
        Some(order) => {
            if Button::new(&word).show(ui, *cell).pressed() {
                panel.port.cancel(order.fulfillment);
            }
        }
        None => {
            let small = Type::new(16.0, Weight::Regular);
            text::put_fitted(ui, *cell, Align2::CENTER_CENTER, small, 12.0, &none, palette(ui).muted);
        }
    }
}

/// Hands a picture to the graphics card once.
fn keep(ui: &Ui, shown: &mut Option<Shown>, picture: Option<&Picture>, name: &str) {
    let Some(picture) = picture else {
        *shown = None;
        return;
    };
    if shown.as_ref().is_some_and(|shown| shown.id == picture.id) {
        return;
    }
    let bytes = picture.width.checked_mul(picture.height).and_then(|pixels| pixels.checked_mul(3));
    if bytes != Some(picture.rgb.len()) || picture.rgb.is_empty() {
        *shown = None;
        return;
    }
    let image = ColorImage::from_rgb([picture.width, picture.height], &picture.rgb);
    let texture = ui.ctx().load_texture(name, image, TextureOptions::LINEAR);
    *shown = Some(Shown { id: picture.id, texture });
}

fn framed(ui: &mut Ui, rect: Rect, shown: Option<&Shown>, name: &str) {
    let colours = palette(ui);
    plain(ui, rect);
    let head = Rect::from_min_size(rect.min + vec2(10.0, 4.0), vec2(rect.width() - 20.0, 26.0));
    let small = Type::new(16.0, Weight::SemiBold);
    text::put_fitted(ui, head, Align2::LEFT_CENTER, small, 12.0, name, colours.muted);
    let room = Rect::from_min_max(pos2(rect.left() + 8.0, head.bottom() + 2.0), rect.max - vec2(8.0, 8.0));
    if let Some(shown) = shown {
        let size = shown.texture.size_vec2();
        let scale = (room.width() / size.x.max(1.0)).min(room.height() / size.y.max(1.0));
        let place = Rect::from_center_size(room.center(), size * scale);
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(shown.texture.id(), place, uv, egui::Color32::WHITE);
        picture_named(ui, place, name);
    } else {
        let square = Rect::from_center_size(room.center(), vec2(64.0, 64.0));
        Icon::Doc.paint(ui.painter(), square, colours.line_strong, 1.8);
    }
}

//! One device of the device check, closely: its state, what is wrong and what to do, its last answer, its last try, and the
//! last bytes to and from it.

use egui::{Align2, CornerRadius, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::devices::{Act, act, age, fact, tag};
use super::heading;
use crate::engine::input::Ui as Request;
use crate::engine::view::{DeviceKind, DeviceState, DeviceView, LiveLine};
use crate::station::camera;
use crate::station::icons::Icon;
use crate::station::local::Wish;
use crate::station::screens::{Desk, shell};
use crate::station::theme::{Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::sheet::{Leave, sheet};
use crate::station::widgets::stage::Say;
use crate::station::widgets::{bars, text};

/// Height of a line of bytes.
const LINE: f32 = 30.0;

pub(in crate::station::screens) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, place: usize) {
    let Some(device) = desk.view.devices.get(place).cloned() else {
        desk.local.overlay = None;
        return;
    };
    let (icon, word, signal) = tag(desk, device.state);
    let first = format!("{} {}: {word}", desk.text(shell::kind_key(device.kind)), device.name);
    let second = match (&device.detail, &device.cure) {
        (_, Some(cure)) => desk.say(cure),
        (Some(detail), None) => desk.say(detail),
        (None, None) => age(desk, &device),
    };
    let close = desk.text("action-back");
    let say = Say { signal, icon, first: &first, second: &second };
    let shown = sheet(ui, window, &say, Leave { word: &close, icon: Icon::Back }, |ui, room| {
        body(ui, room, desk, &device);
    });
    if shown.left {
        desk.local.overlay = None;
    }
}

fn body(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, device: &DeviceView) {
    let narrow = super::tall(room);
    let (facts, bytes) =
        if narrow { room.split_top_bottom_at_y(room.top() + 380.0) } else { room.split_left_right_at_fraction(0.42) };
    let facts = if narrow { facts } else { Rect::from_min_max(facts.min, facts.max - vec2(20.0, 0.0)) };
    left(ui, facts, desk, device);
    if device.kind == DeviceKind::Camera && desk.camera.here {
        picture(ui, bytes, desk, &device.name);
    } else {
        right(ui, bytes, desk, &device.live);
    }
}

fn left(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, device: &DeviceView) {
    let rows = [
        (desk.text("device-now"), fact(desk, device)),
        (desk.text("device-last-answer"), age(desk, device)),
        (desk.text("device-last-trial"), trial(desk, device)),
    ];
    let mut top = room.top();
    for (word, value) in &rows {
        let cell = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), 84.0));
        bars::stat(ui, cell, word, value, fonts::body().in_face(Weight::SemiBold));
        top = cell.bottom() + 12.0;
    }
    let acts = [(Look::Primary, act(desk, device)), (Look::Plain, second_act(desk, device))];
    let mut left = room.left();
    for (look, (word, act)) in acts.into_iter().filter_map(|(look, act)| Some((look, act?))) {
        let button = Button::new(&word).look(look).size(Size::Large);
        // Two beside each other where they fit, the second below where they do not.
        let width = button.width(ui).max(200.0).min(room.width());
        if left > room.left() && left + width > room.right() {
            left = room.left();
            top += measure::TARGET_LARGE + 12.0;
        }
        let place = Rect::from_min_size(pos2(left, top + 4.0), vec2(width, measure::TARGET_LARGE));
        if button.show(ui, place).pressed() {
            act.run(desk);
        }
        left = place.right() + 12.0;
    }
}

/// What else a device can be asked for: a scale to count what lies on it as nothing, a scanner to be set up.
fn second_act(desk: &Desk<'_>, device: &DeviceView) -> Option<(String, Act)> {
    if device.state == DeviceState::Absent {
        return None;
    }
    if device.set_up {
        return Some((desk.text("setup-begin"), Act::Ask(Request::SetUpScanner(device.name.clone()))));
    }
    let scale = device.kind == DeviceKind::Scale;
    scale.then(|| (desk.text("device-tare"), Act::Wish(Wish::TareScale(device.name.clone()))))
}

/// What the last try gave.
fn trial(desk: &Desk<'_>, device: &DeviceView) -> String {
    match &device.trial {
        Some(trial) => {
            let age = desk.words.format().span(desk.now.since_ms(trial.at).max(0));
            format!("{} · {age}", desk.say(&trial.said))
        }
        None => desk.text("device-not-tried"),
    }
}

/// What a camera sees now: it says more than its bytes.
fn picture(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, name: &str) {
    desk.look_at(name);
    let words = desk.text("camera-live");
    let top = heading(ui, room, &words);
    let frame = Rect::from_min_max(pos2(room.left(), top), room.max);
    camera::live(ui, frame, desk.camera.live, &words, &desk.text("camera-dark"));
}

fn right(ui: &mut Ui, room: Rect, desk: &Desk<'_>, lines: &[LiveLine]) {
    let colours = palette(ui);
    let top = heading(ui, room, &desk.text("device-bytes"));
    let frame = Rect::from_min_max(pos2(room.left(), top), room.max);
    let corner = CornerRadius::same(12);
    ui.painter().rect_filled(frame, corner, colours.raised);
    ui.painter().rect_stroke(frame, corner, Stroke::new(2.0, colours.line), StrokeKind::Inside);
    let inner = frame.shrink2(vec2(16.0, 12.0));
    if lines.is_empty() {
        let words = desk.text("device-no-bytes");
        text::put_fitted(ui, inner, Align2::CENTER_CENTER, fonts::body(), 16.0, &words, colours.muted);
        return;
    }
    let mut low = inner.bottom();
    // The newest stands at the foot, as on a terminal.
    for line in lines.iter().rev() {
        if low - LINE < inner.top() {
            break;
        }
        let row = Rect::from_min_max(pos2(inner.left(), low - LINE), pos2(inner.right(), low));
        byte_line(ui, row, desk, line);
        low = row.top();
    }
}

fn byte_line(ui: &mut Ui, row: Rect, desk: &Desk<'_>, line: &LiveLine) {
    let colours = palette(ui);
    let time = desk.words.format().time_s(line.at);
    let (place, rest) = row.split_left_right_at_x(row.left() + 92.0);
    text::put_fitted(ui, place, Align2::LEFT_CENTER, fonts::hint(), 12.0, &time, colours.muted);
    let square = Rect::from_min_size(pos2(rest.left(), row.center().y - 11.0), vec2(22.0, 22.0));
    let icon = if line.out { Icon::Next } else { Icon::Back };
    icon.paint(ui.painter(), square, colours.muted, 2.0);
    let words = Rect::from_min_max(pos2(square.right() + 10.0, row.top()), row.max);
    let kind = Type::new(18.0, if line.out { Weight::Regular } else { Weight::SemiBold });
    text::put_fitted(ui, words, Align2::LEFT_CENTER, kind, 8.0, &line.text, colours.text);
}

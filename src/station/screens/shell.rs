//! What stays where it is in every step: top bar, rail, side list, the six actions.

use egui::{Key, Rect, Ui, pos2};

use super::Desk;
use super::head::{self, Title};
use crate::core::message::Arg;
use crate::core::session::Step;
use crate::engine::input::Ui as Request;
use crate::engine::view::{DeviceKind, DeviceState, DeviceView, PackView, Sheet};
use crate::station::icons::Icon;
use crate::station::theme::Signal;
use crate::station::widgets::button::{Action, action_bar};
use crate::station::widgets::frame::{Areas, Plan};
use crate::station::widgets::rail::{self, rail};
use crate::station::widgets::side::{self, Head, Line};

/// Keys of the rail's words, by step.
const STEPS: [&str; 11] = [
    "step-order",
    "step-review",
    "step-stock",
    "step-pick",
    "step-verify",
    "step-pack",
    "step-checklist",
    "step-weigh",
    "step-label",
    "step-confirm",
    "step-next",
];

/// Draws everything around the stage and tells where it goes.
pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, order: &PackView, signal: Signal) -> Areas {
    let areas = Areas::of(window, Plan::Guided);
    areas.paint(ui);
    top(ui, &areas, desk, order);
    steps(ui, &areas, desk, order.step, signal);
    list(ui, &areas, desk, order, signal);
    actions(ui, &areas, desk);
    areas
}

fn top(ui: &mut Ui, areas: &Areas, desk: &mut Desk<'_>, order: &PackView) {
    let title = desk.with("top-order", &[("order", Arg::Text(order.number.clone()))]);
    let fact = order.ship_by.map(|at| desk.with("top-ship-by", &[("time", Arg::Time(at))]));
    let aside = order.ship_by.map(|at| desk.words.format().span(at.since_ms(desk.now))).unwrap_or_default();
    let title = Title { fact: fact.map(|fact| (Some(Icon::Truck), fact)), aside, ..Title::new(title) };
    head::draw(ui, areas.top, areas.portrait, desk, &title);
}

pub(super) const fn device_icon(kind: DeviceKind) -> Icon {
    match kind {
        DeviceKind::Scanner => Icon::Scan,
        DeviceKind::Scale => Icon::Scale,
        DeviceKind::Printer => Icon::Printer,
        DeviceKind::Camera => Icon::Camera,
        DeviceKind::TagReader => Icon::Card,
        DeviceKind::Light => Icon::Star,
        DeviceKind::Sound | DeviceKind::Speech => Icon::Sound,
        DeviceKind::Voice => Icon::Mic,
    }
}

/// The catalogue's word for a kind of device.
pub(super) const fn kind_key(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Scanner => "device-scanner",
        DeviceKind::Scale => "device-scale",
        DeviceKind::Printer => "device-printer",
        DeviceKind::Camera => "device-camera",
        DeviceKind::TagReader => "device-tag-reader",
        DeviceKind::Light => "device-light",
        DeviceKind::Sound => "device-sound",
        DeviceKind::Speech => "device-speech",
        DeviceKind::Voice => "device-voice",
    }
}

pub(super) const fn trouble(device: &DeviceView) -> Option<Signal> {
    match device.state {
        DeviceState::Ready | DeviceState::Busy | DeviceState::Absent => None,
        DeviceState::Opening => Some(Signal::Wait),
        DeviceState::Attention | DeviceState::Lost { .. } => Some(Signal::Decide),
    }
}

/// Name for assistive technology, and the word beside the icon while something is wrong.
pub(super) fn chip_words(desk: &Desk<'_>, device: &DeviceView) -> (String, String) {
    let detail = device.detail.as_ref().map(|detail| desk.say(detail)).unwrap_or_default();
    let word = if trouble(device).is_some() { detail.clone() } else { String::new() };
    // A device that has not told its name yet is called by its kind: no control is without a name.
    let called = if device.name.is_empty() { desk.text(kind_key(device.kind)) } else { device.name.clone() };
    let name = if detail.is_empty() { called } else { format!("{called}: {detail}") };
    (name, word)
}

pub(super) fn network(desk: &Desk<'_>) -> (String, String, Option<Signal>) {
    let network = &desk.view.network;
    let age_ms = network.oldest.map_or(0, |oldest| desk.now.since_ms(oldest));
    let age = desk.words.format().span(age_ms);
    if let Some((trouble, _)) = super::network::trouble(desk) {
        return (format!("{}: {trouble}", desk.text("top-network")), age, Some(Signal::Decide));
    }
    if let Some(question) = &network.question {
        return (format!("{}: {}", desk.text("top-network"), desk.say(question)), age, Some(Signal::Decide));
    }
    if network.online {
        let name = format!("{}: {}", desk.text("top-network"), desk.text("top-online"));
        return (name, age, None);
    }
    let word = desk.with("top-offline", &[("age", Arg::SpanMs(age_ms))]);
    (format!("{}: {word}", desk.text("top-network")), word, Some(Signal::Wait))
}

pub(super) fn steps(ui: &mut Ui, areas: &Areas, desk: &Desk<'_>, now: Step, signal: Signal) {
    let words: Vec<String> = STEPS.iter().map(|key| desk.text(key)).collect();
    let current = Step::ALL.iter().position(|step| *step == now).unwrap_or(0);
    numbered(ui, areas, &words, current, signal);
}

/// The rail: what is before the current step is done, what is behind it waits.
pub(super) fn numbered(ui: &mut Ui, areas: &Areas, words: &[String], current: usize, signal: Signal) {
    let steps: Vec<rail::Step<'_>> = (1_u8..)
        .zip(words)
        .map(|(number, word)| rail::Step {
            number,
            word,
            state: match usize::from(number - 1).cmp(&current) {
                std::cmp::Ordering::Less => rail::State::Done,
                std::cmp::Ordering::Equal => rail::State::Current,
                std::cmp::Ordering::Greater => rail::State::Waiting,
            },
        })
        .collect();
    rail(ui, areas.rail, &steps, signal, areas.portrait);
}

/// Above a list of lines: how many there are, and how many of their units are done. Where the list begins.
pub(super) fn progress(ui: &mut Ui, areas: &Areas, desk: &Desk<'_>, lines: usize, (done, of): (u32, u32)) -> f32 {
    let lines = i64::try_from(lines).unwrap_or(i64::MAX);
    let title = desk.with("word-lines-items", &[("lines", Arg::Int(lines)), ("n", of.into())]);
    let count = format!("{done}/{of}");
    let share = f64::from(done) / f64::from(of.max(1));
    // A share of a bar needs no more than a float holds.
    #[expect(clippy::cast_possible_truncation)]
    let share = share as f32;
    side::head(ui, areas.side, &Head { title: &title, count: &count, share: Some(share) })
}

fn list(ui: &mut Ui, areas: &Areas, desk: &Desk<'_>, order: &PackView, signal: Signal) {
    let from = progress(ui, areas, desk, order.lines.len(), (order.done, order.of));
    let counts: Vec<String> = order.lines.iter().map(|line| format!("{}/{}", line.done, line.of)).collect();
    let mut rows: Vec<Line<'_>> = order
        .lines
        .iter()
        .zip(&counts)
        .map(|(line, count)| Line {
            number: None,
            name: &line.product.name,
            count,
            full: line.done + line.short >= line.of,
            current: line.current && signal != Signal::Stop,
        })
        .collect();
    let area = Rect::from_min_max(pos2(areas.side.left(), from), areas.side.max);
    // The line at work must be in sight: lists that are too long begin with it.
    let room = (area.height() / side::LINE).floor();
    if rows.len() as f32 > room
        && let Some(current) = rows.iter().position(|row| row.current)
    {
        rows.rotate_left(current);
    }
    side::lines(ui, area, &rows, signal);
}

fn actions(ui: &mut Ui, areas: &Areas, desk: &mut Desk<'_>) {
    let words = ["action-problem", "action-undo", "action-photo", "action-new-box", "action-call-lead", "action-break"]
        .map(|key| desk.text(key));
    let icons = [Icon::Tri, Icon::Undo, Icon::Camera, Icon::Box, Icon::Hand, Icon::Cup];
    let keys = [Key::F2, Key::F3, Key::F4, Key::F5, Key::F6, Key::F7];
    let bar: Vec<Action<'_>> =
        words.iter().zip(icons).zip(keys).map(|((word, icon), key)| Action { icon, word, key, off: None }).collect();
    let Some(pressed) = action_bar(ui, areas.actions, &bar, areas.portrait) else {
        return;
    };
    desk.ask(match pressed {
        0 => Request::OpenSheet(Sheet::Problems),
        1 => Request::Undo,
        2 => Request::Photo,
        3 => Request::AnotherParcel,
        4 => Request::CallLead,
        _ => Request::Pause,
    });
}

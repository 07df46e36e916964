//! How it stands with the network: what waits, how old it is, how long work lasts without it.

use egui::{Align2, CornerRadius, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::Desk;
use crate::engine::input::Ui as Request;
use crate::engine::view::WayOut;
use crate::station::icons::Icon;
use crate::station::local::Wish;
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::sheet::{Leave, grid, sheet};
use crate::station::widgets::stage::Say;
use crate::station::widgets::text;

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let online = desk.view.network.online;
    let (signal, icon, first, second) = match trouble(desk) {
        Some((first, second)) => (Signal::Decide, Icon::Tri, first, second),
        None if online => (Signal::Ok, Icon::Cloud, desk.text("win-network-fine"), desk.text("win-network-fine-sub")),
        None => (Signal::Wait, Icon::CloudOff, desk.text("say-offline"), desk.text("say-offline-sub")),
    };
    let square = if online { Icon::Cloud } else { Icon::CloudOff };
    let close = desk.text("action-close");
    let say = Say { signal, icon, first: &first, second: &second };
    let leave = Leave { word: &close, icon: Icon::Cross };
    let shown = sheet(ui, window, &say, leave, |ui, room| body(ui, room, desk, square));
    if shown.left || shown.inner {
        desk.local.overlay = None;
    }
}

fn body(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, icon: Icon) -> bool {
    let colours = palette(ui);
    let network = &desk.view.network;
    let word = desk.text("offline-oldest");
    super::muted_line(ui, Rect::from_min_size(room.min, vec2(room.width(), 30.0)), &word);
    let age = network.oldest.map_or_else(|| "0".to_owned(), |at| desk.words.format().span(desk.now.since_ms(at)));
    let square = Rect::from_min_size(pos2(room.right() - 140.0, room.top() + 20.0), vec2(140.0, 140.0));
    icon.paint(ui.painter(), square, colours.muted, 1.8);
    let figure = Rect::from_min_max(room.min + vec2(0.0, 30.0), pos2(square.left() - 20.0, room.top() + 180.0));
    text::put_fitted(ui, figure, Align2::LEFT_CENTER, fonts::figure_xl(132.0), 48.0, &age, colours.text);
    let buttons = Rect::from_min_max(pos2(room.left(), room.bottom() - measure::TARGET_LARGE), room.max);
    let facts =
        Rect::from_min_max(pos2(room.left(), figure.bottom() + 20.0), pos2(room.right(), figure.bottom() + 164.0));
    let answer = match network.last_answer {
        Some(at) => desk.words.format().time(at),
        None => desk.text("offline-never"),
    };
    let cards = [
        (desk.text("offline-waiting"), network.waiting.to_string(), desk.text("win-waiting-sub")),
        (desk.text("offline-can-pack"), network.leased.to_string(), can_pack(desk)),
        (desk.text("win-last-answer"), answer, desk.text("win-last-answer-sub")),
    ];
    for (cell, (head, value, hint)) in grid(facts, 3, 1, 14.0).into_iter().zip(&cards) {
        card(ui, cell, head, value, hint);
    }
    let area = Rect::from_min_max(pos2(room.left(), facts.bottom() + 14.0), pos2(room.right(), buttons.top() - 14.0));
    cures(ui, area, desk);
    let now = desk.text("action-try-now");
    let small = Button::new(&now).icon(Icon::Cloud).size(Size::Large);
    let width = small.width(ui).min(room.width() * 0.45);
    let left = Rect::from_min_max(buttons.min, pos2(buttons.right() - width - 14.0, buttons.bottom()));
    if small.show(ui, Rect::from_min_max(pos2(left.right() + 14.0, buttons.top()), buttons.max)).pressed() {
        desk.wish(Wish::SendNow);
    }
    let word = desk.text("action-go-on-packing");
    Button::new(&word).icon(Icon::Back).look(Look::Ink).size(Size::Large).show(ui, left).pressed()
}

/// What stands in the way, and what can be done about it.
pub(super) fn trouble(desk: &Desk<'_>) -> Option<(String, String)> {
    let network = &desk.view.network;
    let first = match (&network.trouble, network.way_out) {
        (Some(trouble), _) => desk.say(trouble),
        (None, Some(WayOut::NewEpoch)) => desk.text("sync-forked"),
        (None, Some(WayOut::Pair)) => desk.text("sync-token-revoked"),
        (None, None) => return None,
    };
    let second = match network.way_out {
        Some(WayOut::NewEpoch) => "win-way-new-epoch",
        Some(WayOut::Pair) => "win-way-pair",
        None => "win-way-none",
    };
    Some((first, desk.text(second)))
}

/// The button that ends a trouble which does not end by itself.
pub(super) fn way_out(ui: &mut Ui, rect: Rect, desk: &mut Desk<'_>, way: WayOut, size: Size) {
    let (key, icon, request) = match way {
        WayOut::NewEpoch => ("action-new-epoch", Icon::Shield, Request::NewEpoch),
        WayOut::Pair => ("action-pair-again", Icon::Cloud, Request::PairAgain),
    };
    let word = desk.text(key);
    if Button::new(&word).icon(icon).look(Look::Ink).size(size).show(ui, rect).pressed() {
        desk.ask(request);
        // The sheet gives way to what comes now.
        desk.local.overlay = None;
    }
}

/// The way out of a trouble and the server's question: beside each other, or below each other where it is narrow.
fn cures(ui: &mut Ui, area: Rect, desk: &mut Desk<'_>) {
    let (way, question) = (desk.view.network.way_out, desk.view.network.question.clone());
    let count = usize::from(way.is_some()) + usize::from(question.is_some());
    let (columns, rows) = if area.width() < 900.0 { (1, count) } else { (count, 1) };
    let mut cells = grid(area, columns, rows, 14.0).into_iter().map(|cell| {
        let height = cell.height().min(measure::TARGET_LARGE + 24.0);
        Rect::from_center_size(cell.center(), vec2(cell.width(), height))
    });
    if let Some(way) = way
        && let Some(cell) = cells.next()
    {
        way_out(ui, cell, desk, way, Size::Large);
    }
    if let Some(question) = question
        && let Some(cell) = cells.next()
    {
        let word = desk.text("action-put-away");
        let button = Button::new(&word).icon(Icon::Check).size(Size::Large);
        let width = button.width(ui).min(cell.width() * 0.5);
        let words = Rect::from_min_max(cell.min, pos2(cell.right() - width - 14.0, cell.bottom()));
        let kind = Type::new(24.0, Weight::SemiBold);
        text::put_fitted(ui, words, Align2::LEFT_CENTER, kind, 16.0, &desk.say(&question), palette(ui).text);
        if button.show(ui, Rect::from_min_max(pos2(words.right() + 14.0, cell.top()), cell.max)).pressed() {
            desk.ask(Request::QuestionRead);
        }
    }
}

/// How long the leased orders last, where that is known.
fn can_pack(desk: &Desk<'_>) -> String {
    let each = desk.view.queue.estimate_ms.map(|ms| ms / i64::from(desk.view.queue.ready.max(1)));
    match each {
        Some(ms) => {
            let span = crate::core::message::Arg::SpanMs(ms.saturating_mul(i64::from(desk.view.network.leased)));
            desk.with("offline-can-pack-sub", &[("n", desk.view.network.leased.into()), ("span", span)])
        }
        None => desk.text("win-can-pack-sub"),
    }
}

fn card(ui: &mut Ui, rect: Rect, head: &str, value: &str, hint: &str) {
    let colours = palette(ui);
    let corner = CornerRadius::same(12);
    ui.painter().rect_filled(rect, corner, colours.raised);
    ui.painter().rect_stroke(rect, corner, Stroke::new(2.0, colours.line), StrokeKind::Inside);
    let room = rect.shrink2(vec2(18.0, 12.0));
    let upper = Rect::from_min_size(room.min, vec2(room.width(), 28.0));
    text::put_fitted(ui, upper, Align2::LEFT_CENTER, fonts::hint(), 14.0, head, colours.muted);
    let middle = Rect::from_min_size(pos2(room.left(), upper.bottom()), vec2(room.width(), 60.0));
    text::put_fitted(ui, middle, Align2::LEFT_CENTER, fonts::figure_s(56.0), 24.0, value, colours.text);
    let lower = Rect::from_min_max(pos2(room.left(), middle.bottom()), room.max);
    text::put_fitted(ui, lower, Align2::LEFT_CENTER, fonts::label(), 14.0, hint, colours.muted);
}

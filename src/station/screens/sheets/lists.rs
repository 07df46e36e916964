//! Lists: parked orders, all waiting orders, boxes.

use egui::{Align2, CornerRadius, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::{Band, empty, over, tall};
use crate::core::message::Arg;
use crate::engine::input::Ui as Request;
use crate::engine::view::HeldView;
use crate::station::icons::Icon;
use crate::station::screens::{Desk, pager, queue};
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Choice};
use crate::station::widgets::text;

/// Height of a parked order.
const HELD: f32 = 104.0;
/// Height of a waiting order.
const ORDER: f32 = 84.0;

/// Parked orders and what is asked about them.
pub(super) fn held(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let n = i64::try_from(desk.view.held.len()).unwrap_or(i64::MAX);
    let second = desk.with("word-orders", &[("n", Arg::Int(n))]);
    let band = Band::new(Signal::Decide, Icon::Pause, desk.text("exception-list-title"), second);
    over(ui, window, desk, &band, |ui, room, desk| {
        let list = desk.view.held.clone();
        if list.is_empty() {
            let words = desk.text("exception-list-empty");
            empty(ui, room, Icon::Okc, &words);
        }
        for (index, place) in pager::rows(ui, room, desk, list.len(), 1, HELD, 12.0) {
            if let Some(row) = list.get(index) {
                held_row(&mut pager::row(ui, index, place), place, desk, row);
            }
        }
    });
}

fn held_row(ui: &mut Ui, rect: Rect, desk: &mut Desk<'_>, row: &HeldView) {
    let colours = palette(ui);
    card(ui, rect);
    let word = desk.text(if row.lead_can_release { "win-ask-lead-release" } else { "action-go-on" });
    let button = Button::new(&word).icon(if row.lead_can_release { Icon::Hand } else { Icon::Next });
    let width = button.width(ui).min(rect.width() * 0.42);
    let place = Rect::from_center_size(
        pos2(rect.right() - 18.0 - width * 0.5, rect.center().y),
        vec2(width, measure::TARGET_ACTION),
    );
    if row.can_resume {
        if button.show(ui, place).pressed() {
            desk.ask(Request::ResumeHeld(row.fulfillment));
        }
    } else {
        let words = desk.text("win-office-decides");
        text::put_fitted(ui, place, Align2::RIGHT_CENTER, fonts::label(), 14.0, &words, colours.muted);
    }
    let left = rect.left() + 22.0;
    let right = place.left() - 16.0;
    let number = Rect::from_min_max(pos2(left, rect.top() + 12.0), pos2(right, rect.top() + 50.0));
    let title = Type::new(30.0, Weight::Bold);
    let since = desk.with("win-since", &[("time", Arg::Time(row.since))]);
    let drawn = text::put_fitted(ui, number, Align2::LEFT_CENTER, title, 18.0, &row.number, colours.text);
    let beside = Rect::from_min_max(pos2(drawn.right() + 16.0, number.top()), pos2(right, number.bottom()));
    text::put_fitted(ui, beside, Align2::LEFT_CENTER, fonts::label(), 14.0, &since, colours.muted);
    let below = Rect::from_min_max(pos2(left, rect.top() + 52.0), pos2(right, rect.bottom() - 10.0));
    text::put_fitted(ui, below, Align2::LEFT_CENTER, fonts::body(), 16.0, &desk.say(&row.question), colours.text);
}

pub(super) fn card(ui: &Ui, rect: Rect) {
    let colours = palette(ui);
    let corner = CornerRadius::same(12);
    ui.painter().rect_filled(rect, corner, colours.raised);
    ui.painter().rect_stroke(rect, corner, Stroke::new(2.0, colours.line), StrokeKind::Inside);
}

/// All waiting orders in the order they should be packed.
pub(super) fn queue(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let first = desk.text("top-queue");
    let second = desk.with("queue-ready", &[("n", desk.view.queue.ready.into())]);
    let band = Band::new(Signal::Now, Icon::List, first, second);
    over(ui, window, desk, &band, |ui, room, desk| {
        let list = desk.view.queue.clone();
        let columns = if tall(room) { 1 } else { 2 };
        for (index, place) in pager::rows(ui, room, desk, list.rows.len(), columns, ORDER, 12.0) {
            let Some(row) = list.rows.get(index) else {
                continue;
            };
            let ui = &mut pager::row(ui, index, place);
            card(ui, place);
            let word = desk.text(if row.expedited { "action-unexpedite" } else { "action-expedite" });
            let side = 168.0;
            let up = Rect::from_min_max(pos2(place.right() - side, place.top() + 12.0), place.max - vec2(12.0, 12.0));
            let icon = if row.expedited { Icon::Down } else { Icon::Up };
            if Button::new(&word).icon(icon).show(ui, up).pressed() {
                desk.ask(Request::Expedite { fulfillment: row.fulfillment, on: !row.expedited });
            }
            let main = Rect::from_min_max(place.min + vec2(2.0, 2.0), pos2(up.left() - 12.0, place.bottom() - 2.0));
            if queue::order_row(ui, main, desk, row) {
                desk.ask(Request::Open(row.fulfillment));
            }
        }
    });
}

/// Boxes and envelopes of the site.
pub(super) fn boxes(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let first = desk.text("pack-choose");
    let band = Band::new(Signal::Now, Icon::Box, first, desk.text("exception-scan-to-choose"));
    over(ui, window, desk, &band, |ui, room, desk| {
        let list = desk.view.packagings.clone();
        let columns = if tall(room) { 2 } else { 3 };
        for (index, place) in pager::rows(ui, room, desk, list.len(), columns, 112.0, 14.0) {
            let Some(packaging) = list.get(index) else {
                continue;
            };
            let key = if packaging.envelope { "pack-envelope" } else { "pack-box" };
            let title = format!("{} {}", desk.text(key), packaging.name);
            let hint = desk.words.format().dims(packaging.inner);
            let icon = if packaging.envelope { Icon::Mail } else { Icon::Box };
            let choice = Choice { icon, title: &title, hint: &hint, taken: false, signal: Signal::Now };
            if choice.show(&mut pager::row(ui, index, place), place) {
                desk.ask(Request::ChooseBox(packaging.id));
            }
        }
    });
}

/// Returns on their way: scanned, or chosen here.
pub(super) fn returns(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let first = desk.text("return-list");
    let band = Band::new(Signal::Now, Icon::Ret, first, desk.text("return-list-sub"));
    over(ui, window, desk, &band, |ui, room, desk| {
        let list = desk.view.returns.clone();
        if list.is_empty() {
            let words = desk.text("return-list-empty");
            empty(ui, room, Icon::Okc, &words);
        }
        let columns = if tall(room) { 1 } else { 2 };
        for (index, place) in pager::rows(ui, room, desk, list.len(), columns, HELD, 12.0) {
            let Some(row) = list.get(index) else {
                continue;
            };
            let order = ("order", Arg::Text(row.order.clone()));
            let hint = desk.with("return-list-row", &[order, ("came", row.came.into()), ("asked", row.asked.into())]);
            let icon = if row.begun { Icon::Pause } else { Icon::Ret };
            let choice = Choice { icon, title: &row.number, hint: &hint, taken: false, signal: Signal::Now };
            if choice.show(&mut pager::row(ui, index, place), place) {
                desk.ask(Request::OpenReturn(row.id));
            }
        }
    });
}

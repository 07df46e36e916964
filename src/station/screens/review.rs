//! Step 2: what must be known about this order before it is begun.

use egui::{Align2, Key, Rect, Ui, pos2, vec2};

use super::{Desk, pager};
use crate::core::message::Arg;
use crate::core::order::Flag;
use crate::engine::input::Ui as Request;
use crate::engine::view::{ProblemKind, ReviewView};
use crate::station::icons::Icon;
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::rows::Fact;
use crate::station::widgets::text;

/// Height of a fact.
const ROW: f32 = 62.0;

struct Row {
    icon: Icon,
    signal: Signal,
    title: String,
    hint: String,
    flag: Option<Flag>,
}

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &ReviewView) {
    let blocked = !stage.flags.is_empty();
    let height = measure::TARGET_LARGE;
    let buttons = Rect::from_min_max(pos2(room.left(), room.bottom() - height), room.max);
    let to = to_line(desk, stage);
    let head = Rect::from_min_size(room.min - vec2(0.0, 4.0), vec2(room.width(), 30.0));
    text::put_fitted(ui, head, Align2::LEFT_CENTER, fonts::body(), 16.0, &to, palette(ui).muted);
    let rows = rows(desk, stage);
    let area = Rect::from_min_max(head.left_bottom() + vec2(0.0, 6.0), pos2(room.right(), buttons.top() - 12.0));
    for (index, place) in pager::rows(ui, area, desk, rows.len(), 1, ROW, 2.0) {
        if let Some(row) = rows.get(index) {
            show(&mut pager::row(ui, index, place), place, desk, row);
        }
    }
    if rows.is_empty() {
        let words = desk.text("say-review-plain");
        text::put_fitted(ui, area, Align2::CENTER_CENTER, fonts::lead(), 18.0, &words, palette(ui).muted);
    }
    if blocked {
        let word = desk.text("problem-hold");
        if Button::new(&word).icon(Icon::Pause).look(Look::Ink).size(Size::Large).show(ui, buttons).pressed() {
            desk.ask(Request::Problem(ProblemKind::Hold, None));
        }
        return;
    }
    let word = desk.text("action-go-on");
    let go_on = Button::new(&word).icon_after(Icon::Next).look(Look::Primary).size(Size::Large).key(Key::F8);
    if go_on.show(ui, buttons).pressed() {
        desk.ask(Request::Continue);
    }
}

/// Who gets it and how it goes.
fn to_line(desk: &Desk<'_>, stage: &ReviewView) -> String {
    let who = match &stage.customer {
        Some(no) => desk.with("print-customer", &[("no", Arg::Text(no.clone()))]),
        None => desk.text("print-guest"),
    };
    let parts = [Some(who), stage.country.clone(), Some(stage.shipping.clone())];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

const fn flag_key(flag: Flag) -> &'static str {
    match flag {
        Flag::FraudReview => "flag-fraud-review",
        Flag::AddressTrouble => "flag-address-trouble",
        Flag::Unpaid => "flag-unpaid",
    }
}

fn rows(desk: &Desk<'_>, stage: &ReviewView) -> Vec<Row> {
    let mut rows = Vec::new();
    for flag in &stage.flags {
        rows.push(Row {
            icon: Icon::Flag,
            signal: Signal::Decide,
            title: desk.text(flag_key(*flag)),
            hint: desk.text("review-flags"),
            flag: Some(*flag),
        });
    }
    let plain = |icon, title, hint| Row { icon, signal: Signal::Now, title, hint, flag: None };
    if let Some(note) = &stage.note {
        let quoted = desk.with("review-line-note", &[("note", Arg::Text(note.clone()))]);
        rows.push(plain(Icon::Mail, quoted, String::new()));
    }
    if stage.gift {
        rows.push(plain(Icon::Gift, desk.text("review-gift"), desk.text("win-gift-sub")));
    }
    for (name, note) in &stage.line_notes {
        rows.push(plain(Icon::Doc, desk.say(note), crate::station::widgets::side::title_case(name)));
    }
    for handling in &stage.handling {
        rows.push(plain(Icon::Shield, desk.say(handling), desk.text("win-handling-sub")));
    }
    rows
}

fn show(ui: &mut Ui, place: Rect, desk: &mut Desk<'_>, row: &Row) {
    let mut area = place;
    if let Some(flag) = row.flag {
        let word = desk.text("action-clear-flag");
        let button = Button::new(&word).icon(Icon::Hand);
        let width = button.width(ui).min(place.width() * 0.45);
        let at = Rect::from_min_size(pos2(place.right() - width, place.top() + 4.0), vec2(width, measure::TARGET_MIN));
        if button.show(ui, at).pressed() {
            desk.ask(Request::ClearFlag(flag));
        }
        area.max.x = at.left() - 12.0;
    }
    if row.hint.is_empty() {
        // What a customer wrote is long: it gets both lines.
        let square = Rect::from_min_size(pos2(area.left(), area.center().y - 20.0), vec2(40.0, 40.0));
        row.icon.paint(ui.painter(), square, palette(ui).accent_text, 2.2);
        let words = Rect::from_min_max(pos2(square.right() + 16.0, area.top()), area.max - vec2(0.0, 3.0));
        let kind = Type::new(22.0, Weight::SemiBold).line(1.15);
        text::put_fitted(ui, words, Align2::LEFT_CENTER, kind, 14.0, &row.title, palette(ui).text);
        let under = Rect::from_min_size(pos2(area.left(), area.bottom() - 1.0), vec2(area.width(), 1.0));
        ui.painter().rect_filled(under, 0.0, palette(ui).line);
        return;
    }
    let fact = Fact { icon: row.icon, signal: row.signal, title: &row.title, hint: &row.hint, strong: true };
    fact.show(ui, area);
}

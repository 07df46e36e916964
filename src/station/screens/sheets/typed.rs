//! What is typed by hand: a count after a scan, an order's number, a tag's code.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::{Band, over, tall};
use crate::engine::input::Ui as Request;
use crate::engine::view::StageView;
use crate::station::art;
use crate::station::icons::Icon;
use crate::station::screens::Desk;
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::keyboard::{self, FIELD, Names, Pressed};
use crate::station::widgets::side::title_case;
use crate::station::widgets::text;

/// Most digits of a count.
const COUNT_DIGITS: usize = 5;

/// How many more of the same.
pub(super) fn count(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let stage = match desk.view.pack.as_ref().map(|order| &order.stage) {
        Some(StageView::Verify(stage)) => Some(stage.clone()),
        Some(_) | None => None,
    };
    let (name, max) = stage.as_ref().map_or((String::new(), 0), |s| (s.product.name.clone(), s.count_max));
    let band = Band::new(Signal::Now, Icon::Plus, desk.text("verify-count-how-many"), name.clone());
    over(ui, window, desk, &band, |ui, room, desk| {
        let (left, right) =
            if tall(room) { room.split_top_bottom_at_fraction(0.4) } else { room.split_left_right_at_fraction(0.52) };
        about(ui, left, desk, &name, max);
        let keys = Rect::from_center_size(right.center(), vec2(right.width().min(440.0), right.height().min(440.0)));
        let (back, enter) = (desk.text("action-delete"), desk.text("action-ok"));
        for key in keyboard::digits(ui, keys, &Names { back: &back, enter: &enter }) {
            match key {
                Pressed::Char(c) if desk.local.typed.len() < COUNT_DIGITS => desk.local.push(c),
                Pressed::Char(_) => {}
                Pressed::Back => {
                    desk.local.typed.pop();
                }
                Pressed::Enter => {
                    if let Some(more) = allowed(&desk.local.typed, max) {
                        desk.ask(Request::Count(more));
                    }
                }
            }
        }
    });
}

/// A count from one to the most that is still wanted.
fn allowed(typed: &str, max: u32) -> Option<u32> {
    typed.parse().ok().filter(|more| (1..=max).contains(more))
}

fn about(ui: &mut Ui, area: Rect, desk: &Desk<'_>, name: &str, max: u32) {
    let colours = palette(ui);
    let side = (area.height() * 0.4).clamp(80.0, 200.0);
    let picture = Rect::from_min_size(area.min, vec2(side, side));
    art::paint_on_mat(ui, picture, measure::RADIUS_CARD, side * 0.05, name);
    let beside =
        Rect::from_min_max(pos2(picture.right() + 20.0, area.top()), pos2(area.right() - 20.0, picture.bottom()));
    let kind = Type::new(28.0, Weight::Bold);
    text::put_fitted(ui, beside, Align2::LEFT_CENTER, kind, 16.0, &title_case(name), colours.text);
    let typed = if desk.local.typed.is_empty() { "0" } else { &desk.local.typed };
    let over = !desk.local.typed.is_empty() && allowed(&desk.local.typed, max).is_none();
    let figure =
        Rect::from_min_max(pos2(area.left(), picture.bottom() + 10.0), pos2(area.right() - 20.0, area.bottom() - 50.0));
    let ink = match (over, desk.local.typed.is_empty()) {
        (true, _) => colours.stop_text,
        (false, true) => colours.muted,
        (false, false) => colours.text,
    };
    text::put_fitted(ui, figure, Align2::LEFT_CENTER, fonts::figure_xl(144.0), 48.0, typed, ink);
    let words = desk.with(if over { "win-count-over" } else { "win-count-max" }, &[("n", max.into())]);
    let foot = Rect::from_min_max(pos2(area.left(), area.bottom() - 46.0), pos2(area.right() - 20.0, area.bottom()));
    text::put_fitted(ui, foot, Align2::LEFT_CENTER, Type::new(24.0, Weight::SemiBold), 16.0, &words, ink);
}

/// A line that is typed on the screen's keys.
struct Entry<'a> {
    /// Key of the button's word.
    go: &'static str,
    icon: Icon,
    /// Key of the words in the empty field.
    hint: &'static str,
    /// What is in the field before anything is typed.
    before: &'a str,
}

/// Draws the field, its button and the keys; the text once it is sent.
fn entry(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, entry: &Entry<'_>) -> Option<String> {
    let row = Rect::from_min_size(room.min, vec2(room.width(), FIELD));
    let word = desk.text(entry.go);
    let button = Button::new(&word).icon(entry.icon).look(Look::Primary).size(Size::Large);
    let width = button.width(ui).min(row.width() * 0.45);
    let place = Rect::from_min_max(pos2(row.right() - width, row.top()), row.max);
    let hint = desk.text(entry.hint);
    let shown = if desk.local.typed.is_empty() { entry.before.to_owned() } else { desk.local.typed.clone() };
    keyboard::field(ui, Rect::from_min_max(row.min, pos2(place.left() - 12.0, row.bottom())), &shown, &hint);
    let mut send = button.show(ui, place).pressed();
    let height = (room.bottom() - row.bottom() - 20.0).min(4.0 * 96.0 + 36.0);
    let keys = Rect::from_min_size(pos2(room.left(), row.bottom() + 20.0), vec2(room.width(), height));
    let (back, enter) = (desk.text("action-delete"), desk.text("action-ok"));
    for key in keyboard::letters(ui, keys, &Names { back: &back, enter: &enter }) {
        match key {
            Pressed::Char(c) => desk.local.push(c),
            Pressed::Back => {
                desk.local.typed.pop();
            }
            Pressed::Enter => send = true,
        }
    }
    let typed = if desk.local.typed.is_empty() { entry.before } else { &desk.local.typed };
    Some(typed.trim().to_owned()).filter(|text| send && !text.is_empty())
}

/// An order by its number.
pub(super) fn find(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let (first, second) = (desk.text("action-find-order"), desk.text("win-find-sub"));
    let band = Band::new(Signal::Now, Icon::Search, first, second);
    over(ui, window, desk, &band, |ui, room, desk| {
        let field = Entry { go: "action-find-order", icon: Icon::Search, hint: "win-find-hint", before: "" };
        if let Some(number) = entry(ui, room, desk, &field) {
            desk.ask(Request::Find(number));
        }
    });
    refused(ui, window, desk);
}

/// A code onto a tag: scanned or typed, then the tag is held to the reader.
pub(super) fn tag(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, reader: &str, code: Option<&str>, waiting: bool) {
    let (signal, key) = if waiting { (Signal::Wait, "tag-write-hold") } else { (Signal::Now, "tag-write-code") };
    let (first, second) = (desk.text("device-write-tag"), desk.text(key));
    let band = Band::new(signal, Icon::Card, first, second);
    over(ui, window, desk, &band, |ui, room, desk| {
        let before = code.unwrap_or_default();
        let field = Entry { go: "device-write-tag", icon: Icon::Card, hint: "tag-write-hint", before };
        if let Some(code) = entry(ui, room, desk, &field) {
            desk.ask(Request::WriteTag { reader: reader.to_owned(), code });
        }
    });
    refused(ui, window, desk);
}

/// Why the last search opened nothing, at the foot of the sheet.
fn refused(ui: &mut Ui, window: Rect, desk: &Desk<'_>) {
    let Some((signal, _, first, second)) = crate::station::screens::voice::refusal(desk) else {
        return;
    };
    if signal != Signal::Stop {
        return;
    }
    let area = Rect::from_min_max(pos2(window.left() + 62.0, window.bottom() - 70.0), window.max - vec2(62.0, 36.0));
    let words = format!("{first}. {second}");
    let layer = egui::LayerId::new(egui::Order::Middle, egui::Id::unique("packbench-sheet"));
    let painter = ui.ctx().layer_painter(layer);
    let kind = Type::new(22.0, Weight::SemiBold);
    let galley = kind.wrapped(ui, &words, palette(ui).stop_text, area.width());
    painter.galley(area.min, galley, palette(ui).stop_text);
}

//! A station that belongs to no site yet: eight characters, and where they come from.

use egui::{Align2, CornerRadius, Key, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::head::{self, Title};
use super::{Desk, login};
use crate::core::message::Arg;
use crate::engine::input::Ui as Request;
use crate::engine::view::PairingState;
use crate::station::icons::Icon;
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::frame::{Areas, Plan};
use crate::station::widgets::keyboard::{self, Names, Pressed};
use crate::station::widgets::stage::{Say, stage_card};
use crate::station::widgets::text;

/// Characters of a code.
const CODE: usize = 8;

pub(super) fn draw(
    ui: &mut Ui,
    window: Rect,
    desk: &mut Desk<'_>,
    code: &str,
    answer: &PairingState,
    again: Option<&str>,
) {
    let areas = Areas::of(window, Plan::Wide);
    areas.paint(ui);
    let title = Title {
        fact: Some((None, title_of(desk, again))),
        who: Some(desk.words.format().time(desk.now)),
        ..Title::new(desk.text("win-product"))
    };
    head::draw(ui, areas.top, areas.portrait, desk, &title);
    let (signal, icon, first, second) = match answer {
        PairingState::Idle if again.is_some() => {
            (Signal::Now, Icon::Badge, desk.text("pair-say"), desk.text("pair-revoked-sub"))
        }
        PairingState::Idle => (Signal::Now, Icon::Badge, desk.text("pair-say"), desk.text("pair-say-sub")),
        PairingState::Asking => (Signal::Wait, Icon::Wait, desk.text("pair-working"), title_of(desk, again)),
        PairingState::Refused(why) => (Signal::Decide, Icon::Tri, desk.say(why), desk.text("pair-say-sub")),
    };
    let say = Say { signal, icon, first: &first, second: &second };
    stage_card(ui, areas.stage.shrink2(vec2(32.0, 16.0)), &say, |ui, room| body(ui, room, desk, code, answer, again));
    login::foot(ui, areas.actions, desk, areas.portrait);
}

fn title_of(desk: &Desk<'_>, again: Option<&str>) -> String {
    match again {
        Some(station) => desk.with("pair-title-again", &[("station", Arg::Text(station.to_owned()))]),
        None => desk.text("pair-title"),
    }
}

fn body(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, code: &str, answer: &PairingState, again: Option<&str>) {
    let colours = palette(ui);
    let mut help = Rect::from_min_size(room.min - vec2(0.0, 8.0), vec2(room.width(), 56.0));
    let where_from = match again {
        Some(station) => {
            let word = desk.text("action-back");
            let button = Button::new(&word).icon(Icon::Back).key(Key::Escape);
            let width = button.width(ui).min(room.width() * 0.4);
            let place = Rect::from_min_size(pos2(room.right() - width, help.top()), vec2(width, measure::TARGET_MIN));
            if button.show(ui, place).pressed() {
                desk.ask(Request::PairLeave);
            }
            help.max.x = place.left() - 16.0;
            desk.with("win-pair-where-again", &[("station", Arg::Text(station.to_owned()))])
        }
        None => desk.text("win-pair-where"),
    };
    text::put_fitted(ui, help, Align2::LEFT_CENTER, fonts::body(), 16.0, &where_from, colours.muted);
    let slots = Rect::from_min_size(pos2(room.left(), help.bottom() + 10.0), vec2(room.width(), 88.0));
    let full = code.chars().count() >= CODE;
    let connect = desk.text("pair-connect");
    let button = Button::new(&connect).icon_after(Icon::Next).look(Look::Primary).size(Size::Large);
    let wanted = button.width(ui).clamp(150.0, 260.0);
    let place = Rect::from_min_max(pos2(slots.right() - wanted, slots.top() + 4.0), slots.max - vec2(0.0, 4.0));
    show_code(ui, Rect::from_min_max(slots.min, pos2(place.left() - 16.0, slots.bottom())), desk, code);
    let asking = *answer == PairingState::Asking;
    let ready = full && !asking;
    let look = if ready { button } else { button.look(Look::Plain) };
    if look.show(ui, place).pressed() && ready {
        desk.ask(Request::PairSend);
    }
    let keys_height = (room.bottom() - slots.bottom() - 16.0).min(4.0 * 88.0 + 36.0);
    let keys = Rect::from_min_size(pos2(room.left(), slots.bottom() + 16.0), vec2(room.width(), keys_height));
    let (back, enter) = (desk.text("action-delete"), desk.text("action-ok"));
    for pressed in keyboard::letters(ui, keys, &Names { back: &back, enter: &enter }) {
        match pressed {
            Pressed::Char(c) if c.is_ascii_alphanumeric() => desk.ask(Request::PairKey(c.to_ascii_uppercase())),
            Pressed::Char(_) => {}
            Pressed::Back => desk.ask(Request::PairBack),
            Pressed::Enter if ready => desk.ask(Request::PairSend),
            Pressed::Enter => {}
        }
    }
}

fn show_code(ui: &mut Ui, rect: Rect, desk: &Desk<'_>, code: &str) {
    let colours = palette(ui);
    let gap = 8.0;
    let width = ((rect.width() - gap * 9.0) / 8.0).min(84.0);
    let typed: Vec<char> = code.chars().collect();
    let mut left = rect.left();
    for slot in 0..CODE {
        let area = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        let next = slot == typed.len();
        let edge = if next { Stroke::new(4.0, colours.accent) } else { Stroke::new(2.0, colours.line_strong) };
        let corner = CornerRadius::same(measure::RADIUS_CONTROL);
        ui.painter().rect_filled(area, corner, colours.surface);
        ui.painter().rect_stroke(area, corner, edge, StrokeKind::Inside);
        if let Some(c) = typed.get(slot) {
            let kind = Type::new(52.0, Weight::MonoBold).line(1.0);
            text::paint(ui, area.center(), Align2::CENTER_CENTER, kind, &c.to_string(), colours.text);
        }
        left += width + gap + if slot == CODE / 2 - 1 { gap * 2.0 } else { 0.0 };
    }
    let name = format!("{}: {code}", desk.text("pair-title"));
    text::tell(ui, rect, &name);
}

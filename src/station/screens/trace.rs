//! Step 5, where a product asks for its serial number, lot or date: scan it, or type it.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::Desk;
use crate::core::scan::Trace;
use crate::core::session::refusal::TraceField;
use crate::core::time::Day;
use crate::engine::input::Ui as Request;
use crate::engine::view::VerifyView;
use crate::station::art;
use crate::station::icons::Icon;
use crate::station::theme::{Type, Weight, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::keyboard::{self, FIELD, Names, Pressed};
use crate::station::widgets::side::title_case;
use crate::station::widgets::text;

/// Digits of a day: year, month, day.
const DAY_DIGITS: usize = 8;

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &VerifyView) {
    let Some(field) = stage.asks else {
        return;
    };
    let head = Rect::from_min_size(room.min - vec2(0.0, 6.0), vec2(room.width(), 72.0));
    product(ui, head, stage);
    let row = Rect::from_min_size(pos2(room.left(), head.bottom() + 10.0), vec2(room.width(), FIELD));
    let word = desk.text("action-ok");
    let button = Button::new(&word).icon_after(Icon::Next).look(Look::Primary).size(Size::Large);
    let width = button.width(ui).max(140.0);
    let done = Rect::from_min_max(pos2(row.right() - width, row.top()), row.max);
    let shown = match field {
        TraceField::Expiry => spaced_day(&desk.local.typed),
        TraceField::Serial | TraceField::Lot => desk.local.typed.clone(),
    };
    let hint = desk.text(match field {
        TraceField::Serial => "win-serial-hint",
        TraceField::Lot => "win-lot-hint",
        TraceField::Expiry => "win-expiry-hint",
    });
    keyboard::field(ui, Rect::from_min_max(row.min, pos2(done.left() - 12.0, row.bottom())), &shown, &hint);
    let mut send = button.show(ui, done).pressed();
    let keys = Rect::from_min_max(pos2(room.left(), row.bottom() + 14.0), room.max);
    let (back, enter) = (desk.text("action-delete"), desk.text("action-ok"));
    let names = Names { back: &back, enter: &enter };
    let pressed = match field {
        TraceField::Expiry => keyboard::digits(ui, keys, &names),
        TraceField::Serial | TraceField::Lot => keyboard::letters(ui, keys, &names),
    };
    for key in pressed {
        match key {
            Pressed::Char(c) if field != TraceField::Expiry || desk.local.typed.len() < DAY_DIGITS => {
                desk.local.push(c)
            }
            Pressed::Char(_) => {}
            Pressed::Back => {
                desk.local.typed.pop();
            }
            Pressed::Enter => send = true,
        }
    }
    if send && let Some(trace) = trace(field, &desk.local.typed) {
        desk.local.typed.clear();
        desk.ask(Request::Trace(trace));
    }
}

fn product(ui: &mut Ui, head: Rect, stage: &VerifyView) {
    let colours = palette(ui);
    let picture = Rect::from_min_size(head.min, vec2(72.0, 72.0));
    art::paint_on_mat(ui, picture, measure::RADIUS_CARD, 4.0, &stage.product.name);
    let count = format!("{}/{}", stage.done, stage.of);
    let figure = Type::new(44.0, Weight::Bold);
    let number = text::put(ui, head.right_center(), Align2::RIGHT_CENTER, figure, &count, colours.text);
    let name = Rect::from_min_max(pos2(picture.right() + 16.0, head.top()), pos2(number.left() - 16.0, head.bottom()));
    let kind = Type::new(26.0, Weight::Bold);
    text::put_fitted(ui, name, Align2::LEFT_CENTER, kind, 16.0, &title_case(&stage.product.name), colours.text);
}

/// `2026` `05` `31` as it grows.
fn spaced_day(digits: &str) -> String {
    let part = |from: usize, to: usize| digits.get(from..digits.len().min(to)).unwrap_or("");
    let parts = [part(0, 4), part(4, 6), part(6, 8)];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

/// What was typed as a fact; none while it is not whole.
fn trace(field: TraceField, typed: &str) -> Option<Trace> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    Some(match field {
        TraceField::Serial => Trace { serial: Some(typed.to_owned()), ..Trace::default() },
        TraceField::Lot => Trace { lot: Some(typed.to_owned()), ..Trace::default() },
        TraceField::Expiry => Trace { expiry: Some(day(typed)?), ..Trace::default() },
    })
}

/// Eight digits as a day; day 00 is the last of its month, as on the goods.
fn day(digits: &str) -> Option<Day> {
    let year = digits.get(0..4)?.parse().ok()?;
    let month = digits.get(4..6)?.parse().ok()?;
    match digits.get(6..8)?.parse().ok()? {
        0 => Day::end_of_month(year, month),
        day => Day::new(year, month, day),
    }
}

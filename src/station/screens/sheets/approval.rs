//! A lead agrees: what to, then badge and PIN.

use egui::{Align2, CornerRadius, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::{Band, over, tall};
use crate::core::message::{Arg, Message};
use crate::station::icons::Icon;
use crate::station::screens::{Desk, login};
use crate::station::theme::{Signal, Type, Weight, measure, palette};
use crate::station::widgets::text;

pub(super) fn draw(
    ui: &mut Ui,
    window: Rect,
    desk: &mut Desk<'_>,
    what: &Message,
    badge: Option<&str>,
    digits: u8,
    refused: Option<&Message>,
) {
    let what = desk.say(what);
    let for_what = desk.with("say-approve-sub", &[("what", Arg::Text(what.clone()))]);
    let band = match refused {
        Some(why) if digits == 0 => Band::new(Signal::Stop, Icon::Oct, desk.say(why), for_what),
        Some(_) | None => Band::new(Signal::Decide, Icon::Badge, desk.text("say-approve"), for_what),
    };
    let band = Band { leave: "action-cancel", ..band };
    over(ui, window, desk, &band, |ui, room, desk| {
        let (left, right) =
            if tall(room) { room.split_top_bottom_at_fraction(0.42) } else { room.split_left_right_at_fraction(0.5) };
        ask(ui, left.shrink2(vec2(8.0, 4.0)), desk, &what, badge);
        let card = right.shrink2(vec2(8.0, 4.0));
        let colours = palette(ui);
        let corner = CornerRadius::same(measure::RADIUS_CARD);
        ui.painter().rect_filled(card, corner, colours.raised);
        ui.painter().rect_stroke(card, corner, Stroke::new(2.0, colours.line), StrokeKind::Inside);
        login::pad(ui, card, desk, digits);
    });
}

fn ask(ui: &mut Ui, area: Rect, desk: &Desk<'_>, what: &str, badge: Option<&str>) {
    let colours = palette(ui);
    let top = Rect::from_min_max(area.min, pos2(area.right(), area.top() + area.height() * 0.3));
    text::put_fitted(ui, top, Align2::CENTER_CENTER, Type::new(34.0, Weight::Bold), 20.0, what, colours.text);
    let middle = Rect::from_min_max(top.left_bottom(), pos2(area.right(), area.bottom() - 72.0));
    let words = if let Some(who) = badge {
        let side = middle.height().min(180.0);
        let square = Rect::from_center_size(middle.center(), vec2(side, side));
        Icon::Okc.paint(ui.painter(), square, colours.ok_text, 1.7);
        desk.with("win-badge-known", &[("who", Arg::Text(who.to_owned()))])
    } else {
        let height = middle.height().min(220.0);
        let place = Rect::from_center_size(middle.center(), vec2(height * 290.0 / 230.0, height));
        login::paint_badge(ui, place, colours);
        desk.text("win-badge-first")
    };
    let below = Rect::from_min_max(pos2(area.left(), area.bottom() - 68.0), area.max);
    text::put_fitted(ui, below, Align2::CENTER_CENTER, Type::new(26.0, Weight::Regular), 18.0, &words, colours.muted);
}

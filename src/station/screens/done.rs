//! Step 11: the order is done; its time beside the packer's own middle; the next opens by itself.

use std::time::Duration;

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::Desk;
use crate::core::message::Arg;
use crate::engine::input::Ui as Request;
use crate::engine::view::{DoneView, PackView};
use crate::station::icons::Icon;
use crate::station::theme::{Type, Weight, fonts, measure, palette};
use crate::station::widgets::bars::{auto_advance, big_check, stats};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::text;

/// One step of the filling bar.
const STEP: Duration = Duration::from_millis(33);

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, order: &PackView, stage: &DoneView) {
    let buttons_top = room.bottom() - 116.0;
    let stats_top = buttons_top - 22.0 - 65.0;
    let line_top = stats_top - 20.0;
    let upper = Rect::from_min_max(room.min, pos2(room.right(), line_top));
    took(ui, upper, desk, order, stage);
    let line = Rect::from_min_size(pos2(room.left(), line_top), vec2(room.width(), 2.0));
    ui.painter().rect_filled(line, 0.0, palette(ui).line);
    let words = [desk.text("done-today"), desk.text("done-right-first"), desk.text("done-put-box")];
    let values = [
        desk.with("word-orders", &[("n", stage.today.into())]),
        desk.words.format().percent(i64::from(stage.right_permille)),
        desk.with("done-cage", &[("route", Arg::Text(stage.cage.clone()))]),
    ];
    let rows: Vec<(&str, &str)> = words.iter().zip(&values).map(|(w, v)| (w.as_str(), v.as_str())).collect();
    let foot = Rect::from_min_size(pos2(room.left(), stats_top), vec2(room.width(), 68.0));
    stats(ui, foot, &rows, fonts::figure_s(40.0));
    buttons(ui, Rect::from_min_size(pos2(room.left(), buttons_top), vec2(room.width(), 80.0)), desk, stage);
    advance(ui, Rect::from_min_max(pos2(room.left(), room.bottom() - 22.0), room.max), desk, stage);
}

fn took(ui: &mut Ui, upper: Rect, desk: &Desk<'_>, order: &PackView, stage: &DoneView) {
    let colours = palette(ui);
    let side = upper.height().min(220.0);
    big_check(ui, Rect::from_min_size(pos2(upper.left(), upper.center().y - side * 0.5), vec2(side, side)));
    let left = upper.left() + side + 36.0;
    let width = upper.right() - left;
    let height = 28.0 + 136.0 + 10.0 + 36.0;
    let top = upper.center().y - height * 0.5;
    let words = desk.with("done-took", &[("order", Arg::Text(order.number.clone()))]);
    super::muted_line(ui, Rect::from_min_size(pos2(left, top), vec2(width, 28.0)), &words);
    let figure = Rect::from_min_size(pos2(left, top + 28.0), vec2(width, 136.0));
    let span = desk.words.format().span(stage.took_ms);
    text::put_fitted(ui, figure, Align2::LEFT_CENTER, fonts::figure_xl(136.0), 64.0, &span, colours.text);
    let middle = match stage.median_ms {
        Some(ms) => desk.with("done-median", &[("n", order.of.into()), ("span", Arg::SpanMs(ms))]),
        None => desk.with("done-no-median", &[("n", order.of.into())]),
    };
    let below = Rect::from_min_size(pos2(left, figure.bottom() + 10.0), vec2(width, 36.0));
    let lead = Type::new(28.0, Weight::Regular);
    text::put_fitted(ui, below, Align2::LEFT_CENTER, lead, 18.0, &middle, colours.text);
}

fn buttons(ui: &mut Ui, row: Rect, desk: &mut Desk<'_>, stage: &DoneView) {
    let wait_word = desk.text("action-wait");
    let wait = Button::new(&wait_word).icon(Icon::Hand).size(Size::Large);
    let mut right = row.right();
    if stage.advance_at.is_some() {
        let width = wait.width(ui).max(measure::TARGET_LARGE);
        let place = Rect::from_min_max(pos2(right - width, row.top()), pos2(right, row.bottom()));
        if wait.show(ui, place).pressed() {
            desk.ask(Request::Wait);
        }
        right = place.left() - 14.0;
    }
    let next = match &stage.next {
        Some(next) => desk.with("action-next-now", &[("order", Arg::Text(next.number.clone()))]),
        None => desk.text("action-go-on"),
    };
    let button = Button::new(&next).icon_after(Icon::Next).look(Look::Ink).size(Size::Large);
    if button.show(ui, Rect::from_min_max(row.min, pos2(right, row.bottom()))).pressed() {
        desk.ask(Request::Continue);
    }
}

/// The bar fills until the next order opens. It asks for frames only while it does.
fn advance(ui: &mut Ui, row: Rect, desk: &Desk<'_>, stage: &DoneView) {
    let Some(at) = stage.advance_at else {
        return;
    };
    let left_ms = at.since_ms(desk.now);
    let all_ms = stage.advance_ms.max(1);
    let words = desk.with("done-opens-in", &[("left", Arg::SpanMs(left_ms.saturating_add(999)))]);
    // A share of a bar needs no more than a float holds.
    #[expect(clippy::cast_precision_loss)]
    let share = 1.0 - (left_ms as f32 / all_ms as f32).clamp(0.0, 1.0);
    auto_advance(ui, row, share, &words);
    if left_ms > 0 {
        ui.ctx().request_repaint_after(STEP);
    }
}

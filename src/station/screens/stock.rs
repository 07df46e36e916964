//! Step 3: what the order wants beside what the stock ledger says is there.

use egui::{Align2, Key, Rect, Ui, pos2, vec2};

use super::{Desk, pager};
use crate::core::message::Arg;
use crate::engine::input::Ui as Request;
use crate::engine::view::{StockRow, StockView};
use crate::station::art;
use crate::station::icons::Icon;
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::bars::Tag;
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::side::title_case;
use crate::station::widgets::text;

/// Height of a line.
const ROW: f32 = 60.0;
/// How far from the right the units end that are wanted.
const FIGURES: f32 = 190.0;

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &StockView) {
    let buttons = Rect::from_min_max(pos2(room.left(), room.bottom() - measure::TARGET_LARGE), room.max);
    let as_of = desk.with("say-stock-sub", &[("time", Arg::Time(stage.as_of))]);
    let head = Rect::from_min_size(room.min - vec2(0.0, 6.0), vec2(room.width(), 28.0));
    text::put_fitted(ui, head, Align2::LEFT_CENTER, fonts::body(), 16.0, &as_of, palette(ui).muted);
    // What the figures below it count.
    let wanted = Rect::from_min_max(head.min, pos2(head.right() - FIGURES, head.bottom()));
    let word = desk.text("stock-wanted");
    text::put_fitted(ui, wanted, Align2::RIGHT_CENTER, fonts::body(), 16.0, &word, palette(ui).muted);
    // What is short comes first: nobody must look for it.
    let mut order: Vec<usize> = (0..stage.rows.len()).collect();
    order.sort_by_key(|index| !stage.rows.get(*index).is_some_and(StockRow::lacks));
    let area = Rect::from_min_max(head.left_bottom() + vec2(0.0, 6.0), pos2(room.right(), buttons.top() - 12.0));
    for (index, place) in pager::rows(ui, area, desk, order.len(), 1, ROW, 0.0) {
        if let Some(row) = order.get(index).and_then(|index| stage.rows.get(*index)) {
            line(ui, place, desk, row);
        }
    }
    let word = desk.text("action-go-on");
    let look = if stage.shortfalls == 0 { Look::Primary } else { Look::Ink };
    let go_on = Button::new(&word).icon_after(Icon::Next).look(look).size(Size::Large).key(Key::F8);
    if go_on.show(ui, buttons).pressed() {
        desk.ask(Request::Continue);
    }
}

fn line(ui: &mut Ui, rect: Rect, desk: &Desk<'_>, row: &StockRow) {
    let (product, wanted) = (&row.product, row.wanted);
    let colours = palette(ui);
    let picture = Rect::from_min_size(pos2(rect.left(), rect.center().y - 25.0), vec2(50.0, 50.0));
    art::paint_on_mat(ui, picture, measure::RADIUS_TAG, 3.0, &product.name);
    let enough = !row.lacks();
    let word = if enough {
        desk.with("stock-enough", &[("n", Arg::Int(row.free))])
    } else {
        desk.with("stock-lacks", &[("n", Arg::Int(i64::from(wanted) - row.free.max(0)))])
    };
    let (icon, signal) = if enough { (Icon::Okc, Signal::Ok) } else { (Icon::Tri, Signal::Decide) };
    let tag = Tag { icon: Some(icon), word: &word, signal: Some(signal), large: false };
    let tag = tag.show(ui, pos2(rect.right(), rect.center().y), Align2::RIGHT_CENTER);
    let count = Rect::from_min_max(pos2(rect.right() - 300.0, rect.top()), pos2(rect.right() - FIGURES, rect.bottom()));
    let count = Rect::from_min_max(
        count.min.min(pos2(tag.left() - 84.0, rect.top())),
        pos2(tag.left().min(count.right()) - 14.0, rect.bottom()),
    );
    let figure = Type::new(28.0, Weight::Bold);
    let drawn = text::put_fitted(ui, count, Align2::RIGHT_CENTER, figure, 18.0, &wanted.to_string(), colours.text);
    let left = picture.right() + 16.0;
    let right = drawn.left() - 14.0;
    let name = Rect::from_min_max(pos2(left, rect.top() + 3.0), pos2(right, rect.center().y + 5.0));
    let semibold = Type::new(20.0, Weight::SemiBold).line(1.1);
    text::put_fitted(ui, name, Align2::LEFT_CENTER, semibold, 14.0, &title_case(&product.name), colours.text);
    let bin = product.bin.as_deref().unwrap_or("");
    // The shelf is not empty: what lies there is for others, and the packer should know before walking.
    let others =
        (!enough && row.elsewhere > 0).then(|| desk.with("stock-elsewhere", &[("n", Arg::Int(row.elsewhere))]));
    let place: Vec<&str> =
        [product.sku.as_str(), bin].into_iter().chain(others.as_deref()).filter(|part| !part.is_empty()).collect();
    let place = place.join(" · ");
    let below = Rect::from_min_max(pos2(left, rect.center().y + 6.0), pos2(right, rect.bottom() - 4.0));
    let code = Type::new(18.0, Weight::Mono);
    text::put_fitted(ui, below, Align2::LEFT_CENTER, code, 14.0, &place, colours.muted);
    let under = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 1.0), rect.max);
    ui.painter().rect_filled(under, 0.0, colours.line);
}

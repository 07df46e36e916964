//! Step 5: how many of the thing in hand are checked.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::Desk;
use crate::core::message::Arg;
use crate::engine::input::Ui as Request;
use crate::engine::view::{ProblemKind, Sheet, VerifyView};
use crate::station::art;
use crate::station::icons::Icon;
use crate::station::theme::{Type, Weight, fonts, measure, palette};
use crate::station::widgets::bars::Figure;
use crate::station::widgets::button::Button;
use crate::station::widgets::stage::product_title;
use crate::station::widgets::text;

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &VerifyView) {
    let colours = palette(ui);
    let (foot, source) = foot(ui, room, desk, stage);
    let title_height = fonts::title().line_height() * 2.0;
    // The name's second line stays clear of the buttons, however long it is.
    let beside_scanning = stage.count_max > 1 || stage.by_hand;
    let buttons_top = if beside_scanning { room.bottom() - measure::TARGET_MIN } else { room.bottom() };
    let title_top = (foot.top() - 14.0).min(buttons_top - 8.0) - title_height;
    let side = (title_top - room.top() - 12.0).clamp(96.0, 288.0);
    let picture = Rect::from_min_size(room.min, vec2(side, side));
    art::paint_on_mat(ui, picture, measure::RADIUS_CARD, side * 14.0 / 288.0, &stage.product.name);
    let main = stage.done.to_string();
    let beside = format!("/ {}", stage.of);
    let figure = Figure {
        main: &main,
        kind: fonts::figure_xxl().at(fonts::figure_xxl().px * side / 288.0),
        colour: colours.text,
        beside: &beside,
        beside_kind: fonts::figure_m(72.0),
        beside_colour: colours.muted,
        gap: 12.0,
    };
    let left = picture.right() + 32.0;
    let height = figure.kind.line_height();
    let top = picture.center().y - (height + 54.0) * 0.5;
    figure.show(ui, pos2(left, top), room.right() - left);
    let word = desk.text("word-checked");
    let at = pos2(left, top + height + 22.0);
    let below = text::put(ui, at, Align2::LEFT_TOP, Type::new(28.0, Weight::Regular), &word, colours.muted);
    if let Some(words) = source {
        let area = Rect::from_min_max(below.left_bottom() + vec2(0.0, 6.0), pos2(room.right(), below.bottom() + 40.0));
        text::put_fitted(ui, area, Align2::LEFT_CENTER, fonts::body(), 18.0, &words, colours.muted);
    }
    let title = Rect::from_min_size(pos2(room.left(), title_top), vec2(room.width(), title_height));
    product_title(ui, title, &stage.product.name);
}

/// Code, where the units are, and the two ways beside scanning. Where the units are comes back if there is no room.
fn foot(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &VerifyView) -> (Rect, Option<String>) {
    let colours = palette(ui);
    let base = room.bottom() - 17.5;
    let code = Type::new(28.0, Weight::MonoBold).line(1.25);
    let drawn = text::put(ui, pos2(room.left(), base), Align2::LEFT_CENTER, code, &stage.product.sku, colours.text);
    let mut right = room.right();
    if stage.count_max > 1 {
        let word = desk.text("action-count");
        right = side_button(ui, right, room.bottom(), &word, Icon::Plus, desk, Request::OpenSheet(Sheet::Count));
    }
    if stage.by_hand {
        let word = desk.text("action-by-hand");
        let request = Request::Problem(ProblemKind::ByHand, None);
        right = side_button(ui, right, room.bottom(), &word, Icon::Hand, desk, request);
    }
    if let Some(source) = &stage.source {
        let words = desk.with("word-tote", &[("tote", Arg::Text(source.clone()))]);
        let area = Rect::from_min_max(pos2(drawn.right() + 16.0, base - 18.0), pos2(right - 8.0, base + 18.0));
        if fonts::body().at(18.0).width(ui, &words) > area.width() {
            return (drawn, Some(words));
        }
        text::put_fitted(ui, area, Align2::LEFT_CENTER, fonts::body(), 18.0, &words, colours.muted);
    }
    (drawn, None)
}

fn side_button(
    ui: &mut Ui,
    right: f32,
    bottom: f32,
    word: &str,
    icon: Icon,
    desk: &mut Desk<'_>,
    request: Request,
) -> f32 {
    let button = Button::new(word).icon(icon);
    let width = button.width(ui);
    let place = Rect::from_min_max(pos2(right - width, bottom - measure::TARGET_MIN), pos2(right, bottom));
    if button.show(ui, place).pressed() {
        desk.ask(request);
    }
    place.left() - 12.0
}

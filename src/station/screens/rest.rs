//! Orders that do not go on just now: break, parked, called off.

use egui::{Align2, Key, Rect, Ui, pos2, vec2};

use super::{Desk, pager};
use crate::core::message::Arg;
use crate::core::session::event::Reason;
use crate::core::time::UtcMs;
use crate::engine::input::Ui as Request;
use crate::engine::view::ProductView;
use crate::station::art;
use crate::station::icons::Icon;
use crate::station::theme::{Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::sheet::grid;
use crate::station::widgets::side::title_case;
use crate::station::widgets::text;

/// Height of a line to take out of the box.
const ROW: f32 = 68.0;

/// A break: how long it lasts, and one button back.
pub(super) fn paused(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, since: UtcMs) {
    let span = desk.words.format().span_min(desk.now.since_ms(since));
    let word = desk.with("win-since", &[("time", Arg::Time(since))]);
    big(ui, room, Icon::Cup, &span, &word);
    let label = desk.text("action-back-to-work");
    if go_on(ui, room, &label, Look::Ink) {
        desk.ask(Request::Resume);
    }
}

/// Parked: why, and who may let it go.
pub(super) fn held(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, reason: Reason, lead_can_release: bool) {
    let why = desk.text(reason.key());
    let word = desk.text("win-held-sub");
    big(ui, room, Icon::Pause, &why, &word);
    let place = foot(room);
    let label = desk.text("action-go-on");
    if !lead_can_release {
        if go_on(ui, room, &label, Look::Ink) {
            desk.ask(Request::Resume);
        }
        return;
    }
    let cells = grid(place, 2, 1, 14.0);
    let release = desk.text("win-ship-what-there-is");
    let first = Button::new(&release).icon(Icon::Hand).look(Look::Ink).size(Size::Large);
    if cells.first().is_some_and(|cell| first.show(ui, *cell).pressed()) {
        desk.ask(Request::AllowPartial);
    }
    let second = Button::new(&label).icon_after(Icon::Next).size(Size::Large);
    if cells.get(1).is_some_and(|cell| second.show(ui, *cell).pressed()) {
        desk.ask(Request::Resume);
    }
}

/// Called off while things lie in the box: what to take out.
pub(super) fn unpack(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, units: &[(ProductView, u32)]) {
    let colours = palette(ui);
    let place = foot(room);
    let area = Rect::from_min_max(room.min, pos2(room.right(), place.top() - 12.0));
    for (index, rect) in pager::rows(ui, area, desk, units.len(), 1, ROW, 0.0) {
        let Some((product, count)) = units.get(index) else {
            continue;
        };
        let picture = Rect::from_min_size(pos2(rect.left(), rect.center().y - 26.0), vec2(52.0, 52.0));
        art::paint_on_mat(ui, picture, measure::RADIUS_TAG, 3.0, &product.name);
        let figure = Type::new(34.0, Weight::Bold);
        let number = text::put(ui, rect.right_center(), Align2::RIGHT_CENTER, figure, &count.to_string(), colours.text);
        let bin = product.bin.as_deref().unwrap_or("");
        let code = Type::new(26.0, Weight::MonoBold);
        let shelf =
            text::put(ui, number.left_center() - vec2(24.0, 0.0), Align2::RIGHT_CENTER, code, bin, colours.text);
        let name = Rect::from_min_max(
            pos2(picture.right() + 16.0, rect.top() + 4.0),
            pos2(shelf.left() - 16.0, rect.bottom() - 4.0),
        );
        let kind = Type::new(22.0, Weight::SemiBold).line(1.15);
        text::put_fitted(ui, name, Align2::LEFT_CENTER, kind, 16.0, &title_case(&product.name), colours.text);
        let under = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 1.0), rect.max);
        ui.painter().rect_filled(under, 0.0, colours.line);
    }
    let label = desk.text("action-unpacked");
    if go_on(ui, room, &label, Look::Ink) {
        desk.ask(Request::ConfirmUnpacked);
    }
}

fn foot(room: Rect) -> Rect {
    Rect::from_min_max(pos2(room.left(), room.bottom() - measure::TARGET_XL), room.max)
}

fn go_on(ui: &mut Ui, room: Rect, word: &str, look: Look) -> bool {
    let button = Button::new(word).icon_after(Icon::Next).look(look).size(Size::Huge).key(Key::F8);
    button.show(ui, foot(room)).pressed()
}

/// A large picture with the main words beside it.
fn big(ui: &mut Ui, room: Rect, icon: Icon, main: &str, below: &str) {
    let colours = palette(ui);
    let area = Rect::from_min_max(room.min, pos2(room.right(), foot(room).top() - 20.0));
    let side = area.height().min(200.0);
    let square = Rect::from_min_size(pos2(area.left(), area.center().y - side * 0.5), vec2(side, side));
    icon.paint(ui.painter(), square, colours.text, 1.6);
    let left = square.right() + 32.0;
    let words = Rect::from_min_max(pos2(left, area.center().y - 90.0), pos2(area.right(), area.center().y + 40.0));
    text::put_fitted(ui, words, Align2::LEFT_BOTTOM, fonts::figure_l(88.0), 34.0, main, colours.text);
    let lower = Rect::from_min_max(pos2(left, area.center().y + 48.0), pos2(area.right(), area.center().y + 124.0));
    text::put_fitted(ui, lower, Align2::LEFT_TOP, Type::new(28.0, Weight::Regular), 18.0, below, colours.muted);
}

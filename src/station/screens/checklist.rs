//! Step 7: papers, gifts, marks, photo.

use egui::{Rect, Ui, pos2, vec2};

use super::Desk;
use crate::engine::input::Ui as Request;
use crate::engine::view::{ChecklistRow, ChecklistView, ListIcon};
use crate::station::camera;
use crate::station::icons::Icon;
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::rows::{CHECK_ROW, CheckRow, Todo};

/// Space between rows.
const GAP: f32 = 10.0;

pub(super) const fn icon(icon: ListIcon) -> Icon {
    match icon {
        ListIcon::Doc => Icon::Doc,
        ListIcon::Gift => Icon::Gift,
        ListIcon::Insert => Icon::Star,
        ListIcon::Fragile => Icon::Glass,
        ListIcon::Mark => Icon::Tag,
        ListIcon::Photo => Icon::Camera,
    }
}

/// Least width of the button beside the live picture, and its height below one in a tall room.
const SHUTTER: f32 = 150.0;

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &ChecklistView) {
    match stage.items.get(stage.current) {
        Some(item) if desk.camera.here && (item.by_photo || item.offered) => {
            photograph(ui, room, desk, item, stage.current);
        }
        Some(_) | None => list(ui, room, desk, stage),
    }
}

/// The photo is all there is to do now: its row, what the camera sees as large as it can be, and a button for gloves.
fn photograph(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, item: &ChecklistRow, index: usize) {
    desk.look_at("");
    let line = Rect::from_min_size(room.min - vec2(0.0, 6.0), vec2(room.width(), CHECK_ROW));
    if row(ui, line, desk, item, true) {
        desk.ask(if item.by_photo { Request::Photo } else { Request::Tick(index) });
    }
    let rest = Rect::from_min_max(pos2(room.left(), line.bottom() + GAP), room.max);
    let (picture, shutter) = if rest.height() > rest.width() {
        let (above, below) = rest.split_top_bottom_at_y(rest.bottom() - SHUTTER);
        (above, Rect::from_min_max(below.min + vec2(0.0, GAP), below.max))
    } else {
        // As wide as a picture of 4 : 3 needs; the button has what is left.
        let width = (rest.height() * 4.0 / 3.0).min(rest.width() - SHUTTER);
        let (left, right) = rest.split_left_right_at_x(rest.left() + width);
        (left, Rect::from_min_max(right.min + vec2(2.0 * GAP, 0.0), right.max))
    };
    camera::live(ui, picture, desk.camera.live, &desk.text("camera-live"), &desk.text("camera-dark"));
    let word = desk.text("action-photo");
    if Button::new(&word).icon(Icon::Camera).look(Look::Primary).size(Size::Large).show(ui, shutter).pressed() {
        desk.ask(Request::Photo);
    }
}

fn list(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &ChecklistView) {
    let mut top = room.top() - 6.0;
    let fits = rows_in(room.height() + 12.0);
    let first = first_shown(stage.items.len(), stage.current, fits);
    for (index, item) in stage.items.iter().enumerate().skip(first).take(fits) {
        let area = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), CHECK_ROW));
        if row(ui, area, desk, item, index == stage.current) {
            desk.ask(if item.by_photo { Request::Photo } else { Request::Tick(index) });
        }
        top += CHECK_ROW + GAP;
    }
}

/// Whole rows that fit a height.
fn rows_in(height: f32) -> usize {
    // At most a screen's height of rows.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rows = ((height + GAP) / (CHECK_ROW + GAP)).floor().clamp(1.0, 50.0) as usize;
    rows
}

/// A long list starts where the row to do now is in sight, with one done row before it.
fn first_shown(count: usize, current: usize, fits: usize) -> usize {
    if count <= fits { 0 } else { current.saturating_sub(1).min(count - fits) }
}

fn row(ui: &mut Ui, area: Rect, desk: &Desk<'_>, item: &ChecklistRow, current: bool) -> bool {
    let title = desk.say(&item.title);
    let hint = desk.say(&item.why);
    let (todo, aside) = if item.done {
        (Todo::Done, desk.text("word-done"))
    } else if current {
        let key = match (item.by_photo, item.offered) {
            (true, _) => "action-photo",
            (false, true) => "list-tap-without",
            (false, false) => "list-scan-or-tap",
        };
        (Todo::Current, desk.text(key))
    } else {
        (Todo::Waiting, String::new())
    };
    CheckRow { icon: icon(item.icon), title: &title, hint: &hint, aside: &aside, todo }.show(ui, area)
}

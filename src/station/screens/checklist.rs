//! Step 7: papers, gifts, marks, photo.

use egui::{Rect, Ui, pos2, vec2};

use super::Desk;
use crate::engine::input::Ui as Request;
use crate::engine::view::{ChecklistRow, ChecklistView, ListIcon};
use crate::station::icons::Icon;
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

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &ChecklistView) {
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

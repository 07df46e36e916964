//! Long lists: whole rows that fit, and a button for the next page. Nothing scrolls under a finger.

use egui::{Rect, Ui, pos2, vec2};

use super::Desk;
use crate::core::message::Arg;
use crate::station::icons::Icon;
use crate::station::theme::measure;
use crate::station::widgets::button::Button;

/// Places of the rows of this page, with each row's index.
pub(super) fn rows(
    ui: &mut Ui,
    area: Rect,
    desk: &mut Desk<'_>,
    count: usize,
    columns: usize,
    height: f32,
    gap: f32,
) -> Vec<(usize, Rect)> {
    let columns = columns.max(1);
    let fits = |room: f32| whole((room + gap) / (height + gap)) * columns;
    let mut area = area;
    let mut page = fits(area.height()).max(1);
    if count > page {
        let place = Rect::from_min_max(pos2(area.left(), area.bottom() - measure::TARGET_MIN), area.max);
        area.max.y = place.top() - 12.0;
        page = fits(area.height()).max(1);
        let pages = count.div_ceil(page);
        desk.local.page %= pages;
        let no = Arg::Int(i64::try_from(desk.local.page + 1).unwrap_or(0));
        let n = Arg::Int(i64::try_from(pages).unwrap_or(0));
        let word = desk.with("win-more", &[("no", no), ("n", n)]);
        if Button::new(&word).icon(Icon::Down).show(ui, place).pressed() {
            desk.local.page = (desk.local.page + 1) % pages;
        }
    } else {
        desk.local.page = 0;
    }
    let width = (area.width() - gap * (columns as f32 - 1.0)) / columns as f32;
    let first = desk.local.page * page;
    (first..count.min(first + page))
        .map(|index| {
            let (row, column) = ((index - first) / columns, (index - first) % columns);
            let at = area.min + vec2(column as f32 * (width + gap), row as f32 * (height + gap));
            (index, Rect::from_min_size(at, vec2(width, height)))
        })
        .collect()
}

/// A place of its own for one row: two rows may have buttons with the same word.
pub(super) fn row(ui: &mut Ui, index: usize, place: Rect) -> Ui {
    ui.new_child(egui::UiBuilder::new().max_rect(place).id_salt(("row", index)))
}

/// Whole rows in a height; a screen holds no more than a hundred.
fn whole(rows: f32) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rows = rows.floor().clamp(0.0, 100.0) as usize;
    rows
}

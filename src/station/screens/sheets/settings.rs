//! Settings of this screen, in force at once, and what station this is.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::{Band, over, tall};
use crate::core::message::Arg;
use crate::core::signal::SoundName;
use crate::i18n::Lang;
use crate::station::icons::Icon;
use crate::station::local::{Look as Theme, VOLUME_STEP, Wish};
use crate::station::screens::Desk;
use crate::station::theme::{Signal, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look};
use crate::station::widgets::sheet::grid;
use crate::station::widgets::{bars, text};

/// Height of a setting.
const ROW: f32 = 84.0;

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let (first, second) = (desk.text("settings-title"), desk.text("win-settings-sub"));
    let band = Band::new(Signal::Now, Icon::Globe, first, second);
    over(ui, window, desk, &band, |ui, room, desk| {
        let mut top = room.top();
        let narrow = tall(room);
        let height = if narrow { ROW + 40.0 } else { ROW };
        for draw in [languages, theme, volume, motion] {
            let row = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), height));
            draw(ui, row, desk, narrow);
            top = row.bottom() + 10.0;
        }
        facts(ui, Rect::from_min_max(pos2(room.left(), top + 6.0), room.max), desk, narrow);
    });
}

/// The setting's name at the left or above; the rest is for its buttons.
fn named(ui: &mut Ui, row: Rect, desk: &Desk<'_>, key: &'static str, narrow: bool) -> Rect {
    let words = desk.text(key);
    let bold = fonts::body().in_face(Weight::Bold);
    let (name, rest) = if narrow {
        row.split_top_bottom_at_y(row.top() + 40.0)
    } else {
        row.split_left_right_at_x(row.left() + 240.0)
    };
    text::put_fitted(ui, name, Align2::LEFT_CENTER, bold, 16.0, &words, palette(ui).text);
    Rect::from_center_size(rest.center(), vec2(rest.width(), measure::TARGET_ACTION))
}

fn look(taken: bool) -> Look {
    if taken { Look::Primary } else { Look::Plain }
}

fn languages(ui: &mut Ui, row: Rect, desk: &mut Desk<'_>, narrow: bool) {
    let place = named(ui, row, desk, "settings-language", narrow);
    for (cell, lang) in grid(place, 4, 1, 12.0).into_iter().zip(Lang::ALL) {
        let taken = desk.local.settings.lang == lang;
        if Button::new(lang.own_name()).look(look(taken)).show(ui, cell).pressed() {
            desk.local.settings.lang = lang;
            desk.keep();
        }
    }
}

fn theme(ui: &mut Ui, row: Rect, desk: &mut Desk<'_>, narrow: bool) {
    let place = named(ui, row, desk, "settings-theme", narrow);
    let all = [
        ("settings-theme-light", Theme::Light),
        ("settings-theme-dark", Theme::Dark),
        ("settings-theme-system", Theme::System),
    ];
    for (cell, (key, theme)) in grid(place, 3, 1, 12.0).into_iter().zip(all) {
        let word = desk.text(key);
        if Button::new(&word).look(look(desk.local.settings.look == theme)).show(ui, cell).pressed() {
            desk.local.settings.look = theme;
            desk.keep();
        }
    }
}

fn motion(ui: &mut Ui, row: Rect, desk: &mut Desk<'_>, narrow: bool) {
    let place = named(ui, row, desk, "settings-reduced-motion", narrow);
    let words = [desk.text("win-flash-full"), desk.text("win-flash-frame")];
    for ((cell, word), reduced) in grid(place, 2, 1, 12.0).into_iter().zip(&words).zip([false, true]) {
        if Button::new(word).look(look(desk.local.settings.reduced_motion == reduced)).show(ui, cell).pressed() {
            desk.local.settings.reduced_motion = reduced;
            desk.keep();
        }
    }
}

fn volume(ui: &mut Ui, row: Rect, desk: &mut Desk<'_>, narrow: bool) {
    let place = named(ui, row, desk, "settings-volume", narrow);
    let side = 96.0;
    let (less, more) = (desk.text("win-quieter"), desk.text("win-louder"));
    let left = Rect::from_min_size(place.min, vec2(side, place.height()));
    let right = left.translate(vec2(place.width() - side, 0.0));
    let percent = desk.local.settings.volume_percent;
    let mut changed = None;
    if Button::new(&less).show(ui, left).pressed() {
        changed = Some(percent.saturating_sub(VOLUME_STEP));
    }
    if Button::new(&more).show(ui, right).pressed() {
        changed = Some(percent.saturating_add(VOLUME_STEP).min(100));
    }
    let figure = Rect::from_min_max(pos2(right.left() - 116.0, place.top()), pos2(right.left() - 12.0, place.bottom()));
    let words = desk.words.format().percent(i64::from(percent) * 10);
    text::put_fitted(ui, figure, Align2::RIGHT_CENTER, fonts::lead(), 18.0, &words, palette(ui).text);
    let bar = Rect::from_min_max(
        pos2(left.right() + 20.0, place.center().y - 9.0),
        pos2(figure.left() - 12.0, place.center().y + 9.0),
    );
    bars::progress(ui, bar, f32::from(percent) / 100.0, palette(ui).accent);
    if let Some(percent) = changed {
        desk.local.settings.volume_percent = percent;
        desk.wish(Wish::Volume(percent));
        desk.wish(Wish::Play(SoundName::Ok));
        desk.keep();
    }
}

fn facts(ui: &mut Ui, area: Rect, desk: &Desk<'_>, narrow: bool) {
    let station = &desk.view.station;
    let zone = if station.zone.is_empty() { "–".to_owned() } else { station.zone.clone() };
    let version = desk.with("settings-version", &[("version", Arg::Text(station.version.clone()))]);
    let rows = [
        (desk.text("settings-station"), station.name.clone()),
        (desk.text("win-site"), station.site.clone()),
        (desk.text("win-zone"), zone),
        (desk.text("win-program"), version),
    ];
    let block = Rect::from_min_size(area.min, vec2(area.width(), area.height().min(if narrow { 160.0 } else { 76.0 })));
    let cells = if narrow { grid(block, 2, 2, 12.0) } else { grid(block, 4, 1, 12.0) };
    for (cell, (word, value)) in cells.into_iter().zip(&rows) {
        let value = if value.is_empty() { "–" } else { value.as_str() };
        bars::stat(ui, cell, word, value, fonts::body().in_face(Weight::SemiBold));
    }
}

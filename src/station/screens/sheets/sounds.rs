//! The station's sounds, each to be heard: what it means stands on its button.

use egui::{Rect, Ui};

use crate::core::signal::SoundName;
use crate::station::icons::Icon;
use crate::station::local::Wish;
use crate::station::screens::Desk;
use crate::station::theme::Signal;
use crate::station::widgets::button::{Button, Size};
use crate::station::widgets::sheet::{Leave, grid, sheet};
use crate::station::widgets::stage::Say;

/// The key of what a sound means.
fn key(name: SoundName) -> &'static str {
    match name {
        SoundName::Ok => "sound-ok",
        SoundName::LineFull => "sound-line-full",
        SoundName::OrderDone => "sound-order-done",
        SoundName::Stop => "sound-stop",
        SoundName::StopMany => "sound-stop-many",
        SoundName::StopUnknown => "sound-stop-unknown",
        SoundName::Decide => "sound-decide",
        SoundName::Wait => "sound-wait",
        SoundName::Offline => "sound-offline",
        SoundName::Online => "sound-online",
        SoundName::Call => "sound-call",
    }
}

pub(in crate::station::screens) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let (first, second) = (desk.text("device-sounds"), desk.text("device-sounds-sub"));
    let close = desk.text("action-back");
    let say = Say { signal: Signal::Now, icon: Icon::Sound, first: &first, second: &second };
    let shown = sheet(ui, window, &say, Leave { word: &close, icon: Icon::Back }, |ui, room| body(ui, room, desk));
    if shown.left {
        desk.local.overlay = None;
    }
}

fn body(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>) {
    let all = [
        SoundName::Ok,
        SoundName::LineFull,
        SoundName::OrderDone,
        SoundName::Stop,
        SoundName::StopMany,
        SoundName::StopUnknown,
        SoundName::Decide,
        SoundName::Wait,
        SoundName::Offline,
        SoundName::Online,
        SoundName::Call,
    ];
    let columns = 2;
    let rows = all.len().div_ceil(columns);
    let height = room.height().min(rows as f32 * 104.0);
    let area = Rect::from_min_size(room.min, egui::vec2(room.width(), height));
    for (cell, name) in grid(area, columns, rows, 12.0).into_iter().zip(all) {
        let word = desk.text(key(name));
        if Button::new(&word).icon(Icon::Sound).size(Size::Large).show(ui, cell).pressed() {
            desk.wish(Wish::Play(name));
        }
    }
}

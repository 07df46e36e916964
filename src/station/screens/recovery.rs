//! The station's data cannot be used: what is known, and what to do.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::head::{self, Title};
use super::{Desk, login};
use crate::core::message::{Arg, Message};
use crate::station::icons::Icon;
use crate::station::theme::{Signal, Type, Weight, fonts, palette};
use crate::station::widgets::frame::{Areas, Plan};
use crate::station::widgets::stage::{Say, stage_card};
use crate::station::widgets::text;

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, what: &Message, hint: &Message) {
    let areas = Areas::of(window, Plan::Wide);
    areas.paint(ui);
    let title = Title { who: Some(desk.words.format().time(desk.now)), ..Title::new(desk.text("win-product")) };
    head::draw(ui, areas.top, areas.portrait, desk, &title);
    let (first, second) = (desk.text("recovery-title"), desk.text("win-recovery-sub"));
    let say = Say { signal: Signal::Stop, icon: Icon::Oct, first: &first, second: &second };
    let what = desk.say(what);
    let hint = desk.say(hint);
    let call = desk.text("win-recovery-do");
    let version = desk.with("settings-version", &[("version", Arg::Text(desk.view.station.version.clone()))]);
    stage_card(ui, areas.stage.shrink2(vec2(32.0, 16.0)), &say, |ui, room| {
        let colours = palette(ui);
        let icon = Rect::from_min_size(room.min + vec2(0.0, 8.0), vec2(140.0, 140.0));
        Icon::Disk.paint(ui.painter(), icon, colours.text, 1.7);
        let left = icon.right() + 28.0;
        let main = Rect::from_min_max(pos2(left, room.top()), pos2(room.right(), room.top() + 160.0));
        let kind = Type::new(36.0, Weight::Bold);
        text::put_fitted(ui, main, Align2::LEFT_CENTER, kind, 22.0, &what, colours.text);
        let below =
            Rect::from_min_max(pos2(room.left(), main.bottom() + 20.0), pos2(room.right(), room.bottom() - 120.0));
        let lead = Type::new(26.0, Weight::Regular);
        text::put_fitted(ui, below, Align2::LEFT_TOP, lead, 18.0, &call, colours.text);
        let admin =
            Rect::from_min_max(pos2(room.left(), room.bottom() - 108.0), pos2(room.right(), room.bottom() - 32.0));
        text::put_fitted(ui, admin, Align2::LEFT_BOTTOM, fonts::label(), 14.0, &hint, colours.muted);
        let foot = Rect::from_min_max(pos2(room.left(), room.bottom() - 26.0), room.max);
        text::put_fitted(ui, foot, Align2::LEFT_CENTER, fonts::label(), 14.0, &version, colours.muted);
    });
    login::foot(ui, areas.actions, desk, areas.portrait);
}

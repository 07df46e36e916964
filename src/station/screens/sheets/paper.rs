//! A print job of before a restart: nobody but a person knows whether the paper came.

use egui::{Rect, Ui, pos2};

use super::form::document_key;
use super::{Band, over, tall};
use crate::core::checklist::DocumentKind;
use crate::engine::input::Ui as Request;
use crate::station::icons::Icon;
use crate::station::screens::Desk;
use crate::station::theme::Signal;
use crate::station::widgets::button::Choice;
use crate::station::widgets::sheet::grid;

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, document: DocumentKind, parcel: u16) {
    let which = format!(
        "{} · {} · {}",
        desk.text(document_key(document)),
        desk.with("word-parcel-no", &[("no", parcel.into())]),
        desk.text("say-label-stuck-sub"),
    );
    let band = Band::new(Signal::Decide, Icon::Printer, desk.text("win-paper-came"), which);
    over(ui, window, desk, &band, |ui, room, desk| {
        let area = Rect::from_min_max(room.min, pos2(room.right(), room.bottom().min(room.top() + 320.0)));
        let cells = if tall(room) { grid(area, 1, 2, 16.0) } else { grid(area, 2, 1, 16.0) };
        let answers = [
            (Icon::Check, "action-came-out", "win-came-out-sub", true),
            (Icon::Printer, "action-print-again", "win-print-again-sub", false),
        ];
        for (cell, (icon, title, hint, yes)) in cells.into_iter().zip(answers) {
            let (title, hint) = (desk.text(title), desk.text(hint));
            let choice = Choice { icon, title: &title, hint: &hint, taken: false, signal: Signal::Decide };
            if choice.show(ui, cell) {
                desk.ask(Request::PaperCame { yes });
            }
        }
    });
}

//! "What is wrong?": twelve equal ways on.

use egui::{Rect, Ui};

use super::{Band, over, tall};
use crate::core::message::Arg;
use crate::engine::input::Ui as Request;
use crate::engine::view::ProblemKind;
use crate::station::icons::Icon;
use crate::station::screens::Desk;
use crate::station::theme::Signal;
use crate::station::widgets::button::Choice;
use crate::station::widgets::sheet::grid;

const WAYS: [(Icon, &str, &str); 12] = [
    (Icon::Short, "problem-short", "problem-short-sub"),
    (Icon::Bolt, "problem-damaged", "problem-damaged-sub"),
    (Icon::Swap, "problem-substitute", "problem-substitute-sub"),
    (Icon::Pause, "problem-hold", "problem-hold-sub"),
    (Icon::Undo, "problem-undo", "problem-undo-none"),
    (Icon::Box, "problem-another-parcel", "problem-another-parcel-sub"),
    (Icon::Printer, "problem-reprint", "problem-reprint-sub"),
    (Icon::Camera, "problem-photo", "problem-photo-sub"),
    (Icon::Hand, "problem-call-lead", "problem-call-lead-sub"),
    (Icon::Scan, "problem-by-hand", "problem-by-hand-sub"),
    (Icon::Back, "problem-hand-back", "problem-hand-back-sub"),
    (Icon::Users, "problem-switch", "problem-switch-sub"),
];

/// What each way asks for.
fn request(index: usize) -> Request {
    match index {
        0 => Request::Problem(ProblemKind::Short, None),
        1 => Request::Problem(ProblemKind::Damaged, None),
        2 => Request::Problem(ProblemKind::Substitute, None),
        3 => Request::Problem(ProblemKind::Hold, None),
        4 => Request::Undo,
        5 => Request::AnotherParcel,
        6 => Request::Problem(ProblemKind::Reprint, None),
        7 => Request::Photo,
        8 => Request::CallLead,
        9 => Request::Problem(ProblemKind::ByHand, None),
        10 => Request::Problem(ProblemKind::HandBack, None),
        _ => Request::Lock,
    }
}

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let second = subject(desk);
    let band = Band::new(Signal::Decide, Icon::Tri, desk.text("problem-title"), second);
    over(ui, window, desk, &band, |ui, room, desk| {
        let (columns, rows) = if tall(room) { (2, 6) } else { (3, 4) };
        let undo = desk.view.pack.as_ref().and_then(|order| order.undo.clone());
        for (index, (cell, (icon, title, hint))) in grid(room, columns, rows, 14.0).into_iter().zip(WAYS).enumerate() {
            let title = desk.text(title);
            let hint = match (&undo, index) {
                (Some(what), 4) => desk.say(what),
                _ => desk.text(hint),
            };
            let choice = Choice { icon, title: &title, hint: &hint, taken: false, signal: Signal::Decide };
            if choice.show(ui, cell) {
                desk.ask(request(index));
                if matches!(request(index), Request::Photo) {
                    desk.ask(Request::CloseSheet);
                }
            }
        }
    });
}

/// What it is about: the line in hand, or the order.
fn subject(desk: &Desk<'_>) -> String {
    let Some(order) = &desk.view.pack else {
        return String::new();
    };
    match order.lines.iter().find(|line| line.current) {
        Some(line) => {
            let name = Arg::Text(line.product.name.clone());
            desk.with("problem-item-sub", &[("name", name), ("no", line.done.into()), ("n", line.of.into())])
        }
        None => desk.with("word-order", &[("order", Arg::Text(order.number.clone()))]),
    }
}

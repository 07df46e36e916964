//! Parcels of this station, newest first, and printing one of their papers again.

use egui::{Align2, Key, Rect, Ui, pos2, vec2};

use super::form::{document_choice, reasons};
use super::{Band, empty, heading, lists, over, tall};
use crate::core::checklist::DocumentKind;
use crate::core::message::Arg;
use crate::core::session::event::Reason;
use crate::engine::input::Ui as Request;
use crate::engine::view::ParcelRow;
use crate::station::icons::Icon;
use crate::station::screens::{Desk, pager};
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::text;

/// Height of a parcel.
const ROW: f32 = 88.0;
/// Why a paper is printed again.
const REASONS: [Reason; 3] = [Reason::LabelDamaged, Reason::NoPaper, Reason::Other];
/// Papers every parcel may have.
const PAPERS: [DocumentKind; 3] = [DocumentKind::Label, DocumentKind::PackingSlip, DocumentKind::Invoice];

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let chosen = desk.local.draft.parcel;
    let chosen = chosen.and_then(|(work, no)| {
        desk.view.history.iter().find(|row| row.fulfillment == work && row.parcel == no).cloned()
    });
    let Some(row) = chosen else {
        let (first, second) = (desk.text("history-title"), desk.text("history-say-sub"));
        let band = Band::new(Signal::Now, Icon::Box, first, second);
        over(ui, window, desk, &band, list);
        return;
    };
    let second = format!("{} · {}", about(desk, &row), desk.with("word-parcel-no", &[("no", row.parcel.into())]));
    let band = Band::new(Signal::Decide, Icon::Printer, desk.text("exception-reprint-title"), second);
    over(ui, window, desk, &band, |ui, room, desk| again(ui, room, desk, &row));
}

fn about(desk: &Desk<'_>, row: &ParcelRow) -> String {
    desk.with("word-order", &[("order", Arg::Text(row.number.clone()))])
}

fn list(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>) {
    let rows = desk.view.history.clone();
    if rows.is_empty() {
        let words = desk.text("history-empty");
        empty(ui, room, Icon::Box, &words);
    }
    for (index, place) in pager::rows(ui, room, desk, rows.len(), 1, ROW, 12.0) {
        if let Some(row) = rows.get(index) {
            parcel(&mut pager::row(ui, index, place), place, desk, row);
        }
    }
}

fn parcel(ui: &mut Ui, rect: Rect, desk: &mut Desk<'_>, row: &ParcelRow) {
    let colours = palette(ui);
    lists::card(ui, rect);
    let word = desk.text("action-reprint");
    let button = Button::new(&word).icon(Icon::Printer);
    let width = button.width(ui).min(rect.width() * 0.32);
    let place = Rect::from_center_size(
        pos2(rect.right() - 14.0 - width * 0.5, rect.center().y),
        vec2(width, measure::TARGET_ACTION),
    );
    if button.show(ui, place).pressed() {
        desk.local.draft.parcel = Some((row.fulfillment, row.parcel));
    }
    let (left, right) = (rect.left() + 20.0, place.left() - 16.0);
    let number =
        Rect::from_min_max(pos2(left, rect.top() + 8.0), pos2(left + (right - left) * 0.5, rect.center().y + 2.0));
    let title = format!("{} · {}", row.number, desk.with("word-parcel-no", &[("no", row.parcel.into())]));
    let bold = Type::new(24.0, Weight::Bold);
    text::put_fitted(ui, number, Align2::LEFT_CENTER, bold, 14.0, &title, colours.text);
    let beside = Rect::from_min_max(pos2(number.right() + 12.0, number.top()), pos2(right, number.bottom()));
    let code = Type::new(22.0, Weight::MonoBold);
    text::put_fitted(ui, beside, Align2::RIGHT_CENTER, code, 14.0, &grouped(&row.sscc), colours.text);
    let mut facts = vec![desk.with("history-packed-at", &[("time", Arg::Time(row.at))]), row.packer.clone()];
    facts.extend(row.weight_g.map(|grams| desk.words.format().mass(grams)));
    if row.copies > 1 {
        facts.push(desk.with("history-copies", &[("n", row.copies.into())]));
    }
    facts.retain(|fact| !fact.is_empty());
    let below = Rect::from_min_max(pos2(left, rect.center().y + 2.0), pos2(right, rect.bottom() - 8.0));
    text::put_fitted(ui, below, Align2::LEFT_CENTER, fonts::label(), 14.0, &facts.join(" · "), colours.muted);
}

/// 18 digits in groups that can be read aloud.
fn grouped(sscc: &str) -> String {
    let digits: Vec<char> = sscc.chars().collect();
    let groups: Vec<String> = digits.chunks(6).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

fn again(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, row: &ParcelRow) {
    let paper = desk.text("win-which-paper");
    let top = heading(ui, room, &paper);
    let papers = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), 80.0));
    let top = document_choice(ui, papers, desk, &PAPERS);
    let title = desk.text("reason-title");
    let columns = if tall(room) { 1 } else { 3 };
    let chosen = desk.local.draft.reason;
    let area = Rect::from_min_max(pos2(room.left(), top), room.max);
    if let Some(reason) = reasons(ui, area, desk, &title, &REASONS, chosen, (columns, 80.0)) {
        desk.local.draft.reason = Some(reason);
    }
    let foot = Rect::from_min_max(pos2(room.left(), room.bottom() - measure::TARGET_LARGE), room.max);
    let back = desk.text("action-back");
    let small = Button::new(&back).icon(Icon::Back).size(Size::Large);
    let left = Rect::from_min_max(foot.min, pos2(foot.left() + small.width(ui), foot.bottom()));
    if small.show(ui, left).pressed() {
        desk.local.draft = crate::station::local::Draft::default();
        return;
    }
    let (word, why) = (desk.text("action-reprint"), desk.text("win-choose-reason"));
    let button = Button::new(&word).icon_after(Icon::Next).look(Look::Ink).size(Size::Large).key(Key::F8);
    let button = if chosen.is_none() { button.off(&why) } else { button };
    let place = Rect::from_min_max(pos2(left.right() + 14.0, foot.top()), foot.max);
    if button.show(ui, place).pressed()
        && let Some(reason) = chosen
    {
        let document = desk.local.draft.document.unwrap_or(DocumentKind::Label);
        desk.ask(Request::Reprint { fulfillment: Some(row.fulfillment), parcel: row.parcel, document, reason });
    }
}

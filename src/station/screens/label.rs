//! Steps 9 and 10: the label and the papers, as three separate facts: sent, paper moved, scanned back.

use std::sync::Arc;

use egui::{Align2, Color32, CornerRadius, Id, Rect, Stroke, StrokeKind, TextureHandle, Ui, pos2, vec2};

use super::Desk;
use crate::core::checklist::DocumentKind;
use crate::core::message::Arg;
use crate::core::session::event::{PrintOutcome, PrintTrouble, Reason};
use crate::core::session::{PrintState, Step};
use crate::engine::input::Ui as Request;
use crate::engine::view::{DeviceKind, LabelPicture, LabelPreview, LabelView, PackView, PrintRow, ProblemKind};
use crate::station::icons::Icon;
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette, tokens};
use crate::station::widgets::button::{Button, Look};
use crate::station::widgets::label::{self, Raster};
use crate::station::widgets::rows::{FACT_ROW, Fact};
use crate::station::widgets::sheet::grid;
use crate::station::widgets::text;

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, order: &PackView, stage: &LabelView) {
    let paper = Rect::from_min_max(room.min, pos2(room.left() + (room.width() * 0.415).min(300.0), room.bottom()));
    if let Some(preview) = &stage.preview {
        draw_paper(ui, paper, desk, preview);
    }
    let column = Rect::from_min_max(pos2(paper.right() + 28.0, room.top() - 4.0), room.max);
    let mut top = column.top();
    let buttons_top = column.bottom() - measure::TARGET_ACTION;
    for row in &stage.prints {
        if top + FACT_ROW > buttons_top - 8.0 {
            break;
        }
        print_row(ui, Rect::from_min_size(pos2(column.left(), top), vec2(column.width(), FACT_ROW)), desk, row);
        top += FACT_ROW;
    }
    if let Some(why) = stage.house_instead.as_ref().filter(|_| top + FACT_ROW <= buttons_top - 8.0) {
        let (title, hint) = (desk.text("label-house-instead"), desk.say(why));
        let fact = Fact { icon: Icon::Tri, signal: Signal::Wait, title: &title, hint: &hint, strong: false };
        fact.show(ui, Rect::from_min_size(pos2(column.left(), top), vec2(column.width(), FACT_ROW)));
        top += FACT_ROW;
    }
    if order.step == Step::Confirm && stage.put_at.is_none() && top + FACT_ROW <= buttons_top - 8.0 {
        let (title, hint) = (desk.text("label-scan-now"), desk.text("label-scan-now-sub"));
        let fact = Fact { icon: Icon::Scan, signal: Signal::Now, title: &title, hint: &hint, strong: true };
        fact.show(ui, Rect::from_min_size(pos2(column.left(), top), vec2(column.width(), FACT_ROW)));
        top += FACT_ROW;
    }
    if let Some((title, detail)) = &stage.blocked {
        let words = format!("{}\n{}", desk.say(title), desk.say(detail));
        let area = Rect::from_min_max(pos2(column.left(), top + 8.0), pos2(column.right(), buttons_top - 8.0));
        text::put_fitted(ui, area, Align2::LEFT_TOP, fonts::body(), 16.0, &words, palette(ui).text);
    } else if let Some(preview) = &stage.preview {
        tail(ui, Rect::from_min_max(pos2(column.left(), top), pos2(column.right(), buttons_top)), desk, preview);
    }
    let cells = grid(Rect::from_min_max(pos2(column.left(), buttons_top), column.max), 2, 1, 12.0);
    let reprint = desk.text("action-reprint");
    if Button::new(&reprint).icon(Icon::Printer).show(ui, cells[0]).pressed() {
        desk.ask(Request::Problem(ProblemKind::Reprint, None));
    }
    if stage.put_at.is_some() {
        // Its labels were scanned on it: the paper came, and only its place is open.
        let there = desk.text("label-is-there");
        if Button::new(&there).look(Look::Primary).icon(Icon::Okc).show(ui, cells[1]).pressed() {
            desk.ask(Request::Continue);
        }
        return;
    }
    let none = desk.text("action-no-paper");
    if Button::new(&none).icon(Icon::Doc).show(ui, cells[1]).pressed() {
        let (parcel, document) = (order.parcel, DocumentKind::Label);
        desk.ask(Request::Reprint { fulfillment: None, parcel, document, reason: Reason::NoPaper });
    }
}

/// The last four digits, which the packer compares with the label in hand.
fn tail(ui: &mut Ui, area: Rect, desk: &Desk<'_>, preview: &LabelPreview) {
    let colours = palette(ui);
    let kind = Type::new(88.0, Weight::MonoBold).line(1.0).spaced(-2.0);
    if area.height() < kind.line_height() + 40.0 {
        return;
    }
    let word = desk.text("label-ends-with");
    let at = pos2(area.left(), area.top() + 18.0);
    let drawn = text::put(ui, at, Align2::LEFT_TOP, fonts::hint(), &word, colours.muted);
    let start = preview.sscc.len().saturating_sub(4);
    let digits = preview.sscc.get(start..).unwrap_or("");
    text::put(ui, drawn.left_bottom(), Align2::LEFT_TOP, kind, digits, colours.text);
}

fn print_row(ui: &mut Ui, area: Rect, desk: &Desk<'_>, row: &PrintRow) {
    let document = desk.text(document_key(row.document));
    let printed = if row.document == DocumentKind::Label {
        desk.text("label-printed")
    } else {
        desk.with("label-document-printed", &[("document", Arg::Text(document.clone()))])
    };
    let time = row.at.map(|at| desk.words.format().time_s(at)).unwrap_or_default();
    let (icon, signal, title, hint) = match (row.state, row.trouble) {
        (_, Some(trouble)) => (Icon::Tri, Signal::Decide, document, desk.text(trouble_key(trouble))),
        (PrintState::Ended(PrintOutcome::PaperMoved), None) => {
            let moved =
                row.at.map(|at| desk.with("label-paper-moved", &[("time", Arg::Text(desk.words.format().time_s(at)))]));
            (Icon::Okc, Signal::Ok, printed, moved.unwrap_or_default())
        }
        (PrintState::Attempting, None) => (Icon::Wait, Signal::Wait, document, String::new()),
        (PrintState::Ended(PrintOutcome::Sent), None) => {
            (Icon::Printer, Signal::Wait, document, format!("{time} · {}", desk.text("label-sent")))
        }
        (PrintState::Ended(PrintOutcome::Failed(trouble)), None) => {
            (Icon::Tri, Signal::Decide, document, desk.text(trouble_key(trouble)))
        }
        (PrintState::Ended(PrintOutcome::Unknown), None) => {
            (Icon::Tri, Signal::Decide, document, desk.text("say-label-stuck"))
        }
    };
    let title = if row.copy > 1 {
        format!("{title} · {}", desk.with("label-copy", &[("no", row.copy.into())]))
    } else {
        title
    };
    let (icon, signal, title, hint) = match row.way.as_ref().and_then(|way| Some((way, way.why?))) {
        Some((way, why)) => (Icon::Tri, Signal::Decide, format!("{title} · {}", way.printer), desk.text(why)),
        None => (icon, signal, title, with_way(desk, row, hint)),
    };
    Fact { icon, signal, title: &title, hint: &hint, strong: signal == Signal::Decide }.show(ui, area);
}

/// Which printer it is, or which one stepped in for which. Where there is only one printer, its name says nothing new.
fn with_way(desk: &Desk<'_>, row: &PrintRow, hint: String) -> String {
    let Some(way) = &row.way else { return hint };
    let printer = Arg::Text(way.printer.clone());
    match &way.instead_of {
        Some((other, why)) => desk.with(
            "label-print-instead",
            &[("printer", printer), ("other", Arg::Text(other.clone())), ("why", Arg::Key(why))],
        ),
        None if desk.view.devices.iter().filter(|d| d.kind == DeviceKind::Printer).count() > 1 => {
            let said = desk.with("label-print-by", &[("printer", printer)]);
            if hint.is_empty() { said } else { format!("{hint} · {said}") }
        }
        None => hint,
    }
}

const fn document_key(document: DocumentKind) -> &'static str {
    match document {
        DocumentKind::Label => "document-label",
        DocumentKind::PackingSlip => "document-packing-slip",
        DocumentKind::Invoice => "document-invoice",
        DocumentKind::Cn22 => "document-cn22",
        DocumentKind::Cn23 => "document-cn23",
        DocumentKind::CommercialInvoice => "document-commercial-invoice",
    }
}

const fn trouble_key(trouble: PrintTrouble) -> &'static str {
    match trouble {
        PrintTrouble::PaperOut => "label-trouble-paper-out",
        PrintTrouble::HeadOpen => "label-trouble-head-open",
        PrintTrouble::Paused => "label-trouble-paused",
        PrintTrouble::Unreachable => "label-trouble-unreachable",
        PrintTrouble::Interrupted => "label-trouble-interrupted",
        PrintTrouble::NoPrinter => "label-trouble-no-printer",
    }
}

/// A picture that was handed to the graphics card, with the label it shows: another label is another allocation.
#[derive(Clone)]
struct Uploaded(Arc<LabelPicture>, TextureHandle);

/// The label itself, as it is printed.
fn draw_picture(ui: &mut Ui, area: Rect, desk: &Desk<'_>, picture: &Arc<LabelPicture>) {
    let key = Id::unique("packbench-label-picture");
    let kept: Option<Uploaded> = ui.data(|data| data.get_temp(key));
    let texture = match kept.filter(|kept| Arc::ptr_eq(&kept.0, picture)) {
        Some(kept) => Some(kept.1),
        None => {
            let side = |px: u32| usize::try_from(px).unwrap_or(0);
            let raster = Raster { width: side(picture.width_px), height: side(picture.height_px), grey: &picture.grey };
            let texture = label::upload(ui.ctx(), "label", &raster);
            if let Some(texture) = &texture {
                ui.data_mut(|data| data.insert_temp(key, Uploaded(Arc::clone(picture), texture.clone())));
            }
            texture
        }
    };
    label::preview(ui, area, texture.as_ref(), &desk.text("document-label"));
}

/// What stands on the label, in its order, where it could not be drawn. Paper is white with dark ink in both themes.
fn draw_paper(ui: &mut Ui, area: Rect, desk: &Desk<'_>, preview: &LabelPreview) {
    if let Some(picture) = &preview.picture {
        return draw_picture(ui, area, desk, picture);
    }
    let ink = tokens::PICTURE_INK;
    let height = (area.width() * 1.46).min(area.height());
    let paper = Rect::from_center_size(area.center(), vec2(area.width(), height));
    ui.painter().rect_filled(paper, CornerRadius::same(8), Color32::WHITE);
    let edge = Stroke::new(2.0, palette(ui).line_strong);
    ui.painter().rect_stroke(paper, CornerRadius::same(8), edge, StrokeKind::Inside);
    let room = paper.shrink2(vec2(18.0, 14.0));
    let line = |ui: &mut Ui, top: f32, height: f32, kind: Type, words: &str| {
        let row = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), height));
        text::put_fitted(ui, row, Align2::LEFT_CENTER, kind, 10.0, words, ink);
        top + height
    };
    let rule = |ui: &Ui, top: f32| {
        ui.painter().hline(paper.left() + 8.0..=paper.right() - 8.0, top, Stroke::new(2.0, ink));
        top + 8.0
    };
    let small = Type::new(16.0, Weight::Regular);
    let mut top = line(ui, room.top(), 26.0, small, &preview.from);
    top = rule(ui, top + 4.0);
    for (index, words) in preview.to.iter().take(5).enumerate() {
        let kind = if index == 0 { Type::new(22.0, Weight::Bold) } else { Type::new(17.0, Weight::Regular) };
        top = line(ui, top, if index == 0 { 30.0 } else { 25.0 }, kind, words);
    }
    let (parcel, parcels) = preview.parcel;
    let order = desk.with("word-order", &[("order", Arg::Text(preview.number.clone()))]);
    let of = desk.with("word-of", &[("no", parcel.into()), ("n", parcels.into())]);
    top = line(ui, top, 24.0, small, &format!("{order} · {of}"));
    top = rule(ui, top + 4.0);
    top = line(ui, top, 66.0, Type::new(56.0, Weight::Bold).line(1.1), &preview.route);
    let mut marks: Vec<String> = preview.weight_g.iter().map(|grams| desk.words.format().mass(*grams)).collect();
    marks.extend(preview.marks.iter().map(|mark| desk.say(mark)));
    top = line(ui, top, 24.0, small, &marks.join(" · "));
    top = rule(ui, top + 4.0);
    let code = Type::new(20.0, Weight::MonoBold);
    line(ui, top, 30.0, code, &format!("(00) {}", preview.sscc));
}

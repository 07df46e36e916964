//! The form of one problem: which line, how many, why, what instead; then one button that says what it does.

use egui::{Align2, Key, Rect, Ui, pos2, vec2};

use super::{Band, heading, over, tall};
use crate::core::checklist::DocumentKind;
use crate::core::message::Arg;
use crate::core::session::event::Reason;
use crate::engine::input::Ui as Request;
use crate::engine::view::{ProblemForm, ProblemKind, StageView};
use crate::station::icons::Icon;
use crate::station::screens::{Desk, pager};
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Choice, Look, Size};
use crate::station::widgets::sheet::grid;
use crate::station::widgets::side::title_case;
use crate::station::widgets::{press, text};

/// Up to so many units each has its own button.
const BUTTONS_MAX: u32 = 8;
/// Height of a reason.
const REASON: f32 = 80.0;

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, form: &ProblemForm) {
    let second = match &form.product {
        Some(product) if needs_line(form.kind) && form.quantity_max > 0 => {
            let name = Arg::Text(product.name.clone());
            desk.with("exception-needed", &[("name", name), ("n", form.quantity_max.into())])
        }
        Some(product) if needs_line(form.kind) => product.name.clone(),
        Some(_) | None => about_order(desk, form.kind),
    };
    let (icon, title) = head(form.kind);
    let band = Band { leave: "action-back", ..Band::new(Signal::Decide, icon, desk.text(title), second) };
    over(ui, window, desk, &band, |ui, room, desk| {
        if needs_line(form.kind) && form.line.is_none() {
            choose_line(ui, room, desk, form.kind);
        } else {
            body(ui, room, desk, form);
        }
    });
}

const fn head(kind: ProblemKind) -> (Icon, &'static str) {
    match kind {
        ProblemKind::Short => (Icon::Short, "exception-short-title"),
        ProblemKind::Damaged => (Icon::Bolt, "exception-damaged-title"),
        ProblemKind::Substitute => (Icon::Swap, "exception-substitute-title"),
        ProblemKind::Hold => (Icon::Pause, "exception-hold-title"),
        ProblemKind::ByHand => (Icon::Hand, "exception-by-hand-title"),
        ProblemKind::Reprint => (Icon::Printer, "exception-reprint-title"),
        ProblemKind::HandBack => (Icon::Back, "exception-hand-back-title"),
        ProblemKind::Skip => (Icon::Next, "win-skip-title"),
        ProblemKind::OverrideWeight => (Icon::Scale, "exception-override-title"),
    }
}

const fn needs_line(kind: ProblemKind) -> bool {
    match kind {
        ProblemKind::Short | ProblemKind::Damaged | ProblemKind::Substitute | ProblemKind::ByHand => true,
        ProblemKind::Hold
        | ProblemKind::Reprint
        | ProblemKind::HandBack
        | ProblemKind::Skip
        | ProblemKind::OverrideWeight => false,
    }
}

fn about_order(desk: &Desk<'_>, kind: ProblemKind) -> String {
    let number = match (&desk.view.pack, kind) {
        (Some(order), _) => Some(order.number.clone()),
        (None, ProblemKind::Skip) => desk.view.queue.rows.first().map(|row| row.number.clone()),
        (None, _) => None,
    };
    number.map(|number| desk.with("word-order", &[("order", Arg::Text(number))])).unwrap_or_default()
}

fn choose_line(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, kind: ProblemKind) {
    let title = desk.text("win-which-line");
    let top = heading(ui, room, &title);
    let Some(order) = desk.view.pack.clone() else {
        return;
    };
    let area = Rect::from_min_max(pos2(room.left(), top), room.max);
    let columns = if tall(room) { 1 } else { 2 };
    for (index, place) in pager::rows(ui, area, desk, order.lines.len(), columns, REASON, 12.0) {
        let Some(line) = order.lines.get(index) else {
            continue;
        };
        let name = title_case(&line.product.name);
        let hint = format!("{} · {}/{}", line.product.sku, line.done, line.of);
        let choice = Choice { icon: Icon::Order, title: &name, hint: &hint, taken: false, signal: Signal::Decide };
        if choice.show(&mut pager::row(ui, index, place), place) {
            desk.ask(Request::Problem(kind, Some(line.no)));
        }
    }
}

fn body(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, form: &ProblemForm) {
    let columns = if tall(room) { 2 } else { 4 };
    let mut top = room.top();
    if form.quantity_max > 0 {
        top = quantity(ui, Rect::from_min_max(pos2(room.left(), top), room.max), desk, form.quantity_max);
    }
    if form.kind == ProblemKind::Substitute {
        top = substitutes(ui, Rect::from_min_max(pos2(room.left(), top), room.max), desk, form);
    }
    if form.kind == ProblemKind::Reprint {
        top = documents(ui, Rect::from_min_max(pos2(room.left(), top), room.max), desk);
    }
    let title = desk.text("reason-title");
    let area = Rect::from_min_max(pos2(room.left(), top), room.max);
    let chosen = desk.local.draft.reason;
    // Where nothing else is asked the reasons may be as large as the ways on the sheet before.
    let alone = form.quantity_max == 0 && form.kind != ProblemKind::Substitute;
    let (columns, height) = if alone { (2, 112.0) } else { (columns, REASON) };
    if let Some(reason) = reasons(ui, area, desk, &title, &form.reasons, chosen, (columns, height)) {
        desk.local.draft.reason = Some(reason);
    }
    send(ui, room, desk, form);
}

/// How many: a button each while they are few, else a figure between minus and plus.
fn quantity(ui: &mut Ui, area: Rect, desk: &mut Desk<'_>, max: u32) -> f32 {
    let row = Rect::from_min_size(area.min, vec2(area.width(), 96.0));
    if max <= BUTTONS_MAX {
        let columns = usize::try_from(max).unwrap_or(1);
        for (cell, number) in grid(row, columns, 1, 12.0).into_iter().zip(1_u32..) {
            let look = if desk.local.draft.quantity == number { Look::Signal(Signal::Decide) } else { Look::Plain };
            let word = number.to_string();
            if Button::new(&word).look(look).size(Size::Huge).show(ui, cell).pressed() {
                desk.local.draft.quantity = number;
            }
        }
        return row.bottom() + 20.0;
    }
    let all = desk.with("win-all-n", &[("n", max.into())]);
    let (less, more) = (desk.text("win-less"), desk.text("win-more-units"));
    let side = 120.0;
    let at = |from: f32, width: f32| Rect::from_min_size(pos2(from, row.top()), vec2(width, row.height()));
    let quantity = desk.local.draft.quantity;
    if icon_button(ui, at(row.left(), side), Icon::Minus, &less) {
        desk.local.draft.quantity = quantity.saturating_sub(1).max(1);
    }
    let figure = at(row.left() + side + 12.0, 200.0);
    let ink = if quantity == 0 { palette(ui).muted } else { palette(ui).text };
    text::put_fitted(ui, figure, Align2::CENTER_CENTER, fonts::figure_m(72.0), 40.0, &quantity.to_string(), ink);
    if icon_button(ui, at(figure.right() + 12.0, side), Icon::Plus, &more) {
        desk.local.draft.quantity = (quantity + 1).min(max);
    }
    let last = at(figure.right() + 12.0 + side + 12.0, 0.0);
    let last = Rect::from_min_max(last.min, pos2((last.left() + 260.0).min(row.right()), row.bottom()));
    let look = if quantity == max { Look::Signal(Signal::Decide) } else { Look::Plain };
    if Button::new(&all).look(look).size(Size::Large).show(ui, last).pressed() {
        desk.local.draft.quantity = max;
    }
    row.bottom() + 20.0
}

fn icon_button(ui: &mut Ui, rect: Rect, icon: Icon, name: &str) -> bool {
    let pressed = press(ui, rect, ("step", name), name, true).clicked();
    let corner = egui::CornerRadius::same(measure::RADIUS_CONTROL);
    ui.painter().rect_filled(rect, corner, palette(ui).raised);
    let edge = egui::Stroke::new(measure::STROKE_CARD, palette(ui).line_strong);
    ui.painter().rect_stroke(rect, corner, edge, egui::StrokeKind::Inside);
    let square = Rect::from_center_size(rect.center(), vec2(48.0, 48.0));
    icon.paint(ui.painter(), square, palette(ui).text, 2.4);
    pressed
}

fn substitutes(ui: &mut Ui, area: Rect, desk: &mut Desk<'_>, form: &ProblemForm) -> f32 {
    if form.substitutes.is_empty() {
        let words = desk.text("exception-substitute-none");
        let row = Rect::from_min_size(area.min, vec2(area.width(), 60.0));
        let kind = Type::new(26.0, Weight::Bold);
        text::put_fitted(ui, row, Align2::LEFT_CENTER, kind, 18.0, &words, palette(ui).text);
        return row.bottom() + 8.0;
    }
    let columns = if tall(area) { 1 } else { 2 };
    let shown = form.substitutes.len().min(4);
    let rows = shown.div_ceil(columns);
    let height = rows as f32 * (REASON + 12.0) - 12.0;
    let block = Rect::from_min_size(area.min, vec2(area.width(), height));
    for (cell, product) in grid(block, columns, rows, 12.0).into_iter().zip(form.substitutes.iter().take(shown)) {
        let bin = product.bin.as_deref().unwrap_or("");
        let hint = if bin.is_empty() { product.sku.clone() } else { format!("{} · {bin}", product.sku) };
        let title = title_case(&product.name);
        let taken = desk.local.draft.product == Some(product.id);
        let choice = Choice { icon: Icon::Swap, title: &title, hint: &hint, taken, signal: Signal::Decide };
        if choice.show(ui, cell) {
            desk.local.draft.product = Some(product.id);
        }
    }
    block.bottom() + 16.0
}

/// Papers of this parcel; the label unless another is chosen.
fn documents(ui: &mut Ui, area: Rect, desk: &mut Desk<'_>) -> f32 {
    let mut papers = vec![DocumentKind::Label];
    if let Some(StageView::Label(stage)) = desk.view.pack.as_ref().map(|order| &order.stage) {
        papers.extend(stage.prints.iter().map(|row| row.document).filter(|paper| *paper != DocumentKind::Label));
    }
    papers.dedup();
    papers.truncate(4);
    if papers.len() < 2 {
        return area.top();
    }
    let title = desk.text("win-which-paper");
    let top = heading(ui, area, &title);
    document_choice(ui, Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), REASON)), desk, &papers)
}

/// One row of papers; returns where the rest begins.
pub(super) fn document_choice(ui: &mut Ui, row: Rect, desk: &mut Desk<'_>, papers: &[DocumentKind]) -> f32 {
    let taken = desk.local.draft.document.unwrap_or(DocumentKind::Label);
    for (cell, paper) in grid(row, papers.len(), 1, 12.0).into_iter().zip(papers) {
        let title = desk.text(document_key(*paper));
        let icon = if *paper == DocumentKind::Label { Icon::Tag } else { Icon::Doc };
        let choice = Choice { icon, title: &title, hint: "", taken: taken == *paper, signal: Signal::Decide };
        if choice.show(ui, cell) {
            desk.local.draft.document = Some(*paper);
        }
    }
    row.bottom() + 16.0
}

pub(super) const fn document_key(document: DocumentKind) -> &'static str {
    match document {
        DocumentKind::Label => "document-label",
        DocumentKind::PackingSlip => "document-packing-slip",
        DocumentKind::Invoice => "document-invoice",
        DocumentKind::Cn22 => "document-cn22",
        DocumentKind::Cn23 => "document-cn23",
        DocumentKind::CommercialInvoice => "document-commercial-invoice",
    }
}

/// Reasons side by side; gives back the one pressed.
pub(super) fn reasons(
    ui: &mut Ui,
    area: Rect,
    desk: &Desk<'_>,
    title: &str,
    reasons: &[Reason],
    chosen: Option<Reason>,
    (columns, height): (usize, f32),
) -> Option<Reason> {
    let top = heading(ui, area, title);
    let columns = columns.min(reasons.len().max(1));
    let rows = reasons.len().div_ceil(columns).max(1);
    let height = rows as f32 * (height + 12.0) - 12.0;
    let block = Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), height));
    let mut pressed = None;
    for (cell, reason) in grid(block, columns, rows, 12.0).into_iter().zip(reasons) {
        let word = desk.text(reason.key());
        let taken = chosen == Some(*reason);
        let choice = Choice { icon: icon_of(*reason), title: &word, hint: "", taken, signal: Signal::Decide };
        if choice.show(ui, cell) {
            pressed = Some(*reason);
        }
    }
    pressed
}

const fn icon_of(reason: Reason) -> Icon {
    match reason {
        Reason::BinEmpty => Icon::Shelf,
        Reason::CountWrong => Icon::List,
        Reason::NotFound => Icon::Search,
        Reason::Broken => Icon::Bolt,
        Reason::Dirty => Icon::Tri,
        Reason::Opened => Icon::Box,
        Reason::Expired | Reason::ShiftEnd => Icon::Clock,
        Reason::BarcodeUnreadable | Reason::BarcodeMissing => Icon::Scan,
        Reason::PackingDiffers => Icon::Gift,
        Reason::WeightDataWrong | Reason::ScaleTrouble => Icon::Scale,
        Reason::LabelDamaged => Icon::Tag,
        Reason::NoPaper => Icon::Printer,
        Reason::CustomerAsked => Icon::User,
        Reason::WaitingForStock => Icon::Wait,
        Reason::WaitingForOffice => Icon::Phone,
        Reason::NotForThisStation => Icon::Swap,
        Reason::ShortComplete | Reason::NothingToShip => Icon::Short,
        Reason::Other => Icon::Dots,
    }
}

/// The button that sends the form: it says what it does, or what is still to be chosen.
fn send(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, form: &ProblemForm) {
    let place = Rect::from_min_max(pos2(room.left(), room.bottom() - measure::TARGET_LARGE), room.max);
    let draft = desk.local.draft.clone();
    let missing = if form.quantity_max > 0 && draft.quantity == 0 {
        Some("win-choose-number")
    } else if form.kind == ProblemKind::Substitute && draft.product.is_none() {
        Some("win-choose-product")
    } else if draft.reason.is_none() {
        Some("win-choose-reason")
    } else {
        None
    };
    let word = match form.kind {
        ProblemKind::Short if draft.quantity > 0 => desk.with("exception-note-short", &[("n", draft.quantity.into())]),
        ProblemKind::Damaged if draft.quantity > 0 => {
            desk.with("exception-note-damaged", &[("n", draft.quantity.into())])
        }
        ProblemKind::Short
        | ProblemKind::Damaged
        | ProblemKind::Substitute
        | ProblemKind::Hold
        | ProblemKind::ByHand
        | ProblemKind::Reprint
        | ProblemKind::HandBack
        | ProblemKind::Skip
        | ProblemKind::OverrideWeight => desk.text(act(form.kind)),
    };
    let reason_word = missing.map(|key| desk.text(key));
    let button = Button::new(&word).icon_after(Icon::Next).look(Look::Ink).size(Size::Large).key(Key::F8);
    let button = match &reason_word {
        Some(reason) => button.off(reason),
        None => button,
    };
    if button.show(ui, place).pressed()
        && let Some(reason) = draft.reason
    {
        desk.ask(report(desk, form, &draft, reason));
    }
}

const fn act(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Short => "problem-short",
        ProblemKind::Damaged => "problem-damaged",
        ProblemKind::Substitute => "problem-substitute",
        ProblemKind::Hold => "problem-hold",
        ProblemKind::ByHand => "action-by-hand",
        ProblemKind::Reprint => "action-reprint",
        ProblemKind::HandBack => "action-hand-back",
        ProblemKind::Skip => "win-skip",
        ProblemKind::OverrideWeight => "action-ask-lead",
    }
}

fn report(desk: &Desk<'_>, form: &ProblemForm, draft: &crate::station::local::Draft, reason: Reason) -> Request {
    if let (ProblemKind::Reprint, Some(document), Some(order)) = (form.kind, draft.document, &desk.view.pack) {
        return Request::Reprint { fulfillment: None, parcel: order.parcel, document, reason };
    }
    Request::Report { kind: form.kind, line: form.line, quantity: draft.quantity, reason, product: draft.product }
}

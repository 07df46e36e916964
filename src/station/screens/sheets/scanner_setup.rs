//! Setting a scanner up: the code to be scanned from the screen, what came of it, and in the end what was learnt, to be kept or left.
//! Must never say that a setting counts before it was written.

use egui::{Align2, Color32, CornerRadius, Mesh, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::{Band, heading, over, tall};
use crate::core::message::{Arg, Message};
use crate::engine::input::Ui as Request;
use crate::engine::view::{DeviceState, SetupCame, SetupCode, SetupLearnt, SetupStage, SetupView};
use crate::station::icons::Icon;
use crate::station::screens::Desk;
use crate::station::theme::tokens::PICTURE_INK;
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::sheet::grid;
use crate::station::widgets::{bars, picture_named, text};

/// The three codes.
const CODES: i64 = 3;
/// Height of the bars.
const BARS: f32 = 200.0;
/// Widest bar of one module: on the usual panel 0.7 mm, which handhelds read from an arm's length.
const MODULE_MAX: f32 = 3.0;
/// Widest code: a wider one does not fit into what a handheld sees at once.
const CODE_MAX: f32 = 680.0;
/// Characters of a line of what came.
const LINE_CHARS: usize = 64;

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, view: &SetupView) {
    let band = Band { leave: "setup-leave", ..band(desk, view) };
    over(ui, window, desk, &band, |ui, room, desk| match &view.stage {
        SetupStage::Opening => {}
        SetupStage::Scan { number, code } => scan(ui, room, desk, *number, code, view.came.as_ref()),
        SetupStage::Contradiction(..) => {
            came(ui, room, desk, view.came.as_ref());
            buttons(ui, room, desk, &[again()]);
        }
        SetupStage::Learnt(shown) | SetupStage::NotKept(shown, ..) => {
            learnt(ui, room, desk, shown);
            buttons(ui, room, desk, &[("setup-keep", Look::Primary, Request::SetupKeep), again()]);
        }
        SetupStage::Keeping(shown) | SetupStage::Kept { learnt: shown, .. } => learnt(ui, room, desk, shown),
    });
}

fn again() -> (&'static str, Look, Request) {
    ("setup-again", Look::Plain, Request::SetupAgain)
}

/// What is asked, or what went wrong and what to do.
fn band(desk: &Desk<'_>, view: &SetupView) -> Band {
    let wrong = |signal, (what, todo): (&Message, &Message)| {
        let icon = if signal == Signal::Stop { Icon::Oct } else { Icon::Tri };
        Band::new(signal, icon, desk.say(what), desk.say(todo))
    };
    if let Some(away) = away(desk, view) {
        return away;
    }
    match (&view.stage, &view.came) {
        (SetupStage::Contradiction(what, todo), _) => wrong(Signal::Stop, (what, todo)),
        (SetupStage::NotKept(_, what, todo), _) => wrong(Signal::Decide, (what, todo)),
        (SetupStage::Scan { .. }, Some(SetupCame { refused: Some((what, todo)), text })) => {
            // That nothing came is no refusal of anything.
            let signal = if text.is_empty() { Signal::Decide } else { Signal::Stop };
            wrong(signal, (what, todo))
        }
        (SetupStage::Opening, _) => {
            Band::new(Signal::Wait, Icon::Wait, desk.text("setup-opening"), desk.text("setup-scan-sub"))
        }
        (SetupStage::Scan { number, .. }, _) => {
            Band::new(Signal::Now, Icon::Scan, scan_words(desk, *number), desk.text("setup-scan-sub"))
        }
        (SetupStage::Learnt(_), _) => {
            Band::new(Signal::Now, Icon::Okc, desk.text("setup-learnt"), desk.text("setup-learnt-sub"))
        }
        (SetupStage::Keeping(_), _) => {
            Band::new(Signal::Wait, Icon::Wait, desk.text("setup-keeping"), desk.text("setup-keeping-sub"))
        }
        (SetupStage::Kept { file, .. }, _) => {
            let file = desk.with("setup-kept-sub", &[("file", Arg::Text(file.clone()))]);
            Band::new(Signal::Ok, Icon::Okc, desk.text("setup-kept"), file)
        }
    }
}

/// The scanner was unplugged while codes are asked for: that goes before what it sent.
fn away(desk: &Desk<'_>, view: &SetupView) -> Option<Band> {
    let device = desk.view.devices.iter().find(|device| device.name == view.scanner)?;
    let scans = matches!(view.stage, SetupStage::Opening | SetupStage::Scan { .. });
    let gone = match device.state {
        DeviceState::Absent | DeviceState::Opening | DeviceState::Lost { .. } => true,
        DeviceState::Ready | DeviceState::Busy | DeviceState::Attention => false,
    };
    if !scans || !gone {
        return None;
    }
    let todo = device.cure.as_ref().or(device.detail.as_ref()).map(|said| desk.say(said)).unwrap_or_default();
    let what = desk.with("setup-away", &[("device", Arg::Text(device.name.clone()))]);
    Some(Band::new(Signal::Wait, Icon::Wait, what, todo))
}

fn scan_words(desk: &Desk<'_>, number: u8) -> String {
    desk.with("setup-scan", &[("n", Arg::Int(i64::from(number))), ("all", Arg::Int(CODES))])
}

fn scan(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, number: u8, code: &SetupCode, last: Option<&SetupCame>) {
    let card = Rect::from_min_size(room.min, vec2(room.width(), BARS + 104.0));
    // Paper is white and its bars are dark in both themes: a scanner reads nothing else.
    let corner = CornerRadius::same(measure::RADIUS_CARD);
    ui.painter().rect_filled(card, corner, Color32::WHITE);
    ui.painter().rect_stroke(card, corner, Stroke::new(2.0, palette(ui).line_strong), StrokeKind::Inside);
    let words = format!("{} · {}", scan_words(desk, number), code.symbology);
    let head = Rect::from_min_size(card.min + vec2(20.0, 8.0), vec2(card.width() - 40.0, 36.0));
    text::put_fitted(ui, head, Align2::CENTER_CENTER, fonts::label(), 14.0, &words, PICTURE_INK);
    let drawn = Rect::from_min_size(pos2(card.left(), head.bottom() + 8.0), vec2(card.width(), BARS));
    draw_bars(ui, drawn, code);
    picture_named(ui, drawn, &words);
    let foot = Rect::from_min_max(pos2(head.left(), drawn.bottom() + 4.0), pos2(head.right(), card.bottom() - 8.0));
    let mono = Type::new(22.0, Weight::MonoBold);
    text::put_fitted(ui, foot, Align2::CENTER_CENTER, mono, 14.0, &code.text, PICTURE_INK);
    let below = Rect::from_min_max(pos2(room.left(), card.bottom() + 16.0), room.max);
    came(ui, below, desk, last);
    if number > 1 {
        buttons(ui, room, desk, &[again()]);
    }
}

/// Each bar a whole number of the screen's pixels: no bar is blurred, none is wider than its equals.
fn draw_bars(ui: &Ui, room: Rect, code: &SetupCode) {
    let per_point = ui.ctx().pixels_per_point();
    let modules: u32 = code.widths.iter().map(|width| u32::from(*width)).sum::<u32>() + 2 * code.quiet_modules;
    let most = (room.width().min(CODE_MAX) * per_point / modules.max(1) as f32).floor();
    let module_px = most.min((MODULE_MAX * per_point).floor()).max(1.0);
    let width_px = module_px * modules as f32;
    let quiet_px = module_px * code.quiet_modules as f32;
    let mut at_px = (room.center().x * per_point - width_px * 0.5).round() + quiet_px;
    let (top, low) = ((room.top() * per_point).round() / per_point, (room.bottom() * per_point).round() / per_point);
    let mut mesh = Mesh::default();
    for (index, width) in code.widths.iter().enumerate() {
        let end_px = at_px + f32::from(*width) * module_px;
        if index % 2 == 0 {
            let bar = Rect::from_min_max(pos2(at_px / per_point, top), pos2(end_px / per_point, low));
            mesh.add_colored_rect(bar, Color32::BLACK);
        }
        at_px = end_px;
    }
    ui.painter().add(Shape::mesh(mesh));
}

/// Everything that came last, control characters by name.
fn came(ui: &mut Ui, room: Rect, desk: &Desk<'_>, last: Option<&SetupCame>) {
    let colours = palette(ui);
    let top = heading(ui, room, &desk.text("setup-came"));
    let place = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), 72.0));
    match last.filter(|came| !came.text.is_empty()) {
        Some(came) => {
            let words = lines(&came.text, if tall(room) { LINE_CHARS / 2 } else { LINE_CHARS });
            let mono = Type::new(26.0, Weight::MonoBold);
            text::put_fitted(ui, place, Align2::LEFT_TOP, mono, 14.0, &words, colours.text);
        }
        None => {
            let words = desk.text("setup-nothing-yet");
            text::put_fitted(ui, place, Align2::LEFT_TOP, fonts::body(), 16.0, &words, colours.muted);
        }
    }
}

/// In lines of at most so many characters; the name of a control character stays in one piece.
fn lines(text: &str, chars_max: usize) -> String {
    let (mut out, mut used) = (String::with_capacity(text.len() + 4), 0);
    for part in text.split_inclusive('>').flat_map(|part| {
        let (before, name) = part.split_at(part.rfind('<').unwrap_or(part.len()));
        before.split_inclusive(|_| true).chain(Some(name).filter(|name| !name.is_empty()))
    }) {
        let count = part.chars().count();
        if used > 0 && used + count > chars_max {
            out.push('\n');
            used = 0;
        }
        out.push_str(part);
        used += count;
    }
    out
}

/// What was learnt, in plain words.
fn learnt(ui: &mut Ui, room: Rect, desk: &Desk<'_>, learnt: &SetupLearnt) {
    let none = |bytes: &str, key| if bytes.is_empty() { desk.text(key) } else { bytes.to_owned() };
    let gs = match learnt.gs.as_str() {
        "" => desk.text("setup-gs-itself"),
        text => desk.with("setup-gs-as", &[("text", Arg::Text(text.to_owned()))]),
    };
    let rows = [
        (desk.text("setup-prefix"), none(&learnt.prefix, "setup-none")),
        (desk.text("setup-suffix"), none(&learnt.suffix, "setup-none")),
        (desk.text("setup-end"), none(&learnt.end, "setup-silence")),
        (desk.text("setup-aim"), desk.text(if learnt.aim { "setup-aim-yes" } else { "setup-aim-no" })),
        (desk.text("setup-gs"), gs),
    ];
    let columns = if tall(room) { 1 } else { 2 };
    let high = if tall(room) { 440.0 } else { 290.0 };
    let cells =
        grid(Rect::from_min_size(room.min, vec2(room.width(), high)), columns, rows.len().div_ceil(columns), 12.0);
    for (cell, (word, value)) in cells.into_iter().zip(&rows) {
        bars::stat(ui, cell, word, value, Type::new(28.0, Weight::SemiBold));
    }
    if !learnt.aim {
        let place = Rect::from_min_size(pos2(room.left(), room.top() + high + 8.0), vec2(room.width(), 60.0));
        let advice = desk.text("setup-aim-advice");
        text::put_fitted(ui, place, Align2::LEFT_CENTER, fonts::label(), 14.0, &advice, palette(ui).muted);
    }
}

/// Buttons at the foot, from the left.
fn buttons(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, list: &[(&'static str, Look, Request)]) {
    let mut left = room.left();
    for (key, look, request) in list {
        let word = desk.text(key);
        let button = Button::new(&word).look(*look).size(Size::Large);
        let width = button.width(ui).clamp(200.0, room.width() * 0.48);
        let place =
            Rect::from_min_size(pos2(left, room.bottom() - measure::TARGET_LARGE), vec2(width, measure::TARGET_LARGE));
        if button.show(ui, place).pressed() {
            desk.ask(request.clone());
        }
        left = place.right() + 12.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_breaks_between_characters_and_never_within_a_name() {
        let text = "<STX>]C1<<GS>>0109506<CR><LF>";
        for chars_max in 5..40 {
            let shown = lines(text, chars_max);
            assert_eq!(shown.replace('\n', ""), text);
            assert!(shown.lines().all(|line| line.chars().count() <= chars_max), "{shown}");
            for name in ["<STX>", "<GS>", "<CR>", "<LF>"] {
                assert!(shown.contains(name), "{shown}");
            }
        }
        assert_eq!(lines("", 5), "");
    }
}

//! Badge and PIN: the first screen, and the one that locks.

use egui::{Align2, CornerRadius, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::bar::{self, Item};
use super::head::{self, Title};
use super::{Desk, voice};
use crate::core::message::Arg;
use crate::engine::input::Ui as Request;
use crate::engine::view::{LoginView, Sheet};
use crate::i18n::Lang;
use crate::station::icons::Icon;
use crate::station::local::{Look as Theme, Wish};
use crate::station::theme::{Palette, Signal, Type, Weight, measure, palette};
use crate::station::widgets::button::Look;
use crate::station::widgets::frame::{Areas, Plan};
use crate::station::widgets::pin::{Pressed, Words, pin_pad};
use crate::station::widgets::stage::{Say, stage_card};
use crate::station::widgets::text;

/// Digits a PIN has at least; so many dots are shown before any is typed.
const DOTS_MIN: usize = 4;

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, login: &LoginView) {
    let areas = Areas::of(window, Plan::Wide);
    areas.paint(ui);
    let title = Title {
        fact: Some((None, desk.view.station.name.clone())),
        who: Some(desk.words.format().time(desk.now)),
        ..Title::new(desk.text("win-product"))
    };
    head::draw(ui, areas.top, areas.portrait, desk, &title);
    let room = areas.stage.shrink2(vec2(32.0, 28.0));
    let (badge, pad) = halves(room, areas.portrait);
    badge_card(ui, badge, desk, login);
    pin_card(ui, pad, desk, login);
    foot(ui, areas.actions, desk, areas.portrait);
}

/// Two cards beside each other, or one above the other.
fn halves(room: Rect, portrait: bool) -> (Rect, Rect) {
    if portrait {
        let height = (room.height() - 20.0 - 520.0).max(300.0);
        let upper = Rect::from_min_size(room.min, vec2(room.width(), height));
        return (upper, Rect::from_min_max(pos2(room.left(), upper.bottom() + 20.0), room.max));
    }
    let width = (room.width() - 32.0) * 0.528;
    let left = Rect::from_min_size(room.min, vec2(width, room.height()));
    (left, Rect::from_min_max(pos2(left.right() + 32.0, room.top()), room.max))
}

fn say(desk: &Desk<'_>, login: &LoginView) -> (Signal, Icon, String, String) {
    if login.wait_s > 0 {
        let wait = Arg::SpanMs(i64::from(login.wait_s) * 1_000);
        return (Signal::Wait, Icon::Wait, desk.with("login-wait", &[("wait", wait)]), desk.text("login-needs-lead"));
    }
    if login.digits == 0
        && let Some(feedback) = voice::refusal(desk)
    {
        return feedback;
    }
    let now =
        |icon, first: &'static str, second: &'static str| (Signal::Now, icon, desk.text(first), desk.text(second));
    match (&login.badge, login.locked) {
        (Some(who), _) => {
            let second = desk.with("win-pin-then", &[("who", Arg::Text(who.clone()))]);
            (Signal::Now, Icon::Badge, desk.text("say-pin"), second)
        }
        (None, true) => now(Icon::Lock, "say-locked", "say-locked-sub"),
        (None, false) => now(Icon::Badge, "say-login", "say-login-sub"),
    }
}

fn badge_card(ui: &mut Ui, card: Rect, desk: &Desk<'_>, login: &LoginView) {
    let (signal, icon, first, second) = say(desk, login);
    let say = Say { signal, icon, first: &first, second: &second };
    let hint = desk.text("login-order-waits");
    stage_card(ui, card, &say, |ui, room| {
        let colours = palette(ui);
        let foot = Rect::from_min_max(pos2(room.left(), room.bottom() - 96.0), room.max);
        let place = Rect::from_min_max(room.min, pos2(room.right(), foot.top() - 12.0));
        let height = place.height().min(230.0);
        paint_badge(ui, Rect::from_center_size(place.center(), vec2(height * 290.0 / 230.0, height)), colours);
        let kind = Type::new(28.0, Weight::Regular);
        text::put_fitted(ui, foot, Align2::CENTER_CENTER, kind, 18.0, &hint, colours.muted);
    });
}

/// A badge under the scanner's line, drawn on a 290 × 230 grid.
pub(super) fn paint_badge(ui: &Ui, rect: Rect, colours: &Palette) {
    let scale = rect.width() / 290.0;
    let at = |x: f32, y: f32| rect.min + vec2(x, y) * scale;
    let area = |x: f32, y: f32, w: f32, h: f32| Rect::from_min_size(at(x, y), vec2(w, h) * scale);
    let edge = Stroke::new(4.0 * scale, colours.text);
    let painter = ui.painter();
    let card = area(75.0, 20.0, 140.0, 200.0);
    painter.rect(card, CornerRadius::from(14.0 * scale), colours.surface, edge, StrokeKind::Middle);
    let clip = area(120.0, 2.0, 50.0, 36.0);
    painter.rect(clip, CornerRadius::from(8.0 * scale), colours.raised, edge, StrokeKind::Middle);
    painter.circle(at(145.0, 88.0), 26.0 * scale, colours.sunken, edge);
    let shoulders: Vec<_> = (0_u8..=24)
        .map(|step| {
            let angle = std::f32::consts::PI * (1.0 + f32::from(step) / 24.0);
            at(145.0 + 43.0 * angle.cos(), 156.0 + 34.0 * angle.sin())
        })
        .collect();
    painter.add(egui::Shape::convex_polygon(shoulders, colours.sunken, edge));
    let bars = [(98.0, 4.0), (106.0, 2.0), (112.0, 4.0), (121.0, 2.0), (127.0, 4.0), (136.0, 9.0), (149.0, 3.0)];
    for (left, width) in bars.into_iter().chain([(156.0, 4.0), (164.0, 2.0), (170.0, 5.0), (180.0, 2.0), (186.0, 2.0)])
    {
        painter.rect_filled(area(left, 174.0, width, 30.0), 0.0, colours.text);
    }
    painter.line_segment([at(0.0, 189.0), at(290.0, 189.0)], Stroke::new(5.0 * scale, colours.stop));
}

fn pin_card(ui: &mut Ui, card: Rect, desk: &mut Desk<'_>, login: &LoginView) {
    let colours = palette(ui);
    let corner = CornerRadius::same(measure::RADIUS_CARD);
    ui.painter().rect_filled(card, corner, colours.raised);
    ui.painter().rect_stroke(card, corner, Stroke::new(measure::STROKE_CARD, colours.line), StrokeKind::Inside);
    pad(ui, card, desk, login.digits);
}

/// The PIN pad with its words; also used where a lead agrees to something.
pub(super) fn pad(ui: &mut Ui, area: Rect, desk: &mut Desk<'_>, digits: u8) {
    let entered = usize::from(digits);
    let length = entered.max(DOTS_MIN);
    let (title, clear, enter) = (desk.text("login-pin"), desk.text("action-delete"), desk.text("action-ok"));
    let progress = desk.with("word-of", &[("no", Arg::Int(i64::from(digits))), ("n", Arg::Int(length as i64))]);
    let words = Words { title: &title, clear: &clear, enter: &enter, progress: &progress };
    match pin_pad(ui, area, &words, entered, length) {
        Some(Pressed::Digit(digit)) => desk.ask(Request::Digit(digit)),
        Some(Pressed::Clear) => desk.ask(Request::DigitBack),
        Some(Pressed::Enter) => desk.ask(Request::DigitsDone),
        None => {}
    }
}

/// Languages at the left; light or dark, settings and devices at the right.
pub(super) fn foot(ui: &mut Ui, rect: Rect, desk: &mut Desk<'_>, portrait: bool) {
    let settings = desk.local.settings;
    let languages: Vec<Item> = Lang::ALL
        .iter()
        .map(|lang| {
            let look = if *lang == settings.lang { Look::Primary } else { Look::Plain };
            Item::bare(lang.own_name().to_owned()).look(look)
        })
        .collect();
    let dark = ui.visuals().dark_mode;
    let theme = if dark { "action-light" } else { "action-dark" };
    let theme_icon = if dark { Icon::Bolt } else { Icon::Moon };
    let right = [
        Item::new(theme_icon, desk.text(theme)),
        Item::new(Icon::Sound, desk.text("action-sound")).key(egui::Key::F10),
        Item::new(Icon::Shield, desk.text("action-check-devices")).key(egui::Key::F9),
    ];
    match bar::draw(ui, rect, &languages, &right, portrait) {
        Some(4) => {
            desk.local.settings.look = if dark { Theme::Light } else { Theme::Dark };
            desk.keep();
        }
        Some(5) => desk.ask(Request::OpenSheet(Sheet::Settings)),
        Some(6) => desk.ask(Request::OpenSheet(Sheet::Devices)),
        Some(index) => {
            if let Some(lang) = Lang::ALL.get(index) {
                desk.local.settings.lang = *lang;
                desk.keep();
            }
        }
        None => {}
    }
}

impl Desk<'_> {
    /// Settings changed: they should be there again after a restart.
    pub(super) fn keep(&mut self) {
        let settings = self.local.settings;
        self.wish(Wish::Keep(settings));
    }
}

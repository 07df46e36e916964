//! Talking to the station: the button that is held to talk (or pressed, where the microphone stays open), and what was heard. They lie
//! over everything, for a read-back is answered while its form is open. Must never send anything but that the button is down or up.

use egui::{Align2, CornerRadius, Id, Order, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use super::Desk;
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use crate::engine::view::{StationView, VoiceView};
use crate::station::icons::Icon;
use crate::station::theme::{Signal, SignalLook, Type, Weight, fonts, measure, palette};
use crate::station::widgets::text;

/// How long what was heard stays, ms.
pub(crate) const STAYS_MS: i64 = 5_000;
/// Height of the drawn button; it is pressed over the whole height of the bar.
const HIGH: f32 = 48.0;
/// Room beside icon and words.
const PADDING: f32 = 14.0;
/// Size of the icon.
const ICON: f32 = 26.0;
/// Words on the button.
const SMALL: Type = fonts::label().in_face(Weight::SemiBold);

fn word(desk: &Desk<'_>, voice: &VoiceView, portrait: bool) -> String {
    match (voice.listening, voice.wanted, portrait) {
        (true, ..) => desk.text("voice-listening"),
        (false, true, _) => desk.text("voice-opening"),
        (false, false, true) => String::new(),
        (false, false, false) => desk.with(hint(voice), &[("key", Arg::Text(desk.local.talk_key.name().to_owned()))]),
    }
}

/// What the button is for.
const fn hint(voice: &VoiceView) -> &'static str {
    if voice.open { "voice-press" } else { "voice-hold" }
}

/// Room that the bar keeps free for the button; 0 where nobody listens.
pub(super) fn width(ui: &Ui, desk: &Desk<'_>, portrait: bool) -> f32 {
    let Some(voice) = &desk.view.voice else { return 0.0 };
    let word = word(desk, voice, portrait);
    let words = if word.is_empty() { 0.0 } else { 8.0 + SMALL.width(ui, &word) };
    PADDING * 2.0 + ICON + words
}

/// Draws the button at its place in the bar, and what was heard to the left of it.
pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let view = desk.view;
    let (Some(voice), Some(place)) = (&view.voice, desk.local.talk_place) else { return };
    let portrait = window.height() > window.width();
    button(ui, place, desk, voice, portrait);
    if shows(voice, desk.now) {
        let strip = Rect::from_min_max(window.min, pos2(place.left() - 8.0, place.bottom()));
        heard(ui, strip, desk, voice);
    }
}

/// Whether what was heard takes the place of the bar's title now.
pub(super) fn tells(desk: &Desk<'_>) -> bool {
    desk.view.voice.as_ref().is_some_and(|voice| shows(voice, desk.now))
}

/// Whether there is something to be read.
fn shows(voice: &VoiceView, now: UtcMs) -> bool {
    let something = voice.heard.is_some() || voice.said.is_some();
    something && (voice.answer.is_some() || now.since_ms(voice.at) < STAYS_MS)
}

/// When what was heard goes away by itself, ms; none while it stays.
pub(crate) fn goes_ms(view: &StationView, now: UtcMs) -> Option<i64> {
    let voice = view.voice.as_ref().filter(|voice| voice.answer.is_none() && shows(voice, now))?;
    Some(STAYS_MS.saturating_sub(now.since_ms(voice.at)).saturating_add(10))
}

fn button(ui: &mut Ui, place: Rect, desk: &mut Desk<'_>, voice: &VoiceView, portrait: bool) {
    let word = word(desk, voice, portrait);
    let name = desk.with(hint(voice), &[("key", Arg::Text(desk.local.talk_key.name().to_owned()))]);
    let layer = egui::Area::new(Id::unique("packbench-talk")).order(Order::Foreground).fixed_pos(place.min);
    let area = Rect::from_center_size(place.center(), vec2(place.width(), HIGH.min(place.height())));
    let held = layer.show(ui.ctx(), |ui| {
        let response = ui.allocate_rect(place, Sense::click_and_drag());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
        let colours = palette(ui);
        let corner = CornerRadius::same(measure::RADIUS_CONTROL);
        let (ground, edge) = if voice.listening {
            (Signal::Now.fill(colours), Signal::Now.fill(colours))
        } else {
            (colours.raised, colours.muted)
        };
        let ink = if voice.listening { Signal::Now.on(colours) } else { colours.text };
        ui.painter().rect_filled(area, corner, ground);
        ui.painter().rect_stroke(area, corner, Stroke::new(2.0, edge), StrokeKind::Inside);
        let centre = pos2(area.left() + PADDING + ICON * 0.5, area.center().y);
        Icon::Mic.paint(ui.painter(), Rect::from_center_size(centre, Vec2::splat(ICON)), ink, 2.0);
        let at = pos2(centre.x + ICON * 0.5 + 8.0, area.center().y);
        text::paint(ui, at, Align2::LEFT_CENTER, SMALL, &word, ink);
        response.is_pointer_button_down_on()
    });
    desk.local.talk_held |= held.inner;
}

/// What was understood, and what is asked.
fn heard(ui: &mut Ui, strip: Rect, desk: &Desk<'_>, voice: &VoiceView) {
    let words = voice.heard.as_ref().and_then(|heard| heard.words.as_ref());
    let heard = words.map(|words| desk.with("voice-heard", &[("words", Arg::Text(words.clone()))]));
    let said = voice.said.as_ref().map(|said| desk.say(said));
    let answer = voice.answer.as_ref().map(|answer| desk.say(answer));
    let first = said.clone().or_else(|| heard.clone()).unwrap_or_default();
    let under = [heard.filter(|_| said.is_some()), answer].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let signal = if voice.answer.is_some() {
        Signal::Decide
    } else if words.is_some() && said.is_none() {
        Signal::Ok
    } else {
        Signal::Wait
    };
    let layer = egui::Area::new(Id::unique("packbench-heard")).order(Order::Foreground).fixed_pos(strip.min);
    layer.interactable(false).show(ui.ctx(), |ui| {
        let colours = palette(ui);
        ui.painter().rect_filled(strip, 0.0, signal.soft(colours));
        let bar = Rect::from_min_max(strip.min, pos2(strip.left() + 8.0, strip.bottom()));
        ui.painter().rect_filled(bar, 0.0, signal.fill(colours));
        let inner = Rect::from_min_max(pos2(strip.left() + 20.0, strip.top() + 4.0), strip.max - vec2(8.0, 4.0));
        let (upper, lower) =
            if under.is_empty() { (inner, Rect::NOTHING) } else { inner.split_top_bottom_at_fraction(0.54) };
        let bold = Type::new(22.0, Weight::Bold);
        text::put_fitted(ui, upper, Align2::LEFT_CENTER, bold, 14.0, &first, colours.text);
        if !under.is_empty() {
            text::put_fitted(ui, lower, Align2::LEFT_CENTER, fonts::label(), 14.0, &under, colours.text);
        }
    });
}

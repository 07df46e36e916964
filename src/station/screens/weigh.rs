//! Step 8: the parcel on the scale, against what it should weigh.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::Desk;
use crate::core::message::Arg;
use crate::core::units::Grams;
use crate::engine::input::Ui as Request;
use crate::engine::view::{OutsideView, ProblemKind, WeighView};
use crate::station::art;
use crate::station::icons::Icon;
use crate::station::theme::{Signal, SignalLook, Type, Weight, fonts, measure, palette};
use crate::station::widgets::bars::{Figure, Tag, stats};
use crate::station::widgets::button::{Button, Look};
use crate::station::widgets::scale_bar::{HEIGHT, ScaleBar};
use crate::station::widgets::sheet::grid;
use crate::station::widgets::text;

pub(super) fn draw(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, stage: &WeighView, signal: Signal) {
    let px = if stage.outside.is_some() { 132.0 } else { 168.0 };
    figure(ui, room, desk, stage, signal, px);
    let gap = if stage.outside.is_some() { 0.0 } else { 20.0 };
    let bar_top = room.top() + px + gap;
    if let Some(high_g) = stage.high_g {
        let area = Rect::from_min_size(pos2(room.left(), bar_top), vec2(room.width(), HEIGHT));
        bar(ui, area, desk, stage, high_g, signal);
    }
    let rest = Rect::from_min_max(pos2(room.left(), bar_top + HEIGHT), room.max);
    match &stage.outside {
        Some(outside) => way_on(ui, rest, desk, outside),
        None => facts(ui, rest, desk, stage),
    }
}

fn shown(stage: &WeighView) -> (Option<Grams>, bool) {
    match (&stage.outside, &stage.reading) {
        (Some(outside), _) => (Some(outside.grams), true),
        (None, Some(reading)) => (Some(reading.grams), reading.stable),
        (None, None) => (None, false),
    }
}

/// The weight, muted while it may still move, and whether it does.
fn figure(ui: &mut Ui, room: Rect, desk: &Desk<'_>, stage: &WeighView, signal: Signal, px: f32) {
    let colours = palette(ui);
    let (grams, stable) = shown(stage);
    let (main, unit) = match grams {
        Some(grams) => desk.words.format().mass_parts(grams),
        None => ("–".to_owned(), ""),
    };
    let figure = Figure {
        main: &main,
        kind: fonts::figure_xl(px),
        colour: if stable { colours.text } else { colours.muted },
        beside: unit,
        beside_kind: fonts::figure_m(72.0),
        beside_colour: colours.text,
        gap: 16.0,
    };
    if grams.is_none() {
        figure.show(ui, room.min, room.width());
        return;
    }
    let word = desk.text(if stable { "word-still" } else { "word-moving" });
    let tag_signal = if stable { signal } else { Signal::Wait };
    let icon = if signal == Signal::Now && stable { Icon::Check } else { tag_signal.icon() };
    let tag = Tag { icon: Some(icon), word: &word, signal: Some(tag_signal), large: true };
    let tag_width = tag.size(ui).x;
    figure.show(ui, room.min, room.width() - tag_width - 16.0);
    tag.show(ui, pos2(room.right(), room.top() + px - 16.0), Align2::RIGHT_BOTTOM);
}

fn bar(ui: &mut Ui, area: Rect, desk: &Desk<'_>, stage: &WeighView, high_g: Grams, signal: Signal) {
    let format = desk.words.format();
    let labels = [format.mass(stage.low_g), format.mass(stage.expected_g), format.mass(high_g)];
    let marker = if signal == Signal::Now { Signal::Wait } else { signal };
    let bar = ScaleBar {
        low_g: stage.low_g.0,
        expected_g: stage.expected_g.0,
        high_g: high_g.0,
        now_g: shown(stage).0.map(|grams| grams.0),
        marker: marker.fill(palette(ui)),
        labels: [&labels[0], &labels[1], &labels[2]],
    };
    bar.show(ui, area);
}

fn facts(ui: &mut Ui, rest: Rect, desk: &Desk<'_>, stage: &WeighView) {
    let format = desk.words.format();
    let (grams, stable) = shown(stage);
    let difference = match grams {
        Some(grams) if stable => format.mass_difference(Grams(grams.0.saturating_sub(stage.expected_g.0))),
        Some(_) | None => "· · ·".to_owned(),
    };
    let tolerance = stage.high_g.map_or_else(
        || desk.text("word-unknown"),
        |high_g| {
            let half = Grams(high_g.0.saturating_sub(stage.expected_g.0));
            let tenths = half.0.saturating_mul(1_000) / stage.expected_g.0.max(1);
            let percent = Arg::Text(format.percent(tenths));
            desk.with("weigh-tolerance-percent", &[("percent", percent), ("mass", Arg::Mass(half))])
        },
    );
    let expected = format.mass(stage.expected_g);
    let words = [desk.text("weigh-expected"), desk.text("weigh-difference"), desk.text("weigh-tolerance")];
    let rows = [
        (words[0].as_str(), expected.as_str()),
        (words[1].as_str(), difference.as_str()),
        (words[2].as_str(), tolerance.as_str()),
    ];
    let foot = Rect::from_min_max(pos2(rest.left(), rest.bottom() - 60.0), rest.max);
    stats(ui, foot, &rows, fonts::lead());
    let labelled = stage.labelled_g.map(|grams| desk.with("weigh-labelled", &[("mass", Arg::Mass(grams))]));
    let notes: Vec<String> =
        labelled.into_iter().chain(stage.relies_on_scans.as_ref().map(|why| desk.say(why))).collect();
    if !notes.is_empty() {
        let words = notes.join(" ");
        let area = Rect::from_min_max(rest.min, pos2(rest.right(), foot.top() - 8.0));
        text::put_fitted(ui, area, Align2::LEFT_CENTER, fonts::body(), 16.0, &words, palette(ui).muted);
    }
}

/// What the difference looks like, and the two ways on.
fn way_on(ui: &mut Ui, rest: Rect, desk: &mut Desk<'_>, outside: &OutsideView) {
    let colours = palette(ui);
    let buttons_top = rest.bottom() - measure::TARGET_ACTION;
    if let Some((product, units, grams)) = &outside.suspect {
        let card = Rect::from_min_max(pos2(rest.left(), buttons_top - 80.0), pos2(rest.right(), buttons_top - 12.0));
        ui.painter().rect_filled(card, 12.0, colours.surface);
        let picture = Rect::from_min_size(pos2(card.left() + 16.0, card.center().y - 26.0), vec2(52.0, 52.0));
        art::paint(ui, picture, &product.name);
        let args = [("mass", Arg::Mass(*grams)), ("n", Arg::from(*units)), ("name", Arg::Text(product.name.clone()))];
        let first = desk.with("weigh-suspect", &args);
        let second = desk.text("weigh-suspect-sub");
        let left = picture.right() + 14.0;
        let top = Rect::from_min_max(pos2(left, card.top() + 6.0), pos2(card.right() - 12.0, card.center().y));
        let low = Rect::from_min_max(pos2(left, card.center().y), pos2(card.right() - 12.0, card.bottom() - 6.0));
        let bold = Type::new(22.0, Weight::Bold);
        text::put_fitted(ui, top, Align2::LEFT_CENTER, bold, 16.0, &first, colours.text);
        text::put_fitted(ui, low, Align2::LEFT_CENTER, fonts::body(), 16.0, &second, colours.text);
    }
    let cells = grid(Rect::from_min_max(pos2(rest.left(), buttons_top), rest.max), 2, 1, 12.0);
    let again = desk.text("action-count-again");
    if Button::new(&again).icon(Icon::List).look(Look::Ink).show(ui, cells[0]).pressed() {
        desk.ask(Request::Recount);
    }
    let lead = desk.text("action-ask-lead");
    if Button::new(&lead).icon(Icon::Hand).show(ui, cells[1]).pressed() {
        desk.ask(Request::Problem(ProblemKind::OverrideWeight, None));
    }
}

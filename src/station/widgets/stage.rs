//! The stage card: the say band on top, the signal's frame around, the body below.

use egui::{Align2, CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo};
use egui::{accesskit, pos2, vec2};

use super::{stripes, text};
use crate::station::icons::Icon;
use crate::station::theme::{Signal, SignalLook, Type, fonts, measure, palette};

/// Letters that fit one line of the band at its full size.
const SAY_LETTERS: usize = 32;
/// Icon of the band.
const SAY_ICON: f32 = 60.0;
/// Smallest first line of the band.
const SAY_PX_MIN: f32 = 24.0;

/// What the band says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Say<'a> {
    /// In whose colour.
    pub signal: Signal,
    /// The picture of the act, or the signal's own shape.
    pub icon: Icon,
    /// What to do, verb first.
    pub first: &'a str,
    /// The second line; may be empty.
    pub second: &'a str,
}

/// Draws the card and its band, then `body` in the rest, which it is given with its padding taken off.
pub fn stage_card<R>(ui: &mut Ui, rect: Rect, say: &Say<'_>, body: impl FnOnce(&mut Ui, Rect) -> R) -> R {
    let palette = palette(ui);
    let frame = say.signal.frame_px();
    let inner = rect.shrink(frame);
    let corner = CornerRadius::same(measure::RADIUS_CARD);
    ui.painter().rect_filled(rect, corner, palette.raised);
    let radius = measure::RADIUS_CARD - if frame > 3.0 { 6 } else { 2 };
    let band_corner = CornerRadius { nw: radius, ne: radius, sw: 0, se: 0 };
    let striped = if say.signal.striped() { measure::STRIPES_HEIGHT } else { 0.0 };
    let lines = say_lines(ui, say, inner.width() - 48.0 - SAY_ICON - 20.0);
    let band_height = lines.height();
    let band = Rect::from_min_size(inner.min, vec2(inner.width(), striped + band_height));
    ui.painter().rect_filled(band.expand(0.5), band_corner, say.signal.fill(palette));
    let mut bottom = inner.bottom();
    if say.signal.striped() {
        let size = vec2(inner.width(), striped);
        let low = Rect::from_min_size(pos2(inner.left(), inner.bottom() - striped), size);
        let low_corner = CornerRadius { nw: 0, ne: 0, sw: radius, se: radius };
        ui.painter().rect_filled(low.expand(0.5), low_corner, say.signal.fill(palette));
        // Kept off the round corners, which the painter cannot clip.
        stripes(ui.painter(), Rect::from_min_size(inner.min, size).shrink2(vec2(3.0, 0.0)), palette.stop_stripe);
        stripes(ui.painter(), low.shrink2(vec2(3.0, 0.0)), palette.stop_stripe);
        bottom = low.top();
    }
    let stroke = Stroke::new(frame, say.signal.frame(palette));
    ui.painter().rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    let words = Rect::from_min_max(pos2(band.left(), band.top() + striped), band.max);
    lines.paint(ui, words, say);
    let area = Rect::from_min_max(pos2(inner.left(), band.bottom()), pos2(inner.right(), bottom));
    let room = area.shrink(measure::BODY_PADDING);
    let mut child = ui.new_child(UiBuilder::new().max_rect(room).id_salt("stage-body"));
    body(&mut child, room)
}

/// Draws a band alone, as wide screens and sheets have it. `right` px stay free at its right end. Returns its
/// rectangle.
pub fn say_band(ui: &mut Ui, rect: Rect, say: &Say<'_>, right: f32) -> Rect {
    band_with_corners(ui, rect, say, right, CornerRadius::ZERO)
}

/// The same as a card of its own, with round corners.
pub fn say_card(ui: &mut Ui, rect: Rect, say: &Say<'_>) -> Rect {
    band_with_corners(ui, rect, say, 0.0, CornerRadius::same(measure::RADIUS_CARD))
}

fn band_with_corners(ui: &mut Ui, rect: Rect, say: &Say<'_>, right: f32, corner: CornerRadius) -> Rect {
    let lines = say_lines(ui, say, rect.width() - 48.0 - SAY_ICON - 20.0 - right);
    let band = Rect::from_min_size(rect.min, vec2(rect.width(), lines.height()));
    ui.painter().rect_filled(band, corner, say.signal.fill(palette(ui)));
    lines.paint(ui, band, say);
    band
}

struct Lines {
    first: std::sync::Arc<egui::Galley>,
    second: Option<std::sync::Arc<egui::Galley>>,
}

/// One line at 38 px, else at 32 px, else two lines at 32 px; only then smaller.
fn say_lines(ui: &Ui, say: &Say<'_>, width: f32) -> Lines {
    let ink = say.signal.on(palette(ui));
    let one_line = |kind: Type| kind.width(ui, say.first) <= width;
    let first = if say.first.chars().count() <= SAY_LETTERS && one_line(fonts::say()) {
        fonts::say().one_line(ui, say.first, ink)
    } else if one_line(fonts::say_long()) {
        fonts::say_long().one_line(ui, say.first, ink)
    } else {
        let room = vec2(width, fonts::say_long().line_height() * 2.0);
        text::fitted(ui, fonts::say_long(), SAY_PX_MIN, say.first, ink, room).1
    };
    let second = (!say.second.is_empty()).then(|| {
        let room = vec2(width, fonts::body().line_height());
        text::fitted(ui, fonts::body(), 20.0, say.second, ink, room).1
    });
    Lines { first, second }
}

impl Lines {
    fn text_height(&self) -> f32 {
        self.first.size().y + self.second.as_ref().map_or(0.0, |second| second.size().y + 2.0)
    }

    fn height(&self) -> f32 {
        measure::SAY_HEIGHT.max(self.text_height() + 24.0)
    }

    fn paint(self, ui: &mut Ui, band: Rect, say: &Say<'_>) {
        let ink = say.signal.on(palette(ui));
        let square =
            Rect::from_center_size(pos2(band.left() + 24.0 + SAY_ICON * 0.5, band.center().y), Vec2::splat(SAY_ICON));
        say.icon.paint(ui.painter(), square, ink, 2.2);
        let left = square.right() + 20.0;
        let mut top = band.center().y - self.text_height() * 0.5;
        let height = self.first.size().y;
        ui.painter().galley(pos2(left, top), self.first, ink);
        top += height + 2.0;
        if let Some(second) = self.second {
            ui.painter().galley(pos2(left, top), second, ink);
        }
        announce(ui, band, say);
    }
}

/// The band is a live region: read out when it changes, at once when it refuses.
fn announce(ui: &mut Ui, band: Rect, say: &Say<'_>) -> Response {
    let words = if say.second.is_empty() { say.first.to_owned() } else { format!("{}. {}", say.first, say.second) };
    let response = ui.interact(band, ui.scope_id().with("say-band"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let live = match say.signal {
        Signal::Stop => accesskit::Live::Assertive,
        Signal::Now | Signal::Ok | Signal::Decide | Signal::Wait => accesskit::Live::Polite,
    };
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(live));
    response
}

/// Puts a product's name at the foot of the stage, at most two lines, and returns its top.
pub fn product_title(ui: &mut Ui, room: Rect, name: &str) -> Rect {
    let lines = fonts::title().line_height() * 2.0;
    let area = Rect::from_min_size(room.min, vec2(room.width(), lines));
    text::put_balanced(ui, area, Align2::LEFT_TOP, fonts::title(), 24.0, name, palette(ui).text)
}

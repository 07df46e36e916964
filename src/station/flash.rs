//! The full-screen answer to a scan, and its limit: never more than three full flashes in any second
//! (WCAG 2.3.1, <https://www.w3.org/TR/WCAG22/#three-flashes-or-below-threshold>). Time is passed in; nothing here
//! reads a clock, takes input or delays a scan. When no flash shows, nothing asks for a frame.

use std::time::Duration;

use egui::{Align2, Color32, Context, Id, LayerId, Order, Painter, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::icons::Icon;
use super::theme::fonts;
use super::theme::{LIGHT, Type, Weight};
use super::widgets::stripes;

/// Full flashes allowed in [`WINDOW_MS`].
pub const FLASHES_MAX: usize = 3;
/// The span in which they are counted, ms.
pub const WINDOW_MS: u64 = 1_000;
/// Width of the frame that replaces a flash when motion is reduced or the limit is reached, px.
const FRAME_PX: f32 = 8.0;
/// Height of the stripes of a refused flash, px.
const STRIPES_PX: f32 = 64.0;
/// One frame of a fade.
const STEP_MS: u64 = 16;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Counted.
    Accepted,
    /// Not counted.
    Refused,
}

impl Kind {
    /// How long the full colour stays, ms.
    #[must_use]
    pub const fn hold_ms(self) -> u64 {
        match self {
            Self::Accepted => 90,
            Self::Refused => 160,
        }
    }

    /// How long it fades, ms.
    #[must_use]
    pub const fn fade_ms(self) -> u64 {
        match self {
            Self::Accepted => 130,
            Self::Refused => 120,
        }
    }
}

/// What a flash shows: translated words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The main figure or words: "4", "Wrong item".
    pub main: String,
    /// Beside the figure: "/ 6".
    pub beside: String,
    /// Below: the thing by name.
    pub name: String,
}

/// How an event is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The whole screen, once.
    Full,
    /// A frame alone, because motion is reduced or the limit is reached.
    Frame,
}

#[derive(Debug, Clone)]
struct Running {
    kind: Kind,
    shown: Shown,
    start_ms: u64,
    content: Content,
}

/// The flash of one window.
#[derive(Debug, Clone, Default)]
pub struct Flash {
    reduced_motion: bool,
    full_ms: Vec<u64>,
    running: Option<Running>,
}

impl Flash {
    /// No flash; with `reduced_motion` every answer is a frame.
    #[must_use]
    pub fn new(reduced_motion: bool) -> Self {
        Self { reduced_motion, ..Self::default() }
    }

    /// Changes the setting.
    pub fn set_reduced_motion(&mut self, reduced: bool) {
        self.reduced_motion = reduced;
    }

    /// Shows the answer to a scan, replacing the one that still shows.
    pub fn show(&mut self, now_ms: u64, kind: Kind, content: Content) -> Shown {
        self.full_ms.retain(|at| now_ms.saturating_sub(*at) < WINDOW_MS);
        let shown = if self.reduced_motion || self.full_ms.len() >= FLASHES_MAX {
            Shown::Frame
        } else {
            self.full_ms.push(now_ms);
            Shown::Full
        };
        self.running = Some(Running { kind, shown, start_ms: now_ms, content });
        shown
    }

    /// Opacity now, 0 to 1; 0 means nothing shows.
    #[must_use]
    pub fn opacity(&self, now_ms: u64) -> f32 {
        let Some(running) = &self.running else {
            return 0.0;
        };
        let age_ms = now_ms.saturating_sub(running.start_ms);
        let (hold_ms, fade_ms) = (running.kind.hold_ms(), running.kind.fade_ms());
        if age_ms <= hold_ms {
            return 1.0;
        }
        let faded_ms = u16::try_from(age_ms - hold_ms).unwrap_or(u16::MAX);
        let fade_ms = u16::try_from(fade_ms).unwrap_or(u16::MAX);
        (1.0 - f32::from(faded_ms) / f32::from(fade_ms)).max(0.0)
    }

    /// In how many milliseconds the next frame is needed; `None` when nothing shows.
    #[must_use]
    pub fn next_frame_ms(&self, now_ms: u64) -> Option<u64> {
        let running = self.running.as_ref()?;
        let age_ms = now_ms.saturating_sub(running.start_ms);
        let hold_ms = running.kind.hold_ms();
        if age_ms >= hold_ms + running.kind.fade_ms() {
            None
        } else if age_ms < hold_ms {
            Some(hold_ms - age_ms)
        } else {
            Some(STEP_MS)
        }
    }

    /// Whether nothing beneath can be seen now.
    #[must_use]
    pub fn covers(&self, now_ms: u64) -> bool {
        self.running.as_ref().is_some_and(|running| running.shown == Shown::Full) && self.opacity(now_ms) >= 1.0
    }

    /// Draws what shows over the whole window and asks for the frames its end needs.
    pub fn paint(&mut self, ctx: &Context, now_ms: u64) {
        let opacity = self.opacity(now_ms);
        if opacity <= 0.0 {
            self.running = None;
            return;
        }
        if let Some(running) = &self.running {
            let layer = LayerId::new(Order::Foreground, Id::unique("packbench-flash"));
            running.paint(&ctx.layer_painter(layer), ctx.content_rect(), opacity);
        }
        if let Some(wait_ms) = self.next_frame_ms(now_ms) {
            ctx.request_repaint_after(Duration::from_millis(wait_ms));
        }
    }
}

impl Running {
    fn paint(&self, painter: &Painter, screen: Rect, opacity: f32) {
        let (ground, icon, icon_px, gap_px) = match self.kind {
            Kind::Accepted => (LIGHT.ok_flash, Icon::Okc, 250.0, 26.0),
            Kind::Refused => (LIGHT.stop_flash, Icon::Oct, 300.0, 30.0),
        };
        let ground = ground.gamma_multiply(opacity);
        match self.shown {
            Shown::Frame => {
                let stroke = Stroke::new(FRAME_PX, ground);
                painter.rect_stroke(screen, 0.0, stroke, StrokeKind::Inside);
                return;
            }
            Shown::Full => painter.rect_filled(screen, 0.0, ground),
        };
        if self.kind == Kind::Refused {
            let stripe = LIGHT.stop_stripe.gamma_multiply(opacity);
            let band = vec2(screen.width(), STRIPES_PX);
            stripes(painter, Rect::from_min_size(screen.min, band), stripe);
            let low = pos2(screen.left(), screen.bottom() - STRIPES_PX);
            stripes(painter, Rect::from_min_size(low, band), stripe);
        }
        let ink = LIGHT.on_flash.gamma_multiply(opacity);
        let main_type = match self.kind {
            Kind::Accepted => Type::new(220.0, Weight::Bold).line(1.0),
            Kind::Refused => fonts::figure_l(104.0),
        };
        let room = screen.width() - 64.0;
        let main_type = fit(painter, main_type, &self.content.main, room);
        let name_type = fit(painter, Type::new(40.0, Weight::Bold).line(1.25), &self.content.name, room);
        let heights = [icon_px, main_type.line_height(), name_type.line_height()];
        let mut top = screen.center().y - (heights.iter().sum::<f32>() + 2.0 * gap_px) * 0.5;
        let middle = screen.center().x;
        let square = Rect::from_min_size(pos2(middle - icon_px * 0.5, top), Vec2::splat(icon_px));
        icon.paint(painter, square, ink, 1.8);
        top += icon_px + gap_px;
        self.figure(painter, pos2(middle, top), main_type, ink);
        top += main_type.line_height() + gap_px;
        painter.text(pos2(middle, top), Align2::CENTER_TOP, &self.content.name, name_type.font_id(), ink);
    }

    /// The main figure with its smaller neighbour on one base line.
    fn figure(&self, painter: &Painter, top: egui::Pos2, main: Type, ink: Color32) {
        let beside = fonts::figure_l(104.0);
        let gap = if self.content.beside.is_empty() { 0.0 } else { 20.0 };
        let big = painter.layout_no_wrap(self.content.main.clone(), main.font_id(), ink);
        let small = painter.layout_no_wrap(self.content.beside.clone(), beside.font_id(), ink);
        let left = top.x - (big.size().x + gap + small.size().x) * 0.5;
        let base = top.y + (main.line_height() - big.size().y) * 0.5 + super::widgets::ascent(&big);
        let right = left + big.size().x + gap;
        painter.galley(pos2(left, base - super::widgets::ascent(&big)), big, ink);
        painter.galley(pos2(right, base - super::widgets::ascent(&small)), small, ink);
    }
}

/// The type, smaller if `text` does not fit in `width`.
fn fit(painter: &Painter, kind: Type, text: &str, width: f32) -> Type {
    let wide = painter.layout_no_wrap(text.to_owned(), kind.font_id(), Color32::WHITE).size().x;
    if wide > width { kind.at(kind.px * width / wide) } else { kind }
}

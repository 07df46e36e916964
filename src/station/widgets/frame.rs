//! Where the five areas of a kiosk screen lie, for 1280x800, wider, and portrait windows.

use egui::{Rect, Ui, Vec2, pos2, vec2};

use crate::station::theme::{measure, palette};

/// Height of the rail when it lies across a portrait window.
const PORTRAIT_RAIL: f32 = 84.0;
/// Height of the side list below a portrait stage: its head and three lines.
const PORTRAIT_SIDE: f32 = 306.0;
/// Height of the action bar with two rows.
const PORTRAIT_ACTIONS: f32 = 168.0;
/// Free edge around a stage card.
pub const STAGE_INSET: f32 = 16.0;

/// What a screen has beside its main area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Rail, stage, side list.
    Guided,
    /// The main area alone: login, put wall, line, device check.
    Wide,
}

/// The areas, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Areas {
    /// Top bar.
    pub top: Rect,
    /// The eleven steps; empty on a wide screen.
    pub rail: Rect,
    /// The stage, or all between top and actions on a wide screen.
    pub stage: Rect,
    /// The side list; empty on a wide screen.
    pub side: Rect,
    /// Action bar.
    pub actions: Rect,
    /// True for a window taller than wide.
    pub portrait: bool,
}

impl Areas {
    /// Lays out a window of this logical size.
    #[must_use]
    pub fn of(window: Rect, plan: Plan) -> Self {
        let portrait = window.height() > window.width();
        let actions_height = if portrait { PORTRAIT_ACTIONS } else { measure::ACTIONS_HEIGHT };
        let (top, rest) = window.split_top_bottom_at_y(window.top() + measure::TOP_HEIGHT);
        let (middle, actions) = rest.split_top_bottom_at_y(window.bottom() - actions_height);
        let (rail, stage, side) = match plan {
            Plan::Wide => (Rect::NOTHING, middle, Rect::NOTHING),
            Plan::Guided if portrait => {
                let (rail, below) = middle.split_top_bottom_at_y(middle.top() + PORTRAIT_RAIL);
                let (stage, side) = below.split_top_bottom_at_y(middle.bottom() - PORTRAIT_SIDE);
                (rail, stage, side)
            }
            Plan::Guided => {
                let (rail, right) = middle.split_left_right_at_x(middle.left() + measure::RAIL_WIDTH);
                let (stage, side) = right.split_left_right_at_x(middle.right() - measure::SIDE_WIDTH);
                (rail, stage, side)
            }
        };
        Self { top, rail, stage, side, actions, portrait }
    }

    /// Where the stage card lies.
    #[must_use]
    pub fn card(&self) -> Rect {
        self.stage.shrink(STAGE_INSET)
    }

    /// Paints the grounds and the lines between the areas.
    pub fn paint(&self, ui: &Ui) {
        let palette = palette(ui);
        let painter = ui.painter();
        painter.rect_filled(self.stage, 0.0, palette.surface);
        let line = measure::STROKE_CARD;
        let bottom = |rect: Rect| Rect::from_min_max(pos2(rect.left(), rect.bottom() - line), rect.max);
        let top = |rect: Rect| Rect::from_min_size(rect.min, vec2(rect.width(), line));
        for area in [self.top, self.rail, self.side, self.actions] {
            if area.is_positive() {
                painter.rect_filled(area, 0.0, palette.raised);
            }
        }
        painter.rect_filled(bottom(self.top), 0.0, palette.line);
        painter.rect_filled(top(self.actions), 0.0, palette.line);
        if self.rail.is_positive() && self.portrait {
            painter.rect_filled(bottom(self.rail), 0.0, palette.line);
            painter.rect_filled(top(self.side), 0.0, palette.line);
        } else if self.rail.is_positive() {
            let edge = pos2(self.rail.right() - line, self.rail.top());
            painter.rect_filled(Rect::from_min_max(edge, self.rail.max), 0.0, palette.line);
            let size = vec2(line, self.side.height());
            painter.rect_filled(Rect::from_min_size(self.side.min, size), 0.0, palette.line);
        }
    }
}

/// The zoom at which a window of this physical size (points at zoom 1) has the reference size.
#[must_use]
pub fn zoom_for(window: Vec2) -> f32 {
    let reference = if window.y > window.x { vec2(800.0, 1280.0) } else { vec2(1280.0, 800.0) };
    (window.y / reference.y).min(window.x / reference.x).clamp(0.4, 4.0)
}

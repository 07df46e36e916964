//! The side list: what the order holds, the current line first in the eye.

use egui::{Align2, Rect, Ui, Vec2, pos2, vec2};

use super::{bars, text};
use crate::station::art;
use crate::station::icons::Icon;
use crate::station::theme::{Signal, SignalLook, Type, Weight, fonts, measure, palette};

/// Height of one line.
pub const LINE: f32 = 74.0;

/// The head of the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Head<'a> {
    /// What is listed: "7 lines · 40 items".
    pub title: &'a str,
    /// How much of it is done: "17/40".
    pub count: &'a str,
    /// The share done, 0 to 1; `None` draws no bar.
    pub share: Option<f32>,
}

/// Draws the head; returns where the lines begin.
pub fn head(ui: &mut Ui, rect: Rect, head: &Head<'_>) -> f32 {
    let palette = palette(ui);
    let middle = rect.top() + if head.share.is_some() { 28.0 } else { 27.0 };
    let count_kind = fonts::body().in_face(Weight::Bold);
    let count =
        text::put(ui, pos2(rect.right() - 18.0, middle), Align2::RIGHT_CENTER, count_kind, head.count, palette.text);
    let room =
        Rect::from_min_max(pos2(rect.left() + 20.0, rect.top()), pos2(count.left() - 10.0, middle * 2.0 - rect.top()));
    let kind = fonts::label().in_face(Weight::SemiBold);
    text::put_fitted(ui, room, Align2::LEFT_CENTER, kind, 14.0, head.title, palette.muted);
    let bottom = match head.share {
        Some(share) => {
            let bar = Rect::from_min_max(
                pos2(rect.left() + 20.0, rect.top() + 52.0),
                pos2(rect.right() - 18.0, rect.top() + 68.0),
            );
            bars::progress(ui, bar, share, palette.ok);
            rect.top() + 82.0
        }
        None => rect.top() + 54.0,
    };
    let line = Rect::from_min_size(pos2(rect.left(), bottom - 2.0), vec2(rect.width(), 2.0));
    ui.painter().rect_filled(line, 0.0, palette.line);
    bottom
}

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Number before the picture, for a packing order.
    pub number: Option<u16>,
    /// The product's name as it stands in the catalogue; shown in title case.
    pub name: &'a str,
    /// Figure at the right end: "3/6".
    pub count: &'a str,
    /// True if nothing more is needed of it.
    pub full: bool,
    /// True for the line at work.
    pub current: bool,
}

/// Draws as many lines as there is room for, from the top. Returns how many were drawn.
pub fn lines(ui: &mut Ui, rect: Rect, lines: &[Line<'_>], signal: Signal) -> usize {
    let mut top = rect.top();
    let mut drawn = 0;
    for item in lines {
        if top + LINE > rect.bottom() + 0.5 {
            break;
        }
        line(ui, Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), LINE)), item, signal);
        top += LINE;
        drawn += 1;
    }
    drawn
}

fn line(ui: &mut Ui, rect: Rect, item: &Line<'_>, signal: Signal) {
    let palette = palette(ui);
    if item.current {
        ui.painter().rect_filled(rect, 0.0, signal.soft(palette));
        let mark = Rect::from_min_size(rect.min, vec2(measure::STROKE_SIGNAL, rect.height()));
        ui.painter().rect_filled(mark, 0.0, signal.fill(palette));
    }
    let under = Rect::from_min_max(pos2(rect.left(), rect.bottom() - measure::STROKE_ROW), rect.max);
    ui.painter().rect_filled(under, 0.0, palette.line);
    let middle = rect.center().y;
    let mut left = rect.left() + 18.0;
    if let Some(number) = item.number {
        let kind = fonts::body().in_face(Weight::Bold);
        text::paint(ui, pos2(left, middle), Align2::LEFT_CENTER, kind, &number.to_string(), palette.text);
        left += 26.0 + 12.0;
    }
    let picture = Rect::from_min_size(pos2(left, middle - 24.0), Vec2::splat(48.0));
    art::paint_on_mat(ui, picture, measure::RADIUS_TAG, 3.0, item.name);
    left = picture.right() + 12.0;
    let count_kind = fonts::body().in_face(Weight::Bold);
    let at = pos2(rect.right() - 16.0, middle);
    let mut right = text::paint(ui, at, Align2::RIGHT_CENTER, count_kind, item.count, palette.text).left() - 12.0;
    if item.full {
        let square = Rect::from_center_size(pos2(right - 13.0, middle), Vec2::splat(26.0));
        Icon::Okc.paint(ui.painter(), square, palette.ok_text, 2.5);
        right = square.left() - 12.0;
    }
    let name = title_case(item.name);
    let kind = Type::new(18.0, Weight::Regular).line(1.2);
    let room = Rect::from_min_max(pos2(left, middle - 34.0), pos2(right, middle + 34.0));
    text::paint_fitted(ui, room, Align2::LEFT_CENTER, kind, 14.0, &name, palette.text);
    text::tell(ui, rect, &format!("{name} {}", item.count));
}

/// "WHITE HANGING HEART T-LIGHT HOLDER" as "White Hanging Heart T-light Holder".
#[must_use]
pub fn title_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut first = true;
    for c in name.chars() {
        if first {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        first = c.is_whitespace() || c == '(' || c == '/';
    }
    out
}

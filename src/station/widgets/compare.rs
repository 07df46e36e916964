//! Needed and scanned, side by side: pictures, names with the differing words in ink boxes, codes.

use std::ops::Range;
use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Align2, Color32, CornerRadius, Galley, Pos2, Rect, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use super::{bars, text};
use crate::station::art;
use crate::station::theme::{Signal, SignalLook, Type, Weight, fonts, measure, palette};

/// Space between a boxed word and its box, px.
const BOX_PADDING: f32 = 6.0;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thing<'a> {
    /// Over it: "NEEDED", "SCANNED".
    pub title: &'a str,
    /// Its code.
    pub code: &'a str,
    /// Its name as it stands in the catalogue.
    pub name: &'a str,
    /// Below: where it belongs.
    pub place: &'a str,
    /// A code within the place, in the face of shelves; may be empty.
    pub place_code: &'a str,
}

/// Which words of `name` are not in `other`, word by word.
#[must_use]
pub fn differing<'a>(name: &'a str, other: &str) -> Vec<(&'a str, bool)> {
    let others: Vec<&str> = other.split_whitespace().collect();
    let marked: Vec<(&str, bool)> = name.split_whitespace().map(|word| (word, !others.contains(&word))).collect();
    // Names with nothing in common need no boxes: everything differs.
    if marked.iter().all(|(_, differs)| *differs) {
        return marked.into_iter().map(|(word, _)| (word, false)).collect();
    }
    marked
}

/// Draws both cards into `rect`, the wrong one framed in STOP and crossed out.
pub fn compare(ui: &mut Ui, rect: Rect, needed: &Thing<'_>, scanned: &Thing<'_>) {
    let gap = 20.0;
    let width = (rect.width() - gap) * 0.5;
    let left = Rect::from_min_size(rect.min, vec2(width, rect.height()));
    let right = Rect::from_min_size(pos2(left.right() + gap, rect.top()), left.size());
    card(ui, left, needed, scanned.name, false);
    card(ui, right, scanned, needed.name, true);
}

fn card(ui: &mut Ui, rect: Rect, thing: &Thing<'_>, other: &str, wrong: bool) {
    let palette = palette(ui);
    let (edge, width, ink) = if wrong {
        (palette.stop, measure::STROKE_SIGNAL, Signal::Stop.text(palette))
    } else {
        (palette.line_strong, measure::STROKE_CHOICE, palette.text)
    };
    let corner = CornerRadius::same(measure::RADIUS_CARD);
    ui.painter().rect_stroke(rect, corner, Stroke::new(width, edge), StrokeKind::Inside);
    let room = rect.shrink2(vec2(21.0, 19.0));
    let code_kind = Type::new(22.0, Weight::MonoBold);
    let code =
        text::put(ui, room.right_top() + vec2(0.0, 15.0), Align2::RIGHT_CENTER, code_kind, thing.code, palette.text);
    let head = Rect::from_min_max(room.min, pos2(code.left() - 8.0, room.top() + 30.0));
    text::put_fitted(ui, head, Align2::LEFT_CENTER, Type::new(24.0, Weight::Bold), 16.0, thing.title, ink);
    let foot = Rect::from_min_max(pos2(room.left(), room.bottom() - 26.0), room.max);
    place(ui, foot, thing, wrong, ink);
    let (name, boxes) = name_galley(ui, thing.name, other, room.width(), room.height() * 0.42);
    let name_top = foot.top() - 8.0 - name.size().y;
    let words = text::keep(&name);
    let name_rect = Rect::from_min_size(pos2(room.left(), name_top), name.size());
    paint_boxes(ui, name_rect.min, &name, &boxes);
    ui.painter().galley(name_rect.min, name, palette.text);
    text::tell(ui, name_rect, &words);
    let picture = Rect::from_min_max(pos2(room.left(), room.top() + 38.0), pos2(room.right(), name_top - 8.0));
    if picture.height() > 24.0 {
        art::paint_on_mat(ui, picture, measure::RADIUS_CONTROL, 0.0, thing.name);
        if wrong {
            let cross =
                Rect::from_center_size(picture.center(), Vec2::splat(picture.width().min(picture.height()) * 0.92));
            bars::big_cross(ui, cross);
        }
    }
}

fn place(ui: &mut Ui, foot: Rect, thing: &Thing<'_>, wrong: bool, ink: Color32) {
    let palette = palette(ui);
    if wrong {
        let kind = fonts::label().in_face(Weight::SemiBold);
        text::put_fitted(ui, foot, Align2::LEFT_CENTER, kind, 14.0, thing.place, ink);
        return;
    }
    let spaced = if thing.place_code.is_empty() { thing.place.to_owned() } else { format!("{} ", thing.place) };
    let parts = [
        (spaced.as_str(), fonts::label(), palette.muted),
        (thing.place_code, Type::new(18.0, Weight::MonoBold), palette.text),
    ];
    text::put_pieces(ui, foot.left_center(), Align2::LEFT_CENTER, &parts);
}

fn name_galley(ui: &Ui, name: &str, other: &str, width: f32, height: f32) -> (Arc<Galley>, Vec<Range<usize>>) {
    let palette = palette(ui);
    let mut kind = Type::new(28.0, Weight::Bold).line(1.25);
    loop {
        let mut job = LayoutJob::default();
        job.wrap.max_width = width;
        let mut boxes = Vec::new();
        let mut chars = 0;
        let mut after_box = false;
        for (index, (word, differs)) in differing(name, other).into_iter().enumerate() {
            let word = fonts::keep_hyphens(word);
            let room = BOX_PADDING * (f32::from(u8::from(differs)) + f32::from(u8::from(after_box)));
            if index > 0 {
                job.append(" ", 0.0, kind.format(palette.text));
                chars += 1;
            }
            let ink = if differs { palette.raised } else { palette.text };
            job.append(&word, if index == 0 { room.min(BOX_PADDING) } else { room }, kind.format(ink));
            let length = word.chars().count();
            if differs {
                boxes.push(chars..chars + length);
            }
            after_box = differs;
            chars += length;
        }
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
        if galley.size().y <= height || kind.px <= 18.0 {
            return (galley, boxes);
        }
        kind = kind.at(kind.px - 1.0);
    }
}

/// Ink boxes behind the differing words, one per row they stand on.
fn paint_boxes(ui: &Ui, at: Pos2, galley: &Galley, boxes: &[Range<usize>]) {
    let mut index = 0;
    for row in &galley.rows {
        let mut run: Option<(f32, f32)> = None;
        let mut runs = Vec::new();
        for glyph in &row.row.glyphs {
            if boxes.iter().any(|range| range.contains(&index)) {
                let left = run.map_or(glyph.pos.x, |(left, _)| left);
                run = Some((left, glyph.pos.x + glyph.advance_width));
            } else if let Some(done) = run.take() {
                runs.push(done);
            }
            index += 1;
        }
        runs.extend(run);
        for (left, right) in runs {
            let top = at.y + row.pos.y;
            let ink = Rect::from_min_max(
                pos2(at.x + row.pos.x + left - BOX_PADDING, top - 1.0),
                pos2(at.x + row.pos.x + right + BOX_PADDING, top + row.row.size.y + 1.0),
            );
            ui.painter().rect_filled(ink, CornerRadius::same(measure::RADIUS_TAG), palette(ui).text);
        }
    }
}

/// Draws the wrong thing alone, where nothing was needed.
pub fn alone(ui: &mut Ui, rect: Rect, scanned: &Thing<'_>) {
    let width = (rect.width() - 20.0) * 0.5;
    card(ui, Rect::from_center_size(rect.center(), vec2(width, rect.height())), scanned, scanned.name, true);
}

//! A drawing made of filled and stroked paths, flattened once and painted at any size.

use std::sync::Arc;

use egui::epaint::{Mesh, PathShape, PathStroke, Vertex, WHITE_UV};
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2};

use super::path::{Polyline, parse};
use super::triangulate::triangulate;

/// How one path of a drawing is painted. Widths are in the drawing's own units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Paint {
    /// Fill with an outline over it.
    FillAndLine(Color32, Color32, f32),
    /// Fill alone.
    Fill(Color32),
    /// Outline with round caps and joins.
    Line(Color32, f32),
}

/// One path of a drawing.
#[derive(Debug, Clone)]
pub struct Part {
    paint: Paint,
    lines: Vec<Polyline>,
    triangles: Vec<Vec<[usize; 3]>>,
}

impl Part {
    /// Prepares a path from SVG path data; `piece` is the longest piece of a curve, in units.
    #[must_use]
    pub fn new(data: &str, paint: Paint, piece: f32) -> Self {
        let lines = parse(data, piece);
        let filled = match paint {
            Paint::FillAndLine(..) | Paint::Fill(_) => true,
            Paint::Line(..) => false,
        };
        let triangles = lines.iter().map(|line| if filled { triangulate(&line.points) } else { Vec::new() }).collect();
        Self { paint, lines, triangles }
    }
}

/// A drawing on a square of `units` units.
#[derive(Debug, Clone)]
pub struct Art {
    units: f32,
    parts: Vec<Part>,
}

impl Art {
    /// A drawing from its parts, painted in order.
    #[must_use]
    pub fn new(units: f32, parts: Vec<Part>) -> Self {
        Self { units, parts }
    }

    /// Paints the drawing into the largest square centred in `rect`.
    pub fn paint(&self, painter: &Painter, rect: Rect) {
        let side = rect.width().min(rect.height());
        let scale = side / self.units;
        let origin = rect.center() - Vec2::splat(side * 0.5);
        let place = |p: &Pos2| origin + p.to_vec2() * scale;
        for part in &self.parts {
            let (fill, line) = match part.paint {
                Paint::FillAndLine(fill, line, width) => (Some(fill), Some((line, width))),
                Paint::Fill(fill) => (Some(fill), None),
                Paint::Line(line, width) => (None, Some((line, width))),
            };
            for (outline, triangles) in part.lines.iter().zip(&part.triangles) {
                let points: Vec<Pos2> = outline.points.iter().map(place).collect();
                if let Some(colour) = fill {
                    painter.add(filled(&points, triangles, colour));
                    // A hair line hides the unsmoothed edge of the triangles.
                    if line.is_none() {
                        let edge = PathStroke::new(0.6, colour);
                        painter.add(Shape::Path(PathShape::closed_line(points.clone(), edge)));
                    }
                }
                if let Some((colour, width)) = line {
                    stroke(painter, &points, outline.closed, Stroke::new(width * scale, colour));
                }
            }
        }
    }
}

fn filled(points: &[Pos2], triangles: &[[usize; 3]], colour: Color32) -> Shape {
    let mesh = Mesh {
        vertices: points.iter().map(|pos| Vertex { pos: *pos, uv: WHITE_UV, color: colour }).collect(),
        indices: triangles.iter().flatten().filter_map(|index| u32::try_from(*index).ok()).collect(),
        ..Mesh::default()
    };
    Shape::Mesh(Arc::new(mesh))
}

/// Paints a polyline with round caps and round joins, which the painter itself does not have: the line is cut at
/// its corners and a disc laid on each cut.
pub fn stroke(painter: &Painter, points: &[Pos2], closed: bool, stroke: Stroke) {
    let path = PathStroke::new(stroke.width, stroke.color);
    let count = points.len();
    let corners: Vec<usize> = (0..count)
        .filter(|index| {
            let end = !closed && (*index == 0 || *index + 1 == count);
            end || is_corner(points, *index)
        })
        .collect();
    for corner in &corners {
        painter.circle_filled(points[*corner], stroke.width * 0.5, stroke.color);
    }
    let Some(first) = corners.first().copied() else {
        painter.add(Shape::Path(PathShape::closed_line(points.to_vec(), path)));
        return;
    };
    for (index, from) in corners.iter().enumerate() {
        let to = match corners.get(index + 1) {
            Some(to) => *to,
            None if closed => first + count,
            None => break,
        };
        let run: Vec<Pos2> = (*from..=to).map(|at| points[at % count]).collect();
        painter.add(Shape::Path(PathShape::line(run, path.clone())));
    }
}

/// True where the line turns by more than about 25 degrees.
fn is_corner(points: &[Pos2], index: usize) -> bool {
    let count = points.len();
    let before = points[(index + count - 1) % count];
    let after = points[(index + 1) % count];
    let (a, b) = (points[index] - before, after - points[index]);
    let (a, b) = (a.normalized(), b.normalized());
    a.dot(b) < 0.9
}

//! An open box in isometric view with what lies in it: layers that are in, the one to put in now, and the room
//! still free.

use egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, Ui, Vec2, pos2, vec2};

use super::text;
use crate::station::theme::{Palette, Type, Weight, palette};
use crate::station::vector::art::stroke;

/// Faces of things that are in, the same in both themes like the box itself.
const TOP: Color32 = Color32::from_rgb(0xF7, 0xF5, 0xF0);
const LEFT: Color32 = Color32::from_rgb(0xDE, 0xDA, 0xD0);
const RIGHT: Color32 = Color32::from_rgb(0xC6, 0xC1, 0xB4);
const EDGE: Color32 = Color32::from_rgb(0x54, 0x52, 0x4B);

/// Where a block stands in the packing order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is in.
    In,
    /// Put it in now.
    Now,
    /// Room kept for later.
    Later,
}

/// Units of one product packed as a block; millimetres from the back corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Corner nearest the back: along the right wall, along the left wall, up.
    pub at_mm: [u32; 3],
    /// Extents in the same directions.
    pub size_mm: [u32; 3],
    /// Units along the first two directions.
    pub units: [u8; 2],
    /// Its number in the packing order; 0 shows none.
    pub number: u16,
    /// Where it stands.
    pub stage: Stage,
}

/// The open box.
#[derive(Debug, Clone, Copy)]
pub struct Carton<'a> {
    /// Inner length, width, height.
    pub size_mm: [u32; 3],
    /// What lies in it, lower and farther blocks first.
    pub blocks: &'a [Block],
    /// The drawing in words, for assistive technology.
    pub name: &'a str,
}

struct View {
    origin: Pos2,
    scale: f32,
}

impl View {
    /// Isometric: both floor directions at 30 degrees.
    fn at(&self, point: [f32; 3]) -> Pos2 {
        let [x, y, z] = point;
        self.origin + vec2((x - y) * 0.866, (x + y) * 0.5 - z) * self.scale
    }

    fn face(&self, corners: [[f32; 3]; 4]) -> Vec<Pos2> {
        corners.iter().map(|corner| self.at(*corner)).collect()
    }
}

/// Millimetres of a box are far below the 16 million that a float holds exactly.
#[expect(clippy::cast_precision_loss)]
fn mm(values: [u32; 3]) -> [f32; 3] {
    values.map(|value| value.min(100_000) as f32)
}

/// Draws the box into `rect`.
pub fn carton(ui: &mut Ui, rect: Rect, carton: &Carton<'_>) {
    super::picture_named(ui, rect, carton.name);
    let palette = palette(ui);
    let [x, y, z] = mm(carton.size_mm);
    let flap = y.min(x) * 0.42;
    let width = (x + y) * 0.866 + flap * 0.65;
    let height = (x + y) * 0.5 + z + flap;
    let scale = (rect.width() / width.max(1.0)).min(rect.height() / height.max(1.0));
    let drawn = vec2(width, height) * scale;
    let corner = rect.center() - drawn * 0.5;
    let view = View { origin: corner + vec2(y * 0.866 + flap * 0.325, flap + z) * scale, scale };
    walls(ui, &view, [x, y, z], flap, palette);
    for block in carton.blocks {
        paint_block(ui, &view, block, palette);
    }
    front(ui, &view, [x, y, z], palette);
    for block in carton.blocks {
        number(ui, &view, block, palette);
    }
}

fn fill(ui: &Ui, points: Vec<Pos2>, ground: Color32, edge: Stroke) {
    ui.painter().add(Shape::convex_polygon(points, ground, edge));
}

fn walls(ui: &Ui, view: &View, [x, y, z]: [f32; 3], flap: f32, palette: &Palette) {
    let edge = Stroke::new(2.0, palette.kraft_line);
    let out = flap * 0.55;
    let up = z + flap * 0.72;
    let left_flap = view.face([[0.0, 0.0, z], [0.0, y, z], [-out, y, up], [-out, 0.0, up]]);
    fill(ui, left_flap, palette.kraft_left, edge);
    let right_flap = view.face([[0.0, 0.0, z], [x, 0.0, z], [x, -out, up], [0.0, -out, up]]);
    fill(ui, right_flap, palette.kraft_right, edge);
    fill(ui, view.face([[0.0, 0.0, 0.0], [x, 0.0, 0.0], [x, y, 0.0], [0.0, y, 0.0]]), palette.kraft_in, edge);
    fill(ui, view.face([[0.0, 0.0, 0.0], [0.0, y, 0.0], [0.0, y, z], [0.0, 0.0, z]]), palette.kraft_top, edge);
    fill(ui, view.face([[0.0, 0.0, 0.0], [x, 0.0, 0.0], [x, 0.0, z], [0.0, 0.0, z]]), palette.kraft_in, edge);
}

fn front(ui: &Ui, view: &View, [x, y, z]: [f32; 3], palette: &Palette) {
    let line = Stroke::new(4.0, palette.kraft_line);
    let edges = [
        [[x, 0.0, 0.0], [x, y, 0.0]],
        [[0.0, y, 0.0], [x, y, 0.0]],
        [[x, y, 0.0], [x, y, z]],
        [[x, 0.0, 0.0], [x, 0.0, z]],
        [[0.0, y, 0.0], [0.0, y, z]],
        [[0.0, y, z], [x, y, z]],
        [[x, 0.0, z], [x, y, z]],
        [[0.0, 0.0, z], [0.0, y, z]],
        [[0.0, 0.0, z], [x, 0.0, z]],
    ];
    for [from, to] in edges {
        stroke(ui.painter(), &[view.at(from), view.at(to)], false, line);
    }
}

fn paint_block(ui: &Ui, view: &View, block: &Block, palette: &Palette) {
    let [x, y, z] = mm(block.at_mm);
    let [dx, dy, dz] = mm(block.size_mm);
    let (fx, fy, fz) = (x + dx, y + dy, z + dz);
    let top = view.face([[x, y, fz], [fx, y, fz], [fx, fy, fz], [x, fy, fz]]);
    let (faces, edge) = match block.stage {
        Stage::In => ([TOP, RIGHT, LEFT], Stroke::new(2.0, EDGE)),
        Stage::Now => ([palette.accent; 3], Stroke::new(2.0, Color32::WHITE)),
        Stage::Later => {
            let mut outline = top;
            if let Some(first) = outline.first().copied() {
                outline.push(first);
            }
            ui.painter().extend(Shape::dashed_line(&outline, Stroke::new(2.0, palette.text), 6.0, 6.0));
            return;
        }
    };
    fill(ui, top, faces[0], edge);
    fill(ui, view.face([[fx, y, z], [fx, fy, z], [fx, fy, fz], [fx, y, fz]]), faces[1], edge);
    fill(ui, view.face([[x, fy, z], [fx, fy, z], [fx, fy, fz], [x, fy, fz]]), faces[2], edge);
    let thin = Stroke::new(1.5, edge.color);
    let [across, deep] = block.units;
    for step in 1..across {
        let cut = x + dx * f32::from(step) / f32::from(across);
        ui.painter().line_segment([view.at([cut, y, fz]), view.at([cut, fy, fz])], thin);
        ui.painter().line_segment([view.at([cut, fy, fz]), view.at([cut, fy, z])], thin);
    }
    for step in 1..deep {
        let cut = y + dy * f32::from(step) / f32::from(deep);
        ui.painter().line_segment([view.at([x, cut, fz]), view.at([fx, cut, fz])], thin);
        ui.painter().line_segment([view.at([fx, cut, fz]), view.at([fx, cut, z])], thin);
    }
}

fn number(ui: &Ui, view: &View, block: &Block, palette: &Palette) {
    if block.number == 0 {
        return;
    }
    let [x, y, z] = mm(block.at_mm);
    let [dx, dy, dz] = mm(block.size_mm);
    let centre = view.at([x + dx * 0.5, y + dy * 0.5, z + dz]);
    let (ground, ink) = match block.stage {
        Stage::In => (EDGE, Color32::WHITE),
        Stage::Now => (Color32::WHITE, palette.accent),
        Stage::Later => return,
    };
    ui.painter().circle_filled(centre, 17.0, ground);
    let kind = Type::new(20.0, Weight::Bold);
    text::paint(ui, centre, Align2::CENTER_CENTER, kind, &block.number.to_string(), ink);
}

/// A box seen flat, for a list of boxes: its outline to scale among others.
pub fn outline(ui: &Ui, rect: Rect, size_mm: [u32; 3], largest_mm: u32) {
    let [x, y, z] = mm(size_mm);
    let [largest, _, _] = mm([largest_mm.max(1), 0, 0]);
    let scale = rect.width().min(rect.height()) / (largest * 2.0);
    let view =
        View { origin: pos2(rect.center().x, rect.center().y) - Vec2::new(0.0, (x + y - z) * 0.25 * scale), scale };
    let palette = palette(ui);
    let edge = Stroke::new(2.0, palette.kraft_line);
    fill(ui, view.face([[0.0, 0.0, z], [x, 0.0, z], [x, y, z], [0.0, y, z]]), palette.kraft_top, edge);
    fill(ui, view.face([[x, 0.0, 0.0], [x, y, 0.0], [x, y, z], [x, 0.0, z]]), palette.kraft_right, edge);
    fill(ui, view.face([[0.0, y, 0.0], [x, y, 0.0], [x, y, z], [0.0, y, z]]), palette.kraft_left, edge);
}

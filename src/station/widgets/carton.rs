//! An open box seen from above and aside, at any turn, with what lies in it: units that are in, the one to put in now,
//! and the room still free. The geometry is [`crate::station::solid`]'s.

use egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, Ui, vec2};

use super::text;
use crate::station::solid::{self, Cuboid, Eye, Face};
use crate::station::theme::{Palette, Type, Weight, palette};
use crate::station::vector::art::stroke;

/// Faces of things that are in, the same in both themes like the box itself.
const TOP: Color32 = Color32::from_rgb(0xF7, 0xF5, 0xF0);
const LEFT: Color32 = Color32::from_rgb(0xDE, 0xDA, 0xD0);
const RIGHT: Color32 = Color32::from_rgb(0xC6, 0xC1, 0xB4);
const EDGE: Color32 = Color32::from_rgb(0x54, 0x52, 0x4B);
/// The turn at which the corner that is filled first lies behind.
const FROM_CORNER_DEG: f32 = 225.0;
/// Room around the box for its edges, px.
const MARGIN: f32 = 4.0;
/// How much of the shorter extent of a side its arrows take.
const ARROWS_SHARE: f32 = 0.55;
/// Arrows narrower than this are not drawn, px.
const ARROWS_PX_MIN: f32 = 9.0;
/// Two arrows on a bar, in a square around the middle: to the right, up.
const ARROWS: [&[[f32; 2]]; 5] = [
    &[[-0.25, -0.3], [-0.25, 0.5]],
    &[[-0.45, 0.2], [-0.25, 0.5], [-0.05, 0.2]],
    &[[0.25, -0.3], [0.25, 0.5]],
    &[[0.05, 0.2], [0.25, 0.5], [0.45, 0.2]],
    &[[-0.5, -0.5], [0.5, -0.5]],
];
/// Radius of a number's disc, px.
const DISC: f32 = 17.0;

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

/// A unit in the box; millimetres from the box's corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Its corner with the least distances: along the length, along the width, up.
    pub at_mm: [u32; 3],
    /// Extents in the same directions.
    pub size_mm: [u32; 3],
    /// Its number in the packing order; 0 shows none.
    pub number: u16,
    /// Where it stands.
    pub stage: Stage,
    /// It must not be turned over: its sides bear the arrows that say so.
    pub this_side_up: bool,
}

/// The open box.
#[derive(Debug, Clone, Copy)]
pub struct Carton<'a> {
    /// Inner length, width, height.
    pub size_mm: [u32; 3],
    /// What lies in it, in any order; blocks do not overlap.
    pub blocks: &'a [Block],
    /// How far it is turned around, degrees; 0 has the corner that is filled first behind.
    pub turned_deg: f32,
    /// The drawing in words, for assistive technology.
    pub name: &'a str,
}

struct View {
    eye: Eye,
    /// Where the middle of the box falls.
    centre: Pos2,
    /// The same in screen units of the geometry.
    middle: [f32; 2],
    scale: f32,
}

impl View {
    fn at(&self, point: solid::Point) -> Pos2 {
        let [right, down] = self.eye.flat(point);
        self.centre + vec2(right - self.middle[0], down - self.middle[1]) * self.scale
    }

    fn face(&self, face: &Face) -> Vec<Pos2> {
        face.corners.iter().map(|corner| self.at(*corner)).collect()
    }
}

/// Millimetres of a box are far below the 16 million that a float holds exactly.
#[expect(clippy::cast_precision_loss)]
fn mm(values: [u32; 3]) -> [f32; 3] {
    values.map(|value| value.min(100_000) as f32)
}

impl Block {
    fn cuboid(&self) -> Cuboid {
        Cuboid { at: mm(self.at_mm), size: mm(self.size_mm) }
    }
}

/// Draws the box into `rect`, as large at every turn.
pub fn carton(ui: &mut Ui, rect: Rect, carton: &Carton<'_>) {
    super::picture_named(ui, rect, carton.name);
    let palette = palette(ui);
    let whole = Cuboid { at: [0.0; 3], size: mm(carton.size_mm) };
    let [width, height] = solid::room_for(whole.size);
    let room = rect.shrink(MARGIN);
    let scale = (room.width() / width.max(1.0)).min(room.height() / height.max(1.0));
    let eye = Eye::turned(carton.turned_deg + FROM_CORNER_DEG);
    let view = View { eye, centre: rect.center(), middle: eye.flat(whole.middle()), scale };
    for face in eye.inside(&whole) {
        let ground = shade(face.looks, [palette.kraft_in, palette.kraft_top, palette.kraft_right]);
        fill(ui, view.face(&face), ground, Stroke::new(2.0, palette.kraft_line));
    }
    let cuboids: Vec<Cuboid> = carton.blocks.iter().map(Block::cuboid).collect();
    let order = eye.order(&cuboids);
    for block in order.iter().filter_map(|n| carton.blocks.get(*n)) {
        paint_block(ui, &view, block, palette);
    }
    see_through(ui, &view, carton.blocks, &order, palette);
    for [from, to] in eye.rim(&whole) {
        stroke(ui.painter(), &[view.at(from), view.at(to)], false, Stroke::new(4.0, palette.kraft_line));
    }
    for block in order.iter().filter_map(|n| carton.blocks.get(*n)) {
        number(ui, &view, block, palette);
    }
}

/// What is to be put in now is seen through what stands in front of it.
fn see_through(ui: &Ui, view: &View, blocks: &[Block], order: &[usize], palette: &Palette) {
    let drawn: Vec<&Block> = order.iter().filter_map(|n| blocks.get(*n)).collect();
    for (at, block) in drawn.iter().enumerate().filter(|(_, block)| block.stage == Stage::Now) {
        let cuboid = block.cuboid();
        let shadow = view.eye.shadow(&cuboid);
        let hidden = drawn.iter().skip(at + 1).any(|b| solid::meet(&view.eye.shadow(&b.cuboid()), &shadow));
        for face in view.eye.faces(&cuboid).iter().filter(|_| hidden) {
            dashed(ui, view, face, palette.accent);
        }
    }
}

/// The ground of a face by which way it looks: that of a top, of one to the left and of one to the right.
fn shade(looks: Option<f32>, [top, left, right]: [Color32; 3]) -> Color32 {
    looks.map_or(top, |to_right| left.lerp_to_gamma(right, (to_right + 1.0) * 0.5))
}

fn fill(ui: &Ui, points: Vec<Pos2>, ground: Color32, edge: Stroke) {
    ui.painter().add(Shape::convex_polygon(points, ground, edge));
}

fn dashed(ui: &Ui, view: &View, face: &Face, colour: Color32) {
    let mut outline = view.face(face);
    if let Some(first) = outline.first().copied() {
        outline.push(first);
    }
    ui.painter().extend(Shape::dashed_line(&outline, Stroke::new(2.0, colour), 6.0, 6.0));
}

fn paint_block(ui: &Ui, view: &View, block: &Block, palette: &Palette) {
    let (grounds, edge) = match block.stage {
        Stage::In => ([TOP, LEFT, RIGHT], Stroke::new(2.0, EDGE)),
        Stage::Now => ([palette.accent; 3], Stroke::new(2.0, Color32::WHITE)),
        Stage::Later => {
            for face in view.eye.faces(&block.cuboid()).iter().filter(|face| face.looks.is_none()) {
                dashed(ui, view, face, palette.text);
            }
            return;
        }
    };
    let ink = match block.stage {
        Stage::In | Stage::Later => EDGE,
        Stage::Now => Color32::WHITE,
    };
    for face in view.eye.faces(&block.cuboid()) {
        fill(ui, view.face(&face), shade(face.looks, grounds), edge);
        if block.this_side_up && face.looks.is_some() {
            arrows(ui, view, &face, ink);
        }
    }
}

/// The arrows of "this way up" (ISO 780) on a side, as if they were printed on it. A side that is seen too narrow bears none.
fn arrows(ui: &Ui, view: &View, face: &Face, ink: Color32) {
    let [left, right, _, over] = face.corners;
    let length = |to: solid::Point| (0..3).map(|k| (to[k] - left[k]).powi(2)).sum::<f32>().sqrt();
    let (wide, high) = (length(right), length(over));
    let side = wide.min(high) * ARROWS_SHARE;
    let seen_px = (view.at(right).x - view.at(left).x).abs() * side / wide.max(1.0);
    if seen_px < ARROWS_PX_MIN {
        return;
    }
    let at = |[across, up]: [f32; 2]| {
        let (u, v) = (0.5 + across * side / wide, 0.5 + up * side / high);
        view.at([0, 1, 2].map(|k| left[k] + (right[k] - left[k]) * u + (over[k] - left[k]) * v))
    };
    let line = Stroke::new((seen_px * 0.09).clamp(1.5, 4.0), ink);
    for path in ARROWS {
        let points: Vec<Pos2> = path.iter().map(|point| at(*point)).collect();
        stroke(ui.painter(), &points, false, line);
    }
}

fn number(ui: &Ui, view: &View, block: &Block, palette: &Palette) {
    if block.number == 0 {
        return;
    }
    let cuboid = block.cuboid();
    let [x, y, _] = cuboid.middle();
    let centre = view.at([x, y, cuboid.far()[2]]);
    let (ground, ink) = match block.stage {
        Stage::In => (EDGE, Color32::WHITE),
        Stage::Now => (Color32::WHITE, palette.accent),
        Stage::Later => return,
    };
    ui.painter().circle(centre, DISC, ground, Stroke::new(2.0, ink));
    let words = block.number.to_string();
    let kind = Type::new(if words.len() > 2 { 16.0 } else { 20.0 }, Weight::Bold);
    text::paint(ui, centre, Align2::CENTER_CENTER, kind, &words, ink);
}

//! Boxes in space as a flat picture: where a point falls on the screen, which faces are seen, and in which order things
//! are drawn so that what is in front covers what is behind.
//!
//! Plain geometry without a window: seen from afar (parallel lines stay parallel), from above at the angle of isometric
//! drawings, turned around the upright axis by any angle. Lengths are millimetres, x along the length, y away along
//! the width, z upwards.

/// A point in space: x, y, z.
pub type Point = [f32; 3];

/// Screen units across per unit of ground, so that an upright millimetre is one screen unit.
const ACROSS: f32 = 1.224_745;
/// Screen units down per unit of ground towards the eye.
const DEEP: f32 = std::f32::consts::FRAC_1_SQRT_2;
/// Faces seen at less than this are only edges.
const EDGE_ON: f32 = 1e-3;
/// Two things touch, they do not overlap, below this many millimetres.
const TOUCH_MM: f32 = 0.01;

/// From where it is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eye {
    sin: f32,
    cos: f32,
}

/// A box along the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cuboid {
    /// The corner with the least x, y and z.
    pub at: Point,
    /// Its sides along x, y and z.
    pub size: Point,
}

/// One face as it is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Its corners, in turn.
    pub corners: [Point; 4],
    /// Which way it looks: `None` up, else how far to the right, from -1 to 1.
    pub looks: Option<f32>,
}

impl Eye {
    /// The eye of a picture turned by `degrees`. At 0 one looks along y; turning up moves what is in front to the left.
    #[must_use]
    pub fn turned(degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self { sin, cos }
    }

    /// Where a point falls: to the right and down.
    #[must_use]
    pub fn flat(self, [x, y, z]: Point) -> [f32; 2] {
        let away = x * self.sin + y * self.cos;
        [(x * self.cos - y * self.sin) * ACROSS, -away * DEEP - z]
    }

    /// Which way the eye is: along x and y, as far as it matters which side of a thing is nearer. Up is always nearer.
    const fn towards(self) -> [f32; 2] {
        [-self.sin, -self.cos]
    }

    /// How near a point is; only to be compared.
    fn nearness(self, [x, y, z]: Point) -> f32 {
        let [tx, ty] = self.towards();
        // Shares of a unit step to the eye: the cosine of 35.26 degrees on the ground, its sine upwards.
        (x * tx + y * ty) * 0.816_497 + z * 0.577_35
    }

    /// The faces of a box that are seen: its top and at most two sides.
    #[must_use]
    pub fn faces(self, cuboid: &Cuboid) -> Vec<Face> {
        let [x, y, z] = cuboid.at;
        let [fx, fy, fz] = cuboid.far();
        let [tx, ty] = self.towards();
        let mut out = vec![Face { corners: [[x, y, fz], [fx, y, fz], [fx, fy, fz], [x, fy, fz]], looks: None }];
        if tx.abs() > EDGE_ON {
            let at = if tx > 0.0 { fx } else { x };
            let looks = Some(self.cos * tx.signum());
            out.push(Face { corners: [[at, y, z], [at, fy, z], [at, fy, fz], [at, y, fz]], looks });
        }
        if ty.abs() > EDGE_ON {
            let at = if ty > 0.0 { fy } else { y };
            let looks = Some(-self.sin * ty.signum());
            out.push(Face { corners: [[x, at, z], [fx, at, z], [fx, at, fz], [x, at, fz]], looks });
        }
        out
    }

    /// What is seen of an open box from inside: its floor and the walls behind, with what they look like.
    #[must_use]
    pub fn inside(self, cuboid: &Cuboid) -> Vec<Face> {
        let mirrored = Self { sin: -self.sin, cos: -self.cos };
        let [_, _, height] = cuboid.size;
        let mut out = mirrored.faces(cuboid);
        for face in out.iter_mut().filter(|face| face.looks.is_none()) {
            face.corners.iter_mut().for_each(|corner| corner[2] -= height);
        }
        out
    }

    /// The edges of an open box that lie in front of what is in it, or above it.
    #[must_use]
    pub fn rim(self, cuboid: &Cuboid) -> Vec<[Point; 2]> {
        let [x, y, z] = cuboid.at;
        let [fx, fy, fz] = cuboid.far();
        let corners = [[x, y], [fx, y], [fx, fy], [x, fy]];
        let near = |[x, y]: [f32; 2]| self.nearness([x, y, z]);
        let behind = corners.iter().map(|c| near(*c)).fold(f32::MAX, f32::min);
        let hidden = |c: [f32; 2]| near(c) - behind < EDGE_ON;
        let mut out = Vec::with_capacity(12);
        for (from, to) in corners.into_iter().zip(corners.into_iter().cycle().skip(1)) {
            out.push([[from[0], from[1], fz], [to[0], to[1], fz]]);
            if !hidden(from) && !hidden(to) {
                out.push([[from[0], from[1], z], [to[0], to[1], z]]);
            }
            if !hidden(from) {
                out.push([[from[0], from[1], z], [from[0], from[1], fz]]);
            }
        }
        out
    }

    /// In which order boxes that do not overlap are drawn: what is behind first. Where three or more lie behind each
    /// other in a ring, the one whose middle is farthest begins.
    #[must_use]
    pub fn order(self, cuboids: &[Cuboid]) -> Vec<usize> {
        let shadows: Vec<[f32; 4]> = cuboids.iter().map(|c| self.shadow(c)).collect();
        let count = cuboids.len();
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut waits = vec![0_usize; count];
        for (a, (first, first_shadow)) in cuboids.iter().zip(&shadows).enumerate() {
            for (b, (second, second_shadow)) in cuboids.iter().zip(&shadows).enumerate().skip(a + 1) {
                if !meet(first_shadow, second_shadow) {
                    continue;
                }
                let (back, front) = match (self.covers(second, first), self.covers(first, second)) {
                    (true, false) => (a, b),
                    (false, true) => (b, a),
                    (true, true) | (false, false) => continue,
                };
                if let (Some(list), Some(wait)) = (before.get_mut(back), waits.get_mut(front)) {
                    list.push(front);
                    *wait += 1;
                }
            }
        }
        self.sorted(cuboids, &before, waits)
    }

    /// Things nothing waits for come first, the farthest of them first.
    fn sorted(self, cuboids: &[Cuboid], before: &[Vec<usize>], mut waits: Vec<usize>) -> Vec<usize> {
        let depth: Vec<f32> = cuboids.iter().map(|c| self.nearness(c.middle())).collect();
        let mut left: Vec<usize> = (0..cuboids.len()).collect();
        left.sort_by(|a, b| depth.get(*a).partial_cmp(&depth.get(*b)).unwrap_or(std::cmp::Ordering::Equal));
        let mut out = Vec::with_capacity(cuboids.len());
        while !left.is_empty() {
            let free = left.iter().position(|n| waits.get(*n) == Some(&0)).unwrap_or(0);
            let next = left.remove(free);
            for front in before.get(next).into_iter().flatten() {
                if let Some(wait) = waits.get_mut(*front) {
                    *wait = wait.saturating_sub(1);
                }
            }
            out.push(next);
        }
        out
    }

    /// Can something of `front` lie between the eye and `back`? It does if it is nearer along one axis and farther
    /// along none.
    fn covers(self, front: &Cuboid, back: &Cuboid) -> bool {
        let [tx, ty] = self.towards();
        let (ff, bf) = (front.far(), back.far());
        let mut nearer = false;
        for (axis, to_eye) in [tx, ty, 1.0].into_iter().enumerate() {
            if to_eye.abs() < EDGE_ON {
                continue;
            }
            let above = front.at[axis] > bf[axis] - TOUCH_MM;
            let below = ff[axis] < back.at[axis] + TOUCH_MM;
            let (near, far) = if to_eye > 0.0 { (above, below) } else { (below, above) };
            if far {
                return false;
            }
            nearer |= near;
        }
        nearer
    }

    /// The picture's bounds: left, top, right, bottom.
    #[must_use]
    pub fn shadow(self, cuboid: &Cuboid) -> [f32; 4] {
        let ([x, y, z], [fx, fy, fz]) = (cuboid.at, cuboid.far());
        let mut bounds = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for corner in [x, fx].into_iter().flat_map(|x| [[x, y], [x, fy]]).flat_map(|[x, y]| [[x, y, z], [x, y, fz]]) {
            let [right, down] = self.flat(corner);
            bounds = [bounds[0].min(right), bounds[1].min(down), bounds[2].max(right), bounds[3].max(down)];
        }
        bounds
    }
}

impl Cuboid {
    /// The corner with the largest x, y and z.
    #[must_use]
    pub fn far(&self) -> Point {
        let ([x, y, z], [dx, dy, dz]) = (self.at, self.size);
        [x + dx, y + dy, z + dz]
    }

    /// Its middle.
    #[must_use]
    pub fn middle(&self) -> Point {
        let ([x, y, z], [dx, dy, dz]) = (self.at, self.size);
        [x + dx * 0.5, y + dy * 0.5, z + dz * 0.5]
    }
}

/// Screen units that hold a box at every turn: across and down.
#[must_use]
pub fn room_for([x, y, z]: Point) -> [f32; 2] {
    let widest = x.hypot(y);
    [widest * ACROSS, widest * DEEP + z]
}

/// Do two bounds of the picture overlap?
#[must_use]
pub fn meet(a: &[f32; 4], b: &[f32; 4]) -> bool {
    a[0] + TOUCH_MM < b[2] && b[0] + TOUCH_MM < a[2] && a[1] + TOUCH_MM < b[3] && b[1] + TOUCH_MM < a[3]
}

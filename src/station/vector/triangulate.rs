//! Ear clipping for simple outlines, because the painter fills convex shapes only.
//! Method: <https://www.geometrictools.com/Documentation/TriangulationByEarClipping.pdf>.

use egui::Pos2;

/// Splits a simple polygon into triangles of indices into `points`. An outline that crosses itself yields the
/// ears found so far.
#[must_use]
pub fn triangulate(points: &[Pos2]) -> Vec<[usize; 3]> {
    if points.len() < 3 {
        return Vec::new();
    }
    let mut ring: Vec<usize> = (0..points.len()).collect();
    if area(points) < 0.0 {
        ring.reverse();
    }
    let mut triangles = Vec::with_capacity(points.len());
    let mut index = 0;
    let mut misses = 0;
    while ring.len() > 3 && misses <= ring.len() {
        let size = ring.len();
        let ear = [ring[(index + size - 1) % size], ring[index % size], ring[(index + 1) % size]];
        if is_ear(points, &ring, ear) {
            triangles.push(ear);
            ring.remove(index % size);
            misses = 0;
        } else {
            index += 1;
            misses += 1;
        }
        index %= ring.len();
    }
    if let [a, b, c] = ring[..] {
        triangles.push([a, b, c]);
    }
    triangles
}

fn area(points: &[Pos2]) -> f32 {
    let mut sum = 0.0;
    for (index, a) in points.iter().enumerate() {
        let b = points[(index + 1) % points.len()];
        sum += a.x * b.y - b.x * a.y;
    }
    sum * 0.5
}

fn cross(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

fn is_ear(points: &[Pos2], ring: &[usize], [a, b, c]: [usize; 3]) -> bool {
    let (pa, pb, pc) = (points[a], points[b], points[c]);
    if cross(pa, pb, pc) <= 0.0 {
        return false;
    }
    ring.iter().filter(|index| **index != a && **index != b && **index != c).all(|index| {
        let p = points[*index];
        cross(pa, pb, p) < 0.0 || cross(pb, pc, p) < 0.0 || cross(pc, pa, p) < 0.0
    })
}

//! Boxes in space on a flat picture: where points fall, and that what is in front is drawn after what is behind,
//! checked by looking along rays, which shares nothing with the sorting.

use packbench::station::solid::{Cuboid, Eye, room_for};

fn near(a: [f32; 2], b: [f32; 2]) -> bool {
    (a[0] - b[0]).abs() < 0.01 && (a[1] - b[1]).abs() < 0.01
}

#[test]
fn points_fall_where_an_isometric_drawing_has_them() {
    let front = Eye::turned(0.0);
    assert!(near(front.flat([100.0, 0.0, 0.0]), [122.47, 0.0]), "the length lies across");
    assert!(near(front.flat([0.0, 100.0, 0.0]), [0.0, -70.71]), "the width goes away, so up");
    assert!(near(front.flat([0.0, 0.0, 100.0]), [0.0, -100.0]));
    let corner = Eye::turned(225.0);
    let [right, down] = corner.flat([0.0, 100.0, 0.0]);
    assert!(near([right, down], [86.6, 50.0]), "thirty degrees: {right} {down}");
    assert!(near(corner.flat([100.0, 0.0, 0.0]), [-86.6, 50.0]));
}

#[test]
fn a_box_stays_in_its_room_at_every_turn_and_shows_three_faces() {
    let cuboid = Cuboid { at: [0.0; 3], size: [400.0, 300.0, 200.0] };
    let [width, height] = room_for(cuboid.size);
    for degrees in (0..360).step_by(7).map(|d| d as f32 + 0.5) {
        let eye = Eye::turned(degrees);
        let [left, top, right, bottom] = eye.shadow(&cuboid);
        assert!(right - left <= width + 0.1 && bottom - top <= height + 0.1, "{degrees}");
        assert_eq!((eye.faces(&cuboid).len(), eye.inside(&cuboid).len(), eye.rim(&cuboid).len()), (3, 3, 9));
    }
}

/// Cuts a box into many, again and again, leaving a little air.
fn cut(whole: Cuboid, depth: u32, seed: &mut u64, out: &mut Vec<Cuboid>) {
    let mut chance = |n: u64| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % n
    };
    if depth == 0 || chance(7) == 0 {
        let size = whole.size.map(|side| (side - chance(3) as f32).max(1.0));
        out.push(Cuboid { size, ..whole });
        return;
    }
    let axis = usize::try_from(chance(3)).unwrap();
    let share = (20 + chance(60)) as f32 / 100.0;
    let (mut low, mut high) = (whole, whole);
    low.size[axis] *= share;
    high.at[axis] += low.size[axis];
    high.size[axis] -= low.size[axis];
    cut(low, depth - 1, seed, out);
    cut(high, depth - 1, seed, out);
}

/// How near to the eye the line of sight through a point of the picture leaves a box, if it meets it well inside.
fn met(eye_degrees: f32, [right, down]: [f32; 2], cuboid: &Cuboid) -> Option<f32> {
    let (sin, cos) = eye_degrees.to_radians().sin_cos();
    let (across, away) = (right / 1.5_f32.sqrt(), -down * 2.0_f32.sqrt());
    let from = [across * cos + away * sin, -across * sin + away * cos, 0.0];
    let along = [-sin * (2.0_f32 / 3.0).sqrt(), -cos * (2.0_f32 / 3.0).sqrt(), (1.0_f32 / 3.0).sqrt()];
    let (mut enters, mut leaves) = (f32::MIN, f32::MAX);
    for axis in 0..3 {
        let sides = [cuboid.at[axis], cuboid.at[axis] + cuboid.size[axis]].map(|s| (s - from[axis]) / along[axis]);
        enters = enters.max(sides[0].min(sides[1]));
        leaves = leaves.min(sides[0].max(sides[1]));
    }
    (leaves - enters > 1.0).then_some(leaves)
}

#[test]
fn what_is_in_front_is_drawn_after_what_is_behind() {
    let mut pairs = 0;
    for seed in 1_u64..40 {
        let whole = Cuboid { at: [0.0; 3], size: [400.0, 300.0, 250.0] };
        let mut cuboids = Vec::new();
        cut(whole, 4, &mut (seed * 977), &mut cuboids);
        let degrees = seed as f32 * 37.3 + 1.0;
        let eye = Eye::turned(degrees);
        let order = eye.order(&cuboids);
        assert_eq!(
            {
                let mut all = order.clone();
                all.sort_unstable();
                all
            },
            (0..cuboids.len()).collect::<Vec<_>>()
        );
        let [left, top, right, bottom] = eye.shadow(&whole);
        for step in 0..400_u16 {
            let (u, v) = (f32::from(step % 20) + 0.5, f32::from(step / 20) + 0.5);
            let point = [left + (right - left) * u / 20.0, top + (bottom - top) * v / 20.0];
            let seen: Vec<f32> = order.iter().filter_map(|n| met(degrees, point, &cuboids[*n])).collect();
            assert!(seen.is_sorted(), "seed {seed}, turned {degrees}: {seen:?}");
            pairs += seen.len().saturating_sub(1);
        }
    }
    assert!(pairs > 5_000, "the check sees many pairs: {pairs}");
}

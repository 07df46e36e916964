//! The public instances of container loading, made by their published procedure; the bench makes them too.

use packbench::planning::boxes::{Sides, Turns};
use packbench::planning::container::Goods;

/// The container of all of them.
pub const CONTAINER: Sides = [587, 233, 220];

/// How many sorts the public classes BR0 to BR15 have.
const SORTS: [usize; 16] = [1, 3, 5, 8, 10, 12, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/// Instance `no` (1 to 100) of a public class of container loading, as its published procedure makes it (Bischoff and
/// Ratcliff, Omega 23, 1995; the classes from 8 on Davies and Bischoff, EJOR 114, 1999).
pub fn bischoff_ratcliff(class: usize, no: u64) -> Vec<Goods> {
    const MODULUS: u64 = (1 << 31) - 1;
    let mut state = 2_502_505 + 100 * (no - 1);
    let mut below = |n: u64| {
        state = state * 16_807 % MODULUS;
        i32::try_from(state * n / MODULUS).unwrap()
    };
    for _ in 0..10 {
        below(1);
    }
    let sorts = SORTS[class];
    let mut goods: Vec<Goods> = Vec::new();
    for _ in 0..sorts {
        let mut sides = [(30, 91), (25, 76), (20, 61)].map(|(least, many)| least + below(many));
        sides.sort_unstable_by(|a, b| b.cmp(a));
        // A side may stand upright where it is less than twice the shorter of the other two.
        let upright = [0, 1, 2].map(|k| sides[k] < 2 * sides[(k + 1) % 3].min(sides[(k + 2) % 3]));
        goods.push(Goods { sides, turns: Turns::with_upright(upright), qty: 1 });
    }
    let room: i64 = CONTAINER.iter().map(|s| i64::from(*s)).product();
    let mut volume: i64 = goods.iter().map(Goods::volume_mm3).sum();
    loop {
        let sort = usize::try_from(below(sorts as u64)).unwrap();
        volume += goods[sort].volume_mm3();
        if volume > room {
            return goods;
        }
        goods[sort].qty += 1;
    }
}

//! Goods and boxes for the tests of the planner: real ones, made ones, and two ways to pack that are easy to believe.

use flate2::read::GzDecoder;
use packbench::planning::boxes::{Kind, Sides, Top, Turns, Ware};
use std::io::Read as _;

/// The real boxes.
pub fn kinds() -> Vec<Kind> {
    let row = |line: &str| {
        let n: Vec<i32> = line.split(',').skip(1).map(|x| x.trim().parse().unwrap()).collect();
        let (tare_g, max) = (i64::from(n[3]), i64::from(n[7]));
        Kind { inner: [n[4], n[5], n[6]], outer: [n[0], n[1], n[2]], tare_g, mass_g_max: max - tare_g, price: 0 }
    };
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/carton/boxes.csv"));
    text.lines().skip(1).map(row).collect()
}

/// The real orders, in the order of their file.
pub fn orders() -> Vec<Vec<Ware>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/carton/orders_half.csv.gz");
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let mut orders: Vec<Vec<Ware>> = Vec::new();
    let mut last = "";
    for line in text.lines().skip(1) {
        let f: Vec<&str> = line.split(',').collect();
        if f[0] != last {
            orders.push(Vec::new());
            last = f[0];
        }
        let n = |i: usize| f[i].parse::<i32>().unwrap();
        let (sides, qty) = ([n(3), n(4), n(5)], f[1].parse().unwrap());
        let ware = Ware { sides, turns: Turns::ANY, mass_g: n(6).into(), top: Top::Anything, qty };
        orders.last_mut().unwrap().push(ware);
    }
    orders
}

/// How many boxes BoxPacker 4.2.0 was measured to use for each.
pub fn boxpacker() -> Vec<usize> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/carton/boxpacker_4_2.txt"));
    text.bytes().filter(u8::is_ascii_digit).map(|b| usize::from(b - b'0')).collect()
}

/// Numbers that are the same for the same seed (splitmix64).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1))
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    pub fn between(&mut self, least: i32, most: i32) -> i32 {
        least + i32::try_from(self.below(usize::try_from(most - least + 1).unwrap())).unwrap()
    }

    pub fn turns(&mut self) -> Turns {
        [Turns::ANY, Turns::ANY, Turns::UPRIGHT, Turns::FIXED][self.below(4)]
    }

    /// Up to so many wares with sides between these.
    pub fn wares(&mut self, most: i32, least_mm: i32, most_mm: i32) -> Vec<Ware> {
        (0..self.between(1, most)).map(|_| self.ware(least_mm, most_mm)).collect()
    }

    fn ware(&mut self, least_mm: i32, most_mm: i32) -> Ware {
        let sides = [0, 1, 2].map(|_| self.between(least_mm, most_mm));
        let mass_g = i64::from(self.between(0, 900));
        let top = match self.below(6) {
            0 => Top::Nothing,
            1 => Top::UpTo(i64::from(self.between(0, 1_500))),
            _ => Top::Anything,
        };
        let qty = self.between(1, 6).unsigned_abs();
        Ware { sides, turns: self.turns(), mass_g, top, qty }
    }

    /// Boxes and goods, some of which are too large or too heavy for all of them.
    pub fn task(&mut self) -> (Vec<Kind>, Vec<Ware>) {
        let kinds = (0..self.between(1, 5)).map(|_| {
            let inner = [0, 1, 2].map(|_| self.between(60, 400));
            let price = i64::from(self.between(0, 3)) * 50;
            Kind {
                inner,
                outer: inner.map(|s| s + 6),
                tare_g: 100,
                mass_g_max: i64::from(self.between(500, 9_000)),
                price,
            }
        });
        let kinds = kinds.collect();
        (kinds, self.wares(8, 5, 260))
    }
}

/// Boxes that next fit needs: things as they come, side by side in rows, rows in layers, and a new box where one is full.
pub fn next_fit(kind: &Kind, wares: &[Ware]) -> usize {
    let mut boxes = 0;
    let mut inside: Option<([i32; 3], i32, i32, i64)> = None;
    for ware in wares {
        let fits = |t: &Sides| (0..3).all(|k| t[k] <= kind.inner[k]);
        let Some(size) = ware.turns.of(ware.sides).find(fits) else { continue };
        for _ in 0..ware.qty {
            if let Some((mut at, mut deep, mut high, mass)) = inside.filter(|i| i.3 + ware.mass_g <= kind.mass_g_max) {
                if at[0] + size[0] > kind.inner[0] {
                    (at, deep) = ([0, at[1] + deep, at[2]], 0);
                }
                if at[1] + size[1] > kind.inner[1] {
                    (at, deep, high) = ([0, 0, at[2] + high], 0, 0);
                }
                if at[2] + size[2] <= kind.inner[2] {
                    at[0] += size[0];
                    inside = Some((at, deep.max(size[1]), high.max(size[2]), mass + ware.mass_g));
                    continue;
                }
            }
            boxes += 1;
            inside = Some(([size[0], 0, 0], size[1], size[2], ware.mass_g));
        }
    }
    boxes
}

/// The fewest boxes of one kind for single things: every way to share them out, every place on a grid of millimetres.
pub fn fewest_by_trying_all(inner: Sides, wares: &[Ware]) -> usize {
    let mut best = wares.len();
    let mut boxes: Vec<Vec<Ware>> = Vec::new();
    share_out(inner, wares, &mut boxes, &mut best);
    best
}

fn share_out(inner: Sides, rest: &[Ware], boxes: &mut Vec<Vec<Ware>>, best: &mut usize) {
    let Some((first, rest)) = rest.split_first() else {
        *best = (*best).min(boxes.len());
        return;
    };
    if boxes.len() > *best {
        return;
    }
    for n in 0..boxes.len() {
        boxes[n].push(*first);
        if go_in(inner, &boxes[n], &mut vec![false; cells(inner)]) {
            share_out(inner, rest, boxes, best);
        }
        boxes[n].pop();
    }
    boxes.push(vec![*first]);
    share_out(inner, rest, boxes, best);
    boxes.pop();
}

fn cells(inner: Sides) -> usize {
    usize::try_from(inner.iter().product::<i32>()).unwrap()
}

fn go_in(inner: Sides, wares: &[Ware], taken: &mut Vec<bool>) -> bool {
    let Some((first, rest)) = wares.split_first() else { return true };
    for size in first.turns.of(first.sides).filter(|t| (0..3).all(|k| t[k] <= inner[k])) {
        for x in 0..=inner[0] - size[0] {
            for y in 0..=inner[1] - size[1] {
                for z in 0..=inner[2] - size[2] {
                    let mine: Vec<usize> = (x..x + size[0])
                        .flat_map(|x| (y..y + size[1]).map(move |y| (x, y)))
                        .flat_map(|(x, y)| (z..z + size[2]).map(move |z| (x, y, z)))
                        .map(|(x, y, z)| usize::try_from((x * inner[1] + y) * inner[2] + z).unwrap())
                        .collect();
                    if mine.iter().any(|c| taken[*c]) {
                        continue;
                    }
                    mine.iter().for_each(|c| taken[*c] = true);
                    if go_in(inner, rest, taken) {
                        return true;
                    }
                    mine.iter().for_each(|c| taken[*c] = false);
                }
            }
        }
    }
    false
}

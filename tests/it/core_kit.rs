//! Kits: whatever a kit costs and is made of, its parts cost the same together, to the minor unit, tax included.

use packbench::core::kit::{Part, Share, open, shares};

fn part(units: i64, weight: i64) -> Part {
    Part { units, weight }
}

fn share(part: usize, units: i64, price_minor: i64, tax_minor: i64) -> Share {
    Share { part, units, price_minor, tax_minor }
}

#[test]
fn what_is_left_goes_to_those_that_lost_most_and_the_first_of_equals() {
    assert_eq!(shares(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(shares(1_000, &[750, 339]), [689, 311]);
    assert_eq!(shares(7, &[0, 0]), [4, 3], "without weights all weigh the same");
    assert_eq!(shares(0, &[3, 4]), [0, 0]);
    assert_eq!(shares(5, &[]), [0_i64; 0]);
    assert_eq!(shares(3, &[0, 9, 0]), [0, 3, 0], "what weighs nothing costs nothing");
}

#[test]
fn a_share_that_does_not_go_up_evenly_makes_two_lines() {
    let lines = open(1, 1_000, 200, &[part(2, 750), part(1, 339)]).unwrap();
    assert_eq!(lines, [share(0, 1, 344, 69), share(0, 1, 345, 69), share(1, 1, 311, 62)]);
    let even = open(2, 500, 0, &[part(5, 1)]).unwrap();
    assert_eq!(even, [share(0, 10, 100, 0)]);
    let cheap = open(1, 1, 0, &[part(3, 1), part(1, 1)]).unwrap();
    assert_eq!(cheap, [share(0, 2, 0, 0), share(0, 1, 1, 0), share(1, 1, 0, 0)]);
}

#[test]
fn what_is_no_kit_is_not_opened() {
    let good = [part(1, 1)];
    for (kits, price, tax) in [(0, 1, 0), (-1, 1, 0), (1, -1, 0), (1, 1, -1), (i64::MAX, i64::MAX, 0)] {
        assert_eq!(open(kits, price, tax, &good), None, "{kits} {price} {tax}");
    }
    assert_eq!(open(1, 1, 0, &[]), None);
    assert_eq!(open(1, 1, 0, &[part(0, 1)]), None);
    assert_eq!(open(1, 1, 0, &[part(1, -1)]), None);
    assert_eq!(open(2, 0, 0, &[part(i64::MAX, 1)]), None);
}

/// Numbers of a fixed row.
struct Dice(u64);

impl Dice {
    /// From 0 to below `n`.
    fn below(&mut self, n: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % n).unwrap()
    }
}

#[test]
fn shares_sum_up_to_the_kit_for_ten_thousand_random_kits() {
    let mut dice = Dice(7);
    for round in 0..10_000 {
        let many = [3, 100, 100_000][usize::try_from(dice.below(3)).unwrap()];
        let parts: Vec<Part> = (0..=dice.below(29))
            .map(|_| part(1 + dice.below(many), dice.below(1_000_000_000) * i64::from(dice.below(4) > 0)))
            .collect();
        let (kits, price) = (1 + dice.below(1_000), dice.below(100_000_000));
        let tax = dice.below(u64::try_from(kits * price).unwrap() + 1);
        let lines = open(kits, price, tax, &parts).unwrap();
        let sum = |of: fn(&Share) -> i64| lines.iter().map(of).sum::<i64>();
        assert_eq!(sum(|line| line.units * line.price_minor), kits * price, "round {round}: {parts:?}");
        assert_eq!(sum(|line| line.tax_minor), tax, "round {round}: {parts:?}");
        assert!(lines.iter().all(|line| line.units > 0 && line.price_minor >= 0 && line.tax_minor >= 0));
        for (n, one) in parts.iter().enumerate() {
            let own: Vec<&Share> = lines.iter().filter(|line| line.part == n).collect();
            assert_eq!(own.iter().map(|line| line.units).sum::<i64>(), one.units * kits, "all units, round {round}");
            assert!(own.len() <= 2 && own.windows(2).all(|two| two[1].price_minor == two[0].price_minor + 1));
        }
    }
}

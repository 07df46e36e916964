//! The weight gate: which readings count, what a gate lets through, what it proves, and what a
//! difference looks like.

use packbench::core::ids::ProductId;
use packbench::core::units::Grams;
use packbench::core::weight::{
    Blind, Content, Proof, Reading, Unusable, Verdict, expected, gate, judge, suspect, usable,
};
use uuid::Uuid;

fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(n))
}

/// `(units, unit mass or 0 for unknown, spread)` in turn for products 1, 2, 3 …
fn contents(list: &[(u32, i64, i64)]) -> Vec<Content> {
    let one = |(n, &(qty, unit, spread)): (usize, &(u32, i64, i64))| Content {
        product: product(n as u128 + 1),
        qty,
        unit_g: (unit != 0).then_some(Grams(unit)),
        spread_g: (spread != 0).then_some(Grams(spread)),
        net_g: None,
    };
    list.iter().enumerate().map(one).collect()
}

#[test]
fn only_fresh_stable_readings_count() {
    let cases = [
        (500, true, 10_000, 10_000, Ok(Grams(500))),
        (500, true, 10_000, 11_000, Ok(Grams(500))),
        (500, true, 10_000, 11_001, Err(Unusable::Stale)),
        (500, true, 10_001, 10_000, Err(Unusable::Stale)),
        (500, false, 10_000, 10_000, Err(Unusable::Unstable)),
        (0, true, 10_000, 10_000, Err(Unusable::Empty)),
        (-20, true, 10_000, 10_000, Err(Unusable::Empty)),
        (500, true, i64::MIN, i64::MAX, Err(Unusable::Stale)),
    ];
    for (grams, stable, at_mono_ms, now, want) in cases {
        let reading = Reading { grams: Grams(grams), stable, at_mono_ms };
        assert_eq!(usable(&reading, now), want, "{reading:?} at {now}");
    }
    let keys = [Unusable::Unstable, Unusable::Stale, Unusable::Empty].map(|u| u.message().key);
    assert_eq!(keys, ["weight-unstable", "weight-stale", "weight-empty"]);
}

#[test]
fn what_is_expected() {
    let mut list = contents(&[(6, 220, 4), (1, 90, 0), (3, 0, 0), (0, 5, 0)]);
    list.push(list[2]);
    let e = expected(&list, Grams(150));
    assert_eq!(e.total_g, Grams(6 * 220 + 90 + 150));
    assert_eq!(e.lightest_unit_g, Some(Grams(90)), "a line of no units weighs nothing");
    assert_eq!(e.spread_g, Grams(10), "√(6 × 16) rounded up");
    assert_eq!(e.unknown, [product(3)], "told once");
    let empty = expected(&[], Grams(150));
    assert_eq!((empty.total_g, empty.lightest_unit_g), (Grams(150), None));
}

#[test]
fn labels_of_goods_sold_by_weight_count_instead_of_what_one_unit_weighs() {
    let labelled = |(qty, unit, spread), net_g: i64| {
        let content = contents(&[(qty, unit, spread)]).remove(0);
        Content { net_g: Some(Grams(net_g)), ..content }
    };
    let list = [labelled((1, 1_000, 90), 1_234), labelled((3, 0, 0), 1_000), contents(&[(2, 1_000, 0)]).remove(0)];
    let e = expected(&list, Grams(100));
    assert_eq!((e.total_g, e.lightest_unit_g), (Grams(100 + 1_234 + 1_000 + 2_000), Some(Grams(333))));
    assert_eq!((e.spread_g, e.unknown), (Grams(0), vec![]), "a piece that was weighed does not vary");
    assert_eq!(suspect(Grams(-1_234), &list, 1), Some((product(1), 1)), "the piece of that label");
    assert_eq!(suspect(Grams(-2_468), &list, 1), None, "there is but one of it");
    assert_eq!(suspect(Grams(1_234), &list, 1), None, "another one would weigh something else");
    assert_eq!(suspect(Grams(2_000), &list, 1), Some((product(1), 2)));
    let wrong = expected(&[labelled((1, 500, 0), 0)], Grams(0));
    assert_eq!(wrong.total_g, Grams(500), "no label says nothing");
}

#[test]
fn tolerance_and_proof() {
    use Blind::{Resolution, Spread, UnknownWeight};
    type Case<'a> = (&'a [(u32, i64, i64)], i64, i64, i64, Option<Blind>);
    let cases: [Case<'_>; 12] = [
        // contents, tare, resolution → tolerance, blind
        (&[(1, 300, 0)], 100, 5, 30, None),  // 5 % are 20 g: 30 g at least
        (&[(4, 500, 0)], 100, 5, 105, None), // 5 % of 2,100 g
        (&[(20, 100, 0)], 200, 5, 50, None), // 5 % are 110 g: half a unit at most
        (&[(20, 100, 0), (1, 40, 0)], 60, 5, 20, None),
        (&[(10, 8, 0)], 100, 5, 30, Some(Resolution)),
        (&[(10, 10, 0)], 100, 5, 5, None), // half a unit is one step
        (&[(10, 1, 0)], 100, 1, 30, Some(Resolution)),
        (&[(14, 100, 4)], 100, 5, 50, None),          // 3 σ = 45 g
        (&[(16, 100, 4)], 100, 5, 85, Some(Spread)),  // 48 g and half a step could hide a unit
        (&[(18, 100, 4)], 100, 5, 95, Some(Spread)),  // 3 σ = 51 g
        (&[(14, 100, 4)], 100, 20, 75, Some(Spread)), // so could 45 g and half a step of 20 g
        (&[(2, 100, 0), (1, 0, 0)], 100, 5, 30, Some(UnknownWeight)),
    ];
    for (list, tare, resolution, tolerance, blind) in cases {
        let e = expected(&contents(list), Grams(tare));
        let g = gate(&e, resolution);
        let proves = blind.map_or(Proof::ShowsOneMissing, |because| Proof::ReliesOnScans { because });
        assert_eq!((g.tolerance_g.0, g.proves), (tolerance, proves), "{list:?} + {tare} g in steps of {resolution} g");
        assert_eq!(g.low_g, e.total_g - Grams(tolerance));
        let high = if blind == Some(UnknownWeight) { Grams(i64::MAX) } else { e.total_g + Grams(tolerance) };
        assert_eq!(g.high_g, high);
        assert_eq!(g.proves.message().is_some(), blind.is_some());
    }
}

#[test]
fn an_empty_scale_never_passes() {
    let g = gate(&expected(&contents(&[(1, 4, 0)]), Grams(5)), 5);
    assert_eq!(g.low_g, Grams(1));
    assert_eq!(judge(&g, Grams(0)), Verdict::TooLight { by_g: Grams(9) });
}

/// Where a gate claims to show one missing unit, it must, whatever the units' spread (3 σ) and
/// the scale's rounding do; and a complete parcel of exact units must pass.
#[test]
fn the_proof_holds() {
    let mut proven = 0;
    for unit in [3, 10, 11, 25, 60, 61, 240, 1_000] {
        for qty in [1, 2, 7, 40] {
            for spread in [0, 1, 2, 5, 20] {
                for resolution in [1, 2, 5, 10, 50] {
                    for tare in [0, 33, 700] {
                        let list = contents(&[(qty, unit, spread), (1, unit * 3 + 1, 0)]);
                        let e = expected(&list, Grams(tare));
                        let g = gate(&e, resolution);
                        let nearest = |grams: i64| Grams((grams + resolution / 2).div_euclid(resolution) * resolution);
                        let what = format!("{qty} × {unit} ± {spread} g + {tare} g in steps of {resolution} g: {g:?}");
                        if nearest(e.total_g.0) > Grams(0) {
                            assert_eq!(judge(&g, nearest(e.total_g.0)), Verdict::Within, "{what}");
                        }
                        if g.proves == Proof::ShowsOneMissing {
                            proven += 1;
                            let sigma = f64::from(qty).sqrt() * spread as f64;
                            let heaviest = e.total_g.0 - unit + (3.0 * sigma).floor() as i64;
                            let verdict = judge(&g, nearest(heaviest));
                            assert!(matches!(verdict, Verdict::TooLight { .. }), "{what}, one missing: {verdict:?}");
                        }
                    }
                }
            }
        }
    }
    assert!(proven > 500, "only {proven} gates claim anything");
}

#[test]
fn verdicts() {
    let g = gate(&expected(&contents(&[(6, 220, 0)]), Grams(150)), 5);
    assert_eq!((g.low_g, g.high_g), (Grams(1_397), Grams(1_543)));
    let cases = [
        (1_397, Verdict::Within),
        (1_543, Verdict::Within),
        (1_396, Verdict::TooLight { by_g: Grams(74) }),
        (1_544, Verdict::TooHeavy { by_g: Grams(74) }),
        (150, Verdict::TooLight { by_g: Grams(1_320) }),
        (i64::MAX, Verdict::TooHeavy { by_g: Grams(i64::MAX - 1_470) }),
    ];
    for (grams, want) in cases {
        assert_eq!(judge(&g, Grams(grams)), want, "{grams} g");
    }
    let open = gate(&expected(&contents(&[(6, 0, 0)]), Grams(150)), 5);
    assert_eq!(judge(&open, Grams(29_000)), Verdict::Within, "nothing is known about how heavy it may be");
    assert!(matches!(judge(&open, Grams(100)), Verdict::TooLight { .. }));
}

#[test]
fn suspects() {
    type Case<'a> = (&'a [(u32, i64, i64)], i64, i64, Option<(u128, u32)>);
    let cases: [Case<'_>; 17] = [
        // contents, difference, resolution → product, units
        (&[(6, 220, 0), (2, 500, 0)], -1_320, 5, Some((1, 6))),
        (&[(6, 220, 0), (2, 500, 0)], -500, 5, Some((2, 1))),
        (&[(6, 220, 0), (2, 500, 0)], -215, 5, Some((1, 1))),
        (&[(6, 220, 0), (2, 500, 0)], -214, 5, None),
        (&[(6, 220, 0), (2, 500, 0)], -350, 5, None),
        (&[(6, 220, 0), (2, 500, 0)], 220, 5, Some((1, 1))),
        (&[(6, 220, 0)], -1_540, 5, None),            // seven are not inside
        (&[(6, 220, 0)], 1_540, 5, Some((1, 7))),     // but may be too many
        (&[(2, 100, 0), (2, 102, 0)], -100, 5, None), // either
        (&[(2, 100, 0), (2, 102, 0)], -100, 1, Some((1, 1))),
        (&[(2, 100, 0), (2, 300, 0)], 300, 5, Some((2, 1))), // fewest units
        (&[(4, 100, 6)], -290, 5, Some((1, 3))),             // 3 σ of three units are 32 g, at most 25
        (&[(4, 100, 6)], -270, 5, None),
        (&[(10, 4, 0)], -6, 5, None), // steps coarser than units explain anything
        (&[(10, 4, 0)], -8, 5, Some((1, 2))),
        (&[(1, 100, 0), (1, 0, 0)], -100, 5, None),
        (&[(1, 100, 0)], 0, 5, None),
    ];
    for (list, diff, resolution, want) in cases {
        let got = suspect(Grams(diff), &contents(list), resolution);
        assert_eq!(got, want.map(|(p, n)| (product(p), n)), "{diff} g of {list:?} in steps of {resolution} g");
    }
    // The same product on two lines is one suspect.
    let mut twice = contents(&[(1, 220, 0), (1, 220, 0)]);
    twice[1].product = product(1);
    assert_eq!(suspect(Grams(-440), &twice, 5), Some((product(1), 2)));
}

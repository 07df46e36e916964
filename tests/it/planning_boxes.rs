//! Packing in three dimensions: what an answer must keep, what it must never be worse than, and what proven means.

use crate::planning_goods::{self, Chance};
use packbench::planning::boxes::{Kind, Packed, Parcel, Placed, Planner, Rules, Sides, Tariff, Top, Turns, Ware};
use packbench::planning::verify::{Fault, check};

const USUAL: Rules = Rules { support_percent: 50, tariff: Tariff { mm3_per_kg: None, price_per_kg: 0 } };
const LOOSE: Rules = Rules { support_percent: 0, ..USUAL };

fn kind(inner: Sides, mass_g_max: i64) -> Kind {
    Kind { inner, outer: inner, tare_g: 100, mass_g_max, price: 0 }
}

fn ware(qty: u32, sides: Sides, mass_g: i64) -> Ware {
    Ware { sides, turns: Turns::ANY, mass_g, top: Top::Anything, qty }
}

#[track_caller]
fn pack(kinds: &[Kind], wares: &[Ware], rules: &Rules) -> Packed {
    let packed = Planner::default().pack(kinds, wares, rules);
    assert_eq!(check(kinds, wares, rules, &packed), Ok(()), "{kinds:?} {wares:?} {packed:?}");
    packed
}

#[test]
fn three_hundred_real_orders_are_true_and_never_take_more_boxes_than_the_peer() {
    let (kinds, orders, theirs) = (planning_goods::kinds(), planning_goods::orders(), planning_goods::boxpacker());
    assert_eq!((orders.len(), theirs.len()), (2_144, 2_144));
    let mut planner = Planner::default();
    let (mut proven, mut seen) = (0, 0);
    for (wares, most) in orders.iter().zip(&theirs).step_by(7) {
        let packed = planner.pack(&kinds, wares, &USUAL);
        assert_eq!(check(&kinds, wares, &USUAL, &packed), Ok(()), "{wares:?}");
        assert!(packed.left_over.is_empty() && packed.parcels.len() <= *most, "{wares:?}");
        assert_eq!(packed, Planner::default().pack(&kinds, wares, &USUAL), "no order leaves a trace in the next");
        proven += usize::from(packed.fewest);
        seen += 1;
    }
    assert!(seen > 300 && proven * 100 >= seen * 99, "{proven} of {seen} proven");
}

#[test]
fn any_goods_are_packed_truly() {
    for seed in 0..400 {
        let mut chance = Chance::new(seed);
        let (kinds, wares) = chance.task();
        let rules = Rules { support_percent: [0, 50, 75, 100][chance.below(4)], ..USUAL };
        let packed = Planner::default().pack(&kinds, &wares, &rules);
        assert_eq!(check(&kinds, &wares, &rules, &packed), Ok(()), "seed {seed}: {kinds:?} {wares:?}");
        for (n, w) in wares.iter().enumerate() {
            let left = packed.left_over.iter().any(|(l, _)| *l == n);
            assert_eq!(left, !kinds.iter().any(|k| k.takes(w)), "seed {seed}: what fits alone is packed: {w:?}");
        }
    }
}

#[test]
fn never_more_boxes_than_next_fit() {
    for seed in 0..300 {
        let mut chance = Chance::new(seed);
        let largest = kind([400, 300, 300], 20_000);
        let wares: Vec<Ware> = chance.wares(6, 20, 200).into_iter().map(|w| Ware { top: Top::Anything, ..w }).collect();
        let packed = pack(&[largest], &wares, &LOOSE);
        let next = planning_goods::next_fit(&largest, &wares);
        assert!(
            packed.parcels.len() <= next,
            "seed {seed}: {} boxes, next fit {next}: {wares:?}",
            packed.parcels.len()
        );
    }
}

#[test]
fn few_things_are_packed_as_well_as_can_be() {
    let (mut tight, mut proven) = (0, 0);
    for seed in 0..400 {
        let mut chance = Chance::new(seed);
        let inner = [0, 1, 2].map(|_| chance.between(2, 4));
        let some = |chance: &mut Chance| {
            let sides = [0, 1, 2].map(|_| chance.between(1, 3));
            Ware { turns: chance.turns(), ..ware(1, sides, 1) }
        };
        let wares: Vec<Ware> = (0..chance.between(1, 5)).map(|_| some(&mut chance)).collect();
        let packed = pack(&[kind(inner, 1_000)], &wares, &LOOSE);
        let goes: Vec<Ware> = wares.iter().filter(|w| kind(inner, 1_000).takes(w)).copied().collect();
        let fewest = planning_goods::fewest_by_trying_all(inner, &goes);
        assert_eq!(packed.parcels.len(), fewest, "seed {seed}: {inner:?} {wares:?}");
        tight += usize::from(fewest > 1);
        proven += usize::from(packed.fewest);
    }
    assert!(tight > 100 && proven > 390, "{tight} with several boxes, {proven} proven");
}

#[test]
fn what_is_proven_holds() {
    // Four around a hole of 2 by 2: something of 3 by 1 finds no room, though 4 square millimetres are left.
    let around = |last| pack(&[kind([10, 10, 1], 1_000)], &[ware(4, [6, 4, 1], 1), ware(1, last, 1)], &LOOSE);
    let (one, two) = (around([2, 2, 1]), around([3, 1, 1]));
    assert_eq!((one.parcels.len(), one.fewest, one.cheapest), (1, true, true));
    assert_eq!((two.parcels.len(), two.fewest, two.cheapest), (2, true, false));
    // Flat things longer than half the box lie one upon the other only.
    let packed = pack(&[kind([300, 220, 25], 9_000)], &[ware(4, [297, 210, 8], 100)], &LOOSE);
    assert_eq!((packed.parcels.len(), packed.fewest), (2, true));
    let packed = pack(&[kind([300, 220, 25], 9_000)], &[ware(3, [297, 210, 8], 100)], &LOOSE);
    assert_eq!((packed.parcels.len(), packed.fewest, packed.cheapest), (1, true, true));
    // Pairwise too heavy.
    let packed = pack(&[kind([300, 300, 300], 1_000)], &[ware(3, [10, 10, 10], 600)], &LOOSE);
    assert_eq!((packed.parcels.len(), packed.fewest), (3, true));
}

#[test]
fn this_side_up_stays_up() {
    let tall = Ware { turns: Turns::UPRIGHT, ..ware(1, [50, 60, 200], 10) };
    let packed = pack(&[kind([210, 100, 100], 1_000), kind([210, 210, 210], 1_000)], &[tall], &USUAL);
    assert_eq!((packed.parcels[0].kind, packed.parcels[0].placed[0].size[2]), (1, 200));
    let lying = Ware { turns: Turns::ANY, ..tall };
    assert_eq!(pack(&[kind([210, 100, 100], 1_000)], &[lying], &USUAL).parcels.len(), 1);
    let fixed = Ware { turns: Turns::FIXED, ..tall };
    assert_eq!(pack(&[kind([55, 55, 210], 1_000)], &[fixed], &USUAL).left_over, [(0, 1)]);
}

#[test]
fn nothing_stands_on_what_bears_nothing_and_little_on_what_bears_little() {
    let kinds = [kind([100, 100, 200], 10_000)];
    let plate = Ware { top: Top::Nothing, turns: Turns::UPRIGHT, ..ware(1, [100, 100, 100], 50) };
    let block = ware(1, [100, 100, 100], 900);
    let packed = pack(&kinds, &[plate, block], &USUAL);
    assert_eq!(packed.parcels[0].placed.iter().map(|p| p.ware).collect::<Vec<_>>(), [1, 0], "the plate on top");
    assert_eq!(pack(&kinds, &[Ware { qty: 2, ..plate }], &USUAL).parcels.len(), 2, "never two plates");
    let egg = |g| Ware { top: Top::UpTo(g), ..ware(3, [100, 100, 60], 100) };
    assert_eq!(pack(&kinds, &[egg(200)], &USUAL).parcels.len(), 1, "two on one");
    assert_eq!(pack(&kinds, &[egg(199)], &USUAL).parcels.len(), 2, "two on one are 200 g");
}

#[test]
fn a_cheaper_box_goes_before_a_smaller_one_and_carriers_bill_volume() {
    let small = Kind { price: 90, ..kind([100, 100, 100], 1_000) };
    let large = Kind { price: 40, ..kind([200, 200, 200], 1_000) };
    let thing = [ware(1, [90, 90, 90], 300)];
    assert_eq!(pack(&[small, large], &thing, &USUAL).parcels[0].kind, 1);
    // 8 litres are billed as 1.6 kg, one litre as its real 400 g.
    let tariff = Tariff { mm3_per_kg: Some(5_000_000), price_per_kg: 100 };
    assert_eq!((tariff.billed_g(&small, 300), tariff.billed_g(&large, 300)), (400, 1_600));
    assert_eq!((tariff.cost(&small, 300), tariff.cost(&large, 300)), (130, 200));
    let packed = pack(&[small, large], &thing, &Rules { tariff, ..USUAL });
    assert_eq!((packed.parcels[0].kind, packed.cheapest), (0, true));
}

#[test]
fn absurd_goods_are_left_over_and_the_rest_is_packed() {
    let kinds = [kind([100, 100, 100], 1_000), kind([0, 10, 10], 10), kind([i32::MAX, 1, 1], 10)];
    let wares = [
        ware(1, [0, 10, 10], 1),
        ware(1, [i32::MAX, i32::MAX, i32::MAX], i64::MAX),
        ware(2, [-5, 10, 10], 1),
        ware(1, [10, 10, 10], -1),
        ware(3, [10, 10, 10], 1),
        ware(0, [10, 10, 10], 1),
    ];
    let packed = pack(&kinds, &wares, &USUAL);
    assert_eq!(packed.left_over, [(0, 1), (1, 1), (2, 2), (3, 1)]);
    assert_eq!(packed.parcels[0].placed.len(), 3);
    assert_eq!(pack(&[], &wares[4..5], &USUAL).left_over, [(0, 3)]);
    assert_eq!(pack(&kinds, &[ware(u32::MAX, [1, 1, 1], 0)], &USUAL).parcels.len(), 1, "bounded, the rest left over");
}

#[test]
fn the_verifier_finds_every_kind_of_fault() {
    let kinds = [kind([100, 100, 100], 1_000)];
    let wares = [ware(2, [50, 50, 20], 400), Ware { top: Top::UpTo(100), ..ware(1, [50, 50, 30], 10) }];
    let at = |ware, at, size| Placed { ware, at, size };
    let good = [at(0, [0, 0, 0], [50, 50, 20]), at(0, [50, 0, 0], [50, 50, 20]), at(1, [0, 0, 20], [50, 50, 30])];
    let ask = |placed: &[Placed]| {
        let answer = Packed { parcels: vec![Parcel { kind: 0, placed: placed.to_vec() }], ..Packed::default() };
        check(&kinds, &wares, &USUAL, &answer)
    };
    assert_eq!(ask(&good), Ok(()));
    assert!(matches!(ask(&good[..2]), Err(Fault::Count { ware: 1, packed: 0, asked: 1 })));
    assert!(matches!(ask(&[]), Err(Fault::Empty { .. })));
    assert!(matches!(ask(&[good[0], good[1], at(7, [0, 0, 20], [1, 1, 1])]), Err(Fault::Unknown { .. })));
    assert!(matches!(ask(&[good[0], good[1], at(1, [0, 0, 20], [50, 50, 29])]), Err(Fault::Turned { ware: 1, .. })));
    assert!(matches!(ask(&[good[0], at(0, [51, 0, 0], [50, 50, 20]), good[2]]), Err(Fault::Outside { ware: 0, .. })));
    assert!(matches!(ask(&[good[0], at(0, [49, 0, 0], [50, 50, 20]), good[2]]), Err(Fault::Overlap { .. })));
    assert!(matches!(ask(&[good[0], good[1], at(1, [0, 0, 21], [50, 50, 30])]), Err(Fault::Support { .. })));
    assert!(matches!(
        ask(&[good[0], good[1], at(1, [0, 26, 20], [50, 50, 30])]),
        Err(Fault::Support { percent: 48, .. })
    ));
    assert!(matches!(ask(&[good[2], good[0], good[1]]), Err(Fault::Support { .. } | Fault::Sequence { .. })));
    let under = [at(1, [0, 0, 0], [50, 50, 30]), at(0, [0, 0, 30], [50, 50, 20]), good[1]];
    assert!(matches!(ask(&under), Err(Fault::Load { ware: 1, load_g: 400, .. })));
    let heavy = [Ware { mass_g: 501, ..wares[0] }];
    let answer = Packed { parcels: vec![Parcel { kind: 0, placed: good[..2].to_vec() }], ..Packed::default() };
    assert!(matches!(check(&kinds, &heavy, &USUAL, &answer), Err(Fault::Mass { mass_g: 1_002, .. })));
}

/// One order took half a minute and more: every kind was tried for every box, and a deep stack was looked through for each thing in it.
#[test]
fn very_many_things_are_packed_in_bounded_time() {
    let mut c = Chance::new(17);
    let kinds: Vec<Kind> = (0..200)
        .map(|_| {
            let inner = [0; 3].map(|_: i32| c.between(200, 600));
            Kind { inner, outer: inner, tare_g: 100, mass_g_max: 30_000, price: 0 }
        })
        .collect();
    let tops = [Top::Anything, Top::UpTo(2_000), Top::Nothing, Top::UpTo(5_000)];
    let wares: Vec<Ware> = (0..2_000)
        .map(|_| {
            let sides = [0; 3].map(|_: i32| c.between(30, 190));
            Ware { sides, turns: Turns::ANY, mass_g: i64::from(c.between(50, 900)), top: tops[c.below(4)], qty: 1 }
        })
        .collect();
    let huge = [Kind { inner: [100_000; 3], outer: [100_000; 3], tare_g: 0, mass_g_max: 1_000_000_000, price: 0 }];
    let stack = [Ware {
        sides: [100_000, 100_000, 50],
        turns: Turns::FIXED,
        mass_g: 500_000,
        top: Top::UpTo(1_000_000_000),
        qty: 2_000,
    }];
    for (kinds, wares, boxes) in [(&kinds[..], &wares[..], 30..100), (&huge, &stack, 1..2)] {
        let begun = std::time::Instant::now();
        let packed = Planner::default().pack(kinds, wares, &USUAL);
        assert_eq!(check(kinds, wares, &USUAL, &packed), Ok(()));
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{:?}", begun.elapsed());
        assert!(boxes.contains(&packed.parcels.len()) && packed.left_over.is_empty(), "{}", packed.parcels.len());
    }
}

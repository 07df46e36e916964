//! A container that is filled: everything inside, nothing twice, nothing in one place, fuller with more steps.

use crate::container_kit::{CONTAINER, bischoff_ratcliff};
use crate::planning_goods::Chance;
use packbench::planning::boxes::{Sides, Turns};
use packbench::planning::container::{BadTask, Goods, Loading, Search, Way, check};
use packbench::planning::verify::loading;

fn goods(sides: Sides, qty: u32) -> Goods {
    Goods { sides, turns: Turns::ANY, qty }
}

fn some(seed: u64, sorts: usize) -> Vec<Goods> {
    let mut chance = Chance::new(seed);
    let one = |chance: &mut Chance| {
        let sides = [chance.between(30, 120), chance.between(25, 100), chance.between(20, 80)];
        let upright = [chance.below(2) == 0, chance.below(2) == 0, true];
        Goods { sides, turns: Turns::with_upright(upright), qty: chance.between(1, 30).unsigned_abs() }
    };
    (0..sorts).map(|_| one(&mut chance)).collect()
}

fn way(seed: u64, held: bool) -> Way {
    Way { seed, held }
}

#[test]
fn made_goods_fill_a_container_truly_and_better_with_more_steps() {
    for (seed, sorts, held) in [(0, 3, false), (3, 4, true)] {
        let goods = some(seed, sorts);
        let mut search = Search::new(CONTAINER, &goods, way(seed, held));
        let mut again = Search::new(CONTAINER, &goods, way(seed, held));
        let mut last = 0;
        for _ in 0..20 {
            search.step();
            again.step();
            assert!(search.best_volume_mm3() >= last);
            last = search.best_volume_mm3();
        }
        assert_eq!(loading::check(CONTAINER, &goods, held, &search.best()), Ok(()));
        assert_eq!(search.best(), again.best(), "the same seed does the same steps");
        let most: i64 = goods.iter().map(|g| g.volume_mm3() * i64::from(g.qty)).sum();
        let room: i64 = CONTAINER.iter().map(|s| i64::from(*s)).product();
        assert!(last * 100 >= most.min(room) * 75, "seed {seed}: {last} of {room}");
    }
}

#[test]
fn whatever_is_asked_the_verifier_finds_no_fault() {
    let mut chance = Chance::new(20_261_122);
    for n in 0..150 {
        // Small containers with goods that hardly go in, thin ones, and more than there is room for.
        let container = [0; 3].map(|_| chance.between(1, 60));
        let one = |chance: &mut Chance| {
            let sides = [0; 3].map(|_| chance.between(1, 40));
            let upright = [0; 3].map(|_| chance.below(2) == 0);
            let turns = if chance.below(4) == 0 { Turns::FIXED } else { Turns::with_upright(upright) };
            Goods { sides, turns, qty: chance.between(0, 12).unsigned_abs() }
        };
        let goods: Vec<Goods> = (0..chance.between(0, 5)).map(|_| one(&mut chance)).collect();
        for held in [false, true] {
            let mut search = Search::new(container, &goods, way(n, held));
            let _ = (0..8).take_while(|_| search.step()).count();
            let found = loading::check(container, &goods, held, &search.best());
            assert_eq!(found, Ok(()), "{container:?} {goods:?} held {held}");
            let fits = |g: &Goods| g.qty > 0 && g.turns.of(g.sides).any(|t| (0..3).all(|k| t[k] <= container[k]));
            assert_eq!(search.best_volume_mm3() > 0, goods.iter().any(fits), "{container:?} {goods:?} held {held}");
        }
    }
}

#[test]
fn what_would_hang_over_stays_out_where_it_must_not() {
    // Two planks that lie across each other: both are too long to lie side by side.
    let plank = |sides| Goods { turns: Turns::FIXED, ..goods(sides, 1) };
    let list = [plank([100, 20, 10]), plank([20, 100, 10])];
    for (held, most) in [(true, 20_000), (false, 40_000)] {
        let mut search = Search::new([100, 100, 20], &list, way(0, held));
        let _ = (0..200).take_while(|_| search.step()).count();
        assert_eq!(loading::check([100, 100, 20], &list, held, &search.best()), Ok(()));
        assert_eq!(search.best_volume_mm3(), most, "held {held}");
    }
}

#[test]
fn absurd_numbers_end_in_a_sound_answer_soon() {
    // As many things as are allowed, of a millimetre, in a container as large as is allowed.
    let tiny: Vec<Goods> = (0..4).map(|n| goods([1 + n, 1, 1], 10_000)).collect();
    let mut search = Search::new([100_000; 3], &tiny, way(0, false));
    search.step();
    search.step();
    assert_eq!(search.best_volume_mm3(), tiny.iter().map(|g| g.volume_mm3() * 10_000).sum::<i64>());
}

#[test]
fn the_public_instances_are_made_as_they_were_published() {
    // The first and the last of the third class, as the public file has them.
    let told = |no| -> Vec<(Sides, u32, usize)> {
        bischoff_ratcliff(3, no).iter().map(|g| (g.sides, g.qty, g.turns.of(g.sides).count())).collect()
    };
    assert_eq!(told(1)[..3], [([108, 76, 30], 24, 2), ([110, 43, 25], 9, 4), ([92, 81, 55], 8, 6)]);
    assert_eq!(told(2)[..3], [([49, 25, 21], 16, 4), ([60, 51, 41], 8, 6), ([103, 76, 64], 16, 6)]);
    assert_eq!((told(100).len(), bischoff_ratcliff(15, 100).len()), (8, 100));
}

#[test]
fn what_fills_a_container_wholly_is_found_and_ends_the_search() {
    let goods = [goods([50, 50, 50], 8)];
    let mut search = Search::new([100, 100, 100], &goods, way(0, false));
    let steps = (0..1_000).take_while(|_| search.step()).count();
    assert!(steps < 1_000 && search.best_volume_mm3() == 1_000_000);
    assert_eq!(loading::check([100, 100, 100], &goods, true, &search.best()), Ok(()));
}

#[test]
fn nothing_that_goes_in_ends_the_search_too() {
    for list in [vec![], vec![goods([101, 1, 1], 3)], vec![goods([10, 10, 10], 0)]] {
        let mut search = Search::new([100, 100, 100], &list, way(1, false));
        assert!((0..10).take_while(|_| search.step()).count() < 10);
        assert_eq!(search.best(), Loading::default());
    }
}

#[test]
fn absurd_tasks_are_named() {
    assert_eq!(check([0, 1, 1], &[]), Err(BadTask::Container));
    assert_eq!(check([9, 9, 9], &[goods([1, 1, 1], 1), goods([1, -1, 1], 1)]), Err(BadTask::Sides(1)));
    assert_eq!(check([9, 9, 9], &[goods([1, 1, 1], u32::MAX)]), Err(BadTask::Copies(0)));
    assert_eq!(check([9, 9, 9], &vec![goods([1, 1, 1], 1); 1_001]), Err(BadTask::Sorts));
    assert_eq!(check(CONTAINER, &some(1, 5)), Ok(()));
}

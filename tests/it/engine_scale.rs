//! The scale of the bench as the engine reads it: a parcel that stays on it counts once, a second scale is told apart, a corrected box is
//! judged at once, and behind a lock nothing is weighed.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, ANNA, Job};
use packbench::engine::input::Ui;
use packbench::engine::view::StageView;

/// At the scale, with what the parcel should weigh.
fn weighing(jobs: &[Job]) -> (Station, i64) {
    let mut s = Station::with_anna(jobs);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Weigh(_)));
    let grams = expected(&mut s);
    (s, grams)
}

fn expected(s: &mut Station) -> i64 {
    let StageView::Weigh(w) = s.stage() else { panic!("{:?}", s.stage()) };
    w.expected_g.0
}

fn weighs(s: &mut Station) -> bool {
    matches!(s.stage(), StageView::Weigh(_))
}

#[test]
fn a_parcel_that_stays_on_the_scale_is_not_the_next_one_however_it_sways() {
    let jobs = [Job::new(1, &[(world::LAMP, 1)]), Job::new(2, &[(world::LAMP, 1)])];
    let (mut s, grams) = weighing(&jobs);
    s.weigh(grams);
    assert!(!weighs(&mut s));
    // A label is pressed on while it stands there.
    for (g, stable) in [(grams + 400, false), (grams - 60, false), (grams, true)] {
        s.shows("", g, stable);
    }
    s.work();
    s.ui(Ui::Continue);
    s.work_until(|x| matches!(x, StageView::Weigh(_)));
    assert_eq!(expected(&mut s), grams, "the next one weighs the same");
    s.shows("", grams, true);
    s.shows("", grams + 300, false);
    s.shows("", grams, true);
    assert!(weighs(&mut s), "it is the parcel from before");
    s.unload();
    s.weigh(grams);
    assert!(!weighs(&mut s));
}

#[test]
fn what_lies_on_a_second_scale_is_nobodys_parcel() {
    let (mut s, grams) = weighing(&[Job::new(1, &[(world::LAMP, 1)])]);
    s.shows("bench", 0, true);
    s.shows("floor", grams, true);
    s.shows("floor", grams, true);
    assert!(weighs(&mut s), "it lay there all the time");
    s.shows("bench", grams, true);
    assert!(!weighs(&mut s));
}

#[test]
fn both_scales_of_a_bench_weigh_whichever_is_used() {
    let jobs = [Job::new(1, &[(world::LAMP, 1)]), Job::new(2, &[(world::LAMP, 1)])];
    let (mut s, grams) = weighing(&jobs);
    s.shows("bench", 0, true);
    s.shows("floor", 0, true);
    s.shows("bench", grams, true);
    assert!(!weighs(&mut s));
    s.work();
    s.ui(Ui::Continue);
    s.work_until(|x| matches!(x, StageView::Weigh(_)));
    // The first parcel still stands on the other scale.
    s.shows("floor", 0, true);
    s.shows("bench", grams, true);
    assert!(weighs(&mut s));
    s.shows("floor", grams, true);
    assert!(!weighs(&mut s));
}

#[test]
fn another_box_scanned_at_the_scale_is_judged_without_lifting_the_parcel() {
    let (mut s, grams) = weighing(&[Job::new(1, &[(world::LAMP, 1)])]);
    s.scan("BOX-L");
    let heavy = expected(&mut s);
    assert!(heavy - grams > 30, "another box that tells: {heavy} g and {grams} g");
    for code in ["BOX-S", "BOX-M"] {
        if expected(&mut s) != grams {
            s.scan(code);
        }
    }
    assert_eq!(expected(&mut s), grams);
    s.unload();
    s.weigh(heavy);
    let StageView::Weigh(w) = s.stage() else { panic!() };
    assert!(w.outside.is_some());
    s.scan("BOX-L");
    let StageView::Weigh(w) = s.stage() else { panic!("{:?}", s.stage()) };
    assert!(w.outside.is_none(), "nothing is wrong with it any more");
    s.weigh(heavy);
    assert!(!weighs(&mut s));
}

#[test]
fn a_locked_station_weighs_nothing_in_anybodys_name() {
    let (mut s, grams) = weighing(&[Job::new(1, &[(world::LAMP, 1)])]);
    s.unload();
    s.ui(Ui::Lock);
    s.weigh(grams);
    s.scan(ANNA.badge);
    assert!(weighs(&mut s), "nobody was here");
    s.weigh(grams);
    assert!(!weighs(&mut s));
}

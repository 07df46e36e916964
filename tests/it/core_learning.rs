//! What parcels teach about the weight of products, and what they must not.

use packbench::core::ids::ProductId;
use packbench::core::learning::{
    Learnt, SAMPLES_MAX, Sample, Weighed, ask_again, learn, remember, sample, spread, spread_is_news,
};
use packbench::core::units::Grams;
use uuid::Uuid;

fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(n))
}

fn samples(units_g: &[i64]) -> Vec<Sample> {
    units_g.iter().map(|g| Sample { unit_g: Grams(*g), units: 1 }).collect()
}

#[test]
fn only_clean_parcels_of_one_product_teach() {
    let (a, b) = (product(1), product(2));
    type Case<'a> = (i64, &'a [(ProductId, u32)], bool, Option<(i64, u32)>);
    let cases: [Case<'_>; 9] = [
        (1_470, &[(a, 6)], false, Some((220, 6))),
        (1_473, &[(a, 6)], false, Some((221, 6))), // 220.5 g
        (1_470, &[(a, 4), (a, 2)], false, Some((220, 6))),
        (1_470, &[(a, 6), (b, 0)], false, Some((220, 6))),
        (1_470, &[(a, 5), (b, 1)], false, None),
        (1_470, &[(a, 6)], true, None),
        (140, &[(a, 6)], false, None),
        (249, &[(a, 1)], false, None), // 99 g in steps of 5 g
        (1_470, &[], false, None),
    ];
    for (gross, contents, overridden, want) in cases {
        let parcel = Weighed { gross_g: Grams(gross), tare_g: Grams(150), contents, resolution_g: 5, overridden };
        let want = want.map(|(unit, units)| (a, Sample { unit_g: Grams(unit), units }));
        assert_eq!(sample(&parcel), want, "{parcel:?}");
    }
}

#[test]
fn decisions() {
    let cases: [(Option<i64>, &[i64], Learnt); 13] = [
        (None, &[], Learnt::NotYet),
        (None, &[220, 221], Learnt::NotYet),
        (None, &[220, 221, 219], Learnt::Update(Grams(220))),
        (Some(0), &[220, 221, 219], Learnt::Update(Grams(220))),
        (Some(220), &[220, 220, 220], Learnt::Keep),
        (Some(219), &[219, 220, 222], Learnt::Keep), // within chance
        (Some(215), &[220, 220, 221], Learnt::Update(Grams(220))),
        (Some(200), &[220, 220, 220], Learnt::Update(Grams(220))), // exactly 10 %
        (Some(200), &[221, 221, 221], Learnt::NeedsLead(Grams(221))),
        (Some(300), &[220, 221, 219], Learnt::NeedsLead(Grams(220))),
        // One miscounted parcel moves nothing; parcels that contradict one another say nothing.
        (Some(220), &[220, 440, 220, 219, 221], Learnt::Keep),
        (Some(220), &[110, 440, 220, 330, 550], Learnt::NotYet),
        // Only the last nine count.
        (Some(220), &[500, 500, 500, 500, 220, 220, 220, 220, 220, 220, 220, 220, 220], Learnt::Keep),
    ];
    for (known, history, want) in cases {
        assert_eq!(learn(known.map(Grams), &samples(history)), want, "{known:?} against {history:?}");
    }
}

#[test]
fn a_new_batch_is_learnt_parcel_by_parcel() {
    let mut history = Vec::new();
    let mut known = 200;
    let mut seen = Vec::new();
    for parcel in 0..12 {
        let unit = if parcel < 4 { 200 } else { 212 };
        remember(&mut history, Sample { unit_g: Grams(unit), units: 2 });
        assert!(history.len() <= SAMPLES_MAX);
        if let Learnt::Update(g) = learn(Some(Grams(known)), &history) {
            known = g.0;
            seen.push((parcel, known));
        }
    }
    assert_eq!(known, 212, "{seen:?}");
    assert!(seen.iter().all(|(parcel, _)| *parcel >= 7), "not before half the samples say so: {seen:?}");
}

#[test]
fn a_refused_weight_is_asked_about_again_only_once_it_moved_on() {
    let asks = |refused: Option<i64>, proposed| ask_again(refused.map(Grams), Grams(proposed));
    assert!(asks(None, 250) && asks(Some(0), 250));
    assert!(!asks(Some(250), 250) && !asks(Some(250), 275) && !asks(Some(250), 225));
    assert!(asks(Some(250), 276) && asks(Some(250), 224));
}

#[test]
fn a_flickering_spread_is_no_news() {
    let news = |known: Option<i64>, now| spread_is_news(known.map(Grams), Grams(now));
    assert!(news(None, 0) && news(Some(0), 2) && news(Some(8), 11));
    assert!(!news(Some(0), 1) && !news(Some(8), 10) && !news(Some(40), 45));
}

#[test]
fn spread_of_single_units() {
    assert_eq!(spread(&samples(&[220, 221])), None);
    assert_eq!(spread(&samples(&[220, 220, 220])), Some(Grams(0)));
    assert_eq!(spread(&samples(&[210, 220, 230])), Some(Grams(10)));
    let fours: Vec<_> = [210, 220, 230].map(|g| Sample { unit_g: Grams(g), units: 4 }).to_vec();
    assert_eq!(spread(&fours), Some(Grams(20)), "a mean of four hides half the spread");
}

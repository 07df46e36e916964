//! What a product forbids in a box reaches the bench: it is not turned over, nothing lies on it, and step 6 shows both; a product
//! of a server that tells neither is packed as it always was.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::units::Grams;
use packbench::engine::input::Ui;
use packbench::engine::view::{BoxView, StageView, Up};
use packbench::protocol::wire::product::Handling;
use packbench::protocol::wire::{Change, Dims, ProductRecord, Put};

/// A lamp that stands 200 mm high.
fn lamp() -> ProductRecord {
    let mut lamp = world::product(world::LAMP, 700);
    lamp.version = 2;
    lamp.dims = Some(Dims { length_mm: 60, width_mm: 60, height_mm: 200 });
    lamp
}

/// What step 6 shows of an order with this lamp, where there is a box in which it can only lie.
fn boxed(lamp: ProductRecord, lines: &[(u64, u32)]) -> (Station, BoxView) {
    let mut flat = world::packaging(9, "FLAT", 300, 90);
    flat.inner.height_mm = 100;
    let mut s = Station::with_anna(&[Job::new(1, lines)]);
    s.pull(vec![Change::Product(Put::Upsert(Box::new(lamp))), Change::Packaging(Put::Upsert(Box::new(flat)))]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Pack(_)));
    let StageView::Pack(stage) = s.stage() else { panic!("{:?}", s.stage()) };
    (s, stage)
}

fn name(stage: &BoxView) -> &str {
    stage.suggested.as_ref().map_or("", |packaging| packaging.name.as_str())
}

#[test]
fn what_must_stand_is_not_laid_into_a_flat_box_and_the_picture_says_so() {
    let (_, any) = boxed(lamp(), &[(world::LAMP, 1)]);
    assert_eq!((name(&any), any.placed[0].this_side_up, any.placed[0].bears_g), ("FLAT", false, None));
    assert_ne!(any.placed[0].up, Up::Height);
    let (_, stands) = boxed(ProductRecord { handling: vec![Handling::ThisSideUp], ..lamp() }, &[(world::LAMP, 1)]);
    assert_eq!((name(&stands), stands.placed[0].this_side_up, stands.placed[0].up), ("M", true, Up::Height));
}

#[test]
fn nothing_lies_on_what_bears_nothing() {
    // A plate as long and wide as the small box: where it bears nothing it comes last, or alone.
    let plate = |bears_g| ProductRecord {
        dims: Some(Dims { length_mm: 145, width_mm: 145, height_mm: 40 }),
        handling: vec![Handling::ThisSideUp],
        bears_g,
        ..lamp()
    };
    let lies_on = |stage: &BoxView| {
        let low = stage.placed.iter().find(|unit| unit.size.height == 40).expect("the plate");
        stage.placed.iter().any(|unit| unit.at.2 >= low.at.2 + low.size.height)
    };
    let lines = [(world::LAMP, 1), (world::CUP, 1)];
    // The plate is the heavier one, so without a rule it lies at the bottom.
    let (_, free) = boxed(plate(None), &lines);
    assert!(free.placed.len() == 2 && lies_on(&free), "{free:?}");
    let (_, bare) = boxed(plate(Some(0)), &lines);
    assert!(bare.placed.len() == 2 && !lies_on(&bare), "{bare:?}");
    assert!(bare.placed.iter().any(|unit| unit.bears_g == Some(Grams(0))));
    let (_, little) = boxed(plate(Some(279)), &lines);
    assert!(!lies_on(&little), "the cup has 280 g: {little:?}");
    let (_, enough) = boxed(plate(Some(280)), &lines);
    assert!(lies_on(&enough), "{enough:?}");
}

#[test]
fn a_fragile_product_of_which_nothing_is_said_still_bears_two_kilograms() {
    let (_, stage) = boxed(lamp(), &[(world::MUG, 1)]);
    assert_eq!(stage.placed[0].bears_g, Some(Grams(2_000)));
}

#[test]
fn a_learnt_size_is_planned_with_and_said_to_be_learnt_and_a_measured_one_goes_before_it() {
    let learnt = Some(Dims { length_mm: 280, width_mm: 280, height_mm: 90 });
    let said = |stage: &BoxView| stage.why.iter().any(|why| why.key == "carton-sizes-learnt");
    let (_, unknown) = boxed(ProductRecord { dims: None, ..lamp() }, &[(world::LAMP, 1)]);
    assert!(unknown.placed.is_empty() && !said(&unknown), "{unknown:?}");
    let (_, guessed) = boxed(ProductRecord { dims: None, dims_learnt: learnt, ..lamp() }, &[(world::LAMP, 1)]);
    assert_eq!((name(&guessed), guessed.placed.len(), said(&guessed)), ("FLAT", 1, true));
    let small = Some(Dims { length_mm: 60, width_mm: 60, height_mm: 60 });
    let (_, measured) = boxed(ProductRecord { dims: small, dims_learnt: learnt, ..lamp() }, &[(world::LAMP, 1)]);
    assert_eq!((name(&measured), said(&measured)), ("S", false));
}

#[test]
fn the_rule_is_on_the_disk_and_holds_after_a_restart() {
    let (mut s, _) = boxed(ProductRecord { handling: vec![Handling::ThisSideUp], ..lamp() }, &[(world::LAMP, 1)]);
    s.restart();
    s.scan(world::ANNA.badge);
    let StageView::Pack(stage) = s.stage() else { panic!("{:?}", s.stage()) };
    assert_eq!((name(&stage), stage.placed[0].up), ("M", Up::Height));
}

//! Sizes learned from parcels: never beyond what a parcel proves, tighter with every parcel, guesses only where nothing is proven.

use packbench::core::ids::ProductId;
use packbench::core::units::{DimsMm, Grams};
use packbench::planning::sizes::{Content, Measured, learn};
use uuid::Uuid;

fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(n))
}

fn dims(length: i32, width: i32, height: i32) -> DimsMm {
    DimsMm { length, width, height }
}

fn unknown(n: u128, qty: u32, mass_g: i64) -> Content {
    Content { product: product(n), qty, dims: None, weight_g: (mass_g > 0).then_some(Grams(mass_g)) }
}

fn known(n: u128, qty: u32, dims: DimsMm) -> Content {
    Content { product: product(n), qty, dims: Some(dims), weight_g: None }
}

fn parcel(dims: DimsMm, contents: &[Content]) -> Measured {
    Measured { dims, contents: contents.to_vec() }
}

#[test]
fn every_parcel_can_only_make_a_size_smaller() {
    let wide = parcel(dims(400, 300, 200), &[unknown(1, 1, 0)]);
    let flat = parcel(dims(40, 380, 310), &[unknown(1, 2, 0)]);
    let learned = learn(std::slice::from_ref(&wide))[&product(1)];
    assert_eq!((learned.dims, learned.parcels), (dims(400, 300, 200), 1));
    // Side by side: no longer than 380, no wider than 300, no higher than 40, and half of 4.7 litres.
    let both = learn(&[wide, flat])[&product(1)];
    assert_eq!(both.parcels, 2);
    let sides = both.dims.sorted();
    assert!(sides[0] <= 380 && sides[1] <= 300 && sides[2] <= 40, "{both:?}");
    assert_eq!(both.volume_mm3, 380 * 310 * 40 / 2, "half the room, and no side is cut for it");
    assert_eq!(sides, [380, 300, 40]);
}

#[test]
fn what_is_known_takes_its_room_first() {
    let full = parcel(dims(100, 100, 100), &[known(1, 3, dims(100, 100, 25)), unknown(2, 5, 0)]);
    let learned = learn(&[full])[&product(2)];
    assert_eq!(learned.volume_mm3, 250_000 / 5);
    // One may be as long and wide as the box; a cube of 50,000 mm³ is 36 mm high.
    assert_eq!(learned.dims, dims(100, 100, 36));
}

#[test]
fn a_guess_counts_only_where_nothing_is_proven() {
    let both = parcel(dims(100, 100, 100), &[unknown(1, 1, 300), unknown(2, 1, 100)]);
    let guessed = learn(std::slice::from_ref(&both));
    let volume = |n| guessed[&product(n)].volume_mm3;
    assert_eq!((volume(1), volume(2)), (750_000, 250_000), "shared by mass");
    assert_eq!(guessed[&product(2)].dims, dims(100, 100, 100), "a guess of room cuts no side");
    let alone = parcel(dims(90, 90, 90), &[unknown(2, 1, 100)]);
    let learned = learn(&[both, alone]);
    assert_eq!(learned[&product(2)].dims, dims(90, 90, 90), "a limit, not the smaller guess");
}

#[test]
fn a_rod_among_many_is_as_long_as_it_is() {
    // Twenty rods of 290 by 20 by 20 fitted; nothing says that none is as long as the box, or as wide.
    let bundle = parcel(dims(300, 200, 200), &[unknown(1, 20, 0)]);
    let learned = learn(&[bundle])[&product(1)];
    let sides = learned.dims.sorted();
    assert!(sides[0] >= 290 && sides[1] >= 20 && sides[2] >= 20, "{learned:?}");
    assert_eq!((learned.dims, learned.volume_mm3), (dims(300, 200, 84), 600_000));
}

#[test]
fn parcels_that_cannot_be_teach_nothing() {
    let too_full = parcel(dims(10, 10, 10), &[known(1, 1, dims(20, 20, 20)), unknown(2, 1, 0)]);
    let no_size = parcel(dims(0, 10, 10), &[unknown(2, 1, 0)]);
    let absurd = parcel(dims(i32::MAX, i32::MAX, i32::MAX), &[unknown(2, 1, 0)]);
    let none = parcel(dims(10, 10, 10), &[unknown(2, 0, 0)]);
    assert!(learn(&[too_full, no_size, absurd, none]).is_empty());
}

//! Numbers that carry a weight, a price or a count at step 5: the rules of the house say which digits mean what, the product is found
//! by its item digits, and so many units are counted as the number is of.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::gs1::check_digit;
use packbench::core::units::Grams;
use packbench::engine::input::Ui;
use packbench::engine::view::StageView;
use packbench::protocol::wire::product::ProductBarcode;
use packbench::protocol::wire::{Change, Put, SettingsRecord};

/// Item 00042 at the counter of the house: weights begin with 21, prices with 22, counts with 23.
const RULES: [&str; 4] = ["21IIIIIWWWWWC", "22IIIIIPPPPPC.2", "23IIIIINNNNNC", "no rule of this version"];

fn ean(body: &str) -> String {
    format!("{body}{}", check_digit(body).expect("digits"))
}

/// A bench at step 5 with nine lamps of 700 g to count, which cost 5.00 and a fifth of it as tax, and the house's rules.
fn bench(rules: &[&str]) -> Station {
    let mut lamp = world::product(world::LAMP, 700);
    lamp.version = 2;
    let code =
        |code: &str| ProductBarcode { code: code.to_owned(), gtin: false, unit: "piece".to_owned(), units_per_scan: 1 };
    lamp.barcodes.push(code("00042"));
    lamp.barcodes.push(code(&format!("0{}", ean("219999900000"))));
    lamp.barcodes.push(code(&format!("9{}", ean_of_indicator_9())));
    let variable_numbers = rules.iter().map(|rule| (*rule).to_owned()).collect();
    let settings = SettingsRecord { version: 2, variable_numbers, ..world::settings() };
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 9), (world::MUG, 1)])]);
    s.pull(vec![Change::Product(Put::Upsert(Box::new(lamp))), Change::Settings(Put::Upsert(Box::new(settings)))]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s
}

/// The last thirteen digits of the lamp's GTIN-14 as it is sold by weight.
fn ean_of_indicator_9() -> String {
    let body = "950600000042";
    format!("{body}{}", check_digit(&format!("9{body}")).expect("digits"))
}

fn counted(s: &mut Station) -> u32 {
    s.view().pack.as_ref().expect("an order").done
}

#[test]
fn a_weight_a_price_and_a_count_are_counted_as_units_of_the_item_they_name() {
    let mut s = bench(&RULES);
    s.scan(&ean("210004201400"));
    assert_eq!((s.said(), counted(&mut s)), ("ok-counted", 2), "1.400 kg of 700 g each");
    s.scan(&ean("220004201200"));
    assert_eq!(counted(&mut s), 4, "12.00 at 6.00 with tax");
    s.scan(&ean("230004200003"));
    assert_eq!(counted(&mut s), 7);
    s.scan(&ean("210004200980"));
    assert_eq!(counted(&mut s), 8, "980 g is one lamp that weighs so much");
    s.scan(&ean("210004201400"));
    assert_eq!((s.said(), counted(&mut s)), ("refusal-case-too-big", 8), "two, where one is wanted");
}

#[test]
fn the_item_is_found_by_its_number_with_zeros_too_and_a_gs1_code_sold_by_weight_counts_alike() {
    let mut s = bench(&RULES);
    s.scan(&ean("219999902100"));
    assert_eq!(counted(&mut s), 3);
    s.scan_gs1(&format!("019{}3103001400", ean_of_indicator_9()));
    assert_eq!(counted(&mut s), 5);
}

#[test]
fn a_cheese_is_expected_at_the_weight_that_its_label_says() {
    let mut cheese = world::product(world::LAMP, 1_000);
    cheese.version = 2;
    let code = |code: String| ProductBarcode { code, gtin: false, unit: "piece".to_owned(), units_per_scan: 1 };
    cheese.barcodes.extend([code("00042".to_owned()), code(format!("9{}", ean_of_indicator_9()))]);
    let variable_numbers = vec![RULES[0].to_owned()];
    let settings = SettingsRecord { version: 2, variable_numbers, ..world::settings() };
    let job = Job::new(1, &[(world::LAMP, 3)]);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.pull(vec![Change::Product(Put::Upsert(Box::new(cheese))), Change::Settings(Put::Upsert(Box::new(settings)))]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    s.scan_gs1(&format!("019{}3103001234", ean_of_indicator_9()));
    assert_eq!((s.said(), counted(&mut s)), ("ok-counted", 1));
    s.scan(&ean("210004200871"));
    assert_eq!(counted(&mut s), 2, "871 g by the number of the house");
    // The third one has no weight on its label.
    s.work_until(|x| matches!(x, StageView::Weigh(_)));
    let StageView::Weigh(before) = s.stage() else { unreachable!() };
    assert_eq!(before.labelled_g, Some(Grams(1_234 + 871)));
    let tare = before.expected_g.0 - 1_234 - 871 - 1_000;
    assert!([60, 150, 400].contains(&tare), "{before:?}");
    // What was scanned is read again from the stored events.
    s.restart();
    let again = s.rebuilt(&job).expect("the open session");
    let nets = again.parcel().units.iter().filter_map(|u| u.trace.net).map(|net| (net.weight_g.0, net.units));
    assert_eq!(nets.collect::<Vec<_>>(), [(1_234, 1), (871, 1)]);
}

#[test]
fn without_a_rule_or_with_an_item_nobody_knows_the_number_means_nothing() {
    let mut s = bench(&[]);
    s.scan(&ean("210004201400"));
    assert_eq!((s.said(), counted(&mut s)), ("refusal-unknown-code", 0));
    let mut s = bench(&RULES);
    s.scan(&ean("210007701400"));
    assert_eq!((s.said(), counted(&mut s)), ("refusal-unknown-code", 0));
}

#[test]
fn a_number_that_is_known_as_a_whole_is_what_it_is() {
    let mut s = bench(&["50IIIIIWWWWWC"]);
    s.scan(&world::ean13(world::MUG));
    assert_eq!((s.said(), counted(&mut s)), ("ok-counted", 1), "a mug whose number looks like a weight");
}

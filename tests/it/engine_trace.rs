//! Lots, serial numbers and dates, wherever they stand: on a second label, typed, or in a code of the house; and numbers of
//! goods that must never be taken for one. Serial numbers that left, and that came free again.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::gs1::check_digit;
use packbench::core::scan::Trace;
use packbench::engine::input::Ui;
use packbench::engine::view::{Screen, StageView};
use packbench::protocol::sync;
use packbench::protocol::wire::product::ProductBarcode;
use packbench::protocol::wire::pull::SnapshotPart;
use packbench::protocol::wire::{
    Change, Cursor, FulfillmentId, ProductId, PullPage, Put, SerialUseId, SerialUsedRecord,
};
use uuid::Uuid;

fn at_verify(lines: &[(u64, u32)]) -> (Station, Job) {
    let job = Job::new(1, lines);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    (s, job)
}

fn done(s: &mut Station) -> u32 {
    s.view().pack.as_ref().expect("an order").done
}

fn used(id: u128, serial: &str, fulfillment: FulfillmentId) -> Change {
    Change::SerialUsed(Put::Upsert(Box::new(SerialUsedRecord {
        id: SerialUseId::from_u128(id),
        product_id: phone(),
        serial: serial.to_owned(),
        fulfillment_id: fulfillment,
        used_ms: world::START_MS,
    })))
}

fn free(id: u128) -> Change {
    Change::SerialUsed(Put::Tombstone { id: SerialUseId::from_u128(id) })
}

fn phone() -> ProductId {
    world::product(world::PHONE, 1).id
}

fn gtin(product: u64) -> String {
    format!("0{}", world::ean13(product))
}

/// A unit, and the answer to the question for its serial number.
fn serial(s: &mut Station, text: &str) -> &'static str {
    s.scan("SKU-3");
    s.scan(text);
    s.said()
}

#[test]
fn a_serial_number_is_free_again_once_the_server_takes_its_use_back() {
    let (mut s, _) = at_verify(&[(world::PHONE, 3)]);
    let elsewhere = FulfillmentId::from_u128(0x777);
    s.pull(vec![used(1, "S-1", elsewhere), used(2, "S-2", elsewhere)]);
    assert_eq!(serial(&mut s, "S-1"), "refusal-serial-used");
    s.pull(vec![free(1)]);
    s.scan("S-1");
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 1), "the scan elsewhere was undone");
    assert_eq!(serial(&mut s, "S-2"), "refusal-serial-used", "the other is still away");
}

#[test]
fn a_unit_of_the_order_on_the_bench_has_not_left_and_can_be_taken_out_and_put_in_again() {
    let (mut s, job) = at_verify(&[(world::PHONE, 3)]);
    assert_eq!(serial(&mut s, "S-1"), "ok-counted");
    // The server heard of the scan, and tells every station of it, this one too.
    s.pull(vec![used(1, "S-1", FulfillmentId(job.id().0))]);
    assert_eq!(serial(&mut s, "S-1"), "refusal-serial-twice", "it is in this very box");
    s.ui(Ui::Undo);
    s.ui(Ui::Undo);
    assert_eq!(done(&mut s), 0);
    assert_eq!(serial(&mut s, "S-1"), "ok-counted");
}

#[test]
fn uses_that_a_whole_list_of_the_server_does_not_bring_are_over_but_for_those_it_was_not_told_of() {
    let jobs = [Job::new(1, &[(world::PHONE, 1)]), Job::new(2, &[(world::PHONE, 4)])];
    let mut s = Station::with_anna(&jobs);
    s.pull(vec![used(1, "OLD", FulfillmentId::from_u128(0x777)), used(2, "KEPT", FulfillmentId::from_u128(0x777))]);
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    assert_eq!(serial(&mut s, "OURS"), "ok-counted");
    s.work();
    let mut changes = world::site_changes();
    changes.extend(jobs.iter().flat_map(Job::changes));
    changes.push(used(2, "KEPT", FulfillmentId::from_u128(0x777)));
    let page = PullPage {
        changes,
        next_cursor: Cursor("all".to_owned()),
        more: false,
        server_time_ms: world::START_MS,
        snapshot: Some(SnapshotPart { id: Uuid::from_u128(0x5a), last: true }),
    };
    s.store(sync::Effect::StorePage { no: 9, page: Box::new(page) });
    s.ui(Ui::Continue);
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    assert_eq!(serial(&mut s, "OURS"), "refusal-serial-used", "packed here, the server does not know it yet");
    s.scan("KEPT");
    assert_eq!(s.said(), "refusal-serial-used");
    s.scan("OLD");
    assert_eq!(s.said(), "ok-counted");
}

#[test]
fn a_typed_serial_number_that_left_is_refused_like_a_scanned_one() {
    let (mut s, _) = at_verify(&[(world::PHONE, 2)]);
    s.pull(vec![used(1, "S-1", FulfillmentId::from_u128(0x777))]);
    s.scan("SKU-3");
    let typed = |text: &str| Ui::Trace(Trace { serial: Some(text.to_owned()), ..Trace::default() });
    s.ui(typed(" S-1 "));
    assert_eq!((s.said(), done(&mut s)), ("refusal-serial-used", 0));
    s.ui(typed("S-3"));
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 1));
}

#[test]
fn a_second_label_answers_with_what_it_says_and_not_with_its_whole_text() {
    let (mut s, job) = at_verify(&[(world::CREAM, 1), (world::PHONE, 1)]);
    s.scan("SKU-4");
    s.scan_gs1("10ABC123");
    s.scan_gs1("17301231");
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 1));
    s.scan("SKU-3");
    s.scan_gs1("21S7");
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 2));
    let session = s.rebuilt(&job).expect("a session");
    let traces: Vec<_> = session.parcels[0].units.iter().map(|u| u.trace.clone()).collect();
    let lot = traces.iter().find_map(|t| t.lot.as_deref());
    let serial = traces.iter().find_map(|t| t.serial.as_deref());
    assert_eq!((lot, serial), (Some("ABC123"), Some("S7")));
    assert!(traces.iter().any(|t| t.expiry.is_some_and(|day| day.to_string() == "2030-12-31")));
}

#[test]
fn a_lot_is_no_serial_number_and_without_a_unit_in_hand_nothing() {
    let (mut s, _) = at_verify(&[(world::PHONE, 1)]);
    s.scan_gs1("10ABC123");
    assert_eq!(s.said(), "refusal-unknown-code");
    s.scan("SKU-3");
    s.scan_gs1("10ABC123");
    assert_eq!((s.said(), done(&mut s)), ("ok-trace-next", 0), "the lot is noted, the serial number still asked for");
    s.scan_gs1("10ABC123");
    assert_eq!((s.said(), done(&mut s)), ("refusal-trace-needed", 0), "nothing new");
}

#[test]
fn the_number_of_goods_is_no_serial_number() {
    let (mut s, _) = at_verify(&[(world::PHONE, 2)]);
    s.scan("SKU-3");
    let stranger = format!("0{}", world::ean13(999));
    s.scan_gs1(&format!("01{stranger}21SER9"));
    assert_eq!((s.said(), done(&mut s)), ("refusal-unknown-code", 0));
    s.scan(&format!("]E0{}", world::ean13(998)));
    assert_eq!((s.said(), done(&mut s)), ("refusal-unknown-code", 0), "the scanner says that it is an EAN");
    s.scan("S-1");
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 1));
}

#[test]
fn a_scanner_that_types_its_identifier_is_understood() {
    let (mut s, _) = at_verify(&[(world::LAMP, 3)]);
    s.scan(&format!("]E0{}", world::ean13(world::LAMP)));
    s.scan("]C0SKU-2");
    s.scan(&format!("]Q31730123101{}", gtin(world::LAMP)));
    assert_eq!(done(&mut s), 3);
}

#[test]
fn codes_of_the_house_in_gs1_clothes_are_found() {
    let mut s = Station::with_anna(&[
        Job::new(1, &[(world::MUG, 1)]),
        Job::new(2, &[(world::LAMP, 2)]).in_tote(&world::tote()),
    ]);
    s.scan_gs1("91TOTE-7");
    assert!(matches!(s.view().screen, Screen::Pack), "the tote opens its order: {}", s.said());
    let mut s = Station::with_anna(&[Job::new(2, &[(world::LAMP, 2)]).in_tote(&world::tote())]);
    let grai = format!("80030950600000{}TOTE7", check_digit("0950600000999").expect("digits"));
    let mut tote = world::tote();
    (tote.version, tote.barcode) = (2, Some(grai.clone()));
    s.pull(vec![Change::Location(Put::Upsert(Box::new(tote)))]);
    s.scan(&format!("]C1{grai}"));
    assert!(matches!(s.view().screen, Screen::Pack), "filed as it is printed: {}", s.said());
}

#[test]
fn a_printed_upc_e_is_its_item_and_never_guessed() {
    // 01234565 is the UPC-E of 012345000065, and a GTIN-8 too.
    let coded = |n: u64, code: &str| {
        let mut product = world::product(n, 100);
        product.version = 2;
        let gtin = true;
        product.barcodes =
            vec![ProductBarcode { code: code.to_owned(), gtin, unit: "piece".to_owned(), units_per_scan: 1 }];
        Change::Product(Put::Upsert(Box::new(product)))
    };
    let (mut s, _) = at_verify(&[(world::MUG, 4)]);
    s.pull(vec![coded(world::MUG, "00012345000065")]);
    s.scan("01234565");
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 1));
    s.pull(vec![coded(world::LAMP, "00000001234565")]);
    s.scan("01234565");
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 2), "the order settles it");
    s.scan("]E401234565");
    assert_eq!((s.said(), done(&mut s)), ("refusal-wrong-item", 2), "an EAN-8 is the lamp");
    s.scan("]E001234565");
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 3));
    let (mut s, _) = at_verify(&[(world::CUP, 1)]);
    s.pull(vec![coded(world::MUG, "00012345000065"), coded(world::LAMP, "00000001234565")]);
    s.scan("01234565");
    assert_eq!(s.said(), "refusal-ambiguous");
}

#[test]
fn what_a_carton_holds_is_counted_in_what_its_number_stands_for() {
    let mut lamp = world::product(world::LAMP, 700);
    let case = format!("1{}", &gtin(world::LAMP)[1..13]);
    let case = format!("{case}{}", check_digit(&case).expect("digits"));
    lamp.version = 2;
    lamp.barcodes.push(ProductBarcode { code: case.clone(), gtin: true, unit: "case".to_owned(), units_per_scan: 12 });
    let (mut s, _) = at_verify(&[(world::LAMP, 70), (world::MUG, 1)]);
    s.pull(vec![Change::Product(Put::Upsert(Box::new(lamp)))]);
    s.scan_gs1(&format!("02{case}375"));
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 60), "five cases of twelve");
    // A pallet of somebody else's, its own number beside what is on it.
    let pallet = "00950600012345678";
    let pallet = format!("00{pallet}{}", check_digit(pallet).expect("digits"));
    s.scan_gs1(&format!("{pallet}02{}3710", gtin(world::LAMP)));
    assert_eq!((s.said(), done(&mut s)), ("ok-counted", 70));
    s.scan_gs1(&pallet);
    assert_eq!(s.said(), "refusal-not-now", "a parcel's number alone");
}

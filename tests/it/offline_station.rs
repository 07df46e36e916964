//! With central gone, a station packs every order that is leased to it, to a label that is printed and scanned back; once
//! central is there again it has all of it, exactly once.

use crate::process_kit::books;
use crate::process_kit::house::House;
use crate::process_kit::packer::{Packer, open};
use crate::process_kit::station::Seen;

const SEED: u64 = 3;
/// More than a station takes ahead, so that some stay with central.
const ORDERS: usize = 40;

fn ids(file: &std::path::Path, sql: &str) -> Vec<String> {
    let db = open(file);
    let mut list = db.prepare(sql).unwrap();
    list.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Orders that are leased to the station by its own database.
const LEASED: &str = "SELECT w.number FROM lease l JOIN work w ON w.fulfillment = l.fulfillment ORDER BY w.number";
/// Orders whose parcels are all labelled and confirmed by a scan, by the station's own database.
const CONFIRMED: &str = "SELECT s.number FROM session s JOIN parcel p ON p.fulfillment = s.fulfillment \
    WHERE s.state = 'packed' GROUP BY s.number HAVING MIN(p.confirmed) = 1 ORDER BY s.number";
/// The same by central's.
const PACKED: &str = "SELECT o.number FROM fulfillments f JOIN orders o ON o.id = f.order_id \
    JOIN parcels p ON p.fulfillment = f.id WHERE f.state = 'packed' AND p.void = 0 \
    GROUP BY o.number HAVING COUNT(p.sscc) = COUNT(*) AND COUNT(p.confirmed_ms) = COUNT(*) ORDER BY o.number";

#[test]
fn every_leased_order_is_packed_without_central_and_told_later() {
    let house = House::build(ORDERS, SEED);
    let mut packer = Packer::new(&house, SEED);
    packer.switch_on();
    packer.pair();
    packer.begin();
    packer.central = None;
    packer.step().unwrap();
    let leased = ids(&house.station_file(), LEASED);
    assert!(leased.len() >= 2 && leased.len() < ORDERS, "leased are {leased:?}");
    while !leased.iter().all(|number| ids(&house.station_file(), CONFIRMED).contains(number)) {
        packer.step().unwrap();
    }
    // The next order is not leased: the station says so and begins nothing.
    while !packer.now.as_ref().is_some_and(|now| matches!(now.seen, Seen::Queue { .. })) {
        packer.step().unwrap();
    }
    assert_eq!(ids(&house.station_file(), CONFIRMED), leased, "only what is leased may be packed");
    let now = packer.now.as_ref().unwrap();
    assert!(!now.online && now.unsynced > 0, "{now:?}");
    packer.compare_with_disk();
    assert!(ids(&house.central_file(), PACKED).is_empty(), "central was not gone");

    packer.switch_on();
    packer.settle();
    packer.station.take().unwrap().switch_off();
    packer.compare_with_disk();
    assert_eq!(ids(&house.central_file(), PACKED), leased);
    books::assert_all(&house, &packer);
}

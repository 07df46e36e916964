//! Lots on both engines: a held one is promised to nobody and stations are told, what comes in later is held too, and where one went
//! is known to the parcel.

use crate::central_kit::{Bench, on_each_engine};
use crate::central_sync::packed_order;
use crate::orders_create::{available, furnished, refused};
use crate::stock_change::{change, make, somebody, spot};
use packbench::central::error::{Refusal, Res};
use packbench::central::services::stock::{Change, Kind, Reason, look, lots};
use packbench::core::scan::Trace;
use packbench::protocol::wire::{Change as Told, PullPage, Put};

fn of_lot(kind: Kind, sku: &str, location: &str, lot: &str, expiry: &str, quantity: i64) -> Change {
    let mut new = change(kind, spot(sku, location), quantity);
    (new.spot.lot, new.spot.expiry) = (lot.to_owned(), expiry.to_owned());
    new
}

fn receive(bench: &Bench, location: &str, lot: &str, expiry: &str, quantity: i64) {
    make(bench, somebody(1), &of_lot(Kind::Receive(String::new()), "85123A", location, lot, expiry, quantity)).unwrap();
}

fn hold(bench: &Bench, sku: &'static str, lot: &'static str, reason: Option<&'static str>) -> Res<()> {
    bench.central.store().write_blocking(somebody(1), move |work| lots::hold(work, sku, lot, reason))
}

/// Held balances that a fresh station is told of.
fn held_at_a_station(bench: &Bench, name: &'static str) -> Vec<(Option<String>, i64)> {
    let post = bench.pair(name);
    let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
    let levels = page.changes.into_iter().filter_map(|change| match change {
        Told::StockLevel(Put::Upsert(level)) if level.held => Some((level.lot, level.on_hand)),
        _ => None,
    });
    levels.collect()
}

#[test]
fn a_held_lot_is_promised_to_nobody_and_stations_are_told() {
    on_each_engine(|bench| {
        furnished(bench);
        receive(bench, "A-02-1", "L1", "2027-01-31", 20);
        assert_eq!(available(bench, "85123A"), 114);
        hold(bench, "85123A", "L1", Some("complaint about the paint")).unwrap();
        assert_eq!(available(bench, "85123A"), 94);
        assert_eq!(held_at_a_station(bench, "PACK 7"), [(Some("L1".to_owned()), 20)]);
        receive(bench, "A-01-1", "L1", "2027-01-31", 3);
        assert_eq!(available(bench, "85123A"), 94, "what comes in later is held from its beginning");
        assert_eq!(held_at_a_station(bench, "PACK 8").len(), 2);
        let store = bench.central.store();
        let site = store.site();
        let product = store.read_blocking(move |tx| look::product(tx, site, "85123A")).unwrap();
        assert!(product.first(50).iter().all(|(level, _)| level.lot.is_empty()), "and nobody is sent to it");
        assert_eq!((product.sums.held, product.sums.available), (23, 94));
        let broken = of_lot(Kind::Adjust(Reason::Broken), "85123A", "A-02-1", "L1", "2027-01-31", -5);
        assert!(
            make(bench, somebody(1), &broken).is_ok(),
            "held stock is promised to nobody, so it can be written off"
        );
        assert_eq!(refused(hold(bench, "85123A", "L1", Some("again"))).code(), "state");
        assert_eq!(refused(hold(bench, "85123A", "", Some("why"))).code(), "field");
        assert_eq!(refused(hold(bench, "85123A", "L2", Some(" "))).code(), "field");
        assert_eq!(refused(hold(bench, "NONE", "L2", Some("why"))), Refusal::Missing { entity: "product" });
        hold(bench, "85123A", "L1", None).unwrap();
        assert_eq!((available(bench, "85123A"), held_at_a_station(bench, "PACK 9").len()), (112, 0));
        assert_eq!(refused(hold(bench, "85123A", "L1", None)).code(), "state");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind IN ('lot.held', 'lot.let_go')"), 2);
    });
}

/// Lots of a product that stations are told to keep their hands off, whatever lies there.
fn held_lots(bench: &Bench, name: &'static str, sku: &str) -> Vec<String> {
    let post = bench.pair(name);
    let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
    let product = page.changes.into_iter().find_map(|change| match change {
        Told::Product(Put::Upsert(product)) if product.sku == sku => Some(product),
        _ => None,
    });
    product.unwrap().held_lots
}

#[test]
fn stations_know_of_a_held_lot_of_which_nothing_lies_here() {
    on_each_engine(|bench| {
        furnished(bench);
        let post = bench.pair("PACK 6");
        let start = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
        hold(bench, "85123A", "L7", Some("the supplier calls it back")).unwrap();
        let path = format!("/api/v1/sync/pull?protocol=1&limit=500&cursor={}", start.next_cursor.0);
        let news = bench.get::<PullPage>(&path, &post.who.token).1.unwrap();
        assert!(
            news.changes.iter().any(|c| matches!(c, Told::Product(Put::Upsert(p)) if p.held_lots == ["L7"])),
            "a station hears of it with its next pull: {:?}",
            news.changes
        );
        assert_eq!(held_lots(bench, "PACK 7", "85123A"), ["L7"]);
        hold(bench, "85123A", "L7", None).unwrap();
        assert!(held_lots(bench, "PACK 8", "85123A").is_empty());
    });
}

#[test]
fn where_a_lot_went_is_known_to_the_parcel_and_names_only_to_who_may_see_them() {
    on_each_engine(|bench| {
        furnished(bench);
        receive(bench, "A-02-1", "L1", "2027-01-31", 20);
        let mut post = bench.pair("PACK 1");
        let sscc =
            packed_order(bench, &mut post, "536365", &Trace { lot: Some("L1".to_owned()), ..Trace::default() }).sscc;
        let store = bench.central.store();
        let site = store.site();
        let look =
            |lot: &'static str, personal| store.read_blocking(move |tx| lots::went(tx, site, "85123A", lot, personal));
        let trace = look("L1", true).unwrap();
        assert_eq!((trace.received, trace.parcels.len(), trace.more), (20, 1, false));
        let parcel = &trace.parcels[0];
        assert_eq!(
            (parcel.order.as_str(), parcel.quantity, parcel.sscc.as_deref()),
            ("536365", 6, Some(sscc.as_str()))
        );
        assert_eq!(parcel.customer.as_deref(), Some("17850"));
        assert_eq!(trace.places.iter().map(|place| place.quantity).sum::<i64>(), 20, "the shelf was another one");
        assert!(look("L1", false).unwrap().parcels.iter().all(|parcel| parcel.name.is_empty()));
        assert_eq!(refused(look("L9", true)), Refusal::Missing { entity: "lot" });
    });
}

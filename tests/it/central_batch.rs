//! What a pushed batch leaves in the store, on both engines: however facts are batched, books and shelves end alike, and every
//! fact is kept byte for byte.

use crate::central_kit::{Bench, SMALL, on_each_engine};
use crate::central_sync::{lines, opened, outcomes};
use packbench::central::actor::Actor;
use packbench::central::services::stock::{self, Receipt};
use packbench::core::ids::LineNo;
use packbench::core::scan::Trace;
use packbench::core::session::Event;
use packbench::core::session::event::{PickHow, Undoable, VerifyHow};
use packbench::protocol::wire::Outcome;

const WRONG: &str = "SELECT COUNT(*) FROM stock_levels s WHERE s.quantity <> \
    (SELECT CAST(SUM(m.quantity) AS BIGINT) FROM stock_movements m WHERE m.level = s.id)";

fn receive_lots(bench: &Bench) {
    let receipt = |location: &str, lot: &str, expiry: &str, quantity| Receipt {
        sku: "85123A".to_owned(),
        location: location.to_owned(),
        lot: lot.to_owned(),
        expiry: expiry.to_owned(),
        quantity,
    };
    let lots = [receipt("A-02-1", "L1", "2030-01-01", 2), receipt("A-01-1", "L2", "2031-05-01", 3)];
    let receive = move |work: &mut packbench::central::store::work::Work<'_>| stock::receive(work, &lots, "lots");
    bench.central.store().write_blocking(Actor::Job("test"), receive).unwrap();
}

/// Units on each shelf of the product: without a lot, of the first, of the second.
fn shelves(bench: &Bench) -> [i64; 3] {
    let of = |sql| bench.int(sql);
    [
        of(
            "SELECT s.quantity FROM stock_levels s JOIN products p ON p.id = s.product WHERE p.sku = '85123A' AND s.lot = ''",
        ),
        of("SELECT quantity FROM stock_levels WHERE lot = 'L1'"),
        of("SELECT quantity FROM stock_levels WHERE lot = 'L2'"),
    ]
}

#[test]
fn picks_and_undone_picks_leave_the_same_shelves_however_they_are_batched() {
    for batch in [1, 3, 500] {
        on_each_engine(|bench| {
            bench.import(SMALL);
            bench.furnish();
            receive_lots(bench);
            let mut post = bench.pair("PACK 1");
            let grant = post.leases(bench, 1).granted.remove(0);
            let (work, fence) = (grant.fulfillment, grant.fence);
            let (no, _, quantity) = lines(bench, work)[0];
            assert_eq!(quantity, 6);
            let line = LineNo(no);
            let pick = |quantity, location: Option<&str>| {
                let location = location.map(str::to_owned);
                Event::Picked { line, quantity, location, how: PickHow::Shelf, product: None }
            };
            let undo = |quantity| Event::Undone { what: Undoable::Picked { line, quantity, product: None } };
            let mut seen = Vec::new();
            // Where the packer said: the lot there and one without a lot. Nowhere said: first expired first. Then the nearer lot,
            // the other lot, and the last one without a lot.
            for facts in [
                vec![opened(work, fence), pick(4, Some("A-01-1"))],
                vec![undo(4)],
                vec![pick(5, None)],
                vec![undo(5), pick(6, Some("A-02-1"))],
            ] {
                let events: Vec<_> = facts.into_iter().map(|fact| post.event(work, fence, fact)).collect();
                seen.extend(events);
            }
            for events in seen.chunks(batch) {
                let answer = post.push(bench, events.to_vec());
                assert_eq!(outcomes(&answer), vec![Outcome::Accepted; events.len()]);
                assert_eq!(bench.int(WRONG), 0, "a balance differs from its movements");
            }
            assert_eq!(shelves(bench), [99, 0, 0]);
            assert_eq!(bench.int("SELECT picked FROM order_lines WHERE picked > 0"), 6);
            let moves = "SELECT COUNT(*) FROM stock_movements WHERE kind IN ('pick', 'unpick')";
            assert_eq!(bench.int(moves), 2 + 2 + 2 + 2 + 3);
        });
    }
}

#[test]
fn a_fact_is_kept_byte_for_byte_and_known_again() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        let mut post = bench.pair("PACK 1");
        let grant = post.leases(bench, 1).granted.remove(0);
        let (work, fence) = (grant.fulfillment, grant.fence);
        let location = Some("A\\01\t\n\"ß\u{1f4e6}".to_owned());
        let no = lines(bench, work)[0].0;
        let fact = Event::Picked { line: LineNo(no), quantity: 1, location, how: PickHow::Shelf, product: None };
        let events = vec![post.event(work, fence, opened(work, fence)), post.event(work, fence, fact)];
        let (payload, hash) = (events[1].payload.json().to_owned(), events[1].hash());
        assert_eq!(outcomes(&post.push(bench, events.clone())), vec![Outcome::Accepted; 2]);
        assert_eq!(bench.text("SELECT payload FROM station_events WHERE seq = 2"), payload);
        let kept = bench
            .central
            .store()
            .read_blocking(|tx| Ok(tx.one("SELECT prev_hash, hash FROM station_events WHERE seq = 2", &[])?.unwrap()));
        let kept = kept.unwrap();
        assert_eq!(kept.at::<Vec<u8>>(0).unwrap(), events[0].hash().0);
        assert_eq!(kept.at::<Vec<u8>>(1).unwrap(), hash.0);
        assert_eq!(outcomes(&post.push(bench, events)), vec![Outcome::Duplicate; 2]);
    });
}

#[test]
fn a_moved_unit_keeps_the_lot_that_was_scanned_and_comes_back_with_it() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        let mut post = bench.pair("PACK 1");
        let grant = post.leases(bench, 1).granted.remove(0);
        let (work, fence) = (grant.fulfillment, grant.fence);
        let (no, product, _) = lines(bench, work)[0];
        let (line, units, how) = (LineNo(no), 1, VerifyHow::Scan);
        let of_lot = |lot: &str| {
            let trace = Trace { lot: Some(lot.to_owned()), ..Trace::default() };
            Event::Verified { line, product, units, trace, how, parcel: 1, gesture: None }
        };
        let (from, to, lot) = (1, 2, Some("A".to_owned()));
        let (serial, net, expiry) = (None, None, None);
        let moved = Event::Moved { line, product, units, serial: None, from, to, net, lot: lot.clone(), expiry };
        let what = Undoable::Moved { line, product, units, serial, from, to, net, lot, expiry };
        let pick = Event::Picked { line, quantity: 2, location: None, how: PickHow::Touch, product: None };
        let opens = Event::ParcelOpened { parcel: 2, moving_from: Some(1) };
        let facts = [opened(work, fence), pick, of_lot("A"), of_lot("B"), opens, moved];
        let events: Vec<_> = facts.into_iter().map(|fact| post.event(work, fence, fact)).collect();
        assert_eq!(outcomes(&post.push(bench, events)), vec![Outcome::Accepted; 6]);
        assert_eq!(bench.text("SELECT lot FROM parcel_items WHERE parcel = 1"), "B");
        assert_eq!(bench.text("SELECT lot FROM parcel_items WHERE parcel = 2"), "A");
        let back = vec![post.event(work, fence, Event::Undone { what })];
        assert_eq!(outcomes(&post.push(bench, back)), vec![Outcome::Accepted]);
        assert_eq!(bench.int("SELECT COUNT(*) FROM parcel_items WHERE parcel = 1"), 2);
    });
}

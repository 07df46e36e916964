//! The board as it is read, on both engines: counts, columns in their order page after page, lanes and filters, held against all cards
//! sorted by hand.

use crate::central_kit::{Bench, on_each_engine};
use crate::pipelines_follow::pipeline;
use packbench::central::services::orders::table::{Filter, Flag};
use packbench::central::services::pipelines::board::{self, CARDS, Lane, Step, Wanted};
use packbench::core::time::UtcMs;
use packbench::sql::Conn;
use std::collections::BTreeSet;

/// Forty orders of seven customers; every fifth is rush.
fn many(bench: &Bench) {
    let mut text = String::from("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
    for n in 0..40 {
        let customer = if n % 7 == 0 { String::new() } else { format!("{}.0", 17_850 + n % 7) };
        let line = format!(
            "{},22728,ALARM CLOCK,{}.0,2010-12-{:02} 08:26:00,3.75,{customer},France\n",
            600_000 + n,
            1 + n,
            1 + n % 20
        );
        text.push_str(&line);
    }
    bench.import(&text);
    let store = bench.central.store();
    store
        .write_blocking(packbench::central::actor::Actor::Job("test"), |work| {
            work.exec("UPDATE orders SET rush = 1 WHERE units % 5 = 0", &[])?;
            for row in work.all("SELECT id FROM orders", &[])? {
                work.changed(packbench::protocol::wire::ChangeKind::Order, row.at::<String>(0)?);
            }
            Ok(())
        })
        .unwrap();
}

/// Where one goes on behind a cursor in the first column of the warehouse.
fn more(bench: &Bench, wanted: &Wanted, after: String, looked: usize) -> (Vec<String>, Option<String>) {
    let (store, now) = (bench.central.store(), UtcMs(bench.now.load(std::sync::atomic::Ordering::SeqCst)));
    let (site, stage, wanted) = (store.site(), pipeline(bench, "warehouse").stages[0].clone(), wanted.clone());
    let read = move |tx: &mut dyn Conn| {
        let step = Step { after: Some(&after), most: CARDS, looked };
        board::more(tx, site, &stage, (&wanted, ""), &step, now)
    };
    store.read_blocking(read).unwrap()
}

#[test]
fn columns_are_read_in_their_order_to_the_end() {
    on_each_engine(|bench| {
        many(bench);
        let (store, now) = (bench.central.store(), UtcMs(bench.now.load(std::sync::atomic::Ordering::SeqCst)));
        let (site, warehouse) = (store.site(), pipeline(bench, "warehouse"));
        let read = |wanted: Wanted| {
            let warehouse = warehouse.clone();
            store.read_blocking(move |tx| board::board(tx, site, &warehouse, &wanted, now)).unwrap()
        };
        let whole = read(Wanted::default());
        assert_eq!((whole.cells.len(), whole.cells[0].count, whole.cells[0].ids.len()), (10, Some(40), CARDS));
        let (mut ids, mut next) = (whole.cells[0].ids.clone(), whole.cells[0].next.clone());
        while let Some(after) = next {
            let found = more(bench, &Wanted::default(), after, 1);
            ids.extend(found.0);
            next = found.1;
        }
        let sorted: Vec<String> = store
            .read_blocking(|tx| {
                let rows =
                    tx.all("SELECT id FROM orders ORDER BY -rush, COALESCE(ship_by_ms, 253402214400000), id", &[])?;
                rows.iter().map(|row| Ok(row.at(0)?)).collect()
            })
            .unwrap();
        assert_eq!(ids, sorted, "rush first, then what is due first");

        let lanes = read(Wanted { lane: Lane::Buyer, ..Wanted::default() });
        assert_eq!(
            lanes.lanes.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            BTreeSet::from(["guest", "person"])
        );
        assert_eq!(lanes.cells.iter().filter_map(|cell| cell.count).sum::<i64>(), 40);
        let guests = read(Wanted { buyer: "guest".to_owned(), ..Wanted::default() });
        assert_eq!((guests.cells[0].count, guests.cells[0].ids.len()), (Some(6), 6));
        assert_eq!(guests.totals[&warehouse.stages[0].id], 40, "how full a stage is does not hang on the filter");

        let few = Filter { text: "60001".to_owned(), personal: true, ..Filter::default() };
        let found = read(Wanted { filter: few.clone(), ..Wanted::default() });
        assert_eq!(found.cells[0].count, Some(10));
        let both = read(Wanted { filter: few, buyer: "guest".to_owned(), lane: Lane::Buyer, ..Wanted::default() });
        assert_eq!(both.cells.iter().filter_map(|cell| cell.count).sum::<i64>(), 1, "600014");
        let rush =
            read(Wanted { filter: Filter { flags: vec![Flag::Rush], ..Filter::default() }, ..Wanted::default() });
        assert_eq!(rush.cells[0].count, Some(8));
        let none = read(Wanted { reminded: true, ..Wanted::default() });
        assert_eq!(none.cells.iter().filter_map(|cell| cell.count).sum::<i64>(), 0);

        let asked = ids[..5].to_vec();
        let cards = store.read_blocking(move |tx| board::cards(tx, site, &asked, true, now)).unwrap();
        assert_eq!(cards.iter().map(|card| card.row.id.clone()).collect::<Vec<_>>(), ids[..5]);
        assert!(cards.iter().all(|card| card.row.rush && card.sort.0 == -1 && card.version == 1));
    });
}

#[test]
fn what_is_rare_is_looked_for_a_bit_at_a_time() {
    on_each_engine(|bench| {
        many(bench);
        let (store, now) = (bench.central.store(), UtcMs(bench.now.load(std::sync::atomic::Ordering::SeqCst)));
        let (site, warehouse) = (store.site(), pipeline(bench, "warehouse"));
        let rare = Wanted {
            filter: Filter { payment: vec!["none".to_owned()], flags: vec![Flag::Rush], ..Filter::default() },
            ..Wanted::default()
        };
        let asked = rare.clone();
        let first = store.read_blocking(move |tx| board::board(tx, site, &warehouse, &asked, now)).unwrap();
        let (mut found, mut next, mut looks) = (Vec::new(), Some("-9_0_".to_owned()), 0);
        while let Some(after) = next {
            let some = more(bench, &rare, after, 5);
            found.extend(some.0);
            (next, looks) = (some.1, looks + 1);
        }
        assert_eq!(
            (found, looks),
            (first.cells[0].ids.clone(), 9),
            "forty cards, five at a time, and one look behind the last"
        );
    });
}

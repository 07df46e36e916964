//! What of the stock is promised, as stations read it, on both engines: the lease is the allocation, laid on the balances in
//! the order in which they are taken.

use crate::central_kit::{Bench, Post, SMALL, on_each_engine};
use packbench::central::actor::Actor;
use packbench::central::services::stock::{self, Receipt};
use packbench::protocol::wire::{Change, PullPage, Put};
use std::collections::BTreeMap;

/// Units there and units promised, by expiry day, of one product, as a station is told from a point on; and where it ends.
fn told(bench: &Bench, post: &Post, cursor: &str) -> (BTreeMap<String, (i64, i64)>, String) {
    let path = format!("/api/v1/sync/pull?protocol=1&limit=500{cursor}");
    let page = bench.get::<PullPage>(&path, &post.who.token).1.unwrap();
    let product = bench.text("SELECT id FROM products WHERE sku = '85123A'");
    let levels = page.changes.iter().filter_map(|change| match change {
        Change::StockLevel(Put::Upsert(level)) if level.product_id.to_string() == product => {
            let day = level.expiry.as_ref().map(|day| day.0.clone()).unwrap_or_default();
            Some((day, (level.on_hand, level.allocated)))
        }
        _ => None,
    });
    (levels.collect(), format!("&cursor={}", page.next_cursor.0))
}

fn levels(rows: &[(&str, i64, i64)]) -> BTreeMap<String, (i64, i64)> {
    rows.iter().map(|(day, there, promised)| ((*day).to_owned(), (*there, *promised))).collect()
}

#[test]
fn units_under_a_lease_are_promised_first_expired_first_until_the_lease_ends() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        let receipt = |expiry: &str, quantity| Receipt {
            sku: "85123A".to_owned(),
            location: "A-02-1".to_owned(),
            lot: "L".to_owned(),
            expiry: expiry.to_owned(),
            quantity,
        };
        let more = [receipt("2031-05-01", 1), receipt("2030-01-01", 4)];
        let receive = move |work: &mut packbench::central::store::work::Work<'_>| stock::receive(work, &more, "more");
        bench.central.store().write_blocking(Actor::Job("test"), receive).unwrap();
        let mut post = bench.pair("PACK 1");
        let (free, from) = told(bench, &post, "");
        assert_eq!(free, levels(&[("", 100, 0), ("2030-01-01", 4, 0), ("2031-05-01", 1, 0)]));
        let granted = post.leases(bench, 50).granted;
        assert_eq!(granted.len(), 3);
        let (promised, from) = told(bench, &post, &from);
        assert_eq!(promised, levels(&[("", 100, 1), ("2030-01-01", 4, 4), ("2031-05-01", 1, 1)]), "six units are due");
        assert!(told(bench, &post, &from).0.is_empty());
        post.leases(bench, 0);
        let (free_again, _) = told(bench, &post, &from);
        assert_eq!(free_again, free, "grants that never arrived are free again, and so is their stock");
    });
}

#[test]
fn more_promised_than_there_is_can_be_seen() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        let taken = |work: &mut packbench::central::store::work::Work<'_>| {
            let sql =
                "UPDATE stock_levels SET quantity = 4 WHERE product = (SELECT id FROM products WHERE sku = '85123A')";
            work.exec(sql, &[])
        };
        bench.central.store().write_blocking(Actor::Job("test"), taken).unwrap();
        let mut post = bench.pair("PACK 1");
        post.leases(bench, 50);
        assert_eq!(told(bench, &post, "").0, levels(&[("", 4, 6)]), "six are due and four lie there");
    });
}

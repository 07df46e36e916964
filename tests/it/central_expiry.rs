//! Leases that end by their time, on both engines: by the job alone, at the start of the server, and nothing that began.

use crate::central_kit::{Bench, SMALL, on_each_engine};
use packbench::central::actor::Actor;
use packbench::central::services::leases;
use packbench::protocol::wire::{Change, PullPage, Put};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const LEASE_MS: i64 = 14 * 60 * 60 * 1000;

fn held(bench: &Bench) -> i64 {
    bench.int("SELECT COUNT(*) FROM fulfillments WHERE lease_held = 1")
}

#[test]
fn work_nobody_began_is_in_the_pool_again_when_its_time_is_over() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        let mut post = bench.pair("PACK 1");
        let granted = post.leases(bench, 50).granted;
        assert_eq!((granted.len(), held(bench)), (3, 3));
        let begun = granted[0].fulfillment.to_string();
        bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), move |work| {
                work.exec("UPDATE fulfillments SET lease_begun = 1 WHERE id = $1", packbench::vals![&begun])?;
                Ok(())
            })
            .unwrap();
        let end = || bench.central.store().write_blocking(Actor::Job("leases"), leases::expire).unwrap();
        bench.now.fetch_add(LEASE_MS - 1, Ordering::SeqCst);
        assert_eq!((end(), held(bench)), (0, 3));
        bench.now.fetch_add(1, Ordering::SeqCst);
        assert_eq!((end(), held(bench)), (2, 1), "what began waits for a lead");
        assert_eq!(end(), 0);
        let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
        let leases: Vec<_> =
            page.changes.iter().filter(|change| matches!(change, Change::Lease(Put::Upsert(_)))).collect();
        assert_eq!(leases.len(), 1, "a new station reads of no holder for the others");
        let mut other = bench.pair("PACK 2");
        let again = other.leases(bench, 50).granted;
        assert_eq!(again.len(), 2);
        assert!(again.iter().all(|grant| grant.fence.0 == 2), "under a new number: {again:?}");
    });
}

#[test]
fn the_server_ends_them_by_itself_from_its_start_on() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        bench.pair("PACK 1").leases(bench, 50);
        bench.now.fetch_add(LEASE_MS, Ordering::SeqCst);
        let deadline = Instant::now() + Duration::from_secs(20);
        let central = bench.central.clone();
        let stop = async move {
            let left = |central: &packbench::central::Central| {
                let store = central.store().clone();
                async move {
                    store.read(|tx| Ok(tx.int("SELECT COUNT(*) FROM fulfillments WHERE lease_held = 1", &[])?)).await
                }
            };
            while left(&central).await.unwrap() > 0 && Instant::now() < deadline {
                tokio::task::yield_now().await;
            }
        };
        bench.runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            bench.central.serve(listener, stop).await.unwrap();
        });
        assert_eq!(held(bench), 0, "nobody asked");
    });
}

//! Leases that end by their time, on both engines: by the job alone, at the start of the server, and nothing that began. What a
//! bench without network packed after that counts only as long as nobody changed the order.

use crate::central_kit::{Bench, Post, SMALL, on_each_engine};
use crate::central_sync::{lines, outcomes, packing};
use packbench::central::actor::Actor;
use packbench::central::error::Res;
use packbench::central::services::leases;
use packbench::central::services::orders::edit::{Edit, Edited, edit, editable};
use packbench::central::services::orders::table::act::{Action, act};
use packbench::central::services::orders::{self, Split};
use packbench::central::store::work::Work;
use packbench::core::gs1;
use packbench::protocol::wire::{
    Change, EventEnvelope, HaveLease, LeaseAnswer, LeaseGrant, LeaseLossReason, Outcome, PullPage, Put, RejectCode,
};
use std::collections::BTreeMap;
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

fn write<T: Send + 'static>(bench: &Bench, part: impl FnMut(&mut Work<'_>) -> Res<T> + Send + 'static) -> T {
    bench.central.store().write_blocking(Actor::Job("test"), part).unwrap()
}

/// A bench packs the first order without network, while the time of its lease runs out: what it will tell.
fn packed_unheard(bench: &Bench) -> (Post, LeaseGrant, Vec<EventEnvelope>) {
    bench.import(SMALL);
    bench.furnish();
    let mut post = bench.pair("PACK 1");
    let mut answer = post.leases(bench, 1);
    let block = &answer.sscc_blocks[0];
    let sscc = gs1::sscc(&block.company_prefix, block.first, block.extension).unwrap();
    let grant = answer.granted.remove(0);
    let facts = packing(bench, &mut post, grant.fulfillment, grant.fence, &sscc);
    bench.now.fetch_add(LEASE_MS, Ordering::SeqCst);
    assert_eq!(write(bench, leases::expire), 1);
    (post, grant, facts)
}

/// The office does something to that order before the bench is heard again.
fn counts_no_more_after(office: impl Fn(&Bench, &LeaseGrant)) {
    on_each_engine(|bench| {
        let (mut post, grant, facts) = packed_unheard(bench);
        office(bench, &grant);
        let mut request = post.lease_request(0);
        request.have = vec![HaveLease { fulfillment: grant.fulfillment, fence: grant.fence, begun: true }];
        let answer: LeaseAnswer = bench.post("/api/v1/sync/leases", &post.who.token, &request).1.unwrap();
        assert_eq!(answer.lost[0].reason, LeaseLossReason::TakenOver, "the bench is told to stop: {answer:?}");
        let stale = Outcome::Rejected { code: RejectCode::StaleFence };
        assert!(outcomes(&post.push(bench, facts)).iter().all(|outcome| *outcome == stale));
        let asked = "SELECT COUNT(DISTINCT fulfillment) FROM exceptions WHERE kind = 'stale_lease' AND state = 'open'";
        assert_eq!(bench.int(asked), 1, "a person looks at the parcel");
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE state NOT IN ('released', 'blocked')"), 0);
        assert_eq!(bench.int("SELECT CAST(SUM(packed + picked) AS BIGINT) FROM order_lines"), 0, "nothing leaves");
    });
}

fn order_of(bench: &Bench) -> String {
    bench.text("SELECT id FROM orders WHERE number = '536365'")
}

#[test]
fn what_was_packed_unheard_is_taken_as_long_as_nobody_changed_it() {
    on_each_engine(|bench| {
        let (post, _, facts) = packed_unheard(bench);
        assert!(outcomes(&post.push(bench, facts)).iter().all(|outcome| *outcome == Outcome::Accepted));
        assert_eq!(bench.text("SELECT state FROM fulfillments WHERE packed_by IS NOT NULL"), "packed");
    });
}

#[test]
fn an_order_edited_after_the_time_of_its_lease_is_not_sent_as_it_was() {
    counts_no_more_after(|bench, _| {
        let site = bench.central.store().site();
        let done = write(bench, move |work| {
            let now = editable(work.tx, site, "536365")?;
            let wish = Edit { address: now.address.clone(), note: "Ring twice".to_owned(), ..Edit::default() };
            edit(work, "536365", &now.seen(), &wish)
        });
        assert_eq!(done, Edited::Done);
    });
}

#[test]
fn an_order_held_after_the_time_of_its_lease_stays_here() {
    counts_no_more_after(|bench, _| {
        let order = order_of(bench);
        assert_eq!(write(bench, move |work| act(work, &order, Action::Hold)), Edited::Done);
    });
}

#[test]
fn an_order_split_after_the_time_of_its_lease_does_not_leave_twice() {
    counts_no_more_after(|bench, grant| {
        let (order, fulfillment) = (order_of(bench), grant.fulfillment.to_string());
        let units = BTreeMap::from([(lines(bench, grant.fulfillment)[0].0, 1)]);
        let done = write(bench, move |work| orders::split(work, &order, &fulfillment, &units));
        assert!(matches!(done, Split::Done(_)));
    });
}

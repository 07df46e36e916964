//! The server asks unstarted work back, on both engines: for a starving station, for a rush order while another is free, and
//! never from a station that is not heard; what the stations answer, and that fences keep their rule.

use crate::central_kit::{Bench, Post, SMALL, on_each_engine};
use packbench::central::actor::Actor;
use packbench::central::services::{leases, orders};
use packbench::core::ids::UserId as CoreUser;
use packbench::core::session::Event;
use packbench::core::session::event::Opening;
use packbench::protocol::wire::lease::{RecallReason, RecallRecord};
use packbench::protocol::wire::{
    Change, Fence, FulfillmentId, HaveLease, LeaseAnswer, LeaseGrant, LeaseReturn, Outcome, PullPage, Put, RejectCode,
    ReturnReason, UserId,
};
use std::sync::atomic::Ordering;
use uuid::Uuid;

fn have(grant: &LeaseGrant) -> HaveLease {
    HaveLease { fulfillment: grant.fulfillment, fence: grant.fence, begun: false }
}

fn back(have: &HaveLease) -> LeaseReturn {
    LeaseReturn { fulfillment: have.fulfillment, fence: have.fence, reason: ReturnReason::Recalled }
}

fn exchange(bench: &Bench, post: &mut Post, have: Vec<HaveLease>, returns: Vec<LeaseReturn>, want: u32) -> LeaseAnswer {
    let mut request = post.lease_request(want);
    (request.have, request.returns, request.rate_per_hour) = (have, returns, 0);
    bench.post("/api/v1/sync/leases", &post.who.token, &request).1.unwrap()
}

fn recalls(bench: &Bench, post: &Post) -> Vec<RecallRecord> {
    let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
    let recalls = page.changes.into_iter().filter_map(|change| match change {
        Change::Recall(Put::Upsert(recall)) => Some(*recall),
        _ => None,
    });
    recalls.collect()
}

/// Two benches; the first holds all three orders.
fn two(bench: &Bench) -> (Post, Post, Vec<LeaseGrant>) {
    bench.import(SMALL);
    bench.furnish();
    let (mut first, second) = (bench.pair("PACK 1"), bench.pair("PACK 2"));
    let granted = exchange(bench, &mut first, vec![], vec![], 50).granted;
    assert_eq!(granted.len(), 3);
    (first, second, granted)
}

fn opened(work: FulfillmentId, fence: Fence) -> Event {
    Event::Opened {
        fulfillment: packbench::core::ids::FulfillmentId(work.0),
        order_version: 1,
        packer: CoreUser(Uuid::from_u128(77)),
        how: Opening::Next,
        picked_elsewhere: false,
        fence: i64::try_from(fence.0).unwrap(),
    }
}

#[test]
fn a_station_with_nothing_to_do_is_fed_from_the_end_of_anothers_queue() {
    on_each_engine(|bench| {
        let (mut first, mut second, granted) = two(bench);
        let all: Vec<HaveLease> = granted.iter().map(have).collect();
        assert!(exchange(bench, &mut second, vec![], vec![], 5).granted.is_empty());
        let asked = recalls(bench, &first);
        let [wish] = asked.as_slice() else { panic!("half of what is beyond its need: {asked:?}") };
        assert_eq!((wish.fulfillment_id, wish.reason), (granted[2].fulfillment, RecallReason::Starving));
        assert!(recalls(bench, &second).is_empty(), "only the station that is meant reads the wish");
        assert!(exchange(bench, &mut second, vec![], vec![], 5).granted.is_empty());
        assert_eq!(recalls(bench, &first).len(), 1, "what is asked back already is not asked for twice");
        let answer = exchange(bench, &mut first, all[..2].to_vec(), vec![back(&all[2])], 5);
        assert_eq!((answer.renewed.len(), answer.granted.len()), (2, 0), "not back to the one that gave it");
        assert!(recalls(bench, &first).is_empty(), "the wish is answered");
        let answer = exchange(bench, &mut first, all[..2].to_vec(), vec![], 5);
        assert!(answer.granted.is_empty(), "nor a moment later");
        let answer = exchange(bench, &mut second, vec![], vec![], 5);
        let [given] = answer.granted.as_slice() else { panic!("{answer:?}") };
        assert_eq!((given.fulfillment, given.fence), (all[2].fulfillment, all[2].fence.next()));
        let event = first.event(all[2].fulfillment, all[2].fence, opened(all[2].fulfillment, all[2].fence));
        let outcome = first.push(bench, vec![event]).outcomes[0].outcome;
        assert_eq!(outcome, Outcome::Rejected { code: RejectCode::StaleFence }, "the old number is void");
    });
}

#[test]
fn the_exchange_asks_too_and_a_station_that_began_keeps_the_work() {
    on_each_engine(|bench| {
        let (mut first, mut second, granted) = two(bench);
        exchange(bench, &mut second, vec![], vec![], 5);
        let all: Vec<HaveLease> = granted.iter().map(have).collect();
        let answer = exchange(bench, &mut first, all.clone(), vec![], 0);
        assert_eq!((answer.recalled, answer.renewed.len()), (vec![all[2]], 2));
        let event = first.event(all[2].fulfillment, all[2].fence, opened(all[2].fulfillment, all[2].fence));
        assert_eq!(first.push(bench, vec![event]).outcomes[0].outcome, Outcome::Accepted);
        assert!(recalls(bench, &first).is_empty(), "begun is an answer");
        let mut begun = all;
        begun[2].begun = true;
        let answer = exchange(bench, &mut first, begun, vec![], 0);
        assert_eq!((answer.renewed.len(), answer.recalled.len()), (3, 0));
        assert_eq!(bench.int("SELECT COUNT(*) FROM recalls WHERE done = 0"), 0);
    });
}

#[test]
fn a_rush_order_moves_only_while_another_station_is_free() {
    on_each_engine(|bench| {
        let (mut first, mut second, granted) = two(bench);
        let order = bench.text("SELECT id FROM orders WHERE number = '536365'");
        let work =
            bench.text("SELECT f.id FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.number = '536365'");
        let (by, id) = (UserId(Uuid::from_u128(1)), order.clone());
        let put_first =
            move |work: &mut packbench::central::store::work::Work<'_>| orders::expedite(work, &id, by, true);
        let job = || Actor::Job("test");
        bench.central.store().write_blocking(job(), put_first.clone()).unwrap();
        assert!(recalls(bench, &first).is_empty(), "its holder ranks it first by itself");
        exchange(bench, &mut second, vec![], vec![], 1);
        let asked = recalls(bench, &first);
        assert!(asked.iter().all(|wish| wish.fulfillment_id.to_string() != work), "starving takes the last, not this");
        bench.central.store().write_blocking(job(), put_first).unwrap();
        let wish = recalls(bench, &first).into_iter().find(|wish| wish.fulfillment_id.to_string() == work);
        assert_eq!(wish.unwrap().reason, RecallReason::Rush);
        let all: Vec<HaveLease> = granted.iter().map(have).collect();
        let (asked, kept): (Vec<_>, Vec<_>) = all.into_iter().partition(|have| have.fulfillment.to_string() == work);
        let answer = exchange(bench, &mut first, kept, vec![back(&asked[0])], 5);
        assert!(answer.granted.is_empty());
        assert_eq!(exchange(bench, &mut second, vec![], vec![], 1).granted[0].fulfillment, asked[0].fulfillment);
    });
}

#[test]
fn a_station_that_is_not_heard_is_not_asked() {
    on_each_engine(|bench| {
        let (first, mut second, granted) = two(bench);
        bench.now.fetch_add(5 * 60_000, Ordering::SeqCst);
        exchange(bench, &mut second, vec![], vec![], 5);
        let id = granted[0].fulfillment.to_string();
        let asked = bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), move |work| leases::recall(work, &id, RecallReason::Edited));
        assert!(!asked.unwrap());
        assert!(recalls(bench, &first).is_empty());
    });
}

#[test]
fn a_cancelled_order_leaves_the_station_that_had_not_begun_it() {
    on_each_engine(|bench| {
        let (mut first, _, granted) = two(bench);
        let all: Vec<HaveLease> = granted.iter().map(have).collect();
        let order = bench.text("SELECT order_id FROM fulfillments ORDER BY sort_due_ms, sort_placed_ms, id LIMIT 1");
        let cancel =
            move |work: &mut packbench::central::store::work::Work<'_>| orders::cancel(work, &order, "customer");
        bench.central.store().write_blocking(Actor::Job("test"), cancel).unwrap();
        let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &first.who.token).1.unwrap();
        assert!(page.changes.iter().any(|change| matches!(change, Change::Cancel(Put::Upsert(_)))), "told at once");
        let answer = exchange(bench, &mut first, all, vec![], 0);
        assert_eq!((answer.renewed.len(), answer.lost.len()), (2, 1));
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE lease_held = 1"), 2);
    });
}

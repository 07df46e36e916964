//! Work that began at a station which no longer names it, on both engines: the question, what closes it, and what each answer
//! does. Also what an answer leaves behind when it sends work back to the queue.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, Post, SMALL, on_each_engine};
use crate::central_sync::opened;
use crate::console_kit::csrf_of;
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::exceptions::{self, Decision, NewException};
use packbench::central::services::leases;
use packbench::protocol::wire::lease::RecallReason;
use packbench::protocol::wire::{
    Change, FulfillmentId, HaveLease, LeaseAnswer, LeaseGrant, LeaseLossReason, Outcome, PullPage, Put, RejectCode,
    Role,
};
use std::sync::atomic::Ordering;

const OPEN: &str = "SELECT COUNT(*) FROM exceptions WHERE kind = 'work_forgotten' AND state = 'open'";
const ALL: &str = "SELECT COUNT(*) FROM exceptions WHERE kind = 'work_forgotten'";

fn exchange(bench: &Bench, post: &mut Post, have: Vec<HaveLease>, want: u32) -> LeaseAnswer {
    let mut request = post.lease_request(want);
    request.have = have;
    let (status, answer) = bench.post("/api/v1/sync/leases", &post.who.token, &request);
    assert_eq!(status, StatusCode::OK);
    answer.unwrap()
}

fn have(grant: &LeaseGrant) -> HaveLease {
    HaveLease { fulfillment: grant.fulfillment, fence: grant.fence, begun: true }
}

/// A bench that began one work.
fn begun(bench: &Bench) -> (Post, LeaseGrant) {
    bench.import(SMALL);
    bench.furnish();
    let mut post = bench.pair("PACK 1");
    let grant = exchange(bench, &mut post, vec![], 1).granted.pop().unwrap();
    let event = post.event(grant.fulfillment, grant.fence, opened(grant.fulfillment, grant.fence));
    assert_eq!(post.push(bench, vec![event]).outcomes[0].outcome, Outcome::Accepted);
    (post, grant)
}

fn state(bench: &Bench, work: FulfillmentId) -> (String, bool) {
    let read = bench.central.store().read_blocking(move |tx| {
        let sql = "SELECT state, lease_held FROM fulfillments WHERE id = $1";
        let row = tx.one(sql, packbench::vals![work.to_string()])?.unwrap();
        Ok((row.at(0)?, row.at(1)?))
    });
    read.unwrap()
}

/// Answers the open question at the console.
fn answer(bench: &Bench, cookie: &str, word: &str) -> StatusCode {
    let text = page(bench, "/exceptions", cookie).2;
    let csrf = csrf_of(&text);
    let id = bench.text("SELECT id FROM exceptions WHERE state = 'open'");
    form(bench, &format!("/exceptions/{id}"), cookie, format!("csrf={csrf}&decision={word}")).0
}

#[test]
fn it_is_asked_once_and_closes_when_the_station_names_the_work_again() {
    on_each_engine(|bench| {
        let (mut post, grant) = begun(bench);
        exchange(bench, &mut post, vec![have(&grant)], 0);
        assert_eq!(bench.int(ALL), 0, "what is named is not forgotten");
        for _ in 0..3 {
            let answer = exchange(bench, &mut post, vec![], 0);
            assert!(answer.granted.is_empty() && answer.lost.is_empty(), "{answer:?}");
        }
        assert_eq!((bench.int(OPEN), bench.int(ALL)), (1, 1), "one cause, one question");
        assert_eq!(state(bench, grant.fulfillment), ("packing".to_owned(), true), "nobody else is given it");
        assert_eq!(exchange(bench, &mut post, vec![have(&grant)], 0).renewed.len(), 1);
        assert_eq!((bench.int(OPEN), bench.int(ALL)), (0, 1));
        assert_eq!(bench.text("SELECT decision FROM exceptions"), "settled");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'exception.settled'"), 1);
        exchange(bench, &mut post, vec![], 0);
        assert_eq!((bench.int(OPEN), bench.int(ALL)), (1, 2), "forgotten anew is asked anew");
    });
}

#[test]
fn waiting_on_is_an_answer_for_an_hour() {
    on_each_engine(|bench| {
        let (mut post, grant) = begun(bench);
        user(bench, "office", Role::Office, "en");
        let cookie = log_in(bench, "office");
        exchange(bench, &mut post, vec![], 0);
        let text = page(bench, "/exceptions", &cookie).2;
        assert!(text.contains("Begun at a station that forgot it") && text.contains("Keep waiting"), "{text}");
        assert!(!text.contains("value=\"take_over\""), "only a lead takes over");
        assert_eq!(answer(bench, &cookie, "take_over"), StatusCode::FORBIDDEN);
        assert_eq!(answer(bench, &cookie, "noted"), StatusCode::SEE_OTHER);
        assert_eq!(bench.int(OPEN), 1, "an answer that it does not have answers nothing");
        assert_eq!(answer(bench, &cookie, "keep_waiting"), StatusCode::SEE_OTHER);
        assert_eq!(state(bench, grant.fulfillment), ("packing".to_owned(), true));
        bench.now.fetch_add(59 * 60_000, Ordering::SeqCst);
        exchange(bench, &mut post, vec![], 0);
        assert_eq!((bench.int(OPEN), bench.int(ALL)), (0, 1));
        bench.now.fetch_add(60_000, Ordering::SeqCst);
        exchange(bench, &mut post, vec![], 0);
        assert_eq!((bench.int(OPEN), bench.int(ALL)), (1, 2), "it does not wait in silence");
    });
}

#[test]
fn released_it_goes_to_the_next_bench_and_the_old_one_is_told() {
    on_each_engine(|bench| {
        let (mut post, grant) = begun(bench);
        let mut other = bench.pair("PACK 2");
        user(bench, "office", Role::Office, "en");
        let cookie = log_in(bench, "office");
        exchange(bench, &mut post, vec![], 0);
        assert_eq!(answer(bench, &cookie, "release"), StatusCode::SEE_OTHER);
        assert_eq!(state(bench, grant.fulfillment), ("released".to_owned(), false));
        let lost = exchange(bench, &mut post, vec![have(&grant)], 0).lost;
        assert_eq!(lost[0].reason, LeaseLossReason::Expired, "naming it again does not bring it back: {lost:?}");
        let given = exchange(bench, &mut other, vec![], 50).granted;
        let again = given.iter().find(|given| given.fulfillment == grant.fulfillment).unwrap();
        assert_eq!(again.fence, grant.fence.next());
        assert_eq!(bench.int(OPEN), 0);
    });
}

#[test]
fn a_lead_takes_it_over_and_what_the_old_bench_says_counts_no_more() {
    on_each_engine(|bench| {
        let (mut post, grant) = begun(bench);
        user(bench, "lead", Role::Lead, "ru");
        let cookie = log_in(bench, "lead");
        exchange(bench, &mut post, vec![], 0);
        assert!(page(bench, "/exceptions", &cookie).2.contains("Старший забирает"));
        assert_eq!(answer(bench, &cookie, "take_over"), StatusCode::SEE_OTHER);
        assert_eq!(state(bench, grant.fulfillment), ("released".to_owned(), false));
        assert_eq!(bench.text("SELECT decision FROM exceptions"), "take_over", "answered by a person, not by itself");
        let late = post.event(grant.fulfillment, grant.fence, opened(grant.fulfillment, grant.fence));
        let outcome = post.push(bench, vec![late]).outcomes[0].outcome;
        assert_eq!(outcome, Outcome::Rejected { code: RejectCode::StaleFence });
        let lost = exchange(bench, &mut post, vec![have(&grant)], 0).lost;
        assert_eq!(lost[0].reason, LeaseLossReason::TakenOver);
    });
}

#[test]
fn a_release_answers_an_open_recall_and_frees_the_promised_stock() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        let mut post = bench.pair("PACK 1");
        let grant = exchange(bench, &mut post, vec![], 1).granted.pop().unwrap();
        let id = grant.fulfillment.to_string();
        let store = bench.central.store();
        let cause = id.clone();
        let question = move |work: &mut packbench::central::store::work::Work<'_>| {
            assert!(leases::recall(work, &cause, RecallReason::Rush)?);
            let new = NewException {
                kind: "hold",
                cause: cause.clone(),
                fulfillment: Some(cause.clone()),
                order: None,
                station: None,
                event: None,
                detail: serde_json::json!({}),
            };
            exceptions::open(work, &new)
        };
        assert!(store.write_blocking(Actor::Job("test"), question).unwrap());
        let before = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
        let promised = |page: &PullPage| -> i64 {
            let levels = page.changes.iter().filter_map(|change| match change {
                Change::StockLevel(Put::Upsert(level)) => Some(level.allocated),
                _ => None,
            });
            levels.sum()
        };
        assert!(promised(&before) > 0);
        let question = bench.text("SELECT id FROM exceptions");
        let release = move |work: &mut packbench::central::store::work::Work<'_>| {
            exceptions::decide(work, &question, Decision::Release)
        };
        store.write_blocking(Actor::Job("test"), release).unwrap();
        assert_eq!(bench.int("SELECT COUNT(*) FROM recalls WHERE done = 0"), 0, "the wish is answered");
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE lease_held = 1 OR lease_recalled = 1"), 0);
        let path = format!("/api/v1/sync/pull?protocol=1&limit=500&cursor={}", before.next_cursor.0);
        let page = bench.get::<PullPage>(&path, &post.who.token).1.unwrap();
        let told = page.changes.iter().filter(|change| matches!(change, Change::StockLevel(Put::Upsert(_)))).count();
        assert!(told > 0 && promised(&page) == 0, "stations learn that its stock is free: {page:?}");
        let gone = |change: &Change| matches!(change, Change::Recall(Put::Tombstone { .. }));
        assert!(page.changes.iter().any(gone), "and that the wish is over");
    });
}

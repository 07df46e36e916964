//! Splitting an order's work, on both engines: by lines and units, by key and by form; the parts are leased and packed
//! apart and meet again; what is held is asked back first, what began is refused.

use crate::api_kit::{Answer, ask, key, master};
use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, Post, SMALL, on_each_engine};
use crate::central_sync::{opened, outcomes, packing};
use crate::console_kit::csrf_of;
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::access::{Permission, roles};
use packbench::core::gs1;
use packbench::protocol::wire::{
    Change, FulfillmentId, FulfillmentRecord, HaveLease, LeaseAnswer, LeaseGrant, LeaseReturn, Outcome, PullPage, Put,
    ReturnReason, Role,
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

const ORDER: &str = "536365";

fn ready(bench: &Bench) -> (String, String) {
    bench.import(SMALL);
    bench.furnish();
    user(bench, "office", Role::Office, "en");
    let cookie = log_in(bench, "office");
    let csrf = csrf_of(&page(bench, "/orders", &cookie).2);
    (cookie, csrf)
}

fn first_part(bench: &Bench) -> String {
    bench.text(
        "SELECT f.id FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.number = '536365' AND f.part = 1",
    )
}

/// Units of the order's lines by line number: six hearts, and lanterns.
fn split(bench: &Bench, key: &str, part: u32, lines: &[(u32, i64)]) -> Answer {
    static NO: AtomicU32 = AtomicU32::new(0);
    let lines: Vec<Value> = lines.iter().map(|(no, units)| json!({ "line_no": no, "quantity": units })).collect();
    let body = json!({ "part": part, "lines": lines }).to_string();
    let name = format!("split-{}", NO.fetch_add(1, Ordering::SeqCst));
    let headers = [("content-type", "application/json"), ("if-match", "*"), ("idempotency-key", name.as_str())];
    ask(bench, "POST", &format!("/api/v1/orders/{ORDER}/split"), key, &headers, &body)
}

fn line_of(bench: &Bench, sku: &'static str) -> u32 {
    let sql = match sku {
        "85123A" => "SELECT l.line_no FROM order_lines l JOIN products p ON p.id = l.product WHERE p.sku = '85123A'",
        _ => "SELECT MIN(l.line_no) FROM order_lines l JOIN products p ON p.id = l.product WHERE p.sku = '71053'",
    };
    u32::try_from(bench.int(sql)).unwrap()
}

fn records(bench: &Bench, post: &Post) -> Vec<FulfillmentRecord> {
    let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
    let works = page.changes.into_iter().filter_map(|change| match change {
        Change::Fulfillment(Put::Upsert(work)) if work.number.starts_with(ORDER) => Some(*work),
        _ => None,
    });
    let mut works: Vec<_> = works.collect();
    works.sort_by_key(|work| work.part);
    works
}

/// Leases one of these works, which are all first in the queue.
fn grant_of(bench: &Bench, post: &mut Post, works: &[FulfillmentId]) -> (LeaseGrant, LeaseAnswer) {
    let answer = post.leases(bench, 1);
    let grant = answer.granted.iter().find(|grant| works.contains(&grant.fulfillment)).cloned();
    (grant.unwrap_or_else(|| panic!("{works:?} are next: {answer:?}")), answer)
}

#[test]
fn parts_are_leased_and_packed_apart_and_the_order_follows_from_its_lines() {
    on_each_engine(|bench| {
        let (cookie, _) = ready(bench);
        let heart = line_of(bench, "85123A");
        let answer = split(bench, &master(bench), 1, &[(heart, 4)]);
        assert_eq!((answer.status, &answer.json["outcome"]), (StatusCode::OK, &json!("split")), "{}", answer.json);
        assert_eq!(answer.json["part"], 2);
        let (mut first, mut second) = (bench.pair("PACK 1"), bench.pair("PACK 2"));
        let works = records(bench, &first);
        let [one, two] = works.as_slice() else { panic!("two parts: {works:?}") };
        assert_eq!((one.number.as_str(), two.number.as_str(), one.parts, two.parts), ("536365", "536365/2", 2, 2));
        assert_eq!((&one.consolidate_with, &two.consolidate_with), (&vec![two.id], &vec![one.id]));
        let units = |work: &FulfillmentRecord| work.lines.iter().map(|line| line.quantity).sum::<u32>();
        assert_eq!((units(one) + units(two), units(two)), (8, 4), "a line's units lie in both");
        let mut leased = Vec::new();
        for (post, status) in [(&mut first, "in_progress"), (&mut second, "packed")] {
            let (grant, answer) = grant_of(bench, post, &[one.id, two.id]);
            leased.push(grant.fulfillment);
            let block = &answer.sscc_blocks[0];
            let sscc = gs1::sscc(&block.company_prefix, block.first, block.extension).unwrap();
            let facts = packing(bench, post, grant.fulfillment, grant.fence, &sscc);
            assert!(outcomes(&post.push(bench, facts)).iter().all(|outcome| *outcome == Outcome::Accepted));
            let now = bench.text("SELECT fulfillment_status FROM orders WHERE number = '536365'");
            assert_eq!(now, status);
        }
        assert_ne!(leased[0], leased[1], "each bench had its own part");
        let off = "SELECT COUNT(*) FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.number = '536365' \
            AND l.service = 0 AND (l.packed <> l.quantity OR l.picked <> l.quantity)";
        assert_eq!(bench.int(off), 0, "what both packed is what was ordered");
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions"), 0);
        let text = page(bench, &format!("/orders/{ORDER}"), &cookie).2;
        assert!(
            text.contains("Split into parts") && !text.contains("Split part 1"),
            "packed parts are not split: {text}"
        );
    });
}

#[test]
fn what_is_held_is_asked_back_first_and_what_began_is_refused() {
    on_each_engine(|bench| {
        let (cookie, _) = ready(bench);
        let (heart, part, key) = (line_of(bench, "85123A"), first_part(bench), master(bench));
        let mut post = bench.pair("PACK 1");
        let (grant, _) = grant_of(bench, &mut post, &[part.parse().unwrap()]);
        let ask = || split(bench, &key, 1, &[(heart, 1)]);
        bench.now.fetch_add(10 * 60_000, Ordering::SeqCst);
        assert_eq!(ask().status, StatusCode::CONFLICT, "its station is not heard");
        let have = HaveLease { fulfillment: grant.fulfillment, fence: grant.fence, begun: false };
        let exchange = |post: &mut Post, have: Vec<HaveLease>, returns: Vec<LeaseReturn>| {
            let mut request = post.lease_request(0);
            (request.have, request.returns) = (have, returns);
            bench.post::<_, LeaseAnswer>("/api/v1/sync/leases", &post.who.token, &request).1.unwrap()
        };
        exchange(&mut post, vec![have], vec![]);
        for _ in 0..2 {
            let answer = ask();
            assert_eq!((answer.status, &answer.json["outcome"]), (StatusCode::ACCEPTED, &json!("recalled")));
        }
        assert!(page(bench, &format!("/orders/{ORDER}"), &cookie).2.contains("Asked back from its station"));
        assert_eq!(exchange(&mut post, vec![have], vec![]).recalled, [have]);
        let back = LeaseReturn { fulfillment: have.fulfillment, fence: have.fence, reason: ReturnReason::Recalled };
        exchange(&mut post, vec![], vec![back]);
        assert_eq!(ask().status, StatusCode::OK);
        let grants = post.leases(bench, 50).granted;
        let grant = grants.iter().find(|grant| grant.fulfillment == have.fulfillment).unwrap();
        let event = post.event(grant.fulfillment, grant.fence, opened(grant.fulfillment, grant.fence));
        post.push(bench, vec![event]);
        assert_eq!(ask().status, StatusCode::CONFLICT, "begun");
        assert_eq!(bench.int("SELECT MAX(parts) FROM fulfillments"), 2);
    });
}

#[test]
fn nonsense_and_strangers_split_nothing() {
    on_each_engine(|bench| {
        let (_, csrf) = ready(bench);
        let (heart, part, may) = (line_of(bench, "85123A"), first_part(bench), master(bench));
        for (name, part, lines, status) in [
            ("nothing", 1, vec![], StatusCode::UNPROCESSABLE_ENTITY),
            ("more than there is", 1, vec![(heart, 7)], StatusCode::UNPROCESSABLE_ENTITY),
            ("less than one", 1, vec![(heart, 0)], StatusCode::UNPROCESSABLE_ENTITY),
            ("no such line", 1, vec![(900, 1)], StatusCode::UNPROCESSABLE_ENTITY),
            ("a line twice", 1, vec![(heart, 1), (heart, 1)], StatusCode::UNPROCESSABLE_ENTITY),
            ("a part that is not", 2, vec![(heart, 1)], StatusCode::NOT_FOUND),
        ] {
            assert_eq!(split(bench, &may, part, &lines).status, status, "{name}");
        }
        assert_eq!(split(bench, "", 1, &[(heart, 1)]).status, StatusCode::UNAUTHORIZED);
        let reader = key(bench, &[Permission::OrderView]);
        assert_eq!(split(bench, &reader, 1, &[(heart, 1)]).status, StatusCode::FORBIDDEN);
        user(bench, "packer", Role::Packer, "en");
        let theirs = log_in(bench, "packer");
        let own = csrf_of(&page(bench, "/orders", &theirs).2);
        let path = format!("/orders/{ORDER}/split");
        for (cookie, csrf) in [(&theirs, &own), (&theirs, &csrf)] {
            let body = format!("csrf={csrf}&part={part}&line-{heart}=1");
            assert_eq!(form(bench, &path, cookie, body).0, StatusCode::FORBIDDEN);
        }
        assert!(!page(bench, &format!("/orders/{ORDER}"), &theirs).2.contains("/split"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE parts > 1"), 0);
    });
}

#[test]
fn the_form_is_for_who_may_change_orders_whatever_their_role() {
    on_each_engine(|bench| {
        let (office, _) = ready(bench);
        user(bench, "packer", Role::Packer, "en");
        let packer = log_in(bench, "packer");
        let shows = |cookie: &str| page(bench, "/orders/536365", cookie).2.contains("/orders/536365/split");
        assert!(shows(&office) && !shows(&packer));
        for (role, allowed) in [(Role::Packer, true), (Role::Office, false)] {
            let set = move |work: &mut packbench::central::store::work::Work<'_>| {
                roles::set(work, role, Permission::OrderUpdate, allowed)
            };
            bench.central.store().write_blocking(Actor::Job("test"), set).unwrap();
        }
        assert!(!shows(&office) && shows(&packer), "the role decides still");
        let csrf = csrf_of(&page(bench, "/orders", &office).2);
        let body = format!("csrf={csrf}&part={}&line-1=1", first_part(bench));
        assert_eq!(form(bench, "/orders/536365/split", &office, body).0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn the_form_of_the_console_splits_too() {
    on_each_engine(|bench| {
        let (cookie, csrf) = ready(bench);
        let (heart, part) = (line_of(bench, "85123A"), first_part(bench));
        let path = format!("/orders/{ORDER}/split");
        assert!(page(bench, &format!("/orders/{ORDER}"), &cookie).2.contains(&format!("action=\"{path}\"")));
        let body = |csrf: &str, units: i64| format!("csrf={csrf}&part={part}&line-{heart}={units}");
        assert_eq!(form(bench, &path, &cookie, body("forged", 2)).0, StatusCode::FORBIDDEN);
        let (status, _, text) = form(bench, &path, &cookie, body(&csrf, 9));
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("So many units are not in this part"), "{text}");
        assert_eq!(form(bench, &path, &cookie, body(&csrf, 2)).0, StatusCode::SEE_OTHER);
        assert_eq!(bench.int("SELECT quantity FROM fulfillment_lines fl JOIN fulfillments f ON f.id = fl.fulfillment WHERE f.part = 2"), 2);
        assert!(page(bench, &format!("/orders/{ORDER}"), &cookie).2.contains("Split part 1"));
    });
}

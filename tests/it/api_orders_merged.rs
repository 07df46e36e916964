//! `/api/v1/orders/{number}/merge` on both engines: once for a request, by who saw the order, and only what the key may.

use crate::api_kit::{Answer, ask, get, key, master};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_order_files::two;
use crate::orders_create::furnished;
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::access::Permission;
use serde_json::{Value, json};

fn merge(bench: &Bench, key: &str, into: &str, name: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", "*"), ("idempotency-key", name)];
    ask(bench, "POST", &format!("/api/v1/orders/{into}/merge"), key, &headers, &body.to_string())
}

#[test]
fn two_orders_are_merged_once_and_by_who_may() {
    on_each_engine(|bench| {
        furnished(bench);
        let (into, from) = two(bench);
        let all = master(bench);
        let half = key(bench, &[Permission::OrderView, Permission::OrderUpdate]);
        let body = json!({ "from": from });
        assert_eq!(merge(bench, &half, &into, "a", &body).status, StatusCode::FORBIDDEN);
        assert_eq!(merge(bench, &all, &into, "b", &json!({ "from": " " })).status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(merge(bench, &all, &into, "c", &json!({ "from": "NONE" })).status, StatusCode::NOT_FOUND);
        let done = merge(bench, &all, &into, "d", &body);
        assert_eq!((done.status, &done.json["outcome"]), (StatusCode::OK, &json!("merged")), "{}", done.json);
        assert_eq!(merge(bench, &all, &into, "d", &body).header("idempotency-replayed"), "true");
        assert_eq!(merge(bench, &all, &into, "e", &body).status, StatusCode::CONFLICT);
        assert_eq!(get(bench, &format!("/api/v1/orders/{from}"), &all).json["status"], "cancelled");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'order.merged'"), 2);
    });
}

#[test]
fn orders_on_other_terms_stay_apart_and_what_is_rush_keeps_its_rank() {
    on_each_engine(|bench| {
        furnished(bench);
        let (into, from) = two(bench);
        let all = master(bench);
        let set = |sql: &'static str| {
            let from = from.clone();
            let job =
                move |work: &mut packbench::central::store::work::Work<'_>| work.exec(sql, packbench::vals![&from]);
            bench.central.store().write_blocking(Actor::Job("test"), job).unwrap();
        };
        let body = json!({ "from": from });
        set("UPDATE orders SET terms = 'prepaid', flag_unpaid = 1 WHERE number = $1");
        let kept = merge(bench, &all, &into, "a", &body);
        assert_eq!(kept.status, StatusCode::CONFLICT, "what is to be paid first would leave on account: {}", kept.json);
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE flag_unpaid = 1"), 1);
        set("UPDATE orders SET terms = 'net30', flag_unpaid = 0, rush = 1 WHERE number = $1");
        let rank = "SELECT f.sort_priority FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.is_open = 1 AND o.desk = 'b2b' \
            ORDER BY o.rush, o.number LIMIT 1";
        assert_eq!(bench.int(rank), 0);
        assert_eq!(merge(bench, &all, &into, "b", &body).status, StatusCode::OK);
        assert_eq!(bench.int(rank), -1, "rush goods are packed in the place of rush goods");
    });
}

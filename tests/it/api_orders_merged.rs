//! `/api/v1/orders/{number}/merge` on both engines: once for a request, by who saw the order, and only what the key may.

use crate::api_kit::{Answer, ask, get, key, master};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_order_files::two;
use crate::orders_create::furnished;
use axum::http::StatusCode;
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

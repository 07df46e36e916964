//! `/api/v1/stock/changes` and `/api/v1/stock/lots` on both engines: each change has its own result, once for its key, and a lot is held
//! and traced.

use crate::api_kit::{Answer, ask, get, key, master, seed};
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::{Value, json};

pub fn post(bench: &Bench, path: &str, key: &str, name: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", name)];
    ask(bench, "POST", path, key, &headers, &body.to_string())
}

const PATH: &str = "/api/v1/stock/changes";

#[test]
fn each_change_has_its_own_result_and_all_have_their_effect_once() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let body = json!({ "changes": [
            { "kind": "receive", "sku": "22728", "location": "A-02-1", "quantity": 12, "reference": "DN 7" },
            { "kind": "transfer", "sku": "22728", "location": "A-02-1", "to": "A-01-1", "quantity": 2 },
            { "kind": "adjust", "sku": "22728", "location": "A-02-1", "quantity": -20, "reason": "lost" },
            { "kind": "count", "sku": "22728", "location": "A-02-1", "quantity": 9 },
            { "kind": "count", "sku": "22728", "location": "A-02-1", "quantity": 90 },
            { "kind": "receive", "sku": "NONE", "location": "A-02-1", "quantity": 1 },
        ] });
        let done = post(bench, PATH, &key, "k1", &body);
        assert_eq!(done.status, StatusCode::OK);
        let results = done.json["results"].as_array().unwrap();
        let outcomes: Vec<_> = results.iter().map(|one| one["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["booked", "booked", "refused", "booked", "waits", "refused"]);
        assert_eq!((&results[0]["available"], &results[0]["quantity"]), (&json!(88), &json!(12)));
        assert_eq!((&results[3]["difference"], &results[3]["available"]), (&json!(-1), &json!(87)));
        assert_eq!(results[2]["problem"]["code"], "invalid");
        assert_eq!(results[5]["problem"]["code"], "not_found");
        assert_eq!(done.json["refused"], 2);
        let again = post(bench, PATH, &key, "k1", &body);
        assert_eq!((again.header("idempotency-replayed"), &again.json), ("true", &done.json));
        assert_eq!(bench.int("SELECT COUNT(*) FROM stock_movements WHERE actor_kind = 'key'"), 4, "once");
    });
}

#[test]
fn who_saw_other_units_books_nothing() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let change = |kind: &str, quantity: i64, seen: i64| json!({ "kind": kind, "sku": "22728", "location": "A-02-1", "quantity": quantity, "seen": seen });
        let body = json!({ "changes": [
            change("receive", 12, 0), change("count", 11, 12), change("receive", 5, 12), change("receive", 5, 11),
        ] });
        let done = post(bench, PATH, &key, "k1", &body);
        let results = done.json["results"].as_array().unwrap();
        let outcomes: Vec<_> = results.iter().map(|one| one["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["booked", "booked", "refused", "booked"], "each as it is when its turn comes");
        assert_eq!(results[2]["problem"]["code"], "version_conflict");
        assert!(results[2]["problem"]["detail"].as_str().unwrap().starts_with("11 units are there by now"));
        assert_eq!(results[3]["quantity"], 16);
    });
}

#[test]
fn what_is_no_change_is_told_by_its_place_and_nothing_is_booked() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let good = json!({ "kind": "receive", "sku": "22728", "location": "A-02-1", "quantity": 1 });
        for (name, value, place) in [
            ("quantity", json!(0), "quantity"),
            ("sku", json!(""), "sku"),
            ("location", json!("a\u{7}"), "location"),
            ("expiry", json!("2027-02-30"), "expiry"),
            ("expiry", json!(""), "expiry"),
            ("kind", json!("adjust"), "reason"),
            ("kind", json!("transfer"), "to"),
            ("reference", json!("r".repeat(61)), "reference"),
            ("note", json!("n".repeat(301)), "note"),
            ("seen", json!(1_000_000_001), "seen"),
        ] {
            let mut one = good.clone();
            one[name] = value;
            let refused = post(bench, PATH, &key, "k", &json!({ "changes": [good, one] }));
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert_eq!(refused.json["fields"][0]["pointer"], format!("/changes/1/{place}"), "{}", refused.json);
        }
        assert_eq!(post(bench, PATH, &key, "k", &json!({ "changes": [] })).code(), "invalid");
        let unknown = json!({ "changes": [good], "more": 1 });
        assert_eq!(post(bench, PATH, &key, "k", &unknown).status, StatusCode::BAD_REQUEST);
        let reader = crate::api_kit::key(bench, &[Permission::StockView]);
        assert_eq!(post(bench, PATH, &reader, "k", &json!({ "changes": [good] })).status, StatusCode::FORBIDDEN);
        assert_eq!(bench.int("SELECT COUNT(*) FROM stock_movements WHERE actor_kind = 'key'"), 0);
    });
}

#[test]
fn a_lot_is_held_let_go_and_traced_by_key() {
    on_each_engine(|bench| {
        seed(bench);
        let master = master(bench);
        let change = json!({ "kind": "receive", "sku": "22728", "location": "A-02-1", "lot": "L1", "expiry": "2027-05-31",
            "quantity": 5 });
        assert_eq!(post(bench, PATH, &master, "k1", &json!({ "changes": [change] })).json["refused"], 0);
        let lots = "/api/v1/stock/lots";
        let hold = json!({ "sku": "22728", "lot": "L1", "held": true, "reason": "Recall by the maker" });
        assert_eq!(post(bench, lots, &master, "k2", &hold).json["held"], true);
        assert_eq!(post(bench, lots, &master, "k3", &hold).code(), "wrong_state");
        let silent = json!({ "sku": "22728", "lot": "L1", "held": true });
        assert_eq!(post(bench, lots, &master, "k4", &silent).status, StatusCode::UNPROCESSABLE_ENTITY);
        let trace = get(bench, "/api/v1/stock/lots?sku=22728&lot=L1", &master);
        assert_eq!((&trace.json["held"], &trace.json["received"]), (&json!(true), &json!(5)));
        assert_eq!(trace.json["places"][0]["location"], "A-02-1");
        assert_eq!(get(bench, "/api/v1/stock/lots?sku=22728&lot=L9", &master).status, StatusCode::NOT_FOUND);
        assert_eq!(get(bench, "/api/v1/stock/lots?sku=22728", &master).status, StatusCode::BAD_REQUEST);
        let reader = key(bench, &[Permission::StockView]);
        assert_eq!(get(bench, "/api/v1/stock/lots?sku=22728&lot=L1", &reader).status, StatusCode::FORBIDDEN);
        assert_eq!(post(bench, lots, &reader, "k", &hold).status, StatusCode::FORBIDDEN);
        let back = json!({ "sku": "22728", "lot": "L1", "held": false });
        assert_eq!(post(bench, lots, &master, "k5", &back).json["held"], false);
    });
}

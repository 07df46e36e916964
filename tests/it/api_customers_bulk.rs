//! `POST /api/v1/customers/bulk` on both engines: each customer has a result, all have their effect once, and nothing of a person is in the
//! answers that are kept.

use crate::api_kit::{Answer, ask, get, key, master, seed};
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/customers/bulk";

fn post(bench: &Bench, key: &str, name: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", name)];
    ask(bench, "POST", PATH, key, &headers, &body.to_string())
}

fn address(name: &str) -> Value {
    json!({ "name": name, "lines": ["2 Mill Lane"], "city": "Leeds", "country": "GB" })
}

#[test]
fn each_customer_has_a_result_and_all_have_their_effect_once() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let body = json!({ "customers": [
            { "kind": "person", "address": address("Bea Brown"), "vip": true },
            { "number": "17850", "vip": true, "name": "Alice B. Archer" },
            { "number": "17850", "version": 1, "vip": false },
            { "number": "NO-SUCH", "vip": true },
        ] });
        let before = bench.int("SELECT COUNT(*) FROM customers");
        let done = post(bench, &key, "a", &body);
        assert_eq!(done.status, StatusCode::OK);
        let results = done.json["results"].as_array().unwrap();
        let outcomes: Vec<_> = results.iter().map(|one| one["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["created", "changed", "refused", "refused"]);
        let codes: Vec<_> = results[2..].iter().map(|one| one["problem"]["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["version_conflict", "not_found"]);
        assert_eq!((&done.json["refused"], &results[0]["version"]), (&json!(2), &json!(1)));
        assert!(!done.json.to_string().contains("Brown"), "the answer is kept: {}", done.json);
        let made = format!("/api/v1/customers/{}", results[0]["number"].as_str().unwrap());
        let read = get(bench, &made, &key);
        assert_eq!((&read.json["name"], &read.json["vip"]), (&json!("Bea Brown"), &json!(true)));
        assert_eq!(get(bench, "/api/v1/customers/17850", &key).json["name"], "Alice B. Archer");
        let again = post(bench, &key, "a", &body);
        assert_eq!((again.header("idempotency-replayed"), &again.json), ("true", &done.json));
        assert_eq!(bench.int("SELECT COUNT(*) FROM customers"), before + 1, "once");
    });
}

#[test]
fn what_cannot_be_is_told_by_its_place_and_nothing_is_written() {
    on_each_engine(|bench| {
        seed(bench);
        let master = master(bench);
        let good = json!({ "kind": "person", "address": address("Bea Brown") });
        let before = bench.int("SELECT COUNT(*) FROM customers");
        for (name, one, place) in [
            ("a", json!({ "address": address("B") }), "kind"),
            ("b", json!({ "kind": "person" }), "address"),
            ("c", json!({ "kind": "person", "address": address("B"), "version": 1 }), "version"),
            ("d", json!({ "kind": "person", "address": address("B"), "name": "B" }), "name"),
            ("e", json!({ "number": "17850", "kind": "person" }), "kind"),
            ("f", json!({ "number": "17850", "version": 0 }), "version"),
            ("g", json!({ "number": "" }), "number"),
            ("k", json!({ "number": "17850", "name": " " }), "name"),
            (
                "l",
                json!({ "number": "17850", "address": { "name": "B", "lines": ["1"], "city": "Leeds", "country": "gb" } }),
                "address/country",
            ),
        ] {
            let refused = post(bench, &master, name, &json!({ "customers": [good, one] }));
            let told = (refused.status, refused.json["fields"][0]["pointer"].as_str().unwrap_or_default());
            assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, format!("/customers/1/{place}").as_str()), "{name}");
        }
        assert_eq!(post(bench, &master, "h", &json!({ "customers": [] })).json["fields"][0]["pointer"], "/customers");
        let many: Vec<Value> = (0..501).map(|_| good.clone()).collect();
        assert_eq!(post(bench, &master, "i", &json!({ "customers": many })).json["fields"][0]["pointer"], "/customers");
        let reader = key(bench, &[Permission::PersonView]);
        assert_eq!(post(bench, &reader, "j", &json!({ "customers": [good] })).status, StatusCode::FORBIDDEN);
        assert_eq!(bench.int("SELECT COUNT(*) FROM customers"), before);
    });
}

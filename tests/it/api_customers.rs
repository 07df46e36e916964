//! `/api/v1/customers/{number}` on both engines.

use crate::api_kit::{ask, get, key, master, seed};
use crate::api_stock_changes::post;
use crate::central_kit::on_each_engine;
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::json;

#[test]
fn a_customer_is_told_to_who_may_see_personal_data() {
    on_each_engine(|bench| {
        seed(bench);
        let key = key(bench, &[Permission::PersonView]);
        let answer = get(bench, "/api/v1/customers/17850", &key);
        assert_eq!((&answer.json["name"], &answer.json["orders"]), (&json!("Alice Archer"), &json!(1)));
        assert_eq!(answer.json["address"]["lines"], json!(["1 Mill Lane"]));
        assert_eq!(answer.json["first_order_at"], "2010-12-01T08:26:00Z");
        let tag = answer.header("etag");
        let again = ask(bench, "GET", "/api/v1/customers/17850", &key, &[("if-none-match", tag)], "");
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        let bare = get(bench, "/api/v1/customers/12583", &key);
        assert_eq!((&bare.json["name"], &bare.json["address"]), (&json!(null), &json!(null)), "nobody has told");
        assert_eq!(get(bench, "/api/v1/customers/1", &key).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn programs_add_and_change_customers_and_no_answer_tells_of_a_person() {
    on_each_engine(|bench| {
        seed(bench);
        let master = master(bench);
        let address = json!({ "name": "Bea Brown", "company": "Brown & Co", "lines": ["2 Mill Lane"], "city": "Leeds",
            "country": "GB", "email": "bea@example.com" });
        let made = post(bench, "/api/v1/customers", &master, "c1", &json!({ "kind": "business", "address": address }));
        assert_eq!((made.status, made.json["version"].as_i64()), (StatusCode::CREATED, Some(1)));
        let at = made.header("location").to_owned();
        let shown = get(bench, &at, &master);
        assert_eq!((&shown.json["name"], &shown.json["kind"]), (&json!("Brown & Co"), &json!("business")));
        let mut wrong = address.clone();
        wrong["country"] = json!("gb");
        let refused = post(bench, "/api/v1/customers", &master, "c2", &json!({ "kind": "person", "address": wrong }));
        assert_eq!(refused.json["fields"][0]["pointer"], "/address/country");

        let patch = |tag: &str, name: &str, key: &str, body: serde_json::Value| {
            let headers = [("content-type", "application/json"), ("idempotency-key", name), ("if-match", tag)];
            ask(bench, "PATCH", &at, key, &headers, &body.to_string())
        };
        let tag = shown.header("etag");
        let changed = patch(tag, "c3", &master, json!({ "name": "Brown Ltd", "vip": true }));
        assert_eq!((changed.status, changed.json["version"].as_i64()), (StatusCode::OK, Some(2)));
        assert_eq!(patch(tag, "c4", &master, json!({ "vip": false })).status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(patch("*", "c5", &master, json!({ "name": " " })).json["fields"][0]["pointer"], "/name");
        let now = get(bench, &at, &master);
        assert_eq!((&now.json["name"], &now.json["vip"]), (&json!("Brown Ltd"), &json!(true)));
        assert_eq!(now.json["address"]["email"], "bea@example.com", "what is not sent stays");
        for text in ["SELECT detail FROM audit WHERE kind = 'customer.changed'", "SELECT MAX(answer) FROM idempotency"]
        {
            let text = bench.text(text);
            assert!(!text.contains("Brown") && !text.contains("bea@"), "{text}");
        }
        let reader = key(bench, &[Permission::PersonView]);
        assert_eq!(patch("*", "c6", &reader, json!({ "vip": false })).status, StatusCode::FORBIDDEN);
        let body = json!({ "kind": "person", "address": address });
        assert_eq!(post(bench, "/api/v1/customers", &reader, "c7", &body).status, StatusCode::FORBIDDEN);
    });
}

//! `/api/v1/returns` on both engines: made from an order that was packed, taken in, ended, and refused where it should be.

use crate::api_kit::{ask, get, key, master};
use crate::api_stock_changes::post;
use crate::central_kit::on_each_engine;
use crate::returns_flow::packed;
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::{Value, json};

#[test]
fn a_return_is_made_taken_in_and_ended_by_key() {
    on_each_engine(|bench| {
        packed(bench);
        let master = master(bench);
        let new = |lines: Value| json!({ "order": "536365", "lines": lines, "reason": "faulty", "note": "Dark" });
        let many = post(
            bench,
            "/api/v1/returns",
            &master,
            "r1",
            &new(json!([{ "line_no": 2, "quantity": 1 }, { "line_no": 1, "quantity": 9 }])),
        );
        assert_eq!(many.json["fields"][0]["pointer"], "/lines/1/quantity", "{}", many.json);
        let made = post(bench, "/api/v1/returns", &master, "r2", &new(json!([{ "line_no": 1, "quantity": 3 }])));
        assert_eq!((made.status, made.header("location")), (StatusCode::CREATED, "/api/v1/returns/R000001"));
        let at = "/api/v1/returns/R000001";
        let shown = get(bench, at, &master);
        assert_eq!((&shown.json["state"], &shown.json["note"]), (&json!("requested"), &json!("Dark")));
        let send = |what: &str, tag: &str, name: &str, key: &str, body: Value| {
            let headers = [("content-type", "application/json"), ("idempotency-key", name), ("if-match", tag)];
            ask(bench, "POST", &format!("{at}/{what}"), key, &headers, &body.to_string())
        };
        let homeless = send("receive", "*", "r3", &master, json!({ "line_no": 1, "quantity": 1, "grade": "resell" }));
        assert_eq!(homeless.json["fields"][0]["pointer"], "/location");
        let one = json!({ "line_no": 1, "quantity": 2, "grade": "resell", "location": "A-02-1" });
        let tag = shown.header("etag");
        assert_eq!(send("receive", tag, "r4", &master, one.clone()).json["state"], "received");
        assert_eq!(send("receive", tag, "r4", &master, one.clone()).header("idempotency-replayed"), "true");
        assert_eq!(send("receive", tag, "r5", &master, one.clone()).status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(send("receive", "*", "r6", &master, one).status, StatusCode::UNPROCESSABLE_ENTITY, "one is left");
        assert_eq!(send("close", "*", "r7", &master, json!({ "end": "withdraw" })).code(), "wrong_state");
        let clerk = key(bench, &[Permission::ReturnManage]);
        assert_eq!(send("close", "*", "r8", &clerk, json!({ "end": "refund" })).status, StatusCode::FORBIDDEN);
        let dear = json!({ "end": "refund", "amount": { "minor": 999_999, "currency": "GBP" } });
        assert_eq!(send("close", "*", "r9", &master, dear).json["fields"][0]["pointer"], "/amount");
        let closed = send("close", "*", "r10", &master, json!({ "end": "refund", "method": "card" }));
        assert_eq!((&closed.json["state"], &closed.json["resolution"]), (&json!("closed"), &json!("refunded")));
        let over = get(bench, at, &clerk);
        assert_eq!(
            (&over.json["refund"]["minor"], &over.json["note"]),
            (&json!(510), &Value::Null),
            "no note without person.view"
        );
        assert_eq!(over.json["lines"][0]["units"][0]["location"], "A-02-1");
        assert_eq!(get(bench, "/api/v1/returns?state=closed", &master).column("number"), ["R000001"]);
        assert_eq!(get(bench, "/api/v1/returns?search=536365", &master).column("number"), ["R000001"]);
        assert_eq!(get(bench, "/api/v1/returns/NONE", &master).status, StatusCode::NOT_FOUND);
        let reader = key(bench, &[Permission::OrderView]);
        assert_eq!(get(bench, "/api/v1/returns", &reader).status, StatusCode::FORBIDDEN);
    });
}
